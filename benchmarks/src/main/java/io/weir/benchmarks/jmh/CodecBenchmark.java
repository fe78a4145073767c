package io.weir.benchmarks.jmh;

import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

/** Writing and reading one element, as part of records of the usual size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final long HANDLE = Frame.FIRST_HANDLE;

    /** Bytes of an element. */
    @Param({"64", "1024", "16384"})
    public int payloadBytes;

    private final FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader reader = new FrameReader();
    private byte[] payload = new byte[0];
    private byte[] record = new byte[0];

    /** A benchmark that JMH sets up. */
    public CodecBenchmark() {}

    /** Fills a record to read from. */
    @Setup
    public void fillRecord() {
        payload = new byte[payloadBytes];
        writer.reset();
        while (!writer.isFull()) {
            element();
        }
        record = Arrays.copyOf(writer.array(), writer.position());
        writer.reset();
        reader.reset(record, 0, record.length);
    }

    /** Writes an element, beginning a new record when one is full. */
    @Benchmark
    public int write() {
        if (writer.isFull()) {
            writer.reset();
        }
        element();
        return writer.position();
    }

    /** Reads an element, beginning the record again at its end. */
    @Benchmark
    public int read() {
        FrameReader.Kind kind = reader.next();
        if (kind == FrameReader.Kind.END) {
            kind = reader.reset(record, 0, record.length).next();
        }
        if (kind != FrameReader.Kind.DATA) {
            throw new IllegalStateException("read " + kind);
        }
        return record[reader.payloadOffset()] + reader.payloadLength();
    }

    private void element() {
        if (!writer.beginData(HANDLE, payload.length)) {
            throw new IllegalStateException("an element of " + payload.length + " bytes does not fit");
        }
        writer.payload().put(payload);
        writer.endData();
    }
}
