/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* [policy] except: who may write in the names of others. */
typedef struct {
	char **addresses;    /* as person_address() makes them */
	char **domains;      /* as mime_domain() makes them */
	char **above;        /* from `*.domain`: only what is below the domain counts */
	GPtrArray *networks; /* Network */
} Except;

/* An Except without items. (transfer full) */
Except *except_new(void);

/* Adds one item of the setting: an address, a domain, `*.domain`, or a network for network_parse().
 * False: it is none of these. */
bool except_add(Except *except, const char *item);
void except_free(Except *except);

/* Whether nothing is excepted. */
bool except_is_empty(const Except *except);

/* Whether @address (by person_address(); NULL: none) is excepted, by itself or by its domain. */
bool except_has_address(const Except *except, const char *address);

/* Whether the client at @peer (an IP address; NULL: not known) is excepted. */
bool except_has_client(const Except *except, const char *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Except, except_free)
