/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* So many changes of an unusual charset in one text are followed. */
#define ENCODED_CHARSETS_MAX 100

/* @length bytes as UTF-8: octets that are no UTF-8 are read as Windows-1252, NUL becomes U+FFFD.
 * (transfer full) */
char *encoded_utf8(const char *bytes, size_t length);

/* @text, which is valid UTF-8, with its encoded words (RFC 2047) decoded wherever they stand, as
 * the most lenient readers do it: closed or not, whatever the charset token holds. A charset that
 * iconv does not know is Latin-1. The octets of neighbours in one charset are read together.
 * NULL: more charsets than ENCODED_CHARSETS_MAX; a text without encoded words is copied.
 * Linear in the text. (transfer full) */
char *encoded_decode(const char *text);

/* @length bytes as people are shown them: bytes that are not UTF-8, and NUL, as U+FFFD, encoded
 * words decoded, unless they are in more charsets than that. (transfer full) */
char *encoded_show(const char *bytes, size_t length);
