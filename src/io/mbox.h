/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The parts of a mailbox (RFC 4155): text, then separators and messages in turn. Joined, they are
 * the mailbox byte for byte. */
typedef enum {
	MBOX_TEXT,      /* what precedes the first From_ line; it may be empty, or only marks and
	                 * blanks that hide that line */
	MBOX_SEPARATOR, /* a From_ line with its line end */
	MBOX_MESSAGE,   /* with the empty line after it; it may be empty */
} MboxPart;

typedef struct {
	MboxPart part;
	size_t length; /* 0, and `ends` is false: more bytes are needed */
	bool ends;     /* this piece is the last of its part */
} MboxPiece;

/* A push scanner for a mailbox. It keeps no bytes; it begins as zeros. */
typedef struct {
	MboxPart part;  /* of the first byte not yet taken */
	size_t scanned; /* bytes from there on that are known to belong to this part */
	bool found;     /* the next part begins after them */
	guint64 skip;   /* bytes that are passed over unread */
	bool expected;  /* after these, a From_ line needs no empty line before it */
	int last[3];    /* the bytes taken last, newest first, each plus 1; 0: none */
	bool is_text;   /* more than marks that hide it precedes the first From_ line */
	bool after_cr;  /* the separator's last byte so far is a CR */

	/* Of the separator taken last, until the next mbox_next(). */
	bool loose;       /* no empty line stood before it */
	bool has_bare_cr; /* readers disagree on where it ends */
} Mbox;

/* The next piece, given @length bytes from the first that is not yet taken, and whether the mailbox
 * ends after them. A From_ line begins a message at the very start; after an empty line or a hiding
 * mark, if it holds a time of day or a field line follows; after any other line, if both hold.
 * Called again with more bytes, it continues where it stopped. */
MboxPiece mbox_next(Mbox *mbox, const char *bytes, size_t length, bool at_end);

/* Takes the first @n bytes of that piece; @bytes points to the first. */
void mbox_take(Mbox *mbox, const char *bytes, size_t n);

/* The next @n bytes, more than 0, belong to the current message whatever they hold
 * (Content-Length). The caller has checked that a From_ line or the end follows them. */
void mbox_skip(Mbox *mbox, guint64 n);

/* Whether a mailbox may begin with these @length bytes: nothing but marks that hide it, then a
 * From_ line that holds a time of day or has a field line below it. */
bool mbox_begins(const char *bytes, size_t length);

/* Whether a message that begins with these @length bytes of a head would be parted by a From_ line
 * in them. */
bool mbox_parts(const char *head, size_t length);

/* Whether the @length bytes of a From_ line hold a time of day, HH:MM. */
bool mbox_has_time(const char *line, size_t length);
