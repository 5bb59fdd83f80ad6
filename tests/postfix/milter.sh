# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# barefrom-milter beside the private mail server of whoever sources this, and programs that play its
# clients. Its settings are barefrom.conf, its audit is audit/audit.db, its log milter.log.
#
# $port and $submission are listeners whose mail passes it; mail of $plain doesn't, to compare with.
[ -x "${BAREFROM_MILTER:-/nowhere}" ] ||
	without 'There is no barefrom-milter: it is built where libsystemd is.'
user=${user:-nobody}
user_id=$(id -u "$user") user_group=$(id -gn "$user")
etc=${etc:-$tmp/etc} # the mark of what keeper.py ends
socket=${socket:-$tmp/run/milter.sock}
database=$tmp/audit/audit.db
plain=${hidden:?}

mkdir -p bin "${socket%/*}"
chown "$user:$user_group" "${socket%/*}"
install -d -o "$user" -g "$user_group" -m 750 audit
cp "$BAREFROM" bin/program
cp "$BAREFROM_MILTER" bin/barefrom-milter
[ -e barefrom.conf ] || printf '[trust]\ntrusted-by=%s\n[audit]\ndatabase=%s\n[filter]\n' \
	"$host" "$database" >barefrom.conf
cat >>barefrom.conf <<END
[milter]
listen=unix:$socket
socket-mode=0666
socket-group=
submission-daemons=submission
END
cat >bin/start-milter <<END
#!/bin/sh
export MAIL_CONFIG=$etc
exec setpriv --reuid=$user --regid=$user_group --clear-groups -- \\
	$tmp/bin/barefrom-milter -c $tmp/barefrom.conf "\$@" >>$tmp/milter.log 2>&1
END
chmod 755 bin/*
chmod 644 barefrom.conf

# milter_start [OPTION...]: as a user without rights; returns when it answers.
milter_start() {
	bin/start-milter "$@" 8>&- &
	milter=$!
	await milter_answers || give_up "barefrom-milter does not start: $(tail -n 5 milter.log)"
}
milter_answers() {
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$socket" 2>/dev/null
}

# play_all SCRIPT ARGUMENT...: a program of $SRCDIR that makes all the points of the test. It knows
# smtp.py, and what is here.
play_all() {
	script=$SRCDIR/$1
	shift
	PYTHONPATH=$SRCDIR/tests:$SRCDIR/tests/postfix:$SRCDIR/tests/milter \
		PORT=$port SUBMISSION=$submission PLAIN=$plain BED=$tmp \
		DATABASE=$database HOST=$host PROGRAM=$tmp/bin/program SENDMAIL=${sendmail_program-} \
		PYTHONDONTWRITEBYTECODE=1 "${PYTHON-python3}" "$script" "$@" 8>&-
	result=$?
	[ $result = 0 ] || tail -n 15 mail.log milter.log | cut -c 1-300 | sed 's/^/# /'
	return $result
}
