/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filekind: the first bytes of a file -> what it is, if it is not mail.
 * May know: the signatures of file formats. Must not know: files, what mail looks like.
 * Fails: never.
 * Follows RFC 1952 (gzip), RFC 8878 (zstd), the frame formats of bzip2, xz and LZ4, and Dovecot's
 * compression and mail_crypt.
 */
#include "filekind.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
	FileKind kind;
	const char *bytes;
	size_t length;
} Signature;

#define SIGNATURE(kind, bytes)                                                                     \
	{                                                                                          \
		kind, bytes, sizeof(bytes) - 1                                                     \
	}

/* Dovecot puts a signature of its own before LZ4. */
static const Signature signatures[] = {
	SIGNATURE(FILE_GZIP, "\x1f\x8b"),
	SIGNATURE(FILE_XZ, "\xfd"
	                   "7zXZ\0"),
	SIGNATURE(FILE_XZ, "\x5d\0\0"),
	SIGNATURE(FILE_ZSTD, "\x28\xb5\x2f\xfd"),
	SIGNATURE(FILE_LZ4, "\x04\x22\x4d\x18"),
	SIGNATURE(FILE_LZ4, "\x02\x21\x4c\x18"),
	SIGNATURE(FILE_LZ4, "Dovecot-LZ4\x0d\x2a\x9b\xc5"),
	SIGNATURE(FILE_COMPRESS, "\x1f\x9d"),
	SIGNATURE(FILE_ZIP, "PK\3\4"),
	SIGNATURE(FILE_MAIL_CRYPT, "CRYPTED\x03\x07"),
	SIGNATURE(FILE_PGP, "-----BEGIN PGP MESSAGE-----"),
	SIGNATURE(FILE_PST, "!BDN"),
};

/* Also looks for the magic number of the first block, or of an empty file: "BZh" could be text. */
static bool
is_bzip2(const char *bytes, size_t length)
{
	return length >= 10 && memcmp(bytes, "BZh", 3) == 0 && g_ascii_isdigit(bytes[3]) &&
	       (memcmp(bytes + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	        memcmp(bytes + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* A skippable frame (RFC 8878, 3.1.2): one of 16 magic numbers. */
static bool
is_skipped_zstd(const char *bytes, size_t length)
{
	return length >= 8 && ((unsigned char)bytes[0] & 0xf0) == 0x50 &&
	       memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0;
}

/* A byte order mark, then a character of Latin-1. */
static bool
is_utf_16(const char *bytes, size_t length)
{
	return length >= 4 && ((memcmp(bytes, "\xff\xfe", 2) == 0 && bytes[2] && !bytes[3]) ||
	                       (memcmp(bytes, "\xfe\xff", 2) == 0 && !bytes[2] && bytes[3]));
}

FileKind
filekind_of(const char *bytes, size_t length)
{
	if (length == 0)
		return FILE_EMPTY;
	for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
		const Signature *s = &signatures[i];
		if (length >= s->length && memcmp(bytes, s->bytes, s->length) == 0)
			return s->kind;
	}
	if (is_bzip2(bytes, length))
		return FILE_BZIP2;
	if (is_skipped_zstd(bytes, length))
		return FILE_ZSTD;
	return is_utf_16(bytes, length) ? FILE_UTF_16 : FILE_MAY_BE_MAIL;
}

const char *
filekind_name(FileKind kind)
{
	static const char *const names[] = {
		"mail",        "empty",           "gzip",       "bzip2",      "xz",  "zstd",
		"LZ4",         "compress",        "zip",        "mail_crypt", "PGP", "Outlook PST",
		"UTF-16 text", "without a field", "unreadable",
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_FILE_KINDS);
	return names[kind];
}
