/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#define NEWFILE_ERROR newfile_error_quark()
typedef enum {
	NEWFILE_ERROR_NOT_MADE, /* cannot be made, or not as like the old one as it must be */
	NEWFILE_ERROR_LOST,     /* cannot be brought to the disk, or to its place */
} NewFileError;
GQuark newfile_error_quark(void);

/* A file that is written beside another one, and then takes its place whole or not at all. */
typedef struct {
	char *path;
	char *temporary; /* NULL: there is none, or it has taken its place */
	int fd;          /* -1: not open */
	bool lost_group; /* it could not be kept, so no group may read the file */
	bool keep_times;
	struct timespec times[2]; /* of access and of change; see utimensat(2) */
} NewFile;

/* Begins a file that will be @path, which is no link. Until then it is in @folder (NULL: beside
 * it). It gets owner, group, mode, access lists, times and other attributes of the open file @like;
 * where
 * @like is -1, the mode 0600. */
bool newfile_open(NewFile *file, const char *path, const char *folder, int like,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings it to the disk and closes it. */
bool newfile_finish(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings it to the disk and to its place. */
bool newfile_commit(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts a finished file into the place of @old and removes that. *@ret_done is false where @old is
 * no longer there, so that the new file has no place. */
bool newfile_exchange(NewFile *file, const struct stat *old, bool *ret_done,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings the names in @folder to the disk. */
bool newfile_sync_folder(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what has not taken its place. */
void newfile_clear(NewFile *file);
