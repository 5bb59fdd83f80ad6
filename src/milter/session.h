/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mail/job.h"
#include "mail/settings.h"

/* One connection of an MTA: what it has said about its session and the current message, and what it
 * is told. Bytes in, bytes out. */
typedef struct Session Session;

/* The rules for new messages, shared by all sessions. The caller may change them between calls. */
typedef struct {
	Settings *settings;
	char *const *submission_daemons; /* NULL-terminated */
	bool dry_run;
	size_t held; /* octets of heads and recipients that all sessions hold */
} SessionRules;

/* The most octets of heads and recipients that all sessions together hold. A message that exceeds
 * it is deferred. */
#define SESSION_HELD_MAX ((size_t)256 * 1024 * 1024)

typedef enum {
	SESSION_READS,    /* it waits for more bytes */
	SESSION_MESSAGE,  /* a message is complete and waits for session_answer() */
	SESSION_ANSWERED, /* the message waits for session_go_on() */
	SESSION_ENDS,     /* the connection must be closed */
} SessionState;

/* @rules must outlive the session. (transfer full) */
Session *session_new(SessionRules *rules);
void session_free(Session *session);

/* Takes @length bytes from the MTA, up to the end of a message; keeps what follows for
 * session_go_on(). Returns the new state. */
SessionState session_take(Session *session, const char *bytes, size_t length);

SessionState session_state(const Session *session);

/* The message, to be decided and recorded. It belongs to @session. */
Job *session_job(Session *session);

/* Whether the message exceeds a limit, or there is no memory for it: then it must not be decided,
 * but be answered with a failure. */
bool session_is_over(const Session *session);

/* The outcome of the decided message for its row, if the reply gets through; static. */
const char *session_outcome(const Session *session);

/* The reply that refuses the decided message; NULL: it is accepted. Static. */
const char *session_refusal(const Session *session);

/* Answers the message: as decided, or with 451 and @failure (may be NULL), words that any sender
 * may read. */
void session_answer(Session *session, const char *failure);

/* Ends the answered message, and takes what has come meanwhile. Returns the new state. */
SessionState session_go_on(Session *session);

/* The bytes for the MTA; the caller removes from the front what it has sent. They belong to
 * @session. */
GByteArray *session_output(Session *session);

/* The queue id of the message, for the log; NULL: not known. */
const char *session_queue_id(const Session *session);

/* What was wrong with the peer once the state is SESSION_ENDS, for the log; NULL: nothing. */
const char *session_fault(const Session *session);

/* Whether edits are not made, as the rules said when the message began. */
bool session_is_dry_run(const Session *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)
