# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sessions, and many messages: all are served, and memory stays bounded. Figures are of a
plain build."""
import contextlib
import resource
import shutil
import signal
import tempfile
import time

import mta
from lab import (BARE, FORGED, PATIENCE, Milter, main, outcome, parallel, point, raise_files, test,
                 wait_until)

KIB_2000 = 64 * 1024  # generous: the figure aimed at is 32 MiB
KIB_MORE = 1536  # by which many messages may move it: a leak of 32 octets each moves it by more


def fast_folder():
    """One in memory, where there is room: what is measured is no disk. None: the usual one."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage('/dev/shm').free > 1 << 31:
            return tempfile.mkdtemp(prefix='barefrom-milter-', dir='/dev/shm')
    return None


@test
def idle():
    """2,000 and 10,000 sessions that say nothing"""
    raise_files(12000)
    with Milter(folder=fast_folder(), max_sessions='11000') as milter, contextlib.ExitStack() as stack:
        empty = milter.resident()
        sessions = []
        for count in 2000, 10000:
            while len(sessions) < count:
                session = stack.enter_context(milter.session())
                sessions.append(session)
                # Some have had a message, and wait for the next.
                if len(sessions) % 20 == 0 and not session.send_message(FORGED).accepted:
                    point('a message is accepted', False)
            used = milter.resident()
            print(f'# {count} sessions: VmRSS {used} KiB, {empty} without any')
            point(f'{count}: memory is bounded', used < KIB_2000 * count // 2000)
            answer = milter.send()
            point(f'{count}: another one is served', (outcome(answer), answer.head),
                  ('accepted', BARE))
            before = milter.processor()
            time.sleep(2)
            point(f'{count}: they take no time', milter.processor() - before < 0.5)
            answer = session.send_message(FORGED)
            point(f'{count}: one of them is served', (outcome(answer), answer.head),
                  ('accepted', BARE))


def is_heard(session):
    """Whether the milter has said anything."""
    session.socket.setblocking(False)
    try:
        return len(session.socket.recv(1, 2)) > 0  # MSG_PEEK
    except BlockingIOError:
        return False
    finally:
        session.socket.settimeout(PATIENCE)


@test
def full():
    """at max-sessions the next ones wait, and are served once others close"""
    with Milter(max_sessions='50') as milter:
        sessions = [milter.session() for _ in range(50)]
        milter.wait_log('max-sessions=50')
        waiting = [mta.Session(milter.target, PATIENCE) for _ in range(5)]
        for session in waiting:
            session.raw(mta.packet('O', b'\0\0\0\6\0\0\1\xff\0\x1f\xff\xff'))
        before = milter.processor()
        for session in sessions:
            if not session.send_message(FORGED).accepted:
                point('those that are open are served', False)
        point('the next ones wait', [is_heard(session) for session in waiting], [False] * 5)
        time.sleep(2)
        point('and it does not spin', milter.processor() - before < 1)
        for number, session in enumerate(waiting):
            sessions[number].close()
            point(f'waiting {number} is served once another closes', session.read_packet()[0], 'O')
        point('which one after the other', milter.log().count('max-sessions=50') <= 6)
        for session in sessions + waiting:
            session.close()
        answer = milter.send()
        point('all are gone', outcome(answer), 'accepted')


@test
def no_files():
    """no descriptor is left: it pauses, and does not spin"""
    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))

    with Milter(preexec=few_files, max_sessions='1000') as milter:
        point('it says so at the start', 'raise LimitNOFILE' in milter.log())
        first = milter.session()
        sessions = [mta.Session(milter.target, PATIENCE) for _ in range(100)]
        for session in sessions:
            session.raw(mta.packet('O', b'\0\0\0\6\0\0\1\xff\0\x1f\xff\xff'))
        milter.wait_log('cannot accept connections')
        before, lines = milter.processor(), milter.log().count('\n')
        time.sleep(2)
        point('it does not spin', milter.processor() - before < 0.5)
        point('nor does its log', milter.log().count('\n') - lines < 10)
        answer = first.send_message(FORGED)
        point('who is in is served', (outcome(answer), answer.head), ('accepted', BARE))
        # Each that is served makes room for another.
        served = 0
        while sessions:
            ready = [session for session in sessions if is_heard(session)]
            for session in ready:
                session.close()
                sessions.remove(session)
            served += len(ready)
            if not ready:
                wait_until(lambda: any(is_heard(session) for session in sessions), 'the next ones')
        point('all are served in the end', served, 100)
        point('it goes on', outcome(milter.send()), 'accepted')
        first.close()


def octets_of(milter, head, count, queue_id):
    """Messages on one connection, all at once; and the octets of an answer."""
    session = milter.session()
    octets = b''
    send = session.raw

    def raw(data):
        nonlocal octets
        octets += data
        send(data)

    session.raw = raw
    session.send_message(head, queue_id=queue_id)
    answer = mta.packet('m', b'\0\0\0\1' + mta.strings('From', ' joe@evil.example'))
    session.close()
    return octets * count, (answer + mta.packet('c')) * count


@test
def flat():
    """memory stays flat over 100,000 messages"""
    block, sessions = 100, 20
    with Milter(folder=fast_folder(), max_sessions='100') as milter:
        octets, wanted = octets_of(milter, FORGED, block, '4A')
        large = (b'X-Pad: ' + b'x' * 1000 + b'\n') * 70 + FORGED
        sent, measured, odd = 0, {}, []

        def work():
            with milter.session() as session:
                for _ in range(5):
                    session.raw(octets)
                    if session._read(len(wanted)) != wanted:  # pylint: disable=protected-access
                        odd.append('another answer')

        while sent < 100000:
            parallel(*[work] * sessions)
            sent += block * sessions * 5
            # What else may leave something behind.
            for head in (large, b'From: CEO\n', b'From: "A" <a@b>\n' * 200):
                if not milter.send(head).accepted:
                    odd.append('not accepted')
            with milter.session() as session:
                session.macros['i'] = '4B'
                session.mail()
                session.header('From', ' "A"\nReply-To: x <a@b>')
                if session.eom()[-1].kind != 'refusal':
                    odd.append('not refused')
                session.mail()
                session.header('From', ' "A" <a@b>')
                session.raw(mta.packet('Z'))
                session.is_closed()
            for turn in range(3):
                milter.configure(f'[policy]\nscope=everyone\nexcept=x{sent}{turn}@b.example\n')
                milter.tell(signal.SIGHUP)
                milter.wait_log('the settings were reloaded', (sent // 10000 - 1) * 3 + turn + 1)
            if sent in (20000, 100000):
                measured[sent] = milter.resident()
        point('all are answered well', odd, [])
        print(f'# VmRSS in KiB: {measured}')
        point('a row each', milter.count() >= sent)
        point('memory is flat', measured[100000] - measured[20000] < KIB_MORE)
        point('the log of the audit is moved', milter.is_whole())


if __name__ == '__main__':
    main()
