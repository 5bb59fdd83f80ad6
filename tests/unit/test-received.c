/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what is read from the Received fields of many programs, and that a field into which a
 * client could write a clause of its own is malformed. */
#include <string.h>

#include "core/received.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1

static const char *const ours[] = { "mx.example.org", "relay.example.org.", NULL };

typedef struct {
	const char *name;
	const char *value;
	size_t length;
	bool bad; /* and nothing else matters */
	/* NULL: absent. */
	const char *from, *by, *via, *with, *id, *for_, *peer, *helo, *user, *ident;
	Dialect dialect;   /* of a comment that stands where it may count */
	const char *local; /* handed over on the host by this user */
	bool silent;
	bool qmail;
} Row;

#define DATE "; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)"

static const Row rows[] = {
	/* Programs, see trace.md 1b. */
	{ "postfix",
	  TEXT(" from laptop (unknown [203.0.113.10])\n\t(using TLSv1.3 with cipher X (128/128 "
	       "bits))"
	       "\n\t(No client certificate requested)\n\t(Authenticated sender: jane)"
	       "\n\tby mx.example.org (Postfix) with ESMTPSA id CBD46C433C6"
	       "\n\tfor <joe@example.net>" DATE),
	  .from = "laptop", .by = "mx.example.org", .with = "ESMTPSA", .id = "CBD46C433C6",
	  .for_ = "<joe@example.net>", .peer = "203.0.113.10", .helo = "laptop", .user = "jane",
	  .dialect = DIALECT_POSTFIX },
	{ "postfix-no-login",
	  TEXT(" from mail.example.net (mail.example.net [198.51.100.7])\r\n\tby mx.example.org "
	       "(Postfix) with ESMTPS id A1" DATE),
	  .from = "mail.example.net", .by = "mx.example.org", .with = "ESMTPS", .id = "A1",
	  .peer = "198.51.100.7", .helo = "mail.example.net" },
	{ "postfix-2.3",
	  TEXT("from x (x [198.51.100.7]) (Authenticated sender: jane) by foo.example.net "
	       "(Postfix) "
	       "with ESMTP id 44A8959ED6B0" DATE),
	  .from = "x", .by = "foo.example.net", .with = "ESMTP", .id = "44A8959ED6B0",
	  .peer = "198.51.100.7", .helo = "x", .user = "jane", .dialect = DIALECT_POSTFIX },
	{ "postfix-mail-name",
	  TEXT("from x (x [198.51.100.7]) by mail.alien8.example (SuperMail on ZX Spectrum 128k) "
	       "with UTF8SMTPSA id 104B" DATE),
	  .from = "x", .by = "mail.alien8.example", .with = "UTF8SMTPSA", .id = "104B",
	  .peer = "198.51.100.7", .helo = "x" },
	{ "postfix-hidden", TEXT("by mx.example.org (Postfix) id 4F1A2B for <u@example.com>" DATE),
	  .by = "mx.example.org", .id = "4F1A2B", .for_ = "<u@example.com>", .silent = true },
	{ "postfix-notice", TEXT("by mx.example.org (Postfix)\n\tid 4F1A2B" DATE),
	  .by = "mx.example.org", .id = "4F1A2B", .silent = true },
	{ "postfix-pickup", TEXT("by mx.example.org (Postfix, from userid 2407)\n\tid 022D" DATE),
	  .by = "mx.example.org", .id = "022D", .local = "2407" },
	{ "postfix-pickup-name",
	  TEXT("by mx.example.org (SuperMail, 2, from userid filter) id 022D" DATE),
	  .by = "mx.example.org", .id = "022D", .local = "filter" },
	{ "postfix-comment-after-by",
	  TEXT("by smtp9.example.net (Authenticated sender: jane) with ESMTPSA id BA02" DATE),
	  .by = "smtp9.example.net", .with = "ESMTPSA", .id = "BA02", .user = "jane" },
	{ "sendmail",
	  TEXT("from miraculix.example (miraculix.example [IPv6:2001:db8::7]) (authenticated "
	       "bits=0)"
	       " by canardo.example (8.15.2/8.15.2) with ESMTPSA id 07H8 (version=TLSv1.3 "
	       "cipher=X bits=256 verify=NO)" DATE),
	  .from = "miraculix.example", .by = "canardo.example", .with = "ESMTPSA", .id = "07H8",
	  .peer = "2001:db8::7", .helo = "miraculix.example", .dialect = DIALECT_SENDMAIL },
	{ "sendmail-submit",
	  TEXT("(from jane@localhost) by h5.example.net (8.14.3/8.14.3/Submit) id nB1E" DATE),
	  .by = "h5.example.net", .id = "nB1E", .local = "jane" },
	{ "exim",
	  TEXT("from [203.0.113.86] (helo=zen.localdomain) by sslproxy08.example.net with esmtpsa "
	       "(TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <jane@example.net>)"
	       " id 1tFZTA-000A3a-0S" DATE),
	  .from = "[203.0.113.86]", .by = "sslproxy08.example.net", .with = "esmtpsa",
	  .id = "1tFZTA-000A3a-0S", .peer = "203.0.113.86", .helo = "zen.localdomain" },
	{ "exim-name",
	  TEXT("from mail.example.net ([198.51.100.7] helo=mail.example.net) by mx.example.org "
	       "with "
	       "esmtps (Exim 4.96) id 1t" DATE),
	  .from = "mail.example.net", .by = "mx.example.org", .with = "esmtps", .id = "1t",
	  .peer = "198.51.100.7", .helo = "mail.example.net" },
	{ "exim-local",
	  TEXT("from jane by mx.example.org with local (Exim 4.98.2) (envelope-from <j@x.example>) "
	       "id 1t" DATE),
	  .from = "jane", .by = "mx.example.org", .with = "local", .id = "1t", .helo = "jane",
	  .local = "jane" },
	{ "opensmtpd",
	  TEXT("from xps.example (algiz.example [203.0.113.82]) by hermod.example (OpenSMTPD) with "
	       "ESMTPSA id d6a2 (TLSv1.3:X:256:NO) auth=yes user=jane for <a@b.example>" DATE),
	  .from = "xps.example", .by = "hermod.example", .with = "ESMTPSA", .id = "d6a2",
	  .for_ = "<a@b.example>", .peer = "203.0.113.82", .helo = "xps.example" },
	{ "opensmtpd-masked",
	  TEXT("by hermod.example (OpenSMTPD) with ESMTPSA id d6a2 (TLSv1.3:X:256:NO)" DATE),
	  .by = "hermod.example", .with = "ESMTPSA", .id = "d6a2" },
	{ "qmail",
	  TEXT("from unknown (HELO x.net) (jane@dom@[203.0.113.168]) by 192.0.2.9 with ESMTPSA "
	       "(AES256-SHA encrypted, authenticated)" DATE),
	  .from = "unknown", .by = "192.0.2.9", .with = "ESMTPSA", .peer = "203.0.113.168",
	  .helo = "x.net" },
	{ "qmail-by-uid", TEXT("(qmail 735684 invoked by uid 1000)" DATE) },
	{ "qmail-network", TEXT("(qmail 735684 invoked from network)" DATE), .qmail = true },
	{ "qmail-network-and-more", TEXT("(qmail 1 invoked from network) by mx.example.org" DATE),
	  .by = "mx.example.org" },
	{ "qpsmtpd",
	  TEXT("from c-71 (HELO sigill) (203.0.113.9) (smtp-auth username jane, mechanism cram-md5)"
	       " by peff.example (qpsmtpd/0.84) with ESMTPA" DATE),
	  .from = "c-71", .by = "peff.example", .with = "ESMTPA", .peer = "203.0.113.9",
	  .helo = "sigill", .user = "jane", .dialect = DIALECT_QPSMTPD },
	{ "qpsmtpd-comment-first",
	  TEXT("from c-71 (HELO sigill) by peff.example (qpsmtpd/0.8) with (DHE-X encrypted) "
	       "ESMTPSA" DATE),
	  .from = "c-71", .by = "peff.example", .with = "ESMTPSA", .helo = "sigill" },
	{ "courier",
	  TEXT("from localhost ([::1]) (AUTH: PLAIN jane, TLS: TLSv1/SSLv3,256bits) by "
	       "zucker.example with ESMTPSA; Sat, 1 Feb 2020 10:00:00 +0000 id 00000C7.1"),
	  .from = "localhost", .by = "zucker.example", .with = "ESMTPSA", .peer = "::1",
	  .helo = "localhost", .user = "jane", .dialect = DIALECT_COURIER },
	{ "communigate",
	  TEXT("from [203.0.113.232] (account jane HELO sweethome) by santa.example (CommuniGate "
	       "Pro "
	       "SMTP 6.1.11) with ESMTPSA id 147267237" DATE),
	  .from = "[203.0.113.232]", .by = "santa.example", .with = "ESMTPSA", .id = "147267237",
	  .peer = "203.0.113.232", .helo = "sweethome", .user = "jane",
	  .dialect = DIALECT_COMMUNIGATE },
	{ "communigate-not-the-only-comment",
	  TEXT("from x (x [203.0.113.1]) (account jane) by mx.example.org with SMTP" DATE),
	  .from = "x", .by = "mx.example.org", .with = "SMTP", .peer = "203.0.113.1", .helo = "x",
	  .user = "jane" },
	{ "criticalpath",
	  TEXT("from h (203.0.113.112) by n082.example (7.0.030.2) (authenticated as jane) id "
	       "1" DATE),
	  .from = "h", .by = "n082.example", .id = "1", .peer = "203.0.113.112", .helo = "h",
	  .user = "jane", .dialect = DIALECT_CRITICALPATH },
	{ "criticalpath-beside-another-login",
	  TEXT("from h (Authenticated sender: bob) by n082.example (authenticated as jane) id "
	       "1" DATE),
	  .from = "h", .by = "n082.example", .id = "1", .helo = "h", .user = "jane",
	  .dialect = DIALECT_CRITICALPATH },
	{ "login-without-name-beside-another",
	  TEXT("from h (Authenticated sender: bob) (authenticated bits=0) by n082.example id "
	       "1" DATE),
	  .from = "h", .by = "n082.example", .id = "1", .helo = "h", .user = "bob",
	  .dialect = DIALECT_SENDMAIL },
	{ "criticalpath-before-by",
	  TEXT("from h (authenticated as jane) by n082.example id 1" DATE), .from = "h",
	  .by = "n082.example", .id = "1", .helo = "h", .user = "jane" },
	{ "criticalpath-after-id", TEXT("from h by n082.example id 1 (authenticated as jane)" DATE),
	  .from = "h", .by = "n082.example", .id = "1", .helo = "h", .user = "jane" },
	{ "sendmail-two-comments",
	  TEXT("from h (h [203.0.113.1]) (authenticated bits=0) (User authenticated as jane) by "
	       "mx.example.org (8.14.7/8.12.4) with ESMTP id 1" DATE),
	  .from = "h", .by = "mx.example.org", .with = "ESMTP", .id = "1", .peer = "203.0.113.1",
	  .helo = "h", .user = "jane", .dialect = DIALECT_SENDMAIL },
	{ "mdaemon",
	  TEXT("from smtpclient.apple ([203.0.113.114]) by auristor.example (192.0.2.121) (MDaemon "
	       "PRO v26) with ESMTPSA id md5.msg" DATE),
	  .from = "smtpclient.apple", .by = "auristor.example", .with = "ESMTPSA", .id = "md5.msg",
	  .peer = "203.0.113.114", .helo = "smtpclient.apple" },
	{ "chasquid",
	  TEXT("from [192.168.2.131] by mail.david.example (chasquid) with ESMTPSA tls TLS_X (over "
	       "submission+TLS, TLS-1.2, envelope from \"jane\") " DATE),
	  .from = "[192.168.2.131]", .by = "mail.david.example", .with = "ESMTPSA",
	  .helo = "[192.168.2.131]" },
	{ "mox",
	  TEXT("from arke.example by arke.example ([203.0.113.95]) via tcp with ESMTPSA id J-re "
	       "(TLS1.3 X) 23 Feb 2026 10:00:00 +0000"),
	  .from = "arke.example", .by = "arke.example", .via = "tcp", .with = "ESMTPSA",
	  .id = "J-re", .helo = "arke.example" },
	{ "gmail-api",
	  TEXT("from 44278815321 named unknown by gmailapi.example with HTTPREST" DATE),
	  .from = "44278815321", .by = "gmailapi.example", .with = "HTTPREST",
	  .helo = "44278815321" },
	{ "cyrus",
	  TEXT("from murder ([unix socket]) (authenticated user=cyrus bits=0) by store.example "
	       "(Cyrus v2.3.7) with LMTPA" DATE),
	  .from = "murder", .by = "store.example", .with = "LMTPA", .helo = "murder",
	  .user = "cyrus", .dialect = DIALECT_SENDMAIL },
	{ "exchange",
	  TEXT("from A.example (2001:db8::1) by A.example (2001:db8::1%6) with mapi id "
	       "15.20.3742" DATE),
	  .from = "A.example", .by = "A.example", .with = "mapi", .id = "15.20.3742",
	  .peer = "2001:db8::1", .helo = "A.example" },
	{ "roundcube", TEXT("from [10.9.9.42] by webmail.example with HTTP (HTTP/1.1 POST)" DATE),
	  .from = "[10.9.9.42]", .by = "webmail.example", .with = "HTTP", .helo = "[10.9.9.42]" },
	{ "horde", TEXT("by www.example (Horde Framework) with HTTPS" DATE), .by = "www.example",
	  .with = "HTTPS" },
	{ "fetchmail",
	  TEXT("from pop.example by vireshk-i7 with POP3 (fetchmail-6.3.26) for <v@localhost> "
	       "(single-drop)" DATE),
	  .from = "pop.example", .by = "vireshk-i7", .with = "POP3", .for_ = "<v@localhost>",
	  .helo = "pop.example" },
	{ "amavis",
	  TEXT("from mx.example.org ([127.0.0.1]) by localhost (mx.example.org [127.0.0.1]) "
	       "(amavis, "
	       "port 10024) with ESMTP id x-1" DATE),
	  .from = "mx.example.org", .by = "localhost", .with = "ESMTP", .id = "x-1",
	  .peer = "127.0.0.1", .helo = "mx.example.org" },
	{ "xmail-second-from",
	  TEXT("from a.example ([203.0.113.1]) by b.example with ESMTP id 1 from "
	       "<j@x.example>" DATE),
	  .from = "a.example", .by = "b.example", .with = "ESMTP", .id = "1", .peer = "203.0.113.1",
	  .helo = "a.example" },
	{ "sendmail-5.65", TEXT("by hub; (5.65v3) id AA01; Mon, 24 Nov 2025"), .bad = true },
	{ "squirrelmail-1.2",
	  TEXT("from 10.10.10.24 (SquirrelMail authenticated user jane); by linux1 with HTTP; Mon"),
	  .bad = true },

	/* What a client can write into a field of ours (trace.md 2 and 4). */
	{ "forged-a-envelope-from",
	  TEXT("from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) (envelope-from "
	       "<\"a "
	       "with esmtpsa b\"@evil.example>) id 1t" DATE),
	  .from = "x", .by = "mx.example.org", .with = "esmtp", .id = "1t", .peer = "203.0.113.5",
	  .helo = "x" },
	{ "forged-b-second-with",
	  TEXT("from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) (envelope-from "
	       "<\"x)"
	       " with esmtpsa (y\"@evil.example>) id 1t" DATE),
	  .bad = true },
	{ "forged-c-comment",
	  TEXT("from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) (envelope-from "
	       "<\"x)"
	       " (authenticated bits=0) (y\"@evil.example>) id 1t" DATE),
	  .from = "x", .by = "mx.example.org", .with = "esmtp", .id = "1t", .peer = "203.0.113.5",
	  .helo = "x" },
	{ "forged-c-comment-postfix",
	  TEXT("from x (x [203.0.113.5]) by mx.example.org with esmtp (Exim 4.96) (envelope-from "
	       "<\"x)"
	       " (Authenticated sender: ceo) (y\"@evil.example>) id 1t" DATE),
	  .from = "x", .by = "mx.example.org", .with = "esmtp", .id = "1t", .peer = "203.0.113.5",
	  .helo = "x" },
	{ "forged-d-certificate",
	  TEXT("from x (x [203.0.113.5]) (using TLSv1.3 with cipher X (256/256 bits)) (Client CN "
	       "\"authenticated\", Issuer \"Authenticated sender: ceo\" (not verified)) by "
	       "mx.example.org (Postfix) with ESMTPS id A1" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTPS", .id = "A1", .peer = "203.0.113.5",
	  .helo = "x" },
	{ "forged-e-for",
	  TEXT("from x (x [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id A1 for <\"a "
	       "with "
	       "ESMTPA b\"@example.net>" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTP", .id = "A1",
	  .for_ = "<\"a with ESMTPA b\"@example.net>", .peer = "203.0.113.5", .helo = "x" },
	{ "forged-helo-literal",
	  TEXT("from [127.0.0.1] (unknown [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id "
	       "A1" DATE),
	  .from = "[127.0.0.1]", .by = "mx.example.org", .with = "ESMTP", .id = "A1",
	  .peer = "203.0.113.5", .helo = "[127.0.0.1]" },
	{ "forged-helo-literal-exim",
	  TEXT("from [203.0.113.5] (helo=[127.0.0.1]) by mx.example.org with esmtp id A1" DATE),
	  .from = "[203.0.113.5]", .by = "mx.example.org", .with = "esmtp", .id = "A1",
	  .peer = "203.0.113.5", .helo = "[127.0.0.1]" },
	{ "forged-helo-literal-qmail",
	  TEXT("from unknown (HELO [127.0.0.1]) ([203.0.113.5]) by mx.example.org with SMTP" DATE),
	  .from = "unknown", .by = "mx.example.org", .with = "SMTP", .peer = "203.0.113.5",
	  .helo = "[127.0.0.1]" },
	{ "forged-helo-by",
	  TEXT("from by (x [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id A1" DATE),
	  .from = "by", .by = "mx.example.org", .with = "ESMTP", .id = "A1", .peer = "203.0.113.5",
	  .helo = "by" },
	{ "forged-helo-with",
	  TEXT("from with (x [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id A1" DATE),
	  .from = "with", .by = "mx.example.org", .with = "ESMTP", .id = "A1",
	  .peer = "203.0.113.5", .helo = "with" },
	{ "forged-helo-second-by",
	  TEXT("from x by mx.example.org with ESMTPSA (x [203.0.113.5]) by mx.example.org with "
	       "SMTP" DATE),
	  .bad = true },
	{ "forged-helo-other-by",
	  TEXT("from x by evil.example with ESMTPSA (x [203.0.113.5]) by mx.example.org with "
	       "SMTP" DATE),
	  .bad = true },
	{ "forged-helo-whole-field",
	  TEXT("from x by mx.example.org with ESMTPSA id 1; ( (x [203.0.113.5]) by mx.example.org "
	       "with "
	       "SMTP id A1" DATE),
	  .bad = true },
	{ "forged-helo-date",
	  TEXT("from x by mx.example.org with ESMTPSA id 1; Mon, 24 Nov 2025 10:00:00 (x "
	       "[203.0.113.5]) with SMTP id A1" DATE),
	  .bad = true },
	{ "forged-helo-login-comment",
	  TEXT("from x (Authenticated sender: ceo [203.0.113.5]) by mx.example.org (Postfix) with "
	       "ESMTP id A1" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTP", .id = "A1", .peer = "203.0.113.5",
	  .helo = "x" },
	{ "forged-by-ours-in-comment",
	  TEXT("from x (by mx.example.org) by mx.example.org with ESMTPSA id 1" DATE),
	  .bad = true },
	{ "forged-by-ours-in-later-comment",
	  TEXT("from x (x [203.0.113.5]) by evil.example (by mx.example.org) with ESMTPSA" DATE),
	  .bad = true },
	{ "forged-by-ours-in-string",
	  TEXT("from \"by mx.example.org\" by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "forged-by-ours-in-angle",
	  TEXT("from x by mx.example.org with ESMTPSA for <\"by mx.example.org\"@x>" DATE),
	  .bad = true },
	{ "forged-by-ours-after-date",
	  TEXT("from x by mx.example.org with ESMTPSA" DATE " (by mx.example.org)"), .bad = true },
	{ "forged-by-ours-case",
	  TEXT("from x (BY\tMX.Example.ORG.) by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "forged-by-ours-folded", TEXT("from x (by\r\n\tmx.example.org) by mx.example.org" DATE),
	  .bad = true },
	{ "forged-by-other-of-ours",
	  TEXT("from x (by relay.example.org) by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "by-others-in-comment",
	  TEXT("from x (by other.example) by mx.example.org with ESMTPSA" DATE), .from = "x",
	  .by = "mx.example.org", .with = "ESMTPSA", .helo = "x" },
	{ "by-longer-name-in-comment",
	  TEXT("from x (by mx.example.org.evil.example) by mx.example.org with ESMTPSA" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTPSA", .helo = "x" },
	{ "by-inside-word",
	  TEXT("from x (standby mx.example.org) by mx.example.org with ESMTPSA" DATE), .from = "x",
	  .by = "mx.example.org", .with = "ESMTPSA", .helo = "x" },

	/* Clauses. */
	{ "keywords-case", TEXT("FROM x (x [192.0.2.1]) By MX.EXAMPLE.ORG. wItH esmtpa ID 1" DATE),
	  .from = "x", .by = "MX.EXAMPLE.ORG.", .with = "esmtpa", .id = "1", .peer = "192.0.2.1",
	  .helo = "x" },
	{ "keywords-folded",
	  TEXT("from\r\n\tx\r\n\tby\r\n\tmx.example."
	       "org\r\n\twith\r\n\tESMTPSA\r\n\tid\r\n\t1" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTPSA", .id = "1", .helo = "x" },
	{ "no-semicolon", TEXT("from x by mx.example.org with ESMTPSA"), .from = "x",
	  .by = "mx.example.org", .with = "ESMTPSA", .helo = "x" },
	{ "empty", TEXT("") },
	{ "blanks", TEXT(" \t ") },
	{ "only-date", TEXT(DATE) },
	{ "words", TEXT("hello world") },
	{ "id-after-date", TEXT("by mx.example.org with ESMTPA; Mon id 1"), .by = "mx.example.org",
	  .with = "ESMTPA" },
	{ "with-in-date", TEXT("by mx.example.org; Mon with ESMTPSA"), .by = "mx.example.org",
	  .silent = true },
	{ "clause-in-string", TEXT("by mx.example.org \"with ESMTPSA\" with SMTP" DATE),
	  .by = "mx.example.org", .with = "SMTP" },
	{ "clause-in-comment", TEXT("by mx.example.org (with ESMTPSA) with SMTP" DATE),
	  .by = "mx.example.org", .with = "SMTP" },
	{ "clause-in-angle", TEXT("by mx.example.org with SMTP for < with ESMTPSA >" DATE),
	  .by = "mx.example.org", .with = "SMTP", .for_ = "< with ESMTPSA >" },
	{ "comments-before-word", TEXT("by mx.example.org with (a) (b (c)) ESMTPSA" DATE),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "comment-before-by-name", TEXT("from x by (a) mx.example.org with ESMTPSA" DATE),
	  .bad = true },
	{ "comment-before-from-name", TEXT("from (a) x by mx.example.org with ESMTPSA" DATE),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "from-without-value", TEXT("from (x.example) [192.0.2.1] by mx.example.org" DATE),
	  .by = "mx.example.org", .peer = "192.0.2.1" },
	{ "from-without-value-is-not-silent", TEXT("from (x.example) by mx.example.org" DATE),
	  .by = "mx.example.org" },
	{ "from-without-value-twice", TEXT("from (x) from (y) by mx.example.org" DATE),
	  .bad = true },
	{ "from-without-value-behind-by", TEXT("by mx.example.org from (y)" DATE), .bad = true },
	{ "from-nothing", TEXT("from" DATE), .bad = true },
	{ "comment-before-id", TEXT("by mx.example.org with ESMTPSA id (a) 1" DATE),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "id-without-value", TEXT("by mx.example.org with ESMTPSA id" DATE),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "id-without-value-at-the-end", TEXT("by mx.example.org with ESMTPSA id"),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "id-without-value-and-with", TEXT("by mx.example.org id (a) with ESMTPSA" DATE),
	  .bad = true },
	{ "id-without-value-twice", TEXT("by mx.example.org id (a) id 1" DATE), .bad = true },
	{ "id-that-reads-with", TEXT("by mx.example.org id with ESMTPSA" DATE),
	  .by = "mx.example.org", .id = "with" },
	{ "id-open", TEXT("by mx.example.org with ESMTPSA id (a"), .bad = true },
	{ "with-before-by", TEXT("from x with ESMTPSA by mx.example.org" DATE), .bad = true },
	{ "with-after-id", TEXT("from x by mx.example.org id 1 with ESMTPSA" DATE), .bad = true },
	{ "with-after-for", TEXT("from x by mx.example.org for <a@b> with ESMTPSA" DATE),
	  .bad = true },
	{ "with-last", TEXT("from x by mx.example.org with"), .bad = true },
	{ "with-nothing", TEXT("from x by mx.example.org with" DATE), .bad = true },
	{ "by-nothing", TEXT("from x by" DATE), .bad = true },
	{ "from-twice", TEXT("from x from y by mx.example.org" DATE), .bad = true },
	{ "by-twice", TEXT("by a.example by b.example" DATE), .bad = true },
	{ "via-twice", TEXT("by a.example via tcp via tcp" DATE), .bad = true },
	{ "with-twice", TEXT("by a.example with SMTP with ESMTPA" DATE), .bad = true },
	{ "id-twice", TEXT("by a.example id 1 id 2" DATE), .bad = true },
	{ "for-twice", TEXT("by a.example for <a@b> for <c@d>" DATE), .bad = true },
	{ "semicolon-twice", TEXT("by mx.example.org with ESMTPSA; a; b"), .bad = true },
	{ "semicolon-in-comment", TEXT("by mx.example.org (a;b) with ESMTPSA" DATE " (c;d)"),
	  .by = "mx.example.org", .with = "ESMTPSA" },
	{ "semicolon-in-string", TEXT("from \"a;b\" by mx.example.org with ESMTPSA" DATE),
	  .from = "\"a;b\"", .by = "mx.example.org", .with = "ESMTPSA", .helo = "\"a;b\"" },
	{ "8-bit", TEXT("from \344\366 (\377) by mx.example.org with ESMTPSA" DATE),
	  .from = "\344\366", .by = "mx.example.org", .with = "ESMTPSA", .helo = "\344\366" },

	/* Lexemes. */
	{ "comment-open", TEXT("from x (y by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "comment-open-nested", TEXT("from x (y (z) by mx.example.org" DATE), .bad = true },
	{ "comment-open-pair", TEXT("from x (y\\) by mx.example.org" DATE), .bad = true },
	{ "comment-open-backslash", TEXT("by mx.example.org (y\\"), .bad = true },
	{ "comment-quoted-pair", TEXT("from x (a\\)b) by mx.example.org with ESMTPSA" DATE),
	  .from = "x", .by = "mx.example.org", .with = "ESMTPSA", .helo = "x" },
	{ "comment-open-after-date", TEXT("by mx.example.org with ESMTPSA; Mon (x"), .bad = true },
	{ "string-open", TEXT("from \"x by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "string-open-pair", TEXT("from \"x\\\" by mx.example.org" DATE), .bad = true },
	{ "string-open-backslash", TEXT("by mx.example.org \"x\\"), .bad = true },
	{ "string-open-after-date", TEXT("by mx.example.org with ESMTPSA; \"Mon"), .bad = true },
	{ "angle-open", TEXT("by mx.example.org for <a@b id 1"), .bad = true },
	{ "angle-open-id", TEXT("by mx.example.org with ESMTPSA id <1" DATE), .bad = true },
	{ "angle-nested", TEXT("by mx.example.org for <<a@b>>" DATE), .bad = true },
	{ "angle-in-angle", TEXT("by mx.example.org with ESMTPSA for <a<b@c>" DATE), .bad = true },
	{ "bracket-in-bracket", TEXT("from [a[b] by mx.example.org with ESMTPSA" DATE),
	  .bad = true },
	{ "angle-string-open", TEXT("by mx.example.org for <\"a@b>" DATE), .bad = true },
	{ "angle-string-close", TEXT("by mx.example.org for <\"a>b\"@c>" DATE),
	  .by = "mx.example.org", .for_ = "<\"a>b\"@c>", .silent = true },
	{ "bracket-open", TEXT("from [192.0.2.1 by mx.example.org"), .bad = true },
	{ "bracket-nested", TEXT("from [[192.0.2.1]] by mx.example.org" DATE), .bad = true },
	{ "stray-paren", TEXT("from x) by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "stray-angle", TEXT("from x> by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "stray-bracket", TEXT("from x] by mx.example.org with ESMTPSA" DATE), .bad = true },
	{ "stray-paren-after-date", TEXT("by mx.example.org with ESMTPSA; Mon )"), .bad = true },
	{ "nul", TEXT("from x by mx.example.org\0 with ESMTPSA" DATE), .bad = true },
	{ "nul-in-comment", TEXT("from x (a\0b) by mx.example.org with ESMTPSA" DATE),
	  .bad = true },
	{ "nul-after-date", TEXT("from x by mx.example.org with ESMTPSA" DATE "\0"), .bad = true },

	/* The client's address. */
	{ "peer-none-in-literal-alone", TEXT("from [192.0.2.1] by mx.example.org" DATE),
	  .from = "[192.0.2.1]", .by = "mx.example.org", .helo = "[192.0.2.1]" },
	{ "peer-none-in-name", TEXT("from 192.0.2.1 (x) by mx.example.org" DATE),
	  .from = "192.0.2.1", .by = "mx.example.org", .helo = "192.0.2.1" },
	{ "peer-two", TEXT("from x (a [192.0.2.1]) (b [192.0.2.2]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .helo = "x" },
	{ "peer-two-in-one", TEXT("from x (a [192.0.2.1] [192.0.2.2]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .helo = "x" },
	{ "peer-beside-a-bare-address",
	  TEXT("from x (x 203.0.113.6) (note [192.0.2.1]) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "x" },
	{ "peer-without-name-beside-literal",
	  TEXT("from [203.0.113.6] ([192.0.2.1]) by mx.example.org" DATE), .from = "[203.0.113.6]",
	  .by = "mx.example.org", .helo = "[203.0.113.6]" },
	{ "peer-without-name-same-literal",
	  TEXT("from [192.0.2.1] ([192.0.2.1]) by mx.example.org" DATE), .from = "[192.0.2.1]",
	  .by = "mx.example.org", .peer = "192.0.2.1", .helo = "[192.0.2.1]" },
	{ "peer-beside-literal-and-ident",
	  TEXT("from [203.0.113.9] (helo=x ident=y) (z [192.0.2.1]) by mx.example.org" DATE),
	  .from = "[203.0.113.9]", .by = "mx.example.org", .helo = "x" },
	{ "local-opensmtpd",
	  TEXT("from localhost (mx.example.org [local])\n\tby mx.example.org (OpenSMTPD) with "
	       "ESMTPA id 3f0b8bd2\n\tfor <joe@example.net>" DATE),
	  .from = "localhost", .by = "mx.example.org", .with = "ESMTPA", .id = "3f0b8bd2",
	  .for_ = "<joe@example.net>", .helo = "localhost", .local = "" },
	{ "login-behind-a-raw-helo",
	  TEXT("from [203.0.113.9] (helo=x) (authenticated bits=0)\n\tby mx.example.org with "
	       "esmtp (Exim 4.96) id 1" DATE),
	  .from = "[203.0.113.9]", .by = "mx.example.org", .with = "esmtp", .id = "1",
	  .peer = "203.0.113.9", .helo = "x" },
	{ "ident-exim",
	  TEXT("from x.example.net ([203.0.113.9] helo=x ident=joe) by mx.example.org" DATE),
	  .from = "x.example.net", .by = "mx.example.org", .peer = "203.0.113.9", .helo = "x",
	  .ident = "joe" },
	{ "ident-sendmail", TEXT("from x (joe@x.example.net [203.0.113.9]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .peer = "203.0.113.9", .helo = "x", .ident = "joe" },
	{ "ident-old-sendmail",
	  TEXT("from x (IDENT:joe@x.example.net [203.0.113.9]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .peer = "203.0.113.9", .helo = "x", .ident = "joe" },
	{ "ident-qmail", TEXT("from x (HELO y) (joe@203.0.113.9) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .helo = "y", .ident = "joe" },
	{ "ident-not-said", TEXT("from x (x.example.net [203.0.113.9]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .peer = "203.0.113.9", .helo = "x", .ident = "" },
	{ "peer-of-a-client-called-helo",
	  TEXT("from [192.0.2.1] (helo [203.0.113.9] (may be forged)) by mx.example.org" DATE),
	  .from = "[192.0.2.1]", .by = "mx.example.org", .helo = "[203.0.113.9]" },
	{ "peer-before-a-client-called-helo",
	  TEXT("from x (y [192.0.2.1]) (helo [203.0.113.9]) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "[203.0.113.9]" },
	{ "peer-before-a-skipped-address",
	  TEXT("from x (y [192.0.2.1]) (a=b [203.0.113.9]) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "x" },
	{ "peer-before-a-port-in-brackets",
	  TEXT("from x (y [192.0.2.1]) (rdns [203.0.113.9:25]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .helo = "x" },
	{ "peer-before-a-bare-address-and-port",
	  TEXT("from x (y [192.0.2.1]) (203.0.113.9, port 25) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "x" },
	{ "peer-twice-the-same",
	  TEXT("from x (a [192.0.2.1]) ([192.0.2.1]) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .peer = "192.0.2.1", .helo = "x" },
	{ "peer-after-by-is-none", TEXT("from x (a) by mx.example.org ([192.0.2.1])" DATE),
	  .from = "x", .by = "mx.example.org", .helo = "x" },
	{ "peer-without-from-is-none", TEXT("(a [192.0.2.1]) by mx.example.org" DATE),
	  .by = "mx.example.org" },
	{ "peer-mapped", TEXT("from x (a [IPv6:::ffff:192.0.2.1]) by mx.example.org" DATE),
	  .from = "x", .by = "mx.example.org", .peer = "192.0.2.1", .helo = "x" },
	{ "peer-no-address", TEXT("from x (a [unix socket]) by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "x" },
	{ "peer-helo-behind", TEXT("from h ([192.0.2.1] helo=[192.0.2.9]) by mx.example.org" DATE),
	  .from = "h", .by = "mx.example.org", .peer = "192.0.2.1", .helo = "[192.0.2.9]" },
	{ "peer-ehlo", TEXT("from h (EHLO [192.0.2.9]) ([192.0.2.1]) by mx.example.org" DATE),
	  .from = "h", .by = "mx.example.org", .peer = "192.0.2.1", .helo = "[192.0.2.9]" },

	{ "peer-helo-with-address",
	  TEXT("from unknown (HELO b [127.0.0.1]) (203.0.113.9) by mx.example.org with ESMTP" DATE),
	  .from = "unknown", .by = "mx.example.org", .with = "ESMTP", .peer = "203.0.113.9",
	  .helo = "b" },
	{ "peer-helo-colon",
	  TEXT("from h (EHLO: [127.0.0.1]) ([192.0.2.1]) by mx.example.org" DATE), .from = "h",
	  .by = "mx.example.org", .peer = "192.0.2.1", .helo = "[127.0.0.1]" },
	{ "peer-literal-beside-bare-address",
	  TEXT("from [127.0.0.1] (203.0.113.9) by mx.example.org with SMTP" DATE),
	  .from = "[127.0.0.1]", .by = "mx.example.org", .with = "SMTP", .helo = "[127.0.0.1]" },
	{ "peer-literal-beside-helo",
	  TEXT("from [192.0.2.77] (helo=printer) by mx.example.org with esmtp id 1" DATE),
	  .from = "[192.0.2.77]", .by = "mx.example.org", .with = "esmtp", .id = "1",
	  .peer = "192.0.2.77", .helo = "printer" },

	/* The login comment of Postfix. */
	{ "login-not-last",
	  TEXT("from x (Authenticated sender: jane) (x [192.0.2.1]) by h.example" DATE),
	  .from = "x", .by = "h.example", .peer = "192.0.2.1", .helo = "x", .user = "jane" },
	{ "login-not-whole", TEXT("from x (x Authenticated sender: jane) by h.example" DATE),
	  .from = "x", .by = "h.example", .helo = "x" },
	{ "login-nested", TEXT("from x ((Authenticated sender: jane)) by h.example" DATE),
	  .from = "x", .by = "h.example", .helo = "x" },
	{ "login-no-name", TEXT("from x (Authenticated sender: ) by h.example" DATE), .from = "x",
	  .by = "h.example", .helo = "x" },
	{ "login-after-with",
	  TEXT("from x by h.example with SMTP (Authenticated sender: jane)" DATE), .from = "x",
	  .by = "h.example", .with = "SMTP", .helo = "x", .user = "jane" },
	{ "login-after-with-upper-case",
	  TEXT("from x (HELO y) (203.0.113.9) by h.example with ESMTPSA (ECDHE-RSA) (SMTP-AUTH "
	       "username jane, mechanism PLAIN) for <a@b>" DATE),
	  .from = "x", .by = "h.example", .with = "ESMTPSA", .for_ = "<a@b>", .peer = "203.0.113.9",
	  .helo = "y", .user = "jane" },
	{ "login-between-with-and-its-word",
	  TEXT("from x by h.example with (smtp-auth username jane, mechanism plain) SMTP" DATE),
	  .from = "x", .by = "h.example", .with = "SMTP", .helo = "x", .user = "jane" },
	{ "login-twice-behind-with",
	  TEXT("from x by h.example with SMTP (Authenticated sender: jane) (Authenticated sender: "
	       "bob)" DATE),
	  .from = "x", .by = "h.example", .with = "SMTP", .helo = "x", .user = "jane" },
	{ "login-before-by-and-behind-with",
	  TEXT("from x (Authenticated sender: jane) by h.example with SMTP (Authenticated sender: "
	       "bob)" DATE),
	  .from = "x", .by = "h.example", .with = "SMTP", .helo = "x", .user = "jane",
	  .dialect = DIALECT_POSTFIX },
	{ "login-behind-the-date",
	  TEXT("from x by h.example with SMTP" DATE " (Authenticated sender: jane)"), .from = "x",
	  .by = "h.example", .with = "SMTP", .helo = "x" },
	{ "login-folded",
	  TEXT("from x\n\t(Authenticated sender: jane)\n\tby h.example with SMTP" DATE),
	  .from = "x", .by = "h.example", .with = "SMTP", .helo = "x", .user = "jane",
	  .dialect = DIALECT_POSTFIX },

	/* Handed over on the host. */
	{ "local-uid-in-from-clause",
	  TEXT("from x (x, from userid 33) by mx.example.org (Postfix) with SMTP" DATE),
	  .from = "x", .by = "mx.example.org", .with = "SMTP", .helo = "x" },
	{ "local-uid-beside-from",
	  TEXT("from x by mx.example.org (Postfix, from userid 33) with SMTP" DATE), .from = "x",
	  .by = "mx.example.org", .with = "SMTP", .helo = "x" },
	{ "local-uid-not-after-by", TEXT("by mx.example.org id 1 (Postfix, from userid 33)" DATE),
	  .by = "mx.example.org", .id = "1" },
	{ "local-submit-no-comment", TEXT("by h5.example.net (8.14.3/8.14.3/Submit) id n" DATE),
	  .by = "h5.example.net", .id = "n", .silent = true },

	/* Silent: nothing but by, its comment, id and for. */
	{ "silent", TEXT("by mx.example.org" DATE), .by = "mx.example.org", .silent = true },
	{ "silent-not-comment-before", TEXT("(x) by mx.example.org" DATE), .by = "mx.example.org" },
	{ "silent-not-second-comment", TEXT("by mx.example.org (a) (b)" DATE),
	  .by = "mx.example.org" },
	{ "silent-not-word", TEXT("by mx.example.org (a) tls" DATE), .by = "mx.example.org" },
	{ "silent-not-via", TEXT("by mx.example.org via tcp" DATE), .by = "mx.example.org",
	  .via = "tcp" },
	{ "silent-not-with", TEXT("by mx.example.org with SMTP" DATE), .by = "mx.example.org",
	  .with = "SMTP" },
	{ "silent-not-from", TEXT("from x by mx.example.org" DATE), .from = "x",
	  .by = "mx.example.org", .helo = "x" },
};

static void
test_read(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->value, row->length); /* a read too far is seen */
	Span value = { exact ? exact : "", row->length };
	g_autoptr(Received) r = received_read(value, ours);

	g_test_message("%s", row->name);
	g_assert_cmpint(r->bad, ==, row->bad);
	if (r->bad)
		return;
	g_assert_cmpstr(r->from, ==, row->from);
	g_assert_cmpstr(r->by, ==, row->by);
	g_assert_cmpstr(r->via, ==, row->via);
	g_assert_cmpstr(r->with, ==, row->with);
	g_assert_cmpstr(r->id, ==, row->id);
	g_assert_cmpstr(r->for_, ==, row->for_);
	g_assert_cmpstr(r->peer, ==, row->peer);
	g_assert_cmpstr(r->helo, ==, row->helo);
	g_assert_cmpstr(r->user, ==, row->user);
	if (row->ident)
		g_assert_cmpstr(r->ident ? r->ident : "", ==, row->ident);
	g_assert_cmpint(r->dialect, ==, row->dialect);
	g_assert_cmpint(r->is_local, ==, row->local != NULL);
	g_assert_cmpstr(r->local_user ? r->local_user : "", ==, row->local ? row->local : "");
	g_assert_cmpint(r->is_silent, ==, row->silent);
	g_assert_cmpint(r->is_qmail_network, ==, row->qmail);
}

typedef struct {
	const char *comment;
	Dialect dialect;
	const char *user;
} Login;

/* The forms of trace.md 3c, and what comes near. */
static const Login logins[] = {
	{ "Authenticated sender: jane@example.org", DIALECT_POSTFIX, "jane@example.org" },
	{ "authenticated\n\tsender:  Jane Doe ", DIALECT_POSTFIX, "Jane Doe" },
	{ "Authenticated sender: ceo [192.0.2.1]", DIALECT_NONE, "ceo [192.0.2.1]" },
	{ "Authenticated sender: bob\" (not verified)", DIALECT_NONE, "bob\" (not verified)" },
	{ "Authenticated sender: bob (x)", DIALECT_NONE, "bob (x)" },
	{ "Authenticated sender: " },
	{ "Authenticated sender:jane" },
	{ "x Authenticated sender: jane" },
	{ "authenticated", DIALECT_SENDMAIL },
	{ "authenticated bits=0", DIALECT_SENDMAIL },
	{ "authenticated mech=PLAIN", DIALECT_SENDMAIL },
	{ "authenticated user=jane bits=0", DIALECT_SENDMAIL, "jane" },
	{ "authenticated user=jane mech=PLAIN bits=0", DIALECT_SENDMAIL, "jane" },
	{ "authenticated (0 bits)", DIALECT_SENDMAIL },
	{ "User authenticated as jane", DIALECT_SENDMAIL, "jane" },
	{ "authenticated bits=x" },
	{ "authenticated bits=0 mech=PLAIN" },
	{ "authenticated [192.0.2.1]" },
	{ "authenticated.example [192.0.2.1]" },
	{ "authenticated.example" },
	{ "User authenticated as jane doe" },
	{ "AUTH: PLAIN", DIALECT_COURIER },
	{ "AUTH: PLAIN jane", DIALECT_COURIER, "jane" },
	{ "AUTH: PLAIN jane, TLS: TLSv1/SSLv3,256bits,X", DIALECT_COURIER, "jane" },
	{ "AUTH: LOGIN, SSL: X", DIALECT_COURIER },
	{ "AUTH: PLAIN jane, NOT: X" },
	{ "AUTH:" },
	{ "authenticated user jane", DIALECT_KERIO, "jane" },
	{ "authenticated user" },
	{ "smtp-auth username jane, mechanism cram-md5", DIALECT_QPSMTPD, "jane" },
	{ "SMTP-AUTH username jane relayok, mechanism PLAIN", DIALECT_QPSMTPD, "jane" },
	{ "smtp-auth username jane" },
	{ "account jane", DIALECT_COMMUNIGATE, "jane" },
	{ "account jane HELO x.example", DIALECT_COMMUNIGATE, "jane" },
	{ "account jane [192.0.2.1] verified", DIALECT_COMMUNIGATE, "jane" },
	{ "account jane [192.0.2.1]" },
	{ "account jane verified" },
	{ "authenticated as jane", DIALECT_CRITICALPATH, "jane" },
	{ "SquirrelMail authenticated user jane", DIALECT_SQUIRRELMAIL, "jane" },
	{ "NaSMail authenticated user jane", DIALECT_SQUIRRELMAIL, "jane" },
	{ "Squirrel authenticated user jane" },
	{ "jane@192.0.2.1" },
	{ "Authenticated sender: ceo@192.0.2.1", DIALECT_NONE, "ceo@192.0.2.1" },
	{ "Authenticated sender: ceo 192.0.2.1", DIALECT_NONE, "ceo 192.0.2.1" },
	{ "User authenticated as ceo@2001:db8::1", DIALECT_NONE, "ceo@2001:db8::1" },
	{ "account 192.0.2.1", DIALECT_NONE, "192.0.2.1" },
	{ "authenticated mech=PLAIN@192.0.2.1" },
	{ "AUTH: PLAIN@192.0.2.1" },
	{ "AUTH: PLAIN ceo, TLS: x@192.0.2.1" },
	{ "smtp-auth username ceo, mechanism plain@192.0.2.1" },
	{ "account ceo HELO x@192.0.2.1" },
	{ "" },
};

static void
test_login(gconstpointer data)
{
	const Login *row = data;
	g_autofree char *user = NULL;

	g_assert_cmpint(dialect_read((Span){ row->comment, strlen(row->comment) }, &user), ==,
	                row->dialect);
	g_assert_cmpstr(user, ==, row->user);
	g_assert_cmpint(dialect_by_name(dialect_name(row->dialect)), ==, row->dialect);
}

/* Where the client's address may stand, from the value of from on. */
static void
test_true_peers(void)
{
	static const struct {
		const char *clauses, *peer;
	} rows_[] = {
		/* In a comment, with brackets. */
		{ "x (x [192.0.2.1])", "192.0.2.1" },
		{ "x ([192.0.2.1])", "192.0.2.1" },
		{ "x (x [192.0.2.1]:4711)", "192.0.2.1" },
		{ "x ([192.0.2.1]:4711 helo=y)", "192.0.2.1" },
		{ "x ([192.0.2.1.4711])", "192.0.2.1" },
		{ "x ([192.0.2.1:4711])", "192.0.2.1" },
		{ "x (x [IPv6:2001:db8::1])", "2001:db8::1" },
		{ "x ([IPv6:2001:db8::1]:4711)", "2001:db8::1" },
		{ "x ([2001:db8::1%eth0]:4711)", "2001:db8::1" },
		{ "x ([2001:db8::1.4711])", "2001:db8::1" },
		{ "x (joe@y [192.0.2.1])", "192.0.2.1" },
		{ "x (IDENT:joe@y [192.0.2.1])", "192.0.2.1" },
		{ "x (y [192.0.2.1] (may be forged))", "192.0.2.1" },
		{ "x (y\r\n\t[192.0.2.1])", "192.0.2.1" },
		/* In a comment of its own, without brackets. */
		{ "x (192.0.2.1)", "192.0.2.1" },
		{ "x ( 192.0.2.1 )", "192.0.2.1" },
		{ "x (::ffff:192.0.2.1)", "192.0.2.1" },
		{ "x (2001:db8::1)", "2001:db8::1" },
		{ "x (IPv6:2001:db8::1)", "2001:db8::1" },
		{ "x (2001:db8::1%6)", "2001:db8::1" },
		/* Outside comments. */
		{ "x [192.0.2.1]", "192.0.2.1" },
		{ "x [192.0.2.1.4711]", "192.0.2.1" },
		{ "x [192.0.2.1:4711]", "192.0.2.1" },
		{ "x [192.0.2.1]:4711", "192.0.2.1" },
		{ "x [IPv6:2001:db8::1]", "2001:db8::1" },
		{ "x [2001:db8::1]:4711", "2001:db8::1" },
		{ "x [2001:db8::1%eth0]:4711", "2001:db8::1" },
		{ "x [2001:db8::1.4711]", "2001:db8::1" },
		/* Beside HELO and ident. */
		{ "x (y) [192.0.2.1]:4711", "192.0.2.1" },
		{ "x (y) [192.0.2.1.4711] (mail)", "192.0.2.1" },
		{ "(y) [192.0.2.1]", "192.0.2.1" },
		{ "x (HELO [127.0.0.1]) (192.0.2.1)", "192.0.2.1" },
		{ "x (HELO 127.0.0.1) (192.0.2.1)", "192.0.2.1" },
		{ "x (HELO [127.0.0.1]) ([192.0.2.1])", "192.0.2.1" },
		{ "x (EHLO [127.0.0.1]) [192.0.2.1]", "192.0.2.1" },
		{ "x ([192.0.2.1] helo=[127.0.0.1] ident=joe)", "192.0.2.1" },
		{ "[192.168.1.9] (host [192.0.2.1])", "192.0.2.1" },
		{ "192.168.1.9 (host [192.0.2.1])", "192.0.2.1" },
		{ "x via y (host [192.0.2.1])", "192.0.2.1" },
		{ "[127.0.0.1] (host [192.0.2.1])", "192.0.2.1" },
		/* Several that agree. */
		{ "[192.0.2.1] ([192.0.2.1])", "192.0.2.1" },
		{ "[192.0.2.1] (192.0.2.1)", "192.0.2.1" },
		{ "192.0.2.1 (192.0.2.1)", "192.0.2.1" },
		{ "x ([192.0.2.1]) [192.0.2.1]:4711", "192.0.2.1" },
		{ "x ([::ffff:192.0.2.1]) (192.0.2.1)", "192.0.2.1" },
		{ "x ([192.0.2.1]) (joe@192.0.2.1)", "192.0.2.1" },
		/* The value itself, in Exim's way. */
		{ "[192.0.2.1] (helo=x)", "192.0.2.1" },
		{ "[192.0.2.1] (helo=[127.0.0.1])", "192.0.2.1" },
		{ "[192.0.2.1] (helo=x) (y)", "192.0.2.1" },
		{ "[192.0.2.1] (port=4711)", "192.0.2.1" },
		{ "[192.0.2.1] (port=4711 helo=x ident=y)", "192.0.2.1" },
		{ "[192.0.2.1]:4711 (helo=x)", "192.0.2.1" },
		{ "[IPv6:2001:db8::1] (helo=x)", "2001:db8::1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows_); i++) {
		g_autofree char *text = g_strdup_printf("from %s by mx.example.org with ESMTP id 1",
		                                        rows_[i].clauses);
		g_autoptr(Received) r = received_read((Span){ text, strlen(text) }, ours);
		g_test_message("%s", text);
		g_assert_false(r->bad);
		g_assert_cmpstr(r->peer, ==, rows_[i].peer);
		g_assert_null(r->unread);
	}
}

/* What a client may bring in by its HELO, its name in the DNS or its ident is never taken for an
 * address of ours, however the program puts them. Its true address is 203.0.113.66 or
 * 2001:db8::66. */
static void
test_false_peers(void)
{
	static const char *const clauses[] = {
		"[198.51.100.7] (helo=.evil.example [203.0.113.66])",
		"[198.51.100.7] (helo= [203.0.113.66])",
		"[198.51.100.7] (helo= 203.0.113.66)",
		"[198.51.100.7] (helo=b [203.0.113.66] (may be forged))",
		"[198.51.100.7] (helo=b@evil.example [203.0.113.66])",
		"[198.51.100.7] (helo=b@[203.0.113.66])",
		"[198.51.100.7] (helo=b@203.0.113.66)",
		"[198.51.100.7] (EHLO=b@[IPv6:2001:db8::66])",
		"[198.51.100.7] (HELO b@203.0.113.66)",
		"[198.51.100.7] (HELO y) (helo=z@203.0.113.66)",
		"x (a [198.51.100.7] ehlo b [203.0.113.66])",
		"x (a [198.51.100.7] helo=q@evil [203.0.113.66])",
		"x (HELO y) ([198.51.100.7] HELO z@203.0.113.66)",
		"x (a [198.51.100.7] (b [203.0.113.66]))",
		"[203.0.113.66] (x[198.51.100.7])",
		"[203.0.113.66] (\"x\"[198.51.100.7])",
		"[203.0.113.66] ((x)[198.51.100.7])",
		"[203.0.113.66] (x@[198.51.100.7])",
		"[203.0.113.66] ([198.51.100.7])",
		"rdns ([127.0.0.1]) [203.0.113.66]:4711",
		"x [198.51.100.7] via [203.0.113.66]",
		"x([198.51.100.7])via [203.0.113.66]:4711",
		"rdns ([127.0.0.1]) [203.0.113.66]",
		"rdns ([127.0.0.1]) [203.0.113.66.13219]",
		"rdns ([127.0.0.1]) [203.0.113.66.13219] (mail)",
		"rdns ([127.0.0.1]) [203.0.113.66:13219]",
		"rdns (127.0.0.1) [203.0.113.66]:4711",
		"rdns (x [127.0.0.1]) [203.0.113.66]:4711",
		"rdns ([127.0.0.1]:25) [203.0.113.66]",
		"rdns ([127.0.0.1.25]) [203.0.113.66]",
		"([127.0.0.1]) [203.0.113.66]",
		"([127.0.0.1]) [203.0.113.66]:4711 (mail)",
		"(127.0.0.1) [203.0.113.66]",
		"(x) [203.0.113.66] (127.0.0.1)",
		"(x) [203.0.113.66] ([127.0.0.1])",
		"rdns (x) [203.0.113.66.13219] (127.0.0.1)",
		"rdns (x) [203.0.113.66.13219] ([127.0.0.1])",
		"rdns (x) [203.0.113.66.13219] (x [127.0.0.1])",
		"rdns ([IPv6:::1]) [203.0.113.66]:4711",
		"rdns ([IPv6:::1]) [2001:db8::66]:4711",
		"rdns ([IPv6:fe80::1%lo]) [2001:db8::66%eth0]:4711",
		"rdns (::1) [2001:db8::66.4711]",
		"rdns (::1%lo) [IPv6:2001:db8::66]",
		"rdns ([::1]:25) (2001:db8::66%eth0)",
		"rdns ([::ffff:127.0.0.1]) (203.0.113.66)",
		"[203.0.113.66] (127.0.0.1)",
		"[203.0.113.66.4711] (127.0.0.1)",
		"[203.0.113.66.4711] ([127.0.0.1])",
		"[203.0.113.66.4711] (x [127.0.0.1])",
		"[203.0.113.66]:4711 (127.0.0.1)",
		"[203.0.113.66]:4711 ([127.0.0.1])",
		"[203.0.113.66]:4711 (x [127.0.0.1])",
		"[203.0.113.66:4711] (x [127.0.0.1])",
		"[203.0.113.66] (::1)",
		"[2001:db8::66] ([::1])",
		"[2001:db8::66]:4711 (x [::1])",
		"203.0.113.66 (127.0.0.1)",
		"203.0.113.66 ([127.0.0.1])",
		"203.0.113.66 (HELO x) ([127.0.0.1])",
		"127.0.0.1 (203.0.113.66)",
		"127.0.0.1 (HELO x) (203.0.113.66)",
		"[127.0.0.1] (203.0.113.66)",
		"[127.0.0.1] [203.0.113.66]",
		"[127.0.0.1] (HELO x)",
		"[127.0.0.1] (EHLO x)",
		"[127.0.0.1] (EHLO=x)",
		"[127.0.0.1] (ident=x)",
		"[127.0.0.1] (x)",
		"[127.0.0.1] (x helo=y)",
		"[127.0.0.1] (x) (helo=y)",
		"[127.0.0.1] x (helo=y) 203.0.113.66",
		"[127.0.0.1] (helo=x ident=y) (z [203.0.113.66])",
		"127.0.0.1 (helo=x)",
		"[127.0.0.1]",
		"127.0.0.1",
		"[203.0.113.66] (Forwarded-For: [127.0.0.1])",
		"[203.0.113.66] (proxying for [127.0.0.1])",
		"203.0.113.66 (proxying for 127.0.0.1)",
		"[203.0.113.66] (port=4711 ident=127.0.0.1)",
		"[203.0.113.66] (port=4711 ident=[127.0.0.1])",
		"rdns (HELO x) (127.0.0.1) (joe@203.0.113.66)",
		"rdns (HELO x) ([127.0.0.1]) (joe@203.0.113.66)",
		"rdns (HELO x) (joe@127.0.0.1)",
		"rdns (HELO x) (127.0.0.1@203.0.113.66)",
		"rdns (HELO x) ([127.0.0.1]@203.0.113.66)",
		"rdns (x (y) [127.0.0.1])",
		"rdns (127.0.0.1 HELO x)",
		"rdns (127.0.0.1 HELO [203.0.113.66])",
		"rdns (127.0.0.1 helo [203.0.113.66])",
		"rdns (127.0.0.1) (203.0.113.66, port 4711)",
		"rdns ([127.0.0.1]) (203.0.113.66, port 4711)",
		"rdns ([127.0.0.1]) (203.0.113.66:4711)",
		"rdns ([127.0.0.1]) (203.0.113.66.4711)",
		"rdns ([127.0.0.1]) (ip=203.0.113.66)",
		"rdns ([127.0.0.1]) (host <203.0.113.66>)",
		"rdns ([127.0.0.1]) (IPv6:2001:db8::66 x)",
		"rdns ([127.0.0.1]) 203.0.113.66",
		"rdns ([127.0.0.1]) ip=203.0.113.66",
		"rdns [127.0.0.1] x[203.0.113.66]",
		"rdns [127.0.0.1] 203.0.113.66:4711",
		"rdns [127.0.0.1] [203.0.113.66.99999999]",
		"rdns [127.0.0.1]x",
		"rdns [127.0.0.1]:x",
		"rdns x[127.0.0.1]",
		"rdns (x [127.0.0.1]:y)",
		"rdns ([127.0.0.1].4711)",
		"rdns (127.0.0.1:4711)",
		"rdns (127.0.0.1.4711)",
		"rdns (x 127.0.0.1)",
		"rdns (127.0.0.1 x)",
		"rdns 127.0.0.1",
		"rdns [unknown] ([127.0.0.1])",
		"rdns ([unknown]) ([127.0.0.1])",
		"rdns ([127.0.0.1] [unknown])",
		"rdns (joe=[127.0.0.1] x [203.0.113.66])",
	};
	static const char *const forms[] = {
		"from %s by mx.example.org with ESMTP id 1",
		"from %s by mx.example.org with esmtps (Exim 4.96) id 1",
		"from %s\n\tby mx.example.org (CommuniGate) with ESMTP id 1",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(clauses); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(forms); k++) {
			g_auto(GStrv) parts = g_strsplit(forms[k], "%s", 2);
			g_autofree char *text = g_strjoin(clauses[i], parts[0], parts[1], NULL);
			g_autoptr(Received) r = received_read((Span){ text, strlen(text) }, ours);
			g_test_message("%s", text);
			g_assert_false(r->bad);
			g_assert_null(r->peer);
		}
	}
}

/* What only another program than Exim means by it. */
static void
test_exim_peers(void)
{
	static const char *const tails[] = { "(Exim 3.36 #1) id 1", "(Exim) id 1",
		                             "(TLS1.3) tls X (Exim 4.96) id 1" };

	for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
		g_autofree char *text = g_strdup_printf(
		        "from [203.0.113.66] (x [127.0.0.1]) by mx.example.org with smtp %s",
		        tails[i]);
		g_autoptr(Received) r = received_read((Span){ text, strlen(text) }, ours);
		g_test_message("%s", text);
		g_assert_false(r->bad);
		g_assert_null(r->peer);
		g_assert_cmpstr(r->unread, ==, "203.0.113.66, 127.0.0.1");

		/* It writes no address without brackets: that is HELO. */
		g_autofree char *helo = g_strdup_printf(
		        "from rdns (127.0.0.1) by mx.example.org with smtp %s", tails[i]);
		g_autoptr(Received) without = received_read((Span){ helo, strlen(helo) }, ours);
		g_assert_false(without->bad);
		g_assert_null(without->peer);
	}
}

/* A pickup, however its comment is folded or spelled; a form that Postfix does not write is of
 * nobody. Never is it a field that shows nothing. */
static void
test_pickups(void)
{
	static const struct {
		const char *comment, *user;
	} forms[] = {
		{ "Postfix, from userid 33", "33" },    { "Postfix,\r\n\tfrom userid 33", "33" },
		{ "Postfix, from  userid\n 33", "33" }, { "Postfix,\tFrom Userid 33", "33" },
		{ "Postfix,from userid 33", NULL },     { "Postfix, (x) from userid 33", NULL },
		{ "Postfix, from userid 33 ", NULL },   { "Postfix, from userid 33)(", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *text =
		        g_strdup_printf("by mx.example.org (%s) id 1", forms[i].comment);
		g_autoptr(Received) r = received_read((Span){ text, strlen(text) }, ours);
		g_test_message("%s", text);
		g_assert_true(r->is_local);
		g_assert_false(r->is_silent);
		if (forms[i].user)
			g_assert_cmpstr(r->local_user, ==, forms[i].user);
	}
}

/* Depth and length are capped. */
static void
test_caps(void)
{
	g_autoptr(GString) text = g_string_new("by mx.example.org with ESMTPSA (");

	while (text->len < RECEIVED_MAX - 1)
		g_string_append_c(text, 'x');
	g_string_append_c(text, ')');
	g_autoptr(Received) fits = received_read((Span){ text->str, text->len }, ours);
	g_assert_false(fits->bad);
	g_assert_cmpstr(fits->with, ==, "ESMTPSA");
	g_string_append_c(text, ' ');
	g_autoptr(Received) longer = received_read((Span){ text->str, text->len }, ours);
	g_assert_true(longer->bad);

	for (unsigned depth = 5; depth <= 20000; depth += 19995) {
		g_string_assign(text, "by mx.example.org with ESMTPSA ");
		for (unsigned i = 0; i < depth; i++)
			g_string_append_c(text, '(');
		for (unsigned i = 0; i < depth; i++)
			g_string_append_c(text, ')');
		g_autoptr(Received) nested = received_read((Span){ text->str, text->len }, ours);
		g_assert_cmpint(nested->bad, ==, depth > 5);
	}
}

/* Items that hold more than one host. */
static const char *const wide[] = { ".example.org", "192.0.2.0/24", "2001:db8::/32", NULL };

typedef struct {
	const char *a, *b;
	bool same;
} HostRow;

static const HostRow host_rows[] = {
	{ "mx.example.org", "mx.example.org", true },
	{ "mx.example.org", "MX.Example.Org", true },
	{ "mx.example.org.", "mx.example.org", true },
	{ "mx.example.org", "mx.example.org.", true },
	{ "mx.example.org", "mx.example.or", false },
	{ "mx.example.org", "amx.example.org", false },
	{ "mx.example.org", "x.example.org", false },
	{ "mx.example.org..", "mx.example.org", false },
	{ "mx", "mx.example.org", false },
	{ "", "", false },
	{ ".", ".", false },
	{ "", "mx", false },
};

static void
test_wide_hosts(void)
{
	static const char *const in[] = { "a.example.org",  "A.B.Example.ORG.",
		                          "_x.example.org", "\303\244.example.org",
		                          "192.0.2.1",      "[192.0.2.1]",
		                          "192.0.2.1.",     "::ffff:192.0.2.9",
		                          "2001:DB8::1",    "[IPv6:2001:db8::]" };
	static const char *const out[] = { "",
		                           ".",
		                           "example.org",
		                           ".example.org",
		                           "..example.org",
		                           "aexample.org",
		                           "a.example.org..",
		                           "a.example.organ",
		                           "a@b.example.org",
		                           "\"a\".example.org",
		                           "<a>.example.org",
		                           "[a].example.org",
		                           "a/b.example.org",
		                           "192.0.3.1",
		                           "192.0.2.1%x",
		                           "192.0.2.1:25",
		                           "[192.0.2.1]:25",
		                           "2001:db9::1",
		                           "2001:db8::1%eth0",
		                           "192.0.2" };

	for (size_t i = 0; i < G_N_ELEMENTS(in); i++) {
		g_test_message("%s", in[i]);
		g_assert_true(received_host_in(in[i], wide));
		g_assert_false(received_same_host(in[i], wide[0]));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(out); i++) {
		g_test_message("%s", out[i]);
		g_assert_false(received_host_in(out[i], wide));
	}
}

/* A second `by` is as bad with each of them, wherever it hides. */
static void
test_wide_by(void)
{
	static const char *const hosts[] = { "x.example.org",     "a.b.EXAMPLE.org.", "192.0.2.77",
		                             "[192.0.2.77]",      "2001:DB8::7",      "2001:db8::",
		                             "[IPv6:2001:db8::7]" };
	static const char *const places[] = {
		"from x by %s by mx.example.org",
		"from x (by %s) by mx.example.org",
		"from x (y(by\r\n\t%s)) by mx.example.org",
		"from \"by %s\" by mx.example.org",
		"from x by mx.example.org for <by %s>",
		"from x by mx.example.org; by %s",
		"from x by mx.example.org; (By  %s, x)",
		"from x (by %s) by evil.example.net",
		"from x (by %s; by evil.example.net) by evil.example.net",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(places); k++) {
			g_auto(GStrv) parts = g_strsplit(places[k], "%s", -1);
			g_autofree char *text = g_strjoinv(hosts[i], parts);
			g_autoptr(Received) r = received_read((Span){ text, strlen(text) }, wide);
			g_test_message("%s", text);
			g_assert_true(r->bad);
		}
		g_autofree char *once = g_strdup_printf("from x by %s with ESMTP; 1", hosts[i]);
		g_autoptr(Received) r = received_read((Span){ once, strlen(once) }, wide);
		g_test_message("%s", once);
		g_assert_false(r->bad);
		g_assert_false(r->is_inside);
		g_assert_true(received_host_in(r->by, wide));
		g_autofree char *inner = g_strdup_printf("by %s with SMTP; 1", hosts[i]);
		g_autoptr(Received) inside = received_read((Span){ inner, strlen(inner) }, wide);
		g_assert_false(inside->bad);
		g_assert_cmpint(inside->is_inside, ==,
		                strstr(inner, "xample") == NULL && strstr(inner, "XAMPLE") == NULL);
	}
}

static void
test_hosts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(host_rows); i++) {
		const HostRow *row = &host_rows[i];
		const char *const list[] = { "other.example", row->b, NULL };
		g_test_message("%s %s", row->a, row->b);
		g_assert_cmpint(received_same_host(row->a, row->b), ==, row->same);
		g_assert_cmpint(received_host_in(row->a, list), ==, row->same);
	}
	g_assert_false(received_host_in(NULL, ours));
	g_assert_false(received_host_in(NULL, wide));
	g_assert_true(received_host_in("relay.example.org", ours));
}

/* Without hosts of ours, no by is one too many. */
static void
test_nothing_ours(void)
{
	static const char *const nobody[] = { NULL };
	static const char value[] = "from x (by mx.example.org) by mx.example.org with ESMTP";
	g_autoptr(Received) r = received_read((Span){ value, strlen(value) }, nobody);

	g_assert_false(r->bad);
	g_assert_cmpstr(r->by, ==, "mx.example.org");
}

/* No bytes make the lexer read too far; what it believes names our host once. */
static void
test_laws(void)
{
	static const char *const pieces[] = { "from ",
		                              "by ",
		                              "with ",
		                              "id ",
		                              "for ",
		                              "via ",
		                              "(",
		                              ")",
		                              "\"",
		                              "<",
		                              ">",
		                              "[",
		                              "]",
		                              ";",
		                              " ",
		                              "\\",
		                              "x ",
		                              "mx.example.org ",
		                              "ESMTPSA ",
		                              "[192.0.2.1]",
		                              "helo=",
		                              "HELO ",
		                              "Authenticated sender: j " };
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 50000; round++) {
		g_autoptr(GString) text = g_string_new(NULL);
		for (int n = g_rand_int_range(rand, 0, 16); n > 0; n--)
			g_string_append(text,
			                pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
		g_autofree char *exact = g_memdup2(text->str, text->len);
		g_autoptr(Received) r =
		        received_read((Span){ exact ? exact : "", text->len }, ours);
		const char *first = strstr(text->str, "by mx.example.org ");
		if (!r->bad && first) {
			g_assert_cmpstr(r->by, ==, "mx.example.org");
			g_assert_null(strstr(first + 1, " by mx.example.org"));
		}
		if (!r->bad && r->peer)
			g_assert_cmpstr(r->peer, ==, "192.0.2.1");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/received/read/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_read);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(logins); i++) {
		g_autofree char *path = g_strdup_printf("/received/login/%02zu", i);
		g_test_add_data_func(path, &logins[i], test_login);
	}
	g_test_add_func("/received/true-peers", test_true_peers);
	g_test_add_func("/received/false-peers", test_false_peers);
	g_test_add_func("/received/exim-peers", test_exim_peers);
	g_test_add_func("/received/pickups", test_pickups);
	g_test_add_func("/received/caps", test_caps);
	g_test_add_func("/received/hosts", test_hosts);
	g_test_add_func("/received/wide-hosts", test_wide_hosts);
	g_test_add_func("/received/wide-by", test_wide_by);
	g_test_add_func("/received/nothing-ours", test_nothing_ours);
	g_test_add_func("/received/laws", test_laws);
	return g_test_run();
}
