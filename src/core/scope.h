/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "address.h"
#include "span.h"

/* Why a message is in scope: the first of these that holds in one of its sender places. */
typedef enum {
	SCOPE_UNREADABLE, /* a value is not understood, or shows text without an addr-spec */
	SCOPE_DOMAINS,    /* a value shows a domain of the settings */
	SCOPE_DIRECTORY,  /* a value shows a person of the directory, where that person is not known
	                   */
	SCOPE_EVERYONE,   /* every message is */
	SCOPE_NOTHING,    /* out of scope; and these, though a person was found: */
	SCOPE_KEEP,       /* the address is one that the directory lets the name stand on */
	SCOPE_SELF,       /* the recipients are all that person */
	SCOPE_EXCEPT,     /* the address or client is excepted */
	N_SCOPE_REASONS
} ScopeReason;

/* Whether @reason is one that a message is in scope by. */
static inline bool
scope_reason_holds(ScopeReason reason)
{
	return reason < SCOPE_NOTHING;
}

/* What is looked for in the values of one message. Its members are its own business. */
typedef struct {
	char *const *domains;
	size_t labels; /* of the domain that has most */
	size_t folds;  /* how many domains are still folded to A-labels */
	ScopeReason reason;
} Scope;

/* The name of @reason, as audit and JSON have it, static; NULL: SCOPE_NOTHING. */
const char *scope_reason_name(ScopeReason reason);

/* @domains (NULL-terminated, lower-case A-labels without trailing dot) stay the caller's. */
Scope scope_new(bool everyone, char *const *domains);

/* Looks at the value of one more sender place, and at what address_parse() made of it: what a
 * reader would take for an address decides, wherever in the value it stands. Linear in the value.
 * scope->reason is the answer for all the values so far. */
void scope_add(Scope *scope, Span value, const AddressList *list);
