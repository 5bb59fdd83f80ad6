# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that are slow, odd or hostile: each gets what it deserves, and no other session waits for
it."""
import contextlib
import random
import socket
import struct
import threading

import mta
from lab import (BARE, FORGED, PATIENCE, TEMPFAIL, Milter, begin_message, end_message, free_port,
                 lock, main, outcome, point, raise_files, test, wait_until)

MEGABYTE = 1 << 20
COMMANDS = 'ABCDEHKLMNOQRTU'


def served(milter, name):
    """Another session is served now."""
    answer = milter.send()
    point(f'{name}: another session is served', (outcome(answer), answer.head),
          ('accepted', BARE))


def recorded(milter, protocol=mta.PROTOCOL, messages=1, queue_id='4REC'):
    """The octets of a session that sends messages, up to the end of the last one."""
    octets = b''
    with mta.Session(milter.target, PATIENCE) as session:
        send = session.raw

        def raw(data):
            nonlocal octets
            octets += data
            send(data)

        session.raw = raw
        session.negotiate(protocol=protocol)
        session.open()
        for _ in range(messages):
            session.send_message(FORGED, queue_id=queue_id, abort=False)
    return octets


@test
def byte_by_byte():
    """a packet byte by byte"""
    with Milter() as milter, mta.Session(milter.target, PATIENCE) as session:
        send = session.raw
        sent = others = 0

        def raw(data):
            nonlocal sent, others
            for at in range(len(data)):
                send(data[at:at + 1])
                sent += 1
                if sent % 40 == 0:
                    others += milter.send(queue_id='4FAST').accepted

        session.raw = raw
        session.open()
        answer = session.send_message(FORGED, queue_id='4SLOW')
        point('it is answered', (answer.accepted, answer.head), (True, BARE))
        point('others were served between its octets',
              (others > 3, others, milter.count("queue_id = '4FAST'")),
              (True, sent // 40, others))


@test
def lengths():
    """lengths that no packet has"""
    with Milter() as milter:
        for length in (0, 0xffffffff, 0x80000000, 0x7fffffff, MEGABYTE + 1):
            for negotiated in (False, True):
                with mta.Session(milter.target, PATIENCE) as session:
                    if negotiated:
                        session.open()
                    session.raw_length(length, b'O')
                    point(f'{length}, {"" if negotiated else "not "}negotiated: let go',
                          session.is_closed())
        milter.wait_log('refusing a peer: it sent a packet of an impossible length', 10)
        served(milter, 'after them')
        with milter.session() as session:
            session.mail()
            session.rcpt()
            data = mta.strings('X-Long', b' ' + b'x' * (MEGABYTE - 1 - len('X-Long') - 3))
            session.raw(struct.pack('!I', MEGABYTE) + b'L' + data)
            session.header('From', ' "The CEO" <a@b.example>')
            point('the longest there is', [reply.kind for reply in session.eom()],
                  ['change', 'continue'])
        # One that is announced, and never comes whole.
        with milter.session() as waiting:
            waiting.raw_length(MEGABYTE, b'L' + b'x' * (MEGABYTE - 2))
            served(milter, 'a packet that lacks an octet')
        served(milter, 'which is gone now')


@test
def cut():
    """a session cut after each octet"""
    with Milter() as milter:
        octets = recorded(milter)
        rows = milter.count()
        for length in range(len(octets)):
            with contextlib.closing(mta.open_socket(milter.target, PATIENCE)) as connection:
                # A peer that closes with replies unread breaks the connection.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(octets[:length])
        point(f'{len(octets)} sessions that ended too early, and no row', milter.count() - rows, 0)
        served(milter, 'after them')
        with contextlib.closing(mta.open_socket(milter.target, PATIENCE)) as connection:
            connection.sendall(octets + mta.packet('Q'))
            heard = b''
            while data := connection.recv(65536):
                heard += data
        point('what came whole is answered', heard[-5:], mta.packet('c'))
        point('and has its row', milter.count() - rows, 2)


def valid(command):
    """A packet of this command that could be right."""
    return mta.packet(command, {
        'O': struct.pack('!III', 6, mta.ACTIONS, mta.PROTOCOL),
        'C': mta.strings('pc') + b'4\x9c\x40' + mta.strings('192.0.2.7'),
        'D': b'M' + mta.strings('i', '4X', '{auth_authen}', 'joe'),
        'H': mta.strings('pc'), 'M': mta.strings('<a@b.example>'),
        'R': mta.strings('<c@d.example>'),
        'L': mta.strings('From', ' "The CEO" <a@b.example>'),
        'U': mta.strings('XYZ'), 'B': b'text\r\n'}.get(command, b''))


@test
def order():
    """commands out of order"""
    begin = {
        'before negotiation': [],
        'before CONNECT': ['O'],
        'before MAIL': ['O', 'C', 'H'],
        'after MAIL': ['O', 'C', 'H', 'M'],
        'after RCPT': ['O', 'C', 'H', 'M', 'R'],
        'after a header': ['O', 'C', 'H', 'M', 'R', 'L'],
        'after an end': ['O', 'C', 'H', 'M', 'R', 'L', 'N', 'E'],
        'after ABORT': ['O', 'C', 'H', 'M', 'R', 'L', 'A'],
    }
    # What ends the connection there; all else goes on.
    ends = {
        'before negotiation': set(COMMANDS) - set('O'),
        'before CONNECT': set('OHMRLEQ'),
        'before MAIL': set('ORLEQ'),
        'after MAIL': set('OQ'),
        'after RCPT': set('OQ'),
        'after a header': set('OQ'),
        'after an end': set('ORLEQ'),
        'after ABORT': set('ORLEQ'),
    }
    with Milter() as milter:
        seen = 0
        for name, commands in begin.items():
            ended = set()
            for command in COMMANDS + 'Z\0':
                with mta.Session(milter.target, PATIENCE) as session:
                    # What nobody knows ends it, if nothing else did.
                    session.raw(b''.join(valid(c) for c in [*commands, command, 'Z']))
                    with contextlib.suppress(mta.Closed):
                        while True:
                            session.read_packet()
                # It is logged before it is closed; QUIT is not.
                let_go = [line for line in milter.log().split('\n') if 'refusing a peer' in line]
                if command in 'QZ\0' or 'an unknown command' not in let_go[-1]:
                    ended.add(command)
                if command != 'Q' and len(let_go) != seen + 1:
                    point(f'{name}, {command!r}: one line', let_go[seen:])
                seen = len(let_go)
            point(f'{name}: what ends the connection', ended, ends[name] | set('Z\0'))
        served(milter, 'after them')


@test
def noise():
    """sessions of noise"""
    numbers = random.Random(18)
    with Milter() as milter:
        for _ in range(600):
            octets = valid('O') if numbers.random() < 0.9 else b''
            if numbers.random() < 0.9:
                octets += valid('C') + valid('H')
            for _ in range(numbers.randrange(30)):
                packet = bytearray(valid(numbers.choice(COMMANDS.replace('Q', 'M'))))
                if numbers.random() < 0.3:
                    packet[numbers.randrange(4, len(packet))] = numbers.randrange(256)
                if numbers.random() < 0.1:
                    del packet[numbers.randrange(5, len(packet) + 1):]
                    packet[:4] = struct.pack('!I', len(packet) - 4)
                octets += packet
            with contextlib.closing(mta.open_socket(milter.target, PATIENCE)) as connection:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(octets)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
        served(milter, 'after them')
        point('the audit is whole', milter.is_whole())
        point('no row but of answers', milter.count("outcome NOT IN ('answered', 'deferred', 'failed')"), 0)


@test
def negotiation():
    """peers with whom no message could be dealt with are let go, and the log says why"""
    with Milter() as milter:
        for name, offered, words in (
                ('version 5', (5, mta.ACTIONS, mta.PROTOCOL), 'set milter_protocol=6'),
                ('version 2', (2, mta.ACTIONS, 0x7f), 'set milter_protocol=6'),
                ('version 0', (0, 0, 0), 'set milter_protocol=6'),
                ('no CHGHDRS', (6, mta.ACTIONS & ~0x10, mta.PROTOCOL),
                 'it does not let milters change headers')):
            with mta.Session(milter.target, PATIENCE) as session:
                session.raw(mta.packet('O', struct.pack('!III', *offered)))
                point(f'{name}: let go', session.is_closed())
            milter.wait_log(words)
        for cut_at in range(12):
            with mta.Session(milter.target, PATIENCE) as session:
                session.raw(mta.packet('O', struct.pack('!III', 6, 0x1ff, 0)[:cut_at]))
                if not session.is_closed():
                    point(f'{cut_at} octets', False)
        with mta.Session(milter.target, PATIENCE) as session:
            session.negotiate()
            session.raw(valid('O'))
            point('twice: let go', session.is_closed())
        with mta.Session(milter.target, PATIENCE) as session:
            session.negotiate(version=7, actions=0xffffffff, protocol=0xffffffff)
            session.open()
            answer = session.send_message(FORGED)
            point('a later version, that can more', (session.version, answer.head), (6, BARE))
            point('no more is wanted than is used', session.actions, 0x10 | 0x100)
        with mta.Session(milter.target, PATIENCE) as session:
            session.negotiate(actions=0x10)
            session.open()
            answer = session.send_message(FORGED, login='joe')
            point('no list of macros: what the peer sends by itself', answer.head, FORGED)
        milter.wait_log('milter_protocol=6', 3)


@test
def flags():
    """a peer without one of the flags gets an answer where it waits for one"""
    with Milter() as milter:
        every = [1 << bit for bit in range(21)]
        for name, protocol in [('none at all', 0), *((hex(bit), mta.PROTOCOL & ~bit)
                                                     for bit in every),
                               *((f'{bit:#x} alone', bit) for bit in every)]:
            head = b'From: "The CEO" <joe@evil.example>\nTo: you@corp.example\n\n'
            with mta.Session(milter.target, PATIENCE) as session:
                session.negotiate(protocol=protocol)
                session.open()
                if session.wants('U'):
                    session.unknown('XYZ')
                good = []
                for _ in range(2):
                    answer = session.send_message(head, b'text\n' * 20000)
                    good.append((answer.accepted, answer.head))
                session.quit()
            if good != [(True, b'From: joe@evil.example\nTo: you@corp.example\n')] * 2:
                point(f'offered {name}', good)
        point('rows', milter.count(), 86)
        point('all of them stripped', milter.count("action <> 'stripped'"), 0)


@test
def recipients():
    """10,000 recipients, and one more"""
    with Milter() as milter, milter.session() as session:
        many = [f'<{n}@corp.example>' for n in range(10000)]
        answer = session.send_message(FORGED, recipients=many, queue_id='4A')
        row = milter.row('4A')
        point('10,000', (answer.head, milter.recipients(row['id'])),
              (BARE, sorted(recipient.strip('<>') for recipient in many)))
        answer = session.send_message(FORGED, recipients=[*many, '<one@corp.example>'],
                                      queue_id='4B')
        point('10,001: come again', (answer.accepted, outcome(answer).startswith(TEMPFAIL)),
              (False, True))
        point('the log says it', '4B: deferred: ' in milter.log())
        answer = session.send_message(FORGED, queue_id='4C')
        point('the next message', (answer.head, milter.recipients(milter.row('4C')['id'])),
              (BARE, ['you@corp.example']))
        answer = session.send_message(FORGED, queue_id='4D',
                                      recipients=[f'<{"x" * 60000}{n}@b>' for n in range(40)])
        point('2 MiB of recipients: come again', outcome(answer).startswith(TEMPFAIL))
        answer = session.send_message(FORGED, queue_id='4E', recipients=('<>', '', '<', 'a', '<a>'))
        point('odd ones', milter.recipients(milter.row('4E')['id']), ['', '<', 'a'])


@test
def pipelined():
    """messages without waiting for answers"""
    with Milter() as milter:
        one = recorded(milter)
        first = recorded(milter, messages=2)
        message = first[len(one):]
        count = 300
        octets = one + b''.join(message.replace(b'4REC', b'4%03x' % n) for n in range(count))
        octets += mta.packet('Q')
        rows = milter.count()
        for name, step in (('at once', len(octets)), ('in pieces of 777 octets', 777)):
            with mta.Session(milter.target, PATIENCE) as session:
                def write():
                    session.raw_slowly(octets, step)  # pylint: disable=cell-var-from-loop

                writer = threading.Thread(target=write)
                writer.start()
                session.read_packet()
                replies = [session.read_reply().kind for _ in range(2 * (count + 1))]
                writer.join()
                point(f'{name}: an answer each', (replies, session.is_closed()),
                      (['change', 'continue'] * (count + 1), True))
            ids = [row['queue_id'] for row in milter.query(
                'SELECT queue_id FROM message WHERE id > ? ORDER BY id', rows)]
            point(f'{name}: a row each, in their order', ids,
                  ['4REC', *(f'4{n:03x}' for n in range(count))])
            rows = milter.query('SELECT max(id) n FROM message')[0]['n']


def fill(connection, data):
    """Sends as much as the other side and the kernel take: how many octets."""
    connection.setblocking(False)
    sent = 0
    try:
        while True:
            sent += connection.send(data[sent % len(data):])
    except BlockingIOError:
        return sent
    finally:
        connection.setblocking(True)
        connection.settimeout(PATIENCE)


@test
def deaf():
    """a peer that never reads its replies"""
    with Milter() as milter, mta.Session(milter.target, PATIENCE) as session:
        session.negotiate(protocol=0)
        session.open()
        session.mail()
        data = mta.packet('R', mta.strings('<a@b.example>')) * 1000
        sent = fill(session.socket, data)
        # What the milter takes meanwhile is bounded: it stops reading.
        more = 1
        rounds = 0
        while more and rounds < 1000:
            if not milter.send().accepted:
                point('another session is served', False)
            more = fill(session.socket, data[sent % len(data):] + data[:sent % len(data)])
            sent += more
            rounds += 1
        point('it is not read for ever', (more, sent < 8 * MEGABYTE), (0, True))
        served(milter, 'a deaf peer')
        # Once it reads, it gets all: an answer for each.
        whole = sent // (len(data) // 1000)
        answers = [session.read_reply().kind for _ in range(whole)]
        point('once it listens, it has all its answers', set(answers), {'continue'})
        served(milter, 'which listens now')


@test
def gone():
    """a peer that closes while its row is being written"""
    with Milter(deadline='600') as milter:
        milter.send(queue_id='4FIRST')
        with lock(milter):
            for number in range(20):
                session = milter.session()
                begin_message(session, f'4A{number}')
                session.close()
            stays = milter.session()
            begin_message(stays, '4B')
            # One more behind them, which is decided after the others: so they were, too.
            last = milter.session()
            begin_message(last, '4C')
        point('others are answered', [end_message(session) for session in (stays, last)],
              ['accepted'] * 2)
        wait_until(lambda: milter.count("outcome = 'failed'") == 20, 'twenty rows that failed')
        point('theirs are not', sorted(row['queue_id'] for row in milter.query(
            "SELECT queue_id FROM message WHERE outcome = 'answered'")), ['4B', '4C', '4FIRST'])
        served(milter, 'after them')

        # In the middle of an answer that is longer than what the kernel takes.
        line = b'From: "The CEO" <a@b.example>,\n ' + b'x' * 1400 + b'@b.example\n'
        session = milter.session()
        begin_message(session, '4D', line * 1500)
        session.socket.recv(1000)
        milter.wait_log('4D: ')
        served(milter, 'a long answer that is not read')
        session.close()
        wait_until(lambda: milter.row('4D')['outcome'] == 'failed', 'a row that failed')
        point('it failed', milter.row('4D')['outcome'], 'failed')

        # By TCP, with an answer that is there unread.
    with Milter(listen=f'inet:{free_port()}@127.0.0.1', deadline='600') as milter:
        session = milter.session()
        begin_message(session, '4E', line * 4500)
        session.socket.recv(1000)
        milter.wait_log('4E: ')
        session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        session.close()
        wait_until(lambda: milter.row('4E')['outcome'] == 'failed', 'a row that failed')
        point('by TCP', milter.row('4E')['outcome'], 'failed')


@test
def flood():
    """peers that never stop, while others come"""
    with Milter() as milter:
        stop = threading.Event()
        counts = [0] * 4  # blocks sent by each

        def run(number):
            with mta.Session(milter.target, PATIENCE) as session:
                session.open()
                data = valid('M') * 10000
                while not stop.is_set():
                    session.raw(data)
                    counts[number] += 1

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(counts))]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(count > 10 for count in counts), 'floods')
        try:
            first = sum(counts)
            for number in range(20):
                answer = milter.send(queue_id=f'4A{number}')
                if not answer.accepted:
                    point(f'message {number}', outcome(answer), 'accepted')
            before = list(counts)
            wait_until(lambda: all(count > old for count, old in zip(counts, before)), 'floods')
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        point('twenty sessions are served meanwhile', milter.count(), 20)
        # Each takes its turn: some hundred blocks of the others go by, not all that they have.
        point('and need not wait for a pause', sum(before) - first < 5000)


@test
def together():
    """all of them at once, and many that say nothing"""
    raise_files(2000)
    with Milter() as milter, contextlib.ExitStack() as open_ones:
        octets = recorded(milter)
        for number in range(300):
            connection = mta.open_socket(milter.target, PATIENCE)
            open_ones.callback(connection.close)
            connection.sendall(octets[:number])
        for _ in range(20):
            session = open_ones.enter_context(milter.session())
            session.raw_length(MEGABYTE, b'L' + b'x' * 500000)
        for _ in range(20):
            session = mta.Session(milter.target, PATIENCE)
            open_ones.callback(session.close)
            session.negotiate(protocol=0)
            session.open()
            session.mail()
            fill(session.socket, mta.packet('R', mta.strings('<a@b.example>')) * 1000)
        served(milter, 'beside 340 peers')
        point('it holds little for them', milter.resident() < 512 * 1024)


if __name__ == '__main__':
    main()
