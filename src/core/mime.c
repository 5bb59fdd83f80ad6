/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mime: what GMime is asked: encoded words, a second opinion on built values, Content-Type.
 * May know: GMime; no other file does. Must not know: policy, which fields are sender fields.
 * Fails: never; what GMime cannot read counts as disagreement or as absent. It gets only valid
 * UTF-8, made from at most MIME_MAX bytes, and addresses only as we built them.
 * Follows RFC 2045, 2047, 5890.
 */
#include "mime.h"

#include <gmime/gmime.h>
#include <string.h>

static void
mime_init(void)
{
	static gsize once;

	/* GMime's readers need it; it only fills tables. */
	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

char *
mime_decode(const char *text, size_t length)
{
	g_autofree char *utf8 = g_utf8_make_valid(text, MIN(length, MIME_MAX));

	if (!strstr(utf8, "=?"))
		return g_steal_pointer(&utf8);
	mime_init();
	g_autofree char *decoded = g_mime_utils_header_decode_text(NULL, utf8);
	return g_utf8_make_valid(decoded, strlen(decoded));
}

/* An encoded word as lenient readers take it: without charset, with blanks, anything in its
 * charset, or open at its end. */
typedef struct {
	Span charset;
	char encoding;
	Span payload;
	size_t length;
} EncodedWord;

/* Reads the encoded word at @text (RFC 2047, 2). @closes: whether a `?=` is left to be looked for.
 */
static bool
encoded_word(const char *text, bool *closes, EncodedWord *ret_word)
{
	if (strncmp(text, "=?", 2) != 0)
		return false;
	Span charset = { text + 2, strcspn(text + 2, "?") };
	const char *at = charset.data + charset.length;
	if (at[0] != '?' || !at[1] || !strchr("bBqQ", at[1]) || at[2] != '?')
		return false;
	const char *payload = at + 3, *end = *closes ? strstr(payload, "?=") : NULL;
	*closes = end != NULL;
	if (!end)
		end = payload + strcspn(payload, "?");
	*ret_word = (EncodedWord){ .charset = charset,
		                   .encoding = at[1],
		                   .payload = { payload, (size_t)(end - payload) },
		                   .length = (size_t)(end - text) + (*closes ? 2 : *end == '?') };
	return true;
}

/* The name of the charset of @word, without language (RFC 2231, 5). (transfer full) */
static char *
charset_name(const EncodedWord *word)
{
	const char *star = memchr(word->charset.data, '*', word->charset.length);
	size_t length = star ? (size_t)(star - word->charset.data) : word->charset.length;
	char *name = g_strstrip(g_strndup(word->charset.data, length));

	return *name ? name : (g_free(name), g_strdup("utf-8"));
}

/* The octets that @payload stands for. (transfer full) */
static GByteArray *
payload_octets(const EncodedWord *word, Span payload)
{
	GByteArray *octets = g_byte_array_new();

	if (g_ascii_tolower(word->encoding) == 'b') {
		g_autofree char *text = g_strndup(payload.data, payload.length);
		gsize length;
		g_autofree guchar *decoded = g_base64_decode(text, &length);
		g_byte_array_append(octets, decoded, (guint)length);
		return octets;
	}
	for (size_t i = 0; i < payload.length; i++) {
		guint8 octet = payload.data[i] == '_' ? ' ' : (guint8)payload.data[i];
		if (octet == '=' && i + 2 < payload.length &&
		    g_ascii_isxdigit(payload.data[i + 1]) &&
		    g_ascii_isxdigit(payload.data[i + 2])) {
			octet = (guint8)(g_ascii_xdigit_value(payload.data[i + 1]) * 16 +
			                 g_ascii_xdigit_value(payload.data[i + 2]));
			i += 2;
		}
		g_byte_array_append(octets, &octet, 1);
	}
	return octets;
}

/* @octets in @charset; in Latin-1 where nobody knows that. NUL becomes U+FFFD. */
static void
append_octets(GString *to, const GByteArray *octets, const char *charset)
{
	gsize length;
	g_autofree char *text = g_convert((const char *)octets->data, octets->len, "UTF-8", charset,
	                                  NULL, &length, NULL);

	if (!text)
		text = g_convert((const char *)octets->data, octets->len, "UTF-8", "ISO-8859-1",
		                 NULL, &length, NULL);
	for (gsize i = 0; text && i < length; i++) {
		if (text[i])
			g_string_append_c(to, text[i]);
		else
			g_string_append(to, "\357\277\275");
	}
}

static bool
is_known_charset(const char *charset)
{
	GIConv converter = g_iconv_open("UTF-8", charset);

	if (converter == (GIConv)-1)
		return false;
	g_iconv_close(converter);
	return true;
}

/* GMime guesses at charsets that it does not know, and stops at NUL. */
static void
append_decoded(GString *to, const EncodedWord *word, Span payload)
{
	g_autofree char *charset = charset_name(word);
	g_autoptr(GByteArray) octets = payload_octets(word, payload);

	if ((octets->len && memchr(octets->data, 0, octets->len)) || !is_known_charset(charset)) {
		append_octets(to, octets, charset);
		return;
	}
	g_autofree char *canonical = g_strdup_printf("=?%s?%c?%.*s?=", charset, word->encoding,
	                                             (int)payload.length, payload.data);
	g_autofree char *plain = mime_decode(canonical, strlen(canonical));
	g_string_append(to, plain);
}

/* GMime stops at a padding inside and drops what is not padded; other readers go on. */
static void
append_base64(GString *to, const EncodedWord *word)
{
	g_autoptr(GString) payload = g_string_new(NULL);

	for (size_t i = 0; i <= word->payload.length; i++) {
		char c = i < word->payload.length ? word->payload.data[i] : '=';
		if (g_ascii_isalnum(c) || c == '+' || c == '/')
			g_string_append_c(payload, c);
		if (c != '=' || payload->len == 0)
			continue;
		while (payload->len % 4)
			g_string_append_c(payload, '=');
		append_decoded(to, word, (Span){ payload->str, payload->len });
		g_string_truncate(payload, 0);
	}
}

char *
mime_decode_words(const char *text, size_t length)
{
	g_autofree char *utf8 = g_utf8_make_valid(text, MIN(length, MIME_MAX));
	bool after_word = false, closes = true;

	if (!strstr(utf8, "=?"))
		return g_steal_pointer(&utf8);
	GString *decoded = g_string_new(NULL);
	for (const char *at = utf8; *at;) {
		size_t blanks = strspn(at, " \t\r\n");
		EncodedWord word;
		if (!encoded_word(at + blanks, &closes, &word)) {
			size_t step = blanks ? blanks : 1;
			g_string_append_len(decoded, at, (gssize)step);
			at += step;
			after_word = false;
			continue;
		}
		if (!after_word)
			g_string_append_len(decoded, at, (gssize)blanks);
		if (g_ascii_tolower(word.encoding) == 'b')
			append_base64(decoded, &word);
		else
			append_decoded(decoded, &word, word.payload);
		at += blanks + word.length;
		after_word = true;
	}
	return g_string_free(decoded, false);
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

	mime_init();
	g_autofree char *text = g_strndup(value, length);
	InternetAddressList *list = internet_address_list_parse(NULL, text);
	if (list && internet_address_list_length(list) == (int)addresses->len) {
		agrees = true;
		for (guint i = 0; agrees && i < addresses->len; i++) {
			InternetAddress *address = internet_address_list_get_address(list, i);
			const char *name = internet_address_get_name(address);
			agrees = INTERNET_ADDRESS_IS_MAILBOX(address) && !(name && *name) &&
			         same_address(internet_address_mailbox_get_addr(
			                              INTERNET_ADDRESS_MAILBOX(address)),
			                      g_ptr_array_index(addresses, i));
		}
	}
	g_clear_object(&list);
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
	mime_init();
	GMimeContentType *type = g_mime_content_type_parse(NULL, text);
	if (!type)
		return NULL;
	const char *protocol = g_mime_content_type_get_parameter(type, "protocol");
	if (g_mime_content_type_is_type(type, "multipart", "signed") ||
	    g_mime_content_type_is_type(type, "multipart", "encrypted"))
		signature = protocol && g_ascii_strncasecmp(protocol, "application/pgp", 15) == 0
		                    ? "pgp"
		                    : "smime";
	else if (g_mime_content_type_is_type(type, "application", "pkcs7-mime") ||
	         g_mime_content_type_is_type(type, "application", "x-pkcs7-mime"))
		signature = "smime";
	g_object_unref(type);
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
