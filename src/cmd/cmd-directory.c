/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-directory: compiles the directory of people, and says whom a value of a sender field shows.
 * May know: people, names, words for people. Must not know: the rule, messages.
 * Fails: with status 64 for a bad command line, 66, 73 or 78 for a file that cannot be used, 65 for
 * a bad line in it.
 */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "compile.h"
#include "core/names.h"
#include "exits.h"
#include "mail/people.h"
#include "options.h"
#include "util/text.h"
#include "verb.h"

static void
print_match(const NamesMatch *match)
{
	g_autofree char *words = g_strjoinv(" ", match->words);
	g_autofree char *label = text_clean_string(match->person->label);
	g_autofree char *clean_words = text_clean_string(words);
	g_autofree char *element = text_clean_string(match->element);

	printf("%s\tline %u\t%s%s%s\t%s\n", label, match->line, names_folding_word(match->folding),
	       *words ? ": " : "", clean_words, element);
}

/* Prints whom @value shows. Sets *@found if that is somebody, else leaves it. */
static bool
match_value(const Config *config, const char *value, bool *found, GError **error)
{
	g_autoptr(NamesSearch) search = names_search_new(people_find, config->settings->people);
	g_autoptr(AddressList) list = address_parse_elements(value, strlen(value));
	const GPtrArray *matches;

	names_search_place(search, (Span){ value, strlen(value) }, list);
	if (!people_are_known(config->settings->people, error))
		return false;
	matches = names_matches(search);
	for (guint i = 0; i < matches->len; i++)
		print_match(g_ptr_array_index(matches, i));
	if (names_too_much(search))
		puts("too much text or too many people to tell apart: counts as a match");
	if (matches->len == 0 && !names_too_much(search))
		puts(list->understood
		             ? "nobody"
		             : "nobody; but a value that is not understood is in scope as well");
	*found = *found || matches->len > 0 || names_too_much(search);
	return true;
}

static bool
match(Context *context, Config *config, char **values, GError **error)
{
	bool found = false;

	if (!config_open_directory(config, error))
		return false;
	for (; *values; values++) {
		if (!match_value(config, *values, &found, error))
			return false;
	}
	/* Exit status 1 for nobody, as with postmap -q. */
	context->attention = !found;
	return true;
}

static bool
build(const Config *config, GError **error)
{
	g_autofree char *output = people_compiled_path(config->directory);

	return verb_spares_audit(config, output, error) &&
	       compile_directory(config->directory, error);
}

bool
cmd_directory(Context *context, int argc, char **argv, GError **error)
{
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;

	if (!options_parse(&options, argc, argv, NULL, false, "build | match VALUE...",
	                   "build  compile the file that the setting directory names, so that a "
	                   "filter need not read it\nmatch  say whom each VALUE of a sender field "
	                   "shows, by which words and which line\n       (exit status 1: nobody)",
	                   error))
		return false;
	if (options_print_help(&options))
		return true;
	const char *verb = options.rest ? options.rest[0] : NULL;
	bool is_build = g_strcmp0(verb, "build") == 0;
	if (!is_build && g_strcmp0(verb, "match") != 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "directory needs a verb: build, match");
		return false;
	}
	if (is_build != !options.rest[1]) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            is_build ? "directory build takes no argument"
		                     : "directory match needs a VALUE of a sender field");
		return false;
	}
	config = options_config(&options, context, error);
	if (!config)
		return false;
	if (!config->directory) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG,
		            "directory: empty; name the list of people in the configuration, or "
		            "with -o directory=FILE");
		return false;
	}
	return is_build ? build(config, error) : match(context, config, options.rest + 1, error);
}
