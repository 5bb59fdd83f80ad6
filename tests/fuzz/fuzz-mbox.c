/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-mbox: in whatever pieces a mailbox comes, the same messages are found, they join to the
 * mailbox, and a reader that has all lines before it finds the same. The first byte is the step.
 */
#include <string.h>

#include "fuzz.h"
#include "io/mbox.h"

/* Where a bound on a line could tell the two readers apart, only the joining is checked. */
#define ORACLE_MAX 1000

/* For each byte its part, and for each separator a mark at its first byte. */
static char *
scan(const char *bytes, size_t length, size_t step)
{
	char *parts = g_malloc0(length + 1);
	size_t at = 0, end = 0;
	Mbox mbox = { 0 };
	bool begins = true;

	for (;;) {
		MboxPiece piece = mbox_next(&mbox, bytes + at, end - at, end == length);
		g_assert_cmpuint(piece.length, <=, end - at);
		if (piece.length == 0 && !piece.ends) {
			g_assert_cmpuint(end, <, length);
			end += MIN(step, length - end);
			continue;
		}
		memset(parts + at, "tsm"[piece.part], piece.length);
		if (piece.part == MBOX_SEPARATOR && begins && piece.length)
			parts[at] = 'S';
		begins = piece.ends;
		mbox_take(&mbox, bytes + at, piece.length);
		at += piece.length;
		if (end == length && at == end && piece.ends && piece.part != MBOX_SEPARATOR &&
		    mbox.part != MBOX_SEPARATOR)
			return parts;
	}
}

/* Whether @pattern matches at the beginning of the text. *@ret_length is how much of it. */
static bool
matches(GRegex **regex, const char *pattern, const char *text, size_t length, size_t *ret_length)
{
	g_autoptr(GMatchInfo) info = NULL;
	int end = 0;

	if (!*regex)
		*regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);
	bool found = g_regex_match_full(*regex, text, (gssize)length, 0, 0, &info, NULL);
	if (found)
		g_match_info_fetch_pos(info, 0, NULL, &end);
	*ret_length = (size_t)end;
	return found;
}

typedef struct {
	bool from, time, field;
} Line;

/* What the line at @text says, which is @line long without its line end. */
static Line
read_line(const char *text, size_t length, size_t line)
{
	static GRegex *time, *field;
	size_t unused;
	bool ends = line < length;
	const char *below = text + line + ends;

	return (Line){
		.from = line >= 5 && memcmp(text, "From ", 5) == 0,
		.time = matches(&time, "[0-9][0-9]:[0-9][0-9]", text, line, &unused),
		.field = ends && matches(&field, "\\A(?:>From [^\n]*(?:\n|\\z))*+[!-9;-~]+[ \\t]*:",
		                         below, length - line - 1, &unused),
	};
}

static size_t
line_length(const char *text, size_t length)
{
	const char *lf = memchr(text, '\n', length);

	return lf ? (size_t)(lf - text) : length;
}

/* The length of what hides the first From_ line; 0: nothing does. */
static size_t
hiding(const char *bytes, size_t length)
{
	static GRegex *hides;
	size_t n;

	matches(&hides,
	        "\\A(?:[\\x00 \\t\\n\\x0b\\x0c\\r>\\xa0]|\\xc2\\xa0|\\xef\\xbb\\xbf|\\xfe\\xff|"
	        "\\xff\\xfe|\\+/v8-|\\xf7\\x64\\x4c|\\xdd\\x73\\x66\\x73|\\x0e\\xfe\\xff|"
	        "\\xfb\\xee\\x28|\\x84\\x31\\x95\\x33)*+",
	        bytes, length, &n);
	Line first = read_line(bytes + n, length - n, line_length(bytes + n, length - n));
	return first.from && (first.time || first.field) ? n : 0;
}

/* The same, line by line. */
static char *
oracle(const char *bytes, size_t length)
{
	char *parts = g_malloc0(length + 1);
	char part = 't';
	size_t begin = hiding(bytes, length);
	bool after_empty = false;

	memset(parts, 't', begin);
	for (size_t at = begin; at < length;) {
		size_t line = line_length(bytes + at, length - at);
		size_t next = MIN(at + line + 1, length);
		Line l = read_line(bytes + at, length - at, line);
		bool separates = l.from && (at == begin || (after_empty && (l.time || l.field)) ||
		                            (l.time && l.field));
		memset(parts + at, separates ? 's' : part, next - at);
		if (separates) {
			parts[at] = 'S';
			part = 'm';
		}
		after_empty = line == 0 || (line == 1 && bytes[at] == '\r');
		at = next;
	}
	return parts;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const char *bytes = (const char *)data + 1;
	size_t length = size - 1;
	g_autofree char *whole = scan(bytes, length, MAX(length, 1));
	g_autofree char *pieces = scan(bytes, length, data[0] % 32 + 1);

	g_assert_cmpuint(strlen(whole), ==, length);
	g_assert_cmpstr(whole, ==, pieces);
	if (length <= ORACLE_MAX) {
		g_autofree char *wanted = oracle(bytes, length);
		g_assert_cmpstr(whole, ==, wanted);
	}
	return 0;
}
