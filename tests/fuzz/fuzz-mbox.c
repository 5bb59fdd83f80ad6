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

/* The same, line by line. */
static char *
oracle(const char *bytes, size_t length)
{
	char *parts = g_malloc0(length + 1);
	char part = 't';
	bool after_empty = true;

	for (size_t at = 0; at < length;) {
		const char *lf = memchr(bytes + at, '\n', length - at);
		size_t next = lf ? (size_t)(lf - bytes) + 1 : length,
		       line = next - at - (lf != NULL);
		bool from = line >= 5 && memcmp(bytes + at, "From ", 5) == 0;
		static GRegex *time, *field;
		if (!time)
			time = g_regex_new("[0-9][0-9]:[0-9][0-9]", G_REGEX_RAW, 0, NULL);
		if (!field)
			field = g_regex_new("\\A[!-9;-~]+[ \\t]*:", G_REGEX_RAW, 0, NULL);
		bool loose = from && lf &&
		             g_regex_match_full(time, bytes + at, (gssize)line, 0, 0, NULL, NULL) &&
		             g_regex_match_full(field, bytes + next, (gssize)(length - next), 0, 0,
		                                NULL, NULL);
		bool separates = from && (after_empty || loose);
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
