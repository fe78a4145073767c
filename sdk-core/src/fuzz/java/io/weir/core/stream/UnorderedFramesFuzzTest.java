package io.weir.core.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.FrameScript;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any frames of a peer at the streams of a session whose frames may be lost and come in any order: nothing is thrown, what they hold
 * stays within its bounds, and all of it is given back at the end. A script is that of {@link FrameScript}; its commands take or
 * refuse what was opened, write a packet, tell that the oldest was acknowledged or lost, take elements, and end streams.
 */
class UnorderedFramesFuzzTest {

    private static final int MAX_STREAMS = 8;
    private static final int MOST_PACKETS = 64;

    private static final StreamSettings SETTINGS =
            new StreamSettings(256, MAX_STREAMS, 4_096, 2, 4).withOrder(FrameOrder.NONE);

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
        new Run().play(ByteBuffer.wrap(script));
    }

    private static final class Run {

        private final Side side = new Side("A", SETTINGS, 1 << 16, SidePair.record(512));
        private final FrameReader reader = new FrameReader();
        private final ArrayDeque<PacketLedger> packets = new ArrayDeque<>();

        Run() {
            side.table.ownHello(Hello.defaults());
            side.table.onPeerHello(Hello.defaults().withInitialWindow(256).withFeatures(Hello.APPLICATION_ERRORS));
        }

        void play(ByteBuffer script) {
            @Nullable ErrorCode violation = null;
            while (script.hasRemaining() && violation == null) {
                int op = script.get() & 0xFF;
                if (op < 0x80) {
                    violation = receive(script, op);
                } else {
                    command(op & 7, op >>> 3 & 0xF);
                }
                side.sent.clear();
                checkBounds();
            }
            close();
        }

        private @Nullable ErrorCode receive(ByteBuffer script, int length) {
            byte[] record = new byte[Math.min(length, script.remaining())];
            script.get(record);
            reader.reset(record, 0, record.length);
            while (true) {
                ErrorCode violation = switch (reader.next()) {
                    case DATA -> receive(reader.data());
                    case FRAME -> receive(reader.frame());
                    case MESSAGE -> null;
                    case MALFORMED -> reader.error();
                    case END -> ErrorCode.NONE;
                };
                if (violation != null) {
                    return violation == ErrorCode.NONE ? null : violation;
                }
            }
        }

        private @Nullable ErrorCode receive(StreamFrame.Data d) {
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

        private @Nullable ErrorCode receive(Frame frame) {
            boolean concernsStreams = switch (frame.type()) {
                case WINDOW -> ofStreams(((CreditFrame.Window) frame).handle());
                case BLOCKED -> ofStreams(((CreditFrame.Blocked) frame).handle());
                case OPEN, CLOSE, RESET, STOP, GOAWAY -> true;
                default -> false;
            };
            return concernsStreams ? side.receive(frame) : null;
        }

        private static boolean ofStreams(long handle) {
            return handle == 0 || handle >= Frame.FIRST_HANDLE;
        }

        private void command(int what, int which) {
            side.now += 1_000_000;
            side.takes = (which & 4) == 0;
            switch (what) {
                case 0 -> claim(which);
                case 1 -> write();
                case 2, 3 -> settle(what == 2);
                default -> {
                    if (!side.probes.isEmpty()) {
                        onStream(what, which, side.probes.get(which % side.probes.size()));
                    }
                }
            }
        }

        private void claim(int which) {
            if (!side.waiting.isEmpty()) {
                StreamEpoch epoch = side.waiting.remove();
                if ((which & 1) == 0) {
                    side.accept(epoch);
                } else {
                    side.table.refuse(epoch, ErrorCode.REFUSED);
                }
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

        private void onStream(int what, int which, Probe probe) {
            StreamEpoch epoch = probe.epoch();
            probe.takes = side.takes;
            switch (what) {
                case 4 -> side.consume(probe);
                case 5 -> epoch.receiving().demand((which & 1) == 0);
                case 6 -> epoch.receiving().stop(ErrorCode.CANCELLED);
                default -> epoch.sending().close(ErrorCode.NONE);
            }
        }

        private void checkBounds() {
            side.expect(side.budget.reserved() <= side.budget.maxBytes(), "budget exceeded");
            side.expect(side.table.peerOpens() <= MAX_STREAMS, "streams of the peer: " + side.table.peerOpens());
            side.expect(side.table.unclaimedStreams() <= 2, "unclaimed: " + side.table.unclaimedStreams());
            side.expect(side.table.liveStreams() <= MAX_STREAMS + 4, "live: " + side.table.liveStreams());
        }

        /** Every stream is given up, and every packet arrives at last; then the session gives all memory back. */
        private void close() {
            for (Probe probe : List.copyOf(side.probes)) {
                probe.epoch().evict(ErrorCode.STREAM_CLOSED);
            }
            while (!packets.isEmpty()) {
                settle(false);
            }
            for (int written = 0; side.table.hasControl(); written++) {
                side.expect(written < 1_000, "control frames never end");
                write();
                settle(true);
            }
            side.table.onSessionClosed();
            side.waiting.forEach(unclaimed -> unclaimed.receiving().stop(ErrorCode.CANCELLED));
            for (Probe probe : side.probes) {
                while (side.consume(probe)) {
                    // what was queued keeps its memory until it is taken
                }
            }
            side.expect(side.budget.reserved() == 0, "not given back: " + side.budget.reserved());
            side.expect(side.payloadBytes == 0, "payload memory not given back: " + side.payloadBytes);
        }
    }
}
