# SPDX-License-Identifier: GPL-3.0-or-later
"""No message goes through without its row, whatever is wrong with the audit; and the same process
goes on once it is well again."""
import contextlib
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import threading

import mta
from lab import (BARE, FORGED, PATIENCE, Milter, begin_message, end_message, lock, main, outcome,
                 parallel, point, test, wait_until)

LOCKED = '451 4.3.0 barefrom: audit database is locked'
FULL = '451 4.3.0 barefrom: audit database is full'
READ_ONLY = '451 4.3.0 barefrom: audit database is not writable'
FOREIGN = "451 4.3.0 barefrom: audit database is damaged, or another program's"
APART = ('451 4.3.0 barefrom: the audit and its -wal do not belong together: '
         'run barefrom audit restore')
NEWER = '451 4.3.0 barefrom: audit database was made by a newer version'
MISSING = '451 4.3.0 barefrom: audit database directory does not exist'
# Root obeys modes then.
POWERLESS = (('setpriv', '--inh-caps=-all', '--bounding-set=-all') if os.geteuid() == 0 else ())


def several(milter, name, wanted, number=10):
    """So many sessions at once, each with a message: all get that answer, and nothing goes
    through."""
    found = []

    def send(queue_id):
        answer = milter.send(queue_id=queue_id)
        found.append((outcome(answer), answer.head == FORGED))

    before = milter.log().count(': deferred: ')
    parallel(*(lambda n=n: send(f'4{name[:3].upper()}{n}') for n in range(number)))
    point(f'{name}: all are told to come again', found, [(wanted, True)] * number)
    point(f'{name}: in words that anybody may read',
          re.fullmatch(r"451 4\.3\.0 barefrom: (the audit|audit database) [a-z', :-]+", wanted)
          is not None)
    point(f'{name}: the log says more', milter.log().count(': deferred: ') - before, number)


def well(milter, name, rows=None):
    """The audit is well again."""
    answer = milter.send(queue_id='4WELL')
    point(f'{name}: it goes on', (outcome(answer), answer.head), ('accepted', BARE))
    row = milter.row()
    point(f'{name}: with a row', (row['queue_id'], row['outcome']), ('4WELL', 'answered'))
    if rows is not None:
        point(f'{name}: and none of the others', milter.count(), rows + 1)
    point(f'{name}: the audit is whole', milter.is_whole())


@test
def locked():
    """the audit is locked for longer than the deadline"""
    with Milter(deadline='1') as milter:
        milter.send()
        with lock(milter):
            several(milter, 'locked', LOCKED)
            point('locked: rows', milter.count(), 1)
        well(milter, 'locked', 1)
        # For less than the deadline.
    with Milter(deadline='600') as milter:
        milter.send()
        with lock(milter):
            sessions = [milter.session() for _ in range(10)]
            for number, session in enumerate(sessions):
                begin_message(session, f'4A{number}')
            # All of it is there once another one, who came later, is served.
            with milter.session() as other:
                other.raw(mta.packet('B'))
                other.read_reply()
            for session in sessions:
                session.socket.setblocking(False)
            early = 0
            for session in sessions:
                with contextlib.suppress(BlockingIOError):
                    early += len(session.socket.recv(1))
                session.socket.settimeout(PATIENCE)
            point('none is answered while it is locked', (early, milter.count()), (0, 1))
        point('all are once it is not', [end_message(session) for session in sessions],
              ['accepted'] * 10)
        point('and all have rows', milter.count(), 11)
        for session in sessions:
            session.close()


@test
def full():
    """the disk is full"""
    with Milter() as milter:
        milter.send()
        # No file of it grows any more.
        no_more = os.path.getsize(milter.database + '-wal')
        unlimited = resource.prlimit(milter.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(milter.pid, resource.RLIMIT_FSIZE, (no_more, unlimited[1]))
        several(milter, 'full', outcome(milter.send()))
        resource.prlimit(milter.pid, resource.RLIMIT_FSIZE, unlimited)
        well(milter, 'full', 1)
    if os.geteuid() == 0:
        milter = Milter(start=False)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=2m', 'barefrom-test',
                        milter.audit_folder], check=True)
        try:
            milter.start()
            milter.send()
            with contextlib.suppress(OSError), open(milter.audit_folder + '/x', 'wb') as file:
                while True:
                    file.write(b'x' * 65536)
                    file.flush()
            with contextlib.suppress(OSError), open(milter.audit_folder + '/y', 'wb',
                                                    buffering=0) as file:
                while True:
                    file.write(b'x')
            # What was allotted before may still take a few.
            accepted = 0
            while milter.send(queue_id='4FEW').accepted:
                accepted += 1
            several(milter, 'full disk', FULL)
            os.unlink(milter.audit_folder + '/x')
            well(milter, 'full disk', 1 + accepted)
            milter.close()
        finally:
            milter.close()
            subprocess.run(['umount', '-l', milter.audit_folder], check=True)


def replace(milter, make):
    """Puts another file where the audit was, made by `make`; the old one is kept."""
    old = milter.audit_folder + '.old'
    os.rename(milter.audit_folder, old)
    os.mkdir(milter.audit_folder)
    make(milter.database)
    return old


def put_back(milter, old):
    """The audit as it was before replace()."""
    os.chmod(milter.audit_folder, 0o755)
    shutil.rmtree(milter.audit_folder)
    os.rename(old, milter.audit_folder)


def database(path, *statements):
    """Makes one."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


@test
def read_only():
    """the audit may not be written"""
    with Milter(command=POWERLESS) as milter:
        milter.send()

        def make(path):
            for suffix in '', '-wal':
                shutil.copy(milter.audit_folder + '.old/audit.db' + suffix, path + suffix)
                os.chmod(path + suffix, 0o444)
            os.chmod(milter.audit_folder, 0o555)

        old = replace(milter, make)
        several(milter, 'read-only', outcome(milter.send()))
        os.chmod(milter.audit_folder, 0o755)
        several(milter, 'read-only file', READ_ONLY)
        for name in os.listdir(milter.audit_folder):
            os.chmod(f'{milter.audit_folder}/{name}', 0o644)
        well(milter, 'read-only', 1)
        # A folder in which nothing can be made.
        put_back(milter, old)
        well(milter, 'put back', 1)
        old = replace(milter, lambda path: os.chmod(milter.audit_folder, 0o555))
        several(milter, 'read-only folder', READ_ONLY)
        put_back(milter, old)
        well(milter, 'put back again', 2)


@test
def gone():
    """the audit is gone, or another file stands there"""
    with Milter() as milter:
        milter.send(queue_id='4OLD')
        old = milter.audit_folder + '.old'
        os.rename(milter.audit_folder, old)
        several(milter, 'no folder', MISSING)
        os.mkdir(milter.audit_folder)
        well(milter, 'a new folder', 0)
        put_back(milter, old)
        well(milter, 'the old one', 1)

        # The file alone: another one is made, as at the first start.
        for suffix in '', '-wal', '-shm':
            os.rename(milter.database + suffix, f'{milter.folder}/kept{suffix}')
        well(milter, 'no file', 0)

        other = f'{milter.folder}/other'
        with Milter() as another:
            another.send(queue_id='4OTHER')
            another.close()
            shutil.copytree(another.audit_folder, other)
        shutil.rmtree(milter.audit_folder)
        os.rename(other, milter.audit_folder)
        well(milter, "another's audit", 1)
        point("another's audit: with what was in it", milter.count("queue_id = '4OTHER'"), 1)

        for name, make, wanted in (
                ('not a database', lambda path: shutil.copy(__file__, path), APART),
                ('an empty folder of that name', os.mkdir, None),
                ("another program's", lambda path: database(path, 'CREATE TABLE t (x)'), FOREIGN),
                ('a newer version', lambda path: database(
                    path, 'PRAGMA application_id = 0x42524652', 'PRAGMA user_version = 99',
                    'CREATE TABLE t (x)'), NEWER),
                ('a link', lambda path: os.symlink('/dev/null', path), None),
                ('a fifo', os.mkfifo, None)):
            rows = milter.count()
            old = replace(milter, make)
            if wanted is None:
                wanted = outcome(milter.send())
                point(f'{name}: come again', wanted.startswith('451 4.3.0 barefrom: audit database'))
            several(milter, name, wanted)
            put_back(milter, old)
            well(milter, f'after {name}', rows)


@test
def migrated():
    """a newer version, or another program, takes the file over while the process has it open"""
    with Milter() as milter:
        milter.send()
        for name, pragma, wanted in (('migrated', 'user_version = 99', NEWER),
                                     ('taken over', 'application_id = 1', FOREIGN)):
            rows = milter.count()
            database(milter.database, f'PRAGMA {pragma}')
            several(milter, name, wanted)
            mark, _, number = pragma.split()
            point(f'{name}: it stays so', milter.query(f'PRAGMA {mark}'), [{mark: int(number)}])
            database(milter.database, 'PRAGMA user_version = 3',
                     'PRAGMA application_id = 0x42524652')
            well(milter, f'after {name}', rows)


@test
def cut():
    """the file is emptied, or cut, under the process"""
    for name, size in ('emptied', 0), ('cut', 8192):
        with Milter() as milter:
            for _ in range(150):  # its log has been moved
                milter.send()
            os.truncate(milter.database, size)
            answers = [outcome(milter.send(queue_id=f'4A{n}')) for n in range(150)]
            passed = [n for n, answer in enumerate(answers) if answer == 'accepted']
            print(f'# {name}: {len(passed)} of {len(answers)} passed')
            rows = set()
            with contextlib.suppress(sqlite3.DatabaseError):
                rows = {row['queue_id'] for row in milter.query('SELECT queue_id FROM message')}
            point(f'{name}: none passes without a row that can be read',
                  [n for n in passed if f'4A{n}' not in rows], [])


@test
def removed():
    """the log is moved away, or emptied, under the process"""
    for name, ends in ('the log away', ['-wal']), ('the log and its index away', ['-wal', '-shm']):
        with Milter() as milter:
            well(milter, f'before {name}', 0)
            rows = milter.count()
            for end in ends:
                os.rename(milter.database + end, milter.database + end + '.old')
            several(milter, name, APART)
            for end in ends:
                os.rename(milter.database + end + '.old', milter.database + end)
            well(milter, f'after {name}', rows)
    with Milter() as milter:
        milter.send()
        os.truncate(milter.database + '-wal', 0)
        several(milter, 'the log emptied', APART)
        several(milter, 'the log emptied, later', APART)


@test
def poison():
    """a row that cannot be written does not fail those beside it"""
    with Milter(deadline='600') as milter:
        milter.send()
        with contextlib.closing(sqlite3.connect(milter.database)) as db:
            db.execute("CREATE TRIGGER poison BEFORE INSERT ON message "
                       "WHEN NEW.queue_id LIKE '4BAD%' BEGIN SELECT raise(ABORT, 'poison'); END")
        sessions = []
        with lock(milter):
            for number in range(30):
                sessions.append(milter.session())
                begin_message(sessions[-1], f'4BAD{number}' if number % 7 == 3 else f'4A{number}')
            # All of them are there once this one is behind them.
            sessions.append(milter.session())
            begin_message(sessions[-1], '4LAST')
        found = [end_message(session) for session in sessions]
        point('each gets what is its', found,
              ['451 4.3.0 barefrom: audit database cannot be used' if number % 7 == 3
               else 'accepted' for number in range(30)] + ['accepted'])
        rows = milter.query('SELECT queue_id FROM message WHERE id > 1')
        point('and its row, once', sorted(row['queue_id'] for row in rows), sorted(
            [f'4A{number}' for number in range(30) if number % 7 != 3] + ['4LAST']))
        for session in sessions:
            session.close()
        several(milter, 'bad', '451 4.3.0 barefrom: audit database cannot be used')
        with contextlib.closing(sqlite3.connect(milter.database)) as db:
            db.execute('DROP TRIGGER poison')
        well(milter, 'poison', 28)


@test
def killed():
    """kill -9 under 50 sessions, six times"""
    milter = Milter()
    answered, lost = [], []
    total = 0
    for turn in range(6):
        stop = threading.Event()
        done = []

        def run(number):
            with contextlib.suppress(mta.ProtocolError, OSError):
                with milter.session() as session:
                    count = 0
                    while not stop.is_set():
                        count += 1
                        queue_id = f'4{turn}S{number}N{count}'  # pylint: disable=W0640
                        answer = session.send_message(FORGED, queue_id=queue_id)
                        if not answer.accepted or answer.head != BARE:
                            lost.append((queue_id, outcome(answer)))
                        done.append(queue_id)  # pylint: disable=W0640

        threads = [threading.Thread(target=run, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(done) >= 300, 'answers')  # pylint: disable=W0640
        milter.kill()
        stop.set()
        for thread in threads:
            thread.join()
        answered += done
        point(f'turn {turn}: the audit is whole', milter.is_whole())
        rows = [row['queue_id'] for row in milter.query('SELECT queue_id FROM message')]
        point(f'turn {turn}: a row of each that was answered',
              [queue_id for queue_id in answered if queue_id not in set(rows)], [])
        point(f'turn {turn}: none twice', len(rows) - len(set(rows)), 0)
        point(f'turn {turn}: of the others at most one a session', len(rows) - len(answered)
              <= 50 * (turn + 1))
        total = len(answered)
        milter.start()
    point('all were answered well', lost, [])
    print(f'# {total} messages')
    answer = milter.send()
    point('it goes on', (outcome(answer), answer.head), ('accepted', BARE))
    milter.close()


if __name__ == '__main__':
    main()
