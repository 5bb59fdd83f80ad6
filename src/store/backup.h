/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store-error.h"

/* What is wrong with the file other than the audit; STORE_ERROR is about the audit itself. */
#define BACKUP_ERROR backup_error_quark()
typedef enum {
	BACKUP_ERROR_NOT_MADE, /* the new file, or a log or journal for it, exists already, or it
	                        * cannot be written */
	BACKUP_ERROR_MISSING,  /* the file to be restored does not exist, or cannot be read */
	BACKUP_ERROR_REFUSED,  /* it is damaged, made by a newer barefrom, or no audit */
	BACKUP_ERROR_RUNNING,  /* another backup to this file, or another restore, is at work */
	N_BACKUP_ERRORS,
} BackupError;
GQuark backup_error_quark(void);

/* Writes all that the audit at @path holds at one moment to the new file @file, or leaves no file;
 * others can write meanwhile. No wait for them is longer than @wait_ms. *@ret_octets is the size of
 * the file. STORE_ERROR_MISSING: there is no audit. */
bool backup_make(const char *path, int wait_ms, const char *file, guint64 *ret_octets,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 messages; /* in the restored audit */
	char *damaged;   /* where the replaced file was moved; NULL: it could stay */
	bool log_stays;  /* others kept the log from being truncated */
} BackupRestored;

/* Replaces all that the audit at @path holds by what @file holds, a backup or an audit with its
 * log; others, which can write meanwhile, see one transaction. Makes the audit if there is none.
 * @file is only read. An error leaves the audit as it was. No wait for others is longer than
 * @wait_ms. @done must be cleared, also after an error. */
bool backup_restore(const char *path, int wait_ms, const char *file, BackupRestored *done,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void backup_restored_clear(BackupRestored *done);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BackupRestored, backup_restored_clear)
