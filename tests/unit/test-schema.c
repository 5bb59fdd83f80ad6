/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that an audit in which something is missing is neither restored nor called good, that what
 * an administrator has added is no reason, and that a good one can be restored over all of them;
 * and that no backup is made where SQLite would play an older file's log into it. */
#include "store/schema.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit-row.h"
#include "folder.h"
#include "sql.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/care.h"
#include "stop.h"

#define WAIT 1000 /* milliseconds */

static int signal_at_sync; /* sent when the new file is synced; 0: none */

/* Stands before that of the C library. */
int
fsync(int fd)
{
	if (signal_at_sync)
		raise(signal_at_sync);
	return (int)syscall(SYS_fsync, fd);
}

/* An audit with two rows, and a backup from when it had one. */
typedef struct {
	char *folder, *path, *backup;
} Fixture;

static void
write_row(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) rows = g_array_new(false, false, sizeof(AuditRow));
	Audit *audit = audit_open(path, WAIT, &error);

	g_assert_no_error(error);
	g_array_append_val(rows, plain);
	g_assert_true(audit_record_rows(audit, rows, NULL, NULL, NULL, true, &error));
	audit_close(audit);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	guint64 octets;

	f->folder = folder_new();
	f->path = g_build_filename(f->folder, "a.db", NULL);
	f->backup = g_build_filename(f->folder, "b.db", NULL);
	write_row(f->path);
	g_assert_true(backup_make(f->path, WAIT, f->backup, &octets, &error));
	write_row(f->path);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	folder_remove(f->folder);
	g_free(f->path);
	g_free(f->backup);
}

static char *
copy_of(const Fixture *f, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	char *copy = g_build_filename(f->folder, "copy.db", NULL);
	gsize length;

	/* Without the log of the one before. */
	g_autofree char *log = g_strconcat(copy, "-wal", NULL),
	                *index = g_strconcat(copy, "-shm", NULL);
	g_unlink(log);
	g_unlink(index);
	g_assert_true(g_file_get_contents(path, &bytes, &length, &error));
	g_assert_true(g_file_set_contents(copy, bytes, (gssize)length, &error));
	return copy;
}

static gint64
count_rows(const char *path)
{
	sqlite3 *db = connect_to(path);
	sqlite3_stmt *s = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT count(*) FROM message", -1, &s, NULL), ==,
	                SQLITE_OK);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	gint64 rows = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return rows;
}

/* Nothing is left of a restore that was refused. */
static void
assert_nothing_left(const Fixture *f)
{
	g_autoptr(GDir) folder = g_dir_open(f->folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(folder)))
		g_assert_true(*name != '.' && !strstr(name, "damaged"));
}

/* Restoring @file says @words, and changes nothing. */
static void
assert_refused(const Fixture *f, const char *file, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_auto(BackupRestored) done = { 0 };
	g_autofree char *wanted = g_strdup_printf("%s: %s: nothing was changed", file, words);

	g_assert_false(backup_restore(f->path, WAIT, file, &done, &error));
	g_assert_error(error, BACKUP_ERROR, BACKUP_ERROR_REFUSED);
	g_assert_cmpstr(error->message, ==, wanted);
	g_assert_cmpint(count_rows(f->path), ==, 2);
	assert_nothing_left(f);
}

/* Restoring @file over @path is done, and what is there then is good. */
static void
assert_restored(const char *path, const char *file, gint64 messages)
{
	g_autoptr(GError) error = NULL;
	g_auto(BackupRestored) done = { 0 };
	bool good = backup_restore(path, WAIT, file, &done, &error);

	g_assert_no_error(error);
	g_assert_true(good);
	g_assert_null(done.damaged);
	g_assert_cmpint(done.messages, ==, messages);
	write_row(path);
	g_assert_cmpint(count_rows(path), ==, messages + 1);
}

/* What audit check finds in @path; NULL: it is whole. */
static char *
look(const char *path, bool *ret_counted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(path, WAIT, &error);
	g_auto(CareState) state = { 0 };

	g_assert_no_error(error);
	g_assert_true(care_look(reader, path, &state, &error));
	*ret_counted = state.is_counted;
	return g_steal_pointer(&state.lack);
}

static const struct {
	const char *sql, *lack;
	bool cannot_count;
} harms[] = {
	{ "DROP TABLE edit", "it has no table edit", false },
	{ "DROP TABLE recipient", "it has no table recipient", false },
	{ "DROP TABLE message", "it has no table message", true },
	{ "DROP TABLE run", "it has no table run", true },
	{ "DROP TABLE policy", "it has no table policy", false },
	{ "DROP TABLE meta", "it has no table meta", false },
	{ "ALTER TABLE message DROP COLUMN host", "it has no column host in its table message",
	  false },
	{ "ALTER TABLE edit DROP COLUMN position", "it has no column position in its table edit",
	  false },
	{ "ALTER TABLE run RENAME COLUMN input TO output",
	  "it has no column input in its table run", false },
	{ "PRAGMA legacy_alter_table=ON; CREATE TABLE rows AS SELECT * FROM recipient; DROP TABLE "
	  "recipient;"
	  "ALTER TABLE rows RENAME TO recipient",
	  "it has no column message PRIMARY KEY in its table recipient", false },
	{ "DROP VIEW history", "it has no view history", false },
	{ "DROP VIEW names", "it has no view names", false },
	{ "DROP VIEW names; CREATE VIEW names AS SELECT from_name AS name FROM message",
	  "it has no column address in its view names", false },
	{ "DROP VIEW names; CREATE VIEW names AS SELECT name FROM gone",
	  "its view names cannot be read", false },
	{ "DELETE FROM meta", "its table meta has 0 rows instead of one", false },
	{ "INSERT INTO meta VALUES ('u', 'h')", "its table meta has 2 rows instead of one", false },
	{ "CREATE TRIGGER t BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'no'); END",
	  "it has the trigger t on its table message", false },
};

static void
test_harms(Fixture *f, gconstpointer unused)
{
	bool is_counted;

	for (size_t i = 0; i < G_N_ELEMENTS(harms); i++) {
		g_autofree char *copy = copy_of(f, f->backup), *lack = NULL;
		g_autofree char *words =
		        g_strdup_printf("it is not a whole audit: %s", harms[i].lack);
		g_test_message("%s", harms[i].sql);
		change_file(copy, harms[i].sql);
		assert_refused(f, copy, words);
		lack = look(copy, &is_counted);
		g_assert_cmpstr(lack, ==, harms[i].lack);
		g_assert_true(is_counted != harms[i].cannot_count);
		assert_restored(copy, f->backup, 1);
		g_autofree char *none = look(copy, &is_counted);
		g_assert_cmpstr(none, ==, NULL);
		g_assert_true(is_counted);
	}
	assert_restored(f->path, f->backup, 1);
}

static void
test_more(Fixture *f, gconstpointer unused)
{
	bool is_counted;

	change_file(f->backup,
	            "CREATE TABLE mine (a REFERENCES message); CREATE INDEX mine_a ON mine (a);"
	            "CREATE INDEX message_mine ON message (size); CREATE VIEW my AS SELECT 1;"
	            "CREATE TRIGGER mine AFTER INSERT ON mine BEGIN SELECT 1; END;"
	            "ALTER TABLE message ADD COLUMN note TEXT; DROP INDEX message_at; ANALYZE");
	assert_restored(f->path, f->backup, 1);
	g_autofree char *lack = look(f->path, &is_counted);
	g_assert_null(lack);
}

static void
make_version(const char *path, int version, const char *sql)
{
	g_autofree char *name = g_strdup_printf("audit-v%d.sql", version);
	g_autofree char *dump = g_build_filename(g_getenv("SRCDIR"), "tests", "data", name, NULL);
	g_autofree char *text = NULL;

	g_unlink(path);
	g_assert_true(g_file_get_contents(dump, &text, NULL, NULL));
	change_file(path, text);
	change_file(path, sql);
}

/* What is missing counts after the migration, which makes some of it; if that fails, what the older
 * version lacks is said. */
static void
test_older(Fixture *f, gconstpointer unused)
{
	static const struct {
		int version;
		const char *sql, *words;
	} cases[] = {
		{ 1, "DROP TABLE run", "it is not a whole audit: it has no table run" },
		{ 2, "DROP TABLE edit", "it is not a whole audit: it has no table edit" },
		{ 2, "PRAGMA user_version=3", "it is not a whole audit: it has no table meta" },
		{ 2, "CREATE TABLE names (a)", "it is another program's database" },
	};
	g_autofree char *old = g_build_filename(f->folder, "old.db", NULL);
	bool is_counted;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].sql);
		make_version(old, cases[i].version, cases[i].sql);
		assert_refused(f, old, cases[i].words);
		/* And one that cannot be upgraded can be replaced. */
		assert_restored(old, f->backup, 1);
	}
	for (int version = 1; version <= 2; version++) {
		make_version(old, version, "DELETE FROM message WHERE id > 3");
		g_autofree char *lack = look(old, &is_counted);
		g_assert_cmpstr(lack, ==, NULL);
		make_version(old, version, "DROP VIEW history");
		g_autofree char *view = look(old, &is_counted);
		g_assert_cmpstr(view, ==, "it has no view history");
	}
	sqlite3 *db = connect_to(old);
	change(db, "PRAGMA foreign_keys=ON; DELETE FROM message WHERE id > 3");
	sqlite3_close(db);
	g_autofree char *index = g_strconcat(old, "-shm", NULL);
	g_assert_false(g_file_test(index, G_FILE_TEST_EXISTS));
	assert_restored(f->path, old, 3);
	/* It is only read, though it says that it has a log. */
	g_assert_false(g_file_test(index, G_FILE_TEST_EXISTS));
}

/* With the marks of an audit, and other tables. */
static void
test_marks_alone(Fixture *f, gconstpointer unused)
{
	g_autofree char *file = g_build_filename(f->folder, "e.db", NULL);
	g_autofree char *missing = g_build_filename(f->folder, "missing.db", NULL);
	g_auto(BackupRestored) done = { 0 };
	g_autoptr(GError) error = NULL;

	change_file(file, "PRAGMA application_id=1112688210; PRAGMA user_version=3;"
	                  "CREATE TABLE edit (message); CREATE TABLE recipient (message)");
	assert_refused(f, file, "it is not a whole audit: it has no table policy");
	g_assert_false(backup_restore(missing, WAIT, file, &done, &error));
	g_assert_error(error, BACKUP_ERROR, BACKUP_ERROR_REFUSED);
	g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
}

static void
test_backup_alone(Fixture *f, gconstpointer unused)
{
	static const char *const ends[] = { "-wal", "-journal" };
	g_autofree char *file = g_build_filename(f->folder, "c.db", NULL);
	guint64 octets;

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *other = g_strconcat(file, ends[i], NULL);
		g_assert_true(g_file_set_contents(other, "left", -1, NULL));
		g_assert_false(backup_make(f->path, WAIT, file, &octets, &error));
		g_assert_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE);
		g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
		g_assert_cmpint(g_unlink(other), ==, 0);
		g_clear_error(&error);
		g_assert_true(backup_make(f->path, WAIT, file, &octets, &error));
		g_assert_no_error(error);
		g_assert_cmpint(g_unlink(file), ==, 0);
	}
}

/* The signal that ended a backup to @file. @ignored: it is, as by nohup(1), and the backup is made.
 */
static int
signal_backup(const Fixture *f, const char *file, int signal_number, bool ignored)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		guint64 octets;
		/* Who runs the tests may ignore it. */
		signal(signal_number, ignored ? SIG_IGN : SIG_DFL);
		signal_at_sync = signal_number;
		stop_without_files();
		_exit(backup_make(f->path, WAIT, file, &octets, NULL) ? 0 : 1);
	}
	g_assert_cmpint(child, >, 0);
	while (waitpid(child, &status, 0) < 0)
		g_assert_cmpint(errno, ==, EINTR);
	g_assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* A signal leaves no copy of the audit behind; a backup that is complete stays. */
static void
test_signals(Fixture *f, gconstpointer unused)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	g_autofree char *file = g_build_filename(f->folder, "c.db", NULL);
	g_autofree char *temporary = g_build_filename(f->folder, ".c.db.backup", NULL);
	g_autofree char *journal = g_strconcat(temporary, "-journal", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		g_assert_cmpint(signal_backup(f, file, signals[i], false), ==, signals[i]);
		g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
		g_assert_false(g_file_test(journal, G_FILE_TEST_EXISTS));
		g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
		g_assert_cmpint(signal_backup(f, file, signals[i], true), ==, 0);
		g_assert_cmpint(g_unlink(file), ==, 0);
	}
	g_assert_cmpint(signal_backup(f, file, SIGKILL, false), ==, SIGKILL);
	g_assert_cmpint(g_unlink(temporary), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/schema/" name, Fixture, NULL, set_up, function, tear_down)
	ADD("harms", test_harms);
	ADD("more", test_more);
	ADD("older", test_older);
	ADD("marks-alone", test_marks_alone);
	ADD("backup-alone", test_backup_alone);
	ADD("signals", test_signals);
	return g_test_run();
}
