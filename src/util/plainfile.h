/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether reading the file at @path, a link followed, needs no other process, as opening a named
 * pipe does: it is a regular file, or a device such as /dev/null. With @may_be_pipe it may also be
 * a pipe that this process was given, such as /dev/fd/63 of a shell, which can be read only once.
 * True as well if it cannot be examined, which opening it will tell. False: @error, an IO_ERROR,
 * names @path and says what it is. */
bool plainfile_check(const char *path, bool may_be_pipe, GError **error) G_GNUC_WARN_UNUSED_RESULT;
