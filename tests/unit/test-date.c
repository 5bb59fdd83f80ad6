/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which dates of trace fields are read, and that no other text counts as a date. */
#include <string.h>

#include "core/date.h"

static const struct {
	const char *text;
	gint64 seconds;
} rows[] = {
	{ "Thu, 1 Jan 1970 00:00:00 +0000", 0 },
	{ " Wed, 14 Oct 2026 10:00:00 +0200", 1791964800 },
	{ "Wed, 14 Oct 2026 08:00:00 GMT", 1791964800 },
	{ "14 Oct 2026 08:00 -0000", 1791964800 },
	{ "wed,14 oct 2026 00:00:00 -0800", 1791964800 },
	{ "Wed, 14 Oct 2026\r\n\t10:00:00 +0200 (CEST)", 1791964800 },
	{ "Wed, 14 Oct 2026 10:00:00 +0200\n id 0007.1 (x", 1791964800 },
	{ "(a) Wed (b), 14 (c) Oct 2026 10 : 00 : 00 (d) +0200", 1791964800 },
	{ "Wed, 14 Oct 26 08:00:00 UT", 1791964800 },
	{ "Sun, 29 Jul 2007 21:10:25 PDT", 1185768625 },
	{ "Sun, 29 Jul 107 21:10:25 PDT", 1185768625 },
	{ "Fri, 31 Dec 99 23:59:60 Z", 946684800 },
	{ "Sun, 29 Feb 2004 00:00:00 EST", 1078030800 },
	{ "Fri, 1 Jan 1960 00:00:00 +0000", -315619200 },
	{ "Tue, 29 Feb 2005 00:00:00 +0000", DATE_NONE },
	{ "Wed, 14 Oct 2026 24:00:00 +0000", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:60:00 +0000", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:61 +0000", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:00 +0060", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:00 +020", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:00 +02000", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:00 CEST", DATE_NONE },
	{ "Wed, 14 Oct 2026 10:00:00", DATE_NONE },
	{ "Wed, 14 Oct 2026", DATE_NONE },
	{ "Wed 14 Oct 2026 10:00:00 +0200", DATE_NONE },
	{ "Wed Oct 14 10:00:00 2026", DATE_NONE },
	{ "Wed, 114 Oct 2026 10:00:00 +0200", DATE_NONE },
	{ "Wed, 0 Oct 2026 10:00:00 +0200", DATE_NONE },
	{ "Wed, 14 October 2026 10:00:00 +0200", DATE_NONE },
	{ "Wed, 14 Oct 20260 10:00:00 +0200", DATE_NONE },
	{ "Fri, 31 Dec 9999 23:59:59 -0100", DATE_NONE },
	{ "2026-10-14T08:00:00Z", DATE_NONE },
	{ "Mon", DATE_NONE },
	{ "(x", DATE_NONE },
	{ "", DATE_NONE },
};

static void
test_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		size_t length = strlen(rows[i].text);
		g_autofree char *exact =
		        g_memdup2(rows[i].text, length); /* a read too far is seen */
		g_test_message("%s", rows[i].text);
		g_assert_cmpint(date_read((Span){ exact ? exact : "", length }), ==,
		                rows[i].seconds);
	}
}

/* No beginning of a date reads too far, or is another date. */
static void
test_cut(void)
{
	static const char date[] = "Wed, 14 Oct 2026 10:00:00 +0200";

	for (size_t length = 0; length < strlen(date); length++) {
		g_autofree char *exact = g_memdup2(date, length);
		g_assert_cmpint(date_read((Span){ exact ? exact : "", length }), ==, DATE_NONE);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/date/read", test_read);
	g_test_add_func("/date/cut", test_cut);
	return g_test_run();
}
