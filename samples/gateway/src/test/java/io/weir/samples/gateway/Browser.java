package io.weir.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.samples.market.Quote;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;

/** Reads quotes, and sees to it that each follows the one before. */
final class Browser {

    private static final int PATIENCE_SECONDS = 60;
    private static final ParameterizedTypeReference<ServerSentEvent<Quote>> EVENT =
            new ParameterizedTypeReference<>() {};

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final Disposable reading;
    private long last;

    /** @param last the number that it has seen last, -1 for none */
    Browser(int port, String symbol, long last) {
        this.last = last;
        this.reading = WebClient.create("http://localhost:" + port)
                .get()
                .uri("/quotes/{symbol}", symbol)
                .header("Last-Event-ID", Long.toString(last))
                .retrieve()
                .bodyToFlux(EVENT)
                .filter(event -> event.data() != null)
                .subscribe(heard::add, heard::add, () -> heard.add("the end"));
    }

    /** The next quote; an error, an end or a gap is a failure. */
    Quote next() {
        Object next = heardNext();
        assertThat(next).isInstanceOf(ServerSentEvent.class);
        ServerSentEvent<?> event = (ServerSentEvent<?>) next;
        Quote quote = (Quote) event.data();
        assertThat(quote.number()).isEqualTo(last + 1);
        assertThat(event.id()).isEqualTo(Long.toString(quote.number()));
        last = quote.number();
        return quote;
    }

    void readTo(long number) {
        while (last < number) {
            next();
        }
    }

    void readToSource(String source) {
        while (!next().source().equals(source)) {
            // what the one before has sent
        }
    }

    void readToTheEnd() {
        Object next = heardNext();
        while (next instanceof ServerSentEvent) {
            next = heardNext();
        }
        assertThat(next).isEqualTo("the end");
    }

    void close() {
        reading.dispose();
    }

    private Object heardNext() {
        try {
            Object next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("heard within " + PATIENCE_SECONDS + " s").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
