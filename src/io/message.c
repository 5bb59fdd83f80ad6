/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * message: moves the bytes of one message from one descriptor to another.
 * May know: descriptors, blocks. Must not know: where a head ends, addresses, policy.
 * Fails: with an IO_ERROR. What has been written by then stays written.
 */
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "io-error.h"
#include "lines.h"

#define BLOCK ((size_t)128 * 1024)
/* Smaller, so that what is only copied stays in the processor's cache. */
#define COPY_BLOCK ((size_t)64 * 1024)
#define PIPE_ROOM (256 * 1024)

void
message_init(Message *message, int fd)
{
	*message = (Message){ .fd = fd };
}

void
message_clear(Message *message)
{
	g_clear_pointer(&message->bytes, g_free);
}

static void
set_errno(GError **error, const char *doing)
{
	int reason = errno;

	g_set_error(error, IO_ERROR, io_error_from_errno(reason), "cannot %s the message: %s",
	            doing, g_strerror(reason));
}

/* Waits until @fd is ready, or until @until (0: for ever). Ends once *@stop (may be NULL) is set,
 * whether the signal comes during the wait or just before it. */
static bool
wait_for(int fd, short events, gint64 until, const volatile sig_atomic_t *stop, GError **error)
{
	struct pollfd ready = { .fd = fd, .events = events };
	sigset_t all, before;
	int n = -1;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	do {
		gint64 left = until ? until - g_get_monotonic_time() : 1;
		struct timespec timeout = { .tv_sec = left / G_USEC_PER_SEC,
			                    .tv_nsec = left % G_USEC_PER_SEC * 1000 };
		if (left <= 0 || (stop && *stop))
			n = 0;
		else
			n = ppoll(&ready, 1, until ? &timeout : NULL, &before);
	} while (n < 0 && errno == EINTR);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (stop && *stop) {
		g_set_error(error, IO_ERROR, IO_ERROR_STOPPED, "stopped by a signal");
		return false;
	}
	if (n < 0)
		set_errno(error, "wait for");
	else if (n == 0)
		g_set_error(error, IO_ERROR, IO_ERROR_TIMED_OUT,
		            "the message did not arrive before the deadline");
	return n > 0;
}

static bool
read_block(Message *message, char *bytes, size_t room, size_t *ret_length, GError **error)
{
	bool waits = message->until || message->stop;
	ssize_t n;

	do {
		if (waits && !wait_for(message->fd, POLLIN, message->until, message->stop, error))
			return false;
		n = read(message->fd, bytes, room);
		/* A process that shares the open file may have set O_NONBLOCK. */
		waits = waits || (n < 0 && errno == EAGAIN);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0) {
		set_errno(error, "read");
		return false;
	}
	message->at_end = n == 0;
	message->octets += (guint64)n;
	if (message->count_lines)
		message->lines += lines_count(bytes, (size_t)n);
	*ret_length = (size_t)n;
	return true;
}

bool
message_read(Message *message, GError **error)
{
	size_t n;

	if (message->room - message->length < BLOCK / 2) {
		size_t room = MAX(BLOCK, message->room * 2);
		char *bytes = g_try_realloc(message->bytes, room);
		if (!bytes) {
			g_set_error(error, IO_ERROR, IO_ERROR_NO_SPACE,
			            "no memory for the head of the message");
			return false;
		}
		message->bytes = bytes;
		message->room = room;
	}
	if (!read_block(message, message->bytes + message->length, message->room - message->length,
	                &n, error))
		return false;
	message->length += n;
	return true;
}

void
message_drop(Message *message, size_t n)
{
	message->length -= n;
	if (message->length)
		memmove(message->bytes, message->bytes + n, message->length);
}

bool
message_write_parts(int fd, struct iovec *parts, size_t n, const volatile sig_atomic_t *stop,
                    GError **error)
{
	bool waits = stop != NULL;

	while (n > 0) {
		if (waits && !wait_for(fd, POLLOUT, 0, stop, error))
			return false;
		ssize_t written = writev(fd, parts, (int)MIN(n, MESSAGE_PARTS_MAX));
		waits = waits || (written < 0 && errno == EAGAIN);
		if (written < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (written < 0) {
			set_errno(error, "write");
			return false;
		}
		for (; n > 0 && (size_t)written >= parts->iov_len; parts++, n--)
			written -= (ssize_t)parts->iov_len;
		if (n > 0) {
			parts->iov_base = (char *)parts->iov_base + written;
			parts->iov_len -= (size_t)written;
		}
	}
	return true;
}

bool
message_write(int fd, const void *bytes, size_t length, GError **error)
{
	struct iovec all = { (void *)bytes, length };

	return message_write_parts(fd, &all, 1, NULL, error);
}

/* A larger pipe needs fewer context switches. This may fail without harm: the user's pipes share a
 * limit. */
static void
widen(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	if (size > 0 && size < PIPE_ROOM)
		fcntl(fd, F_SETPIPE_SZ, PIPE_ROOM);
}

bool
message_copy(Message *message, size_t from, int fd, GError **error)
{
	if (fd >= 0 && from < message->length &&
	    !message_write(fd, message->bytes + from, message->length - from, error))
		return false;
	if (message->at_end)
		return true;

	widen(message->fd);
	widen(fd);
	g_autofree char *bytes = g_malloc(COPY_BLOCK);
	for (;;) {
		size_t n;
		if (!read_block(message, bytes, COPY_BLOCK, &n, error))
			return false;
		if (n == 0)
			return true;
		if (fd >= 0 && !message_write(fd, bytes, n, error))
			return false;
	}
}

/* Writes the bytes with LF; @cr as for lines_to_lf(). */
static bool
write_lf(int fd, const char *bytes, size_t length, bool *cr, GError **error)
{
	g_autofree char *lf = g_malloc(COPY_BLOCK + 1);

	while (length > 0) {
		size_t n = MIN(length, COPY_BLOCK);
		size_t written = lines_to_lf(lf, bytes, n, cr);
		if (!message_write(fd, lf, written, error))
			return false;
		bytes += n;
		length -= n;
	}
	return true;
}

bool
message_copy_lf(Message *message, size_t from, int fd, GError **error)
{
	g_autofree char *bytes = g_malloc(COPY_BLOCK);
	bool cr = false;

	if (!write_lf(fd, message->bytes + from, message->length - from, &cr, error))
		return false;
	while (!message->at_end) {
		size_t n;
		if (!read_block(message, bytes, COPY_BLOCK, &n, error) ||
		    !write_lf(fd, bytes, n, &cr, error))
			return false;
	}
	return !cr || message_write(fd, "\r", 1, error);
}
