/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "io/message.h"
#include "run.h"

/* Reads the mailbox @in to its end and writes it to @out (-1: nowhere). What turns out to be no
 * mailbox, so that run->kind says what else or run->text is above 0 and no message was counted, is
 * not written, but where it is long text. With run->by_length, @in is
 * a regular file. By its end all rows are committed, as far as it got, also where it fails: with
 * the errors of message and run. */
bool mailbox_read(Run *run, int in, int out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One message of a mailbox. It begins as zeros. */
typedef struct {
	GString *head;      /* its head, or more of it than HEAD_MAX; NULL: there is none */
	const char *refuse; /* why it is not to be touched; NULL: it may be */
	guint64 messages;   /* how many were met, with this one */
} MailboxMessage;

/* Looks for the message @number, from 1, of the mailbox of which @message holds the beginning.
 * @found is a new one. Fails with the errors of message_read(). */
bool mailbox_find(Message *message, guint64 number, MailboxMessage *found,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mailbox_message_clear(MailboxMessage *message);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailboxMessage, mailbox_message_clear)
