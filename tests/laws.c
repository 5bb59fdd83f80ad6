/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * laws: what holds for every message, checked on all golden files and by the fuzzers.
 */
#include "laws.h"

#include <string.h>

#include "core/address.h"

static Head
head_of(const char *bytes, size_t length)
{
	size_t from = 0, end = length;

	if (!head_find_end(bytes, length, &from, &end))
		end = length;
	return head_parse(bytes, end);
}

static const char *
partition_law(const Head *head)
{
	HeadItem item;
	size_t at = 0, sum = 0;

	while (head_next(head, &at, &item)) {
		if (item.offset != sum || item.length == 0)
			return "items join to the head: gap or overlap";
		sum += item.length;
		if (at != sum)
			return "items join to the head: iteration";
	}
	if (sum != head->fields_end)
		return "items join to the head: end";
	return head->bytes.length - sum <= 2 ? NULL : "only the empty line follows the items";
}

/* A milter knows a field by name and number, and sends its value alone. */
static const char *
by_name_law(const Head *head, const Edit *edit)
{
	gsize size;
	const char *bytes = g_bytes_get_data(edit->value, &size);
	Head changed = head_parse(bytes, size);
	HeadItem item, new_item;
	size_t at = edit->offset, new_at = 0, nth = 0;

	if (edit->nth == 0)
		return NULL;
	if (!head_next(head, &at, &item) || !item.is_field || item.length != edit->length)
		return "an edit by offset is the edit by name and number: no field";
	g_autofree char *name = g_strndup(item.name.data, item.name.length);
	for (at = 0; at <= edit->offset && head_next(head, &at, &item);)
		nth += head_item_is(&item, name);
	if (nth != edit->nth || item.offset != edit->offset)
		return "an edit by offset is the edit by name and number: another field";
	if (!head_next(&changed, &new_at, &new_item) || new_at != size || !new_item.is_field)
		return "an edit by offset is the edit by name and number: not one field";
	size_t before = (size_t)(item.value.data - item.name.data);
	size_t after = item.length - before - item.value.length;
	if (size != before + new_item.value.length + after ||
	    memcmp(bytes, item.name.data, before) != 0 ||
	    memcmp(bytes + size - after, item.value.data + item.value.length, after) != 0)
		return "an edit changes the value alone";
	return NULL;
}

static bool
is_word_char(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

/* Which recipient fields are listed is nothing to the sender places. */
static const char *
recipients_law(const Policy *policy, const Facts *facts, const Head *head, const Decision *decision)
{
	g_autoptr(GPtrArray) fields = g_ptr_array_new();
	Policy senders = *policy;
	guint n = 0;

	for (size_t i = 0; policy->fields[i]; i++) {
		if (g_ascii_strcasecmp(policy->fields[i], "To") != 0 &&
		    g_ascii_strcasecmp(policy->fields[i], "Cc") != 0)
			g_ptr_array_add(fields, policy->fields[i]);
	}
	g_ptr_array_add(fields, NULL);
	senders.fields = (char **)fields->pdata;
	g_autoptr(Decision) alone = strip_decide(&senders, facts, head, true);
	for (guint i = 0; i < decision->fields->len; i++) {
		const Place *place = g_ptr_array_index(decision->fields, i);
		if (place->field->is_recipient)
			continue;
		const Place *same =
		        n < alone->fields->len ? g_ptr_array_index(alone->fields, n++) : NULL;
		if (!same || same->before.data != place->before.data ||
		    same->before.length != place->before.length)
			return "a recipient field makes no sender place";
	}
	return n == alone->fields->len ? NULL : "a recipient field hides no sender place";
}

/* Junk that continued a field goes whole. */
static bool
all_goes(const Place *place)
{
	return place->after && g_bytes_get_size(place->after) == 0;
}

static guint
count_places_left(const Decision *decision)
{
	guint n = 0;

	for (guint i = 0; i < decision->fields->len; i++)
		n += !all_goes(g_ptr_array_index(decision->fields, i));
	return n;
}

/* A word of at least four characters of a removed name is in no sender place, unless it is part
 * of an address that the place carries. */
static const char *
no_name_left(const Decision *before, const Decision *after)
{
	for (guint i = 0, b = 0; i < after->fields->len; i++, b++) {
		const Place *place = g_ptr_array_index(after->fields, i);
		while (all_goes(g_ptr_array_index(before->fields, b)))
			b++;
		if (place->field->is_recipient)
			continue;
		g_autoptr(AddressList) list =
		        address_parse(place->before.data, place->before.length);
		if (!list->understood || (list->shows_text && list->addresses->len == 0))
			return "every sender place that leaves is understood";
		if (list->shows_text || list->names->len)
			return "no sender place that leaves shows a name";
		const Place *was = g_ptr_array_index(before->fields, b);
		if (was->action != ACTION_STRIPPED)
			continue;
		for (guint k = 0; k < list->addresses->len; k++) {
			if (!g_ptr_array_find_with_equal_func(was->addresses,
			                                      g_ptr_array_index(list->addresses, k),
			                                      g_str_equal, NULL))
				return "no address is invented";
		}
		g_autofree char *value = g_strndup(place->before.data, place->before.length);
		for (guint n = 0; n < was->display_names->len; n++) {
			const char *name = g_ptr_array_index(was->display_names, n);
			while (*name) {
				size_t word = 0;
				while (is_word_char(name[word]))
					word++;
				g_autofree char *text = g_strndup(name, word);
				bool in_address = false;
				for (guint k = 0; k < list->addresses->len; k++)
					in_address |= strstr(g_ptr_array_index(list->addresses, k),
					                     text) != NULL;
				if (word >= 4 && !in_address && strstr(value, text))
					return "no word of a removed name is left";
				name += MAX(word, 1);
			}
		}
	}
	return NULL;
}

const char *
laws_broken(const Policy *policy, const Facts *facts, const char *bytes, size_t length,
            GBytes **ret_output)
{
	Head head = head_of(bytes, length);
	const char *broken = partition_law(&head);
	g_autoptr(Decision) decision = strip_decide(policy, facts, &head, true);
	size_t body = length - head.bytes.length;

	if (ret_output)
		*ret_output = NULL;
	/* A head of so few bytes has no more places than are listed. */
	if (!broken && length < HEAD_PLACES_MAX)
		broken = recipients_law(policy, facts, &head, decision);
	for (guint i = 0; !broken && i < decision->edits->len; i++)
		broken = by_name_law(&head, &g_array_index(decision->edits, Edit, i));
	if (broken)
		return broken;
	if ((decision->action == ACTION_KEPT || decision->action == ACTION_REFUSED) !=
	    (decision->edits->len == 0))
		return "kept and refused messages have no edits, others have";

	g_autoptr(GBytes) new_head = edit_apply(&head, decision->edits);
	gsize size;
	const char *new_bytes = g_bytes_get_data(new_head, &size);
	if (decision->edits->len == 0 &&
	    (size != head.bytes.length || (size && memcmp(new_bytes, head.bytes.data, size) != 0)))
		return "no edit, no change";

	g_autoptr(GByteArray) whole = g_byte_array_new();
	g_byte_array_append(whole, (const guint8 *)new_bytes, size);
	if (body)
		g_byte_array_append(whole, (const guint8 *)bytes + head.bytes.length, body);
	const char *out = (const char *)whole->data;
	Head again = head_of(out, whole->len);
	if (again.bytes.length != size)
		return "the head ends where it ended";

	g_autoptr(Decision) twice = strip_decide(policy, facts, &again, true);
	if (decision->action != ACTION_REFUSED) {
		if (twice->edits->len != 0 || twice->action != ACTION_KEPT)
			return "strip twice is strip once";
		if (twice->fields->len != count_places_left(decision))
			return "an edit neither hides nor makes a place";
		if (decision->edits->len)
			broken = no_name_left(decision, twice);
	}
	if (!broken && ret_output && decision->action != ACTION_REFUSED)
		*ret_output = g_byte_array_free_to_bytes(g_steal_pointer(&whole));
	return broken;
}
