/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that sendmail gets its arguments and a file from its first byte on, that nothing it does
 * with its input or output blocks us, and that each way to end is recognized. The stand-ins are
 * lines of sh. */
#include "io/sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/outfile.h"

typedef struct {
	char *folder, *program;
	int fd;        /* the message */
	sigset_t mask; /* of this process, before */
} Fixture;

static int wait_fails; /* the error of the next waitpid(); 0: none */

/* In the place of the C library's. */
pid_t
waitpid(pid_t pid, int *status, int options)
{
	int reason = wait_fails;
	pid_t ended = (pid_t)syscall(SYS_wait4, pid, reason ? NULL : status, options, NULL);

	wait_fails = 0;
	if (reason)
		errno = reason;
	return reason ? -1 : ended;
}

static void
set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	f->folder = g_dir_make_tmp("barefrom-XXXXXX", &error);
	g_assert_no_error(error);
	f->program = g_build_filename(f->folder, "sendmail", NULL);
	f->fd = outfile_open(false, &error);
	g_assert_no_error(error);
	g_assert_cmpint(write(f->fd, "message\n", 8), ==, 8);
	sigprocmask(SIG_BLOCK, NULL, &f->mask);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", f->folder);

	g_assert_cmpint(system(command), ==, 0);
	close(f->fd);
	sigprocmask(SIG_SETMASK, &f->mask, NULL);
	g_free(f->folder);
	g_free(f->program);
}

static bool
run(Fixture *f, const char *script, int seconds, GError **error)
{
	char *const recipients[] = { (char *)"a@x", (char *)"-b c@x", NULL };
	g_autofree char *text =
	        g_strdup_printf("#!/bin/sh\ncd '%s' || exit 70\n%s\n", f->folder, script);

	g_assert_true(g_file_set_contents(f->program, text, -1, NULL));
	g_assert_cmpint(chmod(f->program, 0700), ==, 0);
	return sendmail_run(f->program, "s@x", recipients, f->fd,
	                    g_get_monotonic_time() + seconds * G_USEC_PER_SEC, error);
}

static void
assert_file(Fixture *f, const char *name, const char *want)
{
	g_autofree char *path = g_build_filename(f->folder, name, NULL), *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, want);
}

static void
test_sent(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(run(f, "printf '<%s>' \"$@\" >args; cat >in", 60, &error));
	g_assert_no_error(error);
	assert_file(f, "args", "<-G><-i><-f><s@x><--><a@x><-b c@x>");
	assert_file(f, "in", "message\n");
}

/* Signals that we ignore are as usual for sendmail; and for us after it. */
static void
test_signals(Fixture *f, gconstpointer data)
{
	static const int ours[] = { SIGPIPE, SIGXFSZ, SIGCHLD };
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(f->folder, "signals", NULL), *text = NULL;
	sigset_t before, after;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &before);
	/* exec: the shell itself blocks signals while it waits for a child. */
	g_assert_true(run(f, "exec sed -n 's/^Sig\\(Ign\\|Blk\\):\t//p' /proc/self/status >signals",
	                  60, &error));
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) masks = g_strsplit(text, "\n", -1);
	/* The first is what is blocked. What waits for us does not wait for sendmail. */
	g_assert_cmpuint(g_ascii_strtoull(masks[0], NULL, 16), ==, 0);
	for (int i = 0; i < 2; i++) {
		guint64 mask = g_ascii_strtoull(masks[i], NULL, 16);
		for (size_t k = 0; k < G_N_ELEMENTS(ours); k++)
			g_assert_cmpuint(mask >> (ours[k] - 1) & 1, ==, 0);
	}
	sigprocmask(SIG_BLOCK, NULL, &after);
	g_assert_cmpint(sigismember(&before, SIGCHLD), ==, sigismember(&after, SIGCHLD));
}

/* What would end us waits until the outcome is known, and then for the caller. */
static void
test_held(Fixture *f, gconstpointer data)
{
	static const int ends_us[] = { SIGINT, SIGTERM, SIGHUP };
	static const char *const scripts[] = { "exit 0", "exit 75" };
	const struct timespec no_time = { 0 };
	sigset_t pending, all;

	sigemptyset(&all);
	for (size_t i = 0; i < G_N_ELEMENTS(ends_us); i++) {
		sigaddset(&all, ends_us[i]);
		signal(ends_us[i], SIG_DFL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *script = g_strconcat(
		        "for s in INT TERM HUP; do kill -$s $PPID; done\n", scripts[i], NULL);
		g_assert_cmpint(run(f, script, 60, &error), ==, i == 0);
		g_assert_cmpint(g_error_matches(error, SENDMAIL_ERROR, SENDMAIL_ERROR_FAILED), ==,
		                i == 1);
		sigpending(&pending);
		for (size_t k = 0; k < G_N_ELEMENTS(ends_us); k++)
			g_assert_true(sigismember(&pending, ends_us[k]));
		while (sigtimedwait(&all, NULL, &no_time) > 0)
			;
		sigprocmask(SIG_SETMASK, &f->mask, NULL);
	}
}

static const struct {
	const char *name, *script;
	int seconds;
	int code; /* of SENDMAIL_ERROR; -1: sent */
} ends[] = {
	{ "input-unread", "exec <&-; exit 0", 60, -1 },
	{ "much-output", "cat >/dev/null; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2",
	  60, -1 },
	{ "output-closed", "exec >&- 2>&-; sleep 0.2; exit 0", 60, -1 },
	/* The orphan keeps the output open beyond the deadline. */
	{ "orphan", "sleep 100 & exit 0", 60, -1 },
	{ "orphan-that-writes", "(while sleep 0.01; do echo x || exit; done) & exit 0", 60, -1 },
	{ "fails", "exit 75", 60, SENDMAIL_ERROR_FAILED },
	{ "fails-with-1", "exit 1", 60, SENDMAIL_ERROR_FAILED },
	{ "dies", "kill -9 $$", 60, SENDMAIL_ERROR_KILLED },
	{ "late", "sleep 1000", 10, SENDMAIL_ERROR_KILLED },
	{ "late-with-output", "yes", 10, SENDMAIL_ERROR_KILLED },
	{ "late-deaf", "trap '' TERM INT HUP; sleep 1000; sleep 1000", 10, SENDMAIL_ERROR_KILLED },
	{ "no-time", "exit 0", 0, SENDMAIL_ERROR_NOT_STARTED },
};

static void
test_end(Fixture *f, gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	bool sent = run(f, ends[i].script, ends[i].seconds, &error);

	g_assert_cmpint(sent, ==, ends[i].code < 0);
	if (!sent)
		g_assert_error(error, SENDMAIL_ERROR, ends[i].code);
}

/* Without its status, nobody knows whether it was sent. */
static void
test_unseen(Fixture *f, gconstpointer data)
{
	static const char *const scripts[] = { "exit 0", "exit 75", "kill -9 $$" };

	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autoptr(GError) error = NULL;
		wait_fails = ECHILD;
		g_assert_false(run(f, scripts[i], 60, &error));
		g_assert_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED);
		g_assert_nonnull(strstr(error->message, "No child processes"));
		g_assert_cmpint(wait_fails, ==, 0);
	}
	sigset_t held;
	sigprocmask(SIG_BLOCK, NULL, &held);
	g_assert_true(sigismember(&held, SIGTERM));
}

/* At the deadline nothing is left of the group. */
static void
test_whole_group(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(f->folder, "pid", NULL), *text = NULL;

	g_assert_false(run(f, "sleep 1000 & echo $! >pid; wait", 10, &error));
	g_assert_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_KILLED);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	pid_t pid = (pid_t)g_ascii_strtoll(text, NULL, 10);
	/* It dies in its own time, and may be a zombie until init looks. */
	g_autofree char *path_stat = g_strdup_printf("/proc/%d/stat", (int)pid);
	for (int tries = 0;; tries++) {
		g_autofree char *stat = NULL;
		if (!g_file_get_contents(path_stat, &stat, NULL, NULL) || strstr(stat, ") Z "))
			break;
		g_assert_cmpint(tries, <, 30000);
		g_usleep(10000);
	}
}

static void
test_not_started(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *huge = g_strnfill(200 * 1024, 'x');
	char *const none[] = { (char *)"a@x", NULL }, *const many[] = { huge, NULL };
	gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

	g_assert_false(sendmail_run("/nonexistent/sendmail", "s@x", none, f->fd, until, &error));
	g_assert_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_NOT_STARTED);
	g_assert_null(strstr(error->message, "nonexistent"));
	g_clear_error(&error);
	g_assert_false(sendmail_run("/bin/true", "s@x", many, f->fd, until, &error));
	g_assert_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_NOT_STARTED);
	g_assert_nonnull(strstr(error->message, "too many recipients"));
	g_clear_error(&error);
	g_assert_false(sendmail_run("/bin/true", "s@x", none, -1, until, &error));
	g_assert_error(error, SENDMAIL_ERROR, SENDMAIL_ERROR_NOT_STARTED);
}

/* A large message needs a folder, and leaves nothing in it. */
static void
test_outfile(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	struct stat info;

	for (int large = 0; large < 2; large++) {
		int fd = outfile_open(large, &error);
		g_assert_no_error(error);
		g_assert_cmpint(fstat(fd, &info), ==, 0);
		g_assert_cmpint(info.st_nlink, ==, 0);
		g_assert_cmpint(large ? info.st_mode & 077 : 0, ==, 0);
		g_assert_cmpint(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
		close(fd);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, data, function)                                                                  \
	g_test_add("/sendmail/" path, Fixture, data, set_up, function, tear_down)
	ADD("sent", NULL, test_sent);
	ADD("signals", NULL, test_signals);
	ADD("held", NULL, test_held);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat("/sendmail/", ends[i].name, NULL);
		g_test_add(path, Fixture, GSIZE_TO_POINTER(i), set_up, test_end, tear_down);
	}
	ADD("unseen", NULL, test_unseen);
	ADD("whole-group", NULL, test_whole_group);
	ADD("not-started", NULL, test_not_started);
	ADD("outfile", NULL, test_outfile);
	return g_test_run();
}
