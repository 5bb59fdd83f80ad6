/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "settings.h"

struct Job;

/* Where the rows of decided messages go, and the one place from where the audit is written: at
 * once, a transaction each, as a filter needs it; in batches of a run; or in groups, which wait for
 * the disk together. Batches and groups are written by a thread while the next rows are gathered.
 * All calls are of one thread. */
typedef struct Ledger Ledger;

/* The place of a row in its ledger. */
typedef struct {
	guint64 ticket; /* rows are numbered from 1 as they are added */
	gint64 id;      /* in the audit; 0: not known yet */
} LedgerEntry;

/* Opens the audit of @settings, for rows that are written at once. No wait for another process is
 * longer than @wait_ms. The error tells whoever named no database how to. (transfer full) */
Ledger *ledger_open(const Settings *settings, int wait_ms,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends what was begun, without an end of the run, and frees @ledger. */
void ledger_close(Ledger *ledger);

/* From now on no wait for another process is longer than @wait_ms; and each ends once *@stop is
 * set, which outlives @ledger. Neither is for use while rows of a run are being written. */
void ledger_set_wait(Ledger *ledger, int wait_ms);
void ledger_set_stop(Ledger *ledger, const volatile sig_atomic_t *stop);

/* Adds the row of @job, which is decided: see job_record(). At once: it is on the disk then, and
 * @entry has its id. Run: it waits for ledger_pass_on(). Groups: it is written as soon as the group
 * before it is; ledger_collect() tells. Errors are those of the store; of a run and of groups,
 * those of rows added before. */
bool ledger_add(Ledger *ledger, const struct Job *job, const char *source, const char *outcome,
                LedgerEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how the message of @entry ended: see job_settle(). A row that waits is changed where it is;
 * for one that is written, a run or a group takes the change along with the next rows. */
bool ledger_settle(Ledger *ledger, LedgerEntry *entry, const char *outcome, gint64 size,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits the row of a run over @input by @command, before anything is written, and starts its
 * thread. *@ret_id is its id. With @settles each of its rows tells by itself how its message ended,
 * so that the end of the run says nothing of them. A G_THREAD_ERROR: no thread is to be had, and
 * the run is recorded as failed. */
bool ledger_begin_run(Ledger *ledger, const char *command, const char *input, bool settles,
                      gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether so many rows of the run wait that they should be passed on; or, if few, could be at once.
 */
bool ledger_is_full(const Ledger *ledger);
bool ledger_is_ready(Ledger *ledger);

/* Passes on the rows of the run that wait. Once written, @durable ones are on the disk with all
 * before them. With @wait, they are written when it returns; otherwise it waits for those passed on
 * before. False: they could not be written. */
bool ledger_pass_on(Ledger *ledger, bool durable, bool wait,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes on the rest, waits until all is on the disk, and ends the thread. False: it could not be
 * written. */
bool ledger_finish(Ledger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of a run that adds no rows: how many messages it has read. After ledger_finish(). */
void ledger_count(Ledger *ledger, guint64 messages);

/* Says how the run ended, done or failed, after ledger_finish(). */
bool ledger_end_run(Ledger *ledger, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Starts to write rows in groups. @wake is called from another thread whenever a group is written:
 * ledger_collect() is to be called then. */
bool ledger_begin_groups(Ledger *ledger, void (*wake)(gpointer data), gpointer data,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tells of the rows written, in the order in which they were added: @done gets the id of each, or
 * the reason why it has none. Then the next group is written. */
typedef void (*LedgerDone)(gpointer data, gint64 id, const GError *error);
void ledger_collect(Ledger *ledger, LedgerDone done, gpointer data);

/* Whether rows of a group are waiting or being written, or a change of one. */
bool ledger_is_busy(Ledger *ledger);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_close)
