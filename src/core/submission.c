/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * submission: trace fields, session facts and trust settings -> authenticated, anonymous or
 * unknown, with the reason and the hops.
 * May know: what a trace field proves. Must not know: sender fields, what the verdict is used for.
 * Fails: never; doubt that a sender can cause is never "authenticated".
 * Follows RFC 5321, 4.4; RFC 3848; RFC 6531, 4.3.
 */
#include "submission.h"

#include <string.h>

#include "authres.h"
#include "fold.h"
#include "mime.h"
#include "network.h"

#define HOPS_FEW 8 /* most messages have no more */

/* The most trace fields that are read: no message passes as many hosts of ours. */
#define HOPS_MAX 10000

static const char *const verdict_names[] = { "authenticated", "anonymous", "unknown" };

static const char *const reason_names[] = {
	[REASON_WITH] = "with",
	[REASON_COMMENT] = "comment",
	[REASON_SASL_FACT] = "sasl-fact",
	[REASON_LISTENER_FACT] = "listener-fact",
	[REASON_TRUSTED_CLIENT] = "trusted-client",
	[REASON_LOCAL_UID] = "local-uid",
	[REASON_SUBMISSION_LISTENER] = "submission-listener",
	[REASON_AUTH_RESULTS] = "auth-results",
	[REASON_WEBMAIL] = "webmail",
	[REASON_NO_LOGIN] = "no-login",
	[REASON_CONFLICT] = "conflict",
	[REASON_RELAY_LOGIN] = "relay-login",
	[REASON_LOCAL_PICKUP] = "local-pickup",
	[REASON_MALFORMED] = "malformed",
	[REASON_CHAIN_BROKEN] = "chain-broken",
	[REASON_FETCHED] = "fetched",
	[REASON_NO_TRACE] = "no-trace",
	[REASON_TOP_NOT_OURS] = "top-not-ours",
	[REASON_DELIVERY_ONLY] = "delivery-only",
	[REASON_SILENT] = "silent",
};

static const char *const role_names[] = { "reinjection", "delivery", "relay", "boundary",
	                                  "untrusted" };

const char *
verdict_name(Verdict verdict)
{
	return verdict_names[verdict];
}

const char *
reason_name(Reason reason)
{
	return reason_names[reason];
}

const char *
role_name(Role role)
{
	return role_names[role];
}

static bool
eat(const char **word, const char *prefix)
{
	size_t length = strlen(prefix);

	if (g_ascii_strncasecmp(*word, prefix, length) != 0)
		return false;
	*word += length;
	return true;
}

/* (local-)?(utf8)?e?s{1,2}mtps?a or asmtp, without case. */
bool
submission_word_is_login(const char *with)
{
	const char *word = with;

	if (g_ascii_strcasecmp(with, "asmtp") == 0)
		return true;
	eat(&word, "local-");
	eat(&word, "utf8");
	eat(&word, "e");
	if (!eat(&word, "s"))
		return false;
	eat(&word, "s");
	if (!eat(&word, "mtp"))
		return false;
	eat(&word, "s");
	return g_ascii_strcasecmp(word, "a") == 0;
}

/* Whether @text is one of @list, compared without case; NULL is not. */
static bool
is_one_of(const char *text, const char *const *list)
{
	for (size_t i = 0; text && list[i]; i++) {
		if (g_ascii_strcasecmp(text, list[i]) == 0)
			return true;
	}
	return false;
}

/* Whether @with is a word of RFC 3848 or RFC 6531 that Postfix writes for a session without a
 * login. SMTP is not: a client can log in after HELO too, and only ESMTP has a word with A. */
static bool
word_denies_login(const char *with)
{
	static const char *const words[] = { "ESMTP", "ESMTPS", "UTF8SMTP", "UTF8SMTPS", NULL };

	return is_one_of(with, words);
}

/* (utf8)?lmtps?a?, without case. */
static bool
word_is_delivery(const char *with)
{
	eat(&with, "utf8");
	if (!eat(&with, "lmtp"))
		return false;
	eat(&with, "s");
	eat(&with, "a");
	return *with == '\0';
}

/* Whether @with is a protocol of fetchmail and its like: POP3, POP3-SSL, IMAP4rev1, ... */
static bool
word_is_fetch(const char *with)
{
	static const char *const words[] = { "APOP", "KPOP", "RPOP", "SPOP3",
		                             "SDPS", "ETRN", "ODMR", NULL };

	return g_ascii_strncasecmp(with, "POP", 3) == 0 ||
	       g_ascii_strncasecmp(with, "IMAP", 4) == 0 || is_one_of(with, words);
}

/* The same for a list of the settings. */
static bool
is_listed(const char *text, char *const *list)
{
	return is_one_of(text, (const char *const *)list);
}

/* Whether @login (NULL: no) is in relay-accounts, compared without case. */
static bool
is_relay_account(const char *login, const Trust *trust)
{
	char **account = trust->relay_accounts;

	if (!login || !*account)
		return false;
	g_autofree char *folded = fold_case(login, strlen(login));
	bool same = false;
	for (; *account && !same; account++) {
		g_autofree char *listed = fold_case(*account, strlen(*account));
		same = folded && listed ? g_str_equal(folded, listed)
		                        : g_ascii_strcasecmp(login, *account) == 0;
	}
	return same;
}

static bool
is_host_of(const char *host, char *const *list)
{
	return received_host_in(host, (const char *const *)list);
}

static bool
has_dialect(const Trust *trust, const char *by, Dialect dialect)
{
	if (dialect == DIALECT_NONE)
		return false;
	for (guint i = 0; i < trust->comment_dialect->len; i++) {
		const DialectRule *rule = g_ptr_array_index(trust->comment_dialect, i);
		if (rule->dialect == dialect && (!rule->host || received_same_host(rule->host, by)))
			return true;
	}
	return false;
}

typedef enum { EVIDENCE_YES, EVIDENCE_SILENT, EVIDENCE_NO } Evidence;

/* Whether the field is one of a webmail, including Exchange's store. */
static bool
is_of_webmail(const Received *r)
{
	static const char *const words[] = { "HTTP", "HTTPS", "HTTPU", "DAV", "mapi", NULL };

	return r->is_http || is_one_of(r->with, words);
}

static Evidence
evidence(const Trust *trust, const Received *r, Reason *ret_reason)
{
	if (r->with && submission_word_is_login(r->with)) {
		*ret_reason = REASON_WITH;
		return EVIDENCE_YES;
	}
	if (is_of_webmail(r) && is_host_of(r->by, trust->webmail_by)) {
		*ret_reason = REASON_WEBMAIL;
		return EVIDENCE_YES;
	}
	if (has_dialect(trust, r->by, r->dialect)) {
		*ret_reason = REASON_COMMENT;
		return EVIDENCE_YES;
	}
	return r->is_silent ? EVIDENCE_SILENT : EVIDENCE_NO;
}

/* The walk and what it knows. */
typedef struct {
	const Trust *trust;
	const Facts *facts;
	const Head *head;
	Submission *result;
} Walk;

static const Received *
read_hop(const Trust *trust, GArray *hops, guint i)
{
	Hop *hop = &g_array_index(hops, Hop, i);

	if (!hop->received)
		hop->received = received_read(hop->value, (const char *const *)trust->trusted_by);
	return hop->received;
}

/* Hop @i, read when the walk reaches it: most hops are below its end, and prove nothing. NULL:
 * there is none. */
static const Received *
hop_at(const Walk *w, guint i)
{
	return read_hop(w->trust, w->result->hops, i);
}

/* Hop @i; NULL: there is none, or it is malformed. */
static const Received *
good_hop_at(const Walk *w, guint i)
{
	const Received *r = i < w->result->hops->len ? hop_at(w, i) : NULL;

	return r && !r->bad ? r : NULL;
}

static void
set_role(Walk *w, guint i, Role role)
{
	g_array_index(w->result->hops, Hop, i).role = role;
}

static bool
has_our_queue_id(const Walk *w)
{
	const Received *r = good_hop_at(w, 0);

	return r && r->id && w->facts->queue_id && g_str_equal(r->id, w->facts->queue_id);
}

static bool
is_ours(const Walk *w, guint i)
{
	const Received *r = good_hop_at(w, i);

	if (!r)
		return false;
	if (is_host_of(r->by, w->trust->trusted_by))
		return true;
	return i == 0 && r->by && has_our_queue_id(w);
}

G_GNUC_PRINTF(4, 5)
static void
say(Walk *w, Verdict verdict, Reason reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_free(w->result->evidence);
	w->result->evidence = g_strdup_vprintf(format, args);
	va_end(args);
	w->result->verdict = verdict;
	w->result->reason = reason;
}

static void
set_user(Walk *w, const char *user)
{
	g_free(w->result->auth_user);
	w->result->auth_user = g_strdup(user);
}

static bool
fact_says_no_login(const Facts *facts)
{
	return facts->sasl_username && !*facts->sasl_username;
}

/* The login that the facts name; NULL: none. */
static const char *
login_fact(const Facts *facts)
{
	return fact_says_no_login(facts) ? NULL : facts->sasl_username;
}

static void
say_no_login_fact(Walk *w)
{
	say(w, VERDICT_ANONYMOUS, REASON_SASL_FACT, "fact: the session had no login");
}

/* Whether the client that the facts name is trusted; if so, that is the verdict. */
static bool
trusts_client_fact(Walk *w)
{
	const char *address = w->facts->client_address;

	if (!network_holds(w->trust->trusted_clients, address))
		return false;
	say(w, VERDICT_AUTHENTICATED, REASON_TRUSTED_CLIENT,
	    "fact: client-address %s is in trusted-clients", address);
	return true;
}

static guint
count_auths(const Authres *one)
{
	return one->auths;
}

static guint
count_dmarcs(const Authres *one)
{
	return one->dmarcs;
}

/* Whether the first hop is the session of the facts. */
static bool
has_session(const GArray *hops)
{
	return hops->len > 0 && g_array_index(hops, Hop, 0).is_session;
}

/* Our own Authentication-Results field for the session at hop @i of @all that has results counted
 * by @count; NULL: there is none, or several. Fields below the hop's may be the client's, unless
 * our border removes such fields. (transfer full) */
static Authres *
own_results(const Trust *trust, const Head *head, const GArray *all, guint i,
            guint (*count)(const Authres *))
{
	enum { RECEIVED, RESULTS };
	static const char *const names[] = {
		[RECEIVED] = "Received", [RESULTS] = "Authentication-Results", NULL
	};
	const char *id = trust->authserv_id;
	guint above = i + (trust->ar_stripped ? 1 : 0);
	guint hops = has_session(all); /* which stands above all fields */
	g_autoptr(Authres) found = NULL;
	HeadItem item;
	size_t at = 0;

	if (!id || !*id)
		return NULL;
	while (hops <= above && head_next_named(head, &at, names, &item)) {
		if (item.asked == RECEIVED) {
			hops++;
			continue;
		}
		g_autoptr(Authres) one = authres_read(item.value);
		if (!one->authserv_id || g_ascii_strcasecmp(one->authserv_id, id) != 0 ||
		    count(one) == 0)
			continue;
		if (found)
			return NULL;
		found = g_steal_pointer(&one);
	}
	return g_steal_pointer(&found);
}

/* Our own results, if they show a login for the session at hop @i; else NULL. (transfer full) */
static Authres *
auth_results(const Walk *w, guint i)
{
	g_autoptr(Authres) found = own_results(w->trust, w->head, w->result->hops, i, count_auths);

	return found && found->auths == 1 && found->pass ? g_steal_pointer(&found) : NULL;
}

const Hop *
submission_hop(const Submission *submission, Role role)
{
	for (guint i = 0; i < submission->hops->len; i++) {
		const Hop *hop = &g_array_index(submission->hops, Hop, i);
		if (hop->role == role)
			return hop;
	}
	return NULL;
}

char *
submission_dmarc_domain(const Submission *submission, const Trust *trust, const Head *head)
{
	const Hop *boundary = submission_hop(submission, ROLE_BOUNDARY);

	if (!boundary)
		return NULL;
	guint i = (guint)(boundary - &g_array_index(submission->hops, Hop, 0));
	g_autoptr(Authres) found = own_results(trust, head, submission->hops, i, count_dmarcs);
	if (!found || found->dmarcs != 1 || !found->dmarc_pass || !found->from_domain)
		return NULL;
	return mime_domain(found->from_domain);
}

/* The login that the field names and that is in relay-accounts; NULL: there is none. */
static const char *
relay_login(const Trust *trust, const Received *r)
{
	for (guint i = 0; r->users && i < r->users->len; i++) {
		if (is_relay_account(g_ptr_array_index(r->users, i), trust))
			return g_ptr_array_index(r->users, i);
	}
	return is_relay_account(r->user, trust) ? r->user : NULL;
}

/* For hop @i, which shows a login by the reason @shown; @relay is its relay_login(). */
static void
judge_login(Walk *w, guint i, const char *relay, Reason shown)
{
	const Received *r = hop_at(w, i);

	if (relay)
		say(w, VERDICT_ANONYMOUS, REASON_RELAY_LOGIN,
		    "hop %u: login %s is in relay-accounts", i, relay);
	else if (shown == REASON_COMMENT && r->names_user)
		say(w, VERDICT_AUTHENTICATED, shown,
		    "hop %u: by %s, whose %s comment names login %s", i, r->by,
		    dialect_name(r->dialect), r->user);
	else if (shown == REASON_COMMENT)
		say(w, VERDICT_AUTHENTICATED, shown,
		    "hop %u: by %s, whose %s comment shows a login without naming it", i, r->by,
		    dialect_name(r->dialect));
	else
		say(w, VERDICT_AUTHENTICATED, shown, "hop %u: by %s %s %s", i, r->by,
		    r->is_http ? "via" : "with", r->is_http ? "HTTP" : r->with);
}

/* Whether our own Authentication-Results, if they count, show a login for the session at hop @i; if
 * so, that is the verdict. */
static bool
judge_results(Walk *w, guint i, Evidence e)
{
	const Received *r = hop_at(w, i);
	g_autoptr(Authres) result = NULL;

	if (e == EVIDENCE_SILENT || w->trust->ar_stripped)
		result = auth_results(w, i);
	if (!result)
		return false;
	set_user(w, result->user);
	if (is_relay_account(result->user, w->trust))
		say(w, VERDICT_ANONYMOUS, REASON_RELAY_LOGIN,
		    "Authentication-Results by %s: login %s is in relay-accounts",
		    result->authserv_id, result->user);
	else
		say(w, VERDICT_AUTHENTICATED, REASON_AUTH_RESULTS,
		    "hop %u: by %s shows no %s; Authentication-Results by %s: auth=pass%s%s", i,
		    r->by, e == EVIDENCE_SILENT ? "session" : "login", result->authserv_id,
		    result->user ? ", login " : "", result->user ? result->user : "");
	return true;
}

/* Whether the word after with is a protocol, and not a cipher or product, which some put there. */
static bool
is_protocol(const Received *r)
{
	g_autofree char *login = g_strconcat(r->with, "a", NULL);

	return submission_word_is_login(login) || submission_word_is_login(r->with) ||
	       is_of_webmail(r);
}

/* For the boundary, hop @i, at which no rule finds a login. */
static void
judge_no_login(Walk *w, guint i)
{
	const Received *r = hop_at(w, i);

	if (r->with && is_protocol(r))
		say(w, VERDICT_ANONYMOUS, REASON_NO_LOGIN, "hop %u: by %s with %s, no login", i,
		    r->by, r->with);
	else
		say(w, VERDICT_ANONYMOUS, REASON_NO_LOGIN,
		    "hop %u: by %s with no protocol word%s%s%s, no login", i, r->by,
		    r->with ? " (" : "", r->with ? r->with : "", r->with ? ")" : "");
}

/* Whether hop @i is where the session of the facts ended: the topmost, or below qmail's own field,
 * which its queue adds. */
static bool
is_last_session(const Walk *w, guint i)
{
	return i == 0 || (i == 1 && hop_at(w, 0)->is_qmail_network);
}

/* For hop @i, the first whose client is not ours. */
static void
judge_boundary(Walk *w, guint i)
{
	const Trust *trust = w->trust;
	const Received *r = hop_at(w, i);
	Reason shown = REASON_NO_LOGIN;
	Evidence e = evidence(trust, r, &shown);
	bool fact_against = is_last_session(w, i) && fact_says_no_login(w->facts);
	const char *relay = relay_login(trust, r);

	set_user(w, relay ? relay : r->user);
	if (e == EVIDENCE_YES && !fact_against) {
		judge_login(w, i, relay, shown);
	} else if (network_holds(trust->trusted_clients, r->peer)) {
		say(w, VERDICT_AUTHENTICATED, REASON_TRUSTED_CLIENT,
		    "hop %u: client %s is in trusted-clients", i, r->peer);
	} else if (trusts_client_fact(w)) {
		return;
	} else if (fact_against && e == EVIDENCE_YES && has_our_queue_id(w)) {
		say(w, VERDICT_ANONYMOUS, REASON_CONFLICT,
		    "fact: no login; hop 0 with our queue id %s: with %s", w->facts->queue_id,
		    r->with ? r->with : "a login comment");
	} else if (fact_against) {
		say_no_login_fact(w);
	} else if (is_host_of(r->by, trust->submission_by)) {
		say(w, VERDICT_AUTHENTICATED, REASON_SUBMISSION_LISTENER,
		    "hop %u: by %s, which is in submission-by", i, r->by);
	} else if (e == EVIDENCE_SILENT && is_host_of(r->by, trust->hidden_by)) {
		say(w, VERDICT_AUTHENTICATED, REASON_SUBMISSION_LISTENER,
		    "hop %u: by %s, which is in hidden-by and shows no session", i, r->by);
	} else if (judge_results(w, i, e)) {
		return;
	} else if (e == EVIDENCE_SILENT) {
		say(w, VERDICT_UNKNOWN, REASON_SILENT, "hop %u: by %s shows neither from nor with",
		    i, r->by);
	} else {
		judge_no_login(w, i);
	}
}

/* Whether hop @i is qmail's own field above one of ours, for a message from its SMTP server or from
 * a filter of ours. */
static bool
is_above_ours(const Walk *w, guint i)
{
	const Received *r = good_hop_at(w, i);

	return r && (r->is_qmail_network || is_listed(r->qmail_uid, w->trust->filter_uids)) &&
	       is_ours(w, i + 1);
}

/* Without a top field of ours, a fact may decide about the client. Whether it does. */
static bool
judge_without_trace(Walk *w)
{
	if (is_ours(w, 0) || is_above_ours(w, 0))
		return false;
	if (trusts_client_fact(w))
		return true;
	if (!fact_says_no_login(w->facts))
		return false;
	say_no_login_fact(w);
	return true;
}

static bool
is_local_user_of(const Received *r, char *const *uids)
{
	return is_listed(r->local_user, uids) || is_listed(r->local_uid, uids);
}

/* For a message that was handed in on the host of hop @i. */
static void
judge_pickup(Walk *w, guint i)
{
	const Received *r = hop_at(w, i);

	if (is_local_user_of(r, w->trust->user_uids))
		say(w, VERDICT_AUTHENTICATED, REASON_LOCAL_UID,
		    "hop %u: by %s from local user %s, in user-uids", i, r->by, r->local_user);
	else if (r->is_local_nobody && w->trust->local_is_trusted)
		say(w, VERDICT_AUTHENTICATED, REASON_LOCAL_UID,
		    "hop %u: by %s from a program on that host; local-submission=authenticated", i,
		    r->by);
	else if (r->local_user)
		say(w, VERDICT_ANONYMOUS, REASON_LOCAL_PICKUP, "hop %u: by %s from local user %s",
		    i, r->by, r->local_user);
	else
		say(w, VERDICT_ANONYMOUS, REASON_LOCAL_PICKUP,
		    "hop %u: by %s from a program on that host, whose user is not shown", i, r->by);
}

/* For hop @i, which is not ours. */
static void
judge_stranger(Walk *w, guint i)
{
	const Received *r = hop_at(w, i);
	Verdict verdict = i == 0 ? VERDICT_UNKNOWN : VERDICT_ANONYMOUS;
	Reason reason = i == 0 ? REASON_TOP_NOT_OURS : REASON_CHAIN_BROKEN;

	if (r->by)
		say(w, verdict, reason, "hop %u: by %s is not in trusted-by", i, r->by);
	else if (r->qmail_uid)
		say(w, verdict, reason,
		    "hop %u: qmail invoked by uid %s, which names no host after by", i,
		    r->qmail_uid);
	else
		say(w, verdict, reason, "hop %u: no host is named after by", i);
}

/* Whether the field was written on delivery to a store, or inside a network of ours, and so says
 * nothing about a client. */
static bool
is_delivery(const Received *r)
{
	return r->is_inside || (r->with && word_is_delivery(r->with));
}

/* Walks down from hop @i through hosts of ours until one of them decides. */
static void
walk(Walk *w, guint i)
{
	const Trust *trust = w->trust;
	guint n = w->result->hops->len;

	for (;; i++) {
		const Received *r = hop_at(w, i);
		bool more = i + 1 < n;

		if (r->bad) {
			say(w, VERDICT_ANONYMOUS, REASON_MALFORMED,
			    "hop %u: the Received field is malformed", i);
			return;
		}
		if (is_above_ours(w, i)) {
			set_role(w, i, r->qmail_uid ? ROLE_REINJECTION : ROLE_RELAY);
			continue;
		}
		if (!is_ours(w, i)) {
			judge_stranger(w, i);
			return;
		}
		set_role(w, i, ROLE_BOUNDARY);
		if (r->with && word_is_fetch(r->with)) {
			say(w, VERDICT_ANONYMOUS, REASON_FETCHED,
			    "hop %u: by %s with %s, fetched from a mailbox", i, r->by, r->with);
			return;
		}
		if (r->is_local) {
			if (more && is_local_user_of(r, trust->filter_uids)) {
				set_role(w, i, ROLE_REINJECTION);
				continue;
			}
			judge_pickup(w, i);
			return;
		}
		if (is_delivery(r)) {
			if (more) {
				set_role(w, i, ROLE_DELIVERY);
				continue;
			}
			say(w, VERDICT_UNKNOWN, REASON_DELIVERY_ONLY,
			    "hop %u: by %s%s%s and nothing below", i, r->by,
			    r->with ? " with " : "", r->with ? r->with : "");
			return;
		}
		if (more && network_holds(trust->relay_nets, r->peer)) {
			set_role(w, i, ROLE_RELAY);
			continue;
		}
		judge_boundary(w, i);
		return;
	}
}

/* Facts that show a login override the trace. Whether they do; @whose begins the evidence. */
static bool
judge_facts(Walk *w, const char *whose)
{
	const Facts *facts = w->facts;
	const char *login = login_fact(facts), *shown = w->result->auth_user;
	const char *method = facts->sasl_method && *facts->sasl_method ? facts->sasl_method : NULL;
	bool listener = facts->listener == LISTENER_AUTHENTICATED;

	if (is_relay_account(login, w->trust))
		say(w, VERDICT_ANONYMOUS, REASON_RELAY_LOGIN, "%s: login %s is in relay-accounts",
		    whose, login);
	else if ((login || listener) && is_relay_account(shown, w->trust))
		say(w, VERDICT_ANONYMOUS, REASON_RELAY_LOGIN,
		    "trace: login %s is in relay-accounts", shown);
	else if (login && has_our_queue_id(w) && word_denies_login(hop_at(w, 0)->with))
		say(w, VERDICT_ANONYMOUS, REASON_CONFLICT,
		    "fact: login %s; hop 0 with our queue id %s: with %s", login, facts->queue_id,
		    hop_at(w, 0)->with);
	else if (login)
		say(w, VERDICT_AUTHENTICATED, REASON_SASL_FACT, "%s: login %s%s%s", whose, login,
		    method ? " by " : "", method ? method : "");
	else if (listener)
		say(w, VERDICT_AUTHENTICATED, REASON_LISTENER_FACT,
		    "%s: the listener accepts only authenticated submissions", whose);
	else
		return false;
	if (login)
		set_user(w, login);
	return true;
}

/* The trace decides, unless the facts override it. */
static void
judge_trace(Walk *w)
{
	bool decided = judge_without_trace(w);

	if (!decided && w->result->hops->len > 0)
		walk(w, 0);
	else if (!decided)
		say(w, VERDICT_UNKNOWN, REASON_NO_TRACE, "no Received field");
	judge_facts(w, "fact");
}

/* Hop 0 is the session, about which we know everything: the trace decides only if the client is a
 * relay of ours. Otherwise the client may have written all fields, however much they look like
 * ours. */
static void
judge_session(Walk *w)
{
	const Trust *trust = w->trust;
	const Received *r = hop_at(w, 0);

	set_role(w, 0, ROLE_BOUNDARY);
	if (r->is_local && trust->local_is_trusted) {
		say(w, VERDICT_AUTHENTICATED, REASON_LOCAL_UID,
		    "session: handed in on the host itself; local-submission=authenticated");
	} else if (r->is_local) {
		say(w, VERDICT_ANONYMOUS, REASON_LOCAL_PICKUP,
		    "session: handed in on the host itself, by a user who is not shown");
	} else if (judge_facts(w, "session")) {
		return;
	} else if (network_holds(trust->trusted_clients, r->peer)) {
		say(w, VERDICT_AUTHENTICATED, REASON_TRUSTED_CLIENT,
		    "session: client %s is in trusted-clients", r->peer);
	} else if (w->result->hops->len > 1 && network_holds(trust->relay_nets, r->peer)) {
		set_role(w, 0, ROLE_RELAY);
		walk(w, 1);
	} else {
		say(w, VERDICT_ANONYMOUS, REASON_SASL_FACT, "session: no login");
	}
}

/* The address in the for clause @value, which is `<address>` or bare; NULL: it is none, such as
 * `<multiple recipients>`. (transfer full) */
static char *
recipient(const char *value)
{
	size_t length = strlen(value);
	bool angled = length >= 2 && value[0] == '<' && value[length - 1] == '>';
	char *address = g_strndup(value + angled, length - (angled ? 2 : 0));

	if (*address && (!strpbrk(address, " \t\r\n") || strchr(address, '"')))
		return address;
	g_free(address);
	return NULL;
}

/* Notes what the audit records about the boundary. */
static void
note_boundary(Walk *w)
{
	Submission *s = w->result;
	bool counts = false;

	for (guint i = 0; i < s->hops->len; i++) {
		const Hop *hop = &g_array_index(s->hops, Hop, i);
		const Received *r = hop->received;
		if (hop->role == ROLE_UNTRUSTED)
			break;
		counts = true;
		g_autofree char *address = r->for_ ? recipient(r->for_) : NULL;
		if (address &&
		    !g_ptr_array_find_with_equal_func(s->recipients, address, g_str_equal, NULL))
			g_ptr_array_add(s->recipients, g_steal_pointer(&address));
		if (hop->role != ROLE_BOUNDARY)
			continue;
		s->peer = g_strdup(r->peer);
		s->helo = r->is_local ? NULL : g_strdup(r->helo);
		s->boundary_id = g_strdup(r->id);
		s->received_at = date_read(r->date);
	}
	if (!counts && w->facts->client_address)
		s->peer = network_address(w->facts->client_address);
}

/* The hop for the session of the facts; its protocol is not known. */
static Hop
session_hop(const Facts *facts, const Head *head)
{
	const SessionHop *session = facts->session;
	const char *client = session->is_local ? NULL : facts->client_address;
	Received *r = g_new0(Received, 1);

	r->by = g_strdup(session->by);
	r->helo = g_strdup(session->helo);
	r->id = g_strdup(facts->queue_id);
	r->peer = client ? network_address(client) : NULL;
	r->user = session->is_local ? NULL : g_strdup(login_fact(facts));
	r->is_local = r->is_local_nobody = session->is_local;
	return (Hop){ .field = { head->bytes.data, 0 },
		      .value = { head->bytes.data, 0 },
		      .received = r,
		      .is_session = true,
		      .role = ROLE_UNTRUSTED };
}

static void
clear_hop(gpointer hop)
{
	g_clear_pointer(&((Hop *)hop)->received, received_free);
}

Submission *
submission_read(const Trust *trust, const Facts *facts, const Head *head)
{
	static const char *const names[] = { "Received", NULL };
	Submission *result = g_new0(Submission, 1);
	Walk w = { .trust = trust, .facts = facts, .head = head, .result = result };
	HeadItem item;
	size_t at = 0;

	result->hops = g_array_sized_new(false, false, sizeof(Hop), HOPS_FEW);
	g_array_set_clear_func(result->hops, clear_hop);
	if (facts->session) {
		Hop hop = session_hop(facts, head);
		g_array_append_val(result->hops, hop);
	}
	while (result->hops->len < HOPS_MAX && head_next_named(head, &at, names, &item)) {
		Hop hop = {
			.field = { item.name.data,
			           (size_t)(item.value.data - item.name.data) + item.value.length },
			.value = item.value,
			.role = ROLE_UNTRUSTED,
		};
		g_array_append_val(result->hops, hop);
	}
	result->received_at = DATE_NONE;
	result->recipients = g_ptr_array_new_with_free_func(g_free);
	if (facts->session)
		judge_session(&w);
	else
		judge_trace(&w);
	note_boundary(&w);
	return result;
}

void
submission_read_hops(Submission *submission, const Trust *trust)
{
	for (guint i = 0; i < submission->hops->len; i++)
		read_hop(trust, submission->hops, i);
}

void
submission_free(Submission *submission)
{
	g_array_unref(submission->hops);
	g_free(submission->evidence);
	g_free(submission->auth_user);
	g_free(submission->peer);
	g_free(submission->helo);
	g_free(submission->boundary_id);
	g_ptr_array_unref(submission->recipients);
	g_free(submission);
}
