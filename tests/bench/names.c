/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * names PEOPLE FILE: the time that a directory of so many people takes to be compiled to FILE,
 * which is overwritten, to be opened, and to be asked about sender fields. A benchmark, no test.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/names.h"
#include "store/directory.h"

#define WORDS 1000 /* different ones in the names of all people */
#define VALUE (64 * 1024)
#define QUOTED "\" <x@y.example>"

static gint64 start;

static double
milliseconds(void)
{
	gint64 now = g_get_monotonic_time();
	double passed = (double)(now - start) / 1000;

	start = now;
	return passed;
}

static void
append_word(GString *text, guint32 k)
{
	static const char *const syllables[] = {
		"an",  "be", "ri", "to", "lu", "mar", "sen", "kov",
		"dor", "el", "ja", "ne", "mi", "cha", "ber", "gar"
	};

	for (int i = 0; i < 3; i++, k /= 16)
		g_string_append(text, syllables[k % 16]);
}

static void
append_name(GString *text, GRand *random)
{
	append_word(text, g_rand_int(random) % WORDS);
	g_string_append_c(text, ' ');
	append_word(text, g_rand_int(random) % WORDS);
}

static void
give_up(const GError *error)
{
	fprintf(stderr, "%s\n", error->message);
	exit(1);
}

static void
compile(guint people, const char *path, GRand *random)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folding = fold_version();
	const DirectoryFacts facts = { (char *)"", folding, people, people };

	if (!g_file_set_contents(path, "", 0, &error))
		give_up(error);
	g_autoptr(DirectoryWriter) writer = directory_writer_new(path, &error);
	if (!writer)
		give_up(error);
	g_autoptr(Listing) listing = listing_new(directory_writer_add, writer);
	for (guint i = 1; i <= people; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		const char *wrong;
		append_name(line, random);
		g_string_append_printf(line, "; u%u@corp.example", i);
		g_autoptr(Person) person = listing_add(listing, line->str, line->len, i, &wrong);
	}
	listing_finish(listing);
	if (!directory_writer_finish(writer, &facts, &error))
		give_up(error);
}

/* Asks about one value, which it frees. */
static void
ask(Directory *directory, const char *what, GString *value)
{
	milliseconds();
	g_autoptr(AddressList) list = address_parse_elements(value->str, value->len);
	g_autoptr(NamesSearch) search = names_search_new(directory_find, directory);
	names_search_place(search, (Span){ value->str, value->len }, list);
	printf("%-28s %9.2f ms, %u found%s\n", what, milliseconds(), names_matches(search)->len,
	       names_too_much(search) ? ", too much" : "");
	g_string_free(value, true);
}

static GString *
value_of_names(GRand *random, size_t length, bool listed)
{
	GString *value = g_string_new("\"");

	while (value->len < length) {
		if (listed)
			append_name(value, random);
		else
			g_string_append_printf(value, "x%x", g_rand_int(random));
		g_string_append(value, ", ");
	}
	g_string_append(value, "\" <x@y.example>");
	return value;
}

/* So much of what @append gives, each with a comma behind it, between @before and @behind. */
static GString *
value_of(GRand *random, void (*append)(GString *, GRand *), const char *before, const char *behind)
{
	GString *value = g_string_new(before);

	while (value->len < VALUE) {
		append(value, random);
		g_string_append(value, ", ");
	}
	g_string_append(value, behind);
	return value;
}

/* The shortest words that are all different. */
static void
append_short(GString *text, GRand *random)
{
	for (int i = 0; i < 3; i++)
		g_string_append_c(text, (char)('a' + g_rand_int_range(random, 0, 26)));
}

static void
append_han(GString *text, GRand *random)
{
	for (int i = 0; i < 2; i++)
		g_string_append_unichar(text, (gunichar)g_rand_int_range(random, 0x4e00, 0x9fff));
}

/* A character of any script, or of none. */
static void
append_any(GString *text, GRand *random)
{
	for (int i = 0; i < 2; i++)
		g_string_append_unichar(text, (gunichar)g_rand_int_range(random, 0xa0, 0xd7ff));
}

static void
append_element(GString *text, GRand *random)
{
	append_name(text, random);
	g_string_append_printf(text, " <a@b%u>", g_rand_int(random) % 1000);
}

static void
append_address(GString *text, GRand *random)
{
	g_string_append_printf(text, "a=u%u@corp.example", g_rand_int(random) % 100000);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };
	struct rusage usage;

	if (argc != 3) {
		fprintf(stderr, "usage: names PEOPLE FILE\n");
		return 64;
	}
	GRand *random = g_rand_new_with_seed(1);
	milliseconds();
	compile((guint)strtoul(argv[1], NULL, 10), argv[2], random);
	getrusage(RUSAGE_SELF, &usage);
	printf("%-28s %9.2f ms, %ld MiB\n", "compiled", milliseconds(), usage.ru_maxrss / 1024);
	g_autoptr(Directory) directory = directory_open(argv[2], &facts, &error);
	if (!directory)
		give_up(error);
	printf("%-28s %9.2f ms\n", "opened", milliseconds());
	ask(directory, "a usual field", g_string_new("\"Jane Doe, CEO\" <x@y.example>"));
	ask(directory, "another", g_string_new("\"Doe, John (Sales)\" <x@y.example>"));
	ask(directory, "64 KiB of names", value_of_names(random, VALUE, true));
	ask(directory, "64 KiB of other words", value_of_names(random, VALUE, false));
	ask(directory, "64 KiB of short words", value_of(random, append_short, "\"", QUOTED));
	ask(directory, "64 KiB of Han", value_of(random, append_han, "\"", QUOTED));
	ask(directory, "64 KiB of any characters", value_of(random, append_any, "\"", QUOTED));
	ask(directory, "64 KiB of addresses", value_of(random, append_address, "\"", QUOTED));
	ask(directory, "64 KiB of elements", value_of(random, append_element, "", ""));
	ask(directory, "500 KiB of names", value_of_names(random, VALUE * 7, true));
	ask(directory, "16 MiB of names", value_of_names(random, VALUE * 256, true));
	g_rand_free(random);
	return 0;
}
