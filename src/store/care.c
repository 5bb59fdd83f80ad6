/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * care: the state of an audit, and what keeps it small.
 * May know: its tables, SQLite. Must not know: what is old, words for people.
 * Fails: with a STORE_ERROR. The steps done by then stay, each one complete.
 */
#include "care.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db.h"

/* How long a step holds the lock, about: filters wait for it. */
#define STEP_TIME ((gint64)20 * 1000) /* microseconds */
#define STEP_MESSAGES 500
#define STEP_PAGES 500
/* How long the lock is free between two steps, so that filters get their turn. */
#define FREE_TIME ((gint64)10 * 1000) /* microseconds */

#define PRUNED_WAIT 1000 /* milliseconds for which the log is truncated at the end of a prune */

static guint64
size_of(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 ? (guint64)info.st_size : 0;
}

static guint64
size_of_log(const char *path)
{
	g_autofree char *log = g_strconcat(path, "-wal", NULL);

	return size_of(log);
}

static bool
take_damage(const ReaderRow *row, gpointer state, GError **error)
{
	const char *words = reader_text(row, 0, NULL);

	if (!g_str_equal(words, "ok"))
		g_ptr_array_add(((CareState *)state)->damage, g_strdup(words));
	return true;
}

static bool
take_outcome(const ReaderRow *row, gpointer data, GError **error)
{
	CareState *state = data;
	CareOutcome outcome = { g_strdup(reader_text(row, 0, NULL)), reader_integer(row, 1) };

	g_array_append_val(state->outcomes, outcome);
	state->messages += outcome.messages;
	return true;
}

static bool
take_pending(const ReaderRow *row, gpointer data, GError **error)
{
	CareState *state = data;

	state->pending = reader_integer(row, 0);
	state->pending_since = g_strdup(reader_text(row, 1, NULL));
	return true;
}

static bool
take_running(const ReaderRow *row, gpointer data, GError **error)
{
	CareState *state = data;

	state->running = reader_integer(row, 0);
	state->running_since = g_strdup(reader_text(row, 1, NULL));
	return true;
}

static bool
look(Reader *reader, CareState *state, GError **error)
{
	gint64 pages = 0, page_size = 0;
	const struct {
		const char *sql;
		ReaderFunc take;
		gpointer data;
	} questions[] = {
		{ "PRAGMA integrity_check(5)", take_damage, state },
		{ "PRAGMA freelist_count", reader_take_integer, &pages },
		{ "PRAGMA page_size", reader_take_integer, &page_size },
		{ DB_COUNT_DANGLING, reader_take_integer, &state->dangling },
		{ "SELECT outcome, count(*) FROM message GROUP BY outcome ORDER BY outcome",
		  take_outcome, state },
		{ "SELECT count(*), min(at) FROM message WHERE outcome = 'pending'", take_pending,
		  state },
		{ "SELECT count(*), min(started_at) FROM run WHERE status = 'running'",
		  take_running, state },
	};
	bool good = reader_compare_schema(reader, &state->lack, error);

	for (size_t i = 0; good && i < G_N_ELEMENTS(questions); i++)
		good = reader_each(reader, questions[i].sql, NULL, questions[i].take,
		                   questions[i].data, error);
	state->unused = (guint64)pages * (guint64)page_size;
	return good;
}

static void
clear_outcome(gpointer outcome)
{
	g_free(((CareOutcome *)outcome)->outcome);
}

bool
care_look(Reader *reader, const char *path, CareState *state, GError **error)
{
	g_autoptr(GError) failed = NULL;

	*state = (CareState){ .version = reader_version(reader),
		              .newest_version = db_newest_version(),
		              .damage = g_ptr_array_new_with_free_func(g_free),
		              .outcomes = g_array_new(false, false, sizeof(CareOutcome)),
		              .file = size_of(path),
		              .log = size_of_log(path) };
	g_array_set_clear_func(state->outcomes, clear_outcome);
	if (!reader_begin(reader, error))
		return false;
	state->is_counted = look(reader, state, &failed);
	reader_end(reader);
	/* What is missing was asked for. */
	if (state->lack && g_error_matches(failed, STORE_ERROR, STORE_ERROR_FOREIGN))
		return true;
	if (failed)
		g_propagate_error(error, g_steal_pointer(&failed));
	return state->is_counted;
}

void
care_state_clear(CareState *state)
{
	g_clear_pointer(&state->damage, g_ptr_array_unref);
	g_clear_pointer(&state->lack, g_free);
	g_clear_pointer(&state->outcomes, g_array_unref);
	g_clear_pointer(&state->pending_since, g_free);
	g_clear_pointer(&state->running_since, g_free);
}

/* Counts rows here, since GROUP BY would sort all of them in a file. */
static bool
take_kind(const ReaderRow *row, gpointer kinds, GError **error)
{
	const char *words = reader_text(row, 0, NULL);
	gint64 *rows = g_hash_table_lookup(kinds, words);

	if (!rows) {
		rows = g_new0(gint64, 1);
		g_hash_table_insert(kinds, g_strdup(words), rows);
	}
	(*rows)++;
	return true;
}

static int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
hand_over_kinds(GHashTable *kinds, CareRowsFunc func, gpointer data, CareCounts *counts)
{
	guint n;
	g_autofree gpointer *keys = g_hash_table_get_keys_as_array(kinds, &n);

	qsort(keys, n, sizeof *keys, compare_words);
	for (guint i = 0; i < n; i++) {
		g_auto(GStrv) words = g_strsplit(keys[i], " ", 4);
		const CareRows rows = { words[0], words[1], words[2], words[3],
			                *(gint64 *)g_hash_table_lookup(kinds, keys[i]) };
		if (g_str_equal(rows.outcome, "pending"))
			counts->pending += rows.rows;
		func(&rows, data);
	}
}

bool
care_count(Reader *reader, const char *path, CareRowsFunc func, gpointer data,
           CareCounts *ret_counts, GError **error)
{
	static const char last[] = "SELECT CAST(strftime('%s', max(at)) AS INTEGER) FROM message";
	static const char kind[] = "SELECT source || ' ' || verdict || ' ' || action || ' ' || "
	                           "outcome FROM message";
	g_autoptr(GHashTable) kinds =
	        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	*ret_counts = (CareCounts){ .file = size_of(path), .log = size_of_log(path) };
	if (!reader_begin(reader, error))
		return false;
	bool good =
	        reader_each(reader, last, NULL, reader_take_integer, &ret_counts->last, error) &&
	        reader_each(reader, kind, NULL, take_kind, kinds, error);
	reader_end(reader);
	if (good)
		hand_over_kinds(kinds, func, data, ret_counts);
	return good;
}

bool
care_try_lock(const char *path, int wait_ms, GError **error)
{
	DbWait wait = { .ms = wait_ms };
	g_autoptr(sqlite3) db = db_open_as_is(path, &wait, error);

	if (!db || !db_begin(db, error))
		return false;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return true;
}

typedef struct {
	sqlite3 *db;
	DbWait wait;
	const CarePrune *what;
	CarePruned *pruned;
} Pruning;

/* Whether a signal has come; notes it in `pruned`. */
static int
note_stop(void *data)
{
	Pruning *p = data;

	if (*p->what->stop)
		p->pruned->is_stopped = true;
	return p->pruned->is_stopped;
}

/* Leaves the database to others for a while. Moves the log first: it would grow, and the next
 * writer would have to move it. */
static void
leave_free(Pruning *p)
{
	gint64 until = g_get_monotonic_time() + FREE_TIME;

	sqlite3_wal_checkpoint_v2(p->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	gint64 rest = until - g_get_monotonic_time();
	if (rest > 0)
		g_usleep((gulong)rest);
}

/* Runs @s repeatedly in one transaction, while it deletes rows and the step is not yet full. */
static bool
delete_step(Pruning *p, sqlite3_stmt *s, int *ret_deleted, GError **error)
{
	int deleted = 0;

	*ret_deleted = 0;
	if (!db_begin(p->db, error))
		return false;
	gint64 until = g_get_monotonic_time() + STEP_TIME;
	do {
		if (sqlite3_step(s) != SQLITE_DONE)
			goto failed;
		sqlite3_reset(s);
		if (sqlite3_changes(p->db) == 0)
			break;
		deleted += sqlite3_changes(p->db);
	} while (deleted < STEP_MESSAGES && g_get_monotonic_time() < until);
	if (sqlite3_exec(p->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		goto failed;
	*ret_deleted = deleted;
	return true;
failed:
	db_set_error(p->db, error);
	sqlite3_reset(s);
	sqlite3_exec(p->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* Runs @sql, whose parameters ?1 and ?2 are times, until it deletes nothing more. */
static bool
delete_all(Pruning *p, const char *sql, const char *time, const char *other_time, gint64 *count,
           GError **error)
{
	g_autoptr(sqlite3_stmt) s = NULL;
	int deleted = 1;

	if (sqlite3_prepare_v2(p->db, sql, -1, &s, NULL) != SQLITE_OK) {
		db_set_error(p->db, error);
		return false;
	}
	sqlite3_bind_text(s, 1, time, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, other_time, -1, SQLITE_STATIC);
	while (deleted > 0 && !note_stop(p)) {
		if (!delete_step(p, s, &deleted, error))
			return false;
		*count += deleted;
		if (deleted > 0)
			leave_free(p);
	}
	return true;
}

/* The policies that no message with an id up to *@ret_last refers to. Scans all messages, so it
 * takes no lock. */
static bool
unused_policies(Pruning *p, GPtrArray *digests, gint64 *ret_last, GError **error)
{
	g_autoptr(sqlite3_stmt) s = NULL;
	int result = sqlite3_prepare_v2(
	        p->db,
	        "SELECT digest, coalesce((SELECT max(id) FROM message), 0) FROM policy WHERE "
	        "digest NOT IN (SELECT policy FROM message WHERE policy IS NOT NULL)",
	        -1, &s, NULL);

	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(s);
		if (result != SQLITE_ROW)
			break;
		g_ptr_array_add(digests, g_strdup((const char *)sqlite3_column_text(s, 0)));
		*ret_last = sqlite3_column_int64(s, 1);
	}
	if (result != SQLITE_DONE)
		db_set_error(p->db, error);
	return result == SQLITE_DONE;
}

static bool
delete_policies(Pruning *p, GError **error)
{
	g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) s = NULL;
	gint64 last = 0;

	sqlite3_progress_handler(p->db, 10000, note_stop, p);
	bool good = unused_policies(p, digests, &last, error);
	sqlite3_progress_handler(p->db, 0, NULL, NULL);
	if (!good)
		return false;

	/* Messages that have come to refer to a policy since then have a higher id. The check of
	 * foreign keys would scan all messages, for lack of an index, with the lock held. */
	sqlite3_db_config(p->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	if (sqlite3_prepare_v2(p->db,
	                       "DELETE FROM policy WHERE digest = ?1 AND NOT EXISTS "
	                       "(SELECT 1 FROM message WHERE id > ?2 AND policy = ?1)",
	                       -1, &s, NULL) != SQLITE_OK) {
		db_set_error(p->db, error);
		return false;
	}
	sqlite3_bind_int64(s, 2, last);
	for (guint i = 0; i < digests->len && !note_stop(p); i++) {
		if (!db_begin(p->db, error))
			return false;
		sqlite3_bind_text(s, 1, g_ptr_array_index(digests, i), -1, SQLITE_STATIC);
		good = sqlite3_step(s) == SQLITE_DONE;
		if (!good)
			db_set_error(p->db, error);
		int deleted = sqlite3_changes(p->db);
		sqlite3_reset(s);
		if (!db_end(p->db, good, error))
			return false;
		p->pruned->policies += deleted;
		leave_free(p);
	}
	return true;
}

static bool
give_back(Pruning *p, GError **error)
{
	gint64 pages, before = G_MAXINT64;

	while (!note_stop(p)) {
		if (!db_read_int(p->db, "PRAGMA freelist_count", &pages, error))
			return false;
		/* Others may free pages meanwhile; a file without auto_vacuum keeps its pages. */
		if (pages == 0 || pages >= before)
			break;
		before = pages;
		if (!db_begin(p->db, error) ||
		    !db_end(p->db,
		            db_exec(p->db, "PRAGMA incremental_vacuum(" G_STRINGIFY(STEP_PAGES) ")",
		                    error),
		            error))
			return false;
		leave_free(p);
	}
	return true;
}

static bool
prune(Pruning *p, GError **error)
{
	const CarePrune *what = p->what;

	return delete_all(p,
	                  "DELETE FROM message WHERE id = (SELECT id FROM message WHERE at < ?1 "
	                  "AND (outcome <> 'pending' OR at < ?2) ORDER BY at LIMIT 1)",
	                  what->before, what->pending_before, &p->pruned->messages, error) &&
	       delete_all(p,
	                  "DELETE FROM run WHERE id IN (SELECT id FROM run WHERE "
	                  "coalesce(finished_at, started_at) < ?1 AND "
	                  "(status <> 'running' OR started_at < ?2) AND NOT EXISTS "
	                  "(SELECT 1 FROM message WHERE message.run = run.id) "
	                  "LIMIT " G_STRINGIFY(STEP_MESSAGES) ")",
	                  what->before, what->running_before, &p->pruned->runs, error) &&
	       (note_stop(p) || delete_policies(p, error)) && give_back(p, error);
}

bool
care_prune(const char *path, int wait_ms, const CarePrune *what, CarePruned *pruned, GError **error)
{
	guint64 before = size_of(path);
	GError *failed = NULL, *unmoved = NULL;

	*pruned = (CarePruned){ 0 };
	Pruning p = { NULL, { .ms = wait_ms, .stop = what->stop }, what, pruned };
	g_autoptr(sqlite3) db = p.db = db_open_existing(path, &p.wait, error);
	if (!db)
		return false;
	sqlite3_wal_autocheckpoint(db, 0);
	/* A power failure may undo the last steps, which the next prune repeats. */
	bool good = db_exec(db, "PRAGMA synchronous=NORMAL", &failed) && prune(&p, &failed);
	/* A wait ended by a signal looks like an error, but is none. */
	if (!good && note_stop(&p)) {
		g_clear_error(&failed);
		good = true;
	}
	p.wait.stop = NULL;
	bool moved = db_truncate_log(db, &p.wait, MIN(wait_ms, PRUNED_WAIT), &unmoved);
	pruned->log_stays = g_error_matches(unmoved, STORE_ERROR, STORE_ERROR_LOCKED);
	pruned->octets = before - MIN(before, size_of(path));
	if (good && !moved && !pruned->log_stays)
		failed = g_steal_pointer(&unmoved);
	g_clear_error(&unmoved);
	if (failed)
		g_propagate_error(error, failed);
	return !failed;
}

bool
care_checkpoint(const char *path, int wait_ms, guint64 *ret_before, guint64 *ret_after,
                GError **error)
{
	DbWait wait = { .ms = wait_ms };

	*ret_before = *ret_after = size_of_log(path);
	g_autoptr(sqlite3) db = db_open_existing(path, &wait, error);
	if (!db)
		return false;
	bool good = db_truncate_log(db, &wait, wait_ms, error);
	*ret_after = size_of_log(path);
	return good;
}
