/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * listing: a line of the directory -> the rows under which its names and addresses are found.
 * May know: persons, foldings, what makes a name long enough. Must not know: mail, files, SQL.
 * Fails: as person does. The rows of a line are bounded by its length.
 */
#include "listing.h"

#include <string.h>

#define SPELLINGS_MAX 64
#define PARTNERS_MAX 65536 /* the most words whose partners are gathered before a row is given */
#define LETTERS_ANYWHERE 6

struct _Listing {
	ListingRow row;
	gpointer to;
	Folder *folder;
	GHashTable *titles[FOLDINGS];
	GHashTable *partners; /* char *, folding and word -> ListingPartners */
	GString *key, *value;
	GArray *longer; /* FoldSlice: the words in the key that are no initials; NULL: not needed */
	char number[4];
};

static const char titles[] = "mr mrs ms miss mx dr prof sir dame herr frau hr fr dipl ing med phd "
                             "mba msc bsc jr sr ii iii iv md esq";

static const char *
slice_text(const FoldWords *words, guint form, size_t *ret_length)
{
	const FoldSlice *slice = &g_array_index(words->forms, FoldSlice, form);

	*ret_length = slice->length;
	return words->bytes->str + slice->at;
}

/* A copy of a form of a word. (transfer full) */
static char *
form_text(const FoldWords *words, guint form)
{
	size_t length;
	const char *text = slice_text(words, form, &length);

	return g_strndup(text, length);
}

static GHashTable *
fold_titles(Folder *folder, Folding folding)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(FoldText) text = fold_read(titles, NULL);
	g_autoptr(FoldWords) words = fold_words(folder, folding, &text, true);

	for (guint i = 0; i < words->words->len; i++)
		g_hash_table_add(set,
		                 form_text(words, g_array_index(words->words, FoldWord, i).form));
	return set;
}

Listing *
listing_new(ListingRow row, gpointer to)
{
	Listing *listing = g_new0(Listing, 1);

	listing->row = row;
	listing->to = to;
	listing->folder = folder_new();
	for (int f = 0; f < FOLDINGS; f++)
		listing->titles[f] = fold_titles(listing->folder, f);
	listing->partners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	listing->key = g_string_new(NULL);
	listing->value = g_string_new(NULL);
	return listing;
}

void
listing_free(Listing *listing)
{
	folder_free(listing->folder);
	for (int f = 0; f < FOLDINGS; f++)
		g_hash_table_unref(listing->titles[f]);
	g_hash_table_unref(listing->partners);
	g_string_free(listing->key, true);
	g_string_free(listing->value, true);
	g_clear_pointer(&listing->longer, g_array_unref);
	g_free(listing);
}

void
listing_key(GString *key, KeyKind kind, Folding folding, const char *text, size_t length)
{
	g_string_truncate(key, 0);
	g_string_append_c(key, (char)kind);
	g_string_append_c(key, folding == FOLD_PLAIN ? '0' : '1');
	g_string_append_len(key, text, (gssize)length);
}

guint8
listing_partner(const char *word, size_t length)
{
	guint32 hash = 5381;

	for (size_t i = 0; i < length; i++)
		hash = hash * 33 + (unsigned char)word[i];
	return (guint8)(hash ^ hash >> 8 ^ hash >> 16 ^ hash >> 24);
}

/* The value of a word that has partners: 0 for the line, then the set. */
#define PARTNERS_AT 4
#define PARTNERS_SIZE (PARTNERS_AT + sizeof(ListingPartners))

void
listing_add_partners(ListingPartners *partners, const void *value, size_t length)
{
	const guint8 *set = (const guint8 *)value + PARTNERS_AT;

	for (size_t i = 0; length == PARTNERS_SIZE && i < sizeof partners->set; i++)
		partners->set[i] |= set[i];
}

FoldSlice
listing_join(GString *key, Folding folding, const char *word, size_t length)
{
	FoldSlice slice = { (guint)key->len, (guint)length };

	if (folding == FOLD_LOOK_ALIKE && length > 0 && *word == 'v' &&
	    key->str[key->len - 1] == 'v') {
		key->str[key->len - 1] = 'w';
		word++;
		length--;
	}
	g_string_append_len(key, word, (gssize)length);
	return slice;
}

/* Gives a row with listing->key, whose value is the number of the line and the @n @words. */
static void
give(Listing *listing, char *const *words, guint n)
{
	g_string_truncate(listing->value, 0);
	g_string_append_len(listing->value, listing->number, sizeof listing->number);
	for (guint i = 0; i < n; i++) {
		g_string_append_c(listing->value, '\0');
		g_string_append(listing->value, words[i]);
	}
	listing->row(listing->to, listing->key->str, listing->key->len, listing->value->str,
	             listing->value->len);
	if (listing->longer)
		g_array_set_size(listing->longer, 0);
}

static void
give_mark(Listing *listing)
{
	listing->row(listing->to, listing->key->str, listing->key->len, "", 0);
}

/* Removes what is in brackets, and all from a dash or slash between blanks, or from a bar, on. */
static void
cut_listed(FoldText *text)
{
	static const char opening[] = "([{<", closing[] = ")]}>";
	size_t to = 0;
	bool after_blank = false;

	for (size_t i = 0; i < text->length; i++) {
		gunichar c = text->chars[i];
		bool before_blank = i + 1 == text->length || g_unichar_isspace(text->chars[i + 1]);
		const char *bracket = c && c < 0x80 ? strchr(opening, (int)c) : NULL;
		if (bracket) {
			gunichar close = (gunichar)closing[bracket - opening];
			unsigned depth = 1;
			while (depth > 0 && ++i < text->length)
				depth += (text->chars[i] == c) - (text->chars[i] == close);
			c = ' ';
		}
		if (c == '|' || (after_blank && before_blank &&
		                 (c == '-' || c == '/' || c == 0x2013 || c == 0x2014)))
			break;
		after_blank = g_unichar_isspace(c);
		text->chars[to++] = c;
	}
	text->length = to;
}

/* A listed name in one folding. */
typedef struct {
	FoldWords *folded;
	GArray *words; /* FoldWord: those that count, in their order */
	bool has_initials;
	guint letters;
	guint n_wide;
} Name;

/* The words of @folded without titles, as long as two words are left. (transfer full) */
static GArray *
without_titles(const Listing *listing, Folding folding, const FoldWords *folded)
{
	GArray *words = g_array_copy(folded->words);

	for (guint i = 0; i < words->len && words->len > 2;) {
		g_autofree char *word = form_text(folded, g_array_index(words, FoldWord, i).form);
		if (g_hash_table_contains(listing->titles[folding], word))
			g_array_remove_index(words, i);
		else
			i++;
	}
	return words;
}

static void
count_letters(Name *name)
{
	name->letters = name->n_wide = 0;
	for (guint i = 0; i < name->words->len; i++) {
		const FoldWord *word = &g_array_index(name->words, FoldWord, i);
		name->letters += word->letters;
		name->n_wide += word->n_wide;
	}
}

static Name
read_name(Listing *listing, Folding folding, const FoldText *text)
{
	Name name = { .folded = fold_words(listing->folder, folding, text, true) };
	guint n_long = 0;

	name.words = without_titles(listing, folding, name.folded);
	for (guint i = 0; i < name.words->len; i++)
		n_long += !fold_is_initial(&g_array_index(name.words, FoldWord, i));
	name.has_initials = n_long < 2;
	for (guint i = 0; !name.has_initials && i < name.words->len;) {
		if (fold_is_initial(&g_array_index(name.words, FoldWord, i)))
			g_array_remove_index(name.words, i);
		else
			i++;
	}
	count_letters(&name);
	return name;
}

/* Gives a name whose initials count its titles back. False: it has none. */
static bool
take_titles(Name *name)
{
	const GArray *all = name->folded->words;

	if (!name->has_initials || name->words->len == all->len)
		return false;
	g_array_set_size(name->words, 0);
	g_array_append_vals(name->words, all->data, all->len);
	count_letters(name);
	return true;
}

static void
name_clear(Name *name)
{
	fold_words_free(name->folded);
	g_array_unref(name->words);
}

static bool
stands_anywhere(const Name *name)
{
	return !name->has_initials && name->letters >= LETTERS_ANYWHERE;
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
listing_finish(Listing *listing)
{
	guint8 value[PARTNERS_SIZE] = { 0 };
	GHashTableIter words;
	gpointer word, partners;

	g_hash_table_iter_init(&words, listing->partners);
	while (g_hash_table_iter_next(&words, &word, &partners)) {
		g_string_truncate(listing->key, 0);
		g_string_append_c(listing->key, KEY_WORD);
		g_string_append(listing->key, word);
		memcpy(value + PARTNERS_AT, partners, sizeof(ListingPartners));
		listing->row(listing->to, listing->key->str, listing->key->len, value,
		             sizeof value);
	}
	g_hash_table_remove_all(listing->partners);
}

static void
add_partner(Listing *listing, Folding folding, const char *word, const char *partner)
{
	guint8 bit = listing_partner(partner, strlen(partner));

	listing_key(listing->key, KEY_WORD, folding, word, strlen(word));
	const char *key = listing->key->str + 1;
	ListingPartners *partners = g_hash_table_lookup(listing->partners, key);
	if (!partners) {
		partners = g_new0(ListingPartners, 1);
		g_hash_table_insert(listing->partners, g_strdup(key), partners);
	}
	partners->set[bit / 8] |= (guint8)(1 << bit % 8);
}

/* Gives the row of the two longest words; the others are its value. */
static void
give_pair(Listing *listing, Folding folding, const Name *name, char *const *words)
{
	const FoldWord *all = (const FoldWord *)(gpointer)name->words->data;
	guint n = name->words->len, first = 0, second = 1;
	g_autoptr(GPtrArray) rest = g_ptr_array_new();

	if (all[1].letters > all[0].letters)
		first = 1, second = 0;
	for (guint i = 2; i < n; i++) {
		if (all[i].letters > all[first].letters) {
			second = first;
			first = i;
		} else if (all[i].letters > all[second].letters) {
			second = i;
		}
	}
	for (guint i = 0; i < n; i++) {
		if (i != first && i != second)
			g_ptr_array_add(rest, words[i]);
	}
	add_partner(listing, folding, words[first], words[second]);
	add_partner(listing, folding, words[second], words[first]);
	const char *low = words[first], *high = words[second];
	if (strcmp(low, high) > 0) {
		low = words[second];
		high = words[first];
	}
	listing_key(listing->key, KEY_PAIR, folding, low, strlen(low));
	g_string_append_c(listing->key, '\0');
	g_string_append(listing->key, high);
	give(listing, (char *const *)rest->pdata, rest->len);
}

/* Whether a word of the name that is spelled @word is an initial. */
static bool
has_initial(const Name *name, char *const *words, const char *word)
{
	for (guint i = 0; i < name->words->len; i++) {
		if (fold_is_initial(&g_array_index(name->words, FoldWord, i)) &&
		    g_str_equal(words[i], word))
			return true;
	}
	return false;
}

/* Gives the row of all different words; words that are listed again are its value. */
static void
give_set(Listing *listing, Folding folding, const Name *name, char *const *words)
{
	guint n = name->words->len;
	g_autoptr(GPtrArray) sorted = g_ptr_array_new(), again = g_ptr_array_new();

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(sorted, words[i]);
	g_ptr_array_sort(sorted, compare_strings);
	listing_key(listing->key, name->has_initials ? KEY_ALL_SET : KEY_SET, folding, "", 0);
	for (guint i = 0; i < n; i++) {
		char *word = g_ptr_array_index(sorted, i);
		if (i > 0 && g_str_equal(word, g_ptr_array_index(sorted, i - 1))) {
			g_ptr_array_add(again, word);
			continue;
		}
		if (i > 0)
			g_string_append_c(listing->key, '\0');
		const FoldSlice slice = { (guint)listing->key->len, (guint)strlen(word) };
		if (listing->longer && !has_initial(name, words, word))
			g_array_append_val(listing->longer, slice);
		g_string_append(listing->key, word);
	}
	give(listing, (char *const *)again->pdata, again->len);
}

/* Gives the rows of the joined words: in order, with the first one last, the last one first. */
static void
give_joined(Listing *listing, Folding folding, const Name *name, char *const *words)
{
	guint n = name->words->len;
	guint starts[] = { 0, 1, n - 1 };
	KeyKind kind = n > 1 ? KEY_WORD : KEY_ALL_JOINED;

	for (guint k = 0; k < (n > 1 ? G_N_ELEMENTS(starts) : 1); k++) {
		listing_key(listing->key, kind, folding, "", 0);
		for (guint i = 0; i < n; i++) {
			guint at = (starts[k] + i) % n;
			FoldSlice slice =
			        listing_join(listing->key, folding, words[at], strlen(words[at]));
			if (listing->longer &&
			    !fold_is_initial(&g_array_index(name->words, FoldWord, at)))
				g_array_append_val(listing->longer, slice);
		}
		if (listing->key->len <= LISTING_JOINED_MAX)
			give(listing, NULL, 0);
	}
}

static void
give_spelling(Listing *listing, Folding folding, const Name *name, bool is_wide, char *const *words)
{
	if (!is_wide && stands_anywhere(name))
		give_pair(listing, folding, name, words);
	else if (!is_wide)
		give_set(listing, folding, name, words);
	if (name->letters >= LISTING_JOINED_LETTERS || name->n_wide >= LISTING_JOINED_WIDE)
		give_joined(listing, folding, name, words);
}

/* Gives the rows of a name in each of its spellings: a word with umlauts has two. */
static void
give_name(Listing *listing, Folding folding, const Name *name, bool is_wide)
{
	guint n = name->words->len, spellings = 1;

	for (guint i = 0; i < n && spellings < SPELLINGS_MAX; i++)
		spellings *= g_array_index(name->words, FoldWord, i).n_forms;
	for (guint s = 0; s < spellings; s++) {
		g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
		for (guint i = 0, left = s; i < n; i++) {
			const FoldWord *word = &g_array_index(name->words, FoldWord, i);
			g_ptr_array_add(words,
			                form_text(name->folded, word->form + left % word->n_forms));
			left /= word->n_forms;
		}
		give_spelling(listing, folding, name, is_wide, (char *const *)words->pdata);
	}
}

/* Whether all word characters are Han, Kana or Hangul; *@ret_n is how many there are. */
static bool
is_wholly_wide(const FoldText *text, guint *ret_n)
{
	*ret_n = 0;
	for (size_t i = 0; i < text->length; i++) {
		if (!fold_is_word_char(text->chars[i]))
			continue;
		if (!fold_is_wide(text->chars[i]))
			return false;
		++*ret_n;
	}
	return true;
}

static void
give_wide(Listing *listing, Folding folding, const FoldText *text)
{
	guint n = 0;

	listing_key(listing->key, KEY_WIDE_START, folding, "", 0);
	for (size_t i = 0; i < text->length; i++) {
		if (!fold_is_word_char(text->chars[i]))
			continue;
		fold_char(listing->folder, folding, text->chars[i], listing->key);
		if (++n == 2)
			give_mark(listing);
	}
	listing->key->str[0] = KEY_WIDE;
	give(listing, NULL, 0);
}

static void
add_name(Listing *listing, const char *written)
{
	g_auto(FoldText) text = fold_read(written, NULL);
	guint n_wide;

	cut_listed(&text);
	bool is_wide = is_wholly_wide(&text, &n_wide) && n_wide >= 2;
	for (int f = 0; f < FOLDINGS; f++) {
		Name name = read_name(listing, f, &text);
		if (is_wide && n_wide <= LISTING_WIDE_MAX)
			give_wide(listing, f, &text);
		if (name.words->len > 0)
			give_name(listing, f, &name, is_wide);
		/* Nothing but its words finds it; so do those of the name as it is listed. */
		if (take_titles(&name))
			give_name(listing, f, &name, is_wide);
		name_clear(&name);
	}
}

static void
add_address(Listing *listing, const char *address)
{
	const char *domain = strrchr(address, '@') + 1;

	g_string_assign(listing->key, "a");
	g_string_append(listing->key, address);
	give(listing, NULL, 0);
	g_string_assign(listing->key, "d");
	g_string_append(listing->key, domain);
	give_mark(listing);
}

Person *
listing_add(Listing *listing, const char *line, size_t length, guint number, const char **ret_error)
{
	Person *person = person_parse(line, length, number == 1, ret_error);

	if (!person)
		return NULL;
	for (int i = 0; i < 4; i++)
		listing->number[i] = (char)(number >> (24 - 8 * i));
	g_string_assign(listing->key, "#");
	g_string_append_len(listing->key, listing->number, sizeof listing->number);
	listing->row(listing->to, listing->key->str, listing->key->len, line, length);
	for (guint i = 0; i < person->names->len; i++)
		add_name(listing, g_ptr_array_index(person->names, i));
	for (guint i = 0; i < person->addresses->len; i++)
		add_address(listing, g_ptr_array_index(person->addresses, i));
	if (g_hash_table_size(listing->partners) > PARTNERS_MAX)
		listing_finish(listing);
	return person;
}

/* What listing_spares() looks for. */
typedef struct {
	const Listing *listing;
	const GString *key;
	const GArray *initials;
	bool spares;
} Sought;

static bool
is_longer(const Listing *listing, FoldSlice slice)
{
	for (guint i = 0; i < listing->longer->len; i++) {
		FoldSlice longer = g_array_index(listing->longer, FoldSlice, i);
		if (longer.at == slice.at && longer.length == slice.length)
			return true;
	}
	return false;
}

static void
compare_row(gpointer to, const void *key, size_t key_length, const void *value, size_t value_length)
{
	Sought *sought = to;
	guint i = 0;

	if (sought->spares || key_length != sought->key->len ||
	    memcmp(key, sought->key->str, key_length) != 0)
		return;
	while (i < sought->initials->len &&
	       !is_longer(sought->listing, g_array_index(sought->initials, FoldSlice, i)))
		i++;
	sought->spares = i == sought->initials->len;
}

bool
listing_spares(Listing *listing, const Person *person, const GString *key, const GArray *initials)
{
	Sought sought = { listing, key, initials, false };

	listing->row = compare_row;
	listing->to = &sought;
	if (!listing->longer)
		listing->longer = g_array_new(false, false, sizeof(FoldSlice));
	for (guint i = 0; i < person->names->len && !sought.spares; i++)
		add_name(listing, g_ptr_array_index(person->names, i));
	g_hash_table_remove_all(listing->partners);
	return sought.spares;
}

bool
listing_add_text(Listing *listing, const char *text, size_t length, ListingPerson each, gpointer to,
                 guint *ret_number, const char **ret_error)
{
	const char *end = text + length;

	*ret_number = 0;
	*ret_error = NULL;
	for (const char *line = text; line < end && !*ret_error;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		if (!stop)
			stop = end;
		++*ret_number;
		g_autoptr(Person) person =
		        listing_add(listing, line, (size_t)(stop - line), *ret_number, ret_error);
		if (person && each)
			each(to, person, *ret_number);
		line = stop + (stop < end);
	}
	listing_finish(listing);
	return !*ret_error;
}

/* Whether an & stands between words that count. */
static bool
is_parted(const Name *name)
{
	for (guint i = 1; i < name->words->len; i++) {
		if (g_array_index(name->words, FoldWord, i).part !=
		    g_array_index(name->words, FoldWord, 0).part)
			return true;
	}
	return false;
}

ListingReach
listing_reach(Listing *listing, const char *written)
{
	g_auto(FoldText) text = fold_read(written, NULL);
	guint n_wide;

	cut_listed(&text);
	bool is_wide = is_wholly_wide(&text, &n_wide) && n_wide >= 2;
	Name name = read_name(listing, FOLD_PLAIN, &text);
	ListingReach reach = LISTING_WHOLE;
	if (name.words->len == 0)
		reach = LISTING_NOTHING;
	else if (is_parted(&name))
		reach = LISTING_PARTED;
	else if (is_wide ? n_wide <= LISTING_WIDE_MAX : stands_anywhere(&name))
		reach = LISTING_ANYWHERE;
	name_clear(&name);
	return reach;
}

struct _Rows {
	GHashTable *keys; /* GBytes -> GPtrArray of GBytes */
};

Rows *
rows_new(void)
{
	Rows *rows = g_new0(Rows, 1);

	rows->keys =
	        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
	                              (GDestroyNotify)g_ptr_array_unref);
	return rows;
}

void
rows_free(Rows *rows)
{
	g_hash_table_unref(rows->keys);
	g_free(rows);
}

void
rows_add(gpointer data, const void *key, size_t key_length, const void *value, size_t value_length)
{
	Rows *rows = data;
	g_autoptr(GBytes) bytes = g_bytes_new(key, key_length);
	GPtrArray *values = g_hash_table_lookup(rows->keys, bytes);

	if (!values) {
		values = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
		g_hash_table_insert(rows->keys, g_bytes_ref(bytes), values);
	}
	/* The rows of a line come together, so a duplicate is among the last ones; a key with an
	 * empty value has no others. */
	for (guint i = values->len; i > 0 && values->len - i < 256; i--) {
		gsize size;
		const void *last = g_bytes_get_data(g_ptr_array_index(values, i - 1), &size);
		if (size == value_length && (size == 0 || memcmp(last, value, size) == 0))
			return;
	}
	g_ptr_array_add(values, g_bytes_new(value, value_length));
}

void
rows_find(gpointer data, const void *key, size_t length, RowFound found, gpointer to)
{
	Rows *rows = data;
	g_autoptr(GBytes) bytes = g_bytes_new_static(key, length);
	const GPtrArray *values = g_hash_table_lookup(rows->keys, bytes);

	for (guint i = 0; values && i < values->len; i++) {
		gsize size;
		const void *value = g_bytes_get_data(g_ptr_array_index(values, i), &size);
		found(to, value, size);
	}
}
