/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-mbox: the front end for mailboxes: which are read, and where the new ones go.
 * May know: argv, files, signals, words for people. Must not know: the rules, what is in a mailbox.
 * Fails: with the errors of its modules; a mailbox that was to be replaced then stays as it was.
 */
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exits.h"
#include "io/lock.h"
#include "io/newfile.h"
#include "mail/mailbox.h"
#include "mail/maildir.h"
#include "options.h"
#include "stored.h"
#include "util/io-error.h"
#include "util/stop.h"
#include "util/text.h"
#include "verb.h"

/* How many messages are searched for hosts to suggest for trusted-by. */
#define HOSTS_SEEN_IN 1000

/* Sums of the members of Run with these names, over all passes. */
typedef struct {
	guint64 anonymous, unscoped;
} Scoped;

typedef struct {
	const Config *config;
	Ledger *ledger;
	Originals *originals; /* NULL: messages are decided */
	bool by_length, dry_run, in_place, recursive, undo;
	const char *output;
	bool *attention; /* set if something was left that could hold a name */
	Scoped *scoped;
} Request;

/* One pass with its row, its progress and its summary; over the Maildir @input if @in is -1. Calls
 * @commit (may be NULL) once all rows are synced. */
static bool
run_pass(const Request *s, const char *input, int in, int out,
         bool (*commit)(Run *, gpointer, GError **), gpointer data, GError **error)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) failed = NULL, unsettled = NULL;
	g_autofree char *name = stored_name(input);
	gint64 started = g_get_monotonic_time();

	run_init(&run, s->config->settings);
	run.originals = s->originals;
	run.by_length = s->by_length;
	run.dry_run = s->dry_run;
	run.settles = in < 0;
	run.below = in < 0 && !s->recursive ? stored_count_below(input) : 0;
	if (!run_begin(&run, s->ledger, input, error))
		return false;

	bool good = stored_read(&run, input, in, out, &failed) &&
	            (!commit || commit(&run, data, &failed));
	if (!run_end(&run, good ? "done" : "failed", &unsettled))
		fprintf(stderr,
		        "barefrom: warning: the end of run %" G_GINT64_FORMAT
		        " could not be recorded: %s\n",
		        run.id, unsettled->message);
	*s->attention = *s->attention || run_has_left(&run);
	s->scoped->anonymous += run.anonymous;
	s->scoped->unscoped += run.unscoped;
	stored_report(&run, input, started, good, s->dry_run ? " (dry run)" : "");
	if (failed && failed->domain == IO_ERROR)
		g_prefix_error(&failed, "%s: ", name);
	if (!good)
		g_propagate_error(error, g_steal_pointer(&failed));
	return good;
}

static bool
commit_file(Run *run, gpointer data, GError **error)
{
	NewFile *file = data;

	if (!newfile_commit(file, error))
		return false;
	run->lost_groups += file->lost_group;
	run->unsynced += file->unsynced;
	return true;
}

/* Input and output must be different files: writing to the file that is read would destroy it, or
 * never end. */
static bool
is_apart(const char *input, const struct stat *output, GError **error)
{
	g_autofree char *name = stored_name(input);
	struct stat info;

	if ((stored_is_stdin(input) ? fstat(STDIN_FILENO, &info) : stat(input, &info)) != 0 ||
	    !S_ISREG(output->st_mode) || info.st_dev != output->st_dev ||
	    info.st_ino != output->st_ino)
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
	            "%s: input and output are the same file: use --in-place to replace it", name);
	return false;
}

/* Writes to @out, which is open, or nowhere in a dry run. */
static bool
pass_on(const Request *s, const char *input, int out, GError **error)
{
	struct stat info = { 0 };
	int in;

	if (!s->dry_run && fstat(out, &info) == 0 && !is_apart(input, &info, error))
		return false;
	in = stored_open(input, s->by_length, error);
	if (in < 0)
		return false;
	bool good = run_pass(s, input, in, s->dry_run ? -1 : out, NULL, NULL, error);
	close(in);
	return good;
}

static bool
set_not_made(GError **error, const char *output)
{
	int reason = errno;

	g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE, "%s: %s", output,
	            g_strerror(reason));
	return false;
}

static bool
pass_to_device(const Request *s, const char *input, GError **error)
{
	int out = open(s->output, O_WRONLY | O_CLOEXEC);

	if (out < 0)
		return set_not_made(error, s->output);
	bool good = pass_on(s, input, out, error);
	close(out);
	return good;
}

/* @like is the file to be replaced; -1: there is none. */
static bool
pass_to_new_file(const Request *s, const char *input, const char *path, int like, GError **error)
{
	NewFile file;
	int in = stored_open(input, s->by_length, error);
	bool good = false;

	if (in < 0)
		return false;
	if (newfile_open(&file, path, NULL, like, error)) {
		file.keep_times = false;
		good = run_pass(s, input, in, file.fd, commit_file, &file, error);
		newfile_clear(&file);
	}
	close(in);
	return good;
}

/* Replaces a regular file; writes into anything else, such as /dev/null. */
static bool
pass_to_file(const Request *s, const char *input, GError **error)
{
	struct stat info;
	g_autofree char *path = newfile_target(s->output, &info, error);
	int like = -1;

	if (!path || !is_apart(input, &info, error))
		return false;
	if (info.st_mode && !S_ISREG(info.st_mode))
		return pass_to_device(s, input, error);
	if (info.st_mode && (like = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return set_not_made(error, s->output);
	bool good = pass_to_new_file(s, input, path, like, error);
	if (like >= 0)
		close(like);
	return good;
}

typedef struct {
	const MailboxLock *lock;
	NewFile file;
} Replacement;

/* If nothing changed, the old file stays. */
static bool
commit_replacement(Run *run, gpointer data, GError **error)
{
	Replacement *r = data;

	if (run_changed(run) == 0)
		return true;
	/* Syncing takes time, in which mail may be delivered: so the check comes after it. */
	return newfile_finish(&r->file, error) && lock_unchanged(r->lock, error) &&
	       commit_file(run, &r->file, error);
}

static bool
pass_in_place(const Request *s, const char *input, GError **error)
{
	MailboxLock lock = { .fd = -1 };
	Replacement r = { .lock = &lock };
	gint64 until =
	        g_get_monotonic_time() + (gint64)s->config->settings->deadline * G_USEC_PER_SEC;
	bool good = false;

	if (!lock_mailbox(&lock, input, until, stop_signal(), error))
		return false;
	if (newfile_open(&r.file, lock.path, NULL, lock.fd, error)) {
		good = run_pass(s, input, lock.fd, r.file.fd, commit_replacement, &r, error);
		newfile_clear(&r.file);
	}
	lock_release(&lock);
	return good;
}

static bool
pass_maildir(const Request *s, const char *input, GError **error)
{
	if (s->in_place || s->dry_run)
		return run_pass(s, input, -1, -1, NULL, NULL, error);
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
	            "%s: a Maildir needs --in-place or --dry-run", input);
	return false;
}

/* Always false: the default of trusted-by is a guess, which could strip a whole archive. */
static bool
demand_trusted_by(const Request *s, char *const *inputs, GError **error)
{
	g_auto(Run) run = { 0 };

	run_init(&run, s->config->settings);
	run.dry_run = true;
	run.stop = stop_signal();
	run.enough = HOSTS_SEEN_IN;
	for (; *inputs && !run_has_enough(&run); inputs++) {
		int in;
		if (!stored_open_any(*inputs, &in, error))
			return false;
		bool good = in < 0 ? maildir_read(&run, *inputs, error)
		                   : mailbox_read(&run, in, -1, error);
		if (in >= 0)
			close(in);
		if (!good)
			return false;
	}
	g_autofree char *tops = run_tops(&run);
	g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG,
	            "--in-place needs the setting trusted-by: name those of your hosts that wrote "
	            "the top trace fields; seen there: %s; if they change from message to message, "
	            "see ARCHIVES in barefrom.conf(5)",
	            tops ? tops : "none");
	return false;
}

static bool
take_input(gpointer data, const char *input, GError **error)
{
	const Request *s = data;

	if (stored_is_maildir(input))
		return pass_maildir(s, input, error);
	if (!stored_check_folder(input, error))
		return false;
	if (s->in_place && !s->dry_run)
		return pass_in_place(s, input, error);
	if (s->output && !s->dry_run)
		return pass_to_file(s, input, error);
	return pass_on(s, input, STDOUT_FILENO, error);
}

/* Settings meant for this host's mail would silently leave an archive from elsewhere alone. */
static void
hint_at_scope(const Request *s)
{
	const char *file = s->config->file;

	if (s->scoped->unscoped == 0 || s->scoped->unscoped < s->scoped->anonymous)
		return;
	g_autofree char *name = text_clean_string(file ? file : "none");
	fprintf(stderr, "barefrom: hint: no anonymous message was in scope (settings file: %s)%s\n",
	        name, file ? "; for other people's mail, use -c /dev/null or another file" : "");
}

static bool
read_format(const char *format, bool *ret_by_length, GError **error)
{
	static const char *const formats[] = { "mboxrd", "mboxo", "mboxcl", "mboxcl2", NULL };

	*ret_by_length = format && g_str_has_prefix(format, "mboxcl");
	if (!format || g_strv_contains(formats, format))
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
	            "--format=%s: accepted: mboxrd, mboxo, mboxcl, mboxcl2", format);
	return false;
}

static bool
check_arguments(const Request *s, char *const *inputs, GError **error)
{
	const char *wrong = NULL;

	if (!inputs)
		wrong = "no mailbox given: name a FILE, or - for standard input";
	else if (s->output && !*s->output)
		wrong = "--output needs a FILE";
	else if (s->undo && s->dry_run)
		wrong = "--undo and --dry-run cannot be used together";
	else if (s->output && s->in_place)
		wrong = "--output and --in-place cannot be used together";
	else if (s->recursive && !s->in_place && !s->dry_run)
		wrong = "--recursive needs --in-place or --dry-run";
	else if (inputs[1] && !s->in_place && !s->dry_run)
		wrong = "several mailboxes need --in-place or --dry-run";
	for (; inputs && *inputs && s->in_place && !s->dry_run; inputs++) {
		if (stored_is_stdin(*inputs))
			wrong = "standard input cannot be replaced: --in-place needs files";
	}
	if (wrong)
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "%s", wrong);
	return !wrong;
}

/* To be called before the audit is opened, for which SQLite opens /dev/null in the place of a
 * standard input that is closed. */
static bool
check_inputs(char *const *inputs, GError **error)
{
	for (; *inputs; inputs++) {
		if (stored_is_stdin(*inputs) && fcntl(STDIN_FILENO, F_GETFD) < 0) {
			g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "standard input: %s",
			            g_strerror(errno));
			return false;
		}
	}
	return true;
}

/* To be called before the audit is opened, which makes it, and which empties or deletes a mailbox
 * that has the name of its log. Also refuses a link that leads nowhere: it may lead to the audit.
 */
static bool
check_outputs(const Request *s, char *const *inputs, GError **error)
{
	struct stat info;

	if (s->dry_run)
		return true;
	for (; s->in_place && *inputs; inputs++) {
		if (!verb_spares_audit(s->config, *inputs, error))
			return false;
	}
	if (!s->output)
		return s->in_place || verb_spares_audit(s->config, "/dev/stdout", error);
	g_autofree char *path = newfile_target(s->output, &info, error);
	return path && verb_spares_audit(s->config, s->output, error);
}

/* Opens the audit. For --undo it must exist. */
static bool
open_audit(Request *s, GError **error)
{
	Settings *settings = s->config->settings;
	int wait = settings->deadline * 1000;

	if (s->undo) {
		g_autoptr(Originals) existing = originals_open(settings->database, wait, error);
		if (!existing) {
			verb_complete_error(s->config, error);
			return false;
		}
	}
	/* This migrates the audit to the newest version. */
	s->ledger = ledger_open(settings, wait, error);
	if (!s->ledger)
		return false;
	ledger_set_stop(s->ledger, stop_signal());
	if (s->undo)
		s->originals = originals_open(settings->database, wait, error);
	return !s->undo || s->originals;
}

static void
close_audit(Request *s)
{
	g_clear_pointer(&s->originals, originals_close);
	g_clear_pointer(&s->ledger, ledger_close);
}

bool
cmd_mbox(Context *context, int argc, char **argv, GError **error)
{
	g_autofree char *format = NULL, *output = NULL;
	gboolean dry_run = false, in_place = false, recursive = false, pipermail = false;
	gboolean undo = false;
	const GOptionEntry own[] = {
		{ "format", 0, 0, G_OPTION_ARG_STRING, &format,
		  "Read mboxrd (default), mboxo, mboxcl or mboxcl2", "FORMAT" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
		  "Decide and record, but write no mail", NULL },
		{ "undo", 0, 0, G_OPTION_ARG_NONE, &undo,
		  "Restore the messages to what they were before they were made bare", NULL },
		{ "output", 0, 0, G_OPTION_ARG_FILENAME, &output,
		  "Write to FILE instead of standard output", "FILE" },
		{ "in-place", 0, 0, G_OPTION_ARG_NONE, &in_place,
		  "Replace the mailboxes, or the messages in Maildirs", NULL },
		{ "pipermail", 0, 0, G_OPTION_ARG_NONE, &pipermail,
		  "Read 'user at domain (Name)' as an address", NULL },
		{ "recursive", 0, 0, G_OPTION_ARG_NONE, &recursive,
		  "Read the mailboxes and Maildirs below directories, too", NULL },
		{ NULL },
	};
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;

	if (!options_parse(&options, argc, argv, own, false, "FILE...",
	                   "Makes the messages in mailboxes and Maildirs bare, as filter does with "
	                   "a single message.",
	                   error))
		return false;
	if (options_print_help(&options))
		return true;
	Request s = { .dry_run = dry_run,
		      .in_place = in_place,
		      .recursive = recursive,
		      .undo = undo,
		      .output = output,
		      .attention = &context->attention };
	if (!read_format(format, &s.by_length, error) || !check_arguments(&s, options.rest, error))
		return false;
	config = undo ? options_config(&options, context, error)
	              : options_policy(&options, context, error);
	if (!config)
		return false;
	s.config = config;
	if (pipermail)
		config_read_pipermail(config);
	Scoped scoped = { 0 };
	s.scoped = &scoped;
	stop_on_signals();
	g_autoptr(GPtrArray) found = stored_find(options.rest, recursive, &context->attention);
	char *const *inputs = (char *const *)found->pdata;
	if (in_place && !dry_run && !undo && config->trusted_by_is_default)
		return demand_trusted_by(&s, inputs, error);
	bool good = check_inputs(inputs, error) && check_outputs(&s, inputs, error) &&
	            open_audit(&s, error) && stored_each(inputs, take_input, &s, error);
	close_audit(&s);
	if (good)
		hint_at_scope(&s);
	stored_end_by_signal(good ? NULL : *error);
	return good;
}
