/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scope: the values of the sender places -> whether the message is in scope, and why.
 * May know: addresses, domains, encoded words. Must not know: verdicts, edits.
 * Fails: never; if it would cost too much to be sure, a message is in scope.
 * Follows RFC 5321, 2.3.5, RFC 5890; UAX 15 for NFKD.
 */
#include "scope.h"

#include <string.h>

#include "encoded.h"
#include "mime.h"
#include "unicode.h"

/* The most domains of a message that are folded to A-labels, which is slow; no honest message needs
 * as many. After these, doubt counts. */
#define FOLDS_MAX 10000

/* The longest domain that is read in pieces, and how deep comments in it may nest. */
#define PIECES_MAX 300
#define PIECES_DEPTH 32

const char *
scope_reason_name(ScopeReason reason)
{
	static const char *const names[] = { "unreadable", "domains", "directory", "everyone",
		                             NULL,         "keep",    "self",      "except" };
	return names[reason];
}

Scope
scope_new(bool everyone, char *const *domains)
{
	Scope scope = { .domains = domains,
		        .folds = FOLDS_MAX,
		        .reason = everyone ? SCOPE_EVERYONE : SCOPE_NOTHING };

	for (size_t i = 0; domains[i]; i++) {
		size_t labels = 1;
		for (const char *dot = strchr(domains[i], '.'); dot; dot = strchr(dot + 1, '.'))
			labels++;
		scope.labels = MAX(scope.labels, labels);
	}
	return scope;
}

static bool
is_or_is_below(const char *domain, size_t length, char *const *domains)
{
	for (size_t i = 0; domains[i]; i++) {
		size_t tail = strlen(domains[i]);
		if (length >= tail &&
		    g_ascii_strncasecmp(domain + length - tail, domains[i], tail) == 0 &&
		    (length == tail || domain[length - tail - 1] == '.'))
			return true;
	}
	return false;
}

/* Whether @c separates labels (RFC 3490, 3.1). */
static bool
is_dot(gunichar c)
{
	return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

static bool
folded_in(const char *start, const char *end, char *const *domains)
{
	g_autofree char *domain = g_strndup(start, (size_t)(end - start));
	g_autofree char *folded = mime_domain(domain);

	return is_or_is_below(folded, strlen(folded), domains);
}

/* Whether the domain in @start..@end is one of ours or below it. @wide is the last character in it
 * that is not ASCII; NULL: none. Folds no more labels than ours have: a label before them that
 * cannot be folded must not hide them. */
static bool
domain_in(const char *start, const char *end, const char *wide, Scope *scope)
{
	size_t labels = 0;

	while (end > start && strchr("-_.", end[-1]))
		end--;
	if (is_or_is_below(start, (size_t)(end - start), scope->domains))
		return true;
	if (!wide || wide >= end || end - wide > MIME_DOMAIN_MAX)
		return false;
	if (scope->folds == 0)
		return true;
	scope->folds--;
	for (const char *at = end; at > start;) {
		const char *before = g_utf8_prev_char(at);
		if (at < end && is_dot(g_utf8_get_char(before))) {
			if (folded_in(at, end, scope->domains))
				return true;
			if (++labels == scope->labels)
				return false;
		}
		if (end - before > MIME_DOMAIN_MAX)
			return true;
		at = before;
	}
	return folded_in(start, end, scope->domains);
}

/* Whether @text holds an @ followed by one of our domains or a name below it. Atext (RFC 5322)
 * after the domain may be other text or part of a strange domain, so each possible end counts. */
static bool
text_in_domains(const char *text, Scope *scope)
{
	for (const char *at = strchr(text, '@'); at; at = strchr(at, '@')) {
		const char *start = ++at, *wide = NULL;
		bool was_part = false;
		for (; address_is_atext(*at) || *at == '.'; at = g_utf8_next_char(at)) {
			gunichar c = g_utf8_get_char(at);
			bool is_part = c == '-' || c == '_' || is_dot(c) || g_unichar_isalnum(c) ||
			               g_unichar_ismark(c);
			if (was_part && !is_part && domain_in(start, at, wide, scope))
				return true;
			was_part = is_part;
			if (c >= 0x80)
				wide = at;
		}
		if (domain_in(start, at, wide, scope))
			return true;
	}
	return false;
}

/* The same for @text as it is, and without invisible characters. Text with U+202E, which reverses
 * it, can show anything. */
static bool
text_or_shown_in_domains(const char *text, Scope *scope)
{
	if (text_in_domains(text, scope) || strstr(text, "\342\200\256"))
		return true;
	g_autoptr(GString) shown = g_string_new(NULL);
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (!unicode_is_ignorable(c))
			g_string_append_unichar(shown, c);
	}
	return shown->len < strlen(text) && text_in_domains(shown->str, scope);
}

/* @text decomposed as in NFKD, but with marks in their order: g_utf8_normalize() sorts them, in a
 * time that grows as the square of their number, and folding a domain sorts them anyway. (transfer
 * full) */
static char *
taken_apart(const char *text)
{
	GString *apart = g_string_sized_new(strlen(text));

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
		gsize n = g_unichar_fully_decompose(g_utf8_get_char(at), true, parts,
		                                    G_N_ELEMENTS(parts));
		for (gsize i = 0; i < n; i++)
			g_string_append_unichar(apart, parts[i]);
	}
	return g_string_free(apart, false);
}

/* A domain that is being read in pieces, from an @ on. */
typedef struct {
	char domain[PIECES_MAX];
	size_t length;
	bool reads;
	bool may_end; /* the last byte of the text was part of it */
} Pieces;

static bool
is_domain_byte(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.';
}

/* Whether some reader ignores @c inside an address. */
static bool
is_passed_over(char c)
{
	return c == ' ' || c == '"' || c == '\\' || (unsigned char)c >= 0x7f || g_ascii_iscntrl(c);
}

/* Ends the text. Whether the pieces are one of our domains or below it. */
static bool
pieces_end(Pieces *pieces, char *const *domains)
{
	if (!pieces->reads || !pieces->may_end)
		return false;
	pieces->may_end = false;
	size_t length = pieces->length;
	while (length && strchr("-.", pieces->domain[length - 1]))
		length--;
	return is_or_is_below(pieces->domain, length, domains);
}

/* Takes the next byte. True: the pieces before it are one of our domains or below it. */
static bool
pieces_add(Pieces *pieces, char c, char *const *domains)
{
	if (is_domain_byte(c)) {
		pieces->reads = pieces->reads && pieces->length < sizeof pieces->domain;
		pieces->may_end = true;
		if (pieces->reads)
			pieces->domain[pieces->length++] = c;
		return false;
	}
	if (pieces_end(pieces, domains))
		return true;
	if (c == '@')
		*pieces = (Pieces){ .reads = true };
	else
		pieces->reads = pieces->reads && is_passed_over(c);
	return false;
}

/* Whether @text shows one of our domains to a reader that ignores what cannot be part of one, and
 * comments; or to one that ends a domain before a comment. */
static bool
pieces_in_domains(const char *text, char *const *domains)
{
	Pieces levels[PIECES_DEPTH]; /* one for each depth of comments */
	size_t depth = 0;

	levels[0].reads = false;
	for (const char *at = strchr(text, '@'); at && *at; at++) {
		Pieces *level = &levels[MIN(depth, PIECES_DEPTH - 1)];
		bool is_quoted = *at == '\\' && (at[1] == '(' || at[1] == ')');
		if (is_quoted)
			at++;
		if (is_quoted || (*at != '(' && *at != ')')) {
			if (pieces_add(level, *at, domains))
				return true;
		} else if (pieces_end(level, domains)) {
			return true;
		} else if (*at == '(') {
			if (++depth < PIECES_DEPTH)
				levels[depth].reads = false;
		} else if (depth > 0) {
			depth--;
		} else {
			level->reads = false;
		}
	}
	for (size_t i = 0; i < PIECES_DEPTH && i <= depth; i++) {
		if (pieces_end(&levels[i], domains))
			return true;
	}
	return false;
}

/* Whether @text shows one of our domains, as it is or in NFKD. */
static bool
text_or_normal_in_domains(const char *text, Scope *scope)
{
	if (text_or_shown_in_domains(text, scope))
		return true;
	if (g_str_is_ascii(text))
		return pieces_in_domains(text, scope->domains);
	g_autofree char *normal = taken_apart(text);
	return text_or_shown_in_domains(normal, scope) || pieces_in_domains(normal, scope->domains);
}

/* Whether @text names a charset that readers decode differently: byte order, shifts. */
static bool
has_odd_charset(const char *text)
{
	static const char *const charsets[] = { "=?utf-16", "=?utf-32", "=?utf-7", "=?ucs",
		                                "=?iso-10646" };
	g_autofree char *lower = g_ascii_strdown(text, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (strstr(lower, charsets[i]))
			return true;
	}
	return false;
}

/* Whether @text shows one of our domains, as it is, decoded once or decoded twice. */
static bool
text_or_decoded_in_domains(const char *text, Scope *scope)
{
	g_autofree char *last = NULL;

	if (text_or_normal_in_domains(text, scope))
		return true;
	for (int i = 0; i < 2 && strstr(last ? last : text, "=?"); i++) {
		char *decoded = encoded_decode(last ? last : text);
		if (!decoded || has_odd_charset(last ? last : text)) {
			g_free(decoded);
			return true;
		}
		g_free(last);
		last = decoded;
		if (text_or_normal_in_domains(last, scope))
			return true;
	}
	return false;
}

void
scope_add(Scope *scope, Span value, const AddressList *list)
{
	if (!list->understood || (list->shows_text && list->addresses->len == 0))
		scope->reason = SCOPE_UNREADABLE;
	if (scope->reason <= SCOPE_DOMAINS || !scope->domains[0])
		return;
	for (guint i = 0; i < list->addresses->len; i++) {
		if (text_in_domains(g_ptr_array_index(list->addresses, i), scope)) {
			scope->reason = SCOPE_DOMAINS;
			return;
		}
	}
	g_autofree char *raw = g_utf8_make_valid(value.data, value.length);
	if (text_or_decoded_in_domains(raw, scope))
		scope->reason = SCOPE_DOMAINS;
}
