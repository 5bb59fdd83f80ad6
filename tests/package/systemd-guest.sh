# SPDX-License-Identifier: GPL-3.0-or-later
# What systemd.sh runs in its container, as root, where the package is installed.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 92
unit=barefrom-milter
run=/run/barefrom/milter.sock
spool=/var/spool/postfix/barefrom/milter.sock

conf() { # conf LINE...: the section of the milter
	{ printf '%s\n' '[policy]' scope=domains domains=corp.example '[milter]' "$@"; } >/etc/barefrom.conf
}
show() { systemctl show -p "$2" --value "$unit.$1"; }
state() { echo "$(show "$1" ActiveState) $(show "$1" SubState)"; }
settles() { # settles UNIT STATE: waits for it
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(state "$1")" != "$2" ] || return 0
		sleep 0.5
	done
	echo "$1 is $(state "$1"), not $2"
	return 1
}
send() { timeout 60 python3 "$SRCDIR/tests/milter/mta.py" "$1" <forged.eml >got 2>>errors; }
bare() { send "$1" && cmp got bare.eml; }
passes() { send "$1" && cmp got forged.eml; }
logged() { # logged WORDS: waits for them
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		! journalctl -q -u $unit.service -o cat --no-pager | grep -F -e "$1" || return 0
		sleep 0.5
	done
	return 1
}
rows() { sql /var/lib/barefrom/audit.db 'SELECT count(*) FROM message'; }
change() { # change UNIT LINE...: as systemctl edit
	folder=/etc/systemd/system/$1
	mkdir -p "$folder.d"
	shift
	printf '%s\n' "$@" >"$folder.d/override.conf"
	systemctl daemon-reload
}
edit() { # edit service|socket LINE...: those of the milter
	kind=$1
	shift
	change "$unit.$kind" "$@"
}
owned() { stat -c '%U:%G %a' "$1" 2>&1; }

is 'systemd is process 1' "$(cat /proc/1/comm)" systemd
is 'nothing is enabled' "$(systemctl is-enabled $unit.service $unit.socket | xargs)" 'disabled disabled'
is 'and nothing runs' "$(state service), $(state socket)" 'inactive dead, inactive dead'
groupadd --system postfix

# A socket of its own, below the queue directory, as the page has it.
install -d -o barefrom -g postfix -m 2750 "${spool%/*}"
conf "listen=unix:$spool"
ok 'enabled and started' systemctl --quiet enable --now $unit.service
is 'it is ready' "$(state service)" 'active running'
is 'its socket has the group of Postfix' "$(owned $spool)" 'barefrom:postfix 660'
ok 'it works' bare unix:$spool
is 'and records' "$(rows)" 1
is 'with no right of root' "$(sed -n 's/^Cap\(Eff\|Bnd\):[^0-9]*//p' "/proc/$(show service MainPID)/status" | sort -u)" 0000000000000000
pid=$(show service MainPID)
conf "listen=unix:$spool" dry-run=true
ok 'reloaded' systemctl reload $unit.service
ok 'it says so' logged 'the settings were reloaded'
is 'it is the same process, and ready' "$(show service MainPID) $(state service)" "$pid active running"
ok 'the settings are the new ones' passes unix:$spool
conf "listen=unix:$spool" dry-run=maybe
ok 'a reload with a mistake fails' not systemctl reload $unit.service
ok 'it says what is wrong' logged "barefrom: /etc/barefrom.conf:6: dry-run: bad value 'maybe'"
is 'it is the same process, and ready' "$(show service MainPID) $(state service)" "$pid active running"
kill -HUP "$pid"
ok 'asked by a signal it says so as well' logged "the settings stay as they were: /etc/barefrom.conf:6: dry-run: bad value 'maybe'"
ok 'and works as before' passes unix:$spool
kill -9 "$pid"
sleep 8
is 'killed, it tries to start again' "$(state service)" 'activating auto-restart'
conf "listen=unix:$spool"
ok 'and does once the mistake is mended' settles service 'active running'
ok 'and works' bare unix:$spool
check=barefrom-audit-check.service
ok 'the check of the audit finds nothing' systemctl start $check
ok 'stopped' systemctl stop $unit.service
ok 'but enabled, the check fails' not systemctl start $check
is 'and says that mail waits' "$(journalctl --sync; journalctl -q -o cat --no-pager -u $check | grep ^attention)" \
	"attention: $unit.service is inactive, so mail waits: journalctl -u $unit says why"
is 'it leaves no socket' "$(owned $spool | sed 's/.*: //')" 'No such file or directory'
systemctl --quiet disable $unit.service
ok 'disabled, it does not' systemctl start $check

# A socket of systemd.
conf
edit socket '[Socket]' "ListenStream=$spool"
ok 'the socket enabled and started' systemctl --quiet enable --now $unit.socket
is 'with the group of Postfix' "$(owned $spool), $(owned $run)" 'root:postfix 660, root:postfix 660'
is 'nothing else runs yet' "$(state service), $(state socket)" 'inactive dead, active listening'
ok 'which the check knows' systemctl start $check
ok 'a connection starts the service' bare unix:$spool
ok 'which takes both sockets' bare unix:$run
ok 'restarted' systemctl restart $unit.service
is 'the sockets are still there' "$(owned $spool), $(owned $run)" 'root:postfix 660, root:postfix 660'
ok 'and work' bare unix:$run
systemctl --quiet stop $unit.service 2>>errors
conf dry-run=maybe
bare unix:$run >waited &
waiting=$!
sleep 12
is 'with a mistake in the settings the socket stays' "$(state socket)" 'active running'
ok 'the check fails' not systemctl start $check
conf
wait $waiting
is 'and who waits is served once it is mended' $? 0

# The lines that the comments of the service offer.
systemctl --quiet stop $unit.socket $unit.service
edit socket '[Socket]' ListenStream= ListenStream=127.0.0.1:8895
edit service '[Service]' RestrictAddressFamilies= RestrictAddressFamilies=AF_UNIX PrivateNetwork=yes
systemctl start $unit.socket
ok 'without a network it serves an inet socket of systemd' bare inet:8895@127.0.0.1
systemctl --quiet stop $unit.socket $unit.service
rm -r /etc/systemd/system/$unit.*.d
systemctl --quiet disable $unit.socket
edit service '[Service]' IPAddressDeny=any IPAddressAllow=localhost
conf listen=inet:8895@127.0.0.1
ok 'for this host alone' systemctl start $unit.service
ok 'it serves an inet socket of its own' bare inet:8895@127.0.0.1
rm -r /etc/systemd/system/$unit.service.d
systemctl daemon-reload

# What looks after the audit.
audit=barefrom-audit
names='check metrics prune report to-postgresql'
database=/var/lib/barefrom/audit.db
connect="ExecStart=/usr/bin/python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 8895))'"
said() { # said UNIT: what it said, all in the journal
	journalctl --sync
	journalctl -q -o cat --no-pager -u "$1"
}
says_so() { said "$1" | grep -e "$2"; }
appears() { # appears FILE: waits for it
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -s "$1" ] || return 0
		sleep 0.5
	done
	echo "there is no $1"
	return 1
}
exposure() { systemd-analyze security --no-pager "$1" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p'; }
at_most() { echo "$1 $2" | awk '{ exit !($1 != "" && $1 <= $2) }'; }
is 'no timer is enabled' "$(for name in $names; do systemctl is-enabled $audit-$name.timer; done | xargs)" \
	'disabled disabled disabled disabled disabled'
is 'and none runs' "$(systemctl list-timers --all --no-legend 'barefrom*')" ''
# Here it is of no matter whether the program for PostgreSQL is there.
change $audit-to-postgresql.service '[Unit]' ConditionFileIsExecutable= '[Service]' ExecStart= "$connect"
for name in $names; do
	is "$name: systemd reads it without a word" "$(systemd-analyze verify --man=no $audit-$name.service $audit-$name.timer 2>&1)" ''
	level=$(exposure $audit-$name.service)
	echo "# exposure of $name $level"
	ok "$name: exposed at most 1.5" at_most "$level" 1.5
done
level=$(exposure $unit.service)
echo "# exposure of the milter $level"
ok 'the milter at most 2.0' at_most "$level" 2.0

ok 'check runs' systemctl start $audit-check.service
ok 'and finds nothing' says_so $audit-check.service '^ok$'
ok 'as the owner, who tries the lock' not says_so $audit-check.service 'not tried'
ok 'metrics runs' systemctl start $audit-metrics.service
mkdir -p /var/lib/prometheus/node-exporter
ln -s /run/barefrom-metrics/barefrom.prom /var/lib/prometheus/node-exporter/
ok 'and writes what others may read' setpriv --reuid=nobody --regid=nogroup --clear-groups \
	grep -q '^barefrom_audit_rows{source="milter"' /var/lib/prometheus/node-exporter/barefrom.prom
ok 'report runs' systemctl start $audit-report.service
is 'and writes for the group' "$(owned /var/lib/barefrom/report.html)" 'barefrom:barefrom 640'
before=$(rows)
sqlite3 $database "UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-179 days') WHERE id = 1;
	UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-181 days') WHERE id = 2" >>errors 2>&1
ok 'prune runs' systemctl start $audit-prune.service
is 'and deletes what is older than 180 days' "$(rows)" $((before - 1))
change $audit-prune.service '[Service]' Environment=DAYS=178
ok 'with another number' systemctl start $audit-prune.service
is 'what is older than that' "$(rows)" $((before - 2))
is 'the files are still the owner'\''s' "$({ owned $database; owned $database-wal; } | sort -u)" 'barefrom:barefrom 640'
ok 'to-postgresql has a network' systemctl start $audit-to-postgresql.service
change $audit-check.service '[Service]' ExecStart= "$connect"
ok 'the others have none' not systemctl start $audit-check.service
change $audit-check.service '[Service]' ExecStart= 'ExecStart=/usr/bin/touch /srv/touched'
ok 'and write nowhere else' not systemctl start $audit-check.service
rm -r /etc/systemd/system/$audit-check.service.d && systemctl daemon-reload

# Something needs attention, without a mailer and with one.
sed -i 's/corp\.example/example.com/' /etc/barefrom.conf
ok 'check fails where something needs attention' not systemctl start $audit-check.service
is 'by its exit status' "$(systemctl show -p ExecMainStatus --value $audit-check.service)" 1
ok 'the journal says what' says_so $audit-check.service '^attention: domains'
mail=barefrom-mail@$audit-check.service.service
is 'without a mailer that is all' "$(systemctl show -p ConditionResult --value $mail)" no
mkdir -m 1777 /srv/spool
cat >/usr/sbin/sendmail <<'SENDMAIL'
#!/bin/sh
{ cat; echo "as $(id -un), $*, $(grep NoNewPrivs /proc/self/status | xargs)"; } >/srv/spool/new
mv /srv/spool/new /srv/spool/mail
SENDMAIL
chmod 755 /usr/sbin/sendmail
systemctl start $audit-check.service 2>>errors
ok 'with one root gets a mail' appears /srv/spool/mail
ok 'to root' grep -qx 'To: root' /srv/spool/mail
ok 'about the unit' grep -qx "Subject: $audit-check.service on $(uname -n) needs attention" /srv/spool/mail
ok 'with what was said' grep -q '^attention: domains' /srv/spool/mail
is 'and nothing of the time before' "$(grep -c '^attention:' /srv/spool/mail)" 1
ok 'by a sendmail that may change its group' grep -q 'as barefrom, -i root, NoNewPrivs: 0' /srv/spool/mail
conf listen=inet:8895@127.0.0.1

# A timer starts its service.
rm /run/barefrom-metrics/barefrom.prom
change $audit-metrics.timer '[Timer]' OnCalendar= 'OnCalendar=*:*:*' RandomizedDelaySec=0
ok 'a timer enabled and started' systemctl --quiet enable --now $audit-metrics.timer
ok 'starts its service' appears /run/barefrom-metrics/barefrom.prom
rm -r /etc/systemd/system/$audit-*.d && systemctl daemon-reload

# The package.
pid=$(show service MainPID)
ok 'the package is installed over it' dpkg -i /root/package.deb
ok 'the service runs' settles service 'active running'
ok 'as another process' test "$(show service MainPID)" != "$pid"
ok 'and works' bare inet:8895@127.0.0.1
is 'the timer runs' "$(systemctl is-active $audit-metrics.timer)" active
ok 'the package is removed' dpkg -r barefrom
is 'and the service has ended' "$(state service)" 'inactive dead'
is 'and the timer' "$(systemctl is-active $audit-metrics.timer)" inactive
ok 'installed again' dpkg -i /root/package.deb
is 'nothing runs' "$(state service), $(state socket)" 'inactive dead, inactive dead'
