/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * span: bytes that belong to others: compared, and as keys of hash tables.
 * May know: nothing. Must not know: what the bytes mean.
 * Fails: never.
 */
#include "span.h"

#include <string.h>

#include "lexer.h"

bool
span_begins_with(Span span, const char *prefix)
{
	size_t length = strlen(prefix);

	return span.length >= length && lexer_same(span.data, prefix, length);
}

guint
span_hash(gconstpointer data)
{
	const Span *span = data;
	guint hash = 5381;

	for (size_t i = 0; i < span->length; i++)
		hash = hash * 33 + (unsigned char)span->data[i];
	return hash;
}

gboolean
span_equal(gconstpointer a, gconstpointer b)
{
	const Span *x = a, *y = b;

	return x->length == y->length && memcmp(x->data, y->data, x->length) == 0;
}

Span *
span_copy(Span span)
{
	Span *copy = g_malloc(sizeof *copy + span.length);

	memcpy(copy + 1, span.data, span.length);
	*copy = (Span){ (const char *)(copy + 1), span.length };
	return copy;
}
