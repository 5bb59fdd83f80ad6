# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd heads through Postfix and barefrom-milter: see p0600-milter-heads.sh."""
import json
import os
import re
import sys

from smtp import (HOST, PLAIN, PORT, Box, Smtp, Tap, head_of, program, queue_id, rows,
                  sha256, untrace)

NAMED = b'From: "Jane Doe" <ceo@corp.example>\n'
BARE = b'From: ceo@corp.example\n'
FROM = (NAMED, BARE)
SENDER = (b'Sender: Jane <j@out.example>\n', b'Sender: j@out.example\n')
REPLY = (b'Reply-To: "J." <j@out.example>, Pay <p@out.example>\n',
         b'Reply-To: j@out.example, p@out.example\n')
TO = b'To: "Keep Me" <all@corp.example>\n'
END = b'Subject: x\n\nFrom: "Jane Doe" <ceo@corp.example>\n.\ntext\n'
NOBODY = b'unknown-sender@barefrom.invalid'


def sent(data):
    """With the line ends of SMTP."""
    return data.replace(b'\n', b'\r\n')


# Lines that end the head, wherever they stand: an empty line is put in before them, and the rest is
# text to everybody.
JUNK = {
    'a line without a colon': b'this is no field\n',
    'a control in the name': b'Fr\x01om: "Jane Doe" <ceo@corp.example>\n',
    'DEL in the name': b'From\x7f: "Jane Doe" <ceo@corp.example>\n',
    'NUL in the name': b'From\0: "Jane Doe" <ceo@corp.example>\n',
    'NUL first': b'\0From: "Jane Doe" <ceo@corp.example>\n',
    'a byte over 127 in the name': b'From\xa0: "Jane Doe" <ceo@corp.example>\n',
    'UTF-8 in the name': 'Fr\u00f6m: "Jane Doe" <ceo@corp.example>\n'.encode(),
    'VT in the name': b'From\x0b: "Jane Doe" <ceo@corp.example>\n',
    'FF before the name': b'\x0cFrom: "Jane Doe" <ceo@corp.example>\n',
    'a BOM before the name': b'\xef\xbb\xbf' + NAMED,
    'a soft hyphen in the name': b'Fr\xc2\xadom: "Jane Doe" <ceo@corp.example>\n',
    'a no-break space before the name': b'\xc2\xa0' + NAMED,
    'a blank in the name': b'Fr om: "Jane Doe" <ceo@corp.example>\n',
    'a comment after the name': b'From (x): "Jane Doe" <ceo@corp.example>\n',
    'an empty name': b': "Jane Doe" <ceo@corp.example>\n',
    'a name of 3,000 bytes': b'X' * 3000 + b': "Jane Doe" <ceo@corp.example>\n',
    'a From_ line': b'From ceo@corp.example  Tue Nov 24 10:00:00 2026\n',
    'a quoted From_ line': b'>From ceo@corp.example  Tue Nov 24 10:00:00 2026\n',
}
# But a first line "From ..." or ">From ..." becomes "X-Mailbox-Line: From ...".

# name: (what the client sends, the edits of the head as Postfix delivers it without the milter)
CASES = {}
for name, line in JUNK.items():
    CASES[f'{name}, later'] = sent(NAMED + TO + line + SENDER[0] + END), [FROM]
    CASES[f'{name}, at the top'] = (
        sent(line + NAMED + SENDER[0] + END),
        [FROM, SENDER] if line.lstrip(b'>').startswith(b'From ') else [])
CASES.update({
    'a blank first line': (sent(b'\n' + NAMED + END), []),
    'a first line with a blank before': (sent(b' ' + NAMED + SENDER[0] + END), []),
    'From and a blank, at the top': (
        sent(b'From : "Jane Doe" <ceo@corp.example>\n' + SENDER[0] + END), [SENDER]),
    'From and a blank, later': (
        sent(TO + b'From : "Jane Doe" <ceo@corp.example>\n' + SENDER[0] + END),
        [FROM, SENDER]),
    'From and a tab, later': (
        sent(TO + b'FROM\t: "Jane Doe" <ceo@corp.example>\n' + NAMED + END),
        [(b'FROM: "Jane Doe" <ceo@corp.example>\n', b'FROM: ceo@corp.example\n'), FROM]),
    'a blank in another name': (
        sent(NAMED + b'x :y : "Jane Doe" <ceo@corp.example>\n' + SENDER[0] + END), [FROM, SENDER]),
    'a bare CR at the top': (  # the first line goes on with Postfix's own field, which is hidden
        b'\r' + sent(NAMED + SENDER[0] + END), [SENDER]),
    'NUL in a value': (
        sent(TO + b'From: Jane <ceo@corp.example>\0, more\n' + SENDER[0] + END),
        [(b'From: Jane <ceo@corp.example>\n', BARE), SENDER]),
    'NUL within an address': (
        sent(b'From: Jane <ceo@corp\0.example>\n' + TO + END),
        [(b'From: Jane <ceo@corp\n', b'From: ' + NOBODY + b'\n')]),
    'NUL in a fold': (
        sent(b'From: Jane\0\n \0<ceo@corp.example>\n' + TO + END),
        [(b'From: Jane\n \n', b'From: ' + NOBODY + b'\n')]),
    'a bare CR in a value': (
        sent(TO) + b'From: Jane\r<ceo@corp.example>\r\n' + sent(END),
        [(b'From: Jane <ceo@corp.example>\n', BARE)]),
    'a field behind a bare CR': (
        b'To: all@corp.example\rFrom: "Jane Doe" <ceo@corp.example>\r\n' + sent(SENDER[0] + END),
        [SENDER]),
    'a sender field behind one': (
        b'Sender: j@out.example\rFrom: "Jane Doe" <ceo@corp.example>\r\n' + sent(TO + END),
        [(b'Sender: j@out.example From: "Jane Doe" <ceo@corp.example>\n',
          b'Sender: ' + NOBODY + b'\n')]),
    'CR CR LF': (
        NAMED[:-1] + b'\r\r\n' + SENDER[0][:-1] + b'\r\r\n' + sent(TO + END), [FROM, SENDER]),
    'bare LF': (NAMED + SENDER[0] + sent(TO + END), [FROM, SENDER]),
    'LF and CR LF in one field': (
        b'From: "Jane\n Doe"\r\n\t<ceo@corp.example>\r\n' + sent(TO + END),
        [(b'From: "Jane\n Doe"\n\t<ceo@corp.example>\n', BARE)]),
    'lines of blanks between fields': (
        sent(b'Subject: y\n \nFrom: Jane <ceo@corp.example>\n\t\n' + SENDER[0] + b'  \n' + TO
             + END),
        [(b'From: Jane <ceo@corp.example>\n\t\n', BARE),
         (b'Sender: Jane <j@out.example>\n  \n', SENDER[1])]),
    'lines of blanks in a value': (
        sent(b'From: Jane\n \n <ceo@corp.example>\n' + TO + END),
        [(b'From: Jane\n \n <ceo@corp.example>\n', BARE)]),
    '8 bit in a value': (
        sent(b'From: J\xe9r\xf4me <ceo@corp.example>\n' + TO + END),
        [(b'From: J\xe9r\xf4me <ceo@corp.example>\n', BARE)]),
    'UTF-8 in a value': (
        sent('From: "J\u00e9r\u00f4me \U0001f600" <ceo@corp.example>\n'.encode() + TO + END),
        [('From: "J\u00e9r\u00f4me \U0001f600" <ceo@corp.example>\n'.encode(), BARE)]),
    'controls in a value': (
        sent(b'From: "Ja\x01\x1b[1mne\x7f" <ceo@corp.example>\n' + TO + END),
        [(b'From: "Ja\x01\x1b[1mne\x7f" <ceo@corp.example>\n', BARE)]),
    'encoded words': (
        sent(b'From: =?utf-8?q?J=C3=A9?=\n =?utf-8?b?UsO0bWU=?= <ceo@corp.example>\n' + TO + END),
        [(b'From: =?utf-8?q?J=C3=A9?=\n =?utf-8?b?UsO0bWU=?= <ceo@corp.example>\n', BARE)]),
    'no empty line, no body': (sent(TO + NAMED), [FROM]),
    'nothing but From': (sent(NAMED), [FROM]),
    'an empty line, no body': (sent(NAMED + TO + b'\n'), [FROM]),
    'no blank behind the colon': (
        sent(b'From:"Jane"<ceo@corp.example>\n' + TO + END),
        [(b'From:"Jane"<ceo@corp.example>\n', b'From: ceo@corp.example\n')]),
    'three blanks behind it': (
        sent(b'From:   "Jane" <ceo@corp.example>\n' + TO + END),
        [(b'From:   "Jane" <ceo@corp.example>\n', b'From:   ceo@corp.example\n')]),
    'a tab behind it': (
        sent(b'From:\t"Jane" <ceo@corp.example>\n' + TO + END),
        [(b'From:\t"Jane" <ceo@corp.example>\n', b'From:\tceo@corp.example\n')]),
    'a fold at once': (
        sent(b'From:\n "Jane" <ceo@corp.example>\n' + TO + END),
        [(b'From:\n "Jane" <ceo@corp.example>\n', BARE)]),
    'a line of 3,000 bytes': (
        sent(b'From: "' + b'Jane ' * 600 + b'" <ceo@corp.example>\n' + TO + END),
        [(b'From: "' + b'Jane ' * 600 + b'" <ceo@corp.example>\n', BARE)]),
    'a name of 200 bytes': (
        sent(b'X' * 200 + b': y\n' + NAMED + SENDER[0] + END), [FROM, SENDER]),
    'an empty From': (sent(b'From:\n' + SENDER[0] + TO + END), [SENDER]),
    'text alone': (
        sent(b'From: The CEO\n' + TO + END), [(b'From: The CEO\n', b'From: ' + NOBODY + b'\n')]),
    'a group': (
        sent(b'From: Board: Jane <ceo@corp.example>, b@corp.example;\n' + TO + END),
        [(b'From: Board: Jane <ceo@corp.example>, b@corp.example;\n',
          b'From: ceo@corp.example, b@corp.example\n')]),
    'an unclosed comment': (
        sent(b'From: ceo@corp.example (Jane\n' + SENDER[0] + END),
        [(b'From: ceo@corp.example (Jane\n', b'From: ' + NOBODY + b'\n'), SENDER]),
    'fields that Postfix takes out between': (
        sent(b'Bcc: x@y.example\nReturn-Path: <x@y.example>\n' + NAMED + b'Content-Length: 7\n'
             + SENDER[0] + b'Resent-Bcc: z@y.example\n' + REPLY[0] + END), [FROM, SENDER, REPLY]),
    'forged trace fields between': (
        sent(f'Received: from x (x [192.0.2.9])\n\tby {HOST} (Postfix) with ESMTPSA id A\n'.encode()
             + NAMED + f'Received: by {HOST} (Postfix, from userid 1000)\n\tid B; x\n'.encode()
             + SENDER[0] + END), [FROM, SENDER]),
    'a part that is a message': (
        sent(b'Content-Type: message/rfc822\n' + NAMED + b'\n' + NAMED + SENDER[0] + END), [FROM]),
    'fields that are called much the same': (
        sent(b'X-From: "K" <k@x.example>\nFrom-X: "K" <k@x.example>\nFro: "K" <k@x.example>\n'
             b'Froms: "K" <k@x.example>\n' + NAMED + END), [FROM]),
})

# So long that it is decided aside.
CASES['a head of 90,000 bytes'] = (
    sent(NAMED + b''.join(b'X-%d: %s\n' % (i, b'y' * 80) for i in range(1000)) + SENDER[0] + END),
    [FROM, SENDER])

# One to four sender fields, in odd spellings, those that are bare already between the others.
MIXED = [
    (b'From: "A" <a@x.example>\n', b'From: a@x.example\n'),
    (b'FROM:"B" <b@x.example>\n', b'FROM: b@x.example\n'),
    (b'from: c@x.example\n', None),
    (b'fRoM:  (D)\n\td@x.example\n', b'fRoM:  d@x.example\n'),
    (b'sender: E <e@x.example>\n', b'sender: e@x.example\n'),
    (b'SENDER: f@x.example\n', None),
    (b'Reply-to: "G, H" <g@x.example>\n', b'Reply-to: g@x.example\n'),
    (b'REPLY-TO: (I) <i@x.example>\n', b'REPLY-TO: i@x.example\n'),
    (b'Reply-To: <j@x.example>\n', None),
]
CASES['three of one name, an untouched fourth between'] = (
    sent(b''.join(before for before, _ in MIXED[:4]) + END), [MIXED[0], MIXED[1], MIXED[3]])
for count in range(1, 5):
    for first in range(len(MIXED)):
        chosen = [MIXED[(first + 2 * i) % len(MIXED)] for i in range(count)]
        text = b''.join(before + b'X-Between: %d\n' % i for i, (before, _) in enumerate(chosen))
        CASES[f'sender fields: {count}, from {first}'] = (
            sent(text + END), [edit for edit in chosen if edit[1] is not None])
# Where a milter is set, Postfix cuts such a field.
CUT = b'X-Long: ' + b'y' * 70000 + b'\n'
CASES['a field of 70,000 bytes'] = sent(TO + SENDER[0] + CUT + END), [SENDER]

# With cleanup_replace_stray_cr_lf=no a bare CR stays, and some readers begin a line there: a sender
# field then stands within another field, by whose name it is edited.
STRAYS = {
    'a bare CR at the top': (b'\r' + sent(NAMED + SENDER[0] + END), []),
    'a bare CR in a value': (
        b'From: Jane\r<ceo@corp.example>\r\n' + sent(TO + END),
        [(b'From: Jane\r<ceo@corp.example>\n', b'From: ' + NOBODY + b'\n')]),
    'a bare CR in a quoted string': (
        b'From: "Jane\r Doe" <ceo@corp.example>\r\n' + sent(TO + END),
        [(b'From: "Jane\r Doe" <ceo@corp.example>\n', b'From: ' + NOBODY + b'\n')]),
    'a field behind a bare CR': (
        b'To: x@corp.example\rFrom: "Jane Doe" <ceo@corp.example>\r\n' + sent(SENDER[0] + END),
        [(b'To: x@corp.example\r' + NAMED, b'To: x@corp.example\r' + BARE), SENDER]),
    'a sender field behind one': (
        b'Sender: j@out.example\rFrom: "Jane Doe" <ceo@corp.example>\r\n' + sent(TO + END),
        [(b'Sender: j@out.example\r' + NAMED, b'Sender: ' + NOBODY + b'\n')]),
    'two fields behind two of them': (
        b'X: y\rFrom: Jane <ceo@corp.example>\rSender: Jane <j@out.example>\r\n' + sent(TO + END),
        [(b'X: y\rFrom: Jane <ceo@corp.example>\r' + SENDER[0],
          b'X: y\rFrom: ceo@corp.example\r' + SENDER[1])]),
    'behind two fields of one name': (
        b'To: x@y.example\rFrom: Jane <ceo@corp.example>\r\nTo: z@y.example\r\n'
        b'to: x@y.example\rSender: Jane <j@out.example>\r\n' + sent(NAMED + END),
        [(b'To: x@y.example\rFrom: Jane <ceo@corp.example>\n', b'To: x@y.example\r' + BARE),
         (b'to: x@y.example\r' + SENDER[0], b'to: x@y.example\r' + SENDER[1]), FROM]),
    'CR CR in a value': (
        b'X: y\r\rFrom: "Jane Doe" <ceo@corp.example>\r\n' + sent(TO + END),
        [(b'X: y\r\r' + NAMED, b'X: y\r\r' + BARE)]),
    'CR CR LF': (
        NAMED[:-1] + b'\r\r\n' + SENDER[0][:-1] + b'\r\r\n' + sent(TO + END), [FROM, SENDER]),
}
STRAY, STRAY_PLAIN = int(os.environ.get('STRAY', 0)), int(os.environ.get('STRAY_PLAIN', 0))


def edited(message, edits):
    """The head, with these changes of whole fields; None: this place is in none."""
    head = head_of(message)
    for before, after in edits:
        if (b'\n' + head).count(b'\n' + before) != 1:
            raise SystemExit(f'{before!r} is not in {head!r}')
        head = (b'\n' + head).replace(b'\n' + before, b'\n' + after)[1:]
    return head + message[len(head_of(message)):]


def left_over(message):
    """What explain would still change in it, as delivered."""
    status, out = program('explain', '--json', '--sasl-username=', data=message)
    if status:
        return f'explain: {status} {out}'
    found = json.loads(out)
    return [found['verdict'], found['action'],
            [f for f in found['fields'] if f['action'] != 'kept']]


def compare(tap, box, cases, plain_port, port):
    """Each head by a listener without the milter and by one with it."""
    ids = {}
    # Each message in a connection of its own, but for every second one.
    for listener in plain_port, port:
        client = None
        for n, (name, (data, _)) in enumerate(cases.items()):
            client = client if client and n % 2 else Smtp(listener)
            said = client.send(f'h{n}.{listener}@box.example', data)
            ids[n, listener] = queue_id(said)
            if not ids[n, listener]:
                raise SystemExit(f'{name}: {said}')
    for n, (name, (data, edits)) in enumerate(cases.items()):
        plain_id, plain = untrace(box.of(f'h{n}.{plain_port}'))
        whole = box.of(f'h{n}.{port}')
        edited_id, got = untrace(whole)
        want = plain
        if CUT[:-1] in data:
            want = plain.replace(CUT, CUT[:60000] + b'\n')
        tap.equal([plain_id, edited_id], [ids[n, plain_port], ids[n, port]], name + ': it arrives')
        tap.equal(got, edited(want, edits), name + ': the fields are edited, all else is as it was')
        tap.equal(left_over(whole), ['anonymous', 'kept', []], name + ': nothing is left')
        found = rows('''SELECT verdict, reason, action, outcome, source, head_before_sha256,
            head_after_sha256, (SELECT count(*) FROM edit WHERE message = m.id)
            FROM message m WHERE queue_id = ?''', edited_id)
        tap.equal(found, [(*row_of(edits), sha256(as_handed(head_of(plain))),
                           sha256(as_handed(head_of(got))), len(edits))],
                  name + ': it has one row')
        tap.equal(rows('SELECT id FROM message WHERE queue_id = ?', plain_id), [],
                  name + ': and none without the milter')


def main():
    tap, box = Tap(), Box()
    compare(tap, box, CASES, PLAIN, PORT)
    compare(tap, box, {'stray: ' + name: case for name, case in STRAYS.items()}, STRAY_PLAIN, STRAY)
    refused(tap, box)
    return tap.done()


def row_of(edits):
    """Its words."""
    action = 'kept' if not edits else 'stripped'
    if any(NOBODY in after for _, after in edits):
        action = 'replaced'
    return 'anonymous', 'sasl-fact', action, 'answered', 'milter'


def as_handed(head):
    """As a milter sees it: without lines that belong to Postfix's own field above, and with an
    empty line at its end, which it can't know of."""
    head = re.sub(rb'\A([ \t][^\n]*\n)+', b'', head)
    return head if head == b'\n' or head.endswith(b'\n\n') else head + b'\n'


def refused(tap, box):
    """What cannot be made safe, and a sender field that Postfix would cut."""
    long = sent(TO + b'From: ' + b'Jane ' * 14000 + b'<ceo@corp.example>\n' + END)
    many = sent(b'From: a\n' * 10001 + END)
    cases = (('a sender field of 70,000 bytes', long, 'replaced', 'deferred',
              '451 4.3.0 barefrom: a sender field is too long'),
             ('10,001 sender fields', many, 'refused', 'failed',
              '550 5.6.0 barefrom: message refused: its sender fields cannot be made safe'))
    for name, data, action, outcome, words in cases:
        with Smtp() as client:
            said = client.send('refused@box.example', data)
        tap.equal(said, words + '\r\n', name + ': is refused')
        tap.equal(rows('SELECT action, outcome FROM message ORDER BY id DESC LIMIT 1'),
                  [(action, outcome)], name + ': the audit has it')
    tap.equal(box.look().get('refused'), None, 'nothing of it arrives')


if __name__ == '__main__':
    sys.exit(main())
