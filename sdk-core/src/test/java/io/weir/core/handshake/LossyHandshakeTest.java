package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Handshakes over networks that lose, double, delay, reorder and corrupt, each from one seed. */
final class LossyHandshakeTest {
    private static final int SEEDS = 1_000;

    @Test
    void bothEndsAgreeOrTheOneThatDialsFailsTyped() {
        int agreed = 0;
        int retried = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            LossyHandshake run = new LossyHandshake(seed, 0.4).run();
            agreed += run.agreed() ? 1 : 0;
            retried += run.retries > 0 ? 1 : 0;
            run.check();
        }

        assertThat(agreed).as("of %d", SEEDS).isGreaterThan(SEEDS * 8 / 10);
        assertThat(retried).as("those with a cookie").isGreaterThan(SEEDS / 3);
    }

    @Test
    void everyHandshakeAgreesWhereNothingIsLost() {
        for (long seed = 0; seed < 50; seed++) {
            LossyHandshake run = new LossyHandshake(seed, 0).run();
            assertThat(run.agreed()).as("seed %d", seed).isTrue();
            run.check();
        }
    }

    @Test
    void noHandshakeAgreesWhereEverythingIsLost() {
        LossyHandshake run = new LossyHandshake(1, 1).run();
        run.check();

        assertThat(Objects.requireNonNull(run.alice.failure()).error()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(run.dropsAtBob.of(Drop.TRUNCATED)).isZero();
    }

    @Test
    void sameSeedSendsTheSameBytes() {
        List<Integer> hashes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            hashes.add(new LossyHandshake(77, 0.3).run().sentHash);
        }

        assertThat(hashes.get(0)).isEqualTo(hashes.get(1));
    }
}
