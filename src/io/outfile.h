/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The message names no path. */
#define OUTFILE_ERROR outfile_error_quark()
typedef enum {
	OUTFILE_ERROR_NOT_MADE,
	N_OUTFILE_ERRORS,
} OutfileError;

GQuark outfile_error_quark(void);

/* Opens an unnamed file for one outgoing message: in memory, or for a @large one in the temporary
 * directory. It is gone once its last descriptor is closed. Returns the descriptor, which is the
 * caller's; -1: @error is set. */
int outfile_open(bool large, GError **error) G_GNUC_WARN_UNUSED_RESULT;
