/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that a filter holds each of its keys, rules out nearly all others, and shows damage. */
#include "store/filter.h"

static guint64
hash_of(guint i)
{
	char key[16];

	return filter_hash(key, (size_t)g_snprintf(key, sizeof key, "w0k%u", i));
}

static GBytes *
set_of(guint n)
{
	g_autoptr(GArray) hashes = g_array_new(false, false, sizeof(guint64));

	for (guint i = 0; i < n; i++) {
		guint64 hash = hash_of(i);
		g_array_append_val(hashes, hash);
	}
	return filter_new(hashes);
}

static void
test_keys(void)
{
	static const guint sizes[] = { 0, 1, 40, 50000 };

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GBytes) set = set_of(sizes[i]);
		guint others = 0;
		gsize size;
		const guint8 *filter = g_bytes_get_data(set, &size);
		g_assert_cmpuint(size, <=, sizes[i] * 2 + 64);
		for (guint k = 0; k < sizes[i]; k++)
			g_assert_true(filter_may_hold(filter, size, hash_of(k)));
		for (guint k = 0; k < 50000; k++)
			others += filter_may_hold(filter, size, hash_of(sizes[i] + k));
		g_test_message("%u keys: %u of 50000 others not told", sizes[i], others);
		g_assert_cmpuint(others, <, 1000);
	}
}

/* The bytes are those of any other machine. */
static void
test_portable(void)
{
	g_autoptr(GBytes) set = set_of(1);
	gsize size;
	const guint8 *filter = g_bytes_get_data(set, &size);

	g_assert_cmphex(filter_hash("", 0), ==, G_GUINT64_CONSTANT(0xecba3df2c3383c52));
	g_assert_cmphex(hash_of(0), ==, G_GUINT64_CONSTANT(0x690050c09c107e42));
	g_assert_cmphex(filter_sum(filter, size), ==, G_GUINT64_CONSTANT(0x4b712208952eb769));
}

static void
test_damage(void)
{
	g_autoptr(GBytes) set = set_of(100);
	gsize size;
	const guint8 *filter = g_bytes_get_data(set, &size);
	guint64 sum = filter_sum(filter, size);
	g_autofree guint8 *damaged = g_memdup2(filter, size);

	for (gsize i = 0; i < size; i++) {
		damaged[i] ^= 1;
		g_assert_true(filter_sum(damaged, size) != sum);
		damaged[i] ^= 1;
	}
	g_assert_true(filter_sum(damaged, size - 1) != sum);
	g_assert_true(filter_sum(damaged, size) == sum);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/filter/keys", test_keys);
	g_test_add_func("/filter/portable", test_portable);
	g_test_add_func("/filter/damage", test_damage);
	return g_test_run();
}
