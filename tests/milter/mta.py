# SPDX-License-Identifier: GPL-3.0-or-later
"""mta.py: the MTA's side of the milter protocol, version 6, as Postfix speaks it, to drive a milter
in tests.

    with Session('unix:/run/barefrom/milter.sock') as session:
        session.open()
        answer = session.send_message(b'From: "A" <a@b>\\n', b'text\\n', login='joe')
        assert answer.accepted and answer.head == b'From: a@b\\n'

As a program it is a filter; see --help.
"""
import argparse
import socket
import struct
import sys
import time
from dataclasses import dataclass, field

VERSION = 6
ACTIONS = 0x1ff  # everything that libmilter knows
PROTOCOL = 0x1fffff
CHANGE_HEADERS = 0x10
LEADING_SPACE = 0x100000
CHUNK = 65535  # of the body
PACKET_MAX = 16 * 1024 * 1024  # of a reply; far more than any milter has to say

# For each command: the protocol's bits for "not sent" and "not answered".
BITS = {
    'C': (0x1, 0x1000),
    'H': (0x2, 0x2000),
    'M': (0x4, 0x4000),
    'R': (0x8, 0x8000),
    'B': (0x10, 0x80000),
    'L': (0x20, 0x80),
    'N': (0x40, 0x40000),
    'U': (0x100, 0x20000),
    'T': (0x200, 0x10000),
    'E': (0, 0),
}
# The stages at which macros are sent, by number, and what Postfix sends if neither the milter nor
# the administrator names others. Headers and body come with those of the end of the headers.
STAGES = ('C', 'H', 'M', 'R', 'T', 'E', 'N')
MACROS = {
    'C': 'j {daemon_name} {daemon_addr} v _',
    'H': '{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}',
    'M': 'i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}',
    'R': 'i {rcpt_addr} {rcpt_host} {rcpt_mailer}',
    'T': 'i',
    'E': 'i',
    'N': 'i',
}
# Replies without data that end a command; SKIP also ends the body.
VERDICTS = {
    'a': 'accept',
    'c': 'continue',
    'd': 'discard',
    'r': 'reject',
    's': 'skip',
    't': 'tempfail',
    '4': 'shutdown',
}


class ProtocolError(Exception):
    """The milter said what no MTA would take."""


class Closed(ProtocolError):
    """The milter closed the connection where an answer was due."""


@dataclass
class Reply:
    """One packet of the milter. `kind` is a word of VERDICTS, or 'refusal' (text), 'progress' or
    'change' (nth, name, value)."""

    kind: str
    text: str = ''
    nth: int = 0
    name: bytes = b''
    value: bytes = b''

    @property
    def is_final(self):
        """It ends the command."""
        return self.kind not in ('progress', 'change')

    @property
    def goes_on(self):
        """The message, or the session, is not refused."""
        return self.kind in ('accept', 'continue', 'skip')


@dataclass
class Answer:
    """What became of one message: the last reply (of `stage`, a command's letter), the edits in
    their order, and the message as the MTA would deliver it; refused recipients are missing."""

    reply: Reply
    stage: str
    head: bytes
    body: bytes
    changes: list = field(default_factory=list)
    recipients: list = field(default_factory=list)
    progress: int = 0

    @property
    def accepted(self):
        """The milter lets it through."""
        return self.reply.goes_on


def octets(text):
    """Text of a caller, or bytes as they are."""
    return text if isinstance(text, bytes) else text.encode('utf-8')


def strings(*parts):
    """Each with the NUL that ends it."""
    return b''.join(octets(part) + b'\0' for part in parts)


def packet(command, data=b''):
    """With its length, which is right."""
    return struct.pack('!I', len(data) + 1) + octets(command) + data


def parse_reply(command, data):
    """One packet of the milter; what no MTA would take is a ProtocolError."""
    if command in VERDICTS or command == 'p':
        if data:
            raise ProtocolError(f'reply {command!r} with data {data!r}')
        return Reply(VERDICTS.get(command, 'progress'))
    if command == 'y':
        # Sendmail wants exactly one NUL, at the end, and percent signs in pairs; Postfix wants the
        # second digit group to begin as the first does.
        text = data[:-1].decode('ascii', 'strict')
        if not data.endswith(b'\0') or '\0' in text or '\r' in text or '\n' in text:
            raise ProtocolError(f'refusal is not one line: {data!r}')
        if '%' in text.replace('%%', ''):
            raise ProtocolError(f'refusal with a single percent sign: {text!r}')
        code, _, rest = text.partition(' ')
        if len(code) != 3 or not code.isdigit() or code[0] not in '45' or rest[:1] != code[0]:
            raise ProtocolError(f'refusal has no code and enhanced code: {text!r}')
        return Reply('refusal', text=text.replace('%%', '%'))
    if command == 'm':
        parts = data[4:].split(b'\0')
        if len(data) < 4 or len(parts) != 3 or parts[2] or not parts[0]:
            raise ProtocolError(f'malformed change of a header: {data!r}')
        (nth,) = struct.unpack('!I', data[:4])
        if not 1 <= nth < 1 << 31:
            raise ProtocolError(f'change of header number {nth}')
        return Reply('change', nth=nth, name=parts[0], value=parts[1])
    raise ProtocolError(f'unexpected reply {command!r} {data!r}')


def open_socket(target, timeout):
    """`unix:PATH`, a path with a slash, `inet:PORT@HOST`, `inet6:PORT@HOST`, or (host, port)."""
    if isinstance(target, tuple):
        return socket.create_connection(target, timeout)
    kind, _, rest = target.partition(':')
    if kind in ('inet', 'inet6'):
        port, _, host = rest.partition('@')
        return socket.create_connection((host.strip('[]'), int(port)), timeout)
    path = rest if kind in ('unix', 'local') else target
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    connection.connect(path)
    return connection


def split_message(data):
    """(fields, body): each field as [name, bytes behind the colon without the last line end], as
    Postfix hands them to milters: lines end in LF, another CR is a blank, a line is cut at a NUL,
    and where a line is no field, the head ends."""
    lines = data.replace(b'\r\n', b'\n').replace(b'\r', b' ').split(b'\n')
    if not lines[-1]:
        lines.pop()
    fields = []
    for at, line in enumerate(lines):
        name, colon, value = line.split(b'\0')[0].partition(b':')
        name = name.rstrip(b' \t')
        if line[:1] in (b' ', b'\t') and fields:
            fields[-1][1] += b'\n' + line.split(b'\0')[0]
        elif colon and name and all(33 <= octet <= 126 for octet in name):
            fields.append([name, value])
        else:
            return fields, b''.join(rest + b'\n' for rest in lines[at + (line == b''):])
    return fields, b''


def join_head(fields):
    """The head as the queue file holds it."""
    return b''.join(name + b':' + value + b'\n' for name, value in fields)


def apply_change(fields, change, space=b''):
    """SMFIR_CHGHEADER as Postfix does it: counted for each name without case, from 1; too far is
    appended; an empty value deletes. `space` goes before the value."""
    count = 0
    for at, (name, _) in enumerate(fields):
        if name.lower() == change.name.lower():
            count += 1
            if count == change.nth:
                if change.value:
                    fields[at] = [change.name, space + change.value]
                else:
                    del fields[at]
                return
    if change.value:
        fields.append([change.name, space + change.value])


class Session:
    """One connection to a milter. Methods named after commands send the macros and the command, and
    return the list of replies: empty where the milter said that it answers nothing, or that it does
    not want the command."""

    def __init__(self, target, timeout=60):
        self.socket = open_socket(target, timeout)
        self.buffer = b''
        self.version = self.actions = self.protocol = None
        self.lists = dict(MACROS)
        # Values by name without braces; only these are sent, where the lists name them.
        self.macros = {'j': 'mx.corp.example', 'daemon_name': 'smtpd', 'v': 'Postfix'}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Without QUIT, as when an MTA dies."""
        self.socket.close()

    # Octets.

    def raw(self, data):
        """Sends these, whatever they are."""
        self.socket.sendall(data)

    def raw_slowly(self, data, step=1, pause=0.0):
        """The same, so many at a time, each in a write of its own."""
        for at in range(0, len(data), step):
            self.socket.sendall(data[at:at + step])
            if pause:
                time.sleep(pause)

    def raw_length(self, length, data=b''):
        """A packet that says it is so long, and what follows."""
        self.raw(struct.pack('!I', length) + data)

    def _read(self, size):
        while len(self.buffer) < size:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b''
            if not more:
                raise Closed(f'closed, {self.buffer!r} was left')
            self.buffer += more
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def read_packet(self):
        """The next packet of the milter: command, data."""
        (length,) = struct.unpack('!I', self._read(4))
        if not 1 <= length <= PACKET_MAX:
            raise ProtocolError(f'a packet of {length} bytes')
        data = self._read(length)
        return chr(data[0]), data[1:]

    def read_reply(self):
        """The next packet as a Reply."""
        return parse_reply(*self.read_packet())

    def read_replies(self):
        """All up to the one that ends a command."""
        replies = []
        while not replies or not replies[-1].is_final:
            replies.append(self.read_reply())
        return replies

    def is_closed(self):
        """Waits until the milter closes the connection; False: it said something instead."""
        try:
            self.buffer += self._read(1)
        except Closed:
            return not self.buffer
        return False

    # Commands.

    def wants(self, command):
        """The milter didn't ask for it to be left out."""
        return not self.protocol & BITS[command][0]

    def answers(self, command):
        """The milter didn't say that it answers nothing."""
        return not self.protocol & BITS[command][1]

    def send_macros(self, command):
        """Those of this command's stage that have a value. Postfix sends the packet, which may be
        empty, for each command, and also for one that the milter does not want."""
        pairs = []
        for name in self.lists.get('N' if command in 'LB' else command, '').split():
            value = self.macros.get(name.strip('{}'))
            if value is not None:
                pairs += [name, value]
        self.raw(packet('D', octets(command) + strings(*pairs)))

    def command(self, command, data=b''):
        """Macros, command, replies."""
        self.send_macros(command)
        if not self.wants(command):
            return []
        self.raw(packet(command, data))
        if not self.answers(command):
            return []
        replies = self.read_replies()
        if command != 'E' and len(replies) > 1 and any(r.kind != 'progress' for r in replies[:-1]):
            raise ProtocolError(f'changes before the end of the message: {replies}')
        return replies

    def negotiate(self, version=VERSION, actions=ACTIONS, protocol=PROTOCOL):
        """Offers these, and keeps what the milter wants; it must not want more."""
        self.raw(packet('O', struct.pack('!III', version, actions, protocol)))
        command, data = self.read_packet()
        if command != 'O' or len(data) < 12:
            raise ProtocolError(f'negotiation answered with {command!r} {data!r}')
        self.version, self.actions, self.protocol = struct.unpack('!III', data[:12])
        if not 2 <= self.version <= version:
            raise ProtocolError(f'version {self.version}, offered was {version}')
        if self.actions & ~actions or self.protocol & ~protocol:
            raise ProtocolError(f'more wanted than offered: {self.actions:x} {self.protocol:x}')
        rest = data[12:]
        while rest:
            if len(rest) < 5 or b'\0' not in rest[4:]:
                raise ProtocolError(f'malformed list of macros: {rest!r}')
            (stage,) = struct.unpack('!I', rest[:4])
            names, _, rest = rest[4:].partition(b'\0')
            if stage >= len(STAGES):
                raise ProtocolError(f'macros for stage {stage}')
            if names:  # Postfix falls back to the administrator's
                self.lists[STAGES[stage]] = names.decode('ascii')
        return self

    def connect(self, host='pc.out.example', address='192.0.2.7', port=40000):
        """The family follows from the address; None: unknown; port 0: no SMTP client."""
        if address is None:
            data = strings(host) + b'U'
        else:
            family = 'L' if '/' in address else '6' if ':' in address else '4'
            data = strings(host) + octets(family) + struct.pack('!H', port) + strings(address)
        name = 'unknown' if host.startswith('[') else host
        self.macros.update(_=f'{name} [{address}]', client_addr=address or 'unknown',
                           client_port=str(port))
        return self.command('C', data)

    def helo(self, name='pc.out.example'):
        """EHLO and HELO look alike."""
        return self.command('H', strings(name))

    def mail(self, sender='<sender@out.example>', *parameters):
        """The address as it is, with or without <>."""
        self.macros['mail_addr'] = octets(sender).strip(b'<>')
        return self.command('M', strings(sender, *parameters))

    def rcpt(self, recipient='<you@corp.example>', *parameters):
        """The address as it is, with or without <>."""
        self.macros['rcpt_addr'] = octets(recipient).strip(b'<>')
        return self.command('R', strings(recipient, *parameters))

    def data(self):
        """DATA"""
        return self.command('T')

    def unknown(self, line):
        """A command that the MTA does not know."""
        return self.command('U', strings(line))

    def header(self, name, value):
        """`value` is all behind the colon; its first blank goes where the milter has not asked for
        it."""
        value = octets(value)
        if not self.protocol & LEADING_SPACE and value.startswith(b' '):
            value = value[1:]
        return self.command('L', strings(name, value))

    def eoh(self):
        """End of the headers."""
        return self.command('N')

    def body(self, data):
        """In pieces, with CR LF."""
        data = data.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
        replies = []
        for at in range(0, len(data), CHUNK):
            replies += self.command('B', data[at:at + CHUNK])
            if replies and replies[-1].kind != 'continue':
                break
        return replies

    def eom(self):
        """End of the message: changes, progress, and the reply."""
        return self.command('E')

    def abort(self):
        """RSET, or a message that the MTA gives up; it has no reply."""
        self.raw(packet('A'))

    def quit(self):
        """End of the session and of the connection."""
        self.raw(packet('Q'))
        self.close()

    def quit_nc(self):
        """End of the session; the next begins with connect() on this connection. Only Sendmail
        sends it, and libmilter takes it only just behind the end of a message."""
        self.raw(packet('K'))

    # What an MTA does with them.

    def open(self, host='pc.out.example', address='192.0.2.7', port=40000, helo=None):
        """negotiate(), unless done, connect() and helo()."""
        if self.version is None:
            self.negotiate()
        for replies in (self.connect(host, address, port), self.helo(helo or host)):
            if replies and not replies[-1].goes_on:
                raise ProtocolError(f'the session is refused: {replies[-1]}')
        return self

    def send_message(self, head, body=b'', sender='<sender@out.example>',
                     recipients=('<you@corp.example>',), login=None, queue_id='4ABCDE0001',
                     macros=(), abort=True):
        """One message through all its commands, in an open session, with the ABORT behind it that
        Postfix sends and Sendmail does not. `head` may hold an empty line and a body of its own;
        `login` is {auth_authen}, None: no login; `macros` are more values."""
        fields, rest = split_message(head)
        answer = Answer(Reply('continue'), 'M', join_head(fields), rest + body)
        before = self.macros
        self.macros = {**before, **dict(macros)}
        if login is not None:
            self.macros.update(auth_authen=login, auth_type='PLAIN')
        for stage, replies in self._commands(fields, answer, sender, recipients, queue_id):
            answer.stage = stage
            answer.progress += sum(reply.kind == 'progress' for reply in replies)
            answer.changes += [reply for reply in replies if reply.kind == 'change']
            if replies:
                answer.reply = replies[-1]
            if stage == 'R' or answer.reply.kind in ('continue', 'skip'):
                continue
            break
        if answer.changes and not self.actions & CHANGE_HEADERS:
            raise ProtocolError(f'changes that were not negotiated: {answer.changes}')
        if answer.accepted:
            space = b'' if self.protocol & LEADING_SPACE else b' '
            for change in answer.changes:
                apply_change(fields, change, space)
            answer.head = join_head(fields)
        if abort:
            self.abort()
        self.macros = before
        return answer

    def _commands(self, fields, answer, sender, recipients, queue_id):
        """Sends one after the other, and yields its letter and its replies."""
        yield 'M', self.mail(sender)
        for recipient in recipients:
            replies = self.rcpt(recipient)
            if not replies or replies[-1].goes_on:
                answer.recipients.append(recipient)
                self.macros['i'] = queue_id  # Postfix has it once a recipient is accepted
            yield 'R', replies
        if not answer.recipients:
            return
        answer.reply = Reply('continue')
        yield 'T', self.data()
        for name, value in fields:
            yield 'L', self.header(name, value)
        yield 'N', self.eoh()
        if self.wants('B'):
            yield 'B', self.body(answer.body)
        yield 'E', self.eom()


def main():
    """A filter: the message on standard input, as the MTA would deliver it on standard output."""
    parser = argparse.ArgumentParser(description="""Sends the message on standard input to a milter,
        and writes it as an MTA would deliver it. Exit status: 0, or 75 (4xx) or 69 (5xx, discarded)
        with the reply on standard error.""")
    parser.add_argument('target', help='unix:PATH, inet:PORT@HOST or inet6:PORT@HOST')
    parser.add_argument('--host', default='pc.out.example')
    parser.add_argument('--address', default='192.0.2.7')
    parser.add_argument('--port', type=int, default=40000)
    parser.add_argument('--helo')
    parser.add_argument('--login', help='that of SMTP AUTH; without it there is none')
    parser.add_argument('--sender', default='<sender@out.example>')
    parser.add_argument('--recipient', action='append')
    parser.add_argument('--queue-id', default='4ABCDE0001')
    parser.add_argument('--macro', action='append', default=[], metavar='NAME=VALUE')
    parser.add_argument('--times', type=int, default=1, help='messages in the session')
    options = parser.parse_args()
    macros = dict(macro.split('=', 1) for macro in options.macro)
    message = sys.stdin.buffer.read()
    with Session(options.target) as session:
        session.macros.update(macros)
        session.open(options.host, options.address, options.port, options.helo)
        for _ in range(options.times):
            answer = session.send_message(message, b'', options.sender,
                                          options.recipient or ('<you@corp.example>',),
                                          options.login, options.queue_id)
            if not answer.accepted:
                break
            sys.stdout.buffer.write(answer.head + b'\n' + answer.body)
        session.quit()
    if answer.accepted:
        return 0
    print(answer.reply.text or answer.reply.kind, file=sys.stderr)
    return 75 if answer.reply.kind == 'tempfail' or answer.reply.text[:1] == '4' else 69


if __name__ == '__main__':
    sys.exit(main())
