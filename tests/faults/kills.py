# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py [--table]: barefrom filter killed right before each of its system calls, from the first
byte that it reads on. Whenever that is: sendmail gets the whole message or nothing, and nothing
without a row; exit 0 means sent; tried again, the mail is sent, and twice only where sendmail had
been started before.

One run under strace shows the calls; then each is the last of a run of its own, where strace sends
SIGKILL to the filter (and to it alone) in place of the call.
"""
import sys

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import collections
import os
import re
import traceback

import harness
from harness import (BODY, HEAD, HEAD_BARE, LARGE_BODY, Site, Tap, counted, exit_name)

AT_LEAST = 200  # kills that did happen
# A call may be missing from a run: sendmail ends sooner or later, the heap begins elsewhere.
MISSED_AT_MOST = 10  # percent of them
TRIES = 3

Scenario = collections.namedtuple('Scenario', 'name body fresh orders part')
Kill = collections.namedtuple('Kill', 'scenario call nth number of')

scenarios = [
    Scenario('first use', BODY, True, (), 'before sendmail'),
    Scenario('next use', BODY, False, (), 'all'),
    Scenario('large message', LARGE_BODY, False, (), 'before the database'),
    Scenario('sendmail fails', BODY, False, ('read', 'exit 69'), 'from sendmail on'),
]
FIRST = re.compile(r'read\(0[<,]')
DATABASE = re.compile(r'/a\.db')
START = re.compile(r'(clone3?|v?fork)\(')
CALL = re.compile(r'(\w+)\(')


def prepared(scenario):
    site = Site()
    if not scenario.fresh:
        site.make_database()
    site.orders(*scenario.orders)
    return site


def calls(scenario):
    """The lines of a run without a fault, from the start of the program on."""
    site = prepared(scenario)
    trace = site.path('trace')
    result = site.run(HEAD + scenario.body, prefix=['strace', '-y', '-s', '0', '-o', trace])
    lines = []
    if os.path.exists(trace):
        with open(trace, encoding='utf-8', errors='replace') as file:
            lines = [line for line in file if CALL.match(line)]
    site.remove()
    if not any(FIRST.match(line) for line in lines):
        raise RuntimeError('strace shows no run: ' + result.output.decode(errors='replace'))
    return lines


def position(lines, what, after=0):
    return next(i for i in range(after, len(lines)) if what.search(lines[i]))


def kills(scenario, lines):
    """A kill for each call of the part; strace counts the calls of one name from the start."""
    first = position(lines, FIRST)
    begin = position(lines, START) if scenario.part == 'from sendmail on' else first
    end = {'before the database': position(lines, DATABASE, first),
           'before sendmail': position(lines, START)}.get(scenario.part, len(lines))
    seen = collections.Counter()
    for i, line in enumerate(lines[:end]):
        call = CALL.match(line)[1]
        seen[call] += 1
        if i >= begin:
            yield Kill(scenario, call, seen[call], i - first + 1, len(lines) - first)


def unsynced(lines):
    """What was written to the database and not synced when sendmail was started."""
    pending = set()
    for line in lines[:position(lines, START)]:
        file = re.match(r'\w+\(\d+<([^>]*)>', line)
        if file and DATABASE.search(file[1]) and not file[1].endswith('-shm'):
            if line.startswith(('pwrite64', 'write', 'ftruncate')):
                pending.add(os.path.basename(file[1]))
            elif line.startswith(('fdatasync', 'fsync')):
                pending.discard(os.path.basename(file[1]))
    return pending


Outcome = collections.namedtuple('Outcome', 'hit troubles cells')


def check(site, scenario, kill):
    message, want = HEAD + scenario.body, HEAD_BARE + scenario.body
    strace = ['strace', '-o', '/dev/null', '-e', f'trace={kill.call}',
              '-e', f'inject={kill.call}:signal=KILL:when={kill.nth}']
    result = site.run(message, prefix=strace)
    rows, mails, started = site.rows(), site.mails(), len(site.log('started'))
    sent = sum(mail.accepted for mail in mails)
    hit, troubles = result.exit == -9, []
    may = ([], ['pending'], ['deferred' if scenario.orders else 'sent'])

    if not hit and result.exit != (75 if scenario.orders else 0):
        troubles.append(f'exit {exit_name(result.exit)}, output {result.output!r}')
    if result.exit == 0 and not sent:
        troubles.append('exit 0, but not sent')
    if rows not in may:
        troubles.append(f'rows {rows}')
    if started and not rows:
        troubles.append('sendmail was started, but there is no row')
    if result.left:
        troubles.append(f'{result.left} processes left behind')

    # As Postfix does, unless the mail has left its queue.
    after = rows
    if result.exit != 0:
        site.orders()
        again = site.run(message)
        after, mails = site.rows(), site.mails()
        now = sum(mail.accepted for mail in mails) - sent
        if again.exit != 0 or now != 1 or after != [*rows, 'sent']:
            troubles.append(f'again: exit {exit_name(again.exit)}, output {again.output!r}, sent '
                            f'{now} times, rows {after}, before {rows}')
        if sent and not started:
            troubles.append('sent twice, though sendmail was not started')
    if any(mail.message != want for mail in mails):
        troubles.append('sendmail got other bytes than it should')
    where = 'queued, then sent' if not sent else 'sent' if result.exit == 0 else 'sent, then again'
    return Outcome(hit, troubles, (scenario.name, exit_name(result.exit), where,
                                   counted(rows) or '-'))


def run_kill(kill):
    try:
        for _ in range(TRIES):
            site = prepared(kill.scenario)
            try:
                outcome = check(site, kill.scenario, kill)
            finally:
                harness.leftovers(0)
                site.remove()
            if outcome.hit or outcome.troubles:
                break
    except Exception:  # pylint: disable=broad-except
        return Outcome(False, [traceback.format_exc()], (kill.scenario.name, '', '', ''))
    return outcome


def print_table(outcomes):
    rows = collections.Counter(outcome.cells for outcome in outcomes)
    harness.print_table([(f'killed at {count} calls, {name}', exit, '', where, after)
                         for (name, exit, where, after), count in rows.items()])


def main():
    harness.set_up()
    tap = Tap()
    try:
        traces = [calls(scenario) for scenario in scenarios]
    except (OSError, RuntimeError) as error:
        tap.point('strace can follow the filter', error)
        tap.end()
        return
    points = [kill for scenario, lines in zip(scenarios, traces) for kill in kills(scenario, lines)]
    outcomes = harness.in_parallel(run_kill, points)
    if sys.argv[1:] == ['--table']:
        print_table(outcomes)
        return
    for scenario, lines in zip(scenarios, traces):
        left = unsynced(lines)
        tap.point(f'{scenario.name}: the row is on disk before sendmail is started',
                  left and f'not synced: {left}')
    hits = 0
    for kill, outcome in zip(points, outcomes):
        hits += outcome.hit
        tap.point(f'{kill.scenario.name}: killed at call {kill.number} of {kill.of}, {kill.call}'
                  f'{"" if outcome.hit else ": not called this time"}', *outcome.troubles)
    tap.point(f'at least {AT_LEAST} kills', hits < AT_LEAST and f'only {hits}')
    tap.point('hardly a call was missing', (len(points) - hits) * 100 > MISSED_AT_MOST * len(points)
              and f'{len(points) - hits} of {len(points)}')
    tap.end()


if __name__ == '__main__':
    main()
