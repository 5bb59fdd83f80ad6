# SPDX-License-Identifier: GPL-3.0-or-later
# What systemd.sh runs in its container, as root, where the package is installed.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 42
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
edit() { # edit UNIT LINE...: as systemctl edit
	folder=/etc/systemd/system/$unit.$1
	mkdir -p "$folder.d"
	shift
	printf '%s\n' "$@" >"$folder.d/override.conf"
	systemctl daemon-reload
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
ok 'it says so' logged 'the settings were read again'
is 'it is the same process, and ready' "$(show service MainPID) $(state service)" "$pid active running"
ok 'the settings are the new ones' passes unix:$spool
conf "listen=unix:$spool" dry-run=maybe
ok 'reloaded with a mistake' systemctl reload $unit.service
ok 'it says what is wrong' logged "the settings stay as they were: /etc/barefrom.conf:6: dry-run: bad value 'maybe'"
ok 'and works as before' passes unix:$spool
kill -9 "$pid"
sleep 8
is 'killed, it tries to start again' "$(state service)" 'activating auto-restart'
conf "listen=unix:$spool"
ok 'and does once the mistake is mended' settles service 'active running'
ok 'and works' bare unix:$spool
ok 'stopped' systemctl stop $unit.service
is 'it leaves no socket' "$(owned $spool | sed 's/.*: //')" 'No such file or directory'
systemctl --quiet disable $unit.service

# A socket of systemd.
conf
edit socket '[Socket]' "ListenStream=$spool"
ok 'the socket enabled and started' systemctl --quiet enable --now $unit.socket
is 'with the group of Postfix' "$(owned $spool), $(owned $run)" 'root:postfix 660, root:postfix 660'
is 'nothing else runs yet' "$(state service), $(state socket)" 'inactive dead, active listening'
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

# The package.
pid=$(show service MainPID)
ok 'the package is installed over it' dpkg -i /root/package.deb
ok 'the service runs' settles service 'active running'
ok 'as another process' test "$(show service MainPID)" != "$pid"
ok 'and works' bare inet:8895@127.0.0.1
ok 'the package is removed' dpkg -r barefrom
is 'and the service has ended' "$(state service)" 'inactive dead'
ok 'installed again' dpkg -i /root/package.deb
is 'nothing runs' "$(state service), $(state socket)" 'inactive dead, inactive dead'
