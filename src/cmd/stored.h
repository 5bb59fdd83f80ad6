/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mail/run.h"

/* An input is the path of a mailbox or a Maildir, or `-`: standard input. */

bool stored_is_stdin(const char *input);
bool stored_is_maildir(const char *input);

/* What it is called. (transfer full) */
char *stored_name(const char *input);

/* @inputs, and if @recursive what is found below folders in place of these; what is not read there
 * is said. *@attention is set if that may be mail. NULL-terminated. (transfer full) */
GPtrArray *stored_find(char *const *inputs, bool recursive, bool *attention);

/* False: it is a folder, and no Maildir. */
bool stored_check_folder(const char *input, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens a mailbox. Where a length is to be followed, it must be a file that can be looked at ahead.
 * -1: it cannot be read. */
int stored_open(const char *input, bool by_length, GError **error);

/* The same of any input that is only read, which must be one. *@ret_in is -1 for a Maildir. */
bool stored_open_any(const char *input, int *ret_in, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The mail in the subfolders of the Maildir at @input. */
guint64 stored_count_below(const char *input);

/* Takes @run over the mailbox @in, as mailbox_read() does, or the Maildir @input where that is -1,
 * and shows how far it is. Fails with the errors of these, and CMD_ERROR_DATA for what is no
 * mailbox. */
bool stored_read(Run *run, const char *input, int in, int out,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says what is odd about the mail of a pass that began at @started (monotonic, microseconds), and
 * what came of it; @how is put behind that. */
void stored_report(const Run *run, const char *input, gint64 started, bool good, const char *how);

/* Takes each of @inputs, whatever becomes of the others, until a signal comes. False: one failed at
 * least; the first error is given, the others are printed. */
bool stored_each(char *const *inputs,
                 bool (*take)(gpointer data, const char *input, GError **error), gpointer data,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* If a signal came, tells of @failed (may be NULL) and ends the program as that signal would. */
void stored_end_by_signal(const GError *failed);
