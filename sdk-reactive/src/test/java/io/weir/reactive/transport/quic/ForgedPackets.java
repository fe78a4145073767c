package io.weir.reactive.transport.quic;

import io.netty.handler.codec.quic.BoringSSLKeylog;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/**
 * Packets of a client past its own stack, which would not say what is in them: made with the keys of its connection. What its stack sends
 * behind them the server still reads, as they are numbered a little above. For one connection, whose cipher is AES-128-GCM.
 */
final class ForgedPackets implements BoringSSLKeylog {

    private static final String SECRET = "CLIENT_TRAFFIC_SECRET_0 ";
    private static final int PATIENCE_SECONDS = 20;

    /** Short header, the fixed bit, a packet number of four bytes (RFC 9000 section 17.3). */
    private static final int SHORT_HEADER = 0x43;

    private static final int NUMBER_BYTES = 4;

    private final CompletableFuture<byte[]> secret = new CompletableFuture<>();
    private int number = 60;

    /** Hears of all that TLS agrees on, in the format of NSS key logs. */
    @Override
    public void logKey(SSLEngine engine, String line) {
        if (line.startsWith(SECRET)) {
            secret.complete(HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)));
        }
    }

    /** The datagram with one packet of these frames of QUIC, to the server's connection id. */
    byte[] datagram(byte[] connectionId, byte[] frames) {
        try {
            byte[] known = secret.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (known.length != 32) {
                throw new AssertionError("the cipher is not AES-128-GCM");
            }
            byte[] header = ByteBuffer.allocate(1 + connectionId.length + NUMBER_BYTES)
                    .put((byte) SHORT_HEADER)
                    .put(connectionId)
                    .putInt(++number)
                    .array();
            return new InitialPackets(known).seal(header, number, frames);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
