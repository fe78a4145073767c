package io.weir.reactive.transport;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ListenException;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * A transport that binds ports for datagrams and looks up addresses, and authenticates nobody: the handshake over datagrams does
 * that. All peers of a node share one port, in which each datagram finds its session by its receiver index. So a connection
 * exists only in the heads of its two ends: nobody is told that it has begun before the handshake, nor that nobody is there.
 *
 * <p>A node that listens dials from where it listens. An address is free again once the listener is closed and the last session
 * over its port has ended; for the node that has listened there it is so at once.
 */
public interface DatagramTransport extends Transport {

    /**
     * Cold: binds an address. The socket is emitted with nothing received yet.
     *
     * <p>Fails with {@link ListenException} BIND_FAILED if the address is taken or is not one of this machine. Cancelling, early
     * or late, leaves no socket behind.
     */
    Mono<DatagramSocket> bind(PeerAddress address);

    /**
     * Cold: binds an address as often as this transport is set to: each socket is on a loop, and gets some of what comes there. Who sends
     * comes to the same one as long as there are as many, and to any of them else.
     *
     * <p>Fails as {@link #bind} does, and leaves no socket behind then.
     */
    default Mono<List<DatagramSocket>> bindAll(PeerAddress address) {
        return bind(address).map(List::of);
    }

    /**
     * Cold: binds a port that the system chooses, for dials to anywhere.
     *
     * <p>Fails with {@link ConnectException} CONNECT_FAILED. Cancelling, early or late, leaves no socket behind.
     */
    Mono<DatagramSocket> open();

    /**
     * Cold: where an address is: one place or more, the best first.
     *
     * <p>Fails with {@link ConnectException}: UNRESOLVED if the name has no address.
     *
     * @param timeout positive
     * @param progress hears of the look-up, where there is one
     */
    Mono<List<PathAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress);

    /**
     * The handshake begins with {@link Establisher#start}. It fails with CONNECT_FAILED if nothing that is authentic has been
     * heard from there by the end of the time-out.
     */
    @Override
    default Mono<Establisher> dial(
            PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes) {
        return handshakes.over(this).dial(address, timeout, progress);
    }

    /** A peer becomes a connection when it has proved who it is. */
    @Override
    default Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        return handshakes.over(this).accept(address, onConnection);
    }

    /**
     * No datagram that is sent here, or that a peer is told to send here, is larger, without IP and UDP; 1,200 to 65,507 bytes.
     * By default 1,472, which fits Ethernet. Any thread.
     */
    default int maxDatagramBytes() {
        return 1_472;
    }
}
