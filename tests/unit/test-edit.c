/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that edits by offset change the bytes that they name and no other, wherever in the head
 * they stand and whatever their length. */
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
clear_edit(gpointer edit)
{
	g_bytes_unref(((Edit *)edit)->value);
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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/edit/apply/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_apply);
	}
	g_test_add_func("/edit/law", test_law);
	return g_test_run();
}
