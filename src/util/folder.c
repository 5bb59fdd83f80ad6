/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * folder: what is done to a directory as a whole.
 * May know: descriptors. Must not know: what is in it.
 * Fails: with an IO_ERROR, or by what it returns.
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io-error.h"

bool
folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems cannot sync a directory, and need not. */
	bool good = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);

	if (fd >= 0)
		close(fd);
	return good;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* GDir would take an error for the end of the directory. */
GPtrArray *
folder_names(const char *path, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	DIR *folder = opendir(path);
	int reason = folder ? 0 : errno;
	struct dirent *entry;

	while (folder && (errno = 0, entry = readdir(folder))) {
		if (!g_str_equal(entry->d_name, ".") && !g_str_equal(entry->d_name, ".."))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	}
	if (folder) {
		reason = errno;
		closedir(folder);
	}
	if (reason != 0) {
		g_set_error(error, IO_ERROR, io_error_from_errno(reason), "%s: %s", path,
		            g_strerror(reason));
		return NULL;
	}
	g_ptr_array_sort(names, by_name);
	return g_steal_pointer(&names);
}
