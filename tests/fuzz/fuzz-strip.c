/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-strip: no message breaks a law, with scope=everyone and scope=domains, where
 * recipient fields are listed too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/config.h"
#include "fuzz.h"
#include "laws.h"

static const Config *
config(char *scope)
{
	char trusted_by[] = "trusted-by=mx.example.org", domains[] = "domains=example.org";
	char fields[] = "fields=To;From;Sender;Reply-To;Cc";
	char *options[] = { trusted_by, domains, fields, scope, NULL };

	return config_load("/dev/null", options, false, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char scopes[2][20] = { "scope=everyone", "scope=domains" };
	static const Config *configs[2];
	Facts facts = { 0 };

	for (size_t i = 0; i < 2; i++) {
		if (!configs[i])
			configs[i] = config(scopes[i]);
		const char *broken = laws_broken(&configs[i]->settings->policy, &facts,
		                                 (const char *)data, size, NULL);
		if (broken) {
			fprintf(stderr, "%s: broken law: %s\n", scopes[i], broken);
			abort();
		}
	}
	return 0;
}
