# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that SIGHUP while a long head is being decided leaves nothing of the old settings behind:
that message is answered, and those that come later go by the new ones, each of them."""
import os
import signal
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


def send(session, head):
    """All of a message but the answer."""
    session.mail()
    session.rcpt()
    for name, value in mta.split_message(head)[0]:
        session.header(name, value)
    session.eoh()
    session.send_macros('E')
    session.raw(mta.packet('E'))


def run(folder):
    """All of it."""
    settings = f'{folder}/barefrom.conf'
    write_settings(settings, folder, 'From')
    with subprocess.Popen([os.environ['BAREFROM_MILTER'], '-c', settings], stderr=subprocess.PIPE,
                          text=True) as milter:
        point('it listens', wait_for(milter, 'listens'), True)
        target = f'unix:{folder}/s'
        with mta.Session(target) as slow, mta.Session(target) as other:
            slow.open()
            other.open()
            point('the old settings', changed(other.send_message(LARGE).changes), [b'From'])
            send(slow, SLOW)
            # What is answered here came after it: it is being decided.
            point('beside a long one', changed(other.send_message(FIELDS).changes), [b'From'])
            write_settings(settings, folder, 'Sender')
            milter.send_signal(signal.SIGHUP)
            point('it reads them again', wait_for(milter, 'were reloaded'), True)
            point('the long one is answered', slow.read_replies()[-1].kind, 'continue')
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
