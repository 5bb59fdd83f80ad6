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

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RowBatch, row_batch_clear)
