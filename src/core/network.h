/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The address in @text, which may carry brackets, `IPv6:` or a zone, as trace fields and Postfix
 * write them (RFC 5321, 4.1.3), in its usual spelling; an IPv4 address mapped into IPv6 comes out
 * as IPv4. NULL: @text is no address. (transfer full) (nullable) */
char *network_address(const char *text);

/* The same of an address that a port may stand beside, as trace fields write it: `[ip.port]`,
 * `[ip:port]`, `[ip]:port`, and these without brackets. *@ret_has_port: there is one. What can be
 * read as an address alone is one. (transfer full) (nullable) */
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

/* As network_parse() takes it, in its usual spelling. (transfer full) */
char *network_text(const Network *network);

/* Whether it begins in 127.0.0.0/8, or is ::1. */
bool network_is_loopback(const Network *network);

/* Whether @networks (GPtrArray of Network) hold the address in @text (nullable). */
bool network_holds(const GPtrArray *networks, const char *text);

/* Whether @network, which is written as network_parse() takes it, holds the address in @text. It
 * costs as little as to read both. */
bool network_text_holds(const char *network, const char *text);
