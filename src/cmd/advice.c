/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * advice: a submission -> what its hops mean, in words, and which settings affect it.
 * May know: reasons, roles, names of settings. Must not know: how a verdict is reached, output.
 * Fails: never.
 */
#include "advice.h"

#include "config.h"
#include "core/network.h"
#include "util/text.h"

static const char *const settings[N_REASONS] = {
	[REASON_WITH] = "relay-accounts, if this login says nothing about the author",
	[REASON_COMMENT] = "comment-dialect, if this host does not write such comments; "
	                   "relay-accounts, if this login says nothing about the author",
	[REASON_LISTENER_FACT] = "none: --submission comes from master.cf",
	[REASON_TRUSTED_CLIENT] = "trusted-clients, if strangers can send from there",
	[REASON_LOCAL_UID] = "user-uids, if others can use that account",
	[REASON_SUBMISSION_LISTENER] =
	        "submission-by or hidden-by, if that host also accepts mail without a login",
	[REASON_AUTH_RESULTS] = "authserv-id or ar-stripped, if others can write such a field",
	[REASON_WEBMAIL] =
	        "webmail-by, if that host also accepts or redirects mail without a login",
	[REASON_NO_LOGIN] = "relay-nets, if the client is a relay of yours; trusted-clients, if it "
	                    "sends only your mail; comment-dialect, if a comment names a login; "
	                    "submission-by, if the host accepts mail only from logged-in users",
	[REASON_CONFLICT] = "none: the fact and the trace cannot both be right",
	[REASON_RELAY_LOGIN] = "relay-accounts, if only its owner uses that login",
	[REASON_LOCAL_PICKUP] = "filter-uids, if this is your content filter; user-uids, if nobody "
	                        "else can use that account; local-submission, if the field "
	                        "shows no user and all users of that host are yours",
	[REASON_MALFORMED] = "none: a client can forge such a field by what it says about itself",
	[REASON_CHAIN_BROKEN] = "trusted-by, if the next host is yours; relay-nets, if the one "
	                        "above is not a relay",
	[REASON_FETCHED] = "none: nobody knows how the mail came into that mailbox",
	[REASON_NO_TRACE] =
	        "unknown=authenticated, but then all mail with this verdict keeps its names",
	[REASON_TOP_NOT_OURS] = "trusted-by, if that host is yours",
	[REASON_DELIVERY_ONLY] =
	        "unknown=authenticated, but then all mail with this verdict keeps its names",
	[REASON_SILENT] = "hidden-by, if such fields come from a listener that requires a login; "
	                  "authserv-id, if that host records logins in Authentication-Results",
};

const char *
advice_settings(const Submission *submission)
{
	if (submission->reason != REASON_SASL_FACT)
		return settings[submission->reason];
	return submission->verdict == VERDICT_AUTHENTICATED
	               ? settings[REASON_WITH]
	               : "trusted-clients, if the client sends only your mail";
}

static const Hop *
hop_at(const Submission *submission, guint index)
{
	return &g_array_index(submission->hops, Hop, index);
}

/* What the boundary says about its client, and so why it is the boundary. */
static char *
client_words(const Trust *trust, const Submission *submission, const Received *r)
{
	const Hop *last = hop_at(submission, submission->hops->len - 1);

	if (network_holds(trust->trusted_clients, r->peer))
		return g_strdup_printf("client %s is in trusted-clients", r->peer);
	if (network_holds(trust->relay_nets, r->peer) && last->received == r)
		return g_strdup_printf("client %s is in relay-nets, but there is no field below",
		                       r->peer);
	if (r->peer)
		return g_strdup("its client is not a relay of yours");
	if (r->unread)
		return g_strdup_printf("its client's address was not read (%s)", r->unread);
	return g_strdup("it does not show the address of its client");
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
		return g_strdup_printf("%s; a delivery, with nothing below it", ours);
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
			return g_strdup_printf("qmail's line, and uid %s is in filter-uids: the "
			                       "walk goes on below",
			                       r->qmail_uid);
		return g_strdup_printf(
		        "%s; local user %s is in filter-uids: the walk goes on below", ours,
		        r->local_user);
	case ROLE_DELIVERY:
		return g_strdup_printf("%s; a delivery, not a submission: the walk goes on below",
		                       ours);
	case ROLE_RELAY:
		if (r->is_qmail_network)
			return g_strdup(
			        "qmail's line above that of its server: the walk goes on below");
		return g_strdup_printf("%s; client %s is in relay-nets: the walk goes on below",
		                       ours, r->peer);
	case ROLE_BOUNDARY:
		return boundary_words(trust, submission, r, ours);
	case ROLE_UNTRUSTED:
		break;
	}
	if (submission_hop(submission, ROLE_BOUNDARY))
		return g_strdup(
		        "below the boundary: the sender's own writing, which proves nothing");
	if (hop != submission_hop(submission, ROLE_UNTRUSTED))
		return g_strdup("below a field that cannot be believed: it proves nothing");
	if (r->bad)
		return g_strdup("can be read in more than one way: it proves nothing");
	if (!r->by)
		return g_strdup("names no host after by: anybody could have written it");
	return g_strdup("not in trusted-by: anybody could have written it");
}

/* A field of the host that wrote @boundary which shows a login; NULL: none does. */
static const Received *
login_at(const Submission *submission, const Received *boundary)
{
	for (guint i = 0; i < submission->hops->len; i++) {
		const Received *r = hop_at(submission, i)->received;
		if (!r->bad && r->by && r->with && submission_word_is_login(r->with) &&
		    received_same_host(r->by, boundary->by))
			return r;
	}
	return NULL;
}

/* For a walk that ended at a trace field that is not ours. */
static void
hint_at_stranger(GPtrArray *hints, const Trust *trust, const Submission *submission)
{
	const Hop *hop = submission_hop(submission, ROLE_UNTRUSTED);
	const Received *r = hop ? hop->received : NULL;
	g_autofree char *ours = g_strjoinv(", ", trust->trusted_by);
	g_autofree char *address = r && r->by ? network_address(r->by) : NULL;

	if (r && r->by)
		text_note(hints,
		          "the %s says by %s; trusted-by is %s: if %s is yours, add it there",
		          submission->reason == REASON_TOP_NOT_OURS ? "top field"
		                                                    : "field below your relay",
		          r->by, *ours ? ours : "empty", r->by);
	if (address)
		text_note(hints,
		          "for an archive whose hosts write a different address each time, add "
		          "their network to trusted-by; see ARCHIVES in barefrom.conf(5)");
	if (r && !r->by && r->qmail_uid)
		text_note(hints,
		          "if only qmail's SMTP server or your filter runs as uid %s, add it to "
		          "filter-uids",
		          r->qmail_uid);
}

/* For a login of @boundary's client. */
static void
hint_at_login(GPtrArray *hints, const Trust *trust, const Submission *submission,
              const Received *boundary)
{
	if (network_holds(trust->relay_nets, boundary->peer))
		text_note(hints,
		          "client %s is in relay-nets: unless its users log in through it, this is "
		          "the relay's own login; in that case add %s to relay-accounts",
		          boundary->peer,
		          submission->auth_user ? submission->auth_user : "its account");
	else if (submission->reason == REASON_WITH && *trust->relay_accounts &&
	         !submission->auth_user)
		text_note(hints, "%s", CONFIG_WORDS_LOGIN);
}

/* For a @boundary without a login. */
static void
hint_at_no_login(GPtrArray *hints, const Trust *trust, const Received *boundary)
{
	g_auto(GStrv) unread = g_strsplit(boundary->unread ? boundary->unread : "", ", ", -1);

	for (char **address = unread; *address; address++) {
		bool is_relay = network_holds(trust->relay_nets, *address);
		if (is_relay || network_holds(trust->trusted_clients, *address))
			text_note(hints,
			          "%s is in %s, but the field does not prove that it is the "
			          "client's address: the client may have written it",
			          *address, is_relay ? "relay-nets" : "trusted-clients");
	}
	if (trust->authserv_id && *trust->authserv_id && !trust->ar_stripped &&
	    !boundary->is_silent)
		text_note(hints, "%s", CONFIG_WORDS_RESULTS);
	g_autofree Network *peer = boundary->peer ? network_parse(boundary->peer) : NULL;
	if (peer && network_is_loopback(peer) && !network_holds(trust->relay_nets, boundary->peer))
		text_note(hints,
		          "client %s is the host itself: if that is amavis or Zimbra, add "
		          "localhost to trusted-by and %s to relay-nets; but then every process "
		          "there can claim any login",
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

/* For a listed user whom Exim's field does not show beyond doubt. */
static void
hint_at_exim(GPtrArray *hints, const Trust *trust, const Received *r)
{
	if (r->local_user || !r->from || !r->with ||
	    !(is_listed(r->from, trust->filter_uids) || is_listed(r->from, trust->user_uids)))
		return;
	text_note(hints,
	          "next to with %s, %s could be what a client said about itself: if it is the user "
	          "who calls Exim, choose another word in that call (exim -oMr)",
	          r->with, r->from);
}

/* The message was handed in on the host that wrote @boundary. */
static void
hint_at_pickup(GPtrArray *hints, const Trust *trust, const Submission *submission,
               const Received *boundary)
{
	if (boundary->local_user && submission_hop(submission, ROLE_UNTRUSTED))
		text_note(
		        hints,
		        "if %s is only your content filter, or Postfix itself after postsuper -r, "
		        "add it to filter-uids",
		        boundary->local_user);
	hint_at_exim(hints, trust, boundary);
}

/* The host that wrote @boundary is said to take only authenticated submissions. */
static void
hint_at_listener(GPtrArray *hints, const Submission *submission, const Received *boundary)
{
	const Received *login = login_at(submission, boundary);

	if (login && boundary->with)
		text_note(hints,
		          "%s writes %s for a login, but here it wrote %s: if it also accepts mail "
		          "from outside, it must not be in submission-by",
		          login->by, login->with, boundary->with);
}

/* The walk ended at @boundary, the first field whose client is not ours. */
static void
hint_at_boundary(GPtrArray *hints, const Trust *trust, const Submission *submission,
                 const Received *boundary)
{
	switch (submission->reason) {
	case REASON_LOCAL_PICKUP:
		hint_at_pickup(hints, trust, submission, boundary);
		break;
	case REASON_SUBMISSION_LISTENER:
		hint_at_listener(hints, submission, boundary);
		break;
	case REASON_WITH:
	case REASON_COMMENT:
		hint_at_login(hints, trust, submission, boundary);
		break;
	case REASON_NO_LOGIN:
		hint_at_no_login(hints, trust, boundary);
		break;
	default:
		break;
	}
}

GPtrArray *
advice_hints(const Trust *trust, const Submission *submission)
{
	GPtrArray *hints = g_ptr_array_new_with_free_func(g_free);
	const Hop *boundary = submission_hop(submission, ROLE_BOUNDARY);

	if (boundary)
		hint_at_boundary(hints, trust, submission, boundary->received);
	else if (submission->reason == REASON_TOP_NOT_OURS ||
	         submission->reason == REASON_CHAIN_BROKEN)
		hint_at_stranger(hints, trust, submission);
	return hints;
}
