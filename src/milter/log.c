/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log: lines on standard error.
 * May know: the journal's priorities. Must not know: what is logged.
 * Fails: never.
 */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "util/text.h"

G_GNUC_PRINTF(2, 0)
static void
print(const char *priority, const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);
	g_autofree char *clean = text_clean_string(text);

	fprintf(stderr, "%sbarefrom-milter: %s\n", getenv("JOURNAL_STREAM") ? priority : "", clean);
}

void
log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(SD_INFO, format, args);
	va_end(args);
}

void
log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(SD_WARNING, format, args);
	va_end(args);
}

void
log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(SD_ERR, format, args);
	va_end(args);
}
