/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * main: the command table, the options before the command, what is said about an error.
 * May know: commands. Must not know: mail.
 * Fails: with the status that exits.c gives, one line on standard error.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/exits.h"
#include "util/text.h"

static const Command commands[] = {
	{ "filter", cmd_filter, "[OPTION...] [-f SENDER -- RECIPIENT...]",
	  "make one message bare if it was submitted anonymously" },
	{ "mbox", cmd_mbox, "[OPTION...] FILE...", "do the same for the messages in mailboxes" },
	{ "explain", cmd_explain, "[OPTION...] [FILE]",
	  "show what would be decided about a message, and why" },
	{ "compare", cmd_compare, "-o KEY=VALUE... MAILBOX...",
	  "show what other settings would change for the messages in mailboxes" },
	{ "audit", cmd_audit, "VERB [OPTION...]", "maintain and read the audit database" },
	{ "directory", cmd_directory, "build | match VALUE...",
	  "compile the list of people, or look up whom a sender field shows" },
	{ "config", cmd_config, "[OPTION...]", "check the settings and print those in effect" },
};

static void
print_help(void)
{
	printf("Usage: barefrom [-c FILE] COMMAND [ARGUMENT...]\n\n"
	       "Removes the display name from the sender fields of mail that was submitted\n"
	       "anonymously, and keeps an audit of every decision.\n\nCommands:\n");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("  %-9s  %s\n             %s\n", commands[i].name, commands[i].summary,
		       commands[i].arguments);
	printf("\nOptions:\n"
	       "  -c FILE    configuration file (default /etc/barefrom.conf, may be absent)\n"
	       "  --version  show the version\n"
	       "  --help     show this help; barefrom COMMAND --help describes a command\n\n"
	       "See barefrom(1) and barefrom.conf(5).\n");
}

/* Success would tell pipe(8) that a message was delivered; our output may reach a stranger. */
static void
set_not_a_filter(GError **error)
{
	g_set_error(error, CMD_ERROR, CMD_ERROR_HELP,
	            "no message was passed on: with MAIL_CONFIG set, only filter works");
}

static bool
run_command(Context *context, int argc, char **argv, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (!g_str_equal(commands[i].name, argv[0]))
			continue;
		if (context->deferring && commands[i].run != cmd_filter) {
			set_not_a_filter(error);
			return false;
		}
		/* Not for filter: pipe(8) needs no locale, and reading its files takes time. */
		if (commands[i].run != cmd_filter)
			setlocale(LC_ALL, "");
		return commands[i].run(context, argc, argv, error);
	}
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
	            "unknown command '%s': barefrom --help lists the commands", argv[0]);
	return false;
}

static bool
run(Context *context, int argc, char **argv, GError **error)
{
	gboolean help = false, version = false;
	g_autofree char *config_file = NULL;
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_file, NULL, NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
		{ NULL },
	};
	GOptionContext *options = g_option_context_new(NULL);

	g_option_context_set_help_enabled(options, false);
	g_option_context_set_strict_posix(options, true);
	g_option_context_add_main_entries(options, entries, NULL);
	bool good = g_option_context_parse(options, &argc, &argv, error);
	g_option_context_free(options);
	if (!good)
		return false;
	context->config_file = config_file;
	if (argc > 1 && g_str_equal(argv[1], "--")) {
		argc--;
		argv++;
	}
	if ((help || version) && context->deferring) {
		set_not_a_filter(error);
		return false;
	}
	if (help || version) {
		if (help)
			print_help();
		else
			printf("barefrom %s\n", VERSION);
		return true;
	}
	if (argc < 2) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "no command given: barefrom --help lists the commands");
		return false;
	}
	return run_command(context, argc - 1, argv + 1, error);
}

/* Says what failed; returns the exit status. */
static int
report_failure(const Context *context, const GError *error)
{
	bool filtering = context->deferring || context->filtering;
	g_autofree char *words =
	        text_clean_string(context->deferring ? exits_public(error) : error->message);

	if (filtering)
		fprintf(stderr, "%s barefrom: %s\n", exits_enhanced(error), words);
	else
		fprintf(stderr, "barefrom: %s\n", words);
	return exits_status(error, filtering);
}

int
main(int argc, char **argv)
{
	Context context = { .started = g_get_monotonic_time(),
		            .parent = getppid(),
		            .deferring = getenv("MAIL_CONFIG") != NULL };
	g_autoptr(GError) error = NULL;
	bool good;
	int status;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);

	good = run(&context, argc, argv, &error);
	/* Once a message was handed on, lost output is no failure, or it would be sent again. */
	bool lost = ferror(stdout); /* an earlier write failed, whose errno is gone */
	bool fails = fflush(stdout) != 0;
	if ((lost || fails) && good && !context.delivered) {
		good = false;
		g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
		            "cannot write to standard output: %s",
		            fails ? g_strerror(errno) : "some output was lost");
	}
	if (good && context.deferring && !context.delivered) {
		good = false;
		set_not_a_filter(&error);
	}
	if (good)
		status = context.attention ? EXIT_FAILURE : EXIT_SUCCESS;
	else
		status = report_failure(&context, error);
	if (context.warning)
		fprintf(stderr, "barefrom: warning: %s\n", context.warning);
	g_free(context.warning);
	return status;
}
