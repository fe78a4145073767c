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

    public static PeerNodeAssert assertThat(@Nullable PeerNode actual) {
        return new PeerNodeAssert(actual);
    }

    public static PeerSessionAssert assertThat(@Nullable PeerSession actual) {
        return new PeerSessionAssert(actual);
    }

    public static PeerStreamAssert assertThat(@Nullable PeerStream actual) {
        return new PeerStreamAssert(actual);
    }

    /** On the stream that it probes. */
    public static PeerStreamAssert assertThat(StreamProbe actual) {
        return new PeerStreamAssert(actual.stream());
    }

    public static CloseReasonAssert assertThat(@Nullable CloseReason actual) {
        return new CloseReasonAssert(actual);
    }

    public static WeirExceptionAssert assertThat(@Nullable WeirException actual) {
        return new WeirExceptionAssert(actual);
    }

    public static TestNodesAssert assertThat(@Nullable TestNodes actual) {
        return new TestNodesAssert(actual);
    }
}
