/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* What main() tells a command, and what the command tells main(). */
typedef struct {
	const char *config_file; /* -c before the command; NULL: the default file */
	gint64 started;          /* monotonic, microseconds */
	pid_t parent;            /* of this process, at its start */
	bool deferring; /* pipe(8) waits: every failure is 75, in words that may be public */
	bool filtering; /* the command is filter: failures begin with an RFC 3463 status */
	bool delivered; /* the message has been handed on */
	char *warning;  /* said last, since a failure begins with its status; NULL: none */
	bool attention; /* all went well, but somebody should have a look: exit status 1 */
} Context;

typedef struct {
	const char *name;
	/* argv[0] is the name of the command. False: @error is set. */
	bool (*run)(Context *context, int argc, char **argv, GError **error);
	const char *arguments;
	const char *summary;
} Command;

/* The commands, each as Command.run. */
bool cmd_filter(Context *context, int argc, char **argv, GError **error);
bool cmd_mbox(Context *context, int argc, char **argv, GError **error);
bool cmd_compare(Context *context, int argc, char **argv, GError **error);
bool cmd_explain(Context *context, int argc, char **argv, GError **error);
bool cmd_audit(Context *context, int argc, char **argv, GError **error);
bool cmd_config(Context *context, int argc, char **argv, GError **error);
bool cmd_directory(Context *context, int argc, char **argv, GError **error);
