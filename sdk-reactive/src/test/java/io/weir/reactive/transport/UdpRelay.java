package io.weir.reactive.transport;

import io.weir.core.peer.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between one client and one server on the loopback interface, as a NAT does: the server sees the relay's port, which
 * {@link #rebind} changes.
 */
public final class UdpRelay implements AutoCloseable {

    private static final int SYSTEM_BUFFER_BYTES = 4 << 20;

    /** Datagrams each way that are kept. */
    private static final int FIRST = 4;

    private final DatagramSocket front = socket();
    private final PeerAddress serverAddress;
    private final InetSocketAddress server;
    private final AtomicLong relayed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final List<byte[]> firstThere = new CopyOnWriteArrayList<>();
    private final List<byte[]> firstBack = new CopyOnWriteArrayList<>();
    private volatile DatagramSocket back = socket();
    private volatile DatagramSocket beforeDetour = back;
    private volatile boolean losing;
    private volatile SocketAddress client = front.getLocalSocketAddress(); // until it is heard

    public UdpRelay(PeerAddress server) {
        serverAddress = server;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        start(front, this::there);
        start(back, this::back);
    }

    /** Where the client is to dial. */
    public PeerAddress address() {
        return serverAddress.withPort(front.getLocalPort());
    }

    /** The port at which the server sees the client. */
    public int port() {
        return back.getLocalPort();
    }

    /** Datagrams that went by, both ways. */
    public long relayed() {
        return relayed.get();
    }

    /** The first datagrams that went by, to the server or from it. */
    public List<byte[]> first(boolean toServer) {
        return List.copyOf(toServer ? firstThere : firstBack);
    }

    private static void keep(List<byte[]> first, DatagramPacket packet) {
        if (first.size() < FIRST) {
            first.add(Arrays.copyOf(packet.getData(), packet.getLength()));
        }
    }

    /** Loses all that comes from the server, until {@link #rebind}. Returns what {@link #lost} is before that. */
    public long loseToClient() {
        losing = true;
        return lost.get();
    }

    /** Datagrams from the server that were lost by {@link #loseToClient}. */
    public long lost() {
        return lost.get();
    }

    /** The server sees the client at another port from now on; what it sends to the one before is lost. */
    public void rebind() {
        losing = false;
        DatagramSocket before = back;
        DatagramSocket now = socket();
        start(now, this::back);
        back = now;
        before.close();
    }

    /** What the client says goes another way from now on, to which all answers are lost. Once. */
    public void detour() {
        beforeDetour = back;
        back = socket();
    }

    @Override
    public void close() {
        front.close();
        back.close();
        beforeDetour.close();
    }

    private static DatagramSocket socket() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setReceiveBufferSize(SYSTEM_BUFFER_BYTES);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void there(DatagramPacket packet) throws IOException {
        client = packet.getSocketAddress();
        keep(firstThere, packet);
        packet.setSocketAddress(server);
        back.send(packet);
    }

    private void back(DatagramPacket packet) throws IOException {
        if (losing) {
            lost.incrementAndGet();
            return;
        }
        keep(firstBack, packet);
        packet.setSocketAddress(client);
        front.send(packet);
    }

    private interface Way {
        void pass(DatagramPacket packet) throws IOException;
    }

    private void start(DatagramSocket from, Way way) {
        Thread thread = new Thread(() -> relay(from, way), "relay of " + from.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    private void relay(DatagramSocket from, Way way) {
        byte[] array = new byte[1 << 16];
        while (!from.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(array, array.length);
                from.receive(packet);
                way.pass(packet);
                relayed.incrementAndGet();
            } catch (IOException e) {
                // The socket that was read from, or sent by, was closed: this one is lost, as on a network.
            }
        }
    }
}
