/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * directory: the compiled directory, an SQLite file of rows that is written once and then only
 * read.
 * May know: SQLite. Must not know: what keys and values mean, where the text is, how a file takes
 * another's place.
 * Fails: with a STORE_ERROR that names the path.
 */
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "filter.h"
#include "plainfile.h"

#define APPLICATION_ID 0x42524452 /* "BRDR" */
#define FORMAT 2

/* Look-ups without the filter: reading it costs as much; a usual message needs fewer. */
#define FILTER_AFTER 200

static const char schema[] =
        "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-65536; PRAGMA temp_store=FILE;"
        "BEGIN;"
        "CREATE TABLE row(key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key, value))"
        " STRICT, WITHOUT ROWID;"
        "CREATE TABLE facts(digest TEXT NOT NULL, folding TEXT NOT NULL, lines INTEGER NOT NULL,"
        " people INTEGER NOT NULL) STRICT;"
        "CREATE TABLE filter(keys BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;";

struct _DirectoryWriter {
	char *path;
	sqlite3 *db;
	sqlite3_stmt *insert;
	GArray *hashes; /* guint64: of the keys */
	GError *failed; /* of the first row that could not be added */
};

struct _Directory {
	char *path;
	sqlite3 *db;
	sqlite3_stmt *find;
	guint asked;  /* look-ups so far, counted up to FILTER_AFTER */
	GBytes *keys; /* the filter; NULL until it is needed */
	int failed;   /* SQLite's code of the first look-up that failed */
};

void
directory_facts_clear(DirectoryFacts *facts)
{
	g_clear_pointer(&facts->digest, g_free);
	g_clear_pointer(&facts->folding, g_free);
}

static StoreError
code_of(int result)
{
	switch (result & 0xff) {
	case SQLITE_FULL:
		return STORE_ERROR_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return STORE_ERROR_READONLY;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_ERROR:
		return STORE_ERROR_FOREIGN;
	default:
		return STORE_ERROR_OTHER;
	}
}

static void
set_error(const char *path, int result, GError **error)
{
	g_set_error(error, STORE_ERROR, code_of(result), "compiled directory %s: %s", path,
	            sqlite3_errstr(result));
}

static bool
run(DirectoryWriter *writer, const char *sql, GError **error)
{
	int result = sqlite3_exec(writer->db, sql, NULL, NULL, NULL);

	if (result != SQLITE_OK)
		set_error(writer->path, result, error);
	return result == SQLITE_OK;
}

DirectoryWriter *
directory_writer_new(const char *path, GError **error)
{
	g_autoptr(DirectoryWriter) writer = g_new0(DirectoryWriter, 1);
	g_autofree char *marks = g_strdup_printf("PRAGMA application_id=%d; PRAGMA user_version=%d",
	                                         APPLICATION_ID, FORMAT);
	g_autofree char *name = db_file_name(path);

	writer->path = g_strdup(path);
	writer->hashes = g_array_new(false, false, sizeof(guint64));
	int result = sqlite3_open_v2(name, &writer->db, SQLITE_OPEN_READWRITE, NULL);
	if (result != SQLITE_OK) {
		set_error(path, result, error);
		return NULL;
	}
	if (!run(writer, schema, error) || !run(writer, marks, error))
		return NULL;
	result = sqlite3_prepare_v2(writer->db, "INSERT OR IGNORE INTO row VALUES(?1, ?2)", -1,
	                            &writer->insert, NULL);
	if (result != SQLITE_OK) {
		set_error(path, result, error);
		return NULL;
	}
	return g_steal_pointer(&writer);
}

void
directory_writer_free(DirectoryWriter *writer)
{
	sqlite3_finalize(writer->insert);
	sqlite3_close(writer->db);
	g_array_unref(writer->hashes);
	g_clear_error(&writer->failed);
	g_free(writer->path);
	g_free(writer);
}

void
directory_writer_add(gpointer data, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
	DirectoryWriter *writer = data;

	if (writer->failed)
		return;
	/* SQLite binds a NULL pointer as NULL, not as an empty value. */
	sqlite3_bind_blob64(writer->insert, 1, key, key_length, SQLITE_STATIC);
	sqlite3_bind_blob64(writer->insert, 2, value_length ? value : "", value_length,
	                    SQLITE_STATIC);
	int result = sqlite3_step(writer->insert);
	if (result != SQLITE_DONE)
		set_error(writer->path, result, &writer->failed);
	sqlite3_reset(writer->insert);
	guint64 hash = filter_hash(key, key_length);
	g_array_append_val(writer->hashes, hash);
}

static guint
read_line(sqlite3_stmt *statement, int column)
{
	const guint8 *bytes = sqlite3_column_blob(statement, column);
	guint line = 0;

	for (int i = 0; bytes && i < sqlite3_column_bytes(statement, column); i++)
		line = line << 8 | bytes[i];
	return line;
}

bool
directory_writer_shared(DirectoryWriter *writer, const char *kinds, bool folded,
                        DirectoryShared shared, gpointer to, GError **error)
{
	static const char sql[] =
	        "SELECT DISTINCT min(substr(value, 1, 4)), max(substr(value, 1, 4)) FROM row"
	        " WHERE instr(?1, substr(key, 1, 1)) > 0 AND (?2 = 0 OR substr(key, 2, 1) = x'30')"
	        " AND length(value) >= 4"
	        " GROUP BY key, substr(value, 5) HAVING count(*) > 1 ORDER BY 1, 2";
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result = sqlite3_prepare_v2(writer->db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK) {
		sqlite3_bind_blob(statement, 1, kinds, (int)strlen(kinds), SQLITE_STATIC);
		sqlite3_bind_int(statement, 2, folded);
		while ((result = sqlite3_step(statement)) == SQLITE_ROW)
			shared(to, read_line(statement, 0), read_line(statement, 1));
	}
	if (result != SQLITE_DONE)
		set_error(writer->path, result, error);
	return result == SQLITE_DONE;
}

static bool
sync_file(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	int reason = errno;

	if (fd >= 0)
		close(fd);
	if (!good)
		g_set_error(error, STORE_ERROR,
		            reason == ENOSPC ? STORE_ERROR_FULL : STORE_ERROR_OTHER,
		            "compiled directory %s: %s", path, g_strerror(reason));
	return good;
}

static bool
write_facts(DirectoryWriter *writer, const DirectoryFacts *facts, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result = sqlite3_prepare_v2(writer->db, "INSERT INTO facts VALUES(?1, ?2, ?3, ?4)", -1,
	                                &statement, NULL);
	if (result == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, facts->digest, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 2, facts->folding, -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3, facts->lines);
		sqlite3_bind_int64(statement, 4, facts->people);
		result = sqlite3_step(statement);
	}
	if (result != SQLITE_DONE)
		set_error(writer->path, result, error);
	return result == SQLITE_DONE;
}

static bool
write_filter(DirectoryWriter *writer, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	g_autoptr(GBytes) keys = filter_new(writer->hashes);
	gsize size;
	const guint8 *bytes = g_bytes_get_data(keys, &size);
	int result = sqlite3_prepare_v2(writer->db, "INSERT INTO filter VALUES(?1, ?2)", -1,
	                                &statement, NULL);

	if (result == SQLITE_OK) {
		sqlite3_bind_blob64(statement, 1, bytes, size, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 2, (sqlite3_int64)filter_sum(bytes, size));
		result = sqlite3_step(statement);
	}
	if (result != SQLITE_DONE)
		set_error(writer->path, result, error);
	return result == SQLITE_DONE;
}

bool
directory_writer_finish(DirectoryWriter *writer, const DirectoryFacts *facts, GError **error)
{
	if (writer->failed) {
		g_propagate_error(error, g_steal_pointer(&writer->failed));
		return false;
	}
	return write_facts(writer, facts, error) && write_filter(writer, error) &&
	       run(writer, "COMMIT", error) && sync_file(writer->path, error);
}

static bool
read_number(Directory *directory, const char *sql, gint64 *ret_number, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result = sqlite3_prepare_v2(directory->db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result != SQLITE_ROW) {
		set_error(directory->path, result, error);
		return false;
	}
	*ret_number = sqlite3_column_int64(statement, 0);
	return true;
}

/* Whether this is a compiled directory that this program knows. */
static bool
check_version(Directory *directory, GError **error)
{
	gint64 id, version;

	if (!read_number(directory, "PRAGMA application_id", &id, error) ||
	    !read_number(directory, "PRAGMA user_version", &version, error))
		return false;
	if (id != APPLICATION_ID || version < 1) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
		            "compiled directory %s: it is another program's file", directory->path);
		return false;
	}
	if (version < FORMAT) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
		            "compiled directory %s: it was made by an older barefrom",
		            directory->path);
		return false;
	}
	if (version > FORMAT) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
		            "compiled directory %s: it was made by a newer barefrom",
		            directory->path);
		return false;
	}
	return true;
}

/* Whether the file is as long as it says: SQLite notices only whole pages that are missing. */
static bool
check_length(Directory *directory, GError **error)
{
	gint64 pages, page_size;
	sqlite3_file *file = NULL;
	sqlite3_int64 size = -1;

	if (!read_number(directory, "PRAGMA page_count", &pages, error) ||
	    !read_number(directory, "PRAGMA page_size", &page_size, error))
		return false;
	/* The size of the open file: another one may have its name by now. */
	sqlite3_file_control(directory->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (file && file->pMethods && file->pMethods->xFileSize(file, &size) == SQLITE_OK &&
	    size == pages * page_size)
		return true;
	set_error(directory->path, SQLITE_CORRUPT, error);
	return false;
}

static bool
read_facts(Directory *directory, DirectoryFacts *ret_facts, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result = sqlite3_prepare_v2(directory->db,
	                                "SELECT digest, folding, lines, people FROM facts", -1,
	                                &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result != SQLITE_ROW) {
		set_error(directory->path, result == SQLITE_DONE ? SQLITE_CORRUPT : result, error);
		return false;
	}
	const char *digest = (const char *)sqlite3_column_text(statement, 0);
	const char *folding = (const char *)sqlite3_column_text(statement, 1);
	/* SQLite does not check NOT NULL when it reads. */
	if (!digest || !folding) {
		set_error(directory->path, SQLITE_CORRUPT, error);
		return false;
	}
	*ret_facts = (DirectoryFacts){
		.digest = g_strdup(digest),
		.folding = g_strdup(folding),
		.lines = sqlite3_column_int64(statement, 2),
		.people = sqlite3_column_int64(statement, 3),
	};
	return true;
}

static bool
open_file(Directory *directory, GError **error)
{
	g_autofree char *uri = db_file_uri(directory->path);
	g_autoptr(GError) failed = NULL;
	int result;

	if (access(directory->path, R_OK) != 0) {
		int reason = errno;
		g_set_error(error, STORE_ERROR,
		            reason == ENOENT ? STORE_ERROR_MISSING : STORE_ERROR_OTHER,
		            "compiled directory %s: %s", directory->path, g_strerror(reason));
		return false;
	}
	if (!plainfile_check(directory->path, false, &failed)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_OTHER, "compiled directory %s",
		            failed->message);
		return false;
	}
	result =
	        sqlite3_open_v2(uri, &directory->db,
	                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (result != SQLITE_OK) {
		set_error(directory->path, result, error);
		return false;
	}
	return true;
}

Directory *
directory_open(const char *path, DirectoryFacts *ret_facts, GError **error)
{
	g_autoptr(Directory) directory = g_new0(Directory, 1);
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };

	directory->path = g_strdup(path);
	if (!open_file(directory, error) || !check_version(directory, error) ||
	    !check_length(directory, error) || !read_facts(directory, &facts, error))
		return NULL;
	/* One transaction for all look-ups, which blocks nobody, since nobody writes. With
	 * cell_size_check, damage is an error instead of hiding a row. */
	int result =
	        sqlite3_exec(directory->db, "PRAGMA cell_size_check=ON; BEGIN", NULL, NULL, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_prepare_v2(directory->db, "SELECT value FROM row WHERE key = ?1",
		                            -1, &directory->find, NULL);
	if (result != SQLITE_OK) {
		set_error(path, result, error);
		return NULL;
	}
	*ret_facts = facts;
	facts = (DirectoryFacts){ NULL, NULL, 0, 0 };
	return g_steal_pointer(&directory);
}

void
directory_close(Directory *directory)
{
	g_clear_pointer(&directory->keys, g_bytes_unref);
	sqlite3_finalize(directory->find);
	sqlite3_close(directory->db);
	g_free(directory->path);
	g_free(directory);
}

/* Reads the filter and checks its sum: a damaged one would hide rows. Returns an SQLite code. */
static int
read_filter(Directory *directory)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result = sqlite3_prepare_v2(directory->db, "SELECT keys, sum FROM filter", -1,
	                                &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result != SQLITE_ROW)
		return result == SQLITE_DONE ? SQLITE_CORRUPT : result;
	const guint8 *keys = sqlite3_column_blob(statement, 0);
	size_t size = (size_t)sqlite3_column_bytes(statement, 0);
	if (!keys || (sqlite3_int64)filter_sum(keys, size) != sqlite3_column_int64(statement, 1))
		return SQLITE_CORRUPT;
	if (!directory->keys)
		directory->keys = g_bytes_new(keys, size);
	return SQLITE_OK;
}

/* Whether the key may be there. Asks the filter once there are many look-ups: most find nothing. */
static bool
may_be_there(Directory *directory, const void *key, size_t length)
{
	gsize size;

	if (directory->asked < FILTER_AFTER) {
		directory->asked++;
		return true;
	}
	if (!directory->keys && directory->failed == SQLITE_OK)
		directory->failed = read_filter(directory);
	if (!directory->keys)
		return true;
	const guint8 *keys = g_bytes_get_data(directory->keys, &size);
	return filter_may_hold(keys, size, filter_hash(key, length));
}

void
directory_find(gpointer data, const void *key, size_t length,
               void (*found)(gpointer to, const void *value, size_t length), gpointer to)
{
	Directory *directory = data;
	int result;

	if (!may_be_there(directory, key, length))
		return;
	sqlite3_bind_blob64(directory->find, 1, key, length, SQLITE_STATIC);
	while ((result = sqlite3_step(directory->find)) == SQLITE_ROW) {
		int size = sqlite3_column_bytes(directory->find, 0);
		const void *value = sqlite3_column_blob(directory->find, 0);
		found(to, value ? value : "", (size_t)size);
	}
	if (result != SQLITE_DONE && directory->failed == SQLITE_OK)
		directory->failed = result;
	sqlite3_reset(directory->find);
}

bool
directory_is_good(const Directory *directory, GError **error)
{
	if (directory->failed != SQLITE_OK)
		set_error(directory->path, directory->failed, error);
	return directory->failed == SQLITE_OK;
}

bool
directory_is_whole(Directory *directory, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int result =
	        sqlite3_prepare_v2(directory->db, "PRAGMA quick_check(1)", -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	const char *word =
	        result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
	if (g_strcmp0(word, "ok") == 0)
		result = read_filter(directory);
	else if (result == SQLITE_ROW)
		result = SQLITE_CORRUPT;
	if (result != SQLITE_OK)
		set_error(directory->path, result, error);
	return result == SQLITE_OK;
}
