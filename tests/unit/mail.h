/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cmd/config.h"
#include "mail/job.h"
#include "sql.h"

/* For tests of src/mail and the layers above: a directory, settings, and what an audit holds. */

#define MX "mx.corp.example"
#define NO_LOGIN                                                                                   \
	"Received: from pc.out.example (pc.out.example [192.0.2.7])\n\tby " MX                     \
	" (Postfix) with ESMTP id AAA\n\tfor <you@corp.example>; Mon, 24 Nov 2025 10:00:00 "       \
	"+0000\n"
#define LOGIN                                                                                      \
	"Received: from pc.out.example (pc.out.example [192.0.2.7])\n\tby " MX                     \
	" (Postfix) with ESMTPSA id BBB\n\tfor <you@corp.example>; Mon, 24 Nov 2025 10:00:00 "     \
	"+0000\n"

/* The settings of these options; those of the first two can be taken back. (transfer full) */
static inline Config *
load_config(const char *const *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, (char *)"trusted-by=" MX);
	g_ptr_array_add(all, (char *)"scope=everyone");
	for (; options && *options; options++)
		g_ptr_array_add(all, (char *)*options);
	g_ptr_array_add(all, NULL);
	Config *config = config_load("/dev/null", (char **)all->pdata, false, &error);
	g_assert_no_error(error);
	return config;
}

/* A folder with an audit in it, and settings that name it. */
typedef struct {
	char *folder, *database;
	Config *config;
	Settings *settings; /* of config */
} Mail;

static inline void
mail_set_up(Mail *m, gconstpointer unused)
{
	/* What a subprocess, which aborts, leaves is removed by the test that started it. */
	if (g_test_subprocess()) {
		m->folder = g_strdup(g_getenv("MAIL_FOLDER"));
	} else {
		m->folder = g_dir_make_tmp("barefrom-mail-XXXXXX", NULL);
		g_assert_nonnull(m->folder);
	}
	m->database = g_build_filename(m->folder, "audit.db", NULL);
	g_autofree char *option = g_strconcat("database=", m->database, NULL);
	m->config = load_config((const char *[]){ option, NULL });
	m->settings = m->config->settings;
}

static inline void
remove_folder(const char *path)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(folder))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);
		if (g_file_test(inner, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
			remove_folder(inner);
		else
			g_assert_cmpint(g_unlink(inner), ==, 0);
	}
	g_dir_close(folder);
	g_assert_cmpint(g_rmdir(path), ==, 0);
}

static inline void
mail_tear_down(Mail *m, gconstpointer unused)
{
	remove_folder(m->folder);
	g_free(m->folder);
	g_free(m->database);
	config_free(m->config);
}

/* What @sql yields: columns joined by |, rows by a blank, NULL as `null`. (transfer full) */
static inline char *
query(const char *path, const char *sql)
{
	g_autoptr(GString) text = g_string_new(NULL);
	sqlite3 *db = connect_to(path);
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW) {
		if (text->len)
			g_string_append_c(text, ' ');
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const char *column = (const char *)sqlite3_column_text(s, i);
			g_string_append_printf(text, "%s%s", i ? "|" : "",
			                       column ? column : "null");
		}
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	return g_string_free(g_steal_pointer(&text), false);
}

static inline void
assert_query(const char *path, const char *sql, const char *wanted)
{
	g_autofree char *got = query(path, sql);

	g_test_message("%s", sql);
	g_assert_cmpstr(got, ==, wanted);
}

/* A message, decided by @settings. Its head outlives it. */
static inline void
decide(Job *job, Settings *settings, const Facts *facts, const char *head)
{
	g_autoptr(GError) error = NULL;

	job_init(job, settings, facts);
	job_set_head(job, head, strlen(head));
	g_assert_true(job_decide(job, &error));
	g_assert_no_error(error);
}
