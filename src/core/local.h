/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "received.h"

/* What bears on it in a field up to the comment right behind by's value. */
typedef struct {
	bool has_from;
	bool is_client_alone;       /* before by stands one comment, and no address outside it */
	const char *first, *second; /* the comment that is this lexeme; NULL: it is none */
	Span by_comment;
} LocalForm;

/* Set in @r that it was handed over on the host itself, and by whom, where the field has the form
 * of a program that writes so. */
void local_read(Received *r, const LocalForm *form);

/* The same for Exim, once all clauses are read. @is_of_exim: the field is nothing but `from USER by
 * HOST with WORD (Exim ...)`, up to there; @has_helo: with `(helo=NAME)` behind USER. */
void local_read_exim(Received *r, bool has_from, bool is_of_exim, bool has_helo);

/* The same for qmail's own fields, which are one comment and a date. */
void local_read_qmail(Received *r, const char *comment);
