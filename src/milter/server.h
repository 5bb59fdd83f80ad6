/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config.h"
#include "mail/ledger.h"

/* Serves the connections of MTAs: one thread that reads, decides and answers, one that writes the
 * audit, and a few for heads that take their time. */
typedef struct Server Server;

/* The settings of @config_file (NULL: the default file) and @options, with the directory open.
 * Errors are those of config_load() and config_open_directory(). (transfer full) */
Config *server_config(const char *config_file, char **options,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The audit of @config, whose errors also say what an administrator does next. (transfer full) */
Ledger *server_open_ledger(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A server that listens, on systemd's sockets or on that of @config, and has opened its audit.
 * @config_file and @options, which outlive it, are read again at SIGHUP. SIGHUP, SIGTERM and SIGINT
 * are blocked from then on. Errors are those of listener, ledger and the settings. (transfer full)
 */
Server *server_new(Config *config, const char *config_file, char **options,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Serves until SIGTERM or SIGINT comes and what was decided is answered. */
bool server_run(Server *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void server_free(Server *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)
