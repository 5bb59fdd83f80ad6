/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Compiles the directory of people at @file into FILE.db, with the same owner, group and mode, and
 * prints what it holds and what may surprise. Programs that read FILE.db see one step. Errors are
 * CMD_ERROR_NO_INPUT, those of people, with path and line, and those of newfile and store; then
 * FILE.db stays as it was. */
bool compile_directory(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
