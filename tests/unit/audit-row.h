/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/audit.h"

/* A row of a message, to be copied and changed. */
static const AuditRow plain = {
	.at = G_GINT64_CONSTANT(1763978400123456),
	.source = "filter",
	.verdict = "anonymous",
	.reason = "no-login",
	.in_scope = true,
	.action = "kept",
	.outcome = "pending",
	.size = -1,
	.policy_digest = "d1",
	.policy_settings = "scope=everyone\n",
	.version = "0.1.0",
};
