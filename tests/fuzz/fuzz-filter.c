/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-filter: the whole way from standard input to standard output gives what the core decides,
 * and breaks no law. The body is streamed; now and then a new audit is begun.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/config.h"
#include "fuzz.h"
#include "laws.h"

/* Messages in one audit. */
#define MESSAGES 1000

static char trusted_by[] = "trusted-by=mx.example.org";
static char *folder, *path;

static void
remove_audit(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *name = g_strconcat(path, ends[i], NULL);
		unlink(name);
	}
}

static void
remove_folder(void)
{
	remove_audit();
	rmdir(folder);
}

/* The setting. Syncing costs nothing where files are in memory. (transfer full) */
static char *
next_database(void)
{
	static guint messages;

	if (!folder) {
		folder = g_strdup("/dev/shm/barefrom-XXXXXX");
		if (!g_mkdtemp(folder)) {
			g_free(folder);
			folder = g_dir_make_tmp("barefrom-XXXXXX", NULL);
		}
		g_assert_nonnull(folder);
		path = g_build_filename(folder, "audit.db", NULL);
		atexit(remove_folder);
	} else if (++messages % MESSAGES == 0) {
		remove_audit();
	}
	return g_strconcat("database=", path, NULL);
}

/* Runs the command with @bytes as standard input; what it wrote. (transfer full) */
static GBytes *
filter(const uint8_t *bytes, size_t size, bool *ret_good)
{
	static int in = -1, out = -1, standard = -1;
	char name[] = "filter", o[] = "-o";
	g_autofree char *database = next_database();
	char *argv[] = { name, o, trusted_by, o, database, NULL };
	char config_file[] = "/dev/null";
	Context context = { .started = g_get_monotonic_time(),
		            .parent = getppid(),
		            .config_file = config_file };
	g_autoptr(GError) error = NULL;

	if (in < 0) {
		in = memfd_create("in", 0);
		out = memfd_create("out", 0);
		standard = dup(STDOUT_FILENO);
		g_assert_true(in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) == STDIN_FILENO);
	}
	g_assert_true(ftruncate(in, 0) == 0 && ftruncate(out, 0) == 0);
	g_assert_true(pwrite(in, bytes, size, 0) == (ssize_t)size);
	g_assert_true(lseek(in, 0, SEEK_SET) == 0 && lseek(out, 0, SEEK_SET) == 0);
	g_assert_true(dup2(out, STDOUT_FILENO) == STDOUT_FILENO);
	*ret_good = cmd_filter(&context, G_N_ELEMENTS(argv) - 1, argv, &error);
	g_assert_true(dup2(standard, STDOUT_FILENO) == STDOUT_FILENO);

	off_t length = lseek(out, 0, SEEK_CUR);
	char *written = g_malloc((size_t)length + 1);
	g_assert_true(pread(out, written, (size_t)length, 0) == length);
	return g_bytes_new_take(written, (size_t)length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Config *config;
	char *options[] = { trusted_by, NULL };
	Facts facts = { 0 };
	g_autoptr(GBytes) want = NULL;
	bool good;

	if (!config)
		config = config_load("/dev/null", options, false, NULL);
	const char *broken =
	        laws_broken(&config->settings->policy, &facts, (const char *)data, size, &want);
	g_autoptr(GBytes) got = filter(data, size, &good);

	if (broken) {
		fprintf(stderr, "broken law: %s\n", broken);
		abort();
	}
	/* A refused message gives no output. */
	g_assert_cmpint(good, ==, want != NULL);
	if (want)
		g_assert_true(g_bytes_equal(got, want));
	else
		g_assert_cmpuint(g_bytes_get_size(got), ==, 0);
	return 0;
}
