/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * db: the SQLite file: how it is made, opened and migrated, and how its errors are reported.
 * May know: SQLite, the file's owner and mode. Must not know: mail, what a row means.
 * Fails: with a STORE_ERROR that names the path. Never deletes anything to be able to continue.
 * Schema: version 1, sql/001-first.sql: tables and history; version 2, sql/002-views.sql: the views
 * forged_senders, daily and by_client; version 3, sql/003-once.sql: more columns, meta, the views
 * names and incidents, and in each view a message counts once.
 */
#include "db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "belong.h"
#include "folder.h"

#define APPLICATION_ID 0x42524652 /* "BRFR" */

/* clang-format off */
static const char *const migrations[] = {
#include "001-first.sql.h"
	,
#include "002-views.sql.h"
	,
#include "003-once.sql.h"
};
/* clang-format on */

gint64
db_newest_version(void)
{
	return G_N_ELEMENTS(migrations);
}

G_DEFINE_QUARK(barefrom-store-error, store_error);

static StoreError
code_of_errno(int reason)
{
	switch (reason) {
	case EACCES:
	case EPERM:
	case EROFS:
		return STORE_ERROR_READONLY;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return STORE_ERROR_FULL;
	default:
		return STORE_ERROR_OTHER;
	}
}

/* The errno behind the last error; 0: there is none. */
static int
reason_of_system(sqlite3 *db)
{
	int result = sqlite3_errcode(db) & 0xff;

	return result == SQLITE_CANTOPEN || result == SQLITE_IOERR ? sqlite3_system_errno(db) : 0;
}

static StoreError
code_of_db(sqlite3 *db)
{
	/* The file was truncated while we had it open. */
	if (sqlite3_extended_errcode(db) == SQLITE_IOERR_SHORT_READ)
		return STORE_ERROR_APART;
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_ERROR_LOCKED;
	case SQLITE_FULL:
		return STORE_ERROR_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return STORE_ERROR_READONLY;
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return code_of_errno(reason_of_system(db));
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return STORE_ERROR_APART;
	case SQLITE_ERROR:
		return STORE_ERROR_FOREIGN;
	default:
		return STORE_ERROR_OTHER;
	}
}

static bool
set_not_made(const char *path, int reason, GError **error)
{
	g_set_error(error, STORE_ERROR, code_of_errno(reason),
	            "audit database %s: cannot be created: %s", path, g_strerror(reason));
	return false;
}

/* Why the files do not seem to belong together. SQLite's own message for pages that contradict each
 * other names a part of the schema, which helps nobody. */
static const char *
words_apart(sqlite3 *db)
{
	return (sqlite3_errcode(db) & 0xff) == SQLITE_CORRUPT ? "their contents do not match"
	                                                      : sqlite3_errmsg(db);
}

static void
set_error(sqlite3 *db, const char *path, GError **error)
{
	StoreError code = code_of_db(db);
	int reason = reason_of_system(db);

	if (code == STORE_ERROR_APART)
		g_set_error(error, STORE_ERROR, code, "audit database %s: " BELONG_WORDS " (%s)",
		            path ? path : "", words_apart(db));
	else
		g_set_error(error, STORE_ERROR, code, "audit database %s: %s%s%s", path ? path : "",
		            sqlite3_errmsg(db), reason ? ": " : "",
		            reason ? g_strerror(reason) : "");
}

void
db_set_error(sqlite3 *db, GError **error)
{
	set_error(db, sqlite3_db_filename(db, "main"), error);
}

bool
db_exec(sqlite3 *db, const char *sql, GError **error)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	db_set_error(db, error);
	return false;
}

bool
db_read_int(sqlite3 *db, const char *sql, gint64 *ret_value, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
	    sqlite3_step(statement) != SQLITE_ROW) {
		db_set_error(db, error);
		return false;
	}
	*ret_value = sqlite3_column_int64(statement, 0);
	return true;
}

/* The version of the schema; 0: the file is empty. The caller must hold a transaction, since
 * another process may be making the schema. */
static bool
read_version(sqlite3 *db, gint64 *ret_version, GError **error)
{
	gint64 version, id, objects;
	const char *path = sqlite3_db_filename(db, "main");

	if (!db_read_int(db, "PRAGMA user_version", &version, error) ||
	    !db_read_int(db, "PRAGMA application_id", &id, error))
		return false;
	if (id != APPLICATION_ID) {
		if (!db_read_int(db, "SELECT count(*) FROM sqlite_schema", &objects, error))
			return false;
		if (version != 0 || id != 0 || objects != 0) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
			            "audit database %s: it is another program's database", path);
			return false;
		}
	} else if (version > (gint64)G_N_ELEMENTS(migrations)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
		            "audit database %s: its schema is version %" G_GINT64_FORMAT
		            ", made by a newer barefrom; this one knows only up to version %u",
		            path, version, (unsigned)G_N_ELEMENTS(migrations));
		return false;
	}
	*ret_version = version;
	return true;
}

/* Writes the first page with its own content, so that its change counter is incremented. */
#define TOUCH "PRAGMA application_id=" G_STRINGIFY(APPLICATION_ID)

/* The same after a commit of this connection. SQLite increments the counter of that page as it last
 * read it; rolling the page back counts as reading it, and keeps the cache. */
#define TOUCH_AGAIN "SAVEPOINT touch; " TOUCH "; ROLLBACK TO touch; RELEASE touch; " TOUCH

bool
db_begin(sqlite3 *db, GError **error)
{
	const char *touch = sqlite3_total_changes(db) > 0 ? TOUCH_AGAIN : TOUCH;

	return db_begin_again(db, error) && (db_exec(db, touch, error) || db_end(db, false, NULL));
}

bool
db_begin_again(sqlite3 *db, GError **error)
{
	gint64 version;

	return db_exec(db, "BEGIN IMMEDIATE", error) &&
	       ((belong_check(db, error) && read_version(db, &version, error)) ||
	        db_end(db, false, NULL));
}

bool
db_end(sqlite3 *db, bool good, GError **error)
{
	if (good && db_exec(db, "COMMIT", error))
		return true;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool
db_is_whole(sqlite3 *db, GError **error)
{
	if (!db_exec(db, "BEGIN; SELECT 1 FROM sqlite_schema", error))
		return false;
	bool good = belong_check(db, error);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return good;
}

/* Short, since nobody can write while it waits for readers. */
#define TRUNCATE_WAIT 50     /* milliseconds */
#define TRUNCATE_PAUSE 10000 /* microseconds between two tries */

/* First tries without a lock: what a reader still needs cannot be moved, so writers need not wait
 * for it. */
static int
try_to_truncate(sqlite3 *db)
{
	int in_log = -1, moved = -1;
	int result =
	        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);

	if (result != SQLITE_OK)
		return result;
	if (moved < in_log)
		return SQLITE_BUSY;
	return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

bool
db_truncate_log(sqlite3 *db, DbWait *wait, int wait_ms, GError **error)
{
	gint64 until = g_get_monotonic_time() + (gint64)wait_ms * 1000;
	int ms = wait->ms, result;

	if (!db_is_whole(db, error))
		return false;
	wait->ms = MIN(ms, TRUNCATE_WAIT);
	while ((result = try_to_truncate(db)) == SQLITE_BUSY && g_get_monotonic_time() < until)
		g_usleep(TRUNCATE_PAUSE);
	wait->ms = ms;
	if (result == SQLITE_BUSY)
		g_set_error(error, STORE_ERROR, STORE_ERROR_LOCKED,
		            "audit database %s: another program is still reading or writing it, so "
		            "the log stays: try again later",
		            sqlite3_db_filename(db, "main"));
	else if (result != SQLITE_OK)
		db_set_error(db, error);
	return result == SQLITE_OK;
}

bool
db_read_version(sqlite3 *db, gint64 *ret_version, GError **error)
{
	GError *failed = NULL, *apart = NULL;

	if (!db_exec(db, "BEGIN", error))
		return false;
	bool good = read_version(db, ret_version, &failed);
	/* What was read may come from the log of another program's database. */
	if (!good && !belong_check(db, &apart)) {
		g_error_free(failed);
		failed = apart;
	}
	if (!good)
		g_propagate_error(error, failed);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return good;
}

const char *
db_host(void)
{
	static gsize made;
	static char *host;

	if (g_once_init_enter(&made)) {
		host = g_utf8_make_valid(g_get_host_name(), -1);
		g_once_init_leave(&made, 1);
	}
	return host;
}

/* A table that another program has rebuilt may word the CHECK differently, which the migration
 * would not find, and the milter's rows would fail on it. */
static bool
knows_answered(sqlite3 *db, GError **error)
{
	gint64 known;

	if (!db_read_int(db,
	                 "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
	                 "name = 'message' AND instr(sql, 'OR outcome = ''answered'')')",
	                 &known, error))
		return false;
	if (!known)
		g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
		            "audit database %s: another program has changed its table message, so "
		            "it cannot be upgraded to version %d: run barefrom audit restore with "
		            "a backup from before that",
		            sqlite3_db_filename(db, "main"), DB_META_VERSION);
	return known;
}

/* The part of the migration to version 3 that SQL alone cannot do. */
static bool
add_meta(sqlite3 *db, GError **error)
{
	g_autoptr(sqlite3_stmt) s = NULL;
	g_autofree char *uuid = g_uuid_string_random();

	if (!knows_answered(db, error))
		return false;
	if (sqlite3_prepare_v2(db, "INSERT INTO meta (uuid, host) VALUES (?1, ?2)", -1, &s, NULL) ==
	    SQLITE_OK) {
		sqlite3_bind_text(s, 1, uuid, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 2, db_host(), -1, SQLITE_STATIC);
		if (sqlite3_step(s) == SQLITE_DONE)
			return true;
	}
	db_set_error(db, error);
	return false;
}

static bool
run_migrations(sqlite3 *db, gint64 newest, GError **error)
{
	gint64 version;

	if (!read_version(db, &version, error))
		return false;
	for (; version < newest; version++) {
		g_autofree char *end =
		        g_strdup_printf("PRAGMA application_id=%d; PRAGMA user_version=%d",
		                        APPLICATION_ID, (int)version + 1);
		if (!db_exec(db, migrations[version], error) || !db_exec(db, end, error) ||
		    (version + 1 == DB_META_VERSION && !add_meta(db, error)))
			return false;
	}
	return true;
}

bool
db_migrate_private(sqlite3 *db, gint64 version, GError **error)
{
	if (!db_exec(db, "BEGIN IMMEDIATE", error))
		return false;
	bool good = db_end(db, run_migrations(db, version, error), error);
	sqlite3_exec(db, "PRAGMA writable_schema = OFF", NULL, NULL, NULL);
	return good;
}

static bool
migrate_once(sqlite3 *db, GError **error)
{
	/* auto_vacuum takes effect only in an empty file that is not yet in WAL mode. */
	if (!db_exec(db, "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL", error) ||
	    !db_exec(db, "BEGIN IMMEDIATE", error))
		return false;
	if (belong_check(db, error) && run_migrations(db, db_newest_version(), error) &&
	    db_exec(db, "COMMIT", error))
		return true;
	sqlite3_exec(db, "ROLLBACK; PRAGMA writable_schema = OFF", NULL, NULL, NULL);
	return false;
}

/* Sleeps a few milliseconds. SQLite's own handler soon sleeps 100, and would miss the short times
 * for which a run leaves the lock free. */
static int
wait_for_lock(void *data, int tried)
{
	DbWait *wait = data;
	gint64 now = g_get_monotonic_time();

	if (tried == 0)
		wait->until = wait->limit ? wait->limit : now + (gint64)wait->ms * 1000;
	if (now >= wait->until || (wait->stop && g_atomic_int_get(wait->stop)))
		return 0;
	g_usleep(1000 * (gulong)MIN(tried + 1, 4) + (gulong)g_random_int_range(0, 1000));
	return 1;
}

/* SQLite does not call the busy handler if two processes turn a new file into WAL mode at once, so
 * this retries the whole step. */
static bool
migrate(sqlite3 *db, const DbWait *wait, GError **error)
{
	for (;;) {
		GError *failed = NULL;
		if (migrate_once(db, &failed))
			return true;
		if (!g_error_matches(failed, STORE_ERROR, STORE_ERROR_LOCKED) ||
		    g_get_monotonic_time() >= wait->limit) {
			g_propagate_error(error, failed);
			return false;
		}
		g_error_free(failed);
		g_usleep(2000 + g_random_int_range(0, 8000));
	}
}

bool
db_give(int fd, const char *folder)
{
	struct stat info;

	return (geteuid() != 0 ||
	        (stat(folder, &info) == 0 && fchown(fd, info.st_uid, info.st_gid) == 0)) &&
	       fchmod(fd, 0640) == 0;
}

bool
db_place(const char *from, const char *path)
{
	/* Not every file system has hard links. */
	if (link(from, path) == 0) {
		unlink(from);
		return true;
	}
	return errno != EEXIST && errno != ENOSPC &&
	       renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
}

/* Writes the first page of a new file, and syncs it before a log can exist. */
static bool
fill_file(int fd, const char *folder, const char *path, GError **error)
{
	guint8 page[BELONG_PAGE_SIZE];

	if (!db_give(fd, folder)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY,
		            "audit database %s: cannot be given to the owner of its directory: %s",
		            path, g_strerror(errno));
		return false;
	}
	belong_first_page(page);
	errno = ENOSPC; /* for a short write */
	if (write(fd, page, sizeof page) == (ssize_t)sizeof page && fsync(fd) == 0)
		return true;
	set_not_made(path, errno, error);
	return false;
}

/* Makes the file, if there is none, for the owner of the directory: a database that belongs to root
 * would stop every filter. The audit holds personal data, so others get no access. The file gets
 * its name once it is complete. */
static bool
make_file(const char *folder, const char *path, GError **error)
{
	g_autofree char *base = g_path_get_basename(path),
	                *name = g_strdup_printf(".%s.XXXXXX", base),
	                *journal = g_strconcat(path, "-journal", NULL),
	                *temporary = g_build_filename(folder, name, NULL);
	struct stat info;

	if (lstat(path, &info) == 0)
		return true;
	/* Somebody has planted a link. SQLite itself follows none at the log and its index. */
	if (lstat(journal, &info) == 0 && S_ISLNK(info.st_mode))
		return set_not_made(path, ELOOP, error);
	int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0640);
	if (fd < 0)
		return set_not_made(path, errno, error);
	bool good = fill_file(fd, folder, path, error);
	close(fd);
	/* Another process may have made it meanwhile. */
	if (good && !db_place(temporary, path) && errno != EEXIST)
		good = set_not_made(path, errno, error);
	unlink(temporary);
	if (good)
		folder_sync(folder);
	return good;
}

/* Opening a FIFO would wait for its other end, and SQLite names neither a link nor a directory. */
static bool
check_kind(const char *path, const char *full, GError **error)
{
	static const char folder[] = "it is a directory: set database to a file in it";
	struct stat info;
	const char *why;

	if (g_str_has_suffix(path, "/"))
		why = stat(path, &info) == 0 ? folder : g_strerror(errno);
	else if (lstat(full, &info) != 0 || S_ISREG(info.st_mode))
		return true;
	else if (S_ISDIR(info.st_mode))
		why = folder;
	else if (S_ISLNK(info.st_mode))
		why = "it is a symbolic link: set database to the file itself; only a directory "
		      "may be a link";
	else
		why = "it is not a regular file: set database to one";
	g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER, "audit database %s: %s", path, why);
	return false;
}

char *
db_resolve(const char *path, bool make, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
	char *real = realpath(folder, NULL);

	if (!real) {
		int reason = errno;
		g_set_error(error, STORE_ERROR,
		            reason == ENOENT ? STORE_ERROR_MISSING : code_of_errno(reason),
		            "audit database %s: directory %s: %s", path, folder,
		            g_strerror(reason));
		return NULL;
	}
	char *full = g_build_filename(real, base, NULL);
	bool good = check_kind(path, full, error) && belong_before(full, error) &&
	            (!make || make_file(real, full, error));
	free(real);
	if (!good)
		g_clear_pointer(&full, g_free);
	return full;
}

/* From this many pages in the log on, each commit moves them into the database. */
#define LOG_MOVED 100
/* From this many on, it keeps other writers off meanwhile: among many writers, the end of the log
 * would never be reached otherwise, and the log would never restart. */
#define LOG_LONG 1000

static int
move_log(void *data, sqlite3 *db, const char *name, int pages)
{
	DbWait *wait = data, before = *wait;
	int in_log = 0, moved = 0;

	if (pages < LOG_MOVED)
		return SQLITE_OK;
	/* Waits for nobody: the next commit tries again. */
	*wait = (DbWait){ .ms = 0 };
	sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
	/* If more is left, there is a long reader, who would have to end first. */
	if (pages >= LOG_LONG && in_log - moved < LOG_MOVED)
		sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
	*wait = before;
	return SQLITE_OK;
}

static bool
set_up(sqlite3 *db, DbWait *wait, GError **error)
{
	int on = 1;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_wal_hook(db, move_log, wait);
	/* The limit shrinks a log that has grown beside a long reader, once that has ended. */
	return db_exec(db,
	               "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
	               "PRAGMA journal_size_limit=4194304",
	               error);
}

char *
db_file_name(const char *path)
{
	return g_path_is_absolute(path) ? g_strdup(path) : g_strconcat("./", path, NULL);
}

char *
db_file_uri(const char *path)
{
	g_autofree char *escaped = g_uri_escape_string(path, "/", false);

	/* After "file:", two slashes would begin the name of a host. */
	return g_strconcat("file:", g_path_is_absolute(path) ? "//" : "./", escaped, "?immutable=1",
	                   NULL);
}

/* @name is one of SQLite's; @path is what errors name. */
static sqlite3 *
open_name(const char *name, const char *path, int flags, GError **error)
{
	sqlite3 *db = NULL;

	/* We do not use the statistics on memory, which take a lock at each allocation. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	/* Keeps the statement journal of an INSERT of many rows in memory, up to this size. */
	sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 1024 * 1024);
	if (sqlite3_open_v2(name, &db, flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, NULL) ==
	    SQLITE_OK)
		return db;
	set_error(db, path, error);
	sqlite3_close(db);
	return NULL;
}

sqlite3 *
db_open_file(const char *path, int flags, GError **error)
{
	g_autofree char *name = db_file_name(path);

	return open_name(name, path, flags, error);
}

sqlite3 *
db_open_immutable(const char *path, GError **error)
{
	g_autofree char *uri = db_file_uri(path);

	return open_name(uri, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
}

static bool
set_missing(GError **error, const char *full, const char *why, const char *what)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
	            "audit database %s: %s: barefrom audit init, or the next message, creates %s",
	            full, why, what);
	return false;
}

/* (transfer full) */
static char *
resolve_existing(const char *path, GError **error)
{
	char *full = db_resolve(path, false, error);

	if (full && access(full, F_OK) != 0 && errno == ENOENT) {
		set_missing(error, full, "it does not exist yet", "it");
		g_clear_pointer(&full, g_free);
	}
	return full;
}

static bool
has_tables(sqlite3 *db, gint64 version, GError **error)
{
	return version > 0 ||
	       set_missing(error, sqlite3_db_filename(db, "main"), "it is empty", "its tables");
}

typedef enum { TO_MAKE, TO_REPLACE, TO_CHANGE, AS_IS } Purpose;

static bool
prepare_file(sqlite3 *db, DbWait *wait, Purpose purpose, GError **error)
{
	gint64 version;

	if (!set_up(db, wait, error) || !db_read_version(db, &version, error))
		return false;
	if (sqlite3_db_readonly(db, "main") == 1) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY,
		            "audit database %s: this user cannot write it: run barefrom as its "
		            "owner or as root",
		            sqlite3_db_filename(db, "main"));
		return false;
	}
	if (purpose >= TO_CHANGE && !has_tables(db, version, error))
		return false;
	if (purpose == AS_IS)
		return true;
	/* What cannot be migrated can be replaced. */
	if (purpose == TO_REPLACE && version > 0)
		return belong_is_wal(db) ||
		       (db_is_whole(db, error) && db_exec(db, "PRAGMA journal_mode=WAL", error));
	/* A copy that somebody has put in its place may not be in WAL mode. */
	return (version == db_newest_version() && belong_is_wal(db)) ||
	       (db_is_whole(db, error) && migrate(db, wait, error));
}

static sqlite3 *
open_to_write(const char *full, DbWait *wait, Purpose purpose, GError **error)
{
	if (!full)
		return NULL;
	g_autoptr(sqlite3) db = db_open_file(
	        full, SQLITE_OPEN_READWRITE | (purpose < TO_CHANGE ? SQLITE_OPEN_CREATE : 0),
	        error);
	if (!db)
		return NULL;
	sqlite3_busy_handler(db, wait_for_lock, wait);
	wait->limit = g_get_monotonic_time() + (gint64)wait->ms * 1000;
	bool good = prepare_file(db, wait, purpose, error);
	wait->limit = 0;
	return good ? g_steal_pointer(&db) : NULL;
}

sqlite3 *
db_open(const char *path, DbWait *wait, GError **error)
{
	g_autofree char *full = db_resolve(path, true, error);

	return open_to_write(full, wait, TO_MAKE, error);
}

sqlite3 *
db_open_to_replace(const char *path, DbWait *wait, GError **error)
{
	g_autofree char *full = db_resolve(path, true, error);

	return open_to_write(full, wait, TO_REPLACE, error);
}

sqlite3 *
db_open_existing(const char *path, DbWait *wait, GError **error)
{
	g_autofree char *full = resolve_existing(path, error);

	return open_to_write(full, wait, TO_CHANGE, error);
}

sqlite3 *
db_open_as_is(const char *path, DbWait *wait, GError **error)
{
	g_autofree char *full = resolve_existing(path, error);

	return open_to_write(full, wait, AS_IS, error);
}

sqlite3 *
db_open_readonly(const char *path, int wait_ms, gint64 *ret_version, GError **error)
{
	g_autofree char *full = resolve_existing(path, error);
	int on = 1;

	if (!full)
		return NULL;
	g_autoptr(sqlite3) db = db_open_file(full, SQLITE_OPEN_READONLY, error);
	if (!db)
		return NULL;
	sqlite3_busy_timeout(db, wait_ms);
	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	if (!db_read_version(db, ret_version, error) || !has_tables(db, *ret_version, error) ||
	    !db_is_whole(db, error))
		return NULL;
	return g_steal_pointer(&db);
}

sqlite3 *
db_make_private(gint64 version, GError **error)
{
	g_autoptr(sqlite3) db =
	        open_name(":memory:", NULL, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);

	return db && db_migrate_private(db, version, error) ? g_steal_pointer(&db) : NULL;
}
