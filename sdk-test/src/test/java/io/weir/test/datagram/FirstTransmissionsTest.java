package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.DatagramRule;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** Every first transmission is lost: of each handshake message, of each element, of each flight, and what acknowledges them. */
final class FirstTransmissionsTest {

    private final Sinks.Many<byte[]> elements = Sinks.many().unicast().onBackpressureBuffer();
    private final Ends ends = new Ends(3, Ends.path(20, 20)).stream("said", elements.asFlux());

    @Test
    void theFirstOfEachHandshakeMessageIsLost() {
        Set<Byte> seen = new HashSet<>();
        DatagramRule rule = (number, payload) -> {
            byte type = payload.get(0);
            return type != DatagramType.PACKET.number() && seen.add(type) ? DatagramFate.LOST : DatagramFate.PASSES;
        };
        ends.network.between(SERVER, CLIENT).rule(rule);
        ends.network.between(CLIENT, SERVER).rule(rule);
        try (ends) {
            ends.start();
            assertThat(seen)
                    .contains(DatagramType.INIT.number(), DatagramType.RESPONSE.number(), DatagramType.FINISH.number());
            assertThat(ends.server().liveSessions()).hasSize(1);
        }
    }

    /** One element after the other, each on an idle path, so that its first packet is known. */
    @ParameterizedTest(name = "and {0} of each answer")
    @ValueSource(ints = {0, 1, 2})
    void theFirstPacketsOfEachElementAreLost(int answers) {
        try (ends) {
            ends.start();
            Intake said = ends.receive("said");
            ends.advanceMillis(500);
            for (int i = 0; i < 30; i++) {
                ends.network.between(SERVER, CLIENT).rule(DatagramRule.losing(n -> n == 0));
                ends.network.between(CLIENT, SERVER).rule(DatagramRule.losing(n -> n < answers));
                elements.tryEmitNext(Intake.element(i, Ends.ELEMENT)).orThrow();
                int wanted = i + 1;
                ends.advanceUntil(() -> said.count() == wanted, Duration.ofSeconds(1));
                ends.network.between(SERVER, CLIENT).rule(null);
                ends.network.between(CLIENT, SERVER).rule(null);
                ends.advanceMillis(500);
            }
            said.assertRight();
        }
    }

    /** Of each burst all goes that leaves before anything could be sent again; the last packets of it have none behind them. */
    @Test
    void theWholeFirstFlightOfEachBurstIsLost() {
        try (ends) {
            ends.start();
            Intake said = ends.receive("said");
            ends.advanceMillis(500);
            for (int burst = 0; burst < 10; burst++) {
                long until = ends.network.nowNanos() + 15_000_000; // below a round trip
                ends.network.between(SERVER, CLIENT).rule((n, payload) -> lostBefore(until));
                for (int i = 0; i < 20; i++) {
                    elements.tryEmitNext(Intake.element(20 * burst + i, Ends.ELEMENT))
                            .orThrow();
                }
                int wanted = 20 * (burst + 1);
                ends.advanceUntil(() -> said.count() == wanted, Duration.ofSeconds(3));
                ends.advanceMillis(1_000);
            }
            said.assertRight();
        }
    }

    /** The last element of all, and the end of the stream with it. */
    @Test
    void theLastPacketIsLost() {
        try (ends) {
            ends.start();
            Intake said = ends.receive("said");
            elements.tryEmitNext(Intake.element(0, Ends.ELEMENT)).orThrow();
            ends.advanceMillis(500);
            ends.network.between(SERVER, CLIENT).rule(DatagramRule.losing(n -> n == 0));
            elements.tryEmitNext(Intake.element(1, Ends.ELEMENT)).orThrow();
            elements.tryEmitComplete().orThrow();
            ends.finish(said, 2, Duration.ofSeconds(1));
        }
    }

    private DatagramFate lostBefore(long untilNanos) {
        return ends.network.nowNanos() < untilNanos ? DatagramFate.LOST : DatagramFate.PASSES;
    }
}
