/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config.h"
#include "mail/ledger.h"

/* Serves the connections of MTAs: one thread reads, decides and answers, one writes the audit, and
 * a few decide about large heads. */
typedef struct Server Server;

/* The settings of @config_file (NULL: the default file) and @options, with the directory open.
 * Errors are those of config_load_policy(). (transfer full) */
Config *server_config(const char *config_file, char **options,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the audit of @config; its errors also say what an administrator does next.
 * (transfer full) */
Ledger *server_open_ledger(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A server that listens, on systemd's sockets or on that of @config, and has opened its audit. It
 * takes over @config, also after an error. @config_file and @options must outlive it: it reads them
 * again at SIGHUP. SIGHUP, SIGTERM and SIGINT are blocked from then on. Errors are those of
 * listener, ledger and the settings. (transfer full) */
Server *server_new(Config *config, const char *config_file, char **options,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Serves until SIGTERM or SIGINT comes, then answers the messages that are being decided or
 * recorded, for at most the setting deadline. */
bool server_run(Server *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void server_free(Server *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)
