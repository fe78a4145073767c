package io.weir.metrics.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.architecture.ApiDocs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing of the meters that users meet is without Javadoc. */
final class MetricsDocsTest {

    @Test
    void everythingUsersMeetIsDocumented() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(sources).hasSizeGreaterThan(20);
        assertThat(ApiDocs.missingIn(sources)).isEmpty();
    }
}
