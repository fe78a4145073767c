package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of a session as far as messages go: a table, what it was told, and the records that it has written. */
class MessageSide implements MessageHost {

    final MessageTable table;
    final List<IncomingRequest> asked = new ArrayList<>();
    final List<byte[]> askedBodies = new ArrayList<>();
    final List<IncomingMessage> oneWays = new ArrayList<>();
    final List<byte[]> oneWayBodies = new ArrayList<>();
    final Deque<byte[]> records = new ArrayDeque<>();
    final FrameWriter out;
    int wakes;
    int shortages;
    private final FrameReader in = new FrameReader();
    private final int mostInFlight;

    /** One that admits 16 requests at once. */
    MessageSide(MessageSettings settings) {
        this(settings, 16);
    }

    /** One that admits so many requests at once, and answers further ones BUSY. */
    MessageSide(MessageSettings settings, int mostInFlight) {
        this.table = new MessageTable(settings, this);
        this.out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        this.mostInFlight = mostInFlight;
    }

    MessageSide(MessageSettings settings, FrameWriter out) {
        this.table = new MessageTable(settings, this);
        this.out = out;
        this.mostInFlight = 16;
    }

    /** One whose windows grow within this budget. */
    MessageSide(MessageSettings settings, MemoryBudget budget) {
        this.table = new MessageTable(settings, budget, this);
        this.out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        this.mostInFlight = 16;
    }

    static MessageSettings settings(long window) {
        return new MessageSettings(window, window, 64, 1 << 20, 64);
    }

    /** Two sides that have heard each other's HELLO. */
    static void introduce(MessageSide a, MessageSide b) {
        Hello base = Hello.defaults().withFeatures(Hello.APPLICATION_ERRORS | Hello.DEADLINES);
        a.table.onPeerHello(b.table.ownHello(base));
        b.table.onPeerHello(a.table.ownHello(base));
    }

    // ---- commands

    Asking ask(String name, byte[] body) {
        Asking asking = new Asking(name, body);
        asking.refusal = table.request(asking.request);
        return asking;
    }

    Sending send(String name, byte[] body) {
        Sending sending = new Sending(name, body);
        sending.refusal = table.send(sending.message);
        return sending;
    }

    // ---- records

    /** Writes one record, if there is anything to write; false if not. */
    boolean writeRecord(int upTo) {
        out.reset();
        table.writeControl(out);
        table.write(out, upTo);
        if (out.isEmpty()) {
            return false;
        }
        records.add(Arrays.copyOf(out.array(), out.position()));
        return true;
    }

    /** Writes all there is, in records of any number. */
    void writeAll() {
        while (writeRecord(FrameWriter.RECORD_TARGET)) {
            // until nothing is left
        }
    }

    /** Takes the peer's oldest record; what other than null ends the session. */
    @Nullable
    ErrorCode receiveFrom(MessageSide peer) {
        return receive(peer.records.remove());
    }

    @Nullable
    ErrorCode receive(byte[] record) {
        in.reset(record, 0, record.length);
        while (true) {
            ErrorCode error = switch (in.next()) {
                case MESSAGE -> table.onMessage(in.message());
                case FRAME -> onFrame(in.frame());
                case MALFORMED -> in.error();
                case DATA -> throw new AssertionError("a message table wrote DATA");
                case END -> ErrorCode.NONE;
            };
            if (error != null) {
                return error == ErrorCode.NONE ? null : error;
            }
        }
    }

    /** Takes one frame, as a record of its own. */
    @Nullable
    ErrorCode receive(Frame frame) {
        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        if (!writer.write(frame)) {
            throw new AssertionError(frame + " does not fit");
        }
        return receive(Arrays.copyOf(writer.array(), writer.position()));
    }

    private @Nullable ErrorCode onFrame(Frame frame) {
        return frame instanceof CreditFrame.Window window
                ? table.onWindow(window)
                : table.onBlocked((CreditFrame.Blocked) frame);
    }

    /** The frames of the records not yet taken, which stay. */
    List<Frame> written() {
        List<Frame> frames = new ArrayList<>();
        FrameReader reader = new FrameReader();
        for (byte[] record : records) {
            reader.reset(record, 0, record.length);
            for (FrameReader.Kind kind = reader.next(); kind != FrameReader.Kind.END; kind = reader.next()) {
                frames.add(kind == FrameReader.Kind.MESSAGE ? reader.message().frame() : reader.frame());
            }
        }
        return frames;
    }

    // ---- host

    @Override
    public void onMessagesPending() {
        wakes++;
    }

    @Override
    public void onMemoryShort() {
        shortages++;
    }

    @Override
    public @Nullable ErrorCode admitRequest(String route) {
        return table.inFlight() < mostInFlight ? null : ErrorCode.BUSY;
    }

    @Override
    public void onRequest(IncomingRequest request) {
        asked.add(request);
        askedBodies.add(Arrays.copyOfRange(request.array(), request.offset(), request.offset() + request.length()));
    }

    @Override
    public void onOneWay(IncomingMessage message) {
        oneWays.add(message);
        oneWayBodies.add(Arrays.copyOfRange(message.array(), message.offset(), message.offset() + message.length()));
    }

    // ---- frames of a peer

    static MessageFrame whole(MessageType type, long id, String name, byte[] body) {
        return new MessageFrame(type, 1, 0, id, name, Headers.empty(), Bytes.copyOf(body));
    }

    static MessageFrame fragment(MessageType type, int packets, int packet, long id, byte[] body) {
        return new MessageFrame(type, packets, packet, id, "", Headers.empty(), Bytes.copyOf(body));
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + length);
        }
        return bytes;
    }

    /** Runs both sides until neither has anything to say. */
    static void settle(MessageSide a, MessageSide b) {
        boolean moved = true;
        while (moved) {
            a.writeAll();
            b.writeAll();
            moved = !a.records.isEmpty() || !b.records.isEmpty();
            deliver(a, b);
            deliver(b, a);
        }
    }

    static void deliver(MessageSide from, MessageSide to) {
        while (!from.records.isEmpty()) {
            ErrorCode error = to.receiveFrom(from);
            if (error != null) {
                throw new AssertionError("the session ended with " + error);
            }
        }
    }

    /** Both tables are as at the beginning, and agree about the credit that was used. */
    static void assertNothingIsLeft(MessageSide a, MessageSide b) {
        for (MessageSide side : List.of(a, b)) {
            assertThat(side.table.isIdle()).as(side.table::toString).isTrue();
            assertThat(side.table.outstanding()).isZero();
            assertThat(side.table.inFlight()).isZero();
            assertThat(side.table.queuedBytes()).isZero();
            assertThat(side.table.duplicates()).isZero();
        }
        assertAccount(a, b);
        assertAccount(b, a);
    }

    private static void assertAccount(MessageSide from, MessageSide to) {
        MessageWindow requests = to.table.inbox().window();
        MessageWindow answers = to.table.requestBook().window();
        assertThat(from.table.requestLane().credit().sent())
                .isEqualTo(requests.received())
                .isEqualTo(requests.consumed());
        assertThat(from.table.answerLane().credit().sent())
                .isEqualTo(answers.received())
                .isEqualTo(answers.consumed());
    }

    /** Hears nothing but that a request was given up. */
    static IncomingRequest.Listener whenCancelled(Runnable action) {
        return new IncomingRequest.Listener() {
            @Override
            public void onCancelled() {
                action.run();
            }

            @Override
            public void onOver() {}
        };
    }

    /** A request and what its listener was told. */
    static final class Asking implements RequestListener {
        final OutgoingRequest request;
        final List<byte[]> replies = new ArrayList<>();
        final List<CloseReason> missing = new ArrayList<>();
        Runnable onEnd = () -> {};
        long deadlineNanos = IncomingRequest.NO_DEADLINE;

        @Nullable
        ErrorCode refusal;

        Asking(String name, byte[] body) {
            request = new OutgoingRequest(name, Headers.empty(), ByteBuffer.wrap(body), this);
        }

        int ends() {
            return replies.size() + missing.size();
        }

        @Override
        public long deadlineNanos() {
            return deadlineNanos;
        }

        @Override
        public void onReply(byte[] array, int offset, int length) {
            replies.add(Arrays.copyOfRange(array, offset, offset + length));
            onEnd.run();
        }

        @Override
        public void onMissing(CloseReason reason) {
            missing.add(reason);
            onEnd.run();
        }
    }

    /** A one-way message and what its listener was told. */
    static class Sending implements SendListener {
        final OutgoingMessage message;
        int written;
        final List<CloseReason> failures = new ArrayList<>();

        @Nullable
        ErrorCode refusal;

        Sending(String name, byte[] body) {
            message = new OutgoingMessage(name, Headers.empty(), ByteBuffer.wrap(body), this);
        }

        @Override
        public void onWritten() {
            written++;
        }

        @Override
        public void onFailed(CloseReason reason) {
            failures.add(reason);
        }
    }
}
