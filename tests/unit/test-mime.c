/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what GMime is used for: a second opinion on built values, and what an edit may break; and
 * how domains are compared. */
#include <gmime/gmime.h>
#include <string.h>

#include "core/address.h"
#include "core/mime.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1
#define BAD "\357\277\275"

typedef struct {
	const char *name;
	const char *text;
	size_t length;
	const char *read;
} Row;

static const struct {
	const char *domain, *read;
} domain_rows[] = {
	{ "example.org", "example.org" },
	{ "Example.ORG", "example.org" },
	{ "example.org.", "example.org" },
	{ "b\303\274cher.example", "xn--bcher-kva.example" },
	{ "B\303\234CHER.example.", "xn--bcher-kva.example" },
	{ "XN--bcher-kva.Example", "xn--bcher-kva.example" },
	{ "[192.0.2.1]", "[192.0.2.1]" },
	{ "localhost", "localhost" },
	{ "", "" },
};

static void
test_domain(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(domain_rows); i++) {
		g_autofree char *got = mime_domain(domain_rows[i].domain);
		g_test_message("%s", domain_rows[i].domain);
		g_assert_cmpstr(got, ==, domain_rows[i].read);
	}
}

static const struct {
	const char *name, *value, *addresses;
	bool agrees;
} agree_rows[] = {
	{ "two-ats", "a@b@c.example", "a@b@c.example", false },
	{ "no-at", "a.example", "a.example", false },
	{ "one", "a@x.example", "a@x.example", true },
	{ "two", "a@x.example, b@y.example", "a@x.example|b@y.example", true },
	{ "folded", "a@x.example,\r\n b@y.example", "a@x.example|b@y.example", true },
	{ "a-label", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example", true },
	{ "u-label", "a@b\303\274cher.example", "a@b\303\274cher.example", true },
	{ "trailing-dot", "a@x.example.", "a@x.example.", true },
	{ "domain-case", "a@X.example", "a@x.EXAMPLE", true },
	{ "quoted", "\"a b\"@x.example", "\"a b\"@x.example", true },
	{ "literal", "a@[192.0.2.1]", "a@[192.0.2.1]", true },
	{ "other", "a@x.example", "b@x.example", false },
	{ "other-domain", "a@x.example", "a@y.example", false },
	{ "local-case", "A@x.example", "a@x.example", false },
	{ "fewer", "a@x.example", "a@x.example|b@y.example", false },
	{ "more", "a@x.example, b@y.example", "a@x.example", false },
	{ "order", "b@y.example, a@x.example", "a@x.example|b@y.example", false },
	{ "named", "Jane <a@x.example>", "a@x.example", false },
	{ "group", "g: a@x.example;", "a@x.example", false },
	{ "nothing", "", "a@x.example", false },
	{ "no-address", "Jane", "a@x.example", false },
};

static void
test_agrees(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(agree_rows); i++) {
		g_auto(GStrv) list = g_strsplit(agree_rows[i].addresses, "|", -1);
		g_autoptr(GPtrArray) addresses = g_ptr_array_new();
		for (size_t k = 0; list[k]; k++)
			g_ptr_array_add(addresses, list[k]);
		g_test_message("%s", agree_rows[i].name);
		g_assert_cmpint(
		        mime_agrees(agree_rows[i].value, strlen(agree_rows[i].value), addresses),
		        ==, agree_rows[i].agrees);
	}
}

/* GMime itself, on a value by itself: exactly @address, without a name. */
static bool
gmime_reads(const char *value, const char *address)
{
	InternetAddressList *list = internet_address_list_parse(NULL, value);
	bool good = list && internet_address_list_length(list) == 1;

	if (good) {
		InternetAddress *only = internet_address_list_get_address(list, 0);
		const char *name = internet_address_get_name(only);
		good = INTERNET_ADDRESS_IS_MAILBOX(only) && !(name && *name) &&
		       g_str_equal(
		               internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(only)),
		               address);
	}
	g_clear_object(&list);
	return good;
}

/* What is plain is read as it stands, by us and by GMime. */
static void
test_plain(void)
{
	static const char letters[] = "a-.@+Z1_";
	enum { LENGTH = 8 };
	char value[LENGTH + 1] = "";
	size_t digits[LENGTH] = { 0 }, length = 1, n = 0, plain = 0;

	g_mime_init();
	while (length <= LENGTH) {
		for (size_t i = 0; i < length; i++)
			value[i] = letters[digits[i]];
		/* Longer ones in steps, so that it takes no time that matters. */
		if (length < 6 || n++ % 97 == 0) {
			g_autoptr(AddressList) list = address_parse(value, length);
			bool is_read = list->bare && list->addresses->len == 1 &&
			               g_str_equal(g_ptr_array_index(list->addresses, 0), value);
			bool is_plain = address_is_plain(value, length);
			if (is_plain && !(is_read && gmime_reads(value, value)))
				g_error("%s", value);
			plain += is_plain;
		}
		size_t at = 0;
		while (at < length && ++digits[at] == sizeof letters - 1)
			digits[at++] = 0;
		length += at == length;
	}
	g_assert_cmpuint(plain, >, 1000);
	/* GMime shows what an A-label stands for. */
	static const char folded[] = "a@xn--mnchen-3ya.example";
	g_assert_false(gmime_reads(folded, folded));
	g_assert_false(address_is_plain(folded, strlen(folded)));
}

static const struct {
	const char *name, *head, *signatures;
} signature_rows[] = {
	{ "none", "From: a@b\nContent-Type: text/plain\n\n", "" },
	{ "no-head", "\n", "" },
	{ "dkim", "dkim-signature: v=1\n\n", "dkim" },
	{ "dkim-twice", "DKIM-Signature: v=1\nDKIM-Signature: v=1\n\n", "dkim" },
	{ "dkim-other", "X-DKIM-Signature: v=1\nDomainKey-Signature: a\n\n", "" },
	{ "dkim-continuation", "Subject: a\n DKIM-Signature: v=1\n\n", "" },
	{ "arc-seal", "ARC-Seal: i=1\n\n", "arc" },
	{ "arc-message", "ARC-Message-Signature: i=1\n\n", "arc" },
	{ "both", "ARC-Seal: i=1\nDKIM-Signature: v=1\n\n", "dkim|arc" },
	{ "smime-signed",
	  "Content-Type: multipart/signed;\n protocol=\"application/pkcs7-signature\"\n\n",
	  "smime" },
	{ "smime-mime", "Content-Type: Application/PKCS7-mime; smime-type=signed-data\n\n",
	  "smime" },
	{ "smime-x-mime", "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\n", "smime" },
	{ "pgp-signed",
	  "Content-Type: MULTIPART/Signed; protocol=\"application/pgp-signature\"; micalg=x\n\n",
	  "pgp" },
	{ "pgp-encrypted",
	  "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"\n\n", "pgp" },
	{ "all", "DKIM-Signature: a\nARC-Seal: b\nContent-Type: application/pkcs7-mime\n\n",
	  "dkim|arc|smime" },
	{ "mixed", "Content-Type: multipart/mixed; protocol=\"application/pgp-signature\"\n\n",
	  "" },
	{ "first-type", "Content-Type: text/plain\nContent-Type: multipart/signed\n\n", "" },
	{ "empty-type", "Content-Type:\n\n", "" },
	{ "bad-type", "Content-Type: ;;=\"\n\n", "" },
};

static void
test_signatures(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signature_rows); i++) {
		Head head = head_parse(signature_rows[i].head, strlen(signature_rows[i].head));
		g_auto(GStrv) signatures = NULL;
		g_autofree char *unused = NULL;
		mime_read_head(&head, &signatures, &unused);
		g_autofree char *got = g_strjoinv("|", signatures);
		g_test_message("%s", signature_rows[i].name);
		g_assert_cmpstr(got, ==, signature_rows[i].signatures);
	}
}

static const Row id_rows[] = {
	{ "plain", TEXT("Message-ID: <1@x.example>\n\n"), "<1@x.example>" },
	{ "case", TEXT("MESSAGE-id:<1@x.example>  \r\n\r\n"), "<1@x.example>" },
	{ "folded", TEXT("Message-ID:\n <1@x.example>\n\n"), "<1@x.example>" },
	{ "first", TEXT("Message-ID: <1@x>\nMessage-ID: <2@x>\n\n"), "<1@x>" },
	{ "none", TEXT("Resent-Message-ID: <1@x>\n\n"), NULL },
	{ "empty", TEXT("Message-ID:\n\n"), "" },
	{ "bad-bytes", TEXT("Message-ID: <\344\0@x>\n\n"), "<" BAD BAD "@x>" },
};

static void
test_message_id(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(id_rows); i++) {
		Head head = head_parse(id_rows[i].text, id_rows[i].length);
		g_auto(GStrv) unused = NULL;
		g_autofree char *got = NULL;
		mime_read_head(&head, &unused, &got);
		g_test_message("%s", id_rows[i].name);
		g_assert_cmpstr(got, ==, id_rows[i].read);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mime/domain", test_domain);
	g_test_add_func("/mime/agrees", test_agrees);
	g_test_add_func("/mime/plain", test_plain);
	g_test_add_func("/mime/signatures", test_signatures);
	g_test_add_func("/mime/message-id", test_message_id);
	return g_test_run();
}
