/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit-writer DATABASE ROWS: writes so many rows as filters do, each with a connection of its own:
 * opened, recorded, settled, closed. Prints the microseconds that each took. For audit-load.py. */
#include <stdio.h>
#include <stdlib.h>

#include "store/audit.h"

static bool
write_row(const char *path, GError **error)
{
	static const AuditEdit edit = {
		.field = "From",
		.nth = 1,
		.action = "stripped",
		.before = { "From: \"Jane Doe, CEO\" <ceo@corp.example>\r\n", 43 },
		.after = { "From: ceo@corp.example\r\n", 24 },
		.display_names = { "Jane Doe, CEO", 1 },
		.addresses = { "ceo@corp.example", 1 },
	};
	AuditRow row = {
		.at = g_get_real_time(),
		.source = "filter",
		.queue_id = "4dFgZs1c8Hz7xQ2",
		.message_id_header = "<c41f6d0e@mail.example.net>",
		.envelope_from = "bounce@mail.example.net",
		.client_address = "203.0.113.17",
		.verdict = "anonymous",
		.reason = "no-login",
		.evidence = "hop 0: by mx.example.org with ESMTP, no login",
		.peer = "203.0.113.17",
		.helo = "mail.example.net",
		.received_at = g_get_real_time(),
		.from_name = "Jane Doe, CEO",
		.from_address = "ceo@corp.example",
		.in_scope = true,
		.action = "stripped",
		.outcome = "pending",
		.size = -1,
		.from_before = "\"Jane Doe, CEO\" <ceo@corp.example>",
		.from_after = "ceo@corp.example",
		.head_before_sha256 =
		        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		.head_after_sha256 =
		        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		.policy_digest = "bench",
		.policy_settings = "scope=everyone\n",
		.version = VERSION,
		.edits = &edit,
		.n_edits = 1,
		.recipients = { "anna.berg@example.org", 1 },
	};
	gint64 id;
	Audit *audit = audit_open(path, 60000, error);

	if (!audit)
		return false;
	g_autoptr(GArray) rows = g_array_new(false, false, sizeof row);
	g_array_append_val(rows, row);
	bool good = audit_record_rows(audit, rows, &id, NULL, NULL, true, error) &&
	            audit_settle(audit, id, "sent", 4096, error);
	audit_close(audit);
	return good;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < atoi(argv[2]); i++) {
		gint64 start = g_get_monotonic_time();
		if (!write_row(argv[1], &error)) {
			fprintf(stderr, "%s\n", error->message);
			return 1;
		}
		printf("%d\n", (int)(g_get_monotonic_time() - start));
	}
	return 0;
}
