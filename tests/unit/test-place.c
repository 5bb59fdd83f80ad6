/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that an audit on an unfit file system is recognized, and that an unknown one counts as
 * fit; and that the files of an audit are known by any name. Functions of this file take the place
 * of the C library's. */
#include "cmd/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "store/place.h"

static struct {
	guint32 type;
	bool only_folder, fails; /* only the folder is there; not even that */
	guint64 free, files, all_files;
} now;

static int
answer(const char *path)
{
	if (!now.fails && (!now.only_folder || g_str_has_suffix(path, "/folder")))
		return 0;
	errno = ENOENT;
	return -1;
}

int
statfs(const char *path, struct statfs *info)
{
	memset(info, 0, sizeof *info);
	/* As a kernel of 32 bits would have it: with a sign. */
	info->f_type = (gint32)now.type;
	return answer(path);
}

int
statvfs(const char *path, struct statvfs *info)
{
	memset(info, 0, sizeof *info);
	info->f_frsize = 4096;
	info->f_bfree = 1000000; /* root's, too */
	info->f_bavail = now.free;
	info->f_files = now.all_files;
	info->f_favail = now.files;
	return answer(path);
}

static const struct {
	guint32 type;
	const char *name;
} kinds[] = {
	{ 0x6969, "NFS" },      { 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB" }, { 0x517b, "SMB" },
	{ 0x65735546, "FUSE" }, { 0x01021997, "9P" },   { 0xef53, NULL },      { 0x58465342, NULL },
	{ 0x9123683e, NULL },   { 0x01021994, NULL },   { 0x794c7630, NULL },  { 0, NULL },
};

static void
test_kinds(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		memset(&now, 0, sizeof now);
		now.type = kinds[i].type;
		for (int k = 0; k < 2; k++) {
			now.only_folder = k;
			g_assert_cmpstr(place_is_unfit("/folder/a.db"), ==, kinds[i].name);
			g_autofree char *words = check_place("/folder/a.db");
			g_assert_cmpint(words != NULL, ==, kinds[i].name != NULL);
			if (!words)
				continue;
			g_assert_nonnull(strstr(words, "/folder/a.db is on "));
			g_assert_nonnull(strstr(words, kinds[i].name));
			g_assert_nonnull(strstr(words, "put it on a local disk"));
		}
	}
	now.type = 0x6969;
	now.fails = true;
	g_assert_null(place_is_unfit("/folder/a.db"));
}

static void
test_free(void)
{
	guint64 octets, files;

	memset(&now, 0, sizeof now);
	now.free = 3;
	now.files = 17;
	now.all_files = 100;
	g_assert_true(place_free("/folder/a.db", &octets, &files));
	g_assert_cmpuint(octets, ==, 3 * 4096);
	g_assert_cmpuint(files, ==, 17);
	/* Some file systems do not count them. */
	now.files = now.all_files = 0;
	g_assert_true(place_free("/folder/a.db", &octets, &files));
	g_assert_cmpuint(files, >, 1000);
	now.fails = true;
	g_assert_false(place_free("/folder/a.db", &octets, &files));
}

static bool
is_audit(const char *audit, const char *file)
{
	bool found = place_is_audit(audit, file);

	for (const char *const *end = (const char *const[]){ "-wal", "-shm", "-journal", NULL };
	     *end; end++) {
		g_autofree char *other = g_strconcat(file, *end, NULL);
		g_assert_cmpint(place_is_audit(audit, other), ==, found);
	}
	return found;
}

static void
test_audit(void)
{
	g_autofree char *folder = g_dir_make_tmp("barefrom-XXXXXX", NULL);

	g_assert_cmpint(chdir(folder), ==, 0);
	g_assert_cmpint(mkdir("f", 0700), ==, 0);
	g_assert_cmpint(symlink("f", "link"), ==, 0);
	/* None is there yet, then all are. */
	for (int k = 0; k < 2; k++) {
		g_assert_true(is_audit("f/a.db", "f/a.db"));
		g_assert_true(is_audit("f/a.db", "./link/../f//a.db"));
		g_assert_true(is_audit("link/a.db", "f/a.db"));
		g_assert_false(is_audit("f/a.db", "a.db"));
		g_assert_false(is_audit("f/a.db", "f/b.db"));
		g_assert_false(place_is_audit("f/a.db", "f"));
		g_assert_false(place_is_audit("f/a.db", "f/a.db-wal2"));
		g_assert_false(place_is_audit("f/a.db", "f/a.db.html"));
		for (const char *const *name =
		             (const char *const[]){ "f/a.db", "f/a.db-wal", "f/a.db-shm",
		                                    "f/a.db-journal", NULL };
		     *name; name++)
			g_assert_true(g_file_set_contents(*name, *name, -1, NULL));
	}
	g_assert_cmpint(link("f/a.db-wal", "hard"), ==, 0);
	g_assert_cmpint(symlink("f/a.db", "soft"), ==, 0);
	g_assert_true(place_is_audit("f/a.db", "hard"));
	g_assert_true(place_is_audit("f/a.db", "soft"));
	g_assert_true(place_is_audit("none/b.db", "none/b.db"));
	g_assert_false(place_is_audit("none/b.db", "other/b.db"));
	g_assert_cmpint(system("rm -r f link hard soft"), ==, 0);
	g_assert_cmpint(chdir("/"), ==, 0);
	rmdir(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/place/kinds", test_kinds);
	g_test_add_func("/place/free", test_free);
	g_test_add_func("/place/audit", test_audit);
	return g_test_run();
}
