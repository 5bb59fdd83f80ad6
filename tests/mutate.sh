# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/mutate.sh [NAME...]: breaks one rule of the core, the audit, the milter or the way through
# them at a time, in a copy, and shows that a test of the suites unit or golden fails each time. Not
# part of tests/run.sh: it takes minutes. Exit 0: every mutant was caught.
# sh tests/mutate.sh -n: breaks nothing, names the mutants that find nothing to break.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
work=$root/build-tests/mutants
caught=0 alive=0
only=" $* "
if [ "$*" = -n ]; then
	cd "$root" || exit 1
	mutant() {
		sed -E "$3" "$2" | cmp -s "$2" - || return
		echo "STALE   $1: $2 has no such line"
		alive=$((alive + 1))
	}
else

	rm -rf "$work" && mkdir -p "$work" || exit 1
	cp -R "$root/src" "$root/tests" "$root/data" "$root/meson.build" "$root/meson_options.txt" "$work" || exit 1
	cd "$work" && cp -R src pristine || exit 1
	export CFLAGS=-O0 LC_ALL=C.UTF-8
	meson setup build >setup.log 2>&1 || { cat setup.log; exit 1; }
	passes() {
		ninja -C build >build.log 2>&1 || return 2
		meson test -C build --no-rebuild --suite unit --suite golden --maxfail 1 >test.log 2>&1 || return 1
	}
	passes || { cat build.log test.log; echo 'The tests fail without any mutant.'; exit 1; }

	# mutant NAME FILE SED: one rule broken.
	mutant() {
		name=$1 file=$2
		[ "$only" = '  ' ] || case $only in *" $name "*) ;; *) return ;; esac
		cp "pristine/${file#src/}" "$file"
		sed -i -E "$3" "$file"
		if cmp -s "pristine/${file#src/}" "$file"; then
			echo "STALE   $name: $file has no such line"
			alive=$((alive + 1))
			return
		fi
		passes
		case $? in
		0)
			echo "ALIVE   $name"
			alive=$((alive + 1))
			;;
		2)
			echo "STALE   $name: does not compile"
			alive=$((alive + 1))
			;;
		*)
			echo "caught  $name: $(sed -n 's/^ *[0-9/]* *barefrom:\([^ ]*\) \/ \([^ ]*\) *\(FAIL\|ERROR\).*/\1 \2/p' \
				test.log | head -n 1)"
			caught=$((caught + 1))
			;;
		esac
		cp "pristine/${file#src/}" "$file"
	}
fi

a=src/core/address.c
mutant name-cut-undecoded src/core/address.h 's/(ADDRESS_NAME_MAX) 16384/\1 998/'
mutant name-not-cut src/core/encoded.c 's/text_cut\(decoded \? decoded : valid, TEXT_MAX\)/g_strdup(decoded ? decoded : valid)/'
mutant nul-is-understood $a "s/if \(\*c == '.0'\)/if (false)/"
mutant bare-cr-is-understood $a "s/if \(c \+ 1 == end \|\| c\[1\] != '.n'\)/if (false)/"
mutant encoded-word-in-addr-spec $a 's/ \|\| has_encoded_word\(spec->str\)//'
mutant encoded-word-needs-letter $a 's/if \(g_ascii_isalpha\(mark\[1\]\) /if (mark[1] /'
mutant format-characters $a '/case G_UNICODE_FORMAT:/d'
mutant space-characters $a '/case G_UNICODE_SPACE_SEPARATOR:/d'
mutant invalid-utf8 $a 's/if \(!g_utf8_validate_len\(spec->str, spec->len, NULL\) \|\| /if (/'
mutant two-words-in-a-row $a '/^read_local_part/,/^}/s/if \(atom\)$/if (false)/'
mutant two-atoms-in-a-domain $a '/^read_dot_atom/,/^}/s/if \(atom\)$/if (false)/'
mutant domain-begins-with-dot $a '/^read_dot_atom/,/^}/s/if \(!atom\)$/if (false)/'
mutant literal-holds-anything $a '/^read_literal/,/^}/s/return false;$/;/'
mutant two-angle-addresses $a 's/p->n_angles > 1 \|\| !p->angle_ends/!p->angle_ends/'
mutant text-after-angle $a 's/p->n_angles > 1 \|\| !p->angle_ends/p->n_angles > 1/'
mutant mark-without-address $a 's/if \(!p->address.text && p->has_mark\)/if (false)/'
mutant mark-before-colon $a 's/if \(p->has_mark \|\| p->has_empty_angle\)/if (false)/'
mutant comment-keeps-bare $a '/^add_comment\(/,/^}/{s/p->list->bare = false;/;/;s/show_text\(p\);/p->list->shows_text = true;/}'
mutant group-keeps-bare $a '/^step_colon/,/^}/s/show_name\(p\);/p->list->shows_text = true;/'
mutant semicolon-keeps-bare $a '/^step_separator/,/^}/s/show_text\(p\);/p->list->shows_text = true;/'
mutant route-keeps-bare $a '/if \(routed\)/,/bare/s/bare = false/bare = true/'
mutant name-keeps-bare $a '/^show_name/,/^}/s/show_text\(p\);/p->list->shows_text = true;/'
mutant blank-comment-shows $a 's/shows = shows \|\| !lexer_is_blank\(\*at\);/shows = true;/'
mutant literal-anywhere $a "s/bool literal = \*start == '\[' && p->after_at;/bool literal = *start == '[';/"
mutant comments-do-not-nest src/core/lexer.c "s/\+\+depth > DEPTH_MAX/(depth = 1) > DEPTH_MAX/"
mutant no-quoted-pairs src/core/lexer.c "/^skip_closed_by/,/^}/s/if \(\*l->at == '..'\) \{/if (false) {/"
mutant no-quoted-pairs-in-comments src/core/lexer.c "/^lexer_skip_comment/,/^}/s/if \(\*l->at == '..'\) \{/if (false) {/"
mutant comments-nest-in-traces src/core/lexer.c 's/ && !l->deep\)/ \&\& false)/'
mutant comments-of-a-bounded-depth src/core/lexer.c 's/ && !l->deep\)/)/'
mutant fold-width $a 's/#define LINE_MAX_BYTES 78/#define LINE_MAX_BYTES 79/'
mutant addr-spec-then-rest $a '/if \(read_addr_spec\(&l, &p->address\)/s/l.at < end/false/'
mutant quoted-local-part-holds-anything $a '/^read_quoted_local_part/,/^}/s/if \(!blank && .*/if (false)/'
mutant quoted-local-part-of-blanks $a 's/return any && lexer_skip_cfws\(l\);/return lexer_skip_cfws(l);/'
mutant odd-dots-bare $a 's/if \(odd \|\| !atom\) \{/if (false) {/'
mutant odd-dots-at-the-end $a 's/if \(odd \|\| !atom\) \{/if (odd) {/'
mutant last-dot-stays $a "s/if \(spec->str\[spec->len - 1\] == '.'\)/if (false)/"
mutant last-dot-of-a-literal $a "/^read_domain/,/^}/s/if \(at_char\(l, '.'\)\)$/if (false)/"

s=src/core/strip.c
mutant apparently-from-left $s 's/\{ NAME\("Apparently-From"\), /{ NAME("Apparently-For"), /'
c=src/core/scope.c
mutant resolve-anonymous $s 's/ && !policy->resolve_anonymous//'
mutant unknown-counts-as-anonymous $s 's/ && policy->unknown_is_anonymous\)/)/'
mutant scope-ignored $s 's/decision->in_scope && !policy->resolve_anonymous;/!policy->resolve_anonymous;/'
mutant scope-before-verify $s 's/if \(!value->built\) \{/if (false) {/'
mutant too-many-are-kept $s 's/else if \(too_many\)/else if (false)/'
mutant too-many-not-always $s 's/else if \(too_many\)/else if (edit \&\& too_many)/'
mutant too-many-addresses $s 's/ \|\| senders > ADDRESSES_MAX;/;/'
mutant too-many-in-one-field $s 's/too_many = list->has_too_many \|\| /too_many = /'
mutant too-many-in-a-value src/core/address.c 's/if \(list->addresses->len == ADDRESSES_MAX\)/if (false)/'
mutant scope-subdomains $c "s/ \|\| domain\[length - tail - 1\] == '\.'//"
mutant scope-suffix $c "s/\(length == tail \|\| domain\[length - tail - 1\] == '\.'\)/true/"
mutant scope-text-only $c 's/if \(!list->understood \|\| \(list->shows_text .*$/if (!list->understood)/'
mutant scope-decoded-once $c 's/for \(int i = 0; i < 2 && strstr\(last/for (int i = 0; i < 1 \&\& strstr(last/'
mutant scope-normalized $c 's/char \*normal = taken_apart\(text\);/char *normal = g_strdup(text);/'
mutant scope-first-end-alone $c 's/for \(; address_is_atext\(\*at\) /for (; (address_is_atext(*at) \&\& !strchr("+~", *at)) /'
mutant scope-last-end-alone $c 's/if \(was_part && !is_part && /if (false \&\& /'
mutant scope-folds-the-whole $c '/^domain_in/,/^}/s/if \(folded_in\(at, /if (false \&\& folded_in(at, /'
mutant scope-long-domain $c 's/if \(end - before > MIME_DOMAIN_MAX\)/if (false)/'
mutant scope-many-folds $c '/^domain_in/,/^}/s/if \(scope->folds == 0\)/if (false)/'
mutant scope-not-folded $c 's/return is_or_is_below\(folded, .*/return false;/'
mutant unassigned-ignorable src/util/unicode.c 's/ \|\| c == 0x2065//'
mutant scope-ignorables $c 's/return shown->len < strlen\(text\) && .*$/return false;/'
mutant scope-odd-charset $c 's/ \|\| has_odd_charset\(.*\)\) \{/) {/'
mutant scope-by-recipients $s 's/if \(!place->field->is_recipient\)$/if (true)/'
mutant scope-pieces $c '/^text_or_normal_in_domains/,/^}/s/pieces_in_domains\([^;]*;/false;/'
mutant scope-pieces-comments $c '/^pieces_in_domains/,/^}/s/if \(pieces_add\(level, /if (false \&\& pieces_add(level, /'
mutant scope-pieces-quoted-pair $c "s/bool is_quoted = .*/bool is_quoted = false;/"
mutant scope-pieces-anywhere $c 's/if \(!pieces->reads \|\| !pieces->may_end\)/if (!pieces->reads)/; s/pieces->reads = pieces->reads && is_passed_over\(c\);/;/'
mutant scope-pieces-last $c '/^pieces_in_domains/,/^}/s/if \(pieces_end\(&levels.*/if (false)/'
mutant junk-stays $s 's/head_add_continuing\(head, senders\);/;/'
mutant junk-keeps-its-line-end $s 's/from = here->goes_on \? .*/from = here->end;/'
mutant junk-is-ambiguous $s 's/if \(place->after && !here->goes_on &&/if (place->after \&\&/'
mutant junk-keeps-bare $s 's/list->bare = list->bare && !at->is_continued;/;/'
mutant recipients-hide-senders $s '/^find_places\(/,/^}/s/if \(!lists_recipients\(fields\)\)/if (true)/; s/sender_field\(fields\[i\]\)->is_recipient == recipients/true/'
mutant recipients-overlap-senders $s 's/if \(s == senders->len \|\| .*/if (true)/'
mutant recipients-around-senders $s 's/if \(s == senders->len \|\| .*/if (s == senders->len)/'
mutant recipients-in-one-item-with-junk $s 's/part_items\(all\);/;/'
mutant recipients-above-junk $s '/^part_items/,/^}/s/if \(here->item_offset \+ here->item_length > above\)/if (false)/'
mutant recipients-below-junk $s '/^part_items/,/^}/s/if \(here->item_offset < below\)/if (false)/'
mutant recipients-in-senders $s '/^find_recipients/,/^}/s/memset\(.*/;/'
mutant recipients-get-placeholder $s '/^make_bare/,/^}/s/else if \(place->field->is_recipient\)/else if (false)/'
mutant ambiguous-line-ends $s '/ambiguous = true/s/true/false/'
mutant refuses-without-edit $s 's/else if \(place->after && !here->goes_on &&/else if (!here->goes_on \&\&/'
mutant head-too-long $s 's/if \(!complete\)/if (false)/'
mutant blanks-go $s 's/return length \? \(Span\)\{ value.data, length \} : /return /'
mutant gmime-not-asked $s 's/good = mime_agrees\(.*/;/'
mutant nothing-shown-is-replaced $s 's/ \|\| \(!list->shows_text && list->addresses->len == 0\)\)\)/))/'
mutant edit-name-of-last-place $s 's/edit.action = MAX\(edit.action, place->action\)/edit.action = place->action/'

e=src/core/edit.c
mutant container-is-not-found $s 's/edit_find_containers\(head, decision->edits\);/;/'
mutant container-of-another-number $e 's/container_nth = edit->nth;/container_nth = 1;/'
mutant container-counts-edits-alone $e 's/= \+\+(g_array_index\(names, Named, found\).seen);/= left \&\& edit->offset == item.offset ? ++\1 : 0;/'
mutant container-of-another-case $e 's/return g_ascii_strncasecmp\(x->data/return strncmp(x->data/'
mutant container-of-another-case-if-long $e 's/return eight \| .*/return eight;/; s/return g_ascii_strncasecmp\(x->data/return strncmp(x->data/'
mutant container-of-a-like-name $e 's/return eight \| .*/return eight | 0x2020202020202020;/'
mutant value-with-line-end $e 's/return item.value;/return (Span){ item.value.data, size - (size_t)(item.value.data - bytes) };/'
mutant undo-whole-head-alone $e 's/ \|\| find_part\(&search, (delivered|&lf)\)//'
mutant undo-no-crlf $e 's/if \(!length \|\| !memmem.*/if (true)/'
mutant undo-nothing-below $e 's/while \(at > 0 && n <= BELOW_MAX\)/while (false)/'
mutant undo-needs-empty-line $e 's/if \(line.length == 0 && ends_line\)/if (false)/'
mutant undo-always-empty-line $e 's/more = line.length > 0;/more = false;/'
mutant undo-above-unbounded $e 's/at < end && lines <= ABOVE_MAX/at < end/'
mutant undo-from-line-counts $e 's/lines \+= at > top/lines++/'
mutant undo-from-line-continues $e 's/bool begins = at <= top \|\| /bool begins = at == 0 || /'
mutant undo-from-field-is-no-field $e 's/ \|\| item\.is_field\)$/)/'
mutant undo-head-without-fields-unseen $e 's/\(ends\[n\] == from && from < head->fields_end\)/ends[n] == from/'
mutant undo-head-without-fields-anywhere $e 's/ && from < head->fields_end\)/)/; s/if \(ends\[n\] < from \|\| \(ends\[n\] == from\)\)/if (ends[n] < from)/'
mutant undo-head-without-fields-in-a-mailbox $e 's/return top == end && find_from.*/return false;/'
mutant undo-placements-unbounded $e 's/tries < PLACEMENTS_MAX && //'
mutant undo-needs-its-return-path $e 's/bool found = above.length > 0 &&/bool found = false \&\&/'
mutant undo-return-path-has-no-length $e 's/gint64 end = \(gint64\)u->missing.length;/gint64 end = 0;/'
mutant undo-last-return-path $e 's/if \(above.length == 0 && next/if (next/'
mutant undo-guesses $e 's/return g_str_equal\(sha256, before_sha256\);/return true;/'
mutant undo-anywhere $e 's/if \(!stands_at\(u, i, at\)\)/if (false)/'
mutant undo-first-placement $e 's/from = u->places\[i\] \+ 1;/return false;/'
mutant undo-positions-unread $e 's/has_positions = has_positions \&\& .*/has_positions = false;/'
mutant undo-drops-the-foot $e 's/put\(to, found->bytes.data \+ found->to, behind\);/memset(to, 0, behind);/'
mutant line-ends-cut $e 's/ret_found->lf\[length\+\+\] = .*/;/'
mutant line-ends-behind-blocks src/util/lines.c 's/while \(end - at > BLOCK && /while (end - at >= 0 \&\& end - at > BLOCK - 20 \&\& /'
mutant line-ends-without-avx2 src/util/lines.c '/^lines_count/,/^}/s/return count\(bytes, length\);/return count(bytes, 0);/'
mutant line-ends-of-two-pieces src/util/lines.c 's/\*cr = true;/*cr = bytes + 1 < end;/'

q=src/store/originals.c
mutant undo-adds-a-row src/mail/run.c 's/if \(run->originals\)$/if (run->originals \&\& !run->ledger)/'
mutant undo-run-is-mbox src/mail/run.c 's/run->originals \? "mbox --undo" : "mbox"/"mbox"/'
mutant undo-counts-nothing src/mail/run.c 's/ledger_count\(run->ledger, run->messages\);/;/'
mutant undo-leaves-quietly src/mail/run.c 's/ \|\| run_not_undone\(run\) > 0 / /'
mutant undo-changes-nothing src/mail/run.c '/^run_changed/,/^}/s/run->undone\[UNDO_DONE\]/0/'
mutant undo-body-keeps-crlf src/mail/mailbox.c 's/if \(!was_in_head && p->job.lf && /if (false \&\& /'
mutant undo-last-cr src/mail/mailbox.c 's/if \(ends && p->cr\)/if (false)/'
mutant undo-maildir-keeps-crlf src/mail/maildir.c 's/job->lf \? message_copy_lf : message_copy/message_copy/'
mutant undo-maildir-sizes src/mail/maildir.c 's/\(gint64\)lseek\(fd, 0, SEEK_CUR\)/old->st_size + (gint64)size - (gint64)before->length/'
mutant undo-not-loaded src/mail/undo.c 's/if \(ret_undone->result != UNDO_UNKNOWN \|\| .*/if (true)/'
mutant undo-of-any-row src/mail/undo.c 's/if \(ret_undone->row.differ\)/if (false)/'
mutant undo-forgets-line-ends src/mail/undo.c 's/ret_undone->lf = found->lf != NULL;/;/'
mutant undo-kept-before-changed $q 's/return g_hash_table_contains\(o->changed, key_of\(sha256\)\);/return !originals_had(o, sha256) \&\& g_hash_table_contains(o->changed, key_of(sha256));/'
mutant undo-knows-no-original $q '/^originals_load/,/^}/s/add_key\(o->left, s, 1\);/;/'
mutant undo-chosen-loosely $q 's/if \(o->chosen && .*/if (false)/'
mutant undo-reads-rows-for-each-message $q 's/ && few\.read > ROWS_REREAD\)/ \&\& false)/'
mutant undo-reads-rows-twice $q 's/sqlite3_bind_int64\(s, 2, rows->last\);/sqlite3_bind_int64(s, 2, G_MININT64);/'
mutant undo-of-many-rows-misses-new-ones $q 's/bool good = read_rows/bool good = many || read_rows/'
mutant undo-rows-differ $q 's/original->differ = original->differ \|\| .*/;/'
mutant undo-ids-without-end $q 's/if \(n < IDS_SHOWN\)/if (true)/'
mutant undo-position-unread $q 's/SELECT before, after, position FROM edit/SELECT before, after, NULL FROM edit/'

u=src/core/submission.c
mutant login-word $u 's/return g_ascii_strcasecmp\(word, "a"\) == 0;/return true;/'
mutant asmtp $u 's/if \(g_ascii_strcasecmp\(with, "asmtp"\) == 0\)/if (false)/'
mutant lmtp-is-no-delivery $u '/^word_is_delivery/,/^}/s/return \*with == .*/return false;/'
mutant plain-smtp-conflicts $u 's/\{ "ESMTP", "ESMTPS",/{ "SMTP", "ESMTP", "ESMTPS",/'
mutant utf8smtps-conflicts-not $u 's/, "UTF8SMTPS", NULL/, NULL/'
mutant by-not-checked $u '/^is_ours/,/^}/s/if \(is_host_of\(.*\)$/if (true)/'
mutant queue-id-makes-ours $u '/^is_ours/,/^}/s/return i == 0 &&/return false \&\&/'
mutant queue-id-everywhere $u '/^is_ours/,/^}/s/return i == 0 &&/return/'
mutant empty-login-everywhere $u 's/bool fact_against = is_last_session\(w, i\) && /bool fact_against = /'
mutant empty-login-ignored $u 's/bool fact_against = is_last_session\(w, i\) && fact_says_no_login\(w->facts\);/bool fact_against = false;/'
mutant conflict-without-queue-id $u 's/e == EVIDENCE_YES && has_our_queue_id\(w\)/e == EVIDENCE_YES/'
mutant malformed-is-believed $u '/^walk\(/,/^}/s/if \(r->bad\) \{/if (false) {/'
mutant fetch-is-a-hop $u 's/if \(r->with && word_is_fetch\(r->with\)\)/if (false)/'
mutant filter-uids-last-hop $u 's/if \(more && is_local_user_of\(r, /if (is_local_user_of(r, /'
mutant user-uids-ignored $u 's/if \(is_local_user_of\(r, w->trust->user_uids\)\)/if (false)/'
mutant user-uids-by-name-alone $u 's/ \|\| is_listed\(r->local_uid, uids\)//'
mutant local-submission-for-all $u 's/if \(r->is_local_nobody && w->trust/if (w->trust/'
mutant local-submission-ignored $u 's/ && w->trust->local_is_trusted\)/)/'
mutant qmail-uid-of-anybody $u 's/is_listed\(r->qmail_uid, w->trust->filter_uids\)/r->qmail_uid/'
mutant qmail-uid-ignored $u 's/ \|\| is_listed\(r->qmail_uid, w->trust->filter_uids\)//'
mutant relays-ignored $u 's/if \(more && network_holds\(trust->relay_nets, r->peer\)\)/if (false)/'
mutant relay-accounts-in-trace $u '/^judge_login/,/^}/s/if \(relay\)/if (false)/'
mutant relay-accounts-of-one-login $u 's/r->users && i < r->users->len/r->users \&\& i < 1/'
mutant relay-accounts-in-ascii $u 's/same = folded && listed \?/same = false ?/'
mutant relay-accounts-in-fact $u 's/if \(is_relay_account\(login, /if (false \&\& is_relay_account(login, /'
mutant trusted-client-by-peer $u 's/if \(network_holds\(trust->trusted_clients, r->peer\)\)/if (false)/'
mutant trusted-client-by-fact $u 's/\} else if \(trusts_client_fact\(w\)\)/} else if (false)/'
mutant submission-by-against-fact $u 's/\} else if \(fact_against\) \{/} else if (fact_against \&\& !is_host_of(r->by, trust->submission_by)) {/'
mutant hidden-by-when-not-silent $u 's/\(e == EVIDENCE_SILENT && is_host_of\(r->by, /(is_host_of(r->by, /'
mutant webmail-anywhere $u 's/if \(is_of_webmail\(r\) && is_host_of\(.*/if (is_of_webmail(r)) {/'
mutant webmail-words-begin $u 's/return r->is_http \|\| is_one_of\(r->with, words\);/return r->is_http || (r->with \&\& !g_ascii_strncasecmp(r->with, "HTTP", 4)) || is_one_of(r->with, words);/'
mutant dialect-always-on $u 's/if \(has_dialect\(trust, r->by, r->dialect\)\)/if (r->dialect != DIALECT_NONE)/'
mutant dialect-of-another-host src/core/submission.c 's/ \&\& \(!rule->host .*\)\)$/)/'
mutant results-of-another-id $u 's/ \|\| g_ascii_strcasecmp\(one->authserv_id, id\) != 0//'
mutant results-below $u 's/\(trust->ar_stripped \? 1 : 0\)/1/'
mutant results-never-below $u 's/\(trust->ar_stripped \? 1 : 0\)/0/'
mutant results-twice $u '/^own_results/,/^}/s/if \(found\)$/if (false)/'
mutant results-twice-in-one $u 's/found->auths == 1 && //'
mutant results-failed $u 's/ && found->pass / /'
mutant results-for-a-relay-account $u 's/if \(is_relay_account\(result->user, /if (false \&\& is_relay_account(result->user, /'
mutant results-for-a-shown-session $u 's/if \(e == EVIDENCE_SILENT \|\| w->trust->ar_stripped\)/if (true)/'
mutant results-only-for-silence $u 's/if \(e == EVIDENCE_SILENT \|\| w->trust->ar_stripped\)/if (e == EVIDENCE_SILENT)/'
mutant boundary-of-relays $u 's/if \(hop->role != ROLE_BOUNDARY\)/if (false)/'
mutant boundary-client-fact $u 's/if \(!counts && w->facts/if (!s->peer \&\& w->facts/'
mutant recipients-below $u '/^note_boundary/,/^}/s/if \(hop->role == ROLE_UNTRUSTED\)/if (false)/'
mutant relay-account-beside-a-fact $u 's/else if \(\(login \|\| listener\) && /else if (false \&\& /'
mutant listener-ignored $u 's/else if \(listener\)$/else if (false)/'
mutant login-fact-ignored $u 's/else if \(login\)$/else if (false)/'
mutant session-is-no-hop $u 's/if \(facts->session\) \{/if (false) {/; s/if \(facts->session\)$/if (false)/'
mutant session-is-a-trace $u 's/if \(facts->session\)$/if (false)/'
mutant session-of-any-relay $u '/^judge_session/,/^}/s/network_holds\(trust->relay_nets, r->peer\)/true/'
mutant session-of-no-relay $u '/^judge_session/,/^}/s/network_holds\(trust->relay_nets, r->peer\)/false/'
mutant session-relay-last $u '/^judge_session/,/^}/s/w->result->hops->len > 1 && //'
mutant session-client-not-trusted $u '/^judge_session/,/^}/s/network_holds\(trust->trusted_clients, r->peer\)/false/'
mutant session-relay-before-login $u '/^judge_session/,/^}/s/judge_facts\(w, "session"\)/!network_holds(trust->relay_nets, r->peer) \&\& judge_facts(w, "session")/'
mutant session-local-for-all $u '/^judge_session/,/^}/s/r->is_local && trust->local_is_trusted/r->is_local/'
mutant session-local-never $u '/^judge_session/,/^}/s/r->is_local && trust->local_is_trusted/false/'
mutant session-local-is-a-client $u '/^session_hop/,/^}/s/session->is_local \? NULL : facts->client/facts->client/'
mutant session-local-by-its-login $u '/^judge_session/,/^}/s/\} else if \(r->is_local\)/} else if (r->is_local \&\& !judge_facts(w, "session"))/'
mutant session-local-is-a-client-to-except $s 's/bool no_client = .*/bool no_client = false;/'
mutant session-below-results $u 's/guint hops = has_session\(all\);/guint hops = 0;/'

mutant loose-lf-is-understood $a "s/if \(\*c == '.n' && c \+ 1 < end && .*/if (false)/"
mutant plain-with-dots-at-will $a "s/bool begins_atom = before == '\.' \|\| before == '@';/bool begins_atom = before == '@';/"
mutant plain-a-label $a "s/ \|\| \(text\[i\] == '-' && before == '-'\)//"
mutant not-as-built-is-bare $a 's/ && p->address.as_built;/;/'
mutant turned-round $c 's/ \|\| strstr\(text, "[^"]*"\)\)/)/'

x=src/core/authres.c
mutant results-of-any-version $x 's/ \|\| g_str_equal\(version, "1"\)/ || true/'
mutant results-login-twice $x 's/if \(a->user\)/if (false)/'
mutant results-last-counts $x 's/a->pass = pass && .*;/a->pass = pass;/'
mutant results-job-kept $x 's/if \(!quoted\)/if (false)/'
mutant results-login-of-any-method $x 's/if \(is_auth && is_property/if (is_property/'
mutant dmarc-last-counts $x 's/a->dmarc_pass = pass && .*;/a->dmarc_pass = pass;/'
mutant dmarc-domain-twice $x 's/if \(a->from_domain\)/if (false)/'
mutant dmarc-domain-of-any-method $x 's/else if \(is_dmarc && is_property/else if (is_property/'
mutant dmarc-twice-in-one $u 's/found->dmarcs != 1 \|\| //'
mutant dmarc-failed $u 's/ \|\| !found->dmarc_pass//'
mutant dmarc-domain-as-written $u 's/return mime_domain\(found->from_domain\);/return g_strdup(found->from_domain);/'
mutant qmail-above-the-session $u 's/i == 0 \|\| \(i == 1 && hop_at\(w, 0\)->is_qmail_network\)/i == 0/'
mutant dmarc-without-boundary $u '/^submission_dmarc_domain/,/^}/s/if \(!boundary\)/if (false)/'

r=src/core/received.c
mutant second-by-ours $r 's/if \(count > 1 \|\|/if (false ||/'
mutant by-ours-elsewhere $r 's/\(count == 1 && !received_host_in\(r->by, ours\)\)/false/'
mutant second-semicolon $r 's/return kind == LEX_END;/return true;/'
mutant with-after-id $r 's/ \|\| seen\[ID\] \|\| seen\[FOR\]\)\)/))/'
mutant keyword-twice $r 's/\(seen\[clause\] && !again\)/false/'
mutant comment-anywhere $r 's/^(\t*)r->dialect = counts \? dialect : DIALECT_NONE;/\1r->dialect = dialect ? dialect : r->dialect;/'
mutant communigate-beside-others $r 's/dialect != DIALECT_COMMUNIGATE \|\| notes->comments == 1/true/'
mutant criticalpath-before-by $r 's/counts = dialect != DIALECT_CRITICALPATH &&/counts = true \&\&/'
mutant login-loosely-read-shows $r 's/shows = user && dialect != DIALECT_NONE;/shows = user != NULL;/'
mutant relay-login-strictly src/core/dialect.c 's/if \(proves \|\| !\*ret_user\)/if (proves)/'
mutant login-with-address src/core/dialect.c 's/const char \*never = .*/const char *never = "";/'
mutant ident-as-login src/core/dialect.c 's/ && !ends_in_address\(user\)\)/)/'
mutant login-not-whole src/core/dialect.c 's/return !\*text;/return true;/'
mutant bare-address-beside-peer $r 's/agrees = agrees && g_strcmp0.*/;/'
mutant skipped-beside-peer $r 's/bool agrees = !notes->has_skipped && /bool agrees = /'
mutant hidden-beside-peer $r 's/has_skipped && !notes->has_hidden && /has_skipped \&\& /'
mutant unnamed-beside-literal $r 's/ \|\| notes->has_unnamed;/;/'
mutant helo-beside-literal $r 's/notes->is_exim \|\| notes->has_helo \|\|/notes->is_exim ||/'
mutant whole-beside-literal $r '/doubt = /,/;/s/notes->has_whole \|\| //'
mutant port-beside-literal $r 's/doubt = \(has_port && !notes->is_postfix\) \|\| /doubt = /'
mutant port-in-postfixs-helo $r 's/has_port && !notes->is_postfix/has_port/'
mutant port-in-any-helo $r 's/is_postfix = span_is\(/is_postfix = span_begins_with(/'
mutant keyword-hides-address $r 's/if \(clause != FROM && seen\[FROM\] && !r->by\)/if (false)/'
mutant exim-beside-literal $r 's/is_postfix\) \|\| notes->is_exim/is_postfix)/'
mutant backslash-is-no-bracket $r 's/nested = strpbrk\(text, .*\);/nested = strchr(text, 40);/'
mutant exims-helo-is-a-peer $r 's/!\(notes->has_whole && notes->is_exim\) && //'
mutant nested-beside-peer $r 's/ && !notes->has_nested &&/ \&\&/'
mutant loose-is-no-peer $r "s/= \*text == '\[' \? network_endpoint\(text, &has_port\) : NULL/= NULL/"
mutant label-is-a-name $r "s/ \|\| end\[-1\] == ':'\)/)/"
mutant port-of-any-text $r 's/^(\t*)after \+= 1 \+ strspn.*/\1return true;/'
mutant whole-is-no-peer $r 's/= is_cut \? NULL : network_address\(comment\)/= NULL/'
mutant whole-behind-helo $r 's/= is_cut \? NULL : network_address\(comment\)/= network_address(comment)/'
mutant exim-behind-a-comment $r 's/if \(notes->comments == 1\)$/if (true)/'
mutant hidden-for-ever $r '/^note_peers/,/^}/s/^(\t*)notes->has_hidden = false;/\1;/'
mutant login-elsewhere $r 's/shows && \(counts \|\| \(!r->user/shows \&\& ((!r->user/'
mutant login-of-exims-client $r 's/\(after_by \|\| !notes->is_exim\)/true/'
mutant login-before-with-unread $r '/^read_clause/,/^}/s/note_login\(r, &reader->notes, text, false\);/;/'
mutant login-behind-raw-helo $r 's/if \(notes->copies_helo \|\| notes->has_loose/if (notes->has_loose/'
mutant login-behind-an-address $r 's/notes->copies_helo \|\| notes->has_loose/notes->copies_helo/'
mutant login-behind-a-nested-one $r 's/notes->has_loose \|\| notes->has_nested/notes->has_loose/'
mutant login-behind-ident $r 's/ \|\| notes->has_ident \|\|/ ||/'
mutant login-in-exims-field $r '/^login_is_in_doubt/,/^}/s/^([\t ]*)notes->is_exim\)/\1false)/'
mutant login-of-webmail-by-smtp $r 's/if \(of_webmail && r->with && /if (false \&\& /'
mutant login-beside-a-literal $r 's/if \(from && \(notes->has_helo \|\| notes->peers->len == 0\)\)/if (false)/'
mutant login-is-a-word $r 's/return notes->login_is_a_word && notes->peers->len == 0;/return false;/'
mutant login-behind-any-program $r 's/dialect == DIALECT_CRITICALPATH && notes->by_has_version;/dialect == DIALECT_CRITICALPATH;/'
mutant login-behind-by-and-with $r 's/return r->with != NULL;/return false;/'
mutant local-in-helo $r '/^note_client/,/^}/s/^(.*)bool is_cut = (.*);$/\1bool is_local = g_str_has_suffix(text, " [local]"); bool is_cut = \2; r->is_local |= is_local;/'
mutant local-opensmtpd $r 's/r->is_local \|\| g_str_has_suffix\(text, " \[local\]"\)/r->is_local/'
mutant mailenable-alone $r '/^read_mailenable/,/^}/s/ \|\| clause_of\(text\) != N_CLAUSES\)/)/'
mutant mailenable-of-any-name $r 's/g_ascii_strcasecmp\(reader->r->with, "MailEnable"\) != 0/false/'
mutant via-http-anywhere $r 's/reader->notes.via_is_behind_by = reader->after_by;/reader->notes.via_is_behind_by = true;/'
mutant via-http-in-any-comment $r 's/notes->last_is_via_http = reader->after_by && /notes->last_is_via_http = /'
mutant via-http-not-last $r 's/notes->last_is_via_http = reader->after_by && /notes->last_is_via_http = notes->last_is_via_http || /'
mutant via-http-beside-with $r 's/r->is_http = r->by && !r->with &&/r->is_http = r->by \&\&/'
mutant clauses-without-value $r 's/return kind != LEX_BAD && \(clause == ID .*/return kind != LEX_BAD;/'
mutant port-of-six-digits src/core/network.c 's/ \|\| end - start > 5 \|\|/ ||/'
mutant network-with-host-bits src/core/network.c '/^has_no_host_bits/,/^}/s/return false/return true/'
mutant network-of-the-other-family src/core/network.c 's/address->size == network->size &&$/true \&\&/'
mutant network-of-one-loopback src/core/network.c 's/holds\(&loopback\[0\], network\) \|\| //'
mutant full-disk-is-any-error src/util/io-error.c 's/case ENOSPC:$/case EXDEV:/'
mutant date-of-five-digits src/core/date.c 's/year == 9999 \|\|/false ||/'
mutant date-without-zone src/core/date.c '/^date_read/,/^}/s/ \|\| !take_zone\(&lexer, &offset\)\)/ || !(take_zone(\&lexer, \&offset), 1))/'
mutant helo-hides-nothing $r 's/notes->has_hidden = notes->has_hidden \|\| hides;/;/'
mutant helo-name-never-hides $r 's/ \|\| memchr\(name, .@., length\)//; s/^([\t ]*)\(open && !\(exim && open == name\)\);/\1false;/'
mutant address-behind-another $r 's/ \|\| !seen \|\| address;/ || !seen;/'
mutant name-without-blank $r 's/if \(end == comment \|\| end == open \|\| /if (end == comment || /'
mutant results-with-halved-quotes $x 's/has_halved_quotes\(lexer\) \|\| //'
mutant silent-with-comments $r 's/ && reader->others == 0 &&$/ \&\&/'
mutant helo-is-a-peer $r "s/\*p = '.0';/;/"
mutant literal-helo-is-a-peer $r 's/\(notes->begins_as_exim \|\| \(notes->is_communigate && notes->has_helo\)\)\)/true)/'
mutant two-peers $r 's/notes->peers->len < 2;/true;/; s/notes->peers->len == 1 \?/notes->peers->len >= 1 ?/'
mutant angle-in-angle $r '/^skip_bracketed/,/^}/s/if \(\*l->at == open\)/if (false)/'
v=src/core/local.c
mutant local-nobody-of-any-program $v 's/ \|\| !begins_with\(form->by_comment, program\)\)/)/; s/form->by_comment.length != strlen\(program\)/false/'
mutant local-nobody-beside-others $v 's/ \|\| !form->is_client_alone \|\|/ ||/'
mutant local-nobody-in-any-form $v 's/r->is_local_nobody = g_str_equal\(comment, " \[local\]"\);/r->is_local_nobody = true;/'
mutant dma-of-any-program $v 's/^([\t ]*)!span_begins_with\(form->by_comment, "DragonFly Mail Agent "\)\)/\1false)/'
mutant dma-number-and-more $v 's/return length && !number\[length\] \? /return length ? /'
mutant pickup-with-from $v '/^read_pickup/,/^}/s/if \(form->has_from \|\| r->is_local\)$/if (r->is_local)/'
mutant pickup-in-another-form $v '/^read_pickup/,/^}/s/if \(!strstr\(text, "userid"\)\)/if (!strstr(text, before))/'
mutant exim-user-beside-smtp $v 's/if \(!is_smtp_word\(r->with\)\)/if (true)/'
mutant exim-user-is-an-address $v 's/if \(r->is_local \|\| address \|\| /if (r->is_local || /'
mutant exim-user-in-quotes $v 's/ \|\| r->from\[strspn\(r->from, name\)\]\)/)/'
mutant exim-helo-beside-any-word $v 's/if \(has_helo && !in_session\)/if (false)/'
mutant exim-login-on-the-host $v 's/if \(in_session && is_smtp_word\(r->with \+ 6\) &&/if (false \&\&/'
mutant exim-of-any-form $r 's/notes->is_exim_local \|\| is_behind_local_clauses\(reader\)/true/'
mutant exim-behind-other-clauses $r 's/reader->lexemes == \(has_helo \? 4 : 3\)/true/'
mutant exim-helo-is-an-address $r "/^is_behind_local_clauses/,/^}/s/!strchr\(helo, '\['\)/true/"
mutant exim-helo-is-any-comment $r '/^is_behind_local_clauses/,/^}/s/g_str_has_prefix\(helo, "helo="\)/true/'
mutant inside-behind-a-comment $r 's/r->is_inside = reader\.notes\.begins_with_by && /r->is_inside = /'
mutant inside-beside-a-late-from $r 's/!reader\.notes\.has_late_from && //'
mutant inside-is-a-boundary $u 's/return r->is_inside \|\| \(/return (/'
mutant inside-handed-in $u 's/if \(r->is_local\) \{$/if (r->is_local \&\& !r->is_inside) {/'
mutant inside-fetched $u 's/if \(r->with && word_is_fetch\(r->with\)\) \{/if (!r->is_inside \&\& r->with \&\& word_is_fetch(r->with)) {/'
o=src/core/host.c
mutant below-is-the-name $o 's/\? is_below\(host, item\) :/? is_below(host, item) || same(host, (Span){ item.data + 1, item.length - 1 }) :/'
mutant below-of-any-characters $o "/^is_below/,/^}/s/if \(!host_has_char\(host.data\[i\]\)\)/if (false)/"
mutant below-of-nothing $o "s/ \|\| \*host\.data == '\.'\)/)/"
mutant network-with-a-zone $o "s/ \|\| memchr\(host\.data, '%', host\.length\)\)/)/"
mutant network-before-the-name $o 's/return !in_names\(name, hosts\) && /return /'
mutant by-an-address-uncounted $o 's/Span longer = name_at\(host, end, .*/Span longer = name;/'
mutant config-below-without-a-word src/cmd/unwise.c 's/^(\t*)if \(host_is_suffix\(\*item\)\)/\1if (false)/'
mutant config-network-without-a-word src/cmd/unwise.c 's/else if \(host_is_network\(\*item\)\)/else if (false)/'
mutant config-empty-label src/cmd/value.c 's/ \|\| strstr\(name, ".."\)//'
mutant domain-empty-label src/core/mime.c 's/ \|\| strstr\(domain, ".."\)//'
mutant domain-empty-label-of-other-dots src/core/mime.c '/^mime_is_domain/,/^}/s/    strstr\(folded, ".."\)/    false/'
mutant config-below-anywhere src/cmd/config.c 's/"webmail-by", value_hosts/"webmail-by", value_many_hosts/'


h=src/core/head.c
mutant name-with-controls $h 's/if \(!is_name_byte\(bytes\[i\]\)\)$/if (lexer_is_wsp(bytes[i]))/'
mutant name-of-the-first-alone $h 's/while \(names\[n\] && !lexer_same\(letters, names\[n\], length\)\)/while (names[n])/'
mutant starts-only-known $h '/^head_next_named/,/^}/s/: unfolded_end\(bytes, start, end\);/: end;/'
mutant starts-beyond-the-end $h '/^head_next_named/,/^}/s/MIN\(head->starts\[i\], end\)/head->starts[i]/'
mutant starts-behind-white-lines $h "s/is_plain = is_plain && last != '.n' && .*/;/"
mutant starts-beside-nul $h "s/ && !memchr\(bytes, '.0', end\)//"
mutant starts-beside-bare-cr $h "s/ && !memchr\(bytes, '.r', end\)//"
mutant starts-not-all $h 's/head->is_plain = is_plain && .*/head->is_plain = is_plain;/'
mutant name-with-comment $h 's/return comment < until && read_name\(/return false \&\& read_name(/'
mutant comment-from-the-letter-on $h 's/size_t comment = next_comment\(scan, start.at\);/size_t comment = next_comment(scan, letter);/'
mutant comment-behind-the-letter $h 's/if \(comment >= scan->no_name_stop\)/if (comment >= letter)/'
mutant comment-hides-a-start $h 's/\*ret_next = MIN\(letter, next_break\(scan, start.at\)\);/;/'
mutant after-bare-cr $h "/bytes\[run\] == '.n'/,/return/s/return \(Start\)\{ i \+ 1, true \};/return (Start){ end, true };/"
mutant after-nul $h "/if \(bytes\[i\] == '.0'\)/,/return/s/return .*/;/"
mutant after-white-space-line $h "s/if \(k == 0 \|\| bytes\[k - 1\] == '.n'\)/if (false)/"
mutant inner-ends-at-cr $h 's/if \(start.is_inner\) \{/if (false) {/'
mutant inner-goes-on-behind-cr-blank $h 's/ && \(lf == end \|\| !lexer_is_wsp\(bytes\[lf\]\)\)//'
mutant nth-counts $h 's/return \+\+counts->plain\[asked\];/return 1;/'
mutant nth-counts-odd-names $h 's/GPOINTER_TO_SIZE\(g_hash_table_lookup\(counts->odd, odd\)\) \+ 1/1/'
mutant nth-of-odd-names-apart $h 's/if \(head_item_is\(item, name\)\) \{/if (true) {/'
mutant line-end-of-the-first-item $h 's/if \(find_item\(head, start.at, &item\)\)/if (find_item(head, start.at, \&item) \&\& !places->len)/'
mutant junk-of-nul-alone $h "s/, '.r', '.v', '.f' \};/ };/"
mutant junk-of-cr-alone $h "s/odd_blanks\[\] = \{ '.0', /odd_blanks[] = { /"
mutant junk-torn-beside-a-place $h '/^head_add_continuing/,/^}/s/if \(place.offset > behind \|\|/if (/'
mutant junk-torn-by-a-name $h 's/name_shows_text\(bytes, behind, &place\)/false/'
mutant junk-name-in-letters $h '/^name_shows_text/,/^}/s/ \|\| \(unsigned char\).* >= 0x80//'
mutant junk-behind-an-inner-place $h 's/if \(next_line == end \|\| bytes\[next_line - 1\] == .*\) \{/if (place.offset == 0 || bytes[place.offset - 1] == 10) {/'
mutant junk-behind-any-inner-place $h 's/if \(next_line == end \|\| bytes\[next_line - 1\] == .*\) \{/if (true) {/'
mutant junk-torn-by-an-empty-line $h '/^head_add_continuing/,/^}/s/if \(is_empty && empty < next\)/if (false)/'
mutant junk-empty-line-goes $h '/^head_add_continuing/,/^}/s/else if \(!is_empty\)$/else/'
mutant junk-with-places $h '/^head_add_continuing/,/^}/s/if \(place.offset < next\) \{/if (false) {/'
mutant junk-behind-junk-with-places $h 's/behind = place.offset < held \? held : end;/behind = end;/'
mutant junk-behind-vt-or-ff $h "s/, '.v', '.f' \};/ };/"
mutant junk-not-cut $h '/^head_add_continuing/,/^}/s/if \(place.item_offset < cut\) \{/if (false) {/'
mutant junk-not-cut-behind $h '/^cut_items/,/^}/s/place->item_length = .*/;/'
mutant crlf-empty-line $h 's/size_t lf = at \+ \(at < length/size_t lf = at + (false/'

q=src/store/sql/003-once.sql
mutant counts-each-row $q 's/coalesce\(m\.head_before_sha256, m\.id\)/m.id/'
mutant counts-by-head-alone $q "s/ \|\| ' ' \|\| coalesce\(m\.queue_id, ''\)//"
mutant counts-no-head-as-one $q "s/coalesce\(m\.head_before_sha256, m\.id\)/coalesce(m.head_before_sha256, '')/"
mutant settles-ignored $q 's/ OR r\.settles = 1//'
mutant settles-anything $q 's/ CHECK \(settles IN \(0, 1\)\)//'
mutant answered-refused $q "s/''answered''/''answered'' AND 0/"
mutant names-of-what-failed $q "s/ AND outcome NOT IN \('deferred', 'failed'\)//"
mutant names-by-our-clock $q 's/coalesce\(received_at, at\)/at/g'
mutant incidents-by-our-clock $q 's/coalesce\(h\.received_at, h\.at\)/h.at/'
mutant incidents-out-of-scope $q 's/ AND m\.in_scope = 1//'
mutant incidents-of-what-failed $q "s/ AND h\.outcome NOT IN \('deferred', 'failed'\);/;/"
mutant log-away-unseen src/store/audit.c 's/return belong_has_log\(audit->db, &audit->files, error\) \|\|/return true ||/'
mutant log-of-another-unseen src/store/belong.c 's/\(now.inodes\[i\] != log->inodes\[i\] \|\| .*\)\)/now.inodes[i] == 0)/'
mutant policy-of-a-run-lost src/store/audit.c 's/ && !insert_policy\(audit, row, error\)/ \&\& false/'
mutant position-lost src/store/audit.c 's/bind_int64\(s, before \+ 9, edit->position\)/bind_null(s, before + 9)/'
mutant rows-together-share-an-id src/store/audit.c 's/- \(n - 1\) \+ k;/;/'
mutant recipients-of-another-row src/store/audit.c 's/\{ ids\[i\], text \}/{ ids[0], text }/'
mutant edits-of-another-row src/store/audit.c 's/\{ ids\[i\], &row/{ ids[0], \&row/'
mutant run-settles-lost src/store/audit.c 's/bind_int\(s, 5, run->settles\)/bind_int(s, 5, 0)/'
mutant year-of-no-calendar src/store/audit.c 's/if \(time != 0 && .*/if (time != 0)/'
mutant counter-stands-still src/store/db.c 's/\? TOUCH_AGAIN : TOUCH/? TOUCH : TOUCH/'
mutant meta-is-not-made src/store/db.c 's/\(version \+ 1 == DB_META_VERSION && !add_meta\(db, error\)\)/false/'

f=src/store/figures.c
mutant dry-beside-done $f 's/sum\(NOT done AND not_kept\)/sum(not_kept)/'
mutant dry-left-beside-done $f 's/sum\(iif\(done, done_left, all_left\)\)/sum(all_left)/'
mutant dry-of-an-attempt $f 's/ AS reached, " REACHED$/ AS reached, 1"/'
mutant changed-twice $f 's/sum\(stripped OR replaced\)/sum(stripped + replaced)/'
mutant runs-that-undo $f "s/ AND command <> 'mbox --undo'//"
mutant runs-that-undo-uncounted $f "s/ AND command = 'mbox --undo'\"/\"/"
mutant runs-dry-of-any $f 's/ FROM message AS m WHERE m.run = run.id "/ FROM message AS m "/'
mutant claimed-out-of-scope $f 's/UNEDITED "m\.in_scope = 1 AND /UNEDITED "/'
mutant foreign-of-own-addresses $f 's/AND login.folded IS NULL "$/"/'
mutant foreign-address-of-another $f 's/ AND login.address = c.address "/ "/'
mutant foreign-without-login $f 's/"AND c.folded IN \(SELECT folded FROM login\)\), "/"), "/'
mutant foreign-login-of-anybody $f 's/"WHERE NOT unproved AND "/"WHERE "/'
mutant foreign-case $f 's/"lower\(trim\(substr\(m.from_name, 1, 256\)\)\) AS folded/"trim(substr(m.from_name, 1, 256)) AS folded/'
mutant foreign-blanks $f 's/"lower\(trim\(substr\(m.from_name, 1, 256\)\)\) AS folded/"lower(m.from_name) AS folded/'
mutant foreign-case-of-address $f 's/"lower\(substr\(m.from_address, 1, 256\)\) AS address/"m.from_address AS address/'
mutant foreign-one-word $f "s/instr\(name, ' '\) > 0 OR/1 OR/"
mutant foreign-one-character $f 's/length\(name\) > 1 AND //'
mutant foreign-han $f 's/\\u3400-\\u9fff//'
mutant foreign-counts-rows $f '/"SELECT folded, count\(DISTINCT mail\)/s/DISTINCT mail/*/'
mutant done-counts-rows $f "s/iif\(action = 'kept', mail, NULL\)/iif(action = 'kept', random(), NULL)/"
mutant run-counts-stripped-alone src/mail/ledger.c 's/strip_action_name\(ACTION_REPLACED\)\);/strip_action_name(ACTION_STRIPPED));/'
mutant clients-without-replaced $f "s/iif\(m\.action = 'stripped' OR m\.action = 'replaced', \" MAIL/iif(m.action = 'stripped', \" MAIL/"
mutant senders-changed-alone $f '/^figures_senders/,/^}/s/figures_have_names\(reader\) \? unedited/false ? unedited/'
mutant names-changed-alone $f '/^figures_names/,/^}/s/figures_have_names\(reader\) \? unedited/false ? unedited/'
mutant names-of-recipients $f "s/NOT IN \('to', 'cc'\)/NOT IN ('to')/"
mutant senders-kept-and-changed $f "s/NOT EXISTS \(SELECT 1/EXISTS (SELECT count(*)/"
mutant senders-that-reached-nobody $f '/define UNEDITED/,/NOT EXISTS/s/COUNTED/IN_SCOPE/'
mutant senders-without-refused $f "/define UNEDITED/,/NOT EXISTS/s/COUNTED/IN_SCOPE \" AND m.outcome <> 'deferred' AND m.outcome <> 'failed'\"/"
mutant clients-of-the-session $f 's/"coalesce\(m.client_address, m.peer\)"/"m.client_address"/'
mutant clients-of-the-trace $f 's/"coalesce\(m.client_address, m.peer\)"/"coalesce(m.peer, m.client_address)"/'
mutant people-with-proof $f 's/" AND " UNPROVED " AND m.person IS NOT NULL/" AND m.person IS NOT NULL/'
mutant people-are-one $f "s/replace\(json_quote\(m.person\), '; ', [^)]*\)/json_quote(m.person)/"
mutant people-without-end $f 's/p.key < 20/1/'
mutant people-without-name $f "s/ WHERE name <> '' \"/ \"/"
mutant names-of-any-version $f 's/return reader_version\(reader\) >= NAMES_VERSION/return true/'

d=src/core/fold.c
mutant fold-apostrophes $d 's/if \(is_apostrophe\(c\)\)$/if (false)/'
mutant fold-apostrophes-after-nfkc $d 's/if \(is_apostrophe\(text.chars\[i\]\)\)/if (false)/'
mutant fold-small-capitals $d 's/return small \? small->to : c;/return c;/'
mutant fold-cases $d '/case G_UNICODE_TITLECASE_LETTER:/d'
mutant fold-shown-apostrophes $d 's/vanished \? normal\(/false ? normal(/'
mutant fold-invisible $d 's/if \(unicode_is_ignorable\(parts\[i\]\) \|\| /if (/'
mutant fold-tatweel $d 's/ \|\| parts\[i\] == TATWEEL\)/)/'
mutant fold-latin $d 's/if \(letters\[i\].c == c\) \{/if (false) {/'
mutant fold-one-skeleton $d 's/append_skeleton\(to, g_utf8_get_char\(at\)\);/g_string_append_unichar(to, g_utf8_get_char(at));/'
mutant fold-i-and-l $d "s/if \(\*at == 'i'\)/if (false)/"
mutant fold-vv $d "s/bytes->str\[bytes->len - 1\] = 'w';/g_string_append_c(bytes, 'v');/"
mutant fold-genitive $d 's/if \(s && r->word.letters > least\)/if (false)/'
mutant fold-any-final-s $d 's/ \|\| chars\[r->last - 1\] != FOLD_APOSTROPHE\)/)/'
mutant fold-stem-genitive $d 's/guint end = s \? s : digits;/guint end = digits;/'
mutant fold-stem-digits $d 's/guint end = s \? s : digits;/guint end = s;/'
mutant fold-digits $d 's/if \(digits && r->word.letters/if (false \&\& r->word.letters/'
mutant fold-umlauts $d 's/if \(r->has_umlaut\)$/if (false)/'
mutant fold-letters-after-folding $d 's/if \(!counted\) \{/if (true) {/'
mutant fold-and-parts $d '/^fold_words/,/^}/s/r.part\+\+;/;/'

l=src/core/listing.c
mutant listed-brackets $l 's/const char \*bracket = c && /const char *bracket = false \&\& /'
mutant listed-dashes $l "s/\(c == '-' \|\| c == '.' \|\| c == 0x2013/(c == '~' || c == 0x2013/"
mutant listed-bar $l "s/if \(c == '\|' \|\| /if (/"
mutant listed-dash-without-blanks $l 's/\(after_blank && before_blank &&/(/'
mutant listed-titles $l 's/if \(g_hash_table_contains\(listing->titles\[folding\], word\)\)/if (false)/'
mutant listed-titles-to-the-last $l '/^without_titles/,/^}/s/words->len > 2/words->len > 1/'
mutant listed-initials $l '/^read_name/,/^}/s/if \(fold_is_initial\(/if (false \&\& (/'
mutant listed-five-letters $l 's/#define LETTERS_ANYWHERE 6/#define LETTERS_ANYWHERE 5/'
mutant listed-seven-letters $l 's/#define LETTERS_ANYWHERE 6/#define LETTERS_ANYWHERE 7/'
mutant listed-partners-once $l 's/partners->set\[i\] \|= set\[i\];/partners->set[i] = set[i];/'
mutant listed-title-behind-initial $l '/^without_titles/,/^}/s/words->len > 2/words->len > 3/'
mutant listed-title-is-lost $l '/^take_titles/,/^}/s/return true;/return false;/'
mutant listed-partners-wait $l '/^listing_finish/,/^}/s/listing->row\(/if (false) listing->row(/'
mutant listed-joined-six src/core/listing.h 's/#define LISTING_JOINED_LETTERS 7/#define LISTING_JOINED_LETTERS 6/'
mutant listed-joined-one-word $l 's/KeyKind kind = n > 1 \? KEY_WORD : KEY_ALL_JOINED;/KeyKind kind = KEY_WORD;/'
mutant listed-joined-in-order $l 's/\(n > 1 \? G_N_ELEMENTS\(starts\) : 1\)/1/'
mutant listed-spellings $l 's/#define SPELLINGS_MAX 64/#define SPELLINGS_MAX 65/'
mutant listed-twice $l 's/g_ptr_array_add\(again, word\);/;/'

n=src/core/names.c
mutant names-places-apart $n 's/#define PLACES_APART 8 /#define PLACES_APART 9 /'
mutant names-places-close $n 's/#define PLACES_APART 8 /#define PLACES_APART 7 /'
mutant names-initials-are-places $n '/^find_pairs/,/^}/s/if \(fold_is_initial\(word\)\)/if (false)/'
mutant names-across-and $n '/^find_pairs/,/^}/s/if \(word->part != part\) \{/if (false) {/'
mutant names-set-across-and $n '/^different_words/,/^}/s/word->part != word_at\(folded, 0\)->part \|\| //'
mutant names-joined-across-and $n 's/word_at\(folded, i\)->part != word_at\(folded, 0\)->part\)/false)/'
mutant names-joined-last-alone $n 's/ : JOIN_OTHER_STEMS;/ : 0;/'
mutant names-joined-as-written $n 's/\? JOIN_LAST_STEM : JOIN_OTHER_STEMS;/? 0 : JOIN_OTHER_STEMS;/'
mutant names-joined-without-umlauts $n 's/bool umlauts = how & JOIN_UMLAUTS &&/bool umlauts = false \&\&/'
mutant names-joined-umlauts-kept $n 's/umlauts \? word->umlaut_stem : word->stem/word->stem/'
mutant names-rest $n '/^rest_stands/,/^}/s/return false;/continue;/'
mutant names-rest-once $n 's/if \(n == 0 \|\| n < times\(all, word\)\)/if (n == 0)/'
mutant names-initial-is-a-word $n 's/fold_is_initial\(word\), form, length\);/false, form, length);/'
mutant names-initials-no-rest $n '/^rest_stands/,/^}/s/if \(asked->initials\)/if (false)/'
mutant names-initial-joins $n 's/if \(has_initials && !spares_initials\(/if (false \&\& !spares_initials(/'
mutant names-initial-beside $n '/^is_same_word/,/^}/s/ == fold_is_initial\(word_at\(folded, b\)\)/ < 2/'
mutant listing-initial-any-name src/core/listing.c 's/sought->spares = i == sought->initials->len;/sought->spares = true;/'
mutant listing-parted src/core/listing.c '/^is_parted/,/^}/s/return true;/return false;/'
mutant listing-initial-no-initial src/core/listing.c '/^has_initial/,/^}/s/return true;/return false;/'
mutant names-on-own-address $n '/^is_found/,/^}/s/ \|\|$/;/; /^is_found/,/^}/s/^.*by_address.*$//'
mutant names-own-address-shown $n 's/if \(is_own_address\(e, shown\)\) \{/if (false) {/'
mutant names-wide-end $n 's/if \(n < 2 \|\| !name_ends\(/if (n < 2 || false \&\& !name_ends(/'
mutant names-wide-titles $n 's/return digits == end - at \|\| is_wide_title\(s, folding, text, at, end\);/return digits == end - at;/'
mutant names-wide-beginning $n 's/\(i == 0 \|\| word_ends\(chars, i - 1\)\)/true/'
mutant names-address-left $n 's/if \(start < at && \(whole \|\| may_stand_before\(\*before\)\)\) \{/if (start < at) {/'
mutant names-address-quote $n "s/strchr\(\"'=.\|\", c\)/strchr(\"=\/|\", c)/"
mutant names-decoded-once src/core/shown.c 's/for \(int i = 0; i < 2 && strstr\(last, "=\?"\); i\+\+\) \{/for (int i = 0; i < 1 \&\& strstr(last, "=?"); i++) {/'
mutant names-turned src/core/shown.c '/^add_text/,/^}/s/if \(strstr\(text, RIGHT_TO_LEFT\)\)/if (false)/'
mutant names-keep-unproved $n 's/\(!rules->believed \|\| .*\)\)$/true)/'
mutant names-keep-address $n '/^excuse_of/,/^}/s/if \(is_name \&\& match->address/if (match->address/'
mutant names-self-some $n 's/if \(own == recipients->len\)/if (own > 0)/'
mutant names-self-address $n 's/if \(is_name && recipients && /if (recipients \&\& /'
mutant names-too-much $n 's/bool counts = names_too_much\(search\);/bool counts = false;/'
mutant names-questions src/core/enquiry.c 's/if \(e->questions_left == 0\) \{/if (false) {/'
mutant names-look-alike $n 's/for \(int f = 0; f < FOLDINGS; f\+\+\) \{$/for (int f = 0; f < 1; f++) {/'

p=src/core/person.c
mutant person-mark $p 's/if \(is_first && length >= 3/if (false \&\& length >= 3/'
mutant person-local-case src/core/fold.c 's/g_utf8_casefold\(normal, -1\)/g_strdup(normal)/'
mutant person-quotes $p 's/unquote\(&local, &local_length\);/;/'
mutant person-skips $p 's/if \(!is_smtp && has_prefix\(item, length\)\)/if (false)/'
mutant person-angle $p 's/is_address\(item, length\) \? person_address\(item, length\) : NULL/person_address(item, length)/'
mutant person-neither $p 's/if \(!\*ret_error && person->names->len == 0/if (false \&\& person->names->len == 0/'

e=src/core/encoded.c
mutant encoded-windows-1252 $e 's/octet < 0xa0 \? c1_range\[octet - 0x80\] : octet/octet/'
mutant encoded-neighbours $e 's/if \(after_word && !flush\(d\)\)/if (!flush(d))/; s/if \(d->charset && !g_str_equal\(d->charset, charset\) && /if (d->charset \&\& /'
mutant encoded-open $e 's/bool done = decode/if (!strstr(text, "?=")) return g_strdup(text); bool done = decode/'
mutant encoded-language $e 's/if \(language\)$/if (false)/'
mutant encoded-order $e 's/return zeros\[1\] > zeros\[0\] \? /return false ? /'

mutant elements-comment-apart $a '/^collect_comment/,/^}/s/.* = g_strdup.*/&\n\tg_string_truncate(c->text, start - 1);\n\tg_string_append(c->text, comment);\n\treturn;/'
mutant elements-across-addresses $a '/^collect_element/,/^}/s/g_string_truncate\(c->waiting, 0\);/;/'
mutant elements-group-of-first $a '/^collect_element/,/^}/s/element->group = g_bytes_ref\(c->group\);/;/'
mutant elements-group-goes-on $a '/^collect_group_end/,/^}/s/g_clear_pointer\(&c->group, g_bytes_unref\);/;/'
mutant elements-left-over $a 's/\} else if \(c.waiting->len > 0\) \{/} else if (false) {/'

y=src/store/directory.c
mutant directory-of-another-program $y 's/if \(id != APPLICATION_ID \|\| version < 1\)/if (false)/'
mutant directory-older $y 's/if \(version < FORMAT\)/if (false)/'
mutant directory-filter-unproved $y 's/if \(!keys \|\| .*$/if (!keys)/'
mutant directory-filter-unread $y 's/result = read_filter\(directory\);/result = SQLITE_OK;/'
mutant directory-keys-not-in-filter $y 's/g_array_append_val\(writer->hashes, hash\);/;/'
mutant filter-full src/store/filter.c 's/return false;/return true;/'
mutant directory-newer $y 's/if \(version > FORMAT\)/if (false)/'
mutant directory-cut $y '/xFileSize/,/==/s/size == pages \* page_size/true/'
mutant directory-damaged $y 's/if \(result != SQLITE_DONE && directory->failed == SQLITE_OK\)/if (false)/'
mutant file-path-as-uri src/store/db.c 's/g_uri_escape_string\(path, "\/", false\)/g_strdup(path)/'
mutant directory-shared-rest $y 's/GROUP BY key, substr\(value, 5\)/GROUP BY key/'
mutant directory-no-facts $y 's/if \(!digest \|\| !folding\)/if (false)/'
mutant directory-whole $y 's/if \(g_strcmp0\(word, "ok"\) == 0\)/if (true)/'

mutant scope-directory-over-domains $s 's/if \(decision->scope <= SCOPE_DOMAINS\)/if (decision->scope < SCOPE_DOMAINS)/'
mutant scope-excuse-over-everyone $s 's/if \(!excuse \|\| decision->scope == SCOPE_EVERYONE\)/if (!excuse)/'
mutant scope-names-in-recipients $s 's/if \(decision->search && !place->field->is_recipient && /if (decision->search \&\& /'
mutant scope-by-an-excuse src/core/scope.h 's/return reason < SCOPE_NOTHING;/return reason != SCOPE_NOTHING;/'
mutant self-beside-no-address $s 's/g_ptr_array_add\(all, address \? address : g_strdup\(\*one\)\);/if (address) g_ptr_array_add(all, address);/'
mutant proof-never-needed $s '/^is_believed/,/^}/s/return !excuses->unproved \|\|/return true ||/'
mutant proof-of-any-domain $s 's/ && g_str_equal\(at \+ 1, excuses->domain\)//'
mutant proof-for-keep-alone $s 's/\(is_believed\(data, address\) && /(/'
mutant except-not-the-boundary $s 's/except_has_client\(policy->except, submission->peer\)/false/'
mutant except-not-the-fact $s 's/except_has_client\(policy->except, client\)/false/'
mutant names-no-lines $n 's/if \(!person \|\| s->matches->len/if (s->matches->len/'

o=src/core/except.c
mutant except-same-ending $o "s/ && at\[length - tail\] == '\.' &&/ \&\&/"
mutant except-no-domains $o 's/g_strv_contains\(\(const char \*const \*\)except->domains, at \+ 1\)/false/'
mutant except-no-addresses $o 's/g_strv_contains\(\(const char \*const \*\)except->addresses, address\)/false/'
mutant except-any-domain $o 's/ \|\| !mime_is_domain\(at \+ 1\)//'
mutant except-not-folded $o 's/mime_domain\(domain\)/g_strdup(domain)/'

w=src/mail/people.c
mutant people-of-another-folding $w 's/\} else if \(g_str_equal\(facts.folding, folding\)\) \{/} else if (true) {/'
mutant people-half-found $w '/^people_are_known/,/^}/s/if \(good\)/if (true)/'
mutant people-asked-by-two-at-once $w 's/g_mutex_(un)?lock\(&people->asking\);/;/'
mutant people-stale-unsaid $w 's/if \(people->compiled && !are_current\(/if (false \&\& !are_current(/'
mutant people-damage-unsaid $w 's/if \(people->compiled && !directory_is_whole\(/if (false \&\& !directory_is_whole(/'
mutant people-built-of-half src/cmd/compile.c 's/good = good && write_compiled\(.*/good = good \&\& (write_compiled(\&build, new_file.temporary, NULL), true) \&\&/'

k=src/io/milter-wire.c
mutant wire-empty-packet $k 's/if \(n == 0 \|\| n > WIRE_PACKET_MAX\)/if (n > WIRE_PACKET_MAX)/'
mutant wire-any-length $k 's/if \(n == 0 \|\| n > WIRE_PACKET_MAX\)/if (n == 0)/'
mutant wire-longest $k 's/n > WIRE_PACKET_MAX\)/n >= WIRE_PACKET_MAX)/'
mutant wire-cut $k 's/if \(length < ret->size\)/if (length + 1 < ret->size)/'
mutant wire-size-unsaid $k 's/if \(length < ret->size\)/if (length < ret->size \&\& (ret->size = 0, true))/'
mutant wire-byte-order $k 's/return GUINT32_FROM_BE\(n\);/return n;/'
mutant wire-half-negotiation $k 's/if \(data.length < 3 \* /if (data.length < 2 * /'
mutant wire-string-and-more $k '/^wire_string/,/^}/s/ \|\| data.length > 0//'
mutant wire-nul-in-value $k '/^wire_header/,/^}/s/ \|\| data.length > 0//'
mutant wire-unknown-and-more $k "/case 'U':/,/break/s/if \(data.length > 0\)/if (false)/"
mutant wire-any-family $k '/default:/,/}/s/return false;/break;/'
mutant wire-port-order $k 's/GUINT16_FROM_BE\(connection.port\)/connection.port/'
mutant wire-braces-stay $k 's/if \(name.length >= 2 && /if (false \&\& /'
mutant wire-half-braces $k "s/ && name.data\[name.length - 1\] == '\}'//"
mutant wire-half-macro-taken $k '/^next_pair/,/^}/s/WireBytes at = \*rest, (.*)$/WireBytes at = *rest, \1\n\t*rest = (WireBytes){ 0 };/'
mutant wire-length-with-itself $k 's/out->len - at - \(guint\)LENGTH_SIZE/out->len - at/'
mutant wire-list-by-order $k 's/put_number\(out, lists\[i\].stage\)/put_number(out, (guint32)i)/'
mutant wire-percent $k "/^wire_put_refusal/,/^}/s/if \(\*c == '%'\)/if (false)/"
mutant wire-line-ends-in-refusal $k "s/g_ascii_isprint\(\*c\) \? \*c : '\?'/*c/"
mutant wire-refusal-without-end $k "/^wire_put_refusal/,/^}/s/put_octet\(out, '.0'\);/;/"
mutant wire-change-of-none $k 's/if \(nth == 0 \|\| /if (/'
mutant wire-change-without-name $k 's/ name.length == 0 \|\|//'
mutant wire-change-name-nul $k 's/ has_nul\(name\) \|\|//'
mutant wire-change-value-nul $k 's/ has_nul\(value\) \|\|//'
mutant wire-change-too-long $k '/^wire_put_change/,/^}/s/value.length > room - name.length/false/'
mutant wire-change-room $k 's/WIRE_PACKET_MAX - 1 - sizeof nth - 2/WIRE_PACKET_MAX - sizeof nth - 2/'

v=src/milter/session.c
mutant session-of-any-version $v 's/offered.version < WIRE_VERSION/false/'
mutant session-without-changes $v 's/if \(!\(offered.actions & WIRE_CHANGE_HEADERS\)\)/if (false)/'
mutant session-negotiates-twice $v 's/if \(s->negotiated \|\| /if (/'
mutant session-wants-what-is-not-offered $v 's/offered.protocol & WANTED/WANTED/'
mutant session-names-no-macros $v 's/wanted.actions & WIRE_LIST_MACROS \? G_N_ELEMENTS\(lists\) : 0/0/'
mutant session-names-macros-unasked $v 's/wanted.actions & WIRE_LIST_MACROS \? G_N_ELEMENTS\(lists\) : 0/G_N_ELEMENTS(lists)/'
mutant session-login-said-before $v '/^take_macros/,/^}/s/clear_next\(s\);/;/'
mutant session-login-of-the-message-before $v '/^take_next/,/^}/s/g_steal_pointer\(&s->next\[(.*)\]\)\)/g_strdup(s->next[\1]))/'
mutant session-queue-id-of-the-message-before $v '/^end_message/,/^}/s/clear_macros\(s, WIRE_MAIL\);/;/'
mutant session-macros-of-any-command $v '/^macro_place/,/^}/s/macros\[i\].command != command \|\| //'
mutant session-macros-within-a-message $v '/^take_macros/,/^}/s/end_connection\(s\);/;/'
mutant session-listener-of-the-connection-before $v '/^end_smtp/,/^}/s/clear_macros\(s, WIRE_CONNECT\);/;/; /^take_connect/,/^}/s/clear_next\(s\);/;/; /^take_next/,/^}/s/replace\(&s->macros\[macros\[i\].macro\],/if (s->next[macros[i].macro]) replace(\&s->macros[macros[i].macro],/'
mutant session-message-of-the-connection-before $v '/^take_connect/,/^}/s/end_smtp\(s\);/clear_macros(s, WIRE_CONNECT);/'
mutant session-helo-within-a-message $v '/^take_helo/,/^}/s/reset\(s\);/;/'
mutant session-login-behind-an-abort $v '/case WIRE_ABORT:/,/return/s/reset\(s\);/end_message(s);/'
mutant session-message-behind-an-abort $v '/case WIRE_ABORT:/,/return/s/reset\(s\);/;/'
mutant session-ipv6-mark $v 's/is_marked \? 5 : 0/0/'
mutant session-local-with-a-port $v 's/return connection->port == 0 &&/return true \&\&/'
mutant session-local-from-anywhere $v "s/s->is_local = connection.family == 'L' \|\| is_handed_in\(.*/s->is_local = connection.port == 0;/"
mutant session-brackets-stay $v 's/ret->length >= 2 && ret->data\[0\]/false \&\& ret->data[0]/'
mutant session-no-login-is-no-fact $v 's/s->macros\[MACRO_LOGIN\] \? s->macros\[MACRO_LOGIN\] : \"\"/s->macros[MACRO_LOGIN]/'
mutant session-any-listener $v 's/: LISTENER_UNSAID/: LISTENER_AUTHENTICATED/'
mutant session-dry-run-of-now $v 's/if \(s->dry_run\)$/if (s->rules->dry_run)/'
mutant session-too-many-recipients $v 's/s->recipients->len >= RECIPIENTS_MAX \|\| //'
mutant session-too-long-recipients $v 's/ \|\| s->recipients_octets > RECIPIENTS_OCTETS_MAX\)/)/'
mutant session-recipients-for-nothing $v 's/else if \(hold\(s, MIN\(.*$/else/'
mutant session-holds-anything $v 's/s->rules->held \+ octets > SESSION_HELD_MAX/false/'
mutant session-holds-for-ever $v 's/s->rules->held -= s->held;/;/'
mutant session-odd-names $v "s/name.data\[i\] < '!' \|\| //"
mutant session-odd-lines $v 's/s->is_odd = true;/;/'
mutant session-odd-last-line $v 's/return name.length > 0 && \(value.*$/return name.length > 0;/'
mutant session-odd-without-name $v 's/return name.length > 0 && \(/return (/'
mutant session-odd-is-reached $v 's/if \(s->is_odd \|\| /if (/'
mutant session-odd-for-ever $v 's/s->is_over = s->is_odd = false;/s->is_over = false;/'
mutant session-blank-not-given-back $v 's/if \(!\(s->protocol & WIRE_LEADING_SPACE\) && value.length > 0\)/if (false)/'
mutant session-blank-twice $v "s/if \(!\(s->protocol & WIRE_LEADING_SPACE\) && value.length && /if (false \&\& /"
mutant session-too-long-before $v 's/if \(edit->length > VALUE_MAX \|\| /if (/'
mutant session-too-long-after $v 's/ \|\| value.length > VALUE_MAX\)/)/'
mutant session-refused-goes-on $v 's/if \(decision->action == ACTION_REFUSED\)/if (false)/'
mutant session-outcome-by-any-refusal $v "s/return \*refusal == '5' .*/return \"deferred\";/"
mutant session-answers-despite-a-failure $v 's/^\tif \(failure\) \{/\tif (failure \&\& !s->job.decision) {/'
mutant session-reads-past-a-message $v 's/while \(s->state == SESSION_READS\)/while (s->state != SESSION_ENDS)/'
mutant server-large-head-by-settings-of-now src/milter/server.c 's/^\t\tg_thread_pool_push\(/\t\tjob->settings = settings_ref(c->server->rules.settings);\n&/'

j=src/mail/job.c
mutant job-cut-unseen $j 's/HEAD_MAX \+ 1 - job->gathered_length/HEAD_MAX - job->gathered_length/'
mutant job-one-octet-more $j 's/job->complete = length <= HEAD_MAX;/job->complete = length <= HEAD_MAX + 1;/'
mutant job-without-empty-line $j '/^job_end_fields/,/^}/s/if \(!gather\(.*/if (false)/'
mutant job-people-not-asked $j 's/if \(settings->people && !people/if (false \&\& !people/'
mutant job-refuses-not $j 's/if \(job->refuse\)/if (false)/'
mutant job-cleared-in-part $j 's/\*job = \(Job\)\{ 0 \};/;/'
mutant job-recorded-without-a-row $j 's/&job->entry, error\)\)/\&job->entry, error) \&\& false)/'
mutant job-decided-twice $j 's/g_assert\(job->state == JOB_NEW\);/;/'
mutant job-recorded-twice $j 's/g_assert\(job->state == JOB_DECIDED\);/;/'
mutant job-settled-twice $j 's/g_assert\(job->state == JOB_RECORDED\);/;/'
mutant job-words-too-long $j 's/if \(strlen\(words\) <= max\)/if (true)/'
mutant job-words-too-short $j 's/if \(strlen\(words\) <= max\)/if (strlen(words) < max)/'

z=src/mail/ledger.c
mutant ledger-at-once-is-later $z 's/&entry->id, NULL, NULL, true,/\&entry->id, NULL, NULL, false,/'
mutant ledger-group-is-later $z 's/batch->settles, n > 0, &failed/batch->settles, false, \&failed/'
mutant ledger-row-written-again $z '/^add_at_once/,/^}/s/batch_empty\(l->filling\);/;/'
mutant ledger-group-over-another $z 's/if \(!l->is_full && l->is_collected && /if (!l->is_full \&\& /'
mutant ledger-told-twice $z '/^ledger_collect/,/^}/s/l->is_collected = true;/;/'
mutant ledger-poison-for-all $z 's/bool alone = g_error.*/bool alone = false;/'
mutant ledger-poison-for-settles $z 's/settle_alone\(l, batch\);/;/'
mutant ledger-moved-unseen $z 's/if \(l->audit && audit_has_moved\(l->audit\)\)/if (false)/'
mutant ledger-too-many-wait $z 's/waiting->rows->len >= GROUP_ROWS_MAX \|\|/false ||/'
mutant ledger-too-much-waits $z 's/row_batch_octets\(waiting\) >= GROUP_OCTETS_MAX/false/'
mutant ledger-error-forgotten $z '/^wait_until_written/,/^}/s/return !l->error;/return true;/'
mutant ledger-behind-forgotten $z 's/\(durable && l->is_behind\)/false/'
mutant ledger-changes-no-waiting-row $z 's/if \(batch_has\(l->filling, /if (false \&\& batch_has(l->filling, /'
mutant ledger-finds-no-id $z 's/^([\t ]*)find_id\(l, entry\);/\1;/'
mutant ledger-finds-another-id $z '/^hand_over/,/^}/s/l->filling->first = .*/;/'
mutant ledger-end-drops-rows $z '/^ledger_finish/,/^}/s/ledger_pass_on\(l, true, true, error\)/true/'
mutant ledger-counts-nothing $z 's/run.messages \+= n;/;/'
mutant ledger-counts-all-as-changed $z 's/return g_str_equal\(row->action, strip_action_name\(ACTION_STRIPPED\)\)/return true/'
mutant ledger-idle-too-soon $z 's/bool is_busy = l->is_full \|\| !l->is_collected \|\| /bool is_busy = /'
mutant ledger-each-group-waits $z '/^hand_over/,/^}/s/if \(l->writing->rows.rows->len == 0\)/if (true)/'
mutant ledger-stop-waits $z 's/g_atomic_int_set\(&l->gives_up, true\);/;/'
mutant ledger-last-outcomes-lost $z '/^ledger_end_groups/,/^}/s/if \(last->settles->len == 0 && .*/if (true)/'
mutant ledger-carried-outcomes-lost $z '/^ledger_end_groups/,/^}/s/carry\(l->carried, last->settles\);/;/'

mutant plain-waits-for-pipes src/util/plainfile.c 's/case S_IFCHR:/case S_IFCHR:\n\tcase S_IFIFO:/;s/^\tcase S_IFIFO:$/\tcase 0:/'
mutant people-list-waits src/mail/people.c 's/if \(!plainfile_check\(file, false, &failed\)/if (false/'
mutant people-advice-waits src/mail/people.c 's/if \(!plainfile_check\(file, false, NULL\)/if (false/'
mutant people-compiled-waits src/store/directory.c 's/if \(!plainfile_check/if (false \&\& !plainfile_check/'

b=src/mail/row.c
mutant row-id-of-facts $b 's/is_stored \? submission->boundary_id : facts->queue_id/facts->queue_id/'
mutant row-recipients-of-the-sender $b 's/above.fields_end = boundary \? .* : 0;/above.fields_end = above.bytes.length;/'
mutant row-recipients-of-headers $b 's/bool is_stored = .*/bool is_stored = true;/'
mutant row-text-as-it-is $b 's/char \*clean = text_clean_string\(text\);/char *clean = g_strdup(text);/'
mutant row-edit-of-its-first-place $b 's/for \(guint i = 0; i < places->len; i\+\+\)/for (guint i = 0; i < 1; i++)/'
mutant row-edit-without-position $b 's/\.position = \(gint64\)edit->offset,/.position = 0,/'
mutant row-from-after-as-before $b 's/if \(place->after\) \{/if (false) {/'
mutant row-from-of-another-field $b 's/if \(!g_str_equal\(place->field->name, \*names\)\)/if (false)/'
mutant row-domain-as-written $b 's/g_unichar_tolower\(g_utf8_get_char\(domain\)\)/g_utf8_get_char(domain)/'
mutant row-local-part-in-small $b "s/const char \*domain = strrchr\(address, '@'\);/const char *domain = address;/"
mutant row-digest-of-a-part $b 's/if \(job->complete\)$/if (true)/'
mutant row-digest-of-the-old-head $b 's/if \(job->new_head\) \{/if (false) {/'
mutant row-digest-of-its-end $b 's/digest_add\(&digest, before.data, same\);/;/'
mutant row-person-again $b 's/if \(!g_ptr_array_find_with_equal_func\(names/if (true || g_ptr_array_find_with_equal_func(names/'
mutant row-octets-for-ever $b 's/rows->octets = 0;/;/'

mutant newfile-by-its-number src/io/newfile.c 's/return newfile_is_at\(path, file\) && lstat/return newfile_is_at(path, file) || lstat/'
mutant maildir-not-taken-back src/mail/maildir.c 's/if \(!run_settle\(p->run, &replacement->entry, done,/if (!run_settle(p->run, \&replacement->entry, true,/'
mutant maildir-misnamed src/mail/maildir.c 's/p->run->misnamed \+= !/(void)/'
mutant folder-ends-at-an-error src/util/folder.c 's/reason = errno;/reason = 0;/'
mutant sendmail-holds-no-signal src/io/sendmail.c 's/\tsigaddset\(&held, ends\[i\]\);/;/'
mutant sendmail-unseen-is-sent src/io/sendmail.c 's/sent = reap\(pid, &status, error\) && /status = 0;\n\t\treap(pid, \&status, NULL);\n\t\tsent = /'
mutant sendmail-lets-go src/io/sendmail.c 's/\tsigaddset\(ret_ours, ends\[i\]\);/;/'
mutant maildir-size-in-flags src/mail/maildir.c 's/at && \(!info \|\| at < info\) \?/at ?/'
mutant maildir-size-wrong src/mail/maildir.c 's/if \(size && !end_of_size\(size, old\)\)/if (false)/'
mutant maildir-size-in-part src/mail/maildir.c "s/ && strchr\(\",:\", at\[length\]\) / /"
mutant maildir-size-of-part src/mail/maildir.c "s/before = bytes\[n - 1\];/before = '\\\\0';/"
mutant tree-text-before src/mail/tree.c 's/return mbox.part != MBOX_TEXT && !mbox.is_text;/return mbox.part != MBOX_TEXT;/'
mutant tree-first-block-alone src/mail/tree.c 's/mbox.is_text \|\| m->at_end\)/true)/'
mutant tree-with-a-time-alone src/mail/tree.c 's/return mbox.part != MBOX_TEXT && !mbox.is_text;/return mbox_begins(m->bytes, m->length);/'
mutant tree-mailbox-makes-mh src/mail/tree.c 's/!begins_mailbox\(&m, NULL\);/true;/'
mutant maildir-denied-breaks-off src/util/io-error.c 's/^\tcase EACCES:/\tcase EDOM:/'
mutant maildir-error-is-denied src/mail/maildir.c 's/if \(!g_error_matches\(failed, IO_ERROR, IO_ERROR_DENIED\)\)/if (!failed)/'
mutant maildir-folder-denied src/mail/maildir.c 's/bool good = names \|\| is_denied\(.*/bool good = names;/'
mutant mailbox-size-with-separator src/mail/mailbox.c 's/^\tp->size = 0;/\tp->size = p->separator->len;/'
mutant run-top-by-case src/mail/run.c 's/g_ascii_strdown\(by, -1\)/g_strdup(by)/'
mutant mailbox-author-of-any-field src/mail/mailbox.c '/^shows_author/,/^}/s/return false;/return true;/'
mutant mailbox-author-that-shows-nobody src/mail/mailbox.c 's/return place->action != ACTION_KEPT \|\|/return true ||/'
mutant mailbox-author-replaced-is-nobody src/mail/mailbox.c 's/return place->action != ACTION_KEPT \|\|/return/'
mutant mailbox-envelope-unseen src/mail/mailbox.c 's/run->shown \+= job->decision \&\& shows_envelope/run->shown += false \&\& shows_envelope/'
mutant run-too-many-tops src/mail/run.c 's/ && g_hash_table_size\(run->tops\) < TOPS_MAX\)/)/'
mutant run-scopes-users src/mail/run.c 's/if \(strip_is_anonymous\(.*\)\) \{/if (true) {/'
mutant run-all-unscoped src/mail/run.c 's/run->unscoped \+= .*;/run->unscoped++;/'
mutant run-dry-run-as-written src/mail/run.c '/^first_outcome/,/^}/s/if \(run->dry_run\)/if (false)/'

y=src/mail/tally.c
mutant tally-refused-is-changed $y 's/return action == ACTION_STRIPPED \|\| .*/return action != ACTION_KEPT;/'
mutant tally-replaced-is-left $y 's/return action == ACTION_STRIPPED \|\| .*/return action == ACTION_STRIPPED;/'
mutant tally-people-of-the-other-side $y 's/is_changed \? job : &before, job/is_changed ? \&before : job, job/'
mutant tally-reason-of-before $y 's/add_example\(tally, item, from, after\);/add_example(tally, item, from, changes->decision);/'
mutant tally-person-twice $y 's/if \(item->message == tally->messages\)/if (false)/'
mutant tally-example-again $y 's/!g_str_equal\(item->examples\[i\]->from, from\)/true/'
mutant tally-room-without-end $y 's/if \(tally->octets > tally->room\)/if (false)/'
mutant tally-room-of-those-met-most $y 's/ && hits\(item\) <= least; i/ \&\& hits(item) >= least; i/'
mutant tally-least-met-first $y 's/\(hits\(one\) < hits\(other\)\) - \(hits\(one\) > hits\(other\)\)/(hits(one) > hits(other)) - (hits(one) < hits(other))/'
mutant tally-refuses-one-side $y '/before.refuse = job->refuse;/d'
mutant tally-long-domain $y 's/strlen\(at \+ 1\), DOMAIN_MAX\)/strlen(at + 1), G_MAXSIZE)/'
mutant tally-hosts-of-any-reason $y 's/reason == REASON_TOP_NOT_OURS;/reason >= REASON_NO_LOGIN;/'
mutant run-compares-not src/mail/run.c 's/if \(run->tally && /if (false \&\& /'

m=src/core/pipermail.c
mutant field-parts-a-mailbox src/mail/job.c 's/ \|\| !mbox_parts\(head, size\)/ || true/'
mutant any-field-parts-a-mailbox src/mail/job.c 's/ \|\| !mbox_parts\(head, size\)//'
mutant from-name-is-a-comment src/core/address.c 's/list->display_name = before;/;/'
mutant fold-stays-in-quotes src/core/address.c 's/return \(size_t\)\(end - start\) == text->len && memcmp.*/return (size_t)(end - start) >= text->len;/'
mutant pipermail-not-asked $s 's/policy->pipermail \? (pipermail_value)/true ? \1/'
mutant pipermail-not-read $s 's/policy->pipermail \? (pipermail_value)/false ? \1/'
mutant pipermail-recipients-are-senders $s '/^strip_shows_sender/,/^}/s/, false\)/, true)/'
mutant pipermail-no-local $m 's/local == 0 \|\| //'
mutant pipermail-no-domain $m 's/ \|\| end == domain//'
mutant pipermail-no-blank-behind $m 's/domain <= at \+ 2/domain < at + 2/'
mutant pipermail-other-word $m 's/memcmp\(text \+ at, "at", 2\) != 0/false/'
mutant pipermail-text-behind $m "s/ \|\| text\[end - 1\] != '\)'//"
mutant pipermail-text-before $m "s/text\[at\] != '\(' \|\| //"
mutant pipermail-bracket $m "s/ \|\| text\[at\] == '\)' / /"
mutant pipermail-backslash $m "s/ \|\| text\[at\] == '.{2}'\)/)/"
mutant pipermail-angle-rest $m 's/ \|\| used != end - 1 - from//'

k=src/store/care.c
mutant backup-left-by-a-signal src/store/backup.c '/^scratch_open/,/^}/s/stop_set_files\(s->files\);/;/'
mutant signal-ends-without-removing src/util/stop.c '/^end\(/,/^}/s/unlink\(\*file\)/(void)file/'
mutant signal-though-ignored src/util/stop.c 's/ && old.sa_handler != SIG_IGN\)/)/'
mutant backup-beside-a-log src/store/backup.c '/^is_alone/,/^}/s/\{ "-wal", /{ /'
mutant backup-beside-a-journal src/store/backup.c '/^is_alone/,/^}/s/, "-journal" \}/ }/'
mutant restore-damaged-rows src/store/backup.c 's/return dangling == 0 \|\|/return true ||/'
mutant restore-what-lacks src/store/backup.c 's/return !lack \|\| set_refused/return true || set_refused/'
mutant restore-does-not-say-what-lacks src/store/backup.c 's/!has_all\(file, db, version, error\)/false/'
mutant restore-over-what-migrates-alone src/store/db.c 's/if \(purpose == TO_REPLACE && version > 0\)/if (false)/'
mutant check-without-schema $k 's/good = reader_compare_schema\(.*\);/good = true;/'
mutant schema-without-columns src/store/schema.c '/^compare_object\(/,/^}/s/missing = first_missing\(wanted, found\);/missing = NULL;/'
mutant schema-without-objects src/store/schema.c '/^compare_objects\(/,/^}/s/missing = first_missing\(wanted, found\);/missing = NULL;/'
mutant schema-with-triggers src/store/schema.c 's/more->len > 0/false/'
mutant schema-with-any-meta src/store/schema.c 's/if \(rows != 1\)/if (false)/'
mutant schema-of-the-newest src/store/schema.c 's/db_make_private\(version, error\)/db_make_private(db_newest_version(), error)/'
mutant belong-makes-an-index src/store/belong.c 's/if \(sqlite3_uri_boolean\(path, "immutable", false\)\)/if (false)/'
mutant people-nobody-is-good src/mail/people.c 's/if \(people->people == 0\)/if (false)/'
mutant people-build-from-nobody src/mail/people.c 's/return names_nobody\(file\)/return false/'
mutant migrated-meanwhile src/store/db.c 's/\(\(belong_check\(db, error\) && read_version\(db, &version, error\)\)/(belong_check(db, error)/'
mutant restore-ids-of-another src/store/backup.c 's/ && is_same_audit\(db, live\);/;/'
mutant restore-ids-of-the-backup-alone src/store/backup.c 's/first = MAX\(own, others\)/first = own/'
mutant restore-without-log src/store/backup.c 's/^\tsqlite3_close\(db_open_as_is\(.*/\t(void)wait;/'
mutant file-in-memory src/store/db.c 's/return g_path_is_absolute\(path\) \? g_strdup\(path\) : .*/return g_strdup(path);/'
mutant file-of-a-host src/store/db.c 's/g_path_is_absolute\(path\) \? "\/\/" : "\.\/"/""/'
mutant audit-in-memory src/store/db.c '/^db_open\(/,/^}/s/db_resolve\(path, true, error\)/g_str_equal(path, ":memory:") ? g_strdup("") : db_resolve(path, true, error)/'
mutant audit-is-a-link src/store/db.c 's/lstat\(full, &info\) != 0 \|\| S_ISREG/stat(full, \&info) != 0 || S_ISREG/'
mutant audit-is-a-folder src/store/db.c 's/if \(g_str_has_suffix\(path, "\/"\)\)/if (false)/'
mutant count-pending-of-another-kind $k 's/if \(g_str_equal\(rows.outcome, "pending"\)\)/if (g_str_equal(rows.action, "kept"))/'
mutant count-one-kind-twice $k 's/^\t\(\*rows\)\+\+;/\t(*rows) = 1;/'
mutant count-without-order $k 's/^\tqsort\(keys, n, sizeof \*keys, compare_words\);/\t;/'
mutant count-the-oldest $k 's/max\(at\)\) AS INTEGER/min(at)) AS INTEGER/'

f=src/store/place.c
mutant audit-by-name-alone $f 's/if \(is_there \|\| other_is\)/if (false)/'
mutant audit-by-inode-alone $f 's/return g_str_equal\(base, other_base\) &&.*/return false;/'
mutant audit-in-any-directory $f 's/ && is_same\(folder, other_folder\)//'
mutant audit-without-its-journal $f 's/, "-journal" \};/ };/'

[ "$*" = -n ] || echo "$caught mutants caught, $alive not"
[ "$alive" -eq 0 ]
