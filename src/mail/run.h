/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "core/strip.h"
#include "io/filekind.h"
#include "job.h"
#include "ledger.h"
#include "settings.h"
#include "tally.h"
#include "undo.h"

/* One pass over stored mail, a mailbox or a Maildir: what is asked for, and what came of it. */
typedef struct Run {
	Settings *settings;
	Ledger *ledger;                    /* NULL: nothing is recorded */
	Tally *tally;                      /* that compares with other settings; may be NULL */
	Originals *originals;              /* messages are put back by these, without a row;
	                                    * NULL: they are decided */
	bool by_length;                    /* Content-Length is followed where it leads
	                                    * somewhere */
	bool dry_run;                      /* nothing is written */
	bool settles;                      /* each row tells by itself how its message ended */
	const volatile sig_atomic_t *stop; /* set: the pass is to end */
	guint64 enough;                    /* behind so many messages it ends, as if there were
	                                    * no more; 0: all are read */
	void (*progress)(const struct Run *run, gpointer data); /* now and then; may be NULL */
	gpointer progress_data;

	gint64 id; /* of its row */
	guint64 octets, messages;
	guint64 actions[N_ACTIONS];
	guint64 reasons[N_VERDICTS][N_REASONS];
	guint64 undone[N_UNDO_RESULTS];
	guint64 anonymous;            /* messages that count as anonymous */
	guint64 unscoped;             /* anonymous messages that no scope covers */
	FileKind kind;                /* what a mailbox is instead */
	guint64 text;                 /* octets before the first From_ line, */
	bool text_is_mail;            /* in which some reader may see a message */
	guint64 timeless;             /* From_ lines without a time, */
	guint64 timeless_at;          /* and the number of the first one's line, from 1 */
	guint64 shown;                /* messages without an author, whose From_ line or
	                               * Return-Path holds a name */
	guint64 loose;                /* From_ lines without an empty line before them */
	guint64 bare_cr;              /* From_ lines with a bare CR */
	guint64 bad_lengths;          /* Content-Length fields that lead nowhere */
	guint64 obfuscated;           /* messages of which a sender is as Pipermail writes it */
	guint64 below;                /* mailboxes in subfolders, not read */
	guint64 moved;                /* files that were gone before they could be replaced */
	guint64 links;                /* symbolic links in a Maildir, */
	guint64 others;               /* and other entries that are no files */
	guint64 unread[N_FILE_KINDS]; /* files in it that are no messages, */
	GString *unread_names;        /* and the names of the first of them, for people */
	guint64 lost_groups;          /* files, and */
	guint64 unsynced;             /* folders; see newfile.h */
	GHashTable *tops;             /* char * -> guint *: hosts that wrote top trace fields */
} Run;

/* @settings are held. What else is asked for is set by the caller. */
void run_init(Run *run, Settings *settings);
void run_clear(Run *run);

/* Commits the row of a run over @input, before anything is written, and before any message is
 * decided. */
bool run_begin(Run *run, Ledger *ledger, const char *input,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts the file @name, which is no message that could be read. */
void run_leave(Run *run, FileKind kind, const char *name);

/* Whether so many messages were read that it ends. */
bool run_has_enough(const Run *run);

/* Whether something was left as it is that could hold a name. */
bool run_has_left(const Run *run);

/* What was counted by run_leave(), for people; NULL: nothing. (transfer full) */
char *run_unread(const Run *run);

/* How many messages were, or are to be, changed; and how many could not be put back. */
guint64 run_changed(const Run *run);
guint64 run_not_undone(const Run *run);

/* Decides about a message, counts it, and records it: as written; or, where each row settles by
 * itself, as pending if the message is to be changed. Or puts it back, and counts it.
 * run_end_message() follows. */
bool run_decide(Run *run, Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The message had @size octets. */
bool run_end_message(Run *run, Job *job, guint64 size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes rows on where so many wait, or where few could be written at once. */
bool run_pass_on(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For who replaces messages once their rows are on the disk: whether it is time to, and what puts
 * them there. */
bool run_is_full(const Run *run);
bool run_record(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says whether the new message of @entry has taken the place of the old one, of @size octets. */
bool run_settle(Run *run, LedgerEntry *entry, bool written, guint64 size,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By the end of this all rows are on the disk, as far as the pass got, also where @good is false:
 * then it returns false, and leaves the error as it is. */
bool run_finish(Run *run, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how the run ended: done or failed. */
bool run_end(Run *run, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hosts seen most often on top, with counts, for people; NULL: none. (transfer full) */
char *run_tops(const Run *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)
