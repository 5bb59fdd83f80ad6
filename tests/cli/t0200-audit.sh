# SPDX-License-Identifier: GPL-3.0-or-later
# The audit: its schema, what a row says, and who may share or break the file.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 158

# changes NAME DATABASE STATEMENT, rejects NAME DATABASE STATEMENT: as a careless user would.
write_sql() { sqlite3 -bail "$1" "PRAGMA foreign_keys=ON; $2"; }
changes() { ok "$1" write_sql "$2" "$3"; }
rejects() { ok "$1" refused_sql "$2" "$3"; }
refused_sql() { ! write_sql "$1" "$2" >said 2>&1 && grep -E 'constraint failed|cannot store' said; }

# audit init
run audit init -o database=a.db
is 'audit init' "$status" 0
is 'is quiet on stderr' "$(cat err)" ''
is 'makes a whole database' "$(sql a.db 'PRAGMA integrity_check')" ok
run filter -o database=a.db <forged.eml
run audit init -o database=a.db
is 'audit init a second time' "$status" 0
is 'keeps what is there' "$(sql a.db 'SELECT count(*) FROM message')" 1

# The schema.
is 'application_id is set' "$(sql a.db 'SELECT application_id <> 0 FROM pragma_application_id')" 1
is 'user_version is set' "$(sql a.db 'SELECT user_version >= 1 FROM pragma_user_version')" 1
is 'auto_vacuum is incremental' "$(sql a.db 'PRAGMA auto_vacuum')" 2
is 'journal_mode is wal' "$(sql a.db 'PRAGMA journal_mode')" wal
is 'all tables are strict' \
	"$(sql a.db "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict AND schema = 'main' ORDER BY name" |
		tr '\n' ' ')" 'edit message meta policy recipient run '
is 'recipient is WITHOUT ROWID' "$(sql a.db "SELECT wr FROM pragma_table_list WHERE name = 'recipient'")" 1
columns() { sql a.db "SELECT name FROM pragma_table_info('$1') ORDER BY cid" | tr '\n' ' '; }
is 'columns of message' "$(columns message)" \
	'id at source run queue_id message_id_header envelope_from client_address verdict reason evidence auth_user in_scope action outcome size from_before from_after head_before_sha256 head_after_sha256 signatures policy peer helo received_at from_name from_address scope person host '
is 'columns of recipient' "$(columns recipient)" 'message address '
is 'columns of edit' "$(columns edit)" \
	'id message field nth action before after display_names addresses position '
is 'columns of run' "$(columns run)" \
	'id started_at finished_at command input version messages stripped status settles '
is 'columns of policy' "$(columns policy)" 'digest settings version first_seen '
is 'columns of meta' "$(columns meta)" 'uuid host '
is 'meta is one row' "$(sql a.db "SELECT count(*), min(length(uuid)), min(host) FROM meta")" "1|36|$(uname -n)"
is 'columns of history' "$(columns history)" \
	'id at queue_id message_id_header client_address verdict reason action outcome from_before from_after peer received_at from_name from_address scope person '
is 'columns of names' "$(columns names)" \
	'name address messages authenticated unproved changed first_seen last_seen '
is 'columns of incidents' "$(columns incidents)" \
	'at name address peer recipients verdict reason scope person action outcome id '
is 'the changed ones are found by their new head' \
	"$(sql a.db "EXPLAIN QUERY PLAN SELECT id FROM message WHERE head_after_sha256 = 'aa' AND action IN ('stripped', 'replaced')" |
		grep -c 'USING.* INDEX')" 1
for table in edit recipient; do
	is "$table leads to message" \
		"$(sql a.db "SELECT \"table\", \"from\", on_delete FROM pragma_foreign_key_list('$table')")" \
		'message|message|CASCADE'
done
is 'numbers are never used twice' \
	"$(sql a.db "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE name = 'message'")" 1
for column in source verdict action outcome; do
	rejects "message.$column is checked" a.db "UPDATE message SET $column = 'bogus'"
done
rejects 'edit.action is checked' a.db "UPDATE edit SET action = 'bogus'"
accepted() { # accepted COLUMN VALUE...: each may stand there
	column=$1
	shift
	for value; do
		write_sql a.db "BEGIN; UPDATE message SET $column = '$value'; ROLLBACK" || return 1
	done
}
ok 'every source' accepted source filter mbox milter
ok 'every verdict' accepted verdict authenticated anonymous unknown
ok 'every action' accepted action stripped replaced kept refused
ok 'every outcome' accepted outcome pending sent deferred written failed dry-run answered
rejects 'a type is a type' a.db "UPDATE message SET size = 'many'"
rejects 'no edit without a message' a.db "UPDATE edit SET message = 4711"
rejects 'no recipient without a message' a.db "INSERT INTO recipient VALUES (4711, 'a@example.org')"
run_row="INSERT INTO run (id, started_at, command, input, version, messages, stripped, status)
	VALUES (7, '2026-11-24T09:15:02.120Z', 'mbox', 'x', '0', 0, 0,"
rejects 'run.status is checked' a.db "$run_row 'bogus')"

# The outcome of rows of a run depends on how the run ends.
changes 'a run can be running' a.db "$run_row 'running')"
changes 'and have a message' a.db "UPDATE message SET run = 7, source = 'mbox', outcome = 'written'"
is 'written by a run that runs: pending' "$(sql a.db 'SELECT outcome FROM history')" pending
changes 'a run can fail' a.db "UPDATE run SET status = 'failed'"
is 'written by a run that failed: failed' "$(sql a.db 'SELECT outcome FROM history')" failed
changes 'a run can end' a.db "UPDATE run SET status = 'done'"
is 'written by a run that is done: written' "$(sql a.db 'SELECT outcome FROM history')" written
for status in running failed; do
	changes "a run that settles each row can be $status" a.db "UPDATE run SET status = '$status', settles = 1"
	is 'and what it says of a message holds' "$(sql a.db 'SELECT outcome FROM history')" written
done
rejects 'run.settles is checked' a.db 'UPDATE run SET settles = 2'

changes 'a message can have a recipient' a.db \
	"INSERT INTO recipient SELECT id, 'a@example.org' FROM message"
changes 'a message can be deleted' a.db 'DELETE FROM message'
is 'with its edits and recipients' \
	"$(sql a.db 'SELECT (SELECT count(*) FROM edit) + (SELECT count(*) FROM recipient)')" 0

# A row.
printf 'Message-ID: <m1@x.example>\nDKIM-Signature: v=1; d=corp.example; b=x\nFrom: =?UTF-8?Q?J=C3=A4ne_Doe?=,\n "Bob" <ceo@corp.example> (boss)\nSender: Room: a@x.example, "B" <b@x.example>;\n\nhi\n' >full.eml
printf 'Message-ID: <m1@x.example>\nDKIM-Signature: v=1; d=corp.example; b=x\nFrom: ceo@corp.example\nSender: a@x.example, b@x.example\n\nhi\n' >full-bare.eml
run filter -o database=b.db --queue-id=4Q --client-address=192.0.2.9 --sasl-username= <full.eml
ok 'a message with everything' done_well full-bare.eml
is 'the decision' "$(sql b.db 'SELECT source, run IS NULL, verdict, reason, in_scope, action, outcome FROM message')" \
	'filter|1|anonymous|sasl-fact|1|stripped|written'
is 'the facts' "$(sql b.db 'SELECT queue_id, client_address, auth_user IS NULL FROM message')" '4Q|192.0.2.9|1'
is 'its size' "$(sql b.db 'SELECT size FROM message')" "$(wc -c <full.eml)"
is 'its Message-ID' "$(sql b.db "SELECT message_id_header LIKE '%m1@x.example%' FROM message")" 1
is 'its signatures' "$(sql b.db 'SELECT signatures FROM message')" '["dkim"]'
is 'From before and after, a fold as one blank' "$(sql b.db 'SELECT from_before, from_after FROM history')" \
	'=?UTF-8?Q?J=C3=A4ne_Doe?=, "Bob" <ceo@corp.example> (boss)|ceo@corp.example'
is 'its hash before' "$(sql b.db 'SELECT head_before_sha256 FROM message')" "$(head_sha256 full.eml)"
is 'its hash after' "$(sql b.db 'SELECT head_after_sha256 FROM message')" "$(head_sha256 full-bare.eml)"
is 'its time, in UTC with milliseconds' \
	"$(sql b.db "SELECT at GLOB '????-??-??T??:??:??.???*', abs(julianday('now') - julianday(at)) < 0.01 FROM message")" '1|1'
is 'its policy' "$(sql b.db 'SELECT count(*) FROM message JOIN policy ON policy = digest')" 1
is 'one row for each edit' "$(sql b.db 'SELECT field, nth, action FROM edit ORDER BY id' | tr '\n' ' ')" \
	'From|1|stripped Sender|1|stripped '
is 'the addresses' "$(sql b.db 'SELECT addresses FROM edit ORDER BY id' | tr '\n' ' ')" \
	'["ceo@corp.example"] ["a@x.example","b@x.example"] '
sql b.db "SELECT value FROM edit, json_each(display_names) ORDER BY edit.id, key" >names
for name in 'Jäne Doe' Bob boss Room B; do
	ok "the name that went: $name" says "^(.*[^a-z])?$name([^a-z].*)?\$" names
done
is 'the raw field before, as a BLOB' "$(sql b.db "SELECT typeof(before), hex(before) FROM edit WHERE field = 'From'")" \
	"blob|$(sed -n '3,4p' full.eml | python3 -c 'import sys; print(sys.stdin.buffer.read().hex().upper())')"
is 'the raw field after, as a BLOB' "$(sql b.db "SELECT typeof(after), hex(after) FROM edit WHERE field = 'From'")" \
	"blob|$(sed -n 3p full-bare.eml | python3 -c 'import sys; print(sys.stdin.buffer.read().hex().upper())')"
is 'where the fields were' "$(sql b.db 'SELECT position FROM edit ORDER BY id' | tr '\n' ' ')" \
	"$(grep -abo '^From:\|^Sender:' full.eml | sed 's/:.*//' | tr '\n' ' ')"
is 'whom the message claims to be from' "$(sql b.db 'SELECT from_name, from_address FROM history')" 'Jäne Doe|ceo@corp.example'
is 'from where it came' "$(sql b.db 'SELECT peer, helo IS NULL, host FROM message')" "192.0.2.9|1|$(uname -n)"
run filter -o database=b.db <full.eml
is 'the same policy is stored once' "$(sql b.db 'SELECT count(*) FROM policy')" 1
run filter -o database=b.db -o fields=From <full.eml
is 'another one beside it' "$(sql b.db 'SELECT count(*) FROM policy')" 2
run filter -o database=b.db --submission=authenticated <full.eml
is 'a kept message has its From, and no edits' \
	"$(sql b.db "SELECT from_before = from_after, head_before_sha256 = head_after_sha256,
	(SELECT count(*) FROM edit WHERE message = message.id) FROM message ORDER BY id DESC LIMIT 1")" '1|1|0'
is 'and says whom it claims to be from' "$(sql b.db 'SELECT from_name, from_address FROM message ORDER BY id DESC LIMIT 1')" \
	'Jäne Doe|ceo@corp.example'
python3 -c 'import sys
sys.stdout.buffer.write(b"From: \"a\x1b[2Jb\x00c\x7fd\xc2\x9be\xfff\" <x@y.example>\n\n")' >hostile.eml
run filter -o database=b.db <hostile.eml
is 'what harms a terminal is shown as U+FFFD' \
	"$(sql b.db 'SELECT from_before FROM history ORDER BY id DESC LIMIT 1')" \
	"$(python3 -c 'import sys
sys.stdout.buffer.write("\"a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf\" <x@y.example>".encode())')"
is 'and is all there in the BLOB' \
	"$(sql b.db 'SELECT hex(before) FROM edit ORDER BY id DESC LIMIT 1')" \
	"$(head -n 1 hostile.eml | python3 -c 'import sys; print(sys.stdin.buffer.read().hex().upper())')"
printf 'From: %s <x@y.example>\n\n' "$(head -c 3000 /dev/zero | tr '\0' a)" >long.eml
run filter -o database=b.db <long.eml
is 'a long From is cut' \
	"$(sql b.db 'SELECT length(CAST(from_before AS BLOB)) <= 998 FROM history ORDER BY id DESC LIMIT 1')" 1
run filter -o database=b.db -o fields=Sender <forged.eml
is 'From is shown where it is no sender field' \
	"$(sql b.db 'SELECT from_before, from_after FROM history ORDER BY id DESC LIMIT 1')" \
	'"Jane Doe, CEO" <ceo@corp.example>|"Jane Doe, CEO" <ceo@corp.example>'

is 'with its name and address' "$(sql b.db 'SELECT from_name, from_address FROM history ORDER BY id DESC LIMIT 1')" \
	'Jane Doe, CEO|ceo@corp.example'

# from VALUE [OPTION]...: prints the recorded name and address of a From with this value.
from() {
	printf 'From: %b\nSubject: x\n\nhi\n' "$1" >from.eml
	shift
	run filter -o database=from.db "$@" <from.eml
	sql from.db "SELECT ifnull(from_name, 'none'), ifnull(from_address, 'none') FROM message ORDER BY id DESC LIMIT 1"
}
# shellcheck disable=SC2086
for option in --dry-run --sasl-username=jane '-o fields=Sender'; do
	is "$option: a domain in capitals" "$(from '"J" <Jane.Doe@CORP.Example>' $option)" 'J|Jane.Doe@corp.example'
	is "$option: one beyond ASCII" "$(from 'J <j@B\303\234CHER.example>' $option)" 'J|j@bücher.example'
	is "$option: no name" "$(from 'jane@corp.example' $option)" 'none|jane@corp.example'
	is "$option: a comment" "$(from 'jane@corp.example (Jane, the boss)' $option)" 'Jane, the boss|jane@corp.example'
	is "$option: two of each" "$(from '"A" <a@x.example>, "B" <b@x.example>' $option)" 'A|a@x.example'
	is "$option: a group" "$(from 'Board: jane@corp.example, "B" <b@x.example>;' $option)" 'Board|jane@corp.example'
	is "$option: no address" "$(from 'CEO' $option)" 'CEO|none'
	is "$option: nothing" "$(from '' $option)" 'none|none'
	is "$option: not understood" "$(from '"A" <a@x.example> <b@x.example>' $option)" '"A" <a@x.example> <b@x.example>|none'
	is "$option: an encoded name" "$(from '=?utf-8?b?SsOkbmUgRG9l?= <a@x.example>' $option)" 'Jäne Doe|a@x.example'
	is "$option: what harms a terminal" "$(from '=?utf-8?q?a=1B[2J?= <a@x.example>' $option)" 'a�[2J|a@x.example'
done
printf 'Subject: x\n\nhi\n' >none.eml
run filter -o database=from.db <none.eml
is 'no From at all' "$(sql from.db 'SELECT from_name IS NULL, from_address IS NULL FROM message ORDER BY id DESC LIMIT 1')" '1|1'
printf 'Fro\033m: "First" <a@x.example>\nFrom: "Second" <b@x.example>\n\nhi\n' >two.eml
run filter -o database=from.db <two.eml
is 'the first place that a reader takes for one' "$(sql from.db 'SELECT from_name, from_address FROM message ORDER BY id DESC LIMIT 1')" \
	'First|a@x.example'

# client OPTION... <MESSAGE: prints the recorded client.
client() {
	run filter -o database=client.db -o trusted-by=mx.example.org "$@" <client.eml
	sql client.db "SELECT ifnull(peer, 'none'), ifnull(helo, 'none') FROM message ORDER BY id DESC LIMIT 1"
}
{ hop ESMTP 4F1; cat forged.eml; } >client.eml
is 'by the trace' "$(client)" '192.0.2.7|pc'
is 'also where the session had another client' "$(client --client-address=192.0.2.99)" '192.0.2.7|pc'
is 'and a login' "$(client --sasl-username=jane)" '192.0.2.7|pc'
is 'through a relay of ours' "$(client -o relay-nets=192.0.2.0/24)" '192.0.2.7|pc'
{ hop ESMTP 4F1 | sed 's/192\.0\.2\.7/10.0.0.1/; s/ pc / relay /'; hop ESMTP 4F2; cat forged.eml; } >client.eml
is 'the one behind it' "$(client -o relay-nets=10.0.0.0/8)" '192.0.2.7|pc'
sed 's/by mx\.example\.org (Postfix) with ESMTP id 4F2/by other.example (Postfix) with ESMTP id 4F2/' client.eml >broken.eml
mv broken.eml client.eml
is 'a broken chain shows none' "$(client -o relay-nets=10.0.0.0/8 --client-address=192.0.2.99)" 'none|none'
cp forged.eml client.eml
is 'without a trace, by the session' "$(client --client-address=192.0.2.99)" '192.0.2.99|none'
is 'or not at all' "$(client)" 'none|none'

# A message of a mailbox: the recorded queue id and recipients are those that our hosts wrote.
{
	echo 'From x@y.example Mon Jan  1 10:00:00 2024'
	printf 'Delivered-To: jane@example.org\nX-Original-To: Office <office@example.org>\nENVELOPE-TO: a@example.org,\n b@example.org\nDelivered-To: \nDelivered-To: two words\nDelivered-To: root\n'
	hop LMTP 4L1 | sed 's/a@example\.com/lmtp@example.org/'
	hop ESMTP 4F1
	printf 'Delivered-To: forged@example.org\nX-Original-To: forged@example.org\n'
	hop ESMTP 4F2 | sed 's/a@example\.com/forged@example.org/'
	cat forged.eml
} >stored.mbox
mbox() { run mbox -o database=mbox.db -o trusted-by=mx.example.org "$@"; }
mbox stored.mbox
is 'its queue id' "$(sql mbox.db 'SELECT queue_id, peer, helo FROM message')" '4F1|192.0.2.7|pc'
is 'when it came in' "$(sql mbox.db 'SELECT received_at, (SELECT at FROM incidents) = received_at, (SELECT first_seen FROM names) = received_at FROM message')" \
	'2026-11-24T10:00:00.000Z|1|1'
is 'its recipients' "$(sql mbox.db "SELECT recipients FROM incidents")" \
	'a@example.com,a@example.org,b@example.org,jane@example.org,lmtp@example.org,office@example.org,root'
sed 's/by mx\./by other./' stored.mbox >strange.mbox
mbox strange.mbox
is 'of another host nothing is believed' \
	"$(sql mbox.db 'SELECT queue_id IS NULL, peer IS NULL, (SELECT count(*) FROM recipient WHERE message = id) FROM message WHERE id = 2')" '1|1|0'

# A message counts once: retries, parts for some of the recipients, runs over the same archive.
parts() {
	printf '#!/bin/sh\ncat >/dev/null\nexit "$(cat "${0%%/*}/ends")"\n' >sendmail && chmod 755 sendmail
	filter_part() { run filter -o database=once.db -o sendmail="$tmp/sendmail" --queue-id=4Q --sasl-username= --client-address=192.0.2.7 -f x@y.example -- "$@" <forged.eml; }
	echo 75 >ends && filter_part r1@example.org && [ "$status" = 75 ] || return 1
	echo 0 >ends
	part=0
	while [ $part -lt 1200 ]; do
		# shellcheck disable=SC2046
		filter_part $(seq -f 'r%g@example.org' $((part + 1)) $((part + 100))) && [ "$status" = 0 ] || return 1
		part=$((part + 100))
	done
}
ok 'a message to 1,200 recipients in twelve parts, after a try that failed' parts
once() { sql once.db "SELECT (SELECT count(*) FROM message), (SELECT sum(messages) FROM daily), (SELECT sum(messages) FROM by_client),
	(SELECT sum(messages) FROM names), (SELECT max(messages) FROM forged_senders), (SELECT count(*) FROM incidents)"; }
is 'is one, and twelve incidents' "$(once)" '13|1|1|1|1|12'
is 'whose recipients are all there' "$(sql once.db 'SELECT count(DISTINCT address) FROM recipient')" 1200
is 'deferred once, too' "$(sql once.db 'SELECT deferred, stripped FROM daily')" '1|1'
for id in 1 2; do
	run filter -o database=once.db --queue-id=4Q$id <forged.eml
done
is 'with other queue ids it is another' "$(once)" '15|3|1|3|3|14'
for id in 1 2; do
	run filter -o database=once.db <forged.eml
done
is 'without any it is one' "$(once)" '17|4|1|4|4|16'
for run in 1 2 3; do
	run mbox -o database=once.db -o trusted-by=mx.example.org stored.mbox
done
is 'three runs over an archive are one' "$(once)" '20|5|1|5|5|19'

# Ten filters make the audit at once; ten times, since the window for a race is short.
again() {
	for round in 1 2 3 4 5 6 7 8 9; do
		ten "again$round.db"
		cat err.?
		[ "$(cat status.? | tr -d '\n')" = 0000000000 ] || return 1
		[ "$(sql "again$round.db" 'SELECT count(*) FROM message')" = 10 ] || return 1
	done
}
ok 'ten first users at once, nine times' again
ten ten.db
is 'ten first users at once: ten exits 0' "$(cat status.? | tr '\n' ' ')" '0 0 0 0 0 0 0 0 0 0 '
is 'ten rows' "$(sql ten.db "SELECT count(*) FROM history WHERE outcome = 'written'")" 10
is 'no complaint' "$(cat err.?)" ''
ten_outputs() { for i in 0 1 2 3 4 5 6 7 8 9; do cmp bare.eml out.$i || return 1; done; }
ok 'ten outputs' ten_outputs
is 'one whole database' "$(sql ten.db 'PRAGMA integrity_check; SELECT count(*) FROM policy')" 'ok
1'

# Files that are not ours, or too new, are left as they are.
run audit init -o database=new.db
sqlite3 new.db 'PRAGMA user_version = 2147483647; PRAGMA wal_checkpoint(TRUNCATE)' >ignored
cp new.db new.copy
run filter -o database=new.db <forged.eml
ok 'a database of the last of all versions is refused' deferred
same 'and not touched' new.db new.copy
yes 'this is no database' | head -c 8192 >text.db
cp text.db text.copy
run filter -o database=text.db <forged.eml
ok 'a file that is no database is refused' deferred
same 'and not touched' text.db text.copy
mkdir folder
run filter -o database=folder <forged.eml
ok 'a folder in its place is refused' deferred

# Where it lies.
run filter -o database=missing/a.db <forged.eml
ok 'a missing folder is said' eval 'deferred && says missing err'
run audit init -o database=missing/a.db
ok 'by audit init as well' eval '[ $status -ge 64 ] && [ $status -le 78 ] && says missing err'
odd='odd ?mode=memory#%41;.db'
run filter -o "database=$odd" <forged.eml
is 'a file name is a file name' "$([ -s "$odd" ] && sql "$odd" 'SELECT count(*) FROM history')" 1
ln -s folder link
run filter -o database=link/a.db <forged.eml
is 'a link on the way is followed' "$(sql folder/a.db 'SELECT count(*) FROM history')" 1
ln -s folder/victim.db link.db
run filter -o database=link.db <forged.eml
ok 'a link as the file is not' eval 'deferred && [ ! -e folder/victim.db ]'
ln -s folder/a.db other.db
run filter -o database=other.db <forged.eml
ok 'even to a database of ours' eval "deferred && [ \"\$(sql folder/a.db 'SELECT count(*) FROM history')\" = 1 ]"

# Reading while it is in use, and afterwards.
is 'sqlite3 -readonly reads it' "$(sqlite3 -readonly ten.db 'SELECT * FROM history' 2>&1 | wc -l | tr -d ' ')" 10
ok 'the WAL stays, so that a group can read' test -e ten.db-wal
