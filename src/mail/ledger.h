/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "settings.h"

struct Job;

/* Where the rows of decided messages go, and the only place that writes the audit: at once, one
 * transaction for each row, as a filter needs it; in batches of a run; or in groups, each synced
 * once (group commit). A thread writes batches and groups while the next rows are gathered. All
 * functions must be called from the same thread. */
typedef struct Ledger Ledger;

/* The place of a row in its ledger. */
typedef struct {
	guint64 ticket; /* rows are numbered from 1 as they are added */
	gint64 id;      /* in the audit; 0: not known yet */
} LedgerEntry;

/* Opens the audit of @settings, for rows that are written at once. No wait for another process is
 * longer than @wait_ms. If none was named, the error says how to. (transfer full) */
Ledger *ledger_open(const Settings *settings, int wait_ms,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes what was handed to the thread and frees @ledger. Does not end a run. */
void ledger_close(Ledger *ledger);

/* Bounds each later wait for another process by @wait_ms. Must not be called while rows of a run
 * are being written. */
void ledger_set_wait(Ledger *ledger, int wait_ms);

/* Ends later waits once *@stop is set; @stop must outlive @ledger. To be called before a run
 * begins; for groups, there is ledger_stop_groups(). */
void ledger_set_stop(Ledger *ledger, const volatile sig_atomic_t *stop);

/* Adds the row of @job, which is decided: see job_record(). At once: it is synced on return, and
 * @entry has its id; fails with the errors of the store. Run: it waits for ledger_pass_on(); does
 * not fail. Groups: it is written as soon as the group before it is, and ledger_collect() tells the
 * result, about when the wait of @ledger has passed at the latest, whatever else is being waited
 * for; fails with IO_ERROR_BUSY if too many rows wait. */
bool ledger_add(Ledger *ledger, const struct Job *job, const char *source, const char *outcome,
                LedgerEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records how the message of @entry ended: see job_settle(). At once: fails with the errors of the
 * store. Run and groups: changes a row that still waits; the change of one that is written goes out
 * with the next rows. */
bool ledger_settle(Ledger *ledger, LedgerEntry *entry, const char *outcome, gint64 size,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits the row of a run of @command over @input, before any message is written, and starts the
 * thread. *@ret_id is its id. With @settles, its rows are settled one by one: the end of the run
 * does not settle them. G_THREAD_ERROR: no thread can be started, and the run is recorded as
 * failed. */
bool ledger_begin_run(Ledger *ledger, const char *command, const char *input, bool settles,
                      gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether so many rows of the run wait that they should be passed on. */
bool ledger_is_full(const Ledger *ledger);

/* Whether a fair number of rows waits, and passing them on would not wait. */
bool ledger_is_ready(Ledger *ledger);

/* Passes the waiting rows of the run to the thread, after it has written those passed before. Once
 * written, @durable ones are synced with all before them. With @wait, they are written when this
 * returns. False: rows could not be written. */
bool ledger_pass_on(Ledger *ledger, bool durable, bool wait,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes on the rest, waits until all is synced, and ends the thread. False: rows could not be
 * written. */
bool ledger_finish(Ledger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For a run that adds no rows, after ledger_finish(): sets how many messages it has read. */
void ledger_count(Ledger *ledger, guint64 messages);

/* Records the @status of the run, "done" or "failed", after ledger_finish(). */
bool ledger_end_run(Ledger *ledger, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins to write rows in groups. The thread calls @wake whenever a group is written: then the
 * caller must call ledger_collect(). */
bool ledger_begin_groups(Ledger *ledger, void (*wake)(gpointer data), gpointer data,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the id of a row, or the reason why it has none (NULL: it was written). */
typedef void (*LedgerDone)(gpointer data, gint64 id, const GError *error);

/* Calls @done for each row of the group that was written, in the order in which they were added,
 * and lets the next group be written. */
void ledger_collect(Ledger *ledger, LedgerDone done, gpointer data);

/* Ends the thread, which no longer waits for other processes. ledger_collect() then tells of the
 * group that it was writing; rows behind it are not written, and nobody is told. */
void ledger_stop_groups(Ledger *ledger);

/* Ends the groups, after ledger_stop_groups() if that has not been called, and writes changes of
 * rows that still wait, for which it waits only a moment. False: they could not be written. Then
 * @ledger can only be closed. */
bool ledger_end_groups(Ledger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether rows of groups, or changes of them, are waiting, being written, or not yet collected. */
bool ledger_is_busy(Ledger *ledger);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_close)
