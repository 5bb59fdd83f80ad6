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

/* Opens a file without a name for one message on its way out: in memory, or for a @large one in
 * the temporary folder. Nothing of it is left once its last descriptor is closed. -1: @error is an
 * OUTFILE_ERROR. */
int outfile_open(bool large, GError **error) G_GNUC_WARN_UNUSED_RESULT;
