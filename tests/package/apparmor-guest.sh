# SPDX-License-Identifier: GPL-3.0-or-later
# What apparmor.sh runs in its virtual machine, as root, where the package is installed.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 38
chmod 755 "$tmp"
spool=/var/spool/postfix/barefrom
database=/var/lib/barefrom/audit.db
asked() { sql $database "$1"; }
confined() { grep -h . /sys/kernel/security/apparmor/profiles | sed -n "s/^$1 (\(.*\))/\1/p"; }
as_owner() { setpriv --reuid=barefrom --regid=barefrom --clear-groups --reset-env -- "$@"; }
filter() { # filter ARGUMENT... <MESSAGE: as Postfix calls it
	as_owner /usr/bin/barefrom filter -o database=$database "$@" >out 2>err
	status=$?
}
settled() { asked "SELECT outcome FROM message ORDER BY id DESC LIMIT 1"; }
seen=0
denied() { # what was, behind the lines seen
	journalctl --sync
	journalctl -q -k -o cat --no-pager | grep 'apparmor="DENIED".*profile="barefrom' | tail -n +$((seen + 1)) | grep .
}
printf '%s\n' '[policy]' scope=domains domains=corp.example '[milter]' "listen=unix:$spool/milter.sock" >/etc/barefrom.conf

is 'AppArmor is at work' "$(cat /sys/module/apparmor/parameters/enabled)" Y
is 'and enforces both profiles' "$(confined barefrom), $(confined barefrom-milter)" 'enforce, enforce'

# The milter, on each kind of socket.
install -d -o barefrom -g postfix -m 2750 $spool
send() { timeout 60 python3 "$SRCDIR/tests/milter/mta.py" "$1" <forged.eml >got 2>>errors; }
bare() { send "$1" && cmp got bare.eml; }
ok 'barefrom-milter --check, as root' barefrom-milter --check -o "listen=unix:$spool/try.sock"
ok 'the milter starts' systemctl start barefrom-milter.service
is 'confined' "$(cat "/proc/$(systemctl show -p MainPID --value barefrom-milter.service)/attr/current")" 'barefrom-milter (enforce)'
ok 'and works' bare unix:$spool/milter.sock
is 'with a row' "$(settled)" answered
mkdir -p /etc/barefrom && echo 'Jane Doe; jane@corp.example' >/etc/barefrom/people
barefrom directory build -o directory=/etc/barefrom/people >>errors 2>&1
sed -i -e 's|^scope=.*|scope=domains directory|' -e 's|^domains=.*|&\ndirectory=/etc/barefrom/people|' /etc/barefrom.conf
ok 'it reloads, with a list of people' systemctl reload barefrom-milter.service
ok 'and works' bare unix:$spool/milter.sock
sed -i 's|^listen=.*|listen=inet:8895@localhost|' /etc/barefrom.conf
ok 'with an inet socket' systemctl restart barefrom-milter.service
ok 'it works' bare inet:8895@127.0.0.1
ok 'and stops' systemctl stop barefrom-milter.service
ok 'with a socket of systemd' systemctl start barefrom-milter.socket
ok 'it works' bare unix:/run/barefrom/milter.sock
systemctl stop barefrom-milter.socket barefrom-milter.service

# The filter, which hands the message back to a real Postfix.
systemctl start postfix@-.service 2>>errors
filter -f root@localhost -- root@localhost <forged.eml
is 'the filter hands a message to Postfix' "$status $(settled)" '0 sent'
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	! grep -q corp.example /var/mail/* 2>>errors || break
	sleep 0.5
done
ok 'which delivers it, bare' grep -qx 'From: ceo@corp.example' /var/mail/*
head -c 3000000 /dev/zero | tr '\0' x | fold | cat forged.eml - >large.eml
filter -f root@localhost -- root@localhost <large.eml
is 'a large one too' "$status $(settled)" '0 sent'
sed -i 's/^domains=.*/domains=example.com/' /etc/barefrom.conf
systemctl start barefrom-audit-check.service 2>>errors
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	! grep -q '^attention: domains' /var/mail/* 2>>errors || break
	sleep 0.5
done
ok 'and takes the mail about what needs attention' grep -q '^attention: domains' /var/mail/*
sed -i 's/^domains=.*/domains=corp.example/' /etc/barefrom.conf
systemctl stop postfix@-.service 2>>errors
cat >/usr/local/sbin/sendmail <<'END'
#!/bin/sh
cat /proc/self/attr/current >/tmp/label
sleep 60
END
chmod 755 /usr/local/sbin/sendmail
filter -o sendmail=/usr/local/sbin/sendmail -o deadline=3 -f a@x.example -- b@x.example <forged.eml
is 'a sendmail that is late is ended' "$status $(settled)" '75 pending'
is 'and was not confined' "$(cat /tmp/label)" unconfined
ok 'no profile has denied anything' not denied
filter -o sendmail=/bin/cat -f a@x.example -- b@x.example <forged.eml
is 'another program is not started' "$status $(settled)" '75 deferred'
ok 'which is logged' denied
seen=$(denied | wc -l)

# Files anywhere, of anybody.
useradd -m investigator
sed 's/^From:/From a@x.example Tue Nov 24 10:00:00 2026\n&/' forged.eml >/home/investigator/old.mbox
chown investigator /home/investigator/old.mbox && chmod 604 /home/investigator/old.mbox
mkdir -p /srv/Maildir/cur /srv/Maildir/new /srv/Maildir/tmp && cp forged.eml /srv/Maildir/cur/1:2,S
own="-o database=/home/investigator/a.db -o trusted-by=mx.example.org"
# shellcheck disable=SC2086
ok 'an investigator reads a mailbox' su investigator -c "cd && barefrom mbox --dry-run $own old.mbox"
# shellcheck disable=SC2086
ok 'root changes one in its place' barefrom mbox --in-place -o trusted-by=mx.example.org /home/investigator/old.mbox
is 'it stays its owner'\''s' "$(stat -c '%U %a' /home/investigator/old.mbox)" 'investigator 604'
ok 'and is bare' grep -qx 'From: ceo@corp.example' /home/investigator/old.mbox
ok 'and a Maildir' barefrom mbox --in-place -o trusted-by=mx.example.org /srv/Maildir
ok 'which is bare' cmp bare.eml /srv/Maildir/cur/1:2,S

# The audit, as root and by the timers' services.
ok 'root checks the audit, as its owner' sh -c 'barefrom audit check | grep -v "not tried" | grep "^messages"'
ok 'makes a backup' barefrom audit backup /srv/backup.db
ok 'restores it' barefrom audit restore /srv/backup.db
ok 'exports it' barefrom audit export
for name in prune metrics report check; do
	ok "$name by its service" systemctl start barefrom-audit-$name.service
done
ok 'no profile has denied anything' not denied
