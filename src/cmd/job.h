/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"
#include "core/head.h"
#include "core/strip.h"
#include "io/message.h"
#include "store/audit.h"

/* One message on its way: read, decide, record, act, settle. Shared by all front ends, which do
 * the acting. */
typedef struct {
	const Config *config;
	const Facts *facts;
	gint64 until; /* monotonic, microseconds: no wait ends later; 0: see job_init() */
	Message message;
	Head head;
	bool complete; /* the head is not longer than HEAD_MAX */
	Decision *decision;
	GBytes *new_head; /* NULL where nothing changes */
	const char *envelope_from;
	char *const *recipients; /* NULL-terminated, or NULL */
	Audit *audit;            /* NULL until recorded */
	gint64 id;               /* of its row */
} Job;

/* @started (monotonic, microseconds) is when the deadline began to run; 0: it begins anew at each
 * use of the database. */
void job_init(Job *job, const Config *config, const Facts *facts, gint64 started, int fd);
void job_clear(Job *job);

/* Reads the head, and what follows it until more than @hold bytes are held. The message is empty if
 * head.bytes.length is 0 then. */
bool job_read_head(Job *job, size_t hold, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Decides and makes the new head. */
bool job_decide(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the audit that @config names; an error tells whoever did not name one how to. No wait for
 * another process is longer than @wait_ms. (transfer full) */
Audit *job_open_audit(const Config *config, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits a row with @outcome before anything leaves us. */
bool job_record(Job *job, const char *source, const char *outcome,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how it ended. */
bool job_settle(Job *job, const char *outcome, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)
