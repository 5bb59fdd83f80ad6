/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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

/* Finds container and container_nth of @edits (GArray of Edit, in head order), which had none. */
void edit_find_containers(const Head *head, GArray *edits);

/* The new value alone, to be set by container and number: all behind the colon but the last line
 * end, with the blanks that it begins with. Bytes of @edit; none if that is of junk. */
Span edit_value(const Edit *edit);

/* The head with @edits (GArray of Edit, in head order) made. NULL: out of memory.
 * (transfer full) (nullable) */
GBytes *edit_apply(const Head *head, const GArray *edits);
