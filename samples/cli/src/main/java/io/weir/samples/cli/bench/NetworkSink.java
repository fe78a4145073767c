package io.weir.samples.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import reactor.core.scheduler.Schedulers;

/**
 * A port that takes one connection, without encryption, of whoever knows its secret, and counts for nothing what comes: the
 * network's own rate. It is open for a few seconds; the secret was told inside the session.
 */
final class NetworkSink {

    private static final int SECRET_BYTES = 16;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int WAIT_MILLIS = 5_000;
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final ServerSocket port;
    private final byte[] secret = new byte[SECRET_BYTES];

    private NetworkSink(ServerSocket port) {
        this.port = port;
        new SecureRandom().nextBytes(secret);
    }

    /** Opens a free port there and waits for its connection on a thread of its own. */
    static NetworkSink open(InetAddress host) throws IOException {
        ServerSocket port = new ServerSocket(0, 1, host);
        port.setSoTimeout(WAIT_MILLIS);
        NetworkSink sink = new NetworkSink(port);
        Schedulers.boundedElastic().schedule(sink::take);
        return sink;
    }

    /** What the other end needs: the port and the secret. */
    String ticket() {
        return port.getLocalPort() + " " + HexFormat.of().formatHex(secret);
    }

    /**
     * Sends for so long to such a port.
     *
     * @return how many bytes have arrived there
     */
    static long send(String host, String ticket, Duration time) throws IOException {
        String[] words = ticket.split(" ");
        byte[] chunk = new byte[BUFFER_BYTES];
        long sent = 0;
        try (Socket socket = new Socket(host, Integer.parseInt(words[0]))) {
            socket.getOutputStream().write(HexFormat.of().parseHex(words[1]));
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() - end < 0) {
                socket.getOutputStream().write(chunk);
                sent += chunk.length;
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("the other end says what it should not");
            }
        }
        return sent;
    }

    private void take() {
        try (port;
                Socket socket = port.accept()) {
            port.close();
            socket.setSoTimeout(WAIT_MILLIS);
            InputStream in = socket.getInputStream();
            if (MessageDigest.isEqual(in.readNBytes(SECRET_BYTES), secret)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                long end = System.nanoTime() + LONGEST.toNanos();
                while (in.read(buffer) >= 0 && System.nanoTime() - end < 0) {
                    // for nothing
                }
            }
        } catch (IOException e) {
            // Nobody came, or went in the middle: the other end tells of it.
        }
    }
}
