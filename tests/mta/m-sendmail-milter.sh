# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom-milter behind Sendmail: the same odd heads, facts of the session, and no audit, no mail.
. "${SRCDIR:?}/tests/mta/lib.sh"
socket=$jail/var/run/barefrom/milter.sock
. "$SRCDIR/tests/postfix/milter.sh"
. "$SRCDIR/tests/mta/sendmail.sh"
sed -i 's/^\[filter\]$/&\ndeadline=2/' barefrom.conf
configure_server <<END
define(\`confMAX_HOP', \`1000')dnl
MAIL_FILTER(\`barefrom', \`S=local:/var/run/barefrom/milter.sock, F=T, T=C:10s;S:10s;R:60s;E:120s')dnl
DAEMON_OPTIONS(\`Name=open, Addr=127.0.0.1, Port=$port, InputMailFilters=barefrom')dnl
DAEMON_OPTIONS(\`Name=submission, Addr=127.0.0.1, Port=$submission, InputMailFilters=barefrom')dnl
DAEMON_OPTIONS(\`Name=plain, Addr=127.0.0.1, Port=$plain')dnl
END
milter_start
jail_serve $sendmail -bD
JAIL=$jail SENDMAIL_IN_JAIL=$sendmail play_all tests/mta/m-sendmail-milter.py
