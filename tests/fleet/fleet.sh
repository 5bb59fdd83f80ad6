# SPDX-License-Identifier: GPL-3.0-or-later
# Three MX hosts with a Postfix each, two hosts with a barefrom-milter each that have one name, and a
# host whose Postfix sends; on a network of their own. fleet.py says what goes wrong there.
. "${SRCDIR:?}/tests/postfix/lib.sh"
[ -x "${BAREFROM_MILTER:-/nowhere}" ] ||
	without 'There is no barefrom-milter: it is built where libsystemd is.'
for tool in ip bridge dnsmasq unshare nsenter; do
	command -v $tool >/dev/null || without "There is no $tool. Run: sh tests/packages.sh test"
done
unshare --net true || without 'There are no network namespaces.'

# The mark by which the keeper ends it all: without its first process, the namespace of processes ends.
MAIL_CONFIG=$etc BED=$tmp OWNER=$owner PYTHONDONTWRITEBYTECODE=1 \
	unshare --net --mount --pid --fork --kill-child --mount-proc \
	"${PYTHON-python3}" "$SRCDIR/tests/fleet/fleet.py" 8>&-
