/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "config.h"
#include "store/reader.h"

/* A filter takes less than four times the deadline, which Postfix must give it (barefrom.conf(5)).
 * A row that is pending for longer will not be settled. */
#define VERB_DEADLINES_PENDING 4

/* The options of the verbs of audit, as given; NULL: not given. */
typedef struct {
	char *older_than;
	char *format;
	char *since;
	char *since_id;
	char *output;
	char *queue_id, *message_id;
	gboolean all, runs;

	/* The arguments, for a verb that takes them. */
	const char *id;
	const char *file;

	bool *attention; /* set by a verb if something needs attention: exit status 1 */
} VerbOptions;

#define VERB_DAY ((gint64)24 * 3600 * G_USEC_PER_SEC)

/* The time, as the audit writes it, before which rows that are still pending will not be settled.
 * (transfer full) */
char *verb_pending_before(const Config *config);

/* @octets in KiB, rounded up. */
guint64 verb_kib(guint64 octets);

/* Opens the audit that @config names, which must exist, for reading. (transfer full) */
Reader *verb_open(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An error, NEWFILE_ERROR_NOT_MADE, if the file @output is the audit that @config names. */
bool verb_spares_audit(const Config *config, const char *output,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The path of the file @output, which will be replaced or made, and in @info what is there (st_mode
 * 0: nothing): see newfile_target(). NULL: it is there and no regular file, or it is the audit.
 * (transfer full) */
char *verb_target(const Config *config, const char *output, struct stat *info,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @text to the file @output with the mode @mode; "-" is standard output. The file takes its
 * place as a whole or not at all. */
bool verb_write(const Config *config, const char *output, const GString *text, mode_t mode,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Completes @error after an audit that must exist could not be opened: adds how to name another
 * file, and turns a missing audit into CMD_ERROR_NO_INPUT. */
void verb_complete_error(const Config *config, GError **error);

/* The verbs that have files of their own; each has the type of Verb.run in cmd-audit.c. */
bool verb_check(const Config *config, const VerbOptions *options, GError **error);
bool verb_export(const Config *config, const VerbOptions *options, GError **error);
bool verb_metrics(const Config *config, const VerbOptions *options, GError **error);
bool verb_report(const Config *config, const VerbOptions *options, GError **error);
bool verb_undo(const Config *config, const VerbOptions *options, GError **error);
