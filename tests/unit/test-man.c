/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that the man pages list exactly the words of the core's own tables: verdicts, reasons,
 * roles, actions, dialects, sender fields. What only the program shows is in t0260-man.sh. */
#include <glib.h>
#include <string.h>

#include "core/dialect.h"
#include "core/strip.h"
#include "core/submission.h"

/* The lines of a page behind @from, up to one that is @to. */
static char **
section(const char *page, const char *from, const char *to)
{
	g_autofree char *path = g_build_filename(g_getenv("SRCDIR"), "data", page, NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	g_autofree char *begin = g_strconcat("\n", from, "\n", NULL);
	const char *found = strstr(text, begin);
	if (!found)
		g_error("%s has no line: %s", page, from);
	found += strlen(begin);
	g_autofree char *end = g_strconcat("\n", to, "\n", NULL);
	const char *stop = strstr(found, end);
	g_assert_nonnull(stop);
	g_autofree char *part = g_strndup(found, stop - found);
	return g_strsplit(part, "\n", -1);
}

/* Adds the words of `.It Cm WORD` and `.Cm WORD , WORD` lines. */
static void
collect(GPtrArray *words, char **lines, const char *macro)
{
	for (char **line = lines; *line; line++) {
		if (!g_str_has_prefix(*line, macro))
			continue;
		g_auto(GStrv) parts = g_strsplit(*line + strlen(macro), " ", -1);
		for (char **part = parts; *part; part++) {
			const char *word = *part + (g_str_has_prefix(*part, "\\&") ? 2 : 0);
			if (strlen(word) > 1)
				g_ptr_array_add(words, g_strdup(word));
		}
	}
	g_strfreev(lines);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The words sorted, each once. */
static char *
joined(GPtrArray *words)
{
	GString *text = g_string_new(NULL);
	const char *before = "";

	g_ptr_array_sort(words, compare);
	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);
		if (!g_str_equal(word, before))
			g_string_append_printf(text, "%s ", word);
		before = word;
	}
	return g_string_free(text, false);
}

static void
assert_same(GPtrArray *got, GPtrArray *wanted)
{
	g_autofree char *got_text = joined(got), *wanted_text = joined(wanted);

	g_assert_cmpstr(got_text, ==, wanted_text);
}

static GPtrArray *
new_words(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static void
test_reasons(void)
{
	g_autoptr(GPtrArray) got = new_words(), wanted = new_words();

	for (Verdict verdict = 0; verdict < N_VERDICTS; verdict++) {
		g_autofree char *cm = g_strdup_printf(".Cm %s :", verdict_name(verdict));
		char **lines = section("barefrom.1", cm, ".El");
		g_assert_cmpstr(lines[0], ==, ".Bl -tag -width submission-listener -compact");
		collect(got, lines, ".It Cm ");
	}
	for (Reason reason = 0; reason < N_REASONS; reason++)
		g_ptr_array_add(wanted, g_strdup(reason_name(reason)));
	assert_same(got, wanted);
}

/* Of those that a milter may give by its session, each in parentheses, none is made up. */
static void
test_session_reasons(void)
{
	g_autoptr(GPtrArray) got = new_words(), all = new_words();

	collect(got, section("barefrom-milter.8", ".Sh WHO LOGGED IN", ".Sh REPLIES"), ".Pq Cm ");
	g_assert_cmpuint(got->len, ==, 7);
	for (Reason reason = 0; reason < N_REASONS; reason++)
		g_ptr_array_add(all, g_strdup(reason_name(reason)));
	for (guint i = 0; i < got->len; i++)
		g_assert_true(g_ptr_array_find_with_equal_func(all, g_ptr_array_index(got, i),
		                                               g_str_equal, NULL));
}

static void
test_roles(void)
{
	g_autoptr(GPtrArray) got = new_words(), wanted = new_words();

	collect(got, section("barefrom.1", ".Va role", "Each of"), ".Cm ");
	for (Role role = 0; role <= ROLE_UNTRUSTED; role++)
		g_ptr_array_add(wanted, g_strdup(role_name(role)));
	assert_same(got, wanted);
}

static void
test_actions(void)
{
	g_autoptr(GPtrArray) got = new_words(), wanted = new_words();

	collect(got, section("barefrom.1", ".It Va action", ".It Va outcome"), ".Cm ");
	for (Action action = 0; action < N_ACTIONS; action++)
		g_ptr_array_add(wanted, g_strdup(strip_action_name(action)));
	assert_same(got, wanted);
}

static void
test_dialects(void)
{
	g_autoptr(GPtrArray) got = new_words(), wanted = new_words();

	collect(got, section("barefrom.conf.5", ".Bl -tag -width squirrelmail -compact", ".El"),
	        ".It Cm ");
	for (Dialect dialect = DIALECT_NONE + 1; dialect < N_DIALECTS; dialect++)
		g_ptr_array_add(wanted, g_strdup(dialect_name(dialect)));
	assert_same(got, wanted);
}

static void
test_fields(void)
{
	g_autoptr(GPtrArray) got = new_words(), wanted = new_words();

	collect(got, section("barefrom.conf.5", ".It Cm fields Ns = Ns Ar field ...", "Default:"),
	        ".Cm ");
	for (const SenderField *field = strip_sender_fields; field->name; field++) {
		if (!field->is_as_from)
			g_ptr_array_add(wanted, g_strdup(field->name));
	}
	assert_same(got, wanted);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/man/reasons", test_reasons);
	g_test_add_func("/man/session-reasons", test_session_reasons);
	g_test_add_func("/man/roles", test_roles);
	g_test_add_func("/man/actions", test_actions);
	g_test_add_func("/man/dialects", test_dialects);
	g_test_add_func("/man/fields", test_fields);
	return g_test_run();
}
