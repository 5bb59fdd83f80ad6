/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * names: sender places -> the people of the directory whose names or addresses they show.
 * May know: elements, foldings, the directory's keys. Must not know: where the directory is kept.
 * Fails: never; what exceeds a bound counts as found. Each word, address and blank is examined a
 * bounded number of times.
 */
#include "names.h"

#include <string.h>

#include "mime.h"
#include "shown.h"
#include "span.h"
#include "text.h"

#define PLACES_APART 8    /* the most words from one to the other of the two longest of a name */
#define SET_MAX 16        /* different words in an element that shows nothing but a name */
#define SPELLINGS_MAX 64  /* of such an element */
#define FORMS_MAX 6       /* of a word: see FoldWord */
#define DOMAINS_MAX 10000 /* that are not ASCII, and have to be folded */

/* A word that some listed name has in its pair. */
typedef struct {
	guint number;             /* different for each word */
	guint8 partner;           /* its listing_partner() */
	ListingPartners partners; /* the other words of its pairs */
} Word;

#define PAIRS_SEEN 1024

/* Two words, by number, that were looked up for a part of a text. */
typedef struct {
	guint a, b, part;
} Seen;

struct _NamesSearch {
	Enquiry *enquiry;
	GPtrArray *matches;
	bool too_much;
	size_t text_left;
	guint domains_left;
	Folder *folder;
	Listing *listing;                  /* for listing_spares(); NULL until needed */
	guint words, parts;                /* how many have got a number */
	Seen *seen;                        /* a cache of the last pairs; NULL until needed */
	GHashTable *wide_titles[FOLDINGS]; /* NULL until needed */
};

/* The current element, or the whole value. */
typedef struct {
	NamesSearch *search;
	const char *shown;                /* the element's text for people */
	const char *address;              /* by person_address(); may be NULL */
	GHashTable *by_name, *by_address; /* lines that were found in it */
} Element;

/* One of the texts that readers may show of an element. */
typedef struct {
	FoldText text;
	FoldWords *folded[FOLDINGS];
	GHashTable *counts[FOLDINGS]; /* Span -> Count; NULL until needed */
} Text;

/* The text in one folding. */
typedef struct {
	Element *e;
	Text *text;
	Folding folding;
	const FoldWords *folded;
} Reading;

/* What is asked for: words that stand in one part of a text. */
typedef struct {
	NamesFolding how;
	guint part;
	const char *const *words; /* of the key, if a value may list them again */
	guint n_words;
	const guint *places; /* of the words in the text */
	guint n_places;
	const GArray *initials; /* FoldSlice: those in the key; NULL: initials do not count */
} Asked;

typedef struct {
	guint n;     /* how many words have this form */
	guint first; /* the index of the first of them */
} Count;

const char *
names_folding_word(NamesFolding folding)
{
	static const char *const words[] = { "plain", "look-alike", "joined", "address" };
	return words[folding];
}

static void
match_free(gpointer data)
{
	NamesMatch *match = data;

	g_free(match->element);
	g_strfreev(match->words);
	g_free(match->address);
	g_free(match);
}

NamesSearch *
names_search_new(EnquiryLookup lookup, gpointer directory)
{
	NamesSearch *s = g_new0(NamesSearch, 1);

	s->enquiry = enquiry_new(lookup, directory, NAMES_QUESTIONS_MAX);
	s->matches = g_ptr_array_new_with_free_func(match_free);
	s->text_left = NAMES_TEXT_MAX;
	s->domains_left = DOMAINS_MAX;
	s->folder = folder_new();
	return s;
}

void
names_search_free(NamesSearch *s)
{
	g_ptr_array_unref(s->matches);
	folder_free(s->folder);
	enquiry_free(s->enquiry);
	g_free(s->seen);
	g_clear_pointer(&s->listing, listing_free);
	for (int f = 0; f < FOLDINGS; f++)
		g_clear_pointer(&s->wide_titles[f], g_hash_table_unref);
	g_free(s);
}

const GPtrArray *
names_matches(const NamesSearch *search)
{
	return search->matches;
}

bool
names_too_much(const NamesSearch *search)
{
	return search->too_much || enquiry_is_over(search->enquiry);
}

static void
add_match(Element *e, guint line, NamesFolding folding, char **words)
{
	NamesSearch *s = e->search;
	const Person *person = enquiry_person(s->enquiry, line);

	g_hash_table_add(folding == NAMES_ADDRESS ? e->by_address : e->by_name,
	                 GUINT_TO_POINTER(line));
	/* A directory that contradicts itself must not hide anybody. */
	if (!person || s->matches->len == NAMES_MATCHES_MAX)
		s->too_much = true;
	if (names_too_much(s)) {
		g_strfreev(words);
		return;
	}
	NamesMatch *match = g_new0(NamesMatch, 1);
	match->person = person;
	match->line = line;
	match->folding = folding;
	match->element = text_cut(e->shown, TEXT_MAX);
	match->words = words ? words : g_new0(char *, 1);
	match->address = g_strdup(e->address);
	g_ptr_array_add(s->matches, match);
}

/* Whether a name of this person adds nothing: the person was found by name already, or by an own
 * address, which counts for more. */
static bool
is_found(const Element *e, guint line)
{
	return g_hash_table_contains(e->by_name, GUINT_TO_POINTER(line)) ||
	       g_hash_table_contains(e->by_address, GUINT_TO_POINTER(line));
}

/* The words of a text at the indices @chosen (guint), in the plain folding. (transfer full) */
static char **
shown_words(const Reading *r, const GArray *chosen)
{
	const GArray *words = r->folded->words;
	GPtrArray *shown = g_ptr_array_new();

	for (guint i = 0; i < chosen->len; i++) {
		const FoldWord *word =
		        &g_array_index(words, FoldWord, g_array_index(chosen, guint, i));
		g_autoptr(GString) plain = g_string_new(NULL);
		for (guint c = word->from; c < word->to; c++)
			fold_char(r->e->search->folder, FOLD_PLAIN, r->text->text.chars[c], plain);
		g_ptr_array_add(shown, g_utf8_normalize(plain->str, -1, G_NORMALIZE_NFC));
	}
	g_ptr_array_add(shown, NULL);
	return (char **)g_ptr_array_free(shown, false);
}

static const FoldWord *
word_at(const FoldWords *folded, guint i)
{
	return &g_array_index(folded->words, FoldWord, i);
}

static const char *
form_at(const FoldWords *folded, guint form, size_t *ret_length)
{
	const FoldSlice *slice = &g_array_index(folded->forms, FoldSlice, form);

	*ret_length = slice->length;
	return folded->bytes->str + slice->at;
}

/* Sets @key to the key of Text.counts for a form of a word. It holds the part, since a name does
 * not stand across an &, and whether the word is an initial: an Æ is no Ae. */
static void
set_count_key(GString *key, guint part, bool initial, const char *form, size_t length)
{
	g_string_truncate(key, 0);
	g_string_append_len(key, (const char *)&part, sizeof part);
	g_string_append_c(key, initial);
	g_string_append_len(key, form, (gssize)length);
}

/* Counts words by form and part. */
static GHashTable *
count_words(const FoldWords *folded)
{
	GHashTable *counts = g_hash_table_new_full(span_hash, span_equal, g_free, g_free);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < folded->words->len; i++) {
		const FoldWord *word = word_at(folded, i);
		for (guint f = 0; f < word->n_forms; f++) {
			size_t length;
			const char *form = form_at(folded, word->form + f, &length);
			set_count_key(text, word->part, fold_is_initial(word), form, length);
			const Span key = { text->str, text->len };
			Count *count = g_hash_table_lookup(counts, &key);
			if (!count) {
				count = g_new0(Count, 1);
				count->first = i;
				g_hash_table_insert(counts, span_copy(key), count);
			}
			count->n++;
		}
	}
	return counts;
}

static const Count *
count_of(const Reading *r, guint part, bool initial, const char *word)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	GHashTable **counts = &r->text->counts[r->folding];

	if (!*counts)
		*counts = count_words(r->folded);
	set_count_key(bytes, part, initial, word, strlen(word));
	const Span key = { bytes->str, bytes->len };
	return g_hash_table_lookup(*counts, &key);
}

static guint
times(const GPtrArray *words, const char *word)
{
	guint n = 0;

	for (guint i = 0; i < words->len; i++)
		n += g_str_equal(g_ptr_array_index(words, i), word);
	return n;
}

/* Whether the words of a value, @rest, also stand in the part, as often as they are listed with
 * those of the key; adds their indices to @chosen. */
static bool
rest_stands(const Reading *r, const Asked *asked, const char *rest, size_t length, GArray *chosen)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

	if (length == 0)
		return true;
	for (const char *at = rest, *end = rest + length; at < end;) {
		const char *word = at + 1;
		const char *stop = memchr(word, '\0', (size_t)(end - word));
		if (!stop)
			stop = end;
		g_ptr_array_add(all, g_strndup(word, (size_t)(stop - word)));
		at = stop;
	}
	guint n_rest = all->len;
	for (guint i = 0; i < asked->n_words; i++)
		g_ptr_array_add(all, g_strdup(asked->words[i]));
	for (guint i = 0; i < n_rest; i++) {
		const char *word = g_ptr_array_index(all, i);
		const Count *count = count_of(r, asked->part, false, word);
		const Count *initial = NULL;
		if (asked->initials)
			initial = count_of(r, asked->part, true, word);
		guint n = (count ? count->n : 0) + (initial ? initial->n : 0);
		if (n == 0 || n < times(all, word))
			return false;
		g_array_append_val(chosen, (count ? count : initial)->first);
	}
	return true;
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
	guint x = *(const guint *)a, y = *(const guint *)b;

	return x < y ? -1 : x > y;
}

static void
sort_numbers(GArray *numbers)
{
	guint to = 0;

	g_array_sort(numbers, compare_numbers);
	for (guint i = 0; i < numbers->len; i++) {
		guint number = g_array_index(numbers, guint, i);
		if (i == 0 || number != g_array_index(numbers, guint, to - 1))
			g_array_index(numbers, guint, to++) = number;
	}
	g_array_set_size(numbers, to);
}

/* Whether a name of the line has @key without taking an initial of the text for a longer word. */
static bool
spares_initials(NamesSearch *s, guint line, const GString *key, const GArray *initials)
{
	const Person *person = enquiry_person(s->enquiry, line);

	if (!person)
		return true;
	if (!s->listing)
		s->listing = listing_new(NULL, NULL);
	return listing_spares(s->listing, person, key, initials);
}

/* Asks the question whose key is set, and adds the people in its answer. */
static void
add_people(const Reading *r, const Asked *asked)
{
	NamesSearch *s = r->e->search;
	const EnquiryAnswer *answer = enquiry_ask(s->enquiry);
	bool has_initials = asked->initials && asked->initials->len > 0;
	g_autoptr(GString) key = NULL;
	const char *rest;
	size_t at = 0, length;
	guint line;

	while ((line = enquiry_next_line(answer, &at, &rest, &length)) != 0) {
		if (is_found(r->e, line))
			continue;
		if (has_initials && !key)
			key = g_string_new_len(enquiry_key(s->enquiry)->str,
			                       (gssize)enquiry_key(s->enquiry)->len);
		if (has_initials && !spares_initials(s, line, key, asked->initials))
			continue;
		g_autoptr(GArray) where = g_array_new(false, false, sizeof(guint));
		g_array_append_vals(where, asked->places, asked->n_places);
		if (!rest_stands(r, asked, rest, length, where))
			continue;
		sort_numbers(where);
		add_match(r->e, line, asked->how, shown_words(r, where));
	}
}

/* A word of the text, with those of its forms that some pair has. */
typedef struct {
	guint place;
	guint n;
	guint forms[FORMS_MAX];
	const Word *words[FORMS_MAX];
} Known;

/* The word with this form; NULL: no pair has it. */
static const Word *
find_word(const Reading *r, const char *form, size_t length)
{
	NamesSearch *s = r->e->search;

	listing_key(enquiry_key(s->enquiry), KEY_WORD, r->folding, form, length);
	EnquiryAnswer *answer = enquiry_ask(s->enquiry);
	if (!answer || answer->note)
		return answer ? answer->note : NULL;
	Word *word = answer->note = g_new0(Word, 1);
	word->number = ++s->words;
	word->partner = listing_partner(form, length);
	const guint8 *value;
	for (size_t at = 0, size; (value = enquiry_next_value(answer, &at, &size));)
		listing_add_partners(&word->partners, value, size);
	return word;
}

static bool
has_partner(const Word *a, const Word *b)
{
	return a->partners.set[b->partner / 8] >> b->partner % 8 & 1;
}

static Known
know(const Reading *r, guint place)
{
	const FoldWord *word = word_at(r->folded, place);
	Known known = { .place = place };

	for (guint f = 0; f < word->n_forms && known.n < FORMS_MAX; f++) {
		size_t length;
		const char *form = form_at(r->folded, word->form + f, &length);
		const Word *found = find_word(r, form, length);
		if (!found)
			continue;
		known.forms[known.n] = word->form + f;
		known.words[known.n++] = found;
	}
	return known;
}

/* Whether these words, in any order, were lately looked up for this part; if not, notes them. */
static bool
was_seen(NamesSearch *s, const Word *a, const Word *b)
{
	Seen pair = { MIN(a->number, b->number), MAX(a->number, b->number), s->parts };

	if (!s->seen)
		s->seen = g_new0(Seen, PAIRS_SEEN);
	Seen *seen = &s->seen[(pair.a * 31 + pair.b) % PAIRS_SEEN];

	if (seen->a == pair.a && seen->b == pair.b && seen->part == pair.part)
		return true;
	*seen = pair;
	return false;
}

/* Looks up names whose two longest words are these. */
static void
find_pair(const Reading *r, const Known *a, const Known *b)
{
	GString *key = enquiry_key(r->e->search->enquiry);
	guint places[] = { a->place, b->place };

	for (guint i = 0; i < a->n; i++) {
		for (guint k = 0; k < b->n; k++) {
			const Word *x = a->words[i], *y = b->words[k];
			if (!has_partner(x, y) || !has_partner(y, x) ||
			    was_seen(r->e->search, x, y))
				continue;
			size_t length_a, length_b;
			const char *form_a = form_at(r->folded, a->forms[i], &length_a);
			const char *form_b = form_at(r->folded, b->forms[k], &length_b);
			g_autofree char *word_a = g_strndup(form_a, length_a);
			g_autofree char *word_b = g_strndup(form_b, length_b);
			bool swap = strcmp(word_a, word_b) > 0;
			const char *words[] = { swap ? word_b : word_a, swap ? word_a : word_b };
			listing_key(key, KEY_PAIR, r->folding, words[0], strlen(words[0]));
			g_string_append_c(key, '\0');
			g_string_append(key, words[1]);
			add_people(r, &(Asked){ (NamesFolding)r->folding,
			                        word_at(r->folded, a->place)->part, words, 2,
			                        places, 2, NULL });
		}
	}
}

/* Finds names that stand among other words. */
static void
find_pairs(const Reading *r)
{
	Known last[PLACES_APART];
	guint n = 0, part = 0;

	r->e->search->parts++;
	for (guint i = 0; i < r->folded->words->len && !names_too_much(r->e->search); i++) {
		const FoldWord *word = word_at(r->folded, i);
		if (fold_is_initial(word))
			continue;
		if (word->part != part) {
			n = 0;
			r->e->search->parts++;
		}
		part = word->part;
		Known known = know(r, i);
		for (guint k = 0; known.n > 0 && k < MIN(n, PLACES_APART); k++) {
			if (last[k].n > 0)
				find_pair(r, &last[k], &known);
		}
		last[n++ % PLACES_APART] = known;
	}
}

static bool
is_same_word(const FoldWords *folded, guint a, guint b)
{
	size_t length_a, length_b;
	const char *form_a = form_at(folded, word_at(folded, a)->form, &length_a);
	const char *form_b = form_at(folded, word_at(folded, b)->form, &length_b);

	return length_a == length_b && memcmp(form_a, form_b, length_a) == 0 &&
	       fold_is_initial(word_at(folded, a)) == fold_is_initial(word_at(folded, b));
}

/* The different words of an element, each by the index of its first occurrence: none if there are
 * more than SET_MAX, or an & between them. (transfer full) */
static GArray *
different_words(const FoldWords *folded, bool initials)
{
	GArray *different = g_array_new(false, false, sizeof(guint));

	for (guint i = 0; i < folded->words->len; i++) {
		const FoldWord *word = word_at(folded, i);
		if (word->part != word_at(folded, 0)->part || different->len > SET_MAX) {
			g_array_set_size(different, 0);
			break;
		}
		if (!initials && fold_is_initial(word))
			continue;
		guint k = 0;
		while (k < different->len &&
		       !is_same_word(folded, g_array_index(different, guint, k), i))
			k++;
		if (k == different->len)
			g_array_append_val(different, i);
	}
	return different;
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Looks up names that have exactly the words @different, in one of their spellings. */
static void
find_set(const Reading *r, KeyKind kind, const GArray *different, guint spelling)
{
	const FoldWords *folded = r->folded;
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) initials = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) slices = g_array_new(false, false, sizeof(FoldSlice));
	GString *key = enquiry_key(r->e->search->enquiry);

	for (guint i = 0; i < different->len; i++) {
		const FoldWord *word = word_at(folded, g_array_index(different, guint, i));
		size_t length;
		const char *form = form_at(folded, word->form + spelling % word->n_forms, &length);
		spelling /= word->n_forms;
		g_ptr_array_add(words, g_strndup(form, length));
		if (fold_is_initial(word))
			g_ptr_array_add(initials, g_strndup(form, length));
	}
	g_ptr_array_sort(words, compare_strings);
	listing_key(key, kind, r->folding, "", 0);
	for (guint i = 0; i < words->len;) {
		const char *word = g_ptr_array_index(words, i);
		if (i > 0 && g_str_equal(word, g_ptr_array_index(words, i - 1))) {
			g_ptr_array_remove_index(words, i);
			continue;
		}
		if (i++ > 0)
			g_string_append_c(key, '\0');
		const FoldSlice slice = { (guint)key->len, (guint)strlen(word) };
		if (times(initials, word) > 0)
			g_array_append_val(slices, slice);
		g_string_append(key, word);
	}
	add_people(r, &(Asked){ (NamesFolding)r->folding, word_at(folded, 0)->part,
	                        (const char *const *)words->pdata, words->len,
	                        (const guint *)(gconstpointer)different->data, different->len,
	                        kind == KEY_ALL_SET ? slices : NULL });
}

/* Finds names beside which nothing stands. */
static void
find_sets(const Reading *r)
{
	const FoldWords *folded = r->folded;

	for (int initials = 0; initials < 2; initials++) {
		g_autoptr(GArray) different = different_words(folded, initials);
		guint spellings = different->len > 0;
		for (guint i = 0; i < different->len && spellings < SPELLINGS_MAX; i++)
			spellings *= word_at(folded, g_array_index(different, guint, i))->n_forms;
		for (guint s = 0; s < spellings; s++)
			find_set(r, initials ? KEY_ALL_SET : KEY_SET, different, s);
	}
}

static bool
may_be_joined(guint letters, guint n_wide)
{
	return letters >= LISTING_JOINED_LETTERS || n_wide >= LISTING_JOINED_WIDE;
}

/* Finds names whose joined words are one word of the text. */
static void
find_joined_words(const Reading *r)
{
	const FoldWords *folded = r->folded;

	for (guint i = 0; i < folded->words->len && !names_too_much(r->e->search); i++) {
		const FoldWord *word = word_at(folded, i);
		if (!may_be_joined(word->letters, word->n_wide))
			continue;
		for (guint f = 0; f < word->n_forms; f++) {
			size_t length;
			const char *form = form_at(folded, word->form + f, &length);
			listing_key(enquiry_key(r->e->search->enquiry), KEY_WORD, r->folding, form,
			            length);
			add_people(r, &(Asked){ NAMES_JOINED, word->part, NULL, 0, &i, 1, NULL });
		}
	}
}

/* How the words of a text are joined: bits. */
enum {
	JOIN_UMLAUTS = 1,    /* with ae, ... for umlauts */
	JOIN_LAST_STEM = 2,  /* the last word without a final 's or digits */
	JOIN_OTHER_STEMS = 4 /* all others likewise */
};

static FoldSlice
joined_form(const FoldWords *folded, guint i, guint how)
{
	const FoldWord *word = word_at(folded, i);
	bool last = i + 1 == folded->words->len;
	bool umlauts = how & JOIN_UMLAUTS && word->n_umlaut_forms > 0;
	guint plain = word->n_forms - word->n_umlaut_forms;

	if (how & (last ? JOIN_LAST_STEM : JOIN_OTHER_STEMS))
		return umlauts ? word->umlaut_stem : word->stem;
	return g_array_index(folded->forms, FoldSlice, word->form + (umlauts ? plain : 0));
}

/* Finds names whose joined words are all words of the text joined. */
static void
find_all_joined(const Reading *r, guint how)
{
	const FoldWords *folded = r->folded;
	GString *key = enquiry_key(r->e->search->enquiry);
	g_autoptr(GArray) all = g_array_new(false, false, sizeof(guint));
	g_autoptr(GArray) initials = g_array_new(false, false, sizeof(FoldSlice));
	static const KeyKind kinds[] = { KEY_WORD, KEY_ALL_JOINED };

	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		listing_key(key, kinds[k], r->folding, "", 0);
		g_array_set_size(all, 0);
		g_array_set_size(initials, 0);
		for (guint i = 0; i < folded->words->len; i++) {
			FoldSlice form = joined_form(folded, i, how);
			FoldSlice slice = listing_join(key, r->folding,
			                               folded->bytes->str + form.at, form.length);
			g_array_append_val(all, i);
			if (fold_is_initial(word_at(folded, i)))
				g_array_append_val(initials, slice);
			if (key->len > LISTING_JOINED_MAX ||
			    word_at(folded, i)->part != word_at(folded, 0)->part)
				return;
		}
		add_people(r,
		           &(Asked){ NAMES_JOINED, 0, NULL, 0,
		                     (const guint *)(gconstpointer)all->data, all->len, initials });
	}
}

static void
find_joined(const Reading *r)
{
	const FoldWords *folded = r->folded;
	guint letters = 0, n_wide = 0, differ = 0;

	for (guint i = 0; i < folded->words->len; i++) {
		const FoldWord *word = word_at(folded, i);
		letters += word->letters;
		n_wide += word->n_wide;
		if (word->n_umlaut_forms > 0)
			differ |= JOIN_UMLAUTS;
		if (word->stem.length != joined_form(folded, i, 0).length)
			differ |= i + 1 == folded->words->len ? JOIN_LAST_STEM : JOIN_OTHER_STEMS;
	}
	if (!may_be_joined(letters, n_wide))
		return;
	find_joined_words(r);
	for (guint how = 0; how <= differ; how++) {
		if ((how & differ) == how)
			find_all_joined(r, how);
	}
}

static const char wide_titles[] =
        "先生 女士 小姐 总 總 总经理 總經理 经理 經理 总裁 總裁 董事长 董事長 主任 主管 老师 老師 "
        "教授 博士 部长 部長 课长 課長 社長 会长 会長 様 さん 氏 님 씨 대표 대표님 사장 사장님 "
        "이사 "
        "이사님 부장 부장님 과장 과장님 팀장 팀장님 교수 교수님 선생님";

#define WIDE_TITLE_MAX 3

/* The characters from index @from up to @to, folded. (transfer full) */
static char *
fold_chars(NamesSearch *s, Folding folding, const FoldText *text, size_t from, size_t to)
{
	GString *folded = g_string_new(NULL);

	for (size_t i = from; i < to; i++)
		fold_char(s->folder, folding, text->chars[i], folded);
	return g_string_free(folded, false);
}

static bool
is_wide_title(NamesSearch *s, Folding folding, const FoldText *text, size_t from, size_t to)
{
	if (!s->wide_titles[folding]) {
		g_auto(FoldText) titles = fold_read(wide_titles, NULL);
		s->wide_titles[folding] =
		        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		for (size_t start = 0, i = 0; i <= titles.length; i++) {
			if (i < titles.length && titles.chars[i] != ' ')
				continue;
			g_hash_table_add(s->wide_titles[folding],
			                 fold_chars(s, folding, &titles, start, i));
			start = i + 1;
		}
	}
	g_autofree char *folded = fold_chars(s, folding, text, from, to);
	return g_hash_table_contains(s->wide_titles[folding], folded);
}

/* Whether no word character stands at @at; marks and apostrophes are none. */
static bool
word_ends(const FoldText *text, size_t at)
{
	return at >= text->length || !fold_is_word_char(text->chars[at]);
}

/* Whether a name may end at @at: the rest of the word is empty, a title, an 's or digits. */
static bool
name_ends(NamesSearch *s, Folding folding, const FoldText *text, size_t at)
{
	size_t end = at, digits = 0;

	if (word_ends(text, at))
		return at + 1 >= text->length || text->chars[at] != FOLD_APOSTROPHE ||
		       word_ends(text, at + 1) ||
		       (g_unichar_tolower(text->chars[at + 1]) == 's' && word_ends(text, at + 2));
	while (!word_ends(text, end)) {
		digits += g_unichar_type(text->chars[end]) == G_UNICODE_DECIMAL_NUMBER;
		end++;
		if (digits != end - at && end - at > WIDE_TITLE_MAX)
			return false;
	}
	return digits == end - at || is_wide_title(s, folding, text, at, end);
}

/* What may stand between the characters of a name of Han, Kana, Hangul: blanks, and the middle dot
 * of Katakana. */
static bool
is_wide_gap(gunichar c)
{
	return g_unichar_isspace(c) || c == 0x30fb;
}

static void
add_wide(const Reading *r, size_t from, size_t to)
{
	NamesSearch *s = r->e->search;
	const EnquiryAnswer *answer = enquiry_ask(s->enquiry);
	const char *rest;
	size_t at = 0, length;
	guint line;

	while ((line = enquiry_next_line(answer, &at, &rest, &length)) != 0) {
		if (is_found(r->e, line))
			continue;
		g_autofree char *plain = fold_chars(s, FOLD_PLAIN, &r->text->text, from, to);
		char *shown[] = { g_utf8_normalize(plain, -1, G_NORMALIZE_NFC), NULL };
		add_match(r->e, line, (NamesFolding)r->folding, g_strdupv(shown));
		g_free(shown[0]);
	}
}

/* Whether some name begins with these two characters. */
static bool
is_wide_start(NamesSearch *s, Folding folding, const GString *start)
{
	listing_key(enquiry_key(s->enquiry), KEY_WIDE_START, folding, start->str, start->len);
	return enquiry_ask(s->enquiry) != NULL;
}

/* Finds names of Han, Kana, Hangul that begin at index @from. */
static void
find_wide_from(const Reading *r, size_t from)
{
	const FoldText *chars = &r->text->text;
	g_autoptr(GString) name = g_string_new(NULL);
	unsigned n = 0;

	for (size_t i = from; i < chars->length; i++) {
		gunichar c = chars->chars[i];
		if (is_wide_gap(c) || c == FOLD_APOSTROPHE || fold_is_mark(c))
			continue;
		if (!fold_is_wide(c) || !fold_is_word_char(c) || ++n > LISTING_WIDE_MAX)
			break;
		fold_char(r->e->search->folder, r->folding, c, name);
		if (n == 2 && !is_wide_start(r->e->search, r->folding, name))
			break;
		if (n < 2 || !name_ends(r->e->search, r->folding, chars, i + 1))
			continue;
		listing_key(enquiry_key(r->e->search->enquiry), KEY_WIDE, r->folding, name->str,
		            name->len);
		add_wide(r, from, i + 1);
	}
}

static void
find_wide(const Reading *r)
{
	const FoldText *chars = &r->text->text;

	for (size_t i = 0; i < chars->length && !names_too_much(r->e->search); i++) {
		if (fold_is_wide(chars->chars[i]) && fold_is_word_char(chars->chars[i]) &&
		    (i == 0 || word_ends(chars, i - 1)))
			find_wide_from(r, i);
	}
}

/* Whether a local part may hold @c: atext (RFC 5322, 3.2.3), a dot, a letter beyond ASCII. */
static bool
is_local_char(gunichar c)
{
	if (c < 0x80)
		return c == '.' || address_is_atext((char)c);
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static bool
is_domain_char(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((char)c) || c == '.' || c == '-' || c == '_';
	/* The three other dots of RFC 3490, 3.1. */
	return c == 0x3002 || c == 0xff0e || c == 0xff61 || g_unichar_isalnum(c) ||
	       g_unichar_ismark(c);
}

/* Whether an address may begin after @c, although a local part may hold it. */
static bool
may_stand_before(char c)
{
	return c && strchr("'=/|", c);
}

static void
find_address(Element *e, const char *address)
{
	GString *key = enquiry_key(e->search->enquiry);

	g_string_assign(key, "a");
	g_string_append(key, address);
	const EnquiryAnswer *answer = enquiry_ask(e->search->enquiry);
	const char *rest;
	size_t at = 0, length;
	guint line;
	while ((line = enquiry_next_line(answer, &at, &rest, &length)) != 0) {
		if (!g_hash_table_contains(e->by_address, GUINT_TO_POINTER(line)))
			add_match(e, line, NAMES_ADDRESS, NULL);
	}
}

/* Whether the directory has addresses in the domain @start..@end. */
static bool
is_listed_domain(NamesSearch *s, const char *start, const char *end)
{
	g_autofree char *written = g_strndup(start, (size_t)(end - start));

	if (!g_str_is_ascii(written)) {
		if (s->domains_left == 0) {
			s->too_much = true;
			return false;
		}
		s->domains_left--;
	}
	g_autofree char *domain = mime_domain(written);
	g_string_assign(enquiry_key(s->enquiry), "d");
	g_string_append(enquiry_key(s->enquiry), domain);
	return enquiry_ask(s->enquiry) != NULL;
}

/* Finds addresses around the @ at @at, in a text that begins at @text. */
static void
find_addresses_at(Element *e, const char *text, const char *at)
{
	const char *start = at, *end = at + 1;

	if (*end == '[') {
		end += strcspn(end, "] \t\r\n");
		end += *end == ']';
	} else {
		while (*end && is_domain_char(g_utf8_get_char(end)))
			end = g_utf8_next_char(end);
		while (end > at + 1 && strchr(".-_", end[-1]))
			end--;
	}
	if (end == at + 1 || end - at > PERSON_ADDRESS_MAX || start == text ||
	    !is_local_char(g_utf8_get_char(g_utf8_prev_char(at))) ||
	    !is_listed_domain(e->search, at + 1, end))
		return;
	while (start > text) {
		const char *before = g_utf8_prev_char(start);
		bool whole = !is_local_char(g_utf8_get_char(before));
		if (start < at && (whole || may_stand_before(*before))) {
			g_autofree char *address = person_address(start, (size_t)(end - start));
			if (address)
				find_address(e, address);
		}
		if (whole || end - start > PERSON_ADDRESS_MAX)
			return;
		start = before;
	}
	g_autofree char *address = person_address(start, (size_t)(end - start));
	if (address)
		find_address(e, address);
}

static void
find_addresses(Element *e, const char *text)
{
	for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@'))
		find_addresses_at(e, text, at);
}

/* Counts @n bytes against the bound. False: too much. */
static bool
spend(NamesSearch *s, size_t n)
{
	if (n > s->text_left)
		s->too_much = true;
	else
		s->text_left -= n;
	return !names_too_much(s);
}

static GPtrArray *
read_texts(NamesSearch *s, const char *raw, size_t length, const char **ret_shown)
{
	bool too_much;
	GPtrArray *texts = shown_read(raw, length, &s->text_left, ret_shown, &too_much);

	s->too_much = s->too_much || too_much;
	return texts;
}

/* Whether the text is nothing but the element's own address, perhaps in quotes or brackets. */
static bool
is_own_address(const Element *e, const char *shown)
{
	static const char aside[] = "\"'`<>()[]{}\302\253\302\273\342\200\230\342\200\231"
	                            "\342\200\234\342\200\235\342\200\271\342\200\272";
	const char *start = shown, *end = shown + strlen(shown);

	if (!e->address || !strchr(shown, '@'))
		return false;
	while (start < end && (g_unichar_isspace(g_utf8_get_char(start)) ||
	                       g_utf8_strchr(aside, -1, g_utf8_get_char(start))))
		start = g_utf8_next_char(start);
	while (end > start) {
		gunichar last = g_utf8_get_char(g_utf8_prev_char(end));
		if (!g_unichar_isspace(last) && !g_utf8_strchr(aside, -1, last))
			break;
		end = g_utf8_prev_char(end);
	}
	g_autofree char *address = person_address(start, (size_t)(end - start));
	return address && g_str_equal(address, e->address);
}

static void
text_clear(Text *text)
{
	fold_text_clear(&text->text);
	for (int f = 0; f < FOLDINGS; f++) {
		fold_words_free(text->folded[f]);
		g_clear_pointer(&text->counts[f], g_hash_table_unref);
	}
}

/* Finds the people whose names stand in one of the texts. */
static void
find_names(Element *e, const GPtrArray *texts)
{
	Text read[SHOWN_TEXTS_MAX] = { { .text = { NULL, 0 } } };
	guint n = 0;

	for (guint i = 0; i < texts->len; i++) {
		const char *written = g_ptr_array_index(texts, i);
		g_autofree char *shown = NULL;
		read[n].text = fold_read(written, &shown);
		find_addresses(e, shown);
		if (is_own_address(e, shown)) {
			fold_text_clear(&read[n].text);
			if (i == 1 && n == 1 &&
			    shown_is_surely_decoded(g_ptr_array_index(texts, 0)))
				text_clear(&read[--n]);
			continue;
		}
		for (int f = 0; f < FOLDINGS; f++)
			read[n].folded[f] = fold_words(e->search->folder, f, &read[n].text, false);
		n++;
	}
	for (int f = 0; f < FOLDINGS; f++) {
		for (guint i = 0; i < n; i++) {
			const Reading reading = { e, &read[i], f, read[i].folded[f] };
			find_pairs(&reading);
			find_sets(&reading);
			find_wide(&reading);
		}
	}
	for (int f = 0; f < FOLDINGS; f++) {
		for (guint i = 0; i < n; i++)
			find_joined(&(Reading){ e, &read[i], f, read[i].folded[f] });
	}
	for (guint i = 0; i < n; i++)
		text_clear(&read[i]);
}

static void
search_element(NamesSearch *s, const AddressElement *element, GHashTable *by_address)
{
	g_autofree char *address =
	        element->address ? person_address(element->address, strlen(element->address))
	                         : NULL;
	g_autoptr(GHashTable) by_name = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) own = g_hash_table_new(NULL, NULL);
	Element e = { .search = s, .address = address, .by_name = by_name, .by_address = own };
	g_autoptr(GString) raw = g_string_new(NULL);

	if (element->group) {
		gsize size;
		const char *group = g_bytes_get_data(element->group, &size);
		if (!spend(s, size))
			return;
		g_string_append_len(raw, group, (gssize)size);
		g_string_append(raw, ", ");
	}
	g_string_append_len(raw, element->text->str, (gssize)element->text->len);
	g_autoptr(GPtrArray) texts = read_texts(s, raw->str, raw->len, &e.shown);
	if (!e.shown[strspn(e.shown, " \t\r\n")] && element->address)
		e.shown = element->address;
	if (address)
		find_address(&e, address);
	find_names(&e, texts);

	GHashTableIter lines;
	gpointer line;
	g_hash_table_iter_init(&lines, own);
	while (g_hash_table_iter_next(&lines, &line, NULL))
		g_hash_table_add(by_address, line);
}

/* The address that counts for text of the value outside of elements: that of its only element;
 * NULL: it has several, or none. (transfer full) */
static char *
only_address(const AddressList *list)
{
	const AddressElement *element;

	if (!list->elements || list->elements->len != 1)
		return NULL;
	element = g_ptr_array_index(list->elements, 0);
	return element->address ? person_address(element->address, strlen(element->address)) : NULL;
}

void
names_search_place(NamesSearch *s, Span value, const AddressList *list)
{
	g_autoptr(GHashTable) by_name = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) by_address = g_hash_table_new(NULL, NULL);
	g_autofree char *address = only_address(list);
	Element whole = {
		.search = s, .address = address, .by_name = by_name, .by_address = by_address
	};

	for (guint i = 0; list->elements && i < list->elements->len && !names_too_much(s); i++)
		search_element(s, g_ptr_array_index(list->elements, i), by_address);
	if (names_too_much(s))
		return;
	g_autoptr(GPtrArray) texts = read_texts(s, value.data, value.length, &whole.shown);
	for (guint i = 0; i < texts->len; i++)
		find_addresses(&whole, g_ptr_array_index(texts, i));
}

/* Why a match does not count; NULL: it counts. Only `except` excuses a match by address. */
static const char *
excuse_of(const NamesMatch *match, const NamesRules *rules)
{
	const GPtrArray *recipients = rules->recipients;
	bool is_name = match->folding != NAMES_ADDRESS;

	if (is_name && match->address && person_has_address(match->person->keep, match->address) &&
	    (!rules->believed || rules->believed(rules->data, match->address)))
		return "keep";
	if (is_name && recipients && recipients->len > 0) {
		guint own = 0;
		while (own < recipients->len &&
		       person_has_address(match->person->addresses,
		                          g_ptr_array_index(recipients, own)))
			own++;
		if (own == recipients->len)
			return "self";
	}
	if (rules->except && rules->except(rules->data, match->address))
		return "except";
	return NULL;
}

bool
names_in_scope(const NamesSearch *search, const NamesRules *rules, const char **ret_excuse)
{
	bool counts = names_too_much(search);

	*ret_excuse = NULL;
	for (guint i = 0; i < search->matches->len && !counts; i++) {
		const char *excuse = excuse_of(g_ptr_array_index(search->matches, i), rules);
		counts = !excuse;
		if (i == 0)
			*ret_excuse = excuse;
	}
	if (counts)
		*ret_excuse = NULL;
	return counts;
}
