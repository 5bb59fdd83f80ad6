/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * io-error: errors of reading and writing. GLib's own domain for them needs GIO, which would be
 * loaded for nothing else.
 * May know: errno. Must not know: what was read or written.
 * Fails: never.
 */
#include "io-error.h"

#include <errno.h>

G_DEFINE_QUARK(barefrom-io-error, io_error);

IoError
io_error_from_errno(int reason)
{
	switch (reason) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG: /* the user may have no larger file */
	case ENOMEM:
		return IO_ERROR_NO_SPACE;
	case EADDRINUSE:
		return IO_ERROR_IN_USE;
	case EACCES:
	case EPERM:
		return IO_ERROR_DENIED;
	default:
		return IO_ERROR_FAILED;
	}
}
