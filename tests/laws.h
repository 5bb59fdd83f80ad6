/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/strip.h"

/* Checks what must hold for every message, under any policy: NULL, or the law that is broken.
 * @ret_output (may be NULL) is the message as it would leave; NULL in it if it is refused. */
const char *laws_broken(const Policy *policy, const Facts *facts, const char *bytes, size_t length,
                        GBytes **ret_output);
