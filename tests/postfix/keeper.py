# SPDX-License-Identifier: GPL-3.0-or-later
"""keeper.py FOLDER: what a private Postfix needs besides itself, and its end.

Speaks Dovecot's authentication protocol on FOLDER/auth (one user: alice@corp.example, secret), and
plays two next hops: "utf8" offers SMTPUTF8, "ascii" does not; both insist on it where an address
is not ASCII, and refuse recipients called gone@. Each message they take becomes a file in
FOLDER/sink. FOLDER/ports names their ports. When standard input ends, however the test has ended,
every process that has FOLDER's MAIL_CONFIG in its environment is killed and FOLDER removed.
"""
import base64
import itertools
import os
import shutil
import signal
import socketserver
import sys
import threading
import time

folder = os.path.abspath(sys.argv[1])
PLAIN = b'\0alice@corp.example\0secret'


class Auth(socketserver.StreamRequestHandler):
    def say(self, *words):
        self.wfile.write('\t'.join(words).encode() + b'\n')

    def handle(self):
        self.say('VERSION', '1', '1')
        self.say('MECH', 'PLAIN', 'plaintext')
        self.say('SPID', '1')
        self.say('CUID', '1')
        self.say('COOKIE', '00112233445566778899aabbccddeeff')
        self.say('DONE')
        for line in self.rfile:
            words = line.decode().rstrip('\n').split('\t')
            if words[0] != 'AUTH':
                continue
            given = [w[5:] for w in words if w.startswith('resp=')]
            if given and base64.b64decode(given[0]) == PLAIN:
                self.say('OK', words[1], 'user=alice@corp.example')
            else:
                self.say('FAIL', words[1])


class AuthServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Sink(socketserver.StreamRequestHandler):
    count = itertools.count(1)

    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def data(self, envelope):
        self.say('354 go on')
        lines = []
        for line in self.rfile:
            if line == b'.\r\n':
                break
            lines.append(line[1:] if line.startswith(b'.') else line)
        name = f'{folder}/sink/{self.server.name}.{next(self.count)}'
        with open(name + '.new', 'wb') as file:
            file.write(b''.join(envelope) + b'\n')
            file.write(b''.join(lines).replace(b'\r\n', b'\n'))
        os.rename(name + '.new', name)
        self.say('250 2.0.0 taken')

    def handle(self):
        envelope, wide = [], False
        self.say(f'220 {self.server.name}.example ESMTP')
        for line in self.rfile:
            word = line[:4].upper()
            line = line.replace(b'\r\n', b'\n')
            if word == b'EHLO':
                more = '250-SMTPUTF8\r\n' if self.server.name == 'utf8' else ''
                self.say(f'250-{self.server.name}.example\r\n250-8BITMIME\r\n{more}250 SIZE')
            elif word in (b'MAIL', b'RCPT'):
                if word == b'MAIL':
                    envelope, wide = [], b' SMTPUTF8' in line
                if not line.isascii() and not wide:
                    self.say('553 5.6.7 the address needs SMTPUTF8')
                elif b'gone@' in line:
                    self.say('550 5.1.1 nobody of that name')
                else:
                    envelope.append(line)
                    self.say('250 2.1.0 good')
            elif word == b'DATA':
                self.data(envelope)
            elif word == b'QUIT':
                self.say('221 2.0.0 bye')
                return
            else:
                self.say('250 2.0.0 good')


class SinkServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, name):
        super().__init__(('127.0.0.1', 0), Sink)
        self.name = name


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def ours():
    """The processes that run under FOLDER's MAIL_CONFIG."""
    mark = f'MAIL_CONFIG={folder}/etc'.encode()
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/environ', 'rb') as file:
                if mark in file.read().split(b'\0') and int(pid) != os.getpid():
                    yield int(pid)
        except OSError:
            pass


def kill_ours(name, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pids = list(ours())
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, name)
            except OSError:
                pass
        time.sleep(0.05)


def main():
    os.mkdir(folder + '/sink')
    serve(AuthServer(folder + '/auth', Auth))
    os.chmod(folder + '/auth', 0o666)
    sinks = [serve(SinkServer(name)) for name in ('utf8', 'ascii')]
    with open(folder + '/ports.new', 'w', encoding='ascii') as file:
        for sink in sinks:
            file.write(f'{sink.name}_port={sink.server_address[1]}\n')
    os.rename(folder + '/ports.new', folder + '/ports')
    sys.stdin.buffer.read()
    kill_ours(signal.SIGTERM, 0.5)
    kill_ours(signal.SIGKILL, 20)
    shutil.rmtree(folder, ignore_errors=True)


for wanted in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    signal.signal(wanted, signal.SIG_IGN)
main()
