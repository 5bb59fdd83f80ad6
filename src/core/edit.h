/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "head.h"

typedef enum { ACTION_KEPT, ACTION_STRIPPED, ACTION_REPLACED, ACTION_REFUSED, N_ACTIONS } Action;

/* One whole field or junk run and what stands in its stead. */
typedef struct {
	const char *field; /* name of its first place, as written; owned by that place */
	size_t nth;        /* of that place; 0: an edit by name cannot reach it */
	size_t offset, length;
	GBytes *value; /* all new bytes of the field or run, its name and last line end too */
	Action action;
} Edit;

/* The head with @edits (GArray of Edit, in head order) made. NULL: out of memory.
 * (transfer full) (nullable) */
GBytes *edit_apply(const Head *head, const GArray *edits);
