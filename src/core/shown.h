/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The most texts that one has: raw, decoded once and twice, each turned round. */
#define SHOWN_TEXTS_MAX 6

/* @raw as readers may show it: UTF-8, as it is, with encoded words (RFC 2047) decoded once and
 * decoded twice, as far as these differ, and each once more if U+202E turns a part of it round.
 * *@left is how many bytes may still be read, and is lessened; *@ret_too_much: that was not
 * enough, and texts are missing. *@ret_shown is the text for people, one of the array or "".
 * (transfer full) */
GPtrArray *shown_read(const char *raw, size_t length, size_t *left, const char **ret_shown,
                      bool *ret_too_much);

/* Whether @raw is one encoded word of a charset that every reader knows: nobody shows it raw. */
bool shown_is_surely_decoded(const char *raw);
