package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import org.junit.jupiter.api.Test;

class SegmentLimitsTest {

    private long nowNanos = Long.MAX_VALUE - 5; // and over its edge
    private final SegmentLimits limits = new SegmentLimits(() -> nowNanos);

    private static PathAddress to(int port) {
        return new PathAddress(Bytes.copyOf(new byte[] {10, 0, 0, 1}), port);
    }

    @Test
    void whereNothingWasRefusedEverythingMayBeTried() {
        assertThat(limits.allow(to(1), 65_507)).isTrue();
    }

    @Test
    void aRefusalHoldsForSegmentsOfThatSizeAndLarger() {
        limits.refused(to(1), 1_400);
        limits.refused(to(1), 1_452);

        assertThat(limits.allow(to(1), 1_399)).isTrue();
        assertThat(limits.allow(to(1), 1_400)).isFalse();
        assertThat(limits.allow(to(1), 9_000)).isFalse();
        assertThat(limits.allow(to(2), 9_000)).isTrue();
    }

    @Test
    void aRefusalIsForgotten() {
        limits.refused(to(1), 1_400);

        nowNanos += SegmentLimits.KEPT_NANOS - 1;
        assertThat(limits.allow(to(1), 1_400)).isFalse();
        nowNanos++;
        assertThat(limits.allow(to(1), 1_400)).isTrue();
        assertThat(limits.size()).isZero();
    }

    @Test
    void theOldestRefusalMakesRoom() {
        for (int port = 1; port <= SegmentLimits.MOST; port++) {
            limits.refused(to(port), 1_400);
        }
        limits.refused(to(1), 1_300); // the latest now

        limits.refused(to(30_000), 1_400);

        assertThat(limits.size()).isEqualTo(SegmentLimits.MOST);
        assertThat(limits.allow(to(2), 1_400)).isTrue();
        assertThat(limits.allow(to(1), 1_400)).isFalse();
        assertThat(limits.allow(to(30_000), 1_400)).isFalse();
    }
}
