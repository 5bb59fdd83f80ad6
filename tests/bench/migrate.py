# SPDX-License-Identifier: GPL-3.0-or-later
"""migrate.py PROGRAM [MESSAGES [KILLS]]: what it takes to migrate an audit of version 2 with so many messages
(a million).

1. The migration alone: audit init.
2. Ten filters at once, of which one migrates and the others wait: what the slowest takes. None may fail.
3. A filter with a deadline of a second, while another process holds the file: it must defer.
4. The migration killed at KILLS instants (12), spread over the time that it takes and some more: each time the
   file must be of one version or the other, with every row, and the next filter must go on.
A benchmark that fails where a row is lost. It needs three times the space of the file, about 2 GB for a million.
"""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

program = os.path.abspath(sys.argv[1])
messages = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 12
DUMP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'audit-v2.sql')
MAIL = b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nhi\n'
OLD, NEW = 2, 3

ROWS = """BEGIN;
DELETE FROM message;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :messages)
INSERT INTO message (at, source, queue_id, message_id_header, envelope_from, client_address, verdict, reason,
       evidence, in_scope, action, outcome, size, from_before, from_after, head_before_sha256,
       head_after_sha256, policy)
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 1750000000 + i * 20, 'unixepoch'), 'filter', printf('4dF%09dz', i),
       printf('<%d@mail.example.net>', i), 'bounce@mail.example.net', printf('192.0.2.%d', i % 250),
       iif(i % 5, 'anonymous', 'authenticated'), iif(i % 5, 'no-login', 'with'),
       'hop 0: by mx.example.org with ESMTP, no login', 1, iif(i % 5, 'stripped', 'kept'), 'sent', 4096 + i % 999,
       '"Jane Doe, CEO" <ceo@corp.example>', iif(i % 5, '', '"Jane Doe, CEO" ') || 'ceo@corp.example',
       lower(hex(randomblob(32))), lower(hex(randomblob(32))), (SELECT digest FROM policy) FROM n;
INSERT INTO edit (message, field, nth, action, before, after, display_names, addresses)
SELECT id, 'From', 1, 'stripped', CAST('From: "Jane Doe, CEO" <ceo@corp.example>' AS BLOB),
       CAST('From: ceo@corp.example' AS BLOB), '["Jane Doe, CEO"]', '["ceo@corp.example"]'
  FROM message WHERE action = 'stripped';
INSERT INTO recipient SELECT id, 'anna.berg@example.org' FROM message;
COMMIT;"""

FACTS = """SELECT count(*), sum(id * size), sum(id * unicode(head_before_sha256)), sum(length(queue_id)),
       (SELECT count(*) FROM edit WHERE message <= :last), (SELECT sum(message) FROM recipient WHERE message <= :last)
  FROM message WHERE id <= :last"""


def make(path):
    with open(DUMP, encoding='utf-8') as dump:
        db = sqlite3.connect(path)
        db.executescript(dump.read() + 'PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;')
    db.executescript(ROWS.replace(':messages', str(messages)))
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    last = db.execute('SELECT max(id) FROM message').fetchone()[0]
    db.close()
    return last


def copy(fresh, path):
    for end in '', '-wal', '-shm':
        if os.path.exists(path + end):
            os.unlink(path + end)
    shutil.copyfile(fresh, path)


def run(path, command, *rest):
    """The command, begun."""
    return subprocess.Popen((program, '-c', '/dev/null', *command.split(), '-o', f'database={path}', *rest),
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def look(path, last):
    """The version of the file, and the facts of its old rows."""
    with sqlite3.connect(path) as db:
        version = db.execute('PRAGMA user_version').fetchone()[0]
        facts = db.execute(FACTS, {'last': last}).fetchone()
        whole = db.execute("SELECT (SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'incidents')), "
                           "count(*) FROM pragma_table_info('message')").fetchone()
    db.close()
    if whole != {OLD: (0, 22), NEW: (2, 30)}.get(version):
        sys.exit(f'half of a migration: version {version}, {whole}')
    return version, facts


def filter_once(path):
    start = time.monotonic()
    child = run(path, 'filter')
    out, err = child.communicate(MAIL)
    if child.returncode or err or not out.startswith(b'From: ceo@corp.example\n'):
        sys.exit(f'a filter failed: {child.returncode} {err}')
    return time.monotonic() - start


def ten_filters(path):
    start = time.monotonic()
    children = [run(path, 'filter') for _ in range(10)]
    for child in children:
        child.stdin.write(MAIL)
        child.stdin.close()
    waiting, slowest = list(children), 0
    while waiting:
        for child in list(waiting):
            if child.poll() is not None:
                waiting.remove(child)
                slowest = time.monotonic() - start
                if child.returncode:
                    sys.exit(f'a filter failed: {child.stderr.read()}')
        time.sleep(0.001)
    return slowest


with tempfile.TemporaryDirectory() as folder:
    fresh, path = f'{folder}/fresh.db', f'{folder}/a.db'
    last = make(fresh)
    version, facts = look(fresh, last)
    print(f'{messages} messages of version {version}, {os.stat(fresh).st_size / 2 ** 20:.0f} MiB')

    copy(fresh, path)
    start = time.monotonic()
    child = run(path, 'audit init')
    child.communicate()
    alone = time.monotonic() - start
    if child.returncode or look(path, last) != (NEW, facts):
        sys.exit('the migration failed')
    db = sqlite3.connect(path)
    if db.execute('PRAGMA integrity_check').fetchone() != ('ok',) or db.execute('PRAGMA foreign_key_check').fetchone():
        sys.exit('the file is damaged')
    db.close()
    print(f'migrated alone in {alone:.2f} s; the file is whole')

    copy(fresh, path)
    slowest = ten_filters(path)
    if look(path, last) != (NEW, facts):
        sys.exit('rows are missing')
    print(f'ten filters at once: all pass, the slowest in {slowest:.2f} s')

    copy(fresh, path)
    held = sqlite3.connect(path, isolation_level=None)
    held.execute('BEGIN IMMEDIATE')
    child = run(path, 'filter', '-o', 'deadline=1', '-f', 'a@example.org', '--', 'b@example.org')
    out, err = child.communicate(MAIL)
    held.close()
    if child.returncode != 75 or b'4.3.0' not in out + err or look(path, last) != (OLD, facts):
        sys.exit(f'a filter that could not wait: {child.returncode} {out} {err}')
    print('one that may wait a second only, while the file is held: deferred, nothing changed')

    seen = {OLD: 0, NEW: 0}
    for nth in range(kills):
        copy(fresh, path)
        child = run(path, 'audit init')
        time.sleep(1.3 * alone * (nth + 0.5) / kills)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        version, now = look(path, last)
        seen[version] += 1
        if now != facts:
            sys.exit('rows are missing')
        filter_once(path)
        if look(path, last) != (NEW, facts):
            sys.exit('rows are missing after the next filter')
    print(f'killed at {kills} instants: {seen[OLD]} times of version {OLD}, {seen[NEW]} of version {NEW}, '
          'every row there, and the next filter goes on')
