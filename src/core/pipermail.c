/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pipermail: `user at domain (Name)` -> an address with its name, as RFC 5322 writes it.
 * May know: what Pipermail does to addresses. Must not know: whether to believe it, names.
 * Fails: never; NULL for what Pipermail did not write.
 * Follows Mailman 2.1's HyperArch.py, which hides addresses from harvesters.
 */
#include "pipermail.h"

#include <stdbool.h>
#include <string.h>

#include "address.h"
#include "lexer.h"

static size_t
blanks(const char *text, size_t at, size_t end)
{
	while (at < end && lexer_is_blank(text[at]))
		at++;
	return at;
}

static size_t
word(const char *text, size_t at, size_t end)
{
	while (at < end && (address_is_atext(text[at]) || text[at] == '.'))
		at++;
	return at;
}

char *
pipermail_address(const char *text, size_t length, size_t *ret_length)
{
	size_t local = word(text, 0, length), at = blanks(text, local, length);
	size_t domain = blanks(text, MIN(at + 2, length), length);
	size_t end = word(text, domain, length);

	if (local == 0 || domain <= at + 2 || end == domain || memcmp(text + at, "at", 2) != 0)
		return NULL;
	*ret_length = end;
	return g_strdup_printf("%.*s@%.*s", (int)local, text, (int)(end - domain), text + domain);
}

/* Appends the name in brackets at @at..@end as a comment. False: other text stands there. */
static bool
append_name(GString *value, const char *text, size_t at, size_t end)
{
	if (at == end)
		return true;
	if (text[at] != '(' || text[end - 1] != ')' || end - at < 2)
		return false;
	g_string_append(value, " (");
	for (at++; at < end - 1; at++) {
		if (text[at] == '(' || text[at] == ')' || text[at] == '\\')
			g_string_append_c(value, '\\');
		g_string_append_c(value, text[at]);
	}
	g_string_append_c(value, ')');
	return true;
}

GString *
pipermail_value(const char *value, size_t length)
{
	size_t at = blanks(value, 0, length), end = length, used;
	g_autoptr(GString) plain = g_string_new(NULL);

	while (end > at && lexer_is_blank(value[end - 1]))
		end--;
	const char *angle =
	        end > at && value[end - 1] == '>' ? g_strrstr_len(value, (gssize)end, "<") : NULL;
	if (angle) {
		size_t from = (size_t)(angle - value) + 1;
		g_autofree char *address = pipermail_address(value + from, end - 1 - from, &used);
		if (!address || used != end - 1 - from)
			return NULL;
		g_string_append_len(plain, value, (gssize)from);
		g_string_append_printf(plain, "%s>", address);
		return g_steal_pointer(&plain);
	}
	g_autofree char *address = pipermail_address(value + at, end - at, &used);
	if (!address)
		return NULL;
	g_string_append(plain, address);
	at = blanks(value, at + used, end);
	return append_name(plain, value, at, end) ? g_steal_pointer(&plain) : NULL;
}
