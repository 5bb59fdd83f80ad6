/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a file takes the place of another whole or not at all, with what belongs to that one,
 * and that it takes no other's place. */
#include "io/newfile.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

typedef struct {
	char *folder, *path, *moved;
} Fixture;

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
		{ "/newfile/no-folder", test_no_folder },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
	return g_test_run();
}
