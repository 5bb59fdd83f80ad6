/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * address: the value of a sender field -> its addr-specs and the names beside them, or "not
 * understood"; and the bare value built from addr-specs.
 * May know: the grammar of addresses. Must not know: heads, policy, placeholders, GMime.
 * Fails: never; doubt is "not understood".
 * Follows RFC 5322, 3.2, 3.4 and 4.4, RFC 6532; accepts more text before <addr-spec> than these do.
 */
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

#include "lexer.h"

#define LINE_MAX_BYTES 78

bool
address_is_atext(char c)
{
	return (unsigned char)c >= 0x80 || g_ascii_isalnum(c) ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

bool
address_is_plain(const char *text, size_t length)
{
	size_t ats = 0;
	char before = '.';

	for (size_t i = 0; i < length; before = text[i++]) {
		bool ends_atom = text[i] == '.' || text[i] == '@';
		bool begins_atom = before == '.' || before == '@';
		if ((ends_atom && begins_atom) || (text[i] == '-' && before == '-'))
			return false;
		if (!ends_atom && !g_ascii_isalnum(text[i]) && text[i] != '_' && text[i] != '+' &&
		    text[i] != '-')
			return false;
		ats += text[i] == '@';
	}
	return ats == 1 && before != '.' && before != '@';
}

static bool
at_char(const Lexer *l, char wanted)
{
	return l->at < l->end && *l->at == wanted;
}

static void
skip_atom(Lexer *l)
{
	while (l->at < l->end && address_is_atext(*l->at))
		l->at++;
}

/* Whether a reader would decode a part of it: =?charset?encoding? (RFC 2047), closed or not. */
static bool
has_encoded_word(const char *spec)
{
	for (const char *at = strstr(spec, "=?"); at; at = strstr(at + 2, "=?")) {
		const char *mark = strchr(at + 2, '?');
		if (!mark)
			return false;
		if (g_ascii_isalpha(mark[1]) && mark[2] == '?')
			return true;
	}
	return false;
}

/* Whether an addr-spec, without CFWS, shows an address and nothing else. */
static bool
addr_spec_is_plain(const GString *spec)
{
	bool quoted = false;

	if (!g_utf8_validate_len(spec->str, spec->len, NULL) || has_encoded_word(spec->str))
		return false;
	for (const char *p = spec->str; *p; p = g_utf8_next_char(p)) {
		if (quoted && lexer_is_wsp(*p))
			continue;
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

static void
append(GString *to, const char *start, const char *end)
{
	g_string_append_len(to, start, end - start);
}

/* A quoted-string of atext, dots and blanks: readers take anything else in a quoted-string for a
 * name or for an address of its own. */
static bool
read_quoted_local_part(Lexer *l, GString *spec)
{
	const char *start = l->at;
	bool any = false;

	if (!lexer_skip_quoted(l))
		return false;
	g_string_append_c(spec, '"');
	for (const char *c = start + 1; c < l->at - 1; c++) {
		if (*c == '\r' || *c == '\n')
			continue;
		bool blank = lexer_is_blank(*c);
		if (!blank && *c != '.' && !address_is_atext(*c))
			return false;
		any = any || !blank;
		g_string_append_c(spec, *c);
	}
	g_string_append_c(spec, '"');
	return any && lexer_skip_cfws(l);
}

/* local-part, or obs-local-part of atoms only, with dots anywhere. If dots lead, end or double, it
 * is put in quotes, so that every reader takes it as a whole. */
static bool
read_local_part(Lexer *l, GString *spec)
{
	bool atom = false, any = false, odd = false;

	if (!lexer_skip_cfws(l))
		return false;
	if (at_char(l, '"'))
		return read_quoted_local_part(l, spec);
	while (lexer_skip_cfws(l) && l->at < l->end) {
		const char *start = l->at;
		if (*start == '.') {
			odd = odd || !atom;
			atom = false;
			l->at++;
			g_string_append_c(spec, '.');
			continue;
		}
		if (!address_is_atext(*start))
			break;
		if (atom)
			return false;
		skip_atom(l);
		atom = any = true;
		append(spec, start, l->at);
	}
	if (odd || !atom) {
		g_string_prepend_c(spec, '"');
		g_string_append_c(spec, '"');
	}
	return any;
}

/* A domain-literal that holds an IP address and nothing else (RFC 5321, 4.1.3). */
static bool
read_literal(Lexer *l, GString *spec)
{
	struct in6_addr address;
	const char *start = l->at + 1;

	if (!lexer_skip_literal(l))
		return false;
	g_autofree char *inside = g_strndup(start, (size_t)(l->at - 1 - start));
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

/* A dot-atom or obs-domain, including a dot at its end. */
static bool
read_dot_atom(Lexer *l, GString *spec)
{
	bool atom = false, any = false;

	while (lexer_skip_cfws(l) && l->at < l->end) {
		const char *start = l->at;
		if (*start == '.') {
			if (!atom)
				return false;
			atom = false;
			l->at++;
			g_string_append_c(spec, '.');
			continue;
		}
		if (!address_is_atext(*start))
			break;
		if (atom)
			return false;
		skip_atom(l);
		atom = any = true;
		append(spec, start, l->at);
	}
	return any;
}

/* Removes the dot of the root at the end, with which some readers show only the local part. */
static bool
read_domain(Lexer *l, GString *spec)
{
	if (!lexer_skip_cfws(l))
		return false;
	if (!at_char(l, '[')) {
		if (!read_dot_atom(l, spec))
			return false;
		if (spec->str[spec->len - 1] == '.')
			g_string_truncate(spec, spec->len - 1);
		return true;
	}
	if (!read_literal(l, spec) || !lexer_skip_cfws(l))
		return false;
	if (at_char(l, '.'))
		l->at++;
	return true;
}

typedef struct {
	char *text;
	bool as_built; /* it stands in the field as it would be built */
} AddrSpec;

static void
addr_spec_clear(AddrSpec *spec)
{
	g_clear_pointer(&spec->text, g_free);
}

/* Whether @start..@end, without blanks at its end, is @text. A fold within is not: readers that do
 * not know quoted-strings show what stands before it. */
static bool
is_as_built(const char *start, const char *end, const GString *text)
{
	while (end > start && lexer_is_blank(end[-1]))
		end--;
	return (size_t)(end - start) == text->len && memcmp(start, text->str, text->len) == 0;
}

/* addr-spec with CFWS around it. False: there is none. */
static bool
read_addr_spec(Lexer *l, AddrSpec *ret_spec)
{
	g_autoptr(GString) spec = g_string_sized_new(64);

	if (!lexer_skip_cfws(l))
		return false;
	const char *start = l->at;
	if (!read_local_part(l, spec) || !at_char(l, '@'))
		return false;
	l->at++;
	g_string_append_c(spec, '@');
	if (!read_domain(l, spec) || !lexer_skip_cfws(l) || !addr_spec_is_plain(spec))
		return false;
	ret_spec->as_built = is_as_built(start, l->at, spec);
	ret_spec->text = g_string_free(g_steal_pointer(&spec), false);
	return true;
}

/* obs-route (RFC 5322, 4.4), if one begins here. */
static bool
skip_route(Lexer *l)
{
	while (lexer_skip_cfws(l) && at_char(l, ','))
		l->at++;
	if (!at_char(l, '@'))
		return true;

	g_autoptr(GString) unused = g_string_new(NULL);
	while (at_char(l, '@')) {
		l->at++;
		if (!read_domain(l, unused))
			return false;
		while (lexer_skip_cfws(l) && at_char(l, ','))
			l->at++;
	}
	if (!at_char(l, ':'))
		return false;
	l->at++;
	return true;
}

typedef enum { ANGLE_OTHER, ANGLE_EMPTY, ANGLE_ADDRESS } Angle;

/* A name being gathered, cut if it is too long to be kept; `whole` (may be NULL) gets all of it. */
typedef struct {
	char *bytes; /* ADDRESS_NAME_MAX of them */
	size_t length;
	GString *whole;
} Name;

/* Collects the elements, if they are asked for. */
typedef struct {
	GString *text;     /* of the current element, with comments in their places */
	GString *comments; /* its comments only, which are its text if the rest is an addr-spec */
	GString *waiting;  /* text that belongs to the next addr-spec */
	GBytes *group;     /* the name of the open group; NULL: none */
	bool group_waits;  /* that name is part of `waiting` */
} Collector;

typedef struct {
	AddressList *list;
	Lexer lexer;

	/* The current element. */
	const char *start;
	Name text; /* its words without quotes and comments */
	bool has_text;
	bool has_mark; /* @, < or > outside quotes and comments */
	bool has_empty_angle;
	bool after_at;
	bool has_display_name; /* of the whole value */
	unsigned n_angles;
	bool angle_ends;
	AddrSpec address;     /* text NULL: none */
	Collector *collector; /* may be NULL */
} Parser;

static void
add_byte(Name *name, char b)
{
	if (name->length < ADDRESS_NAME_MAX)
		name->bytes[name->length++] = b;
	if (name->whole)
		g_string_append_c(name->whole, b);
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
	length = MIN(length, ADDRESS_NAME_MAX);
	if (!memchr(name, '\0', length)) {
		g_ptr_array_add(list->names, g_strndup(name, length));
		return;
	}
	GString *text = g_string_sized_new(length);
	for (size_t i = 0; i < length; i++) {
		if (name[i])
			g_string_append_c(text, name[i]);
		else
			g_string_append(text, "\357\277\275"); /* U+FFFD */
	}
	g_ptr_array_add(list->names, g_string_free(text, false));
}

/* Adds the content of a quoted-string or comment, with quoted-pairs and folds resolved. False: it
 * is all blank. */
static bool
add_unescaped(Name *name, const char *at, const char *end)
{
	bool shows = false;

	for (; at < end; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		if (*at == '\r' || *at == '\n')
			continue;
		shows = shows || !lexer_is_blank(*at);
		add_byte(name, *at);
	}
	return shows;
}

/* Appends @text without the blanks around it, after @separator unless @to is empty. */
static void
join(GString *to, const char *text, size_t length, const char *separator)
{
	while (length && lexer_is_blank(text[0])) {
		text++;
		length--;
	}
	while (length && lexer_is_blank(text[length - 1]))
		length--;
	if (length == 0)
		return;
	if (to->len > 0)
		g_string_append(to, separator);
	g_string_append_len(to, text, (gssize)length);
}

/* Appends a blank, unless @text is empty or ends with one. */
static void
part(GString *text)
{
	if (text->len > 0 && !lexer_is_blank(text->str[text->len - 1]))
		g_string_append_c(text, ' ');
}

static void
collect_comment(Collector *c, size_t start)
{
	g_autofree char *comment = g_strdup(c->text->str + start);

	part(c->text);
	join(c->comments, comment, strlen(comment), " ");
}

/* Ends the current element, which has @address; NULL: none. */
static void
collect_element(Parser *p, const char *address)
{
	Collector *c = p->collector;

	if (!c)
		return;
	const GString *own = address && p->n_angles == 0 ? c->comments : c->text;
	bool shows = own->str[strspn(own->str, " \t")];
	if (c->group && !c->group_waits && !address && shows) {
		gsize size;
		const char *group = g_bytes_get_data(c->group, &size);
		join(c->waiting, group, size, ", ");
		c->group_waits = true;
	}
	join(c->waiting, own->str, own->len, ", ");
	g_string_truncate(c->text, 0);
	g_string_truncate(c->comments, 0);
	if (!address)
		return;
	AddressElement *element = g_new0(AddressElement, 1);
	element->text = g_string_new_len(c->waiting->str, (gssize)c->waiting->len);
	element->address = g_strdup(address);
	if (c->group && !c->group_waits)
		element->group = g_bytes_ref(c->group);
	g_string_truncate(c->waiting, 0);
	c->group_waits = false;
	g_ptr_array_add(p->list->elements, element);
}

/* Makes what was gathered the name of a group; it waits for the first member. */
static void
collect_group(Collector *c)
{
	if (!c)
		return;
	g_clear_pointer(&c->group, g_bytes_unref);
	c->group = g_bytes_new(c->text->str, c->text->len);
	c->group_waits = true;
	join(c->waiting, c->text->str, c->text->len, ", ");
	g_string_truncate(c->text, 0);
	g_string_truncate(c->comments, 0);
}

static void
collect_group_end(Collector *c)
{
	if (!c)
		return;
	g_clear_pointer(&c->group, g_bytes_unref);
	c->group_waits = false;
}

static void
show_text(Parser *p)
{
	p->list->bare = false;
	p->list->shows_text = true;
}

/* Adds the comment in @start..@end. */
static void
add_comment(Parser *p, const char *start, const char *end)
{
	Collector *c = p->collector;
	char bytes[ADDRESS_NAME_MAX];
	Name text = { bytes, 0, c ? c->text : NULL };

	if (c)
		part(c->text);
	size_t begin = c ? c->text->len : 0;
	p->list->bare = false;
	if (add_unescaped(&text, start + 1, end - 1))
		show_text(p);
	if (c)
		collect_comment(c, begin);
	add_name(p->list, text.bytes, text.length);
}

/* Adds the comments in @start..@end, in which quotes and comments are known to be closed. */
static void
add_comments_within(Parser *p, const char *start, const char *end)
{
	Lexer l = { .at = start, .end = end, .deep = true };

	while (l.at < end) {
		const char *begin = l.at;
		if (*begin == '"') {
			lexer_skip_quoted(&l);
		} else if (*begin == '(') {
			lexer_skip_comment(&l);
			add_comment(p, begin, l.at);
		} else {
			l.at++;
		}
	}
}

static void
begin_element(Parser *p)
{
	p->start = p->lexer.at;
	p->text.length = 0;
	p->has_text = p->has_mark = p->has_empty_angle = p->after_at = p->angle_ends = false;
	p->n_angles = 0;
	addr_spec_clear(&p->address);
}

static void
show_name(Parser *p)
{
	AddressList *list = p->list;
	guint before = list->names->len;

	show_text(p);
	add_name(list, p->text.bytes, p->text.length);
	if (!p->has_display_name && list->names->len > before) {
		p->has_display_name = true;
		list->display_name = before;
	}
}

static bool
end_element(Parser *p, const char *end)
{
	AddressList *list = p->list;

	if (p->n_angles > 0) {
		if (p->n_angles > 1 || !p->angle_ends)
			return false;
		if (p->has_text)
			show_name(p);
	} else {
		Lexer l = { .at = p->start, .end = end, .deep = true };
		if (read_addr_spec(&l, &p->address) && l.at < end)
			addr_spec_clear(&p->address);
		if (!p->address.text && p->has_mark)
			return false;
		if (!p->address.text && p->has_text)
			show_name(p);
	}
	if (p->address.text) {
		if (list->addresses->len == ADDRESSES_MAX) {
			list->has_too_many = true;
			return false;
		}
		list->bare = list->bare && p->address.as_built;
		collect_element(p, p->address.text);
		g_ptr_array_add(list->addresses, g_steal_pointer(&p->address.text));
	} else {
		collect_element(p, NULL);
	}
	return true;
}

/* Reads what begins with the < at the cursor; moves the cursor past it unless it is ANGLE_OTHER. */
static Angle
read_angle(Parser *p, AddrSpec *ret_address)
{
	Lexer l = p->lexer;
	const char *start = l.at++;
	Angle angle = ANGLE_OTHER;

	if (!lexer_skip_cfws(&l) || at_char(&l, '<'))
		return ANGLE_OTHER;
	if (at_char(&l, '>')) {
		angle = ANGLE_EMPTY;
	} else {
		const char *route = l.at;
		if (!skip_route(&l))
			return ANGLE_OTHER;
		bool routed = l.at != route;
		if (!read_addr_spec(&l, ret_address))
			return ANGLE_OTHER;
		if (!at_char(&l, '>')) {
			addr_spec_clear(ret_address);
			return ANGLE_OTHER;
		}
		if (routed)
			p->list->bare = false;
		angle = ANGLE_ADDRESS;
	}
	p->lexer.at = l.at + 1;
	add_comments_within(p, start, p->lexer.at);
	return angle;
}

static bool
step_separator(Parser *p)
{
	bool ends_group = at_char(&p->lexer, ';');

	if (!end_element(p, p->lexer.at))
		return false;
	p->lexer.at++;
	begin_element(p);
	if (ends_group) {
		show_text(p);
		collect_group_end(p->collector);
	}
	return true;
}

/* The text before a colon is the name of a group. */
static bool
step_colon(Parser *p)
{
	if (p->has_mark || p->has_empty_angle)
		return false;
	show_name(p);
	collect_group(p->collector);
	p->lexer.at++;
	begin_element(p);
	return true;
}

static bool
step_text(Parser *p)
{
	Lexer *l = &p->lexer;
	const char *start = l->at;
	bool literal = *start == '[' && p->after_at;

	p->angle_ends = p->after_at = false;
	p->has_text = true;
	if (*start == '"') {
		if (!lexer_skip_quoted(l))
			return false;
		add_unescaped(&p->text, start + 1, l->at - 1);
		return true;
	}
	if (literal) {
		if (!lexer_skip_literal(l))
			return false;
		for (const char *c = start; c < l->at; c++)
			add_byte(&p->text, *c);
		return true;
	}
	p->after_at = *start == '@';
	p->has_mark = p->has_mark || *start == '@' || *start == '<' || *start == '>';
	add_byte(&p->text, *start);
	/* Nothing of this has a letter or a digit behind it. */
	for (l->at++; l->at < l->end && g_ascii_isalnum(*l->at); l->at++) {
		p->after_at = false;
		add_byte(&p->text, *l->at);
	}
	return true;
}

static bool
step_angle(Parser *p)
{
	AddrSpec address = { NULL };

	switch (read_angle(p, &address)) {
	case ANGLE_ADDRESS:
		addr_spec_clear(&p->address);
		p->address = address;
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
	return step_text(p);
}

static bool
step(Parser *p)
{
	const char *start = p->lexer.at;

	switch (*start) {
	case '\r':
	case '\n':
		p->lexer.at++;
		return true;
	case ' ':
	case '\t':
		p->lexer.at++;
		add_byte(&p->text, *start);
		return true;
	case '(':
		if (!lexer_skip_comment(&p->lexer))
			return false;
		add_comment(p, start, p->lexer.at);
		return true;
	case ',':
	case ';':
		return step_separator(p);
	case ':':
		return step_colon(p);
	case '<':
		return step_angle(p);
	default:
		return step_text(p);
	}
}

/* Whether the value ends early for some reader: at a NUL, at a bare CR, or, for all, at an LF that
 * does not fold. */
static bool
ends_early(const char *value, const char *end)
{
	for (const char *c = value; c < end; c++) {
		if (*c == '\0')
			return true;
		if (*c == '\n' && c + 1 < end && c[1] != ' ' && c[1] != '\t')
			return true;
		if (*c == '\r') {
			while (c + 1 < end && c[1] == '\r')
				c++;
			if (c + 1 == end || c[1] != '\n')
				return true;
		}
	}
	return false;
}

static bool
parse(Parser *p)
{
	if (ends_early(p->lexer.at, p->lexer.end))
		return false;
	begin_element(p);
	while (p->lexer.at < p->lexer.end) {
		if (!step(p))
			return false;
	}
	return end_element(p, p->lexer.end);
}

static void
element_free(gpointer data)
{
	AddressElement *element = data;

	g_string_free(element->text, true);
	g_clear_pointer(&element->group, g_bytes_unref);
	g_free(element->address);
	g_free(element);
}

static AddressList *
list_new(void)
{
	AddressList *list = g_new0(AddressList, 1);

	list->addresses = g_ptr_array_new_with_free_func(g_free);
	list->names = g_ptr_array_new_with_free_func(g_free);
	return list;
}

AddressList *
address_not_understood(const char *value, size_t length)
{
	AddressList *list = list_new();

	list->shows_text = true;
	add_name(list, value, length);
	return list;
}

static AddressList *
parse_list(const char *value, size_t length, Collector *collector)
{
	AddressList *list = list_new();
	char bytes[ADDRESS_NAME_MAX];
	Parser p = { .list = list,
		     .lexer = { .at = value, .end = value + length, .deep = true },
		     .text = { bytes, 0, collector ? collector->text : NULL },
		     .collector = collector };

	list->bare = true;
	if (collector)
		list->elements = g_ptr_array_new_with_free_func(element_free);
	list->understood = parse(&p);
	addr_spec_clear(&p.address);
	if (list->understood)
		return list;
	bool has_too_many = list->has_too_many;
	address_list_free(list);
	list = address_not_understood(value, length);
	list->has_too_many = has_too_many;
	return list;
}

AddressList *
address_parse(const char *value, size_t length)
{
	return parse_list(value, length, NULL);
}

AddressList *
address_parse_elements(const char *value, size_t length)
{
	Collector c = { .text = g_string_new(NULL),
		        .comments = g_string_new(NULL),
		        .waiting = g_string_new(NULL) };
	AddressList *list = parse_list(value, length, &c);

	if (!list->understood) {
		list->elements = g_ptr_array_new();
	} else if (c.waiting->len > 0) {
		AddressElement *left = g_new0(AddressElement, 1);
		left->text = g_steal_pointer(&c.waiting);
		g_ptr_array_add(list->elements, left);
	}
	g_string_free(c.text, true);
	g_string_free(c.comments, true);
	if (c.waiting)
		g_string_free(c.waiting, true);
	g_clear_pointer(&c.group, g_bytes_unref);
	return list;
}

void
address_list_free(AddressList *list)
{
	g_ptr_array_unref(list->addresses);
	g_ptr_array_unref(list->names);
	g_clear_pointer(&list->elements, g_ptr_array_unref);
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
