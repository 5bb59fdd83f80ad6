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
	N_NEWFILE_ERRORS,
} NewFileError;
GQuark newfile_error_quark(void);

/* A file that is written beside another one, and then takes its place whole or not at all. */
typedef struct {
	char *path;
	char *temporary; /* NULL: there is none, or it has taken its place */
	int fd;          /* -1: not open */
	bool lost_group; /* it, or an access list, could not be kept, so no group may read it */
	bool unsynced;   /* a power failure may bring the old file back */
	bool keep_times;
	struct timespec times[2]; /* of access and of change; see utimensat(2) */
} NewFile;

/* Where a regular file that is to be written as @path goes, with all links resolved. *@ret_info is
 * that of the file there, regular or not; where there is none yet, it is zeros. A link that leads
 * nowhere is an error. (transfer full) */
char *newfile_target(const char *path, struct stat *ret_info,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a file that will be @path, which is no link. Until then it is in @folder (NULL: beside
 * it). It gets owner, group, mode, access lists, times and other attributes of the open file @like;
 * where @like is -1, the mode 0600. */
bool newfile_open(NewFile *file, const char *path, const char *folder, int like,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings it to the disk and closes it. */
bool newfile_finish(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @path itself, not what a link there leads to, is @file. */
bool newfile_is_at(const char *path, const struct stat *file);

/* Brings it to its place, and before to the disk, unless it is finished. */
bool newfile_commit(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts a finished file into the place of @old and removes that. *@ret_done is false where @old is
 * no longer there, or not as it was, so that the new file has no place. Where what is there instead
 * cannot get its name back, the error says where it is. */
bool newfile_exchange(NewFile *file, const struct stat *old, bool *ret_done,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what has not taken its place. For what newfile_open() was asked for, or { .fd = -1 }: in
 * a struct of zeros the descriptor is standard input. */
void newfile_clear(NewFile *file);
