/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>

/* What Mailman 2's archive Pipermail makes of a sender: `user at domain (Name)`. */

/* The address that @text begins with, as `user at domain`; *@ret_length is the length of that.
 * NULL: it begins otherwise. (transfer full) (nullable) */
char *pipermail_address(const char *text, size_t length, size_t *ret_length);

/* The value of a sender field with `@` where Pipermail wrote ` at `: an address with a name in
 * brackets behind it, or in angle brackets. All between the first and the last bracket is the name,
 * whatever brackets are in it. NULL: it is another value. (transfer full) (nullable) */
GString *pipermail_value(const char *value, size_t length);
