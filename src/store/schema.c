/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema: whether a database has all that an audit made anew has.
 * May know: SQLite, its table of the schema. Must not know: which tables there are, what they mean.
 * Fails: with a STORE_ERROR; what is missing is no error.
 */
#include "schema.h"

#include "db.h"
#include "text.h"

/* Each question yields one text a row, in the words for people: the same of both databases. ?1 is
 * the type of an object, ?2 its name. Rows can be written and read without an index, and whatever
 * else is said of a column than that it is the key. */
static const char objects[] = "SELECT type || ' ' || lower(name) FROM sqlite_schema "
                              "WHERE type = 'table' OR type = 'view' ORDER BY type, rowid";
static const char columns[] = "SELECT lower(name) || iif(pk, ' PRIMARY KEY', '') "
                              "FROM pragma_table_info(?2)";
static const char triggers[] = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND "
                               "lower(tbl_name) = ?2 AND ?1 = 'table'";

static GPtrArray *
ask(sqlite3 *db, const char *question, const char *type, const char *name, GError **error)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) s = NULL;
	int result = sqlite3_prepare_v2(db, question, -1, &s, NULL);

	if (result == SQLITE_OK) {
		sqlite3_bind_text(s, 1, type, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
		while ((result = sqlite3_step(s)) == SQLITE_ROW)
			g_ptr_array_add(texts, g_strdup((const char *)sqlite3_column_text(s, 0)));
	}
	if (result == SQLITE_DONE)
		return g_steal_pointer(&texts);
	db_set_error(db, error);
	return NULL;
}

/* The first of @wanted that is not in @found; NULL: all are. */
static const char *
first_missing(const GPtrArray *wanted, const GPtrArray *found)
{
	for (guint i = 0; i < wanted->len; i++) {
		const char *text = g_ptr_array_index(wanted, i);
		if (!g_ptr_array_find_with_equal_func((GPtrArray *)found, text, g_str_equal, NULL))
			return text;
	}
	return NULL;
}

/* Compares an object that both have. */
static bool
compare_object(sqlite3 *fresh, sqlite3 *db, const char *type, const char *name, char **ret_lack,
               GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autoptr(GPtrArray) wanted = ask(fresh, columns, type, name, error);
	g_autoptr(GPtrArray) found = wanted ? ask(db, columns, type, name, &failed) : NULL;
	g_autoptr(GPtrArray) more = found ? ask(db, triggers, type, name, &failed) : NULL;

	if (!wanted)
		return false;
	if (!more) {
		bool cannot = g_error_matches(failed, STORE_ERROR, STORE_ERROR_FOREIGN);
		if (cannot)
			*ret_lack = g_strdup_printf("its %s %s cannot be read", type, name);
		else
			g_propagate_error(error, g_steal_pointer(&failed));
		return cannot;
	}
	const char *missing = first_missing(wanted, found);
	if (missing) {
		*ret_lack =
		        g_strdup_printf("it has no column %s in its %s %s", missing, type, name);
	} else if (more->len > 0) {
		g_autofree char *clean = text_clean_string(g_ptr_array_index(more, 0));
		*ret_lack =
		        g_strdup_printf("it has the trigger %s on its %s %s", clean, type, name);
	}
	return true;
}

static bool
compare_objects(sqlite3 *fresh, sqlite3 *db, char **ret_lack, GError **error)
{
	g_autoptr(GPtrArray) wanted = ask(fresh, objects, NULL, NULL, error);
	g_autoptr(GPtrArray) found = wanted ? ask(db, objects, NULL, NULL, error) : NULL;

	if (!found)
		return false;
	const char *missing = first_missing(wanted, found);
	if (missing)
		*ret_lack = g_strdup_printf("it has no %s", missing);
	for (guint i = 0; i < wanted->len && !*ret_lack; i++) {
		g_auto(GStrv) words = g_strsplit(g_ptr_array_index(wanted, i), " ", 2);
		if (!compare_object(fresh, db, words[0], words[1], ret_lack, error))
			return false;
	}
	return true;
}

bool
schema_compare(sqlite3 *db, gint64 version, char **ret_lack, GError **error)
{
	g_autoptr(sqlite3) fresh = db_make_private(version, error);
	gint64 rows;

	*ret_lack = NULL;
	if (!fresh || !compare_objects(fresh, db, ret_lack, error))
		return false;
	if (*ret_lack || version < DB_META_VERSION)
		return true;
	if (!db_read_int(db, "SELECT count(*) FROM meta", &rows, error))
		return false;
	if (rows != 1)
		*ret_lack = g_strdup_printf(
		        "its table meta has %" G_GINT64_FORMAT " rows instead of one", rows);
	return true;
}
