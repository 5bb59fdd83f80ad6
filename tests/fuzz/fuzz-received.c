/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-received: a field that is believed names our host once, as its by clause.
 */
#include "core/received.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ours[] = { "mx.example.org", NULL };
	Span value = { (const char *)data, size };
	g_autoptr(Received) received = received_read(value, ours);

	if (received->bad || !received_host_in(received->by, ours))
		return 0;
	g_autoptr(GRegex) by_ours =
	        g_regex_new("(?<![A-Za-z0-9._\\x80-\\xff-])by[ \\t\\r\\n]+mx\\.example\\.org\\.*"
	                    "(?![A-Za-z0-9._\\x80-\\xff-])",
	                    G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *text = g_strndup(value.data, size);
	unsigned count = 0;
	for (g_regex_match(by_ours, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL))
		count++;
	g_assert_cmpuint(count, ==, 1);
	return 0;
}
