/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * advice: a submission -> what its hops mean in words, and which settings bear on it.
 * May know: reasons, roles, names of settings. Must not know: how a verdict is reached, output.
 * Fails: never.
 */
#include "advice.h"

#include "config.h"

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
	[REASON_WEBMAIL] = "webmail-by, if that host takes mail without a login too",
	[REASON_NO_LOGIN] = "relay-nets, if the client is a relay of yours; trusted-clients, if it "
	                    "sends for you alone; comment-dialect, if a comment names a login; "
	                    "submission-by, if the host takes no mail without a login",
	[REASON_CONFLICT] = "none: the fact and the trace cannot both be right",
	[REASON_RELAY_LOGIN] = "relay-accounts, if only its owner uses that login",
	[REASON_LOCAL_PICKUP] = "filter-uids, if this is your content filter; user-uids, if nobody "
	                        "else can use that account",
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

/* The first hop in that role; NULL: none has it. */
static const Hop *
first_hop(const Submission *submission, Role role)
{
	for (guint i = 0; i < submission->hops->len; i++) {
		if (hop_at(submission, i)->role == role)
			return hop_at(submission, i);
	}
	return NULL;
}

static char *
boundary_words(const Submission *submission, const Received *r, const char *ours)
{
	if (submission->reason == REASON_FETCHED)
		return g_strdup_printf("%s, but fetched from a mailbox: the walk ends here", ours);
	if (r->is_local)
		return g_strdup_printf("%s; handed in on the host itself: the walk ends here",
		                       ours);
	if (submission->reason == REASON_DELIVERY_ONLY)
		return g_strdup_printf("%s; a delivery, and nothing below it", ours);
	return g_strdup_printf("%s; its client is no relay of yours: the walk ends here", ours);
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
		return boundary_words(submission, r, ours);
	case ROLE_UNTRUSTED:
		break;
	}
	if (first_hop(submission, ROLE_BOUNDARY))
		return g_strdup("below the boundary: the sender's own writing, proves nothing");
	if (hop != first_hop(submission, ROLE_UNTRUSTED))
		return g_strdup("below what cannot be believed: proves nothing");
	if (r->bad)
		return g_strdup("can be read in more than one way: proves nothing");
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

char *
advice_hint(const Trust *trust, const Submission *submission)
{
	const Hop *boundary = first_hop(submission, ROLE_BOUNDARY);
	const Hop *untrusted = first_hop(submission, ROLE_UNTRUSTED);
	const char *by = untrusted ? untrusted->received->by : NULL;
	const char *uid = boundary ? boundary->received->local_user : NULL;
	g_autofree char *ours = g_strjoinv(", ", trust->trusted_by);
	const Received *login;

	switch (submission->reason) {
	case REASON_TOP_NOT_OURS:
	case REASON_CHAIN_BROKEN:
		if (!by)
			return NULL;
		return g_strdup_printf(
		        "the %s says by %s; trusted-by is %s: if %s is yours, add it",
		        submission->reason == REASON_TOP_NOT_OURS ? "top field"
		                                                  : "field below your relay",
		        by, *ours ? ours : "empty", by);
	case REASON_LOCAL_PICKUP:
		if (!uid || !untrusted)
			return NULL;
		return g_strdup_printf("if %s is your content filter, or Postfix itself after "
		                       "postsuper -r, and nothing else, add it to filter-uids",
		                       uid);
	case REASON_SUBMISSION_LISTENER:
		login = login_at(submission, boundary);
		if (!login || !boundary->received->with)
			return NULL;
		return g_strdup_printf("%s writes %s for a login, and here it wrote %s: if it "
		                       "takes mail from outside too, it must not be in "
		                       "submission-by",
		                       login->by, login->with, boundary->received->with);
	case REASON_WITH:
		if (!*trust->relay_accounts || submission->auth_user)
			return NULL;
		return g_strdup(CONFIG_WORDS_LOGIN);
	default:
		return NULL;
	}
}
