/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit: the rows of the audit database.
 * May know: its tables. Must not know: mail syntax, policy, who calls.
 * Fails: with a STORE_ERROR; a row is written whole, with its edits, or not at all.
 */
#include "audit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "belong.h"
#include "db.h"
#include "json.h"

/* The statements before N_INSERTS take many rows each. With OR FAIL, and OR IGNORE, SQLite keeps no
 * statement journal; if one fails, we roll back the whole transaction. */
enum {
	INSERT_MESSAGE,
	INSERT_RECIPIENT,
	INSERT_EDIT,
	N_INSERTS,
	INSERT_POLICY = N_INSERTS,
	SETTLE,
	INSERT_RUN,
	UPDATE_RUN,
	N_STATEMENTS
};

static const char *const statements[N_STATEMENTS] = {
	[INSERT_MESSAGE] =
	        "INSERT OR FAIL INTO message (at, source, queue_id, message_id_header, "
	        "envelope_from, "
	        "client_address, verdict, reason, evidence, auth_user, in_scope, action, outcome, "
	        "size, from_before, from_after, head_before_sha256, head_after_sha256, signatures, "
	        "policy, run, peer, helo, received_at, from_name, from_address, scope, person, "
	        "host) VALUES ",
	[INSERT_RECIPIENT] = "INSERT OR IGNORE INTO recipient (message, address) VALUES ",
	[INSERT_EDIT] = "INSERT OR FAIL INTO edit (message, field, nth, action, before, after, "
	                "display_names, addresses, position) VALUES ",
	[INSERT_POLICY] = "INSERT OR IGNORE INTO policy (digest, settings, version, first_seen) "
	                  "VALUES (?1, ?2, ?3, ?4)",
	[SETTLE] = "UPDATE message SET outcome = CASE outcome WHEN 'dry-run' THEN outcome "
	           "ELSE ?2 END, size = coalesce(?3, size) WHERE id = ?1",
	[INSERT_RUN] = "INSERT INTO run (started_at, command, input, version, status, settles) "
	               "VALUES (?1, ?2, ?3, ?4, 'running', ?5)",
	[UPDATE_RUN] = "UPDATE run SET messages = ?2, stripped = ?3, status = ?4, finished_at = ?5 "
	               "WHERE id = ?1",
};

static const int columns[N_INSERTS] = {
	[INSERT_MESSAGE] = 29, [INSERT_RECIPIENT] = 2, [INSERT_EDIT] = 9
};

/* Rows inserted by one statement, if there are as many: one at a time, a third of the time would be
 * overhead of the statements. */
#define TOGETHER 16

#define TIME_SIZE sizeof "2026-11-24T08:31:45.000Z"

/* Queue ids and hashes come in no order, so each row of a run touches other pages of their indexes:
 * the cache has room for most of one transaction. A log that is truncated each time it restarts
 * would allocate its disk space again, so it may stay larger. What rows refer to need not be looked
 * up for each: a transaction writes or updates it itself (insert_rows(), update_run()). */
#define RUN_SETTINGS                                                                               \
	"PRAGMA cache_size=1200; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=OFF"

#define LOG_WAIT 50 /* milliseconds for which audit_truncate_log() tries */

struct Audit {
	sqlite3 *db;
	sqlite3_stmt *prepared[N_STATEMENTS];
	sqlite3_stmt *together[N_INSERTS];   /* the inserts of TOGETHER rows */
	char times[2 * TOGETHER][TIME_SIZE]; /* the times bound to a statement */
	guint n_times;
	gint64 run_id; /* of the rows that are written; 0: of none */
	Json *json;
	bool durable; /* whether commits are synced when they return */
	DbWait wait;
	BelongLog files;    /* when it was opened */
	int log;            /* a descriptor of the log, of a run; -1: none */
	int log_pages;      /* in the log after the last commit, once audit_own_log() was called */
	sqlite3_int64 size; /* of the file, as audit_has_moved() last saw it */
};

Audit *
audit_open(const char *path, int wait_ms, GError **error)
{
	Audit *audit = g_new0(Audit, 1);

	audit->log = -1;
	audit->wait.ms = wait_ms;
	audit->db = db_open(path, &audit->wait, error);
	if (!audit->db) {
		g_free(audit);
		return NULL;
	}
	audit->files = belong_log(audit->db);
	audit->durable = true;
	audit->json = json_new();
	return audit;
}

void
audit_close(Audit *audit)
{
	for (int i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(audit->prepared[i]);
	for (int i = 0; i < N_INSERTS; i++)
		sqlite3_finalize(audit->together[i]);
	sqlite3_close(audit->db);
	if (audit->log >= 0)
		close(audit->log);
	json_free(audit->json);
	g_free(audit);
}

void
audit_set_wait(Audit *audit, int wait_ms)
{
	audit->wait.ms = wait_ms;
}

void
audit_set_limit(Audit *audit, gint64 until)
{
	audit->wait.limit = until;
}

void
audit_set_stop(Audit *audit, const volatile sig_atomic_t *stop)
{
	audit->wait.stop = stop;
}

/* Begins a transaction; @again as db_begin_again() has it. */
static bool
begin(Audit *audit, bool again, GError **error)
{
	if (!(again ? db_begin_again(audit->db, error) : db_begin(audit->db, error)))
		return false;
	return belong_has_log(audit->db, &audit->files, error) || db_end(audit->db, false, NULL);
}

static sqlite3_stmt *
prepare(Audit *audit, const char *sql, sqlite3_stmt **prepared, GError **error)
{
	if (!*prepared && sqlite3_prepare_v2(audit->db, sql, -1, prepared, NULL) != SQLITE_OK)
		db_set_error(audit->db, error);
	return *prepared;
}

static sqlite3_stmt *
statement(Audit *audit, int which, GError **error)
{
	return prepare(audit, statements[which], &audit->prepared[which], error);
}

/* The INSERT @which for @rows at once, which is 1 or TOGETHER. */
static sqlite3_stmt *
insert_statement(Audit *audit, int which, guint rows, GError **error)
{
	sqlite3_stmt **prepared = rows == 1 ? &audit->prepared[which] : &audit->together[which];
	g_autoptr(GString) sql = NULL;

	if (*prepared)
		return *prepared;
	sql = g_string_new(statements[which]);
	for (guint i = 0; i < rows; i++) {
		g_string_append(sql, i ? ", (?" : "(?");
		for (int k = 1; k < columns[which]; k++)
			g_string_append(sql, ", ?");
		g_string_append_c(sql, ')');
	}
	return prepare(audit, sql->str, prepared, error);
}

/* @text must outlive the step. */
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
	/* If SQLite has no memory for the copy, NULL is bound, and the step fails: NOT NULL. */
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
	audit->n_times = 0;
	return good;
}

/* Writes @number in so many @digits, then the character @behind; returns where that ends. */
static char *
put_number(char *to, int number, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	to[digits] = behind;
	return to + digits + 1;
}

/* Not by printf(3), which would be a tenth of the work for a row. */
static const char *
write_time(gint64 at, char text[TIME_SIZE])
{
	time_t second = at / G_USEC_PER_SEC - (at % G_USEC_PER_SEC < 0);
	struct tm t = { 0 };
	char *to = text;

	gmtime_r(&second, &t);
	to = put_number(to, t.tm_year + 1900, 4, '-');
	to = put_number(to, t.tm_mon + 1, 2, '-');
	to = put_number(to, t.tm_mday, 2, 'T');
	to = put_number(to, t.tm_hour, 2, ':');
	to = put_number(to, t.tm_min, 2, ':');
	to = put_number(to, t.tm_sec, 2, '.');
	to = put_number(to, (int)((at - second * G_USEC_PER_SEC) / 1000), 3, 'Z');
	*to = '\0';
	return text;
}

char *
audit_time(gint64 at)
{
	char text[TIME_SIZE];

	return g_strdup(write_time(at, text));
}

static void
bind_time(Audit *audit, sqlite3_stmt *s, int at, gint64 time)
{
	bind_text(s, at, write_time(time, audit->times[audit->n_times++]));
}

/* Leaves NULL if @time is unknown, or not in the years 1 to 9999: a trace field may hold any. */
static void
bind_received(Audit *audit, sqlite3_stmt *s, int at, gint64 time)
{
	const gint64 first = G_GINT64_CONSTANT(-62135596800), end = G_GINT64_CONSTANT(253402300800);

	if (time != 0 && time >= first * G_USEC_PER_SEC && time < end * G_USEC_PER_SEC)
		bind_time(audit, s, at, time);
}

typedef struct {
	gint64 message;
	const char *address;
} Recipient;

typedef struct {
	gint64 message;
	const AuditEdit *edit;
} MessageEdit;

static void
bind_recipient(Audit *audit, sqlite3_stmt *s, int before, gconstpointer item)
{
	const Recipient *recipient = item;

	sqlite3_bind_int64(s, before + 1, recipient->message);
	bind_text(s, before + 2, recipient->address);
}

static void
bind_edit(Audit *audit, sqlite3_stmt *s, int before, gconstpointer item)
{
	const MessageEdit *of = item;
	const AuditEdit *edit = of->edit;

	sqlite3_bind_int64(s, before + 1, of->message);
	bind_text(s, before + 2, edit->field);
	sqlite3_bind_int64(s, before + 3, edit->nth);
	bind_text(s, before + 4, edit->action);
	bind_bytes(s, before + 5, edit->before);
	bind_bytes(s, before + 6, edit->after);
	bind_list(audit, s, before + 7, edit->display_names);
	bind_list(audit, s, before + 8, edit->addresses);
	sqlite3_bind_int64(s, before + 9, edit->position);
}

static void
bind_row(Audit *audit, sqlite3_stmt *s, int before, gconstpointer item)
{
	const AuditRow *row = item;
	const char *const texts[] = { [2] = row->source,
		                      [3] = row->queue_id,
		                      [4] = row->message_id_header,
		                      [5] = row->envelope_from,
		                      [6] = row->client_address,
		                      [7] = row->verdict,
		                      [8] = row->reason,
		                      [9] = row->evidence,
		                      [10] = row->auth_user,
		                      [12] = row->action,
		                      [13] = row->outcome,
		                      [15] = row->from_before,
		                      [16] = row->from_after,
		                      [17] = row->head_before_sha256,
		                      [18] = row->head_after_sha256,
		                      [20] = row->policy_digest,
		                      [22] = row->peer,
		                      [23] = row->helo,
		                      [25] = row->from_name,
		                      [26] = row->from_address,
		                      [27] = row->scope,
		                      [28] = row->person,
		                      [29] = db_host() };

	for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++) {
		if (texts[i])
			bind_text(s, before + i, texts[i]);
	}
	bind_time(audit, s, before + 1, row->at);
	sqlite3_bind_int(s, before + 11, row->in_scope);
	if (row->size >= 0)
		sqlite3_bind_int64(s, before + 14, row->size);
	bind_list(audit, s, before + 19, row->signatures);
	if (audit->run_id)
		sqlite3_bind_int64(s, before + 21, audit->run_id);
	bind_received(audit, s, before + 24, row->received_at);
}

/* Binds @item as one row of an INSERT, to the parameters after the first @before. */
typedef void (*Bind)(Audit *audit, sqlite3_stmt *s, int before, gconstpointer item);

/* Inserts @items, of @size octets each, in their order. @ret_ids has a place for the id of each;
 * NULL: not wanted. */
static bool
insert_all(Audit *audit, int which, const GArray *items, size_t size, Bind bind, gint64 *ret_ids,
           GError **error)
{
	for (guint i = 0, n; i < items->len; i += n) {
		n = items->len - i >= TOGETHER ? TOGETHER : 1;
		sqlite3_stmt *s = insert_statement(audit, which, n, error);
		if (!s)
			return false;
		for (guint k = 0; k < n; k++)
			bind(audit, s, (int)k * columns[which], items->data + (i + k) * size);
		if (!step(audit, s, error))
			return false;
		/* The ids of one statement are consecutive, since we hold the write lock. */
		for (guint k = 0; ret_ids && k < n; k++)
			ret_ids[i + k] = sqlite3_last_insert_rowid(audit->db) - (n - 1) + k;
	}
	return true;
}

static bool
insert_recipients(Audit *audit, const GArray *rows, const gint64 *ids, GError **error)
{
	g_autoptr(GArray) all = g_array_new(false, false, sizeof(Recipient));

	for (guint i = 0; i < rows->len; i++) {
		AuditTexts texts = g_array_index(rows, AuditRow, i).recipients;
		const char *before = NULL;
		for (const char *text = texts.first; texts.n > 0; texts.n--) {
			Recipient recipient = { ids[i], text };
			/* A stored message often repeats a recipient. */
			if (g_strcmp0(text, before) != 0)
				g_array_append_val(all, recipient);
			before = text;
			text = next_text(text);
		}
	}
	return insert_all(audit, INSERT_RECIPIENT, all, sizeof(Recipient), bind_recipient, NULL,
	                  error);
}

static bool
insert_edits(Audit *audit, const GArray *rows, const gint64 *ids, GError **error)
{
	g_autoptr(GArray) all = g_array_new(false, false, sizeof(MessageEdit));

	for (guint i = 0; i < rows->len; i++) {
		const AuditRow *row = &g_array_index(rows, AuditRow, i);
		for (guint k = 0; k < row->n_edits; k++) {
			MessageEdit edit = { ids[i], &row->edits[k] };
			g_array_append_val(all, edit);
		}
	}
	return insert_all(audit, INSERT_EDIT, all, sizeof(MessageEdit), bind_edit, NULL, error);
}

static bool
insert_policy(Audit *audit, const AuditRow *row, GError **error)
{
	sqlite3_stmt *s = statement(audit, INSERT_POLICY, error);

	if (!s)
		return false;
	bind_text(s, 1, row->policy_digest);
	bind_text(s, 2, row->policy_settings);
	bind_text(s, 3, row->version);
	bind_time(audit, s, 4, row->at);
	return step(audit, s, error);
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
	if (!set_durable(audit, true, error) || !db_exec(audit->db, RUN_SETTINGS, error) ||
	    !begin(audit, false, error))
		return false;
	sqlite3_stmt *s = statement(audit, INSERT_RUN, error);
	if (!s)
		return db_end(audit->db, false, error);
	bind_time(audit, s, 1, at);
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
	/* SQLite holds no locks on the log, which closing it would drop. */
	if (audit->log < 0)
		audit->log = open(sqlite3_filename_wal(sqlite3_db_filename(audit->db, "main")),
		                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return true;
}

static bool
update_run(Audit *audit, const AuditRun *run, GError **error)
{
	bool is_running = g_str_equal(run->status, "running");
	sqlite3_stmt *s = statement(audit, UPDATE_RUN, error);

	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, run->id);
	sqlite3_bind_int64(s, 2, run->messages);
	sqlite3_bind_int64(s, 3, run->stripped);
	bind_text(s, 4, run->status);
	if (!is_running)
		bind_time(audit, s, 5, run->ended);
	if (!step(audit, s, error))
		return false;
	if (sqlite3_changes(audit->db) > 0)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER,
	            "audit database %s: the row of this run is gone, as after barefrom audit "
	            "restore: start the run again",
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

/* Inserts @rows with their policies, recipients and edits. @ids has a place for each row. */
static bool
insert_rows(Audit *audit, const GArray *rows, gint64 *ids, GError **error)
{
	const char *policy = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const AuditRow *row = &g_array_index(rows, AuditRow, i);
		/* Most rows were decided by the same settings as the row before. */
		if (g_strcmp0(policy, row->policy_digest) != 0 && !insert_policy(audit, row, error))
			return false;
		policy = row->policy_digest;
	}
	return insert_all(audit, INSERT_MESSAGE, rows, sizeof(AuditRow), bind_row, ids, error) &&
	       insert_recipients(audit, rows, ids, error) && insert_edits(audit, rows, ids, error);
}

/* Lets the disk begin to write the log of a run, so that the sync before the log is moved waits
 * less. A hint: it may fail. */
static void
begin_to_sync(const Audit *audit)
{
	if (audit->log >= 0)
		sync_file_range(audit->log, 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool
audit_record_rows(Audit *audit, const GArray *rows, gint64 *ret_ids, const AuditRun *run,
                  const GArray *settles, bool durable, GError **error)
{
	g_autofree gint64 *ids = rows && !ret_ids ? g_new(gint64, rows->len) : NULL;

	if (!set_durable(audit, durable, error) || !begin(audit, false, error))
		return false;
	audit->run_id = run ? run->id : 0;
	bool good = (!run || update_run(audit, run, error)) &&
	            (!rows || insert_rows(audit, rows, ids ? ids : ret_ids, error));
	for (guint i = 0; good && settles && i < settles->len; i++)
		good = settle_row(audit, &g_array_index(settles, AuditSettle, i), error);
	good = db_end(audit->db, good, error);
	if (run && good)
		begin_to_sync(audit);
	for (guint i = 0; !good && rows && ret_ids && i < rows->len; i++)
		ret_ids[i] = 0;
	return good;
}

static int
count_log(void *data, sqlite3 *db, const char *name, int pages)
{
	*(int *)data = pages;
	return SQLITE_OK;
}

void
audit_own_log(Audit *audit)
{
	sqlite3_wal_hook(audit->db, count_log, &audit->log_pages);
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
	/* Somebody truncated it, which SQLite would not notice; or it was pruned. */
	if (size < audit->size)
		return true;
	audit->size = size;
	return false;
}

bool
audit_move_log(Audit *audit, int pages)
{
	if (audit->log_pages < pages)
		return false;
	/* Those that readers keep in the log are tried again with the next ones. */
	audit->log_pages = 0;
	/* Neither a log of another file must be moved into this one, nor one that is not its log
	 * any more. */
	if (db_is_whole(audit->db, NULL) && belong_has_log(audit->db, &audit->files, NULL))
		sqlite3_wal_checkpoint_v2(audit->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return true;
}

void
audit_truncate_log(Audit *audit)
{
	if (belong_has_log(audit->db, &audit->files, NULL))
		db_truncate_log(audit->db, &audit->wait, LOG_WAIT, NULL);
}

bool
audit_settle(Audit *audit, gint64 id, const char *outcome, gint64 size, GError **error)
{
	AuditSettle settle = { .id = id, .outcome = outcome, .size = size };

	/* Not durable: after a power failure the row is `pending` again, which is true enough. */
	if (!set_durable(audit, false, error) || !begin(audit, true, error))
		return false;
	bool good = settle_row(audit, &settle, error);
	bool is_there = good && sqlite3_changes(audit->db) > 0;
	if (!db_end(audit->db, good, error))
		return false;
	if (is_there)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER, "audit database %s: the row is gone",
	            sqlite3_db_filename(audit->db, "main"));
	return false;
}
