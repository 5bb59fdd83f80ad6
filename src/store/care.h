/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "reader.h"
#include "store-error.h"

/* How many messages ended so. */
typedef struct {
	char *outcome;
	gint64 messages;
} CareOutcome;

/* The state of an audit, all but the sizes of one moment. Times are texts as in the tables. */
typedef struct {
	gint64 version, newest_version;
	GPtrArray *damage; /* char *: in SQLite's words, the first few */
	gint64 dangling;   /* rows that refer to a row which is gone */
	gint64 messages, pending, running;
	GArray *outcomes;                    /* CareOutcome */
	char *pending_since, *running_since; /* the oldest; NULL: there is none */
	guint64 file, log, unused;           /* octets; the last ones are in the file */
} CareState;

/* Looks at all of the audit at @path, which @reader reads. */
bool care_look(Reader *reader, const char *path, CareState *state,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees what care_look() has found, also where it failed. */
void care_state_clear(CareState *state);

/* Rows of messages that are alike in these words; valid during the call. */
typedef struct {
	const char *source, *verdict, *action, *outcome;
	gint64 rows;
} CareRows;
typedef void (*CareRowsFunc)(const CareRows *rows, gpointer data);

typedef struct {
	gint64 pending;
	gint64 last;       /* when the newest row was written, in seconds since 1970; 0: never */
	guint64 file, log; /* octets */
} CareCounts;

/* Counts the rows of the audit at @path, which @reader reads, in one pass, and calls @func for each
 * kind, in the order of their words. All is of one moment, all but the sizes. */
bool care_count(Reader *reader, const char *path, CareRowsFunc func, gpointer data,
                CareCounts *ret_counts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the lock of the audit at @path for an instant, as a filter does that writes its row; none
 * is written. No wait for others is longer than @wait_ms. Nothing is made or migrated. */
bool care_try_lock(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be deleted: all that is older than @before. Times are texts as in the tables. */
typedef struct {
	const char *before;
	const char *pending_before;        /* but no pending message that is not older than this, */
	const char *running_before;        /* and no running run that is not */
	const volatile sig_atomic_t *stop; /* set by a signal: between two steps it ends */
} CarePrune;

typedef struct {
	gint64 messages, runs, policies;
	guint64 octets; /* by which the file is smaller */
	bool is_stopped;
	bool log_stays; /* others were in the way of its truncation */
} CarePruned;

/* Deletes from the audit at @path, in small steps between which others can write; it is a
 * STORE_ERROR_MISSING if there is none. An older one is migrated first.
 * *@pruned says how far it has got, after an error too. No wait for others is longer than
 * @wait_ms. */
bool care_prune(const char *path, int wait_ms, const CarePrune *what, CarePruned *pruned,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the log of the audit at @path into the file, and makes it empty; it is a
 * STORE_ERROR_MISSING if there is none. An older one is migrated first. What readers need of it
 * stays, which is a STORE_ERROR_LOCKED after @wait_ms. The sizes in octets are set then, too. */
bool care_checkpoint(const char *path, int wait_ms, guint64 *ret_before, guint64 *ret_after,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CareState, care_state_clear)
