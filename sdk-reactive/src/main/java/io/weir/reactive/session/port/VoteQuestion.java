package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.FastDatagram;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.list.IntrusiveList;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.VoteOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * A vote that somebody waits for: the one question, with the one nonce, that goes out again until it is answered. A repeated question
 * has the same bytes, since the answer to the first, come late, is as good as one to the second; and each nonce is one more chance
 * for whoever guesses. On the port's loop.
 */
final class VoteQuestion extends IntrusiveList.Node<VoteQuestion> {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long FIRST_WAIT_NANOS = 500_000_000L;
    private static final int MOST_DOUBLINGS = 4; // up to 8 s

    private final PeerAddress address;
    private final List<PathAddress> places;
    private final RootSet roots;
    private final VoteCodec codec;
    private final MonoSink<Vote> sink;
    private final byte[] nonce = new byte[VoteCodec.NONCE_LENGTH];

    private byte[] datagram = new byte[0];
    private long endNanos;
    private long againNanos;
    private int sent;

    /** Not asked yet. Any thread. */
    VoteQuestion(
            PeerAddress address, List<PathAddress> places, RootSet roots, VoteOptions options, MonoSink<Vote> sink) {
        this.address = address;
        this.places = places;
        this.roots = roots;
        this.codec = new VoteCodec(options.key());
        this.sink = sink;
    }

    MonoSink<Vote> sink() {
        return sink;
    }

    /** To be filled before {@link #begin}. */
    byte[] nonce() {
        return nonce;
    }

    long id() {
        return id(nonce, 0);
    }

    /** By which a question is found: the beginning of its nonce. */
    static long id(byte[] array, int offset) {
        return (long) LONG.get(array, offset);
    }

    /** Makes the datagram. */
    void begin(long endsAtNanos) {
        endNanos = endsAtNanos;
        ByteBuffer made = ByteBuffer.allocate(FastDatagram.HEADER_LENGTH + codec.questionLength(roots.size()));
        made.put(DatagramType.FAST.number()).put((byte) VoteCodec.COMMAND);
        codec.ask(nonce, roots, made);
        datagram = made.array();
    }

    byte[] datagram() {
        return datagram;
    }

    /** Where it goes now; the next place, if there are several, the next time. */
    PathAddress next(long nowNanos) {
        againNanos = nowNanos + (FIRST_WAIT_NANOS << Math.min(sent, MOST_DOUBLINGS));
        return places.get(sent++ % places.size());
    }

    boolean isOver(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - againNanos >= 0;
    }

    boolean goesTo(PathAddress place) {
        return places.contains(place);
    }

    /** How often it has gone out. */
    int sent() {
        return sent;
    }

    boolean isKeyed() {
        return datagram.length % RootSet.ROOT_LENGTH == FastDatagram.HEADER_LENGTH;
    }

    /** Nobody waits any more. */
    void fail(ErrorCode code, String why) {
        sink.error(new ReplyMissingException(CloseReason.local(code, why)).about("vote of " + address));
    }

    /** Null if it is no vote of this question. */
    @Nullable
    Vote vote(ByteBuffer body) {
        return codec.vote(nonce, body);
    }
}
