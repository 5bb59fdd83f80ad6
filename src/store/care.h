/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "reader.h"
#include "store-error.h"

/* How many messages had this outcome. */
typedef struct {
	char *outcome;
	gint64 messages;
} CareOutcome;

/* The state of an audit at one moment, except for the sizes. Times are texts as in the tables. */
typedef struct {
	gint64 version, newest_version;
	GPtrArray *damage; /* char *: the first few findings, in SQLite's words */
	gint64 dangling;   /* rows that refer to a row that is gone */
	char *lack;        /* what is missing, as schema_compare() has it; NULL: nothing */
	bool is_counted;   /* false: it lacks what counting needs, so not all counts are known */
	gint64 messages, pending, running;
	GArray *outcomes;                    /* CareOutcome */
	char *pending_since, *running_since; /* the oldest; NULL: there is none */
	guint64 file, log, unused;           /* octets; `unused` is a part of `file` */
} CareState;

/* Examines all of the audit at @path, which @reader reads. *@state must be cleared, also after an
 * error. */
bool care_look(Reader *reader, const char *path, CareState *state,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees what *@state holds. */
void care_state_clear(CareState *state);

/* The number of messages for which these words are the same; valid during the call. */
typedef struct {
	const char *source, *verdict, *action, *outcome;
	gint64 rows;
} CareRows;
typedef void (*CareRowsFunc)(const CareRows *rows, gpointer data);

typedef struct {
	gint64 pending;
	gint64 last;       /* when the newest row was written, in seconds since 1970; 0: no rows */
	guint64 file, log; /* octets */
} CareCounts;

/* Counts the rows of the audit at @path, which @reader reads, in one pass, and calls @func for each
 * kind, in the order of their words. All except the sizes is of one moment. */
bool care_count(Reader *reader, const char *path, CareRowsFunc func, gpointer data,
                CareCounts *ret_counts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the lock of the audit at @path for an instant, as a filter does that writes its row, but
 * writes, makes and migrates nothing. No wait for others is longer than @wait_ms. */
bool care_try_lock(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What to delete. Times are texts as in the tables. */
typedef struct {
	const char *before;                /* all that is older than this, with two exceptions */
	const char *pending_before;        /* pending messages must also be older than this */
	const char *running_before;        /* running runs must also be older than this */
	const volatile sig_atomic_t *stop; /* ends the prune between two steps once it is set */
} CarePrune;

typedef struct {
	gint64 messages, runs, policies;
	guint64 octets; /* by which the file has shrunk */
	bool is_stopped;
	bool log_stays; /* others kept the log from being truncated */
} CarePruned;

/* Deletes from the audit at @path, in small steps between which others can write. Migrates an older
 * one first. STORE_ERROR_MISSING: there is none. *@pruned says how far it has got, after an error
 * too. No wait for others is longer than @wait_ms. */
bool care_prune(const char *path, int wait_ms, const CarePrune *what, CarePruned *pruned,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the log of the audit at @path into the file, and empties it. Migrates an older audit first.
 * STORE_ERROR_MISSING: there is none; STORE_ERROR_LOCKED: after @wait_ms others still use the log.
 * Sets the sizes of the log before and after, in octets, also after an error. */
bool care_checkpoint(const char *path, int wait_ms, guint64 *ret_before, guint64 *ret_after,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CareState, care_state_clear)
