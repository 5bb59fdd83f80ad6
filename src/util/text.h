/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The most octets of a sender field's value that the audit shows. */
#define TEXT_MAX 998

/* @length bytes of a message as text of at most @max bytes that is safe to show on a terminal:
 * valid UTF-8, with a fold as one blank, and each other control (C0, DEL, C1) and each invalid byte
 * as U+FFFD. (transfer full) */
char *text_clean(const char *bytes, size_t length, size_t max);

/* The same for a string; NULL stays NULL. (transfer full) (nullable) */
char *text_clean_string(const char *text);

/* Whether these bytes are printable ASCII, which text_clean() leaves as it is. */
bool text_is_clean(const char *bytes, size_t length);

/* As much of @text, which must be valid UTF-8, as @max bytes hold, cut between two characters.
 * (transfer full) */
char *text_cut(const char *text, size_t max);

/* Adds a formatted line to @lines (char *). */
void text_note(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds @name, cleaned, to a @list for people, after @before others: the first @max are named, and
 * "..." stands for the rest. */
void text_name(GString *list, const char *name, guint64 before, guint64 max);

/* The sum of the @n @counts, each count with its name, and the @list that text_name() made:
 * "3 (2 gzip, 1 zip): a, b, c". NULL: all counts are 0. (transfer full) (nullable) */
char *text_counts(const guint64 *counts, const char *const *names, size_t n, const GString *list);
