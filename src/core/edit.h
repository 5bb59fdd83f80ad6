/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "digest.h"
#include "head.h"

typedef enum { ACTION_KEPT, ACTION_STRIPPED, ACTION_REPLACED, ACTION_REFUSED, N_ACTIONS } Action;

/* One whole field or junk run, and what replaces it. */
typedef struct {
	const char *field; /* name of its first place, as written; owned by that place */
	size_t nth;        /* of that place; 0: no MTA sees a field there */
	char *container;   /* name of the whole field, as an MTA sees it: all before the colon but
	                    * blanks at its end; owned; NULL: it is junk, which has no name */
	size_t container_nth; /* from 1 among the fields of that name, whatever the case; 0: junk */
	size_t offset, length;
	GBytes *value; /* all new bytes of the field or run, with its name and last line end */
	Action action;
} Edit;

/* Sets container and container_nth of @edits (GArray of Edit, in head order), which must be NULL
 * and 0. If `nth` is not 0, it is also the number of the container. */
void edit_find_containers(const Head *head, GArray *edits);

/* Only the new value, to be set by container and number: all after the colon but the last line end,
 * with leading blanks. Bytes of @edit; empty for junk. */
Span edit_value(const Edit *edit);

/* The head after @edits (GArray of Edit, in head order). NULL: out of memory. (transfer full)
 * (nullable) */
GBytes *edit_apply(const Head *head, const GArray *edits);

/* The way back. A delivered head is the head that left us, with fields that others have since added
 * above and below it. Edits are undone by what was recorded about them. */

typedef struct {
	Span before, after; /* the whole field or junk run */
	gint64 position;    /* of `before` in the head before; EDIT_NO_POSITION: not known */
} EditRecord;

#define EDIT_NO_POSITION (-1)

/* A head as it left us, found in a delivered one. */
typedef struct {
	Span bytes;      /* of the delivered head: the caller's, or `lf` */
	char *lf;        /* the delivered head with CR LF turned into LF; NULL: not needed */
	size_t from, to; /* the fields of the head that left us */
	Span missing;    /* the line that it had above these: a Return-Path, which Postfix removes
	                  * from what a filter hands back, and which is further up; or empty */
	Span empty_line; /* what followed the fields; empty if the message ended there */
	char sha256[DIGEST_SIZE];
} EditFound;

/* Whether a head with this SHA-256 left us. */
typedef bool (*EditIsKnown)(const char *sha256, gpointer data);

/* Looks for a head that @is_known in @delivered: as it is; without the From_ line of a mailbox, up
 * to 1,000 lines at its top (a line that begins with a blank goes with the field before it) and up
 * to 100 fields at its end; with its empty line and without; and with the Return-Path from above it
 * as its first line. Tries all that on the head as delivered, then with each CR LF turned into LF.
 * Of those with the topmost beginning, takes the longest. Does at most 256 MiB of work for each of
 * the two. *@ret_found must be cleared, whatever is returned. */
bool edit_find(const Head *delivered, EditIsKnown is_known, gpointer data, EditFound *ret_found);
void edit_found_clear(EditFound *found);

/* Takes back the edits of @records (@n of them, in head order) in the head @found. Returns the
 * whole delivered head with the head before the edits in place of @found; NULL if none has the
 * SHA-256 @before_sha256, or without memory. If a record has no position, the fields are searched
 * for in their order, in at most 1,000 ways. (transfer full) (nullable) */
GBytes *edit_undo(const EditFound *found, const EditRecord *records, guint n,
                  const char *before_sha256);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EditFound, edit_found_clear)
