/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "config.h"
#include "core/strip.h"
#include "job.h"
#include "recorder.h"
#include "store/audit.h"

/* One pass over one mailbox or Maildir: what is asked for, and what came of it. */
typedef struct Archive {
	const Config *config;
	Audit *audit;                      /* NULL: nothing is recorded */
	bool by_length;                    /* Content-Length is followed where it leads somewhere */
	bool dry_run;                      /* nothing is written */
	const volatile sig_atomic_t *stop; /* set: the pass is to end */
	void (*progress)(const struct Archive *archive,
	                 gpointer data); /* now and then; may be NULL */
	gpointer progress_data;

	AuditRun run;
	guint64 octets, messages;
	guint64 actions[N_ACTIONS];
	guint64 reasons[N_VERDICTS][N_REASONS];
	guint64 text;        /* octets before the first From_ line */
	guint64 loose;       /* From_ lines without an empty line before them */
	guint64 bare_cr;     /* From_ lines with a bare CR */
	guint64 bad_lengths; /* Content-Length fields that lead nowhere */
	guint64 moved;       /* files that were gone before they could be replaced */
	guint64 others;      /* entries of a Maildir that are no messages */
	guint64 lost_groups; /* files, and */
	guint64 unsynced;    /* folders; see newfile.h */
	GHashTable *tops;    /* char * -> guint *: hosts that wrote top trace fields */

	/* While it is read. */
	Recorder *recorder; /* NULL: nothing is recorded */
	JobRows rows;
} Archive;

/* @config outlives it. What else is asked for is set by the caller. */
void archive_init(Archive *archive, const Config *config);
void archive_clear(Archive *archive);

/* Commits the row of a run over @input, before anything is written. */
bool archive_begin(Archive *archive, Audit *audit, const char *input,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the mailbox @in to its end and writes it to @out (-1: nowhere). With by_length, @in is a
 * regular file. By its end all rows are committed, as far as it got, also where it fails: with the
 * errors of message, recorder and job. */
bool archive_read(Archive *archive, int in, int out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a pass is made of, for those who read an archive. Begin and finish it; between them, each
 * message is decided, which counts it and gathers its row, and then ended. Once full, the rows are
 * to be recorded, which puts them on the disk. By the time it has finished, they all are, also
 * where it fails. To decide fails as job_decide() does, all else with the errors of recorder. */
bool archive_begin_pass(Archive *archive, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool archive_decide(Archive *archive, Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void archive_end_message(Archive *archive, guint64 size);
bool archive_is_full(const Archive *archive);
bool archive_record(Archive *archive, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After archive_record(): what was recorded as written of the @nth message, from 1, is not. */
bool archive_take_back(Archive *archive, guint64 nth, guint64 size,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool archive_finish_pass(Archive *archive, bool good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how the run ended: done or failed. */
bool archive_end(Archive *archive, const char *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hosts seen most often on top, with counts, for people; NULL: none. (transfer full) */
char *archive_tops(const Archive *archive);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Archive, archive_clear)
