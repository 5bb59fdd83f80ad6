/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lexer: steps over the blanks, comments, quoted strings and literals of a structured field.
 * May know: RFC 5322, 3.2 and 3.4.1. Must not know: which field it reads.
 * Fails: by false, if something is not closed or nests too deep. Every step consumes a byte.
 */
#include "lexer.h"

#include <glib.h>

#define DEPTH_MAX 100

char *
lexer_squeeze(const char *text, size_t length)
{
	char *squeezed = g_strndup(text, length), *to = squeezed;

	for (const char *from = squeezed; *from; from++) {
		if (!lexer_is_blank(*from))
			*to++ = *from;
		else if (to > squeezed && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	return squeezed;
}

bool
lexer_skip_comment(Lexer *l)
{
	unsigned depth = 0;

	for (; l->at < l->end; l->at++) {
		if (g_ascii_isalnum(*l->at))
			continue;
		if (*l->at == '\\') {
			if (++l->at == l->end)
				return false;
		} else if (*l->at == '(') {
			if (++depth > DEPTH_MAX && !l->deep)
				return false;
		} else if (*l->at == ')' && --depth == 0) {
			l->at++;
			return true;
		}
	}
	return false;
}

static bool
skip_closed_by(Lexer *l, char close)
{
	for (l->at++; l->at < l->end; l->at++) {
		if (*l->at == '\\') {
			if (++l->at == l->end)
				return false;
		} else if (*l->at == close) {
			l->at++;
			return true;
		}
	}
	return false;
}

bool
lexer_skip_quoted(Lexer *l)
{
	return skip_closed_by(l, '"');
}

bool
lexer_skip_literal(Lexer *l)
{
	return skip_closed_by(l, ']');
}

bool
lexer_skip_cfws(Lexer *l)
{
	while (l->at < l->end) {
		if (lexer_is_blank(*l->at))
			l->at++;
		else if (*l->at != '(')
			break;
		else if (!lexer_skip_comment(l))
			return false;
	}
	return true;
}
