/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * laws: what holds for every message, checked on all golden files and by the fuzzers.
 */
#include "laws.h"

#include <string.h>

#include "core/address.h"
#include "util/digest.h"

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

static const char *
apart_law(const Head *head, const GArray *edits)
{
	size_t end = 0;

	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		if (edit->offset < end || edit->length > head->fields_end - edit->offset)
			return "edits stand in head order, apart from each other";
		end = edit->offset + edit->length;
	}
	return NULL;
}

/* A field or a junk run as an MTA has it, read without the code under test. */
typedef struct {
	size_t at;
	bool is_field;
	Span name, before, value, after; /* of a field: before ends with the colon */
	const Edit *edit;
} Piece;

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The name that @line begins with and the offset behind its colon; 0: it is no field. */
static size_t
field_begins(const char *line, size_t length, Span *ret_name)
{
	size_t name = 0;

	while (name < length && line[name] >= '!' && line[name] <= '~' && line[name] != ':')
		name++;
	size_t colon = name;
	while (colon < length && is_blank(line[colon]))
		colon++;
	*ret_name = (Span){ line, name };
	return name && colon < length && line[colon] == ':' ? colon + 1 : 0;
}

static GArray *
pieces_of(const Head *head)
{
	GArray *pieces = g_array_new(false, false, sizeof(Piece));
	const char *bytes = head->bytes.data;

	for (size_t at = 0, next; at < head->fields_end; at = next) {
		const char *lf = memchr(bytes + at, '\n', head->fields_end - at);
		next = lf ? (size_t)(lf - bytes) + 1 : head->fields_end;
		Piece piece = { .at = at };
		Piece *above = pieces->len ? &g_array_index(pieces, Piece, pieces->len - 1) : NULL;
		size_t value = field_begins(bytes + at, next - at, &piece.name);
		piece.is_field = value > 0;
		if (above && (is_blank(bytes[at]) || (!value && !above->is_field))) {
			above->value.length = next - (size_t)(above->value.data - bytes);
			continue;
		}
		piece.before = (Span){ bytes + at, value };
		piece.value = (Span){ bytes + at + value, next - at - value };
		g_array_append_val(pieces, piece);
	}
	for (guint i = 0; i < pieces->len; i++) {
		Piece *piece = &g_array_index(pieces, Piece, i);
		size_t whole = piece->value.length, length = whole;
		if (!piece->is_field)
			continue;
		if (length && piece->value.data[length - 1] == '\n')
			for (length--; length && piece->value.data[length - 1] == '\r';)
				length--;
		piece->value.length = length;
		piece->after = (Span){ piece->value.data + length, whole - length };
	}
	return pieces;
}

static Piece *
piece_named(GArray *pieces, const char *name, size_t nth)
{
	for (guint i = 0; i < pieces->len; i++) {
		Piece *piece = &g_array_index(pieces, Piece, i);
		if (piece->is_field && piece->name.length == strlen(name) &&
		    g_ascii_strncasecmp(piece->name.data, name, piece->name.length) == 0 &&
		    --nth == 0)
			return piece;
	}
	return NULL;
}

static void
add_span(GString *text, Span span)
{
	g_string_append_len(text, span.data, (gssize)span.length);
}

/* Adds the junk @piece with its edits, which are made by offset. */
static void
add_junk(GString *text, const Piece *piece, const GArray *edits)
{
	size_t end = piece->value.length, from = 0;

	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		if (edit->offset < piece->at || edit->offset >= piece->at + end)
			continue;
		gsize size;
		const char *value = g_bytes_get_data(edit->value, &size);
		add_span(text, (Span){ piece->value.data + from, edit->offset - piece->at - from });
		g_string_append_len(text, value, (gssize)size);
		from = edit->offset - piece->at + edit->length;
	}
	add_span(text, (Span){ piece->value.data + from, end - from });
}

/* A milter knows a field by name and number, and sends its value alone. */
static const char *
by_name_law(const Head *head, const GArray *edits)
{
	g_autoptr(GArray) pieces = pieces_of(head);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GBytes) by_offset = edit_apply(head, edits);

	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		if (!edit->container != !edit->container_nth)
			return "by name: a container has name and number, or neither";
		if (edit->nth && edit->nth != edit->container_nth)
			return "by name: what an MTA sees as a field is its own container";
		for (guint k = 0; !edit->container && k < pieces->len; k++) {
			const Piece *piece = &g_array_index(pieces, Piece, k);
			if (piece->is_field && edit->offset >= piece->at &&
			    edit->offset < piece->at + piece->before.length + piece->value.length)
				return "by name: an edit of a field has its name";
		}
		if (!edit->container)
			continue;
		Piece *piece = piece_named(pieces, edit->container, edit->container_nth);
		if (!piece || piece->edit)
			return "by name: each edit has a field of its own";
		if (strncmp(piece->name.data, edit->container, piece->name.length) != 0)
			return "by name: the container is named as it is written";
		piece->edit = edit;
	}
	for (guint i = 0; i < pieces->len; i++) {
		const Piece *piece = &g_array_index(pieces, Piece, i);
		if (!piece->is_field) {
			add_junk(text, piece, edits);
			continue;
		}
		add_span(text, piece->before);
		add_span(text, piece->edit ? edit_value(piece->edit) : piece->value);
		add_span(text, piece->after);
	}
	g_string_append_len(text, head->bytes.data + head->fields_end,
	                    (gssize)(head->bytes.length - head->fields_end));
	gsize size;
	const char *bytes = g_bytes_get_data(by_offset, &size);
	return size == text->len && memcmp(bytes, text->str, size) == 0
	               ? NULL
	               : "an edit by offset is the edit by name and number";
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
	Policy senders = *policy;
	guint n = 0;

	senders.fields &= ~(strip_field_bits("To") | strip_field_bits("Cc"));
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

static bool
is_same(const char *sha256, gpointer wanted)
{
	return g_str_equal(sha256, wanted);
}

/* What is recorded of @edits. (transfer full) */
static EditRecord *
records_of(const Head *head, const GArray *edits, bool with_positions)
{
	EditRecord *records = g_new0(EditRecord, edits->len);

	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		gsize size;
		const char *value = g_bytes_get_data(edit->value, &size);
		records[i] =
		        (EditRecord){ .before = { head->bytes.data + edit->offset, edit->length },
			              .after = { value, size },
			              .position = with_positions ? (gint64)edit->offset
			                                         : EDIT_NO_POSITION };
	}
	return records;
}

/* Whether undoing @edits of @head in @delivered, which holds the new head, gives @wanted. */
static bool
is_undone(const Head *head, const GArray *edits, bool with_positions, Span new_head,
          const GString *delivered, const GString *wanted)
{
	char before[DIGEST_SIZE], after[DIGEST_SIZE];
	g_autofree EditRecord *records = records_of(head, edits, with_positions);
	Head there = head_of(delivered->str, delivered->len);
	g_auto(EditFound) found = { 0 };

	digest_sha256(head->bytes.data, head->bytes.length, before);
	digest_sha256(new_head.data, new_head.length, after);
	if (!edit_find(&there, is_same, after, &found))
		return false;
	g_autoptr(GBytes) undone = edit_undo(&found, records, edits->len, before);
	gsize size = 0;
	const char *bytes = undone ? g_bytes_get_data(undone, &size) : NULL;
	return undone && size == wanted->len && memcmp(bytes, wanted->str, size) == 0;
}

/* @span, of which the fields end at @end, with fields above and below them; in CRLF if wanted. */
static GString *
delivered_as(Span span, size_t end, const char *above, const char *below, bool crlf)
{
	GString *text = g_string_new(above);

	g_string_append_len(text, span.data, (gssize)end);
	g_string_append(text, below);
	g_string_append_len(text, span.data + end, (gssize)(span.length - end));
	for (gsize i = 0; crlf && i < text->len; i++) {
		if (text->str[i] == '\n')
			g_string_insert_c(text, (gssize)i++, '\r');
	}
	return text;
}

/* What was edited can be had back, whatever programs have put above and below it. */
static const char *
undo_law(const Head *head, const GArray *edits)
{
	static const char above[] = "Return-Path: <a@b>\nReceived: by x;\n\tnow\n";
	static const char below[] = "Status: RO\nX-UID: 1\n";
	g_autoptr(GBytes) new_bytes = edit_apply(head, edits);
	gsize size;
	const char *bytes = g_bytes_get_data(new_bytes, &size);
	Head new_head = head_of(bytes, size);
	size_t end = new_head.fields_end;
	bool may_grow = end > 0 && !is_blank(bytes[0]) && bytes[end - 1] == '\n' &&
	                !is_blank(head->bytes.data[0]);
	bool may_cross = !memchr(head->bytes.data, '\r', head->bytes.length);

	if (edits->len == 0)
		return NULL;
	for (unsigned i = 0; i < 8; i++) {
		bool grown = i & 1, crlf = i & 2, with_positions = !(i & 4);
		if ((grown && !may_grow) || (crlf && !may_cross))
			continue;
		g_autoptr(GString) delivered = delivered_as(new_head.bytes, end, grown ? above : "",
		                                            grown ? below : "", crlf);
		g_autoptr(GString) wanted =
		        delivered_as(head->bytes, head->fields_end, grown ? above : "",
		                     grown ? below : "", false);
		if (!is_undone(head, edits, with_positions, new_head.bytes, delivered, wanted))
			return with_positions ? "what was edited can be had back"
			                      : "also without positions";
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
	if (!broken)
		broken = apart_law(&head, decision->edits);
	if (!broken)
		broken = by_name_law(&head, decision->edits);
	if (!broken)
		broken = undo_law(&head, decision->edits);
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
