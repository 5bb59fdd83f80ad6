/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

/* The address in @text, which may carry brackets, `IPv6:` or a zone, as trace fields and Postfix
 * write them (RFC 5321, 4.1.3), in its usual spelling; an IPv4 address mapped into IPv6 comes out
 * as IPv4. NULL: @text is no address. (transfer full) (nullable) */
char *network_address(const char *text);

/* An address or ADDRESS/BITS; host bits must be 0. NULL: it is neither.
 * (transfer full) (nullable) */
GInetAddressMask *network_parse(const char *text);

/* Whether @networks (GPtrArray of GInetAddressMask) hold the address in @text (nullable). */
bool network_holds(const GPtrArray *networks, const char *text);
