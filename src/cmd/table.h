/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A list that is written to a page as a table. Begins with @page and @heads, and zeros; its head is
 * written with its first row. */
typedef struct {
	GString *page;
	const char *const *heads; /* of its columns; # marks numbers, = numbers with bars, @ days,
	                           * ! single words; NULL-terminated */
	guint column;
	gint64 rows, all, highest;
} Table;

/* Begins a row of a list that has @all rows, of which only the first may be written. The caller
 * writes a cell for each column; the row ends with its last cell. */
void table_begin_row(Table *table, gint64 all);

/* A cell whose HTML the caller appends to the page in between. The first one of a row is its header
 * cell. */
void table_begin_cell(Table *table);
void table_end_cell(Table *table);

/* Cells with a text, with one that a stranger wrote (html_claim()), and with a number. */
void table_text(Table *table, const char *text);
void table_claim(Table *table, const char *text);
void table_number(Table *table, gint64 number);

/* A number with a bar, relative to that of the first row, which is the largest. */
void table_measure(Table *table, gint64 number);

/* Ends the table, or says that the list is empty; says how many rows were left out. */
void table_end(Table *table);
