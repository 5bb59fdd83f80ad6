/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-config: checks the settings and prints them.
 * May know: config. Must not know: what a setting does.
 * Fails: with status 78 for a bad setting, 64 for an argument.
 */
#include "cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "exits.h"
#include "options.h"
#include "owner.h"

bool
cmd_config(Context *context, int argc, char **argv, GError **error)
{
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;

	if (!options_parse(&options, argc, argv, NULL, false, NULL,
	                   "Checks the settings and prints those in effect, with defaults marked.",
	                   error))
		return false;
	if (options_print_help(&options))
		return true;
	if (options.rest) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "config takes no argument");
		return false;
	}
	config = options_policy(&options, context, error);
	if (!config)
		return false;
	g_autofree char *place = check_place(config->settings->database);
	if (place)
		g_ptr_array_add(config->warnings, g_steal_pointer(&place));
	if (geteuid() == 0)
		owner_look(config, owner_look_at_settings, config, config->warnings);
	g_autofree char *text = config_print(config);
	fputs(text, stdout);
	for (guint i = 0; i < config->warnings->len; i++)
		fprintf(stderr, "barefrom: warning: %s\n",
		        (const char *)g_ptr_array_index(config->warnings, i));
	g_autofree char *advice = config->settings->people ? people_advice(config->settings->people,
	                                                                   config->directory)
	                                                   : NULL;
	if (advice)
		fprintf(stderr, "barefrom: warning: %s\n", advice);
	return true;
}
