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

/* One pass over stored mail, a mailbox or a Maildir: its options, then its results. */
typedef struct Run {
	Settings *settings;
	Ledger *ledger;                    /* NULL: nothing is recorded */
	Tally *tally;                      /* compares with other settings; may be NULL */
	Originals *originals;              /* to put messages back, without a row; NULL: messages
	                                    * are decided */
	bool by_length;                    /* follow Content-Length if it leads to a From_ line */
	bool dry_run;                      /* write nothing */
	bool settles;                      /* rows are settled one by one, see AuditRun */
	const volatile sig_atomic_t *stop; /* ends the pass once it is set */
	guint64 enough;                    /* end after this many messages, as if there were no
	                                    * more; 0: read all */
	void (*progress)(const struct Run *run, gpointer data); /* now and then; may be NULL */
	gpointer progress_data;

	gint64 id; /* of its row */
	guint64 octets, messages;
	guint64 actions[N_ACTIONS];
	guint64 reasons[N_VERDICTS][N_REASONS];
	guint64 undone[N_UNDO_RESULTS];
	guint64 anonymous;            /* messages that count as anonymous */
	guint64 unscoped;             /* anonymous messages that no scope covers */
	FileKind kind;                /* what the file is, if it is no mailbox */
	guint64 text;                 /* octets before the first From_ line */
	bool text_is_mail;            /* some reader may see a message in that text */
	guint64 timeless;             /* From_ lines without a time */
	guint64 timeless_at;          /* the line number of the first of them, counted from 1 */
	guint64 shown;                /* messages without an author, whose From_ line or
	                               * Return-Path holds a name */
	guint64 loose;                /* From_ lines without an empty line before them */
	guint64 bare_cr;              /* From_ lines with a bare CR */
	guint64 bad_lengths;          /* Content-Length fields that lead nowhere */
	guint64 obfuscated;           /* messages with a sender in Pipermail's form */
	guint64 below;                /* mailboxes in subfolders, not read */
	guint64 moved;                /* files that were gone before they could be replaced */
	guint64 misnamed;             /* messages whose name still states the size before */
	guint64 links;                /* symbolic links in a Maildir */
	guint64 others;               /* entries in a Maildir that are neither links nor files */
	guint64 unread[N_FILE_KINDS]; /* what is in a Maildir but is no readable message */
	GString *unread_names;        /* the names of the first of these, for people */
	guint64 lost_groups;          /* files: see NewFile */
	guint64 unsynced;             /* directories: see NewFile */
	GHashTable *tops;             /* char * -> guint *: hosts that wrote top trace fields */
} Run;

/* Keeps a reference to @settings. The caller sets the other options. */
void run_init(Run *run, Settings *settings);
void run_clear(Run *run);

/* Commits the row of a run over @input, before any message is decided or written. */
bool run_begin(Run *run, Ledger *ledger, const char *input,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts @name, a file or a directory of a Maildir, as no readable message. */
void run_leave(Run *run, FileKind kind, const char *name);

/* Whether run->enough messages have been read. */
bool run_has_enough(const Run *run);

/* Whether the pass left something alone that could hold a name. */
bool run_has_left(const Run *run);

/* What run_leave() counted, for people; NULL: nothing. (transfer full) */
char *run_unread(const Run *run);

/* How many messages were changed, or would be in a dry run. */
guint64 run_changed(const Run *run);

/* How many messages could not be put back. */
guint64 run_not_undone(const Run *run);

/* Decides about a message, counts it, and records it: as written; or, with run->settles, as pending
 * if the message must change. With run->originals, puts it back and counts it. The caller must then
 * call run_end_message(). */
bool run_decide(Run *run, Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records that the message had @size octets. */
bool run_end_message(Run *run, Job *job, guint64 size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes rows on if enough wait, or if the thread is idle and a fair number waits. */
bool run_pass_on(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For callers that replace messages once their rows are synced: whether so many rows wait that
 * run_record() should be called. */
bool run_is_full(const Run *run);

/* Syncs all rows. */
bool run_record(Run *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records whether the new message of @entry has taken the place of the old one, of @size octets. */
bool run_settle(Run *run, LedgerEntry *entry, bool written, guint64 size,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Syncs all rows, as far as the pass got, also if @good is false: then it returns false, and leaves
 * @error as it is. */
bool run_finish(Run *run, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records the status of the run: "done" or "failed". */
bool run_end(Run *run, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hosts that most often wrote the top trace field, with counts, for people; NULL: none.
 * (transfer full) */
char *run_tops(const Run *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)
