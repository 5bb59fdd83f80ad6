/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <signal.h>

/* From then on SIGINT, SIGTERM and SIGHUP, unless they are ignored (nohup(1)), interrupt reads and
 * waits but do not end the program, so that nothing is left half done. */
void stop_on_signals(void);

/* From then on these signals, unless they are ignored, end the program as they always do, but first
 * remove the files of stop_set_files(). */
void stop_without_files(void);

/* The NULL-terminated @paths, which stay the caller's, are unfinished files of this process, if
 * they exist; NULL: there are none. */
void stop_set_files(char *const *paths);

/* Points to the number of the last such signal; 0: none came. */
const volatile sig_atomic_t *stop_signal(void);
