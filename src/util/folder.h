/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Syncs the names in the directory at @path. False: a power failure may undo changes to them. */
bool folder_sync(const char *path);

/* The names in the directory at @path but for "." and "..", sorted by their bytes; never a part of
 * them. NULL: @error, an IO_ERROR, is set. (transfer full) */
GPtrArray *folder_names(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
