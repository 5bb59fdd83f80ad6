/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test-golden: each NAME.eml here, under the settings and facts of NAME.verdict, leaves as
 * NAME.want, with the verdict, reason and action named there, and breaks no law. A new case is
 * three new files.
 */
#include <string.h>

#include "cmd/config.h"
#include "laws.h"

typedef struct {
	GPtrArray *settings; /* char *: KEY=VALUE, NULL-terminated when read */
	char *want;
	char *facts[5];
} Case;

static const char *const fact_names[5] = { "sasl-username=", "sasl-method=", "client-address=",
	                                   "queue-id=", "submission=" };

static void
read_case(const char *path, Case *c)
{
	g_autofree char *text = NULL;
	bool has_rule = false;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	c->settings = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(c->settings, g_strdup("trusted-by=mx.example.org"));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "set: ")) {
			g_ptr_array_add(c->settings, g_strdup(*line + 5));
		} else if (g_str_has_prefix(*line, "want: ")) {
			c->want = g_strstrip(g_strdup(*line + 6));
		} else if (g_str_has_prefix(*line, "rule: ")) {
			has_rule = true;
			g_test_message("%s", *line);
		} else if (g_str_has_prefix(*line, "fact: ")) {
			size_t k = 0;
			while (k < G_N_ELEMENTS(fact_names) &&
			       !g_str_has_prefix(*line + 6, fact_names[k]))
				k++;
			g_assert_cmpuint(k, <, G_N_ELEMENTS(fact_names));
			c->facts[k] = g_strdup(*line + 6 + strlen(fact_names[k]));
		} else {
			g_assert_cmpstr(*line, ==, "");
		}
	}
	g_assert_true(has_rule && c->want);
	g_ptr_array_add(c->settings, NULL);
}

static void
clear_case(Case *c)
{
	g_ptr_array_unref(c->settings);
	g_free(c->want);
	for (size_t k = 0; k < G_N_ELEMENTS(c->facts); k++)
		g_free(c->facts[k]);
}

static void
test_case(gconstpointer data)
{
	const char *base = data;
	g_autofree char *verdict = g_strconcat(base, ".verdict", NULL);
	g_autofree char *input = g_strconcat(base, ".eml", NULL);
	g_autofree char *wanted = g_strconcat(base, ".want", NULL);
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) output = NULL;
	gsize length;
	Case c = { 0 };

	read_case(verdict, &c);
	g_assert_true(g_file_get_contents(input, &bytes, &length, NULL));
	g_autoptr(Config) config =
	        config_load("/dev/null", (char **)c.settings->pdata, false, &error);
	g_assert_no_error(error);
	Facts facts = { .sasl_username = c.facts[0],
		        .sasl_method = c.facts[1],
		        .client_address = c.facts[2],
		        .queue_id = c.facts[3],
		        .listener = g_strcmp0(c.facts[4], "authenticated") == 0
		                            ? LISTENER_AUTHENTICATED
		                    : c.facts[4] ? LISTENER_ANONYMOUS
		                                 : LISTENER_UNSAID };

	size_t from = 0, end = length;
	if (!head_find_end(bytes, length, &from, &end))
		end = length;
	Head head = head_parse(bytes, end);
	g_autoptr(Decision) decision = strip_decide(&config->settings->policy, &facts, &head, true);
	g_autofree char *got = g_strdup_printf(
	        "%s %s %s", verdict_name(decision->submission->verdict),
	        reason_name(decision->submission->reason), strip_action_name(decision->action));
	g_assert_cmpstr(got, ==, c.want);
	g_assert_cmpstr(laws_broken(&config->settings->policy, &facts, bytes, length, &output), ==,
	                NULL);

	if (decision->action == ACTION_REFUSED) {
		g_assert_false(g_file_test(wanted, G_FILE_TEST_EXISTS));
	} else {
		g_autofree char *want = NULL;
		gsize want_length, size;
		g_assert_true(g_file_get_contents(wanted, &want, &want_length, NULL));
		const char *out = g_bytes_get_data(output, &size);
		g_assert_cmpmem(out, size, want, want_length);
	}
	clear_case(&c);
}

int
main(int argc, char **argv)
{
	const char *name;

	g_test_init(&argc, &argv, NULL);
	g_autofree char *folder = g_build_filename(g_getenv("SRCDIR"), "tests", "golden", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		if (!g_str_has_suffix(name, ".eml"))
			continue;
		g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".eml"));
		g_autofree char *path = g_strconcat("/golden/", stem, NULL);
		g_test_add_data_func_full(path, g_build_filename(folder, stem, NULL), test_case,
		                          g_free);
	}
	return g_test_run();
}
