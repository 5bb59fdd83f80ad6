/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * value: the text of a setting -> its value.
 * May know: how addresses, hosts, fields and numbers are written. Must not know: which settings
 * there are, where they are written, what they are for.
 * Fails: never; returns what is wrong with a value.
 */
#include "value.h"

#include <string.h>
#include <sys/types.h>

#include "core/dialect.h"
#include "core/except.h"
#include "core/host.h"
#include "core/mime.h"
#include "core/network.h"
#include "core/strip.h"

#define BLANKS ";, \t"

/* The items of a list. (transfer full) */
static char **
split_list(const char *text)
{
	g_auto(GStrv) parts = g_strsplit_set(text, BLANKS, -1);
	g_autoptr(GPtrArray) items = g_ptr_array_new();

	for (size_t i = 0; parts[i]; i++) {
		if (*parts[i])
			g_ptr_array_add(items, g_strdup(parts[i]));
	}
	g_ptr_array_add(items, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&items), false);
}

/* (transfer full) */
static char *
bad(const char *text, const char *accepted)
{
	return g_strdup_printf("bad value '%s'; accepted: %s", text, accepted);
}

/* What is wrong with the first bad one of @items; NULL: all are good. (transfer full) (nullable) */
static char *
bad_item(char *const *items, bool (*is_good)(const char *item), const char *accepted)
{
	for (; *items; items++) {
		if (!is_good(*items))
			return bad(*items, accepted);
	}
	return NULL;
}

/* Reads a list of strings. */
static char *
read_strings(const char *text, bool (*is_good)(const char *item), const char *accepted,
             char ***member)
{
	g_auto(GStrv) items = split_list(text);
	char *fault = bad_item(items, is_good, accepted);

	if (!fault && member)
		*member = g_steal_pointer(&items);
	return fault;
}

static bool
is_word(const char *item)
{
	return true;
}

char *
value_words(const char *text, gpointer member)
{
	return read_strings(text, is_word, "", member);
}

static bool
is_host(const char *name)
{
	if (!*name || *name == '.' || strstr(name, ".."))
		return false;
	for (; *name; name++) {
		if (!g_ascii_isalnum(*name) && !strchr("-_.:[]", *name) &&
		    (unsigned char)*name < 0x80)
			return false;
	}
	return true;
}

char *
value_hosts(const char *text, gpointer member)
{
	return read_strings(text, is_host, "host names", member);
}

static bool
is_one_or_many_hosts(const char *item)
{
	return is_host(item + host_is_suffix(item)) || host_is_network(item);
}

char *
value_many_hosts(const char *text, gpointer member)
{
	g_auto(GStrv) items = split_list(text);

	for (char **item = items; *item; item++) {
		if (!is_one_or_many_hosts(*item))
			return bad(*item,
			           strchr(*item, '/')
			                   ? "networks such as 192.0.2.0/24 and "
			                     "2001:db8::/64, without host bits"
			                   : "host names, .example.org for all hosts below "
			                     "example.org, and networks such as 192.0.2.0/24");
	}
	if (member)
		*(char ***)member = g_steal_pointer(&items);
	return NULL;
}

char *
value_domains(const char *text, gpointer member)
{
	char **domains = NULL;
	char *fault = read_strings(text, mime_is_domain, "domains, without @ and *",
	                           member ? &domains : NULL);

	for (char **domain = domains; domain && *domain; domain++) {
		char *folded = mime_domain(*domain);
		g_free(*domain);
		*domain = folded;
	}
	if (!fault && member)
		*(char ***)member = domains;
	return fault;
}

char *
value_networks(const char *text, gpointer member)
{
	g_auto(GStrv) items = split_list(text);
	g_autoptr(GPtrArray) networks = g_ptr_array_new_with_free_func(g_free);

	for (char **item = items; *item; item++) {
		Network *network = network_parse(*item);
		if (!network)
			return bad(*item, "addresses and networks such as 192.0.2.7, 192.0.2.0/24 "
			                  "and 2001:db8::/64, without host bits");
		g_ptr_array_add(networks, network);
	}
	if (member)
		*(GPtrArray **)member = g_steal_pointer(&networks);
	return NULL;
}

/* What comment-dialect accepts. (transfer full) */
static char *
dialects(void)
{
	GString *all = g_string_new("DIALECT or HOST=DIALECT, where DIALECT is one of ");

	for (Dialect d = DIALECT_NONE + 1; d < N_DIALECTS; d++)
		g_string_append_printf(all, "%s|", dialect_name(d));
	g_string_append(all, VALUE_DIALECT_WITHOUT_FORM);
	return g_string_free(all, false);
}

static bool
is_dialect(const char *item)
{
	const char *equals = strchr(item, '=');
	const char *name = equals ? equals + 1 : item;
	g_autofree char *host = equals ? g_strndup(item, (size_t)(equals - item)) : NULL;

	return (dialect_by_name(name) != DIALECT_NONE ||
	        g_str_equal(name, VALUE_DIALECT_WITHOUT_FORM)) &&
	       (!host || is_host(host));
}

static void
free_rule(gpointer rule)
{
	dialect_rule_free(rule);
}

char *
value_dialects(const char *text, gpointer member)
{
	g_auto(GStrv) items = split_list(text);
	g_autofree char *accepted = dialects();
	char *fault = bad_item(items, is_dialect, accepted);

	if (fault || !member)
		return fault;
	GPtrArray *rules = g_ptr_array_new_with_free_func(free_rule);
	for (char **item = items; *item; item++)
		g_ptr_array_add(rules, dialect_rule_new(*item));
	*(GPtrArray **)member = rules;
	return NULL;
}

char *
value_except(const char *text, gpointer member)
{
	g_auto(GStrv) items = split_list(text);
	g_autoptr(Except) except = except_new();

	for (char **item = items; *item; item++) {
		if (!except_add(except, *item))
			return bad(*item, "addresses, domains, *.domain and networks such as "
			                  "192.0.2.0/24");
	}
	if (member)
		*(Except **)member = g_steal_pointer(&except);
	return NULL;
}

char *
value_fields(const char *text, gpointer member)
{
	g_auto(GStrv) items = split_list(text);
	g_autoptr(GString) accepted = g_string_new(NULL);
	guint bits = 0;

	for (const SenderField *f = strip_sender_fields; f->name; f++) {
		if (!f->is_as_from)
			g_string_append_printf(accepted, "%s%s", accepted->len ? ", " : "",
			                       f->name);
	}
	for (char **item = items; *item; item++) {
		guint bit = strip_field_bits(*item);
		if (!bit)
			return bad(*item, accepted->str);
		bits |= bit;
	}
	if (member)
		*(guint *)member = bits;
	return NULL;
}

/* The index of @text in @choices, which are separated by '|'; -1: it is none of them. */
static int
choice(const char *text, const char *choices)
{
	g_auto(GStrv) all = g_strsplit(choices, "|", -1);
	int i = 0;

	while (all[i] && !g_str_equal(all[i], text))
		i++;
	return all[i] ? i : -1;
}

char *
value_scope(const char *text, gpointer member)
{
	/* In the order of VALUE_SCOPE_... */
	static const char accepted[] = "everyone|domains|directory";
	g_auto(GStrv) items = split_list(text);
	guint scope = 0;

	if (!*items)
		return g_strdup_printf("empty; accepted: a list of %s", accepted);
	for (char **item = items; *item; item++) {
		int number = choice(*item, accepted);
		if (number < 0)
			return g_strdup_printf("bad value '%s'; accepted: a list of %s", *item,
			                       accepted);
		scope |= 1u << number;
	}
	if (member)
		*(guint *)member = scope;
	return NULL;
}

/* Sets @member to whether @text is the choice at index @number. */
static char *
read_choice(const char *text, const char *choices, int number, bool *member)
{
	int found = choice(text, choices);

	if (found < 0)
		return bad(text, choices);
	if (member)
		*member = found == number;
	return NULL;
}

char *
value_bool(const char *text, gpointer member)
{
	return read_choice(text, "true|false", 0, member);
}

char *
value_is_anonymous(const char *text, gpointer member)
{
	return read_choice(text, "anonymous|authenticated", 0, member);
}

char *
value_is_authenticated(const char *text, gpointer member)
{
	return read_choice(text, "anonymous|authenticated", 1, member);
}

/* Returns @fault; if that is NULL, sets @member to a copy of @text. */
static char *
read_string(const char *text, char *fault, char **member)
{
	if (!fault && member)
		*member = g_strdup(text);
	return fault;
}

char *
value_path(const char *text, gpointer member)
{
	return read_string(text, *text ? NULL : g_strdup("empty; accepted: a path"), member);
}

char *
value_optional_path(const char *text, gpointer member)
{
	return read_string(*text ? text : NULL, NULL, member);
}

char *
value_group(const char *text, gpointer member)
{
	char *fault =
	        strpbrk(text, " \t;,:/\"") ? bad(text, "the name of one group, or nothing") : NULL;

	return read_string(text, fault, member);
}

char *
value_id(const char *text, gpointer member)
{
	char *fault =
	        strpbrk(text, " \t;/\"()")
	                ? bad(text, "one name, as your server writes it, without what follows a /")
	                : NULL;

	return read_string(text, fault, member);
}

/* Reads a number from 1 to @max, which must fit an int: some members are of that type. */
static char *
read_number(const char *text, guint max, const char *accepted, guint *member)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 1, max, &number, NULL))
		return bad(text, accepted);
	if (member)
		*member = (guint)number;
	return NULL;
}

char *
value_seconds(const char *text, gpointer member)
{
	return read_number(text, 86400, "seconds, 1 to 86400", member);
}

char *
value_count(const char *text, gpointer member)
{
	return read_number(text, 1000000, "a number, 1 to 1000000", member);
}

char *
value_mode(const char *text, gpointer member)
{
	guint64 number;

	if (strspn(text, "01234567") != strlen(text) ||
	    !g_ascii_string_to_unsigned(text, 8, 1, 0777, &number, NULL))
		return bad(text, "a mode such as 0660");
	if (member)
		*(mode_t *)member = (mode_t)number;
	return NULL;
}

/* Reads a host and a port into @listen. */
static bool
read_inet(const char *text, ValueListen *listen)
{
	const char *at = strchr(text, '@');
	guint64 port;

	/* The host is mandatory: listening on every address must be explicit. */
	if (!at || !(g_str_has_prefix(text, "inet:") || g_str_has_prefix(text, "inet6:")))
		return false;
	const char *number = strchr(text, ':') + 1;
	g_autofree char *digits = g_strndup(number, at > number ? (size_t)(at - number) : 0);
	if (!g_ascii_string_to_unsigned(digits, 10, 1, 65535, &port, NULL))
		return false;
	/* An IPv6 address may be written in brackets. */
	size_t length = strlen(at + 1);
	bool in_brackets = length > 2 && at[1] == '[' && at[length] == ']';
	listen->host = in_brackets ? g_strndup(at + 2, length - 2) : g_strdup(at + 1);
	listen->port = (guint16)port;
	listen->is_inet6 = g_str_has_prefix(text, "inet6:");
	return *listen->host;
}

static bool
read_listen(const char *text, ValueListen *listen)
{
	if (!g_str_has_prefix(text, "unix:/"))
		return read_inet(text, listen);
	listen->path = g_strdup(text + strlen("unix:"));
	return strlen(listen->path) < VALUE_SOCKET_PATH_MAX;
}

char *
value_listen(const char *text, gpointer member)
{
	ValueListen listen = { 0 };

	if (!read_listen(text, &listen)) {
		value_listen_clear(&listen);
		return g_strdup_printf("bad value '%s'; accepted: unix:/PATH, inet:PORT@HOST, "
		                       "inet6:PORT@HOST; the path has at most %d bytes",
		                       text, VALUE_SOCKET_PATH_MAX - 1);
	}
	if (member)
		*(ValueListen *)member = listen;
	else
		value_listen_clear(&listen);
	return NULL;
}

void
value_listen_clear(ValueListen *listen)
{
	g_clear_pointer(&listen->path, g_free);
	g_clear_pointer(&listen->host, g_free);
}
