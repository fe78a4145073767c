package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.path.PathAddress;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * The ports at one address, each with a socket and on a loop of its own: usually one. The system gives what comes there to any of
 * them, by who sends it, and anew when their number changes. What begins stays where it has come: a session on its port, whose receiver
 * indexes tell whose they are. Votes are asked for at the first.
 *
 * <pre>
 *   INIT, FAST                     --&gt; the port that it came to
 *   PACKET, FINISH, RESPONSE, ...  --&gt; the port of its receiver index
 *   ANSWER                         --&gt; the first
 * </pre>
 *
 * <p>They live together, as long as somebody uses one of them. Thread safe.
 */
final class PortGroup {

    private static final int INDEX_END = 5;

    private final List<Port> ports;
    private final int size;
    private final PortUsers users = new PortUsers();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile Runnable onGone = () -> {};

    /** Makes the port of a socket. */
    interface Maker {
        Port make(PortGroup group, int number, DatagramSocket socket);
    }

    /** With one user, who has made it; its ports are to begin. */
    PortGroup(List<DatagramSocket> sockets, Maker maker) {
        size = sockets.size();
        List<Port> made = new ArrayList<>(size);
        for (DatagramSocket socket : sockets) {
            made.add(maker.make(this, made.size(), socket));
        }
        ports = List.copyOf(made);
    }

    /** How many ports there are, known before they are. */
    int size() {
        return size;
    }

    Port first() {
        return ports.get(0);
    }

    /** Each in turn, for what begins here. */
    Port next() {
        return ports.get(Math.floorMod(turns.getAndIncrement(), size));
    }

    /** Whose a datagram is that has come to that port. */
    Port owner(DatagramType type, byte[] array, int offset, int length, Port cameTo) {
        if (size == 1) {
            return cameTo;
        }
        return switch (type) {
            case INIT, FAST -> cameTo;
            case ANSWER -> first();
            case PACKET, FINISH, RETRY, RESPONSE, REJECT ->
                length < INDEX_END
                        ? cameTo
                        : ports.get(ReceiverIndexes.part(PacketHeader.receiverIndex(array, offset), size));
        };
    }

    /** Whether what is sent from here can get there. */
    boolean reaches(PathAddress to) {
        return first().socket().reaches(to);
    }

    /** Does something on the loop of each port, one after the other, and then something else on that of the last. */
    void onEach(Consumer<Port> task, Runnable then) {
        onEach(0, task, then);
    }

    private void onEach(int number, Consumer<Port> task, Runnable then) {
        Port port = ports.get(number);
        LoopCalls.run(port.loop(), () -> {
            task.accept(port);
            if (number == size - 1) {
                then.run();
            } else {
                onEach(number + 1, task, then);
            }
        });
    }

    // ---- who uses it

    /** @param gone is run once nothing can be begun here any more */
    void onGone(Runnable gone) {
        onGone = gone;
    }

    /** One more uses it; false, and it must not, if it is gone. */
    boolean enter() {
        return users.enter();
    }

    /** One uses it no more. */
    void leave() {
        if (users.leave()) {
            onGone.run();
            ports.forEach(port -> port.socket().close());
        }
    }

    /** Whether nobody can enter it any more. */
    boolean isGone() {
        return users.isEmpty();
    }

    /** One of its sockets is closed: nothing is to be begun here any more. */
    void onSocketClosed() {
        onGone.run();
    }

    /** Whether one of them is; a moment later it may be. */
    boolean isClosed() {
        return ports.stream().anyMatch(Port::isClosed);
    }

    /** Completes when all of them are. */
    Mono<Void> onClose() {
        return Mono.when(ports.stream().map(port -> port.socket().onClose()).toList());
    }
}
