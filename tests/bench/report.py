# SPDX-License-Identifier: GPL-3.0-or-later
"""report.py PROGRAM [MESSAGES]: how long audit report and audit metrics take over so many messages (a million),
all of its period.

1. As on a server: half of the messages with a login, of 3,000 people; half without, of which one in ten shows
   the name of one of these people on another address, and one in a hundred was changed for it.
2. What costs most: each message has a name of its own with a login, and each comes once more without one, on
   another address.
A benchmark, no test. It needs two times the space of the file, about 2 GB for a million.
"""
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

program = os.path.abspath(sys.argv[1])
messages = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000

ROWS = """BEGIN;
CREATE TEMP TABLE one AS
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :messages - 1)
SELECT i, i % 2 AS login, :person AS person, i % 20 = 0 OR :hostile AS posed, i % 200 = 0 AS changed FROM n;
INSERT INTO message (at, source, queue_id, message_id_header, envelope_from, client_address, verdict, reason,
       evidence, in_scope, action, outcome, size, from_before, from_after, head_before_sha256,
       head_after_sha256, policy, peer, received_at, from_name, from_address, scope, person)
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('-%d seconds', i % 2500000)), 'filter', printf('4dF%09dz', i),
       printf('<%d@mail.example.net>', i), 'bounce@mail.example.net', printf('192.0.2.%d', i % 250),
       iif(login, 'authenticated', 'anonymous'), iif(login, 'with', 'no-login'),
       'hop 0: by mx.example.org with ESMTP, no login', changed, iif(changed, 'stripped', 'kept'), 'sent', 4096,
       name || ' <' || address || '>', iif(changed, '', name || ' ') || address,
       lower(hex(randomblob(32))), lower(hex(randomblob(32))), NULL, '192.0.2.1',
       strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), name, address, iif(changed, 'directory', NULL),
       iif(changed, name, NULL)
  FROM (SELECT *, iif(login OR posed, printf('Person No%d', person), printf('Stranger No%d', i / 3)) AS name,
               iif(login, printf('person%d@corp.example', person), printf('x%d@freemail.example', i / 4)) AS address
          FROM one);
INSERT INTO edit (message, field, nth, action, before, after, display_names, addresses)
SELECT id, 'From', 1, 'stripped', CAST('From: ' || from_before AS BLOB), CAST('From: ' || from_after AS BLOB),
       json_array(from_name), json_array(from_address)
  FROM message WHERE action = 'stripped';
DROP TABLE one;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);"""


def make(path, hostile):
    subprocess.run((program, '-c', '/dev/null', 'audit', 'init', '-o', f'database={path}'), check=True,
                   stdout=subprocess.DEVNULL)
    db = sqlite3.connect(path)
    db.executescript('PRAGMA synchronous = OFF;' + ROWS.replace(':messages', str(messages))
                     .replace(':person', 'i / 2' if hostile else 'i / 2 % 3000').replace(':hostile', str(hostile)))
    db.close()


def measure(path, verb, output):
    """Seconds of processor time and of the clock, the median of three; and MiB of memory."""
    taken = []
    for _ in range(3):
        start = time.monotonic()
        child = subprocess.Popen((program, '-c', '/dev/null', 'audit', verb, '-o', f'database={path}',
                                  f'--output={output}'), stdout=subprocess.DEVNULL)
        status, used = os.wait4(child.pid, 0)[1:]
        child.returncode = status
        assert status == 0, verb
        taken.append((used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss / 1024))
    return sorted(taken)[1]


with tempfile.TemporaryDirectory() as folder:
    for hostile, name in enumerate(('as on a server', 'what costs most')):
        path = f'{folder}/{hostile}.db'
        make(path, hostile)
        for verb in ('report', 'metrics'):
            processor, clock, memory = measure(path, verb, f'{folder}/page')
            print(f'audit {verb}, {name}: {messages} messages, {os.stat(path).st_size / 2 ** 20:.0f} MiB: '
                  f'{processor:.1f} s of processor time, {clock:.1f} s in all, {memory:.0f} MiB of memory')
        os.unlink(path)
