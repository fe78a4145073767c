package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenCreditTest {

    @Test
    void aThousandOpensStayWithinTheBudget() {
        long budget = 16 << 20;
        SidePair pair = new SidePair(StreamSettings.defaults(), budget);
        pair.a.config = StreamConfig.reliable();
        pair.b.config = StreamConfig.reliable();

        for (int i = 0; i < 1_000; i++) {
            pair.a.open(new StreamId(i));
        }
        pair.settle();

        assertThat(pair.b.table.peerOpens()).isBetween(200L, 256L);
        assertThat(pair.b.budget.reserved()).isLessThanOrEqualTo(budget);
        assertThat(pair.a.budget.reserved()).isLessThanOrEqualTo(budget);
        pair.checkAgreementOfAccounts();

        // the others follow as the first end
        for (int round = 0; round < 10; round++) {
            for (Probe probe : List.copyOf(pair.b.probes)) {
                probe.epoch().evict(ErrorCode.CANCELLED);
            }
            pair.settle();
        }
        assertThat(pair.b.probes).hasSize(1_000);
        pair.checkClean();
    }

    /** Where OPENs come in any order: the first one is late, and all that may have overtaken it. */
    @Test
    void nothingIsPromisedFurtherAheadThanCanBeToldApart() {
        OpenCredit credit = new OpenCredit(1, 1 << 20, new MemoryBudget(1 << 30, MemoryPool.unbounded()), true);
        FrameWriter out = SidePair.record(512);
        long last = credit.limit() + HandleSet.SPAN;
        for (long handle = 4; handle < last; handle++) {
            if (credit.check(handle) != null) {
                credit.onBlocked(last);
                out.reset();
                credit.write(out);
            }
            if (credit.check(handle) != null) {
                break;
            }
            credit.take(handle);
        }

        assertThat(credit.announced()).isEqualTo(3 + HandleSet.SPAN);
        assertThat(credit.check(3 + HandleSet.SPAN)).isEqualTo(ErrorCode.STREAM_LIMIT);
        credit.take(3);
        assertThat(credit.limit()).isGreaterThan(3 + HandleSet.SPAN);
    }

    @Test
    void everyPlaceIsReachedFromTwo() {
        OpenCredit credit = new OpenCredit(1_024, 256, new MemoryBudget(1 << 20, MemoryPool.unbounded()));
        FrameWriter out = SidePair.record(512);
        assertThat(credit.limit()).isEqualTo(3 + 2);

        int announcements = 0;
        long handle = 3;
        while (credit.inUse() < 256) {
            while (handle < credit.limit() && !credit.due()) {
                assertThat(open(credit, handle++)).isNull();
            }
            while (open(credit, handle) == null) {
                handle++;
            }
            out.reset();
            assertThat(credit.write(out)).isTrue();
            announcements++;
        }

        assertThat(handle).isEqualTo(3 + 256);
        assertThat(announcements).as("rounds: the promises double").isLessThan(10);
        assertThat(credit.due()).isFalse();
        assertThat(open(credit, handle)).isEqualTo(ErrorCode.STREAM_LIMIT);
    }

    private static long next(OpenCredit credit) {
        return Math.max(3, credit.highest() + 1);
    }

    private static @Nullable ErrorCode open(OpenCredit credit, long handle) {
        ErrorCode violation = credit.check(handle);
        if (violation == null) {
            credit.take(handle);
        }
        return violation;
    }

    /** Otherwise a peer could take a window of the node's memory for good with each session that it ends so. */
    @ParameterizedTest
    @CsvSource({"4, 1", "4, 0", "4, 4611686018427387903", "5, 1", "3, 2", "99, 1"})
    void anOpenThatEndsTheSessionKeepsNoMemory(long handle, long epoch) {
        Side b = SidePair.small().b;
        assertThat(b.table.onOpen(new StreamFrame.Open(3, 7, 1, true, "", Headers.empty())))
                .isNull();

        assertThat(b.table.onOpen(new StreamFrame.Open(handle, 7, epoch, true, "", Headers.empty())))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        b.table.onSessionClosed();

        assertThat(b.budget.reserved()).isZero();
    }

    @Test
    void aPeerThatAsksIsPromisedWhatItNeedsUpToSixteen() {
        OpenCredit credit = new OpenCredit(1_024, 256, new MemoryBudget(1 << 20, MemoryPool.unbounded()));
        long told = credit.limit();

        credit.onBlocked(told + 5);
        assertThat(credit.limit()).isEqualTo(told + 5);
        assertThat(credit.due()).isTrue();

        credit.onBlocked(1L << 40);
        assertThat(credit.limit()).isEqualTo(3 + 16);
    }

    @Test
    void aBlockedWhoseNeedIsMetIsOfNoInterest() {
        OpenCredit credit = new OpenCredit(1_024, 256, new MemoryBudget(1 << 20, MemoryPool.unbounded()));
        long told = credit.limit();

        credit.onBlocked(told - 1);
        credit.onBlocked(told);

        assertThat(credit.limit()).isEqualTo(told);
    }

    @Test
    void promisesNothingUnaskedOnceAQuarterOfTheMemoryIsTaken() {
        MemoryBudget node = new MemoryBudget(64 * 1_024, MemoryPool.unbounded());
        node.tryReserve(16 * 1_024);

        OpenCredit credit = new OpenCredit(1_024, 256, new MemoryBudget(64 * 1_024, node));

        assertThat(credit.limit()).isEqualTo(3);
        credit.onBlocked(3 + 10);
        assertThat(credit.limit()).as("a 16th of what is free, asked for").isEqualTo(3 + 3);
    }

    @Test
    void aPeerThatAsksGetsTheLastWindowOfTheMemoryAndThenWaitsForMore() {
        MemoryBudget budget = new MemoryBudget(10 * 1_024, MemoryPool.unbounded());
        OpenCredit credit = new OpenCredit(1_024, 256, budget);
        FrameWriter out = SidePair.record(512);
        long told = credit.limit();
        while (told < 3 + 10) {
            while (next(credit) < told) {
                assertThat(open(credit, next(credit))).isNull();
            }
            credit.onBlocked(told + 20);
            assertThat(credit.limit()).isGreaterThan(told);
            assertThat(credit.write(out)).isTrue();
            told = credit.limit();
        }

        while (next(credit) < told) {
            assertThat(open(credit, next(credit))).isNull();
        }
        credit.onBlocked(told + 1);

        assertThat(budget.available()).isZero();
        assertThat(credit.starved()).isTrue();
        budget.release(1_024);
        credit.promise();
        assertThat(credit.starved()).isFalse();
        assertThat(credit.limit()).isEqualTo(told + 1);
    }

    @Test
    void tellsItsHostThatMemoryIsShortAndPromisesWhenItIsFreed() {
        Side b = new Side("B", new StreamSettings(1_024, 64, 65_536), 1 << 20);
        b.table.openLimit();
        long free = b.budget.available();
        b.budget.tryReserve(free);
        b.table.onOpen(new StreamFrame.Open(3, 1, 1, true, "", Headers.empty()));
        b.table.onOpen(new StreamFrame.Open(4, 2, 1, true, "", Headers.empty()));

        b.table.onBlocked(new CreditFrame.Blocked(0, 5 + 16, 5));

        assertThat(b.memoryShort).isEqualTo(1);
        b.budget.release(free);
        b.table.onMemoryFreed();
        assertThat(b.memoryShort).isEqualTo(1);
        assertThat(b.table.openLimit()).isEqualTo(5 + 16);
        assertThat(b.table.hasControl()).isTrue();
    }

    /** The peer asked while it had as many streams as it may have; that there is no memory either shows when one has ended. */
    @Test
    void tellsItsHostThatMemoryIsShortWhenAPlaceReturns() {
        Side b = new Side("B", new StreamSettings(1_024, 2, 65_536), 1 << 20);
        b.policy = Side.Policy.REFUSE;
        b.table.openLimit();
        b.table.onOpen(new StreamFrame.Open(3, 1, 1, true, "", Headers.empty()));
        b.table.onOpen(new StreamFrame.Open(4, 2, 1, true, "", Headers.empty()));
        b.table.onReset(new StreamFrame.Reset(3, 0));
        b.table.onReset(new StreamFrame.Reset(4, 0));
        b.table.onBlocked(new CreditFrame.Blocked(0, 6, 5));
        long free = b.budget.available();
        b.budget.tryReserve(free);

        b.pump();

        assertThat(b.table.peerOpens()).isZero();
        assertThat(b.table.openLimit()).isEqualTo(5);
        assertThat(b.memoryShort).isPositive();
        b.budget.release(free);
        b.table.onMemoryFreed();
        assertThat(b.table.openLimit()).isGreaterThan(5);
    }

    @Test
    void openAndResetInALoopStaysBoundedAndPaysOnlyWhenAnswersAreWritten() {
        Side b = SidePair.small().b;
        b.policy = Side.Policy.REFUSE;
        long limit = b.table.openLimit();
        for (long handle = 3; handle < limit; handle++) {
            assertThat(b.table.onOpen(new StreamFrame.Open(handle, handle, 1, true, "", Headers.empty())))
                    .isNull();
            assertThat(b.table.onReset(new StreamFrame.Reset(handle, 0))).isNull();
        }

        // the peer does not read: no answer goes out, so no place returns
        assertThat(b.table.peerOpens()).isEqualTo(limit - 3);
        assertThat(b.table.onOpen(new StreamFrame.Open(limit, 1, 1, true, "", Headers.empty())))
                .isEqualTo(ErrorCode.STREAM_LIMIT);

        b.pump();
        assertThat(b.table.peerOpens()).isZero();
        assertThat(b.sent).hasSize((int) (limit - 3) + 1).last().isInstanceOf(CreditFrame.Window.class);
    }

    @Test
    void acceptedStreamsKeepTheirPlaceUntilThePeerHasEndedThemToo() {
        Side b = SidePair.small().b;
        b.table.onOpen(new StreamFrame.Open(3, 1, 1, true, "", Headers.empty()));
        b.table.onReset(new StreamFrame.Reset(3, 0));
        b.pump();

        // STOP is written, but this side's half lives: otherwise OPEN and RESET in a loop would pile up halves here
        assertThat(b.sent).contains(new StreamFrame.Stop(3, 0));
        assertThat(b.table.peerOpens()).isEqualTo(1);

        b.last().epoch().sending().reset(ErrorCode.CANCELLED);
        b.pump();
        assertThat(b.table.peerOpens()).isEqualTo(1);

        b.table.onStop(new StreamFrame.Stop(3, 0));
        assertThat(b.table.peerOpens()).isZero();
    }

    @Test
    void unclaimedStreamsBeyondTheLimitAreRefused() {
        SidePair pair = SidePair.small();
        pair.b.policy = Side.Policy.LEAVE;
        for (int i = 0; i < 20; i++) {
            pair.a.open(new StreamId(i));
        }

        pair.settle();

        assertThat(pair.b.table.unclaimedStreams()).isEqualTo(16);
        assertThat(pair.b.waiting).hasSize(16);
        assertThat(pair.b.withdrawn).isEqualTo(4);
        assertThat(pair.a.probes.stream().filter(p -> p.stopped == ErrorCode.UNCLAIMED))
                .hasSize(4);
        pair.endAll();
    }

    @Test
    void answersOpenBeforeNewStreams() {
        Side a = new Side("A", new StreamSettings(1_024, 0, 1_024), 1 << 20);
        Side full = new Side("full", new StreamSettings(1_024, 64, 1_024), 1 << 20);
        full.hello(a); // a peer that allows no opens yet
        full.open(new StreamId(50));
        full.table.onOpen(new StreamFrame.Open(3, 1, 1, true, "", Headers.empty()));
        full.pump();
        assertThat(full.sent.stream().filter(f -> f instanceof StreamFrame.Open))
                .isEmpty();

        full.table.onWindow(new CreditFrame.Window(0, 3, 4));
        full.pump();

        assertThat(full.sent.stream().filter(f -> f instanceof StreamFrame.Open))
                .containsExactly(new StreamFrame.Open(3, 1, 1, true, -1, false, true, "", Headers.empty()));
    }
}
