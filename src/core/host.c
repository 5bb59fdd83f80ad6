/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * host: the names of hosts after `by`, and the lists of hosts in settings.
 * May know: spellings of names and addresses. Must not know: what a host is trusted for, the
 * grammar of a trace field.
 * Fails: never.
 */
#include "host.h"

#include <string.h>

#include "lexer.h"
#include "network.h"

/* Longer text is no address. */
#define ADDRESS_MAX 64

static Span
without_dot(Span host)
{
	bool has_dot = host.length && host.data[host.length - 1] == '.';

	return (Span){ host.data, host.length - has_dot };
}

static Span
span_of(const char *text)
{
	return without_dot((Span){ text, strlen(text) });
}

static bool
same(Span a, Span b)
{
	return a.length && a.length == b.length && lexer_same(a.data, b.data, a.length);
}

bool
host_same(const char *a, const char *b)
{
	return same(span_of(a), span_of(b));
}

bool
host_has_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

bool
host_is_suffix(const char *item)
{
	return *item == '.';
}

bool
host_is_network(const char *item)
{
	g_autofree Network *network = strchr(item, '/') ? network_parse(item) : NULL;

	return network != NULL;
}

/* Whether @host is a name below @suffix, which begins with a dot. Text that a client can write into
 * a quoted or bracketed name is no name. */
static bool
is_below(Span host, Span suffix)
{
	if (suffix.length < 2 || host.length <= suffix.length || *host.data == '.')
		return false;
	size_t length = host.length - suffix.length;
	for (size_t i = 0; i < length; i++) {
		if (!host_has_char(host.data[i]))
			return false;
	}
	return same((Span){ host.data + length, suffix.length }, suffix);
}

static bool
in_names(Span host, const char *const *hosts)
{
	for (size_t i = 0; hosts[i]; i++) {
		Span item = span_of(hosts[i]);
		if (host_is_suffix(hosts[i]) ? is_below(host, item) : same(host, item))
			return true;
	}
	return false;
}

/* An address with a zone names no host. */
static bool
in_networks(Span host, const char *const *hosts)
{
	char text[ADDRESS_MAX + 1];

	if (host.length > ADDRESS_MAX || memchr(host.data, '%', host.length))
		return false;
	memcpy(text, host.data, host.length);
	text[host.length] = '\0';
	for (size_t i = 0; hosts[i]; i++) {
		if (strchr(hosts[i], '/') && network_text_holds(hosts[i], text))
			return true;
	}
	return false;
}

bool
host_in(Span host, const char *const *hosts)
{
	Span name = without_dot(host);

	return in_names(name, hosts) || in_networks(name, hosts);
}

bool
host_in_network(Span host, const char *const *hosts)
{
	Span name = without_dot(host);

	return !in_names(name, hosts) && in_networks(name, hosts);
}

/* The longest text at @start of name characters and those in @more, without dots at its end. */
static Span
name_at(const char *start, const char *end, const char *more)
{
	const char *stop = start;

	while (stop < end && (host_has_char(*stop) || (*stop && strchr(more, *stop))))
		stop++;
	while (stop > start && stop[-1] == '.')
		stop--;
	return (Span){ start, (size_t)(stop - start) };
}

/* Whether the letter at @y ends the word `by`, and one of @hosts stands behind it. */
static bool
is_by_one_of(const char *y, Span value, const char *const *hosts)
{
	const char *end = value.data + value.length, *host = y + 1;

	if (y == value.data || !lexer_is_letter(y[-1], 'b') || host == end ||
	    !lexer_is_blank(*host) || (y - 1 > value.data && host_has_char(y[-2])))
		return false;
	while (host < end && lexer_is_blank(*host))
		host++;
	bool is_literal = host < end && *host == '[';
	Span name = name_at(host, end, is_literal ? "[]:" : "");
	/* An address of IPv6 goes on behind what could be a name. */
	Span longer = name_at(host, end, "[]:");
	return host_in(name, hosts) || (longer.length > name.length && host_in(longer, hosts));
}

unsigned
host_count_by(Span value, const char *const *hosts)
{
	const char *end = value.data + value.length;
	unsigned count = 0;

	for (const char *letter = "yY"; *letter; letter++) {
		const char *y = value.data;
		for (; (y = memchr(y, *letter, (size_t)(end - y))); y++)
			count += is_by_one_of(y, value, hosts);
	}
	return count;
}
