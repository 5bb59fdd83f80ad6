# SPDX-License-Identifier: GPL-3.0-or-later
"""barefrom mbox --in-place stopped at each of its system calls, from the opening of the mailbox on:
by SIGKILL, by SIGTERM, and by a call that fails. Whenever that is: the mailbox is the old one or the
new one, whole; the new one is never there without its rows; the run tells how far it got; only
SIGKILL leaves a file behind; and the next run does what was left. The same of mbox --undo, which adds
no rows.
"""
import sys

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import collections
import os
import re
import signal
import sqlite3
import subprocess
import traceback

import harness
from harness import Site, Tap, exit_name

MISSED_AT_MOST = 10  # percent of the stops
SEPARATOR = b'From eve@evil.example Mon Jan  1 10:00:00 2024\n'
NAMED = b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nbody\n'
BARE = NAMED.replace(b'"Jane Doe, CEO" <ceo@corp.example>', b'ceo@corp.example')
# More than one read and one write, so that the mailbox can be cut.
LARGE = (b'0' * 63 + b'\n') * 6000
MESSAGES = 3
OLD, NEW = (b''.join(SEPARATOR + part + LARGE + b'\n' for _ in range(MESSAGES))
            for part in (NAMED, BARE))

CALL = re.compile(r'(\w+)\(')
OPENED = re.compile(r'openat\(.*/a\.mbox"')
# What a full disk, a quota or a broken device answers.
FAILS = {'write': 'ENOSPC', 'pwrite64': 'ENOSPC', 'fsync': 'EIO', 'fdatasync': 'EIO',
         'rename': 'EACCES', 'fchmod': 'EPERM', 'ftruncate': 'ENOSPC', 'utimensat': 'EPERM'}

Stop = collections.namedtuple('Stop', 'how call nth number of')


def argv(site):
    return [harness.program, '-c', site.path('empty'), 'mbox', '-o', 'database=' + site.database,
            '-o', 'trusted-by=mx.example.org', '-o', f'deadline={harness.DEADLINE}', '--in-place',
            site.path('a.mbox')]


def prepared():
    site = Site()
    site.make_database()
    with open(site.path('a.mbox'), 'wb') as out:
        out.write(OLD)
    return site


def undo_argv(site):
    return [*argv(site), '--undo']


def prepared_to_undo():
    site = prepared()
    run(site)
    return site


def run(site, *strace, command=None):
    return subprocess.run([*strace, *(command or argv(site))], env={'PATH': '/usr/bin:/bin', 'LANG': 'C'},
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, timeout=harness.PATIENCE, check=False)


def stops(undo=False):
    """One for each call and way to stop there. strace counts the calls of each thread by itself: a
    stop is at the nth call of the first that makes so many."""
    site = prepared_to_undo() if undo else prepared()
    trace = site.path('trace')
    done = run(site, 'strace', '-f', '-o', trace, command=undo_argv(site) if undo else None)
    with open(trace, encoding='utf-8', errors='replace') as file:
        words = [line.split(maxsplit=1) for line in file]
    lines = [(thread, CALL.match(call)[1], call) for thread, call in words
             if CALL.match(call) and not call.startswith('exit')]
    site.remove()
    first = next((i for i, line in enumerate(lines) if OPENED.match(line[2])), None)
    if done.returncode != 0 or first is None:
        raise RuntimeError('strace shows no run: ' + done.stderr.decode(errors='replace'))
    seen, found = collections.Counter(), {}
    for i, (thread, call, _) in enumerate(lines):
        seen[thread, call] += 1
        if i < first:
            continue
        for how in filter(None, ('KILL', 'TERM', FAILS.get(call))):
            stop = Stop(how, call, seen[thread, call], i - first + 1, len(lines) - first)
            found.setdefault(stop[:3], stop)
    return list(found.values())


def audit(site):
    """(status, messages, rows) of the runs, and whether the database is whole."""
    connection = sqlite3.connect(site.database)
    runs = connection.execute(
        'SELECT status, messages, (SELECT count(*) FROM message WHERE run = run.id) FROM run '
        'ORDER BY id').fetchall()
    whole = connection.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    connection.close()
    return runs, whole


def contents(site):
    with open(site.path('a.mbox'), 'rb') as file:
        return file.read()


def left_behind(site):
    return [name for name in os.listdir(site.folder)
            if name.endswith('.lock') or 'barefrom-' in name]


def check(site, stop):
    inject = f'signal={stop.how}' if stop.how in ('KILL', 'TERM') else f'error={stop.how}'
    done = run(site, 'strace', '-f', '-o', '/dev/null', '-e', f'trace={stop.call}', '-e',
               f'inject={stop.call}:{inject}:when={stop.nth}')
    mailbox, (runs, whole), left = contents(site), audit(site), left_behind(site)
    hit = done.returncode != 0
    troubles = []
    if mailbox not in (OLD, NEW):
        troubles.append(f'the mailbox has {len(mailbox)} octets of neither')
    if not whole:
        troubles.append('the database is damaged')
    if done.returncode == 0 and (mailbox != NEW or [r[0] for r in runs] not in (['done'], ['running'])):
        troubles.append(f'exit 0 with {runs}')
    if mailbox == NEW and [row[1:] for row in runs] != [(MESSAGES, MESSAGES)]:
        troubles.append(f'a new mailbox without its rows: {runs}')
    if any(messages != rows for _, messages, rows in runs):
        troubles.append(f'a run tells of other messages than it has: {runs}')
    if stop.how == 'KILL':
        for name in left:
            os.unlink(site.path(name))
    elif left:
        troubles.append(f'left behind: {left}')
    if stop.how == 'TERM' and hit and done.returncode != -15:
        troubles.append(f'exit {exit_name(done.returncode)} on SIGTERM: {done.stderr!r}')
    if stop.how not in ('KILL', 'TERM') and hit and not re.search(rb'barefrom: .', done.stderr):
        troubles.append('it failed without a word')

    again = run(site)
    runs, whole = audit(site)
    if again.returncode != 0 or contents(site) != NEW or runs[-1] != ('done', MESSAGES, MESSAGES):
        troubles.append(f'again: exit {exit_name(again.returncode)}, {again.stderr!r}, {runs}')
    if left_behind(site) or not whole:
        troubles.append('the next run leaves something behind')
    return hit, troubles


def check_undo(site, stop):
    inject = f'signal={stop.how}' if stop.how in ('KILL', 'TERM') else f'error={stop.how}'
    command = undo_argv(site)
    done = run(site, 'strace', '-f', '-o', '/dev/null', '-e', f'trace={stop.call}', '-e',
               f'inject={stop.call}:{inject}:when={stop.nth}', command=command)
    mailbox, (runs, whole), left = contents(site), audit(site), left_behind(site)
    hit = done.returncode != 0
    troubles = [mailbox not in (OLD, NEW) and f'the mailbox has {len(mailbox)} octets of neither',
                not whole and 'the database is damaged',
                mailbox == OLD and len(runs) < 2 and f'it was put back without a run: {runs}',
                done.returncode == 0 and mailbox != OLD and 'exit 0, but nothing was put back',
                sum(row[2] for row in runs) != MESSAGES and f'there are other rows: {runs}',
                stop.how != 'KILL' and left and f'left behind: {left}',
                hit and stop.how not in ('KILL', 'TERM') and not done.stderr and 'without a word']
    for name in left:
        os.unlink(site.path(name))
    again = run(site, command=command)
    if again.returncode != 0 or contents(site) != OLD:
        troubles.append(f'again: exit {exit_name(again.returncode)}, {again.stderr!r}')
    return hit, troubles


def run_undo_stop(stop):
    return run_stop(stop, prepared_to_undo, check_undo)


def run_stop(stop, prepare=prepared, look=check):
    site = prepare()
    try:
        return look(site, stop)
    except Exception:  # pylint: disable=broad-except
        return False, [traceback.format_exc()]
    finally:
        harness.leftovers(0)
        site.remove()


# strace fills up short process numbers with blanks.
STOPPED = re.compile(r'^(\d+) +--- stopped by SIGSTOP ---$', re.MULTILINE)


def paused(site, call, act, command):
    """(exit status, words) of a run that stands still after its first such call while act is done. A
    call that makes a thread will not do: strace may miss that it stands still."""
    trace = site.path('trace')
    strace = ['strace', '-f', '-o', trace, '-e', f'trace={call}', '-e',
              f'inject={call}:signal=STOP:when=1']
    with open(trace, 'wb'):
        pass

    def stopped():
        with open(trace, encoding='utf-8', errors='replace') as file:
            return STOPPED.search(file.read())

    with subprocess.Popen([*strace, *command], env={'PATH': '/usr/bin:/bin'},
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        try:
            harness.wait_for(lambda: stopped() or process.poll() is not None)
        except TimeoutError:
            harness.leftovers(0)
            raise
        if not stopped():
            raise RuntimeError(f'it made no {call}: {process.stderr.read()!r}')
        act()
        os.kill(int(stopped()[1]), signal.SIGCONT)
        words = process.stderr.read()
    return process.returncode, words


def grown(call):
    """A program that heeds no lock appends while the new mailbox is written, or brought to the disk."""
    site = prepared()

    def append():
        with open(site.path('a.mbox'), 'ab') as out:
            out.write(SEPARATOR + NAMED)

    try:
        status, words = paused(site, call, append, argv(site))
        troubles = []
        if status != 75 or b'changed it while it was being read' not in words:
            troubles.append(f'exit {exit_name(status)}: {words!r}')
        if contents(site) != OLD + SEPARATOR + NAMED:
            troubles.append('what was appended is lost')
        if left_behind(site) or audit(site)[0][-1][0] != 'failed':
            troubles.append(f'{left_behind(site)} left behind, runs {audit(site)[0]}')
        return troubles
    finally:
        site.remove()


def lock_taken():
    """Another program takes our lock for a left one, and makes its own."""
    site = prepared()
    lock = site.path('a.mbox.lock')

    def take():
        os.unlink(lock)
        with open(lock, 'wb'):
            pass

    try:
        status, words = paused(site, 'fsync', take, argv(site))
        return [not os.path.exists(lock) and 'its lock is gone', status and words]
    finally:
        site.remove()


def no_thread():
    """The rows are to be written by a thread, and there is none to be had."""
    site = prepared()
    try:
        done = run(site, 'strace', '-f', '-o', '/dev/null', '-e', 'trace=clone3', '-e',
                   'inject=clone3:error=EAGAIN')
        return [done.returncode != 74 and f'exit {exit_name(done.returncode)}: {done.stderr!r}',
                left_behind(site), contents(site) != OLD and 'the mailbox is another',
                audit(site)[0] != [('failed', 0, 0)] and audit(site)[0]]
    finally:
        site.remove()


MAILDIR = {f'cur/1.a,S={len(NAMED)}:2,S': NAMED, 'new/2.b': NAMED, 'cur/3.c:2,': BARE}


def prepared_maildir(undo=False):
    """(site, folder, command)"""
    site = Site()
    site.make_database()
    folder = site.path('md')
    for sub in 'cur', 'new', 'tmp':
        os.makedirs(os.path.join(folder, sub))
    for name, message in MAILDIR.items():
        with open(os.path.join(folder, name), 'wb') as out:
            out.write(message)
    command = [*argv(site)[:-1], folder]
    if undo:
        run(site, command=command)
        command += ['--undo']
    return site, folder, command


def moved():
    """A mail program moves a message that was read and not yet replaced."""
    site, folder, command = prepared_maildir()
    now, then = os.path.join(folder, 'new/2.b'), os.path.join(folder, 'cur/2.b:2,S')
    try:
        status, words = paused(site, 'fsync', lambda: os.rename(now, then), command)
        connection = sqlite3.connect(site.database)
        rows = connection.execute('SELECT action, outcome FROM message ORDER BY id').fetchall()
        connection.close()
        # It is met again in cur.
        return [(status != 1 or b'moved or deleted meanwhile' not in words) and words,
                rows != [('stripped', 'failed'), ('stripped', 'written'), ('stripped', 'written'),
                         ('kept', 'written')] and rows]
    finally:
        site.remove()


def told(site, how, changed):
    """What is wrong with what the history tells of so many changed messages, after a stop."""
    connection = sqlite3.connect(site.database)
    rows = collections.Counter(row[0] for row in connection.execute(
        "SELECT outcome FROM history WHERE action = 'stripped'"))
    connection.close()
    # Only who is killed cannot say how a message ended, whose row says so: pending.
    most = rows['written'] + (rows['pending'] if how == 'KILL' else 0)
    if not rows['written'] <= changed <= most or (how != 'KILL' and rows['pending']):
        yield f'{how}: {changed} messages were changed, but the history has {rows}'


def maildir(stop, undo=False):
    """A Maildir whose run is killed at a call: each message is the old one or the new one, once, and
    its row tells which."""
    site, folder, command = prepared_maildir(undo)
    strace = ['strace', '-f', '-o', '/dev/null', '-e', f'trace={stop.call}', '-e',
              f'inject={stop.call}:signal={stop.how}:when={stop.nth}']
    troubles, hit = [], False
    try:
        for prefix in strace, []:
            done = subprocess.run([*prefix, *command], env={'PATH': '/usr/bin:/bin'},
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                  timeout=harness.PATIENCE)
            hit = hit or done.returncode != 0
            found = {}
            for sub in 'cur', 'new':
                for name in os.listdir(os.path.join(folder, sub)):
                    with open(os.path.join(folder, sub, name), 'rb') as file:
                        found.setdefault(name.split(',')[0], []).append(file.read())
            if sorted(found) != ['1.a', '2.b', '3.c:2'] or any(
                    len(texts) != 1 or texts[0] not in (NAMED, BARE) for texts in found.values()):
                troubles.append(f'messages: {found}')
            changed = sum(texts == [BARE] for texts in found.values()) - 1
            rows = audit(site)[0]
            if undo:  # the third message is as one that was made bare, and so put back with them
                continue
            if changed > sum(row[2] for row in rows):
                troubles.append(f'{changed} messages were changed, but the audit has {rows}')
            if prefix:
                troubles += told(site, stop.how, changed)
        if done.returncode != 0 or changed != (-1 if undo else 2):
            troubles.append(f'again: exit {exit_name(done.returncode)}, {done.stderr!r}, {found}')
    except Exception:  # pylint: disable=broad-except
        troubles.append(traceback.format_exc())
    finally:
        site.remove()
    return hit, troubles


def maildir_undone(stop):
    return maildir(stop, True)


def main():
    harness.set_up()
    tap = Tap()
    try:
        points, undo_points = stops(), stops(True)
    except (OSError, RuntimeError) as error:
        tap.point('strace can follow barefrom mbox', error)
        tap.end()
        return
    missed = 0
    for stop, (hit, troubles) in zip(points, harness.in_parallel(run_stop, points)):
        missed += stop.how == 'KILL' and not hit
        tap.point(f'{stop.how} at call {stop.number} of {stop.of}, {stop.call}', *troubles)
    for stop, (hit, troubles) in zip(undo_points, harness.in_parallel(run_undo_stop, undo_points)):
        missed += stop.how == 'KILL' and not hit
        tap.point(f'undo: {stop.how} at call {stop.number} of {stop.of}, {stop.call}', *troubles)
    kills = [Stop(how, call, nth, 0, 0) for how in ('KILL', 'TERM') for call, most in
             (('renameat2', 4), ('unlink', 2), ('utimensat', 2), ('openat', 60), ('fsync', 4), ('write', 6),
              ('pwrite64', 12), ('close', 60), ('futex', 4)) for nth in range(1, most + 1)]
    for stop, (hit, troubles) in zip(kills, harness.in_parallel(maildir, kills)):
        tap.point(f'Maildir: {stop.how} at {stop.call} {stop.nth}'
                  f'{"" if hit else ": not called"}', *troubles)
    for stop, (hit, troubles) in zip(kills, harness.in_parallel(maildir_undone, kills)):
        tap.point(f'undo, Maildir: {stop.how} at {stop.call} {stop.nth}'
                  f'{"" if hit else ": not called"}', *troubles)
    tap.point('a mailbox that grows while it is read stays', *grown('writev'))
    tap.point('and while the new one is brought to the disk', *grown('fsync'))
    tap.point('a lock that is no longer ours stays', *lock_taken())
    tap.point('without a thread nothing is done, and nothing left', *no_thread())
    tap.point('a message of a Maildir that is moved meanwhile was not written', *moved())
    tap.point('hardly a call was missing', missed * 100 > MISSED_AT_MOST * len(points + undo_points)
              and f'{missed} of {len(points + undo_points)}')
    tap.end()


if __name__ == '__main__':
    main()
