/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what becomes of every sender place of an anonymous message, which messages are left alone
 * or refused, and what a decision holds: places, edits, names, addresses, signatures. */
#include <string.h>

#include "core/network.h"
#include "core/strip.h"
#include "settings.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1
#define UNKNOWN_SENDER STRIP_PLACEHOLDER
#define LOGIN "Received: from x (x [203.0.113.10]) by mx.example.org with ESMTPSA id A; Mon\n"
#define NO_LOGIN "Received: from x (x [203.0.113.10]) by mx.example.org with ESMTP id A; Mon\n"

typedef struct {
	const char *name;
	const char *head;
	size_t length;
	const char *out; /* NULL: as it came */
	size_t out_length;
	Action action;
	const char *domains; /* NULL: scope=everyone; split at blanks */
	const char *fields;  /* NULL: From Sender Reply-To */
	bool resolve_anonymous, unknown_is_authenticated;
} Row;

#define STAYS NULL, 0, ACTION_KEPT
#define REFUSED NULL, 0, ACTION_REFUSED
#define STRIPPED(s) TEXT(s), ACTION_STRIPPED
#define REPLACED(s) TEXT(s), ACTION_REPLACED

#define WIDE4 "\303\244\303\244\303\244\303\244"
#define WIDE16 WIDE4 WIDE4 WIDE4 WIDE4
#define A35 "aaaaaaaaaaaaaaaaaaaaaaa@example.org"
#define A36 "aaaaaaaaaaaaaaaaaaaaaaaa@example.org"

static const Row rows[] = {
	/* Verdict and action. */
	{ "anonymous", TEXT(NO_LOGIN "From: Jane <jane@example.org>\n\n"),
	  STRIPPED(NO_LOGIN "From: jane@example.org\n\n") },
	{ "authenticated", TEXT(LOGIN "From: Jane <jane@example.org>\n\n"), STAYS },
	{ "authenticated-not-understood", TEXT(LOGIN "From: Jane <\n\n"), STAYS },
	{ "authenticated-ambiguous", TEXT(LOGIN "From: Jane\r\r <a@b.example>\n\n"), STAYS },
	{ "unknown", TEXT("From: Jane <jane@example.org>\n\n"),
	  STRIPPED("From: jane@example.org\n\n") },
	{ "unknown-is-authenticated", TEXT("From: Jane <jane@example.org>\n\n"), STAYS,
	  .unknown_is_authenticated = true },
	{ "unknown-is-authenticated-not-anonymous",
	  TEXT(NO_LOGIN "From: Jane <jane@example.org>\n\n"),
	  STRIPPED(NO_LOGIN "From: jane@example.org\n\n"), .unknown_is_authenticated = true },
	{ "resolve-anonymous", TEXT("From: Jane <jane@example.org>\n\n"), STAYS,
	  .resolve_anonymous = true },
	{ "resolve-anonymous-not-understood", TEXT("From: Jane <\n\n"), STAYS,
	  .resolve_anonymous = true },
	{ "resolve-anonymous-ambiguous", TEXT("From: Jane\r\r <a@b.example>\n\n"), STAYS,
	  .resolve_anonymous = true },
	{ "bare", TEXT("From: jane@example.org\n\n"), STAYS },
	{ "no-sender", TEXT("To: Joe <joe@example.net>\nSubject: Jane <jane@example.org>\n\n"),
	  STAYS },
	{ "no-head", TEXT("\n"), STAYS },
	{ "nothing", TEXT(""), STAYS },
	{ "all-three",
	  TEXT("From: A <a@x.example>\nSender: B <b@x.example>\nReply-To: C <c@x.example>\n\n"),
	  STRIPPED("From: a@x.example\nSender: b@x.example\nReply-To: c@x.example\n\n") },
	{ "one-of-three",
	  TEXT("From: a@x.example\nReply-To: C <c@x.example>\nTo: T <t@x.example>\n\n"),
	  STRIPPED("From: a@x.example\nReply-To: c@x.example\nTo: T <t@x.example>\n\n") },
	{ "replaced-beats-stripped", TEXT("From: CEO\nSender: B <b@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\nSender: b@x.example\n\n") },
	{ "every-instance", TEXT("From: A <a@x.example>\nX: y\nfRoM: B <b@x.example>\n\n"),
	  STRIPPED("From: a@x.example\nX: y\nfRoM: b@x.example\n\n") },

	/* Build, do not cut. */
	{ "groups-flattened", TEXT("From: Team: A <a@x.example>, b@x.example;\n\n"),
	  STRIPPED("From: a@x.example, b@x.example\n\n") },
	{ "route-goes", TEXT("From: <@r.example:a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "comment-goes", TEXT("From: a@x.example (A)\n\n"), STRIPPED("From: a@x.example\n\n") },
	{ "empty-comment-goes", TEXT("From: a@x.example ()\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "text-beside-goes", TEXT("From: CEO, A <a@x.example>, <>\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "repeats-and-order-stay", TEXT("From: B <b@x.example>, a@x.example, b@x.example\n\n"),
	  STRIPPED("From: b@x.example, a@x.example, b@x.example\n\n") },
	{ "case-and-quoting-stay", TEXT("From: A <\"Jane Doe\"@Example.ORG>\n\n"),
	  STRIPPED("From: \"Jane Doe\"@Example.ORG\n\n") },
	{ "a-label-stays", TEXT("From: A <a@xn--bcher-kva.example>\n\n"),
	  STRIPPED("From: a@xn--bcher-kva.example\n\n") },
	{ "u-label-stays", TEXT("From: A <a@b\303\274cher.example>\n\n"),
	  STRIPPED("From: a@b\303\274cher.example\n\n") },
	{ "trailing-dot-goes", TEXT("From: A <a@x.example.>\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "trailing-dot-goes-from-bare", TEXT("From: a@x.example.\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "literal-stays", TEXT("From: A <a@[192.0.2.1]>\n\n"),
	  STRIPPED("From: a@[192.0.2.1]\n\n") },
	{ "odd-dots-in-quotes", TEXT("From: A <.a..b.@docomo.example>\n\n"),
	  STRIPPED("From: \".a..b.\"@docomo.example\n\n") },
	{ "odd-dots-in-quotes-among-others",
	  TEXT("From: A <.a..b.@docomo.example>, B <c@x.example>\n\n"),
	  STRIPPED("From: \".a..b.\"@docomo.example, c@x.example\n\n") },
	{ "name-bytes-stay", TEXT("fROM \t: A <a@x.example>\n\n"),
	  STRIPPED("fROM \t: a@x.example\n\n") },
	{ "hidden-name-stays", TEXT("Fr\0om: A <a@x.example>\n\n"),
	  STRIPPED("Fr\0om: a@x.example\n\n") },
	{ "blanks-stay", TEXT("From:\t  A <a@x.example>\n\n"),
	  STRIPPED("From:\t  a@x.example\n\n") },
	{ "blank-where-none", TEXT("From:A <a@x.example>\n\n"), STRIPPED("From: a@x.example\n\n") },
	{ "fold-after-colon-goes", TEXT("From:\r\n A <a@x.example>\r\n\r\n"),
	  STRIPPED("From: a@x.example\r\n\r\n") },
	{ "fold-after-blanks-goes", TEXT("From:  \n A <a@x.example>\n\n"),
	  STRIPPED("From:  a@x.example\n\n") },
	{ "folds-inside-go", TEXT("From: A\n B\n <a@x.example>\n \nTo: b\n\n"),
	  STRIPPED("From: a@x.example\nTo: b\n\n") },
	{ "line-end-lf", TEXT("From: A <" A36 ">, " A36 "\n\n"),
	  STRIPPED("From: " A36 ",\n " A36 "\n\n") },
	{ "line-end-crlf", TEXT("From: A <" A36 ">, " A36 "\r\n\r\n"),
	  STRIPPED("From: " A36 ",\r\n " A36 "\r\n\r\n") },
	{ "line-end-of-the-field", TEXT("From: A <" A36 ">, " A36 "\nTo: a\r\n\r\n"),
	  STRIPPED("From: " A36 ",\n " A36 "\nTo: a\r\n\r\n") },
	{ "line-end-none", TEXT("From: A <" A36 ">, " A36), STRIPPED("From: " A36 ", " A36) },
	{ "line-of-78", TEXT("From: A <" A35 ">, " A35 "\n\n"),
	  STRIPPED("From: " A35 ", " A35 "\n\n") },
	{ "line-counts-name", TEXT("Sender: A <" A35 ">, " A35 "\n\n"),
	  STRIPPED("Sender: " A35 ",\n " A35 "\n\n") },
	{ "line-counts-blanks", TEXT("From:  A <" A35 ">, " A35 "\n\n"),
	  STRIPPED("From:  " A35 ",\n " A35 "\n\n") },
	{ "bare-long-stays", TEXT("From: " A36 ", " A36 ", " A36 "\n\n"), STAYS },
	{ "bare-angle-stays", TEXT("From:<a@x.example>,\n <b@x.example>\n\n"), STAYS },
	{ "bare-null-path-stays", TEXT("From: a@x.example, <>\n\n"), STAYS },
	{ "no-last-newline", TEXT("From: A <a@x.example>"), STRIPPED("From: a@x.example") },

	/* Not understood, or text but no addr-spec. */
	{ "not-understood", TEXT("From: A <a@x.example\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "not-understood-two", TEXT("From: A <a@x.example> B <b@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "not-understood-nul", TEXT("From: A\0 <a@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "not-understood-cr", TEXT("From: A\r <a@x.example>\r\n\r\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\r\n\r\n") },
	/* GMime has to agree, and takes this label for another. */
	{ "not-understood-by-gmime", TEXT("From: A <a@xn--_.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "not-understood-folded", TEXT("From:\n A <\n\tb\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-only", TEXT("From: CEO\n\n"), REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-null-path", TEXT("From: \"Jane\" <>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-group", TEXT("From: Team:;\n\n"), REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-quotes", TEXT("From: \"\"\n\n"), REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-comment", TEXT("From: (CEO)\n\n"), REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "text-blanks-stay", TEXT("Reply-To:\tCEO\n\n"),
	  REPLACED("Reply-To:\t" UNKNOWN_SENDER "\n\n") },
	{ "empty-stays", TEXT("From:\n\n"), STAYS },
	{ "blanks-only-stay", TEXT("From:  \n\n"), STAYS },
	{ "commas-stay", TEXT("From: , ,\n\n"), STAYS },
	{ "null-path-stays", TEXT("From: <>\n\n"), STAYS },
	{ "blank-comment-stays", TEXT("From: ( )\n\n"), STAYS },

	/* Places inside fields and junk runs. */
	{ "place-after-cr", TEXT("Subject: a\rFrom: A <a@x.example>\nTo: b\n\n"),
	  STRIPPED("Subject: a\rFrom: a@x.example\nTo: b\n\n") },
	{ "place-between-crs", TEXT("Subject: a\rFrom: A <a@x.example>\rc\n\n"),
	  STRIPPED("Subject: a\rFrom: a@x.example\rc\n\n") },
	{ "places-two-in-one", TEXT("Subject: a\rFrom: A <a@x.example>\rSender: CEO\n\n"),
	  REPLACED("Subject: a\rFrom: a@x.example\rSender: " UNKNOWN_SENDER "\n\n") },
	{ "places-two-other-order", TEXT("Subject: a\rFrom: CEO\rSender: B <b@x.example>\n\n"),
	  REPLACED("Subject: a\rFrom: " UNKNOWN_SENDER "\rSender: b@x.example\n\n") },
	{ "places-one-of-two", TEXT("Subject: a\rFrom: a@x.example\rSender: B <b@x.example>\n\n"),
	  STRIPPED("Subject: a\rFrom: a@x.example\rSender: b@x.example\n\n") },
	{ "place-in-junk", TEXT("junk\nFr\1om: A <a@x.example>\nmore junk\nTo: b\n\n"),
	  STRIPPED("junk\nFr\1om: a@x.example\nmore junk\nTo: b\n\n") },
	{ "places-in-junk", TEXT("Fr om: A <a@x.example>\njunk\nSen\1der: CEO\n\n"),
	  REPLACED("Fr om: a@x.example\njunk\nSen\1der: " UNKNOWN_SENDER "\n\n") },
	{ "place-outer-wins", TEXT("From: A <a@x.example>\n \n Sender: B <b@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "place-after-blank-line", TEXT("Subject: a\n \n From: A <a@x.example>\n\n"),
	  STRIPPED("Subject: a\n \n From: a@x.example\n\n") },
	{ "continuation-is-none", TEXT("Subject: a\n From: A <a@x.example>\n\n"), STAYS },
	{ "first-line", TEXT(" From: A <a@x.example>\n\n"), STRIPPED(" From: a@x.example\n\n") },

	{ "place-behind-signs", TEXT(">From: A <a@x.example>\n)Sender: CEO\n\n"),
	  REPLACED(">From: a@x.example\n)Sender: " UNKNOWN_SENDER "\n\n") },
	{ "place-with-comments", TEXT("(x)From (y): A <a@x.example>\n\n"),
	  STRIPPED("(x)From (y): a@x.example\n\n") },
	{ "place-after-nul", TEXT("X: y\0From: A <a@x.example>\nTo: b\n\n"),
	  STRIPPED("X: y\0From: a@x.example\nTo: b\n\n") },

	/* Junk that continues a field. */
	{ "junk-behind-named", TEXT("From: A <a@x.example>\n\0Jane\n of Corp\nTo: b\n\n"),
	  STRIPPED("From: a@x.example\nTo: b\n\n") },
	{ "junk-behind-bare", TEXT("From: a@x.example\n\r Jane\nTo: b\n\n"),
	  STRIPPED("From: a@x.example\nTo: b\n\n") },
	{ "junk-behind-angle", TEXT("From: <a@x.example>\n\0Jane\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "junk-behind-nothing", TEXT("From: <>\n\0Jane\n\n"), STRIPPED("From: <>\n\n") },
	{ "junk-behind-text", TEXT("From: CEO\n\0Jane\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "junk-is-not-ambiguous", TEXT("From: a@x.example\n\r\r Jane\n\n"),
	  STRIPPED("From: a@x.example\n\n") },
	{ "junk-behind-an-empty-line", TEXT("From: a@x.example\n\r\r\n\0Jane\n\n"),
	  STRIPPED("From: a@x.example\n\r\r\n\n") },
	{ "junk-folds-behind-an-empty-line", TEXT("From: a@x.example\n\r\r\n Jane\n\n"), REFUSED },
	{ "junk-beside-a-place", TEXT("From: a@x.example\n\0Jane\rSender: b@x.example\n\n"),
	  REFUSED },
	{ "junk-behind-a-place", TEXT("From: a@x.example\n\0\0Sender: b@x.example\rJane\n\n"),
	  REPLACED("From: a@x.example\n\0\0Sender: " UNKNOWN_SENDER "\n\n") },
	{ "junk-beside-a-place-of-a-login",
	  TEXT(LOGIN "From: a@x.example\n\0Jane\rSender: b@x.example\n\n"), STAYS },
	{ "junk-beside-a-place-in-scope",
	  TEXT("From: a@x.example\n\0Jane\rSender: b@x.example\n\n"), REFUSED,
	  .domains = "example.com" },
	{ "junk-and-a-place-of-its-run",
	  TEXT("From: a@x.example\n\0Jane\nSen der: B <b@x.example>\n\n"),
	  STRIPPED("From: a@x.example\nSen der: b@x.example\n\n") },
	{ "junk-with-a-place", TEXT("From: a@x.example\n\0Sender: B <b@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\0Sender: b@x.example\n\n") },
	{ "junk-of-a-login", TEXT(LOGIN "From: a@x.example\n\0Jane\n\n"), STAYS },
	{ "junk-in-scope", TEXT("From: a@x.example\n\0Jane\n\n"), STRIPPED("From: a@x.example\n\n"),
	  .domains = "example.com" },
	{ "junk-behind-a-recipient",
	  TEXT("To: A <a@x.example>\n\0Jane\nCc: c@x.example\n\rJoe\n\n"),
	  STRIPPED("To: a@x.example\n\0Jane\nCc: c@x.example\n\rJoe\n\n"), .fields = "To Cc" },
	{ "junk-with-a-recipient", TEXT("From: a@x.example\n\0To: B <b@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .fields = "From To" },

	/* Refused. */
	{ "refused-cr-cr", TEXT("From: A\r\r <a@x.example>\n\n"), REFUSED },
	{ "refused-cr-cr-lf-fold", TEXT("From: A\r\r\n <a@x.example>\r\n\r\n"), REFUSED },
	{ "refused-cr-cr-text", TEXT("From: CEO\r\rx\n\n"), REFUSED },
	{ "refused-cr-cr-in-junk", TEXT("junk\nFr\1om: A\r\r\n <a@x.example>\n\n"), REFUSED },
	{ "refused-one-of-many", TEXT("From: A <a@x.example>\nSender: B\r\r <b@x.example>\n\n"),
	  REFUSED },
	{ "not-refused-last-line-end", TEXT("From: A <a@x.example>\r\r\nTo: b\n\n"),
	  STRIPPED("From: a@x.example\r\r\nTo: b\n\n") },
	{ "not-refused-elsewhere", TEXT("Subject: a\r\rb\r\r\n c\nFrom: A <a@x.example>\n\n"),
	  STRIPPED("Subject: a\r\rb\r\r\n c\nFrom: a@x.example\n\n") },
	{ "not-refused-single-cr", TEXT("From: A\r<a@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n") },
	{ "not-refused-bare", TEXT("From: a@x.example,\r\r\n b@x.example\n\n"), STAYS },
	{ "not-refused-out-of-scope", TEXT("From: A\r\r\n <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },

	/* Scope. */
	{ "scope-in", TEXT("From: A <a@example.com>\n\n"), STRIPPED("From: a@example.com\n\n"),
	  .domains = "example.com" },
	{ "scope-in-second", TEXT("From: A <a@example.com>\n\n"),
	  STRIPPED("From: a@example.com\n\n"), .domains = "example.org example.com" },
	{ "scope-out", TEXT("From: A <a@x.example>\n\n"), STAYS, .domains = "example.com" },
	{ "scope-below", TEXT("From: A <a@b.Example.COM>\n\n"),
	  STRIPPED("From: a@b.Example.COM\n\n"), .domains = "example.com" },
	{ "scope-above", TEXT("From: A <a@example.com>\n\n"), STAYS, .domains = "b.example.com" },
	{ "scope-same-ending", TEXT("From: A <a@notexample.com>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-longer", TEXT("From: A <a@example.com.x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-trailing-dot", TEXT("From: A <a@example.com.>\n\n"),
	  STRIPPED("From: a@example.com\n\n"), .domains = "example.com" },
	{ "scope-any-place", TEXT("From: A <a@x.example>\nReply-To: b@example.com\n\n"),
	  STRIPPED("From: a@x.example\nReply-To: b@example.com\n\n"), .domains = "example.com" },
	{ "scope-place-in-junk", TEXT("From: A <a@x.example>\njunk\nFr\1om: b@example.com\n\n"),
	  STRIPPED("From: a@x.example\njunk\nFr\1om: b@example.com\n\n"),
	  .domains = "example.com" },
	{ "scope-other-field", TEXT("From: A <a@x.example>\nTo: b@example.com\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-listed-recipient", TEXT("From: A <a@x.example>\nTo: B <b@example.com>\n\n"), STAYS,
	  .domains = "example.com", .fields = "From To" },
	{ "scope-listed-recipient-bad", TEXT("From: A <a@x.example>\nTo: B <b@\n\n"), STAYS,
	  .domains = "example.com", .fields = "From To" },
	{ "scope-name", TEXT("From: ceo@example.com via Foo <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-quoted-name", TEXT("From: \"ceo@example.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-comment", TEXT("From: a@x.example (ceo@example.com)\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-name-without-at", TEXT("From: example.com CEO <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-encoded-q", TEXT("From: =?utf-8?q?ceo=40example.com?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-b", TEXT("From: =?utf-8?B?Y2VvQGV4YW1wbGUuY29t?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-twice",
	  TEXT("From: =?utf-8?q?=3D=3Futf-8=3Fq=3Fceo=3D40example.com=3F=3D?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-once-only",
	  TEXT("From: =?utf-8?q?ceo=40example.com=3D=3Futf-8=3Fq=3Fx=3F=3D?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-other", TEXT("From: =?utf-8?q?ceo=40x.example?= <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-encoded-not-padded",
	  TEXT("From: =?utf-8?b?Y2VvQGNvcnAuZXhhbXBsZS5jb20?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "corp.example.com" },
	{ "scope-encoded-padding-inside",
	  TEXT("From: =?utf-8?b?Y2VvQGU=eGFtcGxlLmNvbQ?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-open", TEXT("From: =?utf-8?q?ceo=40example.com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-blank", TEXT("From: =?utf-8?q?The ceo=40example.com?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-encoded-no-charset", TEXT("From: =??q?ceo=40example.com?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-turned-round", TEXT("From: \342\200\256moc.elpmaxe@oec <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-turned-round-encoded",
	  TEXT("From: =?utf-8?q?=E2=80=AEmoc.elpmaxe=40oec?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	/* Domains that readers put together from pieces. */
	{ "scope-pieces-blank", TEXT("From: \"ceo@example .com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-blank-behind-at", TEXT("From: \"ceo @ example.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-fold", TEXT("From: \"ceo@exam\n ple.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-backslash", TEXT("From: \"ceo@\\example\\.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-quotes", TEXT("From: \"ceo@\" \"example\" .com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-control", TEXT("From: \"ceo@exam\1ple.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-wide", TEXT("From: \"ceo@exam\342\230\203ple.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-mark", TEXT("From: \"ceo@exa\314\201mple.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-comment", TEXT("From: ceo@example(c).com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-comments", TEXT("From: ceo@(a(b)c)example(\\)).(d)com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-in-comment", TEXT("From: a@x.example (ceo@example .com)\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-comment-in-comment", TEXT("From: a@x.example (ceo@example(c).com)\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-at-in-comment", TEXT("From: ceo@exam(b@c)ple.com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-end-before-comment", TEXT("From: c@example.com(b) d <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-below", TEXT("From: \"ceo@mail .example.com.\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-end-at-a-blank",
	  TEXT("From: \"ceo@exam ple.com of Corp\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-encoded", TEXT("From: =?utf-8?q?ceo=40exam_ple=2Ecom?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-odd-charset",
	  TEXT("From: =?x<y?q?ceo=00=40=00example=2Ecom?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-at-the-end",
	  TEXT("From: a@x.example, =?utf-8?q?ceo=40exam_ple=2Ecom?=\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-at-the-end-of-a-level",
	  TEXT("From: a@x.example, =?utf-8?q?ceo=40exam_ple=2Ecom=28?=\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-pieces-of-another", TEXT("From: \"ceo@examples .com\" <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-pieces-go-on", TEXT("From: \"ceo@exam ple.common\" <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-pieces-another-below",
	  TEXT("From: \"ceo@example.com.x .example\" <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-pieces-without-at", TEXT("From: \"ceo example .com\" <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-pieces-stop", TEXT("From: \"ceo@exam, ple.com\" <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-pieces-stop-at-the-comment", TEXT("From: a@x.example (ceo@exam) (ple.com)\n\n"),
	  STAYS, .domains = "example.com" },
	{ "scope-other-direction", TEXT("From: \342\200\253Jane\342\200\254 <a@x.example>\n\n"),
	  STAYS, .domains = "example.com" },
	{ "blanks-in-address", TEXT("From: Jane . Doe . ceo@x.example\n\n"),
	  STRIPPED("From: Jane.Doe.ceo@x.example\n\n") },
	{ "scope-wide-at", TEXT("From: ceo\357\274\240example.com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-small-at", TEXT("From: ceo\357\271\253example.com <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-wide-encoded", TEXT("From: =?utf-8?q?ceo=EF=BC=A0example.com?= <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-u-label", TEXT("From: A <a@B\303\274cher.example>\n\n"),
	  STRIPPED("From: a@B\303\274cher.example\n\n"), .domains = "xn--bcher-kva.example" },
	{ "scope-a-label", TEXT("From: A <a@XN--bcher-kva.example>\n\n"),
	  STRIPPED("From: a@XN--bcher-kva.example\n\n"), .domains = "xn--bcher-kva.example" },
	{ "scope-plus", TEXT("From: A <a@b+c.example.com>\n\n"),
	  STRIPPED("From: a@b+c.example.com\n\n"), .domains = "example.com" },
	{ "scope-tilde", TEXT("From: A <a@b~c (d) . example.com>\n\n"),
	  STRIPPED("From: a@b~c.example.com\n\n"), .domains = "example.com" },
	{ "scope-snowman", TEXT("From: A <a@\342\230\203.example.com>\n\n"),
	  STRIPPED("From: a@\342\230\203.example.com\n\n"), .domains = "example.com" },
	{ "scope-middle-dot", TEXT("From: A <a@b\302\267c.example.com>\n\n"),
	  STRIPPED("From: a@b\302\267c.example.com\n\n"), .domains = "example.com" },
	{ "scope-emoji", TEXT("From: A <a@\360\237\222\251.example>\n\n"),
	  STRIPPED("From: a@\360\237\222\251.example\n\n"), .domains = "xn--ls8h.example" },
	{ "scope-emoji-behind", TEXT("From: ceo@example.com\360\237\222\251 <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-plus-then-quote",
	  TEXT("From: \"ceo@b+c.example.com\342\200\231s\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	/* No A-label has so many bytes. */
	{ "scope-below-an-impossible-label",
	  TEXT("From: A <a@" WIDE16 WIDE16 WIDE16 WIDE16 ".b\303\274cher.example>\n\n"),
	  STRIPPED("From: a@" WIDE16 WIDE16 WIDE16 WIDE16 ".b\303\274cher.example\n\n"),
	  .domains = "a.b.c.d.example xn--bcher-kva.example" },
	{ "scope-marks-in-another-order",
	  TEXT("From: \"ceo@a\314\201\314\243.example\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "xn--lsa752l.example" },
	{ "scope-ideographic-dots",
	  TEXT("From: \"ceo@example\343\200\202com\343\200\202\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-longer-wide", TEXT("From: A <a@example.comb\303\274cher.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-plus-out", TEXT("From: A <a@b+example.com>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-unassigned-ignorable",
	  TEXT("From: \"ceo@example\342\201\245.com\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "example.com" },
	{ "scope-ignorable-in-a-u-label",
	  TEXT("From: \"ceo@b\303\274\342\201\245cher.example\" <a@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\n"), .domains = "xn--bcher-kva.example" },
	{ "scope-not-understood", TEXT("From: A <a@x.example\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n"), .domains = "example.com" },
	{ "scope-not-understood-makes-all", TEXT("From: A <a@x.example>\nSender: b@\n\n"),
	  REPLACED("From: a@x.example\nSender: " UNKNOWN_SENDER "\n\n"), .domains = "example.com" },
	{ "scope-text-only", TEXT("From: CEO\n\n"), REPLACED("From: " UNKNOWN_SENDER "\n\n"),
	  .domains = "example.com" },
	{ "scope-text-beside", TEXT("From: CEO, A <a@x.example>\n\n"), STAYS,
	  .domains = "example.com" },
	{ "scope-nothing", TEXT("From: <>\nSender:\n\n"), STAYS, .domains = "example.com" },
	{ "scope-in-authenticated", TEXT(LOGIN "From: A <a@example.com>\n\n"), STAYS,
	  .domains = "example.com" },

	/* Fields. */
	{ "fields-none", TEXT("From: A <a@x.example>\n\n"), STAYS, .fields = "" },
	{ "fields-one", TEXT("From: A <a@x.example>\nReply-To: B <b@x.example>\n\n"),
	  STRIPPED("From: A <a@x.example>\nReply-To: b@x.example\n\n"), .fields = "reply-to" },
	{ "fields-resent",
	  TEXT("Resent-From: A <a@x.example>\nResent-Sender: CEO\n"
	       "Resent-Reply-To: B <b@x.example>\nFrom: c@x.example\n\n"),
	  REPLACED("Resent-From: a@x.example\nResent-Sender: " UNKNOWN_SENDER "\n"
	           "Resent-Reply-To: b@x.example\nFrom: c@x.example\n\n"),
	  .fields = "Resent-From Resent-Sender Resent-Reply-To" },
	{ "fields-resent-off", TEXT("Resent-From: A <a@x.example>\n\n"), STAYS },
	{ "recipients", TEXT("To: A <a@x.example>, B <b@x.example>\nCc: C <c@x.example>\n\n"),
	  STRIPPED("To: a@x.example, b@x.example\nCc: c@x.example\n\n"), .fields = "To Cc" },
	{ "recipients-not-understood", TEXT("To: A <a@x.example\nCc: b@\n\n"), STAYS,
	  .fields = "To Cc" },
	{ "recipients-text", TEXT("To: undisclosed-recipients:;\nCc: CEO\n\n"), STAYS,
	  .fields = "To Cc" },
	{ "recipients-bad-beside-from", TEXT("From: A <a@x.example>\nTo: b@\n\n"),
	  STRIPPED("From: a@x.example\nTo: b@\n\n"), .fields = "From To" },
	{ "recipients-hide-no-sender-cr",
	  TEXT("To: a@b.example\rFrom: Jane <a@x.example>\nCc: C <c@x.example>\n\n"),
	  STRIPPED("To: a@b.example\rFrom: a@x.example\nCc: c@x.example\n\n"),
	  .fields = "From To Cc" },
	{ "recipients-hide-no-sender-blank-line",
	  TEXT("Cc: A <a@b.example>\n \n From: Jane <a@x.example>\n\n"),
	  STRIPPED("Cc: A <a@b.example>\n \n From: a@x.example\n\n"), .fields = "Cc From" },
	{ "recipients-hide-no-sender-from-scope",
	  TEXT("To: a@b.example\rFrom: A <a@example.com>\nSender: B <b@x.example>\n\n"),
	  STRIPPED("To: a@b.example\rFrom: a@example.com\nSender: b@x.example\n\n"),
	  .domains = "example.com", .fields = "To From Sender" },
	/* A group of that name, for who reads the outer field alone. */
	{ "recipients-hide-no-sender-in-a-group", TEXT("Cc:\n \n From: Jane <a@x.example>\n\n"),
	  STRIPPED("Cc:\n \n From: a@x.example\n\n"), .fields = "Cc From" },
	{ "recipients-inside-a-sender", TEXT("From: A <a@x.example>\n \n To: B <b@x.example>\n\n"),
	  REPLACED("From: " UNKNOWN_SENDER "\n\n"), .fields = "To From" },
	{ "recipients-around-a-sender",
	  TEXT("Cc: C <c@x.example>\nFrom: A <a@x.example>\nTo: B <b@x.example>\nCc: d@\n\n"),
	  STRIPPED("Cc: c@x.example\nFrom: a@x.example\nTo: b@x.example\nCc: d@\n\n"),
	  .fields = "From To Cc" },
	{ "recipients-behind-a-fold-of-a-sender",
	  TEXT("Subject: x\rFrom: A <\r \rCc: C <c@x.example>\n\n"),
	  REPLACED("Subject: x\rFrom: " UNKNOWN_SENDER "\rCc: c@x.example\n\n"),
	  .fields = "From Cc" },
	{ "recipients-below-junk-that-goes-on",
	  TEXT("From: a@x.example\n\0Doe\n\1To: B <b@x.example>\n\1Cc: C <c@x.example>\n\n"),
	  STRIPPED("From: a@x.example\n\1To: b@x.example\n\1Cc: c@x.example\n\n"),
	  .fields = "From To Cc" },
	{ "recipients-above-junk-that-goes-on",
	  TEXT("\1To: B <b@x.example>\n\1From: a@x.example\n\0Doe\nX: y\n\n"),
	  STRIPPED("\1To: b@x.example\n\1From: a@x.example\nX: y\n\n"), .fields = "From To" },
	{ "recipients-among-junk-that-goes-on",
	  TEXT("\1From: a@x.example\n\0Doe\n\1To: B <b@x.example>\n\1From: A <a@x.example>\n\rDoe\n"
	       "\1Cc: c@x.example (C)\n\n"),
	  STRIPPED("\1From: a@x.example\n\1To: b@x.example\n\1From: a@x.example\n"
	           "\1Cc: c@x.example\n\n"),
	  .fields = "From To Cc" },
	{ "recipients-ambiguous-kept", TEXT("To: CEO\r\rx\nFrom: A <a@x.example>\n\n"),
	  STRIPPED("To: CEO\r\rx\nFrom: a@x.example\n\n"), .fields = "From To" },
};

typedef struct {
	char **empty, **by, **domains;
	GPtrArray *nobody;
	Policy policy;
} Setup;

static void
setup_init(Setup *setup, const Row *row)
{
	setup->empty = list("");
	setup->by = list("mx.example.org");
	setup->domains = list(row->domains);
	setup->nobody = g_ptr_array_new();
	setup->policy = (Policy){
		.trust = trust_in(setup->by, setup->empty, setup->nobody),
		.unknown_is_anonymous = !row->unknown_is_authenticated,
		.resolve_anonymous = row->resolve_anonymous,
		.scope_everyone = !row->domains,
		.domains = setup->domains,
		.fields = fields_of(row->fields ? row->fields : "From Sender Reply-To"),
	};
}

static void
setup_clear(Setup *setup)
{
	g_strfreev(setup->empty);
	g_strfreev(setup->by);
	g_strfreev(setup->domains);
	g_ptr_array_unref(setup->nobody);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setup, setup_clear)

static Decision *
decide(const Setup *setup, const Head *head)
{
	static const Facts facts = { NULL };
	return strip_decide(&setup->policy, &facts, head, true);
}

static const Place *
place(const Decision *decision, guint i)
{
	g_assert_cmpuint(i, <, decision->fields->len);
	return g_ptr_array_index(decision->fields, i);
}

static void
assert_joined(const GPtrArray *texts, const char *wanted)
{
	g_autoptr(GString) got = g_string_new(NULL);

	for (guint i = 0; i < texts->len; i++)
		g_string_append_printf(got, "%s%s", i ? "|" : "",
		                       (char *)g_ptr_array_index(texts, i));
	g_assert_cmpstr(got->str, ==, wanted);
}

static void
test_decide(gconstpointer data)
{
	const Row *row = data;
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(row->head, row->length);

	setup_init(&setup, row);
	g_autoptr(Decision) decision = decide(&setup, &head);
	g_autoptr(GBytes) out = edit_apply(&head, decision->edits);
	gsize size;
	const char *bytes = g_bytes_get_data(out, &size);
	const char *wanted = row->out ? row->out : row->head;
	size_t length = row->out ? row->out_length : row->length;

	g_test_message("%s", row->name);
	g_assert_cmpstr(strip_action_name(decision->action), ==, strip_action_name(row->action));
	g_assert_cmpmem(bytes, size, wanted, length);
	g_assert_cmpint(decision->refused != NULL, ==, row->action == ACTION_REFUSED);
	g_assert_cmpint(decision->edits->len > 0, ==, row->out != NULL);
	g_assert_cmpuint(decision->edited->len, ==, decision->edits->len);

	/* What was made bare stays as it is. */
	Head again = head_parse(bytes, size);
	g_autoptr(Decision) second = decide(&setup, &again);
	if (row->action != ACTION_REFUSED)
		g_assert_cmpuint(second->edits->len, ==, 0);
}

static const Row everyone = { "everyone" };

/* Every sender place is listed, edited or not, in head order. */
static void
test_places(void)
{
	static const char text[] = "From: bare@x.example\n"
	                           "Subject: a\rfrom : B <b@x.example>\rSENDER: CEO\n"
	                           "junk\nFr\001om: C <c@\n"
	                           "from: \"D\" <d@x.example>, d2@x.example (x)\n\n";
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpuint(d->fields->len, ==, 5);
	g_assert_true(d->in_scope);

	const Place *p = place(d, 0);
	g_assert_cmpstr(p->name, ==, "From");
	g_assert_cmpstr(p->field->name, ==, "From");
	g_assert_cmpuint(p->nth, ==, 1);
	g_assert_cmpmem(p->before.data, p->before.length, " bare@x.example", 15);
	g_assert_null(p->after);
	g_assert_true(p->understood);
	g_assert_cmpint(p->action, ==, ACTION_KEPT);
	assert_joined(p->addresses, "bare@x.example");
	assert_joined(p->display_names, "");

	p = place(d, 1);
	g_assert_cmpstr(p->name, ==, "from");
	g_assert_cmpstr(p->field->name, ==, "From");
	g_assert_cmpuint(p->nth, ==, 0);
	g_assert_cmpmem(p->before.data, p->before.length, " B <b@x.example>", 16);
	g_assert_cmpmem(g_bytes_get_data(p->after, NULL), g_bytes_get_size(p->after),
	                " b@x.example", 12);
	g_assert_cmpint(p->action, ==, ACTION_STRIPPED);
	assert_joined(p->addresses, "b@x.example");
	assert_joined(p->display_names, "B");

	p = place(d, 2);
	g_assert_cmpstr(p->name, ==, "SENDER");
	g_assert_cmpuint(p->nth, ==, 0);
	g_assert_true(p->understood);
	g_assert_cmpint(p->action, ==, ACTION_REPLACED);
	assert_joined(p->addresses, "");
	assert_joined(p->display_names, "CEO");

	p = place(d, 3);
	g_assert_cmpstr(p->name, ==, "From");
	g_assert_cmpuint(p->nth, ==, 0);
	g_assert_false(p->understood);
	g_assert_cmpint(p->action, ==, ACTION_REPLACED);
	assert_joined(p->addresses, "");
	assert_joined(p->display_names, "C <c@");

	p = place(d, 4);
	g_assert_cmpstr(p->name, ==, "from");
	g_assert_cmpuint(p->nth, ==, 2);
	g_assert_cmpint(p->action, ==, ACTION_STRIPPED);
	assert_joined(p->addresses, "d@x.example|d2@x.example");

	/* One edit a field or run, called by its first place. */
	g_assert_cmpuint(d->edits->len, ==, 3);
	const Edit *e = &g_array_index(d->edits, Edit, 0);
	g_assert_cmpstr(e->field, ==, "from");
	g_assert_cmpuint(e->nth, ==, 0);
	g_assert_cmpuint(e->offset, ==, 21);
	g_assert_cmpuint(e->length, ==,
	                 strlen("Subject: a\rfrom : B <b@x.example>\rSENDER: CEO\n"));
	g_assert_cmpint(e->action, ==, ACTION_REPLACED);
	g_assert_cmpuint(((GPtrArray *)g_ptr_array_index(d->edited, 0))->len, ==, 2);
	e = &g_array_index(d->edits, Edit, 1);
	g_assert_cmpstr(e->field, ==, "From");
	g_assert_cmpuint(e->nth, ==, 0);
	e = &g_array_index(d->edits, Edit, 2);
	g_assert_cmpstr(e->field, ==, "from");
	g_assert_cmpuint(e->nth, ==, 2);
	g_assert_cmpint(e->action, ==, ACTION_STRIPPED);
	g_assert_true(g_ptr_array_index((GPtrArray *)g_ptr_array_index(d->edited, 2), 0) ==
	              place(d, 4));
	g_assert_cmpint(d->action, ==, ACTION_REPLACED);
}

/* The places of a kept message are listed too, with what they show. */
static void
test_kept_places(void)
{
	static const char text[] = LOGIN "From: Jane <jane@example.org>\nSender: b@\n\n";
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpint(d->submission->verdict, ==, VERDICT_AUTHENTICATED);
	g_assert_cmpuint(d->fields->len, ==, 2);
	g_assert_cmpint(place(d, 0)->action, ==, ACTION_KEPT);
	g_assert_null(place(d, 0)->after);
	assert_joined(place(d, 0)->addresses, "jane@example.org");
	assert_joined(place(d, 0)->display_names, "Jane");
	g_assert_false(place(d, 1)->understood);
	g_assert_cmpint(place(d, 1)->action, ==, ACTION_KEPT);
}

/* Junk that continues a field is an edit of its own, and the field is told of. */
static void
test_junk(void)
{
	static const char text[] =
	        "Reply-To: a@x.example\n\r\0 =?utf-8?q?J=C3=A4ne?=\n Doe\nTo: b\n\n";
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, sizeof text - 1);

	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpuint(d->fields->len, ==, 2);
	g_assert_cmpint(place(d, 0)->action, ==, ACTION_STRIPPED);
	g_assert_null(place(d, 0)->after);
	assert_joined(place(d, 0)->addresses, "a@x.example");
	const Place *p = place(d, 1);
	g_assert_cmpstr(p->name, ==, "Reply-To");
	g_assert_cmpuint(p->nth, ==, 0);
	g_assert_cmpint(p->action, ==, ACTION_STRIPPED);
	g_assert_cmpmem(p->before.data, p->before.length, "\r\0 =?utf-8?q?J=C3=A4ne?=\n Doe", 29);
	g_assert_cmpuint(g_bytes_get_size(p->after), ==, 0);
	assert_joined(p->addresses, "");
	assert_joined(p->display_names, "J\303\244ne\n Doe");

	g_assert_cmpuint(d->edits->len, ==, 1);
	const Edit *e = &g_array_index(d->edits, Edit, 0);
	g_assert_cmpstr(e->field, ==, "Reply-To");
	g_assert_cmpuint(e->nth, ==, 0);
	g_assert_cmpuint(e->offset, ==, 22);
	g_assert_cmpuint(e->length, ==, 30);
	g_assert_cmpuint(g_bytes_get_size(e->value), ==, 0);
	g_assert_cmpint(e->action, ==, ACTION_STRIPPED);
}

/* What a milter asks for: the field as an MTA names and counts it, and its value alone. NUL is
 * shown as 0, CR as r, a line end as /. */
static void
test_containers(void)
{
	static const Row listed = { "listed", .fields = "From Sender Reply-To To" };
	static const struct {
		const char *head;
		size_t length;
		const char *wanted; /* of each edit NAME#NTH=VALUE, or - for junk */
	} cases[] = {
		{ TEXT("From: A <a@x.example>\n\n"), "From#1= a@x.example" },
		{ TEXT("From:A <a@x.example>\r\n\r\n"), "From#1= a@x.example" },
		{ TEXT("From:\t A <a@x.example>"), "From#1=\t a@x.example" },
		{ TEXT("From: A <" A36 ">, " A36 "\r\n\r\n"), "From#1= " A36 ",r/ " A36 },
		/* Names count without case and blanks before the colon, whether edited or not. */
		{ TEXT("fRoM : A <a@x.example>\nX: y\nFROM: b@x.example\nfrom\t:C\n\n"),
		  "fRoM#1= a@x.example|from#3= " UNKNOWN_SENDER },
		{ TEXT("From-X: a\nFro: b\nFrom: CEO\nSender: CEO\nX-From: c\nFrom: CEO\n\n"),
		  "From#1= " UNKNOWN_SENDER "|Sender#1= " UNKNOWN_SENDER
		  "|From#2= " UNKNOWN_SENDER },
		/* Fields after junk are fields; what looks like one in junk is none. */
		{ TEXT("From: b@x.example\njunk\n From: x\nFr om: a@x.example\nFrom: CEO\n\n"),
		  "From#2= " UNKNOWN_SENDER },
		{ TEXT("junk\n\001From: CEO\nFrom: CEO\n\n"), "-|From#1= " UNKNOWN_SENDER },
		/* Names of an MTA's that some readers take for a sender's. */
		{ TEXT(">From: CEO\nFrom: CEO\n>From: b@x.example\n>FROM : CEO\n\n"),
		  ">From#1= " UNKNOWN_SENDER "|From#1= " UNKNOWN_SENDER
		  "|>FROM#3= " UNKNOWN_SENDER },
		{ TEXT("(c)From: CEO\n(c)From: b@x.example\n(C)from: CEO\n\n"),
		  "(c)From#1= " UNKNOWN_SENDER "|(C)from#3= " UNKNOWN_SENDER },
		{ TEXT("(a:b)From: CEO\n(A: y\n(a:c)From:CEO\n\n"),
		  "(a#1=b)From: " UNKNOWN_SENDER "|(a#3=c)From: " UNKNOWN_SENDER },
		/* Names that no MTA takes for one. */
		{ TEXT("Fr\0om: CEO\n\n"), "-" },
		{ TEXT("Fr\303\244om: CEO\n\n"), "-" },
		{ TEXT("\357\273\277From: CEO\n\n"), "-" },
		{ TEXT(" From: CEO\n\n"), "-" },
		{ TEXT("From (c): CEO\n\n"), "-" },
		{ TEXT("Fr\177om: CEO\nFrom: CEO\n\n"), "-|From#1= " UNKNOWN_SENDER },
		/* Places inside other fields: the whole is replaced, under its own name. */
		{ TEXT("To: a\nto: x\rFrom: CEO\nFrom: CEO\n\n"),
		  "to#2= xrFrom: " UNKNOWN_SENDER "|From#1= " UNKNOWN_SENDER },
		{ TEXT("To: x\0From: A <a@x.example>\rSender: CEO\rY: z\n\n"),
		  "To#1= x0From: a@x.examplerSender: " UNKNOWN_SENDER "rY: z" },
		{ TEXT("Subject: a\r\n \t\r\nX: y\r\nsubject: b\r\n \r\n From: CEO\r\n c\r\n\r\n"),
		  "subject#2= br/ r/ From: " UNKNOWN_SENDER },
		{ TEXT("From: b@x.example\rSender: CEO\n\n"), "From#1= " UNKNOWN_SENDER },
		/* Junk that continues a field goes, and is no part of it. */
		{ TEXT("From: A <a@x.example>\n\rDoe\nTo: b\n\n"), "From#1= a@x.example|-" },
		{ TEXT("From: a@x.example\n\0Doe\nFrom: CEO\n\n"), "-|From#2= " UNKNOWN_SENDER },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Setup) setup = { 0 };
		Head head = head_parse(cases[i].head, cases[i].length);
		g_autoptr(GString) got = g_string_new(NULL);
		setup_init(&setup, &listed);
		g_autoptr(Decision) d = decide(&setup, &head);
		for (guint k = 0; k < d->edits->len; k++) {
			const Edit *e = &g_array_index(d->edits, Edit, k);
			Span value = edit_value(e);
			g_string_append(got, k ? "|" : "");
			if (!e->container) {
				g_assert_cmpuint(e->container_nth, ==, 0);
				g_assert_cmpuint(value.length, ==, 0);
				g_string_append_c(got, '-');
				continue;
			}
			g_string_append_printf(got, "%s#%zu=", e->container, e->container_nth);
			for (size_t n = 0; n < value.length; n++) {
				char c = value.data[n];
				g_string_append_c(got, c == '\0'   ? '0'
				                       : c == '\r' ? 'r'
				                       : c == '\n' ? '/'
				                                   : c);
			}
		}
		g_test_message("case %zu", i);
		g_assert_cmpstr(got->str, ==, cases[i].wanted);
	}
}

/* Why a message is in scope: the first reason that holds in one of its places. */
static void
test_scope_reasons(void)
{
	static const Row domains = { "domains", .domains = "example.com" };
	static const struct {
		const char *head, *everyone, *domains;
	} heads[] = {
		{ "From: A <a@example.com>\n\n", "everyone", "domains" },
		{ "From: A <a@x.example>\n\n", "everyone", NULL },
		{ "From: a@example.com\nSender: CEO\n\n", "unreadable", "unreadable" },
		{ "From: A <\nSender: a@example.com\n\n", "unreadable", "unreadable" },
		{ "From: a@x.example\n\0Jane\n\n", "unreadable", "unreadable" },
		{ "Subject: x\n\n", "everyone", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		size_t length = strlen(heads[i].head);
		while (heads[i].head[length - 1] != '\n' || heads[i].head[length - 2] != '\n')
			length += 1 + strlen(heads[i].head + length + 1);
		Head head = head_parse(heads[i].head, length);
		g_auto(Setup) one = { 0 }, other = { 0 };
		setup_init(&one, &everyone);
		setup_init(&other, &domains);
		g_autoptr(Decision) all = decide(&one, &head);
		g_autoptr(Decision) some = decide(&other, &head);
		g_assert_cmpstr(scope_reason_name(all->scope), ==, heads[i].everyone);
		g_assert_cmpstr(scope_reason_name(some->scope), ==, heads[i].domains);
		g_assert_true(all->in_scope);
		g_assert_cmpint(some->in_scope, ==, heads[i].domains != NULL);
	}
}

/* Removed names are decoded, as UTF-8. */
static void
test_display_names(void)
{
	static const struct {
		const char *value, *names;
	} values[] = {
		{ "=?utf-8?q?J=C3=A4ne?= <a@x.example>", "J\303\244ne" },
		{ "=?iso-8859-1?Q?J=E4ne?= <a@x.example>", "J\303\244ne" },
		{ "=?utf-8?B?SsOkbmU=?= <a@x.example>", "J\303\244ne" },
		{ "=?utf-8?q?Ja?= =?utf-8?q?ne?= Doe <a@x.example>", "Jane Doe" },
		{ "=?utf-8?q?J=C3?= =?utf-8?q?=A4ne?= <a@x.example>", "J\303\244ne" },
		{ "=?utf-8?b?SsM=?= =?utf-8?b?pG5l?= <a@x.example>", "J\303\244ne" },
		{ "=?utf-8?b?V2hvPw==?= =?utf-8?b?SmFuZQ==?= <a@x.example>", "Who?Jane" },
		{ "\"J\303\244ne\" <a@x.example>", "J\303\244ne" },
		{ "J\344ne <a@x.example>", "J\357\277\275ne" },
		{ "a@x.example (=?utf-8?q?J=C3=A4ne?=)", "J\303\244ne" },
		{ "=?utf-8?q?Team?=: a@x.example;", "Team" },
		{ "A\n B <a@x.example>", "A B" },
		{ "a@x.example (A\\\n B)", "A B" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *text = g_strdup_printf("From: %s\n\n", values[i].value);
		g_auto(Setup) setup = { 0 };
		Head head = head_parse(text, strlen(text));
		setup_init(&setup, &everyone);
		g_autoptr(Decision) d = decide(&setup, &head);
		g_test_message("%zu %s", i, values[i].names);
		assert_joined(place(d, 0)->display_names, values[i].names);
		assert_joined(place(d, 0)->addresses, "a@x.example");
	}
}

/* A refused message keeps its bytes, and says why; its places say what could not be done. */
static void
test_refused(void)
{
	static const char text[] = "From: A\r\r <a@x.example>\nSender: b@x.example\n"
	                           "Reply-To: C <c@x.example>\n\n";
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpint(d->action, ==, ACTION_REFUSED);
	g_assert_nonnull(d->refused);
	g_assert_cmpuint(d->edits->len, ==, 0);
	g_assert_cmpuint(d->fields->len, ==, 3);
	g_assert_cmpint(place(d, 0)->action, ==, ACTION_REFUSED);
	g_assert_cmpint(place(d, 1)->action, ==, ACTION_KEPT);
	g_assert_cmpint(place(d, 2)->action, ==, ACTION_REFUSED);
	for (guint i = 0; i < 3; i++)
		g_assert_null(place(d, i)->after);
}

/* A head that was cut is refused always: what is not seen cannot be made bare. */
static void
test_incomplete(void)
{
	static const char *const heads[] = { "From: A <a@x.example>\n", "From: a@x.example\n",
		                             LOGIN "From: A <a@x.example>\n", "Subject: x\n" };
	static const Facts facts = { NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_auto(Setup) setup = { 0 };
		Head head = head_parse(heads[i], strlen(heads[i]));
		setup_init(&setup, &everyone);
		g_autoptr(Decision) d = strip_decide(&setup.policy, &facts, &head, false);
		g_assert_cmpint(d->action, ==, ACTION_REFUSED);
		g_assert_cmpuint(d->edits->len, ==, 0);
		g_assert_nonnull(d->refused);
	}
}

static GString *
repeated(const char *begin, const char *unit, size_t repeats, const char *end)
{
	GString *text = g_string_new(begin);

	for (size_t i = 0; i < repeats; i++)
		g_string_append(text, unit);
	return g_string_append(text, end);
}

/* More sender fields or addresses than there can be in honest mail are always refused. */
static void
test_too_many(void)
{
	static const struct {
		const char *begin, *unit, *end;
		size_t repeats;
		Action action;
	} cases[] = {
		{ "", "From: A <a@x>\n", "\n", HEAD_PLACES_MAX, ACTION_STRIPPED },
		{ "", "From: A <a@x>\n", "\n", HEAD_PLACES_MAX + 1, ACTION_REFUSED },
		{ "", "From: a@x\n", "\n", HEAD_PLACES_MAX + 1, ACTION_REFUSED },
		{ LOGIN, "From: A <a@x>\n", "\n", HEAD_PLACES_MAX, ACTION_KEPT },
		{ LOGIN, "From: A <a@x>\n", "\n", HEAD_PLACES_MAX + 1, ACTION_REFUSED },
		{ "Subject: x", "\rFrom: A <a@x>", "\n\n", 2 * HEAD_PLACES_MAX, ACTION_REFUSED },
		{ "", "From: A <a@x>, b@x, c@x\n", "\n", 7000, ACTION_REFUSED },
		{ "From: A <a@x>", ",a@x", "\n\n", ADDRESSES_MAX - 1, ACTION_STRIPPED },
		{ "From: A <a@x>", ",a@x", "\n\n", ADDRESSES_MAX, ACTION_REFUSED },
		{ LOGIN "From: a@x", ",a@x", "\n\n", ADDRESSES_MAX, ACTION_REFUSED },
		{ "From: a@x", ",a@x", "\n\n", ADDRESSES_MAX - 1, ACTION_KEPT },
		{ "From: a@x\nTo: A <a@x>", ",a@x", "\n\n", ADDRESSES_MAX, ACTION_KEPT },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Setup) setup = { 0 };
		g_autoptr(GString) text =
		        repeated(cases[i].begin, cases[i].unit, cases[i].repeats, cases[i].end);
		Head head = head_parse(text->str, text->len);
		setup_init(&setup, &everyone);
		g_autoptr(Decision) d = decide(&setup, &head);
		g_test_message("case %zu", i);
		g_assert_cmpint(d->action, ==, cases[i].action);
	}
}

/* What Pipermail wrote is read where that is asked for. */
static void
test_pipermail(void)
{
	static const struct {
		const char *from;
		bool asked;
		Action action;
		const char *after; /* NULL: as before */
	} cases[] = {
		{ "ceo at corp.example (Jane Doe)", true, ACTION_STRIPPED, " ceo@corp.example" },
		{ "Jane <ceo at corp.example>", true, ACTION_STRIPPED, " ceo@corp.example" },
		{ "ceo at corp.example", true, ACTION_KEPT, NULL },
		{ "Jane <ceo@corp.example>", true, ACTION_STRIPPED, " ceo@corp.example" },
		{ "root (Cron Daemon)", true, ACTION_REPLACED, " " STRIP_PLACEHOLDER },
		{ "ceo at corp.example (Jane Doe)", false, ACTION_REPLACED, " " STRIP_PLACEHOLDER },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Setup) setup = { 0 };
		g_autofree char *text = g_strconcat("From: ", cases[i].from, "\n\n", NULL);
		Head head = head_parse(text, strlen(text));
		setup_init(&setup, &everyone);
		setup.policy.pipermail = cases[i].asked;
		g_autoptr(Decision) d = decide(&setup, &head);
		const Place *place = g_ptr_array_index(d->fields, 0);
		g_test_message("case %zu", i);
		g_assert_cmpint(d->action, ==, cases[i].action);
		g_assert_cmpint(place->after == NULL, ==, cases[i].after == NULL);
		if (place->after)
			g_assert_cmpmem(g_bytes_get_data(place->after, NULL),
			                g_bytes_get_size(place->after), cases[i].after,
			                strlen(cases[i].after));
	}
}

/* Where a reader sees a sender in what may be no head at all. */
static void
test_shows_sender(void)
{
	static const struct {
		const char *text;
		bool shows;
	} cases[] = {
		{ "From: a\n", true },       { "note\n\nReply-To: a\n", true },
		{ "x\n>Sender: a\n", true }, { "To: a\nCc: b\n", false },
		{ "note: x\n", false },      { "", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		size_t length = strlen(cases[i].text);
		Head head = { { cases[i].text, length }, length };
		g_test_message("case %zu", i);
		g_assert_cmpint(strip_shows_sender(&head), ==, cases[i].shows);
	}
}

/* Facts reach the verdict, and the verdict the edits. */
static void
test_facts(void)
{
	static const char text[] = NO_LOGIN "From: A <a@x.example>\n\n";
	static const Facts login = { .sasl_username = "jane" };
	static const Facts conflict = { .sasl_username = "jane", .queue_id = "A" };
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &everyone);
	g_autoptr(Decision) kept = strip_decide(&setup.policy, &login, &head, true);
	g_assert_cmpint(kept->action, ==, ACTION_KEPT);
	g_assert_cmpstr(kept->submission->auth_user, ==, "jane");
	g_autoptr(Decision) stripped = strip_decide(&setup.policy, &conflict, &head, true);
	g_assert_cmpint(stripped->action, ==, ACTION_STRIPPED);
	g_assert_cmpint(stripped->submission->reason, ==, REASON_CONFLICT);
}

static void
test_in_scope(void)
{
	static const Row domains = { "domains", .domains = "example.com" };
	static const struct {
		const char *head;
		bool in_scope;
	} heads[] = { { LOGIN "From: a@example.com\n\n", true },
		      { LOGIN "From: a@x.example\n\n", false },
		      { "From: a@example.com\n\n", true },
		      { "From: a@x.example\n\n", false },
		      { "Subject: a@example.com\n\n", false } };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_auto(Setup) setup = { 0 };
		Head head = head_parse(heads[i].head, strlen(heads[i].head));
		setup_init(&setup, &domains);
		g_autoptr(Decision) d = decide(&setup, &head);
		g_assert_cmpint(d->in_scope, ==, heads[i].in_scope);
		g_assert_cmpint(d->action, ==, ACTION_KEPT);
	}
}

/* Encoded words in a value longer than GMime is given do not hide a domain. */
static void
test_scope_long(void)
{
	static const Row domains = { "domains", .domains = "example.com" };
	g_autofree char *padding = g_strnfill(100000, 'x');
	g_autofree char *text = g_strdup_printf("From: %s =?utf-8?q?ceo=40example.com?= "
	                                        "<a@x.example>\n\n",
	                                        padding);
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &domains);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_autoptr(GBytes) out = edit_apply(&head, d->edits);
	g_assert_cmpmem(g_bytes_get_data(out, NULL), g_bytes_get_size(out), "From: a@x.example\n\n",
	                19);
}

/* What cannot be compared with our domains in a bounded time counts as one of them. */
static void
test_scope_bounds(void)
{
	static const Row domains = { "domains", .domains = "example.com" };
	static const struct {
		const char *begin, *unit, *end;
		size_t repeats;
		bool in_scope;
	} cases[] = {
		{ "From: (@", "\303\244", ") a@x.example\n\n", 300, false },
		{ "From: a@x.example, b@", "\303\244", "\n\n", 300, false },
		{ "From: a@x.example, b@", "\303\244", "\n\n", 600, true },
		{ "", "From: a@x.example (@\303\244)\n", "\n", 1000, false },
		{ "", "From: a@x.example (@\303\244)\n", "\n", 9000, true },
		{ "", "From: a@x.example (\303\244)\n", "\n", 9000, false },
		{ "", "From: a@x.example (@a)\n", "\n", 9000, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Setup) setup = { 0 };
		g_autoptr(GString) text =
		        repeated(cases[i].begin, cases[i].unit, cases[i].repeats, cases[i].end);
		Head head = head_parse(text->str, text->len);
		setup_init(&setup, &domains);
		g_autoptr(Decision) d = decide(&setup, &head);
		g_test_message("case %zu", i);
		g_assert_cmpint(d->in_scope, ==, cases[i].in_scope);
	}
}

/* More addresses than GMime is given: the tokenizer's word stands. */
static void
test_many_addresses(void)
{
	g_autoptr(GString) text = g_string_new("From: ");
	g_auto(Setup) setup = { 0 };

	for (unsigned i = 0; i < 6000; i++)
		g_string_append_printf(text, "%sN <u%u@x.example>", i ? "," : "", i);
	g_string_append(text, "\n\n");
	Head head = head_parse(text->str, text->len);
	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpint(d->action, ==, ACTION_STRIPPED);
	g_assert_cmpuint(place(d, 0)->addresses->len, ==, 6000);
	g_autoptr(GBytes) out = edit_apply(&head, d->edits);
	g_autofree char *made = g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
	g_auto(GStrv) lines = g_strsplit(made, "\n", -1);
	for (size_t i = 0; lines[i] && *lines[i]; i++)
		g_assert_cmpuint(strlen(lines[i]), <=, 78);
}

static void
test_message(void)
{
	static const char text[] = "Message-ID: <1@x.example>\nDKIM-Signature: v=1\n"
	                           "From: A <a@x.example>\nmessage-id: <2@x.example>\n\n";
	g_auto(Setup) setup = { 0 };
	Head head = head_parse(text, strlen(text));

	setup_init(&setup, &everyone);
	g_autoptr(Decision) d = decide(&setup, &head);
	g_assert_cmpstr(d->message_id, ==, "<1@x.example>");
	g_assert_cmpuint(g_strv_length(d->signatures), ==, 1);
	g_assert_cmpstr(d->signatures[0], ==, "dkim");
}

static void
test_table(void)
{
	static const struct {
		const char *name;
		bool is_recipient, is_as_from;
	} wanted[] = { { "From", false },
		       { "Sender", false },
		       { "Reply-To", false },
		       { "Resent-From", false },
		       { "Resent-Sender", false },
		       { "Resent-Reply-To", false },
		       { "To", true },
		       { "Cc", true },
		       { "Apparently-From", false, true } };
	size_t n = 0;

	for (const SenderField *field = strip_sender_fields; field->name; field++, n++) {
		g_assert_cmpuint(n, <, G_N_ELEMENTS(wanted));
		g_assert_cmpstr(field->name, ==, wanted[n].name);
		g_assert_cmpint(field->is_recipient, ==, wanted[n].is_recipient);
		g_assert_cmpint(field->is_as_from, ==, wanted[n].is_as_from);
		g_assert_cmpint(strip_field_bits(field->name) == 0, ==, wanted[n].is_as_from);
		g_assert_cmpuint(strlen(field->name), <=, HEAD_NAME_MAX);
	}
	g_assert_cmpuint(n, ==, G_N_ELEMENTS(wanted));
	g_assert_cmpstr(strip_action_name(ACTION_KEPT), ==, "kept");
	g_assert_cmpstr(strip_action_name(ACTION_STRIPPED), ==, "stripped");
	g_assert_cmpstr(strip_action_name(ACTION_REPLACED), ==, "replaced");
	g_assert_cmpstr(strip_action_name(ACTION_REFUSED), ==, "refused");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/strip/decide/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_decide);
	}
	g_test_add_func("/strip/places", test_places);
	g_test_add_func("/strip/kept-places", test_kept_places);
	g_test_add_func("/strip/junk", test_junk);
	g_test_add_func("/strip/containers", test_containers);
	g_test_add_func("/strip/scope-reasons", test_scope_reasons);
	g_test_add_func("/strip/display-names", test_display_names);
	g_test_add_func("/strip/refused", test_refused);
	g_test_add_func("/strip/too-many", test_too_many);
	g_test_add_func("/strip/incomplete", test_incomplete);
	g_test_add_func("/strip/facts", test_facts);
	g_test_add_func("/strip/in-scope", test_in_scope);
	g_test_add_func("/strip/scope-long", test_scope_long);
	g_test_add_func("/strip/scope-bounds", test_scope_bounds);
	g_test_add_func("/strip/many-addresses", test_many_addresses);
	g_test_add_func("/strip/message", test_message);
	g_test_add_func("/strip/pipermail", test_pipermail);
	g_test_add_func("/strip/shows-sender", test_shows_sender);
	g_test_add_func("/strip/table", test_table);
	return g_test_run();
}
