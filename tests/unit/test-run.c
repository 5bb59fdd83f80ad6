/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what a pass over stored mail counts and records: with a ledger, without one, and in a dry
 * run. */
#include "mail/run.h"

#include "mail.h"
#include "store/store-error.h"

#define FORGED "From: \"Jane\" <jane@corp.example>\n\n"

/* A message through the pass, and how it was recorded. */
static LedgerEntry
take(Run *run, const char *head, guint64 size)
{
	g_autoptr(GError) error = NULL;
	g_auto(Job) job = { 0 };

	job_init(&job, run->settings, NULL);
	job_set_head(&job, head, strlen(head));
	g_assert_true(run_decide(run, &job, &error));
	g_assert_true(run_end_message(run, &job, size, &error));
	g_assert_no_error(error);
	return job.entry;
}

static Ledger *
begin(Run *run, const Mail *m)
{
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(m->settings, 1, &error);

	g_assert_no_error(error);
	g_assert_true(run_begin(run, ledger, "in.mbox", &error));
	g_assert_cmpint(run->id, >, 0);
	return ledger;
}

static void
test_counts(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };

	run_init(&run, m->settings);
	g_assert_cmpuint(m->settings->references, ==, 2);
	take(&run, NO_LOGIN FORGED, 1);
	take(&run, NO_LOGIN FORGED, 1);
	take(&run, LOGIN FORGED, 1);
	take(&run, NO_LOGIN "From: CEO\n\n", 1);
	take(&run, FORGED, 1);
	g_assert_cmpuint(run.messages, ==, 5);
	g_assert_cmpuint(run.actions[ACTION_STRIPPED], ==, 3);
	g_assert_cmpuint(run.actions[ACTION_KEPT], ==, 1);
	g_assert_cmpuint(run.actions[ACTION_REPLACED], ==, 1);
	g_assert_cmpuint(run.actions[ACTION_REFUSED], ==, 0);
	g_assert_cmpuint(run.reasons[VERDICT_ANONYMOUS][REASON_NO_LOGIN], ==, 3);
	g_assert_cmpuint(run.reasons[VERDICT_AUTHENTICATED][REASON_WITH], ==, 1);
	g_assert_cmpuint(run.reasons[VERDICT_UNKNOWN][REASON_NO_TRACE], ==, 1);

	/* Without a ledger, all of it is nothing. */
	g_autoptr(GError) error = NULL;
	LedgerEntry entry = { 0 };
	g_assert_false(run_is_full(&run));
	g_assert_true(run_pass_on(&run, &error));
	g_assert_true(run_record(&run, &error));
	g_assert_true(run_settle(&run, &entry, false, 1, &error));
	g_assert_true(run_finish(&run, true, &error));
	g_assert_false(run_finish(&run, false, &error));
	g_assert_no_error(error);
	g_assert_false(g_file_test(m->database, G_FILE_TEST_EXISTS));
}

/* Mail of users is not counted, nor is unknown mail if the settings trust it. A value that cannot
 * be read is in every scope. */
static void
test_unscoped(Mail *m, gconstpointer unused)
{
	g_autoptr(Config) all =
	        load_config((const char *[]){ "scope=domains", "domains=other.example", NULL });
	g_autoptr(Config) known = load_config((const char *[]){
	        "scope=domains", "domains=other.example", "unknown=authenticated", NULL });
	g_auto(Run) run = { 0 }, second = { 0 };

	run_init(&run, all->settings);
	take(&run, NO_LOGIN FORGED, 1);
	take(&run, FORGED, 1);
	take(&run, LOGIN FORGED, 1);
	g_assert_cmpuint(run.anonymous, ==, 2);
	g_assert_cmpuint(run.unscoped, ==, 2);
	take(&run, NO_LOGIN "From: CEO\n\n", 1);
	g_assert_cmpuint(run.anonymous, ==, 3);
	g_assert_cmpuint(run.unscoped, ==, 2);

	run_init(&second, known->settings);
	take(&second, NO_LOGIN FORGED, 1);
	take(&second, FORGED, 1);
	g_assert_cmpuint(second.anonymous, ==, 1);
	g_assert_cmpuint(second.unscoped, ==, 1);
}

static void
add_tops(Run *run, guint host, guint times)
{
	g_autofree char *head = g_strdup_printf(
	        "Received: from a by Host%u.Example (x) with SMTP id A; Mon\n" FORGED, host);

	for (guint i = 0; i < times; i++)
		take(run, head, 1);
}

/* The hosts on top: most often first, whatever their case, and by name where that is equal. */
static void
test_tops(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };

	run_init(&run, m->settings);
	take(&run, FORGED, 1);
	g_assert_null(run_tops(&run));
	add_tops(&run, 4, 2);
	add_tops(&run, 3, 2);
	add_tops(&run, 2, 5);
	take(&run, "Received: from a by host2.EXAMPLE with SMTP id A; Mon\n" FORGED, 1);
	g_autofree char *three = run_tops(&run);
	g_assert_cmpstr(three, ==, "host2.example (6), host3.example (2), host4.example (2)");
	for (guint i = 5; i < 8; i++)
		add_tops(&run, i, 1);
	g_autofree char *six = run_tops(&run);
	g_assert_cmpstr(six, ==,
	                "host2.example (6), host3.example (2), host4.example (2), "
	                "host5.example (1), host6.example (1), ...");
	/* A sender does not make it long. */
	for (guint i = 8; i < 1200; i++)
		add_tops(&run, i, 1);
	g_assert_cmpuint(g_hash_table_size(run.tops), ==, 1000);
	add_tops(&run, 7, 10);
	g_autofree char *many = run_tops(&run);
	g_assert_true(g_str_has_prefix(many, "host7.example (11), host2.example (6)"));
}

#define ROWS "SELECT source, run, outcome, size FROM message ORDER BY id"

static void
test_recorded(Mail *m, gconstpointer dry)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) error = NULL;

	run_init(&run, m->settings);
	run.dry_run = dry != NULL;
	g_autoptr(Ledger) ledger = begin(&run, m);
	assert_query(m->database, "SELECT command, input, status FROM run", "mbox|in.mbox|running");
	take(&run, NO_LOGIN FORGED, 10);
	LedgerEntry second = take(&run, LOGIN FORGED, 20);
	take(&run, LOGIN FORGED, 30);
	assert_query(m->database, ROWS, "");
	/* Few of them wait. */
	g_assert_false(run_is_full(&run));
	g_assert_true(run_pass_on(&run, &error));
	assert_query(m->database, ROWS, "");
	g_assert_true(run_record(&run, &error));
	assert_query(m->database, ROWS,
	             dry ? "mbox|1|dry-run|10 mbox|1|dry-run|20 mbox|1|dry-run|30"
	                 : "mbox|1|written|10 mbox|1|written|20 mbox|1|written|30");
	g_assert_true(run_settle(&run, &second, false, 21, &error));
	g_assert_true(run_finish(&run, true, &error));
	assert_query(m->database, ROWS,
	             dry ? "mbox|1|dry-run|10 mbox|1|dry-run|21 mbox|1|dry-run|30"
	                 : "mbox|1|written|10 mbox|1|failed|21 mbox|1|written|30");
	g_assert_true(run_end(&run, "done", &error));
	assert_query(m->database, "SELECT messages, stripped, status FROM run", "3|1|done");
}

/* Many rows go on by themselves. */
static void
test_full(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) error = NULL;

	run_init(&run, m->settings);
	g_autoptr(Ledger) ledger = begin(&run, m);
	guint n = 0;
	for (; !run_is_full(&run); n++)
		take(&run, FORGED, 1);
	g_assert_cmpint(n, >, 500);
	g_assert_cmpint(n, <=, 5000);
	g_assert_true(run_pass_on(&run, &error));
	g_assert_false(run_is_full(&run));
	g_assert_true(run_finish(&run, true, &error));
	g_autofree char *all = g_strdup_printf("%u", n);
	assert_query(m->database, "SELECT count(*) FROM message", all);
}

/* A pass that failed keeps its own error, and its rows. */
static void
test_failed(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) error = NULL;

	run_init(&run, m->settings);
	g_autoptr(Ledger) ledger = begin(&run, m);
	take(&run, FORGED, 7);
	g_assert_false(run_finish(&run, false, &error));
	g_assert_no_error(error);
	g_assert_true(run_end(&run, "failed", &error));
	assert_query(m->database, ROWS, "mbox|1|written|7");
	/* As the run says how it ended. */
	assert_query(m->database, "SELECT outcome FROM history", "failed");
}

static void
test_locked(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) error = NULL, refused = NULL;
	g_auto(Job) job = { 0 };

	run_init(&run, m->settings);
	g_autoptr(Ledger) ledger = begin(&run, m);
	sqlite3 *other = connect_to(m->database);
	change(other, "BEGIN IMMEDIATE");
	take(&run, FORGED, 7);
	g_assert_false(run_record(&run, &refused));
	g_assert_error(refused, STORE_ERROR, STORE_ERROR_LOCKED);
	sqlite3_close(other);
	g_assert_false(run_finish(&run, true, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LOCKED);
	assert_query(m->database, ROWS, "");
}

/* Settings of before are asked about each message, and nothing else becomes of it. */
static void
test_compared(Mail *m, gconstpointer unused)
{
	g_auto(Run) run = { 0 };
	g_auto(Tally) tally = { 0 };
	g_autoptr(Config) before = load_config((const char *[]){ "fields=Sender", NULL });

	run_init(&run, m->settings);
	tally_init(&tally, before->settings, 1024);
	run.tally = &tally;
	take(&run, NO_LOGIN FORGED, 1);
	take(&run, LOGIN FORGED, 1);
	take(&run, "From: CEO\n\n", 1);
	g_assert_cmpuint(tally.messages, ==, 3);
	g_assert_cmpuint(tally.newly_changed, ==, 2);
	g_assert_cmpuint(tally.newly_left, ==, 0);
	g_assert_cmpuint(run.messages, ==, 3);
	g_assert_cmpuint(run.actions[ACTION_STRIPPED], ==, 1);
	g_assert_cmpuint(run.actions[ACTION_REPLACED], ==, 1);
	g_assert_false(g_file_test(m->database, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Mail *m, gconstpointer data);
		const char *data;
	} tests[] = {
		{ "/run/counts", test_counts },     { "/run/tops", test_tops },
		{ "/run/recorded", test_recorded }, { "/run/dry", test_recorded, "dry" },
		{ "/run/full", test_full },         { "/run/failed", test_failed },
		{ "/run/locked", test_locked },     { "/run/compared", test_compared },
		{ "/run/unscoped", test_unscoped },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Mail, tests[i].data, mail_set_up, tests[i].test,
		           mail_tear_down);
	return g_test_run();
}
