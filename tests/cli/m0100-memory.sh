# SPDX-License-Identifier: GPL-3.0-or-later
# Memory of barefrom filter (plain build): it does not grow with the body.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 16

# Streams MIB of body through the filter, compares the output as it comes, and prints
# "EXIT same|different PEAK"; PEAK is the peak resident memory in KiB.
cat >measure.py <<'END'
import hashlib, os, resource, subprocess, sys, threading
kind, mib, program, *facts = sys.argv[1:]
head_in = b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n'
head_out = head_in if facts else b'From: ceo@corp.example\nSubject: x\n'
block = {
    'lines': b'All work and no play makes Jack a dull boy, says the rest of us.\r\n' * 1024,
    'line': b'a' * 65536,
    'from': b'From: "I" <i@x.example>\n\n' * 2048,
}[kind]
count = int(mib) * (1 << 20) // len(block)
want, got = hashlib.sha256(head_out + b'\n'), hashlib.sha256()
child = subprocess.Popen([program, '-c', 'empty.conf', 'filter', '-o', 'database=m.db', *facts],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def read():
    while data := child.stdout.read(1 << 16):
        got.update(data)
reader = threading.Thread(target=read)
reader.start()
try:
    child.stdin.write(head_in + b'\n')
    for _ in range(count):
        want.update(block)
        child.stdin.write(block)
    child.stdin.close()
except BrokenPipeError:
    pass
reader.join()
_, status, usage = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), 'same' if got.digest() == want.digest() else 'different',
      usage.ru_maxrss)
child.returncode = 0
END

# measure KIND MIB FACT...: into $faithful and $peak
measure() {
	python3 measure.py "$1" "$2" "$BAREFROM" $3 >measured 2>err
	read -r exit bytes peak <measured || exit=none bytes='' peak=999999
	faithful="$exit $bytes"
	cp measured why
}
below() { cat measured && [ "$faithful" = '0 same' ] && [ "$1" -le "$2" ]; }

for case in lines: line: from: lines:--sasl-username=jane; do
	kind=${case%%:*} fact=${case#*:}
	measure "$kind" 25 "$fact"
	is "25 MiB of $kind $fact: whole" "$faithful" '0 same'
	ok "25 MiB of $kind $fact: under 20 MiB resident" below "$peak" 20479
	small=$peak
	measure "$kind" 100 "$fact"
	is "100 MiB of $kind $fact: whole" "$faithful" '0 same'
	ok "100 MiB of $kind $fact: no more than 1 MiB above" below "$peak" $((small + 1024))
done
