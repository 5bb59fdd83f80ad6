/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What the two foldings depend on, for a file of folded names to record: it and a program that
 * says another thing fold differently. (transfer full) */
char *fold_version(void);

typedef enum { FOLD_PLAIN, FOLD_LOOK_ALIKE, FOLDINGS } Folding;

/* What vanishes as an apostrophe stands in a FoldText as this, since a final 's counts. */
#define FOLD_APOSTROPHE '\''

/* A text as both foldings begin: NFKC, without what is invisible. */
typedef struct {
	gunichar *chars;
	size_t length;
} FoldText;

/* Reads valid UTF-8. Of combining marks in a row no more than 30 are kept. To be cleared.
 * *@ret_shown is the text of an address, the same but in UTF-8 and with apostrophes as they are
 * (transfer full);
 * @ret_shown may be NULL. */
FoldText fold_read(const char *utf8, char **ret_shown);
void fold_text_clear(FoldText *text);

/* Letter, decimal digit or mark (Mc): what makes words. */
bool fold_is_word_char(gunichar c);

/* A mark that no folding keeps (categories Mn, Me). */
bool fold_is_mark(gunichar c);

/* Han, Kana or Hangul. */
bool fold_is_wide(gunichar c);

/* Folds characters, and remembers what the last ones became. */
typedef struct _Folder Folder;
Folder *folder_new(void);
void folder_free(Folder *folder);

/* Appends what @c of a FoldText becomes; nothing for marks and apostrophes. */
void fold_char(Folder *folder, Folding folding, gunichar c, GString *to);

/* A part of FoldWords.bytes. */
typedef struct {
	guint at, length;
} FoldSlice;

/* A word, from the character @from up to @to. It is read in each of its forms: the first as it is,
 * then without a final 's, then without digits at its end, then these with ae, oe, ue, aa, oe for
 * its umlauts. */
typedef struct {
	guint from, to;
	guint letters; /* characters, before they were folded */
	guint n_wide;  /* of Han, Kana, Hangul */
	guint part;    /* how many & stand before it */
	guint form;    /* the first in FoldWords.forms */
	guint n_forms;
	guint n_umlaut_forms; /* the last ones */
} FoldWord;

typedef struct {
	GString *bytes;
	GArray *words; /* FoldWord */
	GArray *forms; /* FoldSlice */
} FoldWords;

/* The words of @text, initials too. @as_listed: without the forms without 's and digits.
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
