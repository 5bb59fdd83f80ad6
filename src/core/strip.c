/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * strip: policy, facts and a head -> the decision: verdict, scope, places, edits. The one home of
 * the rules, with the table of sender fields.
 * May know: all of core. Must not know: files, clocks, databases, how a decision is carried out.
 * Fails: never; what cannot be edited safely is refused.
 * Follows RFC 5322, 3.6.2 and 3.6.6; RFC 2606 for the placeholder.
 */
#include "strip.h"

#include <string.h>

#include "address.h"
#include "encoded.h"
#include "lexer.h"
#include "mime.h"
#include "person.h"
#include "pipermail.h"

/* Does not compile for a name longer than HEAD_NAME_MAX. */
#define NAME(text) .name = (text) + sizeof(char[sizeof(text) - 1 <= HEAD_NAME_MAX ? 1 : -1]) - 1

const SenderField strip_sender_fields[] = {
	{ NAME("From") },
	{ NAME("Sender") },
	{ NAME("Reply-To") },
	{ NAME("Resent-From") },
	{ NAME("Resent-Sender") },
	{ NAME("Resent-Reply-To") },
	{ NAME("To"), .is_recipient = true },
	{ NAME("Cc"), .is_recipient = true },
	/* Mutt adds its addresses to those of From. */
	{ NAME("Apparently-From"), .is_as_from = true },
	{ NULL },
};

#define N_FIELDS (G_N_ELEMENTS(strip_sender_fields) - 1)
#define ALL_FIELDS ((1u << N_FIELDS) - 1)

const char *
strip_action_name(Action action)
{
	static const char *const names[] = { "kept", "stripped", "replaced", "refused" };
	return names[action];
}

static void
place_free(gpointer data)
{
	Place *place = data;

	g_free(place->name);
	if (place->after)
		g_bytes_unref(place->after);
	g_ptr_array_unref(place->addresses);
	g_ptr_array_unref(place->display_names);
	g_free(place);
}

/* The field of the table whose name is @name, the very pointer. */
static const SenderField *
field_of(const char *name)
{
	const SenderField *field = strip_sender_fields;

	while (field->name != name)
		field++;
	return field;
}

guint
strip_field_bits(const char *name)
{
	guint bits = 0;

	for (size_t i = 0; i < N_FIELDS; i++) {
		const SenderField *field = &strip_sender_fields[i];
		if (g_ascii_strcasecmp(field->is_as_from ? "From" : field->name, name) == 0)
			bits |= 1u << i;
	}
	return bits;
}

/* Whether readers disagree on where these lines end, so that no edit is right for all. */
static bool
line_ends_ambiguous(const char *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (bytes[i] == '\r' && bytes[i + 1] == '\r')
			return true;
	}
	return false;
}

/* The blanks to keep between colon and value; one if there are none. */
static Span
leading_blanks(Span value)
{
	size_t length = 0;

	while (length < value.length && lexer_is_wsp(value.data[length]))
		length++;
	return length ? (Span){ value.data, length } : (Span){ " ", 1 };
}

/* The bare value; NULL unless our parser and GMime read it as these addr-specs and nothing else. */
static GString *
build_verified(const AddressList *list, size_t column, const char *line_end)
{
	GString *value = address_build(list->addresses, column, line_end);

	/* Of these there is no other reading; GMime takes its time, and they are nearly all. */
	if (address_is_plain(value->str, value->len))
		return value;
	g_autoptr(AddressList) again = address_parse(value->str, value->len);
	bool good =
	        again->understood && again->bare && again->addresses->len == list->addresses->len;

	for (guint i = 0; good && i < again->addresses->len; i++)
		good = g_str_equal(g_ptr_array_index(again->addresses, i),
		                   g_ptr_array_index(list->addresses, i));
	if (good && value->len <= MIME_MAX)
		good = mime_agrees(value->str, value->len, list->addresses);
	if (!good) {
		g_string_free(value, true);
		return NULL;
	}
	return value;
}

static GArray *
find_places_of(const Head *head, guint fields, bool recipients)
{
	const char *names[N_FIELDS + 1];
	size_t n = 0;

	for (size_t i = 0; i < N_FIELDS; i++) {
		if ((fields & 1u << i) && strip_sender_fields[i].is_recipient == recipients)
			names[n++] = strip_sender_fields[i].name;
	}
	names[n] = NULL;
	return head_places(head, names);
}

/* The recipient places, found in a copy in which the values of @senders are mere text: neither the
 * old nor the new values decide where a recipient is. */
static GArray *
find_recipients(const Head *head, guint fields, const GArray *senders)
{
	g_autofree char *bytes = g_memdup2(head->bytes.data, head->bytes.length);
	Head rest = { { bytes, head->bytes.length }, head->fields_end };

	for (guint i = 0; i < senders->len; i++) {
		const HeadPlace *sender = &g_array_index(senders, HeadPlace, i);
		memset(bytes + sender->value, 'x', sender->end - sender->value);
	}
	return find_places_of(&rest, fields, true);
}

static const HeadPlace *
place_of(const GArray *places, guint i)
{
	return &g_array_index(places, HeadPlace, i);
}

bool
strip_shows_sender(const Head *head)
{
	g_autoptr(GArray) places = find_places_of(head, ALL_FIELDS, false);

	return places->len > 0;
}

static bool
lists_recipients(guint fields)
{
	for (size_t i = 0; i < N_FIELDS; i++) {
		if ((fields & 1u << i) && strip_sender_fields[i].is_recipient)
			return true;
	}
	return false;
}

/* A line that continues a sender field is an item of its own, which find_recipients() does not
 * know: cuts the items of recipients to what is above or below it. */
static void
part_items(GArray *places)
{
	size_t above = G_MAXSIZE, below = 0;

	for (guint i = places->len; i > 0; i--) {
		HeadPlace *here = &g_array_index(places, HeadPlace, i - 1);
		if (here->item_offset + here->item_length > above)
			here->item_length = above - here->item_offset;
		if (here->goes_on)
			above = here->item_offset;
	}
	for (guint i = 0; i < places->len; i++) {
		HeadPlace *here = &g_array_index(places, HeadPlace, i);
		size_t end = here->item_offset + here->item_length;
		if (here->item_offset < below)
			here->item_offset = below;
		here->item_length = end - here->item_offset;
		if (here->goes_on)
			below = end;
	}
}

/* The places of @fields in head order. A recipient place that holds a sender place is left out, so
 * that it hides no sender. */
static GArray *
find_places(const Head *head, guint fields)
{
	GArray *senders = find_places_of(head, fields, false);

	head_add_continuing(head, senders);
	if (!lists_recipients(fields))
		return senders;
	g_autoptr(GArray) recipients = find_recipients(head, fields, senders);
	GArray *all = g_array_new(false, false, sizeof(HeadPlace));
	guint s = 0;
	for (guint r = 0; r < recipients->len; r++) {
		const HeadPlace *recipient = &g_array_index(recipients, HeadPlace, r);
		for (; s < senders->len && place_of(senders, s)->end <= recipient->offset; s++)
			g_array_append_val(all, *place_of(senders, s));
		if (s == senders->len || recipient->end <= place_of(senders, s)->letters)
			g_array_append_val(all, *recipient);
	}
	for (; s < senders->len; s++)
		g_array_append_val(all, g_array_index(senders, HeadPlace, s));
	g_array_unref(senders);
	part_items(all);
	return all;
}

/* The value of a place. */
typedef struct {
	AddressList *list;
	GString *built; /* the bare value; NULL: it is bare already, or cannot be made so */
} Value;

static void
value_free(gpointer data)
{
	Value *value = data;

	address_list_free(value->list);
	if (value->built)
		g_string_free(value->built, true);
	g_free(value);
}

/* Reads a value. One whose addr-specs cannot be shown alone counts as not understood, and so does
 * one that is continued by text that cannot be removed. */
static Value *
value_read(const Policy *policy, const Head *head, const HeadPlace *at)
{
	const char *bytes = head->bytes.data;
	Span raw = { bytes + at->value, at->end - at->value };
	Value *value = g_new0(Value, 1);

	if (at->goes_on) {
		value->list = address_not_understood(bytes + at->letters, at->end - at->letters);
		return value;
	}
	if (at->is_torn) {
		value->list = address_not_understood(raw.data, raw.length);
		return value;
	}
	g_autoptr(GString) plain = policy->pipermail ? pipermail_value(raw.data, raw.length) : NULL;
	const char *text = plain ? plain->str : raw.data;
	size_t length = plain ? plain->len : raw.length;
	AddressList *list = value->list =
	        policy->who ? address_parse_elements(text, length) : address_parse(text, length);
	list->bare = list->bare && !at->is_continued;
	if (list->understood && !list->bare && list->addresses->len > 0) {
		size_t column = at->value - at->offset + leading_blanks(raw).length;
		value->built = build_verified(list, column, at->line_end);
		if (!value->built) {
			list->understood = false;
			g_ptr_array_set_size(list->addresses, 0);
		}
	}
	return value;
}

static Place *
place_new(const Head *head, const HeadPlace *at, const AddressList *list)
{
	Place *place = g_new0(Place, 1);

	place->name = g_strdup(at->written);
	place->field = field_of(at->name);
	place->nth = at->nth;
	place->before = (Span){ head->bytes.data + at->value, at->end - at->value };
	place->understood = list->understood;
	place->addresses = g_ptr_array_ref(list->addresses);
	place->display_names = g_ptr_array_new_with_free_func(g_free);
	place->display_name = list->display_name;
	for (guint i = 0; i < list->names->len; i++) {
		const char *raw = g_ptr_array_index(list->names, i);
		g_ptr_array_add(place->display_names, encoded_show(raw, strlen(raw)));
	}
	return place;
}

/* Sets after and action of a place to be made bare. */
static void
make_bare(Place *place, const HeadPlace *at, const Value *value)
{
	const AddressList *list = value->list;
	Span blanks = leading_blanks(place->before);

	if (at->goes_on) {
		place->action = ACTION_STRIPPED;
		place->after = g_bytes_new_static("", 0);
		return;
	}
	if (list->understood && (list->bare || (!list->shows_text && list->addresses->len == 0)))
		return;
	if (value->built)
		place->action = ACTION_STRIPPED;
	else if (place->field->is_recipient)
		return;
	else
		place->action = ACTION_REPLACED;
	GString *after = g_string_new_len(blanks.data, blanks.length);
	g_string_append(after, value->built ? value->built->str : STRIP_PLACEHOLDER);
	/* No change here if only the junk after the field made it not bare. */
	if (after->len == place->before.length &&
	    memcmp(after->str, place->before.data, after->len) == 0)
		g_string_free(after, true);
	else
		place->after = g_string_free_to_bytes(after);
}

/* Adds the edit of one field or junk run, for those of its places @i..@end that change. */
static void
add_edit(const Head *head, const GArray *at, guint i, guint end, Decision *decision)
{
	const HeadPlace *first = &g_array_index(at, HeadPlace, i);
	const Place *name_place = g_ptr_array_index(decision->fields, i);
	Edit edit = { .field = name_place->name,
		      .nth = name_place->nth,
		      .offset = first->item_offset,
		      .length = first->item_length };
	GPtrArray *places = g_ptr_array_new();
	GByteArray *bytes = g_byte_array_new();
	size_t from = edit.offset;

	for (; i < end; i++) {
		const HeadPlace *here = &g_array_index(at, HeadPlace, i);
		Place *place = g_ptr_array_index(decision->fields, i);
		if (!place->after)
			continue;
		gsize size;
		gconstpointer after = g_bytes_get_data(place->after, &size);
		g_byte_array_append(bytes, (const guint8 *)head->bytes.data + from,
		                    here->value - from);
		g_byte_array_append(bytes, after, size);
		from = here->goes_on ? here->item_offset + here->item_length : here->end;
		g_ptr_array_add(places, place);
		edit.action = MAX(edit.action, place->action);
	}
	g_byte_array_append(bytes, (const guint8 *)head->bytes.data + from,
	                    edit.offset + edit.length - from);
	edit.value = g_byte_array_free_to_bytes(bytes);
	g_array_append_val(decision->edits, edit);
	g_ptr_array_add(decision->edited, places);
	decision->action = MAX(decision->action, edit.action);
}

/* Makes one edit for each field or junk run in which a place changes. */
static void
collect_edits(const Head *head, const GArray *at, Decision *decision)
{
	for (guint i = 0, end; i < at->len; i = end) {
		size_t item = g_array_index(at, HeadPlace, i).item_offset;
		bool changes = false;
		for (end = i; end < at->len; end++) {
			const Place *place = g_ptr_array_index(decision->fields, end);
			if (g_array_index(at, HeadPlace, end).item_offset != item)
				break;
			changes = changes || place->after;
		}
		if (changes)
			add_edit(head, at, i, end, decision);
	}
	edit_find_containers(head, decision->edits);
}

static void
clear_edit(gpointer data)
{
	Edit *edit = data;

	g_free(edit->container);
	g_bytes_unref(edit->value);
}

void
strip_refuse(Decision *decision, const char *why)
{
	decision->refused = why;
	decision->action = ACTION_REFUSED;
	g_array_set_size(decision->edits, 0);
	g_ptr_array_set_size(decision->edited, 0);
	for (guint i = 0; i < decision->fields->len; i++) {
		Place *place = g_ptr_array_index(decision->fields, i);
		g_clear_pointer(&place->after, g_bytes_unref);
		if (place->action != ACTION_KEPT)
			place->action = ACTION_REFUSED;
	}
}

const GPtrArray *
strip_persons(const Decision *decision)
{
	static const GPtrArray nobody;

	return decision->search ? names_matches(decision->search) : &nobody;
}

/* Which addresses count for an exception. */
typedef struct {
	const Except *except;
	bool client;        /* the client is excepted, and so every address */
	bool unproved;      /* only addresses in `domain` count */
	const char *domain; /* the domain in From, if DMARC proves it; else NULL */
} Excuses;

static bool
is_believed(gpointer data, const char *address)
{
	const Excuses *excuses = data;
	const char *at = address ? strrchr(address, '@') : NULL;

	return !excuses->unproved ||
	       (excuses->domain && at && g_str_equal(at + 1, excuses->domain));
}

static bool
is_excepted(gpointer data, const char *address)
{
	const Excuses *excuses = data;

	return excuses->client ||
	       (is_believed(data, address) && except_has_address(excuses->except, address));
}

/* (transfer full) */
static GPtrArray *
envelope_recipients(const Facts *facts)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (char *const *one = facts->recipients; one && *one; one++) {
		char *address = person_address(*one, strlen(*one));
		/* Even an invalid address shows that the message is not for one person only. */
		g_ptr_array_add(all, address ? address : g_strdup(*one));
	}
	return all;
}

/* The scope of @decision, after the names that were found and what excuses them. */
static ScopeReason
with_names(const Policy *policy, const Facts *facts, const Head *head, const Decision *decision)
{
	const Submission *submission = decision->submission;
	const Trust *trust = &policy->trust;
	g_autoptr(GPtrArray) recipients = envelope_recipients(facts);
	g_autofree char *domain = NULL;
	const char *excuse;
	bool no_client = facts->session && facts->session->is_local;
	const char *client = no_client ? NULL : facts->client_address;
	Excuses excuses = { .except = policy->except,
		            .client = except_has_client(policy->except, submission->peer) ||
		                      except_has_client(policy->except, client),
		            .unproved = trust->authserv_id && *trust->authserv_id };
	NamesRules rules = { .believed = is_believed,
		             .recipients = recipients,
		             .except = is_excepted,
		             .data = &excuses };

	if (decision->scope <= SCOPE_DOMAINS)
		return decision->scope;
	if (excuses.unproved && names_matches(decision->search)->len > 0)
		domain = submission_dmarc_domain(submission, trust, head);
	excuses.domain = domain;
	if (names_in_scope(decision->search, &rules, &excuse))
		return SCOPE_DIRECTORY;
	if (!excuse || decision->scope == SCOPE_EVERYONE)
		return decision->scope;
	return g_str_equal(excuse, "keep")   ? SCOPE_KEEP
	       : g_str_equal(excuse, "self") ? SCOPE_SELF
	                                     : SCOPE_EXCEPT;
}

static Decision *
decision_new(const Policy *policy, const Facts *facts, const Head *head)
{
	Decision *decision = g_new0(Decision, 1);

	decision->submission = submission_read(&policy->trust, facts, head);
	mime_read_head(head, &decision->signatures, &decision->message_id);
	decision->fields = g_ptr_array_new_with_free_func(place_free);
	decision->edits = g_array_new(false, true, sizeof(Edit));
	g_array_set_clear_func(decision->edits, clear_edit);
	decision->edited = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	if (policy->who)
		decision->search = names_search_new(policy->who, policy->directory);
	return decision;
}

/* Reads the places @at into @values and decision->fields, and finds the scope of the senders.
 * False: there are too many, and not all were read. */
static bool
read_places(const Policy *policy, const Head *head, const GArray *at, GPtrArray *values,
            Decision *decision)
{
	bool too_many = at->len > HEAD_PLACES_MAX;
	Scope scope = scope_new(policy->scope_everyone, policy->domains);
	size_t senders = 0;

	for (guint i = 0; i < at->len && !too_many; i++) {
		const HeadPlace *here = &g_array_index(at, HeadPlace, i);
		Value *value = value_read(policy, head, here);
		const AddressList *list = value->list;
		Place *place = place_new(head, here, list);
		g_ptr_array_add(values, value);
		g_ptr_array_add(decision->fields, place);
		if (!place->field->is_recipient)
			scope_add(&scope, place->before, list);
		if (decision->search && !place->field->is_recipient && !here->goes_on)
			names_search_place(decision->search, place->before, list);
		if (place->field->is_recipient)
			continue;
		senders += list->addresses->len;
		too_many = list->has_too_many || senders > ADDRESSES_MAX;
	}
	decision->scope = too_many ? SCOPE_UNREADABLE : scope.reason;
	return !too_many;
}

/* Makes all places bare. False: a line end in one of them is ambiguous. */
static bool
make_edits(const Head *head, const GArray *at, const GPtrArray *values, Decision *decision)
{
	bool ambiguous = false;

	for (guint i = 0; i < at->len; i++) {
		const HeadPlace *here = &g_array_index(at, HeadPlace, i);
		Place *place = g_ptr_array_index(decision->fields, i);
		make_bare(place, here, g_ptr_array_index(values, i));
		if (here->is_torn)
			ambiguous = true;
		else if (place->after && !here->goes_on &&
		         line_ends_ambiguous(head->bytes.data + here->offset,
		                             here->end - here->offset))
			ambiguous = true;
	}
	collect_edits(head, at, decision);
	return !ambiguous;
}

bool
strip_is_anonymous(const Policy *policy, Verdict verdict)
{
	return verdict == VERDICT_ANONYMOUS ||
	       (verdict == VERDICT_UNKNOWN && policy->unknown_is_anonymous);
}

Decision *
strip_decide(const Policy *policy, const Facts *facts, const Head *head, bool complete)
{
	Decision *decision = decision_new(policy, facts, head);
	g_autoptr(GArray) at = find_places(head, policy->fields);
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(value_free);
	bool too_many = !read_places(policy, head, at, values, decision);

	if (decision->search)
		decision->scope = with_names(policy, facts, head, decision);
	decision->in_scope = scope_reason_holds(decision->scope);

	bool edit = strip_is_anonymous(policy, decision->submission->verdict) &&
	            decision->in_scope && !policy->resolve_anonymous;
	bool ambiguous = edit && !too_many && !make_edits(head, at, values, decision);
	if (!complete)
		strip_refuse(decision, "the head is larger than 64 MiB");
	else if (too_many)
		strip_refuse(decision,
		             "more sender fields or addresses than any honest message has");
	else if (ambiguous)
		strip_refuse(decision, "a sender field has line ends that readers disagree on");
	return decision;
}

void
strip_decision_free(Decision *decision)
{
	g_clear_pointer(&decision->search, names_search_free);
	submission_free(decision->submission);
	g_strfreev(decision->signatures);
	g_free(decision->message_id);
	g_array_unref(decision->edits);
	g_ptr_array_unref(decision->edited);
	g_ptr_array_unref(decision->fields);
	g_free(decision);
}
