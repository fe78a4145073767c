package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

final class DocumentedCodeTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "weir");
    private static final List<Path> SOURCES = List.of(
            TESTS.resolve("DocumentedCode.java"),
            TESTS.resolve(Path.of("reactive", "operator", "OperatorsPageTest.java")));
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    static List<Path> pages() throws IOException {
        try (Stream<Path> site = Files.list(PROJECT.resolve("docs-site"))) {
            return Stream.concat(Stream.of(PROJECT.resolve("README.md")), site)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everySnippetIsCompiled(Path page) {
        String source = SOURCES.stream().map(DocumentedCodeTest::words).collect(Collectors.joining("\n"));

        List<String> snippets = SNIPPET.matcher(read(page))
                .results()
                .map((MatchResult snippet) -> collapse(snippet.group(1)))
                .toList();

        assertThat(snippets).allSatisfy(snippet -> assertThat(source).contains(snippet));
    }

    @Test
    void readmeExampleRuns() {
        DocumentedCode.Ticks example = DocumentedCode.readme();
        try {
            StepVerifier.create(example.ticks().take(3))
                    .expectNext(1, 2, 3)
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
        } finally {
            example.client().dispose();
            example.server().dispose();
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
