# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fault tests share: a place for one filter with its database and a stand-in sendmail, the
filter run as pipe(8) runs it, and the ways to tell what came of it: TAP or a table.

Everything runs in processes that adopt what their children leave behind, so that the end of every
process is waited for, and none is missed.
"""
import collections
import ctypes
import itertools
import os
import pickle
import pwd
import re
import resource
import selectors
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

HEAD = (b'Return-Path: <s@x.example>\n'
        b'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: gr\xc3\xbc\xc3\x9fe\n\n')
HEAD_BARE = HEAD.replace(b'"Jane Doe, CEO" <ceo@corp.example>', b'ceo@corp.example')
# A lone dot ends a message for a sendmail without -i; the last line has no end.
BODY = b'hi\n.\nFrom: "Jane" <j@x.example>\n\xff\x00\r\nlast'
LARGE_BODY = BODY + (b'0' * 63 + b'\n') * (3 << 13)  # 1.5 MiB
SENDER, RECIPIENTS = 's@x.example', ['r@y.example', '-r z@y.example']

# What must not be told to a stranger: a path, a name, an address, a statement.
SECRET = re.compile(rb'/|Jane|example|\.db|sqlite|SELECT|INSERT|UPDATE|PRAGMA', re.IGNORECASE)
STATUS_LINE = re.compile(rb'4\.\d\.\d{1,3} barefrom: .')
DEADLINE = 60  # seconds, where a case sets no other; none is to come near it
LATE = 10  # where the deadline is to pass: what comes before takes less on any machine
PATIENCE = 300  # seconds beyond every deadline; nothing waits that long unless it is broken

libc = ctypes.CDLL(None, use_errno=True)
# The folder of the run; in it copies of the two programs, and a database without a row.
top = program = stand_in = model = None

Result = collections.namedtuple('Result', 'exit output seconds left pipe')
Mail = collections.namedtuple('Mail', 'message argv facts accepted')


def exit_name(status):
    """A subprocess status for people."""
    if status is None:
        return 'held'
    return f'signal {-status}' if status < 0 else str(status)


class Site:
    """A folder with a database, a stand-in sendmail and what that one got."""

    def __init__(self, database=None):
        self.folder = tempfile.mkdtemp(dir=top)
        self.audit = database or os.path.join(self.folder, 'audit')
        os.makedirs(self.audit, exist_ok=True)
        self.database = os.path.join(self.audit, 'a.db')
        self.sendmail = os.path.join(self.folder, 'sendmail')
        os.mkdir(os.path.join(self.folder, 'mail'))
        # A link, not a copy: a file still open for writing somewhere cannot be run.
        os.link(stand_in, self.sendmail)
        with open(self.path('empty'), 'w', encoding='utf-8'):
            pass  # no settings of this machine

    def path(self, name):
        return os.path.join(self.folder, name)

    def orders(self, *steps):
        """What the stand-in is to do; none: read, exit 0."""
        if steps:
            with open(self.path('orders'), 'w', encoding='utf-8') as out:
                out.writelines(step + '\n' for step in steps)
        elif os.path.exists(self.path('orders')):
            os.unlink(self.path('orders'))

    def make_database(self):
        """As barefrom makes it; the first one serves as the model of all others."""
        if not os.path.exists(model):
            subprocess.run([program, '-c', self.path('empty'), 'audit', 'init', '-o',
                            'database=' + model], env={}, check=True, stdout=subprocess.DEVNULL)
        for suffix in '', '-wal', '-shm':
            if os.path.exists(model + suffix):
                shutil.copy(model + suffix, self.database + suffix)

    def argv(self, *options, deadline=DEADLINE, recipients=None):
        """As in master.cf."""
        return [program, '-c', self.path('empty'), 'filter', '-o', 'database=' + self.database,
                '-o', 'sendmail=' + self.sendmail, '-o', f'deadline={deadline}',
                '--queue-id=4dS1', *options, '-f', SENDER, '--', *(recipients or RECIPIENTS)]

    def rows(self):
        """The outcomes, oldest first; none where there is no database yet. Read from a copy, since
        a reader repairs what a killed writer left, and the next filter is to do that."""
        copy = tempfile.mkdtemp(dir=self.folder)
        try:
            for suffix in '', '-wal', '-journal':
                if os.path.exists(self.database + suffix):
                    shutil.copy(self.database + suffix, os.path.join(copy, 'a.db' + suffix))
        except OSError as error:
            return [str(error)]
        connection = sqlite3.connect(os.path.join(copy, 'a.db'))
        try:
            rows = [row for row, in connection.execute('SELECT outcome FROM message ORDER BY id')]
            if rows and connection.execute('PRAGMA integrity_check').fetchone() != ('ok',):
                return ['damaged']
            return rows
        except sqlite3.OperationalError as error:
            return [] if 'no such table' in str(error) else [str(error)]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        finally:
            connection.close()

    def log(self, word):
        try:
            with open(self.path('log'), encoding='utf-8') as lines:
                return [line.split()[1] for line in lines if line.split()[0] == word]
        except FileNotFoundError:
            return []

    def mails(self):
        """What sendmail got; accepted: it has exited with 0, so the mail is sent."""
        accepted, mails = self.log('accepted'), []
        for name in sorted(os.listdir(self.path('mail'))):
            if not name.isdigit():
                continue
            with open(self.path(f'mail/{name}'), 'rb') as message:
                with open(self.path(f'mail/{name}.facts'), 'rb') as facts:
                    seen, _, argv = facts.read().partition(b'argv\0')
                pairs = dict(fact.partition('=')[::2]
                             for fact in seen.decode().split('\0') if fact)
                mails.append(Mail(message.read(), argv.decode().split('\0')[:-1], pairs,
                                  name in accepted))
        return mails

    def run(self, message, *options, prefix=(), **more):
        deadline = more.pop('deadline', DEADLINE)
        recipients = more.pop('recipients', None)
        argv = self.argv(*options, deadline=deadline, recipients=recipients)
        return run([*prefix, *argv], message, deadline + PATIENCE, self.folder, **more)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Pipe8:
    """A process as pipe(8) starts it: three pipes of which two are one, an environment with
    MAIL_CONFIG, a session of its own."""

    def __init__(self, argv, folder, env=(), limits=(), close=(), output=None):
        input_read, self.input = os.pipe()
        self.output, output_write = os.pipe()

        def prepare():
            for name, value in dict(limits).items():
                resource.setrlimit(name, (value, value))
            for fd in close:
                os.close(fd)

        self.started = time.monotonic()
        self.process = subprocess.Popen(
            argv, stdin=input_read, stdout=output_write if output is None else output,
            stderr=subprocess.STDOUT, start_new_session=True, cwd=folder,
            preexec_fn=prepare if limits or close else None,
            env={'PATH': '/usr/bin:/bin', 'LANG': 'C', 'MAIL_CONFIG': '/nowhere/postfix',
                 **dict(env)})
        self.pid = self.process.pid
        os.close(input_read)
        os.close(output_write)
        os.set_blocking(self.input, False)
        self.words = b''
        self.name = os.readlink(f'/proc/self/fd/{self.output}')

    def give(self, message):
        """Writes all of it, however long that takes."""
        os.set_blocking(self.input, True)
        while message:
            message = message[os.write(self.input, message):]
        os.set_blocking(self.input, False)

    def end_input(self):
        if self.input >= 0:
            os.close(self.input)
            self.input = -1

    def talk(self, message, patience, end=True):
        """Writes the message and reads the output, until the process has ended and nobody holds
        its output. True when it came to that in time."""
        ends = [self.output]
        if self.process.returncode is None:
            ends.append(os.pidfd_open(self.pid))
        waits = selectors.DefaultSelector()
        for fd in ends:
            waits.register(fd, selectors.EVENT_READ)
        if message:
            waits.register(self.input, selectors.EVENT_WRITE)
        elif end:
            self.end_input()
        at, until, open_ends = 0, self.started + patience, set(ends)
        while open_ends and (left := until - time.monotonic()) > 0:
            for key, _ in waits.select(left):
                if key.fd == self.input:
                    try:
                        at += os.write(self.input, message[at:at + 65536])
                    except BrokenPipeError:
                        at = len(message)
                    if at == len(message):
                        waits.unregister(self.input)
                        if end:
                            self.end_input()
                    continue
                if key.fd == self.output:
                    if data := os.read(self.output, 65536):
                        self.words += data
                        continue
                else:
                    # Who has ended holds its output no longer; whoever does may not for long.
                    until = min(until, time.monotonic() + PATIENCE)
                waits.unregister(key.fd)
                open_ends.discard(key.fd)
        for fd in ends[1:]:
            os.close(fd)
        waits.close()
        return not open_ends

    def result(self, in_time, orphans=False):
        seconds = time.monotonic() - self.started
        self.end_input()
        os.close(self.output)
        status = self.process.wait() if in_time else None
        left = leftovers(0 if orphans or not in_time else PATIENCE)
        if not in_time:
            self.process.wait()
        return Result(status, self.words, seconds, left, self.name)


def children():
    with open(f'/proc/self/task/{os.getpid()}/children', encoding='utf-8') as pids:
        return [int(pid) for pid in pids.read().split()]


def leftovers(seconds):
    """Waits until all processes below this one have ended; kills those that have not by then, and
    tells how many."""
    until, killed = time.monotonic() + seconds, set()
    while pids := children():
        if time.monotonic() < until:
            watch = os.pidfd_open(pids[0])
            selector = selectors.DefaultSelector()
            selector.register(watch, selectors.EVENT_READ)
            selector.select(until - time.monotonic())
            selector.close()
            os.close(watch)
        else:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            killed.update(pids)
        for pid in pids:
            try:
                os.waitpid(pid, 0 if pid in killed else os.WNOHANG)
            except ChildProcessError:
                pass
    return len(killed)


def run(argv, message, patience, folder, orphans=False, **more):
    """Runs a filter on a message; orphans: what it leaves behind is killed, not waited for."""
    pipe = Pipe8(argv, folder, **more)
    return pipe.result(pipe.talk(message, patience), orphans)


def wait_for(condition):
    """Polls for what no descriptor tells."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(condition)
        time.sleep(0.002)


def mount_small(folder, size):
    """A file system of that many bytes, seen by this process and its children only."""
    os.makedirs(folder)
    return libc.mount(b'none', folder.encode(), b'tmpfs', 6,
                      f'size={size},mode=1777'.encode()) == 0


def set_up(small=()):
    """Makes the folder of this run and becomes an ordinary user, to whom permissions matter.
    Returns the folders of the small file systems, as far as mounting is allowed."""
    global top, program, stand_in, model
    user = pwd.getpwnam('nobody')
    root, mounted = os.getuid() == 0, {}
    top = tempfile.mkdtemp(prefix='barefrom-faults.')
    # A process of its own does the work, so that its file systems are gone when this one cleans up.
    if worker := os.fork():
        signal.signal(signal.SIGTERM, lambda *_: os.kill(worker, signal.SIGTERM))
        status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        shutil.rmtree(top, ignore_errors=True)
        sys.exit(status if status >= 0 else 99)
    # A checkout in root's home is out of reach for nobody.
    program, stand_in = os.path.join(top, 'barefrom'), os.path.join(top, 'sendmail')
    model = os.path.join(top, 'model.db')
    shutil.copy(os.environ['BAREFROM'], program)
    shutil.copy(os.environ['SENDMAIL'], stand_in)
    if root:
        # A mount namespace of our own (CLONE_NEWNS), private all the way down (MS_REC|MS_PRIVATE).
        if libc.unshare(0x20000) == 0 and libc.mount(None, b'/', None, 0x44000, None) == 0:
            mounted = {name: os.path.join(top, 'small', name) for name, size in small
                       if mount_small(os.path.join(top, 'small', name), size)}
        for path in top, program, stand_in:
            os.chown(path, user.pw_uid, user.pw_gid)
        os.chmod(top, 0o755)
        os.chdir(top)
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        # A process that changed its user may not look at itself, nor be traced (PR_SET_DUMPABLE).
        libc.prctl(4, 1, 0, 0, 0)
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    adopt()
    site = Site()
    site.make_database()
    site.remove()
    return mounted


def adopt():
    libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    libc.prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG


def worker(function, items, numbers, answers):
    """Takes a number, answers with it and the result, until there are no more."""
    adopt()
    with os.fdopen(answers, 'wb') as out:
        while number := os.read(numbers, 4):
            index = int.from_bytes(number, 'little')
            pickle.dump((index, function(items[index])), out)
            out.flush()


def in_parallel(function, items):
    """The results in order. Most of the time is spent waiting, so more workers than processors."""
    numbers, numbers_write = os.pipe()
    # All at once: a pipe holds 64 KiB, and gives four bytes to each who asks for them.
    os.write(numbers_write, b''.join(i.to_bytes(4, 'little') for i in range(len(items))))
    os.close(numbers_write)
    answers, results, selector = [], {}, selectors.DefaultSelector()
    for _ in range(2 * (os.cpu_count() or 1)):
        read, write = os.pipe()
        if os.fork() == 0:
            status = 1
            try:
                worker(function, items, numbers, write)
                status = 0
            except BaseException:  # pylint: disable=broad-except
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(write)
        answers.append(os.fdopen(read, 'rb'))
        selector.register(answers[-1], selectors.EVENT_READ)
    os.close(numbers)
    done = 0
    while selector.get_map():
        for key, _ in selector.select():
            try:
                # A second answer in the buffer is taken with the next, or at the end.
                index, result = pickle.load(key.fileobj)
            except EOFError:
                selector.unregister(key.fileobj)
                key.fileobj.close()
                continue
            results[index] = result
        while done in results:
            yield results.pop(done)
            done += 1
    if done != len(items):
        raise RuntimeError('a worker has gone')


class Tap:
    """Points, and what explains a failed one; the plan comes last."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.last = 0

    def point(self, name, *troubles):
        """Fine if no trouble is any: an empty one does not count."""
        self.last = next(self.numbers)
        troubles = [trouble for trouble in troubles if trouble]
        print(f'{"not ok" if troubles else "ok"} {self.last} - {name.replace("#", "no.")}')
        for trouble in troubles:
            for line in str(trouble)[:2000].split('\n'):
                print('# ' + line)
        sys.stdout.flush()

    def end(self):
        print(f'1..{self.last}')


def counted(words):
    """[a, a, b] -> "2 a, b", in the order of the words."""
    return ', '.join(f'{count} {word}' if count > 1 else word
                     for word, count in collections.Counter(words).items())


def print_table(rows):
    """FAULT | EXIT | FIRST LINE | MAIL | ROWS"""
    rows = [('fault', 'exit', 'first line', 'where the mail is', 'rows'), *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for i, row in enumerate(rows):
        print(' | '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        if i == 0:
            print('-|-'.join('-' * width for width in widths))
