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

/* The dialect in which @comment, without its parentheses and as a whole, says that the session had
 * a login; DIALECT_NONE: it does not. *@ret_user is that login (transfer full); NULL: the form
 * names none. With DIALECT_NONE it is what stands in the place of a login in a form that does not
 * match for its sake, and proves nothing. */
Dialect dialect_read(Span comment, char **ret_user);

/* The name of @dialect in the setting comment-dialect; static. */
const char *dialect_name(Dialect dialect);

/* The dialect with this name, compared without case; DIALECT_NONE: there is none. */
Dialect dialect_by_name(const char *name);

/* An item of the setting comment-dialect: the host on which a dialect counts. */
typedef struct {
	char *host; /* NULL: every host */
	Dialect dialect;
} DialectRule;

/* Reads DIALECT or HOST=DIALECT; an unknown dialect is DIALECT_NONE. (transfer full) */
DialectRule *dialect_rule_new(const char *item);
void dialect_rule_free(DialectRule *rule);
