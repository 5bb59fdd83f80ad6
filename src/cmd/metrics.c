/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * metrics: the audit in numbers, in the text format that Prometheus reads.
 * May know: that format, the clock. Must not know: SQL, messages.
 * Fails: with the errors of the store and of files; the old file is as it was.
 */
#include "exits.h"
#include "store/care.h"
#include "verb.h"

/* The file holds only numbers, and a collector that runs as another user reads it. */
#define FILE_MODE 0644

static void
put_label(GString *text, const char *name, const char *value)
{
	bool is_first = text->str[text->len - 1] == '{';

	g_string_append_printf(text, "%s%s=\"", is_first ? "" : ",", name);
	for (const char *c = value; *c; c++) {
		if (*c == '\\' || *c == '"')
			g_string_append_c(text, '\\');
		if (*c == '\n')
			g_string_append(text, "\\n");
		else
			g_string_append_c(text, *c);
	}
	g_string_append_c(text, '"');
}

/* No metric is a counter: "audit prune" makes them smaller. */
static void
put_kind(GString *text, const char *name, const char *help)
{
	g_string_append_printf(text, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
put_number(GString *text, const char *name, const char *help, gint64 number)
{
	put_kind(text, name, help);
	g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", name, number);
}

static void
put_rows(const CareRows *rows, gpointer data)
{
	static const char name[] = "barefrom_audit_rows";
	GString *text = data;

	if (text->len == 0)
		put_kind(text, name, "Rows of messages in the audit.");
	g_string_append_printf(text, "%s{", name);
	put_label(text, "source", rows->source);
	put_label(text, "verdict", rows->verdict);
	put_label(text, "action", rows->action);
	put_label(text, "outcome", rows->outcome);
	g_string_append_printf(text, "} %" G_GINT64_FORMAT "\n", rows->rows);
}

static void
put_counts(GString *text, gint64 version, const CareCounts *counts)
{
	put_kind(text, "barefrom_build_info", "The version of the program that wrote this.");
	g_string_append(text, "barefrom_build_info{");
	put_label(text, "version", VERSION);
	g_string_append(text, "} 1\n");
	put_number(text, "barefrom_audit_schema_version", "Version of the schema.", version);
	put_number(text, "barefrom_audit_pending_rows",
	           "Rows of messages that may be on their way.", counts->pending);
	put_number(text, "barefrom_audit_file_size_bytes", "Size of the database file.",
	           (gint64)counts->file);
	put_number(text, "barefrom_audit_log_size_bytes", "Size of the write-ahead log.",
	           (gint64)counts->log);
	if (!counts->last)
		return;
	put_number(text, "barefrom_audit_last_row_timestamp_seconds",
	           "When the newest row was written, in seconds since 1970.", counts->last);
	put_number(text, "barefrom_audit_last_row_age_seconds",
	           "How old the newest row was when this was written.",
	           g_get_real_time() / G_USEC_PER_SEC - counts->last);
}

bool
verb_metrics(const Config *config, const VerbOptions *options, GError **error)
{
	const char *output = options->output ? options->output : "-";
	g_autoptr(GString) text = g_string_new(NULL);
	CareCounts counts;

	if (!*output) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--output=: accepted: a file, or - for standard output");
		return false;
	}
	g_autoptr(Reader) reader = verb_open(config, error);
	if (!reader ||
	    !care_count(reader, config->settings->database, put_rows, text, &counts, error))
		return false;
	put_counts(text, reader_version(reader), &counts);
	return verb_write(config, output, text, FILE_MODE, error);
}
