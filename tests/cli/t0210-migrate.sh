# SPDX-License-Identifier: GPL-3.0-or-later
# A database of version 1 becomes one of version 2: with every row and byte as it was, once, whole or
# not at all, whoever else reads or writes. f0200-migrate.sh kills it.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/version-1.sh"
plan 35

schema() { sql "$1" "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"; }

# The file that all others are copies of.
is 'a database of version 1' "$(version v1.db) $(sql v1.db 'PRAGMA integrity_check')" '1 ok'
is 'in the mode that barefrom sets' "$(sql v1.db 'PRAGMA journal_mode') $(sql v1.db 'PRAGMA auto_vacuum')" 'wal 2'
is 'with rows of every outcome' \
	"$(sql v1.db "SELECT group_concat(outcome, ' ') FROM (SELECT DISTINCT outcome FROM message ORDER BY 1)")" \
	'deferred dry-run failed pending sent written'
is 'and runs of every status' "$(sql v1.db "SELECT group_concat(status, ' ') FROM run")" 'done failed done running'
sqlite3 first.db <"$SRCDIR/src/store/sql/001-first.sql"
is 'version 1 is still made as it was then' "$(schema first.db)" "$(schema v1.db)"
ok 'the dump holds its rows' says "^INSERT INTO edit VALUES\(.*X'46726f6d3a2022611b5b324a6200637f64c29b65ff66" v1.dump

# The first filter.
copy v1.db a.db
run filter -o database=a.db <forged.eml
ok 'the first filter passes its message on' done_well
is 'the version is 2' "$(version a.db)" 2
dump a.db >a.dump
same 'every row and byte is what it was' a.dump v1.dump
is 'and the new row comes behind' "$(sql a.db 'SELECT max(id), count(*) FROM message')" "$((old + 1))|$((old + 1))"
is 'the views are there' "$(sql a.db "$view_names")" 'by_client daily forged_senders history'
is 'the file is whole' "$(sql a.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
is 'and kept its modes' "$(sql a.db 'PRAGMA journal_mode') $(sql a.db 'PRAGMA auto_vacuum')" 'wal 2'
run audit init -o database=new.db
is 'a new file has the same schema' "$(schema new.db)" "$(schema a.db)"
is 'and the same marks' "$(sql new.db 'PRAGMA user_version; PRAGMA application_id')" \
	"$(sql a.db 'PRAGMA user_version; PRAGMA application_id')"
before=$(sql a.db 'PRAGMA schema_version')
run filter -o database=a.db <forged.eml
is 'the next filter migrates nothing' "$status $(sql a.db 'PRAGMA schema_version')" "0 $before"
copy v1.db init.db
run audit init -o database=init.db
is 'audit init migrates as well' "$status $(version init.db)" '0 2'
once=$(sql init.db 'PRAGMA schema_version')
is 'who was impersonated in the old rows' \
	"$(sql init.db 'SELECT * FROM forged_senders ORDER BY messages DESC, address')" \
"ceo@corp.example|7|Jane Doe, CEO|2026-11-28T00:45:09.325Z|2026-11-28T00:45:11.146Z
a@x.example|1|Jäne; B|'|2026-11-28T00:45:09.252Z|2026-11-28T00:45:09.252Z
b@x.example|1|Jäne; B|'|2026-11-28T00:45:09.252Z|2026-11-28T00:45:09.252Z"
is 'on which day' "$(sql init.db 'SELECT * FROM daily')" '2026-11-28|18|5|9|4|9|2|5|2|2|4|3|3'
is 'by which client' "$(sql init.db 'SELECT * FROM by_client')" '192.0.2.7|1|1|0|1|0|2026-11-28T00:45:09.325Z'

# Ten first filters at once; five times, since the moment to go wrong is short.
races() {
	for round in 1 2 3 4 5; do
		copy v1.db race.db
		ten race.db
		cat err.?
		[ "$(cat status.? | tr -d '\n')" = 0000000000 ] || return 1
		for i in 0 1 2 3 4 5 6 7 8 9; do cmp bare.eml out.$i || return 1; done
		sql race.db "SELECT count(*), sum(outcome = 'written' AND id > $old) FROM message" >got
		sql race.db 'PRAGMA user_version; PRAGMA schema_version; PRAGMA integrity_check' >>got
		printf '%s|10\n2\n%s\nok\n' $((old + 10)) "$once" | diff - got || return 1
		dump race.db | diff v1.dump - || return 1
	done
}
ok 'ten filters race: all messages and rows are there, migrated once' races

# What is newer than this program is refused, and stays.
copy v1.db newer.db
run audit init -o database=newer.db
sqlite3 newer.db 'PRAGMA user_version = 3; PRAGMA wal_checkpoint(TRUNCATE)' >ignored
cp newer.db newer.copy
run filter -o database=newer.db <forged.eml
ok 'version 3 is refused' deferred
ok 'and said' says 'version 3, made by a newer barefrom; this one knows version 2' err
same 'and not touched' newer.db newer.copy
run audit init -o database=newer.db
is 'by audit init neither' "$status $(cmp newer.db newer.copy)" '74 '

# Who may only read cannot migrate.
let_nobody_in
mkdir closed
copy v1.db closed/a.db
sqlite3 closed/a.db '.filectrl persist_wal 1' 'BEGIN IMMEDIATE; ROLLBACK' >ignored
cp closed/a.db closed.copy
chmod 444 closed/*
chmod 555 closed
is 'the reader of a file of version 1' "$(as_nobody sqlite3 -readonly closed/a.db 'SELECT count(*) FROM history' 2>&1)" $old
as_nobody "$BAREFROM" -c empty.conf filter -o database=closed/a.db <forged.eml >out 2>err
status=$?
ok 'cannot filter' deferred
ok 'and is told why' says 'closed/a\.db: may not be written by this user' err
as_nobody "$BAREFROM" -c empty.conf audit init -o database=closed/a.db >out 2>err
is 'nor init' "$?" 73
ok 'and is told the same' says 'closed/a\.db: may not be written by this user' err
same 'the file stays' closed/a.db closed.copy
chmod 755 closed

# A shell that reads meanwhile: it holds nobody up, and sees one state or the other.
copy v1.db beside.db
mkfifo asks answers
sqlite3 -batch -readonly beside.db <asks >answers 2>&1 &
shell=$!
exec 8>asks 9<answers
ask() {
	echo "$1" >&8
	answer=
	IFS= read -r answer <&9
}
ask 'BEGIN; SELECT count(*) FROM message;'
is 'a shell has begun to read' "$answer" $old
run filter -o database=beside.db <forged.eml
ok 'a filter migrates all the same' eval 'done_well && [ "$(version beside.db)" = 2 ]'
ask "SELECT count(*), (SELECT count(*) FROM sqlite_schema WHERE type = 'view') FROM message;"
is 'the shell reads on in what it has begun with' "$answer" "$old|1"
ask 'COMMIT; SELECT count(*), (SELECT max(messages) FROM forged_senders) FROM message;'
is 'and then what is new' "$answer" "$((old + 1))|8"
exec 8>&- 9<&-
wait "$shell"
