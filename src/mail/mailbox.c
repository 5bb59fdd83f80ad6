/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mailbox: reads a mailbox: each message is decided, written and recorded.
 * May know: all three libraries. Must not know: where the mailbox comes from or goes to, the
 * terminal.
 * Fails: with the errors of io and run. What has been written by then stays written.
 */
#include "mailbox.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/address.h"
#include "core/pipermail.h"
#include "io/filekind.h"
#include "io/mbox.h"
#include "io/message.h"
#include "job.h"
#include "util/io-error.h"
#include "util/lines.h"

/* New heads that wait to be written with all between them: a few large writes are faster. */
#define HEADS_OCTETS_MAX ((size_t)256 * 1024)

#define SEPARATOR_MAX ((size_t)1000)

/* How much before the first From_ line is held back until it is known that this is a mailbox, and
 * is searched for a sender. */
#define TEXT_MAX_HELD ((size_t)1024 * 1024)

#define SIGNATURE_MAX ((size_t)64) /* octets that tell what a file is */

/* The window over the mailbox, and the current message. */
typedef struct {
	Run *run;
	int out;
	off_t base; /* where the mailbox begins in its file */
	Message window;
	size_t at;        /* in the window: the first octet not yet taken */
	size_t written;   /* in the window: the first octet neither written nor in the parts */
	GArray *parts;    /* struct iovec: to be written before the window moves */
	GPtrArray *heads; /* the new heads that the parts point to */
	size_t heads_octets;
	Mbox mbox;
	GString *separator;
	bool bare_cr;  /* in the separator */
	guint64 text;  /* octets before the first separator */
	guint64 lines; /* line ends before the window; counted until run->timeless_at is known */
	bool in_head;
	size_t searched; /* octets of the head that do not hold its end */
	Job job;         /* the current message's, once its head is there */
	bool cr;         /* a CR held back by put_lf(); only the last message can end with one */
	guint64 size;    /* of the current message, so far */
} Pass;

static void
add_part(Pass *p, const void *bytes, size_t length)
{
	struct iovec part = { (void *)bytes, length };

	if (p->out >= 0)
		g_array_append_val(p->parts, part);
}

/* Writes the parts, and the rest of the window before p->at that is not yet written. */
static bool
write_parts(Pass *p, GError **error)
{
	add_part(p, p->window.bytes + p->written, p->at - p->written);
	p->written = p->at;
	bool good = message_write_parts(p->out, (struct iovec *)(void *)p->parts->data,
	                                p->parts->len, p->run->stop, error);
	g_array_set_size(p->parts, 0);
	g_ptr_array_set_size(p->heads, 0);
	p->heads_octets = 0;
	return good;
}

/* Puts @head, or another part of a message, in the place of the @length octets at p->at. */
static bool
put_instead(Pass *p, GBytes *head, size_t length, GError **error)
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

/* Puts the @length octets at p->at with LF; @ends: the message ends with them. */
static bool
put_lf(Pass *p, size_t length, bool ends, GError **error)
{
	char *lf = g_try_malloc(length + 2);

	if (!lf) {
		g_set_error(error, IO_ERROR, IO_ERROR_NO_SPACE, "no memory for the message");
		return false;
	}
	size_t size = lines_to_lf(lf, p->window.bytes + p->at, length, &p->cr);
	if (ends && p->cr)
		lf[size++] = '\r';
	g_autoptr(GBytes) bytes = g_bytes_new_take(lf, size);
	return put_instead(p, bytes, length, error);
}

static bool
is_held(const Pass *p)
{
	return p->mbox.part == MBOX_TEXT && p->text <= TEXT_MAX_HELD;
}

static bool
read_more(Pass *p, GError **error)
{
	Run *run = p->run;

	if (!is_held(p)) {
		if (!write_parts(p, error))
			return false;
		if (run->timeless == 0)
			p->lines += lines_count(p->window.bytes, p->at);
		message_drop(&p->window, p->at);
		p->at = p->written = 0;
	}
	if (!message_read(&p->window, error))
		return false;
	run->octets = p->window.octets;
	if (run->progress)
		run->progress(run, run->progress_data);
	return true;
}

static void
take(Pass *p, size_t n)
{
	mbox_take(&p->mbox, p->window.bytes + p->at, n);
	p->at += n;
}

typedef enum { LENGTH_NONE, LENGTH_GOOD, LENGTH_BAD } Length;

/* The value of the Content-Length fields of the head, which must agree. */
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

/* Whether @offset, or the end of one empty line there, is the start of a From_ line or the end of
 * the file. *@ret_gap is the length of that empty line. */
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

/* Follows Content-Length, if it leads somewhere. @head is the current message's, not yet taken. */
static void
follow_length(Pass *p, const Head *head)
{
	guint64 length = 0;
	size_t gap;
	Length said = content_length(head, &length);

	/* Without an empty line after the head there is no body. */
	if (said == LENGTH_NONE || head->fields_end == head->bytes.length)
		return;
	off_t here = p->base + (off_t)(p->window.octets - (p->window.length - p->at));
	length += head->bytes.length;
	if (said == LENGTH_GOOD && leads_on(p, here + (off_t)length, &gap))
		mbox_skip(&p->mbox, length + gap);
	else
		p->run->bad_lengths++;
}

static const char refuse_bare_cr[] = "its From line holds a carriage return";

/* The envelope sender that the From_ line names; NULL: none. (transfer full) */
static char *
envelope_sender(const GString *separator, bool pipermail)
{
	const char *from = separator->str + MIN(separator->len, strlen("From "));
	from += strspn(from, " \t");

	if (pipermail) {
		size_t unused;
		char *address = pipermail_address(from, strcspn(from, "\r\n"), &unused);
		if (address)
			return address;
	}
	size_t length = strcspn(from, " \t\r\n");
	return length ? g_strndup(from, length) : NULL;
}

/* Whether @value, which some readers take for the sender, shows more than an address. */
static bool
shows_name(Span value)
{
	g_autoptr(AddressList) list = address_parse(value.data, value.length);

	return list->shows_text || !list->understood;
}

/* The same for the From_ line: it holds a word that is no address, other than those of mail
 * programs, or characters that only a name would have. */
static bool
separator_shows_name(const Pass *p)
{
	static const char *const nobody[] = { "-", "<>", "MAILER-DAEMON", "<MAILER-DAEMON>" };
	g_autofree char *envelope =
	        envelope_sender(p->separator, p->run->settings->policy.pipermail);

	if (!envelope)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(nobody); i++) {
		if (g_ascii_strcasecmp(envelope, nobody[i]) == 0)
			return false;
	}
	const char *rest = strstr(p->separator->str, envelope);
	return (rest && strpbrk(rest + strlen(envelope), "\"<@")) ||
	       shows_name((Span){ envelope, strlen(envelope) });
}

/* Whether readers show @place as the author: not Reply-To, nor a field that shows nothing. */
static bool
shows_author(const Place *place)
{
	if (!g_str_equal(place->field->name, "From") &&
	    !g_str_equal(place->field->name, "Sender") && !place->field->is_as_from)
		return false;
	return place->action != ACTION_KEPT ||
	       place->addresses->len + place->display_names->len > 0;
}

/* Whether readers find no author in the message of @job, except a name in its From_ line or
 * Return-Path. */
static bool
shows_envelope(const Pass *p, const Job *job)
{
	static const char *const return_path[] = { "Return-Path", NULL };
	const Decision *decision = job->decision;
	HeadItem item;
	size_t at = 0;

	if (decision->submission->verdict == VERDICT_AUTHENTICATED || decision->refused)
		return false;
	for (guint i = 0; i < decision->fields->len; i++) {
		const Place *place = g_ptr_array_index(decision->fields, i);
		if (shows_author(place))
			return false;
	}
	if (separator_shows_name(p))
		return true;
	while (head_next_named(&job->head, &at, return_path, &item)) {
		if (shows_name(item.value))
			return true;
	}
	return false;
}

static bool
decide_and_write(Pass *p, size_t length, GError **error)
{
	Run *run = p->run;
	g_autofree char *envelope =
	        envelope_sender(p->separator, p->run->settings->policy.pipermail);
	Job *job = &p->job;

	job_init(job, run->settings, NULL);
	job_set_head(job, p->window.bytes + p->at, length);
	job->envelope_from = envelope;
	job->in_mbox = true;
	if (p->bare_cr)
		job->refuse = refuse_bare_cr;
	if (!run_decide(run, job, error))
		return false;
	run->shown += job->decision && shows_envelope(p, job);
	if (job->new_head && !put_instead(p, job->new_head, length, error))
		return false;
	if (run->by_length && job->complete)
		follow_length(p, &job->head);
	return true;
}

/* The number of the line that ends at p->at; the window may have been moved since. */
static guint64
line_number(const Pass *p)
{
	return p->lines + lines_count(p->window.bytes, p->at ? p->at - 1 : 0) + 1;
}

/* The text before the first From_ line ends. */
static void
end_text(Pass *p)
{
	Head text = { { p->window.bytes, p->at }, p->at };

	if (p->run->text > 0)
		p->run->text_is_mail = p->text > TEXT_MAX_HELD || strip_shows_sender(&text);
}

static void
begin_message(Pass *p)
{
	if (!mbox_has_time(p->separator->str, p->separator->len)) {
		if (p->run->timeless == 0)
			p->run->timeless_at = line_number(p);
		p->run->timeless++;
	}
	p->in_head = true;
	p->searched = 0;
	p->size = 0;
	p->bare_cr = p->mbox.has_bare_cr;
	p->run->loose += p->mbox.loose;
	p->run->bare_cr += p->mbox.has_bare_cr;
}

/* Looks for the end of the head in @piece, and cuts @piece to the head. *@ret_more: the end is not
 * there yet. */
static bool
take_head(Pass *p, MboxPiece *piece, bool *ret_more, GError **error)
{
	size_t end = piece->length;
	bool found = head_find_end(p->window.bytes + p->at, piece->length, &p->searched, &end);

	*ret_more = !found && !piece->ends && piece->length <= HEAD_MAX;
	if (*ret_more)
		return true;
	if (!decide_and_write(p, end, error))
		return false;
	p->in_head = false;
	/* After a Content-Length that was followed, the rest still belongs to this message. */
	piece->ends = piece->ends && end == piece->length && p->mbox.skip == 0;
	piece->length = end;
	return true;
}

static bool
end_message(Pass *p, GError **error)
{
	g_string_truncate(p->separator, 0);
	bool good = run_end_message(p->run, &p->job, p->size, error);
	job_clear(&p->job);
	return good && run_pass_on(p->run, error);
}

/* Takes the next piece. *@ret_more: more of the mailbox is needed. *@ret_end: it has ended. */
static bool
take_piece(Pass *p, bool *ret_more, bool *ret_end, GError **error)
{
	Message *w = &p->window;
	bool was_in_head = p->in_head;
	MboxPiece piece = mbox_next(&p->mbox, w->bytes + p->at, w->length - p->at, w->at_end);

	*ret_more = piece.length == 0 && !piece.ends;
	*ret_end = false;
	if (*ret_more)
		return true;
	switch (piece.part) {
	case MBOX_TEXT:
		p->text += piece.length;
		p->run->text = p->mbox.is_text ? p->text : 0;
		take(p, piece.length);
		if (piece.ends)
			end_text(p);
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
		/* The head has been put already. */
		if (!was_in_head && p->job.lf && !put_lf(p, piece.length, piece.ends, error))
			return false;
		p->size += piece.length;
		take(p, piece.length);
		break;
	}
	if (!piece.ends)
		return true;
	*ret_end = w->at_end && p->at == w->length && p->mbox.part != MBOX_SEPARATOR;
	return piece.part != MBOX_MESSAGE || end_message(p, error);
}

/* Whether enough has been read to know that the file is no mailbox. Sets run->kind. */
static bool
is_no_mailbox(Pass *p)
{
	const Message *w = &p->window;

	if (p->mbox.part != MBOX_TEXT || (w->length < SIGNATURE_MAX && !w->at_end))
		return false;
	FileKind kind = w->length ? filekind_of(w->bytes, w->length) : FILE_MAY_BE_MAIL;
	p->run->kind = kind;
	return kind != FILE_MAY_BE_MAIL;
}

static bool
read_all(Pass *p, GError **error)
{
	bool more = true, end = false, is_known = false;

	while (!end && !run_has_enough(p->run)) {
		if (more && !read_more(p, error))
			return false;
		if (!is_known && is_no_mailbox(p))
			return true;
		is_known = is_known || p->window.length >= SIGNATURE_MAX;
		if (!take_piece(p, &more, &end, error))
			return false;
	}
	/* Writes nothing of what is no mailbox, unless it was too long to be held back. */
	return (p->run->text > 0 && is_held(p)) || write_parts(p, error);
}

bool
mailbox_read(Run *run, int in, int out, GError **error)
{
	Pass p = { .run = run, .out = run->dry_run ? -1 : out };
	off_t base = lseek(in, 0, SEEK_CUR);

	p.base = MAX(base, 0);
	p.separator = g_string_new(NULL);
	p.parts = g_array_new(false, false, sizeof(struct iovec));
	p.heads = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	message_init(&p.window, in);
	p.window.stop = run->stop;

	bool good = run_finish(run, read_all(&p, error), error);
	job_clear(&p.job);
	message_clear(&p.window);
	g_string_free(p.separator, true);
	g_array_unref(p.parts);
	g_ptr_array_unref(p.heads);
	return good;
}

void
mailbox_message_clear(MailboxMessage *message)
{
	if (message->head)
		g_string_free(message->head, true);
	*message = (MailboxMessage){ 0 };
}

/* Takes a piece of the message that is looked for. True: its head is complete. */
static bool
find_head(MailboxMessage *found, const MboxPiece *piece, const char *bytes, size_t *searched)
{
	size_t end;

	g_string_append_len(found->head, bytes, (gssize)piece->length);
	if (!head_find_end(found->head->str, found->head->len, searched, &end))
		return piece->ends || found->head->len > HEAD_MAX;
	g_string_truncate(found->head, end);
	return true;
}

bool
mailbox_find(Message *message, guint64 number, MailboxMessage *found, GError **error)
{
	Mbox mbox = { 0 };
	size_t at = 0, searched = 0;
	bool is_done = false;

	while (!is_done) {
		const char *bytes = message->bytes + at;
		MboxPiece piece = mbox_next(&mbox, bytes, message->length - at, message->at_end);
		if (piece.length == 0 && !piece.ends) {
			message_drop(message, at);
			at = 0;
			if (!message_read(message, error))
				return false;
			continue;
		}
		if (found->head)
			is_done = find_head(found, &piece, bytes, &searched);
		mbox_take(&mbox, bytes, piece.length);
		at += piece.length;
		if (!piece.ends)
			continue;
		if (piece.part == MBOX_SEPARATOR && ++found->messages == number) {
			found->head = g_string_new(NULL);
			found->refuse = mbox.has_bare_cr ? refuse_bare_cr : NULL;
		}
		is_done = is_done || (message->at_end && at == message->length &&
		                      piece.part != MBOX_SEPARATOR && mbox.part != MBOX_SEPARATOR);
	}
	return true;
}
