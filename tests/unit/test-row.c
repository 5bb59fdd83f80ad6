/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proves what each member of a row is made from, for mail that is filtered, stored or comes through
 * a milter, and that texts of a row are safe to show on a terminal, whatever the message holds. */
#include "mail/row.h"

#include "mail.h"
#include "util/digest.h"

#define BAD "\xef\xbf\xbd" /* what stands for a byte that is not shown */

static void
assert_texts(AuditTexts texts, const char *wanted)
{
	g_autoptr(GString) all = g_string_new(NULL);
	const char *text = texts.first;

	for (guint i = 0; i < texts.n; i++, text += strlen(text) + 1)
		g_string_append_printf(all, "%s[%s]", i ? " " : "", text);
	g_assert_cmpstr(all->str, ==, wanted);
}

static void
assert_bytes(AuditBytes bytes, const char *wanted)
{
	g_assert_cmpmem(bytes.data, bytes.length, wanted, strlen(wanted));
}

static void
assert_digest(const char *digest, const void *bytes, size_t length)
{
	char hex[DIGEST_SIZE];

	digest_sha256(bytes, length, hex);
	g_assert_cmpstr(digest, ==, hex);
}

static const char filtered[] = NO_LOGIN "Message-ID: <1@x>\n"
                                        "DKIM-Signature: v=1; d=x.example\n"
                                        "Delivered-To: nobody@x.example\n"
                                        "From: \"Jane\tDoe\" <Jane@Corp.Example>,\n k@x.example\n"
                                        "Sender: \"J\" <j@x.example>\n"
                                        "\n";

static void
test_filter(Mail *m, gconstpointer unused)
{
	static char *const recipients[] = { (char *)"you@x.example", (char *)"me\n@x.example",
		                            NULL };
	const Facts facts = { .sasl_username = "",
		              .client_address = "192.0.2.7",
		              .queue_id = "Q\x1b[31mQ" };
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 };
	gint64 now = g_get_real_time();
	gsize size;

	decide(&job, m->settings, &facts, filtered);
	job.envelope_from = "a\xe4@x.example";
	job.recipients = recipients;
	job.size = 4711;
	row_batch_init(&batch);
	const AuditRow *row = row_add(&job, "filter", "pending", &batch);

	g_assert_cmpint(row->at, >=, now);
	g_assert_cmpint(row->at, <=, g_get_real_time());
	g_assert_cmpstr(row->source, ==, "filter");
	g_assert_cmpstr(row->queue_id, ==, "Q" BAD "[31mQ");
	g_assert_cmpstr(row->message_id_header, ==, "<1@x>");
	g_assert_cmpstr(row->envelope_from, ==, "a" BAD "@x.example");
	g_assert_cmpstr(row->client_address, ==, "192.0.2.7");
	g_assert_cmpstr(row->verdict, ==, "anonymous");
	g_assert_cmpstr(row->reason, ==, "sasl-fact");
	g_assert_nonnull(row->evidence);
	g_assert_null(row->auth_user);
	g_assert_cmpstr(row->peer, ==, "192.0.2.7");
	g_assert_cmpstr(row->helo, ==, "pc.out.example");
	/* 2025-11-24T10:00:00Z */
	g_assert_cmpint(row->received_at, ==, G_GINT64_CONSTANT(1763978400000000));
	g_assert_true(row->in_scope);
	g_assert_cmpstr(row->scope, ==, "everyone");
	g_assert_null(row->person);
	g_assert_cmpstr(row->action, ==, "stripped");
	g_assert_cmpstr(row->outcome, ==, "pending");
	g_assert_cmpint(row->size, ==, 4711);
	g_assert_cmpstr(row->from_before, ==,
	                "\"Jane" BAD "Doe\" <Jane@Corp.Example>, k@x.example");
	g_assert_cmpstr(row->from_after, ==, "Jane@Corp.Example, k@x.example");
	g_assert_cmpstr(row->from_name, ==, "Jane" BAD "Doe");
	g_assert_cmpstr(row->from_address, ==, "Jane@corp.example");
	assert_texts(row->signatures, "[dkim]");
	g_assert_cmpstr(row->policy_digest, ==, m->settings->digest);
	g_assert_cmpstr(row->policy_settings, ==, m->settings->digested);
	g_assert_cmpstr(row->version, ==, VERSION);
	/* Those of the envelope, and none of a header. */
	assert_texts(row->recipients, "[you@x.example] [me" BAD "@x.example]");
	assert_digest(row->head_before_sha256, filtered, strlen(filtered));
	const void *after = g_bytes_get_data(job.new_head, &size);
	assert_digest(row->head_after_sha256, after, size);

	g_assert_cmpuint(row->n_edits, ==, 2);
	const AuditEdit *edit = &row->edits[0];
	g_assert_cmpstr(edit->field, ==, "From");
	g_assert_cmpint(edit->nth, ==, 1);
	g_assert_cmpstr(edit->action, ==, "stripped");
	assert_bytes(edit->before, "From: \"Jane\tDoe\" <Jane@Corp.Example>,\n k@x.example\n");
	assert_bytes(edit->after, "From: Jane@Corp.Example, k@x.example\n");
	assert_texts(edit->display_names, "[Jane" BAD "Doe]");
	assert_texts(edit->addresses, "[Jane@Corp.Example] [k@x.example]");
	g_assert_cmpint(edit->position, ==, strstr(filtered, "From:") - filtered);
	edit++;
	g_assert_cmpstr(edit->field, ==, "Sender");
	assert_texts(edit->display_names, "[J]");
	g_assert_cmpint(edit->position, ==, strstr(filtered, "Sender:") - filtered);
}

/* Of stored mail, our hosts say for whom it was, and under what id it came. */
static void
test_stored(Mail *m, gconstpointer unused)
{
	static const char head[] =
	        "X-Original-To: first@corp.example\n"
	        "Delivered-To: jane\n"
	        "Delivered-To: two words\n"
	        "Delivered-To: torn@corp.example\rx\n"
	        "Delivered-To: \"A\" <second@corp.example>, third@corp.example\n" LOGIN
	        "Delivered-To: forged@corp.example\n"
	        "Envelope-To: forged@corp.example\n"
	        "From: \"Jane Doe\" <jane@corp.example>\n\n";
	const Facts facts = { .queue_id = "OF-NO-SESSION" };
	static char *const nobody[] = { (char *)"of-no-envelope@x.example", NULL };
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 }, untraced = { 0 };

	decide(&job, m->settings, NULL, head);
	job.recipients = nobody;
	row_batch_init(&batch);
	const AuditRow *row = row_add(&job, "mbox", "written", &batch);
	g_assert_cmpstr(row->queue_id, ==, "BBB");
	assert_texts(row->recipients, "[you@corp.example] [first@corp.example] [jane] "
	                              "[second@corp.example] [third@corp.example]");
	g_assert_cmpstr(row->verdict, ==, "authenticated");
	g_assert_cmpstr(row->action, ==, "kept");
	g_assert_cmpuint(row->n_edits, ==, 0);
	g_assert_null(row->client_address);
	g_assert_null(row->envelope_from);
	g_assert_cmpint(row->size, ==, -1);
	assert_texts(row->signatures, "");
	/* Of kept messages too. */
	g_assert_cmpstr(row->from_before, ==, "\"Jane Doe\" <jane@corp.example>");
	g_assert_cmpstr(row->from_after, ==, row->from_before);
	g_assert_cmpstr(row->from_name, ==, "Jane Doe");
	g_assert_cmpstr(row->from_address, ==, "jane@corp.example");
	g_assert_cmpstr(row->head_after_sha256, ==, row->head_before_sha256);
	assert_digest(row->head_before_sha256, head, strlen(head));

	/* Without a boundary nobody says it. */
	decide(&untraced, m->settings, &facts, "Delivered-To: a@b.example\nFrom: x\n\n");
	row = row_add(&untraced, "mbox", "written", &batch);
	assert_texts(row->recipients, "");
	g_assert_null(row->queue_id);
	g_assert_null(row->peer);
	g_assert_cmpint(row->received_at, ==, 0);
	g_assert_cmpuint(batch.rows->len, ==, 2);
}

static void
test_milter(Mail *m, gconstpointer unused)
{
	const SessionHop hop = { .by = MX, .helo = "pc\x07.out.example" };
	static char *const recipients[] = { (char *)"you@corp.example", NULL };
	const Facts facts = { .session = &hop,
		              .sasl_username = "jane",
		              .client_address = "192.0.2.9",
		              .queue_id = "QQQ",
		              .recipients = recipients };
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 };

	decide(&job, m->settings, &facts, NO_LOGIN "From: \"Jane\" <j@x.example>\n\n");
	job.recipients = recipients;
	row_batch_init(&batch);
	const AuditRow *row = row_add(&job, "milter", "answered", &batch);
	g_assert_cmpstr(row->source, ==, "milter");
	g_assert_cmpstr(row->outcome, ==, "answered");
	g_assert_cmpstr(row->queue_id, ==, "QQQ");
	g_assert_cmpstr(row->verdict, ==, "authenticated");
	g_assert_cmpstr(row->auth_user, ==, "jane");
	g_assert_cmpstr(row->client_address, ==, "192.0.2.9");
	/* Those of the session, not of the trace that the client sent. */
	g_assert_cmpstr(row->peer, ==, "192.0.2.9");
	g_assert_cmpstr(row->helo, ==, "pc" BAD ".out.example");
	assert_texts(row->recipients, "[you@corp.example]");
}

/* An edit of more than one place. */
static void
test_united(Mail *m, gconstpointer unused)
{
	static const char head[] = "Subject: x\n"
	                           "From: \"A\" <a@x.example>\rSender: \"B\" <b@x.example>\n"
	                           "X: y\rFrom: \"C\" <c@x.example>\rReply-To: Nobody\n\n";
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 };

	decide(&job, m->settings, NULL, head);
	row_batch_init(&batch);
	const AuditRow *row = row_add(&job, "filter", "pending", &batch);
	g_assert_cmpuint(row->n_edits, ==, 2);
	g_assert_cmpstr(row->action, ==, "replaced");
	const AuditEdit *edit = &row->edits[1];
	g_assert_cmpstr(edit->field, ==, "From");
	g_assert_cmpint(edit->nth, ==, 0);
	g_assert_cmpstr(edit->action, ==, "replaced");
	assert_texts(edit->display_names, "[C] [Nobody]");
	assert_texts(edit->addresses, "[c@x.example]");
	assert_bytes(edit->before, "X: y\rFrom: \"C\" <c@x.example>\rReply-To: Nobody\n");
	assert_bytes(edit->after,
	             "X: y\rFrom: c@x.example\rReply-To: unknown-sender@barefrom.invalid\n");
	g_assert_cmpint(edit->position, ==, strstr(head, "X:") - head);
}

/* The first From, where others are the fields; and what is shown of a long one. */
static void
test_other_from(Mail *m, gconstpointer unused)
{
	g_autoptr(Config) config = load_config((const char *[]){ "fields=Sender", NULL });
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 }, none = { 0 }, longer = { 0 };
	g_autofree char *name = g_strnfill(2000, 'x');
	g_autofree char *head = g_strdup_printf("From:\n %s\n\n", name);

	row_batch_init(&batch);
	decide(&job, config->settings, NULL,
	       "Sender: \"S\" <s@x.example>\n"
	       "From: =?utf-8?q?J=C3=A4n?= <j@X.EXAMPLE>, \"K\" <k@x.example>\n"
	       "From: \"Z\" <z@x.example>\n\n");
	const AuditRow *row = row_add(&job, "filter", "pending", &batch);
	g_assert_cmpstr(row->from_before, ==,
	                "=?utf-8?q?J=C3=A4n?= <j@X.EXAMPLE>, \"K\" <k@x.example>");
	g_assert_cmpstr(row->from_after, ==, row->from_before);
	g_assert_cmpstr(row->from_name, ==, "J\xc3\xa4n");
	g_assert_cmpstr(row->from_address, ==, "j@x.example");
	g_assert_cmpuint(row->n_edits, ==, 1);

	decide(&none, config->settings, NULL, "Sender: s@x.example\n\n");
	row = row_add(&none, "filter", "pending", &batch);
	g_assert_null(row->from_before);
	g_assert_null(row->from_after);
	g_assert_null(row->from_name);
	g_assert_null(row->from_address);

	decide(&longer, m->settings, NULL, head);
	row = row_add(&longer, "filter", "pending", &batch);
	g_assert_cmpuint(strlen(row->from_before), ==, 998);
	g_assert_cmpstr(row->from_after, ==, STRIP_PLACEHOLDER);
	/* The whole of it is in the edit. */
	g_assert_cmpuint(row->edits[0].before.length, ==, strlen(head) - 1);
}

/* A comment, which most readers do not show, does not hide the name beside it. */
static void
test_from_name(Mail *m, gconstpointer unused)
{
	static const struct {
		const char *from, *name;
	} cases[] = {
		{ "Jane Doe (x) <j@x.example>", "Jane Doe" },
		{ "(x) Jane Doe <j@x.example>", "Jane Doe" },
		{ "\"Jane Doe\" <j@x.example> (x)", "Jane Doe" },
		{ "a@x.example (x), Jane Doe <j@x.example>", "Jane Doe" },
		{ "(x) Board: j@x.example;", "Board" },
		{ "j@x.example (Jane Doe) (x)", "Jane Doe" },
		{ "j@x.example", NULL },
		{ "(x) Jane <", "(x) Jane <" },
	};
	static const char *const fields[] = { "fields=From", "fields=Sender" };

	for (size_t k = 0; k < G_N_ELEMENTS(fields); k++) {
		g_autoptr(Config) config = load_config((const char *[]){ fields[k], NULL });
		for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
			g_auto(RowBatch) batch = { 0 };
			g_auto(Job) job = { 0 };
			g_autofree char *head = g_strdup_printf("From: %s\n\n", cases[i].from);
			row_batch_init(&batch);
			decide(&job, config->settings, NULL, head);
			const AuditRow *row = row_add(&job, "filter", "pending", &batch);
			g_assert_cmpstr(row->from_name, ==, cases[i].name);
		}
	}
}

/* A long name is cut between two characters, however it is written. */
static void
test_long_from_name(Mail *m, gconstpointer unused)
{
	static const char *const fields[] = { "fields=From", "fields=Sender" };
	g_autoptr(GString) raw = g_string_new("From: \""), words = g_string_new("From:"),
	                   word = g_string_new("From: =?utf-8?b?"), wanted = g_string_new("x");

	g_string_append_c(raw, 'x');
	g_string_append(words, " =?utf-8?q?x?=");
	g_string_append(word, "eMOk"); /* x and an a with dots; two of these without the x: */
	for (int i = 0; i < 1000; i++) {
		g_string_append(raw, "\303\244");
		g_string_append(words, "\n =?utf-8?q?=C3=A4=C3=A4=C3=A4?=");
		g_string_append(word, "w6TDpMOk");
		if (wanted->len + 2 <= 998)
			g_string_append(wanted, "\303\244");
	}
	g_string_append(raw, "\" <j@x.example>\n\n");
	g_string_append(words, " <j@x.example>\n\n");
	g_string_append(word, "?= <j@x.example>\n\n");
	const char *const heads[] = { raw->str, words->str, word->str };
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(heads); i++) {
		g_autoptr(Config) config = load_config((const char *[]){ fields[i % 2], NULL });
		g_auto(RowBatch) batch = { 0 };
		g_auto(Job) job = { 0 };
		row_batch_init(&batch);
		decide(&job, config->settings, NULL, heads[i / 2]);
		const AuditRow *row = row_add(&job, "filter", "pending", &batch);
		g_assert_cmpstr(row->from_name, ==, wanted->str);
	}
}

/* A head that is longer than may be read has no digest, since nobody has it whole. */
static void
test_too_long(Mail *m, gconstpointer unused)
{
	g_autofree char *bytes = g_malloc(HEAD_MAX + 1);
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 };

	memset(bytes, 'x', HEAD_MAX + 1);
	memcpy(bytes, "X:", 2);
	job_init(&job, m->settings, NULL);
	job_set_head(&job, bytes, HEAD_MAX + 1);
	g_assert_true(job_decide(&job, NULL));
	row_batch_init(&batch);
	const AuditRow *row = row_add(&job, "filter", "deferred", &batch);
	g_assert_cmpstr(row->action, ==, "refused");
	g_assert_null(row->head_before_sha256);
	g_assert_null(row->head_after_sha256);
	g_assert_cmpuint(row->n_edits, ==, 0);
}

/* People who were found, each once. */
static void
test_person(Mail *m, gconstpointer unused)
{
	g_autofree char *file = g_build_filename(m->folder, "people", NULL);
	g_autofree char *option = g_strconcat("directory=", file, NULL);
	g_autoptr(Config) config = load_config((const char *[]){ option, "scope=directory", NULL });
	g_auto(RowBatch) batch = { 0 };
	g_auto(Job) job = { 0 }, nobody = { 0 };

	g_assert_true(g_file_set_contents(file,
	                                  "Jane Doe; jane@corp.example\n"
	                                  "John Smith; john@corp.example\n",
	                                  -1, NULL));
	g_assert_true(config_open_directory(config, NULL));
	row_batch_init(&batch);
	decide(&job, config->settings, NULL,
	       "From: \"Jane Doe\" <x@freemail.example>, \"John Smith\" <y@freemail.example>\n"
	       "Sender: \"Jane Doe\" <x@freemail.example>\n\n");
	const AuditRow *row = row_add(&job, "filter", "pending", &batch);
	g_assert_cmpstr(row->person, ==, "Jane Doe; John Smith");
	g_assert_cmpstr(row->scope, ==, "directory");
	g_assert_true(row->in_scope);
	decide(&nobody, config->settings, NULL, "From: \"Joe Roe\" <x@freemail.example>\n\n");
	row = row_add(&nobody, "filter", "pending", &batch);
	g_assert_null(row->person);
	g_assert_null(row->scope);
	g_assert_false(row->in_scope);
}

/* Rows are filled and emptied, and what they take is known. */
static void
test_batch(Mail *m, gconstpointer unused)
{
	RowBatch batch = { 0 };
	g_auto(Job) job = { 0 };

	row_batch_clear(&batch); /* of one that was never made */
	row_batch_init(&batch);
	g_assert_cmpuint(row_batch_octets(&batch), ==, 0);
	decide(&job, m->settings, NULL, filtered);
	for (int round = 0; round < 3; round++) {
		size_t before = 0;
		for (guint i = 1; i <= 100; i++) {
			const AuditRow *row = row_add(&job, "filter", "pending", &batch);
			g_assert_cmpuint(batch.rows->len, ==, i);
			g_assert_cmpuint(row_batch_octets(&batch), >=,
			                 before + sizeof(AuditRow) + 2 * sizeof(AuditEdit) +
			                         row->edits[0].before.length);
			before = row_batch_octets(&batch);
		}
		const AuditRow *first = &g_array_index(batch.rows, AuditRow, 0);
		g_assert_cmpstr(first->edits[1].field, ==, "Sender");
		row_batch_empty(&batch);
		g_assert_cmpuint(batch.rows->len, ==, 0);
		g_assert_cmpuint(row_batch_octets(&batch), ==, 0);
	}
	row_batch_clear(&batch);
	row_batch_clear(&batch);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Mail *m, gconstpointer unused);
	} tests[] = {
		{ "/row/filter", test_filter },
		{ "/row/stored", test_stored },
		{ "/row/milter", test_milter },
		{ "/row/united", test_united },
		{ "/row/other-from", test_other_from },
		{ "/row/from-name", test_from_name },
		{ "/row/too-long", test_too_long },
		{ "/row/person", test_person },
		{ "/row/batch", test_batch },
		{ "/row/long-from-name", test_long_from_name },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Mail, NULL, mail_set_up, tests[i].test, mail_tear_down);
	return g_test_run();
}
