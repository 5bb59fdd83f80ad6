/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * outfile: keeps a message until it is complete and may be handed on.
 * May know: descriptors, the temporary directory. Must not know: what is written, who reads it.
 * Fails: with an OUTFILE_ERROR.
 */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

G_DEFINE_QUARK(barefrom-outfile-error, outfile_error);

static int
open_unnamed(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	/* Not every file system has O_TMPFILE. */
	g_autofree char *path = g_build_filename(folder, "barefrom-XXXXXX", NULL);
	fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		unlink(path);
	return fd;
}

int
outfile_open(bool large, GError **error)
{
	int fd = large ? open_unnamed(g_get_tmp_dir()) : memfd_create("barefrom", MFD_CLOEXEC);

	if (fd < 0) {
		g_set_error(error, OUTFILE_ERROR, OUTFILE_ERROR_NOT_MADE,
		            "cannot create a temporary file: %s", g_strerror(errno));
	}
	return fd;
}
