/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Compiles the directory of people at @file into FILE.db, in its mode and group, in one step for
 * who reads it meanwhile, and prints what it holds and what may surprise. Errors are
 * CMD_ERROR_NO_INPUT, PEOPLE_ERROR_LINE with path and line, and those of newfile and store; FILE.db
 * is left as it was then. */
bool compile_directory(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
