/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * advice: a submission -> what its hops mean in words, and which settings bear on it.
 * May know: reasons, roles, names of settings. Must not know: how a verdict is reached, output.
 * Fails: never.
 */
#include "advice.h"

#include "config.h"
#include "core/network.h"
#include "util/text.h"

static const char *const settings[N_REASONS] = {
	[REASON_WITH] = "relay-accounts, if this login says nothing about the author",
	[REASON_COMMENT] = "comment-dialect, if this host writes no such comments; relay-accounts, "
	                   "if this login says nothing about the author",
	[REASON_LISTENER_FACT] = "none: --submission is said in master.cf",
	[REASON_TRUSTED_CLIENT] = "trusted-clients, if strangers can send from there",
	[REASON_LOCAL_UID] = "user-uids, if others can use that account",
	[REASON_SUBMISSION_LISTENER] =
	        "submission-by or hidden-by, if that host takes mail without "
	        "a login too",
	[REASON_AUTH_RESULTS] = "authserv-id or ar-stripped, if others can write such a field",
	[REASON_WEBMAIL] = "webmail-by, if that host takes or redirects mail without a login too",
	[REASON_NO_LOGIN] = "relay-nets, if the client is a relay of yours; trusted-clients, if it "
	                    "sends for you alone; comment-dialect, if a comment names a login; "
	                    "submission-by, if the host takes no mail without a login",
	[REASON_CONFLICT] = "none: the fact and the trace cannot both be right",
	[REASON_RELAY_LOGIN] = "relay-accounts, if only its owner uses that login",
	[REASON_LOCAL_PICKUP] = "filter-uids, if this is your content filter; user-uids, if nobody "
	                        "else can use that account; local-submission, if the field "
	                        "shows no user and all users of that host are yours",
	[REASON_MALFORMED] = "none: such a field can be forged by what a client says of itself",
	[REASON_CHAIN_BROKEN] = "trusted-by, if the next host is yours; relay-nets, if the one "
	                        "above is no relay",
	[REASON_FETCHED] = "none: what a mailbox of others took in is not known",
	[REASON_NO_TRACE] = "unknown=authenticated, for all mail without a trace",
	[REASON_TOP_NOT_OURS] = "trusted-by, if that host is yours",
	[REASON_DELIVERY_ONLY] = "unknown=authenticated, for all mail without a trace",
	[REASON_SILENT] = "hidden-by, if such fields come from a listener that demands a login; "
	                  "authserv-id, if that host tells of logins in Authentication-Results",
};

const char *
advice_settings(const Submission *submission)
{
	if (submission->reason != REASON_SASL_FACT)
		return settings[submission->reason];
	return submission->verdict == VERDICT_AUTHENTICATED
	               ? settings[REASON_WITH]
	               : "trusted-clients, if the client sends for you alone";
}

static const Hop *
hop_at(const Submission *submission, guint index)
{
	return &g_array_index(submission->hops, Hop, index);
}

/* What the boundary says of its client, and why it is the boundary. */
static char *
client_words(const Trust *trust, const Submission *submission, const Received *r)
{
	const Hop *last = hop_at(submission, submission->hops->len - 1);

	if (network_holds(trust->trusted_clients, r->peer))
		return g_strdup_printf("client %s is in trusted-clients", r->peer);
	if (network_holds(trust->relay_nets, r->peer) && last->received == r)
		return g_strdup_printf("client %s is in relay-nets, but nothing stands below",
		                       r->peer);
	if (r->peer)
		return g_strdup("its client is no relay of yours");
	if (r->unread)
		return g_strdup_printf("its client's address was not read (%s)", r->unread);
	return g_strdup("it shows no address of its client");
}

static char *
boundary_words(const Trust *trust, const Submission *submission, const Received *r,
               const char *ours)
{
	if (submission->reason == REASON_FETCHED)
		return g_strdup_printf("%s, but fetched from a mailbox: the walk ends here", ours);
	if (r->is_local)
		return g_strdup_printf("%s; handed in on the host itself: the walk ends here",
		                       ours);
	if (submission->reason == REASON_DELIVERY_ONLY)
		return g_strdup_printf("%s; a delivery, and nothing below it", ours);
	g_autofree char *client = client_words(trust, submission, r);
	return g_strdup_printf("%s; %s: the walk ends here", ours, client);
}

char *
advice_hop(const Trust *trust, const Submission *submission, guint index)
{
	const Hop *hop = hop_at(submission, index);
	const Received *r = hop->received;
	const char *ours = received_host_in(r->by, (const char *const *)trust->trusted_by)
	                           ? "in trusted-by"
	                           : "has our queue id";

	switch (hop->role) {
	case ROLE_REINJECTION:
		if (r->qmail_uid)
			return g_strdup_printf(
			        "qmail's line, and uid %s is in filter-uids: goes on "
			        "below",
			        r->qmail_uid);
		return g_strdup_printf("%s; local user %s is in filter-uids: goes on below", ours,
		                       r->local_user);
	case ROLE_DELIVERY:
		return g_strdup_printf("%s; a delivery, no submission: goes on below", ours);
	case ROLE_RELAY:
		if (r->is_qmail_network)
			return g_strdup("qmail's line above that of its server: goes on below");
		return g_strdup_printf("%s; client %s is in relay-nets: goes on below", ours,
		                       r->peer);
	case ROLE_BOUNDARY:
		return boundary_words(trust, submission, r, ours);
	case ROLE_UNTRUSTED:
		break;
	}
	if (submission_hop(submission, ROLE_BOUNDARY))
		return g_strdup("below the boundary: the sender's own writing, proves nothing");
	if (hop != submission_hop(submission, ROLE_UNTRUSTED))
		return g_strdup("below what cannot be believed: proves nothing");
	if (r->bad)
		return g_strdup("can be read in more than one way: proves nothing");
	if (!r->by)
		return g_strdup("names no host after by: anybody may have written it");
	return g_strdup("not in trusted-by: anybody may have written it");
}

/* A field of the host of @hop that shows a login; NULL: none does. */
static const Received *
login_at(const Submission *submission, const Hop *hop)
{
	for (guint i = 0; hop && i < submission->hops->len; i++) {
		const Received *r = hop_at(submission, i)->received;
		if (!r->bad && r->by && r->with && submission_word_is_login(r->with) &&
		    received_same_host(r->by, hop->received->by))
			return r;
	}
	return NULL;
}

/* The walk ended at the first field that is not ours. */
static void
hint_at_stranger(GPtrArray *hints, const Trust *trust, const Submission *submission)
{
	const Hop *hop = submission_hop(submission, ROLE_UNTRUSTED);
	const Received *r = hop ? hop->received : NULL;
	g_autofree char *ours = g_strjoinv(", ", trust->trusted_by);
	g_autofree char *address = r && r->by ? network_address(r->by) : NULL;

	if (r && r->by)
		text_note(hints, "the %s says by %s; trusted-by is %s: if %s is yours, add it",
		          submission->reason == REASON_TOP_NOT_OURS ? "top field"
		                                                    : "field below your relay",
		          r->by, *ours ? ours : "empty", r->by);
	if (address)
		text_note(hints, "in an archive whose hosts write another address each time, "
		                 "trusted-by takes the network; see ARCHIVES in barefrom.conf(5)");
	if (r && !r->by && r->qmail_uid)
		text_note(hints,
		          "if uid %s is that of your qmail's SMTP server or filter, and nothing "
		          "else, add it to filter-uids",
		          r->qmail_uid);
}

/* The login is that of @boundary's client. */
static void
hint_at_login(GPtrArray *hints, const Trust *trust, const Submission *submission,
              const Hop *boundary)
{
	const Received *r = boundary ? boundary->received : NULL;

	if (r && network_holds(trust->relay_nets, r->peer))
		text_note(hints,
		          "client %s is in relay-nets: this is the relay's own login, unless its "
		          "users log in through it; if it is, add %s to relay-accounts",
		          r->peer, submission->auth_user ? submission->auth_user : "its account");
	else if (submission->reason == REASON_WITH && *trust->relay_accounts &&
	         !submission->auth_user)
		text_note(hints, "%s", CONFIG_WORDS_LOGIN);
}

/* No login was found at @boundary. */
static void
hint_at_no_login(GPtrArray *hints, const Trust *trust, const Received *boundary)
{
	g_auto(GStrv) unread = g_strsplit(boundary->unread ? boundary->unread : "", ", ", -1);

	for (char **address = unread; *address; address++) {
		bool is_relay = network_holds(trust->relay_nets, *address);
		if (is_relay || network_holds(trust->trusted_clients, *address))
			text_note(hints,
			          "%s is in %s, but whether it is the client's address was not "
			          "read: the client may have written it",
			          *address, is_relay ? "relay-nets" : "trusted-clients");
	}
	if (trust->authserv_id && *trust->authserv_id && !trust->ar_stripped &&
	    !boundary->is_silent)
		text_note(hints, "%s", CONFIG_WORDS_RESULTS);
	g_autofree Network *peer = boundary->peer ? network_parse(boundary->peer) : NULL;
	if (peer && network_is_loopback(peer) && !network_holds(trust->relay_nets, boundary->peer))
		text_note(hints,
		          "client %s is the host itself: where that is amavis or Zimbra, add "
		          "localhost to trusted-by and %s to relay-nets; every process there can "
		          "then claim any login",
		          boundary->peer, boundary->peer);
}

static bool
is_listed(const char *name, char *const *list)
{
	for (; *list; list++) {
		if (g_ascii_strcasecmp(name, *list) == 0)
			return true;
	}
	return false;
}

/* A user who is listed, but whom Exim's field does not show beyond doubt. */
static void
hint_at_exim(GPtrArray *hints, const Trust *trust, const Received *r)
{
	if (r->local_user || !r->from || !r->with ||
	    !(is_listed(r->from, trust->filter_uids) || is_listed(r->from, trust->user_uids)))
		return;
	text_note(hints,
	          "beside with %s, %s could be what a client said of itself: where it is the user "
	          "who calls Exim, let that call choose another word (exim -oMr)",
	          r->with, r->from);
}

GPtrArray *
advice_hints(const Trust *trust, const Submission *submission)
{
	GPtrArray *hints = g_ptr_array_new_with_free_func(g_free);
	const Hop *boundary = submission_hop(submission, ROLE_BOUNDARY);
	const char *uid = boundary ? boundary->received->local_user : NULL;
	const Received *login;

	switch (submission->reason) {
	case REASON_TOP_NOT_OURS:
	case REASON_CHAIN_BROKEN:
		hint_at_stranger(hints, trust, submission);
		break;
	case REASON_LOCAL_PICKUP:
		if (uid && submission_hop(submission, ROLE_UNTRUSTED))
			text_note(hints,
			          "if %s is your content filter, or Postfix itself after "
			          "postsuper -r, and nothing else, add it to filter-uids",
			          uid);
		hint_at_exim(hints, trust, boundary->received);
		break;
	case REASON_SUBMISSION_LISTENER:
		login = login_at(submission, boundary);
		if (login && boundary->received->with)
			text_note(hints,
			          "%s writes %s for a login, and here it wrote %s: if it takes "
			          "mail from outside too, it must not be in submission-by",
			          login->by, login->with, boundary->received->with);
		break;
	case REASON_WITH:
	case REASON_COMMENT:
		hint_at_login(hints, trust, submission, boundary);
		break;
	case REASON_NO_LOGIN:
		hint_at_no_login(hints, trust, boundary->received);
		break;
	default:
		break;
	}
	return hints;
}
