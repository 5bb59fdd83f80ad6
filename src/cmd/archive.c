/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * archive: takes a mailbox through: each message is decided, written and recorded.
 * May know: all three libraries, the clock. Must not know: where the mailbox comes from or goes to,
 * the terminal.
 * Fails: with the errors of io and store. What has been written by then stays written.
 */
#include "archive.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/mbox.h"
#include "io/message.h"
#include "job.h"
#include "recorder.h"
#include "text.h"

/* Rows are held back until there are so many, or so much of them. */
#define ROWS_MAX 1000
#define ROWS_FEW 250 /* so many at least, where they can be written at once */
#define ROWS_OCTETS_MAX ((size_t)4 * 1024 * 1024)

/* New heads that wait to be written, and all between them: a few large writes are faster. */
#define HEADS_OCTETS_MAX ((size_t)256 * 1024)

#define LAST_WAIT 200 /* milliseconds for the lock, where a run has failed */

#define TOPS_MAX 1000
#define TOPS_SHOWN 5
#define SEPARATOR_MAX ((size_t)1000)

/* The window over the mailbox, and the message at hand. */
typedef struct {
	Archive *archive;
	int out;
	off_t base; /* where the mailbox begins in its file */
	Message window;
	size_t at;        /* in the window: the first octet not yet looked at */
	size_t written;   /* and the first not yet written, or in the parts */
	GArray *parts;    /* struct iovec: to be written before the window moves, */
	GPtrArray *heads; /* with the new heads among them */
	size_t heads_octets;
	Mbox mbox;
	GString *separator;
	bool bare_cr; /* in it */
	bool in_head;
	size_t searched; /* octets of the head that its end is not in */
	guint64 size;
} Pass;

void
archive_init(Archive *archive, const Config *config)
{
	*archive = (Archive){ .config = config };
	archive->tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
archive_clear(Archive *archive)
{
	g_clear_pointer(&archive->tops, g_hash_table_unref);
}

bool
archive_begin(Archive *archive, Audit *audit, const char *input, GError **error)
{
	g_autofree char *name = text_clean_string(input);

	archive->audit = audit;
	audit_set_wait(audit, archive->config->deadline * 1000);
	return audit_begin_run(audit, &archive->run, g_get_real_time(), "mbox", name, VERSION,
	                       error);
}

bool
archive_end(Archive *archive, const char *status, GError **error)
{
	g_autoptr(GArray) none = g_array_new(false, false, sizeof(AuditRow));

	archive->run.status = status;
	/* What was waited for once is not waited for again. */
	if (g_str_equal(status, "failed"))
		audit_set_wait(archive->audit, LAST_WAIT);
	bool good = audit_record_run(archive->audit, &archive->run, none, g_get_real_time(), true,
	                             error);
	audit_truncate_log(archive->audit);
	return good;
}

static void
add_part(Pass *p, const void *bytes, size_t length)
{
	struct iovec part = { (void *)bytes, length };

	if (p->out >= 0)
		g_array_append_val(p->parts, part);
}

/* Writes the parts, and what else is not yet written of the window up to the octet at hand. */
static bool
write_parts(Pass *p, GError **error)
{
	add_part(p, p->window.bytes + p->written, p->at - p->written);
	p->written = p->at;
	bool good = message_write_parts(p->out, (struct iovec *)(void *)p->parts->data,
	                                p->parts->len, p->archive->stop, error);
	g_array_set_size(p->parts, 0);
	g_ptr_array_set_size(p->heads, 0);
	p->heads_octets = 0;
	return good;
}

/* @head stands for the @length octets at hand. */
static bool
put_head(Pass *p, GBytes *head, size_t length, GError **error)
{
	gsize size;
	const char *bytes = g_bytes_get_data(head, &size);

	if ((p->parts->len + 2 >= MESSAGE_PARTS_MAX || p->heads_octets > HEADS_OCTETS_MAX) &&
	    !write_parts(p, error))
		return false;
	add_part(p, p->window.bytes + p->written, p->at - p->written);
	add_part(p, bytes, size);
	g_ptr_array_add(p->heads, g_bytes_ref(head));
	p->heads_octets += size;
	p->written = p->at + length;
	return true;
}

static bool
read_more(Pass *p, GError **error)
{
	Archive *a = p->archive;

	if (!write_parts(p, error))
		return false;
	message_drop(&p->window, p->at);
	p->at = p->written = 0;
	if (!message_read(&p->window, error))
		return false;
	a->octets = p->window.octets;
	if (a->progress)
		a->progress(a, a->progress_data);
	return true;
}

static void
take(Pass *p, size_t n)
{
	mbox_take(&p->mbox, p->window.bytes + p->at, n);
	p->at += n;
}

static void
count_top(Archive *a, const Submission *submission)
{
	if (submission->hops->len == 0)
		return;
	const char *by = g_array_index(submission->hops, Hop, 0).received->by;
	if (!by)
		return;
	g_autofree char *host = g_ascii_strdown(by, -1);
	guint *count = g_hash_table_lookup(a->tops, host);
	if (!count && g_hash_table_size(a->tops) < TOPS_MAX) {
		count = g_new0(guint, 1);
		g_hash_table_insert(a->tops, g_steal_pointer(&host), count);
	}
	if (count)
		++*count;
}

bool
archive_begin_pass(Archive *a, GError **error)
{
	if (!a->audit)
		return true;
	a->recorder = recorder_new(a->audit, &a->run, error);
	if (a->recorder)
		job_rows_init(&a->rows);
	return a->recorder != NULL;
}

bool
archive_decide(Archive *a, Job *job, GError **error)
{
	if (!job_decide(job, error))
		return false;

	const Submission *submission = job->decision->submission;
	a->messages++;
	a->actions[job->decision->action]++;
	a->reasons[submission->verdict][submission->reason]++;
	count_top(a, submission);
	if (a->recorder)
		job_add_row(job, "mbox", a->dry_run ? "dry-run" : "written", &a->rows)->run =
		        a->run.id;
	return true;
}

void
archive_end_message(Archive *a, guint64 size)
{
	GArray *rows = a->rows.rows;

	if (a->recorder)
		g_array_index(rows, AuditRow, rows->len - 1).size = (gint64)size;
}

bool
archive_is_full(const Archive *a)
{
	return a->recorder &&
	       (a->rows.rows->len >= ROWS_MAX || job_rows_octets(&a->rows) >= ROWS_OCTETS_MAX);
}

static bool
hand_over(Archive *a, bool durable, bool recorded, GError **error)
{
	if (!a->recorder)
		return true;
	return recorder_take(a->recorder, &a->rows, (gint64)a->messages,
	                     (gint64)(a->actions[ACTION_STRIPPED] + a->actions[ACTION_REPLACED]),
	                     durable, error) &&
	       (!recorded || recorder_wait(a->recorder, error));
}

bool
archive_record(Archive *a, GError **error)
{
	return hand_over(a, true, true, error);
}

bool
archive_take_back(Archive *a, guint64 nth, guint64 size, GError **error)
{
	gint64 id = a->run.last_row - (gint64)(a->messages - nth);

	return !a->recorder || audit_settle(a->audit, id, "failed", (gint64)size, error);
}

bool
archive_finish_pass(Archive *a, bool good, GError **error)
{
	GError *failed = NULL;

	if (!a->recorder)
		return good;
	bool handed = hand_over(a, true, false, &failed);
	bool written = recorder_end(a->recorder, handed ? &failed : NULL);
	a->recorder = NULL;
	job_rows_clear(&a->rows);
	if (good && failed)
		g_propagate_error(error, g_steal_pointer(&failed));
	g_clear_error(&failed);
	return good && handed && written;
}

static gint
more_often(gconstpointer a, gconstpointer b, gpointer tops)
{
	guint count_a = *(guint *)g_hash_table_lookup(tops, a);
	guint count_b = *(guint *)g_hash_table_lookup(tops, b);

	return count_a != count_b ? (count_a < count_b) - (count_a > count_b) : strcmp(a, b);
}

char *
archive_tops(const Archive *archive)
{
	GString *text = g_string_new(NULL);
	GList *hosts = g_hash_table_get_keys(archive->tops);
	guint shown = 0;

	hosts = g_list_sort_with_data(hosts, more_often, archive->tops);
	for (GList *host = hosts; host && shown < TOPS_SHOWN; host = host->next, shown++) {
		g_autofree char *clean = text_clean_string(host->data);
		g_string_append_printf(text, "%s%s (%u)", shown ? ", " : "", clean,
		                       *(guint *)g_hash_table_lookup(archive->tops, host->data));
	}
	if (g_hash_table_size(archive->tops) > shown)
		g_string_append(text, ", ...");
	g_list_free(hosts);
	return g_string_free(text, shown == 0);
}

typedef enum { LENGTH_NONE, LENGTH_GOOD, LENGTH_BAD } Length;

/* What the Content-Length fields of the head say, which must be one thing. */
static Length
content_length(const Head *head, guint64 *ret_length)
{
	static const char *const names[] = { "Content-Length", NULL };
	HeadItem item;
	size_t at = 0;
	Length found = LENGTH_NONE;

	while (head_next_named(head, &at, names, &item)) {
		g_autofree char *text = g_strndup(item.value.data, item.value.length);
		guint64 length;
		if (strlen(text) != item.value.length ||
		    !g_ascii_string_to_unsigned(g_strstrip(text), 10, 0, G_MAXINT64 / 2, &length,
		                                NULL) ||
		    (found && length != *ret_length))
			return LENGTH_BAD;
		*ret_length = length;
		found = LENGTH_GOOD;
	}
	return found;
}

/* Whether a From_ line or the end stands at @offset, or behind one empty line there, of which
 * *@ret_gap is the length. */
static bool
leads_on(const Pass *p, off_t offset, size_t *ret_gap)
{
	static const char *const gaps[] = { "", "\n", "\r\n" };
	struct stat info;
	char bytes[8];

	if (fstat(p->window.fd, &info) != 0 || offset > info.st_size)
		return false;
	ssize_t n = pread(p->window.fd, bytes, sizeof bytes, offset);
	for (size_t i = 0; n >= 0 && i < G_N_ELEMENTS(gaps); i++) {
		size_t gap = strlen(gaps[i]), rest = (size_t)n - gap;
		if ((size_t)n < gap || memcmp(bytes, gaps[i], gap) != 0)
			continue;
		*ret_gap = gap;
		if (rest == 0 || (rest >= 5 && memcmp(bytes + gap, "From ", 5) == 0))
			return true;
	}
	return false;
}

/* @head is that of the message at hand, and not yet taken. */
static void
follow_length(Pass *p, const Head *head)
{
	guint64 length = 0;
	size_t gap;
	Length said = content_length(head, &length);

	/* Without an empty line there is no body to be long. */
	if (said == LENGTH_NONE || head->fields_end == head->bytes.length)
		return;
	off_t here = p->base + (off_t)(p->window.octets - (p->window.length - p->at));
	length += head->bytes.length;
	if (said == LENGTH_GOOD && leads_on(p, here + (off_t)length, &gap))
		mbox_skip(&p->mbox, length + gap);
	else
		p->archive->bad_lengths++;
}

/* The envelope sender that the From_ line names; NULL: none. (transfer full) */
static char *
envelope_sender(const GString *separator)
{
	const char *from = separator->str + MIN(separator->len, strlen("From "));
	from += strspn(from, " \t");
	size_t length = strcspn(from, " \t\r\n");

	return length ? g_strndup(from, length) : NULL;
}

static bool
decide_and_write(Pass *p, size_t length, bool complete, GError **error)
{
	Archive *a = p->archive;
	g_autofree char *envelope = envelope_sender(p->separator);
	g_auto(Job) job = { 0 };

	job_init(&job, a->config, NULL);
	job.head = head_parse(p->window.bytes + p->at, MIN(length, HEAD_MAX));
	job.complete = complete;
	job.envelope_from = envelope;
	if (p->bare_cr)
		job.refuse = "its From line holds a carriage return";
	if (!archive_decide(a, &job, error))
		return false;
	if (job.new_head && !put_head(p, job.new_head, length, error))
		return false;
	if (a->by_length && complete)
		follow_length(p, &job.head);
	return true;
}

static void
begin_message(Pass *p)
{
	p->in_head = true;
	p->searched = 0;
	p->size = 0;
	p->bare_cr = p->mbox.has_bare_cr;
	p->archive->loose += p->mbox.loose;
	p->archive->bare_cr += p->mbox.has_bare_cr;
}

/* Looks for the end of the head in @piece, which becomes the head alone. *@ret_more: it is not
 * there yet. */
static bool
take_head(Pass *p, MboxPiece *piece, bool *ret_more, GError **error)
{
	size_t end = piece->length;
	bool found = head_find_end(p->window.bytes + p->at, piece->length, &p->searched, &end);

	*ret_more = !found && !piece->ends && piece->length <= HEAD_MAX;
	if (*ret_more)
		return true;
	if (!decide_and_write(p, end, end <= HEAD_MAX, error))
		return false;
	p->in_head = false;
	/* What follows a length that was followed is still of this message. */
	piece->ends = piece->ends && end == piece->length && p->mbox.skip == 0;
	piece->length = end;
	return true;
}

static bool
end_message(Pass *p, GError **error)
{
	Archive *a = p->archive;

	g_string_truncate(p->separator, 0);
	archive_end_message(a, p->size);
	bool few = a->recorder && a->rows.rows->len >= ROWS_FEW && recorder_is_idle(a->recorder);
	return !(few || archive_is_full(a)) || hand_over(a, false, false, error);
}

/* Takes the next piece. *@ret_more: more of the mailbox is needed. *@ret_end: there is none. */
static bool
take_piece(Pass *p, bool *ret_more, bool *ret_end, GError **error)
{
	Message *w = &p->window;
	MboxPiece piece = mbox_next(&p->mbox, w->bytes + p->at, w->length - p->at, w->at_end);

	*ret_more = piece.length == 0 && !piece.ends;
	*ret_end = false;
	if (*ret_more)
		return true;
	switch (piece.part) {
	case MBOX_TEXT:
		p->archive->text += piece.length;
		take(p, piece.length);
		break;
	case MBOX_SEPARATOR:
		if (p->separator->len < SEPARATOR_MAX)
			g_string_append_len(p->separator, w->bytes + p->at,
			                    (gssize)MIN(piece.length, SEPARATOR_MAX));
		take(p, piece.length);
		if (piece.ends)
			begin_message(p);
		return true;
	case MBOX_MESSAGE:
		if (p->in_head && !take_head(p, &piece, ret_more, error))
			return false;
		if (*ret_more)
			return true;
		p->size += piece.length;
		take(p, piece.length);
		break;
	}
	if (!piece.ends)
		return true;
	*ret_end = w->at_end && p->at == w->length && p->mbox.part != MBOX_SEPARATOR;
	return piece.part != MBOX_MESSAGE || end_message(p, error);
}

static bool
read_all(Pass *p, GError **error)
{
	bool more = true, end = false;

	while (!end) {
		if ((more && !read_more(p, error)) || !take_piece(p, &more, &end, error))
			return false;
	}
	return write_parts(p, error);
}

bool
archive_read(Archive *archive, int in, int out, GError **error)
{
	Pass p = { .archive = archive, .out = archive->dry_run ? -1 : out };
	off_t base = lseek(in, 0, SEEK_CUR);

	if (!archive_begin_pass(archive, error))
		return false;
	p.base = MAX(base, 0);
	p.separator = g_string_new(NULL);
	p.parts = g_array_new(false, false, sizeof(struct iovec));
	p.heads = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	message_init(&p.window, in);
	p.window.stop = archive->stop;

	bool good = archive_finish_pass(archive, read_all(&p, error), error);
	message_clear(&p.window);
	g_string_free(p.separator, true);
	g_array_unref(p.parts);
	g_ptr_array_unref(p.heads);
	return good;
}
