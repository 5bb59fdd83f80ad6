# SPDX-License-Identifier: GPL-3.0-or-later
"""read-dovecot.py: what Dovecot's ENVELOPE (RFC 9051, 7.5.2) says of the sender fields of the
messages whose paths come in on standard input. The lines that it prints are those of read-gmime.c.

doveadm reads all of them in one Maildir, as the user nobody when this is root. It is the one that
tests/packages.sh has unpacked below MTA_ROOTS, and reads no settings of this machine.
"""
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

FIELDS = {2: 'From', 3: 'Sender', 4: 'Reply-To'}
PARTS = 10  # of an ENVELOPE
TOKEN = re.compile(rb' *(?:(?P<mark>[()])|NIL|"(?P<quoted>(?:[^"\\]|\\.)*)"'
                   rb'|\{(?P<length>\d+)\}\r\n)', re.DOTALL)
RECORD = re.compile(rb'guid: (\d+)\nimap\.envelope: ')


def fetch(folder):
    """What doveadm prints of the Maildir."""
    root = os.path.join(os.environ.get('MTA_ROOTS') or os.environ['BUILDDIR'] + '/mta', 'dovecot')
    if not os.path.isdir(root):
        sys.exit(f'There is no unpacked Dovecot. Run: sh tests/packages.sh dovecot {root}, and set '
                 'MTA_ROOTS to the folder above that.')
    user = pwd.getpwnam('nobody') if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    for path in folder, *(os.path.join(folder, name) for name in ('cur', 'new', 'tmp')):
        os.chmod(path, 0o755)
        os.chown(path, user.pw_uid, user.pw_gid)
    settings = {'MAIL_LOCATION': f'maildir:{folder}:INDEX=MEMORY', 'MAIL_UID': str(user.pw_uid),
                'MAIL_GID': str(user.pw_gid), 'BASE_DIR': folder}
    # So it takes its settings from the environment, as from the doveconf that it would run.
    return subprocess.run(
        [root + '/usr/bin/doveadm', '-f', 'pager', 'fetch', 'guid imap.envelope', 'ALL'],
        env={'DOVECONF_ENV': '1', 'LD_LIBRARY_PATH': root + '/usr/lib/dovecot', 'HOME': folder,
             'USER': user.pw_name, **settings},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False).stdout


def parse(data, at):
    """(the ENVELOPE at that offset, as nested lists of bytes and None, the offset behind it)"""
    stack = [[]]
    while len(stack) > 1 or len(stack[0]) < PARTS:
        token = TOKEN.match(data, at)
        if not token:
            raise ValueError(f'no ENVELOPE: {data[at:at + 60]!r}')
        at = token.end()
        if token['mark'] == b'(':
            stack.append([])
        elif token['mark'] == b')':
            stack[-2].append(stack.pop())
        elif token['length']:
            stack[-1].append(data[at:at + int(token['length'])])
            at += int(token['length'])
        else:
            quoted = token['quoted']
            stack[-1].append(quoted and re.sub(rb'\\(.)', rb'\1', quoted, flags=re.DOTALL))
    return stack[0], at


def parse_all(data):
    """Message -> ENVELOPE. What a literal holds is never taken for a record."""
    found, at = {}, 0
    while record := RECORD.match(data, at):
        found[int(record[1])], at = parse(data, record.end())
        at += len(b'\n\f\n')
    return found


def show(field, kind, data):
    if data is not None:
        print(field, kind, data.hex(), sep='\t')


def show_address(field, name, route, mailbox, host):
    show(field, 'name', name)
    show(field, 'name', route)
    if host is None:  # where a group begins, or ends
        show(field, 'name', mailbox)
    elif host == b'MISSING_DOMAIN':
        show(field, 'other', mailbox if mailbox != b'MISSING_MAILBOX' else b'')
    elif mailbox == b'MISSING_MAILBOX':
        show(field, 'other', b'@' + host)
    else:
        show(field, 'address', mailbox + b'@' + host)


def main():
    paths = [line.rstrip('\n') for line in sys.stdin]
    with tempfile.TemporaryDirectory(prefix='barefrom-dovecot.') as folder:
        for name in 'cur', 'new', 'tmp':
            os.mkdir(os.path.join(folder, name))
        for number, path in enumerate(paths):
            shutil.copyfile(path, os.path.join(folder, 'cur', str(number)))
        envelopes = parse_all(fetch(folder))
    for number in range(len(paths)):
        if number not in envelopes:
            return
        for part, field in FIELDS.items():
            for address in envelopes[number][part] or ():
                show_address(field, *address)
        print('done')


main()
