/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The shared library @soname, loaded now and for good (dlopen(3)). Never NULL. */
void *library_open(const char *soname);

/* The address of @name in @library. Never NULL. */
void *library_symbol(void *library, const char *name);
