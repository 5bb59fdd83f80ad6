/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mbox: finds the messages of a mailbox.
 * May know: From_ lines, empty lines. Must not know: what a message says, files.
 * Fails: never; every sequence of bytes is a mailbox.
 * Follows RFC 4155, and also accepts mailboxes without an empty line before From_, or with a byte
 * order mark at their start.
 */
#include "mbox.h"

#include <string.h>

#include "lines.h"

/* The most bytes of a From_ line, and of what follows it, that are read to judge it. */
#define LOOSE_MAX ((size_t)64 * 1024)

#define FROM "From "
#define FROM_LENGTH (sizeof FROM - 1)
#define QUOTED_FROM ">From "

typedef enum { NO, YES, UNDECIDED } Answer;

/* The @back-th byte before @at; -1: the mailbox begins after it. */
static int
byte_before(const Mbox *mbox, const char *bytes, size_t at, size_t back)
{
	return back <= at ? (unsigned char)bytes[at - back] : mbox->last[back - at - 1] - 1;
}

static bool
is_line_start(int before)
{
	return before == '\n' || before == -1;
}

static bool
after_empty_line(const Mbox *mbox, const char *bytes, size_t at)
{
	int second = byte_before(mbox, bytes, at, 2);

	if (byte_before(mbox, bytes, at, 1) == -1)
		return true;
	return is_line_start(second == '\r' ? byte_before(mbox, bytes, at, 3) : second);
}

bool
mbox_has_time(const char *line, size_t length)
{
	const char *end = line + length;

	for (const char *colon = line; (colon = memchr(colon, ':', (size_t)(end - colon)));
	     colon++) {
		if (colon - line >= 2 && end - colon >= 3 && g_ascii_isdigit(colon[-2]) &&
		    g_ascii_isdigit(colon[-1]) && g_ascii_isdigit(colon[1]) &&
		    g_ascii_isdigit(colon[2]))
			return true;
	}
	return false;
}

/* The end of the lines at @bytes that are quoted From_ lines (">From "), which forwarding programs
 * leave at the top of a head. */
static size_t
quoted_end(const char *bytes, size_t length)
{
	size_t at = 0, quoted = sizeof QUOTED_FROM - 1;

	while (length - at >= quoted && memcmp(bytes + at, QUOTED_FROM, quoted) == 0) {
		const char *lf = memchr(bytes + at, '\n', length - at);
		at = lf ? (size_t)(lf - bytes) + 1 : length;
	}
	return at;
}

/* Whether a field begins here (RFC 5322, 2.2), or after quoted From_ lines. */
static Answer
is_field(const char *bytes, size_t length)
{
	size_t room = MIN(length, LOOSE_MAX), name = quoted_end(bytes, room), i = name;

	while (i < room && bytes[i] > ' ' && bytes[i] <= '~' && bytes[i] != ':')
		i++;
	size_t end = i;
	while (i < room && (bytes[i] == ' ' || bytes[i] == '\t'))
		i++;
	if (i == room)
		return length < LOOSE_MAX ? UNDECIDED : NO;
	return end > name && bytes[i] == ':' ? YES : NO;
}

/* Whether the From_ line here begins a message. Without an empty line before it (@loose) it needs a
 * time and a field below it, else one of the two: lines of a text may begin with "From " too. */
static Answer
is_from_line(const char *bytes, size_t length, bool at_end, bool loose)
{
	const char *lf = memchr(bytes, '\n', MIN(length, LOOSE_MAX));

	if (!lf && length < LOOSE_MAX && !at_end)
		return UNDECIDED;
	size_t line = lf ? (size_t)(lf - bytes) : MIN(length, LOOSE_MAX);
	if (mbox_has_time(bytes, line) != loose)
		return loose ? NO : YES;
	return lf ? is_field(lf + 1, length - line - 1) : NO;
}

static Answer
begins_with_from(const char *bytes, size_t length)
{
	size_t n = MIN(length, FROM_LENGTH);

	if (n && memcmp(bytes, FROM, n) != 0)
		return NO;
	return n < FROM_LENGTH ? UNDECIDED : YES;
}

/* Whether a message begins at @at, which is the start of a line or the end of a Content-Length. */
static Answer
is_separator(Mbox *mbox, const char *bytes, size_t at, size_t length, bool at_end)
{
	Answer answer = begins_with_from(bytes + at, length - at);

	if (answer != YES)
		return answer;
	mbox->loose = !(at == 0 && mbox->expected) && !after_empty_line(mbox, bytes, at);
	if ((at == 0 && mbox->expected) || byte_before(mbox, bytes, at, 1) == -1)
		return YES;
	return is_from_line(bytes + at, length - at, at_end, mbox->loose);
}

/* The length of a mark at @bytes that only hides what follows it: a byte order mark, a blank, a
 * NUL, a quoting mark; 0: none. *@ret_more: more bytes are needed to tell. */
static size_t
hiding_length(const char *bytes, size_t length, bool *ret_more)
{
	static const struct {
		const char *bytes;
		size_t length;
	} hiding[] = {
		{ "\0", 1 },
		{ " ", 1 },
		{ "\t", 1 },
		{ "\n", 1 },
		{ "\v", 1 },
		{ "\f", 1 },
		{ "\r", 1 },
		{ ">", 1 },
		{ "\xc2\xa0", 2 },         /* U+00A0 in UTF-8 */
		{ "\xa0", 1 },             /* U+00A0 in Latin-1 */
		{ "\xef\xbb\xbf", 3 },     /* U+FEFF in UTF-8 */
		{ "\xfe\xff", 2 },         /* U+FEFF in UTF-16BE; with NULs, UTF-32BE */
		{ "\xff\xfe", 2 },         /* U+FEFF in UTF-16LE; with NULs, UTF-32LE */
		{ "+/v8-", 5 },            /* U+FEFF in UTF-7 */
		{ "\xf7\x64\x4c", 3 },     /* U+FEFF in UTF-1 */
		{ "\xdd\x73\x66\x73", 4 }, /* U+FEFF in UTF-EBCDIC */
		{ "\x0e\xfe\xff", 3 },     /* U+FEFF in SCSU */
		{ "\xfb\xee\x28", 3 },     /* U+FEFF in BOCU-1 */
		{ "\x84\x31\x95\x33", 4 }, /* U+FEFF in GB18030 */
	};

	*ret_more = false;
	for (size_t i = 0; i < G_N_ELEMENTS(hiding); i++) {
		size_t n = MIN(length, hiding[i].length);
		if (memcmp(bytes, hiding[i].bytes, n) != 0)
			continue;
		if (n == hiding[i].length)
			return n;
		*ret_more = true;
	}
	return 0;
}

/* Moves `scanned` past the marks that hide the first From_ line. False: more bytes are needed to
 * tell what follows. */
static bool
scan_hiding(Mbox *mbox, const char *bytes, size_t length, bool at_end)
{
	size_t *at = &mbox->scanned, n = 1;
	bool more = true;

	while (*at < length && n > 0) {
		n = hiding_length(bytes + *at, length - *at, &more);
		*at += n;
	}
	if (more && !at_end)
		return false;
	if (*at == length)
		return true;
	Answer answer = begins_with_from(bytes + *at, length - *at);
	if (answer == YES && byte_before(mbox, bytes, *at, 1) != -1)
		answer = is_from_line(bytes + *at, length - *at, at_end, false);
	if (answer == UNDECIDED && !at_end)
		return false;
	mbox->found = answer == YES;
	mbox->is_text = answer != YES;
	mbox->loose = false;
	return true;
}

bool
mbox_begins(const char *bytes, size_t length)
{
	Mbox mbox = { 0 };

	return scan_hiding(&mbox, bytes, length, true) && mbox.found &&
	       is_from_line(bytes + mbox.scanned, length - mbox.scanned, true, false) == YES;
}

bool
mbox_parts(const char *head, size_t length)
{
	/* Behind the LF of its own From_ line. */
	Mbox mbox = { .part = MBOX_MESSAGE, .last = { '\n' + 1, ' ' + 1, ' ' + 1 } };

	return mbox_next(&mbox, head, length, true).length < length;
}

/* The next LF in @at..@end after which a From_ line begins or may begin; NULL: there is none. */
static const char *
next_line(const char *at, const char *end)
{
	while ((at = lines_find(at, end, *FROM))) {
		if (memcmp(at + 1, FROM, MIN((size_t)(end - at) - 1, FROM_LENGTH)) == 0)
			break;
		at++;
	}
	return at;
}

/* Moves `scanned` to the next message, or to the first line that is still undecided. */
static void
scan(Mbox *mbox, const char *bytes, size_t length, bool at_end)
{
	if (mbox->part == MBOX_TEXT && !mbox->is_text &&
	    (!scan_hiding(mbox, bytes, length, at_end) || mbox->found))
		return;
	size_t at = mbox->scanned;

	for (;;) {
		/* A Content-Length may end in the middle of a line. */
		if ((at == 0 && mbox->expected) || is_line_start(byte_before(mbox, bytes, at, 1))) {
			Answer answer = is_separator(mbox, bytes, at, length, at_end);
			mbox->found = answer == YES;
			if (answer == YES || (answer == UNDECIDED && !at_end))
				break;
		}
		const char *next = next_line(bytes + at, bytes + length);
		if (!next) {
			at = length;
			break;
		}
		at = (size_t)(next - bytes) + 1;
	}
	mbox->scanned = at;
}

MboxPiece
mbox_next(Mbox *mbox, const char *bytes, size_t length, bool at_end)
{
	if (mbox->skip) {
		mbox->scanned = (size_t)MIN(mbox->skip, length);
	} else if (mbox->part == MBOX_SEPARATOR && !mbox->found) {
		const char *lf = mbox->scanned < length ? memchr(bytes + mbox->scanned, '\n',
		                                                 length - mbox->scanned)
		                                        : NULL;
		mbox->scanned = lf ? (size_t)(lf - bytes) + 1 : length;
		mbox->found = lf || at_end;
	} else if (!mbox->found) {
		scan(mbox, bytes, length, at_end);
	}
	return (MboxPiece){ .part = mbox->part,
		            .length = mbox->scanned,
		            .ends = mbox->found || (at_end && mbox->scanned == length) };
}

static void
look_for_cr(Mbox *mbox, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (mbox->after_cr && bytes[i] != '\r' && bytes[i] != '\n')
			mbox->has_bare_cr = true;
		mbox->after_cr = bytes[i] == '\r';
	}
}

void
mbox_take(Mbox *mbox, const char *bytes, size_t n)
{
	if (mbox->part == MBOX_SEPARATOR)
		look_for_cr(mbox, bytes, n);
	if (n > 0 && mbox->skip == 0)
		mbox->expected = false;
	mbox->skip -= MIN(mbox->skip, n);
	for (size_t i = n - MIN(n, G_N_ELEMENTS(mbox->last)); i < n; i++) {
		mbox->last[2] = mbox->last[1];
		mbox->last[1] = mbox->last[0];
		mbox->last[0] = (unsigned char)bytes[i] + 1;
	}
	mbox->scanned -= MIN(mbox->scanned, n);
	if (!mbox->found || mbox->scanned > 0)
		return;
	mbox->found = false;
	mbox->part = mbox->part == MBOX_SEPARATOR ? MBOX_MESSAGE : MBOX_SEPARATOR;
	if (mbox->part == MBOX_SEPARATOR)
		mbox->has_bare_cr = mbox->after_cr = false;
}

void
mbox_skip(Mbox *mbox, guint64 n)
{
	mbox->skip = n;
	mbox->scanned = 0;
	mbox->found = false;
	mbox->expected = true;
}
