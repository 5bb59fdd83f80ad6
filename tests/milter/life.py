# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of the process: settings read again, signals, sockets, the service manager, the command
line."""
import contextlib
import grp
import os
import re
import resource
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

import mta
from lab import (BARE, FORGED, PATIENCE, PROGRAM, Milter, begin_message, end_message, free_port,
                 lock, main, outcome, point, sha256, test, wait_until)

EVERYONE = '[policy]\nscope=everyone\n'
NOBODY = '[policy]\nscope=domains\ndomains=corp.example\n'


def hang_up(milter, config, words='the settings were reloaded'):
    """SIGHUP, with this configuration, up to its end."""
    count = milter.log().count(words)
    milter.configure(config)
    milter.tell(signal.SIGHUP)
    milter.wait_log(words, count + 1)


@test
def hangup():
    """SIGHUP under load loses no message"""
    with Milter(config=EVERYONE) as milter:
        stop = threading.Event()
        wrong, sent = [], []

        def load(number):
            with milter.session() as session:
                while not stop.is_set():
                    queue_id = f'4L{number}N{len(sent)}'
                    sent.append(queue_id)
                    answer = session.send_message(FORGED, queue_id=queue_id)
                    if not answer.accepted or answer.head not in (BARE, FORGED):
                        wrong.append((queue_id, outcome(answer)))
                    elif milter.row(queue_id)['head_after_sha256'] != sha256(answer.head):
                        wrong.append((queue_id, 'another row'))

        threads = [threading.Thread(target=load, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        try:
            for turn in range(12):
                count = len(sent)
                wait_until(lambda: len(sent) > count + 20, 'messages')  # pylint: disable=W0640
                config, head = ((NOBODY, FORGED), (EVERYONE, BARE))[turn % 2]
                hang_up(milter, config)
                answer = milter.send()
                if answer.head != head:
                    point(f'turn {turn}: a new message goes by the new ones', answer.head, head)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        point('none was lost, and each has its row', wrong, [])
        point('as many rows as messages', milter.count(), len(sent) + 12)


@test
def begun():
    """new settings are for new messages"""
    with Milter(config=EVERYONE + '[milter]\nsubmission-daemons=msa\n') as milter, \
            milter.session() as begun_before, milter.session() as open_before:
        begun_before.mail()
        begun_before.rcpt()
        begun_before.header('From', ' "The CEO" <joe@evil.example>')
        begun_before.raw(mta.packet('B'))
        begun_before.read_reply()  # so all of that was read
        hang_up(milter, EVERYONE + '[milter]\nsubmission-daemons=smtpd\ndry-run=true\n')
        replies = begun_before.eom()
        point('one begun before goes by the old ones', [reply.kind for reply in replies],
              ['change', 'continue'])
        answer = begun_before.send_message(FORGED)
        row = milter.row()
        point('the next one of the session by the new ones',
              (answer.head, row['verdict'], row['reason'], row['outcome']),
              (FORGED, 'authenticated', 'listener-fact', 'dry-run'))
        answer = open_before.send_message(FORGED)
        point('and those of another', milter.row()['outcome'], 'dry-run')
        hang_up(milter, EVERYONE)
        answer = open_before.send_message(FORGED)
        point('and back', (answer.head, milter.row()['outcome']), (BARE, 'answered'))
        # What is read at a start alone.
        hang_up(milter, EVERYONE + '[milter]\nsocket-mode=0600\n', 'restart to change them')
        answer = milter.send()
        point('it goes on where it is', outcome(answer), 'accepted')


@test
def bad_file():
    """a bad file keeps the settings as they were"""
    with Milter(config=EVERYONE) as milter:
        for name, config, words in (
                ('a bad value', '[policy]\nscope=some\n', ('line 2', 'scope')),
                ('an unknown key', '[policy]\n\nscop=everyone\n', ('line 3', 'scop')),
                ('a key of another section', '[audit]\nscope=everyone\n', ('line 2', 'scope')),
                ('no section', 'scope=everyone\n', ('line 1',)),
                ('a key twice', '[policy]\nscope=everyone\nscope=everyone\n', ('line 3', 'scope')),
                ('scope=domains without any', '[policy]\nscope=domains\n', ('domains',)),
                ('a directory that is not there',
                 '[policy]\nscope=directory\ndirectory=/nonexistent/people\n',
                 ('/nonexistent/people',))):
            count = len(milter.heard)
            hang_up(milter, config, 'the settings stay as they were: ')
            line = [line for line in milter.log().split('\n') if 'stay as they were' in line][-1]
            if 'directory' not in name:
                words += (milter.config,)
            line_number = re.search(r'(?<=:)\d+(?=:)|line \d+', line)
            found = [word for word in words if word not in line and not (
                word.startswith('line ') and line_number
                and line_number[0].replace('line ', '') == word[5:])]
            point(f'{name}: the log says where: {line[:300]}', found, [])
            milter.note('READY=1')
            point(f'{name}: it says that it is ready again',
                  [text.split('\n')[0] for text in milter.heard[count:]],
                  ['RELOADING=1', 'READY=1'])
            point(f'{name}: messages go on', milter.send().head, BARE)
        os.unlink(milter.config)
        milter.tell(signal.SIGHUP)
        milter.wait_log('the settings stay as they were: ', 8)
        point('no file: messages go on', milter.send().head, BARE)
        os.mkfifo(milter.config)
        milter.tell(signal.SIGHUP)
        milter.wait_log('the settings stay as they were: ', 9)
        point('a named pipe: messages go on', milter.send().head, BARE)
        hang_up(milter, NOBODY)
        point('a good one again', milter.send().head, FORGED)


@test
def more_sessions():
    """max-sessions is raised by a reload, and with it what the process may open"""
    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (110, resource.getrlimit(
            resource.RLIMIT_NOFILE)[1]))

    with Milter(config='[milter]\nmax-sessions=20\n', preexec=few_files) as milter, \
            contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(milter.session())
        milter.wait_log('max-sessions=20')
        waiting = stack.enter_context(mta.Session(milter.target, PATIENCE))
        hang_up(milter, '[milter]\nmax-sessions=300\n')
        point('the one that waited is served', waiting.open().version, 6)
        for _ in range(200):
            stack.enter_context(milter.session())
        point('and many more', outcome(milter.send()), 'accepted')
        point('for all of them there are files', 'cannot accept' in milter.log(), False)
        # And fewer: those that are open stay.
        hang_up(milter, '[milter]\nmax-sessions=2\n')
        point('fewer: those that are open stay', outcome(waiting.send_message(FORGED)),
              'accepted')
        point('fewer: the log says that others wait',
              milter.log().count('max-sessions=2: further connections wait'), 1)


@test
def term():
    """SIGTERM: what is under way is answered"""
    for number in (signal.SIGTERM, signal.SIGINT):
        with Milter(deadline='600') as milter:
            milter.send()
            idle = milter.session()
            middle = milter.session()
            middle.mail()
            middle.rcpt()
            middle.header('From', ' "The CEO" <joe@evil.example>')
            sessions = [milter.session() for _ in range(10)]
            with lock(milter):
                for at, session in enumerate(sessions):
                    begin_message(session, f'4A{at}')
                    session.raw(mta.packet('B'))  # comes too late to be answered
                # All of that is there before the signal.
                with milter.session() as other:
                    other.raw(mta.packet('B'))
                    other.read_reply()
                milter.tell(number)
                milter.note('STOPPING=1')
                point('who has nothing under way is let go', (idle.is_closed(), middle.is_closed()),
                      (True, True))
                milter.tell(number)
                point('the others are waited for', milter.process.poll(), None)
            found = [end_message(session) for session in sessions]
            point('they are answered', found, ['accepted'] * 10)
            point('and then let go', [session.is_closed() for session in sessions], [True] * 10)
            point('it ends with 0', milter.wait(), 0)
            point('their rows are there, and no others', milter.count(), 11)
            point('the socket is removed', os.path.exists(milter.path), False)
            for session in (idle, middle, *sessions):
                session.close()
    # The audit does not become free in time.
    with Milter(deadline='2') as milter:
        milter.send()
        sessions = [milter.session() for _ in range(10)]
        with lock(milter):
            for at, session in enumerate(sessions):
                begin_message(session, f'4A{at}')
            with milter.session() as other:
                other.raw(mta.packet('B'))
                other.read_reply()
            milter.tell(signal.SIGTERM)
            point('late: it ends with 0 all the same', milter.wait(), 0)
        found = set()
        for session in sessions:
            try:
                found.add(end_message(session))
            except mta.Closed:
                found.add('closed')
            session.close()
        point('late: none goes through', found - {'closed', '451 4.3.0 barefrom: audit database is '
                                                            'locked'}, set())
        point('late: there is no row', milter.count(), 1)
    # It becomes free once the connections are given up.
    with Milter(deadline='2') as milter:
        sessions = [milter.session() for _ in range(10)]
        milter.send(queue_id='4FIRST')
        with lock(milter):
            for at, session in enumerate(sessions):
                begin_message(session, f'4A{at}')
            with milter.session() as other:
                other.raw(mta.packet('B'))
                other.read_reply()
            milter.tell(signal.SIGTERM)
            wait_until(lambda: 'stopping with' in milter.log() or milter.process.poll() is not None,
                       'the end')
        point('too late: it ends with 0', milter.wait(), 0)
        accepted = {'4FIRST'}
        for at, session in enumerate(sessions):
            with contextlib.suppress(mta.Closed):
                if end_message(session) == 'accepted':
                    accepted.add(f'4A{at}')
            session.close()
        point('too late: only rows of those who were answered say so',
              {row['queue_id'] for row in milter.query(
                  "SELECT queue_id FROM message WHERE outcome = 'answered'")}, accepted)
        # A peer that never reads cannot keep it.
    with Milter(deadline='2') as milter:
        deaf = mta.Session(milter.target, PATIENCE)
        deaf.negotiate(protocol=0)
        deaf.open()
        deaf.mail()
        deaf.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                deaf.socket.send(mta.packet('R', mta.strings('<a@b>')) * 1000)
        milter.tell(signal.SIGTERM)
        point('a deaf peer: it ends with 0 all the same', milter.wait(), 0)
        deaf.close()
        # Nor one that has read a part of its answer.
    with Milter(deadline='1') as milter:
        torn = milter.session()
        begin_message(torn, '4T', (b'From: "The CEO" <a@b.example>,\n ' + b'x' * 1400 +
                                   b'@b.example\n') * 1500)
        torn.socket.recv(1000)
        milter.wait_log('4T: ')
        milter.tell(signal.SIGTERM)
        point('half an answer: it ends with 0 all the same', milter.wait(), 0)
        point('half an answer: that is none', milter.row('4T')['outcome'], 'failed')
        torn.close()


def start_fails(milter):
    """The exit status of one that cannot start, and what it says."""
    milter.spawn()
    status = milter.wait()
    milter.expected = status
    return status, milter.log()


@test
def unix_socket():
    """the unix socket"""
    with Milter() as milter:
        point('its mode', stat.S_IMODE(os.stat(milter.path).st_mode), 0o660)
        with Milter(listen=milter.target, start=False) as second:
            status, log = start_fails(second)
            point('in use: the second one does not start', (status, 'another process answers there'
                                                            in log, milter.path in log),
                  (74, True, True))
            point('in use: the first one goes on', outcome(milter.send()), 'accepted')
        os.unlink(milter.path)
        with Milter(listen=milter.target) as second:
            point('out of its way: the first one ends', milter.stop(), 0)
            point('out of its way: and leaves what is not its own', outcome(second.send()),
                  'accepted')
        point('out of its way: the second one removes its own', os.path.exists(milter.path), False)
        milter.start()
        milter.kill()
        point('killed: the socket stays', os.path.exists(milter.path))
        milter.start()
        point('a leftover is replaced', outcome(milter.send()), 'accepted')
    for name, make, words in (
            ('a file', lambda path: open(path, 'w', encoding='ascii').close(),
             'not a socket'),
            ('a folder', os.mkdir, 'not a socket'),
            ('a link to nothing', lambda path: os.symlink('/nonexistent', path),
             'not a socket'),
            ('a fifo', os.mkfifo, 'not a socket')):
        with Milter(start=False) as milter:
            make(milter.path)
            before = os.lstat(milter.path)
            status, log = start_fails(milter)
            point(f'{name} in the way', (status, words in log), (74, True))
            point(f'{name} in the way: it stays', os.lstat(milter.path).st_ino, before.st_ino)
    with Milter(listen='unix:/nonexistent/s', start=False) as milter:
        status, log = start_fails(milter)
        point('no folder', (status, '/nonexistent/s' in log), (74, True))
    with Milter(socket_mode='0606') as milter:
        point('socket-mode', stat.S_IMODE(os.stat(milter.path).st_mode), 0o606)
    with Milter(socket_group='no-such-group', start=False) as milter:
        status, log = start_fails(milter)
        point('a group that is missing', (status != 0, 'socket-group=no-such-group: there is no '
                                          'such group' in log), (True, True))
        point('a group that is missing: no socket is left', os.path.exists(milter.path), False)
    with Milter(socket_group=None) as milter:
        try:
            wanted = grp.getgrnam('postfix').gr_gid
        except KeyError:
            wanted = None
        given = os.stat(milter.path).st_gid
        point('the default group is given, or there is a warning',
              given == wanted or 'socket-group: the default group postfix' in milter.log())
        point('and messages go on', outcome(milter.send()), 'accepted')
    ours = grp.getgrgid(os.getgid()).gr_name if os.geteuid() else 'daemon'
    with Milter(socket_group=ours) as milter:
        point('socket-group', os.stat(milter.path).st_gid, grp.getgrnam(ours).gr_gid)


def asked_after(port):
    """Seconds after which the kernel asks the peers of connections to this port whether they are
    still there (proc_net_tcp.rst: timer 2); 0: never."""
    found = []
    for name in 'tcp', 'tcp6':
        with open(f'/proc/net/{name}', encoding='ascii') as file:
            for words in map(str.split, list(file)[1:]):
                if words[1].endswith(f':{port:04X}') and words[3] == '01':  # established
                    kind, _, ticks = words[5].partition(':')
                    found.append(int(ticks, 16) / os.sysconf('SC_CLK_TCK') if kind == '02' else 0)
    return found


@test
def inet():
    """listeners by TCP"""
    for kind, host, target in (('inet', '127.0.0.1', '127.0.0.1'), ('inet6', '::1', '::1'),
                               ('inet', '0.0.0.0', '127.0.0.1'), ('inet6', '::', '::1')):
        port = free_port(target)
        with Milter(listen=f'{kind}:{port}@{host}') as milter:
            milter.target = (target, port)
            name = f'{kind}:PORT@{host}'
            try:
                answer = milter.send()
                point(name, (outcome(answer), answer.head), ('accepted', BARE))
            except OSError as error:
                point(name, str(error), 'accepted')
            with milter.session():
                # Not at once: first the peer has to confirm what it was sent.
                seconds = wait_until(lambda: max(asked_after(port)), 'a timer')
                point(f'{name}: a peer that vanished will be noticed', seconds < 120)
            with Milter(listen=f'{kind}:{port}@{host}', start=False) as other:
                status, log = start_fails(other)
                point(f'{name} in use', (status, f':{port}@' in log), (74, True))
            milter.kill()
            milter.start()
            point(f'{name}: it comes again at once', outcome(milter.send()), 'accepted')
    with Milter(listen='inet:10@no.such.host.invalid', start=False) as milter:
        status, log = start_fails(milter)
        point('a host that is none', (status, 'no.such.host.invalid' in log), (74, True))


def passed_on(*sockets, **settings):
    """A milter with sockets of systemd."""
    def place():
        for number, one in enumerate(sockets):
            os.dup2(one.fileno(), 10 + number)
        for number in range(len(sockets)):
            os.dup2(10 + number, 3 + number)

    return Milter(command=('sh', '-c', f'LISTEN_PID=$$ LISTEN_FDS={len(sockets)} exec "$@"', 'sh'),
                  preexec=place, pass_fds=range(3, 3 + len(sockets)), **settings)


@test
def activation():
    """sockets of systemd"""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as one, \
            socket.create_server(('127.0.0.1', 0)) as two:
        path = folder + '/activated'
        one.bind(path)
        one.listen()
        # Who comes before it is there is served then.
        early = mta.Session(path, PATIENCE)
        early.raw(mta.packet('O', b'\0\0\0\6\0\0\1\xff\0\x1f\xff\xff'))
        with passed_on(one, two) as milter:
            point('who came before it is served', early.read_packet()[0], 'O')
            point('listen= is not used', os.path.exists(milter.path), False)
            for target in (path, two.getsockname()):
                milter.target = target
                point(f'{target if target != path else "unix"}', outcome(milter.send()), 'accepted')
            point('the log says so', 'listens on the sockets of systemd' in milter.log())
            point('it ends', milter.stop(), 0)
            point('and leaves the socket', os.path.exists(path))
            late = mta.Session(path, PATIENCE)
            late.raw(mta.packet('O', b'\0\0\0\6\0\0\1\xff\0\x1f\xff\xff'))
            milter.start()
            point('who came meanwhile is served', late.read_packet()[0], 'O')
            early.close()
            late.close()
        with passed_on(two, listen=f'inet:{free_port()}@127.0.0.1') as milter:
            point('listen=inet: the log says which', 'listens on the sockets of systemd'
                  in milter.log())
    with socket.socket(socket.AF_UNIX) as one:
        milter = passed_on(one, start=False)
        status, log = start_fails(milter)
        point('one that does not listen', (status != 0, 'systemd' in log), (True, True))
    # Meant for another process.
    with Milter(environment={'LISTEN_PID': '1', 'LISTEN_FDS': '1'}) as milter:
        point('those of another process are none', outcome(milter.send()), 'accepted')


@test
def manager():
    """the service manager"""
    with Milter(environment={'WATCHDOG_USEC': '200000'}, deadline='600') as milter:
        before = time.clock_gettime(time.CLOCK_MONOTONIC)
        for _ in range(3):
            milter.note('WATCHDOG=1')
        milter.send()
        with lock(milter), milter.session() as session:
            begin_message(session, '4A')
            for _ in range(5):
                milter.note('WATCHDOG=1')
        point('it pings, also while it waits for the audit', True)
        milter.tell(signal.SIGHUP)
        text = milter.note('RELOADING=1')
        found = re.search(r'^MONOTONIC_USEC=(\d+)$', text, re.M)
        point('RELOADING=1 with the time', found and before
              <= int(found[1]) / 1e6 <= time.clock_gettime(time.CLOCK_MONOTONIC))
        milter.note('READY=1')
        milter.tell(signal.SIGTERM)
        milter.note('STOPPING=1')
        point('STOPPING=1', milter.wait(), 0)
    with Milter(environment={'JOURNAL_STREAM': '1:1'}) as milter:
        milter.send()
        milter.send(b'To: x\x01\n', queue_id='4A')
        with milter.session() as session:
            session.raw(mta.packet('Z'))
            session.is_closed()
        milter.tell(signal.SIGHUP)
        milter.wait_log('were reloaded')
        os.unlink(milter.config)
        milter.tell(signal.SIGHUP)
        milter.wait_log('stay as')
        lines = milter.log().strip().split('\n')
        point('priorities for the journal',
              [re.match(r'<(\d)>barefrom-milter: ', line)[1] for line in lines],
              ['6', '6', '6', '4', '6', '3'])


def command(*arguments, config='/dev/null', defaults=True):
    """Runs it: status, standard output, standard error."""
    with tempfile.TemporaryDirectory() as folder:
        options = ['-c', config, '-o', f'listen=unix:{folder}/s', '-o', f'database={folder}/a.db',
                   '-o', 'socket-group='] if defaults else []
        result = subprocess.run([PROGRAM, *options, *arguments], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                                text=True, timeout=PATIENCE)
        left = sorted(os.listdir(folder))
    return result.returncode, result.stdout, result.stderr, left


@test
def command_line():
    """the command line"""
    status, out, err, _ = command('--help', defaults=False)
    point('--help', (status, '--check' in out, '--config' in out, err), (0, True, True, ''))
    status, out, err, _ = command('--version', defaults=False)
    point('--version', (status, re.fullmatch(r'barefrom-milter \d+\.\d+\.\d+\n', out) is not None,
                        err), (0, True, ''))
    status, out, err, left = command('--check')
    point('--check', (status, out.startswith('ok: socket unix:/'), err), (0, True, ''))
    point('--check leaves no socket', 's' in left, False)
    for name, arguments, wanted, words in (
            ('an unknown option', ['--nonsense'], 64, 'nonsense'),
            ('an argument', ['file'], 64, 'file'),
            ('-o without =', ['-o', 'listen'], 64, 'listen'),
            ('-o without a value', ['-o'], 64, '-o'),
            ('an unknown key', ['-o', 'lisen=x'], 78, 'lisen'),
            ('a bad listen', ['-o', 'listen=relative'], 78, 'listen'),
            ('a port that is none', ['-o', 'listen=inet:65536@localhost'], 78, 'listen'),
            ('port 0', ['-o', 'listen=inet:0@localhost'], 78, 'listen'),
            ('a host that is empty', ['-o', 'listen=inet:10@'], 78, 'listen'),
            ('a path too long', ['-o', 'listen=unix:/' + 'x' * 107], 78, 'listen'),
            ('a bad mode', ['-o', 'socket-mode=0888'], 78, 'socket-mode'),
            ('a mode for root', ['-o', 'socket-mode=04660'], 78, 'socket-mode'),
            ('max-sessions=0', ['-o', 'max-sessions=0'], 78, 'max-sessions'),
            ('a bad dry-run', ['-o', 'dry-run=maybe'], 78, 'dry-run'),
            ('a file that is missing', ['-c', '/nonexistent/conf'], 78, '/nonexistent/conf'),
            ('an audit without a folder', ['-o', 'database=/nonexistent/a.db'], 73,
             '/nonexistent'),
            ("another program's audit", ['-o', f'database={__file__}'], 74,
             os.path.realpath(__file__)),
            ('a directory that is missing',
             ['-o', 'scope=directory', '-o', 'directory=/nonexistent/p'], 78, '/nonexistent/p')):
        for check in ([], ['--check']):
            status, out, err, left = command(*arguments, *check)
            # One line of words; GLib may add how to get help.
            point(f'{name}{" ".join(["", *check])}',
                  (status, words in err, err.startswith('barefrom-milter: '), out, 's' in left),
                  (wanted, True, True, '', False))
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(folder + '/named')
        reading, writing = os.pipe()
        os.close(writing)
        for name, path in (('a named pipe', folder + '/named'),
                           ('a pipe', f'/proc/{os.getpid()}/fd/{reading}')):
            for check in ([], ['--check']):
                status, out, err, _ = command(*check, config=path)
                point(f'{name} as settings{" ".join(["", *check])}',
                      (status, f'{path}: a pipe, not a regular file' in err), (78, True))
        os.close(reading)
    with Milter() as milter:
        status, out, err, _ = command('-o', f'listen={milter.target}', '--check')
        point('--check beside one that runs', (status, 'another process answers on ' + milter.target
                                               in out), (0, True))
        point('which goes on', (os.path.exists(milter.path), outcome(milter.send())),
              (True, 'accepted'))
        status, out, err, _ = command('-o', f'listen={milter.target}', '-o',
                                      f'database={milter.database}', '--check')
        point('--check with the same audit', status, 0)


if __name__ == '__main__':
    main()
