/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <signal.h>

/* From then on SIGINT, SIGTERM and SIGHUP, unless they are ignored (nohup(1)), interrupt reads and
 * waits but do not end the program, so that nothing is left half done. */
void stop_on_signals(void);

/* Points to the number of the last such signal; 0: none came. */
const volatile sig_atomic_t *stop_signal(void);
