/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-session: what an MTA is told is well-formed and the same in whatever pieces its packets
 * come; each change is of a header that it sent, and applied as an MTA does it makes the new head;
 * no name leaves; and nothing is held once all is said. The first octet says what settings and
 * answers there are.
 */
#include "milter/session.h"

#include <string.h>

#include "core/network.h"
#include "fuzz.h"
#include "io/milter-wire.h"
#include "laws.h"

enum {
	FAILS = 1, /* the audit fails each second message */
	DRY = 2,
	DOMAINS = 4,
	ALL_FIELDS = 8,
	CHANGES = 16, /* the settings change after each message */
};

/* The headers of a message, as the MTA has them. */
typedef struct {
	GPtrArray *names, *values; /* GBytes * */
	bool is_odd;
	guint32 protocol;
	bool negotiated;
} Sent;

static void
sent_clear(Sent *sent)
{
	g_ptr_array_set_size(sent->names, 0);
	g_ptr_array_set_size(sent->values, 0);
	sent->is_odd = false;
}

static bool
named(GBytes *bytes, WireBytes name)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return size == name.length && g_ascii_strncasecmp(data, name.data, size) == 0;
}

static GBytes *
bytes_of(WireBytes text)
{
	return g_bytes_new(text.data, text.length);
}

/* SMFIR_CHGHEADER. An MTA appends one that it does not find, and deletes one whose value is empty:
 * both would be wrong. */
static void
change(Sent *sent, guint32 nth, WireBytes name, WireBytes value)
{
	guint32 n = 0;

	g_assert_cmpuint(value.length, >, 0);
	g_assert_cmpuint(nth, >, 0);
	for (guint i = 0; i < sent->names->len; i++) {
		if (!named(g_ptr_array_index(sent->names, i), name) || ++n < nth)
			continue;
		g_bytes_unref(g_ptr_array_index(sent->names, i));
		g_bytes_unref(g_ptr_array_index(sent->values, i));
		g_ptr_array_index(sent->names, i) = bytes_of(name);
		g_ptr_array_index(sent->values, i) = bytes_of(value);
		return;
	}
	g_error("a change of a header that is not there");
}

/* The head as the MTA has it; without WIRE_LEADING_SPACE it kept a blank to itself, but for an
 * empty value. */
static GString *
head_of(const Sent *sent)
{
	GString *head = g_string_new(NULL);

	for (guint i = 0; i < sent->names->len; i++) {
		gsize size;
		const char *name = g_bytes_get_data(g_ptr_array_index(sent->names, i), &size);
		g_string_append_len(head, name, (gssize)size);
		const char *value = g_bytes_get_data(g_ptr_array_index(sent->values, i), &size);
		bool blank = !(sent->protocol & WIRE_LEADING_SPACE) && size > 0;
		g_string_append(head, blank ? ": " : ":");
		g_string_append_len(head, value, (gssize)size);
		g_string_append_c(head, '\n');
	}
	g_string_append_c(head, '\n');
	return head;
}

static void
check_refusal(WireBytes data)
{
	WireBytes text;

	g_assert_true(wire_string(data, &text));
	g_assert_cmpuint(text.length, >, 9);
	g_assert_true(memcmp(text.data, "451 4.", 6) == 0 || memcmp(text.data, "550 5.", 6) == 0);
}

/* Takes all replies off, makes the changes, and adds them to @told. The command of the last. */
static char
take_replies(Session *session, Sent *sent, GByteArray *told)
{
	GByteArray *out = session_output(session);
	WirePacket packet = { 0 };
	char last = '\0';

	if (out->len > 0)
		g_byte_array_append(told, out->data, out->len);
	for (size_t at = 0; at < out->len; at += packet.size) {
		const char *bytes = (const char *)out->data + at;
		WireBytes name, value;
		guint32 nth;
		g_assert_cmpint(wire_read(bytes, out->len - at, &packet), ==, WIRE_PACKET);
		WireBytes data = packet.data;
		last = packet.command;
		switch (packet.command) {
		case 'O': {
			WireNegotiation negotiation;
			g_assert_true(wire_negotiation(data, &negotiation));
			g_assert_cmpuint(negotiation.version, ==, WIRE_VERSION);
			sent->protocol = negotiation.protocol;
			g_assert_false(sent->negotiated);
			sent->negotiated = true;
			break;
		}
		case 'm':
			g_assert_cmpuint(data.length, >, sizeof nth);
			memcpy(&nth, data.data, sizeof nth);
			data = (WireBytes){ data.data + sizeof nth, data.length - sizeof nth };
			g_assert_true(wire_header(data, &name, &value));
			if (sent->names)
				change(sent, GUINT32_FROM_BE(nth), name, value);
			break;
		case 'y':
			check_refusal(data);
			break;
		default:
			g_assert_cmpint(packet.command, ==, 'c');
			g_assert_cmpuint(data.length, ==, 0);
		}
	}
	g_byte_array_set_size(out, 0);
	return last;
}

/* What the MTA has sent of the message at hand, read without the code under test. */
static void
note_packet(Sent *sent, const WirePacket *packet)
{
	WireBytes name, value;

	if (strchr("AKCMH", packet->command) && packet->command)
		sent_clear(sent);
	if (packet->command == 'D' && packet->data.length && packet->data.data[0] == 'C')
		sent_clear(sent);
	if (packet->command != 'L' || !wire_header(packet->data, &name, &value))
		return;
	g_ptr_array_add(sent->names, bytes_of(name));
	g_ptr_array_add(sent->values, bytes_of(value));
}

typedef struct {
	Settings *settings[2];
	char **daemons;
} World;

static Settings *
make_settings(bool domains, bool all_fields)
{
	Settings *settings = settings_new();
	Policy *policy = &settings->policy;
	Trust *trust = &policy->trust;

	*trust = (Trust){
		.trusted_by = g_strsplit("mx.corp.example", " ", -1),
		.relay_nets = g_ptr_array_new_with_free_func(g_free),
		.trusted_clients = g_ptr_array_new_with_free_func(g_free),
		.filter_uids = g_new0(char *, 1),
		.user_uids = g_new0(char *, 1),
		.hidden_by = g_new0(char *, 1),
		.submission_by = g_new0(char *, 1),
		.webmail_by = g_new0(char *, 1),
		.relay_accounts = g_new0(char *, 1),
		.comment_dialect = g_ptr_array_new(),
	};
	g_ptr_array_add(trust->relay_nets, network_parse("10.0.0.0/8"));
	policy->unknown_is_anonymous = true;
	policy->scope_everyone = !domains;
	policy->domains = domains ? g_strsplit("corp.example", " ", -1) : g_new0(char *, 1);
	policy->fields = strip_field_bits("From") | strip_field_bits("Sender") |
	                 strip_field_bits("Reply-To");
	if (all_fields)
		policy->fields |= strip_field_bits("Resent-From") | strip_field_bits("To") |
		                  strip_field_bits("Cc");
	policy->except = except_new();
	return settings;
}

/* The message is decided, and what the MTA has then is the head that was decided on. */
static void
check_decided(Session *session, Sent *sent, bool is_dry)
{
	g_autoptr(GString) head = head_of(sent);
	const Job *job = session_job(session);
	g_autoptr(GError) error = NULL;

	g_assert_true(job_decide(session_job(session), &error));
	g_assert_no_error(error);
	g_assert_cmpmem(job->head.bytes.data, job->head.bytes.length, head->str, head->len);
	const char *outcome = session_outcome(session), *refusal = session_refusal(session);
	g_assert_true(!refusal || !is_dry);
	g_assert_cmpstr(outcome, ==,
	                is_dry              ? "dry-run"
	                : !refusal          ? "answered"
	                : refusal[0] == '5' ? "failed"
	                                    : "deferred");
}

/* What leaves: with all edits made, or as it came. */
static void
check_answered(Session *session, Sent *sent, char last)
{
	const Job *job = session_job(session);
	const Settings *settings = job->settings;
	g_autoptr(GString) head = head_of(sent);
	gsize size;

	if (last == 'y')
		return;
	g_assert_cmpint(last, ==, 'c');
	if (session_is_dry_run(session) || !job->new_head) {
		g_assert_cmpmem(head->str, head->len, job->head.bytes.data, job->head.bytes.length);
		return;
	}
	const char *bytes = g_bytes_get_data(job->new_head, &size);
	g_assert_cmpmem(head->str, head->len, bytes, size);
	/* As it is now, there is nothing left to be taken. */
	Head again = head_parse(head->str, head->len);
	g_autoptr(Decision) twice = strip_decide(&settings->policy, job->facts, &again, true);
	g_assert_cmpint(twice->action, ==, ACTION_KEPT);
	const char *broken = laws_broken(&settings->policy, job->facts, job->head.bytes.data,
	                                 job->head.bytes.length, NULL);
	if (broken)
		g_error("%s", broken);
}

/* All of @data in pieces of so many octets: what is told. @sent is read beside it where its names
 * are not NULL. (transfer full) */
static GByteArray *
run(const World *world, int how, const uint8_t *data, size_t size, size_t piece, bool checks)
{
	SessionRules rules = { .settings = world->settings[0],
		               .submission_daemons = world->daemons,
		               .dry_run = how & DRY };
	g_autoptr(Session) session = session_new(&rules);
	GByteArray *told = g_byte_array_new();
	Sent sent = { 0 };
	guint messages = 0;
	SessionState state = SESSION_READS;

	if (checks) {
		sent.names = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
		sent.values = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	}
	for (size_t at = 0, next; at < size && state != SESSION_ENDS; at = next) {
		WirePacket packet;
		next = at + MIN(piece, size - at);
		if (checks) {
			/* A packet at a time, so that what was sent is known. */
			bool whole = wire_read((const char *)data + at, size - at, &packet) ==
			             WIRE_PACKET;
			next = whole ? at + packet.size : size;
			if (whole)
				note_packet(&sent, &packet);
		}
		state = session_take(session, (const char *)data + at, next - at);
		while (state == SESSION_MESSAGE) {
			bool is_over = session_is_over(session);
			bool fails = is_over || ((how & FAILS) && messages % 2);
			take_replies(session, &sent, told);
			if (checks && !is_over)
				check_decided(session, &sent, how & DRY);
			else if (!is_over)
				g_assert_true(job_decide(session_job(session), NULL));
			session_answer(session, fails ? "no 100% \x01" : NULL);
			char last = take_replies(session, &sent, told);
			g_assert_true(!fails || last == 'y');
			if (checks && !fails)
				check_answered(session, &sent, last);
			if (checks)
				sent_clear(&sent);
			messages++;
			if (how & CHANGES)
				rules.settings = world->settings[messages % 2];
			state = session_go_on(session);
		}
		take_replies(session, &sent, told);
		g_assert_true(state == SESSION_READS || state == SESSION_ENDS);
		g_assert_true(state == SESSION_ENDS || !session_fault(session));
	}
	session_free(g_steal_pointer(&session));
	g_assert_cmpuint(rules.held, ==, 0);
	for (int i = 0; i < 2; i++)
		g_assert_cmpuint(world->settings[i]->references, ==, 1);
	g_clear_pointer(&sent.names, g_ptr_array_unref);
	g_clear_pointer(&sent.values, g_ptr_array_unref);
	return told;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = { 1, 7, 4096, (size_t)1 << 30 };

	if (size == 0)
		return 0;
	int how = data[0];
	World world = { .settings = { make_settings(how & DOMAINS, how & ALL_FIELDS),
		                      make_settings(!(how & DOMAINS), true) },
		        .daemons = g_strsplit("submission", " ", -1) };
	g_autoptr(GByteArray) wanted = run(&world, how, data + 1, size - 1, 1, true);

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GByteArray) told = run(&world, how, data + 1, size - 1, pieces[i], false);
		g_assert_cmpmem(told->data, told->len, wanted->data, wanted->len);
	}
	settings_unref(world.settings[0]);
	settings_unref(world.settings[1]);
	g_strfreev(world.daemons);
	return 0;
}
