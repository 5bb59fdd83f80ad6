/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The most texts of shown_read(): raw, decoded once and twice, and each with a part reversed. */
#define SHOWN_TEXTS_MAX 6

/* The texts that readers may show for @raw, as UTF-8 (char *): as it is; with encoded words (RFC
 * 2047) decoded once and twice, if there are any; and each of these also with a part reversed, if
 * U+202E does that. Subtracts what it reads from *@left, the number of bytes that may be read;
 * *@ret_too_much: that was not enough, and texts are missing. *@ret_shown is the text for people,
 * one of the array or "". (transfer full) */
GPtrArray *shown_read(const char *raw, size_t length, size_t *left, const char **ret_shown,
                      bool *ret_too_much);

/* Whether @raw holds one encoded word, at its start, in a charset that every reader knows, so that
 * no reader shows it raw. */
bool shown_is_surely_decoded(const char *raw);
