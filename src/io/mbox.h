/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* What some bytes of a mailbox are (RFC 4155). Text, then separators and messages in turn; all of
 * them joined are the mailbox. */
typedef enum {
	MBOX_TEXT,      /* what stands before the first From_ line; it may be empty, or nothing
	                 * but marks and blanks that hide it */
	MBOX_SEPARATOR, /* a From_ line with its line end */
	MBOX_MESSAGE,   /* with the empty line behind it; it may be empty */
} MboxPart;

typedef struct {
	MboxPart part;
	size_t length; /* 0 and not its end: more bytes are needed */
	bool ends;     /* it is the last of its part */
} MboxPiece;

/* A scanner that is pushed through a mailbox. It keeps no bytes; it begins as zeros. */
typedef struct {
	MboxPart part;  /* at the first byte not yet taken */
	size_t scanned; /* bytes from there on that are known to be of this part, */
	bool found;     /* and whether the next part begins behind them */
	guint64 skip;   /* bytes that are not looked at, */
	bool expected;  /* behind which a From_ line needs no empty line before it */
	int last[3];    /* bytes taken last, the newest first, each plus 1; 0: none */
	bool is_text;   /* before the first From_ line stands more than bytes that hide it */
	bool after_cr;

	/* Of the separator taken last, until more is asked for. */
	bool loose;       /* no empty line stood before it */
	bool has_bare_cr; /* readers disagree on where it ends */
} Mbox;

/* The next piece, given @length bytes from the first that is not yet taken, and whether the mailbox
 * ends behind them. A From_ line begins a message at the start; after an empty line, or behind what
 * hides nothing else, where it holds a time of day or a field line follows; and where both are so.
 * Asked again with more bytes, it goes on where it
 * stopped. */
MboxPiece mbox_next(Mbox *mbox, const char *bytes, size_t length, bool at_end);

/* Takes the first @n bytes of that piece, from its first byte on. */
void mbox_take(Mbox *mbox, const char *bytes, size_t n);

/* The next @n bytes, more than 0, belong to the message at hand whatever they hold
 * (Content-Length). The caller has seen that a From_ line or the end follows them. */
void mbox_skip(Mbox *mbox, guint64 n);

/* Whether a mailbox may begin with these @length bytes: a From_ line, behind nothing but what hides
 * it, that holds a time of day or has a field line below it. */
bool mbox_begins(const char *bytes, size_t length);

/* Whether a time of day, HH:MM, is in the @length bytes of a From_ line. */
bool mbox_has_time(const char *line, size_t length);
