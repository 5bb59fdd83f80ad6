/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which of the two files of a directory is used, what an administrator is told about them,
 * that only a complete file takes the place of a compiled one, and that threads may ask at once. */
#include "mail/people.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/compile.h"
#include "cmd/exits.h"
#include "sql.h"

typedef struct {
	char *folder, *file, *compiled;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->folder = g_dir_make_tmp("barefrom-people-XXXXXX", NULL);
	f->file = g_build_filename(f->folder, "people", NULL);
	f->compiled = g_build_filename(f->folder, "people.db", NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_unlink(f->file);
	g_unlink(f->compiled);
	g_assert_cmpint(g_rmdir(f->folder), ==, 0); /* nothing was left beside them */
	g_free(f->folder);
	g_free(f->file);
	g_free(f->compiled);
}

static void
write_text(const Fixture *f, const char *text)
{
	g_assert_true(g_file_set_contents(f->file, text, -1, NULL));
}

/* Builds, without what it prints: standard output is TAP's. */
static bool
build_quietly(const Fixture *f, GError **error)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), output = dup(STDOUT_FILENO);

	fflush(stdout);
	g_assert_cmpint(dup2(nowhere, STDOUT_FILENO), ==, STDOUT_FILENO);
	bool good = compile_directory(f->file, error);
	fflush(stdout);
	g_assert_cmpint(dup2(output, STDOUT_FILENO), ==, STDOUT_FILENO);
	close(nowhere);
	close(output);
	return good;
}

static void
build(const Fixture *f, const char *text)
{
	g_autoptr(GError) error = NULL;

	write_text(f, text);
	g_assert_true(build_quietly(f, &error));
	g_assert_no_error(error);
}

static void
run_sql(const Fixture *f, const char *sql)
{
	change_file(f->compiled, sql);
}

static void
count(gpointer to, const void *value, size_t length)
{
	++*(guint *)to;
}

/* Asserts that the address of @person is known and that of the other is not, and that what is
 * advised holds @advice (NULL: nothing is). */
static void
assert_asked(const Fixture *f, const char *person, const char *advice)
{
	static const char *const both[] = { "jane", "john" };
	g_autoptr(GError) error = NULL;
	g_autoptr(People) people = people_open(f->file, &error);

	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
		g_autofree char *key = g_strdup_printf("a%s@corp.example", both[i]);
		guint n = 0;
		people_find(people, key, strlen(key), count, &n);
		g_assert_cmpuint(n, ==, g_str_equal(both[i], person));
	}
	g_assert_true(people_are_known(people, &error));
	g_assert_cmpuint(strlen(people_digest(people)), ==, 64);
	g_autofree char *words = people_advice(people, f->file);
	g_test_message("%s", words);
	if (advice)
		g_assert_nonnull(strstr(words, advice));
	else
		g_assert_null(words);
}

#define JANE "Jane Doe; jane@corp.example\n"
#define JOHN "John Smith; john@corp.example\n"

static void
test_which(Fixture *f, gconstpointer unused)
{
	write_text(f, JANE);
	assert_asked(f, "jane", NULL);
	build(f, JANE);
	assert_asked(f, "jane", NULL);
	write_text(f, JOHN);
	assert_asked(f, "jane", "was not compiled from");
	g_unlink(f->file);
	assert_asked(f, "jane", "was not compiled from");
	write_text(f, JOHN);
	run_sql(f, "UPDATE facts SET folding = '0, Unicode 1'");
	assert_asked(f, "john", "was compiled with the folding 0, Unicode 1,");
	run_sql(f, "PRAGMA user_version=99");
	assert_asked(f, "john", "newer barefrom");
	g_assert_true(g_file_set_contents(f->compiled, "x", 1, NULL));
	assert_asked(f, "john", f->compiled);
	build(f, JOHN);
	assert_asked(f, "john", NULL);
}

static void
test_nobody(Fixture *f, gconstpointer unused)
{
	static const char *const texts[] = { "", "\n", "# Jane Doe\n\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		write_text(f, texts[i]);
		assert_asked(f, "nobody", "people names nobody");
		build(f, texts[i]);
		assert_asked(f, "nobody", "people names nobody");
		g_unlink(f->compiled);
	}
	/* The old list is in use. */
	build(f, JANE);
	write_text(f, "");
	assert_asked(f, "jane", "before you run barefrom directory build");
	write_text(f, "keep:\n");
	assert_asked(f, "jane", "was not compiled from");
}

/* Nobody is waited for who might write into a named pipe. */
static void
test_pipe(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, not_built = NULL;

	g_assert_cmpint(mkfifo(f->file, 0600), ==, 0);
	g_assert_null(people_open(f->file, &error));
	g_assert_error(error, PEOPLE_ERROR, PEOPLE_ERROR_UNREADABLE);
	g_assert_nonnull(strstr(error->message, "a pipe, not a regular file"));
	g_assert_false(build_quietly(f, &not_built));
	g_assert_error(not_built, CMD_ERROR, CMD_ERROR_NO_INPUT);

	g_unlink(f->file);
	build(f, JANE);
	g_unlink(f->file);
	g_assert_cmpint(mkfifo(f->file, 0600), ==, 0);
	assert_asked(f, "jane", "was not compiled from");

	g_unlink(f->file);
	g_unlink(f->compiled);
	write_text(f, JOHN);
	g_assert_cmpint(mkfifo(f->compiled, 0600), ==, 0);
	assert_asked(f, "john", "a pipe, not a regular file");
}

/* Of both files an error says what is wrong. */
static void
test_neither(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) none = NULL, wrong = NULL;

	g_assert_true(g_file_set_contents(f->compiled, "x", 1, NULL));
	g_assert_null(people_open(f->file, &none));
	g_assert_error(none, PEOPLE_ERROR, PEOPLE_ERROR_UNREADABLE);
	g_assert_nonnull(strstr(none->message, f->compiled));
	g_assert_nonnull(strstr(none->message, "No such file"));
	write_text(f, JANE "keep:\n");
	g_assert_null(people_open(f->file, &wrong));
	g_assert_error(wrong, PEOPLE_ERROR, PEOPLE_ERROR_LINE);
	g_assert_nonnull(strstr(wrong->message, ":2: keep:"));
}

/* A look-up that fails is no answer, and is found before one fails. */
static void
test_damaged(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	gsize size;
	guint n = 0;

	build(f, JANE);
	g_assert_true(g_file_get_contents(f->compiled, &bytes, &size, NULL));
	memset(bytes + 4096, 0xff, 100);
	g_assert_true(g_file_set_contents(f->compiled, bytes, (gssize)size, NULL));
	g_autoptr(People) people = people_open(f->file, &error);
	g_assert_no_error(error);
	g_autofree char *words = people_advice(people, f->file);
	g_assert_nonnull(strstr(words, "mail is deferred"));
	people_find(people, "ajane@corp.example", 18, count, &n);
	g_assert_cmpuint(n, ==, 0);
	g_assert_false(people_are_known(people, &error));
	g_assert_error(error, PEOPLE_ERROR, PEOPLE_ERROR_LOOKUP);
	g_assert_nonnull(strstr(error->message, f->compiled));
	g_assert_null(strchr(exits_public(error), '/'));
	g_assert_nonnull(strstr(exits_public(error), "directory"));
}

static void
test_not_built(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, missing = NULL;

	build(f, JANE);
	write_text(f, JOHN "\nJ\344ne\n");
	g_assert_false(build_quietly(f, &error));
	g_assert_error(error, CMD_ERROR, CMD_ERROR_DATA);
	g_assert_nonnull(strstr(error->message, ":3: "));
	assert_asked(f, "jane", "was not compiled from");
	g_unlink(f->file);
	g_assert_false(build_quietly(f, &missing));
	g_assert_error(missing, CMD_ERROR, CMD_ERROR_NO_INPUT);
	assert_asked(f, "jane", "was not compiled from");
}

/* What a link at FILE.db leads to is left alone. */
static void
test_link(Fixture *f, gconstpointer unused)
{
	g_autofree char *other = g_build_filename(f->folder, "other", NULL), *text = NULL;

	g_assert_true(g_file_set_contents(other, "mine", -1, NULL));
	g_assert_cmpint(symlink(other, f->compiled), ==, 0);
	build(f, JANE);
	g_assert_true(g_file_get_contents(other, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "mine");
	g_assert_false(g_file_test(f->compiled, G_FILE_TEST_IS_SYMLINK));
	assert_asked(f, "jane", NULL);
	g_unlink(other);
}

/* So many that somebody should compile them. */
static void
test_many(Fixture *f, gconstpointer unused)
{
	g_autoptr(GString) text = g_string_new(JANE);

	for (int i = 1; i < 1000; i++)
		g_string_append_printf(text, "a%d@b.example\n", i);
	write_text(f, text->str);
	assert_asked(f, "jane", NULL);
	g_string_append(text, "x@b.example\n");
	write_text(f, text->str);
	assert_asked(f, "jane", "1001 people");
}

/* Asks for one who is known and one who is not; the number of wrong answers. */
static gpointer
ask_often(gpointer people)
{
	guint wrong = 0;

	for (guint turn = 0; turn < 20000; turn++) {
		guint known = 0, unknown = 0;
		people_find(people, "ajane@corp.example", 18, count, &known);
		people_find(people, "ajohn@corp.example", 18, count, &unknown);
		wrong += known != 1 || unknown != 0 || !people_are_known(people, NULL);
	}
	return GUINT_TO_POINTER(wrong);
}

/* Several threads ask the same directory at once. */
static void
test_threads(Fixture *f, gconstpointer compiled)
{
	GThread *threads[4];

	build(f, JANE);
	if (!compiled)
		g_unlink(f->compiled);
	g_autoptr(People) people = people_open(f->file, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("ask", ask_often, people);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/people/which", test_which },     { "/people/neither", test_neither },
		{ "/people/nobody", test_nobody },   { "/people/pipe", test_pipe },
		{ "/people/damaged", test_damaged }, { "/people/not-built", test_not_built },
		{ "/people/link", test_link },       { "/people/many", test_many },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	g_test_add("/people/threads-text", Fixture, NULL, set_up, test_threads, tear_down);
	g_test_add("/people/threads-compiled", Fixture, "", set_up, test_threads, tear_down);
	return g_test_run();
}
