# SPDX-License-Identifier: GPL-3.0-or-later
"""keeper.py FOLDER: what a private mail server needs besides itself, and its end.

Speaks Dovecot's authentication protocol on FOLDER/auth (one user: alice@corp.example, secret), and
plays two next hops: "utf8" offers SMTPUTF8, "ascii" does not; both insist on it where an address
is not ASCII, and refuse recipients called gone@. Each message they take becomes a file in
FOLDER/sink. And it is the client, a telnet for SMTP: "PORT FILE" written to the pipe FOLDER/ask types
in that dialogue (through TLS after STARTTLS, or at once for "tls:PORT"; with the certificate
FOLDER/client.pem if there is one); the answers go to FOLDER/said, and a word on how it ended to the
pipe FOLDER/answer. "serve FILE" starts that script in the background instead, and "saslauthd FILE"
answers for Cyrus SASL on that socket. FOLDER/ports names all ports. When standard input ends,
however the test has ended, every process that was started so or has FOLDER's MAIL_CONFIG in its
environment is killed, with all its descendants, and FOLDER removed.
"""
import base64
import ctypes
import itertools
import os
import random
import shutil
import signal
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading
import time

folder = os.path.abspath(sys.argv[1])
PLAIN = b'\0alice@corp.example\0secret'
PR_SET_CHILD_SUBREAPER = 36


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


class Saslauthd(socketserver.StreamRequestHandler):
    def handle(self):
        words = [self.rfile.read(struct.unpack('>H', self.rfile.read(2))[0]) for _ in range(4)]
        user = words[0] + b'@' + words[3] if words[3] else words[0]
        answer_ = b'OK' if b'\0' + user + b'\0' + words[1] == PLAIN else b'NO'
        self.wfile.write(struct.pack('>H', len(answer_)) + answer_)


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


def free_ports(names):
    """Ports that are free now, below those that the system gives out by itself."""
    ports = {}
    while len(ports) < len(names):
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
        if port not in ports.values():
            ports[names[len(ports)]] = port
    return ports


def answer(server, said):
    """One answer of the server, which may have several lines -> its code, b'' at its end."""
    while True:
        line = server.readline()
        said.write(line)
        if not line or line[3:4] != b'-':
            return line[:3]


def tls(connection):
    """Whoever the server is: tests make their certificates themselves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if os.path.exists(folder + '/client.pem'):
        context.load_cert_chain(folder + '/client.pem')
    if os.path.exists(folder + '/client-ciphers'):  # names of TLS 1.2 alone
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with open(folder + '/client-ciphers', encoding='ascii') as names:
            context.set_ciphers(names.read().strip())
    return context.wrap_socket(connection)


def type_in(port, typed, said):
    """Each line after the answer to the one before; after a granted DATA all up to the lone dot."""
    wrapped = port.startswith('tls:')
    address = '127.0.0.1', int(port.removeprefix('tls:'))
    with socket.create_connection(address, timeout=300) as plain:
        connection = tls(plain) if wrapped else plain
        server = connection.makefile('rwb')
        code = answer(server, said)
        for line in typed:
            if not code:
                return 'cut'
            server.write(line.rstrip(b'\n') + b'\r\n')
            server.flush()
            code = answer(server, said)
            if line == b'STARTTLS\n' and code == b'220':
                connection = tls(connection)
                server = connection.makefile('rwb')
            if code == b'354':
                for text in typed:
                    server.write(text.rstrip(b'\n') + b'\r\n')
                    if text == b'.\n':
                        break
                server.flush()
                code = answer(server, said)
        return 'well' if code else 'cut'


def do(word, file):
    if word == 'serve':
        with open(folder + '/mail.log', 'ab') as log:
            subprocess.Popen(['sh', file], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    elif word == 'saslauthd':
        serve(AuthServer(file, Saslauthd))
        os.chmod(file, 0o666)
    else:
        with open(file, 'rb') as typed, open(folder + '/said', 'wb') as said:
            return type_in(word, typed, said)
    return 'well'


def play_client():
    while True:
        with open(folder + '/ask', encoding='utf-8') as ask:
            words = ask.read().split()
        try:
            ended = do(*words)
        except OSError as error:
            ended = str(error)
        with open(folder + '/answer', 'w', encoding='utf-8') as file:
            file.write(ended + '\n')


def ours():
    """The processes that run under FOLDER's MAIL_CONFIG, and our descendants: orphans come to us."""
    mark = f'MAIL_CONFIG={folder}/etc'.encode()
    found, parents = set(), {}
    for pid in map(int, filter(str.isdigit, os.listdir('/proc'))):
        try:
            with open(f'/proc/{pid}/stat', 'rb') as file:
                state, parent = file.read().rsplit(b')', 1)[1].split()[:2]
            if state != b'Z':
                parents[pid] = int(parent)
            with open(f'/proc/{pid}/environ', 'rb') as file:
                if mark in file.read().split(b'\0'):
                    found.add(pid)
        except OSError:
            pass
    try:  # master(8) changes its user, so that only the capability SYS_PTRACE would show its environment
        with open(folder + '/spool/pid/master.pid', encoding='ascii') as file:
            found |= parents.keys() & {int(file.read())}
    except (OSError, ValueError):
        pass
    more = found | {os.getpid()}
    while more:
        found |= more
        more = {pid for pid, parent in parents.items() if parent in found} - found
    return found - {os.getpid()}


def kill_ours(name, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pids = ours()
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, name)
            except OSError:
                pass
        time.sleep(0.05)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.mkdir(folder + '/sink')
    serve(AuthServer(folder + '/auth', Auth))
    os.chmod(folder + '/auth', 0o666)
    sinks = [serve(SinkServer(name)) for name in ('utf8', 'ascii')]
    os.mkfifo(folder + '/ask')
    os.mkfifo(folder + '/answer')
    threading.Thread(target=play_client, daemon=True).start()
    ports = {sink.name + '_port': sink.server_address[1] for sink in sinks}
    ports.update(free_ports(['port', 'submission', 'hidden', 'dry']))
    with open(folder + '/ports.new', 'w', encoding='ascii') as file:
        for name, port in ports.items():
            file.write(f'{name}={port}\n')
    os.rename(folder + '/ports.new', folder + '/ports')
    sys.stdin.buffer.read()
    kill_ours(signal.SIGTERM, 0.5)
    kill_ours(signal.SIGKILL, 300)
    reap()
    shutil.rmtree(folder, ignore_errors=True)


for wanted in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    signal.signal(wanted, lambda *_: None)  # SIG_IGN would be inherited
main()
