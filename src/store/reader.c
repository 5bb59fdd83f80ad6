/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reader: queries to an audit database.
 * May know: SQLite. Must not know: what is asked, what becomes of the answer.
 * Fails: with a STORE_ERROR, or with an error of the caller's function.
 */
#include "reader.h"

#include "db.h"
#include "schema.h"

struct Reader {
	sqlite3 *db;
	gint64 version;
};

/* ReaderRow is never defined: a row is the statement that has stepped to it. */
static sqlite3_stmt *
statement_of(const ReaderRow *row)
{
	return (sqlite3_stmt *)row;
}

Reader *
reader_open(const char *path, int wait_ms, GError **error)
{
	gint64 version;
	sqlite3 *db = db_open_readonly(path, wait_ms, &version, error);

	if (!db)
		return NULL;
	Reader *reader = g_new(Reader, 1);
	*reader = (Reader){ db, version };
	return reader;
}

void
reader_close(Reader *reader)
{
	sqlite3_close(reader->db);
	g_free(reader);
}

gint64
reader_version(const Reader *reader)
{
	return reader->version;
}

bool
reader_compare_schema(Reader *reader, char **ret_lack, GError **error)
{
	return schema_compare(reader->db, reader->version, ret_lack, error);
}

bool
reader_begin(Reader *reader, GError **error)
{
	return db_exec(reader->db, "BEGIN", error);
}

void
reader_end(Reader *reader)
{
	sqlite3_exec(reader->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
reader_each(Reader *reader, const char *sql, const char *const *texts, ReaderFunc func,
            gpointer data, GError **error)
{
	g_autoptr(sqlite3_stmt) s = NULL;
	int result;

	if (sqlite3_prepare_v2(reader->db, sql, -1, &s, NULL) != SQLITE_OK) {
		db_set_error(reader->db, error);
		return false;
	}
	for (int i = 0; texts && texts[i]; i++)
		sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_STATIC);
	while ((result = sqlite3_step(s)) == SQLITE_ROW) {
		if (!func((const ReaderRow *)s, data, error))
			return false;
	}
	if (result != SQLITE_DONE)
		db_set_error(reader->db, error);
	return result == SQLITE_DONE;
}

int
reader_columns(const ReaderRow *row)
{
	return sqlite3_column_count(statement_of(row));
}

const char *
reader_column_name(const ReaderRow *row, int at)
{
	return sqlite3_column_name(statement_of(row), at);
}

const char *
reader_text(const ReaderRow *row, int at, size_t *ret_length)
{
	sqlite3_stmt *s = statement_of(row);
	bool is_blob = sqlite3_column_type(s, at) == SQLITE_BLOB;
	const void *text = is_blob ? sqlite3_column_blob(s, at) : sqlite3_column_text(s, at);

	if (ret_length)
		*ret_length = (size_t)sqlite3_column_bytes(s, at);
	return is_blob && !text ? "" : text;
}

gint64
reader_integer(const ReaderRow *row, int at)
{
	return sqlite3_column_int64(statement_of(row), at);
}

bool
reader_is_null(const ReaderRow *row, int at)
{
	return sqlite3_column_type(statement_of(row), at) == SQLITE_NULL;
}

bool
reader_is_integer(const ReaderRow *row, int at)
{
	return sqlite3_column_type(statement_of(row), at) == SQLITE_INTEGER;
}

bool
reader_take_integer(const ReaderRow *row, gpointer value, GError **error)
{
	*(gint64 *)value = reader_integer(row, 0);
	return true;
}
