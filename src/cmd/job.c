/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * job: one message's way from its first byte to the rows of the audit.
 * May know: all three libraries, the clock. Must not know: where the message goes, when rows are
 * written.
 * Fails: with the errors of io and store.
 */
#include "job.h"

#include <gio/gio.h>
#include <string.h>

#include "digest.h"
#include "text.h"

void
job_init(Job *job, const Config *config, const Facts *facts)
{
	static const Facts nothing_known;

	*job = (Job){ .config = config, .facts = facts ? facts : &nothing_known };
}

void
job_clear(Job *job)
{
	g_clear_pointer(&job->decision, strip_decision_free);
	g_clear_pointer(&job->new_head, g_bytes_unref);
}

bool
job_read_head(Job *job, Message *message, size_t hold, GError **error)
{
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
	if (job->refuse)
		strip_refuse(job->decision, job->refuse);
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
	return g_bytes_new(head->bytes.data + edit->offset, edit->length);
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

/* One row an edit, with the names and addresses of all its places; NULL: there is none. */
static GArray *
audit_edits(const Job *job, JobRows *kept)
{
	const Decision *decision = job->decision;

	if (decision->edits->len == 0)
		return NULL;
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
		AuditEdit row = { .field = g_string_chunk_insert(kept->strings, edit->field),
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
	const GPtrArray *fields = job->decision->fields;

	for (guint i = 0; i < fields->len; i++) {
		const Place *place = g_ptr_array_index(fields, i);
		if (!g_str_equal(place->field->name, *names))
			continue;
		*ret_before = clean_value(place->before.data, place->before.length);
		if (place->after) {
			gsize size;
			const char *after = g_bytes_get_data(place->after, &size);
			*ret_after = clean_value(after, size);
		} else {
			*ret_after = g_strdup(*ret_before);
		}
		return;
	}
	g_autoptr(GArray) places = head_places(&job->head, names);
	if (places->len == 0)
		return;
	const HeadPlace *first = &g_array_index(places, HeadPlace, 0);
	*ret_before = clean_value(job->head.bytes.data + first->value, first->end - first->value);
	*ret_after = g_strdup(*ret_before);
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

static void
clear_row(gpointer data)
{
	AuditRow *row = data;

	if (row->edits)
		g_array_unref((GArray *)row->edits);
	if (row->signatures)
		g_ptr_array_unref((GPtrArray *)row->signatures);
	if (row->recipients)
		g_ptr_array_unref((GPtrArray *)row->recipients);
}

void
job_rows_init(JobRows *rows)
{
	rows->rows = g_array_new(false, true, sizeof(AuditRow));
	g_array_set_clear_func(rows->rows, clear_row);
	rows->strings = g_string_chunk_new(4096);
	rows->octets = 0;
}

void
job_rows_empty(JobRows *rows)
{
	g_array_set_size(rows->rows, 0);
	g_string_chunk_clear(rows->strings);
	rows->octets = 0;
}

void
job_rows_clear(JobRows *rows)
{
	g_clear_pointer(&rows->rows, g_array_unref);
	g_clear_pointer(&rows->strings, g_string_chunk_free);
}

/* Takes @text over. */
static const char *
keep(JobRows *rows, char *text)
{
	const char *kept = NULL;

	if (text) {
		size_t length = strlen(text);
		kept = g_string_chunk_insert_len(rows->strings, text, (gssize)length);
		rows->octets += length;
	}
	g_free(text);
	return kept;
}

static size_t
edits_octets(const GArray *edits)
{
	size_t octets = 0;

	for (guint i = 0; edits && i < edits->len; i++) {
		const AuditEdit *edit = &g_array_index(edits, AuditEdit, i);
		octets += 2 * (g_bytes_get_size(edit->before) + g_bytes_get_size(edit->after));
	}
	return octets;
}

/* Each text cleaned; NULL: there is none. */
static GPtrArray *
clean_texts(char *const *texts)
{
	if (!texts || !*texts)
		return NULL;
	GPtrArray *clean = g_ptr_array_new_with_free_func(g_free);
	for (; *texts; texts++)
		g_ptr_array_add(clean, text_clean_string(*texts));
	return clean;
}

AuditRow *
job_add_row(const Job *job, const char *source, const char *outcome, JobRows *rows)
{
	const Decision *decision = job->decision;
	const Submission *submission = decision->submission;
	const Facts *facts = job->facts;
	GArray *edits = audit_edits(job, rows);
	char *before_sha256 = NULL, *after_sha256 = NULL, *from_before = NULL, *from_after = NULL;

	from_values(job, &from_before, &from_after);
	if (job->complete) {
		gsize size = 0;
		const char *after = job->new_head ? g_bytes_get_data(job->new_head, &size) : NULL;
		before_sha256 = digest_sha256(job->head.bytes.data, job->head.bytes.length);
		after_sha256 = after ? digest_sha256(after, size) : g_strdup(before_sha256);
	}
	AuditRow row = {
		.at = g_get_real_time(),
		.source = source,
		.queue_id = keep(rows, text_clean_string(facts->queue_id)),
		.message_id_header = keep(rows, text_clean_string(decision->message_id)),
		.envelope_from = keep(rows, text_clean_string(job->envelope_from)),
		.client_address = keep(rows, text_clean_string(facts->client_address)),
		.verdict = verdict_name(submission->verdict),
		.reason = reason_name(submission->reason),
		.evidence = keep(rows, text_clean_string(submission->evidence)),
		.auth_user = keep(rows, text_clean_string(submission->auth_user)),
		.in_scope = decision->in_scope,
		.action = strip_action_name(decision->action),
		.outcome = outcome,
		.size = -1,
		.from_before = keep(rows, from_before),
		.from_after = keep(rows, from_after),
		.head_before_sha256 = keep(rows, before_sha256),
		.head_after_sha256 = keep(rows, after_sha256),
		.signatures = clean_texts(decision->signatures),
		.policy_digest = job->config->digest,
		.policy_settings = job->config->digested,
		.version = VERSION,
		.edits = edits,
		.recipients = clean_texts(job->recipients),
	};
	rows->octets += sizeof row + edits_octets(edits);
	g_array_append_val(rows->rows, row);
	return &g_array_index(rows->rows, AuditRow, rows->rows->len - 1);
}
