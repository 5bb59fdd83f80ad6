/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* Syncs the names in the directory at @path. False: a power failure may undo changes to them. */
bool folder_sync(const char *path);
