/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The type of the file system at @path, or at its directory if @path does not exist, if its locks
 * or shared memory are not reliable enough for SQLite: "NFS", "CIFS", "FUSE", ... (statfs(2)).
 * NULL: it is fit, or unknown. Static. */
const char *place_is_unfit(const char *path);

/* How many octets and inodes of it are free for users other than root. False: unknown. */
bool place_free(const char *path, guint64 *ret_octets, guint64 *ret_files);
