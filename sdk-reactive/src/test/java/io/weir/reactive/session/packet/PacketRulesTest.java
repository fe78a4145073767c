package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.path.Ecn;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.LinkFrame.Padding;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a packet may be, and what one costs that is not. */
class PacketRulesTest {

    private static final Feedback FIRST = new Feedback(List.of(new PacketRange(0, 0)), 0, 0, 0, 0);

    private final RawPair pair = new RawPair();

    @Test
    void packetOfFeedbackAndPaddingElicitsNone() {
        pair.start();

        pair.raw.say(FIRST, new Padding(500));
        pair.raw.say(new Padding(3), FIRST);
        pair.pass(1_000);

        assertThat(pair.came()).isEmpty();
    }

    @Test
    void everyOtherPacketIsAcknowledgedWithin25Millis() {
        pair.start();

        long number = pair.raw.next();
        pair.raw.say(new SessionFrame.Heartbeat());
        pair.pass(10 + 25 + 10);

        assertThat(pair.came()).hasSize(1);
        Feedback told = pair.came().get(0).feedback();
        assertThat(told).isNotNull();
        assertThat(told.largest()).isEqualTo(number);
        assertThat(told.delayMicros()).isEqualTo(25_000);
        assertThat(pair.came().get(0).frames()).hasSize(1);
    }

    @Test
    void gapIsToldAtOnce() {
        pair.start();

        long number = pair.raw.next();
        pair.raw.send(pair.raw.packet(number + 5, out -> out.heartbeat()));
        pair.pass(20);

        Feedback told = pair.came().get(0).feedback();
        assertThat(told).isNotNull();
        assertThat(told.ranges()).hasSize(2);
        assertThat(told.delayMicros()).isZero();
    }

    @Test
    void feedbackStandsInFrontOfWhatGoesWithIt() {
        pair.start();

        pair.raw.say(new SessionFrame.Ping(77));
        pair.raw.say(new SessionFrame.Heartbeat());
        pair.pass(30);

        List<RawEnd.Opened> answers = pair.came().stream()
                .filter(packet -> packet.has(SessionFrame.Pong.class) || packet.feedback() != null)
                .toList();
        assertThat(answers).isNotEmpty();
        for (RawEnd.Opened answer : answers) {
            long feedbacks =
                    answer.frames().stream().filter(Feedback.class::isInstance).count();
            assertThat(feedbacks).isEqualTo(answer.feedback() == null ? 0 : 1);
        }
    }

    @Test
    void feedbackBehindAnotherFrameIsNotTakenOff() {
        pair.start();

        pair.raw.say(new SessionFrame.Heartbeat(), FIRST);
        pair.pass(20);

        assertThat(pair.talker.told).startsWith("PROTOCOL_VIOLATION: FEEDBACK among frames");
    }

    @Test
    void secondFeedbackIsNotTakenOff() {
        pair.start();

        pair.raw.say(FIRST, FIRST);
        pair.pass(20);

        assertThat(pair.talker.told).startsWith("PROTOCOL_VIOLATION: FEEDBACK among frames");
    }

    @Test
    void malformedFeedbackEndsTheSession() {
        pair.start();

        pair.raw.send(pair.raw.packet(out -> {
            out.write(FIRST);
            out.array()[1] = (byte) 0xFF; // a number of 8 bytes, of which the next are others' fields
        }));
        pair.pass(20);

        assertThat(pair.talker.told).hasSize(2);
        assertThat(pair.talker.told.get(0)).startsWith("MALFORMED_FRAME");
        assertThat(pair.came()).anyMatch(packet -> packet.has(SessionFrame.End.class));
    }

    @Test
    void whoAcknowledgesWhatWasNeverSentHearsEnd() {
        pair.start();

        pair.raw.acknowledge(0, 5_000);
        pair.pass(20);

        assertThat(pair.talker.told.get(0)).startsWith("PROTOCOL_VIOLATION: it acknowledges");
        assertThat(pair.came()).anyMatch(packet -> packet.has(SessionFrame.End.class));
    }

    @Test
    void whoAcknowledgesANumberThatWasLeftOutHearsEnd() {
        pair.start();
        long all = 0;
        while (pair.talker.told.isEmpty() && all < 1_000) {
            pair.run(() -> pair.talker.say(1));
            pair.pass(15);
            all = pair.came().stream().mapToLong(RawEnd.Opened::number).max().orElse(0);
            pair.raw.acknowledge(0, all); // also what has not come
            pair.pass(15);
        }

        assertThat(pair.talker.told.get(0)).startsWith("PROTOCOL_VIOLATION: it acknowledges");
        assertThat(all).isBetween(64L, 500L);
    }

    @Test
    void repeatedAndForgedPacketsAreDroppedAndCounted() {
        pair.start();
        byte[] packet = pair.raw.packet(out -> out.window(3, 1, 1));

        pair.raw.send(packet);
        pair.raw.send(packet);
        pair.raw.send(new byte[20]);
        byte[] forged = pair.raw.packet(out -> out.window(3, 2, 2));
        forged[forged.length - 1]++;
        pair.raw.send(forged);
        pair.pass(50);

        assertThat(pair.talker.heard).containsExactly(1L);
        assertThat(pair.talker.drops.of(Drop.REPLAYED)).isEqualTo(1);
        assertThat(pair.talker.drops.of(Drop.TRUNCATED)).isEqualTo(1);
        assertThat(pair.talker.drops.of(Drop.NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(pair.talker.told).isEmpty();
    }

    @Test
    void whatOvertakesHelloCountsAsLost() {
        pair.run(pair.talker::start);
        pair.pass(10);

        pair.raw.send(pair.raw.packet(5, out -> out.window(3, 1, 1)));
        pair.pass(100);
        assertThat(pair.talker.heard).isEmpty();
        assertThat(pair.came()).noneMatch(packet -> packet.feedback() != null);

        pair.raw.hello(0);
        pair.raw.send(pair.raw.packet(out -> out.window(3, 1, 1)));
        pair.pass(100);
        assertThat(pair.talker.heard).containsExactly(1L);
        Feedback told = pair.came().get(pair.came().size() - 1).feedback();
        assertThat(told).isNotNull();
        assertThat(told.ranges()).containsExactly(new PacketRange(6, 7));
    }

    @Test
    void beforeTheStartPacketsAreDropped() {
        pair.raw.hello(0);
        pair.pass(50);
        pair.run(pair.talker::start);
        pair.pass(10);

        assertThat(pair.talker.frames).isEmpty();
        assertThat(pair.came()).noneMatch(packet -> packet.feedback() != null);
    }

    @Test
    void firstAuthenticPacketIsToldOnce() {
        AtomicInteger times = new AtomicInteger();
        pair.run(pair.talker::start);
        pair.talker.carrier.onAuthenticated(times::incrementAndGet);
        pair.raw.send(new byte[100]);
        pair.pass(20);
        assertThat(times).hasValue(0);

        pair.raw.hello(0);
        pair.raw.say(new SessionFrame.Heartbeat());
        pair.pass(20);
        assertThat(times).hasValue(1);

        pair.talker.carrier.onAuthenticated(times::incrementAndGet);
        assertThat(times).hasValue(2);
    }

    @Test
    void marksOfWhatHasComeAreCounted() {
        pair.start();

        for (Ecn mark : List.of(Ecn.ECT_0, Ecn.ECT_0, Ecn.CE, Ecn.ECT_1, Ecn.NOT_ECT)) {
            byte[] packet = pair.raw.packet(out -> out.heartbeat());
            pair.raw.socket.send(packet, 0, packet.length, packet.length, Ends.FIRST, mark);
        }
        pair.pass(100);

        Feedback told = pair.came().get(pair.came().size() - 1).feedback();
        assertThat(told).isNotNull();
        assertThat(List.of(told.ect0(), told.ect1(), told.ce())).containsExactly(2L, 1L, 1L);
    }
}
