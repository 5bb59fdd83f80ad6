/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * row: a decided message -> its row in the audit.
 * May know: core, the form of a row, the clock. Must not know: when and where rows are written.
 * Fails: never.
 */
#include "row.h"

#include <string.h>

#include "core/address.h"
#include "core/encoded.h"
#include "core/lexer.h"
#include "util/digest.h"
#include "util/text.h"

/* The size of the blocks in which texts are held, in octets. */
#define TEXTS_CHUNK (64 * 1024)

static void
clear_row(gpointer row)
{
	g_free((AuditEdit *)((AuditRow *)row)->edits);
}

void
row_batch_init(RowBatch *rows)
{
	*rows = (RowBatch){ .rows = g_array_new(false, false, sizeof(AuditRow)),
		            .texts = g_string_chunk_new(TEXTS_CHUNK),
		            .gathered = g_string_new(NULL) };
	g_array_set_clear_func(rows->rows, clear_row);
}

void
row_batch_empty(RowBatch *rows)
{
	g_array_set_size(rows->rows, 0);
	g_string_chunk_clear(rows->texts);
	rows->octets = 0;
}

void
row_batch_clear(RowBatch *rows)
{
	if (!rows->rows)
		return;
	g_clear_pointer(&rows->rows, g_array_unref);
	g_string_chunk_free(rows->texts);
	g_string_free(rows->gathered, true);
}

size_t
row_batch_octets(const RowBatch *rows)
{
	return rows->rows->len * sizeof(AuditRow) + rows->octets;
}

/* A copy with a NUL, which @rows owns. */
static char *
hold(RowBatch *rows, const char *bytes, size_t length)
{
	rows->octets += length + 1;
	return g_string_chunk_insert_len(rows->texts, bytes, (gssize)length);
}

static AuditBytes
keep_bytes(RowBatch *rows, const char *bytes, size_t length)
{
	return (AuditBytes){ hold(rows, bytes, length), length };
}

/* The same for a text for people, cleaned and cut at @max octets. */
static const char *
hold_clean(RowBatch *rows, const char *bytes, size_t length, size_t max)
{
	if (text_is_clean(bytes, length))
		return hold(rows, bytes, MIN(length, max));
	g_autofree char *clean = text_clean(bytes, length, max);
	return hold(rows, clean, strlen(clean));
}

/* @text cleaned; NULL stays NULL. */
static const char *
keep(RowBatch *rows, const char *text)
{
	return text ? hold_clean(rows, text, strlen(text), G_MAXSIZE) : NULL;
}

/* Adds @text, cleaned, to the texts being gathered. */
static void
gather(RowBatch *rows, const char *text, AuditTexts *texts)
{
	size_t length = strlen(text);

	texts->n++;
	if (text_is_clean(text, length)) {
		g_string_append_len(rows->gathered, text, (gssize)length + 1);
		return;
	}
	g_autofree char *clean = text_clean_string(text);
	g_string_append_len(rows->gathered, clean, (gssize)strlen(clean) + 1);
}

static AuditTexts
gathered(RowBatch *rows, AuditTexts *texts)
{
	if (texts->n)
		texts->first = hold(rows, rows->gathered->str, rows->gathered->len);
	g_string_truncate(rows->gathered, 0);
	return *texts;
}

static AuditTexts
keep_all(RowBatch *rows, char *const *texts)
{
	AuditTexts all = { NULL, 0 };

	for (; texts && *texts; texts++)
		gather(rows, *texts, &all);
	return gathered(rows, &all);
}

/* The names or the addresses of all @places: the list at @offset in each Place. */
static AuditTexts
keep_of_places(RowBatch *rows, const GPtrArray *places, size_t offset)
{
	AuditTexts all = { NULL, 0 };

	for (guint i = 0; i < places->len; i++) {
		const GPtrArray *texts =
		        G_STRUCT_MEMBER(GPtrArray *, g_ptr_array_index(places, i), offset);
		for (guint k = 0; k < texts->len; k++)
			gather(rows, g_ptr_array_index(texts, k), &all);
	}
	return gathered(rows, &all);
}

/* One AuditEdit for each edit, with the names and addresses of all its places. */
static const AuditEdit *
keep_edits(RowBatch *rows, const Job *job)
{
	const Decision *decision = job->decision;
	guint n = decision->edits->len;

	if (n == 0)
		return NULL;
	AuditEdit *edits = g_new(AuditEdit, n);
	rows->octets += n * sizeof *edits;
	for (guint i = 0; i < n; i++) {
		const Edit *edit = &g_array_index(decision->edits, Edit, i);
		const GPtrArray *places = g_ptr_array_index(decision->edited, i);
		gsize size;
		const char *after = g_bytes_get_data(edit->value, &size);
		edits[i] = (AuditEdit){
			.field = keep(rows, edit->field),
			.nth = (gint64)edit->nth,
			.action = strip_action_name(edit->action),
			.before =
			        keep_bytes(rows, job->head.bytes.data + edit->offset, edit->length),
			.after = keep_bytes(rows, after, size),
			.display_names =
			        keep_of_places(rows, places, G_STRUCT_OFFSET(Place, display_names)),
			.addresses =
			        keep_of_places(rows, places, G_STRUCT_OFFSET(Place, addresses)),
			.position = (gint64)edit->offset,
		};
	}
	return edits;
}

/* The hashes of the head before and after, of which the first bytes are the same. */
static void
keep_digests(RowBatch *rows, const Job *job, AuditRow *row)
{
	const GArray *edits = job->decision->edits;
	Span before = job->head.bytes;
	size_t same = edits->len ? g_array_index(edits, Edit, 0).offset : before.length;
	char hex[DIGEST_SIZE];
	Digest digest;

	digest_init(&digest);
	digest_add(&digest, before.data, same);
	digest_ask(&digest, before.data + same, before.length - same, hex);
	row->head_before_sha256 = row->head_after_sha256 = hold(rows, hex, strlen(hex));
	if (job->new_head) {
		gsize size;
		const char *after = g_bytes_get_data(job->new_head, &size);
		digest_ask(&digest, after + same, size - same, hex);
		row->head_after_sha256 = hold(rows, hex, strlen(hex));
	}
	digest_clear(&digest);
}

static const char *
keep_value(RowBatch *rows, const char *bytes, size_t length)
{
	while (length && strchr(" \t\r\n", *bytes) && *bytes) {
		bytes++;
		length--;
	}
	return hold_clean(rows, bytes, length, TEXT_MAX);
}

/* @address with its domain in lower case; in the local part, case may matter. (transfer full) */
static char *
lower_domain(const char *address)
{
	const char *domain = strrchr(address, '@');
	GString *lower =
	        g_string_new_len(address, domain ? domain - address : (gssize)strlen(address));

	for (; domain && *domain; domain = g_utf8_next_char(domain)) {
		if ((unsigned char)*domain < 0x80)
			g_string_append_c(lower, g_ascii_tolower(*domain));
		else
			g_string_append_unichar(lower, g_unichar_tolower(g_utf8_get_char(domain)));
	}
	return g_string_free(lower, false);
}

static void
keep_first_address(RowBatch *rows, const GPtrArray *addresses, AuditRow *row)
{
	if (addresses->len == 0)
		return;
	g_autofree char *lower = lower_domain(g_ptr_array_index(addresses, 0));
	row->from_address = keep(rows, lower);
}

/* Uses the first From place of the head, if From is not a sender field of the decision. */
static void
keep_other_from(RowBatch *rows, const Job *job, AuditRow *row, const char *const *names)
{
	g_autoptr(GArray) places = head_places(&job->head, names);

	if (places->len == 0)
		return;
	const HeadPlace *first = &g_array_index(places, HeadPlace, 0);
	Span value = { job->head.bytes.data + first->value, first->end - first->value };
	g_autoptr(AddressList) list = address_parse(value.data, value.length);
	row->from_before = row->from_after = keep_value(rows, value.data, value.length);
	if (list->names->len > 0) {
		const char *name = g_ptr_array_index(list->names, list->display_name);
		g_autofree char *shown = encoded_show(name, strlen(name));
		row->from_name = keep(rows, shown);
	}
	keep_first_address(rows, list->addresses, row);
}

void
row_fill_from(RowBatch *rows, const Job *job, AuditRow *row)
{
	static const char *const names[] = { "From", NULL };
	const GPtrArray *fields = job->decision->fields;

	for (guint i = 0; i < fields->len; i++) {
		const Place *place = g_ptr_array_index(fields, i);
		if (!g_str_equal(place->field->name, *names))
			continue;
		row->from_before = row->from_after =
		        keep_value(rows, place->before.data, place->before.length);
		if (place->after) {
			gsize size;
			const char *after = g_bytes_get_data(place->after, &size);
			row->from_after = keep_value(rows, after, size);
		}
		if (place->display_names->len > 0)
			row->from_name = keep(
			        rows, g_ptr_array_index(place->display_names, place->display_name));
		keep_first_address(rows, place->addresses, row);
		return;
	}
	keep_other_from(rows, job, row, names);
}

/* Adds the addresses in @value to the texts being gathered; or, if it is a single word, that: a
 * local user. */
static void
gather_addresses(RowBatch *rows, const char *value, size_t length, AuditTexts *texts)
{
	while (length && lexer_is_wsp(*value)) {
		value++;
		length--;
	}
	while (length && lexer_is_wsp(value[length - 1]))
		length--;
	g_autofree char *word = g_strndup(value, length);
	if (address_is_plain(value, length)) {
		gather(rows, word, texts);
		return;
	}
	g_autoptr(AddressList) list = address_parse(value, length);
	for (guint i = 0; i < list->addresses->len; i++)
		gather(rows, g_ptr_array_index(list->addresses, i), texts);
	g_strstrip(word);
	if (list->addresses->len == 0 && *word && !strpbrk(word, " \t\r\n<>@"))
		gather(rows, word, texts);
}

/* The recipients of a stored message, as far as our hosts recorded them: the sender may have
 * written all below the boundary. */
static AuditTexts
keep_stored_recipients(RowBatch *rows, const Job *job, const Hop *boundary)
{
	static const char *const names[] = { "Delivered-To", "X-Original-To", "Envelope-To", NULL };
	const GPtrArray *recipients = job->decision->submission->recipients;
	AuditTexts all = { NULL, 0 };
	Head above = job->head;
	Span before = { "", 0 };
	HeadItem item;
	size_t at = 0;

	for (guint i = 0; i < recipients->len; i++)
		gather(rows, g_ptr_array_index(recipients, i), &all);
	above.fields_end = boundary ? (size_t)(boundary->field.data - above.bytes.data) : 0;
	while (head_next_named(&above, &at, names, &item)) {
		/* Postfix writes the same recipient into two fields. */
		if (item.value.length != before.length ||
		    memcmp(item.value.data, before.data, before.length) != 0)
			gather_addresses(rows, item.value.data, item.value.length, &all);
		before = item.value;
	}
	return gathered(rows, &all);
}

/* The people of the directory that were found, each once; NULL: none. */
static const char *
keep_persons(RowBatch *rows, const Decision *decision)
{
	const GPtrArray *persons = strip_persons(decision);
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < persons->len; i++) {
		const NamesMatch *match = g_ptr_array_index(persons, i);
		if (!g_ptr_array_find_with_equal_func(names, match->person->label, g_str_equal,
		                                      NULL))
			g_ptr_array_add(names, match->person->label);
	}
	if (names->len == 0)
		return NULL;
	g_ptr_array_add(names, NULL);
	g_autofree char *all = g_strjoinv("; ", (char **)names->pdata);
	return keep(rows, all);
}

AuditRow *
row_add(const Job *job, const char *source, const char *outcome, RowBatch *rows)
{
	const Decision *decision = job->decision;
	const Submission *submission = decision->submission;
	const Facts *facts = job->facts;
	const Hop *boundary = submission_hop(submission, ROLE_BOUNDARY);
	bool is_stored = g_str_equal(source, "mbox");
	AuditRow row = {
		.at = g_get_real_time(),
		.source = source,
		.queue_id = keep(rows, is_stored ? submission->boundary_id : facts->queue_id),
		.message_id_header = keep(rows, decision->message_id),
		.envelope_from = keep(rows, job->envelope_from),
		.client_address = keep(rows, facts->client_address),
		.verdict = verdict_name(submission->verdict),
		.reason = reason_name(submission->reason),
		.evidence = keep(rows, submission->evidence),
		.auth_user = keep(rows, submission->auth_user),
		.peer = keep(rows, submission->peer),
		.helo = keep(rows, submission->helo),
		.received_at = submission->received_at == DATE_NONE
		                       ? 0
		                       : submission->received_at * G_USEC_PER_SEC,
		.in_scope = decision->in_scope,
		.scope = scope_reason_name(decision->scope),
		.person = keep_persons(rows, decision),
		.action = strip_action_name(decision->action),
		.outcome = outcome,
		.size = job->size,
		.signatures = keep_all(rows, decision->signatures),
		.policy_digest = job->settings->digest,
		.policy_settings = job->settings->digested,
		.version = VERSION,
		.edits = keep_edits(rows, job),
		.n_edits = decision->edits->len,
		.recipients = is_stored ? keep_stored_recipients(rows, job, boundary)
		                        : keep_all(rows, job->recipients),
	};

	row_fill_from(rows, job, &row);
	if (job->complete)
		keep_digests(rows, job, &row);
	g_array_append_val(rows->rows, row);
	return &g_array_index(rows->rows, AuditRow, rows->rows->len - 1);
}
