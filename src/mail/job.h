/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/head.h"
#include "core/strip.h"
#include "io/message.h"
#include "ledger.h"
#include "settings.h"

/* How far a message has got. */
typedef enum { JOB_NEW, JOB_DECIDED, JOB_RECORDED, JOB_SETTLED } JobState;

/* One message on its way: its head is read, decided, recorded and settled. Shared by all front
 * ends, which move the bytes. */
typedef struct Job {
	JobState state;
	Settings *settings;
	const Facts *facts;
	Head head;
	bool complete;  /* the head is not longer than HEAD_MAX */
	char *gathered; /* the head, if it comes field by field */
	size_t gathered_length, gathered_room;
	const char *refuse; /* why the message must not be changed; NULL: it may be */
	bool in_mbox;       /* no line of the new head may be taken for a From_ line */
	Decision *decision;
	GBytes *new_head; /* NULL: nothing changes */
	bool lf;          /* CR LF after the new head must be turned into LF */
	const char *envelope_from;
	char *const *recipients; /* NULL-terminated, or NULL */
	gint64 size;             /* octets of the message; -1: not known yet */
	LedgerEntry entry;       /* of its row */
} Job;

/* Begins a message that is decided by @settings, to which the job keeps a reference. @facts, which
 * must outlive the job, may be NULL: nothing is known about the session. */
void job_init(Job *job, Settings *settings, const Facts *facts);

/* Frees what the job holds, and sets it to zeros. Its row stays as it is. */
void job_clear(Job *job);

/* Reads the head, the beginning of which @message may hold already, and what follows it until more
 * than @hold bytes are held. If head.bytes.length is then 0, the message is empty. The job points
 * into the bytes of @message. Fails with the errors of message_read(). */
bool job_read_head(Job *job, Message *message, size_t hold,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the @length bytes at @bytes, which must outlive the job, the head; only the first HEAD_MAX
 * of them if there are more. */
void job_set_head(Job *job, const char *bytes, size_t length);

/* Adds a field to the head: its name, a colon, the value as it stands after the colon, and a line
 * end (LF). Leaves out what exceeds HEAD_MAX, as job_set_head() does. False: no memory. */
bool job_add_field(Job *job, const char *name, size_t name_length, const char *value,
                   size_t value_length) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the fields that were added, and an empty line, the head. False: no memory. */
bool job_end_fields(Job *job) G_GNUC_WARN_UNUSED_RESULT;

/* Decides about the head and makes the new one. Fails with an IO_ERROR if there is no memory for
 * it, with a PEOPLE_ERROR if the directory cannot be read. */
bool job_decide(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the row of a decided message to @ledger, which determines when it is written. @source and
 * @outcome must be static. */
bool job_record(Job *job, Ledger *ledger, const char *source, const char *outcome,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records how a recorded message ended, and how many octets it had (-1: not known). @outcome must
 * be static. */
bool job_settle(Job *job, Ledger *ledger, const char *outcome, gint64 size,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was decided, for a log: ACTION[ (dry run)], SCOPE, VERDICT (REASON), audit id N. Without the
 * scope if the line would be longer than @max octets. (transfer full) */
char *job_words(const Job *job, bool dry_run, size_t max);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)
