/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "reader.h"

/* The figures of a report. Calls between reader_begin() and reader_end() all see one moment. Each
 * list but that of days has at most FIGURES_TOP rows, the largest first unless noted; `all` is the
 * length of the whole list. Texts are valid during the call, may be NULL, and may hold anything. */

/* The most rows of a list. */
#define FIGURES_TOP 15
/* The most names of a sender, and the most addresses of each kind of a name of ours. */
#define FIGURES_NAMES 3

/* Functions that take a @func call it for each row. False: the audit could not be read. */

/* Which messages are counted: from the day @since on, before the day @until (YYYY-MM-DD); those in
 * mailboxes if @stored, else those in transit. A message counts once, however often it was tried,
 * split or read: rows with the same head and queue id are one. An attempt that handed nothing on is
 * not counted, since the next one is; but a refused message is. */
typedef struct {
	const char *since, *until;
	bool stored;
} FiguresScope;

typedef struct {
	gint64 messages;
	gint64 unproved;                    /* anonymous or unknown */
	gint64 stripped, replaced, refused; /* without dry runs */
	gint64 changed;                     /* stripped or replaced, without dry runs */
	gint64 dry;  /* would have been one of these, but had nothing but dry runs */
	gint64 left; /* kept, though not authenticated */
	gint64 pending;
	gint64 attempts;  /* rows of attempts that handed nothing on */
	gint64 no_client; /* not authenticated, and from an unknown client */
} FiguresTotals;

bool figures_totals(Reader *reader, const FiguresScope *scope, FiguresTotals *ret_totals,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A day with messages, in the order of time. A message belongs to the day of its first row. */
typedef struct {
	const char *day;
	gint64 authenticated, anonymous, unknown;
} FiguresDay;
typedef void (*FiguresDayFunc)(const FiguresDay *day, gpointer data);
bool figures_days(Reader *reader, const FiguresScope *scope, FiguresDayFunc func, gpointer data,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An address in From of messages that were not authenticated: each, where From was changed; else
 * the first one, which an audit of an older version does not hold. */
typedef struct {
	const char *address, *first, *last; /* days */
	gint64 messages;
	const char *names[FIGURES_NAMES]; /* those used most, NULL after the last */
	gint64 all_names;
	gint64 all;
} FiguresSender;
typedef void (*FiguresSenderFunc)(const FiguresSender *sender, gpointer data);
bool figures_senders(Reader *reader, const FiguresScope *scope, FiguresSenderFunc func,
                     gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A name in the sender fields of messages that were not authenticated: each removed one; and the
 * first one in From, where that was not changed, except in an audit of an older version. */
typedef struct {
	const char *name, *last;
	gint64 messages;
	const char *address; /* the one that it came with most often */
	gint64 all_addresses;
	gint64 all;
} FiguresName;
typedef void (*FiguresNameFunc)(const FiguresName *name, gpointer data);
bool figures_names(Reader *reader, const FiguresScope *scope, FiguresNameFunc func, gpointer data,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many messages were stripped or replaced, kept, refused; a dry run counts as what it would
 * have done. A message whose rows differ counts in each. */
typedef struct {
	gint64 changed, kept, refused;
} FiguresDone;

/* Whether the schema is new enough for figures_foreign() and figures_people(), which must not be
 * called otherwise. */
bool figures_have_names(const Reader *reader);

/* A name in From that came authenticated with the addresses @own, and not authenticated with the
 * addresses @foreign, with which it never came authenticated. It is spelled as it came with @own[0]
 * the last time. Spellings that differ in the case of A to Z or in blanks at their ends are one
 * name; a single word is none, unless it is Han, Kana or Hangul. A message counts if it was not
 * authenticated and its address is foreign. */
typedef struct {
	const char *name, *last;
	const char *own[FIGURES_NAMES];     /* the one used last first */
	const char *foreign[FIGURES_NAMES]; /* the one with most messages first */
	gint64 all_own, all_foreign;
	gint64 messages;
	FiguresDone done;
	gint64 all;
} FiguresForeign;
typedef void (*FiguresForeignFunc)(const FiguresForeign *foreign, gpointer data);
bool figures_foreign(Reader *reader, const FiguresScope *scope, FiguresForeignFunc func,
                     gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A person of the directory whose name was on messages that were not authenticated. */
typedef struct {
	const char *name, *last;
	gint64 messages;
	FiguresDone done;
	gint64 all;
} FiguresPerson;
typedef void (*FiguresPersonFunc)(const FiguresPerson *person, gpointer data);
bool figures_people(Reader *reader, const FiguresScope *scope, FiguresPersonFunc func,
                    gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A client that sent a message that was not authenticated; ordered by `changed`. */
typedef struct {
	const char *address, *last;
	gint64 messages, unproved, changed; /* `changed`: stripped or replaced */
	gint64 all;
} FiguresClient;
typedef void (*FiguresClientFunc)(const FiguresClient *client, gpointer data);
bool figures_clients(Reader *reader, const FiguresScope *scope, FiguresClientFunc func,
                     gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Messages replaced or refused that show the same From. */
typedef struct {
	const char *action, *reason, *from, *last;
	gint64 messages;
	gint64 all;
} FiguresException;
typedef void (*FiguresExceptionFunc)(const FiguresException *exception, gpointer data);
bool figures_exceptions(Reader *reader, const FiguresScope *scope, FiguresExceptionFunc func,
                        gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A run over a mailbox that decided about its messages, the latest first; the scope's `stored` is
 * ignored, here and below. */
typedef struct {
	const char *started, *input, *status;
	gint64 messages, changed; /* `changed`: stripped or replaced */
	bool dry;                 /* only recorded what it would have changed */
	gint64 all;
} FiguresRun;
typedef void (*FiguresRunFunc)(const FiguresRun *run, gpointer data);
bool figures_runs(Reader *reader, const FiguresScope *scope, FiguresRunFunc func, gpointer data,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many runs put originals back. Their messages have no rows, so no other figure shows them. */
bool figures_undo_runs(Reader *reader, const FiguresScope *scope, gint64 *ret_runs,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
