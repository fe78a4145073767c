package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StrayPacketsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void tellsTenAndThenOneASecondWithWhatItKeptToItself() {
        DropCounts drops = new DropCounts();
        StrayPackets strays = new StrayPackets(drops, 0);
        long told = 0;
        int reports = 0;
        for (int i = 0; i < 10_000; i++) {
            long count = strays.onPacket(i * SECOND / 1_000);
            told += count;
            reports += count == 0 ? 0 : 1;
        }
        told += strays.onPacket(100 * SECOND);

        assertThat(reports).isBetween(19, 20);
        assertThat(told).isEqualTo(10_001);
        assertThat(drops.of(Drop.UNKNOWN_INDEX)).isEqualTo(10_001);
    }
}
