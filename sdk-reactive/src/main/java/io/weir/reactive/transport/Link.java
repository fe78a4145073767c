package io.weir.reactive.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One connection to a peer: two ordered, reliable byte streams, one in each direction, without message boundaries.
 *
 * <p>Thread: every signal of a link arrives on its {@link #loop()}, serially, and never inside a call of one of the
 * link's own methods. {@link #writable()} may be asked on the loop only; everything else may be called from any thread.
 *
 * <p>End: each direction ends by itself. The peer's {@link #closeOutput()} completes {@link #inbound()} while
 * {@link #send(Publisher)} still works. To part without losing the last bytes: send them, {@link #closeOutput()}, keep
 * reading until {@link #inbound()} completes (or patience ends), then {@link #close()}. Closing with unread input makes
 * an operating system reset the connection, which may destroy the last bytes on their way to the peer.
 */
public interface Link {

    /** The loop on which everything about this link happens. */
    SessionLoop loop();

    /** Where the peer is, as this end sees it. */
    SocketAddress remoteAddress();

    /** Where this end is. */
    SocketAddress localAddress();

    /**
     * What the peer sends, cut arbitrarily. Nothing is read before the subscriber's request, which must be unbounded:
     * a link is always read, so that one stalled stream never holds up its siblings; a bounded request ends with
     * {@link IllegalArgumentException}. Unicast, once.
     *
     * <p>A buffer, heap or direct, belongs to the subscriber only during its {@code onNext}. Completes when the peer
     * has ended its output; errors with an {@link java.io.IOException} when the connection is lost or, then a {@link
     * java.nio.channels.ClosedChannelException}, closed at this end. Cancelling closes the link.
     */
    Flux<ByteBuffer> inbound();

    /**
     * Writes every buffer that {@code records} emits, completely and in order. It asks for one at a time, and only
     * while the link is {@link #writable()}; it copies a buffer before it asks for the next, so that one array may
     * serve all; it flushes as soon as the source does not answer at once.
     *
     * <p>Signals of {@code records} must come on the loop. Completes when the source has and everything has left user
     * space; errors when the link ends earlier, with the {@link java.io.IOException} that ended it. An error of the
     * source closes the link and is passed on. Cancelling cancels the source and leaves the link as it is, with whole
     * buffers written. One at a time: another one while one is in progress ends with {@link IllegalStateException}.
     */
    Mono<Void> send(Publisher<ByteBuffer> records);

    /** Whether less than about two records wait in user space. Loop only. */
    boolean writable();

    /**
     * How long this end could not ask {@link #send}'s source for more because the link was not writable, in ns in all until now;
     * 0 where nobody measures it. Any thread.
     *
     * @param nowNanos now, on the clock of the loop
     */
    default long blockedNanos(long nowNanos) {
        return 0;
    }

    /** Whether it is not writable now, while there is more to ask for; false where nobody measures it. Any thread. */
    default boolean isBlocked() {
        return false;
    }

    /** How long it has not been writable, while there was more to ask for, in ns until now; 0 where nobody measures it. Loop only. */
    default long stalledNanos(long nowNanos) {
        return 0;
    }

    /**
     * Ends the output after what has been written: the peer's inbound completes, this end goes on reading. Call it when
     * no send is in progress. Idempotent; errors appear as the link's loss.
     */
    void closeOutput();

    /** Closes both directions at once. What still waits in user space is dropped. Idempotent, any thread. */
    void close();

    /** Completes, always without error, when the link is closed and holds nothing any more. */
    Mono<Void> onClose();
}
