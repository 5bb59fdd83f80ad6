/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that the output is JSON: members and elements are separated as they must be, and every
 * string is quoted so that a reader gets the same bytes back. */
#include "util/json.h"

#include <sqlite3.h>
#include <string.h>

/* What SQLite, as a reader of JSON, finds at @path. */
static char *
read_back(const char *json, const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
	g_assert_cmpint(
	        sqlite3_prepare_v2(db, "SELECT json_extract(?1, ?2), json_valid(?1)", -1, &s, NULL),
	        ==, SQLITE_OK);
	sqlite3_bind_text(s, 1, json, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(s, 2, path, -1, SQLITE_TRANSIENT);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	g_assert_cmpint(sqlite3_column_int(s, 1), ==, 1);
	char *text = g_strdup((const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
	return text;
}

static void
test_object(void)
{
	g_autoptr(Json) json = json_new();

	json_begin_object(json, NULL);
	json_string(json, "a", "text", -1);
	json_integer(json, "b", -7);
	json_boolean(json, "c", true);
	json_boolean(json, "d", false);
	json_string(json, "e", NULL, -1);
	json_begin_array(json, "f");
	json_end(json);
	json_begin_object(json, "g");
	json_end(json);
	json_begin_array(json, "h");
	json_begin_object(json, NULL);
	json_integer(json, "i", 1);
	json_end(json);
	json_begin_object(json, NULL);
	json_end(json);
	json_string(json, NULL, "x", -1);
	json_end(json);
	json_string(json, "j", "", -1);
	json_raw(json, "k", "[1]");
	json_raw(json, "l", "{}");
	json_end(json);
	g_assert_cmpstr(json_text(json), ==,
	                "{\"a\":\"text\",\"b\":-7,\"c\":true,\"d\":false,\"e\":null,\"f\":[],"
	                "\"g\":{},\"h\":[{\"i\":1},{},\"x\"],\"j\":\"\",\"k\":[1],\"l\":{}}");
}

static void
test_integers(void)
{
	g_autoptr(Json) json = json_new();

	json_begin_array(json, NULL);
	json_integer(json, NULL, G_MAXINT64);
	json_integer(json, NULL, G_MININT64);
	json_integer(json, NULL, 0);
	json_end(json);
	g_assert_cmpstr(json_text(json), ==, "[9223372036854775807,-9223372036854775808,0]");
}

static const struct {
	const char *name, *text;
} strings[] = {
	{ "plain", "Jane Doe" },
	{ "empty", "" },
	{ "quote", "a\"b" },
	{ "backslash", "a\\b\\" },
	{ "slash", "a/b" },
	{ "newline", "a\nb\r\n" },
	{ "tab", "a\tb" },
	{ "controls", "\001\002\033\037" },
	{ "delete", "\177" },
	{ "c1", "\302\200\302\233\302\237" },
	{ "behind-c1", "\302\240\303\200" },
	{ "utf8", "J\303\244ne \342\202\254 \360\237\230\200" },
	{ "replacement", "\357\277\275" },
	{ "separator", "a\342\200\250b" },
	{ "json", "{\"a\":[1,null]}" },
	{ "number", "123" },
	{ "null", "null" },
	{ "escape", "\\u0041" },
	{ "address", "\"a\\\"b\"@example.org" },
};

/* As a value, as a name, and as a text of its own. */
static void
test_strings(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
		const char *text = strings[i].text;
		g_autoptr(Json) json = json_new();
		g_test_message("%s", strings[i].name);

		json_begin_object(json, NULL);
		json_string(json, "v", text, -1);
		json_string(json, "n", text, (gssize)strlen(text));
		json_end(json);
		g_autofree char *value = read_back(json_text(json), "$.v");
		g_autofree char *counted = read_back(json_text(json), "$.n");
		g_assert_cmpstr(value, ==, text);
		g_assert_cmpstr(counted, ==, text);
		/* Controls never stand raw: C0 in no JSON (RFC 8259, 7), DEL and C1 in none of
		 * ours. */
		for (const char *p = json_text(json); *p; p = g_utf8_next_char(p))
			g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));

		json_clear(json);
		json_string(json, NULL, text, -1);
		g_autofree char *alone = read_back(json_text(json), "$");
		g_assert_cmpstr(alone, ==, text);
	}
}

static const struct {
	const char *name, *text, *wanted;
} forms[] = {
	{ "short", "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
	{ "no-letter", "\a\v\033\037", "\"\\u0007\\u000b\\u001b\\u001f\"" },
	{ "raw", " !#/[]~", "\" !#/[]~\"" },
	{ "delete", "a\177b", "\"a\\u007fb\"" },
	{ "c1", "\302\200\302\237\302\240", "\"\\u0080\\u009f\302\240\"" },
	{ "all-escaped", "\"\"\\\\", "\"\\\"\\\"\\\\\\\\\"" },
};

/* The audit holds these texts; one form of each, whatever writes them. */
static void
test_forms(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(Json) json = json_new();
		g_test_message("%s", forms[i].name);
		json_string(json, NULL, forms[i].text, -1);
		g_assert_cmpstr(json_text(json), ==, forms[i].wanted);
	}
}

/* Every character there is comes back, and stands as SQLite would quote it, but for DEL and C1. */
static void
test_all_characters(void)
{
	g_autoptr(GString) all = g_string_new(NULL), shown = g_string_new(NULL);
	g_autoptr(Json) json = json_new(), same = json_new();
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	for (gunichar c = 1; c <= 0x10ffff; c++) {
		if (!g_unichar_validate(c))
			continue;
		g_string_append_unichar(all, c);
		if (c < 0x7f || c >= 0xa0)
			g_string_append_unichar(shown, c);
	}
	json_string(json, NULL, all->str, -1);
	g_autofree char *back = read_back(json_text(json), "$");
	g_assert_cmpstr(back, ==, all->str);

	json_string(same, NULL, shown->str, -1);
	g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT json_quote(?1)", -1, &s, NULL), ==,
	                SQLITE_OK);
	sqlite3_bind_text(s, 1, shown->str, -1, SQLITE_STATIC);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	g_assert_cmpstr(json_text(same), ==, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
}

static void
test_lengths(void)
{
	g_autoptr(Json) json = json_new();

	json_begin_array(json, NULL);
	json_string(json, NULL, "abcdef", 3);
	json_string(json, NULL, "abc", 0);
	json_string(json, NULL, "a\0b", 3);
	/* Half a character: what is behind the end is not looked at. */
	json_string(json, NULL, "a\302\200", 2);
	json_end(json);
	g_assert_cmpstr(json_text(json), ==, "[\"abc\",\"\",\"a\\u0000b\",\"a\302\"]");
}

static void
test_names_are_quoted(void)
{
	g_autoptr(Json) json = json_new();

	json_begin_object(json, NULL);
	json_integer(json, "a\"b", 1);
	json_begin_array(json, "c\\d");
	json_end(json);
	json_end(json);
	g_assert_cmpstr(json_text(json), ==, "{\"a\\\"b\":1,\"c\\\\d\":[]}");
}

static void
test_lists(void)
{
	g_autoptr(Json) json = json_new();
	g_autoptr(GPtrArray) texts = g_ptr_array_new();

	json_begin_object(json, NULL);
	json_strings(json, "none", NULL);
	json_strings(json, "empty", texts);
	g_ptr_array_add(texts, (char *)"a");
	g_ptr_array_add(texts, (char *)"b\"");
	json_strings(json, "two", texts);
	json_end(json);
	g_assert_cmpstr(json_text(json), ==,
	                "{\"none\":[],\"empty\":[],\"two\":[\"a\",\"b\\\"\"]}");
}

/* A new text has nothing of the one before, finished or not. */
static void
test_clear(void)
{
	g_autoptr(Json) json = json_new();

	g_assert_cmpstr(json_text(json), ==, "");
	json_begin_object(json, NULL);
	json_begin_array(json, "a");
	json_integer(json, NULL, 1);
	json_clear(json);
	g_assert_cmpstr(json_text(json), ==, "");
	json_begin_array(json, NULL);
	json_integer(json, NULL, 2);
	json_end(json);
	g_assert_cmpstr(json_text(json), ==, "[2]");
}

static void
test_deep(void)
{
	g_autoptr(Json) json = json_new();
	g_autoptr(GString) wanted = g_string_new(NULL);

	for (unsigned i = 0; i < 200; i++) {
		json_begin_array(json, NULL);
		g_string_append_c(wanted, '[');
	}
	for (unsigned i = 0; i < 200; i++) {
		json_end(json);
		g_string_append_c(wanted, ']');
	}
	g_assert_cmpstr(json_text(json), ==, wanted->str);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/object", test_object);
	g_test_add_func("/json/integers", test_integers);
	g_test_add_func("/json/strings", test_strings);
	g_test_add_func("/json/forms", test_forms);
	g_test_add_func("/json/all-characters", test_all_characters);
	g_test_add_func("/json/lengths", test_lengths);
	g_test_add_func("/json/names-are-quoted", test_names_are_quoted);
	g_test_add_func("/json/lists", test_lists);
	g_test_add_func("/json/clear", test_clear);
	g_test_add_func("/json/deep", test_deep);
	return g_test_run();
}
