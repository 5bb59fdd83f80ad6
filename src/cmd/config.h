/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "mail/settings.h"
#include "value.h"

#define CONFIG_FILE "/etc/barefrom.conf"
#define CONFIG_DEADLINE 25 /* seconds, unless the settings say otherwise */

/* Warnings about a setting that more than one file uses. */
#define CONFIG_WORDS_EXAMPLE "domains: example.com is only an example; name your own domains"
#define CONFIG_WORDS_LOGIN                                                                         \
	"relay-accounts needs --sasl-username or smtpd_sasl_authenticated_header=yes: without "    \
	"them no login can be seen"

#define CONFIG_WORDS_RESULTS                                                                       \
	"without ar-stripped=true, Authentication-Results show a login only if the boundary "      \
	"shows neither client nor protocol"

/* The settings of the milter's own section. */
typedef struct {
	ValueListen listen;
	bool listen_is_given;
	mode_t mode; /* of a unix socket */
	char *group; /* of a unix socket; empty: it is not changed */
	bool group_is_default;
	char **submission_daemons; /* {daemon_name} of listeners that only users can send to */
	guint max_sessions;
	bool dry_run;
} ConfigMilter;

/* The effective settings. */
typedef struct {
	Settings *settings; /* the part that decisions need */
	ConfigMilter milter;
	char *sendmail;
	bool trusted_by_is_default; /* also true if it names no host */
	bool domains_are_example;   /* domains still has the example of the shipped file */
	char *file;                 /* the file that was read; NULL: there is none */
	guint scope;                /* VALUE_SCOPE_... */
	char **domains;             /* the setting, whatever the scope */
	char *directory;            /* the file of people; NULL: none is named */
	bool scope_has_directory;   /* implies that `directory` is not NULL */
	struct Value *values;       /* one for each key, in the order of the table */
	GPtrArray *warnings;        /* char *: settings that are legal but unwise */
} Config;

/* Reads @file (NULL: CONFIG_FILE, which may be absent), then @options (KEY=VALUE, NULL-terminated
 * or NULL), which take precedence. Errors are CMD_ERROR_CONFIG; they name file, line, key and what
 * is accepted; with @public_words, only the key. An option without `=` is CMD_ERROR_USAGE.
 * (transfer full) */
Config *config_load(const char *file, char **options, bool public_words,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens config->directory, which must not be NULL, for decisions by config->settings; does nothing
 * if it is open. Errors are those of people_open(), which name the file. */
bool config_open_directory(Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settings that are ready for decisions: config_load(), and the directory is open if the scope has
 * it. Errors are those of both. (transfer full) */
Config *config_load_policy(const char *file, char **options, bool public_words,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From then on, `user at domain (Name)` is read as that address. Must be called before others hold
 * a reference to the settings. */
void config_read_pipermail(Config *config);

/* Frees @config, which must not be NULL. */
void config_free(Config *config);

/* The settings as barefrom config prints them. (transfer full) */
char *config_print(const Config *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
