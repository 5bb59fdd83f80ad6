/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/listing.h"

#define PEOPLE_ERROR people_error_quark()
typedef enum {
	PEOPLE_ERROR_UNREADABLE, /* neither file can be read */
	PEOPLE_ERROR_LINE,       /* a line of the text is wrong */
	PEOPLE_ERROR_LOOKUP,     /* a look-up in the compiled file failed */
	N_PEOPLE_ERRORS,
} PeopleError;
GQuark people_error_quark(void);

/* The directory of people whose names are protected: the text FILE, or FILE.db, which `barefrom
 * directory build` compiles from it. Several threads may call people_find() and people_are_known()
 * at once. */
typedef struct _People People;

/* Opens FILE.db for @file, or reads @file if that cannot be used. Errors are
 * PEOPLE_ERROR_UNREADABLE and PEOPLE_ERROR_LINE; they name path and line, and why FILE.db is not
 * used. (transfer full) */
People *people_open(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void people_close(People *people);

/* Finds who has this key; has the type EnquiryLookup, for policy.who, with policy.directory =
 * @people. @found must not ask @people. */
void people_find(gpointer people, const void *key, size_t length, RowFound found, gpointer to);

/* False, PEOPLE_ERROR_LOOKUP: a look-up has failed since people_open(), so people may have been
 * missed. */
bool people_are_known(People *people, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The SHA-256, in hex, of the text that they were read or compiled from. */
const char *people_digest(const People *people);

/* What an administrator should do about @file and FILE.db; NULL: nothing. (transfer full) */
char *people_advice(const People *people, const char *file);

/* The path of FILE.db for @file. (transfer full) */
char *people_compiled_path(const char *file);

/* Reads the text @file into memory, and lets @listing make rows of it; calls @each with @to for
 * each person. *@ret_digest is its SHA-256 (transfer full), *@ret_lines (may be NULL) the number of
 * its lines. */
bool people_read_text(const char *file, Listing *listing, ListingPerson each, gpointer to,
                      char **ret_digest, guint *ret_lines,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_close)
