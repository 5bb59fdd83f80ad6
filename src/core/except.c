/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * except: the setting that lets addresses, domains and clients write in the names of others.
 * May know: how addresses and networks are compared. Must not know: who writes in whose name.
 * Fails: by false, if an item is malformed.
 */
#include "except.h"

#include <string.h>

#include "mime.h"
#include "network.h"
#include "person.h"

static char **
add_text(char **list, char *text)
{
	guint n = g_strv_length(list);

	list = g_renew(char *, list, n + 2);
	list[n] = text;
	list[n + 1] = NULL;
	return list;
}

Except *
except_new(void)
{
	Except *except = g_new0(Except, 1);

	except->addresses = g_new0(char *, 1);
	except->domains = g_new0(char *, 1);
	except->above = g_new0(char *, 1);
	except->networks = g_ptr_array_new_with_free_func(g_free);
	return except;
}

bool
except_add(Except *except, const char *item)
{
	Network *network = network_parse(item);
	const char *at = strchr(item, '@');

	if (network) {
		g_ptr_array_add(except->networks, network);
		return true;
	}
	if (at) {
		char *address = strchr(at + 1, '@') || !mime_is_domain(at + 1)
		                        ? NULL
		                        : person_address(item, strlen(item));
		if (!address)
			return false;
		except->addresses = add_text(except->addresses, address);
		return true;
	}
	bool is_above = g_str_has_prefix(item, "*.");
	const char *domain = item + (is_above ? 2 : 0);
	if (!mime_is_domain(domain))
		return false;
	char ***list = is_above ? &except->above : &except->domains;
	*list = add_text(*list, mime_domain(domain));
	return true;
}

void
except_free(Except *except)
{
	g_strfreev(except->addresses);
	g_strfreev(except->domains);
	g_strfreev(except->above);
	g_ptr_array_unref(except->networks);
	g_free(except);
}

bool
except_is_empty(const Except *except)
{
	return !*except->addresses && !*except->domains && !*except->above &&
	       except->networks->len == 0;
}

bool
except_has_address(const Except *except, const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	if (!at)
		return false;
	if (g_strv_contains((const char *const *)except->addresses, address) ||
	    g_strv_contains((const char *const *)except->domains, at + 1))
		return true;
	for (char **above = except->above; *above; above++) {
		size_t length = strlen(at + 1), tail = strlen(*above);
		if (length > tail && at[length - tail] == '.' &&
		    g_str_equal(at + 1 + length - tail, *above))
			return true;
	}
	return false;
}

bool
except_has_client(const Except *except, const char *peer)
{
	return network_holds(except->networks, peer);
}
