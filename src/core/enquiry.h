/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "listing.h"

/* Finds who has this key: calls @found with @to for each of its values. Does not report failure:
 * its owner must ask the directory for that. */
typedef void (*EnquiryLookup)(gpointer directory, const void *key, size_t length, RowFound found,
                              gpointer to);

/* Asks the directory for one message: each question once, and not more than a bound. */
typedef struct _Enquiry Enquiry;

/* The answer of the directory to a question. */
typedef struct {
	gpointer note; /* for the caller; freed with g_free() */
	size_t length;
	guint8 values[]; /* each after its length (guint32) */
} EnquiryAnswer;

/* Calls @lookup with @directory, at most @questions_max times. (transfer full) */
Enquiry *enquiry_new(EnquiryLookup lookup, gpointer directory, guint questions_max);
void enquiry_free(Enquiry *enquiry);

/* The key of the next question, which the caller sets: see listing.h. */
GString *enquiry_key(Enquiry *enquiry);

/* Whether more questions were asked than allowed. */
bool enquiry_is_over(const Enquiry *enquiry);

/* The directory's answer to the key; NULL: it has no such key, or there were too many questions. It
 * is valid as long as @enquiry. */
EnquiryAnswer *enquiry_ask(Enquiry *enquiry);

/* Steps through the values of an answer, which may be NULL; *@at must be 0 at first. NULL: there
 * are no more. */
const guint8 *enquiry_next_value(const EnquiryAnswer *answer, size_t *at, size_t *ret_length);

/* The same for values that begin with a line number, which is returned; *@ret_words are the words
 * after it, each after a NUL. 0: there are no more. */
guint enquiry_next_line(const EnquiryAnswer *answer, size_t *at, const char **ret_words,
                        size_t *ret_length);

/* The person of a line; NULL: the directory contradicts itself, or there were too many questions.
 * (transfer none) */
const Person *enquiry_person(Enquiry *enquiry, guint line);
