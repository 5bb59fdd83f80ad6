# SPDX-License-Identifier: GPL-3.0-or-later
"""faults.py [TEST...]: loads that are killed, run at once, come from hosts built anew or find months gone. No
row is lost or there twice."""
import os
import signal
import stat
import time

from lab import Audit, barefrom, main, now, point, same, test, wait_until

ROWS = 4000
KILLS = 8  # of each kind

# In the place of psql: hands on so many statements, lets all of them be done, and kills psql. Not within the body
# of DO, where psql knows no command of its own.
CUT = r"""#!/usr/bin/env python3
import os, subprocess, sys, time
lines = sys.stdin.buffer.readlines()
ends = [n + 1 for n, line in enumerate(lines)
        if line.startswith(b'\\') or line.endswith(b';\n') and not line.startswith(b'\t')]
cut = int(os.environ['CUT'])
psql = subprocess.Popen([os.environ['REAL_PSQL'], *sys.argv[1:]], stdin=subprocess.PIPE)
if cut == len(ends):
    psql.communicate(b''.join(lines))
    sys.exit(psql.returncode)
psql.stdin.write(b''.join(lines[:ends[cut]]) + b'\\! : >$DONE\n')
psql.stdin.flush()
while not os.path.exists(os.environ['DONE']) and psql.poll() is None:
    time.sleep(0.01)
psql.kill()
psql.wait()
sys.exit(137)
"""


def backend(site):
    """The process that serves the loader, if any."""
    return site.sql("SELECT max(pid) FROM pg_stat_activity WHERE application_name = 'barefrom-to-postgresql' "
                    f"AND datname = '{site.database}'", ignore='')


def kill(pid):
    try:
        os.kill(int(pid), signal.SIGKILL)
    except (ProcessLookupError, ValueError):
        pass


def children(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as names:
            return names.read().split()
    except OSError:
        return []


def psql_of(loader):
    """The psql below the loader, which has subshells between."""
    waiting = [str(loader.pid)]
    while waiting:
        pid = waiting.pop()
        try:
            with open(f'/proc/{pid}/comm', encoding='ascii') as name:
                if name.read().strip() == 'psql':
                    return pid
        except OSError:
            continue
        waiting += children(pid)
    return ''


def whole(site, audit):
    """Whether what is there is what `loaded` says, and no half of it."""
    last = site.number_of(f"SELECT coalesce(max(last_id), 0) FROM loaded WHERE audit = '{audit.uuid}'")
    counts = [site.number_of(f"SELECT count(*) FROM {table} WHERE audit = '{audit.uuid}'")
              for table in ('message', 'edit', 'recipient')]
    return counts == [audit.sql(f'SELECT count(*) FROM {table} WHERE {name} <= ?', last)[0][0]
                      for table, name in (('message', 'id'), ('edit', 'message'), ('recipient', 'message'))]


def killed(site, what):
    """Kills the loader, its psql or its backend at instants spread over the time that a load takes."""
    audit = Audit(site.folder)
    audit.add(ROWS, run=None)
    start = time.monotonic()
    site.loads(audit)
    taken = time.monotonic() - start
    good = ended = whole_loads = 0
    for n in range(KILLS):
        audit.add(ROWS // 2)
        audit.sql("INSERT INTO run (started_at, command, version, status) VALUES (?, 'mbox', '1', 'done')", now())
        loader = site.begin_load(audit)
        time.sleep(taken * 1.2 * (n + 0.5) / KILLS)
        if what == 'loader':
            kill(loader.pid)
        elif what == 'psql':
            kill(psql_of(loader))
        elif what == 'group':
            os.killpg(loader.pid, signal.SIGKILL)
        else:
            kill(backend(site))
        loader.communicate()
        ended += loader.returncode in (0, 75, -signal.SIGKILL)
        wait_until(lambda: backend_gone(site), 'the end of the backend')
        good += whole(site, audit)
        whole_loads += site.number_of(f"SELECT last_id FROM loaded WHERE audit = '{audit.uuid}'") == audit.last_id()
    print(f'# {whole_loads} of the loads were through')
    point(f'{what} killed at {KILLS} instants: it ends as it should', ended, KILLS)
    point(f'{what} killed: each time all of a load is there or nothing', good, KILLS)
    site.loads(audit)
    same(f'{what} killed: at last each row is there', site, audit)


@test
def each_statement(site):
    """psql killed after each line of what the loader has it do"""
    audit = Audit(site.folder)
    tools, done = os.path.join(site.folder, 'tools'), os.path.join(site.folder, 'done')
    os.mkdir(tools)
    with open(os.path.join(tools, 'psql'), 'w', encoding='utf-8') as out:
        out.write(CUT)
    os.chmod(os.path.join(tools, 'psql'), stat.S_IRWXU)
    good = whole_loads = cut = 0
    status = 75
    while status == 75:
        audit.add(20)
        audit.sql("INSERT INTO run (started_at, command, version, status) VALUES (?, 'mbox', '1', 'done')", now())
        status, _, _ = site.load(audit, PATH=tools + ':' + site.env()['PATH'], REAL_PSQL=site.server.bin + '/psql',
                                 CUT=str(cut), DONE=done)
        if os.path.exists(done):
            os.unlink(done)
        wait_until(lambda: backend_gone(site), 'the end of the backend')
        good += whole(site, audit)
        whole_loads += site.number_of('SELECT coalesce(max(last_id), 0) FROM loaded') == audit.last_id()
        cut += 1
    point('each time all of a load is there or nothing', (status, cut > 15, good), (0, True, cut))
    point('all of it after COMMIT alone, after the line behind it, and without a kill', whole_loads, 3)
    site.loads(audit)
    same('at last each row is there', site, audit)


def backend_gone(site):
    """Once no backend of a loader is left; the server may be on its way up again."""
    try:
        return backend(site) == ''
    except RuntimeError:
        return False


@test
def kill_loader(site):
    """the loader killed"""
    killed(site, 'loader')


@test
def kill_psql(site):
    """its psql killed"""
    killed(site, 'psql')


@test
def kill_group(site):
    """all of it killed"""
    killed(site, 'group')


@test
def kill_backend(site):
    """its backend killed, and with it every session of the server"""
    killed(site, 'backend')


@test
def at_once(site):
    """several loads at once, of one audit and of others, while rows are written"""
    audits = [Audit(site.folder, name, name) for name in ('mx1', 'mx2', 'mx3')]
    for n in range(4):
        for audit in audits:
            audit.add(700, at=f'2026-{n + 5:02}-01T00:00:00.000Z')
        loaders = [site.begin_load(audit) for audit in audits for _ in range(3)]
        for audit in audits:
            audit.add(300, at=f'2026-{n + 5:02}-02T00:00:00.000Z')
        ends = [(*loader.communicate(), loader.returncode)[1:] for loader in loaders]
        point(f'{n + 1}: all are well', ends, [('', 0)] * len(loaders))
    site.loads(*audits)
    for audit in audits:
        same(f'each row of {audit.host} is there', site, audit)
    point('in partitions that were made once', site.months(), [f'message_2026_{m:02}' for m in range(5, 9)])


def remove(audit):
    for end in '', '-wal', '-shm':
        if os.path.exists(audit.path + end):
            os.unlink(audit.path + end)


@test
def rebuilt(site):
    """a host that begins anew, and one that is restored"""
    audit = Audit(site.folder, 'a', 'mx1')
    audit.add(300)
    site.loads(audit)
    remove(audit)
    again = Audit(site.folder, 'a', 'mx1')
    again.add(200)
    site.loads(again)
    same('the rows of the new file are there', site, again)
    point('beside those of the old one', site.number_of("SELECT count(*) FROM message WHERE host = 'mx1'"), 500)
    options = ('-c', '/dev/null', '-o', f'database={again.path}')
    barefrom('audit', 'backup', *options, again.path + '.backup')
    again.add(50)
    site.loads(again)
    done = barefrom('audit', 'restore', *options, again.path + '.backup')
    again.add(70)
    site.loads(again)
    point('restored from a backup: what came after it is still there, and what comes now',
          (done.returncode, site.number_of(f"SELECT count(*) FROM message WHERE audit = '{again.uuid}'")), (0, 320))
    remove(again)
    Audit(site.folder, 'a', 'mx1')
    done = barefrom('audit', 'restore', *options, again.path + '.backup')
    again.add(40)
    site.loads(again)
    point('and onto a file that was made anew',
          (done.returncode, site.number_of(f"SELECT count(*) FROM message WHERE audit = '{again.uuid}'")), (0, 360))


@test
def months_gone(site):
    """months dropped, by keep_months, by hand, and detached"""
    audit = Audit(site.folder)
    for month in range(1, 13):
        audit.add(10, at=f'2025-{month:02}-15T00:00:00.000Z')
    for started, ended, status in (('2025-01-01', '2025-01-02', 'done'), ('2025-02-01', None, 'running'), (now()[:10], None, 'running')):
        audit.sql("INSERT INTO run (started_at, finished_at, command, version, status) VALUES (?, ?, 'mbox', '1', ?)",
                  started + 'T00:00:00.000Z', ended and ended + 'T00:00:00.000Z', status)
    site.loads(audit)
    same('all are there', site, audit)
    age = site.number_of("SELECT (extract(year FROM now() AT TIME ZONE 'UTC') - 2025) * 12 + "
                         "extract(month FROM now() AT TIME ZONE 'UTC')::int - 7")
    site.sql(f'CALL keep_months({age})')
    left = [f'_2025_{month:02}' for month in range(7, 13)]
    for table in 'message', 'edit', 'recipient':
        point(f'keep_months drops the months of {table} before', site.months(table), [table + month for month in left])
    point('and the runs', site.sql("SELECT string_agg(id::text, ' ') FROM run"), '3')
    site.loads(audit)
    point('a load brings none back', (site.months(), site.number_of('SELECT count(*) FROM message'),
                                      site.sql("SELECT string_agg(id::text, ' ') FROM run")),
          (['message' + month for month in left], 60, '3'))
    site.sql('DROP TABLE message_2025_07, edit_2025_07, recipient_2025_07')
    for table in 'message', 'edit', 'recipient':
        site.sql(f'ALTER TABLE {table} DETACH PARTITION {table}_2025_08')
    audit.add(5, at='2025-07-20T00:00:00.000Z')
    audit.add(7, at='2025-08-20T00:00:00.000Z')
    audit.add(9, at='2026-03-20T00:00:00.000Z')
    site.loads(audit)
    point('months dropped or detached take what comes late', site.number_of('SELECT count(*) FROM message'), 61)
    point('a name that is taken gets another', site.months('edit')[:2], ['edit_2025_07', 'edit_2025_08_again'])
    audit.add(7, at='2025-08-21T00:00:00.000Z')
    site.loads(audit)
    point('and keeps it', (len(site.months()), site.number_of('SELECT count(*) FROM message')), (7, 68))
    audit.sql('DELETE FROM message')
    audit.add(3, at=now())
    site.loads(audit)
    point('a host that prunes takes none away', site.number_of('SELECT count(*) FROM message'), 71)
    site.sql('CALL keep_months(0)')
    point('keep_months(0) keeps the month that is', site.number_of('SELECT count(*) FROM message'), 3)
    site.loads(audit)
    point('and no load brings any back', site.number_of('SELECT count(*) FROM message'), 3)
    point('bad numbers', ['how many months to keep' in site.error(f'CALL keep_months({n})') for n in ('-1', 'NULL')], [True] * 2)
    status, _, err = site.load(audit)
    point('at the end a load is well', (status, err), (0, ''))


def stand_in(site, lines):
    """A barefrom that does as these lines of shell say in its second export of messages."""
    path = os.path.join(site.folder, 'stand-in')
    with open(path, 'w', encoding='utf-8') as out:
        out.write(f'#!/bin/sh\ncase "$*" in *--since-id*) ;; *) exec "$REAL" "$@" ;; esac\n{lines}\n')
    os.chmod(path, stat.S_IRWXU)
    return path


@test
def export_fails(site):
    """an export that fails, is cut or killed, or of another audit"""
    audit, other = Audit(site.folder), Audit(site.folder, 'other')
    audit.add(100)
    other.add(100)
    site.loads(audit)
    audit.add(100)
    real = os.environ['BAREFROM']
    for name, lines, status, words in (
            ('it fails', '"$REAL" "$@" | head -n 50; echo broken >&2; exit 74', 74, 'broken\n'),
            ('it is killed', '"$REAL" "$@" | head -n 50; kill -9 $$', 75, 'nothing was loaded'),
            ('a line is cut', '"$REAL" "$@" | head -c 5000', 65, 'rejected a row'),
            ('the file was replaced', '"$REAL" audit export -c /dev/null -o database=' + other.path, 75, 'the audit was replaced'),
            ('a time is none', '"$REAL" "$@" | sed \'3s/"at":"[^"]*"/"at":"never"/\'', 65, 'never'),
            ('it comes again', '"$REAL" audit export -c /dev/null -o database=' + audit.path, 65, 'its table loaded does not know')):
        found, out, err = site.load(audit, BAREFROM=stand_in(site, lines), REAL=real)
        point(f'{name}: {words.strip()}', (found, out, words in err), (status, '', True))
        point(f'{name}: nothing was loaded', site.number_of('SELECT count(*) FROM message'), 100)
    site.load(audit, BAREFROM=stand_in(site, '"$REAL" "$@" | head -n 30'), REAL=real)
    point('it ends early, and well: so far it is there', site.number_of('SELECT count(*) FROM message'), 130)
    site.loads(audit, other)
    same('the rest follows', site, audit)
    same('that of the other too', site, other)


main()
