/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * local: the forms of a Received field for messages that a program on the host handed in, and by
 * which user.
 * May know: how mail programs write these. Must not know: the grammar of the field, verdicts.
 * Fails: never; an unknown form is not local, or shows no user.
 */
#include "local.h"

#include <string.h>

#include "host.h"
#include "lexer.h"
#include "network.h"

/* Postfix: `by HOST (Postfix, from userid N)`. Any other form with "userid" shows no user. */
static void
read_pickup(Received *r, const LocalForm *form)
{
	static const char before[] = ", from userid ";

	if (form->has_from || r->is_local)
		return;
	g_autofree char *squeezed = lexer_squeeze(form->by_comment.data, form->by_comment.length);
	g_autofree char *text = g_ascii_strdown(squeezed, -1);
	if (!strstr(text, "userid"))
		return;
	r->is_local = true;
	const char *mark = g_strrstr(text, before), *uid = mark ? mark + strlen(before) : "";
	if (*uid && !strpbrk(uid, " ()"))
		r->local_user = g_strdup(uid);
}

/* Sendmail: `(from USER@HOST) by HOST (8.15.2/8.15.2/Submit)`. */
static void
read_submit(Received *r, const LocalForm *form)
{
	static const char submit[] = "/Submit";
	Span by = form->by_comment;

	if (form->has_from || r->is_local || !form->first || by.length < strlen(submit) ||
	    memcmp(by.data + by.length - strlen(submit), submit, strlen(submit)))
		return;
	if (g_str_has_prefix(form->first, "from ")) {
		r->is_local = true;
		r->local_user = g_strndup(form->first + 5, strcspn(form->first + 5, "@ "));
	}
}

/* The number after @before, if @text is nothing but these two; NULL: it is not. (transfer full) */
static char *
number_behind(const char *text, const char *before)
{
	if (!g_str_has_prefix(text, before))
		return NULL;
	const char *number = text + strlen(before);
	size_t length = strspn(number, "0123456789");
	return length && !number[length] ? g_strdup(number) : NULL;
}

/* dma: `from USER (uid N) ... by HOST (DragonFly Mail Agent v0.12)`. */
static void
read_dma(Received *r, const LocalForm *form)
{
	g_autofree char *uid = NULL;

	if (!r->from || r->is_local || !form->second ||
	    !span_begins_with(form->by_comment, "DragonFly Mail Agent "))
		return;
	uid = number_behind(form->second, "uid ");
	r->is_local = true;
	if (uid) {
		r->local_user = g_strdup(r->from);
		r->local_uid = g_steal_pointer(&uid);
	}
}

/* OpenSMTPD: `from NAME (HOST [local]) by HOST (OpenSMTPD) with ESMTPA` for a program on the host,
 * which gets the A without a login. */
static void
read_opensmtpd(Received *r, const LocalForm *form)
{
	static const char program[] = "OpenSMTPD";
	const char *comment = form->second;

	if (!r->is_local || !r->from || !comment || !form->is_client_alone ||
	    form->by_comment.length != strlen(program) ||
	    !span_begins_with(form->by_comment, program))
		return;
	while (host_has_char(*comment))
		comment++;
	r->is_local_nobody = g_str_equal(comment, " [local]");
}

/* Whether @word is one of Exim's words for a session over the network, or for SMTP in general. */
static bool
is_smtp_word(const char *word)
{
	static const char *const words[] = { "smtp", "asmtp", "esmtp", "essmtp", "ssmtp", NULL };
	const char *rest = word + (g_ascii_strncasecmp(word, "utf8", 4) == 0 ? 4 : 0);

	for (size_t i = 0; words[i]; i++) {
		size_t length = strlen(words[i]);
		if (g_ascii_strncasecmp(rest, words[i], length) == 0 &&
		    strspn(rest + length, "sSaA") == strlen(rest + length))
			return true;
	}
	return false;
}

/* Exim: `from USER by HOST with WORD (Exim 4.98)`. The caller may choose WORD, such as sa-scanned.
 * In a session on standard input, WORD begins with local-, and HELO can stand after USER. For a
 * client Exim writes an address, unless it is configured not to: so USER is not believed beside a
 * word of SMTP, where it could be HELO. A session on standard input with a login is not local. */
static void
read_exim(Received *r, bool has_helo)
{
	static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	                           "._-+$";
	bool has_port;
	g_autofree char *address = network_endpoint(r->from, &has_port);

	if (r->is_local || address || r->from[strspn(r->from, name)])
		return;
	bool in_session = g_ascii_strncasecmp(r->with, "local-", 6) == 0;
	if (has_helo && !in_session)
		return;
	if (in_session && is_smtp_word(r->with + 6) &&
	    lexer_is_letter(r->with[strlen(r->with) - 1], 'a'))
		return;
	r->is_local = true;
	if (!is_smtp_word(r->with))
		r->local_user = g_strdup(r->from);
}

void
local_read(Received *r, const LocalForm *form)
{
	read_pickup(r, form);
	read_submit(r, form);
	read_dma(r, form);
	read_opensmtpd(r, form);
}

void
local_read_exim(Received *r, bool has_from, bool is_of_exim, bool has_helo)
{
	if (is_of_exim)
		read_exim(r, has_helo);
	/* Exim's word for messages from a program on the host. */
	if (!r->is_local && r->with && g_ascii_strcasecmp(r->with, "local") == 0) {
		r->is_local = true;
		r->is_local_nobody = !has_from;
		r->local_user = g_strdup(r->from);
	}
}

void
local_read_qmail(Received *r, const char *comment)
{
	if (!g_str_has_prefix(comment, "qmail "))
		return;
	r->is_qmail_network = g_str_has_suffix(comment, " invoked from network");
	const char *number = comment + strlen("qmail ");
	number += strspn(number, "0123456789");
	r->qmail_uid = number_behind(number, " invoked by uid ");
}
