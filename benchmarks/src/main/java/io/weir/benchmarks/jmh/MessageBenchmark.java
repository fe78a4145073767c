package io.weir.benchmarks.jmh;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.IncomingMessage;
import io.weir.core.message.IncomingRequest;
import io.weir.core.message.MessageHost;
import io.weir.core.message.MessageSettings;
import io.weir.core.message.MessageTable;
import io.weir.core.message.OutgoingMessage;
import io.weir.core.message.OutgoingRequest;
import io.weir.core.message.RequestListener;
import io.weir.core.message.SendListener;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages through two tables and the frames between them, both ends in one thread: what a message costs beside sealing,
 * sockets and Reactor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageBenchmark {
    private static final String NAME = "price";

    /** Bytes of a message, and of the reply. */
    @Param({"64", "1024"})
    public int payloadBytes;

    /** Messages that are written before the other end reads. */
    @Param({"1", "256"})
    public int inFlight;

    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();
    private final Heard heard = new Heard();
    private MessageTable asking = new MessageTable(MessageSettings.defaults(), new Answering());
    private MessageTable answering = new MessageTable(MessageSettings.defaults(), new Answering());
    private byte[] payload = new byte[0];
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int pending;

    /** A benchmark that JMH sets up. */
    public MessageBenchmark() {}

    /** Begins a session. */
    @Setup
    public void open() {
        asking = new MessageTable(MessageSettings.defaults(), new Answering());
        answering = new MessageTable(MessageSettings.defaults(), new Answering());
        asking.onPeerHello(answering.ownHello(Hello.defaults()));
        answering.onPeerHello(asking.ownHello(Hello.defaults()));
        payload = new byte[payloadBytes];
        buffer = ByteBuffer.wrap(payload);
        pending = 0;
    }

    /** A request and its reply. */
    @Benchmark
    public long request() {
        check(asking.request(new OutgoingRequest(NAME, Headers.empty(), payload, 0, payload.length, heard)));
        return exchange();
    }

    /** A one-way message. */
    @Benchmark
    public long oneWay() {
        check(asking.send(new OutgoingMessage(NAME, Headers.empty(), buffer, heard)));
        return exchange();
    }

    private long exchange() {
        if (++pending >= inFlight) {
            pending = 0;
            pass(asking, answering);
            pass(answering, asking);
        }
        return heard.bytes;
    }

    /** In as many records as it takes. */
    private void pass(MessageTable from, MessageTable to) {
        while (from.hasControl() || from.hasMessages()) {
            out.reset();
            from.writeControl(out);
            from.write(out, FrameWriter.RECORD_TARGET);
            in.reset(out.array(), 0, out.position());
            FrameReader.Kind kind;
            while ((kind = in.next()) != FrameReader.Kind.END) {
                check(
                        kind == FrameReader.Kind.MESSAGE
                                ? to.onMessage(in.message())
                                : to.onWindow((CreditFrame.Window) in.frame()));
            }
        }
    }

    private static void check(@Nullable ErrorCode error) {
        if (error != null) {
            throw new IllegalStateException(error.name());
        }
    }

    /** Answers with as many bytes as it was asked with. */
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

    private static final class Heard implements RequestListener, SendListener {
        long bytes;

        @Override
        public void onReply(byte[] array, int offset, int length) {
            bytes += length;
        }

        @Override
        public void onMissing(CloseReason reason) {
            throw new IllegalStateException(reason.toString());
        }

        @Override
        public void onWritten() {
            bytes++;
        }

        @Override
        public void onFailed(CloseReason reason) {
            throw new IllegalStateException(reason.toString());
        }
    }
}
