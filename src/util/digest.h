/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#define DIGEST_SIZE 65

/* Puts the SHA-256 of @length bytes into @hex, as 64 lower-case hexadecimal digits and a NUL
 * (FIPS 180-4). */
void digest_sha256(const char *bytes, size_t length, char hex[DIGEST_SIZE]);
