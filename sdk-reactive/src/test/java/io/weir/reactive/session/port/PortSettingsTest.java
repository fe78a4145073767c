package io.weir.reactive.session.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.ResponderLimits;
import io.weir.core.identity.Identity;
import io.weir.reactive.NodeLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortSettingsTest {

    private static final RandomBytes RANDOM = RandomBytes.secure();
    private static final HandshakeConfig CONFIG =
            HandshakeConfig.of(Identity.generate(RANDOM), X25519KeyPair.generate(RANDOM));
    private static final FastPaths FAST_PATHS = new FastPaths(Map.of(), 10);

    @Test
    void whatIsNotChangedIsTheCoresDefault() {
        PortSettings settings = PortSettings.of(CONFIG, RANDOM, NodeLimits.defaults(), FAST_PATHS);

        assertThat(settings.responder()).isEqualTo(ResponderLimits.defaults());
        assertThat(settings.maxIndexes()).isEqualTo(2 * (10_000 + 1_024));
    }

    @Test
    void theLeastLimitsOfANodeAreLegalHere() {
        NodeLimits least = NodeLimits.defaults()
                .withMaxHandshakes(1)
                .withMaxSessions(1)
                .withMaxSessionsPerAddress(1)
                .withHandshakeTimeout(Duration.ofMillis(1));

        PortSettings settings = PortSettings.of(CONFIG, RANDOM, least, FAST_PATHS);

        assertThat(settings.responder()).isEqualTo(new ResponderLimits(1, 1, 1, 500, 1_000_000_000L));
        assertThat(settings.maxIndexes()).isEqualTo(4);
    }

    @Test
    void theMostLimitsOfANodeAreLegalHere() {
        NodeLimits most = NodeLimits.defaults()
                .withMaxHandshakes(1_000_000)
                .withMaxSessions(1_000_000)
                .withMaxSessionsPerAddress(1_000_000)
                .withHandshakeTimeout(Duration.ofHours(1));

        PortSettings settings = PortSettings.of(CONFIG, RANDOM, most, FAST_PATHS);

        assertThat(settings.responder())
                .isEqualTo(new ResponderLimits(1_000_000, 64, 1_000_000, 500, 600_000_000_000L));
        assertThat(settings.maxIndexes()).isEqualTo(1 << 20);
    }
}
