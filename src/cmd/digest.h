/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/* SHA-256 of @length bytes, as 64 lower-case hexadecimal digits (FIPS 180-4). (transfer full) */
char *digest_sha256(const char *bytes, size_t length);
