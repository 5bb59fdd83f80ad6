/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Why a message was not handed on. Error messages name no path and no address. */
#define SENDMAIL_ERROR sendmail_error_quark()
typedef enum {
	SENDMAIL_ERROR_NOT_STARTED,
	SENDMAIL_ERROR_FAILED, /* it exited with another status than 0 */
	SENDMAIL_ERROR_KILLED, /* by us at the deadline or by others, or its status cannot be had;
	                        * it may have sent the mail */
	N_SENDMAIL_ERRORS,
} SendmailError;
GQuark sendmail_error_quark(void);

/* Runs `PROGRAM -G -i -f SENDER -- RECIPIENT...` (sendmail(1)) on the file @fd from its first byte
 * on, in a process group of its own, and drops its output. @recipients is NULL-terminated. At
 * @until (monotonic, microseconds), or if it fails, kills the whole group. True: it exited with 0,
 * and has taken over the message. From its start on SIGINT, SIGTERM and SIGHUP stay blocked, so
 * that the caller, which is not to live much longer, can record what became of the message. */
bool sendmail_run(const char *program, const char *sender, char *const *recipients, int fd,
                  gint64 until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
