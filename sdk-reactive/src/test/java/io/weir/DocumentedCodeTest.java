package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class DocumentedCodeTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "weir");
    private static final List<Path> SOURCES = List.of(
            TESTS.resolve("DocumentedCode.java"),
            TESTS.resolve("BalancingPage.java"),
            TESTS.resolve(Path.of("reactive", "operator", "OperatorsPageTest.java")),
            TESTS.resolve(Path.of("reactive", "integrity", "ServerPageTest.java")),
            PROJECT.resolve("sdk-test").resolve(TESTS).resolve(Path.of("test", "TestingPageTest.java")),
            PROJECT.resolve("sdk-metrics").resolve(TESTS).resolve(Path.of("metrics", "MetricsPageTest.java")),
            PROJECT.resolve("sdk-spring").resolve(TESTS).resolve(Path.of("spring", "page", "SpringPageTest.java")),
            PROJECT.resolve(Path.of("samples", "gateway"))
                    .resolve(TESTS)
                    .resolve(Path.of("samples", "publisher", "PublisherTest.java")),
            PROJECT.resolve(Path.of("samples", "quickstart", "src", "main", "java", "io", "weir", "samples"))
                    .resolve(Path.of("tracing", "TraceId.java")));
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    static List<Path> pages() throws IOException {
        try (Stream<Path> site = Files.list(PROJECT.resolve("docs-site"))) {
            return site.filter(page -> page.toString().endsWith(".md")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everySnippetIsCompiled(Path page) {
        String source = SOURCES.stream().map(DocumentedCodeTest::words).collect(Collectors.joining("\n"));

        List<String> snippets = SNIPPET.matcher(read(page))
                .results()
                .map((MatchResult snippet) -> collapse(snippet.group(1)))
                .filter(snippet -> !snippet.startsWith("module ")) // compiled by .ci/artifacts
                .filter(snippet -> !snippet.startsWith("package ")) // a program: built and run by .ci/starter
                .toList();

        assertThat(snippets).filteredOn(snippet -> !source.contains(snippet)).isEmpty();
    }

    @Test
    void messagesExampleRuns() {
        DocumentedCode.Quote acme = new DocumentedCode.Quote("ACME", 17);
        List<String> log = new CopyOnWriteArrayList<>();
        PeerNode server = DocumentedCode.messagesNode(Flux.just(acme), symbol -> Mono.just(acme), log);
        PeerNode client = Weir.node().startNow(Duration.ofSeconds(5));
        try {
            DocumentedCode.Messages example =
                    DocumentedCode.messages(client.connectNow(server.addresses().get(0), Duration.ofSeconds(5)));
            StepVerifier.create(example.logged().thenMany(example.sums()))
                    .expectNext(1L, 3L, 6L)
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
            StepVerifier.create(example.quotes().concatWith(example.quote()))
                    .expectNext(acme, acme)
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
            assertThat(log).containsExactly("asked for ACME");
        } finally {
            client.dispose();
            server.dispose();
        }
    }

    private static String words(Path file) {
        return collapse(read(file));
    }

    private static String collapse(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
