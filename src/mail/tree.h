/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What a folder is. */
typedef enum {
	FOLDER_MAILDIR,
	FOLDER_PLAIN,      /* it may hold mailboxes */
	FOLDER_PACKAGE,    /* of Apple Mail: a mailbox that is called mbox is in it */
	FOLDER_INCOMPLETE, /* a Maildir of which a folder is missing, */
	FOLDER_MH,         /* and others that hold mail which is not read */
	FOLDER_EMLX,
	FOLDER_DBOX,
	FOLDER_UNREADABLE,
	N_FOLDER_KINDS,
} FolderKind;

/* The mail in and below a folder. It begins as zeros. */
typedef struct {
	GPtrArray *mailboxes;         /* char *: paths of Maildirs and of mailboxes, in order */
	guint64 others;               /* plain files that are no mailboxes */
	guint64 links;                /* symbolic links, which are not followed */
	guint64 left[N_FOLDER_KINDS]; /* folders whose mail is not read, */
	GString *left_names;          /* and the names of the first of them, for people */
} Tree;

/* What the folder at @path is. */
FolderKind tree_folder_kind(const char *path);

/* Adds the mail in and below the folder at @path, which may be a link. Plain files count as
 * mailboxes if they begin with a From_ line, or cannot be read. */
void tree_find(Tree *tree, const char *path);
void tree_clear(Tree *tree);

/* How many folders hold mail that is not read. */
guint64 tree_count_left(const Tree *tree);

/* What is to be said of the folder at @path by somebody who wanted a mailbox, and cannot read it as
 * one. (transfer full) */
char *tree_folder_words(const char *path);

/* What was left of @tree, for people; NULL: nothing. (transfer full) */
char *tree_left_words(const Tree *tree);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tree, tree_clear)
