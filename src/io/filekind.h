/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/* What a file in an archive is, if it is not mail that can be read. */
typedef enum {
	FILE_MAY_BE_MAIL,
	FILE_EMPTY,
	FILE_GZIP,
	FILE_BZIP2,
	FILE_XZ,
	FILE_ZSTD,
	FILE_LZ4,
	FILE_COMPRESS,
	FILE_ZIP,
	FILE_MAIL_CRYPT,
	FILE_PGP,
	FILE_PST,
	FILE_UTF_16,
	/* filekind_of() cannot tell these. */
	FILE_WITHOUT_FIELD, /* no header field in all of it */
	FILE_UNREADABLE,    /* this user may not read it */
	N_FILE_KINDS,
} FileKind;

/* The kind of a file that begins with these @length bytes; 27 of them, the longest signature, are
 * enough. */
FileKind filekind_of(const char *bytes, size_t length);

/* The name of @kind, for people; static. */
const char *filekind_name(FileKind kind);
