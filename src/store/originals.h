/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "digest.h"
#include "store-error.h"

/* What an audit knows about heads that were changed: their hashes and what they were before. It is
 * read as it is, while filters write to it. Hashes are as the audit has them: SHA-256, hex. */
typedef struct Originals Originals;

/* Opens the audit at @path, which must exist; no wait for another process is longer than @wait_ms.
 * (transfer full) */
Originals *originals_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void originals_close(Originals *originals);

/* Reads all hashes, about 40 octets of memory for each row, so that originals_has() needs no search
 * in the file, and originals_had() has an answer. */
bool originals_load(Originals *originals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether originals_load() is still to be called: not after originals_choose(). */
bool originals_can_load(const Originals *originals);

typedef enum { ORIGINALS_BY_ID, ORIGINALS_BY_QUEUE_ID, ORIGINALS_BY_MESSAGE_ID } OriginalsBy;

/* From then on only the rows count whose id, queue id or Message-ID is @text; a Message-ID is found
 * with and without its angle brackets. *@ret_rows is how many there are, *@ret_changed how many of
 * these changed their message. */
bool originals_choose(Originals *originals, OriginalsBy by, const char *text, guint *ret_rows,
                      guint *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a row says that a head with this hash is the result of its edits. Also false once the
 * audit could not be read: see originals_check(). */
bool originals_has(Originals *originals, const char *sha256);

/* Whether a row says that a head with this hash was left as it was, or is the one before its edits.
 * Needs originals_load() or originals_choose(); compares the first 64 bits. */
bool originals_had(const Originals *originals, const char *sha256);

/* False: reading the audit has failed since it was opened. */
bool originals_check(const Originals *originals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the rows say about a head that is the result of edits. */
typedef struct {
	gint64 id; /* of the first of these rows; 0: there is none */
	char before_sha256[DIGEST_SIZE];
	bool differ;  /* the rows have different hashes of the head before */
	GString *ids; /* of the first twenty rows, for people */
} Original;

/* Finds the rows of the head with this hash. If it finds many, it keeps what they say in mind, and
 * later reads only new ones. *@ret_original must be cleared even after an error. */
bool originals_find(Originals *originals, const char *sha256, Original *ret_original,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void original_clear(Original *original);

/* Takes an edit of a row; its bytes are valid during the call. @position is that of the field in
 * the head before; -1: not recorded. */
typedef void (*OriginalsEdit)(gint64 position, const char *before, size_t before_length,
                              const char *after, size_t after_length, gpointer data);

/* Calls @func for each edit of the row @id, in the order of the head. */
bool originals_edits(Originals *originals, gint64 id, OriginalsEdit func, gpointer data,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Originals, originals_close)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Original, original_clear)
