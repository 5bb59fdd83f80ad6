/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

/* A message, or a mailbox, that is read once, from its first byte to its last. */
typedef struct {
	int fd;
	gint64 until; /* monotonic, microseconds: no read waits longer; 0: each waits for ever */
	const volatile sig_atomic_t *stop; /* ends a wait once a signal sets it; may be NULL */
	char *bytes;                       /* what has been read and not yet been copied */
	size_t length;
	size_t room;
	bool at_end;
	guint64 octets;   /* read so far */
	bool count_lines; /* whether `lines` is kept */
	guint64 lines;    /* line ends read so far */
} Message;

/* Reads from @fd, which stays the caller's. */
void message_init(Message *message, int fd);
/* Frees what is held. */
void message_clear(Message *message);

/* Reads one more block after the bytes held; at_end says that there was nothing more. No memory is
 * an error here, since the sender chooses the size. */
bool message_read(Message *message, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Drops the first @n bytes held. */
void message_drop(Message *message, size_t n);

/* Writes the bytes held from @from on, and all that is still unread, to @fd in large blocks. If @fd
 * is -1, only reads to the end. */
bool message_copy(Message *message, size_t from, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same to @fd, which is not -1, with each CR LF made LF. */
bool message_copy_lf(Message *message, size_t from, int fd,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The most parts that go out in one writev(2). */
#define MESSAGE_PARTS_MAX ((size_t)1024)

/* Writes all of the @n parts, and changes @parts as it goes. A write that waits ends with an error
 * once a signal has set *@stop (may be NULL). */
bool message_write_parts(int fd, struct iovec *parts, size_t n, const volatile sig_atomic_t *stop,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes all @length bytes. */
bool message_write(int fd, const void *bytes, size_t length,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Message, message_clear)
