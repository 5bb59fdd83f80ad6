/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config.h"

/* Adds to @warnings (char *) what is unwise about @config. */
void unwise_note(const Config *config, GPtrArray *warnings);
