/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * text: bytes of a message as text for people.
 * May know: UTF-8, folds, terminals. Must not know: what the text means.
 * Fails: never.
 */
#include "text.h"

#include <string.h>

#define BAD "\357\277\275" /* U+FFFD */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* How many octets from @at on are printable ASCII. */
static size_t
plain_length(const char *at, const char *end)
{
	size_t plain = 0;

	while (at + plain < end && at[plain] >= ' ' && at[plain] <= '~')
		plain++;
	return plain;
}

bool
text_is_clean(const char *bytes, size_t length)
{
	unsigned char others = 0;

	/* Without a way out, so that compilers can look at many bytes at once. */
	for (size_t i = 0; i < length; i++)
		others |= bytes[i] < ' ' || bytes[i] > '~';
	return !others;
}

char *
text_clean(const char *bytes, size_t length, size_t max)
{
	const char *at = bytes, *end = bytes + length;
	char character[6];

	if (text_is_clean(bytes, length))
		return g_strndup(bytes, MIN(length, max));
	GString *text = g_string_new(NULL);
	while (at < end) {
		size_t plain = plain_length(at, end);
		g_string_append_len(text, at, (gssize)MIN(plain, max - text->len));
		at += plain;
		if (at == end || text->len == max)
			break;
		const char *clean = BAD;
		size_t size = strlen(BAD);
		const char *fold = at;
		while (fold < end && *fold == '\r')
			fold++;
		gunichar c = g_utf8_get_char_validated(at, end - at);
		if (fold + 1 < end && *fold == '\n' && is_blank(fold[1])) {
			for (at = fold + 1; at < end && is_blank(*at); at++)
				;
			clean = " ";
			size = 1;
		} else if (c == (gunichar)-1 || c == (gunichar)-2) {
			at++;
		} else {
			at = g_utf8_next_char(at);
			if (c >= 0x20 && !(c >= 0x7f && c < 0xa0)) {
				size = (size_t)g_unichar_to_utf8(c, character);
				clean = character;
			}
		}
		if (text->len + size > max)
			break;
		g_string_append_len(text, clean, size);
	}
	return g_string_free(text, false);
}

char *
text_clean_string(const char *text)
{
	return text ? text_clean(text, strlen(text), G_MAXSIZE) : NULL;
}

char *
text_cut(const char *text, size_t max)
{
	size_t length = strlen(text);

	if (length > max) {
		length = max;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	return g_strndup(text, length);
}

void
text_note(GPtrArray *lines, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(lines, g_strdup_vprintf(format, args));
	va_end(args);
}

void
text_name(GString *list, const char *name, guint64 before, guint64 max)
{
	g_autofree char *clean = text_clean_string(name);

	if (before < max)
		g_string_append_printf(list, "%s%s", before ? ", " : "", clean);
	else if (before == max)
		g_string_append(list, ", ...");
}

char *
text_counts(const guint64 *counts, const char *const *names, size_t n, const GString *list)
{
	g_autoptr(GString) kinds = g_string_new(NULL);
	guint64 all = 0;

	for (size_t i = 0; i < n; i++) {
		all += counts[i];
		if (counts[i])
			g_string_append_printf(kinds, "%s%" G_GUINT64_FORMAT " %s",
			                       kinds->len ? ", " : "", counts[i], names[i]);
	}
	return all ? g_strdup_printf("%" G_GUINT64_FORMAT " (%s): %s", all, kinds->str, list->str)
	           : NULL;
}
