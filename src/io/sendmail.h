/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Why a message was not handed on. The messages name no path and no address. */
#define SENDMAIL_ERROR sendmail_error_quark()
typedef enum {
	SENDMAIL_ERROR_NOT_STARTED,
	SENDMAIL_ERROR_FAILED, /* it says itself that it failed */
	SENDMAIL_ERROR_KILLED, /* by us at the deadline, or by others; it may have sent the message
	                        */
	N_SENDMAIL_ERRORS,
} SendmailError;
GQuark sendmail_error_quark(void);

/* Runs `PROGRAM -G -i -f SENDER -- RECIPIENT...` on the file @fd from its first byte on, in a
 * process group of its own. True: it exited with 0, so the message is its own now. At @until
 * (monotonic, microseconds) the whole group is killed. Its output is read and dropped.
 * @recipients is NULL-terminated. See sendmail(1). */
bool sendmail_run(const char *program, const char *sender, char *const *recipients, int fd,
                  gint64 until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
