/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run: a pass over stored mail, the same for a mailbox and a Maildir: counts, rows, begin and end.
 * May know: jobs, the ledger. Must not know: where the mail is, how it is written, the terminal.
 * Fails: with the errors of job and ledger.
 */
#include "run.h"

#include <string.h>

#include "core/mime.h"
#include "core/pipermail.h"
#include "util/text.h"

#define TOPS_MAX 1000
#define TOPS_SHOWN 5
#define UNREAD_NAMED 3

void
run_init(Run *run, Settings *settings)
{
	*run = (Run){ .settings = settings_ref(settings) };
	/* If it is missing, the program ends here and not in the middle of a run. */
	mime_load();
	run->tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	run->unread_names = g_string_new(NULL);
}

void
run_clear(Run *run)
{
	g_clear_pointer(&run->tops, g_hash_table_unref);
	if (run->unread_names)
		g_string_free(run->unread_names, true);
	run->unread_names = NULL;
	g_clear_pointer(&run->settings, settings_unref);
}

bool
run_begin(Run *run, Ledger *ledger, const char *input, GError **error)
{
	run->ledger = ledger;
	if (ledger_begin_run(ledger, run->originals ? "mbox --undo" : "mbox", input, run->settles,
	                     &run->id, error))
		return true;
	/* The row may exist even if the thread could not start. The first error is reported. */
	g_autoptr(GError) unsettled = NULL;
	if (run->id && !run_end(run, "failed", &unsettled))
		g_assert(unsettled);
	return false;
}

bool
run_end(Run *run, const char *status, GError **error)
{
	if (run->originals)
		ledger_count(run->ledger, run->messages);
	return ledger_end_run(run->ledger, status, error);
}

static guint64
count_unread(const Run *run)
{
	guint64 all = 0;

	for (int kind = 0; kind < N_FILE_KINDS; kind++)
		all += run->unread[kind];
	return all;
}

void
run_leave(Run *run, FileKind kind, const char *name)
{
	text_name(run->unread_names, name, count_unread(run), UNREAD_NAMED);
	run->unread[kind]++;
}

bool
run_has_enough(const Run *run)
{
	return run->enough > 0 && run->messages >= run->enough;
}

guint64
run_changed(const Run *run)
{
	return run->actions[ACTION_STRIPPED] + run->actions[ACTION_REPLACED] +
	       run->undone[UNDO_DONE];
}

guint64
run_not_undone(const Run *run)
{
	return run->undone[UNDO_UNKNOWN] + run->undone[UNDO_DIFFERENT] + run->undone[UNDO_DAMAGED];
}

bool
run_has_left(const Run *run)
{
	return run->text_is_mail || run_not_undone(run) > 0 ||
	       run->actions[ACTION_REFUSED] + run->shown + run->below + run->moved + run->links >
	               0 ||
	       count_unread(run) > run->unread[FILE_EMPTY];
}

char *
run_unread(const Run *run)
{
	const char *names[N_FILE_KINDS];

	for (FileKind kind = 0; kind < N_FILE_KINDS; kind++)
		names[kind] = filekind_name(kind);
	return text_counts(run->unread, names, N_FILE_KINDS, run->unread_names);
}

static void
count_top(Run *run, const Submission *submission)
{
	if (submission->hops->len == 0)
		return;
	const char *by = g_array_index(submission->hops, Hop, 0).received->by;
	if (!by)
		return;
	g_autofree char *host = g_ascii_strdown(by, -1);
	guint *count = g_hash_table_lookup(run->tops, host);
	if (!count && g_hash_table_size(run->tops) < TOPS_MAX) {
		count = g_new0(guint, 1);
		g_hash_table_insert(run->tops, g_steal_pointer(&host), count);
	}
	if (count)
		++*count;
}

/* Whether the placeholder replaced a sender in the form that Pipermail writes. */
static bool
is_obfuscated(const Decision *decision)
{
	for (guint i = 0; decision->action == ACTION_REPLACED && i < decision->fields->len; i++) {
		const Place *place = g_ptr_array_index(decision->fields, i);
		if (place->action != ACTION_REPLACED)
			continue;
		g_autoptr(GString) plain =
		        pipermail_value(place->before.data, place->before.length);
		if (plain)
			return true;
	}
	return false;
}

/* The outcome that is recorded for a message when it has been decided. */
static const char *
first_outcome(const Run *run, const Job *job)
{
	if (run->dry_run)
		return "dry-run";
	return run->settles && job->new_head ? "pending" : "written";
}

static bool
put_back(Run *run, Job *job, GError **error)
{
	g_auto(Undone) undone = { .result = UNDO_UNKNOWN };

	/* barefrom never changes a head that is too long. */
	if (job->complete && !undo_head(run->originals, &job->head, &undone, error))
		return false;
	run->messages++;
	run->undone[undone.result]++;
	job->new_head = g_steal_pointer(&undone.head);
	job->lf = undone.lf;
	return true;
}

bool
run_decide(Run *run, Job *job, GError **error)
{
	if (run->originals)
		return put_back(run, job, error);
	if (!job_decide(job, error))
		return false;

	const Submission *submission = job->decision->submission;
	run->messages++;
	run->actions[job->decision->action]++;
	run->reasons[submission->verdict][submission->reason]++;
	if (strip_is_anonymous(&run->settings->policy, submission->verdict)) {
		run->anonymous++;
		run->unscoped += job->decision->scope == SCOPE_NOTHING;
	}
	run->obfuscated += is_obfuscated(job->decision);
	count_top(run, submission);
	if (run->tally && !tally_add(run->tally, job, error))
		return false;
	return !run->ledger || job_record(job, run->ledger, "mbox", first_outcome(run, job), error);
}

bool
run_end_message(Run *run, Job *job, guint64 size, GError **error)
{
	return !run->ledger || run->originals ||
	       job_settle(job, run->ledger, first_outcome(run, job), (gint64)size, error);
}

bool
run_pass_on(Run *run, GError **error)
{
	if (!run->ledger || !(ledger_is_ready(run->ledger) || ledger_is_full(run->ledger)))
		return true;
	return ledger_pass_on(run->ledger, false, false, error);
}

bool
run_is_full(const Run *run)
{
	return run->ledger && ledger_is_full(run->ledger);
}

bool
run_record(Run *run, GError **error)
{
	return !run->ledger || ledger_pass_on(run->ledger, true, true, error);
}

bool
run_settle(Run *run, LedgerEntry *entry, bool written, guint64 size, GError **error)
{
	return !run->ledger || run->originals ||
	       ledger_settle(run->ledger, entry, written ? "written" : "failed", (gint64)size,
	                     error);
}

bool
run_finish(Run *run, bool good, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (!run->ledger || ledger_finish(run->ledger, &failed))
		return good;
	if (good)
		g_propagate_error(error, g_steal_pointer(&failed));
	return false;
}

static gint
more_often(gconstpointer a, gconstpointer b, gpointer tops)
{
	guint count_a = *(guint *)g_hash_table_lookup(tops, a);
	guint count_b = *(guint *)g_hash_table_lookup(tops, b);

	return count_a != count_b ? (count_a < count_b) - (count_a > count_b) : strcmp(a, b);
}

char *
run_tops(const Run *run)
{
	GString *text = g_string_new(NULL);
	GList *hosts = g_hash_table_get_keys(run->tops);
	guint shown = 0;

	hosts = g_list_sort_with_data(hosts, more_often, run->tops);
	for (GList *host = hosts; host && shown < TOPS_SHOWN; host = host->next, shown++) {
		g_autofree char *clean = text_clean_string(host->data);
		g_string_append_printf(text, "%s%s (%u)", shown ? ", " : "", clean,
		                       *(guint *)g_hash_table_lookup(run->tops, host->data));
	}
	if (g_hash_table_size(run->tops) > shown)
		g_string_append(text, ", ...");
	g_list_free(hosts);
	return g_string_free(text, shown == 0);
}
