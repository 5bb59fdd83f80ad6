/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-received: a field that is believed names our host once, as its by clause; a client's address
 * is one that stands there, and with an address outside comments or behind a literal it is alone.
 * The same of hosts below a name and in networks. Nobody hands in mail to Exim from an address.
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

/* Of many hosts of ours, one stands behind a by, once. */
static void
check_wide(Span value, const char *text)
{
	static const char *const wide[] = { ".example.org", "10.0.0.0/8", "2001:db8::/32", NULL };
	g_autoptr(Received) received = received_read(value, wide);
	unsigned count = 0;

	if (received->bad)
		return;
	g_autofree char *address = received->is_inside ? network_address(received->by) : NULL;
	g_assert_cmpint(received->is_inside, ==, address != NULL);
	g_assert_true(!received->is_inside || !received->from);
	for (const char *p = text; *p; p++) {
		bool is_start = p == text || !(g_ascii_isalnum(p[-1]) || strchr("-_.", p[-1]) ||
		                               (unsigned char)p[-1] >= 0x80);
		if (!is_start || g_ascii_strncasecmp(p, "by", 2) != 0)
			continue;
		size_t blanks = strspn(p + 2, " \t\r\n");
		g_autofree char *host =
		        g_strndup(p + 2 + blanks, strcspn(p + 2 + blanks, " \t\r\n();<>\","));
		count += blanks > 0 && received_host_in(host, wide);
	}
	g_assert_cmpuint(count, <=, 1);
	g_assert_true(count == 0 || received_host_in(received->by, wide));
}

/* A program on the host has no address. */
static void
check_local(const Received *received, const char *text, const char *const *ours)
{
	const char *by = received->local_user ? strstr(text, " by ") : NULL;

	if (!by || !received->with || g_ascii_strcasecmp(received->with, "local") == 0 ||
	    !received->from || received->local_uid)
		return;
	g_autofree char *more =
	        g_strdup_printf("%.*s ([203.0.113.66])%s", (int)(by - text), text, by);
	g_autoptr(Received) again = received_read((Span){ more, strlen(more) }, ours);
	g_assert_null(again->local_user);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ours[] = { "mx.example.org", NULL };
	Span value = { (const char *)data, size };
	g_autoptr(Received) received = received_read(value, ours);
	g_autofree char *text = g_strndup(value.data, size);

	check_wide(value, text);
	if (received->bad || !received_host_in(received->by, ours))
		return 0;
	date_read(received->date);
	g_autoptr(GRegex) by_ours =
	        g_regex_new("(?<![A-Za-z0-9._\\x80-\\xff-])by[ \\t\\r\\n]+mx\\.example\\.org\\.*"
	                    "(?![A-Za-z0-9._\\x80-\\xff-])",
	                    G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	check_peer(received, text, ours);
	check_local(received, text, ours);
	unsigned count = 0;
	for (g_regex_match(by_ours, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL))
		count++;
	g_assert_cmpuint(count, ==, 1);
	return 0;
}
