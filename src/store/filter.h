/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A Bloom filter (B. H. Bloom, 1970): a set of keys in little memory, which tells for most other
 * keys that they are not in it. Its bytes are the same on every machine. */

/* The hash by which a key is added and looked up. */
guint64 filter_hash(const void *key, size_t length);

/* A filter that holds the keys with these @hashes (guint64). (transfer full) */
GBytes *filter_new(const GArray *hashes);

/* False: the key is not in the set. True is wrong for one or two of a hundred other keys. */
bool filter_may_hold(const guint8 *filter, size_t size, guint64 hash);

/* A checksum of the filter, which shows damage. */
guint64 filter_sum(const guint8 *filter, size_t size);
