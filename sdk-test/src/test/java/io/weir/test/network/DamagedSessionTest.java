package io.weir.test.network;

import static io.weir.test.network.TwoNodes.CLIENT;
import static io.weir.test.network.TwoNodes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.WeirException;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Damage that no checksum betrays, to two nodes: whatever bit it hits, no wrong element arrives. */
final class DamagedSessionTest {

    private static final int RUNS = 60;
    private static final int ELEMENTS = 300;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What the receiver finds: a bad record, a length that is none, or one that waits for bytes that never come. */
    private static final Set<ErrorCode> ENDS =
            EnumSet.of(ErrorCode.DECRYPTION_FAILED, ErrorCode.MALFORMED_FRAME, ErrorCode.SILENCE);

    @Test
    void sessionEndsWithACodeAndDeliversNothingWrong() {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        int cutShort = 0;
        long[] seeds = Seeds.from(1, RUNS).toArray();
        for (long seed : seeds) {
            SimulatedNetwork network = SimulatedNetwork.seeded(seed);
            network.between(SERVER, CLIENT).latency(Duration.ofMillis(1));
            // from the second window on: a packet in twenty
            try (TwoNodes nodes = new TwoNodes(network, ELEMENTS, 700)) {
                nodes.begin();
                network.advanceUntil(nodes::hasSession, LIMIT);
                network.between(SERVER, CLIENT).corruptionBeyondChecksum(0.05);
                network.advanceUntil(() -> !nodes.ends.isEmpty(), LIMIT);

                assertThat(nodes.received)
                        .as(network::report)
                        .isEqualTo(IntStream.range(0, nodes.received.size())
                                .boxed()
                                .toList());
                assertThat(nodes.ends).as(network::report).hasSize(1);
                if (nodes.failure == null) {
                    assertThat(nodes.received).as(network::report).hasSize(ELEMENTS);
                } else {
                    cutShort++;
                    codes.add(code(nodes.failure));
                }
            }
        }
        assertThat(cutShort).isGreaterThan(seeds.length / 2);
        assertThat(codes).contains(ErrorCode.DECRYPTION_FAILED).isSubsetOf(ENDS);
    }

    @Test
    void damageInTheHandshakeIsRefusedWithACode() {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        for (long seed : Seeds.from(1, RUNS).toArray()) {
            SimulatedNetwork network = SimulatedNetwork.seeded(seed);
            network.between(SERVER, CLIENT).corruptionBeyondChecksum(0.5);
            network.between(CLIENT, SERVER).corruptionBeyondChecksum(0.5);
            try (TwoNodes nodes = new TwoNodes(network, ELEMENTS, 700)) {
                nodes.begin();
                network.advanceUntil(() -> !nodes.ends.isEmpty(), LIMIT);

                assertThat(nodes.ends).as(network::report).hasSize(1);
                assertThat(nodes.received)
                        .as(network::report)
                        .isEqualTo(IntStream.range(0, nodes.received.size())
                                .boxed()
                                .toList());
                if (nodes.failure != null) {
                    ErrorCode code = code(nodes.failure);
                    codes.add(code);
                    // a reject is reported with the number as it came, and it comes in the clear
                    Origin origin = ((WeirException) nodes.failure).reason().origin();
                    assertThat(code != ErrorCode.UNKNOWN || origin == Origin.UNPROVEN)
                            .as(network::report)
                            .isTrue();
                }
                assertThat(nodes.events)
                        .filteredOn(e -> e instanceof ConnectionClosed || e instanceof ConnectionLost)
                        .as(network::report)
                        .hasSizeLessThanOrEqualTo(1);
            }
        }
        assertThat(codes).contains(ErrorCode.HANDSHAKE_FAILED).doesNotContain(ErrorCode.INTERNAL);
    }

    private static ErrorCode code(Throwable failure) {
        assertThat(failure).isInstanceOf(WeirException.class);
        return ((WeirException) failure).reason().error();
    }
}
