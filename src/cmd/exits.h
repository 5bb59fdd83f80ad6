/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What commands add to the errors of the modules that they call. */
#define CMD_ERROR cmd_error_quark()
typedef enum {
	CMD_ERROR_USAGE,     /* the command line */
	CMD_ERROR_CONFIG,    /* a setting */
	CMD_ERROR_NO_INPUT,  /* a file that cannot be read */
	CMD_ERROR_DATA,      /* a file that is no mailbox */
	CMD_ERROR_REFUSED,   /* a message that cannot be edited safely */
	CMD_ERROR_CUT,       /* a message that did not arrive whole */
	CMD_ERROR_RECIPIENT, /* nobody to hand the message to */
	CMD_ERROR_STOPPED,   /* a signal, between two steps */
	CMD_ERROR_HELP,      /* something else was done where a message was due */
	N_CMD_ERRORS,
} CmdError;
GQuark cmd_error_quark(void);

/* The exit status for @error. @deferring: pipe(8) waits for it, and Postfix bounces on every other
 * status than 75; see pipe(8) and RFC 3463. */
int exits_status(const GError *error, bool deferring);

/* The RFC 3463 status that says the same. */
const char *exits_enhanced(const GError *error);

/* @error in words that may reach the sender of a forged message in a bounce: no path, no name, no
 * SQL. (transfer none) */
const char *exits_public(const GError *error);
