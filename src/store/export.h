/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "reader.h"

typedef enum { EXPORT_JSONL, EXPORT_CSV } ExportFormat;

/* Takes the next piece of the text. False ends the export, with @error set. */
typedef bool (*ExportFunc)(const char *text, size_t length, gpointer data, GError **error);

/* Hands all messages to @func that have a number above @since_id (a decimal number) and are not
 * older than @since (a text as in the table; "": all), by number, with their edits and recipients:
 * what is in the audit at this moment. A piece is never larger than one edit. */
bool export_messages(Reader *reader, ExportFormat format, const char *since, const char *since_id,
                     ExportFunc func, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
