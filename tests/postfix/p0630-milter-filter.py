# SPDX-License-Identifier: GPL-3.0-or-later
"""2,000 messages through the milter and through the filter: see p0630-milter-filter.sh."""
import glob
import mailbox
import os
import random
import re
import sqlite3
import sys
import threading
import time
from collections import Counter

from smtp import BED, HOST, PORT, Box, Smtp, Tap, queue_id, untrace
from tap import wait_until

COUNT = 2000
LISTENERS = {  # (milter, filter) by the settings
    False: (PORT, int(os.environ['FILTER'])),
    True: (int(os.environ['RELAYED']), int(os.environ['RELAYED_FILTER'])),
}
RANDOM = random.Random(18)
TAP, BOX = Tap(), Box()


def crlf(data):
    """With the line ends of SMTP where it has no CR at all."""
    return data if b'\r' in data else data.replace(b'\n', b'\r\n')


def written(folder):
    """Messages that somebody wrote with a thought."""
    for path in sorted(glob.glob(folder + '/tests/golden/*.eml')
                       + glob.glob(folder + '/data/samples/*.eml')):
        with open(path, 'rb') as file:
            yield os.path.basename(path), crlf(file.read())
    for path in sorted(glob.glob(folder + '/data/samples/*.mbox')):
        for i, message in enumerate(mailbox.mbox(path)):
            yield f'{os.path.basename(path)} {i}', crlf(message.as_bytes())


ADDRESSES = ['ceo@corp.example', 'jane.doe@corp.example', 'x@freemail.example', 'roe@example.org',
             'a.b+c@sub.corp.example', '"a b"@corp.example', 'x@xn--caf-dma.example',
             'x@caf\u00e9.example', 'x@[192.0.2.1]', 'root', 'a..b@corp.example']
NAMES = ['Jane Doe', '"Jane Doe, CEO"', 'Bj\u00f6rn K\u00f6nig',
         '=?utf-8?q?Bj=C3=B6rn_K=C3=B6nig?=', '=?utf-8?b?SmFuZSBEb2U=?=', '"Doe, Jane"',
         'J\u0430ne Doe', '(Jane) Doe', '"ceo@corp.example"', 'ceo@corp.example', 'M. Roe',
         '=?us-ascii?q?M=2E?= Roe', '"', '"\\"Jane\\""', 'x:', '', 'IT\tDesk']
FIELDS = ['From', 'FROM', 'from', 'From ', 'Sender', 'SENDER', 'Reply-To', 'reply-TO',
          'Resent-From', 'To', 'X-From', 'Subject']
LINES = ['Subject: x', 'To: "Keep Me" <all@corp.example>',
         'DKIM-Signature: v=1; d=corp.example; b=x', 'Message-ID: <1@corp.example>',
         'Date: Tue, 24 Nov 2026 10:00:00 +0000', 'X-Empty:',
         'Content-Type: multipart/signed; boundary=x', 'Bcc: y@out.example', 'X-Odd:  two  blanks ',
         'Received: by x.example; Tue, 24 Nov 2026 10:00:00 +0000', 'junk without a colon', 'X : y']
CLIENTS = ['192.0.2.9', '127.0.0.1', '10.0.0.5', '2001:db8::1']
WORDS = ['ESMTP', 'ESMTPA', 'ESMTPSA', 'SMTP', 'LMTP', 'UTF8SMTPSA']


def value():
    """Of a sender field: one or more elements, well made or not."""
    parts = []
    for _ in range(RANDOM.choice([1, 1, 1, 2, 3])):
        name, address = RANDOM.choice(NAMES), RANDOM.choice(ADDRESSES)
        parts.append(RANDOM.choice([
            f'{name} <{address}>', f'{name} <{address}>', f'{name}<{address}>', address,
            f'{address} ({name})', f'<{address}>', f'({name}) {address}', f'{name}: {address};',
            f'{name} <{address}', f'{name} <{address}> (x)', name, f'<@a.example:{address}>']))
    text = ', '.join(parts)
    if RANDOM.random() < 0.3:
        text = text.replace(' ', RANDOM.choice(['\r\n ', '\r\n\t', '  ', '\t']), 1)
    return RANDOM.choice([' ', ' ', '', '  ', '\t', '\r\n ']) + text


def trace():
    """A trace field that somebody may have written."""
    host = RANDOM.choice([HOST, HOST, 'relay.example'])
    client = RANDOM.choice(CLIENTS)
    login = '(Authenticated sender: bob@corp.example)\r\n\t' if RANDOM.random() < 0.3 else ''
    return (f'Received: from pc (pc [{client}])\r\n\t{login}by {host} (Postfix) with '
            f'{RANDOM.choice(WORDS)} id {RANDOM.randrange(1 << 30):X}\r\n\tfor <x@corp.example>; '
            'Tue, 24 Nov 2026 10:00:00 +0000 (UTC)')


def made():
    """A message like many, or like none."""
    lines = [f'{RANDOM.choice(FIELDS)}:{value()}' for _ in range(RANDOM.choice([1, 1, 2, 3, 5]))]
    lines += RANDOM.sample(LINES, RANDOM.randrange(5))
    RANDOM.shuffle(lines)
    head = [trace() for _ in range(RANDOM.choice([0, 1, 1, 2, 3]))] + lines
    body = RANDOM.choice(['\r\n', '\r\ntext\r\n',
                          '\r\nFrom: "Jane Doe" <ceo@corp.example>\r\n.\r\n', ''])
    return ('\r\n'.join(head) + '\r\n' + body).encode()


class Message:
    """One of them, and what it is sent as."""

    def __init__(self, number, name, data):
        self.number, self.name, self.data = number, name, data
        self.has_login, self.is_relayed = number % 5 == 0, number % 3 == 0
        self.said = [None, None]

    def box(self, side):
        """Its recipient, without domain: of the milter (0) or the filter (1)."""
        return f'{"mf"[side]}{self.number}'


def send_all(messages, side):
    """By a few clients at once."""
    waiting = {key: [m for m in messages if (m.is_relayed, m.has_login) == key]
               for key in [(a, b) for a in (False, True) for b in (False, True)]}

    def work(key, part):
        with Smtp(LISTENERS[key[0]][side]) as client:
            if key[1]:
                client.login()
            for message in waiting[key][part::2]:
                message.said[side] = client.send(message.box(side) + '@box.example', message.data)
    threads = [threading.Thread(target=work, args=(key, part))
               for key in waiting for part in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


FACTS = ('verdict', 'reason', 'action', 'from_after', 'from_before', 'in_scope', 'scope', 'person',
         'auth_user', 'peer', 'helo', 'message_id_header', 'signatures', 'envelope_from',
         'client_address', 'from_name', 'from_address')


def read_rows():
    """{recipient without domain: (source, outcome, facts, edits)}, of the first try."""
    database = sqlite3.connect(f'file:{os.environ["DATABASE"]}?mode=ro', uri=True)
    edits = {}
    for row in database.execute('''SELECT message, field, nth, action, before, after, display_names,
            addresses FROM edit ORDER BY id'''):
        edits.setdefault(row[0], []).append(row[1:])
    found = {}
    for row in database.execute(f'''SELECT address, m.id, source, outcome, {', '.join(FACTS)}
            FROM message m JOIN recipient r ON r.message = m.id ORDER BY m.id'''):
        found.setdefault(row[0].partition('@')[0],
                         (row[2], row[3], dict(zip(FACTS, row[4:])), edits.get(row[1], [])))
    database.close()
    return found


TOP = rb'\AReturn-Path: [^\n]*\nReceived: [^\n]*\n\tby [^\n]* id \w+\n\tfor [^\n]*\n'


def filtered(message):
    """What the filter has handed on, without what Postfix had put on top."""
    with open(f'{BED}/filtered/{message.box(1)}@box.example', 'rb') as file:
        return re.sub(TOP, b'', file.read())


def differing(messages, rows, what):
    """Names of messages of which the two do not say the same."""
    found = []
    for message in messages:
        ours, theirs = what(rows[message.box(0)]), what(rows[message.box(1)])
        if ours != theirs:
            found.append(f'{message.number} {message.name}: {ours!r} and {theirs!r}')
    return found


def main():
    messages = [Message(i, *pair) for i, pair in enumerate(written(sys.argv[1]))]
    TAP.ok(len(messages) > 300, f'{len(messages)} messages that were written')
    while len(messages) < COUNT:
        messages.append(Message(len(messages), 'made', made()))
    for side in 0, 1:
        send_all(messages, side)
        TAP.equal([m.name for m in messages if not queue_id(m.said[side])], [],
                  f'{len(messages)} are taken {("with the milter", "for the filter")[side]}')

    rows = wait_until(all_filtered(messages), 'the filter')
    words = [[rows[m.box(side)][:2] for m in messages] for side in (0, 1)]
    TAP.equal(set(words[0]), {('milter', 'answered')}, 'the milter has answered for each')
    TAP.equal(set(words[1]), {('filter', 'sent')}, 'the filter has sent each')
    for fact in FACTS:
        # A login ends the walk of the milter at once; the filter reads the trace, and shows where
        # that ends, where the session is a relay's.
        same = [m for m in messages
                if fact not in ('peer', 'helo') or not (m.has_login and m.is_relayed)]
        found = differing(same, rows, lambda row, fact=fact: row[2][fact])
        TAP.ok(not found, f'{fact}: the same', '\n'.join(found))
    found = differing(messages, rows, lambda row: row[3])
    TAP.ok(not found, 'edits: the same', '\n'.join(found))
    found = [f'{m.number} {m.name}' for m in messages
             if untrace(BOX.of(m.box(0)))[1] != filtered(m)]
    TAP.ok(not found, 'delivered: the same octets', '\n'.join(found))

    # It would mean little if all were alike.
    for fact, least in (('verdict', 2), ('reason', 4), ('action', 3), ('scope', 5)):
        kinds = Counter(rows[m.box(0)][2][fact] for m in messages)
        TAP.ok(sum(n >= 20 for n in kinds.values()) >= least, f'{fact}: of many kinds', kinds)
        print(f'# {dict(kinds)}')
    return TAP.done()


def all_filtered(messages):
    """For wait_until(): the rows, once the filter has no more to do."""
    def look():
        rows = read_rows()
        done = all(m.box(1) in rows and rows[m.box(1)][1] != 'pending' for m in messages)
        return rows if done else time.sleep(1)
    return look


if __name__ == '__main__':
    sys.exit(main())
