# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM before and after barefrom-milter: see p0640-milter-dkim.sh."""
import os
import re
import sys

import dkim

from smtp import (BED, PLAIN, PORT, SUBMISSION, Box, Smtp, Tap, handed_in, queue_id, rows, untrace)

RIGHT, STRIPPED_FIRST, SIGNED_FIRST, TWICE = PORT, SUBMISSION, PLAIN, int(os.environ['TWICE'])
TAP, BOX = Tap(), Box()
JANE = b'From: "Jane Doe" <jane.doe@corp.example>\r\n'
REST = b'To: all@corp.example\r\nSubject:  two  blanks \r\n\r\nhi\r\n\r\n'


def public_key(name, timeout=5):
    """As DNS would have it."""
    del timeout
    with open(BED + '/keys/public', 'rb') as file:
        for line in file:
            owner, _, key = line.partition(b' ')
            if owner == name.rstrip(b'.'):
                return key.strip()
    return None


def signed(domain, head):
    """A message of that domain."""
    with open(f'{BED}/keys/{domain}', 'rb') as file:
        key = file.read()
    message = head + REST
    return dkim.sign(message, b's', domain.encode(), key, canonicalize=(b'simple', b'simple'),
                     include_headers=[b'from', b'to', b'subject', b'sender', b'reply-to']) + message


def is_valid(message, domain):
    """Each signature of that domain, as it reaches its reader; None: there is none."""
    message = b'\r\n'.join(message.split(b'\n'))
    fields = re.findall(rb'(?im)^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*', message)
    found = [i for i, field in enumerate(fields) if b'd=' + domain.encode() + b';' in field]
    if not found:
        return None
    return all(dkim.DKIM(message).verify(i, dnsfunc=public_key) for i in found)


def verdict(message):
    """Of the verifier; None: it has not said anything."""
    found = re.search(rb'(?m)^Authentication-Results: verifier\.corp\.example;\s+dkim=(\w+)',
                      message)
    return found and found[1].decode()


def send(name, data, port=RIGHT, login=False):
    """The message as it arrives."""
    with Smtp(port) as client:
        if login:
            client.login()
        said = client.send(name + '@box.example', data)
    if not queue_id(said):
        raise SystemExit(f'{name}: {said}')
    return BOX.of(name)


def action(name):
    """Of the milter."""
    return rows('''SELECT action, scope, verdict FROM message m JOIN recipient r ON r.message = m.id
        WHERE address = ?''', name + '@box.example')


def field(message, name):
    """Its value; None: there is none."""
    found = re.search(rb'^' + name.encode() + rb': ?(.*)$', message.partition(b'\n\n')[0], re.M)
    return found and found[1].decode()


def foreign():
    """Verifier, barefrom, signer, on a host that looks for its own names."""
    got = send('foreign', signed('out.example', b'From: "Erika Muster" <e@out.example>\r\n'))
    TAP.equal(field(got, 'From'), '"Erika Muster" <e@out.example>', 'foreign mail is left alone')
    TAP.equal(verdict(got), 'pass', 'the verifier before finds its signature valid')
    TAP.equal(is_valid(got, 'out.example'), True, 'and so does who reads it')
    TAP.equal(is_valid(got, 'corp.example'), None, 'the signer after does not touch it')
    TAP.equal(action('foreign'), [('kept', None, 'anonymous')], 'the audit has it')

    got = send('posed', signed('freemail.example', b'From: Jane Doe <x@freemail.example>\r\n'))
    TAP.equal(field(got, 'From'), 'x@freemail.example', "one of ours on a stranger's address: bare")
    TAP.equal(verdict(got), 'pass', 'the verifier before has seen it as it came')
    TAP.equal(is_valid(got, 'freemail.example'), False, 'what arrives is not what was signed')
    TAP.equal(action('posed'), [('stripped', 'directory', 'anonymous')], 'the audit has it')

    got = send('spoilt', signed('out.example', b'From: e@out.example\r\n').replace(b'two', b'2'))
    TAP.equal(verdict(got), 'fail', 'the verifier does verify')


def own():
    """What leaves is signed as it leaves."""
    got = send('own', JANE + REST, login=True)
    TAP.equal(field(got, 'From'), '"Jane Doe" <jane.doe@corp.example>', 'own mail, logged in')
    TAP.equal(is_valid(got, 'corp.example'), True, 'is signed')
    TAP.equal(action('own'), [('kept', 'domains', 'authenticated')], 'the audit has it')

    got = send('open', JANE + b'Sender: J <j@corp.example>\r\n' + REST)
    TAP.equal([field(got, 'From'), field(got, 'Sender')],
              ['jane.doe@corp.example', 'j@corp.example'], 'own mail without a login is bare')
    TAP.equal(is_valid(got, 'corp.example'), True, 'and what leaves is what is signed')

    TAP.equal(handed_in((JANE + REST).replace(b'\r', b''), '-f', 'a@corp.example',
                        'script@box.example'), 0, 'sendmail(1)')
    got = BOX.of('script')
    TAP.equal(field(got, 'From'), 'jane.doe@corp.example', 'its mail is bare')
    TAP.equal(is_valid(got, 'corp.example'), True, 'and signed behind that')


def wrong():
    """Why the order matters: each milter sees what the one before has made of the message."""
    got = send('late', signed('freemail.example', b'From: Jane Doe <x@freemail.example>\r\n'),
               STRIPPED_FIRST)
    TAP.equal(verdict(got), 'fail', 'a verifier after barefrom blames the sender')
    got = send('early', JANE + REST, SIGNED_FIRST)
    TAP.equal(field(got, 'From'), 'jane.doe@corp.example', 'a signer before it')
    TAP.equal(is_valid(got, 'corp.example'), False, 'signs what does not leave')
    got = send('early-login', JANE + REST, SIGNED_FIRST, True)
    TAP.equal(is_valid(got, 'corp.example'), True, 'but for those who have logged in')
    got = send('twice', b'From: Jane <x@corp.example>\r\nSender: J <j@corp.example>\r\n' + REST,
               TWICE)
    TAP.equal(rows('''SELECT field, from_before FROM edit e JOIN message m ON m.id = e.message
        JOIN recipient r ON r.message = m.id WHERE address = 'twice@box.example' '''),
        [('Sender', 'x@corp.example')], 'barefrom sees the edits of a milter before it')
    TAP.equal(untrace(got)[1].split(b'\n')[:2],
              [b'From: x@corp.example', b'Sender: j@corp.example'], 'and both are made')


def main():
    foreign()
    own()
    wrong()
    return TAP.done()


if __name__ == '__main__':
    sys.exit(main())
