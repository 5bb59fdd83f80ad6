/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * read-gmime: what GMime shows of the sender fields of the messages whose paths come in on standard
 * input, a line each. It shares nothing with barefrom. Each finding is a line "field TAB kind TAB
 * text in hexadecimal", each message ends with a line "done"; kinds are value, name, comment, word
 * and address.
 */
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A message that takes longer costs its reading, nothing else. */
#define PATIENCE 300

static void
show(const char *field, const char *kind, const char *text)
{
	printf("%s\t%s\t", field, kind);
	for (; text && *text; text++)
		printf("%02x", (unsigned char)*text);
	putchar('\n');
}

/* Where a name goes back to a field: blanks and controls do not make it another one. */
static const char *
sender_field(const char *name)
{
	static const char *const fields[] = { "From", "Sender", "Reply-To" };
	g_autoptr(GString) bare = g_string_new(NULL);

	for (; *name; name++) {
		if (*name > ' ' && *name <= '~')
			g_string_append_c(bare, *name);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (g_ascii_strcasecmp(bare->str, fields[i]) == 0)
			return fields[i];
	}
	return NULL;
}

static void
show_list(const char *field, InternetAddressList *list)
{
	for (int i = 0; i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);
		const char *name = internet_address_get_name(address);
		if (name)
			show(field, "name", name);
		if (INTERNET_ADDRESS_IS_GROUP(address)) {
			/* GMime's own member list; absent for an empty group. */
			InternetAddressList *members =
			        internet_address_group_get_members((InternetAddressGroup *)address);
			if (members)
				show_list(field, members);
		} else {
			show(field, "address",
			     internet_address_mailbox_get_addr((InternetAddressMailbox *)address));
		}
	}
}

static void
show_value(const char *field, const char *raw)
{
	g_autofree char *plain = g_mime_utils_header_unfold(raw);
	g_autofree char *text = g_mime_utils_header_decode_text(NULL, raw);
	g_autofree char *phrase = g_mime_utils_header_decode_phrase(NULL, raw);

	show(field, "value", raw);
	/* Decoding also trims. */
	g_strstrip(plain);
	if (strstr(raw, "=?") && strcmp(g_strstrip(text), plain) != 0)
		show(field, "word", text);
	if (strstr(raw, "=?") && strcmp(g_strstrip(phrase), plain) != 0)
		show(field, "word", phrase);
	InternetAddressList *list = internet_address_list_parse(NULL, raw);
	if (list) {
		show_list(field, list);
		g_object_unref(list);
	}
}

static void
read_message(const char *path)
{
	GMimeStream *stream = g_mime_stream_file_open(path, "r", NULL);

	if (!stream)
		return;
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(stream);
	g_object_unref(parser);
	if (!message)
		return;
	GMimeHeaderList *headers = g_mime_object_get_header_list((GMimeObject *)message);
	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *field = sender_field(g_mime_header_get_name(header));
		const char *raw = g_mime_header_get_raw_value(header);
		if (field && raw)
			show_value(field, raw);
	}
	/* What the message itself says, as mail programs ask it. */
	show_list("From", g_mime_message_get_from(message));
	show_list("Sender", g_mime_message_get_sender(message));
	show_list("Reply-To", g_mime_message_get_reply_to(message));
	g_object_unref(message);
}

int
main(void)
{
	char path[4096];

	g_mime_init();
	while (fgets(path, sizeof path, stdin)) {
		path[strcspn(path, "\n")] = '\0';
		alarm(PATIENCE);
		read_message(path);
		puts("done");
		fflush(stdout);
	}
	return 0;
}
