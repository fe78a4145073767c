package io.weir.core.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.FrameScript;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any frames of a peer at the streams of a session whose frames come in order; after every step the accounts must add up. */
class StreamTableFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                transfer().bytes(),
                transfer()
                        .record(new StreamFrame.Close(3, 52, 2, 0))
                        .command(4, 0)
                        .bytes(),
                transfer()
                        .record(new StreamFrame.Close(3, 52, 2, 0x21))
                        .command(4, 0)
                        .bytes(),
                transfer()
                        .record(new StreamFrame.Close(
                                3, 52 + 19, 2, 0x1_0001, new ErrorDetail(true, "no", Bytes.copyOf(new byte[1]))))
                        .command(4, 0)
                        .command(6, 3)
                        .bytes(),
                transfer()
                        .record(new StreamFrame.Reset(3, 9), new StreamFrame.Stop(4, 9))
                        .bytes(),
                new FrameScript()
                        .command(0, 1)
                        .command(1, 0)
                        .command(5, 9)
                        .record(new CreditFrame.Window(3, 0, 400), new CreditFrame.Window(0, 3, 12))
                        .command(6, 0)
                        .command(1, 0)
                        .bytes(),
                new FrameScript()
                        .record(new StreamFrame.Open(3, 5, 1, true, 100, true, false, "n", Headers.empty()))
                        .command(5, 9)
                        .command(0, 1)
                        .command(1, 0)
                        .record(new StreamFrame.Open(4, 1, 1, true, -1, false, true, "", Headers.empty()))
                        .element(4, 10)
                        .bytes(),
                new FrameScript()
                        .command(1, 2)
                        .record(open(3, 5, 1), open(4, 6, 1), open(5, 7, 1))
                        .command(2, 2)
                        .command(2, 5)
                        .record(open(6, 5, 2))
                        .bytes(),
                new FrameScript()
                        .record(open(3, 5, 1))
                        .command(3, 0)
                        .record(data(3, true, false, 1_000, 50))
                        .record(new CreditFrame.Blocked(3, 256, 66))
                        .command(3, 0)
                        .record(data(3, false, true, -1, 60))
                        .bytes(),
                new FrameScript()
                        .command(0, 1)
                        .command(0, 2)
                        .command(1, 0)
                        .record(open(3, 1, 1), new SessionFrame.Goaway(3, 0, 0, 0))
                        .command(7, 2)
                        .command(1, 0)
                        .bytes());
    }

    private static FrameScript transfer() {
        return new FrameScript()
                .record(open(3, 5, 1))
                .element(3, 10)
                .element(3, 10)
                .command(4, 0)
                .command(5, 3)
                .command(1, 0);
    }

    private static Frame open(long handle, long id, long epoch) {
        return new StreamFrame.Open(handle, id, epoch, true, "n", Headers.empty());
    }

    private static Frame data(long handle, boolean first, boolean last, long total, int length) {
        return new StreamFrame.Data(handle, first, last, -1, -1, total, Bytes.copyOf(new byte[length]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void streams(byte[] script) {
        new Run().play(script);
    }

    private static final class Run extends StreamFuzzRun {

        Run() {
            super(SETTINGS);
            side.reservesAtOnce = false;
        }

        @Override
        protected @Nullable ErrorCode data(StreamFrame.Data data) {
            return side.receive(data);
        }

        @Override
        @Nullable
        ErrorCode open(StreamFrame.Open open) {
            long next = Frame.FIRST_HANDLE + side.opened;
            ErrorCode violation = super.open(open);
            side.opened += violation == null && open.handle() == next ? 1 : 0;
            return violation;
        }

        @Override
        protected void command(int what, int which) {
            side.policy = Side.Policy.values()[which % 3];
            side.takes = (which & 4) == 0;
            Probe probe = probe(which);
            if (what == 0) {
                StreamId id = new StreamId(which);
                if (side.table.live(id) == null && side.table.canOpen()) {
                    side.open(id);
                }
            } else if (what == 1) {
                side.pump();
            } else if (what == 2) {
                claim(which);
            } else if (what == 3 && !side.payloadsWaiting.isEmpty()) {
                side.payloadsWaiting.remove().run();
            } else if (probe != null) {
                onStream(what, which, probe);
            }
        }

        private void onStream(int what, int which, Probe probe) {
            StreamEpoch epoch = probe.epoch();
            probe.takes = side.takes;
            switch (what) {
                case 3 -> epoch.receiving().demand((which & 1) == 0);
                case 4 -> side.consume(probe);
                case 5 -> side.send(probe, new byte[which * 9]);
                case 6 -> close(which, epoch);
                default -> end(which, epoch);
            }
        }

        private static void close(int which, StreamEpoch epoch) {
            switch (which & 3) {
                case 0, 2 -> epoch.sending().close(ErrorCode.NONE);
                case 1 -> epoch.sending().close(ErrorCode.APPLICATION_ERROR);
                default -> epoch.sending().close(new ApplicationException(which, "", new byte[which * 20]));
            }
        }

        private static void end(int which, StreamEpoch epoch) {
            switch (which & 3) {
                case 0 -> epoch.sending().reset(ErrorCode.APPLICATION_ERROR);
                case 1 -> epoch.receiving().stop(ErrorCode.CANCELLED);
                default -> epoch.evict(ErrorCode.IDLE_TIMEOUT);
            }
        }

        @Override
        protected void check(@Nullable ErrorCode violation) {
            super.check(violation);
            if (violation == null) {
                side.checkAccounts();
            }
            side.expect(side.table.remembered() <= 2 * MAX_STREAMS + 4, "remembered: " + side.table.remembered());
            for (Probe probe : side.probes) {
                SendHalf half = probe.epoch().sending();
                side.expect(half.credit().sent() <= half.credit().limit(), "credit exceeded");
            }
        }

        /** In a bounded number of records. */
        @Override
        void sayAll() {
            for (int records = 0; side.table.hasControl(); records++) {
                side.expect(records < 1_000, "control frames never end");
                side.pump();
            }
        }
    }
}
