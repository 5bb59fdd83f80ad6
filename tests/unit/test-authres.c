/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what is read from Authentication-Results fields, and that one that violates RFC 8601 is
 * nobody's. */
#include <string.h>

#include "core/authres.h"

#define TEXT(s) (s), sizeof(s) - 1

typedef struct {
	const char *name;
	const char *value;
	size_t length;
	const char *id; /* NULL: the field cannot be read, and nothing else matters */
	guint auths;
	bool pass;
	const char *user;
} Row;

static const Row rows[] = {
	/* Programs. */
	{ "rspamd",
	  TEXT(" mail.example.org;\r\n\tauth=pass smtp.auth=jane@example.org "
	       "smtp.mailfrom=jane@example.org"),
	  "mail.example.org", 1, true, "jane@example.org" },
	{ "rspamd-inbound",
	  TEXT(" mail.example.org;\n\tdkim=pass header.d=example.net header.s=s1 "
	       "header.b=ab/c+d=;\n\tspf=pass (mail.example.org: domain of j@example.net "
	       "designates "
	       "192.0.2.1 as permitted sender) smtp.mailfrom=j@example.net;\n\tdmarc=none"),
	  "mail.example.org" },
	{ "qpsmtpd", TEXT(" example.org; auth=pass (login) smtp.auth=jane"), "example.org", 1, true,
	  "jane" },
	{ "haraka", TEXT(" mx.example.org; auth=pass (plain)"), "mx.example.org", 1, true },
	{ "haraka-failed", TEXT(" mx.example.org; auth=fail (login) smtp.auth=jane"),
	  "mx.example.org", 1, false, "jane" },
	{ "exim", TEXT(" mx.example.org;\n\tauth=pass (PLAIN) smtp.auth=jane"), "mx.example.org", 1,
	  true, "jane" },
	{ "exim-certificate", TEXT(" mx.example.org;\n\tauth=pass (tls) x509.auth=jane"),
	  "mx.example.org", 1, true },
	{ "exim-no-id", TEXT(" ;\n\tauth=pass (PLAIN) smtp.auth=jane"), NULL },
	{ "job", TEXT(" mx.example.org/4fQ1Yx; auth=pass"), "mx.example.org", 1, true },
	{ "opendkim",
	  TEXT(" mx.example.org/4fQ1; dkim=pass (2048-bit key; unprotected) header.d=example.net "
	       "header.i=@example.net header.a=rsa-sha256 header.s=s header.b=Ab/c12=="),
	  "mx.example.org" },
	{ "iprev",
	  TEXT(" mx.example.org; iprev=pass policy.iprev=2001:db8::1 (host.example.net); "
	       "auth=pass smtp.auth=jane"),
	  "mx.example.org", 1, true, "jane" },

	/* The grammar. */
	{ "none", TEXT(" mx.example.org; none"), "mx.example.org" },
	{ "none-with-version", TEXT("mx.example.org 1; NONE (x)"), "mx.example.org" },
	{ "version", TEXT("mx.example.org 1; auth=pass"), "mx.example.org", 1, true },
	{ "version-and-job", TEXT("mx.example.org/j 1; auth=pass"), "mx.example.org", 1, true },
	{ "other-version", TEXT("mx.example.org 2; auth=pass"), NULL },
	{ "two-versions", TEXT("mx.example.org 1 1; auth=pass"), NULL },
	{ "comments",
	  TEXT(" (a) mx.example.org (b) 1 (c) ; (d) auth (e) / (f) 1 (g) = (h) pass (i) reason (j) "
	       "= (k) \"x y\" (l) smtp (m) . (n) auth (o) = (p) jane (q(r\\)s)) "),
	  "mx.example.org", 1, true, "jane" },
	{ "no-blanks", TEXT("mx;auth=pass(x)smtp.auth=jane;spf=none"), "mx", 1, true, "jane" },
	{ "folds", TEXT("\r\n mx\r\n\t;\r\n auth\r\n =\r\n pass\r\n"), "mx", 1, true },
	{ "case", TEXT("MX; AUTH=Pass SMTP.Auth=Jane"), "MX", 1, true, "Jane" },
	{ "id-quoted", TEXT("\"m\\x\"; auth=pass"), "mx", 1, true },
	{ "id-quoted-slash", TEXT("\"mx/1\"; auth=pass"), "mx/1", 1, true },
	{ "id-with-dot", TEXT("mx.example.org.; auth=pass"), "mx.example.org.", 1, true },
	{ "user-quoted", TEXT("mx; auth=pass smtp.auth=\"jane \\\"doe\\\"\""), "mx", 1, true,
	  "jane \"doe\"" },
	{ "user-quoted-local-part", TEXT("mx; auth=pass smtp.auth=\"jane doe\"@example.org"), "mx",
	  1, true, "jane doe@example.org" },
	{ "user-utf8", TEXT("mx; auth=pass smtp.auth=j\xc3\xa4ne"), "mx", 1, true, "j\xc3\xa4ne" },
	{ "user-of-another-method", TEXT("mx; spf=pass smtp.auth=ceo; auth=pass"), "mx", 1, true },
	{ "user-of-another-type", TEXT("mx; auth=pass x509.auth=ceo policy.auth=cfo"), "mx", 1,
	  true },
	{ "user-other-property", TEXT("mx; auth=pass smtp.mailfrom=ceo"), "mx", 1, true },
	{ "word-quoted-semicolon",
	  TEXT("mx; spf=pass smtp.mailfrom=\"a; auth=pass\"@evil.example; dkim=none"), "mx" },
	{ "word-in-comment", TEXT("mx; spf=pass (; auth=pass) smtp.helo=x"), "mx" },
	{ "word-as-reason", TEXT("mx; spf=pass reason=\"auth=pass\""), "mx" },
	{ "longer-method", TEXT("mx; smtp-auth=pass; authx=pass"), "mx" },
	{ "longer-result", TEXT("mx; auth=passed"), "mx", 1, false },
	{ "result-none", TEXT("mx; auth=none"), "mx", 1, false },
	{ "twice", TEXT("mx; auth=pass; auth=pass"), "mx", 2, true },
	{ "twice-pass-fail", TEXT("mx; auth=pass; auth=fail"), "mx", 2, false },
	{ "twice-fail-pass", TEXT("mx; auth=fail; auth=pass"), "mx", 2, false },

	{ "quotes-in-comment", TEXT("mx; auth=pass (\"a b\" \\\" c)"), "mx", 1, true },

	/* Nobody's. */
	{ "empty", TEXT(""), NULL },
	{ "blank", TEXT(" \r\n\t"), NULL },
	{ "id-alone", TEXT(" mx.example.org"), NULL },
	{ "no-result", TEXT("mx;"), NULL },
	{ "last-semicolon", TEXT("mx; auth=pass;"), NULL },
	{ "two-semicolons", TEXT("mx;; auth=pass"), NULL },
	{ "no-id", TEXT("auth=pass (login) smtp.auth=jane"), NULL },
	{ "no-id-but-job", TEXT("/j; auth=pass"), NULL },
	{ "no-semicolon", TEXT("mx auth=pass"), NULL },
	{ "two-ids", TEXT("mx my; auth=pass"), NULL },
	{ "comma", TEXT("mx, auth=pass"), NULL },
	{ "no-equals", TEXT("mx; auth pass"), NULL },
	{ "no-word", TEXT("mx; auth="), NULL },
	{ "none-and-more", TEXT("mx; none; auth=pass"), NULL },
	{ "none-behind", TEXT("mx; auth=pass; none"), NULL },
	{ "bare-property", TEXT("mx; auth=pass smtp=jane"), NULL },
	{ "bare-word", TEXT("mx; auth=pass jane"), NULL },
	{ "no-property", TEXT("mx; auth=pass smtp.=jane"), NULL },
	{ "no-value", TEXT("mx; auth=pass smtp.auth="), NULL },
	{ "value-in-brackets", TEXT("mx; auth=pass smtp.mailfrom=<a@b.example>"), NULL },
	{ "address-as-result", TEXT("mx; spf=pass smtp.helo=x; auth=pass@evil.example"), NULL },
	{ "user-twice", TEXT("mx; auth=pass smtp.auth=gateway smtp.auth=jane"), NULL },
	{ "open-comment", TEXT("mx; auth=pass (x"), NULL },
	{ "open-comment-before", TEXT("(mx; auth=pass"), NULL },
	{ "closing-bracket", TEXT("mx; auth=pass )"), NULL },
	{ "open-quote", TEXT("mx; auth=pass smtp.auth=\"jane"), NULL },
	{ "open-quoted-pair", TEXT("mx; auth=pass (\\"), NULL },
	{ "quotes-halved-by-a-sender",
	  TEXT("mx; spf=softfail (mx: domain of \"a);auth=pass(b\"@evil.example) "
	       "smtp.mailfrom=\"a);auth=pass(b\"@evil.example"),
	  NULL },
	{ "nul", TEXT("mx; auth=pass\0"), NULL },
	{ "nul-in-comment", TEXT("mx; auth=pass (\0)"), NULL },
};

static void
test_read(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->value, row->length); /* a read too far is seen */
	g_autoptr(Authres) a = authres_read((Span){ exact ? exact : "", row->length });

	g_assert_cmpstr(a->authserv_id, ==, row->id);
	g_assert_cmpuint(a->auths, ==, row->id ? row->auths : 0);
	g_assert_cmpint(a->pass, ==, row->id && row->pass);
	g_assert_cmpstr(a->user, ==, row->id ? row->user : NULL);
}

/* What is said of the domain in From. */
static void
test_dmarc(void)
{
	static const struct {
		const char *value;
		guint dmarcs;
		bool pass;
		const char *domain;
	} cases[] = {
		{ "mx; dmarc=pass header.from=a.example", 1, true, "a.example" },
		{ "mx; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=a.example", 1, true,
		  "a.example" },
		{ "mx; DMARC = Pass Header.From=\"a.example\"", 1, true, "a.example" },
		{ "mx; spf=pass smtp.mailfrom=x@b.example; dmarc=pass policy.dmarc=none "
		  "header.from=a.example; auth=pass",
		  1, true, "a.example" },
		{ "mx; dmarc=pass", 1, true, NULL },
		{ "mx; dmarc=fail header.from=a.example", 1, false, "a.example" },
		{ "mx; dmarc=passed header.from=a.example", 1, false, "a.example" },
		{ "mx; dmarc=none header.from=a.example", 1, false, "a.example" },
		{ "mx; dmarc=pass header.from=a.example; dmarc=pass", 2, true, "a.example" },
		{ "mx; dmarc=pass header.from=a.example; dmarc=fail", 2, false, "a.example" },
		{ "mx; dmarc=fail; dmarc=pass header.from=a.example", 2, false, "a.example" },
		{ "mx; dmarc=pass smtp.from=a.example header.d=b.example", 1, true, NULL },
		{ "mx; dkim=pass header.from=a.example; dmarc=pass", 1, true, NULL },
		{ "mx; xdmarc=pass header.from=a.example", 0, false, NULL },
		{ "mx; spf=pass (dmarc=pass header.from=a.example)", 0, false, NULL },
		{ "mx; spf=pass reason=\"dmarc=pass header.from=a.example\"", 0, false, NULL },
		{ "mx; dmarc=pass header.from=a.example header.from=b.example", 0, false, NULL },
		{ "mx; dmarc=pass header.from=", 0, false, NULL },
		{ "mx; dmarc=pass header.from=a.example; spf", 0, false, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Authres) a =
		        authres_read((Span){ cases[i].value, strlen(cases[i].value) });
		g_test_message("%s", cases[i].value);
		g_assert_cmpuint(a->dmarcs, ==, cases[i].dmarcs);
		g_assert_cmpint(a->dmarc_pass, ==, cases[i].pass);
		g_assert_cmpstr(a->from_domain, ==, cases[i].domain);
	}
}

/* What a sender can make long or deep has an end. */
static void
test_caps(void)
{
	g_autoptr(GString) text = g_string_new("mx; auth=pass ");

	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, '(');
	g_autoptr(Authres) deep = authres_read((Span){ text->str, text->len });
	g_assert_null(deep->authserv_id);
	g_string_assign(text, "mx; auth=pass");
	while (text->len < 64 * 1024)
		g_string_append_c(text, ' ');
	g_autoptr(Authres) fits = authres_read((Span){ text->str, text->len });
	g_assert_cmpstr(fits->authserv_id, ==, "mx");
	g_string_append_c(text, ' ');
	g_autoptr(Authres) longer = authres_read((Span){ text->str, text->len });
	g_assert_null(longer->authserv_id);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/authres/read/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_read);
	}
	g_test_add_func("/authres/dmarc", test_dmarc);
	g_test_add_func("/authres/caps", test_caps);
	return g_test_run();
}
