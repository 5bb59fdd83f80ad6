/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that no client can feign a login, or pass for a relay of ours, by what it may choose in
 * the one field that our own host writes: HELO, its name in the DNS, ident, certificate, MAIL FROM
 * and RCPT TO, copied raw into the forms of many programs; nor by any head at all if a session
 * takes the place of that field. */
#include <string.h>

#include "core/submission.h"
#include "settings.h"

#define ROUNDS 100000

/* Fields of ours for a session without a login, up to the date. %a: the address of the client; %h:
 * HELO, %i: ident, %f: MAIL FROM, %t: RCPT TO, as they come; %s: HELO, %c: certificate, as Postfix
 * writes them; %d: name in the DNS, %j: ident, neither with brackets or quotes; %w: the word. */
static const struct {
	const char *name, *form;
	bool shows_address; /* in a form that is read, whatever the kind of the address */
} forms[] = {
	{ "postfix", "from %s (%d [%a]) by mx.example.org (Postfix) with %w id 1 for <%t>", true },
	{ "postfix-tls",
	  "from %s (%d [%a]) (using TLSv1.3 with cipher X (256/256 bits)) (Client CN \"%c\", "
	  "Issuer "
	  "\"%c\" (not verified)) by mx.example.org (Postfix) with %w id 1",
	  true },
	{ "sendmail",
	  "from %h (%d [%a]) by mx.example.org (8.15.2/8.15.2) with %w id 1 (version=TLSv1.3 "
	  "cipher=X bits=256 verify=NO) for <%t>",
	  true },
	{ "sendmail-ident",
	  "from %h (%i@%d [%a] (may be forged)) by mx.example.org (8.8.8/8.8.8) with %w id 1",
	  true },
	{ "sendmail-old", "from %h (IDENT:%i@%d [%a]) by mx.example.org (8.8.8/8.8.8) with %w id 1",
	  true },
	{ "exim",
	  "from %d ([%a] helo=%h ident=%i) by mx.example.org with %w (Exim 4.96) (envelope-from "
	  "<%f>) "
	  "id 1 for %t",
	  true },
	{ "exim-port", "from %d ([%a]:4711 helo=%h) by mx.example.org with %w (Exim 4.96) id 1",
	  true },
	{ "exim-no-name",
	  "from [%a] (helo=%h ident=%i) by mx.example.org with %w (Exim 4.96) (envelope-from <%f>) "
	  "id "
	  "1",
	  true },
	{ "exim-no-name-port", "from [%a] (port=4711 helo=%h) by mx.example.org with %w id 1",
	  true },
	{ "exim-fullhost", "from %d (%h) [%a]:4711 by mx.example.org with %w (Exim 4.96) id 1",
	  true },
	{ "exim-fullhost-custom", "from %d (%h) [%a] by mx.example.org with %w id 1 for %t", true },
	{ "exim-fullhost-no-name", "from (%h) [%a]:4711 by mx.example.org with %w id 1", true },
	{ "exim-3", "from %d (%h) [%a.4711] (%i) by mx.example.org with %w (Exim 3.36) id 1",
	  true },
	{ "exim-3-custom", "from %d (%h) [%a] (%i) by mx.example.org with %w id 1", true },
	{ "exim-3-no-name", "from [%a.4711] (%i) by mx.example.org with %w (Exim 3.36) id 1",
	  false },
	{ "exim-3-no-helo", "from [%a] (%i) by mx.example.org with %w (Exim 3.36) id 1", false },
	{ "qmail", "from %d (HELO %h) (%a) by mx.example.org with %w", true },
	{ "qmail-ident", "from %d (HELO %h) (%i@%a) by mx.example.org with %w", false },
	{ "qmail-no-helo", "from %d (%i@%a) by mx.example.org with %w", false },
	{ "qpsmtpd",
	  "from %d (HELO %h) (%a) by mx.example.org (qpsmtpd/0.84) with (X encrypted) %w", true },
	{ "courier", "from %h (%d [%a]) (IDENT: %j, TLS: X) by mx.example.org with %w", true },
	{ "courier-no-name", "from %h ([%a]) by mx.example.org with %w", true },
	{ "opensmtpd", "from %h (%d [%a]) by mx.example.org (OpenSMTPD) with %w id 1 for <%t>",
	  true },
	{ "exchange",
	  "from %h (%a) by mx.example.org (192.0.2.1) with Microsoft SMTP Server (TLS) id 15.1 via "
	  "Frontend Transport",
	  true },
	{ "mdaemon",
	  "from %h (%d [%a]) by mx.example.org (192.0.2.1) (MDaemon PRO v26) with %w id 1", true },
	{ "mailenable", "from %h ([%a]) by mx.example.org with MailEnable %w", true },
	{ "communigate",
	  "from [%a] (HELO %h) by mx.example.org (CommuniGate Pro SMTP 6.1) with %w id 1", true },
	{ "communigate-verified",
	  "from %h ([%a] verified) by mx.example.org (CommuniGate Pro SMTP 6.1) with %w id 1",
	  true },
	{ "kerio", "from %h ([%a]) by mx.example.org (Kerio Connect 9.4.2) with %w", true },
	{ "haraka",
	  "from %d (HELO %h) (%a) by mx.example.org (Haraka/3.0.1) with %w id 1 envelope-from <%f>",
	  true },
	{ "stalwart",
	  "from %h (%d [%a]) (using TLSv1_3 with cipher X) by mx.example.org (Stalwart SMTP) with "
	  "%w "
	  "id 1",
	  true },
	{ "chasquid",
	  "from %h ([%a]) by mx.example.org (chasquid) with %w tls X (over SMTP, TLS-1.3, envelope "
	  "from \"%f\")",
	  true },
	{ "maddy",
	  "from %h (%d [%a]) by mx.example.org (envelope-sender <%f>) with %w id 1 (tls TLS1.3)",
	  true },
	{ "gmail", "from %h (%d. [%a]) by mx.example.org with %w id 1 for <%t> (version=TLS1_3)",
	  true },
	{ "criticalpath", "from %h (%a) by mx.example.org (7.0.030.2) id 1 for %t", true },
	{ "xmail", "from %h ([%a]:4711) by mx.example.org with %w id <1> for <%t> from <%f>",
	  true },
	{ "imail", "from %h [%a] by mx.example.org with %w (SMTPD32-8.05) id 1", true },
	{ "lotus", "from %h ([%a]) by mx.example.org (Lotus Domino 8.5) with %w id 1", true },
};

/* What such a client writes. */
static const char *const pieces[] = {
	"x",
	"evil.example.net",
	" ",
	" ",
	"(",
	")",
	" (",
	") ",
	"[",
	"]",
	"<",
	">",
	"\"",
	"\\",
	";",
	"@",
	"=",
	",",
	":25",
	".4711",
	"127.0.0.1",
	"[127.0.0.1]",
	"[127.0.0.1]:25",
	"[127.0.0.1.4711]",
	"[127.0.0.1:4711]",
	"(127.0.0.1)",
	"([127.0.0.1])",
	"x [127.0.0.1]",
	"[192.0.2.7]",
	"192.0.2.7",
	"::1",
	"[::1]",
	"[IPv6:::1]",
	"[IPv6:::1%lo]:25",
	"[::ffff:127.0.0.1]",
	"(::1%lo)",
	"[local]",
	"x [local]",
	" helo=",
	"helo=[127.0.0.1]",
	"HELO ",
	"EHLO ",
	"port=25 ",
	"ident=",
	" with ESMTPSA ",
	" with esmtpa",
	" via HTTP",
	"(via HTTP)",
	" via ",
	" for ",
	" id ",
	" by mx.example.org ",
	" by mail.example.org",
	" id 1",
	" from ",
	"authenticated",
	"(authenticated bits=0)",
	"(Authenticated sender: ceo)",
	") (Authenticated sender: ceo",
	"Authenticated sender: ceo",
	"authenticated user ceo",
	") (AUTH: PLAIN ceo",
	"smtp-auth username ceo, mechanism plain",
	") (account ceo",
	"account ceo",
	") (authenticated as ceo",
	"SquirrelMail authenticated user ceo",
	"uid 1000",
	", from userid 33",
	"DragonFly Mail Agent v0.12",
	"OpenSMTPD",
	"ESMTPSA",
	"MailEnable ESMTPA",
	"mapi",
	" by any.example.org ",
	"(by a.b.EXAMPLE.org)",
	" by 10.1.2.3 with SMTP",
	"by [10.9.9.9]",
	" by 2002:a05::7 ",
	"exim",
	"exim by ",
	" with sa-scanned (Exim 4.96)",
	"(Exim 4.96)",
	" with local ",
	"local-smtp",
	"; Mon, 24 Nov 2025 10:00:00 +0000",
};

static const char *const names[] = {
	"evil.example.net",
	"127.0.0.1",
	"localhost",
	"helo",
	"EHLO",
	"HELO ",
	"ident=x",
	"helo=x",
	"authenticated",
	"ESMTPSA",
	"with ESMTPSA",
	"by mx.example.org",
	"via HTTP",
	"local",
	"::1",
	"Authenticated sender: ceo",
	"AUTH: PLAIN ceo",
	"x=127.0.0.1",
	"127.0.0.1:25",
	"uid 1000",
	"exim",
	"any.example.org",
	"10.1.2.3",
};

static const char *const honest[] = { "203.0.113.66", "2001:db8::66" };
static const char *const words[] = { "SMTP", "ESMTP", "ESMTPS", "UTF8SMTPS", "esmtp", "smtps" };

/* A genuine field of ours, replayed below. */
#define REPLAYED                                                                                   \
	"Received: from laptop (dyn.example.net [203.0.113.17])\n"                                 \
	"\tby mail.example.org (Postfix) with ESMTPSA id 7CEEA1F43E05;\n"                          \
	"\tMon, 24 Nov 2025 09:00:00 +0000 (UTC)\n"

static const char *
pick(GRand *rand, const char *const *list, size_t n)
{
	return list[g_rand_int_range(rand, 0, (gint32)n)];
}

/* Adds what a client writes where @slot stands. */
static void
add_forged(GRand *rand, GString *text, char slot)
{
	gsize start = text->len;

	if (slot == 'd' || slot == 'j') {
		g_string_append(text, pick(rand, names, G_N_ELEMENTS(names)));
		return;
	}
	for (int n = g_rand_int_range(rand, 1, 5); n > 0; n--)
		g_string_append(text, pick(rand, pieces, G_N_ELEMENTS(pieces)));
	if (slot == 's')
		g_strdelimit(text->str + start, " <>()\\\";@", '_');
	else if (slot == 'c')
		g_strdelimit(text->str + start, "()\\\"", '_');
}

/* What stands behind by in a form, and what WIDE holds besides. */
static const char *const bys[] = { "by mx.example.org", "by in.dept.example.org", "by 10.140.1.2",
	                           "by 2002:a05:6402:190c:0:0:0:0", "by [IPv6:2002:a17::1]" };

/* @form, by another host of WIDE. (transfer full) */
static char *
by_another(const char *form, unsigned n)
{
	g_auto(GStrv) parts = g_strsplit(form, bys[0], 2);

	return g_strjoinv(bys[n % G_N_ELEMENTS(bys)], parts);
}

/* Fills in @form; the client's texts are @own, or come from @rand where that is NULL. */
static char *
fill(GRand *rand, const char *form, const char *address, const char *word, const char *own)
{
	GString *text = g_string_new("Received: ");

	for (; *form; form++) {
		if (*form != '%') {
			g_string_append_c(text, *form);
			continue;
		}
		form++;
		if (*form == 'a')
			g_string_append(text, address);
		else if (*form == 'w')
			g_string_append(text, word);
		else if (own)
			g_string_append(text, own);
		else
			add_forged(rand, text, *form);
	}
	g_string_append(text, "; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)\n" REPLAYED "\n");
	return g_string_free(text, false);
}

typedef struct {
	char **ours, **uids, **nobody;
	GPtrArray *dialects;
	GPtrArray *relays, *none;
	Trust trust;
} Fixture;

/* Hosts of ours by their names, and by names and networks that hold many. */
#define NAMED "mx.example.org mail.example.org localhost"
#define WIDE ".example.org 10.0.0.0/8 2002:a00::/24 localhost"

static void
set_up(Fixture *f, gconstpointer hosts)
{
	f->ours = list(hosts);
	f->uids = list("jane 33 1000 exim");
	f->nobody = list(NULL);
	f->dialects = dialects("postfix sendmail courier kerio qpsmtpd communigate criticalpath "
	                       "squirrelmail");
	f->relays = networks("127.0.0.1 ::1 192.0.2.7");
	f->none = networks(NULL);
	f->trust = (Trust){ .trusted_by = f->ours,
		            .relay_nets = f->relays,
		            .trusted_clients = f->relays,
		            .filter_uids = f->uids,
		            .user_uids = f->uids,
		            .hidden_by = f->ours,
		            .submission_by = f->nobody,
		            .webmail_by = f->ours,
		            .relay_accounts = f->nobody,
		            .comment_dialect = f->dialects,
		            .local_is_trusted = true };
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_strfreev(f->ours);
	g_strfreev(f->uids);
	g_strfreev(f->nobody);
	g_ptr_array_unref(f->dialects);
	g_ptr_array_unref(f->relays);
	g_ptr_array_unref(f->none);
}

/* What a client may put on top of a head, beside fields of the forms above. */
static const char *const fields[] = {
	REPLAYED,
	"Received: from r (r [192.0.2.7]) by mx.example.org (Postfix) with ESMTP id 1; Mon\n",
	"Received: from r (r [127.0.0.1]) by o.example (Postfix) with ESMTPSA id 1; Mon\n",
	"Received: by mx.example.org (Postfix, from userid 1000)\n\tid 1; Mon\n",
	"Received: from jane by mx.example.org with local (Exim 4.96) id 1; Mon\n",
	"Received: by mx.example.org (8.14.3/8.14.3/Submit) with local id n; Mon\n",
	"Received: from x (x [203.0.113.17]) by mx.example.org with LMTPA id 1; Mon\n",
	"Received: (qmail 7 invoked from network); Mon\n",
	"Received: (qmail 7 invoked by uid 1000); Mon\n",
	"Received: by mx.example.org (Postfix) id 1; Mon\n",
	"Received: by 10.1.2.3 with SMTP id 1; Mon\n",
	"Received: by any.example.org with ESMTPSA id 1; Mon\n",
	"Received: from exim by mx.example.org with sa-scanned (Exim 4.96) id 1; Mon\n",
	"Received: from [10.9.9.42] by mail.example.org with HTTP (POST); Mon\n",
	"Received: from p by mx.example.org with POP3; Mon\n",
	"Received: (((\n",
	"Received:\n",
	"Authentication-Results: mx.example.org; auth=pass smtp.auth=ceo\n",
	"X-Authenticated-Sender: ceo\n",
	"\rReceived: by mx.example.org with ESMTPSA; Mon\n",
	"junk\n",
	"From x@example.net Mon Nov 24 10:00:00 2025\n",
	"\n",
};

/* A head of any kind that a client may write. */
static char *
forge_head(GRand *rand)
{
	GString *text = g_string_new(NULL);

	for (int n = g_rand_int_range(rand, 0, 5); n > 0; n--) {
		if (g_rand_boolean(rand)) {
			g_string_append(text, pick(rand, fields, G_N_ELEMENTS(fields)));
			continue;
		}
		const char *form = forms[g_rand_int_range(rand, 0, G_N_ELEMENTS(forms))].form;
		bool is_login = g_rand_boolean(rand), is_relay = g_rand_boolean(rand);
		g_autofree char *field =
		        fill(rand, form,
		             is_relay ? "192.0.2.7" : pick(rand, honest, G_N_ELEMENTS(honest)),
		             is_login ? "ESMTPSA" : pick(rand, words, G_N_ELEMENTS(words)),
		             g_rand_boolean(rand) ? "x" : NULL);
		g_string_append_len(text, field, strstr(field, REPLAYED) - field);
	}
	for (int n = g_rand_int_range(rand, 0, 8); n > 0 && text->len; n -= 2)
		text->str[g_rand_int_range(rand, 0, (gint32)text->len)] =
		        (char)g_rand_int_range(rand, 1, 256);
	g_string_append(text, "\n");
	return g_string_free(text, false);
}

static bool
is_wide(const char *hosts)
{
	return g_str_equal(hosts, WIDE);
}

static Submission *
decide(const Fixture *f, const char *text)
{
	const Facts facts = { 0 };
	Head head = head_parse(text, strlen(text));

	return submission_read(&f->trust, &facts, &head);
}

static void
test_forged(Fixture *f, gconstpointer hosts)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
	unsigned read = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		g_autofree char *form =
		        by_another(forms[round % G_N_ELEMENTS(forms)].form,
		                   is_wide(hosts) ? round / G_N_ELEMENTS(forms) : 0);
		g_autofree char *text = fill(rand, form, pick(rand, honest, G_N_ELEMENTS(honest)),
		                             pick(rand, words, G_N_ELEMENTS(words)), NULL);
		g_autoptr(Submission) s = decide(f, text);
		if (s->verdict == VERDICT_AUTHENTICATED) {
			g_test_message("%s: %s", text, s->evidence);
			g_test_fail();
		}
		read += s->reason == REASON_NO_LOGIN;
	}
	/* Most are malformed, and some must not be, or nothing is shown. */
	g_assert_cmpuint(read, >, ROUNDS / 20);
}

/* Each piece alone, in each place at once. */
static void
test_each_piece(Fixture *f, gconstpointer hosts)
{
	unsigned by = is_wide(hosts) ? G_N_ELEMENTS(bys) : 1;

	for (size_t i = 0; i < G_N_ELEMENTS(forms) * by; i++) {
		g_autofree char *form = by_another(forms[i / by].form, (unsigned)(i % by));
		for (size_t k = 0; k < G_N_ELEMENTS(pieces); k++) {
			for (size_t n = 0; n < G_N_ELEMENTS(honest); n++) {
				g_autofree char *text =
				        fill(NULL, form, honest[n], "ESMTP", pieces[k]);
				g_autoptr(Submission) s = decide(f, text);
				g_test_message("%s: %s", text, s->evidence);
				g_assert_cmpint(s->verdict, !=, VERDICT_AUTHENTICATED);
			}
		}
	}
}

/* The forms are those of real programs: with honest texts, the client's address leads on from a
 * relay, and a login shows. */
static void
test_honest(Fixture *f, gconstpointer hosts)
{
	unsigned by = is_wide(hosts) ? G_N_ELEMENTS(bys) : 1;

	f->trust.trusted_clients = f->none;
	for (size_t k = 0; k < G_N_ELEMENTS(forms) * by; k++) {
		size_t i = k / by;
		g_autofree char *form = by_another(forms[i].form, (unsigned)(k % by));
		g_autofree char *relayed =
		        fill(NULL, form, "192.0.2.7", "ESMTP", "relay.example.org");
		g_autofree char *shown =
		        fill(NULL, form, honest[0], "ESMTPA", "laptop.example.net");
		g_autoptr(Submission) behind = decide(f, relayed), login = decide(f, shown);
		g_test_message("%s: %s; %s", forms[i].name, behind->evidence, login->evidence);
		g_assert_cmpint(behind->verdict == VERDICT_AUTHENTICATED, ==,
		                forms[i].shows_address);
		if (strstr(forms[i].form, "%w"))
			g_assert_cmpint(login->reason, ==, REASON_WITH);
		if (forms[i].shows_address)
			g_assert_cmpstr(login->peer, ==, honest[0]);
	}
}

/* Before a session without a login, whatever the client sends is its own writing. */
static void
test_session(Fixture *f, gconstpointer unused)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
	unsigned would_pass = 0, local = 0;

	f->trust.submission_by = f->ours;
	f->trust.authserv_id = (char *)"mx.example.org";
	for (unsigned round = 0; round < ROUNDS; round++) {
		g_autofree char *text = forge_head(rand);
		g_autoptr(GString) helo = g_string_new(NULL);
		add_forged(rand, helo, 'h');
		SessionHop session = { "mx.example.org", helo->str,
			               .is_local = g_rand_int_range(rand, 0, 8) == 0 };
		Facts facts = { .session = &session,
			        .sasl_username = g_rand_boolean(rand) ? "" : NULL,
			        .client_address = session.is_local       ? "127.0.0.1"
			                          : g_rand_boolean(rand) ? honest[round % 2]
			                                                 : NULL,
			        .queue_id = g_rand_boolean(rand) ? "1" : NULL };
		Head head = head_parse(text, strlen(text));
		f->trust.local_is_trusted = !session.is_local;
		f->trust.ar_stripped = g_rand_boolean(rand);
		g_autoptr(Submission) s = submission_read(&f->trust, &facts, &head);
		bool good =
		        s->verdict == VERDICT_ANONYMOUS && !s->auth_user &&
		        s->reason == (session.is_local ? REASON_LOCAL_PICKUP : REASON_SASL_FACT);
		for (guint i = 1; i < s->hops->len; i++)
			good = good && g_array_index(s->hops, Hop, i).role == ROLE_UNTRUSTED;
		if (!good) {
			g_test_message("%s: %s", text, s->evidence);
			g_test_fail();
		}
		local += session.is_local;
		g_autoptr(Submission) without = decide(f, text);
		would_pass += without->verdict == VERDICT_AUTHENTICATED;
	}
	g_assert_cmpuint(local, >, ROUNDS / 20);
	/* Much would be believed of these heads if their fields were ours, or nothing is shown. */
	g_assert_cmpuint(would_pass, >, ROUNDS / 10);
}

int
main(int argc, char **argv)
{
	static const char *const all_hosts[] = { NAMED, WIDE };

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(all_hosts); i++) {
#define ADD(name, test)                                                                            \
	g_test_add(is_wide(all_hosts[i]) ? "/forgery/wide/" name : "/forgery/" name, Fixture,      \
	           all_hosts[i], set_up, test, tear_down)
		ADD("forged", test_forged);
		ADD("each-piece", test_each_piece);
		ADD("honest", test_honest);
		ADD("session", test_session);
	}
	return g_test_run();
}
