/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "cmd/config.h"

/* The file of a unix socket. */
typedef struct {
	char *path; /* NULL: there is none */
	dev_t device;
	ino_t inode;
} ListenerFile;

/* Makes the socket that the settings name, and listens on it: *@ret_fd, which the caller closes
 * after listener_remove(@ret_file). *@ret_warning (transfer full) says what an administrator should
 * know; NULL: nothing. Errors are IO_ERROR, and name the address or the setting; IO_ERROR_IN_USE:
 * another process answers there. */
bool listener_open(const ConfigMilter *config, int *ret_fd, ListenerFile *ret_file,
                   char **ret_warning, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes @file, unless another process has put its own in its place, and clears it. While the
 * socket is open, no other file can have its inode. */
void listener_remove(ListenerFile *file);

/* The address in the settings, for people. (transfer full) */
char *listener_address(const ConfigMilter *config);
