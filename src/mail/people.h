/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/listing.h"
#include "core/names.h"

#define PEOPLE_ERROR people_error_quark()
typedef enum {
	PEOPLE_ERROR_UNREADABLE, /* neither file can be read */
	PEOPLE_ERROR_LINE,       /* a line that names nobody */
	PEOPLE_ERROR_LOOKUP,     /* the compiled file, while it is asked */
	N_PEOPLE_ERRORS,
} PeopleError;
GQuark people_error_quark(void);

/* The directory of people whose names are protected: the text FILE, or FILE.db, which `barefrom
 * directory build` compiles from it. */
typedef struct _People People;

/* Opens FILE.db at @file, or reads @file where that cannot be used. Errors are
 * PEOPLE_ERROR_UNREADABLE and PEOPLE_ERROR_LINE, of both files, with path and line. (transfer full)
 */
People *people_open(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void people_close(People *people);

/* Who has this key; of the type EnquiryLookup, for policy.who, with policy.directory = @people. */
void people_find(gpointer people, const void *key, size_t length, RowFound found, gpointer to);

/* False: something could not be read since, so that nobody can say who was found. Errors are
 * PEOPLE_ERROR_LOOKUP. */
bool people_are_known(const People *people, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The SHA-256 of the text that they were read or compiled from. */
const char *people_digest(const People *people);

/* What an administrator should do, now that @file is as it is; NULL: nothing. (transfer full) */
char *people_advice(const People *people, const char *file);

/* For who compiles the text: where FILE.db of @file stands (transfer full), */
char *people_compiled_path(const char *file);

/* and the text itself, read into memory, where @listing makes rows of it. *@ret_digest is its
 * SHA-256 (transfer full), *@ret_lines (may be NULL) the number of its lines. */
bool people_read_text(const char *file, Listing *listing, ListingPerson each, gpointer to,
                      char **ret_digest, guint *ret_lines,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_close)
