# SPDX-License-Identifier: GPL-3.0-or-later
# Memory of barefrom compare (plain build): it grows with people and domains, not with their mail.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 6

# measure MESSAGES DOMAINS OCTETS: compares MESSAGES from DOMAINS, with names of OCTETS, and prints
# "EXIT MESSAGES NEWLY-LEFT DOMAINS PEAK"; PEAK is the peak resident memory in KiB.
cat >measure.py <<'END_OF_PYTHON'
import json, os, subprocess, sys
program, messages, domains, octets = sys.argv[1], *map(int, sys.argv[2:])
with open('result', 'wb') as result:
    child = subprocess.Popen([program, '-c', 'empty.conf', 'compare', '--json', '-o', 'fields=', '-'],
                             stdin=subprocess.PIPE, stdout=result)
for n in range(messages):
    name = f'{n} {"N" * octets}'
    child.stdin.write(f'From x@x.example Tue Nov 24 10:00:00 2026\nFrom: {name} <a@{n % domains}.example>'
                      '\n\nx\n\n'.encode())
child.stdin.close()
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
with open('result', encoding='utf-8') as result:
    d = json.load(result)
print(child.returncode, d['messages'], d['newly_left'], len(d['by_domain']), usage.ru_maxrss)
END_OF_PYTHON
measure() {
	python3 measure.py "$BAREFROM" "$@" >measured 2>err
	read -r counts peak <<END_OF_LINE
$(sed 's/\(.*\) \(.*\)/\1|\2/; s/ /,/g; s/|/ /' measured)
END_OF_LINE
	cp measured why
}
below() { cat measured && [ "$peak" -le "$1" ]; }

measure 1000 10 800
is 'few messages' "$counts" 0,1000,1000,10
ok 'under 20 MiB' below 20479
small=$peak
measure 100000 10 800
is 'many messages of as few domains' "$counts" 0,100000,100000,10
ok 'no more than 2 MiB above' below $((small + 2048))
# Their examples alone would take 190 MiB.
measure 200000 200000 950
is 'many domains' "$counts" 0,200000,200000,200000
ok 'under 64 MiB of examples and 300 octets each above' below $((small + 64 * 1024 + 200000 * 300 / 1024))
