/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define VALUE_SOCKET_PATH_MAX 108 /* octets of sun_path, with its NUL; see unix(7) */

/* A dialect that may be named, but whose comment has no form that proves a login. */
#define VALUE_DIALECT_WITHOUT_FORM "qmail"

/* What a milter listens on. */
typedef struct {
	char *path; /* of a unix socket; NULL: the members below count */
	char *host; /* a name or an address */
	bool is_inet6;
	guint16 port;
} ValueListen;

void value_listen_clear(ValueListen *listen);

enum {
	VALUE_SCOPE_EVERYONE = 1 << 0,
	VALUE_SCOPE_DOMAINS = 1 << 1,
	VALUE_SCOPE_DIRECTORY = 1 << 2,
};

/* Functions of this type read the value of a setting from @text, which is trimmed UTF-8, and set
 * @member, a pointer to the type noted below that holds nothing yet; if @member is NULL, they only
 * check the value. They return what is wrong with it, and what is accepted; NULL: nothing is wrong.
 * (transfer full) (nullable) */
typedef char *(*ValueRead)(const char *text, gpointer member);

/* char **: split at blanks, `;` and `,` */
char *value_words(const char *text, gpointer member);
char *value_hosts(const char *text, gpointer member);
char *value_many_hosts(const char *text, gpointer member); /* hosts, suffixes, networks: host.h */
char *value_domains(const char *text, gpointer member);    /* folded by mime_domain() */

char *value_networks(const char *text, gpointer member); /* GPtrArray * of Network */
char *value_dialects(const char *text, gpointer member); /* GPtrArray * of DialectRule */
char *value_except(const char *text, gpointer member);   /* Except * */
char *value_fields(const char *text, gpointer member);   /* guint: bits of strip_field_bits() */
char *value_scope(const char *text, gpointer member);    /* guint: VALUE_SCOPE_... */

/* bool */
char *value_bool(const char *text, gpointer member);
char *value_is_anonymous(const char *text, gpointer member);
char *value_is_authenticated(const char *text, gpointer member);

/* char * */
char *value_path(const char *text, gpointer member);
char *value_optional_path(const char *text, gpointer member); /* NULL if it is empty */
char *value_group(const char *text, gpointer member);         /* may be empty */
char *value_id(const char *text, gpointer member);            /* authserv-id; may be empty */

char *value_seconds(const char *text, gpointer member); /* int */
char *value_count(const char *text, gpointer member);   /* guint */
char *value_mode(const char *text, gpointer member);    /* mode_t */
char *value_listen(const char *text, gpointer member);  /* ValueListen */
