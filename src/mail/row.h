/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "job.h"
#include "store/audit.h"

/* Rows for the audit, and what they point to. */
typedef struct {
	GArray *rows; /* AuditRow */
	GStringChunk *texts;
	GString *gathered; /* the texts of the AuditTexts being built */
	size_t octets;     /* of what the rows point to */
} RowBatch;

/* Makes an empty batch, which must be cleared. */
void row_batch_init(RowBatch *rows);

/* Frees what the rows hold, and leaves an empty batch to be filled again. */
void row_batch_empty(RowBatch *rows);

/* Frees all. Harmless for a batch of zeros. */
void row_batch_clear(RowBatch *rows);

/* The memory that the rows take, in octets, approximately. */
size_t row_batch_octets(const RowBatch *rows);

/* Adds the row of @job, which is decided. @source and @outcome must be static. The row is valid
 * until the next one is added. (transfer none) */
AuditRow *row_add(const Job *job, const char *source, const char *outcome, RowBatch *rows);

/* Fills in what @row says about the first From place, whether From is one of the fields or not: its
 * value before and after, and the first name and address in it. @rows owns the texts. */
void row_fill_from(RowBatch *rows, const Job *job, AuditRow *row);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RowBatch, row_batch_clear)
