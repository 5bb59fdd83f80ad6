/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recorder: a thread that writes batches of rows to the audit. It takes a third off the time of a
 * run.
 * May know: the audit, the clock. Must not know: what is in a row.
 * Fails: with the errors of the store, of which the first one ends the writing; with a
 * G_THREAD_ERROR where no thread is to be had.
 */
#include "recorder.h"

#include <signal.h>

struct Recorder {
	GThread *thread;
	Audit *audit;
	AuditRun *run;

	GMutex mutex; /* for all below */
	GCond changed;
	bool is_full;  /* rows are to be written; they are the thread's then, */
	bool ends;     /* and no more will come */
	AuditRun next; /* the run with these rows */
	JobRows rows;
	gint64 free_until; /* monotonic: the next ones are not written before */
	bool durable;      /* they are to be on the disk then */
	bool is_behind;    /* rows were written that may not be there yet */
	GError *error;
};

static gpointer
write_batches(gpointer data)
{
	Recorder *r = data;

	g_mutex_lock(&r->mutex);
	for (;;) {
		while (!r->is_full && !r->ends)
			g_cond_wait(&r->changed, &r->mutex);
		if (!r->is_full)
			break;
		g_mutex_unlock(&r->mutex);

		GError *failed = NULL;
		gint64 wait = r->free_until - g_get_monotonic_time();
		if (wait > 0)
			g_usleep((gulong)wait);
		if (!r->error &&
		    audit_record_run(r->audit, &r->next, r->rows.rows, 0, r->durable, &failed))
			*r->run = r->next;
		gint64 free_until = g_get_monotonic_time() + AUDIT_FREE_TIME;
		audit_move_log(r->audit);
		job_rows_empty(&r->rows);

		g_mutex_lock(&r->mutex);
		if (failed)
			r->error = failed;
		r->free_until = free_until;
		r->is_full = false;
		g_cond_broadcast(&r->changed);
	}
	g_mutex_unlock(&r->mutex);
	return NULL;
}

static void
recorder_free(Recorder *r)
{
	g_mutex_clear(&r->mutex);
	g_cond_clear(&r->changed);
	job_rows_clear(&r->rows);
	g_free(r);
}

Recorder *
recorder_new(Audit *audit, AuditRun *run, GError **error)
{
	Recorder *r = g_new0(Recorder, 1);
	sigset_t all, before;

	r->audit = audit;
	r->run = run;
	g_mutex_init(&r->mutex);
	g_cond_init(&r->changed);
	job_rows_init(&r->rows);
	/* A signal is to end the reads of the other thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r->thread = g_thread_try_new("recorder", write_batches, r, error);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r->thread)
		return r;
	recorder_free(r);
	return NULL;
}

/* With the mutex held. */
static bool
wait_until_empty(Recorder *r, GError **error)
{
	while (r->is_full)
		g_cond_wait(&r->changed, &r->mutex);
	if (r->error)
		g_propagate_error(error, g_error_copy(r->error));
	return !r->error;
}

bool
recorder_take(Recorder *r, JobRows *rows, gint64 messages, gint64 stripped, bool durable,
              GError **error)
{
	g_mutex_lock(&r->mutex);
	bool good = wait_until_empty(r, error);
	if (good && (rows->rows->len > 0 || (durable && r->is_behind))) {
		JobRows written = r->rows;
		r->rows = *rows;
		*rows = written;
		r->next = *r->run;
		r->next.messages = messages;
		r->next.stripped = stripped;
		r->durable = durable;
		r->is_behind = !durable;
		r->is_full = true;
		g_cond_broadcast(&r->changed);
	}
	g_mutex_unlock(&r->mutex);
	return good;
}

bool
recorder_is_idle(Recorder *r)
{
	g_mutex_lock(&r->mutex);
	bool is_idle = !r->is_full && g_get_monotonic_time() >= r->free_until;
	g_mutex_unlock(&r->mutex);
	return is_idle;
}

bool
recorder_wait(Recorder *r, GError **error)
{
	g_mutex_lock(&r->mutex);
	bool good = wait_until_empty(r, error);
	g_mutex_unlock(&r->mutex);
	return good;
}

bool
recorder_end(Recorder *r, GError **error)
{
	g_mutex_lock(&r->mutex);
	r->ends = true;
	g_cond_broadcast(&r->changed);
	g_mutex_unlock(&r->mutex);
	g_thread_join(r->thread);

	bool good = !r->error;
	if (!good)
		g_propagate_error(error, r->error);
	recorder_free(r);
	return good;
}
