/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that text for people is valid UTF-8 without any control, whatever the bytes, with a fold
 * as one blank, and that a cut leaves no part of a character. */

#include "util/text.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1
#define BAD "\357\277\275"

typedef struct {
	const char *name;
	const char *bytes;
	size_t length;
	size_t max; /* 0: no limit */
	const char *text;
} Row;

static const Row rows[] = {
	{ "empty", TEXT(""), 0, "" },
	{ "ascii", TEXT("Jane ~ Doe"), 0, "Jane ~ Doe" },
	{ "utf8", TEXT("J\303\244ne \342\202\254 \360\237\230\200"), 0,
	  "J\303\244ne \342\202\254 \360\237\230\200" },
	{ "no-break-space", TEXT("a\302\240b"), 0, "a\302\240b" },

	{ "fold-lf", TEXT("a\n b"), 0, "a b" },
	{ "fold-crlf", TEXT("a\r\n b"), 0, "a b" },
	{ "fold-tab", TEXT("a\r\n\tb"), 0, "a b" },
	{ "fold-blanks", TEXT("a\r\n \t b"), 0, "a b" },
	{ "fold-first", TEXT("\r\n a"), 0, " a" },
	{ "folds", TEXT("a\n b\n c"), 0, "a b c" },
	{ "lf", TEXT("a\nb"), 0, "a" BAD "b" },
	{ "crlf", TEXT("a\r\nb"), 0, "a" BAD BAD "b" },
	{ "lf-last", TEXT("a\n"), 0, "a" BAD },
	{ "cr", TEXT("a\rb"), 0, "a" BAD "b" },
	{ "cr-blank", TEXT("a\r b"), 0, "a" BAD " b" },
	{ "cr-last", TEXT("a\r"), 0, "a" BAD },

	{ "nul", TEXT("a\0b"), 0, "a" BAD "b" },
	{ "escape", TEXT("\033[31mred"), 0, BAD "[31mred" },
	{ "bell", TEXT("\a"), 0, BAD },
	{ "tab", TEXT("a\tb"), 0, "a" BAD "b" },
	{ "unit-separator", TEXT("\037"), 0, BAD },
	{ "delete", TEXT("a\177b"), 0, "a" BAD "b" },
	{ "c1-first", TEXT("a\302\200b"), 0, "a" BAD "b" },
	{ "c1-csi", TEXT("a\302\233b"), 0, "a" BAD "b" },
	{ "c1-last", TEXT("a\302\237b"), 0, "a" BAD "b" },

	{ "latin-1", TEXT("J\344ne"), 0, "J" BAD "ne" },
	{ "csi-byte", TEXT("\23331m"), 0, BAD "31m" },
	{ "cut-sequence", TEXT("a\342\202"), 0, "a" BAD BAD },
	{ "cut-sequence-inside", TEXT("a\342\202b"), 0, "a" BAD BAD "b" },
	{ "overlong", TEXT("\300\257"), 0, BAD BAD },
	{ "surrogate", TEXT("\355\240\200"), 0, BAD BAD BAD },
	{ "too-high", TEXT("\364\220\200\200"), 0, BAD BAD BAD BAD },

	{ "cut", TEXT("abcdef"), 3, "abc" },
	{ "cut-not-needed", TEXT("abc"), 3, "abc" },
	{ "cut-before-character", TEXT("a\303\244b"), 1, "a" },
	{ "cut-in-two-bytes", TEXT("a\303\244b"), 2, "a" },
	{ "cut-after-character", TEXT("a\303\244b"), 3, "a\303\244" },
	{ "cut-in-four-bytes", TEXT("a\360\237\230\200"), 4, "a" },
	{ "cut-counts-what-is-shown", TEXT("\1\1"), 4, BAD },
	{ "cut-replacement-whole", TEXT("\1"), 2, "" },
	{ "cut-fold-is-one", TEXT("a\r\n \t bc"), 3, "a b" },
	{ "cut-to-nothing", TEXT("\360\237\230\200"), 2, "" },
};

static void
test_clean(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->bytes, row->length); /* a read too far is seen */
	g_autofree char *text =
	        text_clean(exact ? exact : "", row->length, row->max ? row->max : G_MAXSIZE);

	g_test_message("%s", row->name);
	g_assert_cmpstr(text, ==, row->text);
}

static void
test_strings(void)
{
	g_autofree char *text = text_clean_string("a\033b\n c");

	g_assert_cmpstr(text, ==, "a" BAD "b c");
	g_assert_null(text_clean_string(NULL));
}

/* Any bytes, any cut. */
static void
test_law(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 20000; round++) {
		size_t length = (size_t)g_rand_int_range(rand, 0, 24);
		g_autofree char *bytes = g_malloc(length);
		for (size_t i = 0; i < length; i++) {
			static const char often[] = "\r\n \t\303\244\342\202\254\033";
			bytes[i] = g_rand_boolean(rand)
			                   ? (char)g_rand_int_range(rand, 0, 256)
			                   : often[g_rand_int_range(rand, 0, sizeof often)];
		}
		g_autofree char *text = text_clean(bytes ? bytes : "", length,
		                                   (size_t)g_rand_int_range(rand, 0, 30));
		g_assert_true(g_utf8_validate(text, -1, NULL));
		for (const char *p = text; *p; p = g_utf8_next_char(p))
			g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/text/clean/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_clean);
	}
	g_test_add_func("/text/strings", test_strings);
	g_test_add_func("/text/law", test_law);
	return g_test_run();
}
