/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stop: signals that ask a long run to end at a place of its choice.
 * May know: signals. Must not know: what ends.
 * Fails: never.
 */
#include "stop.h"

#include <glib.h>

static volatile sig_atomic_t stopped;

static void
stop(int signal_number)
{
	stopped = signal_number;
}

void
stop_on_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = stop };

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		struct sigaction old;
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

const volatile sig_atomic_t *
stop_signal(void)
{
	return &stopped;
}
