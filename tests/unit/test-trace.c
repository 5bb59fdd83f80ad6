/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves, for every numbered format of the reference on trace headers, with a login and without,
 * and for every forgery there, what a Received field says and what is decided from it. The rows
 * come from that reference, not from the code: if a row fails, consult the reference. */
#include <string.h>

#include "core/received.h"
#include "core/submission.h"
#include "settings.h"

/* A head with its length, since some rows hold NULs. */
#define HEAD(s) (s), sizeof(s) - 1
#define DATE "; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)\n"
#define MX "mx.example.org"
#define ANY "(any)" /* a fact on which the reference is silent */
#define ALL "postfix sendmail courier kerio qpsmtpd communigate criticalpath squirrelmail"

typedef struct {
	const char *name; /* number of the format in the reference, or "forged" */
	const char *head;
	size_t length;
	/* What received_read() finds in the field; NULL: the field does not have it. */
	const char *by, *with, *id, *peer, *helo;
	const char *user, *local;
	bool bad;
	unsigned hop; /* the field meant, counted from the top */
	/* What submission_read() decides. */
	Verdict verdict;
	Reason reason;
	const char *login; /* NULL: that of the field */
	/* Settings, lists split at blanks, and facts. */
	const char *trusted_by; /* NULL: the name in .by, or else MX */
	const char *dialect, *relay_nets, *trusted_clients, *filter_uids, *user_uids, *hidden_by,
	        *submission_by, *webmail_by, *relay_accounts, *authserv_id, *sasl_username,
	        *queue_id;
	bool ar_stripped, local_is_trusted;
} Row;

#define SEEN(by_, with_, id_, peer_, helo_)                                                        \
	.by = by_, .with = with_, .id = id_, .peer = peer_, .helo = helo_
#define AUTH(why) .verdict = VERDICT_AUTHENTICATED, .reason = REASON_##why
#define ANON(why) .verdict = VERDICT_ANONYMOUS, .reason = REASON_##why
#define UNKNOWN(why) .verdict = VERDICT_UNKNOWN, .reason = REASON_##why
#define BAD .bad = true, ANON(MALFORMED)

static const Row rows[] = {
/* 1. Postfix: an A in the word; the comment only with smtpd_sasl_authenticated_header=yes. */
#define POSTFIX(comments, word)                                                                    \
	"Received: from [192.0.2.11] (unknown [203.0.113.137])\n" comments                         \
	"\tby mx.example.org (Postfix) with " word " id CBD46C433C6\n"                             \
	"\tfor <joe@example.net>" DATE
#define TLS                                                                                        \
	"\t(using TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits))\n"               \
	"\t(No client certificate requested)\n"
#define JANE "\t(Authenticated sender: jane)\n"
#define POSTFIX_SEEN(word) SEEN(MX, word, "CBD46C433C6", "203.0.113.137", "[192.0.2.11]")
	{ "01-postfix", HEAD(POSTFIX(TLS JANE, "ESMTPSA")), POSTFIX_SEEN("ESMTPSA"), .user = "jane",
	  AUTH(WITH) },
	{ "01-postfix-no-comment", HEAD(POSTFIX(TLS, "ESMTPSA")), POSTFIX_SEEN("ESMTPSA"),
	  AUTH(WITH) },
	{ "01-postfix-no-tls", HEAD(POSTFIX("", "ESMTPA")), POSTFIX_SEEN("ESMTPA"), AUTH(WITH) },
	{ "01-postfix-no-login", HEAD(POSTFIX(TLS, "ESMTPS")), POSTFIX_SEEN("ESMTPS"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "01-postfix-no-login-helo", HEAD(POSTFIX("", "SMTP")), POSTFIX_SEEN("SMTP"),
	  ANON(NO_LOGIN) },
	{ "01-postfix-printer", HEAD(POSTFIX("", "ESMTP")), POSTFIX_SEEN("ESMTP"),
	  .trusted_clients = "203.0.113.136/29", AUTH(TRUSTED_CLIENT) },
	{ "01-postfix-relay-account",
	  HEAD(POSTFIX(TLS "\t(Authenticated sender: CRM-Robot)\n", "ESMTPSA")),
	  POSTFIX_SEEN("ESMTPSA"), .user = "CRM-Robot", .relay_accounts = "crm-robot",
	  ANON(RELAY_LOGIN) },
	{ "01-postfix-ipv6-several-recipients",
	  HEAD("Received: from mail.example.net (mail.example.net [IPv6:2001:db8:7::25])\r\n"
	       "\tby mx.example.org (Postfix) with ESMTPS id 4TgX2b3Yz9zKmW2\r\n"
	       "\t; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)\r\n"),
	  SEEN(MX, "ESMTPS", "4TgX2b3Yz9zKmW2", "2001:db8:7::25", "mail.example.net"),
	  ANON(NO_LOGIN) },

	/* 2. Postfix 2.3 and 2.4: the comment is the only sign, there was no A yet. */
	{ "02-postfix-2.3", HEAD(POSTFIX(JANE, "ESMTP")), POSTFIX_SEEN("ESMTP"), .user = "jane",
	  .dialect = "postfix", AUTH(COMMENT) },
	{ "02-postfix-2.3-no-dialect", HEAD(POSTFIX(JANE, "ESMTP")), POSTFIX_SEEN("ESMTP"),
	  .user = "jane", ANON(NO_LOGIN) },
	{ "02-postfix-2.3-dialect-of-host", HEAD(POSTFIX(TLS JANE, "ESMTPS")),
	  POSTFIX_SEEN("ESMTPS"), .user = "jane", .dialect = "mx.example.org=postfix",
	  AUTH(COMMENT) },
	{ "02-postfix-2.3-dialect-of-another-host", HEAD(POSTFIX(TLS JANE, "ESMTPS")),
	  POSTFIX_SEEN("ESMTPS"), .user = "jane", .dialect = "relay.example.org=postfix sendmail",
	  ANON(NO_LOGIN) },
	{ "02-postfix-2.3-relay-account",
	  HEAD(POSTFIX("\t(Authenticated sender: GATE@example.org)\n", "ESMTP")),
	  POSTFIX_SEEN("ESMTP"), .user = "GATE@example.org", .dialect = "postfix",
	  .relay_accounts = "other gate@example.org", ANON(RELAY_LOGIN) },
	{ "02-postfix-2.3-no-login", HEAD(POSTFIX("", "ESMTP")), POSTFIX_SEEN("ESMTP"),
	  .dialect = "postfix", ANON(NO_LOGIN) },

/* 3. Postfix under another mail_name: nobody looks for "(Postfix)". */
#define SPECTRUM(word)                                                                             \
	"Received: from zn.example.net (p200300.dip.example.net [IPv6:2001:db8:c2::7])\n"          \
	"\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"                     \
	"\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\n"                           \
	"\t(No client certificate requested)\n"                                                    \
	"\tby mail.example.org (SuperMail on ZX Spectrum 128k) with " word " id 104B940E01A5\n"    \
	"\tfor <joe@example.net>" DATE
#define SPECTRUM_SEEN(word)                                                                        \
	SEEN("mail.example.org", word, "104B940E01A5", "2001:db8:c2::7", "zn.example.net")
	{ "03-mail-name", HEAD(SPECTRUM("UTF8SMTPSA")), SPECTRUM_SEEN("UTF8SMTPSA"), AUTH(WITH) },
	{ "03-mail-name-no-login", HEAD(SPECTRUM("UTF8SMTPS")), SPECTRUM_SEEN("UTF8SMTPS"),
	  ANON(NO_LOGIN) },

/* 4. Postfix 3.10 with smtpd_hide_client_session=yes: no sign at all, the shape of a bounce. */
#define HIDDEN                                                                                     \
	"Received: by mail.example.org (Postfix) id 4YvDk24m8Xz3xQ\n"                              \
	"\tfor <joe@example.net>" DATE
#define HIDDEN_SEEN SEEN("mail.example.org", NULL, "4YvDk24m8Xz3xQ", NULL, NULL)
	{ "04-hidden", HEAD(HIDDEN), HIDDEN_SEEN, .dialect = "postfix", UNKNOWN(SILENT) },
	{ "04-hidden-by", HEAD(HIDDEN), HIDDEN_SEEN, .hidden_by = "mail.example.org",
	  AUTH(SUBMISSION_LISTENER) },
	{ "04-hidden-by-another-host", HEAD(HIDDEN), HIDDEN_SEEN, .hidden_by = MX,
	  UNKNOWN(SILENT) },
	{ "04-hidden-bounce",
	  HEAD("Received: by mail.example.org (Postfix)\n\tid 1B2C3D4E5F6" DATE),
	  SEEN("mail.example.org", NULL, "1B2C3D4E5F6", NULL, NULL), UNKNOWN(SILENT) },
	{ "04-hidden-no-more-once-it-shows-a-word",
	  HEAD("Received: by mail.example.org (Postfix) with ESMTPS id 1B2C3D4E5F6" DATE),
	  SEEN("mail.example.org", "ESMTPS", "1B2C3D4E5F6", NULL, NULL),
	  .hidden_by = "mail.example.org", ANON(NO_LOGIN) },
	{ "04-hidden-no-more-once-it-shows-a-link",
	  HEAD("Received: by mail.example.org (Postfix) via tcp id 1B2C3D4E5F6" DATE),
	  SEEN("mail.example.org", NULL, "1B2C3D4E5F6", NULL, NULL),
	  .hidden_by = "mail.example.org", ANON(NO_LOGIN) },

/* 5. Postfix's sendmail command: a local user, not a login. */
#define PICKUP(uid)                                                                                \
	"Received: by mx.example.org (Postfix, from userid " uid ")\n\tid 022DD68B05" DATE
#define PICKUP_SEEN(uid) SEEN(MX, NULL, "022DD68B05", NULL, NULL), .local = uid
	{ "05-pickup", HEAD(PICKUP("2407")), PICKUP_SEEN("2407"), ANON(LOCAL_PICKUP) },
	{ "05-pickup-user-uid", HEAD(PICKUP("2407")), PICKUP_SEEN("2407"), .user_uids = "501 2407",
	  .login = ANY, AUTH(LOCAL_UID) },
	{ "05-pickup-www-data", HEAD(PICKUP("33")), PICKUP_SEEN("33"), .user_uids = "2407",
	  .filter_uids = "1001", ANON(LOCAL_PICKUP) },
	{ "05-pickup-first-user", HEAD(PICKUP("1000")), PICKUP_SEEN("1000"), .user_uids = "100",
	  ANON(LOCAL_PICKUP) },
	{ "05-pickup-is-never-hidden", HEAD(PICKUP("33")), PICKUP_SEEN("33"), .hidden_by = MX,
	  .submission_by = MX, ANON(LOCAL_PICKUP) },

	/* 6. A content filter's sendmail command puts its own field above the true one. */
	{ "06-filter", HEAD(PICKUP("1001") POSTFIX(TLS JANE, "ESMTPSA")), .hop = 1,
	  POSTFIX_SEEN("ESMTPSA"), .user = "jane", .filter_uids = "1001", AUTH(WITH) },
	{ "06-filter-no-login", HEAD(PICKUP("1001") POSTFIX(TLS, "ESMTPS")), .hop = 1,
	  POSTFIX_SEEN("ESMTPS"), .filter_uids = "1001", ANON(NO_LOGIN) },
	{ "06-filter-not-listed", HEAD(PICKUP("1001") POSTFIX(TLS JANE, "ESMTPSA")),
	  PICKUP_SEEN("1001"), ANON(LOCAL_PICKUP) },
	{ "06-filter-alone", HEAD(PICKUP("1001")), PICKUP_SEEN("1001"), .filter_uids = "1001",
	  ANON(LOCAL_PICKUP) },
	{ "06-filter-above-a-local-user", HEAD(PICKUP("1001") PICKUP("2407")), .hop = 1,
	  PICKUP_SEEN("2407"), .filter_uids = "1001", .user_uids = "2407", .login = ANY,
	  AUTH(LOCAL_UID) },

	/* 7. Postfix-like, no from, the comment after by: the word is the sign. */
	{ "07-after-by",
	  HEAD("Received: by smtp9.relay.example.org (Authenticated sender:\n"
	       "\tjane-AT-example.org) with ESMTPSA id BA025C015A" DATE),
	  SEEN("smtp9.relay.example.org", "ESMTPSA", "BA025C015A", NULL, NULL), .user = ANY,
	  .login = ANY, AUTH(WITH) },
	{ "07-after-by-no-word",
	  HEAD("Received: by smtp9.relay.example.org (Authenticated sender: jane) with ESMTP\n"
	       "\tid BA025C015A" DATE),
	  SEEN("smtp9.relay.example.org", "ESMTP", "BA025C015A", NULL, NULL), .user = "jane",
	  .dialect = ALL, ANON(NO_LOGIN) },
	{ "07-after-by-no-login",
	  HEAD("Received: by smtp9.relay.example.org (SMTP Server) with ESMTP id BA025C015A" DATE),
	  SEEN("smtp9.relay.example.org", "ESMTP", "BA025C015A", NULL, NULL), ANON(NO_LOGIN) },

/* 8. Sendmail: word and comment. */
#define SENDMAIL(peer, comments, word)                                                             \
	"Received: from miraculix.example.net (" peer ")\n" comments                               \
	"\tby canardo.example.org (8.15.2/8.15.2) with " word " id 07H8d1J3030318\n"               \
	"\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)\n"                   \
	"\tfor <joe@example.net>; Mon, 24 Nov 2025 10:00:00 +0100\n"
#define MIRACULIX "miraculix.example.net [IPv6:2001:db8:41::9]"
#define SENDMAIL_SEEN(word)                                                                        \
	SEEN("canardo.example.org", word, "07H8d1J3030318", "2001:db8:41::9",                      \
	     "miraculix.example.net")
	{ "08-sendmail", HEAD(SENDMAIL(MIRACULIX, "\t(authenticated bits=0)\n", "ESMTPSA")),
	  SENDMAIL_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "08-sendmail-no-login", HEAD(SENDMAIL(MIRACULIX, "", "ESMTPS")), SENDMAIL_SEEN("ESMTPS"),
	  .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "08-sendmail-may-be-forged",
	  HEAD(SENDMAIL("dsl-9.example.net [203.0.113.9] (may be forged)", "", "ESMTPS")),
	  SEEN("canardo.example.org", "ESMTPS", "07H8d1J3030318", "203.0.113.9",
	       "miraculix.example.net"),
	  .trusted_clients = "203.0.113.9", AUTH(TRUSTED_CLIENT) },
	{ "08-sendmail-ident", HEAD(SENDMAIL("jane@dsl-9.example.net [203.0.113.9]", "", "ESMTP")),
	  SEEN("canardo.example.org", "ESMTP", "07H8d1J3030318", "203.0.113.9",
	       "miraculix.example.net"),
	  .dialect = ALL, ANON(NO_LOGIN) },

/* 9. Sendmail, older or with rules of its own: only a comment. */
#define OLD_SENDMAIL(comments)                                                                     \
	"Received: from [192.0.2.44] (c-66.example.net [203.0.113.44])\n" comments                 \
	"        by outgoing.example.org (8.14.7/8.12.4) with ESMTP id 13UHWq2x004321\n"           \
	"        (version=TLSv1/SSLv3 cipher=AES256-SHA bits=256 verify=NOT)\n"                    \
	"        for <joe@example.net>; Mon, 24 Nov 2025 10:00:00 -0500\n"
#define OLD_SENDMAIL_SEEN                                                                          \
	SEEN("outgoing.example.org", "ESMTP", "13UHWq2x004321", "203.0.113.44", "[192.0.2.44]")
#define AS_JANE                                                                                    \
	"        (authenticated bits=0)\n"                                                         \
	"        (User authenticated as jane@ATHENA.EXAMPLE.ORG)\n"
	{ "09-old-sendmail", HEAD(OLD_SENDMAIL(AS_JANE)), OLD_SENDMAIL_SEEN,
	  .user = "jane@ATHENA.EXAMPLE.ORG", .dialect = "sendmail", AUTH(COMMENT) },
	{ "09-old-sendmail-no-dialect", HEAD(OLD_SENDMAIL(AS_JANE)), OLD_SENDMAIL_SEEN,
	  .user = "jane@ATHENA.EXAMPLE.ORG", ANON(NO_LOGIN) },
	{ "09-old-sendmail-full",
	  HEAD(OLD_SENDMAIL("\t(authenticated user=jane mech=PLAIN bits=0)\n")), OLD_SENDMAIL_SEEN,
	  .user = "jane", .dialect = "sendmail", AUTH(COMMENT) },
	{ "09-old-sendmail-full-no-dialect",
	  HEAD(OLD_SENDMAIL("\t(authenticated user=jane mech=PLAIN bits=0)\n")), OLD_SENDMAIL_SEEN,
	  .user = "jane", .dialect = "postfix kerio", ANON(NO_LOGIN) },
	{ "09-old-sendmail-no-user", HEAD(OLD_SENDMAIL("\t(authenticated mech=LOGIN bits=128)\n")),
	  OLD_SENDMAIL_SEEN, .dialect = "sendmail", AUTH(COMMENT) },
	{ "09-old-sendmail-n-bits", HEAD(OLD_SENDMAIL("\t(authenticated (56 bits))\n")),
	  OLD_SENDMAIL_SEEN, .dialect = "sendmail", AUTH(COMMENT) },
	{ "09-old-sendmail-n-bits-no-dialect", HEAD(OLD_SENDMAIL("\t(authenticated (56 bits))\n")),
	  OLD_SENDMAIL_SEEN, ANON(NO_LOGIN) },
	{ "09-old-sendmail-no-login", HEAD(OLD_SENDMAIL("")), OLD_SENDMAIL_SEEN,
	  .dialect = "sendmail", ANON(NO_LOGIN) },

/* 10. Sendmail's local submission: begins with a comment, has no from. */
#define SUBMIT                                                                                     \
	"Received: (from jane@localhost)\n"                                                        \
	"\tby h5.example.org (8.14.3/8.14.3/Submit) id nB1ERAZu021320\n"                           \
	"\tfor joe@example.net; Mon, 24 Nov 2025 10:00:00 GMT\n"
#define SUBMIT_SEEN SEEN("h5.example.org", NULL, "nB1ERAZu021320", NULL, NULL), .local = "jane"
	{ "10-submit", HEAD(SUBMIT), SUBMIT_SEEN, .dialect = "sendmail", ANON(LOCAL_PICKUP) },
	{ "10-submit-user-uid", HEAD(SUBMIT), SUBMIT_SEEN, .user_uids = "jane", .login = ANY,
	  AUTH(LOCAL_UID) },
	{ "10-submit-is-not-hidden", HEAD(SUBMIT), SUBMIT_SEEN, .hidden_by = "h5.example.org",
	  ANON(LOCAL_PICKUP) },

/* 11. Exim: the word in lower case; the login is in its log only. */
#define EXIM(from, word)                                                                           \
	"Received: from " from "\n"                                                                \
	"\tby sslproxy08.example.org with " word " (TLS1.3) tls TLS_AES_256_GCM_SHA384\n"          \
	"\t(Exim 4.96)\n"                                                                          \
	"\t(envelope-from <jane@example.org>)\n"                                                   \
	"\tid 1tFZTA-000A3a-0S\n"                                                                  \
	"\tfor joe@example.net; Mon, 24 Nov 2025 10:00:00 +0100\n"
#define EXIM_SEEN(word, helo)                                                                      \
	SEEN("sslproxy08.example.org", word, "1tFZTA-000A3a-0S", "203.0.113.86", helo)
	{ "11-exim", HEAD(EXIM("[203.0.113.86] (helo=zen.localdomain)", "esmtpsa")),
	  EXIM_SEEN("esmtpsa", "zen.localdomain"), AUTH(WITH) },
	{ "11-exim-no-tls", HEAD(EXIM("dsl.example.net ([203.0.113.86] helo=zen)", "esmtpa")),
	  EXIM_SEEN("esmtpa", "zen"), AUTH(WITH) },
	{ "11-exim-no-login", HEAD(EXIM("mail.example.net ([203.0.113.86])", "esmtps")),
	  EXIM_SEEN("esmtps", "mail.example.net"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "11-exim-port",
	  HEAD(EXIM("mail.example.net ([203.0.113.86]:40112 helo=mail.example.net)", "smtp")),
	  EXIM_SEEN("smtp", "mail.example.net"), ANON(NO_LOGIN) },
	{ "11-exim-ident", HEAD(EXIM("[203.0.113.86] (port=40112 helo=zen ident=jane)", "esmtp")),
	  EXIM_SEEN("esmtp", "zen"), .dialect = ALL, ANON(NO_LOGIN) },

	/* 12. Exim's other words. */
	{ "12-exim-tls-on-connect", HEAD(EXIM("[203.0.113.86] (helo=zen)", "essmtpa")),
	  EXIM_SEEN("essmtpa", "zen"), AUTH(WITH) },
	{ "12-exim-tls-on-connect-no-login", HEAD(EXIM("[203.0.113.86] (helo=zen)", "essmtp")),
	  EXIM_SEEN("essmtp", "zen"), ANON(NO_LOGIN) },
	{ "12-exim-utf8", HEAD(EXIM("[203.0.113.86] (helo=zen)", "utf8esmtpsa")),
	  EXIM_SEEN("utf8esmtpsa", "zen"), AUTH(WITH) },
	{ "12-exim-utf8-tls-on-connect", HEAD(EXIM("[203.0.113.86] (helo=zen)", "utf8essmtpa")),
	  EXIM_SEEN("utf8essmtpa", "zen"), AUTH(WITH) },
	{ "12-exim-utf8-no-login", HEAD(EXIM("[203.0.113.86] (helo=zen)", "utf8esmtps")),
	  EXIM_SEEN("utf8esmtps", "zen"), ANON(NO_LOGIN) },
	{ "12-exim-4.34", HEAD(EXIM("[203.0.113.86] (helo=zen)", "asmtp")),
	  EXIM_SEEN("asmtp", "zen"), AUTH(WITH) },
#define EXIM_LOCAL(word)                                                                           \
	"Received: from jane by bombadil.example.org with " word " (Exim 4.98.2 #2 (Red Hat "      \
	"Linux))\n\t(envelope-from <jane@example.org>)\n"                                          \
	"\tid 1vNTzQ-0000000BSIY-2lLw; Mon, 24 Nov 2025 10:00:00 +0000\n"
#define EXIM_LOCAL_SEEN(word)                                                                      \
	SEEN("bombadil.example.org", word, "1vNTzQ-0000000BSIY-2lLw", NULL, ANY)
	{ "12-exim-local", HEAD(EXIM_LOCAL("local")), EXIM_LOCAL_SEEN("local"), .local = "jane",
	  ANON(LOCAL_PICKUP) },
	{ "12-exim-local-user-uid", HEAD(EXIM_LOCAL("local")), EXIM_LOCAL_SEEN("local"),
	  .local = "jane", .user_uids = "2407 jane", .login = ANY, AUTH(LOCAL_UID) },
	{ "12-exim-local-smtp-login", HEAD(EXIM_LOCAL("local-esmtpa")),
	  EXIM_LOCAL_SEEN("local-esmtpa"), .local = ANY, AUTH(WITH) },
	{ "12-exim-local-smtp-no-login", HEAD(EXIM_LOCAL("local-esmtp")),
	  EXIM_LOCAL_SEEN("local-esmtp"), .local = "jane", ANON(LOCAL_PICKUP) },
	{ "12-exim-word-of-the-caller", HEAD(EXIM_LOCAL("cron-scan")), EXIM_LOCAL_SEEN("cron-scan"),
	  .local = "jane", ANON(LOCAL_PICKUP) },

/* 13. OpenSMTPD: the word; auth= and user= (received-auth) are read by nobody. */
#define OPENSMTPD(word, auth)                                                                      \
	"Received: from xps.example.net (algiz.example.net [203.0.113.47])\n"                      \
	"\tby hermod.example.org (OpenSMTPD) with " word " id d6a231c8\n"                          \
	"\t(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)" auth "\n"                                      \
	"\tfor <joe@example.net>;\n\tMon, 24 Nov 2025 10:00:00 +0000 (UTC)\n"
#define OPENSMTPD_SEEN(word)                                                                       \
	SEEN("hermod.example.org", word, "d6a231c8", "203.0.113.47", "xps.example.net")
	{ "13-opensmtpd", HEAD(OPENSMTPD("ESMTPSA", " auth=yes user=jane")),
	  OPENSMTPD_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "13-opensmtpd-no-received-auth", HEAD(OPENSMTPD("ESMTPSA", "")),
	  OPENSMTPD_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "13-opensmtpd-helo-client", HEAD(OPENSMTPD("SMTPSA", " auth=yes user=jane")),
	  OPENSMTPD_SEEN("SMTPSA"), AUTH(WITH) },
	{ "13-opensmtpd-no-login", HEAD(OPENSMTPD("ESMTPS", " auth=no")), OPENSMTPD_SEEN("ESMTPS"),
	  ANON(NO_LOGIN) },
	{ "13-opensmtpd-auth-alone", HEAD(OPENSMTPD("ESMTPS", " auth=yes user=jane")),
	  OPENSMTPD_SEEN("ESMTPS"), .dialect = ALL, ANON(NO_LOGIN) },
#define MASKED(word)                                                                               \
	"Received: by hermod.example.org (OpenSMTPD) with " word " id d6a231c8\n"                  \
	"\t(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\n\tfor <joe@example.net>" DATE
	{ "13-opensmtpd-mask-src", HEAD(MASKED("ESMTPSA")),
	  SEEN("hermod.example.org", "ESMTPSA", "d6a231c8", NULL, NULL), AUTH(WITH) },
	{ "13-opensmtpd-mask-src-no-login", HEAD(MASKED("ESMTPS")),
	  SEEN("hermod.example.org", "ESMTPS", "d6a231c8", NULL, NULL),
	  .hidden_by = "hermod.example.org", ANON(NO_LOGIN) },

/* 14. qmail with an auth patch: the word; its comment counts for nothing. */
#define QMAIL(client, with)                                                                        \
	"Received: from unknown (HELO x.example.net) (" client ")\n"                               \
	"  by 192.0.2.9 with " with "; 24 Nov 2025 10:00:00 -0000\n"
#define QMAIL_SEEN(word, peer) SEEN("192.0.2.9", word, NULL, peer, "x.example.net")
	{ "14-qmail",
	  HEAD(QMAIL("jane@dom@[203.0.113.168]", "ESMTPSA (AES256-SHA encrypted, authenticated)")),
	  QMAIL_SEEN("ESMTPSA", "203.0.113.168"), AUTH(WITH) },
	{ "14-qmail-no-login", HEAD(QMAIL("203.0.113.168", "ESMTPS (AES256-SHA encrypted)")),
	  QMAIL_SEEN("ESMTPS", "203.0.113.168"), ANON(NO_LOGIN) },
	{ "14-qmail-comment-alone",
	  HEAD(QMAIL("jane@dom@[203.0.113.168]", "ESMTPS (AES256-SHA encrypted, authenticated)")),
	  QMAIL_SEEN("ESMTPS", "203.0.113.168"), .dialect = ALL, ANON(NO_LOGIN) },
#define ZEUS03(with)                                                                               \
	"Received: from unknown (HELO mail.zeus03.example.org) (jane@203.0.113.40)\n"              \
	"  by mail.zeus03.example.org with " with "; 24 Nov 2025 10:00:00 +0100\n"
#define ZEUS03_SEEN(word)                                                                          \
	SEEN("mail.zeus03.example.org", word, NULL, NULL, "mail.zeus03.example.org")
	{ "14-qmail-utf8",
	  HEAD(ZEUS03("UTF8SMTPSA\n\t(TLS_AES_256_GCM_SHA384 encrypted, authenticated)")),
	  ZEUS03_SEEN("UTF8SMTPSA"), AUTH(WITH) },
	{ "14-qmail-utf8-no-login", HEAD(ZEUS03("UTF8SMTPS\n\t(TLS_AES_256_GCM_SHA384 encrypted)")),
	  ZEUS03_SEEN("UTF8SMTPS"), ANON(NO_LOGIN) },

/* 15. qmail with the login where others write the ident text: nobody can tell. */
#define IDENT(client)                                                                              \
	"Received: from unknown (HELO mail.it.example.net) (" client ")\n"                         \
	"  by mail.example.org with SMTP; 24 Nov 2025 10:00:00 -0000\n"
#define IDENT_SEEN(peer) SEEN("mail.example.org", "SMTP", NULL, peer, "mail.it.example.net")
	{ "15-qmail-ident", HEAD(IDENT("jane@example.org@203.0.113.67")), IDENT_SEEN(NULL),
	  .dialect = ALL, ANON(NO_LOGIN) },
	{ "15-qmail-no-ident", HEAD(IDENT("203.0.113.67")), IDENT_SEEN("203.0.113.67"),
	  .dialect = ALL, ANON(NO_LOGIN) },

/* 16. qmail's and nullmailer's queues: no by, so nobody's; one form has the true field below. */
#define QMAIL_QUEUE "Received: (qmail 735684 invoked by uid 1000); 24 Nov 2025 10:00:00 -0000\n"
#define QMAIL_NETWORK "Received: (qmail 9024 invoked from network); 24 Nov 2025 10:00:00 -0000\n"
#define QMAIL_SMTP(by, word)                                                                       \
	"Received: from host.example.net (HELO laptop) (203.0.113.16)\n"                           \
	"  by " by " with " word "; 24 Nov 2025 10:00:00 -0000\n"
#define QMAIL_SMTP_SEEN(word) .hop = 1, SEEN(MX, word, NULL, "203.0.113.16", "laptop")
	{ "16-qmail-by-uid", HEAD(QMAIL_QUEUE), .local = ANY, .trusted_by = MX, .user_uids = "1000",
	  UNKNOWN(TOP_NOT_OURS) },
	{ "16-nullmailer",
	  HEAD("Received: (nullmailer pid 2650224 invoked by uid 1000);\n"
	       "\tMon, 24 Nov 2025 10:00:00 -0000\n"),
	  .local = ANY, .trusted_by = MX, .user_uids = "1000", UNKNOWN(TOP_NOT_OURS) },
	{ "16-qmail-network", HEAD(QMAIL_NETWORK QMAIL_SMTP(MX, "ESMTPA")),
	  QMAIL_SMTP_SEEN("ESMTPA"), AUTH(WITH) },
	{ "16-qmail-network-no-login", HEAD(QMAIL_NETWORK QMAIL_SMTP(MX, "SMTP")),
	  QMAIL_SMTP_SEEN("SMTP"), ANON(NO_LOGIN) },
	{ "16-qmail-network-alone", HEAD(QMAIL_NETWORK), .trusted_by = MX, UNKNOWN(TOP_NOT_OURS) },
	{ "16-qmail-network-of-another",
	  HEAD(QMAIL_NETWORK QMAIL_SMTP("mail.example.net", "ESMTPA")), .trusted_by = MX,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "16-qmail-by-alias",
	  HEAD("Received: (qmail 9024 invoked by alias); 24 Nov 2025 10:00:00 -0000\n" QMAIL_SMTP(
	          MX, "ESMTPA")),
	  .trusted_by = MX, .local = ANY, UNKNOWN(TOP_NOT_OURS) },

/* 17. qpsmtpd: word and comment; older ones put a comment between with and the word. */
#define QPSMTPD(comment, with)                                                                     \
	"Received: from c-71-63.example.net (HELO sigill.intra.example.net) "                      \
	"(203.0.113.13)\n" comment "  by peff.example.org (qpsmtpd/0.84) with " with               \
	"; Mon, 24 Nov 2025 10:00:00 -0500\n"
#define CRAM "  (smtp-auth username jane relayok, mechanism cram-md5)\n"
#define QPSMTPD_SEEN(word)                                                                         \
	SEEN("peff.example.org", word, NULL, "203.0.113.13", "sigill.intra.example.net")
	{ "17-qpsmtpd", HEAD(QPSMTPD(CRAM, "ESMTPA")), QPSMTPD_SEEN("ESMTPA"), .user = "jane",
	  AUTH(WITH) },
	{ "17-qpsmtpd-no-login", HEAD(QPSMTPD("", "ESMTP")), QPSMTPD_SEEN("ESMTP"),
	  .dialect = "qpsmtpd", ANON(NO_LOGIN) },
	{ "17-qpsmtpd-comment-before-the-word",
	  HEAD(QPSMTPD(CRAM, "(ECDHE-RSA-AES256-GCM-SHA384 encrypted) ESMTPSA")),
	  QPSMTPD_SEEN("ESMTPSA"), .user = "jane", AUTH(WITH) },
	{ "17-qpsmtpd-comment-before-the-word-no-login",
	  HEAD(QPSMTPD("", "(ECDHE-RSA-AES256-GCM-SHA384 encrypted) ESMTPS")),
	  QPSMTPD_SEEN("ESMTPS"), ANON(NO_LOGIN) },
	{ "17-qpsmtpd-comment-alone", HEAD(QPSMTPD(CRAM, "ESMTP")), QPSMTPD_SEEN("ESMTP"),
	  .user = "jane", .dialect = "peff.example.org=qpsmtpd", AUTH(COMMENT) },
	{ "17-qpsmtpd-comment-alone-no-relayok",
	  HEAD(QPSMTPD("  (smtp-auth username jane, mechanism plain)\n", "SMTP")),
	  QPSMTPD_SEEN("SMTP"), .user = "jane", .dialect = "qpsmtpd", AUTH(COMMENT) },
	{ "17-qpsmtpd-no-dialect", HEAD(QPSMTPD(CRAM, "ESMTP")), QPSMTPD_SEEN("ESMTP"),
	  .user = "jane", ANON(NO_LOGIN) },

/* 18. Its upper-case cousin: the comment comes after with, where none is evidence. */
#define OLIMEX(word, comment)                                                                      \
	"Received: from unknown (HELO laptop) (203.0.113.18)\n"                                    \
	"  by olimex.example.org with " word " (ECDHE-RSA-AES128-GCM-SHA256 encrypted)\n" comment  \
	"  for <joe@example.net>; Mon, 24 Nov 2025 10:00:00 +0200\n"
#define PLAIN_AUTH "  (SMTP-AUTH username jane, mechanism PLAIN)\n"
#define OLIMEX_SEEN(word) SEEN("olimex.example.org", word, NULL, "203.0.113.18", "laptop")
	{ "18-upper-case", HEAD(OLIMEX("ESMTPSA", PLAIN_AUTH)), OLIMEX_SEEN("ESMTPSA"),
	  .user = "jane", AUTH(WITH) },
	{ "18-upper-case-relay-account", HEAD(OLIMEX("ESMTPSA", PLAIN_AUTH)),
	  OLIMEX_SEEN("ESMTPSA"), .user = "jane", .relay_accounts = "Jane", ANON(RELAY_LOGIN) },
	{ "18-upper-case-comment-alone", HEAD(OLIMEX("ESMTPS", PLAIN_AUTH)), OLIMEX_SEEN("ESMTPS"),
	  .user = "jane", .dialect = ALL, ANON(NO_LOGIN) },
	{ "18-upper-case-no-login", HEAD(OLIMEX("ESMTPS", "")), OLIMEX_SEEN("ESMTPS"),
	  .dialect = ALL, ANON(NO_LOGIN) },

/* 19. Courier: word and comment, the id after the date, where nothing is read. */
#define COURIER(comment, word)                                                                     \
	"Received: from localhost ([2001:db8:19::1])\n  " comment "\n"                             \
	"  by zucker.example.org with " word "; Mon, 24 Nov 2025 10:00:00 +0100\n"                 \
	"  id 00000000000000C7.0000000069243A10.00002F9B\n"
#define COURIER_SEEN(word) SEEN("zucker.example.org", word, NULL, "2001:db8:19::1", "localhost")
#define COURIER_JANE "(AUTH: PLAIN jane@example.org, TLS: TLSv1/SSLv3,256bits,AES256-SHA)"
	{ "19-courier", HEAD(COURIER(COURIER_JANE, "ESMTPSA")), COURIER_SEEN("ESMTPSA"),
	  .user = "jane@example.org", AUTH(WITH) },
	{ "19-courier-2012", HEAD(COURIER(COURIER_JANE, "esmtp")), COURIER_SEEN("esmtp"),
	  .user = "jane@example.org", .dialect = "courier", AUTH(COMMENT) },
	{ "19-courier-2012-no-dialect", HEAD(COURIER(COURIER_JANE, "esmtp")), COURIER_SEEN("esmtp"),
	  .user = "jane@example.org", .dialect = "postfix sendmail", ANON(NO_LOGIN) },
	{ "19-courier-2012-no-tls", HEAD(COURIER("(AUTH: CRAM-MD5 jane)", "esmtp")),
	  COURIER_SEEN("esmtp"), .user = "jane", .dialect = "courier", AUTH(COMMENT) },
	{ "19-courier-2012-ssl",
	  HEAD(COURIER("(AUTH: LOGIN jane, SSL: SSLv3,256bits,AES256-SHA)", "esmtps")),
	  COURIER_SEEN("esmtps"), .user = "jane", .dialect = "courier", AUTH(COMMENT) },
	{ "19-courier-2012-no-user", HEAD(COURIER("(AUTH: EXTERNAL)", "esmtp")),
	  COURIER_SEEN("esmtp"), .dialect = "courier", AUTH(COMMENT) },
	{ "19-courier-no-login",
	  HEAD(COURIER("(TLS: TLSv1.3,256bits,TLS_AES_256_GCM_SHA384)", "ESMTPS")),
	  COURIER_SEEN("ESMTPS"), .dialect = "courier", ANON(NO_LOGIN) },

/* 20. CommuniGate: word and account; the account is its field's only comment before by. */
#define COMMUNIGATE(from, word)                                                                    \
	"Received: from " from "\n  by santa.example.org (CommuniGate Pro SMTP 6.1.11)\n"          \
	"  with " word " id 147267237 for joe@example.net; Mon, 24 Nov 2025 10:00:00 +0100\n"
#define COMMUNIGATE_SEEN(word, helo)                                                               \
	SEEN("santa.example.org", word, "147267237", "203.0.113.232", helo)
#define SWEETHOME "[203.0.113.232] (account jane@example.org HELO sweethome)"
	{ "20-communigate", HEAD(COMMUNIGATE(SWEETHOME, "ESMTPSA")),
	  COMMUNIGATE_SEEN("ESMTPSA", "sweethome"), .user = "jane@example.org", AUTH(WITH) },
	{ "20-communigate-account-alone", HEAD(COMMUNIGATE(SWEETHOME, "ESMTP")),
	  COMMUNIGATE_SEEN("ESMTP", "sweethome"), .user = "jane@example.org",
	  .dialect = "communigate", AUTH(COMMENT) },
	{ "20-communigate-no-dialect", HEAD(COMMUNIGATE(SWEETHOME, "ESMTP")),
	  COMMUNIGATE_SEEN("ESMTP", "sweethome"), .user = "jane@example.org", ANON(NO_LOGIN) },
	{ "20-communigate-verified",
	  HEAD(COMMUNIGATE("laptop (account jane [203.0.113.232] verified)", "ESMTPA")),
	  COMMUNIGATE_SEEN("ESMTPA", "laptop"), .user = "jane", AUTH(WITH) },
	{ "20-communigate-verified-account-alone",
	  HEAD(COMMUNIGATE("laptop (account jane [203.0.113.232] verified)", "SMTP")),
	  COMMUNIGATE_SEEN("SMTP", "laptop"), .user = "jane", .dialect = "communigate",
	  AUTH(COMMENT) },
	{ "20-communigate-no-login", HEAD(COMMUNIGATE("[203.0.113.232] (HELO laptop)", "ESMTPS")),
	  COMMUNIGATE_SEEN("ESMTPS", "laptop"), .dialect = "communigate", ANON(NO_LOGIN) },
	{ "20-communigate-no-login-verified",
	  HEAD(COMMUNIGATE("mail.example.net ([203.0.113.232] verified)", "ESMTP")),
	  COMMUNIGATE_SEEN("ESMTP", "mail.example.net"), .dialect = "communigate", ANON(NO_LOGIN) },

/* 21. MDaemon: the word; its address stands after by and is its own. */
#define MDAEMON(word)                                                                              \
	"Received: from smtpclient.apple ([203.0.113.100])\n"                                      \
	"\tby auristor.example.org (192.0.2.237) (MDaemon PRO v26.0.2b)\n"                         \
	"\twith " word " id md5001005260991.msg; Mon, 24 Nov 2025 10:00:00 -0500\n"
#define MDAEMON_SEEN(word)                                                                         \
	SEEN("auristor.example.org", word, "md5001005260991.msg", "203.0.113.100",                 \
	     "smtpclient.apple")
	{ "21-mdaemon", HEAD(MDAEMON("ESMTPSA")), MDAEMON_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "21-mdaemon-no-login",
	  HEAD("X-Spam-Processed: auristor.example.org, Mon, 24 Nov 2025 10:00:00 -0500\n"
	       "\t(not processed: message from trusted or authenticated source)\n" MDAEMON(
	               "ESMTPS")),
	  MDAEMON_SEEN("ESMTPS"), ANON(NO_LOGIN) },

/* 22. Kerio: word and comment; 6.x had no with, so the comment alone. */
#define KERIO(comment, word)                                                                       \
	"X-Footer: ZXhhbXBsZS5vcmc=\n"                                                             \
	"Received: from roundcube.example.org ([198.51.100.37])\n" comment                         \
	"\tby connect.example.org (Kerio Connect 9.4.2) with " word ";\n"                          \
	"\tMon, 24 Nov 2025 10:00:00 +0100\n"
#define KERIO_SEEN(word)                                                                           \
	SEEN("connect.example.org", word, NULL, "198.51.100.37", "roundcube.example.org")
#define KERIO_JANE "\t(authenticated user jane@example.org)\n"
	{ "22-kerio", HEAD(KERIO(KERIO_JANE, "ESMTPA")), KERIO_SEEN("ESMTPA"),
	  .user = "jane@example.org", AUTH(WITH) },
	{ "22-kerio-no-login", HEAD(KERIO("", "ESMTPS")), KERIO_SEEN("ESMTPS"), .dialect = "kerio",
	  ANON(NO_LOGIN) },
#define KERIO_6(comment)                                                                           \
	"Received: from laptop ([203.0.113.22])\n" comment                                         \
	"\tby kerio.example.org (Kerio MailServer 6.7.3)\n"                                        \
	"\tfor joe@example.net;\n\tMon, 24 Nov 2025 10:00:00 +0100\n"
#define KERIO_6_SEEN SEEN("kerio.example.org", NULL, NULL, "203.0.113.22", "laptop")
	{ "22-kerio-6", HEAD(KERIO_6(KERIO_JANE)), KERIO_6_SEEN, .user = "jane@example.org",
	  .dialect = "kerio", AUTH(COMMENT) },
	{ "22-kerio-6-no-dialect", HEAD(KERIO_6(KERIO_JANE)), KERIO_6_SEEN,
	  .user = "jane@example.org", ANON(NO_LOGIN) },
	{ "22-kerio-6-no-login", HEAD(KERIO_6("")), KERIO_6_SEEN, .dialect = "kerio",
	  .hidden_by = "kerio.example.org", ANON(NO_LOGIN) },

/* 23. hMailServer: the word; X-AuthUser may be the client's own. */
#define HMAIL(word)                                                                                \
	"Received: from laptop (host-23.example.net [203.0.113.23])\r\n"                           \
	"\tby hms.example.org with " word "\r\n"                                                   \
	"\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256)\r\n"                           \
	"\t; Mon, 24 Nov 2025 10:00:00 +0100\r\n"
#define HMAIL_SEEN(word) SEEN("hms.example.org", word, NULL, "203.0.113.23", "laptop")
	{ "23-hmailserver", HEAD(HMAIL("ESMTPSA")), HMAIL_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "23-hmailserver-no-login", HEAD(HMAIL("ESMTPS") "X-AuthUser: jane@example.org\r\n"),
	  HMAIL_SEEN("ESMTPS"), .dialect = ALL, ANON(NO_LOGIN) },

/* 24. Haraka: the word; the comment of newer ones stands where the client writes, too. */
#define HARAKA(word, comment)                                                                      \
	"Received: from unknown (HELO unkown) (2001:db8::24)\n"                                    \
	"\tby skiff.example.org (Haraka/3.0.1) with " word "\n"                                    \
	"\tid 5C2A4B51-0E7F-4B1E-8F0B-6A0E43F2D6A1.1\n"                                            \
	"\tenvelope-from <jane@example.org>" comment ";\n"                                         \
	"\tMon, 24 Nov 2025 10:00:00 +0100\n"
#define HARAKA_SEEN(word)                                                                          \
	SEEN("skiff.example.org", word, "5C2A4B51-0E7F-4B1E-8F0B-6A0E43F2D6A1.1", "2001:db8::24",  \
	     "unkown")
	{ "24-haraka", HEAD(HARAKA("ESMTPSA", "")), HARAKA_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "24-haraka-newer", HEAD(HARAKA("ESMTPSA", " (authenticated bits=0)")),
	  HARAKA_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "24-haraka-comment-alone", HEAD(HARAKA("ESMTPS", " (authenticated bits=0)")),
	  HARAKA_SEEN("ESMTPS"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "24-haraka-no-login", HEAD(HARAKA("ESMTPS", "\n\ttls TLS_AES_256_GCM_SHA384")),
	  HARAKA_SEEN("ESMTPS"), ANON(NO_LOGIN) },

/* 25. Stalwart and chasquid: the word. */
#define STALWART(word)                                                                             \
	"Received: from laptop (host-25.example.net [203.0.113.25])\r\n"                           \
	"\t(using TLSv1_3 with cipher TLS13_AES_256_GCM_SHA384)\r\n"                               \
	"\tby stal.example.org (Stalwart SMTP) with " word " id 4A2F0C1B3E5;\r\n"                  \
	"\tMon, 24 Nov 2025 10:00:00 +0000\r\n"
#define STALWART_SEEN(word) SEEN("stal.example.org", word, "4A2F0C1B3E5", "203.0.113.25", "laptop")
	{ "25-stalwart", HEAD(STALWART("ESMTPSA")), STALWART_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "25-stalwart-no-login", HEAD(STALWART("ESMTPS")), STALWART_SEEN("ESMTPS"),
	  ANON(NO_LOGIN) },
#define CHASQUID(from, word, over)                                                                 \
	"Received: from " from "\n\tby mail.davidv.example.org (chasquid)\n\twith " word "\n"      \
	"\ttls TLS_AES_128_GCM_SHA256\n"                                                           \
	"\t(over " over ", TLS-1.3, envelope from \"jane@example.org\")\n"                         \
	"\t; Mon, 24 Nov 2025 10:00:00 +0000\n"
	{ "25-chasquid", HEAD(CHASQUID("[192.168.2.131]", "ESMTPSA", "submission+TLS")),
	  SEEN("mail.davidv.example.org", "ESMTPSA", NULL, NULL, "[192.168.2.131]"), AUTH(WITH) },
	{ "25-chasquid-no-login",
	  HEAD(CHASQUID("mail.example.net ([198.51.100.25])", "ESMTPS", "SMTP")),
	  SEEN("mail.davidv.example.org", "ESMTPS", NULL, "198.51.100.25", "mail.example.net"),
	  ANON(NO_LOGIN) },

/* 26. mox: the word; the address after by is the host's own; the `;` can be missing. */
#define MOX(from, word, date)                                                                      \
	"Received: from " from "\n\tby arke.example.org ([192.0.2.231])\n"                         \
	"\tvia tcp with " word " id J-reXtgMrnked_35Tq1nOg\n"                                      \
	"\t(TLS1.3 TLS_AES_128_GCM_SHA256)" date " 23 Feb 2026 10:00:00 +0000\n"
#define MOX_SEEN(word, peer, helo)                                                                 \
	SEEN("arke.example.org", word, "J-reXtgMrnked_35Tq1nOg", peer, helo)
	{ "26-mox", HEAD(MOX("arke.example.org", "ESMTPSA", "")),
	  MOX_SEEN("ESMTPSA", NULL, "arke.example.org"), AUTH(WITH) },
	{ "26-mox-helo-client", HEAD(MOX("arke.example.org", "SMTPSA", " for <joe@example.net>;")),
	  MOX_SEEN("SMTPSA", NULL, "arke.example.org"), AUTH(WITH) },
	{ "26-mox-no-login",
	  HEAD(MOX("mail.example.net (mail.example.net [198.51.100.26])", "ESMTPS", ";")),
	  MOX_SEEN("ESMTPS", "198.51.100.26", "mail.example.net"), .trusted_clients = "192.0.2.231",
	  ANON(NO_LOGIN) },

/* 27. maddy never writes an A: only the administrator knows that its host wants logins. */
#define MADDY(word)                                                                                \
	"Received: from laptop (host-27.example.net [203.0.113.27])\n"                             \
	"\tby maddy.example.org (envelope-sender <jane@example.org>)\n"                            \
	"\twith " word " id 1f0c3a5e; Mon, 24 Nov 2025 10:00:00 +0000\n"
#define MADDY_SEEN(word) SEEN("maddy.example.org", word, "1f0c3a5e", "203.0.113.27", "laptop")
	{ "27-maddy", HEAD(MADDY("ESMTPS")), MADDY_SEEN("ESMTPS"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "27-maddy-submission-by", HEAD(MADDY("ESMTPS")), MADDY_SEEN("ESMTPS"),
	  .submission_by = "maddy.example.org", AUTH(SUBMISSION_LISTENER) },
	{ "27-maddy-submission-by-another", HEAD(MADDY("ESMTP")), MADDY_SEEN("ESMTP"),
	  .submission_by = "msa.example.org", ANON(NO_LOGIN) },
	{ "27-maddy-hidden-by-is-not-enough", HEAD(MADDY("ESMTPS")), MADDY_SEEN("ESMTPS"),
	  .hidden_by = "maddy.example.org", ANON(NO_LOGIN) },
	{ "27-maddy-delivery", HEAD(MADDY("LMTP")), MADDY_SEEN("LMTP"),
	  .submission_by = "maddy.example.org", UNKNOWN(DELIVERY_ONLY) },

/* 28. ZoneMTA: Postfix's comment, and the word. Isode: the word, a channel for a comment. */
#define ZONEMTA(comment, word)                                                                     \
	"Received: from filter006.example.net ([198.51.100.2] filter006.example.net)\n" comment    \
	" by mail-108-mta91.example.org (ZoneMTA) with " word " id 19a0e5f3c1b0003e01.001\n"       \
	" for <joe@example.net>\n (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384);\n"              \
	" Mon, 24 Nov 2025 10:00:00 +0000\n"
#define ZONEMTA_SEEN(word)                                                                         \
	SEEN("mail-108-mta91.example.org", word, "19a0e5f3c1b0003e01.001", "198.51.100.2",         \
	     "filter006.example.net")
#define ZONEMTA_TOKEN " (Authenticated sender: mN4UYu2MZsgR)\n"
	{ "28-zonemta", HEAD(ZONEMTA(ZONEMTA_TOKEN, "ESMTPSA")), ZONEMTA_SEEN("ESMTPSA"),
	  .user = "mN4UYu2MZsgR", AUTH(WITH) },
	{ "28-zonemta-gateway", HEAD(ZONEMTA(ZONEMTA_TOKEN, "ESMTPSA")), ZONEMTA_SEEN("ESMTPSA"),
	  .user = "mN4UYu2MZsgR", .relay_accounts = "MN4UYU2MZSGR", ANON(RELAY_LOGIN) },
	{ "28-zonemta-no-login", HEAD(ZONEMTA("", "ESMTPS")), ZONEMTA_SEEN("ESMTPS"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
#define ISODE(channel, word)                                                                       \
	"Received: from laptop (host-28.example.net [203.0.113.28])\n"                             \
	"          by rufus.example.org (" channel " channel) via TCP with " word "\n"             \
	"          id <aSQ6EAAxGgFX@rufus.example.org>; Mon, 24 Nov 2025 10:00:00 +0000\n"
#define ISODE_SEEN(word)                                                                           \
	SEEN("rufus.example.org", word, "<aSQ6EAAxGgFX@rufus.example.org>", "203.0.113.28",        \
	     "laptop")
	{ "28-isode", HEAD(ISODE("submission", "ESMTPSA")), ISODE_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "28-isode-no-login", HEAD(ISODE("smtp internal", "ESMTPS")), ISODE_SEEN("ESMTPS"),
	  ANON(NO_LOGIN) },
	{ "28-isode-channel-alone", HEAD(ISODE("submission", "ESMTPS")), ISODE_SEEN("ESMTPS"),
	  .dialect = ALL, ANON(NO_LOGIN) },

/* 29. Dovecot's submission service has the login; the Postfix behind it shows no A. */
#define DOVECOT(word)                                                                              \
	"Received: from laptop ([203.0.113.29])\r\n"                                               \
	"\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"                  \
	"\tby sub.example.org with " word "\r\n\tid kWlHBbU6JGmGAAAAuRUqxg\r\n"                    \
	"\t(envelope-from <jane@example.org>)\r\n"                                                 \
	"\tfor <joe@example.net>; Mon, 24 Nov 2025 10:00:00 +0000\r\n"
#define DOVECOT_SEEN(word)                                                                         \
	SEEN("sub.example.org", word, "kWlHBbU6JGmGAAAAuRUqxg", "203.0.113.29", "laptop")
#define BEHIND(word)                                                                               \
	"Received: from laptop (sub.example.org [192.0.2.29])\n"                                   \
	"\tby mx.example.org (Postfix) with " word " id 5A6B7C8D9E" DATE
	{ "29-dovecot", HEAD(DOVECOT("ESMTPSA")), DOVECOT_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "29-dovecot-before-postfix", HEAD(BEHIND("ESMTP") DOVECOT("ESMTPSA")), .hop = 1,
	  DOVECOT_SEEN("ESMTPSA"), .trusted_by = "mx.example.org sub.example.org",
	  .relay_nets = "192.0.2.29", AUTH(WITH) },
	{ "29-dovecot-before-postfix-not-a-relay", HEAD(BEHIND("ESMTP") DOVECOT("ESMTPSA")),
	  SEEN(MX, "ESMTP", "5A6B7C8D9E", "192.0.2.29", "laptop"),
	  .trusted_by = "mx.example.org sub.example.org", ANON(NO_LOGIN) },
	{ "29-dovecot-before-postfix-no-empty-login", HEAD(BEHIND("ESMTP") DOVECOT("ESMTPSA")),
	  .hop = 1, DOVECOT_SEEN("ESMTPSA"), .trusted_by = "mx.example.org sub.example.org",
	  .relay_nets = "192.0.2.29", .sasl_username = "", AUTH(WITH) },
	{ "29-dovecot-no-login", HEAD(DOVECOT("ESMTPS")), DOVECOT_SEEN("ESMTPS"), ANON(NO_LOGIN) },
	{ "29-dovecot-delivery",
	  HEAD("Received: from mx.example.org ([192.0.2.25])\n\tby store.example.org with LMTP\n"
	       "\tid yI6vAbU6JGmGAAAAuRUqxg\n\t(envelope-from <jane@example.org>)\n"
	       "\tfor <joe@example.org>" DATE DOVECOT("ESMTPSA")),
	  .hop = 1, DOVECOT_SEEN("ESMTPSA"), .trusted_by = "store.example.org sub.example.org",
	  AUTH(WITH) },

/* 30. Gmail, GMX and WEB.DE: the word, and what they had before they wrote one. */
#define GMAIL(client, by, word)                                                                    \
	"Received: from " client "\n        by " by " with " word                                  \
	" id de13-20020a05620a370d00b006\n        for <joe@example.net>\n"                         \
	"        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n"                   \
	"        Mon, 24 Nov 2025 02:00:00 -0800 (PST)\n"
#define GMAIL_ID "de13-20020a05620a370d00b006"
	{ "30-gmail",
	  HEAD(GMAIL("localhost (host-30.example.net. [203.0.113.30])", "smtp.g.example.org",
	             "ESMTPSA")),
	  SEEN("smtp.g.example.org", "ESMTPSA", GMAIL_ID, "203.0.113.30", "localhost"),
	  AUTH(WITH) },
	{ "30-gmail-no-login",
	  HEAD(GMAIL("mail.example.net (mail.example.net. [2001:db8::30])", "mx.g.example.org",
	             "ESMTPS")),
	  SEEN("mx.g.example.org", "ESMTPS", GMAIL_ID, "2001:db8::30", "mail.example.net"),
	  ANON(NO_LOGIN) },
#define GMAIL_API                                                                                  \
	"Received: from 44278815321\n\tnamed unknown\n\tby gmailapi.example.org\n"                 \
	"\twith HTTPREST;\n\tMon, 24 Nov 2025 10:00:00 +0000\n"
#define GMAIL_API_SEEN SEEN("gmailapi.example.org", "HTTPREST", NULL, NULL, "44278815321")
	{ "30-gmail-api", HEAD(GMAIL_API), GMAIL_API_SEEN, ANON(NO_LOGIN) },
	{ "30-gmail-api-webmail-by", HEAD(GMAIL_API), GMAIL_API_SEEN,
	  .webmail_by = "gmailapi.example.org", ANON(NO_LOGIN) },
#define GMX(word)                                                                                  \
	"Received: from laptop ([203.0.113.168]) by mail.gmx.example.org (mrgmx105\n"              \
	" [192.0.2.168]) with " word " (Nemesis) id 1MbzyP-1vrYTm0Qdp-00dXUw for\n"                \
	" <joe@example.net>; Mon, 24 Nov 2025 10:00:00 +0100\n"
#define GMX_SEEN(word)                                                                             \
	SEEN("mail.gmx.example.org", word, "1MbzyP-1vrYTm0Qdp-00dXUw", "203.0.113.168", "laptop")
	{ "30-gmx", HEAD(GMX("ESMTPSA")), GMX_SEEN("ESMTPSA"), AUTH(WITH) },
	{ "30-gmx-no-login", HEAD(GMX("ESMTPS")), GMX_SEEN("ESMTPS"),
	  .trusted_clients = "192.0.2.168", ANON(NO_LOGIN) },
	{ "30-gmx-2007",
	  HEAD("Received: from p54A1B2C3.dip.example.net (EHLO laptop) [203.0.113.30]\n"
	       "  by mail.gmx.example.org (mp041) with SMTP; 24 Nov 2007 10:00:00 +0100\n"
	       "X-Authenticated: #1234567\n"),
	  SEEN("mail.gmx.example.org", "SMTP", NULL, "203.0.113.30", "laptop"), .dialect = ALL,
	  ANON(NO_LOGIN) },
#define WEBDE(word)                                                                                \
	"Received: from [203.0.113.30] (helo=laptop)\n"                                            \
	"\tby smtp07.web.example.org with " word " (TLSv1:AES256-SHA:256)\n"                       \
	"\t(WEB.DE 4.110 #4)\n\tid 1K2abc-0001xy-00; Mon, 24 Nov 2008 10:00:00 +0100\n"
#define WEBDE_SEEN(word)                                                                           \
	SEEN("smtp07.web.example.org", word, "1K2abc-0001xy-00", "203.0.113.30", "laptop")
	{ "30-webde", HEAD(WEBDE("asmtp")), WEBDE_SEEN("asmtp"), AUTH(WITH) },
	{ "30-webde-no-login", HEAD(WEBDE("esmtp")), WEBDE_SEEN("esmtp"), ANON(NO_LOGIN) },

/* 31. Critical Path: a comment right after by and no with. Yahoo: text that nobody reads. */
#define CRITICALPATH(comment)                                                                      \
	"Received: from laptop (203.0.113.146) by n082.example.org (7.0.030.2)" comment "\n"       \
	"        id 414B1A2C00C3D4E5 for joe@example.net; Mon, 24 Nov 2008 10:00:00 +0000\n"
#define CRITICALPATH_SEEN                                                                          \
	SEEN("n082.example.org", NULL, "414B1A2C00C3D4E5", "203.0.113.146", "laptop")
	{ "31-criticalpath", HEAD(CRITICALPATH(" (authenticated as jane@example.org)")),
	  CRITICALPATH_SEEN, .user = "jane@example.org", .dialect = "criticalpath", AUTH(COMMENT) },
	{ "31-criticalpath-no-dialect", HEAD(CRITICALPATH(" (authenticated as jane@example.org)")),
	  CRITICALPATH_SEEN, .user = "jane@example.org", .dialect = "sendmail kerio",
	  ANON(NO_LOGIN) },
	{ "31-criticalpath-no-login", HEAD(CRITICALPATH("")), CRITICALPATH_SEEN,
	  .dialect = "criticalpath", ANON(NO_LOGIN) },
	{ "31-yahoo",
	  HEAD("Received: from laptop (jane@203.0.113.187 with login)\n"
	       "        by smtp111.mail.example.org with SMTP; 24 Nov 2010 02:00:00 -0800 PST\n"),
	  SEEN("smtp111.mail.example.org", "SMTP", NULL, NULL, "laptop"), .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "31-yahoo-no-from",
	  HEAD("Received: (jane@203.0.113.187 with login)\n"
	       "        by smtp111.mail.example.org with SMTP; 24 Nov 2010 02:00:00 -0800 PST\n"),
	  SEEN("smtp111.mail.example.org", "SMTP", NULL, NULL, NULL), .local = ANY, .dialect = ALL,
	  ANON(NO_LOGIN) },

/* 32. Cyrus: an A on each delivery; its user is the mail store's, never the author. */
#define CYRUS(word)                                                                                \
	"Received: from murder ([unix socket])\n\t (authenticated user=cyrus bits=0)\n"            \
	"\t by store.example.org (Cyrus v2.3.7-Invoca-RPM) with " word ";\n"                       \
	"\t Mon, 24 Nov 2025 10:00:00 -0500\n"
#define CYRUS_SEEN(word) SEEN("store.example.org", word, NULL, NULL, "murder"), .user = "cyrus"
#define STORE_AND_MX "store.example.org mx.example.org"
	{ "32-cyrus", HEAD(CYRUS("LMTPA")), CYRUS_SEEN("LMTPA"), .login = ANY,
	  .dialect = "sendmail", UNKNOWN(DELIVERY_ONLY) },
	{ "32-cyrus-sa", HEAD(CYRUS("LMTPSA")), CYRUS_SEEN("LMTPSA"), .login = ANY,
	  .dialect = "sendmail", UNKNOWN(DELIVERY_ONLY) },
	{ "32-cyrus-login-below", HEAD(CYRUS("LMTPA") POSTFIX(TLS JANE, "ESMTPSA")), .hop = 1,
	  POSTFIX_SEEN("ESMTPSA"), .user = "jane", .trusted_by = STORE_AND_MX, AUTH(WITH) },
	{ "32-cyrus-user-is-no-relay-account", HEAD(CYRUS("LMTPA") POSTFIX(TLS JANE, "ESMTPSA")),
	  .hop = 1, POSTFIX_SEEN("ESMTPSA"), .user = "jane", .relay_accounts = "cyrus",
	  .trusted_by = STORE_AND_MX, AUTH(WITH) },
	{ "32-cyrus-no-login-below", HEAD(CYRUS("LMTPA") POSTFIX(TLS, "ESMTPS")), .hop = 1,
	  POSTFIX_SEEN("ESMTPS"), .dialect = "sendmail", .trusted_by = STORE_AND_MX,
	  ANON(NO_LOGIN) },
	{ "32-cyrus-mx-not-ours", HEAD(CYRUS("LMTPA") POSTFIX(TLS JANE, "ESMTPSA")), .hop = 1,
	  POSTFIX_SEEN("ESMTPSA"), .user = "jane", .login = ANY, .trusted_by = "store.example.org",
	  .dialect = "sendmail", ANON(CHAIN_BROKEN) },

/* 33. Exchange has no word for it. */
#define EXCHANGE(with)                                                                             \
	"Received: from A.example.org (2001:db8:33::1) by A.example.org\n"                         \
	" (2001:db8:33::1%6) with " with " id\n 15.20.3742.006; Mon, 24 Nov 2025 10:00:00 +0000\n"
#define EXCHANGE_SEEN(word)                                                                        \
	SEEN("A.example.org", word, "15.20.3742.006", "2001:db8:33::1", "A.example.org")
#define MICROSOFT                                                                                  \
	"Microsoft SMTP\n Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)"
	{ "33-exchange-mapi", HEAD(EXCHANGE("mapi")), EXCHANGE_SEEN("mapi"), ANON(NO_LOGIN) },
	{ "33-exchange-mapi-submission-by", HEAD(EXCHANGE("mapi")), EXCHANGE_SEEN("mapi"),
	  .submission_by = "a.example.org", AUTH(SUBMISSION_LISTENER) },
	{ "33-exchange-smtp", HEAD(EXCHANGE(MICROSOFT)), EXCHANGE_SEEN("Microsoft"),
	  ANON(NO_LOGIN) },
	{ "33-exchange-frontend",
	  HEAD("Received: from mail.example.net (198.51.100.33) by EX01.example.org\n"
	       " (192.0.2.33) with Microsoft SMTP Server id 15.1.2375.7 via Frontend Transport;\n"
	       " Mon, 24 Nov 2025 10:00:00 +0000\n"
	       "X-MS-Exchange-Organization-AuthAs: Internal\n"
	       "X-MS-Exchange-Organization-AuthMechanism: 06\n"),
	  SEEN("EX01.example.org", "Microsoft", "15.1.2375.7", "198.51.100.33", "mail.example.net"),
	  ANON(NO_LOGIN) },

/* 34. Webmail: HTTP, or a comment. */
#define SQUIRREL(program, with)                                                                    \
	"Received: from 198.51.100.24\n        (" program " authenticated user jane)\n"            \
	"        by linux1.example.org with " with ";\n        Mon, 24 Nov 2008 10:00:00 +0100\n"
#define SQUIRREL_SEEN(word)                                                                        \
	SEEN("linux1.example.org", word, NULL, NULL, "198.51.100.24"), .user = "jane"
	{ "34-squirrelmail", HEAD(SQUIRREL("SquirrelMail", "HTTP")), SQUIRREL_SEEN("HTTP"),
	  .dialect = "squirrelmail", AUTH(COMMENT) },
	{ "34-squirrelmail-webmail-by", HEAD(SQUIRREL("SquirrelMail", "HTTP")),
	  SQUIRREL_SEEN("HTTP"), .webmail_by = "linux1.example.org", AUTH(WEBMAIL) },
	{ "34-squirrelmail-neither", HEAD(SQUIRREL("SquirrelMail", "HTTP")), SQUIRREL_SEEN("HTTP"),
	  .dialect = "kerio", ANON(NO_LOGIN) },
	{ "34-nasmail", HEAD(SQUIRREL("NaSMail", "HTTP")), SQUIRREL_SEEN("HTTP"),
	  .dialect = "squirrelmail", AUTH(COMMENT) },
	{ "34-squirrelmail-1.2",
	  HEAD("Received: from 198.51.100.24\n        (SquirrelMail authenticated user jane);\n"
	       "        by linux1.example.org with HTTP; Mon, 24 Nov 2003 10:00:00 +0100\n"),
	  .trusted_by = "linux1.example.org", .dialect = "squirrelmail", BAD },
#define ROUNDCUBE                                                                                  \
	"Received: from [198.51.100.42]\n by webmail.example.org\n"                                \
	" with HTTP (HTTP/1.1 POST); Mon, 24 Nov 2025 10:00:00 +0100\n"
#define ROUNDCUBE_SEEN SEEN("webmail.example.org", "HTTP", NULL, NULL, "[198.51.100.42]")
	{ "34-roundcube", HEAD(ROUNDCUBE), ROUNDCUBE_SEEN, ANON(NO_LOGIN) },
	{ "34-roundcube-webmail-by", HEAD(ROUNDCUBE), ROUNDCUBE_SEEN,
	  .webmail_by = "webmail.example.org", AUTH(WEBMAIL) },
	{ "34-roundcube-encrypted",
	  HEAD("Received: from eyJpdiI6Ik9uZSJ9+/a8ffA== (WkFQcm94eQ== [fHx8Li4uLg==])\n"
	       " by webmail.example.org with HTTP (HTTP/1.1 POST)" DATE),
	  SEEN("webmail.example.org", "HTTP", NULL, NULL, ANY), .webmail_by = "WebMail.example.org",
	  AUTH(WEBMAIL) },
#define ROUNDCUBE_RELAYED                                                                          \
	"Received: from webmail.example.org (localhost [127.0.0.1])\n"                             \
	"\tby mx.example.org (Postfix) with ESMTPSA id 6A7B8C9D0E" DATE ROUNDCUBE
	{ "34-roundcube-behind-postfix", HEAD(ROUNDCUBE_RELAYED), .hop = 1, ROUNDCUBE_SEEN,
	  .trusted_by = "mx.example.org webmail.example.org", .relay_nets = "127.0.0.1",
	  .webmail_by = "webmail.example.org", AUTH(WEBMAIL) },
	{ "34-roundcube-behind-postfix-not-ours", HEAD(ROUNDCUBE_RELAYED), .hop = 1, ROUNDCUBE_SEEN,
	  .trusted_by = MX, .relay_nets = "127.0.0.1", .webmail_by = "webmail.example.org",
	  ANON(CHAIN_BROKEN) },
#define HORDE                                                                                      \
	"Received: from laptop.example.net (laptop.example.net [203.0.113.34])\n"                  \
	" by www.example.org (Horde Framework) with HTTPS; Mon, 24 Nov 2025 10:00:00 +0000\n"
#define HORDE_SEEN SEEN("www.example.org", "HTTPS", NULL, "203.0.113.34", "laptop.example.net")
	{ "34-horde", HEAD(HORDE), HORDE_SEEN, ANON(NO_LOGIN) },
	{ "34-horde-webmail-by", HEAD(HORDE), HORDE_SEEN, .webmail_by = "www.example.org",
	  AUTH(WEBMAIL) },
	{ "34-zimbra",
	  HEAD("Received: from zimbra.example.org (localhost [127.0.0.1])\n"
	       "\tby mail.example.org (Postfix) with ESMTP id 7B8C9D0E1F" DATE
	       "X-Authenticated-User: jane@example.org\n"),
	  SEEN("mail.example.org", "ESMTP", "7B8C9D0E1F", "127.0.0.1", "zimbra.example.org"),
	  ANON(NO_LOGIN) },

/* Forgeries in the one field that our own server writes. What the client chooses is HELO, the name
 * of its address, ident text, certificate, MAIL FROM and RCPT TO; never `by` and with's first word.
 */
#define FORGED(from, rest) "Received: from " from "\n\tby mx.example.org " rest DATE
#define EVIL "x (evil.example.net [203.0.113.66])"
#define EVIL_SEEN(word) SEEN(MX, word, "A1B2C3", "203.0.113.66", "x")
#define ESMTP_ID "(Postfix) with ESMTP id A1B2C3\n\tfor <joe@example.org>"

/* a, b, c: a quoted local part in MAIL FROM, which Exim writes into a comment. */
#define MAIL_FROM(text)                                                                            \
	FORGED(EVIL, "with esmtp (Exim 4.96)\n\t(envelope-from <\"" text                           \
	             "\"@evil.example.net>)\n\tid A1B2C3")
	{ "forged-a-word", HEAD(MAIL_FROM("a with utf8esmtpsa b")), EVIL_SEEN("esmtp"),
	  ANON(NO_LOGIN) },
	{ "forged-a-old-word", HEAD(MAIL_FROM("with asmtp")), EVIL_SEEN("esmtp"), ANON(NO_LOGIN) },
	{ "forged-b-second-with", HEAD(MAIL_FROM("x) with essmtpa (y")), BAD },
	{ "forged-b-second-id", HEAD(MAIL_FROM("x) id D4E5F6 (y")), BAD },
	{ "forged-b-end-of-field", HEAD(MAIL_FROM("x) id D4E5F6; (y")), BAD },
	{ "forged-b-never-closed", HEAD(MAIL_FROM("x) with esmtpsa y")), BAD },
	{ "forged-c-sendmail", HEAD(MAIL_FROM("x) (authenticated bits=0) (y")), EVIL_SEEN("esmtp"),
	  .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-c-kerio", HEAD(MAIL_FROM("x) (authenticated user ceo) (y")), EVIL_SEEN("esmtp"),
	  .user = ANY, .login = ANY, .dialect = "kerio", ANON(NO_LOGIN) },
	{ "forged-c-criticalpath", HEAD(MAIL_FROM("x) (authenticated as ceo) (y")),
	  EVIL_SEEN("esmtp"), .user = ANY, .login = ANY, .dialect = "criticalpath",
	  ANON(NO_LOGIN) },

/* d: the client's certificate. */
#define CERTIFICATE(cn, issuer)                                                                    \
	FORGED(EVIL "\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"      \
	            "\t(Client CN \"" cn "\", Issuer \"" issuer "\" (not verified))",              \
	       "(Postfix) with ESMTPS id A1B2C3")
	{ "forged-d-certificate", HEAD(CERTIFICATE("authenticated", "authenticated")),
	  EVIL_SEEN("ESMTPS"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-d-certificate-word", HEAD(CERTIFICATE("with ESMTPSA", "x with ESMTPSA")),
	  EVIL_SEEN("ESMTPS"), ANON(NO_LOGIN) },
	{ "forged-d-certificate-escaped",
	  HEAD(CERTIFICATE("x\\) \\(Authenticated sender: ceo", "y")), EVIL_SEEN("ESMTPS"),
	  .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-d-certificate-comment",
	  HEAD(CERTIFICATE("x", "y (authenticated as ceo) (authenticated bits=0)")),
	  EVIL_SEEN("ESMTPS"), .dialect = "sendmail criticalpath", ANON(NO_LOGIN) },

	/* e: RCPT TO. */
	{ "forged-e-word",
	  HEAD(FORGED(EVIL, "(Postfix) with ESMTP id A1B2C3\n"
	                    "\tfor <\"a with ESMTPSA b\"@example.org>")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-e-bracket",
	  HEAD(FORGED(EVIL, "(Postfix) with ESMTP id A1B2C3\n"
	                    "\tfor <\"a> with ESMTPSA <b\"@example.org>")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-e-no-brackets",
	  HEAD(FORGED(EVIL, "with esmtp (Exim 4.96) id A1B2C3\n"
	                    "\tfor \"a with esmtpsa b\"@example.org")),
	  EVIL_SEEN("esmtp"), ANON(NO_LOGIN) },
	{ "forged-e-comment",
	  HEAD(FORGED(EVIL, "with ESMTP id A1B2C3\n"
	                    "\tfor <joe(authenticated bits=0)@example.org>")),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },

	/* HELO that looks like an address of ours. */
	{ "forged-helo-loopback", HEAD(FORGED("[127.0.0.1] (unknown [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "[127.0.0.1]"), .relay_nets = "127.0.0.1",
	  .trusted_clients = "127.0.0.1", ANON(NO_LOGIN) },
	{ "forged-helo-loopback-login-below",
	  HEAD(FORGED("[127.0.0.1] (unknown [203.0.113.66])", ESMTP_ID)
	               POSTFIX(TLS JANE, "ESMTPSA")),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "[127.0.0.1]"), .relay_nets = "127.0.0.1",
	  ANON(NO_LOGIN) },
	{ "forged-helo-loopback-no-name",
	  HEAD(FORGED("[127.0.0.1] ([203.0.113.66])", ESMTP_ID) POSTFIX(TLS JANE, "ESMTPSA")),
	  SEEN(MX, "ESMTP", "A1B2C3", NULL, "[127.0.0.1]"), .relay_nets = "127.0.0.1",
	  ANON(NO_LOGIN) },
	{ "forged-helo-loopback-exim",
	  HEAD(FORGED("[203.0.113.66] (helo=[127.0.0.1])", "with esmtp (Exim 4.96) id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", "203.0.113.66", "[127.0.0.1]"),
	  .trusted_clients = "127.0.0.1", ANON(NO_LOGIN) },
	{ "forged-helo-loopback-qmail",
	  HEAD(FORGED("unknown (HELO [127.0.0.1]) (203.0.113.66)", "with SMTP id A1B2C3")),
	  SEEN(MX, "SMTP", "A1B2C3", "203.0.113.66", "[127.0.0.1]"), .trusted_clients = "127.0.0.1",
	  ANON(NO_LOGIN) },
	{ "forged-helo-loopback-ehlo",
	  HEAD(FORGED("unknown (EHLO [IPv6:::1]) ([203.0.113.66])", "with SMTP id A1B2C3")),
	  SEEN(MX, "SMTP", "A1B2C3", "203.0.113.66", "[IPv6:::1]"), .trusted_clients = "::1",
	  ANON(NO_LOGIN) },
	{ "forged-name-of-the-address",
	  HEAD(FORGED("localhost (127.0.0.1 [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", ANY, "localhost"), .relay_nets = "127.0.0.1",
	  .trusted_clients = "127.0.0.1", ANON(NO_LOGIN) },
	{ "forged-name-of-the-address-is-ours",
	  HEAD(FORGED("mx.example.org (mx.example.org [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", MX), .submission_by = "msa.example.org",
	  ANON(NO_LOGIN) },
	{ "forged-name-of-the-address-is-a-word",
	  HEAD(FORGED("esmtpsa (with.esmtpsa.example.net [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "esmtpsa"), ANON(NO_LOGIN) },

	/* HELO that is a keyword, a clause, a field. */
	{ "forged-helo-by", HEAD(FORGED("BY (unknown [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "BY"), ANON(NO_LOGIN) },
	{ "forged-helo-with", HEAD(FORGED("With (unknown [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "With"), ANON(NO_LOGIN) },
	{ "forged-helo-id", HEAD(FORGED("id (unknown [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "id"), ANON(NO_LOGIN) },
	{ "forged-helo-word", HEAD(FORGED("ESMTPSA (ESMTPSA [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "ESMTPSA"), ANON(NO_LOGIN) },
	{ "forged-helo-with-clause",
	  HEAD(FORGED("x with ESMTPSA (unknown [203.0.113.66])", "(Postfix) id A1B2C3")), BAD },
	{ "forged-helo-by-clause",
	  HEAD(FORGED("x by mx.example.org with ESMTPSA id D4E5F6 (unknown [203.0.113.66])",
	              ESMTP_ID)),
	  BAD },
	{ "forged-helo-by-clause-of-another",
	  HEAD(FORGED("x by relay.example.org (unknown [203.0.113.66])", ESMTP_ID)),
	  .trusted_by = "mx.example.org relay.example.org", BAD },
	{ "forged-helo-field",
	  HEAD(FORGED("x by mx.example.org with ESMTPSA id 1; Mon, 24 Nov 2025 10:00:00 +0000 (\n"
	              "\t(unknown [203.0.113.66])",
	              ESMTP_ID)),
	  BAD },
	{ "forged-helo-field-and-recipient",
	  HEAD(FORGED("x by mx.example.org with ESMTPSA id 1; Mon, 24 Nov 2025 10:00:00 +0000 (\n"
	              "\t(unknown [203.0.113.66])",
	              "(Postfix) with ESMTP id A1B2C3 for <\")\"@example.org>")),
	  BAD },
	{ "forged-helo-field-hides-the-rest-in-a-string",
	  HEAD(FORGED("x by mx.example.org with ESMTPSA id 1; \" (unknown [203.0.113.66])",
	              "(Postfix) with ESMTP id A1B2C3 for <\"y\"@example.org>")),
	  BAD },
	{ "forged-helo-date",
	  HEAD(FORGED("x; Mon, 24 Nov 2025 10:00:00 (unknown [203.0.113.66])", ESMTP_ID)), BAD },
	{ "forged-helo-exim-closes-its-comment",
	  HEAD(FORGED("[203.0.113.66] (helo=x) by mx.example.org with esmtpsa (y)",
	              "with esmtp (Exim 4.96) id A1B2C3")),
	  BAD },

	/* A second `by` with a name of ours, wherever it hides. */
	{ "forged-by-in-helo-comment",
	  HEAD(FORGED("[203.0.113.66] (helo=x by mx.example.org)", "with esmtpsa id A1B2C3")),
	  BAD },
	{ "forged-by-in-string",
	  HEAD(FORGED("\"x by mx.example.org y\" (unknown [203.0.113.66])",
	              "with ESMTPSA id A1B2C3")),
	  BAD },
	{ "forged-by-in-recipient",
	  HEAD(FORGED(EVIL, "with ESMTPSA id A1B2C3 for <\"by mx.example.org\"@example.org>")),
	  BAD },
	{ "forged-by-in-id", HEAD(FORGED(EVIL, "with ESMTPSA id <by mx.example.org>")), BAD },
	{ "forged-by-in-literal", HEAD(FORGED("[by mx.example.org]", "with ESMTPSA id A1B2C3")),
	  BAD },
	{ "forged-by-in-nested-comment",
	  HEAD(FORGED("x (unknown (By  MX.example.ORG) [203.0.113.66])", "with ESMTPSA id 1")),
	  BAD },
	{ "forged-by-after-the-date",
	  HEAD("Received: from x by mx.example.org with ESMTPSA; Mon, 24 Nov 2025 10:00:00 +0000\n"
	       "\tby mx.example.org\n"),
	  BAD },
	{ "forged-by-of-another-host-of-ours-in-comment",
	  HEAD(FORGED("x (by relay.example.org [203.0.113.66])", "with ESMTPSA id A1B2C3")),
	  .trusted_by = "relay.example.org mx.example.org", BAD },
	{ "forged-by-only-in-comment",
	  HEAD("Received: from x (x [203.0.113.66]) by evil.example.net (by mx.example.org)\n"
	       "\twith ESMTPSA id A1B2C3" DATE),
	  BAD },
	{ "forged-by-quoted",
	  HEAD("Received: from x by \"mx.example.org\" with ESMTPSA id A1B2C3" DATE),
	  SEEN("\"mx.example.org\"", "ESMTPSA", "A1B2C3", NULL, "x"), .trusted_by = MX,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-by-longer",
	  HEAD("Received: from x by mx.example.org.evil.example.net with ESMTPSA id A1B2C3" DATE),
	  SEEN("mx.example.org.evil.example.net", "ESMTPSA", "A1B2C3", NULL, "x"), .trusted_by = MX,
	  UNKNOWN(TOP_NOT_OURS) },

	/* Keywords twice or out of order. */
	{ "forged-with-twice", HEAD(FORGED(EVIL, "with ESMTP with ESMTPSA id A1B2C3")), BAD },
	{ "forged-with-twice-login-first", HEAD(FORGED(EVIL, "with ESMTPSA with ESMTP")), BAD },
	{ "forged-from-twice",
	  HEAD(FORGED("x from mail.example.org (unknown [203.0.113.66])", ESMTP_ID)), BAD },
	{ "forged-via-twice", HEAD(FORGED(EVIL, "via tcp via tcp with ESMTPSA")), BAD },
	{ "forged-id-twice", HEAD(FORGED(EVIL, "with ESMTPSA id A1B2C3 id D4E5F6")), BAD },
	{ "forged-for-twice", HEAD(FORGED(EVIL, "with ESMTPSA for <a@x> for <b@x>")), BAD },
	{ "forged-with-before-by",
	  HEAD("Received: from x with ESMTPSA (x [203.0.113.66]) by mx.example.org" DATE), BAD },
	{ "forged-with-after-id", HEAD(FORGED(EVIL, "(Postfix) id A1B2C3 with ESMTPSA")), BAD },
	{ "forged-with-after-for", HEAD(FORGED(EVIL, "for <joe@example.org> with ESMTPSA")), BAD },
	{ "xmail-second-from-after-by",
	  HEAD("Received: from laptop ([203.0.113.90]:1183)\n\tby xmail.example.org with [XMail "
	       "1.27 ESMTP Server]\n\tid <S1A2B3> for <joe@example.net> from "
	       "<jane@example.org>;\n\tMon, 24 Nov 2025 10:00:00 +0000\n"),
	  SEEN("xmail.example.org", "[XMail 1.27 ESMTP Server]", "<S1A2B3>", "203.0.113.90",
	       "laptop"),
	  ANON(NO_LOGIN) },

	/* The word elsewhere, or more than the word. */
	{ "forged-word-as-link", HEAD(FORGED(EVIL, "via ESMTPSA with ESMTP id A1B2C3")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-word-as-id", HEAD(FORGED(EVIL, "with ESMTP id ESMTPSA")),
	  SEEN(MX, "ESMTP", "ESMTPSA", "203.0.113.66", "x"), ANON(NO_LOGIN) },
	{ "forged-word-in-comment", HEAD(FORGED(EVIL, "with (ESMTPSA) ESMTP (ESMTPSA) id A1B2C3")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-word-after-another", HEAD(FORGED(EVIL, "with ESMTP ESMTPSA id A1B2C3")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-word-quoted", HEAD(FORGED(EVIL, "with \"ESMTPSA\" id A1B2C3")),
	  EVIL_SEEN("\"ESMTPSA\""), ANON(NO_LOGIN) },
	{ "forged-word-with-tail", HEAD(FORGED(EVIL, "with ESMTPSA-NOT id A1B2C3")),
	  EVIL_SEEN("ESMTPSA-NOT"), ANON(NO_LOGIN) },
	{ "forged-word-is-a-keyword", HEAD(FORGED(EVIL, "with id ESMTPSA")),
	  SEEN(MX, "id", NULL, "203.0.113.66", "x"), ANON(NO_LOGIN) },
	{ "forged-word-behind-the-end", HEAD(FORGED(EVIL, "id A1B2C3; with ESMTPSA\n\t")), BAD },

	/* Brackets that do not match, and bytes that nobody writes. */
	{ "forged-comment-open", HEAD(FORGED("x (unknown [203.0.113.66]", "with ESMTPSA id 1")),
	  BAD },
	{ "forged-comment-stray", HEAD(FORGED("x) (y [203.0.113.66])", "with ESMTPSA id 1")), BAD },
	{ "forged-string-open", HEAD(FORGED("x\" (y [203.0.113.66])", "with ESMTPSA id 1")), BAD },
	{ "forged-literal-open", HEAD(FORGED("[203.0.113.66", "with ESMTPSA id 1")), BAD },
	{ "forged-literal-stray", HEAD(FORGED("203.0.113.66]", "with ESMTPSA id 1")), BAD },
	{ "forged-literal-nested", HEAD(FORGED("[x [203.0.113.66]]", "with ESMTPSA id 1")), BAD },
	{ "forged-angle-open", HEAD(FORGED(EVIL, "with ESMTPSA id <1")), BAD },
	{ "forged-angle-stray", HEAD(FORGED(EVIL, "with ESMTPSA id 1>")), BAD },
	{ "forged-angle-nested", HEAD(FORGED(EVIL, "with ESMTPSA for <a<b>>")), BAD },
	{ "forged-angle-in-angle", HEAD(FORGED(EVIL, "with ESMTPSA for <a <b>")), BAD },
	{ "forged-literal-in-literal", HEAD(FORGED("[x [203.0.113.66]", "with ESMTPSA id 1")),
	  BAD },
	{ "forged-comment-open-after-the-date",
	  HEAD("Received: from x by mx.example.org with ESMTPSA; Mon, 24 Nov 2025 (UTC\n"), BAD },
	{ "forged-nul", HEAD(FORGED("x\0 (unknown [203.0.113.66])", "with ESMTPSA id 1")), BAD },
	{ "forged-nul-in-comment", HEAD(FORGED("x (\0 [203.0.113.66])", "with ESMTPSA id 1")),
	  BAD },
	{ "8-bit-bytes",
	  HEAD(FORGED("\344\366\374 (\377\376 [203.0.113.66])", "with ESMTPSA id 1")),
	  SEEN(MX, "ESMTPSA", "1", "203.0.113.66", "\344\366\374"), AUTH(WITH) },
	{ "folded-keywords",
	  HEAD("Received:\r\n from x (x [203.0.113.66])\r\n\tby\r\n mx.example.org\r\n\twith\r\n"
	       "\t(a\r\n comment)\r\n\tESMTPSA\r\n id\r\n\tA1B2C3" DATE),
	  EVIL_SEEN("ESMTPSA"), AUTH(WITH) },

/* Comments of a dialect that is on: whole, without an address, the last before by. */
#define COMMENTED(comments) HEAD(FORGED("x " comments, ESMTP_ID))
#define CLIENT "(evil.example.net [203.0.113.66])"
	{ "forged-comment-after-with",
	  HEAD(FORGED(EVIL, "(Postfix) with ESMTP (Authenticated sender: ceo) id A1B2C3")),
	  EVIL_SEEN("ESMTP"), .user = ANY, .login = ANY, .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-before-the-word",
	  HEAD(FORGED(EVIL, "(Postfix) with (authenticated bits=0) ESMTP id A1B2C3")),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-after-by",
	  HEAD(FORGED(EVIL, "(authenticated user ceo) with ESMTP id A1B2C3")), EVIL_SEEN("ESMTP"),
	  .user = "ceo", .dialect = "kerio", ANON(NO_LOGIN) },
	{ "forged-comment-after-the-date",
	  HEAD(FORGED(EVIL, "with ESMTP id A1B2C3; (authenticated as ceo)\n\tMon (")), BAD },
	{ "forged-comment-not-last", COMMENTED("(authenticated bits=0) " CLIENT),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-not-last-certificate",
	  COMMENTED(CLIENT " (Authenticated sender: ceo) (No client certificate requested)"),
	  EVIL_SEEN("ESMTP"), .user = "ceo", .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-with-the-address",
	  COMMENTED("(Authenticated sender: ceo [203.0.113.66])"), EVIL_SEEN("ESMTP"), .user = ANY,
	  .login = ANY, .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-with-the-address-sendmail",
	  COMMENTED("(authenticated bits=0 [203.0.113.66])"), SEEN(MX, "ESMTP", "A1B2C3", ANY, "x"),
	  .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-is-ident-text", COMMENTED("(Authenticated sender: ceo@203.0.113.66)"),
	  SEEN(MX, "ESMTP", "A1B2C3", NULL, "x"), .user = ANY, .login = ANY, .dialect = "postfix",
	  ANON(NO_LOGIN) },
	{ "forged-comment-is-ident-text-ipv6", COMMENTED("(authenticated user ceo@2001:db8:66::1)"),
	  SEEN(MX, "ESMTP", "A1B2C3", NULL, "x"), .user = ANY, .login = ANY, .dialect = "kerio",
	  ANON(NO_LOGIN) },
	{ "forged-comment-is-ident-text-before-the-address",
	  COMMENTED("(authenticated@evil.example.net [203.0.113.66])"), EVIL_SEEN("ESMTP"),
	  .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-nested", COMMENTED(CLIENT " ((Authenticated sender: ceo))"),
	  EVIL_SEEN("ESMTP"), .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-in-the-client's",
	  COMMENTED("(evil.example.net [203.0.113.66] (authenticated bits=0))"), EVIL_SEEN("ESMTP"),
	  .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-escaped", COMMENTED(CLIENT " (CN x\\) \\(authenticated bits=0)"),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-text-before", COMMENTED(CLIENT " (not authenticated bits=0)"),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-text-behind", COMMENTED(CLIENT " (authenticated bits=0 verify=NO)"),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-text-instead-of-a-number", COMMENTED(CLIENT " (authenticated bits=no)"),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-longer-word", COMMENTED(CLIENT " (authenticated-by-nobody)"),
	  EVIL_SEEN("ESMTP"), .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-comment-no-mechanism", COMMENTED(CLIENT " (smtp-auth username ceo)"),
	  EVIL_SEEN("ESMTP"), .dialect = "qpsmtpd", ANON(NO_LOGIN) },
	{ "forged-comment-no-user", COMMENTED(CLIENT " (Authenticated sender: )"),
	  EVIL_SEEN("ESMTP"), .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-quoted", COMMENTED(CLIENT " \"(Authenticated sender: ceo)\""),
	  EVIL_SEEN("ESMTP"), .dialect = "postfix", ANON(NO_LOGIN) },
	{ "forged-comment-communigate-not-the-only-one",
	  COMMENTED(CLIENT " (account ceo HELO laptop)"),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", ANY), .user = "ceo", .dialect = "communigate",
	  ANON(NO_LOGIN) },
	{ "forged-comment-criticalpath-before-by", COMMENTED(CLIENT " (authenticated as ceo)"),
	  EVIL_SEEN("ESMTP"), .user = "ceo", .dialect = "criticalpath", ANON(NO_LOGIN) },
	{ "forged-comment-criticalpath-after-id",
	  HEAD(FORGED(EVIL, "(7.0) id A1B2C3 (authenticated as ceo)")),
	  SEEN(MX, NULL, "A1B2C3", "203.0.113.66", "x"), .user = ANY, .login = ANY,
	  .dialect = "criticalpath", ANON(NO_LOGIN) },

/* Words that are no logins of an author. */
#define WITH(word) HEAD(FORGED(EVIL, "(Store) with " word " id A1B2C3")), EVIL_SEEN(word)
	{ "forged-word-lmtpa", WITH("LMTPA"), .submission_by = MX, .webmail_by = MX,
	  UNKNOWN(DELIVERY_ONLY) },
	{ "forged-word-utf8lmtpsa", WITH("UTF8LMTPSA"), UNKNOWN(DELIVERY_ONLY) },
	{ "forged-word-httpa", WITH("HTTPA"), ANON(NO_LOGIN) },
	{ "forged-word-https-webmail-of-another", WITH("HTTPS"),
	  .webmail_by = "webmail.example.org", ANON(NO_LOGIN) },
	{ "forged-word-esmtp-on-webmail-host", WITH("ESMTP"), .webmail_by = MX, ANON(NO_LOGIN) },
#define FETCHMAIL(word)                                                                            \
	"Received: from pop.example.net [203.0.113.37]\n\tby vireshk.example.org with " word       \
	" (fetchmail-6.3.26)\n\tfor <jane@localhost> (single-drop)" DATE
#define FETCHMAIL_SEEN(word)                                                                       \
	SEEN("vireshk.example.org", word, NULL, "203.0.113.37", "pop.example.net")
	{ "forged-below-pop3", HEAD(FETCHMAIL("POP3") POSTFIX(TLS JANE, "ESMTPSA")),
	  FETCHMAIL_SEEN("POP3"), .trusted_by = "vireshk.example.org mx.example.org",
	  ANON(FETCHED) },
	{ "forged-below-imap", HEAD(FETCHMAIL("IMAP") POSTFIX(TLS JANE, "ESMTPSA")),
	  FETCHMAIL_SEEN("IMAP"), .trusted_by = "vireshk.example.org mx.example.org",
	  .submission_by = "vireshk.example.org", ANON(FETCHED) },

/* Genuine fields of ours, replayed below the boundary, and other fields. */
#define BOUNDARY FORGED(EVIL, ESMTP_ID)
	{ "forged-replay", HEAD(BOUNDARY POSTFIX(TLS JANE, "ESMTPSA")), EVIL_SEEN("ESMTP"),
	  .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-replay-same-id", HEAD(BOUNDARY FORGED(EVIL, "(Postfix) with ESMTPSA id A1B2C3")),
	  EVIL_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-replay-same-id-login-fact",
	  HEAD(BOUNDARY FORGED(EVIL, "(Postfix) with ESMTPSA id A1B2C3")), EVIL_SEEN("ESMTP"),
	  .sasl_username = "jane", .queue_id = "A1B2C3", .login = "jane", ANON(CONFLICT) },
	{ "forged-replay-by-a-list",
	  HEAD("Received: from list.example.net (list.example.net [198.51.100.70])\n"
	       "\tby mx.example.org (Postfix) with ESMTPS id 8C9D0E1F2A" DATE
	       "Received: from mx.example.org (mx.example.org [192.0.2.1])\n"
	       "\tby list.example.net (Postfix) with ESMTPS id 9D0E1F2A3B" DATE POSTFIX(TLS JANE,
	                                                                                "ESMTPSA")),
	  SEEN(MX, "ESMTPS", "8C9D0E1F2A", "198.51.100.70", "list.example.net"),
	  .relay_nets = "192.0.2.1", ANON(NO_LOGIN) },
	{ "forged-replay-pickup", HEAD(BOUNDARY PICKUP("1001")), EVIL_SEEN("ESMTP"),
	  .filter_uids = "1001", .user_uids = "1001", ANON(NO_LOGIN) },
	{ "forged-replay-hidden", HEAD(BOUNDARY HIDDEN), EVIL_SEEN("ESMTP"),
	  .trusted_by = "mx.example.org mail.example.org", .hidden_by = "mail.example.org",
	  ANON(NO_LOGIN) },
	{ "forged-replay-below-a-delivery",
	  HEAD(CYRUS("LMTPA") BOUNDARY POSTFIX(TLS JANE, "ESMTPSA")), .hop = 1, EVIL_SEEN("ESMTP"),
	  .trusted_by = STORE_AND_MX, .dialect = "sendmail", ANON(NO_LOGIN) },
	{ "forged-replay-below-amavis",
	  HEAD("Received: from localhost (localhost [127.0.0.1])\n"
	       "\tby mx.example.org (Postfix) with ESMTP id 0E1F2A3B4C" DATE
	       "Received: from mx.example.org ([127.0.0.1])\n"
	       "\tby localhost (mx.example.org [127.0.0.1]) (amavis, port 10024) with ESMTP\n"
	       "\tid kM1jXqQ7aT0c" DATE BOUNDARY POSTFIX(TLS JANE, "ESMTPSA")),
	  .hop = 2, EVIL_SEEN("ESMTP"), .trusted_by = "mx.example.org localhost",
	  .relay_nets = "127.0.0.1", .sasl_username = "", ANON(NO_LOGIN) },
	{ "forged-replay-behind-an-unlisted-relay",
	  HEAD("Received: from edge.example.org (edge.example.org [192.0.2.7])\n"
	       "\tby mx.example.org (Postfix) with ESMTPSA id 1F2A3B4C5D" DATE
	       "Received: from x (x [203.0.113.66])\n"
	       "\tby edge.example.org (Postfix) with ESMTPSA id 2A3B4C5D6E" DATE),
	  .hop = 1, SEEN("edge.example.org", "ESMTPSA", "2A3B4C5D6E", "203.0.113.66", "x"),
	  .trusted_by = MX, .relay_nets = "192.0.2.7", ANON(CHAIN_BROKEN) },
	{ "forged-other-fields",
	  HEAD("X-Authenticated-Sender: mx.example.org: ceo@example.org\n"
	       "X-MS-Exchange-Organization-AuthAs: Internal\n"
	       "X-Get-Message-Sender-Via: mx.example.org: authenticated_id: ceo@example.org\n"
	       "X-Received: by mx.example.org with ESMTPSA id 1" DATE BOUNDARY
	       "X-Authenticated-User: ceo\nX-Authenticated-As: ceo\nX-AuthUser: ceo\n"
	       "X-Auth-ID: ceo\nX-EMDG-SMTPAUTH: ceo\nX-Authenticated: #1\n"),
	  EVIL_SEEN("ESMTP"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-no-trace",
	  HEAD("X-Received: by mx.example.org with ESMTPSA id 1" DATE
	       "Received-SPF: pass (mx.example.org: authenticated) with ESMTPSA\n"
	       "Authentication-Results: mx.example.org; auth=pass smtp.auth=ceo\n"
	       "X-MS-Exchange-Organization-AuthAs: Internal\n"),
	  UNKNOWN(NO_TRACE) },

/* Authentication-Results mean nothing while authserv-id is empty. */
#define RESULTS(id) "Authentication-Results:" id "; auth=pass (plain) smtp.auth=ceo\n"
	{ "forged-results-below", HEAD(BOUNDARY RESULTS(" mx.example.org")), EVIL_SEEN("ESMTP"),
	  ANON(NO_LOGIN) },
	{ "forged-results-above", HEAD(RESULTS(" mx.example.org") BOUNDARY), EVIL_SEEN("ESMTP"),
	  ANON(NO_LOGIN) },
	{ "forged-results-silent", HEAD(RESULTS(" mail.example.org") HIDDEN), HIDDEN_SEEN,
	  UNKNOWN(SILENT) },
	{ "forged-results-silent-empty-id", HEAD(RESULTS("") HIDDEN), HIDDEN_SEEN,
	  UNKNOWN(SILENT) },
	{ "forged-results-silent-job", HEAD(RESULTS(" mail.example.org./7 1") HIDDEN), HIDDEN_SEEN,
	  UNKNOWN(SILENT) },

/* Products as archives show them, each beside what a client could make of its form. */
#define LAPTOP                                                                                     \
	"Received: from laptop (dyn.example.net [192.0.2.17])\n"                                   \
	"\tby mail.example.org (Postfix) with ESMTPSA id 7CEEA1F43E05" DATE
/* Exim's $sender_fullhost: HELO and ident are comments, the address stands outside. */
#define FULLHOST(client)                                                                           \
	"Received: from " client "\n\tby mx.example.org with esmtps (Exim 4.96)\n"                 \
	"\tid 1wd0Lx-004iBP-0D\n\tfor anna@example.org" DATE
#define FULLHOST_SEEN(peer, helo) SEEN(MX, "esmtps", "1wd0Lx-004iBP-0D", peer, helo)
#define BEHIND_RELAY                                                                               \
	.trusted_by = "mx.example.org mail.example.org", .relay_nets = "127.0.0.1", .dialect = ALL
	{ "53-exim-fullhost",
	  HEAD(FULLHOST("relay.example.org (relay.example.org) [192.0.2.7]:4711") LAPTOP), .hop = 1,
	  SEEN("mail.example.org", "ESMTPSA", "7CEEA1F43E05", "192.0.2.17", "laptop"),
	  .trusted_by = "mx.example.org mail.example.org", .relay_nets = "192.0.2.7", AUTH(WITH) },
	{ "forged-53-helo",
	  HEAD(FULLHOST("evil.example.com ([127.0.0.1]) [203.0.113.66]:4711") LAPTOP),
	  FULLHOST_SEEN(NULL, "evil.example.com"), BEHIND_RELAY, ANON(NO_LOGIN) },
	{ "forged-53-helo-exim-3",
	  HEAD(FULLHOST("evil.example.com ([127.0.0.1]) [203.0.113.66.13219] (mail)") LAPTOP),
	  FULLHOST_SEEN(NULL, "evil.example.com"), BEHIND_RELAY, ANON(NO_LOGIN) },
	{ "forged-53-helo-no-name", HEAD(FULLHOST("([127.0.0.1]) [203.0.113.66]:4711") LAPTOP),
	  FULLHOST_SEEN(NULL, NULL), BEHIND_RELAY, ANON(NO_LOGIN) },
	{ "forged-53-ident", HEAD(FULLHOST("[203.0.113.66.13219] ([127.0.0.1])") LAPTOP),
	  FULLHOST_SEEN(NULL, "[203.0.113.66.13219]"), BEHIND_RELAY, ANON(NO_LOGIN) },
	{ "forged-53-ident-no-port", HEAD(FULLHOST("[203.0.113.66] (x [127.0.0.1])") LAPTOP),
	  FULLHOST_SEEN(NULL, "[203.0.113.66]"), BEHIND_RELAY, ANON(NO_LOGIN) },
	{ "forged-53-helo-is-a-login", HEAD(FULLHOST("evil (authenticated) [203.0.113.66]:4711")),
	  FULLHOST_SEEN("203.0.113.66", "evil"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-53-ident-is-a-login",
	  HEAD(FULLHOST("evil (x) [203.0.113.66.4711] (Authenticated sender: ceo)")),
	  FULLHOST_SEEN("203.0.113.66", "evil"), .user = "ceo", .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-53-ident-alone-is-a-login",
	  HEAD(FORGED("[203.0.113.66] (authenticated user ceo)", "with esmtp id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", NULL, "[203.0.113.66]"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-helo-behind-helo-is-a-login",
	  HEAD(FORGED("evil.example.com ([203.0.113.66] helo=x) (Authenticated sender: ceo)",
	              "with esmtp id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", "203.0.113.66", "x"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-ident-behind-a-bracket-of-helo",
	  HEAD(FORGED("evil.example.com (x (y) [203.0.113.66] (z)) (AUTH: PLAIN ceo)",
	              "with esmtp id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", NULL, "evil.example.com"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-ident-behind-a-backslash-of-helo",
	  HEAD(FORGED("evil.example.com (\\) [203.0.113.66] (z)) (AUTH: PLAIN ceo)",
	              "with esmtp id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", NULL, "evil.example.com"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-ident-of-courier-is-a-login",
	  HEAD(FORGED("x (evil.example.net [203.0.113.66]) (IDENT: y) (AUTH: PLAIN ceo, TLS: X)",
	              "with ESMTPS id A1B2C3")),
	  EVIL_SEEN("ESMTPS"), .user = "ceo", .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-53-mail-from-behind-by-is-a-login",
	  HEAD(FORGED(EVIL, "(envelope-sender <x) (authenticated as ceo>) id A1B2C3")),
	  SEEN(MX, NULL, "A1B2C3", "203.0.113.66", "x"), .user = ANY, .login = ANY, .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-comment-between-by-and-with-is-a-login",
	  HEAD(FORGED(EVIL, "(7.0) (authenticated as ceo) with ESMTP id A1B2C3")),
	  EVIL_SEEN("ESMTP"), .user = "ceo", .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-53-ident-is-a-webmail's",
	  HEAD(FORGED("[203.0.113.66] (SquirrelMail authenticated user ceo)", "with esmtp id 1")),
	  SEEN(MX, "esmtp", "1", NULL, "[203.0.113.66]"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },
	{ "forged-53-helo-alone-is-a-login",
	  HEAD(FORGED("evil.example.com (authenticated)", "with esmtp id A1B2C3")),
	  SEEN(MX, "esmtp", "A1B2C3", NULL, "evil.example.com"), .dialect = ALL, ANON(NO_LOGIN) },
	{ "forged-53-helo-of-communigate-is-a-login",
	  HEAD(FORGED("[203.0.113.66] (HELO x) (Authenticated sender: ceo)",
	              "(CommuniGate Pro SMTP 6.1) with ESMTP id A1B2C3")),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "x"), .user = "ceo", .dialect = ALL,
	  ANON(NO_LOGIN) },

	/* 54. A relay that logs in: its field is the last one. */
	{ "54-relay-with-a-login", HEAD(ZONEMTA(ZONEMTA_TOKEN, "ESMTPSA")), ZONEMTA_SEEN("ESMTPSA"),
	  .user = "mN4UYu2MZsgR", .relay_nets = "198.51.100.2", AUTH(WITH) },
	{ "54-relay-with-a-login-listed", HEAD(ZONEMTA(ZONEMTA_TOKEN, "ESMTPSA")),
	  ZONEMTA_SEEN("ESMTPSA"), .user = "mN4UYu2MZsgR", .relay_nets = "198.51.100.2",
	  .relay_accounts = "mN4UYu2MZsgR", ANON(RELAY_LOGIN) },

/* 55. A scanner that shows its client as an address alone. */
#define SCANNED(client)                                                                            \
	"Received: from fsav103.example.org (fsav103.example.org [192.0.2.230])\n"                 \
	"        by www262.example.org (8.15.2/8.15.2) with ESMTP id 07D1DSvP094667;\n"            \
	"        Thu, 13 Aug 2020 10:13:28 +0900 (JST)\n        (envelope-from a@example.org)\n"   \
	"Received: from www262.example.org (" client ")\n by fsav103.example.org "                 \
	"(F-Secure/fsigk_smtp/550/fsav103.example.org);\n Thu, 13 Aug 2020 10:13:28 +0900 (JST)\n"
#define SCANNED_BY                                                                                 \
	.trusted_by = "www262.example.org fsav103.example.org canardo.example.org",                \
	.relay_nets = "192.0.2.230 192.0.2.97"
	{ "55-scanner",
	  HEAD(SCANNED("192.0.2.97") SENDMAIL(MIRACULIX, "\t(authenticated bits=0)\n", "ESMTPSA")),
	  .hop = 2, SENDMAIL_SEEN("ESMTPSA"), SCANNED_BY, AUTH(WITH) },
	{ "forged-55-helo-is-the-relay's",
	  HEAD(SCANNED("192.0.2.97) (203.0.113.66")
	               SENDMAIL(MIRACULIX, "\t(authenticated bits=0)\n", "ESMTPSA")),
	  .hop = 1, SEEN("fsav103.example.org", NULL, NULL, NULL, "www262.example.org"), SCANNED_BY,
	  ANON(NO_LOGIN) },
	{ "forged-55-scanner-of-another-client",
	  HEAD(SCANNED("203.0.113.66") SENDMAIL(MIRACULIX, "", "ESMTPSA")), .hop = 1,
	  SEEN("fsav103.example.org", NULL, NULL, "203.0.113.66", "www262.example.org"), SCANNED_BY,
	  ANON(NO_LOGIN) },

/* 56. MailEnable writes its name before the word. */
#define MAILENABLE(with)                                                                           \
	"Received: from LAPTOP ([192.0.2.44]) by mail.example.org\n with " with                    \
	"; Tue, 29 Sep 2020 20:33:33 +0200\n"
#define MAILENABLE_SEEN(word) SEEN("mail.example.org", word, NULL, "192.0.2.44", "LAPTOP")
	{ "56-mailenable", HEAD(MAILENABLE("MailEnable ESMTPA")), MAILENABLE_SEEN("ESMTPA"),
	  AUTH(WITH) },
	{ "56-mailenable-no-login", HEAD(MAILENABLE("MailEnable ESMTP")), MAILENABLE_SEEN("ESMTP"),
	  ANON(NO_LOGIN) },
	{ "forged-56-word-in-comment", HEAD(MAILENABLE("MailEnable (ESMTPA)")),
	  MAILENABLE_SEEN("MailEnable"), ANON(NO_LOGIN) },
	{ "forged-56-word-behind-another", HEAD(MAILENABLE("MailEnable ESMTP ESMTPA")),
	  MAILENABLE_SEEN("ESMTP"), ANON(NO_LOGIN) },
	{ "forged-56-word-is-the-id", HEAD(MAILENABLE("MailEnable id ESMTPA")),
	  SEEN("mail.example.org", "MailEnable", "ESMTPA", "192.0.2.44", "LAPTOP"),
	  ANON(NO_LOGIN) },
	{ "forged-56-another-product", HEAD(MAILENABLE("MailDisable ESMTPA")),
	  MAILENABLE_SEEN("MailDisable"), ANON(NO_LOGIN) },
	{ "forged-56-helo", HEAD(FORGED("MailEnable (ESMTPA [203.0.113.66])", ESMTP_ID)),
	  SEEN(MX, "ESMTP", "A1B2C3", "203.0.113.66", "MailEnable"), ANON(NO_LOGIN) },

/* 57, 58. Webmails that name no protocol. */
#define VIA(rest) "Received: from [192.0.2.179] by web1.example.org " rest DATE
#define VIA_SEEN(word) SEEN("web1.example.org", word, NULL, NULL, "[192.0.2.179]")
#define WEB1 .webmail_by = "web1.example.org"
	{ "57-via-http", HEAD(VIA("via HTTP")), VIA_SEEN(NULL), WEB1, AUTH(WEBMAIL) },
	{ "57-via-http-not-listed", HEAD(VIA("via HTTP")), VIA_SEEN(NULL), ANON(NO_LOGIN) },
	{ "57-http-words", HEAD(VIA("with HTTPU")), VIA_SEEN("HTTPU"), WEB1, AUTH(WEBMAIL) },
	{ "57-http-dav", HEAD(VIA("with DAV")), VIA_SEEN("DAV"), WEB1, AUTH(WEBMAIL) },
	{ "57-http-longer-word", HEAD(VIA("with HTTPREST")), VIA_SEEN("HTTPREST"), WEB1,
	  ANON(NO_LOGIN) },
	{ "58-via-http-in-a-comment", HEAD(VIA("(3c [172.19.172.175]) (via HTTP)")), VIA_SEEN(NULL),
	  WEB1, AUTH(WEBMAIL) },
	{ "58-via-http-in-a-comment-not-listed", HEAD(VIA("(via HTTP)")), VIA_SEEN(NULL),
	  ANON(NO_LOGIN) },
#define EVIL_WEB(from, rest) "Received: from " from "\n\tby web1.example.org " rest DATE
#define EVIL_WEB_SEEN(word) SEEN("web1.example.org", word, ANY, ANY, "x")
	{ "forged-57-via-in-helo",
	  HEAD(EVIL_WEB("x via HTTP (evil.example.net [203.0.113.66])", "(Postfix) id A1B2C3")),
	  EVIL_WEB_SEEN(NULL), WEB1, ANON(NO_LOGIN) },
	{ "forged-57-via-in-mail-from",
	  HEAD(EVIL_WEB(EVIL, "with esmtp (envelope-from <\"x) via HTTP (y\"@e.example>) id 1")),
	  EVIL_WEB_SEEN("esmtp"), WEB1, ANON(NO_LOGIN) },
	{ "forged-57-another-link", HEAD(EVIL_WEB(EVIL, "via HTTP-not id 1")), EVIL_WEB_SEEN(NULL),
	  WEB1, ANON(NO_LOGIN) },
	{ "forged-57-via-beside-a-word", HEAD(EVIL_WEB(EVIL, "via HTTP with ESMTP id 1")),
	  EVIL_WEB_SEEN("ESMTP"), WEB1, ANON(NO_LOGIN) },
	{ "forged-58-comment-in-mail-from",
	  HEAD(EVIL_WEB(EVIL, "with esmtp (envelope-from <\"x) (via HTTP) (y\"@e.example>) id 1")),
	  EVIL_WEB_SEEN("esmtp"), WEB1, ANON(NO_LOGIN) },
	{ "forged-58-comment-in-mail-from-is-the-last",
	  HEAD(EVIL_WEB(EVIL, "with esmtp (envelope-from <x) (via HTTP) id 1")),
	  EVIL_WEB_SEEN("esmtp"), WEB1, ANON(NO_LOGIN) },
	{ "forged-58-comment-before-by",
	  HEAD(EVIL_WEB("x (via HTTP) (evil.example.net [203.0.113.66]) (via HTTP)", "id 1")),
	  EVIL_WEB_SEEN(NULL), WEB1, ANON(NO_LOGIN) },
	{ "forged-58-comment-not-the-last", HEAD(EVIL_WEB(EVIL, "(via HTTP) id 1 (y)")),
	  EVIL_WEB_SEEN(NULL), WEB1, ANON(NO_LOGIN) },
	{ "forged-58-comment-not-whole", HEAD(EVIL_WEB(EVIL, "(y via HTTP) id 1")),
	  EVIL_WEB_SEEN(NULL), WEB1, ANON(NO_LOGIN) },

/* 59. dma, run by a local user. */
#define DMA(from, program)                                                                         \
	"Received: from " from "\n\t(envelope-from anna@example.org)\n\tid e00ec\n"                \
	"\tby kmj.example.org (" program ");\n\tMon, 24 Feb 2025 15:20:12 -0800\n"
#define DMA_012 "DragonFly Mail Agent v0.12"
#define DMA_SEEN SEEN("kmj.example.org", NULL, "e00ec", NULL, "jane")
	{ "59-dma", HEAD(DMA("jane (uid 1000)", DMA_012)), DMA_SEEN, .local = "jane",
	  ANON(LOCAL_PICKUP) },
	{ "59-dma-user", HEAD(DMA("jane (uid 1000)", DMA_012)), DMA_SEEN, .local = "jane",
	  .user_uids = "jane", AUTH(LOCAL_UID) },
	{ "59-dma-uid", HEAD(DMA("jane (uid 1000)", DMA_012)), DMA_SEEN, .local = "jane",
	  .user_uids = "1000", AUTH(LOCAL_UID) },
	{ "59-dma-another-user", HEAD(DMA("jane (uid 1000)", DMA_012)), DMA_SEEN, .local = "jane",
	  .user_uids = "100 10000 jan", .local_is_trusted = true, ANON(LOCAL_PICKUP) },
	{ "59-dma-filter", HEAD(DMA("filter (uid 107)", DMA_012) LAPTOP), .hop = 1,
	  SEEN("mail.example.org", "ESMTPSA", "7CEEA1F43E05", "192.0.2.17", "laptop"),
	  .trusted_by = "kmj.example.org mail.example.org", .filter_uids = "107", AUTH(WITH) },
	{ "forged-59-another-program", HEAD(DMA("jane (uid 1000)", "Postfix")), DMA_SEEN,
	  .user_uids = "jane 1000", .local_is_trusted = true, ANON(NO_LOGIN) },
	{ "forged-59-more-than-the-uid", HEAD(DMA("jane (uid 1000 x)", DMA_012)), DMA_SEEN,
	  .local = NULL, .user_uids = "jane 1000", .local_is_trusted = true, ANON(LOCAL_PICKUP) },
	{ "forged-59-uid-is-helo",
	  HEAD(FORGED("jane (uid 1000) [203.0.113.66]:4711",
	              "with esmtp (DragonFly Mail Agent v0.12) id 1")),
	  SEEN(MX, "esmtp", "1", "203.0.113.66", "jane"), .user_uids = "jane 1000",
	  ANON(NO_LOGIN) },

/* OpenSMTPD's local user: nobody says which. */
#define LOCAL(client, program)                                                                     \
	"Received: from " client "\n\tby hermod.example.org (" program ") with ESMTPA id "         \
	"d6a2" DATE
#define LOCAL_SEEN(helo) SEEN("hermod.example.org", "ESMTPA", "d6a2", NULL, helo)
#define OURS_LOCALLY .local_is_trusted = true
	{ "59-opensmtpd-local", HEAD(LOCAL("localhost (hermod.example.org [local])", "OpenSMTPD")),
	  LOCAL_SEEN("localhost"), ANON(LOCAL_PICKUP) },
	{ "59-opensmtpd-local-trusted",
	  HEAD(LOCAL("localhost (hermod.example.org [local])", "OpenSMTPD")),
	  LOCAL_SEEN("localhost"), OURS_LOCALLY, AUTH(LOCAL_UID) },
	{ "59-exim-local-without-user",
	  HEAD("Received: by mx.example.org with local (Exim 4.96) id 1vNTzQ" DATE),
	  SEEN(MX, "local", "1vNTzQ", NULL, NULL), OURS_LOCALLY, AUTH(LOCAL_UID) },
	{ "59-exim-local-without-user-not-trusted",
	  HEAD("Received: by mx.example.org with local (Exim 4.96) id 1vNTzQ" DATE),
	  SEEN(MX, "local", "1vNTzQ", NULL, NULL), ANON(LOCAL_PICKUP) },
	{ "59-exim-local-of-a-user", HEAD(EXIM_LOCAL("local")), EXIM_LOCAL_SEEN("local"),
	  .local = "jane", OURS_LOCALLY, ANON(LOCAL_PICKUP) },
	{ "59-pickup-that-shows-its-user", HEAD(PICKUP("33")), PICKUP_SEEN("33"), OURS_LOCALLY,
	  ANON(LOCAL_PICKUP) },
	{ "59-pickup-in-no-form", HEAD(PICKUP("33 x")), SEEN(MX, NULL, "022DD68B05", NULL, NULL),
	  OURS_LOCALLY, ANON(LOCAL_PICKUP) },
	{ "forged-59-local-another-program",
	  HEAD(LOCAL("localhost (hermod.example.org [local])", "Exim")), LOCAL_SEEN("localhost"),
	  OURS_LOCALLY, ANON(LOCAL_PICKUP) },
	{ "59-helo-ends-as-local",
	  HEAD(LOCAL("x.example ([203.0.113.66] helo=y [local])", "OpenSMTPD")),
	  SEEN("hermod.example.org", "ESMTPA", "d6a2", ANY, "y"), OURS_LOCALLY, AUTH(WITH) },
	{ "59-qmail-helo-is-local",
	  HEAD("Received: from x.example (HELO [local]) (203.0.113.66)\n by mx.example.org with "
	       "SMTP" DATE),
	  SEEN(MX, "SMTP", NULL, "203.0.113.66", "[local]"), OURS_LOCALLY, ANON(NO_LOGIN) },
	{ "forged-59-local-is-ident",
	  HEAD(LOCAL("x.example (y) [203.0.113.66] (z [local])", "OpenSMTPD")),
	  SEEN("hermod.example.org", "ESMTPA", "d6a2", ANY, "x.example"), OURS_LOCALLY,
	  ANON(LOCAL_PICKUP) },
	{ "forged-59-local-beside-a-comment",
	  HEAD(LOCAL("x (hermod.example.org [local]) (y)", "OpenSMTPD")), LOCAL_SEEN("x"),
	  OURS_LOCALLY, ANON(LOCAL_PICKUP) },
	{ "forged-59-local-beside-an-address",
	  HEAD(LOCAL("x (evil.example.net [203.0.113.66]) (y [local])", "OpenSMTPD")),
	  SEEN("hermod.example.org", "ESMTPA", "d6a2", ANY, "x"), OURS_LOCALLY,
	  ANON(LOCAL_PICKUP) },

	/* A HELO that looks like an address with a port, which Postfix writes as it is. */
	{ "1-helo-with-a-port",
	  HEAD("Received: from [1.2.3.4]:25 (x.example [203.0.113.66])\n by mx.example.org "
	       "(Postfix) "
	       "with ESMTP id 1" DATE),
	  SEEN(MX, "ESMTP", "1", "203.0.113.66", "[1.2.3.4]:25"), ANON(NO_LOGIN) },
	{ "1-helo-with-a-port-not-postfix",
	  HEAD("Received: from [1.2.3.4]:25 (x.example [203.0.113.66])\n by mx.example.org "
	       "(Postfixx) with ESMTP id 1" DATE),
	  SEEN(MX, "ESMTP", "1", NULL, "[1.2.3.4]:25"), ANON(NO_LOGIN) },

/* 60. qmail's own field, for what a filter or server of ours handed in. */
#define BY_UID "Received: (qmail 5919 invoked by uid 107); 11 May 2011 20:50:50 -0000\n"
	{ "60-qmail-by-uid", HEAD(BY_UID QPSMTPD(CRAM, "ESMTPA")), .hop = 1, QPSMTPD_SEEN("ESMTPA"),
	  .user = "jane", .filter_uids = "107", AUTH(WITH) },
	{ "60-qmail-by-uid-no-login", HEAD(BY_UID QPSMTPD("", "ESMTP")), .hop = 1,
	  QPSMTPD_SEEN("ESMTP"), .filter_uids = "107", ANON(NO_LOGIN) },
	{ "60-qmail-by-uid-not-listed", HEAD(BY_UID QPSMTPD(CRAM, "ESMTPA")), .hop = 1,
	  QPSMTPD_SEEN("ESMTPA"), .user = "jane", .filter_uids = "1070 10", .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "60-qmail-by-uid-above-another", HEAD(BY_UID QPSMTPD(CRAM, "ESMTPA")), .hop = 1,
	  QPSMTPD_SEEN("ESMTPA"), .user = "jane", .filter_uids = "107", .trusted_by = MX,
	  .login = ANY, UNKNOWN(TOP_NOT_OURS) },
	{ "forged-60-below-the-boundary", HEAD(BOUNDARY BY_UID QPSMTPD(CRAM, "ESMTPA")),
	  EVIL_SEEN("ESMTP"), .filter_uids = "107", .trusted_by = "mx.example.org peff.example.org",
	  ANON(NO_LOGIN) },
	{ "forged-60-more-than-the-comment",
	  HEAD("Received: (qmail 5919 invoked by uid 107) x; 11 May 2011 20:50:50 -0000\n" QPSMTPD(
	          CRAM, "ESMTPA")),
	  .hop = 1, QPSMTPD_SEEN("ESMTPA"), .user = "jane", .filter_uids = "107", .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-60-another-form",
	  HEAD("Received: (qmail x invoked by uid 107); 11 May 2011 20:50:50 -0000\n" QPSMTPD(
	          CRAM, "ESMTPA")),
	  .hop = 1, QPSMTPD_SEEN("ESMTPA"), .user = "jane", .filter_uids = "107", .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },

/* 61. rspamd tells of the login beside a field that shows none. */
#define ORIGINATING                                                                                \
	"Authentication-Results: ORIGINATING;\n\tauth=pass smtp.auth=jane smtp.mailfrom=jane\n"
#define RSPAMD .authserv_id = "ORIGINATING"
	{ "61-rspamd", HEAD(ORIGINATING POSTFIX("", "ESMTP")), POSTFIX_SEEN("ESMTP"), RSPAMD,
	  .ar_stripped = true, .login = "jane", AUTH(AUTH_RESULTS) },
	{ "61-rspamd-below", HEAD(POSTFIX("", "ESMTP") ORIGINATING), POSTFIX_SEEN("ESMTP"), RSPAMD,
	  .ar_stripped = true, .login = "jane", AUTH(AUTH_RESULTS) },
	{ "61-rspamd-relay-account", HEAD(ORIGINATING POSTFIX("", "ESMTP")), POSTFIX_SEEN("ESMTP"),
	  RSPAMD, .ar_stripped = true, .login = "jane", .relay_accounts = "Jane",
	  ANON(RELAY_LOGIN) },
	{ "61-rspamd-no-login-by-the-fact", HEAD(ORIGINATING POSTFIX("", "ESMTP")),
	  POSTFIX_SEEN("ESMTP"), RSPAMD, .ar_stripped = true, .sasl_username = "",
	  ANON(SASL_FACT) },
	{ "forged-61-not-stripped", HEAD(ORIGINATING BOUNDARY), EVIL_SEEN("ESMTP"), RSPAMD,
	  ANON(NO_LOGIN) },
	{ "forged-61-another-id", HEAD(ORIGINATING BOUNDARY), EVIL_SEEN("ESMTP"), .authserv_id = MX,
	  .ar_stripped = true, ANON(NO_LOGIN) },
	{ "forged-61-beside-ours", HEAD(ORIGINATING BOUNDARY ORIGINATING), EVIL_SEEN("ESMTP"),
	  RSPAMD, .ar_stripped = true, ANON(NO_LOGIN) },
	{ "forged-61-below-the-next-field", HEAD(BOUNDARY LAPTOP ORIGINATING), EVIL_SEEN("ESMTP"),
	  RSPAMD, .ar_stripped = true, ANON(NO_LOGIN) },
	{ "forged-61-failed",
	  HEAD("Authentication-Results: ORIGINATING; auth=fail smtp.auth=ceo\n" BOUNDARY),
	  EVIL_SEEN("ESMTP"), RSPAMD, .ar_stripped = true, ANON(NO_LOGIN) },

/* 62. Exchange's store gives a message out; its own SMTP hops stand above. */
#define EX(with)                                                                                   \
	"Received: from ex-1.example.org (192.168.1.52) by ex-1.example.org (192.168.1.52)\n"      \
	" with " with "; Sat, 30 Jul 2016 03:16:52 +0900\n"
#define EX_MAPI EX("mapi id 15.00.1210.000")
#define EX_SMTP                                                                                    \
	EX("Microsoft SMTP Server (TLS) id 15.0.1210.3 via Mailbox\n Transport")                   \
	EX("Microsoft SMTP Server (TLS) id 15.0.1210.3")
#define EX_SEEN(word, id)                                                                          \
	SEEN("ex-1.example.org", word, id, "192.168.1.52", "ex-1.example.org"),                    \
	        .relay_nets = "192.168.1.52"
	{ "62-exchange-store", HEAD(EX_SMTP EX_MAPI), .hop = 2, EX_SEEN("mapi", "15.00.1210.000"),
	  .webmail_by = "ex-1.example.org", AUTH(WEBMAIL) },
	{ "62-exchange-store-not-listed", HEAD(EX_SMTP EX_MAPI), .hop = 2,
	  EX_SEEN("mapi", "15.00.1210.000"), ANON(NO_LOGIN) },
	{ "forged-62-redirected-by-a-rule", HEAD(EX_SMTP EX_MAPI FORGED(EVIL, ESMTP_ID) EX_MAPI),
	  .hop = 3, EVIL_SEEN("ESMTP"), .trusted_by = "ex-1.example.org mx.example.org",
	  .relay_nets = "192.168.1.52", .webmail_by = "ex-1.example.org", ANON(NO_LOGIN) },
	{ "forged-62-from-outside",
	  HEAD("Received: from mapi (203.0.113.66) by ex-1.example.org (192.168.1.52)\n"
	       " with Microsoft SMTP Server id 15.0.1210.3 via Frontend Transport" DATE EX_MAPI),
	  SEEN("ex-1.example.org", "Microsoft", "15.0.1210.3", "203.0.113.66", "mapi"),
	  .relay_nets = "192.168.1.52", .webmail_by = "ex-1.example.org", ANON(NO_LOGIN) },

/* Exim's local hops: the caller chooses the word. */
#define SCANNER "with sa-scanned  (Exim 4.96)\n id 1WEDcm-0003q7-BQ\n for jane@example.net"
#define ABOVE_LOGIN(head) HEAD(head POSTFIX(TLS JANE, "ESMTPSA"))
#define LOGIN_BELOW .hop = 1, POSTFIX_SEEN("ESMTPSA"), .user = "jane", .filter_uids = "exim"
#define NOT_SKIPPED(word, id, peer, helo)                                                          \
	SEEN(MX, word, id, peer, helo), .filter_uids = "exim", .user_uids = "exim"
	{ "exim-scanner", ABOVE_LOGIN(FORGED("exim", SCANNER)), LOGIN_BELOW, AUTH(WITH) },
	{ "exim-scanner-no-login",
	  HEAD(FORGED("exim", SCANNER) POSTFIX(TLS, "ESMTPS") POSTFIX(TLS, "ESMTPSA")), .hop = 1,
	  POSTFIX_SEEN("ESMTPS"), .filter_uids = "exim", ANON(NO_LOGIN) },
	{ "exim-scanner-of-debian",
	  ABOVE_LOGIN(FORGED("Debian-exim", "with spam-scanned (Exim 4.71)\n (envelope-from "
	                                    "<jane@example.org>) id 1hpOyy-0007qI-7m")),
	  .hop = 1, POSTFIX_SEEN("ESMTPSA"), .user = "jane", .filter_uids = "mail Debian-exim",
	  AUTH(WITH) },
	{ "exim-batch",
	  ABOVE_LOGIN(FORGED("exim", "with local-bsmtp (Exim 4.96 #2 (Debian)) id 1")), LOGIN_BELOW,
	  AUTH(WITH) },
	{ "exim-session",
	  ABOVE_LOGIN(FORGED("exim (helo=localhost)", "with local-esmtp (Exim 4.96)")), LOGIN_BELOW,
	  AUTH(WITH) },
	{ "exim-session-without-helo", ABOVE_LOGIN(FORGED("exim", "with local-smtp (Exim) id 1")),
	  LOGIN_BELOW, AUTH(WITH) },
	{ "exim-word-twice", ABOVE_LOGIN(FORGED("exim", "with x (Exim 3.36 #1) (Exim 4) id 1")),
	  LOGIN_BELOW, AUTH(WITH) },
	{ "exim-scanner-of-a-user", HEAD(FORGED("jane", SCANNER)),
	  SEEN(MX, "sa-scanned", "1WEDcm-0003q7-BQ", NULL, "jane"), .local = "jane",
	  .user_uids = "jane", .login = ANY, AUTH(LOCAL_UID) },
	{ "exim-scanner-not-listed", ABOVE_LOGIN(FORGED("exim", SCANNER)),
	  SEEN(MX, "sa-scanned", "1WEDcm-0003q7-BQ", NULL, "exim"), .local = "exim",
	  .filter_uids = "exi exim4 xexim", ANON(LOCAL_PICKUP) },
	{ "exim-scanner-alone", HEAD(FORGED("exim", SCANNER)),
	  SEEN(MX, "sa-scanned", "1WEDcm-0003q7-BQ", NULL, "exim"), .local = "exim",
	  .filter_uids = "exim", ANON(LOCAL_PICKUP) },
	{ "exim-login-in-a-session",
	  HEAD(FORGED("exim (helo=x)", "with local-esmtpsa (Exim 4.96) id 1")),
	  SEEN(MX, "local-esmtpsa", "1", NULL, "x"), AUTH(WITH) },
	{ "forged-exim-word-is-a-login",
	  ABOVE_LOGIN(FORGED("jane", "with esmtpsa (Exim 4.96) id 1")),
	  SEEN(MX, "esmtpsa", "1", NULL, "jane"), .local_is_trusted = true, ANON(LOCAL_PICKUP) },
	{ "forged-exim-word-is-an-old-login", ABOVE_LOGIN(FORGED("jane", "with asmtp (Exim 4.34)")),
	  SEEN(MX, "asmtp", NULL, NULL, "jane"), .local_is_trusted = true, ANON(LOCAL_PICKUP) },
	/* A received_header_text that shows no more of a client than its HELO. */
	{ "forged-exim-user-is-helo", ABOVE_LOGIN(FORGED("exim", "with esmtp (Exim 4.96) id 1")),
	  NOT_SKIPPED("esmtp", "1", NULL, "exim"), ANON(LOCAL_PICKUP) },
	{ "forged-exim-user-is-helo-tls",
	  ABOVE_LOGIN(FORGED("exim", "with utf8esmtps (Exim 4.96)")),
	  NOT_SKIPPED("utf8esmtps", NULL, NULL, "exim"), ANON(LOCAL_PICKUP) },
	{ "forged-exim-user-is-helo-smtp", ABOVE_LOGIN(FORGED("exim", "with SMTP (Exim 4.96)")),
	  NOT_SKIPPED("SMTP", NULL, NULL, "exim"), ANON(LOCAL_PICKUP) },
	{ "forged-exim-user-beside-an-address",
	  ABOVE_LOGIN(FORGED("exim ([203.0.113.66])", "with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, "203.0.113.66", "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-user-beside-a-loose-address",
	  ABOVE_LOGIN(FORGED("exim (exim) [203.0.113.66]:4711", "with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, "203.0.113.66", "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-user-beside-a-word",
	  ABOVE_LOGIN(FORGED("exim 203.0.113.66", "with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-user-is-ident",
	  ABOVE_LOGIN(FORGED("[203.0.113.66] (helo=exim ident=exim)", "with esmtp (Exim 4.96)")),
	  NOT_SKIPPED("esmtp", NULL, "203.0.113.66", "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-user-is-ident-and-helo-is-local",
	  ABOVE_LOGIN(FORGED("exim (ident=exim)", "with local-esmtp (Exim 4.96)")),
	  NOT_SKIPPED("local-esmtp", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-user-is-an-address",
	  ABOVE_LOGIN(FORGED("203.0.113.66", "with sa-scanned (Exim 4.96)")),
	  SEEN(MX, "sa-scanned", NULL, NULL, "203.0.113.66"), .filter_uids = "203.0.113.66",
	  ANON(NO_LOGIN) },
	{ "forged-exim-user-is-a-literal",
	  ABOVE_LOGIN(FORGED("[203.0.113.66]", "with sa-scanned (Exim 4.96)")),
	  SEEN(MX, "sa-scanned", NULL, NULL, "[203.0.113.66]"), .filter_uids = "[203.0.113.66]",
	  ANON(NO_LOGIN) },
	{ "forged-exim-user-is-a-string",
	  ABOVE_LOGIN(FORGED("\"exim\"", "with sa-scanned (Exim 4.96)")),
	  SEEN(MX, "sa-scanned", NULL, NULL, "\"exim\""), .filter_uids = "exim \"exim\"",
	  ANON(NO_LOGIN) },
	{ "forged-exim-helo-beside-another-word",
	  ABOVE_LOGIN(FORGED("exim (helo=x)", "with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "x"), ANON(NO_LOGIN) },
	{ "forged-exim-helo-is-an-address",
	  ABOVE_LOGIN(FORGED("exim (helo=[127.0.0.1])", "with local-esmtp (Exim 4.96)")),
	  NOT_SKIPPED("local-esmtp", NULL, NULL, "[127.0.0.1]"), ANON(NO_LOGIN) },
	{ "forged-exim-helo-and-a-comment",
	  ABOVE_LOGIN(FORGED("exim (helo=x) (y)", "with local-esmtp (Exim 4.96)")),
	  NOT_SKIPPED("local-esmtp", NULL, NULL, "x"), ANON(NO_LOGIN) },
	{ "forged-exim-another-program", ABOVE_LOGIN(FORGED("exim", "with sa-scanned (Postfix)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-longer-name", ABOVE_LOGIN(FORGED("exim", "with sa-scanned (Eximx 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-behind-a-comment",
	  ABOVE_LOGIN(FORGED("exim", "with sa-scanned (x) (Exim 4)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-behind-bys-comment",
	  ABOVE_LOGIN(FORGED("exim", "(x) with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-behind-via",
	  ABOVE_LOGIN(FORGED("exim", "via tcp with sa-scanned (Exim 4.96)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-in-the-sender",
	  ABOVE_LOGIN(FORGED(
	          "exim", "with sa-scanned (envelope-from <\"x) (Exim 4.96) (y\"@evil.example>)")),
	  NOT_SKIPPED("sa-scanned", NULL, NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-in-the-recipient",
	  ABOVE_LOGIN(FORGED("exim", "with sa-scanned id 1 for x(Exim 4.96)@example.org")),
	  NOT_SKIPPED("sa-scanned", "1", NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-no-word", ABOVE_LOGIN(FORGED("exim", "(Exim 4.96) id 1")),
	  NOT_SKIPPED(NULL, "1", NULL, "exim"), ANON(NO_LOGIN) },
	{ "forged-exim-below-the-boundary",
	  HEAD(BOUNDARY FORGED("exim", SCANNER) POSTFIX(TLS JANE, "ESMTPSA")), EVIL_SEEN("ESMTP"),
	  .filter_uids = "exim", ANON(NO_LOGIN) },

/* Names below a domain of ours. */
#define BY_HOST(by, from, word)                                                                    \
	"Received: from " from "\n\tby " by " (Postfix) with " word " id A1B2C3" DATE
#define BELOW .trusted_by = ".example.org"
	{ "below", HEAD(BY_HOST("smtp3.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("smtp3.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, AUTH(WITH) },
	{ "below-case-and-dot",
	  HEAD(BY_HOST("SMTP3.Example.ORG.", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("SMTP3.Example.ORG.", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"),
	  .trusted_by = "mx.example.net .EXAMPLE.org.", AUTH(WITH) },
	{ "below-deep", HEAD(BY_HOST("a.b.c.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("a.b.c.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, AUTH(WITH) },
	{ "below-no-login", HEAD(BY_HOST("smtp3.example.org", "x ([203.0.113.66])", "ESMTPS")),
	  SEEN("smtp3.example.org", "ESMTPS", "A1B2C3", "203.0.113.66", "x"), BELOW,
	  ANON(NO_LOGIN) },
	{ "below-is-not-the-name", HEAD(BY_HOST("example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "below-and-the-name", HEAD(BY_HOST("example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"),
	  .trusted_by = "example.org .example.org", AUTH(WITH) },
	{ "below-through-a-relay",
	  HEAD(BY_HOST("in.example.org", "r (r [192.0.2.7])", "ESMTP")
	               BY_HOST("out.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  .hop = 1, SEEN("out.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW,
	  .relay_nets = "192.0.2.7", AUTH(WITH) },
	{ "below-is-no-dialect-of-a-host",
	  HEAD(BY_HOST("in.example.org", "x ([203.0.113.66]) (Authenticated sender: ceo)",
	               "ESMTP")),
	  SEEN("in.example.org", "ESMTP", "A1B2C3", "203.0.113.66", "x"), .user = "ceo", BELOW,
	  .dialect = ".example.org=postfix", ANON(NO_LOGIN) },
	{ "forged-below-in-helo",
	  HEAD(BY_HOST(MX, "x by any.example.org ([203.0.113.66])", "ESMTP")), BELOW, BAD },
	{ "forged-below-in-helo-clause",
	  HEAD(BY_HOST(MX, "x by any.example.org with ESMTPSA id 1; ( ([203.0.113.66])", "ESMTP")),
	  BELOW, BAD },
	{ "forged-below-in-a-comment",
	  HEAD(BY_HOST(MX, "x (unknown (by ANY.example.org) [203.0.113.66])", "ESMTPSA")), BELOW,
	  BAD },
	{ "forged-below-in-a-string",
	  HEAD(BY_HOST(MX, "\"x by a.b.example.org.\" ([203.0.113.66])", "ESMTPSA")), BELOW, BAD },
	{ "forged-below-at-another",
	  HEAD(BY_HOST("evil.example.net", "x (by any.example.org)", "ESMTPSA")), BELOW, BAD },
	{ "forged-below-longer",
	  HEAD(BY_HOST("mx.example.org.evil.example.net", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("mx.example.org.evil.example.net", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW,
	  .login = ANY, UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-no-dot", HEAD(BY_HOST("evil-example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("evil-example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-nothing", HEAD(BY_HOST("..example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("..example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-quoted",
	  HEAD(BY_HOST("\"x\".example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("\"x\".example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-angled",
	  HEAD(BY_HOST("<by evil>.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("<by evil>.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW,
	  .login = ANY, UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-an-address",
	  HEAD(BY_HOST("x@mx.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("x@mx.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW, .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "forged-below-the-boundary",
	  HEAD(BOUNDARY BY_HOST("any.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  EVIL_SEEN("ESMTP"), BELOW, ANON(NO_LOGIN) },
	/* What it costs: whatever host wrote the top field, if it only names itself so. */
	{ "cost-of-below", HEAD(BY_HOST("pc17.lab.example.org", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN("pc17.lab.example.org", "ESMTPSA", "A1B2C3", "203.0.113.66", "x"), BELOW,
	  AUTH(WITH) },

/* Hosts that write an address after by. */
#define INSIDE(by) "Received: by " by " with SMTP id e12csp21019792edz" DATE
#define V6 "2002:a05:6402:190c:0:0:0:0"
#define TAKEN(from, word)                                                                          \
	"Received: from " from "\n\tby mx.example.org with " word                                  \
	" id q1si1.2021\n\tfor <jane@corp.example>" DATE
#define WIDE .trusted_by = "mx.example.org 2002:a00::/24 10.0.0.0/8"
#define TAKEN_SEEN(word) SEEN(MX, word, "q1si1.2021", "198.51.100.7", "mail.example.net")
	{ "inside", HEAD(INSIDE(V6) TAKEN("mail.example.net ([198.51.100.7])", "ESMTPS")), .hop = 1,
	  TAKEN_SEEN("ESMTPS"), WIDE, ANON(NO_LOGIN) },
	{ "inside-login", HEAD(INSIDE(V6) TAKEN("mail.example.net ([198.51.100.7])", "ESMTPSA")),
	  .hop = 1, TAKEN_SEEN("ESMTPSA"), WIDE, AUTH(WITH) },
	{ "inside-several",
	  HEAD(INSIDE("10.140.1.2") INSIDE("2002:a05:6402:190c::") INSIDE("[IPv6:2002:A17::1]")
	               INSIDE("10.220.200.9.")
	                       TAKEN("mail.example.net ([198.51.100.7])", "ESMTPSA")),
	  .hop = 4, TAKEN_SEEN("ESMTPSA"), WIDE, AUTH(WITH) },
	{ "inside-alone", HEAD(INSIDE(V6)), SEEN(V6, "SMTP", "e12csp21019792edz", NULL, NULL), WIDE,
	  UNKNOWN(DELIVERY_ONLY) },
	{ "inside-alone-no-word", HEAD("Received: by " V6 " id e12" DATE),
	  SEEN(V6, NULL, "e12", NULL, NULL), WIDE, UNKNOWN(DELIVERY_ONLY) },
	{ "inside-above-a-stranger",
	  HEAD(INSIDE(V6) BY_HOST("o.example", "x ([203.0.113.66])", "ESMTPSA")),
	  SEEN(V6, "SMTP", "e12csp21019792edz", NULL, NULL), WIDE, .login = ANY,
	  ANON(CHAIN_BROKEN) },
	{ "inside-another-network",
	  HEAD(INSIDE("2003:a05::1") TAKEN("mail.example.net ([198.51.100.7])", "ESMTPSA")),
	  .hop = 1, TAKEN_SEEN("ESMTPSA"), WIDE, .login = ANY, UNKNOWN(TOP_NOT_OURS) },
	{ "inside-shows-a-client",
	  HEAD("Received: from x ([203.0.113.66]) by 10.1.2.3 with ESMTPSA id 1" DATE),
	  SEEN("10.1.2.3", "ESMTPSA", "1", "203.0.113.66", "x"), WIDE, AUTH(WITH) },
	{ "inside-of-a-webmail", HEAD("Received: by 10.1.2.3 with HTTP" DATE),
	  SEEN("10.1.2.3", "HTTP", NULL, NULL, NULL), WIDE, UNKNOWN(DELIVERY_ONLY) },
	{ "an-address-is-a-name", HEAD("Received: by 192.0.2.9 with ESMTPSA id 1" DATE),
	  SEEN("192.0.2.9", "ESMTPSA", "1", NULL, NULL), .trusted_by = "192.0.2.9", AUTH(WITH) },
	{ "an-address-is-a-name-in-a-network",
	  HEAD("Received: by 192.0.2.9 with ESMTPSA id 1" DATE),
	  SEEN("192.0.2.9", "ESMTPSA", "1", NULL, NULL), .trusted_by = "192.0.2.0/24 192.0.2.9",
	  AUTH(WITH) },
	{ "an-address-in-another-spelling-is-no-name",
	  HEAD("Received: by [192.0.2.9] with ESMTPSA id 1" DATE),
	  SEEN("[192.0.2.9]", "ESMTPSA", "1", NULL, NULL), .trusted_by = "192.0.2.9", .login = ANY,
	  UNKNOWN(TOP_NOT_OURS) },
	{ "an-address-with-its-length",
	  HEAD("Received: by [192.0.2.9] with ESMTPSA id 1" DATE POSTFIX(TLS JANE, "ESMTPS")),
	  .hop = 1, POSTFIX_SEEN("ESMTPS"), .user = "jane",
	  .trusted_by = "192.0.2.9/32 mx.example.org", ANON(NO_LOGIN) },
	/* Not a delivery: a client, or a user of the host, stands in it. */
	{ "forged-inside-handed-in",
	  ABOVE_LOGIN("Received: by 10.1.2.3 (Postfix, from userid 33) id 1" DATE),
	  SEEN("10.1.2.3", NULL, "1", NULL, NULL), .local = "33", WIDE, ANON(LOCAL_PICKUP) },
	{ "forged-inside-handed-in-to-exim",
	  ABOVE_LOGIN("Received: by 10.1.2.3 with local id 1" DATE),
	  SEEN("10.1.2.3", "local", "1", NULL, NULL), WIDE, ANON(LOCAL_PICKUP) },
	{ "forged-inside-fetched", ABOVE_LOGIN("Received: by 10.1.2.3 with POP3 id 1" DATE),
	  SEEN("10.1.2.3", "POP3", "1", NULL, NULL), WIDE, ANON(FETCHED) },
	{ "forged-inside-from-behind-by",
	  ABOVE_LOGIN("Received: by 10.1.2.3 with SMTP id 1 from <x@evil.example>" DATE),
	  SEEN("10.1.2.3", "SMTP", "1", NULL, NULL), WIDE, ANON(NO_LOGIN) },
	{ "forged-inside-from-without-a-value",
	  ABOVE_LOGIN("Received: from (x) [203.0.113.66]:4711 by 10.1.2.3 with SMTP id 1" DATE),
	  SEEN("10.1.2.3", "SMTP", "1", "203.0.113.66", NULL), WIDE, ANON(NO_LOGIN) },
	{ "forged-inside-behind-a-comment",
	  ABOVE_LOGIN("Received: ([203.0.113.66]) by 10.1.2.3 with SMTP id 1" DATE),
	  SEEN("10.1.2.3", "SMTP", "1", NULL, NULL), WIDE, ANON(NO_LOGIN) },
	{ "forged-inside-in-helo", HEAD(TAKEN("x by 10.1.2.3 ([203.0.113.66])", "ESMTP")), WIDE,
	  BAD },
	{ "forged-inside-in-helo-v6", HEAD(TAKEN("x by 2002:a05:: ([203.0.113.66])", "ESMTPSA")),
	  WIDE, BAD },
	{ "forged-inside-in-helo-literal",
	  HEAD(TAKEN("x by [IPv6:2002:a05::7] ([203.0.113.66])", "ESMTPSA")), WIDE, BAD },
	{ "forged-inside-in-helo-field",
	  HEAD(TAKEN("x by 10.1.2.3 with SMTP id 1; ( ([203.0.113.66])", "ESMTP")), WIDE, BAD },
	{ "forged-inside-in-a-comment",
	  HEAD(TAKEN("x (unknown (by 10.0.0.1) [203.0.113.66])", "ESMTPSA")), WIDE, BAD },
	{ "forged-inside-in-a-comment-v6",
	  HEAD(TAKEN("x (unknown (by 2002:A05::9) [203.0.113.66])", "ESMTPSA")), WIDE, BAD },
	{ "forged-inside-in-a-string", HEAD(TAKEN("\"by\t10.9.9.9\" ([203.0.113.66])", "ESMTPSA")),
	  WIDE, BAD },
	{ "forged-inside-at-another", HEAD(BY_HOST("o.example", "x (by 2002:a05::1)", "ESMTPSA")),
	  WIDE, BAD },
	{ "forged-inside-with-a-zone", ABOVE_LOGIN(INSIDE("10.1.2.3%\"x\"")),
	  SEEN("10.1.2.3%\"x\"", "SMTP", "e12csp21019792edz", NULL, NULL), WIDE, .login = ANY,
	  BAD },
	{ "forged-inside-with-a-port", ABOVE_LOGIN(INSIDE("10.1.2.3:25")),
	  SEEN("10.1.2.3:25", "SMTP", "e12csp21019792edz", NULL, NULL), WIDE, .login = ANY, BAD },
	{ "forged-inside-name-of-an-address", ABOVE_LOGIN(INSIDE("10.1.2.3.evil.example.net")),
	  SEEN("10.1.2.3.evil.example.net", "SMTP", "e12csp21019792edz", NULL, NULL), WIDE,
	  .login = ANY, UNKNOWN(TOP_NOT_OURS) },
	{ "forged-inside-below-the-boundary",
	  HEAD(BOUNDARY INSIDE(V6) POSTFIX(TLS JANE, "ESMTPSA")), EVIL_SEEN("ESMTP"), WIDE,
	  ANON(NO_LOGIN) },
	/* What it costs: a host there that hides its clients lets them write what stands below. */
	{ "cost-of-inside-hidden",
	  ABOVE_LOGIN("Received: by 10.1.2.3 (Postfix) id 4YvDk24m8Xz3xQ" DATE), .hop = 1,
	  POSTFIX_SEEN("ESMTPSA"), .user = "jane", WIDE, AUTH(WITH) },
	{ "cost-of-inside-hidden-not-of-a-name",
	  ABOVE_LOGIN("Received: by 10.1.2.3 (Postfix) id 4YvDk24m8Xz3xQ" DATE),
	  SEEN("10.1.2.3", NULL, "4YvDk24m8Xz3xQ", NULL, NULL),
	  .trusted_by = "10.1.2.3 mx.example.org", UNKNOWN(SILENT) },

	/* Clauses without a value. */
	{ "no-id", HEAD(FORGED(EVIL, "(Postfix) with ESMTPSA id")),
	  SEEN(MX, "ESMTPSA", NULL, "203.0.113.66", "x"), AUTH(WITH) },
	{ "forged-no-id", HEAD(FORGED(EVIL, "(Postfix) id (x) with ESMTPSA")), BAD },
	{ "no-from", HEAD(FORGED("(laptop) [203.0.113.66]", "with esmtpsa id A1B2C3")),
	  SEEN(MX, "esmtpsa", "A1B2C3", "203.0.113.66", NULL), AUTH(WITH) },
	{ "forged-no-from-is-not-hidden", HEAD(FORGED("(x)", "id A1B2C3")),
	  SEEN(MX, NULL, "A1B2C3", NULL, NULL), .hidden_by = MX, ANON(NO_LOGIN) },
};

static char **
trusted_by(const Row *row)
{
	return list(row->trusted_by ? row->trusted_by : row->by ? row->by : MX);
}

static Submission *
decide(const Row *row, const char *bytes, size_t length)
{
	g_auto(GStrv) by = trusted_by(row);
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
	Facts facts = { .sasl_username = row->sasl_username, .queue_id = row->queue_id };
	Head head = head_parse(bytes, length);

	return submission_read(&trust, &facts, &head);
}

/* The value of Received field number @nth, from 0. */
static Span
field(const Row *row, unsigned nth)
{
	Head head = head_parse(row->head, row->length);
	HeadItem item;

	for (size_t at = 0; head_next(&head, &at, &item);)
		if (item.is_field && head_item_is(&item, "Received") && nth-- == 0)
			return item.value;
	g_assert_not_reached();
}

static void
is(const char *what, const char *got, const char *expected)
{
	if (g_strcmp0(expected, ANY) == 0 || g_strcmp0(got, expected) == 0)
		return;
	g_test_message("%s: %s, not %s", what, got ? got : "(none)",
	               expected ? expected : "(none)");
	g_test_fail();
}

static void
test_row(gconstpointer data)
{
	const Row *row = data;
	g_autoptr(Submission) s = decide(row, row->head, row->length);

	g_test_message("%s", s->evidence);
	is("verdict", verdict_name(s->verdict), verdict_name(row->verdict));
	is("reason", reason_name(s->reason), reason_name(row->reason));
	is("login", s->auth_user, row->login ? row->login : row->user);
	if (row->reason == REASON_NO_TRACE)
		return;

	g_auto(GStrv) ours = trusted_by(row);
	g_autoptr(Received) r = received_read(field(row, row->hop), (const char *const *)ours);
	is("malformed", r->bad ? "yes" : "no", row->bad ? "yes" : "no");
	if (row->bad)
		return;
	is("by", r->by, row->by);
	is("with", r->with, row->with);
	is("id", r->id, row->id);
	is("peer", r->peer, row->peer);
	is("helo", r->helo, row->helo);
	is("user", r->user, row->user);
	is("local user", r->local_user, row->local);
}

/* What a client can write is no login, whatever dialects the administrator turns on. */
static void
test_forged_in_all_dialects(void)
{
	unsigned forged = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row row = rows[i];
		if (!g_str_has_prefix(row.name, "forged-"))
			continue;
		forged++;
		row.dialect = ALL;
		g_autoptr(Submission) s = decide(&row, row.head, row.length);
		g_test_message("%s: %s", row.name, s->evidence);
		g_assert_cmpint(row.verdict, !=, VERDICT_AUTHENTICATED);
		g_assert_cmpint(s->verdict, ==, row.verdict);
		g_assert_cmpint(s->reason, ==, row.reason);
	}
	g_assert_cmpuint(forged, >=, 40);
}

/* Without a host to trust no field says anything. */
static void
test_nobody_trusted(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row row = rows[i];
		row.trusted_by = "";
		row.sasl_username = row.queue_id = NULL;
		g_autoptr(Submission) s = decide(&row, row.head, row.length);
		g_test_message("%s: %s", row.name, s->evidence);
		g_assert_cmpint(s->verdict, !=, VERDICT_AUTHENTICATED);
	}
}

/* Other line ends, nothing else. */
static void
test_crlf(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		g_autoptr(GString) head = g_string_new(NULL);
		for (size_t k = 0; k < row->length; k++) {
			if (row->head[k] == '\n' && (k == 0 || row->head[k - 1] != '\r'))
				g_string_append_c(head, '\r');
			g_string_append_c(head, row->head[k]);
		}
		g_autoptr(Submission) s = decide(row, head->str, head->len);
		g_test_message("%s: %s", row->name, s->evidence);
		g_assert_cmpint(s->verdict, ==, row->verdict);
		g_assert_cmpint(s->reason, ==, row->reason);
	}
}

/* A login below 2,000 forged fields is as far from the boundary as one right below it. */
static void
test_many_forged(void)
{
	static const Row row = { "many", .dialect = ALL };
	g_autoptr(GString) head = g_string_new(BOUNDARY);

	for (unsigned i = 0; i < 2000; i++)
		g_string_append(head, POSTFIX(TLS JANE, "ESMTPSA"));
	g_autoptr(Submission) s = decide(&row, head->str, head->len);
	g_assert_cmpint(s->verdict, ==, VERDICT_ANONYMOUS);
	g_assert_cmpint(s->reason, ==, REASON_NO_LOGIN);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/trace/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_row);
	}
	g_test_add_func("/trace/forged-in-all-dialects", test_forged_in_all_dialects);
	g_test_add_func("/trace/nobody-trusted", test_nobody_trusted);
	g_test_add_func("/trace/crlf", test_crlf);
	g_test_add_func("/trace/many-forged", test_many_forged);
	return g_test_run();
}
