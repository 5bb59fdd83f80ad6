/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "received.h"

/* A field up to the comment right after by's value, as far as it matters here. */
typedef struct {
	bool has_from;
	bool is_client_alone;       /* one comment stands before by, and no address outside it */
	const char *first, *second; /* the first and second lexeme, if a comment; else NULL */
	Span by_comment;
} LocalForm;

/* If the field has the form of a program that writes local submissions so, sets in @r that the
 * message was handed in on the host itself, and by which user. */
void local_read(Received *r, const LocalForm *form);

/* The same for Exim, once all clauses are read. @is_of_exim: up to there, the field is nothing but
 * `from USER by HOST with WORD (Exim ...)`; @has_helo: with `(helo=NAME)` after USER. */
void local_read_exim(Received *r, bool has_from, bool is_of_exim, bool has_helo);

/* The same for qmail's own fields, which are one comment and a date: sets is_qmail_network and
 * qmail_uid. */
void local_read_qmail(Received *r, const char *comment);
