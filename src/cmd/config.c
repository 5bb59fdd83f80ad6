/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * config: the settings: table of keys, configuration file, -o options, defaults.
 * May know: every setting, the host name. Must not know: messages, the syntax of a value.
 * Fails: with CMD_ERROR_CONFIG, and CMD_ERROR_USAGE for -o without `=`.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "unwise.h"
#include "util/plainfile.h"
#include "value.h"

/* The one table of settings: each is a line here, and a member of Settings or Config. */
#define IN_SETTINGS(member) true, offsetof(Settings, member)
#define IN_CONFIG(member) false, offsetof(Config, member)
#define IN_TRUST(member) IN_SETTINGS(policy.trust.member)

static const struct {
	const char *section, *name;
	ValueRead read;
	const char *by_default; /* NULL: the host name */
	bool in_settings;
	size_t member;
} keys[] = {
	{ "trust", "trusted-by", value_many_hosts, NULL, IN_TRUST(trusted_by) },
	{ "trust", "relay-nets", value_networks, "", IN_TRUST(relay_nets) },
	{ "trust", "trusted-clients", value_networks, "", IN_TRUST(trusted_clients) },
	{ "trust", "filter-uids", value_words, "", IN_TRUST(filter_uids) },
	{ "trust", "user-uids", value_words, "", IN_TRUST(user_uids) },
	{ "trust", "hidden-by", value_hosts, "", IN_TRUST(hidden_by) },
	{ "trust", "submission-by", value_hosts, "", IN_TRUST(submission_by) },
	{ "trust", "webmail-by", value_hosts, "", IN_TRUST(webmail_by) },
	{ "trust", "local-submission", value_is_authenticated, "anonymous",
	  IN_TRUST(local_is_trusted) },
	{ "trust", "comment-dialect", value_dialects, "", IN_TRUST(comment_dialect) },
	{ "trust", "relay-accounts", value_words, "", IN_TRUST(relay_accounts) },
	{ "trust", "authserv-id", value_id, "", IN_TRUST(authserv_id) },
	{ "trust", "ar-stripped", value_bool, "false", IN_TRUST(ar_stripped) },
	{ "policy", "unknown", value_is_anonymous, "anonymous",
	  IN_SETTINGS(policy.unknown_is_anonymous) },
	{ "policy", "resolve-anonymous", value_bool, "false",
	  IN_SETTINGS(policy.resolve_anonymous) },
	{ "policy", "scope", value_scope, "everyone", IN_CONFIG(scope) },
	{ "policy", "domains", value_domains, "", IN_CONFIG(domains) },
	{ "policy", "directory", value_optional_path, "", IN_CONFIG(directory) },
	{ "policy", "except", value_except, "", IN_SETTINGS(policy.except) },
	{ "policy", "fields", value_fields, "From;Sender;Reply-To", IN_SETTINGS(policy.fields) },
	{ "audit", "database", value_path, "/var/lib/barefrom/audit.db", IN_SETTINGS(database) },
	{ "filter", "sendmail", value_path, "/usr/sbin/sendmail", IN_CONFIG(sendmail) },
	{ "filter", "deadline", value_seconds, G_STRINGIFY(CONFIG_DEADLINE),
	  IN_SETTINGS(deadline) },
	{ "milter", "listen", value_listen, "unix:/run/barefrom/milter.sock",
	  IN_CONFIG(milter.listen) },
	{ "milter", "socket-mode", value_mode, "0660", IN_CONFIG(milter.mode) },
	{ "milter", "socket-group", value_group, "postfix", IN_CONFIG(milter.group) },
	{ "milter", "submission-daemons", value_words, "", IN_CONFIG(milter.submission_daemons) },
	{ "milter", "max-sessions", value_count, "2000", IN_CONFIG(milter.max_sessions) },
	{ "milter", "dry-run", value_bool, "false", IN_CONFIG(milter.dry_run) },
};

#define N_KEYS ((int)G_N_ELEMENTS(keys))

typedef struct Value {
	char *value;
	bool given;
	int line; /* in the file; 0: not from the file */
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

/* Sets @error for one bad setting; @line 0 is the command line. Always false. */
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

static bool
set_value(const Reader *reader, Value *values, int line, int key, const char *value, GError **error)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(value));
	g_autofree char *fault = g_utf8_validate(trimmed, -1, NULL) ? keys[key].read(trimmed, NULL)
	                                                            : g_strdup("not UTF-8");

	if (fault)
		return bad(reader, error, line, keys[key].name, "%s", fault);
	g_free(values[key].value);
	values[key].value = g_steal_pointer(&trimmed);
	values[key].given = true;
	values[key].line = line;
	return true;
}

/* The name between brackets; NULL: @line is no section header. (transfer full) (nullable) */
static char *
section_name(const char *line)
{
	size_t length = strlen(line);

	if (length < 3 || line[length - 1] != ']' || strcspn(line + 1, "[]") != length - 2)
		return NULL;
	for (const char *at = line; *at; at++) {
		if (g_ascii_iscntrl(*at))
			return NULL;
	}
	return g_strndup(line + 1, length - 2);
}

/* Reads a line of the file, trimmed. *@section is the section that it is in; NULL: none. */
static bool
read_line(const Reader *reader, Value *values, int number, char *line, char **section,
          GError **error)
{
	if (!*line || *line == '#')
		return true;
	if (*line == '[') {
		g_free(*section);
		*section = section_name(line);
		return *section || bad(reader, error, number, line,
		                       "not a section; accepted: [trust], [policy], [audit], "
		                       "[filter], [milter]");
	}
	char *equals = strchr(line, '=');
	if (!equals)
		return bad(reader, error, number, line,
		           "neither [section], nor key=value, nor a comment (#)");
	*equals = '\0';
	g_strchomp(line);
	int key = find_key(line);
	if (key < 0)
		return bad(reader, error, number, line,
		           "unknown key; barefrom.conf(5) lists the keys");
	if (g_strcmp0(*section, keys[key].section) != 0)
		return bad(reader, error, number, line, "misplaced; it belongs under [%s]",
		           keys[key].section);
	if (values[key].line)
		return bad(reader, error, number, line, "given twice; first on line %d",
		           values[key].line);
	return set_value(reader, values, number, key, equals + 1, error);
}

static bool
read_text(const Reader *reader, Value *values, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *section = NULL;

	for (int i = 0; lines[i]; i++) {
		if (!read_line(reader, values, i + 1, g_strstrip(lines[i]), &section, error))
			return false;
	}
	return true;
}

static bool
read_file(const Reader *reader, Value *values, bool may_be_absent, bool *ret_absent, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) failed = NULL;
	gsize length;

	if (!plainfile_check(reader->file, true, &failed) ||
	    !g_file_get_contents(reader->file, &text, &length, &failed)) {
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
	return read_text(reader, values, text, error);
}

static bool
read_options(const Reader *reader, Value *values, char **options, GError **error)
{
	for (size_t i = 0; options && options[i]; i++) {
		const char *equals = strchr(options[i], '=');
		if (!equals) {
			g_set_error(error, CMD_ERROR, CMD_ERROR_USAGE, "-o %s: accepted: KEY=VALUE",
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

static const Value *
value_of(const Config *config, const char *name)
{
	return &config->values[find_key(name)];
}

/* Reads all values into Settings and Config. */
static void
apply(Config *config)
{
	Settings *settings = config->settings;
	Policy *policy = &settings->policy;

	for (int k = 0; k < N_KEYS; k++) {
		char *base = keys[k].in_settings ? (char *)settings : (char *)config;
		char *fault = keys[k].read(config->values[k].value, base + keys[k].member);
		g_assert(!fault);
	}
	policy->scope_everyone = config->scope & VALUE_SCOPE_EVERYONE;
	config->scope_has_directory = config->scope & VALUE_SCOPE_DIRECTORY;
	policy->domains = config->scope & VALUE_SCOPE_DOMAINS ? g_strdupv(config->domains)
	                                                      : g_new0(char *, 1);
	config->domains_are_example =
	        g_strv_contains((const char *const *)policy->domains, "example.com");
	settings->database_is_default = !value_of(config, "database")->given;
	config->trusted_by_is_default =
	        !value_of(config, "trusted-by")->given || !*policy->trust.trusted_by;
	config->milter.listen_is_given = value_of(config, "listen")->given;
	config->milter.group_is_default = !value_of(config, "socket-group")->given;
}

/* Sets the digest of the settings that decisions depend on, with that of the directory. */
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

/* Sets @error: the setting @key is empty, but scope needs it. Always NULL. */
static Config *
without(const Config *config, const Reader *reader, const char *key, const char *what,
        GError **error)
{
	const Value *at = value_of(config, value_of(config, key)->given ? key : "scope");

	bad(reader, error, at->line, key, "%s", what);
	return NULL;
}

bool
config_open_directory(Config *config, GError **error)
{
	if (config->settings->people)
		return true;
	config->settings->people = people_open(config->directory, error);
	if (!config->settings->people)
		return false;
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
	if ((config->scope & VALUE_SCOPE_DOMAINS) && !*config->domains)
		return without(config, &reader, "domains",
		               "empty, but scope includes domains: name your domains", error);
	if (config->scope_has_directory && !config->directory)
		return without(config, &reader, "directory",
		               "empty, but scope includes directory: name the list of your people",
		               error);
	unwise_note(config, config->warnings);
	digest(config);
	return g_steal_pointer(&config);
}

Config *
config_load_policy(const char *file, char **options, bool public_words, GError **error)
{
	g_autoptr(Config) config = config_load(file, options, public_words, error);

	if (!config || (config->scope_has_directory && !config_open_directory(config, error)))
		return NULL;
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
	value_listen_clear(&config->milter.listen);
	g_free(config->milter.group);
	g_strfreev(config->milter.submission_daemons);
	g_strfreev(config->domains);
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
