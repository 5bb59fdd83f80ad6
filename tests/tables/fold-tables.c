/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fold-tables: writes src/core/fold-tables.h from the Unicode data that libicu carries: each
 * character's own skeleton (UTS 39, 4), and the letters called LATIN LETTER SMALL CAPITAL X.
 * Characters with a canonical decomposition are left out: they are taken apart before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#define UNITS_MAX 100
#define POOL_MAX 65536

static UChar32 pool[POOL_MAX];
static int pool_length;

static void
check(UErrorCode error, const char *what)
{
	if (U_FAILURE(error)) {
		fprintf(stderr, "fold-tables: %s: %s\n", what, u_errorName(error));
		exit(1);
	}
}

/* Where in the pool @length characters stand, which are put there if need be. */
static int
pooled(const UChar32 *text, int length)
{
	for (int i = 0; i + length <= pool_length; i++) {
		if (memcmp(pool + i, text, (size_t)length * sizeof *text) == 0)
			return i;
	}
	memcpy(pool + pool_length, text, (size_t)length * sizeof *text);
	pool_length += length;
	return pool_length - length;
}

static void
print_small_capitals(void)
{
	static const char prefix[] = "LATIN LETTER SMALL CAPITAL ";

	puts("static const FoldTarget small_capitals[] = {");
	for (UChar32 c = 0; c <= UCHAR_MAX_VALUE; c++) {
		char name[200] = "";
		UErrorCode error = U_ZERO_ERROR;
		u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &error);
		const char *letter = name + strlen(prefix);
		if (strncmp(name, prefix, strlen(prefix)) == 0 && letter[0] && !letter[1])
			printf("\t{ 0x%x, 0x%x },\n", (unsigned)c, (unsigned)(letter[0] | 0x20));
	}
	puts("};\n");
}

/* Writes the row of @c, if its skeleton is another text than itself. */
static void
print_skeleton(USpoofChecker *checker, const UNormalizer2 *nfd, UChar32 c, int *n)
{
	UChar text[2], skeleton[UNITS_MAX], apart[UNITS_MAX];
	UErrorCode error = U_ZERO_ERROR;
	int length = 0;

	U16_APPEND_UNSAFE(text, length, c);
	int apart_length = unorm2_normalize(nfd, text, length, apart, UNITS_MAX, &error);
	int skeleton_length =
	        uspoof_getSkeleton(checker, 0, text, length, skeleton, UNITS_MAX, &error);
	check(error, "no skeleton");
	if (apart_length != length || u_memcmp(apart, text, length) != 0 ||
	    (skeleton_length == length && u_memcmp(skeleton, text, length) == 0))
		return;

	UChar32 to[UNITS_MAX];
	int to_length = 0;
	for (int i = 0; i < skeleton_length;) {
		U16_NEXT_UNSAFE(skeleton, i, to[to_length]);
		to_length++;
	}
	unsigned word = (unsigned)to[0];
	if (to_length != 1)
		word = (unsigned)to_length << 24 | (unsigned)pooled(to, to_length);
	printf("%s{ 0x%x, 0x%x },", *n % 4 ? " " : "\n\t", (unsigned)c, word);
	++*n;
}

int
main(void)
{
	UErrorCode error = U_ZERO_ERROR;
	USpoofChecker *checker = uspoof_open(&error);
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&error);
	int n = 0;

	check(error, "libicu does not open");
	puts("/* SPDX-License-Identifier: GPL-3.0-or-later */");
	puts("/* Made by tests/tables/fold-tables.c: do not edit. */\n/* clang-format off */");
	puts("#pragma once\n\n#include <glib.h>\n");
	printf("#define FOLD_TABLES_UNICODE \"%s\"\n\n", U_UNICODE_VERSION);
	puts("/* A character and what it becomes: a character, or (length << 24 | offset) of "
	     "texts. */");
	puts("typedef struct {\n\tguint32 from, to;\n} FoldTarget;\n");
	print_small_capitals();
	printf("static const FoldTarget skeletons[] = {");
	for (UChar32 c = 0; c <= UCHAR_MAX_VALUE; c++) {
		if (!U_IS_SURROGATE(c))
			print_skeleton(checker, nfd, c, &n);
	}
	printf("\n};\n\nstatic const guint32 skeleton_texts[] = {");
	for (int i = 0; i < pool_length; i++)
		printf("%s0x%x,", i % 10 ? " " : "\n\t", (unsigned)pool[i]);
	puts("\n};");
	uspoof_close(checker);
	return 0;
}
