package io.weir.test.rogue;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.test.network.SimulatedNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Where nodes may dial to find a {@link RoguePeer}. Thread: its user's, as with the peers themselves. */
public final class RogueListener implements AutoCloseable {

    private final PeerAddress address;
    private final Supplier<RoguePeer> next;
    private final Runnable end;

    private RogueListener(PeerAddress address, Supplier<RoguePeer> next, Runnable end) {
        this.address = address;
        this.next = next;
        this.end = end;
    }

    /** On a free TCP port of this machine, reachable only from it. */
    public static RogueListener onLoopback() {
        try {
            ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            server.setSoTimeout((int) SocketWire.PATIENCE.toMillis());
            PeerAddress address = PeerAddress.tcp(server.getInetAddress().getHostAddress(), server.getLocalPort());
            return new RogueListener(address, () -> accept(server), () -> close(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a simulated network, at the {@link SimulatedNetwork#address} of a host on which no node is. */
    public static RogueListener in(SimulatedNetwork network, String host) {
        Deque<Link> links = new ArrayDeque<>();
        PeerAddress address = network.address(host);
        network.stopReading(host);
        Disposable.Swap bound = Disposables.swap();
        network.transport(host)
                .listen(address, links::add)
                .subscribe((LinkListener listener) -> bound.update(listener::dispose));
        network.settle();
        return new RogueListener(address, () -> accept(network, host, links), bound::dispose);
    }

    /** Where to dial. */
    public PeerAddress address() {
        return address;
    }

    /**
     * The far end of the next connection that a node dials here; nothing has been said on it yet.
     *
     * @throws AssertionError if there is none: at once on a simulated network, after 20 seconds over TCP
     */
    public RoguePeer accept() {
        return next.get();
    }

    @Override
    public void close() {
        end.run();
    }

    private static RoguePeer accept(SimulatedNetwork network, String host, Deque<Link> links) {
        network.settle();
        Link link = links.poll();
        if (link == null) {
            throw new AssertionError("no node has dialled " + network.address(host));
        }
        return RoguePeer.accepted(new SimulatedWire(network, host, link), network, host);
    }

    private static RoguePeer accept(ServerSocket server) {
        try {
            return RoguePeer.accepted(new SocketWire(server.accept()));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no node dialled for " + SocketWire.PATIENCE, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
