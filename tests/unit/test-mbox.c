/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves where the messages of a mailbox begin and end, in whatever pieces the mailbox arrives, and
 * that the pieces joined are the mailbox. */
#include "io/mbox.h"

#include <string.h>

#define D1 "From a@x.example Mon Jan  1 10:00:00 2024"
#define D2 "From b@x.example Mon Jan  1 10:01:00 2024"

/* @parts is the mailbox with marks: `{` before a separator, `}` behind it, `|` at the end. A part
 * that may be empty is so where the marks touch. */
static const struct {
	const char *name, *parts;
} rows[] = {
	{ "empty", "|" },
	{ "text-only", "hello\n\nworld\n|" },
	{ "one", "{" D1 "\n}Subject: a\n\nbody\n|" },
	{ "two", "{" D1 "\n}a: b\n\nbody\n\n{" D2 "\n}c: d\n\nbody\n|" },
	{ "crlf", "{" D1 "\r\n}a: b\r\n\r\nbody\r\n\r\n{" D2 "\r\n}c: d\r\n\r\n|" },
	{ "mixed-ends", "{" D1 "\n}a: b\r\n\r\nbody\n\r\n{" D2 "\n}c: d\n\n|" },
	{ "text-first", "hello\n\n{" D1 "\n}a: b\n|" },
	{ "empty-line-first", "\n{" D1 "\n}a: b\n|" },
	{ "crlf-first", "\r\n{" D1 "\n}a: b\n|" },
	{ "any-line-after-empty", "{From \n}a: b\n\n{From x\n}a: b\n|" },
	{ "empty-body", "{" D1 "\n}a: b\n\n{" D2 "\n}c: d\n\n|" },
	{ "empty-head", "{" D1 "\n}\n{" D2 "\n}c: d\n\n|" },
	{ "empty-message", "{" D1 "\n}{" D2 "\n}c: d\n\n|" },
	{ "ends-in-separator", "{" D1 "\n}a: b\n\n{" D2 "}|" },
	{ "ends-in-its-line-end", "{" D1 "\n}a: b\n\n{" D2 "\n}|" },
	{ "ends-in-from", "{" D1 "\n}a: b\n\nFrom|" },
	{ "quoted", "{" D1 "\n}a: b\n\n>From x\n\n>From y\n>>From z\n|" },
	{ "lower-case", "{" D1 "\n}a: b\n\nfrom x\n|" },
	/* After an empty line a From_ line needs a time or a field. */
	{ "time-without-field", "{" D1 "\n}a: b\n\nx\n\n{" D2 "\n}no field\n|" },
	{ "field-without-time", "{" D1 "\n}a: b\n\nx\n\n{From b\n}c: d\n|" },
	{ "paragraph", "{" D1 "\n}a: b\n\nx\n\nFrom now on\nno field\n|" },
	{ "paragraph-before-paragraph", "{" D1 "\n}a: b\n\n\nFrom now on\n\nc: d\n|" },
	{ "paragraph-at-end", "{" D1 "\n}a: b\n\nx\n\nFrom x|" },
	{ "paragraph-with-line-end", "{" D1 "\n}a: b\n\nx\n\nFrom x\n|" },
	{ "paragraph-with-half-a-field", "{" D1 "\n}a: b\n\nx\n\nFrom x\nc|" },
	{ "no-paragraph-crlf", "{" D1 "\r\n}a: b\r\n\r\nx\r\n\r\nFrom x\r\ny\r\n|" },
	{ "quoted-lines-between", "{" D1 "\n}a: b\n\n{From x\n}>From y\n>From z\nc: d\n|" },
	{ "quoted-lines-and-text", "{" D1 "\n}a: b\n\nFrom x\n>From y\nz\n|" },
	{ "quoted-field", "{" D1 "\n}a: b\n\n{From x\n}>From: y\n|" },
	{ "text-then-paragraph", "x\n\nFrom now on\ny\n\n{" D1 "\n}a: b\n|" },
	/* What hides nothing but the first From_ line. */
	{ "mark-utf-8", "\xef\xbb\xbf{" D1 "\n}a: b\n|" },
	{ "mark-on-a-line", "\xef\xbb\xbf\r\n{" D1 "\r\n}a: b\r\n|" },
	{ "mark-twice", "\xef\xbb\xbf\xef\xbb\xbf{" D1 "\n}a: b\n|" },
	{ "mark-utf-16", "\xff\xfe{" D1 "\n}a: b\n|" },
	{ "mark-utf-16-be", "\xfe\xff{" D1 "\n}a: b\n|" },
	{ "mark-utf-7", "+/v8-{" D1 "\n}a: b\n|" },
	{ "mark-gb18030", "\x84\x31\x95\x33{" D1 "\n}a: b\n|" },
	{ "blanks", " \t\v {" D1 "\n}a: b\n|" },
	{ "no-break-spaces", "\xc2\xa0\xa0{" D1 "\n}a: b\n|" },
	{ "quotes", ">> {" D1 "\n}a: b\n|" },
	{ "empty-lines", "\n\n\n{" D1 "\n}a: b\n|" },
	{ "hidden-without-time", " {From x\n}c: d\n|" },
	{ "hidden-without-field", "\xef\xbb\xbf{" D1 "\n}no field\n|" },
	{ "hidden-paragraph", " From now on\nx\n\n{" D1 "\n}a: b\n|" },
	{ "half-a-mark", "\xef\xbb" D1 "\na: b\n\n{" D2 "\n}c: d\n|" },
	{ "mark-alone", "\xef\xbb\xbf|" },
	{ "mark-later", "{" D1 "\n}a: b\n\n\xef\xbb\xbf" D2 "\nc: d\n|" },
	{ "letter-before", "x" D1 "\na: b\n\n{" D2 "\n}c: d\n|" },
	{ "field", "{" D1 "\n}From: b\nFrom : c\n\nx\n|" },
	{ "blank-line-with-blank", "{" D1 "\n}a: b\n\nx\n \nFrom x\n|" },
	{ "cr-cr-lf-is-no-empty-line", "{" D1 "\n}a: b\n\nx\n\r\r\nFrom x\n|" },
	{ "bare-cr-before", "{" D1 "\n}a: b\n\nx\n\n\rFrom x\n|" },
	/* Without an empty line. */
	{ "loose", "{" D1 "\n}a: b\n\nx\n{" D2 "\n}c: d\n|" },
	{ "loose-crlf", "{" D1 "\r\n}a: b\r\n\r\nx\r\n{" D2 "\r\n}c: d\r\n|" },
	{ "loose-in-head", "{" D1 "\n}a: b\n{" D2 "\n}c: d\n|" },
	{ "loose-field-with-blanks", "{" D1 "\n}a: b\n\nx\n{" D2 "\n}c \t: d\n|" },
	{ "loose-without-time", "{" D1 "\n}a: b\n\nx\nFrom b\nc: d\n|" },
	{ "loose-odd-time", "{" D1 "\n}a: b\n\nx\nFrom b 1:00 10:0 :00 a10:b0\nc: d\n|" },
	{ "loose-time-last", "{" D1 "\n}a: b\n\nx\n{From 10:00\n}c: d\n|" },
	{ "loose-without-field", "{" D1 "\n}a: b\n\nx\n" D2 "\nno field\n|" },
	{ "loose-before-empty-line", "{" D1 "\n}a: b\n\nx\n" D2 "\n\n|" },
	{ "loose-colon-alone", "{" D1 "\n}a: b\n\nx\n" D2 "\n: d\n|" },
	{ "loose-at-end", "{" D1 "\n}a: b\n\nx\n" D2 "\n|" },
	{ "loose-cut", "{" D1 "\n}a: b\n\nx\n" D2 "\nc|" },
};

typedef struct {
	GString *marked; /* as in rows */
	bool in_part;
} Marker;

static void
mark(Marker *m, const MboxPiece *piece, const char *bytes)
{
	if (piece->part == MBOX_SEPARATOR && !m->in_part)
		g_string_append_c(m->marked, '{');
	g_string_append_len(m->marked, bytes, (gssize)piece->length);
	if (piece->part == MBOX_SEPARATOR && piece->ends)
		g_string_append_c(m->marked, '}');
	m->in_part = !piece->ends;
}

/* Pushes @length bytes through, @step at a time. (transfer full) */
static char *
scan(const char *bytes, size_t length, size_t step)
{
	Mbox mbox = { 0 };
	Marker m = { .marked = g_string_new(NULL) };
	size_t at = 0, end = 0;

	for (;;) {
		/* A copy, so that a byte too far is seen. */
		g_autofree char *window = g_memdup2(bytes + at, MAX(end - at, 1));
		MboxPiece piece = mbox_next(&mbox, window, end - at, end == length);
		g_assert_cmpuint(piece.length, <=, end - at);
		if (piece.length == 0 && !piece.ends) {
			g_assert_cmpuint(end, <, length);
			end = MIN(end + step, length);
			continue;
		}
		mark(&m, &piece, window);
		mbox_take(&mbox, window, piece.length);
		at += piece.length;
		if (end == length && at == end && piece.ends && mbox.part != MBOX_SEPARATOR &&
		    piece.part != MBOX_SEPARATOR)
			break;
	}
	g_string_append_c(m.marked, '|');
	return g_string_free(m.marked, false);
}

static void
test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) bytes = g_string_new(NULL);
		for (const char *p = rows[i].parts; *p; p++) {
			if (!strchr("{}|", *p))
				g_string_append_c(bytes, *p);
		}
		for (size_t step = 1; step <= bytes->len + 1; step++) {
			g_autofree char *marked = scan(bytes->str, bytes->len, step);
			g_test_message("%s, %zu at a time", rows[i].name, step);
			g_assert_cmpstr(marked, ==, rows[i].parts);
		}
	}
}

/* Runs one separator through and takes it. */
static Mbox
take_separator(const char *text, size_t step)
{
	Mbox mbox = { 0 };
	size_t length = strlen(text), at = 0, end = 0;

	while (mbox.part != MBOX_MESSAGE) {
		MboxPiece piece = mbox_next(&mbox, text + at, end - at, end == length);
		mbox_take(&mbox, text + at, piece.length);
		at += piece.length;
		end = MIN(end + step, length);
	}
	return mbox;
}

/* Readers that take a bare CR for a line end see something else behind it. */
static void
test_bare_cr(void)
{
	static const struct {
		const char *text;
		bool bare_cr;
	} lines[] = {
		{ D1 "\na: b\n", false },        { D1 "\r\na: b\n", false },
		{ D1 "\r\r\na: b\n", false },    { "From a\rFrom: b\na: b\n", true },
		{ "From a\r\rb\na: b\n", true }, { "From a\r b\r\na: b\n", true },
		{ "From a\na: b\rc\n", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		for (size_t step = 1; step < 20; step++) {
			Mbox mbox = take_separator(lines[i].text, step);
			g_test_message("%zu, %zu at a time", i, step);
			g_assert_cmpint(mbox.has_bare_cr, ==, lines[i].bare_cr);
		}
	}
	Mbox mbox = take_separator("text\n" D1 "\na: b\n", 100);
	g_assert_true(mbox.loose);
	mbox = take_separator("text\n\n" D1 "\na: b\n", 100);
	g_assert_false(mbox.loose);
}

/* What hides the first From_ line is no text, however long it is and in whatever pieces it comes.
 */
static void
test_hiding(void)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < 1000; i++)
		g_string_append_len(text, "\0\xef\xbb\xbf ", 5);
	size_t hiding = text->len;
	g_string_append(text, D1 "\na: b\n");
	for (size_t step = 1; step < 9; step++) {
		Mbox mbox = { 0 };
		size_t at = 0, end = 0;
		while (mbox.part == MBOX_TEXT) {
			MboxPiece piece =
			        mbox_next(&mbox, text->str + at, end - at, end == text->len);
			mbox_take(&mbox, text->str + at, piece.length);
			at += piece.length;
			end = MIN(end + step, text->len);
		}
		g_assert_cmpuint(at, ==, hiding);
		g_assert_false(mbox.is_text);
		g_assert_false(mbox.loose);
	}
	Mbox mbox = take_separator("text\n\n" D1 "\na: b\n", 3);
	g_assert_true(mbox.is_text);
	mbox = take_separator("\n\n" D1 "\na: b\n", 3);
	g_assert_false(mbox.is_text);
}

/* A line that is longer than a From_ line can be decides without being held for ever. */
static void
test_long_lines(void)
{
	static const char begin[] = D1 "\na: b\n\nx\nFrom ";
	g_autoptr(GString) text = g_string_new(begin);
	Mbox mbox = take_separator(text->str, text->len);
	size_t head = strlen(D1 "\n");

	for (int i = 0; i < 20000; i++)
		g_string_append(text, "10:00 ");
	MboxPiece piece = mbox_next(&mbox, text->str + head, text->len - head, false);
	g_assert_cmpuint(piece.length, ==, text->len - head);
	g_assert_false(piece.ends);
	g_string_append(text, "\nc: d\n");
	piece = mbox_next(&mbox, text->str + head, text->len - head, true);
	g_assert_cmpuint(piece.length, ==, text->len - head);
}

/* What a length covers is not looked at; behind it a From_ line begins a message at once. */
static void
assert_skipped(const char *body)
{
	g_autofree char *text = g_strconcat(D1 "\na: b\n\n", body, D2 "\ne: f\n", NULL);
	size_t length = strlen(text), head = strlen("a: b\n\n");

	for (size_t step = 1; step < 60; step++) {
		Mbox mbox = take_separator(text, length);
		size_t at = strlen(D1 "\n"), end = at, taken = 0;
		mbox_skip(&mbox, head + strlen(body));
		for (;;) {
			MboxPiece piece = mbox_next(&mbox, text + at, end - at, end == length);
			mbox_take(&mbox, text + at, piece.length);
			at += piece.length;
			taken += piece.length;
			if (piece.ends)
				break;
			end = MIN(end + step, length);
		}
		g_test_message("%zu at a time", step);
		g_assert_cmpuint(taken, ==, head + strlen(body));
		g_assert_cmpint(mbox.part, ==, MBOX_SEPARATOR);
	}
}

static void
test_skip(void)
{
	assert_skipped("x\n\n" D2 "\nc: d\n\ny\n");
	assert_skipped("x\n\n" D2 "\nc: d\n\nin mid-line ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mbox/rows", test_rows);
	g_test_add_func("/mbox/bare-cr", test_bare_cr);
	g_test_add_func("/mbox/hiding", test_hiding);
	g_test_add_func("/mbox/long-lines", test_long_lines);
	g_test_add_func("/mbox/skip", test_skip);
	return g_test_run();
}
