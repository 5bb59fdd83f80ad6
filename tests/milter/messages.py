# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of one message: the right fields are edited, whatever they look like; the row says
what happened; nothing goes through that could not be edited."""
import email
import itertools
import json
import os
import subprocess

import mta
from lab import BARE, FORGED, Milter, main, outcome, point, sha256, test

CAN_NOT_REACH = '451 4.3.0 barefrom: a sender field cannot be reached by its name'
TOO_LONG = '451 4.3.0 barefrom: a sender field is too long'


def same_head(answer, head, row):
    """What is not right in the hashes of `row`: they are of the head as it came, and as the MTA has
    it after the edits."""
    return [name for name, hashed in (('before', head), ('after', answer.head))
            if row[f'head_{name}_sha256'] != sha256(hashed)]


@test
def rows():
    """a row says what happened"""
    with Milter() as milter, milter.session(host='pc.out.example', address='192.0.2.7',
                                            helo='pc.example') as session:
        head = (b'From: =?utf-8?q?The_CEO?= <ceo@EVIL.example>\nTo: you@corp.example\n'
                b'Message-ID: <1@evil.example>\nReply-To: "The CEO" <x@evil.example>\n')
        recipients = ('<you@corp.example>', '<two@corp.example>', '<you@corp.example>')
        answer = session.send_message(head, b'text\n', '<bounce@evil.example>', recipients,
                                      queue_id='4AAA')
        row = milter.row('4AAA')
        point('stripped', (answer.accepted, answer.head),
              (True, b'From: ceo@EVIL.example\nTo: you@corp.example\n'
                     b'Message-ID: <1@evil.example>\nReply-To: x@evil.example\n'))
        wanted = dict(source='milter', outcome='answered', action='stripped', queue_id='4AAA',
                      envelope_from='bounce@evil.example', client_address='192.0.2.7',
                      peer='192.0.2.7', helo='pc.example', verdict='anonymous', reason='sasl-fact',
                      in_scope=1, scope='everyone', auth_user=None, from_name='The CEO',
                      from_address='ceo@evil.example',
                      from_before='=?utf-8?q?The_CEO?= <ceo@EVIL.example>',
                      from_after='ceo@EVIL.example', message_id_header='<1@evil.example>',
                      run=None, signatures='[]')
        point('its row', {key: row[key] for key in wanted}, wanted)
        point('its evidence', 'session' in row['evidence'])
        point('its hashes', same_head(answer, head, row), [])
        point('its recipients, each once', milter.recipients(row['id']),
              ['two@corp.example', 'you@corp.example'])
        edits = [(edit['field'], edit['nth'], bytes(edit['before']), bytes(edit['after']),
                  edit['position'], json.loads(edit['display_names']))
                 for edit in milter.edits(row['id'])]
        point('its edits', edits,
              [('From', 1, b'From: =?utf-8?q?The_CEO?= <ceo@EVIL.example>\n',
                b'From: ceo@EVIL.example\n', 0, ['The CEO']),
               ('Reply-To', 1, b'Reply-To: "The CEO" <x@evil.example>\n',
                b'Reply-To: x@evil.example\n', head.index(b'Reply-To'), ['The CEO'])])
        point('one line in the log', [line for line in milter.log().split('\n') if '4AAA' in line],
              [f'barefrom-milter: 4AAA: stripped, everyone, anonymous (sasl-fact), '
               f'audit id {row["id"]}'])

        answer = session.send_message(FORGED, login='joe', queue_id='4BBB')
        row = milter.row('4BBB')
        point('kept', (answer.accepted, answer.head, answer.changes), (True, FORGED, []))
        wanted = dict(outcome='answered', action='kept', verdict='authenticated',
                      reason='sasl-fact', auth_user='joe', from_name='The CEO',
                      from_address='joe@evil.example', from_after='"The CEO" <joe@evil.example>')
        point('its row', {key: row[key] for key in wanted}, wanted)
        point('its hashes', same_head(answer, FORGED, row), [])
        point('it has no edits', milter.edits(row['id']), [])

        answer = session.send_message(b'From: CEO\n', sender='<>', queue_id='4CCC')
        row = milter.row('4CCC')
        point('replaced', (answer.accepted, answer.head),
              (True, b'From: unknown-sender@barefrom.invalid\n'))
        point('its row', (row['outcome'], row['action'], row['envelope_from']),
              ('answered', 'replaced', ''))
        point('its hashes', same_head(answer, b'From: CEO\n', row), [])

        answer = session.send_message(BARE, queue_id='4DDD')
        row = milter.row('4DDD')
        point('already bare', (answer.accepted, answer.head, row['action'], row['outcome']),
              (True, BARE, 'kept', 'answered'))

        answer = session.send_message(b'', queue_id='4EEE')
        row = milter.row('4EEE')
        point('without a head', (answer.accepted, answer.head, row['action'],
                                 same_head(answer, b'', row)), (True, b'', 'kept', []))
        point('five messages, five rows', milter.count(), 5)


@test
def refused():
    """what cannot be made safe is refused"""
    fields = [(b'From', b' "A" <a@b.example>,' + b' c@d.example,' * 3000 + b' e@f.example')
              for _ in range(8)]
    with Milter() as milter, milter.session() as session:
        answer = packets(session, fields, '4AAA')
        row = milter.row('4AAA')
        point('refused', answer[0].startswith('550 5.6.0 barefrom: '))
        point('in words without a path', '/' in answer[0], False)
        point('its row', (row['action'], row['outcome']), ('refused', 'failed'))
        point('its log', f'4AAA: refused, {row["scope"]}, anonymous (sasl-fact), audit id {row["id"]}; '
                         'answered: 550 5.6.0' in milter.log())
        point('the next one is none of it', outcome(session.send_message(FORGED)), 'accepted')


def packets(session, fields, queue_id, login=None):
    """A message of header packets that hold just this: the answer in a word, and the changes."""
    session.macros['i'] = queue_id
    if login:
        session.macros['auth_authen'] = login
    session.mail()
    session.rcpt()
    session.data()
    for name, value in fields:
        session.command('L', mta.strings(name, value))
    session.eoh()
    replies = session.eom()
    session.abort()
    session.macros.pop('auth_authen', None)
    last = replies[-1]
    return (last.text or last.kind), [reply for reply in replies if reply.kind == 'change']


@test
def dry_run():
    """[milter] dry-run=true decides and changes nothing"""
    with Milter(dry_run='true') as milter, milter.session() as session:
        answer = session.send_message(FORGED, queue_id='4AAA')
        row = milter.row('4AAA')
        point('it goes through as it is', (answer.accepted, answer.head, answer.changes),
              (True, FORGED, []))
        point('its row', (row['action'], row['outcome'], row['from_after']),
              ('stripped', 'dry-run', 'joe@evil.example'))
        point('the hash is of the head that would be made', row['head_after_sha256'],
              sha256(BARE))
        point('its log', f'4AAA: stripped (dry run), everyone, anonymous (sasl-fact), audit id '
                         f'{row["id"]}' in milter.log())
        fields = [(b'From', b' "A" <a@b.example>,' + b' c@d.example,' * 3000 + b' e@f.example')
                  for _ in range(8)]
        point('so does what would be refused', packets(session, fields, '4BBB'), ('continue', []))
        row = milter.row('4BBB')
        point('its row', (row['action'], row['outcome']), ('refused', 'dry-run'))
        point('so does what no name reaches',
              packets(session, [(b'To', b' x\nFrom: "A" <a@b>')], '4CCC'), ('continue', []))
        point('its row', milter.row('4CCC')['outcome'], 'dry-run')


def shown_names(head):
    """The sender fields that show the forged name: as Python's reader sees them, and as explain
    does."""
    message = email.message_from_bytes(head + b'\n')
    found = [name for name in ('From', 'Sender', 'Reply-To')
             for value in message.get_all(name, []) if 'CEO' in str(value)]
    result = subprocess.run([os.environ['BAREFROM'], '-c', '/dev/null', 'explain', '--json'],
                            input=head + b'\n', stdout=subprocess.PIPE, check=True)
    return found + [field for field in json.loads(result.stdout)['fields']
                    if field['action'] != 'kept']


LINES = {
    b'From: "A" <a@b.example>\n': b'From: a@b.example\n',
    b'FROM:\t"B" <b@b.example>\n': b'FROM:\tb@b.example\n',
    b'sender:C <c@b.example>\n': b'sender: c@b.example\n',
    b'From:  d@b.example\n': None,
    b'rEPLY-tO: =?utf-8?q?E?= <e@b.example>,\n\tF <f@b.example>\n':
        b'rEPLY-tO: e@b.example, f@b.example\n',
    b'Subject: "G" <g@b.example>\n': None,
}


@test
def many_fields():
    """1 to 4 of six fields in each order, mixed case, untouched ones between"""
    def play(session, milter, lines):
        wrong, sent = [], 0
        for count in range(1, 5):
            for chosen in itertools.permutations(lines, count):
                sent += 1
                head = b''.join(chosen)
                answer = session.send_message(head, queue_id=f'4A{sent}')
                wanted = b''.join(lines[line] or line for line in chosen)
                if not answer.accepted or answer.head != wanted:
                    wrong.append((head, answer))
        return sent, wrong + milter.query("SELECT * FROM message WHERE outcome <> 'answered'")

    with Milter() as milter, milter.session() as session:
        sent, wrong = play(session, milter, LINES)
        point(f'{sent} heads', wrong, [])
        point('as many rows', milter.count(), sent)
        heads = {sha256(b''.join(chosen)): sha256(b''.join(LINES[line] or line for line in chosen))
                 for count in range(1, 5) for chosen in itertools.permutations(LINES, count)}
        point('whose hashes are those of the heads before and after',
              {row['head_before_sha256']: row['head_after_sha256']
               for row in milter.query('SELECT * FROM message')} == heads)
    # A peer that gives and takes the blank itself.
    with Milter() as milter, mta.Session(milter.target, 300) as session:
        session.negotiate(protocol=mta.PROTOCOL & ~mta.LEADING_SPACE)
        session.open()
        lines = {line: wanted for line, wanted in LINES.items() if b': ' in line}
        sent, wrong = play(session, milter, lines)
        point(f'{sent} heads without the leading blank', wrong, [])
        heads = {sha256(b''.join(chosen)): sha256(b''.join(lines[line] or line for line in chosen))
                 for count in range(1, 5) for chosen in itertools.permutations(lines, count)}
        point('and their hashes',
              {row['head_before_sha256']: row['head_after_sha256']
               for row in milter.query('SELECT * FROM message')} == heads)


@test
def odd_packets():
    """header packets that no MTA should send: never a wrong field, never a name"""
    forged = b' "The CEO" <joe@evil.example>'
    fields = {
        'LF and a name in To': [(b'To', b' x@y.example\nFrom:' + forged)],
        'LF and a name in From': [(b'From', b' x@y.example\nFrom:' + forged)],
        'LF at the end': [(b'From', forged + b'\n')],
        'LF LF': [(b'To', b' x@y.example\n\nFrom:' + forged)],
        'CR LF and a name': [(b'To', b' x@y.example\r\nFrom:' + forged)],
        'empty name': [(b'', forged), (b'From', forged)],
        'empty name with a field in its value': [(b'', b'\nFrom:' + forged)],
        'colon in the name': [(b'From:', forged)],
        'colon and value in the name': [(b'From: "The CEO" <joe@evil.example>', b'x')],
        'blank behind the name': [(b'From ', forged)],
        'blank before the name': [(b' From', forged)],
        'LF before the name': [(b'\nFrom', forged)],
        'LF behind the name': [(b'From\n', forged)],
        'tab in the name': [(b'From\t', forged)],
        'CR before the name': [(b'\rFrom', forged)],
        '8-bit in the name': [(b'From\xa0', forged), (b'X', b' y')],
        '> before the name': [(b'>From', forged)],
        'junk between': [(b'X', b' y\njunk\nFrom:' + forged), (b'From', forged)],
        'bare CR in To': [(b'To', b' x@y.example\rFrom:' + forged)],
        'bare CR in From': [(b'From', b' x@y.example\rFrom:' + forged)],
        'CR CR LF': [(b'To', b' x@y.example\r\r\nFrom:' + forged)],
        'fold of CR alone': [(b'From', b'\r' + forged)],
        'vertical tab': [(b'To', b' x@y.example\x0bFrom:' + forged)],
        'form feed': [(b'To', b' x@y.example\x0cFrom:' + forged)],
        'NEL': [(b'To', b' x@y.example\xc2\x85From:' + forged)],
        'only blanks, then a name': [(b'To', b' x@y.example\n \nFrom:' + forged)],
        'unreachable beside reachable': [(b'From', forged), (b'To', b' x\nSender:' + forged),
                                         (b'From', forged)],
    }
    with Milter() as milter, milter.session() as session:
        for number, (name, items) in enumerate(fields.items()):
            queue_id = f'4A{number}'
            answer, changes = packets(session, items, queue_id)
            row = milter.row(queue_id)
            if answer != 'continue':
                point(f'{name}: told to come again, by name', answer in (CAN_NOT_REACH,) or
                      answer.startswith('550 5.6.0 '))
                point(f'{name}: nothing changed, a row', (
                    changes, row['outcome']), ([], 'deferred' if answer[0] == '4' else 'failed'))
                continue
            # What is let through has the field that was meant changed, and no name left.
            after = [[bytes(field), value] for field, value in items]
            for change in changes:
                mta.apply_change(after, change)
            text = mta.join_head(after)
            point(f'{name}: no name is left', shown_names(text), [])
            point(f'{name}: no field is added or gone', len(after), len(items))
            point(f'{name}: a row of that', (row['outcome'], row['head_after_sha256']),
                  ('answered', sha256(text)))
        point('as many rows as messages', milter.count(), len(fields))

        # The same of somebody who is logged in may pass.
        for number, (name, items) in enumerate(fields.items()):
            answer, changes = packets(session, items, f'4B{number}', 'joe')
            if (answer, changes) != ('continue', []):
                point(f'{name}, with a login', (answer, changes), ('continue', []))
        point('all pass with a login', milter.count("verdict = 'authenticated'"), len(fields))
        point('and as they were', milter.count("verdict = 'authenticated' AND action <> 'kept'"), 0)


@test
def long_values():
    """values about 60,000 bytes"""
    with Milter() as milter, milter.session() as session:
        def send(value, queue_id, name=b'From'):
            return packets(session, [(name, value), (b'X', b' y')], queue_id)

        tail = b' <a@b.example>'
        point('a long value that needs no edit', send(b' ' + b'x' * 64000, '4A', b'X-Long'),
              ('continue', []))
        answer, changes = send(b' "' + b'x' * 59000 + b'"' + tail, '4B')
        point('one that can be edited', (answer, [change.value for change in changes]),
              ('continue', [b' a@b.example']))
        answer = send(b' "' + b'x' * 60500 + b'"' + tail, '4C')
        point('one that may have been cut', answer, (TOO_LONG, []))
        point('its row', milter.row('4C')['outcome'], 'deferred')
        point('its log', '4C: stripped, ' in milter.log() and TOO_LONG in milter.log())
        # A long result.
        answer = send(b' A <a@b.example>' + b',\n c@d.example' * 4600, '4D')
        point('whose new value is too long', answer, (TOO_LONG, []))
        long_name = b'X' * 3000
        point('a name of 3,000 bytes', send(b' x', '4E', long_name), ('continue', []))
        answer, changes = packets(session, [(b'X-A', b' y' * 31000)] * 30 + [(b'From', b' A' + tail)],
                                  '4F')
        point('a long head', (answer, [change.value for change in changes]),
              ('continue', [b' a@b.example']))
        point('a value of nothing', packets(session, [(b'From', b''), (b'Sender', b' '),
                                                      (b'Reply-To', b'\t')], '4G'),
              ('continue', []))


if __name__ == '__main__':
    main()
