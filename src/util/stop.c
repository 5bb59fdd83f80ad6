/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stop: signals that ask a long run to end, at a place of its choice or without its new files.
 * May know: signals. Must not know: what ends.
 * Fails: never.
 */
#include "stop.h"

#include <glib.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;
static char *const *volatile files; /* that end() removes; NULL: none */

static void
stop(int signal_number)
{
	stopped = signal_number;
}

/* Calls only what a handler may call (signal-safety(7)). */
static void
end(int signal_number)
{
	for (char *const *file = files; file && *file; file++)
		unlink(*file);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void
handle_signals(void (*handler)(int))
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = handler };

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		struct sigaction old;
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

void
stop_on_signals(void)
{
	handle_signals(stop);
}

void
stop_without_files(void)
{
	handle_signals(end);
}

void
stop_set_files(char *const *paths)
{
	files = paths;
}

const volatile sig_atomic_t *
stop_signal(void)
{
	return &stopped;
}
