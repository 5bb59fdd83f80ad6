# SPDX-License-Identifier: GPL-3.0-or-later
"""Differential check: strips the golden and corpus files, and what hostile.py and honest.py hold,
as mail without a login, reads what comes out with independent mail readers, and fails where one of
them shows a name or an address that was not there, or where a byte changed that is nobody's name.
TAP: a point for each message, two for each planted leak, one for the honest senders, and two for
each reader. BAREFROM, SRCDIR and READ_GMIME (programs and checkout) are in the environment, and
BUILDDIR or MTA_ROOTS, below which Dovecot is.
"""
import concurrent.futures
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import honest
import hostile
import judge
import planted
import readers

JOINS = 'Email::Simple alone joins a line without a colon to the field above it'
# Readings left out, and why.
LEFT_OUT = {('golden/place-cr-ends-at-next-cr.eml', 'Email::Address::XS'): JOINS,
            ('golden/place-cr-in-junk.eml', 'Email::Address::XS'): JOINS,
            ('fuzz/corpus/address/addr-quoted-pair-lf', 'Email::Address::XS'): JOINS,
            ('golden/junk-continues-field-with-a-place.eml', 'Email::Address::XS'): JOINS,
            ('golden/junk-continues-other-field.eml', 'Email::Address::XS'): JOINS,
            ("hostile: 'From: Jane <eve@evil.example>\\n\\x00Jane\\njunk\\n'",
             'Email::Address::XS'): JOINS}
# A reader that ends on more messages than this is none.
UNREAD_MAX = 0.02


class Case:
    """A message, and what came of it."""

    def __init__(self, name, original, output=None, edits=None):
        self.name, self.original, self.output, self.edits = name, original, output, edits
        self.wrong = []
        self.shown = {}  # reader -> the addresses that it shows of the original and of the output

    def files(self):
        """The four messages that the readers read."""
        return [self.original, judge.as_fields(self.original), self.output,
                judge.as_fields(self.output)]


class Filter:
    """barefrom with a database of its own. No host is ours and no session had a login."""

    def __init__(self, folder):
        self.database = os.path.join(folder, 'a.db')
        self.settings = os.path.join(folder, 'empty')
        self.last = 0
        with open(self.settings, 'w', encoding='utf-8'):
            pass
        self.argv = [os.environ['BAREFROM'], '-c', self.settings, 'filter', '-o',
                     'database=' + self.database, '-o', 'trusted-by=nobody.invalid',
                     '--sasl-username=']

    def run(self, case):
        """Fills in the output and the edits of a case."""
        done = subprocess.run(self.argv, input=case.original, capture_output=True, env={},
                              check=False)
        case.output, case.edits = done.stdout, []
        if not case.original:
            return
        connection = sqlite3.connect(self.database)
        rows = connection.execute('SELECT id, verdict, action FROM message WHERE id > ?',
                                  (self.last,)).fetchall()
        if len(rows) != 1:
            case.wrong.append(f'{len(rows)} rows in the audit')
        for self.last, verdict, action in rows:
            case.edits = connection.execute(
                'SELECT before, after FROM edit WHERE message = ? ORDER BY id',
                (self.last,)).fetchall()
            if verdict != 'anonymous':
                case.wrong.append(f'{verdict} without a login')
            if action == 'refused':
                if done.returncode != 75 or done.stdout:
                    case.wrong.append(f'refused, but exit {done.returncode} with output')
                case.output = case.original = b''
                case.edits = []
            elif done.returncode != 0:
                case.wrong.append(f'exit {done.returncode}: {done.stderr!r}')
            elif (action == 'kept') != (not case.edits):
                case.wrong.append(f'{action} with {len(case.edits)} edits')
        connection.close()


def strip_all(cases, top):
    """Two at a time, each with its own database."""
    def strip(number):
        folder = os.path.join(top, f'filter{number}')
        os.mkdir(folder)
        program = Filter(folder)
        for case in cases[number::2]:
            program.run(case)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(strip, range(2)))


def addresses(findings):
    """What a reader shows as addresses; findings are None where it ended."""
    return {judge.normal(shown) for _, kind, shown in findings or () if kind == 'address'}


def judge_all(cases, top):
    """Fills in what is wrong; returns (reader, what it could not read) and all it had to read."""
    paths = []
    for number, case in enumerate(cases):
        for part, message in enumerate(case.files()):
            paths.append(os.path.join(top, f'{number}.{part}'))
            with open(paths[-1], 'wb') as out:
                out.write(message)
    readings = readers.read_all(os.environ['READ_GMIME'], paths)
    for number, case in enumerate(cases):
        four = paths[4 * number:4 * number + 4]
        before, after = ([(reader + how, found[path] or [])
                          for path, how in zip(pair, ('', ', asked for each place,'))
                          for reader, found in readings.items()
                          if how or (case.name, reader) not in LEFT_OUT]
                         for pair in (four[:2], four[2:]))
        case.wrong += judge.judge(case.original, case.output, case.edits, before, after)
        case.shown = {reader: (addresses(found[four[0]]), addresses(found[four[2]]))
                      for reader, found in readings.items()}
    unread = [(reader, [cases[paths.index(path) // 4].name for path in paths
                        if found[path] is None]) for reader, found in readings.items()]
    return unread, len(paths)


def inputs():
    """The files of the tree. A corpus of values is wrapped as the field it is about."""
    tests = os.path.join(os.environ['SRCDIR'], 'tests')
    wraps = {'golden': b'%s', 'fuzz/corpus/head': b'%s', 'fuzz/corpus/strip': b'%s',
             'fuzz/corpus/address': b'From: %s\n\nbody\n',
             'fuzz/corpus/received': b'Received: %s\nFrom: Jane <jane@corp.example>\n\nbody\n',
             'fuzz/corpus/authres':
             b'Authentication-Results: %s\nFrom: Jane <jane@corp.example>\n\nbody\n'}
    for folder, wrap in wraps.items():
        for name in sorted(os.listdir(os.path.join(tests, folder))):
            if folder == 'golden' and not name.endswith('.eml'):
                continue
            with open(os.path.join(tests, folder, name), 'rb') as file:
                yield Case(f'{folder}/{name}', wrap.replace(b'%s', file.read()))


def unseen(table):
    """Reader -> what it shows no longer of what an honest sender has to keep."""
    missing = {reader: [] for reader in table[0][0].shown}
    for case, wanted in table:
        for reader, (before, after) in case.shown.items():
            lost = {judge.normal(address) for address in wanted} & before - after
            if lost:
                missing[reader].append(f'{case.name}: {lost}')
    return missing


class Tap:
    def __init__(self):
        self.points = self.failed = 0

    def point(self, good, name, why=()):
        self.points += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.points} - {name}")
        if not good:
            self.say(why)

    @staticmethod
    def say(lines):
        for line in lines:
            print('# ' + re.sub('[^ -~]', '?', line))


def main():
    top = tempfile.mkdtemp(prefix='barefrom-diff.')
    tap = Tap()
    try:
        stripped = list(inputs()) + [Case(*pair) for pair in hostile.messages()]
        table = [(Case(f'honest: {value!r}', f'From: {value}\n\nbody\n'.encode()), wanted)
                 for value, wanted in honest.SENDERS]
        stripped += [case for case, _ in table]
        strip_all(stripped, top)
        leaks = [(Case(leak.name, leak.original, leak.output, leak.edits),
                  Case(leak.name + ': twin', leak.original, leak.twin, leak.twin_edits), leak.says)
                 for leak in planted.LEAKS]
        cases = stripped + [case for leak, twin, _ in leaks for case in (leak, twin)]
        unread, count = judge_all(cases, top)

        for case in stripped:
            tap.point(not case.wrong, case.name, case.wrong)
        for leak, twin, says in leaks:
            tap.point(any(re.search(says, line) for line in leak.wrong),
                      f'planted: {leak.name}: is seen', leak.wrong or ['nothing is wrong'])
            tap.point(not twin.wrong, f'planted: {leak.name}: its good twin passes', twin.wrong)
        lost = []
        for case, wanted in table:
            got = [address for value in judge.values(case.output)
                   for address in judge.bare_addresses(judge.text(value)) or ()]
            if got != wanted:
                lost.append(f'{case.name}: {got} instead of {wanted}')
        tap.point(not lost, 'honest senders keep their address', lost)
        for reader, lost in unseen(table).items():
            tap.point(not lost, f'{reader} shows the addresses of honest senders as before', lost)
        for reader, names in unread:
            tap.point(len(names) <= UNREAD_MAX * count,
                      f'{reader} reads {count - len(names)} of {count} messages', names)
            tap.say(sorted(set(names)))
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f'1..{tap.points}')
    return 1 if tap.failed else 0


if __name__ == '__main__':
    sys.exit(main())
