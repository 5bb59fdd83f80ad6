/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A value with more addr-specs is not understood: no author has so many mailboxes. */
#define ADDRESSES_MAX 10000

/* At most so many removed names of one value are kept, each cut at so many octets of the field. */
#define ADDRESS_NAMES_MAX 1000
#define ADDRESS_NAME_MAX 998

/* Whether @c is atext (RFC 5322, 3.2.3) or part of a character beyond ASCII (RFC 6532, 3.2). */
bool address_is_atext(char c);

/* Whether the @length bytes are an addr-spec that nobody reads in another way: a dot-atom of
 * letters, digits, `_`, `+` and `-` on both sides of the @, and no A-label (RFC 5322, 3.4.1; RFC
 * 5890, 2.3.2.1). address_parse() yields it as it stands. */
bool address_is_plain(const char *text, size_t length);

/* What a reader may take together: an addr-spec with the text beside it. An element without an
 * addr-spec, and the name of an empty group, belongs to the next one that has an addr-spec. */
typedef struct {
	GString *text; /* phrase and comments in field order, quotes and escapes taken off; raw */
	GBytes *group; /* the name of the group it is in; NULL: none, or it is in @text */
	char *address; /* as in addresses; NULL: text at the end that no addr-spec follows */
} AddressElement;

/* What the value of a sender field holds. One that is not understood shows text, carries no
 * address, and is as a whole its one name. */
typedef struct {
	bool understood;
	bool bare;            /* nothing but addr-specs, commas, <> and blanks */
	bool shows_text;      /* something besides addr-specs that a reader would show */
	GPtrArray *addresses; /* char *: addr-specs as written, without CFWS and the domain's last
	                       * dot, odd dots in quotes; valid UTF-8 */
	GPtrArray
	        *names; /* char *: phrases, comments, group names; raw bytes, RFC 2047 undecoded */
	GPtrArray *elements; /* AddressElement, in field order; NULL if they were not asked for */
} AddressList;

/* Reads the @length bytes behind the colon of a sender field, without its last line end.
 * Follows RFC 5322, 3.4 and 4.4, RFC 6532, and the README's list of departures. Linear in
 * @length, no recursion. (transfer full) */
AddressList *address_parse(const char *value, size_t length);

/* What stands for a value that is not understood. (transfer full) */
AddressList *address_not_understood(const char *value, size_t length);

/* The same, with elements: none if the value is not understood. (transfer full) */
AddressList *address_parse_elements(const char *value, size_t length);

void address_list_free(AddressList *list);

/* The value that shows the addr-specs alone: joined by ", ", folded with @line_end (may be empty:
 * no folds) so that no line passes 78 bytes unless one address does. @column is the length of what
 * stands on the first line before the value. (transfer full) */
GString *address_build(const GPtrArray *addresses, size_t column, const char *line_end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressList, address_list_free)
