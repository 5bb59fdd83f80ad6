/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* Brings the names in the folder at @path to the disk. False: a power failure may undo what was
 * done to them. */
bool folder_sync(const char *path);
