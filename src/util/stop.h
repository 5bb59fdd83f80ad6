/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <signal.h>

/* From now on SIGINT, SIGTERM and SIGHUP, where they are not ignored (nohup(1)), end reads and
 * waits and no more, so that nothing half done is left. */
void stop_on_signals(void);

/* Where the signal stands that came; 0: none. */
const volatile sig_atomic_t *stop_signal(void);
