/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * library: shared libraries that are loaded only when they are needed.
 * May know: the dynamic loader. Must not know: what a library is for.
 * Fails: by a signal, after saying why, as a program without one of its libraries does not start
 * either. Postfix defers what dies of a signal.
 */
#include "library.h"

#include <dlfcn.h>
#include <glib.h>

void *
library_open(const char *soname)
{
	void *library = dlopen(soname, RTLD_NOW);

	if (!library)
		g_error("cannot load a library, install it: %s", dlerror());
	return library;
}

void *
library_symbol(void *library, const char *name)
{
	void *symbol = dlsym(library, name);

	if (!symbol)
		g_error("a library is not the one that is needed: %s", dlerror());
	return symbol;
}
