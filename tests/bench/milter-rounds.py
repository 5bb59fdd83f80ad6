# SPDX-License-Identifier: GPL-3.0-or-later
"""milter-rounds.py FOLDER ROUNDS MESSAGES DATABASE SESSIONS...: the rounds of milter.sh, which has made
FOLDER with a Postfix in it: FOLDER/set-ups has a line for each set-up, its name, port and, for a milter,
process. Each round pushes the messages through each once; a rate is that from the first session to the
last delivery. Prints the table; the status is 1 if a message is missing, or one of barefrom's has no row.
"""
import os
import sqlite3
import statistics
import subprocess
import sys
import time

folder, rounds, messages, database, *sessions = sys.argv[1:]
rounds, messages = int(rounds), int(messages)
TICKS = os.sysconf('SC_CLK_TCK')
OCTETS = 4096
HEAD = (b'From: "Jane Doe, CEO" <ceo@corp.example>\nReply-To: "Jane Doe" <jane@out.example>\n'
        b'To: <bob@corp.example>\nSubject: Wire transfer\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n'
        b'Message-ID: <1@pc.out.example>\nMIME-Version: 1.0\nContent-Type: text/plain\n\n')
LINE = b'This line is one of many, all of them alike, of a message of 4 KiB.\n'


class Delivered:
    """The messages of which the mail log says that they were delivered."""

    def __init__(self):
        self.log = open(folder + '/mail.log', 'rb')
        self.number, self.rest = 0, b''

    def count(self):
        lines = (self.rest + self.log.read()).split(b'\n')
        self.rest = lines.pop()
        self.number += sum(b'postfix/discard' in line and b'status=sent' in line for line in lines)
        return self.number


def family(pid):
    """A process and its descendants."""
    parents = {}
    for other in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{other}/stat', encoding='utf-8') as file:
                parents[int(other)] = int(file.read().rsplit(')', 1)[1].split()[1])
        except OSError:
            pass
    found, more = set(), {pid}
    while more:
        found |= more
        more = {child for child, parent in parents.items() if parent in found} - found
    return found


def used(pid):
    """-> seconds of CPU, MiB resident, of a milter with its children, the ended ones too."""
    ticks, pages = 0, 0
    for one in family(pid):
        try:
            with open(f'/proc/{one}/stat', encoding='utf-8') as file:
                words = file.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        ticks += sum(map(int, words[11:15]))
        pages += int(words[21])
    return ticks / TICKS, pages * os.sysconf('SC_PAGE_SIZE') / (1 << 20)


def rows():
    """The rows of barefrom-milter that say what has to be said of such a message."""
    if not os.path.exists(database):
        return 0
    with sqlite3.connect(f'file:{database}?mode=ro', uri=True) as audit:
        return audit.execute("SELECT count(*) FROM message WHERE source = 'milter' AND outcome = 'answered'"
                             " AND action = 'stripped'").fetchone()[0]


def push(port, number, width):
    """-> the messages a second. smtp-source writes the lines of the file as they are."""
    before = delivered.count()
    started = time.monotonic()
    subprocess.run(['smtp-source', '-s', width, '-m', str(number), '-F', folder + '/message.eml',
                    '-f', 'out@side.example', '-t', 'bob@corp.example', f'127.0.0.1:{port}'], check=True)
    while delivered.count() < before + number:
        if time.monotonic() > started + 120 + number:
            print(f'not all was delivered: {delivered.count() - before} of {number}')
            bad.append(port)
            break
        time.sleep(0.02)
    return number / (time.monotonic() - started)


def spread(values, form='{:.2f}'):
    return ' '.join(form.format(pick(values)) for pick in (min, statistics.median, max))


def table(width):
    rates = {name: [] for name, _, _ in set_ups}
    cpu, memory = {name: [] for name in rates}, {name: 0 for name in rates}
    recorded = 0
    for turn in range(rounds):
        for name, port, pid in set_ups:
            number = messages if name != 'filter' else max(messages // 10, 1)
            before, rows_before = used(pid)[0] if pid else 0, rows()
            rates[name].append(push(port, number, width))
            if pid:
                after, memory[name] = used(pid)
                cpu[name].append(1000 * (after - before) / number)
            if name == 'barefrom':
                recorded += rows() - rows_before
        print(f'{width} sessions, round {turn + 1} of {rounds}', file=sys.stderr)
    print(f'\n{width} sessions, {rounds} rounds of {messages} messages of {OCTETS} octets; '
          'min, median, max of the rounds')
    print(f'{"":9} {"messages a second":>20} {"of no filter":>15} {"of the no-op":>15} {"CPU ms":>15} '
          f'{"MiB":>6}')
    for name, values in rates.items():
        columns = [spread(values, '{:6.1f}')]
        for base in 'none', 'noop':
            columns.append(spread([a / b for a, b in zip(values, rates[base])]) if base in rates else '-')
        columns.append(spread(cpu[name]) if cpu[name] else '-')
        print(f'{name:9} {columns[0]:>20} {columns[1]:>15} {columns[2]:>15} {columns[3]:>15} '
              + (f'{memory[name]:6.1f}' if cpu[name] else f'{"-":>6}'))
    if 'barefrom' in rates:
        print(f'barefrom: {recorded} rows of {rounds * messages} messages')
        if recorded != rounds * messages:
            bad.append('rows')


with open(folder + '/message.eml', 'wb') as out:
    lines = (OCTETS - len(HEAD)) // len(LINE)
    out.write(HEAD + LINE * lines + b'x' * (OCTETS - len(HEAD) - len(LINE) * lines - 1) + b'\n')
set_ups = []
with open(folder + '/set-ups', encoding='ascii') as plan:
    for entry in plan:
        name_, port_, *pid_ = entry.split()
        set_ups.append((name_, int(port_), int(pid_[0]) if pid_ else 0))
delivered, bad = Delivered(), []
for _, port_, _ in set_ups:  # each listener and milter once, before anything counts
    push(port_, 20, '5')
for width_ in sessions:
    table(width_)
sys.exit(1 if bad else 0)
