package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramCounts;
import io.weir.reactive.transport.DatagramSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What all ports of a node have done, those that are closed included. Sockets count for themselves, and are asked when somebody wants
 * to know; it keeps as many as there are ports open, one for each listener and one of dials on each transport. Thread safe.
 */
final class NodeCounts {

    /** Both together, so that a socket which closes is never in neither, nor in both. */
    private record Sockets(List<DatagramSocket> open, DatagramCounts closed) {}

    private final AtomicReference<Sockets> sockets = new AtomicReference<>(new Sockets(List.of(), DatagramCounts.NONE));

    /** It counts from now on. */
    void opened(DatagramSocket socket) {
        sockets.updateAndGet(before -> new Sockets(
                Stream.concat(before.open().stream(), Stream.of(socket)).toList(), before.closed()));
    }

    /** It counts no more, and what it has counted stays. Idempotent. */
    void closed(DatagramSocket socket) {
        sockets.updateAndGet(before -> before.open().contains(socket) ? settled(before, socket) : before);
    }

    private static Sockets settled(Sockets before, DatagramSocket socket) {
        return new Sockets(
                before.open().stream().filter(open -> open != socket).toList(),
                before.closed().plus(socket.counts()));
    }

    /** The sums; none of them is ever less than before. */
    DatagramCounts counts() {
        Sockets now = sockets.get();
        DatagramCounts sum = now.closed();
        for (DatagramSocket open : now.open()) {
            sum = sum.plus(open.counts());
        }
        return sum;
    }

    /** Sockets that are open, for checks of the bound. */
    int open() {
        return sockets.get().open().size();
    }
}
