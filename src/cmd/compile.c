/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compile: makes the compiled file of the directory of people from its text.
 * May know: both files, words for people. Must not know: how names match.
 * Fails: with CMD_ERROR_NO_INPUT or CMD_ERROR_DATA, and the errors of newfile and store.
 */
#include "compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/fold.h"
#include "core/listing.h"
#include "exits.h"
#include "io/newfile.h"
#include "mail/people.h"
#include "store/directory.h"
#include "util/text.h"

/* The most lines printed about each kind of surprise. */
#define SHOWN_MAX 20

/* What is counted, for people. */
typedef struct {
	const char *file;
	Listing *listing;
	gint64 people, names;
	guint whole, nothing, parted, shared_names, shared_addresses;
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
		case LISTING_PARTED:
			tell(&build->parted,
			     "%s:%u: %s: found only where it is written without &, which parts "
			     "names",
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

/* Reads the text, which is the input here, while elsewhere it is a setting. */
static bool
read_text(Build *build, Listing *listing, char **ret_digest, guint *ret_lines, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (people_read_text(build->file, listing, note_person, build, ret_digest, ret_lines,
	                     &failed))
		return true;
	g_set_error_literal(error, CMD_ERROR,
	                    g_error_matches(failed, PEOPLE_ERROR, PEOPLE_ERROR_LINE)
	                            ? CMD_ERROR_DATA
	                            : CMD_ERROR_NO_INPUT,
	                    failed->message);
	return false;
}

/* Fills the compiled file, which still has its temporary name. */
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
	if (!read_text(build, listing, &digest, &lines, error))
		return false;
	tell_rest(build->whole, "names that are found only alone");
	tell_rest(build->nothing, "names without words");
	tell_rest(build->parted, "names with &");
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
compile_directory(const char *file, GError **error)
{
	g_autofree char *path = people_compiled_path(file);
	Build build = { .file = file };
	NewFile new_file = { .fd = -1 };
	bool good;
	int like = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (like < 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", file,
		            g_strerror(errno));
		return false;
	}
	/* Replaces a link at FILE.db: users who can write to the directory must not be able to make
	 * us write elsewhere. */
	good = newfile_open(&new_file, path, NULL, like, error);
	new_file.keep_times = false;
	close(like);
	good = good && write_compiled(&build, new_file.temporary, error) &&
	       newfile_commit(&new_file, error);
	newfile_clear(&new_file);
	if (good && new_file.lost_group)
		fprintf(stderr,
		        "barefrom: warning: %s: the group of %s could not be kept, so only the "
		        "owner may read it\n",
		        path, file);
	if (good)
		printf("%s: %" G_GINT64_FORMAT " people, %" G_GINT64_FORMAT " names\n", path,
		       build.people, build.names);
	return good;
}
