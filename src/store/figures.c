/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * figures: what a report asks an audit of any version.
 * May know: the tables, not the views, which not every version has. Must not know: how it is shown.
 * Fails: with a STORE_ERROR.
 */
#include "figures.h"

#define TOP G_STRINGIFY(FIGURES_TOP)
#define NAMES G_STRINGIFY(FIGURES_NAMES)

/* What is compared of a text from mail, and how many of a field count: their sender chose both. */
#define ADDRESS "lower(substr(a.value, 1, 256)) AS address"
#define NAME "substr(n.value, 1, 256) AS name"
#define FEW_ADDRESSES "a.key < 20"
#define FEW_NAMES "n.key < 20"

#define IN_SCOPE "m.at >= ?1 AND m.at < ?2 AND (m.source = 'mbox') = (?3 = 'stored')"
#define REACHED "(m.action = 'refused' OR (m.outcome <> 'deferred' AND m.outcome <> 'failed'))"
#define COUNTED IN_SCOPE " AND " REACHED
#define UNPROVED "m.verdict <> 'authenticated'"

/* What a message counts once by, as in the views. */
#define MAIL "coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '')"

typedef struct {
	void (*func)(void); /* of the type that the answer takes */
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
	};
	return true;
}

bool
figures_totals(Reader *reader, const FiguresScope *scope, FiguresTotals *ret_totals, GError **error)
{
	static const char sql[] =
	        "SELECT sum(reached), sum(unproved), sum(stripped), sum(replaced), sum(refused), "
	        "sum(dry), sum(\"left\"), sum(pending), sum(no_client), sum(attempts) FROM ("
	        "SELECT max(reached) AS reached, max(reached AND unproved) AS unproved, "
	        "max(reached AND action = 'stripped' AND outcome <> 'dry-run') AS stripped, "
	        "max(reached AND action = 'replaced' AND outcome <> 'dry-run') AS replaced, "
	        "max(reached AND action = 'refused' AND outcome <> 'dry-run') AS refused, "
	        "max(reached AND action <> 'kept' AND outcome = 'dry-run') AS dry, "
	        "max(reached AND action = 'kept' AND unproved) AS \"left\", "
	        "max(reached AND outcome = 'pending') AS pending, "
	        "max(reached AND client_address IS NULL AND unproved) AS no_client, "
	        "sum(NOT reached) AS attempts "
	        "FROM (SELECT m.*, " MAIL " AS mail, " REACHED " AS reached, " UNPROVED
	        " AS unproved FROM message AS m WHERE " IN_SCOPE ") GROUP BY mail)";

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

/* Rows of one address come one after the other, one for each name. */
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
	/* Only From says who is impersonated: Reply-To may lead to the forger. */
	static const char sql[] =
	        "WITH said AS MATERIALIZED ("
	        "SELECT " MAIL " AS mail, m.at, e.id AS edit, " ADDRESS " "
	        "FROM message AS m JOIN edit AS e ON e.message = m.id, json_each(e.addresses) AS a "
	        "WHERE " COUNTED " AND " UNPROVED " AND lower(e.field) = 'from' "
	        "AND " FEW_ADDRESSES "), "
	        "top AS MATERIALIZED ("
	        "SELECT address, count(DISTINCT mail) AS messages, min(at) AS first, max(at) AS "
	        "last, "
	        "count(*) OVER () AS total "
	        "FROM said GROUP BY address ORDER BY messages DESC, address LIMIT " TOP "), "
	        "used AS ("
	        "SELECT said.address, " NAME ", count(DISTINCT said.mail) AS times "
	        "FROM top JOIN said ON said.address = top.address "
	        "JOIN edit AS e ON e.id = said.edit, json_each(e.display_names) AS n "
	        "WHERE " FEW_NAMES " GROUP BY 1, 2), "
	        "ranked AS ("
	        "SELECT address, name, count(*) OVER (PARTITION BY address) AS n, row_number() "
	        "OVER (PARTITION BY address ORDER BY times DESC, name) AS place FROM used) "
	        "SELECT top.address, top.messages, substr(top.first, 1, 10), "
	        "substr(top.last, 1, 10), ranked.name, ranked.n, top.total FROM top "
	        "LEFT JOIN ranked ON ranked.address = top.address AND ranked.place <= " NAMES " "
	        "ORDER BY top.messages DESC, top.address, ranked.place";
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
	static const char sql[] =
	        "WITH said AS MATERIALIZED ("
	        "SELECT " MAIL " AS mail, m.at, e.id AS edit, " NAME " "
	        "FROM message AS m JOIN edit AS e ON e.message = m.id, "
	        "json_each(e.display_names) AS n "
	        "WHERE " COUNTED " AND " UNPROVED " AND " FEW_NAMES "), "
	        "top AS MATERIALIZED ("
	        "SELECT name, count(DISTINCT mail) AS messages, max(at) AS last, "
	        "count(*) OVER () AS total "
	        "FROM said GROUP BY name ORDER BY messages DESC, name LIMIT " TOP "), "
	        "used AS ("
	        "SELECT said.name, " ADDRESS ", count(DISTINCT said.mail) AS times "
	        "FROM top JOIN said ON said.name = top.name "
	        "JOIN edit AS e ON e.id = said.edit, json_each(e.addresses) AS a "
	        "WHERE " FEW_ADDRESSES " GROUP BY 1, 2), "
	        "ranked AS ("
	        "SELECT name, address, count(*) OVER (PARTITION BY name) AS n, row_number() "
	        "OVER (PARTITION BY name ORDER BY times DESC, address) AS place FROM used) "
	        "SELECT top.name, top.messages, substr(top.last, 1, 10), ranked.address, ranked.n, "
	        "top.total FROM top LEFT JOIN ranked ON ranked.name = top.name AND ranked.place = "
	        "1 "
	        "ORDER BY top.messages DESC, top.name";
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_name, &answer, error);
}

static bool
take_client(const ReaderRow *row, gpointer data, GError **error)
{
	const Answer *answer = data;
	FiguresClient client = { .address = text(row, 0),
		                 .messages = reader_integer(row, 1),
		                 .unproved = reader_integer(row, 2),
		                 .stripped = reader_integer(row, 3),
		                 .last = text(row, 4),
		                 .all = reader_integer(row, 5) };

	((FiguresClientFunc)answer->func)(&client, answer->data);
	return true;
}

bool
figures_clients(Reader *reader, const FiguresScope *scope, FiguresClientFunc func, gpointer data,
                GError **error)
{
	static const char sql[] =
	        "SELECT m.client_address, count(DISTINCT " MAIL "), "
	        "count(DISTINCT iif(" UNPROVED ", " MAIL ", NULL)) AS unproved, "
	        "count(DISTINCT iif(m.action = 'stripped' OR m.action = 'replaced', " MAIL
	        ", NULL))"
	        " AS stripped, "
	        "substr(max(m.at), 1, 10), count(*) OVER () FROM message AS m "
	        "WHERE " COUNTED " AND m.client_address IS NOT NULL GROUP BY 1 HAVING unproved > 0 "
	        "ORDER BY stripped DESC, unproved DESC, 1 LIMIT " TOP;
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
		           .stripped = reader_integer(row, 3),
		           .status = text(row, 4),
		           .all = reader_integer(row, 5) };

	((FiguresRunFunc)answer->func)(&run, answer->data);
	return true;
}

bool
figures_runs(Reader *reader, const FiguresScope *scope, FiguresRunFunc func, gpointer data,
             GError **error)
{
	static const char sql[] =
	        "SELECT replace(substr(started_at, 1, 16), 'T', ' '), input, messages, stripped, "
	        "status, "
	        "count(*) OVER () FROM run WHERE started_at >= ?1 AND started_at < ?2 "
	        "ORDER BY id DESC LIMIT " TOP;
	Answer answer = { (void (*)(void))func, data };

	return ask(reader, scope, sql, take_run, &answer, error);
}
