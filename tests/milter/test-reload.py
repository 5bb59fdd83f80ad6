# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that a message goes by the settings that it began with, whatever its size and whoever
decides it, and that those that begin after SIGHUP go by the new ones, each of them."""
import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mta  # pylint: disable=wrong-import-position

FIELDS = b'From: "A" <a@x.example>\nSender: "B" <b@x.example>\n'
# Decided by a thread; and such that it takes that a while.
LARGE = FIELDS + b''.join(b'X-%d: y\n' % i for i in range(10000))
SLOW = FIELDS + b''.join(b'To: =?utf-8?q?a=40b?= (%d) <c%d@y.example>\n' % (i, i)
                         for i in range(200000))
points = 0


def point(name, found, wanted):
    """One line of TAP."""
    global points  # pylint: disable=global-statement
    points += 1
    good = found == wanted
    print(f'{"ok" if good else "not ok"} {points} - {name}')
    if not good:
        print(f'# found:  {found!r}\n# wanted: {wanted!r}')


def write_settings(path, folder, fields, name='s'):
    """Those of which a message shows by which it was decided; `name` is that of the socket."""
    with open(path, 'w', encoding='ascii') as file:
        file.write(f'[policy]\nfields={fields}\n[milter]\nlisten=unix:{folder}/{name}\n'
                   f'[audit]\ndatabase={folder}/audit.db\n')


def wait_for(milter, words):
    """Reads the log up to a line with these words."""
    for line in milter.stderr:
        if words in line:
            return True
    return False


def changed(replies):
    """The names of the headers that are changed."""
    return [reply.name for reply in replies if reply.kind == 'change']


def begin(session, head):
    """A message up to the end of its head, all of which has been read then."""
    session.mail()
    session.rcpt()
    for name, value in mta.split_message(head)[0]:
        session.header(name, value)
    session.eoh()
    session.raw(mta.packet('B'))
    session.read_reply()


def end(session):
    """The end of it, without the answer."""
    session.send_macros('E')
    session.raw(mta.packet('E'))


def decided_by(folder, number):
    """What the settings of the last rows say of the fields, in the order of the rows."""
    with contextlib.closing(sqlite3.connect(f'file:{folder}/audit.db?mode=ro', uri=True)) as db:
        rows = db.execute('SELECT settings FROM message JOIN policy ON digest = policy '
                          'ORDER BY id DESC LIMIT ?', (number,)).fetchall()
    return [re.search('^fields=(.*)$', text, re.MULTILINE)[1] for text, in reversed(rows)]


def run(folder):
    """All of it."""
    settings = f'{folder}/barefrom.conf'
    write_settings(settings, folder, 'From')
    with subprocess.Popen([os.environ['BAREFROM_MILTER'], '-c', settings], stderr=subprocess.PIPE,
                          text=True) as milter:
        point('it listens', wait_for(milter, 'listens'), True)
        target = f'unix:{folder}/s'
        with contextlib.ExitStack() as stack:
            slow, begun, small, other, *queued = [stack.enter_context(mta.Session(target))
                                                  for _ in range(8)]
            for session in slow, begun, small, other, *queued:
                session.open()
            point('the old settings', changed(other.send_message(LARGE).changes), [b'From'])
            begin(small, FIELDS)
            begin(begun, LARGE)
            for session in slow, *queued:
                begin(session, SLOW if session is slow else LARGE)
                end(session)
            # What is answered here came after them: they are being decided, or wait for that.
            point('beside long ones', changed(other.send_message(FIELDS).changes), [b'From'])
            write_settings(settings, folder, 'Sender')
            milter.send_signal(signal.SIGHUP)
            point('it reads them again', wait_for(milter, 'were reloaded'), True)
            end(small)
            point('a short one that had begun goes by the old settings',
                  changed(small.read_replies()), [b'From'])
            end(begun)
            point('a long one too', changed(begun.read_replies()), [b'From'])
            for session in queued:
                point('and one whose end had come', changed(session.read_replies()), [b'From'])
            point('and one that was being decided', changed(slow.read_replies()), [b'From'])
            point('their rows say so', decided_by(folder, 9), ['From'] * 9)
            point('the next one on that connection goes by the new ones',
                  changed(begun.send_message(LARGE).changes), [b'Sender'])
            point('its row says so', decided_by(folder, 1), ['Sender'])
            found = [changed(other.send_message(LARGE).changes) for _ in range(6)]
            point('long ones go by the new settings', found, [[b'Sender']] * 6)
            point('short ones too', changed(other.send_message(FIELDS).changes), [b'Sender'])
        # Where it listens it goes on to, and what stands at the new place is not its own.
        write_settings(settings, folder, 'Sender', 'other')
        with open(f'{folder}/other', 'w', encoding='ascii'):
            pass
        milter.send_signal(signal.SIGHUP)
        point('another socket needs a restart', wait_for(milter, 'restart to change them'), True)
        with mta.Session(target) as session:
            session.open()
            point('it listens as before', changed(session.send_message(FIELDS).changes),
                  [b'Sender'])
        milter.send_signal(signal.SIGTERM)
        milter.stderr.read()
        point('it ends', milter.wait(), 0)
        point('it removes its own socket alone', sorted(os.listdir(folder)),
              ['audit.db', 'audit.db-shm', 'audit.db-wal', 'barefrom.conf', 'other'])


def main():
    """As a test, in a folder of its own."""
    if 'BAREFROM_MILTER' not in os.environ:
        print('1..0 # SKIP there is no barefrom-milter')
        return
    with tempfile.TemporaryDirectory(prefix='barefrom-reload.') as folder:
        run(folder)
    print(f'1..{points}')


if __name__ == '__main__':
    main()
