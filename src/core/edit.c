/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * edit: a head and a list of edits -> the new head.
 * May know: offsets. Must not know: why an edit is made.
 * Fails: only where memory ends.
 */
#include "edit.h"

#include <string.h>

static char *
put(char *to, const char *bytes, size_t length)
{
	if (length)
		memcpy(to, bytes, length);
	return to + length;
}

GBytes *
edit_apply(const Head *head, const GArray *edits)
{
	const char *old = head->bytes.data;
	size_t length = head->bytes.length, from = 0;

	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		length += g_bytes_get_size(edit->value) - edit->length;
	}
	char *bytes = g_try_malloc(MAX(length, 1)), *to = bytes;
	if (!bytes)
		return NULL;
	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		gsize size;
		const char *value = g_bytes_get_data(edit->value, &size);
		to = put(to, old + from, edit->offset - from);
		to = put(to, value, size);
		from = edit->offset + edit->length;
	}
	put(to, old + from, head->bytes.length - from);
	return g_bytes_new_take(bytes, length);
}
