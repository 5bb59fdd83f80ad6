# SPDX-License-Identifier: GPL-3.0-or-later
"""read-mblaze.py: what mblaze's maddr and mhdr show of the sender fields of the messages whose
paths come in on standard input. The lines that it prints are those of read-gmime.c.

Each program is run on all messages at once, for one field. maddr does not tell which message a line
is of, so a message of ours stands behind each; it shows the first field of a name, mhdr every one.
"""
import os
import re
import subprocess
import sys
import tempfile

FIELDS = ['From', 'Sender', 'Reply-To']
NAME = b'this-message-ends'
MARK = re.compile(NAME + rb'(?:@here)?\n')


def is_headless(path):
    """Whether a message begins with its empty line, which is no end for mblaze. No mail server
    delivers such a message: there is a trace field on top."""
    with open(path, 'rb') as file:
        return file.readline() in (b'\n', b'\r\n')


def run(argv, paths):
    """Line by line, so that what was written before a crash is not lost."""
    return subprocess.run(['stdbuf', '-oL', *argv], input=''.join(p + '\n' for p in paths).encode(),
                          stdout=subprocess.PIPE, check=False)


def maddr(how, field, paths, mark):
    """For each message that was read to its end, the lines."""
    marked = [each for path in paths for each in (path, mark)]
    parts = MARK.split(run(['maddr', how, '-h', field], marked).stdout)
    return [part.split(b'\n')[:-1] for part in parts[:-1]]


def mhdr(field, paths):
    """For each message, the lines "[name ]<address>" or "address". A crash costs all of them."""
    done = run(['mhdr', '-H', '-M', '-A', '-h', field], paths)
    found = {path: [] for path in paths if done.returncode in (0, 1)}
    for line in done.stdout.split(b'\n') if found else ():
        path, tab, rest = line.partition(b'\t')
        if tab:
            found[path.decode()].append(rest)
    return [found[path] for path in paths if found]


def show(field, kind, data):
    print(field, kind, data.hex(), sep='\t')


def main():
    paths = [line.rstrip('\n') for line in sys.stdin]
    with tempfile.TemporaryDirectory(prefix='barefrom-mblaze.') as folder:
        mark, empty = (os.path.join(folder, name) for name in ('mark', 'empty'))
        with open(empty, 'wb'):
            pass
        paths = [empty if is_headless(path) else path for path in paths]
        with open(mark, 'wb') as out:
            out.writelines(b'%s: %s <%s@here>\n' % (field.encode(), NAME, NAME)
                           for field in FIELDS)
        parts = [(field, maddr('-d', field, paths, mark), maddr('-a', field, paths, mark),
                  mhdr(field, paths)) for field in FIELDS]
    for number in range(min(len(part) for _, *three in parts for part in three)):
        for field, names, addresses, lines in parts:
            for name in names[number]:
                show(field, 'name', name)
            for address in addresses[number]:
                show(field, 'address', address)
            for line in lines[number]:
                name, found, address = line.rpartition(b' <')
                show(field, 'name', name)
                show(field, 'address', address[:-1] if found else line)
        print('done')


main()
