package io.weir.benchmarks.peer.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.ReplyRecorder;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.Requests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestingHandlerTest {
    private static final RequestWorkload WORKLOAD = new RequestWorkload("test", 3, 16);

    private final Gate gate = Gate.closed();
    private final ReplyRecorder recorder = new ReplyRecorder(WORKLOAD.payloadBytes());
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new RequestingHandler(WORKLOAD, new FrameBatch(true), new Recording()));

    @Test
    void asksNothingBeforeTheGateOpens() {
        assertThat(asked()).isEmpty();

        open();

        assertThat(asked()).containsExactly(0, 1, 2);
    }

    @Test
    void parksWhatIsAnsweredWhileTheGateIsClosed() {
        open();
        gate.close();
        asked();

        reply(0, 1, 2);
        assertThat(asked()).isEmpty();

        open();
        assertThat(asked()).containsExactly(0, 1, 2);
    }

    @Test
    void keepsTheOrderOfRequestsWhereAReplyComesAsTheGateOpens() {
        open();
        gate.close();
        asked();
        reply(0, 1);

        // when the gate is open, and the event loop has not yet heard of it
        gate.open();
        reply(2);
        channel.runPendingTasks();

        assertThat(asked()).containsExactly(0, 1, 2);
        reply(0, 1, 2);
        assertThat(recorder.counter().elements()).isEqualTo(6);
        assertThat(recorder.counter().corrupt()).isZero();
    }

    private void open() {
        gate.open();
        channel.runPendingTasks();
    }

    private void reply(int... slots) {
        for (int slot : slots) {
            channel.writeInbound(channel.alloc().buffer().writeBytes(Requests.payload(slot, WORKLOAD.payloadBytes())));
        }
    }

    /** The slots of the requests written since the last call. */
    private List<Integer> asked() {
        List<Integer> slots = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                ByteBuf frame = out.readSlice(out.readInt());
                slots.add(frame.getInt(Requests.SLOT_OFFSET));
            }
            out.release();
        }
        return slots;
    }

    private final class Recording implements Replies {
        @Override
        public ReplyRecorder recorder() {
            return recorder;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public void failed(Throwable reason) {
            throw new IllegalStateException(reason);
        }
    }
}
