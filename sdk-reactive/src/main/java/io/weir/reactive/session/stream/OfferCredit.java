package io.weir.reactive.session.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.reactive.TrySend;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The credit of {@code trySend}: reserved by compare-and-set before an element is accepted. The end of accepting is part of
 * the same number, so that whoever closes knows exactly what was accepted before, though it may be on its way still.
 *
 * <p>Threads: {@link #reserve} on any; the rest on the loop.
 */
final class OfferCredit {

    private static final long CLOSED = Long.MIN_VALUE;

    private volatile long limit;
    private volatile long window;

    /** Cost of all that was accepted; with {@link #CLOSED} once no more is. */
    private volatile long reserved;

    private static final AtomicLongFieldUpdater<OfferCredit> RESERVED =
            AtomicLongFieldUpdater.newUpdater(OfferCredit.class, "reserved");

    OfferCredit(long initialLimit) {
        this.limit = initialLimit;
        this.window = initialLimit;
    }

    /**
     * Reserves the cost of an element, if there is credit for it.
     *
     * @throws PayloadTooLargeException if it exceeds the whole window, so that there would never be credit for it
     */
    TrySend reserve(int payloadBytes) {
        long before;
        do {
            before = reserved;
            TrySend answer = answer(payloadBytes, before);
            if (answer != TrySend.OK) {
                return answer;
            }
        } while (!RESERVED.compareAndSet(this, before, before + Cost.of(payloadBytes)));
        return TrySend.OK;
    }

    /** What {@link #reserve} would say now; reserves nothing. */
    TrySend ask(int payloadBytes) {
        return answer(payloadBytes, reserved);
    }

    private TrySend answer(int payloadBytes, long before) {
        long cost = Cost.of(payloadBytes);
        if (before < 0) {
            return TrySend.NOT_CONNECTED;
        }
        if (before + cost <= limit) {
            return TrySend.OK;
        }
        if (cost > window) {
            throw new PayloadTooLargeException("payload bytes", payloadBytes, window - Cost.ELEMENT_OVERHEAD);
        }
        return TrySend.BACKPRESSURE;
    }

    /** Whether {@link #reserve} would say BACKPRESSURE now. */
    boolean isShortOf(int payloadBytes) {
        long cost = Cost.of(payloadBytes);
        long before = reserved;
        return before >= 0 && before + cost > limit && cost <= window;
    }

    void publish(long newLimit, long newWindow) {
        window = Math.max(newWindow, 1);
        limit = newLimit;
    }

    /** Nothing is accepted any more. */
    void close() {
        RESERVED.accumulateAndGet(this, CLOSED, (sum, closed) -> sum | closed);
    }

    /** Whether nothing is accepted any more. */
    boolean isClosed() {
        return reserved < 0;
    }

    /** Whether nothing is accepted any more, and all that was cost so much. */
    boolean isClosedAt(long cost) {
        return reserved == (cost | CLOSED);
    }
}
