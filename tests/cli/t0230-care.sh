# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom audit check, prune and checkpoint: what a monitor is told, what is deleted and what stays,
# and that filters at work meanwhile never notice.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 153

check() { run audit check -o "database=$1"; }
well() { [ "$status" -eq 0 ] && [ "$(head -n 1 out)" = ok ] && is_empty err; }
attention() { [ "$status" -eq 1 ] && first_says "^attention: .*$1" out && is_empty err; } # attention REGEX
fact() { sed -n "s/^$1  *//p" out; } # fact NAME

# write DATABASE STATEMENT: changes it as an administrator would.
write() { sqlite3 -bail "$1" "PRAGMA foreign_keys=ON; $2" >ignored; }
# rows DATABASE COUNT AGE [COLUMN=VALUE]: adds messages of that age, with an edit and a recipient each.
rows() {
	write "$1" "BEGIN;
	INSERT OR IGNORE INTO policy VALUES ('old', '', '0', '2020');
	CREATE TEMP TABLE added AS WITH RECURSIVE n (i) AS
		(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0) + i AS id FROM n;
	INSERT INTO message (id, at, source, verdict, reason, in_scope, action, outcome, policy)
		SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '$3'), 'filter', 'anonymous', 'no-login', 1,
		'stripped', 'written', 'old' FROM added;
	INSERT INTO edit (message, field, nth, action, before, after)
		SELECT id, 'From', 1, 'stripped', zeroblob(600), x'00' FROM added;
	INSERT INTO recipient SELECT id, 'a@example.org' FROM added;
	UPDATE message SET ${4-id = id} WHERE id IN (SELECT id FROM added);
	COMMIT"
}
count() { sql "$1" "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM edit), (SELECT count(*) FROM recipient)"; }
size() { wc -c <"$1" | tr -d ' '; }

# check: a new audit, and one in use.
run audit init -o database=a.db
check a.db
ok 'check: an empty audit is well' well
newest=$(sql a.db 'PRAGMA user_version')
is 'its path' "$(fact database)" a.db
is 'its version' "$(fact schema)" "version $newest"
is 'is whole' "$(fact integrity)" ok
is 'holds nothing' "$(fact messages)|$(fact pending)|$(fact running)" '0|0|0'
is 'and its size' "$(fact file)" "$(($(size a.db) / 1024)) KiB, of which 0 KiB unused"
run filter -o database=a.db <forged.eml
run filter -o database=a.db <forged.eml
run filter -o database=a.db --dry-run <forged.eml
check a.db
ok 'check: an audit in use is well' well
is 'messages, and how they ended' "$(fact messages)|$(fact '  written')|$(fact '  dry-run')" '3|2|1'
is 'its log' "$(fact log)" "$((($(size a.db-wal) + 1023) / 1024)) KiB"
"$BAREFROM" audit check -o database=a.db -c empty.conf >/dev/full 2>err
is 'a full output is an error' $? 74

# check: what needs attention.
now="strftime('%Y-%m-%dT%H:%M:%fZ', 'now'"
write a.db "UPDATE message SET outcome = 'pending', at = $now, '-10 seconds') WHERE id = 1"
check a.db
ok 'a pending message that a filter may hold is well' well
is 'and named' "$(fact pending)" "1, the oldest since $(sql a.db 'SELECT at FROM message WHERE id = 1')"
run audit check -o database=a.db -o deadline=1
ok 'not where filters end sooner' attention 'pending for longer than a filter takes \(4 s\)'
write a.db "UPDATE message SET at = '2020-01-01T00:00:00.000Z' WHERE id = 1"
check a.db
ok 'an old pending message is not' attention 'pending for longer than a filter takes \(100 s\)'
is 'since when' "$(fact pending)" '1, the oldest since 2020-01-01T00:00:00.000Z'
is 'the facts follow' "$(fact messages)|$(fact '  pending')" '3|1'
write a.db "UPDATE message SET outcome = 'sent' WHERE id = 1"
check a.db
ok 'once settled by hand it is well' well
run_row="INSERT INTO run (id, started_at, command, input, version, status) VALUES (1, $now, '-23 hours'), 'mbox', 'x', '0', 'running')"
write a.db "$run_row"
check a.db
ok 'a run of today is well' well
is 'and named' "$(fact running)" "1, the oldest since $(sql a.db 'SELECT started_at FROM run')"
write a.db "UPDATE run SET started_at = $now, '-25 hours')"
check a.db
ok 'one that runs for more than a day is not' attention 'a run has been marked running for more than a day'
write a.db "UPDATE run SET status = 'failed'"
check a.db
ok 'one that failed is no matter' well

cp "$SRCDIR/data/barefrom.conf" shipped.conf
run audit check -c shipped.conf -o database=a.db
ok 'the shipped settings, not edited' attention 'domains: example\.com'
run audit check -c shipped.conf -o database=a.db -o domains=corp.example
ok 'edited' well
run audit check -o database=a.db -o unknown=authenticated
ok 'what is unwise, but chosen, is for barefrom config' well

sqlite3 damaged.db 'VACUUM' && rm -f damaged.db && cp a.db damaged.db && cp a.db-wal damaged.db-wal
sqlite3 damaged.db "PRAGMA foreign_keys=OFF; DELETE FROM message WHERE id = 1" # its edit stays
check damaged.db
ok 'a row that refers to nothing' attention 'damaged: 1 rows refer to a row that does not exist: run barefrom audit restore'
is 'is damage' "$(fact integrity)" damaged
cp a.db damaged.db && cp a.db-wal damaged.db-wal
sqlite3 damaged.db ".dbconfig defensive off" "PRAGMA writable_schema=ON" \
	"UPDATE sqlite_schema SET sql = replace(sql, '(at)', '(verdict)') WHERE name = 'message_at'" >ignored
check damaged.db
ok 'an index that misses rows' attention 'damaged: .*message_at'
is 'is damage too' "$(fact integrity)" damaged

truncate -s 17000000 a.db-wal
check a.db
ok 'a large log' attention 'larger than 16384 KiB.*audit checkpoint'
is 'and its size' "$(fact log)" '16602 KiB'
run audit checkpoint -o database=a.db
is 'checkpoint helps' "$status $(cat out err)" '0 write-ahead log: 16602 KiB before, 0 KiB after'
check a.db
ok 'then all is well' well
truncate -s 16777216 a.db-wal
check a.db
ok 'a log of 16 MiB still is' well
run audit checkpoint -o database=a.db
cp a.db beside-a-run.db
sqlite3 beside-a-run.db "INSERT INTO run (started_at, command, version, status)
	VALUES (strftime('%Y-%m-%dT%H:%M:%fZ'), 'mbox', '0', 'running')"
truncate -s 17000000 beside-a-run.db-wal
check beside-a-run.db
ok 'while a run writes, a larger one is' well
truncate -s 67108865 beside-a-run.db-wal
check beside-a-run.db
ok 'up to 64 MiB' attention 'larger than 65536 KiB'

# check: what stops mail, or soon will. For permissions see f0100-permissions.sh, for types of file
# systems test-place.c.
ok 'the space that is free' says '^free +[1-9][0-9]* KiB$' out
# small OCTETS COMMAND...: runs it with ./small on a file system of that size; 99 if there can be none.
small() { unshare -m sh -c 'mount -t tmpfs -o "size=$1" none small 2>ignored || exit 99; shift; "$@"' sh "$@"; }
mkdir -p small
small 1m true 2>ignored
if [ $? = 0 ]; then
	small 4m sh -c '"$@" audit init -o database=small/a.db >ignored; "$@" audit check -o database=small/a.db >out 2>err' \
		sh "$BAREFROM" -c "$tmp/empty.conf"
	status=$?
	ok 'a disk that is nearly full' attention 'only [0-9]* KiB are free where the audit is'
	small 4m sh -c '"$@" audit init -o database=small/a.db; cat /dev/zero >small/full; "$@" audit check -o database=small/a.db' \
		sh "$BAREFROM" -c "$tmp/empty.conf" >out 2>ignored
	ok 'one that is full: prune would fail' says \
		'only 0 KiB are free .*: free some space; barefrom audit prune gives back more, but needs some itself$' out
	small 65m,nr_inodes=9 sh -c '"$@" audit init -o database=small/a.db >ignored; "$@" audit check -o database=small/a.db >out 2>err' \
		sh "$BAREFROM" -c "$tmp/empty.conf"
	status=$?
	ok 'that has hardly a place for files' attention 'hardly any new file can be created where the audit is'
else
	ok 'a disk that is nearly full: none can be mounted here' true
	ok 'one that is full: neither' true
	ok 'that has hardly a place for files: neither' true
fi
printf 'Jane Doe; jane.doe@corp.example\n' >people
on_people() { run audit check -o database=a.db -o scope=directory -o "directory=$tmp/people" -o authserv-id=x -o ar-stripped=true; }
on_people
ok 'a list of people' well
ok 'has a date' says '^directory +last changed 20[0-9-]*T[0-9:.]*Z$' out
touch -d '364 days ago' people
on_people
ok 'that may be of this year' well
touch -d '366 days ago' people
on_people
ok 'not older' attention 'directory: .*/people has not been changed for more than 365 days'
rm people
on_people
ok 'a list that is not there' attention 'people'
rm -f apart.db* && cp a.db apart.db && cp a.db-wal apart.db-wal && bf filter -o database=apart.db <forged.eml >/dev/null
truncate -s 0 apart.db
check apart.db
ok 'files that do not belong together' eval 'fails 74 "run barefrom audit restore" && is_empty out && is_empty apart.db'

# Audits of other versions, and files that are no audit.
sqlite3 v1.db "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL" ".read '$SRCDIR/src/store/sql/001-first.sql'" \
	"PRAGMA application_id=$(sql a.db 'PRAGMA application_id')" "PRAGMA user_version=1" >ignored
rows v1.db 2 '-1 day'
cp v1.db v1.copy
check v1.db
ok 'version 1 is well' well
is 'and said' "$(fact schema)" "version 1$([ "$newest" = 1 ] || echo "; the next message upgrades it to version $newest")"
is 'it is read' "$(fact messages)" 2
same 'and not migrated' v1.db v1.copy
for verb in check 'prune --older-than=1' checkpoint; do
	# shellcheck disable=SC2086
	set -- audit $verb
	run "$@" -o database=none.db
	ok "$verb: no audit" eval 'fails 66 "none\.db: it does not exist yet" && is_empty out && [ ! -e none.db ]'
	run "$@" -o database=missing/a.db
	ok "$verb: no folder" eval 'fails 66 "missing" && is_empty out'
	: >empty.db
	run "$@" -o database=empty.db
	ok "$verb: an empty file" eval 'fails 66 "empty\.db: it is empty" && is_empty out && is_empty empty.db'
	yes 'this is no database' | head -c 8192 >text.db
	cp text.db text.copy
	run "$@" -o database=text.db
	ok "$verb: no database" eval 'fails 74 "text\.db" && is_empty out && cmp text.db text.copy'
	rm -f foreign.db
	sqlite3 foreign.db 'CREATE TABLE message (id, at, outcome); INSERT INTO message VALUES (1, 0, 0)'
	cp foreign.db foreign.copy
	run "$@" -o database=foreign.db
	ok "$verb: another program's" eval "fails 74 \"another program's\" && cmp foreign.db foreign.copy"
	rm -f new.db*
	run audit init -o database=new.db
	sqlite3 new.db 'PRAGMA user_version = 999' && cp new.db new.copy
	run "$@" -o database=new.db
	ok "$verb: of a newer barefrom" eval 'fails 74 "newer barefrom" && cmp new.db new.copy'
done

# What is no regular file; nobody has the other end of the FIFO open.
# unfit NAME DATABASE REGEX
unfit() {
	unfit_words=$3
	for verb in init check export metrics checkpoint 'backup k.db' 'prune --older-than=1'; do
		# shellcheck disable=SC2086
		timeout 300 "$BAREFROM" -c empty.conf audit $verb -o "database=$2" >out 2>err
		status=$?
		fails 74 "audit database $2: $3" && is_empty out || cat err
	done >said
	is "$1" "$(cat said)" ''
	timeout 300 "$BAREFROM" -c empty.conf filter -o "database=$2" <forged.eml >out 2>err
	status=$?
	ok "$1: mail is deferred" eval 'deferred && says "$unfit_words" err'
}
mkfifo pipe.db && mkdir folder.db && ln -s a.db link.db && ln -s nowhere dangling.db
unfit 'a FIFO' pipe.db 'it is not a regular file: set database to one$'
unfit 'a device' /dev/null 'it is not a regular file: set database to one$'
unfit 'a folder' folder.db 'it is a directory: set database to a file in it$'
unfit 'a folder, with its slash' folder.db/ 'it is a directory: set database to a file in it$'
is 'nothing is made in it' "$(ls folder.db)" ''
unfit 'a file as a folder' a.db/ 'Not a directory$'
unfit 'a link' link.db 'it is a symbolic link: set database to the file itself; only a directory may be a link$'
unfit 'a link to nowhere' dangling.db 'it is a symbolic link'
ok 'whose file is not made' [ ! -e nowhere ]

# Names that SQLite takes for something else than a file, if it is given them as they are.
printf '#!/bin/sh\ncat >sent\n' >sendmail && chmod 755 sendmail
printf 'From a@x.example Mon Jan  1 10:00:00 2024\n' | cat - forged.eml >odd.mbox
cp odd.mbox odd.copy
for odd in :memory: :odd.db file:odd.db 'file:odd.db?mode=memory'; do
	run filter -f a@x.example -o "sendmail=$tmp/sendmail" -o "database=$odd" -- b@x.example <forged.eml
	is "$odd: a message is on the disk" "$status $(sql "./$odd" "SELECT id, outcome FROM message")" '0 1|sent'
	run mbox -o "database=$odd" -o trusted-by=mx.example.org --in-place odd.mbox
	run mbox -o "database=$odd" --undo --in-place odd.mbox
	is "$odd: mbox, and back" "$status $(cmp odd.mbox odd.copy)" '0 '
	for verb in init check export 'report --output=odd.html' metrics checkpoint 'backup odd.b' 'restore odd.b' 'undo 1 bare.eml' \
		'prune --older-than=1'; do
		# shellcheck disable=SC2086
		run audit $verb -o "database=$odd"
		[ "$status" = 0 ] || { echo "$verb: $status" && cat err; }
	done >said
	is "$odd: each verb takes it" "$(cat said)" ''
	rm odd.b
	run audit backup -o database=a.db "$odd.b"
	run audit restore -o database=odd-to.db "$odd.b"
	is "$odd: so do backups" "$status $(sql odd-to.db 'SELECT count(*) FROM message')" "0 $(sql a.db 'SELECT count(*) FROM message')"
	rm -f ./odd-to.db*
done

# Not if this machine may have an audit of its own.
ok 'check: the default audit' eval '[ -e /var/lib/barefrom ] || { run audit check; fails 66 "-o database=FILE"; }'

# prune: what is accepted.
run audit prune -o database=a.db
ok 'prune without --older-than' usage 'needs --older-than=DAYS: accepted: a number of days, 0 to 36500'
for days in '' -1 ' 1' 1d 1.5 0x10 36501 99999999999999999999 many; do
	run audit prune -o database=a.db "--older-than=$days"
	ok "--older-than='$days'" usage 'older-than=.*: accepted: a number of days, 0 to 36500'
done
run audit check -o database=a.db --older-than=1
ok 'check takes no --older-than' usage 'audit check does not take --older-than'
run audit prune -o database=a.db --older-than=1 a.db
ok 'prune takes no argument' usage 'audit prune takes no argument'

# prune: what is deleted. The limits are off by an hour, so that the exact time does not matter.
run audit init -o database=p.db
rows p.db 700 '-721 hours'
rows p.db 7 '-719 hours'
write p.db "INSERT INTO policy VALUES ('young', '', '0', '2026')"
rows p.db 3 '-1 minute' "policy = 'young'"
write p.db "INSERT INTO run (id, started_at, finished_at, command, input, version, status) VALUES
	(1, $now, '-31 days'), $now, '-31 days'), 'mbox', 'over', '0', 'done'),
	(2, $now, '-31 days'), $now, '-28 days'), 'mbox', 'ended later', '0', 'done'),
	(3, $now, '-31 days'), $now, '-31 days'), 'mbox', 'has messages', '0', 'failed'),
	(4, $now, '-31 days'), NULL, 'mbox', 'killed', '0', 'running'),
	(5, $now, '-6 days'), NULL, 'mbox', 'may run', '0', 'running');
	UPDATE message SET run = 3 WHERE id = 701; UPDATE message SET run = 1 WHERE id = 1"
run audit prune -o database=p.db --older-than=36500
is 'prune: nothing is so old' "$status $(count p.db)" '0 710|710|710'
run audit prune -o database=p.db --older-than=30
is 'prune of what is older than 30 days' "$status $(cat err)" '0 '
is 'says what went' "$(sed 's/; .*//; s/^older than [0-9T:.-]*Z/TIME/' out)" \
	'TIME: deleted messages: 700, runs: 2, policies: 0'
is 'and from which time on' "$(sql p.db "SELECT abs(julianday('now', '-30 days') - julianday('$(sed 's/^older than //; s/: .*//' out)')) < 0.01")" 1
is 'messages with their edits and recipients' "$(count p.db)" '10|10|10'
is 'nothing younger' "$(sql p.db 'SELECT min(id), max(id) FROM message')" '701|710'
is 'runs that ended before, and have none left' \
	"$(sql p.db 'SELECT input FROM run ORDER BY id' | tr '\n' ',')" 'ended later,has messages,may run,'
run audit prune -o database=p.db --older-than=30
is 'a second time nothing goes' "$status $(sed 's/.*deleted //' out)" \
	'0 messages: 0, runs: 0, policies: 0; given back: 0 KiB'
run audit prune -o database=p.db --older-than=29
is 'a policy goes with the last message that refers to it' "$(sql p.db 'SELECT digest FROM policy')" young
is 'and a run too' "$(sql p.db 'SELECT input FROM run ORDER BY id' | tr '\n' ',')" 'ended later,may run,'
rows p.db 1 '-10 seconds' "outcome = 'pending'"
rows p.db 1 '-10 minutes' "outcome = 'pending'"
run audit prune -o database=p.db --older-than=0
is '0 is all up to now, but what a filter may hold' "$status $(sql p.db 'SELECT id, outcome FROM message')" '0 711|pending'
is 'and a run that may run' "$(sql p.db 'SELECT input FROM run')" 'may run'
is 'what is left is whole' "$(sql p.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
rows v1.db 5 '-3 days'
run audit prune -o database=v1.db --older-than=2
is 'an audit of version 1' "$status $(count v1.db)" '0 2|2|2'

# prune: space.
run audit init -o database=s.db
rows s.db 5000 '-3 days'
rows s.db 10 '-1 day'
before=$(size s.db)
run audit prune -o database=s.db --older-than=2
after=$(size s.db)
ok 'the file has shrunk' [ "$((after * 20))" -lt "$before" ]
ok 'the log is empty' is_empty s.db-wal
is 'no page is unused' "$(sql s.db 'PRAGMA freelist_count')" 0
is 'how much is said' "$(sed 's/.*given back: //' out)" "$(((before - after) / 1024)) KiB"
is 'what is left is whole' "$(sql s.db 'PRAGMA integrity_check') $(count s.db)" 'ok 10|10|10'

# Beside filters, and another who checks.
run audit init -o database=f.db
rows f.db 4000 '-3 days'
filters() {
	for i in 1 2 3 4 5 6 7 8; do
		bf filter -o database=f.db <forged.eml >"out.$1.$i" 2>&1 && cmp bare.eml "out.$1.$i" || echo failed
	done >"said.$1" 2>&1
}
jobs=
for i in 1 2 3; do
	filters $i &
	jobs="$jobs $!"
done
bf audit prune -o database=f.db --older-than=1 >out.prune 2>&1 &
pruner=$!
for i in 1 2 3 4 5; do
	check f.db
	well || cat out err
done >said.check
wait $pruner
is 'prune beside filters' $? 0
# shellcheck disable=SC2086
wait $jobs
is 'none of them fails' "$(cat said.1 said.2 said.3)" ''
is 'check neither' "$(cat said.check)" ''
is 'their rows are all there' "$(sql f.db "SELECT count(*), count(*) FILTER (WHERE outcome = 'written') FROM message")" '24|24'
is 'the old ones are not' "$(sed 's/.*deleted //; s/;.*//' out.prune)" 'messages: 4000, runs: 0, policies: 1'
is 'all is whole' "$(sql f.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok

# until_ COMMAND...: waits for it, but not for ever.
until_() {
	for i in $(seq 3000); do
		"$@" && return
		sleep 0.1
	done
}

# hold DATABASE STATEMENT: another who does that and stays; let_go ends it.
mkfifo commands
hold() {
	: >held
	sqlite3 "$1" <commands >held 2>&1 &
	holder=$!
	exec 9>commands
	echo "$2; SELECT 'held';" >&9
	until_ grep -q held held
}
let_go() {
	exec 9>&-
	wait $holder
}

# A signal, which comes while the lock is waited for.
rows f.db 3000 '-3 days'
hold f.db 'BEGIN IMMEDIATE'
"$BAREFROM" -c empty.conf audit prune -o database=f.db --older-than=1 >out 2>err &
pruner=$!
# SIGTERM is bit 14 of those that the program catches.
catches() { grep -q '^Name:.*barefrom' /proc/$1/status && grep -q '^SigCgt:.*[4-7c-f]...$' /proc/$1/status; }
until_ catches $pruner
kill -TERM $pruner
wait $pruner
status=$?
ok 'a signal ends prune' fails 75 'stopped by a signal: the next prune deletes the rest'
let_go
is 'which says how far it got' "$(sed 's/.*deleted //; s/;.*//' out)" 'messages: 0, runs: 0, policies: 0'
is 'and leaves all whole' "$(sql f.db 'PRAGMA integrity_check') $(count f.db)" 'ok 3024|3024|3000'
hold f.db 'BEGIN IMMEDIATE'
run audit check -o database=f.db -o deadline=1
ok 'check beside such a lock' attention 'no filter can write: another program has held the lock for 1 s.*fuser -v f\.db'
is 'says the rest all the same' "$(fact integrity)" ok
run audit prune -o database=f.db -o deadline=1 --older-than=1
ok 'a lock that is held for too long' eval 'fails 75 locked && is_empty out'
let_go

# A reader is in the way.
hold f.db 'BEGIN; SELECT count(*) FROM message'
run audit prune -o database=f.db --older-than=1
is 'prune beside a reader' "$status" 0
ok 'says that it keeps the space' says 'given back: 0 KiB; the log is being read: run barefrom audit checkpoint later' out
run audit checkpoint -o database=f.db -o deadline=1
ok 'checkpoint beside a reader' fails 75 'f\.db: another program is still reading or writing it, so the log stays: try again later'
check f.db
ok 'check does not mind it' well
run audit checkpoint -o database=f.db -o deadline=1
is 'tells the sizes all the same' "$(cat out)" \
	"write-ahead log: $((($(size f.db-wal) + 1023) / 1024)) KiB before, $((($(size f.db-wal) + 1023) / 1024)) KiB after"
is 'filters work on' "$(bf filter -o database=f.db <forged.eml 2>&1 | cmp - bare.eml && echo well)" well
let_go
run audit checkpoint -o database=f.db
is 'then it empties the log' "$status $(size f.db-wal)" '0 0'
ok 'and the file shrinks' [ "$(size f.db)" -lt 500000 ]
is 'nothing is lost' "$(sql f.db 'SELECT count(*) FROM message') $(sql f.db 'PRAGMA integrity_check')" '25 ok'
run audit checkpoint -o database=f.db
is 'a second time there is nothing to do' "$status $(cat out)" '0 write-ahead log: 0 KiB before, 0 KiB after'
