/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether mail readers show nothing for @c: Unicode's Default_Ignorable_Code_Point, every format
 * character (category Cf), and every control but tab, CR and LF. */
bool unicode_is_ignorable(gunichar c);
