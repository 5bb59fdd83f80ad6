/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What the grammars of structured fields share (RFC 5322, 3.2). A function that returns false
 * leaves the cursor anywhere: the rest of the text must not be read. */
typedef struct {
	const char *at, *end; /* the cursor, and the end of the text */
	bool deep;            /* comments may nest to any depth */
} Lexer;

/* WSP (RFC 5234, B.1). */
static inline bool
lexer_is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* WSP, or a byte of a fold. */
static inline bool
lexer_is_blank(char c)
{
	return lexer_is_wsp(c) || c == '\r' || c == '\n';
}

/* Whether @c is the letter @lower or its capital; a cheap first test for a word. */
static inline bool
lexer_is_letter(char c, char lower)
{
	return (c | 0x20) == lower;
}

/* Whether two texts of @length bytes differ at most in the case of ASCII letters. */
static inline bool
lexer_same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char letter = a[i] | 0x20;
		if (a[i] != b[i] && (letter != (b[i] | 0x20) || letter < 'a' || letter > 'z'))
			return false;
	}
	return true;
}

/* A copy of @text, which must hold no NUL, with each run of blanks and folds as one blank, and none
 * at the start. (transfer full) */
char *lexer_squeeze(const char *text, size_t length);

/* Step over the comment, quoted-string or domain-literal that begins at the cursor. False: it is
 * not closed, or nests too deep. */
bool lexer_skip_comment(Lexer *l);
bool lexer_skip_quoted(Lexer *l);
bool lexer_skip_literal(Lexer *l);

/* Steps over blanks, folds and comments, if there are any. False: a comment is not closed, or nests
 * too deep. */
bool lexer_skip_cfws(Lexer *l);
