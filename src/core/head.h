/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "span.h"

/* The largest head that is read; a longer one is refused. */
#define HEAD_MAX ((size_t)64 * 1024 * 1024)

/* The fields whose beginnings a Head knows, so that a search does not read the bytes again. */
#define HEAD_STARTS 64

/* A message head: everything up to and including the empty line (RFC 5322, 2.1), or up to the end
 * of the message if there is none. The bytes stay the caller's. */
typedef struct {
	Span bytes;
	size_t fields_end;           /* offset of the empty line, or bytes.length */
	guint32 starts[HEAD_STARTS]; /* offsets of the first lines that continue none, in order */
	guint n_starts;              /* fewer than HEAD_STARTS: all; 0: they are not known */
	bool is_plain; /* all are known, and no reader takes any other place for one */
} Head;

/* One piece of the partition of a head: a field (RFC 5322, 2.2: name, optional blanks, colon,
 * value, continuation lines), or a junk run: adjacent lines that belong to no field. */
typedef struct {
	size_t offset; /* in the head */
	size_t length; /* with the last line end */
	bool is_field;
	Span name;    /* of a field */
	Span value;   /* of a field: all after the colon but the last line end */
	size_t asked; /* set by head_next_named(): index into the names asked for */
} HeadItem;

/* The longest name that may be asked for. */
#define HEAD_NAME_MAX 15
/* The most places that are listed; one more shows that there are more. */
#define HEAD_PLACES_MAX 10000

/* A span that some reader would take for a field with one of the names asked for, or for the end of
 * such a field. */
typedef struct {
	size_t item_offset; /* of the field or junk run that holds it, which an edit replaces */
	size_t item_length;
	size_t offset;        /* of the name; it may begin with bytes that hide it */
	size_t letters;       /* offset of the first byte of the name itself */
	size_t value;         /* offset of the first byte after the colon */
	size_t end;           /* offset after the value, before its last line end */
	size_t nth;           /* from 1 among the fields whose names have its field's spelling,
	                       * whatever the case; 0: no MTA sees a field */
	const char *name;     /* the one of the names asked for; the caller's */
	const char *line_end; /* of its field or junk run: of the last line, else of the first
	                       * fold; "": that is neither LF nor CR LF */
	char written[HEAD_NAME_MAX + 1]; /* the name, without the bytes that hide it */
	bool goes_on;      /* junk that continues the field above for some readers: all value */
	bool is_continued; /* a field that is followed by such junk */
	bool is_torn;      /* a field followed by a line of which only a part could be removed */
} HeadPlace;

/* Finds the end of the head in the first @length bytes of a message. *@from must be 0 at the first
 * call, and be kept between calls on the same, growing bytes, so that each byte is read once. True:
 * *@ret_end is the offset after the empty line. */
bool head_find_end(const char *bytes, size_t length, size_t *from, size_t *ret_end);

/* The head in @length bytes that end where head_find_end() said, or at the end of the message. */
Head head_parse(const char *bytes, size_t length);

/* Steps through the partition. *@at must be 0 at first, and kept between calls. False: there are no
 * more items. All items and the empty line, joined, are the head. */
bool head_next(const Head *head, size_t *at, HeadItem *ret_item);

/* Whether @item is a field with this @name, compared without case (RFC 5322, 1.2.2). */
bool head_item_is(const HeadItem *item, const char *name);

/* Steps through the fields with one of @names (NULL-terminated). *@at as for head_next(). */
bool head_next_named(const Head *head, size_t *at, const char *const *names, HeadItem *ret_item);

/* All places of fields whose name is one of @names (NULL-terminated, of letters, digits and `-`, at
 * most HEAD_NAME_MAX bytes each), in head order: a GArray of HeadPlace. Places never overlap. If
 * they nest, the outer one is listed, so names that must not hide others need a call of their own.
 * If there are more than HEAD_PLACES_MAX, one more is listed. (transfer full) */
GArray *head_places(const Head *head, const char *const *names);

/* Adds to @places of head_places() the junk lines that some readers join to the field above: those
 * that begin with NUL or a bare CR, right after a field of @places or after such a line, each with
 * its continuation lines, unless it holds a place. Each is an item of its own. A field is torn if
 * such a line holds other text beside a place, or folds after an empty line of CRs. */
void head_add_continuing(const Head *head, GArray *places);
