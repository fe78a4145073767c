package io.weir.reactive.transport;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A bound port that sends and receives datagrams, which may be lost, repeated, late, cut short or anybody's. It knows no peers and
 * authenticates nobody. On its loop, but for what says otherwise.
 */
public interface DatagramSocket {

    /** Hears what a socket has to tell. On the socket's loop, never from inside one of its methods. */
    interface Receiver {

        /**
         * A datagram has come.
         *
         * @param array borrowed: valid until this returns
         * @param length of the datagram, 0 or more
         * @param from what the datagram says that it comes from: anybody can say anything
         * @param mark {@link Ecn#NOT_ECT} also where it cannot be seen
         */
        void onDatagram(byte[] array, int offset, int length, PathAddress from, Ecn mark);

        /** Nothing more has come for now; behind one or more {@link #onDatagram}. */
        void onReceived();

        /** It is {@link #writable} again. */
        void onWritable();

        /** The system takes no datagram of this size to there: it was not sent. */
        void onRefused(int bytes, PathAddress to);

        /** The socket is closed: by this side (null), or because it broke. Once, and nothing comes after it. */
        void onClosed(@Nullable Throwable failure);
    }

    /** The loop on which everything about this socket, and about the sessions over it, happens. Any thread. */
    SessionLoop loop();

    /** Where it is bound. Any thread. */
    SocketAddress localAddress();

    /** An address of a datagram, as people are told it. Any thread. */
    SocketAddress socketAddress(PathAddress address);

    /**
     * Whether what is sent from here can get there, as far as this end alone tells: what is bound to the address of one interface
     * or of one family does not reach everywhere. Any thread.
     */
    default boolean reaches(PathAddress to) {
        return true;
    }

    /** Begins to receive. Once; calls nothing of the receiver before it has returned. */
    void receive(Receiver receiver);

    /**
     * Sends datagrams that lie one behind the other, each of {@code segmentBytes} but for the last, which may have less. They are
     * copied before this returns. What cannot go now is dropped, as on the way. Once closed nothing is sent.
     *
     * @param length of all together, 1 or more; at most {@link #mostSegments} of them
     * @param mark what they are marked, where that is possible
     */
    void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark);

    /** How many datagrams of one size one {@link #send} takes: 1 where they are not cut apart by the system. */
    int mostSegments();

    /** Whether there is room for what is sent now; if not, {@link Receiver#onWritable} tells when. */
    boolean writable();

    /** What it has done since it was bound, also once it is closed; all 0 where nobody counts. Any thread. */
    default DatagramCounts counts() {
        return DatagramCounts.NONE;
    }

    /** Stops both ways at once. Idempotent. Any thread. */
    void close();

    /** Completes, always without error, when it is closed. Any thread. */
    Mono<Void> onClose();
}
