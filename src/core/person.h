/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a line of the directory, and of a name and an address in it. */
#define PERSON_LINE_MAX ((size_t)64 * 1024)
#define PERSON_NAME_MAX 998
#define PERSON_ADDRESS_MAX 320

/* One line of the directory. */
typedef struct {
	char *label;          /* the name for people: the first name, else the first address */
	GPtrArray *names;     /* char *: as written */
	GPtrArray *addresses; /* char *: the person's own, as person_address() makes them */
	GPtrArray *keep;      /* char *: foreign ones on which the name may stand, likewise */
} Person;

/* Reads a line of the directory, with or without its line end: items between `;`. An item with @ is
 * an own address; with `keep:` before it, a foreign one on which the name may stand; `smtp:` before
 * it is ignored; an item that begins with another word and a colon is skipped; any other is a name.
 * NULL: the line is blank or a comment; or it is wrong, and *@ret_error says why: static words for
 * people, to follow "FILE:LINE: "; else *@ret_error is NULL. @is_first: a BOM is dropped. (transfer
 * full) (nullable) */
Person *person_parse(const char *line, size_t length, bool is_first, const char **ret_error);
void person_free(Person *person);

/* An address for comparing: the local part case-folded, and without quotes that it does not need;
 * the domain by mime_domain(). NULL: no @, nothing on one side of the last @, not UTF-8, or longer
 * than PERSON_ADDRESS_MAX. (transfer full) (nullable) */
char *person_address(const char *address, size_t length);

/* Whether @address, as person_address() made it, is one of @addresses. */
bool person_has_address(const GPtrArray *addresses, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)
