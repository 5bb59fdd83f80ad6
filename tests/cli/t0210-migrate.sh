# SPDX-License-Identifier: GPL-3.0-or-later
# A database of an older version is migrated to the newest: every row and byte is kept, it happens once,
# completely or not at all, while others read and write. f0200-migrate.sh kills migrations.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/old-versions.sh"
plan 74

schema() { sql "$1" "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"; }

# Ten first filters at once; five times, since the window for a race is short.
races() {
	for round in 1 2 3 4 5; do
		copy old.db race.db
		ten race.db
		cat err.?
		[ "$(cat status.? | tr -d '\n')" = 0000000000 ] || return 1
		for i in 0 1 2 3 4 5 6 7 8 9; do cmp bare.eml out.$i || return 1; done
		sql race.db "SELECT count(*), sum(outcome = 'written' AND id > $old) FROM message" >got
		sql race.db 'PRAGMA user_version; PRAGMA schema_version; PRAGMA integrity_check; SELECT count(*) FROM meta' >>got
		printf '%s|10\n%s\n%s\nok\n1\n' $((old + 10)) "$newest" "$once" | diff - got || return 1
		dump race.db | diff old.dump - || return 1
	done
}

# migrate VERSION: tests it on copies of old.db.
migrate() {
	v="version $1"
	make_old "$1"
	is "$v: such a database" "$(version old.db) $(sql old.db 'PRAGMA integrity_check')" "$1 ok"
	is "$v: in the mode that barefrom sets" "$(sql old.db 'PRAGMA journal_mode') $(sql old.db 'PRAGMA auto_vacuum')" 'wal 2'
	is "$v: with rows of every outcome" \
		"$(sql old.db "SELECT group_concat(outcome, ' ') FROM (SELECT DISTINCT outcome FROM message ORDER BY 1)")" \
		'deferred dry-run failed pending sent written'
	is "$v: and runs of every status" \
		"$(sql old.db "SELECT group_concat(status, ' ') FROM (SELECT DISTINCT status FROM run ORDER BY 1)")" 'done failed running'
	rm -f then.db
	cat "$SRCDIR/src/store/sql/00"[1-"$1"]-*.sql | sqlite3 then.db
	is "$v: it is still made as it was then" "$(schema then.db)" "$(schema old.db)"
	ok "$v: the dump holds its rows" says "^INSERT INTO edit VALUES\(.*X'46726f6d3a2022611b5b324a6200637f64c29b65ff" old.dump

	# The first filter.
	copy old.db a.db
	run filter -o database=a.db <forged.eml
	ok "$v: the first filter passes its message on" done_well
	is "$v: the version is the newest" "$(version a.db)" "$newest"
	dump a.db >a.dump
	same "$v: every row and byte is what it was" a.dump old.dump
	is "$v: and the new row comes behind" "$(sql a.db 'SELECT max(id), count(*) FROM message')" "$((old + 1))|$((old + 1))"
	is "$v: with what only new rows have" "$(sql a.db 'SELECT min(id), max(id) FROM message WHERE from_name IS NOT NULL AND host IS NOT NULL')" \
		"$((old + 1))|$((old + 1))"
	is "$v: the views are there" "$(sql a.db "$view_names")" "$all_views"
	is "$v: and all of them answer" "$(for view in $all_views; do sql a.db "SELECT count(*) > 0 FROM $view"; done | tr '\n' ' ')" '1 1 1 1 1 1 '
	is "$v: the file is whole" "$(sql a.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
	is "$v: and kept its modes" "$(sql a.db 'PRAGMA journal_mode') $(sql a.db 'PRAGMA auto_vacuum')" 'wal 2'
	rm -f new.db*
	run audit init -o database=new.db
	is "$v: a new file has the same schema" "$(schema new.db)" "$(schema a.db)"
	is "$v: and the same marks" "$(sql new.db 'PRAGMA user_version; PRAGMA application_id')" \
		"$(sql a.db 'PRAGMA user_version; PRAGMA application_id')"
	is "$v: and another name" "$(sql new.db "ATTACH 'a.db' AS a; SELECT count(DISTINCT uuid) FROM (SELECT * FROM main.meta UNION ALL SELECT * FROM a.meta)")" 2
	before=$(sql a.db 'PRAGMA schema_version')
	run filter -o database=a.db <forged.eml
	is "$v: the next filter migrates nothing" "$status $(sql a.db 'PRAGMA schema_version')" "0 $before"
	rm -f init.db*
	copy old.db init.db
	run audit init -o database=init.db
	is "$v: audit init migrates as well" "$status $(version init.db)" "0 $newest"
	once=$(sql init.db 'PRAGMA schema_version')
	ok "$v: ten filters race: all messages and rows are there, migrated once" races

	# A shell that reads meanwhile: it holds nobody up, and sees one state or the other.
	copy old.db beside.db
	views_then=$(sql beside.db "SELECT count(*) FROM sqlite_schema WHERE type = 'view'")
	rm -f asks answers
	mkfifo asks answers
	sqlite3 -batch -readonly beside.db <asks >answers 2>&1 &
	shell=$!
	exec 8>asks 9<answers
	ask 'BEGIN; SELECT count(*) FROM message;'
	is "$v: a shell has begun to read" "$answer" "$old"
	run filter -o database=beside.db <forged.eml
	ok "$v: a filter migrates all the same" eval 'done_well && [ "$(version beside.db)" = "$newest" ]'
	ask "SELECT count(*), (SELECT count(*) FROM sqlite_schema WHERE type = 'view') FROM message;"
	is "$v: the shell reads on in what it has begun with" "$answer" "$old|$views_then"
	ask "COMMIT; SELECT count(*), (SELECT count(*) FROM names WHERE name = 'Jane Doe, CEO') FROM message;"
	is "$v: and then what is new" "$answer" "$((old + 1))|1"
	exec 8>&- 9<&-
	wait "$shell"

	# A filter waits for the writer that is at work, also for one that migrates.
	copy old.db busy.db
	rm -f asks answers
	mkfifo asks answers
	sqlite3 -batch busy.db <asks >answers 2>&1 &
	shell=$!
	exec 8>asks 9<answers
	ask 'BEGIN IMMEDIATE; SELECT 1;'
	run filter -o database=busy.db -o deadline=1 --queue-id=4Q -f a@x.example -- b@x.example <forged.eml
	ok "$v: a filter that would wait for too long defers" eval 'deferred && says "database is locked" err'
	is "$v: and has changed nothing" "$(version busy.db) $(sql busy.db 'SELECT count(*) FROM message')" "$1 $old"
	bf filter -o database=busy.db <forged.eml >out 2>err &
	filter=$!
	ask 'SELECT 2;'
	ask 'COMMIT; SELECT 3;'
	exec 8>&- 9<&-
	wait "$filter"
	status=$?
	wait "$shell" # which takes the log away, if it is the last
	ok "$v: one that waits long enough goes on" eval 'done_well && [ "$(sqlite3 busy.db "PRAGMA user_version")" = "$newest" ]'
}
ask() {
	echo "$1" >&8
	answer=
	IFS= read -r answer <&9
}
migrate 1
is 'who was impersonated in the old rows' \
	"$(sql init.db 'SELECT * FROM forged_senders ORDER BY messages DESC, address')" \
"ceo@corp.example|3|Jane Doe, CEO|2026-11-28T00:45:09.325Z|2026-11-28T00:45:11.146Z
a@x.example|1|Jäne; B|'|2026-11-28T00:45:09.252Z|2026-11-28T00:45:09.252Z
b@x.example|1|Jäne; B|'|2026-11-28T00:45:09.252Z|2026-11-28T00:45:09.252Z"
is 'on which day' "$(sql init.db 'SELECT * FROM daily')" '2026-11-28|8|2|4|3|4|1|2|2|2|4|3|2'
is 'by which client' "$(sql init.db 'SELECT * FROM by_client')" '192.0.2.7|1|1|0|1|0|2026-11-28T00:45:09.325Z'
is 'who has no name in them' "$(sql init.db 'SELECT count(*) FROM names')" 0
is 'and what happened' "$(sql init.db "SELECT count(*), group_concat(recipients, ' ') FROM incidents")" \
	'8|"b c"@y.example,a@y.example,jörg@y.example a@y.example'
migrate 2

# A database that is newer than this program is refused, and left as it is.
run audit init -o database=newer.db
sqlite3 newer.db "PRAGMA user_version = $((newest + 1)); PRAGMA wal_checkpoint(TRUNCATE)" >ignored
cp newer.db newer.copy
run filter -o database=newer.db <forged.eml
ok 'a newer version is refused' deferred
ok 'and said' says "version $((newest + 1)), made by a newer barefrom; this one knows only up to version $newest" err
same 'and not touched' newer.db newer.copy
run audit init -o database=newer.db
is 'by audit init neither' "$status $(cmp newer.db newer.copy)" '74 '

# So is one that a newer program migrates while a run is at work on it.
bf audit init -o database=taken.db >ignored
mkfifo slow
bf mbox -o database=taken.db slow >out 2>err &
mbox=$!
exec 7>slow
{ echo 'From a@x.example Mon Jan  1 10:00:00 2024'; cat forged.eml; } >&7
for i in $(seq 3000); do
	[ "$(sql taken.db 'SELECT count(*) FROM run')" = 1 ] && break
	sleep 0.1
done
sqlite3 taken.db "PRAGMA user_version = $((newest + 1))"
exec 7>&-
wait $mbox
status=$?
is 'a run ends' "$status" 74
ok 'and says why' says "version $((newest + 1)), made by a newer barefrom" err
is 'with no row' "$(version taken.db) $(sql taken.db 'SELECT count(*) FROM message')" "$((newest + 1)) 0"

# A user who may only read cannot migrate.
let_nobody_in
mkdir closed
make_old 2
copy old.db closed/a.db
sqlite3 closed/a.db '.filectrl persist_wal 1' 'BEGIN IMMEDIATE; ROLLBACK' >ignored
cp closed/a.db closed.copy
chmod 444 closed/*
chmod 555 closed
is 'the reader of a file of version 2' "$(as_nobody sqlite3 -readonly closed/a.db 'SELECT count(*) FROM history' 2>&1)" "$old"
as_nobody "$BAREFROM" -c empty.conf filter -o database=closed/a.db <forged.eml >out 2>err
status=$?
ok 'cannot filter' deferred
ok 'and is told why' says 'closed/a\.db: this user cannot write it' err
as_nobody "$BAREFROM" -c empty.conf audit init -o database=closed/a.db >out 2>err
is 'nor init' "$?" 73
ok 'and is told the same' says 'closed/a\.db: this user cannot write it' err
same 'the file stays' closed/a.db closed.copy
chmod 755 closed
