# SPDX-License-Identifier: GPL-3.0-or-later
"""client.py PORT: a telnet for SMTP. Standard input is what is typed, a line at a time, each after
the answer to the one before; after a DATA that is granted, all lines up to the lone dot. What the
server says goes to standard output. Ends with 1 when the server goes away too early.
"""
import socket
import sys


def answer(server):
    """One answer of the server, which may have several lines -> its code, '' at its end."""
    while True:
        line = server.readline()
        sys.stdout.buffer.write(line)
        if not line or line[3:4] != b'-':
            return line[:3].decode(errors='replace')


def main():
    connection = socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=60)
    server = connection.makefile('rwb')
    typed = sys.stdin.buffer
    code = answer(server)
    for line in typed:
        if not code:
            return 1
        line = line.rstrip(b'\n')
        server.write(line + b'\r\n')
        server.flush()
        code = answer(server)
        if code == '354':
            for text in typed:
                server.write(text.rstrip(b'\n') + b'\r\n')
                if text == b'.\n':
                    break
            server.flush()
            code = answer(server)
    return 0 if code else 1


sys.exit(main())
