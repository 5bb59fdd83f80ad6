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
#include "mime.h"
#include "unicode.h"

/* A message with more addr-specs in its sender places is refused where it would be edited. */
#define SENDERS_MAX 20000

const SenderField strip_sender_fields[] = {
	{ "From" },
	{ "Sender" },
	{ "Reply-To" },
	{ "Resent-From" },
	{ "Resent-Sender" },
	{ "Resent-Reply-To" },
	{ "To", .is_recipient = true },
	{ "Cc", .is_recipient = true },
	{ NULL },
};

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

static const SenderField *
sender_field(const char *name)
{
	const SenderField *field = strip_sender_fields;

	while (field->name && g_ascii_strcasecmp(field->name, name) != 0)
		field++;
	return field->name ? field : NULL;
}

/* The domains of scope=domains, and how many more domains will be folded to A-labels to be compared
 * with them. Folding is slow, and no honest message needs many: where it is spent, doubt counts. */
typedef struct {
	char *const *domains;
	size_t labels; /* of the one that has most */
	size_t folds;
} Scope;

#define FOLDS_MAX 10000

static Scope
scope_new(char *const *domains)
{
	Scope scope = { .domains = domains, .folds = FOLDS_MAX };

	for (size_t i = 0; domains[i]; i++) {
		size_t labels = 1;
		for (const char *dot = strchr(domains[i], '.'); dot; dot = strchr(dot + 1, '.'))
			labels++;
		scope.labels = MAX(scope.labels, labels);
	}
	return scope;
}

static bool
is_or_is_below(const char *domain, size_t length, char *const *domains)
{
	for (size_t i = 0; domains[i]; i++) {
		size_t tail = strlen(domains[i]);
		if (length >= tail &&
		    g_ascii_strncasecmp(domain + length - tail, domains[i], tail) == 0 &&
		    (length == tail || domain[length - tail - 1] == '.'))
			return true;
	}
	return false;
}

/* RFC 3490, 3.1. */
static bool
is_dot(gunichar c)
{
	return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

static bool
folded_in(const char *start, const char *end, char *const *domains)
{
	g_autofree char *domain = g_strndup(start, (size_t)(end - start));
	g_autofree char *folded = mime_domain(domain);

	return is_or_is_below(folded, strlen(folded), domains);
}

/* Whether the domain in @start..@end is one of ours or below it; @wide is the last place in it that
 * is not ASCII, NULL: none. No more labels are folded than ours have: one before them that cannot
 * be must not hide them. */
static bool
domain_in(const char *start, const char *end, const char *wide, Scope *scope)
{
	size_t labels = 0;

	while (end > start && strchr("-_.", end[-1]))
		end--;
	if (is_or_is_below(start, (size_t)(end - start), scope->domains))
		return true;
	if (!wide || wide >= end || end - wide > MIME_DOMAIN_MAX)
		return false;
	if (scope->folds == 0)
		return true;
	scope->folds--;
	for (const char *at = end; at > start;) {
		const char *before = g_utf8_prev_char(at);
		if (at < end && is_dot(g_utf8_get_char(before))) {
			if (folded_in(at, end, scope->domains))
				return true;
			if (++labels == scope->labels)
				return false;
		}
		if (end - before > MIME_DOMAIN_MAX)
			return true;
		at = before;
	}
	return folded_in(start, end, scope->domains);
}

/* Whether @text holds an @ followed by one of our domains or a name below it. What follows may be
 * text behind a domain or part of a strange one (RFC 5322 atext): each end counts. */
static bool
text_in_domains(const char *text, Scope *scope)
{
	for (const char *at = strchr(text, '@'); at; at = strchr(at, '@')) {
		const char *start = ++at, *wide = NULL;
		bool was_part = false;
		for (; address_is_atext(*at) || *at == '.'; at = g_utf8_next_char(at)) {
			gunichar c = g_utf8_get_char(at);
			bool is_part = c == '-' || c == '_' || is_dot(c) || g_unichar_isalnum(c) ||
			               g_unichar_ismark(c);
			if (was_part && !is_part && domain_in(start, at, wide, scope))
				return true;
			was_part = is_part;
			if (c >= 0x80)
				wide = at;
		}
		if (domain_in(start, at, wide, scope))
			return true;
	}
	return false;
}

/* @text as it is, and as a reader shows it; what U+202E turns round can be shown as anything. */
static bool
text_or_shown_in_domains(const char *text, Scope *scope)
{
	if (text_in_domains(text, scope) || strstr(text, "\342\200\256"))
		return true;
	g_autoptr(GString) shown = g_string_new(NULL);
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (!unicode_is_ignorable(c))
			g_string_append_unichar(shown, c);
	}
	return shown->len < strlen(text) && text_in_domains(shown->str, scope);
}

/* Compatibility characters and precomposed ones taken apart, as in NFKD, but marks left in their
 * order: GLib's g_utf8_normalize() sorts them, in a time that grows as the square of their number,
 * and a domain is sorted when it is folded. (transfer full) */
static char *
taken_apart(const char *text)
{
	GString *apart = g_string_sized_new(strlen(text));

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
		gsize n = g_unichar_fully_decompose(g_utf8_get_char(at), true, parts,
		                                    G_N_ELEMENTS(parts));
		for (gsize i = 0; i < n; i++)
			g_string_append_unichar(apart, parts[i]);
	}
	return g_string_free(apart, false);
}

static bool
text_or_normal_in_domains(const char *text, Scope *scope)
{
	if (text_or_shown_in_domains(text, scope))
		return true;
	if (g_str_is_ascii(text))
		return false;
	g_autofree char *normal = taken_apart(text);
	return text_or_shown_in_domains(normal, scope);
}

/* Charsets that readers do not agree on how to read: byte order, shifts. */
static bool
has_odd_charset(const char *text)
{
	static const char *const charsets[] = { "=?utf-16", "=?utf-32", "=?utf-7", "=?ucs",
		                                "=?iso-10646" };
	g_autofree char *lower = g_ascii_strdown(text, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (strstr(lower, charsets[i]))
			return true;
	}
	return false;
}

/* @text as it is, decoded once and decoded twice. */
static bool
text_or_decoded_in_domains(const char *text, Scope *scope)
{
	size_t length = strlen(text);

	if (text_or_normal_in_domains(text, scope))
		return true;
	if (!strstr(text, "=?"))
		return false;
	if (length > MIME_MAX || has_odd_charset(text))
		return true;
	g_autofree char *joined = mime_decode(text, length);
	g_autofree char *once = mime_decode_words(text, length);
	g_autofree char *twice = mime_decode_words(once, strlen(once));
	return text_or_normal_in_domains(joined, scope) || text_or_normal_in_domains(once, scope) ||
	       text_or_normal_in_domains(twice, scope);
}

/* As our own tokenizer joins what quotes and comments part. */
static bool
names_in_domains(const AddressList *list, Scope *scope)
{
	if (list->names->len == ADDRESS_NAMES_MAX)
		return true;
	for (guint i = 0; i < list->names->len; i++) {
		const char *name = g_ptr_array_index(list->names, i);
		g_autofree char *valid = g_utf8_make_valid(name, -1);
		if (strlen(name) >= ADDRESS_NAME_MAX || text_or_decoded_in_domains(valid, scope))
			return true;
	}
	return false;
}

/* What a reader would take for the address decides, wherever in the value it stands. */
static bool
place_in_scope(const Place *place, const AddressList *list, Scope *scope)
{
	if (place->field->is_recipient)
		return false;
	if (!list->understood || (list->shows_text && list->addresses->len == 0))
		return true;
	for (guint i = 0; i < list->addresses->len; i++) {
		if (text_in_domains(g_ptr_array_index(list->addresses, i), scope))
			return true;
	}
	g_autofree char *raw = g_utf8_make_valid(place->before.data, place->before.length);
	return text_or_decoded_in_domains(raw, scope) || names_in_domains(list, scope);
}

/* No edit satisfies readers that disagree on where these lines end. */
static bool
line_ends_ambiguous(const char *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (bytes[i] == '\r' && bytes[i + 1] == '\r')
			return true;
	}
	return false;
}

/* The blanks that stay between colon and value. */
static Span
leading_blanks(Span value)
{
	size_t length = 0;

	while (length < value.length && (value.data[length] == ' ' || value.data[length] == '\t'))
		length++;
	return length ? (Span){ value.data, length } : (Span){ " ", 1 };
}

/* The built value, if tokenizer and GMime read it as these addr-specs and nothing else. */
static GString *
build_verified(const AddressList *list, size_t column, const char *line_end)
{
	GString *value = address_build(list->addresses, column, line_end);
	g_autoptr(AddressList) again = address_parse(value->str, value->len);
	bool good =
	        again->understood && again->bare && again->addresses->len == list->addresses->len;

	for (guint i = 0; good && i < again->addresses->len; i++)
		good = g_str_equal(g_ptr_array_index(again->addresses, i),
		                   g_ptr_array_index(list->addresses, i));
	if (good && !list->odd_dots && value->len <= MIME_MAX)
		good = mime_agrees(value->str, value->len, list->addresses);
	if (!good) {
		g_string_free(value, true);
		return NULL;
	}
	return value;
}

/* How many marks for bad bytes @text may hold; GMime writes a question mark for each. */
static size_t
count_marks(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, '?'))) {
		text++;
		n++;
	}
	return n;
}

/* Words by themselves, unless a character is split between two of them. */
static char *
shown_name(const char *raw)
{
	char *words = mime_decode_words(raw, strlen(raw));

	if (!strchr(words, '?'))
		return words;
	char *joined = mime_decode(raw, strlen(raw));
	bool is_split = count_marks(joined) < count_marks(words) && strlen(joined) >= strlen(words);
	g_free(is_split ? words : joined);
	return is_split ? joined : words;
}

static GArray *
find_places_of(const Head *head, char *const *fields, bool recipients)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (size_t i = 0; fields[i]; i++) {
		if (sender_field(fields[i])->is_recipient == recipients)
			g_ptr_array_add(names, fields[i]);
	}
	g_ptr_array_add(names, NULL);
	return head_places(head, (const char *const *)names->pdata);
}

/* The recipient places, found where the values of @senders are mere text: neither what stands in
 * those now nor what will decides where a recipient is. */
static GArray *
find_recipients(const Head *head, char *const *fields, const GArray *senders)
{
	g_autofree char *bytes = g_memdup2(head->bytes.data, head->bytes.length);
	Head rest = { { bytes, head->bytes.length }, head->fields_end };

	for (guint i = 0; i < senders->len; i++) {
		const HeadPlace *sender = &g_array_index(senders, HeadPlace, i);
		memset(bytes + sender->value, 'x', sender->end - sender->value);
	}
	return find_places_of(&rest, fields, true);
}

/* Whether @recipient ends before the name of @sender. */
static bool
ends_before(const Head *head, const HeadPlace *recipient, const HeadPlace *sender)
{
	size_t name = sender->offset;

	while (head_byte_hides(head->bytes.data[name]))
		name++;
	return recipient->end <= name;
}

static bool
lists_recipients(char *const *fields)
{
	while (*fields && !sender_field(*fields)->is_recipient)
		fields++;
	return *fields;
}

/* The places of @fields in head order. A recipient hides no sender: one that holds a sender is no
 * place itself. */
static GArray *
find_places(const Head *head, char *const *fields)
{
	GArray *senders = find_places_of(head, fields, false);

	if (!lists_recipients(fields))
		return senders;
	g_autoptr(GArray) recipients = find_recipients(head, fields, senders);
	GArray *all = g_array_new(false, false, sizeof(HeadPlace));
	guint s = 0;
	for (guint r = 0; r < recipients->len; r++) {
		const HeadPlace *recipient = &g_array_index(recipients, HeadPlace, r);
		const HeadPlace *sender = NULL;
		for (; s < senders->len; s++) {
			sender = &g_array_index(senders, HeadPlace, s);
			if (sender->end > recipient->offset)
				break;
			g_array_append_val(all, *sender);
		}
		if (s == senders->len || ends_before(head, recipient, sender))
			g_array_append_val(all, *recipient);
	}
	for (; s < senders->len; s++)
		g_array_append_val(all, g_array_index(senders, HeadPlace, s));
	g_array_unref(senders);
	return all;
}

/* The value of a place, read, and its addr-specs alone; NULL: it is bare already, or none such can
 * be. */
typedef struct {
	AddressList *list;
	GString *built;
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

/* A value whose addr-specs cannot be shown alone counts as not understood. */
static Value *
value_read(const Head *head, const HeadPlace *at)
{
	Span raw = { head->bytes.data + at->value, at->end - at->value };
	Value *value = g_new0(Value, 1);
	AddressList *list = value->list = address_parse(raw.data, raw.length);

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
	const char *bytes = head->bytes.data;
	GString *written = g_string_new(NULL);

	for (size_t i = at->offset; i + 1 < at->value; i++) {
		if (!head_byte_hides(bytes[i]))
			g_string_append_c(written, bytes[i]);
	}
	place->name = g_string_free(written, false);
	place->field = sender_field(at->name);
	place->nth = at->nth;
	place->before = (Span){ bytes + at->value, at->end - at->value };
	place->understood = list->understood;
	place->addresses = g_ptr_array_ref(list->addresses);
	place->display_names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < list->names->len; i++) {
		const char *raw = g_ptr_array_index(list->names, i);
		g_ptr_array_add(place->display_names, shown_name(raw));
	}
	return place;
}

/* What the place becomes if it is made bare: sets after and action. */
static void
make_bare(Place *place, const Value *value)
{
	const AddressList *list = value->list;
	Span blanks = leading_blanks(place->before);

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
	place->after = g_string_free_to_bytes(after);
}

/* The edit of one field or junk run, for those of its places @i..@end that change. */
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
		from = here->end;
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

/* One edit a field or junk run, where a place in it changes. */
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
}

static void
clear_edit(gpointer edit)
{
	g_bytes_unref(((Edit *)edit)->value);
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

Decision *
strip_decide(const Policy *policy, const Facts *facts, const Head *head, bool complete)
{
	Decision *decision = g_new0(Decision, 1);
	Submission *submission = submission_read(&policy->trust, facts, head);
	g_autoptr(GArray) at = find_places(head, policy->fields);
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(value_free);
	bool ambiguous = false, too_many = at->len > HEAD_PLACES_MAX;
	Scope scope = scope_new(policy->domains);
	size_t senders = 0;

	decision->submission = submission;
	mime_read_head(head, &decision->signatures, &decision->message_id);
	decision->fields = g_ptr_array_new_with_free_func(place_free);
	decision->edits = g_array_new(false, true, sizeof(Edit));
	g_array_set_clear_func(decision->edits, clear_edit);
	decision->edited = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	decision->in_scope = policy->scope_everyone;

	for (guint i = 0; i < at->len && !too_many; i++) {
		const HeadPlace *here = &g_array_index(at, HeadPlace, i);
		Value *value = value_read(head, here);
		const AddressList *list = value->list;
		Place *place = place_new(head, here, list);
		g_ptr_array_add(values, value);
		g_ptr_array_add(decision->fields, place);
		if (!decision->in_scope)
			decision->in_scope = place_in_scope(place, list, &scope);
		senders += place->field->is_recipient ? 0 : list->addresses->len;
		too_many = senders > SENDERS_MAX;
	}
	decision->in_scope = decision->in_scope || too_many;

	bool anonymous = submission->verdict == VERDICT_ANONYMOUS ||
	                 (submission->verdict == VERDICT_UNKNOWN && policy->unknown_is_anonymous);
	bool edit = anonymous && decision->in_scope && !policy->resolve_anonymous;
	if (edit && !too_many) {
		for (guint i = 0; i < at->len; i++) {
			const HeadPlace *here = &g_array_index(at, HeadPlace, i);
			Place *place = g_ptr_array_index(decision->fields, i);
			make_bare(place, g_ptr_array_index(values, i));
			if (place->after && line_ends_ambiguous(head->bytes.data + here->offset,
			                                        here->end - here->offset))
				ambiguous = true;
		}
		collect_edits(head, at, decision);
	}
	if (!complete)
		strip_refuse(decision, "the head is larger than 64 MiB");
	else if (edit && too_many)
		strip_refuse(decision,
		             "more sender fields or addresses than any honest message has");
	else if (ambiguous)
		strip_refuse(decision, "a sender field has line ends that readers disagree on");
	return decision;
}

void
strip_decision_free(Decision *decision)
{
	submission_free(decision->submission);
	g_strfreev(decision->signatures);
	g_free(decision->message_id);
	g_array_unref(decision->edits);
	g_ptr_array_unref(decision->edited);
	g_ptr_array_unref(decision->fields);
	g_free(decision);
}
