/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "reader.h"

typedef enum { EXPORT_JSONL, EXPORT_CSV } ExportFormat;

/* Takes the next piece of the text. False ends the export, with @error set. */
typedef bool (*ExportFunc)(const char *text, size_t length, gpointer data, GError **error);

/* Which rows, and how. */
typedef struct {
	ExportFormat format;
	const char *since;         /* no older ones: a text as in the tables; "": all */
	const char *since_id;      /* only those with a greater number; a decimal number */
	const char *pending_since; /* the first message that is pending and younger than this may
	                            * still change: it ends before that one; NULL: it does not */
} ExportWhat;

/* Hands all messages that are asked for to @func, by number, with their edits and recipients: what
 * is in the audit at this moment. Each has the audit's uuid and the host that wrote it. A piece is
 * never larger than one edit. */
bool export_messages(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the runs over stored mail; one that still runs will change. */
bool export_runs(Reader *reader, const ExportWhat *what, ExportFunc func, gpointer data,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
