package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.observer.Observers;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What comes with each record must not cost an object. */
class HotPathTest {

    private static final int RECORDS = 200_000;
    private static final StreamId STREAM = StreamId.of("x");

    private static final Done REQUESTS = Done.of("x", ErrorCode.NONE, 1, 1);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Metered metered = new Metered();
    private final PeerSession session = EveryMeter.session(Identity.generate().peerId());

    @Test
    void allocatesNothingForARecordNorForRequestsNorForWhatAHalfDoes() {
        NodeObserver observer = Objects.requireNonNull(Observers.of(List.of(metered.metrics.observer())));
        tell(observer);

        long before = threads.getCurrentThreadAllocatedBytes();
        tell(observer);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated / (double) RECORDS).as("bytes for each record").isLessThan(1);
        assertThat(metered.value(WeirMeter.RECORDS, "tcp", "sent")).isEqualTo(2.0 * RECORDS);
    }

    private void tell(NodeObserver observer) {
        for (int i = 0; i < RECORDS; i++) {
            observer.onRecordSent(session, 32_768);
            observer.onRecordReceived(session, 100);
            observer.onAsked(session, REQUESTS);
            observer.onAnswered(session, REQUESTS);
            observer.onHalfState(session, STREAM, HalfState.SENDING, 1_000, HalfState.IDLE);
        }
    }
}
