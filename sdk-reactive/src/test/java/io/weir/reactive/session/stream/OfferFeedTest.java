package io.weir.reactive.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.NodePair;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code trySend} tells the peer. */
class OfferFeedTest {

    private static final Duration LATENCY = Duration.ofMillis(10);

    private final byte[] payload = new byte[1_008]; // costs 1,024

    @Test
    void aRefusalForCreditTellsThePeerSoThatItsWindowGrows() {
        try (NodePair pair = NodePair.paced(
                LATENCY,
                Long.MAX_VALUE,
                spec -> spec.onStream(
                        "x", stream -> stream.receive(Codec.bytes()).then()),
                spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            long first = sendWhatCreditCovers(stream);
            for (int round = 0; round < 10; round++) {
                sendWhatCreditCovers(stream);
                pair.advance(LATENCY.multipliedBy(2));
            }
            assertThat(stream.stats().txWindow())
                    .as("window for one who is refused each time, and a subscriber that keeps up")
                    .isGreaterThan(first);
        }
    }

    @Test
    void whoIsNeverRefusedHasTheWindowThatItBeganWith() {
        try (NodePair pair = NodePair.paced(
                LATENCY,
                Long.MAX_VALUE,
                spec -> spec.onStream(
                        "x", stream -> stream.receive(Codec.bytes()).then()),
                spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            stream.trySend(payload, Codec.bytes());
            pair.advance(LATENCY.multipliedBy(2));
            long first = stream.stats().txWindow();
            for (int round = 0; round < 500; round++) {
                assertThat(stream.trySend(payload, Codec.bytes())).isEqualTo(TrySend.OK);
                pair.advance(LATENCY.dividedBy(4));
            }
            assertThat(stream.stats().txWindow()).isEqualTo(first);
        }
    }

    private long sendWhatCreditCovers(PeerStream stream) {
        long bytes = 0;
        while (stream.trySend(payload, Codec.bytes()) == TrySend.OK) {
            bytes += 1_024;
        }
        return bytes;
    }
}
