# SPDX-License-Identifier: GPL-3.0-or-later
"""lab.py: what the scripts beside it share: a barefrom-milter of their own, its log and its audit."""
import contextlib
import hashlib
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = HERE, os.path.dirname(HERE)
import mta  # pylint: disable=wrong-import-position
import tap  # pylint: disable=wrong-import-position
# pylint: disable-next=wrong-import-position,unused-import
from tap import PATIENCE, point, test, wait_until

PROGRAM = os.environ['BAREFROM_MILTER']
SANITIZER = re.compile(r'Sanitizer|runtime error:|fatal-warnings|CRITICAL|assertion failed')
TEMPFAIL = '451 4.3.0 barefrom: '

FORGED = b'From: "The CEO" <joe@evil.example>\nTo: you@corp.example\nSubject: hello\n'
BARE = b'From: joe@evil.example\nTo: you@corp.example\nSubject: hello\n'

_milters = []


def close_milters(function):
    """What a sanitizer or GLib has to say is a failed point, and so is a milter that doesn't end
    with 0."""
    for milter in _milters:
        try:
            milter.close()
        except Exception:  # pylint: disable=broad-except
            tap.broken(f'{function.__name__}: the milter can be ended')
    faults = [fault for milter in _milters for fault in milter.faults()]
    point(f'{function.__name__}: the milters end well', faults, [])
    for milter in _milters:
        shutil.rmtree(milter.folder, ignore_errors=True)
    _milters.clear()


def main():
    """Runs the tests, which are functions without arguments."""
    tap.run(lambda function: function(), close_milters)


def raise_files(wanted):
    """Lets this process and its children have so many open files; it is an error where they may
    not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            hard = wanted  # root may
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def free_port(host='127.0.0.1'):
    """One that nobody listens on now."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ':' in host else socket.AF_INET
                              ) as listener:
        return listener.getsockname()[1]


def sha256(head):
    """As the audit has it: of the head with its empty line."""
    return hashlib.sha256(head + b'\n').hexdigest()


def parallel(*functions):
    """Runs them at once; the first exception is raised here."""
    raised = []

    def run(function):
        try:
            function()
        except BaseException as error:  # pylint: disable=broad-except
            raised.append(error)

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


# The milter.

class Milter:
    """A barefrom-milter in a folder of its own. `settings` are keys with _ for -, over those that
    every test needs; `config` is the text of a configuration file."""

    def __init__(self, config=None, environment=None, listen=None, preexec=None, pass_fds=(),
                 start=True, folder=None, command=(), **settings):
        self.folder = folder or tempfile.mkdtemp(prefix='barefrom-milter-')
        self.audit_folder = os.path.join(self.folder, 'audit')
        os.makedirs(self.audit_folder, exist_ok=True)
        self.database = os.path.join(self.audit_folder, 'audit.db')
        self.path = os.path.join(self.folder, 's')
        self.target = listen or 'unix:' + self.path
        self.log_path = os.path.join(self.folder, 'log')
        self.config = os.path.join(self.folder, 'barefrom.conf')
        self.configure(config or '')
        options = {'listen': self.target, 'database': self.database, 'socket-group': '',
                   **{key.replace('_', '-'): value for key, value in settings.items()}}
        self.arguments = [*command, PROGRAM, '-c', self.config]
        for key, value in options.items():
            if value is not None:
                self.arguments += ['-o', f'{key}={value}']
        self.preexec, self.pass_fds = preexec, pass_fds
        self.environment = environment or {}
        self.process = self.notes = None
        self.heard, self.noted = [], 0  # messages to the service manager, and how many are done
        self.status, self.expected = None, 0
        _milters.append(self)
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def configure(self, text):
        """Replaces the configuration file."""
        with open(self.config + '.new', 'w', encoding='utf-8') as file:
            file.write(text)
        os.rename(self.config + '.new', self.config)

    def spawn(self):
        """Starts the process, and waits for nothing."""
        notify = os.path.join(self.folder, 'notify')
        self._stop_hearing()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(notify)
        self.notes = notify
        self.heard, self.noted = [], 0
        notes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notes.bind(notify)
        threading.Thread(target=self._hear, args=(notes, self.heard), daemon=True).start()
        environment = {**os.environ, 'NOTIFY_SOCKET': notify, **self.environment}
        if preload := environment.pop('BAREFROM_MILTER_PRELOAD', None):
            environment['LD_PRELOAD'] = preload
        with open(self.log_path, 'ab') as log:
            # pylint: disable-next=consider-using-with, subprocess-popen-preexec-fn
            self.process = subprocess.Popen(
                self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                env=environment, preexec_fn=self.preexec, pass_fds=self.pass_fds)
        self.status, self.expected = None, 0

    def start(self):
        """Starts the process, and waits until it says that it is ready."""
        self.spawn()
        self.note('READY=1')
        return self

    def _stop_hearing(self):
        if self.notes:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b'', self.notes)
            self.notes = None

    def _hear(self, notes, heard):
        """Takes what is sent to the service manager, for whom the milter would wait."""
        while text := notes.recv(65536).decode():
            heard.append(text)
        notes.close()

    def note(self, wanted):
        """Waits for a message to the service manager that has this line, behind the one that was
        waited for before; the message."""
        def find():
            ended = self.process.poll()
            if ended is not None:  # all that it has sent is in front of this
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                    end.sendto(b'ENDED=1', self.notes)
                wait_until(lambda: 'ENDED=1' in self.heard, 'what it sent')
            for at in range(self.noted, len(self.heard)):
                for line in self.heard[at].split('\n'):
                    if line == wanted or line.startswith(wanted + '='):
                        self.noted = at + 1
                        return self.heard[at]
            if ended is not None:
                raise RuntimeError(f'it ended with {ended}: {self.log()}')
            return None

        return wait_until(find, wanted)

    @property
    def pid(self):
        """Of the process."""
        return self.process.pid

    def tell(self, number):
        """Sends it."""
        self.process.send_signal(number)

    def wait(self):
        """Waits for its end: the exit status."""
        self.status = self.process.wait(PATIENCE)
        return self.status

    def stop(self, number=signal.SIGTERM):
        """Ends it: the exit status."""
        self.tell(number)
        return self.wait()

    def kill(self):
        """kill -9"""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.status = self.expected = -signal.SIGKILL

    def close(self):
        """Ends it, unless it has ended."""
        if self.process and self.process.poll() is None and self.status is None:
            self.tell(signal.SIGTERM)
            try:
                self.status = self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                self.status = 'had to be killed'
        elif self.process and self.status is None:
            self.status = self.process.wait(PATIENCE)
        self._stop_hearing()

    def faults(self):
        """What was not well with it, after its end."""
        lines = self.log().split('\n')
        found = [at for at, line in enumerate(lines) if SANITIZER.search(line)]
        found = lines[max(0, found[0] - 2):found[0] + 60] if found else []
        if self.process and self.status != self.expected:
            found += [f'ended with {self.status}', *lines[-20:]]
        return found

    def log(self):
        """What it has logged."""
        try:
            with open(self.log_path, encoding='utf-8', errors='backslashreplace') as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def wait_log(self, text, count=1):
        """Waits until it has logged that."""
        wait_until(lambda: self.log().count(text) >= count, f'{text!r} in the log: {self.log()}')

    def session(self, **connection):
        """A session that has said HELO."""
        session = mta.Session(self.target, PATIENCE)
        session.open(**connection)
        return session

    def send(self, head=FORGED, **message):
        """One message in a session of its own: the answer."""
        with self.session() as session:
            answer = session.send_message(head, **message)
            session.quit()
        return answer

    # The audit.

    def query(self, sql, *parameters, database=None):
        """Rows, as dictionaries."""
        with contextlib.closing(sqlite3.connect(
                f'file:{database or self.database}?mode=ro', uri=True, timeout=60)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, parameters)]

    def count(self, where='1'):
        """How many messages."""
        return self.query(f'SELECT count(*) n FROM message WHERE {where}')[0]['n']

    def row(self, queue_id=None):
        """The last row; or the last of this queue id."""
        rows = self.query('SELECT * FROM message WHERE ?1 IS NULL OR queue_id = ?1 '
                          'ORDER BY id DESC LIMIT 1', queue_id)
        if not rows:
            raise LookupError(f'no row of {queue_id}')
        return rows[0]

    def recipients(self, message):
        """Of the row with this id."""
        return sorted(row['address'] for row in self.query(
            'SELECT address FROM recipient WHERE message = ?', message))

    def edits(self, message):
        """Of the row with this id."""
        return self.query('SELECT * FROM edit WHERE message = ? ORDER BY id', message)

    def is_whole(self):
        """The audit is in order."""
        return self.query('PRAGMA integrity_check') == [{'integrity_check': 'ok'}]

    # The process.

    def resident(self):
        """VmRSS in KiB."""
        with open(f'/proc/{self.pid}/status', encoding='ascii') as file:
            return int(re.search(r'VmRSS:\s*(\d+) kB', file.read())[1])

    def processor(self):
        """Seconds of the processor that it has used."""
        with open(f'/proc/{self.pid}/stat', encoding='ascii') as file:
            fields = file.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


@contextlib.contextmanager
def lock(milter):
    """Nobody else can write into the audit meanwhile."""
    with contextlib.closing(sqlite3.connect(milter.database, isolation_level=None,
                                            timeout=60)) as db:
        db.execute('BEGIN IMMEDIATE')
        yield
        db.execute('ROLLBACK')


def begin_message(session, queue_id, head=FORGED):
    """All of a message, without waiting for the answer."""
    session.macros['i'] = queue_id
    session.mail()
    session.rcpt()
    for name, value in mta.split_message(head)[0]:
        session.header(name, value)
    session.send_macros('E')
    session.raw(mta.packet('E'))


def end_message(session):
    """The answer to it, in a word."""
    last = session.read_replies()[-1]
    return 'accepted' if last.goes_on else last.text or last.kind


def outcome(answer):
    """The answer in a word: 'accepted' or the text of the refusal."""
    return 'accepted' if answer.accepted else answer.reply.text or answer.reply.kind
