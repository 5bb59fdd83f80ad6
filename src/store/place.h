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

/* The message of each error about a file that must not be written or read, as it is the audit. */
#define PLACE_AUDIT_WORDS "it is the audit itself"

/* Whether @file, a link followed, is the audit at @path or what SQLite keeps beside it: its -wal,
 * -shm or -journal. Whatever the spelling, and also if there is none yet. */
bool place_is_audit(const char *path, const char *file);
