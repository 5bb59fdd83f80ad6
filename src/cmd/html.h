/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The most characters of a claim that are shown. */
#define HTML_CLAIM_MAX 80

/* Appends @text as the text of an element or of a quoted attribute, cut after @max characters with
 * an ellipsis. Characters that a browser would obey or not show become marks such as [U+202E]. NULL
 * is a dash. */
void html_text(GString *page, const char *text, guint max);

/* Appends @format, which is HTML. Its conversions are %s, written by html_text(), HTML_NUMBER, a
 * gint64 whose digits are grouped, and %%; no others. */
void html_put(GString *page, const char *format, ...) G_GNUC_PRINTF(2, 3);
#define HTML_NUMBER "%" G_GINT64_FORMAT

/* Appends @text that a stranger wrote into mail: cut, and isolated from the direction of the text
 * around it. */
void html_claim(GString *page, const char *text);
