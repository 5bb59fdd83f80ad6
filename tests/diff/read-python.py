# SPDX-License-Identifier: GPL-3.0-or-later
"""read-python.py compat32|default: what Python's email package shows of the sender fields of the
messages whose paths come in on standard input, under one of its two policies. The lines that it
prints are those of read-gmime.c.
"""
import email.header
import email.parser
import email.policy
import email.utils
import re
import signal
import sys

PATIENCE = 300  # seconds for a message
FIELDS = {'from': 'From', 'sender': 'Sender', 'reply-to': 'Reply-To'}


def show(field, kind, text):
    data = text.encode('utf-8', 'surrogateescape') if isinstance(text, str) else text
    print(field, kind, data.hex(), sep='\t')


def sender_field(name):
    return FIELDS.get(re.sub('[^!-~]', '', name).lower())


def show_words(field, text):
    """The decoded words of a text."""
    for chunk, charset in email.header.decode_header(text):
        if charset is not None:
            show(field, 'word', chunk)


def show_compat32(message):
    """The older interface: values are texts, email.utils takes them apart."""
    for name, value in message.items():
        field = sender_field(name)
        if not field:
            continue
        # A value with bytes beyond ASCII comes as a Header, which writes U+FFFD for them.
        raw = dict.__getitem__({'v': value}, 'v')
        text = raw if isinstance(raw, str) else str(raw)
        show(field, 'value', text)
        show_words(field, text)
        for phrase, address in email.utils.getaddresses([text]):
            # Comments are part of the phrase here.
            show(field, 'name', phrase)
            show(field, 'address', address)
            show_words(field, phrase)


def show_default(message):
    """The newer interface: values are lists of addresses."""
    for name in dict.fromkeys(message.keys()):
        field = sender_field(name)
        if not field:
            continue
        for value in message.get_all(name):
            show(field, 'value', str(value))
            # A name with bytes that a field name cannot have is not parsed.
            for group in getattr(value, 'groups', ()):
                show(field, 'name', group.display_name or '')
                for address in group.addresses:
                    show(field, 'name', address.display_name)
                    # What it cannot parse, a trailing dot say, it shows as an address of no parts.
                    if address.addr_spec != '<>':
                        show(field, 'address', address.addr_spec)
            tree = getattr(value, '_parse_tree', None)
            if tree is not None:
                show_comments(field, tree)


def show_comments(field, tree):
    """The comments and encoded words of a parse tree, which the interface does not give."""
    todo = [tree]
    while todo:
        token = todo.pop()
        if token.token_type == 'comment':
            show(field, 'comment', token.content)
        elif token.token_type == 'encoded-word':
            show(field, 'word', str(token))
        elif not isinstance(token, str):
            todo.extend(token)


def main():
    policy = {'compat32': email.policy.compat32, 'default': email.policy.default}[sys.argv[1]]
    parser = email.parser.BytesHeaderParser(policy=policy)
    show_message = show_compat32 if sys.argv[1] == 'compat32' else show_default
    for path in sys.stdin:
        signal.alarm(PATIENCE)
        with open(path.rstrip('\n'), 'rb') as file:
            show_message(parser.parse(file))
        print('done', flush=True)


main()
