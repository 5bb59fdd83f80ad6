/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "fold.h"
#include "person.h"

/* The directory in the form that the search needs: rows of a key and a value, both bytes. A key may
 * have many values; a row that is given twice is one. A table in memory and an SQLite table (key
 * BLOB, value BLOB, PRIMARY KEY (key, value)) WITHOUT ROWID hold the same.
 *
 * A key is its kind, then, for kinds of names, the folding ('0' or '1'), then text. The value of a
 * name is the number of its line (four bytes, most significant first), then words, each after a
 * NUL, that must also be in the text. Rows of two lines with the same key and words are one name
 * that two people share. The kinds below say what text follows, and what the value is if it is
 * another. */
typedef enum {
	KEY_PERSON = '#',  /* the line number, without folding: the line itself */
	KEY_ADDRESS = 'a', /* person_address(), without folding: the line number */
	KEY_DOMAIN = 'd',  /* a domain that an address has, without folding: nothing */
	KEY_WORD = 'w', /* a word that is in pairs: 0 for the line, and the ListingPartners; or the
	                 * joined words of a name: one word of the text, or all joined */
	KEY_PAIR = 'p', /* the two longest words in byte order, NUL between them */
	KEY_SET = 's',  /* the different words in byte order; the text has no others */
	KEY_ALL_SET = 'i',    /* the same, with initials */
	KEY_WIDE_START = 'h', /* the first two characters of a KEY_WIDE name: nothing */
	KEY_WIDE = 'c',       /* a name of Han, Kana, Hangul, without blanks */
	KEY_ALL_JOINED = 'k', /* the only word of a name, which is all words of the text joined */
} KeyKind;

/* A longer name of Han, Kana, Hangul is found only if it stands alone. */
#define LISTING_WIDE_MAX 32

/* How many letters, or characters of Han, Kana, Hangul, joined words must have to be a name. */
#define LISTING_JOINED_LETTERS 7
#define LISTING_JOINED_WIDE 3

/* Joined words of more bytes are not searched for. */
#define LISTING_JOINED_MAX 4096

/* Takes one row; the bytes stay the caller's. */
typedef void (*ListingRow)(gpointer to, const void *key, size_t key_length, const void *value,
                           size_t value_length);

typedef struct _Listing Listing;

/* Compiles lines of the directory into rows, and calls @row with @to for each. (transfer full) */
Listing *listing_new(ListingRow row, gpointer to);
void listing_free(Listing *listing);

/* Gives the rows of the line @number, counted from 1. See person_parse() for the line, for NULL and
 * for *@ret_error. (transfer full) (nullable) */
Person *listing_add(Listing *listing, const char *line, size_t length, guint number,
                    const char **ret_error);

/* Gives the rows that are gathered from several lines. Must be called after the last line. */
void listing_finish(Listing *listing);

/* Takes each person as it is read; the person stays the caller's. */
typedef void (*ListingPerson)(gpointer to, const Person *person, guint number);

/* Does all that for a whole text; *@ret_number is how many lines it has. False: line *@ret_number
 * is wrong as *@ret_error (static) says. Calls @each (may be NULL) with @to for each person. */
bool listing_add_text(Listing *listing, const char *text, size_t length, ListingPerson each,
                      gpointer to, guint *ret_number, const char **ret_error);

/* How a name can be found. */
typedef enum {
	LISTING_NOTHING,  /* not at all: it has no words */
	LISTING_PARTED,   /* not as it is written, since a text is parted at each & */
	LISTING_WHOLE,    /* only if nothing stands beside it */
	LISTING_ANYWHERE, /* also if other words, or titles, stand beside it */
} ListingReach;

/* How @name, as it is written in a line, can be found. */
ListingReach listing_reach(Listing *listing, const char *name);

/* Sets @key to a key of a kind that has a folding. */
void listing_key(GString *key, KeyKind kind, Folding folding, const char *text, size_t length);

/* A byte that stands for a word. */
guint8 listing_partner(const char *word, size_t length);

/* The words that are listed in a pair with some word: one bit for each listing_partner(). It shows
 * for most pairs of words that they are not listed. */
typedef struct {
	guint8 set[256 / 8];
} ListingPartners;

/* Adds the partners in a value of KEY_WORD: none if the value is that of a joined name. */
void listing_add_partners(ListingPartners *partners, const void *value, size_t length);

/* Appends a word to @key, which holds joined words; in look-alikes, vv across two words is a w.
 * Returns where the word stands in the key. */
FoldSlice listing_join(GString *key, Folding folding, const char *word, size_t length);

/* Whether a name of @person has the key @key, of KEY_ALL_SET or of joined words, so that each of
 * @initials (FoldSlice: parts of the key that one letter folded to) is an initial there, too, or a
 * part of a longer word: an Æ is no Ae. @listing serves for nothing else. */
bool listing_spares(Listing *listing, const Person *person, const GString *key,
                    const GArray *initials);

/* A directory in memory: listing_new(rows_add, rows) fills it. */
typedef struct _Rows Rows;
Rows *rows_new(void);
void rows_free(Rows *rows);

/* A ListingRow that adds the row, unless it is there already. */
void rows_add(gpointer rows, const void *key, size_t key_length, const void *value,
              size_t value_length);

/* Takes a value of a key; the bytes are valid during the call. */
typedef void (*RowFound)(gpointer to, const void *value, size_t length);

/* Calls @found for each value of a key; has the type EnquiryLookup. */
void rows_find(gpointer rows, const void *key, size_t length, RowFound found, gpointer to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listing, listing_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, rows_free)
