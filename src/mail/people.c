/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * people: the directory of people, from its compiled file or from its text.
 * May know: both files, the format of the lines. Must not know: how names match.
 * Fails: with a PEOPLE_ERROR.
 */
#include "people.h"

#include "core/fold.h"
#include "core/listing.h"
#include "util/digest.h"
#include "util/plainfile.h"
#include "store/directory.h"

/* The most people that are read from their text at each start without advice to compile it. */
#define READ_MAX 1000

G_DEFINE_QUARK(barefrom-people-error, people_error);

struct _People {
	Directory *compiled; /* NULL: `rows` is used */
	GMutex asking;       /* held while `compiled` is used: it is for one thread at a time */
	Rows *rows;          /* NULL: `compiled` is used */
	char *digest;
	gint64 people;
	char *why; /* why the compiled file is not used; NULL: it is used, or there is none */
};

char *
people_compiled_path(const char *file)
{
	return g_strconcat(file, ".db", NULL);
}

static void
count_person(gpointer to, const Person *person, guint number)
{
	(*(gint64 *)to)++;
}

bool
people_read_text(const char *file, Listing *listing, ListingPerson each, gpointer to,
                 char **ret_digest, guint *ret_lines, GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autofree char *text = NULL;
	char hex[DIGEST_SIZE];
	const char *wrong = NULL;
	gsize length;
	guint number;

	if (!plainfile_check(file, false, &failed) ||
	    !g_file_get_contents(file, &text, &length, &failed)) {
		g_set_error(error, PEOPLE_ERROR, PEOPLE_ERROR_UNREADABLE, "directory: %s",
		            failed->message);
		return false;
	}
	if (!listing_add_text(listing, text, length, each, to, &number, &wrong)) {
		g_set_error(error, PEOPLE_ERROR, PEOPLE_ERROR_LINE, "directory: %s:%u: %s", file,
		            number, wrong);
		return false;
	}
	digest_sha256(text, length, hex);
	*ret_digest = g_strdup(hex);
	if (ret_lines)
		*ret_lines = number;
	return true;
}

/* Opens the compiled file if it can be used; else sets `why`. */
static void
open_compiled(People *people, const char *file)
{
	g_autofree char *path = people_compiled_path(file), *folding = fold_version();
	g_auto(DirectoryFacts) facts = { NULL, NULL, 0, 0 };
	g_autoptr(GError) failed = NULL;

	people->compiled = directory_open(path, &facts, &failed);
	if (!people->compiled) {
		if (!g_error_matches(failed, STORE_ERROR, STORE_ERROR_MISSING))
			people->why = g_strdup(failed->message);
	} else if (g_str_equal(facts.folding, folding)) {
		people->digest = g_strdup(facts.digest);
		people->people = facts.people;
	} else {
		people->why = g_strdup_printf(
		        "%s was compiled with the folding %s, but this program uses %s", path,
		        facts.folding, folding);
		g_clear_pointer(&people->compiled, directory_close);
	}
}

People *
people_open(const char *file, GError **error)
{
	g_autoptr(People) people = g_new0(People, 1);

	g_mutex_init(&people->asking);
	open_compiled(people, file);
	if (people->compiled)
		return g_steal_pointer(&people);
	people->rows = rows_new();
	g_autoptr(Listing) listing = listing_new(rows_add, people->rows);
	if (!people_read_text(file, listing, count_person, &people->people, &people->digest, NULL,
	                      error)) {
		if (people->why)
			g_prefix_error(error, "%s; ", people->why);
		return NULL;
	}
	return g_steal_pointer(&people);
}

void
people_close(People *people)
{
	g_clear_pointer(&people->compiled, directory_close);
	g_clear_pointer(&people->rows, rows_free);
	g_mutex_clear(&people->asking);
	g_free(people->digest);
	g_free(people->why);
	g_free(people);
}

void
people_find(gpointer data, const void *key, size_t length, RowFound found, gpointer to)
{
	People *people = data;

	if (!people->compiled) {
		rows_find(people->rows, key, length, found, to);
		return;
	}
	g_mutex_lock(&people->asking);
	directory_find(people->compiled, key, length, found, to);
	g_mutex_unlock(&people->asking);
}

bool
people_are_known(People *people, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (!people->compiled)
		return true;
	g_mutex_lock(&people->asking);
	bool good = directory_is_good(people->compiled, &failed);
	g_mutex_unlock(&people->asking);
	if (good)
		return true;
	g_set_error(error, PEOPLE_ERROR, PEOPLE_ERROR_LOOKUP, "%s: run barefrom directory build",
	            failed->message);
	return false;
}

const char *
people_digest(const People *people)
{
	return people->digest;
}

/* Whether @people came from the text as it is in @file. */
static bool
are_current(const People *people, const char *file)
{
	g_autofree char *text = NULL;
	char hex[DIGEST_SIZE];
	gsize length;

	if (!plainfile_check(file, false, NULL) || !g_file_get_contents(file, &text, &length, NULL))
		return false;
	digest_sha256(text, length, hex);
	return g_str_equal(hex, people->digest);
}

static void
drop_row(gpointer to, const void *key, size_t key_length, const void *value, size_t value_length)
{
}

/* Whether the text is there, without anybody in it. */
static bool
names_nobody(const char *file)
{
	g_autoptr(Listing) listing = listing_new(drop_row, NULL);
	g_autofree char *digest = NULL;
	gint64 people = 0;

	return people_read_text(file, listing, count_person, &people, &digest, NULL, NULL) &&
	       people == 0;
}

char *
people_advice(const People *people, const char *file)
{
	g_autoptr(GError) failed = NULL;

	if (people->compiled && !directory_is_whole(people->compiled, &failed))
		return g_strdup_printf("directory: %s, so mail is deferred: run barefrom directory "
		                       "build",
		                       failed->message);
	if (people->compiled && !are_current(people, file))
		return names_nobody(file)
		               ? g_strdup_printf("directory: %s names nobody, but %s.db was "
		                                 "compiled from another list: export the list "
		                                 "again before you run barefrom directory build",
		                                 file, file)
		               : g_strdup_printf("directory: %s.db was not compiled from %s as it "
		                                 "is now: run barefrom directory build",
		                                 file, file);
	if (people->people == 0)
		return g_strdup_printf(
		        "directory: %s names nobody, so no name is protected by it: "
		        "export the list again%s",
		        file, people->compiled ? ", then run barefrom directory build" : "");
	if (people->why)
		return g_strdup_printf("directory: %s, so %s is read at each start: run barefrom "
		                       "directory build",
		                       people->why, file);
	if (!people->compiled && people->people > READ_MAX)
		return g_strdup_printf("directory: the %" G_GINT64_FORMAT
		                       " people in %s are read at each start: run barefrom "
		                       "directory build",
		                       people->people, file);
	return NULL;
}
