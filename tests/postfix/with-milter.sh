# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The private Postfix of lib.sh with barefrom-milter; sourced by tests of both.
#
# $port and $submission pass the milter, and so does what sendmail(1) hands in; $hidden does not pass
# it, to compare with. Mail for @box.example arrives in box/new, a file for each recipient, by virtual(8):
# not a byte of it is changed, and nothing is started for it. smtp.py is the client, and reads that.
. "${SRCDIR:?}/tests/postfix/lib.sh"
without_milter() { without 'There is no barefrom-milter: it is built where libsystemd is.'; }
[ -x "${BAREFROM_MILTER:-/nowhere}" ] || without_milter

socket=$tmp/run/milter.sock
plain=$hidden # the listener without the milter
install -d -o $user -g "$user_group" -m 755 run
install -d -o $user -g "$user_group" -m 755 box
cp "$BAREFROM_MILTER" bin/barefrom-milter
chmod 755 bin/barefrom-milter
cat >>barefrom.conf <<END
[milter]
listen=unix:$socket
socket-mode=0666
socket-group=
submission-daemons=submission
END
chmod 644 barefrom.conf

cat >>etc/main.cf <<END
virtual_mailbox_maps = static:box/
virtual_mailbox_base = $tmp
virtual_uid_maps = static:$user_id
virtual_gid_maps = static:$(id -g $user)
enable_long_queue_ids = yes
smtpd_milters = unix:$socket
non_smtpd_milters = unix:$socket
milter_default_action = tempfail
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 1000
smtpd_junk_command_limit = 1000
END
sed -i 's/^relay_domains = /&box.example /; s/^transport_maps = inline:{/&\n\t{ box.example = virtual: },/' etc/main.cf
echo 'virtual unix - n n - - virtual' >>etc/master.cf
bed postconf -Pe "127.0.0.1:$submission/inet/milter_macro_daemon_name = submission" \
	"127.0.0.1:$plain/inet/smtpd_milters ="

# As a user without rights. Its log is milter.log.
cat >bin/start-milter <<END
#!/bin/sh
export MAIL_CONFIG=$etc
exec setpriv --reuid=$user --regid=$user_group --clear-groups -- \\
	$tmp/bin/barefrom-milter -c $tmp/barefrom.conf "\$@" >>$tmp/milter.log 2>&1
END
chmod 755 bin/start-milter

# milter_start [OPTION...]: returns when it answers.
milter_start() {
	bin/start-milter "$@" 8>&- &
	milter=$!
	await milter_answers || give_up "barefrom-milter does not start: $(tail -n 5 milter.log)"
}
milter_answers() {
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$socket" 2>/dev/null
}
# play SCRIPT ARGUMENT...: a program of tests/postfix that knows smtp.py and what is here.
play() {
	script=$SRCDIR/tests/postfix/$1
	shift
	PYTHONPATH=$SRCDIR/tests/postfix PORT=$port SUBMISSION=$submission PLAIN=$plain BED=$tmp \
		DATABASE=$database HOST=$host PROGRAM=$tmp/bin/program SENDMAIL=$sbin/sendmail \
		PYTHONDONTWRITEBYTECODE=1 "${PYTHON-python3}" "$script" "$@" 8>&-
}

# play_all SCRIPT ARGUMENT...: the same, where it makes all the points of the test.
play_all() {
	play "$@"
	result=$?
	[ $result = 0 ] || tail -n 15 mail.log milter.log | cut -c 1-300 | sed 's/^/# /'
	return $result
}
