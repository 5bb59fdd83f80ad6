/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * place: where an audit is: its file system, its files.
 * May know: statfs(2), how SQLite names the files of a database. Must not know: what they hold.
 * Fails: never; what cannot be known counts as fine.
 */
#include "place.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

static const struct {
	guint32 type;
	const char *name;
} unfit[] = {
	{ 0x6969, "NFS" },        { 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB" },
	{ 0x517b, "SMB" },        { 0x65735546, "FUSE" }, { 0x01021997, "9P" },
	{ 0x00c36400, "Ceph" },   { 0x5346414f, "AFS" },  { 0x6b414653, "AFS" },
	{ 0x73757245, "Coda" },   { 0x564c, "NCP" },      { 0x0bd00bd0, "Lustre" },
	{ 0x786f4256, "vboxsf" }, { 0x47504653, "GPFS" },
};

const char *
place_is_unfit(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct statfs info;

	if (statfs(path, &info) != 0 && statfs(folder, &info) != 0)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(unfit); i++) {
		if (unfit[i].type == (guint32)info.f_type)
			return unfit[i].name;
	}
	return NULL;
}

bool
place_free(const char *path, guint64 *ret_octets, guint64 *ret_files)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct statvfs info;

	if (statvfs(folder, &info) != 0)
		return false;
	*ret_octets = (guint64)info.f_bavail * info.f_frsize;
	/* A file system that counts no inodes does not run out of them. */
	*ret_files = info.f_files > 0 ? info.f_favail : G_MAXUINT64;
	return true;
}

static bool
is_same(const char *path, const char *other)
{
	struct stat a, b;
	bool is_there = stat(path, &a) == 0, other_is = stat(other, &b) == 0;

	if (is_there || other_is)
		return is_there && other_is && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	g_autofree char *base = g_path_get_basename(path), *folder = g_path_get_dirname(path),
	                *other_base = g_path_get_basename(other),
	                *other_folder = g_path_get_dirname(other);
	return g_str_equal(base, other_base) && is_same(folder, other_folder);
}

bool
place_is_audit(const char *path, const char *file)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *own = g_strconcat(path, ends[i], NULL);
		if (is_same(own, file))
			return true;
	}
	return false;
}
