/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Some bytes, which are not owned and not NUL-terminated. */
typedef struct {
	const char *data;
	size_t length;
} Span;

/* Whether @span begins with @prefix, in any case of ASCII letters. */
bool span_begins_with(Span span, const char *prefix);

/* For hash tables whose keys are Spans. */
guint span_hash(gconstpointer span);
gboolean span_equal(gconstpointer a, gconstpointer b);

/* A Span with a copy of the bytes, in one allocation, to be freed with g_free(). (transfer full) */
Span *span_copy(Span span);
