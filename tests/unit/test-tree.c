/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that those plain files in a directory are taken for mailboxes in which a run finds
 * messages and no text before the first of them, and that MH folders are told from directories of
 * mailboxes. */
#include "mail/tree.h"

#include <fcntl.h>
#include <unistd.h>

#include "mail.h"
#include "mail/mailbox.h"

#define FROM_ "From x@y.example Sat Nov 28 12:00:00 2026\n"
#define J "From: J <x@y.example>\n"

static const struct {
	const char *name, *bytes;
	size_t length;
	bool is_mailbox;
} files[] = {
#define FILE_OF(name, bytes, is_mailbox)                                                           \
	{                                                                                          \
		name, bytes, sizeof bytes - 1, is_mailbox                                          \
	}
	FILE_OF("usual", FROM_ J "\n", true),
	FILE_OF("without-time", "From x@y.example Sat Nov 28 2026\n\nbody\n\n" FROM_ J "\n", true),
	FILE_OF("blank", "From \n\n" FROM_ J "\n", true),
	FILE_OF("folded", "From x@y.example\n " J "\n", true),
	FILE_OF("no-field", "From x@y.example\n Received: a\n" J "\n", true),
	FILE_OF("junk", "From x@y.example\n\1junk\n" J "\n", true),
	FILE_OF("letter", "From here on\nit is text\n", true),
	FILE_OF("cut", "From x", true),
	FILE_OF("hidden", "\xef\xbb\xbf" FROM_ J "\n", true),
	FILE_OF("hidden-without-time", "\n>From x\n" J "\n", true),
	FILE_OF("hidden-letter", "\nFrom here on\nit is text\n", false),
	FILE_OF("below-text", "text\n\n" FROM_ J "\n", false),
	FILE_OF("message", J "\nbody\n", false),
	FILE_OF("message-with-one-in-it", J "\n" FROM_ J "\n", false),
	FILE_OF("word", "Fromage\n", false),
	FILE_OF("cut-word", "From", false),
	FILE_OF("empty", "", false),
	FILE_OF("nuls", "\0\0\0\0\0\0", false),
#undef FILE_OF
};

typedef struct {
	Mail mail;
	char *path;
} Box;

static void
set_up(Box *b, gconstpointer unused)
{
	mail_set_up(&b->mail, NULL);
	b->path = g_build_filename(b->mail.folder, "tree", NULL);
	g_assert_cmpint(g_mkdir(b->path, 0700), ==, 0);
}

static void
tear_down(Box *b, gconstpointer unused)
{
	g_free(b->path);
	mail_tear_down(&b->mail, NULL);
}

/* Whether a run over the file finds messages, and no text before them. */
static bool
has_messages(const Box *b, const char *path)
{
	g_auto(Run) run = { 0 };
	g_autoptr(GError) error = NULL;
	int in = open(path, O_RDONLY | O_CLOEXEC);

	g_assert_cmpint(in, >=, 0);
	run_init(&run, b->mail.settings);
	run.dry_run = true;
	g_assert_true(mailbox_read(&run, in, -1, &error));
	close(in);
	return run.messages > 0 && run.text == 0;
}

static void
assert_taken(const Box *b, const char *bytes, size_t length, bool is_mailbox)
{
	g_autofree char *path = g_build_filename(b->path, "file", NULL);
	g_auto(Tree) tree = { 0 };

	g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
	g_assert_cmpint(has_messages(b, path), ==, is_mailbox);
	tree_find(&tree, b->path);
	g_assert_cmpuint(tree.mailboxes->len, ==, is_mailbox);
	g_assert_cmpuint(tree.others, ==, !is_mailbox);
}

static void
test_files(Box *b, gconstpointer unused)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_test_message("%s", files[i].name);
		assert_taken(b, files[i].bytes, files[i].length, files[i].is_mailbox);
	}
}

/* However much hides the first line. */
static void
test_long_hiding(Box *b, gconstpointer unused)
{
	g_autoptr(GString) bytes = g_string_new(NULL);

	for (int i = 0; i < 300000; i++)
		g_string_append_len(bytes, "\0\n", 2);
	g_string_append(bytes, FROM_ J "\n");
	assert_taken(b, bytes->str, bytes->len, true);
	assert_taken(b, bytes->str, bytes->len - strlen(FROM_ J "\n"), false);
}

/* A message under a number makes an MH folder, a mailbox does not. */
static void
test_mh(Box *b, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(b->path, "1", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_auto(Tree) tree = { 0 };
		g_test_message("%s", files[i].name);
		g_assert_true(
		        g_file_set_contents(path, files[i].bytes, (gssize)files[i].length, NULL));
		tree_find(&tree, b->path);
		g_assert_cmpuint(tree.left[FOLDER_MH], ==,
		                 g_str_has_prefix(files[i].name, "message"));
	}
}

#define ADD(name, function) g_test_add("/tree/" name, Box, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("files", test_files);
	ADD("long-hiding", test_long_hiding);
	ADD("mh", test_mh);
	return g_test_run();
}
