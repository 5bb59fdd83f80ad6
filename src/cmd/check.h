/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "verb.h"

/* What is to be said where the audit at @database is on a file system that it should not be on;
 * NULL: nothing. (transfer full) */
char *check_place(const char *database);
