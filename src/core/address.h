/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A value with more addr-specs is not understood: no author has so many mailboxes. */
#define ADDRESSES_MAX 20000

/* The most removed names of a value that are kept, and the most octets of the field in each: even
 * with an encoded word for each letter, that is more than TEXT_MAX octets of text. */
#define ADDRESS_NAMES_MAX 1000
#define ADDRESS_NAME_MAX 16384

/* Whether @c is atext (RFC 5322, 3.2.3) or part of a character beyond ASCII (RFC 6532, 3.2). */
bool address_is_atext(char c);

/* Whether the @length bytes are an addr-spec that no two readers read differently: a dot-atom of
 * letters, digits, `_`, `+` and `-` on both sides of the @, and no A-label (RFC 5322, 3.4.1;
 * RFC 5890, 2.3.2.1). address_parse() yields it as it stands. */
bool address_is_plain(const char *text, size_t length);

/* What a reader may take together: an addr-spec with the text beside it. Text without an addr-spec,
 * and the name of an empty group, belong to the next element that has an addr-spec. */
typedef struct {
	GString *text; /* phrase and comments in field order, without quotes and escapes; raw */
	GBytes *group; /* the name of its group; NULL: none, or it is in `text` */
	char *address; /* as in `addresses`; NULL: text at the end that no addr-spec follows */
} AddressElement;

/* What the value of a sender field holds. A value that is not understood shows text, has no
 * addresses, and is itself its only name. */
typedef struct {
	bool understood;
	bool bare;            /* nothing but addr-specs, commas, <> and blanks */
	bool shows_text;      /* a reader would show something besides addr-specs */
	bool has_too_many;    /* not understood, since it has more than ADDRESSES_MAX addr-specs */
	GPtrArray *addresses; /* char *: addr-specs as written, without CFWS and the dot at the
	                       * domain's end, odd dots in quotes; valid UTF-8 */
	GPtrArray *names; /* char *: phrases, comments, group names; raw, not decoded (RFC 2047) */
	guint display_name;  /* index of the name that readers show first: a phrase or group name,
	                      * else 0 */
	GPtrArray *elements; /* AddressElement, in field order; NULL if they were not asked for */
} AddressList;

/* Reads the @length bytes after the colon of a sender field, without its last line end. Follows RFC
 * 5322, 3.4 and 4.4, and RFC 6532, except as README says ("Where it departs from the RFCs"). Linear
 * in @length, no recursion. (transfer full) */
AddressList *address_parse(const char *value, size_t length);

/* The list for a value that is not understood. (transfer full) */
AddressList *address_not_understood(const char *value, size_t length);

/* As address_parse(), but with elements; none if the value is not understood. (transfer full) */
AddressList *address_parse_elements(const char *value, size_t length);

void address_list_free(AddressList *list);

/* The value that shows only the addr-specs: joined by ", ", folded with @line_end (may be empty: no
 * folds) so that no line is longer than 78 bytes unless one address is. @column is the length of
 * the first line before the value. (transfer full) */
GString *address_build(const GPtrArray *addresses, size_t column, const char *line_end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressList, address_list_free)
