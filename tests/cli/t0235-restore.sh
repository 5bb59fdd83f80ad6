# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom audit backup and restore: what the file holds, what is refused, which rows stay; files that
# do not belong together; and filters that write meanwhile. tests/faults/restores.py kills both.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/old-versions.sh"
plan 207

words='the audit and its -wal do not belong together: run barefrom audit restore'
# mail DATABASE [N]: filters N messages.
mail() {
	for n in $(seq "${2-1}"); do bf filter -o "database=$1" <forged.eml >/dev/null || return; done
}
count() { sql "$1" 'SELECT count(*) FROM message'; }
whole() { sql "$1" 'PRAGMA integrity_check; PRAGMA foreign_key_check'; }
check_ok() { bf audit check -o "database=$1" | head -n 1; }
gone() { rm -f "$1" "$1-wal" "$1-shm" "$1".damaged-*; }
modes() { sql "$1" 'PRAGMA journal_mode; PRAGMA page_size; PRAGMA auto_vacuum' | tr '\n' ' '; }

# backup.
mail a.db 30
run audit backup -o database=a.db b.db
is 'backup' "$status $(cat err)" '0 '
is 'says its size' "$(cat out)" "b.db: $(($(wc -c <b.db) / 1024)) KiB"
is 'holds the rows' "$(count b.db) $(whole b.db)" '30 ok'
is 'is one file' "$(ls b.db* .b.db* 2>/dev/null)" b.db
is 'that needs no log' "$(modes b.db)" 'delete 4096 2 '
is 'and is not for others' "$(stat -c %a b.db)" 640
is 'and says whose it is' "$(sql b.db 'SELECT uuid FROM meta')" "$(sql a.db 'SELECT uuid FROM meta')"
cp b.db b.copy
run audit backup -o database=a.db b.db
ok 'a file that is there is not replaced' eval 'fails 73 "b\.db: this file exists" && cmp b.db b.copy'
ln -s nowhere link.db
run audit backup -o database=a.db link.db
ok 'nor a link to nowhere' fails 73 'link\.db: this file exists'
run audit backup -o database=a.db missing/b.db
ok 'a folder that is not there' fails 73 'missing/b\.db: cannot be created'
for end in '' -wal -shm -journal; do
	run audit backup -o database=a.db "./a.db$end"
	ok "nor the audit: a.db$end" fails 73 "a\\.db$end: it is the audit itself"
done
is 'and none of its files is made' "$(ls a.db*)" "$(printf '%s\n' a.db a.db-shm a.db-wal)"
for end in -wal -journal; do
	cp a.db-wal "c.db$end"
	run audit backup -o database=a.db c.db
	ok "nor a file beside its old $end" fails 73 \
		"c\\.db: c\\.db$end exists, .*: move it away, or choose another name"
	is 'of which nothing is deleted, and none is made' "$(cmp a.db-wal "c.db$end" 2>&1) $(ls c.db* .c.db* 2>/dev/null)" " c.db$end"
	rm "c.db$end"
done
ln -s nowhere c.db-wal
run audit backup -o database=a.db c.db
ok 'a link to nowhere is one, too' fails 73 'c\.db-wal exists'
rm c.db-wal
run audit backup -o database=none.db c.db
ok 'no audit' eval 'fails 66 "none\.db: it does not exist yet" && [ ! -e c.db ] && [ ! -e none.db ]'
run audit backup -o database=a.db
ok 'no FILE' usage 'audit backup needs a FILE'
run audit restore -o database=a.db
ok 'restore: no FILE' usage 'audit restore needs a FILE'
run audit backup -o database=a.db c.db d.db
ok 'two of them' usage 'd\.db: audit backup takes no further argument'
echo left >.c.db.backup && echo left >.c.db.backup-journal
run audit backup -o database=a.db c.db
is 'what a killed one has left goes' "$status $(count c.db) $(ls -a | grep -c '^\.c\.db')" '0 30 0'
rm c.db
mkdir 'odd #%?name' && run audit backup -o database=a.db 'odd #%?name/b c?.db'
is 'a name of any kind' "$status $(count 'odd #%?name/b c?.db')" '0 30'

# restore.
mail a.db 12
ids=$(sql a.db 'SELECT max(id) FROM message') uuid=$(sql a.db 'SELECT uuid FROM meta')
run audit restore -o database=a.db b.db
is 'restore' "$status $(cat err)" '0 '
is 'says how many there are' "$(cat out)" 'a.db: messages: 30'
is 'the rows are those of then' "$(count a.db) $(whole a.db)" '30 ok'
is 'no id is given out again' "$(mail a.db && sql a.db 'SELECT max(id) FROM message')" "$((ids + 1))"
is 'the file is as it was' "$(modes a.db)$(stat -c %a a.db)" 'wal 4096 2 640'
is 'it is the same audit' "$(sql a.db 'SELECT uuid FROM meta')" "$uuid"
is 'nothing is left beside it' "$(ls -a | grep '^\.a\.db')" ''
is 'check' "$(check_ok a.db)" ok
same 'the backup is only read' b.db b.copy
mail other.db 3
run audit restore -o database=other.db 'odd #%?name/b c?.db'
is 'into another audit' "$status $(count other.db) $(sql other.db 'SELECT uuid FROM meta')" "0 30 $uuid"
run audit restore -o database=made.db b.db
is 'where there is none' "$status $(count made.db) $(modes made.db)$(stat -c %a made.db)" '0 30 wal 4096 2 640'
# Which ids the audit of the backup had given out since then, nobody knows.
mail made.db
is 'new ids are far above' "$(sql made.db 'SELECT max(id) FROM message')" 1000000031
is 'so that a loader gets the rows' "$(bf audit export -o database=made.db --since-id=45 | wc -l | tr -d ' ')" 1
: >empty.db
run audit restore -o database=empty.db b.db
is 'into an empty file' "$status $(count empty.db)" '0 30'
is 'and there' "$(mail empty.db && sql empty.db 'SELECT max(id) FROM message')" 1000000031
bf audit init -o database=anew.db >ignored
run audit restore -o database=anew.db b.db
is 'and in one that was made anew' "$status $(mail anew.db && sql anew.db 'SELECT max(id) FROM message')" '0 1000000031'
is 'those of runs as well' "$(sql anew.db "SELECT seq FROM sqlite_sequence WHERE name = 'run'")" 1000000000
run audit restore -o database=anew.db b.db
is 'a second time it is known' "$status $(mail anew.db && sql anew.db 'SELECT max(id) FROM message')" '0 1000000032'
mail full.db && sqlite3 full.db 'UPDATE sqlite_sequence SET seq = 400'
run audit restore -o database=full.db b.db
is "above another's" "$status $(mail full.db && sql full.db 'SELECT max(id) FROM message')" '0 1000000401'
run audit restore -o database=missing/a.db b.db
ok 'no folder' fails 73 missing
cp b.db young.b && sqlite3 young.b 'UPDATE sqlite_sequence SET seq = 7000'
run audit restore -o database=a.db young.b
is 'ids go on above those of the file, too' "$status $(mail a.db && sql a.db 'SELECT max(id) FROM message')" '0 7001'
run audit restore -o database=a.db b.db
is 'ids of runs as well' "$status $(sql a.db "SELECT seq >= 7001 FROM sqlite_sequence WHERE name = 'message'; SELECT count(*) FROM sqlite_sequence WHERE name = 'run'")" '0 1
1'

# What cannot be restored: nothing is changed.
before=$(sql a.db 'SELECT count(*), max(id) FROM message')
refused() { # refused NAME FILE STATUS REGEX
	run audit restore -o database=a.db "$2"
	ok "$1" eval "fails $3 \"$4\" && is_empty out"
	is "$1: the audit is as it was" "$(sql a.db 'SELECT count(*), max(id) FROM message') $(whole a.db) $(ls -a | grep -c '^\.a\.db\|\.damaged-')" "$before ok 0"
}
refused 'a file that is not there' none.b 66 'none\.b: No such file'
mkdir sealed
refused 'a folder' sealed 65 'it is not a regular file'
refused 'the audit itself' a.db 65 'a\.db: it is the audit itself'
ln a.db again.db
refused 'by another name' again.db 65 'it is the audit itself'
rm again.db
refused 'its log' a.db-wal 65 'it is the audit itself'
: >empty.b
refused 'an empty file' empty.b 65 'it is empty: nothing was changed'
yes 'no database' | head -c 9000 >text.b
refused 'no database' text.b 65 'text\.b: it is damaged, not a database,'
sqlite3 foreign.b 'CREATE TABLE message (id); INSERT INTO message VALUES (1)'
refused "another program's" foreign.b 65 "it is another program's database"
cp b.db newer.b && sqlite3 newer.b 'PRAGMA user_version = 99'
refused 'of a newer barefrom' newer.b 65 'it was made by a newer barefrom'
cp b.db damaged.b && dd if=/dev/zero of=damaged.b bs=4096 seek=5 count=3 conv=notrunc 2>/dev/null
refused 'damaged' damaged.b 65 'damaged\.b: it is damaged'
head -c $(($(wc -c <b.db) / 2)) b.db >cut.b
refused 'cut' cut.b 65 'cut\.b: it is damaged'
cp b.db index.b && sqlite3 index.b '.dbconfig defensive off' 'PRAGMA writable_schema=ON' \
	"UPDATE sqlite_schema SET sql = replace(sql, '(at)', '(verdict)') WHERE name = 'message_at'" >ignored
refused 'an index that misses rows' index.b 65 'index\.b: it is damaged'
cp b.db dangling.b && sqlite3 dangling.b 'PRAGMA foreign_keys=OFF; DELETE FROM message WHERE id = 2'
part() { # part NAME SQL REGEX: the backup after SQL
	cp b.db part.b && sqlite3 part.b "$2"
	refused "$1" part.b 65 "part\\.b: it is not a whole audit: $3: nothing was changed"
	cp part.b live.db
	run audit check -o database=live.db
	is "$1: audit check wants attention" "$status" 1
	ok "$1: and says so" says "^attention: the audit is not whole: $3: run barefrom audit restore" out
	run audit restore -o database=live.db b.db
	is "$1: which mends it" "$status $(count live.db) $(check_ok live.db)" '0 30 ok'
	gone live.db
}
part 'without a table' 'DROP TABLE edit' 'it has no table edit'
part 'without a column' 'ALTER TABLE message DROP COLUMN host' 'it has no column host in its table message'
part 'without a view' 'DROP VIEW names' 'it has no view names'
part 'without a name' 'DELETE FROM meta' 'its table meta has 0 rows instead of one'
part 'with a trigger' "CREATE TRIGGER no BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'no'); END" \
	'it has the trigger no on its table message'
sqlite3 marks.b 'PRAGMA application_id=1112688210; PRAGMA user_version=3; CREATE TABLE edit (message); CREATE TABLE recipient (message)'
refused 'with the marks of an audit alone' marks.b 65 'it is not a whole audit: it has no table policy'
refused 'a row that refers to nothing' dangling.b 65 'dangling\.b: it is damaged, since rows refer to a row that does not exist: nothing was changed'
run audit restore -o database=never.db dangling.b
ok 'damaged, and no audit: none is made' eval 'fails 65 "dangling\.b: it is damaged" && [ ! -e never.db ]'

# Files of other kinds that can be.
for v in 1 2; do
	make_old $v
	run audit restore -o database=a.db old.db
	is "a file of version $v" "$status $(count a.db) $(sql a.db 'PRAGMA user_version') $(whole a.db)" "0 $old $newest ok"
	is "it stays one" "$(sql old.db 'PRAGMA user_version')" "$v"
done
sqlite3 b.db 'VACUUM INTO "vacuumed.b"'
run audit restore -o database=a.db vacuumed.b
is 'one made by VACUUM INTO' "$status $(count a.db) $(modes a.db)" '0 30 wal 4096 2 '
cp b.db page.b && sqlite3 page.b 'PRAGMA page_size=1024; PRAGMA auto_vacuum=NONE; VACUUM'
run audit restore -o database=a.db page.b
is 'one with other pages' "$status $(count a.db) $(modes a.db)$(whole a.db)" '0 30 wal 4096 2 ok'
mail log.b 5
cp log.b moved.b && cp log.b-wal moved.b-wal
run audit restore -o database=a.db moved.b
is 'one with its log' "$status $(count a.db)" '0 5'
run audit restore -o database=a.db b.db
cp b.db wrong.b && cp log.b-wal wrong.b-wal
before=$(sql a.db 'SELECT count(*), max(id) FROM message')
refused "one with the log of another" wrong.b 65 'does not belong to the -wal beside it'
chmod 444 b.db && cp b.db sealed && chmod 555 sealed
run audit restore -o database=a.db sealed/b.db
is 'one that may only be read' "$status $(count a.db) $(ls sealed)" '0 30 b.db'
chmod 755 sealed

# Files that do not belong together: mail is deferred, nothing is deleted, restore repairs all.
# harm NAME COMMAND...: runs it on an audit of 45 messages in h.db; b.db has 30.
harm() {
	harmed=$1
	shift
	gone h.db
	mail h.db 45
	"$@"
	ls h.db* >files
	cksum h.db* >sums 2>/dev/null
	run filter -f a@x.example -o database=h.db -- b@x.example <forged.eml
	is "$harmed: mail is deferred" "$status $(cat err)" "75 4.3.0 barefrom: $words"
	run filter -o database=h.db <forged.eml
	ok "$harmed: and why" eval 'deferred && says "h\.db: $words" err && not says malformed err'
	# Who looks makes an index at most.
	is "$harmed: nothing is deleted or changed" "$(cksum h.db* | grep -v shm)" "$(grep -v shm sums)"
	run audit check -o database=h.db
	ok "$harmed: check says it" says "$words" err
	run audit restore -o database=h.db b.db
	is "$harmed: the log and its index are there" "$(stat -c %a h.db-wal h.db-shm | tr '\n' ' ')" '640 640 '
	is "$harmed: restore" "$status $(count h.db) $(whole h.db) $(mail h.db && count h.db)" '0 30 ok 31'
	is "$harmed: then check is" "$(check_ok h.db)" ok
}
harm 'emptied by logrotate' truncate -s 0 h.db
ok 'what was there is told' says '^h\.db: what was there was unusable and has been renamed to .*h\.db\.damaged-[0-9T]*Z' out
is 'with its log' "$(ls h.db.damaged-*Z-wal | wc -l | tr -d ' ')" 1
away() { mv h.db away.db; }
harm 'moved away alone' away
ok 'its log is told' says 'has been renamed to .*h\.db\.damaged-[0-9T]*Z-wal$' out
text() { cp text.b h.db; }
harm 'overwritten' text
over() { cp -f b.db h.db; }
harm 'a copy put over it' over
is 'ids go on far above' "$(sql h.db 'SELECT max(id) > 1000000000 FROM message')" 1
anothers() { cp log.b-wal h.db-wal; }
harm "another's log" anothers
gone h.db
mail h.db 45
mv h.db away.db
run filter -o database=h.db <forged.eml
mv away.db h.db
is 'moved back all rows are there' "$status $(count h.db) $(mail h.db && count h.db)" '75 45 46'

for file in h.db h.db-wal h.db-shm; do mv $file moved.${file#h.}; done
is 'moved together all rows are there, too' "$(mail h.db && count h.db) $(count moved.db) $(check_ok moved.db)" '1 46 ok'

# A truncated file that no process has open and that fits its log is damaged for SQLite too.
gone h.db
mail h.db 45
bf audit checkpoint -o database=h.db >/dev/null
truncate -s 20480 h.db
run filter -o database=h.db <forged.eml
ok 'cut, without a log' eval 'deferred && says "h\.db: $words" err'
run audit restore -o database=h.db b.db
is 'is restored' "$status $(count h.db) $(check_ok h.db)" '0 30 ok'

# Without a backup: the commands of the manual, on an audit that has lost a page of rows, and one of
# changes. The first page of a leaf begins with 13.
awk '/^\.Ss Without a backup/ { on = 1 } on && /^\.Ed/ { exit } on && code { print } on && /^\.Bd/ { code = 1 }' \
	"$SRCDIR/data/barefrom.1" | sed 's|^barefrom .*|& -c empty.conf -o database=saved-to.db|' >recipe
mkdir bin && ln -s "$BAREFROM" bin/barefrom
gone h.db
mail h.db 200
bf audit checkpoint -o database=h.db >/dev/null
cp h.db whole.b
for table in message edit; do
	cp whole.b copy.db
	page=$(python3 - "$(sql whole.b "SELECT rootpage FROM sqlite_schema WHERE name = '$table'")" <<'END'
import sys
data = open('whole.b', 'rb').read()
root = (int(sys.argv[1]) - 1) * 4096
cell = root + int.from_bytes(data[root + 12:root + 14], 'big')
print(int.from_bytes(data[cell:cell + 4], 'big'))
END
	)
	dd if=/dev/zero of=copy.db bs=4096 seek=$((page - 1)) count=1 conv=notrunc 2>/dev/null
	ok "a lost page of $table" not sh -c 'sqlite3 -readonly copy.db "PRAGMA integrity_check" | grep -qx ok'
	rm -f saved.db && gone saved-to.db
	PATH=$tmp/bin:$PATH sh recipe >out 2>err
	status=$?
	is 'the rest is saved' "$status $(cat err) $(count saved-to.db | grep -c '^1[0-9][0-9]$\|^200$') $(check_ok saved-to.db)" '0  1 ok'
done

for v in 1 2; do
	make_old $v
	mv old.db copy.db
	rm -f saved.db && gone saved-to.db
	PATH=$tmp/bin:$PATH sh recipe >out 2>err
	status=$?
	is "a file of version $v is saved" "$status $(cat err) $(count saved-to.db) $(sql saved-to.db 'PRAGMA user_version') $(bf audit check -o database=saved-to.db | sed -n 's/^integrity *//p')" "0  $old $newest ok"
	is 'and can be written' "$(mail saved-to.db && count saved-to.db)" $((old + 1))
done

# Start anew.
mail a.db 2
run audit backup -o database=a.db kept.b
run audit prune -o database=a.db --older-than=0
is 'to start anew: backup, then prune' "$status $(count kept.b) $(count a.db)" '0 32 0'

# Signals, when the new file is half written.
# signalled FILE SIGNAL ARGUMENT...: one to barefrom audit, with its third write to FILE.
signalled() {
	file=$1 signal=$2
	shift 2
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o trace -P "$tmp/$file" -e trace=pwrite64 \
		-e "inject=pwrite64:signal=$signal:when=3" env --default-signal "$BAREFROM" -c empty.conf audit "$@" -o database=a.db >out 2>err
	status=$?
}
before=$(count a.db)
for signal in INT TERM HUP; do
	signalled .s.b.backup $signal backup s.b
	is "backup, SIG$signal: it ends by it" "$(kill -l "$status")" "$signal"
	is 'and leaves no file' "$(ls -a | grep '^s\.b\|^\.s\.b')" ''
	signalled .a.db.restore $signal restore b.db
	is "restore, SIG$signal: it ends by it" "$(kill -l "$status")" "$signal"
	is 'and leaves all as it was' "$(ls -a | grep '^\.a\.db') $(count a.db) $(whole a.db)" " $before ok"
done
signalled .s.b.backup KILL backup s.b
is 'SIGKILL leaves one' "$(ls -a | grep '^s\.b\|^\.s\.b' | head -n 1)" .s.b.backup
run audit backup -o database=a.db s.b
is 'which the next one removes' "$status $(ls -a | grep '^s\.b\|^\.s\.b') $(count s.b)" "0 s.b $before"

# A message whose row is gone by the time it is settled.
mkfifo slow
bf filter -o database=a.db <slow >out.slow 2>err.slow &
filter=$!
exec 9>slow
cat forged.eml >&9
head -c 100000 /dev/zero | tr '\0' '\n' >&9
for i in $(seq 3000); do
	[ "$(count a.db)" = 1 ] && break
	sleep 0.1
done
run audit restore -o database=a.db b.db
is 'a restore while a filter is at work' "$status $(count a.db)" '0 30'
exec 9>&-
wait $filter
is 'the message goes on' "$? $(head -n 1 out.slow)" '0 From: ceo@corp.example'
ok 'with a warning' says 'warning: the outcome of row [0-9]* could not be recorded: .*the row is gone' err.slow
is "and nobody else's row is settled" "$(sql a.db "SELECT count(*) FROM message WHERE size > 1000")" 0

# A run whose row is gone by the time it writes others ends, and leaves its input as it was.
printf 'From a@x.example Mon Jan  1 10:00:00 2024\n' >from
cat from forged.eml >old.mbox
cat from bare.eml >new.mbox
run_is_over() { # run_is_over NAME STATUS
	is "$1: the run ends" "$2" 74
	ok "$1: says why, and what to do" says '^barefrom: audit database .*: the row of this run is gone, as after barefrom audit restore: start the run again$' err
	is "$1: nothing of it is in the audit" "$(sql a.db 'SELECT count(*) FROM run') $(count a.db) $(whole a.db)" '0 30 ok'
}
# mbox_beside ARGUMENT...: runs mbox from a pipe, and the restore once mbox has begun.
mbox_beside() {
	bf mbox -o database=a.db "$@" slow >out 2>err &
	mbox=$!
	exec 9>slow
	cat old.mbox >&9
	for i in $(seq 3000); do
		[ "$(sql a.db "SELECT count(*) FROM run WHERE status = 'running'")" = 1 ] && break
		sleep 0.1
	done
	bf audit restore -o database=a.db b.db >out.restore 2>&1
	exec 9>&-
	wait $mbox
}
mbox_beside
run_is_over 'a restore while mbox is at work' $?
cp new.mbox to.mbox
mbox_beside --output=to.mbox
run_is_over '--output' $?
is '--output: the old file stays, alone' "$(cmp to.mbox new.mbox) $(ls -A | grep -c 'to\.mbox')" ' 1'
# in_place_beside NAME FILE INPUT FILES: the same, when FILE of INPUT, of so many files, has just been
# read. strace stops it there; under it leaks cannot be looked for.
in_place_beside() {
	rm -f trace
	cp "$2" before
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o trace -P "$tmp/$2" -e trace=read \
		-e inject=read:signal=STOP:when=1 "$BAREFROM" -c empty.conf mbox -o database=a.db \
		-o trusted-by=mx.example.org --in-place "$3" >out 2>err &
	tracer=$! mbox=
	for i in $(seq 3000); do
		mbox=$(sed -n 's/^\([0-9]*\)  *--- stopped by SIGSTOP.*/\1/p' trace 2>ignored | head -n 1)
		[ -n "$mbox" ] && break
		sleep 0.1
	done
	bf audit restore -o database=a.db b.db >out.restore 2>&1
	kill -CONT "$mbox" || kill $tracer
	wait $tracer
	run_is_over "$1" $?
	is "$1: it is as it was" "$(cmp "$2" before) $(find "$3"* | wc -l)" " $4"
	run mbox -o database=a.db -o trusted-by=mx.example.org --in-place "$3"
	is "$1: started again it is done" "$status $(count a.db)" '0 31'
}
cp old.mbox in.mbox
in_place_beside '--in-place' in.mbox in.mbox 1
same 'the mailbox is the new one' in.mbox new.mbox
mkdir -p md/cur md/new md/tmp
cp forged.eml md/cur/1.a
in_place_beside 'a Maildir' md/cur/1.a md 5
same 'the message is the new one' md/cur/1.a bare.eml
bf audit restore -o database=a.db b.db >out.restore

# Ten writers beside restores: a message that ended before is gone, one that began after is there.
rm -f b.db && bf audit backup -o database=a.db b.db >/dev/null
writer() { # writer N: until the last restore is over, and two messages more
	n=0 more=2
	while [ $more -gt 0 ]; do
		n=$((n + 1)) rounds_before=$(cat round)
		[ "$rounds_before" != 4 ] || more=$((more - 1))
		bf filter --queue-id="w$1n$n" -o database=a.db <forged.eml >/dev/null 2>>"said.$1" ||
			echo "exit $?" >>"said.$1"
		echo "w$1n$n $rounds_before $(cat round)" >>"log.$1"
	done
}
# begun N: while restore N is under way, the number ends in a dot.
begun() { echo "$1" >round.new && mv round.new round; }
begun 0
rm -f said.* log.*
jobs=
for i in 0 1 2 3 4 5 6 7 8 9; do
	writer $i &
	jobs="$jobs $!"
done
for n in 1 2 3 4; do
	while [ "$(cat log.* 2>/dev/null | wc -l)" -lt $((n * 20)) ]; do sleep 0.05; done
	begun "$n."
	bf audit restore -o database=a.db b.db >>out.restores 2>&1 || echo "exit $?" >>out.restores
	begun "$n"
done
# shellcheck disable=SC2086
wait $jobs
is 'no restore fails' "$(sort -u out.restores)" 'a.db: messages: 30'
is 'no writer does' "$(cat said.* | grep -v 'could not be recorded: .*the row is gone' | head -n 3)" ''
sql a.db 'SELECT queue_id FROM message WHERE queue_id IS NOT NULL' | sort >there
cat log.* | awk '$2 == "4" { print $1 }' | sort >after
cat log.* | awk '$3 != "4" && $3 != "4." { print $1 }' | sort >before
ok 'there are messages of before and after' eval '[ -s before ] && [ -s after ]'
is 'none that began after the last is lost' "$(comm -23 after there)" ''
is 'none that ended before is left' "$(comm -12 before there)" ''
is 'and all is well' "$(whole a.db) $(check_ok a.db)" 'ok ok'
