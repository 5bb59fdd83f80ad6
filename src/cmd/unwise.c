/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unwise: settings that are legal but unwise, and why.
 * May know: every setting. Must not know: where they are written, messages.
 * Fails: never.
 */
#include "unwise.h"

#include "core/host.h"
#include "core/network.h"
#include "util/text.h"
#include "value.h"

/* The number of host bits of @network. */
static guint
open_bits(const Network *network)
{
	return network->size * 8u - network->bits;
}

/* Whether @network begins in 172.16.0.0/12, from which container networks are taken. */
static bool
is_of_containers(const Network *network)
{
	return network->size == 4 && network->bytes[0] == 172 && (network->bytes[1] & 0xf0) == 16;
}

static void
warn_networks(const Trust *trust, GPtrArray *warnings)
{
	bool has_localhost = received_host_in("localhost", (const char *const *)trust->trusted_by);

	for (guint i = 0; i < trust->relay_nets->len; i++) {
		const Network *network = g_ptr_array_index(trust->relay_nets, i);
		g_autofree char *text = network_text(network);
		bool is_loopback = network_is_loopback(network);
		if (open_bits(network) > 0 || is_loopback)
			text_note(warnings,
			          "relay-nets: %s: every process there can claim any login%s", text,
			          !is_loopback ? "; name single hosts instead"
			          : has_localhost
			                  ? ""
			                  : "; for amavis, trusted-by needs localhost as well");
	}
	for (guint i = 0; i < trust->trusted_clients->len; i++) {
		const Network *network = g_ptr_array_index(trust->trusted_clients, i);
		g_autofree char *text = network_text(network);
		if (open_bits(network) > 3)
			text_note(warnings,
			          "trusted-clients: %s: every client there keeps its names; name "
			          "single hosts instead",
			          text);
		if (is_of_containers(network))
			text_note(warnings,
			          "trusted-clients: %s: behind NAT or in a container network, mail "
			          "from outside also has such an address",
			          text);
	}
}

/* The walk reaches the hop of a webmail only if its host is in trusted-by. */
static void
warn_webmail(const Trust *trust, GPtrArray *warnings)
{
	for (char **host = trust->webmail_by; *host; host++) {
		if (!received_host_in(*host, (const char *const *)trust->trusted_by))
			text_note(warnings,
			          "webmail-by: %s has no effect unless it is in trusted-by, too",
			          *host);
	}
}

/* Warns of suffixes and networks, instead of which a filter can name single hosts. */
static void
warn_many_hosts(const Trust *trust, GPtrArray *warnings)
{
	for (char **item = trust->trusted_by; *item; item++) {
		if (host_is_suffix(*item))
			text_note(warnings,
			          "trusted-by: %s: for archives only: every host that calls itself "
			          "by such a name is believed; for a filter, name single hosts",
			          *item);
		else if (host_is_network(*item))
			text_note(warnings,
			          "trusted-by: %s: for archives only: below a field of a host "
			          "there that shows no client, the client's own fields are "
			          "believed; for a filter, name single hosts",
			          *item);
	}
}

static void
warn_trust(const Trust *trust, GPtrArray *warnings)
{
	if (!*trust->trusted_by)
		text_note(warnings, "trusted-by is empty: no trace field is believed");
	if (*trust->relay_accounts)
		text_note(warnings, CONFIG_WORDS_LOGIN);
	for (guint i = 0; i < trust->comment_dialect->len; i++) {
		const DialectRule *rule = g_ptr_array_index(trust->comment_dialect, i);
		if (rule->dialect == DIALECT_NONE)
			text_note(warnings,
			          "comment-dialect: %s%s" VALUE_DIALECT_WITHOUT_FORM
			          " has no effect: its comment cannot be told from ident (RFC "
			          "1413)",
			          rule->host ? rule->host : "", rule->host ? "=" : "");
	}
	if (trust->ar_stripped && !*trust->authserv_id)
		text_note(warnings, "ar-stripped=true has no effect without authserv-id");
	if (*trust->authserv_id && !trust->ar_stripped)
		text_note(warnings, "authserv-id: " CONFIG_WORDS_RESULTS);
	if (trust->local_is_trusted)
		text_note(warnings, "local-submission=authenticated: every program on these hosts "
		                    "keeps its names, even the scripts of a web server");
	warn_many_hosts(trust, warnings);
	warn_webmail(trust, warnings);
	warn_networks(trust, warnings);
}

void
unwise_note(const Config *config, GPtrArray *warnings)
{
	const Policy *policy = &config->settings->policy;

	if (!policy->unknown_is_anonymous)
		text_note(warnings,
		          "unknown=authenticated: a message without a usable trace keeps its "
		          "names");
	if (config->domains_are_example)
		text_note(warnings, CONFIG_WORDS_EXAMPLE);
	if (config->scope_has_directory && !*policy->trust.authserv_id)
		text_note(warnings,
		          "scope includes directory, but authserv-id is empty: the addresses of "
		          "keep: and except are believed as they are written, and can be forged");
	if (!config->scope_has_directory && !except_is_empty(policy->except))
		text_note(warnings, "except has no effect unless scope includes directory");
	if (policy->resolve_anonymous)
		text_note(warnings, "resolve-anonymous=true: nothing is changed, only audited");
	if (!policy->fields)
		text_note(warnings, "fields is empty: nothing is ever changed");
	warn_trust(&policy->trust, warnings);
}
