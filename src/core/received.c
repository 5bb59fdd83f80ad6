/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * received: one Received field -> its clauses and the few comments that mean something.
 * May know: how mail programs write the field. Must not know: the walk, verdicts, facts.
 * Fails: never; a field that can be read in two ways is malformed.
 * Follows RFC 5321, 4.4; believes nothing by substring but what Postfix and Sendmail write at the
 * end of the comment behind by, since a client chooses HELO, MAIL FROM, RCPT TO, ident and
 * certificate names, and some MTAs copy them raw.
 */
#include "received.h"

#include <string.h>

#include "lexer.h"
#include "network.h"

typedef enum { LEX_END, LEX_BAD, LEX_TOKEN, LEX_COMMENT, LEX_SEMICOLON } Lex;

static bool
skip_bracketed(Lexer *l, char open, char close)
{
	l->at++;
	while (l->at < l->end) {
		if (*l->at == close) {
			l->at++;
			return true;
		}
		if (*l->at == open)
			return false;
		if (*l->at == '"' && open == '<') {
			if (!lexer_skip_quoted(l))
				return false;
		} else {
			l->at++;
		}
	}
	return false;
}

/* The next lexeme. A token is all that hangs together without blanks, comments or semicolons. */
static Lex
lex(Lexer *l, Span *ret_text)
{
	while (l->at < l->end && lexer_is_blank(*l->at))
		l->at++;
	if (l->at == l->end)
		return LEX_END;

	const char *start = l->at;
	if (*start == ';') {
		l->at++;
		return LEX_SEMICOLON;
	}
	if (*start == '(') {
		if (!lexer_skip_comment(l))
			return LEX_BAD;
		*ret_text = (Span){ start + 1, (size_t)(l->at - start) - 2 };
		return LEX_COMMENT;
	}
	while (l->at < l->end && !lexer_is_blank(*l->at) && *l->at != '(' && *l->at != ';') {
		bool closed = true;
		switch (*l->at) {
		case '\0':
		case ')':
		case '>':
		case ']':
			return LEX_BAD;
		case '"':
			closed = lexer_skip_quoted(l);
			break;
		case '<':
			closed = skip_bracketed(l, '<', '>');
			break;
		case '[':
			closed = skip_bracketed(l, '[', ']');
			break;
		default:
			l->at++;
		}
		if (!closed)
			return LEX_BAD;
	}
	*ret_text = (Span){ start, (size_t)(l->at - start) };
	return LEX_TOKEN;
}

static char *
span_dup(Span span)
{
	return g_strndup(span.data, span.length);
}

static bool
has_prefix(Span span, const char *prefix)
{
	size_t length = strlen(prefix);
	return span.length >= length && g_ascii_strncasecmp(span.data, prefix, length) == 0;
}

static bool
span_is(Span span, const char *text)
{
	return span.length == strlen(text) && has_prefix(span, text);
}

static Span
without_dot(const char *host, size_t length)
{
	return (Span){ host, length && host[length - 1] == '.' ? length - 1 : length };
}

static bool
same_host(Span a, const char *host)
{
	Span b = without_dot(host, strlen(host));

	return a.length && a.length == b.length &&
	       g_ascii_strncasecmp(a.data, b.data, a.length) == 0;
}

static bool
host_in(Span host, const char *const *hosts)
{
	for (size_t i = 0; hosts[i]; i++) {
		if (same_host(host, hosts[i]))
			return true;
	}
	return false;
}

bool
received_same_host(const char *a, const char *b)
{
	return same_host(without_dot(a, strlen(a)), b);
}

bool
received_host_in(const char *host, const char *const *hosts)
{
	return host && host_in(without_dot(host, strlen(host)), hosts);
}

static bool
is_host_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

/* How often `by` and one of @ours stand in @value, comments and strings included. */
static unsigned
count_by_ours(Span value, const char *const *ours)
{
	const char *end = value.data + value.length;
	unsigned count = 0;

	for (const char *p = value.data; p + 2 < end; p++) {
		if (!lexer_is_letter(p[0], 'b') || !lexer_is_letter(p[1], 'y') ||
		    !lexer_is_blank(p[2]) || (p > value.data && is_host_char(p[-1])))
			continue;
		const char *host = p + 2;
		while (host < end && lexer_is_blank(*host))
			host++;
		const char *stop = host, *literal = host < end && *host == '[' ? "[]:" : "";
		while (stop < end && (is_host_char(*stop) || (*stop && strchr(literal, *stop))))
			stop++;
		while (stop > host && stop[-1] == '.')
			stop--;
		count += host_in((Span){ host, (size_t)(stop - host) }, ours);
	}
	return count;
}

/* An address without brackets. It begins with a hexadecimal digit, a colon or `IPv6:`, and holds a
 * dot or a colon: most words do not. */
static bool
has_bare_address(const char *text)
{
	static const char ends[] = " \t\r\n,@()";
	bool found = false;

	for (const char *word = text; *word && !found;) {
		size_t length = strcspn(word, ends);
		if ((g_ascii_isxdigit(*word) || *word == ':' || lexer_is_letter(*word, 'i')) &&
		    (memchr(word, '.', length) || memchr(word, ':', length))) {
			g_autofree char *one = g_strndup(word, length);
			g_autofree char *bare = network_address(one);
			found = bare != NULL;
		}
		word += length + strspn(word + length, ends);
	}
	return found;
}

/* Cuts @comment where the client's own name begins, and keeps that as *@helo: some MTAs copy it
 * raw, so all that follows may be the client's writing. False: it holds no such name. *@hides: what
 * was cut may have been TCP-info, since the client's name in the DNS or its ident can hold "helo";
 * only `helo=NAME` as Exim writes it is beyond doubt. */
static bool
cut_helo(char *comment, char **helo, bool *hides)
{
	for (char *p = comment; *p; p++) {
		if ((!lexer_is_letter(p[0], 'h') && !lexer_is_letter(p[0], 'e')) ||
		    (p > comment && !lexer_is_blank(p[-1]) && p[-1] != '(') ||
		    (g_ascii_strncasecmp(p, "helo", 4) != 0 &&
		     g_ascii_strncasecmp(p, "ehlo", 4) != 0) ||
		    !(p[4] == '=' || p[4] == ':' || lexer_is_blank(p[4])))
			continue;
		bool exim = p[4] == '=';
		char *name = p + 5 + (exim ? 0 : strspn(p + 5, " \t\r\n"));
		size_t length = strcspn(name, " \t\r\n");
		const char *rest = name + length;
		const char *open = memchr(name, '[', length);
		if (!*helo && length)
			*helo = g_strndup(name, length);
		*hides = strchr(rest, '[') || has_bare_address(rest) || memchr(name, '@', length) ||
		         (open && !(exim && open == name));
		*p = '\0';
		return true;
	}
	return false;
}

/* What the comments of the from clause say of the client. */
typedef struct {
	GPtrArray *peers; /* char *: distinct addresses in brackets */
	bool has_bare;    /* an address without brackets */
	bool has_unnamed; /* no name stands before an address in brackets */
	bool has_skipped; /* something else in brackets, or an address behind ident text */
	bool has_hidden;  /* since the last address, HELO text that may have held the true one */
	bool has_helo;    /* a comment names what the client called itself, */
	bool copies_helo; /* in Exim's way, which can be told to copy it raw */
} Notes;

/* False: there is no address. */
static bool
note_peer(Notes *notes, const char *address)
{
	if (!address)
		return false;
	if (!g_ptr_array_find_with_equal_func(notes->peers, address, g_str_equal, NULL))
		g_ptr_array_add(notes->peers, g_strdup(address));
	notes->has_hidden = false;
	return true;
}

/* TCP-info: `(name [address])`. */
static void
note_peers(Notes *notes, const char *comment)
{
	const char *equals = strchr(comment, '=');
	bool seen = false;

	for (const char *open = strchr(comment, '['); open; open = strchr(open + 1, '[')) {
		size_t length = strcspn(open + 1, "[]") + 1;
		if (open[length] != ']' || notes->peers->len > 1) {
			notes->has_skipped = true;
			return;
		}
		g_autofree char *text = g_strndup(open, length + 1);
		g_autofree char *address = network_address(text);
		/* Only a name may stand before it, and a port behind it. */
		char after = open[length + 1];
		if ((equals && equals < open) ||
		    (after && after != ':' && !lexer_is_blank(after))) {
			notes->has_skipped = notes->has_skipped || !seen || address;
			continue;
		}
		if (note_peer(notes, address))
			seen = true;
		else
			notes->has_skipped = true;
		notes->has_unnamed =
		        notes->has_unnamed || open == comment || !lexer_is_blank(open[-1]);
	}
	/* It may stand for the client too, so nothing else does; but ident and login look like it,
	 * so it is no peer. */
	notes->has_bare = notes->has_bare || has_bare_address(comment);
}

/* Postfix: `by HOST (Postfix, from userid N)`. In any other form it is nobody's. */
static void
local_by_comment(Received *r, Span comment)
{
	static const char form[] = ", from userid ";

	if (r->from || r->is_local)
		return;
	g_autofree char *squeezed = lexer_squeeze(comment.data, comment.length);
	g_autofree char *text = g_ascii_strdown(squeezed, -1);
	if (!strstr(text, "userid"))
		return;
	r->is_local = true;
	const char *mark = g_strrstr(text, form), *uid = mark ? mark + strlen(form) : "";
	if (*uid && !strpbrk(uid, " ()"))
		r->local_user = g_strdup(uid);
}

/* Sendmail: `(from USER@HOST) by HOST (8.15.2/8.15.2/Submit)`. */
static void
local_submit(Received *r, const char *first_comment, Span by_comment)
{
	static const char submit[] = "/Submit";

	if (r->from || r->is_local || !first_comment || by_comment.length < strlen(submit) ||
	    memcmp(by_comment.data + by_comment.length - strlen(submit), submit, strlen(submit)))
		return;
	if (g_str_has_prefix(first_comment, "from ")) {
		r->is_local = true;
		r->local_user = g_strndup(first_comment + 5, strcspn(first_comment + 5, "@ "));
	}
}

/* Where a login counts: in the last comment before by, which for communigate is the only one; for
 * criticalpath right after by's value. No program of a dialect writes `helo=`. */
static void
note_login(Received *r, const Notes *notes, Span comment, unsigned before, bool after_by)
{
	g_autofree char *user = NULL;
	Dialect dialect = dialect_read(comment, &user);

	if (!r->by) {
		bool counts = dialect != DIALECT_CRITICALPATH && !notes->copies_helo &&
		              (dialect != DIALECT_COMMUNIGATE || before == 1);
		r->dialect = counts ? dialect : DIALECT_NONE;
		if (dialect != DIALECT_NONE) {
			g_free(r->user);
			r->user = g_steal_pointer(&user);
		}
	} else if (after_by && dialect != DIALECT_NONE) {
		bool counts = dialect == DIALECT_CRITICALPATH;
		if (counts)
			r->dialect = dialect;
		if (counts || !r->user) {
			g_free(r->user);
			r->user = g_steal_pointer(&user);
		}
	}
}

/* Exim: `ident=NAME`; Sendmail and others: `(NAME@host [address])`. To be shown only: who runs the
 * client's host writes it. */
static void
note_ident(Received *r, const char *comment)
{
	static const char ends[] = " \t\r\n,@()[]";
	const char *name = strstr(comment, "ident=");

	if (r->ident)
		return;
	if (name && (name == comment || lexer_is_blank(name[-1]))) {
		name += strlen("ident=");
	} else {
		name = comment + (g_ascii_strncasecmp(comment, "IDENT:", 6) == 0 ? 6 : 0);
		if (name[strcspn(name, ends)] != '@')
			return;
	}
	size_t length = strcspn(name, ends);
	if (length)
		r->ident = g_strndup(name, length);
}

static void
note_client(Received *r, Notes *notes, Span comment)
{
	g_autofree char *text = span_dup(comment);
	bool hides = false;

	note_ident(r, text);
	notes->copies_helo = notes->copies_helo || strstr(text, "helo=");
	/* OpenSMTPD: a program on the host, which gets an ESMTPA without any login. */
	r->is_local = r->is_local || g_str_has_suffix(text, " [local]");
	if (cut_helo(text, &r->helo, &hides))
		notes->has_helo = true;
	note_peers(notes, g_strstrip(text));
	notes->has_hidden = notes->has_hidden || hides;
}

/* Reads the clauses up to the first semicolon. */
static bool
read_clauses(Received *r, Lexer *l, Notes *notes)
{
	enum { FROM, BY, VIA, WITH, ID, FOR, N_CLAUSES };
	static const char *const words[N_CLAUSES] = { "from", "by", "via", "with", "id", "for" };
	char **const values[N_CLAUSES] = { &r->from, &r->by, &r->via, &r->with, &r->id, &r->for_ };
	g_autofree char *first_comment = NULL;
	unsigned lexemes = 0, before = 0, others = 0;
	bool after_by = false, right_after_by = false;
	Span text;

	for (;; lexemes++) {
		Lex kind = lex(l, &text);
		if (kind == LEX_BAD)
			return false;
		if (kind == LEX_END || kind == LEX_SEMICOLON)
			break;
		if (kind == LEX_COMMENT) {
			if (lexemes == 0)
				first_comment = span_dup(text);
			before += !r->by;
			note_login(r, notes, text, before, after_by);
			if (r->from && !r->by)
				note_client(r, notes, text);
			if (right_after_by) {
				local_by_comment(r, text);
				local_submit(r, first_comment, text);
			} else {
				others++;
			}
			right_after_by = false;
			continue;
		}
		after_by = right_after_by = false;
		size_t k = 0;
		while (k < N_CLAUSES && !span_is(text, words[k]))
			k++;
		if (k == N_CLAUSES) {
			others++;
			continue;
		}
		if ((k == WITH && (!r->by || r->id || r->for_)) ||
		    (*values[k] && !(k == FROM && r->by)))
			return false;
		do {
			kind = lex(l, &text);
		} while (k == WITH && kind == LEX_COMMENT);
		if (kind != LEX_TOKEN)
			return false;
		if (k == FROM && r->by) {
			others++; /* XMail and some Exims say it again */
			continue;
		}
		*values[k] = span_dup(text);
		after_by = right_after_by = k == BY;
	}

	r->is_silent = r->by && !r->from && !r->with && !r->via && others == 0 && !r->is_local;
	if (lexemes == 1 && first_comment) {
		r->is_qmail_network = g_str_has_prefix(first_comment, "qmail ") &&
		                      g_str_has_suffix(first_comment, " invoked from network");
	}
	return true;
}

/* What follows the first semicolon says nothing, but it must not be able to hide a clause. */
static bool
read_rest(Lexer *l)
{
	Span text;
	Lex kind;

	do {
		kind = lex(l, &text);
	} while (kind == LEX_TOKEN || kind == LEX_COMMENT);
	return kind == LEX_END;
}

/* One candidate, or none. */
static void
find_peer(Received *r, const Notes *notes)
{
	g_autofree char *from = r->from && r->from[0] == '[' ? network_address(r->from) : NULL;

	if (notes->has_bare || notes->has_skipped || notes->has_hidden || notes->peers->len > 1)
		return;
	if (notes->peers->len == 1) {
		const char *peer = g_ptr_array_index(notes->peers, 0);
		if (!from || !(notes->has_unnamed || notes->has_helo) || g_str_equal(from, peer))
			r->peer = g_strdup(peer);
	} else if (notes->has_helo) {
		r->peer = g_steal_pointer(&from);
	}
}

Received *
received_read(Span value, const char *const *ours)
{
	Received *r = g_new0(Received, 1);
	Lexer lexer = { value.data, value.data + value.length };
	Notes notes = { .peers = g_ptr_array_new_with_free_func(g_free) };

	if (value.length > RECEIVED_MAX || memchr(value.data, '\0', value.length)) {
		r->bad = true;
	} else {
		r->bad = !read_clauses(r, &lexer, &notes) || !read_rest(&lexer);
		unsigned count = count_by_ours(value, ours);
		if (count > 1 || (count == 1 && !received_host_in(r->by, ours)))
			r->bad = true;
		find_peer(r, &notes);
		if (!r->helo)
			r->helo = g_strdup(r->from);
		/* Exim's word for what a program on the host hands over. */
		if (!r->is_local && r->with && g_ascii_strcasecmp(r->with, "local") == 0) {
			r->is_local = true;
			r->local_user = g_strdup(r->from);
		}
	}
	g_ptr_array_unref(notes.peers);
	return r;
}

void
received_free(Received *r)
{
	g_free(r->from);
	g_free(r->by);
	g_free(r->via);
	g_free(r->with);
	g_free(r->id);
	g_free(r->for_);
	g_free(r->peer);
	g_free(r->helo);
	g_free(r->ident);
	g_free(r->user);
	g_free(r->local_user);
	g_free(r);
}
