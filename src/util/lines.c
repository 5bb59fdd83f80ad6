/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lines: line ends of bytes that come in pieces.
 * May know: CR and LF. Must not know: what the lines hold.
 * Fails: never.
 */
#include "lines.h"

#include <string.h>

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
