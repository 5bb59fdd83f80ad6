/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/* What a file in an archive is, as far as it is no mail that could be read. */
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
	FILE_WITHOUT_FIELD, /* not known from its first bytes: a file that holds no field */
	N_FILE_KINDS,
} FileKind;

/* What the first @length bytes of a file say that it is; a dozen are enough. */
FileKind filekind_of(const char *bytes, size_t length);

/* The name of @kind, for people; static. */
const char *filekind_name(FileKind kind);
