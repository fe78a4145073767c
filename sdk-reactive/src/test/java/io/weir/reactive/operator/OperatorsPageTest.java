package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The example of docs-site/operators.md: that it does what the page says, and that the page shows this very code. */
class OperatorsPageTest {

    private static final Path PAGE = Path.of("..", "docs-site", "operators.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "io", "weir", "reactive", "operator", "OperatorsPageTest.java");
    private static final Pattern SNIPPET = Pattern.compile("~~~java\n(.*?)~~~", Pattern.DOTALL);

    @Test
    void theSubscriberStopsThePublisherWithinTheWindow() {
        AtomicInteger published = new AtomicInteger();
        Flux<String> words = Flux.just("tick", "tock").repeat(1_000).doOnNext(word -> published.incrementAndGet());

        Sinks.Many<String> wire = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Blocked> blocked = Sinks.many().unicast().onBackpressureBuffer();

        Flux<String> sending = words.transform(CreditGate.of(grants.asFlux(), String::length, 0, blocked::tryEmitNext));
        Flux<String> receiving = wire.asFlux()
                .transform(CreditGrant.of(
                        CreditWindow.fixed(1_000), String::length, blocked.asFlux(), grants::tryEmitNext));

        sending.subscribe(wire::tryEmitNext, wire::tryEmitError, wire::tryEmitComplete);

        StepVerifier.create(receiving, 0)
                .expectSubscription()
                .then(() -> assertThat(published).hasValue(50))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(2_002)
                .verifyComplete();
    }

    @Test
    void thePageShowsThisCode() throws IOException {
        String source = collapse(Files.readString(SOURCE));

        List<String> snippets = SNIPPET.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult snippet) -> collapse(snippet.group(1)))
                .toList();

        assertThat(snippets)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(source).contains(snippet));
    }

    private static String collapse(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
