/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger: where rows go. A thread that writes batches takes a third off the time of a run; one that
 * writes groups lets many sessions share a sync (group commit).
 * May know: the audit, rows, the clock. Must not know: what is in a row, whose it is.
 * Fails: with the errors of the store, the first of which ends a run; with a G_THREAD_ERROR if no
 * thread can be started; with IO_ERROR_BUSY if too many rows wait.
 */
#include "ledger.h"

#include "job.h"
#include "row.h"
#include "store/audit.h"
#include "util/io-error.h"
#include "util/text.h"

/* The rows of a run are held back until there are this many, or this many octets. */
#define RUN_ROWS_MAX 5000
#define RUN_ROWS_FEW 100 /* enough to be written if the thread is idle */
#define RUN_OCTETS_MAX ((size_t)768 * 1024)

/* The log of a run is moved when it has so many pages, at first; then each time when it has twice
 * as many, up to RUN_LOG_MAX. Rarely, since most of them are pages of indexes, which the next rows
 * change again; but early in a short run, which would have to wait for it at its end. */
#define RUN_LOG_FIRST 1000
#define RUN_LOG_MAX 7800

/* A batch is written in slices: at first of SLICE_FIRST rows, then of as many as take SLICE_TIME.
 * Filters ask for the lock every 1 to 5 ms, and get it in between: after each slice, it is free for
 * a FREE_PARTth of the time that it was held, and at least for FREE_MIN. Times in microseconds. */
#define SLICE_FIRST 250
#define SLICE_MIN 50
#define SLICE_TIME ((gint64)35 * 1000)
#define FREE_PART 4
#define FREE_MIN ((gint64)5000)

/* The most rows that wait for a group. */
#define GROUP_ROWS_MAX 10000
#define GROUP_OCTETS_MAX ((size_t)64 * 1024 * 1024)

/* In groups, the log is moved after this many rows. */
#define LOG_ROWS 100

/* Microseconds to wait for the lock, though the time is up: of a run, it is free in between. */
#define GROUP_WAIT_MIN ((gint64)20 * 1000)

#define LAST_WAIT 200 /* milliseconds to wait for the lock at the end of what has failed */

typedef enum { AT_ONCE, RUN, GROUPS } Mode;

/* Rows that are written together, and what else goes with them. */
typedef struct {
	RowBatch rows;
	GArray *settles;   /* AuditSettle: of rows written before */
	GArray *ids;       /* gint64: of each row; 0: it could not be written */
	GPtrArray *errors; /* GError: of each row of a group, NULL: written; empty: all written */
	guint64 first;     /* ticket of the first row */
	gint64 until; /* of a group: monotonic, microseconds: no longer is the lock waited for */
	bool durable;
} Batch;

struct Ledger {
	Mode mode;
	Audit *audit; /* NULL: it must be opened again */
	char *path;
	int wait;
	AuditRun run;    /* up to the rows written; the thread's, while there is one */
	guint64 tickets; /* given so far */
	Batch *filling;  /* the calling thread's */
	bool is_behind;  /* the rows passed on last were not durable */
	guint moved;     /* rows of groups since the log was moved */
	guint slice;     /* rows of a run in one transaction */
	int log_due;     /* pages of a run's log with which it is moved */
	GArray *carried; /* AuditSettle: the thread's, from groups that found the audit locked */
	volatile sig_atomic_t gives_up; /* the thread of groups must not wait any longer */
	void (*wake)(gpointer data);
	gpointer wake_data;

	GThread *thread;
	GMutex mutex; /* for all members below */
	GCond changed;
	Batch *writing; /* the thread's while is_full, else the caller's */
	bool is_full, ends;
	bool is_collected; /* the caller has been told what became of `writing` */
	gint64 free_until; /* monotonic, microseconds: the next slice is written no earlier */
	GError *error;     /* the first one of a run */
};

static void
free_error(gpointer error)
{
	if (error)
		g_error_free(error);
}

static Batch *
batch_new(void)
{
	Batch *batch = g_new0(Batch, 1);

	row_batch_init(&batch->rows);
	batch->settles = g_array_new(false, false, sizeof(AuditSettle));
	batch->ids = g_array_new(false, true, sizeof(gint64));
	batch->errors = g_ptr_array_new_with_free_func(free_error);
	return batch;
}

static void
batch_empty(Batch *batch)
{
	row_batch_empty(&batch->rows);
	g_array_set_size(batch->settles, 0);
	g_array_set_size(batch->ids, 0);
	g_ptr_array_set_size(batch->errors, 0);
}

static void
batch_free(Batch *batch)
{
	row_batch_clear(&batch->rows);
	g_array_unref(batch->settles);
	g_array_unref(batch->ids);
	g_ptr_array_unref(batch->errors);
	g_free(batch);
}

static bool
batch_is_empty(const Batch *batch)
{
	return batch->rows.rows->len == 0 && batch->settles->len == 0;
}

/* Whether the row with @ticket is in @batch; *@ret_at is its index. */
static bool
batch_has(const Batch *batch, guint64 ticket, guint *ret_at)
{
	*ret_at = (guint)(ticket - batch->first);
	return ticket >= batch->first && ticket - batch->first < batch->rows.rows->len;
}

Ledger *
ledger_open(const Settings *settings, int wait_ms, GError **error)
{
	Audit *audit = audit_open(settings->database, wait_ms, error);
	Ledger *ledger;

	if (!audit) {
		settings_hint_at_option(settings, error);
		return NULL;
	}
	ledger = g_new0(Ledger, 1);
	ledger->audit = audit;
	ledger->path = g_strdup(settings->database);
	ledger->wait = wait_ms;
	ledger->filling = batch_new();
	ledger->filling->first = 1;
	ledger->carried = g_array_new(false, false, sizeof(AuditSettle));
	ledger->writing = batch_new();
	ledger->is_collected = true;
	g_mutex_init(&ledger->mutex);
	g_cond_init(&ledger->changed);
	return ledger;
}

static void
end_thread(Ledger *l)
{
	if (!l->thread)
		return;
	g_mutex_lock(&l->mutex);
	l->ends = true;
	g_cond_broadcast(&l->changed);
	g_mutex_unlock(&l->mutex);
	g_thread_join(l->thread);
	l->thread = NULL;
	l->ends = false;
}

void
ledger_close(Ledger *ledger)
{
	end_thread(ledger);
	g_clear_pointer(&ledger->audit, audit_close);
	batch_free(ledger->filling);
	batch_free(ledger->writing);
	g_array_unref(ledger->carried);
	g_clear_error(&ledger->error);
	g_mutex_clear(&ledger->mutex);
	g_cond_clear(&ledger->changed);
	g_free(ledger->path);
	g_free(ledger);
}

void
ledger_set_wait(Ledger *ledger, int wait_ms)
{
	ledger->wait = wait_ms;
	/* In groups, the audit belongs to the thread. */
	if (ledger->mode != GROUPS)
		audit_set_wait(ledger->audit, wait_ms);
}

void
ledger_set_stop(Ledger *ledger, const volatile sig_atomic_t *stop)
{
	audit_set_stop(ledger->audit, stop);
}

static void
wait_until_free(const Ledger *l)
{
	gint64 wait = l->free_until - g_get_monotonic_time();

	if (wait > 0)
		g_usleep((gulong)wait);
}

static bool
is_changed(const AuditRow *row)
{
	return g_str_equal(row->action, strip_action_name(ACTION_STRIPPED)) ||
	       g_str_equal(row->action, strip_action_name(ACTION_REPLACED));
}

/* The @n rows from index @from on, without a copy. */
static GArray
part_of(const GArray *rows, guint from, guint n)
{
	return (GArray){ (char *)&g_array_index(rows, AuditRow, from), n };
}

/* Writes a batch of a run, in as many transactions as needed to let others have the lock. */
static void
write_of_run(Ledger *l, Batch *batch)
{
	const GArray *rows = batch->rows.rows;
	guint from = 0;

	do {
		guint n = MIN(rows->len - from, l->slice), end = from + n;
		GArray slice = part_of(rows, from, n);
		AuditRun run = l->run;
		run.messages += n;
		for (guint i = from; i < end; i++)
			run.stripped += is_changed(&g_array_index(rows, AuditRow, i));
		wait_until_free(l);
		gint64 began = g_get_monotonic_time();
		if (!audit_record_rows(l->audit, &slice, &g_array_index(batch->ids, gint64, from),
		                       &run, from == 0 ? batch->settles : NULL,
		                       batch->durable && end == rows->len, &l->error))
			return;
		l->run = run;
		gint64 now = g_get_monotonic_time(), took = MAX(now - began, 1);
		l->free_until = now + MAX(took / FREE_PART, FREE_MIN);
		if (n == l->slice || took > SLICE_TIME)
			l->slice = (guint)CLAMP(n * SLICE_TIME / took, SLICE_MIN, RUN_ROWS_MAX);
		from = end;
	} while (from < rows->len);
}

/* The audit; opens it again if somebody has replaced the file at its path. NULL: @error is set. */
static Audit *
current_audit(Ledger *l, const Batch *batch, GError **error)
{
	gint64 now = g_get_monotonic_time(), until = MAX(batch->until, now + GROUP_WAIT_MIN);

	if (l->audit && audit_has_moved(l->audit)) {
		g_clear_pointer(&l->audit, audit_close);
		/* They are about rows of the old file. */
		g_array_set_size(l->carried, 0);
	}
	if (!l->audit) {
		l->audit = audit_open(l->path, (int)((until - now) / 1000), error);
		if (l->audit)
			audit_own_log(l->audit);
	}
	if (l->audit) {
		audit_set_limit(l->audit, until);
		audit_set_stop(l->audit, &l->gives_up);
	}
	return l->audit;
}

/* Writes one row of a group that could not be written as a whole, so that no message holds up
 * others. NULL: it was written. (transfer full) (nullable) */
static GError *
write_alone(Ledger *l, Batch *batch, guint i)
{
	GArray row = part_of(batch->rows.rows, i, 1);
	GError *failed = NULL;

	if (current_audit(l, batch, &failed) &&
	    audit_record_rows(l->audit, &row, &g_array_index(batch->ids, gint64, i), NULL, NULL,
	                      true, &failed))
		g_assert(!failed);
	return failed;
}

/* Writes the settles of a group of which a row could not be written. */
static void
settle_alone(Ledger *l, const Batch *batch)
{
	g_autoptr(GError) error = NULL;

	if (batch->settles->len > 0 && current_audit(l, batch, &error) &&
	    audit_record_rows(l->audit, NULL, NULL, NULL, batch->settles, false, &error))
		g_assert(!error);
}

/* Moves the settles of @from to @to, or drops them if @to has too many. */
static void
carry(GArray *from, GArray *to)
{
	if (from->len > 0 && to->len < GROUP_ROWS_MAX)
		g_array_append_vals(to, from->data, from->len);
	g_array_set_size(from, 0);
}

static void
write_of_groups(Ledger *l, Batch *batch)
{
	g_autoptr(GError) failed = NULL;
	guint n = batch->rows.rows->len;
	Audit *audit = current_audit(l, batch, &failed);

	carry(l->carried, batch->settles);
	if (audit &&
	    audit_record_rows(l->audit, batch->rows.rows, (gint64 *)(void *)batch->ids->data, NULL,
	                      batch->settles, n > 0, &failed)) {
		l->moved += n;
		return;
	}
	if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_LOCKED))
		carry(batch->settles, l->carried);
	else if (!g_error_matches(failed, STORE_ERROR, STORE_ERROR_APART))
		/* The next group opens the file that is at the path then. Not if files do not
		 * belong together: only those who had them open know it, and others make a new log
		 * once the last has closed them. */
		g_clear_pointer(&l->audit, audit_close);
	bool alone = g_error_matches(failed, STORE_ERROR, STORE_ERROR_OTHER);
	if (alone)
		settle_alone(l, batch);
	for (guint i = 0; i < n; i++) {
		GError *why = alone && n > 1 ? write_alone(l, batch, i) : g_error_copy(failed);
		g_ptr_array_add(batch->errors, why);
		/* Does not wait row by row for what concerns all of them, such as a lock. */
		if (why && alone && !g_error_matches(why, STORE_ERROR, STORE_ERROR_OTHER)) {
			alone = false;
			g_clear_error(&failed);
			failed = g_error_copy(why);
		}
	}
}

/* Waits for a batch, or for the end. The log of a run is moved first: meanwhile the caller can pass
 * on a batch and fill another. The caller holds the mutex. */
static void
wait_for_batch(Ledger *l)
{
	if (l->mode == RUN && !l->ends && !l->error) {
		g_mutex_unlock(&l->mutex);
		if (audit_move_log(l->audit, l->log_due))
			l->log_due = MIN(2 * l->log_due, RUN_LOG_MAX);
		g_mutex_lock(&l->mutex);
	}
	while (!l->is_full && !l->ends)
		g_cond_wait(&l->changed, &l->mutex);
}

static gpointer
write_batches(gpointer data)
{
	Ledger *l = data;

	g_mutex_lock(&l->mutex);
	for (;;) {
		wait_for_batch(l);
		if (!l->is_full)
			break;
		g_mutex_unlock(&l->mutex);

		/* The first error ends a run. */
		if (l->mode == RUN && !l->error)
			write_of_run(l, l->writing);
		else if (l->mode == GROUPS)
			write_of_groups(l, l->writing);

		g_mutex_lock(&l->mutex);
		l->is_full = false;
		l->is_collected = false;
		g_cond_broadcast(&l->changed);
		if (l->mode != GROUPS)
			continue;
		g_mutex_unlock(&l->mutex);
		l->wake(l->wake_data);
		/* Moves nothing into a truncated file, or it would look whole. */
		if (l->moved >= LOG_ROWS && l->audit && !audit_has_moved(l->audit)) {
			audit_move_log(l->audit, 0);
			l->moved = 0;
		}
		g_mutex_lock(&l->mutex);
	}
	g_mutex_unlock(&l->mutex);
	return NULL;
}

static bool
begin_thread(Ledger *l, GError **error)
{
	sigset_t all, before;

	/* Signals must go to the calling thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	l->thread = g_thread_try_new("ledger", write_batches, l, error);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return l->thread != NULL;
}

static gint64
wait_from_now(const Ledger *l)
{
	return g_get_monotonic_time() + (gint64)l->wait * 1000;
}

/* Gives the thread what is to be written. The caller holds the mutex, and is_full is false. */
static void
hand_over(Ledger *l, bool durable)
{
	Batch *written = l->writing;

	l->writing = l->filling;
	l->filling = written;
	batch_empty(l->filling);
	l->filling->first = l->tickets + 1;
	if (l->writing->rows.rows->len == 0)
		l->writing->until = wait_from_now(l);
	l->writing->durable = durable;
	g_array_set_size(l->writing->ids, l->writing->rows.rows->len);
	l->is_behind = !durable;
	l->is_full = true;
	g_cond_broadcast(&l->changed);
}

static bool
add_at_once(Ledger *l, LedgerEntry *entry, GError **error)
{
	bool good = audit_record_rows(l->audit, l->filling->rows.rows, &entry->id, NULL, NULL, true,
	                              error);

	batch_empty(l->filling);
	l->filling->first = l->tickets + 1;
	return good;
}

/* Hands over what waits, if there is a thread, it is idle, and its last results were collected. */
static void
write_group(Ledger *l)
{
	g_mutex_lock(&l->mutex);
	if (!l->is_full && l->is_collected && l->thread && !batch_is_empty(l->filling))
		hand_over(l, true);
	g_mutex_unlock(&l->mutex);
}

bool
ledger_add(Ledger *l, const Job *job, const char *source, const char *outcome, LedgerEntry *entry,
           GError **error)
{
	const RowBatch *waiting = &l->filling->rows;

	if (l->mode == GROUPS && (waiting->rows->len >= GROUP_ROWS_MAX ||
	                          row_batch_octets(waiting) >= GROUP_OCTETS_MAX)) {
		g_set_error(error, IO_ERROR, IO_ERROR_BUSY,
		            "too many messages are waiting for the audit");
		return false;
	}
	/* Nobody is to wait longer because others are waited for first. */
	if (waiting->rows->len == 0)
		l->filling->until = wait_from_now(l);
	row_add(job, source, outcome, &l->filling->rows);
	*entry = (LedgerEntry){ .ticket = ++l->tickets };
	if (l->mode == AT_ONCE)
		return add_at_once(l, entry, error);
	if (l->mode == GROUPS)
		write_group(l);
	return true;
}

/* Sets the id of @entry if its row is in the batch that was written last. */
static void
find_id(Ledger *l, LedgerEntry *entry)
{
	guint at;

	g_mutex_lock(&l->mutex);
	if (!l->is_full && batch_has(l->writing, entry->ticket, &at))
		entry->id = g_array_index(l->writing->ids, gint64, at);
	g_mutex_unlock(&l->mutex);
}

bool
ledger_settle(Ledger *l, LedgerEntry *entry, const char *outcome, gint64 size, GError **error)
{
	guint at;

	if (l->mode == AT_ONCE)
		return audit_settle(l->audit, entry->id, outcome, size, error);
	if (batch_has(l->filling, entry->ticket, &at)) {
		AuditRow *row = &g_array_index(l->filling->rows.rows, AuditRow, at);
		row->outcome = outcome;
		row->size = size;
		return true;
	}
	if (!entry->id)
		find_id(l, entry);
	AuditSettle settle = { .id = entry->id, .outcome = outcome, .size = size };
	g_array_append_val(l->filling->settles, settle);
	if (l->mode == GROUPS)
		write_group(l);
	return true;
}

bool
ledger_begin_run(Ledger *l, const char *command, const char *input, bool settles, gint64 *ret_id,
                 GError **error)
{
	g_autofree char *name = text_clean_string(input);

	l->run = (AuditRun){ .settles = settles };
	if (!audit_begin_run(l->audit, &l->run, g_get_real_time(), command, name, VERSION, error))
		return false;
	*ret_id = l->run.id;
	l->mode = RUN;
	l->slice = SLICE_FIRST;
	l->log_due = RUN_LOG_FIRST;
	l->free_until = 0;
	if (begin_thread(l, error))
		return true;
	g_autoptr(GError) unsettled = NULL;
	if (!ledger_end_run(l, "failed", &unsettled))
		g_assert(unsettled);
	return false;
}

bool
ledger_is_full(const Ledger *l)
{
	const RowBatch *rows = &l->filling->rows;

	return rows->rows->len >= RUN_ROWS_MAX || row_batch_octets(rows) >= RUN_OCTETS_MAX;
}

bool
ledger_is_ready(Ledger *l)
{
	if (l->filling->rows.rows->len < RUN_ROWS_FEW)
		return false;
	g_mutex_lock(&l->mutex);
	bool is_idle = !l->is_full && g_get_monotonic_time() >= l->free_until;
	g_mutex_unlock(&l->mutex);
	return is_idle;
}

/* The caller holds the mutex. */
static bool
wait_until_written(Ledger *l, GError **error)
{
	while (l->is_full)
		g_cond_wait(&l->changed, &l->mutex);
	if (l->error)
		g_propagate_error(error, g_error_copy(l->error));
	return !l->error;
}

bool
ledger_pass_on(Ledger *l, bool durable, bool wait, GError **error)
{
	g_mutex_lock(&l->mutex);
	bool good = wait_until_written(l, error);
	if (good && (!batch_is_empty(l->filling) || (durable && l->is_behind))) {
		hand_over(l, durable);
		good = !wait || wait_until_written(l, error);
	}
	g_mutex_unlock(&l->mutex);
	return good;
}

bool
ledger_finish(Ledger *l, GError **error)
{
	bool good = ledger_pass_on(l, true, true, error);

	end_thread(l);
	g_clear_error(&l->error);
	return good;
}

void
ledger_count(Ledger *l, guint64 messages)
{
	l->run.messages = (gint64)messages;
}

bool
ledger_end_run(Ledger *l, const char *status, GError **error)
{
	AuditRun ended = l->run;

	ended.status = status;
	ended.ended = g_get_real_time();
	/* Does not wait as long again as the failed run did. */
	if (g_str_equal(status, "failed"))
		audit_set_wait(l->audit, LAST_WAIT);
	bool good = audit_record_rows(l->audit, NULL, NULL, &ended, NULL, true, error);
	audit_truncate_log(l->audit);
	audit_set_wait(l->audit, l->wait);
	batch_empty(l->filling);
	l->filling->first = l->tickets + 1;
	l->mode = AT_ONCE;
	return good;
}

bool
ledger_begin_groups(Ledger *l, void (*wake)(gpointer data), gpointer data, GError **error)
{
	l->mode = GROUPS;
	l->wake = wake;
	l->wake_data = data;
	audit_own_log(l->audit);
	return begin_thread(l, error);
}

void
ledger_collect(Ledger *l, LedgerDone done, gpointer data)
{
	g_mutex_lock(&l->mutex);
	bool is_new = !l->is_full && !l->is_collected;
	g_mutex_unlock(&l->mutex);
	if (!is_new)
		return;
	/* `writing` is ours: it is not handed over before it is collected. */
	for (guint i = 0; i < l->writing->ids->len; i++) {
		const GPtrArray *errors = l->writing->errors;
		done(data, g_array_index(l->writing->ids, gint64, i),
		     errors->len ? g_ptr_array_index(errors, i) : NULL);
	}
	g_mutex_lock(&l->mutex);
	l->is_collected = true;
	g_mutex_unlock(&l->mutex);
	write_group(l);
}

bool
ledger_is_busy(Ledger *l)
{
	g_mutex_lock(&l->mutex);
	bool is_busy = l->is_full || !l->is_collected || !batch_is_empty(l->filling);
	g_mutex_unlock(&l->mutex);
	return is_busy;
}

void
ledger_stop_groups(Ledger *l)
{
	g_atomic_int_set(&l->gives_up, true);
	end_thread(l);
}

bool
ledger_end_groups(Ledger *l, GError **error)
{
	Batch *last = l->filling;

	ledger_stop_groups(l);
	if (last->settles->len == 0 && l->carried->len == 0)
		return true;
	l->gives_up = false;
	last->until = g_get_monotonic_time() + (gint64)LAST_WAIT * 1000;
	if (!current_audit(l, last, error))
		return false;
	carry(l->carried, last->settles);
	return audit_record_rows(l->audit, NULL, NULL, NULL, last->settles, false, error);
}
