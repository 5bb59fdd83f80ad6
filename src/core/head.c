/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * head: the bytes of a message head, partitioned without loss, and the places in them that some
 * reader would take for a field of a given name.
 * May know: line ends, field names. Must not know: what a field means, addresses, policy.
 * Fails: never; every sequence of bytes has a partition.
 * Follows RFC 5322, 2.1, 2.2 and 4.5 (blanks before the colon).
 */
#include "head.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Offset behind the line that begins at @at. */
static size_t
line_end(const char *bytes, size_t at, size_t end)
{
	const char *lf = memchr(bytes + at, '\n', end - at);
	return lf ? (size_t)(lf - bytes) + 1 : end;
}

/* Offset behind the last line of the unfolded line that begins at @at. */
static size_t
unfolded_end(const char *bytes, size_t at, size_t end)
{
	do {
		at = line_end(bytes, at, end);
	} while (at < end && is_blank(bytes[at]));
	return at;
}

/* Where the content before the line end at @end ends: before LF and the CRs in front of it. */
static size_t
content_end(const char *bytes, size_t at, size_t end)
{
	if (end == at || bytes[end - 1] != '\n')
		return end;
	end--;
	while (end > at && bytes[end - 1] == '\r')
		end--;
	return end;
}

bool
head_find_end(const char *bytes, size_t length, size_t *from, size_t *ret_end)
{
	size_t at = *from;

	if (at == 0 && length > 0) {
		size_t lf = bytes[0] == '\r';
		if (lf == length)
			return false;
		if (bytes[lf] == '\n') {
			*ret_end = lf + 1;
			return true;
		}
	}
	while (at < length) {
		const char *line = memchr(bytes + at, '\n', length - at);
		at = line ? (size_t)(line - bytes) + 1 : length;
		if (!line)
			break;
		size_t lf = at + (at < length && bytes[at] == '\r');
		if (lf == length) {
			at--; /* what follows decides */
			break;
		}
		if (bytes[lf] == '\n') {
			*ret_end = lf + 1;
			return true;
		}
	}
	*from = at;
	return false;
}

Head
head_parse(const char *bytes, size_t length)
{
	Head head = { { bytes, length }, length };
	size_t end = length;

	if (end > 0 && bytes[end - 1] == '\n') {
		end--;
		if (end > 0 && bytes[end - 1] == '\r')
			end--;
		if (end == 0 || bytes[end - 1] == '\n')
			head.fields_end = end;
	}
	return head;
}

/* The length of the field name at @at, 0 where no field begins; *@ret_colon is its colon. */
static size_t
field_name(const char *bytes, size_t at, size_t end, size_t *ret_colon)
{
	size_t i = at;

	while (i < end && !head_byte_hides(bytes[i]) && bytes[i] != ':')
		i++;
	size_t length = i - at;
	while (i < end && is_blank(bytes[i]))
		i++;
	if (length == 0 || i == end || bytes[i] != ':')
		return 0;
	*ret_colon = i;
	return length;
}

bool
head_next(const Head *head, size_t *at, HeadItem *ret_item)
{
	const char *bytes = head->bytes.data;
	size_t start = *at, end = head->fields_end, colon = 0;

	if (start >= end)
		return false;

	size_t name = field_name(bytes, start, end, &colon);
	size_t next;
	if (name) {
		next = unfolded_end(bytes, colon, end);
	} else {
		size_t unused;
		next = start;
		do {
			next = line_end(bytes, next, end);
		} while (next < end && !field_name(bytes, next, end, &unused));
	}

	*ret_item = (HeadItem){ .offset = start, .length = next - start, .is_field = name > 0 };
	if (name) {
		ret_item->name = (Span){ bytes + start, name };
		ret_item->value = (Span){ bytes + colon + 1,
			                  content_end(bytes, colon + 1, next) - colon - 1 };
	}
	*at = next;
	return true;
}

bool
head_item_is(const HeadItem *item, const char *name)
{
	return item->is_field && item->name.length == strlen(name) &&
	       g_ascii_strncasecmp(item->name.data, name, item->name.length) == 0;
}

static bool
same_letter(char a, char b)
{
	return (a | 0x20) == (b | 0x20);
}

static bool
begins_as_one_of(char first, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (same_letter(first, names[i][0]))
			return true;
	}
	return false;
}

/* Whether the text at @at is one of @names, that at *@ret_name, with its colon. */
static bool
is_named(const char *bytes, size_t at, size_t end, const char *const *names, size_t *ret_name)
{
	for (size_t i = 0; names[i]; i++) {
		if (!same_letter(bytes[at], names[i][0]))
			continue;
		size_t length = strlen(names[i]), colon = at + length;
		if (end - at <= length || !same_letter(bytes[colon - 1], names[i][length - 1]) ||
		    g_ascii_strncasecmp(bytes + at, names[i], length) != 0)
			continue;
		while (colon < end && is_blank(bytes[colon]))
			colon++;
		if (colon < end && bytes[colon] == ':') {
			*ret_name = i;
			return true;
		}
	}
	return false;
}

/* A field begins wherever a line begins as one, so the partition need not be known. */
bool
head_next_named(const Head *head, size_t *at, const char *const *names, HeadItem *ret_item)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end;

	while (*at < end) {
		size_t asked;
		if (is_named(bytes, *at, end, names, &asked)) {
			head_next(head, at, ret_item);
			ret_item->asked = asked;
			return true;
		}
		*at = line_end(bytes, *at, end);
	}
	return false;
}

/* Reads the name of a field that may begin at @at, leaving out every byte that some reader
 * ignores. True: it is *@ret_name of @names, with its colon at *@ret_colon. Otherwise *@ret_next is
 * an offset before which no other name can begin. */
static bool
match_name(const char *bytes, size_t at, size_t end, const char *const *names, size_t *ret_name,
           size_t *ret_colon, size_t *ret_next)
{
	char name[HEAD_NAME_MAX];
	size_t length = 0;

	*ret_next = end;
	for (size_t i = at; i < end; i++) {
		if (bytes[i] == '\n' && i + 1 < end && !is_blank(bytes[i + 1])) {
			if (length == 0)
				*ret_next = i;
			return false;
		}
		if (head_byte_hides(bytes[i]))
			continue;
		if (length == 0) {
			*ret_next = i;
			if (!begins_as_one_of(bytes[i], names))
				return false;
		}
		if (bytes[i] == ':') {
			for (size_t n = 0; names[n]; n++) {
				if (strlen(names[n]) == length &&
				    g_ascii_strncasecmp(names[n], name, length) == 0) {
					*ret_name = n;
					*ret_colon = i;
					return true;
				}
			}
			return false;
		}
		if (length == sizeof name)
			return false;
		name[length++] = bytes[i];
	}
	return false;
}

/* The next LF and CR, each known until it is passed: where one of them is everywhere, the other may
 * be far away. */
typedef struct {
	size_t lf;
	size_t cr;
} Breaks;

static size_t
find_byte(const char *bytes, char c, size_t at, size_t end)
{
	const char *found = at < end ? memchr(bytes + at, c, end - at) : NULL;
	return found ? (size_t)(found - bytes) : end;
}

/* The offset of the next CR or LF in @at..@end; @end if there is none. */
static size_t
next_break(const char *bytes, size_t at, size_t end, Breaks *breaks)
{
	if (breaks->lf < at)
		breaks->lf = find_byte(bytes, '\n', at, end);
	if (breaks->cr < at)
		breaks->cr = find_byte(bytes, '\r', at, end);
	return MIN(breaks->lf, breaks->cr);
}

/* The next offset in @at..@end at which a line begins for some reader, given that nothing before
 * @at can begin one; @end if there is none. *@ret_after_cr: it begins after a bare CR. */
static size_t
next_start(const char *bytes, size_t at, size_t end, Breaks *breaks, bool *ret_after_cr)
{
	for (size_t i = next_break(bytes, at, end, breaks); i < end;
	     i = next_break(bytes, i + 1, end, breaks)) {
		if (bytes[i] == '\r') {
			size_t run = i;
			while (run < end && bytes[run] == '\r')
				run++;
			if (run < end && bytes[run] == '\n') {
				i = run - 1;
				continue;
			}
			*ret_after_cr = true;
			return i + 1;
		}
		*ret_after_cr = false;
		if (i + 1 == end || !is_blank(bytes[i + 1]))
			return i + 1;
		/* A continuation line begins a field for nobody, unless the line above it is white
		 * space, which some readers drop and others take for the end of the field. */
		size_t k = i;
		while (k > 0 && bytes[k - 1] && strchr(" \t\r\v\f", bytes[k - 1]))
			k--;
		if (k == 0 || bytes[k - 1] == '\n')
			return i + 1;
	}
	return end;
}

/* Where a place ends that begins behind a bare CR: at the next one, or before the line end of its
 * unfolded line. Who takes a bare CR for a line end takes one before a blank for a fold. */
static size_t
inner_end(const char *bytes, size_t at, size_t end)
{
	while (at < end) {
		size_t lf = at;
		while (lf < end && bytes[lf] == '\r')
			lf++;
		if (lf == end || bytes[lf] != '\n') {
			if (lf > at && (lf == end || !is_blank(bytes[lf])))
				return at;
			at = MAX(lf, at + 1);
		} else if (lf + 1 == end || !is_blank(bytes[lf + 1])) {
			return at;
		} else {
			at = lf + 1;
		}
	}
	return end;
}

/* Steps to the item that holds @offset, which is not before @item. False: it is @item. */
static bool
find_item(const Head *head, size_t offset, HeadItem *item)
{
	const char *bytes = head->bytes.data;
	size_t at = item->offset + item->length, unused;

	if (offset < at)
		return false;
	if ((offset == 0 || bytes[offset - 1] == '\n') &&
	    field_name(bytes, offset, head->fields_end, &unused))
		at = offset;
	do {
		head_next(head, &at, item);
	} while (offset >= at);
	return true;
}

/* The line end that @item uses. */
static const char *
item_line_end(const Head *head, const HeadItem *item)
{
	const char *bytes = head->bytes.data + item->offset;
	const char *lf = NULL;
	size_t length = item->length;

	if (bytes[length - 1] == '\n')
		lf = bytes + length - 1;
	for (;;) {
		if (lf && (lf == bytes || lf[-1] != '\r'))
			return "\n";
		if (lf && (lf - 1 == bytes || lf[-2] != '\r'))
			return "\r\n";
		const char *first = memchr(bytes, '\n', length);
		if (!first || first == lf)
			return "";
		lf = first;
		length = (size_t)(first - bytes) + 1;
	}
}

GArray *
head_places(const Head *head, const char *const *names)
{
	GArray *places = g_array_new(false, false, sizeof(HeadPlace));
	size_t n_names = g_strv_length((char **)names);
	g_autofree size_t *seen = g_new0(size_t, n_names + 1);
	const char *bytes = head->bytes.data;
	size_t at = 0, end = head->fields_end;
	Breaks breaks = { find_byte(bytes, '\n', 0, end), find_byte(bytes, '\r', 0, end) };
	HeadItem item = { 0 };
	const char *line_end_used = "";
	bool after_cr = false;

	while (n_names && at < end && places->len <= HEAD_PLACES_MAX) {
		size_t name, colon, next;
		if (match_name(bytes, at, end, names, &name, &colon, &next)) {
			if (find_item(head, at, &item))
				line_end_used = item_line_end(head, &item);
			HeadPlace place = {
				.item_offset = item.offset,
				.item_length = item.length,
				.offset = at,
				.value = colon + 1,
				.name = names[name],
				.line_end = line_end_used,
			};
			if (item.is_field && at == item.offset)
				place.nth = ++seen[name];
			if (after_cr) {
				next = place.end = inner_end(bytes, colon + 1, end);
			} else {
				next = unfolded_end(bytes, colon + 1, end);
				place.end = content_end(bytes, colon + 1, next);
			}
			g_array_append_val(places, place);
			/* The line end behind a place is also where the next one may begin. */
			if (next > at && next < end && bytes[next - 1] == '\n')
				next--;
		}
		at = next_start(bytes, MAX(next, at), end, &breaks, &after_cr);
	}
	return places;
}
