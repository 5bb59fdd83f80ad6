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

/* Two kinds of failure, never mixed: message bytes never cause an error here, they cause a
 * Decision, `refused` if need be; and nothing but message, facts and policy can cause one. */

/* What stands for a sender that cannot be shown safely (RFC 2606). */
#define STRIP_PLACEHOLDER "unknown-sender@barefrom.invalid"

/* A field that [policy] fields may name. */
typedef struct {
	const char *name;  /* of HEAD_NAME_MAX letters at most */
	bool is_recipient; /* To and Cc: no placeholder, no say in the scope, hides no sender */
} SenderField;

/* The table of them; ends with a NULL name. */
extern const SenderField strip_sender_fields[];

/* The bit that stands for the field @name in Policy.fields; 0: it is not in the table. */
guint strip_field_bit(const char *name);

typedef struct {
	Trust trust;
	bool unknown_is_anonymous;
	bool resolve_anonymous;
	bool scope_everyone;
	char **domains;     /* that make for scope: lower-case A-labels without trailing dot */
	EnquiryLookup who;  /* who of the directory has a key? NULL: names make for no scope */
	gpointer directory; /* that it is asked with */
	Except *except;     /* who may write in the names of the directory */
	guint fields;       /* bits of strip_field_bit() */
	bool pipermail;     /* `user at domain (Name)` is read as that address; see pipermail.h */
} Policy;

/* One place that some reader would take for a sender field, or for the end of one. It belongs to
 * its Decision, with all that it holds but @field (of the table) and @before. */
typedef struct {
	char *name; /* as written, without bytes that hide it */
	const SenderField *field;
	size_t nth;
	Span before;              /* its value; bytes of the head */
	GBytes *after;            /* the new value, of no bytes if all goes; NULL: as before */
	GPtrArray *addresses;     /* char *: addr-specs that it carries; none if not understood */
	GPtrArray *display_names; /* char *: UTF-8, encoded words decoded */
	bool understood;
	Action action;
} Place;

typedef struct {
	Submission *submission;
	ScopeReason scope;
	bool in_scope;       /* by any reason */
	NamesSearch *search; /* with the persons that were found; NULL: none was looked for */
	Action action;
	char **signatures;   /* see mime_read_head() */
	char *message_id;    /* (nullable) */
	GPtrArray *fields;   /* Place, in head order */
	GArray *edits;       /* Edit, in head order; none when kept or refused */
	GPtrArray *edited;   /* for each edit a GPtrArray of its places, not owned */
	const char *refused; /* why, for people, static; NULL unless refused */
} Decision;

/* Decides what is to be done with a message. @complete is false for a head that was cut at
 * HEAD_MAX. The bytes of @head must outlive the decision. (transfer full) */
Decision *strip_decide(const Policy *policy, const Facts *facts, const Head *head, bool complete);

/* Whether some reader would take a part of @head for a sender field: see strip_sender_fields. */
bool strip_shows_sender(const Head *head);

/* The persons of the directory that the sender places show: NamesMatch. Empty if none was found or
 * looked for. */
const GPtrArray *strip_persons(const Decision *decision);

/* Takes all edits back: the message is not to be touched. @why is for people, and static. */
void strip_refuse(Decision *decision, const char *why);

/* Frees @decision, which is not NULL, with all its places and edits. */
void strip_decision_free(Decision *decision);

/* The name of @action, as audit and JSON have it; static. */
const char *strip_action_name(Action action);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, strip_decision_free)
