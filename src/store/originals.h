/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "digest.h"
#include "store-error.h"

/* What an audit knows of heads that were changed: which they are now, and what they were before. It
 * is read as it is, beside filters that write it. Hashes are as the audit has them. */
typedef struct Originals Originals;

/* Opens the audit at @path, which must exist; no wait for another process is longer than @wait_ms.
 * (transfer full) */
Originals *originals_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void originals_close(Originals *originals);

/* Reads all hashes, some 40 octets of memory for each row, so that asking for one does not take a
 * search in the file, and originals_had() has an answer. */
bool originals_load(Originals *originals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether that is still to be done: not if rows were chosen, of which all is known. */
bool originals_can_load(const Originals *originals);

/* From now on only those rows count of which this is @text; a Message-ID is found with and without
 * its angle brackets. *@ret_rows is how many there are, *@ret_changed how many of these changed
 * their message. */
typedef enum { ORIGINALS_BY_ID, ORIGINALS_BY_QUEUE_ID, ORIGINALS_BY_MESSAGE_ID } OriginalsBy;
bool originals_choose(Originals *originals, OriginalsBy by, const char *text, guint *ret_rows,
                      guint *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a row says that a head with this hash came out of its edits. False, too, once the audit
 * could not be read; originals_check() tells. */
bool originals_has(Originals *originals, const char *sha256);

/* Whether a row has this hash of a head that it left as it was, or of one before its edits. The
 * hashes must have been loaded, or rows chosen; the first 64 bits are compared. */
bool originals_had(const Originals *originals, const char *sha256);

/* False: the audit could not be read since it was opened. */
bool originals_check(const Originals *originals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the rows say of a head that came out of edits. */
typedef struct {
	gint64 id; /* of the first of these rows; 0: there is none */
	char before_sha256[DIGEST_SIZE];
	bool differ;  /* they say different things of what was before */
	GString *ids; /* of the first twenty, for people */
} Original;

/* Looks for the rows of the head with this hash. @ret_original is to be cleared. */
bool originals_find(Originals *originals, const char *sha256, Original *ret_original,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void original_clear(Original *original);

/* An edit of a row; valid during the call. @position is below 0 if the row has none. */
typedef void (*OriginalsEdit)(gint64 position, const char *before, size_t before_length,
                              const char *after, size_t after_length, gpointer data);

/* Calls @func for each edit of the row @id, in the order of the head. */
bool originals_edits(Originals *originals, gint64 id, OriginalsEdit func, gpointer data,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Originals, originals_close)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Original, original_clear)
