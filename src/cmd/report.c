/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: the audit as one page, for those who decide.
 * May know: HTML, words for people, the clock. Must not know: SQL, messages.
 * Fails: with the errors of the store and of files; the old page is as it was.
 */
#include "verb.h"

#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "exits.h"
#include "html.h"
#include "store/figures.h"
#include "table.h"

#define DAYS_DEFAULT 30
#define FIRST_YEAR 1970

/* The page holds personal data, so others may not read it. */
#define PAGE_MODE 0640

/* The reasons why a message had no proof, for the list of those replaced or refused. */
static const struct {
	const char *reason, *words;
} reasons[] = {
	{ "no-login", "no login in the session that brought it" },
	{ "sasl-fact", "no login in the session that brought it" },
	{ "conflict", "its trace contradicts the login" },
	{ "relay-login", "the login is shared by a relay" },
	{ "local-pickup", "handed in on the host by a user who is not listed" },
	{ "malformed", "its trace cannot be read safely" },
	{ "chain-broken", "its trace is broken" },
	{ "fetched", "fetched from another mailbox" },
	{ "no-trace", "it has no trace" },
	{ "top-not-ours", "its trace is not from a server of yours" },
	{ "delivery-only", "its trace shows only its delivery" },
	{ "silent", "its trace says nothing about a login" },
};

#define DAY_SIZE sizeof "2026-11-24"

typedef struct {
	GString *page;
	const char *database;
	GDate since, until; /* the first day and the last one, inclusive */
	char since_text[DAY_SIZE], until_text[DAY_SIZE], end_text[DAY_SIZE];
	char made[32];
	gint64 days;
	FiguresScope scope;
	FiguresTotals totals;
} Report;

static const char *
plural(gint64 n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

static void
put_period(const Report *r, const char *in, const char *on)
{
	if (r->days == 1)
		html_put(r->page, "%s this day", on);
	else
		html_put(r->page, "%s these " HTML_NUMBER " days", in, r->days);
}

/* Never shows 0% for more than none, nor 100% for fewer than all. */
static void
put_percent(GString *to, gint64 n, gint64 all)
{
	gint64 percent = all ? (gint64)((double)n * 100 / (double)all + 0.5) : 0;

	if (percent == 0 && n > 0)
		html_put(to, "less than 1%%");
	else if (percent == 100 && n < all)
		html_put(to, "more than 99%%");
	else
		html_put(to, HTML_NUMBER "%%", percent);
}

/* A cell with @texts, up to FIGURES_NAMES, and how many of @all are not shown. */
static void
put_few(Table *table, const char *const *texts, gint64 all)
{
	gint64 shown = 0;

	table_begin_cell(table);
	for (; shown < FIGURES_NAMES && texts[shown]; shown++) {
		g_string_append(table->page, shown ? "<br>" : "");
		html_claim(table->page, texts[shown]);
	}
	if (shown == 0)
		html_text(table->page, NULL, 1);
	if (all > shown)
		html_put(table->page, "<br>and " HTML_NUMBER " more", all - shown);
	table_end_cell(table);
}

static void
put_done(Table *table, const FiguresDone *done)
{
	const struct {
		gint64 messages;
		const char *word;
	} parts[] = { { done->changed, "changed" },
		      { done->kept, "kept" },
		      { done->refused, "refused" } };
	const char *between = "";

	table_begin_cell(table);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i].messages == 0)
			continue;
		g_string_append(table->page, between);
		html_put(table->page, HTML_NUMBER " %s", parts[i].messages, parts[i].word);
		between = "<br>";
	}
	table_end_cell(table);
}

typedef struct {
	Table table;
	GString *finding;
} List;

static void
put_sender(const FiguresSender *sender, gpointer data)
{
	List *list = data;
	Table *t = &list->table;

	table_begin_row(t, sender->all);
	table_claim(t, sender->address);
	put_few(t, sender->names, sender->all_names);
	table_measure(t, sender->messages);
	table_text(t, sender->first);
	table_text(t, sender->last);

	if (t->rows > 1)
		return;
	GString *finding = list->finding;
	g_string_append(finding, "The sender claimed most often was <strong>");
	html_claim(finding, sender->address);
	html_put(finding, "</strong>, in " HTML_NUMBER " %s", sender->messages,
	         plural(sender->messages, "message", "messages"));
	if (sender->all_names)
		html_put(finding, " under " HTML_NUMBER " %s", sender->all_names,
		         plural(sender->all_names, "name", "different names"));
	g_string_append(finding, ".");
}

/* Says what the list before this does not hold, if the audit is older than what they need. */
static void
put_changed_only(const Report *r, const Reader *reader)
{
	if (!figures_have_names(reader))
		g_string_append(r->page,
		                "<p class=\"soft\">Only those of changed messages: an audit "
		                "database of this older version does not hold "
		                "others.</p>\n");
}

static bool
put_senders(Report *r, Reader *reader, GString *finding, GError **error)
{
	static const char *const heads[] = { "Claimed sender", "Names used", "=Messages",
		                             "@First seen",    "@Last seen", NULL };
	List list = { { .page = r->page, .heads = heads }, finding };

	g_string_append(r->page, "<h2>Senders impersonated most</h2>\n"
	                         "<p class=\"soft\">Addresses that messages in scope without proof "
	                         "showed in From, and the names that went with them.</p>\n");
	if (!figures_senders(reader, &r->scope, put_sender, &list, error))
		return false;
	table_end(&list.table);
	put_changed_only(r, reader);
	return true;
}

static void
put_name(const FiguresName *name, gpointer data)
{
	Table *t = data;

	table_begin_row(t, name->all);
	table_claim(t, name->name);
	table_begin_cell(t);
	html_claim(t->page, name->address);
	if (name->all_addresses > 1)
		html_put(t->page, "<br>and " HTML_NUMBER " more", name->all_addresses - 1);
	table_end_cell(t);
	table_measure(t, name->messages);
	table_text(t, name->last);
}

static bool
put_names(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Name", "Came with", "=Messages", "@Last seen", NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page,
	                "<h2>Names used most</h2>\n"
	                "<p class=\"soft\">Names in the sender fields of messages without proof, "
	                "whatever the address. One name with many addresses may be a sign "
	                "of fraud.</p>\n");
	if (!figures_names(reader, &r->scope, put_name, &table, error))
		return false;
	table_end(&table);
	put_changed_only(r, reader);
	return true;
}

static void
put_foreign(const FiguresForeign *foreign, gpointer data)
{
	Table *t = data;

	table_begin_row(t, foreign->all);
	table_claim(t, foreign->name);
	put_few(t, foreign->own, foreign->all_own);
	put_few(t, foreign->foreign, foreign->all_foreign);
	table_measure(t, foreign->messages);
	put_done(t, &foreign->done);
	table_text(t, foreign->last);
}

static bool
put_foreigners(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Name",      "With proof on", "Without proof on",
		                             "=Messages", "!Done",         "@Last seen",
		                             NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page,
	                "<h2>Our names on foreign addresses</h2>\n"
	                "<p class=\"soft\">Names that came with proof on one address and without "
	                "proof on another, including those of kept messages. With scope=directory, "
	                "such names are removed if they are listed. Not all of these are "
	                "forgeries: people also write from private addresses.</p>\n"
	                "<p class=\"soft\">Names are compared as they are written, ignoring the "
	                "case of A to Z and blanks at the ends. Other spellings are not matched "
	                "here; barefrom directory match finds more. Names of one word are left "
	                "out, and so are addresses in place of a name.</p>\n");
	if (!figures_have_names(reader)) {
		g_string_append(r->page,
		                "<p>Not known: an audit database of this older version does not "
		                "hold the names of messages that were kept. barefrom audit init "
		                "upgrades it for future messages.</p>\n");
		return true;
	}
	if (!figures_foreign(reader, &r->scope, put_foreign, &table, error))
		return false;
	table_end(&table);
	if (table.rows == 0 && r->totals.messages == r->totals.unproved)
		g_string_append(r->page, "<p class=\"soft\">No message came with proof, so nothing "
		                         "shows which names are yours. The mail of your own users "
		                         "has to pass through barefrom as well.</p>\n");
	return true;
}

static void
put_person(const FiguresPerson *person, gpointer data)
{
	Table *t = data;

	table_begin_row(t, person->all);
	table_claim(t, person->name);
	table_measure(t, person->messages);
	put_done(t, &person->done);
	table_text(t, person->last);
}

/* Writes nothing if no directory was in use. */
static bool
put_people(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Person", "=Messages", "!Done", "@Last seen", NULL };
	g_autoptr(GString) text = g_string_new(NULL);
	Table table = { .page = text, .heads = heads };

	if (!figures_have_names(reader))
		return true;
	if (!figures_people(reader, &r->scope, put_person, &table, error))
		return false;
	if (table.rows == 0)
		return true;
	table_end(&table);
	g_string_append(
	        r->page,
	        "<h2>People of the directory who were claimed as senders</h2>\n"
	        "<p class=\"soft\">People whose names or addresses, as the directory lists them, "
	        "were shown as the sender of messages without proof. A message that was kept had "
	        "no name to remove, or an exception or the settings left it alone.</p>\n");
	g_string_append_len(r->page, text->str, (gssize)text->len);
	return true;
}

static void
put_client(const FiguresClient *client, gpointer data)
{
	Table *t = data;

	table_begin_row(t, client->all);
	table_claim(t, client->address);
	table_measure(t, client->changed);
	table_number(t, client->unproved);
	table_number(t, client->messages);
	table_text(t, client->last);
}

static bool
put_clients(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Client",        "=Changed",   "#Without proof",
		                             "#All messages", "@Last seen", NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page, "<h2>Where they came from</h2>\n"
	                         "<p class=\"soft\">Network addresses of the clients that handed "
	                         "in messages without proof.</p>\n");
	if (!figures_clients(reader, &r->scope, put_client, &table, error))
		return false;
	table_end(&table);
	if (r->totals.no_client)
		html_put(r->page,
		         "<p class=\"soft\">The client of " HTML_NUMBER
		         " %s without proof is not known.</p>\n",
		         r->totals.no_client, plural(r->totals.no_client, "message", "messages"));
	return true;
}

static const char *
reason_words(const char *reason)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (g_strcmp0(reasons[i].reason, reason) == 0)
			return reasons[i].words;
	}
	return reason;
}

static void
put_exception(const FiguresException *exception, gpointer data)
{
	Table *t = data;

	table_begin_row(t, exception->all);
	table_claim(t, exception->from);
	table_text(t, exception->action);
	table_text(t, reason_words(exception->reason));
	table_number(t, exception->messages);
	table_text(t, exception->last);
}

static bool
put_exceptions(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "From, as it was", "!Action",    "Reason",
		                             "#Messages",       "@Last seen", NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page,
	                "<h2>Replaced or refused</h2>\n"
	                "<p class=\"soft\">Messages whose sender could not be read safely, "
	                "and why they were without proof.</p>\n");
	if (!figures_exceptions(reader, &r->scope, put_exception, &table, error))
		return false;
	table_end(&table);
	return true;
}

static void
put_run(const FiguresRun *run, gpointer data)
{
	Table *t = data;
	bool is_running = g_strcmp0(run->status, "running") == 0;

	table_begin_row(t, run->all);
	table_claim(t, run->input);
	table_text(t, run->started);
	table_number(t, run->messages);
	table_number(t, run->changed);
	table_begin_cell(t);
	html_put(t->page, "%s%s", is_running ? "running, or was killed" : run->status,
	         run->dry ? " (dry run)" : "");
	table_end_cell(t);
}

/* Writes nothing if there was no run. */
static bool
put_runs(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Mailbox",  "Read at", "#Messages",
		                             "#Changed", "State",   NULL };
	g_autoptr(GString) text = g_string_new(NULL);
	Table table = { .page = text, .heads = heads };
	gint64 undone = 0;

	if (!figures_runs(reader, &r->scope, put_run, &table, error) ||
	    !figures_undo_runs(reader, &r->scope, &undone, error))
		return false;
	if (table.rows == 0 && undone == 0)
		return true;
	table_end(&table);
	html_put(r->page,
	         "<h2>Mailboxes read</h2>\n"
	         "<p class=\"soft\">Stored mail that barefrom went through. Its messages are %s "
	         "the figures above.</p>\n",
	         r->scope.stored ? "those in" : "not in");
	g_string_append_len(r->page, text->str, (gssize)text->len);
	if (undone)
		html_put(r->page,
		         "<p class=\"soft\">Not listed: " HTML_NUMBER
		         " %s of barefrom mbox --undo, which puts originals back, names "
		         "included. The figures above do not show what %s put back.</p>\n",
		         undone, plural(undone, "run", "runs"), plural(undone, "it", "they"));
	return true;
}

static void
add_day(const FiguresDay *day, gpointer data)
{
	chart_add(data, day->day, day->authenticated, day->anonymous, day->unknown);
}

/* What a manager should know, in sentences. */
static void
put_lead(const Report *r, const char *finding)
{
	const FiguresTotals *t = &r->totals;
	gint64 n = t->unproved;

	g_string_append(r->page, "<p class=\"lead\">");
	if (t->messages == 0) {
		g_string_append(r->page, "No message was recorded ");
		put_period(r, "in", "on");
		g_string_append(r->page, ".</p>\n");
		return;
	}
	put_period(r, "In", "On");
	if (r->scope.stored)
		html_put(r->page,
		         " barefrom read " HTML_NUMBER " %s stored in mailboxes:", t->messages,
		         plural(t->messages, "message", "messages"));
	if (n == 0)
		g_string_append(r->page, " none");
	else
		html_put(r->page, " " HTML_NUMBER, n);
	if (r->scope.stored)
		g_string_append(r->page, " of them");
	else
		html_put(r->page, " of " HTML_NUMBER " %s", t->messages,
		         plural(t->messages, "message", "messages"));
	if (n > 0) {
		g_string_append(r->page, " (");
		put_percent(r->page, n, t->messages);
		g_string_append(r->page, ")");
	}
	html_put(r->page, " %s handed in without proof of who sent %s.", n > 1 ? "were" : "was",
	         n > 1 ? "them" : "it");
	if (t->changed)
		html_put(r->page,
		         " barefrom removed the names from " HTML_NUMBER
		         " of them, so readers see only %s.",
		         t->changed, plural(t->changed, "the bare address", "bare addresses"));
	if (t->dry)
		html_put(r->page,
		         " For " HTML_NUMBER
		         " %s barefrom only recorded what it would have done (a dry "
		         "run).",
		         t->dry, plural(t->dry, "message", "messages"));
	html_put(r->page, "</p>\n");
	if (*finding)
		g_string_append_printf(r->page, "<p class=\"lead\">%s</p>\n", finding);
}

static void
put_card(const Report *r, const char *class, const char *name, gint64 number, gint64 all,
         const char *note)
{
	html_put(r->page, "<div class=\"%s\"><dt>%s</dt><dd>" HTML_NUMBER "</dd><dd>", class, name,
	         number);
	if (all)
		put_percent(r->page, number, all);
	html_put(r->page, "%s</dd></div>\n", note);
}

static void
put_cards(const Report *r)
{
	const FiguresTotals *t = &r->totals;
	gint64 n = t->unproved;

	g_string_append(r->page, "<h2>Key figures</h2>\n<dl class=\"cards\">\n");
	put_card(r, "card", "Messages", t->messages, 0,
	         r->scope.stored ? "in mailboxes" : "in transit");
	put_card(r, "card", "With proof", t->messages - n, t->messages, " of all");
	put_card(r, "card key", "Without proof", n, t->messages, " of all");
	put_card(r, "card", "Stripped", t->stripped, 0, "names removed");
	put_card(r, "card", "Replaced", t->replaced, 0, "no address to keep");
	put_card(r, "card", "Refused", t->refused, 0, "not safe to change");
	g_string_append(r->page, "</dl>\n<p class=\"soft\">");
	if (t->left)
		html_put(r->page,
		         HTML_NUMBER " %s without proof %s left as %s: there was no name to "
		                     "remove, or the settings leave such mail alone. ",
		         t->left, plural(t->left, "message", "messages"),
		         plural(t->left, "was", "were"), plural(t->left, "it was", "they were"));
	if (t->dry)
		html_put(r->page,
		         HTML_NUMBER " more would have been changed or refused, had it not been a "
		                     "dry run; the lists below include %s. ",
		         t->dry, plural(t->dry, "it", "them"));
	if (t->pending)
		html_put(r->page, HTML_NUMBER " %s pending. ", t->pending,
		         plural(t->pending, "message is", "messages are"));
	if (t->attempts)
		html_put(r->page,
		         "Not counted: " HTML_NUMBER " %s that handed nothing on and %s repeated.",
		         t->attempts, plural(t->attempts, "attempt", "attempts"),
		         plural(t->attempts, "is", "are"));
	g_string_append(r->page, "</p>\n");
}

static const char style[] =
#include "report.css.h"
        ;

/* The Content-Security-Policy allows nothing to be loaded or run, and no style but ours. */
static void
put_head(const Report *r)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize length = sizeof digest;

	g_checksum_update(checksum, (const guchar *)style, sizeof style - 1);
	g_checksum_get_digest(checksum, digest, &length);
	g_autofree char *hash = g_base64_encode(digest, length);
	html_put(r->page,
	         "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	         "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
	         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	         "<meta name=\"color-scheme\" content=\"light dark\">\n"
	         "<meta name=\"robots\" content=\"noindex\">\n"
	         "<meta name=\"referrer\" content=\"no-referrer\">\n"
	         "<title>Mail without proof of its sender: %s, %s to %s</title>\n<style>",
	         hash, g_get_host_name(), r->since_text, r->until_text);
	g_string_append(r->page, style);
	html_put(r->page,
	         "</style>\n</head>\n<body>\n<header>\n<h1>Mail without proof of its sender</h1>\n"
	         "<dl class=\"about\">\n<dt>Host</dt><dd>%s</dd>\n<dt>Period</dt><dd>%s to %s "
	         "(UTC)</dd>\n<dt>Audit database</dt><dd>%s</dd>\n<dt>Made</dt><dd>%s</dd>\n</dl>\n"
	         "</header>\n<main>\n",
	         g_get_host_name(), r->since_text, r->until_text, r->database, r->made);
}

static void
put_foot(const Report *r)
{
	g_string_append(
	        r->page,
	        "<h2>Words</h2>\n<dl class=\"words\">\n"
	        "<div><dt>verdict</dt><dd>What the mail system knows about who handed a message "
	        "in: authenticated, anonymous or unknown.</dd></div>\n"
	        "<div><dt>authenticated</dt><dd>With proof: the sender logged in, or came from a "
	        "place that only your own users can use.</dd></div>\n"
	        "<div><dt>anonymous</dt><dd>Without proof: anyone could have written any sender "
	        "into it.</dd></div>\n"
	        "<div><dt>unknown</dt><dd>Without proof: nothing shows whether there was a "
	        "login.</dd></div>\n"
	        "<div><dt>stripped</dt><dd>The name was removed, and the address stayed: "
	        "&ldquo;ceo@corp.example&rdquo; instead of &ldquo;Jane Doe, "
	        "CEO&rdquo;.</dd></div>\n"
	        "<div><dt>replaced</dt><dd>There was no address that could be read safely; "
	        "unknown-sender@barefrom.invalid took its place.</dd></div>\n"
	        "<div><dt>refused</dt><dd>The message could not be changed safely and was not "
	        "passed on, however often it was tried. In a mailbox it stays as it "
	        "was.</dd></div>\n"
	        "<div><dt>changed</dt><dd>Stripped or replaced.</dd></div>\n"
	        "<div><dt>kept</dt><dd>Passed on as it was.</dd></div>\n"
	        "<div><dt>pending</dt><dd>Recorded, but the outcome is not known: the message may "
	        "have been sent.</dd></div>\n</dl>\n"
	        "<h2>Privacy</h2>\n"
	        "<p>This page shows personal data: names, mail addresses and network addresses. "
	        "Give it only to those who decide about it, and delete it when it is no longer "
	        "needed. People who are named as senders here need not have sent anything: others "
	        "claimed to be them. Subjects and texts of messages are not recorded.</p>\n"
	        "</main>\n");
	html_put(r->page,
	         "<footer class=\"soft\">barefrom %s. Marks such as [U+202E] stand for characters "
	         "that would be invisible or reverse the text.</footer>\n</body>\n</html>\n",
	         VERSION);
}

/* Chooses mail in transit, and stored mail only if there was none in transit. */
static bool
choose_scope(Report *r, Reader *reader, GError **error)
{
	FiguresScope stored = r->scope;
	FiguresTotals totals;

	stored.stored = true;
	if (!figures_totals(reader, &r->scope, &r->totals, error) ||
	    !figures_totals(reader, &stored, &totals, error))
		return false;
	if (r->totals.messages == 0 && totals.messages) {
		r->scope = stored;
		r->totals = totals;
	}
	return true;
}

static bool
put_lists(Report *r, Reader *reader, GString *finding, GError **error)
{
	return r->totals.messages == 0 ||
	       (put_senders(r, reader, finding, error) && put_names(r, reader, error) &&
	        put_foreigners(r, reader, error) && put_people(r, reader, error) &&
	        put_clients(r, reader, error) && put_exceptions(r, reader, error));
}

/* Writes the lists first, since the text above them says what they found. */
static bool
make_page(Report *r, Reader *reader, GString *page, GError **error)
{
	g_autoptr(GString) lists = g_string_new(NULL), finding = g_string_new(NULL);
	g_auto(Chart) chart;

	chart_init(&chart, &r->since, &r->until);
	r->page = lists;
	if (!choose_scope(r, reader, error) ||
	    !figures_days(reader, &r->scope, add_day, &chart, error) ||
	    !put_lists(r, reader, finding, error) || !put_runs(r, reader, error))
		return false;
	r->page = page;
	put_head(r);
	put_lead(r, finding->str);
	if (r->totals.messages) {
		put_cards(r);
		g_string_append(page, "<h2>Over time</h2>\n");
		chart_put(&chart, page);
	}
	g_string_append_len(page, lists->str, (gssize)lists->len);
	put_foot(r);
	return true;
}

static void
format_day(const GDate *date, char *text)
{
	g_snprintf(text, DAY_SIZE, "%04d-%02d-%02d", g_date_get_year(date),
	           (int)g_date_get_month(date), g_date_get_day(date));
}

static bool
read_period(Report *r, const char *since, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	GDate end;
	int year, month, day;

	g_date_time_get_ymd(now, &year, &month, &day);
	g_date_clear(&r->until, 1);
	g_date_set_dmy(&r->until, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	r->since = r->until;
	if (!since) {
		g_date_subtract_days(&r->since, DAYS_DEFAULT - 1);
	} else if (!chart_read_day(since, &r->since) || g_date_get_year(&r->since) < FIRST_YEAR) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--since=%s: accepted: a day such as 2026-11-24, from %d on", since,
		            FIRST_YEAR);
		return false;
	} else if (g_date_compare(&r->since, &r->until) > 0) {
		g_set_error(
		        error, CMD_ERROR, CMD_ERROR_USAGE,
		        "--since=%s: this day is in the future (today is %04d-%02d-%02d in UTC)",
		        since, year, month, day);
		return false;
	}
	end = r->until;
	g_date_add_days(&end, 1);
	format_day(&r->since, r->since_text);
	format_day(&r->until, r->until_text);
	format_day(&end, r->end_text);
	r->scope = (FiguresScope){ .since = r->since_text, .until = r->end_text };
	r->days = g_date_days_between(&r->since, &end);
	g_snprintf(r->made, sizeof r->made, "%s %02d:%02d UTC", r->until_text,
	           g_date_time_get_hour(now), g_date_time_get_minute(now));
	return true;
}

bool
verb_report(const Config *config, const VerbOptions *options, GError **error)
{
	g_autoptr(GString) page = g_string_new(NULL);
	Report r = { .database = config->settings->database };

	if (!options->output || !*options->output) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "audit report needs --output=FILE (- for standard output)");
		return false;
	}
	if (!read_period(&r, options->since, error))
		return false;
	g_autoptr(Reader) reader = verb_open(config, error);
	if (!reader || !reader_begin(reader, error))
		return false;
	bool good = make_page(&r, reader, page, error);
	reader_end(reader);
	if (!good)
		return false;
	if (!verb_write(config, options->output, page, PAGE_MODE, error))
		return false;
	if (!g_str_equal(options->output, "-"))
		printf("wrote %s\n", options->output);
	return true;
}
