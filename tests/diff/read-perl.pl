# SPDX-License-Identifier: GPL-3.0-or-later
# read-perl.pl email|mail: what Perl shows of the sender fields of the messages whose paths come in
# on standard input: Email::Simple with Email::Address::XS (which is Dovecot's parser), or
# Mail::Header with Mail::Address. The lines that it prints are those of read-gmime.c.
use strict;
use warnings;
use Encode ();

my $patience = 300;    # seconds for a message
my %fields = ( 'from' => 'From', 'sender' => 'Sender', 'reply-to' => 'Reply-To' );

# Bytes that a reader left as they were stay so.
sub show {
	my ( $field, $kind, $text ) = @_;
	return if !defined $text;
	my $bytes = $text;
	utf8::encode($bytes) if utf8::is_utf8($bytes);
	print "$field\t$kind\t", unpack( 'H*', $bytes ), "\n";
}

sub show_words {
	my ( $field, $value ) = @_;
	return if $value !~ /=\?/;
	my $decoded = eval { Encode::decode( 'MIME-Header', $value ) };
	my $folded = $value =~ s/\r?\n(?=[ \t])//gr;
	show( $field, 'word', $decoded ) if defined $decoded && $decoded ne $folded;
}

sub sender_field {
	my ($name) = @_;
	$name =~ s/[^!-~]//g;
	return $fields{ lc $name };
}

# What Dovecot's parser finds in a value.
sub show_xs {
	my ( $field, $value ) = @_;
	for my $group ( Email::Address::XS::parse_email_groups($value) ) {
		next if !defined $group;
		if ( ref $group ne 'ARRAY' ) {
			show( $field, 'name', $group );
			next;
		}
		for my $address (@$group) {
			show( $field, 'name',    $address->phrase );
			show( $field, 'comment', $address->comment );
			show( $field, 'address', $address->address );
			# What it cannot take for an address, it shows as it stands.
			show( $field, 'other', $address->original ) if !$address->is_valid;
		}
	}
}

sub show_mail_address {
	my ( $field, $value ) = @_;
	for my $address ( Mail::Address->parse($value) ) {
		show( $field, 'name',    $address->phrase );
		# The parentheses are part of a comment here; between them may be nothing.
		show( $field, 'comment', ( $address->comment // '' ) =~ s/^\(|\)$//gr );
		show( $field, 'address', $address->address );
	}
}

my %readers = (
	email => sub {
		my ($bytes) = @_;
		# It looks for two line ends in a row, and takes the body of a message whose head is empty
		# for its head. No mail server delivers such a message: there is a trace field on top.
		return if $bytes =~ /^\r?\n/;
		my $message = Email::Simple->new( \$bytes );
		my @pairs   = $message->header_raw_pairs;
		while ( my ( $name, $value ) = splice @pairs, 0, 2 ) {
			my $field = sender_field($name) // next;
			show( $field, 'value', $value );
			show_words( $field, $value );
			show_xs( $field, $value );
		}
	},
	mail => sub {
		my ($bytes) = @_;
		open my $in, '<', \$bytes or die;
		my $head = Mail::Header->new( $in, Modify => 0 );
		for my $name ( $head->tags ) {
			# So it calls the mbox line on top, which is no field.
			next if $name eq 'From ';
			my $field = sender_field($name) // next;
			for my $value ( $head->get($name) ) {
				# A name ends at its first blank here, so that "From : x" has the value ": x".
				$value =~ s/^\s*:\s*//;
				show( $field, 'value', $value );
				show_words( $field, $value );
				show_mail_address( $field, $value );
			}
		}
	},
);

my $which = shift @ARGV;
if ( $which eq 'email' ) {
	require Email::Simple;
	require Email::Address::XS;
}
else {
	require Mail::Header;
	require Mail::Address;
}
$| = 1;
binmode STDOUT;
local $SIG{__WARN__} = sub { };    # about what they read
while ( my $path = <STDIN> ) {
	chomp $path;
	alarm $patience;
	open my $file, '<:raw', $path or die "$path: $!";
	my $bytes = do { local $/; <$file> } // '';
	close $file;
	$readers{$which}->($bytes);
	print "done\n";
}
