/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check: barefrom audit check: the state of an audit, and what stops mail or soon will.
 * May know: the store, the settings. Must not know: SQL.
 * Fails: with the errors of the store; what needs attention is no error.
 */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "owner.h"
#include "store/audit.h"
#include "store/care.h"
#include "store/place.h"
#include "util/text.h"
#include "verb.h"

/* A run recorded as running may have been killed: after this many days it needs attention. */
#define RUN_DAYS 1
#define LIST_DAYS 365 /* how long a list of people is taken to be right */
#define LOG_MAX ((guint64)16 * 1024 * 1024)
#define LOG_OF_RUN_MAX ((guint64)64 * 1024 * 1024) /* while a run writes */
#define FREE_MIN ((guint64)64 * 1024 * 1024)
#define FREE_FILES_MIN 16

static void
note_directory(GPtrArray *notes, const char *file)
{
	g_autoptr(GError) failed = NULL;
	g_autoptr(People) people = people_open(file, &failed);
	g_autofree char *advice = people ? people_advice(people, file) : NULL;

	if (!people)
		text_note(notes, "%s", failed->message);
	else if (advice)
		text_note(notes, "%s", advice);
}

/* When the list of people was last written, in microseconds since 1970; 0: unknown. */
static gint64
list_written(const char *file)
{
	g_autofree char *compiled = people_compiled_path(file);
	struct stat info;

	if (stat(file, &info) != 0 && stat(compiled, &info) != 0)
		return 0;
	return (gint64)info.st_mtim.tv_sec * G_USEC_PER_SEC;
}

/* Notes what SQLite could not do with the files as their owner. */
static void
note_rights(GPtrArray *notes, const char *owner, const char *database)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	g_autofree char *folder = g_path_get_dirname(database);

	if (access(folder, W_OK | X_OK) != 0)
		text_note(notes,
		          "%s: %s cannot create files there, so mail is or will be deferred: %s",
		          folder, owner, g_strerror(errno));
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(database, ends[i], NULL);
		if (access(file, R_OK | W_OK) != 0 && errno != ENOENT)
			text_note(notes, "%s: %s cannot read and write it, so mail is deferred: %s",
			          file, owner, g_strerror(errno));
	}
}

/* Tries, as the user of the filter, what a filter does before it writes its row. */
static void
look_as_owner(GPtrArray *notes, const char *owner, gpointer data)
{
	const Config *config = data;
	const char *database = config->settings->database;
	g_autoptr(GError) failed = NULL;
	guint before;

	owner_look_at_settings(notes, owner, data);
	if (config->scope_has_directory)
		note_directory(notes, config->directory);
	before = notes->len;
	note_rights(notes, owner, database);
	if (notes->len > before ||
	    care_try_lock(database, config->settings->deadline * 1000, &failed))
		return;
	/* Other errors are reported when the reader opens the audit. */
	if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_LOCKED))
		text_note(notes,
		          "no filter can write: another program has held the lock for %d s, so "
		          "mail is deferred; fuser -v %s shows which",
		          config->settings->deadline, database);
	else if (g_error_matches(failed, STORE_ERROR, STORE_ERROR_FULL) ||
	         g_error_matches(failed, STORE_ERROR, STORE_ERROR_READONLY) ||
	         g_error_matches(failed, STORE_ERROR, STORE_ERROR_OTHER))
		text_note(notes, "no filter can write: %s", failed->message);
}

static void
note_place(GPtrArray *notes, const char *database)
{
	guint64 octets, files;
	g_autofree char *warning = check_place(database);

	if (warning)
		text_note(notes, "%s", warning);
	if (!place_free(database, &octets, &files))
		return;
	if (octets < FREE_MIN)
		text_note(notes,
		          "only %" G_GUINT64_FORMAT
		          " KiB are free where the audit is: once it is full, mail is deferred: "
		          "free some space; barefrom audit prune gives back more, but needs some "
		          "itself",
		          octets / 1024);
	if (files < FREE_FILES_MIN)
		text_note(notes, "hardly any new file can be created where the audit is: once none "
		                 "can, mail is deferred: delete some files");
}

char *
check_place(const char *database)
{
	const char *kind = place_is_unfit(database);

	return kind ? g_strdup_printf("database: %s is on %s, where locks fail and rows are lost: "
	                              "put it on a local disk",
	                              database, kind)
	            : NULL;
}

static void
note_state(GPtrArray *notes, const Config *config, const CareState *state)
{
	gint64 now = g_get_real_time();
	int limit = config->settings->deadline * VERB_DEADLINES_PENDING;
	g_autofree char *pending_limit = verb_pending_before(config);
	g_autofree char *running_limit = audit_time(now - RUN_DAYS * VERB_DAY);
	guint64 log_limit = state->running ? LOG_OF_RUN_MAX : LOG_MAX;

	for (guint i = 0; i < state->damage->len; i++) {
		g_autofree char *words = text_clean_string(g_ptr_array_index(state->damage, i));
		text_note(notes, "damaged: %s: run barefrom audit restore", words);
	}
	if (state->dangling)
		text_note(notes,
		          "damaged: %" G_GINT64_FORMAT
		          " rows refer to a row that does not exist: run barefrom audit restore",
		          state->dangling);
	if (state->lack)
		text_note(notes,
		          "the audit is not whole: %s: run barefrom audit restore with a backup "
		          "that is",
		          state->lack);
	if (state->pending_since && strcmp(state->pending_since, pending_limit) < 0)
		text_note(notes,
		          "messages have been pending for longer than a filter takes (%d s): the "
		          "mail log says what became of them",
		          limit);
	if (state->running_since && strcmp(state->running_since, running_limit) < 0)
		text_note(notes, "a run has been marked running for more than a day: it may have "
		                 "been interrupted");
	if (state->log > log_limit)
		text_note(notes,
		          "the write-ahead log is larger than %" G_GUINT64_FORMAT
		          " KiB, which slows "
		          "filters down: run barefrom audit checkpoint",
		          verb_kib(log_limit));
}

static void
note_settings(GPtrArray *notes, const Config *config)
{
	if (config->domains_are_example)
		text_note(notes, CONFIG_WORDS_EXAMPLE);
	if (!config->scope_has_directory)
		return;
	gint64 written = list_written(config->directory);
	if (written && written < g_get_real_time() - LIST_DAYS * VERB_DAY)
		text_note(notes,
		          "directory: %s has not been changed for more than %d days: check that "
		          "its people are still the right ones, then touch(1) it",
		          config->directory, LIST_DAYS);
}

static void
print_count(const char *name, gint64 count, const char *since)
{
	printf("%-10s %" G_GINT64_FORMAT "%s%s\n", name, count, since ? ", the oldest since " : "",
	       since ? since : "");
}

static void
print_counts(const CareState *state)
{
	print_count("messages", state->messages, NULL);
	for (guint i = 0; i < state->outcomes->len; i++) {
		const CareOutcome *o = &g_array_index(state->outcomes, CareOutcome, i);
		g_autofree char *name = g_strconcat("  ", o->outcome, NULL);
		print_count(name, o->messages, NULL);
	}
	print_count("pending", state->pending, state->pending_since);
	print_count("running", state->running, state->running_since);
}

static void
print_state(const Config *config, const CareState *state)
{
	guint64 octets, files;

	printf("%-10s %s\n", "database", config->settings->database);
	printf("%-10s version %" G_GINT64_FORMAT, "schema", state->version);
	if (state->version < state->newest_version)
		printf("; the next message upgrades it to version %" G_GINT64_FORMAT,
		       state->newest_version);
	printf("\n%-10s %s\n", "integrity",
	       state->damage->len > 0 || state->dangling > 0 ? "damaged"
	       : state->lack                                 ? "not whole"
	                                                     : "ok");
	if (state->is_counted)
		print_counts(state);
	printf("%-10s %" G_GUINT64_FORMAT " KiB, of which %" G_GUINT64_FORMAT " KiB unused\n",
	       "file", verb_kib(state->file), verb_kib(state->unused));
	printf("%-10s %" G_GUINT64_FORMAT " KiB\n", "log", verb_kib(state->log));
	if (place_free(config->settings->database, &octets, &files))
		printf("%-10s %" G_GUINT64_FORMAT " KiB\n", "free", octets / 1024);
}

static void
print_directory(const Config *config)
{
	gint64 written = config->scope_has_directory ? list_written(config->directory) : 0;
	g_autofree char *time = written ? audit_time(written) : NULL;

	if (time)
		printf("%-10s last changed %s\n", "directory", time);
}

bool
verb_check(const Config *config, const VerbOptions *options, GError **error)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free),
	                     of_owner = g_ptr_array_new_with_free_func(g_free);
	g_auto(CareState) state = { 0 };

	/* First, since owner_look() may fork, and no database must be open then. */
	bool looked = owner_look(config, look_as_owner, (gpointer)config, of_owner);
	g_autoptr(Reader) reader = verb_open(config, error);
	if (!reader || !care_look(reader, config->settings->database, &state, error))
		return false;
	note_state(notes, config, &state);
	note_place(notes, config->settings->database);
	note_settings(notes, config);
	g_ptr_array_extend_and_steal(notes, g_steal_pointer(&of_owner));
	if (!looked && config->scope_has_directory)
		note_directory(notes, config->directory);
	for (guint i = 0; i < notes->len; i++)
		printf("attention: %s\n", (const char *)g_ptr_array_index(notes, i));
	if (notes->len == 0)
		printf("ok\n");
	print_state(config, &state);
	print_directory(config);
	if (!looked)
		printf("%-10s %s\n", "lock",
		       "not tried: only the owner of the audit or root can write");
	*options->attention = notes->len > 0;
	return true;
}
