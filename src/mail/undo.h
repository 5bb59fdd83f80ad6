/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/head.h"
#include "store/originals.h"

typedef enum {
	UNDO_DONE,
	UNDO_UNKNOWN,       /* no row fits */
	UNDO_NEVER_CHANGED, /* a row has this head as left unchanged, or as before its edits */
	UNDO_DIFFERENT,     /* several rows fit, with different heads before */
	UNDO_DAMAGED,       /* the recorded edits do not give the recorded head before */
	N_UNDO_RESULTS,
} UndoResult;

typedef struct {
	UndoResult result;
	GBytes *head; /* as it was before, with what others added since; NULL unless UNDO_DONE */
	bool lf;      /* the message was recorded with LF and came with CR LF: `head` has LF */
	Original row; /* the row that fits */
} Undone;

/* Finds the row of the message that has @head, and restores the head that it had before. If none is
 * found, calls originals_load(), unless rows were chosen. *@ret_undone must be cleared. Fails with
 * the errors of the store. */
bool undo_head(Originals *originals, const Head *head, Undone *ret_undone,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void undone_clear(Undone *undone);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Undone, undone_clear)
