/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/* The options of the verbs of audit, as given; NULL: not given. */
typedef struct {
	char *older_than;
	char *format;
	char *since;
	char *since_id;
	char *output;
} VerbOptions;

/* The verbs that have files of their own. */
bool verb_export(const Config *config, const VerbOptions *options, GError **error);
bool verb_report(const Config *config, const VerbOptions *options, GError **error);
