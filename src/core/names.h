/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "address.h"
#include "enquiry.h"
#include "person.h"
#include "span.h"

/* Finds names of the directory on addresses that are not theirs. To be used for one message:
 *
 *	NamesSearch *search = names_search_new(lookup, directory);
 *	for each sender place, never To or Cc:
 *		AddressList *list = address_parse_elements(value, length);
 *		names_search_place(search, (Span){ value, length }, list);
 *	in_scope = names_in_scope(search, &rules, &excuse);
 *	... names_matches(search) are for audit and explain ...
 *	names_search_free(search);
 *
 * A place that is not understood, or shows text without an address, is in scope anyway: the caller
 * must check that. */

/* Bounds for a message: bytes of text in its sender places (with each text decoded once and twice),
 * matches, and questions to the directory. A message that exceeds one counts as in scope. */
#define NAMES_TEXT_MAX ((size_t)1024 * 1024)
#define NAMES_MATCHES_MAX 1000
#define NAMES_QUESTIONS_MAX 100000

typedef enum { NAMES_PLAIN, NAMES_LOOK_ALIKE, NAMES_JOINED, NAMES_ADDRESS } NamesFolding;

/* The word for @folding in JSON and audit: `plain`, `look-alike`, `joined`, `address`; static. */
const char *names_folding_word(NamesFolding folding);

/* A person who is shown in an element. */
typedef struct {
	const Person *person; /* belongs to the search */
	guint line;
	NamesFolding folding;
	char *element; /* its text, decoded once, or its addr-spec; at most 998 bytes of UTF-8 */
	char **words;  /* those of the element that matched, folded plain; empty for an address */
	char *address; /* the element's, by person_address(); NULL: none that could excuse it */
} NamesMatch;

typedef struct _NamesSearch NamesSearch;

/* Calls @lookup with @directory. (transfer full) */
NamesSearch *names_search_new(EnquiryLookup lookup, gpointer directory);
void names_search_free(NamesSearch *search);

/* Searches one place; @list must have been read from @value with elements. Each person is found
 * once in an element, by an own address if one is shown, else by name: plain before look-alike
 * before joined. Linear in @value. */
void names_search_place(NamesSearch *search, Span value, const AddressList *list);

/* The NamesMatch found, in their order. They belong to @search. */
const GPtrArray *names_matches(const NamesSearch *search);

/* Whether one of the bounds above was exceeded: then the message is in scope, whoever matched. */
bool names_too_much(const NamesSearch *search);

/* What excuses a match. */
typedef struct {
	/* Whether an address of `keep:` is believed; NULL: each is. */
	bool (*believed)(gpointer data, const char *address);
	/* char *: all recipients of the envelope, by person_address(); NULL or empty: not known. */
	const GPtrArray *recipients;
	/* Whether an element with this address (NULL: none) is excepted; NULL: none is. */
	bool (*except)(gpointer data, const char *address);
	gpointer data;
} NamesRules;

/* Whether the message is in scope by its names: a match counts, or a bound was exceeded. If not,
 * *@ret_excuse is why the first match does not count: `keep`, `self` or `except`, the first that
 * holds (static); NULL: nobody matched. */
bool names_in_scope(const NamesSearch *search, const NamesRules *rules, const char **ret_excuse);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NamesSearch, names_search_free)
