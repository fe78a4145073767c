package io.weir.reactive.transport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Port numbers of 127.0.0.1 that nobody of this machine has. What is free for datagrams may be taken for TCP: for as long as 60 s also
 * by an outgoing connection that has ended (TIME_WAIT).
 */
public final class FreePort {

    private static final String HOST = "127.0.0.1";
    private static final int MOST_TRIES = 20;

    private FreePort() {}

    /** A number that was free for both TCP and datagrams a moment ago. */
    public static int ofBoth() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (DatagramSocket datagrams = datagrams(0);
                    ServerSocket stream = stream(datagrams.getLocalPort())) {
                return stream.getLocalPort();
            } catch (IOException e) {
                if (attempt == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** A socket for datagrams at this number, or at any if it is 0. */
    public static DatagramSocket datagrams(int port) throws IOException {
        return new DatagramSocket(new InetSocketAddress(HOST, port));
    }

    /** A listener at this number, or at any if it is 0, whatever connections that it accepted before have left. */
    public static ServerSocket stream(int port) throws IOException {
        ServerSocket stream = new ServerSocket();
        try {
            stream.setReuseAddress(true);
            stream.bind(new InetSocketAddress(HOST, port));
            return stream;
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }
}
