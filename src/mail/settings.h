/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/strip.h"
#include "people.h"

/* What a message needs from the configuration, as it is when the message comes. Users hold a
 * reference, so that other settings can take its place meanwhile. Several threads may decide by
 * them at once, but only one may take and drop references. */
typedef struct {
	Policy policy;
	People *people; /* policy.directory; NULL: no directory */
	char *database; /* path of the audit */
	bool database_is_default;
	int deadline;   /* seconds: no wait for the audit is longer */
	char *digest;   /* SHA-256 of `digested`, in hex */
	char *digested; /* the settings that decisions depend on, as text */
	guint references;
} Settings;

/* Settings that are still to be filled; no list of the policy is set. (transfer full) */
Settings *settings_new(void);

/* (transfer full) */
Settings *settings_ref(Settings *settings);

/* Drops a reference, and frees @settings with the last one. */
void settings_unref(Settings *settings);

/* After the audit could not be opened: if its path is the default, adds to @error how to name
 * another one. */
void settings_hint_at_option(const Settings *settings, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_unref)
