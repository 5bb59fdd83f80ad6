/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "store-error.h"

/* The compiled directory: rows of a key and a value, both bytes, in an SQLite file of its own that
 * is written once and never changed in place. The caller decides what a row means. */

/* What the file says about itself. */
typedef struct {
	char *digest;  /* of the text that it was made from: SHA-256, lower-case hex */
	char *folding; /* fold_version() of the program that made it */
	gint64 lines;  /* of the text */
	gint64 people;
} DirectoryFacts;

void directory_facts_clear(DirectoryFacts *facts);

typedef struct _DirectoryWriter DirectoryWriter;

/* Begins a compiled directory in the file @path, which must exist and be empty. The caller renames
 * it after directory_writer_finish(). (transfer full) */
DirectoryWriter *directory_writer_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void directory_writer_free(DirectoryWriter *writer);

/* Adds a row unless it is there already; has the type ListingRow. If it fails,
 * directory_writer_finish() does. */
void directory_writer_add(gpointer writer, const void *key, size_t key_length, const void *value,
                          size_t value_length);

/* Takes two lines that share a row: its key, and its value after the first four bytes. */
typedef void (*DirectoryShared)(gpointer to, guint line, guint other_line);

/* Calls @shared for the first and the last of the lines that share a row whose key begins with one
 * of the bytes @kinds, followed by '0' if @folded; once for each pair, ordered by line. */
bool directory_writer_shared(DirectoryWriter *writer, const char *kinds, bool folded,
                             DirectoryShared shared, gpointer to,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @facts and the filter, commits and syncs. */
bool directory_writer_finish(DirectoryWriter *writer, const DirectoryFacts *facts,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _Directory Directory;

/* Opens the compiled directory at @path, for one thread at a time. STORE_ERROR_MISSING: there is
 * none; _NEWER: a newer barefrom made it; _FOREIGN: an older one did, it is none, or it is damaged.
 * *@ret_facts must be cleared. (transfer full) */
Directory *directory_open(const char *path, DirectoryFacts *ret_facts,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void directory_close(Directory *directory);

/* Calls @found with each value of a key; has the type EnquiryLookup. */
void directory_find(gpointer directory, const void *key, size_t length,
                    void (*found)(gpointer to, const void *value, size_t length), gpointer to);

/* False: a look-up has failed since the directory was opened: what was not found may exist. */
bool directory_is_good(const Directory *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the whole file. False: it is damaged, even if no look-up has met the damage yet. */
bool directory_is_whole(Directory *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DirectoryFacts, directory_facts_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DirectoryWriter, directory_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Directory, directory_close)
