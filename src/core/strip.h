/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "edit.h"
#include "except.h"
#include "head.h"
#include "names.h"
#include "scope.h"
#include "submission.h"

/* Two kinds of failure are never mixed: message bytes never cause an error here, they cause a
 * Decision, `refused` if need be; and only message, facts and policy decide. */

/* Replaces a sender that cannot be shown safely (RFC 2606). */
#define STRIP_PLACEHOLDER "unknown-sender@barefrom.invalid"

/* A field that the setting fields may name. */
typedef struct {
	const char *name;  /* at most HEAD_NAME_MAX bytes */
	bool is_recipient; /* To and Cc: never replaced, ignored for the scope, hides no sender */
	bool is_as_from;   /* no setting of its own: goes with From, for which a reader takes it */
} SenderField;

/* The table of these fields; ends with a NULL name. */
extern const SenderField strip_sender_fields[];

/* The bits for the field @name, and for those that go with it, in Policy.fields; 0: it is not in
 * the table, or has no setting of its own. */
guint strip_field_bits(const char *name);

typedef struct {
	Trust trust;
	bool unknown_is_anonymous;
	bool resolve_anonymous;
	bool scope_everyone;
	char **domains;     /* in scope: lower-case A-labels without trailing dot */
	EnquiryLookup who;  /* looks up the directory; NULL: there is none */
	gpointer directory; /* for `who` */
	Except *except;     /* who may write in the names of the directory */
	guint fields;       /* bits of strip_field_bits() */
	bool pipermail;     /* read `user at domain (Name)` as that address; see pipermail.h */
} Policy;

/* One place that some reader would take for a sender field, or for the end of one. Its Decision
 * owns it and all that it holds, except `field`, which is in the table, and `before`. */
typedef struct {
	char *name; /* as written, without bytes that hide it */
	const SenderField *field;
	size_t nth;
	Span before;              /* its value; bytes of the head */
	GBytes *after;            /* the new value; empty: all is removed; NULL: no change */
	GPtrArray *addresses;     /* char *: addr-specs in it; none if it is not understood */
	GPtrArray *display_names; /* char *: UTF-8, encoded words decoded */
	guint display_name;       /* index of the one that readers show first; 0 if there is none */
	bool understood;
	Action action;
} Place;

typedef struct {
	Submission *submission;
	ScopeReason scope;
	bool in_scope;       /* scope_reason_holds(scope) */
	NamesSearch *search; /* the search for people; NULL: there is no directory */
	Action action;
	char **signatures;   /* see mime_read_head() */
	char *message_id;    /* see mime_read_head(); may be NULL */
	GPtrArray *fields;   /* Place, in head order */
	GArray *edits;       /* Edit, in head order; none if kept or refused */
	GPtrArray *edited;   /* for each edit, a GPtrArray of its places, which it does not own */
	const char *refused; /* why it is refused, for people, static; NULL: it is not */
} Decision;

/* Decides what to do with a message. @complete is false for a head that was cut at HEAD_MAX. The
 * bytes of @head must outlive the decision. (transfer full) */
Decision *strip_decide(const Policy *policy, const Facts *facts, const Head *head, bool complete);

/* Whether a message with @verdict counts as anonymous under @policy. */
bool strip_is_anonymous(const Policy *policy, Verdict verdict);

/* Whether some reader would take a part of @head for a sender field other than To and Cc. */
bool strip_shows_sender(const Head *head);

/* The people of the directory that the sender places show: NamesMatch, which belong to @decision.
 * Empty if none was found or looked for. */
const GPtrArray *strip_persons(const Decision *decision);

/* Drops all edits: the message must not be changed. @why is for people, and must be static. */
void strip_refuse(Decision *decision, const char *why);

/* Frees @decision, which must not be NULL, with all its places and edits. */
void strip_decision_free(Decision *decision);

/* The name of @action in audit and JSON; static. */
const char *strip_action_name(Action action);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, strip_decision_free)
