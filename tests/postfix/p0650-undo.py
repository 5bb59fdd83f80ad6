# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM before barefrom, behind it, and after audit undo: see p0650-undo.sh."""
import base64
import imaplib
import os
import pwd
import re
import subprocess
import sys

import dkim

import mta
from smtp import BED, PORT, Smtp, Tap, program, queue_id, rows
from tap import wait_until

FILTER, DOVECOT = int(os.environ['FILTER']), os.environ['DOVECOT']
USER = pwd.getpwnam(os.environ['MAIL_USER'])
TAP = Tap()
SIGNED = [b'from', b'sender', b'reply-to', b'to', b'subject', b'date', b'message-id',
          b'mime-version', b'content-type']

# What stands above the body: forms of sender fields whose edits differ.
HEADS = {
    'plain': b'From: "Jane Doe, CEO" <ceo@corp.example>\r\n',
    'folded': b'From: =?utf-8?q?J=C3=A4ne?=\r\n =?utf-8?q?_D=C3=B6e?=\r\n\t<ceo@corp.example>\r\n',
    'two': b'From: "Doe, J." <ceo@corp.example>, Bob (of Corp) <bob@corp.example>\r\n'
           b'Sender: Jane <ceo@corp.example>\r\n',
    'all': b'Reply-To:  Jane   Doe  <j@freemail.example>\r\nfrom:Jane\t<ceo@corp.example>  \r\n'
           b'SENDER: (Jane) ceo@corp.example\r\n',
    'equal': b'Reply-To: ceo@corp.example\r\nFrom: ceo@corp.example (Jane Doe)\r\n',
    'group': b'From: Board: Jane <ceo@corp.example>, b@corp.example;\r\n',
    'replaced': b'From: "Jane Doe" <ceo@corp.example>\r\nReply-To: Jane Doe\r\n',
    'long': b'From: ' + b',\r\n '.join(b'"Nr. %d" <n%d@corp.example>' % (i, i) for i in range(40))
            + b'\r\n',
}
BODIES = {
    'text': b'Content-Type: text/plain; charset=utf-8\r\n\r\nhi  \r\n\r\n>From here, J\xc3\xa4ne\r\n\r\n\r\n',
    'parts': b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_1"\r\n\r\n--=_1\r\n'
             b'\r\nFrom: "Not a field" <x@y.example>\r\n--=_1--\r\n',
}


def public_key(name, timeout=5):
    """As DNS would have it."""
    del timeout
    kind = name.split(b'.')[0].decode()
    with open(f'{BED}/keys/{kind}.der', 'rb') as file:
        key = file.read()
    if kind == 'ed25519':
        key = key[-32:]
    return b'v=DKIM1; k=%s; p=%s' % (kind.encode(), base64.b64encode(key))


def private_key(kind):
    """As dkimpy wants it."""
    if kind == 'rsa':
        with open(f'{BED}/keys/rsa', 'rb') as file:
            return file.read()
    with open(f'{BED}/keys/ed25519.seed', 'rb') as file:
        return base64.b64encode(file.read()[-32:])


class Signer(mta.Session):
    """A session with OpenDKIM, which puts a field on top: what barefrom never does, and mta.py does
    not know."""

    def read_packet(self):
        """The field is kept, and looks like nothing."""
        command, data = super().read_packet()
        if command != 'i':
            return command, data
        self.name, self.value, _ = data[4:].split(b'\0')
        return 'p', b''


def sign(message, signer, kind, ways):
    """The message with its signature on top."""
    if signer == 'opendkim':
        with Signer(f'unix:{BED}/run/{kind}-{ways[0]}') as session:
            session.open(address='127.0.0.1')
            session.send_message(message)
            space = b'' if session.protocol & mta.LEADING_SPACE else b' '
            return re.sub(rb'\r?\n', rb'\r\n', session.name + b':' + space + session.value) + \
                b'\r\n' + message
    return dkim.sign(message, kind.encode(), b'corp.example', private_key(kind),
                     canonicalize=tuple(way.encode() for way in ways), include_headers=SIGNED,
                     signature_algorithm=f'{kind}-sha256'.encode()) + message


def is_valid(message):
    """Its signature, with the line ends of SMTP."""
    message = re.sub(rb'\r?\n', rb'\r\n', message)
    return b'DKIM-Signature:' in message and dkim.verify(message, dnsfunc=public_key)


def messages():
    """name -> a message with a signature that is valid."""
    made = {}
    dkimpy = [('dkimpy', kind, (head, body)) for kind in ('rsa', 'ed25519')
              for head in ('simple', 'relaxed') for body in ('simple', 'relaxed')]
    # What OpenDKIM 2.11 signs by ed25519 in the simple form, dkimpy takes for wrong as it is.
    opendkim = [('opendkim', 'rsa', ('simple', 'simple')), ('opendkim', 'rsa', ('relaxed', 'relaxed')),
                ('opendkim', 'ed25519', ('relaxed', 'relaxed'))]
    for number, (signer, kind, way) in enumerate(dkimpy + opendkim):
        for i, (form, head) in enumerate(HEADS.items()):
            name = f'{signer}-{kind}-{"-".join(way)}-{form}'
            body = list(BODIES.values())[(number + i) % len(BODIES)]
            message = (head + b'To: all@corp.example\r\nSubject:  two  blanks \r\n'
                       b'Date: Sun, 29 Nov 2026 12:00:00 +0000\r\nMessage-ID: <%s@out.example>\r\n'
                       % name.encode() + body)
            made[name] = sign(message, signer, kind, way)
    return made


def fetch():
    """Message-ID -> what Dovecot gives of the Maildir over IMAP."""
    # Without this variable it would run doveconf; it takes its settings from here.
    settings = {'DOVECONF_ENV': '1', 'MAIL_LOCATION': f'maildir:{BED}/box:INDEX=MEMORY',
                'MAIL_UID': str(USER.pw_uid), 'MAIL_GID': str(USER.pw_gid), 'BASE_DIR': BED,
                'LIBEXEC_DIR': DOVECOT, 'LD_LIBRARY_PATH': DOVECOT, 'HOME': BED,
                'USER': USER.pw_name, 'FIRST_VALID_UID': '1', 'LOG_PATH': f'{BED}/imap.log'}
    command = ' '.join(['env', '-i', *(f'{key}={value}' for key, value in settings.items()),
                        f'setpriv --reuid={USER.pw_uid} --regid={USER.pw_gid} --clear-groups --',
                        f'{DOVECOT}/imap'])
    found = {}
    with imaplib.IMAP4_stream(command) as imap:
        _, (count,) = imap.select('INBOX', readonly=True)
        for number in range(1, int(count) + 1):
            _, data = imap.fetch(str(number), '(BODY.PEEK[])')
            name = re.search(rb'(?im)^Message-ID: <(.*)@', data[0][1])[1].decode()
            found.setdefault(name, []).append(data[0][1])
    return found


def deliver(made, port, word):
    """Sends all of them; the copies that IMAP gives, each the only one of its name."""
    for name, message in made.items():
        with Smtp(port) as client:
            said = client.send(f'{word}@box.example', message)
        if not queue_id(said):
            raise SystemExit(f'{name}: {said}')
    new = f'{BED}/box/new'
    wait_until(lambda: os.path.isdir(new) and len(os.listdir(new)) >= len(made), f'mail of {word}')
    copies = fetch()
    TAP.equal(sorted(copies), sorted(made), f'{word}: all of it is in the Maildir')
    for name in os.listdir(new):
        os.rename(f'{new}/{name}', f'{BED}/kept/{word}.{name}')
    return {name: copy[0] for name, copy in copies.items()}


def below_trace(message):
    """What stands from the signature on, with LF: all that came by SMTP."""
    message = message.replace(b'\r\n', b'\n')
    return message[message.index(b'\nDKIM-Signature:') + 1:]


def check(made, copies, word):
    """Broken in the copies, valid once they are put back, and then just what was sent."""
    broken = [name for name, copy in copies.items() if not is_valid(copy)]
    TAP.equal(sorted(broken), sorted(made), f'{word}: every signature is broken')
    TAP.equal([name for name, copy in copies.items() if re.search(rb'(?<!\r)\n', copy)], [],
              f'{word}: over IMAP all lines end in CR LF')
    undone = {}
    for name, copy in copies.items():
        status, output = program('audit', 'undo', data=copy)
        if status:
            print(f'# {name}: {status}, {output!r}')
        undone[name] = output
    valid = [name for name, message in undone.items() if is_valid(message)]
    TAP.equal(sorted(valid), sorted(made), f'{word}: undo makes every one valid again')
    TAP.equal([name for name, message in undone.items()
               if below_trace(message) != made[name].replace(b'\r\n', b'\n')], [],
              f'{word}: and what it gives is what was sent')


def main():
    os.mkdir(f'{BED}/kept')
    made = messages()
    TAP.equal([name for name, message in made.items() if not is_valid(message)], [],
              f'{len(made)} signatures are valid before')
    for port, word in (PORT, 'milter'), (FILTER, 'filter'):
        check(made, deliver(made, port, word), word)
    TAP.equal(rows("SELECT count(*), action IN ('stripped', 'replaced') FROM message GROUP BY 2"),
              [(2 * len(made), 1)], 'each has its row')

    # The delivered files themselves, as one whole.
    box = f'{BED}/box'
    for file in os.listdir(f'{BED}/kept'):
        os.rename(f'{BED}/kept/{file}', f'{box}/new/{file}')
    status, said = program('mbox', '--undo', '--in-place', box)
    TAP.equal(status, 0, f'mbox --undo --in-place: {said}')
    copies = fetch()
    valid = [name for name, both in copies.items() if all(is_valid(copy) for copy in both)]
    TAP.equal((sorted(valid), {len(both) for both in copies.values()}), (sorted(made), {2}),
              'and IMAP gives both copies of each with a valid signature')
    return TAP.done()


if __name__ == '__main__':
    sys.exit(main())
