/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * enquiry: questions to the directory, each asked once, and the answers.
 * May know: how rows and persons are written. Must not know: where the directory is kept, why it is
 * asked.
 * Fails: never; past its bound there is no answer.
 */
#include "enquiry.h"

#include <string.h>

#include "span.h"

struct _Enquiry {
	EnquiryLookup lookup;
	gpointer directory;
	guint questions_left;
	bool is_over;
	GString *key;        /* of the current question */
	GByteArray *values;  /* of the current answer */
	GHashTable *answers; /* Span -> EnquiryAnswer; NULL: the directory has no such key */
	GHashTable *people;  /* line -> Person */
};

static void
answer_free(gpointer data)
{
	EnquiryAnswer *answer = data;

	if (answer)
		g_free(answer->note);
	g_free(answer);
}

static void
person_free_data(gpointer person)
{
	person_free(person);
}

Enquiry *
enquiry_new(EnquiryLookup lookup, gpointer directory, guint questions_max)
{
	Enquiry *e = g_new0(Enquiry, 1);

	e->lookup = lookup;
	e->directory = directory;
	e->questions_left = questions_max;
	e->key = g_string_new(NULL);
	e->values = g_byte_array_new();
	e->answers = g_hash_table_new_full(span_hash, span_equal, g_free, answer_free);
	e->people = g_hash_table_new_full(NULL, NULL, NULL, person_free_data);
	return e;
}

void
enquiry_free(Enquiry *e)
{
	g_string_free(e->key, true);
	g_byte_array_unref(e->values);
	g_hash_table_unref(e->answers);
	g_hash_table_unref(e->people);
	g_free(e);
}

GString *
enquiry_key(Enquiry *e)
{
	return e->key;
}

bool
enquiry_is_over(const Enquiry *e)
{
	return e->is_over;
}

static void
add_value(gpointer to, const void *value, size_t length)
{
	guint32 size = (guint32)length;

	g_byte_array_append(to, (const guint8 *)&size, sizeof size);
	g_byte_array_append(to, value, size);
}

EnquiryAnswer *
enquiry_ask(Enquiry *e)
{
	const Span key = { e->key->str, e->key->len };
	gpointer known;

	if (g_hash_table_lookup_extended(e->answers, &key, NULL, &known))
		return known;
	if (e->questions_left == 0) {
		e->is_over = true;
		return NULL;
	}
	e->questions_left--;
	EnquiryAnswer *answer = NULL;
	g_byte_array_set_size(e->values, 0);
	e->lookup(e->directory, key.data, key.length, add_value, e->values);
	if (e->values->len > 0) {
		answer = g_malloc(sizeof *answer + e->values->len);
		answer->note = NULL;
		answer->length = e->values->len;
		memcpy(answer->values, e->values->data, e->values->len);
	}
	g_hash_table_insert(e->answers, span_copy(key), answer);
	return answer;
}

const guint8 *
enquiry_next_value(const EnquiryAnswer *answer, size_t *at, size_t *ret_length)
{
	guint32 size;

	if (!answer || *at == answer->length)
		return NULL;
	memcpy(&size, answer->values + *at, sizeof size);
	*ret_length = size;
	*at += sizeof size + size;
	return answer->values + *at - size;
}

guint
enquiry_next_line(const EnquiryAnswer *answer, size_t *at, const char **ret_words,
                  size_t *ret_length)
{
	const guint8 *value;
	size_t size;
	guint line = 0;

	while (line == 0 && (value = enquiry_next_value(answer, at, &size))) {
		if (size < 4)
			continue;
		line = (guint)value[0] << 24 | (guint)value[1] << 16 | (guint)value[2] << 8 |
		       value[3];
		*ret_words = (const char *)value + 4;
		*ret_length = size - 4;
	}
	return line;
}

static Person *
read_person(Enquiry *e, guint line)
{
	const char *error;
	Person *person = NULL;

	g_string_assign(e->key, "#");
	for (int i = 0; i < 4; i++)
		g_string_append_c(e->key, (char)(line >> (24 - 8 * i)));
	size_t at = 0, size;
	const guint8 *text = enquiry_next_value(enquiry_ask(e), &at, &size);
	if (text)
		person = person_parse((const char *)text, size, line == 1, &error);
	return person;
}

const Person *
enquiry_person(Enquiry *e, guint line)
{
	Person *person = g_hash_table_lookup(e->people, GUINT_TO_POINTER(line));

	if (!person) {
		person = read_person(e, line);
		if (person)
			g_hash_table_insert(e->people, GUINT_TO_POINTER(line), person);
	}
	return person;
}
