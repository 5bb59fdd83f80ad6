/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "date.h"
#include "head.h"
#include "received.h"

typedef enum { VERDICT_AUTHENTICATED, VERDICT_ANONYMOUS, VERDICT_UNKNOWN, N_VERDICTS } Verdict;

typedef enum {
	REASON_WITH,
	REASON_COMMENT,
	REASON_SASL_FACT, /* a fact: a login, or none, as the verdict shows */
	REASON_LISTENER_FACT,
	REASON_TRUSTED_CLIENT,
	REASON_LOCAL_UID,
	REASON_SUBMISSION_LISTENER,
	REASON_AUTH_RESULTS,
	REASON_WEBMAIL,
	REASON_NO_LOGIN,
	REASON_CONFLICT,
	REASON_RELAY_LOGIN,
	REASON_LOCAL_PICKUP,
	REASON_MALFORMED,
	REASON_CHAIN_BROKEN,
	REASON_FETCHED,
	REASON_NO_TRACE,
	REASON_TOP_NOT_OURS,
	REASON_DELIVERY_ONLY,
	REASON_SILENT,
	N_REASONS,
} Reason;

typedef enum { ROLE_REINJECTION, ROLE_DELIVERY, ROLE_RELAY, ROLE_BOUNDARY, ROLE_UNTRUSTED } Role;

/* Settings of the section [trust]. Lists are never NULL. */
typedef struct {
	char **trusted_by;
	GPtrArray *relay_nets;      /* Network */
	GPtrArray *trusted_clients; /* Network */
	char **filter_uids;
	char **user_uids;
	char **hidden_by;
	char **submission_by;
	char **webmail_by;
	char **relay_accounts;
	GPtrArray *comment_dialect; /* DialectRule */
	char *authserv_id;     /* of our Authentication-Results fields; NULL or "": none is read */
	bool ar_stripped;      /* our border removes foreign fields that claim to be ours */
	bool local_is_trusted; /* mail handed in on the host is a user's, even if not shown whose */
} Trust;

typedef enum { LISTENER_UNSAID, LISTENER_AUTHENTICATED, LISTENER_ANONYMOUS } Listener;

/* A session that a server of ours reports while it lasts, so that its trace field is not yet in the
 * head. It becomes hop 0. */
typedef struct {
	const char *by;   /* the name of the server, ours whatever trusted-by says; may be NULL */
	const char *helo; /* may be NULL */
	bool is_local;    /* handed in on the host itself: no client, no login, no listener */
} SessionHop;

/* What is known about the session from outside the message; NULL: not said. */
typedef struct {
	const SessionHop *session; /* if given, the other facts are of it; no login: it had none */
	const char *sasl_username; /* "": the session had no login */
	const char *sasl_method;
	const char *client_address;
	const char *queue_id;
	Listener listener;
	char *const *recipients; /* all of the envelope, NULL-terminated */
} Facts;

typedef struct {
	Span field;         /* the whole field without its last line end; bytes of the head */
	Span value;         /* the part of it after the colon */
	Received *received; /* NULL: the verdict did not need it, see submission_read_hops() */
	bool is_session; /* the session of the facts; both spans are empty, at the head's start */
	Role role;
} Hop;

typedef struct {
	Verdict verdict;
	Reason reason;
	char *evidence;  /* what decided, in words; may hold bytes of the message */
	char *auth_user; /* the login; NULL: none was shown */
	GArray *hops;    /* Hop, from the top; the session of the facts is the first */

	/* What the boundary shows, for the audit only. NULL: not shown, or there is no boundary. */
	char *peer;            /* address of its client; if no hop counts, that of the facts */
	char *helo;            /* its client's HELO name */
	char *boundary_id;     /* its queue id */
	gint64 received_at;    /* its date in seconds since 1970; DATE_NONE: not readable */
	GPtrArray *recipients; /* char *: `for` of hops that count, without <>, each once */
} Submission;

/* Decides from facts and trace whether the author of the message was logged in. The bytes of @head
 * must outlive the result, @facts need not. (transfer full) */
Submission *submission_read(const Trust *trust, const Facts *facts, const Head *head);

/* Frees @submission, which must not be NULL, with its hops. */
void submission_free(Submission *submission);

/* Reads also the hops that the verdict did not need, with the same @trust. */
void submission_read_hops(Submission *submission, const Trust *trust);

/* The first hop with this role; NULL: there is none. It belongs to @submission. */
const Hop *submission_hop(const Submission *submission, Role role);

/* The domain in From for which our own Authentication-Results say dmarc=pass, by mime_domain();
 * which of these fields count is as for logins. NULL: none. (transfer full) */
char *submission_dmarc_domain(const Submission *submission, const Trust *trust, const Head *head);

/* The names in audit and JSON; static. */
const char *verdict_name(Verdict verdict);
const char *reason_name(Reason reason);
const char *role_name(Role role);

/* Whether @with is a protocol word that only a session with a login gets (RFC 3848, RFC 6531, and
 * the spellings of Exim and OpenSMTPD). */
bool submission_word_is_login(const char *with);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Submission, submission_free)
