/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-authres: one more result behind a field that can be read adds just itself.
 */
#include <string.h>

#include "core/authres.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char more[] = ";auth=fail";
	g_autoptr(Authres) a = authres_read((Span){ (const char *)data, size });
	g_autoptr(GString) text = g_string_new_len((const char *)data, size);

	g_assert_true(a->authserv_id || (!a->auths && !a->pass && !a->user));
	g_string_append(text, more);
	g_autoptr(Authres) b = authres_read((Span){ text->str, text->len });
	if (!a->authserv_id)
		return 0;
	if (!b->authserv_id) {
		g_autofree char *lower = g_ascii_strdown((const char *)data, size);
		/* "none" stands alone; and there is a limit to the length. */
		g_assert_true(g_strstr_len(lower, size, "none") || size + strlen(more) > 65536);
		return 0;
	}
	g_assert_cmpstr(b->authserv_id, ==, a->authserv_id);
	g_assert_cmpuint(b->auths, ==, a->auths + 1);
	g_assert_false(b->pass);
	g_assert_cmpstr(b->user, ==, a->user);
	return 0;
}
