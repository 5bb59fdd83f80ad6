# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a session, and that nothing of one message is seen in the next."""
import mta
from lab import BARE, FORGED, Milter, main, outcome, point, test

OURS = 'mx.corp.example'
# The hole that hop 0 closes: a relay of ours that the sender has made up, above a login.
HOLE = (b'Received: from r (r [10.0.0.5]) by mx.corp.example (Postfix) with ESMTP id A\n'
        b'\tfor <you@corp.example>; Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n'
        b'Received: from pc (pc [10.0.0.9]) by mx.corp.example (Postfix) with ESMTPSA id B\n'
        b'\tfor <you@corp.example>; Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n')


def facts(milter, queue_id):
    """Of a row: what was decided, and on what."""
    row = milter.row(queue_id)
    return row['verdict'], row['reason'], row['auth_user'], row['client_address'], row['helo']


ANONYMOUS = ('anonymous', 'sasl-fact', None, '192.0.2.7', 'pc.out.example')
LOGIN = ('authenticated', 'sasl-fact', 'joe', '192.0.2.7', 'pc.out.example')


def begin(session, queue_id, login=None, recipient='<you@corp.example>'):
    """A message up to its head."""
    session.macros['i'] = queue_id
    session.macros.pop('auth_authen', None)
    if login:
        session.macros['auth_authen'] = login
    session.mail(f'<{queue_id}@out.example>')
    session.rcpt(recipient)
    session.data()


def end(session, head=FORGED):
    """The rest of it: the answer in a word, and how many changes."""
    for name, value in mta.split_message(head)[0]:
        session.header(name, value)
    session.eoh()
    replies = session.eom()
    return replies[-1].text or replies[-1].kind, len(replies) - 1


@test
def next_message():
    """nothing of one message is seen in the next"""
    with Milter() as milter, milter.session() as session:
        answer = session.send_message(FORGED, login='joe', queue_id='4A1', abort=False)
        point('a login', (answer.head, facts(milter, '4A1')), (FORGED, LOGIN))
        answer = session.send_message(FORGED, queue_id='4A2', abort=False)
        point('none in the next, without ABORT', (answer.head, facts(milter, '4A2')),
              (BARE, ANONYMOUS))

        session.send_message(FORGED, login='joe', queue_id='4A3')
        answer = session.send_message(FORGED, queue_id='4A4')
        point('none in the next, with ABORT', (answer.head, facts(milter, '4A4')),
              (BARE, ANONYMOUS))

        # RSET, of which Sendmail may say nothing.
        begin(session, '4B1', 'joe', '<first@corp.example>')
        session.header('From', ' "The CEO" <first@evil.example>')
        session.header('Reply-To', ' "The CEO" <first@evil.example>')
        begin(session, '4B2', None, '<second@corp.example>')
        point('MAIL upon MAIL', end(session), ('continue', 1))
        row = milter.row('4B2')
        point('nothing of the first is in the row',
              (facts(milter, '4B2'), milter.recipients(row['id']), row['envelope_from'],
               row['from_address']),
              (ANONYMOUS, ['second@corp.example'], '4B2@out.example', 'joe@evil.example'))
        session.abort()
        for stage in range(6):
            queue_id = f'4C{stage}'
            session.macros.update(i=queue_id, auth_authen='joe')
            commands = (session.mail, lambda: session.rcpt('<first@corp.example>'), session.data,
                        lambda: session.header('From', ' "The CEO" <first@evil.example>'),
                        session.eoh, lambda: session.send_macros('E'))
            for command in commands[:stage + 1]:
                command()
            session.abort()
            begin(session, queue_id + 'N')
            point(f'ABORT at stage {stage}', end(session), ('continue', 1))
            row = milter.row(queue_id + 'N')
            point('nothing of the first is in the row',
                  (facts(milter, queue_id + 'N'), milter.recipients(row['id']),
                   row['from_address']),
                  (ANONYMOUS, ['you@corp.example'], 'joe@evil.example'))
        session.abort()
        point('no row of an aborted one', milter.count("queue_id LIKE '4C_' OR queue_id = '4B1'"), 0)

        # The id of the end beats that of MAIL; an id of the message before does not stay.
        begin(session, '4D1')
        session.macros['i'] = '4D2'
        end(session)
        point('the queue id is that of the end', (milter.row('4D2')['queue_id'],
                                                  milter.count("queue_id = '4D1'")), ('4D2', 0))
        rows = milter.count()
        begin(session, '4D3')
        del session.macros['i']
        end(session)
        point('or of MAIL', milter.row('4D3')['queue_id'], '4D3')
        session.mail()
        session.rcpt()
        end(session)
        point('or none', (milter.row()['queue_id'], milter.count() - rows), (None, 2))
        point('the log says so', 'NOQUEUE: stripped' in milter.log())


@test
def macros():
    """macros are of the command behind them, and an empty packet takes them back"""
    login = mta.packet('D', b'M' + mta.strings('{auth_authen}', 'joe', '{auth_type}', 'PLAIN'))
    none = mta.packet('D', b'M')
    mail = mta.packet('M', mta.strings('<a@out.example>'))

    def rest(session, queue_id):
        session.macros.update(i=queue_id)
        session.rcpt()
        end(session)

    with Milter() as milter:
        for number, (name, octets, wanted) in enumerate((
                ('a packet and MAIL', login + mail, 'authenticated'),
                ('then an empty packet', login + none + mail, 'anonymous'),
                ('then MAIL twice', login + mail + mail, 'anonymous'),
                ('then ABORT and MAIL', login + mta.packet('A') + mail, 'anonymous'),
                ('then ABORT, MAIL twice', login + mail + mta.packet('A') + mail, 'anonymous'),
                ('a login for another command',
                 mta.packet('D', b'R' + mta.strings('{auth_authen}', 'joe')) + mail, 'anonymous'),
                ('a login for the end',
                 mail + mta.packet('D', b'E' + mta.strings('{auth_authen}', 'joe')), 'anonymous'),
                ('a login for the connection, too late',
                 mail + mta.packet('D', b'H' + mta.strings('{auth_authen}', 'joe')), 'anonymous'),
                ('an empty login',
                 mta.packet('D', b'M' + mta.strings('{auth_authen}', '')) + mail, 'anonymous'),
                ('two, the later one empty',
                 mta.packet('D', b'M' + mta.strings('auth_authen', 'joe', 'auth_authen', ''))
                 + mail, 'anonymous'),
                ('without braces',
                 mta.packet('D', b'M' + mta.strings('auth_authen', 'joe')) + mail, 'authenticated'),
                ('in capitals',
                 mta.packet('D', b'M' + mta.strings('AUTH_AUTHEN', 'joe')) + mail, 'anonymous'))):
            with milter.session() as session:
                session.raw(octets)
                rest(session, f'4A{number}')
                row = milter.row(f'4A{number}')
                point(name, (row['verdict'], row['auth_user']),
                      (wanted, 'joe' if wanted == 'authenticated' else None))
                # And in the session after it.
                session.send_message(FORGED, queue_id=f'4B{number}')
                point(f'{name}: the next message', facts(milter, f'4B{number}'), ANONYMOUS)

        # Macros that are cut.
        for octets in (b'', b'M{auth_authen}\0joe', b'M{auth_authen}\0', b'M\0', b'M{auth_authen}'):
            with milter.session() as session:
                session.raw(mta.packet('D', octets) + mail)
                point(f'macros {octets!r}: let go', session.is_closed())
        milter.wait_log('refusing a peer: its macros cannot be understood', 5)


@test
def next_connection():
    """QUIT_NC: the next SMTP session on the same connection is another one"""
    with Milter(submission_daemons='submission') as milter, milter.session() as session:
        session.macros.update(daemon_name='submission')
        session.quit_nc()
        session.open('a.example', '198.51.100.1', helo='a.helo')
        session.send_message(FORGED, queue_id='4A1', abort=False)
        point('a submission', facts(milter, '4A1'),
              ('authenticated', 'listener-fact', None, '198.51.100.1', 'a.helo'))
        session.quit_nc()
        session.macros.update(daemon_name='smtpd')
        session.connect('b.example', '198.51.100.2')
        session.send_message(FORGED, queue_id='4A2')
        point('another, without HELO', facts(milter, '4A2'),
              ('anonymous', 'sasl-fact', None, '198.51.100.2', None))
        session.quit_nc()
        session.connect('c.example', None)
        session.send_message(FORGED, queue_id='4A3')
        point('another, without an address', facts(milter, '4A3'),
              ('anonymous', 'sasl-fact', None, None, None))
        # No macros: those of the session before are none of this one's.
        session.quit_nc()
        session.macros.update(daemon_name='submission')
        session.open('a.example', '198.51.100.1')
        session.quit_nc()
        session.raw(mta.packet('C', mta.strings('d') + b'4\0\x19' + mta.strings('198.51.100.4')))
        session.send_message(FORGED, queue_id='4A4')
        point('another, without macros', facts(milter, '4A4'),
              ('anonymous', 'sasl-fact', None, '198.51.100.4', None))
        # In the middle of a message.
        begin(session, '4A5', 'joe')
        session.quit_nc()
        session.open('e.example', '198.51.100.5')
        begin(session, '4A6')
        end(session)
        point('another, in mid-message', (facts(milter, '4A6'), milter.count("queue_id = '4A5'")),
              (('authenticated', 'listener-fact', None, '198.51.100.5', 'e.example'), 0))
        session.abort()
        # MAIL without a session.
        session.quit_nc()
        session.raw(mta.packet('M', mta.strings('<a@b.example>')))
        point('MAIL without a session: let go', session.is_closed())
        # CONNECT upon CONNECT.
    with Milter(submission_daemons='submission') as milter, milter.session() as session:
        session.macros.update(daemon_name='submission')
        session.open('a.example', '198.51.100.1')
        session.raw(mta.packet('C', mta.strings('d') + b'4\0\x19' + mta.strings('198.51.100.4')))
        session.send_message(FORGED, queue_id='4A7')
        point('CONNECT upon CONNECT', facts(milter, '4A7'),
              ('anonymous', 'sasl-fact', None, '198.51.100.4', None))


@test
def helo():
    """HELO may change"""
    with Milter() as milter, milter.session(helo='one.example') as session:
        session.send_message(FORGED, queue_id='4A1')
        session.helo('two.example')
        session.send_message(FORGED, queue_id='4A2')
        session.send_message(FORGED, queue_id='4A3')
        point('HELO of each', [milter.row(f'4A{n}')['helo'] for n in (1, 2, 3)],
              ['one.example', 'two.example', 'two.example'])
        # A HELO ends the message before it, of which it may be that no ABORT tells.
        begin(session, '4A4', 'joe')
        session.header('From', ' "The CEO" <first@evil.example>')
        session.helo('three.example' * 100)
        begin(session, '4A5')
        end(session)
        row = milter.row('4A5')
        point('HELO in mid-message, then another', (row['verdict'], row['from_address'],
                                                    milter.count("queue_id = '4A4'")),
              ('anonymous', 'joe@evil.example', 0))
        session.abort()
        # The same message may not go on as if nothing had been.
        begin(session, '4A6', 'joe')
        session.header('From', ' "The CEO" <first@evil.example>')
        session.helo('four.example')
        session.raw(mta.packet('D', b'E') + mta.packet('E'))
        point('HELO in mid-message, then its end: let go', session.is_closed())
        point('no row', milter.count("queue_id = '4A6'"), 0)
        point('others are served', outcome(milter.send()), 'accepted')


@test
def interleaved():
    """two connections, command by command"""
    with Milter() as milter, milter.session() as one, \
            milter.session(host='[192.0.2.8]', address='192.0.2.8', helo='two.example') as two:
        heads = (b'From: "One" <one@evil.example>\n', b'From: "Two" <two@evil.example>\n')
        for turn in range(20):
            begin(one, f'4A{turn}', 'joe')
            begin(two, f'4B{turn}', None, '<two@corp.example>')
            one.header('From', ' "One" <one@evil.example>')
            two.header('From', ' "Two" <two@evil.example>')
            one.eoh()
            two.eoh()
            answers = [[reply.kind for reply in session.eom()] for session in (two, one)]
            if answers != [['change', 'continue'], ['continue']]:
                point(f'turn {turn}', answers, [['change', 'continue'], ['continue']])
        point('each has its own facts',
              {(row['auth_user'], row['client_address'], row['helo'], row['from_address'])
               for row in milter.query('SELECT * FROM message')},
              {('joe', '192.0.2.7', 'pc.out.example', 'one@evil.example'),
               (None, '192.0.2.8', 'two.example', 'two@evil.example')})
        point('as many rows', milter.count(), 40)
        del heads


def verdict(milter, head=FORGED, login=None, macro=(), **connection):
    """What is decided of a message in such a session: verdict, reason, and what the audit says of
    the peer."""
    with mta.Session(milter.target, 300) as session:
        session.macros.update(macro)
        session.open(**connection)
        answer = session.send_message(head, login=login, queue_id='4FFF')
        session.quit()
    row = milter.row('4FFF')
    if answer.accepted and ('CEO' not in answer.head.decode()) != (row['action'] == 'stripped'):
        raise AssertionError('the head is not what the row says')
    return row['verdict'], row['reason'], row['peer']


@test
def logins():
    """a login decides first"""
    with Milter(relay_accounts='gateway', relay_nets='10.0.0.0/8', trusted_clients='10.0.0.9',
                submission_daemons='submission;msa') as milter:
        for name, arguments, wanted in (
                ('a login', dict(login='joe'), ('authenticated', 'sasl-fact', '192.0.2.7')),
                ('of a relay account', dict(login='gateway'),
                 ('anonymous', 'relay-login', '192.0.2.7')),
                ('of a relay account, on a submission listener',
                 dict(login='gateway', macro={'daemon_name': 'msa'}),
                 ('anonymous', 'relay-login', '192.0.2.7')),
                ('of a relay account, from a trusted client',
                 dict(login='gateway', address='10.0.0.9'),
                 ('anonymous', 'relay-login', '10.0.0.9')),
                ('a login through a relay', dict(login='joe', address='10.0.0.5'),
                 ('authenticated', 'sasl-fact', '10.0.0.5')),
                ('a submission listener', dict(macro={'daemon_name': 'submission'}),
                 ('authenticated', 'listener-fact', '192.0.2.7')),
                ('the second of them', dict(macro={'daemon_name': 'msa'}),
                 ('authenticated', 'listener-fact', '192.0.2.7')),
                ('a name that only begins so', dict(macro={'daemon_name': 'submissions'}),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('no listener', dict(macro={'daemon_name': ''}),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('a trusted client', dict(address='10.0.0.9'),
                 ('authenticated', 'trusted-client', '10.0.0.9')),
                ('no login', {}, ('anonymous', 'sasl-fact', '192.0.2.7'))):
            point(name, verdict(milter, **arguments), wanted)


@test
def relays():
    """the trace counts only behind a relay of ours"""
    true_relay = (b'Received: from pc (pc [192.0.2.99]) by relay.corp.example (Postfix)\n'
                  b'\twith ESMTPSA id A for <you@corp.example>; '
                  b'Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n')
    without = true_relay.replace(b'ESMTPSA', b'ESMTP')
    with Milter(relay_nets='10.0.0.0/8 2001:db8::/32', filter_uids='1001', user_uids='2000',
                trusted_by='mx.corp.example relay.corp.example') as milter:
        for name, arguments, wanted in (
                ('the hole: forged relay and login', dict(head=HOLE + FORGED),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('forged login alone', dict(head=true_relay + FORGED),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('forged pickup by a user',
                 dict(head=b'Received: by mx.corp.example (Postfix, from userid 2000)\n\tid A; '
                           b'Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n' + FORGED),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('forged filter above a login',
                 dict(head=b'Received: by mx.corp.example (Postfix, from userid 1001)\n\tid A; '
                           b'Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n' + true_relay + FORGED),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('forged LMTP above a login',
                 dict(head=b'Received: from mx.corp.example by mx.corp.example (Dovecot) with LMTP'
                           b'\n\tid A; Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n' + true_relay
                           + FORGED), ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('a relay, login there', dict(head=true_relay + FORGED, address='10.0.0.5'),
                 ('authenticated', 'with', '192.0.2.99')),
                ('a relay by IPv6, login there',
                 dict(head=true_relay + FORGED, address='IPv6:2001:db8::5'),
                 ('authenticated', 'with', '192.0.2.99')),
                ('a relay, no login there', dict(head=without + FORGED, address='10.0.0.5'),
                 ('anonymous', 'no-login', '192.0.2.99')),
                ('a relay, nothing below', dict(address='10.0.0.5'),
                 ('anonymous', 'sasl-fact', '10.0.0.5')),
                ('a relay, a stranger below',
                 dict(head=true_relay.replace(b'relay.corp', b'mail.evil') + FORGED,
                      address='10.0.0.5'), ('anonymous', 'chain-broken', None)),
                ('a client that names a relay in HELO',
                 dict(head=true_relay + FORGED, host='r [10.0.0.5]', helo='r [10.0.0.5]'),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('an unknown address', dict(head=true_relay + FORGED, address=None),
                 ('anonymous', 'sasl-fact', None)),
                ('an address that is none', dict(head=true_relay + FORGED, address='10.0.0.5x'),
                 ('anonymous', 'sasl-fact', None)),
                ('no name of ours', dict(head=HOLE + FORGED, macro={'j': None}),
                 ('anonymous', 'sasl-fact', '192.0.2.7')),
                ('another name of ours', dict(head=HOLE + FORGED, macro={'j': 'evil.example'}),
                 ('anonymous', 'sasl-fact', '192.0.2.7'))):
            found = verdict(milter, **arguments)
            if 'that is none' in name:
                found, wanted = found[:2], wanted[:2]
            point(name, found, wanted)


@test
def pickup():
    """what is handed in on the host itself shows itself by port 0"""
    connection = dict(host='localhost', address='127.0.0.1', port=0, helo='localhost')
    signed = (b'Received: from pc (pc [192.0.2.99]) by mx.corp.example (Postfix) with ESMTPSA id A'
              b'\n\tfor <you@corp.example>; Mon, 6 Jan 2025 10:00:00 +0000 (UTC)\n')
    for setting, wanted in (('anonymous', ('anonymous', 'local-pickup', None)),
                            ('authenticated', ('authenticated', 'local-uid', None))):
        with Milter(local_submission=setting, user_uids='0', filter_uids='0',
                    relay_nets='127.0.0.0/8', trusted_by=OURS) as milter:
            point(f'{setting}: pickup', verdict(milter, **connection), wanted)
            point(f'{setting}: with a forged login below',
                  verdict(milter, signed + FORGED, **connection), wanted)
            point(f'{setting}: by a unix socket', verdict(milter, address='/run/x'), wanted)
            point(f'{setting}: by a client on this host', verdict(milter, address='127.0.0.1'),
                  ('anonymous', 'sasl-fact', '127.0.0.1'))
            point(f'{setting}: by a client with port 0', verdict(milter, port=0),
                  ('anonymous', 'sasl-fact', '192.0.2.7'))
            point(f'{setting}: by a client with a daemon name',
                  verdict(milter, macro={'daemon_name': OURS}),
                  ('anonymous', 'sasl-fact', '192.0.2.7'))
    # Neither listener nor trusted-clients hold for it.
    with Milter(submission_daemons='smtpd', trusted_clients='127.0.0.1') as milter:
        point('pickup beside both', verdict(milter, **connection),
              ('anonymous', 'local-pickup', None))


@test
def families():
    """addresses of each family"""
    with Milter(trusted_clients='2001:db8::/32 192.0.2.0/24') as milter:
        for address, peer, known in (
                ('2001:db8::7', '2001:db8::7', True), ('IPv6:2001:db8::7', '2001:db8::7', True),
                ('ipv6:2001:DB8::7', '2001:db8::7', True), ('2001:db9::7', '2001:db9::7', False),
                ('::ffff:192.0.2.7', '192.0.2.7', True), ('192.0.2.7', '192.0.2.7', True)):
            point(address, verdict(milter, address=address),
                  ('authenticated', 'trusted-client', peer) if known
                  else ('anonymous', 'sasl-fact', peer))
        row = milter.row()
        point('evidence says "session"', row['evidence'].startswith('session'))


@test
def odd_facts():
    """texts of a session that are long, or no UTF-8"""
    with Milter() as milter:
        for name, arguments in (
                ('HELO of 60,000 bytes', dict(helo='h' * 60000)),
                ('HELO with controls', dict(helo=b'\x1b[2J\n\xff\xc3')),
                ('login of 60,000 bytes', dict(login='l' * 60000)),
                ('login with controls', dict(login=b'\x1b[2J\r\n\xff')),
                ('an address of 60,000 bytes', dict(address='1' * 60000)),
                ('a daemon name with controls', dict(macro={'daemon_name': b'\xff\n'}))):
            found = verdict(milter, **arguments)
            row = milter.row('4FFF')
            point(name, found[:2], ('authenticated' if 'login' in name else 'anonymous',
                                    'sasl-fact'))
            texts = ''.join(str(value) for value in row.values())
            point(f'{name}: nothing odd in the row',
                  [c for c in texts if ord(c) < 32 or 127 <= ord(c) < 160], [])
        with milter.session() as session:
            session.send_message(FORGED, queue_id='4\x1b[2J\n4EVIL: kept', sender=b'<\xff\x1b\n@x>')
        point('no line of the log is made up',
              [line for line in milter.log().split('\n') if line and
               not line.startswith('barefrom-milter: ') or '\x1b' in line], [])


if __name__ == '__main__':
    main()
