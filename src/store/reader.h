/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store-error.h"

/* An audit database that is read as it is, while filters write to it. */
typedef struct Reader Reader;

/* Opens the audit at @path; no wait for another process is longer than @wait_ms. (transfer full) */
Reader *reader_open(const char *path, int wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees @reader. */
void reader_close(Reader *reader);

/* The version of its schema, which may be older than the newest. */
gint64 reader_version(const Reader *reader);

/* Whether the audit is whole: see schema_compare(). (transfer full) */
bool reader_compare_schema(Reader *reader, char **ret_lack,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of an answer; valid during the call. */
typedef struct ReaderRow ReaderRow;

/* Takes a row. Returning false, with @error set, ends the reading. */
typedef bool (*ReaderFunc)(const ReaderRow *row, gpointer data, GError **error);

/* Runs @sql, one SELECT, with @texts (NULL-terminated; NULL: none) for ?1, ?2 and so on, and calls
 * @func for each row. Only for files in store/: no other file may hold SQL. */
bool reader_each(Reader *reader, const char *sql, const char *const *texts, ReaderFunc func,
                 gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All that is read between the two is of one moment. */
bool reader_begin(Reader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void reader_end(Reader *reader);

/* Columns are counted from 0. The text of a NULL column is NULL, that of a BLOB is its bytes,
 * without a NUL; it is valid during the call. @ret_length may be NULL. */
int reader_columns(const ReaderRow *row);
const char *reader_column_name(const ReaderRow *row, int at);
const char *reader_text(const ReaderRow *row, int at, size_t *ret_length);
gint64 reader_integer(const ReaderRow *row, int at);
bool reader_is_null(const ReaderRow *row, int at);
bool reader_is_integer(const ReaderRow *row, int at);

/* A ReaderFunc for a question with one number: sets *@value (gint64) to the first column. */
bool reader_take_integer(const ReaderRow *row, gpointer value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_close)
