/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a mailbox is written as it was read except for its sender fields, in whatever blocks
 * it is read; that each message has a row with its size; and that what was read is recorded even if
 * the rest cannot be read. */
#include "mail/mailbox.h"

#include <fcntl.h>
#include <unistd.h>

#include "mail.h"
#include "util/io-error.h"

#define FROM_ "From jane@out.example Mon Nov 24 10:00:00 2025\n"
#define FORGED NO_LOGIN "From: \"Jane\" <jane@corp.example>\n"
#define BARE NO_LOGIN "From: jane@corp.example\n"

#define FIRST FORGED "\nFrom: no field\n"
#define SECOND LOGIN "From: \"Jane\" <jane@corp.example>\n\nbody\n>From here\n"
#define THIRD "Reply-To: CEO\n"
#define BOX FROM_ FIRST "\n" FROM_ SECOND "\n" FROM_ THIRD
#define BOX_BARE                                                                                   \
	FROM_ BARE "\nFrom: no field\n\n" FROM_ SECOND "\n" FROM_ "Reply-To: " STRIP_PLACEHOLDER   \
	           "\n"

typedef struct {
	Mail mail;
	Run run;
	Ledger *ledger;
	char *in, *out;
} Box;

static void
set_up(Box *b, gconstpointer unused)
{
	mail_set_up(&b->mail, NULL);
	b->in = g_build_filename(b->mail.folder, "in", NULL);
	b->out = g_build_filename(b->mail.folder, "out", NULL);
	run_init(&b->run, b->mail.settings);
}

static void
tear_down(Box *b, gconstpointer unused)
{
	run_clear(&b->run);
	g_clear_pointer(&b->ledger, ledger_close);
	g_free(b->in);
	g_free(b->out);
	mail_tear_down(&b->mail, NULL);
}

/* With a ledger. */
static void
begin(Box *b)
{
	g_autoptr(GError) error = NULL;

	b->ledger = ledger_open(b->mail.settings, 1000, &error);
	g_assert_no_error(error);
	g_assert_true(run_begin(&b->run, b->ledger, "in", &error));
}

static bool
read_box(Box *b, const char *text, GError **error)
{
	g_assert_true(g_file_set_contents(b->in, text, -1, NULL));
	int in = open(b->in, O_RDONLY | O_CLOEXEC);
	int out = open(b->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = mailbox_read(&b->run, in, out, error);
	close(in);
	close(out);
	return good;
}

static void
assert_read(Box *b, const char *text, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *got = NULL;

	g_assert_true(read_box(b, text, &error));
	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(b->out, &got, NULL, NULL));
	g_assert_cmpstr(got, ==, wanted);
}

#define ROWS "SELECT action, outcome, size, coalesce(envelope_from, '') FROM message ORDER BY id"

static void
test_mailbox(Box *b, gconstpointer unused)
{
	g_autofree char *sizes = g_strdup_printf(
	        "stripped|written|%zu|jane@out.example kept|written|%zu|jane@out.example "
	        "replaced|written|%zu|jane@out.example",
	        strlen(FIRST "\n"), strlen(SECOND "\n"), strlen(THIRD));

	begin(b);
	assert_read(b, BOX, BOX_BARE);
	g_assert_cmpuint(b->run.messages, ==, 3);
	g_assert_cmpuint(b->run.octets, ==, strlen(BOX));
	g_assert_cmpuint(b->run.text + b->run.loose + b->run.bare_cr + b->run.bad_lengths, ==, 0);
	assert_query(b->mail.database, ROWS, sizes);
	g_autofree char *tops = run_tops(&b->run);
	g_assert_cmpstr(tops, ==, MX " (2)");
	/* As it came out it stays. */
	b->run.ledger = NULL;
	assert_read(b, BOX_BARE, BOX_BARE);
	g_assert_cmpuint(b->run.actions[ACTION_KEPT], ==, 4);
}

/* Nothing is recorded, and nothing written. */
static void
test_dry(Box *b, gconstpointer unused)
{
	b->run.dry_run = true;
	assert_read(b, BOX, "");
	g_assert_cmpuint(b->run.actions[ACTION_STRIPPED], ==, 1);
	g_assert_false(g_file_test(b->mail.database, G_FILE_TEST_EXISTS));
	begin(b);
	assert_read(b, BOX, "");
	assert_query(b->mail.database, "SELECT DISTINCT outcome FROM message", "dry-run");
}

/* What comes through a pipe, an octet at a time, is the same. */
typedef struct {
	int fd;
	const char *text;
} Writer;

static gpointer
write_slowly(gpointer data)
{
	Writer *writer = data;

	for (const char *c = writer->text; *c; c++)
		g_assert_cmpint(write(writer->fd, c, 1), ==, 1);
	close(writer->fd);
	return NULL;
}

static void
assert_read_slowly(Box *b, const char *text, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *got = NULL;
	int ends[2];

	g_assert_cmpint(pipe(ends), ==, 0);
	Writer writer = { ends[1], text };
	GThread *thread = g_thread_new("writer", write_slowly, &writer);
	int out = open(b->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	g_assert_true(mailbox_read(&b->run, ends[0], out, &error));
	g_thread_join(thread);
	close(out);
	close(ends[0]);
	g_assert_true(g_file_get_contents(b->out, &got, NULL, NULL));
	g_assert_cmpstr(got, ==, wanted);
}

static void
test_pipe(Box *b, gconstpointer unused)
{
	assert_read_slowly(b, BOX, BOX_BARE);
}

/* Messages larger than any block, and more than may wait to be written at once. */
static void
test_large(Box *b, gconstpointer unused)
{
	g_autoptr(GString) text = g_string_new(NULL), wanted = g_string_new(NULL),
	                   body = g_string_new("\n"), name = g_string_new(NULL);

	while (body->len < 1000000)
		g_string_append(body, "From: text, and no field of a head\n");
	while (name->len < 5000)
		g_string_append(name, "\tJane\n");
	for (int i = 0; i < 2000; i++) {
		bool is_large = i % 500 == 7;
		g_string_append_printf(text, FROM_ "From:\n%s <jane@corp.example>\n%s\n",
		                       is_large ? name->str : " Jane", is_large ? body->str : "\n");
		g_string_append_printf(wanted, FROM_ "From: jane@corp.example\n%s\n",
		                       is_large ? body->str : "\n");
	}
	begin(b);
	assert_read(b, text->str, wanted->str);
	assert_query(b->mail.database,
	             "SELECT count(*), count(size), min(size), max(size) > 1000000 FROM message",
	             "2000|2000|34|1");
}

static void
test_odd(Box *b, gconstpointer unused)
{
	/* Text before the first message; From_ lines without an empty line before them. */
	assert_read(
	        b, "text\n" FROM_ "From: \"J\" <j@x.example>\n" FROM_ "From: \"K\" <k@x.example>\n",
	        "text\n" FROM_ "From: j@x.example\n" FROM_ "From: k@x.example\n");
	g_assert_cmpuint(b->run.text, ==, strlen("text\n"));
	g_assert_cmpuint(b->run.loose, ==, 2);
	g_assert_cmpuint(b->run.messages, ==, 2);

	/* One whose From_ line holds a bare CR is not touched. */
	assert_read(b, "From a\rb Mon Nov 24 10:00:00 2025\nFrom: \"J\" <j@x.example>\n\n",
	            "From a\rb Mon Nov 24 10:00:00 2025\nFrom: \"J\" <j@x.example>\n\n");
	g_assert_cmpuint(b->run.bare_cr, ==, 1);
	g_assert_cmpuint(b->run.actions[ACTION_REFUSED], ==, 1);

	assert_read(b, "", "");
	g_assert_cmpuint(b->run.messages, ==, 3);

	/* A From_ line that is all, and has neither an end nor a time. */
	g_assert_cmpuint(b->run.timeless, ==, 0);
	assert_read(b, "From x", "From x");
	g_assert_cmpuint(b->run.messages, ==, 4);
	g_assert_cmpuint(b->run.timeless, ==, 1);
	g_assert_cmpuint(b->run.timeless_at, ==, 1);
}

/* A field that would be taken for a From_ line once it is bare stays, and one that would not be is
 * made bare. */
static void
test_parting(Box *b, gconstpointer unused)
{
	assert_read(b, FROM_ "From : \"J\"\n <a@[IPv6:2001:db8:12:30::1]>\nSubject: x\n\nhi\n",
	            FROM_ "From : \"J\"\n <a@[IPv6:2001:db8:12:30::1]>\nSubject: x\n\nhi\n");
	assert_read(b, FROM_ "From (at 12:30): \"J\"\n <a@x.example>\nX: y\n\nhi\n",
	            FROM_ "From (at 12:30): \"J\"\n <a@x.example>\nX: y\n\nhi\n");
	g_assert_cmpuint(b->run.actions[ACTION_REFUSED], ==, 2);
	assert_read(b, FROM_ "From : \"J\"\n <a@x.example>\nSubject: at 12:30\n\nhi\n",
	            FROM_ "From : a@x.example\nSubject: at 12:30\n\nhi\n");
	g_assert_cmpuint(b->run.messages, ==, 3);
}

/* Where neither From nor Sender shows anybody, a name in the From_ line or Return-Path counts. */
static void
test_shown(Box *b, gconstpointer unused)
{
#define JANE "From Jane_Doe Mon Nov 24 10:00:00 2025\n"
#define ADDRESS "From j@x.example Mon Nov 24 10:00:00 2025\n"
	static const struct {
		const char *message;
		guint64 shown;
	} rows[] = {
		{ JANE "Subject: x\n\n", 1 },
		{ JANE "\nFrom: j@x.example\n", 1 },
		{ JANE "From:\nSender: \n\n", 1 },
		{ JANE "From: <>, ()\n\n", 1 },
		{ JANE "Reply-To: j@x.example\n\n", 1 },
		{ JANE "From: j@x.example\n\n", 0 },
		{ JANE "From:\nSender: j@x.example\n\n", 0 },
		{ JANE ">From: j@x.example\n\n", 0 },
		{ JANE "From: CEO\n\n", 0 },
		{ JANE "From: \"\"\n\n", 0 },
		{ JANE "From: j@x@y\n\n", 0 },
		{ JANE LOGIN "\n", 0 },
		{ "From \"Jane Doe\" <j@x.example> Mon Nov 24 10:00:00 2025\n\n", 1 },
		{ "From j <j@x.example> Mon Nov 24 10:00:00 2025\n\n", 1 },
		{ ADDRESS "Return-Path: Jane <j@x.example>\n\n", 1 },
		{ ADDRESS "Return-Path: <j@x.example>\n\n", 0 },
		{ ADDRESS "X-Return-Path: Jane <j@x.example>\n\n", 0 },
		{ "From mailer-daemon Mon Nov 24 10:00:00 2025\nReturn-Path: <>\n\n", 0 },
		{ "From - Mon Nov 24 10:00:00 2025\n\n", 0 },
		{ "From \n\n", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		b->run.shown = 0;
		g_test_message("%s", rows[i].message);
		g_assert_true(read_box(b, rows[i].message, NULL));
		g_assert_cmpuint(b->run.shown, ==, rows[i].shown);
	}
}

/* A length hides what is a message without it; one that leads nowhere is counted. */
static void
test_lengths(Box *b, gconstpointer unused)
{
	static const char box[] = FROM_ "Content-Length: 57\nFrom: \"J\" <j@x.example>\n\n"
	                                "\n" FROM_ "From: k\n\n"
	                                "\n" FROM_ "Content-Length: 1000\nFrom: l@x.example\n\nx\n";
	static const char bare[] =
	        FROM_ "Content-Length: 57\nFrom: j@x.example\n\n"
	              "\n" FROM_ "From: k\n\n"
	              "\n" FROM_ "Content-Length: 1000\nFrom: l@x.example\n\nx\n";

	g_assert_cmpuint(strlen("\n" FROM_ "From: k\n\n"), ==, 57);
	begin(b);
	b->run.by_length = true;
	assert_read(b, box, bare);
	g_assert_cmpuint(b->run.messages, ==, 2);
	g_assert_cmpuint(b->run.bad_lengths, ==, 1);
	b->run.by_length = false;
	b->run.ledger = NULL;
	g_assert_true(read_box(b, box, NULL));
	g_assert_cmpuint(b->run.messages, ==, 5);
	g_assert_cmpuint(b->run.bad_lengths, ==, 1);
}

/* What was read until then is recorded, and said to have been written as far as it was. */
static void
test_broken(Box *b, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, closed = NULL;
	int in, full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	begin(b);
	g_assert_true(g_file_set_contents(b->in, BOX, -1, NULL));
	in = open(b->in, O_RDONLY | O_CLOEXEC);
	g_assert_false(mailbox_read(&b->run, in, full, &error));
	g_assert_error(error, IO_ERROR, IO_ERROR_NO_SPACE);
	close(in);
	close(full);
	/* The end of the last one was never read. */
	assert_query(b->mail.database, "SELECT count(*) FROM message", "2");
	in = open(b->mail.folder, O_RDONLY | O_CLOEXEC);
	g_assert_true(run_end(&b->run, "failed", NULL));
	g_assert_true(run_begin(&b->run, b->ledger, "in", NULL));
	g_assert_false(mailbox_read(&b->run, in, -1, &closed));
	g_assert_error(closed, IO_ERROR, IO_ERROR_FAILED);
	close(in);
}

static void
count(const Run *run, gpointer data)
{
	++*(guint *)data;
}

static void
test_progress(Box *b, gconstpointer unused)
{
	static volatile sig_atomic_t stop;
	g_autoptr(GError) error = NULL;
	guint calls = 0;

	b->run.progress = count;
	b->run.progress_data = &calls;
	assert_read(b, BOX, BOX_BARE);
	g_assert_cmpuint(calls, >, 0);
	/* A signal ends it. */
	stop = 1;
	b->run.stop = &stop;
	g_assert_false(read_box(b, BOX, &error));
	g_assert_nonnull(error);
}

/* Ends the run, and begins one that puts messages back. */
static void
begin_undo(Box *b)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(run_end(&b->run, "done", &error));
	run_clear(&b->run);
	run_init(&b->run, b->mail.settings);
	b->run.originals = originals_open(b->mail.database, 1000, &error);
	g_assert_no_error(error);
	g_assert_true(run_begin(&b->run, b->ledger, "in", &error));
}

/* @text with CRLF, but for the From_ lines. (transfer full) */
static char *
crlf(const char *text)
{
	GString *with = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		g_string_append_printf(with, "%s%s", *line,
		                       !line[1]                           ? ""
		                       : g_str_has_prefix(*line, "From ") ? "\n"
		                                                          : "\r\n");
	return g_string_free(with, false);
}

/* What becomes of the mailbox with CRLF: what was not changed stays so. */
#define CRLF_UNDONE FROM_ FIRST "\n" FROM_ "%s" FROM_ THIRD

#define RUNS "SELECT command, messages, stripped, status FROM run"

static void
test_undo(Box *b, gconstpointer unused)
{
	static const char odd[] = FROM_ "From: x\n\na\r\n\r\nb\r\n";
	g_autofree char *fetched = crlf(BOX_BARE);
	g_autoptr(GError) error = NULL;

	begin(b);
	assert_read(b, BOX FROM_ "X: nobody\n\n" FROM_ "From: \"J\" <j@x>\n\nlast\r",
	            BOX_BARE FROM_ "X: nobody\n\n" FROM_ "From: j@x\n\nlast\r");
	begin_undo(b);
	assert_read(b, BOX_BARE, BOX);
	g_assert_cmpuint(run_changed(&b->run), ==, 2);
	g_assert_cmpuint(b->run.undone[UNDO_NEVER_CHANGED], ==, 1);
	g_assert_cmpuint(b->run.messages, ==, 3);
	g_assert_false(run_has_left(&b->run));
	g_assert_true(run_end(&b->run, "done", &error));
	assert_query(b->mail.database, RUNS, "mbox|5|3|done mbox --undo|3|0|done");
	assert_query(b->mail.database, "SELECT count(*) FROM message", "5");
	/* A message that was not changed stays as it is. */
	b->run.ledger = NULL;
	g_autofree char *kept = crlf(FROM_ SECOND);
	assert_read(b, kept, kept);
	/* One that was recorded with LF comes out so, whatever the blocks. */
	g_autofree char *third = crlf(FROM_ "From: j@x\n\nlast\r");
	g_autofree char *second = crlf(SECOND "\n");
	g_autofree char *undone = g_strdup_printf(CRLF_UNDONE, second);
	assert_read_slowly(b, fetched, undone);
	assert_read_slowly(b, third, FROM_ "From: \"J\" <j@x>\n\nlast\r");
	/* Others are left. */
	assert_read(b, odd, odd);
	g_assert_cmpuint(run_not_undone(&b->run), ==, 1);
	g_assert_true(run_has_left(&b->run));
	originals_close(b->run.originals);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Box *b, gconstpointer unused);
	} tests[] = {
		{ "/mailbox/mailbox", test_mailbox },   { "/mailbox/dry", test_dry },
		{ "/mailbox/pipe", test_pipe },         { "/mailbox/large", test_large },
		{ "/mailbox/odd", test_odd },           { "/mailbox/lengths", test_lengths },
		{ "/mailbox/parting", test_parting },   { "/mailbox/broken", test_broken },
		{ "/mailbox/progress", test_progress }, { "/mailbox/shown", test_shown },
		{ "/mailbox/undo", test_undo },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Box, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
