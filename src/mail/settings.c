/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * settings: what a message needs from the configuration, with a reference count.
 * May know: the policy and its parts. Must not know: keys, files, how a setting is written.
 * Fails: never.
 */
#include "settings.h"

Settings *
settings_new(void)
{
	Settings *settings = g_new0(Settings, 1);

	settings->references = 1;
	return settings;
}

Settings *
settings_ref(Settings *settings)
{
	settings->references++;
	return settings;
}

static void
clear_policy(Policy *policy)
{
	Trust *trust = &policy->trust;

	g_strfreev(trust->trusted_by);
	g_clear_pointer(&trust->relay_nets, g_ptr_array_unref);
	g_clear_pointer(&trust->trusted_clients, g_ptr_array_unref);
	g_strfreev(trust->filter_uids);
	g_strfreev(trust->user_uids);
	g_strfreev(trust->hidden_by);
	g_strfreev(trust->submission_by);
	g_strfreev(trust->webmail_by);
	g_strfreev(trust->relay_accounts);
	g_clear_pointer(&trust->comment_dialect, g_ptr_array_unref);
	g_free(trust->authserv_id);
	g_strfreev(policy->domains);
	g_clear_pointer(&policy->except, except_free);
}

void
settings_unref(Settings *settings)
{
	if (--settings->references > 0)
		return;
	clear_policy(&settings->policy);
	g_clear_pointer(&settings->people, people_close);
	g_free(settings->database);
	g_free(settings->digest);
	g_free(settings->digested);
	g_free(settings);
}

void
settings_hint_at_option(const Settings *settings, GError **error)
{
	if (!error || !*error || !settings->database_is_default)
		return;
	g_autofree char *words = (*error)->message;
	(*error)->message = g_strconcat(words, " (-o database=FILE chooses another file)", NULL);
}
