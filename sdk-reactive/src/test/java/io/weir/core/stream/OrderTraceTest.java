package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.StreamReset;
import io.weir.reactive.operator.Reliability;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * {@link Reliability#order} and the sequencers that sessions call directly, on the same seeded traces of what comes: they do the
 * same. It lies in the package of the sequencers, which nobody else may see. An element is four bytes, so it covers 20 units of
 * a half's offset space.
 */
class OrderTraceTest {

    private static final int TRACES = 1_000;
    private static final int UNITS = 20;

    /** What came of a trace: {@code E3} for element 3, {@code G2} for a gap of two, and the end if it is a bad one. */
    private record Outcome(List<String> events) {}

    @ParameterizedTest(name = "increasing only: {0}")
    @ValueSource(booleans = {false, true})
    void operatorAndSequencerDoTheSame(boolean lossy) {
        for (long seed = 0; seed < TRACES; seed++) {
            Random random = new Random(seed);
            int bound = lossy ? 0 : 1 + random.nextInt(40);
            List<Long> trace = trace(random);

            Outcome byOperator = byOperator(trace, bound, random);
            Outcome bySequencer = lossy ? byLossySequencer(trace) : byInOrderSequencer(trace, bound);

            assertThat(byOperator).as("seed %d: %s", seed, trace).isEqualTo(bySequencer);
        }
    }

    /** Positions as a bad way brings them: some late, some doubled, in some traces some never. */
    private static List<Long> trace(Random random) {
        int elements = 1 + random.nextInt(100);
        boolean loses = random.nextInt(3) == 0;
        int jitter = random.nextInt(30);
        List<long[]> arrivals = new ArrayList<>();
        for (long position = 0; position < elements; position++) {
            for (int copies = 1 + random.nextInt(8) / 6; copies > 0; copies--) {
                if (!loses || random.nextInt(20) > 0) {
                    arrivals.add(new long[] {position + random.nextInt(jitter + 1), position});
                }
            }
        }
        Collections.shuffle(arrivals, random);
        arrivals.sort((one, other) -> Long.compare(one[0], other[0]));
        return arrivals.stream().map(arrival -> arrival[1]).toList();
    }

    private static Outcome byOperator(List<Long> trace, int bound, Random random) {
        List<String> events = new ArrayList<>();
        AtomicReference<Throwable> error = new AtomicReference<>();
        BaseSubscriber<Long> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

            @Override
            protected void hookOnNext(Long position) {
                events.add("E" + position);
            }

            @Override
            protected void hookOnError(Throwable e) {
                error.set(e);
            }
        };
        Flux.fromIterable(trace)
                .transform(Reliability.order(position -> position, bound, gap -> {
                    if (bound == 0) {
                        events.add("G" + gap.length());
                    }
                }))
                .subscribe(subscriber);
        while (!subscriber.isDisposed()) {
            subscriber.request(1 + random.nextInt(5));
        }
        if (error.get() instanceof StreamReset reset && bound > 0) {
            events.add(reset.reason().error().name());
        }
        return new Outcome(events);
    }

    private static Outcome byInOrderSequencer(List<Long> trace, int bound) {
        List<String> events = new ArrayList<>();
        InOrderSequencer sequencer = new InOrderSequencer(sink(events));
        for (long position : trace) {
            long limit = sequencer.settled() + (long) (bound + 1) * UNITS;
            var bad = accept(sequencer, position, -1, limit);
            if (bad != null) {
                events.add(bad.name());
                return new Outcome(events);
            }
        }
        if (sequencer.highest() > sequencer.settled()) {
            events.add(
                    "PROTOCOL_VIOLATION"); // as a session has it for CLOSE: bytes are missing when all should be here
        }
        return new Outcome(events);
    }

    private static Outcome byLossySequencer(List<Long> trace) {
        List<String> events = new ArrayList<>();
        LossySequencer sequencer = new LossySequencer(sink(events));
        for (long position : trace) {
            assertThat(accept(sequencer, position, position, Long.MAX_VALUE)).isNull();
        }
        return new Outcome(events);
    }

    private static io.weir.core.error.ErrorCode accept(Sequencer sequencer, long position, long seq, long limit) {
        byte[] element =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) position).array();
        return sequencer.accept(
                true, true, position * UNITS, seq, -1, element, 0, element.length, element.length, limit);
    }

    private static Sequencer.Sink sink(List<String> events) {
        return new Sequencer.Sink() {
            @Override
            public boolean onFragment(
                    boolean first, boolean last, long total, byte[] array, int offset, int length, int recordLength) {
                events.add("E" + ByteBuffer.wrap(array, offset, length).getInt());
                return true;
            }

            @Override
            public void onAbandoned() {
                throw new AssertionError("nothing is abandoned");
            }

            @Override
            public void onGap(long units) {
                events.add("G" + units / UNITS);
            }
        };
    }
}
