package io.weir.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

class BoundedReceiverTest {
    private static final int BYTES = 8;
    private static final int REFILL = BoundedReceiver.PREFETCH * 3 / 4;

    private final Gate gate = Gate.opened();
    private final Counted counted = new Counted(BYTES, gate);

    @Test
    void asksForTheSameBatchesAsLimitRate() {
        List<Long> asked = new ArrayList<>();
        byte[] payload = Elements.payload(BYTES);

        Elements.flux(() -> payload).doOnRequest(asked::add).take(1000, false).subscribe(new CountingReceiver(counted));

        assertThat(asked).startsWith(256L, 192L, 192L).allMatch(n -> n <= 256);
    }

    @Test
    void asksForNothingMoreOnceTheGateIsClosed() {
        Source source = new Source();
        source.emit(REFILL);
        gate.close();

        source.emit(BoundedReceiver.PREFETCH);

        assertThat(source.asked).containsExactly(256L, 192L);
        assertThat(counted.counter(0).elements()).isEqualTo(REFILL + BoundedReceiver.PREFETCH);
    }

    @Test
    void goesOnWhereItStoppedWhenTheGateOpens() {
        Source source = new Source();
        gate.close();
        source.emit(BoundedReceiver.PREFETCH);

        gate.open();
        source.emit(REFILL);

        assertThat(source.asked).containsExactly(256L, 192L, 192L);
    }

    @Test
    void asksForNothingBeforeTheGateOpens() {
        gate.close();
        Source source = new Source();
        assertThat(source.asked).isEmpty();

        gate.open();

        assertThat(source.asked).containsExactly(256L);
    }

    @Test
    void reportsTheEndOfAnEndlessStream() {
        Flux.<byte[]>empty().subscribe(new CountingReceiver(counted));

        assertThat(counted.failures()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsElementsBytesAndThoseThatAreNotAsSent() {
        Flux.just(Elements.payload(8), Elements.payload(9), new byte[8]).subscribe(new CountingReceiver(counted));

        assertThat(counted.counter(0).elements()).isEqualTo(3);
        assertThat(counted.counter(0).bytes()).isEqualTo(25);
        assertThat(counted.counter(0).corrupt()).isEqualTo(2);
    }

    /** A publisher by hand, and what was asked of it. */
    private final class Source implements Subscription {
        private final List<Long> asked = new ArrayList<>();
        private final CountingReceiver receiver = new CountingReceiver(counted);

        Source() {
            receiver.onSubscribe(this);
        }

        void emit(int elements) {
            for (int i = 0; i < elements; i++) {
                receiver.onNext(Elements.payload(BYTES));
            }
        }

        @Override
        public void request(long n) {
            asked.add(n);
        }

        @Override
        public void cancel() {
            throw new IllegalStateException("nobody cancels");
        }
    }

    private static final class CountingReceiver extends BoundedReceiver<byte[]> {
        private final ElementCounter counter;

        CountingReceiver(Reception reception) {
            super(reception);
            this.counter = reception.counter(0);
        }

        @Override
        protected void take(byte[] element) {
            counter.count(element.length, element[0], element[element.length - 1]);
        }
    }
}
