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
#include "verb.h"

typedef enum {
	TAKES_OLDER_THAN = 1 << 0,
	TAKES_FORMAT = 1 << 1,
	TAKES_SINCE = 1 << 2,
	TAKES_SINCE_ID = 1 << 3,
	TAKES_OUTPUT = 1 << 4,
} Takes;

typedef struct {
	const char *name;
	bool (*run)(const Config *config, const VerbOptions *options, GError **error);
	unsigned takes; /* Takes */
	const char *summary;
} Verb;

static bool
init(const Config *config, const VerbOptions *options, GError **error)
{
	g_autoptr(Audit) audit = job_open_audit(config, config->deadline * 1000, error);

	if (!audit)
		return false;
	printf("audit database %s is ready\n", config->database);
	return true;
}

static const Verb verbs[] = {
	{ "init", init, 0,
	  "makes the audit database, if there is none, for the owner of its folder" },
	{ "report", verb_report, TAKES_SINCE | TAKES_OUTPUT,
	  "writes a page (HTML) for people who decide, of the last 30 days or since DATE" },
};

static char *
summary(void)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		g_string_append_printf(text, "%s%-10s  %s.", i ? "\n" : "", verbs[i].name,
		                       verbs[i].summary);
	return g_string_free(text, false);
}

static const Verb *
find_verb(const char *name, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (name && g_str_equal(verbs[i].name, name))
			return &verbs[i];
		g_string_append_printf(names, "%s%s", i ? ", " : "", verbs[i].name);
	}
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s: accepted: audit %s",
	            name ? name : "audit", names->str);
	return NULL;
}

/* Every option is known to the parser, so each verb is asked which are its own. */
static bool
check_options(const Verb *verb, const VerbOptions *options, GError **error)
{
	const struct {
		const char *name, *value;
		Takes bit;
	} given[] = {
		{ "older-than", options->older_than, TAKES_OLDER_THAN },
		{ "format", options->format, TAKES_FORMAT },
		{ "since", options->since, TAKES_SINCE },
		{ "since-id", options->since_id, TAKES_SINCE_ID },
		{ "output", options->output, TAKES_OUTPUT },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(given); i++) {
		if (!given[i].value || (verb->takes & given[i].bit))
			continue;
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "audit %s takes no --%s", verb->name,
		            given[i].name);
		return false;
	}
	return true;
}

static bool
run_verb(const Options *common, const VerbOptions *options, const Context *context, GError **error)
{
	const Verb *verb = find_verb(common->rest ? common->rest[0] : NULL, error);

	if (!verb || !check_options(verb, options, error))
		return false;
	if (common->rest[1]) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s: audit %s takes no argument",
		            common->rest[1], verb->name);
		return false;
	}
	g_autoptr(Config) config = options_config(common, context, error);
	return config && verb->run(config, options, error);
}

bool
cmd_audit(Context *context, int argc, char **argv, GError **error)
{
	g_auto(Options) common;
	VerbOptions options = { NULL };
	const GOptionEntry entries[] = {
		{ "older-than", 0, 0, G_OPTION_ARG_STRING, &options.older_than,
		  "prune: delete what is older than so many days", "DAYS" },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &options.format,
		  "export: jsonl (the default) or csv", "FORMAT" },
		{ "since", 0, 0, G_OPTION_ARG_STRING, &options.since,
		  "export, report: from this day on", "DATE" },
		{ "since-id", 0, 0, G_OPTION_ARG_STRING, &options.since_id,
		  "export: only what came after this row", "ID" },
		{ "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
		  "report: where the page is written to", "FILE" },
		{ NULL },
	};
	g_autofree char *words = summary();

	bool good = options_parse(&common, argc, argv, entries, false, "VERB", words, error);
	if (good && !common.help)
		good = run_verb(&common, &options, context, error);
	g_free(options.older_than);
	g_free(options.format);
	g_free(options.since);
	g_free(options.since_id);
	g_free(options.output);
	return good;
}
