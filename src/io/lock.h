/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>

#define LOCK_ERROR lock_error_quark()
typedef enum {
	LOCK_ERROR_HELD,       /* another program held it for too long, or we were told to stop */
	LOCK_ERROR_CHANGED,    /* a program that ignores locks changed the mailbox */
	LOCK_ERROR_NOT_A_FILE, /* no mailbox, or one that cannot be read or replaced */
	LOCK_ERROR_NOT_MADE,   /* the lock could not be made */
	N_LOCK_ERRORS,
} LockError;
GQuark lock_error_quark(void);

/* The file PATH.lock, which says that the mailbox is locked. */
typedef struct {
	char *path;       /* NULL: not made */
	struct stat info; /* shows whether it is still ours */
} Dotlock;

/* A mailbox that is locked against delivery. */
typedef struct {
	char *path; /* with all links resolved */
	Dotlock dotlock;
	Dotlock dotlock2; /* beside the symbolic link, if we were given one */
	int fd;           /* open for reading and writing, and locked; -1: not open */
	struct stat info; /* of the mailbox when it was locked */
} MailboxLock;

/* Opens the mailbox at @path and locks it as Postfix and Dovecot do on Debian: by PATH.lock, then
 * by fcntl(2). Waits for other programs until @until (monotonic, microseconds), or until *@stop is
 * set. Sets all of *@lock, which lock_release() clears; after an error nothing is held. */
bool lock_mailbox(MailboxLock *lock, const char *path, gint64 until,
                  const volatile sig_atomic_t *stop, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the mailbox is still as it was when it was locked, and still at its path. */
bool lock_unchanged(const MailboxLock *lock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Unlocks and closes the mailbox; harmless after a failed lock_mailbox(), but not for a struct of
 * zeros, whose descriptor is standard input. Leaves a dotlock that another program has made
 * meanwhile. */
void lock_release(MailboxLock *lock);
