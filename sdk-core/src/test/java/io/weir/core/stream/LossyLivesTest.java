package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams whose control frames are lost, repeated and reordered: both tables agree on every life of every stream. */
class LossyLivesTest {

    private static final StreamId ID = new StreamId(7);
    private static final long CANCELLED = ErrorCode.CANCELLED.number();

    private final Side b = side("B");

    LossyLivesTest() {
        b.hello(side("A"));
        b.table.openLimit();
    }

    private static Side side(String name) {
        StreamSettings settings = new StreamSettings(64, 12, 65_536, 3, 64).withOrder(FrameOrder.NONE);
        Side side = new Side(name, settings, 1 << 20, SidePair.record(512));
        side.config = StreamConfig.reliable().withFixedWindow(64);
        return side;
    }

    // ---- each by itself

    @Test
    void handlesComeInAnyOrderBelowTheLimit() {
        assertThat(opens(4, new StreamId(1), 1)).isNull();
        assertThat(opens(3, new StreamId(2), 1)).isNull();
        assertThat(opens(b.table.openLimit(), new StreamId(3), 1)).isEqualTo(ErrorCode.STREAM_LIMIT);
        assertThat(b.probes).hasSize(2);
    }

    @Test
    void anOpenIsARepeatByItsHandleWhateverItsEpoch() {
        opens(3, ID, 1);

        assertThat(opens(3, ID, 1)).isNull();
        assertThat(opens(3, new StreamId(9), 5)).isNull();

        assertThat(b.probes).hasSize(1);
        assertThat(b.table.liveStreams()).isEqualTo(1);
    }

    @Test
    void aRepeatedOpenOfAStreamThatIsOverBeginsNothing() {
        opens(3, ID, 1);
        end(3);
        assertThat(b.table.remembered()).isZero();

        assertThat(opens(3, ID, 1)).isNull();

        assertThat(b.table.remembered()).isZero();
        assertThat(b.probes).hasSize(1);
    }

    @Test
    void aNewHandleForAnIdThatIsConfirmedHereBeginsANewLifeWhateverItsNumber() {
        opens(3, ID, 5);
        Probe first = b.last();
        first.epoch().evict(ErrorCode.CANCELLED);
        PacketLedger lost = b.pumpNoted();
        b.table.onReset(new StreamFrame.Reset(3, CANCELLED));
        b.table.onStop(new StreamFrame.Stop(3, CANCELLED));
        assertThat(first.epoch().isConfirmed()).isTrue();
        assertThat(b.table.remembered()).as("the peer lacks frames").isPositive();

        assertThat(opens(4, ID, 1)).isNull();

        assertThat(b.probes).hasSize(2);
        assertThat(b.last().epoch().epoch()).isEqualTo(1);
        assertThat(b.table.live(ID)).isSameAs(b.last().epoch());
        lost.onAcked();
        assertThat(b.table.live(ID)).isSameAs(b.last().epoch());
    }

    @Test
    void anOpenOfAnEarlierLifeIsStaleWhileALaterOneLives() {
        opens(4, ID, 2);

        opens(3, ID, 1);
        b.pump();

        assertThat(b.sent).contains(new StreamFrame.Stop(3, true, ErrorCode.STALE_EPOCH.number()));
        assertThat(b.table.live(ID)).isSameAs(b.last().epoch());
    }

    @Test
    void whatComesBeforeItsOpenWaitsForIt() {
        assertThat(b.table.onBlocked(new CreditFrame.Blocked(3, 64, 0))).isNull();
        assertThat(b.table.onClose(new StreamFrame.Close(3, 0, 0, ErrorCode.LINK_LOST.number())))
                .isNull();
        assertThat(b.table.onReset(new StreamFrame.Reset(4, CANCELLED))).isNull();
        assertThat(b.table.remembered()).isEqualTo(2);

        opens(3, ID, 1);
        opens(4, new StreamId(8), 1);

        assertThat(b.probes.get(0).told).containsExactly("receiveEnded LINK_LOST");
        assertThat(b.probes.get(1).told).containsExactly("receiveEnded CANCELLED");
        assertThat(b.table.onReset(new StreamFrame.Reset(b.table.openLimit(), 0)))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void endsThatComeAgainOrInAnotherOrderChangeNothing() {
        opens(3, ID, 1);
        Probe probe = b.last();
        b.table.onReset(new StreamFrame.Reset(3, CANCELLED));

        assertThat(b.table.onClose(new StreamFrame.Close(3, 0, 0, 0))).isNull();
        assertThat(b.table.onReset(new StreamFrame.Reset(3, 0))).isNull();

        assertThat(probe.told).containsExactly("receiveEnded CANCELLED");
    }

    @Test
    void theLimitStaysNearTheLowestHandleThatWasNotOpened() {
        HandleSet used = new HandleSet();
        for (long handle = 4; handle < used.end(); handle++) {
            assertThat(used.contains(handle)).isFalse();
            used.add(handle);
        }
        assertThat(used.end()).isEqualTo(3 + HandleSet.SPAN);
        assertThat(used.contains(3)).isFalse();

        used.add(3);

        assertThat(used.end()).isEqualTo(3 + 2L * HandleSet.SPAN);
        assertThat(used.contains(3)).isTrue();
        assertThat(used.contains(3 + HandleSet.SPAN)).isFalse();
        assertThat(used.highest()).isEqualTo(2 + HandleSet.SPAN);
    }

    @Test
    void whoGoesAwayTakesWhatItHasNamedThoughItComesLater() {
        opens(4, new StreamId(1), 1);
        b.pump();
        assertThat(b.table.goAway()).isEqualTo(4);

        opens(3, new StreamId(2), 1);
        opens(5, new StreamId(3), 1);
        b.pump();

        assertThat(b.probes).hasSize(2);
        assertThat(b.sent).contains(new StreamFrame.Stop(5, true, ErrorCode.GOING_AWAY.number()));
    }

    private @Nullable ErrorCode opens(long handle, StreamId id, long epoch) {
        return b.table.onOpen(new StreamFrame.Open(handle, id.value(), epoch, true, "n", Headers.empty()));
    }

    private void end(long handle) {
        b.last().epoch().evict(ErrorCode.CANCELLED);
        b.pumpNoted().onAcked();
        b.table.onReset(new StreamFrame.Reset(handle, CANCELLED));
        b.table.onStop(new StreamFrame.Stop(3, CANCELLED));
        b.pumpNoted().onAcked();
    }

    // ---- all together

    @Test
    @Tag("long")
    void overALinkThatLosesRepeatsAndReordersBothTablesAgree() {
        for (long seed = 0; seed < 3_000; seed++) {
            Run run = new Run(new Random(seed));
            try {
                run.commands(20 + (int) (seed % 200));
                run.settle();
                run.pair.checkAgreement();
                run.endAll();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + run.trace, e);
            }
        }
    }

    private static final class Run {

        private record Packet(Side to, List<Frame> frames, PacketLedger ledger) {}

        final SidePair pair = new SidePair(side("A"), side("B"));
        final List<Object> trace = new ArrayList<>();
        private final Random random;
        private final int ids;
        private final List<Packet> flying = new ArrayList<>();
        private final Set<String> opened = new HashSet<>();

        Run(Random random) {
            this.random = random;
            this.ids = 1 + random.nextInt(3);
        }

        void commands(int steps) {
            for (int i = 0; i < steps; i++) {
                Side side = random.nextBoolean() ? pair.a : pair.b;
                switch (random.nextInt(9)) {
                    case 0, 1 -> write(side);
                    case 2, 3, 4 -> deliver();
                    case 5 -> open(side);
                    case 6 -> side.policy = Side.Policy.values()[random.nextInt(3)];
                    default -> end(side);
                }
                pair.checkAgreementOfAccounts();
            }
        }

        void settle() {
            for (int i = 0; ; i++) {
                assertThat(i).as("it never ends").isLessThan(50_000);
                write(pair.a);
                write(pair.b);
                if (flying.isEmpty() && !pair.a.table.hasControl() && !pair.b.table.hasControl()) {
                    return;
                }
                deliver();
            }
        }

        void endAll() {
            for (Side side : List.of(pair.a, pair.b)) {
                side.policy = Side.Policy.REFUSE;
                for (Probe probe : List.copyOf(side.probes)) {
                    probe.epoch().evict(ErrorCode.CANCELLED);
                }
                while (!side.waiting.isEmpty()) {
                    side.table.refuse(side.waiting.remove(), ErrorCode.REFUSED);
                }
            }
            settle();
            pair.checkClean();
        }

        private void open(Side side) {
            StreamId id = new StreamId(random.nextInt(ids));
            if (side.table.live(id) == null && side.table.canOpen()) {
                trace.add(side.name + " opens " + id);
                side.open(id);
            }
        }

        private void end(Side side) {
            if (!side.waiting.isEmpty() && random.nextBoolean()) {
                StreamEpoch epoch = side.waiting.remove();
                trace.add(side.name + " claims " + epoch);
                if (random.nextBoolean()) {
                    side.accept(epoch);
                } else {
                    side.table.refuse(epoch, ErrorCode.REFUSED);
                }
            } else if (!side.probes.isEmpty()) {
                StreamEpoch epoch = side.probes
                        .get(Math.max(0, side.probes.size() - 1 - random.nextInt(3)))
                        .epoch();
                int how = random.nextInt(4);
                trace.add(side.name + " ends " + how + " of " + epoch);
                switch (how) {
                    case 0 -> epoch.sending().close();
                    case 1 -> epoch.sending().reset(ErrorCode.APPLICATION_ERROR);
                    case 2 -> epoch.receiving().stop(ErrorCode.CANCELLED);
                    default -> epoch.evict(ErrorCode.IDLE_TIMEOUT);
                }
            }
        }

        private void write(Side side) {
            PacketLedger ledger = side.pumpNoted();
            if (!side.sent.isEmpty()) {
                flying.add(new Packet(pair.other(side), List.copyOf(side.sent), ledger));
                side.sent.clear();
            }
        }

        private void deliver() {
            if (flying.isEmpty()) {
                return;
            }
            int at = random.nextInt(Math.min(flying.size(), 5));
            Packet packet = flying.get(at);
            int fate = random.nextInt(10);
            if (fate < 2) {
                trace.add("lost for " + packet.to.name + packet.frames);
                flying.remove(at);
                packet.ledger.onLost();
                return;
            }
            if (fate == 2) {
                packet.ledger.onLost(); // not true: it comes later
                return;
            }
            if (fate > 3) {
                flying.remove(at); // else it comes again
            }
            trace.add(packet.to.name);
            trace.add(packet.frames);
            for (Frame frame : packet.frames) {
                if (frame instanceof StreamFrame.Open open && opened.add(packet.to.name + open.handle())) {
                    packet.to.opened++;
                }
                ErrorCode violation = packet.to.receive(frame);
                packet.to.expect(violation == null, "session ends with " + violation + " at " + frame);
            }
            if (random.nextInt(4) > 0 || fate > 3) {
                packet.ledger.onAcked();
            }
        }
    }
}
