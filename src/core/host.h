/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "span.h"

/* A list of hosts (NULL-terminated) has items of three forms: a name, for the host with that name;
 * `.example.org`, for every host below that name, at any depth, but not the name itself; and
 * ADDRESS/BITS, for every host that is named by an address in that network. Names are compared
 * without case and without one dot at the end. */

/* Whether @item is a suffix: a name after a dot. */
bool host_is_suffix(const char *item);

/* Whether @item is ADDRESS/BITS, without host bits. */
bool host_is_network(const char *item);

/* Whether two host names are the same. */
bool host_same(const char *a, const char *b);

/* Whether @host is in the list @hosts. */
bool host_in(Span host, const char *const *hosts);

/* Whether @host is in the list @hosts by a network, and by no name or suffix. */
bool host_in_network(Span host, const char *const *hosts);

/* How often `by` followed by one of @hosts stands in @value, including comments and strings. Linear
 * in the length of @value. */
unsigned host_count_by(Span value, const char *const *hosts);

/* Whether @c can be part of the name of a host, as mail programs write it. */
bool host_has_char(char c);
