/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/strip.h"
#include "people.h"

/* What a message needs of the configuration, as it is when the message comes. Whoever uses it holds
 * a reference, so that other settings can take its place meanwhile. Of one thread at a time: the
 * directory is asked through it. */
typedef struct {
	Policy policy;
	People *people; /* whom policy.directory asks; NULL: nobody */
	char *database; /* path of the audit */
	bool database_is_default;
	int deadline;   /* seconds: no wait for the audit is longer */
	char *digest;   /* SHA-256 of what decisions depend on, */
	char *digested; /* which is this text */
	guint references;
} Settings;

/* Settings that are still to be filled; no list of the policy is set. (transfer full) */
Settings *settings_new(void);

/* (transfer full) */
Settings *settings_ref(Settings *settings);

/* Frees @settings with all that they hold, once nobody else refers to them. */
void settings_unref(Settings *settings);

/* Where the audit could not be opened: tells whoever did not name one how to. */
void settings_hint_at_option(const Settings *settings, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_unref)
