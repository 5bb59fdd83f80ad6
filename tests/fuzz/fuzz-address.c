/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-address: what is understood is built into a value that holds the same addr-specs and
 * nothing else.
 */
#include <string.h>

#include "core/address.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(AddressList) list = address_parse((const char *)data, size);

	if (!list->understood) {
		g_assert_cmpuint(list->addresses->len, ==, 0);
		return 0;
	}
	if (list->addresses->len == 0)
		return 0;
	g_autoptr(GString) value = address_build(list->addresses, 6, "\r\n");
	g_autoptr(AddressList) again = address_parse(value->str, value->len);
	g_assert_true(again->understood && again->bare && again->names->len == 0);
	g_assert_cmpuint(again->addresses->len, ==, list->addresses->len);
	for (guint i = 0; i < list->addresses->len; i++) {
		const char *address = g_ptr_array_index(list->addresses, i);
		g_assert_cmpstr(address, ==, g_ptr_array_index(again->addresses, i));
		g_assert_nonnull(strchr(address, '@'));
		g_assert_true(g_utf8_validate(address, -1, NULL));
		g_assert_null(strpbrk(address, "\r\n"));
	}
	return 0;
}
