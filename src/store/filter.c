/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filter: keys -> bytes by which most other keys are known not to be among them.
 * May know: nothing else. Must not know: what keys mean, where the bytes are kept.
 * Fails: never.
 * Follows B. H. Bloom, Space/Time Trade-offs in Hash Coding with Allowable Errors (1970), by blocks
 * (Putze, Sanders, Singler, Cache-, Hash- and Space-Efficient Bloom Filters, 2007); FNV-1a.
 */
#include "filter.h"

#include <string.h>

#define BLOCK 64 /* bytes: all bits of a key are in one cache line */
#define BITS 12  /* of the filter, for each key */
#define SET 4    /* bits that are set for a key */

#define FNV_BASIS G_GUINT64_CONSTANT(0xcbf29ce484222325)
#define FNV_PRIME G_GUINT64_CONSTANT(0x100000001b3)

guint64
filter_hash(const void *key, size_t length)
{
	const guint8 *bytes = key;
	guint64 hash = FNV_BASIS;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * FNV_PRIME;
	/* FNV-1a mixes the upper half badly for a short key. */
	hash = (hash ^ hash >> 33) * G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
	return hash ^ hash >> 33;
}

/* The offset of a key's block. */
static size_t
block_of(size_t size, guint64 hash)
{
	return (size_t)((hash >> 32) * (size / BLOCK) >> 32) * BLOCK;
}

/* The bit @i of a key in its block. */
static guint
bit_of(guint64 hash, guint i)
{
	return (guint)(hash >> i * 9) % (BLOCK * 8);
}

GBytes *
filter_new(const GArray *hashes)
{
	size_t size = (hashes->len * (size_t)BITS / 8 / BLOCK + 1) * BLOCK;
	guint8 *filter = g_malloc0(size);

	for (guint i = 0; i < hashes->len; i++) {
		guint64 hash = g_array_index(hashes, guint64, i);
		guint8 *block = filter + block_of(size, hash);
		for (guint k = 0; k < SET; k++)
			block[bit_of(hash, k) / 8] |= (guint8)(1 << bit_of(hash, k) % 8);
	}
	return g_bytes_new_take(filter, size);
}

bool
filter_may_hold(const guint8 *filter, size_t size, guint64 hash)
{
	const guint8 *block = filter + block_of(size, hash);

	for (guint k = 0; size >= BLOCK && k < SET; k++) {
		if (!(block[bit_of(hash, k) / 8] >> bit_of(hash, k) % 8 & 1))
			return false;
	}
	return true;
}

/* As FNV-1a, but eight bytes at a time. */
guint64
filter_sum(const guint8 *filter, size_t size)
{
	guint64 sum = FNV_BASIS;

	for (size_t i = 0; i < size; i += 8) {
		guint64 bytes = 0;
		memcpy(&bytes, filter + i, MIN(size - i, 8));
		sum = (sum ^ GUINT64_FROM_LE(bytes)) * FNV_PRIME;
	}
	return sum;
}
