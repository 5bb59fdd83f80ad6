/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mime: what GMime is used for: a second opinion on built values, and Content-Type; and comparing
 * domains.
 * May know: GMime; no other file may. Must not know: policy, which fields are sender fields.
 * Fails: never; what GMime cannot read counts as disagreement or as absent. It gets only valid
 * UTF-8, made from at most MIME_MAX bytes, and addresses only as we built them.
 * Follows RFC 2045, 5890.
 */
#include "mime.h"

#include <gmime/gmime.h>
#include <string.h>

#include "lexer.h"
#include "library.h"

/* All functions of GMime that are called, and of GObject for its sake. GMime is loaded only when it
 * is first needed, which few messages do: with the 13 libraries that come with it, it would be 40 %
 * of the work of a filter. */
#define FUNCTIONS(EACH)                                                                            \
	EACH(g_mime_init)                                                                          \
	EACH(g_mime_content_type_parse)                                                            \
	EACH(g_mime_content_type_get_parameter)                                                    \
	EACH(g_mime_content_type_is_type)                                                          \
	EACH(internet_address_get_name)                                                            \
	EACH(internet_address_list_get_address)                                                    \
	EACH(internet_address_list_length)                                                         \
	EACH(internet_address_list_parse)                                                          \
	EACH(internet_address_mailbox_get_addr)                                                    \
	EACH(internet_address_mailbox_get_type)                                                    \
	EACH(g_object_unref)

#define MEMBER(name) typeof(name) *name;

static struct {
	FUNCTIONS(MEMBER)
} gmime;

#define FIND(name) gmime.name = (typeof(name) *)library_symbol(library, #name);

void
mime_load(void)
{
	static gsize once;

	if (g_once_init_enter(&once)) {
		void *library = library_open("libgmime-3.0.so.0");
		FUNCTIONS(FIND)
		/* GMime's parsers need it; it only fills tables. */
		gmime.g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

char *
mime_domain(const char *domain)
{
	/* Bounded, since GLib's time grows as the square of a run of combining marks. */
	bool fold = !g_str_is_ascii(domain) && strlen(domain) <= MIME_DOMAIN_MAX;
	g_autofree char *ascii = fold ? g_hostname_to_ascii(domain) : NULL;
	char *lower = g_ascii_strdown(ascii ? ascii : domain, -1);
	size_t length = strlen(lower);

	while (length && lower[length - 1] == '.')
		length--;
	lower[length] = '\0';
	return lower;
}

bool
mime_is_domain(const char *domain)
{
	/* Other dots become ASCII's. */
	g_autofree char *folded = mime_domain(domain);

	if (!*domain || *domain == '.' || strstr(domain, "..") || *folded == '.' ||
	    strstr(folded, ".."))
		return false;
	for (; *domain; domain++) {
		if (!g_ascii_isalnum(*domain) && !strchr("-_.", *domain) &&
		    (unsigned char)*domain < 0x80)
			return false;
	}
	return true;
}

static bool
same_address(const char *a, const char *b)
{
	const char *at_a = strrchr(a, '@'), *at_b = strrchr(b, '@');

	if (!at_a || !at_b || at_a - a != at_b - b || memcmp(a, b, at_a - a) != 0)
		return false;
	if (g_str_equal(at_a, at_b))
		return true;
	g_autofree char *domain_a = mime_domain(at_a + 1), *domain_b = mime_domain(at_b + 1);
	return g_str_equal(domain_a, domain_b);
}

bool
mime_agrees(const char *value, size_t length, const GPtrArray *addresses)
{
	bool agrees = false;

	mime_load();
	g_autofree char *text = g_strndup(value, length);
	InternetAddressList *list = gmime.internet_address_list_parse(NULL, text);
	if (list && gmime.internet_address_list_length(list) == (int)addresses->len) {
		agrees = true;
		for (guint i = 0; agrees && i < addresses->len; i++) {
			InternetAddress *address = gmime.internet_address_list_get_address(list, i);
			const char *name = gmime.internet_address_get_name(address);
			agrees = G_TYPE_FROM_INSTANCE(address) ==
			                 gmime.internet_address_mailbox_get_type() &&
			         !(name && *name) &&
			         same_address(gmime.internet_address_mailbox_get_addr(
			                              (InternetAddressMailbox *)address),
			                      g_ptr_array_index(addresses, i));
		}
	}
	if (list)
		gmime.g_object_unref(list);
	return agrees;
}

/* Whether @type holds a word of those that content_signature() knows. Most types do not, which
 * saves GMime, which is slow. */
static bool
may_be_signed(Span type)
{
	static const char *const words[] = { "signed", "encrypted", "pkcs7-mime" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t length = strlen(words[i]);
		for (size_t at = 0; at + length <= type.length; at++) {
			if (lexer_is_letter(type.data[at], *words[i]) &&
			    lexer_same(type.data + at, words[i], length))
				return true;
		}
	}
	return false;
}

/* With what a body of the type in @value is signed or encrypted; NULL: it is not. Static. */
static const char *
content_signature(Span value)
{
	const char *signature = NULL;

	value.length = MIN(value.length, MIME_MAX);
	if (!may_be_signed(value))
		return NULL;
	mime_load();
	g_autofree char *text = g_utf8_make_valid(value.data, value.length);
	GMimeContentType *type = gmime.g_mime_content_type_parse(NULL, text);
	if (!type)
		return NULL;
	const char *protocol = gmime.g_mime_content_type_get_parameter(type, "protocol");
	if (gmime.g_mime_content_type_is_type(type, "multipart", "signed") ||
	    gmime.g_mime_content_type_is_type(type, "multipart", "encrypted"))
		signature = protocol && g_ascii_strncasecmp(protocol, "application/pgp", 15) == 0
		                    ? "pgp"
		                    : "smime";
	else if (gmime.g_mime_content_type_is_type(type, "application", "pkcs7-mime") ||
	         gmime.g_mime_content_type_is_type(type, "application", "x-pkcs7-mime"))
		signature = "smime";
	gmime.g_object_unref(type);
	return signature;
}

void
mime_read_head(const Head *head, char ***ret_signatures, char **ret_message_id)
{
	enum { DKIM, TYPE, ID, ARC_SEAL, ARC_SIGNATURE };
	static const char *const names[] = {
		[DKIM] = "DKIM-Signature",
		[TYPE] = "Content-Type",
		[ID] = "Message-ID",
		[ARC_SEAL] = "ARC-Seal",
		[ARC_SIGNATURE] = "ARC-Message-Signature",
		NULL,
	};
	GPtrArray *signatures = g_ptr_array_new();
	const char *found[] = { NULL, NULL, NULL };
	bool has_type = false;
	HeadItem item;
	size_t at = 0;

	*ret_message_id = NULL;
	while (head_next_named(head, &at, names, &item)) {
		switch (item.asked) {
		case DKIM:
			found[0] = "dkim";
			break;
		case TYPE:
			if (!has_type)
				found[2] = content_signature(item.value);
			has_type = true;
			break;
		case ID:
			if (!*ret_message_id)
				*ret_message_id = g_strstrip(g_utf8_make_valid(
				        item.value.data, MIN(item.value.length, MIME_MAX)));
			break;
		default:
			found[1] = "arc";
			break;
		}
	}
	for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
		if (found[i])
			g_ptr_array_add(signatures, g_strdup(found[i]));
	}
	g_ptr_array_add(signatures, NULL);
	*ret_signatures = (char **)g_ptr_array_free(signatures, false);
}
