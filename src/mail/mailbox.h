/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "run.h"

/* Reads the mailbox @in to its end and writes it to @out (-1: nowhere). What turns out to be no
 * mailbox, so that run->kind says what else or run->text is above 0 and no message was counted, is
 * not written, but where it is long text. With run->by_length, @in is
 * a regular file. By its end all rows are committed, as far as it got, also where it fails: with
 * the errors of message and run. */
bool mailbox_read(Run *run, int in, int out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
