/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tally: which messages other settings would newly change or leave, by person and by domain.
 * May know: jobs, decisions. Must not know: where the mail is, words for people.
 * Fails: with the errors of job_decide().
 */
#include "tally.h"

#include <string.h>

#include "row.h"
#include "util/text.h"

/* No domain of DNS is longer (RFC 1035, 2.3.4); a longer one from a sender is cut. */
#define DOMAIN_MAX 255

static size_t
example_octets(const TallyExample *example)
{
	return sizeof *example + strlen(example->from) + 1;
}

static void
item_free(gpointer data)
{
	TallyItem *item = data;

	for (size_t i = 0; i < TALLY_EXAMPLES; i++)
		g_free(item->examples[i]);
	g_free(item);
}

void
tally_init(Tally *tally, Settings *before, size_t room)
{
	*tally = (Tally){ .before = settings_ref(before), .room = room };
	tally->persons = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, item_free);
	tally->domains = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, item_free);
}

void
tally_clear(Tally *tally)
{
	g_clear_pointer(&tally->before, settings_unref);
	g_clear_pointer(&tally->persons, g_hash_table_unref);
	g_clear_pointer(&tally->domains, g_hash_table_unref);
}

static guint64
hits(const TallyItem *item)
{
	return item->newly_changed + item->newly_left;
}

/* Drops the examples of those @items that were met at most @least times. */
static void
drop_examples(Tally *tally, GHashTable *items, guint64 least)
{
	GHashTableIter each;
	gpointer data;

	g_hash_table_iter_init(&each, items);
	while (g_hash_table_iter_next(&each, NULL, &data)) {
		TallyItem *item = data;
		for (size_t i = 0; i < TALLY_EXAMPLES && hits(item) <= least; i++) {
			if (item->examples[i])
				tally->octets -= example_octets(item->examples[i]);
			g_clear_pointer(&item->examples[i], g_free);
		}
	}
}

/* Frees half of the room, so that this is rarely needed. */
static void
make_room(Tally *tally)
{
	for (guint64 least = 1; tally->octets > tally->room / 2; least *= 2) {
		drop_examples(tally, tally->persons, least);
		drop_examples(tally, tally->domains, least);
	}
}

static void
add_example(Tally *tally, TallyItem *item, const char *from, const Decision *after)
{
	size_t i = 0, length = strlen(from);

	while (i < TALLY_EXAMPLES && item->examples[i] &&
	       !g_str_equal(item->examples[i]->from, from))
		i++;
	if (i == TALLY_EXAMPLES || item->examples[i])
		return;
	TallyExample *example = g_malloc(sizeof *example + length + 1);
	*example = (TallyExample){ .action = after->action,
		                   .scope = after->scope,
		                   .verdict = after->submission->verdict,
		                   .reason = after->submission->reason };
	memcpy(example->from, from, length + 1);
	item->examples[i] = example;
	tally->octets += example_octets(example);
}

/* The item with this name; NULL: the current message has been counted there already. */
static TallyItem *
find_item(Tally *tally, GHashTable *items, const char *name)
{
	TallyItem *item = g_hash_table_lookup(items, name);
	size_t length = strlen(name);

	if (!item) {
		item = g_malloc0(sizeof *item + length + 1);
		memcpy(item->name, name, length + 1);
		g_hash_table_insert(items, item->name, item);
	}
	if (item->message == tally->messages)
		return NULL;
	item->message = tally->messages;
	return item;
}

static void
count(Tally *tally, GHashTable *items, const char *name, const char *from, const Job *changes,
      const Decision *after)
{
	TallyItem *item = find_item(tally, items, name);

	if (!item)
		return;
	if (changes->decision == after)
		item->newly_changed++;
	else
		item->newly_left++;
	add_example(tally, item, from, after);
}

/* (transfer full) */
static char *
domain_of(const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return at ? text_clean(at + 1, strlen(at + 1), DOMAIN_MAX) : g_strdup("");
}

/* Counts a message that only @changes, one of the two jobs, changes. */
static void
count_message(Tally *tally, const Job *changes, const Decision *after)
{
	const GPtrArray *persons = strip_persons(changes->decision);
	g_auto(RowBatch) texts = { 0 };
	AuditRow row = { 0 };

	row_batch_init(&texts);
	row_fill_from(&texts, changes, &row);
	const char *from = row.from_before ? row.from_before : "";
	g_autofree char *domain = domain_of(row.from_address);
	count(tally, tally->domains, domain, from, changes, after);
	for (guint i = 0; i < persons->len; i++) {
		const NamesMatch *match = g_ptr_array_index(persons, i);
		g_autofree char *name = text_clean_string(match->person->label);
		count(tally, tally->persons, name, from, changes, after);
	}
	if (tally->octets > tally->room)
		make_room(tally);
}

static bool
changes_message(const Job *job)
{
	Action action = job->decision->action;

	return action == ACTION_STRIPPED || action == ACTION_REPLACED;
}

bool
tally_add(Tally *tally, const Job *job, GError **error)
{
	g_auto(Job) before = { 0 };

	job_init(&before, tally->before, job->facts);
	before.head = job->head;
	before.complete = job->complete;
	before.refuse = job->refuse;
	if (!job_decide(&before, error))
		return false;

	bool was_changed = changes_message(&before), is_changed = changes_message(job);
	tally->messages++;
	tally->not_ours_before += before.decision->submission->reason == REASON_TOP_NOT_OURS;
	tally->newly_changed += is_changed && !was_changed;
	tally->newly_left += was_changed && !is_changed;
	if (is_changed != was_changed)
		count_message(tally, is_changed ? job : &before, job->decision);
	return true;
}

static gint
more_often(gconstpointer a, gconstpointer b)
{
	const TallyItem *one = *(TallyItem *const *)a, *other = *(TallyItem *const *)b;

	return hits(one) != hits(other) ? (hits(one) < hits(other)) - (hits(one) > hits(other))
	                                : strcmp(one->name, other->name);
}

static GPtrArray *
sorted(GHashTable *items)
{
	GPtrArray *all = g_ptr_array_new();
	GHashTableIter each;
	gpointer item;

	g_hash_table_iter_init(&each, items);
	while (g_hash_table_iter_next(&each, NULL, &item))
		g_ptr_array_add(all, item);
	g_ptr_array_sort(all, more_often);
	return all;
}

GPtrArray *
tally_persons(const Tally *tally)
{
	return sorted(tally->persons);
}

GPtrArray *
tally_domains(const Tally *tally)
{
	return sorted(tally->domains);
}
