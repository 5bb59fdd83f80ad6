/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * job: one message from its first byte to the last state of its row: NEW, DECIDED, RECORDED,
 * SETTLED.
 * May know: core, io, the ledger. Must not know: where the message goes, when rows are written.
 * Fails: with the errors of message, people and ledger.
 */
#include "job.h"

#include <string.h>

#include "io/mbox.h"
#include "util/io-error.h"

void
job_init(Job *job, Settings *settings, const Facts *facts)
{
	static const Facts nothing_known;

	*job = (Job){ .settings = settings_ref(settings),
		      .facts = facts ? facts : &nothing_known,
		      .size = -1 };
}

void
job_clear(Job *job)
{
	g_clear_pointer(&job->decision, strip_decision_free);
	g_clear_pointer(&job->new_head, g_bytes_unref);
	g_clear_pointer(&job->settings, settings_unref);
	g_clear_pointer(&job->gathered, g_free);
	/* A cleared job must not look like one that is still to be settled. */
	*job = (Job){ 0 };
}

void
job_set_head(Job *job, const char *bytes, size_t length)
{
	job->complete = length <= HEAD_MAX;
	job->head = head_parse(bytes, MIN(length, HEAD_MAX));
}

bool
job_read_head(Job *job, Message *message, size_t hold, GError **error)
{
	size_t from = 0, end = 0;
	bool found = head_find_end(message->bytes, message->length, &from, &end);

	while (!found && !message->at_end && message->length <= HEAD_MAX) {
		if (!message_read(message, error))
			return false;
		found = head_find_end(message->bytes, message->length, &from, &end);
	}
	if (!found)
		end = message->length;
	/* Before deciding: the decision points into these bytes, which reading moves. */
	while (!message->at_end && message->length <= hold) {
		if (!message_read(message, error))
			return false;
	}
	job_set_head(job, message->bytes, end);
	return true;
}

/* Adds bytes to the gathered head, up to HEAD_MAX + 1, enough to see that it is too long. */
static bool
gather(Job *job, const char *bytes, size_t length)
{
	length = MIN(length, HEAD_MAX + 1 - job->gathered_length);
	if (length > job->gathered_room - job->gathered_length) {
		size_t room = MAX(job->gathered_length + length, job->gathered_room * 2);
		char *more = g_try_realloc(job->gathered, room);
		if (!more)
			return false;
		job->gathered = more;
		job->gathered_room = room;
	}
	if (length)
		memcpy(job->gathered + job->gathered_length, bytes, length);
	job->gathered_length += length;
	return true;
}

bool
job_add_field(Job *job, const char *name, size_t name_length, const char *value,
              size_t value_length)
{
	return gather(job, name, name_length) && gather(job, ":", 1) &&
	       gather(job, value, value_length) && gather(job, "\n", 1);
}

bool
job_end_fields(Job *job)
{
	if (!gather(job, "\n", 1))
		return false;
	job_set_head(job, job->gathered, job->gathered_length);
	return true;
}

/* A field `From :` that is made bare may lose the fold that hid a time of day. */
static void
refuse_parting(Job *job)
{
	gsize size;
	const char *head = job->new_head ? g_bytes_get_data(job->new_head, &size) : NULL;

	if (!job->in_mbox || !head || !mbox_parts(head, size))
		return;
	strip_refuse(job->decision, "made bare, a sender field would begin another message");
	g_clear_pointer(&job->new_head, g_bytes_unref);
}

bool
job_decide(Job *job, GError **error)
{
	const Settings *settings = job->settings;

	g_assert(job->state == JOB_NEW);
	job->decision = strip_decide(&settings->policy, job->facts, &job->head, job->complete);
	if (settings->people && !people_are_known(settings->people, error))
		return false;
	if (job->refuse)
		strip_refuse(job->decision, job->refuse);
	if (job->decision->edits->len > 0) {
		job->new_head = edit_apply(&job->head, job->decision->edits);
		if (!job->new_head) {
			g_set_error(error, IO_ERROR, IO_ERROR_NO_SPACE,
			            "no memory for the head of the message");
			return false;
		}
	}
	refuse_parting(job);
	job->state = JOB_DECIDED;
	return true;
}

bool
job_record(Job *job, Ledger *ledger, const char *source, const char *outcome, GError **error)
{
	g_assert(job->state == JOB_DECIDED);
	if (!ledger_add(ledger, job, source, outcome, &job->entry, error))
		return false;
	job->state = JOB_RECORDED;
	return true;
}

bool
job_settle(Job *job, Ledger *ledger, const char *outcome, gint64 size, GError **error)
{
	g_assert(job->state == JOB_RECORDED);
	job->state = JOB_SETTLED;
	return ledger_settle(ledger, &job->entry, outcome, size, error);
}

char *
job_words(const Job *job, bool dry_run, size_t max)
{
	const Decision *decision = job->decision;
	const char *scope = scope_reason_name(decision->scope);
	g_autofree char *action =
	        g_strconcat(strip_action_name(decision->action), dry_run ? " (dry run)" : "", NULL);
	g_autofree char *rest = g_strdup_printf(
	        "%s (%s), audit id %" G_GINT64_FORMAT, verdict_name(decision->submission->verdict),
	        reason_name(decision->submission->reason), job->entry.id);
	char *words = g_strdup_printf("%s, %s, %s", action, scope ? scope : "out of scope", rest);

	if (strlen(words) <= max)
		return words;
	g_free(words);
	return g_strdup_printf("%s, %s", action, rest);
}
