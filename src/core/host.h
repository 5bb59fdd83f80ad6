/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "span.h"

/* A list of hosts (NULL-terminated) has items of three forms: a name, which is the host of that
 * name; `.example.org`, which is every host below that name, at any depth, but not the name itself;
 * and ADDRESS/BITS, which is every host that is named by an address in that network. Names are
 * compared without case and without one dot at the end. */

/* Whether @item is a name with a dot before it. */
bool host_is_suffix(const char *item);

/* Whether @item is ADDRESS/BITS, without host bits. */
bool host_is_network(const char *item);

/* Whether two host names are the same. */
bool host_same(const char *a, const char *b);

/* Whether @host is one of @hosts. */
bool host_in(Span host, const char *const *hosts);

/* The same, by a network alone: by none of the names. */
bool host_in_network(Span host, const char *const *hosts);

/* How often `by` and one of @hosts stand in @value, comments and strings included. Linear in the
 * length of @value. */
unsigned host_count_by(Span value, const char *const *hosts);

/* Whether @c can stand in the name of a host, as mail programs write it. */
bool host_has_char(char c);
