# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of Postfix and what barefrom-milter makes of them: see p0610-milter-sessions.sh."""
import os
import signal
import sys
import threading

from smtp import (BED, HOST, PLAIN, SUBMISSION, Box, Smtp, Tap, handed_in, in_sink, queue_id, rows,
                  untrace)
from tap import wait_until

XCLIENT = int(os.environ['XCLIENT'])
NAMED = b'From: "Jane Doe" <ceo@corp.example>\r\n'
REST = b'Subject: x\r\n\r\nhi\r\n'
BARE = b'From: ceo@corp.example\n' + REST.replace(b'\r', b'')
KEPT = (NAMED + REST).replace(b'\r', b'')
TAP, BOX = Tap(), Box()
STRIPPED = 'anonymous', 'sasl-fact', 'stripped', 'answered'
LOGIN = 'authenticated', 'sasl-fact', 'kept', 'answered'


def row(name):
    """The words of the one row of a message for NAME@box.example."""
    return rows('''SELECT verdict, reason, action, outcome FROM message m
        JOIN recipient r ON r.message = m.id WHERE address = ?''', name + '@box.example')


def seen(name, words, what, message=None):
    """It arrived as those words say, and the audit has them, once."""
    queue, got = untrace(BOX.of(name))
    want = message or (KEPT if words[2] == 'kept' else BARE)
    TAP.equal(got, want, what + ': arrives so')
    TAP.equal(row(name), [words], what + ': is audited so')
    TAP.equal(rows('SELECT count(*) FROM message WHERE queue_id = ?', queue), [(1,)],
              what + ': once, under the queue id')


def send(client, name, data=NAMED + REST, **more):
    """Taken."""
    said = client.send(name + '@box.example', data, **more)
    if not queue_id(said):
        raise SystemExit(f'{name}: {said}')
    return queue_id(said)


def come_as(client, words, helo):
    """Another client, by XCLIENT."""
    said = client.ask('XCLIENT ' + words)
    if said[:3] != '220':
        raise SystemExit(f'XCLIENT {words}: {said}')
    client.ask('EHLO ' + helo)


def logins():
    with Smtp() as client:
        send(client, 'before')
        TAP.ok(client.login()[:3] == '235', 'a login')
        send(client, 'after')
        client.ask('MAIL FROM:<other@out.example>')
        client.ask('RCPT TO:<nobody@box.example>')
        client.ask('RSET')
        send(client, 'again', sender='<alice@corp.example>')
    with Smtp() as client:
        send(client, 'next')
    seen('before', STRIPPED, 'before the login')
    seen('after', LOGIN, 'after it, in the same connection')
    seen('again', LOGIN, 'after RSET')
    seen('next', STRIPPED, 'in the connection after that')
    TAP.equal(rows('''SELECT envelope_from, auth_user, (SELECT count(*) FROM recipient
        WHERE message = m.id) FROM message m JOIN recipient r ON r.message = m.id
        WHERE address = 'again@box.example' '''),
        [('alice@corp.example', 'alice@corp.example', 1)], 'of what was reset nothing is left')
    # An SMTP proxy tells of many clients in one connection.
    with Smtp(XCLIENT) as client:
        come_as(client, 'ADDR=192.0.2.10 LOGIN=bob@corp.example', 'first')
        send(client, 'proxied')
        come_as(client, 'ADDR=192.0.2.11 LOGIN=[UNAVAILABLE]', 'second')
        send(client, 'unproxied')
        client.ask('RSET')
        send(client, 'unproxied2')
    seen('proxied', LOGIN, 'a login by XCLIENT')
    seen('unproxied', STRIPPED, 'none by the next one')
    seen('unproxied2', STRIPPED, 'nor after RSET')
    TAP.equal(rows('''SELECT peer, helo, auth_user FROM message m JOIN recipient r
        ON r.message = m.id WHERE address LIKE '%proxied@box.example' ORDER BY m.id'''),
        [('192.0.2.10', 'first', 'bob@corp.example'), ('192.0.2.11', 'second', None)],
        'with the client of each')
    with Smtp() as client:
        TAP.ok(client.login(password='guess')[:3] == '535', 'a wrong password')
        send(client, 'guessed')
    seen('guessed', STRIPPED, 'is no login')
    with Smtp(helo='x (Authenticated sender: alice)') as client:
        send(client, 'helo', sender='<a@out.example> AUTH=alice@corp.example')
    seen('helo', STRIPPED, 'nor is what a client says of itself')


def listeners():
    with Smtp(SUBMISSION) as client:
        send(client, 'listener')
        client.login()
        send(client, 'listener-login')
    with Smtp(helo='submission') as client:
        send(client, 'no-listener')
    seen('listener', ('authenticated', 'listener-fact', 'kept', 'answered'),
         'the submission listener')
    seen('listener-login', LOGIN, 'a login there')
    seen('no-listener', STRIPPED, 'a client that calls itself so')


def relays():
    trace = (f'Received: from r (r [10.0.0.5])\r\n\tby {HOST} (Postfix) with ESMTP id AAAA1;\r\n'
             '\tTue, 24 Nov 2026 10:00:00 +0000 (UTC)\r\n').encode()
    login = (f'Received: from pc (pc [192.0.2.9])\r\n\tby {HOST} (Postfix) with ESMTPSA id BBBB2;'
             '\r\n\tTue, 24 Nov 2026 10:00:00 +0000 (UTC)\r\n').encode()
    lmtp = login.replace(b'ESMTPSA', b'LMTP')
    back = f'Received: by {HOST} (Postfix, from userid 65534)\r\n\tid CCCC3; x\r\n'.encode()
    cases = {
        'relayhole': ('198.51.100.7', trace + login, STRIPPED),
        'loginhole': ('198.51.100.7', login, STRIPPED),
        'uidhole': ('198.51.100.7', back + login, STRIPPED),
        'lmtphole': ('198.51.100.7', lmtp + login, STRIPPED),
        'relay': ('10.0.0.5', login, ('authenticated', 'with', 'kept', 'answered')),
        'relays': ('10.0.0.5', trace + login, ('authenticated', 'with', 'kept', 'answered')),
        'outside': ('10.0.0.5', login.replace(b'ESMTPSA', b'ESMTP') + trace + login,
                    ('anonymous', 'no-login', 'stripped', 'answered')),
        'trusted': ('192.0.2.44', b'', ('authenticated', 'trusted-client', 'kept', 'answered')),
        'trustedhole': ('198.51.100.7', trace.replace(b'10.0.0.5', b'192.0.2.44'), STRIPPED),
    }
    with Smtp(XCLIENT) as client:
        for name, (address, head, _) in cases.items():
            come_as(client, f'ADDR={address} NAME=[UNAVAILABLE] LOGIN=[UNAVAILABLE]', 'r')
            send(client, name, head + NAMED + REST)
    for name, (address, head, words) in cases.items():
        body = KEPT if words[2] == 'kept' else BARE
        seen(name, words, f'{name}: client {address}', head.replace(b'\r', b'') + body)


def recipients():
    names = [f'many{i}' for i in range(50)]
    with Smtp() as client:
        client.envelope('<a@out.example>', [f'{name}@box.example' for name in names])
        client.ask('.')
        client.ask('MAIL FROM:<>')
        client.ask('RCPT TO:<there@box.example>')
        TAP.ok(client.ask('RCPT TO:<there@elsewhere.example>')[:1] == '5', 'one is refused')
        client.ask('DATA')
        client.socket.sendall(NAMED + REST + b'.\r\n')
        queue = queue_id(client.answer())
    for name in names:
        BOX.of(name)
    TAP.equal(rows('''SELECT count(DISTINCT message), count(*) FROM recipient
        WHERE address LIKE 'many%' '''), [(1, 50)], '50 recipients are one row')
    TAP.equal(rows('''SELECT envelope_from, group_concat(address) FROM message m JOIN recipient r
        ON r.message = m.id WHERE queue_id = ?''', queue), [('', 'there@box.example')],
        'the null sender, and only who was accepted')


def local():
    trace = (f'Received: from x (x [192.0.2.9])\n\tby {HOST} (Postfix) with ESMTPSA id A; x\n'
             .encode())
    TAP.equal(handed_in(trace + KEPT, '-f', 'root@corp.example', 'local@box.example'), 0,
              'sendmail(1) takes it')
    seen('local', ('anonymous', 'local-pickup', 'stripped', 'answered'), 'handed in by sendmail(1)',
         trace + cleaned(BOX.of('local'), BARE))
    with open(f'{BED}/barefrom.conf', encoding='ascii') as file:
        settings = file.read()
    with open(f'{BED}/barefrom.conf', 'w', encoding='ascii') as file:
        file.write(settings.replace('[trust]\n', '[trust]\nlocal-submission=authenticated\n'))
    os.kill(int(os.environ['MILTER']), signal.SIGHUP)
    wait_until(is_reloaded, 'the reload')
    handed_in(trace + KEPT, '-f', 'root@corp.example', 'local2@box.example')
    seen('local2', ('authenticated', 'local-uid', 'kept', 'answered'),
         'where all users of the host are trusted', trace + cleaned(BOX.of('local2'), KEPT))
    with Smtp() as client:  # 127.0.0.1 as well, but with a port
        send(client, 'smtp')
    seen('smtp', STRIPPED, 'not so a client on the same host')


def is_reloaded():
    """As the milter says."""
    with open(f'{BED}/milter.log', encoding='utf-8') as file:
        return 'were reloaded' in file.read()


def cleaned(message, want):
    """`want`, with the fields that cleanup(8) has to add to mail of sendmail(1) below its own."""
    added = [line for line in message.split(b'\n') if line.startswith((b'Message-Id:', b'Date:'))]
    head, _, body = want.partition(b'\n\n')
    return b'\n'.join([head, *added, b'', body])


def bounces():
    with Smtp() as client:
        said = client.send('gone@ascii.example', NAMED + REST, '<back@box.example> ENVID=one')
        queue = queue_id(said)
        client.send('gone@ascii.example', NAMED + REST, '<never@box.example>')
        client.ask('MAIL FROM:<ok@box.example> RET=HDRS ENVID=two')
        client.ask('RCPT TO:<well@box.example> NOTIFY=SUCCESS')
        client.ask('DATA')
        client.socket.sendall(NAMED + REST + b'.\r\n')
        client.answer()
        client.ask('MAIL FROM:<silent@box.example>')
        client.ask('RCPT TO:<gone@ascii.example> NOTIFY=NEVER')
        client.ask('DATA')
        client.socket.sendall(NAMED + REST + b'.\r\n')
        client.answer()
    bounce = BOX.of('back')
    TAP.ok(b'\nFrom: ceo@corp.example\n' in bounce and b'Jane' not in bounce,
           'a bounce shows the bare From', bounce)
    TAP.ok(b'\nFrom: Mail Delivery System <MAILER-DAEMON@corp.example>\n' in bounce,
           "Postfix's own mail is as it was", bounce)
    TAP.ok(b'\nOriginal-Envelope-Id: one\n' in bounce, 'with the ENVID that was given', bounce)
    TAP.equal(rows('SELECT action, outcome FROM message WHERE queue_id = ?', queue),
              [('stripped', 'answered')], 'the message that came back is audited')
    seen('well', STRIPPED, 'NOTIFY=SUCCESS')
    report = BOX.of('ok')
    TAP.ok(b'\nAction: delivered\n' in report and b'\nOriginal-Envelope-Id: two\n' in report,
           'the report of its delivery comes', report)
    BOX.of('never')
    wait_until(lambda: not queue_files(), 'an empty queue')
    TAP.equal(BOX.look().get('silent'), None, 'NOTIFY=NEVER is obeyed')
    TAP.equal(rows('''SELECT count(*) FROM message m JOIN recipient r ON r.message = m.id
        WHERE address IN ('back@box.example', 'ok@box.example', 'never@box.example')'''), [(0,)],
        "Postfix's own mail does not pass the milter")


def queue_files():
    """Of messages that are still there."""
    return [file for folder in ('incoming', 'active', 'deferred', 'maildrop', 'hold')
            for _, _, files in os.walk(f'{BED}/spool/{folder}') for file in files]


def wide():
    head = ('From: "J\u00e9r\u00f4me" <chef@caf\u00e9.example>\r\nSubject: caf\u00e9\r\n\r\nhi\r\n'
            .encode())
    want = 'From: chef@caf\u00e9.example\nSubject: caf\u00e9\n\nhi\n'.encode()
    with Smtp() as client:
        said = client.send('\u00e9@utf8.example', head,
                           '<\u00e9@out.example> SMTPUTF8 BODY=8BITMIME')
        queue = queue_id(said)
        client.send('raw@ascii.example', head, '<a@out.example> BODY=8BITMIME')
    envelope, message = wait_until(lambda: in_sink('\u00e9@utf8.example'), 'the next hop')
    TAP.ok(b'SMTPUTF8' in envelope.splitlines()[0], 'SMTPUTF8 goes on', envelope)
    TAP.ok(message.endswith(want) and message.startswith(b'Received: '), 'with the edit', message)
    TAP.equal(rows('''SELECT envelope_from, address, from_after FROM message m JOIN recipient r
        ON r.message = m.id WHERE queue_id = ?''', queue),
        [('\u00e9@out.example', '\u00e9@utf8.example', 'chef@caf\u00e9.example')],
        'and in the audit')
    _, message = wait_until(lambda: in_sink('raw@ascii.example'), 'the next hop')
    TAP.ok(message.endswith(want), 'raw UTF-8 without it passes as before', message)


def others():
    with Smtp() as client:
        send(client, 'checks', b'X-Was: From: "Jane Doe" <ceo@corp.example>\r\n' + REST)
        body = b''.join(b'.%d\r\n' % i for i in range(200000))
        send(client, 'large', NAMED + REST + b'.\r\n..\r\n\xff\x00\r\n' + body,
             sender='<a@out.example> BODY=8BITMIME')
    seen('checks', STRIPPED, 'what header_checks have made of a field')
    seen('large', STRIPPED, 'dots and a megabyte',
         BARE + b'.\n..\n\xff\x00\n' + body.replace(b'\r', b''))


def filtered():
    """By a content filter behind the milter."""
    with Smtp(PLAIN) as client:
        send(client, 'behind')
    path = wait_until(lambda: [name for name in os.listdir(BED + '/mail')
                               if name.startswith('behind@')], 'the content filter')[0]
    with open(f'{BED}/mail/{path}', 'rb') as file:
        TAP.ok(file.read().endswith(BARE), 'a content filter sees the edits')
    TAP.equal(row('behind'), [STRIPPED], 'of the one row')


def crowd():
    """Many sessions at once, each of its own client, login and message."""
    def session(number):
        with Smtp(XCLIENT) as client:
            login = f'user{number}@corp.example' if number % 2 else '[UNAVAILABLE]'
            come_as(client, f'ADDR=198.51.100.{number} LOGIN={login}', f'pc{number}')
            for i in range(10):
                name = f'crowd-{number}-{i}'
                send(client, name, f'From: N{number}-{i} <{name}@out.example>\r\n'.encode() + REST,
                     sender=f'<{name}@out.example>')
    threads = [threading.Thread(target=session, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    want = []
    for number in range(40):
        login = f'user{number}@corp.example' if number % 2 else None
        for i in range(10):
            name = f'crowd-{number}-{i}'
            want.append((f'{name}@box.example', f'{name}@out.example', login,
                         f'198.51.100.{number}', f'pc{number}',
                         f'N{number}-{i} <{name}@out.example>', 'kept' if login else 'stripped'))
    found = rows('''SELECT address, envelope_from, auth_user, peer, helo, from_before, action
        FROM message m JOIN recipient r ON r.message = m.id WHERE address LIKE 'crowd-%' ''')
    TAP.equal(sorted(found, key=str), sorted(want, key=str), '400 messages of 40 sessions at once')
    for address, _, login, *_ in want:
        got = untrace(BOX.of(address.partition('@')[0]))[1]
        if (b' <' in got.partition(b'\n')[0]) != bool(login):
            TAP.ok(False, f'{address} arrives as it should', got)


def main():
    for part in (logins, listeners, relays, recipients, bounces, wide, others, filtered, crowd,
                 local):
        part()
    TAP.equal(rows('SELECT DISTINCT source, outcome FROM message'), [('milter', 'answered')],
              'every row is of the milter, and answered')
    return TAP.done()


if __name__ == '__main__':
    sys.exit(main())
