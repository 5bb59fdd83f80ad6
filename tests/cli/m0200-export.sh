# SPDX-License-Identifier: GPL-3.0-or-later
# Memory of barefrom audit (plain build): it does not grow with the number of messages.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 12

# peak ARGUMENT...: runs the program, and sets $peak to its peak resident memory in KiB.
cat >measure.py <<'END'
import os, subprocess, sys
with open('out', 'wb') as out:
    child = subprocess.Popen([*sys.argv[1:]], stdout=out)
    _, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(child.returncode, usage.ru_maxrss)
END
peak() {
	python3 measure.py "$BAREFROM" -c empty.conf "$@" >measured 2>err
	read -r status peak <measured || status=none peak=999999
	cp measured why
}
below() { cat measured && [ "$peak" -le "$1" ]; }

# messages DATABASE COUNT
messages() {
	run audit init -o "database=$1"
	sqlite3 "$1" "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome, from_before)
			SELECT '2020-01-01T00:00:00.000Z', 'filter', 'unknown', 'no-trace', 1, 'stripped', 'sent', hex(zeroblob(300)) FROM n" \
		"INSERT INTO edit (message, field, nth, action, before, after)
			SELECT id, 'From', 1, 'stripped', zeroblob(900), zeroblob(90) FROM message" \
		"INSERT INTO recipient SELECT id, 'a@example.org' FROM message"
}
messages small.db 100
messages large.db 10000
for verb in 'export --format=jsonl' 'export --format=csv' check 'prune --older-than=1'; do
	# shellcheck disable=SC2086
	peak audit $verb -o database=small.db
	is "$verb of 100 messages" "$status" 0
	small=$peak
	# shellcheck disable=SC2086
	peak audit $verb -o database=large.db
	is "$verb of 10,000 messages" "$status" 0
	ok "$verb: no more than 4 MiB above" below $((small + 4096))
done
