# SPDX-License-Identifier: GPL-3.0-or-later
# What the file system refuses (plain build). Root is refused nothing, so root runs commands as nobody;
# other users need sudo -n to become root first.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 74

if [ "$(id -u)" != 0 ]; then
	if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		sudo -n env BAREFROM="$BAREFROM" SRCDIR="$SRCDIR" LC_ALL="${LC_ALL-C}" \
			sh "$SRCDIR/tests/cli/f0100-permissions.sh" | grep -v '^1\.\.'
		exit
	fi
	echo 'it takes root, or sudo -n, to become nobody' >why
	point 1 'permissions of another user'
	exit 1
fi

let_nobody_in
group=$(id -gn nobody)
nobody() { # nobody ARGUMENT... <INPUT: run, as nobody
	as_nobody "$BAREFROM" -c "$tmp/empty.conf" "$@" >out 2>err
	status=$?
}
folder() { # folder NAME OWNER MODE: a new one
	mkdir "$1" && chown "$2" "$1" && chmod "$3" "$1"
}
owned() { stat -c '%U:%G %a' -- "$@" | sort -u | tr '\n' ' '; }
count() { sql "$1" "SELECT count(*) FROM message${2+ WHERE outcome = '$2'}"; }

is 'nobody is not root' "$(as_nobody id -u)" "$(id -u nobody)"

# Directories.
folder closed root:root 755
nobody filter -o database=closed/a.db <forged.eml
ok 'a folder that is not writable' deferred
ok 'is named' says closed err
is 'and stays empty' "$(ls closed)" ''
folder hidden root:root 700
nobody filter -o database=hidden/a.db <forged.eml
ok 'a folder that cannot be entered' deferred
nobody audit init -o database=closed/a.db
ok 'audit init there' eval '[ $status -ge 64 ] && [ $status -le 78 ] && says closed err'
for command in filter 'audit init'; do
	# shellcheck disable=SC2086
	nobody $command <forged.eml
	ok "$command: the default database names the way out" eval '[ $status -ne 0 ] && says "-o database=" err'
done
nobody explain forged.eml
is 'explain needs none' "$status" 0
nobody filter -f a@x.example -o database=closed/a.db -- b@x.example <forged.eml
ok 'with recipients, no path is told' eval 'deferred && not says "closed|a\.db" err'

# Files.
folder own "nobody:$group" 750
nobody filter -o database=own/a.db <forged.eml
ok 'a folder of its own' done_well
chmod 444 own/*
chown root:root own/*
nobody filter -o database=own/a.db <forged.eml
ok 'a database that is read-only' deferred
is 'gets no row' "$(count own/a.db)" 1
chmod 400 own/*
nobody filter -o database=own/a.db <forged.eml
ok 'a database that cannot be read' deferred

# What root makes can be used by the user of the filter.
umask 077
folder given "nobody:$group" 750
run audit init -o database=given/a.db
is 'root: audit init' "$status" 0
is 'gives owner, group and mode' "$(owned given/a.db)" "nobody:$group 640 "
is 'to all its files' "$(owned given/*)" "nobody:$group 640 "
nobody filter -o database=given/a.db <forged.eml
ok 'nobody can use it' done_well
run filter -o database=given/a.db <forged.eml
ok 'root too' done_well
nobody filter -o database=given/a.db <forged.eml
ok 'and nobody after root' done_well
is 'three rows' "$(count given/a.db written)" 3
is 'the files stay as they were' "$(owned given/*)" "nobody:$group 640 "
folder first "nobody:$group" 750
run filter -o database=first/a.db <forged.eml
ok 'root: first use by filter' done_well
is 'gives owner, group and mode as well' "$(owned first/*)" "nobody:$group 640 "
nobody filter -o database=first/a.db <forged.eml
ok 'nobody can use that' done_well
umask 022

# A group that can read, in a directory that it cannot write to.
folder shared "root:$group" 2750
run filter -o database=shared/a.db <forged.eml
ok 'a folder of root' done_well
is 'the group reads after the writer has gone' \
	"$(as_nobody sqlite3 -readonly shared/a.db 'SELECT count(*) FROM history' 2>&1)" 1
nobody filter -o database=shared/a.db <forged.eml
ok 'and does not write' deferred

# audit check by root: looks as the owner of the audit, which is the user that the filter runs as.
check() { # check OPTION...: as root
	"$BAREFROM" audit check -o database=seen/a.db "$@" >out 2>err
	status=$?
}
attention() { [ "$status" -eq 1 ] && says "^attention: .*$1" out && is_empty err; }
folder seen "nobody:$group" 750
nobody filter -o database=seen/a.db <forged.eml
check -c empty.conf
is 'check: all is well' "$status $(head -n 1 out) $(cat err)" '0 ok '
is 'and all is still its owner' "$(owned seen/*)" "nobody:$group 640 "
cp empty.conf secret.conf && chmod 600 secret.conf
check -c secret.conf
ok 'settings that the owner cannot read' attention 'secret\.conf: nobody cannot read the settings, so mail is deferred'
"$BAREFROM" config -c secret.conf -o database=seen/a.db >out 2>err
is 'config: is no error' $? 0
ok 'config warns, too' says 'warning: secret\.conf: nobody cannot read the settings' err
"$BAREFROM" config -c empty.conf -o database=seen/a.db >out 2>err
ok 'config: not where it can' not says 'cannot read' err
for file in a.db a.db-wal a.db-shm; do
	chown root:root "seen/$file" && chmod 640 "seen/$file"
	check -c empty.conf
	ok "$file that it cannot write" attention "seen/$file: nobody cannot read and write it"
	chown "nobody:$group" "seen/$file"
done
chmod 550 seen
check -c empty.conf
ok 'a folder that it cannot write' attention 'seen: nobody cannot create files there'
chmod 750 seen
echo 'Jane Doe; jane@corp.example' >people && chmod 600 people
check -c empty.conf -o scope=directory -o "directory=$tmp/people" -o authserv-id=x -o ar-stripped=true
ok 'a list of people that it cannot read' attention 'directory: .*people.*Permission denied'
chmod 644 people
check -c empty.conf -o scope=directory -o "directory=$tmp/people" -o authserv-id=x -o ar-stripped=true
is 'one that it can' "$status" 0
nobody audit check -o database=seen/a.db
is 'the owner itself' "$status $(head -n 1 out)" '0 ok'
chmod 400 seen/a.db
nobody audit check -o database=seen/a.db
ok 'who is told as well' attention 'seen/a\.db: nobody cannot read and write it'
chmod 640 seen/a.db
nobody audit check -o database=shared/a.db
is 'a reader of the group' "$status $(head -n 1 out)" '0 ok'
ok 'who cannot try the lock, and says so' says '^lock +not tried: only the owner of the audit or root can write' out
nobody audit backup -o database=shared/a.db own/b.db
is 'and can make a backup' "$status $(count own/b.db)" '0 1'

# audit restore by root, for an audit that belongs to nobody: into the live file, and by a new one.
run audit restore -o database=seen/a.db own/b.db
is 'root: audit restore' "$status $(count seen/a.db)" '0 1'
truncate -s 0 seen/a.db
run audit restore -o database=seen/a.db own/b.db
is 'where the file was emptied' "$status $(count seen/a.db)" '0 1'
is 'owner, group and mode are those of before' "$(owned seen/*)" "nobody:$group 640 "
nobody filter -o database=seen/a.db <forged.eml
ok 'and nobody can use it' done_well
truncate -s 0 shared/a.db
run audit restore -o database=shared/a.db own/b.db
is 'where others can only read' "$status $(owned shared/a.db shared/a.db-wal shared/a.db-shm)" "0 root:$group 640 "
nobody audit check -o database=shared/a.db
is 'they read on, before the next message' "$status $(head -n 1 out)" '0 ok'

# A mailbox to write to.
printf 'From a@b.example Mon Jan  1 10:00:00 2024\n' >in.mbox
cat forged.eml >>in.mbox
cp in.mbox shared.mbox
chown "nobody:root" shared.mbox
chmod 660 shared.mbox
chmod 777 .
nobody mbox -o database=mbox.db -o trusted-by=mx.example.org --in-place shared.mbox
is 'a group that cannot be kept' "$status $(owned shared.mbox)" "0 nobody:$group 600 "
chown "nobody:root" shared.mbox
chmod 660 shared.mbox
nobody mbox -o database=mbox.db --output=shared.mbox in.mbox
ok 'is told of' says 'warning: in\.mbox: files whose group could not be kept' err
chmod 200 shared.mbox
nobody mbox -o database=mbox.db --output=shared.mbox in.mbox
is 'an output that cannot be read' "$status $(owned shared.mbox)" "73 nobody:$group 200 "
chmod 755 .
rm mbox.db*

# A message in a Maildir whose owner cannot be kept.
mkdir -p Mail/cur Mail/new Mail/tmp && chown -R "nobody:$group" Mail
cp forged.eml Mail/cur/1 && chown root:root Mail/cur/1 && chmod 644 Mail/cur/1
nobody mbox -o database=first/maildir.db -o trusted-by=mx.example.org --in-place Mail
is 'a message whose owner cannot be kept' "$status $(cmp Mail/cur/1 forged.eml) $(ls Mail/tmp)" '73  '
is 'is recorded as left' "$(sql first/maildir.db 'SELECT group_concat(outcome), (SELECT status FROM run) FROM message')" 'failed|failed'
rm first/maildir.db*

# Links planted by others are not followed.
folder links "nobody:$group" 755
echo precious >precious && cp precious precious.copy
ln -s "$tmp/precious" links/a.db
run audit init -o database=links/a.db
ok 'root follows no link' test "$status" -ne 0
is 'and gives nothing away' "$(owned precious) $(cmp precious precious.copy)" "root:root 644  "

# A lock that another user holds.
mkfifo commands
nobody filter -o database=first/a.db <forged.eml
sqlite3 first/a.db <commands >locked 2>&1 &
holder=$!
exec 9>commands
echo "BEGIN IMMEDIATE; SELECT 'locked';" >&9
for i in $(seq 3000); do
	grep -q locked locked && break
	sleep 0.1
done
before=$(count first/a.db)
timeout 300 "$BAREFROM" -c empty.conf filter -o database=first/a.db -o deadline=1 <forged.eml >out 2>err
status=$?
ok 'a locked database' deferred
ok 'is called so' says '^4\.3\.0 .*locked' err
is 'and gets no row' "$(count first/a.db)" "$before"
echo 'ROLLBACK;' >&9
exec 9>&-
wait $holder
nobody filter -o database=first/a.db <forged.eml
ok 'once it is free all is well' done_well

# A limit on the size of files: SIGXFSZ would kill. Blocks have 512 bytes; pipes have no such limit.
mkfifo errors
limited() { # limited BLOCKS DATABASE <INPUT
	cat errors >err &
	{
		(ulimit -f "$1" && exec "$BAREFROM" -c empty.conf filter -o "database=$2") 2>errors
		echo $? >left
	} | cat >out
	wait $!
	status=$(cat left)
}
limited 0 room.db <forged.eml
ok 'no room for a database' deferred
rm -f room.db*
run audit init -o database=room.db
limited 0 room.db <forged.eml
ok 'no room for a row' deferred
is 'gets no row, and harms none' "$(count room.db) $(sql room.db 'PRAGMA integrity_check')" '0 ok'
run filter -o database=room.db <forged.eml
ok 'with room again all is well' done_well
{ cat forged.eml; head -c 4194304 /dev/zero | tr '\0' '\n'; } >big.eml
(ulimit -f 4096 && exec "$BAREFROM" -c empty.conf filter -o database=room.db) <big.eml >out 2>err
is 'no room for the output' $? 75
is 'is a failed row' "$(count room.db failed)" 1

# A Maildir in which nobody may not read all.
for d in cur new tmp; do
	mkdir -p md/$d
	cp forged.eml md/$d/1.a
done
rm md/tmp/1.a
for n in 2 3 4 5 6; do cp forged.eml md/cur/$n.a; done
chown -R "nobody:$group" md
chmod 000 md/cur/2.a md/cur/3.a md/cur/4.a md/cur/5.a
nobody mbox -o database=own/md.db -o trusted-by=mx.example.org --in-place md
is 'messages that may not be read are left, for exit 1' "$status" 1
ok 'counted, and the first named' says '^barefrom: warning: md: files that are no messages or cannot be read, left: 4 \(4 unreadable\): cur/2\.a, cur/3\.a, cur/4\.a, \.\.\.$' err
is 'those below them are read' "$(grep -l Jane md/*/* | tr '\n' ' ')" 'md/cur/2.a md/cur/3.a md/cur/4.a md/cur/5.a '
is 'and the run is done' "$(sql own/md.db 'SELECT status, messages FROM run') $(count own/md.db)" 'done|3 3'
chmod 644 md/cur/?.a
chmod 300 md/new
nobody mbox -o database=own/md.db -o trusted-by=mx.example.org --in-place md
is 'so is a directory of a Maildir' "$status $(grep -c 'left: 1 (1 unreadable): new$' err) $(grep -l Jane md/cur/*)" '1 1 '
chmod 755 md/new
nobody mbox -o database=own/md.db --undo --in-place md
is 'what was done is undone' "$status $(grep -c '7 messages: 7 put back' err)" '0 1'
