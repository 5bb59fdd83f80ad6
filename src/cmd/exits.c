/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * exits: errors -> exit status and public words. The only file with numbers of <sysexits.h>.
 * May know: every error domain. Must not know: what was being done.
 * Fails: never.
 */
#include "exits.h"

#include <sysexits.h>

#include "io/lock.h"
#include "io/newfile.h"
#include "io/outfile.h"
#include "io/sendmail.h"
#include "mail/people.h"
#include "store/backup.h"
#include "store/store-error.h"
#include "util/io-error.h"

G_DEFINE_QUARK(barefrom-cmd-error, cmd_error);

/* What an error turns into: the exit status, the enhanced status code (RFC 3463), and words that
 * may reach the sender of a forged message. */
typedef struct {
	GQuark (*domain)(void);
	int code; /* ANY: all codes without a line above */
	int status;
	const char *enhanced; /* 4.3.5: incorrectly configured; 4.6.0: the content; 4.3.0: other */
	const char *words;    /* NULL: the error's own, which name no path, no address and no SQL */
} Exit;

#define ANY (-1)

/* One line for each code of our own domains. */
static const Exit exits[] = {
	{ cmd_error_quark, CMD_ERROR_USAGE, EX_USAGE, "4.3.5", "bad command line" },
	{ cmd_error_quark, CMD_ERROR_CONFIG, EX_CONFIG, "4.3.5", NULL },
	{ cmd_error_quark, CMD_ERROR_NO_INPUT, EX_NOINPUT, "4.3.0", "cannot read the message" },
	{ cmd_error_quark, CMD_ERROR_DATA, EX_DATAERR, "4.3.0", "cannot read the message" },
	{ cmd_error_quark, CMD_ERROR_REFUSED, EX_TEMPFAIL, "4.6.0", NULL },
	{ cmd_error_quark, CMD_ERROR_CUT, EX_TEMPFAIL, "4.3.0", NULL },
	{ cmd_error_quark, CMD_ERROR_RECIPIENT, EX_TEMPFAIL, "4.3.5", NULL },
	{ cmd_error_quark, CMD_ERROR_STOPPED, EX_TEMPFAIL, "4.3.0", NULL },
	{ cmd_error_quark, CMD_ERROR_HELP, EX_TEMPFAIL, "4.3.5", NULL },

	{ people_error_quark, PEOPLE_ERROR_UNREADABLE, EX_CONFIG, "4.3.5",
	  "bad setting directory: run barefrom config" },
	{ people_error_quark, PEOPLE_ERROR_LINE, EX_CONFIG, "4.3.5",
	  "bad setting directory: run barefrom config" },
	{ people_error_quark, PEOPLE_ERROR_LOOKUP, EX_IOERR, "4.3.0",
	  "the directory of people is damaged: run barefrom directory build" },

	{ store_error_quark, STORE_ERROR_LOCKED, EX_TEMPFAIL, "4.3.0", "audit database is locked" },
	{ store_error_quark, STORE_ERROR_FULL, EX_IOERR, "4.3.0", "audit database is full" },
	{ store_error_quark, STORE_ERROR_READONLY, EX_CANTCREAT, "4.3.0",
	  "audit database is not writable" },
	{ store_error_quark, STORE_ERROR_MISSING, EX_CANTCREAT, "4.3.0",
	  "audit database directory does not exist" },
	{ store_error_quark, STORE_ERROR_NEWER, EX_IOERR, "4.3.0",
	  "audit database was made by a newer version" },
	{ store_error_quark, STORE_ERROR_FOREIGN, EX_IOERR, "4.3.0",
	  "audit database is damaged, or another program's" },
	{ store_error_quark, STORE_ERROR_APART, EX_IOERR, "4.3.0",
	  "the audit and its -wal do not belong together: run barefrom audit restore" },
	{ store_error_quark, STORE_ERROR_OTHER, EX_IOERR, "4.3.0",
	  "audit database cannot be used" },

	{ backup_error_quark, BACKUP_ERROR_NOT_MADE, EX_CANTCREAT, "4.3.0", "failed" },
	{ backup_error_quark, BACKUP_ERROR_MISSING, EX_NOINPUT, "4.3.0", "failed" },
	{ backup_error_quark, BACKUP_ERROR_REFUSED, EX_DATAERR, "4.3.0", "failed" },
	{ backup_error_quark, BACKUP_ERROR_RUNNING, EX_TEMPFAIL, "4.3.0", "failed" },

	{ lock_error_quark, LOCK_ERROR_HELD, EX_TEMPFAIL, "4.3.0", "failed" },
	{ lock_error_quark, LOCK_ERROR_CHANGED, EX_TEMPFAIL, "4.3.0", "failed" },
	{ lock_error_quark, LOCK_ERROR_NOT_A_FILE, EX_NOINPUT, "4.3.0", "failed" },
	{ lock_error_quark, LOCK_ERROR_NOT_MADE, EX_CANTCREAT, "4.3.0", "failed" },

	{ newfile_error_quark, NEWFILE_ERROR_NOT_MADE, EX_CANTCREAT, "4.3.0", "failed" },
	{ newfile_error_quark, NEWFILE_ERROR_LOST, EX_IOERR, "4.3.0", "failed" },

	{ sendmail_error_quark, SENDMAIL_ERROR_NOT_STARTED, EX_TEMPFAIL, "4.3.0", NULL },
	{ sendmail_error_quark, SENDMAIL_ERROR_FAILED, EX_TEMPFAIL, "4.3.0", NULL },
	{ sendmail_error_quark, SENDMAIL_ERROR_KILLED, EX_TEMPFAIL, "4.3.0", NULL },

	{ outfile_error_quark, OUTFILE_ERROR_NOT_MADE, EX_IOERR, "4.3.0", NULL },

	{ io_error_quark, IO_ERROR_FAILED, EX_IOERR, "4.3.0", "cannot read or write the message" },
	{ io_error_quark, IO_ERROR_TIMED_OUT, EX_IOERR, "4.3.0",
	  "the message did not arrive before the deadline" },
	{ io_error_quark, IO_ERROR_NO_SPACE, EX_IOERR, "4.3.0", "no space for the message" },
	{ io_error_quark, IO_ERROR_BUSY, EX_IOERR, "4.3.0", "too many messages are waiting" },
	{ io_error_quark, IO_ERROR_STOPPED, EX_IOERR, "4.3.0", "cannot read or write the message" },
	{ io_error_quark, IO_ERROR_IN_USE, EX_IOERR, "4.3.0", "failed" },
	{ io_error_quark, IO_ERROR_DENIED, EX_IOERR, "4.3.0", "cannot read or write the message" },
};

G_STATIC_ASSERT(G_N_ELEMENTS(exits) == N_CMD_ERRORS + N_PEOPLE_ERRORS + N_STORE_ERRORS +
                                               N_BACKUP_ERRORS + N_LOCK_ERRORS + N_NEWFILE_ERRORS +
                                               N_SENDMAIL_ERRORS + N_OUTFILE_ERRORS + N_IO_ERRORS);

/* Errors of the libraries; the last line stands for all others. */
static const Exit others[] = {
	{ g_option_error_quark, ANY, EX_USAGE, "4.3.5", "bad command line" },
	{ NULL, ANY, EX_IOERR, "4.3.0", "failed" },
};

static const Exit *
exit_of(const GError *error)
{
	const Exit *exit = others;

	for (size_t i = 0; i < G_N_ELEMENTS(exits); i++) {
		if (error->domain == exits[i].domain() && error->code == exits[i].code)
			return &exits[i];
	}
	while (exit->domain && (error->domain != exit->domain() ||
	                        (exit->code != ANY && error->code != exit->code)))
		exit++;
	return exit;
}

int
exits_status(const GError *error, bool deferring)
{
	return deferring ? EX_TEMPFAIL : exit_of(error)->status;
}

const char *
exits_enhanced(const GError *error)
{
	return exit_of(error)->enhanced;
}

const char *
exits_public(const GError *error)
{
	const char *words = exit_of(error)->words;

	return words ? words : error->message;
}
