/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves which values of a sender field are understood, which addr-specs and names they give, byte
 * for byte, and that a built value shows only the addr-specs, in lines of at most 78 bytes. */
#include <string.h>

#include "core/address.h"

/* Text with its length, since some rows hold NULs. */
#define TEXT(s) (s), sizeof(s) - 1

typedef enum {
	BARE,  /* nothing but addr-specs, commas, <> and blanks: stays */
	NAMED, /* addr-specs, and text beside them */
	QUIET, /* not bare, but it shows no text */
	WORDS, /* text without addr-spec */
	NOT,   /* not understood: no address, and the whole value is the name */
} Kind;

typedef struct {
	const char *name;
	const char *value;
	size_t length;
	Kind kind;
	const char *addresses; /* joined by | */
	const char *names;     /* joined by |, in any order; NULL of NOT: the value */
} Row;

static const Row rows[] = {
	/* Bare already. */
	{ "plain", TEXT(" jane@example.org"), BARE, "jane@example.org", "" },
	{ "plain-no-blank", TEXT("jane@example.org"), BARE, "jane@example.org", "" },
	{ "plain-blanks", TEXT(" \t jane@example.org \t"), BARE, "jane@example.org", "" },
	{ "plain-fold", TEXT("\r\n jane@example.org"), BARE, "jane@example.org", "" },
	{ "plain-fold-behind", TEXT(" jane@example.org\n "), BARE, "jane@example.org", "" },
	{ "angle-only", TEXT(" <jane@example.org>"), BARE, "jane@example.org", "" },
	{ "angle-blanks", TEXT(" < jane@example.org >"), BARE, "jane@example.org", "" },
	{ "two", TEXT(" a@x.example, b@y.example"), BARE, "a@x.example|b@y.example", "" },
	{ "repeats-stay", TEXT("b@x.example, a@x.example, b@x.example"), BARE,
	  "b@x.example|a@x.example|b@x.example", "" },
	{ "empty-elements", TEXT(",, a@x.example , ,"), BARE, "a@x.example", "" },
	{ "null-path-beside", TEXT("a@x.example, <>"), BARE, "a@x.example", "" },
	{ "case-stays", TEXT("Jane.DOE@Example.ORG"), BARE, "Jane.DOE@Example.ORG", "" },
	{ "atext", TEXT("!#$%&'*+-/=^_`{|}~?@example.org"), BARE, "!#$%&'*+-/=^_`{|}~?@example.org",
	  "" },

	/* What shows nothing. */
	{ "nothing", TEXT(""), BARE, "", "" },
	{ "blanks", TEXT(" \t "), BARE, "", "" },
	{ "commas", TEXT(" , ,"), BARE, "", "" },
	{ "null-path", TEXT(" <>"), BARE, "", "" },
	{ "null-path-blank", TEXT(" < >"), BARE, "", "" },
	{ "blank-comment", TEXT(" ( )"), QUIET, "", "" },
	{ "empty-comment", TEXT("()"), QUIET, "", "" },
	{ "empty-comment-beside", TEXT("a@x.example ()"), QUIET, "a@x.example", "" },

	/* Names. */
	{ "phrase", TEXT(" Jane Doe <jane@example.org>"), NAMED, "jane@example.org", "Jane Doe" },
	{ "phrase-no-blank", TEXT("Jane<jane@example.org>"), NAMED, "jane@example.org", "Jane" },
	{ "phrase-fold", TEXT("Jane\r\n Doe\r\n <jane@example.org>"), NAMED, "jane@example.org",
	  "Jane Doe" },
	{ "phrase-fold-lf", TEXT("Jane\n\tDoe <jane@example.org>"), NAMED, "jane@example.org",
	  "Jane\tDoe" },
	{ "phrase-fold-cr-cr-lf", TEXT("Jane\r\r\n Doe <jane@example.org>"), NAMED,
	  "jane@example.org", "Jane Doe" },
	{ "phrase-dot", TEXT("J. Doe <jane@example.org>"), NAMED, "jane@example.org", "J. Doe" },
	{ "phrase-utf8", TEXT("J\303\244ne <jane@example.org>"), NAMED, "jane@example.org",
	  "J\303\244ne" },
	{ "phrase-8-bit", TEXT("J\344ne <jane@example.org>"), NAMED, "jane@example.org",
	  "J\344ne" },
	{ "phrase-encoded", TEXT("=?utf-8?q?Jane?= <jane@example.org>"), NAMED, "jane@example.org",
	  "=?utf-8?q?Jane?=" },
	{ "phrase-encoded-address", TEXT("=?utf-8?q?ceo=40corp.example?= <x@y.example>"), NAMED,
	  "x@y.example", "=?utf-8?q?ceo=40corp.example?=" },
	{ "phrase-bidi", TEXT("Jane \342\200\256 <jane@example.org>"), NAMED, "jane@example.org",
	  "Jane \342\200\256" },
	{ "quoted", TEXT("\"Jane Doe\" <jane@example.org>"), NAMED, "jane@example.org",
	  "Jane Doe" },
	{ "quoted-comma", TEXT("\"Doe, Jane\" <jane@example.org>"), NAMED, "jane@example.org",
	  "Doe, Jane" },
	{ "quoted-address", TEXT("\"ceo@corp.example\" <x@y.example>"), NAMED, "x@y.example",
	  "ceo@corp.example" },
	{ "quoted-angle", TEXT("\"<ceo@corp.example>\" <x@y.example>"), NAMED, "x@y.example",
	  "<ceo@corp.example>" },
	{ "quoted-colon", TEXT("\"a: b;\" <x@y.example>"), NAMED, "x@y.example", "a: b;" },
	{ "quoted-pair", TEXT("\"Jane \\\"J\\\" Doe\" <x@y.example>"), NAMED, "x@y.example",
	  "Jane \"J\" Doe" },
	{ "quoted-paren", TEXT("\"Jane (\" <x@y.example>"), NAMED, "x@y.example", "Jane (" },
	{ "quoted-twice", TEXT("\"Jane\" \"Doe\" <x@y.example>"), NAMED, "x@y.example",
	  "Jane Doe" },
	{ "quoted-empty", TEXT("\"\" <x@y.example>"), NAMED, "x@y.example", "" },
	{ "comment-behind", TEXT("jane@example.org (Jane Doe)"), NAMED, "jane@example.org",
	  "Jane Doe" },
	{ "comment-before", TEXT("(Jane Doe) jane@example.org"), NAMED, "jane@example.org",
	  "Jane Doe" },
	{ "comment-behind-angle", TEXT("<jane@example.org> (Jane)"), NAMED, "jane@example.org",
	  "Jane" },
	{ "comment-in-angle", TEXT("<jane@example.org (Jane)>"), NAMED, "jane@example.org",
	  "Jane" },
	{ "comment-first-in-angle", TEXT("<(Jane) jane@example.org>"), NAMED, "jane@example.org",
	  "Jane" },
	{ "comment-nested", TEXT("jane@example.org (a (b) c)"), NAMED, "jane@example.org",
	  "a (b) c" },
	{ "comment-quoted-pair", TEXT("jane@example.org (a\\) b)"), NAMED, "jane@example.org",
	  "a) b" },
	{ "comment-address", TEXT("x@y.example (ceo@corp.example)"), NAMED, "x@y.example",
	  "ceo@corp.example" },
	{ "comment-angle", TEXT("x@y.example (<ceo@corp.example>)"), NAMED, "x@y.example",
	  "<ceo@corp.example>" },
	{ "comment-comma", TEXT("x@y.example (a, b@c.example)"), NAMED, "x@y.example",
	  "a, b@c.example" },
	{ "comment-quote", TEXT("x@y.example (say \")"), NAMED, "x@y.example", "say \"" },
	{ "comment-and-phrase", TEXT("Jane <x@y.example> (work)"), NAMED, "x@y.example",
	  "Jane|work" },
	{ "comment-alone-beside", TEXT("a@x.example, (CEO)"), NAMED, "a@x.example", "CEO" },
	{ "comment-in-null-path", TEXT("a@x.example, <(CEO)>"), NAMED, "a@x.example", "CEO" },
	{ "two-named", TEXT("Jane <a@x.example>, \"Joe\" <b@y.example>"), NAMED,
	  "a@x.example|b@y.example", "Jane|Joe" },

	/* One balanced <addr-spec> that ends the element, whatever stands before it. */
	{ "text-with-at", TEXT("ceo@corp.example via Foo <x@y.example>"), NAMED, "x@y.example",
	  "ceo@corp.example via Foo" },
	{ "text-is-address", TEXT("ceo@corp.example <x@y.example>"), NAMED, "x@y.example",
	  "ceo@corp.example" },
	{ "text-brackets", TEXT("[List] Jane <x@y.example>"), NAMED, "x@y.example", "[List] Jane" },
	{ "text-bracket-open", TEXT("[Jane <x@y.example>"), NAMED, "x@y.example", "[Jane" },
	{ "text-bracket-close", TEXT("Jane] <x@y.example>"), NAMED, "x@y.example", "Jane]" },
	{ "text-angle-open", TEXT("a < b <x@y.example>"), NAMED, "x@y.example", "a < b" },
	{ "text-angle-close", TEXT("a > b <x@y.example>"), NAMED, "x@y.example", "a > b" },
	{ "text-angle-double", TEXT("<<x@y.example>"), NAMED, "x@y.example", "<" },
	{ "text-paren-close", TEXT("Jane) <x@y.example>"), NAMED, "x@y.example", "Jane)" },
	{ "text-control", TEXT("Ja\001ne\177 <x@y.example>"), NAMED, "x@y.example",
	  "Ja\001ne\177" },
	{ "text-backslash", TEXT("Jane \\ Doe <x@y.example>"), NAMED, "x@y.example",
	  "Jane \\ Doe" },
	{ "text-literal", TEXT("a@[b, c] <x@y.example>"), NAMED, "x@y.example", "a@[b, c]" },
	{ "text-null-path-first", TEXT("<> <x@y.example>"), BARE, "x@y.example", "" },
	{ "two-angles", TEXT("<a@x.example> <b@y.example>"), NOT, "", NULL },
	{ "two-angles-named", TEXT("Jane <a@x.example> Joe <b@y.example>"), NOT, "", NULL },
	{ "text-behind-angle", TEXT("<x@y.example> Jane"), NOT, "", NULL },
	{ "text-around-angle", TEXT("Jane <x@y.example> Doe"), NOT, "", NULL },
	{ "at-behind-angle", TEXT("<x@y.example>@corp.example"), NOT, "", NULL },
	{ "angle-double", TEXT("<<x@y.example>>"), NOT, "", NULL },
	{ "angle-close-behind", TEXT("<x@y.example>>"), NOT, "", NULL },
	{ "angle-open-behind", TEXT("x@y.example<"), NOT, "", NULL },
	{ "angle-null-behind", TEXT("<x@y.example> <>"), NOT, "", NULL },
	{ "angle-unclosed", TEXT("Jane <x@y.example"), NOT, "", NULL },
	{ "angle-word", TEXT("Jane <x>"), NOT, "", NULL },
	{ "angle-words", TEXT("<Jane Doe>"), NOT, "", NULL },
	{ "angle-two-inside", TEXT("<a@x.example, b@y.example>"), NOT, "", NULL },
	{ "angle-comma-behind", TEXT("<a@x.example,>"), NOT, "", NULL },
	{ "angle-mailto", TEXT("Jane <mailto:x@y.example>"), NOT, "", NULL },
	{ "angle-quoted", TEXT("<\"x@y.example\">"), NOT, "", NULL },
	{ "address-null-path", TEXT("x@y.example <>"), NOT, "", NULL },
	{ "null-path-address", TEXT("<> x@y.example"), NOT, "", NULL },
	{ "missing-comma", TEXT("a@x.example b@y.example"), NOT, "", NULL },
	{ "text-before-address", TEXT("Jane x@y.example"), NOT, "", NULL },
	{ "text-behind-address", TEXT("x@y.example Jane"), NOT, "", NULL },
	{ "quoted-before-address", TEXT("\"Jane\" x@y.example"), NOT, "", NULL },
	{ "one-bad-spoils", TEXT("Jane <a@x.example>, b@"), NOT, "", NULL },

	/* Routes. */
	{ "route", TEXT("<@a.example:x@y.example>"), QUIET, "x@y.example", "" },
	{ "route-two", TEXT("<@a.example,@b.example:x@y.example>"), QUIET, "x@y.example", "" },
	{ "route-commas", TEXT("<,@a.example,,@b.example,:x@y.example>"), QUIET, "x@y.example",
	  "" },
	{ "route-named", TEXT("Jane <@a.example:x@y.example>"), NAMED, "x@y.example", "Jane" },
	{ "route-comment", TEXT("<@a.example(c):x@y.example>"), NAMED, "x@y.example", "c" },
	{ "route-no-colon", TEXT("<@a.example x@y.example>"), NOT, "", NULL },
	{ "route-no-address", TEXT("<@a.example:>"), NOT, "", NULL },
	{ "route-no-domain", TEXT("<@:x@y.example>"), NOT, "", NULL },

	/* Text without @, < and > spoils nothing. */
	{ "word", TEXT(" CEO"), WORDS, "", "CEO" },
	{ "words", TEXT("Chief Executive Officer"), WORDS, "", "Chief Executive Officer" },
	{ "word-quoted", TEXT("\"Jane Doe\""), WORDS, "", "Jane Doe" },
	{ "word-quoted-address", TEXT("\"ceo@corp.example\""), WORDS, "", "ceo@corp.example" },
	{ "word-quoted-empty", TEXT("\"\""), WORDS, "", "" },
	{ "word-comment", TEXT("(CEO)"), WORDS, "", "CEO" },
	{ "word-comment-address", TEXT("(ceo@corp.example)"), WORDS, "", "ceo@corp.example" },
	{ "word-comment-null-path", TEXT("<(CEO)>"), WORDS, "", "CEO" },
	{ "word-null-path", TEXT("Jane <>"), WORDS, "", "Jane" },
	{ "word-quoted-null-path", TEXT("\"Jane\" <>"), WORDS, "", "Jane" },
	{ "word-encoded", TEXT("=?utf-8?q?ceo=40corp.example?="), WORDS, "",
	  "=?utf-8?q?ceo=40corp.example?=" },
	{ "word-wide-at", TEXT("ceo\357\274\240corp.example"), WORDS, "",
	  "ceo\357\274\240corp.example" },
	{ "word-brackets", TEXT("[a, b]"), WORDS, "", "[a|b]" },
	{ "word-beside-address", TEXT("CEO, Jane <x@y.example>, Board"), NAMED, "x@y.example",
	  "CEO|Jane|Board" },
	{ "word-beside-bare", TEXT("Doe, jane@example.org"), NAMED, "jane@example.org", "Doe" },
	{ "word-null-path-beside", TEXT("Jane <>, x@y.example"), NAMED, "x@y.example", "Jane" },

	/* Groups. */
	{ "group", TEXT("Team: a@x.example, Jane <b@y.example>;"), NAMED, "a@x.example|b@y.example",
	  "Team|Jane" },
	{ "group-empty", TEXT("undisclosed-recipients:;"), WORDS, "", "undisclosed-recipients" },
	{ "group-null-path", TEXT("Team: <>;"), WORDS, "", "Team" },
	{ "group-quoted", TEXT("\"A, B\": a@x.example;"), NAMED, "a@x.example", "A, B" },
	{ "group-unclosed", TEXT("Team: a@x.example"), NAMED, "a@x.example", "Team" },
	{ "group-nested", TEXT("A: B: a@x.example;, b@x.example;"), NAMED,
	  "a@x.example|b@x.example", "A|B" },
	{ "group-unnamed", TEXT(": a@x.example;"), NAMED, "a@x.example", "" },
	{ "group-comment", TEXT("Team (all): a@x.example;"), NAMED, "a@x.example", "Team|all" },
	{ "group-mailto", TEXT("mailto:a@x.example"), NAMED, "a@x.example", "mailto" },
	{ "group-behind", TEXT("Team: a@x.example; b@y.example"), NAMED, "a@x.example|b@y.example",
	  "Team" },
	{ "semicolon-stray", TEXT("a@x.example;"), NAMED, "a@x.example", "" },
	{ "semicolon-between", TEXT("a@x.example; b@y.example"), NAMED, "a@x.example|b@y.example",
	  "" },
	{ "colon-behind-address", TEXT("a@x.example: b@y.example"), NOT, "", NULL },
	{ "colon-behind-angle", TEXT("Jane <a@x.example>: b@y.example"), NOT, "", NULL },
	{ "colon-behind-open", TEXT("Jane <: b@y.example"), NOT, "", NULL },
	{ "colon-behind-close", TEXT("Jane >: b@y.example;"), NOT, "", NULL },
	{ "colon-behind-null-path", TEXT("<>: b@y.example;"), NOT, "", NULL },
	{ "colon-in-element", TEXT("a@x.example, Team: b@y.example"), NAMED,
	  "a@x.example|b@y.example", "Team" },

	/* The local part. */
	{ "local-quoted", TEXT("\"jane doe\"@example.org"), BARE, "\"jane doe\"@example.org", "" },
	{ "local-quoted-at", TEXT("\"a@b\"@example.org"), NOT, "", NULL },
	{ "local-quoted-angle-address", TEXT("\"<ceo@corp.example>\"@x.example"), NOT, "", NULL },
	{ "local-quoted-comma", TEXT("\"Jane Doe, CEO\"@x.example"), NOT, "", NULL },
	{ "local-quoted-paren", TEXT("\"Jane (CEO)\"@x.example"), NOT, "", NULL },
	{ "local-quoted-colon", TEXT("\"Jane:\"@x.example"), NOT, "", NULL },
	{ "local-quoted-semicolon", TEXT("\"Jane;\"@x.example"), NOT, "", NULL },
	{ "local-quoted-bracket", TEXT("\"[Jane]\"@x.example"), NOT, "", NULL },
	{ "local-quoted-pairs", TEXT("\"a\\\"\\\\b\"@example.org"), NOT, "", NULL },
	{ "local-quoted-pair-of-a-letter", TEXT("\"J\\ane\"@example.org"), NOT, "", NULL },
	{ "local-quoted-in-angle", TEXT("Jane <\"Doe, CEO\"@x.example>"), NOT, "", NULL },
	{ "local-quoted-blank", TEXT("\" \"@example.org"), NOT, "", NULL },
	{ "local-quoted-blanks-around", TEXT("\" jane doe \"@example.org"), BARE,
	  "\" jane doe \"@example.org", "" },
	{ "local-quoted-dots", TEXT("\".jane..doe.\"@example.org"), BARE,
	  "\".jane..doe.\"@example.org", "" },
	{ "local-quoted-utf8", TEXT("\"j\303\244ne doe\"@example.org"), BARE,
	  "\"j\303\244ne doe\"@example.org", "" },
	{ "local-quoted-cfws", TEXT("(a) \"jane doe\" (b) @ x.example"), NAMED,
	  "\"jane doe\"@x.example", "a|b" },
	{ "local-quoted-then-dot", TEXT("\"jane\".@example.org"), NOT, "", NULL },
	{ "local-dot-then-quoted", TEXT(".\"jane\"@example.org"), NOT, "", NULL },
	{ "local-quoted-tab", TEXT("\"a\tb\"@example.org"), BARE, "\"a\tb\"@example.org", "" },
	{ "local-quoted-fold", TEXT("\"jane\r\n doe\"@example.org"), QUIET,
	  "\"jane doe\"@example.org", "" },
	{ "local-quoted-angle", TEXT("Jane <\"jane doe\"@example.org>"), NAMED,
	  "\"jane doe\"@example.org", "Jane" },
	{ "local-quoted-dot-atom", TEXT("\"a\".b.\"c\"@example.org"), NOT, "", NULL },
	{ "local-atom-dot-quoted", TEXT("Jane-Doe.\"The CEO\"@mail.example"), NOT, "", NULL },
	{ "local-quoted-dot-quoted", TEXT("\"Jane\".\"Doe\"@mail.example"), NOT, "", NULL },
	{ "local-mixed-in-angle", TEXT("J <jane.\"The CEO\"@mail.example>"), NOT, "", NULL },
	{ "local-mixed-with-blanks", TEXT("jane . \"The CEO\" @mail.example"), NOT, "", NULL },
	{ "local-quoted-empty", TEXT("\"\"@example.org"), NOT, "", NULL },
	{ "local-quoted-adjacent", TEXT("\"a\"b@example.org"), NOT, "", NULL },
	{ "local-words", TEXT("a b@example.org"), NOT, "", NULL },
	/* Some carriers gave out local parts whose dots lead, end or double. */
	{ "dots-lead", TEXT(".jane@docomo.example"), QUIET, "\".jane\"@docomo.example", "" },
	{ "dots-end", TEXT("jane.@docomo.example"), QUIET, "\"jane.\"@docomo.example", "" },
	{ "dots-double", TEXT("ja..ne@docomo.example"), QUIET, "\"ja..ne\"@docomo.example", "" },
	{ "dots-all", TEXT("..ja...ne..@docomo.example"), QUIET, "\"..ja...ne..\"@docomo.example",
	  "" },
	{ "dots-blanks", TEXT("ja . . ne @docomo.example"), QUIET, "\"ja..ne\"@docomo.example",
	  "" },
	{ "dots-comment", TEXT("ja.(x).ne@docomo.example"), NAMED, "\"ja..ne\"@docomo.example",
	  "x" },
	{ "dots-angle", TEXT("J <jane.@docomo.example>"), NAMED, "\"jane.\"@docomo.example", "J" },
	{ "dots-second", TEXT("a@b.example, x.@c.example"), QUIET, "a@b.example|\"x.\"@c.example",
	  "" },
	{ "dots-utf8", TEXT("j\303\244.@docomo.example"), QUIET, "\"j\303\244.\"@docomo.example",
	  "" },
	{ "dots-alone", TEXT("..@docomo.example"), NOT, "", NULL },
	{ "dots-encoded-word", TEXT("=?utf-8?q?jane?=..@docomo.example"), NOT, "", NULL },
	{ "local-blank", TEXT("Jane . Doe . ceo@x.example"), QUIET, "Jane.Doe.ceo@x.example", "" },
	{ "local-blank-in-angle", TEXT("<jane .doe@x.example>"), QUIET, "jane.doe@x.example", "" },
	{ "local-fold-behind-dot", TEXT("jane.\n doe@x.example"), QUIET, "jane.doe@x.example", "" },
	{ "domain-blank", TEXT("jane@x. example"), QUIET, "jane@x.example", "" },
	{ "blanks-around", TEXT(" jane@x.example\n "), BARE, "jane@x.example", "" },
	{ "encoded-in-quoted-pairs", TEXT("\"=\\?utf-8?q?Jane?=\".x@y.example"), NOT, "", NULL },
	{ "encoded-with-quoted-pair", TEXT("\"=?utf-8?\\q?Jane?=\"@y.example"), NOT, "", NULL },
	{ "encoded-across-words", TEXT("\"=?utf-8\".\"?q?Jane?=\"@y.example"), NOT, "", NULL },
	{ "local-cfws", TEXT("jane . doe @ example . org"), QUIET, "jane.doe@example.org", "" },
	{ "local-comments", TEXT("jane(a).doe(b)@(c)example(d).org(e)"), NAMED,
	  "jane.doe@example.org", "a|b|c|d|e" },
	{ "local-fold", TEXT("jane\r\n @example.org"), QUIET, "jane@example.org", "" },
	{ "local-utf8", TEXT("j\303\244ne@example.org"), BARE, "j\303\244ne@example.org", "" },
	{ "local-mark", TEXT("jose\314\201@example.org"), BARE, "jose\314\201@example.org", "" },
	{ "local-8-bit", TEXT("j\344ne@example.org"), NOT, "", NULL },
	{ "local-8-bit-angle", TEXT("Jane <j\344ne@example.org>"), NOT, "", NULL },
	{ "local-8-bit-quoted", TEXT("\"j\344ne\"@example.org"), NOT, "", NULL },
	{ "local-overlong", TEXT("j\301\201ne@example.org"), NOT, "", NULL },
	{ "local-missing", TEXT("@example.org"), NOT, "", NULL },
	{ "local-bracket", TEXT("a[b]@example.org"), NOT, "", NULL },
	{ "local-backslash", TEXT("a\\b@example.org"), NOT, "", NULL },
	{ "local-paren", TEXT("x@y.example)"), NOT, "", NULL },
	{ "local-close", TEXT(">x@y.example"), NOT, "", NULL },

	/* The domain. */
	{ "domain-a-label", TEXT("x@xn--bcher-kva.example"), BARE, "x@xn--bcher-kva.example", "" },
	{ "domain-u-label", TEXT("x@b\303\274cher.example"), BARE, "x@b\303\274cher.example", "" },
	{ "domain-8-bit", TEXT("x@b\374cher.example"), NOT, "", NULL },
	{ "domain-overlong", TEXT("x@ex\301\201mple.org"), NOT, "", NULL },
	{ "domain-one-label", TEXT("root@localhost"), BARE, "root@localhost", "" },
	{ "domain-underscore", TEXT("x@a_b.example"), BARE, "x@a_b.example", "" },
	{ "domain-trailing-dot", TEXT("x@example.org."), QUIET, "x@example.org", "" },
	{ "domain-trailing-dot-blank", TEXT("x@example.org ."), QUIET, "x@example.org", "" },
	{ "domain-trailing-dot-angle", TEXT("J <x@example.org.>"), NAMED, "x@example.org", "J" },
	{ "domain-trailing-dot-comment", TEXT("x@example.org. (J)"), NAMED, "x@example.org", "J" },
	{ "domain-trailing-dot-quoted", TEXT("\"Jane Doe\"@mail.example."), QUIET,
	  "\"Jane Doe\"@mail.example", "" },
	{ "domain-trailing-dot-second", TEXT("a@x.example, b@y.example."), QUIET,
	  "a@x.example|b@y.example", "" },
	{ "domain-trailing-dot-route", TEXT("<@r.example.:x@y.example>"), QUIET, "x@y.example",
	  "" },
	{ "domain-trailing-dots", TEXT("x@example.org.."), NOT, "", NULL },
	{ "domain-leading-dot", TEXT("x@.example.org"), NOT, "", NULL },
	{ "domain-double-dot", TEXT("x@example..org"), NOT, "", NULL },
	{ "domain-only-dot", TEXT("x@."), NOT, "", NULL },
	{ "domain-missing", TEXT("x@"), NOT, "", NULL },
	{ "domain-missing-comma", TEXT("x@, y@example.org"), NOT, "", NULL },
	{ "domain-twice", TEXT("a@b@example.org"), NOT, "", NULL },
	{ "domain-quoted", TEXT("x@\"example.org\""), NOT, "", NULL },
	{ "domain-words", TEXT("x@example org"), NOT, "", NULL },
	{ "domain-literal", TEXT("x@[192.0.2.1]"), BARE, "x@[192.0.2.1]", "" },
	{ "domain-literal-v6", TEXT("x@[IPv6:2001:db8::1]"), BARE, "x@[IPv6:2001:db8::1]", "" },
	{ "domain-literal-trailing-dot", TEXT("x@[192.0.2.1]."), QUIET, "x@[192.0.2.1]", "" },
	{ "domain-literal-trailing-dots", TEXT("x@[192.0.2.1].."), NOT, "", NULL },
	{ "domain-literal-dot-name", TEXT("x@[192.0.2.1].example"), NOT, "", NULL },
	{ "domain-literal-angle", TEXT("J <x@[192.0.2.1]>"), NAMED, "x@[192.0.2.1]", "J" },
	{ "domain-literal-comment", TEXT("x@[192.0.2.1] (J)"), NAMED, "x@[192.0.2.1]", "J" },
	{ "domain-literal-text", TEXT("x@[ceo corp]"), NOT, "", NULL },
	{ "domain-literal-name", TEXT("x@[example.org]"), NOT, "", NULL },
	{ "domain-literal-empty", TEXT("x@[]"), NOT, "", NULL },
	{ "domain-literal-both", TEXT("x@[192.0.2.1 CEO]"), NOT, "", NULL },
	{ "domain-literal-tagged-v4", TEXT("x@[IPv6:192.0.2.1]"), NOT, "", NULL },
	{ "domain-literal-other-tag", TEXT("x@[CEO:2001:db8::1]"), NOT, "", NULL },
	{ "domain-literal-behind", TEXT("x@[192.0.2.1]example.org"), NOT, "", NULL },
	{ "domain-literal-unclosed", TEXT("x@[192.0.2.1"), NOT, "", NULL },
	{ "domain-literal-address", TEXT("x@[192.0.2.1, y@example.org]"), NOT, "", NULL },

	/* What an addr-spec may not hold. */
	{ "encoded-word", TEXT("=?utf-8?q?jane?=@example.org"), NOT, "", NULL },
	{ "encoded-word-angle", TEXT("Jane <=?utf-8?q?jane?=@example.org>"), NOT, "", NULL },
	{ "encoded-word-quoted", TEXT("\"=?utf-8?q?jane?=\"@example.org"), NOT, "", NULL },
	{ "encoded-word-unclosed", TEXT("=?utf-8?b?jane@example.org"), NOT, "", NULL },
	{ "encoded-word-domain", TEXT("x@=?utf-8?q?example.org?="), NOT, "", NULL },
	{ "encoded-word-inside", TEXT("a=?x?B?b@example.org"), NOT, "", NULL },
	{ "encoded-word-second", TEXT("=?=?utf-8?q?jane?=@example.org"), NOT, "", NULL },
	{ "encoded-word-split", TEXT("=?utf-8.?q?jane?=@example.org"), NOT, "", NULL },
	{ "no-encoded-word", TEXT("a=?b@example.org"), BARE, "a=?b@example.org", "" },
	{ "no-encoded-word-letter", TEXT("=?a?b@example.org"), BARE, "=?a?b@example.org", "" },
	{ "no-encoded-word-digit", TEXT("=?a?1?b@example.org"), BARE, "=?a?1?b@example.org", "" },
	{ "format-zero-width", TEXT("ja\342\200\213ne@example.org"), NOT, "", NULL },
	{ "format-bidi", TEXT("ja\342\200\256ne@example.org"), NOT, "", NULL },
	{ "format-soft-hyphen", TEXT("ja\302\255ne@example.org"), NOT, "", NULL },
	{ "format-bom", TEXT("\357\273\277jane@example.org"), NOT, "", NULL },
	{ "format-quoted", TEXT("\"ja\342\200\256ne\"@example.org"), NOT, "", NULL },
	{ "format-domain", TEXT("x@exa\342\200\215mple.org"), NOT, "", NULL },
	{ "space-no-break", TEXT("ja\302\240ne@example.org"), NOT, "", NULL },
	{ "space-no-break-quoted", TEXT("\"ja\302\240ne\"@example.org"), NOT, "", NULL },
	{ "space-ideographic", TEXT("x@example\343\200\200.org"), NOT, "", NULL },
	{ "separator-line", TEXT("ja\342\200\250ne@example.org"), NOT, "", NULL },
	{ "separator-paragraph", TEXT("ja\342\200\251ne@example.org"), NOT, "", NULL },
	{ "private-use", TEXT("ja\356\200\200ne@example.org"), NOT, "", NULL },
	{ "unassigned", TEXT("ja\315\270ne@example.org"), NOT, "", NULL },
	{ "surrogate", TEXT("ja\355\240\200ne@example.org"), NOT, "", NULL },
	{ "control-c0", TEXT("ja\001ne@example.org"), NOT, "", NULL },
	{ "control-del", TEXT("ja\177ne@example.org"), NOT, "", NULL },
	{ "control-c1", TEXT("ja\302\205ne@example.org"), NOT, "", NULL },
	{ "control-quoted", TEXT("\"ja\001ne\"@example.org"), NOT, "", NULL },
	{ "control-angle", TEXT("Jane <ja\001ne@example.org>"), NOT, "", NULL },
	{ "control-behind", TEXT("jane@example.org\v"), NOT, "", NULL },

	/* Unclosed, NUL, bare CR: anywhere in the value. */
	{ "quote-unclosed", TEXT("\"Jane <x@y.example>"), NOT, "", NULL },
	{ "quote-unclosed-behind", TEXT("x@y.example, \"Jane"), NOT, "", NULL },
	{ "quote-unclosed-pair", TEXT("\"Jane\\\" <x@y.example>"), NOT, "", NULL },
	{ "quote-unclosed-word", TEXT("\"Jane"), NOT, "", NULL },
	{ "comment-unclosed", TEXT("Jane (x <x@y.example>"), NOT, "", NULL },
	{ "comment-unclosed-nested", TEXT("x@y.example (a (b)"), NOT, "", NULL },
	{ "comment-unclosed-in-address", TEXT("x@(a y.example"), NOT, "", NULL },
	{ "comment-unclosed-in-angle", TEXT("<x@y.example (a>"), NOT, "", NULL },
	{ "comment-unclosed-first-in-angle", TEXT("<(a x@y.example>"), NOT, "", NULL },
	{ "comment-unclosed-pair", TEXT("x@y.example (a\\)"), NOT, "", NULL },
	{ "comment-unclosed-word", TEXT("CEO (a"), NOT, "", NULL },
	{ "nul-in-phrase", TEXT("Ja\0ne <x@y.example>"), NOT, "", NULL },
	{ "nul-in-quotes", TEXT("\"Ja\0ne\" <x@y.example>"), NOT, "", NULL },
	{ "nul-in-comment", TEXT("x@y.example (\0)"), NOT, "", NULL },
	{ "nul-in-address", TEXT("x\0@y.example"), NOT, "", NULL },
	{ "nul-last", TEXT("x@y.example\0"), NOT, "", NULL },
	{ "nul-alone", TEXT("\0"), NOT, "", NULL },
	{ "cr-in-phrase", TEXT("Ja\rne <x@y.example>"), NOT, "", NULL },
	{ "cr-in-quotes", TEXT("\"Ja\rne\" <x@y.example>"), NOT, "", NULL },
	{ "cr-in-comment", TEXT("x@y.example (\r)"), NOT, "", NULL },
	{ "cr-before-blank", TEXT("Jane\r <x@y.example>"), NOT, "", NULL },
	{ "cr-cr", TEXT("Jane\r\r <x@y.example>"), NOT, "", NULL },
	{ "lf-without-fold", TEXT("Jane\n<x@y.example>"), NOT, "", NULL },
	{ "lf-lf", TEXT("Jane\n\n <x@y.example>"), NOT, "", NULL },
	{ "lf-in-quoted-pair", TEXT("\"a\n\\\n\"@e.example"), NOT, "", NULL },
	{ "lf-fold-in-quoted-pair", TEXT("\"a\\\n b\"@e.example"), NOT, "", NULL },
	{ "cr-last", TEXT("x@y.example\r"), NOT, "", NULL },
	{ "cr-among-blanks", TEXT(" \r "), NOT, "", NULL },
};

static int
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
joined(const GPtrArray *texts, bool sort)
{
	g_autoptr(GPtrArray) copy = g_ptr_array_new();

	for (guint i = 0; i < texts->len; i++)
		g_ptr_array_add(copy, g_ptr_array_index(texts, i));
	if (sort)
		g_ptr_array_sort(copy, compare);
	g_ptr_array_add(copy, NULL);
	return g_strjoinv("|", (char **)copy->pdata);
}

static char *
sorted(const char *names)
{
	g_auto(GStrv) all = g_strsplit(names, "|", -1);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();

	for (size_t i = 0; all[i]; i++)
		g_ptr_array_add(texts, all[i]);
	return joined(texts, true);
}

static void
test_parse(gconstpointer data)
{
	const Row *row = data;
	g_autofree char *exact = g_memdup2(row->value, row->length); /* a read too far is seen */
	g_autoptr(AddressList) list = address_parse(exact ? exact : "", row->length);
	g_autofree char *addresses = joined(list->addresses, false);

	g_test_message("%s", row->name);
	g_assert_cmpint(list->understood, ==, row->kind != NOT);
	g_assert_cmpstr(addresses, ==, row->addresses);
	g_assert_cmpint(list->bare, ==, row->kind == BARE);
	g_assert_cmpint(list->shows_text, ==,
	                row->kind == NAMED || row->kind == WORDS || row->kind == NOT);
	if (row->names) {
		g_autofree char *names = joined(list->names, true);
		g_autofree char *wanted = sorted(row->names);
		g_assert_cmpstr(names, ==, wanted);
	} else if (!memchr(row->value, '\0', row->length)) {
		g_autofree char *value = g_strndup(row->value, row->length);
		g_strstrip(value);
		if (*value && !strchr("\v", value[strlen(value) - 1])) {
			g_assert_cmpuint(list->names->len, ==, 1);
			g_autofree char *name = g_strdup(g_ptr_array_index(list->names, 0));
			g_assert_cmpstr(g_strstrip(name), ==, value);
		}
	}
}

/* Fields that a message can make as large as it likes. */
static void
test_deep_groups(void)
{
	g_autoptr(GString) value = g_string_new(NULL);

	for (unsigned i = 0; i < 50000; i++)
		g_string_append(value, "g:");
	g_string_append(value, "x@y.example");
	for (unsigned i = 0; i < 50000; i++)
		g_string_append_c(value, ';');
	g_autoptr(AddressList) list = address_parse(value->str, value->len);
	g_assert_true(list->understood);
	g_assert_cmpuint(list->addresses->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(list->addresses, 0), ==, "x@y.example");
	g_assert_cmpuint(list->names->len, ==, ADDRESS_NAMES_MAX);
}

/* Comments nest to any depth. */
static void
test_deep_comments(void)
{
	g_autoptr(GString) value = g_string_new("x@y.example ");

	for (unsigned i = 0; i < 200000; i++)
		g_string_append_c(value, '(');
	for (unsigned i = 0; i < 200000; i++)
		g_string_append_c(value, ')');
	g_autoptr(AddressList) list = address_parse(value->str, value->len);
	g_assert_true(list->understood);
	g_assert_cmpuint(list->addresses->len, ==, 1);
	g_assert_cmpuint(strlen(g_ptr_array_index(list->names, 0)), <=, ADDRESS_NAME_MAX);
	g_string_truncate(value, value->len - 1);
	g_autoptr(AddressList) open = address_parse(value->str, value->len);
	g_assert_false(open->understood);
}

/* Repeated openings that are never closed must not be tried again and again. */
static void
test_many_angles(void)
{
	static const char *const pieces[] = {
		"<", "<a@b", "\"a\"<", "<(a)", "<@a,", "(a)<", "a@["
	};

	for (size_t k = 0; k < G_N_ELEMENTS(pieces); k++) {
		g_autoptr(GString) value = g_string_new(NULL);
		for (unsigned i = 0; i < 50000; i++)
			g_string_append(value, pieces[k]);
		g_autoptr(AddressList) list = address_parse(value->str, value->len);
		g_test_message("%s", pieces[k]);
		g_assert_false(list->understood);
		g_assert_cmpuint(list->addresses->len, ==, 0);
	}
}

static void
test_many_mailboxes(void)
{
	g_autoptr(GString) value = g_string_new(NULL);

	for (unsigned i = 0; i < 3000; i++)
		g_string_append_printf(value, "Name %u <u%u@y.example>,", i, i);
	g_autoptr(AddressList) list = address_parse(value->str, value->len);
	g_assert_true(list->understood);
	g_assert_cmpuint(list->addresses->len, ==, 3000);
	g_assert_cmpstr(g_ptr_array_index(list->addresses, 2999), ==, "u2999@y.example");
	g_assert_cmpuint(list->names->len, ==, ADDRESS_NAMES_MAX);
}

static void
test_long_name(void)
{
	g_autoptr(GString) value = g_string_new(NULL);

	for (unsigned i = 0; i < 100000; i++)
		g_string_append_c(value, 'n');
	g_string_append(value, " <x@y.example>");
	g_autoptr(AddressList) list = address_parse(value->str, value->len);
	g_assert_true(list->understood);
	g_assert_cmpstr(g_ptr_array_index(list->addresses, 0), ==, "x@y.example");
	g_assert_cmpuint(strlen(g_ptr_array_index(list->names, 0)), ==, ADDRESS_NAME_MAX);
}

#define A30 "aaaaaaaaaaaaaaaaaa@example.org" /* 30 bytes */
#define A34 "aaaaaaaaaaaaaaaaaaaaaa@example.org"
#define A35 "aaaaaaaaaaaaaaaaaaaaaaa@example.org"
#define A80 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"

typedef struct {
	const char *name;
	const char *addresses; /* joined by | */
	size_t column;
	const char *line_end;
	const char *value;
} BuildRow;

static const BuildRow build_rows[] = {
	{ "one", "jane@example.org", 6, "\n", "jane@example.org" },
	{ "two", "a@x.example|b@y.example", 6, "\n", "a@x.example, b@y.example" },
	{ "repeats", "a@x.example|a@x.example", 6, "\r\n", "a@x.example, a@x.example" },
	{ "quoted-stays", "\"jane, doe\"@x.example|b@y.example", 6, "\n",
	  "\"jane, doe\"@x.example, b@y.example" },
	{ "no-fold-at-78", A35 "|" A35, 6, "\n", A35 ", " A35 },
	{ "fold-at-79", A35 "|" A35, 7, "\n", A35 ",\n " A35 },
	{ "comma-counts", A34 "|" A35 "|a@b", 7, "\n", A34 ",\n " A35 ", a@b" },
	{ "comma-fits", A34 "|" A35 "|a@b", 6, "\n", A34 ", " A35 ",\n a@b" },
	{ "fold-crlf", A35 "|" A35, 7, "\r\n", A35 ",\r\n " A35 },
	{ "no-line-end", A35 "|" A35 "|" A35, 10, "", A35 ", " A35 ", " A35 },
	{ "long-first", A80 "|a@b.example", 6, "\n", A80 ",\n a@b.example" },
	{ "long-second", "a@b.example|" A80, 6, "\n", "a@b.example,\n " A80 },
	{ "long-alone", A80, 6, "\n", A80 },
	{ "three-lines", A30 "|" A30 "|" A30 "|" A30 "|" A30, 6, "\n",
	  A30 ", " A30 ",\n " A30 ", " A30 ",\n " A30 },
};

static GPtrArray *
split(const char *addresses)
{
	g_auto(GStrv) all = g_strsplit(addresses, "|", -1);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; all[i]; i++)
		g_ptr_array_add(list, g_strdup(all[i]));
	return list;
}

static void
test_build(gconstpointer data)
{
	const BuildRow *row = data;
	g_autoptr(GPtrArray) addresses = split(row->addresses);
	g_autoptr(GString) value = address_build(addresses, row->column, row->line_end);

	g_test_message("%s", row->name);
	g_assert_cmpstr(value->str, ==, row->value);
}

/* Whatever is built reads as the same addr-specs and nothing else, and no line is too long that
 * could have been broken. */
static void
test_build_laws(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 3000; round++) {
		g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
		size_t column = (size_t)g_rand_int_range(rand, 5, 20);
		for (int n = g_rand_int_range(rand, 1, 9); n > 0; n--) {
			g_autofree char *local = g_strnfill(g_rand_int_range(rand, 1, 70), 'a');
			g_ptr_array_add(addresses, g_strconcat(local, "@x.example", NULL));
		}
		g_autoptr(GString) value = address_build(addresses, column, "\r\n");
		g_autoptr(AddressList) list = address_parse(value->str, value->len);
		g_autofree char *wanted = joined(addresses, false);
		g_autofree char *got = joined(list->addresses, false);
		g_assert_true(list->understood && list->bare);
		g_assert_cmpstr(got, ==, wanted);

		g_auto(GStrv) lines = g_strsplit(value->str, "\r\n", -1);
		for (size_t i = 0; lines[i]; i++) {
			size_t length = strlen(lines[i]) + (i == 0 ? column : 0);
			if (i > 0)
				g_assert_cmpint(lines[i][0], ==, ' ');
			if (lines[i + 1])
				g_assert_true(g_str_has_suffix(lines[i], ","));
			g_assert_true(length <= 78 ||
			              strchr(lines[i], '@') == strrchr(lines[i], '@'));
		}
	}
}

/* No bytes make the tokenizer read too far, and an addr-spec that it gives stands in the value. */
static void
test_laws(void)
{
	static const char *const pieces[] = { "a",        "@",         ".",          "<",  "> ",
		                              "\"",       "(",         ")",          ",",  ":",
		                              ";",        " ",         "[",          "]",  "\\",
		                              "=?",       "?",         "\r\n ",      "\r", "\303",
		                              "\303\244", "192.0.2.1", "a@b.example" };
	g_autoptr(GRand) rand = g_rand_new_with_seed(20251124);

	for (unsigned round = 0; round < 50000; round++) {
		g_autoptr(GString) text = g_string_new(NULL);
		for (int n = g_rand_int_range(rand, 0, 14); n > 0; n--)
			g_string_append(text,
			                pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
		g_autofree char *exact = g_memdup2(text->str, text->len);
		g_autoptr(AddressList) list = address_parse(exact ? exact : "", text->len);
		if (!list->understood)
			g_assert_cmpuint(list->addresses->len, ==, 0);
		for (guint i = 0; i < list->addresses->len; i++) {
			const char *address = g_ptr_array_index(list->addresses, i);
			g_autoptr(AddressList) again = address_parse(address, strlen(address));
			g_assert_true(again->understood && again->bare);
			g_assert_cmpuint(again->addresses->len, ==, 1);
			g_assert_cmpstr(g_ptr_array_index(again->addresses, 0), ==, address);
		}
	}
}

#define ADD_ROWS(table, prefix, function)                                                          \
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                                         \
		g_autofree char *path = g_strconcat(prefix, table[i].name, NULL);                  \
		g_test_add_data_func(path, &table[i], function);                                   \
	}

/* Elements: "TEXT [group GROUP] <ADDRESS>" joined by |; a text that no address follows ends it. */
static const struct {
	const char *value, *elements;
} element_rows[] = {
	{ "", "" },
	{ "<>, ( )", "" },
	{ "a@x.example", "<a@x.example>" },
	{ "Jane <a@x.example>, Joe <b@y.example>", "Jane <a@x.example>|Joe <b@y.example>" },
	{ "Doe, Jane <a@x.example>", "Doe, Jane <a@x.example>" },
	{ "Doe, a@x.example, Jane", "Doe <a@x.example>|Jane" },
	{ "Jane <>, a@x.example", "Jane <a@x.example>" },
	{ "(c) a@x.example (d)", "c d <a@x.example>" },
	{ "J(c)ane Doe <a@x.example (d)> (e)", "J c ane Doe d  e <a@x.example>" },
	{ "\"J\\\"a\"n\"e\" <a@x.example>", "J\"ane <a@x.example>" },
	{ "Jane\r\n Doe <a@x.example>", "Jane Doe <a@x.example>" },
	{ "G: a@x.example, b@y.example;", "G <a@x.example>| [group G] <b@y.example>" },
	{ "G: A, a@x.example;, b@y.example", "G, A <a@x.example>|<b@y.example>" },
	{ "G:;, b@y.example", "G <b@y.example>" },
	{ "G: A;, H: b@y.example;", "G, A, H <b@y.example>" },
	{ "G: a@x.example, A; b@y.example", "G <a@x.example>|G, A <b@y.example>" },
	{ "G: a@x.example, A", "G <a@x.example>|G, A" },
	{ "G (c): a@x.example;", "G c <a@x.example>" },
	{ "Jane <a@x.example> <b@y.example>", "" },
};

static void
test_elements(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(element_rows); i++) {
		const char *value = element_rows[i].value;
		g_autoptr(AddressList) list = address_parse_elements(value, strlen(value));
		g_autoptr(AddressList) without = address_parse(value, strlen(value));
		g_autoptr(GString) text = g_string_new(NULL);
		for (guint k = 0; k < list->elements->len; k++) {
			const AddressElement *element = g_ptr_array_index(list->elements, k);
			g_string_append_printf(text, "%s%s", k ? "|" : "", element->text->str);
			if (element->group)
				g_string_append_printf(
				        text, " [group %.*s]",
				        (int)g_bytes_get_size(element->group),
				        (const char *)g_bytes_get_data(element->group, NULL));
			if (element->address)
				g_string_append_printf(text, "%s<%s>",
				                       element->text->len || element->group ? " "
				                                                            : "",
				                       element->address);
		}
		g_assert_cmpstr(text->str, ==, element_rows[i].elements);
		g_assert_null(without->elements);
		g_assert_cmpuint(without->addresses->len, ==, list->addresses->len);
		g_assert_cmpuint(without->names->len, ==, list->names->len);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_ROWS(rows, "/address/parse/", test_parse);
	ADD_ROWS(build_rows, "/address/build/", test_build);
	g_test_add_func("/address/elements", test_elements);
	g_test_add_func("/address/deep-groups", test_deep_groups);
	g_test_add_func("/address/deep-comments", test_deep_comments);
	g_test_add_func("/address/many-angles", test_many_angles);
	g_test_add_func("/address/many-mailboxes", test_many_mailboxes);
	g_test_add_func("/address/long-name", test_long_name);
	g_test_add_func("/address/build-laws", test_build_laws);
	g_test_add_func("/address/laws", test_laws);
	return g_test_run();
}
