/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * maildir: reads a Maildir, one file for each message. Mail programs use it meanwhile, without any
 * lock: a message that they move or delete is left to them.
 * May know: all three libraries, the names in a Maildir. Must not know: the rules.
 * Fails: with the errors of io and store; what has been replaced by then stays so, and each row
 * tells what became of its own message.
 * Follows maildir(5), and Dovecot's ,S= and ,W= in names.
 */
#include "maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/message.h"
#include "io/newfile.h"
#include "util/folder.h"
#include "util/io-error.h"

/* How much of a file is searched for a field. */
#define FIELD_WITHIN ((size_t)64 * 1024)

/* In text, at most one of this many bytes is a control character. */
#define CONTROLS_IN 16

/* How much is read at a time to count its lines. */
#define COUNT_BLOCK ((size_t)64 * 1024)

/* The most new messages that wait. */
#define REPLACEMENTS_MAX 5000

/* A new message that waits until its row is synced. */
typedef struct {
	NewFile file;
	struct stat old;
	LedgerEntry entry;
	char *name; /* with its new sizes */
} Replacement;

typedef struct {
	Run *run;
	const char *path; /* of the Maildir */
	char *folder;     /* path of cur or new */
	char *tmp;
	GArray *replacements;
} Pass;

bool
maildir_is_one(const char *path)
{
	static const char *const folders[] = { "cur", "new", "tmp" };

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = g_build_filename(path, folders[i], NULL);
		if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
			return false;
	}
	return true;
}

static void
clear_replacement(gpointer data)
{
	Replacement *replacement = data;

	newfile_clear(&replacement->file);
	g_free(replacement->name);
}

/* The size that follows @key in @name, not in its flags; NULL: it states none. */
static const char *
find_size(const char *name, const char *key)
{
	const char *info = strchr(name, ':'), *at = strstr(name, key);

	return at && (!info || at < info) ? at + strlen(key) : NULL;
}

/* What follows the size at @at; NULL if it is not @size, or is written in another way. */
static const char *
end_of_size(const char *at, gint64 size)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, size);
	size_t length = strlen(text);

	return g_str_has_prefix(at, text) && strchr(",:", at[length]) ? at + length : NULL;
}

/* @name with the size after @key made @new, if it is @old. (transfer full) */
static char *
with_size(const char *name, const char *key, gint64 old, gint64 new)
{
	const char *at = find_size(name, key), *end = at ? end_of_size(at, old) : NULL;

	if (!end)
		return g_strdup(name);
	return g_strdup_printf("%.*s%" G_GINT64_FORMAT "%s", (int)(at - name), name, new, end);
}

/* Line ends without CR; the byte before @bytes is @before. */
static gint64
count_lf(const char *bytes, size_t length, char before)
{
	gint64 n = 0;

	for (size_t i = 0; i < length; i++) {
		n += bytes[i] == '\n' && before != '\r';
		before = bytes[i];
	}
	return n;
}

/* The size of the file with each line end counted as CR LF; -1: it cannot be read. */
static gint64
size_with_crlf(int fd)
{
	g_autofree char *bytes = g_malloc(COUNT_BLOCK);
	gint64 at = 0, size = 0;
	char before = '\0';
	ssize_t n;

	while ((n = pread(fd, bytes, COUNT_BLOCK, at)) > 0) {
		size += n + count_lf(bytes, (size_t)n, before);
		before = bytes[n - 1];
		at += n;
	}
	return n == 0 ? size : -1;
}

/* The name of the message in @fd once its size @old is @new, and @grown_with_crlf more with each
 * line end counted as CR LF. Sizes that were not right stay, or an undo would not bring back the
 * same name. (transfer full) */
static char *
name_by_size(const char *name, int fd, gint64 old, gint64 new, gint64 grown_with_crlf)
{
	const char *size = find_size(name, ",S=");

	if (size && !end_of_size(size, old))
		return g_strdup(name);
	g_autofree char *half = with_size(name, ",S=", old, new);
	gint64 whole = find_size(half, ",W=") ? size_with_crlf(fd) : -1;
	if (whole < 0)
		return g_steal_pointer(&half);
	return with_size(half, ",W=", whole, whole + grown_with_crlf);
}

/* Renames the file if its name states its sizes, which have changed. False: the name is wrong now,
 * or a mail program has renamed the file meanwhile. */
static bool
rename_by_size(const Pass *p, const Replacement *replacement)
{
	const char *path = replacement->file.path;
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *to = g_build_filename(p->folder, replacement->name, NULL);

	return g_str_equal(replacement->name, name) ||
	       renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
}

/* Puts a new message in the place of the old one. */
static bool
replace(Pass *p, Replacement *replacement, bool *ret_done, GError **error)
{
	if (!newfile_exchange(&replacement->file, &replacement->old, ret_done, error))
		return false;
	p->run->moved += !*ret_done;
	if (*ret_done) {
		p->run->misnamed += !rename_by_size(p, replacement);
		p->run->lost_groups += replacement->file.lost_group;
	}
	return true;
}

/* Syncs the rows, and puts the new messages in their places; none if not @good. Settles the row of
 * each by what became of it. */
static bool
replace_all(Pass *p, bool good, GError **error)
{
	GArray *all = p->replacements;

	good = good && run_record(p->run, error);
	for (guint i = 0; i < all->len; i++) {
		Replacement *replacement = &g_array_index(all, Replacement, i);
		g_autoptr(GError) unsettled = NULL;
		bool done = false;
		good = good && replace(p, replacement, &done, error);
		/* After an earlier error, one in settling is not reported. */
		if (!run_settle(p->run, &replacement->entry, done,
		                (guint64)replacement->old.st_size, &unsettled) &&
		    good) {
			g_propagate_error(error, g_steal_pointer(&unsettled));
			good = false;
		}
	}
	if (all->len > 0)
		p->run->unsynced += !folder_sync(p->folder);
	g_array_set_size(all, 0);
	return good;
}

static bool
is_full(const Pass *p)
{
	return run_is_full(p->run) || p->replacements->len >= REPLACEMENTS_MAX;
}

static bool
write_new(Pass *p, const Job *job, Message *message, const char *path, const struct stat *old,
          GError **error)
{
	Replacement new = { .old = *old, .entry = job->entry };
	const Span *before = &job->head.bytes;
	gsize size;
	const char *bytes = g_bytes_get_data(job->new_head, &size);

	/* Also without a file its row has to be settled: see replace_all(). */
	g_array_append_val(p->replacements, new);
	Replacement *added = &g_array_index(p->replacements, Replacement, p->replacements->len - 1);
	if (!newfile_open(&added->file, path, p->tmp, message->fd, error))
		return false;
	int fd = added->file.fd;
	if (!message_write(fd, bytes, size, error) ||
	    !(job->lf ? message_copy_lf : message_copy)(message, before->length, fd, error))
		return false;
	/* Counted with CR LF, the body has the same size as before, also if its lines became LF. */
	gint64 grown_with_crlf = (gint64)size - (gint64)before->length +
	                         count_lf(bytes, size, '\0') -
	                         count_lf(before->data, before->length, '\0');
	added->name = name_by_size(path + strlen(p->folder) + 1, message->fd, (gint64)old->st_size,
	                           (gint64)lseek(fd, 0, SEEK_CUR), grown_with_crlf);
	return newfile_finish(&added->file, error);
}

static bool
is_control(char c)
{
	return g_ascii_iscntrl(c) && c != '\t' && c != '\r' && c != '\n';
}

static size_t
count_controls(const char *bytes, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++)
		n += is_control(bytes[i]);
	return n;
}

/* Whether @head has a field without control characters, which a compressed or encrypted file has
 * only by rare chance. */
static bool
has_field(const Head *head)
{
	HeadItem item;
	size_t at = 0;

	while (head_next(head, &at, &item)) {
		if (item.is_field && item.name.length > 1 &&
		    count_controls(head->bytes.data + item.offset, item.length) == 0)
			return true;
	}
	return false;
}

/* A file is also mail if it is mostly text in which some reader sees a sender. */
FileKind
maildir_file_kind(const char *bytes, size_t length)
{
	FileKind kind = filekind_of(bytes, length);
	size_t from = 0, end = MIN(length, FIELD_WITHIN);

	if (kind != FILE_MAY_BE_MAIL)
		return kind;
	if (!head_find_end(bytes, end, &from, &end))
		end = MIN(length, FIELD_WITHIN);
	Head head = head_parse(bytes, end);
	bool is_mail = has_field(&head) || (count_controls(bytes, end) <= end / CONTROLS_IN &&
	                                    strip_shows_sender(&head));
	return is_mail ? FILE_MAY_BE_MAIL : FILE_WITHOUT_FIELD;
}

static bool
read_message(Pass *p, int fd, const char *path, const struct stat *info, GError **error)
{
	Run *run = p->run;
	g_auto(Message) message = { 0 };
	g_auto(Job) job = { 0 };

	message_init(&message, fd);
	message.stop = run->stop;
	if (!message_read(&message, error))
		return false;
	FileKind kind = maildir_file_kind(message.bytes, message.length);
	if (kind != FILE_MAY_BE_MAIL) {
		run_leave(run, kind, path + strlen(p->path) + 1);
		return true;
	}
	job_init(&job, run->settings, NULL);
	if (!job_read_head(&job, &message, 0, error) || !run_decide(run, &job, error))
		return false;
	if (!run_end_message(run, &job, (guint64)info->st_size, error))
		return false;
	run->octets += (guint64)info->st_size;
	return !job.new_head || run->dry_run || write_new(p, &job, &message, path, info, error);
}

/* Whether this user may not read the file or directory @path, for which @failed says that. Counts
 * it then, frees @failed and goes on: the rest can be read. */
static bool
is_denied(Pass *p, const char *path, GError *failed)
{
	if (!g_error_matches(failed, IO_ERROR, IO_ERROR_DENIED))
		return false;
	run_leave(p->run, FILE_UNREADABLE, path + strlen(p->path) + 1);
	g_error_free(failed);
	return true;
}

static bool
read_file(Pass *p, const char *name, GError **error)
{
	Run *run = p->run;
	g_autofree char *path = g_build_filename(p->folder, name, NULL);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	bool good = true;

	/* ENXIO: a socket. */
	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO)) {
		run->moved += errno == ENOENT;
		run->links += errno == ELOOP;
		run->others += errno == ENXIO;
		return true;
	}
	if (fd < 0 || fstat(fd, &info) != 0) {
		int reason = errno;
		GError *failed = g_error_new(IO_ERROR, io_error_from_errno(reason), "%s: %s", path,
		                             g_strerror(reason));
		good = is_denied(p, path, failed);
		if (!good)
			g_propagate_error(error, failed);
	} else if (S_ISREG(info.st_mode)) {
		good = read_message(p, fd, path, &info, error) &&
		       (!is_full(p) || replace_all(p, true, error));
	} else {
		run->others++;
	}
	if (fd >= 0)
		close(fd);
	if (run->progress)
		run->progress(run, run->progress_data);
	return good;
}

static bool
read_folder(Pass *p, GError **error)
{
	GError *failed = NULL;
	g_autoptr(GPtrArray) names = folder_names(p->folder, &failed);
	bool good = names || is_denied(p, p->folder, failed);

	if (!good)
		g_propagate_error(error, failed);
	for (guint i = 0; names && good && i < names->len && !run_has_enough(p->run); i++) {
		const char *name = g_ptr_array_index(names, i);
		good = *name == '.' || read_file(p, name, error);
	}
	return replace_all(p, good, error);
}

bool
maildir_read(Run *run, const char *path, GError **error)
{
	static const char *const folders[] = { "new", "cur" };
	g_autofree char *tmp = g_build_filename(path, "tmp", NULL);
	Pass p = { .run = run, .path = path, .tmp = tmp };
	bool good = true;

	p.replacements = g_array_new(false, true, sizeof(Replacement));
	g_array_set_clear_func(p.replacements, clear_replacement);
	for (size_t i = 0; good && i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = g_build_filename(path, folders[i], NULL);
		p.folder = folder;
		good = read_folder(&p, error);
	}
	good = run_finish(run, good, error);
	g_array_unref(p.replacements);
	return good;
}
