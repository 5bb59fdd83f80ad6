/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json: writes JSON texts that are safe to show on a terminal.
 * May know: JSON. Must not know: what is written.
 * Fails: never; without memory, GLib ends the program.
 * Follows RFC 8259.
 */
#include "json.h"

#include <string.h>

struct Json {
	GString *text;
	GString *open; /* the closing brackets still to be written */
	bool first;
};

Json *
json_new(void)
{
	Json *json = g_new0(Json, 1);

	json->text = g_string_new(NULL);
	json->open = g_string_new(NULL);
	json->first = true;
	return json;
}

void
json_free(Json *json)
{
	g_string_free(json->text, true);
	g_string_free(json->open, true);
	g_free(json);
}

/* Also escapes DEL and C1, which JSON allows raw but a terminal may obey. */
static void
append_quoted(GString *to, const char *text, size_t length)
{
	static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
		                        ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };
	const guchar *bytes = (const guchar *)text;
	size_t taken = 0;

	g_string_append_c(to, '"');
	for (size_t i = 0; i < length; i++) {
		guchar c = bytes[i];
		bool is_c1 = c == 0xc2 && i + 1 < length && bytes[i + 1] < 0xa0;
		char letter = c < sizeof letters ? letters[c] : '\0';
		if (c >= ' ' && c != 0x7f && !letter && !is_c1)
			continue;
		g_string_append_len(to, text + taken, (gssize)(i - taken));
		if (letter)
			g_string_append_printf(to, "\\%c", letter);
		else
			g_string_append_printf(to, "\\u%04x", is_c1 ? bytes[i + 1] : c);
		i += is_c1;
		taken = i + 1;
	}
	g_string_append_len(to, text + taken, (gssize)(length - taken));
	g_string_append_c(to, '"');
}

static void
begin_value(Json *json, const char *name)
{
	if (!json->first)
		g_string_append_c(json->text, ',');
	json->first = false;
	if (name) {
		append_quoted(json->text, name, strlen(name));
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
		append_quoted(json->text, text, length < 0 ? strlen(text) : (size_t)length);
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
json_raw(Json *json, const char *name, const char *text)
{
	begin_value(json, name);
	g_string_append(json->text, text);
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
