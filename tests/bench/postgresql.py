# SPDX-License-Identifier: GPL-3.0-or-later
"""postgresql.py PROGRAM [MESSAGES [ROUNDS]]: how fast barefrom-to-postgresql loads so many messages (a million, three
rounds) beside a plain COPY of the same lines of audit export into a table of one text without an index; and what a
row takes in SQLite and in PostgreSQL. Both write into the same cluster in turn, one of the script's own with the
settings as installed; ratios are those within a round. It needs 6 GB for a million.
"""
import os
import resource
import statistics
import subprocess
import sys
import time

program = os.environ['BAREFROM'] = os.path.abspath(sys.argv[1])
messages = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
HERE = os.path.dirname(os.path.abspath(__file__))
os.environ['SRCDIR'] = os.path.join(HERE, '../..')
sys.path.insert(0, os.path.join(HERE, '../postgresql'))
import lab  # pylint: disable=wrong-import-position

# As on a server with scope=domains: one message in twenty is forged, and changed.
ROWS = """PRAGMA synchronous = OFF;
BEGIN;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :messages)
INSERT INTO message (at, source, queue_id, message_id_header, envelope_from, client_address, verdict, reason,
       evidence, in_scope, action, outcome, size, from_before, from_after, head_before_sha256, head_after_sha256,
       policy, peer, helo, from_name, from_address, scope, host)
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 1790000000 + i * 2, 'unixepoch'), 'milter', printf('4dF%09dz', i),
       printf('<%s@mail.example.net>', lower(hex(randomblob(12)))), printf('user%d@mail.example.net', i % 3000),
       printf('192.0.2.%d', i % 250), iif(i % 2, 'anonymous', 'authenticated'), iif(i % 2, 'sasl-fact', 'login'),
       'session: no login', i % 20 = 1, iif(i % 20 = 1, 'stripped', 'kept'), 'answered', 4096 + i % 999,
       name || ' <' || address || '>', iif(i % 20 = 1, '', name || ' ') || address, lower(hex(randomblob(32))),
       lower(hex(randomblob(32))), lower(hex(zeroblob(32))), printf('192.0.2.%d', i % 250), 'mail.example.net', name,
       address, iif(i % 20 = 1, 'domains', NULL), 'mx1.example.org'
  FROM (SELECT i, printf('Person No%d', i % 3000) AS name, printf('person%d@corp.example', i % 3000) AS address FROM n);
INSERT INTO edit (message, field, nth, action, before, after, display_names, addresses, position)
SELECT id, 'From', 1, 'stripped', CAST('From: ' || from_before || char(10) AS BLOB),
       CAST('From: ' || from_after || char(10) AS BLOB), json_array(from_name), json_array(from_address), 400
  FROM message WHERE action = 'stripped';
INSERT INTO recipient SELECT id, printf('anna%d@corp.example', id % 300) FROM message;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);"""
COPY = r"COPY plain FROM STDIN (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"


def processor():
    """Seconds of all that has ended, here and in the server."""
    with open(os.path.join(server.data, 'postmaster.pid'), encoding='ascii') as pid, \
            open(f'/proc/{pid.readline().strip()}/stat', encoding='ascii') as stat:
        ticks = sum(int(field) for field in stat.read().split()[15:17])
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ticks / os.sysconf('SC_CLK_TCK') + usage.ru_utime + usage.ru_stime


def timed(function):
    """(seconds, of them processor time)"""
    start, before = time.monotonic(), processor()
    function()
    end = time.monotonic()
    time.sleep(1)  # until the backend is gone, and counted
    return end - start, processor() - before


def plain(site, audit):
    with subprocess.Popen((program, 'audit', 'export', '-c', '/dev/null', '-o', f'database={audit.path}'),
                          stdout=subprocess.PIPE) as export:
        subprocess.run(('psql', '-X', '-q', '-c', COPY), stdin=export.stdout, env=site.env('postgres'), check=True)


lab.SETTINGS = ''
server = lab.Server()
try:
    audit = lab.Audit(server.folder)
    db = audit.open()
    db.executescript(ROWS.replace(':messages', str(messages)))
    db.close()
    print(f'{messages} messages; SQLite: {os.stat(audit.path).st_size / messages:.0f} bytes a message')
    ratios, costs, rates = [], [], []
    for _ in range(rounds):
        site = lab.Site(server)
        site.sql('CREATE TABLE plain (line text)')
        site.sql('CHECKPOINT')
        one = timed(lambda: plain(site, audit))
        site.sql('CHECKPOINT')
        two = timed(lambda: site.loads(audit))
        if site.number_of('SELECT count(*) FROM message') != messages or site.number_of('SELECT count(*) FROM plain') != messages:
            sys.exit('rows are missing')
        ratios.append(one[0] / two[0])
        costs.append(one[1] / two[1])
        rates.append(messages / two[0])
        print(f'plain COPY {one[0]:.1f} s, the loader {two[0]:.1f} s: {ratios[-1]:.2f}; '
              f'of processor time {one[1]:.1f} s, {two[1]:.1f} s: {costs[-1]:.2f}')
        sizes = [site.number_of(f"SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits "
                                f"WHERE inhparent = '{table}'::regclass") for table in ('message', 'edit', 'recipient')]
        heap = site.number_of("SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'message'::regclass")
        line = site.number_of('SELECT sum(octet_length(line)) FROM plain')
        site.sql('DROP TABLE plain')
        subprocess.run((os.path.join(server.bin, 'dropdb'), site.database), env={**site.env('postgres'), 'PGDATABASE': ''}, check=True)
    print(f'the loader: {statistics.median(ratios):.2f} of a plain COPY, {statistics.median(rates):.0f} messages a second; '
          f'by processor time {statistics.median(costs):.2f}')
    print(f'PostgreSQL: {sum(sizes) / messages:.0f} bytes a message with its indexes (message {sizes[0] / messages:.0f}, of '
          f'which {heap / messages:.0f} without; edit {sizes[1] / messages:.0f}, recipient {sizes[2] / messages:.0f}); '
          f'a line of the export {line / messages:.0f}')
finally:
    server.close()
