/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A set of keys in so little memory that of most others it can only be told that they are not in it
 * (B. H. Bloom, 1970). Its bytes are the same on every machine. */

/* What stands for a key. */
guint64 filter_hash(const void *key, size_t length);

/* The set of the keys of @hashes (guint64). (transfer full) */
GBytes *filter_new(const GArray *hashes);

/* False: the key is not in the set. Of a hundred others one or two give true. */
bool filter_may_hold(const guint8 *filter, size_t size, guint64 hash);

/* A sum of all bytes, by which damage is noticed. */
guint64 filter_sum(const guint8 *filter, size_t size);
