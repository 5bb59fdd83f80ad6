/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#define NEWFILE_ERROR newfile_error_quark()
typedef enum {
	NEWFILE_ERROR_NOT_MADE, /* cannot be made, or not with the old one's owner and mode */
	NEWFILE_ERROR_LOST,     /* cannot be synced, or put in its place */
	N_NEWFILE_ERRORS,
} NewFileError;
GQuark newfile_error_quark(void);

/* A file that is written beside another one, and then takes its place whole or not at all. */
typedef struct {
	char *path;
	char *temporary; /* NULL: there is none, or it has taken its place */
	int fd;          /* -1: not open */
	bool lost_group; /* group or access list could not be kept, so no group may read the file */
	bool unsynced;   /* a power failure may bring the old file back */
	bool keep_times; /* whether `times` are to be set */
	struct timespec times[2]; /* of access and modification; see utimensat(2) */
} NewFile;

/* The path of a file that is to be written as @path, with all links resolved. *@ret_info is that of
 * the file there, regular or not; zeros if there is none yet. A link that leads nowhere is an
 * error. (transfer full) */
char *newfile_target(const char *path, struct stat *ret_info,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a file that will become @path, which must not be a symbolic link. Until then it has a
 * temporary name in @folder (NULL: in @path's directory). It gets owner, group, mode, access lists,
 * times and extended attributes of the open file @like; if @like is -1, mode 0600. Sets all of
 * *@file, which newfile_clear() frees; after an error there is nothing to free. */
bool newfile_open(NewFile *file, const char *path, const char *folder, int like,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets its times, syncs it and closes it. */
bool newfile_finish(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @path itself, not what a link there leads to, is @file. */
bool newfile_is_at(const char *path, const struct stat *file);

/* Finishes it unless that is done, renames it to its path, and syncs the directory: see
 * `unsynced`. */
bool newfile_commit(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts a finished file in the place of @old, and removes @old; the caller syncs the directory.
 * *@ret_done is false if @old is gone or was changed: then the new file has no place. If another
 * file was there and cannot get its name back, the error says where it is. */
bool newfile_exchange(NewFile *file, const struct stat *old, bool *ret_done,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees *@file, and removes the new file unless it has taken its place. *@file must come from
 * newfile_open() or be { .fd = -1 }: in a struct of zeros the descriptor is standard input. */
void newfile_clear(NewFile *file);
