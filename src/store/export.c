/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: the messages of an audit as JSON lines or CSV, whatever the version of its schema.
 * May know: its tables. Must not know: where the text goes.
 * Fails: with a STORE_ERROR, or with what the caller's function says.
 * Follows RFC 8259 and RFC 4180. CSV cells are made harmless for spreadsheets.
 */
#include "export.h"

#include <string.h>

#include "json.h"

/* After the columns of message come these. */
enum {
	SIGNATURES,
	RECIPIENTS,
	FIELD,
	NTH,
	ACTION,
	BEFORE,
	AFTER,
	DISPLAY_NAMES,
	ADDRESSES,
	N_OTHERS
};

/* In the order of numbers it needs no sorting, so rows come as they are read; the plus sign keeps
 * it away from the index of times. A list is JSON already; a careless hand may have made something
 * else of it. */
static const char messages_sql[] =
        "SELECT m.*, "
        "iif(json_valid(m.signatures), json(m.signatures), json_quote(m.signatures)), "
        "(SELECT json_group_array(address) FROM recipient WHERE message = m.id), "
        "e.field, e.nth, e.action, e.before, e.after, "
        "iif(json_valid(e.display_names), json(e.display_names), json_quote(e.display_names)), "
        "iif(json_valid(e.addresses), json(e.addresses), json_quote(e.addresses)) "
        "FROM message AS m LEFT JOIN edit AS e ON e.message = m.id "
        "WHERE m.id > CAST(?1 AS INTEGER) AND +m.at >= ?2 ORDER BY m.id, e.id";

static const char columns_sql[] = "SELECT name FROM pragma_table_info('message') ORDER BY cid";

typedef struct {
	ExportFormat format;
	ExportFunc func;
	gpointer data;
	Json *json;
	GString *text;  /* the piece at hand */
	gint64 id;      /* of the message whose edits are being written; 0: none */
	bool has_edits; /* already */
} Export;

static bool
hand_over(Export *e, GError **error)
{
	bool good = e->func(e->text->str, e->text->len, e->data, error);

	g_string_truncate(e->text, 0);
	return good;
}

/* @text inside of a quoted cell. */
static void
append_quoted(GString *to, const char *text)
{
	const char *quote;

	while ((quote = strchr(text, '"'))) {
		g_string_append_len(to, text, quote - text + 1);
		g_string_append_c(to, '"');
		text = quote + 1;
	}
	g_string_append(to, text);
}

/* What makes a spreadsheet calculate; some take the wide forms too. With the apostrophe among them,
 * taking one off gives every value back. */
static bool
is_formula(const char *text)
{
	static const char *const beginnings[] = { "=",
		                                  "+",
		                                  "-",
		                                  "@",
		                                  "'",
		                                  "\t",
		                                  "\357\274\235",
		                                  "\357\274\213",
		                                  "\357\274\215",
		                                  "\357\274\240" };

	for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++) {
		if (g_str_has_prefix(text, beginnings[i]))
			return true;
	}
	return false;
}

/* No text is a cell with nothing in it, the empty text one of two quotes. */
static void
append_cell(GString *to, const char *text, bool is_number)
{
	if (!text)
		return;
	if (is_number || (*text && !strpbrk(text, "\",\r\n") && !is_formula(text))) {
		g_string_append(to, text);
		return;
	}
	g_string_append_c(to, '"');
	if (is_formula(text))
		g_string_append_c(to, '\'');
	append_quoted(to, text);
	g_string_append_c(to, '"');
}

static bool
take_column_name(const ReaderRow *row, gpointer text, GError **error)
{
	append_cell(text, reader_text(row, 0, NULL), false);
	g_string_append_c(text, ',');
	return true;
}

static bool
begin_file(Export *e, Reader *reader, GError **error)
{
	if (e->format == EXPORT_JSONL)
		return true;
	if (!reader_each(reader, columns_sql, NULL, take_column_name, e->text, error))
		return false;
	g_string_append(e->text, "recipients,edits\r\n");
	return hand_over(e, error);
}

static void
add_bytes(Json *json, const char *name, const ReaderRow *row, int at)
{
	size_t length;
	const char *bytes = reader_text(row, at, &length);
	g_autofree char *base64 = g_base64_encode((const guchar *)bytes, length);

	json_string(json, name, base64, -1);
}

static void
add_edit(Export *e, const ReaderRow *row, int others)
{
	json_clear(e->json);
	json_begin_object(e->json, NULL);
	json_string(e->json, "field", reader_text(row, others + FIELD, NULL), -1);
	json_integer(e->json, "nth", reader_integer(row, others + NTH));
	json_string(e->json, "action", reader_text(row, others + ACTION, NULL), -1);
	add_bytes(e->json, "before_base64", row, others + BEFORE);
	add_bytes(e->json, "after_base64", row, others + AFTER);
	json_raw(e->json, "display_names", reader_text(row, others + DISPLAY_NAMES, NULL));
	json_raw(e->json, "addresses", reader_text(row, others + ADDRESSES, NULL));
	json_end(e->json);
	if (e->has_edits)
		g_string_append_c(e->text, ',');
	e->has_edits = true;
	if (e->format == EXPORT_JSONL)
		g_string_append(e->text, json_text(e->json));
	else
		append_quoted(e->text, json_text(e->json));
}

static void
begin_object(Export *e, const ReaderRow *row, int others)
{
	Json *json = e->json;

	json_clear(json);
	json_begin_object(json, NULL);
	for (int i = 0; i < others; i++) {
		const char *name = reader_column_name(row, i);
		if (g_str_equal(name, "signatures"))
			json_raw(json, name, reader_text(row, others + SIGNATURES, NULL));
		else if (g_str_equal(name, "in_scope"))
			json_boolean(json, name, reader_integer(row, i) != 0);
		else if (reader_is_integer(row, i))
			json_integer(json, name, reader_integer(row, i));
		else
			json_string(json, name, reader_text(row, i, NULL), -1);
	}
	json_raw(json, "recipients", reader_text(row, others + RECIPIENTS, NULL));
	json_begin_array(json, "edits");
	g_string_append(e->text, json_text(json));
}

static void
begin_cells(Export *e, const ReaderRow *row, int others)
{
	for (int i = 0; i < others; i++) {
		bool is_number = reader_is_integer(row, i); /* not asked after the conversion */
		append_cell(e->text, reader_text(row, i, NULL), is_number);
		g_string_append_c(e->text, ',');
	}
	append_cell(e->text, reader_text(row, others + RECIPIENTS, NULL), false);
	g_string_append(e->text, ",\"[");
}

static void
end_message(Export *e)
{
	if (e->id != 0)
		g_string_append(e->text, e->format == EXPORT_JSONL ? "]}\n" : "]\"\r\n");
	e->id = 0;
}

/* One row for each edit, or a single one for a message without any. */
static bool
take_row(const ReaderRow *row, gpointer data, GError **error)
{
	Export *e = data;
	int others = reader_columns(row) - N_OTHERS;
	gint64 id = reader_integer(row, 0);

	if (id != e->id) {
		end_message(e);
		e->id = id;
		e->has_edits = false;
		if (e->format == EXPORT_JSONL)
			begin_object(e, row, others);
		else
			begin_cells(e, row, others);
	}
	if (!reader_is_null(row, others + FIELD))
		add_edit(e, row, others);
	return hand_over(e, error);
}

bool
export_messages(Reader *reader, ExportFormat format, const char *since, const char *since_id,
                ExportFunc func, gpointer data, GError **error)
{
	const char *const texts[] = { since_id, since, NULL };
	Export e = { format, func, data };

	if (!reader_begin(reader, error))
		return false;
	e.json = json_new();
	e.text = g_string_new(NULL);
	bool good = begin_file(&e, reader, error) &&
	            reader_each(reader, messages_sql, texts, take_row, &e, error);
	if (good) {
		end_message(&e);
		good = hand_over(&e, error);
	}
	reader_end(reader);
	json_free(e.json);
	g_string_free(e.text, true);
	return good;
}
