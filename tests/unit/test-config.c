/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that settings are read from file and options as they were meant, that each mistake is an
 * error that names file, line and key, and that public words name only the key. */
#include "cmd/config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/exits.h"
#include "core/network.h"

typedef struct {
	char *folder, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	fixture->folder = g_dir_make_tmp("barefrom-config-XXXXXX", &error);
	g_assert_no_error(error);
	fixture->path = g_build_filename(fixture->folder, "barefrom.conf", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
	g_unlink(fixture->path);
	g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
	g_free(fixture->folder);
	g_free(fixture->path);
}

static void
write_file(const Fixture *fixture, const char *text, gssize length)
{
	g_assert_true(g_file_set_contents(fixture->path, text, length, NULL));
}

/* A file of the row's text, with one option; either may be NULL. */
static Config *
load(const Fixture *fixture, const char *text, const char *option, bool public_words,
     GError **error)
{
	char *options[] = { (char *)option, NULL };

	write_file(fixture, text ? text : "", -1);
	return config_load(fixture->path, options, public_words, error);
}

static Config *
load_good(const Fixture *fixture, const char *text, const char *option)
{
	g_autoptr(GError) error = NULL;
	Config *config = load(fixture, text, option, false, &error);

	g_assert_no_error(error);
	g_assert_nonnull(config);
	return config;
}

static char *
joined(char **list)
{
	return g_strjoinv("|", list);
}

static char *
joined_networks(const GPtrArray *networks)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < networks->len; i++) {
		g_autofree char *network = network_text(g_ptr_array_index(networks, i));
		g_string_append_printf(text, "%s%s", i ? "|" : "", network);
	}
	return g_string_free(text, false);
}

static char *
joined_rules(const GPtrArray *rules)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < rules->len; i++) {
		const DialectRule *rule = g_ptr_array_index(rules, i);
		g_string_append_printf(text, "%s%s%s%s", i ? "|" : "", rule->host ? rule->host : "",
		                       rule->host ? "=" : "", dialect_name(rule->dialect));
	}
	return g_string_free(text, false);
}

static char *
joined_fields(guint bits)
{
	GString *text = g_string_new(NULL);

	for (const SenderField *f = strip_sender_fields; f->name; f++) {
		if (bits & strip_field_bits(f->name))
			g_string_append_printf(text, "%s%s", text->len ? "|" : "", f->name);
	}
	return g_string_free(text, false);
}

/* Where the milter listens, taken apart. */
static char *
listening(const ConfigMilter *milter)
{
	if (milter->listen.path)
		return g_strdup(milter->listen.path);
	return g_strdup_printf("%s|%u", milter->listen.host, milter->listen.port);
}

/* A setting of [milter]; NULL: it is none. */
static char *
effective_milter(const ConfigMilter *milter, const char *key)
{
	if (g_str_equal(key, "listen"))
		return listening(milter);
	if (g_str_equal(key, "socket-mode"))
		return g_strdup_printf("0%o", milter->mode);
	if (g_str_equal(key, "socket-group"))
		return g_strdup_printf("%s%s", milter->group,
		                       milter->group_is_default ? " by default" : "");
	if (g_str_equal(key, "submission-daemons"))
		return joined(milter->submission_daemons);
	if (g_str_equal(key, "max-sessions"))
		return g_strdup_printf("%u", milter->max_sessions);
	if (g_str_equal(key, "dry-run"))
		return g_strdup(milter->dry_run ? "true" : "false");
	return NULL;
}

/* A setting as the rest of the program sees it. */
static char *
effective(const Config *config, const char *key)
{
	const Policy *policy = &config->settings->policy;
	const Trust *trust = &policy->trust;
	const struct {
		const char *key;
		char **list;
		const GPtrArray *networks;
		char *text;
	} all[] = {
		{ "trusted-by", trust->trusted_by },
		{ "relay-nets", .networks = trust->relay_nets },
		{ "trusted-clients", .networks = trust->trusted_clients },
		{ "filter-uids", trust->filter_uids },
		{ "user-uids", trust->user_uids },
		{ "hidden-by", trust->hidden_by },
		{ "submission-by", trust->submission_by },
		{ "webmail-by", trust->webmail_by },
		{ "relay-accounts", trust->relay_accounts },
		{ "domains", policy->domains },
		{ "unknown",
		  .text = (char *)(policy->unknown_is_anonymous ? "anonymous" : "authenticated") },
		{ "resolve-anonymous",
		  .text = (char *)(policy->resolve_anonymous ? "true" : "false") },
		{ "scope", .text = (char *)(policy->scope_everyone ? "everyone" : "domains") },
		{ "local-submission",
		  .text = (char *)(trust->local_is_trusted ? "authenticated" : "anonymous") },
		{ "database", .text = config->settings->database },
		{ "sendmail", .text = config->sendmail },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (!g_str_equal(all[i].key, key))
			continue;
		if (all[i].list)
			return joined(all[i].list);
		return all[i].networks ? joined_networks(all[i].networks) : g_strdup(all[i].text);
	}
	if (g_str_equal(key, "comment-dialect"))
		return joined_rules(trust->comment_dialect);
	if (g_str_equal(key, "fields"))
		return joined_fields(policy->fields);
	if (g_str_equal(key, "deadline"))
		return g_strdup_printf("%d", config->settings->deadline);
	char *text = effective_milter(&config->milter, key);
	g_assert_nonnull(text);
	return text;
}

/* DESIGN, section 4. */
static const struct {
	const char *key, *value;
} defaults[] = {
	{ "relay-nets", "" },
	{ "trusted-clients", "" },
	{ "filter-uids", "" },
	{ "user-uids", "" },
	{ "hidden-by", "" },
	{ "submission-by", "" },
	{ "webmail-by", "" },
	{ "relay-accounts", "" },
	{ "comment-dialect", "" },
	{ "domains", "" },
	{ "fields", "From|Sender|Reply-To" },
	{ "unknown", "anonymous" },
	{ "resolve-anonymous", "false" },
	{ "scope", "everyone" },
	{ "database", "/var/lib/barefrom/audit.db" },
	{ "sendmail", "/usr/sbin/sendmail" },
	{ "deadline", "25" },
	{ "local-submission", "anonymous" },
	{ "listen", "/run/barefrom/milter.sock" },
	{ "socket-mode", "0660" },
	{ "socket-group", "postfix by default" },
	{ "submission-daemons", "" },
	{ "max-sessions", "2000" },
	{ "dry-run", "false" },
};

static void
test_defaults(Fixture *fixture, gconstpointer unused)
{
	char host[256] = "";
	g_autoptr(Config) config = load_good(fixture, NULL, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
		g_autofree char *value = effective(config, defaults[i].key);
		g_test_message("%s", defaults[i].key);
		g_assert_cmpstr(value, ==, defaults[i].value);
	}
	g_assert_cmpint(gethostname(host, sizeof host - 1), ==, 0);
	g_autofree char *by = effective(config, "trusted-by");
	g_assert_cmpstr(by, ==, host);
	g_assert_true(config->settings->database_is_default);
	g_assert_cmpstr(config->file, ==, fixture->path);
	g_assert_cmpuint(config->warnings->len, ==, 0);
}

/* As long as sun_path may be, with its NUL in 108 octets. */
#define SOCKET_PATH_107                                                                            \
	"/run/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                    \
	"/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/milter.sock"

typedef struct {
	const char *name;
	const char *text;   /* the file */
	const char *option; /* -o; may be NULL */
	const char *key, *value;
} GoodRow;

static const GoodRow good_rows[] = {
	{ "comment", "# scope=domains\n  # a\n[policy]\n#unknown=authenticated\n", NULL, "unknown",
	  "anonymous" },
	{ "blank-lines", "\n \t\n[policy]\n\nunknown=authenticated\n\n", NULL, "unknown",
	  "authenticated" },
	{ "no-last-newline", "[policy]\nunknown=authenticated", NULL, "unknown", "authenticated" },
	{ "crlf", "[policy]\r\nunknown=authenticated\r\n[audit]\r\n", NULL, "unknown",
	  "authenticated" },
	{ "blanks", "[policy]\nunknown \t=  authenticated \t\n", NULL, "unknown", "authenticated" },
	{ "blanks-inside", "[audit]\ndatabase= /a b/c d.db \n", NULL, "database", "/a b/c d.db" },
	{ "equals-in-value", "[audit]\ndatabase=/a=b\n", NULL, "database", "/a=b" },
	{ "hash-in-value", "[audit]\ndatabase=/a#b\n", NULL, "database", "/a#b" },
	{ "raw", "[audit]\ndatabase=/a\\nb\\s\n", NULL, "database", "/a\\nb\\s" },
	{ "utf8", "[audit]\ndatabase=/\303\244.db\n", NULL, "database", "/\303\244.db" },
	{ "section-twice", "[trust]\nuser-uids=1\n[policy]\n[trust]\nfilter-uids=2\n", NULL,
	  "filter-uids", "2" },
	{ "section-of-others", "[Audit]\n[policy]\nunknown=authenticated\n[nonsense]\n", NULL,
	  "unknown", "authenticated" },
	{ "last-section", "[trust]\n[policy]\n[audit]\n[filter]\ndeadline=7\n", NULL, "deadline",
	  "7" },

	{ "list-semicolons", "[trust]\nuser-uids=1;2;3\n", NULL, "user-uids", "1|2|3" },
	{ "list-commas", "[trust]\nuser-uids=1,2, 3\n", NULL, "user-uids", "1|2|3" },
	{ "list-blanks", "[trust]\nuser-uids=1 2\t3\n", NULL, "user-uids", "1|2|3" },
	{ "list-mixed", "[trust]\nuser-uids=;1 ; 2,,3;\n", NULL, "user-uids", "1|2|3" },
	{ "list-one", "[trust]\nuser-uids=www-data\n", NULL, "user-uids", "www-data" },
	{ "list-empty", "[trust]\nuser-uids=\n", NULL, "user-uids", "" },
	{ "list-only-separators", "[trust]\nuser-uids= ; ,\n", NULL, "user-uids", "" },
	{ "list-option", "", "user-uids=1;2, 3 4", "user-uids", "1|2|3|4" },
	{ "list-order-and-repeats", "[trust]\nuser-uids=b a b\n", NULL, "user-uids", "b|a|b" },
	{ "trusted-by", "[trust]\ntrusted-by=mx.example.org;b.example\n", NULL, "trusted-by",
	  "mx.example.org|b.example" },
	{ "trusted-by-below", "[trust]\ntrusted-by=.example.org, .b.example.\n", NULL, "trusted-by",
	  ".example.org|.b.example." },
	{ "trusted-by-networks", "", "trusted-by=mx.google.com; 2002:a00::/24 10.0.0.0/8",
	  "trusted-by", "mx.google.com|2002:a00::/24|10.0.0.0/8" },
	{ "trusted-by-addresses", "", "trusted-by=192.0.2.9 [192.0.2.9] 2001:db8::9", "trusted-by",
	  "192.0.2.9|[192.0.2.9]|2001:db8::9" },
	{ "trusted-by-empty", "[trust]\ntrusted-by=\n", NULL, "trusted-by", "" },
	{ "fields-empty", "[policy]\nfields=\n", NULL, "fields", "" },
	{ "fields-all", "[policy]\nfields=From Resent-From Resent-Sender Resent-Reply-To To Cc\n",
	  NULL, "fields", "From|Resent-From|Resent-Sender|Resent-Reply-To|To|Cc" },
	{ "domains-folded", "[policy]\nscope=domains\ndomains=B\303\274cher.Example. example.ORG\n",
	  NULL, "domains", "xn--bcher-kva.example|example.org" },
	{ "scope", "[policy]\nscope=domains\ndomains=example.org\n", NULL, "scope", "domains" },
	{ "resolve-anonymous", "[policy]\nresolve-anonymous=true\n", NULL, "resolve-anonymous",
	  "true" },
	{ "deadline-long", "[filter]\ndeadline=3600\n", NULL, "deadline", "3600" },
	{ "sendmail", "[filter]\nsendmail=/opt/sendmail\n", NULL, "sendmail", "/opt/sendmail" },
	{ "relay-accounts", "[trust]\nrelay-accounts=a@b.example gateway\n", NULL, "relay-accounts",
	  "a@b.example|gateway" },
	{ "hidden-by", "[trust]\nhidden-by=a.example\n", NULL, "hidden-by", "a.example" },
	{ "submission-by", "[trust]\nsubmission-by=a.example\n", NULL, "submission-by",
	  "a.example" },
	{ "webmail-by", "[trust]\nwebmail-by=a.example\n", NULL, "webmail-by", "a.example" },
	{ "filter-uids", "[trust]\nfilter-uids=1001 filter\n", NULL, "filter-uids", "1001|filter" },
	{ "dialect", "[trust]\ncomment-dialect=postfix old.example=sendmail\n", NULL,
	  "comment-dialect", "postfix|old.example=sendmail" },
	{ "networks", "[trust]\nrelay-nets=192.0.2.7;2001:db8::7\n", NULL, "relay-nets",
	  "192.0.2.7|2001:db8::7" },
	{ "networks-spelled", "",
	  "trusted-clients=[IPv6:2001:db8::]/32 ::ffff:192.0.2.0/120 fe80::1%eth0",
	  "trusted-clients", "2001:db8::/32|192.0.2.0/24|fe80::1" },

	{ "local-submission", "[trust]\nlocal-submission=authenticated\n", NULL, "local-submission",
	  "authenticated" },
	{ "listen-unix", "[milter]\nlisten=unix:/srv/a b/m.sock\n", NULL, "listen",
	  "/srv/a b/m.sock" },
	{ "listen-unix-longest", "", "listen=unix:" SOCKET_PATH_107, "listen", SOCKET_PATH_107 },
	{ "listen-inet", "[milter]\nlisten=inet:8895@127.0.0.1\n", NULL, "listen",
	  "127.0.0.1|8895" },
	{ "listen-inet-name", "[milter]\nlisten=inet:8895@localhost\n", NULL, "listen",
	  "localhost|8895" },
	{ "listen-inet-all", "[milter]\nlisten=inet:1@0.0.0.0\n", NULL, "listen", "0.0.0.0|1" },
	{ "listen-inet6", "[milter]\nlisten=inet6:65535@::1\n", NULL, "listen", "::1|65535" },
	{ "listen-brackets", "[milter]\nlisten=inet6:8895@[::1]\n", NULL, "listen", "::1|8895" },
	{ "listen-inet6-all", "[milter]\nlisten=inet6:8895@::\n", NULL, "listen", "::|8895" },
	{ "socket-mode", "[milter]\nsocket-mode=0666\n", NULL, "socket-mode", "0666" },
	{ "socket-mode-short", "[milter]\nsocket-mode=600\n", NULL, "socket-mode", "0600" },
	{ "socket-group", "[milter]\nsocket-group=smmsp\n", NULL, "socket-group", "smmsp" },
	{ "socket-group-given", "[milter]\nsocket-group=postfix\n", NULL, "socket-group",
	  "postfix" },
	{ "socket-group-odd", "[milter]\nsocket-group=CORP\\mail_x-1.$\n", NULL, "socket-group",
	  "CORP\\mail_x-1.$" },
	{ "socket-group-none", "[milter]\nsocket-group=\n", NULL, "socket-group", "" },
	{ "submission-daemons", "[milter]\nsubmission-daemons=submission, submissions\n", NULL,
	  "submission-daemons", "submission|submissions" },
	{ "max-sessions", "[milter]\nmax-sessions=1\n", NULL, "max-sessions", "1" },
	{ "max-sessions-most", "[milter]\nmax-sessions=1000000\n", NULL, "max-sessions",
	  "1000000" },
	{ "dry-run", "[milter]\ndry-run=true\n", NULL, "dry-run", "true" },

	{ "scope-list", "[policy]\nscope=everyone;domains\ndomains=example.org\n", NULL, "domains",
	  "example.org" },
	{ "domains-without-scope", "[policy]\ndomains=example.org\n", NULL, "domains", "" },
	{ "option-alone", "", "scope=everyone", "scope", "everyone" },
	{ "option-beats-file", "[policy]\nunknown=authenticated\n", "unknown=anonymous", "unknown",
	  "anonymous" },
	{ "option-beats-list", "[trust]\nuser-uids=1 2\n", "user-uids=3", "user-uids", "3" },
	{ "option-empties-list", "[trust]\nuser-uids=1 2\n", "user-uids=", "user-uids", "" },
	{ "option-blanks", "", " unknown = authenticated ", "unknown", "authenticated" },
	{ "option-equals-in-value", "", "database=/a=b", "database", "/a=b" },
	{ "option-domains-for-scope", "[policy]\nscope=domains\n", "domains=example.org", "domains",
	  "example.org" },
};

static void
test_good(Fixture *fixture, gconstpointer data)
{
	const GoodRow *row = data;
	g_autoptr(Config) config = load_good(fixture, row->text, row->option);
	g_autofree char *value = effective(config, row->key);

	g_test_message("%s", row->name);
	g_assert_cmpstr(value, ==, row->value);
}

typedef struct {
	const char *name;
	const char *text;
	const char *option;
	int line;             /* 0: none is told */
	const char *key;      /* that the error names */
	const char *accepted; /* some word of what it says besides; may be NULL */
} BadRow;

static const BadRow bad_rows[] = {
	{ "unknown-key", "[policy]\ncolour=red\n", NULL, 2, "colour", NULL },
	{ "unknown-key-case", "[policy]\nScope=domains\n", NULL, 2, "Scope", NULL },
	{ "unknown-key-locale", "[policy]\ndomains[de]=a.example\n", NULL, 2, "domains[de]", NULL },
	{ "unknown-key-long", "[trust]\ntrusted-byx=a\n", NULL, 2, "trusted-byx", NULL },
	{ "misplaced", "[policy]\n\n# x\ntrusted-by=a\n", NULL, 4, "trusted-by", "[trust]" },
	{ "misplaced-no-section", "unknown=anonymous\n", NULL, 1, "unknown", "[policy]" },
	{ "misplaced-unknown-section", "[polcy]\nunknown=anonymous\n", NULL, 2, "unknown",
	  "[policy]" },
	{ "duplicate", "[policy]\nunknown=anonymous\n\nunknown=anonymous\n", NULL, 4, "unknown",
	  "2" },
	{ "duplicate-section-again",
	  "[policy]\nunknown=anonymous\n[trust]\n[policy]\nunknown=authenticated\n", NULL, 5,
	  "unknown", NULL },
	{ "duplicate-blanks", "[policy]\nunknown=anonymous\n unknown =anonymous\n", NULL, 3,
	  "unknown", NULL },
	{ "section-not-closed", "[policy]\n[trust\n", NULL, 2, "[trust", "[filter]" },
	{ "section-without-name", "\n[]\nunknown=anonymous\n", NULL, 2, "[]", "[trust]" },
	{ "section-in-section", "[[trust]]\n", NULL, 1, "[[trust]]", "[trust]" },
	{ "section-comment-behind", "[policy] # mine\n", NULL, 1, "[policy] # mine", "[audit]" },
	{ "section-control", "[policy\001]\n", NULL, 1, "[policy", "[policy]" },
	{ "misplaced-section-case", "[Policy]\nunknown=anonymous\n", NULL, 2, "unknown",
	  "[policy]" },
	{ "no-equals", "[policy]\nunknown\n", NULL, 2, "unknown", NULL },
	{ "no-key", "[policy]\n=x\n", NULL, 2, "", NULL },
	{ "comment-behind", "[policy]\nunknown=anonymous # usual\n", NULL, 2, "unknown",
	  "authenticated" },
	{ "choice", "[policy]\nunknown=stripped\n", NULL, 2, "unknown", "authenticated" },
	{ "choice-case", "[policy]\nunknown=Anonymous\n", NULL, 2, "unknown", "anonymous" },
	{ "choice-empty", "[policy]\nunknown=\n", NULL, 2, "unknown", "anonymous" },
	{ "choice-two", "[policy]\nunknown=anonymous;authenticated\n", NULL, 2, "unknown",
	  "anonymous" },
	{ "choices", "[policy]\nscope=domains people\n", NULL, 2, "scope", "directory" },
	{ "choices-empty", "[policy]\nscope= ;\n", NULL, 2, "scope", "directory" },
	{ "scope-without-directory", "[policy]\nscope=directory\n", NULL, 2, "directory", NULL },
	{ "scope-with-empty-directory", "[policy]\nscope=directory\ndirectory=\n", NULL, 3,
	  "directory", NULL },
	{ "scope-everyone-without-directory", "[policy]\nscope=everyone directory\n", NULL, 2,
	  "directory", NULL },
	{ "except", "[policy]\nexcept=a@b@c\n", NULL, 2, "except", "networks" },
	{ "except-host-bits", "[policy]\nexcept=192.0.2.1/24\n", NULL, 2, "except", "networks" },
	{ "except-star", "[policy]\nexcept=*example.org\n", NULL, 2, "except", "*.domain" },
	{ "choice-separator", "[policy]\nscope=everyone|domains\n", NULL, 2, "scope", "everyone" },
	{ "bool", "[policy]\nresolve-anonymous=yes\n", NULL, 2, "resolve-anonymous", "true" },
	{ "bool-empty", "[policy]\nresolve-anonymous=\n", NULL, 2, "resolve-anonymous", "true" },
	{ "bool-in-trust", "[trust]\nar-stripped=1\n", NULL, 2, "ar-stripped", "false" },
	{ "id-with-job", "[trust]\nauthserv-id=mx/1\n", NULL, 2, "authserv-id",
	  "what follows a /" },
	{ "id-two", "[trust]\nauthserv-id=a b\n", NULL, 2, "authserv-id", "one name" },
	{ "host", "[trust]\ntrusted-by=mx.example.org @b\n", NULL, 2, "trusted-by", "host" },
	{ "host-dot", "[trust]\ntrusted-by=.\n", NULL, 2, "trusted-by", ".example.org" },
	{ "host-dots", "[trust]\ntrusted-by=..example.org\n", NULL, 2, "trusted-by",
	  ".example.org for all hosts below example.org" },
	{ "host-star", "[trust]\ntrusted-by=*.example.org\n", NULL, 2, "trusted-by",
	  ".example.org for all" },
	{ "host-network-host-bits", "[trust]\ntrusted-by=mx.a.example 10.1.2.3/8\n", NULL, 2,
	  "trusted-by", "bad value '10.1.2.3/8'; accepted: networks" },
	{ "host-network-too-long", "[trust]\ntrusted-by=2002:a00::/129\n", NULL, 2, "trusted-by",
	  "without host bits" },
	{ "host-network-of-names", "[trust]\ntrusted-by=.example.org/24\n", NULL, 2, "trusted-by",
	  "networks such as" },
	{ "host-below-elsewhere", "[trust]\nwebmail-by=.example.org\n", NULL, 2, "webmail-by",
	  "accepted: host names" },
	{ "host-network-elsewhere", "[trust]\nsubmission-by=192.0.2.0/24\n", NULL, 2,
	  "submission-by", "accepted: host names" },
	{ "host-below-hidden", "[trust]\nhidden-by=.example.org\n", NULL, 2, "hidden-by",
	  "accepted: host names" },
	{ "dialect-below", "[trust]\ncomment-dialect=.example.org=postfix\n", NULL, 2,
	  "comment-dialect", "HOST=DIALECT" },
	{ "option-host-bits", "", "trusted-by=10.0.0.1/8", 0, "trusted-by", "10.0.0.1/8" },
	{ "host-slash", "[trust]\nhidden-by=a/b\n", NULL, 2, "hidden-by", "host" },
	{ "network-host-bits", "[trust]\nrelay-nets=192.0.2.7 192.0.2.1/24\n", NULL, 2,
	  "relay-nets", "192.0.2.1/24" },
	{ "network-name", "[trust]\ntrusted-clients=printer.example\n", NULL, 2, "trusted-clients",
	  "192.0.2" },
	{ "network-too-long", "[trust]\nrelay-nets=192.0.2.0/33\n", NULL, 2, "relay-nets", NULL },
	{ "network-v6-host-bits", "[trust]\nrelay-nets=2001:db8::1/64\n", NULL, 2, "relay-nets",
	  NULL },
	{ "dialect", "[trust]\ncomment-dialect=exim\n", NULL, 2, "comment-dialect", "postfix" },
	{ "dialect-no-host", "[trust]\ncomment-dialect==postfix\n", NULL, 2, "comment-dialect",
	  "HOST" },
	{ "dialect-two-hosts", "[trust]\ncomment-dialect=a=b=postfix\n", NULL, 2, "comment-dialect",
	  "HOST" },
	{ "dialect-other-way", "[trust]\ncomment-dialect=postfix=mx.example.org\n", NULL, 2,
	  "comment-dialect", "HOST" },
	{ "domain-at", "[policy]\ndomains=@example.org\n", NULL, 2, "domains", "domains" },
	{ "domain-star", "[policy]\ndomains=*.example.org\n", NULL, 2, "domains", "domains" },
	{ "domain-address", "[policy]\ndomains=a@example.org\n", NULL, 2, "domains", "domains" },
	{ "domain-dots", "[policy]\ndomains=corp..example\n", NULL, 2, "domains", "corp..example" },
	{ "domain-other-dots", "[policy]\ndomains=corp\343\200\202.example\n", NULL, 2, "domains",
	  NULL },
	{ "domain-dots-at-end", "[policy]\ndomains=corp.example..\n", NULL, 2, "domains", NULL },
	{ "except-dots", "[policy]\nexcept=*.corp..example\n", NULL, 2, "except", "networks" },
	{ "host-dots-within", "[trust]\nhidden-by=mx..example\n", NULL, 2, "hidden-by", "host" },
	{ "fields", "[policy]\nfields=From Subject\n", NULL, 2, "fields", "Reply-To" },
	{ "fields-colon", "[policy]\nfields=From:\n", NULL, 2, "fields", "Reply-To" },
	{ "path-empty", "[audit]\ndatabase=\n", NULL, 2, "database", "path" },
	{ "sendmail-empty", "[filter]\nsendmail= \n", NULL, 2, "sendmail", "path" },
	{ "deadline-empty", "[filter]\ndeadline=\n", NULL, 2, "deadline", "seconds" },
	{ "deadline-zero", "[filter]\ndeadline=0\n", NULL, 2, "deadline", "seconds" },
	{ "deadline-negative", "[filter]\ndeadline=-5\n", NULL, 2, "deadline", "seconds" },
	{ "deadline-unit", "[filter]\ndeadline=25s\n", NULL, 2, "deadline", "seconds" },
	{ "deadline-words", "[filter]\ndeadline=soon\n", NULL, 2, "deadline", "seconds" },
	{ "deadline-huge", "[filter]\ndeadline=99999999999999999999\n", NULL, 2, "deadline",
	  "seconds" },
	{ "local-submission", "[trust]\nlocal-submission=true\n", NULL, 2, "local-submission",
	  "anonymous|authenticated" },
	{ "listen-empty", "[milter]\nlisten=\n", NULL, 2, "listen", "unix:/PATH" },
	{ "listen-relative", "[milter]\nlisten=unix:barefrom/milter.sock\n", NULL, 2, "listen",
	  "unix:/PATH" },
	{ "listen-path-alone", "[milter]\nlisten=/run/milter.sock\n", NULL, 2, "listen",
	  "unix:/PATH" },
	{ "listen-postfix", "[milter]\nlisten=inet:127.0.0.1:8895\n", NULL, 2, "listen",
	  "inet:PORT@HOST" },
	{ "listen-port-0", "[milter]\nlisten=inet:0@127.0.0.1\n", NULL, 2, "listen",
	  "inet:PORT@HOST" },
	{ "listen-port-large", "[milter]\nlisten=inet:65536@127.0.0.1\n", NULL, 2, "listen",
	  "inet:PORT@HOST" },
	{ "listen-nowhere", "[milter]\nlisten=inet:8895\n", NULL, 2, "listen", "inet:PORT@HOST" },
	{ "listen-at-first", "[milter]\nlisten=@inet:8895\n", NULL, 2, "listen", "inet:PORT@HOST" },
	{ "listen-no-host", "[milter]\nlisten=inet:8895@\n", NULL, 2, "listen", "inet:PORT@HOST" },
	{ "listen-no-port", "[milter]\nlisten=inet6:@::1\n", NULL, 2, "listen", "inet6:PORT@HOST" },
	{ "listen-unix-too-long", "[milter]\nlisten=unix:" SOCKET_PATH_107 "x\n", NULL, 2, "listen",
	  "107" },
	{ "listen-two", "[milter]\nlisten=inet:1@a\nlisten=inet:2@a\n", NULL, 3, "listen", "2" },
	{ "mode-empty", "[milter]\nsocket-mode=\n", NULL, 2, "socket-mode", "0660" },
	{ "mode-decimal", "[milter]\nsocket-mode=0680\n", NULL, 2, "socket-mode", "0660" },
	{ "mode-letters", "[milter]\nsocket-mode=u=rw\n", NULL, 2, "socket-mode", "0660" },
	{ "mode-none", "[milter]\nsocket-mode=0000\n", NULL, 2, "socket-mode", "0660" },
	{ "mode-sticky", "[milter]\nsocket-mode=1660\n", NULL, 2, "socket-mode", "0660" },
	{ "group-two", "[milter]\nsocket-group=postfix smmsp\n", NULL, 2, "socket-group",
	  "the name of one group, or nothing" },
	{ "group-list", "[milter]\nsocket-group=postfix,smmsp\n", NULL, 2, "socket-group",
	  "the name of one group" },
	{ "group-owner", "[milter]\nsocket-group=root:postfix\n", NULL, 2, "socket-group",
	  "the name of one group" },
	{ "sessions-empty", "[milter]\nmax-sessions=\n", NULL, 2, "max-sessions", "1 to" },
	{ "sessions-none", "[milter]\nmax-sessions=0\n", NULL, 2, "max-sessions", "1 to" },
	{ "sessions-negative", "[milter]\nmax-sessions=-1\n", NULL, 2, "max-sessions", "1 to" },
	{ "sessions-too-many", "[milter]\nmax-sessions=1000001\n", NULL, 2, "max-sessions",
	  "1000000" },
	{ "sessions-thousands", "[milter]\nmax-sessions=2k\n", NULL, 2, "max-sessions", "1 to" },
	{ "dry-run", "[milter]\ndry-run=yes\n", NULL, 2, "dry-run", "true|false" },
	{ "dry-run-empty", "[milter]\ndry-run=\n", NULL, 2, "dry-run", "true|false" },
	{ "misplaced-dry-run", "[filter]\ndry-run=true\n", NULL, 2, "dry-run", "[milter]" },
	{ "misplaced-listen", "listen=inet:1@a\n", NULL, 1, "listen", "[milter]" },
	{ "misplaced-in-milter", "[milter]\nlocal-submission=authenticated\n", NULL, 2,
	  "local-submission", "[trust]" },
	{ "section-named", "[trust\n", NULL, 1, "[trust", "[milter]" },
	{ "not-utf8", "[audit]\ndatabase=/\344\n", NULL, 2, "database", NULL },
	{ "scope-without-domains", "[policy]\nscope=domains\n", NULL, 2, "domains", NULL },
	{ "scope-with-empty-domains", "[policy]\nscope=domains\ndomains= ;\n", NULL, 3, "domains",
	  NULL },
	{ "first-mistake", "[policy]\nunknown=anonymous\nscope=all\n[audit]\ncolour=red\n", NULL,
	  -1, "", NULL },
	{ "good-option-bad-file", "[policy]\nunknown=maybe\n", "unknown=anonymous", 2, "unknown",
	  NULL },

	{ "option-unknown", "", "colour=red", 0, "colour", NULL },
	{ "option-choice", "", "unknown=maybe", 0, "unknown", "authenticated" },
	{ "option-network", "", "relay-nets=192.0.2.1/24", 0, "relay-nets", "192.0.2.1/24" },
	{ "option-empty", "", "database=", 0, "database", "path" },
	{ "option-deadline", "", "deadline=never", 0, "deadline", "seconds" },
	{ "option-fields", "", "fields=Subject", 0, "fields", "Reply-To" },
	{ "option-group", "", "socket-group=a b", 0, "socket-group", "the name of one group" },
	{ "option-listen", "", "listen=8895", 0, "listen", "inet:PORT@HOST" },
	{ "option-scope", "", "scope=domains", -1, "domains", NULL },
	{ "option-section", "", "policy.unknown=anonymous", 0, "policy.unknown", NULL },
	{ "option-no-key", "", "=x", 0, "", NULL },
};

static void
test_bad(Fixture *fixture, gconstpointer data)
{
	const BadRow *row = data;
	g_autoptr(GError) error = NULL;
	Config *config = load(fixture, row->text, row->option, false, &error);

	g_assert_null(config);
	g_assert_error(error, CMD_ERROR, CMD_ERROR_CONFIG);
	g_test_message("%s: %s", row->name, error->message);
	g_assert_nonnull(strstr(error->message, row->key));
	if (row->line > 0) {
		g_autofree char *where =
		        g_strdup_printf("%s:%d: %s", fixture->path, row->line, row->key);
		g_assert_true(g_str_has_prefix(error->message, where));
	} else if (row->line == 0) {
		g_assert_null(strstr(error->message, fixture->path));
	}
	if (row->accepted)
		g_assert_nonnull(strstr(error->message, row->accepted));
}

/* These words may reach the sender of a forged message. */
static void
test_public(Fixture *fixture, gconstpointer data)
{
	const BadRow *row = data;
	g_autoptr(GError) error = NULL;
	Config *config = load(fixture, row->text, row->option, true, &error);

	g_assert_null(config);
	g_assert_error(error, CMD_ERROR, CMD_ERROR_CONFIG);
	const char *words = exits_public(error);
	g_test_message("%s: %s", row->name, words);
	g_assert_null(strchr(words, '/'));
	g_assert_null(strstr(words, "barefrom.conf"));
	g_assert_nonnull(strstr(words, "run barefrom config"));
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
		if (g_str_equal(defaults[i].key, row->key))
			g_assert_nonnull(strstr(words, row->key));
	}
	static const char *const values[] = { "192.0.2", "red",  "maybe", "example",
		                              "Subject", "soon", "exim",  ":2" };
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		g_assert_null(strstr(words, values[i]));
}

static void
test_no_file(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL, hidden = NULL, folder = NULL;

	g_assert_null(config_load(fixture->path, NULL, false, &error));
	g_assert_error(error, CMD_ERROR, CMD_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, fixture->path));
	g_assert_null(config_load(fixture->path, NULL, true, &hidden));
	g_assert_error(hidden, CMD_ERROR, CMD_ERROR_CONFIG);
	g_assert_null(strchr(exits_public(hidden), '/'));
	g_assert_null(config_load(fixture->folder, NULL, false, &folder));
	g_assert_error(folder, CMD_ERROR, CMD_ERROR_CONFIG);
}

static void
test_nul(Fixture *fixture, gconstpointer unused)
{
	static const char text[] = "[policy]\nunknown=anonymous\0\n";
	g_autoptr(GError) error = NULL, hidden = NULL;

	write_file(fixture, text, sizeof text - 1);
	g_assert_null(config_load(fixture->path, NULL, false, &error));
	g_assert_error(error, CMD_ERROR, CMD_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, fixture->path));
	g_assert_null(config_load(fixture->path, NULL, true, &hidden));
	g_assert_null(strchr(exits_public(hidden), '/'));
}

/* Without `=` it is the command line that is wrong, not a setting. */
static void
test_option_without_value(Fixture *fixture, gconstpointer unused)
{
	static const char *const options[] = { "unknown", "", "/etc/secret" };

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(load(fixture, NULL, options[i], true, &error));
		g_assert_error(error, CMD_ERROR, CMD_ERROR_USAGE);
		g_assert_null(strchr(exits_public(error), '/'));
	}
}

/* The last -o wins. */
static void
test_option_order(Fixture *fixture, gconstpointer unused)
{
	char *options[] = { (char *)"user-uids=1", (char *)"unknown=authenticated",
		            (char *)"user-uids=2 3", (char *)"unknown=anonymous", NULL };
	g_autoptr(GError) error = NULL;

	write_file(fixture, "[trust]\nuser-uids=9\n", -1);
	g_autoptr(Config) config = config_load(fixture->path, options, false, &error);
	g_assert_no_error(error);
	g_autofree char *uids = effective(config, "user-uids");
	g_autofree char *unknown = effective(config, "unknown");
	g_assert_cmpstr(uids, ==, "2|3");
	g_assert_cmpstr(unknown, ==, "anonymous");

	/* A bad one is an error, though a good one follows. */
	char *bad[] = { (char *)"unknown=maybe", (char *)"unknown=anonymous", NULL };
	g_assert_null(config_load(fixture->path, bad, false, &error));
	g_assert_error(error, CMD_ERROR, CMD_ERROR_CONFIG);
}

static void
test_database_given(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(Config) by_file =
	        load_good(fixture, "[audit]\ndatabase=/var/lib/barefrom/audit.db\n", NULL);
	g_autoptr(Config) by_option = load_good(fixture, NULL, "database=/a");
	g_autoptr(Config) neither = load_good(fixture, "[filter]\ndeadline=3\n", NULL);

	g_assert_false(by_file->settings->database_is_default);
	g_assert_false(by_option->settings->database_is_default);
	g_assert_true(neither->settings->database_is_default);
}

/* The digest names what decisions depend on, and nothing else. */
static void
test_digest(Fixture *fixture, gconstpointer unused)
{
	static const char *const other[] = { "unknown=authenticated",   "user-uids=1",
		                             "domains=example.org",     "fields=From",
		                             "relay-nets=192.0.2.1",    "resolve-anonymous=true",
		                             "trusted-by=other.example" };
	static const char *const same[] = { "database=/a",     "deadline=3",   "sendmail=/a",
		                            "listen=inet:1@a", "dry-run=true", "max-sessions=1" };
	g_autoptr(Config) base = load_good(fixture, NULL, NULL);

	g_assert_cmpuint(strlen(base->settings->digest), ==, 64);
	g_autofree char *sum =
	        g_compute_checksum_for_string(G_CHECKSUM_SHA256, base->settings->digested, -1);
	g_assert_cmpstr(base->settings->digest, ==, sum);
	for (size_t i = 0; i < G_N_ELEMENTS(other); i++) {
		g_autoptr(Config) config = load_good(fixture, NULL, other[i]);
		g_test_message("%s", other[i]);
		g_assert_cmpstr(config->settings->digest, !=, base->settings->digest);
		g_assert_nonnull(strstr(config->settings->digested, other[i]));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(Config) config = load_good(fixture, NULL, same[i]);
		g_test_message("%s", same[i]);
		g_assert_cmpstr(config->settings->digest, ==, base->settings->digest);
	}
}

static const struct {
	const char *text;
	const char *warning; /* a word of it; NULL: there is none */
} warnings[] = {
	{ "[policy]\nscope=domains\ndomains=corp.example\n", NULL },
	{ "[policy]\nscope=domains\ndomains=example.com\n", "example.com" },
	{ "[policy]\nunknown=authenticated\n", "unknown" },
	{ "[trust]\ntrusted-by=mx.example.org 192.0.2.9\n", NULL },
	{ "[trust]\ntrusted-by=mx.example.org .example.org\n", ".example.org: for archives" },
	{ "[trust]\ntrusted-by=mx.example.org 2002:a00::/24\n", "2002:a00::/24: for archives" },
	{ "[trust]\ntrusted-by=192.0.2.9/32\n", "shows no client" },
	{ "[trust]\ntrusted-by=.example.org\nwebmail-by=web.example.org\n", ".example.org: for" },
	{ "[trust]\ntrusted-by=mx.example.org\nwebmail-by=web.example.org\n", "webmail-by" },
	{ "[trust]\nrelay-nets=192.0.2.7\n", NULL },
	{ "[trust]\nrelay-nets=192.0.2.0/24\n", "192.0.2.0/24" },
	{ "[trust]\nrelay-nets=127.0.0.1\n", "127.0.0.1" },
	{ "[trust]\ntrusted-clients=192.0.2.0/29 2001:db8::/125\n", NULL },
	{ "[trust]\ntrusted-clients=192.0.2.0/28\n", "192.0.2.0/28" },
	{ "[trust]\ntrusted-clients=2001:db8::/124\n", "2001:db8::/124" },
	{ "[trust]\ntrusted-clients=172.17.0.1\n", "172.17.0.1" },
	{ "[trust]\nrelay-accounts=gateway\n", "--sasl-username" },
	{ "[trust]\nar-stripped=true\n", "without authserv-id" },
	{ "[trust]\ncomment-dialect=postfix a.example=kerio\n", NULL },
	{ "[trust]\ncomment-dialect=qmail\n", "qmail" },
};

static void
test_warnings(Fixture *fixture, gconstpointer unused)
{
	for (size_t i = 0; i < G_N_ELEMENTS(warnings); i++) {
		g_autoptr(Config) config = load_good(fixture, warnings[i].text, NULL);
		g_test_message("%s", warnings[i].text);
		g_assert_cmpuint(config->warnings->len, ==, warnings[i].warning ? 1 : 0);
		if (warnings[i].warning)
			g_assert_nonnull(strstr(g_ptr_array_index(config->warnings, 0),
			                        warnings[i].warning));
	}
}

static void
assert_line(const char *text, const char *start, const char *mark, bool marked)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (size_t i = 0; lines[i]; i++) {
		if (!g_str_has_prefix(lines[i], start))
			continue;
		g_test_message("%s", lines[i]);
		g_assert_cmpint(strstr(lines[i], mark) != NULL, ==, marked);
		return;
	}
	g_error("no line %s", start);
}

/* Every key, with its value, defaults marked. */
static void
test_print(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(Config) config = load_good(
	        fixture, "[policy]\nunknown=anonymous\n[trust]\nauthserv-id=mx\n", "deadline=7");
	g_autofree char *text = config_print(config);

	g_assert_nonnull(strstr(text, fixture->path));
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
		g_autofree char *start = g_strdup_printf("%s=", defaults[i].key);
		bool given = g_str_equal(defaults[i].key, "unknown") ||
		             g_str_equal(defaults[i].key, "deadline");
		assert_line(text, start, "default", !given);
	}
	assert_line(text, "trusted-by=", "default", true);
	assert_line(text, "authserv-id=mx", "default", false);
	assert_line(text, "deadline=7", "default", false);
	assert_line(text, "[trust]", "trust", true);
	assert_line(text, "[policy]", "policy", true);
	assert_line(text, "[audit]", "audit", true);
	assert_line(text, "[filter]", "filter", true);
	assert_line(text, "[milter]", "milter", true);
}

#define ADD(name, function) g_test_add("/config/" name, Fixture, NULL, set_up, function, tear_down)

#define ADD_ROWS(rows, prefix, function)                                                           \
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {                                          \
		g_autofree char *path = g_strconcat("/config/" prefix, rows[i].name, NULL);        \
		g_test_add(path, Fixture, &rows[i], set_up, function, tear_down);                  \
	}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("defaults", test_defaults);
	ADD_ROWS(good_rows, "good/", test_good);
	ADD_ROWS(bad_rows, "bad/", test_bad);
	ADD_ROWS(bad_rows, "public/", test_public);
	ADD("no-file", test_no_file);
	ADD("nul", test_nul);
	ADD("option-without-value", test_option_without_value);
	ADD("option-order", test_option_order);
	ADD("database-given", test_database_given);
	ADD("digest", test_digest);
	ADD("warnings", test_warnings);
	ADD("print", test_print);
	return g_test_run();
}
