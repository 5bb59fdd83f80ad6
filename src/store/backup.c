/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * backup: copies an audit to a file, and back.
 * May know: its tables, SQLite, what belongs to its file. Must not know: words for people.
 * Fails: with a STORE_ERROR for the audit, with a BACKUP_ERROR for the other file. Whenever it
 * ends, either the old content or the new one is there as a whole.
 */
#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "belong.h"
#include "db.h"
#include "folder.h"
#include "place.h"
#include "schema.h"
#include "stop.h"

/* Added to the highest known id if those given out since the backup cannot be read. */
#define IDS_UNKNOWN "1000000000"

#define PAUSE 5000              /* microseconds between two tries */
#define TRUNCATE_MOST 2000      /* milliseconds for which the log is truncated at the end */
#define LEAVE_MOST 2000         /* milliseconds that users of a damaged file get to close it */
#define SHARED_LOCKS 0x40000000 /* offset of the 512 octets that SQLite locks in its files */

G_DEFINE_QUARK(barefrom-backup-error, backup_error);

/* A new file beside the one at @path. Its name is fixed, so that the next run finds what a killed
 * one has left. */
typedef struct {
	char *path, *temporary, *folder;
	char **files; /* what it and SQLite's files beside it are called */
	int fd;       /* locked by flock(2), which SQLite does not use */
	sqlite3 *db;
	bool is_placed;
} Scratch;

/* The file itself is the last. */
static void
remove_all(const Scratch *s)
{
	for (char **file = s->files; *file; file++)
		unlink(*file);
}

static void
scratch_clear(Scratch *s)
{
	g_clear_pointer(&s->db, sqlite3_close);
	if (s->fd >= 0 && !s->is_placed)
		remove_all(s);
	stop_set_files(NULL);
	if (s->fd >= 0)
		close(s->fd);
	g_strfreev(s->files);
	g_free(s->path);
	g_free(s->temporary);
	g_free(s->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scratch, scratch_clear)

static bool
set_running(const char *path, GError **error)
{
	g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_RUNNING,
	            "%s: another barefrom audit backup or restore is running there", path);
	return false;
}

/* Removes what a killed run has left. It is an error if another one is still at work. */
static bool
remove_left(const Scratch *s, GError **error)
{
	int fd = open(s->temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return set_running(s->path, error);
	}
	remove_all(s);
	if (fd >= 0)
		close(fd);
	return true;
}

static bool
set_not_made(const char *path, int reason, GError **error)
{
	g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE, "%s: cannot be created: %s", path,
	            g_strerror(reason));
	return false;
}

/* (transfer full) */
static char **
files_of(const char *temporary)
{
	static const char *const ends[] = { "-journal", "-wal", "-shm", "" };
	char **files = g_new0(char *, G_N_ELEMENTS(ends) + 1);

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		files[i] = g_strconcat(temporary, ends[i], NULL);
	return files;
}

/* Makes and opens it in the directory of @path. */
static bool
scratch_open(Scratch *s, const char *path, const char *what, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path),
	                *name = g_strdup_printf(".%s.%s", base, what);
	char *real = realpath(folder, NULL);

	*s = (Scratch){ .path = g_strdup(path), .fd = -1 };
	if (!real)
		return set_not_made(path, errno, error);
	s->folder = g_strdup(real);
	free(real);
	s->temporary = g_build_filename(s->folder, name, NULL);
	s->files = files_of(s->temporary);
	if (!remove_left(s, error))
		return false;
	s->fd = open(s->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return errno == EEXIST ? set_running(path, error)
		                       : set_not_made(path, errno, error);
	stop_set_files(s->files);
	if (flock(s->fd, LOCK_EX | LOCK_NB) != 0)
		return set_running(path, error);
	s->db = db_open_file(s->temporary, SQLITE_OPEN_READWRITE, error);
	/* scratch_finish() syncs it once, when it is complete. */
	return s->db && db_exec(s->db, "PRAGMA synchronous=OFF", error);
}

/* Closes the database, gives it a random change counter, and syncs it. */
static bool
scratch_finish(Scratch *s)
{
	g_clear_pointer(&s->db, sqlite3_close);
	return belong_begin_anywhere(s->fd) && fsync(s->fd) == 0;
}

/* It has its name. From now on, one with the temporary name is another run's. */
static void
note_placed(Scratch *s)
{
	s->is_placed = true;
	stop_set_files(NULL);
}

static bool
is_apart(int result)
{
	return (result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB;
}

/* Copies all of @from to @to, as it is at one moment. @path is @to's, for the error. */
static bool
copy_all(sqlite3 *from, sqlite3 *to, const char *path, GError **error)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int result = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;

	if (backup)
		sqlite3_backup_finish(backup);
	if (result == SQLITE_DONE)
		return true;
	if (is_apart(result))
		g_set_error(error, STORE_ERROR, STORE_ERROR_APART,
		            "audit database %s: " BELONG_WORDS " (%s)",
		            sqlite3_db_filename(from, "main"), sqlite3_errstr(result));
	else
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE, "%s: cannot be written: %s",
		            path, sqlite3_errstr(result));
	return false;
}

/* Whether nothing lies beside the new @file that SQLite would play into it. */
static bool
is_alone(const char *file, GError **error)
{
	static const char *const ends[] = { "-wal", "-journal" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *other = g_strconcat(file, ends[i], NULL);
		struct stat info;
		if (lstat(other, &info) != 0)
			continue;
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE,
		            "%s: %s exists, left by an older file of this name, and SQLite would "
		            "write its pages into the backup: move it away, or choose another name",
		            file, other);
		return false;
	}
	return true;
}

bool
backup_make(const char *path, int wait_ms, const char *file, guint64 *ret_octets, GError **error)
{
	g_auto(Scratch) s = { .fd = -1 };
	struct stat info;
	gint64 version;

	/* A new -journal would be played into it. */
	if (place_is_audit(path, file)) {
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE, "%s: " PLACE_AUDIT_WORDS,
		            file);
		return false;
	}
	if (lstat(file, &info) == 0) {
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_NOT_MADE,
		            "%s: this file exists, and a backup never replaces one: choose another "
		            "name",
		            file);
		return false;
	}
	if (!is_alone(file, error))
		return false;
	g_autoptr(sqlite3) db = db_open_readonly(path, wait_ms, &version, error);
	if (!db || !scratch_open(&s, file, "backup", error) || !copy_all(db, s.db, file, error) ||
	    !db_exec(s.db, "PRAGMA journal_mode=DELETE", error))
		return false;
	if (!scratch_finish(&s) || fchmod(s.fd, 0640) != 0 || fstat(s.fd, &info) != 0 ||
	    !db_place(s.temporary, file))
		return set_not_made(file, errno, error);
	note_placed(&s);
	folder_sync(s.folder);
	*ret_octets = (guint64)info.st_size;
	return true;
}

static bool
set_refused(const char *file, const char *why, GError **error)
{
	g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_REFUSED, "%s: %s: nothing was changed", file,
	            why);
	return false;
}

/* Turns @failed, which it frees, into an error about the file to be restored. Always false. */
static bool
refuse(const char *file, GError *failed, GError **error)
{
	const char *why = failed->message;
	bool is_read = true;

	if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_NEWER))
		why = "it was made by a newer barefrom";
	else if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_FOREIGN))
		why = "it is another program's database";
	else if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART))
		why = "it is damaged, not a database, or does not belong to the -wal beside it";
	else if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_MISSING))
		why = "it is empty";
	else
		is_read = false;
	if (is_read)
		set_refused(file, why, error);
	else
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_MISSING, "%s: cannot be read: %s",
		            file, why);
	g_error_free(failed);
	return false;
}

/* Reads a file without a log as immutable: SQLite would make a log, which may not be possible. */
static sqlite3 *
open_source(const char *full, GError **error)
{
	g_autofree char *log = g_strconcat(full, "-wal", NULL);
	int on = 1;

	if (access(log, F_OK) != 0)
		return db_open_immutable(full, error);
	sqlite3 *db = db_open_file(full, SQLITE_OPEN_READONLY, error);
	if (db)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	return db;
}

static bool
read_source(const char *file, const char *full, Scratch *s, GError **error)
{
	g_autoptr(sqlite3) db = NULL;
	GError *failed = NULL;
	gint64 version;

	if (!belong_before(full, &failed) || !(db = open_source(full, &failed)) ||
	    !db_read_version(db, &version, &failed) || !db_is_whole(db, &failed))
		return refuse(file, failed, error);
	if (version == 0)
		return set_refused(file, "it is empty", error);
	if (copy_all(db, s->db, s->path, &failed))
		return true;
	if (failed->domain == STORE_ERROR)
		return refuse(file, failed, error);
	g_propagate_error(error, failed);
	return false;
}

static int
take_text(void *to, int n, char **values, char **names)
{
	g_free(*(char **)to);
	*(char **)to = g_strdup(n > 0 && values[0] ? values[0] : "");
	return 0;
}

/* Turns an error about the scratch copy of @file into one about @file, if that causes it. */
static bool
refuse_sql(const char *file, GError *failed, GError **error)
{
	if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_FOREIGN) ||
	    g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART))
		return refuse(file, failed, error);
	g_propagate_error(error, failed);
	return false;
}

static bool
has_integrity(const char *file, sqlite3 *db, GError **error)
{
	g_autofree char *words = NULL;

	return (sqlite3_exec(db, "PRAGMA journal_mode=DELETE; PRAGMA integrity_check(1)", take_text,
	                     &words, NULL) == SQLITE_OK &&
	        g_strcmp0(words, "ok") == 0) ||
	       set_refused(file, "it is damaged", error);
}

/* Whether the copy @db lacks nothing of an audit of @version. */
static bool
has_all(const char *file, sqlite3 *db, gint64 version, GError **error)
{
	g_autofree char *lack = NULL, *why = NULL;
	GError *failed = NULL;

	if (!schema_compare(db, version, &lack, &failed))
		return refuse_sql(file, failed, error);
	why = g_strdup_printf("it is not a whole audit: %s", lack);
	return !lack || set_refused(file, why, error);
}

/* Migrates the copy @db to this version. */
static bool
migrate(const char *file, sqlite3 *db, GError **error)
{
	GError *failed = NULL;
	gint64 version;

	if (!db_read_version(db, &version, &failed))
		return refuse_sql(file, failed, error);
	if (db_migrate_private(db, db_newest_version(), &failed))
		return true;
	/* Most often because something is missing. */
	if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_FOREIGN) &&
	    !has_all(file, db, version, error)) {
		g_error_free(failed);
		return false;
	}
	return refuse_sql(file, failed, error);
}

/* Makes the copy @db an audit of this version, which audit check would find good and filters can
 * write. *@ret_messages is how many it has. */
static bool
make_good(const char *file, sqlite3 *db, gint64 *ret_messages, GError **error)
{
	GError *failed = NULL;
	gint64 dangling;

	if (!has_integrity(file, db, error) || !migrate(file, db, error) ||
	    !has_all(file, db, db_newest_version(), error))
		return false;
	if (!db_read_int(db, DB_COUNT_DANGLING, &dangling, &failed) ||
	    !db_read_int(db, "SELECT count(*) FROM message", ret_messages, &failed))
		return refuse_sql(file, failed, error);
	return dangling == 0 ||
	       set_refused(file, "it is damaged, since rows refer to a row that does not exist",
	                   error);
}

/* Gives the copy @db pages of @page_size and incremental vacuum. */
static bool
rebuild(const char *file, sqlite3 *db, gint64 page_size, GError **error)
{
	GError *failed = NULL;
	gint64 size, vacuum;

	/* The live file keeps its page size; SQLite would take over auto_vacuum without a word. */
	g_autofree char *make = g_strdup_printf(
	        "PRAGMA page_size=%d; PRAGMA auto_vacuum=INCREMENTAL; VACUUM", (int)page_size);
	if (!db_read_int(db, "PRAGMA page_size", &size, &failed) ||
	    !db_read_int(db, "PRAGMA auto_vacuum", &vacuum, &failed) ||
	    !((size == page_size && vacuum == 2) || db_exec(db, make, &failed)))
		return refuse_sql(file, failed, error);
	return true;
}

static bool
is_same_audit(sqlite3 *db, sqlite3 *other)
{
	static const char ask[] = "SELECT uuid FROM meta";
	g_autofree char *uuid = NULL, *others = NULL;

	return sqlite3_exec(db, ask, take_text, &uuid, NULL) == SQLITE_OK &&
	       sqlite3_exec(other, ask, take_text, &others, NULL) == SQLITE_OK && uuid &&
	       g_strcmp0(uuid, others) == 0;
}

/* Makes each new id in @db, which will be the audit, greater than those given out since @db was
 * copied: a filter under way settles its row by id, and loaders ask for rows above an id. @live
 * (NULL: it cannot be read) knows these only if it is the same audit, not one made anew. */
static bool
raise_ids(sqlite3 *db, sqlite3 *live, GError **error)
{
	static const char *const tables[] = { "message", "run" };

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autofree char *ask = g_strdup_printf(
		        "SELECT max(coalesce((SELECT max(id) FROM %s), 0), coalesce((SELECT "
		        "max(seq) FROM sqlite_sequence WHERE name = '%s'), 0))",
		        tables[i], tables[i]);
		gint64 own, others = 0;
		if (!db_read_int(db, ask, &own, error))
			return false;
		bool known =
		        live && db_read_int(live, ask, &others, NULL) && is_same_audit(db, live);
		gint64 first = MAX(own, others);
		g_autofree char *set = g_strdup_printf("DELETE FROM sqlite_sequence WHERE name = "
		                                       "'%s'; INSERT INTO sqlite_sequence "
		                                       "VALUES ('%s', %" G_GINT64_FORMAT "%s)",
		                                       tables[i], tables[i], first,
		                                       known ? "" : " + " IDS_UNKNOWN);
		if (!db_exec(db, set, error))
			return false;
	}
	return true;
}

/* Copies @from into the live @db, in one transaction for others. Takes the write lock with the
 * first step, so that no more ids are given out while we read them. *@ret_apart: the files of @db
 * are damaged or do not belong together. */
static bool
copy_live(sqlite3 *from, sqlite3 *db, int wait_ms, bool *ret_apart, GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autoptr(sqlite3) reader = NULL;
	gint64 version, until = g_get_monotonic_time() + (gint64)wait_ms * 1000;
	sqlite3_backup *backup = sqlite3_backup_init(db, "main", from, "main");
	int result;

	*ret_apart = false;
	if (!backup) {
		db_set_error(db, error);
		return false;
	}
	while ((result = sqlite3_backup_step(backup, 0)) == SQLITE_BUSY &&
	       g_get_monotonic_time() < until)
		g_usleep(PAUSE);
	bool good = result == SQLITE_OK && belong_check(db, &failed);
	if (good) {
		reader = db_open_readonly(sqlite3_db_filename(db, "main"), wait_ms, &version, NULL);
		good = raise_ids(from, reader, &failed);
	}
	if (good)
		result = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	if (good && result == SQLITE_DONE)
		return true;
	*ret_apart = is_apart(result) || g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART);
	if (failed)
		g_propagate_error(error, g_steal_pointer(&failed));
	else if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
		g_set_error(error, STORE_ERROR, STORE_ERROR_LOCKED,
		            "audit database %s: database is locked",
		            sqlite3_db_filename(db, "main"));
	else
		db_set_error(db, error);
	return false;
}

/* The file that takes the place of a damaged one until the new one does: no database, with a change
 * counter that no log has, and locked, so that nobody opens the old log beside it. */
static const char guard[] = "barefrom audit restore was interrupted here: run it again.\n";

static bool
set_in_the_way(const char *path, const char *what, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY, "audit database %s: %s: %s", path,
	            what, g_strerror(errno));
	return false;
}

static struct flock
all_locks(short type)
{
	return (struct flock){
		.l_type = type, .l_whence = SEEK_SET, .l_start = SHARED_LOCKS, .l_len = 512
	};
}

/* A process that has just opened the damaged file may still open the wal-index by its name: waits
 * until all have closed it. One that stays longer has the index open. */
static void
wait_for_openers(const char *damaged)
{
	gint64 until = g_get_monotonic_time() + (gint64)LEAVE_MOST * 1000;
	int fd = open(damaged, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	for (; fd >= 0 && g_get_monotonic_time() < until; g_usleep(PAUSE)) {
		struct flock lock = all_locks(F_WRLCK);
		if (fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
			break;
	}
	if (fd >= 0)
		close(fd);
}

/* Puts the guard at @path, and moves what was there, if anything, to @damaged. *@ret_fd, which the
 * caller closes, holds the lock. */
static bool
place_guard(const char *path, const char *folder, const char *damaged, int *ret_fd, GError **error)
{
	g_autofree char *temporary = g_strconcat(folder, "/.barefrom-XXXXXX", NULL);
	struct flock lock = all_locks(F_WRLCK);
	int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);

	*ret_fd = fd;
	if (fd < 0)
		return set_in_the_way(path, "no file can be created beside it", error);
	bool good = write(fd, guard, strlen(guard)) == (ssize_t)strlen(guard) &&
	            db_give(fd, folder) && fcntl(fd, F_OFD_SETLK, &lock) == 0;
	/* At no moment is there no file, or the next message would make one. */
	if (good && link(path, damaged) == 0)
		good = rename(temporary, path) == 0;
	else if (good && errno == ENOENT)
		good = link(temporary, path) == 0;
	else
		good = good &&
		       renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_EXCHANGE) == 0 &&
		       rename(temporary, damaged) == 0;
	if (!good)
		set_in_the_way(path, "cannot be moved away", error);
	unlink(temporary);
	return good;
}

/* Moves the live file to @damaged, with its log, journal and index, and puts the scratch file in
 * its place. */
static bool
replace(Scratch *s, const char *damaged, GError **error)
{
	static const char *const ends[] = { "-wal", "-journal", "-shm" };
	int lock = -1;
	bool good = place_guard(s->path, s->folder, damaged, &lock, error);

	for (size_t i = 0; good && i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *from = g_strconcat(s->path, ends[i], NULL),
		                *to = g_strconcat(damaged, ends[i], NULL);
		if (g_str_equal(ends[i], "-shm"))
			wait_for_openers(damaged);
		if (rename(from, to) != 0 && errno != ENOENT)
			good = set_in_the_way(from, "cannot be moved away", error);
	}
	if (good && rename(s->temporary, s->path) != 0)
		good = set_in_the_way(s->path, "cannot be put in its place", error);
	if (good) {
		note_placed(s);
		folder_sync(s->folder);
	}
	if (lock >= 0)
		close(lock);
	return good;
}

/* (transfer full) */
static char *
damaged_path(const char *path)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
	char *damaged = g_strdup_printf("%s.damaged-%s", path, time);

	for (int i = 2; access(damaged, F_OK) == 0; i++) {
		g_free(damaged);
		damaged = g_strdup_printf("%s.damaged-%s.%d", path, time, i);
	}
	return damaged;
}

/* Restores by a new file, since the live one is missing or damaged. */
static bool
restore_anew(Scratch *s, int wait_ms, BackupRestored *done, GError **error)
{
	DbWait wait = { .ms = wait_ms };
	bool is_there = access(s->path, F_OK) == 0;
	g_autofree char *damaged = damaged_path(s->path);

	if (!raise_ids(s->db, NULL, error) || !db_exec(s->db, "PRAGMA journal_mode=WAL", error))
		return false;
	if (!scratch_finish(s) || !db_give(s->fd, s->folder))
		return set_in_the_way(s->path, "its new file cannot be created", error);
	if (!replace(s, damaged, error))
		return false;
	if (!is_there) {
		g_autofree char *log = g_strconcat(damaged, "-wal", NULL);
		g_free(damaged);
		damaged = g_steal_pointer(&log);
	}
	done->damaged = g_steal_pointer(&damaged);
	/* Makes the log and its index, which a reader may not be able to create. All is restored
	 * by now: if this fails, the next message makes them. */
	sqlite3_close(db_open_as_is(s->path, &wait, NULL));
	return true;
}

static bool
restore_live(Scratch *s, const char *file, int wait_ms, BackupRestored *done, bool *ret_apart,
             GError **error)
{
	DbWait wait = { .ms = wait_ms };
	g_autoptr(GError) failed = NULL;
	g_autoptr(sqlite3) db = db_open_to_replace(s->path, &wait, &failed);
	gint64 page_size = BELONG_PAGE_SIZE;

	*ret_apart = g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART);
	if (failed && !*ret_apart) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	if (db && !db_read_int(db, "PRAGMA page_size", &page_size, error))
		return false;
	if (!rebuild(file, s->db, page_size, error)) {
		*ret_apart = false;
		return false;
	}
	if (!db)
		return false;
	if (!copy_live(s->db, db, wait_ms, ret_apart, &failed)) {
		if (!*ret_apart)
			g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	g_autoptr(GError) unmoved = NULL;
	done->log_stays = !db_truncate_log(db, &wait, MIN(wait_ms, TRUNCATE_MOST), &unmoved);
	return true;
}

/* (transfer full) */
static char *
resolve_source(const char *file, const char *path, GError **error)
{
	struct stat info;
	char *real = realpath(file, NULL);

	if (!real || stat(real, &info) != 0 || access(real, R_OK) != 0) {
		g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_MISSING, "%s: %s", file,
		            g_strerror(errno));
	} else if (!S_ISREG(info.st_mode)) {
		set_refused(file, "it is not a regular file", error);
	} else if (place_is_audit(path, real)) {
		set_refused(file, PLACE_AUDIT_WORDS, error);
	} else {
		char *full = g_strdup(real);
		free(real);
		return full;
	}
	free(real);
	return NULL;
}

bool
backup_restore(const char *path, int wait_ms, const char *file, BackupRestored *done,
               GError **error)
{
	g_auto(Scratch) s = { .fd = -1 };
	g_autoptr(GError) failed = NULL;
	bool is_apart;

	*done = (BackupRestored){ 0 };
	g_autofree char *from = resolve_source(file, path, error);
	if (!from)
		return false;
	g_autofree char *full = db_resolve(path, false, &failed);
	/* Files that do not belong together are no obstacle: they are replaced. */
	if (!full && !g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	if (!scratch_open(&s, full ? full : path, "restore", error) ||
	    !read_source(file, from, &s, error) || !make_good(file, s.db, &done->messages, error))
		return false;
	if (restore_live(&s, file, wait_ms, done, &is_apart, error))
		return true;
	return is_apart && restore_anew(&s, wait_ms, done, error);
}

void
backup_restored_clear(BackupRestored *done)
{
	g_clear_pointer(&done->damaged, g_free);
}
