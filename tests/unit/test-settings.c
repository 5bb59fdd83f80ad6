/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that settings, with their open directory, live as long as a reference to them, and that
 * only an error about the default database says how to name another one. */
#include "mail/settings.h"

#include "mail.h"
#include "util/io-error.h"

/* The directory can be asked until the last one lets go. */
static void
test_references(Mail *m, gconstpointer unused)
{
	g_autofree char *file = g_build_filename(m->folder, "people", NULL);
	g_autofree char *option = g_strconcat("directory=", file, NULL);
	Config *config = load_config((const char *[]){ option, "scope=directory", NULL });
	g_auto(Job) job = { 0 };

	g_assert_true(g_file_set_contents(file, "Jane Doe; jane@corp.example\n", -1, NULL));
	g_assert_true(config_open_directory(config, NULL));
	Settings *settings = settings_ref(config->settings);
	g_assert_true(settings == config->settings);
	job_init(&job, settings, NULL);
	config_free(config);
	settings_unref(settings);
	/* The job alone holds them now. */
	g_assert_cmpuint(job.settings->references, ==, 1);
	job_set_head(&job, "From: \"Jane Doe\" <x@y.example>\n\n", 32);
	g_assert_true(job_decide(&job, NULL));
	g_assert_cmpint(job.decision->action, ==, ACTION_STRIPPED);
	job_clear(&job);
	settings_unref(settings_new());
}

static void
test_hint(Mail *m, gconstpointer unused)
{
	g_autoptr(GError) error = g_error_new(IO_ERROR, IO_ERROR_FAILED, "words");
	GError *none = NULL;

	settings_hint_at_option(m->settings, &error);
	g_assert_cmpstr(error->message, ==, "words");
	m->settings->database_is_default = true;
	settings_hint_at_option(m->settings, NULL);
	settings_hint_at_option(m->settings, &none);
	g_assert_null(none);
	settings_hint_at_option(m->settings, &error);
	g_assert_cmpstr(error->message, ==, "words (-o database=FILE chooses another file)");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/settings/references", Mail, NULL, mail_set_up, test_references,
	           mail_tear_down);
	g_test_add("/settings/hint", Mail, NULL, mail_set_up, test_hint, mail_tear_down);
	return g_test_run();
}
