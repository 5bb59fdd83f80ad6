/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/* For tests that look into a database, or change it as another program would. */

/* Another program's connection, with none of our settings. */
static inline sqlite3 *
connect_to(const char *path)
{
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	return db;
}

static inline void
change(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
}

static inline void
change_file(const char *path, const char *sql)
{
	sqlite3 *db = connect_to(path);

	change(db, sql);
	sqlite3_close(db);
}
