package io.weir.reactive.transport;

import io.weir.core.error.Legal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What TCP sockets are made with, those that dial and those that are accepted.
 *
 * @param receiveBufferBytes what the system is asked to keep of what has come and was not read: 4,096 to 1 GiB, or 0, the default,
 *     which leaves it to the system. Linux lets it grow then as the path asks for it, up to {@code net.ipv4.tcp_rmem}; a number
 *     stays, at {@code net.core.rmem_max} at most
 * @param sendBufferBytes what the system is asked to take of what the peer has not acknowledged: 4,096 to 1 GiB, or 0, the default,
 *     which leaves it to the system; on Linux {@code net.ipv4.tcp_wmem} and {@code net.core.wmem_max}
 * @param noDelay whether what is written goes at once, the default; else little may wait for more, or for the acknowledgement of
 *     what went before it (RFC 896)
 * @param backlog how many connections wait at a listener that does not accept as fast as they come, 1 to 65,535; default 4,096. A
 *     system takes no more than its limit, without a word: on Linux {@code net.core.somaxconn}
 * @param keepAlive when the system asks a silent peer whether it is there; null, the default, is never: the nodes ask each other
 */
public record TcpOptions(
        int receiveBufferBytes,
        int sendBufferBytes,
        boolean noDelay,
        int backlog,
        @Nullable TcpKeepAlive keepAlive) {

    private static final int LEAST_BUFFER_BYTES = 4 << 10;
    private static final int MOST_BUFFER_BYTES = 1 << 30;
    private static final int MOST_BACKLOG = 65_535;
    private static final int DEFAULT_BACKLOG = 4_096;

    public TcpOptions {
        requireBuffer("receiveBufferBytes", receiveBufferBytes);
        requireBuffer("sendBufferBytes", sendBufferBytes);
        Legal.range("backlog", backlog, 1, MOST_BACKLOG);
    }

    /** Buffers as the system has them, no delay, no keep-alive. */
    public static TcpOptions defaults() {
        return new TcpOptions(0, 0, true, DEFAULT_BACKLOG, null);
    }

    /** These with another receive buffer. */
    public TcpOptions withReceiveBufferBytes(int bytes) {
        return new TcpOptions(bytes, sendBufferBytes, noDelay, backlog, keepAlive);
    }

    /** These with another send buffer. */
    public TcpOptions withSendBufferBytes(int bytes) {
        return new TcpOptions(receiveBufferBytes, bytes, noDelay, backlog, keepAlive);
    }

    /** These where what is written goes at once, or may wait. */
    public TcpOptions withNoDelay(boolean atOnce) {
        return new TcpOptions(receiveBufferBytes, sendBufferBytes, atOnce, backlog, keepAlive);
    }

    /** These with another number of connections that may wait at a listener. */
    public TcpOptions withBacklog(int connections) {
        return new TcpOptions(receiveBufferBytes, sendBufferBytes, noDelay, connections, keepAlive);
    }

    /** These where the system asks silent peers. */
    public TcpOptions withKeepAlive(TcpKeepAlive timings) {
        Objects.requireNonNull(timings, "timings");
        return new TcpOptions(receiveBufferBytes, sendBufferBytes, noDelay, backlog, timings);
    }

    /** These where the system asks nobody. */
    public TcpOptions withoutKeepAlive() {
        return new TcpOptions(receiveBufferBytes, sendBufferBytes, noDelay, backlog, null);
    }

    private static void requireBuffer(String name, int bytes) {
        if (bytes != 0 && (bytes < LEAST_BUFFER_BYTES || bytes > MOST_BUFFER_BYTES)) {
            throw new IllegalArgumentException(name + " is " + bytes + "; legal: 0, which leaves it to the system, or "
                    + LEAST_BUFFER_BYTES + " to " + MOST_BUFFER_BYTES);
        }
    }
}
