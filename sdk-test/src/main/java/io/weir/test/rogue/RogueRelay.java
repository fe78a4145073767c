package io.weir.test.rogue;

import io.weir.test.network.DatagramEndpoint;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on the path between two nodes, who holds no key: a node that dials it is led to another, and each takes it for the
 * other's address. It sees every datagram, and may pass on something else in its place, hold it back, repeat it, or add its own.
 *
 * <pre>{@code
 * RogueRelay relay = RogueRelay.bound(network, "relay", 4_001).to("server", 4_000);
 * relay.onForward(datagram -> List.of(datagram, datagram)); // each twice
 * client.connect(relay's address)
 * }</pre>
 *
 * <p>It leads one node, the one that was heard of last, and remembers the 1,024 datagrams of each direction that were seen last.
 * Thread: the network's.
 */
public final class RogueRelay implements AutoCloseable {

    private static final int REMEMBERED = 1_024;

    private final DatagramEndpoint near;
    private final DatagramEndpoint far;
    private final Deque<byte[]> forward = new ArrayDeque<>();
    private final Deque<byte[]> back = new ArrayDeque<>();
    private Function<byte[], List<byte[]>> onForward = List::of;
    private Function<byte[], List<byte[]>> onBack = List::of;
    private @Nullable String toHost;
    private int toPort;
    private @Nullable String dialler;
    private int diallerPort;

    private RogueRelay(DatagramEndpoint near, DatagramEndpoint far) {
        this.near = near;
        this.far = far;
    }

    /** At two free ports of a host on which no node is: {@code port}, where it is dialled, and the one above, from which it passes on. */
    public static RogueRelay bound(SimulatedNetwork network, String host, int port) {
        DatagramEndpoint near = network.datagrams(host, port);
        DatagramEndpoint far = network.datagrams(host, port + 1);
        RogueRelay relay = new RogueRelay(near, far);
        near.received().subscribe(datagram -> {
            relay.dialler = datagram.host();
            relay.diallerPort = datagram.port();
            byte[] bytes = bytesOf(datagram.payload());
            remember(relay.forward, bytes);
            relay.onForward.apply(bytes).forEach(relay::sendForward);
        });
        far.received().subscribe(datagram -> {
            byte[] bytes = bytesOf(datagram.payload());
            remember(relay.back, bytes);
            relay.onBack.apply(bytes).forEach(relay::sendBack);
        });
        return relay;
    }

    /** Whom it leads to. */
    public RogueRelay to(String host, int port) {
        toHost = host;
        toPort = port;
        return this;
    }

    /** What goes on in place of each datagram of the node that dials, in that order; at first the datagram itself. */
    public RogueRelay onForward(Function<byte[], List<byte[]>> instead) {
        onForward = instead;
        return this;
    }

    /** What goes back in place of each datagram for the node that dials. */
    public RogueRelay onBack(Function<byte[], List<byte[]>> instead) {
        onBack = instead;
        return this;
    }

    /** A datagram of its own, which the node that is dialled takes for the other's. */
    public void sendForward(byte[] datagram) {
        far.send(ByteBuffer.wrap(datagram), Objects.requireNonNull(toHost, "leads to nobody yet"), toPort);
    }

    /** A datagram of its own, which the node that dials takes for the other's. */
    public void sendBack(byte[] datagram) {
        near.send(ByteBuffer.wrap(datagram), Objects.requireNonNull(dialler, "nobody has dialled yet"), diallerPort);
    }

    /** What the node that dials has sent, oldest first. */
    public List<byte[]> seenForward() {
        return List.copyOf(forward);
    }

    /** What it was sent. */
    public List<byte[]> seenBack() {
        return List.copyOf(back);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }

    private static void remember(Deque<byte[]> seen, byte[] bytes) {
        if (seen.size() == REMEMBERED) {
            seen.remove();
        }
        seen.add(bytes);
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }
}
