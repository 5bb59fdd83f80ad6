/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-audit: looks after the audit database.
 * May know: the store. Must not know: messages.
 * Fails: with the errors of the store.
 */
#include "cmd.h"

#include <stdio.h>

#include "exits.h"
#include "job.h"
#include "options.h"

bool
cmd_audit(Context *context, int argc, char **argv, GError **error)
{
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;
	g_autoptr(Audit) audit = NULL;

	if (!options_parse(&options, argc, argv, NULL, false, "init",
	                   "init  makes the audit database, if there is none, for the owner of its "
	                   "folder.",
	                   error))
		return false;
	if (options.help)
		return true;
	if (!options.rest || !g_str_equal(options.rest[0], "init") || options.rest[1]) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s: accepted: audit init",
		            options.rest ? options.rest[0] : "audit");
		return false;
	}
	config = options_config(&options, context, error);
	if (!config)
		return false;
	audit = job_open_audit(config, config->deadline * 1000, error);
	if (!audit)
		return false;
	printf("audit database %s is ready\n", config->database);
	return true;
}
