/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * listener: the socket of a milter.
 * May know: addresses, groups, modes. Must not know: what is said on it.
 * Fails: with an IO_ERROR. A unix socket on which nobody answers is a leftover, and is removed.
 */
#include "listener.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/io-error.h"

/* Connections that the kernel queues until they are accepted; net.core.somaxconn limits it too. */
#define BACKLOG 4096

char *
listener_address(const ConfigMilter *config)
{
	if (config->listen.path)
		return g_strconcat("unix:", config->listen.path, NULL);
	return g_strdup_printf("%s:%u@%s", config->listen.is_inet6 ? "inet6" : "inet",
	                       config->listen.port, config->listen.host);
}

static bool
set_failed(const ConfigMilter *config, const char *what, GError **error)
{
	int reason = errno;
	g_autofree char *address = listener_address(config);

	g_set_error(error, IO_ERROR, io_error_from_errno(reason), "%s: %s: %s", address, what,
	            g_strerror(reason));
	return false;
}

/* Removes a socket at @address on which nobody answers. False: something else is there. */
static bool
clear_leftover(const ConfigMilter *config, const struct sockaddr_un *address, GError **error)
{
	struct stat info;

	if (lstat(config->listen.path, &info) != 0)
		return errno == ENOENT || set_failed(config, "cannot be examined", error);
	if (!S_ISSOCK(info.st_mode)) {
		errno = EEXIST;
		return set_failed(config, "not a socket", error);
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return set_failed(config, "cannot create a socket", error);
	bool is_left = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
	               errno == ECONNREFUSED;
	close(fd);
	if (!is_left) {
		errno = EADDRINUSE;
		return set_failed(config, "another process answers there", error);
	}
	return unlink(config->listen.path) == 0 || set_failed(config, "cannot be removed", error);
}

/* Gives the socket its group. The default group may be missing, since not every host has Postfix:
 * that is only a warning. */
static bool
set_group(const ConfigMilter *config, char **ret_warning, GError **error)
{
	const char *wrong = "there is no such group";
	const struct group *group;

	if (!*config->group)
		return true;
	errno = 0;
	group = getgrnam(config->group);
	if (group && chown(config->listen.path, (uid_t)-1, group->gr_gid) == 0)
		return true;
	if (group)
		wrong = g_strerror(errno);
	if (!config->group_is_default) {
		g_set_error(error, IO_ERROR, IO_ERROR_FAILED, "socket-group=%s: %s", config->group,
		            wrong);
		return false;
	}
	*ret_warning =
	        g_strdup_printf("socket-group: the default group %s cannot be given to %s: %s",
	                        config->group, config->listen.path, wrong);
	return true;
}

void
listener_remove(ListenerFile *file)
{
	struct stat info;

	if (file->path && lstat(file->path, &info) == 0 && info.st_dev == file->device &&
	    info.st_ino == file->inode)
		(void)unlink(file->path);
	g_clear_pointer(&file->path, g_free);
}

static bool
open_unix(const ConfigMilter *config, int fd, ListenerFile *ret_file, char **ret_warning,
          GError **error)
{
	struct stat info;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_strlcpy(address.sun_path, config->listen.path, sizeof address.sun_path);
	if (!clear_leftover(config, &address, error))
		return false;
	/* With this umask nobody can connect before the socket has its mode. */
	mode_t mask = umask(0777);
	int failed = bind(fd, (const struct sockaddr *)&address, sizeof address);
	umask(mask);
	if (failed)
		return set_failed(config, "cannot bind", error);
	if (lstat(config->listen.path, &info) != 0)
		return set_failed(config, "cannot be examined", error);
	*ret_file = (ListenerFile){ g_strdup(config->listen.path), info.st_dev, info.st_ino };
	return set_group(config, ret_warning, error) &&
	       (chmod(config->listen.path, config->mode) == 0 ||
	        set_failed(config, "its mode cannot be set", error));
}

static bool
listen_on(const ConfigMilter *config, int fd, GError **error)
{
	return listen(fd, BACKLOG) == 0 || set_failed(config, "cannot listen", error);
}

static int
open_inet(const ConfigMilter *config, GError **error)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
		                        .ai_family = config->listen.is_inet6 ? AF_INET6 : AF_INET,
		                        .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char port[6];
	int yes = 1;

	g_snprintf(port, sizeof port, "%u", config->listen.port);
	int wrong = getaddrinfo(config->listen.host, port, &hints, &found);
	if (wrong) {
		g_autofree char *address = listener_address(config);
		g_set_error(error, IO_ERROR, IO_ERROR_FAILED, "%s: %s", address,
		            gai_strerror(wrong));
		return -1;
	}
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0) {
		set_failed(config, "cannot bind", error);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

bool
listener_open(const ConfigMilter *config, int *ret_fd, ListenerFile *ret_file, char **ret_warning,
              GError **error)
{
	int fd;

	*ret_warning = NULL;
	*ret_file = (ListenerFile){ 0 };
	if (config->listen.path) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd < 0)
			return set_failed(config, "cannot create a socket", error);
	} else {
		fd = open_inet(config, error);
		if (fd < 0)
			return false;
	}
	if ((config->listen.path && !open_unix(config, fd, ret_file, ret_warning, error)) ||
	    !listen_on(config, fd, error)) {
		listener_remove(ret_file);
		close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}
