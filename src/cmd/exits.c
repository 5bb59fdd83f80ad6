/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * exits: errors -> exit status and public words. The only file with numbers of <sysexits.h>.
 * May know: every error domain. Must not know: what was being done.
 * Fails: never.
 */
#include "exits.h"

#include <gio/gio.h>
#include <sysexits.h>

#include "io/lock.h"
#include "io/newfile.h"
#include "io/outfile.h"
#include "io/sendmail.h"
#include "mail/people.h"
#include "store/backup.h"
#include "store/store-error.h"

G_DEFINE_QUARK(barefrom - cmd - error, cmd_error)

int
exits_status(const GError *error, bool deferring)
{
	if (deferring)
		return EX_TEMPFAIL;
	if (error->domain == G_OPTION_ERROR)
		return EX_USAGE;
	if (error->domain == CMD_ERROR) {
		switch ((CmdError)error->code) {
		case CMD_ERROR_USAGE:
			return EX_USAGE;
		case CMD_ERROR_CONFIG:
			return EX_CONFIG;
		case CMD_ERROR_NO_INPUT:
			return EX_NOINPUT;
		case CMD_ERROR_DATA:
			return EX_DATAERR;
		case CMD_ERROR_REFUSED:
		case CMD_ERROR_CUT:
		case CMD_ERROR_RECIPIENT:
		case CMD_ERROR_STOPPED:
		case CMD_ERROR_HELP:
			return EX_TEMPFAIL;
		}
	}
	if (error->domain == PEOPLE_ERROR) {
		switch ((PeopleError)error->code) {
		case PEOPLE_ERROR_UNREADABLE:
			return EX_CONFIG;
		case PEOPLE_ERROR_LINE:
			return EX_DATAERR;
		case PEOPLE_ERROR_LOOKUP:
			return EX_IOERR;
		}
	}
	if (error->domain == SENDMAIL_ERROR)
		return EX_TEMPFAIL;
	if (error->domain == LOCK_ERROR) {
		switch ((LockError)error->code) {
		case LOCK_ERROR_HELD:
		case LOCK_ERROR_CHANGED:
			return EX_TEMPFAIL;
		case LOCK_ERROR_NOT_A_FILE:
			return EX_NOINPUT;
		case LOCK_ERROR_NOT_MADE:
			return EX_CANTCREAT;
		}
	}
	if (g_error_matches(error, NEWFILE_ERROR, NEWFILE_ERROR_NOT_MADE))
		return EX_CANTCREAT;
	if (error->domain == BACKUP_ERROR) {
		switch ((BackupError)error->code) {
		case BACKUP_ERROR_NOT_MADE:
			return EX_CANTCREAT;
		case BACKUP_ERROR_MISSING:
			return EX_NOINPUT;
		case BACKUP_ERROR_REFUSED:
			return EX_DATAERR;
		case BACKUP_ERROR_RUNNING:
			return EX_TEMPFAIL;
		}
	}
	if (error->domain == STORE_ERROR) {
		switch ((StoreError)error->code) {
		case STORE_ERROR_LOCKED:
			return EX_TEMPFAIL;
		case STORE_ERROR_READONLY:
		case STORE_ERROR_MISSING:
			return EX_CANTCREAT;
		case STORE_ERROR_FULL:
		case STORE_ERROR_NEWER:
		case STORE_ERROR_FOREIGN:
		case STORE_ERROR_APART:
		case STORE_ERROR_OTHER:
			return EX_IOERR;
		}
	}
	return EX_IOERR;
}

const char *
exits_enhanced(const GError *error)
{
	/* 4.3.5 is "system incorrectly configured", 4.6.0 "a problem with the content". */
	if (error->domain == G_OPTION_ERROR)
		return "4.3.5";
	if (error->domain == CMD_ERROR) {
		switch ((CmdError)error->code) {
		case CMD_ERROR_USAGE:
		case CMD_ERROR_CONFIG:
		case CMD_ERROR_RECIPIENT:
		case CMD_ERROR_HELP:
			return "4.3.5";
		case CMD_ERROR_REFUSED:
			return "4.6.0";
		case CMD_ERROR_NO_INPUT:
		case CMD_ERROR_DATA:
		case CMD_ERROR_CUT:
		case CMD_ERROR_STOPPED:
			break;
		}
	}
	return "4.3.0";
}

const char *
exits_public(const GError *error)
{
	if (error->domain == G_OPTION_ERROR)
		return "bad command line";
	if (error->domain == CMD_ERROR) {
		switch ((CmdError)error->code) {
		case CMD_ERROR_USAGE:
			return "bad command line";
		case CMD_ERROR_NO_INPUT:
		case CMD_ERROR_DATA:
			return "cannot read the message";
		case CMD_ERROR_CONFIG: /* made without a path, see config.h */
		case CMD_ERROR_REFUSED:
		case CMD_ERROR_CUT:
		case CMD_ERROR_RECIPIENT:
		case CMD_ERROR_STOPPED:
		case CMD_ERROR_HELP:
			return error->message;
		}
	}
	if (error->domain == PEOPLE_ERROR)
		return error->code == PEOPLE_ERROR_LOOKUP
		               ? "the directory of people is damaged: run barefrom directory build"
		               : "cannot read the directory of people: run barefrom config";
	if (error->domain == STORE_ERROR) {
		switch ((StoreError)error->code) {
		case STORE_ERROR_LOCKED:
			return "audit database is locked";
		case STORE_ERROR_FULL:
			return "audit database is full";
		case STORE_ERROR_READONLY:
			return "audit database may not be written";
		case STORE_ERROR_MISSING:
			return "audit database has no folder";
		case STORE_ERROR_NEWER:
			return "audit database is of a newer version";
		case STORE_ERROR_FOREIGN:
			return "audit database is damaged, or another program's";
		case STORE_ERROR_APART:
			return "the audit and its -wal do not belong together: run barefrom audit "
			       "restore";
		case STORE_ERROR_OTHER:
			break;
		}
		return "audit database cannot be used";
	}
	if (error->domain == SENDMAIL_ERROR)
		return error->message; /* made without path or address, see sendmail.h */
	if (error->domain == OUTFILE_ERROR)
		return error->message;
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
		return "the message did not arrive before the deadline";
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
		return "no space for the message";
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BUSY))
		return "too many messages wait";
	if (error->domain == G_IO_ERROR)
		return "cannot read or write the message";
	return "failed";
}
