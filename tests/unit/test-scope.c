/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves why a message is in scope if the names of a directory count, and what excuses it: the
 * order of the reasons, keep, self and except, and what our own DMARC results prove. */
#include <string.h>

#include "core/listing.h"
#include "core/strip.h"
#include "settings.h"

#define HOP "Received: from x (x [203.0.113.10]) by mx.example.org with ESMTP id A; Mon\n"
#define AR(text) "Authentication-Results: " text "\n"
#define PASS AR("mx.example.org; dmarc=pass header.from=isp.example")
#define JANE "From: Jane Doe <x@y.example>\n"
#define KEEP "From: Jane Doe <jane@isp.example>\n"

typedef struct {
	const char *name;
	const char *head;
	const char *scope;   /* as recorded; NULL: out of scope, and nobody was found */
	const char *persons; /* labels joined by |; NULL: Jane Doe */
	bool everyone;
	const char *domains, *except, *recipients; /* lists are split at blanks */
	const char *authserv_id, *client_address;
	const SessionHop *session;
	bool ar_stripped;
} Row;

static const SessionHop smtp = { "mx.example.org", "x", false };
static const SessionHop handed_in = { "mx.example.org", "localhost", true };

static const Row rows[] = {
	/* The first reason that holds. */
	{ "nothing", "From: Joe <x@y.example>\n", NULL, "" },
	{ "name", JANE, "directory" },
	{ "address", "From: jane.doe@corp.example\n", "directory" },
	{ "any-place", "From: Joe <x@y.example>\nReply-To: Jane Doe <x@y.example>\n", "directory" },
	{ "recipients-do-not-count", "From: Joe <x@y.example>\nTo: Jane Doe <x@y.example>\n", NULL,
	  "" },
	{ "unreadable-first", "From: Jane Doe\n", "unreadable" },
	{ "unreadable-elsewhere", JANE "Sender: CEO\n", "unreadable" },
	{ "unreadable-under-everyone", JANE "Sender: <\n", "unreadable", .everyone = true },
	{ "domains-before-directory", "From: Jane Doe <x@ours.example>\n", "domains",
	  .domains = "ours.example" },
	{ "domains-elsewhere", JANE "Sender: x@ours.example\n", "domains",
	  .domains = "ours.example" },
	{ "domains-not-listed", "From: Jane Doe <x@ours.example>\n", "directory" },
	{ "directory-before-everyone", JANE, "directory", .everyone = true },
	{ "everyone", "From: Joe <x@y.example>\n", "everyone", "", .everyone = true },

	/* keep, self, except: the first of them that was used. */
	{ "keep", KEEP, "keep" },
	{ "keep-of-another", "From: John Smith <jane@isp.example>\n", "directory", "John Smith" },
	{ "keep-and-a-match", KEEP "Sender: Jane Doe <x@y.example>\n", "directory",
	  "Jane Doe|Jane Doe" },
	{ "keep-and-an-own-address", KEEP "Sender: jane.doe@corp.example\n", "directory",
	  "Jane Doe|Jane Doe" },
	{ "keep-under-everyone", KEEP, "everyone", .everyone = true },
	{ "keep-beside-domains", KEEP "Sender: x@ours.example\n", "domains",
	  .domains = "ours.example" },
	{ "keep-beside-text", KEEP "Sender: CEO\n", "unreadable" },
	{ "self", JANE, "self", .recipients = "jane.doe@corp.example" },
	{ "self-in-any-case", JANE, "self", .recipients = "JANE.DOE@Corp.Example." },
	{ "self-of-several", JANE, "self", .recipients = "jane.doe@corp.example jd@corp.example" },
	{ "self-and-others", JANE, "directory",
	  .recipients = "jane.doe@corp.example john@corp.example" },
	{ "self-and-no-address", JANE, "directory", .recipients = "jane.doe@corp.example jane" },
	{ "self-at-a-kept-address", JANE, "directory", .recipients = "jane@isp.example" },
	{ "self-of-an-own-address", "From: jane.doe@corp.example\n", "directory",
	  .recipients = "jane.doe@corp.example" },
	{ "self-beside-another", "From: \"Jane Doe, John Smith\" <x@y.example>\n", "directory",
	  "Jane Doe|John Smith", .recipients = "jane.doe@corp.example" },
	{ "self-under-everyone", JANE, "everyone", .everyone = true,
	  .recipients = "jane.doe@corp.example" },
	{ "except", JANE, "except", .except = "x@y.example" },
	{ "except-an-own-address", "From: \"jane.doe@corp.example\" <x@y.example>\n", "except",
	  .except = "y.example" },
	{ "except-not-for-each", JANE "Sender: Jane Doe <z@w.example>\n", "directory",
	  "Jane Doe|Jane Doe", .except = "y.example" },
	{ "except-no-address", "From: Joe <x@y.example>, Jane Doe <z@w.example>\n", "directory",
	  .except = "y.example" },
	{ "except-the-boundary", HOP JANE, "except", .except = "203.0.113.0/24" },
	{ "except-another-boundary", HOP JANE, "directory", .except = "203.0.114.0/24" },
	{ "except-the-fact", JANE, "except", .except = "192.0.2.9", .client_address = "192.0.2.9" },
	{ "except-the-fact-beside-a-boundary", HOP JANE, "except", .except = "192.0.2.9",
	  .client_address = "192.0.2.9" },
	{ "except-the-session", JANE, "except", .except = "192.0.2.9",
	  .client_address = "::ffff:192.0.2.9", .session = &smtp },
	{ "except-another-session", HOP JANE, "directory", .except = "203.0.113.10",
	  .client_address = "192.0.2.9", .session = &smtp },
	{ "except-no-client-of-the-host", JANE, "directory", .except = "127.0.0.1",
	  .client_address = "127.0.0.1", .session = &handed_in },
	{ "except-below-the-boundary",
	  HOP "Received: from y (y [192.0.2.9]) by mx.example.org with ESMTP; Mon\n" JANE,
	  "directory", .except = "192.0.2.9" },
	{ "except-nobody-found", "From: Joe <x@y.example>\n", NULL, "", .except = "y.example" },
	{ "except-beside-domains", "From: Jane Doe <x@ours.example>\n", "domains",
	  .domains = "ours.example", .except = "ours.example" },
	{ "keep-before-self", KEEP, "keep", .recipients = "jane.doe@corp.example" },
	{ "self-before-except", JANE, "self", .recipients = "jane.doe@corp.example",
	  .except = "y.example" },
	{ "keep-before-except", KEEP, "keep", .except = "isp.example" },

	/* With authserv-id an address has to be proved. */
	{ "keep-unproved", HOP KEEP, "directory", .authserv_id = "mx.example.org" },
	{ "keep-proved", PASS HOP KEEP, "keep", .authserv_id = "mx.example.org" },
	{ "keep-by-another-host", PASS HOP KEEP, "directory", .authserv_id = "mx.example.net" },
	{ "keep-forged", HOP PASS KEEP, "directory", .authserv_id = "mx.example.org" },
	{ "keep-of-another-domain",
	  AR("mx.example.org; dmarc=pass header.from=x.isp.example") HOP KEEP, "directory",
	  .authserv_id = "mx.example.org" },
	{ "keep-forged-in-a-session", PASS HOP KEEP, "directory", .authserv_id = "mx.example.org",
	  .session = &smtp },
	{ "keep-proved-in-a-session", PASS KEEP, "keep", .authserv_id = "mx.example.org",
	  .session = &smtp, .ar_stripped = true },
	{ "keep-without-authserv-id", HOP KEEP, "keep", .authserv_id = "" },
	{ "except-unproved", HOP "From: Jane Doe <x@isp.example>\n", "directory",
	  .authserv_id = "mx.example.org", .except = "isp.example" },
	{ "except-proved", PASS HOP "From: Jane Doe <x@isp.example>\n", "except",
	  .authserv_id = "mx.example.org", .except = "isp.example" },
	{ "except-not-what-is-proved",
	  PASS HOP "From: x@isp.example\nReply-To: Jane Doe <x@y.example>\n", "directory",
	  .authserv_id = "mx.example.org", .except = "y.example" },
	{ "client-needs-no-proof", HOP JANE, "except", .authserv_id = "mx.example.org",
	  .except = "203.0.113.10" },
	{ "self-needs-no-proof", HOP JANE, "self", .authserv_id = "mx.example.org",
	  .recipients = "jane.doe@corp.example" },
};

static Rows *people;

static void
add_line(Listing *listing, const char *line, guint number)
{
	const char *error;
	g_autoptr(Person) person = listing_add(listing, line, strlen(line), number, &error);

	g_assert_nonnull(person);
}

static void
test_scope(gconstpointer data)
{
	const Row *row = data;
	g_autoptr(Except) except = except_new();
	g_autoptr(GPtrArray) nobody = networks(NULL);
	g_auto(GStrv) by = list("mx.example.org"), none = list(NULL), domains = list(row->domains);
	g_auto(GStrv) excepted = list(row->except);
	g_auto(GStrv) recipients = list(row->recipients);
	g_autofree char *bytes = g_strconcat(row->head, "\n", NULL);
	Head head = head_parse(bytes, strlen(bytes));
	Trust trust = trust_in(by, none, nobody);

	trust.authserv_id = (char *)row->authserv_id;
	trust.ar_stripped = row->ar_stripped;
	const Policy policy = {
		.trust = trust,
		.unknown_is_anonymous = true,
		.scope_everyone = row->everyone,
		.domains = domains,
		.who = rows_find,
		.directory = people,
		.except = except,
		.fields = fields_of("From Sender Reply-To To"),
	};
	const Facts facts = { .session = row->session,
		              .client_address = row->client_address,
		              .recipients = row->recipients ? recipients : NULL };

	for (char **item = excepted; *item; item++)
		g_assert_true(except_add(except, *item));
	g_autoptr(Decision) d = strip_decide(&policy, &facts, &head, true);
	bool wanted = row->scope && !g_str_equal(row->scope, "keep") &&
	              !g_str_equal(row->scope, "self") && !g_str_equal(row->scope, "except");
	g_assert_cmpstr(scope_reason_name(d->scope), ==, row->scope);
	g_assert_cmpint(d->in_scope, ==, wanted);
	g_assert_true(d->in_scope || d->action == ACTION_KEPT);
	g_autoptr(GString) labels = g_string_new(NULL);
	const GPtrArray *found = strip_persons(d);
	for (guint i = 0; i < found->len; i++) {
		const NamesMatch *match = g_ptr_array_index(found, i);
		g_string_append_printf(labels, "%s%s", i ? "|" : "", match->person->label);
	}
	g_assert_cmpstr(labels->str, ==, row->persons ? row->persons : "Jane Doe");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/scope/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_scope);
	}
	people = rows_new();
	Listing *listing = listing_new(rows_add, people);
	add_line(listing, "Jane Doe; jane.doe@corp.example; jd@corp.example; keep:jane@isp.example",
	         1);
	add_line(listing, "John Smith; john@corp.example", 2);
	listing_finish(listing);
	listing_free(listing);
	int result = g_test_run();
	rows_free(people);
	return result;
}
