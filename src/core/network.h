/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

/* The address in @text, perhaps with brackets, `IPv6:` or a zone, as trace fields and Postfix write
 * them (RFC 5321, 4.1.3), in its canonical spelling; an IPv4-mapped IPv6 address becomes IPv4.
 * NULL: @text is no address. (transfer full) (nullable) */
char *network_address(const char *text);

/* The same for an address that may have a port, as trace fields write it: `[ip.port]`, `[ip:port]`,
 * `[ip]:port`, and these without brackets. *@ret_has_port: it has one. What can be read as an
 * address without a port is one. (transfer full) (nullable) */
char *network_endpoint(const char *text, bool *ret_has_port);

/* An address or ADDRESS/BITS; host bits must be 0. NULL: it is neither.
 * (transfer full) (nullable) */
GInetAddressMask *network_parse(const char *text);

/* Whether one of @networks (GPtrArray of GInetAddressMask) holds the address in @text; NULL is in
 * none. */
bool network_holds(const GPtrArray *networks, const char *text);

/* Whether @network, as network_parse() accepts it, holds the address in @text. Cheap. */
bool network_text_holds(const char *network, const char *text);
