/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialect: a comment of a Received field -> the program that writes such a comment for a login. The
 * one table of these forms.
 * May know: comments. Must not know: where in the field they stand, who is trusted.
 * Fails: never; a comment that does not match a form as a whole says nothing.
 */
#include "dialect.h"

#include <string.h>

#include "lexer.h"
#include "network.h"

static const char *const names[N_DIALECTS] = {
	[DIALECT_NONE] = "none",
	[DIALECT_POSTFIX] = "postfix",
	[DIALECT_SENDMAIL] = "sendmail",
	[DIALECT_COURIER] = "courier",
	[DIALECT_KERIO] = "kerio",
	[DIALECT_QPSMTPD] = "qpsmtpd",
	[DIALECT_COMMUNIGATE] = "communigate",
	[DIALECT_CRITICALPATH] = "criticalpath",
	[DIALECT_SQUIRRELMAIL] = "squirrelmail",
};

/* Forms are compared without case; a blank matches any run of blanks and folds. Each form begins
 * with a letter. %u: the login; %w: a word; %d: a number; %l: the login, and %r: anything, up to
 * the end; [..]: optional; %a: an address in brackets. No other address may match: a client with
 * the name "authenticated" would give `(authenticated [192.0.2.1])`, and its ident could give
 * `(AUTH: PLAIN ceo@192.0.2.1)`. See may_be_login(). */
static const struct {
	Dialect dialect;
	const char *form;
} forms[] = {
	{ DIALECT_POSTFIX, "Authenticated sender: %l" },
	{ DIALECT_SENDMAIL, "authenticated[ user=%u][ mech=%w][ bits=%d]" },
	{ DIALECT_SENDMAIL, "authenticated (%d bits)" },
	{ DIALECT_SENDMAIL, "User authenticated as %u" },
	{ DIALECT_COURIER, "AUTH: %w[ %u]" },
	{ DIALECT_COURIER, "AUTH: %w[ %u], TLS: %r" },
	{ DIALECT_COURIER, "AUTH: %w[ %u], SSL: %r" },
	{ DIALECT_KERIO, "authenticated user %u" },
	{ DIALECT_QPSMTPD, "smtp-auth username %u[ relayok], mechanism %w" },
	{ DIALECT_COMMUNIGATE, "account %u" },
	{ DIALECT_COMMUNIGATE, "account %u HELO %r" },
	{ DIALECT_COMMUNIGATE, "account %u %a verified" },
	{ DIALECT_CRITICALPATH, "authenticated as %u" },
	{ DIALECT_SQUIRRELMAIL, "SquirrelMail authenticated user %u" },
	{ DIALECT_SQUIRRELMAIL, "NaSMail authenticated user %u" },
};

/* Moves *@text past what the conversion @what matches. False: it does not match. */
static bool
take(char what, const char **text, char **ret_user)
{
	const char *start = *text;

	switch (what) {
	case 'd':
		*text += strspn(*text, "0123456789");
		break;
	case 'a':
		if (**text != '[')
			return false;
		*text += strcspn(*text, " ]");
		if (**text != ']')
			return false;
		++*text;
		break;
	case 'l':
		*text += strlen(*text);
		break;
	case 'r':
		*text += strcspn(*text, "@()[]");
		break;
	case 'w':
		*text += strcspn(*text, " ,@[]()");
		break;
	default:
		*text += strcspn(*text, " ,");
	}
	if (*text == start)
		return false;
	if (what == 'u' || what == 'l') {
		g_free(*ret_user);
		*ret_user = g_strndup(start, *text - start);
	}
	return true;
}

/* Matches *@form up to its end or a bracket, and moves both past what matched. */
static bool
match_plain(const char **form, const char **text, char **ret_user)
{
	for (; **form && **form != ']' && **form != '['; ++*form) {
		if (**form == '%') {
			if (!take(*++*form, text, ret_user))
				return false;
		} else if (g_ascii_tolower(**form) != g_ascii_tolower(**text)) {
			return false;
		} else {
			++*text;
		}
	}
	return true;
}

static bool
ends_in_address(const char *login)
{
	size_t start = strlen(login);

	while (start && login[start - 1] != '@' && login[start - 1] != ' ')
		start--;
	g_autofree char *address = network_address(login + start);
	return address != NULL;
}

/* Whether what stands in the place of the login of @form (NULL: it names none) is one beyond doubt.
 */
static bool
may_be_login(const char *form, const char *user)
{
	const char *never = strstr(form, "%l") ? "()\"[]" : "()[]";

	return !user || (!strpbrk(user, never) && !ends_in_address(user));
}

static bool
match(const char *form, const char *text, char **ret_user)
{
	while (*form) {
		if (*form != '[') {
			if (!match_plain(&form, &text, ret_user))
				return false;
			continue;
		}
		const char *inner = form + 1, *ahead = text;
		if (match_plain(&inner, &ahead, ret_user))
			text = ahead;
		form = strchr(form, ']') + 1;
	}
	return !*text;
}

/* Whether the first word of @form begins @text. */
static bool
begins_as(const char *form, Span text)
{
	for (size_t i = 0; form[i] && form[i] != ' ' && form[i] != '[' && form[i] != '%'; i++) {
		if (i == text.length || g_ascii_tolower(text.data[i]) != g_ascii_tolower(form[i]))
			return false;
	}
	return true;
}

Dialect
dialect_read(Span comment, char **ret_user)
{
	g_autofree char *text = NULL;

	while (comment.length && lexer_is_blank(*comment.data)) {
		comment.data++;
		comment.length--;
	}
	*ret_user = NULL;
	if (comment.length == 0)
		return DIALECT_NONE;
	char first = *comment.data | 0x20;
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if ((*forms[i].form | 0x20) != first || !begins_as(forms[i].form, comment))
			continue;
		if (!text)
			text = g_strchomp(lexer_squeeze(comment.data, comment.length));
		g_autofree char *user = NULL;
		if (!match(forms[i].form, text, &user))
			continue;
		bool proves = may_be_login(forms[i].form, user);
		if (proves || !*ret_user) {
			g_free(*ret_user);
			*ret_user = g_steal_pointer(&user);
		}
		if (proves)
			return forms[i].dialect;
	}
	return DIALECT_NONE;
}

const char *
dialect_name(Dialect dialect)
{
	return names[dialect];
}

Dialect
dialect_by_name(const char *name)
{
	Dialect dialect = N_DIALECTS - 1;

	while (dialect > DIALECT_NONE && g_ascii_strcasecmp(names[dialect], name) != 0)
		dialect--;
	return dialect;
}

DialectRule *
dialect_rule_new(const char *item)
{
	DialectRule *rule = g_new0(DialectRule, 1);
	const char *equals = strchr(item, '=');

	if (equals)
		rule->host = g_strndup(item, (size_t)(equals - item));
	rule->dialect = dialect_by_name(equals ? equals + 1 : item);
	return rule;
}

void
dialect_rule_free(DialectRule *rule)
{
	g_free(rule->host);
	g_free(rule);
}
