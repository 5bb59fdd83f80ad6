/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that the head of a message is restored by the row that fits, whether the index or the
 * loaded hashes are used, and that nothing is restored if the row is not certain. */
#include "mail/undo.h"

#include "mail.h"

#define TOP "Return-Path: <a@b>\nReceived: by x\n"
#define JANE "From: \"Jane\" <j@corp.example>\nSubject: x\n\n"
#define JOHN "From: John <j@corp.example>\nSubject: x\n\n"
#define BARE "From: j@corp.example\nSubject: x\n\n"
#define BARE_CRLF "From: j@corp.example\r\nSubject: x\r\n\r\n"
#define OTHER "From: k@corp.example\n\n"
#define KATE "From: Kate <k@corp.example>\n\n"

/* How many rows have one head, and the most work on them, in hundreds of steps of SQLite. */
#define MANY 3000
#define STEPS_MAX 10000

/* Records a message as a filter does. */
static void
record(Mail *m, const char *head, const char *queue_id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Ledger) ledger = ledger_open(m->settings, 1000, &error);
	const Facts facts = { .queue_id = queue_id };
	g_auto(Job) job = { 0 };

	g_assert_no_error(error);
	decide(&job, m->settings, &facts, head);
	g_assert_true(job_record(&job, ledger, "filter", "pending", &error));
	g_assert_true(job_settle(&job, ledger, "written", -1, &error));
}

static Originals *
open_originals(const Mail *m)
{
	g_autoptr(GError) error = NULL;
	Originals *originals = originals_open(m->database, 1000, &error);

	g_assert_no_error(error);
	return originals;
}

/* What becomes of @delivered. */
static void
assert_undone(Originals *originals, const char *delivered, UndoResult wanted, const char *head,
              const char *ids)
{
	g_autoptr(GError) error = NULL;
	g_auto(Undone) undone = { 0 };
	Head there = head_parse(delivered, strlen(delivered));

	g_test_message("%s", delivered);
	g_assert_true(undo_head(originals, &there, &undone, &error));
	g_assert_no_error(error);
	g_assert_cmpint(undone.result, ==, wanted);
	g_assert_cmpint(undone.head != NULL, ==, head != NULL);
	if (head)
		g_assert_cmpmem(g_bytes_get_data(undone.head, NULL), g_bytes_get_size(undone.head),
		                head, strlen(head));
	if (head)
		g_assert_cmpint(undone.lf, ==, strstr(delivered, "\r\n") != NULL);
	g_assert_cmpstr(undone.row.id ? undone.row.ids->str : NULL, ==, ids);
}

static void
test_rows(Mail *m, gconstpointer load)
{
	g_autoptr(GError) error = NULL;

	record(m, OTHER, NULL);
	record(m, JANE, NULL);
	record(m, BARE, NULL); /* as a second run over an archive does */
	g_autoptr(Originals) originals = open_originals(m);
	if (load)
		g_assert_true(originals_load(originals, &error));
	assert_undone(originals, BARE, UNDO_DONE, JANE, "2");
	assert_undone(originals, TOP BARE, UNDO_DONE, TOP JANE, "2");
	assert_undone(originals, BARE_CRLF, UNDO_DONE, JANE, "2");
	assert_undone(originals, JANE, UNDO_NEVER_CHANGED, NULL, NULL);
	assert_undone(originals, TOP JANE, UNDO_NEVER_CHANGED, NULL, NULL);
	assert_undone(originals, TOP OTHER, UNDO_NEVER_CHANGED, NULL, NULL);
	assert_undone(originals, "From: x\n\n", UNDO_UNKNOWN, NULL, NULL);
	assert_undone(originals, "", UNDO_UNKNOWN, NULL, NULL);
	assert_undone(originals, TOP BARE, UNDO_DONE, TOP JANE, "2");
}

static void
test_several(Mail *m, gconstpointer unused)
{
	g_autoptr(Originals) originals = NULL;

	for (int i = 0; i < 30; i++)
		record(m, JANE, NULL);
	originals = open_originals(m);
	assert_undone(originals, BARE, UNDO_DONE, JANE,
	              "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ...");
	/* Rows that come later count. */
	record(m, JOHN, NULL);
	assert_undone(originals, BARE, UNDO_DIFFERENT, NULL,
	              "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ...");
}

static guint steps; /* hundreds of them, over all databases opened since count_steps() */

static int
add_step(void *unused)
{
	steps++;
	return 0;
}

/* Called by SQLite for each database that is opened. */
static int
watch(sqlite3 *db, const char **unused_error, const void *unused)
{
	sqlite3_progress_handler(db, 100, add_step, NULL);
	return SQLITE_OK;
}

static void
count_steps(void)
{
	g_assert_cmpint(sqlite3_auto_extension((void (*)(void))watch), ==, SQLITE_OK);
}

/* Adds MANY rows like row @id, whose hash of the head before is @before. */
static void
copy_row(const Mail *m, int id, const char *before)
{
	g_autofree char *sql = g_strdup_printf(
	        "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome, "
	        "head_before_sha256, head_after_sha256) WITH RECURSIVE n(i) AS "
	        "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT at, source, verdict, "
	        "reason, in_scope, action, outcome, %s, head_after_sha256 FROM n, message "
	        "WHERE id = %d",
	        MANY, before, id);

	change_file(m->database, sql);
}

/* However many messages are alike, the rows are read once, not once for each message. */
static void
test_many(Mail *m, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	record(m, JANE, NULL);
	record(m, KATE, NULL);
	copy_row(m, 1, "head_before_sha256");
	copy_row(m, 2, "printf('%064x', i)");
	count_steps();
	g_autoptr(Originals) originals = open_originals(m);
	g_assert_true(originals_load(originals, &error));
	steps = 0;
	for (int i = 0; i < 2 * MANY; i++) {
		const char *head = i % 2 ? BARE : OTHER;
		Head there = head_parse(head, strlen(head));
		g_auto(Undone) undone = { 0 };
		g_assert_true(undo_head(originals, &there, &undone, &error));
		g_assert_cmpint(undone.result, ==, i % 2 ? UNDO_DONE : UNDO_DIFFERENT);
	}
	g_test_message("%u00 steps", steps);
	g_assert_cmpuint(steps, >, 0);
	g_assert_cmpuint(steps, <, STEPS_MAX);
	for (int i = 0; i < 2; i++) {
		assert_undone(originals, BARE, UNDO_DONE, JANE,
		              "1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, "
		              "21, ...");
		assert_undone(originals, OTHER, UNDO_DIFFERENT, NULL,
		              "2, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010, 3011, 3012, "
		              "3013, 3014, 3015, 3016, 3017, 3018, 3019, 3020, 3021, ...");
	}
	/* Rows that come later count here, too. */
	record(m, JOHN, NULL);
	assert_undone(originals, BARE, UNDO_DIFFERENT, NULL,
	              "1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, "
	              "...");
	sqlite3_reset_auto_extension();
}

static void
test_chosen(Mail *m, gconstpointer unused)
{
	static const struct {
		OriginalsBy by;
		const char *text;
		guint rows, changed;
		const char *head, *ids;
	} cases[] = {
		{ ORIGINALS_BY_ID, "1", 1, 1, JANE, "1" },
		{ ORIGINALS_BY_ID, "2", 1, 1, JOHN, "2" },
		{ ORIGINALS_BY_ID, "9", 0, 0, NULL, NULL },
		{ ORIGINALS_BY_QUEUE_ID, "Q", 3, 2, JOHN, "2, 4" },
		{ ORIGINALS_BY_MESSAGE_ID, "a@b", 1, 1, NULL, NULL },
		{ ORIGINALS_BY_MESSAGE_ID, "<a@b>", 1, 1, NULL, NULL },
		{ ORIGINALS_BY_MESSAGE_ID, "a@", 0, 0, NULL, NULL },
	};

	record(m, JANE, NULL);
	record(m, JOHN, "Q");
	record(m, OTHER, "Q");
	record(m, JOHN, "Q");
	record(m, "From: X <x@corp.example>\nMessage-ID: <a@b>\n\n", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Originals) originals = open_originals(m);
		g_autoptr(GError) error = NULL;
		guint rows, changed;
		g_assert_true(originals_choose(originals, cases[i].by, cases[i].text, &rows,
		                               &changed, &error));
		g_assert_cmpuint(rows, ==, cases[i].rows);
		g_assert_cmpuint(changed, ==, cases[i].changed);
		assert_undone(originals, BARE, cases[i].head ? UNDO_DONE : UNDO_UNKNOWN,
		              cases[i].head, cases[i].ids);
		assert_undone(originals, JANE, i == 0 ? UNDO_NEVER_CHANGED : UNDO_UNKNOWN, NULL,
		              NULL);
	}
}

/* What an older version, a careless hand or the disk has made of the row. */
static void
test_rows_as_they_are(Mail *m, gconstpointer unused)
{
	static const struct {
		const char *sql;
		UndoResult wanted;
	} cases[] = {
		{ "UPDATE edit SET position = NULL", UNDO_DONE },
		{ "UPDATE edit SET position = 1", UNDO_DAMAGED },
		{ "UPDATE edit SET position = -2", UNDO_DAMAGED },
		{ "UPDATE edit SET position = NULL, before = x'00'", UNDO_DAMAGED },
		{ "UPDATE message SET head_before_sha256 = 'x'", UNDO_DAMAGED },
		{ "UPDATE message SET head_before_sha256 = NULL", UNDO_UNKNOWN },
		{ "UPDATE message SET head_after_sha256 = NULL", UNDO_UNKNOWN },
		{ "UPDATE message SET action = 'kept'", UNDO_UNKNOWN },
		{ "DELETE FROM edit", UNDO_DAMAGED },
	};

	record(m, JANE, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].sql);
		change_file(m->database, "CREATE TABLE m AS SELECT * FROM message;"
		                         "CREATE TABLE e AS SELECT * FROM edit");
		change_file(m->database, cases[i].sql);
		g_autoptr(Originals) originals = open_originals(m);
		bool row = cases[i].wanted == UNDO_DAMAGED || cases[i].wanted == UNDO_DONE;
		assert_undone(originals, BARE, cases[i].wanted,
		              cases[i].wanted == UNDO_DONE ? JANE : NULL, row ? "1" : NULL);
		change_file(m->database,
		            "DELETE FROM edit; DELETE FROM message;"
		            "INSERT INTO message SELECT * FROM m;"
		            "INSERT INTO edit SELECT * FROM e; DROP TABLE m; DROP TABLE e");
	}
}

static void
test_missing(Mail *m, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(originals_open(m->database, 1000, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/undo/rows", Mail, NULL, mail_set_up, test_rows, mail_tear_down);
	g_test_add("/undo/rows/loaded", Mail, "load", mail_set_up, test_rows, mail_tear_down);
	g_test_add("/undo/several", Mail, NULL, mail_set_up, test_several, mail_tear_down);
	g_test_add("/undo/many", Mail, NULL, mail_set_up, test_many, mail_tear_down);
	g_test_add("/undo/chosen", Mail, NULL, mail_set_up, test_chosen, mail_tear_down);
	g_test_add("/undo/as-they-are", Mail, NULL, mail_set_up, test_rows_as_they_are,
	           mail_tear_down);
	g_test_add("/undo/missing", Mail, NULL, mail_set_up, test_missing, mail_tear_down);
	return g_test_run();
}
