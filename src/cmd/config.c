/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * config: the settings: table of keys, configuration file, -o options, defaults.
 * May know: every setting, the host name. Must not know: messages.
 * Fails: with CMD_ERROR_CONFIG, and CMD_ERROR_USAGE for -o without `=`. GKeyFile reads the values;
 * it tells no line numbers and lets duplicates and misplaced keys pass, so a pass of our own looks
 * for these first.
 */
#include "config.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "core/host.h"
#include "core/mime.h"
#include "core/network.h"
#include "exits.h"
#include "util/text.h"

typedef enum {
	KIND_HOSTS,
	KIND_MANY_HOSTS, /* a list as host.h has them */
	KIND_NETWORKS,
	KIND_WORDS,
	KIND_DIALECTS,
	KIND_ID, /* of RFC 8601; may be empty */
	KIND_BOOL,
	KIND_CHOICE,
	KIND_CHOICES, /* a list of them */
	KIND_DOMAINS,
	KIND_FIELDS,
	KIND_EXCEPT,
	KIND_PATH,
	KIND_OPTIONAL_PATH,
	KIND_SECONDS,
	KIND_COUNT,
	KIND_MODE,   /* of a file, in octal */
	KIND_LISTEN, /* where a socket is */
	KIND_GROUP,  /* of the system, by its name; may be empty */
} Kind;

enum {
	TRUSTED_BY,
	RELAY_NETS,
	TRUSTED_CLIENTS,
	FILTER_UIDS,
	USER_UIDS,
	HIDDEN_BY,
	SUBMISSION_BY,
	WEBMAIL_BY,
	LOCAL_SUBMISSION,
	COMMENT_DIALECT,
	RELAY_ACCOUNTS,
	AUTHSERV_ID,
	AR_STRIPPED,
	UNKNOWN,
	RESOLVE_ANONYMOUS,
	SCOPE,
	DOMAINS,
	DIRECTORY,
	EXCEPT,
	FIELDS,
	DATABASE,
	SENDMAIL,
	DEADLINE,
	LISTEN,
	SOCKET_MODE,
	SOCKET_GROUP,
	SUBMISSION_DAEMONS,
	MAX_SESSIONS,
	DRY_RUN,
	N_KEYS
};

/* The one table of settings. */
static const struct {
	const char *section, *name;
	Kind kind;
	const char *by_default; /* NULL: the host name */
	const char *accepted;   /* the choices of KIND_CHOICE(S) and KIND_BOOL, separated by '|' */
} keys[N_KEYS] = {
	[TRUSTED_BY] = { "trust", "trusted-by", KIND_MANY_HOSTS, NULL },
	[RELAY_NETS] = { "trust", "relay-nets", KIND_NETWORKS, "" },
	[TRUSTED_CLIENTS] = { "trust", "trusted-clients", KIND_NETWORKS, "" },
	[FILTER_UIDS] = { "trust", "filter-uids", KIND_WORDS, "" },
	[USER_UIDS] = { "trust", "user-uids", KIND_WORDS, "" },
	[HIDDEN_BY] = { "trust", "hidden-by", KIND_HOSTS, "" },
	[SUBMISSION_BY] = { "trust", "submission-by", KIND_HOSTS, "" },
	[WEBMAIL_BY] = { "trust", "webmail-by", KIND_HOSTS, "" },
	[LOCAL_SUBMISSION] = { "trust", "local-submission", KIND_CHOICE, "anonymous",
	                       "anonymous|authenticated" },
	[COMMENT_DIALECT] = { "trust", "comment-dialect", KIND_DIALECTS, "" },
	[RELAY_ACCOUNTS] = { "trust", "relay-accounts", KIND_WORDS, "" },
	[AUTHSERV_ID] = { "trust", "authserv-id", KIND_ID, "" },
	[AR_STRIPPED] = { "trust", "ar-stripped", KIND_BOOL, "false", "true|false" },
	[UNKNOWN] = { "policy", "unknown", KIND_CHOICE, "anonymous", "anonymous|authenticated" },
	[RESOLVE_ANONYMOUS] = { "policy", "resolve-anonymous", KIND_BOOL, "false", "true|false" },
	[SCOPE] = { "policy", "scope", KIND_CHOICES, "everyone", "everyone|domains|directory" },
	[DOMAINS] = { "policy", "domains", KIND_DOMAINS, "" },
	[DIRECTORY] = { "policy", "directory", KIND_OPTIONAL_PATH, "" },
	[EXCEPT] = { "policy", "except", KIND_EXCEPT, "" },
	[FIELDS] = { "policy", "fields", KIND_FIELDS, "From;Sender;Reply-To" },
	[DATABASE] = { "audit", "database", KIND_PATH, "/var/lib/barefrom/audit.db" },
	[SENDMAIL] = { "filter", "sendmail", KIND_PATH, "/usr/sbin/sendmail" },
	[DEADLINE] = { "filter", "deadline", KIND_SECONDS, G_STRINGIFY(CONFIG_DEADLINE) },
	[LISTEN] = { "milter", "listen", KIND_LISTEN, "unix:/run/barefrom/milter.sock" },
	[SOCKET_MODE] = { "milter", "socket-mode", KIND_MODE, "0660" },
	[SOCKET_GROUP] = { "milter", "socket-group", KIND_GROUP, "postfix" },
	[SUBMISSION_DAEMONS] = { "milter", "submission-daemons", KIND_WORDS, "" },
	[MAX_SESSIONS] = { "milter", "max-sessions", KIND_COUNT, "2000" },
	[DRY_RUN] = { "milter", "dry-run", KIND_BOOL, "false", "true|false" },
};

typedef struct Value {
	char *value;
	bool given;
	int line; /* in the file; 0: elsewhere */
} Value;

typedef struct {
	const char *file;
	bool public_words;
} Reader;

static int
find_key(const char *name)
{
	for (int k = 0; k < N_KEYS; k++) {
		if (g_str_equal(keys[k].name, name))
			return k;
	}
	return -1;
}

/* One bad setting; @line 0 is the command line. Always false. */
G_GNUC_PRINTF(5, 6)
static bool
bad(const Reader *reader, GError **error, int line, const char *key, const char *format, ...)
{
	va_list args;
	g_autofree char *what = NULL;

	if (reader->public_words) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG,
		            "bad setting %s: run barefrom config",
		            find_key(key) >= 0 ? key : "in the configuration");
		return false;
	}
	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	if (line)
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "%s:%d: %s: %s", reader->file, line,
		            key, what);
	else
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "-o %s: %s", key, what);
	return false;
}

static char **
split_list(const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, ";, \t", -1);
	g_autoptr(GPtrArray) items = g_ptr_array_new();

	for (size_t i = 0; parts[i]; i++) {
		if (*parts[i])
			g_ptr_array_add(items, g_strdup(parts[i]));
	}
	g_ptr_array_add(items, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&items), false);
}

static bool
is_host(const char *name)
{
	if (!*name || *name == '.')
		return false;
	for (; *name; name++) {
		if (!g_ascii_isalnum(*name) && !strchr("-_.:[]", *name) &&
		    (unsigned char)*name < 0x80)
			return false;
	}
	return true;
}

static bool
is_choice(const char *value, const char *choices)
{
	g_auto(GStrv) all = g_strsplit(choices, "|", -1);
	return g_strv_contains((const char *const *)all, value);
}

/* What comment-dialect accepts, separated by '|'. (transfer full) */
static char *
dialects(void)
{
	GString *all = g_string_new(NULL);

	for (Dialect d = DIALECT_NONE + 1; d < N_DIALECTS; d++)
		g_string_append_printf(all, "%s|", dialect_name(d));
	/* Its comment has no form that counts, and warn_trust() says so. */
	g_string_append(all, "qmail");
	return g_string_free(all, false);
}

/* What fields accepts, for people. (transfer full) */
static char *
sender_fields(void)
{
	GString *all = g_string_new("accepted: ");

	for (const SenderField *f = strip_sender_fields; f->name; f++)
		g_string_append_printf(all, "%s%s", f > strip_sender_fields ? ", " : "", f->name);
	return g_string_free(all, false);
}

/* What is wrong with one item of a list; NULL: nothing. (transfer full) */
static char *
item_fault(int key, const char *item)
{
	g_autoptr(GInetAddressMask) mask = NULL;
	g_autoptr(Except) except = NULL;
	g_autofree char *host = NULL, *accepted = NULL;
	const char *equals;

	switch (keys[key].kind) {
	case KIND_HOSTS:
		return is_host(item) ? NULL : g_strdup("accepted: host names");
	case KIND_MANY_HOSTS:
		if (is_host(item + host_is_suffix(item)) || host_is_network(item))
			return NULL;
		return g_strdup(strchr(item, '/')
		                        ? "accepted: networks such as 192.0.2.0/24 and "
		                          "2001:db8::/64, without host bits"
		                        : "accepted: host names, .example.org for all hosts below "
		                          "example.org, networks such as 192.0.2.0/24");
	case KIND_DOMAINS:
		return is_host(item) && !strpbrk(item, ":[]")
		               ? NULL
		               : g_strdup("accepted: domains, without @ and *");
	case KIND_NETWORKS:
		mask = network_parse(item);
		return mask ? NULL
		            : g_strdup("accepted: addresses and networks such as 192.0.2.7, "
		                       "192.0.2.0/24, 2001:db8::/64, without host bits");
	case KIND_FIELDS:
		for (const SenderField *f = strip_sender_fields; f->name; f++) {
			if (g_ascii_strcasecmp(f->name, item) == 0)
				return NULL;
		}
		return sender_fields();
	case KIND_DIALECTS:
		equals = strchr(item, '=');
		host = g_strndup(item, equals ? (size_t)(equals - item) : 0);
		accepted = dialects();
		if (is_choice(equals ? equals + 1 : item, accepted) && (!equals || is_host(host)))
			return NULL;
		return g_strdup_printf("accepted: DIALECT or HOST=DIALECT, with one of %s",
		                       accepted);
	case KIND_CHOICES:
		return is_choice(item, keys[key].accepted)
		               ? NULL
		               : g_strdup_printf("accepted: a list of %s", keys[key].accepted);
	case KIND_EXCEPT:
		except = except_new();
		return except_add(except, item)
		               ? NULL
		               : g_strdup("accepted: addresses, domains, *.domain and networks "
		                          "such as 192.0.2.0/24");
	case KIND_WORDS:
	case KIND_ID:
	case KIND_BOOL:
	case KIND_CHOICE:
	case KIND_PATH:
	case KIND_OPTIONAL_PATH:
	case KIND_SECONDS:
	case KIND_COUNT:
	case KIND_MODE:
	case KIND_LISTEN:
	case KIND_GROUP:
		break;
	}
	return NULL;
}

/* Takes a listening address apart: *@ret_path is that of a unix socket, or else NULL, and
 * *@ret_host and *@ret_port are set. Whether it is one. */
static bool
parse_listen(const char *value, char **ret_path, char **ret_host, guint16 *ret_port)
{
	const char *at = strchr(value, '@');
	guint64 port;

	*ret_path = *ret_host = NULL;
	*ret_port = 0;
	if (g_str_has_prefix(value, "unix:/")) {
		*ret_path = g_strdup(value + strlen("unix:"));
		return strlen(*ret_path) < CONFIG_SOCKET_PATH_MAX;
	}
	/* A host is demanded: to listen on every address is to be said. */
	if (!at || !(g_str_has_prefix(value, "inet:") || g_str_has_prefix(value, "inet6:")))
		return false;
	const char *number = strchr(value, ':') + 1;
	g_autofree char *digits = g_strndup(number, at > number ? (size_t)(at - number) : 0);
	if (!g_ascii_string_to_unsigned(digits, 10, 1, 65535, &port, NULL))
		return false;
	/* Some write an address of IPv6 in brackets. */
	size_t length = strlen(at + 1);
	bool in_brackets = length > 2 && at[1] == '[' && at[length] == ']';
	*ret_host = in_brackets ? g_strndup(at + 2, length - 2) : g_strdup(at + 1);
	*ret_port = (guint16)port;
	return **ret_host != '\0';
}

/* What is wrong with a value; NULL: nothing. (transfer full) */
static char *
value_fault(int key, const char *value)
{
	g_autofree char *path = NULL, *host = NULL;
	guint16 port;
	guint64 number;

	if (!g_utf8_validate(value, -1, NULL))
		return g_strdup("not UTF-8");
	switch (keys[key].kind) {
	case KIND_BOOL:
	case KIND_CHOICE:
		if (is_choice(value, keys[key].accepted))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: %s", value, keys[key].accepted);
	case KIND_PATH:
		return *value ? NULL : g_strdup("empty; accepted: a path");
	case KIND_OPTIONAL_PATH:
		return NULL;
	case KIND_CHOICES:
		if (strspn(value, ";, \t") == strlen(value))
			return g_strdup_printf("empty; accepted: a list of %s", keys[key].accepted);
		break;
	case KIND_SECONDS:
		if (g_ascii_string_to_unsigned(value, 10, 1, 86400, &number, NULL))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: seconds, 1 to 86400", value);
	case KIND_COUNT:
		if (g_ascii_string_to_unsigned(value, 10, 1, 1000000, &number, NULL))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: a number, 1 to 1000000", value);
	case KIND_MODE:
		if (strspn(value, "01234567") == strlen(value) &&
		    g_ascii_string_to_unsigned(value, 8, 1, 0777, &number, NULL))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: a mode such as 0660", value);
	case KIND_LISTEN:
		if (parse_listen(value, &path, &host, &port))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: unix:/PATH, inet:PORT@HOST, "
		                       "inet6:PORT@HOST; a path has at most %d bytes",
		                       value, CONFIG_SOCKET_PATH_MAX - 1);
	case KIND_GROUP:
		if (!strpbrk(value, " \t;,:/\""))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: the name of one group, or "
		                       "nothing",
		                       value);
	case KIND_ID:
		if (!strpbrk(value, " \t;/\"()"))
			return NULL;
		return g_strdup_printf("bad value '%s'; accepted: one name, as your server writes "
		                       "it, up to a /",
		                       value);
	case KIND_HOSTS:
	case KIND_MANY_HOSTS:
	case KIND_NETWORKS:
	case KIND_WORDS:
	case KIND_DIALECTS:
	case KIND_DOMAINS:
	case KIND_FIELDS:
	case KIND_EXCEPT:
		break;
	}
	g_auto(GStrv) items = split_list(value);
	for (size_t i = 0; items[i]; i++) {
		g_autofree char *fault = item_fault(key, items[i]);
		if (fault)
			return g_strdup_printf("bad value '%s'; %s", items[i], fault);
	}
	return NULL;
}

static bool
set_value(const Reader *reader, Value *values, int line, int key, const char *value, GError **error)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(value));
	g_autofree char *fault = value_fault(key, trimmed);

	if (fault)
		return bad(reader, error, line, keys[key].name, "%s", fault);
	g_free(values[key].value);
	values[key].value = g_steal_pointer(&trimmed);
	values[key].given = true;
	values[key].line = line;
	return true;
}

/* What GKeyFile takes for one. */
static bool
is_section(const char *line, size_t length)
{
	if (length < 3 || line[length - 1] != ']')
		return false;
	for (size_t i = 1; i < length - 1; i++) {
		if (line[i] == '[' || line[i] == ']' || g_ascii_iscntrl(line[i]))
			return false;
	}
	return true;
}

/* Finds what GKeyFile does not report, and the line of each key. */
static bool
check_lines(const Reader *reader, const char *text, int lines[N_KEYS], GError **error)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);
	g_autofree char *section = NULL;

	for (int i = 0; all[i]; i++) {
		char *line = g_strstrip(all[i]);
		size_t length = strlen(line);
		if (!*line || *line == '#')
			continue;
		if (*line == '[') {
			if (!is_section(line, length))
				return bad(reader, error, i + 1, line,
				           "a section is [trust], [policy], [audit], [filter] or "
				           "[milter]");
			g_free(section);
			section = g_strndup(line + 1, length - 2);
			continue;
		}
		char *equals = strchr(line, '=');
		if (!equals)
			return bad(reader, error, i + 1, line,
			           "neither [section], nor key=value, nor a comment (#)");
		*equals = '\0';
		g_strchomp(line);
		int key = find_key(line);
		if (key < 0)
			return bad(reader, error, i + 1, line,
			           "unknown key; barefrom.conf(5) lists the keys");
		if (!section || !g_str_equal(section, keys[key].section))
			return bad(reader, error, i + 1, line, "misplaced; it belongs under [%s]",
			           keys[key].section);
		if (lines[key])
			return bad(reader, error, i + 1, line, "given twice; first on line %d",
			           lines[key]);
		lines[key] = i + 1;
	}
	return true;
}

static bool
read_file(const Reader *reader, Value *values, bool may_be_absent, bool *ret_absent, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) failed = NULL;
	g_autoptr(GKeyFile) file = g_key_file_new();
	int lines[N_KEYS] = { 0 };
	gsize length;

	if (!g_file_get_contents(reader->file, &text, &length, &failed)) {
		*ret_absent = g_error_matches(failed, G_FILE_ERROR, G_FILE_ERROR_NOENT);
		if (*ret_absent && may_be_absent)
			return true;
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "%s",
		            reader->public_words
		                    ? "cannot read the configuration: run barefrom config"
		                    : failed->message);
		return false;
	}
	if (memchr(text, '\0', length)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "%s%s",
		            reader->public_words ? "the configuration" : reader->file,
		            " is not a text file");
		return false;
	}
	if (!check_lines(reader, text, lines, error))
		return false;
	if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, &failed)) {
		if (length == 0)
			return true;
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "%s%s%s",
		            reader->public_words ? "bad configuration: run barefrom config"
		                                 : reader->file,
		            reader->public_words ? "" : ": ",
		            reader->public_words ? "" : failed->message);
		return false;
	}
	for (int k = 0; k < N_KEYS; k++) {
		if (!lines[k])
			continue;
		g_autofree char *value =
		        g_key_file_get_value(file, keys[k].section, keys[k].name, NULL);
		if (!set_value(reader, values, lines[k], k, value ? value : "", error))
			return false;
	}
	return true;
}

static bool
read_options(const Reader *reader, Value *values, char **options, GError **error)
{
	for (size_t i = 0; options && options[i]; i++) {
		const char *equals = strchr(options[i], '=');
		if (!equals) {
			g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "-o %s: KEY=VALUE is needed",
			            options[i]);
			return false;
		}
		g_autofree char *name = g_strstrip(g_strndup(options[i], equals - options[i]));
		int key = find_key(name);
		if (key < 0)
			return bad(reader, error, 0, name,
			           "unknown key; barefrom.conf(5) lists the keys");
		if (!set_value(reader, values, 0, key, equals + 1, error))
			return false;
	}
	return true;
}

static GPtrArray *
networks(const char *value)
{
	GPtrArray *masks = g_ptr_array_new_with_free_func(g_object_unref);
	g_auto(GStrv) items = split_list(value);

	for (size_t i = 0; items[i]; i++)
		g_ptr_array_add(masks, network_parse(items[i]));
	return masks;
}

/* How many addresses @mask leaves open, in bits. */
static guint
open_bits(GInetAddressMask *mask)
{
	GInetAddress *address = g_inet_address_mask_get_address(mask);

	return (guint)g_inet_address_get_native_size(address) * 8 -
	       g_inet_address_mask_get_length(mask);
}

/* Whether @mask begins in 172.16.0.0/12, where container networks are made. */
static bool
is_of_containers(GInetAddressMask *mask)
{
	GInetAddress *address = g_inet_address_mask_get_address(mask);
	const guint8 *bytes = g_inet_address_to_bytes(address);

	return g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV4 && bytes[0] == 172 &&
	       (bytes[1] & 0xf0) == 16;
}

static void
warn_networks(Config *config)
{
	const Trust *trust = &config->settings->policy.trust;
	bool has_localhost = received_host_in("localhost", (const char *const *)trust->trusted_by);

	for (guint i = 0; i < trust->relay_nets->len; i++) {
		GInetAddressMask *mask = g_ptr_array_index(trust->relay_nets, i);
		g_autofree char *text = g_inet_address_mask_to_string(mask);
		bool is_loopback =
		        g_inet_address_get_is_loopback(g_inet_address_mask_get_address(mask));
		if (open_bits(mask) > 0 || is_loopback)
			text_note(config->warnings,
			          "relay-nets: %s: every process there can claim any login; name "
			          "single hosts%s",
			          text,
			          is_loopback && !has_localhost
			                  ? "; for amavis, trusted-by needs localhost as well"
			                  : "");
	}
	for (guint i = 0; i < trust->trusted_clients->len; i++) {
		GInetAddressMask *mask = g_ptr_array_index(trust->trusted_clients, i);
		g_autofree char *text = g_inet_address_mask_to_string(mask);
		if (open_bits(mask) > 3)
			text_note(config->warnings,
			          "trusted-clients: %s: every client there keeps its names; name "
			          "single hosts",
			          text);
		if (is_of_containers(mask))
			text_note(config->warnings,
			          "trusted-clients: %s: behind NAT or in a container network, mail "
			          "from outside has such an address too",
			          text);
	}
}

/* A hop of a webmail is only come to if its host is one of ours. */
static void
warn_webmail(Config *config)
{
	const Trust *trust = &config->settings->policy.trust;

	for (char **host = trust->webmail_by; *host; host++) {
		if (!received_host_in(*host, (const char *const *)trust->trusted_by))
			text_note(config->warnings,
			          "webmail-by: %s has no effect unless it is in trusted-by, too",
			          *host);
	}
}

/* What a filter can name one by one. */
static void
warn_many_hosts(Config *config)
{
	for (char **item = config->settings->policy.trust.trusted_by; *item; item++) {
		if (host_is_suffix(*item))
			text_note(
			        config->warnings,
			        "trusted-by: %s: for archives; every host that names itself so is "
			        "believed: for a filter name single hosts",
			        *item);
		else if (host_is_network(*item))
			text_note(
			        config->warnings,
			        "trusted-by: %s: for archives; below a field of a host there that "
			        "shows no client, the client's own fields are believed: for a "
			        "filter name single hosts",
			        *item);
	}
}

static void
warn_trust(Config *config)
{
	const Trust *trust = &config->settings->policy.trust;

	if (!*trust->trusted_by)
		text_note(config->warnings, "trusted-by is empty: no trace field is believed");
	if (*trust->relay_accounts)
		text_note(config->warnings, CONFIG_WORDS_LOGIN);
	for (char **item = trust->comment_dialect; *item; item++) {
		const char *equals = strchr(*item, '=');
		if (dialect_by_name(equals ? equals + 1 : *item) == DIALECT_NONE)
			text_note(config->warnings,
			          "comment-dialect: %s has no effect: its comment cannot be told "
			          "from ident (RFC 1413)",
			          *item);
	}
	if (trust->ar_stripped && !*trust->authserv_id)
		text_note(config->warnings, "ar-stripped=true has no effect without authserv-id");
	if (*trust->authserv_id && !trust->ar_stripped)
		text_note(config->warnings, "authserv-id: " CONFIG_WORDS_RESULTS);
	if (trust->local_is_trusted)
		text_note(config->warnings,
		          "local-submission=authenticated: every program on these hosts keeps "
		          "its names, the scripts of a web server too");
	warn_many_hosts(config);
	warn_webmail(config);
	warn_networks(config);
}

static void
warn_unwise(Config *config)
{
	const Policy *policy = &config->settings->policy;

	if (!policy->unknown_is_anonymous)
		text_note(config->warnings,
		          "unknown=authenticated: a message without a usable trace keeps its "
		          "names");
	if (config->domains_are_example)
		text_note(config->warnings, CONFIG_WORDS_EXAMPLE);
	if (config->scope_has_directory && !*policy->trust.authserv_id)
		text_note(config->warnings,
		          "scope has directory, but authserv-id is empty: addresses of keep: "
		          "and except are believed as they are written, and can be forged");
	if (!config->scope_has_directory && !except_is_empty(policy->except))
		text_note(config->warnings, "except has no effect unless scope has directory");
	if (policy->resolve_anonymous)
		text_note(config->warnings,
		          "resolve-anonymous=true: nothing is stripped, only audited");
	if (!*policy->fields)
		text_note(config->warnings, "fields is empty: nothing is ever stripped");
	warn_trust(config);
}

static bool
has_scope(const Config *config, const char *item)
{
	g_auto(GStrv) items = split_list(config->values[SCOPE].value);

	return g_strv_contains((const char *const *)items, item);
}

static void
apply(Config *config)
{
	const Value *s = config->values;
	Policy *policy = &config->settings->policy;

	policy->trust = (Trust){
		.trusted_by = split_list(s[TRUSTED_BY].value),
		.relay_nets = networks(s[RELAY_NETS].value),
		.trusted_clients = networks(s[TRUSTED_CLIENTS].value),
		.filter_uids = split_list(s[FILTER_UIDS].value),
		.user_uids = split_list(s[USER_UIDS].value),
		.hidden_by = split_list(s[HIDDEN_BY].value),
		.submission_by = split_list(s[SUBMISSION_BY].value),
		.webmail_by = split_list(s[WEBMAIL_BY].value),
		.relay_accounts = split_list(s[RELAY_ACCOUNTS].value),
		.comment_dialect = split_list(s[COMMENT_DIALECT].value),
		.authserv_id = g_strdup(s[AUTHSERV_ID].value),
		.ar_stripped = g_str_equal(s[AR_STRIPPED].value, "true"),
		.local_is_trusted = g_str_equal(s[LOCAL_SUBMISSION].value, "authenticated"),
	};
	policy->unknown_is_anonymous = g_str_equal(s[UNKNOWN].value, "anonymous");
	policy->resolve_anonymous = g_str_equal(s[RESOLVE_ANONYMOUS].value, "true");
	policy->scope_everyone = has_scope(config, "everyone");
	policy->domains = split_list(has_scope(config, "domains") ? s[DOMAINS].value : "");
	for (char **domain = policy->domains; *domain; domain++) {
		char *folded = mime_domain(*domain);
		g_free(*domain);
		*domain = folded;
	}
	config->domains_are_example =
	        g_strv_contains((const char *const *)policy->domains, "example.com");
	policy->except = except_new();
	g_auto(GStrv) excepted = split_list(s[EXCEPT].value);
	for (char **item = excepted; *item; item++)
		except_add(policy->except, *item);
	config->directory = *s[DIRECTORY].value ? g_strdup(s[DIRECTORY].value) : NULL;
	config->scope_has_directory = has_scope(config, "directory");
	policy->fields = split_list(s[FIELDS].value);
	config->settings->database = g_strdup(s[DATABASE].value);
	config->settings->database_is_default = !s[DATABASE].given;
	config->trusted_by_is_default =
	        !s[TRUSTED_BY].given || !*config->settings->policy.trust.trusted_by;
	config->sendmail = g_strdup(s[SENDMAIL].value);
	config->milter = (ConfigMilter){
		.listen_is_given = s[LISTEN].given,
		.group = g_strdup(s[SOCKET_GROUP].value),
		.group_is_default = !s[SOCKET_GROUP].given,
		.mode = (mode_t)g_ascii_strtoull(s[SOCKET_MODE].value, NULL, 8),
		.submission_daemons = split_list(s[SUBMISSION_DAEMONS].value),
		.max_sessions = (guint)g_ascii_strtoull(s[MAX_SESSIONS].value, NULL, 10),
		.dry_run = g_str_equal(s[DRY_RUN].value, "true"),
	};
	parse_listen(s[LISTEN].value, &config->milter.path, &config->milter.host,
	             &config->milter.port);
	config->milter.is_inet6 = g_str_has_prefix(s[LISTEN].value, "inet6:");
	config->settings->deadline = (int)g_ascii_strtoll(s[DEADLINE].value, NULL, 10);
}

/* Of the settings, and of the directory that was read by them. */
static void
digest(Config *config)
{
	GString *text = g_string_new(NULL);

	g_free(config->settings->digested);
	g_free(config->settings->digest);

	for (int k = 0; k < N_KEYS; k++) {
		if (g_str_equal(keys[k].section, "trust") || g_str_equal(keys[k].section, "policy"))
			g_string_append_printf(text, "%s=%s\n", keys[k].name,
			                       config->values[k].value);
	}
	if (config->settings->people)
		g_string_append_printf(text, "directory-sha256=%s\n",
		                       people_digest(config->settings->people));
	if (config->settings->policy.pipermail)
		g_string_append(text, "pipermail=true\n");
	config->settings->digested = g_string_free(text, false);
	config->settings->digest =
	        g_compute_checksum_for_string(G_CHECKSUM_SHA256, config->settings->digested, -1);
}

/* The setting @key is empty, and scope wants it. Always NULL. */
static Config *
without(const Config *config, const Reader *reader, int key, const char *what, GError **error)
{
	const Value *at = &config->values[config->values[key].given ? key : SCOPE];

	bad(reader, error, at->line, keys[key].name, "%s", what);
	return NULL;
}

bool
config_open_directory(Config *config, bool public_words, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (config->settings->people)
		return true;
	config->settings->people = people_open(config->directory, &failed);
	if (!config->settings->people) {
		if (public_words)
			g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG,
			            "bad setting directory: run barefrom config");
		else
			g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	config->settings->policy.who = people_find;
	config->settings->policy.directory = config->settings->people;
	digest(config);
	return true;
}

void
config_read_pipermail(Config *config)
{
	config->settings->policy.pipermail = true;
	digest(config);
}

Config *
config_load(const char *file, char **options, bool public_words, GError **error)
{
	Reader reader = { file ? file : CONFIG_FILE, public_words };
	g_autoptr(Config) config = g_new0(Config, 1);
	bool absent = false;

	config->settings = settings_new();
	config->values = g_new0(Value, N_KEYS);
	config->warnings = g_ptr_array_new_with_free_func(g_free);
	for (int k = 0; k < N_KEYS; k++) {
		char host[256] = "localhost";
		if (!keys[k].by_default)
			gethostname(host, sizeof host - 1);
		config->values[k].value = g_strdup(keys[k].by_default ? keys[k].by_default : host);
	}
	if (!read_file(&reader, config->values, !file, &absent, error) ||
	    !read_options(&reader, config->values, options, error))
		return NULL;
	config->file = absent ? NULL : g_strdup(reader.file);
	apply(config);
	if (has_scope(config, "domains") && !*config->settings->policy.domains)
		return without(config, &reader, DOMAINS,
		               "empty, but scope has domains: name your domains", error);
	if (config->scope_has_directory && !config->directory)
		return without(config, &reader, DIRECTORY,
		               "empty, but scope has directory: name the file of people", error);
	warn_unwise(config);
	digest(config);
	return g_steal_pointer(&config);
}

void
config_free(Config *config)
{
	for (int k = 0; k < N_KEYS; k++)
		g_free(config->values[k].value);
	g_free(config->values);
	g_clear_pointer(&config->settings, settings_unref);
	g_ptr_array_unref(config->warnings);
	g_free(config->milter.path);
	g_free(config->milter.host);
	g_free(config->milter.group);
	g_strfreev(config->milter.submission_daemons);
	g_free(config->directory);
	g_free(config->sendmail);
	g_free(config->file);
	g_free(config);
}

char *
config_print(const Config *config)
{
	GString *text = g_string_new(NULL);
	const char *section = "";

	g_string_append_printf(text, "# effective settings; file: %s\n",
	                       config->file ? config->file : "none");
	for (int k = 0; k < N_KEYS; k++) {
		const Value *setting = &config->values[k];
		if (!g_str_equal(section, keys[k].section)) {
			section = keys[k].section;
			g_string_append_printf(text, "\n[%s]\n", section);
		}
		g_string_append_printf(text, "%s=%s%s\n", keys[k].name, setting->value,
		                       setting->given ? "" : "  # default");
	}
	return g_string_free(text, false);
}
