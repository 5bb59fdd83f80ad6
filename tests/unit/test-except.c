/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which items the setting except accepts, and which addresses and clients they match. */
#include "core/except.h"

#include <string.h>

#include "core/person.h"
#include "settings.h"

static Except *
except_of(const char *items)
{
	Except *except = except_new();
	g_auto(GStrv) split = list(items);

	for (char **item = split; *item; item++)
		g_assert_true(except_add(except, *item));
	return except;
}

static void
test_items(void)
{
	static const struct {
		const char *item;
		bool good;
	} items[] = {
		{ "a@b.example", true },
		{ "\"a b\"@b.example", true },
		{ "a@b\303\274cher.example", true },
		{ "b.example", true },
		{ "b_c.example.", true },
		{ "*.example", true },
		{ "192.0.2.1", true },
		{ "192.0.2.0/24", true },
		{ "2001:db8::/32", true },
		{ "", false },
		{ "@b.example", false },
		{ "a@", false },
		{ "a@b@c.example", false },
		{ "a@b c.example", false },
		{ "a@[192.0.2.1]", false },
		{ ".example", false },
		{ "b..example", false },
		{ "b\343\200\202.example", false },
		{ "*.b.example..", false },
		{ "*", false },
		{ "*.", false },
		{ "*.*.example", false },
		{ "a*.example", false },
		{ "b/example", false },
		{ "192.0.2.1/24", false },
		{ "2001:db8::1/32", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
		g_autoptr(Except) except = except_new();
		g_test_message("%s", items[i].item);
		g_assert_cmpint(except_add(except, items[i].item), ==, items[i].good);
		g_assert_cmpint(except_is_empty(except), ==, !items[i].good);
	}
}

static void
test_addresses(void)
{
	static const struct {
		const char *items, *address;
		bool excepted;
	} cases[] = {
		{ "", "a@b.example", false },
		{ "a@b.example", "a@b.example", true },
		{ "A@B.Example.", "a@b.example", true },
		{ "\"a\"@b.example", "a@b.example", true },
		{ "a@b.example", "aa@b.example", false },
		{ "a@b.example", "a@c.b.example", false },
		{ "z@b.example a@b.example", "a@b.example", true },
		{ "b.example", "a@b.example", true },
		{ "B.Example.", "a@b.example", true },
		{ "b.example", "a@c.b.example", false },
		{ "b.example", "a@bb.example", false },
		{ "example", "a@b.example", false },
		{ "*.example", "a@b.example", true },
		{ "*.example", "a@c.b.example", true },
		{ "*.b.example", "a@b.example", false },
		{ "*.b.example", "a@bb.example", false },
		{ "*.b.example", "a@cb.example", false },
		{ "*.B.Example.", "a@c.b.example", true },
		{ "b\303\274cher.example", "a@xn--bcher-kva.example", true },
		{ "*.b\303\274cher.example", "a@c.xn--bcher-kva.example", true },
		{ "192.0.2.1", "a@b.example", false },
		{ "192.0.2.1", "a@192.0.2.1", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Except) except = except_of(cases[i].items);
		g_autofree char *address =
		        person_address(cases[i].address, strlen(cases[i].address));
		g_test_message("%s: %s", cases[i].items, cases[i].address);
		g_assert_cmpint(except_has_address(except, address), ==, cases[i].excepted);
		g_assert_false(except_has_address(except, NULL));
	}
}

static void
test_clients(void)
{
	static const struct {
		const char *items, *peer;
		bool excepted;
	} cases[] = {
		{ "", "192.0.2.1", false },
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "a@b.example 192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "2001:db8::/32", "2001:db8::7", true },
		{ "2001:db8::/32", "2001:db9::7", false },
		{ "b.example", "b.example", false },
		{ "192.0.2.1", NULL, false },
		{ "192.0.2.1", "", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Except) except = except_of(cases[i].items);
		g_test_message("%s: %s", cases[i].items, cases[i].peer);
		g_assert_cmpint(except_has_client(except, cases[i].peer), ==, cases[i].excepted);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/except/items", test_items);
	g_test_add_func("/except/addresses", test_addresses);
	g_test_add_func("/except/clients", test_clients);
	return g_test_run();
}
