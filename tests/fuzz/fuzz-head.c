/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-head: the partition is lossless, places lie inside and do not overlap, and the end of the
 * head is found alike however the bytes come in.
 */
#include "core/head.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", NULL };
	const char *bytes = (const char *)data;
	size_t from = 0, end = size, piecewise = size;
	HeadItem item;

	bool found = head_find_end(bytes, size, &from, &end);
	from = 0;
	bool found_piecewise = false;
	for (size_t length = 0; length <= size && !found_piecewise; length++)
		found_piecewise = head_find_end(bytes, length, &from, &piecewise);
	g_assert_true(found == found_piecewise);
	g_assert_true(!found || end == piecewise);

	Head head = head_parse(bytes, end);
	size_t at = 0, sum = 0;
	while (head_next(&head, &at, &item)) {
		g_assert_cmpuint(item.offset, ==, sum);
		sum += item.length;
	}
	g_assert_cmpuint(sum, ==, head.fields_end);

	g_autoptr(GArray) places = head_places(&head, names);
	size_t last = 0;
	for (guint i = 0; i < places->len; i++) {
		const HeadPlace *place = &g_array_index(places, HeadPlace, i);
		g_assert_cmpuint(place->offset, >=, last);
		g_assert_cmpuint(place->value, >, place->offset);
		g_assert_cmpuint(place->end, >=, place->value);
		g_assert_cmpuint(place->end, <=, place->item_offset + place->item_length);
		last = place->end;
	}
	return 0;
}
