/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * encoded: octets and encoded words -> the text that the most lenient reader shows.
 * May know: RFC 2047, charsets by GLib's iconv. Must not know: fields, GMime.
 * Fails: only at a bound; what no charset explains is read as Windows-1252.
 * Follows RFC 2047 and RFC 2231, 5; accepts more than these do.
 */
#include "encoded.h"

#include <string.h>

#include "text.h"

/* The characters of Windows-1252 in place of Latin-1's controls 0x80 to 0x9f. */
static const guint16 c1_range[32] = {
	0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
	0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

static void
append_octet(GString *to, unsigned char octet)
{
	if (octet == 0)
		g_string_append(to, "\357\277\275"); /* U+FFFD */
	else if (octet < 0x80)
		g_string_append_c(to, (char)octet);
	else
		g_string_append_unichar(to, octet < 0xa0 ? c1_range[octet - 0x80] : octet);
}

static void
append_utf8(GString *to, const char *bytes, size_t length)
{
	const char *end = bytes + length, *bad;

	while (bytes < end) {
		g_utf8_validate_len(bytes, (gsize)(end - bytes), &bad);
		g_string_append_len(to, bytes, bad - bytes);
		if (bad < end)
			append_octet(to, (unsigned char)*bad++);
		bytes = bad;
	}
}

char *
encoded_utf8(const char *bytes, size_t length)
{
	GString *utf8 = g_string_sized_new(length);

	append_utf8(utf8, bytes, length);
	return g_string_free(utf8, false);
}

typedef struct {
	const char *charset;
	size_t charset_length;
	char encoding; /* b or q */
	const char *payload;
	size_t payload_length;
	size_t length;
} Word;

/* Reads the encoded word at @text. *@closes: whether the rest of the text may have a `?=`; once it
 * has none, this does not search again. */
static bool
read_word(const char *text, bool *closes, Word *ret_word)
{
	if (text[0] != '=' || text[1] != '?')
		return false;
	const char *charset = text + 2, *mark = charset + strcspn(charset, "?");
	if (!mark[0] || !mark[1] || !strchr("bBqQ", mark[1]) || mark[2] != '?')
		return false;
	const char *payload = mark + 3, *end = *closes ? strstr(payload, "?=") : NULL;
	*closes = end != NULL;
	if (!end)
		end = payload + strcspn(payload, "?");
	*ret_word = (Word){ .charset = charset,
		            .charset_length = (size_t)(mark - charset),
		            .encoding = g_ascii_tolower(mark[1]),
		            .payload = payload,
		            .payload_length = (size_t)(end - payload),
		            .length = (size_t)(end - text) + (*closes ? 2 : *end == '?') };
	return true;
}

static void
append_quoted(GString *octets, const Word *word)
{
	const char *at = word->payload, *end = at + word->payload_length;

	for (; at < end; at++) {
		if (*at == '_') {
			g_string_append_c(octets, ' ');
		} else if (*at == '=' && end - at > 2 && g_ascii_isxdigit(at[1]) &&
		           g_ascii_isxdigit(at[2])) {
			g_string_append_c(octets, (char)(g_ascii_xdigit_value(at[1]) << 4 |
			                                 g_ascii_xdigit_value(at[2])));
			at += 2;
		} else {
			g_string_append_c(octets, *at);
		}
	}
}

/* Padding inside the text restarts the decoding; missing padding is ignored. */
static void
append_base64(GString *octets, const Word *word)
{
	guint32 bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < word->payload_length; i++) {
		char c = word->payload[i];
		if (c == '=')
			n = 0;
		unsigned value = g_ascii_isupper(c)   ? (unsigned)(c - 'A')
		                 : g_ascii_islower(c) ? (unsigned)(c - 'a' + 26)
		                 : g_ascii_isdigit(c) ? (unsigned)(c - '0' + 52)
		                 : c == '+'           ? 62
		                 : c == '/'           ? 63
		                                      : 64;
		if (value == 64)
			continue;
		bits = bits << 6 | value;
		n += 6;
		if (n >= 8) {
			n -= 8;
			g_string_append_c(octets, (char)(bits >> n));
		}
	}
}

typedef enum { CHARSET_UTF8, CHARSET_LATIN1, CHARSET_OTHER } Kind;

typedef struct {
	GString *text;   /* decoded so far */
	GString *octets; /* of adjacent words in one charset, not yet read as text */
	char *charset;   /* of these octets, in lower case; NULL: there are none */
	GIConv iconv;    /* for the last unusual charset, or (GIConv)-1 */
	char *name;      /* of that charset; NULL: none yet */
	unsigned changes;
} Decoder;

/* The byte order of UTF-16: by its mark, or else by the zeros that most texts are full of. */
static const char *
order_of_utf16(const GString *octets)
{
	size_t zeros[2] = { 0, 0 };

	if (octets->len >= 2 &&
	    (memcmp(octets->str, "\376\377", 2) == 0 || memcmp(octets->str, "\377\376", 2) == 0))
		return "utf-16";
	for (size_t i = 0; i < octets->len; i++)
		zeros[i % 2] += octets->str[i] == 0;
	return zeros[1] > zeros[0] ? "utf-16le" : "utf-16be";
}

static bool
is_one_of(const char *charset, const char *const *names)
{
	while (*names && !g_str_equal(*names, charset))
		names++;
	return *names != NULL;
}

static Kind
kind_of(const char *charset)
{
	static const char *const utf8[] = { "", "utf-8", "utf8", "us-ascii", "ascii", NULL };
	static const char *const latin1[] = { "iso-8859-1",   "iso8859-1", "latin1", "latin-1",
		                              "windows-1252", "cp1252",    NULL };

	if (is_one_of(charset, utf8))
		return CHARSET_UTF8;
	/* Anything else than a name might be a path or an option to iconv. */
	if (is_one_of(charset, latin1) || strlen(charset) > 40 ||
	    charset[strspn(charset, "abcdefghijklmnopqrstuvwxyz0123456789-_.:+")])
		return CHARSET_LATIN1;
	return CHARSET_OTHER;
}

static void
append_by_iconv(Decoder *d)
{
	gchar *from = d->octets->str;
	gsize left = d->octets->len;

	g_iconv(d->iconv, NULL, NULL, NULL, NULL);
	while (left > 0) {
		char buffer[4096], *to = buffer;
		gsize room = sizeof buffer;
		gsize done = g_iconv(d->iconv, &from, &left, &to, &room);
		append_utf8(d->text, buffer, (size_t)(to - buffer));
		if (done == (gsize)-1 && left > 0 && to == buffer) {
			append_octet(d->text, (unsigned char)*from++);
			left--;
		}
	}
}

static void
close_iconv(Decoder *d)
{
	if (d->iconv != (GIConv)-1)
		g_iconv_close(d->iconv);
	d->iconv = (GIConv)-1;
	g_clear_pointer(&d->name, g_free);
}

/* Opens iconv for @charset, unless it is open. False: too many charsets. */
static bool
change_iconv(Decoder *d, const char *charset)
{
	if (d->name && g_str_equal(d->name, charset))
		return true;
	if (++d->changes > ENCODED_CHARSETS_MAX)
		return false;
	close_iconv(d);
	d->name = g_strdup(charset);
	d->iconv = g_iconv_open("UTF-8", charset);
	return true;
}

/* Reads the gathered octets as text. False: too many charsets. */
static bool
flush(Decoder *d)
{
	static const char *const utf16[] = { "utf-16", "utf16", "ucs-2", "iso-10646-ucs-2", NULL };
	g_autofree char *charset = g_steal_pointer(&d->charset);
	Kind kind = charset ? kind_of(charset) : CHARSET_UTF8;

	if (kind == CHARSET_OTHER) {
		const char *name = is_one_of(charset, utf16) ? order_of_utf16(d->octets) : charset;
		if (!change_iconv(d, name))
			return false;
		if (d->iconv == (GIConv)-1)
			kind = CHARSET_LATIN1;
		else
			append_by_iconv(d);
	}
	if (kind == CHARSET_UTF8)
		append_utf8(d->text, d->octets->str, d->octets->len);
	for (size_t i = 0; kind == CHARSET_LATIN1 && i < d->octets->len; i++)
		append_octet(d->text, (unsigned char)d->octets->str[i]);
	g_string_truncate(d->octets, 0);
	return true;
}

/* Decodes @word, and gathers its octets. False: too many charsets. */
static bool
add_word(Decoder *d, const Word *word)
{
	size_t length = word->charset_length;
	const char *language = memchr(word->charset, '*', length); /* RFC 2231, 5 */

	if (language)
		length = (size_t)(language - word->charset);
	g_autofree char *charset = g_ascii_strdown(word->charset, (gssize)length);
	if (d->charset && !g_str_equal(d->charset, charset) && !flush(d))
		return false;
	if (!d->charset)
		d->charset = g_steal_pointer(&charset);
	if (word->encoding == 'b')
		append_base64(d->octets, word);
	else
		append_quoted(d->octets, word);
	return true;
}

static bool
decode(Decoder *d, const char *text)
{
	bool after_word = false, closes = true;

	for (const char *at = text; *at;) {
		size_t blanks = strspn(at, " \t\r\n");
		Word word;
		if (read_word(at + blanks, &closes, &word)) {
			if (!after_word)
				g_string_append_len(d->text, at, (gssize)blanks);
			if (!add_word(d, &word))
				return false;
			at += blanks + word.length;
			after_word = true;
			continue;
		}
		if (after_word && !flush(d))
			return false;
		after_word = false;
		size_t step = blanks ? blanks : MAX(strcspn(at, "= \t\r\n"), 1);
		g_string_append_len(d->text, at, (gssize)step);
		at += step;
	}
	return flush(d);
}

char *
encoded_decode(const char *text)
{
	if (!strstr(text, "=?"))
		return g_strdup(text);
	Decoder d = { .text = g_string_new(NULL),
		      .octets = g_string_new(NULL),
		      .iconv = (GIConv)-1 };
	bool done = decode(&d, text);

	close_iconv(&d);
	g_string_free(d.octets, true);
	g_free(d.charset);
	g_autofree char *decoded = g_string_free(d.text, false);
	if (!done)
		return NULL;
	return g_steal_pointer(&decoded);
}

char *
encoded_show(const char *bytes, size_t length)
{
	g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)length);
	g_autofree char *decoded = strstr(valid, "=?") ? encoded_decode(valid) : NULL;

	return text_cut(decoded ? decoded : valid, TEXT_MAX);
}
