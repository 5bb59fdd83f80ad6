/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store-error.h"

/* Counts the rows that refer to a row that does not exist. */
#define DB_COUNT_DANGLING "SELECT count(*) FROM pragma_foreign_key_check"

/* The version that introduced the table meta. */
#define DB_META_VERSION 3

/* How long a connection waits for other processes. */
typedef struct {
	int ms;                            /* for each wait */
	const volatile sig_atomic_t *stop; /* ends waits once it is set; may be NULL */
	gint64 limit; /* monotonic, microseconds: waits end then, whatever `ms` says; 0: none */
	gint64 until; /* monotonic, microseconds: the end of the current wait */
} DbWait;

/* SQLite opens ":memory:" and the empty name without a file, and may read "file:..." as a URI. This
 * is the name by which it opens the file at @path, whatever that is. (transfer full) */
char *db_file_name(const char *path);

/* The same as a URI (sqlite.org/uri.html), for a file that nobody changes. (transfer full) */
char *db_file_uri(const char *path);

/* Opens the audit database at @path for writing; makes or migrates it if needed. All its waits
 * together take at most about wait->ms; later, each wait does. @wait must outlive the connection.
 * (transfer full) */
sqlite3 *db_open(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, but makes none: STORE_ERROR_MISSING if there is no file, or one without tables.
 * (transfer full) */
sqlite3 *db_open_existing(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as db_open_existing(), but migrates nothing. (transfer full) */
sqlite3 *db_open_as_is(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as db_open(), but migrates nothing except an empty file: all in it is to be replaced.
 * (transfer full) */
sqlite3 *db_open_to_replace(const char *path, DbWait *wait,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the audit database at @path to read it, whatever the version of its schema, *@ret_version.
 * STORE_ERROR_FOREIGN: another program's database; _NEWER: that of a newer barefrom; _MISSING:
 * none, or one without tables. No wait is longer than @wait_ms. (transfer full) */
sqlite3 *db_open_readonly(const char *path, int wait_ms, gint64 *ret_version,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the file at @path, which has no symbolic links, with @flags (SQLITE_OPEN_...) and none of
 * our settings. (transfer full) */
sqlite3 *db_open_file(const char *path, int flags, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, to read a file that nobody changes and that has no log: makes none. (transfer full) */
sqlite3 *db_open_immutable(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @path with its directory resolved, which may be a link; what is there must be a regular file.
 * Makes the file if @make is set. A log without its file is an error. (transfer full) */
char *db_resolve(const char *path, bool make, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the file in @fd the mode of an audit and, as root, the owner of the directory @folder.
 * False: errno is set. */
bool db_give(int fd, const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the file @from to @path unless something is there. False: errno is set. */
bool db_place(const char *from, const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* The version of the schema; 0: the file is empty. Another program's database, or that of a newer
 * barefrom, is an error. */
bool db_read_version(sqlite3 *db, gint64 *ret_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An audit in memory as @version makes it, without rows of messages. (transfer full) */
sqlite3 *db_make_private(gint64 version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Migrates @db, which no other process has open, up to @version. */
bool db_migrate_private(sqlite3 *db, gint64 version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a write transaction, and checks that the file and its log belong together (belong.h), and
 * that no newer barefrom has migrated the file since it was opened. */
bool db_begin(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, right after another transaction of this connection: does not increment the change
 * counter, which saves writing a page. */
bool db_begin_again(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits the transaction if all was @good, else rolls it back. False: it was rolled back; @error
 * is set only if the commit failed. */
bool db_end(sqlite3 *db, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the file and its log belong together; for readers, and before the log is moved. */
bool db_is_whole(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The version of the schema that db_open() makes. */
gint64 db_newest_version(void);

/* The name of this host, as gethostname(2) gave it first; valid UTF-8, static. */
const char *db_host(void);

/* Runs statements without results. */
bool db_exec(sqlite3 *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first column of the first row of @sql. */
bool db_read_int(sqlite3 *db, const char *sql, gint64 *ret_value,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the write-ahead log of @db, which waits by @wait, into the file and empties it. Tries until
 * @wait_ms have passed; STORE_ERROR_LOCKED: others still use the log. */
bool db_truncate_log(sqlite3 *db, DbWait *wait, int wait_ms, GError **error);

/* Sets @error to the last error of @db. */
void db_set_error(sqlite3 *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close)
