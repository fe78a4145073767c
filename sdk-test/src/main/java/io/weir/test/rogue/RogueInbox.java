package io.weir.test.rogue;

import io.weir.core.datagram.DatagramType;
import io.weir.test.network.Datagram;
import io.weir.test.network.DatagramEndpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has come to an endpoint and was not read: packets, and all else. Of each it keeps as much as a socket buffer; more is lost. */
final class RogueInbox {

    /** One datagram, and where it came from. */
    record Arrived(byte[] bytes, String host, int port) {}

    private final Deque<Arrived> packets = new ArrayDeque<>();
    private final Deque<Arrived> others = new ArrayDeque<>();
    private long bytes;

    RogueInbox(DatagramEndpoint endpoint) {
        endpoint.received().subscribe(this::keep);
    }

    private void keep(Datagram datagram) {
        byte[] copy = new byte[datagram.payload().remaining()];
        datagram.payload().get(copy);
        bytes += copy.length;
        Deque<Arrived> queue = RogueDatagrams.type(copy) == DatagramType.PACKET.number() ? packets : others;
        if (queue.size() < DatagramEndpoint.RECEIVE_LIMIT) {
            queue.add(new Arrived(copy, datagram.host(), datagram.port()));
        }
    }

    @Nullable
    Arrived pollPacket() {
        return packets.poll();
    }

    @Nullable
    Arrived pollOther() {
        return others.poll();
    }

    List<byte[]> takePackets() {
        return take(packets);
    }

    List<byte[]> takeOthers() {
        return take(others);
    }

    long bytes() {
        return bytes;
    }

    private static List<byte[]> take(Deque<Arrived> queue) {
        List<byte[]> all = new ArrayList<>();
        queue.forEach(arrived -> all.add(arrived.bytes()));
        queue.clear();
        return all;
    }
}
