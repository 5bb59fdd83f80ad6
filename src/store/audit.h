/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "store-error.h"

typedef struct Audit Audit;

/* @n texts, one after the other, each with its NUL. */
typedef struct {
	const char *first;
	guint n;
} AuditTexts;

typedef struct {
	const void *data;
	size_t length;
} AuditBytes;

/* In the structs below, texts are valid UTF-8 without controls, or NULL. Nothing is owned. */
typedef struct {
	const char *field;
	gint64 nth;
	const char *action;
	AuditBytes before, after;
	AuditTexts display_names, addresses;
	gint64 position; /* offset of the field in the head before */
} AuditEdit;

typedef struct {
	gint64 at; /* microseconds since 1970 */
	const char *source, *queue_id, *message_id_header, *envelope_from, *client_address;
	const char *verdict, *reason, *evidence, *auth_user;
	const char *peer, *helo; /* of the client at the boundary */
	gint64 received_at;      /* at the boundary, microseconds since 1970; 0: not known */
	bool in_scope;
	const char *scope, *person; /* why it is in scope; NULL: nothing matched */
	const char *action, *outcome;
	gint64 size; /* -1: not known yet */
	const char *from_before, *from_after, *head_before_sha256, *head_after_sha256;
	const char *from_name, *from_address; /* the first ones in the first From place */
	AuditTexts signatures;
	const char *policy_digest, *policy_settings, *version;
	const AuditEdit *edits;
	guint n_edits;
	AuditTexts recipients; /* may repeat */
} AuditRow;

/* @at, microseconds since 1970, as the audit writes times: ISO 8601, UTC, with milliseconds.
 * (transfer full) */
char *audit_time(gint64 at);

/* Opens the audit at @path, and makes it if there is none. No wait for another process is longer
 * than @wait_ms. (transfer full) */
Audit *audit_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees @audit. What was committed stays. */
void audit_close(Audit *audit);

/* Bounds each later wait for another process by @wait_ms. */
void audit_set_wait(Audit *audit, int wait_ms);

/* Ends each later wait at @until (monotonic, microseconds), instead of after that time. */
void audit_set_limit(Audit *audit, gint64 until);

/* Also ends waits once *@stop is set; @stop must outlive @audit. */
void audit_set_stop(Audit *audit, const volatile sig_atomic_t *stop);

/* An offline run over one file: how far it has got. */
typedef struct {
	gint64 id;
	gint64 messages, stripped; /* `stripped` includes replaced ones */
	const char *status;        /* running, done, failed */
	gint64 ended;              /* microseconds since 1970; ignored while it is running */
	bool settles; /* rows are settled one by one: the end of the run does not settle them */
} AuditRun;

/* Commits the row of a run that begins at @at (microseconds since 1970), and sets all of @run but
 * settles, which the caller has set. Implies audit_own_log(). */
bool audit_begin_run(Audit *audit, AuditRun *run, gint64 at, const char *command, const char *input,
                     const char *version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How the message of a row ended. */
typedef struct {
	gint64 id;
	const char *outcome;
	gint64 size; /* octets; -1: not known */
} AuditSettle;

/* Writes @rows (AuditRow; NULL: none), which belong to @run (NULL: to none), with their edits, how
 * far @run has got, and @settles (AuditSettle; may be NULL) for rows written before, in one
 * transaction. If @durable, it and all before it are synced; otherwise a power failure may undo it.
 * @ret_ids (NULL: not wanted) has a place for the id of each row. Ignores settles of rows that are
 * gone. */
bool audit_record_rows(Audit *audit, const GArray *rows, gint64 *ret_ids, const AuditRun *run,
                       const GArray *settles, bool durable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From then on commits do not move the log into the file: the caller does, by audit_move_log(). */
void audit_own_log(Audit *audit);

/* Whether the path at which @audit was opened has no file or another one, or the file has shrunk
 * since the last call: then @audit has to be opened again. */
bool audit_has_moved(Audit *audit);

/* Moves what the write-ahead log holds into the file, as far as readers allow, if the last
 * transaction since it was moved left at least @pages in it; others can write meanwhile. What a run
 * leaves in the log, a filter beside it would have to move. Returns whether it tried. */
bool audit_move_log(Audit *audit, int pages);

/* Moves all of the log and empties it, unless others are in the way for longer than a moment. */
void audit_truncate_log(Audit *audit);

/* Records how the message of the row @id ended. A dry run stays one, whatever @outcome says. @size
 * in octets; -1: not known. It is an error if the row is gone. */
bool audit_settle(Audit *audit, gint64 id, const char *outcome, gint64 size,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_close)
