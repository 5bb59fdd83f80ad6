/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * figures: what a report asks an audit of any version.
 * May know: the tables, not the views, which not every version has. Must not know: how it is shown.
 * Fails: with a STORE_ERROR.
 */
#include "figures.h"

#define TOP G_STRINGIFY(FIGURES_TOP)
#define NAMES G_STRINGIFY(FIGURES_NAMES)

/* How much of a text from mail is compared, and how many of a field: the sender chose both. */
#define ADDRESS "lower(substr(a.value, 1, 256)) AS address"
#define NAME "substr(n.value, 1, 256) AS name"
#define FEW_ADDRESSES "a.key < 20"
#define FEW_NAMES "n.key < 20"
#define FEW_PEOPLE "p.key < 20"

/* The version of the schema that introduced the names, addresses and clients of all messages. */
#define NAMES_VERSION 3

/* The client of a message: where no session showed it, its trace may. */
#define CLIENT "coalesce(m.client_address, m.peer)"
#define OLD_CLIENT "m.client_address"

/* A single word does not identify anybody, unless it is in a script that writes names without
 * blanks. */
#define IS_NAME                                                                                    \
	"(instr(name, ' ') > 0 OR "                                                                \
	"(length(name) > 1 AND name NOT GLOB '*[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]*'))"

#define IN_SCOPE "m.at >= ?1 AND m.at < ?2 AND (m.source = 'mbox') = (?3 = 'stored')"
#define REACHED "(m.action = 'refused' OR (m.outcome <> 'deferred' AND m.outcome <> 'failed'))"
#define COUNTED IN_SCOPE " AND " REACHED
#define OF_TIME "started_at >= ?1 AND started_at < ?2"
#define UNPROVED "m.verdict <> 'authenticated'"

/* Rows with the same value are one message, as in the views. */
#define MAIL "coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '')"

/* What a message that counts shows in From, and no edit tells of: more rows of `said`. */
#define UNEDITED                                                                                   \
	" UNION ALL "                                                                              \
	"SELECT " MAIL ", m.at, NULL, lower(substr(m.from_address, 1, 256)) AS address, "          \
	"substr(m.from_name, 1, 256) AS name FROM message AS m "                                   \
	"WHERE " COUNTED " AND " UNPROVED " "                                                      \
	"AND NOT EXISTS (SELECT 1 FROM edit AS e WHERE e.message = m.id "                          \
	"AND lower(e.field) = 'from') AND "

#define DONE                                                                                       \
	"count(DISTINCT iif(action IN ('stripped', 'replaced'), mail, NULL)) AS changed, "         \
	"count(DISTINCT iif(action = 'kept', mail, NULL)) AS kept, "                               \
	"count(DISTINCT iif(action = 'refused', mail, NULL)) AS refused"

typedef struct {
	void (*func)(void); /* cast to its own type before the call */
	gpointer data;
} Answer;

static bool
ask(Reader *reader, const FiguresScope *scope, const char *sql, ReaderFunc func, gpointer data,
    GError **error)
{
	const char *const texts[] = { scope->since, scope->until,
		                      scope->stored ? "stored" : "on its way", NULL };

	return reader_each(reader, sql, texts, func, data, error);
}

bool
figures_have_names(const Reader *reader)
{
	return reader_version(reader) >= NAMES_VERSION;
}

static const char *
client_of(const Reader *reader)
{
	return figures_have_names(reader) ? CLIENT : OLD_CLIENT;
}

static const char *
text(const ReaderRow *row, int at)
{
	return reader_text(row, at, NULL);
}

static bool
take_totals(const ReaderRow *row, gpointer data, GError **error)
{
	*(FiguresTotals *)data = (FiguresTotals){
		.messages = reader_integer(row, 0),
		.unproved = reader_integer(row, 1),
		.stripped = reader_integer(row, 2),
		.replaced = reader_integer(row, 3),
		.refused = reader_integer(row, 4),
		.dry = reader_integer(row, 5),
		.left = reader_integer(row, 6),
		.pending = reader_integer(row, 7),
		.no_client = reader_integer(row, 8),
		.attempts = reader_integer(row, 9),
		.changed = reader_integer(row, 10),
	};
	return true;
}

bool
figures_totals(Reader *reader, const FiguresScope *scope, FiguresTotals *ret_totals, GError **error)
{
	/* What a dry run would have done is asked only of a message that had no other. */
	g_autofree char *sql = g_strconcat(
	        "SELECT sum(reached), sum(unproved), sum(stripped), sum(replaced), sum(refused), "
	        "sum(NOT done AND not_kept), sum(iif(done, done_left, all_left)), sum(pending), "
	        "sum(no_client), sum(attempts), sum(stripped OR replaced) FROM ("
	        "SELECT max(reached) AS reached, max(reached AND unproved) AS unproved, "
	        "max(done) AS done, max(done AND action = 'stripped') AS stripped, "
	        "max(done AND action = 'replaced') AS replaced, "
	        "max(done AND action = 'refused') AS refused, "
	        "max(reached AND action <> 'kept') AS not_kept, "
	        "max(reached AND action = 'kept' AND unproved) AS all_left, "
	        "max(done AND action = 'kept' AND unproved) AS done_left, "
	        "max(reached AND outcome = 'pending') AS pending, "
	        "max(reached AND client IS NULL AND unproved) AS no_client, "
	        "sum(NOT reached) AS attempts "
	        "FROM (SELECT m.*, " MAIL " AS mail, " REACHED " AS reached, " REACHED
	        " AND m.outcome <> 'dry-run' AS done, " UNPROVED " AS unproved, ",
	        client_of(reader),
	        " AS client FROM message AS m WHERE " IN_SCOPE ") GROUP BY mail)", NULL);

	return ask(reader, scope, sql, take_totals, ret_totals, error);
}

static bool
take_day(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresDay day = { text(row, 0), reader_integer(row, 1), reader_integer(row, 2),
		           reader_integer(row, 3) };

	((FiguresDayFunc)answer->func)(&day, answer->data);
	return true;
}

bool
figures_days(Reader *reader, const FiguresScope *scope, FiguresDayFunc func, gpointer data,
             GError **error)
{
	static const char sql[] =
	        "SELECT substr(at, 1, 10), sum(authenticated), sum(anonymous), sum(unknown) FROM ("
	        "SELECT min(m.at) AS at, max(m.verdict = 'authenticated') AS authenticated, "
	        "max(m.verdict = 'anonymous') AS anonymous, max(m.verdict = 'unknown') AS unknown "
	        "FROM message AS m WHERE " COUNTED " GROUP BY " MAIL ") GROUP BY 1 ORDER BY 1";
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_day, &answer, error);
}

/* Joins the rows of one address, which come one after the other, one for each name. */
typedef struct {
	FiguresSender sender;
	char *held[3 + FIGURES_NAMES];
	int n_names;
	FiguresSenderFunc func;
	gpointer data;
} Senders;

static void
end_sender(Senders *senders)
{
	if (senders->sender.address)
		senders->func(&senders->sender, senders->data);
	for (size_t i = 0; i < G_N_ELEMENTS(senders->held); i++)
		g_clear_pointer(&senders->held[i], g_free);
	senders->sender = (FiguresSender){ NULL };
	senders->n_names = 0;
}

static bool
take_sender(const ReaderRow *row, gpointer data, GError **error)
{
	Senders *s = data;
	const char *address = text(row, 0), *name = text(row, 4);

	if (g_strcmp0(s->sender.address, address) != 0) {
		end_sender(s);
		s->held[0] = g_strdup(address);
		s->held[1] = g_strdup(text(row, 2));
		s->held[2] = g_strdup(text(row, 3));
		s->sender = (FiguresSender){ .address = s->held[0],
			                     .first = s->held[1],
			                     .last = s->held[2],
			                     .messages = reader_integer(row, 1),
			                     .all_names = reader_integer(row, 5),
			                     .all = reader_integer(row, 6) };
	}
	if (name && s->n_names < FIGURES_NAMES) {
		s->held[3 + s->n_names] = g_strdup(name);
		s->sender.names[s->n_names] = s->held[3 + s->n_names];
		s->n_names++;
	}
	return true;
}

bool
figures_senders(Reader *reader, const FiguresScope *scope, FiguresSenderFunc func, gpointer data,
                GError **error)
{
	/* Only From says who is impersonated: Reply-To may name the forger. */
	static const char edited[] =
	        "WITH said AS MATERIALIZED ("
	        "SELECT " MAIL " AS mail, m.at, e.id AS edit, " ADDRESS ", NULL AS name "
	        "FROM message AS m JOIN edit AS e ON e.message = m.id, json_each(e.addresses) AS a "
	        "WHERE " COUNTED " AND " UNPROVED " AND lower(e.field) = 'from' "
	        "AND " FEW_ADDRESSES;
	static const char unedited[] = UNEDITED "m.in_scope = 1 AND m.from_address IS NOT NULL";
	static const char counted[] =
	        "), "
	        "top AS MATERIALIZED ("
	        "SELECT address, count(DISTINCT mail) AS messages, min(at) AS first, max(at) AS "
	        "last, "
	        "count(*) OVER () AS total "
	        "FROM said GROUP BY address ORDER BY messages DESC, address LIMIT " TOP "), "
	        "shown AS ("
	        "SELECT said.address, " NAME ", said.mail "
	        "FROM top JOIN said ON said.address = top.address "
	        "JOIN edit AS e ON e.id = said.edit, json_each(e.display_names) AS n "
	        "WHERE " FEW_NAMES " UNION ALL "
	        "SELECT said.address, said.name, said.mail FROM top JOIN said "
	        "ON said.address = top.address WHERE said.name IS NOT NULL), "
	        "used AS ("
	        "SELECT address, name, count(DISTINCT mail) AS times FROM shown GROUP BY 1, 2), "
	        "ranked AS ("
	        "SELECT address, name, count(*) OVER (PARTITION BY address) AS n, row_number() "
	        "OVER (PARTITION BY address ORDER BY times DESC, name) AS place FROM used) "
	        "SELECT top.address, top.messages, substr(top.first, 1, 10), "
	        "substr(top.last, 1, 10), ranked.name, ranked.n, top.total FROM top "
	        "LEFT JOIN ranked ON ranked.address = top.address AND ranked.place <= " NAMES " "
	        "ORDER BY top.messages DESC, top.address, ranked.place";
	g_autofree char *sql =
	        g_strconcat(edited, figures_have_names(reader) ? unedited : "", counted, NULL);
	Senders senders = { .func = func, .data = data };
	bool good = ask(reader, scope, sql, take_sender, &senders, error);

	end_sender(&senders);
	return good;
}

static bool
take_name(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresName name = { .name = text(row, 0),
		             .messages = reader_integer(row, 1),
		             .last = text(row, 2),
		             .address = text(row, 3),
		             .all_addresses = reader_integer(row, 4),
		             .all = reader_integer(row, 5) };

	((FiguresNameFunc)answer->func)(&name, answer->data);
	return true;
}

bool
figures_names(Reader *reader, const FiguresScope *scope, FiguresNameFunc func, gpointer data,
              GError **error)
{
	/* To and Cc may be among the fields, but name no sender. */
	static const char edited[] =
	        "WITH said AS MATERIALIZED ("
	        "SELECT " MAIL " AS mail, m.at, e.id AS edit, NULL AS address, " NAME " "
	        "FROM message AS m JOIN edit AS e ON e.message = m.id, "
	        "json_each(e.display_names) AS n "
	        "WHERE " COUNTED " AND " UNPROVED " AND lower(e.field) NOT IN ('to', 'cc') "
	        "AND " FEW_NAMES;
	static const char unedited[] = UNEDITED "m.from_name IS NOT NULL";
	static const char counted[] =
	        "), "
	        "top AS MATERIALIZED ("
	        "SELECT name, count(DISTINCT mail) AS messages, max(at) AS last, "
	        "count(*) OVER () AS total "
	        "FROM said GROUP BY name ORDER BY messages DESC, name LIMIT " TOP "), "
	        "shown AS ("
	        "SELECT said.name, " ADDRESS ", said.mail "
	        "FROM top JOIN said ON said.name = top.name "
	        "JOIN edit AS e ON e.id = said.edit, json_each(e.addresses) AS a "
	        "WHERE " FEW_ADDRESSES " UNION ALL "
	        "SELECT said.name, said.address, said.mail FROM top JOIN said "
	        "ON said.name = top.name WHERE said.address IS NOT NULL), "
	        "used AS ("
	        "SELECT name, address, count(DISTINCT mail) AS times FROM shown GROUP BY 1, 2), "
	        "ranked AS ("
	        "SELECT name, address, count(*) OVER (PARTITION BY name) AS n, row_number() "
	        "OVER (PARTITION BY name ORDER BY times DESC, address) AS place FROM used) "
	        "SELECT top.name, top.messages, substr(top.last, 1, 10), ranked.address, ranked.n, "
	        "top.total FROM top LEFT JOIN ranked ON ranked.name = top.name AND ranked.place = "
	        "1 "
	        "ORDER BY top.messages DESC, top.name";
	g_autofree char *sql =
	        g_strconcat(edited, figures_have_names(reader) ? unedited : "", counted, NULL);
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_name, &answer, error);
}

/* A FiguresDone from column @at and the next two. */
static FiguresDone
done(const ReaderRow *row, int at)
{
	return (FiguresDone){ reader_integer(row, at), reader_integer(row, at + 1),
		              reader_integer(row, at + 2) };
}

/* Joins the rows of one name, which come one after the other: its own addresses, then the foreign
 * ones. */
typedef struct {
	FiguresForeign foreign;
	GPtrArray *held;
	FiguresForeignFunc func;
	gpointer data;
} Foreigners;

static const char *
hold(Foreigners *foreigners, const char *text)
{
	g_ptr_array_add(foreigners->held, g_strdup(text));
	return g_ptr_array_index(foreigners->held, foreigners->held->len - 1);
}

static void
end_foreign(Foreigners *foreigners)
{
	if (foreigners->held->len)
		foreigners->func(&foreigners->foreign, foreigners->data);
	g_ptr_array_set_size(foreigners->held, 0);
}

static bool
take_foreign(const ReaderRow *row, gpointer data, GError **error)
{
	Foreigners *f = data;
	bool is_own = reader_integer(row, 0);
	gint64 place = reader_integer(row, 1);
	const char *address = text(row, 2);
	gint64 all = reader_integer(row, 3);

	/* Each name has an own address, so this begins a new name. */
	if (is_own && place == 1) {
		end_foreign(f);
		f->foreign = (FiguresForeign){ .name = hold(f, text(row, 4)),
			                       .last = hold(f, text(row, 5)),
			                       .messages = reader_integer(row, 6),
			                       .done = done(row, 7),
			                       .all = reader_integer(row, 10) };
	}
	if (is_own) {
		f->foreign.own[place - 1] = hold(f, address);
		f->foreign.all_own = all;
	} else {
		f->foreign.foreign[place - 1] = hold(f, address);
		f->foreign.all_foreign = all;
	}
	return true;
}

bool
figures_foreign(Reader *reader, const FiguresScope *scope, FiguresForeignFunc func, gpointer data,
                GError **error)
{
	/* Logins have few names beside those that mail shows, so only theirs are materialized. The
	 * bare column `name` comes from the row with max(at), as SQLite documents. */
	static const char sql[] =
	        "WITH named AS NOT MATERIALIZED ("
	        "SELECT trim(substr(m.from_name, 1, 256)) AS name, "
	        "lower(trim(substr(m.from_name, 1, 256))) AS folded, "
	        "lower(substr(m.from_address, 1, 256)) AS address, m.at, m.action, " UNPROVED
	        " AS unproved, " MAIL " AS mail "
	        "FROM message AS m WHERE " COUNTED " AND m.from_name IS NOT NULL "
	        "AND m.from_address IS NOT NULL), "
	        "login AS MATERIALIZED ("
	        "SELECT folded, address, name, max(at) AS last FROM named "
	        "WHERE NOT unproved AND " IS_NAME " GROUP BY folded, address), "
	        "claimed AS MATERIALIZED ("
	        "SELECT c.folded, c.address, c.at, c.action, c.mail FROM named AS c "
	        "LEFT JOIN login ON login.folded = c.folded AND login.address = c.address "
	        "WHERE c.unproved AND login.folded IS NULL "
	        "AND c.folded IN (SELECT folded FROM login)), "
	        "top AS MATERIALIZED ("
	        "SELECT folded, count(DISTINCT mail) AS messages, max(at) AS last, "
	        "count(*) OVER () AS total "
	        "FROM claimed GROUP BY folded ORDER BY messages DESC, folded LIMIT " TOP "), "
	        "done AS MATERIALIZED ("
	        "SELECT folded, " DONE " FROM claimed "
	        "WHERE folded IN (SELECT folded FROM top) GROUP BY folded), "
	        "used AS ("
	        "SELECT top.folded, 1 AS own, login.address, login.name, 0 AS times, login.last "
	        "FROM top JOIN login ON login.folded = top.folded "
	        "UNION ALL "
	        "SELECT top.folded, 0, claimed.address, NULL, count(DISTINCT claimed.mail), NULL "
	        "FROM top JOIN claimed ON claimed.folded = top.folded GROUP BY 1, 3), "
	        "ranked AS ("
	        "SELECT *, count(*) OVER (PARTITION BY folded, own) AS n, row_number() OVER ("
	        "PARTITION BY folded, own ORDER BY times DESC, last DESC, address) AS place "
	        "FROM used) "
	        "SELECT own, place, address, n, name, substr(top.last, 1, 10), messages, changed, "
	        "kept, refused, total FROM top JOIN done ON done.folded = top.folded "
	        "JOIN ranked ON ranked.folded = top.folded AND place <= " NAMES " "
	        "ORDER BY messages DESC, top.folded, own DESC, place";
	g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func(g_free);
	Foreigners foreigners = { .held = held, .func = func, .data = data };
	bool good = ask(reader, scope, sql, take_foreign, &foreigners, error);

	end_foreign(&foreigners);
	return good;
}

static bool
take_person(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresPerson person = { .name = text(row, 0),
		                 .messages = reader_integer(row, 1),
		                 .done = done(row, 2),
		                 .last = text(row, 5),
		                 .all = reader_integer(row, 6) };

	((FiguresPersonFunc)answer->func)(&person, answer->data);
	return true;
}

bool
figures_people(Reader *reader, const FiguresScope *scope, FiguresPersonFunc func, gpointer data,
               GError **error)
{
	/* In JSON, every quote in the text is escaped, so only our separators split it. */
	static const char sql[] =
	        "WITH said AS NOT MATERIALIZED ("
	        "SELECT substr(p.value, 1, 256) AS name, m.at, m.action, " MAIL " AS mail "
	        "FROM message AS m, "
	        "json_each('[' || replace(json_quote(m.person), '; ', '\",\"') || ']') AS p "
	        "WHERE " COUNTED " AND " UNPROVED " AND m.person IS NOT NULL AND " FEW_PEOPLE ") "
	        "SELECT name, count(DISTINCT mail) AS messages, " DONE ", "
	        "substr(max(at), 1, 10), count(*) OVER () FROM said WHERE name <> '' "
	        "GROUP BY name ORDER BY messages DESC, name LIMIT " TOP;
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_person, &answer, error);
}

static bool
take_client(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresClient client = { .address = text(row, 0),
		                 .messages = reader_integer(row, 1),
		                 .unproved = reader_integer(row, 2),
		                 .changed = reader_integer(row, 3),
		                 .last = text(row, 4),
		                 .all = reader_integer(row, 5) };

	((FiguresClientFunc)answer->func)(&client, answer->data);
	return true;
}

bool
figures_clients(Reader *reader, const FiguresScope *scope, FiguresClientFunc func, gpointer data,
                GError **error)
{
	g_autofree char *sql = g_strconcat(
	        "SELECT ", client_of(reader),
	        " AS client, count(DISTINCT " MAIL "), "
	        "count(DISTINCT iif(" UNPROVED ", " MAIL ", NULL)) AS unproved, "
	        "count(DISTINCT iif(m.action = 'stripped' OR m.action = 'replaced', " MAIL
	        ", NULL))"
	        " AS changed, "
	        "substr(max(m.at), 1, 10), count(*) OVER () FROM message AS m "
	        "WHERE " COUNTED " AND client IS NOT NULL GROUP BY 1 HAVING unproved > 0 "
	        "ORDER BY changed DESC, unproved DESC, 1 LIMIT " TOP,
	        NULL);
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_client, &answer, error);
}

static bool
take_exception(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresException exception = { .action = text(row, 0),
		                       .reason = text(row, 1),
		                       .from = text(row, 2),
		                       .messages = reader_integer(row, 3),
		                       .last = text(row, 4),
		                       .all = reader_integer(row, 5) };

	((FiguresExceptionFunc)answer->func)(&exception, answer->data);
	return true;
}

bool
figures_exceptions(Reader *reader, const FiguresScope *scope, FiguresExceptionFunc func,
                   gpointer data, GError **error)
{
	static const char sql[] =
	        "SELECT m.action, m.reason, substr(m.from_before, 1, 256), count(DISTINCT " MAIL
	        ") AS messages, "
	        "substr(max(m.at), 1, 10), count(*) OVER () FROM message AS m "
	        "WHERE " COUNTED " AND (m.action = 'replaced' OR m.action = 'refused') "
	        "GROUP BY 1, 2, 3 ORDER BY messages DESC, max(m.at) DESC, 3 LIMIT " TOP;
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_exception, &answer, error);
}

static bool
take_run(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresRun run = { .started = text(row, 0),
		           .input = text(row, 1),
		           .messages = reader_integer(row, 2),
		           .changed = reader_integer(row, 3),
		           .status = text(row, 4),
		           .dry = reader_integer(row, 5) != 0,
		           .all = reader_integer(row, 6) };

	((FiguresRunFunc)answer->func)(&run, answer->data);
	return true;
}

bool
figures_runs(Reader *reader, const FiguresScope *scope, FiguresRunFunc func, gpointer data,
             GError **error)
{
	/* All rows of a run are dry, or none is. */
	static const char sql[] =
	        "SELECT replace(substr(started_at, 1, 16), 'T', ' '), input, messages, stripped, "
	        "status, (SELECT m.outcome = 'dry-run' FROM message AS m WHERE m.run = run.id "
	        "ORDER BY m.id LIMIT 1), count(*) OVER () FROM run WHERE " OF_TIME
	        " AND command <> 'mbox --undo' ORDER BY id DESC LIMIT " TOP;
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_run, &answer, error);
}

bool
figures_undo_runs(Reader *reader, const FiguresScope *scope, gint64 *ret_runs, GError **error)
{
	static const char sql[] =
	        "SELECT count(*) FROM run WHERE " OF_TIME " AND command = 'mbox --undo'";

	return ask(reader, scope, sql, reader_take_integer, ret_runs, error);
}
