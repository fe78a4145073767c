package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PathSettings;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.PacketLedger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is kept for the next packet, and how much of it. */
class PacketMemoryTest {

    private final PacketBuffers buffers = new PacketBuffers();

    @Test
    void threadKeepsTwoBuffersOfEachKind() {
        PacketBuffer[] borrowed = {buffers.borrow(1_472, 0), buffers.borrow(1_472, 0), buffers.borrow(1_472, 0)};
        byte[][] plaintexts = {buffers.borrowPlaintext(1), buffers.borrowPlaintext(1), buffers.borrowPlaintext(1)};
        for (int i = 0; i < 3; i++) {
            buffers.giveBack(borrowed[i]);
            buffers.giveBack(plaintexts[i]);
        }

        assertThat(new PacketBuffer[] {buffers.borrow(1_472, 0), buffers.borrow(1_472, 0), buffers.borrow(1_472, 0)})
                .contains(borrowed[0], borrowed[1])
                .doesNotContain(borrowed[2]);
        Set<byte[]> again = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            again.add(buffers.borrowPlaintext(1));
        }
        // by identity, as a set of arrays looks
        assertThat(again.contains(plaintexts[0]) && again.contains(plaintexts[1]))
                .isTrue();
        assertThat(again.contains(plaintexts[2])).isFalse();
    }

    @Test
    void bufferHasRoomForWhatItIsBorrowedFor() {
        buffers.giveBack(buffers.borrow(1_472, 0));

        PacketBuffer large = buffers.borrow(9_000, 0);
        assertThat(large.frames().remaining()).isGreaterThanOrEqualTo(9_000 - PacketSealer.OVERHEAD);
        assertThat(large.sealed().length).isGreaterThanOrEqualTo(9_000);
        buffers.giveBack(large);

        assertThat(buffers.borrow(1_472, 65_507).sealed().length).isGreaterThanOrEqualTo(65_507);
        assertThat(buffers.borrowPlaintext(60_000).length).isGreaterThanOrEqualTo(60_000);
    }

    @Test
    void trimGivesAllUp() {
        PacketBuffer buffer = buffers.borrow(1_472, 0);
        byte[] plaintext = buffers.borrowPlaintext(100);
        buffers.giveBack(buffer);
        buffers.giveBack(plaintext);

        buffers.trim();

        assertThat(buffers.borrow(1_472, 0)).isNotSameAs(buffer);
        assertThat(buffers.borrowPlaintext(100)).isNotSameAs(plaintext);
    }

    @Test
    void carrierKeeps1024PacketsThatHaveArrivedAndNoneOfTheirFrames() {
        PathWatch watch = new PathWatch(
                new PacketSettings(PathSettings.defaults(), new Random(1)::nextBytes, new DropCounts(), buffers),
                0,
                0,
                new Nobody());
        Set<Packet> given = new HashSet<>();
        for (int i = 0; i < 1_100; i++) {
            Packet packet = watch.take();
            given.add(packet);
            note(packet.ledger());
        }
        assertThat(given).hasSize(1_100);
        given.forEach(watch::giveBack);

        int known = 0;
        for (int i = 0; i < 1_100; i++) {
            Packet packet = watch.take();
            assertThat(packet.ledger().size()).isZero();
            known += given.contains(packet) ? 1 : 0;
        }
        assertThat(known).isEqualTo(1_024);
    }

    private static void note(PacketLedger ledger) {
        FrameWriter out = new FrameWriter(100, 100);
        out.reset(ledger);
        out.note(
                new FrameOwner() {
                    @Override
                    public void onAcked(int what, long argument) {}

                    @Override
                    public void onLost(int what, long argument) {}
                },
                0,
                0);
    }

    @Test
    void datagramsOf9000BytesGoWhereThePathTakesThem() {
        Ends ends = new Ends(1, PathSettings.defaults().withMaxDatagramBytes(9_000));
        ends.wire.mostBytes = 9_000;
        ends.start();
        ends.first.endless = 20_000;
        ends.run(ends.first.carrier::wake);
        ends.pass(5_000);

        assertThat(ends.first.carrier.stats().datagramBytes()).isGreaterThan(8_900);
        assertThat(ends.second.heard).hasSize(20_000);
        assertThat(ends.wire.trace()).allMatch(sent -> sent.bytes().length <= 9_000);
    }

    private static final class Nobody implements PathWatch.Owner {
        @Override
        public void onProbesOwed() {}

        @Override
        public void onJudged() {}

        @Override
        public void onEndArrived() {}

        @Override
        public void onEndLost() {}

        @Override
        public void onLie(ErrorCode error) {}
    }
}
