# SPDX-License-Identifier: GPL-3.0-or-later
"""fleet.py: several hosts, and what goes wrong with them under load: see fleet.sh.

The sender is a Postfix, which tries again what was put off. The load goes on for as long as the
faults take; they begin again until there have been FLEET_MESSAGES messages.
"""
import collections
import itertools
import json
import os
import re
import shutil
import signal
import smtplib
import sys
import threading
import time

ROOT = os.environ['SRCDIR']
sys.path.insert(0, ROOT + '/tests/milter')
import lab  # pylint: disable=wrong-import-position
import net  # pylint: disable=wrong-import-position
from lab import point, wait_until  # pylint: disable=wrong-import-position

BED, OWNER = os.environ['BED'], os.environ['OWNER']
BAREFROM = os.environ['BAREFROM']
MESSAGES = int(os.environ.get('FLEET_MESSAGES', '1000'))
os.environ.pop('MAIL_CONFIG', None)  # that was the keeper's mark
PORT = 8895
CONTENT_TIMEOUT = 10  # seconds: a session under way waits so long for a silent milter
CHUNK, BACKLOG = 30, 150

# The addresses decide which of two milters a host asks first (RFC 6724, rule 9): the one that shares
# more leading bits. So mx1 and mx2 ask milter-a first, and mx3 milter-b.
MX = {'mx1': '198.51.100.9', 'mx2': '198.51.100.10', 'mx3': '198.51.100.17'}
MILTERS = {'milter-a': '198.51.100.8', 'milter-b': '198.51.100.16'}
OUT = '198.51.100.40'

# head sent, head delivered; whether only the new settings make it so
Kind = collections.namedtuple('Kind', 'head bare is_new')
KINDS = {
    'plain': Kind('From: "Jane Doe, CEO" <ceo@corp.example>', 'From: ceo@corp.example', False),
    'encoded': Kind('From: =?UTF-8?Q?J=C3=A4ne_Doe?= <ceo@corp.example>',
                    'From: ceo@corp.example', False),
    'comment': Kind('From: ceo@corp.example (Jane Doe)', 'From: ceo@corp.example', False),
    'several': Kind('From: Jane <ceo@corp.example>\nSender: "Doe" <it@corp.example>\n'
                    'Reply-To: "Jane\n Doe" <jane@corp.example>,\n\t"X" <x@corp.example>',
                    'From: ceo@corp.example\nSender: it@corp.example\n'
                    'Reply-To: jane@corp.example, x@corp.example', False),
    'listed': Kind('From: "Doe, Jane" <jane@freemail.example>', 'From: jane@freemail.example',
                   False),
    'foreign': Kind('From: "Your Bank" <bank@bank.example>', 'From: "Your Bank" <bank@bank.example>',
                    False),
    'newcomer': Kind('From: "Anna Berg" <anna@freemail.example>', 'From: anna@freemail.example',
                     True),
    'branch': Kind('From: "Bob" <bob@branch.example>', 'From: bob@branch.example', True),
}
NEW = {name for name, kind in KINDS.items() if kind.is_new}
REST = '\nTo: you@corp.example\nSubject: hello\n\n' + 'This is the text of a message.\n' * 60

TRACE = re.compile(
    r'Return-Path: <[^\n]*>\nX-Original-To: ([^\n]*)\nDelivered-To: [^\n]*\n'
    r'Received: from [^\n]*\n\tby (mx\d)\.corp\.example \(Postfix\) with E?SMTP id (\w+)\n'
    r'\tfor <[^\n]*>; [^\n]*\n')
SENDERS_OWN = re.compile(r'Received: from [^\n]*\n\tby out\.other\.example [^\n]*\n(?:\t[^\n]*\n)*')
PUT_OFF = 451, b'4.7.1 Service unavailable - try again later'
SERIAL = itertools.count()
Delivered = collections.namedtuple('Delivered', 'recipient queue_id head message')


class Mta:
    """A Postfix on a host of its own, made from the one of tests/postfix/lib.sh."""

    def __init__(self, host, hostname, **settings):
        self.host = host
        self.etc, self.log_path = host.folder + '/etc', host.folder + '/mail.log'
        self.environment = {**os.environ, 'MAIL_CONFIG': self.etc}
        shutil.copytree(BED + '/etc', self.etc)
        for name in 'spool', 'data':
            os.mkdir(f'{host.folder}/{name}')
        shutil.chown(host.folder + '/data', OWNER)
        with open(self.etc + '/master.cf', encoding='ascii') as file:
            services = [line for line in file if not line.startswith('127.0.0.1:')]
        with open(self.etc + '/master.cf', 'w', encoding='ascii') as file:
            file.writelines(['smtp inet n - n - - smtpd\n', 'virtual unix - n n - - virtual\n',
                             *services])
        self.set(queue_directory=host.folder + '/spool', data_directory=host.folder + '/data',
                 meta_directory=self.etc, maillog_file=self.log_path, myhostname=hostname,
                 inet_interfaces='all', transport_maps='', virtual_alias_maps='',
                 smtpd_sasl_auth_enable='no', enable_long_queue_ids='yes',
                 smtpd_client_connection_count_limit='0', **settings)

    def run(self, *command, **environment):
        """A command about it, on its host."""
        return self.host.run(*command, env={**self.environment, **environment})

    def set(self, **settings):
        """In main.cf."""
        self.run('postconf', '-e', *(f'{name} = {value}' for name, value in settings.items()))

    def start(self):
        """Returns when it answers."""
        for name in 'main.cf', 'master.cf':  # Postfix waits until they are older
            os.utime(f'{self.etc}/{name}', (time.time() - 60,) * 2)
        self.run('postfix', 'start')
        wait_until(self.answers, f'Postfix on {self.host.name}: {self.log()}')

    def answers(self):
        """Whether it does."""
        try:
            smtplib.SMTP(self.host.address, timeout=lab.PATIENCE).quit()
        except OSError:
            return False
        return True

    def log(self):
        """What it has logged."""
        try:
            with open(self.log_path, encoding='utf-8', errors='replace') as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def queued(self):
        """How many messages are in its queue."""
        return sum(len(files) for name in ('incoming', 'active', 'deferred', 'hold')
                   for _, _, files in os.walk(f'{self.host.folder}/spool/{name}'))

    def boxes(self):
        """The files that it has delivered."""
        try:
            return [entry.path for entry in os.scandir(self.host.folder + '/box/new')]
        except FileNotFoundError:
            return []


class Milter(lab.Milter):
    """barefrom-milter on a host of its own, with a directory of its own."""

    def __init__(self, host):
        self.host = host
        super().__init__(folder=host.folder + '/milter', command=host.command(),
                         listen=f'inet:{PORT}@{host.address}', start=False)
        self.target = host.address, PORT
        self.provide('corp.example', 'Jane Doe\n')
        self.start()

    def provide(self, domains, people):
        """Settings and directory, in place and compiled."""
        path = self.host.write('people', people)
        self.configure(f'[policy]\nscope=domains directory\ndomains={domains}\n'
                       f'directory={path}\n')
        net.run(BAREFROM, 'directory', 'build', '-c', self.config)

    def reload(self):
        """Returns when it has read them."""
        before = self.log().count('the settings were reloaded')
        self.tell(signal.SIGHUP)
        self.wait_log('the settings were reloaded', before + 1)

    def sessions(self):
        """How many there are."""
        return self.host.run('ss', '-Htn', 'state', 'established', 'sport', f':{PORT}').count('\n')

    def rows(self):
        """All of them, a line for each recipient."""
        return self.query('SELECT m.id, m.queue_id, m.outcome, m.host, m.reason, '
                          'm.head_after_sha256 head, r.address recipient '
                          'FROM message m JOIN recipient r ON r.message = m.id')


class Load(threading.Thread):
    """Feeds the sender, by smtp-source, with all kinds in turn, never far ahead of the deliveries."""

    def __init__(self, fleet):
        super().__init__(daemon=True)
        self.fleet, self.fed = fleet, {}  # recipient: (kind, era)
        self.ending = threading.Event()
        self.era, self.failed = 'old settings', None

    def run(self):
        try:
            while not self.ending.is_set():
                for kind in KINDS:
                    wait_until(lambda: len(self.fed) - self.fleet.count() < BACKLOG, 'deliveries')
                    self.feed(kind)
        except Exception as error:  # pylint: disable=broad-except
            self.failed = error

    def feed(self, kind):
        """One chunk."""
        path, era = f'{BED}/{kind}.txt', self.era
        with open(path, 'w', encoding='utf-8') as file:
            file.write(KINDS[kind].head + REST)
        name = f'.{kind}.{len(self.fed)}@corp.example'
        self.fleet.out.host.run('smtp-source', '-N', '-s', '5', '-m', str(CHUNK), '-f',
                                'a@other.example', '-t', name, '-F', path, '127.0.0.1:25')
        self.fed.update({f'{number}{name}': (kind, era) for number in range(1, CHUNK + 1)})

    def end(self):
        """Returns when all is fed and delivered."""
        self.ending.set()
        while self.is_alive():
            self.join(1)
        if self.failed:
            raise self.failed
        wait_until(lambda: self.fleet.count() >= len(self.fed) and not any(
            mta.queued() for mta in self.fleet.mtas()), 'the last delivery')


class Fleet:
    """All hosts."""

    def __init__(self):
        net.make_bridge()
        resolver = net.Host('ns', net.RESOLVER, BED)
        self.names = net.Names(resolver, {'milters': MILTERS.values(), **{
            name: [address] for name, address in MX.items()}}, MX)
        self.milters = {name: Milter(net.Host(name, address, BED))
                        for name, address in MILTERS.items()}
        self.out = Mta(net.Host('out', OUT, BED), 'out.other.example', mynetworks='127.0.0.0/8',
                       smtpd_relay_restrictions='permit_mynetworks, reject', relay_domains='',
                       virtual_mailbox_domains='', default_transport='smtp',
                       smtp_dns_support_level='enabled', smtp_host_lookup='dns',
                       queue_run_delay='1s', minimal_backoff_time='1s', maximal_backoff_time='2s',
                       smtp_connection_reuse_time_limit='2s')
        self.mx = {name: self.exchanger(net.Host(name, address, BED))
                   for name, address in MX.items()}
        for mta in self.mx.values():
            for milter in self.milters.values():
                mta.host.knows(milter.host)
        for mta in self.mtas():
            mta.start()
        self.load, self.taken = None, {}  # recipient: (kind, era), of those sent by hand

    @staticmethod
    def exchanger(host):
        """An MX, set up by the script that administrators run."""
        mta = Mta(host, f'{host.name}.corp.example', relay_domains='',
                  virtual_mailbox_domains='corp.example', virtual_transport='virtual',
                  virtual_mailbox_maps='static:box/', virtual_mailbox_base=host.folder,
                  virtual_uid_maps='static:65534', virtual_gid_maps='static:65534',
                  smtpd_relay_restrictions='reject_unauth_destination')
        os.mkdir(host.folder + '/box')
        os.chown(host.folder + '/box', 65534, 65534)
        mta.run('sh', ROOT + '/data/postfix/milter.sh', socket=f'inet:milters.corp.example:{PORT}',
                connect_timeout='2s', content_timeout=f'{CONTENT_TIMEOUT}s')
        return mta

    def mtas(self):
        """All of them."""
        return [self.out, *self.mx.values()]

    def count(self):
        """How much was delivered."""
        return sum(len(mta.boxes()) for mta in self.mx.values())

    def flow(self, count=CHUNK):
        """Waits until so many more are delivered."""
        wanted = self.count() + count
        wait_until(lambda: self.count() >= wanted, 'more deliveries')

    def put_off(self):
        """Queue ids of what the sender was told to send again, once for each time."""
        return re.findall(r'postfix/smtp\[\d+\]: (\w+): .*said: 451 ', self.out.log())

    def deliveries(self):
        """All, in pieces."""
        found = []
        for name, mta in self.mx.items():
            for path in mta.boxes():
                with open(path, encoding='utf-8') as file:
                    text = file.read()
                trace = TRACE.match(text)
                if not trace or trace[2] != name:
                    raise RuntimeError(f'{path} on {name}: {text[:500]}')
                text = text[trace.end():]
                head = text.partition('\n\n')[0] + '\n'
                own = SENDERS_OWN.match(text)
                found.append(Delivered(trace[1], trace[3], head, text[own.end() if own else 0:]))
        return found

    def shown(self, era):
        """Which of the kinds that only the new settings change were delivered with their names, of
        those sent in that time."""
        return {kind for kind, sent, message in (
            (*self.load.fed.get(one.recipient, ('', '')), one.message)
            for one in self.deliveries())
                if kind in NEW and sent == era and message.startswith(KINDS[kind].head)}


class Client:
    """A session with an MX by hand, whose messages count like the others where they are taken."""

    def __init__(self, fleet, mx):
        self.fleet, self.name = fleet, f'{mx}.{next(SERIAL)}'
        self.session = smtplib.SMTP(fleet.mx[mx].host.address, timeout=lab.PATIENCE)
        self.session.ehlo('pc.other.example')
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def begin(self):
        """A message up to the end of its text; the answer to DATA, or before."""
        self.count += 1
        self.recipient = f'by-hand.{self.name}.{self.count}@corp.example'
        for line in 'MAIL FROM:<a@other.example>', f'RCPT TO:<{self.recipient}>', 'DATA':
            code, said = self.session.docmd(line)
            if code >= 400:
                break
        if code == 354:
            self.session.send((KINDS['plain'].head + REST + '\n').replace('\n', '\r\n'))
        return code, said

    def finish(self):
        """Its end, and the answer."""
        code, said = self.session.docmd('.')
        if code == 250:
            self.fleet.taken[self.recipient] = ('plain', 'by hand')
        return code, said

    def send(self):
        """A whole message; its last answer."""
        code, said = self.begin()
        return self.finish() if code == 354 else (code, said)

    def milter(self):
        """Which milter has the row of the message sent last."""
        found = [milter for milter in self.fleet.milters.values()
                 if milter.query('SELECT 1 FROM recipient WHERE address = ?', self.recipient)]
        return found[0] if len(found) == 1 else None


# What goes wrong.

def under_way(fleet, fault, words):
    """What it does to a message whose milter has begun with it: the client gets 451."""
    with Client(fleet, 'mx1') as client:
        point(f'{words}: before, mail is taken', client.send()[0], 250)
        milter = client.milter()
        client.begin()
        fault(milter)
        point(f'{words}: a message under way gets 451', client.finish(), PUT_OFF)
        point(f'{words}: and so does the next one of that session', client.send(), PUT_OFF)
    with Client(fleet, 'mx1') as client:
        point(f'{words}: the next session', client.send()[0], 250)
        other = client.milter()
        point(f'{words}: has the other milter', other is not milter and other is not None)
    return milter


def drained(fleet):
    """a host leaves the name, and comes back with a new version"""
    for name, milter in fleet.milters.items():
        fleet.names.change('milters', [address for other, address in MILTERS.items()
                                       if other != name])
        wait_until(lambda: f'{MILTERS[name]} ' not in fleet.mx['mx1'].run(
            'getent', 'ahostsv4', 'milters.corp.example'), 'the change of the name')
        fleet.flow(BACKLOG)
        wait_until(lambda: not milter.sessions(), 'the end of its sessions')
        point(f'drained: {name} ends well', milter.stop(), 0)
        fleet.flow()
        milter.start()
        fleet.names.change('milters', MILTERS.values())
        wait_until(milter.sessions, 'new sessions')
    point('drained: no message is put off', fleet.put_off(), [])


def restarted(fleet):
    """a new version, one host after the other"""
    for name, milter in fleet.milters.items():
        point(f'restarted: {name} ends well', milter.stop(), 0)
        fleet.flow()
        milter.start()
        fleet.flow()


def killed(fleet):
    """a process dies"""
    before = len(fleet.put_off())
    milter = under_way(fleet, lambda one: one.kill(), 'killed')
    milter.start()
    for rounds in range(1, 100):
        fleet.flow()
        milter.kill()
        fleet.flow()
        milter.start()
        if rounds >= 3 and len(fleet.put_off()) > before:
            break
    point('killed: what the sender had under way came back to it', len(fleet.put_off()) > before)


def silent(fleet):
    """a host is cut off"""
    milter = under_way(fleet, lambda one: one.host.silence(), 'silent')
    fleet.flow()
    milter.host.heal()
    before = len(milter.rows())
    wait_until(lambda: len(milter.rows()) > before, 'rows after the silence')


def reloaded(fleet):
    """new settings and a new directory, one host after the other"""
    while fleet.shown('old settings') != NEW:
        fleet.flow()
    fleet.load.era = 'between'
    for milter in fleet.milters.values():
        milter.provide('corp.example branch.example', 'Jane Doe\nAnna Berg\n')
        milter.reload()
        fleet.flow()
    fleet.load.era = 'new settings'
    wait_until(lambda: (KINDS.keys() == {
        kind for kind, era in list(fleet.load.fed.values()) if era == 'new settings'}), 'new mail')


def away(fleet):
    """no milter at all"""
    for milter in fleet.milters.values():
        milter.kill()
    before = len(fleet.put_off())
    wait_until(lambda: len(fleet.put_off()) > before, 'a message that is put off')
    with Client(fleet, 'mx2') as client:
        point('away: mail is put off', client.send(), PUT_OFF)
    for milter in fleet.milters.values():
        milter.start()
    fleet.flow()


# What must hold in the end.

def check_deliveries(fleet, delivered):
    """Each once, as it must be."""
    wanted = {**fleet.load.fed, **fleet.taken}
    count = collections.Counter(one.recipient for one in delivered)
    point(f'of {len(wanted)} messages none is lost', sorted(wanted.keys() - count.keys()), [])
    point('none doubled', [one for one, times in count.items() if times > 1], [])
    point('none from nowhere', sorted(count.keys() - wanted.keys()), [])
    point('settings and directory apply to all from the reload on', fleet.shown('new settings'),
          set())
    odd = [one for one in delivered if not is_right(one, *wanted.get(one.recipient, (None, None)))]
    point('none shows a name, or is changed otherwise', odd, [])


def is_right(one, kind, era):
    """Whether a message was delivered as it must be."""
    if kind is None:
        return False
    heads = {KINDS[kind].bare}
    if KINDS[kind].is_new and era != 'new settings':
        heads.add(KINDS[kind].head)
    # smtp-source ends it with an empty line.
    return one.message in {head + REST + '\n' for head in heads}


def check_audits(fleet, delivered):
    """A row for each, in one of them, with what was delivered."""
    rows = [(name, row) for name, milter in fleet.milters.items() for row in milter.rows()]
    answered = {(row['queue_id'], row['recipient'], row['head']) for _, row in rows
                if row['outcome'] == 'answered'}
    point('none is unaudited', [one for one in delivered if (
        one.queue_id, one.recipient, lab.sha256(one.head.encode())) not in answered], [])
    point('rows say which host wrote them', {(name, row['host']) for name, row in rows},
          {(name, name) for name in MILTERS})
    point('no trace of the sender is believed', {row['reason'] for _, row in rows}, {'sasl-fact'})
    again = len(rows) - len(delivered)
    print(f'# {len(delivered)} delivered, {len(rows)} rows: {again} of messages that came again')
    exported = [json.loads(line) for milter in fleet.milters.values() for line in net.run(
        BAREFROM, 'audit', 'export', '-c', milter.config, '-o',
        f'database={milter.database}').splitlines()]
    point('the exports together have each row once, under a key of its own',
          (len(exported), len({(row['audit'], row['id']) for row in exported}),
           len({row['audit'] for row in exported})), (len(rows), len(rows), len(MILTERS)))
    for name, milter in fleet.milters.items():
        point(f'the audit of {name} is whole', milter.is_whole())


def check_answers(fleet):
    """Nobody was told anything but to come again."""
    said = collections.Counter(
        code for mta in fleet.mx.values() for code in re.findall(
            r'milter-reject: \S+ from [^;]*: (\d{3} \S+) ', mta.log()))
    point('what could not be answered got 451', set(said), {'451 4.7.1'})
    put_off, log = fleet.put_off(), fleet.out.log()
    sent = set(re.findall(r': (\w+): to=[^\n]* status=sent ', log))
    point('and came again', set(put_off) - sent, set())
    point('nothing was bounced', re.findall('.*status=(?:bounced|expired).*', log), [])
    print(f'# 451: {sum(said.values())} times; {len(set(put_off))} messages of the sender '
          f'came again, {len(put_off)} times')


@lab.test
def fleet_under_load():
    """three MX hosts, two milters: nothing lost, doubled, unaudited, nor a name shown"""
    fleet = Fleet()
    try:
        play(fleet)
    except Exception:
        print(f'# the load: {fleet.load.failed or fleet.load}')
        for log in [mta.log() for mta in fleet.mtas()] + [
                milter.log() for milter in fleet.milters.values()]:
            print(re.sub('(?m)^', '# ', '\n'.join(log.split('\n')[-8:])))
        raise


def play(fleet):
    """All faults, one after the other, and what must hold then."""
    fleet.load = Load(fleet)
    fleet.load.start()
    faults = [drained, restarted, killed, silent, reloaded, away]
    while faults:
        fault = faults.pop(0)
        print(f'# {fault.__doc__}')
        begun = time.monotonic()
        fleet.flow()
        fault(fleet)
        print(f'# took {time.monotonic() - begun:.0f} s, {fleet.count()} delivered')
        if not faults and fleet.count() < MESSAGES:
            faults = [restarted, killed, silent, away]
    fleet.load.end()
    delivered = fleet.deliveries()
    check_deliveries(fleet, delivered)
    check_audits(fleet, delivered)
    check_answers(fleet)


if __name__ == '__main__':
    lab.main()
