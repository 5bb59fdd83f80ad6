/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * address: the value of a sender field -> its addr-specs and the names beside them, or "not
 * understood"; and the bare value built from addr-specs.
 * May know: the grammar of addresses. Must not know: heads, policy, placeholders, GMime.
 * Fails: never; doubt is "not understood".
 * Follows RFC 5322, 3.2, 3.4 and 4.4, RFC 6532; takes more text before <addr-spec> than these do.
 */
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

#include "lexer.h"

#define LINE_MAX_BYTES 78

typedef struct {
	const char *data;
	size_t length;
	size_t at;
} Cursor;

bool
address_is_atext(char c)
{
	return (unsigned char)c >= 0x80 || g_ascii_isalnum(c) ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool
at_char(const Cursor *c, char wanted)
{
	return c->at < c->length && c->data[c->at] == wanted;
}

/* Steps over the delimited run that begins under the cursor; false if it is not closed. */
static bool
skip_delimited(Cursor *c, char open, char close, bool nests)
{
	size_t depth = 1;

	for (c->at++; c->at < c->length; c->at++) {
		char b = c->data[c->at];
		if (b == '\\') {
			c->at++;
		} else if (b == close) {
			if (--depth == 0) {
				c->at++;
				return true;
			}
		} else if (nests && b == open) {
			depth++;
		}
	}
	c->at = c->length;
	return false;
}

static bool
skip_comment(Cursor *c)
{
	return skip_delimited(c, '(', ')', true);
}

static bool
skip_quoted(Cursor *c)
{
	return skip_delimited(c, '"', '"', false);
}

static bool
skip_cfws(Cursor *c)
{
	while (c->at < c->length) {
		if (lexer_is_blank(c->data[c->at]))
			c->at++;
		else if (c->data[c->at] != '(')
			break;
		else if (!skip_comment(c))
			return false;
	}
	return true;
}

/* Text that a reader would decode once it has taken the quotes off: =?charset?encoding? (RFC 2047),
 * closed or not. */
static bool
has_encoded_word(const char *spec)
{
	if (!strchr(spec, '?'))
		return false;
	g_autofree char *text = g_strdup(spec);
	char *to = text;
	for (const char *from = spec; *from; from++) {
		if (*from != '"' && *from != '\\')
			*to++ = *from;
	}
	*to = '\0';
	for (const char *at = strstr(text, "=?"); at; at = strstr(at + 2, "=?")) {
		const char *mark = strchr(at + 2, '?');
		if (!mark)
			return false;
		if (g_ascii_isalpha(mark[1]) && mark[2] == '?')
			return true;
	}
	return false;
}

/* Whether an addr-spec, CFWS taken out, can be shown without showing anything else. */
static bool
addr_spec_is_plain(const GString *spec)
{
	bool quoted = false;

	if (!g_utf8_validate_len(spec->str, spec->len, NULL) || has_encoded_word(spec->str))
		return false;
	for (const char *p = spec->str; *p; p = g_utf8_next_char(p)) {
		if (quoted && (*p == ' ' || *p == '\t'))
			continue;
		if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\')) {
			p++;
			continue;
		}
		if (*p == '"')
			quoted = !quoted;
		if (g_ascii_isgraph(*p))
			continue;
		switch (g_unichar_type(g_utf8_get_char(p))) {
		case G_UNICODE_CONTROL:
		case G_UNICODE_FORMAT:
		case G_UNICODE_UNASSIGNED:
		case G_UNICODE_PRIVATE_USE:
		case G_UNICODE_SURROGATE:
		case G_UNICODE_LINE_SEPARATOR:
		case G_UNICODE_PARAGRAPH_SEPARATOR:
		case G_UNICODE_SPACE_SEPARATOR:
			return false;
		default:
			break;
		}
	}
	return true;
}

/* local-part or obs-local-part, dots anywhere. */
static bool
read_local_part(Cursor *c, GString *spec, bool *odd_dots)
{
	bool word = false, any = false, odd = false;

	while (skip_cfws(c) && c->at < c->length) {
		char b = c->data[c->at];
		size_t start = c->at;
		if (b == '.') {
			odd = odd || !word;
			word = false;
			c->at++;
			g_string_append_c(spec, '.');
			continue;
		}
		if (b != '"' && !address_is_atext(b))
			break;
		if (word)
			return false;
		word = any = true;
		if (b == '"') {
			if (!skip_quoted(c))
				return false;
			for (size_t i = start; i < c->at; i++) {
				if (c->data[i] != '\r' && c->data[i] != '\n')
					g_string_append_c(spec, c->data[i]);
			}
		} else {
			while (c->at < c->length && address_is_atext(c->data[c->at]))
				c->at++;
			g_string_append_len(spec, c->data + start, c->at - start);
		}
	}
	*odd_dots = odd || !word;
	return any;
}

/* domain-literal that holds an IP address and nothing else (RFC 5321, 4.1.3). */
static bool
read_literal(Cursor *c, GString *spec)
{
	struct in6_addr address;
	size_t start = c->at + 1;

	if (!skip_delimited(c, '[', ']', false))
		return false;
	g_autofree char *inside = g_strndup(c->data + start, c->at - 1 - start);
	g_strstrip(inside);
	const char *ip = inside;
	if (g_ascii_strncasecmp(ip, "IPv6:", 5) == 0)
		ip += 5;
	if (inet_pton(AF_INET6, ip, &address) != 1 &&
	    (ip != inside || inet_pton(AF_INET, ip, &address) != 1))
		return false;
	g_string_append_printf(spec, "[%s]", inside);
	return true;
}

static bool
read_domain(Cursor *c, GString *spec)
{
	bool atom = false, any = false;

	if (!skip_cfws(c))
		return false;
	if (at_char(c, '['))
		return read_literal(c, spec);
	while (skip_cfws(c) && c->at < c->length) {
		size_t start = c->at;
		if (at_char(c, '.')) {
			if (!atom)
				return false;
			atom = false;
			c->at++;
			g_string_append_c(spec, '.');
			continue;
		}
		if (!address_is_atext(c->data[c->at]))
			break;
		if (atom)
			return false;
		while (c->at < c->length && address_is_atext(c->data[c->at]))
			c->at++;
		atom = any = true;
		g_string_append_len(spec, c->data + start, c->at - start);
	}
	return any;
}

/* addr-spec with CFWS around it; NULL where there is none. (transfer full) */
static char *
read_addr_spec(Cursor *c, bool *odd_dots)
{
	g_autoptr(GString) spec = g_string_sized_new(64);

	if (!read_local_part(c, spec, odd_dots) || !at_char(c, '@'))
		return NULL;
	c->at++;
	g_string_append_c(spec, '@');
	if (!read_domain(c, spec) || !skip_cfws(c) || !addr_spec_is_plain(spec))
		return NULL;
	return g_string_free(g_steal_pointer(&spec), false);
}

/* obs-route (RFC 5322, 4.4), if one begins here. */
static bool
skip_route(Cursor *c)
{
	while (skip_cfws(c) && at_char(c, ','))
		c->at++;
	if (!at_char(c, '@'))
		return true;

	g_autoptr(GString) unused = g_string_new(NULL);
	while (at_char(c, '@')) {
		c->at++;
		if (!read_domain(c, unused))
			return false;
		while (skip_cfws(c) && at_char(c, ','))
			c->at++;
	}
	if (!at_char(c, ':'))
		return false;
	c->at++;
	return true;
}

typedef enum { ANGLE_OTHER, ANGLE_EMPTY, ANGLE_ADDRESS } Angle;

/* A name being gathered, cut where it is too long to be kept. */
typedef struct {
	char bytes[ADDRESS_NAME_MAX];
	size_t length;
} Name;

typedef struct {
	AddressList *list;
	Cursor cursor;

	/* The element at hand. */
	size_t start;
	Name text; /* its words, quotes taken off, comments left out */
	bool has_text;
	bool has_mark; /* @, < or > outside quotes and comments */
	bool has_empty_angle;
	bool after_at;
	unsigned n_angles;
	bool angle_ends;
	char *address;
	bool odd_dots;
} Parser;

static void
add_byte(Name *name, char b)
{
	if (name->length < sizeof name->bytes)
		name->bytes[name->length++] = b;
}

static void
add_name(AddressList *list, const char *name, size_t length)
{
	while (length && lexer_is_blank(name[0])) {
		name++;
		length--;
	}
	while (length && lexer_is_blank(name[length - 1]))
		length--;
	if (length == 0 || list->names->len == ADDRESS_NAMES_MAX)
		return;
	GString *text = g_string_sized_new(MIN(length, ADDRESS_NAME_MAX));
	for (size_t i = 0; i < MIN(length, ADDRESS_NAME_MAX); i++) {
		if (name[i])
			g_string_append_c(text, name[i]);
		else
			g_string_append(text, "\357\277\275"); /* U+FFFD */
	}
	g_ptr_array_add(list->names, g_string_free(text, false));
}

static void
add_comment(Parser *p, const char *comment, size_t length)
{
	bool blank = true;
	Name text;

	text.length = 0;
	for (size_t i = 1; i + 1 < length; i++) {
		char b = comment[i];
		if (b == '\r' || b == '\n')
			continue;
		if (b == '\\' && i + 2 < length)
			b = comment[++i];
		blank = blank && lexer_is_blank(b);
		add_byte(&text, b);
	}
	p->list->bare = false;
	if (!blank)
		p->list->shows_text = true;
	add_name(p->list, text.bytes, text.length);
}

/* The comments in a span that is known to lex. */
static void
add_comments_within(Parser *p, size_t start, size_t end)
{
	Cursor c = { p->cursor.data, end, start };

	while (c.at < end) {
		size_t begin = c.at;
		if (at_char(&c, '"')) {
			skip_quoted(&c);
		} else if (at_char(&c, '(')) {
			skip_comment(&c);
			add_comment(p, c.data + begin, c.at - begin);
		} else {
			c.at++;
		}
	}
}

static void
begin_element(Parser *p)
{
	p->start = p->cursor.at;
	p->text.length = 0;
	p->has_text = p->has_mark = p->has_empty_angle = p->after_at = p->angle_ends = false;
	p->n_angles = 0;
	g_clear_pointer(&p->address, g_free);
}

/* Whether no blank stands between the words of @address in the value, which some readers would take
 * for a name then. A fold counts as its blank. */
static bool
stands_whole(const char *address, const char *value, size_t length)
{
	if (memmem(value, length, address, strlen(address)))
		return true;
	g_autoptr(GString) unfolded = g_string_sized_new(length);
	for (size_t i = 0; i < length; i++) {
		if (value[i] != '\r' && value[i] != '\n')
			g_string_append_c(unfolded, value[i]);
	}
	return strstr(unfolded->str, address) != NULL;
}

static bool
end_element(Parser *p, size_t end)
{
	AddressList *list = p->list;

	if (p->n_angles > 0) {
		if (p->n_angles > 1 || !p->angle_ends)
			return false;
		if (p->has_text) {
			list->bare = false;
			list->shows_text = true;
			add_name(list, p->text.bytes, p->text.length);
		}
	} else {
		Cursor c = { p->cursor.data, end, p->start };
		p->address = read_addr_spec(&c, &p->odd_dots);
		if (p->address && c.at < end)
			g_clear_pointer(&p->address, g_free);
		if (!p->address && p->has_mark)
			return false;
		if (!p->address && p->has_text) {
			list->bare = false;
			list->shows_text = true;
			add_name(list, p->text.bytes, p->text.length);
		}
	}
	if (p->address) {
		if (list->addresses->len == ADDRESSES_MAX)
			return false;
		list->odd_dots = list->odd_dots || p->odd_dots;
		if (!stands_whole(p->address, p->cursor.data + p->start, end - p->start))
			list->bare = false;
		g_ptr_array_add(list->addresses, g_steal_pointer(&p->address));
	}
	return true;
}

/* What begins with the < under the cursor, which moves behind it unless it is ANGLE_OTHER. */
static Angle
read_angle(Parser *p, char **ret_address, bool *ret_odd_dots)
{
	Cursor c = p->cursor;
	size_t start = c.at++;
	size_t commas;
	Angle angle = ANGLE_OTHER;

	if (!skip_cfws(&c) || at_char(&c, '<'))
		return ANGLE_OTHER;
	if (at_char(&c, '>')) {
		angle = ANGLE_EMPTY;
	} else {
		commas = c.at;
		if (!skip_route(&c))
			return ANGLE_OTHER;
		bool routed = c.at != commas;
		g_autofree char *address = read_addr_spec(&c, ret_odd_dots);
		if (!address || !at_char(&c, '>'))
			return ANGLE_OTHER;
		if (routed)
			p->list->bare = false;
		*ret_address = g_steal_pointer(&address);
		angle = ANGLE_ADDRESS;
	}
	p->cursor.at = c.at + 1;
	add_comments_within(p, start, p->cursor.at);
	return angle;
}

static bool
step(Parser *p)
{
	Cursor *c = &p->cursor;
	size_t start = c->at;
	char b = c->data[start];

	if (lexer_is_blank(b)) {
		c->at++;
		if (b != '\r' && b != '\n')
			add_byte(&p->text, b);
		return true;
	}
	if (b == '(') {
		if (!skip_comment(c))
			return false;
		add_comment(p, c->data + start, c->at - start);
		return true;
	}
	if (b == ',' || b == ';') {
		if (!end_element(p, start))
			return false;
		c->at++;
		begin_element(p);
		if (b == ';') {
			p->list->bare = false;
			p->list->shows_text = true;
		}
		return true;
	}
	if (b == ':') {
		if (p->has_mark || p->has_empty_angle)
			return false;
		p->list->bare = false;
		p->list->shows_text = true;
		add_name(p->list, p->text.bytes, p->text.length);
		c->at++;
		begin_element(p);
		return true;
	}
	if (b == '<') {
		char *address = NULL;
		bool odd_dots = false;
		switch (read_angle(p, &address, &odd_dots)) {
		case ANGLE_ADDRESS:
			g_free(p->address);
			p->address = address;
			p->odd_dots = odd_dots;
			p->n_angles++;
			p->has_mark = p->angle_ends = true;
			return true;
		case ANGLE_EMPTY:
			p->has_empty_angle = true;
			p->angle_ends = false;
			return true;
		case ANGLE_OTHER:
			break;
		}
	}

	bool literal = b == '[' && p->after_at;
	p->angle_ends = p->after_at = false;
	p->has_text = true;
	if (b == '"') {
		if (!skip_quoted(c))
			return false;
		for (size_t i = start + 1; i + 1 < c->at; i++) {
			if (c->data[i] == '\\' && i + 2 < c->at)
				i++;
			if (c->data[i] != '\r' && c->data[i] != '\n')
				add_byte(&p->text, c->data[i]);
		}
		return true;
	}
	if (literal) {
		if (!skip_delimited(c, '[', ']', false))
			return false;
		for (size_t i = start; i < c->at; i++)
			add_byte(&p->text, c->data[i]);
		return true;
	}
	if (b == '@')
		p->after_at = true;
	if (b == '@' || b == '<' || b == '>')
		p->has_mark = true;
	add_byte(&p->text, b);
	c->at++;
	return true;
}

static bool
parse(Parser *p)
{
	const Cursor *c = &p->cursor;

	/* NUL ends the text for some readers; a bare CR ends the line for some; an LF that does not
	 * fold ends it for all. */
	for (size_t i = 0; i < c->length; i++) {
		if (c->data[i] == '\0')
			return false;
		if (c->data[i] == '\n' && i + 1 < c->length && c->data[i + 1] != ' ' &&
		    c->data[i + 1] != '\t')
			return false;
		if (c->data[i] == '\r') {
			while (i + 1 < c->length && c->data[i + 1] == '\r')
				i++;
			if (i + 1 == c->length || c->data[i + 1] != '\n')
				return false;
		}
	}
	begin_element(p);
	while (c->at < c->length) {
		if (!step(p))
			return false;
	}
	return end_element(p, c->length);
}

AddressList *
address_parse(const char *value, size_t length)
{
	AddressList *list = g_new0(AddressList, 1);
	Parser p = { .list = list, .cursor = { value, length, 0 } };

	list->bare = true;
	list->addresses = g_ptr_array_new_with_free_func(g_free);
	list->names = g_ptr_array_new_with_free_func(g_free);

	list->understood = parse(&p);
	if (!list->understood) {
		list->bare = list->odd_dots = false;
		list->shows_text = true;
		g_ptr_array_set_size(list->addresses, 0);
		g_ptr_array_set_size(list->names, 0);
		add_name(list, value, length);
	}

	g_free(p.address);
	return list;
}

void
address_list_free(AddressList *list)
{
	g_ptr_array_unref(list->addresses);
	g_ptr_array_unref(list->names);
	g_free(list);
}

GString *
address_build(const GPtrArray *addresses, size_t column, const char *line_end)
{
	GString *value = g_string_new(NULL);

	for (guint i = 0; i < addresses->len; i++) {
		const char *address = g_ptr_array_index(addresses, i);
		size_t comma = i + 1 < addresses->len;
		if (i > 0 && *line_end && column + 1 + strlen(address) + comma > LINE_MAX_BYTES) {
			g_string_append(value, line_end);
			column = 0;
		}
		if (i > 0) {
			g_string_append_c(value, ' ');
			column++;
		}
		g_string_append(value, address);
		column += strlen(address) + comma;
		if (comma)
			g_string_append_c(value, ',');
	}
	return value;
}
