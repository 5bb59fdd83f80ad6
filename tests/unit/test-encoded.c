/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves how encoded words are decoded, for people and for the rules: as the most lenient readers
 * do it; and that the result is always UTF-8. */
#include <glib.h>

#include "core/encoded.h"
#include "util/text.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1
#define BAD "\357\277\275"

typedef struct {
	const char *name;
	const char *text;
	size_t length;
	const char *read;
} Row;

static const Row rows[] = {
	/* No words. */
	{ "empty", TEXT(""), "" },
	{ "ascii", TEXT("Jane <a@b>"), "Jane <a@b>" },
	{ "utf8", TEXT("J\303\244ne"), "J\303\244ne" },
	{ "latin-1", TEXT("J\344ne"), "J" BAD "ne" },
	{ "cut", TEXT("J\303"), "J" BAD },
	{ "overlong", TEXT("\300\200"), BAD BAD },
	{ "nul", TEXT("a\0b"), "a" BAD "b" },
	{ "nuls", TEXT("\0\0a\0"), BAD BAD "a" BAD },
	{ "nul-and-bad", TEXT("a\0\344"), "a" BAD BAD },

	/* Words as they should be. */
	{ "empty-again", TEXT(""), "" },
	{ "plain", TEXT("Jane Doe"), "Jane Doe" },
	{ "q", TEXT("=?utf-8?q?J=C3=A4ne_Doe?="), "J\303\244ne Doe" },
	{ "q-upper", TEXT("=?UTF-8?Q?J=C3=A4ne?="), "J\303\244ne" },
	{ "b", TEXT("=?utf-8?B?SsOkbmU=?="), "J\303\244ne" },
	{ "word-latin-1", TEXT("=?iso-8859-1?Q?J=E4ne?="), "J\303\244ne" },
	{ "beside", TEXT("Dr. =?utf-8?q?J=C3=A4ne?= Doe"), "Dr. J\303\244ne Doe" },
	{ "adjacent", TEXT("=?utf-8?q?Ja?= =?utf-8?q?ne?="), "Jane" },
	{ "language", TEXT("=?utf-8*en?q?Jane?="), "Jane" },
	{ "once", TEXT("=?utf-8?q?=3D=3Futf-8=3Fq=3FJane=3F=3D?="), "=?utf-8?q?Jane?=" },
	{ "raw-latin-1", TEXT("J\344ne"), "J" BAD "ne" },
	{ "no-word", TEXT("a =? b"), "a =? b" },
	{ "nul-before-a-word", TEXT("a\0 =?utf-8?q?b?="), "a" BAD " b" },

	/* Words as lenient readers take them. */
	{ "adjacent-folded", TEXT("a =?utf-8?q?Ja?= \n =?utf-8?q?ne?= b"), "a Jane b" },
	{ "padding-between", TEXT("=?utf-8?b?SmE=?= =?utf-8?b?bmU=?="), "Jane" },
	{ "padding-inside", TEXT("=?utf-8?b?SmE=bmU=?="), "Jane" },
	{ "padding-first", TEXT("=?utf-8?b?==SmE=?="), "Ja" },
	{ "not-padded", TEXT("=?utf-8?b?SmFuZQ?="), "Jane" },
	{ "base64-cut", TEXT("=?utf-8?b?SmFuZ?="), "Jan" },
	{ "base64-folded", TEXT("=?utf-8?b?SmF\n uZQ==?="), "Jane" },
	{ "blank-inside", TEXT("=?utf-8?q?Jane Doe?= x"), "Jane Doe x" },
	{ "mark-inside", TEXT("=?utf-8?q?Who?_Jane?="), "Who? Jane" },
	{ "open", TEXT("=?utf-8?q?Jane_Doe"), "Jane Doe" },
	{ "open-then-text", TEXT("=?utf-8?q?Jane? =?utf-8?b?SmFuZQ=="), "JaneJane" },
	{ "closed-later", TEXT("=?utf-8?q?a =?utf-8?q?b?="), "a =?utf-8?q?b" },
	{ "no-charset", TEXT("=??q?Jane?="), "Jane" },
	{ "no-encoding", TEXT("=?utf-8?\?Jane?="), "=?utf-8?\?Jane?=" },
	{ "other-encoding", TEXT("=?utf-8?x?Jane?="), "=?utf-8?x?Jane?=" },
	{ "no-payload", TEXT("=?utf-8?q?\?= =?utf-8?b?\?=x"), "x" },
	{ "only-begun", TEXT("=?utf-8?q"), "=?utf-8?q" },
	{ "blank-in-charset", TEXT("=?utf 8?q?Jane?= =?utf-8 ?q?_Doe?="), "Jane Doe" },
	{ "sign-in-charset", TEXT("=?utf-<8\"(>?q?Jane?="), "Jane" },
	{ "unknown-charset", TEXT("=?x-none?q?J=E4ne?= =?x-none?b?SuRuZQ==?="),
	  "J\303\244neJ\303\244ne" },
	{ "unknown-utf-16", TEXT("=?utf-<16-be?B?AGMAZQBv?="), BAD "c" BAD "e" BAD "o" },
	{ "nul-in-word", TEXT("=?utf-8?b?SsOkAG5l?="), "J\303\244" BAD "ne" },
	{ "nul-in-word-q", TEXT("=?utf-8?q?J=00ane?="), "J" BAD "ane" },
	{ "q-odd", TEXT("=?x-none?q?J=4?= =?x-none?q?=zz=?="), "J=4=zz=" },
	{ "split-character", TEXT("=?utf-8?q?J=C3?= =?utf-8?q?=A4ne?="), "J\303\244ne" },
	{ "split-character-b", TEXT("=?utf-8?b?SsM=?= =?utf-8?b?pG5l?="), "J\303\244ne" },
};

static void
test_show(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->text, row->length);
	g_autofree char *got = encoded_show(exact ? exact : "", row->length);

	g_test_message("%s", row->name);
	g_assert_true(g_utf8_validate(got, -1, NULL));
	g_assert_cmpstr(got, ==, row->read);
}

/* What has more charsets than anybody follows is shown as it is written; what is long, cut between
 * two characters. */
static void
test_bounds(void)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i <= ENCODED_CHARSETS_MAX; i++)
		g_string_append_printf(text, "=?x-%d?q?a?=x", i);
	g_assert_null(encoded_decode(text->str));
	g_autofree char *shown = encoded_show(text->str, text->len);
	g_string_truncate(text, TEXT_MAX);
	g_assert_cmpstr(shown, ==, text->str);
	g_string_assign(text, "=?utf-8?q?x");
	for (int i = 0; i < TEXT_MAX; i++)
		g_string_append(text, "=C3=A4");
	g_autofree char *cut = encoded_show(text->str, text->len);
	g_assert_cmpuint(strlen(cut), ==, TEXT_MAX - 1);
	g_assert_true(g_str_has_suffix(cut, "\303\244"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/encoded/show/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_show);
	}
	g_test_add_func("/encoded/bounds", test_bounds);
	return g_test_run();
}
