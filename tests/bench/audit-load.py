# SPDX-License-Identifier: GPL-3.0-or-later
"""audit-load.py BUILD [ROWS]: what the audit bears, with the programs of the folder BUILD.

1. Ten writers at once write ROWS rows (20,000; an hour of a busy server's are 72,000) in all, each row as
   a filter does, with a connection of its own: the rows a second, what one of them takes, and how large
   the log becomes.
2. 20,000 rows beside a reader that holds one transaction all the time, and as many once it has gone.
3. Ten whole filters at once, for ten seconds: what one of them takes.
No error may come; each row must be there. A benchmark, no test.
"""
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

build = os.path.abspath(sys.argv[1])
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
BESIDE = 20000
WRITERS = 10
MESSAGE = b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nhi\n'


def quantiles(taken):
    taken, last = sorted(taken), len(taken) - 1
    return tuple(taken[last * percent // 100] for percent in (50, 99, 100))


def line(name, number, seconds, taken, log):
    median, most, worst = quantiles(taken)
    print(f'{name:28} {number:7} {number / seconds:7.0f} {median * 1000:9.1f} {most * 1000:8.1f} '
          f'{worst * 1000:8.1f} {log / 1024:8.0f}')
    return number / seconds


class Watch(threading.Thread):
    """The largest size of the log while it runs."""

    def __init__(self, database):
        super().__init__()
        self.log, self.largest, self.ends = f'{database}-wal', 0, threading.Event()
        self.start()

    def run(self):
        while not self.ends.wait(0.01):
            try:
                self.largest = max(self.largest, os.stat(self.log).st_size)
            except FileNotFoundError:
                pass

    def stop(self):
        self.ends.set()
        self.join()
        return self.largest


def write(database, number):
    """Seconds in all, the seconds of each row, the largest log."""
    watch, start = Watch(database), time.monotonic()
    writers = [subprocess.Popen((f'{build}/tests/audit-writer', database, str(number // WRITERS)),
                                stdout=subprocess.PIPE, text=True) for _ in range(WRITERS)]
    taken = [int(us) / 1e6 for writer in writers for us in writer.communicate()[0].split()]
    seconds = time.monotonic() - start
    if any(writer.returncode for writer in writers) or len(taken) != number:
        sys.exit('a writer failed')
    return seconds, taken, watch.stop()


def filters(database, seconds):
    argv = (f'{build}/barefrom', '-c', '/dev/null', 'filter', '-o', f'database={database}')
    taken, until = [], time.monotonic() + seconds

    def one_after_the_other():
        while time.monotonic() < until:
            start = time.monotonic()
            subprocess.run(argv, input=MESSAGE, stdout=subprocess.DEVNULL, check=True)
            taken.append(time.monotonic() - start)

    threads = [threading.Thread(target=one_after_the_other) for _ in range(WRITERS)]
    watch, start = Watch(database), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - start, taken, watch.stop()


with tempfile.TemporaryDirectory() as folder:
    path = f'{folder}/a.db'
    subprocess.run((f'{build}/barefrom', '-c', '/dev/null', 'audit', 'init', '-o', f'database={path}'),
                   check=True, stdout=subprocess.DEVNULL)
    print(f'{"ten at once":28} {"rows":>7} {"rows/s":>7} {"median ms":>9} {"99 % ms":>8} {"max ms":>8} '
          f'{"log KiB":>8}')
    used, each, log = write(path, rows)
    rate = line('writers', rows, used, each, log)
    reader = sqlite3.connect(path)
    reader.execute('BEGIN')
    reader.execute('SELECT count(*) FROM message').fetchone()
    used, each, log = write(path, BESIDE)
    line('beside a reader', BESIDE, used, each, log)
    seen = reader.execute('SELECT count(*) FROM message').fetchone()[0]
    reader.close()
    used, each, log = write(path, BESIDE)
    line('after it', BESIDE, used, each, log)
    used, each, log = filters(path, 10)
    line('whole filters', len(each), used, each, log)
    with sqlite3.connect(path) as check:
        kept = check.execute('SELECT count(*) FROM message').fetchone()[0]
        settled = check.execute("SELECT count(*) FROM message WHERE outcome = 'sent'").fetchone()[0]
    if (kept, settled, seen) != (rows + 2 * BESIDE + len(each), rows + 2 * BESIDE, rows):
        sys.exit(f'{kept} rows, {settled} settled, {seen} seen by the reader')
    print(f'\n{kept} rows, none lost, none pending; at least 400 rows a second: '
          f'{"reached" if rate >= 400 else "MISSED"}')
