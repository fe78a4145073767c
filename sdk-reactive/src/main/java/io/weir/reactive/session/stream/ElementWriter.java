package io.weir.reactive.session.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.HeldBytes;
import io.weir.core.error.CodecException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.stream.SendHalf;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.CodecContract;
import io.weir.reactive.session.stream.Feed.Step;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one element after another into records: straight into the record's array where the size is known beforehand and
 * fits, through one encoded buffer otherwise, which is copied if it has to wait and its codec may use it again. Loop-confined.
 */
final class ElementWriter<T> {

    private final Codec<? super T> codec;
    private final long maxPayloadBytes;
    private final @Nullable SendWaits waits;
    private @Nullable ByteBuffer encoded;
    private boolean begun;
    private long booked;

    /** @param waits where an encoded element that has to wait is booked; null if it is booked already */
    ElementWriter(Codec<? super T> codec, long maxPayloadBytes, @Nullable SendWaits waits) {
        this.codec = codec;
        this.maxPayloadBytes = maxPayloadBytes;
        this.waits = waits;
    }

    /**
     * Whether an element has been encoded and not completely written: go on with {@link #resume}, not with the next one.
     */
    boolean inProgress() {
        return encoded != null;
    }

    /** Forgets the element in progress. */
    void clear() {
        encoded = null;
        if (booked > 0 && waits != null) {
            waits.memory().release(booked);
            booked = 0;
        }
    }

    /**
     * Writes this element if credit, record and memory allow. After RECORD_FULL, NO_CREDIT or NO_MEMORY call again with the
     * same value unless {@link #inProgress}.
     *
     * @throws CodecException if the codec failed
     * @throws PayloadTooLargeException if the peer does not take so much
     */
    Step write(T value, FrameWriter record, SendHalf half) {
        int size = CodecContract.sizeOf(codec, value);
        if (size < 0) {
            return mustWait(half.credit().expectedCost()) ? Step.NO_MEMORY : writeEncoded(value, false, record, half);
        }
        check(size);
        switch (half.begin(record, size)) {
            case OK -> {
                encodeInto(value, record, half);
                half.credit().observe(Cost.of(size));
                return Step.WROTE;
            }
            case NO_CREDIT -> {
                return Step.NO_CREDIT;
            }
            case RECORD_FULL -> {
                return Step.RECORD_FULL;
            }
            case NEEDS_FRAGMENTS -> {
                if (mustWait(size)) {
                    return record.isBare() ? Step.NO_MEMORY : Step.RECORD_FULL; // it may fit the next one whole
                }
                return writeEncoded(value, true, record, half);
            }
        }
        throw new AssertionError("unreachable");
    }

    private boolean mustWait(long size) {
        return waits != null && waits.mustWait(size);
    }

    private Step writeEncoded(T value, boolean inFragments, FrameWriter record, SendHalf half) {
        ByteBuffer payload = checked(encode(value));
        encoded = payload;
        begun = inFragments;
        Step step = resume(record, half);
        if (encoded != null) {
            keep(payload);
        }
        return step;
    }

    /** It has to wait. The codec may encode the next value, of another stream too, into the same buffer. */
    private void keep(ByteBuffer payload) {
        if (!codec.keepsEncoded()) {
            encoded = copy(payload);
        }
        if (waits != null) {
            booked = HeldBytes.ofElement(payload.limit());
            waits.memory().book(booked);
        }
    }

    /** Goes on with the element in progress. */
    Step resume(FrameWriter record, SendHalf half) {
        ByteBuffer payload = encoded;
        if (payload == null) {
            throw new IllegalStateException("no element in progress");
        }
        if (!begun) {
            int size = payload.remaining();
            switch (half.begin(record, size)) {
                case OK -> {
                    record.payload().put(payload);
                    half.endElement(record);
                    half.credit().observe(Cost.of(size));
                    clear();
                    return Step.WROTE;
                }
                case NO_CREDIT -> {
                    return Step.NO_CREDIT;
                }
                case RECORD_FULL -> {
                    return Step.RECORD_FULL;
                }
                case NEEDS_FRAGMENTS -> begun = true;
            }
        }
        int size = payload.limit();
        int before = record.position();
        switch (half.write(record, payload)) {
            case DONE -> {
                half.credit().observe(Cost.of(size));
                clear();
                return Step.WROTE;
            }
            case NO_CREDIT -> {
                return record.position() > before ? Step.WROTE : Step.NO_CREDIT;
            }
            case RECORD_FULL -> {
                return Step.RECORD_FULL;
            }
        }
        throw new AssertionError("unreachable");
    }

    private void encodeInto(T value, FrameWriter record, SendHalf half) {
        try {
            codec.encodeTo(value, record.payload());
            half.endElement(record);
        } catch (Throwable e) {
            half.abortElement(); // what was written before stays, and goes out
            throw CodecContract.encodeFailed(e);
        }
    }

    private ByteBuffer encode(T value) {
        // a view of its own: the codec's buffer keeps its position
        return CodecContract.encode(codec, value).slice();
    }

    /** What is left of a payload, at the same place: its limit is the element's size. */
    private static ByteBuffer copy(ByteBuffer payload) {
        int from = payload.position();
        ByteBuffer copy = ByteBuffer.allocate(payload.limit());
        copy.put(from, payload, from, payload.remaining());
        return copy.position(from);
    }

    private ByteBuffer checked(ByteBuffer payload) {
        check(payload.remaining());
        return payload;
    }

    private void check(int size) {
        if (size > maxPayloadBytes) {
            throw new PayloadTooLargeException("payload bytes", size, maxPayloadBytes);
        }
    }
}
