/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The most changes between unusual charsets in one text. */
#define ENCODED_CHARSETS_MAX 100

/* @length bytes as UTF-8: octets that are not UTF-8 are read as Windows-1252, NUL becomes U+FFFD.
 * (transfer full) */
char *encoded_utf8(const char *bytes, size_t length);

/* @text, which must be valid UTF-8, with its encoded words (RFC 2047) decoded wherever they stand,
 * as the most lenient readers do it: closed or not, whatever the charset token holds. A charset
 * that iconv does not know is read as Windows-1252. Octets of adjacent words in one charset are
 * read together. A text without encoded words is copied. NULL: there are more than
 * ENCODED_CHARSETS_MAX changes. Linear in the text. (transfer full) (nullable) */
char *encoded_decode(const char *text);

/* @length bytes for people, at most TEXT_MAX of the result: encoded words decoded, unless there are
 * too many charsets; bytes that are not UTF-8, and NUL, as U+FFFD. (transfer full) */
char *encoded_show(const char *bytes, size_t length);
