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
	bool bad; /* malformed: nothing in it is to be believed */
	char *from, *by, *via, *with, *id, *for_;
	char *peer;           /* address of the client, as the host that wrote the field saw it */
	char *unread;         /* without a peer: addresses of which none is beyond doubt */
	char *helo;           /* what the client called itself */
	char *ident;          /* what the client's host said of its user (RFC 1413) */
	char *user;           /* the login that a comment of a known form names */
	Dialect dialect;      /* the form of a comment that stands where it may count */
	Span date;            /* what stands behind the semicolon: bytes of the value */
	bool is_http;         /* no with, but `via HTTP` or `(via HTTP)`, as webmails write */
	bool is_local;        /* handed over on the host itself, not by SMTP */
	bool is_local_nobody; /* and the field does not say by whom */
	char *local_user, *local_uid; /* by whom: a name or number, and the number behind a name */
	bool is_silent;               /* shows nothing but by, its comment, id and for */
	bool is_inside;        /* by a host in a network of ours, which shows nobody it came from */
	bool is_qmail_network; /* qmail's own field above the one of its SMTP server */
	char *qmail_uid;       /* qmail's own field, for what this user handed in */
} Received;

/* Reads the value of a Received field. @ours are our hosts, as a list of host.h: `by` and the name
 * of one stand at most once anywhere in a field that is believed, as its by clause. Linear in the
 * length of @value. (transfer full) */
Received *received_read(Span value, const char *const *ours);
void received_free(Received *received);

/* Whether two host names are the same, without case and trailing dot. */
bool received_same_host(const char *a, const char *b);

/* Whether @host (NULL: no) is one of @hosts, a list of host.h. */
bool received_host_in(const char *host, const char *const *hosts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Received, received_free)
