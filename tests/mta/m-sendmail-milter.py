# SPDX-License-Identifier: GPL-3.0-or-later
"""Sendmail and barefrom-milter: see m-sendmail-milter.sh."""
import importlib
import os
import re
import sqlite3
import subprocess
import sys

from smtp import BED, HOST, PLAIN, PORT, SUBMISSION, Smtp, Tap, head_of, program, rows, sha256
from tap import wait_until

CASES = importlib.import_module('p0600-milter-heads').CASES
TAP = Tap()


class Sink:
    """What the next hop has got, by recipient without its domain."""

    def __init__(self):
        self.seen, self.mail = set(), {}

    def look(self):
        """For what is new."""
        for name in set(os.listdir(BED + '/sink')) - self.seen:
            if name.endswith('.new'):
                continue
            self.seen.add(name)
            with open(f'{BED}/sink/{name}', 'rb') as file:
                envelope, _, message = file.read().partition(b'\n\n')
            for owner in re.findall(rb'(?i)RCPT TO:<(.*)@', envelope):
                self.mail.setdefault(owner.decode(), []).append(message)
        return self.mail

    def of(self, name):
        """The one message for NAME@utf8.example."""
        found = wait_until(lambda: self.look().get(name), f'mail for {name}')
        if len(found) != 1:
            raise SystemExit(f'{len(found)} messages for {name}')
        return found[0]


SINK = Sink()


TOP = (rb'\AReceived: from [^\n]*\n(?:\t\(authenticated bits=0\)\n)?\tby ' +
       re.escape(HOST.encode()) + rb' \(8[^\n]* id (\w+)\n\tfor <[^\n]*\n')
# What it adds where it is not there.
ADDED = (rb'(?m)^(Date: \w+, \d+ \w+ \d+ [\d:]+ GMT|From: a@out\.example|'
         rb'(Resent-)?Message-Id: <\d+\.\w+@' + re.escape(HOST.encode()) + rb'>|'
         rb'Resent-(Date|From): [^\n]*)\n')


def untrace(message):
    """(queue id, the message without what Sendmail has put on top)."""
    found = re.match(TOP, message)
    if not found:
        raise SystemExit(f'not what Sendmail puts on top: {message[:500]!r}')
    head, end, body = message[found.end():].partition(b'\n\n')
    return found[1].decode(), re.sub(ADDED, b'', head + b'\n') + end[1:] + body


def bare(message):
    """As the filter would have it."""
    status, out = program('filter', '-o', f'database={BED}/other.db', '--sasl-username=',
                          data=message)
    return out if status == 0 else b'status %d' % status


# Sendmail takes no bare CR and LF, and no such heads, with or without the milter.
REFUSED = {
    'DEL in the name, later', 'DEL in the name, at the top', 'a bare CR at the top',
    'a bare CR in a value', 'a field behind a bare CR', 'a sender field behind one', 'CR CR LF',
    'bare LF', 'LF and CR LF in one field', 'a field of 70,000 bytes', 'a head of 90,000 bytes'}
# What it mends in From itself, once the milter has answered: as it arrives without and with that.
MENDED = {
    'NUL in a value': (b'Jane <ceo@corp.example>, more@mx.corp.example', b'ceo@corp.example'),
    'a fold at once': (b' "Jane" <ceo@corp.example>', b'ceo@corp.example'),
    'a line of 3,000 bytes': (b'"' + (b'Jane ' * 40), b'ceo@corp.example'),
    'text alone': (b'The.CEO@mx.corp.example', b'unknown-sender@barefrom.invalid'),
    'an unclosed comment': (b'ceo@corp.example (Jane)', b'unknown-sender@barefrom.invalid'),
}
# Blanks that it mends, and fields that it changes behind the milter: its head has another hash.
REWRITTEN = {'a tab behind it', 'fields that Postfix takes out between', 'a long list'}
LONG = b', '.join(b'"Member %d" <member.%d@corp.example>' % (i, i) for i in range(12))
CASES['a long list'] = (b'From: ' + LONG + b'\r\nSubject: x\r\n\r\nhi\r\n', [])


def heads():
    refused = {PLAIN: set(), PORT: set()}
    for port in PLAIN, PORT:
        for n, (name, (data, _)) in enumerate(CASES.items()):
            with Smtp(port) as client:
                if client.send(f'h{n}.{port}@utf8.example', data)[:3] != '250':
                    refused[port].add(name)
    TAP.equal((refused[PLAIN], refused[PORT]), (REFUSED, REFUSED), 'what Sendmail refuses itself')
    for n, name in enumerate(CASES):
        if name in REFUSED:
            continue
        _, plain = untrace(SINK.of(f'h{n}.{PLAIN}'))
        queue, got = untrace(SINK.of(f'h{n}.{PORT}'))
        want = bare(plain)
        if name in MENDED:
            without, with_it = MENDED[name]
            TAP.ok(b'From: ' + without in plain, name + ': Sendmail mends it', plain)
            want = re.sub(rb'(?m)^From: .*$', b'From: ' + with_it, want, count=1)
        if name == 'a long list':  # it folds anew
            want = want.replace(b'\n ', b'\n        ')
        TAP.equal(got, want, name + ': the fields are edited, all else is as it was')
        found = rows('''SELECT verdict, reason, source, outcome, head_after_sha256 FROM message
            WHERE queue_id = ?''', queue)
        TAP.equal([row[:4] for row in found], [('anonymous', 'sasl-fact', 'milter', 'answered')],
                  name + ': it has one row')
        TAP.equal(found[0][4] == sha256(head_of(got)), name not in REWRITTEN,
                  name + ': the hash is that of what arrives')


NAMED = b'From: "Jane Doe" <ceo@corp.example>\r\n'
REST = b'Subject: x\r\n\r\nhi\r\n'
BARE = b'From: ceo@corp.example\nSubject: x\n\nhi\n'
KEPT = (NAMED + REST).replace(b'\r', b'')
STRIPPED = 'anonymous', 'sasl-fact', 'stripped', 'answered', None
LOGIN = 'authenticated', 'sasl-fact', 'kept', 'answered', 'alice@corp.example'


def send(client, name, data=NAMED + REST, **more):
    """Its answer."""
    return client.send(name + '@utf8.example', data, **more)


def seen(name, words, what):
    """It arrived as those words say, and the audit has them, once."""
    queue, got = untrace(SINK.of(name))
    TAP.equal(got, KEPT if words[2] == 'kept' else BARE, what + ': arrives so')
    TAP.equal(rows('''SELECT verdict, reason, action, outcome, auth_user FROM message
        WHERE queue_id = ?''', queue), [words], what + ': is audited so, once')


def sessions():
    with Smtp() as client:
        send(client, 'before')
        TAP.ok(client.login()[:3] == '235', 'a login')
        send(client, 'after')
        client.ask('MAIL FROM:<other@out.example>')
        client.ask('RCPT TO:<nobody@utf8.example>')
        client.ask('RSET')
        send(client, 'again')
    with Smtp() as client:
        send(client, 'next')
        send(client, 'said', sender='<a@out.example> AUTH=alice@corp.example')
        forged = f'Received: from x (x [192.0.2.9]) by {HOST} (8.17.1.9) with ESMTPSA id A; x'
        send(client, 'forged', forged.encode() + b'\r\n' + NAMED + REST)
        client.envelope('<>', [f'many{i}@utf8.example' for i in range(50)])
        client.socket.sendall(NAMED + REST + b'.\r\n')
        client.answer()
    with Smtp(SUBMISSION) as client:
        send(client, 'listener')
    seen('before', STRIPPED, 'before the login')
    seen('after', LOGIN, 'after it, in the same connection')
    seen('again', LOGIN, 'after RSET')
    seen('next', STRIPPED, 'in the connection after that')
    seen('said', STRIPPED, 'a login that the client tells of')
    queue, got = untrace(SINK.of('forged'))
    TAP.equal(got, forged.encode() + b'\n' + BARE, 'a forged trace')
    seen('listener', ('authenticated', 'listener-fact', 'kept', 'answered', None),
         'the submission listener')
    TAP.equal(rows('''SELECT count(DISTINCT message), count(*), max(envelope_from) FROM recipient
        JOIN message m ON m.id = message WHERE address LIKE 'many%' '''), [(1, 50, '')],
        '50 recipients and the null sender are one row')


def local():
    """The usual way of a local user is by SMTP, so that there is a session; with -Am there is none.
    """
    def run(*arguments):
        subprocess.run(['chroot', os.environ['JAIL'], os.environ['SENDMAIL_IN_JAIL'], *arguments],
                       input=KEPT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    run('-Ac', '-i', '-f', 'a@out.example', 'usual@utf8.example')
    got = SINK.of('usual')
    TAP.ok(b'\nFrom: ceo@corp.example\n' in got and b'Jane' not in got, 'a local user: bare', got)
    TAP.equal(rows('''SELECT reason, peer FROM message m JOIN recipient r ON r.message = m.id
        WHERE address = 'usual@utf8.example' '''), [('sasl-fact', '127.0.0.1')], 'is audited')
    run('-Am', '-i', '-f', 'a@out.example', 'direct@utf8.example')
    TAP.ok(b'Jane' in SINK.of('direct'), 'sendmail -Am asks no milter')


def queued():
    """Files of Sendmail's queue, those of connections and names aside."""
    return [name for name in os.listdir(os.environ['JAIL'] + '/var/spool/mqueue')
            if name[:2] in ('qf', 'df', 'tf')]


def faults():
    lock = sqlite3.connect(os.environ['DATABASE'], isolation_level=None)
    audit = os.path.dirname(os.environ['DATABASE'])
    milter = os.environ['JAIL'] + '/var/run/barefrom/milter.sock'
    for name, begin, end, words in (
            ('audit locked', lambda: lock.execute('BEGIN IMMEDIATE'),
             lambda: lock.execute('ROLLBACK'), 'barefrom: audit database is locked'),
            ('audit gone', lambda: os.rename(audit, audit + '.away'),
             lambda: os.rename(audit + '.away', audit), 'barefrom: audit database directory does not exist'),
            ('milter away', lambda: os.rename(milter, milter + '.away'),
             lambda: os.rename(milter + '.away', milter), '')):
        box = 'fault-' + name.replace(' ', '-') + '-x'
        begin()
        with Smtp() as client:
            said = send(client, box)
        TAP.ok(re.match('451 4.*' + words, said), name + ': the client is told to come again', said)
        TAP.equal(queued(), [], name + ': nothing is in the queue')
        end()
        TAP.equal(SINK.look().get(box), None, name + ': nothing has been passed on')
        with Smtp() as client:
            said = send(client, box)
        TAP.ok(said[:3] == '250', name + ': set right, it is taken', said)
        seen(box, STRIPPED, name + ': set right')
    lock.close()


def main():
    for part in heads, sessions, local, faults:
        part()
    return TAP.done()


if __name__ == '__main__':
    sys.exit(main())
