/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store-error.h"

/* What is wrong with the file beside the audit; of the audit itself it is a STORE_ERROR. */
#define BACKUP_ERROR backup_error_quark()
typedef enum {
	BACKUP_ERROR_NOT_MADE, /* the backup: there is a file already, or it cannot be written */
	BACKUP_ERROR_MISSING,  /* what is to be restored: there is none, or it cannot be read */
	BACKUP_ERROR_REFUSED,  /* it is damaged, of a newer barefrom, or no audit */
	BACKUP_ERROR_RUNNING,  /* another backup to it, or another restore */
	N_BACKUP_ERRORS,
} BackupError;
GQuark backup_error_quark(void);

/* Writes all that the audit at @path holds at one moment to the new file @file, which is whole or
 * not there; others write meanwhile. No wait for them is longer than @wait_ms. *@ret_octets is its
 * size. It is a STORE_ERROR_MISSING if there is no audit. */
bool backup_make(const char *path, int wait_ms, const char *file, guint64 *ret_octets,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 messages; /* in it now */
	char *damaged;   /* where the file is that could not take it; NULL: it could */
	bool log_stays;  /* others were in the way of its truncation */
} BackupRestored;

/* Puts what @file holds, a backup or an audit with its log, into the place of all that the audit at
 * @path holds, in one transaction for those who write meanwhile; where there is none, it is made.
 * @file is only read. An error leaves the audit as it was. No wait for others is longer than
 * @wait_ms. @done is to be cleared, also after an error. */
bool backup_restore(const char *path, int wait_ms, const char *file, BackupRestored *done,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void backup_restored_clear(BackupRestored *done);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BackupRestored, backup_restored_clear)
