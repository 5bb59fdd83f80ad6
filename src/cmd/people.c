/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * people: the directory of people, from its compiled file or from its text.
 * May know: both files, the format of the lines. Must not know: how names match.
 * Fails: with CMD_ERROR_CONFIG for a file that cannot be read, CMD_ERROR_DATA for a bad line,
 * CMD_ERROR_DIRECTORY for a look-up, and, where it compiles, with the errors of newfile and store.
 */
#include "people.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/fold.h"
#include "core/listing.h"
#include "digest.h"
#include "exits.h"
#include "io/newfile.h"
#include "store/directory.h"
#include "text.h"

/* So many people may be read from their text at each start before somebody is told. */
#define READ_MAX 1000

/* So many lines of each kind of surprise are printed. */
#define SHOWN_MAX 20

struct _People {
	Directory *compiled; /* or */
	Rows *rows;
	char *digest;
	gint64 people;
	char *why; /* the compiled file is there, but not used; NULL: it is used, or not there */
};

static char *
compiled_path(const char *file)
{
	return g_strconcat(file, ".db", NULL);
}

static void
count_person(gpointer to, const Person *person, guint number)
{
	(*(gint64 *)to)++;
}

/* Reads the text into memory, where @listing makes rows of it. *@ret_lines may be NULL. */
static bool
read_text(const char *file, Listing *listing, ListingPerson each, gpointer to, char **ret_digest,
          guint *ret_lines, GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autofree char *text = NULL;
	char hex[DIGEST_SIZE];
	const char *wrong = NULL;
	gsize length;
	guint number;

	if (!g_file_get_contents(file, &text, &length, &failed)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "directory: %s", failed->message);
		return false;
	}
	if (!listing_add_text(listing, text, length, each, to, &number, &wrong)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA, "directory: %s:%u: %s", file, number,
		            wrong);
		return false;
	}
	digest_sha256(text, length, hex);
	*ret_digest = g_strdup(hex);
	if (ret_lines)
		*ret_lines = number;
	return true;
}

/* Opens the compiled file, if it may be used; else says why not. */
static void
open_compiled(People *people, const char *file)
{
	g_autofree char *path = compiled_path(file), *folding = fold_version();
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
		people->why = g_strdup_printf("%s folds names as %s does, this program as %s", path,
		                              facts.folding, folding);
		g_clear_pointer(&people->compiled, directory_close);
	}
}

People *
people_open(const char *file, GError **error)
{
	g_autoptr(People) people = g_new0(People, 1);

	open_compiled(people, file);
	if (people->compiled)
		return g_steal_pointer(&people);
	people->rows = rows_new();
	g_autoptr(Listing) listing = listing_new(rows_add, people->rows);
	if (!read_text(file, listing, count_person, &people->people, &people->digest, NULL,
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
	g_free(people->digest);
	g_free(people->why);
	g_free(people);
}

void
people_find(gpointer data, const void *key, size_t length, RowFound found, gpointer to)
{
	People *people = data;

	if (people->compiled)
		directory_find(people->compiled, key, length, found, to);
	else
		rows_find(people->rows, key, length, found, to);
}

bool
people_are_known(const People *people, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (!people->compiled || directory_is_good(people->compiled, &failed))
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_DIRECTORY, "%s: run barefrom directory build",
	            failed->message);
	return false;
}

const char *
people_digest(const People *people)
{
	return people->digest;
}

/* Whether they are those of the text as it is now. */
static bool
are_current(const People *people, const char *file)
{
	g_autofree char *text = NULL;
	char hex[DIGEST_SIZE];
	gsize length;

	if (!g_file_get_contents(file, &text, &length, NULL))
		return false;
	digest_sha256(text, length, hex);
	return g_str_equal(hex, people->digest);
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
		return g_strdup_printf("directory: %s.db was not made of %s as it is now: run "
		                       "barefrom directory build",
		                       file, file);
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

/* What the compiler tells. */
typedef struct {
	const char *file;
	Listing *listing;
	gint64 people, names;
	guint whole, nothing, shared_names, shared_addresses;
} Build;

G_GNUC_PRINTF(2, 3)
static void
tell(guint *count, const char *format, ...)
{
	va_list args;

	if (++*count > SHOWN_MAX)
		return;
	va_start(args, format);
	g_autofree char *line = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *clean = text_clean_string(line);
	puts(clean);
}

static void
tell_rest(guint count, const char *what)
{
	if (count > SHOWN_MAX)
		printf("and %u more %s\n", count - SHOWN_MAX, what);
}

static void
note_person(gpointer to, const Person *person, guint number)
{
	Build *build = to;

	build->people++;
	for (guint i = 0; i < person->names->len; i++) {
		const char *name = g_ptr_array_index(person->names, i);
		build->names++;
		switch (listing_reach(build->listing, name)) {
		case LISTING_ANYWHERE:
			break;
		case LISTING_WHOLE:
			tell(&build->whole,
			     "%s:%u: %s: too short to be found beside other words, only alone",
			     build->file, number, name);
			break;
		case LISTING_NOTHING:
			tell(&build->nothing, "%s:%u: %s: holds no word, so it matches nothing",
			     build->file, number, name);
			break;
		}
	}
}

static void
note_shared_name(gpointer to, guint line, guint other_line)
{
	Build *build = to;

	tell(&build->shared_names, "%s:%u and %u: two people share a name", build->file, line,
	     other_line);
}

static void
note_shared_address(gpointer to, guint line, guint other_line)
{
	Build *build = to;

	tell(&build->shared_addresses, "%s:%u and %u: two people share an address", build->file,
	     line, other_line);
}

/* Fills the compiled file, which is still in a place of its own. */
static bool
write_compiled(Build *build, const char *temporary, GError **error)
{
	static const char names[] = { KEY_PAIR, KEY_SET, KEY_ALL_SET, KEY_WIDE, '\0' };
	static const char addresses[] = { KEY_ADDRESS, '\0' };
	g_autoptr(DirectoryWriter) writer = directory_writer_new(temporary, error);
	g_autofree char *digest = NULL, *folding = fold_version();
	guint lines = 0;

	if (!writer)
		return false;
	g_autoptr(Listing) listing = listing_new(directory_writer_add, writer);
	build->listing = listing;
	if (!read_text(build->file, listing, note_person, build, &digest, &lines, error))
		return false;
	tell_rest(build->whole, "names that are only found alone");
	tell_rest(build->nothing, "names without words");
	if (!directory_writer_shared(writer, names, true, note_shared_name, build, error) ||
	    !directory_writer_shared(writer, addresses, false, note_shared_address, build, error))
		return false;
	tell_rest(build->shared_names, "pairs of people who share a name");
	tell_rest(build->shared_addresses, "pairs of people who share an address");
	DirectoryFacts facts = {
		.digest = digest, .folding = folding, .lines = lines, .people = build->people
	};
	return directory_writer_finish(writer, &facts, error);
}

bool
people_build(const char *file, GError **error)
{
	g_autofree char *path = compiled_path(file);
	Build build = { .file = file };
	NewFile new_file = { .fd = -1 };
	bool good;
	int like = open(file, O_RDONLY | O_CLOEXEC);

	if (like < 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", file,
		            g_strerror(errno));
		return false;
	}
	/* A link at FILE.db is replaced: who may write to the folder chooses no other file. */
	good = newfile_open(&new_file, path, NULL, like, error);
	new_file.keep_times = false;
	close(like);
	good = good && write_compiled(&build, new_file.temporary, error) &&
	       newfile_commit(&new_file, error);
	newfile_clear(&new_file);
	if (good && new_file.lost_group)
		fprintf(stderr,
		        "barefrom: warning: %s: the group of %s could not be kept, so that only "
		        "the owner may read it\n",
		        path, file);
	if (good)
		printf("%s: %" G_GINT64_FORMAT " people, %" G_GINT64_FORMAT " names\n", path,
		       build.people, build.names);
	return good;
}
