package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.wire.FrameReader.Kind;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class HotPathAllocationTest {

    private static final int RECORDS = 200;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();
    private final byte[] payload = new byte[64];

    @Test
    void elementsAreWrittenAndReadWithoutAllocating() {
        int elements = record();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RECORDS; i++) {
            elements += record();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(elements).isGreaterThan(RECORDS * 450);
        assertThat(allocated).as("bytes for %d elements", elements).isLessThan(elements / 10);
    }

    /** Writes one full record of whole elements and a fragment, and reads it; returns how many there were. */
    private int record() {
        out.reset();
        while (!out.isFull() && out.beginData(3, payload.length)) {
            out.payload().put(payload);
            out.endData();
        }
        out.beginFragment(4, true, false, 1_000, payload.length);
        out.payload().put(payload);
        out.endData();
        in.reset(out.array(), 0, out.position());
        int elements = 0;
        while (in.next() == Kind.DATA) {
            elements++;
        }
        return elements;
    }
}
