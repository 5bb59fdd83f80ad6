/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * undo: barefrom audit undo: a message that was changed, as it was before.
 * May know: jobs, the store, files, words for people. Must not know: how a head is put back.
 * Fails: with CMD_ERROR_DATA if nothing fits, with CMD_ERROR_USAGE, and with the errors of the
 * store and of io. Then nothing is written, unless reading or writing the body failed half-way.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exits.h"
#include "io/filekind.h"
#include "io/message.h"
#include "io/newfile.h"
#include "mail/job.h"
#include "mail/undo.h"
#include "util/text.h"
#include "verb.h"

/* The message to be restored. */
typedef struct {
	const Config *config;
	const VerbOptions *options;
	const char *name; /* of the input, for people */
	Message message;
	Job job; /* holds its head */
	Undone undone;
} Pass;

/* How the options name the row, for people; NULL: they do not. (transfer full) */
static char *
row_words(const VerbOptions *options)
{
	const char *id = options->id         ? options->id
	                 : options->queue_id ? options->queue_id
	                                     : options->message_id;

	return id ? g_strdup_printf("%s %s",
	                            options->id         ? "audit id"
	                            : options->queue_id ? "queue id"
	                                                : "Message-ID",
	                            id)
	          : NULL;
}

/* Restricts the rows to those that the options name, if they name any. */
static bool
choose_rows(Originals *originals, const VerbOptions *options, GError **error)
{
	g_autofree char *words = row_words(options);
	guint rows, changed;
	bool good;

	if (options->queue_id && options->message_id) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--queue-id and --message-id cannot be used together");
		return false;
	}
	if (!words)
		return true;
	if (options->id)
		good = originals_choose(originals, ORIGINALS_BY_ID, options->id, &rows, &changed,
		                        error);
	else if (options->queue_id)
		good = originals_choose(originals, ORIGINALS_BY_QUEUE_ID, options->queue_id, &rows,
		                        &changed, error);
	else
		good = originals_choose(originals, ORIGINALS_BY_MESSAGE_ID, options->message_id,
		                        &rows, &changed, error);
	if (!good)
		return false;
	if (changed > 0)
		return true;
	g_set_error(error, CMD_ERROR, CMD_ERROR_DATA, "%s: %s", words,
	            rows == 0 ? "the audit has no such row"
	                      : "according to the audit, this message was not changed, so there is "
	                        "nothing to undo");
	return false;
}

/* Sets @error to the reason why nothing is put back. */
static void
set_undone(const Pass *p, GError **error)
{
	g_autofree char *words = row_words(p->options);
	const Original *row = &p->undone.row;

	if (p->undone.result == UNDO_NEVER_CHANGED)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: nothing to undo: according to the audit, this message was never "
		            "changed, or has already been put back",
		            p->name);
	else if (p->undone.result == UNDO_DIFFERENT)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: rows %s fit, but disagree about the original: name the right one "
		            "by its id, as in barefrom audit undo %" G_GINT64_FORMAT,
		            p->name, row->ids->str, row->id);
	else if (p->undone.result == UNDO_DAMAGED)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: row %" G_GINT64_FORMAT
		            " fits, but its fields do not yield the original head: the row is "
		            "damaged, or too many fields of the head are alike",
		            p->name, row->id);
	else
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: %s: %s, or another program has changed more of its head than the "
		            "top and the foot",
		            p->name, words ? words : "no row of the audit fits this message",
		            words ? "this is another message"
		                  : "it was never changed, its row was pruned");
}

/* Whether what was read is a message; if not, sets @error. */
static bool
is_message(const Pass *p, GError **error)
{
	FileKind kind = filekind_of(p->message.bytes, p->message.length);

	if (p->job.head.bytes.length == 0)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: this is not a message: it is empty", p->name);
	else if (kind != FILE_MAY_BE_MAIL)
		g_set_error(
		        error, CMD_ERROR, CMD_ERROR_DATA,
		        "%s: this is not a message: it looks like %s; unpack or convert it first",
		        p->name, filekind_name(kind));
	else
		return true;
	return false;
}

static bool
write_message(Pass *p, int fd, GError **error)
{
	gsize size;
	const char *head = g_bytes_get_data(p->undone.head, &size);
	size_t body = p->job.head.bytes.length;

	if (!message_write(fd, head, size, error))
		return false;
	return p->undone.lf ? message_copy_lf(&p->message, body, fd, error)
	                    : message_copy(&p->message, body, fd, error);
}

/* @like is the file to be replaced; -1: there is none. */
static bool
write_new_file(Pass *p, const char *path, int like, GError **error)
{
	NewFile file;

	if (!newfile_open(&file, path, NULL, like, error))
		return false;
	file.keep_times = false;
	bool good = write_message(p, file.fd, error);
	if (!good)
		g_prefix_error(error, "%s: ", path);
	good = good && newfile_commit(&file, error);
	if (good && file.lost_group)
		fprintf(stderr,
		        "barefrom: warning: %s: its group could not be kept, so only its owner may "
		        "read it\n",
		        path);
	newfile_clear(&file);
	return good;
}

static bool
write_file(Pass *p, GError **error)
{
	const char *output = p->options->output;
	struct stat info, input;
	g_autofree char *path = verb_target(p->config, output, &info, error);
	int like = -1;

	if (!path)
		return false;
	if (info.st_mode && fstat(p->message.fd, &input) == 0 && input.st_dev == info.st_dev &&
	    input.st_ino == info.st_ino) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "%s: input and output are the same file: use barefrom mbox --undo "
		            "--in-place to replace a mailbox",
		            output);
		return false;
	}
	if (info.st_mode && (like = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
		g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE, "%s: %s", output,
		            g_strerror(errno));
		return false;
	}
	bool good = write_new_file(p, path, like, error);
	if (like >= 0)
		close(like);
	if (good)
		printf("wrote %s\n", output);
	return good;
}

static bool
pass_message(Pass *p, Originals *originals, GError **error)
{
	g_autoptr(GError) unread = NULL;
	const char *output = p->options->output;

	job_init(&p->job, p->config->settings, NULL);
	if (!job_read_head(&p->job, &p->message, 0, &unread)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", p->name,
		            unread->message);
		return false;
	}
	if (!is_message(p, error))
		return false;
	/* barefrom never changes a head that is too long. */
	p->undone = (Undone){ .result = UNDO_UNKNOWN };
	if (p->job.complete && !undo_head(originals, &p->job.head, &p->undone, error))
		return false;
	if (p->undone.result != UNDO_DONE) {
		set_undone(p, error);
		return false;
	}
	return output && !g_str_equal(output, "-") ? write_file(p, error)
	                                           : write_message(p, STDOUT_FILENO, error);
}

bool
verb_undo(const Config *config, const VerbOptions *options, GError **error)
{
	bool is_file = options->file && !g_str_equal(options->file, "-");
	g_autofree char *name =
	        is_file ? text_clean_string(options->file) : g_strdup("standard input");
	g_autoptr(Originals) originals = NULL;
	Pass p = { .config = config, .options = options, .name = name };

	if (options->output && !*options->output) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "--output needs a FILE");
		return false;
	}
	originals = originals_open(config->settings->database, config->settings->deadline * 1000,
	                           error);
	if (!originals) {
		verb_complete_error(config, error);
		return false;
	}
	if (!choose_rows(originals, options, error))
		return false;
	int fd = is_file ? open(options->file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", name,
		            g_strerror(errno));
		return false;
	}
	message_init(&p.message, fd);
	bool good = pass_message(&p, originals, error);
	undone_clear(&p.undone);
	job_clear(&p.job);
	message_clear(&p.message);
	if (is_file)
		close(fd);
	return good;
}
