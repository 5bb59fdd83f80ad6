/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "dialect.h"
#include "span.h"

/* A longer field is malformed: no MTA writes one. */
#define RECEIVED_MAX ((size_t)64 * 1024)

/* One Received field (RFC 5321, 4.4). Strings are as written, NULL where the clause is absent. */
typedef struct {
	bool bad; /* malformed: nothing in it may be believed */
	char *from, *by, *via, *with, *id, *for_;
	char *peer;           /* address of the client, as the host that wrote the field saw it */
	char *unread;         /* without a peer: addresses, none of which is beyond doubt */
	char *helo;           /* the client's HELO name */
	char *ident;          /* what the client's host said about its user (RFC 1413) */
	char *user;           /* the login to show of those that comments of a known form name */
	GPtrArray *users;     /* char *: all of these logins; NULL: none */
	Dialect dialect;      /* of a comment that shows a login and stands where it may count */
	bool names_user;      /* which that comment names */
	Span date;            /* what follows the semicolon: bytes of the value */
	bool is_http;         /* no with, but `via HTTP` or `(via HTTP)`, as webmails write */
	bool is_local;        /* handed in on the host itself, not by SMTP */
	bool is_local_nobody; /* is_local, and the field does not show the user */
	char *local_user, *local_uid; /* who handed it in: a name or number; the number of a name */
	bool is_silent;               /* shows nothing but by, its comment, id and for */
	bool is_inside;               /* by a host in a network of ours, without showing a client */
	bool is_qmail_network;        /* qmail's own field above the one of its SMTP server */
	char *qmail_uid;              /* the user who handed it in, in qmail's own field */
} Received;

/* Reads the value of a Received field. @ours are our hosts, a list of host.h. To be believed, a
 * field may hold `by` followed by one of these only once, as its by clause. Linear in the length of
 * @value. (transfer full) */
Received *received_read(Span value, const char *const *ours);
void received_free(Received *received);

/* Whether two host names are the same, without case and trailing dot. */
bool received_same_host(const char *a, const char *b);

/* Whether @host (NULL: no) is one of @hosts, a list of host.h. */
bool received_host_in(const char *host, const char *const *hosts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Received, received_free)
