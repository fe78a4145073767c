package io.weir.test.simulation;

import io.weir.test.network.Datagram;
import io.weir.test.network.DatagramEndpoint;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint with oracles: what arrives whole was sent by its peer, as often as the network may have it, in order where
 * it must be, no larger than the MTU, from an address that the peer had. Damage is known by a checksum.
 *
 * <pre>
 *   crc32 | serial of the sender | number | content
 * </pre>
 */
final class DatagramWatch {

    static final int HEADER_BYTES = 12;
    private static final int IP_AND_UDP_BYTES = 28;

    private final SimulatedNetwork network;
    private final String host;
    private final DatagramEndpoint endpoint;
    private final Consumer<String> violations;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> addresses = new HashSet<>();
    private @Nullable DatagramWatch peer;
    private boolean ordered;
    private int last = -1;
    private int received;
    private int whole;
    private String lastFrom = "";

    /** What was sent, and whether nothing of it may arrive, and how often it has. */
    private static final class Sent {
        private final byte[] bytes;
        private final boolean tooLarge;
        private int arrivals;

        Sent(byte[] bytes, boolean tooLarge) {
            this.bytes = bytes;
            this.tooLarge = tooLarge;
        }
    }

    /** Takes what arrived whole. */
    interface Handler {
        void handle(Datagram from, int number, byte[] content);
    }

    DatagramWatch(SimulatedNetwork network, String host, int port, Consumer<String> violations) {
        this.network = network;
        this.host = host;
        this.violations = violations;
        endpoint = network.datagrams(host, port);
    }

    /** From now on these two only hear each other; in order, if nothing on their way may change it. */
    static void join(DatagramWatch a, DatagramWatch b, boolean ordered) {
        a.peer = b;
        b.peer = a;
        a.ordered = ordered;
        b.ordered = ordered;
    }

    /** What is sent from now on may overtake. */
    void anyOrder() {
        ordered = false;
    }

    void onReceived(Handler handler) {
        endpoint.received().subscribe(datagram -> received(datagram, handler));
    }

    void send(int number, byte[] content, String toHost, int toPort) {
        byte[] bytes = ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putInt(4, sent.size())
                .putInt(8, number)
                .put(HEADER_BYTES, content)
                .array();
        ByteBuffer.wrap(bytes).putInt(0, checksum(bytes));
        int mtu = network.between(host, other().host).profile().mtu();
        sent.add(new Sent(bytes, bytes.length + IP_AND_UDP_BYTES > mtu));
        addresses.add(network.addressOf(host));
        endpoint.send(ByteBuffer.wrap(bytes), toHost, toPort);
    }

    private DatagramWatch other() {
        return Objects.requireNonNull(peer);
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 4, bytes.length - 4);
        return (int) crc.getValue();
    }

    private void received(Datagram datagram, Handler handler) {
        received++;
        byte[] bytes = new byte[datagram.payload().remaining()];
        datagram.payload().duplicate().get(bytes);
        if (bytes.length < HEADER_BYTES || ByteBuffer.wrap(bytes).getInt() != checksum(bytes)) {
            return;
        }
        whole++;
        int serial = ByteBuffer.wrap(bytes).getInt(4);
        DatagramWatch from = other();
        require(serial >= 0 && serial < from.sent.size(), "it was sent", serial);
        Sent original = from.sent.get(serial);
        original.arrivals++;
        require(Arrays.equals(original.bytes, bytes), "it arrives as it was sent", serial);
        require(original.arrivals <= 2, "it arrives twice at most", serial);
        require(!original.tooLarge, "it fits the MTU", serial);
        require(from.addresses.contains(datagram.host()), "it comes from an address of its sender", serial);
        require(datagram.port() == from.endpoint.port(), "it comes from the port of its sender", serial);
        require(!ordered || serial >= last, "it keeps the order, behind " + last, serial);
        last = Math.max(last, serial);
        lastFrom = datagram.host();
        handler.handle(
                datagram, ByteBuffer.wrap(bytes).getInt(8), Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
    }

    private void require(boolean legal, String rule, int serial) {
        if (!legal) {
            violations.accept("datagram " + serial + " at " + host + ": " + rule);
        }
    }

    int port() {
        return endpoint.port();
    }

    int sent() {
        return sent.size();
    }

    /** All that arrived, damaged ones too. */
    int received() {
        return received;
    }

    int whole() {
        return whole;
    }

    /** Where the last one came from that arrived whole. */
    String lastFrom() {
        return lastFrom;
    }
}
