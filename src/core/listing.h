/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "fold.h"
#include "person.h"

/* The directory, as the rule wants it: rows of a key and a value, bytes both. A key may have many
 * values; the same row given twice is one. A memory table and an SQLite table
 * (key BLOB, value BLOB, PRIMARY KEY (key, value)) WITHOUT ROWID hold it alike.
 *
 * A key is its kind, for kinds of names the folding ('0' or '1'), then text. The value of a
 * name is the number of its line (four bytes, the highest first), then words each behind a NUL:
 * what must stand there besides. Rows of two lines with the same key and the same words are one
 * name that two people share. */
typedef enum {
	KEY_PERSON = '#',  /* + line number, without folding: the line itself */
	KEY_ADDRESS = 'a', /* + person_address(), without folding: the line's number */
	KEY_DOMAIN = 'd',  /* + a domain that an address has, without folding: nothing */
	KEY_WORD = 'w', /* + a word: of pairs, no line and the ListingPartners; or it is the words
	                 * of a name together, which may be all that is there or one word of it */
	KEY_PAIR = 'p', /* + the two longest words in byte order, NUL between them */
	KEY_SET = 's',  /* + the different words in byte order: nothing else is there */
	KEY_ALL_SET = 'i',    /* the same, initials among them */
	KEY_WIDE_START = 'h', /* + the first two characters of such a name as follows: nothing */
	KEY_WIDE = 'c',       /* + a name of Han, Kana, Hangul, without blanks */
	KEY_ALL_JOINED = 'k', /* + the one word of a name, in pieces that are all that is there */
} KeyKind;

/* A name of Han, Kana, Hangul that is longer is found only where it stands alone. */
#define LISTING_WIDE_MAX 32

/* Words together are a name from so many letters on, or of Han, Kana, Hangul. */
#define LISTING_JOINED_LETTERS 7
#define LISTING_JOINED_WIDE 3

/* Words together that have more bytes than this are not looked for. */
#define LISTING_JOINED_MAX 4096

/* Takes one row; the bytes are the caller's. */
typedef void (*ListingRow)(gpointer to, const void *key, size_t key_length, const void *value,
                           size_t value_length);

typedef struct _Listing Listing;

/* Compiles lines of the directory into rows for @row. (transfer full) */
Listing *listing_new(ListingRow row, gpointer to);
void listing_free(Listing *listing);

/* Gives the rows of the line @number, which counts from 1: see person_parse() for the line, for
 * what NULL means and for *@ret_error. (transfer full) */
Person *listing_add(Listing *listing, const char *line, size_t length, guint number,
                    const char **ret_error);

/* Gives the rows that lines have in common, which wait for it: to be called behind the last. */
void listing_finish(Listing *listing);

/* Takes each person as it is read; the person is the caller's. */
typedef void (*ListingPerson)(gpointer to, const Person *person, guint number);

/* All that for a whole text; *@ret_number is how many lines it has. False: line *@ret_number is
 * wrong as *@ret_error says. @each may be NULL. */
bool listing_add_text(Listing *listing, const char *text, size_t length, ListingPerson each,
                      gpointer to, guint *ret_number, const char **ret_error);

/* How a name can be found. */
typedef enum {
	LISTING_NOTHING,  /* it has no words */
	LISTING_WHOLE,    /* only where nothing stands beside it */
	LISTING_ANYWHERE, /* with other words, or titles, beside it */
} ListingReach;

ListingReach listing_reach(Listing *listing, const char *name);

/* Sets *@key to a key of names. */
void listing_key(GString *key, KeyKind kind, Folding folding, const char *text, size_t length);

/* A byte that stands for a word, and a set of them, a bit each: of the words that are listed with a
 * word. Most pairs of words can be told from it not to be listed. */
guint8 listing_partner(const char *word, size_t length);
typedef struct {
	guint8 set[256 / 8];
} ListingPartners;

/* Adds those in a value of KEY_WORD: none, if it is of another kind. */
void listing_add_partners(ListingPartners *partners, const void *value, size_t length);

/* In words together as they look: vv is a w. */
void listing_join_look_alike(GString *text, gsize from);

/* A directory in memory: listing_new(rows_add, rows) fills it. */
typedef struct _Rows Rows;
Rows *rows_new(void);
void rows_free(Rows *rows);
void rows_add(gpointer rows, const void *key, size_t key_length, const void *value,
              size_t value_length);

/* Gives each value of a key to @found: the lookup that names_search_new() asks for. */
typedef void (*RowFound)(gpointer to, const void *value, size_t length);
void rows_find(gpointer rows, const void *key, size_t length, RowFound found, gpointer to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listing, listing_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, rows_free)
