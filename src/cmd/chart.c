/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chart: messages by day and verdict, as SVG.
 * May know: the calendar, HTML. Must not know: where the numbers come from.
 * Fails: never.
 */
#include "chart.h"

#include <stdbool.h>

#include "html.h"

/* Measures of the drawing, in tenths of a pixel: integers, since printf(3) writes the decimal point
 * of the locale. */
#define WIDTH 7600
#define HEIGHT 2900
#define VIEW "7600 2900"
#define LEFT 130
#define DIGIT 75
#define RIGHT 60
#define TOP 140
#define BOTTOM 320
#define BAR_MAX 480
#define GAP 8 /* between the parts of a bar, for readers who cannot tell the colours apart */

#define LABELS_MAX 10
#define TICKS_MAX 5

/* From below: what readers look for stands on the axis, where heights are easy to compare. */
typedef enum { ANONYMOUS, UNKNOWN, AUTHENTICATED, N_PARTS } Part;
static const char *const part_names[] = { "anonymous", "unknown", "authenticated" };

typedef enum { DAYS, WEEKS, MONTHS, YEARS } Unit;
static const char *const unit_names[] = { "day", "week", "month", "year" };

typedef struct {
	GDate date;
	gint64 counts[N_PARTS];
} Day;

typedef struct {
	char label[16], when[32];
	gint64 counts[N_PARTS], sum;
} Column;

typedef struct {
	GDate since, until;
	Unit unit;
	int left; /* where the first column begins */
	guint n;
	Column columns[CHART_MAX];
	gint64 counts[N_PARTS], highest;
	const Column *worst; /* the column with the most messages without proof */
} Columns;

void
chart_init(Chart *chart, const GDate *since, const GDate *until)
{
	*chart = (Chart){ *since, *until, g_array_new(false, false, sizeof(Day)) };
}

void
chart_clear(Chart *chart)
{
	g_clear_pointer(&chart->days, g_array_unref);
}

bool
chart_read_day(const char *text, GDate *ret_day)
{
	static const char form[] = "0000-00-00";
	int numbers[3] = { 0 }, n = 0;

	g_date_clear(ret_day, 1);
	for (size_t i = 0; i < sizeof form; i++) {
		if (form[i] == '0' && g_ascii_isdigit(text[i]))
			numbers[n] = numbers[n] * 10 + text[i] - '0';
		else if (form[i] == '0' || text[i] != form[i])
			return false;
		else
			n++;
	}
	if (!g_date_valid_dmy((GDateDay)numbers[2], (GDateMonth)numbers[1], (GDateYear)numbers[0]))
		return false;
	g_date_set_dmy(ret_day, (GDateDay)numbers[2], (GDateMonth)numbers[1],
	               (GDateYear)numbers[0]);
	return true;
}

void
chart_add(Chart *chart, const char *text, gint64 authenticated, gint64 anonymous, gint64 unknown)
{
	Day day = { .counts = { [AUTHENTICATED] = authenticated,
		                [ANONYMOUS] = anonymous,
		                [UNKNOWN] = unknown } };

	if (text && chart_read_day(text, &day.date) &&
	    g_date_compare(&day.date, &chart->since) >= 0 &&
	    g_date_compare(&day.date, &chart->until) <= 0)
		g_array_append_val(chart->days, day);
}

/* The number of the column that @date is in; consecutive columns have consecutive numbers. */
static int
number_of(const GDate *date, Unit unit)
{
	switch (unit) {
	case DAYS:
		return (int)g_date_get_julian(date);
	case WEEKS: /* day 1 is a Monday */
		return (int)(g_date_get_julian(date) - 1) / 7;
	case MONTHS:
		return g_date_get_year(date) * 12 + (int)g_date_get_month(date) - 1;
	case YEARS:
		return g_date_get_year(date);
	}
	return 0;
}

static void
name_column(Column *column, Unit unit, int number)
{
	GDate date;

	switch (unit) {
	case DAYS:
	case WEEKS:
		g_date_clear(&date, 1);
		g_date_set_julian(&date, (guint32)(unit == DAYS ? number : number * 7 + 1));
		g_snprintf(column->label, sizeof column->label, "%02d-%02d",
		           (int)g_date_get_month(&date), g_date_get_day(&date));
		g_snprintf(column->when, sizeof column->when, "%s%04d-%s",
		           unit == WEEKS ? "week from " : "", g_date_get_year(&date),
		           column->label);
		break;
	case MONTHS:
		g_snprintf(column->label, sizeof column->label, "%04d-%02d", number / 12,
		           number % 12 + 1);
		g_strlcpy(column->when, column->label, sizeof column->when);
		break;
	case YEARS:
		g_snprintf(column->label, sizeof column->label, "%04d", number);
		g_strlcpy(column->when, column->label, sizeof column->when);
		break;
	}
}

static gint64
unproved(const Column *column)
{
	return column->counts[ANONYMOUS] + column->counts[UNKNOWN];
}

static void
gather(const Chart *chart, Columns *c)
{
	*c = (Columns){ .since = chart->since, .until = chart->until };
	/* A long period begins with its first message, so that it has no empty years. */
	if (g_date_days_between(&c->since, &c->until) >= CHART_MAX && chart->days->len)
		c->since = g_array_index(chart->days, Day, 0).date;
	while (c->unit < YEARS &&
	       number_of(&c->until, c->unit) - number_of(&c->since, c->unit) >= CHART_MAX)
		c->unit++;
	int last = number_of(&c->until, c->unit);
	int first = MAX(number_of(&c->since, c->unit), last - CHART_MAX + 1);
	c->n = (guint)(last - first + 1);
	for (guint i = 0; i < c->n; i++)
		name_column(&c->columns[i], c->unit, first + (int)i);
	for (guint i = 0; i < chart->days->len; i++) {
		const Day *day = &g_array_index(chart->days, Day, i);
		Column *column = &c->columns[MAX(number_of(&day->date, c->unit) - first, 0)];
		for (Part part = 0; part < N_PARTS; part++) {
			column->counts[part] += day->counts[part];
			column->sum += day->counts[part];
			c->counts[part] += day->counts[part];
		}
		c->highest = MAX(c->highest, column->sum);
		if (!c->worst || unproved(column) > unproved(c->worst))
			c->worst = column;
	}
}

/* The distance of two ticks: 1, 2 or 5, followed by zeros. */
static gint64
tick_of(gint64 highest)
{
	gint64 step = 1;

	for (int i = 0; highest > step * TICKS_MAX; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

static void
put_legend(const Columns *c, GString *page)
{
	html_put(page,
	         "<figcaption>Messages by %s (UTC), from the bottom up:\n<ul class=\"legend\">\n",
	         unit_names[c->unit]);
	for (Part part = 0; part < N_PARTS; part++)
		html_put(page,
		         "<li><svg class=\"swatch\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">"
		         "<rect class=\"%s\" width=\"10\" height=\"10\"/></svg>%s: " HTML_NUMBER
		         "</li>\n",
		         part_names[part], part_names[part], c->counts[part]);
	g_string_append(page, "</ul>\n");
	if (c->worst && unproved(c->worst) > 0)
		html_put(page, "Most without proof: " HTML_NUMBER " (%s)\n", unproved(c->worst),
		         c->worst->when);
	g_string_append(page, "</figcaption>\n");
}

static int
height_of(gint64 count, gint64 top)
{
	return (int)((double)count / (double)top * (HEIGHT - TOP - BOTTOM) + 0.5);
}

static void
put_axis(const Columns *c, gint64 step, gint64 top, GString *page)
{
	for (gint64 at = 0; at <= top; at += step) {
		int y = HEIGHT - BOTTOM - height_of(at, top);
		g_string_append_printf(
		        page, "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
		        at ? "grid" : "axis", c->left, WIDTH - RIGHT, y, y);
		g_string_append_printf(page, "<text class=\"number\" x=\"%d\" y=\"%d\">",
		                       c->left - 70, y + 38);
		html_put(page, HTML_NUMBER "</text>\n", at);
	}
}

static void
put_column(const Columns *c, guint i, gint64 top, GString *page)
{
	const Column *column = &c->columns[i];
	int left = c->left + (int)i * (WIDTH - c->left - RIGHT) / (int)c->n;
	int right = c->left + (int)(i + 1) * (WIDTH - c->left - RIGHT) / (int)c->n;
	int width = MIN((right - left) * 7 / 10, BAR_MAX);
	guint every = (c->n + LABELS_MAX - 1) / LABELS_MAX;
	int y = HEIGHT - BOTTOM;

	html_put(page,
	         "<g><title>%s: " HTML_NUMBER " anonymous, " HTML_NUMBER " unknown, " HTML_NUMBER
	         " authenticated</title>",
	         column->when, column->counts[ANONYMOUS], column->counts[UNKNOWN],
	         column->counts[AUTHENTICATED]);
	g_string_append_printf(page,
	                       "<rect class=\"hit\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
	                       left, TOP, right - left, HEIGHT - BOTTOM - TOP);
	for (Part part = 0; part < N_PARTS; part++) {
		if (column->counts[part] == 0)
			continue;
		/* High enough that even one message can be seen. */
		int height = MAX(height_of(column->counts[part], top), 2 * GAP);
		y -= height;
		g_string_append_printf(page,
		                       "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
		                       "height=\"%d\"/>",
		                       part_names[part], left + (right - left - width) / 2, y,
		                       width, height - GAP);
	}
	g_string_append(page, "</g>\n");
	if ((c->n - 1 - i) % every == 0)
		g_string_append_printf(page, "<text class=\"day\" x=\"%d\" y=\"%d\">%s</text>\n",
		                       (left + right) / 2, HEIGHT - BOTTOM + 170, column->label);
}

static void
put_drawing(Columns *c, GString *page)
{
	gint64 step = tick_of(MAX(c->highest, 1));
	gint64 top = (MAX(c->highest, 1) + step - 1) / step * step;

	c->left = LEFT;
	for (gint64 rest = top; rest; rest /= 10)
		c->left += DIGIT;
	html_put(page,
	         "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Chart\">\n"
	         "<svg class=\"chart\" viewBox=\"0 0 %s\" role=\"img\" "
	         "aria-labelledby=\"chart-title chart-text\">\n"
	         "<title id=\"chart-title\">Messages by %s and verdict</title>\n"
	         "<desc id=\"chart-text\">Stacked bars from %s to %s. In total, " HTML_NUMBER
	         " anonymous, " HTML_NUMBER " unknown and " HTML_NUMBER
	         " authenticated messages; the highest bar stands for " HTML_NUMBER
	         ". The table below has all the numbers.</desc>\n",
	         VIEW, unit_names[c->unit], c->columns[0].when, c->columns[c->n - 1].when,
	         c->counts[ANONYMOUS], c->counts[UNKNOWN], c->counts[AUTHENTICATED], c->highest);
	put_axis(c, step, top, page);
	for (guint i = 0; i < c->n; i++)
		put_column(c, i, top, page);
	g_string_append(page, "</svg>\n</div>\n");
}

static void
put_table(const Columns *c, GString *page)
{
	html_put(page,
	         "<details>\n<summary>The same as a table</summary>\n<table class=\"days\">\n"
	         "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">anonymous</th>"
	         "<th scope=\"col\">unknown</th><th scope=\"col\">authenticated</th></tr></thead>\n"
	         "<tbody>\n",
	         unit_names[c->unit]);
	for (guint i = 0; i < c->n; i++)
		html_put(page,
		         "<tr><th scope=\"row\">%s</th><td>" HTML_NUMBER "</td><td>" HTML_NUMBER
		         "</td><td>" HTML_NUMBER "</td></tr>\n",
		         c->columns[i].when, c->columns[i].counts[ANONYMOUS],
		         c->columns[i].counts[UNKNOWN], c->columns[i].counts[AUTHENTICATED]);
	g_string_append(page, "</tbody>\n</table>\n</details>\n");
}

void
chart_put(const Chart *chart, GString *page)
{
	Columns *columns = g_new(Columns, 1);

	gather(chart, columns);
	g_string_append(page, "<figure>\n");
	put_legend(columns, page);
	put_drawing(columns, page);
	put_table(columns, page);
	g_string_append(page, "</figure>\n");
	g_free(columns);
}
