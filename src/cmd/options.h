/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd.h"
#include "config.h"
#include "core/submission.h"

/* The options that commands share. Arguments are bytes, not text: pipe(8) sets no locale. */
typedef struct {
	char **settings; /* -o */
	char *config_file;
	char *sasl_username, *sasl_method, *client_address, *queue_id, *submission, *size;
	char **rest;
	char *help; /* the text, if it was asked for; NULL: it was not */
} Options;

/* Parses the command line of a command. @own (may be NULL) are its own options; @with_facts adds
 * those for the facts of a session. @options must be cleared, also after an error. Errors are
 * G_OPTION_ERROR. */
bool options_parse(Options *options, int argc, char **argv, const GOptionEntry *own,
                   bool with_facts, const char *arguments, const char *summary,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Frees what @options holds. */
void options_clear(Options *options);

/* Prints the help if it was asked for. True: it was, so there is nothing more to do. */
bool options_print_help(const Options *options);

/* The facts that were given; their strings belong to @options. Errors are CMD_ERROR_USAGE. */
bool options_facts(const Options *options, Facts *ret_facts,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The effective settings, with the errors of config_load(). (transfer full) */
Config *options_config(const Options *options, const Context *context,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same by config_load_policy(). (transfer full) */
Config *options_policy(const Options *options, const Context *context,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)
