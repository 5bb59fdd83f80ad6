/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mime: what GMime is asked: a second opinion on built values, Content-Type; and domains compared.
 * May know: GMime; no other file does. Must not know: policy, which fields are sender fields.
 * Fails: never; what GMime cannot read counts as disagreement or as absent. It gets only valid
 * UTF-8, made from at most MIME_MAX bytes, and addresses only as we built them.
 * Follows RFC 2045, 5890.
 */
#include "mime.h"

#include <gmime/gmime.h>
#include <string.h>

#include "library.h"

/* All that is called of GMime, and of GObject for its sake. GMime is loaded when it is first
 * needed, which is for few messages: with the 13 libraries that it brings along it would be 40 % of
 * what a filter takes. */
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

#ifdef STATIC_LIBRARIES
#define OPEN() NULL
#define FIND(name) gmime.name = name;
#else
#define OPEN() library_open("libgmime-3.0.so.0")
#define FIND(name) gmime.name = (typeof(name) *)library_symbol(library, #name);
#endif

void
mime_load(void)
{
	static gsize once;

	if (g_once_init_enter(&once)) {
		G_GNUC_UNUSED void *library = OPEN();
		FUNCTIONS(FIND)
		/* GMime's readers need it; it only fills tables. */
		gmime.g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

char *
mime_domain(const char *domain)
{
	/* GLib's time grows as the square of a run of combining marks. */
	bool fold = !g_str_is_ascii(domain) && strlen(domain) <= MIME_DOMAIN_MAX;
	g_autofree char *ascii = fold ? g_hostname_to_ascii(domain) : NULL;
	char *lower = g_ascii_strdown(ascii ? ascii : domain, -1);
	size_t length = strlen(lower);

	while (length && lower[length - 1] == '.')
		length--;
	lower[length] = '\0';
	return lower;
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

/* Whether @value is @address and holds nothing that two readers could read in two ways: no quotes,
 * no A-labels. GMime takes its time, and such are nearly all. */
static bool
is_beyond_doubt(const char *value, size_t length, const char *address)
{
	size_t ats = 0;

	for (size_t i = 0; i < length; i++) {
		if (value[i] == '@')
			ats++;
		else if (!g_ascii_isalnum(value[i]) && !(value[i] && strchr("._+-", value[i])))
			return false;
	}
	return ats == 1 && !memmem(value, length, "--", 2) && strlen(address) == length &&
	       memcmp(value, address, length) == 0;
}

bool
mime_agrees(const char *value, size_t length, const GPtrArray *addresses)
{
	bool agrees = false;

	if (addresses->len == 1 && is_beyond_doubt(value, length, g_ptr_array_index(addresses, 0)))
		return true;

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

/* What a body of the type in @value may be signed or encrypted with; NULL: nothing. */
static const char *
content_signature(Span value)
{
	const char *signature = NULL;
	g_autofree char *text = g_utf8_make_valid(value.data, MIN(value.length, MIME_MAX));
	g_autofree char *lower = g_ascii_strdown(text, -1);

	/* GMime takes its time, and most types are none of these. */
	if (!strstr(lower, "signed") && !strstr(lower, "encrypted") && !strstr(lower, "pkcs7-mime"))
		return NULL;
	mime_load();
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
