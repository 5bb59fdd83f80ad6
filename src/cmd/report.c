/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: the audit as one page, for those who decide.
 * May know: HTML, words for people, the clock. Must not know: SQL, messages.
 * Fails: with the errors of the store and of files; the old page is as it was.
 */
#include "verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "exits.h"
#include "html.h"
#include "store/figures.h"

#define DAYS_DEFAULT 30
#define FIRST_YEAR 1970

/* Personal data: not for others. */
#define PAGE_MODE 0640

/* Not every verdict needs its reason explained; those of no session do. */
static const struct {
	const char *reason, *words;
} reasons[] = {
	{ "no-login", "no login in the session that brought it" },
	{ "sasl-fact", "no login in the session that brought it" },
	{ "conflict", "its trace contradicts the login" },
	{ "relay-login", "the login is one that a relay shares" },
	{ "local-pickup", "handed in on the host by a user who is not listed" },
	{ "malformed", "its trace cannot be read safely" },
	{ "chain-broken", "its trace is broken" },
	{ "fetched", "fetched from another mailbox" },
	{ "no-trace", "it bears no trace" },
	{ "top-not-ours", "its trace is of no server of yours" },
	{ "delivery-only", "its trace shows its delivery only" },
	{ "silent", "its trace says nothing of a login" },
};

#define DAY_SIZE sizeof "2026-11-24"

typedef struct {
	GString *page;
	const char *database;
	GDate since, until; /* the first day and the last one */
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

/* Never 0 of something, nor all where some are missing. */
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

/* A list being written; it begins with its first row. */
typedef struct {
	GString *page;
	const char *const *heads; /* of its columns; those of numbers begin with #, with bars =, of
	                             days @, of one word ! */
	guint column;
	gint64 rows, all, highest;
} Table;

static const char *
head_class(const char *head)
{
	switch (*head) {
	case '#':
		return "number";
	case '=':
		return "number measure";
	case '@':
		return "date";
	case '!':
		return "word";
	default:
		return "text";
	}
}

static const char *
head_name(const char *head)
{
	return head + strspn(head, "#=@!");
}

static void
begin_row(Table *table, gint64 all)
{
	table->column = 0;
	table->all = all;
	if (table->rows++ == 0) {
		g_string_append(table->page, "<table class=\"list\">\n<thead><tr>");
		for (const char *const *head = table->heads; *head; head++)
			html_put(table->page, "<th scope=\"col\" class=\"%s\">%s</th>",
			         head_class(*head), head_name(*head));
		g_string_append(table->page, "</tr></thead>\n<tbody>\n");
	}
	g_string_append(table->page, "<tr>");
}

/* The first cell of a row is its head. */
static void
begin_cell(Table *table)
{
	const char *head = table->heads[table->column];

	if (table->column++ == 0)
		g_string_append(table->page, "<th scope=\"row\">");
	else
		html_put(table->page, "<td class=\"%s\" data-label=\"%s\">", head_class(head),
		         head_name(head));
}

static void
end_cell(Table *table)
{
	g_string_append(table->page, table->column == 1 ? "</th>" : "</td>");
	if (!table->heads[table->column])
		g_string_append(table->page, "</tr>\n");
}

static void
put_text(Table *table, const char *text)
{
	begin_cell(table);
	html_put(table->page, "%s", text);
	end_cell(table);
}

static void
put_claim(Table *table, const char *text)
{
	begin_cell(table);
	html_claim(table->page, text);
	end_cell(table);
}

/* The first FIGURES_NAMES of @all. */
static void
put_few(Table *table, const char *const *texts, gint64 all)
{
	gint64 shown = 0;

	begin_cell(table);
	for (; shown < FIGURES_NAMES && texts[shown]; shown++) {
		g_string_append(table->page, shown ? "<br>" : "");
		html_claim(table->page, texts[shown]);
	}
	if (shown == 0)
		html_text(table->page, NULL, 1);
	if (all > shown)
		html_put(table->page, "<br>and " HTML_NUMBER " more", all - shown);
	end_cell(table);
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

	begin_cell(table);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i].messages == 0)
			continue;
		g_string_append(table->page, between);
		html_put(table->page, HTML_NUMBER " %s", parts[i].messages, parts[i].word);
		between = "<br>";
	}
	end_cell(table);
}

static void
put_number(Table *table, gint64 number)
{
	begin_cell(table);
	html_put(table->page, HTML_NUMBER, number);
	end_cell(table);
}

/* With a bar beside the one of the first row, which is the largest. */
static void
put_measure(Table *table, gint64 number)
{
	begin_cell(table);
	html_put(table->page, HTML_NUMBER, number);
	if (table->rows == 1)
		table->highest = MAX(number, 1);
	int width = (int)((double)number / (double)table->highest * 100 + 0.5);
	g_string_append_printf(table->page,
	                       "<svg class=\"bar\" viewBox=\"0 0 100 6\" "
	                       "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	                       "<rect class=\"anonymous\" width=\"%d\" height=\"6\"/></svg>",
	                       width);
	end_cell(table);
}

static void
end_table(Table *table)
{
	if (table->rows)
		g_string_append(table->page, "</tbody>\n</table>\n");
	else
		g_string_append(table->page, "<p>None.</p>\n");
	if (table->all > table->rows)
		html_put(table->page,
		         "<p class=\"soft\">The first " HTML_NUMBER " of " HTML_NUMBER ".</p>\n",
		         table->rows, table->all);
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

	begin_row(t, sender->all);
	put_claim(t, sender->address);
	put_few(t, sender->names, sender->all_names);
	put_measure(t, sender->messages);
	put_text(t, sender->first);
	put_text(t, sender->last);

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

static bool
put_senders(Report *r, Reader *reader, GString *finding, GError **error)
{
	static const char *const heads[] = { "Claimed sender", "Names used", "=Messages",
		                             "@First seen",    "@Last seen", NULL };
	List list = { { .page = r->page, .heads = heads }, finding };

	g_string_append(r->page, "<h2>Senders impersonated most</h2>\n"
	                         "<p class=\"soft\">Addresses that messages without proof showed "
	                         "in From, and the names that went with them.</p>\n");
	if (!figures_senders(reader, &r->scope, put_sender, &list, error))
		return false;
	end_table(&list.table);
	return true;
}

static void
put_name(const FiguresName *name, gpointer data)
{
	Table *t = data;

	begin_row(t, name->all);
	put_claim(t, name->name);
	begin_cell(t);
	html_claim(t->page, name->address);
	if (name->all_addresses > 1)
		html_put(t->page, "<br>and " HTML_NUMBER " more", name->all_addresses - 1);
	end_cell(t);
	put_measure(t, name->messages);
	put_text(t, name->last);
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
	end_table(&table);
	return true;
}

static void
put_foreign(const FiguresForeign *foreign, gpointer data)
{
	Table *t = data;

	begin_row(t, foreign->all);
	put_claim(t, foreign->name);
	put_few(t, foreign->own, foreign->all_own);
	put_few(t, foreign->foreign, foreign->all_foreign);
	put_measure(t, foreign->messages);
	put_done(t, &foreign->done);
	put_text(t, foreign->last);
}

static bool
put_foreigners(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Name",      "With proof on", "Without proof on",
		                             "=Messages", "!Done",         "@Last seen",
		                             NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page,
	                "<h2>Names of ours on foreign addresses</h2>\n"
	                "<p class=\"soft\">Names that came with proof on one address and without "
	                "proof on another, in messages that were kept, too. With "
	                "scope=directory such names are taken off, if they are listed. Not each "
	                "of these is a forgery: people also write from private addresses.</p>\n"
	                "<p class=\"soft\">A name is compared as it is written, except for small "
	                "and capital letters from A to Z and for blanks around it. Other spellings "
	                "are not matched here: barefrom directory matches more. Names of one word "
	                "are left out, and so are addresses that stand in place of a name.</p>\n");
	if (!figures_have_names(reader)) {
		g_string_append(r->page,
		                "<p>Not known: an audit database of this older version does not "
		                "hold the names of messages that were kept. barefrom audit init "
		                "brings it up to date for the messages to come.</p>\n");
		return true;
	}
	if (!figures_foreign(reader, &r->scope, put_foreign, &table, error))
		return false;
	end_table(&table);
	if (table.rows == 0 && r->totals.messages == r->totals.unproved)
		g_string_append(r->page,
		                "<p class=\"soft\">No message came with proof, so nothing tells "
		                "which names are yours. The mail of your own users has to pass "
		                "barefrom as well.</p>\n");
	return true;
}

static void
put_person(const FiguresPerson *person, gpointer data)
{
	Table *t = data;

	begin_row(t, person->all);
	put_claim(t, person->name);
	put_measure(t, person->messages);
	put_done(t, &person->done);
	put_text(t, person->last);
}

/* Nothing where no directory was in use. */
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
	end_table(&table);
	g_string_append(r->page,
	                "<h2>People of the directory that were claimed</h2>\n"
	                "<p class=\"soft\">People whose names or addresses messages without proof "
	                "showed as their senders, as the directory lists them. What was "
	                "kept had no name to take off, or an exception or the settings left it "
	                "alone.</p>\n");
	g_string_append_len(r->page, text->str, (gssize)text->len);
	return true;
}

static void
put_client(const FiguresClient *client, gpointer data)
{
	Table *t = data;

	begin_row(t, client->all);
	put_claim(t, client->address);
	put_measure(t, client->stripped);
	put_number(t, client->unproved);
	put_number(t, client->messages);
	put_text(t, client->last);
}

static bool
put_clients(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Client",        "=Stripped",  "#Without proof",
		                             "#All messages", "@Last seen", NULL };
	Table table = { .page = r->page, .heads = heads };

	g_string_append(r->page, "<h2>Where they came from</h2>\n"
	                         "<p class=\"soft\">Network addresses of the clients that handed "
	                         "in messages without proof.</p>\n");
	if (!figures_clients(reader, &r->scope, put_client, &table, error))
		return false;
	end_table(&table);
	if (r->totals.no_client)
		html_put(r->page,
		         "<p class=\"soft\">Of " HTML_NUMBER " %s without proof the client is not "
		         "known.</p>\n",
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

	begin_row(t, exception->all);
	put_claim(t, exception->from);
	put_text(t, exception->action);
	put_text(t, reason_words(exception->reason));
	put_number(t, exception->messages);
	put_text(t, exception->last);
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
	end_table(&table);
	return true;
}

static void
put_run(const FiguresRun *run, gpointer data)
{
	Table *t = data;
	bool is_running = g_strcmp0(run->status, "running") == 0;

	begin_row(t, run->all);
	put_claim(t, run->input);
	put_text(t, run->started);
	put_number(t, run->messages);
	put_number(t, run->stripped);
	put_text(t, is_running ? "running, or was killed" : run->status);
}

static bool
put_runs(Report *r, Reader *reader, GError **error)
{
	static const char *const heads[] = { "Mailbox",   "Read at", "#Messages",
		                             "#Stripped", "State",   NULL };
	g_autoptr(GString) text = g_string_new(NULL);
	Table table = { .page = text, .heads = heads };

	if (!figures_runs(reader, &r->scope, put_run, &table, error))
		return false;
	if (table.rows == 0)
		return true;
	end_table(&table);
	html_put(
	        r->page,
	        "<h2>Mailboxes read</h2>\n"
	        "<p class=\"soft\">Stored mail that barefrom went through. Its messages are %s the "
	        "figures above.</p>\n",
	        r->scope.stored ? "those of" : "not in");
	g_string_append_len(r->page, text->str, (gssize)text->len);
	return true;
}

static void
add_day(const FiguresDay *day, gpointer data)
{
	chart_add(data, day->day, day->authenticated, day->anonymous, day->unknown);
}

/* What a manager is to know, in sentences. */
static void
put_lead(const Report *r, const char *finding)
{
	const FiguresTotals *t = &r->totals;
	gint64 n = t->unproved, bare = t->stripped + t->replaced;

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
	if (bare)
		html_put(r->page,
		         " barefrom took the names off " HTML_NUMBER
		         " of them, so that readers see %s.",
		         bare, plural(bare, "the bare address", "bare addresses"));
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
	         r->scope.stored ? "in mailboxes" : "on their way");
	put_card(r, "card", "With proof", t->messages - n, t->messages, " of all");
	put_card(r, "card key", "Without proof", n, t->messages, " of all");
	put_card(r, "card", "Stripped", t->stripped, 0, "names taken off");
	put_card(r, "card", "Replaced", t->replaced, 0, "no address to keep");
	put_card(r, "card", "Refused", t->refused, 0, "not safe to change");
	g_string_append(r->page, "</dl>\n<p class=\"soft\">");
	if (t->left)
		html_put(r->page,
		         HTML_NUMBER " %s without proof %s left as %s: no name to take off, or the "
		                     "settings leave such mail alone. ",
		         t->left, plural(t->left, "message", "messages"),
		         plural(t->left, "was", "were"), plural(t->left, "it was", "they were"));
	if (t->dry)
		html_put(r->page,
		         HTML_NUMBER " more would have been changed or refused, had it been no dry "
		                     "run; the lists below count %s. ",
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

/* The Content-Security-Policy lets nothing be loaded or run, and no style be used but ours. */
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
	        "<div><dt>verdict</dt><dd>What the mail system knows of who handed a message in: "
	        "authenticated, anonymous or unknown.</dd></div>\n"
	        "<div><dt>authenticated</dt><dd>With proof: the sender logged in, or came from a "
	        "place that only your own users can use.</dd></div>\n"
	        "<div><dt>anonymous</dt><dd>Without proof: anyone could have written any sender "
	        "into it.</dd></div>\n"
	        "<div><dt>unknown</dt><dd>Without proof: nothing tells whether there was a "
	        "login.</dd></div>\n"
	        "<div><dt>stripped</dt><dd>The name was taken off, the address stayed: "
	        "&ldquo;ceo@corp.example&rdquo; instead of &ldquo;Jane Doe, "
	        "CEO&rdquo;.</dd></div>\n"
	        "<div><dt>replaced</dt><dd>There was no address that could be read safely; "
	        "unknown-sender@barefrom.invalid stands there now.</dd></div>\n"
	        "<div><dt>refused</dt><dd>The message could not be changed safely and was not "
	        "passed on, however often it was tried. In a mailbox it stays as it "
	        "was.</dd></div>\n"
	        "<div><dt>changed</dt><dd>Stripped or replaced.</dd></div>\n"
	        "<div><dt>kept</dt><dd>Passed on as it was.</dd></div>\n"
	        "<div><dt>pending</dt><dd>Recorded, but the end is not known: the message may have "
	        "been sent.</dd></div>\n</dl>\n"
	        "<h2>Privacy</h2>\n"
	        "<p>This page shows names, addresses and network addresses: personal data. Give it "
	        "to nobody but those who decide about it, and delete it when it has served. Who is "
	        "named as a sender here need not have sent anything: these are claims of others. "
	        "Subjects and texts of messages are not recorded.</p>\n"
	        "</main>\n");
	html_put(r->page,
	         "<footer class=\"soft\">barefrom %s. Marks such as [U+202E] stand for characters "
	         "that would be invisible or turn the text around.</footer>\n</body>\n</html>\n",
	         VERSION);
}

/* Mail on its way comes first; a report is of stored mail only where there was none. */
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

/* The lists are asked first, since what stands above them tells what was found. */
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
		            "--since=%s: a day as YYYY-MM-DD is needed, from %d on", since,
		            FIRST_YEAR);
		return false;
	} else if (g_date_compare(&r->since, &r->until) > 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--since=%s: this day is still to come (it is %04d-%02d-%02d in UTC)",
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
		            "audit report needs --output=FILE (- is standard output)");
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
	if (!verb_write(options->output, page, PAGE_MODE, error))
		return false;
	if (!g_str_equal(options->output, "-"))
		printf("wrote %s\n", options->output);
	return true;
}
