/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/* Looks at something, and adds a note, char *, for each thing that is wrong. @owner is the name of
 * who looks. */
typedef void (*OwnerLook)(GPtrArray *notes, const char *owner, gpointer data);

/* Has @look look as the user that the folder of the audit of @config belongs to, or, if that is
 * root's, the audit, as a filter runs: with the
 * first group of that user alone. False: this user is neither that one nor root, and nobody looked.
 * It is for a time at which no database is open. */
bool owner_look(const Config *config, OwnerLook look, gpointer data, GPtrArray *notes);

/* An OwnerLook; @data is the Config: whether the settings can be read. */
void owner_look_at_settings(GPtrArray *notes, const char *owner, gpointer data);
