/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store-error.h"

typedef struct Audit Audit;

/* Strings are valid UTF-8 without controls, or NULL. Nothing is owned. */
typedef struct {
	const char *field;
	gint64 nth;
	const char *action;
	GBytes *before, *after;
	const GPtrArray *display_names, *addresses; /* char * */
} AuditEdit;

typedef struct {
	gint64 at; /* microseconds since 1970 */
	const char *source, *queue_id, *message_id_header, *envelope_from, *client_address;
	const char *verdict, *reason, *evidence, *auth_user;
	bool in_scope;
	const char *action, *outcome;
	gint64 size; /* -1: not known yet */
	const char *from_before, *from_after, *head_before_sha256, *head_after_sha256;
	const GPtrArray *signatures; /* char * */
	const char *policy_digest, *policy_settings, *version;
	const GArray *edits;         /* AuditEdit; may be NULL */
	const GPtrArray *recipients; /* char *; may repeat; may be NULL */
} AuditRow;

/* Opens the audit at @path, making it where there is none. @wait_ms bounds each wait for another
 * process. (transfer full) */
Audit *audit_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_close(Audit *audit);

/* No later wait for another process is longer than @wait_ms. */
void audit_set_wait(Audit *audit, int wait_ms);

/* Writes one message with its edits and commits it to the disk. On success *@ret_id is its id. */
bool audit_record(Audit *audit, const AuditRow *row, gint64 *ret_id,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how it ended. A dry run stays one, whatever @outcome says. @size in octets. */
bool audit_settle(Audit *audit, gint64 id, const char *outcome, gint64 size,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_close)
