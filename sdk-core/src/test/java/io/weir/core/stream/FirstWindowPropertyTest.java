package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever window a stream asks for, it holds from the first byte on where the peer can know it. {@link StreamOpensTest} names
 * each case.
 */
@Tag("long")
class FirstWindowPropertyTest {

    private static final StreamId ID = new StreamId(7);
    private static final int WINDOWS = 2_000;

    @Test
    void aStreamOpenedHereNeverHoldsMoreThanItsWindowBeforeDemand() {
        for (int seed = 0; seed < WINDOWS; seed++) {
            Random random = new Random(seed);
            long window = StreamConfig.MIN_WINDOW_BYTES + seed;
            SidePair pair = pair(random, window);
            boolean waits = random.nextBoolean();
            pair.b.policy = waits ? Side.Policy.LEAVE : Side.Policy.ACCEPT;

            Probe atA = pair.a.open(ID);
            pair.settle();
            Probe atB = waits ? pair.b.accept(pair.b.waiting.remove()) : pair.b.last();
            pair.settle();
            sendAll(pair, atB, random);

            assertHolds(seed, pair, atA, atB, window);
        }
    }

    @Test
    void whereBothEndsOpenAtOnceTheWindowOfHelloHolds() {
        for (int seed = 0; seed < WINDOWS; seed++) {
            Random random = new Random(seed);
            long window = StreamConfig.MIN_WINDOW_BYTES + seed;
            SidePair pair = pair(random, window);

            Probe atA = pair.a.open(ID);
            Probe atB = pair.b.open(ID);
            pair.a.pump();
            pair.b.pump();
            sendAll(pair, atB, random);

            assertHolds(seed, pair, atA, atB, Math.max(window, pair.a.settings.initialWindowBytes()));
        }
    }

    private static SidePair pair(Random random, long window) {
        long hello = StreamConfig.MIN_WINDOW_BYTES + random.nextInt(2 * WINDOWS);
        SidePair pair = new SidePair(new StreamSettings(hello, 64, 65_536), 1 << 20);
        pair.a.config = StreamConfig.reliable().withFixedWindow(window);
        pair.a.takes = false;
        return pair;
    }

    private static void sendAll(SidePair pair, Probe from, Random random) {
        for (int i = 0; i < 300; i++) {
            ByteBuffer element = ByteBuffer.allocate(random.nextInt(400));
            Write result = pair.b.sendPart(from, element);
            pair.settle();
            if (result == Write.NO_CREDIT) {
                return;
            }
        }
    }

    private static void assertHolds(long seed, SidePair pair, Probe atA, Probe atB, long window) {
        assertThat(atB.epoch().sending().credit().sent()).as("seed " + seed).isLessThanOrEqualTo(window);
        // what is more than HELLO's and less than a quarter more is granted with the next grant
        assertThat(atB.epoch().sending().credit().limit())
                .as("seed " + seed)
                .isBetween(Math.min(window, pair.a.settings.initialWindowBytes()), window);
        assertThat(atA.epoch().receiving().reservedBytes()).as("seed " + seed).isEqualTo(window);
        pair.checkAgreement();
        while (pair.a.consume(atA)) {
            pair.settle();
        }
        pair.endAll();
    }

    @Test
    void aWindowAboveThatOfHelloIsAViolation() {
        SidePair pair = SidePair.small();
        assertThat(pair.b.table.onOpen(open(3, 1_025))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(pair.b.table.onOpen(open(3, 1_024))).isNull();
        assertThat(pair.b.last().epoch().sending().credit().limit()).isEqualTo(1_024);
    }

    @Test
    void anAnswerSaysNothingOfTheWindow() {
        SidePair pair = SidePair.small();
        Probe atA = pair.a.open(ID);
        pair.a.pump();
        StreamFrame.Open answer = new StreamFrame.Open(3, ID.value(), 1, true, 16, true, true, "", Headers.empty());

        assertThat(pair.a.table.onOpen(answer)).isNull();

        assertThat(atA.epoch().sending().credit().limit()).isEqualTo(1_024);
    }

    private static StreamFrame.Open open(long handle, long window) {
        return new StreamFrame.Open(handle, ID.value(), 1, true, window, false, false, "n", Headers.empty());
    }
}
