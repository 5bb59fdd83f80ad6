/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-filter: the pipe front end: one message from standard input to standard output.
 * May know: descriptors 0 and 1, the deadline. Must not know: the rules.
 * Fails: with 75, whatever fails; see exits.c. Nothing is written before a row is committed.
 */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
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
write_out(Job *job, bool unchanged, GError **error)
{
	size_t from = 0;

	if (job->new_head && !unchanged) {
		gsize size;
		const char *bytes = g_bytes_get_data(job->new_head, &size);
		if (!message_write(STDOUT_FILENO, bytes, size, error))
			return false;
		from = job->head.bytes.length;
	}
	return message_copy(&job->message, from, STDOUT_FILENO, error);
}

/* Settling says what has happened; it cannot undo it, so its failure is only told. */
static void
settle(Job *job, const char *outcome)
{
	g_autoptr(GError) error = NULL;

	if (!job_settle(job, outcome, &error))
		fprintf(stderr, "barefrom: warning: row %" G_GINT64_FORMAT " not settled: %s\n",
		        job->id, error->message);
}

static bool
filter_to_stdout(const Context *context, const Config *config, const Facts *facts,
                 const char *envelope_from, const char *size, bool dry_run, GError **error)
{
	g_auto(Job) job;

	job_init(&job, config, facts, context->started, STDIN_FILENO);
	if (!job_read_head(&job, error))
		return false;
	if (job.head.bytes.length == 0)
		return true;
	if (!job_decide(&job, error))
		return false;

	bool refused = job.decision->action == ACTION_REFUSED && !dry_run;
	const char *outcome = dry_run ? "dry-run" : refused ? "failed" : "pending";
	if (!job_record(&job, "filter", envelope_from, outcome, error))
		return false;
	if (refused) {
		/* Whoever writes to us has done so when we end. */
		if (message_copy(&job.message, job.message.length, -1, NULL))
			settle(&job, "failed");
		g_set_error(error, CMD_ERROR, CMD_ERROR_REFUSED, "message refused: %s",
		            job.decision->refused);
		return false;
	}
	if (!write_out(&job, dry_run, error)) {
		settle(&job, "failed");
		return false;
	}
	if (!arrived_whole(&job, size)) {
		settle(&job, "failed");
		g_set_error(error, CMD_ERROR, CMD_ERROR_CUT,
		            "the message was cut: far fewer octets than --size says");
		return false;
	}
	settle(&job, "written");
	return true;
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
	if (!options_facts(&options, &facts, error))
		return false;
	config = options_config(&options, context, error);
	if (!config)
		return false;
	if (options.rest) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_RECIPIENT,
		            "delivery to recipients is not built yet");
		return false;
	}
	return filter_to_stdout(context, config, &facts, sender, options.size, dry_run, error);
}
