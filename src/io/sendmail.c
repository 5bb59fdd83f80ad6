/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sendmail: runs sendmail(1) on a message that is complete.
 * May know: processes, signals, pipes. Must not know: what the message holds, the audit.
 * Fails: with a SENDMAIL_ERROR, which tells whether the message may have been sent all the same.
 */
#include "sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

G_DEFINE_QUARK(barefrom-sendmail-error, sendmail_error);

static bool
not_started(GError **error, int reason)
{
	g_set_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_NOT_STARTED,
	            "sendmail cannot be started: %s",
	            reason == E2BIG ? "too many recipients" : g_strerror(reason));
	return false;
}

/* Does nothing, but without a handler SIGCHLD would not end a poll. */
static void
wake_up(int signal_number)
{
	(void)signal_number;
}

/* Holds back SIGCHLD but for polls, and from now on the signals that would end us while sendmail
 * may still send the message: it would be sent again. Gives the masks that the program gets, and
 * we. */
static void
hold_signals(sigset_t *ret_child, sigset_t *ret_ours)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGCHLD);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		sigaddset(&held, ends[i]);
	sigprocmask(SIG_BLOCK, &held, ret_child);
	sigdelset(ret_child, SIGCHLD);
	*ret_ours = *ret_child;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		sigaddset(ret_ours, ends[i]);
}

/* Starts the program with default signal handling for those that we ignore or handle, and with the
 * signal @mask that we had. */
static int
spawn(pid_t *ret_pid, char **argv, int input, int output, const sigset_t *mask)
{
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_t actions;
	sigset_t defaults;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	sigaddset(&defaults, SIGCHLD);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
	                                              POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);

	int reason = posix_spawn(ret_pid, argv[0], &actions, &attributes, argv, environ);

	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return reason;
}

/* Reads and drops a block of output; false: no more will come. */
static bool
drop_output(int fd)
{
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof bytes);

	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Waits until the process ends, even if others still hold its output open, but does not reap it:
 * until then no other process can get its number or that of its group. False: @until has passed. */
static bool
wait_until(pid_t pid, int output, gint64 until, const sigset_t *mask, siginfo_t *ret_end)
{
	struct pollfd ready = { .fd = output, .events = POLLIN };

	for (;;) {
		ret_end->si_pid = 0;
		if (waitid(P_PID, (id_t)pid, ret_end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    ret_end->si_pid == pid)
			return true;
		gint64 left = until - g_get_monotonic_time();
		if (left <= 0)
			return false;
		struct timespec timeout = { .tv_sec = left / G_USEC_PER_SEC,
			                    .tv_nsec = left % G_USEC_PER_SEC * 1000 };
		if (ppoll(&ready, 1, &timeout, mask) > 0 && !drop_output(output))
			ready.fd = -1;
	}
}

/* Reaps the process. False: its status cannot be had, so it may have sent the message or not. */
static bool
reap(pid_t pid, int *ret_status, GError **error)
{
	pid_t ended;

	while ((ended = waitpid(pid, ret_status, 0)) < 0 && errno == EINTR)
		;
	if (ended == pid)
		return true;
	g_set_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED,
	            "sendmail cannot be waited for: %s", g_strerror(errno));
	return false;
}

static bool
judge(int status, bool late, GError **error)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status))
		g_set_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_FAILED,
		            "sendmail failed with status %d", WEXITSTATUS(status));
	else if (late)
		g_set_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED,
		            "sendmail did not finish before the deadline");
	else
		g_set_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED,
		            "sendmail was killed by signal %d", WTERMSIG(status));
	return false;
}

bool
sendmail_run(const char *program, const char *sender, char *const *recipients, int fd, gint64 until,
             GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	const char *const options[] = { program, "-G", "-i", "-f", sender, "--" };
	struct sigaction action = { .sa_handler = wake_up }, old_action;
	sigset_t child, ours;
	siginfo_t end = { 0 };
	int ends[2], status;
	pid_t pid;

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		g_ptr_array_add(argv, (char *)options[i]);
	for (size_t i = 0; recipients[i]; i++)
		g_ptr_array_add(argv, recipients[i]);
	g_ptr_array_add(argv, NULL);

	if (g_get_monotonic_time() >= until)
		return not_started(error, ETIMEDOUT);
	if (lseek(fd, 0, SEEK_SET) != 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return not_started(error, errno);
	/* What sendmail writes to must block, as a terminal or a file would. */
	fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) & ~O_NONBLOCK);
	sigaction(SIGCHLD, &action, &old_action);
	hold_signals(&child, &ours);

	int reason = spawn(&pid, (char **)argv->pdata, fd, ends[1], &child);
	close(ends[1]);
	bool sent = false;
	if (reason == 0) {
		bool late = !wait_until(pid, ends[0], until, &ours, &end);
		/* Its children must not send the message after we report failure. */
		if (late || end.si_code != CLD_EXITED || end.si_status != 0)
			kill(-pid, SIGKILL);
		sent = reap(pid, &status, error) && judge(status, late, error);
	} else {
		not_started(error, reason);
	}
	close(ends[0]);
	sigprocmask(SIG_SETMASK, &ours, NULL);
	sigaction(SIGCHLD, &old_action, NULL);
	return sent;
}
