/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A warning if the audit at @database is on a file system that is unfit for it; NULL: it is not.
 * (transfer full) */
char *check_place(const char *database);
