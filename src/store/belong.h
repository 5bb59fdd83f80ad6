/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store-error.h"

/* What is said wherever an audit and its log do not fit, or SQLite finds one of them damaged. */
#define BELONG_WORDS "the audit and its -wal do not belong together: run barefrom audit restore"

#define BELONG_PAGE_SIZE 4096

/* Before SQLite opens @path, which has no links: beside a main file that is empty, or not there, it
 * deletes the log. Such a log with something in it is a STORE_ERROR_APART. */
bool belong_before(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Within a transaction of @db, best under the write lock: whether its file is still the one at its
 * path, and is the one that its write-ahead log was written for. Where that can't be known, it is.
 * No is a STORE_ERROR_APART. */
bool belong_check(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the main file of @db says that it has a write-ahead log; not for the format of its page
 * in the log. */
bool belong_is_wal(sqlite3 *db);

/* The first page of a database that holds nothing, in WAL mode, with incremental vacuum; its
 * change counter begins anywhere, so that the log of another audit does not fit it. */
void belong_first_page(guint8 page[BELONG_PAGE_SIZE]);

/* Lets the change counter of the closed database in @fd begin anywhere. False: errno. */
bool belong_begin_anywhere(int fd) G_GNUC_WARN_UNUSED_RESULT;
