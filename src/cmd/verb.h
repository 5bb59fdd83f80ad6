/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "config.h"
#include "store/reader.h"

/* Postfix gives a filter at least four times the deadline. What is pending for longer, nobody will
 * settle. */
#define DEADLINES_PENDING 4

/* The options of the verbs of audit, as given; NULL: not given. */
typedef struct {
	char *older_than;
	char *format;
	char *since;
	char *since_id;
	char *output;
	char *queue_id, *message_id;
	gboolean all, runs;
	const char *id; /* the arguments of a verb that takes them */
	const char *file;

	bool *attention; /* to be set where something needs a look: the exit status is 1 then */
} VerbOptions;

#define VERB_DAY ((gint64)24 * 3600 * G_USEC_PER_SEC)

/* Octets in KiB, as people are told of them: never less. */
guint64 verb_kib(guint64 octets);

/* Opens the audit that @config names, which must exist, to read it. (transfer full) */
Reader *verb_open(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The path of the file @output, which is to be replaced or made, and what is there now in @info
 * (st_mode 0: nothing): see newfile_target(). NULL: it is something else than a file.
 * (transfer full) */
char *verb_target(const char *output, struct stat *info, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @text to the file @output with the mode @mode; "-" is standard output. The file takes its
 * place whole or not at all. */
bool verb_write(const char *output, const GString *text, mode_t mode,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Completes the error of one that could not be opened, though it must exist. */
void verb_complete_error(const Config *config, GError **error);

/* The verbs that have files of their own. */
bool verb_check(const Config *config, const VerbOptions *options, GError **error);
bool verb_export(const Config *config, const VerbOptions *options, GError **error);
bool verb_metrics(const Config *config, const VerbOptions *options, GError **error);
bool verb_report(const Config *config, const VerbOptions *options, GError **error);
bool verb_undo(const Config *config, const VerbOptions *options, GError **error);
