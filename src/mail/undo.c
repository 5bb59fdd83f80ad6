/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * undo: the head of a message as it left us -> the head as it came to us, by the audit.
 * May know: core, the store. Must not know: where the message is, where it goes.
 * Fails: with the errors of the store.
 */
#include "undo.h"

#include "core/edit.h"

typedef struct {
	Originals *originals;
	bool had; /* the audit knows one of the heads as unchanged */
} Search;

static bool
is_known(const char *sha256, gpointer data)
{
	Search *search = data;

	if (originals_has(search->originals, sha256))
		return true;
	search->had = search->had || originals_had(search->originals, sha256);
	return false;
}

/* The edits of a row, which are valid as long as the bytes in @held. */
typedef struct {
	GArray *records;
	GPtrArray *held;
} Records;

static Span
hold(Records *records, const char *bytes, size_t length)
{
	GBytes *copy = g_bytes_new(bytes, length);

	g_ptr_array_add(records->held, copy);
	return (Span){ length ? g_bytes_get_data(copy, NULL) : "", length };
}

static void
add_record(gint64 position, const char *before, size_t before_length, const char *after,
           size_t after_length, gpointer data)
{
	Records *records = data;
	EditRecord record = { .before = hold(records, before, before_length),
		              .after = hold(records, after, after_length),
		              .position = position };

	g_array_append_val(records->records, record);
}

/* Puts back the head that was before @found, by the row ret_undone->row. */
static bool
put_back(Originals *originals, const EditFound *found, Undone *ret_undone, GError **error)
{
	g_autoptr(GArray) array = g_array_new(false, false, sizeof(EditRecord));
	g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	Records records = { array, held };

	if (!originals_edits(originals, ret_undone->row.id, add_record, &records, error))
		return false;
	ret_undone->head = edit_undo(found, (const EditRecord *)(const void *)array->data,
	                             array->len, ret_undone->row.before_sha256);
	ret_undone->result = ret_undone->head ? UNDO_DONE : UNDO_DAMAGED;
	ret_undone->lf = found->lf != NULL;
	return true;
}

static bool
look(Originals *originals, const Head *head, Undone *ret_undone, GError **error)
{
	Search search = { originals };
	g_auto(EditFound) found = { 0 };
	bool is_there = edit_find(head, is_known, &search, &found);

	undone_clear(ret_undone);
	if (!originals_check(originals, error))
		return false;
	ret_undone->result = search.had ? UNDO_NEVER_CHANGED : UNDO_UNKNOWN;
	if (!is_there)
		return true;
	if (!originals_find(originals, found.sha256, &ret_undone->row, error))
		return false;
	if (ret_undone->row.differ)
		ret_undone->result = UNDO_DIFFERENT;
	else if (ret_undone->row.id)
		return put_back(originals, &found, ret_undone, error);
	return true;
}

bool
undo_head(Originals *originals, const Head *head, Undone *ret_undone, GError **error)
{
	*ret_undone = (Undone){ 0 };
	if (!look(originals, head, ret_undone, error))
		return false;
	if (ret_undone->result != UNDO_UNKNOWN || !originals_can_load(originals))
		return true;
	return originals_load(originals, error) && look(originals, head, ret_undone, error);
}

void
undone_clear(Undone *undone)
{
	g_clear_pointer(&undone->head, g_bytes_unref);
	original_clear(&undone->row);
	*undone = (Undone){ 0 };
}
