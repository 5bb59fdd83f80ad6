/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "head.h"

/* So many bytes of a text, made valid UTF-8, are given to GMime, and no more. */
#define MIME_MAX ((size_t)64 * 1024)

/* Loads GMime now, or ends the program where it is missing. The other functions load it when they
 * first need it. */
void mime_load(void);

/* A domain for comparing: in lower case, without trailing dots, and its U-labels as A-labels as
 * GLib folds them, if it can and there are at most MIME_DOMAIN_MAX bytes. (transfer full) */
#define MIME_DOMAIN_MAX 1024
char *mime_domain(const char *domain);

/* Whether GMime reads @value, as a field of its own, as exactly these addr-specs without a name.
 * @length is at most MIME_MAX. */
bool mime_agrees(const char *value, size_t length, const GPtrArray *addresses);

/* What a change to this head may break: a NULL-terminated array of `dkim`, `arc`, `smime`, `pgp`
 * (RFC 6376, 8617, 8551, 3156); and the value of the first Message-ID field, NULL where there is
 * none: at most MIME_MAX bytes of it, as valid UTF-8 without blanks around it. (transfer full) */
void mime_read_head(const Head *head, char ***ret_signatures, char **ret_message_id);
