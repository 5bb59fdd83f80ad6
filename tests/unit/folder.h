/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* For tests that write files. */

/* The path, without links, of a new folder. For folder_remove(). */
static inline char *
folder_new(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_dir_make_tmp("barefrom-XXXXXX", &error);

	g_assert_no_error(error);
	char *folder = realpath(path, NULL);
	g_assert_nonnull(folder);
	return folder;
}

/* Removes @folder, which may hold files and empty folders, and frees its path. */
static inline void
folder_remove(char *folder)
{
	GDir *files = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(files))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_assert_cmpint(g_remove(path), ==, 0);
	}
	g_dir_close(files);
	g_assert_cmpint(g_rmdir(folder), ==, 0);
	free(folder);
}
