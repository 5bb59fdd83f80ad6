/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "span.h"

/* What one Authentication-Results field says about SMTP AUTH (RFC 8601, 2.7.4) and DMARC (RFC 7489,
 * 11.1). */
typedef struct {
	char *authserv_id; /* who wrote it, without version and "/job"; NULL: it cannot be read */
	guint auths;       /* results of the method "auth" */
	bool pass;         /* whether all of them are "pass" */
	char *user;        /* smtp.auth, the login; NULL: not said */
	guint dmarcs;      /* results of the method "dmarc" */
	bool dmarc_pass;   /* whether all of them are "pass" */
	char *from_domain; /* header.from of DMARC; NULL: not said */
} Authres;

/* Reads the value of an Authentication-Results field. One that cannot be read has no results.
 * (transfer full) */
Authres *authres_read(Span value);
void authres_free(Authres *authres);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Authres, authres_free)
