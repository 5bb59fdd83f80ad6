/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/submission.h"

/* What hop @index means in the walk, and why. The words may hold bytes of the message. (transfer
 * full) */
char *advice_hop(const Trust *trust, const Submission *submission, guint index);

/* The settings that would change the verdict, and when that is right. Never NULL; static. */
const char *advice_settings(const Submission *submission);

/* What looks like a mistake in the settings: char *, which may hold bytes of the message. Must be
 * called after submission_read_hops(). (transfer full) */
GPtrArray *advice_hints(const Trust *trust, const Submission *submission);
