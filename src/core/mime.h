/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "head.h"

/* The most bytes of a text, made valid UTF-8, that GMime gets. */
#define MIME_MAX ((size_t)64 * 1024)

/* Loads GMime now; ends the program if it is missing. The other functions load it when they first
 * need it. */
void mime_load(void);

/* The longest domain, in bytes, whose U-labels are folded. */
#define MIME_DOMAIN_MAX 1024

/* A domain for comparing: in lower case, without trailing dots; with its U-labels as A-labels, as
 * GLib folds them, if it can and the domain is not too long. (transfer full) */
char *mime_domain(const char *domain);

/* Whether @domain can be one in a setting: letters, digits, `-`, `_` and what is no ASCII, in
 * labels none of which is empty but one after a trailing dot. */
bool mime_is_domain(const char *domain);

/* Whether GMime reads @value, as a field of its own, as exactly these addr-specs without a name.
 * @length must be at most MIME_MAX. */
bool mime_agrees(const char *value, size_t length, const GPtrArray *addresses);

/* *@ret_signatures is what a change to this head may break: a NULL-terminated array of `dkim`,
 * `arc`, `smime`, `pgp` (RFC 6376, 8617, 8551, 3156). *@ret_message_id is the value of the first
 * Message-ID field: at most MIME_MAX bytes of it, as valid UTF-8 without blanks around it; NULL:
 * there is none. (transfer full of both) */
void mime_read_head(const Head *head, char ***ret_signatures, char **ret_message_id);
