/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves the verdict, its reason, the login and the roles of the hops, for every way in which facts
 * and trace can agree, differ or be forged; and that nothing below the boundary changes them. */
#include <string.h>

#include "core/submission.h"
#include "settings.h"

/* Fields as Postfix writes them. */
#define HOP(from, by, with, id)                                                                    \
	"Received: from " from "\n\tby " by " (Postfix) with " with " id " id                      \
	"\n\tfor <joe@example.net>; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)\n"
#define OUTSIDE "laptop (unknown [203.0.113.10])"
#define MX "mx.example.org"
#define LOGIN HOP(OUTSIDE, MX, "ESMTPSA", "AAA")
#define NO_LOGIN HOP(OUTSIDE, MX, "ESMTPS", "AAA")
#define USER(user) OUTSIDE " (Authenticated sender: " user ")"
#define RELAYED HOP("relay (relay [192.0.2.7])", MX, "ESMTP", "RRR")
#define PICKUP(uid) "Received: by mx.example.org (Postfix, from userid " uid ")\n\tid PPP; Mon\n"
#define SILENT "Received: by mx.example.org (Postfix) id SSS for <a@b.example>; Mon\n"
#define LMTP HOP(OUTSIDE, MX, "LMTP", "LLL")
#define AR(text) "Authentication-Results: " text "\n"
#define PASS AR("mx.example.org; auth=pass (PLAIN) smtp.auth=jane")
#define INSIDE "Received: by 2002:a05:6402:190c:0:0:0:0 with SMTP id e12csp2; Mon\n"
#define TAKEOUT .trusted_by = "mx.example.org 2002:a00::/24 10.0.0.0/8"
#define EXIM(user, word)                                                                           \
	"Received: from " user " by mx.example.org with " word " (Exim 4.96) id E; Mon\n"
#define WEBMAIL "Received: from [10.9.9.42] by webmail.example.org with HTTP (POST); Mon\n"

typedef struct {
	const char *name;
	const char *head;
	const char *trusted_by; /* lists are split at blanks; NULL: mx.example.org */
	const char *relay_nets, *trusted_clients, *filter_uids, *user_uids, *hidden_by,
	        *submission_by, *webmail_by, *relay_accounts, *dialect, *authserv_id;
	bool ar_stripped, local_is_trusted;
	const char *login, *client_address, *queue_id; /* facts; NULL: not said */
	Listener listener;
	const SessionHop *session;
	Verdict verdict;
	Reason reason;
	const char *user;
	const char *roles; /* NULL: of no matter */
} Row;

#define AUTH(why) .verdict = VERDICT_AUTHENTICATED, .reason = REASON_##why
#define ANON(why) .verdict = VERDICT_ANONYMOUS, .reason = REASON_##why
#define UNKNOWN(why) .verdict = VERDICT_UNKNOWN, .reason = REASON_##why

/* Sessions, as a milter tells of them. */
static const SessionHop smtp = { MX, "laptop", false };
static const SessionHop handed_in = { MX, "localhost", true };
static const SessionHop unnamed = { NULL, NULL, false };
static const SessionHop boasting = { MX, "[10.0.0.5]", false };

#define STRANGER .session = &smtp, .client_address = "203.0.113.9"
#define RELAY .session = &smtp, .client_address = "10.0.0.5", .relay_nets = "10.0.0.0/8"
#define LOCAL .session = &handed_in, .client_address = "127.0.0.1"
#define BY_RELAY(from, with) HOP(from, "relay.example.org", with, "BBB")
#define NAMED .trusted_by = "mx.example.org relay.example.org"

static const Row rows[] = {
	/* No facts: the trace decides. */
	{ "no-trace", "Subject: x\n", UNKNOWN(NO_TRACE), .roles = "" },
	{ "empty", "", UNKNOWN(NO_TRACE), .roles = "" },
	{ "with", LOGIN, AUTH(WITH), .roles = "boundary" },
	{ "with-lower-case", HOP(OUTSIDE, MX, "esmtpsa", "A"), AUTH(WITH) },
	{ "with-utf8", HOP(OUTSIDE, MX, "UTF8SMTPSA", "A"), AUTH(WITH) },
	{ "no-login", NO_LOGIN, ANON(NO_LOGIN), .roles = "boundary" },
	{ "no-login-smtp", HOP(OUTSIDE, MX, "SMTP", "A"), ANON(NO_LOGIN) },
	{ "no-login-http", "Received: from x by mx.example.org with HTTP; Mon\n", ANON(NO_LOGIN) },
	{ "no-login-no-word", "Received: from x (x [203.0.113.1]) by mx.example.org; Mon\n",
	  ANON(NO_LOGIN) },
	{ "silent", SILENT, UNKNOWN(SILENT), .roles = "boundary" },
	{ "top-not-ours", HOP(OUTSIDE, "other.example", "ESMTPSA", "A"), UNKNOWN(TOP_NOT_OURS),
	  .roles = "untrusted" },
	{ "top-not-ours-ours-below", HOP(OUTSIDE, "other.example", "ESMTP", "A") LOGIN,
	  UNKNOWN(TOP_NOT_OURS), .roles = "untrusted,untrusted" },
	{ "top-no-by", "Received: (qmail 735684 invoked by uid 1000); Mon\n" LOGIN,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "nobody-trusted", LOGIN, .trusted_by = "", UNKNOWN(TOP_NOT_OURS) },
	{ "by-subdomain", HOP(OUTSIDE, "a.mx.example.org", "ESMTPSA", "A"), UNKNOWN(TOP_NOT_OURS) },
	{ "by-case", HOP(OUTSIDE, "MX.Example.Org.", "ESMTPSA", "A"), AUTH(WITH) },
	{ "by-second-listed", LOGIN, .trusted_by = "mail.example.org mx.example.org", AUTH(WITH) },
	{ "malformed", "Received: from x (y by mx.example.org with ESMTPSA; Mon\n" LOGIN,
	  ANON(MALFORMED), .roles = "untrusted,untrusted" },
	{ "malformed-below", RELAYED "Received: from x by mx.example.org id 1 with ESMTPSA\n",
	  .relay_nets = "192.0.2.7", ANON(MALFORMED), .roles = "relay,untrusted" },
	{ "field-name-case", "rEcEiVeD : from x by mx.example.org with ESMTPSA; Mon\n",
	  AUTH(WITH) },
	{ "field-folded", "Received:\r\n\tfrom x by mx.example.org\r\n\twith ESMTPSA; Mon\r\n",
	  AUTH(WITH) },
	{ "field-not-first", "Return-Path: <x@y.example>\nX-A: b\n" LOGIN, AUTH(WITH),
	  .roles = "boundary" },
	{ "mbox-line", "From x@y.example Mon Nov 24 10:00:00 2025\n" LOGIN, AUTH(WITH) },
	{ "field-in-junk", "junk\n Received: from x by mx.example.org with ESMTPSA; Mon\n",
	  UNKNOWN(NO_TRACE) },
	{ "other-fields",
	  "Received-SPF: by mx.example.org with ESMTPSA\nX-Received: by mx.example.org with "
	  "ESMTPSA\n"
	  "X-Authenticated-Sender: jane\nX-MS-Exchange-Organization-AuthAs: Internal\n",
	  UNKNOWN(NO_TRACE) },

	/* Everything below the boundary is the sender's own writing. */
	{ "forged-below", NO_LOGIN LOGIN, ANON(NO_LOGIN), .roles = "boundary,untrusted" },
	{ "forged-below-malformed", NO_LOGIN "Received: (((\n", ANON(NO_LOGIN) },
	{ "genuine-above-forged", LOGIN NO_LOGIN, AUTH(WITH), .roles = "boundary,untrusted" },
	{ "forged-other-fields",
	  NO_LOGIN "Authentication-Results: mx.example.org; auth=pass smtp.auth=ceo\n"
	           "X-Authenticated-User: ceo\n",
	  ANON(NO_LOGIN) },
	{ "forged-helo-relay", HOP("[192.0.2.7] (unknown [203.0.113.5])", MX, "ESMTP", "A") LOGIN,
	  .relay_nets = "192.0.2.7", ANON(NO_LOGIN), .roles = "boundary,untrusted" },
	{ "forged-helo-loopback", HOP("[127.0.0.1] (unknown [203.0.113.5])", MX, "ESMTP", "A"),
	  .trusted_clients = "127.0.0.1", ANON(NO_LOGIN) },
	{ "forged-envelope-from",
	  "Received: from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) "
	  "(envelope-from <\"a with esmtpsa b\"@evil.example>) id 1; Mon\n",
	  ANON(NO_LOGIN) },
	{ "forged-envelope-from-with",
	  "Received: from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) "
	  "(envelope-from <\"x) with esmtpsa (y\"@evil.example>) id 1; Mon\n",
	  ANON(MALFORMED) },
	{ "forged-envelope-from-comment",
	  "Received: from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) "
	  "(envelope-from <\"x) (Authenticated sender: ceo) (y\"@evil.example>) id 1; Mon\n",
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-certificate",
	  HOP(OUTSIDE " (Client CN \"Authenticated sender: ceo\", Issuer \"x\" (not verified))", MX,
	      "ESMTPS", "A"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-recipient",
	  "Received: from x (x [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id A for <\"a "
	  "with ESMTPA b\"@example.net>; Mon\n",
	  ANON(NO_LOGIN) },
	{ "forged-helo-field",
	  "Received: from x by mx.example.org with ESMTPSA id 1; ( (x [203.0.113.5]) by "
	  "mx.example.org with SMTP id A; Mon\n",
	  ANON(MALFORMED) },

	/* Hosts of ours above the boundary. */
	{ "relay", RELAYED LOGIN, .relay_nets = "192.0.2.7", AUTH(WITH),
	  .roles = "relay,boundary" },
	{ "relay-no-login", RELAYED NO_LOGIN, .relay_nets = "192.0.2.7", ANON(NO_LOGIN),
	  .roles = "relay,boundary" },
	{ "relay-two", RELAYED RELAYED LOGIN NO_LOGIN, .relay_nets = "192.0.2.7", AUTH(WITH),
	  .roles = "relay,relay,boundary,untrusted" },
	{ "relay-not-listed", RELAYED LOGIN, ANON(NO_LOGIN), .roles = "boundary,untrusted" },
	{ "relay-other", RELAYED LOGIN, .relay_nets = "192.0.2.8", ANON(NO_LOGIN) },
	{ "relay-last", RELAYED, .relay_nets = "192.0.2.7", ANON(NO_LOGIN), .roles = "boundary" },
	{ "relay-own-login-proves-nothing",
	  HOP("relay (relay [192.0.2.7])", MX, "ESMTPSA", "R") NO_LOGIN, .relay_nets = "192.0.2.7",
	  ANON(NO_LOGIN), .roles = "relay,boundary" },
	{ "relay-v6", HOP("r (r [IPv6:2001:db8::7])", MX, "ESMTP", "R") LOGIN,
	  .relay_nets = "2001:db8::7", AUTH(WITH) },
	{ "chain-broken", RELAYED HOP(OUTSIDE, "other.example", "ESMTPSA", "A"),
	  .relay_nets = "192.0.2.7", ANON(CHAIN_BROKEN), .roles = "relay,untrusted" },
	{ "chain-broken-no-by", RELAYED "Received: from x with ESMTPSA\n",
	  .relay_nets = "192.0.2.7", ANON(MALFORMED) },
	{ "amavis",
	  HOP("localhost (localhost [127.0.0.1])", MX, "ESMTP", "C")
	          HOP("mx.example.org ([127.0.0.1])", "localhost", "ESMTP", "B") LOGIN,
	  .trusted_by = "mx.example.org localhost", .relay_nets = "127.0.0.1", AUTH(WITH),
	  .roles = "relay,relay,boundary" },
	{ "amavis-localhost-not-trusted",
	  HOP("localhost (localhost [127.0.0.1])", MX, "ESMTP", "C")
	          HOP("mx.example.org ([127.0.0.1])", "localhost", "ESMTP", "B") LOGIN,
	  .relay_nets = "127.0.0.1", ANON(CHAIN_BROKEN) },
	{ "lmtp", LMTP LOGIN, AUTH(WITH), .roles = "delivery,boundary" },
	{ "lmtp-no-login", LMTP NO_LOGIN, ANON(NO_LOGIN), .roles = "delivery,boundary" },
	{ "lmtp-pre-authenticated", HOP(OUTSIDE, MX, "LMTPSA", "L") NO_LOGIN, ANON(NO_LOGIN),
	  .roles = "delivery,boundary" },
	{ "lmtp-utf8", HOP(OUTSIDE, MX, "UTF8LMTPA", "L") LOGIN, AUTH(WITH),
	  .roles = "delivery,boundary" },
	{ "delivery-only", LMTP, UNKNOWN(DELIVERY_ONLY), .roles = "boundary" },
	{ "delivery-only-a", HOP(OUTSIDE, MX, "LMTPA", "L"), UNKNOWN(DELIVERY_ONLY) },
	{ "filter-uid", PICKUP("1001") LOGIN, .filter_uids = "1001", AUTH(WITH),
	  .roles = "reinjection,boundary" },
	{ "filter-uid-name", PICKUP("filter") NO_LOGIN, .filter_uids = "1001 filter",
	  ANON(NO_LOGIN), .roles = "reinjection,boundary" },
	{ "filter-uid-last", PICKUP("1001"), .filter_uids = "1001", ANON(LOCAL_PICKUP),
	  .roles = "boundary" },
	{ "filter-uid-not-listed", PICKUP("33") LOGIN, .filter_uids = "1001", ANON(LOCAL_PICKUP),
	  .roles = "boundary,untrusted" },
	{ "filter-uid-longer", PICKUP("10011") LOGIN, .filter_uids = "1001", ANON(LOCAL_PICKUP) },
	{ "filter-uid-in-helo",
	  HOP("x (x, from userid 1001) (x [203.0.113.5])", MX, "ESMTP", "A") LOGIN,
	  .filter_uids = "1001", ANON(NO_LOGIN) },
	{ "qmail-network", "Received: (qmail 735684 invoked from network); Mon\n" LOGIN, AUTH(WITH),
	  .roles = "relay,boundary" },
	{ "qmail-network-not-ours-below",
	  "Received: (qmail 1 invoked from network); Mon\n" HOP(OUTSIDE, "o.example", "ESMTPA",
	                                                        "A"),
	  UNKNOWN(TOP_NOT_OURS) },
	{ "qmail-by-uid", RELAYED "Received: (qmail 7 invoked by uid 1000); Mon\n" LOGIN,
	  .relay_nets = "192.0.2.7", ANON(CHAIN_BROKEN) },
	{ "qmail-by-a-filter", RELAYED "Received: (qmail 7 invoked by uid 1000); Mon\n" LOGIN,
	  .relay_nets = "192.0.2.7", .filter_uids = "1000", AUTH(WITH),
	  .roles = "relay,reinjection,boundary" },
	{ "qmail-by-a-filter-malformed", "Received: (qmail 7 invoked by uid 1000); Mon (\n" LOGIN,
	  .filter_uids = "1000", ANON(MALFORMED) },
	{ "qmail-by-a-filter-empty-login", "Received: (qmail 7 invoked by uid 1000); Mon\n" LOGIN,
	  .filter_uids = "1000", .login = "", AUTH(WITH) },

	/* Hosts of ours by more than their names. */
	{ "below", HOP(OUTSIDE, "a.b.example.org", "ESMTPSA", "A"),
	  .trusted_by = "mx.example.org .example.org", AUTH(WITH), .roles = "boundary" },
	{ "below-relay", RELAYED HOP(OUTSIDE, "msa.example.org", "ESMTPSA", "A"),
	  .trusted_by = "mx.example.org .example.org", .relay_nets = "192.0.2.7", AUTH(WITH),
	  .roles = "relay,boundary" },
	{ "below-relay-elsewhere", RELAYED HOP(OUTSIDE, "msa.example.net", "ESMTPSA", "A"),
	  .trusted_by = "mx.example.org .example.org", .relay_nets = "192.0.2.7",
	  ANON(CHAIN_BROKEN), .roles = "relay,untrusted" },
	{ "below-qmail-network", "Received: (qmail 735684 invoked from network); Mon\n" LOGIN,
	  .trusted_by = "mx.example.org .example.org", AUTH(WITH), .roles = "relay,boundary" },
	{ "inside", INSIDE INSIDE LOGIN, TAKEOUT, AUTH(WITH),
	  .roles = "delivery,delivery,boundary" },
	{ "inside-no-login", INSIDE NO_LOGIN LOGIN, TAKEOUT, ANON(NO_LOGIN),
	  .roles = "delivery,boundary,untrusted" },
	{ "inside-behind-a-relay", RELAYED INSIDE LOGIN, TAKEOUT, .relay_nets = "192.0.2.7",
	  AUTH(WITH), .roles = "relay,delivery,boundary" },
	{ "inside-not-listed", INSIDE LOGIN, UNKNOWN(TOP_NOT_OURS),
	  .roles = "untrusted,untrusted" },
	{ "delivery-only-inside", INSIDE, TAKEOUT, UNKNOWN(DELIVERY_ONLY), .roles = "boundary" },
	{ "delivery-only-inside-by-http", "Received: by 10.1.2.3 with HTTP; Mon\n", TAKEOUT,
	  .webmail_by = "mx.example.org", UNKNOWN(DELIVERY_ONLY), .roles = "boundary" },
	{ "inside-empty-login", INSIDE LOGIN, TAKEOUT, .login = "", AUTH(WITH),
	  .roles = "delivery,boundary" },
	{ "inside-trusted-client", INSIDE NO_LOGIN, TAKEOUT, .trusted_clients = "203.0.113.10",
	  AUTH(TRUSTED_CLIENT), .roles = "delivery,boundary" },
	{ "inside-silent-is-hidden", "Received: by 10.1.2.3 (Postfix) id SSS; Mon\n" LOGIN,
	  .trusted_by = "mx.example.org 10.0.0.0/8 10.1.2.3", .hidden_by = "10.1.2.3",
	  AUTH(SUBMISSION_LISTENER), .roles = "boundary,untrusted" },
	{ "inside-shows-a-client", HOP(OUTSIDE, "10.1.2.3", "ESMTPS", "A") LOGIN, TAKEOUT,
	  ANON(NO_LOGIN), .roles = "boundary,untrusted" },
	{ "exim-filter", EXIM("exim", "sa-scanned") LOGIN, .filter_uids = "exim", AUTH(WITH),
	  .roles = "reinjection,boundary" },
	{ "exim-filter-twice",
	  EXIM("exim", "sa-scanned") EXIM("exim", "spam-scanned") NO_LOGIN LOGIN,
	  .filter_uids = "1 exim", ANON(NO_LOGIN),
	  .roles = "reinjection,reinjection,boundary,untrusted" },
	{ "exim-filter-not-listed", EXIM("exim", "sa-scanned") LOGIN, .filter_uids = "mail",
	  ANON(LOCAL_PICKUP), .roles = "boundary,untrusted" },
	{ "exim-filter-by-smtp", EXIM("exim", "esmtp") LOGIN, .filter_uids = "exim",
	  ANON(LOCAL_PICKUP), .roles = "boundary,untrusted" },
	{ "exim-local-login-word", EXIM("exim", "esmtpsa"), .filter_uids = "exim",
	  .user_uids = "exim", .local_is_trusted = true, ANON(LOCAL_PICKUP), .roles = "boundary" },

	/* What else the boundary can show. */
	{ "local-uid", PICKUP("501"), .user_uids = "501", AUTH(LOCAL_UID), .roles = "boundary" },
	{ "local-pickup", PICKUP("33"), .user_uids = "501", ANON(LOCAL_PICKUP) },
	{ "local-both-lists", PICKUP("501"), .user_uids = "501", .filter_uids = "501",
	  AUTH(LOCAL_UID) },
	{ "local-exim", "Received: from jane by mx.example.org with local (Exim 4.96) id 1; Mon\n",
	  ANON(LOCAL_PICKUP) },
	{ "local-exim-listed",
	  "Received: from jane by mx.example.org with local (Exim 4.96) id 1; Mon\n",
	  .user_uids = "jane", AUTH(LOCAL_UID) },
	{ "local-sendmail",
	  "Received: (from jane@localhost) by mx.example.org (8.14.3/8.14.3/Submit) id n; Mon\n",
	  .user_uids = "jane", AUTH(LOCAL_UID) },
	{ "local-opensmtpd",
	  "Received: from localhost (mx.example.org [local])\n\tby mx.example.org (OpenSMTPD) with "
	  "ESMTPA id 1; Mon\n",
	  .user_uids = "localhost", .filter_uids = "localhost", ANON(LOCAL_PICKUP) },
	{ "trusted-client", NO_LOGIN, .trusted_clients = "203.0.113.0/28", AUTH(TRUSTED_CLIENT),
	  .roles = "boundary" },
	{ "trusted-client-other", NO_LOGIN, .trusted_clients = "203.0.113.16/28", ANON(NO_LOGIN) },
	{ "trusted-client-behind-relay", RELAYED NO_LOGIN, .relay_nets = "192.0.2.7",
	  .trusted_clients = "203.0.113.10", AUTH(TRUSTED_CLIENT), .roles = "relay,boundary" },
	{ "trusted-client-below-boundary", NO_LOGIN HOP("p (p [192.0.2.99])", MX, "SMTP", "A"),
	  .trusted_clients = "192.0.2.99", ANON(NO_LOGIN) },
	{ "trusted-client-with-login", LOGIN, .trusted_clients = "203.0.113.10", AUTH(WITH) },
	{ "submission-by", NO_LOGIN, .submission_by = MX, AUTH(SUBMISSION_LISTENER),
	  .roles = "boundary" },
	{ "submission-by-case", NO_LOGIN, .submission_by = "MX.example.org.",
	  AUTH(SUBMISSION_LISTENER) },
	{ "submission-by-other", NO_LOGIN, .submission_by = "msa.example.org", ANON(NO_LOGIN) },
	{ "submission-by-behind-relay", RELAYED HOP(OUTSIDE, "msa.example.org", "ESMTPS", "A"),
	  .relay_nets = "192.0.2.7", .trusted_by = "mx.example.org msa.example.org",
	  .submission_by = "msa.example.org", AUTH(SUBMISSION_LISTENER) },
	{ "submission-by-not-trusted", RELAYED HOP(OUTSIDE, "msa.example.org", "ESMTPS", "A"),
	  .relay_nets = "192.0.2.7", .submission_by = "msa.example.org", ANON(CHAIN_BROKEN) },
	{ "hidden-by", SILENT, .hidden_by = MX, AUTH(SUBMISSION_LISTENER) },
	{ "hidden-by-shown", NO_LOGIN, .hidden_by = MX, ANON(NO_LOGIN) },
	{ "hidden-by-other", SILENT, .hidden_by = "msa.example.org", UNKNOWN(SILENT) },
	{ "webmail", WEBMAIL, .trusted_by = "webmail.example.org",
	  .webmail_by = "webmail.example.org", AUTH(WEBMAIL) },
	{ "webmail-https", "Received: by webmail.example.org (Horde Framework) with HTTPS; Mon\n",
	  .trusted_by = "webmail.example.org", .webmail_by = "webmail.example.org", AUTH(WEBMAIL) },
	{ "webmail-not-listed", WEBMAIL, .trusted_by = "webmail.example.org", ANON(NO_LOGIN) },
	{ "webmail-not-trusted", WEBMAIL, .webmail_by = "webmail.example.org",
	  UNKNOWN(TOP_NOT_OURS) },
	{ "webmail-by-smtp", HOP(OUTSIDE, "webmail.example.org", "ESMTP", "A"),
	  .trusted_by = "webmail.example.org", .webmail_by = "webmail.example.org",
	  ANON(NO_LOGIN) },
	{ "fetched-pop3",
	  "Received: from pop.x by mx.example.org with POP3 (fetchmail-6.3.26); M\n" LOGIN,
	  ANON(FETCHED), .roles = "boundary,untrusted" },
	{ "fetched-imap", "Received: from imap.x by mx.example.org with IMAP (getmail); M\n" LOGIN,
	  ANON(FETCHED) },
	{ "fetched-by-getmail",
	  "Received: from p (p [192.0.2.7]) by mx.example.org with POP3-SSL; M\n" LOGIN,
	  .relay_nets = "192.0.2.7", ANON(FETCHED) },
	{ "fetched-by-getmail-imap",
	  "Received: from p (p [192.0.2.7]) by mx.example.org with IMAP4-SSL; M\n" LOGIN,
	  .relay_nets = "192.0.2.7", ANON(FETCHED) },
	{ "fetched-etrn", "Received: from x by mx.example.org with etrn; M\n" LOGIN,
	  ANON(FETCHED) },
	{ "fetched-lower-case", "Received: from x by mx.example.org with pop3; M\n" LOGIN,
	  ANON(FETCHED) },
	{ "fetched-relay-address",
	  "Received: from x (x [192.0.2.7]) by mx.example.org with IMAP; M\n" LOGIN,
	  .relay_nets = "192.0.2.7", ANON(FETCHED) },

	/* A hop that shows no session, and our own word for it above. */
	{ "auth-results", PASS SILENT, .authserv_id = MX, AUTH(AUTH_RESULTS), .user = "jane",
	  .roles = "boundary" },
	{ "auth-results-no-login-named", AR("mx.example.org; auth=pass (plain)") SILENT,
	  .authserv_id = MX, AUTH(AUTH_RESULTS) },
	{ "auth-results-beside-a-comment",
	  PASS "Received: by mx.example.org (authenticated as joe) id S; Mon\n", .authserv_id = MX,
	  AUTH(AUTH_RESULTS), .user = "jane" },
	{ "auth-results-case", "AUTHENTICATION-results : MX.Example.org/4fQ1 1; Auth=PASS\n" SILENT,
	  .authserv_id = MX, AUTH(AUTH_RESULTS) },
	{ "auth-results-beside-others",
	  AR("mx.example.org; spf=pass smtp.mailfrom=j@example.org")
	          PASS AR("other.example; auth=fail") AR("mx.example.org; dkim=none") SILENT,
	  .authserv_id = MX, AUTH(AUTH_RESULTS) },
	{ "auth-results-behind-a-relay", RELAYED PASS SILENT, .relay_nets = "192.0.2.7",
	  .authserv_id = MX, AUTH(AUTH_RESULTS), .roles = "relay,boundary" },
	{ "auth-results-above-a-relay", PASS RELAYED SILENT, .relay_nets = "192.0.2.7",
	  .authserv_id = MX, AUTH(AUTH_RESULTS) },
	{ "auth-results-not-set", PASS SILENT, UNKNOWN(SILENT) },
	{ "auth-results-set-empty", PASS SILENT, .authserv_id = "", UNKNOWN(SILENT) },
	{ "auth-results-empty-id", AR("; auth=pass") SILENT, .authserv_id = "", UNKNOWN(SILENT) },
	{ "auth-results-other-id", AR("x.mx.example.org; auth=pass") SILENT, .authserv_id = MX,
	  UNKNOWN(SILENT) },
	{ "auth-results-id-with-dot", AR("mx.example.org.; auth=pass") SILENT, .authserv_id = MX,
	  UNKNOWN(SILENT) },
	{ "auth-results-fail", AR("mx.example.org; auth=fail") SILENT, .authserv_id = MX,
	  UNKNOWN(SILENT) },
	{ "auth-results-twice", PASS PASS SILENT, .authserv_id = MX, UNKNOWN(SILENT) },
	{ "auth-results-twice-in-one", AR("mx.example.org; auth=pass; auth=pass") SILENT,
	  .authserv_id = MX, UNKNOWN(SILENT) },
	{ "auth-results-malformed", AR("mx.example.org; auth=pass smtp.auth=<ceo>") SILENT,
	  .authserv_id = MX, UNKNOWN(SILENT) },
	{ "auth-results-other-field",
	  "X-Authentication-Results: mx.example.org; auth=pass\n" SILENT, .authserv_id = MX,
	  UNKNOWN(SILENT) },
	{ "auth-results-below", SILENT PASS, .authserv_id = MX, UNKNOWN(SILENT) },
	{ "auth-results-below-stripped", SILENT "Subject: x\n" PASS, .authserv_id = MX,
	  .ar_stripped = true, AUTH(AUTH_RESULTS), .user = "jane" },
	{ "auth-results-below-stripped-not-last", SILENT PASS NO_LOGIN, .authserv_id = MX,
	  .ar_stripped = true, AUTH(AUTH_RESULTS) },
	{ "auth-results-below-the-next-hop", SILENT NO_LOGIN PASS, .authserv_id = MX,
	  .ar_stripped = true, UNKNOWN(SILENT) },
	{ "auth-results-above-and-below", PASS SILENT PASS, .authserv_id = MX, .ar_stripped = true,
	  UNKNOWN(SILENT) },
	{ "auth-results-above-and-below-not-stripped", PASS SILENT PASS, .authserv_id = MX,
	  AUTH(AUTH_RESULTS) },
	{ "auth-results-for-a-session-shown", PASS NO_LOGIN, .authserv_id = MX, ANON(NO_LOGIN) },
	{ "auth-results-no-trace", PASS, .authserv_id = MX, UNKNOWN(NO_TRACE) },
	{ "auth-results-not-ours", PASS "Received: by o.example id A; Mon\n", .authserv_id = MX,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "auth-results-against-the-fact", PASS SILENT, .authserv_id = MX, .login = "",
	  ANON(SASL_FACT) },
	{ "auth-results-relay-account", PASS SILENT, .authserv_id = MX, .relay_accounts = "JANE",
	  ANON(RELAY_LOGIN), .user = "jane" },
	{ "auth-results-relay-account-beyond-ascii",
	  AR("mx.example.org; auth=pass (PLAIN) smtp.auth=M\303\234LLER") SILENT, .authserv_id = MX,
	  .relay_accounts = "m\303\274ller", ANON(RELAY_LOGIN), .user = "M\303\234LLER" },
	{ "auth-results-relay-account-beats-listener", PASS SILENT, .authserv_id = MX,
	  .relay_accounts = "jane", .listener = LISTENER_AUTHENTICATED, ANON(RELAY_LOGIN) },
	{ "auth-results-beside-a-login", PASS SILENT, .authserv_id = MX, .login = "joe",
	  AUTH(SASL_FACT), .user = "joe" },

	/* Comments, with their dialect on. */
	{ "comment", HOP(USER("jane"), MX, "ESMTP", "A"), .dialect = "postfix", AUTH(COMMENT),
	  .user = "jane", .roles = "boundary" },
	{ "comment-off", HOP(USER("jane"), MX, "ESMTP", "A"), ANON(NO_LOGIN), .user = "jane" },
	{ "comment-other-dialect", HOP(USER("jane"), MX, "ESMTP", "A"), .dialect = "sendmail qmail",
	  ANON(NO_LOGIN), .user = "jane" },
	{ "comment-for-host", HOP(USER("jane"), MX, "ESMTP", "A"),
	  .dialect = "sendmail MX.example.org.=postfix", AUTH(COMMENT), .user = "jane" },
	{ "comment-for-other-host", HOP(USER("jane"), MX, "ESMTP", "A"),
	  .dialect = "old.example.org=postfix", ANON(NO_LOGIN), .user = "jane" },
	{ "comment-not-last",
	  HOP("x (Authenticated sender: jane) (x [203.0.113.5])", MX, "ESMTP", "A"),
	  .dialect = "postfix", ANON(NO_LOGIN), .user = "jane" },
	{ "comment-with-peer", HOP("x (Authenticated sender: ceo [203.0.113.5])", MX, "ESMTP", "A"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "comment-not-whole", HOP("x (x Authenticated sender: jane)", MX, "ESMTP", "A"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "comment-after-with",
	  "Received: from x (x [203.0.113.5]) by mx.example.org with ESMTP (Authenticated sender: "
	  "j) "
	  "id A; Mon\n",
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "comment-sendmail", HOP(OUTSIDE " (authenticated bits=0)", MX, "ESMTP", "A"),
	  .dialect = "sendmail", AUTH(COMMENT) },
	{ "comment-criticalpath",
	  "Received: from h (203.0.113.1) by mx.example.org (7.0) (authenticated as jane) id A; "
	  "M\n",
	  .dialect = "criticalpath", AUTH(COMMENT), .user = "jane" },
	{ "comment-beside-word", HOP(USER("jane"), MX, "ESMTPSA", "A"), .dialect = "postfix",
	  AUTH(WITH), .user = "jane" },

	/* Logins that prove nothing about the author. */
	{ "relay-login", HOP(USER("gateway"), MX, "ESMTPSA", "A"), .relay_accounts = "gateway",
	  ANON(RELAY_LOGIN), .user = "gateway" },
	{ "relay-login-case", HOP(USER("GateWay"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "other gateway", ANON(RELAY_LOGIN), .user = "GateWay" },
	{ "relay-login-comment", HOP(USER("gateway"), MX, "ESMTP", "A"), .dialect = "postfix",
	  .relay_accounts = "gateway", ANON(RELAY_LOGIN), .user = "gateway" },
	{ "relay-login-other", HOP(USER("jane"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "gateway jan", AUTH(WITH), .user = "jane" },
	{ "relay-login-after-by",
	  "Received: by mx.example.org (Authenticated sender: gateway) with ESMTPSA id A; Mon\n",
	  .relay_accounts = "gateway", ANON(RELAY_LOGIN), .user = "gateway" },
	{ "relay-login-kerio", HOP(OUTSIDE " (authenticated user gateway)", MX, "ESMTPA", "A"),
	  .relay_accounts = "gateway", ANON(RELAY_LOGIN), .user = "gateway" },
	{ "relay-login-after-with",
	  HOP("x (HELO y) (203.0.113.9)", MX,
	      "ESMTPSA (X) (SMTP-AUTH username gw, mechanism PLAIN)", "A"),
	  .relay_accounts = "gw", ANON(RELAY_LOGIN), .user = "gw" },
	{ "relay-login-before-the-word",
	  HOP(OUTSIDE, MX, "(smtp-auth username gw, mechanism plain) ESMTPSA", "A"),
	  .relay_accounts = "gw", ANON(RELAY_LOGIN), .user = "gw" },
	{ "relay-login-after-exim",
	  HOP(OUTSIDE, MX, "esmtpsa (Exim 4.96) (authenticated user gw)", "A"),
	  .relay_accounts = "gw", ANON(RELAY_LOGIN), .user = "gw" },
	{ "login-after-with-is-none",
	  HOP(OUTSIDE, MX, "ESMTPS (SMTP-AUTH username gw, mechanism PLAIN)", "A"),
	  .dialect = "qpsmtpd", ANON(NO_LOGIN), .user = "gw" },
	{ "login-planted-in-exims-field",
	  HOP(OUTSIDE, MX,
	      "esmtpsa (Exim 4.96) (envelope-from <\"x) (authenticated as ceo) (\"@y>)", "A"),
	  AUTH(WITH) },
	{ "relay-login-without-name-behind",
	  HOP(OUTSIDE " (User authenticated as gw) (authenticated bits=0)", MX, "ESMTP", "A"),
	  .dialect = "sendmail", .relay_accounts = "gw", ANON(RELAY_LOGIN), .user = "gw" },
	{ "login-without-name-behind",
	  HOP(OUTSIDE " (User authenticated as jane) (authenticated bits=0)", MX, "ESMTP", "A"),
	  .dialect = "sendmail", AUTH(COMMENT), .user = "jane" },
	{ "relay-login-behind-another",
	  HOP("x (authenticated as ceo) (x [203.0.113.1])", MX,
	      "ESMTPSA (SMTP-AUTH username gw, mechanism PLAIN)", "A"),
	  .relay_accounts = "gw", ANON(RELAY_LOGIN), .user = "gw" },
	{ "relay-login-before-another",
	  HOP(USER("gw") " (authenticated user ceo)", MX, "ESMTPSA", "A"), .relay_accounts = "gw",
	  ANON(RELAY_LOGIN), .user = "gw" },
	{ "relay-login-before-another-beside-a-fact",
	  HOP(USER("gw") " (authenticated user ceo)", MX, "ESMTPSA", "A"), .relay_accounts = "gw",
	  .login = "jane", ANON(RELAY_LOGIN) },
	{ "relay-login-case-beyond-ascii", HOP(USER("M\303\234LLER"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "m\303\274ller", ANON(RELAY_LOGIN), .user = "M\303\234LLER" },
	{ "relay-login-decomposed", HOP(USER("MU\314\210LLER"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "m\303\274ller", ANON(RELAY_LOGIN) },
	{ "relay-login-with-an-address", HOP(USER("gw@192.0.2.5"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "gw@192.0.2.5", ANON(RELAY_LOGIN) },
	{ "relay-login-with-a-literal", HOP(USER("gw@[192.0.2.5]"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "gw@[192.0.2.5]", ANON(RELAY_LOGIN) },
	{ "relay-login-in-quotes", HOP(USER("\"gw\""), MX, "ESMTPSA", "A"),
	  .relay_accounts = "\"gw\"", ANON(RELAY_LOGIN) },
	{ "relay-login-with-an-address-courier",
	  HOP(OUTSIDE " (AUTH: PLAIN gw@192.0.2.5, TLS: x)", MX, "ESMTPSA", "A"),
	  .relay_accounts = "gw@192.0.2.5", ANON(RELAY_LOGIN) },
	{ "login-with-an-address-is-no-comment", HOP(USER("gw@192.0.2.5"), MX, "ESMTP", "A"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "relay-login-other-beyond-ascii", HOP(USER("m\303\266ller"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "m\303\274ller", AUTH(WITH), .user = "m\303\266ller" },
	{ "relay-login-not-utf8", HOP(USER("GW\374"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "jane gw\374", ANON(RELAY_LOGIN) },
	{ "relay-login-of-a-delivery-hop",
	  HOP("x (Authenticated sender: gateway)", MX, "LMTPA", "A")
	          HOP(OUTSIDE, "o.example", "ESMTP", "B"),
	  .relay_accounts = "gateway", .login = "jane", AUTH(SASL_FACT), .user = "jane" },
	{ "user-of-a-relay-hop",
	  HOP("r (r [192.0.2.7]) (Authenticated sender: gateway)", MX, "ESMTPA", "A")
	          HOP(OUTSIDE, "o.example", "ESMTP", "B"),
	  .relay_nets = "192.0.2.7", ANON(CHAIN_BROKEN) },
	{ "relay-login-beats-trusted-client", HOP(USER("gateway"), MX, "ESMTPSA", "A"),
	  .relay_accounts = "gateway", .trusted_clients = "203.0.113.10", ANON(RELAY_LOGIN),
	  .user = "gateway" },

	/* A login, as a fact. */
	{ "fact-login", NO_LOGIN, .login = "jane", AUTH(SASL_FACT), .user = "jane",
	  .roles = "boundary" },
	{ "fact-login-no-trace", "", .login = "jane", AUTH(SASL_FACT), .user = "jane" },
	{ "fact-login-not-ours", HOP(OUTSIDE, "o.example", "ESMTP", "A"), .login = "jane",
	  AUTH(SASL_FACT), .user = "jane" },
	{ "fact-login-malformed", "Received: (((\n", .login = "jane", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "fact-login-agrees", LOGIN, .login = "jane", .queue_id = "AAA", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "fact-login-beats-shown-user", HOP(USER("joe"), MX, "ESMTPSA", "A"), .login = "jane",
	  AUTH(SASL_FACT), .user = "jane" },
	{ "fact-login-relay", NO_LOGIN, .login = "GATEWAY", .relay_accounts = "gateway",
	  ANON(RELAY_LOGIN), .user = "GATEWAY" },
	{ "fact-login-relay-beyond-ascii", "", .login = "M\303\234LLER",
	  .relay_accounts = "gateway m\303\274ller", ANON(RELAY_LOGIN) },
	{ "fact-login-relay-no-trace", "", .login = "gateway", .relay_accounts = "gateway",
	  ANON(RELAY_LOGIN), .user = "gateway" },
	{ "fact-login-relay-beats-listener", LOGIN, .login = "gateway", .relay_accounts = "gateway",
	  .listener = LISTENER_AUTHENTICATED, ANON(RELAY_LOGIN), .user = "gateway" },
	{ "fact-login-relay-in-trace", HOP(USER("gateway"), MX, "ESMTPSA", "A"), .login = "jane",
	  .relay_accounts = "gateway", ANON(RELAY_LOGIN) },
	{ "fact-login-relay-beats-trusted-client", NO_LOGIN, .login = "gateway",
	  .relay_accounts = "gateway", .trusted_clients = "203.0.113.10", ANON(RELAY_LOGIN),
	  .user = "gateway" },

	/* A login beside a hop 0 of ours that shows none. */
	{ "conflict-esmtp", HOP(OUTSIDE, MX, "ESMTP", "AAA"), .login = "jane", .queue_id = "AAA",
	  ANON(CONFLICT), .user = "jane" },
	{ "conflict-esmtps", NO_LOGIN, .login = "jane", .queue_id = "AAA", ANON(CONFLICT),
	  .user = "jane" },
	{ "conflict-utf8smtp", HOP(OUTSIDE, MX, "UTF8SMTP", "AAA"), .login = "jane",
	  .queue_id = "AAA", ANON(CONFLICT), .user = "jane" },
	{ "conflict-utf8smtps", HOP(OUTSIDE, MX, "UTF8SMTPS", "AAA"), .login = "jane",
	  .queue_id = "AAA", ANON(CONFLICT), .user = "jane" },
	{ "conflict-by-unlisted", HOP(OUTSIDE, "o.example", "ESMTP", "AAA"), .login = "jane",
	  .queue_id = "AAA", ANON(CONFLICT), .user = "jane" },
	{ "no-conflict-smtp", HOP(OUTSIDE, MX, "SMTP", "AAA"), .login = "jane", .queue_id = "AAA",
	  AUTH(SASL_FACT), .user = "jane" },
	{ "no-conflict-other-id", NO_LOGIN, .login = "jane", .queue_id = "BBB", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "no-conflict-longer-id", NO_LOGIN, .login = "jane", .queue_id = "AAAA", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "no-conflict-id-case", NO_LOGIN, .login = "jane", .queue_id = "aaa", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "no-conflict-below", RELAYED NO_LOGIN, .login = "jane", .queue_id = "AAA",
	  .relay_nets = "192.0.2.7", AUTH(SASL_FACT), .user = "jane" },
	{ "no-conflict-silent", SILENT, .login = "jane", .queue_id = "SSS", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "no-conflict-pickup", PICKUP("33"), .login = "jane", .queue_id = "PPP", AUTH(SASL_FACT),
	  .user = "jane" },

	/* Mail that has been through other hands of ours: no conflict. */
	{ "amavis-in-front",
	  HOP("localhost (localhost [127.0.0.1])", MX, "ESMTP", "CCC")
	          HOP("mx.example.org ([127.0.0.1])", "localhost", "ESMTP", "B") LOGIN,
	  .trusted_by = "mx.example.org localhost", .relay_nets = "127.0.0.1", .login = "",
	  .queue_id = "CCC", .client_address = "203.0.113.10", AUTH(WITH),
	  .roles = "relay,relay,boundary" },
	{ "amavis-in-front-no-login",
	  HOP("localhost (localhost [127.0.0.1])", MX, "ESMTP", "CCC")
	          HOP("mx.example.org ([127.0.0.1])", "localhost", "ESMTP", "B") NO_LOGIN,
	  .trusted_by = "mx.example.org localhost", .relay_nets = "127.0.0.1", .login = "",
	  .queue_id = "CCC", ANON(NO_LOGIN) },
	{ "submission-host-in-front", RELAYED HOP(USER("jane"), "msa.example.org", "ESMTPSA", "A"),
	  .trusted_by = "mx.example.org msa.example.org", .relay_nets = "192.0.2.7", .login = "",
	  .queue_id = "RRR", AUTH(WITH), .user = "jane" },
	{ "trace-field-removed", HOP("pc (pc [192.0.2.99])", "home.example", "ESMTP", "ZZZ"),
	  .login = "jane", .queue_id = "AAA", AUTH(SASL_FACT), .user = "jane" },
	{ "trace-field-removed-no-login",
	  HOP("pc (pc [192.0.2.99])", "home.example", "ESMTPSA", "Z"), .login = "",
	  .queue_id = "AAA", ANON(SASL_FACT) },
	{ "redirected", SILENT LOGIN, .login = "", .queue_id = "SSS", ANON(SASL_FACT) },
	{ "redirected-login", SILENT LOGIN, .login = "jane", .queue_id = "SSS", AUTH(SASL_FACT),
	  .user = "jane" },
	{ "requeued", PICKUP("105") LOGIN, .login = "", .queue_id = "PPP", ANON(LOCAL_PICKUP) },
	{ "requeued-accepted", PICKUP("105") LOGIN, .login = "", .queue_id = "PPP",
	  .filter_uids = "105", AUTH(WITH), .roles = "reinjection,boundary" },
	{ "list-mail-comes-back",
	  HOP("lists.example (lists.example [198.51.100.9])", MX, "ESMTPS", "A")
	          HOP("mx.example.org (mx.example.org [192.0.2.25])", "lists.example", "ESMTP", "B")
	                  LOGIN,
	  .login = "", .queue_id = "A", ANON(SASL_FACT), .roles = "boundary,untrusted,untrusted" },

	/* What the listener says. */
	{ "listener", NO_LOGIN, .listener = LISTENER_AUTHENTICATED, AUTH(LISTENER_FACT) },
	{ "listener-no-trace", "", .listener = LISTENER_AUTHENTICATED, AUTH(LISTENER_FACT) },
	{ "listener-never-conflicts", NO_LOGIN, .listener = LISTENER_AUTHENTICATED,
	  .queue_id = "AAA", AUTH(LISTENER_FACT) },
	{ "listener-certificate", NO_LOGIN, .listener = LISTENER_AUTHENTICATED, .login = "",
	  AUTH(LISTENER_FACT) },
	{ "listener-and-login", NO_LOGIN, .listener = LISTENER_AUTHENTICATED, .login = "jane",
	  AUTH(SASL_FACT), .user = "jane" },
	{ "listener-relay-login", HOP(USER("Gateway"), MX, "ESMTPSA", "A"),
	  .listener = LISTENER_AUTHENTICATED, .relay_accounts = "gateway", ANON(RELAY_LOGIN),
	  .user = "Gateway" },
	{ "listener-proves-nothing", NO_LOGIN, .listener = LISTENER_ANONYMOUS, ANON(NO_LOGIN) },
	{ "listener-proves-nothing-login", LOGIN, .listener = LISTENER_ANONYMOUS, AUTH(WITH) },
	{ "listener-proves-nothing-fact", NO_LOGIN, .listener = LISTENER_ANONYMOUS, .login = "jane",
	  AUTH(SASL_FACT), .user = "jane" },
	{ "listener-proves-nothing-silent", "", .listener = LISTENER_ANONYMOUS, UNKNOWN(NO_TRACE) },

	/* An empty login speaks of the last session. */
	{ "empty-login", NO_LOGIN, .login = "", ANON(SASL_FACT) },
	{ "empty-login-no-trace", "", .login = "", ANON(SASL_FACT) },
	{ "empty-login-not-ours", HOP(OUTSIDE, "o.example", "ESMTPSA", "A"), .login = "",
	  ANON(SASL_FACT) },
	{ "empty-login-not-ours-below", HOP(OUTSIDE, "o.example", "ESMTPSA", "A") LOGIN,
	  .login = "", ANON(SASL_FACT) },
	{ "empty-login-word", LOGIN, .login = "", ANON(SASL_FACT) },
	{ "empty-login-conflict", LOGIN, .login = "", .queue_id = "AAA", ANON(CONFLICT) },
	{ "empty-login-other-id", LOGIN, .login = "", .queue_id = "BBB", ANON(SASL_FACT) },
	{ "empty-login-same-id", NO_LOGIN, .login = "", .queue_id = "AAA", ANON(SASL_FACT) },
	{ "empty-login-comment", HOP(USER("jane"), MX, "ESMTP", "A"), .login = "",
	  .dialect = "postfix", ANON(SASL_FACT), .user = "jane" },
	{ "empty-login-webmail", WEBMAIL, .trusted_by = "webmail.example.org",
	  .webmail_by = "webmail.example.org", .login = "", ANON(SASL_FACT) },
	{ "empty-login-silent", SILENT, .login = "", ANON(SASL_FACT) },
	{ "empty-login-hidden-by", SILENT, .login = "", .hidden_by = MX, ANON(SASL_FACT) },
	{ "empty-login-submission-by", NO_LOGIN, .login = "", .submission_by = MX,
	  ANON(SASL_FACT) },
	{ "empty-login-relay", RELAYED LOGIN, .login = "", .relay_nets = "192.0.2.7", AUTH(WITH),
	  .roles = "relay,boundary" },
	{ "empty-login-relay-id", RELAYED LOGIN, .login = "", .relay_nets = "192.0.2.7",
	  .queue_id = "RRR", AUTH(WITH) },
	{ "empty-login-relay-no-login", RELAYED NO_LOGIN, .login = "", .relay_nets = "192.0.2.7",
	  ANON(NO_LOGIN) },
	{ "empty-login-filter-uid", PICKUP("1001") LOGIN, .login = "", .filter_uids = "1001",
	  AUTH(WITH) },
	{ "empty-login-lmtp", LMTP LOGIN, .login = "", AUTH(WITH) },
	{ "empty-login-qmail", "Received: (qmail 7 invoked from network); Mon\n" LOGIN, .login = "",
	  ANON(SASL_FACT) },
	{ "empty-login-trusted-client", NO_LOGIN, .login = "", .trusted_clients = "203.0.113.10",
	  AUTH(TRUSTED_CLIENT) },
	{ "empty-login-client-address", NO_LOGIN, .login = "", .trusted_clients = "192.0.2.99",
	  .client_address = "192.0.2.99", AUTH(TRUSTED_CLIENT) },
	{ "empty-login-client-address-no-trace", "", .login = "", .trusted_clients = "192.0.2.99",
	  .client_address = "192.0.2.99", AUTH(TRUSTED_CLIENT) },
	{ "empty-login-user-uid", PICKUP("501"), .login = "", .user_uids = "501", AUTH(LOCAL_UID) },
	{ "empty-login-relay-then-silent", RELAYED SILENT, .login = "", .relay_nets = "192.0.2.7",
	  .hidden_by = MX, AUTH(SUBMISSION_LISTENER) },

	/* The client's address, as a fact. */
	{ "client-address", NO_LOGIN, .client_address = "192.0.2.99",
	  .trusted_clients = "192.0.2.99", AUTH(TRUSTED_CLIENT) },
	{ "client-address-spelled", NO_LOGIN, .client_address = "[IPv6:::ffff:192.0.2.99]",
	  .trusted_clients = "192.0.2.99", AUTH(TRUSTED_CLIENT) },
	{ "client-address-no-trace", "", .client_address = "192.0.2.99",
	  .trusted_clients = "192.0.2.96/29", AUTH(TRUSTED_CLIENT) },
	{ "client-address-not-ours", HOP(OUTSIDE, "o.example", "ESMTP", "A"),
	  .client_address = "192.0.2.99", .trusted_clients = "192.0.2.99", AUTH(TRUSTED_CLIENT) },
	{ "client-address-other", NO_LOGIN, .client_address = "192.0.2.98",
	  .trusted_clients = "192.0.2.99", ANON(NO_LOGIN) },
	{ "client-address-differs", LOGIN, .client_address = "192.0.2.98", AUTH(WITH) },
	{ "client-address-is-no-relay", NO_LOGIN LOGIN, .client_address = "192.0.2.7",
	  .relay_nets = "192.0.2.7", ANON(NO_LOGIN) },
	{ "client-address-name", "", .client_address = "laptop", .trusted_clients = "192.0.2.99",
	  UNKNOWN(NO_TRACE) },

	/* A field with the queue id is ours. */
	{ "queue-id", HOP(OUTSIDE, "o.example", "ESMTPSA", "AAA"), .queue_id = "AAA", AUTH(WITH),
	  .roles = "boundary" },
	{ "queue-id-no-login", HOP(OUTSIDE, "o.example", "ESMTP", "AAA"), .queue_id = "AAA",
	  ANON(NO_LOGIN) },
	{ "queue-id-other", HOP(OUTSIDE, "o.example", "ESMTPSA", "AAB"), .queue_id = "AAA",
	  UNKNOWN(TOP_NOT_OURS) },
	{ "queue-id-hop-0-only", RELAYED HOP(OUTSIDE, "o.example", "ESMTPSA", "AAA"),
	  .relay_nets = "192.0.2.7", .queue_id = "AAA", ANON(CHAIN_BROKEN) },
	{ "queue-id-not-below-it", RELAYED HOP(OUTSIDE, "o.example", "ESMTPSA", "AAA"),
	  .relay_nets = "192.0.2.7", .queue_id = "RRR", ANON(CHAIN_BROKEN) },
	{ "queue-id-malformed", "Received: by o.example id AAA with ESMTPSA\n", .queue_id = "AAA",
	  ANON(MALFORMED) },
	{ "queue-id-empty-login-no-login", HOP(OUTSIDE, "o.example", "ESMTPA", "AAA"),
	  .queue_id = "AAA", .login = "", ANON(CONFLICT) },

	/* The session is hop 0: what its client sent is no trace of ours. */
	{ "session", "Subject: x\n", STRANGER, ANON(SASL_FACT), .roles = "boundary" },
	{ "session-empty-login", "", STRANGER, .login = "", ANON(SASL_FACT), .roles = "boundary" },
	{ "session-forged-relay", HOP("r (r [10.0.0.5])", MX, "ESMTP", "A") LOGIN, STRANGER,
	  .login = "", .relay_nets = "10.0.0.0/8", ANON(SASL_FACT),
	  .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-relay-with-our-queue-id",
	  HOP("r (r [10.0.0.5])", "o.example", "ESMTP", "A") LOGIN, STRANGER, .queue_id = "A",
	  .relay_nets = "10.0.0.0/8", ANON(SASL_FACT), .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-login", LOGIN, STRANGER, .queue_id = "AAA", ANON(SASL_FACT),
	  .roles = "boundary,untrusted" },
	{ "session-forged-login-that-names-a-user", HOP(USER("ceo"), MX, "ESMTPSA", "A"), STRANGER,
	  .dialect = "postfix", ANON(SASL_FACT) },
	{ "session-forged-filter-uid", PICKUP("1001") LOGIN, STRANGER, .filter_uids = "1001",
	  ANON(SASL_FACT), .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-user-uid", PICKUP("501"), STRANGER, .user_uids = "501", ANON(SASL_FACT) },
	{ "session-forged-local-submission",
	  "Received: by mx.example.org (8.14.3/8.14.3/Submit) with local id n; Mon\n", STRANGER,
	  .local_is_trusted = true, ANON(SASL_FACT) },
	{ "session-forged-delivery", LMTP LOGIN, STRANGER, ANON(SASL_FACT),
	  .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-qmail-network",
	  "Received: (qmail 735684 invoked from network); Mon\n" LOGIN, STRANGER, ANON(SASL_FACT),
	  .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-qmail-by-a-filter",
	  "Received: (qmail 7 invoked by uid 1000); Mon\n" LOGIN, STRANGER, .filter_uids = "1000",
	  ANON(SASL_FACT), .roles = "boundary,untrusted,untrusted" },
	{ "session-forged-trusted-client", HOP("p (p [192.0.2.99])", MX, "SMTP", "A"), STRANGER,
	  .trusted_clients = "192.0.2.99", ANON(SASL_FACT) },
	{ "session-forged-hidden", SILENT, STRANGER, .hidden_by = MX, ANON(SASL_FACT) },
	{ "session-forged-webmail", WEBMAIL, STRANGER,
	  .trusted_by = "mx.example.org webmail.example.org", .webmail_by = "webmail.example.org",
	  ANON(SASL_FACT) },
	{ "session-forged-results", PASS SILENT, STRANGER, .authserv_id = MX, ANON(SASL_FACT) },
	{ "session-results-stripped", PASS, STRANGER, .authserv_id = MX, .ar_stripped = true,
	  ANON(SASL_FACT) },
	{ "session-forged-malformed", "Received: (((\n" LOGIN, STRANGER, ANON(SASL_FACT) },
	{ "session-forged-helo", LOGIN, .session = &boasting, .client_address = "203.0.113.9",
	  .relay_nets = "10.0.0.0/8", .trusted_clients = "10.0.0.5", ANON(SASL_FACT) },
	{ "session-submission-by", "", STRANGER, .submission_by = MX, .hidden_by = MX,
	  ANON(SASL_FACT) },
	{ "session-listener-says-nothing", LOGIN, STRANGER, .listener = LISTENER_ANONYMOUS,
	  ANON(SASL_FACT) },

	/* A login of the session, its listener, its client. */
	{ "session-login", NO_LOGIN, STRANGER, .login = "jane", AUTH(SASL_FACT), .user = "jane",
	  .roles = "boundary,untrusted" },
	{ "session-login-beside-a-denying-field-with-our-id", NO_LOGIN, STRANGER, .login = "jane",
	  .queue_id = "AAA", AUTH(SASL_FACT), .user = "jane" },
	{ "session-login-of-a-relay-account", LOGIN, STRANGER, .login = "Gateway",
	  .relay_accounts = "gateway", .listener = LISTENER_AUTHENTICATED,
	  .trusted_clients = "203.0.113.9", ANON(RELAY_LOGIN), .user = "Gateway" },
	{ "session-login-above-a-forged-relay-account", HOP(USER("gateway"), MX, "ESMTPSA", "A"),
	  STRANGER, .login = "jane", .relay_accounts = "gateway", AUTH(SASL_FACT), .user = "jane" },
	{ "session-login-nobody-trusted", "", STRANGER, .login = "jane", .trusted_by = "",
	  AUTH(SASL_FACT), .roles = "boundary" },
	{ "session-login-unnamed", "", .session = &unnamed, .login = "jane", AUTH(SASL_FACT) },
	{ "session-login-of-a-relay", LOGIN, RELAY, .login = "jane", AUTH(SASL_FACT),
	  .user = "jane", .roles = "boundary,untrusted" },
	{ "session-relay-account-of-a-relay", BY_RELAY(OUTSIDE, "ESMTPSA"), RELAY, NAMED,
	  .login = "gateway", .relay_accounts = "gateway", ANON(RELAY_LOGIN),
	  .roles = "boundary,untrusted" },
	{ "session-listener", NO_LOGIN, STRANGER, .listener = LISTENER_AUTHENTICATED,
	  AUTH(LISTENER_FACT), .roles = "boundary,untrusted" },
	{ "session-listener-above-a-forged-relay-account", HOP(USER("gateway"), MX, "ESMTPSA", "A"),
	  STRANGER, .listener = LISTENER_AUTHENTICATED, .relay_accounts = "gateway",
	  AUTH(LISTENER_FACT) },
	{ "session-listener-of-a-relay", BY_RELAY(OUTSIDE, "ESMTP"), RELAY, NAMED,
	  .listener = LISTENER_AUTHENTICATED, AUTH(LISTENER_FACT), .roles = "boundary,untrusted" },
	{ "session-trusted-client", NO_LOGIN, STRANGER, .login = "",
	  .trusted_clients = "203.0.113.0/28", AUTH(TRUSTED_CLIENT),
	  .roles = "boundary,untrusted" },
	{ "session-trusted-client-that-is-a-relay", BY_RELAY(OUTSIDE, "ESMTP"), RELAY, NAMED,
	  .trusted_clients = "10.0.0.5", AUTH(TRUSTED_CLIENT), .roles = "boundary,untrusted" },
	{ "session-trusted-client-v6", "", .session = &smtp, .client_address = "IPv6:2001:db8::9",
	  .trusted_clients = "2001:db8::/64", AUTH(TRUSTED_CLIENT) },
	{ "session-trusted-client-other-v6", "", .session = &smtp,
	  .client_address = "2001:db8:0:1::9", .trusted_clients = "2001:db8::/64",
	  ANON(SASL_FACT) },
	{ "session-trusted-client-mapped", "", .session = &smtp,
	  .client_address = "::ffff:203.0.113.9", .trusted_clients = "203.0.113.9",
	  AUTH(TRUSTED_CLIENT) },
	{ "session-client-unknown", LOGIN, .session = &smtp, .client_address = "unknown",
	  .relay_nets = "0.0.0.0/0 ::/0", .trusted_clients = "0.0.0.0/0 ::/0", ANON(SASL_FACT) },
	{ "session-client-of-a-unix-socket", LOGIN, .session = &smtp,
	  .client_address = "/run/x/socket", .relay_nets = "0.0.0.0/0 ::/0",
	  .trusted_clients = "0.0.0.0/0 ::/0", ANON(SASL_FACT) },
	{ "session-client-not-said", LOGIN, .session = &unnamed, .relay_nets = "0.0.0.0/0 ::/0",
	  .trusted_clients = "0.0.0.0/0 ::/0", ANON(SASL_FACT), .roles = "boundary,untrusted" },

	/* The client is a relay of ours: its trace decides. */
	{ "session-relay", BY_RELAY(OUTSIDE, "ESMTPSA"), RELAY, NAMED, AUTH(WITH),
	  .roles = "relay,boundary" },
	{ "session-relay-empty-login", BY_RELAY(OUTSIDE, "ESMTPSA") NO_LOGIN, RELAY, NAMED,
	  .login = "", AUTH(WITH), .roles = "relay,boundary,untrusted" },
	{ "session-relay-no-login", BY_RELAY(OUTSIDE, "ESMTPS") LOGIN, RELAY, NAMED, ANON(NO_LOGIN),
	  .roles = "relay,boundary,untrusted" },
	{ "session-relay-not-named", BY_RELAY(OUTSIDE, "ESMTPSA"), RELAY, ANON(CHAIN_BROKEN),
	  .roles = "relay,untrusted" },
	{ "session-relay-not-named-our-queue-id", BY_RELAY(OUTSIDE, "ESMTPSA"), RELAY,
	  .queue_id = "BBB", ANON(CHAIN_BROKEN), .roles = "relay,untrusted" },
	{ "session-relay-malformed", "Received: (((\n" LOGIN, RELAY, ANON(MALFORMED),
	  .roles = "relay,untrusted,untrusted" },
	{ "session-relay-without-a-trace-last", "Subject: x\n", RELAY, ANON(SASL_FACT),
	  .roles = "boundary" },
	{ "session-relay-behind-a-relay",
	  HOP("r (r [10.0.0.6])", "relay.example.org", "ESMTP", "R") LOGIN, RELAY, NAMED,
	  AUTH(WITH), .roles = "relay,relay,boundary" },
	{ "session-relay-behind-a-relay-last", BY_RELAY("r (r [10.0.0.6])", "ESMTP"), RELAY, NAMED,
	  ANON(NO_LOGIN), .roles = "relay,boundary" },
	{ "session-relay-v6", BY_RELAY(OUTSIDE, "ESMTPSA"), NAMED, .session = &smtp,
	  .client_address = "2001:DB8::7", .relay_nets = "2001:db8::7", AUTH(WITH) },
	{ "session-relay-mapped", BY_RELAY(OUTSIDE, "ESMTPSA"), NAMED, .session = &smtp,
	  .client_address = "::ffff:10.0.0.5", .relay_nets = "10.0.0.0/8", AUTH(WITH) },
	{ "session-relay-account-in-the-trace", BY_RELAY(USER("Gateway"), "ESMTPSA"), RELAY, NAMED,
	  .relay_accounts = "gateway", ANON(RELAY_LOGIN), .user = "Gateway",
	  .roles = "relay,boundary" },
	{ "session-relay-filter-uid",
	  "Received: by relay.example.org (Postfix, from userid 1001)\n\tid P; Mon\n" BY_RELAY(
	          OUTSIDE, "ESMTPSA"),
	  RELAY, NAMED, .filter_uids = "1001", AUTH(WITH), .roles = "relay,reinjection,boundary" },
	{ "session-relay-user-uid",
	  "Received: by relay.example.org (Postfix, from userid 501)\n\tid P; Mon\n", RELAY, NAMED,
	  .user_uids = "501", AUTH(LOCAL_UID), .roles = "relay,boundary" },
	{ "session-relay-trusted-client", BY_RELAY(OUTSIDE, "ESMTP"), RELAY, NAMED,
	  .trusted_clients = "203.0.113.10", AUTH(TRUSTED_CLIENT), .roles = "relay,boundary" },
	{ "session-relay-submission-by", BY_RELAY(OUTSIDE, "ESMTPS"), RELAY, NAMED,
	  .submission_by = "relay.example.org", AUTH(SUBMISSION_LISTENER) },
	{ "session-relay-results", PASS "Received: by relay.example.org (Postfix) id S; Mon\n",
	  RELAY, NAMED, .authserv_id = MX, AUTH(AUTH_RESULTS), .user = "jane",
	  .roles = "relay,boundary" },
	{ "session-relay-results-below", "Received: by relay.example.org id S; Mon\n" PASS, RELAY,
	  NAMED, .authserv_id = MX, UNKNOWN(SILENT), .roles = "relay,boundary" },
	{ "session-relay-results-below-stripped",
	  "Received: by relay.example.org id S; Mon\n" PASS LOGIN, RELAY, NAMED, .authserv_id = MX,
	  .ar_stripped = true, AUTH(AUTH_RESULTS) },
	{ "session-relay-results-below-the-next",
	  "Received: by relay.example.org id S; Mon\n" LOGIN PASS, RELAY, NAMED, .authserv_id = MX,
	  .ar_stripped = true, UNKNOWN(SILENT) },

	/* Handed in on the host itself: only local-submission tells of the user. */
	{ "session-local", "", LOCAL, ANON(LOCAL_PICKUP), .roles = "boundary" },
	{ "session-local-submission", "", LOCAL, .local_is_trusted = true, AUTH(LOCAL_UID),
	  .roles = "boundary" },
	{ "session-local-submission-above-a-trace", NO_LOGIN, LOCAL, .local_is_trusted = true,
	  AUTH(LOCAL_UID), .roles = "boundary,untrusted" },
	{ "session-local-forged-login", LOGIN, LOCAL, .login = "", ANON(LOCAL_PICKUP),
	  .roles = "boundary,untrusted" },
	{ "session-local-forged-user-uid", PICKUP("501"), LOCAL, .user_uids = "501",
	  ANON(LOCAL_PICKUP) },
	{ "session-local-forged-filter-uid", PICKUP("1001") LOGIN, LOCAL, .filter_uids = "1001",
	  ANON(LOCAL_PICKUP), .roles = "boundary,untrusted,untrusted" },
	{ "session-local-is-no-relay", LOGIN, LOCAL, .relay_nets = "127.0.0.1", ANON(LOCAL_PICKUP),
	  .roles = "boundary,untrusted" },
	{ "session-local-is-no-client", LOGIN, LOCAL, .trusted_clients = "127.0.0.1",
	  ANON(LOCAL_PICKUP) },
	{ "session-local-has-no-listener", LOGIN, LOCAL, .listener = LISTENER_AUTHENTICATED,
	  ANON(LOCAL_PICKUP) },
	{ "session-local-has-no-login", LOGIN, LOCAL, .login = "jane", ANON(LOCAL_PICKUP) },
	{ "session-from-loopback-is-not-local", "", .session = &smtp, .client_address = "127.0.0.1",
	  .local_is_trusted = true, ANON(SASL_FACT) },
};

static Submission *
read_row(const Row *row, const char *bytes, size_t length)
{
	g_auto(GStrv) by = list(row->trusted_by ? row->trusted_by : MX);
	g_autoptr(GPtrArray) relays = networks(row->relay_nets);
	g_autoptr(GPtrArray) clients = networks(row->trusted_clients);
	g_auto(GStrv) filters = list(row->filter_uids), users = list(row->user_uids);
	g_auto(GStrv) hidden = list(row->hidden_by), listeners = list(row->submission_by);
	g_auto(GStrv) webmail = list(row->webmail_by), accounts = list(row->relay_accounts);
	g_autoptr(GPtrArray) dialect = dialects(row->dialect);
	Trust trust = { .trusted_by = by,
		        .relay_nets = relays,
		        .trusted_clients = clients,
		        .filter_uids = filters,
		        .user_uids = users,
		        .hidden_by = hidden,
		        .submission_by = listeners,
		        .webmail_by = webmail,
		        .relay_accounts = accounts,
		        .comment_dialect = dialect,
		        .authserv_id = (char *)row->authserv_id,
		        .ar_stripped = row->ar_stripped,
		        .local_is_trusted = row->local_is_trusted };
	Facts facts = { .session = row->session,
		        .sasl_username = row->login,
		        .client_address = row->client_address,
		        .queue_id = row->queue_id,
		        .listener = row->listener };
	Head head = head_parse(bytes, length);

	return submission_read(&trust, &facts, &head);
}

static char *
roles(const Submission *submission)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < submission->hops->len; i++)
		g_string_append_printf(text, "%s%s", i ? "," : "",
		                       role_name(g_array_index(submission->hops, Hop, i).role));
	return g_string_free(text, false);
}

static void
test_read(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *bytes = g_strconcat(row->head, "\n", NULL);
	g_autoptr(Submission) s = read_row(row, bytes, strlen(bytes));

	g_test_message("%s: %s", row->name, s->evidence);
	g_assert_cmpstr(verdict_name(s->verdict), ==, verdict_name(row->verdict));
	g_assert_cmpstr(reason_name(s->reason), ==, reason_name(row->reason));
	g_assert_nonnull(s->evidence);
	if (row->session) {
		g_assert_null(strstr(s->evidence, "fact"));
		g_assert_null(strstr(s->evidence, "hop 0"));
		g_assert_cmpint(g_str_has_prefix(s->evidence, "session: "), ==,
		                g_array_index(s->hops, Hop, 0).role == ROLE_BOUNDARY);
	}
	if (row->user)
		g_assert_cmpstr(s->auth_user, ==, row->user);
	if (row->roles) {
		g_autofree char *got = roles(s);
		g_assert_cmpstr(got, ==, row->roles);
	}
}

/* Every reason has a row. */
static void
test_reasons(void)
{
	for (Reason reason = REASON_WITH; reason < N_REASONS; reason++) {
		size_t i = 0;
		while (i < G_N_ELEMENTS(rows) && rows[i].reason != reason)
			i++;
		g_test_message("%s", reason_name(reason));
		g_assert_cmpuint(i, <, G_N_ELEMENTS(rows));
	}
}

/* Whatever a sender writes below the boundary, the verdict stays. */
static void
test_below_is_nothing(void)
{
	static const char *const below[] = { LOGIN,
		                             NO_LOGIN,
		                             SILENT,
		                             PICKUP("501"),
		                             PICKUP("1001"),
		                             WEBMAIL,
		                             RELAYED,
		                             LMTP,
		                             "Received: (((\n",
		                             HOP(USER("gateway"), MX, "ESMTPSA", "AAA") };
	unsigned compared = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		g_autofree char *bytes = g_strconcat(row->head, "\n", NULL);
		g_autoptr(Submission) s = read_row(row, bytes, strlen(bytes));
		g_autofree char *shown = roles(s);
		/* A hop that was passed over because it is the last one has something below now. */
		if (!strstr(shown, "boundary") || g_str_has_suffix(row->name, "-last") ||
		    g_str_has_prefix(row->name, "delivery-only") ||
		    g_str_equal(row->name, "local-both-lists"))
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(below); k++) {
			g_autofree char *more = g_strconcat(row->head, below[k], "\n", NULL);
			g_autoptr(Submission) again = read_row(row, more, strlen(more));
			g_test_message("%s %zu", row->name, k);
			g_assert_cmpint(again->verdict, ==, s->verdict);
			g_assert_cmpint(again->reason, ==, s->reason);
			g_assert_cmpstr(again->auth_user, ==, s->auth_user);
			compared++;
		}
	}
	g_assert_cmpuint(compared, >, 500);
}

/* A session without a login from a relay of ours is what the relay's hop in the trace is. */
static void
test_session_of_a_relay(void)
{
	unsigned compared = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row row = rows[i];
		if (row.session || row.login || row.client_address || row.queue_id || row.listener)
			continue;
		row.trusted_by = row.trusted_by && *row.trusted_by ? row.trusted_by : MX;
		g_auto(GStrv) by = list(row.trusted_by);
		g_autofree char *nets =
		        g_strconcat("198.51.100.25 ", row.relay_nets ? row.relay_nets : "", NULL);
		g_autofree char *below = g_strconcat(row.head, "\n", NULL);
		g_autofree char *above = g_strdup_printf(
		        "Received: from r (r [198.51.100.25]) by %s with ESMTP id Q; Mon\n%s\n",
		        by[0], row.head);
		row.relay_nets = g_strchomp(nets);
		g_autoptr(Submission) trace = read_row(&row, above, strlen(above));
		if (trace->hops->len == 1)
			continue;
		row.session = &smtp;
		row.client_address = "198.51.100.25";
		g_autoptr(Submission) session = read_row(&row, below, strlen(below));
		g_autofree char *roles_of_trace = roles(trace), *roles_of_session = roles(session);
		g_test_message("%s: %s; %s", row.name, trace->evidence, session->evidence);
		g_assert_cmpstr(session->evidence, ==, trace->evidence);
		g_assert_cmpint(session->verdict, ==, trace->verdict);
		g_assert_cmpint(session->reason, ==, trace->reason);
		g_assert_cmpstr(session->auth_user, ==, trace->auth_user);
		g_assert_cmpstr(session->peer, ==, trace->peer);
		g_assert_cmpstr(session->helo, ==, trace->helo);
		g_assert_cmpstr(session->boundary_id, ==, trace->boundary_id);
		g_assert_cmpstr(roles_of_session, ==, roles_of_trace);
		compared++;
	}
	g_assert_cmpuint(compared, >, 100);
}

/* 2,000 hops, ours and read to the last one. */
static void
test_many_hops(void)
{
	static const Row row = { "many", NULL, .relay_nets = "192.0.2.7" };
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 0; i < 2000; i++)
		g_string_append(text, RELAYED);
	g_string_append(text, LOGIN "\n");
	g_autoptr(Submission) s = read_row(&row, text->str, text->len);
	g_assert_cmpuint(s->hops->len, ==, 2001);
	g_assert_cmpint(s->reason, ==, REASON_WITH);
	g_assert_cmpint(g_array_index(s->hops, Hop, 2000).role, ==, ROLE_BOUNDARY);
}

/* What the audit is told of the boundary, and of the hops that count. */
static void
test_boundary(void)
{
	static const struct {
		Row row;
		const char *peer, *helo, *id;
		gint64 at;
		const char *recipients;
	} cases[] = {
		{ { "own", LOGIN },
		  "203.0.113.10",
		  "laptop",
		  "AAA",
		  1763978400,
		  "joe@example.net" },
		{ { "behind-a-relay",
		    "Received: from relay (relay [192.0.2.7]) by mx.example.org with ESMTP id "
		    "R\n\tfor "
		    "ann@example.org; Tue\n" LOGIN SILENT,
		    .relay_nets = "192.0.2.7" },
		  "203.0.113.10",
		  "laptop",
		  "AAA",
		  1763978400,
		  "ann@example.org joe@example.net" },
		{ { "a-login-of-the-session", NO_LOGIN, .login = "jane",
		    .client_address = "192.0.2.9" },
		  "203.0.113.10",
		  "laptop",
		  "AAA",
		  1763978400,
		  "joe@example.net" },
		{ { "no-trace", "X: y\n", .client_address = "192.0.2.9" },
		  "192.0.2.9",
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
		{ { "not-ours", LOGIN, .trusted_by = "o.example",
		    .client_address = "[IPv6:2001:DB8::9]" },
		  "2001:db8::9",
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
		{ { "malformed", "Received: (\n", .client_address = "192.0.2.9" },
		  "192.0.2.9",
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
		{ { "no-address", "X: y\n", .client_address = "laptop" },
		  NULL,
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
		{ { "chain-broken", RELAYED HOP(OUTSIDE, "o.example", "ESMTPSA", "A"),
		    .relay_nets = "192.0.2.7", .client_address = "192.0.2.9" },
		  NULL,
		  NULL,
		  NULL,
		  DATE_NONE,
		  "joe@example.net" },
		{ { "malformed-below", RELAYED "Received: (\n", .relay_nets = "192.0.2.7",
		    .client_address = "192.0.2.9" },
		  NULL,
		  NULL,
		  NULL,
		  DATE_NONE,
		  "joe@example.net" },
		{ { "not-read",
		    "Received: from x ([192.0.2.1]) [192.0.2.2] by mx.example.org id 7; 1 Jan\n",
		    .client_address = "192.0.2.9" },
		  NULL,
		  "x",
		  "7",
		  DATE_NONE,
		  "" },
		{ { "handed-in", "Received: from jane by mx.example.org with local id 7; 24 Nov "
		                 "2025 10:00:00 GMT\n" },
		  NULL,
		  NULL,
		  "7",
		  1763978400,
		  "" },
		{ { "no-recipient",
		    "Received: from x ([192.0.2.1]) by mx.example.org with SMTP id 7 for <several "
		    "recipients>\n" },
		  "192.0.2.1",
		  "x",
		  "7",
		  DATE_NONE,
		  "" },
		{ { "odd-recipient", "Received: from x ([192.0.2.1]) by mx.example.org with SMTP "
		                     "for <\"a b\"@c.example>"
		                     "\n" },
		  "192.0.2.1",
		  "x",
		  NULL,
		  DATE_NONE,
		  "\"a b\"@c.example" },
		{ { "delivery", LMTP },
		  "203.0.113.10",
		  "laptop",
		  "LLL",
		  1763978400,
		  "joe@example.net" },
		{ { "session", LOGIN, .session = &smtp, .client_address = "IPv6:2001:DB8::9",
		    .queue_id = "QQQ" },
		  "2001:db8::9",
		  "laptop",
		  "QQQ",
		  DATE_NONE,
		  "" },
		{ { "session-of-nobody", LOGIN, .session = &unnamed, .client_address = "unknown" },
		  NULL,
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
		{ { "session-on-the-host", LOGIN, .session = &handed_in,
		    .client_address = "127.0.0.1", .queue_id = "QQQ" },
		  NULL,
		  NULL,
		  "QQQ",
		  DATE_NONE,
		  "" },
		{ { "session-of-a-relay", LOGIN, .session = &smtp, .client_address = "192.0.2.7",
		    .queue_id = "QQQ", .relay_nets = "192.0.2.7" },
		  "203.0.113.10",
		  "laptop",
		  "AAA",
		  1763978400,
		  "joe@example.net" },
		{ { "session-of-a-relay-chain-broken", LOGIN, .session = &smtp,
		    .client_address = "192.0.2.7", .queue_id = "AAA", .relay_nets = "192.0.2.7",
		    .trusted_by = "o.example" },
		  NULL,
		  NULL,
		  NULL,
		  DATE_NONE,
		  "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bytes = g_strconcat(cases[i].row.head, "\n", NULL);
		g_autoptr(Submission) s = read_row(&cases[i].row, bytes, strlen(bytes));
		g_test_message("%s", cases[i].row.name);
		g_assert_cmpstr(s->peer, ==, cases[i].peer);
		g_assert_cmpstr(s->helo, ==, cases[i].helo);
		g_assert_cmpstr(s->boundary_id, ==, cases[i].id);
		g_assert_cmpint(s->received_at, ==, cases[i].at);
		g_ptr_array_add(s->recipients, NULL);
		g_autofree char *all = g_strjoinv(" ", (char **)s->recipients->pdata);
		g_assert_cmpstr(all, ==, cases[i].recipients);
	}
}

/* NULs in a hop below the boundary harm nothing, at the boundary they are malformed. */
static void
test_nul(void)
{
	static const Row row = { "nul" };
	static const char below[] = LOGIN "Received: from x\0 by y\n\n";
	static const char top[] = "Received: from x\0 by mx.example.org with ESMTPSA\n\n";
	g_autoptr(Submission) good = read_row(&row, below, sizeof below - 1);
	g_autoptr(Submission) bad = read_row(&row, top, sizeof top - 1);

	g_assert_cmpint(good->reason, ==, REASON_WITH);
	g_assert_cmpint(bad->reason, ==, REASON_MALFORMED);
	g_assert_cmpint(bad->verdict, ==, VERDICT_ANONYMOUS);
}

/* The hops carry their fields, without the last line end, and are all read when asked for. */
static void
test_hops(void)
{
	static const Row row = { "hops", NULL, .relay_nets = "192.0.2.7" };
	static const char text[] =
	        "X: y\nReceived: from a (a [192.0.2.7])\r\n\tby mx.example.org\r\n"
	        "Received : by mx.example.org\nReceived: by y.example\n\n";
	static const char first[] = "Received: from a (a [192.0.2.7])\r\n\tby mx.example.org";
	char *nobody[] = { NULL };
	const Trust trust = { .trusted_by = nobody };
	g_autoptr(Submission) s = read_row(&row, text, strlen(text));

	g_assert_cmpuint(s->hops->len, ==, 3);
	const Hop *top = &g_array_index(s->hops, Hop, 0), *last = &g_array_index(s->hops, Hop, 1);
	const Hop *below = &g_array_index(s->hops, Hop, 2);
	g_assert_cmpmem(top->field.data, top->field.length, first, strlen(first));
	g_assert_cmpstr(top->received->peer, ==, "192.0.2.7");
	g_assert_null(below->received);
	submission_read_hops(s, &trust);
	g_assert_cmpstr(below->received->by, ==, "y.example");
	g_assert_cmpmem(last->field.data, last->field.length, "Received : by mx.example.org", 28);
}

/* The session is a hop without a field. */
static void
test_session_hop(void)
{
	static const Row row = { "hop",
		                 NULL,
		                 .session = &smtp,
		                 .client_address = "::ffff:192.0.2.7",
		                 .queue_id = "QQQ",
		                 .login = "jane" };
	static const char text[] = "X: y\nReceived: by y.example\n\n";
	char *nobody[] = { NULL };
	const Trust trust = { .trusted_by = nobody };
	g_autoptr(Submission) s = read_row(&row, text, strlen(text));

	submission_read_hops(s, &trust);
	g_assert_cmpuint(s->hops->len, ==, 2);
	const Hop *hop = &g_array_index(s->hops, Hop, 0), *below = &g_array_index(s->hops, Hop, 1);
	g_assert_true(hop->is_session);
	g_assert_true(hop->field.data == text && hop->value.data == text);
	g_assert_cmpuint(hop->field.length + hop->value.length, ==, 0);
	g_assert_cmpstr(hop->received->by, ==, MX);
	g_assert_cmpstr(hop->received->helo, ==, "laptop");
	g_assert_cmpstr(hop->received->peer, ==, "192.0.2.7");
	g_assert_cmpstr(hop->received->id, ==, "QQQ");
	g_assert_cmpstr(hop->received->user, ==, "jane");
	g_assert_null(hop->received->with);
	g_assert_false(below->is_session);
	g_assert_cmpstr(below->received->by, ==, "y.example");
}

static void
test_words(void)
{
	static const char *const yes[] = { "ESMTPA",       "ESMTPSA",      "esmtpsa", "UTF8SMTPA",
		                           "UTF8SMTPSA",   "asmtp",        "essmtpa", "utf8esmtpa",
		                           "utf8esmtpsa",  "utf8essmtpa",  "SMTPA",   "SMTPSA",
		                           "local-esmtpa", "local-esmtpsa" };
	static const char *const no[] = {
		"",          "SMTP",          "ESMTP",  "ESMTPS",  "UTF8SMTP",  "UTF8SMTPS",
		"LMTP",      "LMTPA",         "LMTPS",  "LMTPSA",  "UTF8LMTPA", "UTF8LMTPSA",
		"HTTP",      "HTTPA",         "local",  "ESMTPAS", "ESMTPAA",   "ESMTPSSA",
		"ESMTPA,",   "XESMTPA",       "A",      "SA",      "MTPA",      "EMTPA",
		"ESSSMTPA",  "asmtps",        "asmtpa", "mapi",    "local-",    "utf8",
		"ESMTPSA-X", "UTF8UTF8SMTPA", "POP3",   "IMAP"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(yes); i++) {
		g_test_message("%s", yes[i]);
		g_assert_true(submission_word_is_login(yes[i]));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(no); i++) {
		g_test_message("%s", no[i]);
		g_assert_false(submission_word_is_login(no[i]));
	}
}

/* The hosts @by and @relays are ours, and so are the results of MX; all else is empty. */
static Trust
results_trust(char **by, GPtrArray *relays, char **none, GPtrArray *nobody, bool stripped)
{
	Trust trust = trust_in(by, none, nobody);

	trust.relay_nets = relays;
	trust.authserv_id = (char *)MX;
	trust.ar_stripped = stripped;
	return trust;
}

/* Whose domain our own results prove, at the boundary alone. */
static void
test_dmarc(void)
{
#define DMARC AR("mx.example.org; dmarc=pass header.from=A.Example.")
	static const struct {
		const char *head;
		bool stripped;
		const char *domain;
	} cases[] = {
		{ DMARC NO_LOGIN, false, "a.example" },
		{ DMARC RELAYED NO_LOGIN, false, "a.example" },
		{ RELAYED DMARC NO_LOGIN, false, "a.example" },
		{ DMARC PASS NO_LOGIN, false, "a.example" },
		{ AR("mx.example.org; dmarc=pass header.from=b\303\274cher.example") NO_LOGIN,
		  false, "xn--bcher-kva.example" },
		{ AR("MX.Example.org/1 1; dmarc=pass header.from=a.example") NO_LOGIN, false,
		  "a.example" },
		{ NO_LOGIN, false, NULL },
		{ NO_LOGIN DMARC, false, NULL },
		{ NO_LOGIN DMARC, true, "a.example" },
		{ NO_LOGIN LOGIN DMARC, true, NULL },
		{ DMARC NO_LOGIN DMARC, false, "a.example" },
		{ DMARC NO_LOGIN DMARC, true, NULL },
		{ DMARC DMARC NO_LOGIN, false, NULL },
		{ DMARC AR("mx.example.org; dmarc=fail header.from=a.example") NO_LOGIN, false,
		  NULL },
		{ DMARC AR("o.example; dmarc=fail header.from=a.example") NO_LOGIN, false,
		  "a.example" },
		{ AR("mx.example.org; dmarc=fail header.from=a.example") NO_LOGIN, false, NULL },
		{ AR("mx.example.org; dmarc=pass header.from=a.example; dmarc=pass") NO_LOGIN,
		  false, NULL },
		{ AR("mx.example.org; dmarc=pass") NO_LOGIN, false, NULL },
		{ AR("mx.example.org; dkim=pass header.d=a.example") NO_LOGIN, false, NULL },
		{ AR("x.mx.example.org; dmarc=pass header.from=a.example") NO_LOGIN, false, NULL },
		{ DMARC, false, NULL },
		{ DMARC HOP(OUTSIDE, "o.example", "ESMTP", "A"), false, NULL },
		{ DMARC RELAYED HOP(OUTSIDE, "o.example", "ESMTP", "A"), false, NULL },
	};
	g_auto(GStrv) by = list(MX), none = list(NULL);
	g_autoptr(GPtrArray) relays = networks("192.0.2.7"), nobody = networks(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		static const Facts facts = { NULL };
		const Trust trust = results_trust(by, relays, none, nobody, cases[i].stripped);
		Trust other = trust;
		g_autofree char *bytes = g_strconcat(cases[i].head, "From: x@a.example\n\n", NULL);
		Head head = head_parse(bytes, strlen(bytes));
		g_autoptr(Submission) s = submission_read(&trust, &facts, &head);
		g_autofree char *domain = submission_dmarc_domain(s, &trust, &head);
		other.authserv_id = (char *)"";
		g_autofree char *unset = submission_dmarc_domain(s, &other, &head);
		g_test_message("case %zu", i);
		g_assert_cmpstr(domain, ==, cases[i].domain);
		g_assert_cmpstr(unset, ==, NULL);
	}
}

/* The same of a session: all fields are below it, and the client's unless they are stripped. */
static void
test_dmarc_of_a_session(void)
{
	static const struct {
		const char *client, *head;
		bool stripped;
		const char *domain;
	} cases[] = {
		{ "203.0.113.9", DMARC, false, NULL },
		{ "203.0.113.9", DMARC, true, "a.example" },
		{ "203.0.113.9", "X: y\n" DMARC NO_LOGIN, true, "a.example" },
		{ "203.0.113.9", NO_LOGIN DMARC, true, NULL },
		{ "203.0.113.9", DMARC NO_LOGIN DMARC, true, "a.example" },
		{ "203.0.113.9", DMARC DMARC, true, NULL },
		{ "203.0.113.9", DMARC RELAYED NO_LOGIN, false, NULL },
		{ "192.0.2.7", DMARC NO_LOGIN, false, "a.example" },
		{ "192.0.2.7", NO_LOGIN DMARC, false, NULL },
		{ "192.0.2.7", NO_LOGIN DMARC, true, "a.example" },
		{ "192.0.2.7", RELAYED DMARC NO_LOGIN, false, "a.example" },
		{ "192.0.2.7", DMARC, false, NULL },
		{ "192.0.2.7", DMARC HOP(OUTSIDE, "o.example", "ESMTP", "A"), true, NULL },
	};
	g_auto(GStrv) by = list(MX), none = list(NULL);
	g_autoptr(GPtrArray) relays = networks("192.0.2.7"), nobody = networks(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Facts facts = { .session = &smtp, .client_address = cases[i].client };
		const Trust trust = results_trust(by, relays, none, nobody, cases[i].stripped);
		g_autofree char *bytes = g_strconcat(cases[i].head, "From: x@a.example\n\n", NULL);
		Head head = head_parse(bytes, strlen(bytes));
		g_autoptr(Submission) s = submission_read(&trust, &facts, &head);
		g_autofree char *domain = submission_dmarc_domain(s, &trust, &head);
		g_test_message("case %zu", i);
		g_assert_cmpstr(domain, ==, cases[i].domain);
	}
}

/* The names that the schema, the JSON and the queries of administrators hold. */
static void
test_names(void)
{
	static const struct {
		Reason reason;
		const char *name;
	} names[] = { { REASON_WITH, "with" },
		      { REASON_COMMENT, "comment" },
		      { REASON_SASL_FACT, "sasl-fact" },
		      { REASON_LISTENER_FACT, "listener-fact" },
		      { REASON_TRUSTED_CLIENT, "trusted-client" },
		      { REASON_LOCAL_UID, "local-uid" },
		      { REASON_SUBMISSION_LISTENER, "submission-listener" },
		      { REASON_AUTH_RESULTS, "auth-results" },
		      { REASON_WEBMAIL, "webmail" },
		      { REASON_NO_LOGIN, "no-login" },
		      { REASON_CONFLICT, "conflict" },
		      { REASON_RELAY_LOGIN, "relay-login" },
		      { REASON_LOCAL_PICKUP, "local-pickup" },
		      { REASON_MALFORMED, "malformed" },
		      { REASON_CHAIN_BROKEN, "chain-broken" },
		      { REASON_FETCHED, "fetched" },
		      { REASON_NO_TRACE, "no-trace" },
		      { REASON_TOP_NOT_OURS, "top-not-ours" },
		      { REASON_DELIVERY_ONLY, "delivery-only" },
		      { REASON_SILENT, "silent" } };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpstr(reason_name(names[i].reason), ==, names[i].name);
	g_assert_cmpstr(verdict_name(VERDICT_AUTHENTICATED), ==, "authenticated");
	g_assert_cmpstr(verdict_name(VERDICT_ANONYMOUS), ==, "anonymous");
	g_assert_cmpstr(verdict_name(VERDICT_UNKNOWN), ==, "unknown");
	g_assert_cmpstr(role_name(ROLE_REINJECTION), ==, "reinjection");
	g_assert_cmpstr(role_name(ROLE_DELIVERY), ==, "delivery");
	g_assert_cmpstr(role_name(ROLE_RELAY), ==, "relay");
	g_assert_cmpstr(role_name(ROLE_BOUNDARY), ==, "boundary");
	g_assert_cmpstr(role_name(ROLE_UNTRUSTED), ==, "untrusted");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/submission/read/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_read);
	}
	g_test_add_func("/submission/reasons", test_reasons);
	g_test_add_func("/submission/below-is-nothing", test_below_is_nothing);
	g_test_add_func("/submission/session-of-a-relay", test_session_of_a_relay);
	g_test_add_func("/submission/many-hops", test_many_hops);
	g_test_add_func("/submission/boundary", test_boundary);
	g_test_add_func("/submission/dmarc", test_dmarc);
	g_test_add_func("/submission/dmarc-of-a-session", test_dmarc_of_a_session);
	g_test_add_func("/submission/nul", test_nul);
	g_test_add_func("/submission/hops", test_hops);
	g_test_add_func("/submission/session-hop", test_session_hop);
	g_test_add_func("/submission/words", test_words);
	g_test_add_func("/submission/names", test_names);
	return g_test_run();
}
