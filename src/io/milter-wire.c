/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * milter-wire: the packets between an MTA and a milter, bytes in, bytes out.
 * May know: the protocol's octets. Must not know: sockets, the order of commands, mail.
 * Fails: malformed data is a return value.
 * Follows libmilter (mfdef.h, mfapi.h), version 6, as Postfix and Sendmail speak it.
 */
#include "milter-wire.h"

#include <string.h>

#define LENGTH_SIZE sizeof(guint32)

static guint32
number_at(const char *bytes)
{
	guint32 n;

	memcpy(&n, bytes, sizeof n);
	return GUINT32_FROM_BE(n);
}

WireRead
wire_read(const char *bytes, size_t length, WirePacket *ret)
{
	*ret = (WirePacket){ 0 };
	if (length < LENGTH_SIZE)
		return WIRE_MORE;
	size_t n = number_at(bytes);
	if (n == 0 || n > WIRE_PACKET_MAX)
		return WIRE_BAD;
	ret->size = LENGTH_SIZE + n;
	if (length < ret->size)
		return WIRE_MORE;
	ret->command = bytes[LENGTH_SIZE];
	ret->data = (WireBytes){ bytes + LENGTH_SIZE + 1, n - 1 };
	return WIRE_PACKET;
}

static WireBytes
behind(WireBytes bytes, size_t n)
{
	return (WireBytes){ bytes.data + n, bytes.length - n };
}

bool
wire_negotiation(WireBytes data, WireNegotiation *ret)
{
	if (data.length < 3 * sizeof(guint32))
		return false;
	ret->version = number_at(data.data);
	ret->actions = number_at(data.data + 4);
	ret->protocol = number_at(data.data + 8);
	return true;
}

bool
wire_next_string(WireBytes *rest, WireBytes *ret)
{
	const char *nul = rest->length ? memchr(rest->data, '\0', rest->length) : NULL;

	if (!nul)
		return false;
	*ret = (WireBytes){ rest->data, (size_t)(nul - rest->data) };
	*rest = behind(*rest, ret->length + 1);
	return true;
}

bool
wire_string(WireBytes data, WireBytes *ret)
{
	WireBytes string;

	if (!wire_next_string(&data, &string) || data.length > 0)
		return false;
	*ret = string;
	return true;
}

bool
wire_connection(WireBytes data, WireConnection *ret)
{
	WireConnection connection = { 0 };

	if (!wire_next_string(&data, &connection.host) || data.length == 0)
		return false;
	connection.family = *data.data;
	data = behind(data, 1);
	switch (connection.family) {
	case 'U':
		if (data.length > 0)
			return false;
		break;
	case '4':
	case '6':
	case 'L':
		if (data.length < sizeof connection.port)
			return false;
		memcpy(&connection.port, data.data, sizeof connection.port);
		connection.port = GUINT16_FROM_BE(connection.port);
		if (!wire_string(behind(data, sizeof connection.port), &connection.address))
			return false;
		break;
	default:
		return false;
	}
	*ret = connection;
	return true;
}

/* Takes two strings from @rest, or nothing. */
static bool
next_pair(WireBytes *rest, WireBytes *ret_first, WireBytes *ret_second)
{
	WireBytes at = *rest, first, second;

	if (!wire_next_string(&at, &first) || !wire_next_string(&at, &second))
		return false;
	*rest = at;
	*ret_first = first;
	*ret_second = second;
	return true;
}

bool
wire_header(WireBytes data, WireBytes *ret_name, WireBytes *ret_value)
{
	WireBytes name, value;

	if (!next_pair(&data, &name, &value) || data.length > 0)
		return false;
	*ret_name = name;
	*ret_value = value;
	return true;
}

bool
wire_macros(WireBytes data, char *ret_command, WireBytes *ret_rest)
{
	if (data.length == 0)
		return false;
	*ret_command = *data.data;
	*ret_rest = behind(data, 1);
	return true;
}

bool
wire_next_macro(WireBytes *rest, WireBytes *ret_name, WireBytes *ret_value)
{
	WireBytes name;

	if (!next_pair(rest, &name, ret_value))
		return false;
	if (name.length >= 2 && name.data[0] == '{' && name.data[name.length - 1] == '}')
		name = (WireBytes){ name.data + 1, name.length - 2 };
	*ret_name = name;
	return true;
}

static void
put(GByteArray *out, const void *bytes, size_t length)
{
	g_byte_array_append(out, bytes, (guint)length);
}

static void
put_number(GByteArray *out, guint32 n)
{
	n = GUINT32_TO_BE(n);
	put(out, &n, sizeof n);
}

static void
put_octet(GByteArray *out, char octet)
{
	put(out, &octet, 1);
}

static void
put_string(GByteArray *out, WireBytes string)
{
	put(out, string.data, string.length);
	put_octet(out, '\0');
}

/* Begins a packet; end() fills in its length. Returns its offset in @out. */
static guint
begin(GByteArray *out, char command)
{
	guint at = out->len;

	put_number(out, 0);
	put_octet(out, command);
	return at;
}

static void
end(GByteArray *out, guint at)
{
	guint32 n = GUINT32_TO_BE(out->len - at - (guint)LENGTH_SIZE);

	memcpy(out->data + at, &n, sizeof n);
}

void
wire_put_negotiation(GByteArray *out, WireNegotiation wanted, const WireMacroList *lists, size_t n)
{
	guint at = begin(out, WIRE_NEGOTIATE);

	put_number(out, wanted.version);
	put_number(out, wanted.actions);
	put_number(out, wanted.protocol);
	for (size_t i = 0; i < n; i++) {
		put_number(out, lists[i].stage);
		put_string(out, (WireBytes){ lists[i].names, strlen(lists[i].names) });
	}
	end(out, at);
}

void
wire_put(GByteArray *out, WireReply reply)
{
	end(out, begin(out, (char)reply));
}

void
wire_put_refusal(GByteArray *out, const char *text)
{
	guint at = begin(out, 'y');

	for (const char *c = text; *c; c++) {
		put_octet(out, g_ascii_isprint(*c) ? *c : '?');
		if (*c == '%')
			put_octet(out, '%');
	}
	put_octet(out, '\0');
	end(out, at);
}

static bool
has_nul(WireBytes bytes)
{
	return bytes.length && memchr(bytes.data, '\0', bytes.length);
}

bool
wire_put_change(GByteArray *out, guint32 nth, WireBytes name, WireBytes value)
{
	/* Less the command, the number and two NULs. */
	size_t room = WIRE_PACKET_MAX - 1 - sizeof nth - 2;

	if (nth == 0 || name.length == 0 || has_nul(name) || has_nul(value) || name.length > room ||
	    value.length > room - name.length)
		return false;
	guint at = begin(out, 'm');
	put_number(out, nth);
	put_string(out, name);
	put_string(out, value);
	end(out, at);
	return true;
}
