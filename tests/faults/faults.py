# SPDX-License-Identifier: GPL-3.0-or-later
"""faults.py [--table]: what may fail around barefrom filter, one fault at a time. Each ends in
deferral with the mail still queued, and in delivery once the fault is gone; the mail is never lost,
cut, sent twice or sent without a row.

BAREFROM and SENDMAIL are the program and the stand-in. The same cases make the TAP and the table.
"""
import sys

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import contextlib
import fcntl
import os
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import termios
import traceback

import harness
from harness import (BODY, HEAD, HEAD_BARE, LARGE_BODY, LATE, PATIENCE, RECIPIENTS, SECRET,
                     SENDER, STATUS_LINE, Pipe8, Site, Tap, counted, exit_name, wait_for)

SMALL, LARGE = HEAD + BODY, HEAD + LARGE_BODY
WANT = {SMALL: HEAD_BARE + BODY, LARGE: HEAD_BARE + LARGE_BODY}
# What SQLite finds damaged is taken for an audit whose files do not belong together.
APART = 'the audit and its -wal do not belong together: run barefrom audit restore'

cases = []


class Case:
    """A fault and what is to come of it. make(site) arranges it, runs the filter, takes it away.

    exits   the exit statuses that are right, each with "signal N" for a death
    line    how the first line of the output goes on after the name; None: nothing is asked
    rows    the outcomes after the fault; None: any, but none without mail and no mail without
    sent    whether sendmail has sent the mail all the same
    small   the size of the small file system that it takes
    """

    def __init__(self, name, make, line='', rows=(), exits=('75',), sent=False, message=SMALL,
                 fresh=False, small=0):
        self.name, self.make, self.line, self.exits = name, make, line, exits
        self.rows, self.sent, self.message = None if rows is None else list(rows), sent, message
        self.fresh, self.small = fresh, small


def add(name, make, line='', **more):
    cases.append(Case(name, make, line, **more))


def case(name, line='', **more):
    def keep(make):
        add(name, make, line, **more)
        return make
    return keep


@contextlib.contextmanager
def mode(path, bits):
    """A file that is other than it should be, for a while."""
    before = os.stat(path).st_mode & 0o7777
    os.chmod(path, bits)
    try:
        yield
    finally:
        os.chmod(path, before)


@contextlib.contextmanager
def locked(database):
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute('BEGIN IMMEDIATE')
    try:
        yield
    finally:
        connection.execute('ROLLBACK')
        connection.close()


@contextlib.contextmanager
def replaced(site, content=None):
    """The database is other bytes, or none at all, for a while. None of its files may be left."""
    kept = site.path('kept')
    os.rename(site.audit, kept)
    if content is not None:
        os.mkdir(site.audit)
        with open(site.database, 'wb') as out:
            out.write(content)
    try:
        yield
    finally:
        shutil.rmtree(site.audit, ignore_errors=True)
        os.rename(kept, site.audit)


@contextlib.contextmanager
def filled(folder):
    """A file system without any room left."""
    filler = os.path.join(folder, 'filler')
    with open(filler, 'wb', buffering=0) as out:
        with contextlib.suppress(OSError):
            while True:
                out.write(bytes(512))
    try:
        yield
    finally:
        os.unlink(filler)


def sql(site, *statements):
    connection = sqlite3.connect(site.database, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


# The database.

@case('database locked', 'audit database is locked')
def _(site, message):
    with locked(site.database):
        return site.run(message, deadline=LATE)


@case('database locked while it is made', 'audit database is locked', fresh=True)
def _(site, message):
    sqlite3.connect(site.database).close()
    with locked(site.database):
        return site.run(message, deadline=LATE)


def while_sendmail_waits(site, message, disturb, steps=('read', 'wait', 'exit 0'), **options):
    """The filter has committed its row; disturb(pid of the filter) is on until it has ended."""
    site.orders(*steps)
    os.mkfifo(site.path('go'))
    pipe = Pipe8(site.argv(**options), site.folder)
    pipe.give(message)
    pipe.end_input()
    with open(site.path('go'), 'wb') as go, disturb(pipe.pid):
        go.close()
        return pipe.result(pipe.talk(b'', PATIENCE))


@case('database locked when sendmail has ended', None, exits=('0',), rows=['pending'], sent=True)
def _(site, message):
    return while_sendmail_waits(site, message, lambda pid: locked(site.database), deadline=LATE)


@case('disk full when sendmail has ended', None, exits=('0',), rows=['pending'], sent=True)
def _(site, message):
    def no_more(pid):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
        return contextlib.nullcontext()
    return while_sendmail_waits(site, message, no_more)


@case('filter killed while sendmail reads', None, exits=('signal 9',), rows=['pending'], sent=True)
def _(site, message):
    """What sendmail has begun it ends, with the whole of it."""
    def kill(pid):
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return contextlib.nullcontext()
    return while_sendmail_waits(site, message, kill, steps=['wait', 'read', 'exit 0'])


for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
    @case(f'{number.name} while sendmail reads', None, exits=('0',), rows=['sent'], sent=True)
    def _(site, message, number=number):
        """Ended at once, the filter would be run again, while sendmail ends what it has begun."""
        def tell(pid):
            os.kill(pid, number)
            return contextlib.nullcontext()
        return while_sendmail_waits(site, message, tell, steps=['wait', 'read', 'exit 0'])


@case('database of mode 0444', 'audit database is not writable')
def _(site, message):
    with contextlib.ExitStack() as stack:
        for name in os.listdir(site.audit):
            stack.enter_context(mode(os.path.join(site.audit, name), 0o444))
        return site.run(message)


@case('database of mode 0', 'audit database is not writable')
def _(site, message):
    with mode(site.database, 0):
        return site.run(message)


@case('folder of the database not writable', 'audit database is not writable', fresh=True)
def _(site, message):
    with mode(site.audit, 0o555):
        return site.run(message)


@case('folder of the database not to be entered', 'audit database is not writable')
def _(site, message):
    with mode(site.audit, 0):
        return site.run(message)


@case('folder of the database missing', 'audit database directory does not exist')
def _(site, message):
    with replaced(site):
        return site.run(message)


@case('database is a folder', 'audit database cannot be used', fresh=True)
def _(site, message):
    os.mkdir(site.database)
    result = site.run(message)
    os.rmdir(site.database)
    return result


@case('database is a link', 'audit database cannot be used', fresh=True)
def _(site, message):
    os.symlink(site.path('elsewhere'), site.database)
    result = site.run(message)
    os.unlink(site.database)
    return result


@case('database is another kind of file', APART)
def _(site, message):
    with replaced(site, b'From nobody\n' * 1000):
        return site.run(message)


def good_bytes(site):
    """The database as one file."""
    sql(site, 'PRAGMA wal_checkpoint(TRUNCATE)')
    with open(site.database, 'rb') as file:
        return file.read()


@case('database cut in the middle', APART)
def _(site, message):
    content = good_bytes(site)
    with replaced(site, content[:len(content) // 2]):
        return site.run(message)


@case('database overwritten behind its first page', APART)
def _(site, message):
    content = good_bytes(site)
    with replaced(site, content[:4096] + b'\xa5' * (len(content) - 4096)):
        return site.run(message)


@case('database with a table lost', 'audit database ')
def _(site, message):
    # Else the views and keys that name it would go along.
    legacy = 'PRAGMA legacy_alter_table=ON'
    sql(site, legacy, 'ALTER TABLE message RENAME TO gone')
    result = site.run(message)
    sql(site, legacy, 'ALTER TABLE gone RENAME TO message')
    return result


def run_with_pragma(site, message, name, value):
    connection = sqlite3.connect(site.database, isolation_level=None)
    ours, = connection.execute(f'PRAGMA {name}').fetchone()
    connection.execute(f'PRAGMA {name} = {value}')
    result = site.run(message)
    connection.execute(f'PRAGMA {name} = {ours}')
    connection.close()
    return result


@case('database of a newer version', 'audit database was made by a newer version')
def _(site, message):
    return run_with_pragma(site, message, 'user_version', 999)


@case('database of another program', 'audit database is damaged')
def _(site, message):
    return run_with_pragma(site, message, 'application_id', 1)


@case('disk full, a row does not fit', 'audit database is full', small=1 << 18)
def _(site, message):
    with filled(site.audit):
        return site.run(message)


@case('disk full, the database does not fit', 'audit database ', small=1 << 18, fresh=True)
def _(site, message):
    with filled(site.audit):
        return site.run(message)


def add_file_limits():
    """Bytes that a file may have: of the database, its WAL, a temporary file."""
    def limit(size, line, fresh=False):
        add(f'no file over {size} bytes{fresh and ", first use" or ""}',
            lambda site, message: site.run(message, limits={resource.RLIMIT_FSIZE: size}),
            line, fresh=fresh)
    # The message itself does not fit.
    for size in 0, 100:
        limit(size, '')
    for size in 512, 4096, 20000:
        limit(size, 'audit database is full')
    # Of its own files, some make SQLite give another reason.
    limit(32768, 'audit database ')
    for size in 512, 4096, 32768:
        limit(size, 'audit database ', fresh=True)


add_file_limits()


# sendmail.

@case('sendmail missing', 'sendmail cannot be started', rows=['deferred'])
def _(site, message):
    os.rename(site.sendmail, site.path('away'))
    result = site.run(message)
    os.rename(site.path('away'), site.sendmail)
    return result


@case('sendmail not executable', 'sendmail cannot be started', rows=['deferred'])
def _(site, message):
    os.rename(site.sendmail, site.path('away'))
    with open(site.sendmail, 'wb'):
        pass
    result = site.run(message)
    os.rename(site.path('away'), site.sendmail)
    return result


@case('sendmail no program', 'sendmail cannot be started', rows=['deferred'])
def _(site, message):
    os.rename(site.sendmail, site.path('away'))
    with open(site.sendmail, 'wb') as out:
        out.write(b'echo hello\n')
    os.chmod(site.sendmail, 0o755)
    result = site.run(message)
    os.rename(site.path('away'), site.sendmail)
    return result


def ordered(*steps, **more):
    """The stand-in is told to fail, and later to do well."""
    def make(site, message):
        site.orders(*steps)
        result = site.run(message, **more)
        site.orders()
        return result
    return make


for code in (1, *range(64, 79), 126, 127, 255):
    add(f'sendmail exits with {code}', ordered('read', f'exit {code}'),
        f'sendmail failed with status {code}', rows=['deferred'])
for number in signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL:
    add(f'sendmail dies of {number.name}', ordered('read', f'signal {number}'),
        f'sendmail was killed by signal {number}', rows=['pending'])
late = {'line': 'sendmail did not finish before the deadline', 'rows': ['pending']}
add('sendmail hangs before it reads', ordered('hang', deadline=LATE), **late)
add('sendmail hangs after it read', ordered('read', 'hang', deadline=LATE), **late)
add('sendmail and its child hang', ordered('child', 'read', 'hang', deadline=LATE), **late)
add('sendmail writes for ever and hangs', ordered('orphan', 'hang', deadline=LATE), **late)
add('sendmail fails, its child hangs', ordered('child', 'read', 'exit 75'),
    'sendmail failed with status 75', rows=['deferred'])
add('sendmail fails, its orphan writes for ever', ordered('orphan', 'read', 'exit 75'),
    'sendmail failed with status 75', rows=['deferred'])
add('sendmail succeeds, its orphan writes for ever',
    ordered('orphan', 'read', 'exit 0', orphans=True), None, exits=('0',), rows=['sent'], sent=True)
add('sendmail succeeds, its orphan is silent',
    ordered('child', 'read', 'exit 0', orphans=True), None, exits=('0',), rows=['sent'], sent=True)
add('sendmail closes its input, fails', ordered('close', 'exit 75'),
    'sendmail failed with status 75', rows=['deferred'])
add('sendmail closes its input, fails; large', ordered('close', 'exit 75'),
    'sendmail failed with status 75', rows=['deferred'], message=LARGE)
add('sendmail writes 1 MiB, fails', ordered('write 1048576', 'read', 'exit 69'),
    'sendmail failed with status 69', rows=['deferred'])
add('sendmail writes 1 MiB, succeeds', ordered('write 1048576', 'read', 'write 1048576', 'exit 0'),
    None, exits=('0',), rows=['sent'], sent=True)


def fed(site, half, more=(), **options):
    """A filter that has read this much, and waits for more."""
    pipe = Pipe8([*more, *site.argv(**options)], site.folder)
    pipe.give(half)
    wait_for(lambda: unread(pipe.input) == 0)
    return pipe


def unread(fd):
    return struct.unpack('i', fcntl.ioctl(fd, termios.FIONREAD, bytes(4)))[0]


@case('too many recipients for sendmail', 'sendmail cannot be started: too many recipients',
      rows=['deferred'])
def _(site, message):
    many = [f'r{i}@y.example' for i in range(10000)]
    pipe = fed(site, message[:20], recipients=many)
    # The arguments of a program may take a quarter of its stack, but always 128 KiB.
    resource.prlimit(pipe.pid, resource.RLIMIT_STACK, (1 << 18, 1 << 18))
    return pipe.result(pipe.talk(message[20:], PATIENCE))


@case('no process to be had', 'sendmail cannot be started', rows=['deferred'])
def _(site, message):
    return site.run(message, limits={resource.RLIMIT_NPROC: 0})


# What comes in. A fault here is a message that was cut; Postfix still has it whole.

def size_of(message):
    """As Postfix counts: one more an end of line."""
    return f'--size={len(message) + message.count(b"%c" % 10)}'


def cut(part):
    return lambda site, message: site.run(part, size_of(message))


few = 'the message is incomplete: far fewer octets'
add('input cut in the head', cut(HEAD[:40]), few, rows=['deferred'])
add('input cut behind the head', cut(HEAD), few, rows=['deferred'], message=LARGE)
add('input cut in the body', cut(LARGE[:1 << 16]), few, rows=['deferred'], message=LARGE)
add('input cut in the body of a large message', cut(LARGE[:33 << 15]), few, rows=['deferred'],
    message=LARGE)
add('input empty', lambda site, message: site.run(b''), 'the message is incomplete: nothing arrived')
add('input closed', lambda site, message: site.run(message, close=[0]),
    'cannot read or write the message')


@case('input is a folder', 'cannot read or write the message')
def _(site, message):
    return site.run(message, prefix=['/bin/sh', '-c', 'exec "$@" </', 'sh'])


def stalls(length):
    def make(site, message):
        pipe = fed(site, message[:length], deadline=LATE)
        return pipe.result(pipe.talk(b'', LATE + PATIENCE, end=False))
    return make


not_in_time = 'the message did not arrive before the deadline'
add('input stalls in the head', stalls(40), not_in_time)
add('input stalls in the body', stalls(len(HEAD) + 1), not_in_time)
add('input stalls in a large body', stalls(len(LARGE) - 1), not_in_time, message=LARGE)
add('input stalls at its end', stalls(len(SMALL)), not_in_time)


def parent_dies(length):
    """pipe(8) is killed while it writes: the filter sees an end that is none."""
    def make(site, message):
        pipe = Pipe8(['/bin/sh', '-c', 'exec 3<&0; "$@" <&3 3<&- & exec <&- 3<&-; wait', 'sh',
                      *site.argv()], site.folder)
        pipe.give(message[:length])
        wait_for(lambda: unread(pipe.input) == 0)
        with open(f'/proc/{pipe.pid}/task/{pipe.pid}/children', encoding='utf-8') as pids:
            child = int(pids.read())
        pipe.process.kill()
        pipe.process.wait()
        pipe.end_input()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return pipe.result(pipe.talk(b'', PATIENCE))._replace(exit=status)
    return make


gone = 'the message is incomplete: the program writing it has died'
add('pipe(8) dies in the head', parent_dies(40), gone, rows=['deferred'])
add('pipe(8) dies in the body', parent_dies(len(HEAD) + 1), gone, rows=['deferred'])
add('pipe(8) dies in a large body', parent_dies(len(LARGE) - 1), gone, rows=['deferred'],
    message=LARGE)


# What goes out to the log: it must not undo what was sent, nor get into the message.

@case('output full', None, exits=('0',), rows=['sent'], sent=True)
def _(site, message):
    with open('/dev/full', 'wb') as full:
        return site.run(message, output=full)


@case('output without reader', None, exits=('0',), rows=['sent'], sent=True)
def _(site, message):
    read, write = os.pipe()
    os.close(read)
    try:
        return site.run(message, output=write)
    finally:
        os.close(write)


for fds in [1], [2], [1, 2]:
    add(f'started without descriptor {" and ".join(map(str, fds))}',
        lambda site, message, fds=tuple(fds): site.run(message, close=fds), None,
        exits=('0', '75'), rows=None, sent=None)


# Memory, descriptors, time, temporary files.

def largest_failing(good, low, high, step):
    """The largest size that fails, between one that does and one that does not."""
    while high - low > step:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return low


def starts(size):
    """Whether the loader gets as far as main: what fails before is out of our hands."""
    return subprocess.run([harness.program, '--version'], env={}, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))
                          ).returncode == 0


def add_memory_limits():
    """Sizes from what the loader needs up to what a message needs."""
    wide_head = HEAD[:-1] + b'X-A: b\n' * (1 << 18) + b'\n'
    WANT[wide_head] = HEAD_BARE[:-1] + wide_head[len(HEAD) - 1:]
    low = largest_failing(starts, 1 << 22, 1 << 28, 1 << 14) + (1 << 14)

    for name, message, count in ('small', SMALL, 24), ('large', LARGE, 8), ('head', wide_head, 16):
        def enough(size, message=message):
            site = Site()
            site.make_database()
            result = site.run(message, limits={resource.RLIMIT_AS: size})
            site.remove()
            return result.exit == 0
        high = largest_failing(enough, low, low + (1 << 26), 1 << 16)
        for i in range(count):
            size = low + (high - low) * i // count // 4096 * 4096
            add(f'{size >> 10} KiB of memory, {name}',
                lambda site, message, size=size: site.run(message,
                                                          limits={resource.RLIMIT_AS: size}),
                exits=('75', '0', 'signal 5', 'signal 6', 'signal 7', 'signal 11'),
                rows=None, sent=None, message=message)


def add_descriptor_limits():
    for count in 4, 5, 6, 7, 8, 9:
        add(f'{count} descriptors',
            lambda site, message, count=count: site.run(message,
                                                        limits={resource.RLIMIT_NOFILE: count}),
            exits=('75', '0'), rows=None, sent=None)


def temporary(name, arrange, line, small=0):
    """A large message goes through a temporary file."""
    def make(site, message):
        folder = site.path('tmp')
        if small:
            folder = site.audit
            site.database = site.path('a.db')
        else:
            os.mkdir(folder)
        with arrange(folder):
            return site.run(message, env={'TMPDIR': folder})
    add(name, make, line, message=LARGE, small=small, fresh=bool(small))


temporary('temporary folder read-only', lambda folder: mode(folder, 0o555),
          'cannot create a temporary file')
temporary('temporary folder missing', lambda folder: missing(folder),
          'cannot create a temporary file')
temporary('temporary folder full', filled, 'no space for the message', small=1 << 16)
temporary('temporary folder gets full', lambda folder: contextlib.nullcontext(),
          'no space for the message', small=1 << 19)


@contextlib.contextmanager
def missing(folder):
    os.rename(folder, folder + '.away')
    yield
    os.rename(folder + '.away', folder)


add('no temporary file over 1 MiB',
    lambda site, message: site.run(message, limits={resource.RLIMIT_FSIZE: 1 << 20}),
    'no space for the message', message=LARGE)
add('deadline of no use', lambda site, message: site.run(message, deadline=0),
    'bad setting deadline')
@case('settings that never come', exits=('signal 14',))
def _(site, message):
    settings, (reading, writing) = site.path('empty'), os.pipe()
    os.rename(settings, settings + '.away')
    os.symlink(f'/proc/{os.getpid()}/fd/{reading}', settings)
    result = site.run(message, deadline=25)
    os.rename(settings + '.away', settings)
    os.close(reading)
    os.close(writing)
    return result


@case('settings that are a named pipe', 'cannot read the configuration')
def _(site, message):
    settings = site.path('empty')
    os.rename(settings, settings + '.away')
    os.mkfifo(settings)
    result = site.run(message)
    os.rename(settings + '.away', settings)
    return result


add('option unknown', lambda site, message: site.run(message, '--nonsense'), 'bad command line')
add('setting unknown', lambda site, message: site.run(message, '-o', 'nonsense=1'), 'bad setting')


# What is asked of each.

class Outcome:
    """What came of a case: lists of troubles, empty when all is well, and words for the table."""

    def __init__(self, case):
        self.name = case.name
        self.ending, self.mail, self.rows, self.after = [], [], [], []
        self.cells = ()


def surroundings(mail, filter_output):
    """How sendmail is to be started."""
    facts, troubles = mail.facts, []

    def expect(name, got, want):
        if got != want:
            troubles.append(f'{name}: {got!r}, not {want!r}')
    expect('arguments', mail.argv, ['-G', '-i', '-f', SENDER, '--', *RECIPIENTS])
    expect('MAIL_CONFIG', facts.get('MAIL_CONFIG'), '/nowhere/postfix')
    expect('stdin', (facts.get('stdin'), facts.get('stdin_at')), ('file', '0'))
    expect('descriptors', [name for name in facts if name.startswith('fd')], ['fd0', 'fd1', 'fd2'])
    expect('its output', facts['fd1'], facts['fd2'])
    expect('signals blocked', int(facts['SigBlk'], 16), 0)
    expect('SIGPIPE, SIGXFSZ ignored',
           int(facts['SigIgn'], 16) & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1), 0)
    if facts['fd1'] == filter_output or not facts['fd1'].startswith('pipe:['):
        troubles.append(f'its output is {facts["fd1"]}')
    if facts['pgid'] == facts['parent_pgid']:
        troubles.append('its process group is ours')
    return troubles


def check(case, site, outcome):
    if not case.fresh:
        site.make_database()
    result = case.make(site, case.message)
    mails, rows, want = site.mails(), site.rows(), WANT[case.message]
    sent = [mail for mail in mails if mail.accepted]
    exit, first = exit_name(result.exit), result.output.partition(b'\n')[0]
    facts = f'exit {exit} after {result.seconds:.1f} s, output {result.output[:600]!r}'

    # How it ended.
    if exit not in case.exits:
        outcome.ending.append(f'exit {exit}, not {" or ".join(case.exits)}')
    if exit == '75' and case.line is not None:
        said = STATUS_LINE.match(first)
        if not said or not first[said.end() - 1:].startswith(case.line.encode()):
            outcome.ending.append(f'first line is not "4.x.x barefrom: {case.line}..."')
    if exit == '0' and len(result.output.partition(b'\n')[0]) > 90:
        outcome.ending.append('more than 90 bytes for the log')
    if not exit.startswith('signal') and SECRET.search(result.output):
        outcome.ending.append('the output tells what it must not')
    if result.left and not case.sent:
        outcome.ending.append(f'{result.left} processes left behind')
    if outcome.ending:
        outcome.ending.append(facts)

    # Where the mail is.
    if any(mail.message != want for mail in mails):
        outcome.mail.append('sendmail got other bytes than it should')
    if case.sent is not None and len(sent) != case.sent:
        outcome.mail.append(f'sent {len(sent)} times, not {int(case.sent)}')
    if exit == '0' and not sent or exit == '75' and sent or len(sent) > 1:
        outcome.mail.append(f'exit {exit}, but sent {len(sent)} times')

    # What the audit says.
    if case.rows is not None and rows != case.rows:
        outcome.rows.append(f'rows {rows}, not {case.rows}')
    if site.log('started') and not {'pending', 'sent', 'deferred'} & set(rows):
        outcome.rows.append(f'sendmail ran, but rows are {rows}')
    if sent and not {'pending', 'sent'} & set(rows):
        outcome.rows.append(f'sent, but rows are {rows}')

    # Again, as Postfix does, without the fault.
    if sent:
        outcome.after += surroundings(sent[0], result.pipe)
    else:
        again = site.run(case.message)
        now = [mail for mail in site.mails() if mail.accepted]
        if again.exit != 0 or again.left or len(now) != 1 or now[0].message != want:
            outcome.after.append(f'exit {exit_name(again.exit)}, output {again.output[:600]!r}, '
                                 f'sent {len(now)} times, {again.left} processes left')
        else:
            outcome.after += surroundings(now[0], again.pipe)
        if site.rows() != [*rows, 'sent']:
            outcome.after.append(f'rows {site.rows()}, before {rows}')
    outcome.cells = (case.name, exit, '' if sent else first.decode(errors='replace')[:64],
                     'sent' if sent else 'queued, then sent' if not outcome.after else 'queued',
                     counted(rows) or '-')


def run_case(index):
    case = cases[index]
    outcome = Outcome(case)
    site = Site(small[case.name] if case.small else None)
    try:
        check(case, site, outcome)
    except Exception as error:  # pylint: disable=broad-except
        outcome.ending.append(traceback.format_exc())
        outcome.cells = outcome.cells or (case.name, repr(error), '', '', '')
    finally:
        harness.leftovers(0)
        site.remove()
    return outcome


def main():
    global small
    small = harness.set_up([(case.name, case.small) for case in cases if case.small])
    add_memory_limits()
    add_descriptor_limits()
    left_out = [case.name for case in cases if case.small and case.name not in small]
    indexes = [i for i, case in enumerate(cases) if case.name not in left_out]
    outcomes = harness.in_parallel(run_case, indexes)
    if sys.argv[1:] == ['--table']:
        harness.print_table([outcome.cells for outcome in outcomes])
        return
    tap = Tap()
    for name in left_out:
        print(f'# not run, nothing may be mounted here: {name}')
    for outcome in outcomes:
        tap.point(f'{outcome.name}: ends in time, with the words for it', *outcome.ending)
        tap.point(f'{outcome.name}: the mail is whole, and where it should be', *outcome.mail)
        tap.point(f'{outcome.name}: the audit says so', *outcome.rows)
        tap.point(f'{outcome.name}: without the fault it is sent once', *outcome.after)
    tap.end()


if __name__ == '__main__':
    main()
