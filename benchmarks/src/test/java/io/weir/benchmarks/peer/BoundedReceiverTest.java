package io.weir.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class BoundedReceiverTest {
    @Test
    void asksForTheSameBatchesAsLimitRate() {
        List<Long> asked = requestsOf(receiver(new ElementCounter(8)));

        assertThat(asked).startsWith(256L, 192L, 192L).allMatch(n -> n <= 256);
    }

    @Test
    void reportsTheEndOfAnEndlessStream() {
        List<Throwable> ends = new ArrayList<>();

        Flux.<byte[]>empty().subscribe(new CountingReceiver(new ElementCounter(8), ends));

        assertThat(ends).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsElementsBytesAndThoseThatAreNotAsSent() {
        ElementCounter counter = new ElementCounter(8);

        Flux.just(Elements.payload(8), Elements.payload(9), new byte[8]).subscribe(receiver(counter));

        assertThat(counter.elements()).isEqualTo(3);
        assertThat(counter.bytes()).isEqualTo(25);
        assertThat(counter.corrupt()).isEqualTo(2);
    }

    private static List<Long> requestsOf(BoundedReceiver<byte[]> receiver) {
        List<Long> asked = new ArrayList<>();
        byte[] payload = Elements.payload(8);
        Elements.flux(() -> payload).doOnRequest(asked::add).take(1000, false).subscribe(receiver);
        return asked;
    }

    private static BoundedReceiver<byte[]> receiver(ElementCounter counter) {
        return new CountingReceiver(counter, new ArrayList<>());
    }

    private static final class CountingReceiver extends BoundedReceiver<byte[]> {
        private final ElementCounter counter;

        CountingReceiver(ElementCounter counter, List<Throwable> ends) {
            super(ends::add);
            this.counter = counter;
        }

        @Override
        protected void take(byte[] element) {
            counter.count(element.length, element[0], element[element.length - 1]);
        }
    }
}
