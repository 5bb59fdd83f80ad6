/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * newfile: replaces a whole file, or leaves it alone.
 * May know: files and their attributes. Must not know: what they hold.
 * Fails: with a NEWFILE_ERROR that names the path; the old file is as it was.
 */
#include "newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "folder.h"

G_DEFINE_QUARK(barefrom-newfile-error, newfile_error);

static bool
set_errno(GError **error, NewFileError code, const char *path, const char *what)
{
	int reason = errno;

	g_set_error(error, NEWFILE_ERROR, code, "%s: %s: %s", path, what, g_strerror(reason));
	return false;
}

#define ACCESS_LIST "system.posix_acl_access"

/* Copies the extended attributes, access lists among them. Like cp(1), leaves out those that this
 * user may not set. False: the access list is one of them. */
static bool
copy_attributes(int from, int to)
{
	ssize_t size = flistxattr(from, NULL, 0);
	bool good = true;

	if (size <= 0)
		return true;
	g_autofree char *names = g_malloc((gsize)size);
	size = flistxattr(from, names, (size_t)size);
	for (char *name = names; size > 0 && name < names + size; name += strlen(name) + 1) {
		ssize_t length = fgetxattr(from, name, NULL, 0);
		if (length < 0)
			continue;
		g_autofree char *value = g_malloc((gsize)length + 1);
		length = fgetxattr(from, name, value, (size_t)length);
		if (length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) != 0)
			good = good && !g_str_equal(name, ACCESS_LIST);
	}
	return good;
}

/* Mail must not become readable to others: it is an error if the owner cannot be kept, and if the
 * group cannot, no group may read the file. */
static bool
make_alike(NewFile *file, int like, GError **error)
{
	struct stat info, mine;

	if (fstat(like, &info) != 0 || fstat(file->fd, &mine) != 0)
		return set_errno(error, NEWFILE_ERROR_NOT_MADE, file->path, "cannot be read");
	if (info.st_uid != mine.st_uid && fchown(file->fd, info.st_uid, (gid_t)-1) != 0)
		return set_errno(error, NEWFILE_ERROR_NOT_MADE, file->path,
		                 "its owner cannot be kept");
	file->keep_times = true;
	file->times[0] = info.st_atim;
	file->times[1] = info.st_mtim;
	mode_t mode = info.st_mode & 07777;
	file->lost_group =
	        info.st_gid != mine.st_gid && fchown(file->fd, (uid_t)-1, info.st_gid) != 0;
	/* The directory's default list, which each new file gets. */
	fremovexattr(file->fd, ACCESS_LIST);
	/* With an access list, the group bits are its mask: the most that it can grant. */
	file->lost_group = file->lost_group || !copy_attributes(like, file->fd);
	if (file->lost_group)
		mode &= ~(mode_t)070;
	if (fchmod(file->fd, mode) != 0)
		return set_errno(error, NEWFILE_ERROR_NOT_MADE, file->path,
		                 "its mode cannot be kept");
	return true;
}

char *
newfile_target(const char *path, struct stat *ret_info, GError **error)
{
	struct stat link;
	char *real = NULL;

	if (stat(path, ret_info) == 0) {
		/* An open file such as /dev/stdout may have no other name. */
		if (!S_ISREG(ret_info->st_mode))
			return g_strdup(path);
		real = realpath(path, NULL);
	} else if (errno == ENOENT && lstat(path, &link) != 0 && errno == ENOENT) {
		*ret_info = (struct stat){ 0 };
		return g_strdup(path);
	}
	if (!real) {
		set_errno(error, NEWFILE_ERROR_NOT_MADE, path, "cannot be resolved");
		return NULL;
	}
	char *target = g_strdup(real);
	free(real);
	return target;
}

bool
newfile_open(NewFile *file, const char *path, const char *folder, int like, GError **error)
{
	g_autofree char *beside = g_path_get_dirname(path), *base = g_path_get_basename(path);
	/* In a directory of its own, the name needs no more than the random part. */
	g_autofree char *name = folder ? g_strdup(".barefrom-XXXXXX")
	                               : g_strdup_printf(".%s.barefrom-XXXXXX", base);

	*file = (NewFile){ .path = g_strdup(path),
		           .temporary = g_build_filename(folder ? folder : beside, name, NULL) };
	file->fd = g_mkstemp_full(file->temporary, O_WRONLY | O_CLOEXEC, 0600);
	if (file->fd < 0) {
		set_errno(error, NEWFILE_ERROR_NOT_MADE, path,
		          "no new file can be created beside it");
		g_clear_pointer(&file->temporary, g_free);
	} else if (like < 0 || make_alike(file, like, error)) {
		return true;
	}
	newfile_clear(file);
	return false;
}

bool
newfile_finish(NewFile *file, GError **error)
{
	if (file->keep_times && futimens(file->fd, file->times) != 0)
		return set_errno(error, NEWFILE_ERROR_LOST, file->path, "its times cannot be kept");
	if (fsync(file->fd) != 0)
		return set_errno(error, NEWFILE_ERROR_LOST, file->path, "cannot be synced");
	close(file->fd);
	file->fd = -1;
	return true;
}

bool
newfile_is_at(const char *path, const struct stat *file)
{
	struct stat info;

	return lstat(path, &info) == 0 && info.st_dev == file->st_dev &&
	       info.st_ino == file->st_ino;
}

/* Whether @path is @file, unchanged. Size and time count too, since a new file can get the inode
 * number of a removed one. */
static bool
is_unchanged_at(const char *path, const struct stat *file)
{
	struct stat info;

	return newfile_is_at(path, file) && lstat(path, &info) == 0 &&
	       info.st_size == file->st_size && info.st_mtim.tv_sec == file->st_mtim.tv_sec &&
	       info.st_mtim.tv_nsec == file->st_mtim.tv_nsec;
}

bool
newfile_commit(NewFile *file, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(file->path);

	if (file->fd >= 0 && !newfile_finish(file, error))
		return false;
	if (rename(file->temporary, file->path) != 0)
		return set_errno(error, NEWFILE_ERROR_LOST, file->path, "cannot be replaced");
	g_clear_pointer(&file->temporary, g_free);
	file->unsynced = !folder_sync(folder);
	return true;
}

static bool
exchange_names(const NewFile *file)
{
	return renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, RENAME_EXCHANGE) == 0;
}

bool
newfile_exchange(NewFile *file, const struct stat *old, bool *ret_done, GError **error)
{
	*ret_done = false;
	if (exchange_names(file)) {
		/* Another file has taken its place meanwhile: that one gets its name back. */
		if (!is_unchanged_at(file->temporary, old)) {
			if (exchange_names(file))
				return true;
			g_set_error(error, NEWFILE_ERROR, NEWFILE_ERROR_LOST,
			            "%s: another program replaced this file meanwhile; its file is "
			            "now %s and cannot be put back: %s",
			            file->path, file->temporary, g_strerror(errno));
			g_clear_pointer(&file->temporary, g_free);
			return false;
		}
		unlink(file->temporary);
	} else if (errno == ENOENT) {
		return true;
	} else {
		/* Not every file system can exchange two names. */
		bool may_rename = errno == EINVAL || errno == ENOSYS;
		if (may_rename && !is_unchanged_at(file->path, old))
			return true;
		if (!may_rename || rename(file->temporary, file->path) != 0)
			return set_errno(error, NEWFILE_ERROR_LOST, file->path,
			                 "cannot be replaced");
	}
	g_clear_pointer(&file->temporary, g_free);
	*ret_done = true;
	return true;
}

void
newfile_clear(NewFile *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temporary)
		unlink(file->temporary);
	file->fd = -1;
	g_clear_pointer(&file->temporary, g_free);
	g_clear_pointer(&file->path, g_free);
}
