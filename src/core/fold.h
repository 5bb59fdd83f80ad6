/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A text that says what the two foldings depend on. A file of folded names records it: programs
 * with another one fold differently. (transfer full) */
char *fold_version(void);

typedef enum { FOLD_PLAIN, FOLD_LOOK_ALIKE, FOLDINGS } Folding;

/* Stands in a FoldText for every apostrophe, since a final 's counts. */
#define FOLD_APOSTROPHE '\''

/* A text ready for both foldings: NFKC, without invisible characters. */
typedef struct {
	gunichar *chars;
	size_t length;
} FoldText;

/* Reads valid UTF-8; keeps at most 30 combining marks in a row. The result must be cleared.
 * *@ret_shown is the same as UTF-8, with apostrophes and small capitals as they were, as for
 * addresses (transfer full); @ret_shown may be NULL. */
FoldText fold_read(const char *utf8, char **ret_shown);
void fold_text_clear(FoldText *text);

/* Whether @c makes words: a letter, a decimal digit or a spacing mark (Mc). */
bool fold_is_word_char(gunichar c);

/* Whether @c is a mark that both foldings drop (categories Mn, Me). */
bool fold_is_mark(gunichar c);

/* Whether @c is Han, Kana or Hangul. */
bool fold_is_wide(gunichar c);

/* @text for comparing without case, as Unicode defines that: composed by NFKC and case-folded.
 * NULL: it is not UTF-8, or longer than FOLD_CASE_MAX and not ASCII. (transfer full) (nullable) */
#define FOLD_CASE_MAX ((size_t)1024)
char *fold_case(const char *text, size_t length);

/* Folds characters, and caches the results. */
typedef struct _Folder Folder;
Folder *folder_new(void);
void folder_free(Folder *folder);

/* Appends what @c of a FoldText folds to; nothing for marks and apostrophes. */
void fold_char(Folder *folder, Folding folding, gunichar c, GString *to);

/* A part of FoldWords.bytes. */
typedef struct {
	guint at, length;
} FoldSlice;

/* A word: the characters from index `from` up to `to`. It has several forms: first as it is, then
 * without a final 's, then without digits at its end, then these with ae, oe, ue, aa, oe for its
 * umlauts. */
typedef struct {
	guint from, to;
	guint letters; /* characters, before they were folded */
	guint n_wide;  /* of these, Han, Kana and Hangul */
	guint part;    /* how many & stand before it */
	guint form;    /* index of its first form in FoldWords.forms */
	guint n_forms;
	guint n_umlaut_forms; /* of these, the last ones */
	/* Without a final 's or digits at its end, even if only an initial is left, as for a name
	 * that is written letter by letter: the word as it is, and with ae, ... for its umlauts. */
	FoldSlice stem, umlaut_stem;
} FoldWord;

typedef struct {
	GString *bytes;
	GArray *words; /* FoldWord */
	GArray *forms; /* FoldSlice */
} FoldWords;

/* The words of @text, including initials. @as_listed: without the forms that drop 's and digits.
 * (transfer full) */
FoldWords *fold_words(Folder *folder, Folding folding, const FoldText *text, bool as_listed);
void fold_words_free(FoldWords *words);

/* A word of one letter, unless it is Han, Kana or Hangul. */
static inline bool
fold_is_initial(const FoldWord *word)
{
	return word->letters == 1 && word->n_wide == 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FoldText, fold_text_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoldWords, fold_words_free)
