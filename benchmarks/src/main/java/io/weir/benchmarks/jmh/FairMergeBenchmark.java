package io.weir.benchmarks.jmh;

import io.weir.core.credit.Cost;
import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
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

/** Filling one record of 32 KiB from streams that always have data and credit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FairMergeBenchmark {
    private static final int QUANTUM = 8 * 1024;

    /** Streams with data. */
    @Param({"1", "10", "100", "1000"})
    public int streams;

    /** Bytes of an element. */
    @Param({"64", "1024"})
    public int payloadBytes;

    private final FrameWriter record = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private DeficitRoundRobin<FrameWriter> ring = new DeficitRoundRobin<>(QUANTUM);

    /** A benchmark that JMH sets up. */
    public FairMergeBenchmark() {}

    /** Activates the streams. */
    @Setup
    public void activate() {
        ring = new DeficitRoundRobin<>(QUANTUM);
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < streams; i++) {
            ring.activate(new EndlessFlow(Frame.FIRST_HANDLE + i, payload));
        }
    }

    /** Fills a record. */
    @Benchmark
    public int fillRecord() {
        record.reset();
        ring.fill(record);
        return record.position();
    }

    private static final class EndlessFlow extends DeficitRoundRobin.Flow<FrameWriter> {
        private final long handle;
        private final byte[] payload;
        private DeficitRoundRobin.Turn turn = DeficitRoundRobin.Turn.SPENT;

        EndlessFlow(long handle, byte[] payload) {
            this.handle = handle;
            this.payload = payload;
        }

        @Override
        protected int weight() {
            return 1;
        }

        @Override
        protected long serve(FrameWriter sink, long allowance) {
            long served = 0;
            while (served < allowance) {
                if (sink.isFull() || !sink.beginData(handle, payload.length)) {
                    turn = DeficitRoundRobin.Turn.SINK_FULL;
                    return served;
                }
                sink.payload().put(payload);
                sink.endData();
                served += Cost.of(payload.length);
            }
            turn = DeficitRoundRobin.Turn.SPENT;
            return served;
        }

        @Override
        protected DeficitRoundRobin.Turn turn() {
            return turn;
        }
    }
}
