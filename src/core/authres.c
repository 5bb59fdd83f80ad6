/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * authres: one Authentication-Results field -> who wrote it, and what it says about a login and
 * about the domain in From.
 * May know: the grammar of the field. Must not know: whom to believe, where the field stands.
 * Fails: never; a field that violates the grammar is nobody's.
 * Follows RFC 8601, 2.2, RFC 7489, 11.1; accepts more characters in a pvalue, since raw IPv6
 * addresses are common.
 */
#include "authres.h"

#include <string.h>

#include "lexer.h"

/* A longer field is not read: no MTA writes one. */
#define AUTHRES_MAX ((size_t)64 * 1024)

static bool
take(Lexer *l, char wanted)
{
	if (!lexer_skip_cfws(l) || l->at == l->end || *l->at != wanted)
		return false;
	l->at++;
	return true;
}

static bool
is_keyword_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* atext, dots, @ and colons. */
static bool
is_value_char(char c)
{
	return (unsigned char)c >= 0x80 || g_ascii_isalnum(c) ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.@:", c));
}

/* A run of characters that are @is_part; NULL: there is none. (transfer full) */
static char *
read_run(Lexer *l, bool (*is_part)(char))
{
	if (!lexer_skip_cfws(l))
		return NULL;
	const char *start = l->at;
	while (l->at < l->end && is_part(*l->at))
		l->at++;
	return l->at > start ? g_strndup(start, l->at - start) : NULL;
}

/* A pvalue: a quoted-string without its quotes, a run, or both, as in `"local part"@domain`.
 * (transfer full) */
static char *
read_value(Lexer *l)
{
	if (!lexer_skip_cfws(l))
		return NULL;
	if (l->at == l->end || *l->at != '"')
		return read_run(l, is_value_char);

	const char *start = l->at + 1;
	if (!lexer_skip_quoted(l))
		return NULL;
	GString *text = g_string_new(NULL);
	for (const char *p = start; p < l->at - 1; p++) {
		if (*p == '\\')
			p++;
		g_string_append_c(text, *p);
	}
	while (l->at < l->end && is_value_char(*l->at))
		g_string_append_c(text, *l->at++);
	return g_string_free(text, false);
}

/* Reads the authserv-id, perhaps with "/job", and perhaps the version of the grammar, 1. */
static bool
read_id(Authres *a, Lexer *l)
{
	if (!lexer_skip_cfws(l))
		return false;
	bool quoted = l->at < l->end && *l->at == '"';
	a->authserv_id = read_value(l);
	if (!a->authserv_id)
		return false;
	if (!quoted)
		a->authserv_id[strcspn(a->authserv_id, "/")] = '\0';
	g_autofree char *version = read_run(l, is_keyword_char);
	return *a->authserv_id && (!version || g_str_equal(version, "1"));
}

/* Whether @type.@property (@property may be NULL) is @wanted_type.@wanted. */
static bool
is_property(const char *type, const char *property, const char *wanted_type, const char *wanted)
{
	return property && g_ascii_strcasecmp(type, wanted_type) == 0 &&
	       g_ascii_strcasecmp(property, wanted) == 0;
}

/* reason=value or ptype.property=pvalue; *@ret_property is left NULL for a reason. */
static bool
read_property(Lexer *l, char **ret_type, char **ret_property, char **ret_value)
{
	*ret_type = read_run(l, is_keyword_char);
	if (!*ret_type)
		return false;
	if (take(l, '.')) {
		*ret_property = read_run(l, is_keyword_char);
		if (!*ret_property)
			return false;
	} else if (g_ascii_strcasecmp(*ret_type, "reason") != 0) {
		return false;
	}
	if (!take(l, '='))
		return false;
	*ret_value = read_value(l);
	return *ret_value;
}

/* method[/version]=result [reason=value] [ptype.property=pvalue]..., up to a semicolon or the end.
 */
static bool
read_result(Authres *a, Lexer *l)
{
	g_autofree char *method = read_run(l, is_keyword_char);

	if (!method)
		return false;
	if (take(l, '/')) {
		g_autofree char *version = read_run(l, is_keyword_char);
		if (!version)
			return false;
	}
	if (!take(l, '='))
		return false;
	g_autofree char *result = read_run(l, is_keyword_char);
	if (!result)
		return false;
	bool is_auth = g_ascii_strcasecmp(method, "auth") == 0;
	bool is_dmarc = g_ascii_strcasecmp(method, "dmarc") == 0;
	bool pass = g_ascii_strcasecmp(result, "pass") == 0;
	if (is_auth) {
		a->pass = pass && (a->pass || a->auths == 0);
		a->auths++;
	}
	if (is_dmarc) {
		a->dmarc_pass = pass && (a->dmarc_pass || a->dmarcs == 0);
		a->dmarcs++;
	}
	for (;;) {
		if (!lexer_skip_cfws(l))
			return false;
		if (l->at == l->end || *l->at == ';')
			return true;
		g_autofree char *type = NULL, *property = NULL, *value = NULL;
		if (!read_property(l, &type, &property, &value))
			return false;
		if (is_auth && is_property(type, property, "smtp", "auth")) {
			if (a->user)
				return false;
			a->user = g_steal_pointer(&value);
		} else if (is_dmarc && is_property(type, property, "header", "from")) {
			if (a->from_domain)
				return false;
			a->from_domain = g_steal_pointer(&value);
		}
	}
}

/* `none` in place of results. */
static bool
skip_none(Lexer *l)
{
	Lexer ahead = *l;
	g_autofree char *word = read_run(&ahead, is_keyword_char);

	if (!word || g_ascii_strcasecmp(word, "none") != 0 || !lexer_skip_cfws(&ahead) ||
	    ahead.at < ahead.end)
		return false;
	*l = ahead;
	return true;
}

/* Whether some quotes are not closed, or a comment holds an odd number of them: if a program copies
 * MAIL FROM raw into a comment, `"x); auth=pass (y"@domain` ends that comment, which then has one
 * half of the quotes. */
static bool
has_halved_quotes(Lexer l)
{
	while (l.at < l.end) {
		const char *start = l.at;
		if (*start == '"') {
			if (!lexer_skip_quoted(&l))
				return true;
		} else if (*start == '(') {
			unsigned quotes = 0;
			if (!lexer_skip_comment(&l))
				return true;
			for (const char *p = start; p < l.at; p++) {
				if (*p == '\\')
					p++;
				else if (*p == '"')
					quotes++;
			}
			if (quotes % 2)
				return true;
		} else {
			l.at++;
		}
	}
	return false;
}

static bool
read_field(Authres *a, Lexer *l)
{
	if (!read_id(a, l) || !take(l, ';'))
		return false;
	if (skip_none(l))
		return true;
	do {
		if (!read_result(a, l))
			return false;
	} while (take(l, ';'));
	return true;
}

Authres *
authres_read(Span value)
{
	Authres *a = g_new0(Authres, 1);
	Lexer lexer = { value.data, value.data + value.length };

	if (value.length > AUTHRES_MAX || memchr(value.data, '\0', value.length) ||
	    has_halved_quotes(lexer) || !read_field(a, &lexer)) {
		g_clear_pointer(&a->authserv_id, g_free);
		g_clear_pointer(&a->user, g_free);
		g_clear_pointer(&a->from_domain, g_free);
		a->auths = a->dmarcs = 0;
		a->pass = a->dmarc_pass = false;
	}
	return a;
}

void
authres_free(Authres *a)
{
	g_free(a->authserv_id);
	g_free(a->user);
	g_free(a->from_domain);
	g_free(a);
}
