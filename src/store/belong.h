/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store-error.h"

/* The message of each error about an audit and its log that do not fit, or that are damaged. */
#define BELONG_WORDS "the audit and its -wal do not belong together: run barefrom audit restore"

#define BELONG_PAGE_SIZE 4096

/* To be called before SQLite opens @path, which must have no links: SQLite deletes the log of a
 * main file that is empty or missing. False, STORE_ERROR_APART: there is such a log, and it is not
 * empty. */
bool belong_before(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Within a transaction of @db, best under the write lock: whether its file is still the one at its
 * path, and is the one that its write-ahead log was written for. True if that cannot be known;
 * false is a STORE_ERROR_APART. */
bool belong_check(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which files are the write-ahead log of a database, and the index of that. */
typedef struct {
	guint64 devices[2], inodes[2]; /* an inode 0: not known */
} BelongLog;

/* The files that @db, which has been read, uses now. */
BelongLog belong_log(sqlite3 *db);

/* Whether the files of @log are still there. If not, nobody else will read what @db writes, and the
 * log that others make does not know of it. False: a STORE_ERROR_APART. */
bool belong_has_log(sqlite3 *db, const BelongLog *log, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the main file of @db says that it is in WAL mode. Ignores a newer copy of that page in
 * the log. */
bool belong_is_wal(sqlite3 *db);

/* Fills @page with the first page of an empty database in WAL mode, with incremental vacuum. Its
 * change counter is random, so that the log of another audit does not fit it. */
void belong_first_page(guint8 page[BELONG_PAGE_SIZE]);

/* Gives the closed database in @fd a random change counter. False: errno is set. */
bool belong_begin_anywhere(int fd) G_GNUC_WARN_UNUSED_RESULT;
