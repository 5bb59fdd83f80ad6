/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what is taken for a sender that Pipermail wrote, and what is not. */
#include "core/pipermail.h"

#include <string.h>

static const struct {
	const char *value, *want; /* NULL: it is another value */
} values[] = {
	{ " ceo at corp.example (Jane Doe)", "ceo@corp.example (Jane Doe)" },
	{ "ceo at corp.example", "ceo@corp.example" },
	{ " jane.doe+x at mail.corp.example (Doe, Jane)\r",
	  "jane.doe+x@mail.corp.example (Doe, Jane)" },
	{ " ceo at corp.example\n\t(Jane Doe)", "ceo@corp.example (Jane Doe)" },
	{ " ceo at corp.example (=?utf-8?q?J=C3=BCrgen?=)",
	  "ceo@corp.example (=?utf-8?q?J=C3=BCrgen?=)" },
	{ " ceo at corp.example (Jane (CEO) Doe)", "ceo@corp.example (Jane \\(CEO\\) Doe)" },
	{ " ceo at corp.example (Jane :) Doe)", "ceo@corp.example (Jane :\\) Doe)" },
	{ " ceo at corp.example (a\\b)", "ceo@corp.example (a\\\\b)" },
	{ " ceo at corp.example ()", "ceo@corp.example ()" },
	{ " root at localhost (Cron Daemon)", "root@localhost (Cron Daemon)" },
	{ " \"Jane Doe\" <ceo at corp.example>", " \"Jane Doe\" <ceo@corp.example>" },
	{ " Jane at home <ceo at corp.example> ", " Jane at home <ceo@corp.example>" },
	{ " ceo@corp.example (Jane Doe)", NULL },
	{ " root (Cron Daemon)", NULL },
	{ " ceo at corp.example Jane Doe", NULL },
	{ " ceo at corp.example (Jane) Doe", NULL },
	{ " Jane Doe at corp.example (x)", NULL },
	{ " ceo At corp.example (Jane)", NULL },
	{ " ceo at (Jane)", NULL },
	{ " at corp.example (Jane)", NULL },
	{ " ceo atcorp.example (Jane)", NULL },
	{ " ceo at", NULL },
	{ " ceo a", NULL },
	{ " ceo at corp.example (", NULL },
	{ " ceo at corp.example )", NULL },
	{ " ceo at corp.example Doe)", NULL },
	{ " Jane < at corp.example>", NULL },
	{ " Jane <ceo at corp.example (x)>", NULL },
	{ " Jane <ceo@corp.example>", NULL },
	{ " >", NULL },
	{ "", NULL },
};

static void
test_values(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		size_t length = strlen(values[i].value);
		/* A copy, so that a byte too far is seen. */
		g_autofree char *copy = g_memdup2(values[i].value, MAX(length, 1));
		g_autoptr(GString) plain = pipermail_value(copy, length);
		g_test_message("%s", values[i].value);
		g_assert_cmpstr(plain ? plain->str : NULL, ==, values[i].want);
	}
}

static void
test_address(void)
{
	size_t length = 0;
	g_autofree char *address = pipermail_address("ceo at corp.example  Fri Jul",
	                                             strlen("ceo at corp.example  Fri"), &length);

	g_assert_cmpstr(address, ==, "ceo@corp.example");
	g_assert_cmpuint(length, ==, strlen("ceo at corp.example"));
	g_assert_null(pipermail_address(" ceo at corp.example", 20, &length));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pipermail/values", test_values);
	g_test_add_func("/pipermail/address", test_address);
	return g_test_run();
}
