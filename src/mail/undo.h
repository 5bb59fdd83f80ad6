/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/head.h"
#include "store/originals.h"

typedef enum {
	UNDO_DONE,
	UNDO_UNKNOWN,       /* no row fits */
	UNDO_NEVER_CHANGED, /* a row has this head as one that was not changed, or before it was */
	UNDO_DIFFERENT,     /* rows fit that say different things of what was before */
	UNDO_DAMAGED,       /* what was recorded does not give the head that was before */
	N_UNDO_RESULTS,
} UndoResult;

typedef struct {
	UndoResult result;
	GBytes *head; /* of the message as it was, with what others added; NULL unless it is done */
	bool lf;      /* the message was recorded with LF, and came with CR LF: all is LF now */
	Original row; /* that fits */
} Undone;

/* Looks for the rows of the message that now has @head, and puts the head back that it had before.
 * Where none is found, the hashes are loaded, unless rows were chosen. @ret_undone is to be
 * cleared. Fails with the errors of the store. */
bool undo_head(Originals *originals, const Head *head, Undone *ret_undone,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void undone_clear(Undone *undone);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Undone, undone_clear)
