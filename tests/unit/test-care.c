/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a prune works in small steps that leave time for others, that it can end between two
 * of them, and that it finds old rows by the index; and that rows are counted. Each connection of
 * this process is watched from within SQLite: the test measures no durations, only the waits that
 * are asked for. */
#include "store/care.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "folder.h"
#include "sql.h"
#include "store/audit.h"
#include "store/db.h"

#define FREE_TIME 10000 /* microseconds that the others have between two steps */
#define STEP_MAX 500    /* messages */

static struct {
	volatile sig_atomic_t stop;
	gint64 stop_at;            /* once this message has gone */
	gint64 commits, committed; /* the time of the last one, */
	gint64 shortest;           /* and the shortest time from it to the next transaction */
	gint64 deleted, deleted_at_once, most_at_once;
	gint64 scanned; /* rows read one after the other by statements that delete messages */
} seen;

typedef struct {
	char *folder, *path;
} Fixture;

/* Called by a trigger. */
static void
count_deleted(sqlite3_context *context, int n, sqlite3_value **values)
{
	if (seen.deleted_at_once == 0 && seen.committed)
		seen.shortest = MIN(seen.shortest, g_get_monotonic_time() - seen.committed);
	seen.deleted++;
	seen.deleted_at_once++;
	seen.most_at_once = MAX(seen.most_at_once, seen.deleted_at_once);
	if (sqlite3_value_int64(values[0]) == seen.stop_at)
		seen.stop = 1;
}

static int
count_commit(void *unused)
{
	seen.commits++;
	seen.committed = g_get_monotonic_time();
	seen.deleted_at_once = 0;
	return 0;
}

static int
count_scanned(unsigned event, void *unused, void *statement, void *time)
{
	const char *sql = sqlite3_sql(statement);

	if (sql && g_str_has_prefix(sql, "DELETE FROM message"))
		seen.scanned += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1) +
		                sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_SORT, 1);
	return 0;
}

static int
watch(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
	sqlite3_create_function(db, "count_deleted", 1, SQLITE_UTF8, NULL, count_deleted, NULL,
	                        NULL);
	sqlite3_commit_hook(db, count_commit, NULL);
	sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, count_scanned, NULL);
	return SQLITE_OK;
}

static gint64
ask(const char *path, const char *sql)
{
	sqlite3 *db = connect_to(path);
	sqlite3_stmt *s = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &s, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	gint64 value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

/* 3000 messages, of which 2000 are from 2020. */
static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	f->folder = folder_new();
	f->path = g_build_filename(f->folder, "audit.db", NULL);
	Audit *audit = audit_open(f->path, 1000, &error);
	g_assert_no_error(error);
	audit_close(audit);
	change_file(
	        f->path,
	        "INSERT INTO policy VALUES ('a', '', '', ''), ('b', '', '', '');"
	        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
	        "INSERT INTO message (id, at, source, verdict, reason, in_scope, action, outcome, "
	        "policy) SELECT i, iif(i <= 2000, '2020-01-01T', '2026-01-01T') || printf('%04d', "
	        "i), 'filter', "
	        "'unknown', 'no-trace', 1, 'kept', 'written', iif(i <= 2000, 'a', 'b') FROM n;"
	        "INSERT INTO edit (message, field, nth, action, before, after) "
	        "SELECT id, 'From', 1, 'stripped', zeroblob(2000), x'00' FROM message;"
	        "CREATE TRIGGER watched AFTER DELETE ON message "
	        "BEGIN SELECT count_deleted(old.id); END;");
	memset(&seen, 0, sizeof seen);
	seen.shortest = G_MAXINT64;
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	folder_remove(f->folder);
	g_free(f->path);
}

static CarePruned
prune(Fixture *f)
{
	const CarePrune what = { "2024", "2024", "2024", &seen.stop };
	g_autoptr(GError) error = NULL;
	CarePruned pruned;
	bool good = care_prune(f->path, 200, &what, &pruned, &error);

	g_assert_no_error(error);
	g_assert_true(good);
	return pruned;
}

static void
test_stop(Fixture *f, gconstpointer unused)
{
	seen.stop_at = 700;
	CarePruned pruned = prune(f);

	g_assert_true(pruned.is_stopped);
	g_assert_cmpint(pruned.messages, >=, 700);
	g_assert_cmpint(pruned.messages, <, 700 + STEP_MAX);
	g_assert_cmpint(pruned.policies, ==, 0);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM message"), ==, 3000 - pruned.messages);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM edit"), ==, 3000 - pruned.messages);

	/* The rest goes the next time. */
	seen.stop = 0;
	CarePruned rest = prune(f);
	g_assert_false(rest.is_stopped);
	g_assert_cmpint(rest.messages, ==, 2000 - pruned.messages);
	g_assert_cmpint(rest.policies, ==, 1);
}

static void
test_stop_before(Fixture *f, gconstpointer unused)
{
	seen.stop = 1;
	CarePruned pruned = prune(f);

	g_assert_true(pruned.is_stopped);
	g_assert_cmpint(pruned.messages, ==, 0);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM message"), ==, 3000);
}

static void
test_steps(Fixture *f, gconstpointer unused)
{
	sqlite3 *reader = NULL;

	/* With it there is no log to be moved between two steps, which may take longer than the
	 * wait. */
	change_file(f->path, "PRAGMA wal_checkpoint(TRUNCATE)");
	g_assert_cmpint(sqlite3_open(f->path, &reader), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(reader, "BEGIN; SELECT * FROM policy", NULL, NULL, NULL), ==,
	                SQLITE_OK);
	CarePruned pruned = prune(f);
	sqlite3_close(reader);

	g_assert_true(pruned.log_stays);
	g_assert_cmpint(pruned.messages, ==, 2000);
	g_assert_cmpint(seen.deleted, ==, 2000);
	g_assert_cmpint(seen.most_at_once, <=, STEP_MAX);
	g_assert_cmpint(seen.commits, >=, 2000 / STEP_MAX);
	g_assert_cmpint(seen.shortest, >=, FREE_TIME);
	g_assert_cmpint(seen.scanned, ==, 0);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM message WHERE at < '2024'"), ==, 0);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM message"), ==, 1000);
	g_assert_cmpint(ask(f->path, "SELECT count(*) FROM edit"), ==, 1000);
}

/* What it is all for. 500 pages are of 2 MB; each step that gives them back is one of these. */
static void
test_space(Fixture *f, gconstpointer unused)
{
	change_file(f->path, "UPDATE edit SET before = zeroblob(5000)");
	gint64 commits = seen.commits;
	CarePruned pruned = prune(f);

	g_assert_cmpint(ask(f->path, "PRAGMA freelist_count"), ==, 0);
	g_assert_cmpint(pruned.octets, >, 2000 * 5000);
	g_assert_cmpint(seen.commits - commits, >=, 2000 / STEP_MAX + 2000 / 500);
	g_autofree char *log = g_strconcat(f->path, "-wal", NULL);
	GStatBuf info;
	g_assert_true(g_stat(log, &info) != 0 || info.st_size == 0);
	g_assert_false(pruned.log_stays);
}

static int
no_truncate(int fd, off_t length)
{
	(void)fd;
	(void)length;
	errno = EIO;
	return -1;
}

/* A disk that fails is not a reader that will go away. */
static void
test_disk_fails(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	guint64 before, after;

	(void)unused;
	vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)no_truncate);
	g_assert_false(care_checkpoint(f->path, 200, &before, &after, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
	g_assert_cmpuint(after, ==, before);
	vfs->xSetSystemCall(vfs, "ftruncate", NULL);
}

static void
note_rows(const CareRows *rows, gpointer text)
{
	g_string_append_printf(text, "%s %s %s %s %" G_GINT64_FORMAT "\n", rows->source,
	                       rows->verdict, rows->action, rows->outcome, rows->rows);
}

static void
test_count(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	CareCounts counts;

	change_file(f->path, "UPDATE message SET outcome = 'pending' WHERE id <= 2;"
	                     "UPDATE message SET action = 'stripped' WHERE id IN (2, 7);"
	                     "UPDATE message SET verdict = 'anonymous', source = 'milter', "
	                     "at = '2026-01-01T00:00:05.700Z' WHERE id = 9;"
	                     "UPDATE message SET at = '2026-01-01T00:00:04.000Z' WHERE id <> 9");
	g_autoptr(Reader) reader = reader_open(f->path, 200, &error);
	g_assert_no_error(error);
	g_assert_true(care_count(reader, f->path, note_rows, text, &counts, &error));
	g_assert_cmpstr(text->str, ==,
	                "filter unknown kept pending 1\nfilter unknown kept written 2996\n"
	                "filter unknown stripped pending 1\nfilter unknown stripped written 1\n"
	                "milter anonymous kept written 1\n");
	g_assert_cmpint(counts.pending, ==, 2);
	g_assert_cmpint(counts.last, ==, 1767225605);
	g_assert_cmpuint(counts.file, >, 0);
}

#define ADD(name, function) g_test_add("/care/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	/* The type that it takes hides the true one. */
	sqlite3_auto_extension((void (*)(void))watch);
	ADD("stop", test_stop);
	ADD("stop-before", test_stop_before);
	ADD("steps", test_steps);
	ADD("space", test_space);
	ADD("count", test_count);
	ADD("disk-fails", test_disk_fails);
	return g_test_run();
}
