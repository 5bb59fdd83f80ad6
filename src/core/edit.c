/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * edit: a head and a list of edits -> the new head; and the fields that a milter would name.
 * May know: offsets, the names of fields. Must not know: why an edit is made.
 * Fails: only where memory ends.
 */
#include "edit.h"

#include <string.h>

/* The fields of one name. */
typedef struct {
	Span name;
	size_t seen;
} Named;

/* Eight bytes of a name, which are ASCII, in lower case. */
static guint64
fold_eight(const char *bytes)
{
	guint64 eight;

	memcpy(&eight, bytes, sizeof eight);
	/* The high bit of each byte that is A or above, and of each that is above Z. */
	guint64 from_a = eight + 0x3f3f3f3f3f3f3f3f, above_z = eight + 0x2525252525252525;
	return eight | (from_a & ~above_z & 0x8080808080808080) >> 2;
}

/* By length first, so that long names are seldom read, and those not byte by byte. */
static int
compare_named(gconstpointer a, gconstpointer b)
{
	const Span *x = &((const Named *)a)->name, *y = &((const Named *)b)->name;

	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	size_t length = x->length, i = 0;
	while (i + 8 <= length && fold_eight(x->data + i) == fold_eight(y->data + i))
		i += 8;
	return g_ascii_strncasecmp(x->data + i, y->data + i, length - i);
}

/* The names of the fields that @edits replace, sorted, each once: GArray of Named. A table that is
 * sorted is slow for nobody, whatever names a sender chooses. (transfer full) */
static GArray *
names_of(const Head *head, const GArray *edits)
{
	GArray *names = g_array_new(false, false, sizeof(Named));
	guint n = 0;

	for (guint i = 0; i < edits->len; i++) {
		size_t at = g_array_index(edits, Edit, i).offset;
		HeadItem item;
		if (!head_next(head, &at, &item) || !item.is_field)
			continue;
		Named named = { .name = item.name };
		g_array_append_val(names, named);
	}
	g_array_sort(names, compare_named);
	for (guint i = 0; i < names->len; i++) {
		Named *here = &g_array_index(names, Named, i);
		if (n == 0 || compare_named(here, &g_array_index(names, Named, n - 1)) != 0)
			g_array_index(names, Named, n++) = *here;
	}
	g_array_set_size(names, n);
	return names;
}

void
edit_find_containers(const Head *head, GArray *edits)
{
	g_autoptr(GArray) names = names_of(head, edits);
	size_t at = 0, left = edits->len;
	Edit *edit = (Edit *)(void *)edits->data;
	HeadItem item;

	while (left && names->len && head_next(head, &at, &item)) {
		Named sought = { .name = item.name };
		guint found;
		for (; left && edit->offset < item.offset; left--)
			edit++;
		if (!item.is_field || !g_array_binary_search(names, &sought, compare_named, &found))
			continue;
		size_t nth = ++g_array_index(names, Named, found).seen;
		if (left && edit->offset == item.offset) {
			edit->container = g_strndup(item.name.data, item.name.length);
			edit->container_nth = nth;
		}
	}
}

Span
edit_value(const Edit *edit)
{
	gsize size;
	const char *bytes = g_bytes_get_data(edit->value, &size);
	Head field = head_parse(bytes, size);
	HeadItem item = { 0 };
	size_t at = 0;

	head_next(&field, &at, &item);
	return item.value;
}

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
