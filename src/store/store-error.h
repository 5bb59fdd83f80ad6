/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is wrong with the audit database. Error messages name its path. */
#define STORE_ERROR store_error_quark()
typedef enum {
	STORE_ERROR_LOCKED,   /* another process held it for too long */
	STORE_ERROR_FULL,     /* no space for a row */
	STORE_ERROR_READONLY, /* this user may not write it, or its directory */
	STORE_ERROR_MISSING,  /* no directory; unless it is to be made, no file, or no tables */
	STORE_ERROR_NEWER,    /* a newer barefrom made it */
	STORE_ERROR_FOREIGN,  /* it is no audit database */
	STORE_ERROR_APART,    /* its files do not belong together, or one of them is damaged */
	STORE_ERROR_OTHER,
	N_STORE_ERRORS,
} StoreError;

GQuark store_error_quark(void);
