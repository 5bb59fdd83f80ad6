/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that edits by offset change the bytes that they name and no other, wherever in the head
 * they stand and whatever their length; and that each names the field that it replaces. */
#include <string.h>

#include "core/edit.h"

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
	return g_test_run();
}
