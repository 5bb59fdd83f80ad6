/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>

#define DIGEST_SIZE 65
#define DIGEST_BLOCK 64

/* Puts the SHA-256 of @length bytes into @hex, as 64 lower-case hexadecimal digits and a NUL
 * (FIPS 180-4). */
void digest_sha256(const char *bytes, size_t length, char hex[DIGEST_SIZE]);

/* The SHA-256 of bytes that come in pieces; it can be asked for at any time. */
typedef struct {
	guint32 hash[8];
	guint8 rest[DIGEST_BLOCK]; /* the bytes after the last whole block */
	guint64 length;            /* of all bytes */
	GChecksum *glib;           /* used instead if the processor cannot do it; else NULL */
} Digest;

/* Begins with no bytes; to be freed with digest_clear(). */
void digest_init(Digest *digest);
void digest_add(Digest *digest, const char *bytes, size_t length);

/* Puts into @hex the SHA-256 of the bytes added so far and of the @length bytes at @bytes, which
 * this does not add. */
void digest_ask(const Digest *digest, const char *bytes, size_t length, char hex[DIGEST_SIZE]);

/* Frees what @digest holds. */
void digest_clear(Digest *digest);
