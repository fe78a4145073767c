package io.weir.reactive.session.port;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.SessionLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Mono;

/** Keeps what is sent, by datagram and by call. */
final class HandSocket implements DatagramSocket {

    record Sent(byte[] bytes, PathAddress to) {}

    private static final int MOST_SEGMENTS = 4;

    private final SessionLoop loop;
    final List<Sent> sent = new ArrayList<>();
    boolean keeps = true;
    int calls;

    HandSocket(SessionLoop loop) {
        this.loop = loop;
    }

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("port", 1);
    }

    @Override
    public SocketAddress socketAddress(PathAddress address) {
        return InetSocketAddress.createUnresolved("peer", address.port());
    }

    @Override
    public void receive(Receiver receiver) {}

    @Override
    public void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark) {
        calls++;
        for (int at = offset; keeps && at < offset + length; at += segmentBytes) {
            int end = Math.min(at + segmentBytes, offset + length);
            sent.add(new Sent(Arrays.copyOfRange(array, at, end), to));
        }
    }

    @Override
    public int mostSegments() {
        return MOST_SEGMENTS;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void close() {}

    @Override
    public Mono<Void> onClose() {
        return Mono.empty();
    }
}
