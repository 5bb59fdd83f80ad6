/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which senders and names the report says were claimed most, which names it finds on foreign
 * addresses, which people of the directory were claimed, from which clients, which mailboxes were
 * read, and how it counts. */
#include "store/figures.h"

#include "folder.h"
#include "sql.h"
#include "store/audit.h"
#include "store/db.h"

typedef struct {
	char *folder, *path;
	sqlite3 *db;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
	static DbWait no_wait;
	g_autoptr(GError) error = NULL;

	fixture->folder = folder_new();
	fixture->path = g_build_filename(fixture->folder, "audit.db", NULL);
	fixture->db = db_open(fixture->path, &no_wait, &error);
	g_assert_no_error(error);
	change(fixture->db, "PRAGMA synchronous = OFF");
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
	sqlite3_close(fixture->db);
	folder_remove(fixture->folder);
	g_free(fixture->path);
}

/* A message of this day of November; of these columns, each may be NULL. */
static void
add(Fixture *fixture, int day, const char *verdict, const char *action, const char *name,
    const char *address, const char *person)
{
	char *sql = sqlite3_mprintf(
	        "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome, "
	        "from_name, from_address, person) VALUES (printf('2026-11-%%02dT12:00:00.000Z', "
	        "%d), 'filter', %Q, 'r', 0, %Q, 'sent', %Q, %Q, %Q)",
	        day, verdict, action, name, address, person);

	change(fixture->db, sql);
	sqlite3_free(sql);
}

static void
add_login(Fixture *fixture, int day, const char *name, const char *address)
{
	add(fixture, day, "authenticated", "kept", name, address, NULL);
}

static void
add_forged(Fixture *fixture, int day, const char *name, const char *address)
{
	add(fixture, day, "anonymous", "kept", name, address, NULL);
}

/* Of all rows. */
static void
set(Fixture *fixture, const char *assignments)
{
	g_autofree char *sql = g_strdup_printf("UPDATE message SET %s", assignments);

	change(fixture->db, sql);
}

static void
put_addresses(GString *to, const char *const *addresses, gint64 all)
{
	for (int i = 0; i < FIGURES_NAMES && addresses[i]; i++)
		g_string_append_printf(to, "%s%s", i ? "," : "|", addresses[i]);
	g_string_append_printf(to, "/%d", (int)all);
}

static void
put_counts(GString *to, gint64 messages, const FiguresDone *done, const char *last, gint64 all)
{
	g_string_append_printf(to, "|%d=%d+%d+%d|%s|%d\n", (int)messages, (int)done->changed,
	                       (int)done->kept, (int)done->refused, last, (int)all);
}

static void
put_foreign(const FiguresForeign *foreign, gpointer to)
{
	g_string_append(to, foreign->name);
	put_addresses(to, foreign->own, foreign->all_own);
	put_addresses(to, foreign->foreign, foreign->all_foreign);
	put_counts(to, foreign->messages, &foreign->done, foreign->last, foreign->all);
}

static void
put_person(const FiguresPerson *person, gpointer to)
{
	g_string_append(to, person->name);
	put_counts(to, person->messages, &person->done, person->last, person->all);
}

static const FiguresScope november = { "2026-11-01", "2026-12-01", false };

/* A line for each: NAME|OWN,.../ALL|FOREIGN,.../ALL|MESSAGES=CHANGED+KEPT+REFUSED|LAST|ALL */
static char *
foreign_of(const Fixture *fixture, const FiguresScope *scope)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	GString *lines = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_true(figures_have_names(reader));
	g_assert_true(figures_foreign(reader, scope, put_foreign, lines, &error));
	g_assert_no_error(error);
	return g_string_free(lines, false);
}

static void
assert_foreign(const Fixture *fixture, const char *wanted)
{
	g_autofree char *got = foreign_of(fixture, &november);

	g_assert_cmpstr(got, ==, wanted);
}

/* A line for each: NAME|MESSAGES=CHANGED+KEPT+REFUSED|LAST|ALL */
static void
assert_people(const Fixture *fixture, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_autoptr(GString) lines = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_true(figures_people(reader, &november, put_person, lines, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(lines->str, ==, wanted);
}

/* A removed part of the message added last: a field with lists of names and addresses in JSON. */
static void
add_edit(Fixture *fixture, const char *field, const char *names, const char *addresses)
{
	char *sql = sqlite3_mprintf(
	        "INSERT INTO edit (message, field, nth, action, before, after, display_names, "
	        "addresses) SELECT max(id), %Q, 1, 'stripped', x'', x'', %Q, %Q FROM message",
	        field, names, addresses);

	change(fixture->db, sql);
	sqlite3_free(sql);
}

static void
put_sender(const FiguresSender *sender, gpointer to)
{
	g_string_append(to, sender->address);
	put_addresses(to, sender->names, sender->all_names);
	g_string_append_printf(to, "|%d|%s|%s|%d\n", (int)sender->messages, sender->first,
	                       sender->last, (int)sender->all);
}

static void
put_name(const FiguresName *name, gpointer to)
{
	g_string_append_printf(to, "%s|%s/%d|%d|%s|%d\n", name->name,
	                       name->address ? name->address : "-", (int)name->all_addresses,
	                       (int)name->messages, name->last, (int)name->all);
}

static void
put_client(const FiguresClient *client, gpointer to)
{
	g_string_append_printf(to, "%s|%d|%d|%d|%d\n", client->address, (int)client->changed,
	                       (int)client->unproved, (int)client->messages, (int)client->all);
}

/* A line for each: ADDRESS|NAME,.../ALL|MESSAGES|FIRST|LAST|ALL */
static void
assert_senders(const Fixture *fixture, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_autoptr(GString) lines = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_true(figures_senders(reader, &november, put_sender, lines, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(lines->str, ==, wanted);
}

/* A line for each: NAME|ADDRESS/ALL|MESSAGES|LAST|ALL */
static void
assert_names(const Fixture *fixture, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_autoptr(GString) lines = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_true(figures_names(reader, &november, put_name, lines, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(lines->str, ==, wanted);
}

/* A line for each, ADDRESS|CHANGED|UNPROVED|MESSAGES|ALL; then how many have no client. */
static void
assert_clients(const Fixture *fixture, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_autoptr(GString) lines = g_string_new(NULL);
	FiguresTotals totals;

	g_assert_no_error(error);
	g_assert_true(figures_clients(reader, &november, put_client, lines, &error));
	g_assert_no_error(error);
	g_assert_true(figures_totals(reader, &november, &totals, &error));
	g_assert_no_error(error);
	g_string_append_printf(lines, "%d", (int)totals.no_client);
	g_assert_cmpstr(lines->str, ==, wanted);
}

/* MESSAGES|UNPROVED|STRIPPED+REPLACED=CHANGED|REFUSED|LEFT|DRY|ATTEMPTS */
static void
assert_totals(const Fixture *fixture, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	FiguresTotals t;

	g_assert_no_error(error);
	g_assert_true(figures_totals(reader, &november, &t, &error));
	g_assert_no_error(error);
	g_autofree char *got =
	        g_strdup_printf("%d|%d|%d+%d=%d|%d|%d|%d|%d", (int)t.messages, (int)t.unproved,
	                        (int)t.stripped, (int)t.replaced, (int)t.changed, (int)t.refused,
	                        (int)t.left, (int)t.dry, (int)t.attempts);
	g_assert_cmpstr(got, ==, wanted);
}

/* One more row of the one message, with this action and outcome. */
static void
add_again(Fixture *fixture, const char *action, const char *outcome)
{
	add(fixture, 2, "anonymous", action, "Jane", "a@x.example", NULL);
	char *sql = sqlite3_mprintf("UPDATE message SET head_before_sha256 = 'h', outcome = %Q "
	                            "WHERE id = (SELECT max(id) FROM message)",
	                            outcome);
	change(fixture->db, sql);
	sqlite3_free(sql);
}

/* Once a message had more than dry runs, these say nothing more of it. */
static void
test_totals(Fixture *fixture, gconstpointer unused)
{
	static const struct {
		const char *dry, *action, *outcome, *wanted;
	} cases[] = {
		{ "stripped", "stripped", "sent", "1|1|1+0=1|0|0|0|0" },
		{ "stripped", "replaced", "written", "1|1|0+1=1|0|0|0|0" },
		{ "stripped", "stripped", "pending", "1|1|1+0=1|0|0|0|0" },
		{ "refused", "refused", "deferred", "1|1|0+0=0|1|0|0|0" },
		{ "replaced", "kept", "answered", "1|1|0+0=0|0|1|0|0" },
		{ "kept", "stripped", "sent", "1|1|1+0=1|0|0|0|0" },
		{ "kept", "kept", "sent", "1|1|0+0=0|0|1|0|0" },
		/* What handed nothing on was not done. */
		{ "stripped", "stripped", "failed", "1|1|0+0=0|0|0|1|1" },
		{ "kept", "stripped", "deferred", "1|1|0+0=0|0|1|0|1" },
	};

	assert_totals(fixture, "0|0|0+0=0|0|0|0|0");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s, then %s", cases[i].dry, cases[i].action);
		change(fixture->db, "DELETE FROM message");
		add_again(fixture, cases[i].dry, "dry-run");
		add_again(fixture, cases[i].dry, "dry-run");
		assert_totals(fixture, g_str_equal(cases[i].dry, "kept") ? "1|1|0+0=0|0|1|0|0"
		                                                         : "1|1|0+0=0|0|0|1|0");
		add_again(fixture, cases[i].action, cases[i].outcome);
		assert_totals(fixture, cases[i].wanted);
	}
	/* Another message, of which dry runs are all there is. */
	add_again(fixture, "stripped", "sent");
	add_again(fixture, "replaced", "sent");
	add(fixture, 3, "anonymous", "stripped", "Jane", "a@x.example", NULL);
	change(fixture->db,
	       "UPDATE message SET outcome = 'dry-run' WHERE head_before_sha256 IS NULL");
	assert_totals(fixture, "2|2|1+1=1|0|0|1|1");
}

/* Who was claimed shows in From, whether it had to be changed or not. */
static void
test_senders(Fixture *fixture, gconstpointer unused)
{
	add(fixture, 1, "anonymous", "kept", NULL, "ceo@corp.example", NULL);
	add(fixture, 2, "unknown", "kept", "Boss", "CEO@corp.example", NULL);
	/* Where From was changed, the edit tells all of it. */
	add(fixture, 3, "anonymous", "stripped", "Jane D.", "x@corp.example", NULL);
	add_edit(fixture, "From", "[\"Jane\"]", "[\"ceo@corp.example\",\"cfo@corp.example\"]");
	add_edit(fixture, "Reply-To", "[\"Forger\"]", "[\"forger@x.example\"]");
	/* A bare From beside a Reply-To that was changed. */
	add(fixture, 4, "anonymous", "stripped", NULL, "cfo@corp.example", NULL);
	add_edit(fixture, "Reply-To", "[\"Forger\"]", "[\"forger@x.example\"]");
	/* Rows from before there was a from_address. */
	add(fixture, 5, "anonymous", "stripped", NULL, NULL, NULL);
	add_edit(fixture, "From", "[\"Old\"]", "[\"ceo@corp.example\"]");
	add(fixture, 5, "anonymous", "kept", NULL, NULL, NULL);
	add(fixture, 6, "authenticated", "kept", "Ann", "ann@corp.example", NULL);
	change(fixture->db, "UPDATE message SET in_scope = 1");
	/* Nobody poses as somebody of ours here. */
	add(fixture, 6, "anonymous", "kept", "News", "news@x.example", NULL);
	assert_senders(fixture, "ceo@corp.example|Boss,Jane,Old/3|4|2026-11-01|2026-11-05|2\n"
	                        "cfo@corp.example|Jane/1|2|2026-11-03|2026-11-04|2\n");
}

/* Names of senders, of messages that were kept, too; never of those who get them. */
static void
test_names(Fixture *fixture, gconstpointer unused)
{
	add(fixture, 1, "anonymous", "stripped", "Jane", "a@x.example", NULL);
	add_edit(fixture, "From", "[\"Jane\"]", "[\"a@x.example\"]");
	add_edit(fixture, "To", "[\"Victim\"]", "[\"v@corp.example\"]");
	add_edit(fixture, "CC", "[\"Witness\"]", "[\"w@corp.example\"]");
	add_edit(fixture, "Reply-To", "[\"Forger\"]", "[\"forger@x.example\"]");
	add(fixture, 2, "unknown", "kept", "Jane", "B@x.example", NULL);
	add(fixture, 3, "anonymous", "kept", "Jane", "b@x.example", NULL);
	add(fixture, 3, "anonymous", "kept", NULL, "b@x.example", NULL);
	add(fixture, 3, "authenticated", "kept", "Ann", "ann@corp.example", NULL);
	assert_names(fixture, "Jane|b@x.example/2|3|2026-11-03|2\n"
	                      "Forger|forger@x.example/1|1|2026-11-01|2\n");
}

/* Of messages without an edit, what reached nobody or came again does not count; but a refused one
 * does, whatever its outcome is: with recipients, to stdout or by the milter, in a mailbox. */
static void
test_claimed_once(Fixture *fixture, gconstpointer unused)
{
	static const char *const ends[] = { "outcome = 'deferred'", "outcome = 'failed'" };

	for (int i = 0; i < 3; i++)
		add(fixture, 2, "anonymous", "kept", "Jane", "a@x.example", NULL);
	set(fixture, "head_before_sha256 = 'h', queue_id = 'q', in_scope = 1");
	assert_senders(fixture, "a@x.example|Jane/1|1|2026-11-02|2026-11-02|1\n");
	assert_names(fixture, "Jane|a@x.example/1|1|2026-11-02|1\n");
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		set(fixture, ends[i]);
		assert_senders(fixture, "");
		assert_names(fixture, "");
		set(fixture, "action = 'refused'");
		assert_senders(fixture, "a@x.example|Jane/1|1|2026-11-02|2026-11-02|1\n");
		assert_names(fixture, "Jane|a@x.example/1|1|2026-11-02|1\n");
		set(fixture, "action = 'kept'");
	}
}

/* The client of the session, else that of the trace. */
static void
test_clients(Fixture *fixture, gconstpointer unused)
{
	static const char *const actions[] = { "kept", "stripped", "replaced", "stripped" };

	for (int i = 1; i <= 4; i++)
		add(fixture, i, "anonymous", actions[i - 1], "n", "a", NULL);
	change(fixture->db, "UPDATE message SET peer = '192.0.2.1' WHERE id <= 2");
	change(fixture->db, "UPDATE message SET client_address = '192.0.2.2' WHERE id IN (2, 3)");
	assert_clients(fixture, "192.0.2.2|2|2|2|2\n192.0.2.1|0|1|1|2\n1");
}

static void
test_foreign(Fixture *fixture, gconstpointer unused)
{
	assert_foreign(fixture, "");
	add_login(fixture, 1, "Jane Doe", "jane@corp.example");
	add_login(fixture, 1, "Max Berg", "max@corp.example");
	assert_foreign(fixture, "");
	add_forged(fixture, 2, "Jane Doe", "x@mail.example");
	add(fixture, 3, "unknown", "stripped", "Jane Doe", "x@mail.example", NULL);
	add(fixture, 4, "unknown", "replaced", "Jane Doe", "y@mail.example", NULL);
	add(fixture, 3, "unknown", "refused", "Jane Doe", "y@mail.example", NULL);
	add_forged(fixture, 5, "Jane Doe", "a@mail.example");
	/* Of her own address anybody may say that it is his, but that is another question. */
	add_forged(fixture, 6, "Jane Doe", "jane@corp.example");
	add_forged(fixture, 6, "A Stranger", "x@mail.example");
	assert_foreign(fixture, "Jane Doe|jane@corp.example/1|x@mail.example,y@mail.example,"
	                        "a@mail.example/3|5=2+2+1|2026-11-05|1\n");
}

/* What came with a login on one address is foreign to nobody there. */
static void
test_own(Fixture *fixture, gconstpointer unused)
{
	add_login(fixture, 1, "Jane Doe", "jane@corp.example");
	add_login(fixture, 3, "Jane Doe", "ceo@corp.example");
	add_login(fixture, 2, "Jane Doe", "b@corp.example");
	add_login(fixture, 2, "Jane Doe", "a@corp.example");
	add_login(fixture, 2, "Max Berg", "max@corp.example");
	add_forged(fixture, 4, "Jane Doe", "ceo@corp.example");
	assert_foreign(fixture, "");
	/* The address of another of ours is foreign. */
	add_forged(fixture, 5, "Jane Doe", "max@corp.example");
	assert_foreign(fixture, "Jane Doe|ceo@corp.example,a@corp.example,b@corp.example/4|"
	                        "max@corp.example/1|1=0+1+0|2026-11-05|1\n");
}

static void
test_spellings(Fixture *fixture, gconstpointer unused)
{
	add_login(fixture, 3, "Jane Doe", "Jane@corp.example");
	add_login(fixture, 2, "jane doe ", "jane@corp.example");
	add_forged(fixture, 4, " JANE DOE", "x@mail.example");
	add_forged(fixture, 4, "JANE doe", "X@mail.example");
	add_forged(fixture, 4, "jane doe", "JANE@corp.example");
	add_forged(fixture, 4, "Doe, Jane", "x@mail.example");
	add_forged(fixture, 4, "Jane  Doe", "x@mail.example");
	assert_foreign(fixture,
	               "Jane Doe|jane@corp.example/1|x@mail.example/1|2=0+2+0|2026-11-04|1\n");
}

/* Texts that are the names of nobody, and messages without one or the other. */
static void
test_no_names(Fixture *fixture, gconstpointer unused)
{
	static const char *const texts[] = { "Purchasing",   "jane@corp.example", " CEO ", "", " ",
		                             "\346\227\245", "\346\227\245x",     NULL };

	for (int i = 0; texts[i] || i == 0; i++) {
		add_login(fixture, 1, texts[i], "jane@corp.example");
		add_forged(fixture, 2, texts[i], "x@mail.example");
	}
	add_login(fixture, 1, NULL, "jane@corp.example");
	add_forged(fixture, 2, NULL, "x@mail.example");
	add_login(fixture, 1, "Jane Doe", NULL);
	add_forged(fixture, 2, "Jane Doe", "x@mail.example");
	add_login(fixture, 1, "Max Berg", "max@corp.example");
	add_forged(fixture, 2, "Max Berg", NULL);
	assert_foreign(fixture, "");
	/* Names that are written without blanks. */
	add_login(fixture, 1, "\344\275\220\350\227\244\347\276\216", "sato@corp.example");
	add_forged(fixture, 2, "\344\275\220\350\227\244\347\276\216", "x@mail.example");
	assert_foreign(fixture, "\344\275\220\350\227\244\347\276\216|sato@corp.example/1|"
	                        "x@mail.example/1|1=0+1+0|2026-11-02|1\n");
}

static void
test_once(Fixture *fixture, gconstpointer unused)
{
	for (int i = 0; i < 3; i++) {
		add_login(fixture, 1, "Jane Doe", "jane@corp.example");
		add_forged(fixture, 2, "Jane Doe", "x@mail.example");
	}
	add(fixture, 2, "anonymous", "stripped", "Jane Doe", "x@mail.example", "Jane Doe");
	set(fixture, "head_before_sha256 = 'h', queue_id = 'q'");
	add(fixture, 3, "anonymous", "stripped", "Jane Doe", "x@mail.example", "Jane Doe");
	assert_foreign(fixture,
	               "Jane Doe|jane@corp.example/1|x@mail.example/1|2=2+1+0|2026-11-03|1\n");
	set(fixture, "person = 'Jane Doe'");
	assert_people(fixture, "Jane Doe|2=2+1+0|2026-11-03|1\n");
}

/* An attempt that handed nothing on, another time and mail of another kind. */
static void
test_scope(Fixture *fixture, gconstpointer unused)
{
	static const FiguresScope later = { "2026-11-02", "2026-12-01", false },
	                          earlier = { "2026-11-01", "2026-11-02", false },
	                          stored = { "2026-11-01", "2026-12-01", true };
	static const char *const ends[] = { "outcome = 'deferred'", "outcome = 'failed'" };

	add_login(fixture, 1, "Jane Doe", "jane@corp.example");
	add(fixture, 2, "anonymous", "kept", "Jane Doe", "x@mail.example", "Jane Doe");
	g_autofree char *all = foreign_of(fixture, &november),
	                *without_login = foreign_of(fixture, &later),
	                *without_forgery = foreign_of(fixture, &earlier),
	                *of_mailboxes = foreign_of(fixture, &stored);
	g_assert_cmpstr(all, !=, "");
	g_assert_cmpstr(without_login, ==, "");
	g_assert_cmpstr(without_forgery, ==, "");
	g_assert_cmpstr(of_mailboxes, ==, "");
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		set(fixture, ends[i]);
		assert_foreign(fixture, "");
		assert_people(fixture, "");
	}
	set(fixture, "source = 'mbox', outcome = 'written'");
	assert_foreign(fixture, "");
	assert_people(fixture, "");
	g_autofree char *read = foreign_of(fixture, &stored);
	g_assert_cmpstr(read, ==, all);
}

/* The most come first, and the list is cut. */
static void
test_cut(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GString) wanted = g_string_new(NULL), people = g_string_new(NULL);

	for (int i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("Person %c", 'A' + i);
		add_login(fixture, 1, name, "p@corp.example");
		for (int k = 0; k <= i % 18; k++)
			add(fixture, 2, "anonymous", "kept", name, "x@mail.example", name);
	}
	for (int i = 17; i > 17 - FIGURES_TOP; i--) {
		g_string_append_printf(
		        wanted,
		        "Person %c|p@corp.example/1|x@mail.example/1|%d=0+%d+0|2026-11-02|20\n",
		        'A' + i, i + 1, i + 1);
		g_string_append_printf(people, "Person %c|%d=0+%d+0|2026-11-02|20\n", 'A' + i,
		                       i + 1, i + 1);
	}
	assert_foreign(fixture, wanted->str);
	assert_people(fixture, people->str);
}

static void
test_people(Fixture *fixture, gconstpointer unused)
{
	assert_people(fixture, "");
	add(fixture, 1, "anonymous", "kept", "n", "a", NULL);
	add(fixture, 1, "anonymous", "kept", "n", "a", "");
	/* She is who she says. */
	add(fixture, 1, "authenticated", "kept", "Jane Doe", "jane@corp.example", "Jane Doe");
	assert_people(fixture, "");
	add(fixture, 2, "unknown", "stripped", "n", "a", "Jane Doe; Max \"B\\\" Berg; Jane Doe");
	add(fixture, 3, "anonymous", "kept", "n", "a", "Jane Doe");
	add(fixture, 4, "anonymous", "refused", "n", "a", "\"],[; Jane Doe");
	assert_people(fixture, "Jane Doe|3=1+1+1|2026-11-04|3\n"
	                       "\"],[|1=0+0+1|2026-11-04|3\n"
	                       "Max \"B\\\" Berg|1=1+0+0|2026-11-02|3\n");
}

/* One message can't fill the list, however many people it claims. */
static void
test_many_people(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GString) all = g_string_new("Person 0");

	for (int i = 1; i < 1000; i++)
		g_string_append_printf(all, "; Person %d", i);
	add(fixture, 1, "anonymous", "kept", "n", "a", all->str);
	g_autoptr(GError) error = NULL;
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_autoptr(GString) lines = g_string_new(NULL);
	g_assert_true(figures_people(reader, &november, put_person, lines, &error));
	g_assert_true(g_str_has_suffix(lines->str, "|2026-11-01|20\n"));
}

static void
put_run(const FiguresRun *run, gpointer to)
{
	g_string_append_printf(to, "%s|%d|%d|%s|%d|%d\n", run->input, (int)run->messages,
	                       (int)run->changed, run->status, run->dry, (int)run->all);
}

/* Of this command, with a message in it that has this outcome, if any. */
static void
add_run(Fixture *fixture, const char *day, const char *command, const char *outcome)
{
	char *sql = sqlite3_mprintf(
	        "INSERT INTO run (started_at, command, input, version, messages, stripped, status) "
	        "VALUES ('2026-%sT12:00:00.000Z', %Q, %Q, '0', 5, 2, 'done')",
	        day, command, outcome ? outcome : "none");

	change(fixture->db, sql);
	sqlite3_free(sql);
	if (!outcome)
		return;
	add(fixture, 1, "anonymous", "stripped", "Jane", "a@x.example", NULL);
	sql = sqlite3_mprintf("UPDATE message SET run = (SELECT max(id) FROM run), outcome = %Q "
	                      "WHERE run IS NULL",
	                      outcome);
	change(fixture->db, sql);
	sqlite3_free(sql);
}

/* Runs that decide, the latest first; and how many put back what others did. */
static void
test_runs(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) lines = g_string_new(NULL);
	gint64 undone = -1;

	add_run(fixture, "11-01", "mbox", "dry-run");
	add_run(fixture, "11-02", "mbox", "written");
	add_run(fixture, "11-03", "mbox", NULL);
	add_run(fixture, "10-31", "mbox", "written");
	add_run(fixture, "12-01", "mbox --undo", NULL);
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_assert_true(figures_undo_runs(reader, &november, &undone, &error));
	g_assert_cmpint(undone, ==, 0);
	add_run(fixture, "11-04", "mbox --undo", NULL);
	add_run(fixture, "11-05", "mbox --undo", NULL);
	g_assert_true(figures_undo_runs(reader, &november, &undone, &error));
	g_assert_cmpint(undone, ==, 2);
	g_assert_true(figures_runs(reader, &november, put_run, lines, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(lines->str, ==,
	                "none|5|2|done|0|3\nwritten|5|2|done|0|3\ndry-run|5|2|done|1|3\n");
}

static void
test_old_version(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	change(fixture->db, "PRAGMA user_version = 2");
	g_autoptr(Reader) reader = reader_open(fixture->path, 0, &error);
	g_assert_no_error(error);
	g_assert_false(figures_have_names(reader));
	/* It has no such columns, so no question may name them. */
	change(fixture->db, "DROP VIEW history; DROP VIEW forged_senders; DROP VIEW daily; "
	                    "DROP VIEW by_client; DROP VIEW names; DROP VIEW incidents");
	change(fixture->db, "ALTER TABLE message DROP COLUMN from_name");
	change(fixture->db, "ALTER TABLE message DROP COLUMN from_address");
	change(fixture->db, "ALTER TABLE message DROP COLUMN peer");
	assert_senders(fixture, "");
	assert_names(fixture, "");
	assert_clients(fixture, "0");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/figures/" name, Fixture, NULL, set_up, test, tear_down)
	ADD("totals", test_totals);
	ADD("senders", test_senders);
	ADD("names", test_names);
	ADD("claimed-once", test_claimed_once);
	ADD("clients", test_clients);
	ADD("foreign", test_foreign);
	ADD("own", test_own);
	ADD("spellings", test_spellings);
	ADD("no-names", test_no_names);
	ADD("once", test_once);
	ADD("scope", test_scope);
	ADD("cut", test_cut);
	ADD("people", test_people);
	ADD("many-people", test_many_people);
	ADD("runs", test_runs);
	ADD("old-version", test_old_version);
	return g_test_run();
}
