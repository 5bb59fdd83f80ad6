/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table: a list as a table of HTML.
 * May know: HTML. Must not know: what the list is of.
 * Fails: never.
 */
#include "table.h"

#include <string.h>

#include "html.h"

static const char *
head_class(const char *head)
{
	switch (*head) {
	case '#':
		return "number";
	case '=':
		return "number measure";
	case '@':
		return "date";
	case '!':
		return "word";
	default:
		return "text";
	}
}

static const char *
head_name(const char *head)
{
	return head + strspn(head, "#=@!");
}

void
table_begin_row(Table *table, gint64 all)
{
	table->column = 0;
	table->all = all;
	if (table->rows++ == 0) {
		g_string_append(table->page, "<table class=\"list\">\n<thead><tr>");
		for (const char *const *head = table->heads; *head; head++)
			html_put(table->page, "<th scope=\"col\" class=\"%s\">%s</th>",
			         head_class(*head), head_name(*head));
		g_string_append(table->page, "</tr></thead>\n<tbody>\n");
	}
	g_string_append(table->page, "<tr>");
}

void
table_begin_cell(Table *table)
{
	const char *head = table->heads[table->column];

	if (table->column++ == 0)
		g_string_append(table->page, "<th scope=\"row\">");
	else
		html_put(table->page, "<td class=\"%s\" data-label=\"%s\">", head_class(head),
		         head_name(head));
}

void
table_end_cell(Table *table)
{
	g_string_append(table->page, table->column == 1 ? "</th>" : "</td>");
	if (!table->heads[table->column])
		g_string_append(table->page, "</tr>\n");
}

void
table_text(Table *table, const char *text)
{
	table_begin_cell(table);
	html_put(table->page, "%s", text);
	table_end_cell(table);
}

void
table_claim(Table *table, const char *text)
{
	table_begin_cell(table);
	html_claim(table->page, text);
	table_end_cell(table);
}

void
table_number(Table *table, gint64 number)
{
	table_begin_cell(table);
	html_put(table->page, HTML_NUMBER, number);
	table_end_cell(table);
}

void
table_measure(Table *table, gint64 number)
{
	table_begin_cell(table);
	html_put(table->page, HTML_NUMBER, number);
	if (table->rows == 1)
		table->highest = MAX(number, 1);
	int width = (int)((double)number / (double)table->highest * 100 + 0.5);
	g_string_append_printf(table->page,
	                       "<svg class=\"bar\" viewBox=\"0 0 100 6\" "
	                       "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	                       "<rect class=\"anonymous\" width=\"%d\" height=\"6\"/></svg>",
	                       width);
	table_end_cell(table);
}

void
table_end(Table *table)
{
	if (table->rows)
		g_string_append(table->page, "</tbody>\n</table>\n");
	else
		g_string_append(table->page, "<p>None.</p>\n");
	if (table->all > table->rows)
		html_put(table->page,
		         "<p class=\"soft\">The first " HTML_NUMBER " of " HTML_NUMBER ".</p>\n",
		         table->rows, table->all);
}
