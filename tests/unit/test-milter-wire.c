/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves the octets of each packet between an MTA and a milter: which are read, which are refused,
 * and which are written. */
#include "io/milter-wire.h"

#include <string.h>

/* The octets of a string constant, with NULs, without its own. */
#define BYTES(text) ((WireBytes){ text, sizeof(text) - 1 })

#define assert_bytes(bytes, wanted)                                                                \
	g_assert_cmpmem((bytes).data, (bytes).length, wanted, strlen(wanted))

static void
test_constants(void)
{
	static const struct {
		char found, wanted;
	} commands[] = {
		{ WIRE_ABORT, 'A' },
		{ WIRE_BODY, 'B' },
		{ WIRE_CONNECT, 'C' },
		{ WIRE_MACROS, 'D' },
		{ WIRE_END_OF_MESSAGE, 'E' },
		{ WIRE_HELO, 'H' },
		{ WIRE_QUIT_NEW_CONNECTION, 'K' },
		{ WIRE_HEADER, 'L' },
		{ WIRE_MAIL, 'M' },
		{ WIRE_END_OF_HEADERS, 'N' },
		{ WIRE_NEGOTIATE, 'O' },
		{ WIRE_QUIT, 'Q' },
		{ WIRE_RCPT, 'R' },
		{ WIRE_DATA, 'T' },
		{ WIRE_UNKNOWN, 'U' },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_assert_cmpint(commands[i].found, ==, commands[i].wanted);
	g_assert_cmpuint(WIRE_VERSION, ==, 6);
	g_assert_cmpuint(WIRE_CHANGE_HEADERS, ==, 1 << 4);
	g_assert_cmpuint(WIRE_LIST_MACROS, ==, 1 << 8);
	g_assert_cmpuint(WIRE_NO_BODY, ==, 1 << 4);
	g_assert_cmpuint(WIRE_NR_HEADER, ==, 1 << 7);
	g_assert_cmpuint(WIRE_NO_UNKNOWN, ==, 1 << 8);
	g_assert_cmpuint(WIRE_NO_DATA, ==, 1 << 9);
	g_assert_cmpuint(WIRE_NR_CONNECT, ==, 1 << 12);
	g_assert_cmpuint(WIRE_NR_HELO, ==, 1 << 13);
	g_assert_cmpuint(WIRE_NR_MAIL, ==, 1 << 14);
	g_assert_cmpuint(WIRE_NR_RCPT, ==, 1 << 15);
	g_assert_cmpuint(WIRE_NR_DATA, ==, 1 << 16);
	g_assert_cmpuint(WIRE_NR_UNKNOWN, ==, 1 << 17);
	g_assert_cmpuint(WIRE_NR_END_OF_HEADERS, ==, 1 << 18);
	g_assert_cmpuint(WIRE_NR_BODY, ==, 1 << 19);
	g_assert_cmpuint(WIRE_LEADING_SPACE, ==, 1 << 20);
	g_assert_cmpuint(WIRE_AT_CONNECT, ==, 0);
	g_assert_cmpuint(WIRE_AT_HELO, ==, 1);
	g_assert_cmpuint(WIRE_AT_MAIL, ==, 2);
	g_assert_cmpuint(WIRE_AT_RCPT, ==, 3);
	g_assert_cmpuint(WIRE_AT_DATA, ==, 4);
	g_assert_cmpuint(WIRE_AT_END_OF_MESSAGE, ==, 5);
	g_assert_cmpuint(WIRE_AT_END_OF_HEADERS, ==, 6);
}

/* Packets as Postfix sends them. */
static const struct {
	const char *name;
	WireBytes bytes;
	char command;
} packets[] = {
	{ "negotiate",
	  BYTES("\0\0\0\x0d"
	        "O\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"),
	  'O' },
	{ "macros",
	  BYTES("\0\0\0\x12"
	        "DMi\0queue\0{tls}\0x\0"),
	  'D' },
	{ "connect",
	  BYTES("\0\0\0\x13"
	        "Chost\0"
	        "4\x30\x39"
	        "192.0.2.1\0"),
	  'C' },
	{ "helo", BYTES("\0\0\0\4Ha.\0"), 'H' },
	{ "header",
	  BYTES("\0\0\0\x0b"
	        "LFrom\0 a@b\0"),
	  'L' },
	{ "end-of-headers", BYTES("\0\0\0\1N"), 'N' },
	{ "body", BYTES("\0\0\0\5B\0\r\n\0"), 'B' },
	{ "end-of-message", BYTES("\0\0\0\1E"), 'E' },
	{ "any-command", BYTES("\0\0\0\2\xff\xff"), '\xff' },
	{ "length-as-command", BYTES("\0\0\0\1\0"), '\0' },
};

static WireRead
read_copy(const char *bytes, size_t length, WirePacket *ret)
{
	/* Of just this size, so that a byte too far is seen. */
	g_autofree char *copy = g_memdup2(bytes, MAX(length, 1));
	WireRead read = wire_read(copy, length, ret);

	if (read == WIRE_PACKET) {
		g_assert_true(ret->data.data == copy + 5);
		ret->data.data = bytes + 5;
	}
	return read;
}

static void
test_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
		WireBytes bytes = packets[i].bytes;
		WirePacket packet;
		g_test_message("%s", packets[i].name);
		for (size_t n = 0; n < bytes.length; n++) {
			g_assert_cmpint(read_copy(bytes.data, n, &packet), ==, WIRE_MORE);
			g_assert_cmpuint(packet.size, ==, n < 4 ? 0 : bytes.length);
		}
		g_assert_cmpint(read_copy(bytes.data, bytes.length, &packet), ==, WIRE_PACKET);
		g_assert_cmpint(packet.command, ==, packets[i].command);
		g_assert_cmpmem(packet.data.data, packet.data.length, bytes.data + 5,
		                bytes.length - 5);
		g_assert_cmpuint(packet.size, ==, bytes.length);

		/* What follows is not touched. */
		g_autofree char *more = g_malloc0(bytes.length + 7);
		memcpy(more, bytes.data, bytes.length);
		g_assert_cmpint(wire_read(more, bytes.length + 7, &packet), ==, WIRE_PACKET);
		g_assert_cmpuint(packet.size, ==, bytes.length);
		g_assert_cmpuint(packet.data.length, ==, bytes.length - 5);
	}
}

static void
test_lengths(void)
{
	static const struct {
		WireBytes bytes;
		WireRead read;
		size_t size;
	} rows[] = {
		{ BYTES("\0\0\0\0"), WIRE_BAD, 0 },
		{ BYTES("\0\0\0\0Q"), WIRE_BAD, 0 },
		{ BYTES("\0\0\0\1"), WIRE_MORE, 5 },
		{ BYTES("\0\1\0\0B"), WIRE_MORE, 65536 + 4 },
		{ BYTES("\0\x10\0\0B"), WIRE_MORE, 1024 * 1024 + 4 },
		{ BYTES("\0\x10\0\1B"), WIRE_BAD, 0 },
		{ BYTES("\1\0\0\0B"), WIRE_BAD, 0 },
		{ BYTES("\x7f\xff\xff\xff"), WIRE_BAD, 0 },
		{ BYTES("\x80\0\0\0"), WIRE_BAD, 0 },
		{ BYTES("\xff\xff\xff\xfc"), WIRE_BAD, 0 },
		{ BYTES("\xff\xff\xff\xff"), WIRE_BAD, 0 },
	};
	WirePacket packet;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%zu", i);
		g_assert_cmpint(read_copy(rows[i].bytes.data, rows[i].bytes.length, &packet), ==,
		                rows[i].read);
		g_assert_cmpuint(packet.size, ==, rows[i].size);
	}

	g_autofree char *longest = g_malloc0(4 + WIRE_PACKET_MAX);
	memcpy(longest, "\0\x10\0\0B", 5);
	g_assert_cmpint(wire_read(longest, 3 + WIRE_PACKET_MAX, &packet), ==, WIRE_MORE);
	g_assert_cmpint(wire_read(longest, 4 + WIRE_PACKET_MAX, &packet), ==, WIRE_PACKET);
	g_assert_cmpuint(packet.data.length, ==, WIRE_PACKET_MAX - 1);
}

/* What a decoder finds: its items, in their order, each with `|` behind it; "malformed". */
typedef char *(*Decode)(WireBytes data);

static void
show(GString *to, WireBytes bytes)
{
	g_string_append_len(to, bytes.data, (gssize)bytes.length);
	g_string_append_c(to, '|');
}

static char *
decode_negotiation(WireBytes data)
{
	WireNegotiation n;

	if (!wire_negotiation(data, &n))
		return g_strdup("malformed");
	return g_strdup_printf("%x %x %x", n.version, n.actions, n.protocol);
}

static char *
decode_connection(WireBytes data)
{
	GString *shown = g_string_new(NULL);
	WireConnection connection;

	if (!wire_connection(data, &connection)) {
		g_string_append(shown, "malformed");
	} else {
		show(shown, connection.host);
		g_string_append_printf(shown, "%c%u|", connection.family, connection.port);
		show(shown, connection.address);
	}
	return g_string_free(shown, false);
}

static char *
decode_string(WireBytes data)
{
	GString *shown = g_string_new(NULL);
	WireBytes string;

	if (wire_string(data, &string))
		show(shown, string);
	else
		g_string_append(shown, "malformed");
	return g_string_free(shown, false);
}

static char *
decode_header(WireBytes data)
{
	GString *shown = g_string_new(NULL);
	WireBytes name, value;

	if (wire_header(data, &name, &value)) {
		show(shown, name);
		show(shown, value);
	} else {
		g_string_append(shown, "malformed");
	}
	return g_string_free(shown, false);
}

static char *
decode_strings(WireBytes rest)
{
	GString *shown = g_string_new(NULL);
	WireBytes string;

	while (wire_next_string(&rest, &string))
		show(shown, string);
	if (rest.length > 0)
		g_string_append(shown, "malformed");
	return g_string_free(shown, false);
}

static char *
decode_macros(WireBytes data)
{
	GString *shown = g_string_new(NULL);
	WireBytes rest, name, value;
	char command;

	if (!wire_macros(data, &command, &rest)) {
		g_string_append(shown, "malformed");
		return g_string_free(shown, false);
	}
	g_string_append_c(shown, command);
	g_string_append_c(shown, '|');
	while (wire_next_macro(&rest, &name, &value)) {
		show(shown, name);
		show(shown, value);
	}
	if (rest.length > 0)
		g_string_append(shown, "malformed");
	return g_string_free(shown, false);
}

static const struct {
	const char *name;
	Decode decode;
	WireBytes data;
	const char *wanted;
} decoded[] = {
	{ "negotiation", decode_negotiation, BYTES("\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"),
	  "6 1ff 1fffff" },
	{ "negotiation-octets", decode_negotiation,
	  BYTES("\x12\x34\x56\x78\xfe\xdc\xba\x98\x80\0\0\1"), "12345678 fedcba98 80000001" },
	{ "negotiation-short", decode_negotiation, BYTES("\0\0\0\6\0\0\1\xff\0\x1f\xff"),
	  "malformed" },
	{ "negotiation-none", decode_negotiation, BYTES(""), "malformed" },
	{ "negotiation-longer", decode_negotiation, BYTES("\0\0\0\7\0\0\0\1\0\0\0\2more"),
	  "7 1 2" },

	{ "connect-4", decode_connection,
	  BYTES("mx.example\0004\x30\x39"
	        "192.0.2.1\0"),
	  "mx.example|412345|192.0.2.1|" },
	{ "connect-6", decode_connection,
	  BYTES("[::1]\0006\xff\xff"
	        "IPv6:::1\0"),
	  "[::1]|665535|IPv6:::1|" },
	{ "connect-local", decode_connection, BYTES("localhost\0L\0\0/run/x\0"),
	  "localhost|L0|/run/x|" },
	{ "connect-no-port", decode_connection,
	  BYTES("localhost\0004\0\0"
	        "127.0.0.1\0"),
	  "localhost|40|127.0.0.1|" },
	{ "connect-unknown", decode_connection, BYTES("unknown\0U"), "unknown|U0||" },
	{ "connect-empty", decode_connection, BYTES("\0004\0\1\0"), "|41||" },
	{ "connect-unknown-and-more", decode_connection, BYTES("unknown\0U\0\0x\0"), "malformed" },
	{ "connect-odd-family", decode_connection,
	  BYTES("a\0005\0\1"
	        "x\0"),
	  "malformed" },
	{ "connect-nul-as-family", decode_connection, BYTES("a\0\0\0\1x\0"), "malformed" },
	{ "connect-no-nul", decode_connection, BYTES("host"), "malformed" },
	{ "connect-no-family", decode_connection, BYTES("host\0"), "malformed" },
	{ "connect-half-port", decode_connection, BYTES("a\0004\0"), "malformed" },
	{ "connect-no-address", decode_connection, BYTES("a\0004\0\1"), "malformed" },
	{ "connect-address-cut", decode_connection,
	  BYTES("a\0004\0\1"
	        "192"),
	  "malformed" },
	{ "connect-nul-in-address", decode_connection,
	  BYTES("a\0004\0\1"
	        "1\0002\0"),
	  "malformed" },
	{ "connect-none", decode_connection, BYTES(""), "malformed" },

	{ "helo", decode_string, BYTES("mx.example\0"), "mx.example|" },
	{ "helo-empty", decode_string, BYTES("\0"), "|" },
	{ "helo-8-bit", decode_string, BYTES("\xff\xfe\0"), "\xff\xfe|" },
	{ "helo-none", decode_string, BYTES(""), "malformed" },
	{ "helo-cut", decode_string, BYTES("mx"), "malformed" },
	{ "helo-two", decode_string, BYTES("mx\0x\0"), "malformed" },
	{ "helo-and-more", decode_string, BYTES("mx\0x"), "malformed" },

	{ "header", decode_header, BYTES("From\0 \"A\" <a@b>\n\t(c)\0"),
	  "From| \"A\" <a@b>\n\t(c)|" },
	{ "header-empty-value", decode_header, BYTES("Subject\0\0"), "Subject||" },
	{ "header-empty", decode_header, BYTES("\0\0"), "||" },
	{ "header-no-value", decode_header, BYTES("Subject\0"), "malformed" },
	{ "header-value-cut", decode_header, BYTES("Subject\0a"), "malformed" },
	{ "header-name-cut", decode_header, BYTES("Subject"), "malformed" },
	{ "header-nul-in-value", decode_header, BYTES("Subject\0a\0b\0"), "malformed" },
	{ "header-nul-behind", decode_header, BYTES("Subject\0a\0\0"), "malformed" },
	{ "header-none", decode_header, BYTES(""), "malformed" },

	{ "mail", decode_strings, BYTES("<a@b>\0SIZE=12\0BODY=8BITMIME\0"),
	  "<a@b>|SIZE=12|BODY=8BITMIME|" },
	{ "mail-null-sender", decode_strings, BYTES("<>\0"), "<>|" },
	{ "mail-empty", decode_strings, BYTES("\0\0"), "||" },
	{ "mail-none", decode_strings, BYTES(""), "" },
	{ "mail-cut", decode_strings, BYTES("<a@b>\0SIZE"), "<a@b>|malformed" },
	{ "mail-no-nul", decode_strings, BYTES("<a@b>"), "malformed" },

	{ "macros", decode_macros, BYTES("Mi\0q1\0{auth_authen}\0joe\0_\0\0"),
	  "M|i|q1|auth_authen|joe|_||" },
	{ "macros-none", decode_macros, BYTES("C"), "C|" },
	{ "macros-braces", decode_macros,
	  BYTES("H{}\0a\0{\0b\0}\0c\0{i}\0d\0{a\0e\0a}\0f\0{{a}}\0g\0\0h\0"),
	  "H||a|{|b|}|c|i|d|{a|e|a}|f|{a}|g||h|" },
	{ "macros-no-command", decode_macros, BYTES(""), "malformed" },
	{ "macros-no-value", decode_macros, BYTES("Mi\0q1\0j\0"), "M|i|q1|malformed" },
	{ "macros-value-cut", decode_macros, BYTES("Mi\0q1\0j\0mx"), "M|i|q1|malformed" },
	{ "macros-name-cut", decode_macros, BYTES("Mi\0q1\0j"), "M|i|q1|malformed" },
};

static void
test_decoded(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decoded); i++) {
		WireBytes data = decoded[i].data;
		g_autofree char *copy = g_memdup2(data.data, MAX(data.length, 1));
		g_autofree char *found = decoded[i].decode((WireBytes){ copy, data.length });
		g_test_message("%s", decoded[i].name);
		g_assert_cmpstr(found, ==, decoded[i].wanted);
	}
}

/* Whatever a packet is cut to, nothing behind it is read, and what has no end is malformed. */
static void
test_cut(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decoded); i++) {
		WireBytes data = decoded[i].data;
		g_test_message("%s", decoded[i].name);
		for (size_t n = 0; n < data.length; n++) {
			g_autofree char *copy = g_memdup2(data.data, MAX(n, 1));
			g_autofree char *found = decoded[i].decode((WireBytes){ copy, n });
			if (decoded[i].decode == decode_strings && n > 0 && copy[n - 1])
				g_assert_true(g_str_has_suffix(found, "malformed"));
			if (decoded[i].decode == decode_string &&
			    memchr(copy, 0, n) != copy + n - 1)
				g_assert_cmpstr(found, ==, "malformed");
		}
	}
}

/* A decoder that finds nothing leaves what it was given. */
static void
test_untouched(void)
{
	WireBytes a = BYTES("a"), b = BYTES("b"), rest = BYTES("name\0value");
	WireConnection connection = { .family = 'x' };
	WireNegotiation negotiation = { 1, 2, 3 };

	g_assert_false(wire_header(BYTES("x\0y\0z\0"), &a, &b));
	g_assert_false(wire_string(BYTES("x\0y\0"), &a));
	g_assert_false(wire_next_macro(&rest, &a, &b));
	g_assert_cmpmem(rest.data, rest.length, "name\0value", 10);
	g_assert_false(wire_connection(BYTES("x\0005"), &connection));
	g_assert_false(wire_negotiation(BYTES("xxx"), &negotiation));
	assert_bytes(a, "a");
	assert_bytes(b, "b");
	g_assert_cmpint(connection.family, ==, 'x');
	g_assert_cmpuint(negotiation.version, ==, 1);
}

static void
assert_written(GByteArray *out, WireBytes wanted)
{
	WirePacket packet;

	g_assert_cmpmem(out->data, out->len, wanted.data, wanted.length);
	g_assert_cmpint(wire_read((char *)out->data, out->len, &packet), ==, WIRE_PACKET);
	g_assert_cmpuint(packet.size, ==, wanted.length);
	g_byte_array_set_size(out, 0);
}

static void
test_replies(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	wire_put(out, WIRE_CONTINUE);
	assert_written(out, BYTES("\0\0\0\1c"));
	wire_put(out, WIRE_ACCEPT);
	assert_written(out, BYTES("\0\0\0\1a"));
	wire_put(out, WIRE_TEMPFAIL);
	assert_written(out, BYTES("\0\0\0\1t"));
	wire_put(out, WIRE_PROGRESS);
	assert_written(out, BYTES("\0\0\0\1p"));
	wire_put_refusal(out, "451 4.3.0 barefrom: no memory");
	assert_written(out, BYTES("\0\0\0\x1fy451 4.3.0 barefrom: no memory\0"));
}

static void
test_refusal_is_one_line(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	wire_put_refusal(out, "550 5.6.0 50% %s%%");
	assert_written(out, BYTES("\0\0\0\x18y550 5.6.0 50%% %%s%%%%\0"));
	wire_put_refusal(out, "550 5.6.0 a\r\nb\tc\x7f\xc3\xa4~");
	assert_written(out, BYTES("\0\0\0\x16y550 5.6.0 a??b?c???~\0"));
}

static void
test_negotiation_written(void)
{
	static const WireMacroList lists[] = {
		{ WIRE_AT_CONNECT, "j {daemon_name}" },
		{ WIRE_AT_END_OF_MESSAGE, "i" },
		{ WIRE_AT_END_OF_HEADERS, "" },
	};
	g_autoptr(GByteArray) out = g_byte_array_new();
	WireNegotiation wanted = { WIRE_VERSION, WIRE_CHANGE_HEADERS | WIRE_LIST_MACROS,
		                   WIRE_NO_BODY | WIRE_LEADING_SPACE };

	wire_put_negotiation(out, wanted, NULL, 0);
	assert_written(out, BYTES("\0\0\0\x0dO\0\0\0\6\0\0\1\x10\0\x10\0\x10"));
	wire_put_negotiation(out, wanted, lists, G_N_ELEMENTS(lists));
	assert_written(out, BYTES("\0\0\0\x2cO\0\0\0\6\0\0\1\x10\0\x10\0\x10"
	                          "\0\0\0\0j {daemon_name}\0\0\0\0\5i\0\0\0\0\6\0"));
}

static void
test_change(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	g_assert_true(wire_put_change(out, 1, BYTES("From"), BYTES(" a@b")));
	assert_written(out, BYTES("\0\0\0\x0fm\0\0\0\1From\0 a@b\0"));
	g_assert_true(wire_put_change(out, 0x01020304, BYTES("Reply-To"), BYTES("a\n\tb")));
	assert_written(out, BYTES("\0\0\0\x13m\1\2\3\4Reply-To\0a\n\tb\0"));
	g_assert_true(wire_put_change(out, 2, BYTES("From"), BYTES("")));
	assert_written(out, BYTES("\0\0\0\x0bm\0\0\0\2From\0\0"));

	/* Packets stand one behind the other. */
	wire_put(out, WIRE_PROGRESS);
	g_assert_true(wire_put_change(out, 1, BYTES("X"), BYTES("y")));
	wire_put(out, WIRE_CONTINUE);
	g_assert_cmpmem(out->data, out->len, "\0\0\0\1p\0\0\0\x9m\0\0\0\1X\0y\0\0\0\0\1c", 23);
}

static void
test_change_refused(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	size_t room = WIRE_PACKET_MAX - 1 - 4 - strlen("From") - 2;
	g_autofree char *text = g_strnfill(room + 1, 'x');
	WirePacket packet;

	g_assert_false(wire_put_change(out, 0, BYTES("From"), BYTES("a")));
	g_assert_false(wire_put_change(out, 1, BYTES(""), BYTES("a")));
	g_assert_false(wire_put_change(out, 1, BYTES("Fr\0m"), BYTES("a")));
	g_assert_false(wire_put_change(out, 1, BYTES("From"), BYTES("a\0b")));
	g_assert_false(wire_put_change(out, 1, BYTES("From"), (WireBytes){ text, room + 1 }));
	g_assert_false(wire_put_change(out, 1, (WireBytes){ text, room + 1 }, BYTES("From")));
	g_assert_cmpuint(out->len, ==, 0);

	g_assert_true(wire_put_change(out, 1, BYTES("From"), (WireBytes){ text, room }));
	g_assert_cmpint(wire_read((char *)out->data, out->len, &packet), ==, WIRE_PACKET);
	g_assert_cmpuint(packet.size, ==, out->len);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/milter-wire/constants", test_constants);
	g_test_add_func("/milter-wire/read", test_read);
	g_test_add_func("/milter-wire/lengths", test_lengths);
	g_test_add_func("/milter-wire/decoded", test_decoded);
	g_test_add_func("/milter-wire/cut", test_cut);
	g_test_add_func("/milter-wire/untouched", test_untouched);
	g_test_add_func("/milter-wire/replies", test_replies);
	g_test_add_func("/milter-wire/refusal-is-one-line", test_refusal_is_one_line);
	g_test_add_func("/milter-wire/negotiation-written", test_negotiation_written);
	g_test_add_func("/milter-wire/change", test_change);
	g_test_add_func("/milter-wire/change-refused", test_change_refused);
	return g_test_run();
}
