/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that there is advice about settings for every reason of a verdict, and that the settings
 * named there exist. */
#include <string.h>

#include "cmd/advice.h"
#include "cmd/config.h"

static bool
is_key(const char *word)
{
	static const char *const others[] = { "none", "if", NULL };
	g_autofree char *option = g_strdup_printf("%s=", word);
	char *options[] = { option, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = config_load("/dev/null", options, false, &error);

	return g_strv_contains(others, word) || !strstr(error ? error->message : "", "unknown key");
}

static void
test_settings(void)
{
	for (Reason reason = REASON_WITH; reason < N_REASONS; reason++) {
		for (Verdict verdict = VERDICT_AUTHENTICATED; verdict < N_VERDICTS; verdict++) {
			Submission submission = { .verdict = verdict, .reason = reason };
			const char *text = advice_settings(&submission);
			g_test_message("%s", reason_name(reason));
			g_assert_nonnull(text);
			g_auto(GStrv) parts = g_strsplit(text, "; ", -1);
			g_autofree char *first = g_strndup(parts[0], strcspn(parts[0], ":,= "));
			g_assert_true(is_key(first));
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/advice/settings", test_settings);
	return g_test_run();
}
