/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lock: keeps mail programs away from a mailbox.
 * May know: files, links, locks. Must not know: what a mailbox holds.
 * Fails: with a LOCK_ERROR that names the path; then nothing is locked.
 * Follows Postfix's "mailbox_delivery_lock = dotlock, fcntl" and Dovecot's mbox_write_locks. Never
 * removes a dotlock that another program left behind.
 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newfile.h"

#define PAUSE (100 * 1000) /* microseconds between two tries */

G_DEFINE_QUARK(barefrom-lock-error, lock_error);

static bool
set_errno(GError **error, LockError code, const char *path, const char *what)
{
	g_set_error(error, LOCK_ERROR, code, "%s: %s%s", path, what, g_strerror(errno));
	return false;
}

/* Pauses. Whether there is time for another try. */
static bool
wait_a_little(gint64 until, const volatile sig_atomic_t *stop)
{
	if (*stop || g_get_monotonic_time() >= until)
		return false;
	g_usleep(PAUSE);
	return !*stop;
}

/* Makes @path.lock with our process id in it. */
static bool
make_dotlock(const char *path, gint64 until, const volatile sig_atomic_t *stop, Dotlock *lock,
             GError **error)
{
	g_autofree char *dotlock = g_strconcat(path, ".lock", NULL);
	int fd;

	while ((fd = open(dotlock, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)) <
	       0) {
		if (errno != EEXIST)
			return set_errno(error, LOCK_ERROR_NOT_MADE, dotlock,
			                 "cannot lock the mailbox: ");
		if (!wait_a_little(until, stop)) {
			g_set_error(error, LOCK_ERROR, LOCK_ERROR_HELD,
			            "%s: another program is using the mailbox; if none is, remove "
			            "this file",
			            dotlock);
			return false;
		}
	}
	dprintf(fd, "%ld\n", (long)getpid());
	bool good = fstat(fd, &lock->info) == 0;
	if (good)
		lock->path = g_steal_pointer(&dotlock);
	else
		set_errno(error, LOCK_ERROR_NOT_MADE, dotlock, "cannot lock the mailbox: ");
	close(fd);
	return good;
}

static bool
lock_by_fcntl(const MailboxLock *lock, gint64 until, const volatile sig_atomic_t *stop,
              GError **error)
{
	/* An open-file-description lock: closing another descriptor of the file keeps it. */
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(lock->fd, F_OFD_SETLK, &whole) != 0) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return set_errno(error, LOCK_ERROR_NOT_MADE, lock->path,
			                 "cannot lock the mailbox: ");
		if (!wait_a_little(until, stop)) {
			g_set_error(error, LOCK_ERROR, LOCK_ERROR_HELD,
			            "%s: another program is using the mailbox", lock->path);
			return false;
		}
	}
	return true;
}

static bool
set_unfit(GError **error, const char *path, const char *why)
{
	g_set_error(error, LOCK_ERROR, LOCK_ERROR_NOT_A_FILE, "%s: %s", path, why);
	return false;
}

/* Starts over if the program that held the lock has replaced the mailbox with another file. */
static bool
open_and_lock(MailboxLock *lock, gint64 until, const volatile sig_atomic_t *stop, GError **error)
{
	do {
		if (lock->fd >= 0)
			close(lock->fd);
		/* For writing too, which an exclusive lock requires. */
		lock->fd = open(lock->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (lock->fd < 0 || fstat(lock->fd, &lock->info) != 0)
			return set_errno(error, LOCK_ERROR_NOT_A_FILE, lock->path, "");
		if (!S_ISREG(lock->info.st_mode))
			return set_unfit(error, lock->path, "not a regular file, so not a mailbox");
		if (lock->info.st_nlink > 1)
			return set_unfit(error, lock->path,
			                 "it has other hard links, which would keep the old file");
		if (!lock_by_fcntl(lock, until, stop, error))
			return false;
		/* Again, since mail may have been delivered while we waited. */
		if (fstat(lock->fd, &lock->info) != 0)
			return set_errno(error, LOCK_ERROR_NOT_A_FILE, lock->path, "");
	} while (!newfile_is_at(lock->path, &lock->info));
	return true;
}

bool
lock_mailbox(MailboxLock *lock, const char *path, gint64 until, const volatile sig_atomic_t *stop,
             GError **error)
{
	struct stat info;
	char *real = realpath(path, NULL);

	*lock = (MailboxLock){ .fd = -1 };
	if (!real)
		return set_errno(error, LOCK_ERROR_NOT_A_FILE, path, "");
	lock->path = g_strdup(real);
	free(real);
	bool is_link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
	if (make_dotlock(lock->path, until, stop, &lock->dotlock, error) &&
	    (!is_link || make_dotlock(path, until, stop, &lock->dotlock2, error)) &&
	    open_and_lock(lock, until, stop, error))
		return true;
	lock_release(lock);
	return false;
}

static bool
is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Compares the times too, since a new file can have the inode number of a removed one. */
static bool
is_as_it_was(const char *path, const struct stat *then)
{
	struct stat now;

	return lstat(path, &now) == 0 && now.st_dev == then->st_dev && now.st_ino == then->st_ino &&
	       now.st_size == then->st_size && is_same_time(now.st_mtim, then->st_mtim) &&
	       is_same_time(now.st_ctim, then->st_ctim);
}

bool
lock_unchanged(const MailboxLock *lock, GError **error)
{
	if (is_as_it_was(lock->path, &lock->info))
		return true;
	g_set_error(error, LOCK_ERROR, LOCK_ERROR_CHANGED,
	            "%s: a program that ignores locks changed it while it was being read, so it "
	            "was left as it is",
	            lock->path);
	return false;
}

static void
remove_dotlock(Dotlock *lock)
{
	if (lock->path && is_as_it_was(lock->path, &lock->info))
		unlink(lock->path);
	g_clear_pointer(&lock->path, g_free);
}

void
lock_release(MailboxLock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	remove_dotlock(&lock->dotlock2);
	remove_dotlock(&lock->dotlock);
	lock->fd = -1;
	g_clear_pointer(&lock->path, g_free);
}
