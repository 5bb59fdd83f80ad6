/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that edits by offset change the bytes that they name and no others, wherever in the head
 * they are and whatever their length; that each names the field that it replaces; and that they can
 * be undone in a head to which others have added fields, or else nothing is returned. */
#include <string.h>

#include "core/edit.h"
#include "util/lines.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1

typedef struct {
	size_t offset, length;
	const char *value;
	size_t size;
} Change;

typedef struct {
	const char *name;
	const char *head;
	size_t length;
	Change changes[3];
	unsigned n;
	const char *out;
	size_t out_length;
} Row;

static const Row rows[] = {
	{ "none", TEXT("From: a\nTo: b\n\n"), { { 0 } }, 0, TEXT("From: a\nTo: b\n\n") },
	{ "none-of-nothing", TEXT(""), { { 0 } }, 0, TEXT("") },
	{ "first",
	  TEXT("From: a\nTo: b\n\n"),
	  { { 0, 8, TEXT("From: x\n") } },
	  1,
	  TEXT("From: x\nTo: b\n\n") },
	{ "middle-longer",
	  TEXT("A: a\nB: b\nC: c\n\n"),
	  { { 5, 5, TEXT("B: longer\n") } },
	  1,
	  TEXT("A: a\nB: longer\nC: c\n\n") },
	{ "middle-shorter",
	  TEXT("A: a\nB: b\nC: c\n\n"),
	  { { 5, 5, TEXT("B:\n") } },
	  1,
	  TEXT("A: a\nB:\nC: c\n\n") },
	{ "last", TEXT("A: a\nB: b"), { { 5, 4, TEXT("B: x") } }, 1, TEXT("A: a\nB: x") },
	{ "whole", TEXT("A: a\n"), { { 0, 5, TEXT("B: bb\n") } }, 1, TEXT("B: bb\n") },
	{ "gone", TEXT("A: a\nB: b\n\n"), { { 0, 5, TEXT("") } }, 1, TEXT("B: b\n\n") },
	{ "all-gone", TEXT("A: a\n"), { { 0, 5, TEXT("") } }, 1, TEXT("") },
	{ "two-adjacent",
	  TEXT("A: a\nB: b\n\n"),
	  { { 0, 5, TEXT("A: xx\n") }, { 5, 5, TEXT("B:\n") } },
	  2,
	  TEXT("A: xx\nB:\n\n") },
	{ "three-apart",
	  TEXT("A: a\nB: b\nC: c\nD: d\nE: e\n\n"),
	  { { 0, 5, TEXT("1\n") }, { 10, 5, TEXT("22222222\n") }, { 20, 5, TEXT("3") } },
	  3,
	  TEXT("1\nB: b\n22222222\nD: d\n3\n") },
	{ "nul",
	  TEXT("A: \0\nB: b\n\0\n"),
	  { { 5, 5, TEXT("B: \0\0\n") } },
	  1,
	  TEXT("A: \0\nB: \0\0\n\0\n") },
	{ "crlf",
	  TEXT("A: a\r\nB: b\r\n\r\n"),
	  { { 0, 6, TEXT("A: x\r\n") } },
	  1,
	  TEXT("A: x\r\nB: b\r\n\r\n") },
};

static void
clear_edit(gpointer data)
{
	Edit *edit = data;

	g_free(edit->container);
	g_bytes_unref(edit->value);
}

static GArray *
edits_new(void)
{
	GArray *edits = g_array_new(false, true, sizeof(Edit));
	g_array_set_clear_func(edits, clear_edit);
	return edits;
}

static void
add_edit(GArray *edits, size_t offset, size_t length, const char *value, size_t size)
{
	Edit edit = { .field = "X",
		      .offset = offset,
		      .length = length,
		      .value = g_bytes_new(value, size),
		      .action = ACTION_STRIPPED };
	g_array_append_val(edits, edit);
}

static void
test_apply(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->head, row->length);
	g_autoptr(GArray) edits = edits_new();
	Head head = head_parse(exact ? exact : "", row->length);

	for (unsigned i = 0; i < row->n; i++)
		add_edit(edits, row->changes[i].offset, row->changes[i].length,
		         row->changes[i].value, row->changes[i].size);
	g_autoptr(GBytes) out = edit_apply(&head, edits);

	g_test_message("%s", row->name);
	g_assert_nonnull(out);
	g_assert_cmpmem(g_bytes_get_data(out, NULL), g_bytes_get_size(out), row->out,
	                row->out_length);
	g_assert_cmpmem(head.bytes.data, head.bytes.length, row->head, row->length);
}

/* The same as cutting and joining strings, for many edits of any length. */
static void
test_law(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 3000; round++) {
		g_autoptr(GString) text = g_string_new(NULL), wanted = g_string_new(NULL);
		g_autoptr(GArray) edits = edits_new();
		for (int n = g_rand_int_range(rand, 0, 60); n > 0; n--)
			g_string_append_c(text, (char)g_rand_int_range(rand, 'a', 'z'));
		size_t at = 0;
		while (at < text->len) {
			size_t keep = (size_t)g_rand_int_range(rand, 0, 9);
			size_t cut = (size_t)g_rand_int_range(rand, 1, 9);
			keep = MIN(keep, text->len - at);
			g_string_append_len(wanted, text->str + at, (gssize)keep);
			at += keep;
			cut = MIN(cut, text->len - at);
			if (cut == 0)
				break;
			g_autofree char *value = g_strnfill(g_rand_int_range(rand, 0, 20), 'X');
			add_edit(edits, at, cut, value, strlen(value));
			g_string_append(wanted, value);
			at += cut;
		}
		Head head = { { text->str, text->len }, text->len };
		g_autoptr(GBytes) out = edit_apply(&head, edits);
		g_assert_cmpmem(g_bytes_get_data(out, NULL), g_bytes_get_size(out), wanted->str,
		                wanted->len);
	}
}

/* Fields are found again by name and number, among many of many names. */
static void
test_containers(void)
{
	static const char *const names[] = {
		"C\001",
		"A",
		"a",
		"B",
		"Ab",
		"aB",
		"b",
		"!",
		"~x",
		"AZ@[Long-Name",
		"az@[lONG-nAME",
		"az`[long-name",
		"az@{long-name",
		"az@[long-namf",
		"AZ@[Long-Namef",
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
	unsigned found = 0, junk = 0;

	for (unsigned round = 0; round < 2000; round++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GArray) edits = edits_new();
		g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
		unsigned seen[G_N_ELEMENTS(names)] = { 0 };
		bool after_junk = false;
		for (int n = g_rand_int_range(rand, 0, 40); n > 0; n--) {
			size_t name = (size_t)g_rand_int_range(rand, 0, G_N_ELEMENTS(names)), at;
			bool is_junk = name == 0;
			size_t start = text->len;
			g_string_append(text, names[name]);
			g_string_append(text, g_rand_boolean(rand) ? ":" : " \t:");
			g_string_append_printf(text, " v%d%s%s", n,
			                       g_rand_boolean(rand) ? "\n w" : "",
			                       n % 2 ? "\r\n" : "\n");
			for (at = 0; g_ascii_strcasecmp(names[at], names[name]) != 0;)
				at++;
			seen[at]++;
			/* Junk right behind junk is of the same run. */
			if (g_rand_boolean(rand) && !(is_junk && after_junk)) {
				g_autofree char *value =
				        g_strndup(text->str + start, text->len - start);
				add_edit(edits, start, text->len - start, value, strlen(value));
				g_ptr_array_add(
				        wanted,
				        is_junk ? NULL
				                : g_strdup_printf("%s#%u", names[name], seen[at]));
			}
			after_junk = is_junk;
		}
		Head head = head_parse(text->str, text->len);
		edit_find_containers(&head, edits);
		for (guint i = 0; i < edits->len; i++) {
			const Edit *edit = &g_array_index(edits, Edit, i);
			const char *expected = g_ptr_array_index(wanted, i);
			g_autofree char *got = edit->container
			                               ? g_strdup_printf("%s#%zu", edit->container,
			                                                 edit->container_nth)
			                               : NULL;
			g_assert_cmpstr(got, ==, expected);
			g_assert_cmpint(edit->container != NULL, ==, edit->container_nth > 0);
			g_assert_cmpint(edit_value(edit).length > 0, ==, edit->container != NULL);
			found += edit->container != NULL;
			junk += !edit->container;
		}
	}
	g_assert_cmpuint(found, >, 1000);
	g_assert_cmpuint(junk, >, 1000);
}

/* The value is all behind the first colon but the last line end, blanks and folds included. */
static void
test_value(void)
{
	static const struct {
		const char *bytes, *value;
	} cases[] = {
		{ "A: b\n", " b" },
		{ "A \t:b\r\n", "b" },
		{ "A:\t b:c\r\n d \n", "\t b:c\r\n d " },
		{ "A: b", " b" },
		{ "A:\n", "" },
		{ "A: b\n \n", " b\n " },
		{ "A: b\rC: d\r\r\n", " b\rC: d" },
		{ "A: b\r", " b\r" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *bytes = cases[i].bytes;
		g_autoptr(GArray) edits = edits_new();
		Head head = head_parse("A: old\n\n", 8);
		add_edit(edits, 0, 7, bytes, strlen(bytes));
		edit_find_containers(&head, edits);
		Span value = edit_value(&g_array_index(edits, Edit, 0));
		g_assert_cmpmem(value.data, value.length, cases[i].value, strlen(cases[i].value));
	}
}

/* What was recorded of a head. */
#define MOST_RECORDS 3
typedef struct {
	const char *before, *after;
	gint64 position;
} Recorded;

static char *
sha256_of(const char *text)
{
	static char hex[DIGEST_SIZE];

	digest_sha256(text, strlen(text), hex);
	return hex;
}

static bool
is_same(const char *sha256, gpointer wanted)
{
	return g_str_equal(sha256, wanted);
}

/* Undoes @recorded in @delivered, of which the head @after was recorded, and before it @before.
 * (transfer full) (nullable) */
static GBytes *
undo(const char *delivered, const char *before, const char *after, const Recorded *recorded)
{
	EditRecord records[MOST_RECORDS];
	g_autofree char *exact = g_memdup2(delivered, strlen(delivered));
	Head head = head_parse(exact ? exact : "", strlen(delivered));
	g_auto(EditFound) found = { 0 };
	guint n = 0;

	for (; n < MOST_RECORDS && recorded[n].before; n++)
		records[n] = (EditRecord){ { recorded[n].before, strlen(recorded[n].before) },
			                   { recorded[n].after, strlen(recorded[n].after) },
			                   recorded[n].position };
	if (!edit_find(&head, is_same, sha256_of(after), &found))
		return NULL;
	return edit_undo(&found, records, n, sha256_of(before));
}

#define JANE "From: \"Jane\" <j@x>\n"
#define BARE "From: j@x\n"
#define SUBJECT "Subject: s\n"
#define MBOX "From j@x Mon Nov 24 10:00:00 2025\n"
#define TOP "Return-Path: <j@x>\nDelivered-To: a@b\nReceived: by x;\n\tnow\n"

static const struct {
	const char *name, *delivered, *before, *after;
	Recorded recorded[MOST_RECORDS];
	const char *wanted; /* NULL: nothing */
} undone[] = {
	{ "as-it-left",
	  BARE SUBJECT "\n",
	  JANE SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  JANE SUBJECT "\n" },
	{ "trace-on-top",
	  TOP BARE SUBJECT "\n",
	  JANE SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  TOP JANE SUBJECT "\n" },
	{ "below-a-return-path-that-was-dropped",
	  TOP BARE SUBJECT "\n",
	  "Return-Path: <j@x>\n" JANE SUBJECT "\n",
	  "Return-Path: <j@x>\n" BARE SUBJECT "\n",
	  { { JANE, BARE, 19 } },
	  TOP JANE SUBJECT "\n" },
	{ "the-same-without-position",
	  TOP SUBJECT BARE "\n",
	  "Return-Path: <j@x>\n" SUBJECT JANE "\n",
	  "Return-Path: <j@x>\n" SUBJECT BARE "\n",
	  { { JANE, BARE, -1 } },
	  TOP SUBJECT JANE "\n" },
	{ "the-same-fetched",
	  "Return-Path: <j@x>\r\nFrom: j@x\r\n\r\n",
	  "Return-Path: <j@x>\n" JANE "\n",
	  "Return-Path: <j@x>\n" BARE "\n",
	  { { JANE, BARE, 19 } },
	  "Return-Path: <j@x>\n" JANE "\n" },
	{ "below-the-topmost-return-path",
	  "return-path: <j@x>\nA: b\nReturn-Path: <k@x>\n" BARE "\n",
	  "return-path: <j@x>\n" JANE "\n",
	  "return-path: <j@x>\n" BARE "\n",
	  { { JANE, BARE, 19 } },
	  "return-path: <j@x>\nA: b\nReturn-Path: <k@x>\n" JANE "\n" },
	{ "below-another-return-path",
	  "Return-Path: <k@x>\n" BARE "\n",
	  "Return-Path: <j@x>\n" JANE "\n",
	  "Return-Path: <j@x>\n" BARE "\n",
	  { { JANE, BARE, 19 } },
	  NULL },
	{ "no-field-above-a-dropped-one",
	  TOP BARE "\n",
	  "Return-Path: <j@x>\n" JANE "\n",
	  "Return-Path: <j@x>\n" BARE "\n",
	  { { JANE, BARE, 0 } },
	  NULL },
	{ "mbox-line-on-top",
	  MBOX BARE "\n",
	  JANE "\n",
	  BARE "\n",
	  { { JANE, BARE, 0 } },
	  MBOX JANE "\n" },
	/* It is no field, so a line that begins with a blank does not continue it. */
	{ "mbox-line-above-a-blank",
	  MBOX " " BARE SUBJECT "\n",
	  " " JANE SUBJECT "\n",
	  " " BARE SUBJECT "\n",
	  { { " " JANE, " " BARE, 0 } },
	  MBOX " " JANE SUBJECT "\n" },
	{ "mbox-line-above-a-blank-fetched",
	  "From j@x Mon Nov 24 10:00:00 2025\r\n\tFrom: j@x\r\n\r\n",
	  "\t" JANE "\n",
	  "\t" BARE "\n",
	  { { "\t" JANE, "\t" BARE, 0 } },
	  MBOX "\t" JANE "\n" },
	{ "mbox-line-of-the-head",
	  MBOX " " BARE "\n",
	  MBOX " " JANE "\n",
	  MBOX " " BARE "\n",
	  { { MBOX " " JANE, MBOX " " BARE, 0 } },
	  MBOX " " JANE "\n" },
	{ "return-path-above-a-blank",
	  "Return-Path: <j@x>\n " BARE "\n",
	  " " JANE "\n",
	  " " BARE "\n",
	  { { " " JANE, " " BARE, 0 } },
	  NULL },
	{ "mbox-line-and-return-path-above-a-blank",
	  MBOX "Return-Path: <j@x>\n " BARE "\n",
	  " " JANE "\n",
	  " " BARE "\n",
	  { { " " JANE, " " BARE, 0 } },
	  NULL },
	{ "from-field-above-a-blank",
	  "From : j@x\n " BARE "\n",
	  " " JANE "\n",
	  " " BARE "\n",
	  { { " " JANE, " " BARE, 0 } },
	  NULL },
	{ "foot",
	  BARE SUBJECT "Status: RO\nX-UID: 1\n\n",
	  JANE SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  JANE SUBJECT "Status: RO\nX-UID: 1\n\n" },
	{ "top-and-foot",
	  TOP SUBJECT BARE "Status: RO\n\n",
	  SUBJECT JANE "\n",
	  SUBJECT BARE "\n",
	  { { JANE, BARE, 11 } },
	  TOP SUBJECT JANE "Status: RO\n\n" },
	{ "fetched",
	  "Received: x\r\nFrom: j@x\r\nA: b\r\n c\r\n\r\n",
	  JANE "A: b\n c\n\n",
	  BARE "A: b\n c\n\n",
	  { { JANE, BARE, 0 } },
	  "Received: x\n" JANE "A: b\n c\n\n" },
	{ "of-crlf",
	  "Received: x\r\nFrom: j@x\r\n\r\n",
	  "From: \"Jane\" <j@x>\r\n\r\n",
	  "From: j@x\r\n\r\n",
	  { { "From: \"Jane\" <j@x>\r\n", "From: j@x\r\n", 0 } },
	  "Received: x\r\nFrom: \"Jane\" <j@x>\r\n\r\n" },
	/* A CR stays that ends no line. */
	{ "bare-cr",
	  "From: j@x\r\nA: b\rFrom: k@x\r\n\r\n",
	  JANE "A: b\rFrom: K <k@x>\n\n",
	  BARE "A: b\rFrom: k@x\n\n",
	  { { JANE, BARE, 0 }, { "A: b\rFrom: K <k@x>\n", "A: b\rFrom: k@x\n", 19 } },
	  JANE "A: b\rFrom: K <k@x>\n\n" },
	{ "cr-at-the-end",
	  "From: j@x\r\nA: b\r",
	  JANE "A: b\r",
	  BARE "A: b\r",
	  { { JANE, BARE, 0 } },
	  JANE "A: b\r" },
	{ "no-empty-line-for-a-milter",
	  TOP BARE,
	  JANE "\n",
	  BARE "\n",
	  { { JANE, BARE, 0 } },
	  TOP JANE },
	{ "no-empty-line", BARE, JANE, BARE, { { JANE, BARE, 0 } }, JANE },
	{ "no-empty-line-then", TOP BARE "\n", JANE, BARE, { { JANE, BARE, 0 } }, TOP JANE "\n" },
	{ "no-empty-line-then-foot",
	  BARE "Status: O\n\n",
	  JANE,
	  BARE,
	  { { JANE, BARE, 0 } },
	  JANE "Status: O\n\n" },
	{ "no-last-line-end",
	  "From: j@x",
	  "From: J <j@x>",
	  "From: j@x",
	  { { "From: J <j@x>", "From: j@x", 0 } },
	  "From: J <j@x>" },
	{ "several",
	  BARE SUBJECT "Sender: k@x\nReply-To: l@x\n\n",
	  JANE SUBJECT "Sender: K <k@x>\nReply-To: L <l@x>\n\n",
	  BARE SUBJECT "Sender: k@x\nReply-To: l@x\n\n",
	  { { JANE, BARE, 0 },
	    { "Sender: K <k@x>\n", "Sender: k@x\n", 30 },
	    { "Reply-To: L <l@x>\n", "Reply-To: l@x\n", 46 } },
	  JANE SUBJECT "Sender: K <k@x>\nReply-To: L <l@x>\n\n" },
	{ "several-without-positions",
	  BARE SUBJECT "Sender: k@x\nReply-To: l@x\n\n",
	  JANE SUBJECT "Sender: K <k@x>\nReply-To: L <l@x>\n\n",
	  BARE SUBJECT "Sender: k@x\nReply-To: l@x\n\n",
	  { { JANE, BARE, -1 },
	    { "Sender: K <k@x>\n", "Sender: k@x\n", -1 },
	    { "Reply-To: L <l@x>\n", "Reply-To: l@x\n", -1 } },
	  JANE SUBJECT "Sender: K <k@x>\nReply-To: L <l@x>\n\n" },
	/* The same bytes stand twice, and the second were edited. */
	{ "equal",
	  BARE BARE "\n",
	  BARE JANE "\n",
	  BARE BARE "\n",
	  { { JANE, BARE, 10 } },
	  BARE JANE "\n" },
	{ "equal-without-position",
	  BARE BARE BARE "\n",
	  BARE JANE BARE "\n",
	  BARE BARE BARE "\n",
	  { { JANE, BARE, -1 } },
	  BARE JANE BARE "\n" },
	{ "two-of-four-without-position",
	  BARE BARE BARE BARE "\n",
	  BARE JANE BARE JANE "\n",
	  BARE BARE BARE BARE "\n",
	  { { JANE, BARE, -1 }, { JANE, BARE, -1 } },
	  BARE JANE BARE JANE "\n" },
	{ "equal-as-the-foot",
	  BARE BARE "\n",
	  JANE "\n",
	  BARE "\n",
	  { { JANE, BARE, 0 } },
	  JANE BARE "\n" },
	{ "replaced-junk",
	  BARE "junk\nX\001From: j@x\n\n",
	  BARE "junk\nX\001From: J <j@x>\n\n",
	  BARE "junk\nX\001From: j@x\n\n",
	  { { "junk\nX\001From: J <j@x>\n", "junk\nX\001From: j@x\n", 10 } },
	  BARE "junk\nX\001From: J <j@x>\n\n" },
	{ "deleted-junk",
	  BARE SUBJECT "\n",
	  JANE "\rCEO\n" SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 }, { "\rCEO\n", "", 19 } },
	  JANE "\rCEO\n" SUBJECT "\n" },
	{ "deleted-junk-without-position",
	  SUBJECT BARE SUBJECT "\n",
	  SUBJECT JANE "\rCEO\n" SUBJECT "\n",
	  SUBJECT BARE SUBJECT "\n",
	  { { JANE, BARE, -1 }, { "\rCEO\n", "", -1 } },
	  SUBJECT JANE "\rCEO\n" SUBJECT "\n" },
	{ "deleted-at-the-end",
	  BARE,
	  BARE "\rCEO\n",
	  BARE,
	  { { "\rCEO\n", "", -1 } },
	  BARE "\rCEO\n" },
	/* Nothing is guessed. */
	{ "another-head",
	  BARE "Subject: t\n\n",
	  JANE SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  NULL },
	{ "changed-within",
	  BARE "X-Spam: no\n" SUBJECT "\n",
	  JANE SUBJECT "\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  NULL },
	{ "another-original",
	  BARE SUBJECT "\n",
	  JANE "Subject: t\n\n",
	  BARE SUBJECT "\n",
	  { { JANE, BARE, 0 } },
	  NULL },
	{ "another-position",
	  BARE BARE "\n",
	  BARE JANE "\n",
	  BARE BARE "\n",
	  { { JANE, BARE, 0 } },
	  NULL },
	{ "no-field-there",
	  SUBJECT BARE "\n",
	  SUBJECT JANE "\n",
	  SUBJECT BARE "\n",
	  { { JANE, BARE, 3 } },
	  NULL },
	{ "beyond-the-end",
	  SUBJECT BARE "\n",
	  SUBJECT JANE "\n",
	  SUBJECT BARE "\n",
	  { { JANE, BARE, 15 } },
	  NULL },
	{ "position-far-out",
	  BARE "\n",
	  JANE "\n",
	  BARE "\n",
	  { { JANE, BARE, G_MAXINT64 } },
	  NULL },
	{ "position-below-all",
	  BARE "\n",
	  JANE "\n",
	  BARE "\n",
	  { { JANE, BARE, G_MININT64 } },
	  NULL },
	{ "positions-turned",
	  BARE BARE "\n",
	  JANE JANE "\n",
	  BARE BARE "\n",
	  { { JANE, BARE, 19 }, { JANE, BARE, 0 } },
	  NULL },
	{ "no-edits", BARE "\n", JANE "\n", BARE "\n", { { 0 } }, NULL },
	{ "nowhere-without-position",
	  BARE "\n",
	  JANE "\n",
	  BARE "\n",
	  { { JANE, SUBJECT, -1 } },
	  NULL },
	{ "nothing", "", JANE "\n", BARE "\n", { { JANE, BARE, 0 } }, NULL },
	{ "empty-line-alone", "\n", JANE "\n", BARE "\n", { { JANE, BARE, 0 } }, NULL },
	/* A head without fields is found where there are none. Elsewhere it would be in each head.
	 */
	{ "no-fields", "\n", "\rCEO\n\n", "\n", { { "\rCEO\n", "", 0 } }, "\rCEO\n\n" },
	{ "no-fields-fetched", "\r\n", "\rCEO\n\n", "\n", { { "\rCEO\n", "", 0 } }, "\rCEO\n\n" },
	{ "no-fields-nor-empty-line", "", "\rCEO\n", "", { { "\rCEO\n", "", 0 } }, "\rCEO\n" },
	{ "no-fields-below-an-mbox-line",
	  MBOX "\n",
	  "\rCEO\n\n",
	  "\n",
	  { { "\rCEO\n", "", 0 } },
	  MBOX "\rCEO\n\n" },
	{ "no-fields-below-others", TOP "\n", "\rCEO\n\n", "\n", { { "\rCEO\n", "", 0 } }, NULL },
	{ "no-fields-below-others-in-an-mbox",
	  MBOX TOP "\n",
	  "\rCEO\n\n",
	  "\n",
	  { { "\rCEO\n", "", 0 } },
	  NULL },
};

static void
test_undo(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(undone); i++) {
		g_test_message("%s", undone[i].name);
		g_autoptr(GBytes) got = undo(undone[i].delivered, undone[i].before, undone[i].after,
		                             undone[i].recorded);
		g_assert_cmpint(got != NULL, ==, undone[i].wanted != NULL);
		if (got)
			g_assert_cmpmem(g_bytes_get_data(got, NULL), g_bytes_get_size(got),
			                undone[i].wanted, strlen(undone[i].wanted));
	}
}

/* @n lines of @line. (transfer full) */
static char *
lines(const char *line, guint n)
{
	GString *text = g_string_new(NULL);

	while (n-- > 0)
		g_string_append(text, line);
	return g_string_free(text, false);
}

static bool
undoes(const char *above, const char *fields, const char *below, gint64 position)
{
	g_autofree char *delivered = g_strconcat(above, fields, below, "\n", NULL);
	g_autofree char *before = g_strconcat(JANE, fields + strlen(BARE), "\n", NULL);
	g_autofree char *after = g_strconcat(fields, "\n", NULL);
	const Recorded recorded[MOST_RECORDS] = { { JANE, BARE, position } };
	g_autoptr(GBytes) got = undo(delivered, before, after, recorded);

	return got != NULL;
}

/* So much may stand above, below and twice, and no more, or a hostile head would cost what it
 * likes. */
static void
test_undo_bounds(void)
{
	static const struct {
		const char *front; /* it does not count */
		guint above, below, equal;
		bool found;
	} cases[] = {
		{ "", 1000, 0, 0, true },          { "", 1001, 0, 0, false },
		{ MBOX, 1000, 0, 0, true },        { MBOX, 1001, 0, 0, false },
		{ "From : a\n", 999, 0, 0, true }, { "From : a\n", 1000, 0, 0, false },
		{ "", 0, 100, 0, true },           { "", 0, 101, 0, false },
		{ "", 999, 99, 0, true },          { "", 0, 0, 999, true },
		{ "", 0, 0, 1000, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fields = lines("A: b\n", cases[i].above);
		g_autofree char *above = g_strconcat(cases[i].front, fields, NULL);
		g_autofree char *below = lines("Status: O\n", cases[i].below);
		g_test_message("%s%u %u %u", cases[i].front, cases[i].above, cases[i].below,
		               cases[i].equal);
		if (cases[i].equal) {
			/* The last one of equal fields is the one. */
			g_autofree char *kept = lines(BARE, cases[i].equal);
			g_autofree char *after = g_strconcat(kept, BARE "\n", NULL);
			g_autofree char *before = g_strconcat(kept, JANE "\n", NULL);
			const Recorded recorded[MOST_RECORDS] = { { JANE, BARE, -1 } };
			g_autoptr(GBytes) got = undo(after, before, after, recorded);
			g_assert_cmpint(got != NULL, ==, cases[i].found);
			continue;
		}
		g_assert_cmpint(undoes(above, BARE SUBJECT, below, 0), ==, cases[i].found);
		g_assert_cmpint(undoes(above, BARE SUBJECT, below, -1), ==, cases[i].found);
	}
}

static guint asked;

static bool
count_questions(const char *sha256, gpointer unused)
{
	asked++;
	return false;
}

/* Heads that nobody knows cost no more than is said. */
static void
test_undo_work(void)
{
	static const char *const hostile[] = { "a:\n",           "\r\n", "x",   "a:\r\n",
		                               "Return-Path:\n", " \n",  "\n\t" };

	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autofree char *text = lines(hostile[i], 30000);
		/* Whatever the lines are, they are taken for a head. */
		Head head = { { text, strlen(text) }, strlen(text) };
		g_auto(EditFound) found = { 0 };
		asked = 0;
		g_assert_false(edit_find(&head, count_questions, NULL, &found));
		g_assert_cmpuint(asked, <=, 2 * (1002 * 2 * 2 * 101));
	}
}

static void
test_lines(void)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "a\r\nb\n", "a\nb\n" },
		{ "\r\r\n", "\r\n" },
		{ "a\rb\r", "a\rb\r" },
		{ "\r\n\r\n", "\n\n" },
	};

	/* However they are cut. */
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *text = cases[i][0];
		for (size_t cut = 0; cut <= strlen(text); cut++) {
			char got[20];
			bool cr = false;
			size_t n = lines_to_lf(got, text, cut, &cr);
			n += lines_to_lf(got + n, text + cut, strlen(text) - cut, &cr);
			if (cr)
				got[n++] = '\r';
			g_assert_cmpmem(got, n, cases[i][1], strlen(cases[i][1]));
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/edit/apply/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_apply);
	}
	g_test_add_func("/edit/law", test_law);
	g_test_add_func("/edit/containers", test_containers);
	g_test_add_func("/edit/value", test_value);
	g_test_add_func("/edit/undo", test_undo);
	g_test_add_func("/edit/undo/bounds", test_undo_bounds);
	g_test_add_func("/edit/undo/work", test_undo_work);
	g_test_add_func("/edit/lines", test_lines);
	return g_test_run();
}
