package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StreamConfigTest {
    @Test
    void hasThePublishedDefaults() {
        assertThat(StreamConfig.defaults())
                .isEqualTo(new StreamConfig(
                        Reliability.FIRE_AND_FORGET,
                        65_536,
                        4L << 20,
                        1,
                        CloseBehavior.DROP_AND_CLOSE,
                        Duration.ofMinutes(5)))
                .isEqualTo(StreamConfig.fireAndForget());
        assertThat(StreamConfig.reliable())
                .isEqualTo(StreamConfig.defaults()
                        .withReliability(Reliability.RELIABLE)
                        .withCloseBehavior(CloseBehavior.DRAIN_THEN_CLOSE));
    }

    @Test
    void changesOneThingAtATime() {
        StreamConfig config = StreamConfig.reliable()
                .withWindow(1 << 20)
                .withMaxWindow(2 << 20)
                .withFairnessWeight(4)
                .withIdleTimeout(Duration.ofSeconds(1));

        assertThat(config)
                .isEqualTo(new StreamConfig(
                        Reliability.RELIABLE,
                        1 << 20,
                        2 << 20,
                        4,
                        CloseBehavior.DRAIN_THEN_CLOSE,
                        Duration.ofSeconds(1)));
        assertThat(StreamConfig.reliable().windowBytes()).isEqualTo(65_536);
    }

    @Test
    void raisesTheMaximumWithTheWindow() {
        assertThat(StreamConfig.defaults().withWindow(8 << 20).maxWindowBytes()).isEqualTo(8 << 20);
        assertThat(StreamConfig.defaults().withWindow(1024).maxWindowBytes()).isEqualTo(4 << 20);
    }

    @Test
    void fixesTheWindow() {
        StreamConfig config = StreamConfig.defaults().withFixedWindow(1024);

        assertThat(config.windowBytes()).isEqualTo(1024);
        assertThat(config.maxWindowBytes()).isEqualTo(1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConfig.defaults().withFixedWindow(0))
                .withMessage("a fixed windowBytes is 0; legal: 16 to 1073741824");
    }

    @Test
    void takesZeroAsGrowFreely() {
        assertThat(StreamConfig.defaults().withWindow(0).windowBytes()).isEqualTo(StreamConfig.GROW_FREELY);
    }

    @Test
    void namesAnIllegalWindow() {
        StreamConfig config = StreamConfig.defaults();

        for (long bytes : new long[] {Long.MIN_VALUE, -1, 1, 15, (1L << 30) + 1, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> config.withWindow(bytes))
                    .withMessage("windowBytes is " + bytes
                            + "; legal: 0 (grow freely inside the budget), or 16 to 1073741824");
        }
        assertThat(config.withWindow(16).windowBytes()).isEqualTo(16);
        assertThat(config.withWindow(1L << 30).windowBytes()).isEqualTo(1L << 30);
    }

    @Test
    void namesAnIllegalMaximum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConfig.defaults().withMaxWindow(65_535))
                .withMessage("maxWindowBytes is 65535; legal: windowBytes, which is 65536, to 1073741824");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConfig.defaults().withMaxWindow((1L << 30) + 1));
    }

    @Test
    void namesAnIllegalIdleTimeout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConfig.defaults().withIdleTimeout(Duration.ofNanos(-1)))
                .withMessage("idleTimeout is PT-0.000000001S; legal: PT0S (never evicted), to 365 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConfig.defaults().withIdleTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(StreamConfig.defaults().withIdleTimeout(Duration.ZERO).idleTimeout())
                .isZero();
    }

    @Test
    void clampsTheWeight() {
        assertThat(StreamConfig.defaults().withFairnessWeight(0).fairnessWeight())
                .isEqualTo(1);
        assertThat(StreamConfig.defaults().withFairnessWeight(Integer.MIN_VALUE).fairnessWeight())
                .isEqualTo(1);
        assertThat(StreamConfig.defaults().withFairnessWeight(Integer.MAX_VALUE).fairnessWeight())
                .isEqualTo(256);
    }

    @Test
    @SuppressWarnings("NullAway")
    void namesWhatIsMissing() {
        assertThatNullPointerException()
                .isThrownBy(() -> StreamConfig.defaults().withReliability(null))
                .withMessage("reliability");
    }
}
