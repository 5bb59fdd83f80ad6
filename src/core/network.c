/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * network: addresses and networks as settings, facts and trace fields write them.
 * May know: spellings of IP addresses. Must not know: what a network is trusted for.
 * Fails: never; what is no address is NULL.
 * Follows RFC 4291, 2.2 and 2.5.5.2; RFC 5321, 4.1.3.
 */
#include "network.h"

#include <arpa/inet.h>
#include <string.h>

static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* @text without brackets, `IPv6:` and zone. (transfer full) */
static char *
plain_address(const char *text)
{
	size_t length = strlen(text);

	if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= 5 && g_ascii_strncasecmp(text, "IPv6:", 5) == 0) {
		text += 5;
		length -= 5;
	}
	const char *zone = memchr(text, '%', length);
	return g_strndup(text, zone ? (size_t)(zone - text) : length);
}

/* Whether @text may be an address by its first character, which rules out most words. */
static bool
may_be_address(const char *text)
{
	return g_ascii_isxdigit(*text) || (*text && strchr("[:iI", *text));
}

char *
network_address(const char *text)
{
	if (!may_be_address(text))
		return NULL;
	g_autofree char *plain = plain_address(text);
	guint8 bytes[16];
	char spelling[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, plain, bytes) == 1)
		return g_steal_pointer(&plain); /* IPv4 has only one spelling */
	if (inet_pton(AF_INET6, plain, bytes) != 1)
		return NULL;
	if (memcmp(bytes, mapped, sizeof mapped) == 0)
		return g_strdup(
		        inet_ntop(AF_INET, bytes + sizeof mapped, spelling, sizeof spelling));
	return g_strdup(inet_ntop(AF_INET6, bytes, spelling, sizeof spelling));
}

char *
network_endpoint(const char *text, bool *ret_has_port)
{
	*ret_has_port = false;
	if (!may_be_address(text))
		return NULL;
	char *address = network_address(text);
	size_t length = strlen(text);
	bool inside = text[length - 1] == ']';
	size_t end = length - inside, start = end;
	while (start && g_ascii_isdigit(text[start - 1]))
		start--;
	bool closed = start > 1 && text[start - 2] == ']';
	/* No port has more than five digits. */
	if (address || start < 2 || start == end || end - start > 5 ||
	    (text[start - 1] != ':' && (text[start - 1] != '.' || closed)))
		return address;
	g_autofree char *rest =
	        g_strdup_printf("%.*s%s", (int)(start - 1), text, inside ? "]" : "");
	address = network_address(rest);
	*ret_has_port = address != NULL;
	return address;
}

/* Whether all that @network leaves open is 0. */
static bool
has_no_host_bits(const Network *network)
{
	for (guint i = network->bits; i < network->size * 8u; i++) {
		if (network->bytes[i / 8] >> (7 - i % 8) & 1)
			return false;
	}
	return true;
}

/* As network_parse(), but host bits may be set. */
static bool
read_network(const char *text, Network *network)
{
	size_t length = strcspn(text, "/");
	g_autofree char *part = g_strndup(text, length);
	g_autofree char *plain = plain_address(part);
	guint8 *bytes = network->bytes;
	guint64 bits;

	if (inet_pton(AF_INET, plain, bytes) == 1)
		network->size = 4;
	else if (inet_pton(AF_INET6, plain, bytes) == 1)
		network->size = 16;
	else
		return false;
	bits = network->size * 8u;
	if (text[length] &&
	    !g_ascii_string_to_unsigned(text + length + 1, 10, 0, bits, &bits, NULL))
		return false;
	if (network->size == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		if (bits < 96)
			return false;
		network->size = 4;
		memmove(bytes, bytes + sizeof mapped, 4);
		bits -= 96;
	}
	network->bits = (guint8)bits;
	return true;
}

static bool
read_address(const char *text, Network *address)
{
	return may_be_address(text) && !strchr(text, '/') && read_network(text, address);
}

Network *
network_parse(const char *text)
{
	Network network;

	return read_network(text, &network) && has_no_host_bits(&network)
	               ? g_memdup2(&network, sizeof network)
	               : NULL;
}

char *
network_text(const Network *network)
{
	char spelling[INET6_ADDRSTRLEN];

	inet_ntop(network->size == 4 ? AF_INET : AF_INET6, network->bytes, spelling,
	          sizeof spelling);
	return network->bits == network->size * 8
	               ? g_strdup(spelling)
	               : g_strdup_printf("%s/%d", spelling, network->bits);
}

static bool
holds(const Network *network, const Network *address)
{
	guint whole = network->bits / 8, rest = network->bits % 8;

	return address->size == network->size &&
	       memcmp(network->bytes, address->bytes, whole) == 0 &&
	       (rest == 0 || (network->bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0);
}

bool
network_is_loopback(const Network *network)
{
	static const Network loopback[] = {
		{ .bytes = { 127 }, .size = 4, .bits = 8 },
		{ .bytes = { [15] = 1 }, .size = 16, .bits = 128 },
	};

	return holds(&loopback[0], network) || holds(&loopback[1], network);
}

bool
network_holds(const GPtrArray *networks, const char *text)
{
	Network address;

	if (!text || networks->len == 0 || !read_address(text, &address))
		return false;
	for (guint i = 0; i < networks->len; i++) {
		if (holds(g_ptr_array_index(networks, i), &address))
			return true;
	}
	return false;
}

bool
network_text_holds(const char *network, const char *text)
{
	Network of, address;

	return read_address(text, &address) && read_network(network, &of) && holds(&of, &address);
}
