/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "job.h"
#include "settings.h"

/* What other settings would change: each message of a pass is decided a second time, by the
 * settings "before". If only one of the two decisions changes it, it is counted for the people that
 * it shows and for the domain of its sender. Nothing is recorded. */

/* The most examples of each person and domain. */
#define TALLY_EXAMPLES 3

/* The first From of a message, and the decision by the settings "after". */
typedef struct {
	Action action;
	ScopeReason scope;
	Verdict verdict;
	Reason reason;
	char from[]; /* its value as text, as audit rows have it in from_before */
} TallyExample;

/* A person or a domain, and the messages that only one side changes (strips or replaces): "after"
 * but not "before", or the other way round. */
typedef struct {
	guint64 newly_changed, newly_left;
	TallyExample *examples[TALLY_EXAMPLES]; /* the first different ones; NULL: no more */
	guint64 message;                        /* the last one that it was counted for */
	char name[];                            /* UTF-8, for people; a domain is "" if the sender
	                                         * has no address */
} TallyItem;

/* The comparison, over one or several passes. */
typedef struct {
	Settings *before;
	guint64 messages;
	guint64 newly_changed, newly_left; /* messages that only one side changes */
	guint64 not_ours_before;           /* messages with REASON_TOP_NOT_OURS "before" */
	GHashTable *persons, *domains;     /* name -> TallyItem */
	size_t octets, room;               /* of all examples */
} Tally;

/* Keeps a reference to @before. All examples together take at most @room octets; if there are more,
 * those of the people and domains met least are dropped. Apart from that, memory grows by about 200
 * octets for each different person and domain, and by nothing else. */
void tally_init(Tally *tally, Settings *before, size_t room);
void tally_clear(Tally *tally);

/* Adds the message of @job, decided by the settings "after". Fails as job_decide() does. */
bool tally_add(Tally *tally, const Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The people of the directory, as found by the settings that change the message, and the domains of
 * senders: TallyItem, sorted by how often each was met, then by name. (transfer container) */
GPtrArray *tally_persons(const Tally *tally);
GPtrArray *tally_domains(const Tally *tally);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tally, tally_clear)
