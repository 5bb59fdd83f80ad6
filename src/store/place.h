/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The kind of file system at @path, or at its folder where it is not there, if its locks or its
 * shared memory can't be relied on, as SQLite needs: "NFS", "CIFS", "FUSE", ...; else, or where
 * nobody can say, NULL. Static. See statfs(2). */
const char *place_is_unfit(const char *path);

/* How much of it is free for users that are not root. False: nobody can say. */
bool place_free(const char *path, guint64 *ret_octets, guint64 *ret_files);
