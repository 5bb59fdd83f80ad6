/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * edit: a head and a list of edits -> the new head, and back; and the names and numbers of fields
 * that a milter edits by.
 * May know: offsets, the names of fields, digests. Must not know: why an edit is made.
 * Fails: only without memory.
 */
#include "edit.h"

#include <string.h>

#include "lexer.h"
#include "lines.h"

/* The most lines above and fields below the head that is looked for, so that the work is linear. */
#define ABOVE_MAX 1000 /* lines */
#define BELOW_MAX 100  /* fields */
#define PLACEMENTS_MAX 1000
/* The most octets of work; asking for a hash counts as some more, for a block or two. */
#define WORK_MAX ((guint64)256 * 1024 * 1024)
#define WORK_OF_ASKING ((guint64)128)

/* The fields of one name, and how many of them were seen. */
typedef struct {
	Span name;
	size_t seen;
} Named;

/* Eight bytes of a name, which must be ASCII, in lower case. */
static guint64
fold_eight(const char *bytes)
{
	guint64 eight;

	memcpy(&eight, bytes, sizeof eight);
	/* Bit 7 of a byte is set if it is at least A, or above Z. */
	guint64 from_a = eight + 0x3f3f3f3f3f3f3f3f, above_z = eight + 0x2525252525252525;
	return eight | (from_a & ~above_z & 0x8080808080808080) >> 2;
}

/* By length first, so that long names are rarely read, and then not byte by byte. */
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

/* If an MTA sees the place of @edit as a field of that name, that field, already counted, is the
 * container. */
static void
name_counted(const Head *head, Edit *edit)
{
	size_t at = edit->offset;
	HeadItem item;

	if (edit->nth == 0 || !head_next(head, &at, &item))
		return;
	edit->container = g_strndup(item.name.data, item.name.length);
	edit->container_nth = edit->nth;
}

/* Moves *@edit, of which *@left are left, to the first one that does not begin before @offset. */
static void
skip_before(Edit **edit, size_t *left, size_t offset)
{
	for (; *left && (*edit)->offset < offset; --*left)
		++*edit;
}

/* The names of the other fields that @edits replace, sorted, each once: GArray of Named. Unlike a
 * hash table, a sorted one is never slow, whatever names a sender chooses. (transfer full) */
static GArray *
names_of(const Head *head, const GArray *edits)
{
	GArray *names = g_array_new(false, false, sizeof(Named));
	Edit *edit = (Edit *)(void *)edits->data;
	size_t at = 0, left = edits->len;
	HeadItem item;
	guint n = 0;

	while (left && head_next(head, &at, &item)) {
		Named named = { .name = item.name };
		skip_before(&edit, &left, item.offset);
		if (left && edit->offset == item.offset && item.is_field && !edit->container)
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
	Edit *edit = (Edit *)(void *)edits->data;
	size_t at = 0, left = edits->len;
	bool all = true;
	HeadItem item;

	for (size_t i = 0; i < left; i++) {
		name_counted(head, edit + i);
		all = all && edit[i].container;
	}
	if (all)
		return;
	g_autoptr(GArray) names = names_of(head, edits);
	while (left && names->len && head_next(head, &at, &item)) {
		Named sought = { .name = item.name };
		guint found;
		skip_before(&edit, &left, item.offset);
		if (!item.is_field || !g_array_binary_search(names, &sought, compare_named, &found))
			continue;
		size_t nth = ++g_array_index(names, Named, found).seen;
		if (left && edit->offset == item.offset && !edit->container) {
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

/* The offsets at which the head may end, from the last one: fields_end, and the beginnings of the
 * fields that may be below it. Returns how many there are. */
static guint
find_ends(const Head *head, size_t ends[BELOW_MAX + 1])
{
	const char *bytes = head->bytes.data;
	size_t at = head->fields_end;
	guint n = 0;

	ends[n++] = at;
	while (at > 0 && n <= BELOW_MAX) {
		const char *lf = memrchr(bytes, '\n', at - 1);
		at = lf ? (size_t)(lf - bytes) + 1 : 0;
		if (at > 0 && !lexer_is_wsp(bytes[at]))
			ends[n++] = at;
	}
	return n;
}

typedef struct {
	EditIsKnown is_known;
	gpointer data;
	EditFound *found;
	guint64 work; /* octets so far */
	Span above;   /* the line that the head had at its top, if it is tried with one */
} Search;

/* Counts work on @octets. False: that is too much. */
static bool
spend(guint64 *work, guint64 octets)
{
	*work += octets;
	return *work <= WORK_MAX;
}

/* Whether the head at @from..@to, whose fields @digest has hashed, is known: with its empty line,
 * or without one, for a message that ended there. A milter is not told whether there is an empty
 * line, and assumes that there is. */
static bool
ask(const Search *s, const Head *head, const Digest *digest, size_t from, size_t to)
{
	EditFound *found = s->found;
	bool ends_line = head->fields_end == 0 || head->bytes.data[head->fields_end - 1] == '\n';
	Span line = { head->bytes.data + head->fields_end, head->bytes.length - head->fields_end };

	if (line.length == 0 && ends_line)
		line = (Span){ "\n", 1 };
	for (bool more = true; more; line = (Span){ "", 0 }) {
		char sha256[DIGEST_SIZE];
		more = line.length > 0;
		digest_ask(digest, line.data, line.length, sha256);
		if (!s->is_known(sha256, s->data))
			continue;
		found->bytes = head->bytes;
		found->from = from;
		found->to = to;
		found->missing = s->above;
		found->empty_line = line;
		memcpy(found->sha256, sha256, DIGEST_SIZE);
		return true;
	}
	return false;
}

/* Tries each of the @n @ends for the head that begins at @from. One without fields is in each head,
 * so it is tried only where there are no others. */
static bool
find_from(Search *s, const Head *head, size_t from, const size_t *ends, guint n)
{
	Digest digest;
	size_t at = from;
	bool found = false;

	digest_init(&digest);
	digest_add(&digest, s->above.data, s->above.length);
	while (n-- > 0) {
		if (ends[n] < from || (ends[n] == from && from < head->fields_end))
			continue;
		digest_add(&digest, head->bytes.data + at, ends[n] - at);
		at = ends[n];
		/* The ends grow, so the last one found is the longest. */
		found = ask(s, head, &digest, from, at) || found;
	}
	digest_clear(&digest);
	return found;
}

/* Tries the whole head, which is the common case. */
static bool
find_whole(Search *s, const Head *head)
{
	size_t end = head->fields_end;

	return spend(&s->work, end) && find_from(s, head, 0, &end, 1);
}

/* The offset after the From_ line that a mailbox has put before the head; 0: there is none. It is
 * no field, so the next line cannot continue it. */
static size_t
separator_end(const Head *head)
{
	static const char from[] = "From ";
	const char *bytes = head->bytes.data;
	size_t end = head->fields_end, at = 0;
	HeadItem item;

	if (end < strlen(from) || memcmp(bytes, from, strlen(from)) != 0 ||
	    !head_next(head, &at, &item) || item.is_field)
		return 0;
	const char *lf = memchr(bytes, '\n', end);
	return lf ? (size_t)(lf - bytes) + 1 : end;
}

/* Tries the head that begins at @from with the Return-Path @above at its top, where a filter gets
 * it. */
static bool
find_below(Search *s, const Head *head, size_t from, const size_t *ends, guint n, Span above)
{
	s->above = above;
	bool found = above.length > 0 &&
	             spend(&s->work, head->fields_end - from + n * 2 * WORK_OF_ASKING) &&
	             find_from(s, head, from, ends, n);
	s->above = (Span){ "", 0 };
	return found;
}

static bool
find_part(Search *s, const Head *head)
{
	static const char return_path[] = "Return-Path:";
	Span above = { "", 0 };
	const char *bytes = head->bytes.data;
	size_t ends[BELOW_MAX + 1], at = 0, end = head->fields_end, top = separator_end(head);
	guint n = find_ends(head, ends);

	for (guint lines = 0; at < end && lines <= ABOVE_MAX; lines += at > top) {
		bool begins = at <= top || !lexer_is_wsp(bytes[at]);
		if (begins && !spend(&s->work, end - at + n * 2 * WORK_OF_ASKING))
			return false;
		if (begins &&
		    (find_from(s, head, at, ends, n) || find_below(s, head, at, ends, n, above)))
			return true;
		const char *lf = memchr(bytes + at, '\n', end - at);
		size_t next = lf ? (size_t)(lf - bytes) + 1 : end;
		if (above.length == 0 && next - at > strlen(return_path) &&
		    g_ascii_strncasecmp(bytes + at, return_path, strlen(return_path)) == 0)
			above = (Span){ bytes + at, next - at };
		at = next;
	}
	return top == end && find_from(s, head, top, ends, n);
}

bool
edit_find(const Head *delivered, EditIsKnown is_known, gpointer data, EditFound *ret_found)
{
	Search search = {
		.is_known = is_known, .data = data, .found = ret_found, .above = { "", 0 }
	};
	size_t length = delivered->bytes.length;
	const char *bytes = delivered->bytes.data;

	*ret_found = (EditFound){ 0 };
	if (find_whole(&search, delivered) || find_part(&search, delivered))
		return true;
	if (!length || !memmem(bytes, length, "\r\n", 2))
		return false;
	ret_found->lf = g_try_malloc(length + 1);
	if (!ret_found->lf)
		return false;
	bool cr = false;
	length = lines_to_lf(ret_found->lf, bytes, length, &cr);
	if (cr)
		ret_found->lf[length++] = '\r';
	Head lf = head_parse(ret_found->lf, length);
	search.work = 0;
	return find_whole(&search, &lf) || find_part(&search, &lf);
}

void
edit_found_clear(EditFound *found)
{
	g_clear_pointer(&found->lf, g_free);
}

/* Where the results of the edits stand in a head. */
typedef struct {
	Span missing, fields;
	const EditRecord *records;
	guint n;
	size_t *places; /* the offset of each record's `after` in the fields */
	guint64 work;
} Undo;

/* The bytes that no record changed: those before record @i, or after all of them if @i is n. */
static Span
kept_before(const Undo *u, guint i)
{
	size_t from = i > 0 ? u->places[i - 1] + u->records[i - 1].after.length : 0;
	size_t to = i < u->n ? u->places[i] : u->fields.length;

	return (Span){ u->fields.data + from, to - from };
}

static bool
gives(Undo *u, Span empty_line, const char *before_sha256)
{
	Digest digest;
	char sha256[DIGEST_SIZE];

	digest_init(&digest);
	digest_add(&digest, u->missing.data, u->missing.length);
	for (guint i = 0; i <= u->n; i++) {
		Span kept = kept_before(u, i);
		digest_add(&digest, kept.data, kept.length);
		if (i < u->n)
			digest_add(&digest, u->records[i].before.data, u->records[i].before.length);
	}
	digest_ask(&digest, empty_line.data, empty_line.length, sha256);
	digest_clear(&digest);
	return g_str_equal(sha256, before_sha256);
}

/* Whether the bytes of record @i after the edit stand at @place. */
static bool
stands_at(const Undo *u, guint i, size_t place)
{
	const Span *after = &u->records[i].after;

	return after->length <= u->fields.length - place &&
	       (after->length == 0 ||
	        memcmp(u->fields.data + place, after->data, after->length) == 0);
}

/* Places all records by their positions. */
static bool
place_by_position(Undo *u)
{
	gint64 end = (gint64)u->missing.length; /* of the previous record, in the head before */
	size_t at = 0;                          /* of the previous record, in these fields */

	for (guint i = 0; i < u->n; i++) {
		const EditRecord *record = &u->records[i];
		if (record->position < end ||
		    (guint64)(record->position - end) > u->fields.length - at)
			return false;
		at += (size_t)(record->position - end);
		if (!stands_at(u, i, at))
			return false;
		u->places[i] = at;
		at += record->after.length;
		end = record->position + (gint64)record->before.length;
	}
	return true;
}

/* Places record @i at the first line from @from on at which it can stand. */
static bool
place_next(Undo *u, guint i, size_t from)
{
	const char *bytes = u->fields.data;
	size_t end = u->fields.length;

	while (from <= end && spend(&u->work, WORK_OF_ASKING)) {
		if ((from == 0 || bytes[from - 1] == '\n') && stands_at(u, i, from)) {
			u->places[i] = from;
			return true;
		}
		const char *lf = from < end ? memchr(bytes + from, '\n', end - from) : NULL;
		size_t next = lf ? (size_t)(lf - bytes) + 1 : end + 1;
		if (!spend(&u->work, next - from))
			break;
		from = next;
	}
	return false;
}

/* Tries all ways to place the records in order, from the top down, until the hash is right. */
static bool
place_by_search(Undo *u, Span empty_line, const char *before_sha256)
{
	size_t from = 0;

	for (guint i = 0, tries = 0; tries < PLACEMENTS_MAX && u->work <= WORK_MAX;) {
		if (place_next(u, i, from)) {
			if (i + 1 < u->n) {
				from = u->places[i] + u->records[i].after.length;
				i++;
				continue;
			}
			if (!spend(&u->work, u->fields.length))
				return false;
			if (gives(u, empty_line, before_sha256))
				return true;
			tries++;
		} else if (i == 0 || tries == 0) {
			/* Even the topmost places leave no place for it. */
			return false;
		} else {
			i--;
		}
		from = u->places[i] + 1;
	}
	return false;
}

/* The whole delivered head, with the records put back. */
static GBytes *
put_back(const Undo *u, const EditFound *found)
{
	size_t length = found->bytes.length, behind = length - found->to;

	for (guint i = 0; i < u->n; i++)
		length += u->records[i].before.length - u->records[i].after.length;
	char *bytes = g_try_malloc(MAX(length, 1)), *to = bytes;
	if (!bytes)
		return NULL;
	to = put(to, found->bytes.data, found->from);
	for (guint i = 0; i <= u->n; i++) {
		Span kept = kept_before(u, i);
		to = put(to, kept.data, kept.length);
		if (i < u->n)
			to = put(to, u->records[i].before.data, u->records[i].before.length);
	}
	put(to, found->bytes.data + found->to, behind);
	return g_bytes_new_take(bytes, length);
}

GBytes *
edit_undo(const EditFound *found, const EditRecord *records, guint n, const char *before_sha256)
{
	g_autofree size_t *places = g_try_new(size_t, MAX(n, 1));
	Undo u = { .missing = found->missing,
		   .fields = { found->bytes.data + found->from, found->to - found->from },
		   .records = records,
		   .n = n,
		   .places = places };
	bool has_positions = true, is_right;

	if (!places || n == 0)
		return NULL;
	for (guint i = 0; i < n; i++)
		has_positions = has_positions && records[i].position != EDIT_NO_POSITION;
	if (has_positions)
		is_right = place_by_position(&u) && gives(&u, found->empty_line, before_sha256);
	else
		is_right = place_by_search(&u, found->empty_line, before_sha256);
	return is_right ? put_back(&u, found) : NULL;
}
