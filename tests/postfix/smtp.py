# SPDX-License-Identifier: GPL-3.0-or-later
"""smtp.py: a client that sends any octets, and reads what virtual(8) has delivered.

For the programs that milter.sh plays: its ports and folders are in the environment.
"""
import base64
import hashlib
import os
import re
import socket
import sqlite3
import subprocess

from tap import PATIENCE, plan, point, wait_until

BED = os.environ['BED']
PORT = int(os.environ['PORT'])
PLAIN = int(os.environ['PLAIN'])
SUBMISSION = int(os.environ['SUBMISSION'])
HOST = os.environ['HOST']


class Smtp:
    """One connection."""

    def __init__(self, port=PORT, helo='pc.out.example'):
        self.socket = socket.create_connection(('127.0.0.1', port), PATIENCE)
        self.file = self.socket.makefile('rb')
        self.answer()
        self.ask('EHLO ' + helo)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """At once."""
        self.file.close()
        self.socket.close()

    def answer(self):
        """The next answer, all of its lines; '': the connection is cut."""
        lines = []
        while True:
            line = self.file.readline().decode('utf-8', 'replace')
            lines.append(line)
            if line[3:4] != '-':
                return ''.join(lines)

    def ask(self, line):
        """A command, and its answer."""
        self.socket.sendall((line if isinstance(line, bytes) else line.encode()) + b'\r\n')
        return self.answer()

    def login(self, user='alice@corp.example', password='secret'):
        """SMTP AUTH."""
        secret = base64.b64encode(f'\0{user}\0{password}'.encode()).decode()
        return self.ask('AUTH PLAIN ' + secret)

    def envelope(self, sender, recipients):
        """Up to DATA; sender may be followed by parameters."""
        said = self.ask('MAIL FROM:' + sender)
        for recipient in recipients:
            if said[:1] == '2':
                said = self.ask(f'RCPT TO:<{recipient}>')
        return self.ask('DATA') if said[:1] == '2' else said

    def send(self, recipient, data, sender='<a@out.example>'):
        """A message, with its line ends as they are; what DATA was answered in the end."""
        said = self.envelope(sender, [recipient] if isinstance(recipient, str) else recipient)
        if said[:3] != '354':
            return said
        data = re.sub(rb'(^|\n)\.', rb'\1..', data)
        if not data.endswith(b'\r\n'):
            data += b'\r\n'
        self.socket.sendall(data + b'.\r\n')
        return self.answer()


def queue_id(said):
    """Of the answer to a message; '': it was not taken."""
    found = re.match(r'250 .* queued as (\w+)', said)
    return found[1] if found else ''


class Box:
    """What virtual(8) has delivered, by recipient without its domain."""

    def __init__(self):
        self.seen, self.mail = set(), {}

    def look(self):
        """For what is new."""
        try:
            files = os.listdir(f'{BED}/box/new')
        except FileNotFoundError:
            files = []
        for name in set(files) - self.seen:
            self.seen.add(name)
            with open(f'{BED}/box/new/{name}', 'rb') as file:
                message = file.read()
            owner = re.search(rb'\nDelivered-To: (.*)@', message)[1].decode()
            self.mail.setdefault(owner, []).append(message)
        return self.mail

    def of(self, name):
        """The one message for NAME@box.example."""
        found = wait_until(lambda: name in self.mail or name in self.look() and self.mail[name],
                           f'mail for {name}')
        found = self.mail[name]
        if len(found) != 1:
            raise SystemExit(f'{len(found)} messages for {name}')
        return found[0]


TRACE = re.compile(
    rb'Return-Path: <[^\n]*>\nX-Original-To: [^\n]*\nDelivered-To: [^\n]*\n'
    rb'Received: from [^\n]*\n\tby ' + re.escape(HOST.encode()) +
    rb' \(Postfix\) with E?SMTPA? id (\w+)\n\tfor <[^\n]*>; [^\n]*\n')
LOCAL_TRACE = re.compile(
    rb'Return-Path: <[^\n]*>\nX-Original-To: [^\n]*\nDelivered-To: [^\n]*\n'
    rb'Received: by ' + re.escape(HOST.encode()) +
    rb' \(Postfix, from userid \d+\)\n\tid (\w+); [^\n]*\n')


def untrace(message):
    """(queue id, the message without what Postfix has put on top)."""
    found = TRACE.match(message) or LOCAL_TRACE.match(message)
    if not found:
        raise SystemExit(f'not what Postfix puts on top: {message[:500]!r}')
    return found[1].decode(), message[found.end():]


def head_of(message):
    """With its empty line, if it has one."""
    if message.startswith(b'\n'):
        return b'\n'
    at = message.find(b'\n\n')
    return message if at < 0 else message[:at + 2]


def sha256(data):
    """As the audit has it."""
    return hashlib.sha256(data).hexdigest()


def rows(query, *values):
    """From the audit."""
    database = sqlite3.connect(f'file:{os.environ["DATABASE"]}?mode=ro', uri=True, timeout=60)
    try:
        return database.execute(query, values).fetchall()
    finally:
        database.close()


def program(*arguments, data=b''):
    """barefrom -> (exit status, its output)."""
    done = subprocess.run([os.environ['PROGRAM'], '-c', f'{BED}/barefrom.conf', *arguments],
                          input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout + done.stderr if done.returncode else done.stdout


class Tap:
    """Points of a test."""

    def __init__(self):
        self.failed = 0

    def ok(self, good, name, why=''):
        """One point; `why` is shown if it fails."""
        if not point(name, bool(good)):
            self.failed += 1
            for line in str(why).splitlines()[:12]:
                print('# ' + line[:500])

    def equal(self, got, want, name):
        """One point."""
        self.failed += not point(name, got, want)

    def done(self):
        """The plan; the exit status."""
        plan()
        return 1 if self.failed else 0


def handed_in(data, *arguments):
    """Through sendmail(1), whose exit status comes back."""
    return subprocess.run([os.environ['SENDMAIL'], '-i', *arguments], input=data, check=False,
                          env={**os.environ, 'MAIL_CONFIG': f'{BED}/etc'}).returncode


def in_sink(recipient):
    """What the next hop has got for it: (envelope, message); None: nothing."""
    for name in os.listdir(f'{BED}/sink'):
        if name.endswith('.new'):
            continue
        with open(f'{BED}/sink/{name}', 'rb') as file:
            envelope, _, message = file.read().partition(b'\n\n')
        if b'RCPT TO:<' + recipient.encode() + b'>' in envelope:
            return envelope, message
    return None
