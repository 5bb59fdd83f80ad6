/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves, byte for byte, what an MTA is told and by which facts a message is decided: those of its
 * own session and envelope, whatever the order of the commands; and that nothing of it is held once
 * it is gone. */
#include "milter/session.h"

#include <string.h>

#include "io/milter-wire.h"
#include "mail.h"

#define ACTIONS 0x1ffu
#define PROTOCOL 0x1fffffu /* all that an MTA of version 6 offers */

typedef struct {
	Config *config;
	SessionRules rules;
	Session *session;
} Mta;

static void
set_up(Mta *m, gconstpointer unused)
{
	m->config = load_config((const char *[]){ "submission-daemons=submission",
	                                          "local-submission=authenticated",
	                                          "trusted-clients=198.51.100.0/24", NULL });
	m->rules = (SessionRules){ .settings = m->config->settings,
		                   .submission_daemons = m->config->milter.submission_daemons };
	m->session = session_new(&m->rules);
}

static void
tear_down(Mta *m, gconstpointer unused)
{
	session_free(m->session);
	g_assert_cmpuint(m->rules.held, ==, 0);
	g_assert_cmpuint(m->config->settings->references, ==, 1);
	config_free(m->config);
}

static void
begin_again(Mta *m)
{
	session_free(m->session);
	g_assert_cmpuint(m->rules.held, ==, 0);
	m->session = session_new(&m->rules);
}

static void
add_packet(GByteArray *to, char command, const void *data, size_t length)
{
	guint32 n = GUINT32_TO_BE((guint32)length + 1);

	g_byte_array_append(to, (const guint8 *)&n, sizeof n);
	g_byte_array_append(to, (const guint8 *)&command, 1);
	g_byte_array_append(to, data, (guint)length);
}

static SessionState
take(Mta *m, const GByteArray *bytes)
{
	return session_take(m->session, (const char *)bytes->data, bytes->len);
}

static SessionState
send_packet(Mta *m, char command, const void *data, size_t length)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	add_packet(bytes, command, data, length);
	return take(m, bytes);
}

/* A packet of strings: the last NUL is that of the literal. */
#define SEND(m, command, text) send_packet(m, command, text, sizeof(text))
/* One of other octets, or none. */
#define SEND_BARE(m, command, octets) send_packet(m, command, octets, sizeof(octets) - 1)

#define FROM_OUTSIDE                                                                               \
	"pc.out.example\0"                                                                         \
	"4\x9c\x40"                                                                                \
	"192.0.2.7"

/* What the MTA is told, in words: replies joined by a slash. (transfer full) */
static char *
replies(Mta *m)
{
	GByteArray *out = session_output(m->session);
	GString *text = g_string_new(NULL);
	WirePacket packet;
	size_t at = 0;

	while (wire_read((const char *)out->data + at, out->len - at, &packet) == WIRE_PACKET) {
		WireBytes data = packet.data, name, value;
		guint32 nth;
		g_string_append_printf(text, "%s%c", text->len ? "/" : "", packet.command);
		at += packet.size;
		switch (packet.command) {
		case 'y':
			g_string_append_printf(text, " %s", data.data);
			break;
		case 'm':
			memcpy(&nth, data.data, sizeof nth);
			data = (WireBytes){ data.data + sizeof nth, data.length - sizeof nth };
			g_assert_true(wire_header(data, &name, &value));
			g_string_append_printf(text, " %u %.*s:%.*s", GUINT32_FROM_BE(nth),
			                       (int)name.length, name.data, (int)value.length,
			                       value.data);
			break;
		default:
			g_assert_cmpuint(data.length, ==, packet.command == 'O' ? data.length : 0);
		}
	}
	g_assert_cmpuint(at, ==, out->len);
	g_byte_array_set_size(out, 0);
	return g_string_free(text, false);
}

static void
assert_told(Mta *m, const char *wanted)
{
	g_autofree char *told = replies(m);

	g_assert_cmpstr(told, ==, wanted);
}

static SessionState
offer(Mta *m, guint32 version, guint32 actions, guint32 protocol)
{
	guint32 words[] = { GUINT32_TO_BE(version), GUINT32_TO_BE(actions),
		            GUINT32_TO_BE(protocol) };

	return send_packet(m, 'O', words, sizeof words);
}

/* An MTA with all that this protocol has, up to HELO; it is told nothing but the negotiation. */
static void
open_session(Mta *m)
{
	g_assert_cmpint(offer(m, 6, ACTIONS, PROTOCOL), ==, SESSION_READS);
	assert_told(m, "O");
	SEND(m, 'D', "Cj\0" MX "\0{daemon_name}\0smtpd");
	SEND(m, 'C', FROM_OUTSIDE);
	SEND_BARE(m, 'D', "H");
	SEND(m, 'H', "pc.out.example");
	assert_told(m, "");
}

static void
send_header(Mta *m, const char *name, const char *value)
{
	g_autoptr(GByteArray) data = g_byte_array_new();

	g_byte_array_append(data, (const guint8 *)name, (guint)strlen(name) + 1);
	g_byte_array_append(data, (const guint8 *)value, (guint)strlen(value) + 1);
	send_packet(m, 'L', data->data, data->len);
}

/* The end of the message, which is decided. */
static const Decision *
end_message(Mta *m)
{
	g_autoptr(GError) error = NULL;

	SEND_BARE(m, 'N', "");
	g_assert_cmpint(SEND_BARE(m, 'E', ""), ==, SESSION_MESSAGE);
	g_assert_false(session_is_over(m->session));
	g_assert_true(job_decide(session_job(m->session), &error));
	g_assert_no_error(error);
	return session_job(m->session)->decision;
}

/* It is answered, and gone. */
static void
assert_answered(Mta *m, const char *failure, const char *wanted)
{
	session_answer(m->session, failure);
	assert_told(m, wanted);
	g_assert_cmpint(session_go_on(m->session), ==, SESSION_READS);
	g_assert_cmpuint(m->rules.held, ==, 0);
}

/* MAIL without a login, one recipient. */
static void
begin_message(Mta *m)
{
	SEND_BARE(m, 'D', "M");
	SEND(m, 'M', "<a@out.example>");
	SEND(m, 'R', "<you@corp.example>");
}

/* A message of one From, answered as it should be. */
static void
assert_verdict(Mta *m, Verdict verdict, Reason reason)
{
	send_header(m, "From", " \"Jane Doe\" <jane@corp.example>");
	const Decision *decision = end_message(m);
	g_assert_cmpstr(verdict_name(decision->submission->verdict), ==, verdict_name(verdict));
	g_assert_cmpstr(reason_name(decision->submission->reason), ==, reason_name(reason));
	assert_answered(m, NULL,
	                verdict == VERDICT_AUTHENTICATED ? "c" : "m 1 From: jane@corp.example/c");
}

#define WANTED                                                                                     \
	(WIRE_NO_BODY | WIRE_NO_UNKNOWN | WIRE_NO_DATA | WIRE_NR_CONNECT | WIRE_NR_HELO |          \
	 WIRE_NR_MAIL | WIRE_NR_RCPT | WIRE_NR_HEADER | WIRE_NR_END_OF_HEADERS |                   \
	 WIRE_LEADING_SPACE)

static void
test_negotiation(Mta *m, gconstpointer unused)
{
	static const struct {
		guint32 version, actions, protocol, answered_actions;
		const char *fault;
	} rows[] = {
		{ 6, ACTIONS, PROTOCOL, 0x110, NULL }, { 6, 0x10, PROTOCOL, 0x10, NULL },
		{ 7, ACTIONS, 0, 0x110, NULL },        { 6, 0x110, WIRE_NR_MAIL, 0x110, NULL },
		{ 2, ACTIONS, PROTOCOL, 0, "6" },      { 6, 0xf, PROTOCOL, 0, "headers" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GByteArray *out = session_output(m->session);
		SessionState state = offer(m, rows[i].version, rows[i].actions, rows[i].protocol);
		WirePacket packet;
		WireNegotiation answer;
		g_test_message("row %zu", i);
		if (rows[i].fault) {
			g_assert_cmpint(state, ==, SESSION_ENDS);
			g_assert_nonnull(strstr(session_fault(m->session), rows[i].fault));
			g_assert_cmpuint(out->len, ==, 0);
			begin_again(m);
			continue;
		}
		g_assert_cmpint(state, ==, SESSION_READS);
		g_assert_null(session_fault(m->session));
		g_assert_cmpint(wire_read((char *)out->data, out->len, &packet), ==, WIRE_PACKET);
		g_assert_cmpint(packet.command, ==, 'O');
		g_assert_true(wire_negotiation(packet.data, &answer));
		g_assert_cmpuint(answer.version, ==, 6);
		g_assert_cmpuint(answer.actions, ==, rows[i].answered_actions);
		g_assert_cmpuint(answer.protocol, ==, rows[i].protocol & WANTED);
		/* The macros that decisions need, where they may be asked for. */
		g_assert_true(!!(answer.actions & WIRE_LIST_MACROS) ==
		              (memmem(packet.data.data, packet.data.length, "{auth_authen}", 13) !=
		               NULL));
		begin_again(m);
	}
}

/* One message, from the first octet to the reply. */
static void
test_message(Mta *m, gconstpointer unused)
{
	open_session(m);
	SEND(m, 'D', "M{auth_type}\0PLAIN\0{mail_addr}\0a@out.example");
	SEND(m, 'M', "<a@out.example>\0SIZE=10");
	SEND(m, 'R', "<you@corp.example>\0NOTIFY=NEVER");
	SEND(m, 'R', "local");
	SEND(m, 'L', "Subject\0 x");
	SEND(m, 'L', "FROM\0 \"Jane Doe\" <jane@corp.example>");
	SEND(m, 'L', "Reply-To\0\n\t\"J\" <j@x.example>,\n <k@x.example>");
	SEND(m, 'L', "from\0 x@x.example (Jane)");
	assert_told(m, "");
	SEND(m, 'D', "Ei\0QQQ");
	const Decision *decision = end_message(m);
	const Job *job = session_job(m->session);
	const Facts *facts = job->facts;

	g_assert_cmpuint(m->rules.held, >, 0);
	g_assert_cmpstr(facts->sasl_username, ==, "");
	g_assert_cmpstr(facts->sasl_method, ==, "PLAIN");
	g_assert_cmpstr(facts->client_address, ==, "192.0.2.7");
	g_assert_cmpstr(facts->queue_id, ==, "QQQ");
	g_assert_cmpint(facts->listener, ==, LISTENER_UNSAID);
	g_assert_cmpstr(facts->session->by, ==, MX);
	g_assert_cmpstr(facts->session->helo, ==, "pc.out.example");
	g_assert_false(facts->session->is_local);
	g_assert_cmpstr(job->envelope_from, ==, "a@out.example");
	g_assert_true(g_strv_equal((const char *const *)job->recipients,
	                           (const char *[]){ "you@corp.example", "local", NULL }));
	g_assert_true(job->recipients == facts->recipients);
	g_assert_cmpint(decision->action, ==, ACTION_STRIPPED);
	g_assert_cmpstr(session_queue_id(m->session), ==, "QQQ");
	g_assert_cmpstr(session_outcome(m->session), ==, "answered");
	g_assert_null(session_refusal(m->session));
	assert_answered(m, NULL,
	                "m 1 FROM: jane@corp.example/m 1 Reply-To: j@x.example, k@x.example/"
	                "m 2 from: x@x.example/c");
	/* Nothing of it is left for whoever looks. */
	g_assert_cmpint(session_job(m->session)->state, ==, JOB_NEW);
	g_assert_cmpint(session_job(m->session)->entry.id, ==, 0);
	g_assert_null(session_queue_id(m->session));
}

/* No fact of one message or session is one of the next. */
static void
test_facts(Mta *m, gconstpointer unused)
{
	open_session(m);
	SEND(m, 'D', "M{auth_authen}\0jane\0{auth_type}\0PLAIN\0i\0ONE");
	SEND(m, 'M', "<a@out.example>");
	assert_verdict(m, VERDICT_AUTHENTICATED, REASON_SASL_FACT);

	/* No macros come before this MAIL, or an empty packet does. */
	SEND(m, 'M', "<a@out.example>");
	g_assert_null(session_queue_id(m->session));
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	/* RSET behind a login; a login for a MAIL that never came; one said, and then not. */
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND(m, 'M', "<a@out.example>");
	SEND_BARE(m, 'A', "");
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND_BARE(m, 'D', "M");
	SEND(m, 'M', "<a@out.example>");
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND_BARE(m, 'K', "");
	SEND(m, 'C', FROM_OUTSIDE);
	SEND(m, 'M', "<a@out.example>");
	g_assert_null(session_job(m->session)->facts->session->helo);
	g_assert_null(session_job(m->session)->facts->session->by);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	/* RSET or HELO behind a login for a MAIL that never came. */
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND_BARE(m, 'A', "");
	SEND(m, 'M', "<a@out.example>");
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND(m, 'H', "pc.out.example");
	SEND(m, 'M', "<a@out.example>");
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	/* MAIL within a message begins another one. */
	SEND(m, 'D', "M{auth_authen}\0jane");
	SEND(m, 'M', "<a@out.example>");
	send_header(m, "Subject", " that is longer than the recipient of the next one, by far");
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	size_t held = m->rules.held;
	begin_message(m);
	g_assert_cmpuint(m->rules.held, <, held);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	/* Macros of another command say nothing of a login. */
	SEND(m, 'D', "R{auth_authen}\0jane");
	SEND(m, 'M', "<a@out.example>");
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'D', "C{auth_authen}\0jane\0j\0" MX);
	SEND(m, 'C', FROM_OUTSIDE);
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
}

/* Who the client is, and what the listener says of it. */
static void
test_connections(Mta *m, gconstpointer unused)
{
	open_session(m);
	SEND(m, 'D', "Cj\0" MX "\0{daemon_name}\0submission");
	SEND(m, 'C', FROM_OUTSIDE);
	begin_message(m);
	assert_verdict(m, VERDICT_AUTHENTICATED, REASON_LISTENER_FACT);
	begin_message(m); /* its name holds for the whole session */
	assert_verdict(m, VERDICT_AUTHENTICATED, REASON_LISTENER_FACT);
	/* but not for the next, of which nothing was said */
	SEND(m, 'C', FROM_OUTSIDE);
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	SEND(m, 'D', "Cj\0" MX);
	SEND(m, 'C',
	     "localhost\0"
	     "4\0\0"
	     "127.0.0.1");
	begin_message(m);
	g_assert_true(session_job(m->session)->facts->session->is_local);
	assert_verdict(m, VERDICT_AUTHENTICATED, REASON_LOCAL_UID);

	/* An SMTP client on the host itself has a port. */
	SEND(m, 'D', "Cj\0" MX);
	SEND(m, 'C',
	     "localhost\0"
	     "4\x9c\x40"
	     "127.0.0.1");
	begin_message(m);
	g_assert_false(session_job(m->session)->facts->session->is_local);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	/* Sendmail's way to write an address; port 0 alone makes nobody local. */
	SEND(m, 'C',
	     "x\0"
	     "6\0\0"
	     "IPv6:2001:db8::1");
	begin_message(m);
	g_assert_cmpstr(session_job(m->session)->facts->client_address, ==, "2001:db8::1");
	g_assert_false(session_job(m->session)->facts->session->is_local);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'C',
	     "x\0"
	     "4\x9c\x40"
	     "198.51.100.7");
	begin_message(m);
	assert_verdict(m, VERDICT_AUTHENTICATED, REASON_TRUSTED_CLIENT);
	SEND_BARE(m, 'C', "x\0U");
	begin_message(m);
	g_assert_null(session_job(m->session)->facts->client_address);
	g_assert_false(session_job(m->session)->facts->session->is_local);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	SEND(m, 'C',
	     "x\0"
	     "L\0\0"
	     "/run/x");
	begin_message(m);
	g_assert_true(session_job(m->session)->facts->session->is_local);
	g_assert_null(session_job(m->session)->facts->client_address);
	SEND_BARE(m, 'A', "");
}

/* HELO resets the message, as RFC 5321 (4.1.4) wants it, and so nothing points to what it was
 * before. */
static void
test_helo(Mta *m, gconstpointer unused)
{
	open_session(m);
	begin_message(m);
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	SEND(m, 'H', "other.example");
	g_assert_cmpuint(m->rules.held, ==, 0);
	SEND_BARE(m, 'A', "");
	begin_message(m);
	g_assert_cmpstr(session_job(m->session)->facts->session->helo, ==, "other.example");
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);

	begin_message(m);
	SEND(m, 'H', "other.example");
	g_assert_cmpint(SEND_BARE(m, 'E', ""), ==, SESSION_ENDS);
	g_assert_nonnull(session_fault(m->session));
}

#define SENT(text)                                                                                 \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define NEGOTIATE "\0\0\0\rO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"
#define CONNECT                                                                                    \
	"\0\0\0\35Cpc.out.example\0"                                                               \
	"4\x9c\x40"                                                                                \
	"192.0.2.7\0"
#define MAIL "\0\0\0\21M<a@out.example>\0"
#define HEADER "\0\0\0\10LFrom\0x\0"

/* A peer that breaks the protocol is let go, and told nothing. */
static void
test_faults(Mta *m, gconstpointer unused)
{
	static const struct {
		WireBytes sent;
		const char *fault;
	} rows[] = {
		{ SENT("\0\0\0\1Q"), "did not negotiate" },
		{ SENT("\0\0\0\2Hx"), "did not negotiate" },
		{ SENT("\0\0\0\5O\0\0\0\6"), "negotiation" },
		{ SENT("\0\0\0\0"), "length" },
		{ SENT("\0\x20\0\0"), "length" },
		{ SENT(NEGOTIATE NEGOTIATE), "negotiation" },
		{ SENT(NEGOTIATE "\0\0\0\3Hx\0"), "HELO" },
		{ SENT(NEGOTIATE MAIL), "MAIL" },
		{ SENT(NEGOTIATE CONNECT "\0\0\0\2Hx"), "HELO" },
		{ SENT(NEGOTIATE CONNECT "\0\0\0\4R<>\0"), "RCPT" },
		{ SENT(NEGOTIATE CONNECT HEADER), "header" },
		{ SENT(NEGOTIATE CONNECT "\0\0\0\1E"), "end of message" },
		{ SENT(NEGOTIATE CONNECT "\0\0\0\1M"), "MAIL" },
		{ SENT(NEGOTIATE CONNECT MAIL "\0\0\0\1R"), "RCPT" },
		{ SENT(NEGOTIATE CONNECT MAIL "\0\0\0\6LFrom\0"), "header" },
		{ SENT(NEGOTIATE CONNECT MAIL "\0\0\0\1K" HEADER), "header" },
		{ SENT(NEGOTIATE CONNECT MAIL "\0\0\0\1A" HEADER), "header" },
		{ SENT(NEGOTIATE CONNECT MAIL CONNECT HEADER), "header" },
		{ SENT(NEGOTIATE CONNECT MAIL "\0\0\0\2DC" HEADER), "header" },
		{ SENT(NEGOTIATE CONNECT "\0\0\0\1K" MAIL), "MAIL" },
		{ SENT(NEGOTIATE "\0\0\0\4Cx\0X"), "connect" },
		{ SENT(NEGOTIATE "\0\0\0\1D"), "macros" },
		{ SENT(NEGOTIATE "\0\0\0\4DMi\0"), "macros" },
		{ SENT(NEGOTIATE "\0\0\0\1z"), "command" },
		{ SENT(NEGOTIATE "\0\0\0\0"), "length" },
		{ SENT(NEGOTIATE "\xff\xff\xff\xff"), "length" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const WireBytes *sent = &rows[i].sent;
		g_test_message("row %zu", i);
		g_assert_cmpint(session_take(m->session, sent->data, sent->length), ==,
		                SESSION_ENDS);
		g_test_message("%s", session_fault(m->session));
		g_assert_nonnull(strstr(session_fault(m->session), rows[i].fault));
		/* It stays so. */
		g_assert_cmpint(session_take(m->session, MAIL, sizeof MAIL - 1), ==, SESSION_ENDS);
		assert_told(m, sent->length > sizeof NEGOTIATE ? "O" : "");
		begin_again(m);
	}
}

/* The end of a connection is no fault. */
static void
test_quit(Mta *m, gconstpointer unused)
{
	open_session(m);
	begin_message(m);
	g_assert_cmpint(SEND_BARE(m, 'Q', ""), ==, SESSION_ENDS);
	g_assert_null(session_fault(m->session));
	assert_told(m, "");
}

/* An MTA that offers nothing waits for a reply to all, and keeps a blank to itself. */
static void
test_replies(Mta *m, gconstpointer unused)
{
	static const struct {
		const char *value, *told;
	} rows[] = {
		{ "\"Jane\" <jane@corp.example>", "m 1 From:jane@corp.example/c" },
		{ " \"Jane\" <jane@corp.example>", "m 1 From: jane@corp.example/c" },
		{ "\t\"Jane\" <jane@corp.example>", "m 1 From:\tjane@corp.example/c" },
		{ "jane@corp.example", "c" },
		{ "", "c" },
	};

	offer(m, 6, 0x10, 0);
	assert_told(m, "O");
	SEND(m, 'D', "Cj\0" MX);
	assert_told(m, "");
	SEND(m, 'C', FROM_OUTSIDE);
	assert_told(m, "c");
	SEND(m, 'H', "pc.out.example");
	assert_told(m, "c");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		SEND(m, 'M', "<>");
		assert_told(m, "c");
		SEND(m, 'R', "<you@corp.example>");
		assert_told(m, "c");
		SEND_BARE(m, 'T', "");
		assert_told(m, "c");
		send_header(m, "From", rows[i].value);
		assert_told(m, "c");
		SEND_BARE(m, 'N', "");
		assert_told(m, "c");
		SEND_BARE(m, 'B', "text\r\n");
		assert_told(m, "c");
		SEND(m, 'U', "FOO");
		assert_told(m, "c");
		g_assert_cmpint(SEND_BARE(m, 'E', "the end\r\n"), ==, SESSION_MESSAGE);
		g_assert_true(job_decide(session_job(m->session), NULL));
		g_assert_cmpstr(session_job(m->session)->envelope_from, ==, "");
		assert_answered(m, NULL, rows[i].told);
	}
	SEND_BARE(m, 'A', "");
	assert_told(m, "");
}

#define UNREACHABLE "y 451 4.3.0 barefrom: a sender field cannot be reached by its name"

/* Where a header is more than one field, or none, no edit would reach what it should: the message
 * has to come again, unless there is nothing to be edited. */
static void
test_odd_headers(Mta *m, gconstpointer unused)
{
	static const struct {
		const char *name, *value;
	} odd[] = {
		{ "", " x" },
		{ "X Y", " x" },
		{ "X ", " x" },
		{ "X\x01", " x" },
		{ "X:", " x" },
		{ "X\xc3\xa4", " x" },
		{ "X\n", " x" },
		{ "X", " x\nFrom: \"Boss\" <b@corp.example>" },
		{ "X", " x\n\n" },
		{ "X", " x\n" },
		{ "X", "\nY" },
		{ "X", " x\n\r\nFrom: \"Boss\" <b@corp.example>" },
		{ "X", " x\n\nFrom: \"Boss\" <b@corp.example>" },
	};

	open_session(m);
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_test_message("row %zu", i);
		begin_message(m);
		send_header(m, odd[i].name, odd[i].value);
		send_header(m, "From", " \"Jane\" <jane@corp.example>");
		end_message(m);
		g_assert_cmpstr(session_outcome(m->session), ==, "deferred");
		g_assert_cmpstr(session_refusal(m->session), ==, &UNREACHABLE[2]);
		assert_answered(m, NULL, UNREACHABLE);

		SEND(m, 'D', "M{auth_authen}\0jane");
		SEND(m, 'M', "<a@out.example>");
		send_header(m, odd[i].name, odd[i].value);
		send_header(m, "From", " \"Jane\" <jane@corp.example>");
		end_message(m);
		g_assert_cmpstr(session_outcome(m->session), ==, "answered");
		assert_answered(m, NULL, "c");
	}
	/* It is odd no longer in the next message. */
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	/* A CR at its end is the MTA's, and stays. */
	begin_message(m);
	send_header(m, "From", " \"Jane\" <jane@corp.example>\r");
	end_message(m);
	assert_answered(m, NULL, "m 1 From: jane@corp.example\r/c");
	/* A name in a place that no header holds alone: behind a bare CR. */
	begin_message(m);
	send_header(m, "Subject", " x\rFrom: \"Boss\" <b@corp.example>");
	const Decision *decision = end_message(m);
	g_assert_cmpuint(decision->edits->len, ==, 1);
	assert_answered(m, NULL, "m 1 Subject: x\rFrom: b@corp.example/c");
}

static void
test_refusals(Mta *m, gconstpointer unused)
{
	g_autoptr(GString) some = g_string_new(" \"Jane\" <jane@corp.example>");
	g_autoptr(GString) many = NULL;

	open_session(m);
	begin_message(m);
	send_header(m, "From", " \"Jane\r\r\n Doe\" <jane@corp.example>");
	g_assert_cmpint(end_message(m)->action, ==, ACTION_REFUSED);
	g_assert_cmpstr(session_outcome(m->session), ==, "failed");
	assert_answered(m, NULL,
	                "y 550 5.6.0 barefrom: message refused: its sender fields cannot be made "
	                "safe");

	/* Postfix cuts what is longer than 60,000 octets: its old value, and its new one. */
	while (some->len < 59000)
		g_string_append(some, ",\n \"Jane\" <jane@corp.example>");
	many = g_string_new(some->str);
	while (many->len < 60000)
		g_string_append(many, ",\n \"Jane\" <jane@corp.example>");
	begin_message(m);
	send_header(m, "From", many->str);
	end_message(m);
	g_assert_cmpstr(session_outcome(m->session), ==, "deferred");
	assert_answered(m, NULL, "y 451 4.3.0 barefrom: a sender field is too long");
	g_autoptr(GString) grows = g_string_new("(x) a@b.example");
	while (grows->len < 58000)
		g_string_append(grows, ",a@b.example");
	begin_message(m);
	send_header(m, "From", grows->str);
	end_message(m);
	g_assert_cmpstr(session_outcome(m->session), ==, "deferred");
	assert_answered(m, NULL, "y 451 4.3.0 barefrom: a sender field is too long");
	begin_message(m);
	send_header(m, "From", some->str);
	end_message(m);
	g_assert_cmpstr(session_outcome(m->session), ==, "answered");
	session_answer(m->session, NULL);
	g_byte_array_set_size(session_output(m->session), 0);
	session_go_on(m->session);

	/* A failure is told in place of the edits; the MTA takes a percent sign for two. */
	begin_message(m);
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	end_message(m);
	assert_answered(m, "audit database is locked",
	                "y 451 4.3.0 barefrom: audit database is locked");
	begin_message(m);
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	g_assert_cmpint(SEND_BARE(m, 'E', ""), ==, SESSION_MESSAGE);
	assert_answered(m, "disk 100% full", "y 451 4.3.0 barefrom: disk 100%% full");
}

/* What the rules say when a message begins holds for it to its end. */
static void
test_dry_run(Mta *m, gconstpointer unused)
{
	open_session(m);
	m->rules.dry_run = true;
	begin_message(m);
	m->rules.dry_run = false;
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	g_assert_cmpuint(end_message(m)->edits->len, ==, 1);
	g_assert_true(session_is_dry_run(m->session));
	g_assert_cmpstr(session_outcome(m->session), ==, "dry-run");
	assert_answered(m, NULL, "c");

	m->rules.dry_run = true;
	begin_message(m);
	send_header(m, "From", " \"Jane\r\r\n Doe\" <jane@corp.example>");
	g_assert_cmpint(end_message(m)->action, ==, ACTION_REFUSED);
	g_assert_null(session_refusal(m->session));
	g_assert_cmpstr(session_outcome(m->session), ==, "dry-run");
	assert_answered(m, NULL, "c");
	/* It records as well: what cannot be recorded has to come again. */
	begin_message(m);
	SEND_BARE(m, 'E', "");
	assert_answered(m, "no", "y 451 4.3.0 barefrom: no");

	m->rules.dry_run = false;
	begin_message(m);
	m->rules.dry_run = true;
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
}

/* New settings are those of the next message, and the old ones live as long as one goes by them. */
static void
test_new_settings(Mta *m, gconstpointer unused)
{
	g_autoptr(Config) other = load_config((const char *[]){ "fields=Sender", NULL });
	Config *old = m->config;

	open_session(m);
	begin_message(m);
	m->rules.settings = other->settings;
	m->rules.submission_daemons = other->milter.submission_daemons;
	g_assert_cmpuint(old->settings->references, ==, 2);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
	g_assert_cmpuint(old->settings->references, ==, 1);

	begin_message(m);
	g_assert_cmpuint(other->settings->references, ==, 2);
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	send_header(m, "Sender", " \"Jane\" <jane@corp.example>");
	end_message(m);
	assert_answered(m, NULL, "m 1 Sender: jane@corp.example/c");

	/* The configuration goes, but for what the message needs. */
	begin_message(m);
	m->rules.settings = m->config->settings;
	m->rules.submission_daemons = m->config->milter.submission_daemons;
	config_free(g_steal_pointer(&other));
	send_header(m, "Sender", " \"Jane\" <jane@corp.example>");
	end_message(m);
	assert_answered(m, NULL, "m 1 Sender: jane@corp.example/c");
}

static void
assert_over(Mta *m)
{
	g_assert_cmpint(SEND_BARE(m, 'E', ""), ==, SESSION_MESSAGE);
	g_assert_true(session_is_over(m->session));
	session_answer(m->session, "no space for the message");
	assert_told(m, "y 451 4.3.0 barefrom: no space for the message");
	g_assert_cmpint(session_go_on(m->session), ==, SESSION_READS);
	g_assert_cmpuint(m->rules.held, ==, 0);
	/* The next one is as good as any. */
	begin_message(m);
	g_assert_false(session_is_over(m->session));
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
}

static void
test_recipients(Mta *m, gconstpointer unused)
{
	g_autofree char *long_one = g_strnfill(100000, 'x');

	open_session(m);
	begin_message(m);
	for (int i = 1; i < 10000; i++)
		SEND(m, 'R', "<you@corp.example>");
	g_assert_false(session_is_over(m->session));
	g_assert_cmpuint(m->rules.held, >, (size_t)10000 * strlen("you@corp.example"));
	SEND(m, 'R', "<you@corp.example>");
	g_assert_true(session_is_over(m->session));
	assert_over(m);

	begin_message(m);
	for (int i = 0; i < 20; i++)
		send_packet(m, 'R', long_one, 100001);
	g_assert_false(session_is_over(m->session));
	send_packet(m, 'R', long_one, 100001);
	assert_over(m);
}

/* All sessions together hold so many octets. */
static void
test_held(Mta *m, gconstpointer unused)
{
	g_autofree char *value = g_strnfill(1000000, 'x');
	g_autoptr(Session) other = session_new(&m->rules);
	Session *own = m->session;

	open_session(m);
	m->session = other;
	open_session(m);
	begin_message(m);
	for (int i = 0; i < 200; i++)
		send_header(m, "X", value);
	size_t held = m->rules.held;
	g_assert_cmpuint(held, >, (size_t)200 * 1000000);
	m->session = own;
	begin_message(m);
	for (int i = 0; i < 100; i++)
		send_header(m, "X", value);
	g_assert_cmpuint(m->rules.held, <=, SESSION_HELD_MAX);
	g_assert_cmpuint(m->rules.held, >, SESSION_HELD_MAX - 1000010);
	g_assert_true(session_is_over(m->session));
	/* The last of them ends it, and it takes no more. */
	size_t full = m->rules.held;
	send_header(m, "X", "y");
	g_assert_cmpuint(m->rules.held, ==, full);
	g_assert_cmpint(SEND_BARE(m, 'E', ""), ==, SESSION_MESSAGE);
	session_answer(m->session, "no space for the message");
	session_go_on(m->session);
	g_byte_array_set_size(session_output(m->session), 0);
	g_assert_cmpuint(m->rules.held, ==, held);
	/* The other one is none the worse. */
	m->session = other;
	send_header(m, "From", " \"Jane\" <jane@corp.example>");
	g_assert_false(session_is_over(m->session));
	SEND_BARE(m, 'A', "");
	g_assert_cmpuint(m->rules.held, ==, 0);
	m->session = own;
	begin_message(m);
	assert_verdict(m, VERDICT_ANONYMOUS, REASON_SASL_FACT);
}

/* Texts of a session are cut, and no peer makes them long. */
static void
test_texts(Mta *m, gconstpointer unused)
{
	g_autofree char *text = g_strnfill(5000, 'x');

	open_session(m);
	send_packet(m, 'H', text, 5001);
	begin_message(m);
	const Facts *facts = session_job(m->session)->facts;
	g_assert_cmpuint(strlen(facts->session->helo), ==, 4096);
	send_packet(m, 'M', text, 5001);
	g_assert_cmpuint(strlen(session_job(m->session)->envelope_from), ==, 4096);
}

/* The bytes of @sent in pieces of so many: what is told in the end. (transfer full) */
static char *
told_in_pieces(Mta *m, const GByteArray *sent, size_t piece, guint *ret_messages)
{
	g_autoptr(GString) all = g_string_new(NULL);

	*ret_messages = 0;
	for (size_t at = 0; at < sent->len; at += piece) {
		SessionState state = session_take(m->session, (const char *)sent->data + at,
		                                  MIN(piece, sent->len - at));
		while (state == SESSION_MESSAGE) {
			g_autofree char *before = replies(m);
			g_string_append_printf(all, "%s;", before);
			++*ret_messages;
			g_assert_true(job_decide(session_job(m->session), NULL));
			/* What comes meanwhile waits. */
			g_assert_cmpint(session_take(m->session, "", 0), ==, SESSION_MESSAGE);
			session_answer(m->session, NULL);
			g_assert_cmpint(session_take(m->session, "", 0), ==, SESSION_ANSWERED);
			g_autofree char *answer = replies(m);
			g_string_append_printf(all, "%s;", answer);
			state = session_go_on(m->session);
		}
		g_assert_cmpint(state, ==, SESSION_READS);
	}
	g_autofree char *rest = replies(m);
	g_string_append(all, rest);
	begin_again(m);
	return g_string_free(g_steal_pointer(&all), false);
}

static void
test_pieces(Mta *m, gconstpointer unused)
{
	static const char from[] = "From\0 \"Jane\" <jane@corp.example>";
	g_autoptr(GByteArray) sent = g_byte_array_new();
	guint messages;

	g_byte_array_append(sent, (const guint8 *)NEGOTIATE CONNECT, sizeof(NEGOTIATE CONNECT) - 1);
	for (int i = 0; i < 3; i++) {
		g_byte_array_append(sent, (const guint8 *)MAIL, sizeof MAIL - 1);
		add_packet(sent, 'L', from, sizeof from);
		add_packet(sent, 'E', "", 0);
	}
	for (size_t piece = 1; piece <= sent->len; piece += piece < 40 ? 1 : 17) {
		g_autofree char *told = told_in_pieces(m, sent, piece, &messages);
		g_assert_cmpstr(g_strrstr(told, "O"), ==,
		                "O;m 1 From: jane@corp.example/c;;m 1 From: jane@corp.example/c;;"
		                "m 1 From: jane@corp.example/c;");
		g_assert_cmpuint(messages, ==, 3);
	}
}

/* A connection may end anywhere. */
static void
test_cut(Mta *m, gconstpointer unused)
{
	static const char sent[] = NEGOTIATE CONNECT MAIL HEADER "\0\0\0\1E";

	for (size_t n = 0; n < sizeof sent; n++) {
		session_take(m->session, sent, n);
		begin_again(m);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Mta *m, gconstpointer unused);
	} tests[] = {
		{ "/session/negotiation", test_negotiation },
		{ "/session/message", test_message },
		{ "/session/facts", test_facts },
		{ "/session/connections", test_connections },
		{ "/session/helo", test_helo },
		{ "/session/faults", test_faults },
		{ "/session/quit", test_quit },
		{ "/session/replies", test_replies },
		{ "/session/odd-headers", test_odd_headers },
		{ "/session/refusals", test_refusals },
		{ "/session/dry-run", test_dry_run },
		{ "/session/new-settings", test_new_settings },
		{ "/session/recipients", test_recipients },
		{ "/session/held", test_held },
		{ "/session/texts", test_texts },
		{ "/session/pieces", test_pieces },
		{ "/session/cut", test_cut },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Mta, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
