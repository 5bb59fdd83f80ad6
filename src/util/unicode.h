/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether a reader shows nothing for @c: Unicode's Default_Ignorable_Code_Point, every format
 * character (category Cf), and controls that are no blanks. */
bool unicode_is_ignorable(gunichar c);
