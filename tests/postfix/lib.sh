# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# A private Postfix on high ports of 127.0.0.1, with barefrom in it; sourced by every test here.
# Its configuration, queue, data and mail are below $tmp; no system file is read or written, and
# no user made.
#
# BAREFROM is the program, SRCDIR the checkout, POSTFIX_ROOT where tests/packages.sh may have
# unpacked a Postfix. Mail for @corp.example arrives in $tmp/mail, a file for each recipient;
# @utf8.example and @ascii.example are next hops that keeper.py plays.
. "${SRCDIR:?}/tests/postfix/keeper.sh"
if ! command -v postconf >/dev/null; then
	[ -x "${POSTFIX_ROOT:=/nowhere}/usr/sbin/postconf" ] ||
		without 'There is no Postfix. Run: sh tests/packages.sh postfix FOLDER, and set POSTFIX_ROOT=FOLDER'
	unpacked=$POSTFIX_ROOT
fi
root=
if [ -n "${unpacked-}" ]; then # users other than root must be able to run it
	root=$tmp/root
	mkdir -p "$root/usr"
	cp -R "$unpacked/etc" "$root/" && cp -R "$unpacked/usr/lib" "$unpacked/usr/sbin" "$root/usr/"
	PATH=$root/usr/sbin:$PATH
	export LD_LIBRARY_PATH="$root/usr/lib/postfix"
fi
sbin=$(dirname -- "$(command -v postconf)")

# Users that every Debian has. Postfix wants one that nothing else runs as, a group of others, and
# for pipe(8) neither of the two.
owner=uucp drop_group=news user=nobody
user_id=$(id -u $user) user_group=$(id -gn $user)
etc=$tmp/etc mail=$tmp/mail database=$tmp/audit/audit.db

mkdir etc spool data bin mail
chmod 777 mail # deliveries come as $user
chown $owner data
install -d -o $user -g "$user_group" -m 750 audit

# bed COMMAND...: a command of Postfix, about our instance.
bed() { MAIL_CONFIG=$etc "$@" 8>&-; }

# The program, with its settings. Each line of the snippets stays as it is but for paths and names.
cp "$BAREFROM" bin/program
cat >bin/barefrom <<END
#!/bin/sh
exec $tmp/bin/program -c $tmp/barefrom.conf "\$@"
END
cat >barefrom.conf <<END
[trust]
trusted-by=$host
filter-uids=$user_id
[audit]
database=$database
[filter]
sendmail=$sbin/sendmail
END

# deliver ID SENDER RECIPIENT...: a file for each recipient, whole or not there at all.
cat >bin/deliver <<END
#!/bin/sh
cat >$mail/.\$\$ || exit 75
id=\$1 new=$mail/.\$\$
shift 2
for recipient; do
	name=$mail/\$(printf %s "\$recipient" | tr ' /' '__').\$id
	if [ -e "\$name" ]; then name=\$name.again; fi
	ln \$new "\$name" || exit 75
done
rm \$new
END
for tool in "$sbin"/post*; do
	ln -s "$tool" bin/
done
# Set-gid, postdrop would refuse our configuration.
rm bin/postdrop
cp "$sbin/postdrop" bin/postdrop
chmod 755 bin/postdrop bin/program bin/barefrom bin/deliver
PATH=$tmp/bin:$PATH

cp "$root/etc/postfix/postfix-files" etc/
: >etc/dynamicmaps.cf
cat >etc/main.cf <<END
compatibility_level = 3.6
command_directory = $tmp/bin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
meta_directory = $etc
queue_directory = $tmp/spool
data_directory = $tmp/data
sendmail_path = $sbin/sendmail
maillog_file = $tmp/mail.log
maillog_file_prefixes = $tmp
mail_owner = $owner
setgid_group = $drop_group
default_privs = $user
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ=UTC LANG=C ${LD_LIBRARY_PATH:+LD_LIBRARY_PATH=$LD_LIBRARY_PATH}
export_environment = MAIL_CONFIG TZ LANG ${LD_LIBRARY_PATH:+LD_LIBRARY_PATH=$LD_LIBRARY_PATH}
myhostname = $host
myorigin = corp.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
local_header_rewrite_clients =
alias_maps =
local_recipient_maps =
notify_classes =
default_transport = discard:
in_flow_delay = 0
virtual_mailbox_domains = corp.example
virtual_transport = target
virtual_alias_maps = inline:{ { team@corp.example = one@corp.example, two@corp.example } }
relay_domains = utf8.example ascii.example twice.example
transport_maps = inline:{
	{ utf8.example = smtp:[127.0.0.1]:${utf8_port:?} },
	{ ascii.example = smtp:[127.0.0.1]:${ascii_port:?} },
	{ twice.example = again:anonymous } }
smtpd_relay_restrictions = permit_sasl_authenticated reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $tmp/auth
END
cat >etc/master.cf <<END
127.0.0.1:$port inet n - n - - smtpd
127.0.0.1:$submission inet n - n - - smtpd
127.0.0.1:$hidden inet n - n - - smtpd
127.0.0.1:$dry inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
discard unix - - n - - discard
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
target unix - n n - - pipe flags=R user=$user null_sender= argv=$tmp/bin/deliver \${queue_id} \${sender} \${recipient}
END

# snippet FILE PORT [EDIT...]: the snippet of data/postfix as an administrator would run it, for the
# listener on PORT; EDIT is for sed.
snippet() {
	file=$SRCDIR/data/postfix/$1 at=127.0.0.1:$2/inet
	shift 2
	sed -e "s|user=barefrom|user=$user|" "$@" "$file" >snippet.sh &&
		bed env "listener=$at" "program=$tmp/bin/barefrom" sh -e snippet.sh
	result=$?
	settled
	return $result
}
# settings: every line of main.cf and master.cf, also of what postconf finds no use for; in a form in
# which it makes no difference how it came there.
settings() {
	sed -E 's/^([a-z0-9_]+)[ \t]*=[ \t]*/\1 = /' etc/main.cf | sort
	sed -e ':a' -e '$!N;s/\n[ \t]/ /;ta' -e 'P;D' etc/master.cf | tr -s ' \t' '  '
}
# complaints: what postconf has to say of them.
complaints() { { bed postconf -n && bed postconf -P; } 2>&1 >ignored; }
# Postfix waits until a main.cf that has just been written is older.
settled() { touch -d '1 minute ago' etc/main.cf etc/master.cf; }

# bed_start: returns when every listener answers.
bed_start() {
	settled
	bed postfix start >start.log 2>&1 || give_up "postfix does not start: $(cat start.log)"
	# What set-gid would have given our postdrop.
	chmod 1733 spool/maildrop && chmod 2711 spool/public || give_up 'the queue is not as it should be'
	await bed_listens || give_up 'the listener does not answer'
}
bed_listens() { echo QUIT | type_in "$port"; }

# send PORT SENDER RECIPIENTS FILE [LINE]: an SMTP session; LINE goes before MAIL FROM. SENDER may be
# followed by parameters.
send() {
	{
		echo 'EHLO pc.out.example'
		[ -z "${5-}" ] || echo "$5"
		set -f
		echo "MAIL FROM:$2"
		for recipient in $3; do echo "RCPT TO:<$recipient>"; done
		set +f
		echo DATA
		sed 's/^\./../' "$4"
		printf '.\nQUIT\n'
	} >session
	type_in "$1" <session
}

# arrived RECIPIENT: waits for its mail; copies it to the file got.
arrived() { await has_arrived "$1" && cat "$mail/$1".* >got; }
has_arrived() { ls "$mail/$1".* >/dev/null 2>&1; }

# in_sink RECIPIENT: its mail has reached a next hop.
in_sink() { grep -qs "RCPT TO:<$1>" sink/*; }

# delivered NAME RECIPIENT SENDER WORD FILE: RECIPIENT got, below what Postfix has to put on top of
# the message sent last, the bytes of FILE.
delivered() {
	: >got
	ok "$1" eval "arrived '$2' && untrace got '$3' '$4' >rest && cmp rest '$5'"
}

# untrace FILE SENDER WORD: takes that off: Return-Path by the delivering pipe(8), Received by the
# re-injection, Received by the listener (WORD is its protocol word; "-": this field is not there).
untrace() {
	lines=3 want="Return-Path: <$2>
Received: by $host (Postfix, from userid $user_id)
	id ID; DATE"
	[ "$3" = - ] || lines=6 want="$want
Received: from HELO (unknown [127.0.0.1])
	by $host (Postfix) with $3 id $queued
	for <RECIPIENT>; DATE"
	# Postfix names the recipient only where there is one.
	trace=$(head -n $lines "$1" | LC_ALL=C sed -E \
		-e 's/[A-Z][a-z]{2}, [ 0-9]?[0-9] [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \+0000 \(UTC\)$/DATE/' \
		-e 's/^(Received: from )[^ ]+/\1HELO/' -e 's/^(	id )[0-9A-Za-z]{12,};/\1ID;/' \
		-e 's/^(	by .*);$/\1/' -e 's/^	(for <.*>; )?DATE$/	for <RECIPIENT>; DATE/')
	if [ "$trace" != "$want" ]; then
		printf 'got:\n%s\nwant:\n%s\n' "$trace" "$want" >&2
		return 1
	fi
	tail -n +$((lines + 1)) "$1"
}

# audited NAME QUEUE_ID WANT: its rows, verdict|reason|action|outcome, a line each. The last word of
# a row comes after the mail has left, so wait for it.
audited() {
	await has_row "$2" "$3"
	is "$1" "$(rows "$2")" "$3"
}
has_row() { [ "$(rows "$1")" = "$2" ]; }
rows() {
	sql "$database" "SELECT verdict, reason, action, outcome FROM message
		WHERE queue_id = '$1' ORDER BY id"
}

# queue_is_empty: all is delivered or bounced.
queue_is_empty() { [ -z "$(bed postqueue -j)" ]; }
