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
	SCOPE_DIRECTORY,  /* a value shows a person of the directory, and nothing excuses that */
	SCOPE_EVERYONE,   /* every message is in scope */
	SCOPE_NOTHING,    /* out of scope: nothing was found */
	SCOPE_KEEP,       /* out of scope: the directory lets the name stand on this address */
	SCOPE_SELF,       /* out of scope: all recipients are that person */
	SCOPE_EXCEPT,     /* out of scope: the address or client is excepted */
	N_SCOPE_REASONS
} ScopeReason;

/* Whether a message with @reason is in scope. */
static inline bool
scope_reason_holds(ScopeReason reason)
{
	return reason < SCOPE_NOTHING;
}

/* The scope of one message, from its values so far. Only `reason` is for callers. */
typedef struct {
	char *const *domains;
	size_t labels; /* of the domain that has most */
	size_t folds;  /* how many more domains may be folded to A-labels */
	ScopeReason reason;
} Scope;

/* The name of @reason in audit and JSON; static. NULL: SCOPE_NOTHING. */
const char *scope_reason_name(ScopeReason reason);

/* A scope without values. @domains (NULL-terminated, lower-case A-labels without trailing dot) stay
 * the caller's, and must outlive it. */
Scope scope_new(bool everyone, char *const *domains);

/* Adds the value of one more sender place, and what address_parse() made of it. What a reader would
 * take for an address decides, wherever in the value it stands. Linear in the value. scope->reason
 * is the result for all values so far. */
void scope_add(Scope *scope, Span value, const AddressList *list);
