/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "reader.h"

typedef enum { EXPORT_JSONL, EXPORT_CSV } ExportFormat;

/* Takes the next piece of the text. Returning false, with @error set, ends the export. */
typedef bool (*ExportFunc)(const char *text, size_t length, gpointer data, GError **error);

/* Which rows, and how. */
typedef struct {
	ExportFormat format;
	const char *since;         /* no older rows: a time as in the tables; "": all */
	const char *since_id;      /* only rows with a greater id; a decimal number */
	const char *pending_since; /* stops before the first message that is pending and younger
	                            * than this, since its row may still change; NULL: does not */
} ExportWhat;

/* Hands all messages that are asked for to @func, ordered by id, with their edits and recipients,
 * as the audit has them at this moment. Each names the audit's uuid and the host that wrote it. A
 * piece is at most the row of a message, its recipients and one edit. */
bool export_messages(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the runs over stored mail. The row of a run that is still running will change. */
bool export_runs(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
