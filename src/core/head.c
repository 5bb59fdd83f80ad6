/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * head: the bytes of a message head, partitioned without loss, and the places in them that some
 * reader would take for a field of a given name.
 * May know: line ends, field names. Must not know: what a field means, addresses, policy.
 * Fails: never; every sequence of bytes has a partition.
 * Follows RFC 5322, 2.1, 2.2, 3.2.2 and 4.5 (blanks before the colon).
 */
#include "head.h"

#include <string.h>

#include "lexer.h"
#include "lines.h"

/* The offset after the line that begins at @at. */
static size_t
line_end(const char *bytes, size_t at, size_t end)
{
	const char *lf = memchr(bytes + at, '\n', end - at);
	return lf ? (size_t)(lf - bytes) + 1 : end;
}

/* The offset after the line that begins at @at and its continuation lines. */
static size_t
unfolded_end(const char *bytes, size_t at, size_t end)
{
	do {
		at = line_end(bytes, at, end);
	} while (at < end && lexer_is_wsp(bytes[at]));
	return at;
}

/* The end of the content of the line that ends at @end: before its LF and the CRs before that. */
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

	if (length == 0)
		return false;
	if (at == 0) {
		size_t lf = bytes[0] == '\r';
		if (lf == length)
			return false;
		if (bytes[lf] == '\n') {
			*ret_end = lf + 1;
			return true;
		}
	}
	const char *line;

	while ((line = lines_find_empty(bytes + at, bytes + length))) {
		at = (size_t)(line - bytes) + 1;
		size_t lf = at + (at < length && bytes[at] == '\r');
		if (lf == length) {
			*from = at - 1; /* the next byte decides */
			return false;
		}
		if (bytes[lf] == '\n') {
			*ret_end = lf + 1;
			return true;
		}
	}
	*from = length;
	return false;
}

/* Whether a line that holds only @c is white space for some readers. */
static bool
is_white(char c)
{
	return lexer_is_wsp(c) || c == '\r' || c == '\v' || c == '\f';
}

/* Sets the starts of @head, whose other members are set. */
static void
find_starts(Head *head)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end, at = 0;
	bool is_plain = end > 0 && !memchr(bytes, '\0', end) && !memchr(bytes, '\r', end);

	while (at < end && head->n_starts < HEAD_STARTS) {
		head->starts[head->n_starts++] = (guint32)at;
		for (at = line_end(bytes, at, end); at < end && lexer_is_wsp(bytes[at]);
		     at = line_end(bytes, at, end)) {
			/* See next_start(): the line above may be white space. One that only
			 * ends in it is taken for such a line. */
			char last = at > 1 ? bytes[at - 2] : '\n';
			is_plain = is_plain && last != '\n' && !is_white(last);
		}
	}
	head->is_plain = is_plain && head->n_starts < HEAD_STARTS;
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
	find_starts(&head);
	return head;
}

/* The index of the first start that is not before @at; n_starts if there is none. */
static guint
find_start(const Head *head, size_t at)
{
	guint from = 0, to = head->n_starts;

	while (from < to) {
		guint middle = (from + to) / 2;
		if (head->starts[middle] < at)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The length of the field name at @at; 0: no field begins there. *@ret_colon is its colon. */
static size_t
field_name(const char *bytes, size_t at, size_t end, size_t *ret_colon)
{
	size_t i = at;

	while (i < end && g_ascii_isgraph(bytes[i]) && bytes[i] != ':')
		i++;
	size_t length = i - at;
	while (i < end && lexer_is_wsp(bytes[i]))
		i++;
	if (length == 0 || i == end || bytes[i] != ':')
		return 0;
	*ret_colon = i;
	return length;
}

/* The field at @start..@next with a name of @name octets. */
static HeadItem
field_item(const char *bytes, size_t start, size_t name, size_t colon, size_t next)
{
	return (HeadItem){ .offset = start,
		           .length = next - start,
		           .is_field = true,
		           .name = { bytes + start, name },
		           .value = { bytes + colon + 1,
		                      content_end(bytes, colon + 1, next) - colon - 1 } };
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

	if (name)
		*ret_item = field_item(bytes, start, name, colon, next);
	else
		*ret_item = (HeadItem){ .offset = start, .length = next - start };
	*at = next;
	return true;
}

bool
head_item_is(const HeadItem *item, const char *name)
{
	return item->is_field && item->name.length == strlen(name) &&
	       lexer_same(item->name.data, name, item->name.length);
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

/* Whether one of @names and its colon stand at @at; *@ret_name is its index, *@ret_colon the offset
 * of the colon. */
static bool
is_named(const char *bytes, size_t at, size_t end, const char *const *names, size_t *ret_name,
         size_t *ret_colon)
{
	for (size_t i = 0; names[i]; i++) {
		if (!same_letter(bytes[at], names[i][0]))
			continue;
		size_t length = strlen(names[i]), colon = at + length;
		if (end - at < length || !lexer_same(bytes + at, names[i], length))
			continue;
		while (colon < end && lexer_is_wsp(bytes[colon]))
			colon++;
		if (colon < end && bytes[colon] == ':') {
			*ret_name = i;
			*ret_colon = colon;
			return true;
		}
	}
	return false;
}

/* Does not need the partition: a field begins at any line that begins like one. */
bool
head_next_named(const Head *head, size_t *at, const char *const *names, HeadItem *ret_item)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end;
	guint32 letters = 0; /* the last five bits of their first letters, whatever the case */

	for (size_t i = 0; names[i]; i++)
		letters |= 1u << (names[i][0] & 31);
	for (guint i = find_start(head, *at); *at < end;) {
		size_t start = *at, asked, colon;
		bool found = letters >> (bytes[start] & 31) & 1 &&
		             is_named(bytes, start, end, names, &asked, &colon);
		i++;
		*at = i < head->n_starts ? MIN(head->starts[i], end)
		                         : unfolded_end(bytes, start, end);
		if (found) {
			*ret_item = field_item(bytes, start, strlen(names[asked]), colon, *at);
			ret_item->asked = asked;
			return true;
		}
	}
	return false;
}

/* What is known about the bytes from the cursor on, so that none is read again and again: offsets,
 * each valid until the cursor passes it; `end`: there is none. */
typedef struct {
	const Head *head;
	const char *bytes;
	size_t end;
	const char *const *names;
	guint start; /* index of the next of head->starts */
	size_t lf, cr, nul, comment;
	size_t letter; /* the first byte that may belong to or end a name, or the line end before */
	/* An offset at which none of the names begins, and where reading it stopped. */
	size_t no_name, no_name_stop;
} Scan;

/* The beginning of a line, for some reader. */
typedef struct {
	size_t at;
	bool is_inner; /* not for RFC 5322: it is inside a field or a junk line */
} Start;

static size_t
find_byte(const char *bytes, char c, size_t at, size_t end)
{
	const char *found = at < end ? memchr(bytes + at, c, end - at) : NULL;
	return found ? (size_t)(found - bytes) : end;
}

static Scan
scan_new(const Head *head, const char *const *names)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end;

	return (Scan){ .head = head,
		       .bytes = bytes,
		       .end = end,
		       .names = names,
		       .lf = find_byte(bytes, '\n', 0, end),
		       .cr = find_byte(bytes, '\r', 0, end),
		       .nul = find_byte(bytes, '\0', 0, end),
		       .comment = find_byte(bytes, '(', 0, end),
		       .no_name = G_MAXSIZE };
}

/* The offset of the next LF, CR or NUL from @at on. */
static size_t
next_break(Scan *scan, size_t at)
{
	if (scan->lf < at)
		scan->lf = find_byte(scan->bytes, '\n', at, scan->end);
	if (scan->cr < at)
		scan->cr = find_byte(scan->bytes, '\r', at, scan->end);
	if (scan->nul < at)
		scan->nul = find_byte(scan->bytes, '\0', at, scan->end);
	return MIN(MIN(scan->lf, scan->cr), scan->nul);
}

/* The next offset from @at on at which a line begins for some reader; `end` if there is none. */
static Start
next_start(Scan *scan, size_t at)
{
	const Head *head = scan->head;
	const char *bytes = scan->bytes;
	size_t end = scan->end;

	if (head->is_plain) {
		while (scan->start < head->n_starts && head->starts[scan->start] <= at)
			scan->start++;
		return (Start){ scan->start < head->n_starts ? head->starts[scan->start] : end,
			        false };
	}
	for (size_t i = next_break(scan, at); i < end; i = next_break(scan, i + 1)) {
		if (bytes[i] == '\0')
			return (Start){ i + 1, true };
		if (bytes[i] == '\r') {
			size_t run = i;
			while (run < end && bytes[run] == '\r')
				run++;
			if (run < end && bytes[run] == '\n') {
				i = run - 1;
				continue;
			}
			return (Start){ i + 1, true };
		}
		if (i + 1 == end || !lexer_is_wsp(bytes[i + 1]))
			return (Start){ i + 1, false };
		/* No reader lets a field begin with a continuation line, unless the line above is
		 * white space, which some readers drop, and others take for the end of a field. */
		size_t k = i;
		while (k > 0 && is_white(bytes[k - 1]))
			k--;
		if (k == 0 || bytes[k - 1] == '\n')
			return (Start){ i + 1, false };
	}
	return (Start){ end, false };
}

/* Whether @byte may stand in the names asked for; some reader or other ignores any other byte. */
static bool
is_name_byte(char byte)
{
	return g_ascii_isalnum(byte) || byte == '-';
}

static bool
ends_unfolded(const char *bytes, size_t at, size_t end)
{
	return bytes[at] == '\n' && at + 1 < end && !lexer_is_wsp(bytes[at + 1]);
}

/* The index of the first of @names, from @n on, that begins with @length @letters; that of the NULL
 * at the end if none does. */
static size_t
next_beginning(const char *const *names, size_t n, const char *letters, size_t length)
{
	while (names[n] && !lexer_same(letters, names[n], length))
		n++;
	return n;
}

/* scan->letter from @at on. */
static size_t
next_letter(Scan *scan, size_t at)
{
	const char *bytes = scan->bytes;
	size_t i = MAX(scan->letter, at);

	while (i < scan->end && !is_name_byte(bytes[i]) && bytes[i] != ':' &&
	       !ends_unfolded(bytes, i, scan->end))
		i++;
	return scan->letter = i;
}

/* Reads the name from @at on and its colon, without the bytes that some reader ignores. If
 * @comments_end is not 0, also without comments, which must end before it. True: it is one of the
 * names asked for, and letters, value, name and written of @ret_place are set. *@ret_stop is where
 * reading stopped. */
static bool
read_name(const Scan *scan, size_t at, size_t comments_end, HeadPlace *ret_place, size_t *ret_stop)
{
	const char *bytes = scan->bytes, *const *names = scan->names;
	size_t length = 0, i = at, end = scan->end;
	size_t n = 0; /* the first of the names that may still be it */

	for (; i < end && bytes[i] != ':'; i++) {
		if (comments_end && bytes[i] == '(') {
			Lexer l = { .at = bytes + i, .end = bytes + comments_end, .deep = true };
			if (i >= comments_end || !lexer_skip_comment(&l))
				break;
			i = (size_t)(l.at - bytes) - 1;
			continue;
		}
		if (ends_unfolded(bytes, i, end))
			break;
		if (!is_name_byte(bytes[i]))
			continue;
		if (length == 0)
			ret_place->letters = i;
		if (length == HEAD_NAME_MAX)
			break;
		ret_place->written[length++] = bytes[i];
		if (!same_letter(names[n][length - 1], bytes[i]))
			n = next_beginning(names, n, ret_place->written, length);
		if (!names[n])
			break;
	}
	ret_place->written[length] = '\0';
	*ret_stop = i;
	if (i == end || bytes[i] != ':' || length == 0)
		return false;
	for (; names[n]; n++) {
		if (strlen(names[n]) == length &&
		    lexer_same(names[n], ret_place->written, length)) {
			ret_place->name = names[n];
			ret_place->value = i + 1;
			return true;
		}
	}
	return false;
}

/* How far comments may reach in the name of a field that begins at @start. On an inner line, only
 * to the end of that: else the lines after it would be read once for each of them. */
static size_t
comments_end(Scan *scan, Start start)
{
	if (start.is_inner || lexer_is_wsp(scan->bytes[start.at]))
		return next_break(scan, start.at);
	return unfolded_end(scan->bytes, start.at, scan->end);
}

/* The offset of the next `(` from @at on. */
static size_t
next_comment(Scan *scan, size_t at)
{
	if (scan->comment < at)
		scan->comment = find_byte(scan->bytes, '(', at, scan->end);
	return scan->comment;
}

/* Whether one of the names asked for begins at @start. If not, *@ret_next is an offset before which
 * no other can begin. */
static bool
match_name(Scan *scan, Start start, HeadPlace *ret_place, size_t *ret_next)
{
	size_t letter = next_letter(scan, start.at), unused;

	ret_place->offset = start.at;
	if (letter != scan->no_name) {
		scan->no_name_stop = letter;
		if (letter < scan->end && begins_as_one_of(scan->bytes[letter], scan->names) &&
		    read_name(scan, letter, 0, ret_place, &scan->no_name_stop))
			return true;
		scan->no_name = letter;
	}
	*ret_next = letter;
	/* If no comment stands before its end, reading without comments finds no name either. */
	size_t comment = next_comment(scan, start.at);
	if (comment >= scan->no_name_stop)
		return false;
	*ret_next = MIN(letter, next_break(scan, start.at));
	size_t until = comments_end(scan, start);
	return comment < until && read_name(scan, start.at, until, ret_place, &unused);
}

/* The end of a place that begins on an inner line: the next bare CR, or the line end of its
 * unfolded line. Readers that take a bare CR for a line end take one before a blank for a fold. */
static size_t
inner_end(const char *bytes, size_t at, size_t end)
{
	while (at < end) {
		size_t lf = at;
		while (lf < end && bytes[lf] == '\r')
			lf++;
		if (lf == end || bytes[lf] != '\n') {
			if (lf > at && (lf == end || !lexer_is_wsp(bytes[lf])))
				return at;
			at = MAX(lf, at + 1);
		} else if (lf + 1 == end || !lexer_is_wsp(bytes[lf + 1])) {
			return at;
		} else {
			at = lf + 1;
		}
	}
	return end;
}

/* Moves @item to the item that holds @offset, which must not lie before it. False: @item holds it
 * already. */
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

/* The line end that @item uses: see HeadPlace.line_end. */
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

/* Counts the fields of each name. */
typedef struct {
	size_t *plain;   /* of the names asked for, by index */
	GHashTable *odd; /* of other spellings, in lower case; NULL: none */
} Counts;

static size_t
count_field(Counts *counts, const char *const *names, const HeadItem *item, const char *name)
{
	if (head_item_is(item, name)) {
		size_t asked = 0;
		while (names[asked] != name)
			asked++;
		return ++counts->plain[asked];
	}
	if (!counts->odd)
		counts->odd = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *odd = g_ascii_strdown(item->name.data, (gssize)item->name.length);
	size_t nth = GPOINTER_TO_SIZE(g_hash_table_lookup(counts->odd, odd)) + 1;
	g_hash_table_insert(counts->odd, odd, GSIZE_TO_POINTER(nth));
	return nth;
}

GArray *
head_places(const Head *head, const char *const *names)
{
	GArray *places = g_array_new(false, false, sizeof(HeadPlace));
	g_autofree size_t *plain = g_new0(size_t, g_strv_length((char **)names) + 1);
	Counts counts = { .plain = plain };
	Scan scan = scan_new(head, names);
	const char *line_end_used = "";
	HeadItem item = { 0 };
	Start start = { 0 };

	while (names[0] && start.at < scan.end && places->len <= HEAD_PLACES_MAX) {
		HeadPlace place = { 0 };
		size_t next;
		if (match_name(&scan, start, &place, &next)) {
			if (find_item(head, start.at, &item))
				line_end_used = item_line_end(head, &item);
			place.item_offset = item.offset;
			place.item_length = item.length;
			place.line_end = line_end_used;
			if (item.is_field && start.at == item.offset &&
			    item.value.data == scan.bytes + place.value)
				place.nth = count_field(&counts, names, &item, place.name);
			if (start.is_inner) {
				next = place.end = inner_end(scan.bytes, place.value, scan.end);
			} else {
				next = unfolded_end(scan.bytes, place.value, scan.end);
				place.end = content_end(scan.bytes, place.value, next);
			}
			g_array_append_val(places, place);
			/* The next place may begin at the line end after this one. */
			if (next > start.at && next < scan.end && scan.bytes[next - 1] == '\n')
				next--;
		}
		start = next_start(&scan, MAX(next, start.at));
	}
	g_clear_pointer(&counts.odd, g_hash_table_unref);
	return places;
}

/* What some readers take for a blank where a line begins: one that continues a field. */
static const char odd_blanks[] = { '\0', '\r', '\v', '\f' };

static bool
is_odd_blank(char c)
{
	return memchr(odd_blanks, c, sizeof odd_blanks);
}

/* Whether the line at @at is a continuation line for some reader. */
static bool
begins_as_blank(const char *bytes, size_t at, size_t end)
{
	return at < end && is_odd_blank(bytes[at]);
}

/* The offset after the CRs from @at on, and after an LF that follows them. */
static size_t
empty_line_end(const char *bytes, size_t at, size_t end)
{
	while (at < end && bytes[at] == '\r')
		at++;
	return at + (at < end && bytes[at] == '\n');
}

/* Cuts the items of the last @places at @end, where the next item begins. */
static void
cut_items(GArray *places, size_t end)
{
	for (guint i = places->len; i > 0; i--) {
		HeadPlace *place = &g_array_index(places, HeadPlace, i - 1);
		if (place->item_offset + place->item_length <= end)
			break;
		place->item_length = end - place->item_offset;
	}
}

/* Whether the name of the place, which begins a line at @at, shows text to readers for which that
 * line continues a field: a comment, or letters beyond ASCII. */
static bool
name_shows_text(const char *bytes, size_t at, const HeadPlace *place)
{
	for (; at < place->value; at++) {
		if (bytes[at] == '(' || (unsigned char)bytes[at] >= 0x80)
			return true;
	}
	return false;
}

/* Adds the junk at @at..@next, which continues the field at index @i. */
static void
add_junk(const Head *head, GArray *places, guint i, size_t at, size_t next)
{
	const char *bytes = head->bytes.data;
	HeadPlace *field = &g_array_index(places, HeadPlace, i);

	field->is_continued = true;
	HeadPlace junk = *field;
	junk.item_offset = junk.offset = junk.letters = junk.value = at;
	junk.item_length = next - at;
	junk.end = content_end(bytes, at, next);
	while (junk.letters < junk.end &&
	       (is_odd_blank(bytes[junk.letters]) || lexer_is_blank(bytes[junk.letters])))
		junk.letters++;
	junk.nth = 0;
	junk.goes_on = true;
	cut_items(places, at);
	g_array_append_val(places, junk);
}

/* Whether a line that may continue a place follows one; nearly none does. */
static bool
may_be_continued(const Head *head, const GArray *places)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end;

	for (guint i = 0; i < places->len; i++) {
		size_t next = empty_line_end(bytes, g_array_index(places, HeadPlace, i).end, end);
		if (begins_as_blank(bytes, next, end))
			return true;
	}
	return false;
}

void
head_add_continuing(const Head *head, GArray *places)
{
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end, cut = 0;

	if (!may_be_continued(head, places))
		return;
	size_t behind = end; /* the beginning of a line that may continue `field` */
	size_t held = 0;     /* the end of a line that would continue it, but holds places */
	g_autoptr(GArray) all = g_array_sized_new(false, false, sizeof(HeadPlace), places->len);
	guint field = 0;

	for (guint i = 0; i <= places->len && all->len <= HEAD_PLACES_MAX; i++) {
		bool more = i < places->len;
		HeadPlace place =
		        more ? g_array_index(places, HeadPlace, i) : (HeadPlace){ .offset = end };
		while (behind <= place.offset && begins_as_blank(bytes, behind, end) &&
		       all->len <= HEAD_PLACES_MAX) {
			size_t next = unfolded_end(bytes, behind, end);
			size_t empty = empty_line_end(bytes, behind, end);
			bool is_empty =
			        empty > behind && (empty == end || bytes[empty - 1] == '\n');
			if (place.offset < next) {
				held = next;
				if (place.offset > behind || name_shows_text(bytes, behind, &place))
					g_array_index(all, HeadPlace, field).is_torn = true;
				break;
			}
			/* For readers that end the head at the empty line, a body follows. */
			if (is_empty && empty < next)
				g_array_index(all, HeadPlace, field).is_torn = true;
			else if (!is_empty)
				add_junk(head, all, field, behind, next);
			cut = is_empty ? cut : next;
			behind = next;
		}
		if (!more || all->len > HEAD_PLACES_MAX)
			break;
		if (place.item_offset < cut) {
			place.item_length -= cut - place.item_offset;
			place.item_offset = cut;
		}
		g_array_append_val(all, place);
		/* A place may also end at a bare CR, within its line. */
		size_t next_line = empty_line_end(bytes, place.end, end);
		if (next_line == end || bytes[next_line - 1] == '\n') {
			field = all->len - 1;
			behind = next_line;
		} else {
			behind = place.offset < held ? held : end;
		}
	}
	g_array_set_size(places, 0);
	g_array_append_vals(places, all->data, all->len);
}
