package io.weir.test.assertj;

import io.weir.core.error.CloseReason;
import io.weir.core.error.WeirException;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.test.TestNodes;
import io.weir.test.probe.StreamProbe;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on nodes, sessions, streams and how they end. To be imported beside AssertJ's own {@code assertThat}: the
 * compiler tells them apart.
 *
 * <p>They look at one moment, that of the call.
 */
public final class WeirAssertions {

    private WeirAssertions() {}

    /** On a node: whether it runs, with whom it has sessions, what it holds. */
    public static PeerNodeAssert assertThat(@Nullable PeerNode actual) {
        return new PeerNodeAssert(actual);
    }

    /** On a session: where it is in its life, and how it ended. */
    public static PeerSessionAssert assertThat(@Nullable PeerSession actual) {
        return new PeerSessionAssert(actual);
    }

    /** On a stream: its halves, credit and counters. */
    public static PeerStreamAssert assertThat(@Nullable PeerStream actual) {
        return new PeerStreamAssert(actual);
    }

    /** On the stream that it probes. */
    public static PeerStreamAssert assertThat(StreamProbe actual) {
        return new PeerStreamAssert(actual.stream());
    }

    /** On why something ended. */
    public static CloseReasonAssert assertThat(@Nullable CloseReason actual) {
        return new CloseReasonAssert(actual);
    }

    /** On a typed failure, and its reason. */
    public static WeirExceptionAssert assertThat(@Nullable WeirException actual) {
        return new WeirExceptionAssert(actual);
    }

    /** On all nodes of a test together: what they left behind. */
    public static TestNodesAssert assertThat(@Nullable TestNodes actual) {
        return new TestNodesAssert(actual);
    }
}
