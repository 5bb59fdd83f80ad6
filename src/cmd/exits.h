/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Errors of the commands themselves, beside those of the modules that they call. */
#define CMD_ERROR cmd_error_quark()
typedef enum {
	CMD_ERROR_USAGE,     /* the command line is wrong */
	CMD_ERROR_CONFIG,    /* a setting is wrong */
	CMD_ERROR_NO_INPUT,  /* a file, or the audit to be read, is missing or unreadable */
	CMD_ERROR_DATA,      /* a file is no mailbox or message, or not the one that was named */
	CMD_ERROR_REFUSED,   /* a message cannot be edited safely */
	CMD_ERROR_CUT,       /* a message did not arrive complete */
	CMD_ERROR_RECIPIENT, /* there is nobody to hand the message to, or no sender */
	CMD_ERROR_STOPPED,   /* a signal stopped it between two steps */
	CMD_ERROR_HELP,      /* something other than filter was run under pipe(8) */
	N_CMD_ERRORS,
} CmdError;
GQuark cmd_error_quark(void);

/* The exit status for @error (sysexits.h). @deferring: 75 in any case, since Postfix bounces a
 * message on most other statuses; see pipe(8). */
int exits_status(const GError *error, bool deferring);

/* The enhanced status code (RFC 3463) for @error; static. */
const char *exits_enhanced(const GError *error);

/* @error in words that may reach the sender of a forged message in a bounce: no path, no name, no
 * SQL. (transfer none) */
const char *exits_public(const GError *error);
