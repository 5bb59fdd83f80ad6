/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "run.h"

/* Whether @path is a folder with cur, new and tmp in it; see maildir(5). */
bool maildir_is_one(const char *path);

/* What a file is that begins with these @length bytes, of which 64 KiB are looked at: mail, if a
 * field is in its head. */
FileKind maildir_file_kind(const char *bytes, size_t length);

/* Reads the messages of the Maildir at @path, and replaces those that are to be changed unless it
 * is a dry run. A message keeps its name, but for the sizes in it, and its times. Fails with the
 * errors of message, newfile and run, and a G_FILE_ERROR for a folder. */
bool maildir_read(Run *run, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
