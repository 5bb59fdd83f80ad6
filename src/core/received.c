/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * received: one Received field -> its clauses and the few comments that mean something.
 * May know: how mail programs write the field. Must not know: the walk, verdicts, facts.
 * Fails: never; a field that can be read in two ways is malformed.
 * Follows RFC 5321, 4.4; believes no substring but what Postfix and Sendmail write at the end of
 * the comment after by, since a client chooses HELO, MAIL FROM, RCPT TO, ident and certificate
 * names, and some MTAs copy them raw.
 */
#include "received.h"

#include <string.h>

#include "host.h"
#include "lexer.h"
#include "local.h"
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

/* Whether a token goes on with @c, whatever stands around it: true of most bytes. */
static bool
is_plain(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_' || c == '@' || c == '=';
}

/* Takes the next lexeme. A token extends up to the next blank, comment or semicolon. */
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
			do {
				l->at++;
			} while (l->at < l->end && is_plain(*l->at));
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
span_is(Span span, const char *text)
{
	return span.length == strlen(text) && span_begins_with(span, text);
}

bool
received_same_host(const char *a, const char *b)
{
	return host_same(a, b);
}

bool
received_host_in(const char *host, const char *const *hosts)
{
	return host && host_in((Span){ host, strlen(host) }, hosts);
}

static void
add_distinct(GPtrArray *addresses, const char *address)
{
	if (!g_ptr_array_find_with_equal_func(addresses, address, g_str_equal, NULL))
		g_ptr_array_add(addresses, g_strdup(address));
}

/* Whether addresses stand in @text without brackets, each perhaps with a port; adds them to
 * @addresses (may be NULL). An address begins with a hexadecimal digit, a colon or `IPv6:`, and
 * holds a dot or a colon, which rules out most words. */
static bool
find_bare(const char *text, GPtrArray *addresses)
{
	static const char ends[] = " \t\r\n,@()=<>\"", stops[] = " \t\r\n,@()=<>\"[";
	bool found = false, has_port;

	for (const char *word = text; *word;) {
		size_t length = strcspn(word, stops);
		if (*word == '[') {
			length = strcspn(word, "]");
			length += word[length] == ']';
		} else if ((g_ascii_isxdigit(*word) || *word == ':' ||
		            lexer_is_letter(*word, 'i')) &&
		           (memchr(word, '.', length) || memchr(word, ':', length))) {
			g_autofree char *one = g_strndup(word, length);
			g_autofree char *bare = network_endpoint(one, &has_port);
			found = found || bare;
			if (bare && addresses && addresses->len < 2)
				add_distinct(addresses, bare);
		}
		word += length;
		word += strspn(word, ends);
	}
	return found;
}

/* Cuts @comment where the client's HELO name begins, and keeps that as *@helo: some MTAs copy it
 * raw, so the client may have written all that follows. False: it holds no such name. *@hides: what
 * was cut may have been TCP-info, since the client's name in the DNS or its ident can hold "helo";
 * only `helo=NAME` as Exim writes it is beyond doubt. */
static bool
cut_helo(char *comment, char **helo, bool *hides)
{
	/* Either has its one L there. */
	for (char *l = comment; (l = strpbrk(l, "lL")); l++) {
		char *p = l - MIN(l - comment, 2);
		if ((p > comment && !lexer_is_blank(p[-1]) && p[-1] != '(') ||
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
		*hides = strchr(rest, '[') || find_bare(rest, NULL) || memchr(name, '@', length) ||
		         (open && !(exim && open == name));
		*p = '\0';
		return true;
	}
	return false;
}

/* What stands between the from clause's value and by, and what else matters for it. */
typedef struct {
	GPtrArray *peers;     /* char *: distinct addresses, each of which may be the client's */
	GPtrArray *unread;    /* char *: addresses in a form that ident and login have too */
	unsigned comments;    /* before by */
	bool has_from;        /* there is a from clause, though perhaps without a value */
	bool has_whole;       /* a comment is an address without brackets, and nothing else */
	bool has_loose;       /* an address in brackets stands outside comments */
	bool has_unnamed;     /* before an address in brackets stands other text than one name */
	bool has_skipped;     /* something else in brackets, or an address after ident text */
	bool has_hidden;      /* HELO text may have held the true one, and none stood alone since */
	bool has_helo;        /* a comment holds the client's HELO name */
	bool copies_helo;     /* in Exim's form; Exim can be configured to copy it raw */
	bool begins_as_exim;  /* the first comment is one that Exim writes after an address */
	bool is_exim;         /* by's or with's comment says that Exim wrote the field */
	bool is_exim_local;   /* the same, in Exim's form for a program on the host */
	bool begins_with_by;  /* nothing stands before by */
	bool has_late_from;   /* another from stands after by */
	bool is_communigate;  /* by's comment says that CommuniGate wrote the field */
	bool is_postfix;      /* by's comment says that Postfix did */
	bool login_is_a_word; /* the comment that names a login could be a HELO name */
	bool has_nested;      /* in a comment, a bracket stands after a nested one or a backslash */
	bool has_ident; /* a comment begins with ident text as Courier copies it, perhaps raw */
	bool by_has_version;   /* the comments after by are only numbers and dots */
	bool last_is_via_http; /* the last comment is "via HTTP" and stands after by's value */
	bool via_is_behind_by; /* a via clause stands right after by's value */
} Notes;

/* Notes an address that may be the client's. False: @address is NULL. */
static bool
note_peer(Notes *notes, const char *address)
{
	if (!address)
		return false;
	if (notes->peers->len < 2)
		add_distinct(notes->peers, address);
	return true;
}

/* Whether the text before @open in @comment is one name, as in `(name [address])`, and no label
 * such as `Forwarded-For:`. */
static bool
is_name_before(const char *comment, const char *open)
{
	const char *end = comment;

	while (end < open && !lexer_is_blank(*end))
		end++;
	if (end == comment || end == open || end[-1] == ':')
		return false;
	while (lexer_is_blank(*end))
		end++;
	return end == open;
}

/* Whether @after may follow an address in brackets: nothing, a blank, a port. */
static bool
ends_peer(const char *after)
{
	if (*after == ':')
		after += 1 + strspn(after + 1, "0123456789");
	return !*after || lexer_is_blank(*after);
}

/* Notes TCP-info: `(name [address])`, or an address that is the whole comment. */
static void
note_peers(Notes *notes, const char *comment, bool is_cut)
{
	const char *equals = strchr(comment, '=');
	bool seen = false, has_port;

	for (const char *open = strchr(comment, '['); open; open = strchr(open + 1, '[')) {
		size_t length = strcspn(open + 1, "[]") + 1;
		if (open[length] != ']' || notes->peers->len > 1) {
			notes->has_skipped = true;
			return;
		}
		g_autofree char *text = g_strndup(open, length + 1);
		g_autofree char *address = network_endpoint(text, &has_port);
		if ((equals && equals < open) || !ends_peer(open + length + 1)) {
			notes->has_skipped = notes->has_skipped || !seen || address;
			continue;
		}
		if (note_peer(notes, address))
			seen = true;
		else
			notes->has_skipped = true;
		notes->has_unnamed = notes->has_unnamed || !is_name_before(comment, open);
	}
	g_autofree char *whole = is_cut ? NULL : network_address(comment);
	if (whole)
		notes->has_hidden = false;
	if (seen || !note_peer(notes, whole))
		find_bare(comment, notes->unread);
	else
		notes->has_whole = true;
}

/* Notes an address outside comments: `[address]`, perhaps with a port, or a bare address. */
static void
note_loose(Notes *notes, Span token)
{
	g_autofree char *text = g_strndup(token.data, token.length);
	bool has_port;
	g_autofree char *address = *text == '[' ? network_endpoint(text, &has_port) : NULL;

	if (note_peer(notes, address)) {
		notes->has_loose = notes->has_unnamed = true;
		notes->has_hidden = false;
	} else if (strchr(text, '[')) {
		notes->has_skipped = true;
	} else {
		find_bare(text, notes->unread);
	}
}

static bool
is_one_word(Span comment)
{
	g_autofree char *text = g_strchomp(lexer_squeeze(comment.data, comment.length));

	return !strchr(text, ' ');
}

/* Notes the login that a comment names, and its dialect if the comment stands where it counts: as
 * the last one before by, which for communigate must be the only one; for criticalpath, right after
 * by's value. A login is noted wherever it stands, since a relay's account is one in every program;
 * but one that the client may have written into Exim's comments is not shown. */
static void
note_login(Received *r, Notes *notes, Span comment, bool after_by)
{
	char *user = NULL;
	Dialect dialect = dialect_read(comment, &user);
	bool counts, shows = user && dialect != DIALECT_NONE;

	if (!r->by) {
		counts = dialect != DIALECT_CRITICALPATH &&
		         (dialect != DIALECT_COMMUNIGATE || notes->comments == 1);
		r->dialect = counts ? dialect : DIALECT_NONE;
		r->names_user = counts && user;
		notes->login_is_a_word = dialect != DIALECT_NONE && is_one_word(comment);
	} else {
		counts = after_by && dialect == DIALECT_CRITICALPATH && notes->by_has_version;
		if (counts) {
			r->dialect = dialect;
			r->names_user = true;
		}
		shows = shows && (counts || (!r->user && (after_by || !notes->is_exim)));
	}
	if (!user)
		return;
	if (!r->users)
		r->users = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(r->users, user);
	if (shows) {
		g_free(r->user);
		r->user = g_strdup(user);
	}
}

/* Whether the client may have chosen the comment that names a login. Exim and its like write HELO
 * and ident as comments of their own, and no program with a dialect writes `helo=` or an address
 * outside comments. */
static bool
login_is_in_doubt(const Received *r, const Notes *notes)
{
	bool of_webmail = r->dialect == DIALECT_SQUIRRELMAIL;
	g_autofree char *from = NULL;
	bool has_port;

	if (r->dialect == DIALECT_CRITICALPATH)
		return r->with != NULL;
	if (notes->copies_helo || notes->has_loose || notes->has_nested || notes->has_ident ||
	    notes->is_exim)
		return true;
	/* A webmail's field says HTTP; any other word is that of an SMTP server. */
	if (of_webmail && r->with && !span_begins_with((Span){ r->with, strlen(r->with) }, "HTTP"))
		return true;
	if (of_webmail || r->dialect == DIALECT_COMMUNIGATE)
		return false;
	/* The client's address may be from's value, and all comments the client's choice. */
	from = r->from ? network_endpoint(r->from, &has_port) : NULL;
	if (from && (notes->has_helo || notes->peers->len == 0))
		return true;
	return notes->login_is_a_word && notes->peers->len == 0;
}

/* Notes ident: `ident=NAME` by Exim, `(NAME@host [address])` by Sendmail and others. Only for
 * display, since the client's host chooses it. */
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
	const char *nested = strpbrk(text, "(\\");
	notes->has_nested = notes->has_nested || (nested && strchr(nested, '['));
	notes->has_ident = notes->has_ident || g_str_has_prefix(text, "IDENT: ");
	if (notes->comments == 1)
		notes->begins_as_exim =
		        g_str_has_prefix(text, "helo=") || g_str_has_prefix(text, "port=");
	bool is_cut = cut_helo(text, &r->helo, &hides);
	r->is_local = r->is_local || g_str_has_suffix(text, " [local]");
	notes->has_helo = notes->has_helo || is_cut;
	note_peers(notes, g_strstrip(text), is_cut);
	notes->has_hidden = notes->has_hidden || hides;
}

typedef enum { FROM, BY, VIA, WITH, ID, FOR, N_CLAUSES } Clause;

/* What reads the clauses up to the first semicolon. */
typedef struct {
	Received *r;
	Lexer l;
	Notes notes;
	bool seen[N_CLAUSES];
	char *first_comment;     /* the first one, if among the first two lexemes */
	unsigned first_position; /* its number as a lexeme, from 0 */
	unsigned lexemes, others;
	bool right_after_by; /* the last lexeme was by's value */
	bool after_by;       /* since by's value, there were only comments */
} Reader;

static Clause
clause_of(Span token)
{
	static const char *const words[N_CLAUSES] = { "from", "by", "via", "with", "id", "for" };
	Clause clause = token.length <= strlen("from") ? FROM : N_CLAUSES;

	while (clause < N_CLAUSES && !span_is(token, words[clause]))
		clause++;
	return clause;
}

/* Notes what the comment right after by says about the program that wrote the field. */
static void
note_program(Reader *reader, Span comment)
{
	const Notes *notes = &reader->notes;
	LocalForm form = {
		.has_from = notes->has_from,
		.is_client_alone = notes->comments == 1 && !notes->has_loose,
		.first = reader->first_position == 0 ? reader->first_comment : NULL,
		.second = reader->first_position == 1 ? reader->first_comment : NULL,
		.by_comment = comment,
	};

	local_read(reader->r, &form);
	reader->notes.is_communigate = span_begins_with(comment, "CommuniGate Pro");
	reader->notes.is_postfix = span_is(comment, "Postfix");
}

static bool
is_version(Span comment)
{
	for (size_t i = 0; i < comment.length; i++) {
		if (!g_ascii_isdigit(comment.data[i]) && comment.data[i] != '.')
			return false;
	}
	return true;
}

/* Whether all that was read so far is `from USER [(helo=NAME)] by HOST with WORD`. */
static bool
is_behind_local_clauses(const Reader *reader)
{
	const Received *r = reader->r;
	const char *helo = reader->first_position == 1 ? reader->first_comment : NULL;
	bool has_helo = reader->notes.comments == 1 && helo && g_str_has_prefix(helo, "helo=") &&
	                !strchr(helo, '[');

	return r->from && r->by && r->with && reader->lexemes == (has_helo ? 4 : 3);
}

static void
read_comment(Reader *reader, Span text)
{
	Received *r = reader->r;
	Notes *notes = &reader->notes;

	if (!reader->first_comment && reader->lexemes < 2) {
		reader->first_comment = span_dup(text);
		reader->first_position = reader->lexemes;
	}
	notes->comments += !r->by;
	note_login(r, notes, text, reader->after_by);
	if (notes->has_from && !r->by)
		note_client(r, notes, text);
	if (reader->right_after_by)
		note_program(reader, text);
	else
		reader->others++;
	if (r->by && (span_begins_with(text, "Exim ") || span_is(text, "Exim"))) {
		notes->is_exim = true;
		notes->is_exim_local = notes->is_exim_local || is_behind_local_clauses(reader);
	}
	notes->last_is_via_http = reader->after_by && span_is(text, "via HTTP");
	notes->by_has_version = notes->by_has_version && is_version(text);
	reader->right_after_by = false;
}

/* Takes the word after `with MailEnable`, which names the protocol. */
static void
read_mailenable(Reader *reader)
{
	Lexer ahead = reader->l;
	Span text;

	if (g_ascii_strcasecmp(reader->r->with, "MailEnable") != 0 ||
	    lex(&ahead, &text) != LEX_TOKEN || clause_of(text) != N_CLAUSES)
		return;
	reader->l = ahead;
	g_free(reader->r->with);
	reader->r->with = span_dup(text);
}

/* Reads the value of @clause, whose keyword was read: the next token, whatever that says. */
static bool
read_clause(Reader *reader, Clause clause)
{
	Received *r = reader->r;
	char **const values[N_CLAUSES] = { &r->from, &r->by, &r->via, &r->with, &r->id, &r->for_ };
	bool *seen = reader->seen, again = clause == FROM && seen[BY];
	Lexer before = reader->l;
	Span text;
	Lex kind;

	if ((clause == WITH && (!seen[BY] || seen[ID] || seen[FOR])) || (seen[clause] && !again))
		return false;
	while ((kind = lex(&reader->l, &text)) == LEX_COMMENT && clause == WITH)
		note_login(r, &reader->notes, text, false);
	if (again) {
		reader->others++; /* XMail and some Exims write from again */
		reader->notes.has_late_from = true;
		return kind == LEX_TOKEN;
	}
	seen[clause] = true;
	reader->notes.has_from = seen[FROM];
	if (kind == LEX_TOKEN) {
		*values[clause] = span_dup(text);
		/* The client's name may have ended in the keyword, and this be its address. */
		if (clause != FROM && seen[FROM] && !r->by)
			note_loose(&reader->notes, text);
		if (clause == WITH)
			read_mailenable(reader);
		reader->after_by = reader->right_after_by = clause == BY;
		reader->notes.begins_with_by |= clause == BY && reader->lexemes == 0;
		reader->notes.by_has_version = reader->notes.by_has_version || clause == BY;
		return true;
	}
	/* Some write an id without a value, and Exim a from: goes on with what follows. */
	reader->l = before;
	return kind != LEX_BAD && (clause == ID || (clause == FROM && kind == LEX_COMMENT));
}

static bool
read_clauses(Reader *reader)
{
	const Received *r = reader->r;
	Span text;

	for (;; reader->lexemes++) {
		Lex kind = lex(&reader->l, &text);
		if (kind == LEX_BAD)
			return false;
		if (kind == LEX_END || kind == LEX_SEMICOLON)
			return true;
		if (kind == LEX_COMMENT) {
			read_comment(reader, text);
			continue;
		}
		Clause clause = clause_of(text);
		if (clause == VIA)
			reader->notes.via_is_behind_by = reader->after_by;
		reader->after_by = reader->right_after_by = false;
		if (clause < N_CLAUSES) {
			if (!read_clause(reader, clause))
				return false;
			continue;
		}
		reader->others++;
		if (reader->notes.has_from && !r->by)
			note_loose(&reader->notes, text);
	}
}

/* Whether the text after the first semicolon, which is ignored, cannot hide a clause. */
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

/* Sets the peer to the one address that nothing contradicts, if there is one; else sets unread. */
static void
find_peer(Received *r, const Notes *notes)
{
	bool has_port = false, doubt;
	g_autofree char *from = r->from ? network_endpoint(r->from, &has_port) : NULL;
	const char *peer = notes->peers->len == 1 ? g_ptr_array_index(notes->peers, 0) : NULL;
	bool agrees = !notes->has_skipped && !notes->has_hidden && !notes->has_nested &&
	              !(notes->has_whole && notes->is_exim) && notes->peers->len < 2;

	for (guint i = 0; i < notes->unread->len; i++)
		agrees = agrees && g_strcmp0(g_ptr_array_index(notes->unread, i), peer) == 0;
	/* Exim writes the true address as from's value; any other may be HELO or ident. Postfix
	 * always writes HELO there. */
	doubt = (has_port && !notes->is_postfix) || notes->is_exim || notes->has_helo ||
	        notes->has_whole || notes->has_unnamed;
	if (agrees && peer && (!from || !doubt || g_str_equal(from, peer)))
		r->peer = g_strdup(peer);
	else if (agrees && !peer && from && *r->from == '[' &&
	         (notes->begins_as_exim || (notes->is_communigate && notes->has_helo)))
		r->peer = g_steal_pointer(&from);
	if (r->peer)
		return;
	if (from)
		add_distinct(notes->unread, from);
	for (guint i = 0; i < notes->peers->len; i++)
		add_distinct(notes->unread, g_ptr_array_index(notes->peers, i));
	if (notes->unread->len == 0)
		return;
	g_ptr_array_add(notes->unread, NULL);
	r->unread = g_strjoinv(", ", (char **)notes->unread->pdata);
}

/* Sets what only the whole field tells. */
static void
finish(Received *r, Reader *reader)
{
	const Notes *notes = &reader->notes;

	find_peer(r, notes);
	if (reader->lexemes == 1 && reader->first_comment)
		local_read_qmail(r, reader->first_comment);
	if (r->dialect != DIALECT_NONE && login_is_in_doubt(r, notes))
		r->dialect = DIALECT_NONE;
	if (!r->helo)
		r->helo = g_strdup(r->from);
	r->is_http = r->by && !r->with &&
	             (notes->last_is_via_http || (notes->via_is_behind_by && r->via &&
	                                          g_ascii_strcasecmp(r->via, "HTTP") == 0));
	local_read_exim(r, notes->has_from, notes->is_exim_local, notes->comments > 0);
	r->is_silent = r->by && !notes->has_from && !r->with && !r->via && reader->others == 0 &&
	               !r->is_local;
}

Received *
received_read(Span value, const char *const *ours)
{
	Received *r = g_new0(Received, 1);
	Reader reader = { .r = r, .l = { .at = value.data, .end = value.data + value.length } };

	if (value.length > RECEIVED_MAX || memchr(value.data, '\0', value.length)) {
		r->bad = true;
		return r;
	}
	reader.notes.peers = g_ptr_array_new_with_free_func(g_free);
	reader.notes.unread = g_ptr_array_new_with_free_func(g_free);
	if (read_clauses(&reader)) {
		r->date = (Span){ reader.l.at, (size_t)(reader.l.end - reader.l.at) };
		r->bad = !read_rest(&reader.l);
	} else {
		r->bad = true;
	}
	Span by = { r->by, r->by ? strlen(r->by) : 0 };
	r->is_inside = reader.notes.begins_with_by && !reader.notes.has_late_from && r->by &&
	               host_in_network(by, ours);
	unsigned count = host_count_by(value, ours);
	if (count > 1 || (count == 1 && !received_host_in(r->by, ours)))
		r->bad = true;
	finish(r, &reader);
	g_ptr_array_unref(reader.notes.peers);
	g_ptr_array_unref(reader.notes.unread);
	g_free(reader.first_comment);
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
	g_free(r->unread);
	g_free(r->helo);
	g_free(r->ident);
	g_free(r->user);
	g_clear_pointer(&r->users, g_ptr_array_unref);
	g_free(r->local_user);
	g_free(r->local_uid);
	g_free(r->qmail_uid);
	g_free(r);
}
