/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "span.h"

/* The largest head that is read; a longer one is refused. */
#define HEAD_MAX ((size_t)64 * 1024 * 1024)

/* The first fields are not looked for again by each who asks for some. */
#define HEAD_STARTS 64

/* A message head: everything up to and including the empty line (RFC 5322, 2.1), or up to the
 * end of the message where there is none. The bytes stay the caller's. */
typedef struct {
	Span bytes;
	size_t fields_end;           /* offset of the empty line, or bytes.length */
	guint32 starts[HEAD_STARTS]; /* offsets of the first lines that continue none, in order */
	guint n_starts;              /* fewer than HEAD_STARTS: all; 0: they are not known */
} Head;

/* One piece of the partition of a head: a field (RFC 5322, 2.2: name, optional blanks, colon,
 * value, continuation lines), or a junk run: neighbouring lines that belong to no field. */
typedef struct {
	size_t offset; /* in the head */
	size_t length; /* with the last line end */
	bool is_field;
	Span name;    /* of a field */
	Span value;   /* of a field: all after the colon but the last line end */
	size_t asked; /* by head_next_named(): index into the names asked for */
} HeadItem;

/* The longest name that may be asked for, and the most places that are listed, but for one more
 * that tells of the rest. */
#define HEAD_NAME_MAX 15
#define HEAD_PLACES_MAX 10000

/* A span that some reader would take for a field with one of the names asked for, or for the end of
 * such a field. */
typedef struct {
	size_t item_offset; /* the field or junk that holds it, and that an edit replaces */
	size_t item_length;
	size_t offset;        /* of the name; it may begin with bytes that hide it */
	size_t letters;       /* offset of the first byte of the name itself */
	size_t value;         /* offset of the first byte after the colon */
	size_t end;           /* offset behind the value, before its last line end */
	size_t nth;           /* from 1 among the fields whose names are written as its field's is,
	                       * whatever the case; 0: no MTA sees a field */
	const char *name;     /* the one of the names asked for; the caller's */
	const char *line_end; /* that its field or junk run uses: of the last line, else of the
	                       * first fold; "" where that is neither LF nor CRLF */
	char written[HEAD_NAME_MAX + 1]; /* the name, without the bytes that hide it */
	bool goes_on; /* junk that continues the field above for some readers, all of it value */
	bool is_continued; /* a field that such junk follows, */
	bool is_torn;      /* or a line of which only a part could go */
} HeadPlace;

/* Finds the end of the head in the first @length bytes of a message. *@from is 0 at the first
 * call and is kept by the caller between calls on the same, growing bytes, so that each byte is
 * looked at once. True: *@ret_end is the offset behind the empty line. */
bool head_find_end(const char *bytes, size_t length, size_t *from, size_t *ret_end);

/* Takes @length bytes that end where head_find_end() said, or at the end of the message. */
Head head_parse(const char *bytes, size_t length);

/* Steps through the partition. *@at is 0 at first and belongs to the iteration. False: there is
 * no further item. The items joined, and the empty line behind them, are the head. */
bool head_next(const Head *head, size_t *at, HeadItem *ret_item);

/* Whether @item is a field with this @name, compared without case (RFC 5322, 1.2.2). */
bool head_item_is(const HeadItem *item, const char *name);

/* Steps through the fields called one of @names (NULL-terminated) alone. *@at as for head_next().
 */
bool head_next_named(const Head *head, size_t *at, const char *const *names, HeadItem *ret_item);

/* All places of fields called one of @names (NULL-terminated, of letters, digits and `-`, at most
 * HEAD_NAME_MAX bytes each), in head order: a GArray of HeadPlace. Places never overlap; where they
 * nest, the outer is listed: names of which none may hide another are asked for apart. Where there
 * are more than HEAD_PLACES_MAX, one more is listed. (transfer full) */
GArray *head_places(const Head *head, const char *const *names);

/* Adds to @places of head_places() the junk lines that some readers join to the field above them:
 * those that begin with NUL or a bare CR, right behind a field of @places or behind such a line,
 * each with its continuation lines, unless it holds a place. Each is an item of its own. A field is
 * torn if such a line holds other text beside a place, or folds behind an empty line of CRs. */
void head_add_continuing(const Head *head, GArray *places);
