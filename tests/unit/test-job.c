/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a message goes through its states in order and once, and that it is decided in the
 * same way however its head arrives. */
#include "mail/job.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/compile.h"
#include "mail.h"
#include "mail/people.h"
#include "store/store-error.h"

#define FORGED NO_LOGIN "From: \"Jane Doe\" <jane@corp.example>\n\n"

static Ledger *
open_ledger(const Mail *m)
{
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(m->settings, 0, &error);

	g_assert_no_error(error);
	return ledger;
}

static void
test_states(Mail *m, gconstpointer unused)
{
	g_autoptr(Ledger) ledger = open_ledger(m);
	g_autoptr(GError) error = NULL;
	Job job;

	job_init(&job, m->settings, NULL);
	g_assert_cmpuint(m->settings->references, ==, 2);
	g_assert_cmpint(job.state, ==, JOB_NEW);
	g_assert_cmpint(job.size, ==, -1);
	g_assert_nonnull(job.facts);
	job_set_head(&job, FORGED, strlen(FORGED));
	g_assert_true(job_decide(&job, &error));
	g_assert_cmpint(job.state, ==, JOB_DECIDED);
	g_assert_nonnull(job.new_head);

	/* What cannot be recorded is not. */
	g_assert_false(job_record(&job, ledger, "filter", "nonsense", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_OTHER);
	g_clear_error(&error);
	g_assert_cmpint(job.state, ==, JOB_DECIDED);
	g_assert_true(job_record(&job, ledger, "filter", "pending", &error));
	g_assert_cmpint(job.state, ==, JOB_RECORDED);
	g_assert_cmpint(job.entry.id, >, 0);
	g_assert_true(job_settle(&job, ledger, "sent", 12, &error));
	g_assert_cmpint(job.state, ==, JOB_SETTLED);
	assert_query(m->database, "SELECT source, outcome, size FROM message", "filter|sent|12");

	/* Nothing is left of it, and its row stays. */
	job_clear(&job);
	g_assert_cmpint(job.state, ==, JOB_NEW);
	g_assert_cmpint(job.entry.id, ==, 0);
	g_assert_null(job.decision);
	g_assert_cmpuint(m->settings->references, ==, 1);
	assert_query(m->database, "SELECT count(*) FROM message", "1");
	job_clear(&job);
}

/* A message that is settled before its row is there, or twice: that is a mistake in the program,
 * and it ends before mail is lost by it. */
static void
test_misuse(Mail *m, gconstpointer step)
{
	if (!g_test_subprocess()) {
		g_setenv("MAIL_FOLDER", m->folder, true);
		g_test_trap_subprocess(NULL, 0, 0);
		g_test_trap_assert_failed();
		g_test_trap_assert_stderr("*job->state*");
		return;
	}
	g_autoptr(Ledger) ledger = open_ledger(m);
	g_autoptr(GError) error = NULL;
	Job job;

	job_init(&job, m->settings, NULL);
	job_set_head(&job, FORGED, strlen(FORGED));
	for (const char *s = step; *s; s++) {
		bool good = *s == 'd'   ? job_decide(&job, &error)
		            : *s == 'r' ? job_record(&job, ledger, "filter", "pending", &error)
		                        : job_settle(&job, ledger, "sent", 1, &error);
		/* Only the last step is wrong. */
		if (!good || !s[1])
			exit(0);
	}
}

static int
file_of(const Mail *m, const char *bytes, size_t length)
{
	g_autofree char *path = g_build_filename(m->folder, "message", NULL);

	g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	g_assert_cmpint(fd, >=, 0);
	return fd;
}

/* What is held of a message beside its head. */
static void
test_hold(Mail *m, gconstpointer unused)
{
	g_autoptr(GString) text = g_string_new(FORGED);
	size_t head = text->len;

	while (text->len < 2000000)
		g_string_append(text, "From: no more of the head\n");
	for (size_t hold = 0; hold <= 4000000; hold += 1000000) {
		g_auto(Message) message = { 0 };
		g_auto(Job) job = { 0 };
		int fd = file_of(m, text->str, text->len);
		message_init(&message, fd);
		job_init(&job, m->settings, NULL);
		g_assert_true(job_read_head(&job, &message, hold, NULL));
		g_assert_cmpmem(job.head.bytes.data, job.head.bytes.length, FORGED, head);
		g_assert_true(job.complete);
		if (hold > text->len)
			g_assert_true(message.at_end);
		else
			g_assert_cmpuint(message.length, >, hold);
		close(fd);
	}
}

static void
test_no_head(Mail *m, gconstpointer unused)
{
	g_auto(Message) message = { 0 }, folder = { 0 };
	g_auto(Job) empty = { 0 }, job = { 0 };
	g_autoptr(GError) error = NULL;
	int fd = file_of(m, "", 0), no_file = open(m->folder, O_RDONLY | O_CLOEXEC);

	message_init(&message, fd);
	job_init(&empty, m->settings, NULL);
	g_assert_true(job_read_head(&empty, &message, 0, &error));
	g_assert_cmpuint(empty.head.bytes.length, ==, 0);
	message_init(&folder, no_file);
	job_init(&job, m->settings, NULL);
	g_assert_false(job_read_head(&job, &folder, 0, &error));
	g_assert_nonnull(error);
	g_assert_cmpint(job.state, ==, JOB_NEW);
	close(fd);
	close(no_file);
}

typedef struct {
	const char *name, *value; /* the value with all behind the colon */
} Field;

/* However a head comes, it is the same one. */
static void
test_fields(Mail *m, gconstpointer unused)
{
	static const Field heads[][5] = {
		{ { NULL } },
		{ { "From", " \"Jane Doe\" <jane@corp.example>" } },
		{ { "From", "" }, { "", "" }, { "To", " x" } },
		{ { "Subject", " x\n\tfolded\r\n too" },
		  { "from", "\t\"J\" <j@corp.example>,\n k@corp.example" },
		  { "X ", " blank in the name" },
		  { "REPLY-TO", " \"Boss\" <b@corp.example>\r" } },
		{ { "X", " a\rFrom: \"Jane\" <j@corp.example>" },
		  { "Sender", " =?utf-8?q?J=C3=A4ne?= <j@corp.example>" },
		  { "Y", "\nZ: a line of its own" } },
		{ { "X", "\n" }, { "From", " \"behind an empty line\" <j@corp.example>" } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_auto(Job) by_field = { 0 }, at_once = { 0 };
		job_init(&by_field, m->settings, NULL);
		for (const Field *field = heads[i]; field->name; field++) {
			g_string_append_printf(text, "%s:%s\n", field->name, field->value);
			g_assert_true(job_add_field(&by_field, field->name, strlen(field->name),
			                            field->value, strlen(field->value)));
		}
		g_string_append_c(text, '\n');
		g_assert_true(job_end_fields(&by_field));
		job_init(&at_once, m->settings, NULL);
		job_set_head(&at_once, text->str, text->len);

		g_test_message("%s", text->str);
		g_assert_cmpmem(by_field.head.bytes.data, by_field.head.bytes.length, text->str,
		                text->len);
		g_assert_cmpuint(by_field.head.fields_end, ==, at_once.head.fields_end);
		g_assert_true(by_field.complete && at_once.complete);
		g_assert_true(job_decide(&by_field, NULL));
		g_assert_true(job_decide(&at_once, NULL));
		g_assert_cmpint(by_field.decision->action, ==, at_once.decision->action);
		g_assert_true(!by_field.new_head == !at_once.new_head);
		g_assert_true(!by_field.new_head ||
		              g_bytes_equal(by_field.new_head, at_once.new_head));
	}
}

/* The longest head, field by field, from a file, and at once; and one of an octet more, which is
 * refused whatever it holds. */
static void
test_longest(Mail *m, gconstpointer unused)
{
	static const char from[] = "From:\"Jane Doe\" <jane@corp.example>\n";
	g_autofree char *value = g_malloc(HEAD_MAX + 100);
	/* "X:", LF, and the empty line. */
	size_t rest = HEAD_MAX - strlen(from) - 4;

	memset(value, 'x', HEAD_MAX + 100);
	for (size_t more = 0; more < 100; more += 1 + more * 49) {
		g_auto(Job) job = { 0 }, again = { 0 }, read = { 0 };
		g_auto(Message) message = { 0 };
		bool fits = more == 0;
		job_init(&job, m->settings, NULL);
		g_assert_true(job_add_field(&job, "From", 4, from + 5, strlen(from) - 6));
		g_assert_true(job_add_field(&job, "X", 1, value, rest + more));
		g_assert_true(job_end_fields(&job));
		g_assert_true(job.complete == fits);
		g_assert_cmpuint(job.head.bytes.length, ==, HEAD_MAX);
		g_assert_cmpuint(job.gathered_length, <=, HEAD_MAX + 1);
		g_assert_true(job_decide(&job, NULL));
		g_assert_cmpint(job.decision->action, ==, fits ? ACTION_STRIPPED : ACTION_REFUSED);

		job_init(&again, m->settings, NULL);
		job_set_head(&again, job.gathered, job.gathered_length);
		g_assert_true(again.complete == fits);
		g_assert_cmpuint(again.head.bytes.length, ==, HEAD_MAX);

		int fd = file_of(m, job.gathered, job.gathered_length);
		message_init(&message, fd);
		job_init(&read, m->settings, NULL);
		g_assert_true(job_read_head(&read, &message, 0, NULL));
		g_assert_true(read.complete == fits);
		g_assert_cmpuint(read.head.bytes.length, ==, HEAD_MAX);
		close(fd);
	}

	/* What comes behind it costs nothing. */
	g_auto(Job) job = { 0 };
	job_init(&job, m->settings, NULL);
	for (int i = 0; i < 3; i++)
		g_assert_true(job_add_field(&job, "X", 1, value, HEAD_MAX));
	g_assert_true(job_end_fields(&job));
	g_assert_false(job.complete);
	g_assert_cmpuint(job.gathered_length, ==, HEAD_MAX + 1);
	g_assert_cmpuint(job.gathered_room, <=, 2 * HEAD_MAX + 2);
}

static void
test_refuse(Mail *m, gconstpointer unused)
{
	g_auto(Job) job = { 0 };

	job_init(&job, m->settings, NULL);
	job_set_head(&job, FORGED, strlen(FORGED));
	job.refuse = "for a reason";
	g_assert_true(job_decide(&job, NULL));
	g_assert_cmpint(job.decision->action, ==, ACTION_REFUSED);
	g_assert_cmpstr(job.decision->refused, ==, "for a reason");
	g_assert_cmpuint(job.decision->edits->len, ==, 0);
	g_assert_null(job.new_head);
}

/* A directory that cannot be asked makes no decision. */
static void
test_people(Mail *m, gconstpointer unused)
{
	g_autofree char *file = g_build_filename(m->folder, "people", NULL);
	g_autofree char *compiled = g_strconcat(file, ".db", NULL), *bytes = NULL;
	g_autofree char *option = g_strconcat("directory=", file, NULL);
	g_autoptr(Config) config = load_config((const char *[]){ option, "scope=directory", NULL });
	g_autoptr(GError) error = NULL;
	g_auto(Job) good = { 0 }, bad = { 0 };
	gsize size;

	g_assert_true(g_file_set_contents(file, "Jane Doe; jane@corp.example\n", -1, NULL));
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), output = dup(STDOUT_FILENO);
	fflush(stdout);
	g_assert_cmpint(dup2(nowhere, STDOUT_FILENO), ==, STDOUT_FILENO);
	g_assert_true(compile_directory(file, &error));
	fflush(stdout);
	g_assert_cmpint(dup2(output, STDOUT_FILENO), ==, STDOUT_FILENO);
	close(nowhere);
	close(output);
	g_assert_true(config_open_directory(config, &error));
	decide(&good, config->settings, NULL, FORGED);
	g_assert_cmpint(good.decision->action, ==, ACTION_STRIPPED);

	g_assert_true(g_file_get_contents(compiled, &bytes, &size, NULL));
	memset(bytes + 4096, 0xff, 100);
	int fd = open(compiled, O_WRONLY | O_CLOEXEC);
	g_assert_cmpint(pwrite(fd, bytes, size, 0), ==, (gssize)size);
	close(fd);
	g_autoptr(Config) again = load_config((const char *[]){ option, "scope=directory", NULL });
	g_assert_true(config_open_directory(again, &error));
	job_init(&bad, again->settings, NULL);
	job_set_head(&bad, FORGED, strlen(FORGED));
	g_assert_false(job_decide(&bad, &error));
	g_assert_error(error, PEOPLE_ERROR, PEOPLE_ERROR_LOOKUP);
	g_assert_cmpint(bad.state, ==, JOB_NEW);
}

static void
test_words(Mail *m, gconstpointer unused)
{
	g_autoptr(Config) nobody =
	        load_config((const char *[]){ "scope=domains", "domains=other.example", NULL });
	g_auto(Job) job = { 0 }, outside = { 0 };
	static const struct {
		bool dry_run;
		size_t max;
		const char *words;
	} rows[] = {
		{ false, 90, "stripped, everyone, anonymous (no-login), audit id 1234567890123" },
		{ false, 66, "stripped, everyone, anonymous (no-login), audit id 1234567890123" },
		{ false, 63, "stripped, anonymous (no-login), audit id 1234567890123" },
		{ false, 0, "stripped, anonymous (no-login), audit id 1234567890123" },
		{ true, 90,
		  "stripped (dry run), everyone, anonymous (no-login), audit id 1234567890123" },
		{ true, 73, "stripped (dry run), anonymous (no-login), audit id 1234567890123" },
	};

	decide(&job, m->settings, NULL, FORGED);
	job.entry.id = G_GINT64_CONSTANT(1234567890123);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *words = job_words(&job, rows[i].dry_run, rows[i].max);
		g_assert_cmpstr(words, ==, rows[i].words);
	}
	/* The bound is met to the octet. */
	size_t length = strlen(rows[0].words);
	g_autofree char *just = job_words(&job, false, length),
	                *less = job_words(&job, false, length - 1);
	g_assert_cmpstr(just, ==, rows[0].words);
	g_assert_cmpstr(less, ==, rows[2].words);

	decide(&outside, nobody->settings, NULL, FORGED);
	g_autofree char *words = job_words(&outside, false, 90);
	g_assert_cmpstr(words, ==, "kept, out of scope, anonymous (no-login), audit id 0");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Mail *m, gconstpointer data);
		const char *data;
	} tests[] = {
		{ "/job/states", test_states },
		{ "/job/misuse/recorded-undecided", test_misuse, "r" },
		{ "/job/misuse/settled-undecided", test_misuse, "s" },
		{ "/job/misuse/settled-unrecorded", test_misuse, "ds" },
		{ "/job/misuse/decided-twice", test_misuse, "dd" },
		{ "/job/misuse/recorded-twice", test_misuse, "drr" },
		{ "/job/misuse/settled-twice", test_misuse, "drss" },
		{ "/job/misuse/recorded-settled", test_misuse, "drsr" },
		{ "/job/hold", test_hold },
		{ "/job/no-head", test_no_head },
		{ "/job/fields", test_fields },
		{ "/job/longest", test_longest },
		{ "/job/refuse", test_refuse },
		{ "/job/people", test_people },
		{ "/job/words", test_words },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Mail, tests[i].data, mail_set_up, tests[i].test,
		           mail_tear_down);
	return g_test_run();
}
