package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.schedule.DeficitRoundRobin.Turn;
import io.weir.core.wire.FrameWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session's messages and the elements of its streams share records and packets. */
class LaneMergeTest {

    /** Of a message or an element. */
    private static final int BYTES = 1_000;

    private final LaneMerge merge = new LaneMerge(1_024);
    private final Messages messages = new Messages();
    private final Bulk bulk = new Bulk();

    /** A packet of 1,171 bytes has room for one message, and for next to nothing beside it. */
    @ParameterizedTest
    @ValueSource(ints = {1_171, 1_443, 8_192, 32_768})
    void messagesAndElementsEachHaveHalfWhateverFits(int recordBytes) {
        merge.start(messages);
        merge.join(bulk);
        for (int i = 0; i < 1_000; i++) {
            fill(recordBytes);
        }
        assertThat((double) messages.bytes / (messages.bytes + bulk.bytes)).isBetween(0.45, 0.55);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_171, 32_768})
    void whereNoElementWaitsMessagesHaveAll(int recordBytes) {
        merge.start(messages);
        fill(recordBytes);
        assertThat(messages.bytes).isEqualTo(recordBytes / BYTES * BYTES);
    }

    /** What they were ahead while they were alone is no debt. */
    @ParameterizedTest
    @ValueSource(ints = {1_171, 32_768})
    void messagesOweNothingForRecordsThatNobodyElseWanted(int recordBytes) {
        merge.start(messages);
        for (int i = 0; i < 1_000; i++) {
            fill(recordBytes);
        }
        long before = messages.bytes;
        merge.join(bulk);
        for (int i = 0; i < 10; i++) {
            fill(recordBytes);
        }
        assertThat((double) (messages.bytes - before) / (messages.bytes - before + bulk.bytes))
                .isBetween(0.4, 0.6);
    }

    private void fill(int bytes) {
        FrameWriter record = new FrameWriter(bytes, bytes);
        merge.fill(record);
    }

    /** Messages without end, each of which goes whole or not at all. */
    private static final class Messages extends SilentSession {
        private long bytes;

        @Override
        public void messages(FrameWriter out, int upToPosition) {
            while (out.position() < upToPosition && out.remaining() >= BYTES) {
                out.padTo(out.position() + BYTES);
                bytes += BYTES;
            }
        }
    }

    /** Elements without end, of which a part may go. */
    private static final class Bulk extends HalfLane {
        private long bytes;
        private boolean full;

        @Override
        protected int weight() {
            return 1;
        }

        @Override
        protected long serve(FrameWriter sink, long allowance) {
            int part = Math.min(BYTES, sink.remaining());
            sink.padTo(sink.position() + part);
            bytes += part;
            full = sink.remaining() == 0;
            return part;
        }

        @Override
        protected Turn turn() {
            return full ? Turn.SINK_FULL : Turn.SPENT;
        }
    }
}
