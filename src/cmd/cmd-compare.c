/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-compare: shows what other settings would change about stored mail. Records and changes
 * nothing, and opens no audit.
 * May know: argv, words for people, JSON. Must not know: the rules, what is in a mailbox.
 * Fails: with the errors of its modules; the result for other mailboxes is shown all the same.
 */
#include "cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "exits.h"
#include "mail/tally.h"
#include "options.h"
#include "stored.h"
#include "util/io-error.h"
#include "util/json.h"
#include "util/stop.h"

/* The most octets of examples. */
#define EXAMPLES_ROOM ((size_t)64 * 1024 * 1024)

/* The most people, and the most domains, that are shown without --json. */
#define SHOWN 20

#define COUNT "%" G_GUINT64_FORMAT

typedef struct {
	const Config *after;
	Tally tally;
	bool recursive;
	bool read_any; /* at least one input was read to its end */
} Comparison;

static void
json_items(const char *name, GPtrArray *items)
{
	g_autoptr(Json) json = json_new();

	printf(",\"%s\":[", name);
	for (guint i = 0; i < items->len; i++) {
		const TallyItem *item = g_ptr_array_index(items, i);
		json_clear(json);
		json_begin_object(json, NULL);
		json_string(json, "name", *item->name ? item->name : NULL, -1);
		json_integer(json, "newly_changed", (gint64)item->newly_changed);
		json_integer(json, "newly_left", (gint64)item->newly_left);
		json_begin_array(json, "examples");
		for (size_t k = 0; k < TALLY_EXAMPLES && item->examples[k]; k++)
			json_string(json, NULL, item->examples[k]->from, -1);
		json_end(json);
		json_end(json);
		printf("%s%s", i ? "," : "", json_text(json));
	}
	putchar(']');
}

/* Prints piece by piece: one text for a million domains would take their memory again. */
static void
print_json(const Tally *tally)
{
	g_autoptr(GPtrArray) persons = tally_persons(tally), domains = tally_domains(tally);

	printf("{\"messages\":" COUNT ",\"newly_changed\":" COUNT ",\"newly_left\":" COUNT,
	       tally->messages, tally->newly_changed, tally->newly_left);
	json_items("by_person", persons);
	json_items("by_domain", domains);
	puts("}");
}

/* The decision "after", in the words of the mail log. (transfer full) */
static char *
reason_words(const TallyExample *example)
{
	const char *scope = scope_reason_name(example->scope);

	return g_strdup_printf("%s, %s, %s (%s)", strip_action_name(example->action),
	                       scope ? scope : "out of scope", verdict_name(example->verdict),
	                       reason_name(example->reason));
}

/* Prints a reason once above consecutive examples that share it. */
static void
print_examples(TallyExample *const *examples)
{
	g_autofree char *last = NULL;

	for (size_t i = 0; i < TALLY_EXAMPLES && examples[i]; i++) {
		g_autofree char *reason = reason_words(examples[i]);
		if (!last || !g_str_equal(last, reason))
			printf("%24s%s\n", "", reason);
		printf("%26s%s\n", "", *examples[i]->from ? examples[i]->from : "(no From)");
		g_free(last);
		last = g_steal_pointer(&reason);
	}
}

static void
print_items(const char *title, const GPtrArray *items)
{
	const char *on = isatty(STDOUT_FILENO) ? "\033[1m" : "";
	const char *off = isatty(STDOUT_FILENO) ? "\033[0m" : "";

	if (items->len)
		printf("\n%10s  %10s  %s\n", "newly bare", "newly left", title);
	for (guint i = 0; i < MIN(items->len, SHOWN); i++) {
		const TallyItem *item = g_ptr_array_index(items, i);
		printf("%10" G_GUINT64_FORMAT "  %10" G_GUINT64_FORMAT "  %s%s%s\n",
		       item->newly_changed, item->newly_left, on,
		       *item->name ? item->name : "(no address)", off);
		print_examples(item->examples);
	}
	if (items->len > SHOWN)
		printf("%22s  and %u more; --json shows all\n", "", items->len - SHOWN);
}

static void
print_people(const Tally *tally)
{
	g_autoptr(GPtrArray) persons = tally_persons(tally), domains = tally_domains(tally);

	printf(COUNT " message%s: " COUNT " newly made bare, " COUNT " newly left\n",
	       tally->messages, tally->messages == 1 ? "" : "s", tally->newly_changed,
	       tally->newly_left);
	print_items("person of the directory", persons);
	print_items("domain of the sender", domains);
}

/* stored_report() hints at hosts that the settings "after" do not name; this, at those that only
 * the settings "before" do not name. */
static void
print_hint(const Run *run, const char *input, guint64 not_ours)
{
	g_autofree char *tops = run_tops(run);
	g_autofree char *name = stored_name(input);

	if (tops && 2 * not_ours > run->messages &&
	    2 * run->reasons[VERDICT_UNKNOWN][REASON_TOP_NOT_OURS] <= run->messages)
		fprintf(stderr,
		        "barefrom: hint: %s: with the settings without -o, most messages were "
		        "received by hosts that are not in trusted-by: add those that are yours to "
		        "the file given with -c; on top: %s\n",
		        name, tops);
}

/* Reads the mailbox @in; or, if that is -1, the Maildir @input. */
static bool
compare_pass(Comparison *c, const char *input, int in, GError **error)
{
	g_auto(Run) run = { 0 };
	gint64 started = g_get_monotonic_time();
	guint64 not_ours = c->tally.not_ours_before;

	run_init(&run, c->after->settings);
	run.dry_run = true;
	run.tally = &c->tally;
	run.below = in < 0 && !c->recursive ? stored_count_below(input) : 0;
	bool good = stored_read(&run, input, in, -1, error);
	stored_report(&run, input, started, good, " (settings with -o)");
	print_hint(&run, input, c->tally.not_ours_before - not_ours);
	if (!good && error && (*error)->domain == IO_ERROR) {
		g_autofree char *name = stored_name(input);
		g_prefix_error(error, "%s: ", name);
	}
	c->read_any = c->read_any || good;
	return good;
}

static bool
compare_input(gpointer data, const char *input, GError **error)
{
	int in;

	if (!stored_open_any(input, &in, error))
		return false;
	bool good = compare_pass(data, input, in, error);
	if (in >= 0)
		close(in);
	return good;
}

static bool
check_arguments(const Options *options, GError **error)
{
	const char *wrong = NULL;

	if (!options->settings)
		wrong = "nothing to compare: say what is to be different, with -o KEY=VALUE";
	else if (!options->rest)
		wrong = "no mailbox given: name a MAILBOX, or - for standard input";
	if (wrong)
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s", wrong);
	return !wrong;
}

/* The settings of the file, without -o. (transfer full) */
static Config *
settings_before(const Options *options, const Context *context, GError **error)
{
	Options file = *options;

	file.settings = NULL;
	return options_policy(&file, context, error);
}

bool
cmd_compare(Context *context, int argc, char **argv, GError **error)
{
	gboolean as_json = false, recursive = false;
	const GOptionEntry own[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL },
		{ "recursive", 0, 0, G_OPTION_ARG_NONE, &recursive,
		  "Read the mailboxes and Maildirs below directories, too", NULL },
		{ NULL },
	};
	g_auto(Options) options;
	bool attention = false;

	if (!options_parse(
	            &options, argc, argv, own, false, "MAILBOX...",
	            "Decides on each message in mailboxes and Maildirs twice, with the settings of "
	            "the file and\nwith each -o applied to them, and shows what would newly be "
	            "made bare or newly be left.\nChanges and records nothing.",
	            error))
		return false;
	if (options_print_help(&options))
		return true;
	if (!check_arguments(&options, error))
		return false;
	g_autoptr(Config) before = settings_before(&options, context, error);
	g_autoptr(Config) after = before ? options_policy(&options, context, error) : NULL;
	if (!after)
		return false;
	Comparison c = { .after = after, .recursive = recursive };
	tally_init(&c.tally, before->settings, EXAMPLES_ROOM);
	stop_on_signals();
	g_autoptr(GPtrArray) inputs = stored_find(options.rest, recursive, &attention);
	bool good = stored_each((char *const *)inputs->pdata, compare_input, &c, error);
	stored_end_by_signal(good ? NULL : *error);
	if (c.read_any && as_json)
		print_json(&c.tally);
	else if (c.read_any)
		print_people(&c.tally);
	tally_clear(&c.tally);
	return good;
}
