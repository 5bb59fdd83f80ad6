/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driver: runs a fuzz target on the files in the folders named, one TAP point a file.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

int
main(int argc, char **argv)
{
	unsigned n = 0;

	for (int i = 1; i < argc; i++) {
		g_autoptr(GDir) dir = g_dir_open(argv[i], 0, NULL);
		const char *name;
		g_assert_nonnull(dir);
		while ((name = g_dir_read_name(dir))) {
			g_autofree char *path = g_build_filename(argv[i], name, NULL);
			g_autofree char *bytes = NULL;
			gsize size;
			if (strstr(argv[i], "golden") && !g_str_has_suffix(name, ".eml"))
				continue;
			g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
			/* A copy of just this size, so that a byte too far is seen. */
			uint8_t *exact = g_memdup2(bytes, MAX(size, 1));
			LLVMFuzzerTestOneInput(exact, size);
			g_free(exact);
			printf("ok %u %s\n", ++n, name);
			fflush(stdout);
		}
	}
	printf("1..%u\n", n);
	return n == 0;
}
