/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that an audit whose files do not belong together is noticed before the first write, that
 * nothing is then deleted or changed, that a restore repairs it and gives out no id again, and that
 * there is no false alarm about audits in any kind of use. */
#include "store/belong.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit-row.h"
#include "folder.h"
#include "store/backup.h"
#include "store/care.h"
#include "store/db.h"
#include "store/reader.h"

#define WAIT 60000 /* milliseconds; nobody waits so long */

typedef struct {
	char *folder, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->folder = folder_new();
	f->path = g_build_filename(f->folder, "a.db", NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	folder_remove(f->folder);
	g_free(f->path);
}

static bool
record(Audit *audit, guint n, gint64 *ret_id, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(false, false, sizeof(AuditRow));
	g_autofree gint64 *ids = g_new0(gint64, n);
	AuditRow row = plain;

	row.evidence =
	        "some text that takes a bit of space in each of the rows, so that pages are filled";
	for (guint i = 0; i < n; i++)
		g_array_append_val(rows, row);
	bool good = audit_record_rows(audit, rows, ids, NULL, NULL, true, error);
	*ret_id = ids[0];
	return good;
}

static bool rows_go; /* somebody restores or prunes meanwhile */

/* As a filter does it: one row, settled, in a connection of its own. */
static bool
pass_mail(const char *path, GError **error)
{
	Audit *audit = audit_open(path, WAIT, error);
	g_autoptr(GError) failed = NULL;
	gint64 id;

	if (!audit)
		return false;
	bool good = record(audit, 1, &id, &failed) && audit_settle(audit, id, "sent", 100, &failed);
	audit_close(audit);
	if (good || (rows_go && strstr(failed->message, "the row is gone")))
		return true;
	g_propagate_error(error, g_steal_pointer(&failed));
	return false;
}

static void
pass_mails(const char *path, int n)
{
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < n; i++) {
		pass_mail(path, &error);
		g_assert_no_error(error);
	}
}

/* As an administrator's program would: without our settings. */
static void
run_sql(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	int on = 1;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	sqlite3_busy_timeout(db, WAIT);
	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static gint64
count(const char *path)
{
	g_autoptr(GError) error = NULL;
	gint64 version, rows;
	g_autoptr(sqlite3) db = db_open_readonly(path, WAIT, &version, &error);

	g_assert_no_error(error);
	g_assert_true(db_read_int(db, "SELECT count(*) FROM message", &rows, &error));
	return rows;
}

static void
assert_whole(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(path, WAIT, &error);
	g_auto(CareState) state = { 0 };

	g_assert_no_error(error);
	g_assert_true(care_look(reader, path, &state, &error));
	g_assert_cmpint(state.damage->len, ==, 0);
	g_assert_cmpint(state.dangling, ==, 0);
}

static char *
named(const Fixture *f, const char *name)
{
	return g_build_filename(f->folder, name, NULL);
}

static void
copy_file(const char *from, const char *to)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	gsize length;

	g_file_get_contents(from, &bytes, &length, &error);
	g_assert_no_error(error);
	/* Into the file that is there, as cp(1) does. */
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	g_assert_cmpint(write(out, bytes, length), ==, length);
	g_assert_cmpint(close(out), ==, 0);
}

static void
truncate_to(const char *path, off_t size)
{
	g_assert_cmpint(truncate(path, size), ==, 0);
}

static off_t
size_of(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 ? info.st_size : -1;
}

/* What can be done to an audit of 40 rows, of which 20 are in "backup", and 30 in "older", its main
 * file alone. */
typedef struct {
	const char *name;
	void (*harm)(const Fixture *f);
	bool holds; /* a long-lived writer has it open meanwhile, and is asked as well */
} Harm;

static void
empty_file(const Fixture *f)
{
	truncate_to(f->path, 0);
}

static void
cut_file(const Fixture *f)
{
	truncate_to(f->path, size_of(f->path) / 4096 / 3 * 4096);
}

static void
cut_to_a_page(const Fixture *f)
{
	truncate_to(f->path, 4096);
}

static void
cut_within_a_page(const Fixture *f)
{
	truncate_to(f->path, size_of(f->path) / 2 + 77);
}

static void
remove_file(const Fixture *f)
{
	g_assert_cmpint(g_unlink(f->path), ==, 0);
}

static void
move_file(const Fixture *f)
{
	g_autofree char *to = named(f, "moved");

	g_assert_cmpint(g_rename(f->path, to), ==, 0);
}

static void
put_older(const Fixture *f)
{
	g_autofree char *from = named(f, "older");

	copy_file(from, f->path);
}

static void
put_backup(const Fixture *f)
{
	g_autofree char *from = named(f, "backup");

	copy_file(from, f->path);
}

static void
put_backup_by_name(const Fixture *f)
{
	g_autofree char *from = named(f, "backup"), *to = named(f, "copied");

	copy_file(from, to);
	g_assert_cmpint(g_rename(to, f->path), ==, 0);
}

static void
put_vacuumed(const Fixture *f)
{
	g_autofree char *from = named(f, "vacuumed");

	copy_file(from, f->path);
}

static void
put_other_log(const Fixture *f)
{
	g_autofree char *from = named(f, "other-wal"), *to = named(f, "a.db-wal");

	copy_file(from, to);
}

static void
put_other_file(const Fixture *f)
{
	g_autofree char *from = named(f, "other");

	copy_file(from, f->path);
}

static void
put_text(const Fixture *f)
{
	g_autofree char *text = g_strnfill(5000, 'x');

	g_assert_true(g_file_set_contents(f->path, text, -1, NULL));
}

static void
empty_log(const Fixture *f)
{
	g_autofree char *log = named(f, "a.db-wal");

	truncate_to(log, 0);
}

static void
put_older_log(const Fixture *f)
{
	g_autofree char *from = named(f, "older-wal"), *to = named(f, "a.db-wal");

	copy_file(from, to);
}

/* The log of another program's database, with @page_size. */
static void
put_foreign_log(const Fixture *f, int page_size)
{
	g_autofree char *foreign = named(f, "foreign"), *log = named(f, "foreign-wal"),
	                *to = named(f, "a.db-wal"),
	                *sql = g_strdup_printf("PRAGMA page_size=%d; PRAGMA journal_mode=WAL; "
	                                       "CREATE TABLE t (a); INSERT INTO t VALUES "
	                                       "(zeroblob(50000))",
	                                       page_size);

	run_sql(foreign, sql);
	copy_file(log, to);
}

static void
put_log_of_another_program(const Fixture *f)
{
	put_foreign_log(f, 4096);
}

static void
put_log_with_other_pages(const Fixture *f)
{
	put_foreign_log(f, 1024);
}

static void
put_another_programs(const Fixture *f)
{
	g_autofree char *foreign = named(f, "foreign");

	run_sql(foreign, "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(500000))");
	copy_file(foreign, f->path);
}

/* As logrotate's "create" does. */
static void
rotate(const Fixture *f)
{
	move_file(f);
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
}

static const Harm harms[] = {
	{ "emptied", empty_file, false },
	{ "emptied-held", empty_file, true },
	{ "cut", cut_file, false },
	{ "cut-held", cut_file, true },
	{ "cut-to-a-page", cut_to_a_page, false },
	{ "cut-within-a-page", cut_within_a_page, false },
	{ "removed", remove_file, false },
	{ "removed-held", remove_file, true },
	{ "moved", move_file, false },
	{ "moved-held", move_file, true },
	{ "older", put_older, false },
	{ "older-held", put_older, true },
	{ "backup", put_backup, false },
	{ "backup-by-name", put_backup_by_name, false },
	{ "backup-held", put_backup, true },
	{ "vacuumed", put_vacuumed, false },
	{ "other-log", put_other_log, false },
	{ "other-log-held", put_other_log, true },
	{ "other-file", put_other_file, false },
	{ "text", put_text, false },
	{ "older-log", put_older_log, false },
	{ "log-of-another-program", put_log_of_another_program, false },
	{ "log-with-other-pages", put_log_with_other_pages, false },
	{ "another-programs", put_another_programs, false },
	{ "another-programs-held", put_another_programs, true },
	{ "rotated", rotate, false },
	{ "rotated-held", rotate, true },
	{ "log-emptied-held", empty_log, true },
};

static void
prepare_audit(const Fixture *f)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *backup = named(f, "backup"), *other = named(f, "other"),
	                *older = named(f, "older"), *log = named(f, "a.db-wal"),
	                *older_log = named(f, "older-wal"), *vacuumed = named(f, "vacuumed"),
	                *vacuum = g_strdup_printf("VACUUM INTO '%s'", vacuumed);
	guint64 octets;

	pass_mails(f->path, 20);
	bool good = backup_make(f->path, WAIT, backup, &octets, &error);
	g_assert_no_error(error);
	g_assert_true(good);
	run_sql(f->path, vacuum);
	pass_mails(f->path, 10);
	run_sql(f->path, "PRAGMA wal_checkpoint(RESTART)");
	copy_file(f->path, older);
	pass_mails(f->path, 2);
	copy_file(log, older_log);
	run_sql(f->path, "PRAGMA wal_checkpoint(TRUNCATE)");
	pass_mails(f->path, 4);
	run_sql(f->path, "PRAGMA wal_checkpoint(RESTART)");
	pass_mails(f->path, 4);
	pass_mails(other, 40);
}

static void
assert_apart(const GError *error)
{
	g_assert_error(error, STORE_ERROR, STORE_ERROR_APART);
	g_assert_nonnull(strstr(error->message, "the audit and its -wal do not belong together: "
	                                        "run barefrom audit restore"));
}

static char *
digest_of(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return g_strdup("none");
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, length);
}

static void
test_harm(Fixture *f, gconstpointer data)
{
	const Harm *harm = data;
	g_autoptr(GError) error = NULL;
	g_autofree char *log = named(f, "a.db-wal"), *index = named(f, "a.db-shm"),
	                *backup = named(f, "backup");
	Audit *held = NULL;
	gint64 id;

	prepare_audit(f);
	if (harm->holds) {
		held = audit_open(f->path, WAIT, &error);
		g_assert_true(record(held, 3, &id, &error));
	}
	harm->harm(f);
	g_autofree char *before = digest_of(f->path), *log_before = digest_of(log);
	if (held) {
		g_assert_false(record(held, 3, &id, &error));
		assert_apart(error);
		g_clear_error(&error);
	}
	for (int i = 0; i < 3; i++) {
		g_assert_false(pass_mail(f->path, &error));
		assert_apart(error);
		g_clear_error(&error);
	}
	guint64 log_size, after_size;
	g_assert_false(care_checkpoint(f->path, WAIT, &log_size, &after_size, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	/* Nothing was deleted, nothing changed. */
	g_autofree char *after = digest_of(f->path), *log_after = digest_of(log);
	g_assert_cmpstr(before, ==, after);
	g_assert_cmpstr(log_before, ==, log_after);

	g_auto(BackupRestored) done = { 0 };
	bool good = backup_restore(f->path, WAIT, backup, &done, &error);
	g_assert_no_error(error);
	g_assert_true(good);
	g_assert_nonnull(done.damaged);
	g_assert_true(g_file_test(done.damaged, G_FILE_TEST_EXISTS));
	g_assert_cmpint(done.messages, ==, 20);
	/* Readers may not be able to make them. */
	g_assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(index, G_FILE_TEST_EXISTS));
	if (held)
		audit_close(held);
	assert_whole(f->path);
	pass_mails(f->path, 1);
	g_assert_cmpint(count(f->path), ==, 21);
	/* What was there is there still, under another name. */
	if (!g_str_equal(before, "none")) {
		g_autofree char *moved = digest_of(done.damaged);
		g_assert_cmpstr(before, ==, moved);
	}
}

static gint64
restored_id(const char *path, const char *backup)
{
	g_autoptr(GError) error = NULL;
	g_auto(BackupRestored) done = { 0 };
	bool good = backup_restore(path, WAIT, backup, &done, &error);
	gint64 id;

	g_assert_no_error(error);
	g_assert_true(good);
	Audit *audit = audit_open(path, WAIT, &error);
	g_assert_true(record(audit, 1, &id, &error));
	audit_close(audit);
	return id;
}

/* Only the audit that the backup was made of knows which ids it has given out since. */
static void
test_ids(Fixture *f, gconstpointer unused)
{
	g_autofree char *backup = named(f, "backup"), *missing = named(f, "missing"),
	                *other = named(f, "other");

	(void)unused;
	prepare_audit(f);
	g_assert_cmpint(count(backup), ==, 20);
	gint64 last = count(f->path);
	g_assert_cmpint(restored_id(f->path, backup), ==, last + 1);
	g_assert_cmpint(restored_id(f->path, backup), ==, last + 2);
	g_assert_cmpint(restored_id(missing, backup), ==, 1000000021);
	g_assert_cmpint(restored_id(other, backup), ==, 1000000041);
	g_assert_cmpint(restored_id(other, backup), ==, 1000000042);
}

static void
test_dangling(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *backup = named(f, "backup"), *missing = named(f, "missing");
	g_auto(BackupRestored) done = { 0 };

	(void)unused;
	prepare_audit(f);
	run_sql(backup, "PRAGMA foreign_keys=OFF; INSERT INTO recipient VALUES (999, 'a@x')");
	g_assert_false(backup_restore(missing, WAIT, backup, &done, &error));
	g_assert_error(error, BACKUP_ERROR, BACKUP_ERROR_REFUSED);
	g_assert_nonnull(strstr(error->message, "damaged"));
	g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
}

static void
assert_unfit(const char *path, const char *words)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(reader_open(path, WAIT, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
	g_assert_nonnull(strstr(error->message, words));
}

/* A FIFO would be waited for. */
static void
test_kinds(Fixture *f, gconstpointer unused)
{
	g_autofree char *fifo = named(f, "fifo"), *link = named(f, "link"),
	                *folder = g_strconcat(f->folder, "/", NULL);

	(void)unused;
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("nowhere", link), ==, 0);
	assert_unfit(fifo, "it is not a regular file");
	assert_unfit(link, "it is a symbolic link");
	assert_unfit(f->folder, "it is a directory");
	assert_unfit(folder, "it is a directory");
}

static guint32
counter_of(const char *path)
{
	g_autofree char *bytes = NULL;
	guint32 counter;

	g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
	memcpy(&counter, bytes + 24, sizeof counter);
	return GUINT32_FROM_BE(counter);
}

/* Each transaction counts the change counter on, those of one connection too. */
static void
test_counter(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Audit) audit = audit_open(f->path, WAIT, &error);
	gint64 id;

	(void)unused;
	g_assert_no_error(error);
	audit_truncate_log(audit);
	guint32 before = counter_of(f->path);
	for (int i = 0; i < 5; i++)
		g_assert_true(record(audit, 1, &id, &error));
	audit_truncate_log(audit);
	g_assert_cmpuint(counter_of(f->path) - before, ==, 5);
}

/* One of many processes, which use the audit in all the ways that there are. */
typedef enum { SHORT, LONG, CHECKPOINTS, VACUUM, SPILL, READ, KILLED, RESTORE, ADMIN, N_WAYS } Way;

static bool
use_long(const char *path, int rounds, GError **error)
{
	Audit *audit = audit_open(path, WAIT, error);
	bool good = audit != NULL;
	gint64 id;

	if (audit)
		audit_own_log(audit);
	for (int i = 0; good && i < rounds; i++) {
		if (i % 7 == 0)
			audit_move_log(audit, 0);
		if (i % 31 == 0)
			audit_truncate_log(audit);
		good = record(audit, (guint)g_random_int_range(1, 20), &id, error);
	}
	if (audit)
		audit_close(audit);
	return good;
}

static bool
use_checkpoints(const char *path)
{
	static const char *const kinds[] = { "PASSIVE", "FULL", "RESTART", "TRUNCATE" };
	g_autofree char *sql =
	        g_strdup_printf("PRAGMA wal_checkpoint(%s)", kinds[g_random_int_range(0, 4)]);

	run_sql(path, sql);
	return true;
}

static bool
use_vacuum(const char *path, GError **error)
{
	const CarePrune what = { "2099", "2099", "2099", &(volatile sig_atomic_t){ 0 } };
	CarePruned pruned;
	DbWait wait = { .ms = WAIT };

	if (g_random_int_range(0, 4) == 0)
		return care_prune(path, WAIT, &what, &pruned, error);
	g_autoptr(sqlite3) db = db_open(path, &wait, error);
	return db && db_begin(db, error) &&
	       db_end(db,
	              db_exec(db,
	                      "DELETE FROM message WHERE id % 5 = abs(random()) % 5; "
	                      "PRAGMA incremental_vacuum(20)",
	                      error),
	              error);
}

/* Frames of a transaction that is rolled back, or whose writer dies, stay in the log for a while.
 */
static bool
use_spill(const char *path, GError **error)
{
	DbWait wait = { .ms = WAIT };
	g_autoptr(sqlite3) db = db_open(path, &wait, error);

	return db && db_exec(db, "PRAGMA cache_size=5", error) && db_begin(db, error) &&
	       db_exec(db,
	               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
	               "i < 300) INSERT INTO message (at, source, verdict, reason, in_scope, "
	               "action, "
	               "outcome) SELECT '2020', 'filter', 'unknown', hex(randomblob(200)), 1, "
	               "'kept', 'sent' FROM n",
	               error) &&
	       db_exec(db, g_random_boolean() ? "ROLLBACK" : "COMMIT", error);
}

static bool
use_killed(const char *path)
{
	pid_t child = fork();

	if (child == 0) {
		for (;;) {
			if (!use_spill(path, NULL) || !pass_mail(path, NULL))
				_exit(1);
		}
	}
	g_usleep((gulong)g_random_int_range(0, 30000));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return true;
}

static bool
use_restore(const char *path, GError **error)
{
	g_autofree char *file = g_strdup_printf("%s.of-%d", path, (int)getpid());
	g_auto(BackupRestored) done = { 0 };
	guint64 octets;

	g_unlink(file);
	if (!backup_make(path, WAIT, file, &octets, error))
		return false;
	if (backup_restore(path, WAIT, file, &done, error)) {
		g_assert_null(done.damaged);
		return true;
	}
	if (!g_error_matches(*error, BACKUP_ERROR, BACKUP_ERROR_RUNNING))
		return false;
	g_clear_error(error);
	return true;
}

static bool
use_once(Way way, const char *path, GError **error)
{
	g_autoptr(Reader) reader = NULL;

	switch (way) {
	case SHORT:
		return pass_mail(path, error);
	case LONG:
		return use_long(path, 40, error);
	case CHECKPOINTS:
		return use_checkpoints(path);
	case VACUUM:
		return use_vacuum(path, error);
	case SPILL:
		return use_spill(path, error);
	case READ:
		reader = reader_open(path, WAIT, error);
		return reader != NULL;
	case KILLED:
		return use_killed(path);
	case RESTORE:
		return use_restore(path, error);
	case ADMIN:
		run_sql(path, g_random_int_range(0, 20) ? "UPDATE message SET size = 1 WHERE id = "
		                                          "(SELECT max(id) FROM message)"
		                                        : "VACUUM");
		return true;
	case N_WAYS:
		break;
	}
	g_assert_not_reached();
}

typedef struct {
	const char *name;
	Way ways[10];
	guint n, rounds;
} Use;

static const Use uses[] = {
	{ "filters-and-milter", { SHORT, SHORT, LONG }, 3, 30 },
	{ "checkpoints", { SHORT, LONG, CHECKPOINTS, CHECKPOINTS }, 4, 20 },
	{ "vacuum", { SHORT, LONG, VACUUM, CHECKPOINTS }, 4, 20 },
	{ "rolled-back", { SHORT, SPILL, LONG, READ }, 4, 20 },
	{ "killed", { SHORT, KILLED, KILLED, READ }, 4, 40 },
	{ "readers", { SHORT, LONG, READ, READ, CHECKPOINTS }, 5, 20 },
	{ "administrators", { SHORT, LONG, ADMIN, READ }, 4, 20 },
	{ "restored", { SHORT, SHORT, LONG, RESTORE }, 4, 10 },
	{ "all", { SHORT, LONG, CHECKPOINTS, VACUUM, SPILL, READ, KILLED, RESTORE, ADMIN }, 9, 10 },
};

static void
test_use(Fixture *f, gconstpointer data)
{
	const Use *use = data;
	const char *more = g_getenv("BELONG_ROUNDS"); /* so many times as many */
	guint rounds = use->rounds * (more ? (guint)atoi(more) : 1);
	pid_t workers[G_N_ELEMENTS(use->ways)];

	pass_mails(f->path, 1);
	for (guint i = 0; i < use->n; i++)
		rows_go = rows_go || use->ways[i] == RESTORE || use->ways[i] == VACUUM;
	for (guint i = 0; i < use->n; i++) {
		workers[i] = fork();
		if (workers[i] > 0)
			continue;
		g_random_set_seed((guint32)getpid());
		for (guint k = 0; k < rounds; k++) {
			GError *error = NULL;
			if (use_once(use->ways[i], f->path, &error))
				continue;
			fprintf(stderr, "# way %d, round %u: %s\n", use->ways[i], k,
			        error->message);
			_exit(1);
		}
		_exit(0);
	}
	for (guint i = 0; i < use->n; i++) {
		int status;
		g_assert_cmpint(waitpid(workers[i], &status, 0), ==, workers[i]);
		g_assert_cmpint(status, ==, 0);
	}
	assert_whole(f->path);
	pass_mails(f->path, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/belong/counter", Fixture, NULL, set_up, test_counter, tear_down);
	g_test_add("/belong/ids", Fixture, NULL, set_up, test_ids, tear_down);
	g_test_add("/belong/dangling", Fixture, NULL, set_up, test_dangling, tear_down);
	g_test_add("/belong/kinds", Fixture, NULL, set_up, test_kinds, tear_down);
	for (size_t i = 0; i < G_N_ELEMENTS(harms); i++) {
		g_autofree char *name = g_strconcat("/belong/harm/", harms[i].name, NULL);
		g_test_add(name, Fixture, &harms[i], set_up, test_harm, tear_down);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
		g_autofree char *name = g_strconcat("/belong/use/", uses[i].name, NULL);
		g_test_add(name, Fixture, &uses[i], set_up, test_use, tear_down);
	}
	return g_test_run();
}
