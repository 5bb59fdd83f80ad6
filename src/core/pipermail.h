/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>

/* The form that Pipermail, the archiver of Mailman 2, gives a sender: `user at domain (Name)`. */

/* The address for the `user at domain` that @text begins with; *@ret_length is the length of that.
 * NULL: it begins otherwise. (transfer full) (nullable) */
char *pipermail_address(const char *text, size_t length, size_t *ret_length);

/* The value of a sender field with `@` where Pipermail wrote ` at `: an address, perhaps followed
 * by a name in brackets, or in angle brackets at the end. All between the first and the last
 * bracket is the name, whatever brackets it holds. NULL: it is another value. (transfer full)
 * (nullable) */
GString *pipermail_value(const char *value, size_t length);
