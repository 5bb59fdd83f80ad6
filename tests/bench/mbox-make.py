# SPDX-License-Identifier: GPL-3.0-or-later
"""mbox-make.py FILE MESSAGES [SEED]: writes a mailbox (mboxrd) of generated mail, 16 KiB a message.

The same bytes on every machine: of `random` only random() and getrandbits() are used, whose
sequence Python promises, and no floating-point result is rounded by a C library. Each thousand
messages holds the same sizes and kinds, in an order of its own, so that 5,000 are as 100,000.
Half of the mail was handed to mx.example.org without a login, half with one. Prints the counts.
"""
import base64
import collections
import email.utils
import random
import sys
import time

# Octets of a message: how many of a thousand lie between so many KiB and the double.
SIZES = ((400, 2), (440, 4), (80, 8), (36, 16), (20, 32), (10, 64), (6, 128), (4, 256), (2, 512),
         (2, 1024))
# How a From is written: of a thousand, what {0}, ... are said below.
FORMS = ((150, 'bare', '{a}'),
         (340, 'name', '{first} {last} <{a}>'),
         (180, 'quoted', '"{last}, {first} ({unit})" <{a}>'),
         (75, 'encoded q', '=?utf-8?q?{first}_J=C3=BCrgens-{last}?= <{a}>'),
         (75, 'encoded b', '=?UTF-8?B?{b64}?= <{a}>'),
         (50, 'comment', '{a} ({first} {last})'),
         (100, 'folded', '{first} {last} of the\n\t{unit} Department\n <{a}>'),
         (30, 'two', '{first} {last} <{a}>,\n {other} <{b}>'))

FIRST = 'Anna Bogdan Chiara Dmitri Elif Farid Greta Hiro Ines Jane Kofi Lena Mateo Noor'.split()
LAST = 'Abara Berg Costa Doe Eriksen Fischer Garcia Haddad Ito Jensen Kowalski Lang'.split()
UNITS = 'Purchasing Payroll Sales Research Legal Logistics Facilities Press'.split()
DOMAINS = ('example.com example.net corp.example shop.example lists.example uni.example '
           'mail.isp.example news.example').split()
WORDS = ('the of and to in that for with this from report invoice meeting please attached regards '
         'project deadline Tuesday budget contract f=C3=BCr question answer delivery customer '
         'review draft number two hundred agreed tomorrow server update schedule thanks').split()
QUOTED = (b'>From our side everything is ready.\n', b'>From the minutes of the last meeting:\n',
          b'>>From there you can take the train.\n')

TLS = ('\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n'
       '\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\n'
       '\t(No client certificate requested)\n')
# The word of the top hop and what stands before its `by`: three without a login, three with one.
SESSIONS = (('ESMTPS', TLS), ('ESMTPS', TLS), ('ESMTP', ''),
            ('ESMTPSA', TLS), ('ESMTPSA', TLS),
            ('ESMTPSA', TLS + '\t(Authenticated sender: {user})\n'))
# The first of five is by the host to trust, the others are taken from those below.
TOP = ('Received: from mail.{d} (mail.{d} [203.0.113.{n}])\n{session}'
       '\tby mx.example.org (Postfix) with {word} id 4d{id}\n\tfor <{to}>; {date}\n')
BELOW = (
    'Received: from localhost (localhost [127.0.0.1])\n'
    '\tby out{n}.{d} (Postfix) with ESMTP id {id}\n\tfor <{to}>; {date} (UTC)\n',
    'Received: from out.{d} ([198.51.100.{n}])\n'
    ' by localhost (amavis.{d} [127.0.0.1]) (amavisd-new, port 10024)\n'
    ' with ESMTP id {id}; {date}\n',
    'Received: from [192.0.2.{n}] (helo=ws{n}.{d})\n'
    '\tby relay.{d} with esmtpsa  (TLS1.3) tls TLS_AES_128_GCM_SHA256\n\t(Exim 4.96)\n'
    '\t(envelope-from <{a}>)\n\tid 1u{id}\n\tfor {to};\n\t{date}\n',
    'Received: from EX{n}.{d} (2001:db8::{n}) by\n EX1.{d} (2001:db8::1) with Microsoft SMTP'
    ' Server\n (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n'
    ' 15.1.2507.{n}; {date}\n',
    'Received: by mail-ed1-f{n}.{d} with SMTP id {id}so1234567.2\n'
    '        for <{to}>; {date}\n',
)


def pick(rng, items):
    """One of the items."""
    return items[int(rng.random() * len(items))]


def token(rng, octets):
    """So many random octets in hexadecimal."""
    return f'{rng.getrandbits(8 * octets):0{2 * octets}X}'


def thousand(rng, table):
    """A thousand entries of the table, each as often as it says first, in random order."""
    items = [item for count, *item in table for _ in range(count)]
    return [items[i] for i in sorted(range(1000), key=lambda _: rng.random())]


class Bodies:
    """Cuts bodies out of three blocks that are made once: making each anew would take minutes."""

    def __init__(self, rng):
        self.rng = rng
        self.text = self.lines('', '')
        self.html = self.lines('<p style=3D"margin:0 0 1em 0">', '</p>')
        octets = 57 << 16
        self.base64 = base64.encodebytes(rng.getrandbits(8 * octets).to_bytes(octets, 'little'))

    def lines(self, before, after):
        """A block of short lines, some empty."""
        made = []
        for _ in range(8192):
            words = ' '.join(pick(self.rng, WORDS) for _ in range(4 + int(self.rng.random() * 8)))
            made.append(before + words + after if self.rng.random() < 0.85 else '')
        return ('\n'.join(made) + '\n').encode()

    def cut(self, block, octets):
        """So many octets of a block, or a few less, in whole lines."""
        start = block.index(b'\n', int(self.rng.random() * (len(block) - octets - 200))) + 1
        return block[start:block.rindex(b'\n', start, start + max(octets, 200)) + 1]

    def prose(self, octets):
        """Text; in one of eight cases with a line that the mailbox had to quote."""
        text = self.cut(self.text, octets)
        if self.rng.random() < 0.125:
            return 1, pick(self.rng, QUOTED) + text
        return 0, text

    def make(self, octets):
        """Its kind, the count of quoted lines, the Content-Type fields, and the body in pieces."""
        mark = token(self.rng, 12).encode()
        kind = self.rng.random()
        text = (b'Content-Type: text/plain; charset=utf-8\n'
                b'Content-Transfer-Encoding: quoted-printable\n')
        if octets < 1 << 16 and kind < 0.3:
            quoted, prose = self.prose(octets)
            return 'plain', quoted, text, [prose]
        if octets < 1 << 16 and kind < 0.8:
            quoted, prose = self.prose(octets // 4)
            return 'alternative', quoted, (
                b'Content-Type: multipart/alternative; boundary="%b"\n' % mark), [
                    b'--%b\n%b\n' % (mark, text), prose,
                    b'\n--%b\n%b\n' % (mark, text.replace(b'/plain', b'/html')),
                    self.cut(self.html, octets * 3 // 4), b'\n--%b--\n' % mark]
        quoted, prose = self.prose(min(octets // 4, 1024))
        return 'attachment', quoted, (
            b'Content-Type: multipart/mixed;\n\tboundary="%b"\n' % mark), [
                b'This is a multi-part message in MIME format.\n--%b\n%b\n' % (mark, text), prose,
                b'\n--%b\nContent-Type: application/pdf; name="%b.pdf"\n'
                b'Content-Disposition: attachment; filename="%b.pdf"\n'
                b'Content-Transfer-Encoding: base64\n\n' % (mark, mark[:8], mark[:8]),
                self.cut(self.base64, octets - len(prose)), b'\n--%b--\n' % mark]


def head(rng, form, session, now, counts):
    """The `From ` line and all fields but those of MIME."""
    first, last, domain = pick(rng, FIRST), pick(rng, LAST), pick(rng, DOMAINS)
    here, stamp = pick(rng, FIRST), email.utils.formatdate(now)
    values = {
        'first': first, 'last': last, 'unit': pick(rng, UNITS), 'd': domain,
        'a': f'{first}.{last}@{domain}'.lower(), 'user': f'{first}.{last}'.lower(),
        'b': f'{last}@{pick(rng, DOMAINS)}'.lower(), 'other': pick(rng, LAST),
        'b64': base64.b64encode(f'{first} Ångström {last}'.encode()).decode(),
        'to': f'{here.lower()}@example.org', 'date': stamp.replace('-0000', '+0000')}
    word, text = session
    lines = [f'From {values["a"]} {time.asctime(time.gmtime(now))}\n',
             f'Return-Path: <{values["a"]}>\nX-Original-To: {values["to"]}\n'
             f'Delivered-To: {values["to"]}\n']
    for hop in (TOP, *(pick(rng, BELOW) for _ in range(4))):
        lines.append(hop.format(session=text.format(**values), word=word, id=token(rng, 6),
                                n=1 + rng.getrandbits(7), **values))

    def some(share, name, value):
        if rng.random() < share:
            counts[name.partition(':')[0]] += 1
            lines.append(f'{name}{value}\n')
    some(0.7, 'Authentication-Results: ', f'mx.example.org;\n\tdkim=pass (2048-bit key) '
         f'header.d={domain} header.i=@{domain}\n\theader.b={token(rng, 4)}; spf=pass')
    some(0.9, 'DKIM-Signature: ', f'v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\n'
         f'\ts=s2026; t={now}; h=From:To:Subject:Date:Message-ID:Reply-To;\n\tbh='
         + base64.b64encode(rng.getrandbits(256).to_bytes(32, 'little')).decode() + ';\n\tb='
         + base64.encodebytes(rng.getrandbits(2048).to_bytes(256, 'little')).decode()
         .strip().replace('\n', '\n\t '))
    lines.append(f'From: {form.format(**values)}\n')
    some(0.08, 'Sender: ', '{unit} Desk <desk@{d}>'.format(**values))
    some(0.2, 'Reply-To: ', '"{first} {last}" <{b}>'.format(**values))
    lines.append(f'To: {here} <{values["to"]}>\n')
    some(0.2, 'Cc: ', f'"{pick(rng, LAST)}, {pick(rng, FIRST)}" <copy@example.org>')
    lines.append(f'Subject: Re: {" ".join(pick(rng, UNITS) for _ in range(4))} {token(rng, 3)}\n'
                 f'Date: {values["date"]}\nMessage-ID: <{token(rng, 12)}@{domain}>\n')
    some(0.4, 'References: ', f'<{token(rng, 12)}@{domain}>\n <{token(rng, 12)}@example.org>')
    some(0.1, 'List-Id: ', f'Staff of {domain} <staff.{domain}>')
    some(0.6, 'User-Agent: ', 'Mozilla Thunderbird')
    lines.append('MIME-Version: 1.0\n')
    return ''.join(lines).encode()


def main(path, messages, seed=1):
    """Writes the mailbox message by message."""
    rng, counts, now = random.Random(int(seed)), collections.Counter(), 1767225600
    bodies = Bodies(rng)
    sizes = [(1, (low << 10) + (low << 10) * (i + 1) // count)
             for count, low in SIZES for i in range(count)]
    sessions = [(half, *SESSIONS[i]) for i, half in enumerate((167, 167, 166, 167, 167, 166))]
    with open(path, 'wb', 1 << 20) as out:
        for number in range(int(messages)):
            if number % 1000 == 0:
                kinds = zip(thousand(rng, sizes), thousand(rng, FORMS), thousand(rng, sessions))
            (size,), (name, form), session = next(kinds)
            now += 1 + rng.getrandbits(8)
            start = head(rng, form, session, now, counts)
            kind, quoted, fields, pieces = bodies.make(max(size - len(start) - 300, 200))
            out.writelines((start, fields, b'\n', *pieces, b'\n'))
            counts.update({f'From {name}': 1, session[0]: 1, kind: 1, '>From lines': quoted})
        size = out.tell()
    print(f'{size} octets, {messages} messages: ' +
          ', '.join(f'{count} {name}' for name, count in sorted(counts.items())))


if __name__ == '__main__':
    main(*sys.argv[1:])
