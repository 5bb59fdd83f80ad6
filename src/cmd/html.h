/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How many characters of a claim are shown. */
#define HTML_CLAIM_MAX 80

/* Appends @text as text of an element or of a quoted attribute, cut after @max characters with an
 * ellipsis. What a browser would obey or not show becomes a mark such as [U+202E]. NULL is a dash.
 */
void html_text(GString *page, const char *text, guint max);

/* Appends @format, which is HTML. Of conversions it knows %s, which html_text() writes,
 * HTML_NUMBER, a gint64 whose digits are grouped, and %%. */
void html_put(GString *page, const char *format, ...) G_GNUC_PRINTF(2, 3);
#define HTML_NUMBER "%" G_GINT64_FORMAT

/* Appends what somebody wrote into mail, cut, and apart from the direction of what is around it. */
void html_claim(GString *page, const char *text);
