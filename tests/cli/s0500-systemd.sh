# SPDX-License-Identifier: GPL-3.0-or-later
# The units of barefrom-milter, and those that look after the audit, as far as they can be tested if
# systemd is not process 1: systemd accepts them, its rating of the sandbox, and that the programs do
# only what the sandbox allows.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 72
unit=barefrom-milter
milter=${BAREFROM_MILTER:?} # in its folder

# The service of an installation, but with the program of this build.
sed -n "s|@SBINDIR@|${milter%/*}|p" "$SRCDIR/data/systemd/$unit.service.in" | grep -c . >count
sed -e "s|@SBINDIR@|${milter%/*}|" -e "s|@BINDIR@|${BAREFROM%/*}|" "$SRCDIR/data/systemd/$unit.service.in" >$unit.service
cp "$SRCDIR/data/systemd/$unit.socket" .
is 'the service names the program once' "$(cat count)" 1

analyze() { systemd-analyze "$@" 2>&1; }
verified() { # verified: what systemd has to say of both, and its status
	analyze verify --man=no "$tmp/$unit.service" "$tmp/$unit.socket"
	echo "status $?"
}
exposure() { analyze security --offline=true --no-pager "$tmp/${1-$unit}.service" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p'; }
at_most() { echo "$1 $2" | awk '{ exit !($1 != "" && $1 <= $2) }'; }
is 'systemd reads both without a word' "$(verified)" 'status 0'
level=$(exposure)
echo "# exposure $level"
ok 'systemd-analyze security is at most 2.0' at_most "$level" 2.0

# With the lines that the comment in the unit offers, inserted as it says.
cp $unit.service whole.service
narrowed() { # narrowed LINES: with these, which are comments in the service, as a drop-in has them
	{ sed 's/^\[Install\]/[Service]/;/^WantedBy/d' whole.service; sed -n 's/^#   \([A-Z].*\)/\1/p' whole.service | sed -n "$1"; } >$unit.service
}
narrowed 1,3p
ok 'the lines for a unix socket are in the comment' grep -qx 'PrivateNetwork=yes' $unit.service
is 'and systemd reads them' "$(verified)" 'status 0'
unix=$(exposure)
echo "# exposure with a unix socket $unix"
ok 'they expose less' at_most "$unix" "$(echo "$level" | awk '{ print $1 - 0.5 }')"
narrowed 4,5p
ok 'the lines for this host are in the comment' grep -qx 'IPAddressAllow=localhost' $unit.service
is 'and systemd reads them, too' "$(verified)" 'status 0'
{ cat whole.service; printf '[Service]\nProtectSystems=strict\n'; } >$unit.service
ok 'a mistake would be seen' sh -c "systemd-analyze verify --man=no '$tmp/$unit.service' 2>&1 | grep -q ProtectSystems"
cp whole.service $unit.service

# What the units and the program must agree on.
setting() { sed -n "s/^$1=//p" "$2"; }
default() { bf config | sed -n "s/^$1=\(.*\)  # default\$/\1/p"; }
is 'the socket is the default of listen' "unix:$(setting ListenStream $unit.socket)" "$(default listen)"
is 'its mode that of socket-mode' "$(setting SocketMode $unit.socket)" "$(default socket-mode)"
is 'its group that of socket-group' "$(setting SocketGroup $unit.socket)" "$(default socket-group)"
is 'the user is that of sysusers.d' "$(setting User $unit.service) $(setting Group $unit.service)" \
	"$(sed -n 's/^u \([a-z]*\) .*/\1 \1/p' "$SRCDIR/data/sysusers.conf")"
is 'it may write where the audit is' "$(setting ReadWritePaths $unit.service | cut -d ' ' -f 1)/audit.db" "$(default database)"
is 'and where the socket is' "/run/$(setting RuntimeDirectory $unit.service)/milter.sock" "$(setting ListenStream $unit.socket)"
ok 'more open files than max-sessions' test "$(setting LimitNOFILE $unit.service)" -gt "$(default max-sessions)"

# Every system call of a life: start, messages with small and large heads, reload, stop.
strace -f -qq -o calls "$milter" -c empty.conf -o "listen=unix:$tmp/sock" -o "database=$tmp/a.db" -o socket-group= 2>log &
tracer=$!
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ ! -S sock ] || break
	sleep 0.5
done
said() { # said LINE TIMES: waits until the log has it so often
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(grep -c -e "$1" log)" -lt "$2" ] || return 0
		sleep 0.5
	done
	return 1
}
send() { python3 "$SRCDIR/tests/milter/mta.py" "unix:$tmp/sock"; }
send <forged.eml >got
same 'it works under strace' got bare.eml
{
	awk 'BEGIN { for (i = 0; i < 3; i++) { printf "X-Long: "; for (j = 0; j < 50000; j++) printf "x"; print "" } }'
	cat forged.eml
} | send >got
ok 'with a large head, too' grep -qx 'From: ceo@corp.example' got
pid=$(sed -n '1s/ .*//p' calls)
kill -HUP "$pid"
ok 'it reloads' said 'were reloaded' 1
send <forged.eml >got
kill -TERM "$pid"
wait $tracer
is 'it ends well' $? 0

cat >allowed.py <<'END'
"""Which system calls of strace's output no SystemCallFilter= of the service lets pass."""
import re
import subprocess
import sys

service, calls = sys.argv[1:]
text = subprocess.run(['systemd-analyze', 'syscall-filter', '--no-pager'], check=True, text=True,
                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
sets, name = {}, None
for line in text.splitlines():
    word = line.strip()
    if line.startswith('@'):
        name = word
        sets[name] = set()
    elif line.startswith('    ') and not word.startswith('#'):
        sets[name].add(word)


def expand(word):
    """A set with the sets in it, or a call."""
    return set().union(*(expand(item) for item in sets[word])) if word in sets else {word}


allowed = expand('@default')
for line in open(service, encoding='ascii'):
    if line.startswith('SystemCallFilter='):
        words = line.split('=', 1)[1].split()
        denies = words[0].startswith('~')
        words[0] = words[0].lstrip('~')
        for word in words:
            allowed = allowed - expand(word) if denies else allowed | expand(word)
used = set(re.findall(r'^\d+ +(\w+)\(', open(calls, encoding='utf-8', errors='replace').read(), re.M))
assert len(used) > 30 and len(allowed) > 50, (len(used), len(allowed))
print(*sorted(used - allowed))
END
# GLib tries to set the scheduler of its threads, and ignores a failure.
is 'every system call is in the filter' "$(python3 allowed.py $unit.service calls | sed 's/sched_setattr//' | xargs)" ''
is 'a reload first checks the settings' "$(setting ExecReload $unit.service)" \
	"/bin/sh -c 'exec ${BAREFROM%/*}/barefrom config >/dev/null'
/bin/kill -HUP \$MAINPID"
printf '[milter]\ndry-run=maybe\n' >wrong.conf
for conf in empty.conf wrong.conf; do
	eval "strace -f -qq -o calls.config $(setting ExecReload $unit.service | sed -n "1s|barefrom config|barefrom -c $conf config|p")" >>said 2>&1
	echo $? >>statuses
	is "with $conf every system call is in the filter" "$(python3 allowed.py $unit.service calls.config | xargs)" ''
done
is 'it fails where they are wrong' "$(xargs <statuses)" '0 78'
ok 'and says what' says "dry-run: bad value 'maybe'" said
sed -i 's/^SystemCallFilter=@system-service/SystemCallFilter=@basic-io/' $unit.service
ok 'one that is missing would be seen' sh -c "python3 allowed.py $unit.service calls | grep -q epoll_wait"

# The services that look after the audit, and their timers.
mkdir units
cp -r "$SRCDIR"/data/systemd/barefrom-audit-*.timer "$SRCDIR"/data/systemd/barefrom-audit-.service.d \
	"$SRCDIR"/data/systemd/barefrom-mail@.service units
printf '#!/bin/sh\n' >barefrom-to-postgresql && chmod 755 barefrom-to-postgresql
for file in "$SRCDIR"/data/systemd/barefrom-audit-*.service.in; do
	name=${file##*/}
	sed -e "s|@BINDIR@/barefrom-to|$tmp/barefrom-to|" -e "s|@BINDIR@|${BAREFROM%/*}|" "$file" >"units/${name%.in}"
done
names='check metrics prune report to-postgresql'
sandbox=units/barefrom-audit-.service.d/sandbox.conf
is 'each timer has its service' "$(cd units && ls -d barefrom-audit-[a-z]* | sed 's/barefrom-audit-//' | xargs)" \
	"$(for name in $names; do echo "$name.service $name.timer"; done | xargs)"
mv units/* . && sandbox=${sandbox#units/}
cp barefrom-mail@.service barefrom-mail@x.service
is 'systemd reads all without a word' "$(analyze verify --man=no ./barefrom-audit-[a-z]*.* ./barefrom-mail@x.service)" ''
is 'they run as the user of sysusers.d' "$(setting User $sandbox) $(setting Group $sandbox)" \
	"$(setting User $unit.service) $(setting Group $unit.service)"
is 'and may write where the audit is' "$(setting ReadWritePaths $sandbox)/audit.db" "$(default database)"
ok 'one that fails is mailed' grep -qx 'OnFailure=barefrom-mail@%n.service' $sandbox
for name in $names; do
	file=barefrom-audit-$name
	level=$(exposure $file)
	echo "# exposure of $file $level"
	ok "$name: systemd-analyze security is at most 1.5" at_most "$level" 1.5
	ok "$name: its times are times" analyze calendar "$(setting OnCalendar $file.timer)"
	is "$name: not all hosts at once, and made up for" \
		"$(grep -c -e '^RandomizedDelaySec=.' -e '^Persistent=yes$' $file.timer)" 2
	is "$name: enabled with the timers, the service by nothing" "$(grep -h '^WantedBy=' $file.*)" WantedBy=timers.target
done
# Not as root, which would give the files to the owner of the directory.
let_nobody_in
mkdir run && chmod 777 run
as_nobody "$BAREFROM" -c empty.conf filter -o database=run/b.db <forged.eml >ignored
for name in check metrics prune report; do
	command=$(setting ExecStart "barefrom-audit-$name.service" |
		sed -e "s|^[^ ]*|$BAREFROM|" -e 's|/run/barefrom-metrics|run|' -e 's|/var/lib/barefrom|run|')
	DAYS=$(setting Environment barefrom-audit-$name.service | sed 's/DAYS=//')
	eval "as_nobody strace -f -qq -o run/calls -- $command -c empty.conf -o database=run/b.db" >got 2>err
	is "$name: the program does what the service asks for" "$?$(cat err)" 0
	is "$name: every system call is in the filter" "$(python3 allowed.py $sandbox run/calls | sed 's/sched_setattr//' | xargs)" ''
done
is 'the files are there' "$(cd run && ls ./*.prom ./*.html | xargs)" './barefrom.prom ./report.html'
ok 'nothing was old enough to be deleted' test "$(sql run/b.db 'SELECT count(*) FROM message')" = 1

# What the check asks systemd about the milter, of which a stand-in plays the part.
mkdir stand-in
cat >stand-in/systemctl <<'END'
#!/bin/sh
case $* in
*is-enabled*) exec test "$ENABLED" = yes ;;
*.socket) state=$SOCKET ;;
*) state=$SERVICE && echo "$state" ;;
esac
exec test "$state" = active
END
chmod 755 stand-in/systemctl
sed -n '/^ExecStopPost=/,/[^\\]$/p' barefrom-audit-check.service | sed -e '1s/^ExecStopPost=+//' -e 's/\\$//' -e 's/\$\$/$/g' |
	tr -d '\n' >asks
while read -r enabled service socket status; do
	# -q of is-active is a matter of systemctl.
	is "enabled $enabled, service $service, socket $socket" \
		"$(PATH=$tmp/stand-in:$PATH ENABLED=$enabled SERVICE=$service SOCKET=$socket sh asks 2>&1 | grep attention
		PATH=$tmp/stand-in:$PATH ENABLED=$enabled SERVICE=$service SOCKET=$socket sh asks >ignored; echo $?)" \
		"$([ "$status" = 0 ] || echo "attention: barefrom-milter.service is $service, so mail waits: journalctl -u barefrom-milter says why"
		echo "$status")"
done <<END
yes active inactive 0
yes failed inactive 1
yes activating inactive 1
yes inactive inactive 1
yes inactive active 0
yes activating active 1
no inactive inactive 0
END

# The profiles of AppArmor; its parser does not need a kernel with AppArmor.
for profile in "$SRCDIR"/data/apparmor/*; do
	ok "apparmor_parser reads ${profile##*/}" env PATH="$PATH:/usr/sbin:/sbin" apparmor_parser -Q -K "$profile"
done
sed 's/abstractions/abstraction/' "$SRCDIR/data/apparmor/usr.bin.barefrom" >wrong
ok 'a mistake would be seen' not env PATH="$PATH:/usr/sbin:/sbin" apparmor_parser -Q -K wrong
