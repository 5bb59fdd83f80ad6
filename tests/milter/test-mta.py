# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that mta.py speaks as Postfix does: what it sends is, octet for octet, what Postfix 3.7
sent to the same milter, the message comes out as Postfix delivered it, and replies that no MTA
would take are noticed."""
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mta  # pylint: disable=wrong-import-position

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../fuzz/corpus/milter-wire')
HEAD = (b'From: "A" <a@b>\nReply-To:\t"B" <c@d>\nReply-To: "C" <e@f>\nTo: x@y,\n\t z@y\n'
        b'Subject:none\n')
BODY = b'hello\n.dot\n'
NEGOTIATED = mta.packet('O', struct.pack('!III', 6, mta.CHANGE_HEADERS, 0x15f090))
points = 0


def point(name, found, wanted):
    """One line of TAP."""
    global points  # pylint: disable=global-statement
    points += 1
    good = found == wanted
    print(f'{"ok" if good else "not ok"} {points} - {name}')
    if not good:
        print(f'# found:  {found!r}\n# wanted: {wanted!r}')


def recorded(name):
    """What an MTA or a milter once sent."""
    with open(os.path.join(CORPUS, name), 'rb') as file:
        return file.read()


class Parrot:
    """Says what it was given, and keeps what it hears."""

    def __init__(self, says):
        self.says, self.heard = says, b''
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.thread = threading.Thread(target=self._serve)
        self.session = None

    def _serve(self):
        connection, _ = self.listener.accept()
        with connection:
            connection.sendall(self.says)
            while data := connection.recv(65536):
                self.heard += data

    def __enter__(self):
        self.thread.start()
        self.session = mta.Session(self.listener.getsockname())
        return self.session

    def __exit__(self, *_):
        self.session.close()
        self.thread.join()
        self.listener.close()


def play(name, reply_to, port, queue_id):
    """The session that was recorded, once more."""
    parrot = Parrot(recorded(name + '-milter'))
    with parrot as session:
        session.macros.update(daemon_name='mx.corp.example', daemon_addr='127.0.0.1',
                              v='Postfix 3.7.11')
        session.open('[127.0.0.1]', '127.0.0.1', port, 'pc.out.example')
        # Only a MAIL command of its own can have a parameter.
        session.mail = lambda sender: mta.Session.mail(session, sender, 'SIZE=200')
        answer = session.send_message(
            HEAD, BODY, '<a@out.example>', ('<you@corp.example>', '<two@corp.example>'),
            'alice@corp.example', queue_id,
            {'mail_host': 'out.example', 'mail_mailer': 'discard', 'rcpt_host': 'corp.example',
             'rcpt_mailer': 'target'})
        session.abort()
        session.quit()
    point(f'{name}: what Postfix sent', parrot.heard, recorded(name))
    point(f'{name}: what Postfix delivered', answer.head,
          b'From: a@b\nReply-To:\t"B" <c@d>\n' + reply_to
          + b'To: x@y,\n\t z@y\nX-New: x\n\ty\n')
    point(f'{name}: the body', answer.body, BODY)
    point(f'{name}: the answer', (answer.accepted, answer.stage, answer.progress,
                                  len(answer.changes), len(answer.recipients)),
          (True, 'E', 1, 4, 2))


def say(*packets):
    """A message to a milter that says these at its end, in a session that is silent else; what
    came of it, or the error."""
    with Parrot(NEGOTIATED + b''.join(packets)) as session:
        try:
            session.open()
            answer = session.send_message(HEAD)
            session.quit()
            return answer
        except mta.ProtocolError as error:
            return type(error).__name__


def change(nth, name, value):
    """SMFIR_CHGHEADER"""
    return mta.packet('m', struct.pack('!I', nth) + mta.strings(name, value))


def refused(*packets):
    """The kind and text of the answer."""
    answer = say(*packets)
    return answer if isinstance(answer, str) else (answer.accepted, answer.reply.kind,
                                                   answer.reply.text)


def main():
    """All points."""
    play('postfix-login', b'REPLY-TO: c@d\n', 60388, '807A4A7E354')
    play('postfix-asked', b'REPLY-TO:\tc@d\n', 36328, 'CCC4DA7CC98')

    go_on = mta.packet('c')
    answer = say(change(2, 'reply-to', ''), change(1, 'FROM', 'a@b'), go_on)
    point('an empty value deletes; without the blank there is none', answer.head,
          b'FROM:a@b\nReply-To:\t"B" <c@d>\nTo: x@y,\n\t z@y\nSubject:none\n')
    answer = say(change(1, 'From', ' a@b'), mta.packet('y', b'451 4.3.0 x\0'))
    point('a refused message stays as it was', answer.head, HEAD)

    for name, wanted, packets in (
            ('accept', (True, 'accept', ''), [mta.packet('a')]),
            ('tempfail', (False, 'tempfail', ''), [mta.packet('t')]),
            ('a refusal', (False, 'refusal', '451 4.3.0 50% full'),
             [mta.packet('y', b'451 4.3.0 50%% full\0')]),
            ('a refusal without NUL', 'ProtocolError', [mta.packet('y', b'451 4.3.0 x')]),
            ('a refusal with two', 'ProtocolError', [mta.packet('y', b'451 4.3.0 x\0\0')]),
            ('a single percent sign', 'ProtocolError', [mta.packet('y', b'451 4.3.0 5%\0')]),
            ('two lines', 'ProtocolError', [mta.packet('y', b'451 4.3.0 a\r\n451 4.3.0 b\0')]),
            ('two codes that differ', 'ProtocolError', [mta.packet('y', b'451 5.3.0 a\0')]),
            ('no code', 'ProtocolError', [mta.packet('y', b'sorry\0')]),
            ('header number 0', 'ProtocolError', [change(0, 'From', ' a@b')]),
            ('a header without a name', 'ProtocolError', [change(1, '', ' a@b')]),
            ('NUL in a header', 'ProtocolError', [change(1, 'From', 'a\0b')]),
            ('a change cut short', 'ProtocolError', [mta.packet('m', b'\0\0')]),
            ('data where there is none', 'ProtocolError', [mta.packet('c', b'\0')]),
            ('a reply unheard of', 'ProtocolError', [mta.packet('Z')]),
            ('a packet without a command', 'ProtocolError', [b'\0\0\0\0'])):
        point(name, refused(*packets), wanted)

    for name, offered in (('a later version', (7, 0, 0)), ('a later action', (6, 0x200, 0)),
                          ('a later protocol', (6, 0, 0x200000))):
        with Parrot(mta.packet('O', struct.pack('!III', *offered))) as session:
            try:
                session.negotiate()
                error = None
            except mta.ProtocolError as raised:
                error = type(raised).__name__
            point(f'{name} is more than was offered', error, 'ProtocolError')

    # Recipients: the second one refused; all refused.
    negotiated = mta.packet('O', struct.pack('!III', 6, 0, 0x15f090 & ~0x8000))
    no = mta.packet('y', b'550 5.1.1 no\0')
    for name, says, wanted in (('one of them', [go_on, no, go_on], (True, 'E', ['<a@b>'])),
                               ('all', [no, no], (False, 'R', []))):
        with Parrot(negotiated + b''.join(says)) as session:
            answer = session.open().send_message(HEAD, recipients=('<a@b>', '<c@d>'))
            session.quit()
            point(f'recipients refused: {name}', (answer.accepted, answer.stage, answer.recipients),
                  wanted)

    for name, data, wanted in (
            ('empty', b'', ([], b'')),
            ('no body', b'A: b\n', ([[b'A', b' b']], b'')),
            ('body', b'A: b\r\n\r\nc\r\n\r\nd', ([[b'A', b' b']], b'c\n\nd\n')),
            ('fold', b'A:\n b\n\tc\n \nB: d\n', ([[b'A', b'\n b\n\tc\n '], [b'B', b' d']], b'')),
            ('blank before the colon', b'A : b\n', ([[b'A', b' b']], b'')),
            ('junk', b'A: b\njunk\nC: d\n', ([[b'A', b' b']], b'junk\nC: d\n')),
            ('8-bit name', b'A: b\n\xc3: d\n', ([[b'A', b' b']], b'\xc3: d\n')),
            ('NUL', b'A: b\0c\nD: e\n', ([[b'A', b' b'], [b'D', b' e']], b'')),
            ('bare CR', b'A: b\rc\n', ([[b'A', b' b c']], b''))):
        point(f'split: {name}', mta.split_message(data), wanted)
    print(f'1..{points}')


if __name__ == '__main__':
    main()
