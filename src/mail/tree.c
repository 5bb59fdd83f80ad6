/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tree: finds the mailboxes and Maildirs in and below a directory, and recognizes other mail there.
 * May know: how mail programs lay out their folders, how mailboxes begin. Must not know: what is
 * done with them, the terminal.
 * Fails: never; what cannot be read is counted and named.
 * Follows Maildir++, Dovecot's LAYOUT=fs, and what MH, dbox and Apple Mail leave.
 */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/mbox.h"
#include "io/message.h"
#include "maildir.h"
#include "util/folder.h"
#include "util/text.h"

#define LEFT_NAMED 3
#define DEPTH_MAX 100

/* The entries of a directory, and what they say about it. */
typedef struct {
	GPtrArray *folders, *files, *links; /* char *: names, sorted */
	bool is_readable;
	bool has_cur, has_new, has_tmp;
	bool has_mbox, has_sequences, has_emlx, has_dbox;
	const char *number; /* the first file whose name is a number; NULL: none */
} Entries;

static void
entries_clear(Entries *entries)
{
	g_ptr_array_unref(entries->folders);
	g_ptr_array_unref(entries->files);
	g_ptr_array_unref(entries->links);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entries, entries_clear)

static void
note_folder(Entries *l, const char *name)
{
	l->has_cur = l->has_cur || g_str_equal(name, "cur");
	l->has_new = l->has_new || g_str_equal(name, "new");
	l->has_tmp = l->has_tmp || g_str_equal(name, "tmp");
	l->has_dbox = l->has_dbox || g_str_equal(name, "dbox-Mails");
}

static void
note_file(Entries *l, const char *name)
{
	l->has_mbox = l->has_mbox || g_str_equal(name, "mbox");
	l->has_sequences = l->has_sequences || g_str_equal(name, ".mh_sequences");
	l->has_emlx = l->has_emlx || g_str_has_suffix(name, ".emlx");
	if (!l->number && strspn(name, "0123456789") == strlen(name))
		l->number = name;
}

/* A link to a directory counts as a directory only in deciding whether this is a Maildir. */
static void
list_entry(Entries *l, const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *copy = g_strdup(name);
	struct stat info;

	if (lstat(path, &info) != 0) {
		/* ENOENT: it has gone since. */
		l->is_readable = l->is_readable && errno == ENOENT;
		g_free(copy);
	} else if (S_ISDIR(info.st_mode)) {
		g_ptr_array_add(l->folders, copy);
		note_folder(l, copy);
	} else if (S_ISREG(info.st_mode)) {
		g_ptr_array_add(l->files, copy);
		note_file(l, copy);
	} else if (S_ISLNK(info.st_mode)) {
		g_ptr_array_add(l->links, copy);
		if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
			note_folder(l, copy);
	} else {
		g_free(copy);
	}
}

static Entries
entries_read(const char *path)
{
	Entries l = { .folders = g_ptr_array_new_with_free_func(g_free),
		      .files = g_ptr_array_new_with_free_func(g_free),
		      .links = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GPtrArray) names = folder_names(path, NULL);

	l.is_readable = names;
	for (guint i = 0; names && i < names->len; i++)
		list_entry(&l, path, g_ptr_array_index(names, i));
	return l;
}

/* -1: the file at @path cannot be opened. */
static int
open_file(const char *path)
{
	return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Whether @m, of which one block has been read, is a mailbox that begins at its start: in that case
 * mailbox_read() finds messages, and no text before them. Reads on until that is known, which is
 * soon unless nothing but marks that hide a From_ line has come. */
static bool
begins_mailbox(Message *m, GError **error)
{
	Mbox mbox = { 0 };

	for (;;) {
		MboxPiece piece = mbox_next(&mbox, m->bytes, m->length, m->at_end);
		mbox_take(&mbox, m->bytes, piece.length);
		message_drop(m, piece.length);
		if (mbox.part != MBOX_TEXT || mbox.is_text || m->at_end)
			return mbox.part != MBOX_TEXT && !mbox.is_text;
		if (!message_read(m, error))
			return false;
	}
}

/* Whether the file @name begins like a single message, not like a mailbox. */
static bool
is_message(const char *path, const char *name)
{
	g_autofree char *file = g_build_filename(path, name, NULL);
	g_auto(Message) m = { 0 };
	int fd = open_file(file);

	message_init(&m, fd);
	bool good = fd >= 0 && message_read(&m, NULL) &&
	            maildir_file_kind(m.bytes, m.length) == FILE_MAY_BE_MAIL &&
	            !begins_mailbox(&m, NULL);
	if (fd >= 0)
		close(fd);
	return good;
}

static FolderKind
kind_of(const char *path, const Entries *l)
{
	if (!l->is_readable)
		return FOLDER_UNREADABLE;
	if (l->has_cur + l->has_new + l->has_tmp >= 2)
		return l->has_cur && l->has_new && l->has_tmp ? FOLDER_MAILDIR : FOLDER_INCOMPLETE;
	if (l->has_dbox)
		return FOLDER_DBOX;
	if (l->has_emlx)
		return FOLDER_EMLX;
	if (l->has_sequences || (l->number && is_message(path, l->number)))
		return FOLDER_MH;
	return l->has_mbox ? FOLDER_PACKAGE : FOLDER_PLAIN;
}

static FolderKind
folder_kind(const char *path)
{
	g_auto(Entries) l = entries_read(path);

	return kind_of(path, &l);
}

/* Which mail in a directory of this kind is not read, and what to do about it; NULL: none. */
static const char *
kind_words(FolderKind kind)
{
	switch (kind) {
	case FOLDER_INCOMPLETE:
		return "a Maildir without cur, new or tmp: create that directory";
	case FOLDER_MH:
		return "an MH folder, with one file per message: packf(1) makes a mailbox of it";
	case FOLDER_EMLX:
		return "Apple Mail's own store: export the mailbox from Apple Mail";
	case FOLDER_DBOX:
		return "Dovecot's dbox: doveadm backup makes a Maildir of it";
	case FOLDER_UNREADABLE:
		return "a directory that cannot be read";
	case FOLDER_MAILDIR:
	case FOLDER_PLAIN:
	case FOLDER_PACKAGE:
	case N_FOLDER_KINDS:
		break;
	}
	return NULL;
}

static void
leave_folder(Tree *tree, FolderKind kind, const char *path)
{
	text_name(tree->left_names, path, tree_count_left(tree), LEFT_NAMED);
	tree->left[kind]++;
}

static bool
is_of_maildir(const char *name)
{
	return g_str_equal(name, "cur") || g_str_equal(name, "new") || g_str_equal(name, "tmp");
}

static void
find_file(Tree *tree, const char *path)
{
	g_autoptr(GError) failed = NULL;
	g_auto(Message) m = { 0 };
	int fd = open_file(path);

	message_init(&m, fd);
	bool is_read = fd >= 0 && message_read(&m, &failed);
	/* One that cannot be read is taken, so that its turn reports the error. */
	if (!is_read || begins_mailbox(&m, &failed) || failed)
		g_ptr_array_add(tree->mailboxes, g_strdup(path));
	else
		tree->others++;
	if (fd >= 0)
		close(fd);
}

static void
find_below(Tree *tree, const char *path, guint depth)
{
	g_auto(Entries) l = entries_read(path);
	FolderKind kind = depth > DEPTH_MAX ? FOLDER_UNREADABLE : kind_of(path, &l);
	bool is_maildir = kind == FOLDER_MAILDIR || kind == FOLDER_INCOMPLETE;

	if (kind_words(kind))
		leave_folder(tree, kind, path);
	if (kind == FOLDER_MAILDIR)
		g_ptr_array_add(tree->mailboxes, g_strdup(path));
	if (kind == FOLDER_UNREADABLE)
		return;
	for (guint i = 0; i < l.files->len; i++) {
		g_autofree char *file = g_build_filename(path, g_ptr_array_index(l.files, i), NULL);
		find_file(tree, file);
	}
	tree->links += l.links->len;
	for (guint i = 0; i < l.folders->len; i++) {
		const char *name = g_ptr_array_index(l.folders, i);
		g_autofree char *folder = g_build_filename(path, name, NULL);
		if (!is_maildir || !is_of_maildir(name))
			find_below(tree, folder, depth + 1);
	}
}

void
tree_find(Tree *tree, const char *path)
{
	if (!tree->mailboxes) {
		tree->mailboxes = g_ptr_array_new_with_free_func(g_free);
		tree->left_names = g_string_new(NULL);
	}
	find_below(tree, path, 0);
}

void
tree_clear(Tree *tree)
{
	if (tree->mailboxes)
		g_ptr_array_unref(tree->mailboxes);
	if (tree->left_names)
		g_string_free(tree->left_names, true);
	*tree = (Tree){ 0 };
}

guint64
tree_count_left(const Tree *tree)
{
	guint64 all = 0;

	for (int kind = 0; kind < N_FOLDER_KINDS; kind++)
		all += tree->left[kind];
	return all;
}

char *
tree_left_words(const Tree *tree)
{
	static const char *const names[] = { "Maildir", "directory",
		                             "package", "incomplete Maildir",
		                             "MH",      ".emlx",
		                             "dbox",    "unreadable" };

	G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_FOLDER_KINDS);
	return text_counts(tree->left, names, N_FOLDER_KINDS, tree->left_names);
}

char *
tree_folder_words(const char *path)
{
	FolderKind kind = folder_kind(path);
	g_auto(Tree) tree = { 0 };

	if (kind == FOLDER_PACKAGE)
		return g_strdup_printf("a directory, as Apple Mail exports a mailbox: the mailbox "
		                       "in it is %s/mbox",
		                       path);
	if (kind_words(kind))
		return g_strdup(kind_words(kind));
	tree_find(&tree, path);
	guint n = tree.mailboxes->len;
	if (n > 0)
		return g_strdup_printf(
		        "a directory with %u mailbox%s in it, such as %s: --recursive reads %s", n,
		        n == 1 ? "" : "es", (char *)g_ptr_array_index(tree.mailboxes, 0),
		        n == 1 ? "it" : "them");
	g_autofree char *left = tree_left_words(&tree);
	return g_strdup_printf("a directory, but neither a Maildir (with cur, new and tmp in it) "
	                       "nor one with mailboxes%s%s",
	                       left ? "; directories whose mail is not read: " : "",
	                       left ? left : "");
}
