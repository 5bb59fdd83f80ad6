# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong in the filter leaves the mail in Postfix's queue, and once it is set right, a flush
# delivers it, once.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 25

snippet port-25.sh "$port"
bed_start

# queued_with REGEX: our message is in the deferred queue, and says why.
queued_with() {
	bed postqueue -j >queue
	grep "\"queue_id\": \"$queued\"" queue | grep '"queue_name": "deferred"' | grep -Eq -e "$1"
}
# survives WHAT RECIPIENT REASON BREAK REPAIR
survives() {
	what=$1 recipient=$2 reason=$3 repair=$5
	$4
	send "$port" '<a@out.example>' "$recipient" forged.eml
	ok "$what: the mail is deferred" await queued_with "$reason"
	ok "$what: and nobody has got it" not has_arrived "$recipient"
	ok "$what: the queue tells no path and no name" not grep -q -e "$tmp/[^b]" -e Jane queue
	$repair
	bed postqueue -f
	delivered "$what: set right and flushed, it arrives" "$recipient" a@out.example ESMTP bare.eml
	# shellcheck disable=SC2086
	is "$what: once" "$(ls mail/$recipient.* | wc -l)" 1
}

take_away() { mv audit away; }
bring_back() { mv away audit; }
survives 'no audit folder' audit@corp.example '"delay_reason": "barefrom: ' take_away bring_back
audited 'no audit folder: one row' "$queued" 'anonymous|sasl-fact|stripped|sent'

misspell() { cp barefrom.conf good && echo 'deadlin=5' >>barefrom.conf; }
spell() { mv good barefrom.conf; }
survives 'a typo in the settings' typo@corp.example '"barefrom: .*run barefrom config' misspell spell
audited 'a typo in the settings: one row' "$queued" 'anonymous|sasl-fact|stripped|sent'

remove() { mv bin/barefrom removed; }
restore() { mv removed bin/barefrom; }
survives 'no program' program@corp.example 'delay_reason' remove restore

# sendmail waits for ever for a folder that it cannot write: our deadline ends that. The row stays
# "pending", since what a killed sendmail did is not known, and the next try has its own.
close_drop() { cp barefrom.conf good && echo 'deadline=3' >>barefrom.conf && chmod 755 spool/maildrop; }
open_drop() { mv good barefrom.conf && chmod 1733 spool/maildrop; }
survives 'sendmail hangs' drop@corp.example '"barefrom: sendmail did not end' close_drop open_drop
audited 'sendmail hangs: two rows' "$queued" 'anonymous|sasl-fact|stripped|pending
anonymous|sasl-fact|stripped|sent'

ok 'nothing is left in the queue' await queue_is_empty
is 'as many were sent as arrived' "$(sql "$database" "SELECT count(*) FROM message WHERE outcome = 'sent'")" \
	"$(find mail -name '*@*' | wc -l)"
