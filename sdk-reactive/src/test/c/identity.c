#include "identity.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_BYTES = 32, DAY = 24 * 60 * 60, RSA_BITS = 2048 };

static const unsigned char *expected_key;

/* Ends the program where GnuTLS does not do what it is told. */
static void must(int result, const char *what) {
    if (result < 0) {
        fprintf(stderr, "%s: %s\n", what, gnutls_strerror(result));
        exit(1);
    }
}

static gnutls_x509_privkey_t new_key(gnutls_pk_algorithm_t algorithm) {
    gnutls_x509_privkey_t key;
    must(gnutls_x509_privkey_init(&key), "key");
    must(gnutls_x509_privkey_generate(key, algorithm, algorithm == GNUTLS_PK_RSA ? RSA_BITS : 0, 0), "generate");
    return key;
}

/* One certificate, X.509 version 3, of this key and signed by it, valid now. Names say nothing. */
static gnutls_x509_crt_t self_signed(gnutls_x509_privkey_t key, gnutls_digest_algorithm_t digest) {
    gnutls_x509_crt_t made;
    must(gnutls_x509_crt_init(&made), "certificate");
    must(gnutls_x509_crt_set_version(made, 3), "version");
    must(gnutls_x509_crt_set_serial(made, "\1", 1), "serial");
    must(gnutls_x509_crt_set_dn_by_oid(made, GNUTLS_OID_X520_COMMON_NAME, 0, "client", 6), "name");
    must(gnutls_x509_crt_set_activation_time(made, time(NULL) - DAY), "from");
    must(gnutls_x509_crt_set_expiration_time(made, time(NULL) + DAY), "until");
    must(gnutls_x509_crt_set_key(made, key), "key of certificate");
    must(gnutls_x509_crt_sign2(made, made, key, digest, 0), "signature");
    return made;
}

static void show(gnutls_certificate_credentials_t to, enum shown shown) {
    if (shown == NOTHING) {
        return;
    }
    gnutls_x509_privkey_t key = new_key(shown == RSA_KEY ? GNUTLS_PK_RSA : GNUTLS_PK_EDDSA_ED25519);
    gnutls_x509_crt_t certificate = self_signed(key, shown == RSA_KEY ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512);
    if (shown == ANOTHERS) {
        key = new_key(GNUTLS_PK_EDDSA_ED25519);
        gnutls_certificate_set_flags(to, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
    }
    must(gnutls_certificate_set_x509_key(to, &certificate, 1, key), "certificate to show");
}

/*
 * Judges what the node shows, before this side shows anything: one certificate, of the expected Ed25519 key, which signs it itself, valid
 * now. That the node has the key, GnuTLS sees by its CertificateVerify.
 */
static int judge(gnutls_session_t session) {
    unsigned count, faults;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t certificate;
    gnutls_pubkey_t key;
    gnutls_ecc_curve_t curve;
    gnutls_datum_t x = {NULL, 0};
    if (shown == NULL || count != 1) {
        return GNUTLS_E_CERTIFICATE_ERROR;
    }
    must(gnutls_x509_crt_init(&certificate), "certificate");
    must(gnutls_pubkey_init(&key), "key");
    bool good = gnutls_x509_crt_import(certificate, shown, GNUTLS_X509_FMT_DER) == 0
            && gnutls_x509_crt_verify(
                       certificate,
                       &certificate,
                       1,
                       GNUTLS_VERIFY_DO_NOT_ALLOW_SAME | GNUTLS_VERIFY_DISABLE_CA_SIGN,
                       &faults)
                    == 0
            && faults == 0
            && gnutls_pubkey_import_x509(key, certificate, 0) == 0
            && gnutls_pubkey_get_pk_algorithm(key, NULL) == GNUTLS_PK_EDDSA_ED25519
            && gnutls_pubkey_export_ecc_raw2(key, &curve, &x, NULL, 0) == 0
            && x.size == KEY_BYTES
            && memcmp(x.data, expected_key, KEY_BYTES) == 0;
    gnutls_free(x.data);
    gnutls_pubkey_deinit(key);
    gnutls_x509_crt_deinit(certificate);
    return good ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

gnutls_session_t tls_session(enum shown shown, const unsigned char *expected) {
    static const char priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519:"
                                   "-SIGN-ALL:+SIGN-EDDSA-ED25519:%DISABLE_TLS13_COMPAT_MODE";
    static const gnutls_datum_t alpn = {(unsigned char *) "weir/1", 6};
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
    expected_key = expected;
    must(gnutls_certificate_allocate_credentials(&credentials), "credentials");
    show(credentials, shown);
    must(gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_ENABLE_EARLY_DATA | GNUTLS_NO_END_OF_EARLY_DATA), "session");
    must(gnutls_priority_set_direct(session, priority, NULL), "priority");
    must(ngtcp2_crypto_gnutls_configure_client_session(session), "QUIC");
    must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials), "credentials of session");
    must(gnutls_alpn_set_protocols(session, &alpn, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
    gnutls_session_set_verify_function(session, judge);
    return session;
}
