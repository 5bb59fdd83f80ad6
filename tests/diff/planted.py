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


OUTSIDE = 'outside of the edited fields|not in this order'
WORD = b'From: =?utf-8?Q?J=C3=B6rg?= <jane@corp.example>\n'
GROUP = b'From: Board: jane@corp.example;\n'
COMMENT = b'From: jane@corp.example (Jane)\n'

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
