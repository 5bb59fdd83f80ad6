/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * owner: tries, for root, what the user that the filter runs as can do.
 * May know: users, processes. Must not know: what is tried.
 * Fails: never; what goes wrong is a note.
 */
#include "owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/text.h"

/* The most octets of notes that are read from the child. */
#define NOTES_MAX 65536

typedef struct {
	uid_t user;
	gid_t group;
	char *name;
} Owner;

static bool
find_owner(const Config *config, Owner *owner)
{
	g_autofree char *folder = g_path_get_dirname(config->settings->database);
	struct stat info, file;

	/* By the directory, not by the file, which root may have made by hand, so that the filter
	 * cannot use it. */
	if (stat(folder, &info) != 0)
		return false;
	if (info.st_uid == 0 && stat(config->settings->database, &file) == 0)
		info = file;
	const struct passwd *entry = getpwuid(info.st_uid);
	*owner = (Owner){ .user = info.st_uid,
		          .group = entry ? entry->pw_gid : info.st_gid,
		          .name = entry ? g_strdup(entry->pw_name)
		                        : g_strdup_printf("uid %u", (unsigned)info.st_uid) };
	return true;
}

/* In the child: becomes @owner, looks, and writes the notes to @fd, each with a NUL. No return. */
static void
look_as(const Owner *owner, OwnerLook look, gpointer data, int fd)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);

	if (setgroups(1, &owner->group) != 0 || setgid(owner->group) != 0 ||
	    setuid(owner->user) != 0)
		text_note(notes, "cannot become %s: %s", owner->name, g_strerror(errno));
	else
		look(notes, owner->name, data);
	for (guint i = 0; i < notes->len; i++) {
		const char *text = g_ptr_array_index(notes, i);
		if (write(fd, text, strlen(text) + 1) < 0)
			_exit(1);
	}
	_exit(0);
}

static bool
read_notes(int fd, GPtrArray *notes)
{
	g_autofree char *text = g_malloc0(NOTES_MAX + 1);
	size_t length = 0;
	ssize_t got;

	while (length < NOTES_MAX && (got = read(fd, text + length, NOTES_MAX - length)) != 0) {
		if (got < 0 && errno != EINTR)
			return false;
		length += got > 0 ? (size_t)got : 0;
	}
	for (size_t at = 0; at < length; at += strlen(text + at) + 1)
		g_ptr_array_add(notes, g_strdup(text + at));
	return true;
}

static void
look_in_a_child(const Owner *owner, OwnerLook look, gpointer data, GPtrArray *notes)
{
	int fds[2], status = 1;
	pid_t child = -1;

	if (pipe(fds) == 0) {
		child = fork();
		if (child == 0)
			look_as(owner, look, data, fds[1]);
		close(fds[1]);
		if (child > 0 && !read_notes(fds[0], notes))
			status = 1;
		close(fds[0]);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (child < 0 || status != 0)
		text_note(notes, "the check as %s failed", owner->name);
}

bool
owner_look(const Config *config, OwnerLook look, gpointer data, GPtrArray *notes)
{
	Owner owner;
	bool can;

	if (!find_owner(config, &owner))
		return false;
	can = geteuid() == 0 || geteuid() == owner.user;
	if (geteuid() == owner.user)
		look(notes, owner.name, data);
	else if (can)
		look_in_a_child(&owner, look, data, notes);
	g_free(owner.name);
	return can;
}

void
owner_look_at_settings(GPtrArray *notes, const char *owner, gpointer data)
{
	const Config *config = data;

	if (config->file && access(config->file, R_OK) != 0)
		text_note(notes, "%s: %s cannot read the settings, so mail is deferred: %s",
		          config->file, owner, g_strerror(errno));
}
