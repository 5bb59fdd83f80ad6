/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * digest: SHA-256 by the processor's own instructions if it has them, else by GLib. By GLib alone,
 * a run over an archive would take a third more processor time; loading Nettle would cost a filter
 * 5 %. May know: the processor. Must not know: what is hashed. Fails: never. Follows FIPS 180-4 and
 * Intel's description of its SHA extensions.
 */
#include "digest.h"

#include <stdbool.h>
#include <string.h>

#include "processor.h"

#define BLOCK ((size_t)DIGEST_BLOCK)

#ifdef PROCESSOR_IS_KNOWN
#include <immintrin.h>

static const guint32 constants[64] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static bool
processor_can(void)
{
	return CPU_FEATURE_ACTIVE(SHA) && CPU_FEATURE_ACTIVE(SSE4_1);
}

/* Adds @n blocks to @hash. The instructions keep the eight words as ABEF and CDGH, and each step of
 * the loop does four of the 64 rounds. */
__attribute__((target("sha,sse4.1"))) static void
add_blocks(guint32 hash[8], const guint8 *bytes, size_t n)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const void *)hash), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(hash + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
	__m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);

	for (; n > 0; n--, bytes += BLOCK) {
		__m128i abef_before = abef, cdgh_before = cdgh, w[4];
#pragma GCC unroll 16
		for (size_t i = 0; i < 16; i++) {
			__m128i *now = &w[i % 4];
			if (i < 4) {
				*now = _mm_shuffle_epi8(
				        _mm_loadu_si128((const void *)(bytes + 16 * i)),
				        big_endian);
			} else {
				__m128i last = w[(i + 3) % 4];
				*now = _mm_sha256msg1_epu32(*now, w[(i + 1) % 4]);
				*now = _mm_add_epi32(*now,
				                     _mm_alignr_epi8(last, w[(i + 2) % 4], 4));
				*now = _mm_sha256msg2_epu32(*now, last);
			}
			__m128i round = _mm_add_epi32(
			        *now, _mm_load_si128((const void *)(constants + 4 * i)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, round);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(round, 0x0e));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	__m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((void *)hash, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((void *)(hash + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else
#define processor_can() false
#define add_blocks(hash, bytes, n) ((void)0)
#endif

void
digest_init(Digest *digest)
{
	*digest = (Digest){ .hash = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		                      0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
	if (!processor_can())
		digest->glib = g_checksum_new(G_CHECKSUM_SHA256);
}

void
digest_clear(Digest *digest)
{
	g_clear_pointer(&digest->glib, g_checksum_free);
}

void
digest_add(Digest *digest, const char *bytes, size_t length)
{
	size_t held = digest->length % BLOCK, missing = MIN(BLOCK - held, length);

	if (digest->glib) {
		g_checksum_update(digest->glib, (const guchar *)bytes, (gssize)length);
		return;
	}
	digest->length += length;
	if (held > 0) {
		memcpy(digest->rest + held, bytes, missing);
		if (held + missing < BLOCK)
			return;
		add_blocks(digest->hash, digest->rest, 1);
		bytes += missing;
		length -= missing;
	}
	add_blocks(digest->hash, (const guint8 *)bytes, length / BLOCK);
	if (length % BLOCK)
		memcpy(digest->rest, bytes + length - length % BLOCK, length % BLOCK);
}

/* Pads and ends @digest, which the processor computes. */
static void
end(Digest *digest, char hex[DIGEST_SIZE])
{
	guint8 tail[2 * BLOCK] = { 0 };
	size_t rest = digest->length % BLOCK;
	/* A one bit follows the bytes; a block's last eight octets hold their length in bits. */
	size_t padded = rest + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
	guint64 bits = GUINT64_TO_BE(digest->length * 8);

	memcpy(tail, digest->rest, rest);
	tail[rest] = 0x80;
	memcpy(tail + padded - sizeof bits, &bits, sizeof bits);
	add_blocks(digest->hash, tail, padded / BLOCK);
	for (size_t i = 0; i < 64; i++)
		hex[i] = "0123456789abcdef"[digest->hash[i / 8] >> (28 - 4 * (i % 8)) & 15];
	hex[64] = '\0';
}

void
digest_ask(const Digest *digest, const char *bytes, size_t length, char hex[DIGEST_SIZE])
{
	Digest copy = *digest;

	if (digest->glib)
		copy.glib = g_checksum_copy(digest->glib);
	digest_add(&copy, bytes, length);
	if (copy.glib)
		g_strlcpy(hex, g_checksum_get_string(copy.glib), DIGEST_SIZE);
	else
		end(&copy, hex);
	digest_clear(&copy);
}

void
digest_sha256(const char *bytes, size_t length, char hex[DIGEST_SIZE])
{
	Digest digest;

	digest_init(&digest);
	digest_add(&digest, bytes, length);
	digest_ask(&digest, "", 0, hex);
	digest_clear(&digest);
}
