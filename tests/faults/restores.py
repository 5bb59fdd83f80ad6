# SPDX-License-Identifier: GPL-3.0-or-later
"""barefrom audit restore and audit backup stopped at each of their system calls that changes a file,
from the opening of theirs on: by SIGKILL, and by a call that fails. Whenever that is: the audit holds the old
content or the new, whole, and takes mail as it did before or as it should; a file that could not be
restored into is where it was or under its new name, byte for byte; a backup is whole or not there;
and run again it does what was left, and leaves nothing behind.
"""
import sys

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import collections
import glob
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import traceback

import harness
from harness import BODY, HEAD, Site, Tap, exit_name

OLD, NEW = 5, 3  # rows of the audit, and of the backup
MISSED_AT_MOST = 10  # percent of the stops
PAGES_FAIL = 8  # of so many writes of pages, one is let fail
CALL = re.compile(r'(\w+)\(')
FAILS = {'write': 'ENOSPC', 'pwrite64': 'ENOSPC', 'fsync': 'EIO', 'fdatasync': 'EIO',
         'rename': 'EACCES', 'link': 'EPERM', 'renameat2': 'EACCES', 'fchmod': 'EPERM', 'ftruncate': 'EIO',
         'openat': 'EMFILE', 'flock': 'EAGAIN', 'unlink': 'EACCES'}
APART = b'the audit and its -wal do not belong together: run barefrom audit restore'

Stop = collections.namedtuple('Stop', 'scenario how call nth number of')


def run(site, *arguments, prefix=(), **more):
    return subprocess.run([*prefix, harness.program, '-c', site.path('empty'), *arguments, '-o',
                           'database=' + site.database], env={'PATH': '/usr/bin:/bin', 'LANG': 'C'},
                          capture_output=True, timeout=harness.PATIENCE, check=False, **more)


def mail(site):
    return run(site, 'filter', input=HEAD + BODY)


def digest(path):
    try:
        with open(path, 'rb') as file:
            return hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return None


def rows(path):
    """How many messages; read from a copy."""
    folder = path + '.copy'
    os.mkdir(folder)
    try:
        for end in '', '-wal', '-journal':
            if os.path.exists(path + end):
                shutil.copy(path + end, os.path.join(folder, 'a.db' + end))
        connection = sqlite3.connect(os.path.join(folder, 'a.db'))
        try:
            if connection.execute('PRAGMA integrity_check').fetchone() != ('ok',):
                return 'damaged'
            return connection.execute('SELECT count(*) FROM message').fetchone()[0]
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            connection.close()
    finally:
        shutil.rmtree(folder)


def live(site):
    for _ in range(OLD):
        mail(site)


def none(site):
    for path in glob.glob(site.database + '*'):
        os.unlink(path)


def cut(site):
    live(site)
    run(site, 'audit', 'checkpoint')
    mail(site)
    os.truncate(site.database, 8192)


def no_file(site):
    live(site)
    os.unlink(site.database)


def text(site):
    live(site)
    with open(site.database, 'wb') as out:
        out.write(b'x' * 5000)


SCENARIOS = {'live': live, 'none yet': none, 'cut': cut, 'no file': no_file, 'text': text,
             'backup': live}
DAMAGED = {'cut', 'no file', 'text'}


MODELS = {}  # a folder with the files of each scenario


def prepared(scenario):
    """A place with a copy of its files, which are made once."""
    if scenario not in MODELS:
        MODELS[scenario] = made(scenario).folder
    site = Site()
    shutil.rmtree(site.audit)
    shutil.copytree(os.path.join(MODELS[scenario], 'audit'), site.audit)
    if os.path.exists(os.path.join(MODELS[scenario], 'backup.db')):
        shutil.copy(os.path.join(MODELS[scenario], 'backup.db'), site.folder)
    return site


def made(scenario):
    site = Site()
    site.make_database()
    for _ in range(NEW):
        mail(site)
    done = run(site, 'audit', 'backup', site.path('backup.db'))
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    for path in glob.glob(site.database + '*'):
        os.unlink(path)
    SCENARIOS[scenario](site)
    if scenario == 'backup':
        os.unlink(site.path('backup.db'))
    return site


def command(site, scenario):
    return ['audit', 'backup' if scenario == 'backup' else 'restore', site.path('backup.db')]


def stops():
    for scenario in SCENARIOS:
        site = prepared(scenario)
        trace = site.path('trace')
        done = run(site, *command(site, scenario), prefix=['strace', '-s', '0', '-o', trace])
        with open(trace, encoding='utf-8', errors='replace') as file:
            lines = [line for line in file if CALL.match(line)]
        site.remove()
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        seen = collections.Counter()
        begun = False
        for i, line in enumerate(lines):
            call = CALL.match(line)[1]
            seen[call] += 1
            begun = begun or call in ('readlink', 'flock')  # realpath(3), or its own file
            if not begun or call not in FAILS:
                continue
            yield Stop(scenario, 'KILL', call, seen[call], i + 1, len(lines))
            if call != 'pwrite64' or seen[call] % PAGES_FAIL == 0:
                yield Stop(scenario, 'fails', call, seen[call], i + 1, len(lines))


def files(site):
    return sorted(name for name in os.listdir(site.audit) if not name.endswith(('-wal', '-shm')))


def old_is_there(site, before):
    """The files of a damaged audit, where they were or moved."""
    for end, old in before.items():
        places = [site.database + end, *glob.glob(site.database + '.damaged-*' + end)]
        if old and old not in [digest(place) for place in places]:
            return False
    return True


def check_backup(site, troubles):
    file = site.path('backup.db')
    if os.path.exists(file) and rows(file) != OLD:
        troubles.append(f'a backup of {rows(file)}')
    if os.path.exists(file):
        os.unlink(file)
    again = run(site, 'audit', 'backup', file)
    if again.returncode != 0 or rows(file) != OLD:
        troubles.append(f'again: {exit_name(again.returncode)}, {again.stderr!r}')
    left = [name for name in os.listdir(site.folder) if 'backup' in name and name != 'backup.db']
    if left:
        troubles.append(f'left behind: {left}')


def check_restore(site, scenario, before, troubles):
    first = mail(site)
    got = rows(site.database)
    if scenario in DAMAGED:
        if not old_is_there(site, before):
            troubles.append(f'the old file is gone: {files(site)}')
        if first.returncode == 75:
            if APART not in first.stderr:
                troubles.append(f'a filter says {first.stderr!r}')
        elif got != NEW + 1:
            troubles.append(f'{got} rows')
    elif first.returncode != 0 or got not in (NEW + 1, 1 if scenario == 'none yet' else OLD + 1):
        troubles.append(f'filter: {exit_name(first.returncode)}, {first.stderr!r}, {got} rows')
    elif b'\nintegrity  ok\n' not in run(site, 'audit', 'check').stdout:
        troubles.append('the check finds something')
    again = run(site, *command(site, scenario))
    last = mail(site)
    if again.returncode != 0 or last.returncode != 0 or rows(site.database) != NEW + 1:
        troubles.append(f'again: {exit_name(again.returncode)}, {again.stderr!r}, then '
                        f'{exit_name(last.returncode)}, {last.stderr!r}, {rows(site.database)} rows')
    left = [name for name in files(site) if name != 'a.db' and not name.startswith('a.db.damaged-')
            and not re.fullmatch(r'\.(a\.db\.|barefrom-)\w{6}', name)]
    if left:
        troubles.append(f'left behind: {left}')


def run_stop(stop):
    site, troubles, hit = None, [], False
    try:
        site = prepared(stop.scenario)
        before = {end: digest(site.database + end) for end in ('', '-wal')}
        fault = 'signal=KILL' if stop.how == 'KILL' else 'error=' + FAILS[stop.call]
        done = run(site, *command(site, stop.scenario),
                   prefix=['strace', '-o', '/dev/null', '-e', f'trace={stop.call}', '-e',
                           f'inject={stop.call}:{fault}:when={stop.nth}'])
        hit = done.returncode != 0
        if done.returncode == 0 and stop.scenario != 'backup' and rows(site.database) != NEW:
            troubles.append(f'exit 0, but {rows(site.database)} rows')
        if done.returncode > 0 and (not done.stderr.startswith(b'barefrom: ') or
                                    done.stderr.count(b'\n') != 1):
            troubles.append(f'exit {exit_name(done.returncode)}, {done.stderr!r}')
        if stop.scenario == 'backup':
            check_backup(site, troubles)
        else:
            check_restore(site, stop.scenario, before, troubles)
    except Exception:  # pylint: disable=broad-except
        troubles.append(traceback.format_exc())
    finally:
        if site:
            site.remove()
    return hit, troubles


def main():
    harness.set_up()
    tap = Tap()
    try:
        points = list(stops())
    except (OSError, RuntimeError) as error:
        tap.point('strace can follow barefrom audit', error)
        tap.end()
        return
    if len(sys.argv) > 1:
        points = [stop for stop in points if stop.scenario == sys.argv[1]]
    missed = 0
    for stop, (hit, troubles) in zip(points, harness.in_parallel(run_stop, points)):
        missed += stop.how == 'KILL' and not hit
        tap.point(f'{stop.scenario}: {stop.how} at call {stop.number} of {stop.of}, {stop.call}',
                  *troubles)
    tap.point('hardly a call was missing', missed * 100 > MISSED_AT_MOST * len(points)
              and f'{missed} of {len(points)}')
    tap.end()


if __name__ == '__main__':
    main()
