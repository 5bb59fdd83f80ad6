/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store-error.h"

/* How long a connection waits for other processes. */
typedef struct {
	int ms;                            /* each time */
	const volatile sig_atomic_t *stop; /* once set, no longer; may be NULL */
	gint64 limit;                      /* monotonic, microseconds: no wait is longer; 0: none */
	gint64 until;                      /* the same, of the wait at hand */
} DbWait;

/* Opens the audit database at @path (":memory:" for a private one), making or migrating it where
 * needed, with all settings of a writer. All waits together are not longer than about
 * wait->ms; later on each is. @wait outlives the connection. (transfer full) */
sqlite3 *db_open(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, of one that exists: a file without tables is an error, too. (transfer full) */
sqlite3 *db_open_existing(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, but nothing is migrated. (transfer full) */
sqlite3 *db_open_as_is(const char *path, DbWait *wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the audit database at @path to read it as it is. Another program's database, or that of a
 * newer barefrom, is an error, and so is one without tables. *@ret_version is the version of its
 * schema. (transfer full) */
sqlite3 *db_open_readonly(const char *path, int wait_ms, gint64 *ret_version,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the file at @full, which has no links and no others' locks, with @flags and none of our
 * settings. (transfer full) */
sqlite3 *db_open_file(const char *full, int flags, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @path with its folder resolved, which may be a link; the file itself may not. It is made if that
 * is wanted. A log without its file is an error. (transfer full) */
char *db_resolve(const char *path, bool make, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the file in @fd the mode of an audit and, as root, the owner of @folder. False: errno. */
bool db_give(int fd, const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the file @from to @path, if nothing is there. False: errno. */
bool db_place(const char *from, const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* The version of the schema; 0: there is none. Another program's database, or that of a newer
 * barefrom, is an error. */
bool db_read_version(sqlite3 *db, gint64 *ret_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings @db, which nobody else has open, to the newest version. */
bool db_migrate_private(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a transaction that writes, if the file and its log belong together; see belong.h. */
bool db_begin(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, right behind another one of this connection: the counter does not go on, which saves
 * a page. */
bool db_begin_again(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends it: commits it if all was @good. */
bool db_end(sqlite3 *db, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the file and its log belong together, asked by a reader, or before the log is moved. */
bool db_is_whole(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The version that db_open() makes. */
gint64 db_newest_version(void);

/* The name of this host, as gethostname() had it at first; static. */
const char *db_host(void);

/* Runs statements without results. */
bool db_exec(sqlite3 *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first column of the first row of @sql. */
bool db_read_int(sqlite3 *db, const char *sql, gint64 *ret_value,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the write-ahead log of @db, which waits by @wait, into the file and makes it empty, as soon
 * as nobody is in the way. After @wait_ms that is a STORE_ERROR_LOCKED. */
bool db_truncate_log(sqlite3 *db, DbWait *wait, int wait_ms, GError **error);

/* Puts the last error of @db into @error. */
void db_set_error(sqlite3 *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close)
