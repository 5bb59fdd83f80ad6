# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs that leak, each beside a good twin: the check has to see one and to pass the other."""
import collections

Leak = collections.namedtuple('Leak', 'name original output edits twin twin_edits says')

REST = b'Subject: x\nTo: Joe <joe@x.example>\n\nbody\n'
JANE, BARE = b'From: "Jane Doe" <jane@corp.example>\n', b'From: jane@corp.example\n'


def field(name, before, left, good, says):
    """One field that was edited badly; right is good."""
    return Leak(name, before + REST, left + REST, [(before, left)] if before != left else [],
                good + REST, [(before, good)], says)


def missed(name, left, good, says):
    """From is edited well, a second place behind it is not."""
    return Leak(name, JANE + left + REST, BARE + left + REST, [(JANE, BARE)],
                BARE + good + REST, [(JANE, BARE), (left, good)], says)


def beside(name, output, says):
    """From is edited well, and something else is changed."""
    return Leak(name, JANE + REST, output, [(JANE, BARE)], BARE + REST, [(JANE, BARE)], says)


def below(name, line, says):
    """From is edited well, a line that continues it for some readers is left."""
    return Leak(name, JANE + line + REST, BARE + line + REST, [(JANE, BARE)], BARE + REST,
                [(JANE, BARE), (line, b'')], says)


OUTSIDE = 'outside of the edited fields|not in this order'
WORD = b'From: =?utf-8?Q?J=C3=B6rg?= <jane@corp.example>\n'
GROUP = b'From: Board: jane@corp.example;\n'
COMMENT = b'From: jane@corp.example (Jane)\n'
UNKNOWN = b'From: unknown-sender@barefrom.invalid\n'
TWO_KINDS = b'From: Jane-Doe."The CEO"@mail.example\n'
DOT, COMMA = b'From: "Jane Doe"@mail.example.\n', b'From: "Jane Doe, CEO"@mail.example.\n'

LEAKS = [
    field('a name', JANE, JANE, BARE, 'GMime shows in From a name'),
    field('a shorter name', JANE, b'From: Jane <jane@corp.example>\n', BARE,
          'Mail::Address shows in From a name'),
    field('a comment', COMMENT, COMMENT, BARE, 'XS shows in From a comment'),
    field('an encoded word', WORD, WORD, BARE, 'compat32 shows in From a word'),
    field('a group name', GROUP, GROUP, BARE, 'default shows in From a name'),
    field('angle brackets', JANE, b'From: <jane@corp.example>\n', BARE, 'leaves brackets'),
    field('an invented address', JANE, b'From: jane@evil.example\n', BARE,
          'shows in From an address of its own'),
    field('part of an address', b'From: "J" <jane.doe@corp.example>\n', b'From: doe@corp.example\n',
          b'From: jane.doe@corp.example\n', 'its field did not carry'),
    field("another field's address", JANE, b'From: joe@x.example\n', BARE,
          'its field did not carry'),
    field('a placeholder with a name', b'From: CEO\n',
          b'From: CEO <unknown-sender@barefrom.invalid>\n',
          b'From: unknown-sender@barefrom.invalid\n', 'shows in From a name'),
    field('an encoded word in an address', b'From: X <=?utf-8?q?ceo?=@corp.example>\n',
          b'From: =?utf-8?q?ceo?=@corp.example\n', b'From: unknown-sender@barefrom.invalid\n',
          'more than addresses'),
    field('a changed field name', JANE, b'FROM: jane@corp.example\n', BARE,
          'changes more than its values'),
    field('a lost line end', b'From: "J" <jane@corp.example>\r\n', BARE,
          b'From: jane@corp.example\r\n', 'changes more than its values'),
    missed('a second From', b'From: "Joe" <joe@x.example>\n', b'From: joe@x.example\n',
           'shows in From a name'),
    missed('Reply-To', b'Reply-To: joe@x.example (Joe)\n', b'Reply-To: joe@x.example\n',
           'shows in Reply-To a comment'),
    missed('Sender', b'Sender: Joe <joe@x.example>\n', b'Sender: joe@x.example\n',
           'shows in Sender a name'),
    missed('a field behind junk', b'X-A: 1\njunk\nFrom: Joe <joe@x.example>\n',
           b'X-A: 1\njunk\nFrom: joe@x.example\n', 'a sender place holds more'),
    missed('a field behind a bare CR', b'X-A: 1\rFrom: Joe <joe@x.example>\n',
           b'X-A: 1\rFrom: joe@x.example\n', 'compat32 shows in From a name'),
    missed('a field name with a NUL', b'Fr\0om: Joe <joe@x.example>\n',
           b'Fr\0om: joe@x.example\n', 'a sender place holds more'),
    missed('a field behind white space', b'X-A: 1\n \n From: Joe <joe@x.example>\n',
           b'X-A: 1\n \n From: joe@x.example\n', 'a sender place holds more'),
    # c-client alone takes these for From.
    missed('a field name behind a sign', b'>From: "Joe" <joe@x.example>\n', b'>From: joe@x.example\n',
           'c-client shows in From a name'),
    missed('a field behind a NUL', b'X-A: 1\0From: "Joe" <joe@x.example>\n',
           b'X-A: 1\0From: joe@x.example\n', 'c-client shows in From a name'),
    # Dovecot alone shows these as names, or as a local part without a domain.
    field('a local part of two kinds', TWO_KINDS, TWO_KINDS, UNKNOWN,
          'Dovecot shows in From a name'),
    field('a domain that ends in a dot', DOT, DOT, DOT[:-2] + b'\n',
          'Dovecot shows in From more than addresses'),
    field('a comma before a domain that ends in a dot', COMMA, COMMA, UNKNOWN,
          'Dovecot shows in From more than addresses'),
    # mblaze alone reads on.
    below('a line that begins with NUL', b'\0Joe\n', 'mblaze shows in From a name'),
    below('a line that begins with CR', b'\r Joe\n', 'mblaze shows in From a name'),
    below('a folded line that begins with NUL', b'\0Joe\n Doe\n', 'mblaze shows in From a name'),
    # Readers that are not here show these.
    missed('a comment in a field name', b'From (x): "Joe" <joe@x.example>\n',
           b'From (x): joe@x.example\n', 'a sender place holds more'),
    missed('a colon in a comment in a field name', b'From (x:y): "Joe" <joe@x.example>\n',
           b'From (x:y): joe@x.example\n', 'a sender place holds more'),
    field('an address in a local part', b'From: "<ceo@corp.example>"@mail.example\n',
          b'From: "<ceo@corp.example>"@mail.example\n', UNKNOWN, 'a sender place holds more'),
    field('dots in a local part', b'From: Jane..x@mail.example\n', b'From: Jane..x@mail.example\n',
          b'From: "Jane..x"@mail.example\n', 'a sender place holds more'),
    Leak('a lost line that continues no sender', JANE + b'X-A: 1\n\0Joe\n' + REST,
         BARE + b'X-A: 1\n' + REST, [(JANE, BARE), (b'\0Joe\n', b'')],
         BARE + b'X-A: 1\n\0Joe\n' + REST, [(JANE, BARE)], OUTSIDE),
    beside('a changed byte of the body', BARE + REST.replace(b'body', b'b0dy'), OUTSIDE),
    beside('a cut body', BARE + REST[:-1], OUTSIDE),
    beside('a changed Subject', BARE + REST.replace(b'Subject: x', b'Subject: y'), OUTSIDE),
    beside('a name taken off To', BARE + REST.replace(b'Joe <joe@x.example>', b'joe@x.example'),
           OUTSIDE),
    beside('a lost field', BARE + REST.replace(b'Subject: x\n', b''), OUTSIDE),
    beside('an added field', BARE + b'X-Barefrom: 1\n' + REST, OUTSIDE),
    Leak('a lost second From', JANE + JANE + REST, BARE + REST, [(JANE, BARE)], BARE + BARE + REST,
         [(JANE, BARE)] * 2, OUTSIDE),
    Leak('an edit of To', JANE + REST, BARE + REST.replace(b'Joe <', b'<'),
         [(JANE, BARE), (b'To: Joe <joe@x.example>\n', b'To: <joe@x.example>\n')], BARE + REST,
         [(JANE, BARE)], 'holds no sender'),
    Leak('an edit that the audit does not tell of', JANE + REST, BARE + REST, [], BARE + REST,
         [(JANE, BARE)], OUTSIDE),
]
