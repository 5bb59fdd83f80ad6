/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mail/run.h"

/* A line on the terminal that shows how far a pass has got. */
typedef struct {
	bool shown;     /* standard error is a terminal */
	guint64 total;  /* octets; 0: not known */
	gint64 started; /* monotonic, microseconds */
	gint64 drawn;   /* when the line was last drawn, monotonic, microseconds; 0: never */
} Progress;

/* Begins a pass over @total octets (0: not known). */
void progress_begin(Progress *progress, guint64 total);

/* Draws the line again, unless it was drawn a moment ago. Has the type of run->progress. */
void progress_draw(const Run *run, gpointer progress);

/* Removes the line. */
void progress_end(const Progress *progress);

/* The result of the pass, in one line without a line end. (transfer full) */
char *progress_summary(const Run *run, double seconds);
