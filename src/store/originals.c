/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * originals: which heads are the result of edits, and what they were before.
 * May know: SQLite, the tables of the audit. Must not know: what a head is, how edits are undone.
 * Fails: with a STORE_ERROR.
 */
#include "originals.h"

#include "db.h"

#define IDS_SHOWN 20

/* If more rows than this have one hash, they are read once, and then only those that are new. */
#define ROWS_REREAD 100

/* Worded exactly as in the partial index, so that SQLite uses that. */
#define IS_CHANGED "action IN ('stripped', 'replaced')"

typedef enum { HAS, FIND, EDITS, N_STATEMENTS } Statement;

/* The rows of one hash, as far as they were read. */
typedef struct {
	Original original;
	gint64 last;   /* the id of the last of them */
	guint n, read; /* how many count, and how many there were */
} Rows;

struct Originals {
	sqlite3 *db;
	gint64 version;
	sqlite3_stmt *statements[N_STATEMENTS];
	/* Sets of the first 64 bits of hashes; NULL: not read. */
	GHashTable *changed; /* of heads after their edits */
	GHashTable *left;    /* of heads before their edits, or left as they were */

	GHashTable *chosen; /* gint64: ids of rows; NULL: all count */
	GHashTable *many;   /* char *: a hash of many rows -> Rows */
	GError *failed;
};

static void
rows_free(gpointer data)
{
	Rows *rows = data;

	original_clear(&rows->original);
	g_free(rows);
}

Originals *
originals_open(const char *path, int wait_ms, GError **error)
{
	static const char has[] =
	        "SELECT 1 FROM message WHERE head_after_sha256 = ?1 AND " IS_CHANGED " LIMIT 1";
	static const char find[] = "SELECT id, head_before_sha256 FROM message "
	                           "WHERE head_after_sha256 = ?1 AND id > ?2 AND " IS_CHANGED
	                           " AND head_before_sha256 IS NOT NULL ORDER BY id";
	static const char edits[] =
	        "SELECT before, after, position FROM edit WHERE message = ?1 ORDER BY id";
	static const char edits_before_3[] =
	        "SELECT before, after, NULL FROM edit WHERE message = ?1 ORDER BY id";
	g_autoptr(Originals) o = g_new0(Originals, 1);

	o->many = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, rows_free);
	o->db = db_open_readonly(path, wait_ms, &o->version, error);
	if (!o->db)
		return NULL;
	const char *const sql[N_STATEMENTS] = { has, find,
		                                o->version < 3 ? edits_before_3 : edits };
	for (size_t i = 0; i < N_STATEMENTS; i++) {
		if (sqlite3_prepare_v2(o->db, sql[i], -1, &o->statements[i], NULL) != SQLITE_OK) {
			db_set_error(o->db, error);
			return NULL;
		}
	}
	return g_steal_pointer(&o);
}

void
originals_close(Originals *o)
{
	for (size_t i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(o->statements[i]);
	sqlite3_close(o->db);
	g_clear_pointer(&o->changed, g_hash_table_unref);
	g_clear_pointer(&o->left, g_hash_table_unref);
	g_clear_pointer(&o->chosen, g_hash_table_unref);
	g_clear_pointer(&o->many, g_hash_table_unref);
	g_clear_error(&o->failed);
	g_free(o);
}

/* The first 64 bits of the hash. */
static gpointer
key_of(const char *sha256)
{
	guint64 key = 0;

	/* The low four bits of a digit are its value; a letter, which has bit 6 set, is 9 more. */
	for (size_t i = 0; i < 16 && sha256[i]; i++)
		key = key << 4 | (guint64)(((sha256[i] & 15) + (sha256[i] >> 6) * 9) & 15);
	return GSIZE_TO_POINTER((gsize)key);
}

static void
add_key(GHashTable *set, sqlite3_stmt *s, int column)
{
	const char *sha256 = (const char *)sqlite3_column_text(s, column);

	if (sha256)
		g_hash_table_add(set, key_of(sha256));
}

static bool
end(const Originals *o, sqlite3_stmt *s, int result, GError **error)
{
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		db_set_error(o->db, error);
	sqlite3_reset(s);
	return result == SQLITE_DONE || result == SQLITE_ROW;
}

bool
originals_load(Originals *o, GError **error)
{
	static const char sql[] =
	        "SELECT " IS_CHANGED ", head_before_sha256, head_after_sha256 FROM message";
	g_autoptr(sqlite3_stmt) s = NULL;
	int result = sqlite3_prepare_v2(o->db, sql, -1, &s, NULL);

	g_clear_pointer(&o->changed, g_hash_table_unref);
	g_clear_pointer(&o->left, g_hash_table_unref);
	o->changed = g_hash_table_new(NULL, NULL);
	o->left = g_hash_table_new(NULL, NULL);
	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(s);
		if (result != SQLITE_ROW)
			break;
		add_key(o->left, s, 1);
		if (sqlite3_column_int(s, 0))
			add_key(o->changed, s, 2);
	}
	return end(o, s, result, error);
}

bool
originals_can_load(const Originals *o)
{
	return !o->left;
}

bool
originals_choose(Originals *o, OriginalsBy by, const char *text, guint *ret_rows,
                 guint *ret_changed, GError **error)
{
	static const char *const where[] = {
		"id = CAST(?1 AS INTEGER)",
		"queue_id = ?1",
		"message_id_header IN (?1, '<' || ?1 || '>')",
	};
	g_autofree char *sql =
	        g_strconcat("SELECT id, " IS_CHANGED ", head_before_sha256, head_after_sha256 "
	                    "FROM message WHERE ",
	                    where[by], NULL);
	g_autoptr(sqlite3_stmt) s = NULL;
	int result = sqlite3_prepare_v2(o->db, sql, -1, &s, NULL);

	*ret_rows = *ret_changed = 0;
	o->changed = g_hash_table_new(NULL, NULL);
	o->left = g_hash_table_new(NULL, NULL);
	o->chosen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	sqlite3_bind_text(s, 1, text, -1, SQLITE_STATIC);
	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(s);
		if (result != SQLITE_ROW)
			break;
		gint64 id = sqlite3_column_int64(s, 0);
		++*ret_rows;
		add_key(o->left, s, 2);
		if (!sqlite3_column_int(s, 1))
			continue;
		++*ret_changed;
		add_key(o->changed, s, 3);
		g_hash_table_add(o->chosen, g_memdup2(&id, sizeof id));
	}
	return end(o, s, result, error);
}

bool
originals_has(Originals *o, const char *sha256)
{
	sqlite3_stmt *s = o->statements[HAS];

	/* An older schema has no index. */
	if (!o->changed && o->version < 3 && !o->failed && !originals_load(o, &o->failed))
		return false;
	if (o->changed)
		return g_hash_table_contains(o->changed, key_of(sha256));
	sqlite3_bind_text(s, 1, sha256, -1, SQLITE_STATIC);
	int result = sqlite3_step(s);
	return end(o, s, result, o->failed ? NULL : &o->failed) && result == SQLITE_ROW;
}

bool
originals_had(const Originals *o, const char *sha256)
{
	return o->left && g_hash_table_contains(o->left, key_of(sha256));
}

bool
originals_check(const Originals *o, GError **error)
{
	if (o->failed)
		g_propagate_error(error, g_error_copy(o->failed));
	return !o->failed;
}

static void
add_row(const Originals *o, Rows *rows, gint64 id, const char *before)
{
	Original *original = &rows->original;

	rows->last = id;
	rows->read++;
	if (o->chosen && !g_hash_table_contains(o->chosen, &id))
		return;
	guint n = rows->n++;
	if (n == 0) {
		original->id = id;
		g_strlcpy(original->before_sha256, before, DIGEST_SIZE);
	}
	original->differ = original->differ || !g_str_equal(original->before_sha256, before);
	if (n < IDS_SHOWN)
		g_string_append_printf(original->ids, "%s%" G_GINT64_FORMAT, n ? ", " : "", id);
	else if (n == IDS_SHOWN)
		g_string_append(original->ids, ", ...");
}

/* Reads those rows of @sha256 that were not read before. */
static bool
read_rows(Originals *o, const char *sha256, Rows *rows, GError **error)
{
	sqlite3_stmt *s = o->statements[FIND];
	int result;

	sqlite3_bind_text(s, 1, sha256, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, rows->last);
	while ((result = sqlite3_step(s)) == SQLITE_ROW)
		add_row(o, rows, sqlite3_column_int64(s, 0),
		        (const char *)sqlite3_column_text(s, 1));
	return end(o, s, result, error);
}

bool
originals_find(Originals *o, const char *sha256, Original *ret_original, GError **error)
{
	Rows *many = g_hash_table_lookup(o->many, sha256);
	Rows few = { .last = G_MININT64 };

	if (!many)
		few.original.ids = g_string_new(NULL);
	bool good = read_rows(o, sha256, many ? many : &few, error);
	if (!many && few.read > ROWS_REREAD) {
		many = g_memdup2(&few, sizeof few);
		g_hash_table_insert(o->many, g_strdup(sha256), many);
	}
	*ret_original = many ? many->original : few.original;
	if (many)
		ret_original->ids = g_string_new(many->original.ids->str);
	return good;
}

void
original_clear(Original *original)
{
	if (original->ids)
		g_string_free(original->ids, true);
	original->ids = NULL;
}

bool
originals_edits(Originals *o, gint64 id, OriginalsEdit func, gpointer data, GError **error)
{
	sqlite3_stmt *s = o->statements[EDITS];
	int result;

	sqlite3_bind_int64(s, 1, id);
	while ((result = sqlite3_step(s)) == SQLITE_ROW) {
		bool has_position = sqlite3_column_type(s, 2) == SQLITE_INTEGER;
		const char *before = sqlite3_column_blob(s, 0), *after = sqlite3_column_blob(s, 1);
		func(has_position ? sqlite3_column_int64(s, 2) : -1, before ? before : "",
		     (size_t)sqlite3_column_bytes(s, 0), after ? after : "",
		     (size_t)sqlite3_column_bytes(s, 1), data);
	}
	return end(o, s, result, error);
}
