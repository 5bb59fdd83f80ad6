/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-filter: the pipe front end: one message from standard input to standard output, or through
 * sendmail(1) to its recipients.
 * May know: descriptors 0 and 1, the deadline, the parent process. Must not know: the rules.
 * Fails: with status 75, whatever fails; see exits.c. Nothing leaves us before a row is committed.
 */
#include "cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "exits.h"
#include "io/outfile.h"
#include "io/sendmail.h"
#include "mail/job.h"
#include "options.h"

/* A message on its way through this process. */
typedef struct {
	Context *context;
	const Config *config;
	const char *size; /* Postfix's ${size}; NULL: not said */
	bool dry_run;
	gint64 until; /* monotonic, microseconds; 0: each use of the audit has the whole deadline */
	Message message;
	Job job;
	Ledger *ledger; /* NULL until recorded */
} Passage;

static void
passage_clear(Passage *p)
{
	job_clear(&p->job);
	message_clear(&p->message);
	g_clear_pointer(&p->ledger, ledger_close);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Passage, passage_clear)

static gint64
deadline(const Passage *p, gint64 from)
{
	return from + (gint64)p->config->settings->deadline * G_USEC_PER_SEC;
}

/* Milliseconds that may be waited for the database, at least 1. */
static int
patience(const Passage *p)
{
	gint64 now = g_get_monotonic_time();

	return (int)MAX(((p->until ? p->until : deadline(p, now)) - now) / 1000, 1);
}

/* Commits a row with @outcome before anything leaves us. */
static bool
record(Passage *p, const char *outcome, GError **error)
{
	if (p->message.at_end)
		p->job.size = (gint64)p->message.octets;
	p->ledger = ledger_open(p->config->settings, patience(p), error);
	if (!p->ledger)
		return false;
	ledger_set_wait(p->ledger, patience(p));
	return job_record(&p->job, p->ledger, "filter", outcome, error);
}

/* Records what has happened. That cannot be undone, so a failure is only a warning. */
static void
settle(Passage *p, const char *outcome)
{
	g_autoptr(GError) error = NULL;

	ledger_set_wait(p->ledger, patience(p));
	if (!job_settle(&p->job, p->ledger, outcome, (gint64)p->message.octets, &error))
		p->context->warning = g_strdup_printf(
		        "the outcome of row %" G_GINT64_FORMAT " could not be recorded: %s",
		        p->job.entry.id,
		        p->context->deferring ? exits_public(error) : error->message);
}

/* Whether the message is not far shorter than Postfix's ${size}, which counts about one more octet
 * for each line than we read, and what a milter deleted. */
static bool
arrived_whole(const Passage *p)
{
	HeadItem item;
	size_t at = 0, ours = 0;
	guint64 size;

	if (!p->size || !g_ascii_string_to_unsigned(p->size, 10, 0, G_MAXINT64, &size, NULL))
		return true;
	if (head_next(&p->job.head, &at, &item) && head_item_is(&item, "Return-Path"))
		ours = item.length;
	/* Three quarters of it, rounded up. */
	return p->message.octets - ours + 3 * p->message.lines >= size - size / 4;
}

/* Writes the message, or passes it on as it came. */
static bool
write_out(Passage *p, int fd, GError **error)
{
	size_t from = 0;

	if (p->job.new_head && !p->dry_run) {
		gsize size;
		const char *bytes = g_bytes_get_data(p->job.new_head, &size);
		if (!message_write(fd, bytes, size, error))
			return false;
		from = p->job.head.bytes.length;
	}
	return message_copy(&p->message, from, fd, error);
}

static bool
is_refused(const Passage *p)
{
	return p->job.decision->action == ACTION_REFUSED && !p->dry_run;
}

static bool
set_refused(const Passage *p, GError **error)
{
	g_set_error(error, CMD_ERROR, CMD_ERROR_REFUSED, "message refused: %s",
	            p->job.decision->refused);
	return false;
}

static bool
set_cut(GError **error, const char *why)
{
	g_set_error(error, CMD_ERROR, CMD_ERROR_CUT, "the message is incomplete: %s", why);
	return false;
}

static bool
filter_to_stdout(Passage *p, GError **error)
{
	if (!job_read_head(&p->job, &p->message, 0, error))
		return false;
	if (p->job.head.bytes.length == 0)
		return true;
	if (!job_decide(&p->job, error))
		return false;
	if (!record(p, p->dry_run ? "dry-run" : is_refused(p) ? "failed" : "pending", error))
		return false;
	if (is_refused(p)) {
		/* Reads the rest, so that whoever writes to us can finish. */
		if (message_copy(&p->message, p->message.length, -1, NULL))
			settle(p, "failed");
		return set_refused(p, error);
	}
	if (!write_out(p, STDOUT_FILENO, error)) {
		settle(p, "failed");
		return false;
	}
	if (!arrived_whole(p)) {
		settle(p, "failed");
		return set_cut(error, "far fewer octets arrived than --size says");
	}
	settle(p, "written");
	return true;
}

/* A message up to this size is held in memory, a larger one in a temporary file. */
#define MEMORY_MAX ((size_t)1024 * 1024)

/* Reads the message to its end, and writes it to *@ret_fd; -1 if it is refused. */
static bool
collect(Passage *p, int *ret_fd, GError **error)
{
	*ret_fd = -1;
	if (is_refused(p))
		return message_copy(&p->message, p->message.length, -1, error);
	*ret_fd = outfile_open(p->message.octets > MEMORY_MAX, error);
	return *ret_fd >= 0 && write_out(p, *ret_fd, error);
}

/* pipe(8) logs our output, but no more than this much of it. */
#define LINE_MAX_BYTES 90

static void
print_delivered(const Passage *p)
{
	g_autofree char *line = job_words(&p->job, p->dry_run, LINE_MAX_BYTES);

	puts(line);
	fflush(stdout);
}

/* Records and sends the complete message in @fd, or records that it is not sent. */
static bool
record_and_send(Passage *p, int fd, GError **error)
{
	bool orphaned = getppid() != p->context->parent;
	bool cut = orphaned || !arrived_whole(p), stays = cut || fd < 0;
	GError *failed = NULL;

	if (!record(p, p->dry_run ? "dry-run" : stays ? "deferred" : "pending", error))
		return false;
	if (cut)
		return set_cut(error, orphaned ? "the program writing it has died"
		                               : "far fewer octets arrived than --size says");
	if (fd < 0)
		return set_refused(p, error);

	/* From here on sendmail_run() keeps the deadline, and no signal ends us before the row says
	 * what became of the message; then we end anyway. */
	alarm(0);
	if (!sendmail_run(p->config->sendmail, p->job.envelope_from, p->job.recipients, fd,
	                  p->until, &failed)) {
		if (!g_error_matches(failed, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED))
			settle(p, "deferred");
		g_propagate_error(error, failed);
		return false;
	}
	p->context->delivered = true;
	print_delivered(p);
	settle(p, "sent");
	return true;
}

static bool
filter_to_recipients(Passage *p, GError **error)
{
	int fd = -1;

	/* For what cannot be interrupted, such as a disk that hangs. Nothing has left us by then,
	 * and Postfix defers the message if we die of a signal. */
	alarm((unsigned)p->config->settings->deadline + 1);
	p->until = p->message.until = deadline(p, p->context->started);
	if (!job_read_head(&p->job, &p->message, MEMORY_MAX, error))
		return false;
	if (p->job.head.bytes.length == 0)
		return set_cut(error, "nothing arrived");
	if (!job_decide(&p->job, error))
		return false;
	bool good = collect(p, &fd, error) && record_and_send(p, fd, error);
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
		  "Envelope sender; needs recipients", "SENDER" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
		  "Decide and record, but pass the message on unchanged", NULL },
		{ NULL },
	};
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;
	g_auto(Passage) passage = { 0 };
	Facts facts;

	context->filtering = true;
	/* An -f that GLib does not reach, after a bad option, still means that pipe(8) may wait. */
	for (int i = 1; i < argc; i++)
		context->deferring = context->deferring || g_str_has_prefix(argv[i], "-f") ||
		                     g_str_has_prefix(argv[i], "--sender");
	if (!options_parse(&options, argc, argv, own, true, "[-f SENDER -- RECIPIENT...]",
	                   "Reads one message from standard input, removes display names from its "
	                   "sender fields if it\nwas submitted anonymously, and writes it to "
	                   "standard output or, with recipients, hands it\nto sendmail.",
	                   error))
		return false;
	if (options.rest)
		context->deferring = true;
	/* No message is passed on, which main() makes a failure, and that begins with its status.
	 */
	if ((options.help && context->deferring) || options_print_help(&options))
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
	/* Reading the settings may hang too. */
	if (options.rest)
		alarm(CONFIG_DEADLINE + 1);
	config = options_policy(&options, context, error);
	if (!config)
		return false;
	passage.context = context;
	passage.config = config;
	passage.size = options.size;
	passage.dry_run = dry_run;
	message_init(&passage.message, STDIN_FILENO);
	passage.message.count_lines = options.size != NULL;
	job_init(&passage.job, config->settings, &facts);
	if (!options.rest)
		return filter_to_stdout(&passage, error);
	passage.job.envelope_from = g_str_equal(sender, "<>") ? "" : sender;
	passage.job.recipients = facts.recipients = options.rest;
	return filter_to_recipients(&passage, error);
}
