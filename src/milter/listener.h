/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config.h"

/* Makes the socket that the settings name, and listens on it: *@ret_fd, which the caller closes.
 * *@ret_warning (transfer full) says what an administrator should know; NULL: nothing. Errors are
 * IO_ERROR, and name the address or the setting; IO_ERROR_IN_USE: another process
 * answers there. */
bool listener_open(const ConfigMilter *config, int *ret_fd, char **ret_warning,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The address in the settings, for people. (transfer full) */
char *listener_address(const ConfigMilter *config);
