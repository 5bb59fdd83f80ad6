/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>

#define LOCK_ERROR lock_error_quark()
typedef enum {
	LOCK_ERROR_HELD,       /* by another program for too long, or we were told to stop */
	LOCK_ERROR_CHANGED,    /* by a program that heeds no lock */
	LOCK_ERROR_NOT_A_FILE, /* no mailbox, or one that cannot be read or replaced */
	LOCK_ERROR_NOT_MADE,   /* the lock */
	N_LOCK_ERRORS,
} LockError;
GQuark lock_error_quark(void);

/* A file that says so. */
typedef struct {
	char *path;       /* NULL: not made */
	struct stat info; /* by which we know it for ours */
} Dotlock;

/* A mailbox that is locked against delivery. */
typedef struct {
	char *path; /* with all links resolved */
	Dotlock dotlock;
	Dotlock dotlock2; /* beside the link by which we were told of it */
	int fd;           /* open for reading and locked; -1: not open */
	struct stat info; /* when it was locked */
} MailboxLock;

/* Opens the mailbox at @path and locks it as Postfix and Dovecot do on Debian: by PATH.lock, then
 * by fcntl(2). Waits for others until @until (monotonic, microseconds), or until *@stop is set. */
bool lock_mailbox(MailboxLock *lock, const char *path, gint64 until,
                  const volatile sig_atomic_t *stop, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the mailbox is still as it was when it was locked, and still at its path. */
bool lock_unchanged(const MailboxLock *lock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives back what was locked; harmless where nothing was, but for a struct of zeros. A lock that
 * others have taken meanwhile stays theirs. */
void lock_release(MailboxLock *lock);
