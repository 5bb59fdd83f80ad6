/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-milter-wire: an MTA's packets are the same in whatever pieces they come, what is decoded
 * lies in its packet and makes the packet again, and what is written is read as it was meant.
 */
#include <string.h>

#include "fuzz.h"
#include "io/milter-wire.h"

static bool
same(WireBytes a, WireBytes b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static void
assert_within(WireBytes part, WireBytes whole)
{
	g_assert_true(part.data >= whole.data);
	g_assert_cmpuint(part.length, <=, whole.length);
	g_assert_cmpuint((size_t)(part.data - whole.data), <=, whole.length - part.length);
}

/* Adds a decoded string, with the NUL that ended it. */
static void
add(GString *made, WireBytes string, WireBytes data)
{
	assert_within(string, data);
	g_string_append_len(made, string.data, (gssize)string.length);
	g_string_append_c(made, '\0');
}

static void
assert_makes(const GString *made, WireBytes data)
{
	g_assert_cmpmem(made->str, made->len, data.data, data.length);
}

static WirePacket
read_written(const GByteArray *out, char command)
{
	WirePacket packet;

	g_assert_cmpint(wire_read((char *)out->data, out->len, &packet), ==, WIRE_PACKET);
	g_assert_cmpuint(packet.size, ==, out->len);
	g_assert_cmpint(packet.command, ==, command);
	return packet;
}

static void
check_change(WireBytes name, WireBytes value, guint32 nth)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	WireBytes again_name, again_value, data;
	guint32 number = GUINT32_TO_BE(nth);

	if (!wire_put_change(out, nth, name, value)) {
		g_assert_true(nth == 0 || name.length == 0);
		g_assert_cmpuint(out->len, ==, 0);
		return;
	}
	data = read_written(out, 'm').data;
	g_assert_cmpuint(data.length, >, sizeof number);
	g_assert_cmpmem(data.data, sizeof number, &number, sizeof number);
	data = (WireBytes){ data.data + sizeof number, data.length - sizeof number };
	g_assert_true(wire_header(data, &again_name, &again_value));
	g_assert_true(same(name, again_name));
	g_assert_true(same(value, again_value));
}

/* One line for an MTA, in which only doubled percent signs stand. */
static void
check_refusal(WireBytes text)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree char *string = g_strndup(text.data, text.length);
	WireBytes line;
	size_t length = 0;

	wire_put_refusal(out, string);
	g_assert_true(wire_string(read_written(out, 'y').data, &line));
	for (size_t i = 0; i < line.length; i++, length++) {
		g_assert_true(line.data[i] >= ' ' && line.data[i] <= '~');
		if (line.data[i] == '%')
			g_assert_cmpint(line.data[++i], ==, '%');
	}
	g_assert_cmpuint(length, ==, strlen(string));
}

static void
check_negotiation(WireNegotiation negotiation)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	WireNegotiation again;

	wire_put_negotiation(out, negotiation, NULL, 0);
	g_assert_true(wire_negotiation(read_written(out, WIRE_NEGOTIATE).data, &again));
	g_assert_cmpmem(&again, sizeof again, &negotiation, sizeof negotiation);
}

static void
check_strings(WireBytes data)
{
	g_autoptr(GString) made = g_string_new(NULL);
	WireBytes rest = data, string;

	while (wire_next_string(&rest, &string)) {
		add(made, string, data);
		check_refusal(string);
	}
	if (rest.length > 0)
		assert_within(rest, data);
	g_string_append_len(made, rest.data, (gssize)rest.length);
	assert_makes(made, data);
	g_assert_true(wire_string(data, &string) ==
	              (made->len && strlen(made->str) == made->len - 1));
}

static void
check_macros(WireBytes data)
{
	WireBytes rest, name, value;
	char command;

	if (!wire_macros(data, &command, &rest)) {
		g_assert_cmpuint(data.length, ==, 0);
		return;
	}
	for (WireBytes before = rest; wire_next_macro(&rest, &name, &value); before = rest) {
		size_t braces = value.data - name.data > (ptrdiff_t)name.length + 1;
		assert_within(name, before);
		assert_within(value, before);
		g_assert_true(name.data + name.length + braces + 1 == value.data);
		g_assert_true(name.data - braces == before.data);
		g_assert_true(value.data + value.length + 1 == rest.data);
	}
	g_assert_true(!wire_next_string(&rest, &name) || !wire_next_string(&rest, &name));
}

static void
check_connection(WireBytes data)
{
	g_autoptr(GString) made = g_string_new(NULL);
	WireConnection connection;

	if (!wire_connection(data, &connection))
		return;
	add(made, connection.host, data);
	g_string_append_c(made, connection.family);
	if (connection.family != 'U') {
		g_string_append_c(made, (char)(connection.port >> 8));
		g_string_append_c(made, (char)(connection.port & 0xff));
		add(made, connection.address, data);
	}
	assert_makes(made, data);
}

static void
check_header(WireBytes data)
{
	g_autoptr(GString) made = g_string_new(NULL);
	WireBytes name, value;

	if (!wire_header(data, &name, &value))
		return;
	add(made, name, data);
	add(made, value, data);
	assert_makes(made, data);
	check_change(name, value, (guint32)value.length);
}

/* Every decoder, whatever the command says. */
static void
check_data(WireBytes data)
{
	WireNegotiation negotiation;

	check_strings(data);
	check_macros(data);
	check_connection(data);
	check_header(data);
	if (wire_negotiation(data, &negotiation))
		check_negotiation(negotiation);
}

/* Each beginning of the packet asks for the rest, and says how much once it can be known. */
static void
check_pieces(const char *bytes, size_t length, WireRead read, const WirePacket *packet)
{
	for (size_t n = 0; n < length; n++) {
		WirePacket piece;
		WireRead wanted = n < 4 ? WIRE_MORE : read;
		if (read == WIRE_PACKET && n < packet->size)
			wanted = WIRE_MORE;
		g_assert_cmpint(wire_read(bytes, n, &piece), ==, wanted);
		g_assert_cmpuint(piece.size, ==, n < 4 ? 0 : packet->size);
		if (wanted == WIRE_PACKET)
			g_assert_true(same(piece.data, packet->data));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	for (size_t at = 0; at < size;) {
		WirePacket packet;
		WireRead read = wire_read(bytes + at, size - at, &packet);
		check_pieces(bytes + at, MIN(size - at, 300), read, &packet);
		if (read != WIRE_PACKET) {
			g_assert_true(packet.size == 0 || packet.size > size - at);
			break;
		}
		assert_within(packet.data, (WireBytes){ bytes + at, packet.size });
		check_data(packet.data);
		at += packet.size;
	}
	check_data((WireBytes){ bytes, size });
	return 0;
}
