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
	char *gathered; /* the head, where it comes field by field */
	size_t gathered_length, gathered_room;
	const char *refuse; /* why the message is not to be touched; NULL: it may be */
	Decision *decision;
	GBytes *new_head; /* NULL where nothing changes */
	bool lf;          /* in what follows the new head CR LF is to be made LF */
	const char *envelope_from;
	char *const *recipients; /* NULL-terminated, or NULL */
	gint64 size;             /* octets of the message; -1: not known yet */
	LedgerEntry entry;       /* of its row */
} Job;

/* A new message, decided by @settings, of which it holds a reference. @facts may be NULL: nothing
 * is known of the session. */
void job_init(Job *job, Settings *settings, const Facts *facts);

/* Frees what the job holds, and leaves one of zeros. Its row stays as it is. */
void job_clear(Job *job);

/* Reads the head, of which some may have been read, and what follows it until more than @hold bytes
 * are held. The message is empty if head.bytes.length is 0 then. What is decided points into the
 * bytes of @message. Fails with the errors of message_read(). */
bool job_read_head(Job *job, Message *message, size_t hold,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The head is the @length bytes at @bytes, which outlive the job; or, if there are more than
 * HEAD_MAX, the first of them. */
void job_set_head(Job *job, const char *bytes, size_t length);

/* Adds a field to the head: its name, a colon, the value as it stands behind the colon, and a line
 * end (LF). What is more than HEAD_MAX is left out, as in job_set_head(). False: there is no memory
 * for it. */
bool job_add_field(Job *job, const char *name, size_t name_length, const char *value,
                   size_t value_length) G_GNUC_WARN_UNUSED_RESULT;

/* The fields added are the head, with an empty line behind them. False: there is no memory for
 * that.
 */
bool job_end_fields(Job *job) G_GNUC_WARN_UNUSED_RESULT;

/* Decides about the head and makes the new one. Fails where there is no memory for it, with a
 * IO_ERROR, or where the directory cannot be read, with a PEOPLE_ERROR. */
bool job_decide(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the row of a decided message into @ledger; @source and @outcome are static. When it is
 * written depends on the ledger. */
bool job_record(Job *job, Ledger *ledger, const char *source, const char *outcome,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how a recorded message ended, and how many octets it had (-1: not known). */
bool job_settle(Job *job, Ledger *ledger, const char *outcome, gint64 size,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was decided, for a log: ACTION[ (dry run)], SCOPE, VERDICT (REASON), audit id N. The scope
 * is left out where the line would be longer than @max octets. (transfer full) */
char *job_words(const Job *job, bool dry_run, size_t max);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)
