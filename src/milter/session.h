/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mail/job.h"
#include "mail/settings.h"

/* One connection of an MTA: what it has said of its session and of the message at hand, and what it
 * is told. Bytes in, bytes out. */
typedef struct Session Session;

/* What new messages go by. Whoever serves the sessions may change it between two calls. */
typedef struct {
	Settings *settings;
	char *const *submission_daemons; /* NULL-terminated */
	bool dry_run;
	size_t held; /* octets of heads and recipients that all sessions hold */
} SessionRules;

/* All sessions together hold no more of their heads and recipients than this. A message beyond it
 * is told to come again. */
#define SESSION_HELD_MAX ((size_t)256 * 1024 * 1024)

typedef enum {
	SESSION_READS,    /* it waits for more */
	SESSION_MESSAGE,  /* a message is there whole, and waits for session_answer(), */
	SESSION_ANSWERED, /* and then for session_go_on() */
	SESSION_ENDS,     /* the connection is of no more use */
} SessionState;

/* @rules outlive the session. (transfer full) */
Session *session_new(SessionRules *rules);
void session_free(Session *session);

/* Takes @length bytes from the MTA, up to a message. What is behind that waits for
 * session_go_on(). */
SessionState session_take(Session *session, const char *bytes, size_t length);

/* What it waits for now. */
SessionState session_state(const Session *session);

/* The message: to be decided and recorded. It belongs to @session. */
Job *session_job(Session *session);

/* Whether the message is not to be decided, but told to come again, since there is no memory for
 * it. */
bool session_is_over(const Session *session);

/* What the row of the decided message says of its end, if the reply gets through; and that reply,
 * where the message is not to go on, or else NULL. */
const char *session_outcome(const Session *session);
const char *session_refusal(const Session *session);

/* Answers the message, as decided, or with @failure (may be NULL), words that any sender may read.
 */
void session_answer(Session *session, const char *failure);

/* Ends the message, which was answered, and goes on with what has come meanwhile. */
SessionState session_go_on(Session *session);

/* What the MTA is to be told; the caller takes what it has sent off the front. It belongs to
 * @session. */
GByteArray *session_output(Session *session);

/* For the log: the queue id of the message, and what was odd about the peer, where
 * session_take() says that it ends. NULL: not known, or nothing. */
const char *session_queue_id(const Session *session);
const char *session_fault(const Session *session);

/* Whether edits are not made, as the rules said when the message began. */
bool session_is_dry_run(const Session *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)
