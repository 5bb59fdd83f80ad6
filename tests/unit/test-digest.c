/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that the digest is that of FIPS 180-4, whatever the length and alignment of the bytes: by
 * the examples of the standard, and by comparison with GLib. */
#include "util/digest.h"

#include <glib.h>
#include <string.h>

static void
test_examples(void)
{
	static const char *const examples[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
		char got[DIGEST_SIZE];
		digest_sha256(examples[i][0], strlen(examples[i][0]), got);
		g_assert_cmpstr(got, ==, examples[i][1]);
	}
}

static void
test_lengths(void)
{
	enum { MAX_LENGTH = 400 };
	guint8 bytes[MAX_LENGTH];

	for (size_t i = 0; i < MAX_LENGTH; i++)
		bytes[i] = (guint8)(i * 7 + i / 64);
	for (size_t length = 0; length < MAX_LENGTH; length++) {
		/* A copy, so that a byte too far is seen; from odd addresses too. */
		size_t odd = length % 16;
		g_autofree char *copy = g_malloc(length + odd + 1);
		memcpy(copy + odd, bytes, length);
		char got[DIGEST_SIZE];
		digest_sha256(copy + odd, length, got);
		g_autofree char *wanted =
		        g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
		g_assert_cmpstr(got, ==, wanted);
	}
}

/* Asked after any pieces it is that of all bytes, and the asking changes nothing. */
static void
test_pieces(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
	char bytes[600], got[DIGEST_SIZE], wanted[DIGEST_SIZE];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 11 + i / 64);
	for (unsigned round = 0; round < 500; round++) {
		Digest digest;
		size_t at = 0;
		digest_init(&digest);
		while (at < sizeof bytes) {
			int most = (int)MIN(sizeof bytes - at, 149) + 1;
			size_t n = (size_t)g_rand_int_range(rand, 0, most);
			size_t more = (size_t)g_rand_int_range(rand, 0, most);
			digest_ask(&digest, bytes + at, more, got);
			digest_sha256(bytes, at + more, wanted);
			g_assert_cmpstr(got, ==, wanted);
			digest_add(&digest, bytes + at, n);
			at += n;
		}
		digest_ask(&digest, "", 0, got);
		digest_sha256(bytes, sizeof bytes, wanted);
		g_assert_cmpstr(got, ==, wanted);
		digest_clear(&digest);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/digest/examples", test_examples);
	g_test_add_func("/digest/lengths", test_lengths);
	g_test_add_func("/digest/pieces", test_pieces);
	return g_test_run();
}
