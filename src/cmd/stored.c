/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stored: mailboxes and Maildirs as inputs of a command: finds them, reads one, and reports on it.
 * May know: files, the terminal, words for people. Must not know: argv, what becomes of the mail.
 * Fails: with CMD_ERROR_NO_INPUT, CMD_ERROR_DATA and the errors of mailbox and maildir.
 */
#include "stored.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exits.h"
#include "io/message.h"
#include "io/outfile.h"
#include "mail/mailbox.h"
#include "mail/maildir.h"
#include "mail/tree.h"
#include "progress.h"
#include "util/stop.h"
#include "util/text.h"

bool
stored_is_stdin(const char *input)
{
	return g_str_equal(input, "-");
}

char *
stored_name(const char *input)
{
	return stored_is_stdin(input) ? g_strdup("standard input") : text_clean_string(input);
}

bool
stored_is_maildir(const char *input)
{
	return !stored_is_stdin(input) && maildir_is_one(input);
}

static bool
set_unreadable(GError **error, const char *input)
{
	int reason = errno;
	g_autofree char *name = stored_name(input);

	g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", name, g_strerror(reason));
	return false;
}

int
stored_open(const char *input, bool by_length, GError **error)
{
	struct stat info = { 0 };
	int fd = stored_is_stdin(input) ? dup(STDIN_FILENO) : open(input, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
		errno = fd >= 0 && S_ISDIR(info.st_mode) ? EISDIR : errno;
		set_unreadable(error, input);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!by_length || S_ISREG(info.st_mode))
		return fd;

	g_auto(Message) all = { 0 };
	message_init(&all, fd);
	all.stop = stop_signal();
	int copy = outfile_open(true, error);
	bool good = copy >= 0 && message_copy(&all, 0, copy, error);
	if (good && lseek(copy, 0, SEEK_SET) != 0)
		good = set_unreadable(error, input);
	close(fd);
	if (good)
		return copy;
	if (copy >= 0)
		close(copy);
	return -1;
}

static guint64
size_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? (guint64)info.st_size : 0;
}

/* Prints a line for each thing that is odd about the mailbox. */
static void
print_warnings(const Run *run, const char *name)
{
	const struct {
		guint64 count;
		const char *words;
	} oddities[] = {
		{ run->messages ? run->text : 0, "octets before the first From line, kept" },
		{ run->messages ? run->text_is_mail : 0,
		  "text before the first From line that some reader may take for a message, left "
		  "as it is" },
		{ run->loose, "From lines without an empty line before them" },
		{ run->originals ? 0 : run->bare_cr,
		  "From lines with a carriage return, whose messages are refused" },
		{ run->bad_lengths,
		  "Content-Length fields that do not lead to a From line, ignored" },
		{ run->shown, "messages whose From and Sender show nobody, but with a name in the "
		              "From line or Return-Path, which some readers show" },
		{ run->undone[UNDO_DIFFERENT],
		  "messages left because the rows that fit disagree about the original; barefrom "
		  "audit undo lists these rows" },
		{ run->undone[UNDO_DAMAGED],
		  "messages left because their row does not yield the original head" },
		{ run->moved,
		  "messages that another program moved or deleted meanwhile, left to it" },
		{ run->misnamed, "messages that could not be renamed, so that the size in their "
		                 "name is the old one" },
		{ run->links, "symbolic links in a Maildir, left as they are" },
		{ run->others, "directories, sockets and the like in a Maildir, left as they are" },
		{ run->lost_groups,
		  "files whose group could not be kept, so only their owner may read them" },
		{ run->unsynced, "directories that could not be synced: a power failure may bring "
		                 "old messages back" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(oddities); i++) {
		if (oddities[i].count)
			fprintf(stderr, "barefrom: warning: %s: %s: %" G_GUINT64_FORMAT "\n", name,
			        oddities[i].words, oddities[i].count);
	}
	if (run->timeless)
		fprintf(stderr,
		        "barefrom: warning: %s: From lines without a time that begin a message, "
		        "the first on line %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT "\n",
		        name, run->timeless_at, run->timeless);
	g_autofree char *unread = run_unread(run);
	if (unread)
		fprintf(stderr, "barefrom: warning: %s: files that are no messages%s, left: %s\n",
		        name, run->unread[FILE_UNREADABLE] ? " or cannot be read" : "", unread);
	if (run->obfuscated)
		fprintf(stderr,
		        "barefrom: hint: %s: senders written 'user at domain', replaced since they "
		        "are not addresses; mbox --pipermail reads them as such: %" G_GUINT64_FORMAT
		        "\n",
		        name, run->obfuscated);
	if (2 * run->reasons[VERDICT_UNKNOWN][REASON_TOP_NOT_OURS] <= run->messages)
		return;
	g_autofree char *tops = run_tops(run);
	if (tops)
		fprintf(stderr,
		        "barefrom: hint: %s: most messages were received by hosts that are not in "
		        "trusted-by: add those that are yours; on top: %s\n",
		        name, tops);
}

guint64
stored_count_below(const char *input)
{
	g_auto(Tree) tree = { 0 };

	tree_find(&tree, input);
	return MAX(tree.mailboxes->len, 1) - 1 + tree_count_left(&tree);
}

/* Whether what was read is a mailbox, which may be empty; if not, sets @error. */
static bool
is_mailbox(const Run *run, const char *name, GError **error)
{
	if (run->kind != FILE_MAY_BE_MAIL)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: this is no mailbox: it looks like %s; unpack or convert it first",
		            name, filekind_name(run->kind));
	else if (run->messages == 0 && run->text > 0)
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: this is no mailbox: no line begins with 'From '%s", name,
		            run->text_is_mail ? "; it may be a single message, which filter takes"
		                              : "");
	return run->kind == FILE_MAY_BE_MAIL && (run->messages > 0 || run->text == 0);
}

bool
stored_check_folder(const char *input, GError **error)
{
	if (stored_is_stdin(input) || !g_file_test(input, G_FILE_TEST_IS_DIR) ||
	    maildir_is_one(input))
		return true;
	g_autofree char *words = tree_folder_words(input);
	g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", input, words);
	return false;
}

bool
stored_open_any(const char *input, int *ret_in, GError **error)
{
	*ret_in = -1;
	if (stored_is_maildir(input))
		return true;
	if (!stored_check_folder(input, error))
		return false;
	*ret_in = stored_open(input, false, error);
	return *ret_in >= 0;
}

/* Prints what is below the directory @input and not read. Sets *@attention if that is mail. */
static void
print_left(const char *input, const Tree *tree, bool *attention)
{
	g_autofree char *name = text_clean_string(input);
	g_autofree char *left = tree_left_words(tree);

	if (tree->others)
		fprintf(stderr,
		        "barefrom: %s: files that are not mailboxes, left: %" G_GUINT64_FORMAT "\n",
		        name, tree->others);
	if (tree->links)
		fprintf(stderr,
		        "barefrom: %s: symbolic links, not followed: %" G_GUINT64_FORMAT "\n", name,
		        tree->links);
	if (left)
		fprintf(stderr, "barefrom: warning: %s: directories whose mail is not read: %s\n",
		        name, left);
	*attention = *attention || left;
}

GPtrArray *
stored_find(char *const *inputs, bool recursive, bool *attention)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

	for (; *inputs; inputs++) {
		g_auto(Tree) tree = { 0 };
		if (recursive && !stored_is_stdin(*inputs) &&
		    g_file_test(*inputs, G_FILE_TEST_IS_DIR)) {
			tree_find(&tree, *inputs);
			print_left(*inputs, &tree, attention);
		}
		/* A directory without mail is kept, so that its turn reports the error. */
		if (!tree.mailboxes || tree.mailboxes->len == 0)
			g_ptr_array_add(found, g_strdup(*inputs));
		else
			g_ptr_array_extend_and_steal(found, g_steal_pointer(&tree.mailboxes));
	}
	g_ptr_array_add(found, NULL);
	return found;
}

static void
print_error(const GError *error)
{
	g_autofree char *words = text_clean_string(error->message);

	fprintf(stderr, "barefrom: %s\n", words);
}

bool
stored_each(char *const *inputs, bool (*take)(gpointer, const char *, GError **), gpointer data,
            GError **error)
{
	bool good = true;

	for (; *inputs && !*stop_signal(); inputs++) {
		GError *failed = NULL;
		if (take(data, *inputs, &failed))
			continue;
		/* main() prints the first one. */
		if (good) {
			g_propagate_error(error, failed);
		} else {
			print_error(failed);
			g_error_free(failed);
		}
		good = false;
	}
	return good;
}

void
stored_end_by_signal(const GError *failed)
{
	int stopped = *stop_signal();

	if (!stopped)
		return;
	/* main() will not get to print it. */
	if (failed)
		print_error(failed);
	signal(stopped, SIG_DFL);
	raise(stopped);
}

bool
stored_read(Run *run, const char *input, int in, int out, GError **error)
{
	g_autofree char *name = stored_name(input);
	Progress progress;

	run->stop = stop_signal();
	progress_begin(&progress, size_of(in));
	run->progress = progress_draw;
	run->progress_data = &progress;
	bool good = in < 0 ? maildir_read(run, input, error) : mailbox_read(run, in, out, error);
	progress_end(&progress);
	run->progress = NULL;
	return good && is_mailbox(run, name, error);
}

void
stored_report(const Run *run, const char *input, gint64 started, bool good, const char *how)
{
	g_autofree char *name = stored_name(input);
	g_autofree char *summary =
	        progress_summary(run, (double)(g_get_monotonic_time() - started) / G_USEC_PER_SEC);

	print_warnings(run, name);
	fprintf(stderr, "barefrom: %s: %s%s%s\n", name, good ? "" : "broken off after ", summary,
	        how);
}
