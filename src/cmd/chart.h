/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Messages by day and verdict, as bars. */
typedef struct {
	GDate since, until; /* the first day and the last one, inclusive */
	GArray *days;       /* Day, see chart.c */
} Chart;

/* The most bars. For a longer period, a bar is a week, a month or a year. */
#define CHART_MAX 62

/* Whether @text is a day, YYYY-MM-DD, and nothing else. */
bool chart_read_day(const char *text, GDate *ret_day);

/* Begins a chart from @since to @until; @since must not be later. */
void chart_init(Chart *chart, const GDate *since, const GDate *until);
/* Frees what @chart holds; may be called again. */
void chart_clear(Chart *chart);

/* Adds a day (YYYY-MM-DD), which must be later than those before. Ignores any other text, NULL, and
 * days out of range. */
void chart_add(Chart *chart, const char *day, gint64 authenticated, gint64 anonymous,
               gint64 unknown);

/* Appends the chart to @page, with a legend and its numbers as a table. Its HTML uses the ids
 * chart-title and chart-text. */
void chart_put(const Chart *chart, GString *page);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Chart, chart_clear)
