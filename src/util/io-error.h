/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is wrong with reading, writing or holding messages, or with a socket. */
#define IO_ERROR io_error_quark()
typedef enum {
	IO_ERROR_FAILED,
	IO_ERROR_TIMED_OUT, /* the message did not arrive before the deadline */
	IO_ERROR_NO_SPACE,  /* on the disk, or no memory for what a message holds */
	IO_ERROR_BUSY,      /* too many messages wait */
	IO_ERROR_STOPPED,   /* we were told to */
	IO_ERROR_IN_USE,    /* the address of a socket */
	IO_ERROR_DENIED,    /* this user may not */
	N_IO_ERRORS,
} IoError;
GQuark io_error_quark(void);

/* The code for @reason, an errno. */
IoError io_error_from_errno(int reason);
