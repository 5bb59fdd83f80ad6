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

GInetAddressMask *
network_parse(const char *text)
{
	const char *slash = strchr(text, '/');
	g_autofree char *part = slash ? g_strndup(text, slash - text) : g_strdup(text);
	g_autofree char *plain = plain_address(part);
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(plain);
	guint64 bits;

	if (!address)
		return NULL;
	gsize size = g_inet_address_get_native_size(address);
	bits = size * 8;
	if (slash && !g_ascii_string_to_unsigned(slash + 1, 10, 0, bits, &bits, NULL))
		return NULL;
	const guint8 *bytes = g_inet_address_to_bytes(address);
	if (size > sizeof mapped && memcmp(bytes, mapped, sizeof mapped) == 0) {
		if (bits < 96)
			return NULL;
		g_autoptr(GInetAddress) v4 =
		        g_inet_address_new_from_bytes(bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
		return g_inet_address_mask_new(v4, (guint)bits - 96, NULL);
	}
	return g_inet_address_mask_new(address, (guint)bits, NULL);
}

bool
network_holds(const GPtrArray *networks, const char *text)
{
	if (!text || networks->len == 0)
		return false;
	g_autofree char *plain = network_address(text);
	g_autoptr(GInetAddress) address = plain ? g_inet_address_new_from_string(plain) : NULL;
	for (guint i = 0; address && i < networks->len; i++) {
		if (g_inet_address_mask_matches(g_ptr_array_index(networks, i), address))
			return true;
	}
	return false;
}

/* Sets @bytes to the address in @text, up to the slash of a network. Turns a mapped one into IPv4,
 * and *@bits with it. Returns how many bytes it has; 0: it is no address. */
static size_t
address_bytes(const char *text, guint8 bytes[16], guint *bits)
{
	g_autofree char *part = g_strndup(text, strcspn(text, "/"));
	g_autofree char *plain = plain_address(part);

	if (inet_pton(AF_INET, plain, bytes) == 1)
		return 4;
	if (inet_pton(AF_INET6, plain, bytes) != 1)
		return 0;
	if (memcmp(bytes, mapped, sizeof mapped) != 0)
		return 16;
	memmove(bytes, bytes + sizeof mapped, 4);
	*bits -= MIN(*bits, 96);
	return 4;
}

bool
network_text_holds(const char *network, const char *text)
{
	const char *slash = strchr(network, '/');
	guint bits = slash ? (guint)g_ascii_strtoull(slash + 1, NULL, 10) : 128, unused = 0;
	guint8 prefix[16], address[16];

	if (!may_be_address(text))
		return false;
	size_t size = address_bytes(network, prefix, &bits);
	if (size == 0 || address_bytes(text, address, &unused) != size)
		return false;
	bits = MIN(bits, (guint)size * 8);
	guint whole = bits / 8, rest = bits % 8;
	return memcmp(prefix, address, whole) == 0 &&
	       (rest == 0 || (prefix[whole] ^ address[whole]) >> (8 - rest) == 0);
}
