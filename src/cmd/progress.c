/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * progress: what a pass over stored mail tells people while it runs and when it is over.
 * May know: the terminal, the clock. Must not know: how messages are read or decided.
 * Fails: never.
 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define REDRAW ((gint64)G_USEC_PER_SEC / 10)
#define BAR 20

void
progress_begin(Progress *progress, guint64 total)
{
	*progress = (Progress){ .shown = isatty(STDERR_FILENO),
		                .total = total,
		                .started = g_get_monotonic_time() };
}

static void
draw_bar(const Progress *p, guint64 octets, double seconds)
{
	double part = MIN((double)octets / (double)p->total, 1);
	int full = (int)(part * BAR);
	unsigned left = part > 0 ? (unsigned)(seconds / part - seconds + 0.5) : 0;

	fprintf(stderr, "[%.*s%*s] %3.0f %%  %u:%02u left", full, "####################",
	        BAR - full, "", part * 100, left / 60, left % 60);
}

void
progress_draw(const Run *run, gpointer data)
{
	Progress *p = data;
	gint64 now = g_get_monotonic_time();

	if (!p->shown || now - p->drawn < REDRAW)
		return;
	p->drawn = now;
	double seconds = MAX((double)(now - p->started) / G_USEC_PER_SEC, 0.001);
	double megabytes = (double)run->octets / 1e6;
	fputc('\r', stderr);
	if (p->total)
		draw_bar(p, run->octets, seconds);
	fprintf(stderr, "  %.0f MB  %.0f MB/s  %" G_GUINT64_FORMAT " messages\033[K", megabytes,
	        megabytes / seconds, run->messages);
	fflush(stderr);
}

void
progress_end(const Progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
}

static void
append_reasons(GString *text, const Run *run)
{
	bool first = true;

	for (Verdict v = 0; v < N_VERDICTS; v++) {
		guint64 count = 0;
		g_autoptr(GString) reasons = g_string_new(NULL);
		for (Reason r = 0; r < N_REASONS; r++) {
			if (run->reasons[v][r] == 0)
				continue;
			count += run->reasons[v][r];
			g_string_append_printf(reasons, "%s%s %" G_GUINT64_FORMAT,
			                       reasons->len ? ", " : "", reason_name(r),
			                       run->reasons[v][r]);
		}
		if (count)
			g_string_append_printf(text, "%s%" G_GUINT64_FORMAT " %s (%s)",
			                       first ? "; " : ", ", count, verdict_name(v),
			                       reasons->str);
		first = first && count == 0;
	}
}

static void
append_actions(GString *text, const Run *run)
{
	for (int i = 0; i < N_ACTIONS; i++) {
		static const Action order[] = { ACTION_STRIPPED, ACTION_REPLACED, ACTION_KEPT,
			                        ACTION_REFUSED };
		g_string_append_printf(text, "%s%" G_GUINT64_FORMAT " %s", i ? ", " : ": ",
		                       run->actions[order[i]], strip_action_name(order[i]));
	}
	append_reasons(text, run);
}

static void
append_undone(GString *text, const Run *run)
{
	g_string_append_printf(text,
	                       ": %" G_GUINT64_FORMAT " put back, %" G_GUINT64_FORMAT
	                       " never changed or back already, %" G_GUINT64_FORMAT " left",
	                       run->undone[UNDO_DONE], run->undone[UNDO_NEVER_CHANGED],
	                       run_not_undone(run));
}

char *
progress_summary(const Run *run, double seconds)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%" G_GUINT64_FORMAT " message%s", run->messages,
	                       run->messages == 1 ? "" : "s");
	if (run->originals)
		append_undone(text, run);
	else
		append_actions(text, run);
	if (run->below)
		g_string_append_printf(
		        text, "; %" G_GUINT64_FORMAT " subfolder%s left out without --recursive",
		        run->below, run->below == 1 ? "" : "s");
	g_string_append_printf(text, "; %.2f s", seconds);
	return g_string_free(text, false);
}
