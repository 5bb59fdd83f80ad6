/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: barefrom audit export: the messages of the audit on standard output.
 * May know: the store, its options. Must not know: how a message is written.
 * Fails: with the errors of the store, with G_FILE_ERROR where the output cannot be written.
 */
#include <errno.h>
#include <stdio.h>

#include "exits.h"
#include "store/export.h"
#include "verb.h"

static bool
write_out(const char *text, size_t length, gpointer unused, GError **error)
{
	if (length == 0 || fwrite(text, length, 1, stdout) == 1)
		return true;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write: %s",
	            g_strerror(errno));
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

bool
verb_export(const Config *config, const VerbOptions *options, GError **error)
{
	const char *since_id = options->since_id ? options->since_id : "0";
	g_autofree char *since = NULL;
	ExportFormat format;

	if (!read_format(options->format, &format, error) ||
	    !verb_since(options->since, &since, error))
		return false;
	if (!g_ascii_string_to_unsigned(since_id, 10, 0, G_MAXINT64, NULL, NULL)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--since-id=%s: accepted: the id of a row, or 0", since_id);
		return false;
	}
	g_autoptr(Reader) reader = verb_open(config, error);
	return reader && export_messages(reader, format, since ? since : "", since_id, write_out,
	                                 NULL, error);
}
