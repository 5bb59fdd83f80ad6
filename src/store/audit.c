/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit: the rows of the audit database.
 * May know: its tables. Must not know: mail syntax, policy, who calls.
 * Fails: with a STORE_ERROR; a row is written whole, with its edits, or not at all.
 */
#include "audit.h"

#include <string.h>

#include "db.h"
#include "json.h"

enum {
	INSERT_POLICY,
	INSERT_MESSAGE,
	INSERT_RECIPIENT,
	INSERT_EDIT,
	SETTLE,
	INSERT_RUN,
	UPDATE_RUN,
	N_STATEMENTS
};

static const char *const statements[N_STATEMENTS] = {
	[INSERT_POLICY] = "INSERT OR IGNORE INTO policy (digest, settings, version, first_seen) "
	                  "VALUES (?1, ?2, ?3, ?4)",
	[INSERT_MESSAGE] =
	        "INSERT INTO message (at, source, queue_id, message_id_header, envelope_from, "
	        "client_address, verdict, reason, evidence, auth_user, in_scope, action, outcome, "
	        "size, from_before, from_after, head_before_sha256, head_after_sha256, signatures, "
	        "policy, run, peer, helo, received_at, from_name, from_address, scope, person, "
	        "host) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	        "?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
	[INSERT_RECIPIENT] = "INSERT OR IGNORE INTO recipient (message, address) VALUES (?1, ?2)",
	[INSERT_EDIT] = "INSERT INTO edit (message, field, nth, action, before, after, "
	                "display_names, addresses, position) "
	                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[SETTLE] = "UPDATE message SET outcome = CASE outcome WHEN 'dry-run' THEN outcome "
	           "ELSE ?2 END, size = coalesce(?3, size) WHERE id = ?1",
	[INSERT_RUN] = "INSERT INTO run (started_at, command, input, version, status, settles) "
	               "VALUES (?1, ?2, ?3, ?4, 'running', ?5)",
	[UPDATE_RUN] = "UPDATE run SET messages = ?2, stripped = ?3, status = ?4, finished_at = ?5 "
	               "WHERE id = ?1",
};

#define LOG_WAIT 50 /* milliseconds: for so long it is tried */

struct Audit {
	sqlite3 *db;
	sqlite3_stmt *prepared[N_STATEMENTS];
	Json *json;
	bool durable;  /* whether commits are on the disk when they return */
	gint64 second; /* of the row before, and its time */
	char *second_text;
	DbWait wait;
	sqlite3_int64 size; /* of the file, as audit_has_moved() last saw it */
};

Audit *
audit_open(const char *path, int wait_ms, GError **error)
{
	Audit *audit = g_new0(Audit, 1);

	audit->wait.ms = wait_ms;
	audit->db = db_open(path, &audit->wait, error);
	if (!audit->db) {
		g_free(audit);
		return NULL;
	}
	audit->durable = true;
	audit->second = -1;
	audit->json = json_new();
	return audit;
}

void
audit_close(Audit *audit)
{
	for (int i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(audit->prepared[i]);
	sqlite3_close(audit->db);
	json_free(audit->json);
	g_free(audit->second_text);
	g_free(audit);
}

void
audit_set_wait(Audit *audit, int wait_ms)
{
	audit->wait.ms = wait_ms;
}

void
audit_set_stop(Audit *audit, const volatile sig_atomic_t *stop)
{
	audit->wait.stop = stop;
}

static sqlite3_stmt *
statement(Audit *audit, int which, GError **error)
{
	if (!audit->prepared[which] &&
	    sqlite3_prepare_v2(audit->db, statements[which], -1, &audit->prepared[which], NULL) !=
	            SQLITE_OK)
		db_set_error(audit->db, error);
	return audit->prepared[which];
}

/* @text outlives the step. */
static void
bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

static void
bind_bytes(sqlite3_stmt *s, int at, AuditBytes bytes)
{
	sqlite3_bind_blob64(s, at, bytes.data ? bytes.data : "", bytes.length, SQLITE_STATIC);
}

static const char *
next_text(const char *text)
{
	return text + strlen(text) + 1;
}

static void
bind_list(Audit *audit, sqlite3_stmt *s, int at, AuditTexts texts)
{
	const char *text = texts.first;

	if (texts.n == 0) {
		bind_text(s, at, "[]");
		return;
	}
	json_clear(audit->json);
	json_begin_array(audit->json, NULL);
	for (guint i = 0; i < texts.n; i++, text = next_text(text))
		json_string(audit->json, NULL, text, -1);
	json_end(audit->json);
	/* Where SQLite has no memory for the copy, the step says so: NOT NULL. */
	sqlite3_bind_text(s, at, json_text(audit->json), -1, SQLITE_TRANSIENT);
}

static bool
step(Audit *audit, sqlite3_stmt *s, GError **error)
{
	bool good = sqlite3_step(s) == SQLITE_DONE;

	if (!good)
		db_set_error(audit->db, error);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return good;
}

char *
audit_time(gint64 at)
{
	gint64 second = at / G_USEC_PER_SEC - (at % G_USEC_PER_SEC < 0);
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(second);

	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", g_date_time_get_year(t),
	                       g_date_time_get_month(t), g_date_time_get_day_of_month(t),
	                       g_date_time_get_hour(t), g_date_time_get_minute(t),
	                       g_date_time_get_second(t),
	                       (int)((at - second * G_USEC_PER_SEC) / 1000));
}

/* The same, but only the milliseconds are written anew where a row is of the same second as the one
 * before, as most are. (transfer full) */
static char *
row_time(Audit *audit, gint64 at)
{
	gint64 second = at / G_USEC_PER_SEC;

	if (at < 0 || second != audit->second) {
		g_free(audit->second_text);
		audit->second_text = audit_time(at);
		audit->second = second;
		return g_strdup(audit->second_text);
	}
	char *text = g_strdup(audit->second_text);
	char *digits = text + strlen(text) - strlen("000Z");
	for (int ms = (int)(at % G_USEC_PER_SEC / 1000), i = 2; i >= 0; i--, ms /= 10)
		digits[i] = (char)('0' + ms % 10);
	return text;
}

/* NULL where it is not known: a trace may show a year that no calendar has. (transfer full) */
static char *
received_time(gint64 at)
{
	const gint64 first = G_GINT64_CONSTANT(-62135596800), end = G_GINT64_CONSTANT(253402300800);

	return at != 0 && at >= first * G_USEC_PER_SEC && at < end * G_USEC_PER_SEC ? audit_time(at)
	                                                                            : NULL;
}

static bool
insert_recipients(Audit *audit, gint64 id, AuditTexts recipients, GError **error)
{
	const char *recipient = recipients.first;

	for (guint i = 0; i < recipients.n; i++, recipient = next_text(recipient)) {
		sqlite3_stmt *s = statement(audit, INSERT_RECIPIENT, error);
		if (!s)
			return false;
		sqlite3_bind_int64(s, 1, id);
		bind_text(s, 2, recipient);
		if (!step(audit, s, error))
			return false;
	}
	return true;
}

static bool
insert_edits(Audit *audit, gint64 id, const AuditRow *row, GError **error)
{
	for (guint i = 0; i < row->n_edits; i++) {
		const AuditEdit *edit = &row->edits[i];
		sqlite3_stmt *s = statement(audit, INSERT_EDIT, error);
		if (!s)
			return false;
		sqlite3_bind_int64(s, 1, id);
		bind_text(s, 2, edit->field);
		sqlite3_bind_int64(s, 3, edit->nth);
		bind_text(s, 4, edit->action);
		bind_bytes(s, 5, edit->before);
		bind_bytes(s, 6, edit->after);
		bind_list(audit, s, 7, edit->display_names);
		bind_list(audit, s, 8, edit->addresses);
		sqlite3_bind_int64(s, 9, edit->position);
		if (!step(audit, s, error))
			return false;
	}
	return true;
}

static bool
insert_policy(Audit *audit, const AuditRow *row, GError **error)
{
	g_autofree char *at = row_time(audit, row->at);
	sqlite3_stmt *s = statement(audit, INSERT_POLICY, error);

	if (!s)
		return false;
	bind_text(s, 1, row->policy_digest);
	bind_text(s, 2, row->policy_settings);
	bind_text(s, 3, row->version);
	bind_text(s, 4, at);
	return step(audit, s, error);
}

static bool
insert_row(Audit *audit, const AuditRow *row, gint64 *ret_id, GError **error)
{
	g_autofree char *at = row_time(audit, row->at);
	g_autofree char *received_at = received_time(row->received_at);
	sqlite3_stmt *s = statement(audit, INSERT_MESSAGE, error);

	if (!s)
		return false;
	const char *const texts[] = { at,
		                      row->source,
		                      row->queue_id,
		                      row->message_id_header,
		                      row->envelope_from,
		                      row->client_address,
		                      row->verdict,
		                      row->reason,
		                      row->evidence,
		                      row->auth_user };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		bind_text(s, (int)i + 1, texts[i]);
	sqlite3_bind_int(s, 11, row->in_scope);
	bind_text(s, 12, row->action);
	bind_text(s, 13, row->outcome);
	if (row->size >= 0)
		sqlite3_bind_int64(s, 14, row->size);
	bind_text(s, 15, row->from_before);
	bind_text(s, 16, row->from_after);
	bind_text(s, 17, row->head_before_sha256);
	bind_text(s, 18, row->head_after_sha256);
	bind_list(audit, s, 19, row->signatures);
	bind_text(s, 20, row->policy_digest);
	if (row->run)
		sqlite3_bind_int64(s, 21, row->run);
	const char *const others[] = { row->peer,         row->helo,  received_at, row->from_name,
		                       row->from_address, row->scope, row->person, db_host() };
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		bind_text(s, (int)i + 22, others[i]);
	if (!step(audit, s, error))
		return false;
	*ret_id = sqlite3_last_insert_rowid(audit->db);

	return insert_recipients(audit, *ret_id, row->recipients, error) &&
	       insert_edits(audit, *ret_id, row, error);
}

static bool
set_durable(Audit *audit, bool durable, GError **error)
{
	if (audit->durable != durable &&
	    !db_exec(audit->db, durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
	             error))
		return false;
	audit->durable = durable;
	return true;
}

bool
audit_begin_run(Audit *audit, AuditRun *run, gint64 at, const char *command, const char *input,
                const char *version, GError **error)
{
	g_autofree char *started = row_time(audit, at);

	if (!set_durable(audit, true, error) || !db_begin(audit->db, error))
		return false;
	sqlite3_stmt *s = statement(audit, INSERT_RUN, error);
	if (!s)
		return db_end(audit->db, false, error);
	bind_text(s, 1, started);
	bind_text(s, 2, command);
	bind_text(s, 3, input);
	bind_text(s, 4, version);
	sqlite3_bind_int(s, 5, run->settles);
	if (!db_end(audit->db, step(audit, s, error), error))
		return false;
	*run = (AuditRun){ .id = sqlite3_last_insert_rowid(audit->db),
		           .status = "running",
		           .settles = run->settles };
	audit_own_log(audit);
	return true;
}

static bool
update_run(Audit *audit, const AuditRun *run, GError **error)
{
	bool is_running = g_str_equal(run->status, "running");
	g_autofree char *ended = is_running ? NULL : row_time(audit, run->ended);
	sqlite3_stmt *s = statement(audit, UPDATE_RUN, error);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, run->id);
	sqlite3_bind_int64(s, 2, run->messages);
	sqlite3_bind_int64(s, 3, run->stripped);
	bind_text(s, 4, run->status);
	bind_text(s, 5, ended);
	if (!step(audit, s, error))
		return false;
	if (sqlite3_changes(audit->db) > 0)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER,
	            "audit database %s: the row of this run is gone, as after barefrom audit "
	            "restore: start it again",
	            sqlite3_db_filename(audit->db, "main"));
	return false;
}

static bool
settle_row(Audit *audit, const AuditSettle *settle, GError **error)
{
	sqlite3_stmt *s = statement(audit, SETTLE, error);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, settle->id);
	bind_text(s, 2, settle->outcome);
	if (settle->size >= 0)
		sqlite3_bind_int64(s, 3, settle->size);
	return step(audit, s, error);
}

static bool
insert_rows(Audit *audit, const GArray *rows, gint64 *ret_ids, GError **error)
{
	const char *policy = NULL;

	for (guint i = 0; rows && i < rows->len; i++) {
		const AuditRow *row = &g_array_index(rows, AuditRow, i);
		gint64 id;
		/* Most rows were decided by the settings of the one before. */
		if (g_strcmp0(policy, row->policy_digest) != 0 && !insert_policy(audit, row, error))
			return false;
		policy = row->policy_digest;
		if (!insert_row(audit, row, &id, error))
			return false;
		if (ret_ids)
			ret_ids[i] = id;
	}
	return true;
}

bool
audit_record_rows(Audit *audit, const GArray *rows, gint64 *ret_ids, const AuditRun *run,
                  const GArray *settles, bool durable, GError **error)
{
	bool good;

	if (!set_durable(audit, durable, error) || !db_begin(audit->db, error))
		return false;
	good = (!run || update_run(audit, run, error)) && insert_rows(audit, rows, ret_ids, error);
	for (guint i = 0; good && settles && i < settles->len; i++)
		good = settle_row(audit, &g_array_index(settles, AuditSettle, i), error);
	good = db_end(audit->db, good, error);
	for (guint i = 0; !good && rows && ret_ids && i < rows->len; i++)
		ret_ids[i] = 0;
	return good;
}

void
audit_own_log(Audit *audit)
{
	sqlite3_wal_autocheckpoint(audit->db, 0);
}

bool
audit_has_moved(Audit *audit)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;
	int moved = 0;

	sqlite3_file_control(audit->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	sqlite3_file_control(audit->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (moved)
		return true;
	if (!file || !file->pMethods || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return false;
	/* Somebody emptied or cut it, which SQLite would not notice. Or it was pruned. */
	if (size < audit->size)
		return true;
	audit->size = size;
	return false;
}

void
audit_move_log(Audit *audit)
{
	/* What does not belong there is not to get into the file. */
	if (db_is_whole(audit->db, NULL))
		sqlite3_wal_checkpoint_v2(audit->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

void
audit_truncate_log(Audit *audit)
{
	db_truncate_log(audit->db, &audit->wait, LOG_WAIT, NULL);
}

bool
audit_settle(Audit *audit, gint64 id, const char *outcome, gint64 size, GError **error)
{
	AuditSettle settle = { .id = id, .outcome = outcome, .size = size };

	/* Lost by a power failure, it is `pending` again, which is true enough. */
	if (!set_durable(audit, false, error) || !db_begin_again(audit->db, error))
		return false;
	bool good = settle_row(audit, &settle, error);
	bool is_there = good && sqlite3_changes(audit->db) > 0;
	if (!db_end(audit->db, good, error))
		return false;
	if (is_there)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER, "audit database %s: its row is gone",
	            sqlite3_db_filename(audit->db, "main"));
	return false;
}
