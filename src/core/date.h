/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "span.h"

/* What date_read() returns if there is no date. */
#define DATE_NONE G_MININT64

/* The date at the beginning of @text (RFC 5322, 3.3 and 4.3) in seconds since 1970, UTC; ignores
 * what follows it. DATE_NONE: there is none, the calendar does not have it, or its zone is not
 * known. */
gint64 date_read(Span text);
