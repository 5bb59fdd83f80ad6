/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a file takes the place of another as a whole or not at all, with the attributes of
 * that one, and that it never takes the place of a third. */
#include "io/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

typedef struct {
	char *folder, *path, *moved;
} Fixture;

/* What the file system refuses: the calls stand before those of the C library. */
static struct {
	int exchanges; /* how many it makes; -1: all */
	bool access_list, folder_sync;
} refused;

static int
refuse(void)
{
	errno = EIO;
	return -1;
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	if (refused.exchanges == 0)
		return refuse();
	refused.exchanges -= refused.exchanges > 0;
	return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int
fsync(int fd)
{
	struct stat info;

	g_assert_cmpint(fstat(fd, &info), ==, 0);
	if (refused.folder_sync && S_ISDIR(info.st_mode))
		return refuse();
	return (int)syscall(SYS_fsync, fd);
}

/* Where it is refused, every file has one. */
#define LIST "system.posix_acl_access"

ssize_t
flistxattr(int fd, char *list, size_t size)
{
	if (!refused.access_list)
		return syscall(SYS_flistxattr, fd, list, size);
	if (size)
		memcpy(list, LIST, sizeof LIST);
	return sizeof LIST;
}

ssize_t
fgetxattr(int fd, const char *name, void *value, size_t size)
{
	if (!refused.access_list)
		return syscall(SYS_fgetxattr, fd, name, value, size);
	if (size)
		memset(value, 0, size);
	return 1;
}

int
fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	if (refused.access_list)
		return refuse();
	return (int)syscall(SYS_fsetxattr, fd, name, value, size, flags);
}

static void
put(const char *path, const char *text)
{
	g_assert_true(
	        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	(void)unused;
	f->folder = g_dir_make_tmp("barefrom-newfile-XXXXXX", NULL);
	g_assert_nonnull(f->folder);
	f->path = g_build_filename(f->folder, "file", NULL);
	f->moved = g_build_filename(f->folder, "moved", NULL);
	put(f->path, "old");
	memset(&refused, 0, sizeof refused);
	refused.exchanges = -1;
}

/* Nothing else may be there. */
static void
tear_down(Fixture *f, gconstpointer unused)
{
	(void)unused;
	g_unlink(f->path);
	g_unlink(f->moved);
	g_assert_cmpint(g_rmdir(f->folder), ==, 0);
	g_free(f->folder);
	g_free(f->path);
	g_free(f->moved);
}

static void
assert_text(const char *path, const char *wanted)
{
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, wanted);
}

/* A new file with "new" in it, like the one at the path. */
static NewFile
begin(const Fixture *f, bool like, struct stat *ret_old)
{
	g_autoptr(GError) error = NULL;
	NewFile file;
	int fd = open(f->path, O_RDONLY);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(fstat(fd, ret_old), ==, 0);
	g_assert_true(newfile_open(&file, f->path, NULL, like ? fd : -1, &error));
	g_assert_no_error(error);
	g_assert_cmpint(write(file.fd, "new", 3), ==, 3);
	close(fd);
	assert_text(f->path, "old");
	return file;
}

static void
test_commit(Fixture *f, gconstpointer unused)
{
	const struct timespec times[] = { { .tv_sec = 1000 }, { .tv_sec = 2000 } };
	g_autoptr(GError) error = NULL;
	struct stat old, new;
	char value[10] = "";

	(void)unused;
	bool has_xattr = setxattr(f->path, "user.test", "x", 1, 0) == 0;
	g_assert_cmpint(g_chmod(f->path, 0651), ==, 0);
	g_assert_cmpint(utimensat(AT_FDCWD, f->path, times, 0), ==, 0);
	NewFile file = begin(f, true, &old);
	g_assert_true(newfile_commit(&file, &error));
	g_assert_no_error(error);
	newfile_clear(&file);

	g_assert_cmpint(stat(f->path, &new), ==, 0);
	g_assert_cmpint(new.st_mode, ==, old.st_mode);
	g_assert_cmpint(new.st_atim.tv_sec, ==, 1000);
	g_assert_cmpint(new.st_mtim.tv_sec, ==, 2000);
	g_assert_true(!has_xattr || getxattr(f->path, "user.test", value, sizeof value) == 1);
	assert_text(f->path, "new");
}

static void
test_fresh(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	struct stat info;

	(void)unused;
	NewFile file = begin(f, false, &info);
	g_assert_true(newfile_commit(&file, &error));
	newfile_clear(&file);
	g_assert_cmpint(stat(f->path, &info), ==, 0);
	g_assert_cmpint(info.st_mode & 07777, ==, 0600);
}

static void
test_given_up(Fixture *f, gconstpointer unused)
{
	struct stat old;

	(void)unused;
	NewFile file = begin(f, true, &old);
	newfile_clear(&file);
	assert_text(f->path, "old");
}

static bool
exchange(NewFile *file, const struct stat *old)
{
	g_autoptr(GError) error = NULL;
	bool done = true;

	g_assert_true(newfile_exchange(file, old, &done, &error));
	g_assert_no_error(error);
	newfile_clear(file);
	return done;
}

static NewFile
finished(const Fixture *f, struct stat *ret_old)
{
	g_autoptr(GError) error = NULL;
	NewFile file = begin(f, true, ret_old);

	g_assert_true(newfile_finish(&file, &error));
	g_assert_no_error(error);
	return file;
}

static void
test_exchange(Fixture *f, gconstpointer unused)
{
	struct stat old;

	(void)unused;
	NewFile file = finished(f, &old);
	g_assert_true(exchange(&file, &old));
	assert_text(f->path, "new");
}

/* As a mail program sets a flag. */
static void
test_exchange_moved(Fixture *f, gconstpointer unused)
{
	struct stat old;

	(void)unused;
	NewFile file = finished(f, &old);
	g_assert_cmpint(g_rename(f->path, f->moved), ==, 0);
	g_assert_false(exchange(&file, &old));
	g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
	assert_text(f->moved, "old");
}

static void
test_exchange_replaced(Fixture *f, gconstpointer unused)
{
	struct stat old;

	(void)unused;
	NewFile file = finished(f, &old);
	g_assert_cmpint(g_rename(f->path, f->moved), ==, 0);
	put(f->path, "other");
	g_assert_false(exchange(&file, &old));
	assert_text(f->path, "other");
	assert_text(f->moved, "old");
}

/* Another file may have the number of the one that was there. */
static void
test_exchange_changed(Fixture *f, gconstpointer unused)
{
	struct stat old;

	(void)unused;
	NewFile file = finished(f, &old);
	int same = open(f->path, O_WRONLY | O_TRUNC);
	g_assert_cmpint(write(same, "another", 7), ==, 7);
	g_assert_cmpint(close(same), ==, 0);
	g_assert_false(exchange(&file, &old));
	assert_text(f->path, "another");
}

/* Nobody deletes it: the error says where it is. */
static void
test_exchange_not_undone(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	struct stat old;
	bool done = true;

	(void)unused;
	NewFile file = finished(f, &old);
	g_autofree char *temporary = g_strdup(file.temporary);
	g_assert_cmpint(g_rename(f->path, f->moved), ==, 0);
	put(f->path, "other");
	refused.exchanges = 1;
	g_assert_false(newfile_exchange(&file, &old, &done, &error));
	g_assert_error(error, NEWFILE_ERROR, NEWFILE_ERROR_LOST);
	g_assert_false(done);
	g_assert_nonnull(strstr(error->message, temporary));
	newfile_clear(&file);
	assert_text(temporary, "other");
	g_assert_cmpint(g_unlink(temporary), ==, 0);
}

/* It is in its place all the same. */
static void
test_unsynced(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	struct stat old;

	(void)unused;
	refused.folder_sync = true;
	NewFile file = begin(f, true, &old);
	g_assert_true(newfile_commit(&file, &error));
	g_assert_no_error(error);
	g_assert_true(file.unsynced);
	newfile_clear(&file);
	assert_text(f->path, "new");
}

static void
test_access_list(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	struct stat info;

	(void)unused;
	refused.access_list = true;
	g_assert_cmpint(g_chmod(f->path, 0664), ==, 0);
	NewFile file = begin(f, true, &info);
	g_assert_true(file.lost_group);
	g_assert_true(newfile_commit(&file, &error));
	newfile_clear(&file);
	g_assert_cmpint(stat(f->path, &info), ==, 0);
	g_assert_cmpint(info.st_mode & 07777, ==, 0604);
}

static void
test_target(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *real = realpath(f->path, NULL), *none = NULL, *link = NULL;
	struct stat info;

	(void)unused;
	g_assert_cmpint(symlink("file", f->moved), ==, 0);
	link = newfile_target(f->moved, &info, &error);
	g_assert_cmpstr(link, ==, real);
	g_assert_true(S_ISREG(info.st_mode));
	g_assert_cmpint(g_unlink(f->path), ==, 0);
	none = newfile_target(f->path, &info, &error);
	g_assert_cmpstr(none, ==, f->path);
	g_assert_cmpuint(info.st_mode, ==, 0);
	g_assert_no_error(error);
	g_assert_null(newfile_target(f->moved, &info, &error));
	g_assert_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE);
}

static void
test_no_folder(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(f->folder, "none", "file", NULL);
	NewFile file;

	(void)unused;
	g_assert_false(newfile_open(&file, path, NULL, -1, &error));
	g_assert_error(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE);
	g_assert_nonnull(strstr(error->message, path));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Fixture *, gconstpointer);
	} tests[] = {
		{ "/newfile/commit", test_commit },
		{ "/newfile/fresh", test_fresh },
		{ "/newfile/given-up", test_given_up },
		{ "/newfile/exchange", test_exchange },
		{ "/newfile/exchange-moved", test_exchange_moved },
		{ "/newfile/exchange-replaced", test_exchange_replaced },
		{ "/newfile/exchange-changed", test_exchange_changed },
		{ "/newfile/exchange-not-undone", test_exchange_not_undone },
		{ "/newfile/unsynced", test_unsynced },
		{ "/newfile/access-list", test_access_list },
		{ "/newfile/target", test_target },
		{ "/newfile/no-folder", test_no_folder },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
	return g_test_run();
}
