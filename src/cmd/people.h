/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/names.h"

/* The directory of people whose names are protected: the text FILE, or FILE.db, which `barefrom
 * directory build` compiles from it. */
typedef struct _People People;

/* Opens FILE.db at @file, or reads @file where that cannot be used. Errors are CMD_ERROR_CONFIG,
 * and CMD_ERROR_DATA for a bad line, of both files, with path and line. (transfer full) */
People *people_open(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void people_close(People *people);

/* Who has this key; of the type NamesLookup, for policy.who, with policy.directory = @people. */
void people_find(gpointer people, const void *key, size_t length, RowFound found, gpointer to);

/* False: something could not be read since, so that nobody can say who was found. Errors are
 * CMD_ERROR_DIRECTORY. */
bool people_are_known(const People *people, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The SHA-256 of the text that they were read or compiled from. */
const char *people_digest(const People *people);

/* What an administrator should do, now that @file is as it is; NULL: nothing. (transfer full) */
char *people_advice(const People *people, const char *file);

/* Compiles @file into FILE.db, in its mode and group, in one step for who reads it meanwhile, and
 * prints what it holds and what may surprise. Errors are CMD_ERROR_NO_INPUT, CMD_ERROR_DATA for a
 * bad line, with path and line, and those of newfile and store; FILE.db is left as it was then. */
bool people_build(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_close)
