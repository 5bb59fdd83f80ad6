# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of barefrom-milter behind Postfix: see p0620-milter-faults.sh."""
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

from smtp import BED, PLAIN, PORT, SUBMISSION, Box, Smtp, Tap, handed_in, queue_id, rows, untrace
from tap import wait_until

DATABASE = os.environ['DATABASE']
AUDIT = os.path.dirname(DATABASE)
TCP = '127.0.0.1', int(os.environ['TCP_PORT'])
ACCEPT, QUARANTINE, REJECT = SUBMISSION, PLAIN, int(os.environ['REJECT'])
NAMED = b'From: "Jane Doe" <ceo@corp.example>\r\nSubject: x\r\n\r\nhi\r\n'
BARE = b'From: ceo@corp.example\nSubject: x\n\nhi\n'
KEPT = NAMED.replace(b'\r', b'')
TAP, BOX = Tap(), Box()


class Milter:
    """The process."""

    def __init__(self):
        self.process = None

    def start(self, *options):
        """Returns when it answers."""
        self.process = subprocess.Popen([BED + '/bin/start-milter', *options])
        wait_until(lambda: self.answers(TCP if options else BED + '/run/milter.sock'), 'the milter')

    @staticmethod
    def answers(address):
        """Whether it does."""
        family = socket.AF_INET if address == TCP else socket.AF_UNIX
        with socket.socket(family) as client:
            return client.connect_ex(address) == 0

    def end(self, number=signal.SIGTERM):
        """Its exit status."""
        self.process.send_signal(number)
        return self.process.wait()


def queued():
    """Queue ids of all that is in Postfix's queue; names of what sendmail(1) has left there."""
    return {re.sub('[^0-9A-Za-z]', '', file)
            for folder in ('incoming', 'active', 'deferred', 'maildrop', 'hold')
            for _, _, files in os.walk(f'{BED}/spool/{folder}') for file in files}


def delivered():
    """Queue ids of all that was delivered."""
    return {untrace(message)[0] for found in BOX.look().values() for message in found}


def audited():
    """Queue ids of rows whose message was answered."""
    return {row[0] for row in rows("SELECT queue_id FROM message WHERE outcome = 'answered'")}


def send(name, port=PORT):
    """A message for NAME; the answer."""
    with Smtp(port) as client:
        return client.send(name + '@box.example', NAMED)


def postfix(*command):
    """A command of Postfix."""
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL,
                   env={**os.environ, 'MAIL_CONFIG': BED + '/etc'})


class Fault:
    """What is wrong between its beginning and its end."""

    def begin(self):
        """Breaks it."""

    def end(self):
        """Repairs it."""


class Locked(Fault):
    def begin(self):
        self.lock = sqlite3.connect(DATABASE, isolation_level=None)
        self.lock.execute('BEGIN IMMEDIATE')

    def end(self):
        self.lock.execute('ROLLBACK')
        self.lock.close()


class Full(Fault):
    """No file of the milter may be written beyond its first byte. The disk would be full with other
    words of the system, which SQLite may take for others."""

    def begin(self):
        self.set('1:unlimited')

    def end(self):
        self.set('unlimited')

    @staticmethod
    def set(limit):
        owner = os.stat(f'/proc/{MILTER.process.pid}')
        subprocess.run(['setpriv', f'--reuid={owner.st_uid}', f'--regid={owner.st_gid}',
                        '--clear-groups', 'prlimit', f'--pid={MILTER.process.pid}',
                        f'--fsize={limit}'], check=True)


class Gone(Fault):
    def begin(self):
        os.rename(AUDIT, AUDIT + '.away')

    def end(self):
        os.rename(AUDIT + '.away', AUDIT)


class Replaced(Fault):
    """Another folder stands in its place."""

    def begin(self):
        owner = os.stat(AUDIT)
        os.rename(AUDIT, AUDIT + '.away')
        os.mkdir(AUDIT, 0o750)
        self.fill()
        for path in [AUDIT] + [f'{AUDIT}/{name}' for name in os.listdir(AUDIT)]:
            os.chown(path, owner.st_uid, owner.st_gid)

    def fill(self):
        """With this."""

    def end(self):
        shutil.rmtree(AUDIT)
        os.rename(AUDIT + '.away', AUDIT)


class ReadOnly(Replaced):
    def fill(self):
        for name in os.listdir(AUDIT + '.away'):
            shutil.copy(f'{AUDIT}.away/{name}', f'{AUDIT}/{name}')
            os.chmod(f'{AUDIT}/{name}', 0o440)


class Damaged(Replaced):
    def fill(self):
        with open(DATABASE, 'wb') as file:
            file.write(b'y\n' * 25000)


class Newer(Replaced):
    def fill(self):
        with sqlite3.connect(f'{AUDIT}.away/audit.db') as old, sqlite3.connect(DATABASE) as new:
            old.backup(new)
            new.execute('PRAGMA user_version = 999')
        old.close()
        new.close()


class Killed(Fault):
    def begin(self):
        MILTER.end(signal.SIGKILL)

    def end(self):
        MILTER.start()


class Ended(Killed):
    def begin(self):
        TAP.equal(MILTER.end(), 0, 'SIGTERM ends it well')


class Closed(Fault):
    """Nobody may enter its socket any more."""

    def begin(self):
        os.chmod(BED + '/run/milter.sock', 0o600)

    def end(self):
        os.chmod(BED + '/run/milter.sock', 0o666)


FAULTS = {
    'audit locked': (Locked(), r'451 4\.3\.0 barefrom: audit database is locked'),
    'audit full': (Full(), r'451 4\.3\.0 barefrom: audit database (is full|cannot be used)'),
    'audit gone': (Gone(), r'451 4\.3\.0 barefrom: audit database directory does not exist'),
    'audit read-only': (ReadOnly(), r'451 4\.3\.0 barefrom: audit database is not writable'),
    'audit damaged': (Damaged(), r'451 4\.3\.0 barefrom: the audit and its -wal do not belong'),
    'audit of a newer version': (Newer(), r'451 4\.3\.0 barefrom: audit database was made by a newer'),
    'milter killed': (Killed(), r'451 4\.7\.1 '),
    'milter ended': (Ended(), r'451 4\.7\.1 '),
    'socket closed': (Closed(), r'451 4\.7\.1 '),
}
MILTER = Milter()


def refused(name, fault, said):
    """While it is broken, clients are told to come again; then all is well."""
    box = name.replace(' ', '-')
    before = delivered()
    fault.begin()
    answers = [send(box), send(box)]
    TAP.ok(all(re.match(said, answer) for answer in answers),
           name + ': the client gets 451', answers)
    TAP.ok(not any(BED in answer for answer in answers), name + ': and no path', answers)
    TAP.equal(queued(), set(), name + ': nothing is in the queue')
    TAP.equal(delivered(), before, name + ': nothing is delivered')
    fault.end()
    answer = send(box)
    TAP.ok(queue_id(answer), name + ': set right, mail is taken', answer)
    TAP.equal(untrace(BOX.of(box))[1], BARE, name + ': and delivered, once, bare')
    TAP.equal(delivered(), audited(), name + ': what was delivered is audited, and nothing else')


def in_mid_session():
    """It goes away while a client is connected."""
    with Smtp() as client:
        client.envelope('<a@out.example>', ['mid@box.example'])
        MILTER.end(signal.SIGKILL)
        client.socket.sendall(NAMED + b'.\r\n')
        said = client.answer()
        TAP.ok(said[:3] == '451', 'killed in mid-message: 451', said)
        MILTER.start()
        again = client.send('mid@box.example', NAMED)
    said = send('mid2')
    TAP.ok(queue_id(said), 'and the next connection goes on', said)
    TAP.equal(untrace(BOX.of('mid2'))[1], BARE, 'with its edit')
    TAP.ok(queue_id(again) or again[:2] == '45', 'the old one is not let through unfiltered', again)
    TAP.ok(all(untrace(message)[1] == BARE for message in BOX.look().get('mid', [])),
           'nothing of it arrives with a name')


def given_up():
    """Postfix does not wait for ever: what it has not taken is not said to be answered."""
    MILTER.end()
    MILTER.start('-o', 'deadline=100', '-o', f'listen=inet:{TCP[1]}@{TCP[0]}')
    fault = Locked()
    fault.begin()
    said = send('given-up', REJECT)
    TAP.ok(said[:1] == '5', 'the audit is locked for longer than Postfix waits', said)
    fault.end()
    TAP.equal(wait_until(lambda: rows('''SELECT outcome FROM message m JOIN recipient r
        ON r.message = m.id WHERE address = 'given-up@box.example' AND outcome <> 'answered' '''),
        'the row'), [('failed',)], 'its row says that the answer came too late')
    MILTER.end()
    MILTER.start()


def default_actions():
    """Why tempfail is the only right one: what each does while the milter is away."""
    MILTER.end()
    said = send('away-accept', ACCEPT)
    queue, got = untrace(BOX.of('away-accept'))
    TAP.equal((got, rows('SELECT id FROM message WHERE queue_id = ?', queue)), (KEPT, []),
              'accept lets the name through, without a row')
    said = send('away-reject', REJECT)
    TAP.ok(said[:1] == '5', 'reject sends good mail back', said)
    said = send('away-quarantine', QUARANTINE)
    held = queue_id(said)
    with open(f'{BED}/spool/hold/{held}', 'rb') as file:
        TAP.ok(b'Jane' in file.read(), 'quarantine holds the message as it came')
    MILTER.start()
    postfix('postsuper', '-H', held)
    postfix('postqueue', '-f')
    queue, got = untrace(BOX.of('away-quarantine'))
    TAP.equal((got, rows('SELECT id FROM message WHERE queue_id = ?', queue)), (KEPT, []),
              'and released it goes out with the name, without a row')
    wait_until(lambda: not queued(), 'an empty queue')
    return {untrace(BOX.of('away-' + name))[0] for name in ('accept', 'quarantine')}


def local():
    """sendmail(1) has no client to come again: the message stays in the queue."""
    for name, fault in (('locked', Locked()), ('killed', Killed())):
        fault.begin()
        logged = os.path.getsize(BED + '/mail.log')
        TAP.equal(handed_in(KEPT, '-f', 'a@out.example', f'local-{name}@box.example'), 0,
                  f'sendmail(1), {name}: it is taken')
        wait_until(lambda: re.search(r'cleanup.*: (milter-reject|warning: connect to Milter)',
                                     log_from(logged)), 'a word in the log')
        TAP.ok(queued() and f'local-{name}' not in BOX.look(), f'sendmail(1), {name}: it waits')
        fault.end()
        postfix('postqueue', '-f')
        handed_in(KEPT, '-f', 'a@out.example', f'wake-{name}@box.example')
        got = BOX.of(f'local-{name}')
        TAP.ok(b'\nFrom: ceo@corp.example\n' in got and b'Jane' not in got,
               f'sendmail(1), {name}: set right, it arrives bare', got)
        BOX.of(f'wake-{name}')


def log_from(at):
    """What Postfix has logged since it was so long."""
    with open(BED + '/mail.log', encoding='utf-8', errors='replace') as file:
        file.seek(at)
        return file.read()


class Load:
    """Many clients at once, each with messages of its own that it sends until they are taken."""

    def __init__(self, name, clients=50, each=16):
        self.name, self.each = name, each
        self.taken, self.refused = {}, []
        self.threads = [threading.Thread(target=self.client, args=(i,)) for i in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self, number):
        connection = None
        for i in range(self.each):
            box = f'{self.name}-{number}-{i}'
            while box not in self.taken:
                try:
                    connection = connection or Smtp()
                    said = connection.send(box + '@box.example', NAMED)
                except OSError as error:
                    said = str(error)
                if queue_id(said):
                    self.taken[box] = queue_id(said)
                else:
                    self.refused.append(said)
                    connection = connection.close() if connection else None
                    time.sleep(0.1)
        connection.close()

    def goes_on(self):
        """Some client has work to do."""
        return any(thread.is_alive() for thread in self.threads)

    def check(self):
        """All were taken and delivered, once and bare; ids of all that was delivered."""
        for thread in self.threads:
            thread.join()
        wait_until(lambda: not queued() and len(self.found()) >= len(self.taken),
                   'the last delivery')
        found = self.found()
        TAP.equal({name: len(messages) for name, messages in found.items()},
                  dict.fromkeys(self.taken, 1), self.name + ': each message arrives once')
        TAP.ok(all(untrace(messages[0])[1] == BARE for messages in found.values()),
               self.name + ': bare')
        TAP.equal({untrace(messages[0])[0] for messages in found.values()},
                  set(self.taken.values()), self.name + ': as the clients were told')
        return set(self.taken.values())

    def found(self):
        """What of it was delivered."""
        return {name: messages for name, messages in BOX.look().items()
                if name.startswith(self.name + '-')}


def killed_under_load():
    load, kills = Load('killed'), 0
    while load.goes_on() and kills < 6:
        before = len(load.taken)
        wait_until(lambda: len(load.taken) > before + 60 or not load.goes_on(), 'some more mail')
        MILTER.end(signal.SIGKILL if kills % 3 < 2 else signal.SIGTERM)
        kills += 1
        MILTER.start()
    ids = load.check()
    TAP.ok(kills >= 4 and load.refused, f'killed {kills} times, {len(load.refused)} refused')
    TAP.ok(all(said[:2] in ('45', '42') for said in load.refused), 'for now', load.refused)
    TAP.equal(ids - audited(), set(), 'no mail without a row')
    check = sqlite3.connect(DATABASE)
    TAP.equal(check.execute('PRAGMA integrity_check').fetchall(), [('ok',)], 'the audit is whole')
    check.close()


def reloaded_under_load():
    with open(BED + '/barefrom.conf', encoding='ascii') as file:
        good = file.read()
    load, hangups = Load('reloaded'), 0
    while load.goes_on():
        with open(BED + '/new.conf', 'w', encoding='ascii') as file:
            file.write(good if hangups % 2 else good.replace('deadline=2', 'deadlin=2'))
        os.chmod(BED + '/new.conf', 0o644)
        os.rename(BED + '/new.conf', BED + '/barefrom.conf')
        MILTER.process.send_signal(signal.SIGHUP)
        hangups += 1
        time.sleep(0.05)
    ids = load.check()
    with open(BED + '/milter.log', encoding='utf-8') as file:
        log = file.read()
    TAP.ok('the settings were reloaded' in log and 'the settings stay as they were' in log,
           'good settings are taken, bad ones are not', log[-2000:])
    TAP.equal(load.refused, [], f'{hangups} reloads refuse nothing')
    TAP.equal(ids - audited(), set(), 'every message has its row')


def main():
    MILTER.start()
    for name, (fault, said) in FAULTS.items():
        refused(name, fault, said)
    in_mid_session()
    given_up()
    unfiltered = default_actions()
    local()
    killed_under_load()
    reloaded_under_load()
    TAP.equal(delivered() - audited(), unfiltered, 'all is audited but what "accept" let through')
    TAP.equal(MILTER.end(), 0, 'it ends well')
    return TAP.done()


if __name__ == '__main__':
    sys.exit(main())
