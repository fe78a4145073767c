package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketCarrierTest {

    @Test
    void carriesBothWays() {
        Ends ends = new Ends(1).start();

        ends.run(() -> ends.first.say(1_000));
        ends.run(() -> ends.second.say(10));
        ends.pass(1_000);

        assertThat(ends.second.heard).hasSize(1_000);
        assertThat(ends.first.heard).hasSize(10);
        assertThat(ends.first.lost).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everythingArrivesOverAWireThatLosesDoublesAndReorders(long seed) {
        Ends ends = new Ends(seed);
        ends.wire.loss = 0.2;
        ends.wire.doubling = 0.1;
        ends.wire.jitterNanos = 20 * PacketWire.MILLI;
        ends.start();

        ends.run(() -> ends.first.say(3_000));
        ends.run(() -> ends.second.say(3_000));
        ends.pass(60_000);

        assertThat(ends.second.heard).hasSize(3_000);
        assertThat(ends.first.heard).hasSize(3_000);
        assertThat(ends.first.arrived).hasSize(3_000);
        assertThat(ends.second.arrived).hasSize(3_000);
    }
}
