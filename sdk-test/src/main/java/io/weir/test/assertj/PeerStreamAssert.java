package io.weir.test.assertj;

import io.weir.core.stream.StreamStats;
import io.weir.reactive.PeerStream;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on one end of a stream. */
public final class PeerStreamAssert extends AbstractAssert<PeerStreamAssert, PeerStream> {

    PeerStreamAssert(@Nullable PeerStream actual) {
        super(actual, PeerStreamAssert.class);
    }

    /** Open, with neither half ended. */
    public PeerStreamAssert isActive() {
        return expect(stats().active(), "be active");
    }

    /** Both halves have ended, or the session has. */
    public PeerStreamAssert isOver() {
        isNotNull();
        return expect(actual.isDisposed(), "be over");
    }

    /** The sending half may send exactly so many bytes of cost, 16 + payload for each element. */
    public PeerStreamAssert hasCreditRemaining(long expected) {
        return expectNumber(stats().txCreditRemaining(), expected, "bytes of credit remaining");
    }

    /** Not even an empty element may be sent: the subscriber at the peer does not keep up. */
    public PeerStreamAssert hasNoCreditForMore() {
        return expect(stats().txCreditRemaining() < 16, "have no credit for another element");
    }

    /** The peer's window, in bytes of cost. */
    public PeerStreamAssert hasWindow(long expected) {
        return expectNumber(stats().txWindow(), expected, "bytes of window");
    }

    /** So many elements were sent. */
    public PeerStreamAssert hasSent(long expected) {
        return expectNumber(stats().txSeq(), expected, "elements sent");
    }

    /** So many elements have arrived, taken or not. */
    public PeerStreamAssert hasReceived(long expected) {
        return expectNumber(stats().rxSeq(), expected, "elements received");
    }

    /** So many elements have arrived that the subscriber has not taken. */
    public PeerStreamAssert hasHeld(long expected) {
        return expectNumber(stats().inboundPending(), expected, "elements held");
    }

    private StreamStats stats() {
        isNotNull();
        return actual.stats();
    }

    private PeerStreamAssert expectNumber(long number, long expected, String what) {
        if (number != expected) {
            failWithMessage(
                    "expected %s to have %s %s, but it has %s: %s", name(), expected, what, number, actual.stats());
        }
        return this;
    }

    private PeerStreamAssert expect(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("expected %s to %s, but it has %s", name(), expected, actual.stats());
        }
        return this;
    }

    private String name() {
        return "stream '" + actual.name() + "'";
    }
}
