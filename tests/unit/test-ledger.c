/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that each row is written once, in order, and durable if that was asked for; that the
 * caller is told its id, or why it has none; and that no row holds up others for long. */
#include "mail/ledger.h"

#include <gmodule.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mail.h"
#include "store/store-error.h"
#include "util/io-error.h"

static int syncs; /* to the disk, of all threads */

/* These stand before those of the C library. */
G_MODULE_EXPORT int
fdatasync(int fd)
{
	g_atomic_int_inc(&syncs);
	return (int)syscall(SYS_fdatasync, fd);
}

G_MODULE_EXPORT int
fsync(int fd)
{
	g_atomic_int_inc(&syncs);
	return (int)syscall(SYS_fsync, fd);
}

static gint ahead; /* seconds that the clock is ahead */

G_MODULE_EXPORT gint64
g_get_monotonic_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec + g_atomic_int_get(&ahead)) * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

#define WAIT 60000 /* milliseconds: longer than anything here takes */

static Ledger *
open_ledger(const Mail *m, int wait_ms)
{
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(m->settings, wait_ms, &error);

	g_assert_no_error(error);
	return ledger;
}

/* A decided message, of which the sender tells which it is. */
typedef struct {
	char *head;
	Job job;
	LedgerEntry entry;
} Letter;

static Letter *
letter_new(const Mail *m, guint number)
{
	Letter *letter = g_new0(Letter, 1);

	letter->head = g_strdup_printf("From: \"Jane\" <n%u@x.example>\n\n", number);
	decide(&letter->job, m->settings, NULL, letter->head);
	return letter;
}

static void
letter_free(Letter *letter)
{
	job_clear(&letter->job);
	g_free(letter->head);
	g_free(letter);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

static void
add(Ledger *ledger, Letter *letter, const char *outcome)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(ledger_add(ledger, &letter->job, "milter", outcome, &letter->entry, &error));
	g_assert_no_error(error);
}

static void
add_new(Ledger *ledger, const Mail *m, guint number)
{
	g_autoptr(Letter) letter = letter_new(m, number);

	add(ledger, letter, "written");
}

static void
settle(Ledger *ledger, LedgerEntry *entry, const char *outcome, gint64 size)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(ledger_settle(ledger, entry, outcome, size, &error));
	g_assert_no_error(error);
}

#define ROWS "SELECT from_address, outcome, size FROM message ORDER BY id"

static void
test_at_once(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = open_ledger(m, 0);
	g_autoptr(Letter) one = letter_new(m, 1), two = letter_new(m, 2), three = letter_new(m, 3);
	g_autoptr(GError) error = NULL;
	int before = g_atomic_int_get(&syncs);

	add(ledger, one, "pending");
	g_assert_cmpint(g_atomic_int_get(&syncs), >, before);
	g_assert_cmpint(one->entry.id, ==, 1);
	assert_query(m->database, ROWS, "n1@x.example|pending|null");
	settle(ledger, &one->entry, "sent", 77);
	assert_query(m->database, ROWS, "n1@x.example|sent|77");

	/* What could not be written is not written with the next one. */
	g_assert_false(ledger_add(ledger, &two->job, "milter", "nonsense", &two->entry, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
	g_assert_cmpint(two->entry.id, ==, 0);
	add(ledger, three, "dry-run");
	g_assert_cmpint(three->entry.id, >, 1);
	settle(ledger, &three->entry, "sent", 5);
	assert_query(m->database, ROWS, "n1@x.example|sent|77 n3@x.example|dry-run|5");

	change_file(m->database, "DELETE FROM message");
	g_clear_error(&error);
	g_assert_false(ledger_settle(ledger, &three->entry, "sent", 5, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
}

/* What stands in the way is waited for only so long, or until a signal comes. */
static void
test_wait(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = open_ledger(m, WAIT);
	g_autoptr(Letter) one = letter_new(m, 1);
	g_autoptr(GError) error = NULL, stopped = NULL;
	static volatile sig_atomic_t stop;
	sqlite3 *other = connect_to(m->database);

	change(other, "BEGIN IMMEDIATE");
	ledger_set_wait(ledger, 1);
	g_assert_false(ledger_add(ledger, &one->job, "milter", "pending", &one->entry, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LOCKED);
	ledger_set_wait(ledger, WAIT);
	stop = 1;
	ledger_set_stop(ledger, &stop);
	g_assert_false(ledger_add(ledger, &one->job, "milter", "pending", &one->entry, &stopped));
	g_assert_error(stopped, STORE_ERROR, STORE_ERROR_LOCKED);
	sqlite3_close(other);
	add(ledger, one, "pending");
	assert_query(m->database, ROWS, "n1@x.example|pending|null");
}

/* Whoever named no database is told how to. */
static void
test_not_opened(Mail *m, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, named = NULL;

	g_free(m->settings->database);
	m->settings->database = g_build_filename(m->folder, "none", "audit.db", NULL);
	g_assert_null(ledger_open(m->settings, 0, &named));
	g_assert_error(named, STORE_ERROR, STORE_ERROR_MISSING);
	g_assert_null(strstr(named->message, "-o database"));
	m->settings->database_is_default = true;
	g_assert_null(ledger_open(m->settings, 0, &error));
	g_assert_nonnull(strstr(error->message, "-o database"));
}

static Ledger *
begin_run(const Mail *m, bool settles)
{
	g_autoptr(GError) error = NULL;
	Ledger *ledger = open_ledger(m, WAIT);
	gint64 id;

	g_assert_true(ledger_begin_run(ledger, "mbox", "in\x01put", settles, &id, &error));
	g_assert_no_error(error);
	g_assert_cmpint(id, ==, 1);
	return ledger;
}

static void
pass_on(Ledger *ledger, bool durable)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(ledger_pass_on(ledger, durable, true, &error));
	g_assert_no_error(error);
}

static void
test_run(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = begin_run(m, false);
	g_autoptr(Letter) one = letter_new(m, 1), two = letter_new(m, 2), three = letter_new(m, 3),
	                  four = letter_new(m, 4);
	g_autoptr(GError) error = NULL;

	assert_query(m->database, "SELECT command, input, messages, stripped, status FROM run",
	             "mbox|in\xef\xbf\xbdput|0|0|running");
	add(ledger, one, "written");
	add(ledger, two, "written");
	add(ledger, three, "written");
	assert_query(m->database, ROWS, "");
	/* A row that waits is changed where it is; one that does not wait, with the next rows. */
	settle(ledger, &two->entry, "written", 22);
	pass_on(ledger, false);
	assert_query(m->database, ROWS,
	             "n1@x.example|written|null n2@x.example|written|22 n3@x.example|written|null");
	settle(ledger, &three->entry, "failed", 33);
	settle(ledger, &one->entry, "failed", 11);
	add(ledger, four, "dry-run");
	settle(ledger, &four->entry, "dry-run", 44);
	pass_on(ledger, true);
	assert_query(m->database, ROWS,
	             "n1@x.example|failed|11 n2@x.example|written|22 n3@x.example|failed|33 "
	             "n4@x.example|dry-run|44");
	assert_query(m->database, "SELECT messages, stripped, status, finished_at FROM run",
	             "4|4|running|null");
	/* The rest, by the end. */
	settle(ledger, &four->entry, "failed", 45);
	add_new(ledger, m, 5);
	g_assert_true(ledger_finish(ledger, &error));
	assert_query(m->database, "SELECT run, outcome, size FROM message WHERE id > 3",
	             "1|dry-run|45 1|written|null");
	g_assert_true(ledger_end_run(ledger, "done", &error));
	assert_query(m->database,
	             "SELECT messages, stripped, status, finished_at > started_at FROM run",
	             "5|5|done|1");
	/* Then it is one for rows at once. */
	add(ledger, one, "pending");
	assert_query(m->database, "SELECT run, outcome FROM message WHERE id > 5", "null|pending");
	g_assert_cmpint(one->entry.id, ==, 6);
}

/* Rows of many batches, most of which nobody waits for. */
static void
test_order(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = begin_run(m, true);
	g_autoptr(GError) error = NULL;
	guint waiting = 0, batches = 0;

	for (guint i = 1; i <= 12600; i++) {
		g_assert_cmpint(waiting, <=, 5000);
		if (ledger_is_full(ledger)) {
			g_assert_cmpint(waiting, >, 500);
			g_assert_true(ledger_pass_on(ledger, false, false, &error));
			waiting = 0;
			batches++;
		}
		if (i == 100)
			g_assert_false(ledger_is_ready(ledger));
		add_new(ledger, m, i);
		waiting++;
		if (i == 100)
			g_assert_true(ledger_is_ready(ledger));
	}
	g_assert_cmpint(batches, >=, 2);
	g_assert_true(ledger_finish(ledger, &error));
	g_assert_true(ledger_end_run(ledger, "done", &error));
	assert_query(m->database,
	             "SELECT count(*), min(id), max(id), "
	             "sum(from_address = 'n' || id || '@x.example'), sum(run = 1) FROM message",
	             "12600|1|12600|12600|12600");
	assert_query(m->database, "SELECT messages, status, settles FROM run", "12600|done|1");
}

/* It is on the disk where that was asked for, and what nobody asked for is not waited for. */
static void
test_durable(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = begin_run(m, false);
	sqlite3 *reader = connect_to(m->database);
	int before;

	/* A reader keeps the log from being moved, which brings it to the disk too. */
	change(reader, "BEGIN; SELECT count(*) FROM message");
	add_new(ledger, m, 1);
	pass_on(ledger, false);
	before = g_atomic_int_get(&syncs);
	add_new(ledger, m, 2);
	pass_on(ledger, false);
	g_assert_cmpint(g_atomic_int_get(&syncs), ==, before);
	/* No rows, but those before are not on the disk. */
	pass_on(ledger, true);
	g_assert_cmpint(g_atomic_int_get(&syncs), >, before);
	before = g_atomic_int_get(&syncs);
	pass_on(ledger, true);
	g_assert_cmpint(g_atomic_int_get(&syncs), ==, before);
	add_new(ledger, m, 3);
	pass_on(ledger, true);
	g_assert_cmpint(g_atomic_int_get(&syncs), >, before);
	sqlite3_close(reader);
}

/* Nothing is written behind what could not be. */
static void
test_first_error(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = begin_run(m, false);
	g_autoptr(Letter) bad = letter_new(m, 2);
	g_autoptr(GError) first = NULL, later = NULL, last = NULL;

	add_new(ledger, m, 1);
	pass_on(ledger, false);
	add(ledger, bad, "nonsense");
	g_assert_true(ledger_pass_on(ledger, false, false, &first));
	add_new(ledger, m, 3);
	g_assert_false(ledger_pass_on(ledger, false, false, &first));
	g_assert_error(first, STORE_ERROR, STORE_ERROR_OTHER);
	g_assert_false(ledger_pass_on(ledger, true, true, &later));
	g_assert_cmpstr(later->message, ==, first->message);
	g_assert_false(ledger_finish(ledger, &last));
	g_assert_cmpstr(last->message, ==, first->message);
	g_clear_error(&last);
	g_assert_true(ledger_end_run(ledger, "failed", &last));
	/* What is said of the run is true of the rows. */
	assert_query(m->database, ROWS, "n1@x.example|written|null");
	assert_query(m->database, "SELECT messages, status FROM run", "1|failed");
	/* The next run is a new one. */
	gint64 id;
	g_assert_true(ledger_begin_run(ledger, "mbox", "x", false, &id, &last));
	g_assert_cmpint(id, ==, 2);
	add_new(ledger, m, 4);
	g_assert_true(ledger_finish(ledger, &last));
	g_assert_true(ledger_end_run(ledger, "done", &last));
	assert_query(m->database, "SELECT from_address, run FROM message WHERE id > 1",
	             "n4@x.example|2");
	assert_query(m->database, "SELECT messages, status FROM run WHERE id = 2", "1|done");
}

/* A run that breaks off leaves its row as it is, and no row that was not passed on. */
static void
test_broken_off(Mail *m, gconstpointer unused)
{
	Ledger *ledger = begin_run(m, false);

	add_new(ledger, m, 1);
	pass_on(ledger, false);
	add_new(ledger, m, 2);
	ledger_close(ledger);
	assert_query(m->database, ROWS, "n1@x.example|written|null");
	assert_query(m->database, "SELECT messages, status FROM run", "1|running");
}

/* Groups: whoever is told, and of what. */
typedef struct {
	Ledger *ledger;
	GAsyncQueue *woken;
	GString *told; /* ids, or codes of errors */
	gint64 last;
} Groups;

static void
wake(gpointer data)
{
	g_async_queue_push(data, data);
}

static void
done(gpointer data, gint64 id, const GError *error)
{
	Groups *g = data;

	g_assert_true((id == 0) == (error != NULL));
	if (error)
		g_string_append_printf(g->told, "%s ", error->domain == STORE_ERROR ? "" : "?");
	if (error)
		g_string_append_printf(g->told, "E%d;", error->code);
	else
		g_string_append_printf(g->told, "%d;", (int)id);
	g->last = id;
}

static Groups
begin_groups(const Mail *m, int wait_ms)
{
	g_autoptr(GError) error = NULL;
	Groups g = { .ledger = open_ledger(m, wait_ms),
		     .woken = g_async_queue_new(),
		     .told = g_string_new(NULL) };

	g_assert_true(ledger_begin_groups(g.ledger, wake, g.woken, &error));
	g_assert_no_error(error);
	g_assert_false(ledger_is_busy(g.ledger));
	return g;
}

static void
end_groups(Groups *g)
{
	ledger_close(g->ledger);
	g_async_queue_unref(g->woken);
	g_string_free(g->told, true);
}

/* Waits until a group is written, and asserts what is told of it. */
static void
assert_collected(Groups *g, const char *wanted)
{
	g_string_truncate(g->told, 0);
	g_assert_nonnull(g_async_queue_timeout_pop(g->woken, WAIT * 1000));
	g_assert_true(ledger_is_busy(g->ledger));
	ledger_collect(g->ledger, done, g);
	g_assert_cmpstr(g->told->str, ==, wanted);
}

static void
test_groups(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	g_autoptr(Letter) one = letter_new(m, 1), two = letter_new(m, 2);
	int before = g_atomic_int_get(&syncs);

	ledger_collect(g.ledger, done, &g);
	g_assert_cmpstr(g.told->str, ==, "");
	/* Nobody waits on purpose: the first one is written at once. */
	add(g.ledger, one, "answered");
	g_assert_true(ledger_is_busy(g.ledger));
	assert_collected(&g, "1;");
	g_assert_false(ledger_is_busy(g.ledger));
	g_assert_cmpint(g_atomic_int_get(&syncs), >, before);
	/* It is told once. */
	ledger_collect(g.ledger, done, &g);
	g_assert_cmpstr(g.told->str, ==, "1;");

	/* What comes meanwhile is a group, in its order. */
	for (guint i = 2; i <= 50; i++)
		add_new(g.ledger, m, i);
	assert_collected(&g, "2;");
	assert_collected(&g, "3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;"
	                     "28;29;30;31;32;33;34;35;36;37;38;39;40;41;42;43;44;45;46;47;48;49;"
	                     "50;");
	g_assert_false(ledger_is_busy(g.ledger));
	assert_query(m->database,
	             "SELECT count(*), sum(from_address = 'n' || id || '@x.example') FROM message",
	             "50|50");

	/* How a message ended is written as well, and nobody is told. */
	one->entry.id = 1;
	settle(g.ledger, &one->entry, "failed", -1);
	g_assert_true(ledger_is_busy(g.ledger));
	assert_collected(&g, "");
	g_assert_false(ledger_is_busy(g.ledger));
	assert_query(m->database, "SELECT outcome FROM message WHERE id < 3", "failed written");

	/* Of a row that waits, and of one that was written last. */
	add_new(g.ledger, m, 51);
	add(g.ledger, two, "answered");
	settle(g.ledger, &two->entry, "deferred", 9);
	assert_collected(&g, "51;");
	assert_collected(&g, "52;");
	g_assert_false(ledger_is_busy(g.ledger));
	assert_query(m->database, "SELECT outcome, size FROM message WHERE id > 51", "deferred|9");
	settle(g.ledger, &two->entry, "failed", 10);
	g_assert_cmpint(two->entry.id, ==, 52);
	assert_collected(&g, "");
	assert_query(m->database, "SELECT outcome, size FROM message WHERE id > 51", "failed|10");
	end_groups(&g);
}

/* Rows are gathered while another process holds the audit. */
static void
test_lock_ends(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	sqlite3 *other = connect_to(m->database);

	change(other, "BEGIN IMMEDIATE");
	for (guint i = 1; i <= 5; i++)
		add_new(g.ledger, m, i);
	ledger_collect(g.ledger, done, &g);
	g_assert_cmpstr(g.told->str, ==, "");
	g_assert_true(ledger_is_busy(g.ledger));
	sqlite3_close(other);
	assert_collected(&g, "1;");
	assert_collected(&g, "2;3;4;5;");
	end_groups(&g);
}

#define LOCKED " E0;"
#define OTHER " E7;"

/* One row that cannot be written fails alone, and takes nothing along. */
static void
test_poison(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	g_autoptr(Letter) one = letter_new(m, 1), bad = letter_new(m, 3), worse = letter_new(m, 5);

	g_assert_cmpint(STORE_ERROR_OTHER, ==, 7);
	add(g.ledger, one, "answered");
	add_new(g.ledger, m, 2);
	add(g.ledger, bad, "nonsense");
	add_new(g.ledger, m, 4);
	add(g.ledger, worse, "nonsense");
	one->entry.id = 1;
	settle(g.ledger, &one->entry, "failed", -1);
	assert_collected(&g, "1;");
	assert_collected(&g, "2;" OTHER "3;" OTHER);
	g_assert_false(ledger_is_busy(g.ledger));
	assert_query(m->database, ROWS,
	             "n1@x.example|failed|null n2@x.example|written|null "
	             "n4@x.example|written|null");
	/* Alone from the beginning. */
	add(g.ledger, bad, "nonsense");
	one->entry.id = 1;
	settle(g.ledger, &one->entry, "answered", 8);
	assert_collected(&g, OTHER);
	assert_collected(&g, "");
	add(g.ledger, bad, "nonsense");
	assert_collected(&g, OTHER);
	add_new(g.ledger, m, 6);
	assert_collected(&g, "4;");
	assert_query(m->database, "SELECT outcome, size FROM message WHERE id = 1", "answered|8");
	end_groups(&g);
}

/* A locked audit fails whoever waits, and nobody who comes later. */
static void
test_locked(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, 1);
	sqlite3 *other = connect_to(m->database);
	g_autoptr(Letter) before = letter_new(m, 9);

	add(g.ledger, before, "answered");
	assert_collected(&g, "1;");
	before->entry.id = 1;
	change(other, "BEGIN IMMEDIATE");
	for (guint i = 1; i <= 4; i++)
		add_new(g.ledger, m, i);
	settle(g.ledger, &before->entry, "failed", -1);
	assert_collected(&g, LOCKED);
	assert_collected(&g, LOCKED LOCKED LOCKED);
	g_assert_false(ledger_is_busy(g.ledger));
	sqlite3_close(other);
	/* How the one before ended is not forgotten meanwhile. */
	add_new(g.ledger, m, 5);
	assert_collected(&g, "2;");
	assert_query(m->database, ROWS, "n9@x.example|failed|null n5@x.example|written|null");
	end_groups(&g);
}

/* Each row waits from the time when it was added, not from when its group is written. */
static void
test_one_wait(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	sqlite3 *other = connect_to(m->database);
	g_autoptr(Letter) before = letter_new(m, 9);

	add(g.ledger, before, "answered");
	assert_collected(&g, "1;");
	before->entry.id = 1;
	change(other, "BEGIN IMMEDIATE");
	add_new(g.ledger, m, 1);
	add_new(g.ledger, m, 2);
	add_new(g.ledger, m, 3);
	g_atomic_int_add(&ahead, WAIT / 1000);
	assert_collected(&g, LOCKED);
	assert_collected(&g, LOCKED LOCKED);
	/* Behind the change of a row, for which nobody waits, too. */
	settle(g.ledger, &before->entry, "failed", -1);
	add_new(g.ledger, m, 4);
	g_atomic_int_add(&ahead, WAIT / 1000);
	assert_collected(&g, "");
	assert_collected(&g, LOCKED);
	/* That is gone by with them. */
	sqlite3_close(other);
	add_new(g.ledger, m, 5);
	assert_collected(&g, "2;");
	assert_query(m->database, ROWS, "n9@x.example|failed|null n5@x.example|written|null");
	end_groups(&g);
}

/* The end waits for nobody, tells what became of the rows that were being written, and records how
 * they ended. */
static void
test_stopped(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, G_MAXINT);
	sqlite3 *other = connect_to(m->database);
	g_autoptr(Letter) before = letter_new(m, 1), one = letter_new(m, 2);
	g_autoptr(GError) error = NULL;

	add(g.ledger, before, "answered");
	assert_collected(&g, "1;");
	before->entry.id = 1;
	/* The change waits in front of the rows, and then behind them. */
	change(other, "BEGIN IMMEDIATE");
	settle(g.ledger, &before->entry, "failed", -1);
	add(g.ledger, one, "answered");
	ledger_stop_groups(g.ledger);
	assert_collected(&g, "");
	sqlite3_close(other);
	g_assert_true(ledger_end_groups(g.ledger, &error));
	g_assert_no_error(error);
	end_groups(&g);
	assert_query(m->database, ROWS, "n1@x.example|failed|null");

	g = begin_groups(m, G_MAXINT);
	other = connect_to(m->database);
	change(other, "BEGIN IMMEDIATE");
	add(g.ledger, one, "answered");
	add_new(g.ledger, m, 3);
	ledger_stop_groups(g.ledger);
	assert_collected(&g, LOCKED);
	sqlite3_close(other);
	g_assert_true(ledger_end_groups(g.ledger, &error));
	end_groups(&g);
	assert_query(m->database, "SELECT count(*) FROM message", "1");

	/* Written, told, and changed since. */
	g = begin_groups(m, G_MAXINT);
	add(g.ledger, one, "answered");
	g_assert_nonnull(g_async_queue_timeout_pop(g.woken, WAIT * 1000));
	add_new(g.ledger, m, 3);
	ledger_stop_groups(g.ledger);
	g_string_truncate(g.told, 0);
	ledger_collect(g.ledger, done, &g);
	g_assert_cmpstr(g.told->str, ==, "2;");
	one->entry.id = 2;
	settle(g.ledger, &one->entry, "failed", 7);
	g_assert_true(ledger_end_groups(g.ledger, &error));
	end_groups(&g);
	assert_query(m->database, ROWS, "n1@x.example|failed|null n2@x.example|failed|7");

	/* Not for ever: what cannot be recorded is an error. */
	g = begin_groups(m, G_MAXINT);
	other = connect_to(m->database);
	change(other, "BEGIN IMMEDIATE");
	settle(g.ledger, &one->entry, "answered", 8);
	g_assert_false(ledger_end_groups(g.ledger, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LOCKED);
	sqlite3_close(other);
	end_groups(&g);
}

static char *
beside(const Mail *m, const char *name)
{
	return g_build_filename(m->folder, name, NULL);
}

static void
move_audit(const Mail *m)
{
	g_autofree char *to = beside(m, "moved.db"), *wal = g_strconcat(m->database, "-wal", NULL),
	                *shm = g_strconcat(m->database, "-shm", NULL);
	g_autofree char *to_wal = beside(m, "moved.db-wal");

	g_assert_cmpint(g_rename(m->database, to), ==, 0);
	g_assert_cmpint(g_rename(wal, to_wal), ==, 0);
	g_assert_cmpint(g_unlink(shm), ==, 0);
}

/* Whatever becomes of the file, rows go to the one at its path. */
static void
test_moved(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	g_autofree char *moved = beside(m, "moved.db"),
	                *wal = g_strconcat(m->database, "-wal", NULL),
	                *shm = g_strconcat(m->database, "-shm", NULL);

	add_new(g.ledger, m, 1);
	assert_collected(&g, "1;");
	move_audit(m);
	add_new(g.ledger, m, 2);
	add_new(g.ledger, m, 3);
	assert_collected(&g, "1;");
	assert_collected(&g, "2;");
	assert_query(m->database, ROWS, "n2@x.example|written|null n3@x.example|written|null");
	assert_query(moved, ROWS, "n1@x.example|written|null");

	g_assert_cmpint(g_unlink(m->database), ==, 0);
	g_assert_cmpint(g_unlink(wal), ==, 0);
	g_assert_cmpint(g_unlink(shm), ==, 0);
	add_new(g.ledger, m, 4);
	assert_collected(&g, "1;");
	assert_query(m->database, ROWS, "n4@x.example|written|null");

	/* What is no audit is told, as long as it is there, and not touched. */
	g_assert_cmpint(g_unlink(m->database), ==, 0);
	g_assert_cmpint(g_unlink(wal), ==, 0);
	g_assert_cmpint(g_unlink(shm), ==, 0);
	g_assert_true(g_file_set_contents(m->database, "not a database at all", -1, NULL));
	g_assert_cmpint(STORE_ERROR_APART, ==, 6);
	for (guint i = 0; i < 2; i++) {
		add_new(g.ledger, m, 5);
		add_new(g.ledger, m, 5);
		assert_collected(&g, " E6;");
		assert_collected(&g, " E6;");
	}
	g_assert_cmpint(g_unlink(m->database), ==, 0);
	add_new(g.ledger, m, 6);
	assert_collected(&g, "1;");
	assert_query(m->database, ROWS, "n6@x.example|written|null");
	end_groups(&g);
}

/* No more than so many rows, or so much of them, wait for the disk. */
static void
test_too_many(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);
	g_autoptr(Letter) one = letter_new(m, 1);
	g_autoptr(GError) error = NULL, later = NULL;
	g_autofree char *name = g_strnfill(1000000, 'x');
	g_autofree char *head = g_strdup_printf("From: \"%s\" <a@b.example>\n\n", name);
	g_auto(Job) large = { 0 };
	LedgerEntry entry;
	guint n = 0;

	/* Until it is collected, nothing else is written. */
	add(g.ledger, one, "written");
	for (guint i = 0; i < 10000; i++)
		add(g.ledger, one, "written");
	g_assert_false(ledger_add(g.ledger, &one->job, "milter", "written", &one->entry, &error));
	g_assert_error(error, IO_ERROR, IO_ERROR_BUSY);
	assert_collected(&g, "1;");
	/* There is room again. */
	add(g.ledger, one, "written");
	g_assert_nonnull(g_async_queue_timeout_pop(g.woken, WAIT * 1000));
	ledger_collect(g.ledger, done, &g);
	g_assert_cmpint(g.last, ==, 10001);
	assert_collected(&g, "10002;");
	assert_query(m->database, "SELECT count(*), max(id) FROM message", "10002|10002");

	decide(&large, m->settings, NULL, head);
	add(g.ledger, one, "written");
	while (n < 200 && ledger_add(g.ledger, &large, "milter", "written", &entry, &later))
		n++;
	g_assert_error(later, IO_ERROR, IO_ERROR_BUSY);
	g_assert_cmpuint(n, >, 20);
	g_assert_cmpuint(n, <, 100);
	/* They are dropped with it. */
	end_groups(&g);
	assert_query(m->database, "SELECT count(*) FROM message WHERE id > 10003", "0");
}

/* It may end at any time, and what was being written then is written whole. */
static void
test_closed(Mail *m, gconstpointer unused)
{
	for (guint i = 0; i < 20; i++) {
		Groups g = begin_groups(m, WAIT);
		for (guint k = 0; k < 3; k++)
			add_new(g.ledger, m, k);
		end_groups(&g);
	}
	assert_query(m->database,
	             "SELECT count(*), sum(from_address = 'n0@x.example') FROM message", "20|20");
}

static void
test_no_rows(Mail *m, gconstpointer unused)
{
	Groups g = begin_groups(m, WAIT);

	end_groups(&g);
	ledger_close(begin_run(m, true));
	assert_query(m->database, "SELECT status FROM run", "running");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Mail *m, gconstpointer unused);
	} tests[] = {
		{ "/ledger/at-once", test_at_once },
		{ "/ledger/wait", test_wait },
		{ "/ledger/not-opened", test_not_opened },
		{ "/ledger/run", test_run },
		{ "/ledger/order", test_order },
		{ "/ledger/durable", test_durable },
		{ "/ledger/first-error", test_first_error },
		{ "/ledger/broken-off", test_broken_off },
		{ "/ledger/groups", test_groups },
		{ "/ledger/lock-ends", test_lock_ends },
		{ "/ledger/poison", test_poison },
		{ "/ledger/locked", test_locked },
		{ "/ledger/one-wait", test_one_wait },
		{ "/ledger/stopped", test_stopped },
		{ "/ledger/moved", test_moved },
		{ "/ledger/too-many", test_too_many },
		{ "/ledger/closed", test_closed },
		{ "/ledger/no-rows", test_no_rows },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Mail, NULL, mail_set_up, tests[i].test, mail_tear_down);
	return g_test_run();
}
