/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plainfile: whether a file can be read without waiting for another process.
 * May know: kinds of files. Must not know: what is in them.
 * Fails: with an IO_ERROR.
 */
#include "plainfile.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "io-error.h"

/* Whether the pipe at @path has no name of its own. */
static bool
is_given(const char *path)
{
	struct statfs info;

	return statfs(path, &info) == 0 && info.f_type == PIPEFS_MAGIC;
}

bool
plainfile_check(const char *path, bool may_be_pipe, GError **error)
{
	struct stat info;
	const char *what;

	if (stat(path, &info) != 0)
		return true;
	switch (info.st_mode & S_IFMT) {
	case S_IFREG:
	case S_IFCHR:
		return true;
	case S_IFIFO:
		if (may_be_pipe && is_given(path))
			return true;
		what = "pipe";
		break;
	case S_IFDIR:
		what = "directory";
		break;
	default:
		what = "socket or a device";
		break;
	}
	g_set_error(error, IO_ERROR, IO_ERROR_FAILED, "%s: a %s, not a regular file", path, what);
	return false;
}
