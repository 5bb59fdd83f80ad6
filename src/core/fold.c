/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fold: a text -> its words in two foldings: as one who knows the language reads it (plain), and as
 * it looks (look-alike).
 * May know: Unicode. Must not know: names, fields, encodings.
 * Fails: never. Linear in the text: marks in a row are bounded, since GLib sorts them.
 * Follows UAX 15 and 44, UTS 39, 4 (skeleton, per character), by the table in fold-tables.h.
 */
#include "fold.h"

#include <string.h>

#include "fold-tables.h"
#include "unicode.h"

#define MARKS_MAX 30
#define TATWEEL 0x640

/* To be incremented when a change to this file, or to the titles in listing.c, makes other rows of
 * a directory: compiled ones must then be built again. */
#define FOLD_REVISION 3

char *
fold_version(void)
{
	return g_strdup_printf("%d, Unicode " FOLD_TABLES_UNICODE ", GLib %u.%u", FOLD_REVISION,
	                       glib_major_version, glib_minor_version);
}

static bool
is_apostrophe(gunichar c)
{
	return c == '\'' || c == '`' || c == 0xb4 || c == 0x2bb || c == 0x2bc || c == 0x2018 ||
	       c == 0x2019 || c == 0x2032;
}

char *
fold_case(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[n] && (unsigned char)text[n] < 0x80)
		n++;
	/* GLib is slow, and nearly all are ASCII. */
	if (n == length)
		return g_ascii_strdown(text, (gssize)length);
	if (length > FOLD_CASE_MAX)
		return NULL;
	g_autofree char *normal = g_utf8_normalize(text, (gssize)length, G_NORMALIZE_ALL_COMPOSE);
	return normal ? g_utf8_casefold(normal, -1) : NULL;
}

static const FoldTarget *
find_target(const FoldTarget *table, size_t n, gunichar c)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (table[middle].from == c)
			return &table[middle];
		if (table[middle].from < c)
			low = middle + 1;
		else
			n = middle;
	}
	return NULL;
}

bool
fold_is_mark(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);

	return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/* Decomposes @c (NFD; NFKD if @compatible) into @parts, and returns how many there are. */
static gsize
take_apart(gunichar c, bool compatible, gunichar *parts)
{
	/* Unified ideographs decompose to themselves, which GLib takes long to find. */
	if (c >= 0x4e00 && c <= 0x9fff) {
		*parts = c;
		return 1;
	}
	return g_unichar_fully_decompose(c, compatible, parts, G_UNICHAR_MAX_DECOMPOSITION_LENGTH);
}

/* Appends @c decomposed, without invisible characters; *@marks counts the marks that end @to. */
static void
append_apart(GString *to, gunichar c, unsigned *marks)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gsize n = take_apart(c, true, parts);

	for (gsize i = 0; i < n; i++) {
		if (unicode_is_ignorable(parts[i]) || parts[i] == TATWEEL)
			continue;
		bool sorted = fold_is_mark(parts[i]) || g_unichar_combining_class(parts[i]) != 0;
		*marks = sorted ? *marks + 1 : 0;
		if (*marks <= MARKS_MAX)
			g_string_append_unichar(to, parts[i]);
	}
}

#define CHUNK_MAX 64

/* Whether @c is never composed with the character before it, nor reordered before it. */
static bool
begins_chunk(gunichar c)
{
	if (c < 0x300)
		return true;
	/* Vowels and final consonants of Hangul; the vowel sign of Kirat Rai (Unicode 16). */
	return !(c >= 0x1160 && c <= 0x11ff) && c != 0x16d67 && !g_unichar_ismark(c) &&
	       g_unichar_combining_class(c) == 0;
}

/* Appends the decomposed characters in @at..@end, composed. */
static void
append_composed(GString *to, const char *at, const char *end)
{
	gunichar first = g_utf8_get_char(at), whole = first;
	const char *next = g_utf8_next_char(at), *second = next;

	/* Mostly they compose into one character, or a mark stays a mark. */
	while (next < end && g_unichar_compose(whole, g_utf8_get_char(next), &whole))
		next = g_utf8_next_char(next);
	if (next == end) {
		g_string_append_unichar(to, whole);
		return;
	}
	bool is_pair = g_utf8_next_char(second) == end && g_unichar_combining_class(first) == 0;
	g_autofree char *chunk = is_pair ? NULL : g_utf8_normalize(at, end - at, G_NORMALIZE_NFC);
	if (chunk)
		g_string_append(to, chunk);
	else
		g_string_append_len(to, at, end - at);
}

/* Composes a decomposed text (NFC), piece by piece, since GLib moves the whole rest of a text for
 * each character that it composes. (transfer full) */
static char *
compose(const GString *apart)
{
	GString *composed = g_string_sized_new(apart->len);
	const char *from = apart->str; /* what begins here stays as it is */

	for (const char *at = apart->str; *at;) {
		const char *end = g_utf8_next_char(at);
		unsigned n = 1;
		while (*end && n < CHUNK_MAX && !begins_chunk(g_utf8_get_char(end))) {
			end = g_utf8_next_char(end);
			n++;
		}
		if (n > 1) {
			g_string_append_len(composed, from, at - from);
			append_composed(composed, at, end);
			from = end;
		}
		at = end;
	}
	g_string_append(composed, from);
	return g_string_free(composed, false);
}

/* How many bytes from @at on are printable ASCII other than apostrophes, which stays as it is. */
static size_t
plain_span(const char *at)
{
	size_t n = 0;

	while (at[n] >= ' ' && at[n] < 0x7f && at[n] != '\'' && at[n] != '`')
		n++;
	return n;
}

/* The letter for a small capital, FOLD_APOSTROPHE for an apostrophe, else @c. */
static gunichar
meant_by(gunichar c)
{
	if (is_apostrophe(c))
		return FOLD_APOSTROPHE;
	const FoldTarget *small =
	        c < 0x80 ? NULL : find_target(small_capitals, G_N_ELEMENTS(small_capitals), c);
	return small ? small->to : c;
}

/* NFKC without invisible characters; if @vanish, apostrophes and small capitals are replaced by
 * what they mean. *@ret_vanished: one was replaced. (transfer full) */
static char *
normal(const char *utf8, bool vanish, bool *ret_vanished)
{
	g_autoptr(GString) apart = g_string_sized_new(strlen(utf8));
	unsigned marks = 0;

	*ret_vanished = false;

	for (const char *at = utf8; *at;) {
		size_t plain = plain_span(at);
		if (plain > 0) {
			g_string_append_len(apart, at, (gssize)plain);
			at += plain;
			marks = 0;
			continue;
		}
		gunichar c = g_utf8_get_char(at);
		at = g_utf8_next_char(at);
		if (vanish) {
			gunichar meant = meant_by(c);
			*ret_vanished = *ret_vanished || meant != c;
			c = meant;
		}
		if (c >= 0x80)
			append_apart(apart, c, &marks);
		else if (!unicode_is_ignorable(c))
			g_string_append_c(apart, (char)c);
		if (c < 0x80)
			marks = 0;
	}
	return compose(apart);
}

FoldText
fold_read(const char *utf8, char **ret_shown)
{
	FoldText text = { NULL, 0 };
	bool vanished, unused;
	g_autofree char *composed = normal(utf8, true, &vanished);
	glong length;

	text.chars = g_utf8_to_ucs4_fast(composed, -1, &length);
	text.length = (size_t)length;
	for (size_t i = 0; i < text.length; i++) {
		if (is_apostrophe(text.chars[i]))
			text.chars[i] = FOLD_APOSTROPHE;
	}
	if (ret_shown)
		*ret_shown = vanished ? normal(utf8, false, &unused) : g_steal_pointer(&composed);
	return text;
}

void
fold_text_clear(FoldText *text)
{
	g_clear_pointer(&text->chars, g_free);
	text->length = 0;
}

bool
fold_is_word_char(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((char)c);
	switch (g_unichar_type(c)) {
	case G_UNICODE_UPPERCASE_LETTER:
	case G_UNICODE_LOWERCASE_LETTER:
	case G_UNICODE_TITLECASE_LETTER:
	case G_UNICODE_MODIFIER_LETTER:
	case G_UNICODE_OTHER_LETTER:
	case G_UNICODE_DECIMAL_NUMBER:
	case G_UNICODE_SPACING_MARK:
		return true;
	default:
		return false;
	}
}

bool
fold_is_wide(gunichar c)
{
	/* Common ranges first, since GLib takes long to find a script. */
	if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3))
		return true;
	if (c < 0x1100 || (c >= 0x1200 && c < 0x2e80) || (c >= 0xa000 && c < 0xa900))
		return false;
	if (c == 0x3006 || c == 0x30fc) /* letters that several scripts share */
		return true;
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
		return true;
	default:
		return false;
	}
}

#define CACHE_SIZE 1024
#define CACHE_PAGE 64
#define CACHED_MAX 22

/* What a character folds to; a longer result is not cached. */
typedef struct {
	gunichar c;
	guint8 length;
	bool is_word; /* all of it is word characters */
	char bytes[CACHED_MAX];
} Cached;

struct _Folder {
	/* Pages of CACHE_PAGE characters, NULL until needed: most texts need two. */
	Cached *cache[FOLDINGS][CACHE_SIZE / CACHE_PAGE];
	GString *folded; /* the last result that was not in the cache */
	GString *scratch;
};

Folder *
folder_new(void)
{
	Folder *folder = g_new0(Folder, 1);

	folder->folded = g_string_new(NULL);
	folder->scratch = g_string_new(NULL);
	return folder;
}

void
folder_free(Folder *folder)
{
	for (int f = 0; f < FOLDINGS; f++) {
		for (size_t i = 0; i < CACHE_SIZE / CACHE_PAGE; i++)
			g_free(folder->cache[f][i]);
	}
	g_string_free(folder->folded, true);
	g_string_free(folder->scratch, true);
	g_free(folder);
}

/* Whether characters of this type may change by case folding. GLib's takes strings, and is slow. */
static bool
has_case(GUnicodeType type)
{
	switch (type) {
	case G_UNICODE_UPPERCASE_LETTER:
	case G_UNICODE_LOWERCASE_LETTER:
	case G_UNICODE_TITLECASE_LETTER:
	case G_UNICODE_NON_SPACING_MARK:
	case G_UNICODE_LETTER_NUMBER:
	case G_UNICODE_OTHER_SYMBOL:
		return true;
	default:
		return false;
	}
}

/* Small letters of Cherokee fold to these. GLib folds them in turn to the small ones. */
static bool
is_cherokee_capital(gunichar c)
{
	return c >= 0x13a0 && c <= 0x13f5;
}

/* Appends @c, case-folded. */
static void
append_case_folded(GString *to, gunichar c)
{
	char utf8[6];
	int length = g_unichar_to_utf8(c, utf8);

	if (c < 0x80) {
		g_string_append_c(to, g_ascii_tolower((char)c));
	} else if (has_case(g_unichar_type(c)) && !is_cherokee_capital(c)) {
		g_autofree char *folded = g_utf8_casefold(utf8, length);
		g_string_append(to, folded);
	} else {
		g_string_append_len(to, utf8, length);
	}
}

static void
append_latin(GString *to, gunichar c)
{
	static const struct {
		gunichar c;
		const char *latin;
	} letters[] = {
		{ 0xe6, "ae" }, { 0x153, "oe" }, { 0xf8, "o" },  { 0x111, "d" },
		{ 0xf0, "d" },  { 0xfe, "th" },  { 0x142, "l" }, { 0x127, "h" },
		{ 0x131, "i" }, { 0x167, "t" },  { 0x14b, "n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(letters) && c < 0x180; i++) {
		if (letters[i].c == c) {
			g_string_append(to, letters[i].latin);
			return;
		}
	}
	g_string_append_unichar(to, c);
}

static void
fold_plain(GString *to, GString *scratch, gunichar c)
{
	g_string_truncate(scratch, 0);
	append_case_folded(scratch, c);
	for (const char *at = scratch->str; *at; at = g_utf8_next_char(at)) {
		gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
		gsize n = take_apart(g_utf8_get_char(at), true, parts);
		for (gsize i = 0; i < n; i++) {
			if (!fold_is_mark(parts[i]))
				append_latin(to, parts[i]);
		}
	}
}

/* Appends the skeleton of @c (UTS 39, 4) without its marks, case-folded. */
static void
append_skeleton(GString *to, gunichar c)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gsize n = take_apart(c, false, parts);

	for (gsize i = 0; i < n; i++) {
		const FoldTarget *found = find_target(skeletons, G_N_ELEMENTS(skeletons), parts[i]);
		guint32 target = found ? found->to : parts[i];
		guint32 one = target, length = 1;
		const guint32 *text = &one;
		if (target > 0x10ffff) {
			text = skeleton_texts + (target & 0xffffff);
			length = target >> 24;
		}
		for (guint32 k = 0; k < length; k++) {
			if (!fold_is_mark(text[k]))
				append_case_folded(to, text[k]);
		}
	}
}

static bool
is_just(const GString *text, gunichar c)
{
	char utf8[6];
	size_t length = (size_t)g_unichar_to_utf8(c, utf8);

	return text->len == length && memcmp(text->str, utf8, length) == 0;
}

static void
fold_look_alike(GString *to, GString *scratch, gunichar c)
{
	g_string_truncate(scratch, 0);
	append_skeleton(scratch, c);
	if (is_just(scratch, c))
		g_string_append_len(to, scratch->str, (gssize)scratch->len);
	else
		for (const char *at = scratch->str; *at; at = g_utf8_next_char(at))
			append_skeleton(to, g_utf8_get_char(at));
	for (char *at = to->str; *at; at++) {
		if (*at == 'i')
			*at = 'l';
	}
}

/* What a character folds to; valid until the next fold_one(). */
typedef struct {
	const char *bytes;
	guint length;
	bool is_word; /* all of it is word characters */
} Folded;

static Cached *
cached_at(Folder *folder, Folding folding, gunichar c)
{
	size_t at = c % CACHE_SIZE;
	Cached **page = &folder->cache[folding][at / CACHE_PAGE];

	if (!*page)
		*page = g_new0(Cached, CACHE_PAGE);
	return *page + at % CACHE_PAGE;
}

static Folded
fold_one(Folder *folder, Folding folding, gunichar c)
{
	GString *to = folder->folded;

	if (c == FOLD_APOSTROPHE || c == 0)
		return (Folded){ "", 0, true };
	Cached *cached = cached_at(folder, folding, c);
	if (cached->c == c)
		return (Folded){ cached->bytes, cached->length, cached->is_word };
	g_string_truncate(to, 0);
	if (folding == FOLD_PLAIN)
		fold_plain(to, folder->scratch, c);
	else
		fold_look_alike(to, folder->scratch, c);
	Folded folded = { to->str, (guint)to->len, true };
	for (const char *at = to->str; *at && folded.is_word; at = g_utf8_next_char(at))
		folded.is_word = fold_is_word_char(g_utf8_get_char(at));
	if (to->len <= CACHED_MAX) {
		*cached = (Cached){ c, (guint8)to->len, folded.is_word, "" };
		memcpy(cached->bytes, to->str, to->len);
	}
	return folded;
}

void
fold_char(Folder *folder, Folding folding, gunichar c, GString *to)
{
	Folded folded = fold_one(folder, folding, c);

	g_string_append_len(to, folded.bytes, (gssize)folded.length);
}

/* Gathers the words of one text. */
typedef struct {
	Folder *folder;
	Folding folding;
	const FoldText *text;
	bool as_listed;
	FoldWords *words;
	GString *folded; /* a copy of what a character folds to that has other than letters */
	FoldWord word;   /* the current word, if it has letters */
	guint at;        /* where it begins in words->bytes */
	guint last;      /* the index of its last character */
	bool has_umlaut;
	guint part;
} Reader;

/* The second of the two letters that an umlaut is also written as; 0: @c is no umlaut. */
static char
umlaut(gunichar c, char *ret_first)
{
	switch (c) {
	case 0xc4:
	case 0xe4:
		*ret_first = 'a';
		return 'e';
	case 0xd6:
	case 0xf6:
	case 0xd8:
	case 0xf8:
		*ret_first = 'o';
		return 'e';
	case 0xdc:
	case 0xfc:
		*ret_first = 'u';
		return 'e';
	case 0xc5:
	case 0xe5:
		*ret_first = 'a';
		return 'a';
	default:
		return 0;
	}
}

/* The length in bytes of the character of @folded at @at. */
static guint
letter_length(Folded folded, guint at)
{
	return (guint)(g_utf8_next_char(folded.bytes + at) - (folded.bytes + at));
}

static bool
is_letter(Folded folded, guint at)
{
	return folded.is_word || fold_is_word_char(g_utf8_get_char(folded.bytes + at));
}

/* Appends a letter to a word that begins at @begin. In look-alikes, vv is a w. */
static void
append_letter(Reader *r, guint begin, const char *letter, guint length)
{
	GString *bytes = r->words->bytes;

	if (r->folding == FOLD_LOOK_ALIKE && *letter == 'v' && bytes->len > begin &&
	    bytes->str[bytes->len - 1] == 'v')
		bytes->str[bytes->len - 1] = 'w';
	else if (length == 1)
		g_string_append_c(bytes, *letter);
	else
		g_string_append_len(bytes, letter, (gssize)length);
}

static void
append_letters(Reader *r, guint begin, gunichar c)
{
	Folded folded = fold_one(r->folder, r->folding, c);

	for (guint at = 0, n; at < folded.length; at += n) {
		n = letter_length(folded, at);
		if (is_letter(folded, at))
			append_letter(r, begin, folded.bytes + at, n);
	}
}

static void
add_form(Reader *r, guint at, guint length)
{
	FoldSlice slice = { at, length };

	g_array_append_val(r->words->forms, slice);
	r->word.n_forms++;
}

/* How many bytes the last character of the word folded to, if it is an s after an apostrophe; else
 * 0. */
static guint
final_s(const Reader *r)
{
	const gunichar *chars = r->text->chars;

	if (r->last == r->word.from || chars[r->last - 1] != FOLD_APOSTROPHE)
		return 0;
	return r->words->bytes->str[r->words->bytes->len - 1] == 's';
}

/* How many bytes the digits at the end of the word folded to; *@ret_n is how many they are. */
static guint
final_digits(Reader *r, guint *ret_n)
{
	guint bytes = 0;

	*ret_n = 0;
	for (guint i = r->last + 1; i > r->word.from; i--) {
		gunichar c = r->text->chars[i - 1];
		if (c == FOLD_APOSTROPHE || fold_is_mark(c))
			continue;
		if (g_unichar_type(c) != G_UNICODE_DECIMAL_NUMBER)
			break;
		bytes += fold_one(r->folder, r->folding, c).length;
		++*ret_n;
	}
	return bytes;
}

/* Adds the forms of the word whose bytes begin at @at. Returns its stem. */
static FoldSlice
add_forms(Reader *r, guint at)
{
	guint length = (guint)r->words->bytes->len - at, n_digits;

	add_form(r, at, length);
	if (r->as_listed)
		return (FoldSlice){ at, length };
	/* Not if only an initial would be left. */
	guint s = final_s(r), digits = final_digits(r, &n_digits);
	guint least = r->word.n_wide ? 1 : 2;
	if (s && r->word.letters > least)
		add_form(r, at, length - s);
	if (digits && r->word.letters >= n_digits + least && digits < length)
		add_form(r, at, length - digits);
	guint end = s ? s : digits;
	return (FoldSlice){ at, end < length ? length - end : length };
}

static void
add_umlaut_forms(Reader *r)
{
	guint at = (guint)r->words->bytes->len, before = r->word.n_forms;

	for (guint i = r->word.from; i <= r->last; i++) {
		char first, second = umlaut(r->text->chars[i], &first);
		append_letters(r, at, second ? (gunichar)first : r->text->chars[i]);
		if (second)
			append_letters(r, at, (gunichar)second);
	}
	r->word.umlaut_stem = add_forms(r, at);
	r->word.n_umlaut_forms = r->word.n_forms - before;
}

static void
end_word(Reader *r)
{
	if (r->word.letters == 0)
		return;
	r->word.to = r->last + 1;
	r->word.part = r->part;
	r->word.form = r->words->forms->len;
	r->word.stem = add_forms(r, r->at);
	if (r->has_umlaut)
		add_umlaut_forms(r);
	g_array_append_val(r->words->words, r->word);
	r->word = (FoldWord){ .letters = 0 };
	r->has_umlaut = false;
}

/* Reads the character at index @i: its letters go to the current word or begin one. */
static void
read_char(Reader *r, guint i)
{
	gunichar c = r->text->chars[i];
	bool counted = false;
	char unused;
	Folded folded = fold_one(r->folder, r->folding, c);

	/* Copied, since end_word() may fold other characters. */
	if (!folded.is_word && folded.length > 1) {
		g_string_truncate(r->folded, 0);
		g_string_append_len(r->folded, folded.bytes, (gssize)folded.length);
		folded.bytes = r->folded->str;
	}
	for (guint at = 0, n; at < folded.length; at += n) {
		n = letter_length(folded, at);
		if (!is_letter(folded, at)) {
			end_word(r);
			counted = false;
			continue;
		}
		if (r->word.letters == 0) {
			r->word.from = i;
			r->at = (guint)r->words->bytes->len;
		}
		append_letter(r, r->at, folded.bytes + at, n);
		r->last = i;
		if (!counted) {
			r->word.letters++;
			r->word.n_wide += fold_is_wide(c);
			r->has_umlaut = r->has_umlaut || umlaut(c, &unused);
			counted = true;
		}
	}
}

FoldWords *
fold_words(Folder *folder, Folding folding, const FoldText *text, bool as_listed)
{
	FoldWords *words = g_new0(FoldWords, 1);
	Reader r = { .folder = folder,
		     .folding = folding,
		     .text = text,
		     .as_listed = as_listed,
		     .words = words,
		     .folded = g_string_new(NULL) };

	words->bytes = g_string_sized_new(text->length);
	words->words = g_array_new(false, false, sizeof(FoldWord));
	words->forms = g_array_new(false, false, sizeof(FoldSlice));
	for (guint i = 0; i < text->length; i++) {
		if (text->chars[i] == '&') {
			end_word(&r);
			r.part++;
		} else {
			read_char(&r, i);
		}
	}
	end_word(&r);
	g_string_free(r.folded, true);
	return words;
}

void
fold_words_free(FoldWords *words)
{
	g_string_free(words->bytes, true);
	g_array_unref(words->words);
	g_array_unref(words->forms);
	g_free(words);
}
