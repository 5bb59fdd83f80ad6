/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The address in @text, perhaps with brackets, `IPv6:` or a zone, as trace fields and Postfix write
 * them (RFC 5321, 4.1.3), in its canonical spelling; an IPv4-mapped IPv6 address becomes IPv4.
 * NULL: @text is no address. (transfer full) (nullable) */
char *network_address(const char *text);

/* The same for an address that may have a port, as trace fields write it: `[ip.port]`, `[ip:port]`,
 * `[ip]:port`, and these without brackets. *@ret_has_port: it has one. What can be read as an
 * address without a port is one. (transfer full) (nullable) */
char *network_endpoint(const char *text, bool *ret_has_port);

/* The addresses that begin with the first @bits of @bytes; those of IPv4 have a @size of 4 octets,
 * those of IPv6 of 16. */
typedef struct {
	guint8 bytes[16];
	guint8 size, bits;
} Network;

/* An address or ADDRESS/BITS; host bits must be 0. NULL: it is neither. (transfer full: g_free())
 * (nullable) */
Network *network_parse(const char *text);

/* The canonical spelling of @network. (transfer full) */
char *network_text(const Network *network);

/* Whether @network begins in 127.0.0.0/8, or is ::1. */
bool network_is_loopback(const Network *network);

/* Whether one of @networks (GPtrArray of Network) holds the address in @text; NULL is in none. */
bool network_holds(const GPtrArray *networks, const char *text);

/* Whether @network, as network_parse() accepts it, holds the address in @text. Cheap. */
bool network_text_holds(const char *network, const char *text);
