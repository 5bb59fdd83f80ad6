/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "core/strip.h"
#include "job.h"
#include "ledger.h"
#include "settings.h"

/* One pass over stored mail, a mailbox or a Maildir: what is asked for, and what came of it. */
typedef struct Run {
	Settings *settings;
	Ledger *ledger;                    /* NULL: nothing is recorded */
	bool by_length;                    /* Content-Length is followed where it leads
	                                    * somewhere */
	bool dry_run;                      /* nothing is written */
	const volatile sig_atomic_t *stop; /* set: the pass is to end */
	void (*progress)(const struct Run *run, gpointer data); /* now and then; may be NULL */
	gpointer progress_data;

	gint64 id; /* of its row */
	guint64 octets, messages;
	guint64 actions[N_ACTIONS];
	guint64 reasons[N_VERDICTS][N_REASONS];
	guint64 text;        /* octets before the first From_ line */
	guint64 loose;       /* From_ lines without an empty line before them */
	guint64 bare_cr;     /* From_ lines with a bare CR */
	guint64 bad_lengths; /* Content-Length fields that lead nowhere */
	guint64 moved;       /* files that were gone before they could be replaced */
	guint64 others;      /* entries of a Maildir that are no messages */
	guint64 lost_groups; /* files, and */
	guint64 unsynced;    /* folders; see newfile.h */
	GHashTable *tops;    /* char * -> guint *: hosts that wrote top trace fields */
} Run;

/* @settings are held. What else is asked for is set by the caller. */
void run_init(Run *run, Settings *settings);
void run_clear(Run *run);

/* Commits the row of a run over @input, before anything is written. */
bool run_begin(Run *run, Ledger *ledger, const char *input,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Decides about a message, counts it, and records it as written: run_end_message() follows. */
bool run_decide(Run *run, Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The message had @size octets. */
bool run_end_message(Run *run, Job *job, guint64 size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes rows on where so many wait, or where few could be written at once. */
bool run_pass_on(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For who replaces messages once their rows are on the disk: whether it is time to, and what puts
 * them there. */
bool run_is_full(const Run *run);
bool run_record(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After run_record(): what was recorded as written of the message of @entry, of @size octets, is
 * not. */
bool run_take_back(Run *run, LedgerEntry *entry, guint64 size,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By the end of this all rows are on the disk, as far as the pass got, also where @good is false:
 * then it returns false, and leaves the error as it is. */
bool run_finish(Run *run, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how the run ended: done or failed. */
bool run_end(Run *run, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hosts seen most often on top, with counts, for people; NULL: none. (transfer full) */
char *run_tops(const Run *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)
