/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that rows are written completely, once and as given, that the file is made, opened and
 * refused as it must be, and that no file of another program or of a newer barefrom is changed. */
#include "store/audit.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "audit-row.h"
#include "folder.h"
#include "sql.h"
#include "store/db.h"
#include "store/reader.h"

typedef struct {
	char *folder, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
	fixture->folder = folder_new();
	fixture->path = g_build_filename(fixture->folder, "audit.db", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
	folder_remove(fixture->folder);
	g_free(fixture->path);
}

static bool no_mode; /* can be set */

/* Stands before that of the C library. */
int
fchmod(int fd, mode_t mode)
{
	if (!no_mode)
		return (int)syscall(SYS_fchmod, fd, mode);
	errno = EPERM;
	return -1;
}

/* The first row of a query: its columns joined by |, NULL as `null`. */
static char *
query(sqlite3 *db, const char *sql)
{
	g_autoptr(GString) text = g_string_new(NULL);
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(s) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const char *column = (const char *)sqlite3_column_text(s, i);
			g_string_append_printf(text, "%s%s", i ? "|" : "",
			                       column ? column : "null");
		}
	}
	sqlite3_finalize(s);
	return g_string_free(g_steal_pointer(&text), false);
}

static void
assert_query(sqlite3 *db, const char *sql, const char *wanted)
{
	g_autofree char *got = query(db, sql);
	g_test_message("%s", sql);
	g_assert_cmpstr(got, ==, wanted);
}

static void
assert_in_file(const char *path, const char *sql, const char *wanted)
{
	sqlite3 *db = connect_to(path);
	assert_query(db, sql, wanted);
	sqlite3_close(db);
}

/* A database of this version, as a connection that writes has it. */
static sqlite3 *
open_private(void)
{
	g_autoptr(GError) error = NULL;
	sqlite3 *db = db_make_private(db_newest_version(), &error);

	g_assert_no_error(error);
	change(db, "PRAGMA foreign_keys=ON");
	return db;
}

static DbWait no_wait;

#define BYTES(text)                                                                                \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

static Audit *
open_good(const char *path)
{
	g_autoptr(GError) error = NULL;
	Audit *audit = audit_open(path, 0, &error);

	g_assert_no_error(error);
	g_assert_nonnull(audit);
	return audit;
}

static bool
try_record(Audit *audit, const AuditRow *row, gint64 *ret_id, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(false, false, sizeof(AuditRow));

	g_array_append_vals(rows, row, 1);
	return audit_record_rows(audit, rows, ret_id, NULL, NULL, true, error);
}

static gint64
record(Audit *audit, const AuditRow *row)
{
	g_autoptr(GError) error = NULL;
	gint64 id = 0;

	g_assert_true(try_record(audit, row, &id, &error));
	g_assert_no_error(error);
	g_assert_cmpint(id, >, 0);
	return id;
}

static void
settle(Audit *audit, gint64 id, const char *outcome, gint64 size)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(audit_settle(audit, id, outcome, size, &error));
	g_assert_no_error(error);
}

/* The contract of the tables. */
static const struct {
	const char *table, *columns;
} tables[] = {
	{ "message", "id,at,source,run,queue_id,message_id_header,envelope_from,client_address,"
	             "verdict,reason,evidence,auth_user,in_scope,action,outcome,size,from_before,"
	             "from_after,head_before_sha256,head_after_sha256,signatures,policy,peer,helo,"
	             "received_at,from_name,from_address,scope,person,host" },
	{ "recipient", "message,address" },
	{ "edit", "id,message,field,nth,action,before,after,display_names,addresses,position" },
	{ "run",
	  "id,started_at,finished_at,command,input,version,messages,stripped,status,settles" },
	{ "meta", "uuid,host" },
	{ "policy", "digest,settings,version,first_seen" },
	{ "history",
	  "id,at,queue_id,message_id_header,client_address,verdict,reason,action,outcome,"
	  "from_before,from_after,peer,received_at,from_name,from_address,scope,person" },
	{ "forged_senders", "address,messages,display_names,first_seen,last_seen" },
	{ "daily", "day,messages,authenticated,anonymous,unknown,stripped,replaced,kept,refused,"
	           "deferred,failed,pending,dry_run" },
	{ "by_client",
	  "client_address,messages,anonymous,authenticated,stripped,replaced,last_seen" },
	{ "names", "name,address,messages,authenticated,unproved,changed,first_seen,last_seen" },
	{ "incidents", "at,name,address,peer,recipients,verdict,reason,scope,person,action,"
	               "outcome,id" },
};

static void
test_schema(void)
{
	g_autoptr(sqlite3) db = open_private();

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autofree char *sql = g_strdup_printf(
		        "SELECT group_concat(name, ',') FROM pragma_table_info('%s')",
		        tables[i].table);
		assert_query(db, sql, tables[i].columns);
	}
	assert_query(db, "PRAGMA user_version", "3");
	assert_query(db, "SELECT application_id <> 0 FROM pragma_application_id", "1");
	assert_query(db, "SELECT count(*), max(length(uuid)), max(host = '') FROM meta", "1|36|0");
	assert_query(db,
	             "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
	             "type = 'table' AND name NOT LIKE 'sqlite%' AND strict = 0",
	             "0");
	assert_query(
	        db,
	        "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_list WHERE wr AND "
	        "schema = 'main' ORDER BY name) WHERE name = 'recipient'",
	        "recipient");
	assert_query(db, "SELECT type FROM pragma_table_info('edit') WHERE name = 'before'",
	             "BLOB");
	assert_query(db, "SELECT type FROM pragma_table_info('edit') WHERE name = 'after'", "BLOB");
	/* message(at), (queue_id), (run), (id) where pending, (head_after_sha256) where changed;
	 * edit(message). */
	assert_query(
	        db,
	        "SELECT group_concat(c, ' ') FROM (SELECT (SELECT name FROM "
	        "pragma_index_info(l.name)) || l.partial AS c FROM pragma_index_list('message') "
	        "AS l WHERE l.origin = 'c' ORDER BY c)",
	        "at0 head_after_sha2561 id1 queue_id0 run0");
	assert_query(db,
	             "SELECT group_concat((SELECT name FROM pragma_index_info(l.name))) FROM "
	             "pragma_index_list('edit') AS l WHERE l.origin = 'c'",
	             "message");
}

/* Values that no command writes are refused. */
static const struct {
	const char *name, *sql;
	bool good;
} checks[] = {
	{ "message",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) "
	  "VALUES ('t', 'filter', 'unknown', 'r', 0, 'kept', 'sent')",
	  true },
	{ "source",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) "
	  "VALUES ('t', 'other', 'unknown', 'r', 0, 'kept', 'sent')",
	  false },
	{ "verdict",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) "
	  "VALUES ('t', 'mbox', 'maybe', 'r', 0, 'kept', 'sent')",
	  false },
	{ "action",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) "
	  "VALUES ('t', 'milter', 'unknown', 'r', 0, 'gone', 'sent')",
	  false },
	{ "outcome",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) "
	  "VALUES ('t', 'mbox', 'unknown', 'r', 0, 'kept', 'lost')",
	  false },
	{ "type",
	  "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome, size)"
	  " VALUES ('t', 'mbox', 'unknown', 'r', 0, 'kept', 'sent', 'big')",
	  false },
	{ "run",
	  "INSERT INTO run (started_at, command, version, status) VALUES ('t', 'mbox', '1', "
	  "'running')",
	  true },
	{ "run-settles",
	  "INSERT INTO run (started_at, command, version, status, settles) VALUES ('t', 'mbox', "
	  "'1', 'done', 2)",
	  false },
	{ "run-status",
	  "INSERT INTO run (started_at, command, version, status) VALUES ('t', 'mbox', "
	  "'1', 'lost')",
	  false },
	{ "edit",
	  "INSERT INTO edit (message, field, nth, action, before, after) VALUES (1, 'From', 1,"
	  " 'replaced', x'00', x'00')",
	  true },
	{ "edit-text",
	  "INSERT INTO edit (message, field, nth, action, before, after) VALUES (1, "
	  "'From', 1, 'stripped', 'text', x'00')",
	  false },
	{ "edit-of-nothing",
	  "INSERT INTO edit (message, field, nth, action, before, after) VALUES "
	  "(99, 'From', 1, 'stripped', x'00', x'00')",
	  false },
	{ "recipient", "INSERT INTO recipient VALUES (1, 'a@b')", true },
	{ "recipient-twice", "INSERT INTO recipient VALUES (1, 'a@b')", false },
	{ "policy-unknown", "UPDATE message SET policy = 'none'", false },
};

static void
test_checks(void)
{
	g_autoptr(sqlite3) db = open_private();

	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		g_autoptr(GError) error = NULL;
		g_test_message("%s", checks[i].name);
		g_assert_cmpint(db_exec(db, checks[i].sql, &error), ==, checks[i].good);
		g_assert_cmpint(error == NULL, ==, checks[i].good);
		if (error)
			g_assert_true(error->domain == STORE_ERROR);
	}
	assert_query(db, "SELECT count(*), max(id) FROM message", "1|1");
}

static const struct {
	const char *table, *column, *values;
} accepted[] = {
	{ "message", "source", "filter mbox milter" },
	{ "message", "verdict", "authenticated anonymous unknown" },
	{ "message", "action", "stripped replaced kept refused" },
	{ "message", "outcome", "pending sent deferred written failed dry-run answered" },
	{ "edit", "action", "stripped replaced" },
	{ "run", "status", "running done failed" },
};

/* Each word that a command writes is taken, and none that is nearly one. */
static void
test_accepted(void)
{
	static const char *const beside[] = { "", "x" };
	g_autoptr(sqlite3) db = open_private();

	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (checks[i].good)
			g_assert_true(db_exec(db, checks[i].sql, NULL));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(accepted) * G_N_ELEMENTS(beside); i++) {
		const char *tail = beside[i % 2], *column = accepted[i / 2].column;
		g_auto(GStrv) values = g_strsplit(accepted[i / 2].values, " ", -1);
		for (char **value = values; *value; value++) {
			g_autofree char *sql =
			        g_strdup_printf("UPDATE %s SET %s = '%s%s'", accepted[i / 2].table,
			                        column, *value, tail);
			g_test_message("%s", sql);
			g_assert_cmpint(db_exec(db, sql, NULL), ==, !*tail);
		}
	}
}

/* What a connection is set to, and what the file keeps. */
static void
test_settings(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(sqlite3) db = db_open(fixture->path, &no_wait, &error);

	g_assert_no_error(error);
	assert_query(db, "PRAGMA journal_mode", "wal");
	assert_query(db, "PRAGMA auto_vacuum", "2");
	assert_query(db, "PRAGMA synchronous", "2");
	assert_query(db, "PRAGMA foreign_keys", "1");
	assert_query(db, "PRAGMA secure_delete", "1");
	g_clear_pointer(&db, sqlite3_close);
	/* Left behind, or a group reader fails. */
	g_autofree char *wal = g_strconcat(fixture->path, "-wal", NULL);
	g_assert_true(g_file_test(wal, G_FILE_TEST_EXISTS));
	assert_in_file(fixture->path, "PRAGMA journal_mode", "wal");
	assert_in_file(fixture->path, "PRAGMA auto_vacuum", "2");
	assert_in_file(fixture->path, "PRAGMA integrity_check", "ok");
}

/* The file holds personal data. */
static void
test_mode(Fixture *fixture, gconstpointer unused)
{
	struct stat info, folder;
	mode_t before = umask(0);
	Audit *audit = open_good(fixture->path);

	umask(before);
	audit_close(audit);
	g_assert_cmpint(stat(fixture->path, &info), ==, 0);
	g_assert_cmpint(stat(fixture->folder, &folder), ==, 0);
	g_assert_cmpint(info.st_mode & 0777, ==, 0640);
	g_assert_cmpint(info.st_uid, ==, folder.st_uid);
}

static void
test_record(Fixture *fixture, gconstpointer unused)
{
	static const char before[] = "From: J\344ne\0\r\n <a@b.example>\r\n",
	                  after[] = "From: a@b.example\r\n";
	static const AuditEdit edits[] = {
		{ .field = "From",
		  .nth = 1,
		  .action = "stripped",
		  .before = BYTES(before),
		  .after = BYTES(after),
		  .display_names = { "J\"\303\244ne\0CEO", 2 },
		  .addresses = { "a@b.example", 1 },
		  .position = 4711 },
		{ .field = "Sender", .action = "replaced" },
	};
	AuditRow row = {
		.at = G_GINT64_CONSTANT(1763978400007999),
		.source = "filter",
		.queue_id = "4F1A2B",
		.message_id_header = "<1@x.example>",
		.envelope_from = "joe@x.example",
		.client_address = "192.0.2.1",
		.verdict = "anonymous",
		.reason = "no-login",
		.evidence = "hop 0",
		.auth_user = "jane",
		.peer = "192.0.2.9",
		.helo = "pc",
		.received_at = G_GINT64_CONSTANT(1763978399000000),
		.in_scope = true,
		.scope = "domains",
		.person = "Jane Doe; Room",
		.action = "replaced",
		.outcome = "pending",
		.size = 77,
		.from_before = "J\303\244ne <a@b.example>",
		.from_after = "a@b.example",
		.head_before_sha256 = "aa",
		.head_after_sha256 = "bb",
		.from_name = "J\303\244ne",
		.from_address = "a@b.example",
		.signatures = { "dkim\0pgp", 2 },
		.policy_digest = "d1",
		.policy_settings = "scope=everyone\n",
		.version = "0.1.0",
		.edits = edits,
		.n_edits = G_N_ELEMENTS(edits),
	};
	Audit *audit = open_good(fixture->path);
	gint64 id = record(audit, &row);

	/* Committed, while the writer is still open. */
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "1");
	assert_in_file(
	        fixture->path,
	        "SELECT id, at, source, run, queue_id, message_id_header, envelope_from, "
	        "client_address, verdict, reason, evidence, auth_user, in_scope, action, outcome, "
	        "size, from_before, from_after, head_before_sha256, head_after_sha256, "
	        "signatures, policy FROM message",
	        "1|2025-11-24T10:00:00.007Z|filter|null|4F1A2B|<1@x.example>|joe@x.example|"
	        "192.0.2.1|anonymous|no-login|hop 0|jane|1|replaced|pending|77|"
	        "J\303\244ne <a@b.example>|a@b.example|aa|bb|[\"dkim\",\"pgp\"]|d1");
	g_autofree char *others = g_strdup_printf(
	        "192.0.2.9|pc|2025-11-24T09:59:59.000Z|J\303\244ne|a@b.example|domains|"
	        "Jane Doe; Room|%s",
	        g_get_host_name());
	assert_in_file(fixture->path,
	               "SELECT peer, helo, received_at, from_name, from_address, scope, person, "
	               "host FROM message",
	               others);
	assert_in_file(fixture->path, "SELECT host FROM meta", g_get_host_name());
	assert_in_file(fixture->path, "SELECT group_concat(position) FROM edit", "4711,0");
	assert_in_file(
	        fixture->path,
	        "SELECT message, field, nth, action, hex(before), hex(after), display_names, "
	        "addresses FROM edit ORDER BY id",
	        "1|From|1|stripped|46726F6D3A204AE46E65000D0A203C6140622E6578616D706C653E0D0A|"
	        "46726F6D3A206140622E6578616D706C650D0A|[\"J\\\"\303\244ne\",\"CEO\"]|"
	        "[\"a@b.example\"]");
	assert_in_file(fixture->path,
	               "SELECT field, nth, action, typeof(before), length(before), display_names, "
	               "addresses FROM edit ORDER BY id DESC",
	               "Sender|0|replaced|blob|0|[]|[]");

	settle(audit, id, "sent", 4711);
	assert_in_file(fixture->path, "SELECT outcome, size, action FROM message",
	               "sent|4711|replaced");
	audit_close(audit);
}

/* What is not said is NULL, not empty. */
static void
test_record_absent(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);

	record(audit, &plain);
	assert_in_file(
	        fixture->path,
	        "SELECT at, run, queue_id, message_id_header, envelope_from, client_address, "
	        "evidence, auth_user, size, from_before, from_after, head_before_sha256, "
	        "head_after_sha256, signatures, policy FROM message",
	        "2025-11-24T10:00:00.123Z|null|null|null|null|null|null|null|null|null|null|"
	        "null|null|[]|d1");
	assert_in_file(fixture->path,
	               "SELECT peer, helo, received_at, from_name, from_address, scope, person "
	               "FROM message",
	               "null|null|null|null|null|null|null");
	assert_in_file(fixture->path, "SELECT count(*) FROM edit", "0");
	AuditRow row = plain;
	row.envelope_from = "";
	row.in_scope = false;
	row.size = 0;
	record(audit, &row);
	assert_in_file(fixture->path,
	               "SELECT envelope_from, in_scope, size FROM message WHERE id = 2", "|0|0");
	audit_close(audit);
}

/* An edit that cannot be written takes its message with it, and spoils nothing after. */
static void
test_whole_or_not(Fixture *fixture, gconstpointer unused)
{
	static const AuditEdit edits[] = {
		{ "From", 1, "stripped", BYTES("x"), BYTES("x"), { NULL, 0 }, { NULL, 0 } },
		{ "From", 2, "kept", BYTES("x"), BYTES("x"), { NULL, 0 }, { NULL, 0 } },
	};
	Audit *audit = open_good(fixture->path);
	g_autoptr(GError) error = NULL, second = NULL;
	AuditRow row = plain;
	gint64 id = 0;

	row.edits = edits;
	row.n_edits = G_N_ELEMENTS(edits);
	g_assert_false(try_record(audit, &row, &id, &error));
	g_assert_true(error && error->domain == STORE_ERROR);
	assert_in_file(
	        fixture->path,
	        "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM edit), (SELECT "
	        "count(*) FROM policy)",
	        "0|0|0");
	row.n_edits = 0;
	row.outcome = "lost";
	g_assert_false(try_record(audit, &row, &id, &second));
	g_assert_true(second && second->domain == STORE_ERROR);
	record(audit, &plain);
	assert_in_file(fixture->path, "SELECT count(*), max(outcome) FROM message", "1|pending");
	audit_close(audit);
}

static void
test_dry_run_stays(Fixture *fixture, gconstpointer unused)
{
	static const char *const outcomes[] = { "sent", "written", "failed", "deferred" };
	Audit *audit = open_good(fixture->path);
	AuditRow row = plain;

	row.outcome = "dry-run";
	gint64 dry = record(audit, &row), other = record(audit, &plain);
	for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
		settle(audit, dry, outcomes[i], 100 + (gint64)i);
		settle(audit, other, outcomes[i], 200 + (gint64)i);
		g_autofree char *wanted = g_strdup_printf("dry-run|%zu", 100 + i);
		g_autofree char *changed = g_strdup_printf("%s|%zu", outcomes[i], 200 + i);
		assert_in_file(fixture->path, "SELECT outcome, size FROM message WHERE id = 1",
		               wanted);
		assert_in_file(fixture->path, "SELECT outcome, size FROM message WHERE id = 2",
		               changed);
	}
	audit_close(audit);
}

/* Settling says how one message ended, and touches no other; a later row is as safe as the first.
 */
static void
test_settle_one(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);
	gint64 first = record(audit, &plain), second = record(audit, &plain);

	g_assert_cmpint(first, <, second);
	settle(audit, second, "deferred", 5);
	assert_in_file(
	        fixture->path,
	        "SELECT group_concat(outcome || ifnull(size, '-')) FROM (SELECT * FROM message "
	        "ORDER BY id)",
	        "pending-,deferred5");
	settle(audit, first, "sent", 6);
	assert_in_file(
	        fixture->path,
	        "SELECT group_concat(outcome || size) FROM (SELECT * FROM message ORDER BY id)",
	        "sent6,deferred5");
	audit_close(audit);
}

static void
test_policy_once(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);
	AuditRow row = plain;

	record(audit, &row);
	row.at += G_USEC_PER_SEC;
	row.version = "9.9";
	record(audit, &row);
	assert_in_file(fixture->path, "SELECT count(*), settings, version, first_seen FROM policy",
	               "1|scope=everyone\n|0.1.0|2025-11-24T10:00:00.123Z");
	row.policy_digest = "d2";
	record(audit, &row);
	assert_in_file(fixture->path,
	               "SELECT group_concat(digest) FROM (SELECT * FROM policy ORDER BY "
	               "digest)",
	               "d1,d2");
	assert_in_file(fixture->path,
	               "SELECT group_concat(policy) FROM (SELECT * FROM message ORDER BY "
	               "id)",
	               "d1,d1,d2");
	audit_close(audit);
}

/* The same queue id comes several times. */
static void
test_not_unique(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);
	AuditRow row = plain;

	row.queue_id = "AAA";
	row.message_id_header = "<1@x>";
	record(audit, &row);
	record(audit, &row);
	assert_in_file(fixture->path, "SELECT count(*) FROM message WHERE queue_id = 'AAA'", "2");
	audit_close(audit);
}

static bool
no_row(const ReaderRow *row, gpointer unused, GError **error)
{
	return true;
}

static gint64
log_size(const char *path)
{
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	struct stat info;

	g_assert_cmpint(stat(log, &info), ==, 0);
	return info.st_size;
}

static void
record_many(const char *path, int n)
{
	for (int i = 0; i < n; i++) {
		g_autoptr(Audit) audit = open_good(path);
		settle(audit, record(audit, &plain), "sent", 1);
	}
}

/* Beside a reader the log can only grow; behind it, it is small again, and nothing is lost. */
static void
test_log(Fixture *fixture, gconstpointer unused)
{
	enum { MOST = 4 << 20, ROWS = 150 };
	g_autoptr(GError) error = NULL;

	record_many(fixture->path, ROWS);
	g_assert_cmpint(log_size(fixture->path), <, MOST / 4);

	Reader *reader = reader_open(fixture->path, 0, &error);
	g_assert_no_error(error);
	g_assert_true(reader_begin(reader, &error));
	g_assert_true(
	        reader_each(reader, "SELECT count(*) FROM message", NULL, no_row, NULL, &error));
	record_many(fixture->path, ROWS);
	g_assert_cmpint(log_size(fixture->path), >, MOST);
	reader_end(reader);
	reader_close(reader);

	record_many(fixture->path, 2);
	g_assert_cmpint(log_size(fixture->path), <=, MOST);
	assert_in_file(fixture->path, "SELECT count(*), max(id) FROM message", "302|302");
}

/* Deleting a message takes its edits and recipients; its id does not come again. */
static void
test_cascade(Fixture *fixture, gconstpointer unused)
{
	static const AuditEdit edit = { "From",     1,           "stripped", BYTES("x"),
		                        BYTES("x"), { NULL, 0 }, { NULL, 0 } };
	const AuditEdit edits[] = { edit, edit };
	g_autoptr(GError) error = NULL;
	Audit *audit = open_good(fixture->path);
	AuditRow row = plain;

	row.edits = edits;
	row.n_edits = G_N_ELEMENTS(edits);
	record(audit, &row);
	record(audit, &row);
	audit_close(audit);

	sqlite3 *db = db_open(fixture->path, &no_wait, &error);
	g_assert_no_error(error);
	g_assert_true(db_exec(db, "INSERT INTO recipient VALUES (1, 'a@b'), (2, 'a@b')", &error));
	g_assert_true(db_exec(db, "DELETE FROM message WHERE id = 2", &error));
	assert_query(db, "SELECT count(*), max(message) FROM edit", "2|1");
	assert_query(db, "SELECT count(*), max(message) FROM recipient", "1|1");
	sqlite3_close(db);

	audit = open_good(fixture->path);
	g_assert_cmpint(record(audit, &plain), ==, 3);
	audit_close(audit);
}

/* A written row counts only once its run is done. */
static void
test_history(void)
{
	g_autoptr(sqlite3) db = open_private();

	g_assert_true(db_exec(
	        db,
	        "INSERT INTO run (id, started_at, command, version, status, settles) VALUES "
	        "(1, 't', 'mbox', '1', 'running', 0), (2, 't', 'mbox', '1', 'done', 0), "
	        "(3, 't', 'mbox', '1', 'failed', 0), (4, 't', 'mbox', '1', 'running', 1), "
	        "(5, 't', 'mbox', '1', 'failed', 1);"
	        "INSERT INTO message (at, source, run, verdict, reason, in_scope, action, outcome) "
	        "VALUES ('t', 'mbox', 1, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'mbox', 2, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'mbox', 3, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'filter', NULL, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'mbox', 1, 'unknown', 'r', 0, 'kept', 'dry-run'),"
	        "('t', 'mbox', 3, 'unknown', 'r', 0, 'kept', 'dry-run'),"
	        "('t', 'filter', NULL, 'unknown', 'r', 0, 'kept', 'pending'),"
	        "('t', 'mbox', 4, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'mbox', 4, 'unknown', 'r', 0, 'kept', 'pending'),"
	        "('t', 'mbox', 5, 'unknown', 'r', 0, 'kept', 'written'),"
	        "('t', 'mbox', 5, 'unknown', 'r', 0, 'kept', 'failed'),"
	        "('t', 'milter', NULL, 'unknown', 'r', 0, 'kept', 'answered')",
	        NULL));
	assert_query(
	        db,
	        "SELECT group_concat(outcome, ' ') FROM (SELECT outcome FROM history ORDER BY id)",
	        "pending written failed written dry-run dry-run pending "
	        "written pending written failed answered");
}

/* For the views: a run that failed, and one that never ended. */
static sqlite3 *
open_with_runs(void)
{
	sqlite3 *db = open_private();

	change(db, "INSERT INTO run (id, started_at, command, version, status) VALUES "
	           "(1, 't', 'mbox', '1', 'failed'), (2, 't', 'mbox', '1', 'running')");
	return db;
}

/* One message, @values being: at, run, client_address, verdict, action, outcome. */
static void
add_message(sqlite3 *db, const char *values)
{
	g_autofree char *sql = g_strdup_printf(
	        "INSERT INTO message (source, reason, in_scope, at, run, client_address, verdict, "
	        "action, outcome) VALUES ('mbox', 'r', 1, %s)",
	        values);
	change(db, sql);
}

/* One edit of the last message. */
static void
add_edit(sqlite3 *db, const char *field, const char *addresses, const char *names)
{
	g_autofree char *sql =
	        g_strdup_printf("INSERT INTO edit (message, field, nth, action, before, after, "
	                        "addresses, display_names) SELECT max(id), '%s', 1, 'stripped', "
	                        "x'', x'', '%s', '%s' FROM message",
	                        field, addresses, names);
	change(db, sql);
}

/* Which rows count for an address, each with a day of its own. */
static const struct {
	const char *values;
	bool counts;
} forging[] = {
	{ "'01', NULL, NULL, 'anonymous', 'stripped', 'sent'", true },
	{ "'02', NULL, NULL, 'unknown', 'stripped', 'written'", true },
	{ "'03', NULL, NULL, 'anonymous', 'replaced', 'pending'", true },
	{ "'04', NULL, NULL, 'anonymous', 'stripped', 'dry-run'", true },
	{ "'05', 1, NULL, 'anonymous', 'stripped', 'dry-run'", true },
	{ "'06', 2, NULL, 'anonymous', 'stripped', 'written'", true },
	{ "'07', 1, NULL, 'anonymous', 'stripped', 'written'", false },
	{ "'08', NULL, NULL, 'anonymous', 'stripped', 'deferred'", false },
	{ "'09', NULL, NULL, 'anonymous', 'stripped', 'failed'", false },
	{ "'10', NULL, NULL, 'authenticated', 'stripped', 'sent'", false },
};

static void
test_forged_senders(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	assert_query(db, "SELECT count(*) FROM forged_senders", "0");
	for (size_t i = 0; i < G_N_ELEMENTS(forging); i++) {
		g_autofree char *address = g_strdup_printf("[\"%zu@x.example\"]", i);
		g_autofree char *sql = g_strdup_printf(
		        "SELECT count(*), max(first_seen) = printf('%%02d', %zu) FROM "
		        "forged_senders WHERE address = '%zu@x.example'",
		        i + 1, i);
		add_message(db, forging[i].values);
		add_edit(db, "From", address, "[]");
		assert_query(db, sql, forging[i].counts ? "1|1" : "0|null");
	}

	/* Edits of one message are one message; case is no difference; commas in names stay. */
	change(db, "DELETE FROM message");
	add_message(db, "'03', NULL, NULL, 'anonymous', 'stripped', 'sent'");
	add_edit(db, "From", "[\"Ceo@Corp.example\"]", "[\"Jane Doe, CEO\",\"boss\"]");
	add_edit(db, "rePly-To", "[\"ceo@corp.example\",\"b@x.example\"]", "[\"boss\"]");
	add_edit(db, "To", "[\"to@x.example\"]", "[\"Tom\"]");
	add_edit(db, "cC", "[\"ceo@corp.example\"]", "[\"Cecil\"]");
	add_edit(db, "Sender", "[]", "[\"nobody\"]");
	add_message(db, "'01', NULL, NULL, 'anonymous', 'stripped', 'sent'");
	add_edit(db, "From", "[\"ceo@corp.example\"]", "[\"Jane Doe, CEO\"]");
	add_message(db, "'02', NULL, NULL, 'anonymous', 'stripped', 'sent'");
	add_edit(db, "From", "[\"ceo@corp.example\",\"c@x.example\"]", "[]");
	assert_query(db,
	             "SELECT group_concat(address, ' ') FROM (SELECT address FROM "
	             "forged_senders ORDER BY messages DESC, address)",
	             "ceo@corp.example b@x.example c@x.example");
	assert_query(db, "SELECT * FROM forged_senders WHERE address = 'ceo@corp.example'",
	             "ceo@corp.example|3|Jane Doe, CEO; boss|01|03");
	assert_query(db, "SELECT * FROM forged_senders WHERE address = 'c@x.example'",
	             "c@x.example|1|null|02|02");
}

/* Senders choose the names: many and long ones are cut. */
static void
test_forged_names_cut(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	add_message(db, "'01', NULL, NULL, 'anonymous', 'stripped', 'sent'");
	change(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) "
	           "INSERT INTO edit (message, field, nth, action, before, after, addresses, "
	           "display_names) SELECT 1, 'From', i, 'stripped', x'', x'', '[\"a@x.example\"]', "
	           "json_array(printf('%03d%.*c', i, 5000, 'Ã¤')) FROM n");
	assert_query(db,
	             "SELECT length(display_names), instr(display_names, '; '), "
	             "instr(display_names, '002') FROM forged_senders",
	             "998|101|103");
}

/* All days, each with its rows alone, however they are asked for. */
static void
test_daily(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	assert_query(db, "SELECT count(*) FROM daily", "0");
	add_message(db, "'2026-11-23T23:59:59.999Z', NULL, NULL, 'unknown', 'kept', 'sent'");
	add_message(db, "'2026-11-24T00:00:00.000Z', NULL, NULL, 'anonymous', 'stripped', 'sent'");
	add_message(db, "'2026-11-24T01:00:00.000Z', 1, NULL, 'anonymous', 'replaced', 'written'");
	add_message(db, "'2026-11-24T02:00:00.000Z', 2, NULL, 'unknown', 'stripped', 'written'");
	add_message(db, "'2026-11-24T03:00:00.000Z', NULL, NULL, 'anonymous', 'refused', 'failed'");
	add_message(db, "'2026-11-24T04:00:00.000Z', NULL, NULL, 'anonymous', 'refused', "
	                "'deferred'");
	add_message(db, "'2026-11-24T05:00:00.000Z', 1, NULL, 'authenticated', 'kept', 'dry-run'");
	add_message(db, "'2026-11-24T23:59:59.999Z', NULL, NULL, 'authenticated', 'kept', "
	                "'pending'");
	add_message(db, "'2026-11-24T06:00:00.000Z', NULL, NULL, 'unknown', 'kept', 'failed'");
	add_message(db, "'2027-01-01T00:00:00.000Z', NULL, NULL, 'authenticated', 'kept', 'sent'");
	assert_query(db,
	             "SELECT group_concat(day || ' ' || messages) FROM (SELECT * FROM daily "
	             "ORDER BY day)",
	             "2026-11-23 1,2026-11-24 8,2027-01-01 1");
	assert_query(db, "SELECT * FROM daily WHERE day = '2026-11-24'",
	             "2026-11-24|8|2|4|2|2|1|3|2|1|3|2|1");
	assert_query(db, "SELECT * FROM daily WHERE day > '2026-11-24'",
	             "2027-01-01|1|1|0|0|0|0|1|0|0|0|0|0");
	/* A time that nobody of ours has written does not make it go round for ever. */
	change(db, "UPDATE message SET at = '2026-11-24Z' WHERE id = 2");
	assert_query(db, "SELECT sum(messages) FROM daily WHERE day < '2026-11-24'", "1");
}

/* To ask for the last days reads them alone. */
static void
test_daily_by_index(void)
{
	g_autoptr(sqlite3) db = open_with_runs();
	g_autoptr(GString) plan = g_string_new(NULL);
	sqlite3_stmt *s = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(db,
	                                   "EXPLAIN QUERY PLAN SELECT * FROM daily WHERE day >= "
	                                   "'2026-11-24'",
	                                   -1, &s, NULL),
	                ==, SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		g_string_append_printf(plan, "%s\n", (const char *)sqlite3_column_text(s, 3));
	sqlite3_finalize(s);
	g_test_message("%s", plan->str);
	g_assert_nonnull(strstr(plan->str, "SEARCH m USING INDEX message_at"));
	g_assert_null(strstr(plan->str, "SCAN m"));
}

static void
test_by_client(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	assert_query(db, "SELECT count(*) FROM by_client", "0");
	add_message(db, "'03', NULL, '192.0.2.7', 'anonymous', 'stripped', 'sent'");
	add_message(db, "'02', NULL, '192.0.2.7', 'anonymous', 'replaced', 'deferred'");
	add_message(db, "'01', NULL, '192.0.2.7', 'authenticated', 'kept', 'sent'");
	add_message(db, "'02', NULL, '192.0.2.7', 'unknown', 'stripped', 'dry-run'");
	add_message(db, "'04', NULL, '192.0.2.8', 'authenticated', 'kept', 'sent'");
	add_message(db, "'05', 1, NULL, 'anonymous', 'stripped', 'written'");
	assert_query(db, "SELECT count(*), sum(messages) FROM by_client", "2|5");
	assert_query(db, "SELECT * FROM by_client WHERE client_address = '192.0.2.7'",
	             "192.0.2.7|4|2|1|2|1|03");
	assert_query(db, "SELECT * FROM by_client WHERE client_address = '192.0.2.8'",
	             "192.0.2.8|1|0|1|0|0|04");
}

/* Rows of one head and one queue id are one message. */
static void
test_counts_once(void)
{
	static const struct {
		const char *head, *queue_id; /* of three rows each */
		int messages;
	} rows[] = {
		{ "'aa'", "'4Q1'", 1 }, { "'aa'", "'4Q2'", 1 }, { "'bb'", "'4Q2'", 1 },
		{ "'aa'", "NULL", 1 },  { "'cc'", "NULL", 1 },  { "NULL", "'4Q1'", 3 },
		{ "NULL", "NULL", 3 },
	};
	g_autoptr(sqlite3) db = open_with_runs();
	int messages = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int n = 0; n < 3; n++) {
			g_autofree char *mark = g_strdup_printf(
			        "UPDATE message SET head_before_sha256 = %s, queue_id = %s, "
			        "from_name = 'Jane' WHERE id = (SELECT max(id) FROM message)",
			        rows[i].head, rows[i].queue_id);
			add_message(db, "'2026-11-24', NULL, '192.0.2.7', 'anonymous', 'stripped', "
			                "'sent'");
			change(db, mark);
			add_edit(db, "From", "[\"a@x.example\"]", "[\"Jane\"]");
			add_edit(db, "Sender", "[\"a@x.example\"]", "[\"Jane\"]");
		}
		messages += rows[i].messages;
		g_autofree char *wanted =
		        g_strdup_printf("%d|%d|%d|0", messages, messages, messages);
		g_test_message("%s %s", rows[i].head, rows[i].queue_id);
		assert_query(db, "SELECT messages, anonymous, stripped, authenticated FROM daily",
		             wanted);
		assert_query(db,
		             "SELECT messages, anonymous, stripped, authenticated FROM by_client",
		             wanted);
		assert_query(db, "SELECT messages, unproved, changed, authenticated FROM names",
		             wanted);
		g_autofree char *forged = g_strdup_printf("%d", messages);
		assert_query(db, "SELECT messages FROM forged_senders", forged);
	}

	/* A retry is no second message, and both outcomes are told; the next day has it again. */
	change(db, "DELETE FROM message");
	add_message(db, "'2026-11-24T1', NULL, '192.0.2.7', 'anonymous', 'stripped', 'deferred'");
	add_message(db, "'2026-11-24T2', NULL, '192.0.2.7', 'anonymous', 'stripped', 'sent'");
	add_message(db, "'2026-11-25T1', NULL, '192.0.2.7', 'authenticated', 'kept', 'sent'");
	change(db, "UPDATE message SET head_before_sha256 = 'aa', queue_id = '4Q'");
	assert_query(db, "SELECT messages, anonymous, stripped, deferred, authenticated FROM daily",
	             "1|1|1|1|0");
	assert_query(db, "SELECT messages, authenticated FROM daily WHERE day > '2026-11-24'",
	             "1|1");
	assert_query(db, "SELECT messages, anonymous, authenticated FROM by_client", "1|1|1");
}

/* One message that From names, @values being: at, received_at, verdict, action, outcome, run,
 * from_name, from_address. */
static void
add_named(sqlite3 *db, const char *values)
{
	g_autofree char *sql = g_strdup_printf(
	        "INSERT INTO message (source, reason, in_scope, at, received_at, verdict, action, "
	        "outcome, run, from_name, from_address) VALUES ('mbox', 'r', 1, %s)",
	        values);
	change(db, sql);
}

static void
test_names(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	assert_query(db, "SELECT count(*) FROM names", "0");
	add_named(db, "'03', NULL, 'authenticated', 'kept', 'sent', NULL, 'Jane', 'j@x'");
	add_named(db, "'05', '01', 'anonymous', 'stripped', 'sent', NULL, 'Jane', 'j@x'");
	add_named(db, "'04', '09', 'unknown', 'replaced', 'dry-run', NULL, 'Jane', 'j@x'");
	add_named(db, "'02', NULL, 'unknown', 'kept', 'pending', NULL, 'Jane', 'j@x'");
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'answered', NULL, 'Jane', 'j@free'");
	add_named(db, "'02', NULL, 'anonymous', 'replaced', 'sent', NULL, 'Jane', NULL");
	assert_query(db, "SELECT * FROM names WHERE address = 'j@x'", "Jane|j@x|4|1|3|2|01|09");
	assert_query(db, "SELECT * FROM names WHERE address = 'j@free'",
	             "Jane|j@free|1|0|1|0|02|02");
	assert_query(db, "SELECT * FROM names WHERE address IS NULL", "Jane|null|1|0|1|1|02|02");

	/* Without a name, or not handed on, or of a run that broke off, it is not there. */
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'sent', NULL, NULL, 'bare@x'");
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'deferred', NULL, 'Jane', 'j@x'");
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'failed', NULL, 'Jane', 'j@x'");
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'written', 1, 'Jane', 'j@x'");
	assert_query(db, "SELECT count(*), sum(messages) FROM names", "3|6");
	add_named(db, "'02', NULL, 'anonymous', 'kept', 'written', 2, 'Jane', 'j@x'");
	assert_query(db, "SELECT count(*), sum(messages) FROM names", "3|7");
}

static void
test_incidents(void)
{
	g_autoptr(sqlite3) db = open_with_runs();

	assert_query(db, "SELECT count(*) FROM incidents", "0");
	add_named(db, "'03', '02', 'anonymous', 'stripped', 'sent', NULL, 'Jane', 'j@x'");
	change(db, "UPDATE message SET peer = '192.0.2.7', scope = 'domains', person = 'Jane Doe'; "
	           "INSERT INTO recipient VALUES (1, 'b@x'), (1, 'a@x')");
	assert_query(db, "SELECT * FROM incidents",
	             "02|Jane|j@x|192.0.2.7|a@x,b@x|anonymous|r|domains|Jane Doe|stripped|sent|1");
	/* A line a row, also of what counts once. */
	add_named(db, "'04', NULL, 'unknown', 'kept', 'answered', NULL, NULL, NULL");
	add_named(db, "'04', NULL, 'unknown', 'kept', 'written', 2, NULL, NULL");
	change(db, "UPDATE message SET head_before_sha256 = 'aa'");
	assert_query(db, "SELECT * FROM incidents WHERE id = 2",
	             "04|null|null|null|null|unknown|r|null|null|kept|answered|2");
	assert_query(db, "SELECT * FROM incidents WHERE id = 3",
	             "04|null|null|null|null|unknown|r|null|null|kept|pending|3");
	add_named(db, "'04', NULL, 'authenticated', 'kept', 'sent', NULL, 'Jane', 'j@x'");
	add_named(db, "'04', NULL, 'anonymous', 'refused', 'deferred', NULL, 'Jane', 'j@x'");
	add_named(db, "'04', NULL, 'anonymous', 'refused', 'failed', NULL, 'Jane', 'j@x'");
	add_named(db, "'04', NULL, 'anonymous', 'kept', 'written', 1, 'Jane', 'j@x'");
	add_named(db, "'04', NULL, 'anonymous', 'kept', 'sent', NULL, 'Jane', 'j@x'");
	change(db, "UPDATE message SET in_scope = 0 WHERE id = 8");
	assert_query(db, "SELECT count(*), max(id) FROM incidents", "3|3");
}

static AuditRun
begin_run(Audit *audit, const char *input)
{
	g_autoptr(GError) error = NULL;
	AuditRun run = { 0 };

	g_assert_true(audit_begin_run(audit, &run, plain.at, "mbox", input, "0.1.0", &error));
	g_assert_no_error(error);
	g_assert_cmpint(run.id, >, 0);
	return run;
}

static AuditRow
row_of_run(void)
{
	AuditRow row = plain;

	row.source = "mbox";
	row.outcome = "written";
	return row;
}

static void
record_run(Audit *audit, AuditRun *run, const GArray *rows)
{
	g_autoptr(GError) error = NULL;

	run->ended = plain.at + G_USEC_PER_SEC;
	g_assert_true(audit_record_rows(audit, rows, NULL, run, NULL, true, &error));
	g_assert_no_error(error);
}

static void
end_run(Audit *audit, AuditRun *run, const char *status)
{
	g_autoptr(GArray) none = g_array_new(false, false, sizeof(AuditRow));

	run->status = status;
	record_run(audit, run, none);
}

/* The row of a run is there before its first message, and tells with each batch how far it is. */
static void
test_run(Fixture *fixture, gconstpointer unused)
{
	static const char of_run[] = "SELECT started_at, finished_at, command, input, version, "
	                             "messages, stripped, status FROM run";
	static const AuditEdit edit = { "From",     1,           "stripped", BYTES("old"),
		                        BYTES("n"), { NULL, 0 }, { NULL, 0 } };
	g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "/var/mail/jane");

	assert_in_file(fixture->path, of_run,
	               "2025-11-24T10:00:00.123Z|null|mbox|/var/mail/jane|0.1.0|0|0|running");

	AuditRow row = row_of_run();
	g_array_append_val(rows, row);
	row.edits = &edit;
	row.n_edits = 1;
	row.action = "stripped";
	g_array_append_val(rows, row);
	run.messages = 2;
	run.stripped = 1;
	record_run(audit, &run, rows);
	record_run(audit, &run, rows);
	assert_in_file(fixture->path, of_run,
	               "2025-11-24T10:00:00.123Z|null|mbox|/var/mail/jane|0.1.0|2|1|running");
	assert_in_file(fixture->path,
	               "SELECT count(*), min(run), max(run), group_concat(action, ' ') FROM "
	               "(SELECT * FROM message WHERE source = 'mbox' ORDER BY id)",
	               "4|1|1|kept stripped kept stripped");
	assert_in_file(fixture->path,
	               "SELECT group_concat(message), min(hex(before)), max(hex(after)) FROM "
	               "(SELECT * FROM edit ORDER BY id)",
	               "2,4|6F6C64|6E");
	assert_in_file(fixture->path, "SELECT group_concat(digest) FROM policy", "d1");

	assert_in_file(fixture->path, "SELECT settles FROM run", "0");
	run.messages = 4;
	end_run(audit, &run, "done");
	assert_in_file(fixture->path, of_run,
	               "2025-11-24T10:00:00.123Z|2025-11-24T10:00:01.123Z|mbox|/var/mail/jane|"
	               "0.1.0|4|1|done");
	audit_close(audit);
}

/* How a row is told follows its run; a dry run stays one. */
static void
test_run_history(Fixture *fixture, gconstpointer unused)
{
	static const struct {
		const char *status, *wanted;
	} ends[] = { { "done", "written dry-run" }, { "failed", "failed dry-run" } };
	Audit *audit = open_good(fixture->path);

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
		AuditRun run = begin_run(audit, NULL);
		AuditRow row = row_of_run();
		g_autofree char *sql = g_strdup_printf(
		        "SELECT group_concat(outcome, ' ') FROM (SELECT h.outcome FROM history AS "
		        "h JOIN message USING (id) WHERE run = %d ORDER BY id)",
		        (int)run.id);
		g_array_append_val(rows, row);
		row.outcome = "dry-run";
		g_array_append_val(rows, row);
		record_run(audit, &run, rows);
		assert_in_file(fixture->path, sql, "pending dry-run");
		end_run(audit, &run, ends[i].status);
		assert_in_file(fixture->path, sql, ends[i].wanted);
	}
	/* Where each row is settled by itself, the end of the run says nothing of it. */
	AuditRun settling = { .settles = true };
	g_autoptr(GArray) settled = g_array_new(false, true, sizeof(AuditRow));
	g_assert_true(audit_begin_run(audit, &settling, plain.at, "mbox", NULL, "0.1.0", NULL));
	AuditRow written = row_of_run(), pending = written;
	pending.outcome = "pending";
	g_array_append_val(settled, written);
	g_array_append_val(settled, pending);
	record_run(audit, &settling, settled);
	end_run(audit, &settling, "failed");
	assert_in_file(fixture->path,
	               "SELECT group_concat(outcome, ' '), min(settles) FROM (SELECT h.outcome, "
	               "settles FROM history AS h JOIN message USING (id) JOIN run ON run.id = run "
	               "WHERE run = 3 ORDER BY h.id)",
	               "written pending|1");
	change_file(fixture->path,
	            "DELETE FROM message WHERE run = 3; DELETE FROM run WHERE id = 3");
	/* The second has not touched the first. */
	assert_in_file(fixture->path,
	               "SELECT group_concat(id || status || ifnull(input, '-')) FROM (SELECT * "
	               "FROM run ORDER BY id)",
	               "1done-,2failed-");
	audit_close(audit);
}

/* Nothing of one row comes into the next, be it said there or not. */
static void
test_run_rows(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
	g_autoptr(GStringChunk) strings = g_string_chunk_new(4096);
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "-");
	AuditEdit edits[300] = { 0 };
	gint64 ids[300];
	g_autoptr(GError) error = NULL;

	for (int i = 1; i <= 300; i++) {
		AuditRow row = row_of_run();
		g_autofree char *text = g_strdup_printf("t%d", i);
		const char *said = i % 2 ? g_string_chunk_insert(strings, text) : NULL;
		row.queue_id = row.message_id_header = row.envelope_from = said;
		row.client_address = row.evidence = row.auth_user = said;
		row.from_before = row.from_after = said;
		row.head_before_sha256 = row.head_after_sha256 = said;
		if (said) {
			row.size = i;
			row.signatures = row.recipients = (AuditTexts){ "dkim\0pgp", 2 };
		}
		if (i % 3 == 0) {
			edits[i - 1] = edits[i - 2] = (AuditEdit){ "From", i, "stripped" };
			row.edits = &edits[i - 2];
			row.n_edits = 2;
		}
		g_array_append_val(rows, row);
	}
	g_assert_true(audit_record_rows(audit, rows, ids, &run, NULL, true, &error));
	for (int i = 0; i < 300; i++)
		g_assert_cmpint(ids[i], ==, i + 1);
	assert_in_file(fixture->path,
	               "SELECT count(*), sum(message = nth), count(DISTINCT message) FROM edit",
	               "200|200|100");
	assert_in_file(fixture->path, "SELECT count(*), max(id) FROM message", "300|300");
	assert_in_file(fixture->path,
	               "SELECT count(*), sum(size = id), min(signatures), max(signatures) FROM "
	               "message WHERE 't' || id = queue_id AND queue_id = message_id_header AND "
	               "queue_id = envelope_from AND queue_id = client_address AND queue_id = "
	               "evidence AND queue_id = auth_user AND queue_id = from_before AND queue_id "
	               "= from_after AND queue_id = head_before_sha256 AND queue_id = "
	               "head_after_sha256",
	               "150|150|[\"dkim\",\"pgp\"]|[\"dkim\",\"pgp\"]");
	assert_in_file(fixture->path,
	               "SELECT count(*), min(signatures), max(signatures) FROM message WHERE "
	               "coalesce(queue_id, message_id_header, envelope_from, client_address, "
	               "evidence, auth_user, from_before, from_after, head_before_sha256, "
	               "head_after_sha256, size) IS NULL",
	               "150|[]|[]");
	assert_in_file(fixture->path,
	               "SELECT count(*), sum(message % 2), group_concat(DISTINCT address) FROM "
	               "recipient",
	               "300|300|dkim,pgp");
	audit_close(audit);
}

/* The last row of a batch that cannot be written takes the others with it, and how far the run has
 * got; and it spoils no batch after. */
static void
test_run_whole_or_not(Fixture *fixture, gconstpointer unused)
{
	static const char counts[] = "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM "
	                             "edit), (SELECT count(*) FROM policy), messages, status, "
	                             "finished_at FROM run";
	static const AuditEdit good_edit = { "From",     1,           "stripped", BYTES("x"),
		                             BYTES("x"), { NULL, 0 }, { NULL, 0 } };
	static const AuditEdit bad_edit = { "From",     1,           "kept",     BYTES("x"),
		                            BYTES("x"), { NULL, 0 }, { NULL, 0 } };
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "-");
	AuditRow good = row_of_run(), outcome = good, edits = good;

	good.edits = &good_edit;
	good.n_edits = edits.n_edits = 1;
	outcome.outcome = "lost";
	edits.edits = &bad_edit;
	const AuditRow *const bad[] = { &outcome, &edits };
	run.messages = 3;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
		g_autoptr(GError) error = NULL;
		g_array_append_val(rows, good);
		g_array_append_val(rows, good);
		g_array_append_vals(rows, bad[i], 1);
		run.status = "done";
		g_assert_false(audit_record_rows(audit, rows, NULL, &run, NULL, true, &error));
		g_assert_true(error && error->domain == STORE_ERROR);
		assert_in_file(fixture->path, counts, "0|0|0|0|running|null");

		g_array_set_size(rows, 0);
		run.status = "lost";
		g_clear_error(&error);
		g_array_append_val(rows, good);
		g_assert_false(audit_record_rows(audit, rows, NULL, &run, NULL, true, &error));
		g_assert_true(error && error->domain == STORE_ERROR);
		assert_in_file(fixture->path, counts, "0|0|0|0|running|null");
	}
	g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
	g_array_append_val(rows, good);
	run.status = "running";
	record_run(audit, &run, rows);
	assert_in_file(fixture->path, counts, "1|1|1|3|running|null");
	audit_close(audit);
}

static void
test_run_locked(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) beginning = NULL, recording = NULL;
	g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "-"), second = { 0 };
	AuditRow row = row_of_run();
	sqlite3 *db = connect_to(fixture->path);

	g_array_append_val(rows, row);
	g_assert_cmpint(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_false(audit_begin_run(audit, &second, 0, "mbox", NULL, "0.1.0", &beginning));
	g_assert_error(beginning, STORE_ERROR, STORE_ERROR_LOCKED);
	g_assert_cmpint(second.id, ==, 0);
	g_assert_false(audit_record_rows(audit, rows, NULL, &run, NULL, true, &recording));
	g_assert_error(recording, STORE_ERROR, STORE_ERROR_LOCKED);
	g_assert_nonnull(strstr(recording->message, fixture->path));
	g_assert_cmpint(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);

	record_run(audit, &run, rows);
	assert_in_file(fixture->path, "SELECT count(*), (SELECT count(*) FROM message) FROM run",
	               "1|1");
	audit_close(audit);
}

/* Rows, their ids, and how earlier ones ended go together, or not at all. */
static void
test_rows(Fixture *fixture, gconstpointer unused)
{
	static const char ends[] = "SELECT group_concat(outcome || ifnull(size, '-'), ' ') FROM "
	                           "(SELECT * FROM message ORDER BY id)";
	g_autoptr(GArray) rows = g_array_new(false, true, sizeof(AuditRow));
	g_autoptr(GArray) settles = g_array_new(false, true, sizeof(AuditSettle));
	g_autoptr(GError) error = NULL;
	Audit *audit = open_good(fixture->path), *other = open_good(fixture->path);
	gint64 ids[3] = { 0 }, between = record(other, &plain);
	AuditRow row = plain, bad = plain;
	AuditSettle known = { .outcome = "failed", .size = 7 },
	            unknown = { .outcome = "sent", .size = -1 }, gone = { 99, "sent", 1 };

	row.policy_digest = "d2";
	row.size = 5;
	g_array_append_val(rows, plain);
	g_array_append_val(rows, row);
	g_array_append_val(rows, plain);
	g_assert_true(audit_record_rows(audit, rows, ids, NULL, NULL, true, &error));
	g_assert_cmpint(between, ==, 1);
	for (int i = 0; i < 3; i++)
		g_assert_cmpint(ids[i], ==, i + 2);
	assert_in_file(fixture->path,
	               "SELECT (SELECT group_concat(policy) FROM (SELECT * FROM message ORDER BY "
	               "id)), (SELECT count(*) FROM policy)",
	               "d1,d1,d2,d1|2");

	known.id = ids[0];
	unknown.id = ids[1];
	g_array_append_val(settles, known);
	g_array_append_val(settles, unknown);
	g_array_append_val(settles, gone);
	bad.outcome = "lost";
	g_array_set_size(rows, 1);
	g_array_append_val(rows, bad);
	g_assert_false(audit_record_rows(audit, rows, ids, NULL, settles, true, &error));
	g_assert_cmpint(ids[0], ==, 0);
	assert_in_file(fixture->path, ends, "pending- pending- pending5 pending-");
	g_clear_error(&error);
	g_array_set_size(rows, 0);
	g_assert_true(audit_record_rows(audit, rows, NULL, NULL, settles, false, &error));
	assert_in_file(fixture->path, ends, "pending- failed7 sent5 pending-");
	audit_close(audit);
	audit_close(other);
}

static void
remove_database(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(path, ends[i], NULL);
		g_unlink(file);
	}
}

static void
assert_refused(const char *path, StoreError code)
{
	g_autoptr(GError) error = NULL;
	Audit *audit = audit_open(path, 0, &error);

	g_assert_null(audit);
	g_assert_error(error, STORE_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, path));
}

/* A file that could not be made as it must be is not there for the next one to find. */
static void
test_not_made(Fixture *fixture, gconstpointer unused)
{
	no_mode = true;
	assert_refused(fixture->path, STORE_ERROR_READONLY);
	no_mode = false;
	g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
	audit_close(open_good(fixture->path));
}

static void
test_settle_gone(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	Audit *audit = open_good(fixture->path);

	g_assert_false(audit_settle(audit, record(audit, &plain) + 1, "sent", 1, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
	g_assert_nonnull(strstr(error->message, "the row is gone"));
	audit_close(audit);
}

/* No row goes into a file that is no longer the audit. */
static void
assert_moved_refused(Audit *audit)
{
	g_autoptr(GError) error = NULL;
	gint64 id;

	g_assert_false(try_record(audit, &plain, &id, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_APART);
	g_clear_error(&error);
	g_assert_false(audit_settle(audit, 1, "sent", -1, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_APART);
}

/* A file that was replaced or deleted is noticed. */
/* Whoever has the log open must not go on to write it if it is not at its path any more. */
static void
test_log_removed(Fixture *fixture, gconstpointer unused)
{
	static const char *const ends[] = { "-wal", "-shm" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(fixture->path, ends[i], NULL);
		g_autofree char *elsewhere = g_strconcat(file, ".old", NULL);
		Audit *audit = open_good(fixture->path);
		record(audit, &plain);
		g_assert_cmpint(rename(file, elsewhere), ==, 0);
		assert_moved_refused(audit);
		g_assert_true(g_file_set_contents(file, "", 0, NULL));
		assert_moved_refused(audit);
		audit_move_log(audit, 0);
		audit_truncate_log(audit);
		g_assert_cmpint(rename(elsewhere, file), ==, 0);
		record(audit, &plain);
		audit_close(audit);
	}
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "4");
}

static void
test_moved(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *elsewhere = g_strconcat(fixture->path, ".old", NULL);
	Audit *audit = open_good(fixture->path);

	record(audit, &plain);
	g_assert_false(audit_has_moved(audit));
	g_assert_cmpint(rename(fixture->path, elsewhere), ==, 0);
	g_assert_true(audit_has_moved(audit));
	assert_moved_refused(audit);
	/* Its log is still there: nothing is made beside it. */
	assert_refused(fixture->path, STORE_ERROR_APART);
	g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
	remove_database(fixture->path);
	audit_close(open_good(fixture->path));
	g_assert_true(audit_has_moved(audit));
	assert_moved_refused(audit);
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "0");
	audit_close(audit);
}

static goffset
size_of(const char *path)
{
	struct stat info;

	g_assert_cmpint(stat(path, &info), ==, 0);
	return info.st_size;
}

/* The log is empty after a run, unless somebody still reads in it; then nothing is lost. */
static void
test_truncate_log(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *wal = g_strconcat(fixture->path, "-wal", NULL);
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "-");

	g_assert_cmpint(size_of(wal), >, 0);
	audit_truncate_log(audit);
	g_assert_cmpint(size_of(wal), ==, 0);
	assert_in_file(fixture->path, "SELECT id, status FROM run", "1|running");

	sqlite3 *reader = connect_to(fixture->path);
	g_assert_cmpint(sqlite3_exec(reader, "BEGIN", NULL, NULL, NULL), ==, SQLITE_OK);
	assert_query(reader, "SELECT status FROM run", "running");
	end_run(audit, &run, "done");
	audit_truncate_log(audit);
	g_assert_cmpint(size_of(wal), >, 0);
	assert_query(reader, "SELECT status FROM run", "running");
	assert_in_file(fixture->path, "SELECT status FROM run", "done");
	sqlite3_close(reader);

	audit_truncate_log(audit);
	g_assert_cmpint(size_of(wal), ==, 0);
	/* And it is written on. */
	record(audit, &plain);
	audit_close(audit);
	assert_in_file(fixture->path, "SELECT status, (SELECT count(*) FROM message) FROM run",
	               "done|1");
}

/* A second open finds the schema as it is, and changes nothing. */
static void
test_opened_again(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);

	record(audit, &plain);
	audit_close(audit);
	change_file(fixture->path, "DROP INDEX message_at; CREATE TABLE mine (a)");
	g_autofree char *version = NULL, *again = NULL;
	sqlite3 *db = connect_to(fixture->path);
	version = query(db, "PRAGMA schema_version");
	sqlite3_close(db);

	audit = open_good(fixture->path);
	record(audit, &plain);
	audit_close(audit);
	db = connect_to(fixture->path);
	again = query(db, "PRAGMA schema_version");
	g_assert_cmpstr(version, ==, again);
	assert_query(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'message_at'", "0");
	assert_query(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'mine'", "1");
	assert_query(db, "SELECT count(*) FROM message", "2");
	sqlite3_close(db);
}

/* Two writers, one after the other's commit. */
static void
test_two_writers(Fixture *fixture, gconstpointer unused)
{
	Audit *a = open_good(fixture->path), *b = open_good(fixture->path);
	gint64 first = record(a, &plain), second = record(b, &plain);

	settle(b, second, "sent", 2);
	settle(a, first, "sent", 1);
	assert_in_file(fixture->path,
	               "SELECT count(*), sum(size) FROM message WHERE outcome = 'sent'", "2|3");
	audit_close(a);
	audit_close(b);
}

static void
test_locked(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, settling = NULL;
	Audit *audit = open_good(fixture->path);
	gint64 id = record(audit, &plain), other = 0;
	sqlite3 *db = connect_to(fixture->path);

	g_assert_cmpint(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_false(try_record(audit, &plain, &other, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LOCKED);
	g_assert_nonnull(strstr(error->message, fixture->path));
	g_assert_false(audit_settle(audit, id, "sent", 1, &settling));
	g_assert_error(settling, STORE_ERROR, STORE_ERROR_LOCKED);
	g_assert_cmpint(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);

	/* And nothing was lost by it. */
	settle(audit, id, "sent", 1);
	record(audit, &plain);
	assert_in_file(fixture->path, "SELECT count(*), max(outcome) FROM message", "2|sent");
	audit_close(audit);
}

/* Refused, and each byte stays. */
static void
assert_refused_untouched(const char *path, StoreError code)
{
	g_autofree char *before = NULL, *after = NULL;
	gsize length, again;

	g_assert_true(g_file_get_contents(path, &before, &length, NULL));
	assert_refused(path, code);
	g_assert_true(g_file_get_contents(path, &after, &again, NULL));
	g_assert_cmpmem(before, length, after, again);
}

static void
test_newer(Fixture *fixture, gconstpointer unused)
{
	Audit *audit = open_good(fixture->path);

	record(audit, &plain);
	audit_close(audit);
	change_file(fixture->path, "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
	assert_refused_untouched(fixture->path, STORE_ERROR_NEWER);
	assert_in_file(fixture->path, "PRAGMA user_version", "99");
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "1");
}

/* Neither way writes a row, and the marks of the file stay. */
static void
assert_writes_nothing(Audit *audit, gint64 id, AuditRun *run, int code)
{
	g_autoptr(GError) recording = NULL, settling = NULL, running = NULL, beginning = NULL;
	g_autoptr(GArray) rows = g_array_new(false, false, sizeof(AuditRow));
	AuditRun other = { 0 };
	gint64 ids[1];

	g_assert_false(try_record(audit, &plain, ids, &recording));
	g_assert_error(recording, STORE_ERROR, code);
	g_assert_false(audit_settle(audit, id, "sent", 1, &settling));
	g_assert_error(settling, STORE_ERROR, code);
	g_array_append_val(rows, plain);
	g_assert_false(audit_record_rows(audit, rows, ids, run, NULL, false, &running));
	g_assert_error(running, STORE_ERROR, code);
	g_assert_false(audit_begin_run(audit, &other, 0, "mbox", "in", "0.1.0", &beginning));
	g_assert_error(beginning, STORE_ERROR, code);
}

/* A newer barefrom may migrate the file while it is open. */
static void
test_migrated_meanwhile(Fixture *fixture, gconstpointer unused)
{
	static const char marks[] = "SELECT user_version, application_id FROM "
	                            "pragma_user_version, pragma_application_id";
	static const char rows[] = "SELECT count(*), max(outcome), (SELECT count(*) FROM run) "
	                           "FROM message";
	Audit *audit = open_good(fixture->path);
	AuditRun run = begin_run(audit, "in");
	gint64 id = record(audit, &plain);

	change_file(fixture->path, "PRAGMA user_version = 99");
	assert_writes_nothing(audit, id, &run, STORE_ERROR_NEWER);
	assert_in_file(fixture->path, marks, "99|1112688210");
	change_file(fixture->path, "PRAGMA user_version = 3; PRAGMA application_id = 1");
	assert_writes_nothing(audit, id, &run, STORE_ERROR_FOREIGN);
	assert_in_file(fixture->path, marks, "3|1");
	assert_in_file(fixture->path, rows, "1|pending|1");

	change_file(fixture->path, "PRAGMA application_id = 1112688210");
	settle(audit, id, "sent", 1);
	record(audit, &plain);
	audit_close(audit);
	assert_in_file(fixture->path, rows, "2|sent|1");
}

static const struct {
	const char *name, *sql;
} foreign[] = {
	{ "table", "CREATE TABLE t (a); INSERT INTO t VALUES (1)" },
	{ "application-id", "PRAGMA application_id = 4242" },
	{ "user-version", "PRAGMA user_version = 1" },
	{ "same-tables", "CREATE TABLE message (id); PRAGMA user_version = 1" },
};

static void
test_foreign(Fixture *fixture, gconstpointer unused)
{
	for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
		g_test_message("%s", foreign[i].name);
		change_file(fixture->path, foreign[i].sql);
		assert_refused_untouched(fixture->path, STORE_ERROR_FOREIGN);
		g_assert_cmpint(g_unlink(fixture->path), ==, 0);
	}
}

static void
test_no_database(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *text = g_strnfill(5000, 'x');

	g_assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
	assert_refused_untouched(fixture->path, STORE_ERROR_APART);
}

static void
assert_version(const char *path, int version)
{
	g_autofree char *wanted = g_strdup_printf("%d", version);

	assert_in_file(path, "PRAGMA user_version", wanted);
}

/* A file of version 1 or 2, as it was made then. */
static void
make_version(const char *path, int version)
{
	g_autofree char *name = g_strdup_printf("audit-v%d.sql", version);
	g_autofree char *dump = g_build_filename(g_getenv("SRCDIR"), "tests", "data", name, NULL);
	g_autofree char *sql = NULL;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(dump, &sql, NULL, &error);
	g_assert_no_error(error);
	change_file(path, sql);
	assert_version(path, version);
	assert_in_file(path, "PRAGMA journal_mode", "wal");
}

/* Where something of a later version cannot be made, nothing is, and the file stays what it was. */
static void
test_migration_fails(Fixture *fixture, gconstpointer unused)
{
	static const struct {
		int version;
		const char *make, *undo;
		const char *words;
	} in_the_way[] = {
		{ 1, "CREATE TABLE forged_senders (a)", "DROP TABLE forged_senders", "" },
		{ 1, "CREATE TABLE daily (a)", "DROP TABLE daily", "" },
		{ 1, "CREATE TABLE by_client (a)", "DROP TABLE by_client", "" },
		{ 1, "CREATE TABLE incidents (a)", "DROP TABLE incidents", "" },
		{ 2, "CREATE TABLE meta (a)", "DROP TABLE meta", "" },
		{ 2, "CREATE TABLE names (a)", "DROP TABLE names", "" },
		{ 2, "CREATE VIEW incidents AS SELECT 1", "DROP VIEW incidents", "" },
		{ 2, "CREATE INDEX message_changed ON message (id)", "DROP INDEX message_changed",
		  "" },
		{ 2, "ALTER TABLE message ADD COLUMN host TEXT",
		  "ALTER TABLE message DROP COLUMN host", "" },
		{ 2, "ALTER TABLE message RENAME COLUMN outcome TO o",
		  "ALTER TABLE message RENAME COLUMN o TO outcome", "another program has changed" },
	};
	static const char schema[] = "SELECT group_concat(name || ifnull(sql, ''), ';') FROM "
	                             "(SELECT * FROM sqlite_schema ORDER BY name)";
	static const char rows[] = "SELECT count(*), sum(size), group_concat(action) FROM message";

	for (size_t i = 0; i < G_N_ELEMENTS(in_the_way); i++) {
		int version = in_the_way[i].version;
		g_autoptr(GError) error = NULL;
		g_test_message("%s", in_the_way[i].make);
		make_version(fixture->path, version);
		change_file(fixture->path, in_the_way[i].make);
		sqlite3 *db = connect_to(fixture->path);
		g_autofree char *schema_before = query(db, schema), *rows_before = query(db, rows);
		sqlite3_close(db);
		/* Not the bytes: the log is there now. */
		g_assert_null(audit_open(fixture->path, 0, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_FOREIGN);
		g_assert_nonnull(strstr(error->message, fixture->path));
		g_assert_nonnull(strstr(error->message, in_the_way[i].words));
		assert_version(fixture->path, version);
		assert_in_file(fixture->path, schema, schema_before);
		assert_in_file(fixture->path, rows, rows_before);
		assert_in_file(fixture->path, "PRAGMA integrity_check", "ok");

		change_file(fixture->path, in_the_way[i].undo);
		Audit *audit = open_good(fixture->path);
		record(audit, &plain);
		audit_close(audit);
		assert_version(fixture->path, 3);
		assert_in_file(fixture->path, "SELECT count(*) > 0 FROM by_client", "1");
		assert_in_file(fixture->path, "SELECT count(*) FROM meta", "1");
		remove_database(fixture->path);
	}
}

/* What was made in three steps is what is made at once: columns, checks, indexes, views. */
static void
test_migrated_is_fresh(Fixture *fixture, gconstpointer unused)
{
	static const char *const questions[] = {
		"SELECT group_concat(t.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' "
		"' "
		"|| c.\"notnull\" || ' ' || ifnull(c.dflt_value, '-') || ' ' || c.pk, ';') FROM "
		"(SELECT name FROM pragma_table_list WHERE schema = 'main' ORDER BY name) AS t, "
		"pragma_table_info(t.name) AS c",
		"SELECT group_concat(type || name || tbl_name || ifnull(sql, ''), ';') FROM "
		"(SELECT * FROM sqlite_schema ORDER BY type, name)",
		"PRAGMA application_id",
		"PRAGMA user_version",
		"PRAGMA journal_mode",
		"PRAGMA auto_vacuum",
	};
	g_autofree char *fresh_path = g_build_filename(fixture->folder, "fresh.db", NULL);

	audit_close(open_good(fresh_path));
	for (int version = 1; version <= 2; version++) {
		make_version(fixture->path, version);
		audit_close(open_good(fixture->path));
		sqlite3 *fresh = connect_to(fresh_path);
		for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
			g_autofree char *wanted = query(fresh, questions[i]);
			assert_in_file(fixture->path, questions[i], wanted);
		}
		sqlite3_close(fresh);
		/* It says so, and it does so. */
		change_file(fixture->path, "UPDATE message SET outcome = 'answered' WHERE id = 1");
		sqlite3 *db = connect_to(fixture->path);
		g_assert_cmpint(
		        sqlite3_exec(db, "UPDATE message SET outcome = 'lost'", NULL, NULL, NULL),
		        ==, SQLITE_CONSTRAINT);
		sqlite3_close(db);
		remove_database(fixture->path);
	}
}

/* Each file has a name of its own, also after a migration, and keeps it. */
static void
test_meta(Fixture *fixture, gconstpointer unused)
{
	static const char uuid[] = "SELECT uuid FROM meta";
	g_autofree char *other_path = g_build_filename(fixture->folder, "other.db", NULL);

	audit_close(open_good(fixture->path));
	make_version(other_path, 2);
	audit_close(open_good(other_path));
	sqlite3 *db = connect_to(fixture->path), *other = connect_to(other_path);
	g_autofree char *here = query(db, uuid), *there = query(other, uuid);
	g_assert_true(g_uuid_string_is_valid(here));
	g_assert_true(g_uuid_string_is_valid(there));
	g_assert_cmpstr(here, !=, there);
	sqlite3_close(db);
	sqlite3_close(other);
	audit_close(open_good(other_path));
	assert_in_file(other_path, uuid, there);
	assert_in_file(other_path, "SELECT host FROM meta", g_get_host_name());
}

/* A migration waits for a writer, and then is another's turn. */
static void
test_migration_waits(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	make_version(fixture->path, 1);
	sqlite3 *db = connect_to(fixture->path);
	change(db, "BEGIN IMMEDIATE");
	Audit *audit = audit_open(fixture->path, 1, &error);
	g_assert_null(audit);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LOCKED);
	assert_query(db, "PRAGMA user_version", "1");
	change(db, "ROLLBACK");
	sqlite3_close(db);
	audit_close(open_good(fixture->path));
	audit_close(open_good(fixture->path));
	assert_version(fixture->path, 3);
}

/* An empty file is a database that somebody made room for. */
static void
test_empty_file(Fixture *fixture, gconstpointer unused)
{
	g_assert_true(g_file_set_contents(fixture->path, "", 0, NULL));
	Audit *audit = open_good(fixture->path);
	record(audit, &plain);
	audit_close(audit);
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "1");
}

static void
test_no_folder(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(fixture->folder, "none", "audit.db", NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	assert_refused(path, STORE_ERROR_MISSING);
	g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

/* The file may be no link; the folder's path may hold one. */
static void
test_links(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *target = g_build_filename(fixture->folder, "target", NULL);
	g_autofree char *link = g_build_filename(fixture->folder, "link.db", NULL);
	g_autofree char *alias = g_build_filename(fixture->folder, "alias", NULL);
	g_autofree char *inside = g_build_filename(alias, "audit.db", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(symlink(target, link), ==, 0);
	g_assert_null(audit_open(link, 0, &error));
	g_assert_true(error && error->domain == STORE_ERROR);
	g_assert_false(g_file_test(target, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_set_contents(target, "", 0, NULL));
	g_clear_error(&error);
	g_assert_null(audit_open(link, 0, &error));
	g_assert_true(error && error->domain == STORE_ERROR);

	g_assert_cmpint(symlink(fixture->folder, alias), ==, 0);
	Audit *audit = open_good(inside);
	record(audit, &plain);
	audit_close(audit);
	assert_in_file(fixture->path, "SELECT count(*) FROM message", "1");
}

static void
test_is_a_folder(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir(fixture->path, 0700), ==, 0);
	g_assert_null(audit_open(fixture->path, 0, &error));
	g_assert_true(error && error->domain == STORE_ERROR);
}

/* Old times and new ones. */
static void
test_times(Fixture *fixture, gconstpointer unused)
{
	static const struct {
		gint64 at;
		const char *text;
	} times[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 999999, "1970-01-01T00:00:00.999Z" },
		{ G_GINT64_CONSTANT(951782399000000), "2000-02-28T23:59:59.000Z" },
		{ G_GINT64_CONSTANT(4102444800001000), "2100-01-01T00:00:00.001Z" },
	};
	/* A trace may show any year. */
	static const struct {
		gint64 at;
		const char *text;
	} received[] = {
		{ 0, "null" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ G_GINT64_CONSTANT(-62135596800000000), "0001-01-01T00:00:00.000Z" },
		{ G_GINT64_CONSTANT(-62135596800000001), "null" },
		{ G_GINT64_CONSTANT(253402300799999999), "9999-12-31T23:59:59.999Z" },
		{ G_GINT64_CONSTANT(253402300800000000), "null" },
		{ G_MAXINT64, "null" },
		{ G_MININT64, "null" },
	};
	Audit *audit = open_good(fixture->path);

	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		AuditRow row = plain;
		row.at = times[i].at;
		record(audit, &row);
		assert_in_file(fixture->path, "SELECT at FROM message ORDER BY id DESC",
		               times[i].text);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(received); i++) {
		AuditRow row = plain;
		row.received_at = received[i].at;
		record(audit, &row);
		assert_in_file(fixture->path, "SELECT received_at FROM message ORDER BY id DESC",
		               received[i].text);
	}
	audit_close(audit);
}

/* Names that SQLite would take for something else than a file are names of files, too. */
static void
test_odd_names(Fixture *f, gconstpointer unused)
{
	static const char *const names[] = { ":memory:", ":a.db", "file:a.db?mode=memory", " " };
	g_autofree char *before = g_get_current_dir();

	g_assert_cmpint(chdir(f->folder), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(f->folder, names[i], NULL);
		g_test_message("%s", names[i]);
		Audit *audit = open_good(names[i]);
		g_assert_cmpint(record(audit, &plain), ==, 1);
		audit_close(audit);
		assert_in_file(path, "SELECT count(*) FROM message", "1");
		g_autoptr(GError) error = NULL;
		Reader *reader = reader_open(names[i], 0, &error);
		g_assert_no_error(error);
		reader_close(reader);
		g_autoptr(sqlite3) db = db_open_file(names[i], SQLITE_OPEN_READONLY, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(sqlite3_db_filename(db, "main"), ==, path);
		g_autoptr(sqlite3) immutable = db_open_immutable(names[i], &error);
		g_assert_no_error(error);
		g_assert_cmpstr(sqlite3_db_filename(immutable, "main"), ==, path);
	}
	g_assert_cmpint(chdir(before), ==, 0);
	/* Two slashes at its beginning name no host. */
	g_autofree char *twice = g_strconcat("/", f->folder, "/", names[0], NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(sqlite3) db = db_open_immutable(twice, &error);
	g_assert_no_error(error);
}

#define ADD(name, function) g_test_add("/audit/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit/schema", test_schema);
	g_test_add_func("/audit/checks", test_checks);
	g_test_add_func("/audit/accepted", test_accepted);
	g_test_add_func("/audit/history", test_history);
	g_test_add_func("/audit/forged-senders", test_forged_senders);
	g_test_add_func("/audit/forged-names-cut", test_forged_names_cut);
	g_test_add_func("/audit/daily", test_daily);
	g_test_add_func("/audit/daily-by-index", test_daily_by_index);
	g_test_add_func("/audit/by-client", test_by_client);
	g_test_add_func("/audit/counts-once", test_counts_once);
	g_test_add_func("/audit/names", test_names);
	g_test_add_func("/audit/incidents", test_incidents);
	ADD("settings", test_settings);
	ADD("mode", test_mode);
	ADD("record", test_record);
	ADD("record-absent", test_record_absent);
	ADD("whole-or-not", test_whole_or_not);
	ADD("dry-run-stays", test_dry_run_stays);
	ADD("settle-one", test_settle_one);
	ADD("policy-once", test_policy_once);
	ADD("not-unique", test_not_unique);
	ADD("cascade", test_cascade);
	ADD("log", test_log);
	ADD("run", test_run);
	ADD("run-history", test_run_history);
	ADD("run-rows", test_run_rows);
	ADD("run-whole-or-not", test_run_whole_or_not);
	ADD("run-locked", test_run_locked);
	ADD("rows", test_rows);
	ADD("moved", test_moved);
	ADD("log-removed", test_log_removed);
	ADD("truncate-log", test_truncate_log);
	ADD("opened-again", test_opened_again);
	ADD("two-writers", test_two_writers);
	ADD("locked", test_locked);
	ADD("not-made", test_not_made);
	ADD("settle-gone", test_settle_gone);
	ADD("newer", test_newer);
	ADD("migrated-meanwhile", test_migrated_meanwhile);
	ADD("foreign", test_foreign);
	ADD("no-database", test_no_database);
	ADD("migration-fails", test_migration_fails);
	ADD("migrated-is-fresh", test_migrated_is_fresh);
	ADD("meta", test_meta);
	ADD("migration-waits", test_migration_waits);
	ADD("empty-file", test_empty_file);
	ADD("no-folder", test_no_folder);
	ADD("links", test_links);
	ADD("is-a-folder", test_is_a_folder);
	ADD("odd-names", test_odd_names);
	ADD("times", test_times);
	return g_test_run();
}
