/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what a comparison of two settings counts: which messages, for whom, with which examples;
 * and that these take no more room than allowed. */
#include "mail/tally.h"

#include <stdio.h>

#include "mail.h"

#define JANE "\"Jane Doe\" <jane@out.example>"
#define ROOM ((size_t)1024 * 1024)

typedef struct {
	Mail mail;
	Config *everyone, *domains, *directory;
	char *people;
} Fixture;

/* (transfer full) */
static Config *
with_directory(const Fixture *f, const char *scope)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = g_strconcat("directory=", f->people, NULL);
	Config *config = load_config((const char *[]){ scope, directory, NULL });

	g_assert_true(config_open_directory(config, &error));
	g_assert_no_error(error);
	return config;
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	mail_set_up(&f->mail, NULL);
	f->people = g_build_filename(f->mail.folder, "people", NULL);
	g_assert_true(g_file_set_contents(f->people,
	                                  "Jane Doe; jane@corp.example\n"
	                                  "Ben Berg; keep:ben@out.example\n"
	                                  "Jane Doe; jane.doe@corp.example\n",
	                                  -1, NULL));
	f->everyone = load_config(NULL);
	f->domains = load_config((const char *[]){ "scope=domains", "domains=corp.example", NULL });
	f->directory = with_directory(f, "scope=directory");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	config_free(f->everyone);
	config_free(f->domains);
	config_free(f->directory);
	g_free(f->people);
	mail_tear_down(&f->mail, NULL);
}

/* Adds a message with this trace field and this value of From. */
static void
add(Tally *tally, const Config *after, const char *trace, const char *from)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *head = g_strdup_printf("%sFrom: %s\n\n", trace, from);
	g_auto(Job) job = { 0 };

	decide(&job, after->settings, NULL, head);
	g_assert_true(tally_add(tally, &job, &error));
	g_assert_no_error(error);
}

/* Each item as NAME +CHANGED -LEFT and its examples, one behind the other. */
static void
assert_items(GPtrArray *items, const char *wanted)
{
	g_autoptr(GString) got = g_string_new(NULL);

	for (guint i = 0; i < items->len; i++) {
		const TallyItem *item = g_ptr_array_index(items, i);
		g_string_append_printf(got, "%s+%d-%d %s", i ? "; " : "", (int)item->newly_changed,
		                       (int)item->newly_left, item->name);
		for (int k = 0; k < TALLY_EXAMPLES && item->examples[k]; k++)
			g_string_append_printf(got, "%s%s", k ? ", " : ": ",
			                       item->examples[k]->from);
	}
	g_ptr_array_unref(items);
	g_assert_cmpstr(got->str, ==, wanted);
}

static void
assert_totals(const Tally *tally, guint64 messages, guint64 newly_changed, guint64 newly_left)
{
	g_assert_cmpuint(tally->messages, ==, messages);
	g_assert_cmpuint(tally->newly_changed, ==, newly_changed);
	g_assert_cmpuint(tally->newly_left, ==, newly_left);
}

/* A message counts if one side alone changes it, on that side. */
static void
test_sides(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };

	tally_init(&tally, f->everyone->settings, ROOM);
	g_assert_cmpuint(f->everyone->settings->references, ==, 2);
	add(&tally, f->domains, NO_LOGIN, "Joe <joe@OUT.Example>");
	add(&tally, f->domains, NO_LOGIN, "joe@out.example");        /* bare */
	add(&tally, f->domains, NO_LOGIN, "Joe <joe@corp.example>"); /* changed by both */
	add(&tally, f->domains, NO_LOGIN, "CEO");                    /* the same */
	add(&tally, f->domains, LOGIN, "Joe <joe@out.example>");     /* by neither */
	assert_totals(&tally, 5, 0, 1);
	assert_items(tally_domains(&tally), "+0-1 out.example: Joe <joe@OUT.Example>");
	assert_items(tally_persons(&tally), "");

	g_auto(Tally) other = { 0 };
	tally_init(&other, f->domains->settings, ROOM);
	add(&other, f->everyone, NO_LOGIN, "Joe <joe@out.example>");
	add(&other, f->everyone, NO_LOGIN, "Joe <joe@corp.example>");
	assert_totals(&other, 2, 1, 0);
	assert_items(tally_domains(&other), "+1-0 out.example: Joe <joe@out.example>");
}

/* Replaced is changed; refused is not, whatever would be done. */
static void
test_actions(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };
	g_auto(Job) job = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) none = load_config((const char *[]){ "fields=", NULL });

	tally_init(&tally, none->settings, ROOM);
	add(&tally, f->everyone, NO_LOGIN, "CEO");
	add(&tally, f->everyone, NO_LOGIN, "CEO\r\r\n (x)");
	assert_totals(&tally, 2, 1, 0);
	assert_items(tally_domains(&tally), "+1-0 : CEO");

	job_init(&job, f->everyone->settings, NULL);
	job_set_head(&job, NO_LOGIN "From: CEO\n\n", strlen(NO_LOGIN "From: CEO\n\n"));
	job.refuse = "for a test";
	g_assert_true(job_decide(&job, &error));
	g_assert_true(tally_add(&tally, &job, &error));
	assert_totals(&tally, 3, 1, 0);
	g_auto(Tally) back = { 0 };
	tally_init(&back, f->everyone->settings, ROOM);
	g_assert_true(tally_add(&back, &job, &error));
	assert_totals(&back, 1, 0, 0);
}

/* People are those of the side that changes the message, each once for a message. */
static void
test_persons(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 }, back = { 0 };
	static const char both[] = "\"Ben Berg, Jane Doe\" <x@y.example>";

	tally_init(&tally, f->domains->settings, ROOM);
	add(&tally, f->directory, NO_LOGIN, JANE);
	add(&tally, f->directory, NO_LOGIN, both);
	add(&tally, f->directory, NO_LOGIN, "Jane Doe <a@z.example>, Jane Doe <b@z.example>");
	add(&tally, f->directory, NO_LOGIN, "Ben Berg <ben@out.example>");
	assert_totals(&tally, 4, 3, 0);
	assert_items(tally_persons(&tally),
	             "+3-0 Jane Doe: " JANE ", \"Ben Berg, Jane Doe\" <x@y.example>, "
	             "Jane Doe <a@z.example>, Jane Doe <b@z.example>; "
	             "+1-0 Ben Berg: \"Ben Berg, Jane Doe\" <x@y.example>");
	assert_items(tally_domains(&tally),
	             "+1-0 out.example: " JANE "; +1-0 y.example: \"Ben Berg, Jane Doe\" "
	             "<x@y.example>; +1-0 z.example: Jane Doe <a@z.example>, Jane Doe "
	             "<b@z.example>");

	tally_init(&back, f->directory->settings, ROOM);
	add(&back, f->domains, NO_LOGIN, both);
	/* Changed after, where nobody is looked for. */
	add(&back, f->domains, NO_LOGIN, "Joe <joe@corp.example>");
	assert_totals(&back, 2, 1, 1);
	assert_items(tally_persons(&back),
	             "+0-1 Ben Berg: \"Ben Berg, Jane Doe\" <x@y.example>; +0-1 Jane Doe: \"Ben "
	             "Berg, Jane Doe\" <x@y.example>");
}

/* The first three that differ, as text; with the decision after. */
static void
test_examples(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };

	tally_init(&tally, f->everyone->settings, ROOM);
	add(&tally, f->domains, NO_LOGIN, "A\033 <x@y.example>");
	add(&tally, f->domains, NO_LOGIN, "A\033 <x@y.example>");
	add(&tally, f->domains, "", "B\n\tC <x@y.example>");
	add(&tally, f->domains, NO_LOGIN, "D <x@y.example>");
	add(&tally, f->domains, NO_LOGIN, "E <x@y.example>");
	assert_totals(&tally, 5, 0, 5);
	assert_items(tally_domains(&tally), "+0-5 y.example: A\357\277\275 <x@y.example>, "
	                                    "B C <x@y.example>, D <x@y.example>");
	g_autoptr(GPtrArray) domains = tally_domains(&tally);
	const TallyItem *item = g_ptr_array_index(domains, 0);
	g_assert_cmpint(item->examples[0]->action, ==, ACTION_KEPT);
	g_assert_cmpint(item->examples[0]->scope, ==, SCOPE_NOTHING);
	g_assert_cmpint(item->examples[0]->verdict, ==, VERDICT_ANONYMOUS);
	g_assert_cmpint(item->examples[0]->reason, ==, REASON_NO_LOGIN);
	g_assert_cmpint(item->examples[1]->verdict, ==, VERDICT_UNKNOWN);
	g_assert_cmpint(item->examples[1]->reason, ==, REASON_NO_TRACE);
}

/* Met most first, whichever way, then by name. */
static void
test_order(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };
	static const char *const order[] = { "c", "b", "d", "b", "a", "d" };

	tally_init(&tally, f->everyone->settings, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		g_autofree char *from = g_strdup_printf("X <x@%s.example>", order[i]);
		add(&tally, f->domains, NO_LOGIN, from);
	}
	/* And the room for examples is too small for any. */
	assert_items(tally_domains(&tally),
	             "+0-2 b.example; +0-2 d.example; +0-1 a.example; +0-1 c.example");
	g_assert_cmpuint(tally.octets, ==, 0);
}

/* Examples of those met least make room for others; what was counted stays. */
static void
test_room(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };
	g_autofree char *name = g_strnfill(300, 'n');
	guint with = 0;

	tally_init(&tally, f->everyone->settings, 16 * 1024);
	for (guint i = 0; i < 3; i++)
		add(&tally, f->domains, NO_LOGIN, "Joe <joe@often.example>");
	for (guint i = 0; i < 1000; i++) {
		g_autofree char *from = g_strdup_printf("%s <x@d%u.example>", name, i);
		add(&tally, f->domains, NO_LOGIN, from);
		g_assert_cmpuint(tally.octets, <=, tally.room);
	}
	g_autoptr(GPtrArray) domains = tally_domains(&tally);
	g_assert_cmpuint(domains->len, ==, 1001);
	const TallyItem *first = g_ptr_array_index(domains, 0);
	g_assert_cmpstr(first->name, ==, "often.example");
	g_assert_nonnull(first->examples[0]);
	for (guint i = 1; i < domains->len; i++) {
		const TallyItem *item = g_ptr_array_index(domains, i);
		g_assert_cmpuint(item->newly_left, ==, 1);
		with += item->examples[0] != NULL;
	}
	g_assert_cmpuint(with, >, 0);
	g_assert_cmpuint(with, <, 60);
}

/* A sender cannot make a name long. */
static void
test_long_domain(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };
	g_autofree char *label = g_strnfill(2000, 'l');
	g_autofree char *from = g_strdup_printf("X <x@%s.example>", label);

	tally_init(&tally, f->everyone->settings, ROOM);
	add(&tally, f->domains, NO_LOGIN, from);
	g_autoptr(GPtrArray) domains = tally_domains(&tally);
	const TallyItem *item = g_ptr_array_index(domains, 0);
	g_assert_cmpuint(strlen(item->name), ==, 255);
	g_assert_cmpuint(strlen(item->examples[0]->from), ==, 998);
}

/* Whose hosts are not those of the settings before. */
static void
test_not_ours(Fixture *f, gconstpointer unused)
{
	g_auto(Tally) tally = { 0 };
	g_autoptr(Config) other = load_config((const char *[]){ "trusted-by=x.example", NULL });

	tally_init(&tally, other->settings, ROOM);
	add(&tally, f->everyone, LOGIN, JANE);
	add(&tally, f->everyone, NO_LOGIN, JANE);
	add(&tally, f->everyone, "", JANE);
	g_assert_cmpuint(tally.not_ours_before, ==, 2);
	assert_totals(&tally, 3, 0, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/tally/" name, Fixture, NULL, set_up, function, tear_down)
	ADD("sides", test_sides);
	ADD("actions", test_actions);
	ADD("persons", test_persons);
	ADD("examples", test_examples);
	ADD("order", test_order);
	ADD("room", test_room);
	ADD("long-domain", test_long_domain);
	ADD("not-ours", test_not_ours);
	return g_test_run();
}
