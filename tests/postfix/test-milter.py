# SPDX-License-Identifier: GPL-3.0-or-later
"""test-milter.py SOCKET [bare]: a milter for tests, on unix:PATH or inet:PORT@HOST. On top of each message
it puts a field X-Seen with the From that it was given, and appends to SOCKET.log (unix) what came: a
line for each command. "bare" stands in for barefrom-milter: instead of the field it makes From bare, where
it has an address in angles. One thread a connection.
"""
import os
import re
import socketserver
import struct
import sys

NO_BODY, LEADING_BLANKS = 0x10, 0x100000
ADD, CHANGE = 0x01, 0x10


class Session(socketserver.StreamRequestHandler):
    def reply(self, code, data=b''):
        self.wfile.write(struct.pack('>I', len(data) + 1) + code + data)
        self.wfile.flush()

    def handle(self):
        fields = []
        while True:
            size = self.rfile.read(4)
            if len(size) < 4:
                return
            packet = self.rfile.read(struct.unpack('>I', size)[0])
            code, data = packet[:1], packet[1:]
            if log:
                with open(log, 'a', encoding='ascii') as file:
                    file.write(f'{code.decode()} {data!r}\n')
            if code == b'O':
                actions, steps = struct.unpack('>II', data[4:12])
                self.reply(b'O', struct.pack('>III', 6, actions & (ADD | CHANGE),
                                             steps & (NO_BODY | LEADING_BLANKS)))
            elif code == b'Q':
                return
            elif code in b'DAK':  # macros, an abort, the end before another session
                continue
            elif code == b'M':
                fields = []
                self.reply(b'c')
            elif code == b'L':
                fields.append(data.split(b'\0')[:2])
                self.reply(b'c')
            elif code == b'E':
                self.end(fields)
                self.reply(b'c')
            else:
                self.reply(b'c')

    def end(self, fields):
        senders = [value for name, value in fields if name.lower() == b'from']
        if not bare:
            self.reply(b'i', struct.pack('>I', 0) + b'X-Seen\0 ' + b','.join(senders).strip() + b'\0')
            return
        for index, value in enumerate(senders, 1):
            address = re.search(rb'<([^<>]+)>\s*$', value)
            if address:
                self.reply(b'm', struct.pack('>I', index) + b'From\0 ' + address[1] + b'\0')


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads, request_queue_size = True, 100


class Inet(socketserver.ThreadingTCPServer):
    daemon_threads, request_queue_size = True, 100


kind, _, at = sys.argv[1].partition(':')
bare = sys.argv[2:] == ['bare']
log = at + '.log' if kind == 'unix' else None
if kind == 'unix':
    server = Unix(at, Session)
    os.chmod(at, 0o660)
else:
    port, _, host = at.partition('@')
    server = Inet((host, int(port)), Session)
server.serve_forever()
