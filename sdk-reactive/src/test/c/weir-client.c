/*
 * A client of Weir over QUIC that shares no line with it: on ngtcp2 and GnuTLS, written from docs-site/protocol.md.
 *
 *   weir-client PORT KEY-OF-NODE own|none|rsa|anothers
 *
 * connects to 127.0.0.1, shows the certificate that the last word says, says HELLO, sends one element to the stream "echo", takes what comes
 * back, and says END. KEY-OF-NODE is 64 hexadecimal digits. Ends with 0 if all of that was so; with 3, and says how, if the node has closed
 * the connection before; with 4 if this side does not take the node's certificate; with 1 if anything else is wrong.
 */
#include "identity.h"
#include "session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 30, DATAGRAM_BYTES = 1452, BLOCK_MAX = 65535, STREAMS_READ = 8, STREAMS_ALLOWED = 512 };
enum { DONE = 0, FAULT = 1, REFUSED = 3, NOT_EXPECTED = 4 };

/* A stream of the node's: its type, then blocks. */
struct inbound {
    bool used;
    int64_t id;
    size_t length;
    uint8_t bytes[1 + 2 + BLOCK_MAX];
};

struct client {
    int socket;
    ngtcp2_conn *connection;
    ngtcp2_path_storage path;
    gnutls_session_t tls;
    ngtcp2_crypto_conn_ref reference;
    struct session session;
    struct inbound inbound[STREAMS_READ];
};

static struct client client;

static _Noreturn void end(int status, const char *why) {
    printf("%s\n", why);
    exit(status);
}

static ngtcp2_tstamp now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (ngtcp2_tstamp) at.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp) at.tv_nsec;
}

/* ---- what the library asks for */

static ngtcp2_conn *connection_of(ngtcp2_crypto_conn_ref *reference) {
    return ((struct client *) reference->user_data)->connection;
}

static void random_bytes(uint8_t *to, size_t length, const ngtcp2_rand_ctx *context) {
    (void) context;
    gnutls_rnd(GNUTLS_RND_RANDOM, to, length);
}

static int new_connection_id(ngtcp2_conn *of, ngtcp2_cid *id, uint8_t *token, size_t length, void *user) {
    (void) of, (void) user;
    id->datalen = length;
    gnutls_rnd(GNUTLS_RND_RANDOM, id->data, length);
    gnutls_rnd(GNUTLS_RND_RANDOM, token, NGTCP2_STATELESS_RESET_TOKENLEN);
    return 0;
}

static int on_secured(ngtcp2_conn *of, void *user) {
    (void) of, (void) user;
    session_begin(&client.session);
    return 0;
}

/* ---- what comes */

static struct inbound *stream_of(int64_t id) {
    for (int i = 0; i < STREAMS_READ; i++) {
        struct inbound *each = &client.inbound[i];
        if (!each->used || each->id == id) {
            each->used = true;
            each->id = id;
            return each;
        }
    }
    end(FAULT, "the node has opened more streams than it has reason to");
}

static void take_blocks(struct inbound *of) {
    while (of->length >= 3) {
        size_t length = (size_t) of->bytes[1] << 8 | of->bytes[2];
        if (of->length < 3 + length) {
            return;
        }
        struct reader block = {of->bytes + 3, of->bytes + 3 + length, length == 0};
        if (!session_take(&client.session, of->bytes[0], &block)) {
            exit(FAULT);
        }
        of->length -= 2 + length;
        memmove(of->bytes + 1, of->bytes + 3 + length, of->length - 1);
    }
}

static int on_stream_data(
        ngtcp2_conn *of, uint32_t flags, int64_t id, uint64_t offset, const uint8_t *data, size_t length, void *user, void *stream) {
    (void) flags, (void) offset, (void) user, (void) stream;
    struct inbound *into = stream_of(id);
    for (size_t taken = 0; taken < length;) {
        size_t some = length - taken < sizeof into->bytes - into->length ? length - taken : sizeof into->bytes - into->length;
        memcpy(into->bytes + into->length, data + taken, some);
        into->length += some;
        taken += some;
        take_blocks(into);
    }
    ngtcp2_conn_extend_max_stream_offset(of, id, length);
    ngtcp2_conn_extend_max_offset(of, length);
    return 0;
}

static _Noreturn void closed(void) {
    ngtcp2_connection_close_error error;
    ngtcp2_conn_get_connection_close_error(client.connection, &error);
    bool application = error.type == NGTCP2_CONNECTION_CLOSE_ERROR_CODE_TYPE_APPLICATION;
    if (application && error.error_code == 0 && client.session.element_came && client.session.last.end_sent) {
        end(DONE, "closed in good order");
    }
    printf("closed by the node: %s error 0x%llx\n", application ? "application" : "QUIC", (unsigned long long) error.error_code);
    exit(REFUSED);
}

/* ---- what goes out */

static void send_datagram(const uint8_t *bytes, ngtcp2_ssize length) {
    if (length < 0) {
        end(FAULT, ngtcp2_strerror((int) length));
    }
    if (send(client.socket, bytes, (size_t) length, 0) < 0 && errno != ECONNREFUSED) {
        end(FAULT, strerror(errno));
    }
}

/* One lane that has something to be sent, in a stream of its own; NULL if there is none, or QUIC allows none. */
static struct lane *pending(void) {
    struct lane *lanes[] = {&client.session.control, &client.session.half, &client.session.last};
    for (int i = 0; i < 3; i++) {
        struct lane *each = lanes[i];
        bool some = each->sent < each->length || (each->ended && !each->end_sent);
        if (some && (each->id >= 0 || ngtcp2_conn_open_uni_stream(client.connection, &each->id, NULL) == 0)) {
            return each;
        }
    }
    return NULL;
}

static void send_what_is_due(void) {
    uint8_t datagram[DATAGRAM_BYTES];
    for (;;) {
        struct lane *lane = pending();
        ngtcp2_vec rest = {NULL, 0};
        ngtcp2_pkt_info info;
        ngtcp2_ssize taken = -1;
        uint32_t flags = NGTCP2_WRITE_STREAM_FLAG_NONE;
        if (lane != NULL) {
            rest = (ngtcp2_vec) {lane->bytes + lane->sent, lane->length - lane->sent};
            flags = lane->ended ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE;
        }
        ngtcp2_ssize length = ngtcp2_conn_writev_stream(
                client.connection,
                &client.path.path,
                &info,
                datagram,
                sizeof datagram,
                &taken,
                flags,
                lane != NULL ? lane->id : -1,
                &rest,
                1,
                now());
        if (lane != NULL && taken >= 0) {
            lane->sent += (size_t) taken;
            lane->end_sent = lane->ended && lane->sent == lane->length;
        }
        if (length == 0) {
            return; /* nothing is due, or nothing may go now */
        }
        if (length == NGTCP2_ERR_DRAINING) {
            closed();
        }
        send_datagram(datagram, length);
    }
}

static _Noreturn void refuse(void) {
    uint8_t datagram[DATAGRAM_BYTES];
    ngtcp2_pkt_info info;
    ngtcp2_connection_close_error why;
    printf("not taken by this side: TLS alert %d\n", ngtcp2_conn_get_tls_alert(client.connection));
    ngtcp2_connection_close_error_default(&why);
    ngtcp2_connection_close_error_set_transport_error_tls_alert(
            &why, ngtcp2_conn_get_tls_alert(client.connection), NULL, 0);
    send_datagram(
            datagram,
            ngtcp2_conn_write_connection_close(
                    client.connection, &client.path.path, &info, datagram, sizeof datagram, &why, now()));
    exit(NOT_EXPECTED);
}

/* ---- the loop */

static void receive(void) {
    uint8_t datagram[65536];
    ssize_t length;
    while ((length = recv(client.socket, datagram, sizeof datagram, MSG_DONTWAIT)) >= 0) {
        ngtcp2_pkt_info info = {0};
        int result = ngtcp2_conn_read_pkt(client.connection, &client.path.path, &info, datagram, (size_t) length, now());
        if (result == NGTCP2_ERR_DRAINING) {
            closed();
        }
        if (result == NGTCP2_ERR_CRYPTO) {
            refuse();
        }
        if (result != 0) {
            end(FAULT, ngtcp2_strerror(result));
        }
    }
}

static void run(void) {
    ngtcp2_tstamp begun = now();
    while (now() - begun < PATIENCE_SECONDS * NGTCP2_SECONDS) {
        send_what_is_due();
        ngtcp2_tstamp expiry = ngtcp2_conn_get_expiry(client.connection), at = now();
        struct pollfd readable = {client.socket, POLLIN, 0};
        poll(&readable, 1, expiry <= at ? 0 : (int) ((expiry - at) / NGTCP2_MILLISECONDS > 1000 ? 1000 : (expiry - at) / NGTCP2_MILLISECONDS + 1));
        receive();
        if (ngtcp2_conn_get_expiry(client.connection) <= now() && ngtcp2_conn_handle_expiry(client.connection, now()) != 0) {
            end(FAULT, "the handshake has come to nothing");
        }
    }
    end(FAULT, "there was no end in time");
}

/* ---- setting it up */

static void open_socket(int port, struct sockaddr_in *here, struct sockaddr_in *there) {
    socklen_t length = sizeof *here;
    there->sin_family = AF_INET;
    there->sin_port = htons((uint16_t) port);
    there->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client.socket = socket(AF_INET, SOCK_DGRAM, 0);
    if (client.socket < 0 || connect(client.socket, (struct sockaddr *) there, sizeof *there) != 0
            || getsockname(client.socket, (struct sockaddr *) here, &length) != 0) {
        end(FAULT, strerror(errno));
    }
}

static void open_connection(struct sockaddr_in *here, struct sockaddr_in *there) {
    static const ngtcp2_callbacks callbacks = {
        .client_initial = ngtcp2_crypto_client_initial_cb,
        .recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb,
        .handshake_completed = on_secured,
        .encrypt = ngtcp2_crypto_encrypt_cb,
        .decrypt = ngtcp2_crypto_decrypt_cb,
        .hp_mask = ngtcp2_crypto_hp_mask_cb,
        .recv_stream_data = on_stream_data,
        .recv_retry = ngtcp2_crypto_recv_retry_cb,
        .rand = random_bytes,
        .get_new_connection_id = new_connection_id,
        .update_key = ngtcp2_crypto_update_key_cb,
        .delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
        .delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
        .get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
        .version_negotiation = ngtcp2_crypto_version_negotiation_cb,
    };
    ngtcp2_cid to = {.datalen = NGTCP2_MIN_INITIAL_DCIDLEN}, from = {.datalen = NGTCP2_MIN_INITIAL_DCIDLEN};
    ngtcp2_settings settings;
    ngtcp2_transport_params params;
    gnutls_rnd(GNUTLS_RND_RANDOM, to.data, to.datalen);
    gnutls_rnd(GNUTLS_RND_RANDOM, from.data, from.datalen);
    ngtcp2_settings_default(&settings);
    settings.initial_ts = now();
    /* At least what HELLO promises: windows of bytes, and 256 halves; of streams that go both ways there are none. */
    ngtcp2_transport_params_default(&params);
    params.initial_max_data = 64 << 20;
    params.initial_max_stream_data_uni = 32 << 20;
    params.initial_max_streams_uni = STREAMS_ALLOWED;
    params.initial_max_streams_bidi = 0;
    params.max_idle_timeout = 0; /* none: HELLO's silence limit decides */
    ngtcp2_path_storage_init(
            &client.path, (ngtcp2_sockaddr *) here, sizeof *here, (ngtcp2_sockaddr *) there, sizeof *there, NULL);
    if (ngtcp2_conn_client_new(
                &client.connection, &to, &from, &client.path.path, NGTCP2_PROTO_VER_V1, &callbacks, &settings, &params, NULL, NULL)
            != 0) {
        end(FAULT, "no connection can be made");
    }
    client.reference = (ngtcp2_crypto_conn_ref) {connection_of, &client};
    gnutls_session_set_ptr(client.tls, &client.reference);
    ngtcp2_conn_set_tls_native_handle(client.connection, client.tls);
}

static bool shown_of(const char *word, enum shown *shown) {
    static const char *const words[] = {[OWN] = "own", [NOTHING] = "none", [RSA_KEY] = "rsa", [ANOTHERS] = "anothers"};
    for (int i = OWN; i <= ANOTHERS; i++) {
        if (strcmp(word, words[i]) == 0) {
            *shown = (enum shown) i;
            return true;
        }
    }
    return false;
}

int main(int count, char **words) {
    unsigned char key[32];
    size_t key_bytes = sizeof key;
    enum shown shown;
    struct sockaddr_in here = {0}, there = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count != 4 || gnutls_hex2bin(words[2], strlen(words[2]), key, &key_bytes) != 0 || key_bytes != sizeof key
            || !shown_of(words[3], &shown)) {
        end(FAULT, "usage: weir-client PORT KEY-OF-NODE own|none|rsa|anothers");
    }
    client.session.control.id = client.session.half.id = client.session.last.id = -1;
    client.tls = tls_session(shown, key);
    open_socket(atoi(words[1]), &here, &there);
    open_connection(&here, &there);
    run();
}
