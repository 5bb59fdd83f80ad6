/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd-explain: shows what would be decided about a message, and why. Records and changes nothing.
 * May know: decisions, words for people, JSON. Must not know: the rules.
 * Fails: with status 66 for a file that cannot be read, 65 for one that is no message; a refused
 * message is no failure.
 */
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "advice.h"
#include "exits.h"
#include "io/filekind.h"
#include "io/mbox.h"
#include "mail/job.h"
#include "mail/mailbox.h"
#include "options.h"
#include "store/audit.h"
#include "util/json.h"
#include "util/text.h"

static Span
place_after(const Place *place)
{
	Span after = place->before;

	if (place->after)
		after.data = g_bytes_get_data(place->after, &after.length);
	return after;
}

static void
json_span(Json *json, const char *name, Span span)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *at = span.data, *end = at + span.length;

	/* JSON can hold NUL, so only what is not UTF-8 is replaced. */
	while (at < end) {
		size_t run = strnlen(at, end - at);
		g_autofree char *valid = g_utf8_make_valid(at, run);
		g_string_append(text, valid);
		at += run;
		if (at < end) {
			g_string_append_c(text, '\0');
			at++;
		}
	}
	json_string(json, name, text->str, text->len);
}

static void
json_text_or_null(Json *json, const char *name, const char *text)
{
	if (text)
		json_span(json, name, (Span){ text, strlen(text) });
	else
		json_string(json, name, NULL, 0);
}

static void
json_hop(Json *json, const Hop *hop, guint index)
{
	const Received *r = hop->received;

	json_begin_object(json, NULL);
	json_integer(json, "index", index);
	json_text_or_null(json, "by", r->by);
	json_text_or_null(json, "with", r->with);
	json_text_or_null(json, "peer", r->peer);
	json_text_or_null(json, "helo", r->helo);
	json_text_or_null(json, "user", r->user);
	json_string(json, "role", role_name(hop->role), -1);
	json_span(json, "field", hop->field);
	json_end(json);
}

static void
json_place(Json *json, const Place *place)
{
	json_begin_object(json, NULL);
	json_string(json, "name", place->name, -1);
	json_integer(json, "nth", (gint64)place->nth);
	json_span(json, "before", place->before);
	json_span(json, "after", place_after(place));
	json_strings(json, "addresses", place->addresses);
	json_strings(json, "display_names", place->display_names);
	json_boolean(json, "understood", place->understood);
	json_string(json, "action", strip_action_name(place->action), -1);
	json_end(json);
}

static void
json_person(Json *json, const NamesMatch *match)
{
	json_begin_object(json, NULL);
	json_text_or_null(json, "name", match->person->label);
	json_text_or_null(json, "element", match->element);
	json_begin_array(json, "words");
	for (char **word = match->words; *word; word++)
		json_text_or_null(json, NULL, *word);
	json_end(json);
	json_string(json, "folding", names_folding_word(match->folding), -1);
	json_integer(json, "line", match->line);
	json_end(json);
}

/* When the boundary received the message, as the audit writes times; NULL: it does not say.
 * (transfer full) */
static char *
boundary_time(const Submission *submission)
{
	gint64 at = submission->received_at;

	return at == DATE_NONE ? NULL : audit_time(at * G_USEC_PER_SEC);
}

static void
print_json(const Decision *decision)
{
	const Submission *submission = decision->submission;
	g_autoptr(Json) json = json_new();

	json_begin_object(json, NULL);
	json_string(json, "verdict", verdict_name(submission->verdict), -1);
	json_string(json, "reason", reason_name(submission->reason), -1);
	json_text_or_null(json, "evidence", submission->evidence);
	json_text_or_null(json, "auth_user", submission->auth_user);
	json_string(json, "action", strip_action_name(decision->action), -1);
	json_boolean(json, "in_scope", decision->in_scope);
	json_text_or_null(json, "scope", scope_reason_name(decision->scope));
	json_begin_array(json, "persons");
	for (guint i = 0; i < strip_persons(decision)->len; i++)
		json_person(json, g_ptr_array_index(strip_persons(decision), i));
	json_end(json);
	g_autofree char *received_at = boundary_time(submission);
	json_text_or_null(json, "peer", submission->peer);
	json_text_or_null(json, "helo", submission->helo);
	json_text_or_null(json, "received_at", received_at);
	json_begin_array(json, "hops");
	for (guint i = 0; i < submission->hops->len; i++)
		json_hop(json, &g_array_index(submission->hops, Hop, i), i);
	json_end(json);
	json_begin_array(json, "fields");
	for (guint i = 0; i < decision->fields->len; i++)
		json_place(json, g_ptr_array_index(decision->fields, i));
	json_end(json);
	json_begin_array(json, "signatures");
	for (char **signature = decision->signatures; *signature; signature++)
		json_string(json, NULL, *signature, -1);
	json_end(json);
	json_text_or_null(json, "message_id_header", decision->message_id);
	json_end(json);
	puts(json_text(json));
}

static void
print_line(const char *label, const char *text)
{
	g_autofree char *clean = text_clean_string(text);
	printf("%-11s %s\n", label, clean);
}

static void
print_span(const char *label, Span span)
{
	g_autofree char *clean = text_clean(span.data, span.length, G_MAXSIZE);
	printf("      %-9s%s\n", label, g_strstrip(clean));
}

static void
print_list(const char *label, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);
		print_span(i ? "" : label, (Span){ text, strlen(text) });
	}
}

static void
print_hop(const Trust *trust, const Submission *submission, guint index)
{
	const Hop *hop = &g_array_index(submission->hops, Hop, index);
	const Received *r = hop->received;
	g_autofree char *why = advice_hop(trust, submission, index);
	g_autofree char *clean_why = text_clean_string(why);
	GString *line = g_string_new(NULL);

	if (r->bad) {
		g_string_append(line, "malformed");
	} else {
		if (r->by)
			g_string_append_printf(line, "by %s", r->by);
		else if (r->qmail_uid)
			g_string_append_printf(line, "qmail, invoked by uid %s", r->qmail_uid);
		else
			g_string_append(line, "no host named after by");
		if (r->with)
			g_string_append_printf(line, " with %s", r->with);
		if (r->peer)
			g_string_append_printf(line, " from %s", r->peer);
		if (r->helo)
			g_string_append_printf(line, " (HELO %s)", r->helo);
		if (r->ident)
			g_string_append_printf(line, " ident %s", r->ident);
		if (r->is_http)
			g_string_append(line, " via HTTP");
		if (r->is_local && r->local_user)
			g_string_append_printf(line, " from local user %s", r->local_user);
		if (r->local_uid)
			g_string_append_printf(line, " (uid %s)", r->local_uid);
		if (r->user)
			g_string_append_printf(line, " login %s", r->user);
	}
	g_autofree char *clean = text_clean_string(line->str);
	printf("  %3u %-12s %s\n", index, role_name(hop->role), clean);
	if (!r->bad && (r->id || r->for_)) {
		g_string_truncate(line, 0);
		if (r->id)
			g_string_append_printf(line, "id %s ", r->id);
		if (r->for_)
			g_string_append_printf(line, "for %s", r->for_);
		g_autofree char *more = g_strchomp(text_clean_string(line->str));
		printf("%-19s%s\n", "", more);
	}
	printf("%-19s%s\n", "", clean_why);
	g_string_free(line, true);
}

static void
print_boundary(const Submission *submission)
{
	g_autofree char *received_at = boundary_time(submission);
	g_autofree char *client = NULL;

	if (submission->peer && submission->helo)
		client = g_strdup_printf("%s (HELO %s)", submission->peer, submission->helo);
	else if (submission->peer)
		client = g_strdup(submission->peer);
	if (client)
		print_line("client", client);
	if (received_at)
		print_line("received", received_at);
}

static const char *
scope_words(ScopeReason reason)
{
	switch (reason) {
	case SCOPE_UNREADABLE:
		return "in scope (unreadable: a sender field shows no address that can be read "
		       "safely)";
	case SCOPE_DOMAINS:
		return "in scope (domains: an address of yours is shown)";
	case SCOPE_DIRECTORY:
		return "in scope (directory: a person of yours is shown on a foreign address)";
	case SCOPE_EVERYONE:
		return "in scope (everyone)";
	case SCOPE_KEEP:
		return "out of scope (keep: the directory allows the name on this address)";
	case SCOPE_SELF:
		return "out of scope (self: it is sent only to that person)";
	case SCOPE_EXCEPT:
		return "out of scope (except: the setting except lists the address or the client)";
	case SCOPE_NOTHING:
	case N_SCOPE_REASONS:
		break;
	}
	return "out of scope";
}

static void
print_persons(const Decision *decision)
{
	const GPtrArray *persons = strip_persons(decision);

	if (persons->len)
		printf("\npeople of the directory:\n");
	for (guint i = 0; i < persons->len; i++) {
		const NamesMatch *match = g_ptr_array_index(persons, i);
		g_autofree char *name = text_clean_string(match->person->label);
		g_autofree char *words = g_strjoinv(" ", match->words);
		printf("  %s (line %u, %s)\n", name, match->line,
		       names_folding_word(match->folding));
		print_span("shown in", (Span){ match->element, strlen(match->element) });
		if (*words)
			print_span("words", (Span){ words, strlen(words) });
	}
}

static void
print_people(const Config *config, const Decision *decision)
{
	const Submission *submission = decision->submission;
	const Trust *trust = &config->settings->policy.trust;
	const char *on = isatty(STDOUT_FILENO) ? "\033[1m" : "";
	const char *off = isatty(STDOUT_FILENO) ? "\033[0m" : "";

	printf("%-11s %s%s%s (%s)\n", "verdict", on, verdict_name(submission->verdict), off,
	       reason_name(submission->reason));
	print_line("evidence", submission->evidence);
	g_auto(GStrv) settings = g_strsplit(advice_settings(submission), "; ", -1);
	for (size_t i = 0; settings[i]; i++)
		print_line(i ? "" : "to change", settings[i]);
	g_autoptr(GPtrArray) hints = advice_hints(trust, submission);
	for (guint i = 0; i < hints->len; i++)
		print_line("hint", g_ptr_array_index(hints, i));
	if (submission->auth_user)
		print_line("login", submission->auth_user);
	print_boundary(submission);
	print_line("scope", scope_words(decision->scope));
	printf("%-11s %s%s%s\n", "action", on, strip_action_name(decision->action), off);
	if (decision->refused)
		print_line("refused", decision->refused);
	if (decision->message_id)
		print_line("message id", decision->message_id);
	if (decision->signatures[0]) {
		g_autofree char *all = g_strjoinv(", ", decision->signatures);
		print_line("signatures", all);
	}
	printf("\ntrace, newest first:\n");
	for (guint i = 0; i < submission->hops->len; i++)
		print_hop(trust, submission, i);
	if (submission->hops->len == 0)
		puts("  none");
	printf("\nsender fields:\n");
	for (guint i = 0; i < decision->fields->len; i++) {
		const Place *place = g_ptr_array_index(decision->fields, i);
		printf("  %s", place->name);
		if (place->nth != 1)
			printf(place->nth ? " (no. %zu)" : " (hidden in other text)", place->nth);
		printf(": %s%s\n", strip_action_name(place->action),
		       place->understood ? "" : ", not understood");
		print_span("before", place->before);
		if (place->after)
			print_span("after", place_after(place));
		print_list("names", place->display_names);
	}
	if (decision->fields->len == 0)
		puts("  none");
	print_persons(decision);
}

/* The message to be explained. The decision points into it. */
typedef struct {
	const char *file; /* NULL: standard input */
	gint64 number;    /* of the message in the mailbox; 0: none was asked for */
	Message message;
	MailboxMessage found;
} Input;

static void
input_clear(Input *input)
{
	message_clear(&input->message);
	mailbox_message_clear(&input->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_clear)

static const char *
input_name(const Input *input)
{
	return input->file ? input->file : "standard input";
}

/* Whether what was read is neither a message nor a mailbox; then sets @error. */
static bool
set_no_message(const Input *input, GError **error)
{
	FileKind kind = filekind_of(input->message.bytes, input->message.length);

	if (kind <= FILE_EMPTY)
		return false;
	g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
	            "%s: this is not a message: it looks like %s; unpack or convert it first",
	            input_name(input), filekind_name(kind));
	return true;
}

/* Takes the message of the mailbox that --message names, or the first. */
static bool
find_message(Job *job, Input *input, GError **error)
{
	g_autoptr(GError) failed = NULL;
	guint64 number = (guint64)MAX(input->number, 1);
	MailboxMessage *found = &input->found;

	if (!mailbox_find(&input->message, number, found, &failed)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", input_name(input),
		            failed->message);
		return false;
	}
	if (found->messages == 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: this is no mailbox, and --message is only for mailboxes",
		            input_name(input));
		return false;
	}
	if (!found->head) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_DATA,
		            "%s: there is no message %" G_GUINT64_FORMAT
		            " in this mailbox; it has %" G_GUINT64_FORMAT,
		            input_name(input), number, found->messages);
		return false;
	}
	if (input->number == 0) {
		g_autofree char *name = text_clean_string(input_name(input));
		fprintf(stderr,
		        "barefrom: hint: %s: this is a mailbox; its first message is shown: "
		        "--message=N shows another\n",
		        name);
	}
	job_set_head(job, found->head->str, found->head->len);
	job->refuse = found->refuse;
	return true;
}

/* Reads the head of the message, which @job points into. */
static bool
read_input(Job *job, Input *input, GError **error)
{
	const char *file = input->file;
	Message *message = &input->message;
	g_autoptr(GError) failed = NULL;
	bool is_file = file && !g_str_equal(file, "-");
	int fd = is_file ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

	if (fd < 0) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", file,
		            g_strerror(errno));
		return false;
	}
	message_init(message, fd);
	bool good = job_read_head(job, message, 0, &failed);
	bool is_mailbox = good && mbox_begins(message->bytes, message->length);
	if (!good)
		g_set_error(error, CMD_ERROR, CMD_ERROR_NO_INPUT, "%s: %s", input_name(input),
		            failed->message);
	else if (!is_mailbox && set_no_message(input, error))
		good = false;
	else if (is_mailbox || input->number > 0)
		good = find_message(job, input, error);
	if (is_file)
		close(fd);
	return good;
}

bool
cmd_explain(Context *context, int argc, char **argv, GError **error)
{
	gboolean as_json = false;
	g_auto(Input) input = { 0 };
	g_autofree char *number = NULL;
	const GOptionEntry own[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL },
		{ "message", 0, 0, G_OPTION_ARG_STRING, &number,
		  "Explain message N of a mailbox, counted from 1", "N" },
		{ NULL },
	};
	g_auto(Options) options;
	g_autoptr(Config) config = NULL;
	g_auto(Job) job = { 0 };
	Facts facts;

	if (!options_parse(&options, argc, argv, own, true, "[FILE]",
	                   "Shows what would be decided about the message in FILE or on standard "
	                   "input, and why.\nChanges and records nothing.",
	                   error))
		return false;
	if (options_print_help(&options))
		return true;
	if (options.rest && options.rest[1]) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "explain takes only one FILE");
		return false;
	}
	if (number && !g_ascii_string_to_signed(number, 10, 1, G_MAXINT64, &input.number, NULL)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE,
		            "--message=%s: accepted: a number from 1", number);
		return false;
	}
	if (!options_facts(&options, &facts, error))
		return false;
	config = options_policy(&options, context, error);
	if (!config)
		return false;
	job_init(&job, config->settings, &facts);
	input.file = options.rest ? options.rest[0] : NULL;
	if (!read_input(&job, &input, error) || !job_decide(&job, error))
		return false;
	submission_read_hops(job.decision->submission, &config->settings->policy.trust);
	if (as_json)
		print_json(job.decision);
	else
		print_people(config, job.decision);
	return true;
}
