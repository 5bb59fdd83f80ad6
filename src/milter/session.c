/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session: the commands of one MTA connection -> messages with their facts, and the replies.
 * May know: the protocol, jobs. Must not know: descriptors, the clock, the audit.
 * Fails: never; what cannot be done safely is answered with 451, and the connection of a peer that
 * breaks the protocol ends, after which the MTA also answers 451.
 */
#include "session.h"

#include <string.h>

#include "core/edit.h"
#include "io/milter-wire.h"

/* The most recipients, in number and octets; no MTA accepts as many. */
#define RECIPIENTS_MAX 10000
#define RECIPIENTS_OCTETS_MAX ((size_t)2 * 1024 * 1024)
#define RECIPIENT_OCTETS 32 /* memory that a recipient takes, beside its text */

/* Where a text of the session, such as HELO or a login, is cut. */
#define TEXT_OCTETS_MAX 4096

/* Where Postfix cuts a field while a milter is set. */
#define VALUE_MAX ((size_t)60000)

/* What is asked of the MTA: nothing that a decision does not need, and one reply for a message. */
#define WANTED                                                                                     \
	(WIRE_NO_BODY | WIRE_NO_UNKNOWN | WIRE_NO_DATA | WIRE_NR_CONNECT | WIRE_NR_HELO |          \
	 WIRE_NR_MAIL | WIRE_NR_RCPT | WIRE_NR_HEADER | WIRE_NR_END_OF_HEADERS |                   \
	 WIRE_LEADING_SPACE)

/* What macros tell. */
typedef enum {
	MACRO_BY,
	MACRO_DAEMON,
	MACRO_LOGIN,
	MACRO_METHOD,
	MACRO_QUEUE_ID,
	N_MACROS,
} Macro;

/* The macros that are wanted, and the command that each comes before. */
static const struct {
	char command;
	WireStage stage; /* of it */
	const char *name;
	Macro macro;
} macros[] = {
	{ WIRE_CONNECT, WIRE_AT_CONNECT, "j", MACRO_BY },
	{ WIRE_CONNECT, WIRE_AT_CONNECT, "daemon_name", MACRO_DAEMON },
	{ WIRE_MAIL, WIRE_AT_MAIL, "i", MACRO_QUEUE_ID },
	{ WIRE_MAIL, WIRE_AT_MAIL, "auth_authen", MACRO_LOGIN },
	{ WIRE_MAIL, WIRE_AT_MAIL, "auth_type", MACRO_METHOD },
	{ WIRE_END_OF_MESSAGE, WIRE_AT_END_OF_MESSAGE, "i", MACRO_QUEUE_ID },
};

struct Session {
	SessionRules *rules;
	SessionState state;
	GByteArray *in; /* bytes that are not taken yet; NULL: there are none */
	GByteArray *out;
	const char *fault;
	bool negotiated;
	guint32 protocol; /* the WIRE_N... that were agreed on */

	/* The SMTP session. */
	bool connected, is_local;
	char *client, *helo;

	char *macros[N_MACROS]; /* of this SMTP session and this message; NULL: not sent */
	char *next[N_MACROS];   /* sent for the next CONNECT and the next MAIL; they replace all
	                         * sent before */

	/* The message. */
	bool has_message;
	char *sender;
	GPtrArray *recipients; /* char * */
	size_t recipients_octets;
	Facts facts;
	SessionHop hop;
	Job job;
	size_t held;  /* octets counted in rules->held */
	bool is_over; /* it is too large, or there is no memory for it */
	bool is_odd;  /* a header was not exactly one field: name and number may not reach fields */
	bool dry_run;
};

Session *
session_new(SessionRules *rules)
{
	Session *s = g_new0(Session, 1);

	s->rules = rules;
	s->out = g_byte_array_new();
	return s;
}

static void
replace(char **text, char *with)
{
	g_free(*text);
	*text = with;
}

static void
clear_next(Session *s)
{
	for (int m = 0; m < N_MACROS; m++)
		g_clear_pointer(&s->next[m], g_free);
}

/* @command has come: its macros are those that came before it, and no earlier ones. */
static void
take_next(Session *s, char command)
{
	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++) {
		if (macros[i].command == command)
			replace(&s->macros[macros[i].macro],
			        g_steal_pointer(&s->next[macros[i].macro]));
	}
}

static void
clear_macros(Session *s, char command)
{
	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++) {
		if (macros[i].command == command)
			g_clear_pointer(&s->macros[macros[i].macro], g_free);
	}
}

static void
end_message(Session *s)
{
	if (s->has_message)
		job_clear(&s->job);
	s->has_message = s->is_over = s->is_odd = false;
	s->rules->held -= s->held;
	s->held = 0;
	clear_macros(s, WIRE_MAIL);
	g_clear_pointer(&s->sender, g_free);
	g_clear_pointer(&s->recipients, g_ptr_array_unref);
	s->recipients_octets = 0;
}

/* Forgets the message and the macros for the next one. */
static void
reset(Session *s)
{
	end_message(s);
	clear_next(s);
}

/* The SMTP session is over; macros of the next one may have come. */
static void
end_smtp(Session *s)
{
	end_message(s);
	s->connected = s->is_local = false;
	clear_macros(s, WIRE_CONNECT);
	g_clear_pointer(&s->client, g_free);
	g_clear_pointer(&s->helo, g_free);
}

static void
end_connection(Session *s)
{
	end_smtp(s);
	clear_next(s);
}

void
session_free(Session *s)
{
	end_connection(s);
	g_clear_pointer(&s->in, g_byte_array_unref);
	g_byte_array_unref(s->out);
	g_free(s);
}

/* Ends the connection because of @fault, a static text. Always false. */
static bool
set_fault(Session *s, const char *fault)
{
	s->fault = fault;
	s->state = SESSION_ENDS;
	return false;
}

static char *
copy(WireBytes text)
{
	return g_strndup(text.data, MIN(text.length, TEXT_OCTETS_MAX));
}

/* Answers a command, if the MTA waits for a reply: @no_reply is its WIRE_NR_... */
static void
go_on(Session *s, guint32 no_reply)
{
	if (!(s->protocol & no_reply))
		wire_put(s->out, WIRE_CONTINUE);
}

/* The macros wanted at @stage, as a WireMacroList has them. */
static GString *
macro_names(WireStage stage)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++) {
		if (macros[i].stage == stage)
			g_string_append_printf(names, macros[i].name[1] ? "%s{%s}" : "%s%s",
			                       names->len ? " " : "", macros[i].name);
	}
	return names;
}

static void
put_negotiation(Session *s, WireNegotiation wanted)
{
	g_autoptr(GString) connect = macro_names(WIRE_AT_CONNECT);
	g_autoptr(GString) mail = macro_names(WIRE_AT_MAIL);
	g_autoptr(GString) end = macro_names(WIRE_AT_END_OF_MESSAGE);
	const WireMacroList lists[] = {
		{ WIRE_AT_CONNECT, connect->str },
		{ WIRE_AT_MAIL, mail->str },
		{ WIRE_AT_END_OF_MESSAGE, end->str },
	};

	wire_put_negotiation(s->out, wanted, lists,
	                     wanted.actions & WIRE_LIST_MACROS ? G_N_ELEMENTS(lists) : 0);
}

static bool
negotiate(Session *s, WireBytes data)
{
	WireNegotiation offered, wanted = { .version = WIRE_VERSION };

	if (s->negotiated || !wire_negotiation(data, &offered))
		return set_fault(s, "its negotiation cannot be understood");
	if (offered.version < WIRE_VERSION)
		return set_fault(
		        s,
		        "it speaks a milter protocol older than version 6: set milter_protocol=6");
	if (!(offered.actions & WIRE_CHANGE_HEADERS))
		return set_fault(s, "it does not let milters change headers");
	wanted.actions = WIRE_CHANGE_HEADERS | (offered.actions & WIRE_LIST_MACROS);
	wanted.protocol = s->protocol = offered.protocol & WANTED;
	put_negotiation(s, wanted);
	s->negotiated = true;
	return true;
}

/* Where the session keeps the macro @name that comes before @command; NULL: it does not keep it. */
static char **
macro_place(Session *s, char command, WireBytes name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++) {
		if (macros[i].command != command || strlen(macros[i].name) != name.length ||
		    memcmp(macros[i].name, name.data, name.length) != 0)
			continue;
		/* The end of a message belongs to one that is under way. */
		return command == WIRE_END_OF_MESSAGE ? &s->macros[macros[i].macro]
		                                      : &s->next[macros[i].macro];
	}
	return NULL;
}

/* The macros of a command come before it, and replace those of an earlier packet for it: an empty
 * packet is how an MTA says that there is no login. */
static bool
take_macros(Session *s, WireBytes data)
{
	char command;
	WireBytes rest, name, value;

	if (!wire_macros(data, &command, &rest))
		return set_fault(s, "its macros cannot be understood");
	if (command == WIRE_CONNECT)
		end_connection(s);
	if (command == WIRE_MAIL)
		clear_next(s);
	while (wire_next_macro(&rest, &name, &value)) {
		char **place = macro_place(s, command, name);
		if (place)
			replace(place, copy(value));
	}
	return rest.length == 0 || set_fault(s, "its macros cannot be understood");
}

/* Postfix's non_smtpd_milters see a session from this address and port 0, unlike SMTP clients. */
static bool
is_handed_in(const WireConnection *connection, const char *client)
{
	return connection->port == 0 &&
	       (g_strcmp0(client, "127.0.0.1") == 0 || g_strcmp0(client, "::1") == 0);
}

static bool
take_connect(Session *s, WireBytes data)
{
	WireConnection connection;

	end_smtp(s);
	take_next(s, WIRE_CONNECT);
	clear_next(s);
	if (!wire_connection(data, &connection))
		return set_fault(s, "its connect cannot be understood");
	if (connection.family == '4' || connection.family == '6') {
		g_autofree char *address = copy(connection.address);
		bool is_marked = g_ascii_strncasecmp(address, "IPv6:", 5) == 0;
		s->client = g_strdup(address + (is_marked ? 5 : 0));
	}
	s->is_local = connection.family == 'L' || is_handed_in(&connection, s->client);
	if (s->is_local)
		g_clear_pointer(&s->client, g_free);
	s->connected = true;
	go_on(s, WIRE_NR_CONNECT);
	return true;
}

static bool
take_helo(Session *s, WireBytes data)
{
	WireBytes helo;

	if (!s->connected || !wire_string(data, &helo))
		return set_fault(s, "its HELO is out of order or cannot be understood");
	/* HELO implies RSET (RFC 5321, 4.1.4). Postfix sends it within a message too, whose facts
	 * point to the HELO before. */
	reset(s);
	replace(&s->helo, copy(helo));
	go_on(s, WIRE_NR_HELO);
	return true;
}

/* Takes an address of the envelope, without its angle brackets. */
static bool
take_address(WireBytes data, WireBytes *ret)
{
	if (!wire_next_string(&data, ret))
		return false;
	if (ret->length >= 2 && ret->data[0] == '<' && ret->data[ret->length - 1] == '>')
		*ret = (WireBytes){ ret->data + 1, ret->length - 2 };
	return true;
}

/* What the listener of the SMTP session says of its users. */
static Listener
listener(const Session *s)
{
	const char *const *daemons = (const char *const *)s->rules->submission_daemons;
	const char *daemon = s->macros[MACRO_DAEMON];

	return daemon && g_strv_contains(daemons, daemon) ? LISTENER_AUTHENTICATED
	                                                  : LISTENER_UNSAID;
}

static bool
take_mail(Session *s, WireBytes data)
{
	WireBytes sender;

	end_message(s);
	take_next(s, WIRE_MAIL);
	if (!s->connected || !take_address(data, &sender))
		return set_fault(s, "its MAIL is out of order or cannot be understood");
	s->has_message = true;
	s->sender = copy(sender);
	s->recipients = g_ptr_array_new_with_free_func(g_free);
	s->dry_run = s->rules->dry_run;
	s->hop =
	        (SessionHop){ .by = s->macros[MACRO_BY], .helo = s->helo, .is_local = s->is_local };
	s->facts = (Facts){
		/* No macro means no login. */
		.sasl_username = s->macros[MACRO_LOGIN] ? s->macros[MACRO_LOGIN] : "",
		.sasl_method = s->macros[MACRO_METHOD],
		.client_address = s->client,
		.listener = listener(s),
		.session = &s->hop,
	};
	job_init(&s->job, s->rules->settings, &s->facts);
	s->job.envelope_from = s->sender;
	go_on(s, WIRE_NR_MAIL);
	return true;
}

/* Counts more @octets of the message; false: that would exceed the limit. */
static bool
hold(Session *s, size_t octets)
{
	if (s->is_over || s->rules->held + octets > SESSION_HELD_MAX) {
		s->is_over = true;
		return false;
	}
	s->held += octets;
	s->rules->held += octets;
	return true;
}

static bool
take_rcpt(Session *s, WireBytes data)
{
	WireBytes recipient;

	if (!s->has_message || !take_address(data, &recipient))
		return set_fault(s, "its RCPT is out of order or cannot be understood");
	s->recipients_octets += recipient.length;
	if (s->recipients->len >= RECIPIENTS_MAX || s->recipients_octets > RECIPIENTS_OCTETS_MAX)
		s->is_over = true;
	else if (hold(s, MIN(recipient.length, TEXT_OCTETS_MAX) + RECIPIENT_OCTETS))
		g_ptr_array_add(s->recipients, copy(recipient));
	go_on(s, WIRE_NR_RCPT);
	return true;
}

/* Whether the core reads exactly one field there, as the MTA does: a valid name (RFC 5322, 2.2),
 * and a value in which each further line is a fold. */
static bool
is_one_field(WireBytes name, WireBytes value)
{
	for (size_t i = 0; i < name.length; i++) {
		if (name.data[i] < '!' || name.data[i] > '~' || name.data[i] == ':')
			return false;
	}
	for (size_t i = 0; i < value.length; i++) {
		if (value.data[i] == '\n' && i + 1 < value.length && value.data[i + 1] != ' ' &&
		    value.data[i + 1] != '\t')
			return false;
	}
	return name.length > 0 && (value.length == 0 || value.data[value.length - 1] != '\n');
}

static bool
take_header(Session *s, WireBytes data)
{
	WireBytes name, value;

	if (!s->has_message || !wire_header(data, &name, &value))
		return set_fault(s, "its header is out of order or cannot be understood");
	if (!is_one_field(name, value))
		s->is_odd = true;
	if (hold(s, name.length + value.length + 3)) {
		/* The blank that the MTA removes and puts back. */
		g_autofree char *spaced = NULL;
		if (!(s->protocol & WIRE_LEADING_SPACE) && value.length > 0) {
			spaced = g_strdup_printf(" %.*s", (int)value.length, value.data);
			value = (WireBytes){ spaced, value.length + 1 };
		}
		if (!job_add_field(&s->job, name.data, name.length, value.data, value.length))
			s->is_over = true;
	}
	go_on(s, WIRE_NR_HEADER);
	return true;
}

static bool
take_end_of_message(Session *s)
{
	if (!s->has_message)
		return set_fault(s, "its end of message is out of order");
	g_ptr_array_add(s->recipients, NULL);
	s->facts.queue_id = s->macros[MACRO_QUEUE_ID];
	s->facts.recipients = s->job.recipients = (char *const *)s->recipients->pdata;
	if (!s->is_over && !job_end_fields(&s->job))
		s->is_over = true;
	s->state = SESSION_MESSAGE;
	return true;
}

static bool
take_packet(Session *s, const WirePacket *packet)
{
	if (!s->negotiated && packet->command != WIRE_NEGOTIATE)
		return set_fault(s, "it did not negotiate first");
	switch ((WireCommand)packet->command) {
	case WIRE_NEGOTIATE:
		return negotiate(s, packet->data);
	case WIRE_MACROS:
		return take_macros(s, packet->data);
	case WIRE_CONNECT:
		return take_connect(s, packet->data);
	case WIRE_HELO:
		return take_helo(s, packet->data);
	case WIRE_MAIL:
		return take_mail(s, packet->data);
	case WIRE_RCPT:
		return take_rcpt(s, packet->data);
	case WIRE_HEADER:
		return take_header(s, packet->data);
	case WIRE_END_OF_MESSAGE:
		return take_end_of_message(s);
	case WIRE_END_OF_HEADERS:
		go_on(s, WIRE_NR_END_OF_HEADERS);
		return true;
	case WIRE_DATA:
	case WIRE_BODY:
	case WIRE_UNKNOWN:
		wire_put(s->out, WIRE_CONTINUE);
		return true;
	case WIRE_ABORT:
		reset(s);
		return true;
	case WIRE_QUIT_NEW_CONNECTION:
		end_connection(s);
		return true;
	case WIRE_QUIT:
		s->state = SESSION_ENDS;
		return false;
	}
	return set_fault(s, "it sent an unknown command");
}

/* Takes the packets in @bytes, up to the end of a message. Returns how many octets they have. */
static size_t
take_packets(Session *s, const char *bytes, size_t length)
{
	size_t at = 0;

	while (s->state == SESSION_READS) {
		WirePacket packet;
		WireRead read = wire_read(bytes + at, length - at, &packet);
		if (read == WIRE_MORE)
			break;
		if (read == WIRE_BAD) {
			set_fault(s, "it sent a packet of an impossible length");
			break;
		}
		at += packet.size;
		take_packet(s, &packet);
	}
	return at;
}

SessionState
session_take(Session *s, const char *bytes, size_t length)
{
	if (s->in) {
		g_byte_array_append(s->in, (const guint8 *)bytes, (guint)length);
		size_t taken = take_packets(s, (const char *)s->in->data, s->in->len);
		g_byte_array_remove_range(s->in, 0, (guint)taken);
		/* Freed, so that an idle session holds no memory. */
		if (s->in->len == 0)
			g_clear_pointer(&s->in, g_byte_array_unref);
		return s->state;
	}
	size_t taken = take_packets(s, bytes, length);
	if (taken < length) {
		s->in = g_byte_array_new();
		g_byte_array_append(s->in, (const guint8 *)bytes + taken, (guint)(length - taken));
	}
	return s->state;
}

SessionState
session_state(const Session *s)
{
	return s->state;
}

Job *
session_job(Session *s)
{
	return &s->job;
}

bool
session_is_over(const Session *s)
{
	return s->is_over;
}

#define UNREACHABLE "451 4.3.0 barefrom: a sender field cannot be reached by its name"
#define TOO_LONG "451 4.3.0 barefrom: a sender field is too long"
#define REFUSED "550 5.6.0 barefrom: message refused: its sender fields cannot be made safe"

/* The new value: all after the colon but the LF that job_add_field() added. A CR before it belongs
 * to the value that the MTA sent, though the core takes it for the line end. */
static Span
new_value(const Edit *edit)
{
	Span value = edit_value(edit);
	gsize size;
	const char *bytes = g_bytes_get_data(edit->value, &size);

	if (value.length > 0)
		value.length = (size_t)(bytes + size - value.data) - strlen("\n");
	return value;
}

const char *
session_refusal(const Session *s)
{
	const Decision *decision = s->job.decision;

	if (s->dry_run)
		return NULL;
	if (decision->action == ACTION_REFUSED)
		return REFUSED;
	for (guint i = 0; i < decision->edits->len; i++) {
		const Edit *edit = &g_array_index(decision->edits, Edit, i);
		Span value = new_value(edit);
		if (s->is_odd || edit->container_nth == 0 || value.length == 0 ||
		    memchr(value.data, '\0', value.length))
			return UNREACHABLE;
		if (edit->length > VALUE_MAX || value.length > VALUE_MAX)
			return TOO_LONG;
	}
	return NULL;
}

const char *
session_outcome(const Session *s)
{
	const char *refusal = session_refusal(s);

	if (s->dry_run)
		return "dry-run";
	if (!refusal)
		return "answered";
	return *refusal == '5' ? "failed" : "deferred";
}

/* Puts the edits, and the reply that accepts the message. */
static void
put_edits(Session *s)
{
	const GArray *edits = s->job.decision->edits;
	bool good = true;

	for (guint i = 0; good && i < edits->len; i++) {
		const Edit *edit = &g_array_index(edits, Edit, i);
		Span value = new_value(edit);
		if (!(s->protocol & WIRE_LEADING_SPACE) && value.length && *value.data == ' ')
			value = (Span){ value.data + 1, value.length - 1 };
		good = wire_put_change(s->out, (guint32)edit->container_nth,
		                       (WireBytes){ edit->container, strlen(edit->container) },
		                       (WireBytes){ value.data, value.length });
	}
	if (good)
		wire_put(s->out, WIRE_CONTINUE);
	else
		wire_put_refusal(s->out, "451 4.3.0 barefrom: an edit cannot be expressed");
}

void
session_answer(Session *s, const char *failure)
{
	g_assert(s->state == SESSION_MESSAGE);
	const char *refusal = failure ? NULL : session_refusal(s);
	if (failure) {
		g_autofree char *text = g_strconcat("451 4.3.0 barefrom: ", failure, NULL);
		wire_put_refusal(s->out, text);
	} else if (refusal) {
		wire_put_refusal(s->out, refusal);
	} else if (s->dry_run) {
		wire_put(s->out, WIRE_CONTINUE);
	} else {
		put_edits(s);
	}
	s->state = SESSION_ANSWERED;
}

SessionState
session_go_on(Session *s)
{
	g_assert(s->state == SESSION_ANSWERED);
	end_message(s);
	s->state = SESSION_READS;
	return session_take(s, "", 0);
}

GByteArray *
session_output(Session *s)
{
	return s->out;
}

const char *
session_queue_id(const Session *s)
{
	return s->macros[MACRO_QUEUE_ID];
}

const char *
session_fault(const Session *s)
{
	return s->fault;
}

bool
session_is_dry_run(const Session *s)
{
	return s->dry_run;
}
