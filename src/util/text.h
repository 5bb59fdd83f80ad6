/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* How many octets of a sender field's value the audit shows. */
#define TEXT_MAX 998

/* @length bytes of a message as text of at most @max bytes that a terminal shows safely: valid
 * UTF-8, a fold as one blank, each other control (C0, DEL, C1) and each bad byte as U+FFFD.
 * (transfer full) */
char *text_clean(const char *bytes, size_t length, size_t max);

/* The same for a string; NULL stays NULL. (transfer full) (nullable) */
char *text_clean_string(const char *text);

/* Whether these bytes are ASCII that text_clean() leaves as it is. */
bool text_is_clean(const char *bytes, size_t length);

/* Adds a line to @lines (char *). */
void text_note(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds @name, cleaned, to a list for people in which @before others were counted: the first @max of
 * them are named, and "..." stands for the rest. */
void text_name(GString *list, const char *name, guint64 before, guint64 max);

/* How many there are of @n kinds, all and each, and the @list of the first ones that text_name()
 * made; NULL: none. (transfer full) */
char *text_counts(const guint64 *counts, const char *const *names, size_t n, const GString *list);
