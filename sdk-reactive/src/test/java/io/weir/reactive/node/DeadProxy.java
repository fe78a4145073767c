package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Forwards the bytes of TCP connections both ways until the wire is cut: from then on it swallows them, and neither end
 * hears a FIN or a reset, as when a cable is pulled or a host loses its power.
 */
final class DeadProxy implements AutoCloseable {

    private final PeerAddress target;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private volatile boolean cut;

    DeadProxy(PeerAddress target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::accept);
    }

    PeerAddress address() {
        return PeerAddress.tcp(InetAddress.getLoopbackAddress().getHostAddress(), server.getLocalPort());
    }

    void cut() {
        cut = true;
    }

    private void accept() throws IOException {
        while (true) {
            Socket dialled = kept(server.accept());
            Socket onward = kept(new Socket(InetAddress.getByName(target.host()), target.port()));
            daemon("there", () -> forward(dialled, onward));
            daemon("back", () -> forward(onward, dialled));
        }
    }

    private Socket kept(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void forward(Socket from, Socket to) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        int count;
        while ((count = from.getInputStream().read(chunk)) >= 0) {
            if (!cut) {
                to.getOutputStream().write(chunk, 0, count);
            }
        }
        if (!cut) {
            to.shutdownOutput();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One of the sockets was closed: by its end, or by this proxy's.
                    }
                },
                "dead-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
