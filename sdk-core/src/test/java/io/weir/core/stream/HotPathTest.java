package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameReader.Kind;
import io.weir.core.wire.FrameWriter;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class HotPathTest {

    private static final StreamSettings SETTINGS = new StreamSettings(1 << 20, 16, 1 << 20);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Side a = new Side("A", SETTINGS, 1 << 30);
    private final Side b = new Side("B", SETTINGS, 1 << 30);
    private final FrameWriter out = a.writer;
    private final FrameReader in = new FrameReader();
    private final byte[] payload = new byte[64];
    private long taken;

    /** Takes every element and keeps nothing. */
    private final class Sink implements StreamListener {
        @Override
        public void onSendable() {}

        @Override
        public void onSendEnded(@Nullable ErrorCode stopped, long rawCode) {}

        @Override
        public boolean onElement(byte[] array, int offset, int length) {
            taken += length;
            return true;
        }

        @Override
        public void onReceiveEnded(@Nullable ErrorCode reset, long rawCode) {}

        @Override
        public void onEnded() {}
    }

    @Test
    void elementsPassBothHalvesWithoutAllocating() {
        SidePair pair = new SidePair(a, b);
        b.policy = Side.Policy.LEAVE;
        a.config = StreamConfig.reliable().withFixedWindow(1 << 20);
        SendHalf first = a.open(new StreamId(1)).epoch().sending();
        SendHalf second = a.open(new StreamId(2)).epoch().sending();
        pair.settle();
        while (!b.waiting.isEmpty()) {
            b.table.accept(b.waiting.remove(), a.config, new Sink());
        }
        pair.settle();

        int elements = record(first, second);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2_000; i++) {
            elements += record(first, second);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(taken).isEqualTo(64L * elements);
        assertThat(allocated / (double) elements)
                .as("bytes for each of %d elements, grants included", elements)
                .isLessThan(2);
    }

    /** One record of elements of two halves in turn, and the grants that answer it. */
    private int record(SendHalf first, SendHalf second) {
        out.reset();
        int written = 0;
        while (!out.isFull()) {
            SendHalf half = (written & 16) == 0 ? first : second;
            if (half.begin(out, payload.length) != Write.OK) {
                throw new AssertionError("no credit");
            }
            out.payload().put(payload);
            out.endData();
            written++;
        }
        in.reset(out.array(), 0, out.position());
        while (in.next() == Kind.DATA) {
            ErrorCode violation = b.table.onData(
                    in.handle(),
                    in.first(),
                    in.last(),
                    in.total(),
                    out.array(),
                    in.payloadOffset(),
                    in.payloadLength(),
                    out.position());
            if (violation != null) {
                throw new AssertionError(violation);
            }
        }
        if (b.table.hasControl()) {
            out.reset();
            b.table.writeControl(out);
            in.reset(out.array(), 0, out.position());
            while (in.next() == Kind.FRAME) {
                a.table.onWindow((CreditFrame.Window) in.frame());
            }
        }
        return written;
    }
}
