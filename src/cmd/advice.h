/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/submission.h"

/* What hop @index means in the walk, and why. Words may hold bytes of the message. (transfer full)
 */
char *advice_hop(const Trust *trust, const Submission *submission, guint index);

/* The settings that would change the verdict, and when that is right. Never NULL. */
const char *advice_settings(const Submission *submission);

/* What looks like a mistake in the settings: char *, which may hold bytes of the message. All hops
 * have been read. (transfer full) */
GPtrArray *advice_hints(const Trust *trust, const Submission *submission);
