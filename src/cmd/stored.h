/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mail/run.h"

/* An input is the path of a mailbox or a Maildir, or `-`: standard input. */

bool stored_is_stdin(const char *input);
bool stored_is_maildir(const char *input);

/* The name of @input for people, safe to show. (transfer full) */
char *stored_name(const char *input);

/* A copy of @inputs; if @recursive, directories are replaced by the mailboxes and Maildirs below
 * them, and what is not read there is printed. Sets *@attention if that may be mail. char *,
 * NULL-terminated. (transfer full) */
GPtrArray *stored_find(char *const *inputs, bool recursive, bool *attention);

/* False, CMD_ERROR_NO_INPUT: it is a directory, and no Maildir. */
bool stored_check_folder(const char *input, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens a mailbox. With @by_length, copies what is no regular file to a temporary one, since
 * following Content-Length needs to look ahead. Returns the descriptor, which is the caller's; -1:
 * it cannot be read. */
int stored_open(const char *input, bool by_length, GError **error);

/* Opens any input that is only read. *@ret_in is -1 for a Maildir. False: it is neither a mailbox
 * nor a Maildir, or cannot be read. */
bool stored_open_any(const char *input, int *ret_in, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many mailboxes, Maildirs and unreadable mail folders are below the Maildir at @input. */
guint64 stored_count_below(const char *input);

/* Reads the mailbox @in, as mailbox_read() does, or the Maildir @input if @in is -1, and shows the
 * progress. Fails with the errors of these, and with CMD_ERROR_DATA if it is no mailbox. */
bool stored_read(Run *run, const char *input, int in, int out,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints what is odd about the mail of a pass that began at @started (monotonic, microseconds), and
 * its result, followed by @how. */
void stored_report(const Run *run, const char *input, gint64 started, bool good, const char *how);

/* Calls @take for each of @inputs, even after one has failed, until a signal comes. False: at least
 * one failed; @error is the first error, the others are printed. */
bool stored_each(char *const *inputs,
                 bool (*take)(gpointer data, const char *input, GError **error), gpointer data,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* If a signal came, prints @failed (may be NULL) and ends the program as that signal would. */
void stored_end_by_signal(const GError *failed);
