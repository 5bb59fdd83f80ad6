<?php
# SPDX-License-Identifier: GPL-3.0-or-later
# read-cclient.php: what c-client, by way of PHP, shows of the sender fields of the messages whose
# paths come in on standard input. The lines that it prints are those of read-gmime.c.

const PATIENCE = 300;    # seconds for a message
const FIELDS = ['from' => 'From', 'sender' => 'Sender', 'reply_to' => 'Reply-To'];
# What it writes behind a local part that has no domain; and behind a word of its own, which stands
# for what it cannot read.
const NO_HOST = 'no-host.invalid';
const NO_ADDRESS = '.SYNTAX-ERROR.';

function show(string $field, string $kind, ?string $text): void
{
	if ($text !== null)
		print "$field\t$kind\t" . bin2hex($text) . "\n";
}

function read_message(string $bytes): void
{
	# Its mailbox drivers give it the head alone.
	$head = preg_split('/(?:\A|\n)\r?\n/', $bytes, 2)[0];
	$message = imap_rfc822_parse_headers($head, NO_HOST);
	foreach (FIELDS as $key => $field) {
		foreach ($message->$key ?? [] as $address) {
			show($field, 'name', $address->personal ?? null);
			show($field, 'name', $address->adl ?? null);
			$mailbox = $address->mailbox ?? null;
			$host = $address->host ?? null;
			if ($host === null)    # where a group begins, or ends
				show($field, 'name', $mailbox);
			elseif ($host === NO_HOST)
				show($field, 'other', $mailbox);
			elseif ($host !== NO_ADDRESS)
				show($field, 'address', "$mailbox@$host");
		}
	}
	imap_errors();
	imap_alerts();
}

while (($path = fgets(STDIN)) !== false) {
	pcntl_alarm(PATIENCE);
	read_message(file_get_contents(rtrim($path, "\n")));
	print "done\n";
	flush();
}
