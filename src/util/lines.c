/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lines: line ends, found, counted, and made LF in bytes that come in pieces.
 * May know: CR and LF. Must not know: what the lines hold.
 * Fails: never.
 */
#include "lines.h"

#include <glib.h>
#include <string.h>

#include "processor.h"

#define BLOCK 256
#define COUNTED 128 /* octets whose line ends are counted at once */

size_t
lines_to_lf(char *to, const char *bytes, size_t length, bool *cr)
{
	const char *end = bytes + length;
	char *at = to;

	while (bytes < end) {
		if (*cr && *bytes != '\n')
			*at++ = '\r';
		*cr = false;
		const char *next = memchr(bytes, '\r', (size_t)(end - bytes));
		size_t n = (size_t)((next ? next : end) - bytes);
		memcpy(at, bytes, n);
		at += n;
		bytes += n;
		if (next) {
			*cr = true;
			bytes++;
		}
	}
	return (size_t)(at - to);
}

/* Whether LF and one of the two behind it stand at one of the BLOCK offsets from @at, which needs
 * one byte more. Compilers vectorize this loop. */
static G_ALWAYS_INLINE inline bool
is_in_block(const char *at, char next, char other)
{
	unsigned char found = 0;

#pragma GCC unroll 64
	for (size_t i = 0; i < BLOCK; i++)
		found |= (at[i] == '\n' ? 0xff : 0) &
		         (at[i + 1] == next || at[i + 1] == other ? 0xff : 0);
	return found;
}

static G_ALWAYS_INLINE inline const char *
find(const char *at, const char *end, char next, char other)
{
	for (;;) {
		while (end - at > BLOCK && !is_in_block(at, next, other))
			at += BLOCK;
		const char *stop = end - at > BLOCK ? at + BLOCK : end;
		while (at < stop && (at = memchr(at, '\n', (size_t)(stop - at)))) {
			if (at + 1 == end || at[1] == next || at[1] == other)
				return at;
			at++;
		}
		if (stop == end)
			return NULL;
		at = stop;
	}
}

/* LFs in COUNTED bytes; compilers vectorize this loop. */
static G_ALWAYS_INLINE inline unsigned char
count_block(const char *bytes)
{
	unsigned char n = 0;

#pragma GCC unroll 64
	for (size_t i = 0; i < COUNTED; i++)
		n += bytes[i] == '\n';
	return n;
}

static G_ALWAYS_INLINE inline size_t
count(const char *bytes, size_t length)
{
	size_t all = 0, i = 0;

	for (; length - i >= COUNTED; i += COUNTED)
		all += count_block(bytes + i);
	for (; i < length; i++)
		all += bytes[i] == '\n';
	return all;
}

#ifdef PROCESSOR_IS_KNOWN
/* The same by vectors of twice the size. */
#define AVX2 __attribute__((target("avx2")))

AVX2 static const char *
find_by_avx2(const char *at, const char *end, char next)
{
	return find(at, end, next, next);
}

AVX2 static const char *
find_empty_by_avx2(const char *at, const char *end)
{
	return find(at, end, '\n', '\r');
}

AVX2 static size_t
count_by_avx2(const char *bytes, size_t length)
{
	return count(bytes, length);
}
#endif

const char *
lines_find(const char *at, const char *end, char next)
{
#ifdef PROCESSOR_IS_KNOWN
	if (CPU_FEATURE_ACTIVE(AVX2))
		return find_by_avx2(at, end, next);
#endif
	return find(at, end, next, next);
}

const char *
lines_find_empty(const char *at, const char *end)
{
#ifdef PROCESSOR_IS_KNOWN
	if (CPU_FEATURE_ACTIVE(AVX2))
		return find_empty_by_avx2(at, end);
#endif
	return find(at, end, '\n', '\r');
}

size_t
lines_count(const char *bytes, size_t length)
{
#ifdef PROCESSOR_IS_KNOWN
	if (CPU_FEATURE_ACTIVE(AVX2))
		return count_by_avx2(bytes, length);
#endif
	return count(bytes, length);
}
