/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a compiled directory gives back its rows, and only these, however many are asked for;
 * that names are found in it as in memory; and that a file that is none, or is damaged, is
 * recognized. */
#include "store/directory.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/names.h"
#include "sql.h"

typedef struct {
	char *folder, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->folder = g_dir_make_tmp("barefrom-directory-XXXXXX", NULL);
	/* What a URI would take for something else. */
	f->path = g_build_filename(f->folder, "a?b#c%41.db", NULL);
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_unlink(f->path);
	g_rmdir(f->folder);
	g_free(f->path);
	g_free(f->folder);
}

static const char *const lines[] = {
	"Jane Doe; jane.doe@corp.example",
	"Doe, Jane; j.doe@corp.example; jane.doe@corp.example",
	"Jörg Müller",
	"王伟明; wang@corp.example",
	"Anna Maria Schmidt",
	"Otto Maria Schmidt",
};

static const DirectoryFacts some_facts = { (char *)"abc", (char *)"1, Unicode 15.0", 7, 5 };

/* Writes the lines to the fixture's file. */
static DirectoryWriter *
write_rows(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	DirectoryWriter *writer = directory_writer_new(f->path, &error);
	g_assert_no_error(error);
	g_autoptr(Listing) listing = listing_new(directory_writer_add, writer);

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		const char *wrong;
		g_autoptr(Person) person =
		        listing_add(listing, lines[i], strlen(lines[i]), i + 1, &wrong);
		g_assert_nonnull(person);
	}
	listing_finish(listing);
	return writer;
}

static void
write_file(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(DirectoryWriter) writer = write_rows(f);

	g_assert_true(directory_writer_finish(writer, &some_facts, &error));
	g_assert_no_error(error);
}

static void
append_value(gpointer to, const void *value, size_t length)
{
	g_string_append_printf(to, "%.*s;", (int)length, (const char *)value);
}

static void
test_rows(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(DirectoryWriter) writer = directory_writer_new(f->path, &error);
	g_assert_no_error(error);
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };

	directory_writer_add(writer, "k\0a", 3, "1", 1);
	directory_writer_add(writer, "k\0a", 3, "1", 1);
	directory_writer_add(writer, "k\0a", 3, "2", 1);
	directory_writer_add(writer, "k\0", 2, "3", 1);
	directory_writer_add(writer, "m", 1, NULL, 0);
	g_assert_true(directory_writer_finish(writer, &some_facts, &error));

	g_autoptr(Directory) directory = directory_open(f->path, &facts, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(facts.digest, ==, "abc");
	g_assert_cmpstr(facts.folding, ==, "1, Unicode 15.0");
	g_assert_cmpint(facts.lines, ==, 7);
	g_assert_cmpint(facts.people, ==, 5);
	directory_find(directory, "k\0a", 3, append_value, text);
	directory_find(directory, "m", 1, append_value, text);
	directory_find(directory, "k", 1, append_value, text);
	g_assert_cmpstr(text->str, ==, "1;2;;");
	g_assert_true(directory_is_good(directory, &error));
}

static void
test_names(Fixture *f, gconstpointer unused)
{
	static const char value[] = "\"Doe, Jane (Jоrg Muеller)\" <x@y.example>";
	g_autoptr(GError) error = NULL;
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };

	write_file(f);
	g_autoptr(Directory) directory = directory_open(f->path, &facts, &error);
	g_assert_no_error(error);
	g_autoptr(NamesSearch) search = names_search_new(directory_find, directory);
	g_autoptr(AddressList) list = address_parse_elements(value, strlen(value));
	names_search_place(search, (Span){ value, strlen(value) }, list);
	const GPtrArray *matches = names_matches(search);
	g_assert_cmpuint(matches->len, ==, 3);
	g_assert_cmpuint(((NamesMatch *)g_ptr_array_index(matches, 0))->line, ==, 1);
	g_assert_cmpuint(((NamesMatch *)g_ptr_array_index(matches, 1))->line, ==, 2);
	const NamesMatch *last = g_ptr_array_index(matches, 2);
	g_assert_cmpuint(last->line, ==, 3);
	g_assert_cmpint(last->folding, ==, NAMES_LOOK_ALIKE);
	g_assert_true(directory_is_good(directory, &error));
}

static void
append_lines(gpointer to, guint line, guint other_line)
{
	g_string_append_printf(to, "%u-%u;", line, other_line);
}

static void
test_shared(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(DirectoryWriter) writer = write_rows(f);
	g_autoptr(GString) names = g_string_new(NULL), addresses = g_string_new(NULL);

	g_assert_true(directory_writer_shared(writer, "psic", true, append_lines, names, &error));
	g_assert_true(directory_writer_shared(writer, "a", false, append_lines, addresses, &error));
	g_assert_cmpstr(names->str, ==, "1-2;");
	g_assert_cmpstr(addresses->str, ==, "1-2;");
}

static void
assert_refused(const Fixture *f, StoreError code, const char *words)
{
	g_autoptr(GError) error = NULL;
	DirectoryFacts facts;

	g_assert_null(directory_open(f->path, &facts, &error));
	g_assert_error(error, STORE_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, f->path));
	g_assert_nonnull(strstr(error->message, words));
}

static void
test_refused(Fixture *f, gconstpointer unused)
{
	assert_refused(f, STORE_ERROR_FOREIGN, "another program");
	g_assert_true(g_file_set_contents(f->path, "no database", -1, NULL));
	assert_refused(f, STORE_ERROR_FOREIGN, "not a database");
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
	change_file(f->path, "CREATE TABLE x(y); PRAGMA user_version=1");
	assert_refused(f, STORE_ERROR_FOREIGN, "another program");
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
	write_file(f);
	change_file(f->path, "PRAGMA user_version=3");
	assert_refused(f, STORE_ERROR_NEWER, "newer");
	change_file(f->path, "PRAGMA user_version=1");
	assert_refused(f, STORE_ERROR_FOREIGN, "older");
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
	write_file(f);
	change_file(f->path, "DELETE FROM facts");
	assert_refused(f, STORE_ERROR_FOREIGN, "malformed");
	change_file(f->path, "DROP TABLE facts; CREATE TABLE facts(digest, folding, lines, people);"
	                     "INSERT INTO facts VALUES('abc', NULL, 1, 1)");
	assert_refused(f, STORE_ERROR_FOREIGN, "malformed");
	g_unlink(f->path);
	assert_refused(f, STORE_ERROR_MISSING, "No such file");
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
}

/* Cut to any number of pages, it is refused. */
static void
test_cut(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	gsize size;
	g_autoptr(DirectoryWriter) writer = write_rows(f);

	/* The last page is not that of the facts, whose loss would be seen anyway. */
	for (int i = 0; i < 500; i++) {
		g_autofree char *key = g_strdup_printf("k%d", i);
		directory_writer_add(writer, key, strlen(key), "some value", 10);
	}
	g_assert_true(directory_writer_finish(writer, &some_facts, &error));
	g_assert_true(g_file_get_contents(f->path, &bytes, &size, NULL));
	g_assert_cmpuint(size, >, 16384);
	for (gsize left = 100; left < size; left += 2048) {
		g_assert_cmpint(truncate(f->path, (off_t)left), ==, 0);
		assert_refused(f, STORE_ERROR_FOREIGN, "malformed");
		g_assert_true(g_file_set_contents(f->path, bytes, (gssize)size, NULL));
	}
}

/* Damage inside is noticed by the look-up that meets it. */
static void
test_damaged(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	gsize size;
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };
	g_autoptr(GString) text = g_string_new(NULL);

	write_file(f);
	g_assert_true(g_file_get_contents(f->path, &bytes, &size, NULL));
	g_autoptr(Directory) good = directory_open(f->path, &facts, &error);
	g_assert_no_error(error);
	g_assert_true(directory_is_whole(good, &error));
	directory_facts_clear(&facts);
	memset(bytes + 4096, 0xff, 100);
	g_assert_true(g_file_set_contents(f->path, bytes, (gssize)size, NULL));
	g_autoptr(Directory) directory = directory_open(f->path, &facts, &error);
	g_assert_no_error(error);
	g_assert_false(directory_is_whole(directory, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_FOREIGN);
	g_clear_error(&error);
	directory_find(directory, "p0doe\0jane", 10, append_value, text);
	g_assert_false(directory_is_good(directory, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_FOREIGN);
}

/* Fills the fixture's file with so many keys. */
static void
write_many(Fixture *f, guint n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(DirectoryWriter) writer = directory_writer_new(f->path, &error);
	g_assert_no_error(error);

	for (guint i = 0; i < n; i++) {
		g_autofree char *key = g_strdup_printf("k%u", i);
		directory_writer_add(writer, key, strlen(key), "x", 1);
	}
	g_assert_true(directory_writer_finish(writer, &some_facts, &error));
}

/* How many of @n keys are there, from the key @from on. */
static guint
count_keys(Directory *directory, guint from, guint n)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = from; i < from + n; i++) {
		g_autofree char *key = g_strdup_printf("k%u", i);
		directory_find(directory, key, strlen(key), append_value, text);
	}
	return (guint)text->len / 2;
}

/* Whoever asks much gets the same answers. */
static void
test_many(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };

	write_many(f, 3000);
	g_autoptr(Directory) directory = directory_open(f->path, &facts, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(count_keys(directory, 0, 6000), ==, 3000);
	g_assert_cmpuint(count_keys(directory, 2999, 6000), ==, 1);
	g_assert_true(directory_is_good(directory, &error));
	g_assert_true(directory_is_whole(directory, &error));
}

/* Damage of the filter is noticed where it is needed. */
static void
test_damaged_filter(Fixture *f, gconstpointer unused)
{
	static const char *const damages[] = {
		"UPDATE filter SET keys = zeroblob(length(keys))",
		"UPDATE filter SET keys = x''",
		"DELETE FROM filter",
		"DROP TABLE filter",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };
		g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
		write_many(f, 1000);
		change_file(f->path, damages[i]);
		g_autoptr(Directory) directory = directory_open(f->path, &facts, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(count_keys(directory, 0, 10), ==, 10);
		g_assert_true(directory_is_good(directory, &error));
		g_assert_cmpuint(count_keys(directory, 0, 1000), ==, 1000);
		g_assert_false(directory_is_good(directory, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_FOREIGN);
		g_clear_error(&error);
		g_assert_false(directory_is_whole(directory, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_FOREIGN);
	}
}

/* Nor is a name beginning with a colon taken for a database in memory. */
static void
test_odd_name(Fixture *f, gconstpointer unused)
{
	static const char name[] = ":memory:";
	g_autofree char *before = g_get_current_dir(), *path = f->path;
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(chdir(f->folder), ==, 0);
	g_assert_true(g_file_set_contents(name, "", 0, NULL));
	f->path = (char *)name;
	write_file(f);
	f->path = g_steal_pointer(&path);
	g_autoptr(Directory) directory = directory_open(name, &facts, &error);
	g_assert_no_error(error);
	g_assert_cmpint(facts.people, ==, 5);
	g_assert_cmpint(g_unlink(name), ==, 0);
	g_assert_cmpint(chdir(before), ==, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/directory/rows", test_rows },
		{ "/directory/names", test_names },
		{ "/directory/shared", test_shared },
		{ "/directory/refused", test_refused },
		{ "/directory/cut", test_cut },
		{ "/directory/damaged", test_damaged },
		{ "/directory/odd-name", test_odd_name },
		{ "/directory/many", test_many },
		{ "/directory/damaged-filter", test_damaged_filter },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
