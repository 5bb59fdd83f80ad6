/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * options: the command-line options that commands share.
 * May know: argv. Must not know: what commands do.
 * Fails: with G_OPTION_ERROR or CMD_ERROR_USAGE.
 */
#include "options.h"

#include <stdio.h>

#include "exits.h"

static void
add_common(GOptionContext *context, Options *o, gboolean *help)
{
	const GOptionEntry entries[] = {
		{ "option", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->settings,
		  "Set KEY to VALUE; overrides the configuration file", "KEY=VALUE" },
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config_file,
		  "Read the settings from FILE (default " CONFIG_FILE ")", "FILE" },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, help, "Show this help", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rest, NULL, NULL },
		{ NULL },
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

static void
add_facts(GOptionContext *context, Options *o)
{
	const GOptionEntry entries[] = {
		{ "sasl-username", 0, 0, G_OPTION_ARG_FILENAME, &o->sasl_username,
		  "Login of the session; empty if it had none", "USER" },
		{ "sasl-method", 0, 0, G_OPTION_ARG_FILENAME, &o->sasl_method,
		  "SASL method of that login", "METHOD" },
		{ "client-address", 0, 0, G_OPTION_ARG_FILENAME, &o->client_address,
		  "Address of the client", "ADDRESS" },
		{ "queue-id", 0, 0, G_OPTION_ARG_FILENAME, &o->queue_id,
		  "Queue id of the message in Postfix", "ID" },
		{ "size", 0, 0, G_OPTION_ARG_FILENAME, &o->size,
		  "Size of the message as Postfix knows it", "N" },
		{ "submission", 0, 0, G_OPTION_ARG_FILENAME, &o->submission,
		  "What the listener says about itself: authenticated or anonymous", "WORD" },
		{ NULL },
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

bool
options_parse(Options *o, int argc, char **argv, const GOptionEntry *own, bool with_facts,
              const char *arguments, const char *summary, GError **error)
{
	GOptionContext *context = g_option_context_new(arguments);
	gboolean help = false;

	*o = (Options){ 0 };
	g_option_context_set_help_enabled(context, false);
	g_option_context_set_summary(context, summary);
	if (own)
		g_option_context_add_main_entries(context, own, NULL);
	if (with_facts)
		add_facts(context, o);
	add_common(context, o, &help);

	/* GLib's usage line begins with the program name; argv[0] is the command. */
	g_autofree char *name = g_strconcat("barefrom ", argv[0], NULL);
	g_set_prgname(name);
	bool good = g_option_context_parse(context, &argc, &argv, error);
	if (good && help)
		o->help = g_option_context_get_help(context, true, NULL);
	g_option_context_free(context);
	return good;
}

void
options_clear(Options *o)
{
	g_strfreev(o->settings);
	g_strfreev(o->rest);
	g_free(o->config_file);
	g_free(o->help);
	g_free(o->sasl_username);
	g_free(o->sasl_method);
	g_free(o->client_address);
	g_free(o->queue_id);
	g_free(o->submission);
	g_free(o->size);
}

bool
options_print_help(const Options *o)
{
	if (o->help)
		fputs(o->help, stdout);
	return o->help;
}

/* NULL for the words with which Postfix says "not known". */
static const char *
known(const char *fact)
{
	return fact && *fact && !g_str_equal(fact, "unknown") ? fact : NULL;
}

bool
options_facts(const Options *o, Facts *ret_facts, GError **error)
{
	Listener listener = LISTENER_UNSAID;

	if (o->submission && *o->submission) {
		if (g_str_equal(o->submission, "authenticated")) {
			listener = LISTENER_AUTHENTICATED;
		} else if (g_str_equal(o->submission, "anonymous")) {
			listener = LISTENER_ANONYMOUS;
		} else {
			g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
			            "--submission=%s: accepted: authenticated, anonymous",
			            o->submission);
			return false;
		}
	}
	if (o->size && *o->size &&
	    !g_ascii_string_to_unsigned(o->size, 10, 0, G_MAXINT64, NULL, NULL)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--size=%s: accepted: a number of octets", o->size);
		return false;
	}
	*ret_facts = (Facts){
		.sasl_username = o->sasl_username,
		.sasl_method = o->sasl_method,
		.client_address = known(o->client_address),
		.queue_id = known(o->queue_id),
		.listener = listener,
	};
	return true;
}

static const char *
file_of(const Options *o, const Context *context)
{
	return o->config_file ? o->config_file : context->config_file;
}

Config *
options_config(const Options *o, const Context *context, GError **error)
{
	return config_load(file_of(o, context), o->settings, context->deferring, error);
}

Config *
options_policy(const Options *o, const Context *context, GError **error)
{
	return config_load_policy(file_of(o, context), o->settings, context->deferring, error);
}
