/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-names: what is found is in the directory and can be shown; a name that is listed is found
 * where it stands as it is listed.
 */
#include <string.h>

#include "core/names.h"
#include "fuzz.h"

static const char *const directory[] = {
	"Jane Doe; jane.doe@corp.example; keep:jane@isp.example",
	"Jörg Müller; joerg@müller.example",
	"Al Wu",
	"Purchasing; ceo@corp.example",
	"J. Rockefeller",
	"王伟明",
	"佐藤 美咲子",
	"김철수",
	"Anna Maria Schmidt",
	"Wolf Wolf Bergmann",
};

static void
add_line(Listing *listing, const char *line, size_t length, guint number)
{
	const char *error;
	Person *person = listing_add(listing, line, length, number, &error);

	g_assert_true(!person || !error);
	if (person)
		person_free(person);
}

/* Searches @value, and checks what must hold for every match; how many there are. */
static guint
search(Rows *rows, const char *value, size_t length)
{
	g_autoptr(NamesSearch) found = names_search_new(rows_find, rows);
	g_autoptr(AddressList) list = address_parse_elements(value, length);
	const GPtrArray *matches = names_matches(found);
	const NamesRules rules = { NULL };
	const char *excuse;

	g_assert_cmpuint(list->elements->len, >=, list->addresses->len);
	g_assert_cmpuint(list->elements->len, <=, list->addresses->len + 1);
	names_search_place(found, (Span){ value, length }, list);
	for (guint i = 0; i < matches->len; i++) {
		const NamesMatch *match = g_ptr_array_index(matches, i);
		g_assert_true(g_utf8_validate(match->element, -1, NULL));
		g_assert_cmpuint(strlen(match->element), <=, 998);
		g_assert_true((match->folding == NAMES_ADDRESS) == (match->words[0] == NULL));
		for (char **word = match->words; *word; word++)
			g_assert_true(**word && g_utf8_validate(*word, -1, NULL));
	}
	if (names_in_scope(found, &rules, &excuse))
		g_assert_true(matches->len > 0 || names_too_much(found));
	return matches->len;
}

/* Whether @name has nothing but letters, digits and blanks, and few words. */
static bool
is_plain(const char *name, size_t length)
{
	guint blanks = 0;

	for (const char *at = name; at < name + length; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (c != ' ' && !g_unichar_isalnum(c))
			return false;
		blanks += c == ' ';
	}
	return blanks < 8;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	static Rows *rows;
	g_autoptr(Rows) own = rows_new();
	g_autoptr(Listing) own_listing = listing_new(rows_add, own);

	if (!rows) {
		rows = rows_new();
		g_autoptr(Listing) listing = listing_new(rows_add, rows);
		for (guint i = 0; i < G_N_ELEMENTS(directory); i++)
			add_line(listing, directory[i], strlen(directory[i]), i + 1);
		listing_finish(listing);
	}
	search(rows, text, size);

	/* The input as a directory of one line, and as what is shown beside an address. */
	add_line(own_listing, text, size, 1);
	listing_finish(own_listing);
	search(own, text, size);
	if (size > PERSON_NAME_MAX || !g_utf8_validate_len(text, size, NULL) ||
	    !is_plain(text, size))
		return 0;
	g_autofree char *name = g_strndup(text, size);
	g_autofree char *value = g_strdup_printf("\"%s\" <x@y.example>", name);
	if (listing_reach(own_listing, name) != LISTING_NOTHING)
		g_assert_cmpuint(search(own, value, strlen(value)), ==, 1);
	return 0;
}
