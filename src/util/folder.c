/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * folder: what is done to a directory as a whole.
 * May know: descriptors. Must not know: what is in it.
 * Fails: by what it returns.
 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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
