/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * host: the names of hosts behind `by`, and the lists of settings that hold them.
 * May know: spellings of names and addresses. Must not know: what a host is trusted for, the
 * grammar of a trace field.
 * Fails: never.
 */
#include "host.h"

#include <string.h>

#include "lexer.h"
#include "network.h"

/* Longer text is neither an address nor a name in the DNS. */
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
	return a.length && a.length == b.length &&
	       g_ascii_strncasecmp(a.data, b.data, a.length) == 0;
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

/* Whether @host is a name below @suffix, which begins with a dot. What a client can write into a
 * quoted or bracketed name is none. */
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

/* A zone has no place in a name. */
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

/* What may be the name at @start, of the characters of a name and of @more. */
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

unsigned
host_count_by(Span value, const char *const *hosts)
{
	const char *end = value.data + value.length;
	unsigned count = 0;

	for (const char *p = value.data; p + 2 < end; p++) {
		if (!lexer_is_letter(p[0], 'b') || !lexer_is_letter(p[1], 'y') ||
		    !lexer_is_blank(p[2]) || (p > value.data && host_has_char(p[-1])))
			continue;
		const char *host = p + 2;
		while (host < end && lexer_is_blank(*host))
			host++;
		bool is_literal = host < end && *host == '[';
		Span name = name_at(host, end, is_literal ? "[]:" : "");
		/* An address of IPv6 goes on behind what could be a name. */
		Span longer = name_at(host, end, "[]:");
		count += host_in(name, hosts) ||
		         (longer.length > name.length && host_in(longer, hosts));
	}
	return count;
}
