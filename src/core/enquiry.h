/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "listing.h"

/* Who has this key? Gives every value of the key to @found, or none; what it cannot read it keeps
 * to itself, for its owner to ask about. */
typedef void (*EnquiryLookup)(gpointer directory, const void *key, size_t length, RowFound found,
                              gpointer to);

/* Asks the directory for one message: each question once, and not without end. */
typedef struct _Enquiry Enquiry;

/* What the directory said to a question. */
typedef struct {
	gpointer note; /* the asker's, freed with g_free() */
	size_t length;
	guint8 values[]; /* each behind its length (guint32) */
} EnquiryAnswer;

/* @lookup is asked with @directory, at most @questions_max times. (transfer full) */
Enquiry *enquiry_new(EnquiryLookup lookup, gpointer directory, guint questions_max);
void enquiry_free(Enquiry *enquiry);

/* The key of the next question, to be set: see listing.h. */
GString *enquiry_key(Enquiry *enquiry);

/* Whether more was asked than may be. */
bool enquiry_is_over(const Enquiry *enquiry);

/* What the directory says to the key; NULL: nothing. It stays as long as @enquiry. */
EnquiryAnswer *enquiry_ask(Enquiry *enquiry);

/* The values of an answer, which may be NULL, one after the other; *@at begins as 0. NULL: that was
 * the last. */
const guint8 *enquiry_next_value(const EnquiryAnswer *answer, size_t *at, size_t *ret_length);

/* The same, of those that have a line: it, and the words behind it, texts that each follow a NUL.
 * 0: that was the last. */
guint enquiry_next_line(const EnquiryAnswer *answer, size_t *at, const char **ret_words,
                        size_t *ret_length);

/* The person of a line; NULL: a directory that contradicts itself. (transfer none) */
const Person *enquiry_person(Enquiry *enquiry, guint line);
