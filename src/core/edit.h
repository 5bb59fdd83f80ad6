/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "digest.h"
#include "head.h"

typedef enum { ACTION_KEPT, ACTION_STRIPPED, ACTION_REPLACED, ACTION_REFUSED, N_ACTIONS } Action;

/* One whole field or junk run and what stands in its stead. */
typedef struct {
	const char *field; /* name of its first place, as written; owned by that place */
	size_t nth;        /* of that place; 0: no MTA sees a field there */
	char *container;   /* name of the whole field, as an MTA sees it: all before the colon but
	                    * blanks at its end; owned; NULL: it is junk, which has none */
	size_t container_nth; /* from 1 among the fields of that name, whatever the case; 0: junk */
	size_t offset, length;
	GBytes *value; /* all new bytes of the field or run, its name and last line end too */
	Action action;
} Edit;

/* Finds container and container_nth of @edits (GArray of Edit, in head order), which had none.
 * Where nth is known, it is that of the container. */
void edit_find_containers(const Head *head, GArray *edits);

/* The new value alone, to be set by container and number: all behind the colon but the last line
 * end, with the blanks that it begins with. Bytes of @edit; none if that is of junk. */
Span edit_value(const Edit *edit);

/* The head with @edits (GArray of Edit, in head order) made. NULL: out of memory.
 * (transfer full) (nullable) */
GBytes *edit_apply(const Head *head, const GArray *edits);

/* The way back. A delivered head is that which left us, with fields that others have put above and
 * below it since; and what edits did is what was recorded of them. */

typedef struct {
	Span before, after; /* the whole field or junk run */
	gint64 position;    /* of @before in the head before; EDIT_NO_POSITION: not known */
} EditRecord;

#define EDIT_NO_POSITION (-1)

/* A head as it left us, found in a delivered one. */
typedef struct {
	Span bytes; /* of the delivered head: the caller's, */
	char *lf;   /* or these, in which each CR LF was made LF; NULL: they are the caller's */
	size_t from, to; /* its fields */
	Span missing;    /* the line that it had above them: a Return-Path, which Postfix drops of
	                  * what a filter hands back, as it stands further up now; or no bytes */
	Span empty_line; /* what it had behind them; of no bytes if the message ended there */
	char sha256[DIGEST_SIZE];
} EditFound;

/* Whether a head with this SHA-256 left us. */
typedef bool (*EditIsKnown)(const char *sha256, gpointer data);

/* Looks for a head that @is_known in @delivered: as it is, without lines above it (a line that
 * begins with a blank goes with the one before; at most 1,000 lines) and fields below it (at most
 * 100), with its empty line and without, and below the Return-Path that stands above it; and all
 * that with CR LF made LF. The largest one is taken.
 * Of each form of the head, 256 MiB of work at most is done. @ret_found is to be cleared whatever
 * is returned. */
bool edit_find(const Head *delivered, EditIsKnown is_known, gpointer data, EditFound *ret_found);
void edit_found_clear(EditFound *found);

/* Takes back the edits of @records (@n of them, in head order) in the head @found. Gives the whole
 * delivered head with the head that was there before in its place; NULL if that cannot be had so
 * that its SHA-256 is @before_sha256. Without positions the fields are looked for in their order,
 * at most 1,000 times. (transfer full) (nullable) */
GBytes *edit_undo(const EditFound *found, const EditRecord *records, guint n,
                  const char *before_sha256);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EditFound, edit_found_clear)
