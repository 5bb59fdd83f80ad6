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
	gint64 drawn;   /* the same; 0: never */
} Progress;

/* Begins a pass over @total octets (0: not known). */
void progress_begin(Progress *progress, guint64 total);

/* Draws the line again, unless it was drawn a moment ago. */
void progress_draw(const Run *run, gpointer progress);

/* Takes the line off. */
void progress_end(const Progress *progress);

/* What came of the pass, in one line without its end. (transfer full) */
char *progress_summary(const Run *run, double seconds);
