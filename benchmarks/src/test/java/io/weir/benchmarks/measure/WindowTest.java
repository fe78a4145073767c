package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Sample START = new Sample(5 * SECOND, 0, 0, 0, 100, 6_400, 0, Latencies.NONE);

    @Test
    void ratesComeFromTheReceiversClock() {
        Window window = Window.between(
                sender(0, 0, 0),
                sender(2, 0, 0),
                START,
                new Sample(7 * SECOND, 0, 0, 0, 1_100, 70_400, 0, Latencies.NONE));

        assertThat(window.seconds()).isEqualTo(2);
        assertThat(window.elementsPerSecond()).isEqualTo(500);
        assertThat(window.bytesPerSecond()).isEqualTo(32_000);
    }

    @Test
    void costsAreForOneElementByEachProcesssOwnClock() {
        // given a sender that was sampled over 4 s while the receiver's window was 2 s at 500 elements a second
        Window window = Window.between(
                sender(0, 0, 0),
                sender(4, 2_000_000, 80_000),
                START,
                new Sample(7 * SECOND, 3_000_000, 22_000, 500, 1_100, 70_400, 0, Latencies.NONE));

        assertThat(window.sender().cpuNanos()).isCloseTo(1_000, within(1e-6));
        assertThat(window.sender().allocatedBytes()).isCloseTo(40, within(1e-6));
        assertThat(window.receiver().cpuNanos()).isCloseTo(3_000, within(1e-6));
        assertThat(window.receiver().allocatedBytes()).isCloseTo(22, within(1e-6));
        assertThat(window.receiver().gcShare()).isCloseTo(0.25, within(1e-6));
    }

    @Test
    void latenciesAreThoseOfTheWindowOnly() {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(9 * SECOND, 1_000);
        Latencies warmUp = Latencies.of(histogram);
        histogram.recordValueWithCount(50_000, 98);
        histogram.recordValueWithCount(90_000, 2);

        Window window = Window.between(
                sender(0, 0, 0),
                sender(2, 0, 0),
                new Sample(5 * SECOND, 0, 0, 0, 1_000, 64_000, 0, warmUp),
                new Sample(7 * SECOND, 0, 0, 0, 1_100, 70_400, 0, Latencies.of(histogram)));

        Percentiles latency = window.latency().orElseThrow();
        assertThat(latency.p50Nanos()).isCloseTo(50_000, withinPercentage(0.1));
        assertThat(latency.p99Nanos()).isCloseTo(90_000, withinPercentage(0.1));
        assertThat(latency.maxNanos()).isCloseTo(90_000, withinPercentage(0.1));
    }

    @Test
    void streamsHaveNoLatency() {
        Window window = Window.between(
                sender(0, 0, 0),
                sender(2, 0, 0),
                START,
                new Sample(7 * SECOND, 0, 0, 0, 1_100, 70_400, 0, Latencies.NONE));

        assertThat(window.latency()).isEmpty();
    }

    @Test
    void refusesAStalledWindow() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Window.between(
                        sender(0, 0, 0),
                        sender(2, 0, 0),
                        START,
                        new Sample(7 * SECOND, 0, 0, 0, 100, 6_400, 0, Latencies.NONE)))
                .withMessageContaining("no element");
    }

    @Test
    void refusesElementsThatWereNotAsSent() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Window.between(
                        sender(0, 0, 0),
                        sender(2, 0, 0),
                        START,
                        new Sample(7 * SECOND, 0, 0, 0, 200, 12_800, 3, Latencies.NONE)))
                .withMessageContaining("3 elements or replies");
    }

    private static Sample sender(long seconds, long cpuNanos, long allocated) {
        return new Sample(seconds * SECOND, cpuNanos, allocated, 0, 0, 0, 0, Latencies.NONE);
    }
}
