/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a message is read and copied byte for byte, in whatever pieces it arrives, that its
 * octets and lines are counted, and that no failure to read or write goes unnoticed. */
#include "io/message.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/io-error.h"

static void
make_pipe(int ends[2])
{
	g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
}

static void
put(int fd, const char *bytes)
{
	g_assert_cmpint(write(fd, bytes, strlen(bytes)), ==, (gssize)strlen(bytes));
}

static int
memory_file(void)
{
	int fd = memfd_create("barefrom-test", MFD_CLOEXEC);
	g_assert_cmpint(fd, >=, 0);
	return fd;
}

static GBytes *
contents(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *bytes = g_malloc((gsize)size + 1);

	g_assert_cmpint(pread(fd, bytes, (size_t)size, 0), ==, size);
	return g_bytes_new_take(bytes, (gsize)size);
}

static void
assert_contents(int fd, const char *bytes, size_t length)
{
	g_autoptr(GBytes) all = contents(fd);
	g_assert_cmpmem(g_bytes_get_data(all, NULL), g_bytes_get_size(all), bytes, length);
}

/* A short read is no end. */
static void
test_short_reads(void)
{
	static const char *const parts[] = { "From: a\r", "\nTo", ": b\n", "\n", "body" };
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	Message message;
	int ends[2];

	make_pipe(ends);
	message_init(&message, ends[0]);
	message.count_lines = true;
	g_assert_cmpuint(message.length, ==, 0);
	g_assert_cmpuint(message.octets, ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		put(ends[1], parts[i]);
		g_string_append(all, parts[i]);
		g_assert_true(message_read(&message, &error));
		g_assert_no_error(error);
		g_assert_cmpmem(message.bytes, message.length, all->str, all->len);
		g_assert_cmpuint(message.octets, ==, all->len);
		g_assert_false(message.at_end);
	}
	g_assert_cmpuint(message.lines, ==, 3);
	close(ends[1]);
	g_assert_true(message_read(&message, &error));
	g_assert_true(message.at_end);
	g_assert_cmpmem(message.bytes, message.length, all->str, all->len);
	g_assert_cmpuint(message.octets, ==, all->len);
	g_assert_cmpuint(message.lines, ==, 3);
	message_clear(&message);
	close(ends[0]);
}

static void
test_empty(void)
{
	g_autoptr(GError) error = NULL;
	Message message;
	int in = memory_file(), out = memory_file();

	message_init(&message, in);
	message.count_lines = true;
	g_assert_true(message_read(&message, &error));
	g_assert_true(message.at_end);
	g_assert_cmpuint(message.length, ==, 0);
	g_assert_true(message_copy(&message, 0, out, &error));
	g_assert_no_error(error);
	assert_contents(out, "", 0);
	g_assert_cmpuint(message.octets, ==, 0);
	g_assert_cmpuint(message.lines, ==, 0);
	message_clear(&message);
	close(in);
	close(out);
}

/* The descriptor stays the caller's. */
static void
test_descriptor_stays(void)
{
	Message message;
	int in = memory_file();

	message_init(&message, in);
	message.count_lines = true;
	message_clear(&message);
	g_assert_cmpint(fcntl(in, F_GETFD), >=, 0);
	close(in);
}

typedef struct {
	const char *name;
	size_t length; /* of the whole message */
	size_t reads;  /* before the copy */
	size_t from;   /* copied from here on, within what is held; G_MAXSIZE: nothing of it */
	bool discard;
	bool by_pipe;
	bool at_once; /* a read of the pipe does not wait */
} CopyRow;

static const CopyRow copy_rows[] = {
	{ "unread", 1000, 0, 0 },
	{ "small", 1000, 1, 0 },
	{ "small-to-its-end", 1000, 2, 0 },
	{ "from-the-body", 1000, 1, 400 },
	{ "from-the-end-held", 1000, 1, G_MAXSIZE },
	{ "one-block", 128 * 1024, 1, 7 },
	{ "large", 5 * 1024 * 1024 + 17, 1, 0 },
	{ "large-unread", 5 * 1024 * 1024 + 17, 0, 0 },
	{ "large-many-reads", 5 * 1024 * 1024 + 17, 20, 12345 },
	{ "large-by-pipe", 1024 * 1024 + 3, 3, 99, .by_pipe = true },
	{ "large-unread-by-pipe", 1024 * 1024 + 3, 0, 0, .by_pipe = true },
	{ "large-that-does-not-wait", 1024 * 1024 + 3, 0, 0, .by_pipe = true, .at_once = true },
	{ "discard", 1024 * 1024, 1, 0, .discard = true },
	{ "discard-unread", 1000, 0, 0, .discard = true },
};

typedef struct {
	int fd;
	const char *bytes;
	size_t length;
} Writer;

/* Writes in pieces of many lengths. */
static gpointer
write_all(gpointer data)
{
	Writer *writer = data;
	size_t piece = 1;

	for (size_t at = 0; at < writer->length;) {
		size_t n = MIN(piece, writer->length - at);
		ssize_t done = write(writer->fd, writer->bytes + at, n);
		g_assert_cmpint(done, >, 0);
		at += (size_t)done;
		piece = piece * 3 % 70001;
	}
	close(writer->fd);
	return NULL;
}

static void
test_copy(gconstpointer data)
{
	const CopyRow *row = data;
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);
	g_autofree char *bytes = g_malloc(row->length);
	g_autoptr(GError) error = NULL;
	g_autoptr(GThread) thread = NULL;
	guint64 lines = 0;
	int out = memory_file(), ends[2];
	Message message;
	Writer writer = { .bytes = bytes, .length = row->length };

	for (size_t i = 0; i < row->length; i++) {
		bytes[i] = (char)g_rand_int_range(rand, 0, 40);
		lines += bytes[i] == '\n';
	}
	if (row->by_pipe) {
		make_pipe(ends);
		if (row->at_once)
			g_assert_cmpint(fcntl(ends[0], F_SETFL, O_NONBLOCK), ==, 0);
		writer.fd = ends[1];
		thread = g_thread_new("writer", write_all, &writer);
	} else {
		ends[0] = memory_file();
		g_assert_true(message_write(ends[0], bytes, row->length, &error));
		g_assert_cmpint(lseek(ends[0], 0, SEEK_SET), ==, 0);
	}

	g_test_message("%s", row->name);
	message_init(&message, ends[0]);
	message.count_lines = true;
	for (size_t i = 0; i < row->reads; i++)
		g_assert_true(message_read(&message, &error));
	size_t from = MIN(row->from, message.length);
	g_assert_true(message_copy(&message, from, row->discard ? -1 : out, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(message.octets, ==, row->length);
	g_assert_cmpuint(message.lines, ==, lines);
	if (row->discard)
		assert_contents(out, "", 0);
	else
		assert_contents(out, bytes + from, row->length - from);

	message_clear(&message);
	if (thread)
		g_thread_join(g_steal_pointer(&thread));
	close(ends[0]);
	close(out);
}

/* What is held grows as far as the caller reads. */
static void
test_hold_much(void)
{
	size_t length = 3 * 1024 * 1024 + 1;
	g_autofree char *bytes = g_strnfill(length, 'x');
	g_autoptr(GError) error = NULL;
	int in = memory_file();
	Message message;

	g_assert_true(message_write(in, bytes, length, &error));
	g_assert_cmpint(lseek(in, 0, SEEK_SET), ==, 0);
	message_init(&message, in);
	message.count_lines = true;
	while (!message.at_end)
		g_assert_true(message_read(&message, &error));
	g_assert_cmpmem(message.bytes, message.length, bytes, length);
	g_assert_cmpuint(message.octets, ==, length);
	message_clear(&message);
	close(in);
}

static void
test_read_fails(void)
{
	g_autoptr(GError) error = NULL, second = NULL;
	Message message;
	int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = memory_file();

	g_assert_cmpint(folder, >=, 0);
	message_init(&message, folder);
	message.count_lines = true;
	g_assert_false(message_read(&message, &error));
	g_assert_error(error, IO_ERROR, IO_ERROR_FAILED);
	g_assert_false(message_copy(&message, 0, out, &second));
	g_assert_error(second, IO_ERROR, IO_ERROR_FAILED);
	g_assert_cmpuint(message.octets, ==, 0);
	message_clear(&message);
	close(folder);
	close(out);
}

/* A full disk, with the bytes held and with those still unread. */
static void
test_write_fails(void)
{
	g_autoptr(GError) first = NULL, second = NULL, third = NULL;
	Message message;
	int in = memory_file(), full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	g_assert_cmpint(full, >=, 0);
	put(in, "From: a\n\nbody\n");
	g_assert_cmpint(lseek(in, 0, SEEK_SET), ==, 0);
	message_init(&message, in);
	message.count_lines = true;
	g_assert_false(message_copy(&message, 0, full, &first));
	g_assert_error(first, IO_ERROR, IO_ERROR_NO_SPACE);
	message_clear(&message);

	g_assert_cmpint(lseek(in, 0, SEEK_SET), ==, 0);
	message_init(&message, in);
	message.count_lines = true;
	g_assert_true(message_read(&message, NULL));
	g_assert_false(message_copy(&message, 0, full, &second));
	g_assert_error(second, IO_ERROR, IO_ERROR_NO_SPACE);
	message_clear(&message);

	g_assert_false(message_write(full, "x", 1, &third));
	g_assert_error(third, IO_ERROR, IO_ERROR_NO_SPACE);
	g_assert_true(message_write(full, "", 0, NULL));
	close(in);
	close(full);
}

static void
test_write_closed(void)
{
	g_autoptr(GError) error = NULL;
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

	g_assert_false(message_write(in, "x", 1, &error));
	g_assert_nonnull(error);
	g_assert_true(error->domain == IO_ERROR);
	close(in);
}

typedef struct {
	int fd;
	pthread_t writer;
	GByteArray *bytes;
} Reader;

static void
on_signal(int signal)
{
}

/* Reads all, and interrupts the writer again and again. */
static gpointer
read_all(gpointer data)
{
	Reader *reader = data;
	guint8 block[50000];
	ssize_t n;

	while ((n = read(reader->fd, block, sizeof block)) > 0) {
		g_byte_array_append(reader->bytes, block, (guint)n);
		for (int i = 0; i < 20; i++) {
			pthread_kill(reader->writer, SIGUSR1);
			sched_yield();
		}
	}
	return NULL;
}

/* A write that a signal cut short, or that does not wait, is gone on with where it stopped. */
static void
test_short_writes(gconstpointer at_once)
{
	size_t length = 8 * 1024 * 1024 + 5;
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = g_malloc(length);
	struct sigaction action = { .sa_handler = on_signal }, before;
	int ends[2];

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)g_rand_int_range(rand, 0, 256);
	make_pipe(ends);
	if (at_once)
		g_assert_cmpint(fcntl(ends[1], F_SETFL, O_NONBLOCK), ==, 0);
	g_assert_cmpint(sigaction(SIGUSR1, &action, &before), ==, 0);
	Reader reader = { ends[0], pthread_self(), g_byte_array_new() };
	GThread *thread = g_thread_new("reader", read_all, &reader);
	g_assert_true(message_write(ends[1], bytes, length, &error));
	g_assert_no_error(error);
	close(ends[1]);
	g_thread_join(thread);
	g_assert_cmpint(sigaction(SIGUSR1, &before, NULL), ==, 0);
	g_assert_cmpmem(reader.bytes->data, reader.bytes->len, bytes, length);
	g_byte_array_unref(reader.bytes);
	close(ends[0]);
}

/* What was let go of is gone, what was not stays, and reading goes on behind it. */
static void
test_drop(void)
{
	g_autoptr(GError) error = NULL;
	g_auto(Message) message = { 0 };
	int ends[2];

	make_pipe(ends);
	message_init(&message, ends[0]);
	put(ends[1], "abcdef");
	g_assert_true(message_read(&message, &error));
	message_drop(&message, 4);
	g_assert_cmpmem(message.bytes, message.length, "ef", 2);
	put(ends[1], "gh");
	g_assert_true(message_read(&message, &error));
	g_assert_cmpmem(message.bytes, message.length, "efgh", 4);
	message_drop(&message, 4);
	g_assert_cmpuint(message.length, ==, 0);
	g_assert_cmpuint(message.octets, ==, 8);
	g_assert_cmpuint(message.lines, ==, 0);
	close(ends[0]);
	close(ends[1]);
}

static volatile sig_atomic_t stopped;

static void
stop(int signal_number)
{
	stopped = signal_number;
}

/* A signal ends a wait also where it came before it. */
static void
test_stop(void)
{
	g_autoptr(GError) error = NULL;
	g_auto(Message) message = { 0 };
	int ends[2];

	make_pipe(ends);
	message_init(&message, ends[0]);
	message.stop = &stopped;
	signal(SIGUSR1, stop);
	put(ends[1], "ab");
	g_assert_true(message_read(&message, &error));
	raise(SIGUSR1);
	g_assert_false(message_read(&message, &error));
	g_assert_error(error, IO_ERROR, IO_ERROR_STOPPED);
	stopped = 0;
	close(ends[0]);
	close(ends[1]);
}

typedef struct {
	pthread_t writer;
	gint done;
} Stopper;

static gpointer
stop_writer(gpointer data)
{
	Stopper *stopper = data;

	while (!g_atomic_int_get(&stopper->done)) {
		pthread_kill(stopper->writer, SIGUSR1);
		sched_yield();
	}
	return NULL;
}

/* Nobody reads, so the write would wait for ever. */
static void
test_stop_writing(void)
{
	size_t length = 1024 * 1024;
	g_autofree char *bytes = g_malloc0(length);
	struct iovec part = { bytes, length };
	struct sigaction action = { .sa_handler = stop };
	g_autoptr(GError) error = NULL;
	Stopper stopper = { pthread_self(), 0 };
	int ends[2];

	make_pipe(ends);
	sigaction(SIGUSR1, &action, NULL);
	GThread *thread = g_thread_new("stopper", stop_writer, &stopper);
	g_assert_false(message_write_parts(ends[1], &part, 1, &stopped, &error));
	g_atomic_int_set(&stopper.done, 1);
	g_thread_join(thread);
	g_assert_error(error, IO_ERROR, IO_ERROR_STOPPED);
	stopped = 0;
	close(ends[0]);
	close(ends[1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/message/short-reads", test_short_reads);
	g_test_add_func("/message/drop", test_drop);
	g_test_add_func("/message/stop", test_stop);
	g_test_add_func("/message/stop-writing", test_stop_writing);
	g_test_add_func("/message/empty", test_empty);
	g_test_add_func("/message/descriptor-stays", test_descriptor_stays);
	for (size_t i = 0; i < G_N_ELEMENTS(copy_rows); i++) {
		g_autofree char *path = g_strconcat("/message/copy/", copy_rows[i].name, NULL);
		g_test_add_data_func(path, &copy_rows[i], test_copy);
	}
	g_test_add_func("/message/hold-much", test_hold_much);
	g_test_add_data_func("/message/short-writes", NULL, test_short_writes);
	g_test_add_data_func("/message/short-writes-that-do-not-wait", "", test_short_writes);
	g_test_add_func("/message/read-fails", test_read_fails);
	g_test_add_func("/message/write-fails", test_write_fails);
	g_test_add_func("/message/write-closed", test_write_closed);
	return g_test_run();
}
