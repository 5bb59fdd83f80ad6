# SPDX-License-Identifier: GPL-3.0-or-later
# audit metrics: the text format of Prometheus, with the numbers of the audit; and a file that takes its
# place as a whole or not at all. d0100-promtool.sh has promtool read it.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 47

# read.py FILE: reads it as strictly as the format allows: each metric has its HELP and its TYPE, then
# its samples, and comes once. Prints a line for each sample: name, values of the labels, number.
cat >read.py <<'END2'
import re, sys
data = open(sys.argv[1], 'rb').read().decode()
assert data.endswith('\n'), 'no line end'
kinds, name = [], None
for line in data.split('\n')[:-1]:
    if line.startswith('# HELP '):
        name = re.fullmatch(r'# HELP ([a-z_]+) [A-Z][^\\]*\.', line).group(1)
        assert name not in kinds, 'twice: ' + name
        assert name.startswith('barefrom_') and not name.endswith(('_total', '_count', '_sum', '_bucket')), name
        kinds.append(name)
        typed, samples = False, set()
    elif line.startswith('# TYPE '):
        assert line == '# TYPE %s gauge' % name and not typed, line
        typed = True
    else:
        got = re.fullmatch(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (-?[0-9]+)', line)
        assert got and got.group(1) == name and typed, line
        assert got.group(2) not in samples, 'twice: ' + line
        samples.add(got.group(2))
        labels = re.findall(r'([a-z]+)="([^"]*)"', got.group(2) or '')
        print(name, *['%s=%s' % label for label in labels], got.group(3))
END2
metrics() { run audit metrics -o "database=$1"; read_out out; }
read_out() { python3 read.py "$1" >samples 2>&1; }
sample() { sed -n "s/^barefrom_$1 //p" samples; } # sample NAME
rows() { sed -n 's/^barefrom_audit_rows source=\(.*\) verdict=\(.*\) action=\(.*\) outcome=\(.*\) /\1|\2|\3|\4|/p' samples; }
counted() { sql "$1" 'SELECT source, verdict, action, outcome, count(*) FROM message GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4'; }
size() { wc -c <"$1" | tr -d ' '; }

# An audit that is empty, and one in use.
run audit init -o database=a.db
metrics a.db
ok 'an empty audit' clean
is 'what there is' "$(sed 's/ .*//' samples | xargs)" \
	'barefrom_build_info barefrom_audit_schema_version barefrom_audit_pending_rows barefrom_audit_file_size_bytes barefrom_audit_log_size_bytes'
is 'the version of the program' "$(sample build_info)" "version=$(bf --version | sed 's/^barefrom //') 1"
is 'and of the schema' "$(sample audit_schema_version)" "$(sql a.db 'PRAGMA user_version')"
is 'nothing is pending' "$(sample audit_pending_rows)" 0
run filter -o database=a.db <forged.eml
run filter -o database=a.db <forged.eml
run filter -o database=a.db --dry-run <forged.eml
run filter -o database=a.db --sasl-username=jane <forged.eml
printf 'From: CEO\n\nhi\n' >replaced.eml
run filter -o database=a.db <replaced.eml
run filter -o database=a.db -o sendmail=/nonexistent/sendmail -f a@x.example -- b@x.example <forged.eml
cat forged.eml forged.eml | sed 's/^From:/From a@x.example Tue Nov 24 10:00:00 2026\n&/' >old.mbox
bf mbox -o database=a.db old.mbox >ignored 2>&1
metrics a.db
ok 'an audit in use' clean
is 'the rows of each kind' "$(rows)" "$(counted a.db)"
ok 'of which there are several' test "$(rows | wc -l)" -ge 6
is 'the size of the file' "$(sample audit_file_size_bytes)" "$(size a.db)"
is 'and of the log' "$(sample audit_log_size_bytes)" "$(size a.db-wal)"
is 'when the last row was written' "$(sample audit_last_row_timestamp_seconds)" \
	"$(sql a.db "SELECT strftime('%s', max(at)) FROM message")"
sqlite3 a.db "UPDATE message SET outcome = 'pending' WHERE id IN (1, 2, 4);
	UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 day', '-' || id || ' minutes')"
metrics a.db
is 'rows that are pending' "$(sample audit_pending_rows)" 3
is 'are of their kinds' "$(rows)" "$(counted a.db)"
age=$(sample audit_last_row_age_seconds)
is 'the age of the newest' "$((age / 60)) minutes" '1441 minutes'

# Values that no filter writes cannot make another sample, or end a line.
cp a.db odd.db && sqlite3 odd.db "PRAGMA journal_mode = DELETE; PRAGMA ignore_check_constraints = ON;
	UPDATE message SET outcome = 'a\"b\\c' || char(10) || 'd e'; PRAGMA journal_mode = WAL" >ignored
metrics odd.db
ok 'an odd word' clean
is 'is read' "$(read_out out && grep -c audit_rows samples)" "$(counted odd.db | grep -c '^[a-z]*|')"
ok 'as it is written' grep -qF 'outcome="a\"b\\c\nd e"}' out

# The audit is only read, while others write to it, whatever its version.
cp a.db copy.db && cp a.db-wal copy.db-wal
cp a.db a.copy && cp a.db-wal a.copy-wal
metrics copy.db
ok 'only read' sh -c 'cmp copy.db a.copy && cmp copy.db-wal a.copy-wal'
mkfifo hold
sqlite3 a.db <hold >ignored 2>&1 &
exec 3>hold
echo "BEGIN IMMEDIATE; DELETE FROM message; SELECT writefile('held', 'x');" >&3
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ ! -e held ] || break
	sleep 0.5
done
counted a.copy >before
run audit metrics -o database=a.db -o deadline=1
ok 'while another has the lock' clean
read_out out
is 'it counts what is there' "$(rows)" "$(cat before)"
exec 3>&-
wait
for version in 1 2; do
	sqlite3 v$version.db <"$SRCDIR/tests/data/audit-v$version.sql" >ignored
	metrics v$version.db
	ok "an audit of version $version" clean
	is 'says so' "$(sample audit_schema_version)" $version
	is 'and its rows' "$(rows)" "$(counted v$version.db)"
	is 'and stays one' "$(sql v$version.db 'PRAGMA user_version')" $version
done
run audit metrics -o database=missing.db
ok 'an audit that is not there' fails 66 'missing\.db'
is 'prints nothing' "$(cat out)" ''
ok 'and is not made' not test -e missing.db
head -c 5000 /dev/zero >broken.db
run audit metrics -o database=broken.db
ok 'what is no audit' fails 74 'broken\.db'

# To a file.
umask 077
run audit metrics -o database=a.db --output=a.prom
ok 'to a file' clean
is 'without a word' "$(cat out)" ''
is 'that a collector may read' "$(stat -c %a a.prom)" 644
read_out a.prom
is 'all of it' "$(rows)" "$(counted a.db)"
umask 022
cp a.prom whole.prom
run audit metrics -o database=missing.db --output=a.prom
is 'an error' $status 66
same 'leaves the old file' a.prom whole.prom
is 'and no other beside it' "$(find . -name '*.prom*' | sort | xargs)" './a.prom ./whole.prom'
run audit metrics -o database=a.db --output=missing/a.prom
ok 'a directory that is not there' fails 73 'missing'
cp a.db before.db
for output in a.db a.db-wal; do
	run audit metrics -o database=a.db --output=$output
	ok "the audit: $output" fails 73 "^barefrom: $output: it is the audit itself\$"
done
is 'which is as it was' "$(cmp a.db before.db && sql a.db 'PRAGMA integrity_check')" ok
bf audit metrics -o database=a.db >/dev/full 2>err
is 'no room' $? 74
run audit metrics --output=
ok 'an empty output' usage '--output=: accepted'
run audit metrics --since=2026-11-01
ok 'an option of another verb' usage 'audit metrics does not take --since'
run audit metrics more
ok 'an argument' usage 'more: audit metrics takes no argument'
