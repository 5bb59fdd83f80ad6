/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The protocol between an MTA and a milter, version 6 (libmilter's mfdef.h and mfapi.h, Sendmail
 * 8.14 and later, Postfix 2.6 and later). A packet is a length in four octets, the most significant
 * first, then the octet of the command, then data; the length counts command and data. */
#define WIRE_VERSION ((guint32)6)

/* The greatest length of a packet. MTAs send at most 64 KiB, but Sendmail with Milter.maxdatasize
 * up to this. */
#define WIRE_PACKET_MAX ((size_t)1024 * 1024)

/* Octets of a packet, not NUL-terminated; valid as long as the packet's bytes are. */
typedef struct {
	const char *data;
	size_t length;
} WireBytes;

/* What an MTA sends (SMFIC_...). */
typedef enum {
	WIRE_ABORT = 'A',
	WIRE_BODY = 'B',
	WIRE_CONNECT = 'C',
	WIRE_MACROS = 'D',
	WIRE_END_OF_MESSAGE = 'E', /* its data, if any, is the last of the body */
	WIRE_HELO = 'H',
	WIRE_QUIT_NEW_CONNECTION = 'K', /* the next SMTP session follows on this connection */
	WIRE_HEADER = 'L',
	WIRE_MAIL = 'M',
	WIRE_END_OF_HEADERS = 'N',
	WIRE_NEGOTIATE = 'O',
	WIRE_QUIT = 'Q',
	WIRE_RCPT = 'R',
	WIRE_DATA = 'T',
	WIRE_UNKNOWN = 'U',
} WireCommand;

/* Changes that a milter may make (SMFIF_...): the MTA offers some, the milter asks for fewer. */
enum {
	WIRE_CHANGE_HEADERS = 0x10,
	WIRE_LIST_MACROS = 0x100, /* name the macros that it wants */
};

/* What an MTA can leave out or do (SMFIP_...): it offers some, the milter asks for fewer. NO: it
 * does not send this command. NR: it waits for no reply to this command. */
enum {
	WIRE_NO_BODY = 0x10,
	WIRE_NR_HEADER = 0x80,
	WIRE_NO_UNKNOWN = 0x100,
	WIRE_NO_DATA = 0x200,
	WIRE_NR_CONNECT = 0x1000,
	WIRE_NR_HELO = 0x2000,
	WIRE_NR_MAIL = 0x4000,
	WIRE_NR_RCPT = 0x8000,
	WIRE_NR_DATA = 0x10000,
	WIRE_NR_UNKNOWN = 0x20000,
	WIRE_NR_END_OF_HEADERS = 0x40000,
	WIRE_NR_BODY = 0x80000,
	WIRE_LEADING_SPACE = 0x100000, /* values keep the blank after the colon, both ways */
};

/* The stages at which an MTA sends macros (SMFIM_...). */
typedef enum {
	WIRE_AT_CONNECT,
	WIRE_AT_HELO,
	WIRE_AT_MAIL,
	WIRE_AT_RCPT,
	WIRE_AT_DATA,
	WIRE_AT_END_OF_MESSAGE,
	WIRE_AT_END_OF_HEADERS,
} WireStage;

typedef struct {
	char command; /* any octet: the caller refuses what is no WireCommand */
	WireBytes data;
	size_t size; /* of the whole packet, with the four octets of the length */
} WirePacket;

typedef enum {
	WIRE_MORE, /* more octets are needed; ret->size is that of the packet, 0 if not yet known */
	WIRE_PACKET,
	WIRE_BAD, /* the length is 0 or too large: the stream cannot be read any further */
} WireRead;

/* The packet at the start of @length bytes. */
WireRead wire_read(const char *bytes, size_t length, WirePacket *ret);

/* The decoders take the data of one packet. False: it is malformed, and nothing is returned. A NUL
 * inside a string is malformed. No MTA sends one, since they keep C strings: Postfix cuts a line of
 * a message at a NUL, Sendmail drops the NUL, and both deliver the line that way too. */

typedef struct {
	guint32 version, actions, protocol;
} WireNegotiation;

/* WIRE_NEGOTIATE. Ignores what a later version may append. */
bool wire_negotiation(WireBytes data, WireNegotiation *ret);

typedef struct {
	WireBytes host;    /* a name, or an address in brackets */
	char family;       /* '4', '6', 'L' (local) or 'U' (unknown: no port, no address) */
	guint16 port;      /* 0: not known, or no SMTP client */
	WireBytes address; /* as the MTA writes it: Sendmail puts "IPv6:" before an IPv6 address */
} WireConnection;

/* WIRE_CONNECT */
bool wire_connection(WireBytes data, WireConnection *ret);

/* WIRE_HELO, WIRE_UNKNOWN: the string. */
bool wire_string(WireBytes data, WireBytes *ret);

/* WIRE_HEADER. The value holds folds as LF and white space. */
bool wire_header(WireBytes data, WireBytes *ret_name, WireBytes *ret_value);

/* WIRE_MAIL, WIRE_RCPT: takes the next string from @rest, which begins as the data. The first one
 * is the address, in angle brackets or (Postfix, local mail) bare; the others are ESMTP parameters.
 * False: there is none; @rest is then empty, or holds octets without a NUL, which is malformed. */
bool wire_next_string(WireBytes *rest, WireBytes *ret);

/* WIRE_MACROS: the command that the macros belong to, which follows as the next packet, and the
 * octets for wire_next_macro(). They replace all macros sent for this command before. Postfix sends
 * the macros of WIRE_END_OF_HEADERS before each header too, as those of WIRE_HEADER. */
bool wire_macros(WireBytes data, char *ret_command, WireBytes *ret_rest);

/* Takes the next macro; its name comes without the braces of a name of several letters. False: as
 * for wire_next_string(). */
bool wire_next_macro(WireBytes *rest, WireBytes *ret_name, WireBytes *ret_value);

/* The functions below append one packet to @out. */

/* The macros wanted at one stage, in place of those that the administrator set for it. With an
 * empty list, Postfix sends the administrator's all the same. */
typedef struct {
	WireStage stage;
	const char *names; /* separated by blanks, longer ones in braces: "i {auth_authen}" */
} WireMacroList;

/* The answer to WIRE_NEGOTIATE, with @n lists: 0 if the MTA does not offer WIRE_LIST_MACROS. */
void wire_put_negotiation(GByteArray *out, WireNegotiation wanted, const WireMacroList *lists,
                          size_t n);

/* Replies that are one octet (SMFIR_...). */
typedef enum {
	WIRE_ACCEPT = 'a',   /* accept unseen: this message, or at connect or HELO this session */
	WIRE_CONTINUE = 'c', /* go on; at the end of the message: deliver it */
	WIRE_PROGRESS = 'p', /* at the end of the message: still at work, keep waiting */
	WIRE_TEMPFAIL = 't',
} WireReply;

void wire_put(GByteArray *out, WireReply reply);

/* Refuses with @text, one line such as "451 4.3.0 barefrom: no memory": a code of 4xx or 5xx, a
 * blank, and an enhanced status code that begins with the same digit (RFC 5321, RFC 3463), else
 * Postfix treats it as an error of the milter. Doubles a percent sign, since Sendmail uses the text
 * as a format and Postfix undoes that; turns what is not printable ASCII into a question mark. */
void wire_put_refusal(GByteArray *out, const char *text);

/* Before the reply to WIRE_END_OF_MESSAGE: gives the @nth header of this name, counted from 1, a
 * new value, and @name's spelling. With WIRE_LEADING_SPACE, the value includes the blank after the
 * colon. An empty value deletes the header; if there is no @nth, an MTA appends one. False: no
 * packet can say it (@nth is 0, the name is empty, either holds a NUL, or both are longer than
 * WIRE_PACKET_MAX), and nothing is appended to @out. */
bool wire_put_change(GByteArray *out, guint32 nth, WireBytes name,
                     WireBytes value) G_GNUC_WARN_UNUSED_RESULT;
