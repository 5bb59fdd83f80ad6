/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store-error.h"

/* Whether @db, whose schema is of @version, has each table and view that an audit of that version
 * has when it is made, with all their columns, no trigger on its tables, and one row in meta; it
 * may have more. *@ret_lack is what is wrong first, such as "it has no table edit" (transfer full);
 * NULL: nothing. */
bool schema_compare(sqlite3 *db, gint64 version, char **ret_lack,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
