/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "io/message.h"
#include "run.h"

/* Reads the mailbox @in to its end and writes it to @out (-1: nowhere). It may turn out to be no
 * mailbox: then run->kind says what it is, or run->text is above 0 and no message was counted, and
 * nothing is written unless it is long text. With run->by_length, @in must be a regular file. On
 * return, also after an error, all rows are committed, as far as it got. Fails with the errors of
 * message and run. */
bool mailbox_read(Run *run, int in, int out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One message of a mailbox. It begins as zeros. */
typedef struct {
	GString *head;      /* its head, or more than HEAD_MAX of it; NULL: there is no message */
	const char *refuse; /* why it must not be changed; NULL: it may be */
	guint64 messages;   /* how many were met, including this one */
} MailboxMessage;

/* Finds the message @number, counted from 1, in the mailbox whose beginning @message holds. @found
 * must be zeros, and be cleared afterwards. Fails with the errors of message_read(). */
bool mailbox_find(Message *message, guint64 number, MailboxMessage *found,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mailbox_message_clear(MailboxMessage *message);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailboxMessage, mailbox_message_clear)
