/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * job: one message's way from its first byte to its settled row.
 * May know: all three libraries, the clock. Must not know: where the message goes.
 * Fails: with the errors of io and store; a row is committed before the caller may act.
 */
#include "job.h"

#include <gio/gio.h>
#include <string.h>

#include "text.h"

static gint64
seconds(const Config *config)
{
	return (gint64)config->deadline * G_USEC_PER_SEC;
}

void
job_init(Job *job, const Config *config, const Facts *facts, gint64 started, int fd)
{
	*job = (Job){ .config = config,
		      .facts = facts,
		      .until = started ? started + seconds(config) : 0 };
	message_init(&job->message, fd);
}

void
job_clear(Job *job)
{
	g_clear_pointer(&job->decision, strip_decision_free);
	g_clear_pointer(&job->new_head, g_bytes_unref);
	g_clear_pointer(&job->audit, audit_close);
	message_clear(&job->message);
}

bool
job_read_head(Job *job, size_t hold, GError **error)
{
	Message *message = &job->message;
	size_t from = 0, end = 0;
	bool found = false;

	while (!found && !message->at_end && message->length <= HEAD_MAX) {
		if (!message_read(message, error))
			return false;
		found = head_find_end(message->bytes, message->length, &from, &end);
	}
	if (!found)
		end = message->length;
	/* Not later: what is decided points into these bytes. */
	while (!message->at_end && message->length <= hold) {
		if (!message_read(message, error))
			return false;
	}
	job->complete = end <= HEAD_MAX;
	job->head = head_parse(message->bytes, MIN(end, HEAD_MAX));
	return true;
}

bool
job_decide(Job *job, GError **error)
{
	job->decision = strip_decide(&job->config->policy, job->facts, &job->head, job->complete);
	if (job->decision->edits->len == 0)
		return true;
	job->new_head = edit_apply(&job->head, job->decision->edits);
	if (job->new_head)
		return true;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
	            "no memory for the head of the message");
	return false;
}

static GBytes *
item_bytes(const Head *head, const Edit *edit)
{
	return g_bytes_new_static(head->bytes.data + edit->offset, edit->length);
}

static void
append_clean(GPtrArray *to, const GPtrArray *texts)
{
	g_autoptr(GPtrArray) clean = text_clean_all(texts);
	g_ptr_array_extend_and_steal(to, g_steal_pointer(&clean));
}

static void
clear_edit(gpointer data)
{
	AuditEdit *edit = data;

	g_bytes_unref(edit->before);
	g_bytes_unref(edit->after);
	g_ptr_array_unref((GPtrArray *)edit->display_names);
	g_ptr_array_unref((GPtrArray *)edit->addresses);
}

/* One row an edit, with the names and addresses of all its places. */
static GArray *
audit_edits(const Job *job)
{
	const Decision *decision = job->decision;
	GArray *rows = g_array_new(false, false, sizeof(AuditEdit));

	g_array_set_clear_func(rows, clear_edit);
	for (guint i = 0; i < decision->edits->len; i++) {
		const Edit *edit = &g_array_index(decision->edits, Edit, i);
		const GPtrArray *places = g_ptr_array_index(decision->edited, i);
		GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
		GPtrArray *addresses = g_ptr_array_new_with_free_func(g_free);
		for (guint k = 0; k < places->len; k++) {
			const Place *place = g_ptr_array_index(places, k);
			append_clean(names, place->display_names);
			append_clean(addresses, place->addresses);
		}
		AuditEdit row = { .field = edit->field,
			          .nth = (gint64)edit->nth,
			          .action = strip_action_name(edit->action),
			          .before = item_bytes(&job->head, edit),
			          .after = g_bytes_ref(edit->value),
			          .display_names = names,
			          .addresses = addresses };
		g_array_append_val(rows, row);
	}
	return rows;
}

static char *
clean_value(const char *bytes, size_t length)
{
	while (length && strchr(" \t\r\n", *bytes) && *bytes) {
		bytes++;
		length--;
	}
	return text_clean(bytes, length, TEXT_MAX);
}

/* The value of the first From place before and after, whether it is one of the fields or not. */
static void
from_values(const Job *job, char **ret_before, char **ret_after)
{
	static const char *const names[] = { "From", NULL };
	g_autoptr(GArray) places = head_places(&job->head, names);

	if (places->len == 0)
		return;
	const HeadPlace *first = &g_array_index(places, HeadPlace, 0);
	Span value = { job->head.bytes.data + first->value, first->end - first->value };
	*ret_before = clean_value(value.data, value.length);
	for (guint i = 0; i < job->decision->fields->len; i++) {
		const Place *place = g_ptr_array_index(job->decision->fields, i);
		if (place->before.data == value.data && place->after)
			value.data = g_bytes_get_data(place->after, &value.length);
	}
	*ret_after = clean_value(value.data, value.length);
}

Audit *
job_open_audit(const Config *config, int wait_ms, GError **error)
{
	GError *failed = NULL;
	Audit *audit = audit_open(config->database, wait_ms, &failed);

	if (!audit && config->database_is_default)
		g_set_error(error, failed->domain, failed->code,
		            "%s (-o database=FILE chooses another file)", failed->message);
	else if (!audit)
		g_propagate_error(error, g_steal_pointer(&failed));
	g_clear_error(&failed);
	return audit;
}

/* Milliseconds from now, at least 1. */
static int
wait_until(gint64 until)
{
	return (int)MAX((until - g_get_monotonic_time()) / 1000, 1);
}

static gint64
database_until(const Job *job)
{
	return job->until ? job->until : g_get_monotonic_time() + seconds(job->config);
}

bool
job_record(Job *job, const char *source, const char *outcome, GError **error)
{
	const Decision *decision = job->decision;
	const Submission *submission = decision->submission;
	const Facts *facts = job->facts;
	g_autoptr(GArray) edits = audit_edits(job);
	g_autoptr(GPtrArray) signatures = g_ptr_array_new();
	g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *queue_id = text_clean_string(facts->queue_id);
	g_autofree char *client_address = text_clean_string(facts->client_address);
	g_autofree char *envelope = text_clean_string(job->envelope_from);
	g_autofree char *message_id = text_clean_string(decision->message_id);
	g_autofree char *evidence = text_clean_string(submission->evidence);
	g_autofree char *auth_user = text_clean_string(submission->auth_user);
	g_autofree char *before_sha256 = NULL, *after_sha256 = NULL;
	g_autofree char *from_before = NULL, *from_after = NULL;

	for (size_t i = 0; job->recipients && job->recipients[i]; i++)
		g_ptr_array_add(recipients, text_clean_string(job->recipients[i]));
	for (char **signature = decision->signatures; *signature; signature++)
		g_ptr_array_add(signatures, *signature);
	from_values(job, &from_before, &from_after);
	if (job->complete) {
		before_sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
		                                            (const guchar *)job->head.bytes.data,
		                                            job->head.bytes.length);
		after_sha256 = job->new_head ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256,
		                                                            job->new_head)
		                             : g_strdup(before_sha256);
	}
	AuditRow row = {
		.at = g_get_real_time(),
		.source = source,
		.queue_id = queue_id,
		.message_id_header = message_id,
		.envelope_from = envelope,
		.client_address = client_address,
		.verdict = verdict_name(submission->verdict),
		.reason = reason_name(submission->reason),
		.evidence = evidence,
		.auth_user = auth_user,
		.in_scope = decision->in_scope,
		.action = strip_action_name(decision->action),
		.outcome = outcome,
		.size = job->message.at_end ? (gint64)job->message.octets : -1,
		.from_before = from_before,
		.from_after = from_after,
		.head_before_sha256 = before_sha256,
		.head_after_sha256 = after_sha256,
		.signatures = signatures,
		.policy_digest = job->config->digest,
		.policy_settings = job->config->digested,
		.version = VERSION,
		.edits = edits,
		.recipients = recipients,
	};
	gint64 until = database_until(job);
	job->audit = job_open_audit(job->config, wait_until(until), error);
	if (!job->audit)
		return false;
	audit_set_wait(job->audit, wait_until(until));
	return audit_record(job->audit, &row, &job->id, error);
}

bool
job_settle(Job *job, const char *outcome, GError **error)
{
	audit_set_wait(job->audit, wait_until(database_until(job)));
	return audit_settle(job->audit, job->id, outcome, (gint64)job->message.octets, error);
}
