/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: messages and runs of an audit as JSON lines or CSV, whatever the version of its schema.
 * May know: its tables. Must not know: where the text goes.
 * Fails: with a STORE_ERROR, or with an error of the caller's function.
 * Follows RFC 8259 and RFC 4180. CSV cells are made harmless for spreadsheets.
 */
#include "export.h"

#include <string.h>

#include "json.h"

/* The columns after those of the table: the first N_OF_RUN for a run, all for a message. */
enum {
	HOST,
	AUDIT,
	N_OF_RUN,
	SIGNATURES = N_OF_RUN,
	RECIPIENTS,
	FIELD,
	NTH,
	ACTION,
	BEFORE,
	AFTER,
	DISPLAY_NAMES,
	ADDRESSES,
	POSITION,
	N_OF_MESSAGE
};

/* The parts of a query that are NULL for versions that lack them. */
typedef struct {
	const char *message_host, *run_host, *audit, *position;
} Parts;

static const Parts parts_before_3 = { "NULL, ", "NULL, ", "NULL", "NULL" };
static const Parts parts = { "coalesce(m.host, (SELECT host FROM meta)), ",
	                     "(SELECT host FROM meta), ", "(SELECT uuid FROM meta)", "e.position" };

/* Ordered by id, which needs no sorting, so rows come as they are read; the plus sign keeps SQLite
 * from using the index of times. A list is JSON already, unless somebody has edited it badly. */
static char *
messages_sql(const Parts *p)
{
	return g_strconcat(
	        "SELECT m.*, ", p->message_host, p->audit,
	        ", iif(json_valid(m.signatures), json(m.signatures), json_quote(m.signatures)), "
	        "(SELECT json_group_array(address) FROM recipient WHERE message = m.id), "
	        "e.field, e.nth, e.action, e.before, e.after, "
	        "iif(json_valid(e.display_names), json(e.display_names), "
	        "json_quote(e.display_names)), "
	        "iif(json_valid(e.addresses), json(e.addresses), json_quote(e.addresses)), ",
	        p->position,
	        " FROM message AS m LEFT JOIN edit AS e ON e.message = m.id "
	        "WHERE m.id > CAST(?1 AS INTEGER) AND +m.at >= ?2 AND m.id <= coalesce("
	        "(SELECT min(id) - 1 FROM message WHERE outcome = 'pending' AND +at > ?3), "
	        "9223372036854775807) ORDER BY m.id, e.id",
	        NULL);
}

static char *
runs_sql(const Parts *p)
{
	return g_strconcat("SELECT r.*, ", p->run_host, p->audit,
	                   " FROM run AS r WHERE r.id > CAST(?1 AS INTEGER) AND "
	                   "r.started_at >= ?2 ORDER BY r.id",
	                   NULL);
}

/* Without host, which comes after them: there it is that of the audit if a row names none. */
static const char columns_sql[] =
        "SELECT name FROM pragma_table_info(?1) WHERE name <> 'host' ORDER BY cid";

typedef struct {
	ExportFormat format;
	ExportFunc func;
	gpointer data;
	Json *json;
	GString *text;  /* the current piece */
	char *valid;    /* the last text of text_of() or list_of() that had to be made valid */
	gint64 id;      /* of the message whose edits are being written; 0: none */
	bool has_edits; /* an edit of that message has been written */
} Export;

static bool
hand_over(Export *e, GError **error)
{
	bool good = e->func(e->text->str, e->text->len, e->data, error);

	g_string_truncate(e->text, 0);
	return good;
}

/* Appends @text as a part of a quoted cell. */
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

/* Whether a spreadsheet may take @text for a formula; some also accept the fullwidth characters.
 * The apostrophe counts too, so that removing one gives every value back. */
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

/* NULL becomes an empty cell, the empty text two quotes. */
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

/* Writes the header line of a CSV file. @others are the names of what follows the columns of
 * @table. */
static bool
begin_file(Export *e, Reader *reader, const char *table, const char *others, GError **error)
{
	const char *const texts[] = { table, NULL };

	if (e->format == EXPORT_JSONL)
		return true;
	if (!reader_each(reader, columns_sql, texts, take_column_name, e->text, error))
		return false;
	g_string_append_printf(e->text, "%s\r\n", others);
	return hand_over(e, error);
}

/* The text in column @at; valid until the next call. NULs and octets that are not UTF-8, which only
 * other programs write there, become U+FFFD. */
static const char *
text_of(Export *e, const ReaderRow *row, int at)
{
	size_t length;
	const char *text = reader_text(row, at, &length);

	if (!text || g_utf8_validate_len(text, length, NULL))
		return text;
	g_free(e->valid);
	return e->valid = g_utf8_make_valid(text, (gssize)length);
}

/* The same for a column with a list in JSON, in which a NUL is an escape. */
static const char *
list_of(Export *e, const ReaderRow *row, int at)
{
	const char *text = text_of(e, row, at);

	if (!text || !strstr(text, "\\u0000"))
		return text;
	GString *list = g_string_new(NULL);
	while (*text) {
		if (g_str_has_prefix(text, "\\u0000")) {
			g_string_append(list, "\357\277\275");
			text += strlen("\\u0000");
			continue;
		}
		/* The backslash of another escape, which may be one itself. */
		if (*text == '\\' && text[1])
			g_string_append_c(list, *text++);
		g_string_append_c(list, *text++);
	}
	g_free(e->valid);
	return e->valid = g_string_free(list, false);
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
	json_string(e->json, "field", text_of(e, row, others + FIELD), -1);
	json_integer(e->json, "nth", reader_integer(row, others + NTH));
	json_string(e->json, "action", text_of(e, row, others + ACTION), -1);
	add_bytes(e->json, "before_base64", row, others + BEFORE);
	add_bytes(e->json, "after_base64", row, others + AFTER);
	json_raw(e->json, "display_names", list_of(e, row, others + DISPLAY_NAMES));
	json_raw(e->json, "addresses", list_of(e, row, others + ADDRESSES));
	if (reader_is_null(row, others + POSITION))
		json_raw(e->json, "position", "null");
	else
		json_integer(e->json, "position", reader_integer(row, others + POSITION));
	json_end(e->json);
	if (e->has_edits)
		g_string_append_c(e->text, ',');
	e->has_edits = true;
	if (e->format == EXPORT_JSONL)
		g_string_append(e->text, json_text(e->json));
	else
		append_quoted(e->text, json_text(e->json));
}

static bool
is_truth(const char *name)
{
	return g_str_equal(name, "in_scope") || g_str_equal(name, "settles");
}

/* Begins an object with the @n columns of the table, the host and the audit. */
static void
begin_object(Export *e, const ReaderRow *row, int n)
{
	Json *json = e->json;

	json_clear(json);
	json_begin_object(json, NULL);
	for (int i = 0; i < n; i++) {
		const char *name = reader_column_name(row, i);
		if (g_str_equal(name, "host"))
			continue;
		if (g_str_equal(name, "signatures"))
			json_raw(json, name, list_of(e, row, n + SIGNATURES));
		else if (is_truth(name))
			json_boolean(json, name, reader_integer(row, i) != 0);
		else if (reader_is_integer(row, i))
			json_integer(json, name, reader_integer(row, i));
		else
			json_string(json, name, text_of(e, row, i), -1);
	}
	json_string(json, "host", text_of(e, row, n + HOST), -1);
	json_string(json, "audit", text_of(e, row, n + AUDIT), -1);
}

static void
begin_cells(Export *e, const ReaderRow *row, int n)
{
	for (int i = 0; i < n; i++) {
		bool is_number = reader_is_integer(row, i); /* before text_of() converts it */
		if (g_str_equal(reader_column_name(row, i), "host"))
			continue;
		append_cell(e->text, text_of(e, row, i), is_number);
		g_string_append_c(e->text, ',');
	}
	append_cell(e->text, text_of(e, row, n + HOST), false);
	g_string_append_c(e->text, ',');
	append_cell(e->text, text_of(e, row, n + AUDIT), false);
}

static void
begin_message(Export *e, const ReaderRow *row, int others)
{
	if (e->format == EXPORT_JSONL) {
		begin_object(e, row, others);
		json_raw(e->json, "recipients", list_of(e, row, others + RECIPIENTS));
		json_begin_array(e->json, "edits");
		g_string_append(e->text, json_text(e->json));
	} else {
		begin_cells(e, row, others);
		g_string_append_c(e->text, ',');
		append_cell(e->text, list_of(e, row, others + RECIPIENTS), false);
		g_string_append(e->text, ",\"[");
	}
}

static void
end_message(Export *e)
{
	if (e->id != 0)
		g_string_append(e->text, e->format == EXPORT_JSONL ? "]}\n" : "]\"\r\n");
	e->id = 0;
}

/* The query gives one row for each edit, and a single one for a message without edits. */
static bool
take_row(const ReaderRow *row, gpointer data, GError **error)
{
	Export *e = data;
	int others = reader_columns(row) - N_OF_MESSAGE;
	gint64 id = reader_integer(row, 0);

	if (id != e->id) {
		end_message(e);
		e->id = id;
		e->has_edits = false;
		begin_message(e, row, others);
	}
	if (!reader_is_null(row, others + FIELD))
		add_edit(e, row, others);
	return hand_over(e, error);
}

static bool
take_run(const ReaderRow *row, gpointer data, GError **error)
{
	Export *e = data;
	int others = reader_columns(row) - N_OF_RUN;

	if (e->format == EXPORT_JSONL) {
		begin_object(e, row, others);
		json_end(e->json);
		g_string_append_printf(e->text, "%s\n", json_text(e->json));
	} else {
		begin_cells(e, row, others);
		g_string_append(e->text, "\r\n");
	}
	return hand_over(e, error);
}

static const Parts *
parts_of(const Reader *reader)
{
	return reader_version(reader) < 3 ? &parts_before_3 : &parts;
}

bool
export_messages(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data,
                GError **error)
{
	const char *const texts[] = { what->since_id, what->since, what->pending_since, NULL };
	g_autofree char *sql = messages_sql(parts_of(reader));
	Export e = { what->format, func, data };

	if (!reader_begin(reader, error))
		return false;
	e.json = json_new();
	e.text = g_string_new(NULL);
	bool good = begin_file(&e, reader, "message", "host,audit,recipients,edits", error) &&
	            reader_each(reader, sql, texts, take_row, &e, error);
	if (good) {
		end_message(&e);
		good = hand_over(&e, error);
	}
	reader_end(reader);
	json_free(e.json);
	g_string_free(e.text, true);
	g_free(e.valid);
	return good;
}

bool
export_runs(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data, GError **error)
{
	const char *const texts[] = { what->since_id, what->since, NULL };
	g_autofree char *sql = runs_sql(parts_of(reader));
	Export e = { what->format, func, data };

	if (!reader_begin(reader, error))
		return false;
	e.json = json_new();
	e.text = g_string_new(NULL);
	bool good = begin_file(&e, reader, "run", "host,audit", error) &&
	            reader_each(reader, sql, texts, take_run, &e, error);
	reader_end(reader);
	json_free(e.json);
	g_string_free(e.text, true);
	g_free(e.valid);
	return good;
}
