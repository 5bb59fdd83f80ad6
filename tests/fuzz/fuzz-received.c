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

	g_autofree char *text = g_strndup(value.data, size);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	if (!received->bad && received_host_in(received->by, ours)) {
		const char *first = g_strstr_len(lower, -1, "by mx.example.org");
		/* More than one is bad, however it is written; none can only be one that is folded.
		 */
		g_assert_true(!first || !g_strstr_len(first + 1, -1, " by mx.example.org "));
	}
	return 0;
}
