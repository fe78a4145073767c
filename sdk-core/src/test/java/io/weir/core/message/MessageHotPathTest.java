package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.error.CloseReason;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameReader.Kind;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class MessageHotPathTest {

    private static final int REQUESTS = 64;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();
    private final byte[] payload = new byte[64];
    private final MessageTable asking = new MessageTable(MessageSettings.defaults(), new Answering());
    private final MessageTable answering = new MessageTable(MessageSettings.defaults(), new Answering());
    private final Listener listener = new Listener();

    /** Answers with as many bytes, and keeps nothing. */
    private final class Answering implements MessageHost {
        @Override
        public void onMessagesPending() {}

        @Override
        public void onRequest(IncomingRequest request) {
            request.reply(payload);
        }

        @Override
        public void onOneWay(IncomingMessage message) {
            message.taken();
        }
    }

    private static final class Listener implements RequestListener {
        long bytes;

        @Override
        public void onReply(byte[] array, int offset, int length) {
            bytes += length;
        }

        @Override
        public void onMissing(CloseReason reason) {
            throw new AssertionError(reason);
        }
    }

    @Test
    void requestsAndRepliesAllocateNothingButTheObjectsThatStandForThem() {
        asking.onPeerHello(Hello.defaults());
        answering.onPeerHello(Hello.defaults());
        int rounds = 500;
        for (int i = 0; i < rounds; i++) {
            round();
        }
        listener.bytes = 0;

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            round();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(listener.bytes).isEqualTo(64L * REQUESTS * rounds);
        assertThat(allocated / (double) (REQUESTS * rounds))
                .as("bytes for each request and its reply, grants included")
                .isLessThan(objects() + 4);
    }

    /**
     * What the two objects of a request take in this JVM that stand for it, the caller's here, the handler's there, with its copy of
     * the payload.
     */
    private long objects() {
        AnswerBook book = answering.answerBook();
        return sizeOf(() -> new byte[payload.length])
                + sizeOf(() -> new OutgoingRequest("echo", Headers.empty(), payload, 0, payload.length, listener))
                + sizeOf(() -> new IncomingRequest(
                        book, 1, 0, IncomingRequest.NO_DEADLINE, "echo", Headers.empty(), payload, 0, payload.length));
    }

    private long sizeOf(Supplier<Object> made) {
        Object[] kept = new Object[1_000];
        Arrays.setAll(kept, i -> made.get());
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = made.get();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / kept.length;
    }

    private void round() {
        for (int i = 0; i < REQUESTS; i++) {
            asking.request(new OutgoingRequest("echo", Headers.empty(), payload, 0, payload.length, listener));
        }
        pass(asking, answering);
        pass(answering, asking);
    }

    private void pass(MessageTable from, MessageTable to) {
        out.reset();
        from.writeControl(out);
        from.write(out, FrameWriter.RECORD_TARGET);
        in.reset(out.array(), 0, out.position());
        for (Kind kind = in.next(); kind != Kind.END; kind = in.next()) {
            if (kind == Kind.MESSAGE) {
                to.onMessage(in.message());
            } else {
                to.onWindow((CreditFrame.Window) in.frame());
            }
        }
    }
}
