package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer whose packets come from elsewhere. */
class PacketMoveTest {

    private static final PathAddress NEW_PORT = PacketWire.address(1, 5_001);
    private static final PathAddress NEW_IP = PacketWire.address(9, 4_001);

    @Test
    void newPortIsProvedAndFollowedAndKeepsTheWindow() {
        Ends ends = flowing();
        long window = ends.second.carrier.stats().congestionWindowBytes();

        ends.first.socket().move(NEW_PORT);
        ends.pass(3_000);
        ends.second.heard.clear();
        int sent = ends.wire.trace().size();
        ends.pass(500);

        assertThat(later(ends, sent))
                .isNotEmpty()
                .allMatch(datagram -> datagram.to().equals(NEW_PORT));
        assertThat(ends.second.carrier.stats().congestionWindowBytes()).isGreaterThanOrEqualTo(window / 4);
        assertThat(ends.second.heard).isNotEmpty();
    }

    @Test
    void newIpBeginsAnew() {
        Ends ends = flowing();

        ends.first.socket().move(NEW_IP);
        int before = ends.wire.trace().size();
        while (later(ends, before).stream()
                .noneMatch(datagram -> datagram.to().equals(NEW_IP) && datagram.bytes().length < 1_200)) {
            ends.pass(1);
        }
        long early = ends.second.carrier.stats().congestionWindowBytes();
        ends.pass(3_000);
        int sent = ends.wire.trace().size();
        ends.pass(500);

        assertThat(early).isLessThanOrEqualTo(14_720);
        assertThat(later(ends, sent))
                .isNotEmpty()
                .allMatch(datagram -> datagram.to().equals(NEW_IP));
        assertThat(ends.second.carrier.stats().datagramBytes()).isGreaterThan(1_400);
    }

    private static List<PacketWire.Sent> later(Ends ends, int from) {
        return ends.wire.trace().stream()
                .skip(from)
                .filter(datagram -> datagram.from().equals(Ends.SECOND))
                .toList();
    }

    /** Both say things without end. */
    private static Ends flowing() {
        Ends ends = new Ends(1).start();
        ends.first.endless = Long.MAX_VALUE;
        ends.second.endless = Long.MAX_VALUE;
        ends.run(ends.first.carrier::wake);
        ends.run(ends.second.carrier::wake);
        ends.pass(150);
        return ends;
    }

    @Test
    void nobodyElseIsSentMoreThanThreeTimesWhatCameFromThere() {
        RawPair pair = new RawPair().start();
        PathAddress victim = PacketWire.address(66, 53);
        PacketWire.Socket elsewhere = pair.wire.bind(victim);
        byte[] genuine = pair.raw.packet(out -> out.heartbeat());
        elsewhere.send(genuine, 0, genuine.length, genuine.length, Ends.FIRST, io.weir.core.path.Ecn.NOT_ECT);
        pair.run(() -> pair.talker.say(1_000));
        pair.pass(60_000);

        long toVictim = pair.wire.trace().stream()
                .filter(sent -> sent.to().equals(victim))
                .mapToLong(sent -> sent.bytes().length)
                .sum();
        assertThat(toVictim).isBetween(1L, 3L * genuine.length);
        assertThat(pair.came()).isNotEmpty();
        assertThat(pair.came()).anyMatch(packet -> packet.datagramBytes() > 500);
    }

    @Test
    void challengeFillsA1200ByteDatagramWhereThatIsAllowed() {
        RawPair pair = new RawPair().start();
        PathAddress there = PacketWire.address(66, 53);
        PacketWire.Socket elsewhere = pair.wire.bind(there);
        byte[] genuine = pair.raw.packet(out -> {
            out.heartbeat();
            out.padTo(1_171);
        });
        elsewhere.send(genuine, 0, genuine.length, genuine.length, Ends.FIRST, io.weir.core.path.Ecn.NOT_ECT);
        pair.pass(60_000);

        List<Integer> sizes = pair.wire.trace().stream()
                .filter(sent -> sent.to().equals(there))
                .map(sent -> sent.bytes().length)
                .toList();
        assertThat(sizes).containsExactly(1_200, 1_200, 1_200);
    }
}
