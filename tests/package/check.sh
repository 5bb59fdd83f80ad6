# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/check.sh [PACKAGE.deb]: the Debian package on a clean Debian 12: installed, at
# work, upgraded, removed, purged, installed again. Prints TAP, which "prove -e sh FILE" counts; the
# status is 1 if a point failed. See clean.sh for what it needs; so it is not part of tests/run.sh.
. "$(dirname -- "$0")/clean.sh"
take_package "$@"
plan 102
failed=0 # set by a point that fails

state() { inside dpkg-query -W -f '${db:Status-Status} ${Version}' barefrom 2>&1; }
owned() { inside stat -c '%n %U:%G %a' -- "$@" 2>&1; }
there() { [ -e "$system/$1" ]; }
audit=$system/var/lib/barefrom/audit.db
ask() { sqlite3 -readonly "$audit" "$1" 2>&1; }
said() { grep -q -e "$1" log; }
filter() { # filter NAME GROUP
	user "$1" "$2" barefrom filter <in.eml >out 2>err && cmp out want.eml
}
printf 'From: "Jane Doe, CEO" <ceo@example.com>\nSubject: x\n\nhi\n' >in.eml
printf 'From: ceo@example.com\nSubject: x\n\nhi\n' >want.eml
folder_modes='/var/lib/barefrom barefrom:barefrom 2750'
audit_modes='/var/lib/barefrom/audit.db barefrom:barefrom 640
/var/lib/barefrom/audit.db-shm barefrom:barefrom 640
/var/lib/barefrom/audit.db-wal barefrom:barefrom 640'
audit_files='/var/lib/barefrom/audit.db /var/lib/barefrom/audit.db-shm /var/lib/barefrom/audit.db-wal'
# shellcheck disable=SC2086
modes_kept() {
	is "$1: the folder is the user's, with its group" "$(owned /var/lib/barefrom)" "$folder_modes"
	is "$1: so is the audit, and nobody else's" "$(owned $audit_files)" "$audit_modes"
}
newest=$(ls "$SRCDIR"/src/store/sql/*.sql | wc -l)
version=$(dpkg-deb -f "$package" Version)

# A clean system.
apt update || give_up "there is no Debian mirror: $(tail -n 1 log)"
inside dpkg-query -W -f '${Package}\n' | sort >before
is 'a clean system has no systemd and no Postfix' "$(grep -x -e systemd -e postfix before)" ''
apt install --simulate libgmime-3.0-0 libglib2.0-0 libsqlite3-0 procps
{ sed -n 's/^Inst \([^ ]*\) .*/\1/p' log; echo barefrom; } | sort >wanted
ok 'apt installs the package' install "$package"
is 'it is installed' "$(state)" "installed $version"
ok 'without a complaint' not said 'warning\|barefrom:'
inside dpkg-query -W -f '${Package}\n' | sort >after
comm -13 before after >new
ok 'and takes its libraries and procps along, nothing else' diff wanted new
is 'the user may not log in' "$(grep '^barefrom:' "$system/etc/passwd" | cut -d : -f 6-)" \
	'/var/lib/barefrom:/usr/sbin/nologin'
ok 'as sysusers.d has it' grep -q "^u barefrom - \".*\" /var/lib/barefrom /usr/sbin/nologin\$" \
	"$system/usr/lib/sysusers.d/barefrom.conf"
ok 'and tmpfiles.d the folder' grep -qx 'd /var/lib/barefrom 2750 barefrom barefrom -' \
	"$system/usr/lib/tmpfiles.d/barefrom.conf"
ok 'it has a group of its own' grep -q '^barefrom:x:[0-9]*:$' "$system/etc/group"
modes_kept 'installed'
is 'the audit is there, with the newest schema' "$(ask 'PRAGMA user_version; SELECT count(*) FROM message')" "$newest
0"
is 'the program is root'\''s' "$(owned /usr/bin/barefrom)" '/usr/bin/barefrom root:root 755'
is 'the milter too' "$(owned /usr/sbin/barefrom-milter)" '/usr/sbin/barefrom-milter root:root 755'
units=$(inside dpkg -L barefrom | grep -E '/barefrom-milter\.(service|socket)$')
is 'with its units' "$(echo "$units" | sed 's|.*/systemd/system/||' | xargs)" 'barefrom-milter.service barefrom-milter.socket'
is 'and timers for the audit, with their services' \
	"$(inside dpkg -L barefrom | sed -n 's|.*/systemd/system/barefrom-audit-\([a-z-]*\)\.[a-z]*$|\1|p' | sort | uniq -c | xargs)" \
	'2 check 2 metrics 2 prune 2 report 2 to-postgresql'
is 'which nobody enabled' "$(cd "$system/etc/systemd/system" 2>/dev/null && find . -name 'barefrom*')" ''
is 'the filter loads no library of the milter' "$(inside ldd /usr/bin/barefrom | grep libsystemd)" ''
is 'so are the settings' "$(owned /etc/barefrom.conf)" '/etc/barefrom.conf root:root 644'
ok 'which are a conffile' sh -c "chroot '$system' dpkg-query -W -f '\${Conffiles}' barefrom | grep -q '^ /etc/barefrom.conf '"
for profile in usr.bin.barefrom usr.sbin.barefrom-milter; do
	ok "so is the profile $profile" sh -c "chroot '$system' dpkg-query -W -f '\${Conffiles}' barefrom | grep -q '^ /etc/apparmor.d/$profile '"
	is 'which only logs' "$(grep -c '^profile .*flags=(complain)' "$system/etc/apparmor.d/$profile")" 1
done
ok 'the settings are in effect' sh -c "chroot '$system' barefrom config 2>&1 | grep -qx 'scope=domains'"
for page in man1/barefrom.1 man1/barefrom-to-postgresql.1 man5/barefrom.conf.5 man8/barefrom-milter.8; do
	ok "man shows $page" sh -c "man --warnings -l '$system/usr/share/man/$page.gz' 2>&1 >page | grep . && exit 1
		grep -q -i '^barefrom' page"
done
for file in examples/postfix/README.md examples/postfix/port-25.sh examples/postfix/submission.sh \
	examples/user-notice-domains.txt examples/archives.md examples/directory.md examples/barefrom.conf \
	examples/samples/forged.eml examples/postgresql/README.md README.Debian.gz copyright; do
	ok "$file is there, to be read" test -s "$system/usr/share/doc/barefrom/$file"
done
is 'each query of the tree is there' "$(ls "$system/usr/share/barefrom/queries")" "$(ls "$SRCDIR/data/queries")"
ok 'nothing was done to Postfix' not there etc/postfix

# At work.
ok 'the user of the package filters a message' filter barefrom barefrom
is 'its row is in the audit' "$(ask "SELECT id, action, outcome, from_after FROM history")" \
	'1|stripped|written|ceo@example.com'
modes_kept 'at work'
ok 'root may look on' sh -c "chroot '$system' barefrom filter <in.eml | cmp - want.eml"
ok 'and harms nothing' filter barefrom barefrom
modes_kept 'after root'
ok 'the group reads the audit' user nobody barefrom cat /var/lib/barefrom/audit.db
ok 'and does not write it' not user nobody barefrom sh -c ': >>/var/lib/barefrom/audit.db'
ok 'nobody else reads it' not user nobody nogroup cat /var/lib/barefrom/audit.db
ok 'or sees the folder' not user nobody nogroup ls /var/lib/barefrom
{ echo 'set -e; AUTOPKGTEST_TMP=/tmp'; sed -n 's/^Test-Command: //p' "$SRCDIR/data/debian/tests/control"; } >"$system/root/test"
ok 'the tests of the package pass' inside sh /root/test

# The milter: with the user of the package, the directory of its page, and the group of a Postfix that
# could be there.
inside groupadd --system postfix
inside install -d -o barefrom -g postfix -m 2750 /var/spool/postfix/barefrom
socket=/var/spool/postfix/barefrom/milter.sock
ok 'barefrom-milter --check' user barefrom barefrom /usr/sbin/barefrom-milter -o "listen=unix:$socket" --check
(exec chroot "$system" setpriv --reuid=barefrom --regid=barefrom --clear-groups -- \
	barefrom-milter -o "listen=unix:$socket") >milter.log 2>&1 &
milter=$!
for try in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -S "$system$socket" ] || break
	sleep 1
done
is 'the socket has the group of Postfix' "$(owned $socket)" "$socket barefrom:postfix 660"
ok 'and lets it in' sh -c "python3 '$SRCDIR/tests/milter/mta.py' 'unix:$system$socket' <in.eml | cmp - want.eml"
is 'the row is in the audit' "$(ask 'SELECT source, action, outcome FROM message ORDER BY id DESC LIMIT 1')" 'milter|stripped|answered'
modes_kept 'beside the milter'
kill $milter && wait $milter
is 'it ends well' $? 0
inside groupdel postfix && rm -r "$system/var/spool/postfix"

# Removed, and back.
rows=$(ask 'SELECT count(*) FROM message')
sed 's/^domains=.*/domains=example.com;example.net/' "$system/etc/barefrom.conf" >settings
cp settings "$system/etc/barefrom.conf"
mkdir "$system/etc/postfix" && printf 'smtp inet n - y - - smtpd\n  -o content_filter=barefrom:anonymous\n' >"$system/etc/postfix/master.cf"
ok 'apt removes it' apt remove barefrom
ok 'and warns, where Postfix uses it' said 'Postfix still passes mail to barefrom'
rm -r "$system/etc/postfix"
ok 'the program is gone' not there usr/bin/barefrom
is 'the audit stays' "$(ask 'SELECT count(*) FROM message')" "$rows"
modes_kept 'removed'
same 'the settings stay' "$system/etc/barefrom.conf" settings
ok 'it comes back' install "$package"
is 'with its audit' "$(ask 'SELECT count(*) FROM message')" "$rows"
ok 'and works' filter barefrom barefrom
same 'with the settings' "$system/etc/barefrom.conf" settings
ok 'apt purges it' apt purge barefrom
is 'no audit stays, and no settings' "$(there var/lib/barefrom && echo folder; there etc/barefrom.conf && echo settings)" ''
ok 'the user stays, so that nobody else gets its number' grep -q '^barefrom:' "$system/etc/passwd"
ok 'installed again' install "$package"
is 'it begins a new audit' "$(ask 'SELECT count(*) FROM message')" 0
modes_kept 'again'

# Upgrades. The older version is this one under a lower number; its audit is a real one of version 1.
dpkg-deb -R "$package" older
sed -i 's/^Version: .*/Version: 0.0.1/' older/DEBIAN/control
dpkg-deb --root-owner-group -b older older.deb >log 2>&1
apt purge barefrom
ok 'an older version' install older.deb
is 'is installed' "$(state)" 'installed 0.0.1'
rm -f "$audit"*
sqlite3 v1.db <"$SRCDIR/tests/data/audit-v1.sql" >log && sqlite3 v1.db 'PRAGMA wal_checkpoint(TRUNCATE)' >log
cp v1.db "$audit" && cp settings "$system/etc/barefrom.conf"
inside chown barefrom:barefrom /var/lib/barefrom/audit.db && chmod 640 "$audit"
is 'its audit has the first schema' "$(ask 'PRAGMA user_version')" 1
# What the first schema has of them; columns have come since.
columns() { ask "SELECT group_concat(name, ', ') FROM pragma_table_info('$1')"; }
message_rows="SELECT $(columns message) FROM message ORDER BY id"
edit_rows="SELECT $(columns edit) FROM edit ORDER BY id"
ask "$message_rows; $edit_rows" >rows.old
ok 'apt upgrades it' install "$package"
is 'to this version' "$(state)" "installed $version"
is 'the audit has the newest schema' "$(ask 'PRAGMA user_version; PRAGMA integrity_check')" "$newest
ok"
ask "$message_rows; $edit_rows" >rows.new
same 'and every row' rows.new rows.old
modes_kept 'upgraded'
same 'the settings of the administrator stay' "$system/etc/barefrom.conf" settings
ok 'it filters at once' filter barefrom barefrom

# What cannot be migrated stops no installation, and is told.
unready() { # unready NAME
	ok "$1: installed all the same" install "$package"
	is "$1: wholly" "$(state)" "installed $version"
	ok "$1: and told" said 'the audit database is not ready'
}
install older.deb
sqlite3 "$audit" 'PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)' >log
cp "$audit" audit.copy
unready 'a database of a newer version'
same 'it is not touched' "$audit" audit.copy
install older.deb
echo 'nonsense=1' >>"$system/etc/barefrom.conf"
unready 'settings with an error'
ok 'and with an audit that is not ready it is removed' apt purge barefrom

# An audit on a file system of its own.
install "$package"
mount --bind "$system/srv" "$system/var/lib/barefrom" || give_up 'nothing can be mounted'
echo row >"$system/srv/audit.db"
ok 'a folder that is a mount point stops no purge' apt purge barefrom
ok 'and is told' said '/var/lib/barefrom could not be removed'
is 'but emptied' "$(ls -A "$system/srv")" ''
umount "$system/var/lib/barefrom"
exit $failed
