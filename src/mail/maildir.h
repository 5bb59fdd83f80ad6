/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "run.h"

/* Whether @path is a directory that has the directories cur, new and tmp; see maildir(5). */
bool maildir_is_one(const char *path);

/* The kind of a file that begins with these @length bytes, of which the first 64 KiB count: mail if
 * its head has a field, or if it is text in which some reader sees a sender. */
FileKind maildir_file_kind(const char *bytes, size_t length);

/* Reads the messages of the Maildir at @path, and replaces those that must change, unless it is a
 * dry run. A message keeps its times and its name, except for sizes in the name. Fails with the
 * errors of message, newfile and run, and with a G_FILE_ERROR for a directory. */
bool maildir_read(Run *run, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
