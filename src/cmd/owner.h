/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/* Looks at something, and adds a note (char *) for each thing that is wrong. @owner is the name of
 * the user that looks. */
typedef void (*OwnerLook)(GPtrArray *notes, const char *owner, gpointer data);

/* Runs @look as a filter runs: as the owner of the directory of the audit of @config, or, if that
 * is root, of the audit; as root in a child, with the primary group only. False: this user is
 * neither the owner nor root, or there is no directory, and @look was not run. No database must be
 * open, since this may fork. */
bool owner_look(const Config *config, OwnerLook look, gpointer data, GPtrArray *notes);

/* An OwnerLook that checks whether the settings can be read; @data is the Config. */
void owner_look_at_settings(GPtrArray *notes, const char *owner, gpointer data);
