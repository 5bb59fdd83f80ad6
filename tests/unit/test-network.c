/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which spellings of addresses and networks are accepted, what they mean, and that a network
 * holds exactly its addresses. */
#include "core/network.h"

typedef struct {
	const char *text;
	const char *read; /* NULL: it is none */
} Row;

static const Row addresses[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "[192.0.2.1]", "192.0.2.1" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:0DB8:0:0:0:0:0:1", "2001:db8::1" },
	{ "IPv6:2001:db8::1", "2001:db8::1" },
	{ "ipv6:2001:db8::1", "2001:db8::1" },
	{ "[IPv6:2001:db8::1]", "2001:db8::1" },
	{ "[2001:db8::1]", "2001:db8::1" },
	{ "fe80::1%eth0", "fe80::1" },
	{ "[IPv6:fe80::1%25eth0]", "fe80::1" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "::FFFF:c000:201", "192.0.2.1" },
	{ "[IPv6:::ffff:192.0.2.1]", "192.0.2.1" },
	{ "::192.0.2.1", "::192.0.2.1" },
	{ "::1", "::1" },
	{ "", NULL },
	{ "[]", NULL },
	{ "[", NULL },
	{ "]", NULL },
	{ "IPv6:", NULL },
	{ "%eth0", NULL },
	{ "unknown", NULL },
	{ "mx.example.org", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.256", NULL },
	{ "192.0.2.1.1", NULL },
	{ "192.0.2.1/32", NULL },
	{ "192.0.2.1x", NULL },
	{ "[192.0.2.1", NULL },
	{ "2001:db8::1::2", NULL },
	{ "2001:db8:g::1", NULL },
	{ "unix socket", NULL },
};

static void
test_addresses(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		const Row *row = &addresses[i];
		g_autofree char *got = network_address(row->text);
		g_test_message("'%s'", row->text);
		g_assert_cmpstr(got, ==, row->read);
	}
}

static const struct {
	const char *text, *read;
	bool has_port;
} endpoints[] = {
	{ "192.0.2.1", "192.0.2.1", false },
	{ "192.0.2.11", "192.0.2.11", false },
	{ "[192.0.2.1]", "192.0.2.1", false },
	{ "[IPv6:2001:db8::1%eth0]", "2001:db8::1", false },
	{ "2001:db8::1:25", "2001:db8::1:25", false },
	{ "192.0.2.1:25", "192.0.2.1", true },
	{ "192.0.2.1.25", "192.0.2.1", true },
	{ "[192.0.2.1]:4711", "192.0.2.1", true },
	{ "[192.0.2.1:4711]", "192.0.2.1", true },
	{ "[192.0.2.1.65535]", "192.0.2.1", true },
	{ "[2001:db8::1]:4711", "2001:db8::1", true },
	{ "[2001:db8::1.4711]", "2001:db8::1", true },
	{ "[IPv6:2001:db8::1%eth0]:4711", "2001:db8::1", true },
	{ "[::ffff:192.0.2.1.4711]", "192.0.2.1", true },
	{ "2001:db8:0:0:0:0:0:1:25", "2001:db8::1", true },
	{ "[192.0.2.1]:", NULL, false },
	{ "[192.0.2.1].25", NULL, false },
	{ "[192.0.2.1]25", NULL, false },
	{ "[192.0.2.1:123456]", NULL, false },
	{ "192.0.2.1:x", NULL, false },
	{ "192.0.2.1.2.3", NULL, false },
	{ "192.0.2:25", NULL, false },
	{ "1.25", NULL, false },
	{ ".25", NULL, false },
	{ "25", NULL, false },
	{ ":25]", NULL, false },
	{ "]", NULL, false },
	{ "", NULL, false },
	{ "mx.example.org:25", NULL, false },
};

static void
test_endpoints(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(endpoints); i++) {
		bool has_port;
		g_autofree char *got = network_endpoint(endpoints[i].text, &has_port);
		g_test_message("'%s'", endpoints[i].text);
		g_assert_cmpstr(got, ==, endpoints[i].read);
		g_assert_cmpint(has_port, ==, endpoints[i].has_port);
	}
}

static const Row networks[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "192.0.2.1/32", "192.0.2.1" },
	{ "192.0.2.0/24", "192.0.2.0/24" },
	{ "192.0.2.128/25", "192.0.2.128/25" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "10.0.0.0/8", "10.0.0.0/8" },
	{ "2001:db8::/32", "2001:db8::/32" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:db8::1/128", "2001:db8::1" },
	{ "::/0", "::/0" },
	{ "[2001:db8::]/32", "2001:db8::/32" },
	{ "IPv6:2001:db8::/32", "2001:db8::/32" },
	{ "[IPv6:2001:db8::]/32", "2001:db8::/32" },
	{ "[192.0.2.0]/24", "192.0.2.0/24" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "::ffff:192.0.2.0/120", "192.0.2.0/24" },
	{ "::ffff:0.0.0.0/96", "0.0.0.0/0" },
	{ "fe80::1%eth0", "fe80::1" },
	/* Host bits. */
	{ "192.0.2.1/24", NULL },
	{ "192.0.2.0/23", "192.0.2.0/23" },
	{ "192.0.3.0/23", NULL },
	{ "192.0.2.1/31", NULL },
	{ "192.0.2.0/0", NULL },
	{ "2001:db8::1/32", NULL },
	{ "::ffff:192.0.2.1/120", NULL },
	{ "::ffff:192.0.2.0/64", NULL },
	/* No networks. */
	{ "", NULL },
	{ "/", NULL },
	{ "/24", NULL },
	{ "192.0.2.0/", NULL },
	{ "192.0.2.0/33", NULL },
	{ "192.0.2.0/-1", NULL },
	{ "192.0.2.0/+24", NULL },
	{ "192.0.2.0/24x", NULL },
	{ "192.0.2.0/ 24", NULL },
	{ "192.0.2.0/24/24", NULL },
	{ "192.0.2.0/255.255.255.0", NULL },
	{ "192.0.2.0/99999999999999999999", NULL },
	{ "2001:db8::/129", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.*", NULL },
	{ "192.0.2.1-192.0.2.9", NULL },
	{ "mx.example.org", NULL },
	{ "localhost", NULL },
};

static void
test_networks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(networks); i++) {
		const Row *row = &networks[i];
		g_autofree Network *network = network_parse(row->text);
		g_autofree char *got = network ? network_text(network) : NULL;
		g_test_message("'%s'", row->text);
		g_assert_cmpstr(got, ==, row->read);
	}
}

static const struct {
	const char *network, *address;
	bool held;
} held[] = {
	{ "192.0.2.0/24", "192.0.2.0", true },
	{ "192.0.2.0/24", "192.0.2.255", true },
	{ "192.0.2.0/24", "192.0.3.0", false },
	{ "192.0.2.0/24", "192.0.1.255", false },
	{ "192.0.2.0/24", "::ffff:192.0.2.7", true },
	{ "192.0.2.0/24", "[IPv6:::ffff:192.0.2.7]", true },
	{ "192.0.2.0/24", "[192.0.2.7]", true },
	{ "192.0.2.0/24", "2001:db8::1", false },
	{ "192.0.2.7", "192.0.2.7", true },
	{ "192.0.2.7", "192.0.2.8", false },
	{ "192.0.2.7", "192.0.2.70", false },
	{ "::ffff:192.0.2.0/120", "192.0.2.9", true },
	{ "2001:db8::/32", "2001:db8:ffff::1", true },
	{ "2001:db8::/32", "IPv6:2001:db8::1", true },
	{ "2001:db8::/32", "2001:db9::1", false },
	{ "fe80::/64", "fe80::1%eth0", true },
	{ "2002:a00::/24", "2002:a05:6402:190c:0:0:0:0", true },
	{ "2002:a00::/24", "2002:aff:ffff::1", true },
	{ "2002:a00::/24", "2002:b00::1", false },
	{ "10.128.0.0/9", "10.128.0.0", true },
	{ "10.128.0.0/9", "10.127.255.255", false },
	{ "192.0.2.9/32", "192.0.2.9", true },
	{ "192.0.2.9/32", "192.0.2.8", false },
	{ "2001:db8::8/127", "2001:db8::9", true },
	{ "2001:db8::9/128", "2001:db8::8", false },
	{ "::ffff:0.0.0.0/96", "198.51.100.1", true },
	{ "0.0.0.0/0", "198.51.100.1", true },
	{ "0.0.0.0/0", "::1", false },
	{ "::/0", "198.51.100.1", false },
	{ "0.0.0.0/0", "unknown", false },
	{ "0.0.0.0/0", "", false },
	{ "0.0.0.0/0", NULL, false },
};

static void
test_holds(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++) {
		g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
		g_test_message("%s %s", held[i].network, held[i].address);
		g_assert_false(network_holds(list, held[i].address));
		g_ptr_array_add(list, network_parse(held[i].network));
		g_assert_cmpint(network_holds(list, held[i].address), ==, held[i].held);
		/* Any of them. */
		g_ptr_array_insert(list, 0, network_parse("203.0.113.99"));
		g_assert_cmpint(network_holds(list, held[i].address), ==, held[i].held);
		g_assert_true(network_holds(list, "203.0.113.99"));
		if (held[i].address)
			g_assert_cmpint(network_text_holds(held[i].network, held[i].address), ==,
			                held[i].held);
	}
}

static void
test_loopback(void)
{
	static const struct {
		const char *network;
		bool is_loopback;
	} rows[] = {
		{ "127.0.0.1", true },
		{ "127.0.0.0/8", true },
		{ "127.255.0.0/16", true },
		{ "::1", true },
		{ "::2", false },
		{ "126.0.0.1", false },
		{ "::ffff:127.0.0.1", true },
		{ "0.0.0.0/0", false },
		{ "::/0", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree Network *network = network_parse(rows[i].network);
		g_test_message("%s", rows[i].network);
		g_assert_cmpint(network_is_loopback(network), ==, rows[i].is_loopback);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/network/addresses", test_addresses);
	g_test_add_func("/network/endpoints", test_endpoints);
	g_test_add_func("/network/networks", test_networks);
	g_test_add_func("/network/holds", test_holds);
	g_test_add_func("/network/loopback", test_loopback);
	return g_test_run();
}
