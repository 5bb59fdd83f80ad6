/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves where a head ends, that its partition loses nothing, and that every place that some reader
 * would take for a sender field is found, with its value and its number. */
#include <string.h>

#include "core/head.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1

static const char *const sender_names[] = { "From", "Sender", "Reply-To", "Resent-Reply-To", NULL };

typedef struct {
	const char *name;
	const char *text;
	size_t length;
	size_t end; /* behind the empty line; 0: there is none */
} EndRow;

static const EndRow end_rows[] = {
	{ "lf", TEXT("A: b\n\nbody\n"), 6 },
	{ "crlf", TEXT("A: b\r\n\r\nbody\r\n"), 8 },
	{ "first-line-lf", TEXT("\nFrom: x\n\n"), 1 },
	{ "first-line-crlf", TEXT("\r\nFrom: x\r\n\r\n"), 2 },
	{ "lf-among-crlf", TEXT("A: b\r\n\nC: d\r\n\r\n"), 7 },
	{ "crlf-among-lf", TEXT("A: b\n\r\nC: d\n\n"), 7 },
	{ "not-at-white-space", TEXT("A: b\n \nC: d\n\t\n\nbody"), 15 },
	{ "not-at-white-space-crlf", TEXT("A: b\r\n \r\nC: d\r\n\r\n"), 17 },
	{ "not-at-junk", TEXT("A: b\njunk\nC: d\n\nbody"), 16 },
	{ "not-at-cr-cr-lf", TEXT("A: b\n\r\r\nC: d\n\nbody"), 14 },
	{ "not-at-bare-cr", TEXT("A: b\n\rC: d\n\nbody"), 12 },
	{ "not-at-cr-cr", TEXT("A: b\r\rC: d\n\nbody"), 12 },
	{ "not-at-nul", TEXT("A: b\n\0\nC: d\n\nbody"), 13 },
	{ "not-at-form-feed", TEXT("A: b\n\f\nC: d\n\nbody"), 13 },
	{ "none", TEXT("A: b\nC: d\n"), 0 },
	{ "none-without-newline", TEXT("A: b"), 0 },
	{ "none-in-nothing", TEXT(""), 0 },
	{ "none-at-cut-cr", TEXT("A: b\r\n\r"), 0 },
	{ "none-single-cr", TEXT("\r"), 0 },
	{ "only-lf", TEXT("\n"), 1 },
	{ "only-crlf", TEXT("\r\n"), 2 },
	{ "lf-lf", TEXT("A: b\n\n"), 6 },
};

/* Whole, and with the bytes arriving one by one: the end is found at the same place, and as soon
 * as it is there. */
static void
test_end(gconstpointer data)
{
	const EndRow *row = data;
	size_t from = 0, end = 0;

	g_test_message("%s", row->name);
	g_assert_cmpint(head_find_end(row->text, row->length, &from, &end), ==, row->end > 0);
	if (row->end)
		g_assert_cmpuint(end, ==, row->end);

	from = end = 0;
	for (size_t length = 0; length <= row->length; length++) {
		g_autofree char *part = g_memdup2(row->text, length);
		bool found = head_find_end(part ? part : "", length, &from, &end);
		g_assert_cmpuint(from, <=, length);
		g_assert_cmpint(found, ==, row->end > 0 && length >= row->end);
		if (found) {
			g_assert_cmpuint(end, ==, row->end);
			break;
		}
	}
}

typedef struct {
	const char *name;
	const char *text; /* a head */
	size_t length;
	const char *items; /* NAME=VALUE of fields, ?BYTES of junk runs, all escaped, a line each */
	const char *rest;  /* the empty line */
} PartRow;

static const PartRow part_rows[] = {
	{ "lf", TEXT("From: a\nTo: b\n\n"), "From= a\nTo= b\n", "\n" },
	{ "crlf", TEXT("From: a\r\nTo: b\r\n\r\n"), "From= a\nTo= b\n", "\r\n" },
	{ "no-empty-line", TEXT("From: a\nTo: b\n"), "From= a\nTo= b\n", "" },
	{ "no-last-newline", TEXT("From: a\nTo: b"), "From= a\nTo= b\n", "" },
	{ "empty-line-only", TEXT("\n"), "", "\n" },
	{ "empty-line-only-crlf", TEXT("\r\n"), "", "\r\n" },
	{ "nothing", TEXT(""), "", "" },
	{ "fold-lf", TEXT("From: a\n b\n\tc\n\n"), "From= a\\n b\\n\\tc\n", "\n" },
	{ "fold-crlf", TEXT("From: a\r\n b\r\n\r\n"), "From= a\\r\\n b\n", "\r\n" },
	{ "fold-after-colon", TEXT("From:\n a\n\n"), "From=\\n a\n", "\n" },
	{ "blank-line-folds", TEXT("From: a\n \nTo: b\n\n"), "From= a\\n \nTo= b\n", "\n" },
	{ "no-blank", TEXT("From:a\n\n"), "From=a\n", "\n" },
	{ "no-value", TEXT("From:\n\n"), "From=\n", "\n" },
	{ "colons-in-value", TEXT("From: a:b: c\n\n"), "From= a:b: c\n", "\n" },
	{ "blanks-before-colon", TEXT("From \t: a\n\n"), "From= a\n", "\n" },
	{ "junk-first", TEXT("junk\nFrom: a\n\n"), "?junk\\n\nFrom= a\n", "\n" },
	{ "junk-between", TEXT("From: a\njunk\nTo: b\n\n"), "From= a\n?junk\\n\nTo= b\n", "\n" },
	{ "junk-last", TEXT("From: a\njunk\n\n"), "From= a\n?junk\\n\n", "\n" },
	{ "junk-run", TEXT("junk\nmore\nFrom: a\n\n"), "?junk\\nmore\\n\nFrom= a\n", "\n" },
	{ "junk-takes-continuations", TEXT("junk\n From: a\nTo: b\n\n"),
	  "?junk\\n From: a\\n\nTo= b\n", "\n" },
	{ "junk-no-newline", TEXT("From: a\njunk"), "From= a\n?junk\n", "" },
	{ "mbox-line", TEXT("From jane@example.org Mon Nov 24 10:00:00 2025\nFrom: a\n\n"),
	  "?From jane@example.org Mon Nov 24 10:00:00 2025\\n\nFrom= a\n", "\n" },
	{ "first-line-blank", TEXT(" From: a\nTo: b\n\n"), "? From: a\\n\nTo= b\n", "\n" },
	{ "colon-first", TEXT(": a\nTo: b\n\n"), "?: a\\n\nTo= b\n", "\n" },
	{ "name-with-nul", TEXT("Fr\0om: a\nTo: b\n\n"), "?Fr\\000om: a\\n\nTo= b\n", "\n" },
	{ "name-with-bom", TEXT("\357\273\277From: a\nTo: b\n\n"),
	  "?\\357\\273\\277From: a\\n\nTo= b\n", "\n" },
	{ "name-with-blank", TEXT("Fr om: a\nTo: b\n\n"), "?Fr om: a\\n\nTo= b\n", "\n" },
	{ "value-with-nul", TEXT("From: a\0b\n\n"), "From= a\\000b\n", "\n" },
	{ "bare-cr-stays-inside", TEXT("From: a\rTo: b\n\n"), "From= a\\rTo: b\n", "\n" },
	{ "cr-cr-lf-ends-a-line", TEXT("From: a\r\r\nTo: b\n\n"), "From= a\nTo= b\n", "\n" },
	{ "cr-cr-lf-alone-is-junk", TEXT("From: a\n\r\r\nTo: b\n\n"),
	  "From= a\n?\\r\\r\\n\nTo= b\n", "\n" },
	{ "lf-among-crlf", TEXT("From: a\r\nTo: b\n\n"), "From= a\nTo= b\n", "\n" },
	{ "last-line-mixed", TEXT("From: a\n\r\n"), "From= a\n", "\r\n" },
};

static void
append_escaped(GString *to, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == '\n')
			g_string_append(to, "\\n");
		else if (c == '\r')
			g_string_append(to, "\\r");
		else if (c == '\t')
			g_string_append(to, "\\t");
		else if (c < ' ' || c > '~')
			g_string_append_printf(to, "\\%03o", c);
		else
			g_string_append_c(to, (char)c);
	}
}

/* What is found by name is what the partition holds under that name, in the same order. */
static void
check_named(const Head *head)
{
	static const char *const names[] = { "a", "FROM", "Sender", "x", NULL };
	HeadItem item, named;
	size_t at = 0, named_at = 0;

	while (head_next(head, &at, &item)) {
		bool wanted = false;
		for (size_t i = 0; names[i]; i++)
			wanted = wanted || head_item_is(&item, names[i]);
		if (!wanted)
			continue;
		g_assert_true(head_next_named(head, &named_at, names, &named));
		g_assert_cmpuint(named.offset, ==, item.offset);
		g_assert_cmpuint(named.length, ==, item.length);
		g_assert_true(named.value.data == item.value.data);
		g_assert_cmpuint(named.value.length, ==, item.value.length);
	}
	g_assert_false(head_next_named(head, &named_at, names, &named));
}

/* The law of the partition: the items joined, and the empty line behind them, are the head. */
static void
check_partition(const Head *head)
{
	HeadItem item;
	size_t at = 0, sum = 0;

	while (head_next(head, &at, &item)) {
		g_assert_cmpuint(item.offset, ==, sum);
		g_assert_cmpuint(item.length, >, 0);
		sum += item.length;
		g_assert_cmpuint(at, ==, sum);
		if (!item.is_field)
			continue;
		g_assert_cmpuint(item.name.length, >, 0);
		g_assert_true(item.name.data == head->bytes.data + item.offset);
		g_assert_true(item.value.data > item.name.data + item.name.length);
		g_assert_true(item.value.data[-1] == ':');
		g_assert_true(item.value.data + item.value.length <=
		              head->bytes.data + item.offset + item.length);
	}
	g_assert_cmpuint(sum, ==, head->fields_end);
	g_assert_cmpuint(head->fields_end, <=, head->bytes.length);
	g_assert_cmpuint(head->bytes.length - head->fields_end, <=, 2);
	Head unknown = { head->bytes, head->fields_end };
	check_named(head);
	check_named(&unknown);
}

static void
test_partition(gconstpointer data)
{
	const PartRow *row = data;
	Head head = head_parse(row->text, row->length);
	g_autoptr(GString) got = g_string_new(NULL);
	HeadItem item;
	size_t at = 0;

	g_test_message("%s", row->name);
	check_partition(&head);
	while (head_next(&head, &at, &item)) {
		if (item.is_field) {
			append_escaped(got, item.name.data, item.name.length);
			g_string_append_c(got, '=');
			append_escaped(got, item.value.data, item.value.length);
		} else {
			g_string_append_c(got, '?');
			append_escaped(got, row->text + item.offset, item.length);
		}
		g_string_append_c(got, '\n');
	}
	g_assert_cmpstr(got->str, ==, row->items);
	g_assert_cmpmem(head.bytes.data, head.bytes.length, row->text, row->length);
	g_assert_cmpmem(row->text + head.fields_end, row->length - head.fields_end, row->rest,
	                strlen(row->rest));
}

typedef struct {
	const char *name;
	const char *text;
	size_t length;
	const char *places; /* NAME#NTH=VALUE, escaped, a line each */
} PlaceRow;

static const PlaceRow place_rows[] = {
	{ "plain", TEXT("From: a\nSender: b\nReply-To: c\n\n"),
	  "From#1= a\nSender#1= b\nReply-To#1= c\n" },
	{ "crlf", TEXT("From: a\r\nSender: b\r\n\r\n"), "From#1= a\nSender#1= b\n" },
	{ "every-instance", TEXT("From: a\nTo: x\nFROM: b\nfrom: c\n\n"),
	  "From#1= a\nFrom#2= b\nFrom#3= c\n" },
	{ "counts-per-name", TEXT("From: a\nSender: b\nFrom: c\nSender: d\n\n"),
	  "From#1= a\nSender#1= b\nFrom#2= c\nSender#2= d\n" },
	{ "longest-name", TEXT("Resent-Reply-To: a\n\n"), "Resent-Reply-To#1= a\n" },
	{ "value-folded", TEXT("From: a\r\n b\r\n\r\n"), "From#1= a\\r\\n b\n" },
	{ "value-folded-first", TEXT("From:\n a\n\n"), "From#1=\\n a\n" },
	{ "value-empty", TEXT("From:\n\n"), "From#1=\n" },
	{ "no-last-newline", TEXT("From: a"), "From#1= a\n" },
	{ "other-names", TEXT("X-From: a\nFroms: b\nFro: c\nTo: d\nFrom-: e\n\n"), "" },
	{ "body-is-not-read", TEXT("To: a\n\n"), "" },
	{ "none", TEXT("\n"), "" },

	{ "blanks-before-colon", TEXT("From : a\nFrom\t: b\nFrom \t : c\n\n"),
	  "From#1= a\nFrom#2= b\nFrom#3= c\n" },
	{ "blank-in-name", TEXT("Fr om: a\n\n"), "From#0= a\n" },
	{ "nul-in-name", TEXT("From\0: a\n\0From: b\nFr\0om: c\n\n"),
	  "From#0= a\nFrom#0= b\nFrom#0= c\n" },
	{ "control-in-name", TEXT("Fr\001om: a\n\177From: b\n\n"), "From#0= a\nFrom#0= b\n" },
	{ "bom-before-name", TEXT("\357\273\277From: a\n\n"), "From#0= a\n" },
	{ "bom-in-name", TEXT("Fr\357\273\277om: a\n\n"), "From#0= a\n" },
	{ "eight-bit-in-name", TEXT("From\240: a\n\n"), "From#0= a\n" },
	{ "hidden-does-not-count", TEXT("Fr\0om: a\nFrom: b\n\n"), "From#0= a\nFrom#1= b\n" },
	{ "name-folded-from-colon", TEXT("From\n : a\n\n"), "From#0= a\n" },
	{ "name-folded-from-colon-crlf", TEXT("From\r\n : a\r\n\r\n"), "From#0= a\n" },
	{ "name-and-next-line", TEXT("Fr\nom: a\n\n"), "" },
	{ "mbox-line", TEXT("From jane@example.org Mon Nov 24 10:00:00 2025\nFrom: a\n\n"),
	  "From#1= a\n" },

	{ "continuation-is-no-field", TEXT("Subject: a\n From: b\n\n"), "" },
	{ "continuation-crlf", TEXT("Subject: a\r\n From: b\r\n\r\n"), "" },
	{ "continuation-after-cr-cr-lf", TEXT("Subject: a\r\r\n From: b\r\n\r\n"), "" },
	{ "continuation-of-from", TEXT("From: a\n Sender: b\n\n"), "From#1= a\\n Sender: b\n" },
	{ "after-junk", TEXT("junk\nFrom: a\n\n"), "From#1= a\n" },
	{ "after-junk-continuation", TEXT("junk\n From: a\n\tSender: b\n\n"), "" },
	{ "after-junk-hidden", TEXT("junk\nFr\0om: a\n\n"), "From#0= a\n" },
	{ "after-junk-blank-line", TEXT("junk\n \n From: a\n\n"), "From#0= a\n" },
	{ "junk-is-a-place", TEXT("To: x\nFr om: a\njunk\n\n"), "From#0= a\n" },
	{ "counts-after-junk", TEXT("From: a\njunk\nFrom: b\n\n"), "From#1= a\nFrom#2= b\n" },
	{ "after-blank-line", TEXT("Subject: a\n \nFrom: b\n\n"), "From#1= b\n" },
	{ "after-blank-line-blank-led", TEXT("Subject: a\n \n From: b\n\n"), "From#0= b\n" },
	{ "after-blank-line-crlf", TEXT("Subject: a\r\n\t \r\n\tFrom: b\r\n\r\n"), "From#0= b\n" },
	{ "outer-wins-blank-line", TEXT("From: a\n \n Sender: b\n\n"),
	  "From#1= a\\n \\n Sender: b\n" },
	{ "first-line-blank", TEXT(" From: a\nTo: b\n\n"), "From#0= a\n" },
	{ "first-line-tab", TEXT("\tFrom: a\r\nTo: b\r\n\r\n"), "From#0= a\n" },
	{ "first-line-white", TEXT(" \n From: a\nTo: b\n\n"), "From#0= a\n" },

	{ "bare-cr", TEXT("Subject: a\rFrom: b\n\n"), "From#0= b\n" },
	{ "bare-cr-crlf", TEXT("Subject: a\rFrom: b\r\n\r\n"), "From#0= b\n" },
	{ "bare-cr-no-newline", TEXT("Subject: a\rFrom: b"), "From#0= b\n" },
	{ "bare-cr-then-blank", TEXT("Subject: a\r From: b\n\n"), "From#0= b\n" },
	{ "bare-cr-hidden-name", TEXT("Subject: a\rFr\0om: b\n\n"), "From#0= b\n" },
	{ "bare-cr-ends-at-cr", TEXT("Subject: a\rFrom: b\rc\n\n"), "From#0= b\n" },
	{ "bare-cr-two", TEXT("Subject: a\rFrom: b\rSender: c\n\n"), "From#0= b\nSender#0= c\n" },
	{ "bare-cr-folded", TEXT("Subject: a\rFrom: b\n c\nTo: d\n\n"), "From#0= b\\n c\n" },
	{ "bare-cr-folded-by-cr", TEXT("Subject: a\rFrom: b\r c\n\n"), "From#0= b\\r c\n" },
	{ "bare-cr-folds-then-cr", TEXT("Subject: a\rFrom: b\n \r c\rX: y\n\n"),
	  "From#0= b\\n \\r c\n" },
	{ "bare-cr-cr", TEXT("Subject: a\r\rFrom: b\n\n"), "From#0= b\n" },
	{ "bare-cr-in-junk", TEXT("junk\rFrom: a\n\n"), "From#0= a\n" },
	{ "bare-cr-first", TEXT("\rFrom: a\n\n"), "From#0= a\n" },
	{ "bare-cr-in-body-of-fold", TEXT("Subject: a\n b\rFrom: c\n\n"), "From#0= c\n" },
	{ "outer-wins-cr", TEXT("From: a\rFrom: b\n\n"), "From#1= a\\rFrom: b\n" },
	{ "cr-does-not-count", TEXT("Subject: a\rFrom: b\nFrom: c\n\n"), "From#0= b\nFrom#1= c\n" },
	{ "sign-before-name", TEXT(">From: a\n)From: b\n>>From: c\n;From: d\n\n"),
	  "From#1= a\nFrom#1= b\nFrom#1= c\nFrom#1= d\n" },
	{ "sign-inside-name", TEXT("F_r.o/m: a\nReply~-To: b\n\n"), "From#1= a\nReply-To#1= b\n" },
	{ "sign-behind-name", TEXT("From>: a\nFrom;: b\nFrom\t>: c\n\n"),
	  "From#1= a\nFrom#1= b\nFrom#0= c\n" },
	{ "signs-with-blanks", TEXT("> From: a\n> > From: b\n\n"), "From#0= a\nFrom#0= b\n" },
	{ "quoted-name", TEXT("\"From\": a\n'From': b\n<From>: c\n\n"),
	  "From#1= a\nFrom#1= b\nFrom#1= c\n" },
	{ "sign-counts-per-name", TEXT(">From: a\nFrom: b\n>from: c\nFROM: d\n\n"),
	  "From#1= a\nFrom#1= b\nFrom#2= c\nFrom#2= d\n" },
	{ "hyphen-and-digit-are-no-signs", TEXT("-From: a\nFrom1: b\nReply--To: c\n\n"), "" },
	{ "sign-behind-cr", TEXT("X: y\r>From: a\n\n"), "From#0= a\n" },
	{ "sign-over-a-fold", TEXT(">\n From: a\n\n"), "From#0= a\n" },

	{ "comment-before-name", TEXT("(x)From: a\n(x) From: b\n\n"), "From#1= a\nFrom#0= b\n" },
	{ "comment-behind-name", TEXT("From(x): a\nFrom (x): b\nFrom(x) : c\n\n"),
	  "From#1= a\nFrom#0= b\nFrom#2= c\n" },
	{ "comment-inside-name", TEXT("Fr(x)om: a\nReply-(x)To: b\n\n"),
	  "From#1= a\nReply-To#1= b\n" },
	{ "comment-is-the-name", TEXT("(From): a\n\n"), "From#1= a\n" },
	{ "comment-and-the-name", TEXT("Fr(om): a\n\n"), "From#1= a\n" },
	{ "comment-nested", TEXT("(a(b)c)From: a\n((x))From: b\n\n"), "From#1= a\nFrom#1= b\n" },
	{ "comment-quoted-pair", TEXT("(a\\)b)From: a\n(\\()From: b\n\n"),
	  "From#1= a\nFrom#1= b\n" },
	{ "comment-with-colon", TEXT("(a:b)From: a\nFrom(b:c): d\n(a:b)From: e\n\n"),
	  "From#0= a\nFrom#0= d\nFrom#0= e\n" },
	{ "comment-with-name-and-colon", TEXT("(From: a)\n(From: b) Sender: c\n\n"),
	  "From#1= a)\nFrom#2= b) Sender: c\n" },
	{ "comment-with-quotes", TEXT("(\")From: a\n(\"b\")From: b\n\n"),
	  "From#1= a\nFrom#1= b\n" },
	{ "comment-with-nul-and-cr", TEXT("(\0)From: a\n(b\rc)From: b\n\n"),
	  "From#0= a\nFrom#0= b\n" },
	{ "comment-folded", TEXT("(a\n b)From: a\nFrom(c\r\n d): b\r\n\n"),
	  "From#0= a\nFrom#0= b\n" },
	{ "comments", TEXT("(a)(b)F(c)rom(d)(e): a\n\n"), "From#1= a\n" },
	{ "comment-unclosed", TEXT("(a From: b\nFrom(a: b\n(From: c\n(a(b)From: d\n\n"),
	  "From#1= c\n" },
	{ "comment-closed-on-the-next-line", TEXT("(a\nb)From: c\n\n"), "" },
	{ "comment-hides-another", TEXT("(Sender)From: a\n(x)Subject: b\n\n"), "From#1= a\n" },
	{ "comment-behind-cr", TEXT("X: y\r(x)From: a\n\n"), "From#0= a\n" },
	{ "comment-behind-nul", TEXT("X: y\0From(x): a\n\n"), "From#0= a\n" },
	{ "comment-unclosed-then-nul", TEXT("(x\0From(x): a\n(\0(a)From: b\n\n"),
	  "From#0= a\nFrom#0= b\n" },
	{ "comment-behind-cr-cr", TEXT("X: 1\r\rFrom (x): a\nX: 1\r\0F(x)rom: b\n\n"),
	  "From#0= a\nFrom#0= b\n" },
	{ "comment-behind-nul-nul", TEXT("X: 1\0\0(x)From: a\nX: 1\0\rFrom(x): b\n\n"),
	  "From#0= a\nFrom#0= b\n" },
	{ "comment-behind-blank-first-line", TEXT(" \n F(x)rom: a\n\n"), "From#0= a\n" },
	{ "comment-behind-nul-folded", TEXT("(a\0(b)Fr.\r\n\tom: a\r\n\n"), "From#0= a\n" },
	{ "comment-behind-blank-line", TEXT("X: y\n \n (x)From: a\n\n"), "From#0= a\n" },

	{ "nul", TEXT("X: y\0From: a\nTo: b\n\n"), "From#0= a\n" },
	{ "nul-many", TEXT("X: y\0\0\0From: a\n\n"), "From#0= a\n" },
	{ "nul-then-blank", TEXT("X: y\0 From: a\n\n"), "From#0= a\n" },
	{ "nul-hidden-name", TEXT("X: y\0Fr\0om: a\n\n"), "From#0= a\n" },
	{ "nul-in-value", TEXT("X: y\0From: a\0Sender: b\n\n"), "From#0= a\\000Sender: b\n" },
	{ "nul-ends-at-cr", TEXT("X: y\0From: a\rb\n\n"), "From#0= a\n" },
	{ "nul-folded", TEXT("X: y\0From: a\n b\nTo: c\n\n"), "From#0= a\\n b\n" },
	{ "nul-in-fold", TEXT("X: y\n z\0From: a\n\n"), "From#0= a\n" },
	{ "nul-in-junk", TEXT("junk\0From: a\n\n"), "From#0= a\n" },
	{ "nul-outer-wins", TEXT("From: a\0Sender: b\n\n"), "From#1= a\\000Sender: b\n" },
	{ "nul-does-not-count", TEXT("X: y\0From: a\nFrom: b\n\n"), "From#0= a\nFrom#1= b\n" },
	{ "nul-and-cr", TEXT("X: y\0From: a\rSender: b\n\n"), "From#0= a\nSender#0= b\n" },

	{ "cr-cr-lf-is-a-line-end", TEXT("Subject: a\r\r\nFrom: b\r\n\r\n"), "From#1= b\n" },
	{ "cr-cr-lf-line-is-no-end", TEXT("Subject: a\n\r\r\nFrom: b\n\n"), "From#1= b\n" },
};

/* Places are in head order, lie within their item and do not overlap. They are the same if it is
 * not known where the lines of the head begin. */
static void
check_places(const Head *head, const GArray *places)
{
	Head unknown = { head->bytes, head->fields_end };
	g_autoptr(GArray) same = head_places(&unknown, sender_names);
	size_t behind = 0;

	g_assert_cmpmem(same->data, same->len * sizeof(HeadPlace), places->data,
	                places->len * sizeof(HeadPlace));

	for (guint i = 0; i < places->len; i++) {
		const HeadPlace *place = &g_array_index(places, HeadPlace, i);
		g_assert_cmpuint(place->offset, >=, behind);
		g_assert_cmpuint(place->item_offset, <=, place->offset);
		g_assert_cmpuint(place->value, >, place->offset);
		g_assert_cmpuint(place->end, >=, place->value);
		g_assert_cmpuint(place->end, <=, place->item_offset + place->item_length);
		g_assert_cmpuint(place->end, <=, head->fields_end);
		g_assert_cmpint(head->bytes.data[place->value - 1], ==, ':');
		behind = place->end;
	}
}

static void
test_places(gconstpointer data)
{
	const PlaceRow *row = data;
	Head head = head_parse(row->text, row->length);
	g_autoptr(GArray) places = head_places(&head, sender_names);
	g_autoptr(GString) got = g_string_new(NULL);

	g_test_message("%s", row->name);
	check_places(&head, places);
	for (guint i = 0; i < places->len; i++) {
		const HeadPlace *place = &g_array_index(places, HeadPlace, i);
		g_string_append_printf(got, "%s#%zu=", place->name, place->nth);
		append_escaped(got, row->text + place->value, place->end - place->value);
		g_string_append_c(got, '\n');
	}
	g_assert_cmpstr(got->str, ==, row->places);
}

typedef struct {
	const char *name;
	const char *text;
	size_t length;
	const char *places; /* as of PlaceRow; + before what continues a field, * behind that
	                     * field's number, and the item of each in brackets */
} ContinuingRow;

static const ContinuingRow continuing_rows[] = {
	{ "none", TEXT("From: a\njunk\nSender: b\n\n"),
	  "From#1[From: a\\n]= a\n"
	  "Sender#1[Sender: b\\n]= b\n" },
	{ "nul", TEXT("From: a\n\0Jane\nX: y\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "cr", TEXT("From: a\n\r Jane\nX: y\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\r Jane\\n]=\\r Jane\n" },
	{ "cr-cr", TEXT("From: a\n\r\rJane\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\r\\rJane\\n]=\\r\\rJane\n" },
	{ "crlf", TEXT("From: a\r\n\0Jane\r\n\r\n"),
	  "From#1*[From: a\\r\\n]= a\n"
	  "+From#0[\\000Jane\\r\\n]=\\000Jane\n" },
	{ "folded-field", TEXT("From: a\n b\n\0Jane\n\n"),
	  "From#1*[From: a\\n b\\n]= a\\n b\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "folded-junk", TEXT("From: a\n\0Jane\n Doe\nX: y\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n Doe\\n]=\\000Jane\\n Doe\n" },
	{ "two", TEXT("Sender: a\n\0Jane\n\rDoe\n\n"),
	  "Sender#1*[Sender: a\\n]= a\n"
	  "+Sender#0[\\000Jane\\n]=\\000Jane\n"
	  "+Sender#0[\\rDoe\\n]=\\rDoe\n" },
	{ "no-last-newline", TEXT("From: a\n\0Jane"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane]=\\000Jane\n" },
	{ "then-junk", TEXT("From: a\n\0Jane\njunk\n\0Doe\nX: y\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "behind-other-field", TEXT("From: a\nX: y\n\0Jane\n\n"), "From#1[From: a\\n]= a\n" },
	{ "empty-line", TEXT("From: a\n\r\r\n\0Jane\nX: y\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "empty-line-alone", TEXT("From: a\n\r\r\nX: y\n\n"), "From#1[From: a\\n]= a\n" },
	{ "empty-line-between", TEXT("From: a\n\0Jane\n\r\r\n\rDoe\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n"
	  "+From#0[\\rDoe\\n]=\\rDoe\n" },
	{ "empty-line-folds", TEXT("From: a\n\r\r\n Jane\nX: y\n\n"), "From#1!![From: a\\n]= a\n" },
	{ "hidden-field", TEXT("Fr om: a\n\0Jane\n\n"),
	  "From#0*[Fr om: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "inner-field", TEXT("X: y\rFrom: a\n\0Jane\n\n"),
	  "From#0*[X: y\\rFrom: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n" },
	{ "inner-field-inside", TEXT("X: y\rFrom: a\rz\n\0Jane\n\n"),
	  "From#0[X: y\\rFrom: a\\rz\\n]= a\n" },
	{ "inner-field-crlf", TEXT("X: y\0From: a\r\n\rJane\r\n\r\n"),
	  "From#0*[X: y\\000From: a\\r\\n]= a\n"
	  "+From#0[\\rJane\\r\\n]=\\rJane\n" },
	{ "place-with-a-comment", TEXT("From: a\n\0(Jane)Sender: b\n\n"),
	  "From#1!![From: a\\n]= a\n"
	  "Sender#0[\\000(Jane)Sender: b\\n]= b\n" },
	{ "place-with-letters", TEXT("From: a\n\r\303\244Sen\303\266der: b\n\n"),
	  "From#1!![From: a\\n]= a\n"
	  "Sender#0[\\r\\303\\244Sen\\303\\266der: b\\n]= b\n" },
	{ "place-of-its-own", TEXT("From: a\n\0Sender: b\n\n"),
	  "From#1[From: a\\n]= a\n"
	  "Sender#0[\\000Sender: b\\n]= b\n" },
	{ "inner-place-of-its-own", TEXT("From: a\n\0b\rSender: c\n\0Jane\n\n"),
	  "From#1!![From: a\\n]= a\n"
	  "Sender#0*[\\000b\\rSender: c\\n]= c\n"
	  "+Sender#0[\\000Jane\\n]=\\000Jane\n" },
	{ "between-places-of-a-run", TEXT("Fr om: a\n\0Jane\nSen der: b\n\0Doe\nX y\n\n"),
	  "From#0*[Fr om: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n"
	  "Sender#0*[Sen der: b\\n]= b\n"
	  "+Sender#0[\\000Doe\\n]=\\000Doe\n" },
	{ "before-a-place-of-the-run", TEXT("From: a\n\0Jane\nx\nSen der: b\ny\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000Jane\\n]=\\000Jane\n"
	  "Sender#0[x\\nSen der: b\\ny\\n]= b\n" },
	{ "nothing-shown", TEXT("From: a\n\0 \0\n\n"),
	  "From#1*[From: a\\n]= a\n"
	  "+From#0[\\000 \\000\\n]=\\000 \\000\n" },
};

static void
test_continuing(gconstpointer data)
{
	const ContinuingRow *row = data;
	Head head = head_parse(row->text, row->length);
	g_autoptr(GArray) places = head_places(&head, sender_names);
	g_autoptr(GString) got = g_string_new(NULL);

	g_test_message("%s", row->name);
	head_add_continuing(&head, places);
	for (guint i = 0; i < places->len; i++) {
		const HeadPlace *place = &g_array_index(places, HeadPlace, i);
		g_assert_true(!place->goes_on || place->value == place->item_offset);
		g_string_append_printf(got, "%s%s#%zu%s%s[", place->goes_on ? "+" : "", place->name,
		                       place->nth,
		                       place->is_continued && !place->goes_on ? "*" : "",
		                       place->is_torn && !place->goes_on ? "!!" : "");
		append_escaped(got, row->text + place->item_offset, place->item_length);
		g_string_append(got, "]=");
		append_escaped(got, row->text + place->value, place->end - place->value);
		g_string_append_c(got, '\n');
	}
	g_assert_cmpstr(got->str, ==, row->places);
}

static void
test_place_item(void)
{
	static const char text[] = "To: x\nSubject: a\rFrom: b\n c\njunk\r\nFr\1om: d\r\n\n";
	Head head = head_parse(text, strlen(text));
	g_autoptr(GArray) places = head_places(&head, sender_names);

	g_assert_cmpuint(places->len, ==, 2);
	const HeadPlace *in_field = &g_array_index(places, HeadPlace, 0);
	g_assert_cmpuint(in_field->nth, ==, 0);
	g_assert_cmpuint(in_field->item_offset, ==, 6);
	g_assert_cmpuint(in_field->item_length, ==, strlen("Subject: a\rFrom: b\n c\n"));
	g_assert_cmpuint(in_field->offset, ==, 17);
	const HeadPlace *in_junk = &g_array_index(places, HeadPlace, 1);
	g_assert_cmpuint(in_junk->nth, ==, 0);
	g_assert_cmpuint(in_junk->item_offset, ==, 28);
	g_assert_cmpuint(in_junk->item_length, ==, strlen("junk\r\nFr\1om: d\r\n"));
	g_assert_cmpstr(in_field->line_end, ==, "\n");
	g_assert_cmpstr(in_junk->line_end, ==, "\r\n");
}

/* Only the names asked for are found. */
static void
test_names_asked(void)
{
	static const char text[] = "From: a\nCc: b\nTo: c\nTo\1: d\n\n";
	static const char *const none[] = { NULL }, *const recipients[] = { "To", "Cc", NULL };
	Head head = head_parse(text, strlen(text));
	g_autoptr(GArray) nothing = head_places(&head, none);
	g_autoptr(GArray) two = head_places(&head, recipients);

	g_assert_cmpuint(nothing->len, ==, 0);
	g_assert_cmpuint(two->len, ==, 3);
	g_assert_cmpstr(g_array_index(two, HeadPlace, 0).name, ==, "Cc");
	g_assert_cmpstr(g_array_index(two, HeadPlace, 1).name, ==, "To");
	g_assert_cmpuint(g_array_index(two, HeadPlace, 2).nth, ==, 0);
}

/* What is added holds no place, and items neither overlap nor hide where they belong. */
static void
check_continuing(const Head *head, const GArray *places, const GArray *more)
{
	size_t behind = 0, item = 0;
	guint n = 0;

	for (guint i = 0; i < more->len; i++) {
		const HeadPlace *place = &g_array_index(more, HeadPlace, i);
		g_assert_cmpuint(place->offset, >=, behind);
		g_assert_cmpuint(place->item_offset, <=, place->offset);
		g_assert_cmpuint(place->item_offset, >=, item);
		g_assert_cmpuint(place->end, <=, place->item_offset + place->item_length);
		if (i + 1 < more->len) {
			const HeadPlace *next = place + 1;
			g_assert_true(next->item_offset == place->item_offset ||
			              next->item_offset >= place->item_offset + place->item_length);
		}
		behind = place->end;
		item = place->item_offset;
		if (place->goes_on) {
			char first = head->bytes.data[place->offset];
			g_assert_true(first == '\0' || first == '\r');
			g_assert_cmpint(head->bytes.data[place->offset - 1], ==, '\n');
			continue;
		}
		g_assert_cmpuint(n, <, places->len);
		g_assert_cmpuint(place->offset, ==, g_array_index(places, HeadPlace, n).offset);
		n++;
	}
	g_assert_cmpuint(n, ==, places->len);
}

/* Which of its name the place at @offset is; 0: there is none. */
static size_t
nth_at(const GArray *places, size_t offset)
{
	for (guint i = 0; i < places->len; i++) {
		const HeadPlace *place = &g_array_index(places, HeadPlace, i);
		if (place->offset == offset)
			return place->nth;
	}
	return 0;
}

/* Laws over many heads made of the pieces that matter. */
static void
test_laws(void)
{
	static const char *const pieces[] = {
		"From",   ":",       " ", "\t",           "\n", "\r\n", "\r", "\r\r\n", "a@b",
		"Sender", "Subject", ",", "\357\273\277", "\1", ">",    "(",  ")",      "\\"
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 20000; round++) {
		g_autoptr(GString) text = g_string_new(NULL);
		size_t from = 0, end;
		for (int n = g_rand_int_range(rand, 0, 24); n > 0; n--) {
			gint32 k = g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces) + 1);
			if (k == (gint32)G_N_ELEMENTS(pieces))
				g_string_append_c(text, '\0');
			else
				g_string_append(text, pieces[k]);
		}
		if (!head_find_end(text->str, text->len, &from, &end))
			end = text->len;
		Head head = head_parse(text->str, end);
		g_autoptr(GArray) places = head_places(&head, sender_names);
		check_partition(&head);
		check_places(&head, places);
		g_autoptr(GArray) more = head_places(&head, sender_names);
		head_add_continuing(&head, more);
		check_continuing(&head, places, more);

		/* No field of that name without a place. */
		HeadItem item;
		size_t at = 0, n = 0;
		while (head_next(&head, &at, &item)) {
			if (head_item_is(&item, "from"))
				g_assert_cmpuint(nth_at(places, item.offset), ==, ++n);
		}
	}
}

/* Of more fields than a head remembers the beginnings of, and of those above one of them. */
static void
test_many(void)
{
	static const char *const kinds[] = { "From: x\n", "a: 1\n b\n", "junk\n", "b:\n",
		                             "sender :\r\n x\n" };
	g_autoptr(GString) text = g_string_new(" begins folded\n");

	for (unsigned i = 0; i < 3 * HEAD_STARTS; i++)
		g_string_append(text, kinds[(i * i + i / 5) % G_N_ELEMENTS(kinds)]);
	Head head = head_parse(text->str, text->len), above = head;
	check_partition(&head);
	HeadItem item;
	for (size_t at = 0; head_next(&head, &at, &item);) {
		above.fields_end = item.offset;
		check_named(&above);
		above.fields_end += item.length / 2;
		check_named(&above);
	}
}

/* Many lines take no more than linear time; a quadratic walk would not end. */
static void
test_large(void)
{
	g_autoptr(GString) text = g_string_new("Subject: a");

	for (unsigned i = 0; i < 300000; i++)
		g_string_append(text, "\r\n \n F");
	g_string_append(text, "\rFrom: x\n\n");
	Head head = head_parse(text->str, text->len);
	g_autoptr(GArray) places = head_places(&head, sender_names);
	check_partition(&head);
	g_assert_cmpuint(places->len, ==, 1);
}

/* What could be read again and again: comments that do not end, letters and signs far apart. */
static void
test_large_names(void)
{
	static const struct {
		const char *begin;
		const char *unit;
		size_t length;
		size_t repeats;
	} heads[] = {
		{ "X: ", TEXT("(\0"), 1000000 },
		{ "X: ", TEXT("(a)\0"), 700000 },
		{ "X: ", TEXT("(a)F\0>>>>>"), 300000 },
		{ "X: ", TEXT("(a\0"), 1000000 },
		{ "X: ", TEXT(">\0"), 1000000 },
		{ "X: (", TEXT(">\0"), 1000000 },
		{ "X: ", TEXT("(\r"), 1000000 },
		{ "X: y\n \n", TEXT(" (\n \n"), 300000 },
		{ "(", TEXT("("), 3000000 },
		{ "X: ", TEXT("\0(\0F"), 500000 },
		{ "F", TEXT("(\0"), 1000000 },
		{ "From", TEXT(">"), 3000000 },
		{ "", TEXT("(a\n"), 500000 },
		{ "X: y\r(", TEXT("\r ("), 500000 },
		{ "From: a\n", TEXT("\0\n"), 500000 },
		{ "", TEXT("\0"), 3000000 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autoptr(GString) text = g_string_new(heads[i].begin);
		for (size_t k = 0; k < heads[i].repeats; k++)
			g_string_append_len(text, heads[i].unit, (gssize)heads[i].length);
		g_string_append(text, "r>>>>(\nFrom: x\n\n");
		Head head = head_parse(text->str, text->len);
		g_autoptr(GArray) places = head_places(&head, sender_names);
		g_test_message("%zu", i);
		head_add_continuing(&head, places);
		g_assert_cmpuint(places->len, >=, 1);
		g_assert_cmpuint(places->len, <=, HEAD_PLACES_MAX + 1);
	}
}

typedef struct {
	const char *name;
	const char *item;
	const char *end;
} LineEndRow;

static const LineEndRow line_end_rows[] = {
	{ "lf", "From: a\n", "\n" },
	{ "crlf", "From: a\r\n", "\r\n" },
	{ "none", "From: a", "" },
	{ "last-wins-lf", "From: a\r\n b\n", "\n" },
	{ "last-wins-crlf", "From: a\n b\r\n", "\r\n" },
	{ "first-fold-lf", "From: a\n b", "\n" },
	{ "first-fold-crlf", "From: a\r\n b\n c", "\r\n" },
	{ "cr-is-none", "From: a\rb", "" },
	{ "cr-cr-lf-is-neither", "From: a\r\r\n", "" },
	{ "cr-cr-lf-then-fold", "From: a\n b\r\r\n", "\n" },
	{ "of-the-item-lf", "Subject: a\r\n b\rFrom: c\n", "\n" },
	{ "of-the-item-crlf", "Subject: a\r\n b\rFrom: c", "\r\n" },
};

static void
test_line_end(gconstpointer data)
{
	const LineEndRow *row = data;
	g_autofree char *text = g_strconcat("X: y\n", row->item, NULL);
	Head head = head_parse(text, strlen(text));
	g_autoptr(GArray) places = head_places(&head, sender_names);

	g_test_message("%s", row->name);
	g_assert_cmpuint(places->len, ==, 1);
	g_assert_cmpstr(g_array_index(places, HeadPlace, 0).line_end, ==, row->end);
}

/* Of a message without a byte there may be no pointer to one. */
static void
test_nothing(void)
{
	Head head = head_parse(NULL, 0);
	g_autoptr(GArray) places = head_places(&head, sender_names);
	HeadItem item;
	size_t at = 0;

	g_assert_cmpuint(places->len, ==, 0);
	g_assert_false(head_next(&head, &at, &item));
	g_assert_false(head_next_named(&head, &at, sender_names, &item));
}

static void
test_item_is(void)
{
	static const char text[] = "rEcEiVeD: a\njunk\n";
	Head head = head_parse(text, strlen(text));
	HeadItem item;
	size_t at = 0;

	g_assert_true(head_next(&head, &at, &item));
	g_assert_true(head_item_is(&item, "Received"));
	g_assert_false(head_item_is(&item, "Receive"));
	g_assert_false(head_item_is(&item, "Received-SPF"));
	g_assert_true(head_next(&head, &at, &item));
	g_assert_false(head_item_is(&item, "junk"));
	g_assert_false(head_next(&head, &at, &item));
}

#define ADD_ROWS(rows, prefix, function)                                                           \
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {                                          \
		g_autofree char *path = g_strconcat(prefix, rows[i].name, NULL);                   \
		g_test_add_data_func(path, &rows[i], function);                                    \
	}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_ROWS(end_rows, "/head/end/", test_end);
	ADD_ROWS(part_rows, "/head/partition/", test_partition);
	ADD_ROWS(place_rows, "/head/places/", test_places);
	ADD_ROWS(continuing_rows, "/head/continuing/", test_continuing);
	ADD_ROWS(line_end_rows, "/head/line-end/", test_line_end);
	g_test_add_func("/head/place-item", test_place_item);
	g_test_add_func("/head/names-asked", test_names_asked);
	g_test_add_func("/head/nothing", test_nothing);
	g_test_add_func("/head/item-is", test_item_is);
	g_test_add_func("/head/laws", test_laws);
	g_test_add_func("/head/many", test_many);
	g_test_add_func("/head/large", test_large);
	g_test_add_func("/head/large-names", test_large_names);
	return g_test_run();
}
