/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * main: the command line of barefrom-milter.
 * May know: argv, the settings, exit statuses. Must not know: mail.
 * Fails: with the status that exits.c gives, one line on standard error.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/exits.h"
#include "core/mime.h"
#include "listener.h"
#include "log.h"
#include "server.h"
#include "util/io-error.h"

/* Checks that a server could start, or that one is running. */
static bool
check(const Config *config, GError **error)
{
	g_autofree char *address = listener_address(&config->milter);
	g_autoptr(GError) failed = NULL;
	g_autoptr(Ledger) ledger = server_open_ledger(config, error);
	int fd = -1;

	if (!ledger)
		return false;
	g_autofree char *warning = NULL;
	ListenerFile file;
	if (listener_open(&config->milter, &fd, &file, &warning, &failed)) {
		listener_remove(&file);
		close(fd);
	} else if (g_error_matches(failed, IO_ERROR, IO_ERROR_IN_USE)) {
		printf("another process answers on %s\n", address);
	} else {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	if (warning)
		log_warning("%s", warning);
	for (guint i = 0; i < config->warnings->len; i++)
		log_warning("%s", (const char *)g_ptr_array_index(config->warnings, i));
	printf("ok: socket %s, audit %s\n", address, config->settings->database);
	return true;
}

static bool
run(int argc, char **argv, GError **error)
{
	gboolean version = false, checks = false;
	g_autofree char *config_file = NULL;
	g_auto(GStrv) settings = NULL, rest = NULL;
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_file,
		  "Read the settings from FILE (default " CONFIG_FILE ")", "FILE" },
		{ "option", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &settings,
		  "Set KEY to VALUE; overrides the configuration file", "KEY=VALUE" },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &checks,
		  "Check settings, socket and audit, and exit", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
		{ NULL },
	};
	GOptionContext *options = g_option_context_new(NULL);

	g_option_context_set_summary(options,
	                             "Removes the display name from the sender fields of mail that "
	                             "was submitted anonymously,\nas a milter of Postfix or "
	                             "Sendmail. See barefrom-milter(8).");
	g_option_context_add_main_entries(options, entries, NULL);
	/* For the signs in --help alone: no decision depends on a locale. */
	setlocale(LC_CTYPE, "");
	bool good = g_option_context_parse(options, &argc, &argv, error);
	setlocale(LC_CTYPE, "C");
	g_option_context_free(options);
	if (!good)
		return false;
	if (version) {
		printf("barefrom-milter %s\n", VERSION);
		return true;
	}
	if (rest) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "%s: barefrom-milter takes no argument", *rest);
		return false;
	}
	g_autoptr(Config) config = server_config(config_file, settings, error);
	if (!config)
		return false;
	/* It is to be missed now, not at some message. */
	mime_load();
	if (checks)
		return check(config, error);
	g_autoptr(Server) server =
	        server_new(g_steal_pointer(&config), config_file, settings, error);
	return server && server_run(server, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (run(argc, argv, &error))
		return EXIT_SUCCESS;
	log_error("%s", error->message);
	return exits_status(error, false);
}
