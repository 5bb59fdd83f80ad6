/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/dialect.h"
#include "core/network.h"
#include "core/strip.h"

/* Settings as tests write them in a row: items split at blanks, NULL for none. (transfer full) */
static inline char **
list(const char *text)
{
	return text && *text ? g_strsplit(text, " ", -1) : g_new0(char *, 1);
}

static inline GPtrArray *
networks(const char *text)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) items = list(text);

	for (size_t i = 0; items[i]; i++) {
		g_ptr_array_add(all, network_parse(items[i]));
		g_assert_nonnull(g_ptr_array_index(all, i));
	}
	return all;
}

static inline void
free_rule(gpointer rule)
{
	dialect_rule_free(rule);
}

static inline GPtrArray *
dialects(const char *text)
{
	GPtrArray *rules = g_ptr_array_new_with_free_func(free_rule);
	g_auto(GStrv) items = list(text);

	for (size_t i = 0; items[i]; i++)
		g_ptr_array_add(rules, dialect_rule_new(items[i]));
	return rules;
}

/* Trust in the hosts @by alone; @none and @nobody are empty. */
static inline Trust
trust_in(char **by, char **none, GPtrArray *nobody)
{
	return (Trust){ .trusted_by = by,
		        .relay_nets = nobody,
		        .trusted_clients = nobody,
		        .filter_uids = none,
		        .user_uids = none,
		        .hidden_by = none,
		        .submission_by = none,
		        .webmail_by = none,
		        .relay_accounts = none,
		        .comment_dialect = nobody };
}

static inline guint
fields_of(const char *text)
{
	g_auto(GStrv) items = list(text);
	guint bits = 0;

	for (size_t i = 0; items[i]; i++) {
		g_assert_cmpuint(strip_field_bits(items[i]), !=, 0);
		bits |= strip_field_bits(items[i]);
	}
	return bits;
}
