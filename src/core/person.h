/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A line of the directory holds no more bytes, a name and an address in it no more than these. */
#define PERSON_LINE_MAX ((size_t)64 * 1024)
#define PERSON_NAME_MAX 998
#define PERSON_ADDRESS_MAX 320

/* One line of the directory. */
typedef struct {
	char *label;      /* what the person is called: the first name, else the first address */
	GPtrArray *names; /* char *: as written */
	GPtrArray *addresses; /* char *: own ones, as person_address() makes them */
	GPtrArray *keep;      /* char *: where only this person's name may stand; the same */
} Person;

/* Reads a line of the directory, with its line end or without: items between `;`. An item with @ is
 * an own address; `keep:` before it makes it one elsewhere; `smtp:` before it goes; an item that
 * begins with another word and a colon is skipped; any other is a name. NULL: nothing is there, a
 * blank line or a comment, or the line is wrong, and then *@ret_error says how: static words for
 * people, to follow "FILE:LINE: "; else it is NULL. @is_first: a BOM is dropped.
 * (transfer full) */
Person *person_parse(const char *line, size_t length, bool is_first, const char **ret_error);
void person_free(Person *person);

/* An address for comparing: the local part without case, and out of its quotes if it does without;
 * the domain as mime_domain() makes it. NULL: not one @ with something on both sides, or longer
 * than any that person_parse() takes. (transfer full) */
char *person_address(const char *address, size_t length);

/* Whether @address, as person_address() made it, is one of @addresses. */
bool person_has_address(const GPtrArray *addresses, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)
