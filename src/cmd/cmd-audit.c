/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-audit: looks after the audit database.
 * May know: the store, files. Must not know: messages.
 * Fails: with the errors of the store and of files.
 */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "exits.h"
#include "mail/ledger.h"
#include "options.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/care.h"
#include "util/stop.h"
#include "verb.h"

/* How many days a run recorded as running is kept by prune, since it may still be running. */
#define RUN_DAYS_KEPT 7
#define DAYS_MAX 36500

typedef enum {
	TAKES_OLDER_THAN = 1 << 0,
	TAKES_FORMAT = 1 << 1,
	TAKES_SINCE = 1 << 2,
	TAKES_SINCE_ID = 1 << 3,
	TAKES_OUTPUT = 1 << 4,
	TAKES_ALL = 1 << 5,
	TAKES_RUNS = 1 << 6,
	TAKES_FILE = 1 << 7,
	TAKES_MESSAGE = 1 << 8, /* [ID] [FILE], --queue-id and --message-id */
} Takes;

typedef struct {
	const char *name;
	bool (*run)(const Config *config, const VerbOptions *options, GError **error);
	unsigned takes; /* bits of Takes */
	const char *summary;
} Verb;

static bool
init(const Config *config, const VerbOptions *options, GError **error)
{
	g_autoptr(Ledger) ledger =
	        ledger_open(config->settings, config->settings->deadline * 1000, error);

	if (!ledger)
		return false;
	printf("audit database %s is ready\n", config->settings->database);
	return true;
}

static bool
read_days(const char *text, guint64 *ret_days, GError **error)
{
	if (text && g_ascii_string_to_unsigned(text, 10, 0, DAYS_MAX, ret_days, NULL))
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
	            "%s%s: accepted: a number of days, 0 to " G_STRINGIFY(DAYS_MAX),
	            text ? "--older-than=" : "audit prune needs --older-than=DAYS",
	            text ? text : "");
	return false;
}

static void
print_pruned(const CarePruned *pruned, const char *before)
{
	printf("older than %s: deleted messages: %" G_GINT64_FORMAT ", runs: %" G_GINT64_FORMAT
	       ", policies: %" G_GINT64_FORMAT "; given back: %" G_GUINT64_FORMAT " KiB%s\n",
	       before, pruned->messages, pruned->runs, pruned->policies, pruned->octets / 1024,
	       pruned->log_stays
	               ? "; the log is being read: run barefrom audit checkpoint later for the rest"
	               : "");
}

static bool
prune(const Config *config, const VerbOptions *options, GError **error)
{
	guint64 days;
	CarePruned pruned;

	if (!read_days(options->older_than, &days, error))
		return false;
	stop_on_signals();

	gint64 now = g_get_real_time();
	g_autofree char *before = audit_time(now - (gint64)days * VERB_DAY);
	g_autofree char *pending_before = verb_pending_before(config);
	g_autofree char *running_before = audit_time(now - RUN_DAYS_KEPT * VERB_DAY);
	const CarePrune what = { before, pending_before, running_before, stop_signal() };
	bool good = care_prune(config->settings->database, config->settings->deadline * 1000, &what,
	                       &pruned, error);
	if (!good)
		verb_complete_error(config, error);
	if (good || pruned.messages > 0)
		print_pruned(&pruned, before);
	if (good && pruned.is_stopped) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_STOPPED,
		            "stopped by a signal: the next prune deletes the rest");
		return false;
	}
	return good;
}

static bool
checkpoint(const Config *config, const VerbOptions *options, GError **error)
{
	guint64 before, after;

	bool good = care_checkpoint(config->settings->database, config->settings->deadline * 1000,
	                            &before, &after, error);
	if (!good)
		verb_complete_error(config, error);
	if (good || before > 0)
		printf("write-ahead log: %" G_GUINT64_FORMAT " KiB before, %" G_GUINT64_FORMAT
		       " KiB after\n",
		       verb_kib(before), verb_kib(after));
	return good;
}

static bool
backup(const Config *config, const VerbOptions *options, GError **error)
{
	guint64 octets;

	stop_without_files();
	if (!backup_make(config->settings->database, config->settings->deadline * 1000,
	                 options->file, &octets, error)) {
		verb_complete_error(config, error);
		return false;
	}
	printf("%s: %" G_GUINT64_FORMAT " KiB\n", options->file, verb_kib(octets));
	return true;
}

static bool
restore(const Config *config, const VerbOptions *options, GError **error)
{
	const char *database = config->settings->database;
	g_auto(BackupRestored) done = { 0 };

	stop_without_files();
	if (!backup_restore(database, config->settings->deadline * 1000, options->file, &done,
	                    error)) {
		settings_hint_at_option(config->settings, error);
		return false;
	}
	if (done.damaged)
		printf("%s: what was there was unusable and has been renamed to %s\n", database,
		       done.damaged);
	printf("%s: messages: %" G_GINT64_FORMAT "%s\n", database, done.messages,
	       done.log_stays ? "; the log is being read: run barefrom audit checkpoint later"
	                      : "");
	return true;
}

static const Verb verbs[] = {
	{ "init", init, 0,
	  "create the audit database, if there is none, for the owner of its directory" },
	{ "check", verb_check, 0,
	  "say ok, or what needs attention (exit status 1), and describe the audit" },
	{ "prune", prune, TAKES_OLDER_THAN, "delete what is old, and give its space back" },
	{ "checkpoint", checkpoint, 0, "move the write-ahead log into the file" },
	{ "backup", backup, TAKES_FILE,
	  "copy the audit to the new file FILE, while filters write" },
	{ "restore", restore, TAKES_FILE,
	  "replace the audit with the backup FILE, while filters write" },
	{ "undo", verb_undo, TAKES_OUTPUT | TAKES_MESSAGE,
	  "write a changed message as it was before: [ID] [FILE]" },
	{ "export", verb_export,
	  TAKES_FORMAT | TAKES_SINCE | TAKES_SINCE_ID | TAKES_ALL | TAKES_RUNS,
	  "write messages or runs to standard output, as JSON lines or CSV" },
	{ "metrics", verb_metrics, TAKES_OUTPUT,
	  "write the numbers of the audit for Prometheus, to standard output or FILE" },
	{ "report", verb_report, TAKES_SINCE | TAKES_OUTPUT,
	  "write an HTML page for decision-makers, on the last 30 days or since DATE" },
};

static char *
summary(void)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		g_string_append_printf(text, "%s%-10s  %s", i ? "\n" : "", verbs[i].name,
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
	if (name)
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "audit %s: unknown verb; accepted: %s", name, names->str);
	else
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "audit needs a verb: %s",
		            names->str);
	return NULL;
}

/* The parser accepts the options of all verbs; this rejects those that are not @verb's. */
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
		{ "all", options->all ? "" : NULL, TAKES_ALL },
		{ "runs", options->runs ? "" : NULL, TAKES_RUNS },
		{ "queue-id", options->queue_id, TAKES_MESSAGE },
		{ "message-id", options->message_id, TAKES_MESSAGE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(given); i++) {
		if (!given[i].value || (verb->takes & given[i].bit))
			continue;
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "audit %s does not take --%s",
		            verb->name, given[i].name);
		return false;
	}
	return true;
}

static bool
is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* Takes the arguments after the verb. A number is an id, unless an option names the row. */
static bool
take_arguments(const Verb *verb, char **arguments, VerbOptions *options, GError **error)
{
	if (verb->takes & TAKES_FILE) {
		options->file = *arguments;
		if (!options->file || !*options->file) {
			g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "audit %s needs a FILE",
			            verb->name);
			return false;
		}
		arguments++;
	}
	if ((verb->takes & TAKES_MESSAGE) && *arguments && is_number(*arguments) &&
	    !options->queue_id && !options->message_id)
		options->id = *arguments++;
	if ((verb->takes & TAKES_MESSAGE) && *arguments)
		options->file = *arguments++;
	if (!*arguments)
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s: audit %s takes no %sargument",
	            *arguments, verb->name, options->file ? "further " : "");
	return false;
}

static bool
run_verb(const Options *common, VerbOptions *options, const Context *context, GError **error)
{
	char *none[] = { NULL };
	char **words = common->rest ? common->rest : none;
	const Verb *verb = find_verb(words[0], error);

	if (!verb || !check_options(verb, options, error))
		return false;
	if (!take_arguments(verb, words + 1, options, error))
		return false;
	g_autoptr(Config) config = options_config(common, context, error);
	return config && verb->run(config, options, error);
}

bool
cmd_audit(Context *context, int argc, char **argv, GError **error)
{
	g_auto(Options) common;
	VerbOptions options = { .attention = &context->attention };
	const GOptionEntry entries[] = {
		{ "older-than", 0, 0, G_OPTION_ARG_STRING, &options.older_than,
		  "prune: delete what is older than DAYS days", "DAYS" },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &options.format,
		  "export: write jsonl (default) or csv", "FORMAT" },
		{ "since", 0, 0, G_OPTION_ARG_STRING, &options.since,
		  "export, report: begin with this day (export: or time)", "DATE" },
		{ "since-id", 0, 0, G_OPTION_ARG_STRING, &options.since_id,
		  "export: write only rows with a greater id", "ID" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &options.all,
		  "export: include messages that may still change", NULL },
		{ "runs", 0, 0, G_OPTION_ARG_NONE, &options.runs,
		  "export: write the runs over stored mail, not the messages", NULL },
		{ "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
		  "metrics, report, undo: write to FILE", "FILE" },
		{ "queue-id", 0, 0, G_OPTION_ARG_FILENAME, &options.queue_id,
		  "undo: consider only rows with this queue id", "ID" },
		{ "message-id", 0, 0, G_OPTION_ARG_FILENAME, &options.message_id,
		  "undo: consider only rows of messages with this Message-ID", "ID" },
		{ NULL },
	};
	g_autofree char *words = summary();

	bool good = options_parse(&common, argc, argv, entries, false, "VERB [ARGUMENT...]", words,
	                          error);
	if (good && !options_print_help(&common))
		good = run_verb(&common, &options, context, error);
	g_free(options.older_than);
	g_free(options.format);
	g_free(options.since);
	g_free(options.since_id);
	g_free(options.output);
	g_free(options.queue_id);
	g_free(options.message_id);
	return good;
}
