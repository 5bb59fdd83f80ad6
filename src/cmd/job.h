/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"
#include "core/head.h"
#include "core/strip.h"
#include "io/message.h"
#include "store/audit.h"

/* One message on its way: read, decide, record. Shared by all front ends, which move the bytes. */
typedef struct {
	const Config *config;
	const Facts *facts;
	Head head;
	bool complete;      /* the head is not longer than HEAD_MAX */
	const char *refuse; /* why the message is not to be touched; NULL: it may be */
	Decision *decision;
	GBytes *new_head; /* NULL where nothing changes */
	const char *envelope_from;
	char *const *recipients; /* NULL-terminated, or NULL */
} Job;

/* @facts may be NULL: nothing is known of the session. */
void job_init(Job *job, const Config *config, const Facts *facts);

/* Frees what was decided. */
void job_clear(Job *job);

/* Reads the head, and what follows it until more than @hold bytes are held. The message is empty if
 * head.bytes.length is 0 then. What is decided points into the bytes of @message. Fails with the
 * errors of message_read(). */
bool job_read_head(Job *job, Message *message, size_t hold,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Decides about the head and makes the new one. Fails where there is no memory for it, with a
 * G_IO_ERROR. */
bool job_decide(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the audit that @config names. No wait for another process is longer than @wait_ms.
 * (transfer full) */
Audit *job_open_audit(const Config *config, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the audit could not be opened: tells whoever did not name one how to. */
void job_hint_at_option(const Config *config, GError **error);

/* Rows for the audit, an array of AuditRow, and what they point to. */
typedef struct {
	GArray *rows;
	GStringChunk *texts;
	GString *gathered; /* texts that are to stand one behind the other */
	size_t octets;
} JobRows;

/* Rows are made empty to be filled again; what they hold is freed then, or when they are cleared.
 */
void job_rows_init(JobRows *rows);
void job_rows_empty(JobRows *rows);
void job_rows_clear(JobRows *rows);

/* The memory that they take, about. */
size_t job_rows_octets(const JobRows *rows);

/* Adds the row of @job, with a size that is not known yet. (transfer none) */
AuditRow *job_add_row(const Job *job, const char *source, const char *outcome, JobRows *rows);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JobRows, job_rows_clear)
