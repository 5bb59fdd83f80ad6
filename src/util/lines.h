/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Copies @length bytes to @to, with each CR LF made LF, and returns how many they are then. A CR at
 * their end waits in *@cr, which is false at first, for the bytes that follow; a last one is the
 * caller's to add. @to has room for one byte more than @length. */
size_t lines_to_lf(char *to, const char *bytes, size_t length, bool *cr);
