package io.weir.test.rogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Over TCP; blocking, as the simplest attacker is. */
final class SocketWire implements RogueWire {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final byte[] NOTHING = new byte[0];

    private final Socket socket;
    private final byte[] chunk = new byte[64 * 1024];

    SocketWire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
    }

    static RogueWire dial(String host, int port) {
        try {
            return new SocketWire(new Socket(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The node has closed on us, as it may; reading shows it.
        }
    }

    @Override
    public byte @Nullable [] read() {
        try {
            int count = socket.getInputStream().read(chunk);
            return count < 0 ? null : Arrays.copyOf(chunk, count);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the node said nothing for " + PATIENCE, e);
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public byte @Nullable [] poll() {
        try {
            return socket.getInputStream().available() > 0 ? read() : NOTHING;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public SocketAddress source() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public void closeOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // The node was faster.
        }
    }

    @Override
    public void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // The node was faster.
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
