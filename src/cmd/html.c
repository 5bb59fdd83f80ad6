/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * html: text and numbers in a page, escaped so that no text can be anything else.
 * May know: HTML, Unicode. Must not know: what the page says.
 * Fails: never.
 */
#include "html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "util/unicode.h"

#define HTML_TEXT_MAX 1024
#define MARKS_MAX 3 /* the most marks that writing systems put on one letter */

static bool
is_hidden(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return true;
	default:
		return c == 0x2800 || unicode_is_ignorable(c); /* U+2800: Braille without dots */
	}
}

static void
append_character(GString *page, gunichar c, bool hide)
{
	if (c == '&')
		g_string_append(page, "&amp;");
	else if (c == '<')
		g_string_append(page, "&lt;");
	else if (c == '>')
		g_string_append(page, "&gt;");
	else if (c == '"')
		g_string_append(page, "&quot;");
	else if (c == '\'')
		g_string_append(page, "&#39;");
	else if (hide || is_hidden(c))
		g_string_append_printf(page, "[U+%04X]", c);
	else
		g_string_append_unichar(page, c);
}

void
html_text(GString *page, const char *text, guint max)
{
	/* From the start, since a mark that comes first would join the text before it. */
	guint marks = MARKS_MAX;

	if (!text)
		text = "\342\200\223";
	for (guint n = 0; *text; n++) {
		gunichar c = g_utf8_get_char_validated(text, -1);
		if (n == max) {
			g_string_append(page, "\342\200\246");
			return;
		}
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			c = 0xfffd;
			text++;
		} else {
			text = g_utf8_next_char(text);
		}
		bool is_mark = g_unichar_ismark(c);
		append_character(page, c, is_mark && marks == MARKS_MAX);
		marks = is_mark ? MIN(marks + 1, MARKS_MAX) : 0;
	}
}

static void
append_number(GString *page, gint64 number)
{
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
	size_t left = strlen(digits);

	for (const char *digit = digits; *digit; digit++, left--) {
		if (digit > digits && digit[-1] != '-' && left % 3 == 0)
			g_string_append_c(page, ',');
		g_string_append_c(page, *digit);
	}
}

void
html_put(GString *page, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	for (;;) {
		const char *next = strchrnul(format, '%');
		g_string_append_len(page, format, next - format);
		if (!*next)
			break;
		if (next[1] == 's') {
			html_text(page, va_arg(arguments, const char *), HTML_TEXT_MAX);
			format = next + 2;
		} else if (next[1] == '%') {
			g_string_append_c(page, '%');
			format = next + 2;
		} else {
			g_assert(g_str_has_prefix(next, HTML_NUMBER));
			append_number(page, va_arg(arguments, gint64));
			format = next + strlen(HTML_NUMBER);
		}
	}
	va_end(arguments);
}

void
html_claim(GString *page, const char *text)
{
	g_string_append(page, "<bdi>");
	html_text(page, text, HTML_CLAIM_MAX);
	g_string_append(page, "</bdi>");
}
