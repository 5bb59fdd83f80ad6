/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-filter: the pipe front end: one message from standard input to standard output, or through
 * sendmail(1) to its recipients.
 * May know: descriptors 0 and 1, the deadline, the parent process. Must not know: the rules.
 * Fails: with 75, whatever fails; see exits.c. Nothing leaves us before a row is committed.
 */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "io/outfile.h"
#include "io/sendmail.h"
#include "job.h"
#include "options.h"

/* Postfix's ${size} counts about one more octet a line than we read, and what a milter deleted. */
static bool
arrived_whole(const Job *job, const char *size_fact)
{
	HeadItem item;
	size_t at = 0, ours = 0;
	guint64 size;

	if (!size_fact || !g_ascii_string_to_unsigned(size_fact, 10, 0, G_MAXINT64, &size, NULL))
		return true;
	if (head_next(&job->head, &at, &item) && head_item_is(&item, "Return-Path"))
		ours = item.length;
	return job->message.octets - ours + 3 * job->message.lines >= size / 4 * 3;
}

/* Writes the message, or passes it on as it came. */
static bool
write_out(Job *job, int fd, bool unchanged, GError **error)
{
	size_t from = 0;

	if (job->new_head && !unchanged) {
		gsize size;
		const char *bytes = g_bytes_get_data(job->new_head, &size);
		if (!message_write(fd, bytes, size, error))
			return false;
		from = job->head.bytes.length;
	}
	return message_copy(&job->message, from, fd, error);
}

/* Settling says what has happened; it cannot undo it, so its failure is only told. */
static void
settle(const Context *context, Job *job, const char *outcome)
{
	g_autoptr(GError) error = NULL;

	if (!job_settle(job, outcome, &error))
		fprintf(stderr, "barefrom: warning: row %" G_GINT64_FORMAT " not settled: %s\n",
		        job->id, context->deferring ? exits_public(error) : error->message);
}

static bool
set_refused(const Job *job, GError **error)
{
	g_set_error(error, CMD_ERROR, CMD_ERROR_REFUSED, "message refused: %s",
	            job->decision->refused);
	return false;
}

static bool
set_cut(GError **error, const char *why)
{
	g_set_error(error, CMD_ERROR, CMD_ERROR_CUT, "the message was cut: %s", why);
	return false;
}

static bool
filter_to_stdout(const Context *context, Job *job, const char *size, bool dry_run, GError **error)
{
	if (!job_read_head(job, 0, error))
		return false;
	if (job->head.bytes.length == 0)
		return true;
	if (!job_decide(job, error))
		return false;

	bool refused = job->decision->action == ACTION_REFUSED && !dry_run;
	const char *outcome = dry_run ? "dry-run" : refused ? "failed" : "pending";
	if (!job_record(job, "filter", outcome, error))
		return false;
	if (refused) {
		/* Whoever writes to us has done so when we end. */
		if (message_copy(&job->message, job->message.length, -1, NULL))
			settle(context, job, "failed");
		return set_refused(job, error);
	}
	if (!write_out(job, STDOUT_FILENO, dry_run, error)) {
		settle(context, job, "failed");
		return false;
	}
	if (!arrived_whole(job, size)) {
		settle(context, job, "failed");
		return set_cut(error, "far fewer octets than --size says");
	}
	settle(context, job, "written");
	return true;
}

/* A message up to this size is held in memory, a larger one in a temporary file. */
#define MEMORY_MAX ((size_t)1024 * 1024)

/* Reads the message to its end, into a file of its own unless it is refused: *@ret_fd is then -1.
 */
static bool
collect(Job *job, bool dry_run, int *ret_fd, GError **error)
{
	*ret_fd = -1;
	if (job->decision->action == ACTION_REFUSED && !dry_run)
		return message_copy(&job->message, job->message.length, -1, error);
	*ret_fd = outfile_open(!job->message.at_end, error);
	return *ret_fd >= 0 && write_out(job, *ret_fd, dry_run, error);
}

/* Records and sends what is complete in @fd, or records that it is not sent. */
static bool
record_and_send(Context *context, Job *job, int fd, const char *size, bool dry_run, GError **error)
{
	bool orphaned = getppid() != context->parent;
	bool cut = orphaned || !arrived_whole(job, size), stays = cut || fd < 0;
	GError *failed = NULL;

	if (!job_record(job, "filter", dry_run ? "dry-run" : stays ? "deferred" : "pending", error))
		return false;
	if (cut)
		return set_cut(error, orphaned ? "who wrote it is gone"
		                               : "far fewer octets than --size says");
	if (fd < 0)
		return set_refused(job, error);

	alarm(0); /* from here on sendmail_run() keeps the time */
	if (!sendmail_run(job->config->sendmail, job->envelope_from, job->recipients, fd,
	                  job->until, &failed)) {
		if (!g_error_matches(failed, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED))
			settle(context, job, "deferred");
		g_propagate_error(error, failed);
		return false;
	}
	context->delivered = true;
	printf("%s%s, %s, audit id %" G_GINT64_FORMAT "\n",
	       strip_action_name(job->decision->action), dry_run ? " (dry run)" : "",
	       reason_name(job->decision->submission->reason), job->id);
	fflush(stdout);
	settle(context, job, "sent");
	return true;
}

static bool
filter_to_recipients(Context *context, Job *job, const char *size, bool dry_run, GError **error)
{
	int fd = -1;

	/* For what cannot be told to stop, such as a disk that hangs. Nothing has left us by then,
	 * and Postfix defers what dies of a signal. */
	alarm((unsigned)job->config->deadline + 1);
	job->message.until = job->until;
	if (!job_read_head(job, MEMORY_MAX, error))
		return false;
	if (job->head.bytes.length == 0)
		return set_cut(error, "nothing came");
	if (!job_decide(job, error))
		return false;
	bool good = collect(job, dry_run, &fd, error) &&
	            record_and_send(context, job, fd, size, dry_run, error);
	if (fd >= 0)
		close(fd);
	return good;
}

bool
cmd_filter(Context *context, int argc, char **argv, GError **error)
{
	g_autofree char *sender = NULL;
	gboolean dry_run = false;
	const GOptionEntry own[] = {
		{ "sender", 'f', 0, G_OPTION_ARG_FILENAME, &sender,
		  "Envelope sender; recipients must follow", "SENDER" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
		  "Decide and audit, but pass the message on unchanged", NULL },
		{ NULL },
	};
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;
	g_auto(Job) job = { 0 };
	Facts facts;

	context->filtering = true;
	/* An -f that GLib never gets to see still means that pipe(8) may be waiting. */
	for (int i = 1; i < argc; i++)
		context->deferring = context->deferring || g_str_has_prefix(argv[i], "-f") ||
		                     g_str_has_prefix(argv[i], "--sender");
	if (!options_parse(
	            &options, argc, argv, own, true, "[-f SENDER -- RECIPIENT...]",
	            "Reads one message from standard input, removes display names from its "
	            "sender fields if it\nwas submitted anonymously, and writes it to standard "
	            "output.",
	            error))
		return false;
	if (options.rest)
		context->deferring = true;
	if (options.help)
		return true;
	if (!options.rest && (context->deferring || sender)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_RECIPIENT, "no recipients");
		return false;
	}
	if (options.rest && !sender) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_RECIPIENT, "no sender: -f is missing");
		return false;
	}
	if (!options_facts(&options, &facts, error))
		return false;
	/* Until the settings have been read, which may hang as well. */
	if (options.rest)
		alarm(CONFIG_DEADLINE + 1);
	config = options_config(&options, context, error);
	if (!config)
		return false;
	job_init(&job, config, &facts, options.rest ? context->started : 0, STDIN_FILENO);
	if (!options.rest)
		return filter_to_stdout(context, &job, options.size, dry_run, error);
	job.envelope_from = g_str_equal(sender, "<>") ? "" : sender;
	job.recipients = options.rest;
	return filter_to_recipients(context, &job, options.size, dry_run, error);
}
