/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that line ends are found and counted as by a loop over single bytes, whatever the length
 * and alignment. */
#include "util/lines.h"

#include <glib.h>
#include <string.h>

static const char *
find_slowly(const char *at, const char *end, const char *next)
{
	for (; at < end; at++) {
		if (*at == '\n' && (at + 1 == end || (at[1] && strchr(next, at[1]))))
			return at;
	}
	return NULL;
}

static size_t
count_slowly(const char *at, const char *end)
{
	size_t n = 0;

	for (; at < end; at++)
		n += *at == '\n';
	return n;
}

/* All of @length bytes from each of some offsets on; the bytes are a copy, so that one read too far
 * is seen. */
static void
check(const char *bytes, size_t length)
{
	g_autofree char *copy = g_memdup2(bytes, length);
	const char *end = copy + length;

	for (const char *at = copy; at < end; at += 1 + length / 7) {
		g_assert_true(lines_find(at, end, 'F') == find_slowly(at, end, "F"));
		g_assert_true(lines_find_empty(at, end) == find_slowly(at, end, "\r\n"));
		g_assert_cmpuint(lines_count(at, (size_t)(end - at)), ==, count_slowly(at, end));
	}
}

/* Bytes of which few, many or all matter. */
static void
test_random(void)
{
	static const char *const kinds[] = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nF\r",
		                             "a\nF\r",
		                             "\n",
		                             "\r\n",
		                             "F",
		                             "a\n" };
	enum { MAX_LENGTH = 1100 };
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261130);
	char bytes[MAX_LENGTH];

	for (int length = 1; length < MAX_LENGTH; length++) {
		const char *kind = kinds[length % G_N_ELEMENTS(kinds)];
		for (int i = 0; i < length; i++)
			bytes[i] = kind[g_rand_int_range(rand, 0, (gint32)strlen(kind))];
		check(bytes, (size_t)length);
	}
}

/* One match, at each offset of bytes that are longer than several vectors. */
static void
test_each_offset(void)
{
	enum { LENGTH = 600 };
	char bytes[LENGTH];

	for (size_t at = 0; at < LENGTH; at++) {
		memset(bytes, 'a', LENGTH);
		bytes[at] = '\n';
		if (at + 1 < LENGTH)
			bytes[at + 1] = at % 2 ? 'F' : '\n';
		check(bytes, LENGTH);
	}
}

/* Several thousand line ends in a row, more than a byte can count. */
static void
test_many(void)
{
	g_autofree char *bytes = g_malloc(10000);

	memset(bytes, '\n', 10000);
	g_assert_cmpuint(lines_count(bytes, 10000), ==, 10000);
	g_assert_cmpuint(lines_count(bytes, 0), ==, 0);
	g_assert_null(lines_find(bytes, bytes, 'F'));
	g_assert_null(lines_find_empty(bytes, bytes));
}

/* The CR of a CR LF, and one at the end, come in different pieces. */
static void
test_to_lf(void)
{
	static const char text[] = "a\r\nb\r\r\n\rc\n\r";

	for (size_t cut = 0; cut <= strlen(text); cut++) {
		char got[sizeof text + 2];
		bool cr = false;
		size_t n = lines_to_lf(got, text, cut, &cr);
		n += lines_to_lf(got + n, text + cut, strlen(text) - cut, &cr);
		got[n] = '\0';
		g_assert_true(cr);
		g_assert_cmpstr(got, ==, "a\nb\r\n\rc\n");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lines/random", test_random);
	g_test_add_func("/lines/each-offset", test_each_offset);
	g_test_add_func("/lines/many", test_many);
	g_test_add_func("/lines/to-lf", test_to_lf);
	return g_test_run();
}
