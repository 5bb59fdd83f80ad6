/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * person: a line of the directory -> a person's names and addresses.
 * May know: the format of that line, how addresses are compared. Must not know: files, how names
 * are found.
 * Fails: by saying what is wrong with the line.
 * Follows RFC 5321, 2.4, for domains; compares local parts without case too, so that changing the
 * case does not help a forger.
 */
#include "person.h"

#include <string.h>

#include "fold.h"
#include "mime.h"

/* Removes the blanks around *@text. */
static void
trim(const char **text, size_t *length)
{
	const char *start = *text, *end = start + *length;

	while (start < end && g_unichar_isspace(g_utf8_get_char(start)))
		start = g_utf8_next_char(start);
	while (end > start && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(end))))
		end = g_utf8_prev_char(end);
	*text = start;
	*length = (size_t)(end - start);
}

/* Removes the prefix @name from the item, and the blanks around the rest. False: it has none. */
static bool
take_prefix(const char **item, size_t *length, const char *name)
{
	size_t n = strlen(name);

	if (*length < n || g_ascii_strncasecmp(*item, name, n) != 0)
		return false;
	*item += n;
	*length -= n;
	trim(item, length);
	return true;
}

/* Whether the item begins with a word and a colon. */
static bool
has_prefix(const char *item, size_t length)
{
	size_t n = 0;

	while (n < length && (g_ascii_isalnum(item[n]) || strchr("-_.+", item[n])))
		n++;
	return n > 0 && n < length && item[n] == ':';
}

/* Removes the quotes of a local part that does not need them (RFC 5322, 3.4.1). */
static void
unquote(const char **local, size_t *length)
{
	if (*length < 3 || (*local)[0] != '"' || (*local)[*length - 1] != '"')
		return;
	for (size_t i = 1; i + 1 < *length; i++) {
		char c = (*local)[i];
		if ((unsigned char)c < 0x80 && !g_ascii_isalnum(c) &&
		    !strchr("!#$%&'*+-/=?^_`{|}~.", c))
			return;
	}
	++*local;
	*length -= 2;
}

char *
person_address(const char *address, size_t length)
{
	const char *at = memrchr(address, '@', length);

	if (!at || at == address || at + 1 == address + length || length > PERSON_ADDRESS_MAX)
		return NULL;
	const char *local = address;
	size_t local_length = (size_t)(at - address);
	unquote(&local, &local_length);
	g_autofree char *folded = fold_case(local, local_length);
	if (!folded)
		return NULL;
	g_autofree char *written = g_strndup(at + 1, (size_t)(address + length - at - 1));
	g_autofree char *domain = mime_domain(written);
	if (!*domain)
		return NULL;
	return g_strconcat(folded, "@", domain, NULL);
}

bool
person_has_address(const GPtrArray *addresses, const char *address)
{
	for (guint i = 0; i < addresses->len; i++) {
		if (g_str_equal(g_ptr_array_index(addresses, i), address))
			return true;
	}
	return false;
}

/* Whether the item is one addr-spec and nothing else. */
static bool
is_address(const char *item, size_t length)
{
	const char *at = memrchr(item, '@', length), *end = item + length;
	bool quoted = at > item + 1 && item[0] == '"' && at[-1] == '"';

	for (const char *c = item; c < end; c = g_utf8_next_char(c)) {
		bool inside = quoted && c < at;
		if (g_unichar_isspace(g_utf8_get_char(c)) && !inside)
			return false;
		if (*c && strchr("<>(),\"", *c) && !inside)
			return false;
		if (*c == '@' && c != at && !inside)
			return false;
	}
	return at > item && at + 1 < end;
}

/* Adds the address in the item. Returns what is wrong with it; NULL: nothing. */
static const char *
add_address(Person *person, GPtrArray *to, const char *item, size_t length)
{
	take_prefix(&item, &length, "smtp:");
	if (!memchr(item, '@', length))
		return "keep: without an address after it";
	if (length > PERSON_ADDRESS_MAX)
		return "an address is longer than 320 bytes";
	g_autofree char *address = is_address(item, length) ? person_address(item, length) : NULL;
	if (!address)
		return "an item with @ is not a single address; separate names and addresses with "
		       "semicolons";
	if (to == person->addresses && to->len == 0 && !person->label)
		person->label = g_strndup(item, length);
	if (!person_has_address(to, address))
		g_ptr_array_add(to, g_steal_pointer(&address));
	return NULL;
}

/* Adds what stands between two semicolons. Returns what is wrong with it; NULL: nothing. */
static const char *
add_item(Person *person, const char *item, size_t length)
{
	trim(&item, &length);
	if (length == 0)
		return NULL;
	if (take_prefix(&item, &length, "keep:"))
		return add_address(person, person->keep, item, length);
	bool is_smtp = take_prefix(&item, &length, "smtp:");
	if (!is_smtp && has_prefix(item, length))
		return NULL;
	if (memchr(item, '@', length))
		return add_address(person, person->addresses, item, length);
	if (is_smtp)
		return NULL;
	if (length > PERSON_NAME_MAX)
		return "a name is longer than 998 bytes";
	if (length > 0)
		g_ptr_array_add(person->names, g_strndup(item, length));
	return NULL;
}

Person *
person_parse(const char *line, size_t length, bool is_first, const char **ret_error)
{
	*ret_error = NULL;
	if (is_first && length >= 3 && memcmp(line, "\357\273\277", 3) == 0) {
		line += 3;
		length -= 3;
	}
	if (length > PERSON_LINE_MAX) {
		*ret_error = "the line is longer than 65536 bytes";
		return NULL;
	}
	if (!g_utf8_validate_len(line, length, NULL)) {
		*ret_error = "the line is not UTF-8";
		return NULL;
	}
	trim(&line, &length);
	if (length == 0 || *line == '#')
		return NULL;

	g_autoptr(Person) person = g_new0(Person, 1);
	person->names = g_ptr_array_new_with_free_func(g_free);
	person->addresses = g_ptr_array_new_with_free_func(g_free);
	person->keep = g_ptr_array_new_with_free_func(g_free);
	for (const char *item = line, *end = line + length; item <= end && !*ret_error;) {
		const char *stop = memchr(item, ';', (size_t)(end - item));
		if (!stop)
			stop = end;
		*ret_error = add_item(person, item, (size_t)(stop - item));
		item = stop + 1;
	}
	if (!*ret_error && person->names->len == 0 && person->addresses->len == 0)
		*ret_error = "the line has neither a name nor an address";
	if (*ret_error)
		return NULL;
	if (person->names->len > 0) {
		g_free(person->label);
		person->label = g_strdup(g_ptr_array_index(person->names, 0));
	}
	return g_steal_pointer(&person);
}

void
person_free(Person *person)
{
	g_free(person->label);
	g_ptr_array_unref(person->names);
	g_ptr_array_unref(person->addresses);
	g_ptr_array_unref(person->keep);
	g_free(person);
}
