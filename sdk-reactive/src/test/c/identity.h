/* TLS as docs-site/protocol.md wants it: who this side says it is, and whom it expects. */
#ifndef WEIR_IDENTITY_H
#define WEIR_IDENTITY_H

#include <gnutls/gnutls.h>

/* What this side shows: a certificate of its own Ed25519 key, or what a node must refuse. */
enum shown { OWN, NOTHING, RSA_KEY, ANOTHERS };

/* A session of TLS 1.3 that expects a node whose key has these 32 bytes; ends the program if that cannot be. */
gnutls_session_t tls_session(enum shown shown, const unsigned char *expected);

#endif
