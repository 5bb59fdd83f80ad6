/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "store-error.h"

typedef struct Audit Audit;

/* @n texts, one behind the other, each with its NUL. */
typedef struct {
	const char *first;
	guint n;
} AuditTexts;

typedef struct {
	const void *data;
	size_t length;
} AuditBytes;

/* Texts are valid UTF-8 without controls, or NULL. Nothing is owned. */
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
	gint64 received_at;      /* there; as at; 0: not known */
	bool in_scope;
	const char *scope, *person; /* why; NULL: nothing matched */
	const char *action, *outcome;
	gint64 size; /* -1: not known yet */
	const char *from_before, *from_after, *head_before_sha256, *head_after_sha256;
	const char *from_name, *from_address; /* the first ones of the first From place */
	AuditTexts signatures;
	const char *policy_digest, *policy_settings, *version;
	const AuditEdit *edits;
	guint n_edits;
	AuditTexts recipients; /* may repeat */
} AuditRow;

/* @at, microseconds since 1970, as the audit writes times: ISO 8601, UTC, with milliseconds.
 * (transfer full) */
char *audit_time(gint64 at);

/* Opens the audit at @path, making it where there is none. @wait_ms bounds each wait for another
 * process. (transfer full) */
Audit *audit_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees @audit. What was committed stays. */
void audit_close(Audit *audit);

/* No later wait for another process is longer than @wait_ms. */
void audit_set_wait(Audit *audit, int wait_ms);

/* Waits end, too, once *@stop is set, which outlives @audit. */
void audit_set_stop(Audit *audit, const volatile sig_atomic_t *stop);

/* An offline run over one file: how far it has got. */
typedef struct {
	gint64 id;
	gint64 messages, stripped;
	const char *status; /* running, done, failed */
	gint64 ended;       /* microseconds since 1970; ignored while it is running */
	bool settles;       /* each row is settled by itself, so the end of the run says nothing
	                     * of it */
} AuditRun;

/* Commits a run that begins at @at (microseconds since 1970): sets all of @run but settles. From
 * then on the log grows until it is moved. */
bool audit_begin_run(Audit *audit, AuditRun *run, gint64 at, const char *command, const char *input,
                     const char *version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How the message of a row ended. */
typedef struct {
	gint64 id;
	const char *outcome;
	gint64 size; /* octets; -1: not known */
} AuditSettle;

/* Writes @rows (AuditRow; NULL: none) with their edits, of @run and how far that has got (NULL:
 * they are of no run), and @settles (AuditSettle; may be NULL) for rows written before, in one
 * transaction. If @durable, it is on the disk with all before it; otherwise a power failure may
 * undo it. @ret_ids (NULL: not asked for) has a place for the id of each row. A row that is gone is
 * not settled. */
bool audit_record_rows(Audit *audit, const GArray *rows, gint64 *ret_ids, const AuditRun *run,
                       const GArray *settles, bool durable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From now on the log grows until it is moved. */
void audit_own_log(Audit *audit);

/* Whether another file stands where @audit was opened, or none, or it has become smaller since this
 * was last asked: it is to be opened anew then. */
bool audit_has_moved(Audit *audit);

/* Moves what the write-ahead log holds into the file, as far as readers let us, if that was at
 * least so many @pages behind the last transaction; others can write meanwhile. What a run leaves
 * in the log, a filter beside it would have to move. */
void audit_move_log(Audit *audit, int pages);

/* The same, and makes the log empty, if nobody is in the way for long. */
void audit_truncate_log(Audit *audit);

/* Says how the message of the row @id ended. A dry run stays one, whatever @outcome says. @size in
 * octets; -1: not known. It is an error if the row is gone. */
bool audit_settle(Audit *audit, gint64 id, const char *outcome, gint64 size,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_close)
