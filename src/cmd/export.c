/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: barefrom audit export: messages or runs of the audit on standard output.
 * May know: the store, its options. Must not know: how a message is written.
 * Fails: with CMD_ERROR_USAGE for a bad option, with the errors of the store, with G_FILE_ERROR if
 * the output cannot be written.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "exits.h"
#include "store/audit.h"
#include "store/export.h"
#include "verb.h"

static bool
write_out(const char *text, size_t length, gpointer unused, GError **error)
{
	if (length == 0 || fwrite(text, length, 1, stdout) == 1)
		return true;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
	            "cannot write to standard output: %s", g_strerror(errno));
	return false;
}

static bool
read_format(const char *text, ExportFormat *ret_format, GError **error)
{
	*ret_format = text && g_str_equal(text, "csv") ? EXPORT_CSV : EXPORT_JSONL;
	if (!text || *ret_format == EXPORT_CSV || g_str_equal(text, "jsonl"))
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "--format=%s: accepted: jsonl, csv", text);
	return false;
}

/* Sets *@ret_at to the value of --since as the audit writes times; NULL stays NULL. */
static bool
read_since(const char *since, char **ret_at, GError **error)
{
	static const char form[] =
	        "^\\d{4}-\\d\\d-\\d\\d"
	        "(T\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,6})?(Z|[+-]\\d\\d:\\d\\d))?\\z";

	*ret_at = NULL;
	if (!since)
		return true;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autofree char *day = strchr(since, 'T') ? NULL : g_strconcat(since, "T00:00:00Z", NULL);
	g_autoptr(GDateTime) at = NULL;
	if (g_regex_match_simple(form, since, 0, 0))
		at = g_date_time_new_from_iso8601(day ? day : since, utc);
	if (!at) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--since=%s: accepted: a day such as 2026-11-24, in UTC, or a time "
		            "such as 2026-11-24T09:15:02.120Z",
		            since);
		return false;
	}
	*ret_at = audit_time(g_date_time_to_unix(at) * G_USEC_PER_SEC +
	                     g_date_time_get_microsecond(at));
	return true;
}

bool
verb_export(const Config *config, const VerbOptions *options, GError **error)
{
	g_autofree char *since = NULL, *pending_since = verb_pending_before(config);
	ExportWhat what = { .since_id = options->since_id ? options->since_id : "0",
		            .pending_since = options->all ? NULL : pending_since };

	if (!read_format(options->format, &what.format, error) ||
	    !read_since(options->since, &since, error))
		return false;
	what.since = since ? since : "";
	if (!g_ascii_string_to_unsigned(what.since_id, 10, 0, G_MAXINT64, NULL, NULL)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--since-id=%s: accepted: the id of a row, or 0", what.since_id);
		return false;
	}
	g_autoptr(Reader) reader = verb_open(config, error);
	if (!reader)
		return false;
	return options->runs ? export_runs(reader, &what, write_out, NULL, error)
	                     : export_messages(reader, &what, write_out, NULL, error);
}
