# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom audit export: JSON lines and CSV hold what the audit holds, whatever mail put there.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 120

# export_ DATABASE OPTION...
export_() {
	database=$1
	shift
	run audit export -o "database=$database" "$@"
}

# Compares the output with the tables: the type of each value, and each byte.
cat >compare.py <<'END'
import base64, csv, json, sqlite3, sys
database, form, where = sys.argv[1:]
db = sqlite3.connect('file:' + database + '?mode=ro', uri=True)
db.row_factory = sqlite3.Row
columns = [row['name'] for row in db.execute('PRAGMA table_info(message)')]
has_meta = db.execute('PRAGMA user_version').fetchone()[0] >= 3
uuid, host = db.execute('SELECT uuid, host FROM meta').fetchone() if has_meta else (None, None)
columns = [name for name in columns if name != 'host'] + ['host', 'audit']
recipients, edits = {}, {}
for message, address in db.execute('SELECT * FROM recipient ORDER BY address'):
    recipients.setdefault(message, []).append(address)
for row in db.execute('SELECT * FROM edit ORDER BY id'):
    edits.setdefault(row['message'], []).append(row)
want = []
for row in db.execute('SELECT * FROM message WHERE ' + where + ' ORDER BY id'):
    message = dict(row)
    message['in_scope'] = bool(message['in_scope'])
    message['host'] = message.get('host') or host
    message['audit'] = uuid
    message['signatures'] = json.loads(message['signatures'])
    message['recipients'] = recipients.get(row['id'], [])
    message['edits'] = [
        {'field': e['field'], 'nth': e['nth'], 'action': e['action'],
         'before': bytes(e['before']), 'after': bytes(e['after']),
         'display_names': json.loads(e['display_names']), 'addresses': json.loads(e['addresses']),
         'position': e['position'] if has_meta else None}
        for e in edits.get(row['id'], [])]
    want.append(message)

def bytes_of(edits):
    for edit in edits:
        for name in 'before', 'after':
            edit[name] = base64.b64decode(edit.pop(name + '_base64'), validate=True)
    return edits

data = sys.stdin.buffer.read()
got = []
if form == 'jsonl':
    for line in data.decode().split('\n')[:-1]:
        message = json.loads(line)
        assert list(message) == columns + ['recipients', 'edits'], list(message)
        bytes_of(message['edits'])
        got.append(message)
else:
    text = data.decode()
    rows = list(csv.reader(text.split('\r\n')[:-1], strict=True))
    assert '\n' not in text.replace('\r\n', '') and '\r' not in text.replace('\r\n', '')
    assert rows[0] == columns + ['recipients', 'edits'], rows[0]
    for row in rows[1:]:
        assert len(row) == len(rows[0])
        assert not any(cell.startswith(tuple('=+-@\t')) for cell in row), row
        message = dict(zip(rows[0], row))
        for name, cell in message.items():
            if name in ('signatures', 'recipients'):
                message[name] = json.loads(cell)
            elif name == 'edits':
                message[name] = bytes_of(json.loads(cell))
            elif name == 'in_scope':
                message[name] = {'0': False, '1': True}[cell]
            elif name in ('id', 'run', 'size'):
                message[name] = int(cell) if cell else None
            else:
                cell = cell[1:] if cell.startswith("'") else cell
                message[name] = cell if cell else None
        got.append(message)
    for message in want:
        for name, value in message.items():
            message[name] = None if value == '' else value
assert got == want, [pair for pair in zip(got, want) if pair[0] != pair[1]][:1] or (len(got), len(want))
print(len(got))
END
# holds DATABASE jsonl|csv COUNT [WHERE]: the last output holds these messages.
holds() { [ "$(python3 compare.py "$1" "$2" "${4-1}" <out 2>&1 | tee said)" = "$3" ] || { cat said; false; }; }

# A message with everything, one that is kept, one with hostile bytes.
printf '#!/bin/sh\ncat >sent\n' >sendmail && chmod 755 sendmail
printf 'Message-ID: <m1@x.example>\nDKIM-Signature: v=1; d=corp.example; b=x\nFrom: "Jane, \\"the\\" Doe" <ceo@corp.example>\nSender: Room: a@x.example, "B" <b@x.example>;\n\nhi\n' >full.eml
run filter -o database=a.db -o sendmail="$tmp/sendmail" --queue-id=4Q --client-address=192.0.2.9 --sasl-username= \
	-f 'a@x.example' -- 'z@y.example' '"quoted, comma"@y.example' <full.eml
is 'a message with recipients' "$status" 0
run filter -o database=a.db --sasl-username=jane <full.eml
python3 -c 'import sys
sys.stdout.buffer.write(b"From: \"a\x1b[2Jb\x00c\x7fd\xc2\x9be\xfff,\xe2\x80\xa8\xf0\x9f\x98\x80\\\\\\\"\" <x@y.example>\nReply-To: =?utf-8?q?=00=0A=22=2C?= <x@y.example>\n\n")' >hostile.eml
run filter -o database=a.db <hostile.eml
export_ a.db
ok 'jsonl is the default' clean
ok 'it holds what the audit holds' holds a.db jsonl 3
cp out jsonl
export_ a.db --format=jsonl
same 'as --format=jsonl does' out jsonl
is 'a line for each message' "$(wc -l <out | tr -d ' ')" 3
is 'with nothing in it that a terminal would obey' "$(LC_ALL=C tr -cd '\000-\011\013-\037\177' <out | wc -c | tr -d ' ')" 0
python3 -c 'import base64, json
one, two, *rest = [json.loads(line) for line in open("jsonl", encoding="utf-8")]
print(one["envelope_from"], one["recipients"])
print(two["run"], two["queue_id"], two["recipients"], two["edits"])
print(one["in_scope"] is True, one["size"], one["signatures"])
edit = one["edits"][1]
print(edit["field"], edit["nth"], edit["action"], edit["addresses"])
print(base64.b64decode(one["edits"][0]["before_base64"]).decode(), end="")' >facts 2>&1
fact() { sed -n "$1p" facts; }
is 'the envelope' "$(fact 1)" "a@x.example ['\"quoted, comma\"@y.example', 'z@y.example']"
is 'what is not known is null' "$(fact 2)" 'None None [] []'
is 'scope is a truth, the size a number, signatures are a list' "$(fact 3)" "True $(wc -c <full.eml | tr -d ' ') ['dkim']"
is 'an edit' "$(fact 4)" "Sender 1 stripped ['a@x.example', 'b@x.example']"
is 'the field comes back byte for byte' "$(fact 5)" "$(sed -n 3p full.eml)"
export_ a.db --format=csv
ok 'csv' clean
ok 'it holds what the audit holds too' holds a.db csv 3
is 'lines end in CR LF' "$(head -n 1 out | tail -c 2 | od -An -tx1 | tr -d ' ')" 0d0a
is 'the first one has the names' "$(head -n 1 out | cut -d, -f1-4)" id,at,source,run
is 'sqlite3 reads it' "$(sqlite3 :memory: '.import --csv out t' "SELECT count(*), sum(json_array_length(edits)) FROM t")" '3|4'

# Values that would be formulas, and what needs quotes.
run audit init -o database=f.db
for value in '=1+1' '+1' '-1' '@x' "'x" '＝1' '＋1' '－1' '＠1' 'a"b' 'a,b' '' 'plain' '=?UTF-8?Q?x?= <a@b>' '"' '=HYPERLINK("http://x","y")'; do
	printf "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome, from_before, auth_user) VALUES ('2026-01-01T00:00:00.000Z', 'filter', 'unknown', 'no-trace', 0, 'kept', 'sent', '%s', 'plain');\n" \
		"$(printf %s "$value" | sed "s/'/''/g")" | sqlite3 f.db
done
export_ f.db --format=csv
ok 'csv of formulas: without one apostrophe it is the value again' holds f.db csv 16
from() { sqlite3 :memory: '.import --csv out t' "SELECT group_concat(from_before, '|') FROM t WHERE $1"; }
is 'what begins as a formula, or with an apostrophe, gets one' "$(from 'id + 0 < 10')" "'=1+1|'+1|'-1|'@x|''x|'＝1|'＋1|'－1|'＠1"
is 'an encoded word too' "$(from 'id = 14')" "'=?UTF-8?Q?x?= <a@b>"
is 'other values stay' "$(from 'id IN (10, 11, 13)')" 'a"b|a,b|plain'
is 'no value is an empty cell, an empty text has its quotes' \
	"$(sed -n 13p out | cut -d, -f13-18)" '0,kept,sent,,"",'
export_ f.db
ok 'jsonl needs no apostrophe' holds f.db jsonl 16

# Rows that a careless user has changed.
sqlite3 f.db "UPDATE message SET signatures = 'none', size = NULL WHERE id = 1" \
	"UPDATE message SET signatures = '[ \"dkim\",' || char(10) || '\"arc\" ]' WHERE id = 2" \
	"INSERT INTO edit VALUES (1, 2, 'From', 1, 'stripped', x'', x'00', '', '{', NULL)"
export_ f.db
is 'a list that is none is a string; a line stays a line' \
	"$(python3 -c 'import json
d = [json.loads(line) for line in open("out", encoding="utf-8")]
e = d[1]["edits"][0]
print(len(d), d[0]["signatures"], d[1]["signatures"], e["before_base64"] == "", e["display_names"] == "", e["addresses"])' 2>&1)" \
	"16 none ['dkim', 'arc'] True True {"
sqlite3 f.db "UPDATE message SET from_before = CAST(x'61ff0062' AS TEXT), signatures = CAST(x'5b2261ff225d' AS TEXT) WHERE id = 1" \
	"INSERT INTO recipient VALUES (1, CAST(x'61ff0062' AS TEXT)), (1, 'b\\u0000\\')"
export_ f.db
is 'octets that are no text are U+FFFD' \
	"$(python3 -c 'import json
d = json.loads(next(open("out", encoding="utf-8")))
print(ascii([d["from_before"], d["signatures"], d["recipients"]]))' 2>&1)" \
	"['a\\ufffd\\ufffdb', ['a\\ufffd'], ['a\\ufffd\\ufffdb', 'b\\\\u0000\\\\']]"
export_ f.db --format=csv
is 'so they are in csv' "$(sed -n 2p out | iconv -f UTF-8 -t UTF-8 | cut -d, -f17)" 'a��b'

# Which messages.
for i in 1 2 3 4 5; do
	printf "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) VALUES ('2026-11-2%dT12:00:00.12%dZ', 'filter', 'unknown', 'no-trace', 0, 'kept', 'sent');\n" $i $i
done >rows.sql
run audit init -o database=w.db
sqlite3 w.db '.read rows.sql' 'DELETE FROM message WHERE id = 2'
ids() { sed -n 's/^{"id":\([0-9]*\),.*/\1/p' out | paste -s -d , -; }
for case in 1=3,4,5 3=4,5 5= 9= 9223372036854775807= 0=1,3,4,5; do
	export_ w.db "--since-id=${case%%=*}"
	is "--since-id=${case%%=*}" "$status $(ids)" "0 ${case#*=}"
done
for case in 2026-11-23=3,4,5 2026-11-24=4,5 2026-11-26= 2026-11-24T12:00:00.124Z=4,5 2026-11-24T12:00:00.125Z=5 \
	2026-11-24T12:00:00Z=4,5 2026-11-24T13:00:00.124+01:00=4,5 2026-11-24T13:00:00.125+01:00=5 0001-01-01=1,3,4,5 \
	9999-12-31=; do
	export_ w.db "--since=${case%%=*}"
	is "--since=${case%%=*}" "$status $(ids)" "0 ${case#*=}"
done
export_ w.db --since=2026-11-23 --since-id=3
is 'both' "$(ids)" 4,5

# The output ends before the first message that may still change: one pending for up to four deadlines.
pend() { sqlite3 w.db "UPDATE message SET outcome = 'pending', at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-$2 seconds') WHERE id = $1"; }
outcome() { sqlite3 w.db "UPDATE message SET outcome = '$2' WHERE id = $1"; }
pend 4 5
export_ w.db
is 'ends it' "$status $(ids)" '0 1,3'
export_ w.db --since-id=3
is 'so that nothing new comes' "$status $(ids)" '0 '
export_ w.db --since-id=4
is 'nor what is behind it' "$status $(ids)" '0 '
export_ w.db --format=csv
is 'in csv too' "$(wc -l <out | tr -d ' ')" 3
export_ w.db --all
is '--all has them' "$status $(ids)" '0 1,3,4,5'
ok 'as they are' holds w.db jsonl 4
export_ w.db --all --since-id=3
is 'and --since-id holds for it' "$(ids)" 4,5
pend 4 2000
export_ w.db -o deadline=1000
is 'within four deadlines' "$(ids)" 1,3
export_ w.db
is 'after them nobody will settle it' "$(ids)" 1,3,4,5
pend 3 5
export_ w.db
is 'the first one counts' "$(ids)" 1
outcome 3 sent
pend 4 5
outcome 4 sent
export_ w.db --since-id=1
is 'once it has ended it comes, as it ended' "$status $(ids)" '0 3,4,5'
sqlite3 w.db "INSERT INTO run (started_at, command, input, version, messages, stripped, status, settles)
	VALUES ('2026-11-24T10:00:00.000Z', 'mbox', '=a,b', '0', 2, 1, 'running', 1), ('2026-11-25T10:00:00.000Z', 'mbox', NULL, '0', 0, 0, 'done', 0)" \
	"UPDATE message SET run = 1, source = 'mbox', outcome = 'written' WHERE id = 3"
export_ w.db
is 'a run that is running stops nothing' "$(ids)" 1,3,4,5

# The runs.
export_ w.db --runs
is 'runs' "$(python3 -c 'import json
d = [json.loads(line) for line in open("out", encoding="utf-8")]
print(list(d[0]))
print([[r["id"], r["input"], r["status"], r["settles"], r["stripped"], r["finished_at"]] for r in d])' 2>&1)" \
	"['id', 'started_at', 'finished_at', 'command', 'input', 'version', 'messages', 'stripped', 'status', 'settles', 'host', 'audit']
[[1, '=a,b', 'running', True, 1, None], [2, None, 'done', False, 0, None]]"
is 'with the name of the audit' "$(sed 's/.*"audit":"\(.*\)"}$/\1/' out | sort -u)" "$(sql w.db 'SELECT uuid FROM meta')"
is 'and the host' "$(sed 's/.*"host":"\([^"]*\)".*/\1/' out | sort -u)" "$(sql w.db 'SELECT host FROM meta')"
export_ w.db --runs --format=csv
is 'as csv' "$status $(sed -n 2p out | tr -d '\r' | cut -d, -f1-13)" \
	"0 1,2026-11-24T10:00:00.000Z,,mbox,\"'=a,b\",0,2,1,running,1,$(sql w.db "SELECT host || ',' || uuid FROM meta")"
is 'with the names of the columns' "$(head -n 1 out | tr -d '\r')" \
	id,started_at,finished_at,command,input,version,messages,stripped,status,settles,host,audit
export_ w.db --runs --since-id=1
is 'behind one' "$(cut -d, -f1 out)" '{"id":2'
export_ w.db --runs --since=2026-11-25
is 'since a day' "$(cut -d, -f1 out)" '{"id":2'
export_ a.db --runs
ok 'none' eval 'clean && is_empty out'
sqlite3 w.db 'DELETE FROM run' "UPDATE message SET host = 'other', run = NULL WHERE id = 3"
export_ w.db
ok 'a row that names its host' holds w.db jsonl 4
is 'is of that host' "$(grep -c '"host":"other"' out)" 1
export_ w.db --since-id=5 --format=csv
is 'csv of nothing is its first line' "$status $(wc -l <out | tr -d ' ')" '0 1'
run audit init -o database=none-yet.db
export_ none-yet.db
ok 'jsonl of nothing is empty' eval 'clean && is_empty out'

# Bad options.
for word in xml '' CSV json; do
	export_ a.db "--format=$word"
	ok "--format=$word" usage "format=$word: accepted: jsonl, csv"
done
for word in '' -1 1x 9223372036854775808 last; do
	export_ a.db "--since-id=$word"
	ok "--since-id=$word" usage 'since-id=.*: accepted: '
done
for word in '' today 2026 2026-11 2026-11-31 2026-13-01 20261124 2026-W48-2 2026-11-24T 2026-11-24T12 2026-11-24T12:00 \
	2026-11-24T25:00:00Z 2026-11-24T12:00:00 2026-11-24T12:00:60Z '2026-11-24 12:00:00' 2026-11-24x 0000-01-01; do
	export_ a.db "--since=$word"
	ok "--since=$word" usage 'since=.*: accepted: a day such as '
done
for verb in check report init; do
	run audit $verb -o database=a.db --all
	ok "audit $verb --all" usage "audit $verb does not take --all"
	run audit $verb -o database=a.db --runs
	ok "audit $verb --runs" usage "audit $verb does not take --runs"
done
export_ a.db --older-than=1
ok 'a word of another verb' usage 'audit export does not take --older-than'

# Audits of other versions, and files that are no audit.
sqlite3 v1.db "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL" ".read '$SRCDIR/src/store/sql/001-first.sql'" \
	"PRAGMA application_id=$(sql a.db 'PRAGMA application_id')" 'PRAGMA user_version=1' '.read rows.sql' >ignored
cp v1.db v1.copy
export_ v1.db
ok 'version 1 is exported' holds v1.db jsonl 5
is 'it has no name yet' "$(grep -c '"host":null,"audit":null,' out)" 5
same 'and not migrated' v1.db v1.copy
sqlite3 v2.db <"$SRCDIR/tests/data/audit-v2.sql" >ignored
export_ v2.db
ok 'and so is version 2' holds v2.db jsonl 22
export_ v2.db --format=csv
ok 'as csv' holds v2.db csv 22
export_ v2.db --runs
is 'with its runs' "$status $(grep -c '"host":null,"audit":null}$' out)" '0 5'
export_ missing.db
ok 'no audit' eval 'fails 66 "missing\.db: it does not exist yet" && is_empty out && [ ! -e missing.db ]'
sqlite3 foreign.db 'CREATE TABLE message (id, at)'
export_ foreign.db --format=csv
ok "another program's" eval "fails 74 \"another program's\" && is_empty out"

# Many rows, and outputs that are closed early.
python3 -c 'for i in range(10000):
    print(f"From a@b.example Mon Jan  1 10:00:00 2024\nFrom: \"Jane, {i}\" <ceo{i}@corp.example>\nSender: B <b@x.example>\n\nhi\n")' >many.mbox
run mbox -o database=m.db -o trusted-by=mx.example.org --dry-run many.mbox
export_ m.db
ok '10,000 messages' holds m.db jsonl 10000
export_ m.db --format=csv
ok 'as csv' holds m.db csv 10000
for format in jsonl csv; do
	bf audit export -o database=m.db --format=$format >/dev/full 2>err
	status=$?
	ok "$format: a full output" fails 74 'cannot write to standard output: '
	{ bf audit export -o database=m.db --format=$format 2>err; echo $? >left; } | head -n 1 >ignored
	status=$(cat left)
	ok "$format: a pipe that was closed" fails 74 'cannot write to standard output: '
	bf audit export -o database=a.db --format=$format >&- 2>err
	status=$?
	ok "$format: a closed output" fails 74 'cannot write to standard output: '
done
is 'the audit is as it was' "$(sql a.db 'PRAGMA integrity_check') $(grep -c before_base64 a.db)" 'ok 0'

# It shows one moment: what filters write meanwhile is in the next export.
mkfifo slow
bf audit export -o database=m.db >slow 2>err &
exporter=$!
exec 9<slow
python3 -c 'import os; assert os.read(9, 1)' # it has begun
run filter -o database=m.db <forged.eml
is 'a filter beside an export' "$status" 0
cat <&9 >rest
exec 9<&-
wait $exporter
is 'which ends well' $? 0
is 'without its row' "$(wc -l <rest | tr -d ' ')" 10000
export_ m.db --since-id=10000
ok 'which is there for the next one' holds m.db jsonl 1 'id > 10000'
