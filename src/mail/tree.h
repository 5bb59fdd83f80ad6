/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What a directory is to mail programs. The mail in those after FOLDER_PACKAGE is not read. */
typedef enum {
	FOLDER_MAILDIR,
	FOLDER_PLAIN,      /* it may hold mailboxes */
	FOLDER_PACKAGE,    /* an export of Apple Mail, which holds a mailbox called mbox */
	FOLDER_INCOMPLETE, /* a Maildir without one of cur, new and tmp */
	FOLDER_MH,
	FOLDER_EMLX,
	FOLDER_DBOX,
	FOLDER_UNREADABLE,
	N_FOLDER_KINDS,
} FolderKind;

/* The mail in and below a directory. It begins as zeros. */
typedef struct {
	GPtrArray *mailboxes;         /* char *: paths of Maildirs and of mailboxes, in order */
	guint64 others;               /* plain files that are no mailboxes */
	guint64 links;                /* symbolic links, which are not followed */
	guint64 left[N_FOLDER_KINDS]; /* directories whose mail is not read */
	GString *left_names;          /* the names of the first of these, for people */
} Tree;

/* Adds the mail in and below the directory at @path, which may be a link. Plain files count as
 * mailboxes if mailbox_read() finds that they begin with a From_ line, or if they cannot be read.
 */
void tree_find(Tree *tree, const char *path);
void tree_clear(Tree *tree);

/* How many directories hold mail that is not read. */
guint64 tree_count_left(const Tree *tree);

/* Why the directory at @path cannot be read as a mailbox, and what to do, for people. (transfer
 * full) */
char *tree_folder_words(const char *path);

/* What tree->left counts, for people; NULL: nothing. (transfer full) */
char *tree_left_words(const Tree *tree);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tree, tree_clear)
