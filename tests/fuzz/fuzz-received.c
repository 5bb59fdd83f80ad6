/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-received: a field that is believed names our host once, as its by clause; a client's address
 * is one that stands there, and with an address outside comments or behind a literal it is alone.
 */
#include <string.h>

#include "core/date.h"
#include "core/network.h"
#include "core/received.h"
#include "fuzz.h"

/* The field with `[203.0.113.66]:4711` right before its by never has another client. */
static void
check_peer(const Received *received, const char *text, const char *const *ours)
{
	static const char by[] = " by mx.example.org";
	g_autofree char *lower = g_ascii_strdown(text, -1);
	const char *at = received->peer ? strstr(text, by) : NULL;
	bool once = strstr(lower, "by") == g_strrstr(lower, "by");

	if (!received->peer)
		return;
	g_autofree char *canonical = network_address(received->peer);
	g_assert_cmpstr(canonical, ==, received->peer);
	g_assert_null(received->unread);
	if (!at || !once)
		return;
	g_autofree char *more =
	        g_strdup_printf("%.*s [203.0.113.66]:4711%s", (int)(at - text), text, at);
	g_autoptr(Received) again = received_read((Span){ more, strlen(more) }, ours);
	g_assert_true(again->bad || !again->peer || g_str_equal(again->peer, "203.0.113.66"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ours[] = { "mx.example.org", NULL };
	Span value = { (const char *)data, size };
	g_autoptr(Received) received = received_read(value, ours);

	if (received->bad || !received_host_in(received->by, ours))
		return 0;
	date_read(received->date);
	g_autoptr(GRegex) by_ours =
	        g_regex_new("(?<![A-Za-z0-9._\\x80-\\xff-])by[ \\t\\r\\n]+mx\\.example\\.org\\.*"
	                    "(?![A-Za-z0-9._\\x80-\\xff-])",
	                    G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *text = g_strndup(value.data, size);
	check_peer(received, text, ours);
	unsigned count = 0;
	for (g_regex_match(by_ours, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL))
		count++;
	g_assert_cmpuint(count, ==, 1);
	return 0;
}
