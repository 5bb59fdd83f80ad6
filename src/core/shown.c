/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shown: bytes of a sender field -> the texts that readers may show.
 * May know: encoded words, the direction of writing. Must not know: fields, addresses, names.
 * Fails: never; says if its bound was exceeded.
 */
#include "shown.h"

#include <string.h>

#include "encoded.h"

#define RIGHT_TO_LEFT "\342\200\256" /* U+202E */
#define POP_DIRECTION 0x202c

/* @text with the spans after U+202E reversed; marks stay after their letters. (transfer full) */
static char *
turn_round(const char *text)
{
	GString *turned = g_string_sized_new(strlen(text));

	for (const char *at = text; *at;) {
		const char *start = strstr(at, RIGHT_TO_LEFT);
		if (!start)
			start = at + strlen(at);
		g_string_append_len(turned, at, start - at);
		if (!*start)
			break;
		const char *end = start += strlen(RIGHT_TO_LEFT);
		while (*end && g_utf8_get_char(end) != POP_DIRECTION)
			end = g_utf8_next_char(end);
		for (const char *to = end, *from; to > start; to = from) {
			from = g_utf8_prev_char(to);
			while (from > start && g_unichar_ismark(g_utf8_get_char(from)))
				from = g_utf8_prev_char(from);
			g_string_append_len(turned, from, to - from);
		}
		at = end;
	}
	return g_string_free(turned, false);
}

/* Adds @text, which it takes over, and, if U+202E reverses a part of it, what it shows. */
static void
add_text(GPtrArray *texts, char *text)
{
	g_ptr_array_add(texts, text);
	if (strstr(text, RIGHT_TO_LEFT))
		g_ptr_array_add(texts, turn_round(text));
}

GPtrArray *
shown_read(const char *raw, size_t length, size_t *left, const char **ret_shown, bool *ret_too_much)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	const char *last;

	*ret_shown = "";
	*ret_too_much = length > *left;
	if (*ret_too_much)
		return texts;
	*left -= length;
	add_text(texts, encoded_utf8(raw, length));
	last = *ret_shown = g_ptr_array_index(texts, 0);
	for (int i = 0; i < 2 && strstr(last, "=?"); i++) {
		char *decoded = encoded_decode(last);
		size_t size = decoded ? strlen(decoded) : 0;
		*ret_too_much = !decoded || size > *left;
		if (*ret_too_much) {
			g_free(decoded);
			return texts;
		}
		*left -= size;
		add_text(texts, decoded);
		last = decoded;
		if (i == 0)
			*ret_shown = decoded;
	}
	return texts;
}

bool
shown_is_surely_decoded(const char *raw)
{
	static const char *const charsets[] = { "=?utf-8?", "=?us-ascii?", "=?iso-8859-1?",
		                                "=?windows-1252?" };
	const char *start = raw + strspn(raw, " \t");

	if (start[0] != '=' || strstr(start + 1, "=?"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (g_ascii_strncasecmp(start, charsets[i], strlen(charsets[i])) == 0)
			return true;
	}
	return false;
}
