/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "span.h"

/* The programs whose comments in a Received field name a login. */
typedef enum {
	DIALECT_NONE,
	DIALECT_POSTFIX,
	DIALECT_SENDMAIL,
	DIALECT_COURIER,
	DIALECT_KERIO,
	DIALECT_QPSMTPD,
	DIALECT_COMMUNIGATE,
	DIALECT_CRITICALPATH,
	DIALECT_SQUIRRELMAIL,
	N_DIALECTS
} Dialect;

/* The dialect in which @comment, read without its parentheses and as a whole, says that the session
 * had a login; *@ret_user becomes that login, or NULL where the form names none. (transfer full) */
Dialect dialect_read(Span comment, char **ret_user);

/* Its name in the setting comment-dialect, and the dialect of that name; DIALECT_NONE: there is
 * none. */
const char *dialect_name(Dialect dialect);
Dialect dialect_by_name(const char *name);

/* An item of that setting: on the host that writes so the dialect counts. */
typedef struct {
	char *host; /* NULL: every host */
	Dialect dialect;
} DialectRule;

/* Reads DIALECT or HOST=DIALECT; an unknown one is DIALECT_NONE. (transfer full) */
DialectRule *dialect_rule_new(const char *item);
void dialect_rule_free(DialectRule *rule);
