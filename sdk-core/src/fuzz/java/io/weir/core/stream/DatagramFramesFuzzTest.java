package io.weir.core.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.FrameScript;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.StreamFrame.Datagrams;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any frames of a peer at the streams of a session that has datagrams beside its lanes: nothing is thrown, what they hold stays
 * within its bounds, and all of it is given back at the end. DATA with an offset came by a datagram, a DATAGRAMS with an odd limit in
 * the half's lane. A script is that of {@link FrameScript}; its commands take or refuse what was opened, write what is due, take
 * elements, and end streams.
 */
class DatagramFramesFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                opened().record(element(0, 9), element(25, 4), element(60, 3))
                        .command(4, 0)
                        .bytes(),
                opened().record(element(25, 4), element(0, 9), new CreditFrame.Blocked(3, 256, 200))
                        .bytes(),
                opened().record(element(0, 9), new Datagrams(3, 51), data(7), new StreamFrame.Close(3, 74, 3, 0))
                        .command(4, 0)
                        .bytes(),
                opened().record(new Datagrams(3, 60), new StreamFrame.Close(3, 74, 3, 0), element(0, 9))
                        .bytes(),
                new FrameScript()
                        .record(element(20, 5), new Datagrams(3, 41), data(4))
                        .record(open())
                        .command(0, 0)
                        .command(4, 0)
                        .command(6, 0)
                        .record(element(0, 1))
                        .bytes(),
                opened().record(element(250, 9), new StreamFrame.Reset(3, 9), element(0, 9))
                        .bytes());
    }

    private static FrameScript opened() {
        return new FrameScript()
                .record(open(), new Datagrams(3, Datagrams.OPEN_END - 1))
                .command(0, 0);
    }

    private static Frame open() {
        return new StreamFrame.Open(3, 3, 1, false, "n", Headers.empty());
    }

    private static Frame element(long at, int length) {
        return new StreamFrame.Data(3, true, true, at, -1, -1, Bytes.copyOf(new byte[length]));
    }

    private static Frame data(int length) {
        return new StreamFrame.Data(3, true, true, -1, -1, -1, Bytes.copyOf(new byte[length]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void frames(byte[] script) {
        new Run().play(script);
    }

    private static final class Run extends StreamFuzzRun {

        Run() {
            super(SETTINGS.withOrder(FrameOrder.PER_HALF_DATAGRAMS));
        }

        @Override
        protected @Nullable ErrorCode data(StreamFrame.Data d) {
            byte[] bytes = d.payload().toByteArray();
            if (d.offset() < 0) {
                return side.table.onData(
                        d.handle(), d.first(), d.last(), d.total(), bytes, 0, bytes.length, bytes.length);
            }
            return d.first() && d.last()
                    ? side.table.onDatagram(d.handle(), d.offset(), bytes, 0, bytes.length, bytes.length)
                    : ErrorCode.PROTOCOL_VIOLATION;
        }

        @Override
        @Nullable
        ErrorCode datagrams(Datagrams f) {
            return side.table.onDatagrams(f, (f.limit() & 1) != 0);
        }

        @Override
        protected void command(int what, int which) {
            side.takes = (which & 4) == 0;
            Probe probe = probe(which);
            switch (what) {
                case 0 -> claim(which);
                case 1 -> side.pump();
                default -> onStream(what, which, probe);
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

        @Override
        void sayAll() {
            for (int written = 0; side.table.hasControl(); written++) {
                side.expect(written < 1_000, "control frames never end");
                side.pump();
            }
        }
    }
}
