package io.weir.test.probe;

import io.weir.core.stream.StreamStats;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.util.Objects;

/**
 * One end of a stream under the microscope: credit and counters of its two halves, and a publisher and a subscriber that
 * do what the test says. Thread: that of the stream's node; with {@link io.weir.test.TestNodes}, the test's.
 *
 * <pre>{@code
 * ReceiveProbe<String> words = StreamProbe.of(stream).receive(Codec.utf8());
 * words.request(1);
 * }</pre>
 */
public final class StreamProbe {

    private final PeerStream stream;

    private StreamProbe(PeerStream stream) {
        this.stream = Objects.requireNonNull(stream, "stream");
    }

    /** A probe of that end; it does nothing to the stream by itself. */
    public static StreamProbe of(PeerStream stream) {
        return new StreamProbe(stream);
    }

    /** The stream that it probes. */
    public PeerStream stream() {
        return stream;
    }

    /** Subscribes to {@link PeerStream#receive}, asking for nothing yet. */
    public <T> ReceiveProbe<T> receive(Codec<T> codec) {
        return new ReceiveProbe<>(stream.receive(codec));
    }

    /** Feeds {@link PeerStream#send}, with nothing yet. */
    public <T> SendProbe<T> send(Codec<T> codec) {
        return new SendProbe<>(stream, codec);
    }

    /** Bytes of cost, 16 + payload for each element, that the sending half may send now. */
    public long creditRemaining() {
        return stats().txCreditRemaining();
    }

    /** The peer's window as last told, in bytes of cost. */
    public long windowBytes() {
        return stats().txWindow();
    }

    /** Elements that the sending half has sent. */
    public long sent() {
        return stats().txSeq();
    }

    /** Elements that have arrived. */
    public long arrived() {
        return stats().rxSeq();
    }

    /** Elements that have arrived and that the subscriber has not taken: they hold memory. */
    public long held() {
        return stats().inboundPending();
    }

    /** Elements that the subscriber has taken: they have given their credit back. */
    public long consumed() {
        StreamStats now = stats();
        return now.rxSeq() - now.inboundPending();
    }

    /** How often the sending half had to wait for credit. */
    public long stalls() {
        return stats().backpressureEvents();
    }

    private StreamStats stats() {
        return stream.stats();
    }

    @Override
    public String toString() {
        return "stream '" + stream.name() + "' " + stats();
    }
}
