/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Messages by day and verdict, as bars. */
typedef struct {
	GDate since, until; /* the first day and the last one */
	GArray *days;       /* Day, see chart.c */
} Chart;

/* How many bars there are at most: past that, a bar is a week, a month or a year. */
#define CHART_MAX 62

/* Whether @text is a day, YYYY-MM-DD, and nothing else. */
bool chart_read_day(const char *text, GDate *ret_day);

/* From @since on, which is no later than @until. */
void chart_init(Chart *chart, const GDate *since, const GDate *until);
/* Frees what @chart holds; once more does no harm. */
void chart_clear(Chart *chart);

/* Adds a day (YYYY-MM-DD), later than those before. Another text, or a day out of range, is not
 * shown. */
void chart_add(Chart *chart, const char *day, gint64 authenticated, gint64 anonymous,
               gint64 unknown);

/* Appends the chart, with its legend and with its numbers as a table. It holds the ids chart-title
 * and chart-text. */
void chart_put(const Chart *chart, GString *page);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Chart, chart_clear)
