/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A JSON text (RFC 8259) being written. */
typedef struct Json Json;

/* (transfer full) */
Json *json_new(void);
void json_free(Json *json);

/* These and the functions below take the name of a member; NULL in an array, and for the outermost
 * value. */
void json_begin_object(Json *json, const char *name);
void json_begin_array(Json *json, const char *name);

/* Ends the object or array that was begun last. */
void json_end(Json *json);

/* @text is @length bytes of UTF-8, NUL allowed; -1: up to the NUL. NULL is written as null. */
void json_string(Json *json, const char *name, const char *text, gssize length);
void json_integer(Json *json, const char *name, gint64 value);
void json_boolean(Json *json, const char *name, bool value);
/* @text is JSON already. */
void json_raw(Json *json, const char *name, const char *text);
/* @texts holds char *; NULL is the empty array. */
void json_strings(Json *json, const char *name, const GPtrArray *texts);

/* Begins a new text. */
void json_clear(Json *json);

/* The text written so far; valid until the next call. */
const char *json_text(const Json *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_free)
