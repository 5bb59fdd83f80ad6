# SPDX-License-Identifier: GPL-3.0-or-later
"""mbox-beside.py PROGRAM MAILBOX [SECONDS]: how long `barefrom filter` takes alone, and beside runs of
`barefrom mbox` over MAILBOX that write to the same audit; and how long whoever asks for the lock as a
filter does, each 1 to 5 ms, waits for it there. A benchmark, no test.
"""
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

program, mailbox = sys.argv[1:3]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 10
MESSAGE = b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nhi\n'


def filters(argv):
    """The seconds that each took, one after the other, for that long."""
    taken, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        start = time.monotonic()
        subprocess.run(argv, input=MESSAGE, stdout=subprocess.DEVNULL, check=True)
        taken.append(time.monotonic() - start)
    return sorted(taken)


def locks(path):
    """The same of the write lock, taken for an instant."""
    taken, until = [], time.monotonic() + seconds
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as audit:
        while time.monotonic() < until:
            start, tries = time.monotonic(), 0
            while True:
                try:
                    audit.execute('BEGIN IMMEDIATE')
                    break
                except sqlite3.OperationalError:
                    tries += 1
                    time.sleep((min(tries, 4) + random.random()) / 1000)
            taken.append(time.monotonic() - start)
            audit.execute('ROLLBACK')
            time.sleep(random.random() / 50)
    return sorted(taken)


def report(name, taken):
    last = len(taken) - 1
    print(f'{name:22} {len(taken):6} {taken[last // 2] * 1000:9.1f} '
          f'{taken[last * 99 // 100] * 1000:9.1f} {taken[last] * 1000:9.1f}')


with tempfile.TemporaryDirectory() as folder:
    common = ['-o', 'trusted-by=mx.example.org', '-o', f'database={folder}/a.db']
    base = [program, '-c', '/dev/null']
    filter_argv = [*base, 'filter', *common]
    print(f'{"filter":22} {"number":>6} {"median ms":>9} {"99 % ms":>9} {"max ms":>9}')
    report('alone', filters(filter_argv))
    loop = 'while :; do "$@" >/dev/null 2>&1 || exit; done'
    with subprocess.Popen(['sh', '-c', loop, 'sh', *base, 'mbox', *common, mailbox],
                          start_new_session=True) as runs:
        report('beside barefrom mbox', filters(filter_argv))
        waits = locks(f'{folder}/a.db')
        report('the lock beside it', waits)
        os.killpg(runs.pid, 9)
    print(f'wait for the lock: {waits[-1] * 1000:.1f} ms at most, to be at most 100: '
          f'{"reached" if waits[-1] <= 0.1 else "MISSED"}')
