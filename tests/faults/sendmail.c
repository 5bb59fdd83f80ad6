/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sendmail: stands in for Postfix's sendmail(1) in the fault tests. It keeps what it was given, and
 * fails as told. All its files lie in the folder that it was started from:
 *   orders     what to do, a step a line; without that file: read, exit 0
 *   log        a line "started PID", and "accepted PID" right before an exit 0
 *   mail/PID   the message, whole, under this name only when all of it is there
 *   mail/PID.facts   what it saw of its surroundings, each ended by a NUL
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nobody may be left to end what hangs. */
#define FOR_EVER 600

/* A status that no sendmail uses: the harness itself is broken. */
#define BROKEN 99

static char folder[4096];
static int pid;

__attribute__((format(printf, 1, 2))) static const char *
path(const char *format, ...)
{
	static char full[2][8192];
	static int turn;
	va_list args;

	turn = !turn;
	int at = snprintf(full[turn], sizeof full[turn], "%s/", folder);
	va_start(args, format);
	vsnprintf(full[turn] + at, sizeof full[turn] - (size_t)at, format, args);
	va_end(args);
	return full[turn];
}

static void
check(int good)
{
	if (!good)
		_exit(BROKEN);
}

/* A line in one write, so that lines of several never mix. */
static void
note(const char *what)
{
	char line[64];
	int length = snprintf(line, sizeof line, "%s %d\n", what, pid);
	int fd = open(path("log"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

	check(fd >= 0 && write(fd, line, (size_t)length) == length);
	close(fd);
}

static void
link_fact(FILE *out, const char *name, const char *link)
{
	char to[4096];
	ssize_t length = readlink(link, to, sizeof to - 1);

	to[length < 0 ? 0 : length] = '\0';
	fprintf(out, "%s=%s%c", name, to, 0);
}

static void
write_facts(int argc, char **argv)
{
	FILE *out = fopen(path("mail/.%d.facts", pid), "we");
	const char *mail_config = getenv("MAIL_CONFIG");
	struct stat input;
	char line[256], name[64], link[300];

	check(out != NULL);
	if (mail_config)
		fprintf(out, "MAIL_CONFIG=%s%c", mail_config, 0);
	fprintf(out, "pgid=%d%cparent_pgid=%d%c", getpgrp(), 0, getpgid(getppid()), 0);
	if (fstat(0, &input) == 0)
		fprintf(out, "stdin=%s%cstdin_at=%ld%c", S_ISREG(input.st_mode) ? "file" : "other",
		        0, (long)lseek(0, 0, SEEK_CUR), 0);
	FILE *status = fopen("/proc/self/status", "re");
	while (status && fgets(line, sizeof line, status)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "SigIgn:\t", 8) == 0 || strncmp(line, "SigBlk:\t", 8) == 0)
			fprintf(out, "%.6s=%s%c", line, line + 8, 0);
	}
	if (status)
		fclose(status);
	DIR *fds = opendir("/proc/self/fd");
	for (struct dirent *entry; fds && (entry = readdir(fds));) {
		int fd = atoi(entry->d_name);
		if (entry->d_name[0] == '.' || fd == dirfd(fds) || fd == fileno(out))
			continue;
		snprintf(name, sizeof name, "fd%d", fd);
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		link_fact(out, name, link);
	}
	if (fds)
		closedir(fds);
	fprintf(out, "argv%c", 0);
	for (int i = 1; i < argc; i++)
		fprintf(out, "%s%c", argv[i], 0);
	check(fclose(out) == 0 &&
	      rename(path("mail/.%d.facts", pid), path("mail/%d.facts", pid)) == 0);
}

static void
read_message(void)
{
	static char block[1 << 16];
	int out = open(path("mail/.%d", pid), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t n;

	check(out >= 0);
	while ((n = read(0, block, sizeof block)) > 0)
		check(write(out, block, (size_t)n) == n);
	check(n == 0 && close(out) == 0);
	check(rename(path("mail/.%d", pid), path("mail/%d", pid)) == 0);
}

static void
hang(void)
{
	static const int polite[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM };

	for (size_t i = 0; i < sizeof polite / sizeof *polite; i++)
		signal(polite[i], SIG_IGN);
	alarm(FOR_EVER);
	for (;;)
		pause();
}

static void
write_output(long length)
{
	static const char line[] = "postdrop: warning: mail_queue_enter: create file\n";

	while (length > 0) {
		ssize_t n = write(2, line, sizeof line - 1);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
		length -= n > 0 ? n : 0;
	}
}

static void
follow(const char *step, long number)
{
	int fd;

	if (strcmp(step, "read") == 0) {
		read_message();
	} else if (strcmp(step, "wait") == 0) {
		/* Until whoever opened the other end closes it. */
		char byte;
		fd = open(path("go"), O_RDONLY | O_CLOEXEC);
		check(fd >= 0);
		while (read(fd, &byte, 1) > 0)
			;
		close(fd);
	} else if (strcmp(step, "close") == 0) {
		close(0);
	} else if (strcmp(step, "write") == 0) {
		write_output(number);
	} else if (strcmp(step, "hang") == 0) {
		hang();
	} else if (strcmp(step, "child") == 0) {
		if (fork() == 0)
			hang();
	} else if (strcmp(step, "orphan") == 0) {
		/* As postdrop does when its folder is not writable, only faster. */
		if (fork() == 0) {
			signal(SIGPIPE, SIG_IGN);
			alarm(FOR_EVER);
			for (;;) {
				write_output(50);
				usleep(1000);
			}
		}
	} else if (strcmp(step, "signal") == 0) {
		signal((int)number, SIG_DFL);
		raise((int)number);
	} else if (strcmp(step, "exit") == 0) {
		if (number == 0)
			note("accepted");
		_exit((int)number);
	} else {
		_exit(BROKEN);
	}
}

int
main(int argc, char **argv)
{
	char step[32], line[80];
	long number = 0;

	ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
	check(length > 0);
	folder[length] = '\0';
	*strrchr(folder, '/') = '\0';
	pid = getpid();
	note("started");
	write_facts(argc, argv);
	FILE *orders = fopen(path("orders"), "re");
	while (orders && fgets(line, sizeof line, orders)) {
		check(sscanf(line, "%31s %ld", step, &number) >= 1);
		follow(step, number);
	}
	if (!orders)
		read_message();
	follow("exit", 0);
}
