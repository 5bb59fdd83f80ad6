/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "job.h"
#include "store/audit.h"

/* Rows for the audit, an array of AuditRow, and what they point to. */
typedef struct {
	GArray *rows;
	GStringChunk *texts;
	GString *gathered; /* texts that are to stand one behind the other */
	size_t octets;
} RowBatch;

/* Rows are made empty to be filled again; what they hold is freed then, or when they are cleared.
 */
void row_batch_init(RowBatch *rows);
void row_batch_empty(RowBatch *rows);
void row_batch_clear(RowBatch *rows);

/* The memory that they take, about. */
size_t row_batch_octets(const RowBatch *rows);

/* Adds the row of @job, which is decided: its @source and @outcome are static. (transfer none) */
AuditRow *row_add(const Job *job, const char *source, const char *outcome, RowBatch *rows);

/* Fills in what @row tells of the first From place, whether it is one of the fields or not: its
 * value before and after, and the first name and address in it. The texts are held by @rows. */
void row_fill_from(RowBatch *rows, const Job *job, AuditRow *row);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RowBatch, row_batch_clear)
