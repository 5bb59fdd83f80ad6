/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verb: what verbs of audit share: the audit that they read, the file that they write.
 * May know: the store, files, the clock. Must not know: what a verb does.
 * Fails: with the errors of the store, newfile and message.
 */
#include "verb.h"

#include <errno.h>
#include <unistd.h>

#include "exits.h"
#include "io/message.h"
#include "io/newfile.h"
#include "store/audit.h"
#include "store/place.h"

void
verb_complete_error(const Config *config, GError **error)
{
	settings_hint_at_option(config->settings, error);
	/* To a command that reads the audit, a missing one is a missing input. */
	if (error && g_error_matches(*error, STORE_ERROR, STORE_ERROR_MISSING)) {
		(*error)->domain = CMD_ERROR;
		(*error)->code = CMD_ERROR_NO_INPUT;
	}
}

Reader *
verb_open(const Config *config, GError **error)
{
	Reader *reader =
	        reader_open(config->settings->database, config->settings->deadline * 1000, error);

	if (!reader)
		verb_complete_error(config, error);
	return reader;
}

bool
verb_spares_audit(const Config *config, const char *output, GError **error)
{
	if (!place_is_audit(config->settings->database, output))
		return true;
	g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE, "%s: " PLACE_AUDIT_WORDS, output);
	return false;
}

char *
verb_target(const Config *config, const char *output, struct stat *info, GError **error)
{
	if (!verb_spares_audit(config, output, error))
		return NULL;
	g_autofree char *path = newfile_target(output, info, error);
	if (!path || !info->st_mode || S_ISREG(info->st_mode))
		return g_steal_pointer(&path);
	g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE,
	            "%s: not a regular file (use --output=- for standard output)", output);
	return NULL;
}

bool
verb_write(const Config *config, const char *output, const GString *text, mode_t mode,
           GError **error)
{
	NewFile file;
	struct stat info;

	if (g_str_equal(output, "-"))
		return message_write(STDOUT_FILENO, text->str, text->len, error);
	g_autofree char *path = verb_target(config, output, &info, error);
	if (!path || !newfile_open(&file, path, NULL, -1, error))
		return false;
	bool good = false;
	if (fchmod(file.fd, mode) != 0) {
		g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE, "%s: %s", output,
		            g_strerror(errno));
	} else if (!message_write(file.fd, text->str, text->len, error)) {
		g_prefix_error(error, "%s: ", output);
	} else {
		good = newfile_commit(&file, error);
	}
	newfile_clear(&file);
	return good;
}

guint64
verb_kib(guint64 octets)
{
	return (octets + 1023) / 1024;
}

char *
verb_pending_before(const Config *config)
{
	gint64 limit = (gint64)config->settings->deadline * VERB_DEADLINES_PENDING;

	return audit_time(g_get_real_time() - limit * G_USEC_PER_SEC);
}
