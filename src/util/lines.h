/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Copies @length bytes to @to, turns each CR LF into LF, and returns how many bytes were written. A
 * CR at the end is held in *@cr, which must be false at first, until the next call; if *@cr is true
 * after the last call, the caller writes that CR. @to has room for @length + 1 bytes. */
size_t lines_to_lf(char *to, const char *bytes, size_t length, bool *cr);

/* The next LF in @at..@end that is followed by @next or is the last byte; NULL: there is none.
 * Several times as fast as a search from line to line, or as memmem(3). */
const char *lines_find(const char *at, const char *end, char next);

/* The same for an LF that is followed by another one, or by CR. */
const char *lines_find_empty(const char *at, const char *end);

/* How many LFs are in @bytes. */
size_t lines_count(const char *bytes, size_t length);
