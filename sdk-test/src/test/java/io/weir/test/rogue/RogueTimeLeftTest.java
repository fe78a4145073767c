package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What peers say of the time that is left for their requests, and what they are told. */
class RogueTimeLeftTest {

    private static final Hello MODERN = Hello.defaults().withFeatures(Hello.DEADLINES);

    private final List<Duration> left = new ArrayList<>();
    private int cancelled;

    private PeerNodeSpec never(PeerNodeSpec spec) {
        return spec.onRequest("m", request -> {
            left.add(request.remaining().orElse(Duration.ofSeconds(-1)));
            return Mono.<ByteBuffer>never().doOnCancel(() -> cancelled++);
        });
    }

    /** It never says CANCEL. */
    @Test
    void cancelsAHandlerForWhichItsRequesterDoesNotWait() {
        try (Victim victim = Victim.start(this::never);
                RoguePeer rogue = victim.rogue().session(MODERN)) {
            rogue.send(request(1, 1_000));
            assertThat(left).containsExactly(Duration.ofSeconds(1));
            victim.advance(Duration.ofMillis(999));
            assertThat(cancelled).isZero();
            victim.advance(Duration.ofMillis(1 + 1_000 / 32));
            assertThat(cancelled).isEqualTo(1);
            assertAnswered(rogue, 1, ErrorCode.REQUEST_TIMEOUT);
            assertThat(victim.sessionWith(rogue).messageStats().requestsInFlight())
                    .isZero();
            assertAlive(rogue);
        }
    }

    @Test
    void runsNothingForWhichNoTimeIsLeft() {
        try (Victim victim = Victim.start(this::never);
                RoguePeer rogue = victim.rogue().session(MODERN)) {
            for (int id = 1; id <= 10_000; id++) {
                rogue.send(request(id, 0));
                assertAnswered(rogue, id, ErrorCode.REQUEST_TIMEOUT);
            }
            assertThat(left).isEmpty();
            assertAlive(rogue);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {86_400_000, 1L << 40, VarInt.MAX})
    void takesADayForEveryTimeThatIsLonger(long millisLeft) {
        try (Victim victim = Victim.start(this::never);
                RoguePeer rogue = victim.rogue().session(MODERN)) {
            rogue.send(request(1, millisLeft));
            assertThat(left).containsExactly(Duration.ofDays(1));
            rogue.send(new MessageFrame(MessageType.CANCEL, 1, 0, 1, "", Headers.empty(), Bytes.empty()));
            assertThat(cancelled).isEqualTo(1);
            assertAlive(rogue);
        }
    }

    /** As of a requester whose own queue takes a while. */
    @Test
    void holdsFewTimersForRequestsOfAboutOneLength() {
        try (Victim victim = Victim.start(this::never);
                RoguePeer rogue = victim.rogue().session(MODERN)) {
            int before = victim.network.timers(Victim.HOST);
            for (int id = 1; id <= 500; id++) {
                rogue.send(request(id, 10_000 - id));
            }
            assertThat(left).hasSize(500);
            assertThat(victim.network.timers(Victim.HOST) - before).isLessThanOrEqualTo(3);
            for (int i = 0; i < 11; i++) {
                victim.advance(Duration.ofSeconds(1));
                assertAlive(rogue);
            }
            assertThat(cancelled).isEqualTo(500);
        }
    }

    // ---- what the node tells

    @Test
    void tellsWhatIsLeftWhenTheRequestIsWritten() {
        try (Victim victim = Victim.start();
                RoguePeer rogue =
                        victim.rogue().session(MODERN.withRequestWindow(0).withLargestRequest(1_000))) {
            ask(victim, rogue);
            victim.advance(Duration.ofSeconds(2));
            rogue.send(new CreditFrame.Window(1, 0, 1_000));
            assertThat(rogue.await(MessageFrame.class).millisLeft()).isEqualTo(28_000);
        }
    }

    @Test
    void tellsNothingToAPeerThatHasNotSaidThatItUnderstands() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            ask(victim, rogue);
            assertThat(rogue.await(MessageFrame.class).millisLeft()).isEqualTo(MessageFrame.NO_LIMIT);
        }
    }

    private static void ask(Victim victim, RoguePeer rogue) {
        victim.sessionWith(rogue).request("r", "x", Codec.utf8(), Codec.utf8()).subscribe(value -> {}, e -> {});
        victim.settle();
    }

    private static MessageFrame request(long id, long millisLeft) {
        return new MessageFrame(MessageType.REQUEST, 1, 0, id, "m", Headers.empty(), Bytes.empty(), millisLeft);
    }

    private static void assertAnswered(RoguePeer rogue, long id, ErrorCode code) {
        MessageFrame answer = rogue.await(MessageFrame.class);
        assertThat(answer.messageType()).isEqualTo(MessageType.ERROR);
        assertThat(answer.replyId()).isEqualTo(id);
        assertThat(answer.payload()).isEqualTo(Bytes.copyOf(new byte[] {(byte) code.number()}));
    }
}
