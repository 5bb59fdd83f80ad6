/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json: writes JSON texts that a terminal can show. SQLite quotes the strings: the filter has
 * loaded it anyway.
 * May know: JSON. Must not know: what is written.
 * Fails: where memory ends, by ending the program.
 * Follows RFC 8259.
 */
#include "json.h"

#include <sqlite3.h>
#include <string.h>

struct Json {
	sqlite3 *db;
	sqlite3_stmt *quote;
	GString *text;
	GString *open; /* the closing brackets still to be written */
	bool first;
};

Json *
json_new(void)
{
	Json *json = g_new0(Json, 1);

	if (sqlite3_open(":memory:", &json->db) != SQLITE_OK ||
	    sqlite3_prepare_v2(json->db, "SELECT json_quote(?1)", -1, &json->quote, NULL) !=
	            SQLITE_OK)
		g_error("json: %s", sqlite3_errmsg(json->db));
	json->text = g_string_new(NULL);
	json->open = g_string_new(NULL);
	json->first = true;
	return json;
}

void
json_free(Json *json)
{
	sqlite3_finalize(json->quote);
	sqlite3_close(json->db);
	g_string_free(json->text, true);
	g_string_free(json->open, true);
	g_free(json);
}

static void
append_quoted(Json *json, const char *text, size_t length)
{
	sqlite3_bind_text64(json->quote, 1, text, length, SQLITE_STATIC, SQLITE_UTF8);
	if (sqlite3_step(json->quote) != SQLITE_ROW)
		g_error("json: %s", sqlite3_errmsg(json->db));
	const unsigned char *quoted = sqlite3_column_text(json->quote, 0);
	for (const unsigned char *c = quoted; *c; c++) {
		/* A terminal may obey DEL and C1, which JSON allows to stand raw. */
		if (*c == 0x7f) {
			g_string_append(json->text, "\\u007f");
		} else if (*c == 0xc2 && c[1] < 0xa0) {
			g_string_append_printf(json->text, "\\u%04x", c[1]);
			c++;
		} else {
			g_string_append_c(json->text, (char)*c);
		}
	}
	sqlite3_reset(json->quote);
}

static void
begin_value(Json *json, const char *name)
{
	if (!json->first)
		g_string_append_c(json->text, ',');
	json->first = false;
	if (name) {
		append_quoted(json, name, strlen(name));
		g_string_append_c(json->text, ':');
	}
}

static void
begin(Json *json, const char *name, char open, char close)
{
	begin_value(json, name);
	g_string_append_c(json->text, open);
	g_string_append_c(json->open, close);
	json->first = true;
}

void
json_begin_object(Json *json, const char *name)
{
	begin(json, name, '{', '}');
}

void
json_begin_array(Json *json, const char *name)
{
	begin(json, name, '[', ']');
}

void
json_end(Json *json)
{
	g_return_if_fail(json->open->len > 0);
	g_string_append_c(json->text, json->open->str[json->open->len - 1]);
	g_string_truncate(json->open, json->open->len - 1);
	json->first = false;
}

void
json_string(Json *json, const char *name, const char *text, gssize length)
{
	begin_value(json, name);
	if (text)
		append_quoted(json, text, length < 0 ? strlen(text) : (size_t)length);
	else
		g_string_append(json->text, "null");
}

void
json_integer(Json *json, const char *name, gint64 value)
{
	begin_value(json, name);
	g_string_append_printf(json->text, "%" G_GINT64_FORMAT, value);
}

void
json_boolean(Json *json, const char *name, bool value)
{
	begin_value(json, name);
	g_string_append(json->text, value ? "true" : "false");
}

void
json_strings(Json *json, const char *name, const GPtrArray *texts)
{
	json_begin_array(json, name);
	for (guint i = 0; texts && i < texts->len; i++)
		json_string(json, NULL, g_ptr_array_index(texts, i), -1);
	json_end(json);
}

void
json_clear(Json *json)
{
	g_string_truncate(json->text, 0);
	g_string_truncate(json->open, 0);
	json->first = true;
}

const char *
json_text(const Json *json)
{
	return json->text->str;
}
