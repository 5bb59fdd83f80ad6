/* SPDX-License-Identifier: GPL-3.0-or-later */
/* noop-milter SOCKET: the least that a milter by libmilter can do: it sees every header field,
 * skips the body, answers nothing that it need not, and changes nothing. For milter.sh, which
 * builds it. */
#include <libmilter/mfapi.h>
#include <stdio.h>

static sfsistat
on_negotiate(SMFICTX *context, unsigned long actions, unsigned long steps, unsigned long a,
             unsigned long b, unsigned long *my_actions, unsigned long *my_steps,
             unsigned long *my_a, unsigned long *my_b)
{
	unsigned long silent = SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT |
	                       SMFIP_NR_DATA | SMFIP_NR_HDR | SMFIP_NR_EOH;

	*my_actions = actions & SMFIF_CHGHDRS;
	*my_steps = steps & (silent | SMFIP_NOBODY | SMFIP_NOUNKNOWN | SMFIP_HDR_LEADSPC);
	*my_a = 0;
	*my_b = 0;
	return SMFIS_CONTINUE;
}

/* Where no reply was agreed on, libmilter sends none whatever else is returned but this. */
static sfsistat
on_connect(SMFICTX *context, char *host, _SOCK_ADDR *address)
{
	return SMFIS_NOREPLY;
}

static sfsistat
on_word(SMFICTX *context, char *helo)
{
	return SMFIS_NOREPLY;
}

static sfsistat
on_envelope(SMFICTX *context, char **words)
{
	return SMFIS_NOREPLY;
}

static sfsistat
on_header(SMFICTX *context, char *name, char *value)
{
	return SMFIS_NOREPLY;
}

static sfsistat
on_data(SMFICTX *context)
{
	return SMFIS_NOREPLY;
}

static sfsistat
on_end(SMFICTX *context)
{
	return SMFIS_CONTINUE;
}

int
main(int argc, char *argv[])
{
	static struct smfiDesc milter = {
		.xxfi_name = "noop",
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = SMFIF_CHGHDRS,
		.xxfi_connect = on_connect,
		.xxfi_helo = on_word,
		.xxfi_envfrom = on_envelope,
		.xxfi_envrcpt = on_envelope,
		.xxfi_header = on_header,
		.xxfi_eoh = on_data,
		.xxfi_eom = on_end,
		.xxfi_data = on_data,
		.xxfi_negotiate = on_negotiate,
	};

	if (argc != 2 || smfi_setconn(argv[1]) == MI_FAILURE ||
	    smfi_register(milter) == MI_FAILURE) {
		fprintf(stderr, "usage: noop-milter SOCKET\n");
		return 64;
	}
	return smfi_main() == MI_SUCCESS ? 0 : 70;
}
