/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a message in a Maildir is replaced as a whole once its row is synced, under a name
 * that states its size; and that one that a mail program moves meanwhile is left to it. */
#include "mail/maildir.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mail.h"
#include "util/io-error.h"

#define FORGED NO_LOGIN "From: \"Jane\" <jane@corp.example>\n\nbody\n"
#define BARE NO_LOGIN "From: jane@corp.example\n\nbody\n"

/* What the file system refuses: the calls stand before those of the C library. */
static struct {
	int after;        /* so many entries of a directory can be read; -1: all */
	bool rename;      /* but two names can be exchanged */
	const char *open; /* what has this in its path cannot be opened, ... */
	int reason;       /* ... for this errno */
} refused = { .after = -1 };

static bool
is_refused(const char *path)
{
	if (!refused.open || !strstr(path, refused.open))
		return false;
	errno = refused.reason;
	return true;
}

DIR *
opendir(const char *path)
{
	static DIR *(*real)(const char *);

	if (is_refused(path))
		return NULL;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "opendir");
	return real(path);
}

/* What open(2) is called where our files have 64-bit offsets. */
int open_refused(const char *path, int flags, ...) __asm__("open64");

int
open_refused(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return is_refused(path) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

struct dirent *
readdir(DIR *folder)
{
	static struct dirent *(*real)(DIR *);

	if (refused.after == 0) {
		errno = EIO;
		return NULL;
	}
	refused.after -= refused.after > 0;
	/* This name has 64-bit offsets everywhere, as our files have. */
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "readdir64");
	return real(folder);
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	if (refused.rename && !(flags & RENAME_EXCHANGE)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

typedef struct {
	Mail mail;
	Run run;
	Ledger *ledger;
	char *path;
} Box;

static char *
in_box(const Box *b, const char *name)
{
	return g_build_filename(b->path, name, NULL);
}

static void
set_up(Box *b, gconstpointer unused)
{
	static const char *const folders[] = { "", "cur", "new", "tmp" };

	mail_set_up(&b->mail, NULL);
	b->path = g_build_filename(b->mail.folder, "Maildir", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = in_box(b, folders[i]);
		g_assert_false(maildir_is_one(b->path));
		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	}
	g_assert_true(maildir_is_one(b->path));
	run_init(&b->run, b->mail.settings);
}

static void
tear_down(Box *b, gconstpointer unused)
{
	g_autofree char *tmp = in_box(b, "tmp");

	g_assert_cmpint(g_rmdir(tmp), ==, 0); /* nothing was left in it */
	run_clear(&b->run);
	g_clear_pointer(&b->ledger, ledger_close);
	g_free(b->path);
	mail_tear_down(&b->mail, NULL);
}

static void
put(const Box *b, const char *name, const char *text)
{
	g_autofree char *path = in_box(b, name);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
assert_has(const Box *b, const char *name, const char *wanted)
{
	g_autofree char *path = in_box(b, name);

	g_test_message("%s", name);
	if (!wanted) {
		g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
		return;
	}
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, wanted);
}

static void
begin(Box *b)
{
	g_autoptr(GError) error = NULL;

	b->ledger = ledger_open(b->mail.settings, 1000, &error);
	g_assert_no_error(error);
	g_assert_true(run_begin(&b->run, b->ledger, "Maildir", &error));
}

static void
read_box(Box *b)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(maildir_read(&b->run, b->path, &error));
	g_assert_no_error(error);
}

#define ROWS "SELECT action, outcome, size FROM message ORDER BY id"

static void
test_maildir(Box *b, gconstpointer unused)
{
	g_autofree char *sizes = g_strdup_printf("stripped|written|%zu kept|written|%zu "
	                                         "stripped|written|%zu",
	                                         strlen(FORGED), strlen(LOGIN "From: \"J\" <j>\n"),
	                                         strlen("From: \"J\" <j@x>"));
	g_autofree char *first = in_box(b, "new/1.a.host");
	struct timespec times[2] = { { 1000000000, 1000 }, { 1100000000, 2000 } };
	struct stat before, after;

	put(b, "new/1.a.host", FORGED);
	put(b, "cur/2.b.host:2,S", LOGIN "From: \"J\" <j>\n");
	put(b, "cur/3.c.host:2,", "From: \"J\" <j@x>");
	put(b, "cur/.hidden", FORGED);
	g_assert_cmpint(utimensat(AT_FDCWD, first, times, 0), ==, 0);
	g_assert_cmpint(chmod(first, 0640), ==, 0);
	g_assert_cmpint(stat(first, &before), ==, 0);
	begin(b);
	read_box(b);
	assert_has(b, "new/1.a.host", BARE);
	assert_has(b, "cur/2.b.host:2,S", LOGIN "From: \"J\" <j>\n");
	assert_has(b, "cur/3.c.host:2,", "From: j@x");
	assert_has(b, "cur/.hidden", FORGED);
	g_assert_cmpint(stat(first, &after), ==, 0);
	g_assert_cmpint(after.st_mode, ==, before.st_mode);
	g_assert_cmpint(after.st_mtim.tv_sec, ==, 1100000000);
	g_assert_cmpint(after.st_ino, !=, before.st_ino);
	g_assert_cmpuint(b->run.messages, ==, 3);
	g_assert_cmpuint(b->run.actions[ACTION_STRIPPED], ==, 2);
	g_assert_cmpuint(b->run.moved + b->run.others + b->run.unsynced, ==, 0);
	g_assert_cmpuint(b->run.octets, ==,
	                 strlen(FORGED) + strlen(LOGIN "From: \"J\" <j>\n") +
	                         strlen("From: \"J\" <j@x>"));
	assert_query(b->mail.database, ROWS, sizes);
}

static void
test_dry(Box *b, gconstpointer unused)
{
	put(b, "new/1.a.host,S=1", FORGED);
	b->run.dry_run = true;
	begin(b);
	read_box(b);
	assert_has(b, "new/1.a.host,S=1", FORGED);
	assert_query(b->mail.database, "SELECT outcome FROM message", "dry-run");
}

/* Puts back what the audit has. */
static void
undo_box(Box *b)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(run_end(&b->run, "done", &error));
	run_clear(&b->run);
	run_init(&b->run, b->mail.settings);
	b->run.originals = originals_open(b->mail.database, 1000, &error);
	g_assert_no_error(error);
	b->run.settles = true;
	g_assert_true(run_begin(&b->run, b->ledger, "Maildir", &error));
	read_box(b);
	g_assert_true(run_end(&b->run, "done", &error));
	g_clear_pointer(&b->run.originals, originals_close);
}

#define FOLDED "From: Jane\n <jane@x>\n\n"
#define UNFOLDED "From: jane@x\n\n"
/* The line ends of FORGED and of BARE, and their sizes. */
#define LINES ((size_t)6)
#define SIZE strlen(FORGED)
#define BARE_SIZE strlen(BARE)

/* The sizes that Dovecot keeps in a name are made right wherever they stand, and what is not the
 * size of the message stays; so both come back as they were. */
static void
test_sizes(Box *b, gconstpointer unused)
{
	char *const names[][2] = {
		{ g_strdup_printf("cur/1,S=%zu,W=%zu:2,S", SIZE, SIZE + LINES),
		  g_strdup_printf("cur/1,S=%zu,W=%zu:2,S", BARE_SIZE, BARE_SIZE + LINES) },
		{ g_strdup_printf("cur/2,W=%zu,S=%zu", SIZE + LINES, SIZE),
		  g_strdup_printf("cur/2,W=%zu,S=%zu", BARE_SIZE + LINES, BARE_SIZE) },
		{ g_strdup_printf("new/3,W=%zu,x", SIZE + LINES),
		  g_strdup_printf("new/3,W=%zu,x", BARE_SIZE + LINES) },
		{ g_strdup_printf("cur/4,S=%zu,W=%zu", SIZE, SIZE),
		  g_strdup_printf("cur/4,S=%zu,W=%zu", BARE_SIZE, SIZE) },
		{ g_strdup_printf("cur/5,S=%zu,W=%zu", SIZE + 1, SIZE + LINES), NULL },
		{ g_strdup_printf("cur/6:2,S=%zu", SIZE), NULL },
		{ g_strdup_printf("cur/7,S=0%zu", SIZE), NULL },
		{ g_strdup_printf("cur/8,S=+%zu", SIZE), NULL },
		{ g_strdup_printf("cur/9,S=%zux", SIZE), NULL },
		{ g_strdup_printf("cur/10,S=5,S=%zu", SIZE), NULL },
		{ g_strdup("cur/11,S=x"), NULL },
		{ g_strdup("cur/12,S=3:2,"), NULL },
		{ g_strdup("cur/13,S=99999999999999999999999"), NULL },
		{ g_strdup("cur/14,S=1000"), NULL },
		{ g_strdup("cur/15,W=-1"), NULL },
	};
	/* Two lines become one: with CRLF, one octet more is lost. */
	const char *folded = "cur/16,S=22,W=25", *unfolded = "cur/16,S=14,W=16";

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		put(b, names[i][0], FORGED);
	put(b, folded, FOLDED);
	begin(b);
	read_box(b);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		assert_has(b, names[i][names[i][1] ? 1 : 0], BARE);
	assert_has(b, names[0][0], NULL);
	assert_has(b, unfolded, UNFOLDED);
	g_assert_cmpuint(b->run.misnamed, ==, 0);
	undo_box(b);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		assert_has(b, names[i][0], FORGED);
		g_free(names[i][0]);
		g_free(names[i][1]);
	}
	assert_has(b, folded, FOLDED);
	g_assert_cmpuint(b->run.misnamed, ==, 0);
}

/* Line ends of both kinds, wherever they fall in what is read at once. */
static void
test_size_of_large(Box *b, gconstpointer unused)
{
	static const char from[] = "From: \"Jane\" <jane@x>\r\n\r\n",
	                  bare[] = "From: jane@x\r\n\r\n";
	size_t lost = strlen(from) - strlen(bare);

	for (size_t from_end = 0; from_end < 4; from_end++) {
		g_autoptr(GString) text = g_string_new(from);
		while (text->len < (size_t)64 * 1024 - from_end)
			g_string_append_c(text, 'x');
		g_string_append(text, "\r\ny\n");
		size_t size = text->len;
		g_autofree char *name = g_strdup_printf("cur/1,S=%zu,W=%zu", size, size + 1);
		g_autofree char *to =
		        g_strdup_printf("cur/1,S=%zu,W=%zu", size - lost, size + 1 - lost);
		put(b, name, text->str);
		read_box(b);
		g_string_erase(text, 0, (gssize)strlen(from));
		g_string_prepend(text, bare);
		assert_has(b, to, text->str);
	}
}

/* The name with its new size is taken: the message stays under the old one. */
static void
test_taken(Box *b, gconstpointer unused)
{
	g_autofree char *name = g_strdup_printf("cur/1.a,S=%zu", SIZE);
	g_autofree char *to = g_strdup_printf("cur/1.a,S=%zu", BARE_SIZE);

	put(b, name, FORGED);
	put(b, to, "X: other\n\n");
	read_box(b);
	assert_has(b, name, BARE);
	assert_has(b, to, "X: other\n\n");
	g_assert_cmpuint(b->run.misnamed, ==, 1);
}

/* The same where the file system refuses it. Nothing holds a name, so nothing counts as left. */
static void
test_not_renamed(Box *b, gconstpointer unused)
{
	g_autofree char *name = g_strdup_printf("cur/1.a,S=%zu", SIZE);

	put(b, name, FORGED);
	put(b, "cur/2.a", FORGED);
	refused.rename = true;
	begin(b);
	read_box(b);
	refused.rename = false;
	assert_has(b, name, BARE);
	assert_has(b, "cur/2.a", BARE);
	g_assert_cmpuint(b->run.misnamed, ==, 1);
	g_assert_false(run_has_left(&b->run));
	assert_query(b->mail.database, "SELECT outcome FROM message", "written written");
}

/* A mail program takes messages away, once they are read. */
static void
take_away(const Run *run, gpointer data)
{
	const Box *b = data;
	g_autofree char *first = in_box(b, "new/1.a"), *first_to = in_box(b, "cur/1.a:2,S");
	g_autofree char *second = in_box(b, "new/2.a"), *third = in_box(b, "new/3.a");

	if (run->messages == 1)
		g_assert_cmpint(g_rename(first, first_to), ==, 0);
	if (run->messages == 2)
		g_assert_cmpint(g_unlink(second), ==, 0);
	/* Another one stands there. */
	if (run->messages == 3) {
		g_assert_cmpint(g_unlink(third), ==, 0);
		put(b, "new/3.a", "X: other\n\n");
	}
}

static void
test_taken_away(Box *b, gconstpointer unused)
{
	g_autofree char *rows = g_strdup_printf("stripped|failed|%zu stripped|failed|%zu "
	                                        "stripped|failed|%zu stripped|written|%zu "
	                                        "stripped|written|%zu",
	                                        strlen(FORGED), strlen(FORGED), strlen(FORGED),
	                                        strlen(FORGED), strlen(FORGED));

	put(b, "new/1.a", FORGED);
	put(b, "new/2.a", FORGED);
	put(b, "new/3.a", FORGED);
	put(b, "new/4.a", FORGED);
	begin(b);
	b->run.progress = take_away;
	b->run.progress_data = b;
	read_box(b);
	g_assert_cmpuint(b->run.moved, ==, 3);
	assert_has(b, "new/1.a", NULL);
	/* It is found again where it went, since cur comes after new. */
	assert_has(b, "cur/1.a:2,S", BARE);
	assert_has(b, "new/2.a", NULL);
	assert_has(b, "new/3.a", "X: other\n\n");
	assert_has(b, "new/4.a", BARE);
	assert_query(b->mail.database, ROWS, rows);
}

/* What is no message is counted, and not followed. */
static void
test_others(Box *b, gconstpointer unused)
{
	g_autofree char *folder = in_box(b, "new/folder"), *link = in_box(b, "new/link"),
	                *fifo = in_box(b, "new/fifo"), *to = in_box(b, "outside");

	put(b, "outside", FORGED);
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	g_assert_cmpint(symlink(to, link), ==, 0);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	put(b, "cur/1.a", FORGED);
	read_box(b);
	g_assert_cmpuint(b->run.links, ==, 1);
	g_assert_cmpuint(b->run.others, ==, 2);
	g_assert_cmpuint(b->run.messages, ==, 1);
	assert_has(b, "outside", FORGED);
	assert_has(b, "cur/1.a", BARE);
}

/* More messages than are replaced at once. */
static void
test_many(Box *b, gconstpointer unused)
{
	for (int i = 0; i < 1200; i++) {
		g_autofree char *name = g_strdup_printf("new/%04d.a", i);
		put(b, name, FORGED);
	}
	begin(b);
	read_box(b);
	for (int i = 0; i < 1200; i++) {
		g_autofree char *name = g_strdup_printf("new/%04d.a", i);
		assert_has(b, name, BARE);
	}
	assert_query(b->mail.database, "SELECT count(*), sum(outcome = 'written') FROM message",
	             "1200|1200");
}

/* No message is replaced whose row is not on the disk; nothing is left of what was made for it. */
static void
test_locked(Box *b, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	put(b, "new/1.a", FORGED);
	put(b, "new/2.a", FORGED);
	begin(b);
	ledger_set_wait(b->ledger, 1);
	sqlite3 *other = connect_to(b->mail.database);
	change(other, "BEGIN IMMEDIATE");
	g_assert_false(maildir_read(&b->run, b->path, &error));
	g_assert_nonnull(error);
	sqlite3_close(other);
	assert_has(b, "new/1.a", FORGED);
	assert_has(b, "new/2.a", FORGED);
	assert_query(b->mail.database, ROWS, "");
}

static void
test_no_folder(Box *b, gconstpointer unused)
{
	g_autofree char *cur = in_box(b, "cur");
	g_autoptr(GError) error = NULL;

	put(b, "new/1.a", FORGED);
	g_assert_cmpint(g_rmdir(cur), ==, 0);
	begin(b);
	g_assert_false(maildir_read(&b->run, b->path, &error));
	g_assert_error(error, IO_ERROR, IO_ERROR_FAILED);
	/* What was done until then stays done. */
	assert_has(b, "new/1.a", BARE);
	assert_query(b->mail.database, "SELECT outcome FROM message", "written");
}

/* A directory that cannot be read to its end is an error, not an end: nothing in it is touched. */
static void
test_unread(Box *b, gconstpointer unused)
{
	for (int entries = 0; entries <= 4; entries++) {
		g_autoptr(GError) error = NULL;
		put(b, "new/1.a", FORGED);
		put(b, "new/2.a", FORGED);
		refused.after = entries;
		g_assert_false(maildir_read(&b->run, b->path, &error));
		refused.after = -1;
		g_assert_error(error, IO_ERROR, IO_ERROR_FAILED);
		g_assert_nonnull(strstr(error->message, "Maildir/new: "));
		assert_has(b, "new/1.a", FORGED);
		assert_has(b, "new/2.a", FORGED);
		g_assert_cmpuint(b->run.messages, ==, 0);
	}
}

/* One file or directory that this user may not read does not keep the rest from being read; an
 * error in reading does. */
static void
test_denied(Box *b, gconstpointer unused)
{
	static const struct {
		const char *path;
		int reason;
		bool good;
	} cases[] = {
		{ "cur/2.a", EACCES, true }, { "cur/2.a", EPERM, true }, { "cur/2.a", EIO, false },
		{ "/new", EACCES, true },    { "/new", EPERM, true },    { "/new", EIO, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		bool is_file = g_str_equal(cases[i].path, "cur/2.a");
		g_test_message("%s, %s", cases[i].path, g_strerror(cases[i].reason));
		put(b, "cur/1.a", FORGED);
		put(b, "cur/2.a", FORGED);
		put(b, "cur/3.a", FORGED);
		refused.open = cases[i].path;
		refused.reason = cases[i].reason;
		g_assert_cmpint(maildir_read(&b->run, b->path, &error), ==, cases[i].good);
		refused.open = NULL;
		assert_has(b, "cur/3.a", cases[i].good ? BARE : FORGED);
		assert_has(b, "cur/2.a", cases[i].good && !is_file ? BARE : FORGED);
		g_assert_cmpint(error == NULL, ==, cases[i].good);
		g_assert_cmpint(run_has_left(&b->run), ==, cases[i].good);
		g_autofree char *left = run_unread(&b->run);
		g_assert_cmpstr(left, ==,
		                !cases[i].good ? NULL
		                : is_file      ? "1 (1 unreadable): cur/2.a"
		                               : "1 (1 unreadable): new");
		b->run.unread[FILE_UNREADABLE] = 0;
		g_string_truncate(b->run.unread_names, 0);
	}
}

/* Each comes back with its name and its sizes, also where its lines were made LF. */
static void
test_undo(Box *b, gconstpointer unused)
{
	size_t size = strlen(FORGED), lines = 6, lost = strlen(FORGED) - strlen(BARE);
	g_autofree char *name = g_strdup_printf("cur/1.a,S=%zu,W=%zu:2,S", size, size + lines);
	g_autofree char *bare =
	        g_strdup_printf("cur/1.a,S=%zu,W=%zu:2,S", size - lost, size + lines - lost);
	g_autofree char *crlf =
	        g_strdup_printf("cur/2.a,S=%zu,W=%zu", size + lines - lost, size + lines - lost);
	g_autofree char *lf = g_strdup_printf("cur/2.a,S=%zu,W=%zu", size, size + lines);
	g_autoptr(GString) fetched = g_string_new(BARE);

	g_string_replace(fetched, "\n", "\r\n", 0);
	put(b, name, FORGED);
	put(b, "new/3.a", LOGIN "From: \"J\" <j>\n\n");
	begin(b);
	read_box(b);
	assert_has(b, bare, BARE);
	put(b, crlf, fetched->str);
	put(b, "cur/4.a", "To: nobody knows\n\n");
	undo_box(b);
	assert_has(b, name, FORGED);
	assert_has(b, lf, FORGED);
	assert_has(b, "new/3.a", LOGIN "From: \"J\" <j>\n\n");
	assert_has(b, "cur/4.a", "To: nobody knows\n\n");
	g_assert_cmpuint(run_changed(&b->run), ==, 2);
	g_assert_cmpuint(run_not_undone(&b->run), ==, 1);
	assert_query(b->mail.database, "SELECT count(*) FROM message", "2");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Box *b, gconstpointer unused);
	} tests[] = {
		{ "/maildir/maildir", test_maildir },
		{ "/maildir/dry", test_dry },
		{ "/maildir/sizes", test_sizes },
		{ "/maildir/size-of-large", test_size_of_large },
		{ "/maildir/taken", test_taken },
		{ "/maildir/not-renamed", test_not_renamed },
		{ "/maildir/taken-away", test_taken_away },
		{ "/maildir/others", test_others },
		{ "/maildir/many", test_many },
		{ "/maildir/locked", test_locked },
		{ "/maildir/no-folder", test_no_folder },
		{ "/maildir/unread", test_unread },
		{ "/maildir/denied", test_denied },
		{ "/maildir/undo", test_undo },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Box, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
