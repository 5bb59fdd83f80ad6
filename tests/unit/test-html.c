/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves that text in a page stays text, that characters that a browser would obey or hide become
 * visible, and that numbers are grouped. */
#include "cmd/html.h"

#include <string.h>

typedef struct {
	const char *name, *text, *html;
} Row;

static const Row rows[] = {
	{ "empty", "", "" },
	{ "none", NULL, "\342\200\223" },
	{ "ascii", "Jane Doe, CEO", "Jane Doe, CEO" },
	{ "utf8", "J\303\244ne \342\202\254 \360\237\230\200",
	  "J\303\244ne \342\202\254 \360\237\230\200" },
	{ "element", "</title><script>", "&lt;/title&gt;&lt;script&gt;" },
	{ "attribute", "\"' onload=x", "&quot;&#39; onload=x" },
	{ "reference", "&lt;&#60;", "&amp;lt;&amp;#60;" },
	{ "section", "]]>", "]]&gt;" },
	{ "conversion", "%s %d %n", "%s %d %n" },

	{ "override", "a\342\200\256b", "a[U+202E]b" },
	{ "isolate", "\342\201\246a\342\201\251", "[U+2066]a[U+2069]" },
	{ "marks-of-direction", "\342\200\217\330\234", "[U+200F][U+061C]" },
	{ "zero-width", "a\342\200\213b\357\273\277", "a[U+200B]b[U+FEFF]" },
	{ "soft-hyphen", "a\302\255b", "a[U+00AD]b" },
	{ "line-separator", "a\342\200\250b", "a[U+2028]b" },
	{ "fillers", "\343\205\244\315\217", "[U+3164][U+034F]" },
	{ "variants", "a\357\270\217\363\240\204\200\341\240\213", "a[U+FE0F][U+E0100][U+180B]" },
	{ "tag", "\363\240\201\201", "[U+E0041]" },
	{ "no-character", "\357\277\276", "[U+FFFE]" },
	{ "controls", "a\001b\nc\177\302\205", "a[U+0001]b[U+000A]c[U+007F][U+0085]" },
	{ "hebrew", "\327\240\327\225", "\327\240\327\225" },

	{ "bad-byte", "a\377b", "a\357\277\275b" },
	{ "cut-character", "a\342\202", "a\357\277\275\357\277\275" },
	{ "surrogate", "\355\240\200", "\357\277\275\357\277\275\357\277\275" },

	{ "accent", "e\314\201", "e\314\201" },
	{ "accent-first", "\314\270e", "[U+0338]e" },
	{ "accents", "e\314\201\314\201\314\201\314\201", "e\314\201\314\201\314\201[U+0301]" },
};

static void
test_text(gconstpointer data)
{
	const Row *row = data;
	g_autoptr(GString) page = g_string_new("<p>");
	g_autofree char *wanted = g_strconcat("<p>", row->html, NULL);

	html_text(page, row->text, 100);
	g_assert_cmpstr(page->str, ==, wanted);
}

/* Whatever the bytes, it is valid UTF-8, without a control or a sign of HTML. */
static void
test_any(void)
{
	for (int round = 0; round < 20000; round++) {
		g_autoptr(GString) page = g_string_new(NULL);
		char text[17] = { 0 };
		for (int i = 0; i < 16; i++)
			text[i] = (char)g_test_rand_int_range(1, 256);
		html_text(page, text, 100);
		g_assert_true(g_utf8_validate(page->str, (gssize)page->len, NULL));
		for (const char *at = page->str; *at; at = g_utf8_next_char(at)) {
			g_assert_true(g_unichar_isprint(g_utf8_get_char(at)));
			g_assert_null(strchr("<>\"'", *at));
		}
	}
}

static void
test_cut(void)
{
	g_autoptr(GString) page = g_string_new(NULL);

	html_text(page, "\303\244bc", 3);
	g_assert_cmpstr(page->str, ==, "\303\244bc");
	g_string_truncate(page, 0);
	html_text(page, "\303\244bcd", 3);
	g_assert_cmpstr(page->str, ==, "\303\244bc\342\200\246");
	g_string_truncate(page, 0);
	html_text(page, "<<<<", 2);
	g_assert_cmpstr(page->str, ==, "&lt;&lt;\342\200\246");

	g_autofree char *name = g_strnfill(3000, 'a');
	g_string_truncate(page, 0);
	html_claim(page, name);
	g_assert_cmpuint(page->len, ==,
	                 strlen("<bdi></bdi>") + HTML_CLAIM_MAX + strlen("\342\200\246"));
}

static void
test_put(void)
{
	static const struct {
		gint64 number;
		const char *text;
	} numbers[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 1234567, "1,234,567" },
		{ -100, "-100" },
		{ -1000, "-1,000" },
		{ G_MAXINT64, "9,223,372,036,854,775,807" },
	};
	g_autoptr(GString) page = g_string_new(NULL);

	html_put(page, "<p title=\"%s\">%s %% " HTML_NUMBER "</p>", "\"", "%s<b>", (gint64)1000);
	g_assert_cmpstr(page->str, ==, "<p title=\"&quot;\">%s&lt;b&gt; % 1,000</p>");
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_string_truncate(page, 0);
		html_put(page, HTML_NUMBER, numbers[i].number);
		g_assert_cmpstr(page->str, ==, numbers[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/html/text/", rows[i].name, NULL);
		g_test_add_data_func(path, &rows[i], test_text);
	}
	g_test_add_func("/html/any", test_any);
	g_test_add_func("/html/cut", test_cut);
	g_test_add_func("/html/put", test_put);
	return g_test_run();
}
