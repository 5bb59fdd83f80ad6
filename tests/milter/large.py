# SPDX-License-Identifier: GPL-3.0-or-later
"""Heads that other threads decide, and heads that are too long."""
import contextlib
import os
import signal
import subprocess
import threading

import mta
from lab import (BARE, FORGED, TEMPFAIL, Milter, main, outcome, parallel, point, sha256, test,
                 wait_until)

SMALL = 64 * 1024
MEGABYTE = 1 << 20
FIELD = MEGABYTE - len('X-Long') - 3  # of a value, so that the packet is as long as one may be


def padded(octets, head=FORGED, line=1000):
    """A head of exactly so many octets, with its empty line."""
    missing = octets - len(head) - 1
    lines = b''
    while missing > 2 * line:
        lines += b'X-Pad: ' + b'x' * (line - 8) + b'\n'
        missing -= line
    return head.replace(b'To: ', lines + b'X-Pad: ' + b'x' * (missing - 8) + b'\nTo: ', 1)


def send(milter, head, queue_id):
    """The answer, and what is wrong with it: the right field alone is bare."""
    answer = milter.send(head, queue_id=queue_id)
    row = milter.row(queue_id)
    wanted = head.replace(b'"The CEO" <joe@evil.example>', b'joe@evil.example')
    return [name for name, good in (
        ('answer', answer.accepted), ('head', answer.head == wanted),
        ('before', row['head_before_sha256'] == sha256(head)),
        ('after', row['head_after_sha256'] == sha256(wanted)),
        ('row', (row['action'], row['outcome']) == ('stripped', 'answered'))) if not good]


@test
def sizes():
    """heads about 64 KiB and beyond"""
    with Milter() as milter:
        for octets in (SMALL - 1, SMALL, SMALL + 1, 100000, 1000000, 5000000):
            head = padded(octets)
            point(f'{octets} octets', (len(head) + 1, send(milter, head, f'4A{octets}')),
                  (octets, []))
        head = (b'From: "A" <a@b.example>\nTo: x@y.example\n' * 2000
                + b'reply-to: "B" <b@b.example>\n')
        with milter.session() as session:
            answer = session.send_message(head)
            point('2,000 sender fields, each edited', answer.head,
                  head.replace(b'"A" <a@b.example>', b'a@b.example')
                  .replace(b'"B" <b@b.example>', b'b@b.example'))
            answer = session.send_message(FORGED, queue_id='4B')
            point('the next message', (answer.head, milter.row('4B')['head_before_sha256']),
                  (BARE, sha256(FORGED)))


@test
def many():
    """many at once, and small ones between"""
    with Milter() as milter:
        wrong = []

        def large(number):
            for turn in range(3):
                wrong.extend(send(milter, padded(300000 + number), f'4L{number}T{turn}'))

        def small(number):
            for turn in range(20):
                wrong.extend(send(milter, FORGED, f'4S{number}T{turn}'))

        parallel(*(lambda n=n: large(n) for n in range(20)),
                 *(lambda n=n: small(n) for n in range(10)))
        point('all are right', wrong, [])
        point('a row each', milter.count(), 260)
        # More on one connection, without waiting.
        with milter.session() as session:
            head = mta.split_message(padded(200000))[0]
            octets = b''
            for number in range(20):
                session.macros['i'] = f'4P{number}'
                pairs = mta.strings('i', f'4P{number}')
                octets += (mta.packet('D', b'M' + pairs) + mta.packet('M', mta.strings('<a@b>'))
                           + mta.packet('R', mta.strings('<c@d>'))
                           + b''.join(mta.packet('L', mta.strings(*field)) for field in head)
                           + mta.packet('D', b'E' + pairs) + mta.packet('E'))
            writer = threading.Thread(target=lambda: session.raw(octets))
            writer.start()
            replies = [session.read_reply().kind for _ in range(40)]
            writer.join()
            point('pipelined', replies, ['change', 'continue'] * 20)
        point('in their order', [row['queue_id'] for row in milter.query(
            "SELECT queue_id FROM message WHERE queue_id LIKE '4P%' ORDER BY id")],
              [f'4P{number}' for number in range(20)])


@test
def nobody_waits():
    """who comes behind a head that takes long is served before it"""
    with Milter() as milter, milter.session() as slow, milter.session() as quick:
        lines = mta.packet('L', mta.strings('X-Pad', ' ' + 'x' * 50)) * 300000
        for turn in range(20):
            begin(slow, f'4L{turn}')
            slow.raw(lines)
            slow.raw(mta.packet('B'))
            slow.read_reply()
            begin(quick, f'4S{turn}')
            slow.send_macros('E')
            slow.raw(mta.packet('E'))
            # Comes later, whatever the order in which the two are looked at.
            quick.raw(mta.packet('B'))
            quick.read_reply()
            quick.eom()
            slow.read_replies()
            order = [row['queue_id'] for row in milter.query(
                'SELECT queue_id FROM message WHERE id > ? ORDER BY id', 2 * turn)]
            # A slow machine may be in the way of one try, not of twenty.
            if order[0] == f'4S{turn}':
                break
        point('it is', order[0], f'4S{turn}')


def begin(session, queue_id):
    """A message up to its head, with a field to be edited."""
    session.macros['i'] = queue_id
    session.mail()
    session.rcpt()
    session.header('From', ' "The CEO" <joe@evil.example>')


def fill(session, megabytes):
    """Header packets of so many MiB, as the milter counts them."""
    session.mail()
    session.rcpt()
    packet = mta.packet('L', mta.strings('X-Long', b' ' + b'x' * (FIELD - 1)))
    for _ in range(megabytes):
        session.raw(packet)


@test
def limits():
    """64 MiB of one head, 256 MiB of all"""
    with Milter() as milter:
        with milter.session() as session:
            session.macros['i'] = '4A'
            fill(session, 63)
            session.header('From', ' "The CEO" <joe@evil.example>')
            replies = session.eom()
            point('63 MiB', [(reply.kind, reply.name, reply.value) for reply in replies],
                  [('change', b'From', b' joe@evil.example'), ('continue', b'', b'')])
            session.abort()
            session.macros['i'] = '4B'
            fill(session, 65)
            session.header('From', ' "The CEO" <joe@evil.example>')
            replies = session.eom()
            row = milter.row('4B')
            point('65 MiB', (replies[-1].text[:10], row['action'], row['outcome']),
                  ('550 5.6.0 ', 'refused', 'failed'))
            session.abort()
            answer = session.send_message(FORGED)
            point('the next one', (outcome(answer), answer.head), ('accepted', BARE))
        sessions = [milter.session() for _ in range(4)]
        for session in sessions:
            fill(session, 60)
            session.raw(mta.packet('B'))
            session.read_reply()  # so all is there
        with milter.session() as session:
            for queue_id, wanted in ('4C', False), ('4D', True):
                session.macros['i'] = queue_id
                fill(session, 20)
                last = session.eom()[-1]
                point(f'{"240" if wanted else "260"} MiB at once: {last.text or last.kind}',
                      (last.goes_on, last.text.startswith(TEMPFAIL)), (wanted, not wanted))
                session.abort()
                # There is room once one of them gives up.
                sessions[0].abort()
                sessions[0].raw(mta.packet('B'))
                sessions[0].read_reply()
        point('the log says so', '4C: deferred: ' in milter.log())
        for session in sessions:
            session.close()
        wait_until(lambda: milter.resident() < 500000, 'memory that is given back')
        for number in range(10):
            with milter.session() as session:
                fill(session, 60)
        answer = milter.send()
        point('those that were closed are forgotten', outcome(answer), 'accepted')


CONFIGS = {name: f'[policy]\nscope=domains\ndomains={name}.example\n' for name in ('a', 'b')}
HEADS = {name: padded(200000, FORGED.replace(b'evil.example', name.encode() + b'.example'))
         for name in CONFIGS}


def digests(milter, name):
    """Sends messages by threads and by the loop; by which domains they were decided."""
    found = set()

    def one(number):
        for head in (HEADS[name], FORGED.replace(b'evil.example', name.encode() + b'.example')):
            queue_id = f'4{name}{number}{len(head)}'
            milter.send(head, queue_id=queue_id)
            row = milter.row(queue_id)
            found.add((row['action'], row['scope']))

    parallel(*(lambda n=n: one(n) for n in range(12)))
    return found


@test
def reload():
    """new settings while heads are being decided by other threads"""
    with Milter(config=CONFIGS['a']) as milter:
        stop = threading.Event()
        answers = []

        def load():
            with milter.session() as session:
                while not stop.is_set():
                    answers.append(outcome(session.send_message(HEADS['a'], queue_id='4LOAD')))

        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        try:
            for turn in range(6):
                name, other = ('b', 'a') if turn % 2 == 0 else ('a', 'b')
                count = len(answers)
                # pylint: disable-next=cell-var-from-loop
                wait_until(lambda: len(answers) >= count + 8, 'answers')
                milter.configure(CONFIGS[name])
                milter.tell(signal.SIGHUP)
                milter.wait_log('the settings were reloaded', turn + 1)
                point(f'turn {turn}: all go by the new ones', digests(milter, name),
                      {('stripped', 'domains')})
                point(f'turn {turn}: none by the old ones', digests(milter, other), {('kept', None)})
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        point('none was lost', set(answers), {'accepted'})
        point('nor its row', milter.count("queue_id = '4LOAD'"), len(answers))
    # Ended while some are decided.
    for _ in range(5):
        with Milter() as milter:
            sessions = [milter.session() for _ in range(8)]
            for session in sessions:
                session.mail()
                for name, value in mta.split_message(padded(2000000))[0]:
                    session.header(name, value)
                session.raw(mta.packet('E'))
            milter.stop()
            found = []
            for session in sessions:
                try:
                    found.append(session.read_replies()[-1].kind)
                except mta.Closed:
                    found.append('closed')
                session.close()
            rows = milter.count()
            if found.count('continue') > rows or set(found) - {'continue', 'closed'}:
                point('at the end', (found, rows))
    point('ended in the middle: none answered without a row', True)


def read_again(milter, config, words='the settings were reloaded'):
    """SIGHUP, with this configuration, up to its end."""
    count = milter.log().count(words)
    milter.configure(config)
    milter.tell(signal.SIGHUP)
    milter.wait_log(words, count + 1)


def all_of(session, queue_id, head):
    """A message up to the end of its head, all of which has been read then."""
    session.macros['i'] = queue_id
    session.mail()
    session.rcpt()
    session.raw(b''.join(mta.packet('L', mta.strings(*field))
                         for field in mta.split_message(head)[0]))
    session.raw(mta.packet('B'))
    session.read_reply()


def write_people(milter, person, build):
    """The directory of this person alone, compiled or not; where it is."""
    file = os.path.join(milter.folder, 'people')
    with open(file, 'w', encoding='ascii') as people:
        people.write(f'{person}; {person[:4].lower()}@corp.example\n')
    if build:
        subprocess.run([os.environ['BAREFROM'], 'directory', 'build', '-o', f'directory={file}'],
                       check=True, stdout=subprocess.DEVNULL)
    return file


def decide_across(milter, config, sessions, head):
    """Reloads while heads are under way; how they are decided, and those behind them."""
    def ways(turn):
        return {tuple(milter.row(f'4{turn}{at}')[key] for key in (
            'action', 'verdict', 'person', 'outcome', 'policy')) for at in range(len(sessions))}

    # The end of one half has come, so that most of these wait for a thread.
    for at, session in enumerate(sessions):
        all_of(session, f'4A{at}', head)
    for session in sessions[::2]:
        session.raw(mta.packet('E'))
    read_again(milter, config)
    for session in sessions[1::2]:
        session.raw(mta.packet('E'))
    kinds = [[reply.kind for reply in session.read_replies()] for session in sessions]
    old = ways('A')
    for at, session in enumerate(sessions):
        session.send_message(head, queue_id=f'4B{at}')
    return kinds, old, ways('B')


@test
def begun():
    """the settings and the directory of a message are those that it began with"""
    scope = '[policy]\nscope=directory\ndirectory='
    names = b'From: "Jane Doe" <x@evil.example>\nSender: "John Roe" <y@evil.example>\nTo: a@b\n'
    for build in False, True:
        with Milter(start=False) as milter:
            kind = 'compiled' if build else 'text'
            file = write_people(milter, 'Jane Doe', build)
            milter.configure(scope + file + '\n')
            milter.start()
            before = milter.send(names, queue_id='4O')
            sessions = [milter.session() for _ in range(8)]
            write_people(milter, 'John Roe', build)
            changed = scope + file + '\n[trust]\ntrusted-clients=192.0.2.7\n[milter]\ndry-run=true\n'
            kinds, old, new = decide_across(milter, changed, sessions, padded(2000000, names))
            point(f'{kind}: those begun before are answered by the old ones', kinds,
                  [['change', 'change', 'continue']] * 8)
            point(f'{kind}: as one before them', (before.accepted, old),
                  (True, {('stripped', 'anonymous', 'Jane Doe', 'answered',
                           milter.row('4O')['policy'])}))
            milter.send(names, queue_id='4N')
            point(f'{kind}: the next ones go by the new ones', new,
                  {('kept', 'authenticated', 'John Roe', 'dry-run', milter.row('4N')['policy'])})
            # One that fails changes nothing, for a head that is under way neither.
            all_of(sessions[0], '4F', padded(100000, names))
            with open(file, 'w', encoding='ascii') as people:
                people.write('keep:\n')
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file + '.db')
            read_again(milter, scope + file + '\n', 'the settings stay as they were')
            sessions[0].eom()
            milter.send(padded(100000, names), queue_id='4G')
            point(f'{kind}: a directory with a fault changes nothing',
                  [[milter.row(queue_id)[key] for key in ('person', 'policy')]
                   for queue_id in ('4F', '4G')],
                  [['John Roe', milter.row('4N')['policy']]] * 2)
            for session in sessions:
                session.close()


@test
def late():
    """at the deadline of a stop, heads wait that no thread has begun"""
    head = b''.join(b'From: %s\n' % b',\n '.join(
        b'=?utf-8?q?n%d_b%d_c%d?= <a%d@b.example>' % (field, at, field * at, at)
        for at in range(300)) for field in range(60))
    with Milter(start=False, deadline='1') as milter:
        file = write_people(milter, 'Jane Doe', True)
        milter.configure(f'[policy]\nscope=everyone directory\ndirectory={file}\n')
        milter.start()
        sessions = [milter.session() for _ in range(12)]
        for at, session in enumerate(sessions):
            all_of(session, f'4L{at}', head)
        for session in sessions:
            session.raw(mta.packet('E'))
        with milter.session() as other:
            other.raw(mta.packet('B'))
            other.read_reply()
        milter.tell(signal.SIGTERM)
        point('it ends with 0', milter.wait(), 0)
        answered = 0
        for session in sessions:
            with contextlib.suppress(mta.Closed):
                answered += session.read_replies()[-1].goes_on
            session.close()
        point('who was answered has a row', answered <= milter.count("outcome = 'answered'"))



if __name__ == '__main__':
    main()
