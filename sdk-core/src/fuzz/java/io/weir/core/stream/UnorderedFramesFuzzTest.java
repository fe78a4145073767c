package io.weir.core.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.FrameScript;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.util.ArrayDeque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any frames of a peer at the streams of a session whose frames may be lost and come in any order: nothing is thrown, what they hold
 * stays within its bounds, and all of it is given back at the end. A script is that of {@link FrameScript}; its commands take or
 * refuse what was opened, write a packet, tell that the oldest was acknowledged or lost, take elements, and end streams.
 */
class UnorderedFramesFuzzTest {

    private static final int MOST_PACKETS = 64;

    static Stream<byte[]> seeds() {
        return Stream.of(
                opened(true)
                        .record(data(3, true, true, 0, -1, -1, 9))
                        .command(4, 0)
                        .bytes(),
                opened(true)
                        .record(data(3, false, true, 66, -1, -1, 30))
                        .record(data(3, true, false, 0, -1, 80, 50))
                        .command(4, 0)
                        .bytes(),
                opened(true)
                        .record(data(3, true, false, 10, -1, 80, 50), data(3, true, true, 10, -1, -1, 50))
                        .bytes(),
                opened(false)
                        .record(data(3, true, true, 100, 4, -1, 9), data(3, true, true, 0, 0, -1, 9))
                        .record(data(3, true, false, 150, 6, 40, 9), data(3, true, true, 200, 7, -1, 9))
                        .command(4, 0)
                        .bytes(),
                new FrameScript()
                        .record(data(3, true, true, 20, -1, -1, 5), new StreamFrame.Close(3, 41, 2, 0))
                        .record(new CreditFrame.Blocked(3, 256, 41), open(4, true))
                        .record(open(3, true), data(3, true, true, 0, -1, -1, 4))
                        .command(0, 0)
                        .command(0, 0)
                        .command(4, 0)
                        .command(1, 0)
                        .command(3, 0)
                        .command(1, 0)
                        .command(2, 0)
                        .bytes(),
                opened(true)
                        .record(new StreamFrame.Reset(3, 9), new StreamFrame.Stop(3, 9), open(3, true))
                        .command(6, 1)
                        .command(1, 0)
                        .bytes());
    }

    private static FrameScript opened(boolean reliable) {
        return new FrameScript().record(open(3, reliable)).command(0, 0).command(1, 0);
    }

    private static Frame open(long handle, boolean reliable) {
        return new StreamFrame.Open(handle, handle, 1, reliable, "n", Headers.empty());
    }

    private static Frame data(long handle, boolean first, boolean last, long at, long seq, long total, int length) {
        return new StreamFrame.Data(handle, first, last, at, seq, total, Bytes.copyOf(new byte[length]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void frames(byte[] script) {
        new Run().play(script);
    }

    private static final class Run extends StreamFuzzRun {

        private final ArrayDeque<PacketLedger> packets = new ArrayDeque<>();

        Run() {
            super(SETTINGS.withOrder(FrameOrder.NONE));
        }

        @Override
        protected @Nullable ErrorCode data(StreamFrame.Data d) {
            byte[] bytes = d.payload().toByteArray();
            return d.offset() < 0
                    ? ErrorCode.PROTOCOL_VIOLATION
                    : side.table.onUnorderedData(
                            d.handle(),
                            d.first(),
                            d.last(),
                            d.offset(),
                            d.seq(),
                            d.total(),
                            bytes,
                            0,
                            bytes.length,
                            bytes.length);
        }

        @Override
        protected void command(int what, int which) {
            side.takes = (which & 4) == 0;
            switch (what) {
                case 0 -> claim(which);
                case 1 -> write();
                case 2, 3 -> settle(what == 2);
                default -> onStream(what, which, probe(which));
            }
        }

        private void write() {
            if (packets.size() < MOST_PACKETS) {
                packets.add(side.pumpNoted());
            }
        }

        private void settle(boolean arrived) {
            PacketLedger oldest = packets.poll();
            if (oldest != null && arrived) {
                oldest.onAcked();
            } else if (oldest != null) {
                oldest.onLost();
            }
        }

        private void onStream(int what, int which, @Nullable Probe probe) {
            if (probe == null) {
                return;
            }
            StreamEpoch epoch = probe.epoch();
            probe.takes = side.takes;
            switch (what) {
                case 4 -> side.consume(probe);
                case 5 -> epoch.receiving().demand((which & 1) == 0);
                case 6 -> epoch.receiving().stop(ErrorCode.CANCELLED);
                default -> epoch.sending().close(ErrorCode.NONE);
            }
        }

        /** Every packet arrives at last. */
        @Override
        void sayAll() {
            while (!packets.isEmpty()) {
                settle(false);
            }
            for (int written = 0; side.table.hasControl(); written++) {
                side.expect(written < 1_000, "control frames never end");
                write();
                settle(true);
            }
        }
    }
}
